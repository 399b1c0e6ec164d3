//! Bodies to read: the examples of our document and, where `shared` is there, those of the published one.

use crate::examples::{Example, examples};
use crate::place::{root, shared};
use crate::run::value;
use crate::schema::Document;
use generator::load::Sources;
use generator::normalize::{Overlay, apply_overlays};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A body that an operation answers with.
#[derive(Debug, Clone)]
pub struct Body {
    /// The operation's id.
    pub operation: String,
    /// The status.
    pub status: u16,
    /// The media type.
    pub content_type: String,
    /// The value.
    pub body: Value,
}

/// A document as it stands in a file, with our corrections or without.
pub fn document(path: &Path, corrected: bool) -> Document {
    let mut diagnostics = Default::default();
    let mut sources = Sources::new();
    let mut spec = generator::load::read(path, &mut sources, &mut diagnostics).expect("a document");
    if corrected {
        let overlay = root().join("spec/overlay.yaml");
        let tree = generator::load::read(&overlay, &mut sources, &mut diagnostics).expect("an overlay");
        let overlay = Overlay { label: "overlay".to_owned(), root: tree };
        apply_overlays(&mut spec, &[overlay], &mut diagnostics);
    }
    assert!(!diagnostics.has_errors());
    Document::new(value(&spec))
}

/// The examples of the responses in our document.
pub fn own() -> Vec<Body> {
    let body = |(operation, status, body): &Example| Body {
        operation: operation.clone(),
        status: *status,
        content_type: "application/json".to_owned(),
        body: body.clone(),
    };
    examples().iter().map(body).collect()
}

/// Every body of a file of lines in `shared`; with each, what its line says is wrong with it.
pub fn lines(file: &str) -> Option<Vec<(Body, Vec<String>)>> {
    let lines = fs::read_to_string(shared(&format!("belvo/{file}"))?).expect("text");
    let read = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let wrong = line["contradictions"].as_array().into_iter().flatten();
        let body = Body {
            operation: line["op"].as_str().expect("an operation").to_owned(),
            status: line["status"].as_str().and_then(|s| s.parse().ok()).expect("a status"),
            content_type: line["media_type"].as_str().unwrap_or("application/json").to_owned(),
            body: line["body"].clone(),
        };
        (body, wrong.filter_map(Value::as_str).map(str::to_owned).collect())
    };
    Some(lines.lines().map(read).collect())
}
