//! Bodies to read: the examples of our document and, where `shared` is there, those of the published one.

use crate::examples::{Example, examples};
use crate::place::{root, shared};
use crate::run::value;
use crate::schema::Document;
use belvo::testing::ReadBack;
use generator::base::Sources;
use generator::document::normalize::{Overlay, apply_overlays};
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
    let mut spec = generator::document::load::read(path, &mut sources, &mut diagnostics).expect("a document");
    if corrected {
        let overlay = root().join("spec/overlay.yaml");
        let tree = generator::document::load::read(&overlay, &mut sources, &mut diagnostics).expect("an overlay");
        let overlay = Overlay { label: "overlay".to_owned(), root: tree };
        apply_overlays(&mut spec, &[overlay], &mut diagnostics);
    }
    assert!(!diagnostics.has_errors());
    let document = Document::new(value(&spec));
    // What `[required]` in our settings says, which go with our corrections.
    if corrected { document.with_nulls(&["id", "access", "refresh", "$.request_id"]) } else { document }
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

/// Of the leaves of a body at members that the document declares, those that typed fields hold.
#[derive(Debug, Clone, Default)]
pub struct Share {
    /// How many there are.
    pub declared: usize,
    /// How many of them typed fields hold.
    pub typed: usize,
    /// The paths of the others.
    pub untyped: Vec<String>,
}

impl Share {
    /// Counts the leaves of a body that was read.
    pub fn add(&mut self, body: &Value, found: &ReadBack) {
        self.walk(body, Some(&found.typed), "$".to_owned(), found);
    }

    fn walk(&mut self, value: &Value, typed: Option<&Value>, path: String, found: &ReadBack) {
        if found.unknown.contains(&path) {
            return;
        }
        match value {
            // What is empty holds as much as a value does.
            Value::Object(members) if !members.is_empty() => {
                for (name, value) in members {
                    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                    let path = if plain { format!("{path}.{name}") } else { format!("{path}['{name}']") };
                    self.walk(value, typed.and_then(|t| t.get(name)), path, found);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                // One that came for many is written as many, and the reverse.
                let alone = typed.filter(|t| items.len() == 1 && !t.is_array());
                for (index, value) in items.iter().enumerate() {
                    self.walk(value, alone.or(typed.and_then(|t| t.get(index))), format!("{path}[{index}]"), found);
                }
            }
            _ => {
                self.declared += 1;
                let held = value.is_null() || typed.is_some_and(|t| !t.is_null());
                self.typed += usize::from(held);
                if !held {
                    self.untyped.push(path);
                }
            }
        }
    }
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
