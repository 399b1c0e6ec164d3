//! `load` on documents of our own: what comes out, and where every node says it stands.

use generator::base::diagnostic::Diagnostics;
use generator::base::{FileId, Position, Sources, Span};
use generator::document::load::{Document, load, load_str, read_str};
use generator::document::{Entry, Kind, Node, Object};
use serde_json::{Value, json};
use std::path::Path;

/// Reads a text that must give no finding.
fn node(name: &str, text: &str) -> Node {
    let mut diagnostics = Diagnostics::new();
    let node = read_str(name, text, &mut Sources::new(), &mut diagnostics);
    let messages: Vec<_> = diagnostics.iter().map(|d| &d.message).collect();
    assert!(messages.is_empty(), "{text}: {messages:?}");
    node.expect("no error, so there is a node")
}

fn codes(name: &str, text: &str) -> Vec<&'static str> {
    let mut diagnostics = Diagnostics::new();
    read_str(name, text, &mut Sources::new(), &mut diagnostics);
    diagnostics.iter().map(|d| d.code).collect()
}

fn many() -> Document {
    let mut diagnostics = Diagnostics::new();
    let document = load(Path::new("tests/fixtures/load/many/openapi.yaml"), &mut diagnostics).expect("it is read");
    let messages: Vec<_> = diagnostics.iter().map(|d| &d.message).collect();
    assert!(messages.is_empty(), "{messages:?}");
    document
}

#[test]
fn many_files_become_one_tree() {
    let document = many();
    assert_eq!(document.sources.len(), 11);
    insta::assert_snapshot!(format!("{:#}", document.root.to_json()));
}

#[test]
fn nodes_of_other_files_keep_their_places() {
    let Document { root, sources } = many();
    let place = |segments: &[&str]| {
        let node = root.at(segments.iter().copied()).expect("it is there");
        let Position { line, column } = sources.position(node.span).expect("it stands in a file");
        let file = sources.path(node.span.file).expect("a path").trim_start_matches("tests/fixtures/load/many/");
        format!("{file}:{line}:{column}")
    };
    assert_eq!(place(&["paths", "/plants/{id}", "get"]), "openapi.yaml:14:7");
    assert_eq!(place(&["paths", "/plants", "post"]), "paths/plants.yaml:14:3");
    assert_eq!(place(&["info", "description"]), "about.md:1:1");
    assert_eq!(place(&["components", "schemas", "Plant", "properties", "name"]), "schemas/plant.yaml:4:9");
    assert_eq!(place(&["components", "parameters", "Page", "name"]), "parts/shared.yaml:3:11");
    assert_eq!(place(&["x-bundled", "schemas_soil__Soil"]), "schemas/soil.yaml:3:5");
}

#[test]
fn both_notations_give_the_same_tree() {
    let yaml = node("a.yaml", "a: [1, -2.50, true, null, 'x', \"\\u00e4\"]\nb:\n  c: {}\n  d: []\n");
    let json = node("a.json", r#"{"a": [1, -2.50, true, null, "x", "\u00e4"], "b": {"c": {}, "d": []}}"#);
    assert_eq!(yaml.to_json(), json.to_json());
    assert_eq!(yaml.at(["a", "1"]).and_then(Node::as_number), Some("-2.50"));
}

#[test]
fn scalars_of_yaml() {
    let table: &[(&str, Value)] = &[
        ("yes", json!("yes")),
        ("0o17", json!(15)),
        ("0x1F", json!(31)),
        ("+1", json!(1)),
        (".5", json!(0.5)),
        ("1_000", json!("1_000")),
        ("0123", json!("0123")),
        ("2026-01-02", json!("2026-01-02")),
        ("'1'", json!("1")),
        ("\"true\"", json!("true")),
        ("|\n    1\n", json!("1\n")),
        (">-\n    a\n    b\n", json!("a b")),
        ("", Value::Null),
        ("~", Value::Null),
        ("Null", Value::Null),
        ("!!str 1", json!("1")),
        ("!!int \"7\"", json!(7)),
        ("!!binary aGk=", json!("aGk=")),
        ("!mine 1", json!(1)),
        ("!mine {b: 1}", json!({"b": 1})),
        ("! 1", json!("1")),
        ("18446744073709551616", json!(18446744073709551616.0)),
    ];
    for (written, value) in table {
        assert_eq!(node("a.yaml", &format!("a: {written}\n")).to_json(), json!({"a": value}), "{written}");
    }
}

#[test]
fn keys_are_the_text_that_was_written() {
    let keys = node(
        "a.yaml",
        "200: a\ntrue: b\n1.0: c\n+1: d\nnull: e\n\"4XX\": f\n? g\n: h\n!!str 5: i\n&k 6: j\nl: &m 7\n*m : k\n",
    );
    let keys: Vec<&str> = keys.as_object().expect("a mapping").iter().map(|e| e.key.as_str()).collect();
    assert_eq!(keys, ["200", "true", "1.0", "+1", "null", "4XX", "g", "5", "6", "l", "7"]);
}

#[test]
fn anchors_and_merge_keys_are_resolved() {
    let text = "base: &base {id: 1, name: a}\nother: &other {name: b, size: 2}\n\
                one: {<<: *base, name: own}\nmore:\n  first: 0\n  <<: [*base, *other]\nplain: {\"<<\": *base}\n";
    let root = node("a.yaml", text);
    assert_eq!(root.get("one").map(Node::to_json), Some(json!({"id": 1, "name": "own"})));
    assert_eq!(root.get("more").map(Node::to_json), Some(json!({"id": 1, "name": "a", "size": 2, "first": 0})));
    assert_eq!(root.get("plain").map(Node::to_json), Some(json!({"<<": {"id": 1, "name": "a"}})));
    // An aliased node stands where its anchor does.
    let id = root.at(["one", "id"]).expect("merged");
    assert_eq!(id.span.start, 17);
}

#[test]
fn spans_are_the_characters() {
    let text = "\u{feff}größe:\r\n  - käse: \"brot\"\r\n    x: [1, 2]\r\n  - |\r\n    a\r\nend: é\r\n";
    let mut sources = Sources::new();
    let root = read_str("a.yaml", text, &mut sources, &mut Diagnostics::new()).expect("it is read");
    let slice = |node: Option<&Node>| sources.slice(node.expect("it is there").span).expect("text").to_owned();
    assert_eq!(slice(root.at(["größe", "0", "käse"])), "\"brot\"");
    assert_eq!(slice(root.at(["größe", "0", "x"])), "[1, 2]");
    assert_eq!(slice(root.at(["größe", "0", "x", "1"])), "2");
    assert_eq!(slice(root.at(["größe", "0"])), "käse: \"brot\"\r\n    x: [1, 2]");
    assert_eq!(slice(root.get("end")), "é");
    let key = root.as_object().and_then(|o| o.entry("end")).expect("it is there").key_span;
    assert_eq!(sources.position(key), Some(Position { line: 6, column: 1 }));
    let value = root.at(["größe", "0", "x", "1"]).expect("it is there").span;
    assert_eq!(sources.position(value), Some(Position { line: 3, column: 12 }));
    assert_eq!(sources.position(root.span), Some(Position { line: 1, column: 1 }));
    assert_eq!(sources.line(value.file, 2), Some("  - käse: \"brot\""));
}

#[test]
fn json_spans_are_the_characters() {
    let text = "\u{feff}{\n\t\"größe\": [\"käse\", -1.5e3],\n  \"\\u00e4\": {\"b\": null}\n}\n";
    let mut sources = Sources::new();
    let root = read_str("a.json", text, &mut sources, &mut Diagnostics::new()).expect("it is read");
    let slice = |node: Option<&Node>| sources.slice(node.expect("it is there").span).expect("text").to_owned();
    assert_eq!(slice(root.at(["größe", "1"])), "-1.5e3");
    assert_eq!(slice(root.get("ä")), "{\"b\": null}");
    let span = root.at(["größe", "1"]).expect("it is there").span;
    assert_eq!(sources.position(span), Some(Position { line: 2, column: 20 }));
    assert_eq!(root.pointer_at(span).to_string(), "#/größe/1");
}

#[test]
fn the_content_decides_what_it_is() {
    // YAML in flow style, with and without a name; JSON under a name of YAML's; YAML under a name of JSON's.
    for (name, text) in [("a.yaml", "{a: 1}"), ("a", "{a: 1,}"), ("a.yaml", "{\"a\": 1}"), ("a.json", "a: 1\n")] {
        assert_eq!(node(name, text).to_json(), json!({"a": 1}), "{name}: {text}");
    }
    assert_eq!(codes("a.json", "{\"a\": 1,}"), ["E0106"]);
    assert_eq!(codes("a.json", "{a: 1}"), ["E0106"]);
    assert_eq!(codes("a.yaml", "{a: [1}"), ["E0107"]);
    assert_eq!(codes("a", "{a: [1}"), ["E0106"]);
    // An end marker and an empty rest are no second document.
    assert_eq!(node("a.yaml", "--- # one\na: 1\n...\n").to_json(), json!({"a": 1}));
    assert_eq!(node("a.yaml", "%YAML 1.2\n---\na: 1\n---\n").to_json(), json!({"a": 1}));
}

#[test]
fn the_last_of_equal_keys_counts_in_the_place_of_the_first() {
    for (name, text) in [("a.json", r#"{"a": 1, "b": 2, "a": 3, "a": 4}"#), ("a.yaml", "a: 1\nb: 2\na: 3\n\"a\": 4\n")]
    {
        let mut diagnostics = Diagnostics::new();
        let node = read_str(name, text, &mut Sources::new(), &mut diagnostics).expect("it is read");
        let members: Vec<_> = node.as_object().into_iter().flatten().map(|e| (&*e.key, e.value.to_json())).collect();
        assert_eq!(members, [("a", json!(4)), ("b", json!(2))]);
        assert!(diagnostics.iter().all(|d| d.code == "W0101" && d.second.is_some()) && diagnostics.len() == 2);
    }
}

#[test]
fn versions() {
    let table = [
        ("openapi: 3.0.3", Ok("3.0.3")),
        ("openapi: 3.1", Ok("3.1")),
        ("openapi: \"3.2.0\"", Ok("3.2.0")),
        ("swagger: 2.0", Ok("2.0")),
        ("swagger: \"2.0\"", Ok("2.0")),
        ("swagger: 2", Ok("2.0")),
        ("swagger: 1.2", Err("E0115")),
        ("openapi: 2.0", Err("E0115")),
        ("openapi: 4.0.0", Err("E0115")),
        ("openapi: 30", Err("E0115")),
        ("openapi:", Err("E0115")),
        ("$schema: x", Err("E0114")),
    ];
    for (text, expected) in table {
        let mut diagnostics = Diagnostics::new();
        let found = load_str("a.yaml", text, &mut diagnostics).map(|d| {
            let version = d.root.get("openapi").or_else(|| d.root.get("swagger"));
            version.and_then(Node::as_str).unwrap_or_default().to_owned()
        });
        let code = diagnostics.iter().next().map(|d| d.code).unwrap_or_default();
        assert_eq!(found.as_deref().map_err(|_| code), expected, "{text}");
    }
}

#[test]
fn a_text_has_no_other_files() {
    let mut diagnostics = Diagnostics::new();
    let text =
        "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {$ref: a.yaml}\n    B: {$ref: '#/components/schemas/A'}\n";
    let document = load_str("a text", text, &mut diagnostics).expect("it is read");
    let codes: Vec<_> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["W0107"]);
    assert_eq!(document.root.at(["components", "schemas", "A", "$ref"]).and_then(Node::as_str), Some("a.yaml"));
}

#[test]
fn a_reference_left_in_another_file_does_not_find_something_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let entry =
        "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {type: object, properties: {b: {$ref: 'b.yaml#/B'}}}\n";
    std::fs::write(folder.path().join("openapi.yaml"), entry).expect("a file");
    let other = "B: {type: array, items: {$ref: '#/components/schemas/A'}}\n";
    std::fs::write(folder.path().join("b.yaml"), other).expect("a file");
    let mut diagnostics = Diagnostics::new();
    let document = load(&folder.path().join("openapi.yaml"), &mut diagnostics).expect("it is read");
    let codes: Vec<_> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["W0108"]);
    let left = document.root.at(["x-bundled", "b__B", "items", "$ref"]).and_then(Node::as_str);
    assert_eq!(left, Some("b.yaml#/components/schemas/A"));
}

#[test]
fn large_objects_are_searched_like_small_ones() {
    let at = |n: usize| Node::new(Span::default(), Kind::Number(n.to_string()));
    let mut object = Object::new();
    for n in 0..1000 {
        object.insert(format!("k{n}"), at(n));
    }
    let number = |object: &Object, key: &str| object.get(key).and_then(Node::as_number).map(str::to_owned);
    assert_eq!(number(&object, "k999").as_deref(), Some("999"));
    object.insert("k500", at(5));
    assert_eq!((object.len(), number(&object, "k500").as_deref()), (1000, Some("5")));
    assert!(object.remove("k500").is_some() && object.get("k500").is_none());
    assert_eq!(number(&object, "k501").as_deref(), Some("501"));
    object.iter_mut().for_each(|e| e.key.push('x'));
    assert!(object.get("k1").is_none() && object.contains("k1x"));
    object.retain(|e| e.key.ends_with("0x"));
    assert_eq!(object.iter().position(|e| e.key == "k990x"), Some(98));
    object.push(Entry { key: "z".to_owned(), key_span: Span { file: FileId(7), ..Span::default() }, value: at(1) });
    assert_eq!(object.entry("z").map(|e| e.key_span.file), Some(FileId(7)));
    let twice = Entry { key: "z".to_owned(), key_span: Span::default(), value: at(2) };
    assert_eq!(object.replace(twice).map(|e| e.value.to_json()), Some(json!(1)));
    assert_eq!(number(&object, "z").as_deref(), Some("2"));
}

#[test]
fn hostile_documents_neither_hang_nor_overflow() {
    let deep = "[".repeat(200_000);
    assert_eq!(codes("a.json", &deep), ["E0108"]);
    assert_eq!(codes("a.yaml", &format!("a: {deep}")), ["E0108"]);
    assert_eq!(codes("a.yaml", &"- ".repeat(100_000)), ["E0108"]);
    let same = format!("{{{}\"a\": 1}}", "\"a\": 1,".repeat(20_000));
    assert_eq!(codes("a.json", &same).len(), 20_000);
    let keys: String = (0..20_000).map(|n| format!("k{n}: {n}\n")).collect();
    assert_eq!(node("a.yaml", &keys).as_object().map(Object::len), Some(20_000));
    assert_eq!(codes("a.yaml", "a: \u{0}\n"), ["E0107"]);
    assert_eq!(codes("a.yaml", "? [a]\n: b\n"), ["E0111"]);
    assert_eq!(codes("a.yaml", "a: &x [1]\n*x : 2\n"), ["E0111"]);
}
