//! The generator in memory: the repository's own inputs, and small documents.

use crate::place::root;
use generator::document::{Kind, Node};
use generator::{Generated, Inputs};
use serde_json::Value;
use std::fs;
use std::thread;

/// The inputs of `cargo xtask generate` without arguments.
pub fn own() -> Inputs {
    let spec = root().join("spec");
    Inputs {
        spec: spec.join("belvo.yaml"),
        config: Some(spec.join("belvo.toml")),
        overlays: vec![spec.join("overlay.yaml")],
        lock: Some(spec.join("names.lock")),
        own: true,
        ..Inputs::default()
    }
}

/// Generates with as much stack as the command line has: a test's thread has little.
pub fn generate(inputs: &Inputs) -> Generated {
    deep(|| generator::generate(inputs))
}

/// Runs something with as much stack as the command line has.
pub fn deep<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, run);
        match thread.expect("a thread").join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// As [`generate`], and there is no error.
pub fn generated(inputs: &Inputs) -> Generated {
    let run = generate(inputs);
    assert!(!run.diagnostics.has_errors(), "{}", told(&run));
    run
}

/// A crate `fixture` from a document without settings, overlay or lock.
pub fn fixture(document: &str) -> Generated {
    let dir = tempfile::tempdir().expect("a folder");
    let spec = dir.path().join("fixture.yaml");
    fs::write(&spec, document).expect("write");
    generated(&Inputs { spec, name: Some("fixture".into()), ..Inputs::default() })
}

/// What the generator had to say, a line each: `severity[code]: message`.
pub fn told(run: &Generated) -> String {
    run.diagnostics.iter().map(|d| format!("{}[{}]: {}\n", d.severity.word(), d.code, d.text())).collect()
}

/// The text of a generated file.
pub fn file<'a>(run: &'a Generated, path: &str) -> &'a str {
    let content = run.files.get(path).unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(content).expect("text")
}

/// A node of a document as a value of JSON.
pub fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => serde_json::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}")),
        Kind::String(text) => Value::String(text.to_string()),
        Kind::Array(items) => items.iter().map(value).collect(),
        Kind::Object(members) => members.iter().map(|m| (m.key.to_string(), value(&m.value))).collect(),
    }
}
