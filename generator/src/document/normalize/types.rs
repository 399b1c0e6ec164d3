//! Lists of types: null becomes `nullable`, several others become one branch each.

use crate::base::Span;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Entry, Kind, Node, Object};

use super::object::{self, set_flag};
use super::rewrite::Rewrite;
use super::version::Version;
use super::{codes, keys, unions};
use crate::document::walk::At;

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "array", "object"];

/// Makes a schema admit nothing but null.
pub(super) fn null_only(o: &mut Object, span: Span) {
    o.remove("type");
    o.remove("enum");
    set_flag(o, "nullable", true, span);
    set_flag(o, keys::NULL, true, span);
}

/// Brings `type` into shape: a list, `"null"`, or something that is no type.
pub(super) fn types(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    let Some(o) = node.as_object_mut() else { return };
    let Some(e) = object::take_entry_hollow(o, "type") else { return };
    let span = e.value.span;
    let listed: Vec<Node> = match e.value.kind {
        Kind::Array(list) => {
            pass.ahead("a list of types", span, at);
            list
        }
        Kind::String(_) => vec![e.value],
        // YAML's `type: null` for `type: "null"`, unless it is a key without a value in an older document
        Kind::Null
            if pass.version >= Version::V31 || o.iter().all(|e| unions::is_annotation(&e.key) || e.key == "type") =>
        {
            vec![e.value]
        }
        Kind::Null => {
            o.remove("type");
            return;
        }
        _ => {
            let message = format!("`type` is {}, not a type", e.value.type_name());
            pass.tally.push(Diagnostic::warning(codes::TYPE, message), span, &at.key("type"));
            o.remove("type");
            return;
        }
    };
    let mut nullable = None;
    let mut types: Vec<&'static str> = Vec::new();
    for t in &listed {
        match t.as_str() {
            Some("null") => nullable = Some(t.span),
            None if t.is_null() => nullable = Some(t.span),
            text => match text.and_then(|text| TYPES.iter().find(|t| **t == text)) {
                Some(known) if types.contains(known) => {}
                Some(known) => types.push(known),
                None => {
                    let message = match text {
                        Some(text) => format!("`{text}` is not a type"),
                        None => format!("{} is not a type", t.type_name()),
                    };
                    pass.tally.push(Diagnostic::warning(codes::TYPE, message), t.span, &at.key("type"));
                }
            },
        }
    }
    if types.contains(&"number") {
        types.retain(|t| *t != "integer");
    }
    if let Some(span) = nullable {
        if types.is_empty() {
            null_only(o, span);
            return;
        }
        set_flag(o, "nullable", true, span);
    }
    narrow_by_values(o, &mut types);
    match types.as_slice() {
        [] => {
            o.remove("type");
        }
        [only] => o.insert("type", Node::string(span, *only)),
        several => {
            let several = several.to_vec();
            branches(pass, o, &several, span, at);
        }
    }
}

/// An enum of values of several kinds says by them which types it has: each value keeps its own. Under `type: string` all are
/// text, with or without quotes in the file.
pub(super) fn of_values(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    let Some(o) = node.as_object_mut() else { return };
    let Some(values) = o.get("enum").and_then(Node::as_array) else { return };
    let span = o.get("enum").map_or(Span::default(), |e| e.span);
    let fraction = |v: &Node| matches!(&v.kind, Kind::Number(n) if n.contains(['.', 'e', 'E']));
    let number = if values.iter().any(fraction) { "number" } else { "integer" };
    let possible = ["string", number, "boolean"];
    let kinds: Vec<&'static str> =
        possible.into_iter().filter(|t| values.iter().any(|v| type_of(v, &possible) == Some(*t))).collect();
    let plain = values.iter().all(|v| type_of(v, &possible).is_some());
    let composed = ["allOf", "oneOf", "anyOf", "$ref", "not"].iter().any(|key| o.get(key).is_some());
    if kinds.len() < 2 || !plain || composed || o.get("type").and_then(Node::as_str) == Some("string") {
        return;
    }
    o.insert("type", Node::string(span, number));
    branches(pass, o, &kinds, span, at);
}

/// Types that none of the values of `enum` has do not count.
fn narrow_by_values(o: &Object, types: &mut Vec<&'static str>) {
    let Some(values) = o.get("enum").and_then(Node::as_array) else { return };
    let used: Vec<&'static str> =
        types.iter().copied().filter(|t| values.iter().any(|v| type_of(v, types) == Some(*t))).collect();
    if !used.is_empty() {
        *types = used;
    }
}

/// The one of `types` that a value has.
fn type_of(value: &Node, types: &[&'static str]) -> Option<&'static str> {
    let name = match &value.kind {
        Kind::Null => return None,
        Kind::Bool(_) => "boolean",
        Kind::Number(n) => {
            if types.contains(&"number") || n.contains(['.', 'e', 'E']) {
                "number"
            } else {
                "integer"
            }
        }
        Kind::String(_) => "string",
        Kind::Array(_) => "array",
        Kind::Object(_) => "object",
    };
    types.iter().copied().find(|t| *t == name)
}

/// Several types: a `oneOf` with one branch per type, each with the keywords that concern it; annotations
/// stay outside. Beside a composition the list only narrows.
fn branches(pass: &mut Rewrite<'_>, o: &mut Object, types: &[&'static str], span: Span, at: &At<'_>) {
    let composed = ["allOf", "oneOf", "anyOf", "$ref", "not"].iter().any(|key| o.get(key).is_some());
    if composed {
        o.remove("type");
        return;
    }
    let specific = o.iter().any(|e| e.key == "enum" || e.key == "format" || concerns(&e.key).is_some());
    if !specific && ["string", "number", "boolean", "array", "object"].iter().all(|t| types.contains(t)) {
        // every type there is: any value
        o.remove("type");
        return;
    }
    let mut parts: Vec<Object> = types
        .iter()
        .map(|t| {
            let mut part = Object::new();
            part.push(Entry { key: "type".to_owned(), key_span: span, value: Node::string(span, *t) });
            part
        })
        .collect();
    let mut outer = Object::new();
    let mut moved = Vec::new();
    for e in object::into_entries(std::mem::take(o)) {
        if e.key == "type" {
            outer.push(Entry { key: "oneOf".to_owned(), key_span: e.key_span, value: Node::new(span, Kind::Null) });
            continue;
        }
        if e.key == "enum" {
            distribute_values(e, types, &mut parts);
            continue;
        }
        let concerned = if e.key == "format" { format_concerns(&e.value, types) } else { concerns(&e.key) };
        match concerned {
            None => outer.push(e),
            Some(concerned) => {
                let index = types.iter().position(|t| concerned.contains(t));
                if let Some((i, part)) = index.and_then(|i| Some((i, parts.get_mut(i)?))) {
                    moved.push((e.key.clone(), i));
                    part.push(e);
                }
            }
        }
    }
    for (key, i) in moved {
        pass.moved(at, &[&key], &["oneOf", &i.to_string(), &key]);
    }
    let parts = parts.into_iter().map(|p| Node::new(span, Kind::Object(p))).collect();
    outer.insert("oneOf", Node::new(span, Kind::Array(parts)));
    *o = outer;
}

fn distribute_values(e: Entry, types: &[&'static str], parts: &mut [Object]) {
    let Entry { key, key_span, value } = e;
    let span = value.span;
    let Kind::Array(values) = value.kind else { return };
    let mut by_type: Vec<Vec<Node>> = types.iter().map(|_| Vec::new()).collect();
    for v in values {
        let index = type_of(&v, types).and_then(|name| types.iter().position(|t| *t == name));
        if let Some(list) = index.and_then(|i| by_type.get_mut(i)) {
            list.push(v);
        }
    }
    for (part, values) in parts.iter_mut().zip(by_type) {
        if !values.is_empty() {
            part.push(Entry { key: key.clone(), key_span, value: Node::new(span, Kind::Array(values)) });
        }
    }
}

/// The types that a keyword concerns; `None` for one that concerns all.
pub(crate) fn concerns(key: &str) -> Option<&'static [&'static str]> {
    match key {
        "minLength" | "maxLength" | "pattern" => Some(&["string"]),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => Some(&["number", "integer"]),
        "items" | "minItems" | "maxItems" | "uniqueItems" | keys::TUPLE | keys::TUPLE_REST => Some(&["array"]),
        "properties"
        | "required"
        | "additionalProperties"
        | "minProperties"
        | "maxProperties"
        | "discriminator"
        | keys::PATTERN_PROPERTIES => Some(&["object"]),
        _ => None,
    }
}

fn format_concerns(value: &Node, types: &[&'static str]) -> Option<&'static [&'static str]> {
    match value.as_str() {
        Some(
            "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" | "float" | "double"
            | "decimal",
        ) if types.contains(&"number") || types.contains(&"integer") => Some(&["number", "integer"]),
        _ if types.contains(&"string") => Some(&["string"]),
        _ => Some(&["number", "integer"]),
    }
}
