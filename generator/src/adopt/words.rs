//! Places of a document of ours that have no words yet.

use super::at;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{Pointer, Span};
use crate::document::grammar::{Place, Spot};
use crate::document::walk::{At, Visit, walk};
use crate::document::{Kind, Node};

/// A place that wants words.
#[derive(Debug, Clone)]
pub struct Wordless {
    /// Where it is in the document.
    pub pointer: Pointer,
    /// Where it is in the file.
    pub span: Span,
    /// What it is: `operation`, `property`, ..
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// The facts that help to describe it: `string, date, required; one of A, B`.
    pub facts: String,
}

/// The operations, parameters, headers, bodies, responses, tags, security schemes, named schemas and properties without a description,
/// in document order.
pub fn wordless(root: &Node) -> Vec<Wordless> {
    let mut collect = Collect { root, found: Vec::new() };
    walk(root, Place::One(Spot::Document), &At::root(None), &mut collect);
    collect.found
}

/// The same as warnings: what `check` says of a document whose words are ours.
pub(crate) fn warn(root: &Node, out: &mut Diagnostics) {
    for place in wordless(root) {
        let message = format!("the {} `{}` has no description", place.kind, place.name);
        let mut warning = Diagnostic::warning("W0911", message).at(place.span);
        warning.pointer = Some(place.pointer);
        out.push(if place.facts.is_empty() { warning } else { warning.help(format!("it is {}", place.facts)) });
    }
}

struct Collect<'a> {
    root: &'a Node,
    found: Vec<Wordless>,
}

impl Visit for Collect<'_> {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        let Place::One(spot) = place else { return };
        let pointer = at.pointer();
        let Some(kind) = kind(spot, &pointer) else { return };
        let has = |key: &str| node.get(key).and_then(Node::as_str).is_some_and(|text| !text.trim().is_empty());
        let described = has("description") && (spot != Spot::Operation || has("summary"));
        if described || node.get("$ref").is_some() || !matches!(node.kind, Kind::Object(_)) {
            return;
        }
        let text = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let steps: Vec<String> = pointer.segments().collect();
        let name = match spot {
            Spot::Operation => text("operationId"),
            Spot::Parameter | Spot::Tag => text("name"),
            _ => None,
        };
        self.found.push(Wordless {
            span: self.span(node, &pointer),
            kind,
            name: name.or_else(|| steps.last().cloned()).unwrap_or_default(),
            facts: facts(spot, node, self.root, &steps),
            pointer,
        });
    }
}

impl Collect<'_> {
    /// The key of a member, else the node's first line.
    fn span(&self, node: &Node, pointer: &Pointer) -> Span {
        let key = pointer.parent().and_then(|parent| {
            let entry = at(self.root, parent.as_str())?.as_object()?.entry(&pointer.last()?)?;
            Some(entry.key_span)
        });
        key.unwrap_or(Span { end: node.span.start + 1, ..node.span })
    }
}

/// What a place is called that wants words; `None` where none are wanted.
fn kind(spot: Spot, pointer: &Pointer) -> Option<&'static str> {
    Some(match spot {
        Spot::Operation => "operation",
        Spot::Parameter => "parameter",
        Spot::Header => "header",
        Spot::RequestBody => "request body",
        Spot::Response => "response",
        Spot::Tag => "tag",
        Spot::SecurityScheme => "security scheme",
        Spot::Schema => match pointer.parent().and_then(|parent| parent.last()).as_deref() {
            Some("properties") => "property",
            Some("schemas" | "definitions") if pointer.segments().count() <= 3 => "schema",
            _ => return None,
        },
        _ => return None,
    })
}

fn facts(spot: Spot, node: &Node, root: &Node, steps: &[String]) -> String {
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let mut facts: Vec<String> = Vec::new();
    match spot {
        Spot::Operation => {
            if let [_, path, method] = steps {
                facts.push(format!("{} {path}", method.to_uppercase()));
            }
        }
        Spot::Parameter => facts.extend(text(node, "in").map(|place| format!("in the {place}"))),
        _ => {}
    }
    let schema = match spot {
        Spot::Parameter | Spot::Header => node.get("schema").unwrap_or(node),
        _ => node,
    };
    facts.extend(text(schema, "$ref").map(|target| format!("a `{}`", target.rsplit('/').next().unwrap_or_default())));
    facts.extend(text(schema, "type").filter(|_| spot != Spot::SecurityScheme));
    facts.extend(text(schema, "format"));
    if let Some(parent) = steps.len().checked_sub(2).and_then(|n| steps.get(..n)).filter(|_| spot == Spot::Schema) {
        let object = root.at(parent.iter().map(String::as_str));
        let required = object.and_then(|o| o.get("required")).and_then(Node::as_array).unwrap_or_default();
        if required.iter().any(|name| name.as_str() == steps.last().map(String::as_str)) {
            facts.push("required".to_owned());
        }
    }
    for (flag, word) in [("required", "required"), ("nullable", "may be null"), ("deprecated", "deprecated")] {
        if node.flag(flag) {
            facts.push(word.to_owned());
        }
    }
    let values = schema.get("enum").and_then(Node::as_array).unwrap_or_default();
    if !values.is_empty() {
        let shown: Vec<&str> = values.iter().filter_map(|v| v.as_str().or_else(|| v.as_number())).take(8).collect();
        let more = if values.len() > shown.len() { ", .." } else { "" };
        facts.push(format!("one of {}{more}", shown.join(", ")));
    }
    facts.join(", ")
}
