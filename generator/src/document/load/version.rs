//! Is it an OpenAPI document, and of a version we read? Asked before anything else of a document is believed.

use super::json::Fail;
use super::{Kind, Node, Span};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;

/// Other formats by the key that names them, to be called by name.
const STRANGERS: [(&str, &str); 8] = [
    ("asyncapi", "an AsyncAPI document"),
    ("arazzo", "an Arazzo document"),
    ("overlay", "an OpenAPI overlay, to be given with `--overlay`,"),
    ("swaggerVersion", "a Swagger 1 document"),
    ("smithy", "a Smithy model"),
    ("openrpc", "an OpenRPC document"),
    ("jsonrpc", "a JSON-RPC message"),
    ("$schema", "a JSON Schema"),
];

/// Looks for `openapi` or `swagger` and a version of 3.x or 2.0; leaves the version as a string even where it was
/// written as a number (`swagger: 2.0`).
pub(super) fn check(root: &mut Node) -> Result<(), Fail> {
    let top = Span { end: root.span.end.min(root.span.start + 1), ..root.span };
    let type_name = root.type_name();
    let Some(object) = root.as_object_mut() else {
        let message = format!("an OpenAPI document is an object at the top, this is {type_name}");
        return Err(Box::new(Diagnostic::error("E0113", message).at(top)));
    };
    // A document that says both is of the newer kind.
    let key = if object.contains("openapi") { "openapi" } else { "swagger" };
    let Some(entry) = object.entry(key) else {
        let stranger = STRANGERS.iter().find_map(|(key, name)| object.entry(key).map(|e| (e.key_span, *name)));
        let (span, message) = match stranger {
            Some((span, name)) => (span, format!("this is {name} and not an OpenAPI document")),
            None => (top, "this is not an OpenAPI document: there is neither `openapi` nor `swagger`".to_owned()),
        };
        let help = "an OpenAPI document starts with `openapi: 3.0.3` or `swagger: \"2.0\"`";
        return Err(Box::new(Diagnostic::error("E0114", message).at(span).help(help)));
    };
    let (span, key) = (entry.value.span, entry.key.clone());
    let pointer = Pointer::root().join(&key);
    let text = match &entry.value.kind {
        Kind::String(text) => text.trim().to_owned(),
        Kind::Number(text) => text.clone(),
        _ => {
            let message = format!("`{key}` must be a version, this is {}", entry.value.type_name());
            return Err(Box::new(Diagnostic::error("E0115", message).at(span).pointer(&pointer)));
        }
    };
    let read = match key.as_str() {
        "swagger" => matches!(text.as_str(), "2.0" | "2" | "2.0.0"),
        _ => text == "3" || text.strip_prefix("3.").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())),
    };
    if !read {
        let name = if key == "swagger" { "Swagger" } else { "OpenAPI" };
        return Err(Box::new(
            Diagnostic::error("E0115", format!("{name} {} is not a version that can be read", short(&text)))
                .at(span)
                .pointer(&pointer)
                .help("Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 can be read"),
        ));
    }
    let text = if key == "swagger" { "2.0".to_owned() } else { text };
    object.insert(key, Node::string(span, text));
    Ok(())
}

fn short(text: &str) -> String {
    let line: String = text.chars().take(20).filter(|c| !c.is_control()).collect();
    if line.is_empty() { "``".to_owned() } else { line }
}
