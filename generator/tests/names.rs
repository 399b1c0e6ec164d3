//! Names: whatever a document calls its parts, the crate has identifiers for them, in their case, and no two alike in one scope.

use generator::base::Ident;
use generator::ir::TypeKind;
use generator::{Inputs, Understood, understand};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

fn understood(document: &Value) -> Understood {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("openapi.json");
    fs::write(&spec, document.to_string()).expect("write");
    understand(&Inputs { spec, ..Inputs::default() })
}

/// A document with these words as tags, operation ids, parameters, components, members and values.
fn document(words: &[&str]) -> Value {
    let mut paths = json!({});
    let mut schemas = json!({});
    for (i, word) in words.iter().enumerate() {
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
        let members: Vec<(String, Value)> = words.iter().map(|w| ((*w).to_owned(), json!({"enum": words}))).collect();
        let members: serde_json::Map<String, Value> = members.into_iter().collect();
        schemas[*word] = json!({"type": "object", "properties": members});
        schemas[format!("{word} or")] = json!({"oneOf": [
            {"type": "object", "title": word, "required": ["a"], "properties": {"a": {"type": "string"}}},
            {"type": "object", "required": [word], "properties": {(*word): {"type": "integer"}}},
        ]});
    }
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

/// Asserts that each name is an identifier, begins as its case wants it, and stands there once.
fn assert_scope<'a>(what: &str, pascal: bool, names: impl IntoIterator<Item = &'a Ident>) {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(syn::parse_str::<syn::Ident>(name).is_ok(), "{what}: `{name}` is no identifier");
        let first = name.trim_start_matches("r#").chars().next().unwrap_or('!');
        assert!(if pascal { !first.is_lowercase() && first != '_' } else { !first.is_uppercase() }, "{what}: `{name}`");
        assert!(seen.insert(name), "{what}: `{name}` twice");
    }
}

#[test]
fn any_word_makes_a_name_in_every_place() {
    let sets: [&[&str]; 5] = [
        &["2fa", "3ds", "30d_active", "0", "12", "1_000", "1000", "1.5", "-1", "400_error", "6h", "7D"],
        &["r2d2", "2", "2 2", "a2", "2a", "²", "½", "١٢", "1º", "x1"],
        &["ユーザー", "用户管理", "中", "שלום", "日本 語", "ßtraße", "𝑎bc", "ĸ", "ნინო"],
        &["mod", "Mod API", "self", "Self", "crate", "runtime", "shared", "aux", "COM1", "models", "of", "std"],
        &["", " ", "_", "__", "🦀", "#", "type", "Type", "TYPE", "Option", "None", "new", "extra"],
    ];
    for words in sets {
        let run = understood(&document(words));
        assert!(!run.diagnostics.has_errors(), "{words:?}");
        let names = &run.names;
        assert_eq!(names.tags.len(), words.len());
        assert_scope("types", true, &names.types);
        for (def, members) in run.api.types.iter().zip(&names.members) {
            let model = matches!(def.kind, TypeKind::Model(_));
            assert_scope("members", !model, members);
        }
        assert_scope("accessors", false, names.tags.iter().map(|tag| &tag.accessor));
        let handles = names.tags.iter().map(|tag| &tag.handle);
        let builders = names
            .operations
            .iter()
            .flat_map(|o| [Some(&o.builder), o.answer.as_ref().map(|answer| &answer.ty)])
            .flatten();
        assert_scope("the API's types", true, handles.chain(builders));
        let modules: BTreeSet<String> = names.tags.iter().map(|tag| tag.module.to_lowercase()).collect();
        assert_eq!(modules.len(), words.len(), "{modules:?}");
        for module in &modules {
            assert!(module.is_ascii() && module.len() < 120, "{module}");
            assert!(
                !names.types.iter().any(|name| name == module) && !names.tags.iter().any(|tag| tag.handle == *module),
                "{module}"
            );
        }
        for (t, _) in names.tags.iter().enumerate() {
            let own = run.api.operations.iter().zip(&names.operations).filter(|(o, _)| o.tag == t);
            assert_scope("methods", false, own.map(|(_, names)| &names.method));
        }
        for o in &names.operations {
            let all = || o.plan.arguments.iter().chain(&o.plan.setters).map(|s| &s.ident);
            assert_scope("arguments and setters", false, all());
            assert!(!all().any(|ident| *ident == o.constant), "an argument is called like the static {}", o.constant);
        }
    }
}

/// What two or three members, and values of an enum, are called that would have one name: the one spelled exactly so keeps it.
#[test]
fn names_that_meet_differ() {
    const TABLE: &[(&[&str], &[&str], &[&str])] = &[
        (&["a_b", "aB"], &["a_b", "a_b_member"], &["AB", "ABLower"]),
        (&["paid", "PAID"], &["paid", "paid_member"], &["Paid", "PaidUpper"]),
        (&["-1", "minus 1"], &["minus_1", "minus_1_member"], &["Minus1", "Minus1Lower"]),
        (&["x", "X", "x_"], &["x", "x_member", "x_member2"], &["XLower", "X", "XValue"]),
        (&["extra", "Unrecognized"], &["extra_member", "unrecognized"], &["Extra", "UnrecognizedLower"]),
    ];
    for (words, members, values) in TABLE {
        let properties: Value = words.iter().map(|word| ((*word).to_owned(), json!({"type": "string"}))).collect();
        let schemas =
            json!({"Model": {"type": "object", "properties": properties}, "Values": {"type": "string", "enum": words}});
        let run = understood(&json!({
            "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": schemas},
        }));
        for ((id, def), wanted) in run.api.defs().zip([members, values]) {
            let wires: Vec<&str> = match &def.kind {
                TypeKind::Model(model) => model.fields.iter().map(|f| f.wire.as_str()).collect(),
                TypeKind::Enum(of) => of.values.iter().map(|v| v.wire.as_str()).collect(),
                TypeKind::Union(_) => panic!("there is none"),
            };
            let names = run.names.members.of(id).expect("names");
            let named = |word: &&str| names.get(wires.iter().position(|wire| wire == word)?).map(Ident::as_str);
            assert_eq!(words.iter().filter_map(named).collect::<Vec<_>>(), *wanted, "{words:?}");
        }
    }
}

#[test]
fn answers_and_requests_share_one_scope() {
    let several =
        json!({"200": {"description": "ok", "content": {"text/plain": {}}}, "204": {"description": "nothing"}});
    let one = json!({"204": {"description": "nothing"}});
    let operation = |id: &str, responses: &Value| json!({"operationId": id, "tags": ["a"], "responses": responses});
    let run = understood(&json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {
        "/a": {"get": operation("thing", &several), "put": operation("thingAnswer", &several)},
        "/b": {"get": operation("thingAnswerAnswer", &one), "put": operation("thing_answer_enum", &one)},
    }}));
    let names: Vec<&str> = run
        .names
        .operations
        .iter()
        .flat_map(|o| [Some(&o.builder), o.answer.as_ref().map(|answer| &answer.ty)])
        .flatten()
        .map(Ident::as_str)
        .collect();
    assert_eq!(
        names,
        ["Thing", "ThingAnswerEnum2", "ThingAnswer", "ThingAnswerAnswerEnum", "ThingAnswerAnswer", "ThingAnswerEnum"]
    );
}
