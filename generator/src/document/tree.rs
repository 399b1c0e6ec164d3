//! The tree that `load` makes and every later stage up to `lower` reads: JSON's data model with the
//! place of every node.
//!
//! Entries keep document order, numbers keep their text, and keys have places of their own, so that a
//! diagnostic can point at the exact characters.

use crate::base::{Pointer, Span};
use std::collections::HashMap;
use std::sync::OnceLock;

/// One node of a document with its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands. A node made by `normalize` carries the span of the node it was made from.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as JSON number text (`1`, `-2.50`, `1e3`).
    Number(String),
    /// A string, unescaped.
    String(String),
    /// A sequence.
    Array(Vec<Node>),
    /// A mapping.
    Object(Object),
}

/// A mapping in document order; keys are unique (a later duplicate is a diagnostic of `load`).
///
/// Small objects are searched in order; a large one builds an index of its keys at the first search, so that
/// `components/schemas` with its thousands of members costs no more per look than a schema with ten.
#[derive(Debug, Clone, Default)]
pub struct Object {
    entries: Vec<Entry>,
    index: OnceLock<Box<Index>>,
}

/// The first place of every key.
#[derive(Debug, Clone)]
struct Index(HashMap<String, usize>);

/// Objects with more members than this are indexed.
const INDEXED_ABOVE: usize = 24;

/// One member of an [`Object`].
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key, unescaped.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Object {
    /// An empty object.
    pub fn new() -> Self {
        Self::default()
    }

    /// The member called `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.value)
    }

    /// The member called `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let i = self.position(key)?;
        self.entries.get_mut(i).map(|e| &mut e.value)
    }

    /// The member called `key`, with the place of its key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.position(key)?)
    }

    /// Whether there is a member called `key`.
    pub fn contains(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// All members in document order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// All members, to change them.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry> {
        self.index = OnceLock::new();
        self.entries.iter_mut()
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Sets `key`: replaces the value in place, or appends a member whose key carries the value's span.
    pub fn insert(&mut self, key: impl Into<String>, value: Node) {
        let key = key.into();
        match self.position(&key).and_then(|i| self.entries.get_mut(i)) {
            Some(e) => e.value = value,
            None => self.push(Entry { key_span: value.span, key, value }),
        }
    }

    /// Sets a whole member: one of the same key is replaced in place and handed back.
    pub fn replace(&mut self, entry: Entry) -> Option<Entry> {
        match self.position(&entry.key).and_then(|i| self.entries.get_mut(i)) {
            Some(e) => Some(std::mem::replace(e, entry)),
            None => {
                self.push(entry);
                None
            }
        }
    }

    /// Appends a member without looking for one of the same name: for builders that know there is none.
    pub fn push(&mut self, entry: Entry) {
        if let Some(index) = self.index.get_mut() {
            index.0.entry(entry.key.clone()).or_insert(self.entries.len());
        }
        self.entries.push(entry);
    }

    /// Takes the member called `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let i = self.position(key)?;
        self.index = OnceLock::new();
        Some(self.entries.remove(i).value)
    }

    /// Keeps the members for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.index = OnceLock::new();
        self.entries.retain(keep);
    }

    /// Where `key` stands; the first one, should a builder have pushed two.
    fn position(&self, key: &str) -> Option<usize> {
        if self.entries.len() <= INDEXED_ABOVE {
            for (i, e) in self.entries.iter().enumerate() {
                if e.key == key {
                    return Some(i);
                }
            }
            return None;
        }
        let index = self.index.get_or_init(|| {
            let mut index = HashMap::with_capacity(self.entries.len() * 2);
            for (i, e) in self.entries.iter().enumerate() {
                index.entry(e.key.clone()).or_insert(i);
            }
            Box::new(Index(index))
        });
        index.0.get(key).copied()
    }
}

impl IntoIterator for Object {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl Node {
    /// A node at `span`.
    pub fn new(span: Span, kind: Kind) -> Self {
        Self { span, kind }
    }

    /// A string node at `span`.
    pub fn string(span: Span, text: impl Into<String>) -> Self {
        Self::new(span, Kind::String(text.into()))
    }

    /// The member `key` of an object; `None` for anything else.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(o) => Some(o),
            _ => None,
        }
    }

    /// The object, to change it.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match &mut self.kind {
            Kind::Object(o) => Some(o),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Array(a) => Some(a),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(s) => Some(s),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether it is `true`; a missing flag is `false`.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(Node::as_bool).unwrap_or(false)
    }

    /// The word for its JSON type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }

    /// The node as a plain JSON value, without places. A number too large for `serde_json` becomes a string.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(b) => Value::Bool(*b),
            Kind::Number(n) => number(n).map_or_else(|| Value::String(n.clone()), Value::Number),
            Kind::String(s) => Value::String(s.clone()),
            Kind::Array(a) => Value::Array(a.iter().map(Node::to_json).collect()),
            Kind::Object(o) => Value::Object(o.iter().map(|e| (e.key.clone(), e.value.to_json())).collect()),
        }
    }

    /// Follows a JSON Pointer's already unescaped segments.
    pub fn at<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Option<&Node> {
        let mut node = self;
        for s in segments {
            node = match &node.kind {
                Kind::Object(o) => o.get(s)?,
                Kind::Array(a) => a.get(s.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// The elements, to change them.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.kind {
            Kind::Array(a) => Some(a),
            _ => None,
        }
    }

    /// The number's text, if it is a number.
    pub fn as_number(&self) -> Option<&str> {
        match &self.kind {
            Kind::Number(n) => Some(n),
            _ => None,
        }
    }

    /// How many nodes stand here and how deep they nest: `(nodes, levels)`, a scalar being `(1, 1)`.
    pub fn measure(&self) -> (usize, usize) {
        let mut total = (1, 0);
        let mut add = |child: &Node| {
            let (nodes, levels) = child.measure();
            total = (total.0 + nodes, total.1.max(levels));
        };
        match &self.kind {
            Kind::Array(a) => a.iter().for_each(&mut add),
            Kind::Object(o) => o.iter().for_each(|e| add(&e.value)),
            _ => {}
        }
        (total.0, total.1 + 1)
    }

    /// The pointer of the innermost node around `span`, found by going down the places.
    pub fn pointer_at(&self, span: Span) -> Pointer {
        let mut pointer = Pointer::root();
        let mut node = self;
        loop {
            let next = match &node.kind {
                Kind::Object(o) => o
                    .iter()
                    .find(|e| e.key_span.contains(span) || e.value.span.contains(span))
                    .map(|e| (pointer.join(&e.key), &e.value)),
                Kind::Array(a) => {
                    a.iter().enumerate().find(|(_, n)| n.span.contains(span)).map(|(i, n)| (pointer.join(i), n))
                }
                _ => None,
            };
            match next {
                Some((at, child)) => (pointer, node) = (at, child),
                None => return pointer,
            }
        }
    }
}

/// Integers where they fit 64 bits, else the nearest float; `None` when it is out of range.
fn number(text: &str) -> Option<serde_json::Number> {
    if let Ok(n) = text.parse::<u64>() {
        return Some(n.into());
    }
    match text.parse::<i64>() {
        Ok(n) if n != 0 => Some(n.into()),
        _ => serde_json::Number::from_f64(text.parse().ok()?),
    }
}
