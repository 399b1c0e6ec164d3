//! Words that nobody would think of, and documents that call everything by them: for the names that come of them, here, and for the
//! compiler, in `tests`.

use serde_json::{Value, json};

/// Words that nobody would think of, each seed its own: of letters with and without case, digits, signs, Rust's words and ours, with
/// others that differ in case alone or begin alike.
pub(crate) fn words(seed: u64) -> Vec<String> {
    const ATOMS: &[&str] = &[
        "a",
        "B",
        "x",
        "_",
        "-",
        " ",
        ".",
        "1",
        "2",
        "0",
        "é",
        "ß",
        "Ж",
        "ж",
        "中",
        "ユ",
        "😀",
        "½",
        "²",
        "$",
        "@",
        "'",
        "self",
        "Self",
        "type",
        "crate",
        "mod",
        "async",
        "gen",
        "extra",
        "new",
        "raw",
        "Raw",
        "Unrecognized",
        "Option",
        "None",
        "Vec",
        "String",
        "Client",
        "Request",
        "Error",
        "Result",
        "runtime",
        "Box",
        "body",
        "send",
        "items",
        "pages",
        "header",
        "query",
        "value",
        "model",
        "Model",
        "Type",
        "Api",
        "Answer",
        "with",
        "clear",
        "get",
        "list",
        "member",
        "Page",
        "2fa",
    ];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("small")
    };
    let mut words: Vec<String> = Vec::new();
    while words.len() < 9 {
        let mut word: String = (0..=next(3)).map(|_| ATOMS[next(ATOMS.len())]).collect();
        match (next(5), words.last()) {
            (0, Some(last)) => word = last.to_uppercase(),
            (1, Some(last)) => word = last.to_lowercase(),
            (2, Some(last)) => word = format!("{last}{word}"),
            (3, Some(_)) if next(6) == 0 => word = word.repeat(60),
            _ => {}
        }
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// A document with these words as tags, operation ids, parameters, components, members and values: each component has `window` of
/// them as members.
pub(crate) fn document(words: &[&str], window: usize) -> Value {
    let mut paths = json!({});
    let mut schemas = json!({});
    for (i, (word, near)) in words.chunks(window).flat_map(|near| near.iter().map(move |word| (word, near))).enumerate()
    {
        let parameters = json!([
            {"name": word, "in": "path", "required": true, "schema": {"type": "string"}},
            {"name": word, "in": "query", "schema": {"type": "string"}},
        ]);
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{word}")}}});
        let responses = json!({"200": {"description": "ok", "content": content}, "204": {"description": "nothing"}});
        let with =
            |id: String| json!({"operationId": id, "tags": [word], "parameters": parameters, "responses": responses});
        paths[format!("/{i}/{{{word}}}")] =
            json!({"get": with((*word).to_owned()), "put": with(format!("{word} {word}"))});
        let members: Vec<(String, Value)> = near.iter().map(|w| ((*w).to_owned(), json!({"enum": near}))).collect();
        let members: serde_json::Map<String, Value> = members.into_iter().collect();
        schemas[*word] = json!({"type": "object", "properties": members});
        schemas[format!("{word} or")] = json!({"oneOf": [
            {"type": "object", "title": word, "required": ["a"], "properties": {"a": {"type": "string"}}},
            {"type": "object", "required": [word], "properties": {(*word): {"type": "integer"}}},
        ]});
    }
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}
