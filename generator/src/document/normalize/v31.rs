//! What JSON Schema 2020-12 (OpenAPI 3.1 and 3.2) says and OpenAPI 3.0 cannot, keyword by keyword.

use crate::base::Span;
use crate::document::{Entry, Kind, Node, Object};

use super::object::{self, set_flag};
use super::rewrite::Rewrite;
use super::{codes, keys};
use crate::document::grammar::{Outcome, Spot};
use crate::document::walk::At;

/// A boolean schema: `true` admits everything, `false` nothing.
pub(super) fn boolean(node: &mut Node) {
    let span = node.span;
    let admits = node.as_bool() == Some(true);
    *node = object::empty(span);
    if let (false, Some(o)) = (admits, node.as_object_mut()) {
        o.insert("not", object::empty(span));
    }
}

/// Whether a schema admits nothing, as [`boolean`] writes it.
fn is_never(schema: &Node) -> bool {
    schema.get("not").and_then(Node::as_object).is_some_and(Object::is_empty)
}

/// Whether a keyword is taken out, since it says nothing that is expressed: the gaps of the grammar that only forbid
/// values. `not` stays, since [`boolean`] writes it.
pub(super) fn is_dropped(key: &str) -> bool {
    let outcome = Spot::Schema.row(key).map(|row| row.outcome);
    matches!(outcome, Some(Outcome::Gap(codes::KEYWORD, _))) && key != "not"
}

/// Takes out what is not expressed, which was reported, and what names schemas, which are places by now. A part that somebody refers
/// to stays.
pub(super) fn drop_keywords(node: &mut Node, at: &At<'_>) {
    if let Some(o) = node.as_object_mut() {
        o.retain(|e| !is_identity(&e.key) && (!is_dropped(&e.key) || at.is_target(&e.key)));
    }
}

/// Keywords that give schemas addresses of their own.
pub(super) fn is_identity(key: &str) -> bool {
    matches!(key, "$id" | "$anchor" | "$dynamicAnchor" | "$dynamicRef" | "$recursiveAnchor" | "$recursiveRef")
}

/// `const: v` → `enum: [v]`; null is null.
pub(super) fn constant(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    let Some(o) = node.as_object_mut() else { return };
    let Some(span) = o.entry("const").map(|e| e.key_span) else { return };
    pass.ahead("`const`", span, at);
    o.remove("enum");
    object::rename(o, "const", "enum");
    let Some(value) = o.get_mut("enum").map(object::take) else { return };
    if value.is_null() {
        super::types::null_only(o, value.span);
        return;
    }
    let untyped = ["type", "$ref", "allOf", "oneOf", "anyOf"].iter().all(|key| o.get(key).is_none());
    let implied = match &value.kind {
        Kind::String(_) => Some("string"),
        Kind::Bool(_) => Some("boolean"),
        Kind::Number(n) if n.contains(['.', 'e', 'E']) => Some("number"),
        Kind::Number(_) => Some("integer"),
        _ => None,
    };
    if let (true, Some(implied)) = (untyped, implied) {
        o.insert("type", Node::string(value.span, implied));
    }
    o.insert("enum", Node::new(value.span, Kind::Array(vec![value])));
}

/// Numeric exclusive bounds → the bound and a flag; of two bounds the narrower one counts.
pub(super) fn exclusive(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    for (exclusive, inclusive, sign) in [("exclusiveMinimum", "minimum", 1.0), ("exclusiveMaximum", "maximum", -1.0)] {
        let Some(o) = node.as_object_mut() else { return };
        let Some(Node { kind: Kind::Number(_), span }) = o.get(exclusive) else { continue };
        let span = *span;
        pass.ahead("a numeric exclusive bound", span, at);
        let bound = |key: &str| match o.get(key).map(|n| &n.kind) {
            Some(Kind::Number(n)) => n.parse::<f64>().ok(),
            _ => None,
        };
        let wider = match (bound(inclusive), bound(exclusive)) {
            (Some(i), Some(e)) => i * sign > e * sign,
            _ => false,
        };
        if wider {
            // the inclusive bound is the narrower one
            o.remove(exclusive);
        } else {
            object::rename(o, exclusive, inclusive);
            set_flag(o, exclusive, true, span);
        }
    }
}

/// `prefixItems`, or a list of `items` as older drafts wrote it → [`keys::TUPLE`], and `items` that admits
/// the element of every position.
pub(super) fn tuple(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    let Some(o) = node.as_object_mut() else { return };
    let (positions, rest) =
        if o.get("prefixItems").is_some() { ("prefixItems", "items") } else { ("items", "additionalItems") };
    let Some(Node { kind: Kind::Array(list), span }) = o.get(positions) else {
        // it was reported as being no list
        o.remove("prefixItems");
        return;
    };
    let span = *span;
    pass.ahead("a list of schemas for the positions of an array", span, at);
    if list.is_empty() {
        o.remove(positions);
    } else {
        let further = o.get(rest).filter(|r| r.as_object().is_some_and(|r| !r.is_empty()) && !is_never(r));
        let every = any_of(&list.iter().chain(further).collect::<Vec<_>>(), span);
        let has_rest = further.is_some();
        object::rename(o, positions, keys::TUPLE);
        pass.moved(at, &[positions], &[keys::TUPLE]);
        if has_rest {
            object::rename(o, rest, keys::TUPLE_REST);
            pass.moved(at, &[rest], &[keys::TUPLE_REST]);
        } else {
            o.remove(rest);
        }
        o.insert("items", every);
    }
    o.remove("additionalItems");
    if o.get("type").is_none() {
        o.insert("type", Node::string(span, "array"));
    }
}

/// A schema larger than this is not written out a second time: the element is any value then.
const LARGEST: usize = 100;

/// A schema that admits what each of `list` does: the one they share, or a choice.
fn any_of(list: &[&Node], span: Span) -> Node {
    let mut distinct: Vec<(&Node, serde_json::Value)> = Vec::new();
    for node in list {
        let json = node.to_json();
        if !distinct.iter().any(|(_, known)| *known == json) {
            distinct.push((node, json));
        }
    }
    match distinct.as_slice() {
        [(only, _)] if size(only) <= LARGEST => (*only).clone(),
        several if several.iter().all(|(n, _)| size(n) <= LARGEST && n.as_object().is_some_and(|o| !o.is_empty())) => {
            let branches = several.iter().map(|(n, _)| (*n).clone()).collect();
            let mut choice = object::empty(span);
            if let Some(o) = choice.as_object_mut() {
                o.insert("anyOf", Node::new(span, Kind::Array(branches)));
            }
            choice
        }
        _ => object::empty(span),
    }
}

/// How many nodes there are in one.
fn size(node: &Node) -> usize {
    match &node.kind {
        Kind::Array(list) => 1 + list.iter().map(size).sum::<usize>(),
        Kind::Object(o) => 1 + o.iter().map(|e| size(&e.value)).sum::<usize>(),
        _ => 1,
    }
}

/// `patternProperties`: a single pattern is what `additionalProperties` is for; several are kept aside, and
/// `additionalProperties` admits what one of them does.
pub(super) fn patterns(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    let Some(o) = node.as_object_mut() else { return };
    let Some(e) = object::take_entry_hollow(o, "patternProperties") else { return };
    let span = e.value.span;
    pass.ahead("`patternProperties`", e.key_span, at);
    let Kind::Object(patterns) = e.value.kind else { return };
    if o.get("type").is_none() && !patterns.is_empty() {
        o.insert("type", Node::string(span, "object"));
    }
    let closed = match o.get("additionalProperties") {
        None => true,
        Some(n) => n.as_bool() == Some(false) || is_never(n),
    };
    if patterns.len() == 1 && closed {
        for Entry { key, value, .. } in object::into_entries(patterns) {
            pass.moved(at, &["patternProperties", &key], &["additionalProperties"]);
            o.insert("additionalProperties", value);
        }
        o.remove("patternProperties");
        return;
    }
    if patterns.is_empty() {
        o.remove("patternProperties");
        return;
    }
    let further = o.get("additionalProperties").filter(|_| !closed);
    // Where any further member is admitted there is nothing to narrow.
    if further.is_none_or(|n| n.as_object().is_some()) {
        let values = patterns.iter().map(|e| &e.value);
        let every = any_of(&values.chain(further).collect::<Vec<_>>(), span);
        o.insert("additionalProperties", every);
    }
    o.insert("patternProperties", Node::new(span, Kind::Object(patterns)));
    object::rename(o, "patternProperties", keys::PATTERN_PROPERTIES);
    pass.moved(at, &["patternProperties"], &[keys::PATTERN_PROPERTIES]);
}

/// `examples: [..]` → `example`; all of them are kept when there are several.
pub(super) fn examples(node: &mut Node) {
    let Some(o) = node.as_object_mut() else { return };
    let Some(Node { kind: Kind::Array(list), .. }) = o.get("examples") else { return };
    let (first, several) = (list.first().cloned(), list.len() > 1);
    if several {
        object::rename(o, "examples", keys::EXAMPLES);
        if let (Some(first), None) = (first, o.get("example")) {
            o.insert("example", first);
        }
    } else if let (Some(first), None) = (first, o.get("example")) {
        o.insert("examples", first);
        object::rename(o, "examples", "example");
    } else {
        o.remove("examples");
    }
}

/// `contentEncoding` and `contentMediaType` → the formats 3.0 has for them.
pub(super) fn content(node: &mut Node) {
    let Some(o) = node.as_object_mut() else { return };
    let encoding = object::take_entry(o, "contentEncoding");
    let media = object::take_entry(o, "contentMediaType");
    let Some(span) = encoding.as_ref().or(media.as_ref()).map(|e| e.value.span) else { return };
    let text = |e: &Option<Entry>| e.as_ref().and_then(|e| e.value.as_str()).map(str::to_ascii_lowercase);
    if let Some(e) = media.as_ref().filter(|e| e.value.as_str().is_some()) {
        o.insert(keys::MEDIA_TYPE, e.value.clone());
    }
    let format = match (text(&encoding).as_deref(), text(&media).as_deref()) {
        (Some("base64"), _) => Some("byte"),
        (Some("binary"), _) => Some("binary"),
        (Some(_), _) => None,
        (None, Some(media)) => {
            let textual = media.starts_with("text/")
                || media.contains("json")
                || media.contains("xml")
                || media.contains("yaml")
                || media.contains("jwt");
            (!textual).then_some("binary")
        }
        (None, None) => None,
    };
    if o.get("type").is_none() && is_free(o) {
        o.insert("type", Node::string(span, "string"));
    }
    if let (Some(format), None) = (format, o.get("format")) {
        o.insert("format", Node::string(span, format));
    }
}

fn is_free(o: &Object) -> bool {
    ["$ref", "allOf", "oneOf", "anyOf"].iter().all(|key| o.get(key).is_none())
}
