//! `generated/` is what `spec/` and the generator say, and the same input gives the same bytes, from YAML or JSON.

use generator::Generated;
use generator::base::Sources;
use generator::document::{Kind, Node};
use generator::emit::{MANIFEST_NAME, Manifest};
use std::fmt::Write;
use std::fs;
use std::sync::OnceLock;
use tests::place::{files, relative, root, text};
use tests::run::{generated, own};

/// One run for all tests of this file.
fn run() -> &'static Generated {
    static RUN: OnceLock<Generated> = OnceLock::new();
    RUN.get_or_init(|| generated(&own()))
}

const MEND: &str = "run `cargo xtask generate`";

#[test]
fn generated_is_what_the_document_says() {
    let dir = root().join("generated");
    for (path, content) in run().files.iter() {
        let disk = fs::read_to_string(dir.join(path)).unwrap_or_else(|e| panic!("generated/{path}: {e}; {MEND}"));
        // Line ends do not count: a checkout may have its own.
        let differs = disk.replace("\r\n", "\n").as_bytes() != content;
        assert!(!differs, "generated/{path} is not what would be generated; {MEND}");
    }
    let manifest = Manifest::new(run().provenance.clone(), &run().files).print();
    assert_eq!(text(&dir.join(MANIFEST_NAME)), manifest, "the manifest is stale; {MEND}");
    let foreign: Vec<String> = files(&dir, "")
        .iter()
        .filter_map(|path| path.strip_prefix(&dir).ok())
        .map(|path| path.display().to_string().replace('\\', "/"))
        .filter(|path| run().files.get(path).is_none() && path != MANIFEST_NAME && path != "Cargo.lock")
        .collect();
    assert!(foreign.is_empty(), "these are not the generator's: {foreign:?}");
}

#[test]
fn the_lock_is_the_one_that_is_committed() {
    assert_eq!(run().lock.print(), text(&root().join("spec/names.lock")), "spec/names.lock is stale; {MEND}");
}

#[test]
fn nothing_is_left_out() {
    let report = &run().report;
    assert_eq!((report.operations, report.skipped_operations), (148, 0));
    let told: Vec<String> = run()
        .diagnostics
        .iter()
        .filter(|d| d.severity > generator::base::diagnostic::Severity::Note)
        .map(|d| format!("{}: {}", d.code, d.message))
        .collect();
    assert!(told.is_empty(), "our own document has nothing to warn about: {told:#?}");
}

#[test]
fn twice_gives_the_same_bytes() {
    let again = generated(&own());
    same(run(), &again);
    assert_eq!(run().provenance, again.provenance);
}

#[test]
fn json_gives_the_same_bytes_as_yaml() {
    let mut diagnostics = Default::default();
    let spec = own().spec;
    let root = generator::document::load::read(&spec, &mut Sources::new(), &mut diagnostics).expect("a document");
    let mut json = String::new();
    print(&root, &mut json);
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("belvo.json");
    fs::write(&path, json).expect("write");
    let again = generated(&generator::Inputs { spec: path, ..own() });
    same(run(), &again);
    // What the document is does not depend on how it is written down.
    assert_eq!(run().provenance, again.provenance);
}

fn same(a: &Generated, b: &Generated) {
    let paths = |run: &Generated| run.files.iter().map(|(path, _)| path.to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(a), paths(b));
    for (path, content) in a.files.iter() {
        assert!(b.files.get(path) == Some(content), "{path} differs");
    }
    assert_eq!(a.lock, b.lock);
}

/// The document as JSON, numbers as they were written where JSON has them so.
fn print(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => drop(write!(out, "{value}")),
        Kind::Number(text) => {
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text} is no number of JSON");
            out.push_str(text);
        }
        Kind::String(text) => out.push_str(&serde_json::Value::from(text.to_string()).to_string()),
        Kind::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                print(item, out);
            }
            out.push(']');
        }
        Kind::Object(members) => {
            out.push('{');
            for (i, member) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{}:", serde_json::Value::from(member.key.to_string()));
                print(&member.value, out);
            }
            out.push('}');
        }
    }
}

#[test]
fn the_manifest_names_every_file() {
    let manifest = Manifest::parse(&text(&root().join("generated").join(MANIFEST_NAME))).expect("a manifest");
    let listed: Vec<&str> = manifest.files.keys().map(String::as_str).collect();
    let dir = root().join("generated");
    for path in files(&dir.join("src"), ".rs") {
        let path = relative(&path);
        let path = path.strip_prefix("generated/").expect("below generated");
        assert!(listed.contains(&path), "{path}");
    }
}
