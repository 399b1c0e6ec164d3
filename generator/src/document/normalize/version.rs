//! Which version a document is written in.

use crate::base::diagnostic::Diagnostic;
use crate::document::{Kind, Node};

pub use crate::document::grammar::Version;

use super::codes;
use super::object;
use super::tally::Tally;
use crate::document::walk::At;

/// The version of a document, in silence.
pub fn version_of(root: &Node) -> Version {
    detect(root, &mut Tally::default())
}

/// Reads the header; a missing or unknown version is a warning and a guess.
pub(super) fn detect(root: &Node, tally: &mut Tally) -> Version {
    let text = |key: &str| match root.get(key).map(|n| &n.kind) {
        Some(Kind::String(s) | Kind::Number(s)) => Some(s.trim()),
        _ => None,
    };
    let header = text("openapi").or_else(|| text("swagger"));
    let known = header.and_then(|h| {
        let mut parts = h.split('.');
        match (parts.next()?, parts.next().unwrap_or("0")) {
            ("2", _) => Some(Version::Swagger2),
            ("3", "0") => Some(Version::V30),
            ("3", "1") => Some(Version::V31),
            ("3", "2") => Some(Version::V32),
            _ => None,
        }
    });
    if let Some(version) = known {
        return version;
    }
    let (guess, name) = if root.get("definitions").is_some() && root.get("components").is_none() {
        (Version::Swagger2, "Swagger 2.0")
    } else if header.is_some_and(|h| h.starts_with(['3', '4'])) {
        (Version::V32, "OpenAPI 3.2")
    } else {
        (Version::V30, "OpenAPI 3.0")
    };
    if root.as_object().is_some() {
        let message = match header {
            Some(h) => format!("version `{h}` is unknown; read as {name}"),
            None => format!("the document does not say its version; read as {name}"),
        };
        let node = root.get("openapi").or_else(|| root.get("swagger")).unwrap_or(root);
        tally.push(Diagnostic::warning(codes::VERSION, message), node.span, &At::root(None));
    }
    guess
}

/// Makes the header say what the tree now is.
pub(super) fn stamp(root: &mut Node) {
    let span = root.span;
    let Some(o) = root.as_object_mut() else { return };
    if o.get("openapi").is_none() {
        object::rename(o, "swagger", "openapi");
    }
    o.remove("swagger");
    let span = o.get("openapi").map_or(span, |n| n.span);
    o.insert("openapi", Node::string(span, "3.0.3"));
}
