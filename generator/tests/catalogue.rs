//! Whatever may change in a document is said: one small change a row of `fixtures/catalogue.txt`, there and back, and what `diff`
//! makes of each. Rows with `none` say why by their title.

use generator::base::Pointer;
use generator::drift::{Report, diff};
use generator::{Inputs, Understood, understand};
use serde_json::{Value, json};
use std::fs;

/// A document with one thing of each kind.
fn base() -> Value {
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Quay", "version": "1"},
        "tags": [{"name": "Berths", "description": "Where ships lie."}],
        "paths": {
            "/berths": {
                "get": {
                    "operationId": "listBerths", "tags": ["Berths"], "summary": "All.",
                    "parameters": [
                        {"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}},
                        {"name": "name", "in": "query", "schema": {"type": "string", "maxLength": 20, "pattern": "^[a-z]+$"}},
                        {"name": "state", "in": "query", "schema": {"type": "string", "enum": ["free", "taken"]}},
                        {"name": "ids", "in": "query", "schema": {"type": "array", "maxItems": 50, "items": {"type": "string", "maxLength": 8}}},
                        {"name": "port", "in": "query", "required": true, "schema": {"$ref": "#/components/schemas/Code"}},
                        {"name": "trace", "in": "header", "schema": {"type": "string"}},
                    ],
                    "responses": {
                        "200": {"description": "All.", "content": content(json!({"type": "array", "maxItems": 100, "items": reference("Berth")}))},
                        "404": {"description": "No port.", "content": content(reference("Fault"))},
                    },
                },
                "post": {
                    "operationId": "createBerth", "tags": ["Berths"],
                    "requestBody": {"required": true, "content": content(reference("Berth"))},
                    "responses": {"201": {"description": "It.", "content": content(reference("Berth"))}},
                },
                "put": {
                    "operationId": "nameBerths", "tags": ["Berths"],
                    "requestBody": {"required": true, "content": content(json!({"type": "array", "maxItems": 9, "items": {"type": "string"}}))},
                    "responses": {"200": {"description": "A text.", "content": content(json!({"type": "string", "maxLength": 9}))}},
                },
            },
            "/berths/{id}/moor": {
                "post": {
                    "operationId": "moor", "tags": ["Berths"],
                    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 8}}],
                    "requestBody": {"content": content(reference("Mooring"))},
                    "responses": {"200": {"description": "It.", "content": content(reference("Mooring"))}},
                },
            },
        },
        "components": {
            "schemas": {
                "Code": {"type": "string", "maxLength": 5},
                "Berth": {
                    "type": "object", "required": ["length", "place"], "minProperties": 2,
                    "properties": {
                        "id": {"type": "string", "readOnly": true},
                        "length": {"type": "number", "minimum": 1, "multipleOf": 0.5},
                        "place": {"type": "string", "maxLength": 20},
                        "mail": {"type": "string", "format": "email"},
                        "note": {"type": "string", "nullable": true},
                        "marks": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "integer", "maximum": 9}},
                        "rates": {"type": "object", "additionalProperties": {"type": "number", "maximum": 9}},
                        "state": {"type": "string", "enum": ["free", "taken"], "default": "free"},
                        "owner": {"type": "object", "properties": {"name": {"type": "string", "default": "nobody"}}},
                    },
                },
                "Fault": {"type": "object", "properties": {"code": {"type": "string"}}},
                "Mooring": {
                    "oneOf": [reference("Rope"), reference("Chain")],
                    "discriminator": {"propertyName": "by", "mapping": {"rope": "#/components/schemas/Rope", "chain": "#/components/schemas/Chain"}},
                },
                "Rope": {"type": "object", "required": ["by", "strands"], "properties": {"by": {"type": "string"}, "strands": {"type": "integer"}}},
                "Chain": {"type": "object", "required": ["by", "links"], "properties": {"by": {"type": "string"}, "links": {"type": "integer"}}},
                "Anchor": {"type": "object", "required": ["by", "arms"], "properties": {"by": {"type": "string"}, "arms": {"type": "integer"}}},
            },
        },
    })
}

/// Sets the value at `place`, or removes it; `+` at its end adds to a list.
fn edit(document: &mut Value, place: &str, value: Option<&str>) {
    let (above, last) = place.rsplit_once('/').expect("a place");
    let last = Pointer::parse(&format!("/{last}")).and_then(|p| p.last()).expect("a segment");
    let parent = document.pointer_mut(above).unwrap_or_else(|| panic!("{above} is no place"));
    let value = value.map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
    match (parent, value) {
        (Value::Array(list), Some(value)) if last == "+" => list.push(value),
        (Value::Array(list), Some(value)) => list[last.parse::<usize>().expect("an index")] = value,
        (Value::Array(list), None) => drop(list.remove(last.parse().expect("an index"))),
        (Value::Object(object), Some(value)) => drop(object.insert(last, value)),
        (Value::Object(object), None) => drop(object.remove(&last).unwrap_or_else(|| panic!("{place} is no place"))),
        _ => panic!("{place} is no place"),
    }
}

fn understood(document: &Value) -> Understood {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("openapi.json");
    fs::write(&spec, document.to_string()).expect("write");
    let run = understand(&Inputs { spec, ..Inputs::default() });
    assert!(!run.diagnostics.has_errors(), "{document}");
    run
}

/// The codes, worst first, each with its class.
fn said(report: &Report) -> String {
    let mut all: Vec<String> = report.changes.iter().map(|c| format!("{} {}", c.code, c.class.word())).collect();
    all.dedup();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

/// Row by row: the title, what changes, and what is said of it, there and back.
const ROWS: &str = include_str!("fixtures/catalogue.txt");

/// The words of the rows for places.
const PLACES: [(&str, &str); 6] = [
    ("LIST/", "/paths/~1berths/get/"),
    ("MAKE/", "/paths/~1berths/post/"),
    ("NAME/", "/paths/~1berths/put/"),
    ("MOOR/", "/paths/~1berths~1{id}~1moor/post/"),
    ("SCHEMAS/", "/components/schemas/"),
    ("JSON", "content/application~1json"),
];

#[test]
fn nothing_changes_without_a_word() {
    let old = base();
    let before = understood(&old);
    let (mut wrong, mut count) = (Vec::new(), 0);
    for row in ROWS.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [title, changes, there, back] = cells.as_slice() else { panic!("{row}: four cells") };
        let changes = PLACES.iter().fold((*changes).to_owned(), |text, (word, place)| text.replace(word, place));
        let mut new = old.clone();
        for change in changes.split(" & ") {
            match (change.split_once(" = "), change.strip_suffix(" removed")) {
                (Some((place, value)), _) => edit(&mut new, place, Some(value)),
                (None, Some(place)) => edit(&mut new, place, None),
                (None, None) => panic!("{row}: `{change}` changes nothing"),
            }
        }
        let after = understood(&new);
        let found = (said(&diff(&before, &after)), said(&diff(&after, &before)));
        if (found.0.as_str(), found.1.as_str()) != (*there, *back) {
            wrong.push(format!("{title}\n  there {}\n  back  {}", found.0, found.1));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 90, "{count} rows");
}
