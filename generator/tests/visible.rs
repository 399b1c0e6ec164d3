//! Text of a document in messages, reports and comments: nothing in it breaks a line, hides, or is a command to who reads along.

use generator::base::Pointer;
use generator::base::diagnostic::{Style, render};
use generator::pipeline::explain;
use generator::{Inputs, drift, generate};
use std::fs;
use std::path::PathBuf;

/// What a document may try in a name: line breaks of every kind, escapes of terminals, turned text, commands of build servers.
const EVIL: &[&str] = &[
    "\n::error file=x::forged",
    "\r\n::warning ::forged",
    "\rcompile_error!(a)",
    "\u{85}::error::forged",
    "\u{2028}::error::forged\u{2029}",
    "\u{b}\u{c}::add-mask::x",
    "\u{1b}[31m\u{1b}]0;title\u{7}",
    "\u{9b}31m\u{8}\u{7f}",
    "\u{202e}b\u{2066}c",
    "\u{61c}\u{200f}\u{feff}x",
    "##[error]forged",
    "##vso[task.setvariable variable=x]y",
];

/// A document that has such text wherever a document may have text of its own; `version` makes two of them differ.
fn document(version: usize) -> serde_json::Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    for (i, evil) in EVIL.iter().enumerate() {
        let reference = serde_json::json!({"$ref": format!("#/components/schemas/S{i}")});
        paths.insert(format!("/v{version}/x{i}{evil}"), serde_json::json!({"post": {
            "operationId": format!("op{version}{evil}{i}"), "tags": [format!("tag {evil}")], "summary": evil, "description": evil,
            "parameters": [{"name": format!("p{version}{evil}"), "in": "query", "schema": {"type": "string", "enum": [evil, format!("{version}{evil}")]}}],
            "requestBody": {"content": {"application/json": {"schema": reference}, (format!("text/{version}{evil}")): {}}},
            "responses": {"200": {"description": evil, "content": {"application/json": {"schema": reference}}}, (format!("2xx{evil}")): {"description": evil}},
        }}));
        schemas.insert(format!("S{i}"), serde_json::json!({"type": "object", "description": evil, "required": [format!("m{evil}")], "properties": {
            (format!("m{evil}")): {"type": if version == 1 { "string" } else { "integer" }, "description": evil, "default": evil, "example": evil},
            (format!("n{version}{evil}")): {"type": format!("no{evil}")},
            "o": {"$ref": format!("#/nowhere{evil}")},
        }}));
        schemas.insert(format!("E{version}{evil}{i}"), serde_json::json!({"oneOf": [{"title": evil, "type": "string"}, {"type": "integer"}], "discriminator": {"propertyName": evil}}));
    }
    serde_json::json!({
        "openapi": "3.0.3",
        "info": {"title": EVIL.concat(), "version": format!("{version}{}", EVIL.concat()), "description": EVIL.concat()},
        "servers": [{"url": format!("https://a.example/{}", EVIL.concat()), "description": EVIL.concat()}, {"url": "https://b.example"}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn inputs(folder: &tempfile::TempDir, version: usize) -> Inputs {
    let spec = folder.path().join(format!("v{version}.json"));
    fs::write(&spec, document(version).to_string()).expect("write");
    Inputs { spec, ..Inputs::default() }
}

/// Every line is ours: none begins with a command, nothing in one steers a terminal or a build server.
fn assert_harmless(what: &str, text: &str) {
    for line in text.split('\n') {
        let hidden =
            line.chars().find(|c| generator::base::visible::is_hidden(*c) || generator::base::visible::breaks(*c));
        assert!(hidden.is_none(), "{what} has {hidden:?}: {line:?}");
        assert!(!line.trim_start().starts_with("::"), "{what} forges a command: {line:?}");
        assert!(!line.contains("##[") && !line.contains("##vso["), "{what} holds a command: {line:?}");
    }
}

#[test]
fn messages_are_lines_of_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = generate(&inputs(&folder, 1));
    assert!(run.diagnostics.len() > EVIL.len(), "{:#?}", run.diagnostics);
    for diagnostic in run.diagnostics.iter() {
        assert_harmless(diagnostic.code, &render(diagnostic, &run.sources, Style::Plain));
    }
}

#[test]
fn the_crate_has_nothing_hidden() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = generate(&inputs(&folder, 1));
    assert!(!run.diagnostics.has_errors());
    let mut comments = 0;
    for (path, content) in run.files.iter().filter(|(path, _)| !path.starts_with("src/runtime/")) {
        let content = String::from_utf8_lossy(content);
        assert_harmless(path, &content.replace("##", "#"));
        if path.ends_with(".rs") {
            comments += content.matches("::error").count();
            syn::parse_file(&content).unwrap_or_else(|e| panic!("{path}: {e}"));
        }
    }
    assert!(comments > 10, "the routes do not stand in the comments");
    assert_harmless("the lock", &run.lock.print().replace("##", "#"));
}

#[test]
fn reports_are_lines_of_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = drift::understand(&inputs(&folder, 1), &inputs(&folder, 2));
    let report = drift::diff(&old, &new);
    assert!(report.changes.len() > EVIL.len() * 2);
    let text = drift::text(&report, Style::Plain);
    assert_harmless("the text", &text);
    assert!(text.contains("file=x::forged"), "the routes do not stand in the report");
    assert_harmless("the Markdown", &drift::markdown(&report, drift::COMMENT));
}

#[test]
fn explanations_are_lines_of_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = inputs(&folder, 1);
    let run = generate(&inputs);
    let mut pointers: Vec<String> = vec!["/info".into(), "/servers/0".into(), "/nowhere\n::error::x\u{1b}".into()];
    pointers.extend(run.lock.iter().map(|(pointer, ..)| pointer.to_owned()));
    assert!(pointers.len() > EVIL.len() * 2);
    for pointer in pointers {
        let pointer = Pointer::parse(&format!("#{pointer}")).expect("a pointer");
        let page = explain(&inputs, &pointer).unwrap_or_else(|message| message);
        assert_harmless("the page", &page.replace(&PathBuf::from(folder.path()).display().to_string(), ""));
    }
}
