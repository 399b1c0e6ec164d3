//! Null as a branch of a union: `oneOf: [A, {type: "null"}]` is a nullable A.

use crate::document::{Entry, Kind, Node, Object};

use super::object::{self, set_flag};
use super::rewrite::Rewrite;
use crate::document::keys;
use crate::document::walk::At;

/// Takes the null branches out of `oneOf` and `anyOf`. Several other branches stay a union; a single one
/// becomes the schema itself where only annotations stand beside it, and an `allOf` otherwise.
pub(super) fn null_branches(pass: &mut Rewrite<'_>, node: &mut Node, at: &At<'_>) {
    for key in ["oneOf", "anyOf"] {
        let Some(o) = node.as_object_mut() else { return };
        let Some(Node { kind: Kind::Array(branches), span }) = o.get_mut(key) else { continue };
        let span = *span;
        if !branches.iter().any(|b| is_null(pass, b)) {
            continue;
        }
        let mut left: Vec<(usize, Node)> = Vec::new();
        for (i, branch) in branches.iter_mut().enumerate() {
            if !is_null(pass, branch) {
                left.push((i, object::take(branch)));
            }
        }
        set_flag(o, "nullable", true, span);
        match left.len() {
            0 => {
                o.remove(key);
                super::types::null_only(o, span);
            }
            1 => {
                if let Some((i, branch)) = left.pop() {
                    only_branch(pass, o, key, i, branch, at);
                }
            }
            _ => {
                for (now, (was, _)) in left.iter().enumerate() {
                    pass.moved(at, &[key, &was.to_string()], &[key, &now.to_string()]);
                }
                let branches = left.into_iter().map(|(_, b)| b).collect();
                o.insert(key, Node::new(span, Kind::Array(branches)));
            }
        }
    }
}

fn only_branch(pass: &mut Rewrite<'_>, o: &mut Object, key: &str, index: usize, mut branch: Node, at: &At<'_>) {
    let index = index.to_string();
    let plain = o.iter().all(|e| e.key == key || is_annotation(&e.key));
    let inline = branch.as_object().is_some_and(|b| b.get("$ref").is_none());
    if plain
        && inline
        && let Some(members) = object::take_object(&mut branch)
    {
        o.remove(key);
        pass.moved(at, &[key, &index], &[]);
        for Entry { key, key_span, value } in object::into_entries(members) {
            if o.get(&key).is_none() {
                o.push(Entry { key, key_span, value });
            }
        }
        return;
    }
    let span = branch.span;
    match o.get_mut("allOf") {
        Some(Node { kind: Kind::Array(list), .. }) => {
            pass.moved(at, &[key, &index], &["allOf", &list.len().to_string()]);
            list.push(branch);
            o.remove(key);
        }
        Some(_) => o.insert(key, Node::new(span, Kind::Array(vec![branch]))),
        None => {
            pass.moved(at, &[key, &index], &["allOf", "0"]);
            o.insert(key, Node::new(span, Kind::Array(vec![branch])));
            object::rename(o, key, "allOf");
        }
    }
}

/// Members that say nothing about which values are admitted.
pub(super) fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "title"
            | "description"
            | "default"
            | "example"
            | "examples"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "externalDocs"
            | "xml"
            | "nullable"
            | "$comment"
            | "$schema"
    ) || key.starts_with("x-")
}

/// Whether a branch, in shape already, admits nothing but null.
fn is_null(pass: &Rewrite<'_>, branch: &Node) -> bool {
    let Some(o) = branch.as_object() else { return false };
    if o.get(keys::NULL).is_some() {
        return true;
    }
    if let Some(reference) = o.get("$ref").and_then(Node::as_str) {
        return pass.nulls.contains(reference);
    }
    // `{nullable: true}` as a branch: any value by the letter, null by intent
    branch.flag("nullable") && o.iter().all(|e| matches!(e.key.as_str(), "nullable" | "title" | "description"))
}

/// Whether a schema as published admits nothing but null.
pub(super) fn says_null(schema: &Node) -> bool {
    let null = |n: &Node| n.is_null() || n.as_str() == Some("null");
    let Some(o) = schema.as_object() else { return false };
    if let Some(values) = o.get("enum").and_then(Node::as_array) {
        return !values.is_empty() && values.iter().all(Node::is_null);
    }
    if let Some(value) = o.get("const") {
        return value.is_null();
    }
    match o.get("type").map(|t| (t, &t.kind)) {
        Some((_, Kind::Array(types))) => !types.is_empty() && types.iter().all(null),
        Some((t, Kind::String(_))) => null(t),
        _ => false,
    }
}
