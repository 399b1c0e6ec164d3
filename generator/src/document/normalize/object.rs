//! Small operations on objects that several passes share.

use crate::base::Span;
use crate::document::{Entry, Kind, Node, Object};

/// A node's content, taken out of the tree; the place is left holding null.
pub(super) fn take(node: &mut Node) -> Node {
    let span = node.span;
    std::mem::replace(node, Node::new(span, Kind::Null))
}

/// An object's content, taken out of the tree.
pub(super) fn take_object(node: &mut Node) -> Option<Object> {
    node.as_object_mut().map(std::mem::take)
}

/// The members of an object, to be moved elsewhere.
pub(super) fn into_entries(mut object: Object) -> impl Iterator<Item = Entry> {
    let entries: Vec<Entry> = object
        .iter_mut()
        .map(|e| Entry { key: std::mem::take(&mut e.key), key_span: e.key_span, value: take(&mut e.value) })
        .collect();
    entries.into_iter()
}

/// Takes the member `key` out, with the place of its key.
pub(super) fn take_entry(object: &mut Object, key: &str) -> Option<Entry> {
    let key_span = object.entry(key)?.key_span;
    Some(Entry { key: key.to_owned(), key_span, value: object.remove(key)? })
}

/// Takes the member's value out and leaves null at its place, for a pass that puts another one there.
pub(super) fn take_entry_hollow(object: &mut Object, key: &str) -> Option<Entry> {
    let e = object.iter_mut().find(|e| e.key == key)?;
    Some(Entry { key: key.to_owned(), key_span: e.key_span, value: take(&mut e.value) })
}

/// Gives the member `old` another name, at the same place; a member of the new name is replaced.
pub(super) fn rename(object: &mut Object, old: &str, new: &str) {
    if old == new || object.get(old).is_none() {
        return;
    }
    object.remove(new);
    if let Some(e) = object.iter_mut().find(|e| e.key == old) {
        e.key = new.to_owned();
    }
}

/// Sets a flag.
pub(super) fn set_flag(object: &mut Object, key: &str, value: bool, span: Span) {
    object.insert(key, Node::new(span, Kind::Bool(value)));
}

/// An object with one member.
pub(super) fn single(span: Span, key: &str, value: Node) -> Node {
    let mut object = Object::new();
    object.push(Entry { key: key.to_owned(), key_span: value.span, value });
    Node::new(span, Kind::Object(object))
}

/// An empty object at `span`.
pub(super) fn empty(span: Span) -> Node {
    Node::new(span, Kind::Object(Object::new()))
}
