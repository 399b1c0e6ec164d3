//! Nodes that overlay actions are made of.

use crate::base::Span;
use crate::document::{Kind, Node, Object};

/// Members of an object in the making.
pub(super) type Members = Vec<(String, Node)>;

pub(super) fn word(text: &str) -> Node {
    Node::string(Span::default(), text)
}

pub(super) fn flag() -> Node {
    Node::new(Span::default(), Kind::Bool(true))
}

pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::new(Span::default(), Kind::Array(items.into_iter().collect()))
}

pub(super) fn object(members: impl IntoIterator<Item = (impl Into<String>, Node)>) -> Node {
    let mut out = Object::new();
    members.into_iter().for_each(|(key, value)| out.insert(key, value));
    Node::new(Span::default(), Kind::Object(out))
}

/// A schema of any value.
pub(super) fn any() -> Node {
    Node::new(Span::default(), Kind::Object(Object::new()))
}
