//! What every version needs: schema references with siblings, null in enums, extensions everybody knows.

use crate::base::Span;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Entry, Kind, Node, Object};

use super::object::{self, set_flag};
use super::rewrite::Rewrite;
use crate::document::walk::At;

/// `{$ref, ...}` → `{allOf: [{$ref}], ...}`, so that what stands beside the reference is not lost.
///
/// OpenAPI 3.0 says to ignore it, 3.1 says it counts, and documents of both rely on it:
/// `{"$ref": .., "nullable": true, "deprecated": true}` is how they describe one use of a component.
pub(super) fn reference(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    let span = node.span;
    let Some(o) = node.as_object_mut() else { return };
    match o.get("$ref") {
        Some(n) if n.as_str().is_none() => {
            let n = n.clone();
            pass.unexpected(&n, "a reference", &at.key("$ref"));
            return;
        }
        _ => {}
    }
    if !o.iter().any(says_something) {
        return;
    }
    match o.get("allOf").map(|n| &n.kind) {
        Some(Kind::Array(_)) => {
            let Some(e) = object::take_entry(o, "$ref") else { return };
            let reference = alone(e, span);
            if let Some(Node { kind: Kind::Array(list), .. }) = o.get_mut("allOf") {
                let before = list.len();
                list.insert(0, reference);
                for i in 0..before {
                    pass.moved(at, &["allOf", &i.to_string()], &["allOf", &(i + 1).to_string()]);
                }
            }
        }
        // whatever it is, it was reported
        Some(_) => {}
        None => {
            if let Some(e) = o.iter_mut().find(|e| e.key == "$ref") {
                let place = e.value.span;
                let value = object::take(&mut e.value);
                let reference = alone(Entry { key: std::mem::take(&mut e.key), key_span: e.key_span, value }, span);
                e.key = "allOf".to_owned();
                e.value = Node::new(place, Kind::Array(vec![reference]));
            }
        }
    }
}

fn alone(e: Entry, span: Span) -> Node {
    let mut o = Object::new();
    o.push(e);
    Node::new(span, Kind::Object(o))
}

/// Whether a member beside `$ref` means anything.
fn says_something(e: &Entry) -> bool {
    match e.key.as_str() {
        "$ref" | "$comment" => false,
        "x-nullable" | "nullable" | "deprecated" | "readOnly" | "writeOnly" => e.value.as_bool() != Some(false),
        key => !key.starts_with("x-"),
    }
}

/// OpenAPI 3.0 has styles for the members of a form; those of parts came with 3.1.
pub(super) fn part_styles(pass: &mut Rewrite<'_>, media: &mut Node, at: &At<'_>) {
    let is_form =
        |name: &str| !name.trim_start().get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    if at.pointer().last().is_none_or(|name| is_form(&name)) {
        return;
    }
    let encodings = media.as_object_mut().and_then(|o| o.get_mut("encoding")?.as_object_mut());
    for e in encodings.into_iter().flat_map(Object::iter_mut) {
        let Some(encoding) = e.value.as_object_mut() else { continue };
        for key in ["style", "explode", "allowReserved"] {
            let Some(gone) = object::take_entry(encoding, key) else { continue };
            let message = format!("`{key}` of a part came with OpenAPI 3.1: ignored, as 3.0 says");
            let place = at.pointer().join("encoding").join(&e.key).join(key);
            pass.tally.push_placed(Diagnostic::note("N0341", message).at(gone.key_span).pointer(&place));
        }
    }
}

/// `x-nullable: true` → `nullable: true`, unless the document says something itself.
pub(super) fn vendor_nullable(node: &mut Node) {
    let Some(o) = node.as_object_mut() else { return };
    if let Some(span) = o.get("x-nullable").map(|n| n.span)
        && o.get("nullable").is_none()
    {
        set_flag(o, "nullable", true, span);
    }
}

/// `discriminator: name` of Swagger 2.0 → `discriminator: {propertyName: name}`.
pub(super) fn discriminator(node: &mut Node) {
    if let Some(d) = node.as_object_mut().and_then(|o| o.get_mut("discriminator")) {
        let name = object::take(d);
        *d = object::single(name.span, "propertyName", name);
    }
}

/// Null among the values of `enum` → `nullable`; an enum of nothing else admits null only.
pub(super) fn enum_null(node: &mut Node) {
    let Some(o) = node.as_object_mut() else { return };
    let Some(Node { kind: Kind::Array(values), .. }) = o.get_mut("enum") else { return };
    let Some(span) = values.iter().find(|v| v.is_null()).map(|v| v.span) else { return };
    values.retain(|v| !v.is_null());
    if values.is_empty() {
        super::types::null_only(o, span);
    } else {
        set_flag(o, "nullable", true, span);
    }
}
