//! bytes → [`Document`]: the only place that reads YAML and JSON.
//!
//! Every node keeps its place. A document spread over several files comes out as one tree: what lies in other files
//! is put where it is referred to, or below the root's `x-bundled` (see [`BUNDLED`]). Findings go to [`Diagnostics`];
//! the files read so far are handed back even when there is no document, for the findings to be shown with their lines.

mod bundle;
mod json;
mod text;
mod version;
mod yaml;

pub use bundle::BUNDLED;

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{FileId, Sources, Span};
use crate::document::{Entry, Kind, Node, Object};
use std::path::Path;

/// How deep nodes may nest. serde_json and serde_yaml stop at 128; documents written by people stay below 60.
const MAX_DEPTH: usize = 256;

/// A document as it stands, every node with its place.
#[derive(Debug, Clone)]
pub struct Document {
    /// The top of the tree.
    pub root: Node,
    /// The files it came from.
    pub sources: Sources,
}

/// Reads the OpenAPI document at `path` and the files it refers to.
///
/// # Errors
/// When there is no document to go on with: `diagnostics` says why, and the sources show where.
pub fn load(path: &Path, diagnostics: &mut Diagnostics) -> Result<Document, Sources> {
    let mut sources = Sources::new();
    let root = read(path, &mut sources, diagnostics);
    finish(root, sources, Some(path), diagnostics)
}

/// As [`load`], from a text; it cannot refer to other files.
///
/// # Errors
/// When there is no document to go on with.
pub fn load_str(name: &str, text: &str, diagnostics: &mut Diagnostics) -> Result<Document, Sources> {
    let mut sources = Sources::new();
    let root = read_str(name, text, &mut sources, diagnostics);
    finish(root, sources, None, diagnostics)
}

/// Reads any YAML or JSON file into `sources`, as it stands: an overlay, a file somebody refers to. `None` when that
/// did not work: `diagnostics` says why.
pub fn read(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Node> {
    let shown = text::shown(path);
    let text = text::read(path, &shown, sources, diagnostics)?;
    read_str(&shown, &text, sources, diagnostics)
}

/// As [`read`], from a text.
pub fn read_str(name: &str, text: &str, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Node> {
    read_by(parse, name, text, sources, diagnostics)
}

/// As [`read_str`], for a text that is JSON whatever it is called and looks like: YAML gives other values to the same text (duplicate keys,
/// `0x1f`, tags), and finds some in any.
pub(crate) fn read_json(name: &str, text: &str, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Node> {
    read_by(|_, text, file, notes| json::parse(text, file, notes), name, text, sources, diagnostics)
}

fn read_by(
    parse: impl Fn(&str, &str, FileId, &mut Vec<Diagnostic>) -> Result<Node, json::Fail>,
    name: &str,
    text: &str,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let file = sources.add(name, text);
    let mut notes = Vec::new();
    let result = parse(name, text, file, &mut notes);
    if let Ok(root) = &result {
        // Looking a place up costs a walk; nobody reads the thousandth.
        for note in notes.iter_mut().take(200) {
            if let (None, Some(span)) = (&note.pointer, note.span) {
                note.pointer = Some(root.pointer_at(span));
            }
        }
    }
    for note in notes {
        diagnostics.push(note);
    }
    match result {
        Ok(root) => Some(root),
        Err(fail) => {
            diagnostics.push(*fail);
            None
        }
    }
}

fn finish(
    root: Option<Node>,
    mut sources: Sources,
    path: Option<&Path>,
    diagnostics: &mut Diagnostics,
) -> Result<Document, Sources> {
    let Some(mut root) = root else { return Err(sources) };
    if let Err(fail) = version::check(&mut root) {
        diagnostics.push(*fail);
        return Err(sources);
    }
    bundle::bundle(&mut root, path, &mut sources, diagnostics);
    Ok(Document { root, sources })
}

/// JSON or YAML, as the content says; the name only decides where the content could be either.
fn parse(name: &str, text: &str, file: FileId, notes: &mut Vec<Diagnostic>) -> Result<Node, json::Fail> {
    let start = Span { file, start: 0, end: 0 };
    let content = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let Some(first) = content.chars().next() else {
        return Err(Box::new(Diagnostic::error("E0105", "the file is empty").at(start)));
    };
    if first == '<' {
        return Err(text::markup(content, file, text.len() - content.len()));
    }
    let named_json = name.to_ascii_lowercase().ends_with(".json");
    if !named_json && first != '{' && first != '[' {
        return yaml_document(text, file, notes);
    }
    let before = notes.len();
    let fail = match json::parse(text, file, notes) {
        Ok(node) => return Ok(node),
        Err(fail) => fail,
    };
    // `{a: b}` is a mapping of YAML's, and files of YAML are called `.json` at times.
    let bracket = first == '{' || first == '[';
    if named_json && bracket || fail.code != "E0106" {
        return Err(fail);
    }
    notes.truncate(before);
    let mut more = Vec::new();
    match yaml_document(text, file, &mut more) {
        Ok(node) if bracket || node.as_object().is_some() => {
            notes.append(&mut more);
            Ok(node)
        }
        Err(theirs) if !named_json && is_yaml_name(name) => Err(theirs),
        _ => Err(fail),
    }
}

fn yaml_document(text: &str, file: FileId, notes: &mut Vec<Diagnostic>) -> Result<Node, json::Fail> {
    let empty = Diagnostic::error("E0105", "the file holds nothing but comments");
    yaml::parse(text, file, notes)?.ok_or_else(|| Box::new(empty.at(Span { file, start: 0, end: 0 })))
}

fn is_yaml_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// One key twice in one mapping: the last one counts, as everywhere, but not in silence.
fn duplicate_key(key: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::warning("W0101", format!("the key `{key}` is here a second time"))
        .at(second)
        .second(first, "the first one, whose value is lost")
        .help("the last one counts; remove or rename one of them")
}

fn too_deep(span: Span) -> json::Fail {
    Box::new(Diagnostic::error("E0108", format!("the document nests deeper than {MAX_DEPTH} levels")).at(span))
}
