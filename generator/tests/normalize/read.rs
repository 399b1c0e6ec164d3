//! A reader for tests: serde → the tree, every node with a span of its own (a running number), so that the
//! tests of this stage need no other stage.

use std::collections::HashSet;
use std::fmt;

use generator::base::codes::is_gap;
use generator::base::diagnostic::Diagnostics;
use generator::base::{FileId, Span};
use generator::document::normalize::{Normalized, Overlay, normalize};
use generator::document::{Entry, Kind, Node, Object};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

pub(crate) fn json(text: &str) -> Node {
    Build::of(FileId(0)).deserialize(&mut serde_json::Deserializer::from_str(text)).unwrap()
}

pub(crate) fn yaml(text: &str) -> Result<Node, serde_yaml::Error> {
    Build::of(FileId(0)).deserialize(serde_yaml::Deserializer::from_str(text))
}

pub(crate) fn value(value: &Value) -> Node {
    json(&value.to_string())
}

pub(crate) fn overlay(value: &Value) -> Overlay {
    let mut build = Build::of(FileId(7));
    let root = (&mut build).deserialize(&mut serde_json::Deserializer::from_str(&value.to_string())).unwrap();
    Overlay { label: "overlay.yaml".to_owned(), root }
}

/// Normalizes without overlays; the result and what was said.
pub(crate) fn run(document: &Value) -> (Value, Vec<String>) {
    let (normalized, said) = run_node(value(document));
    (normalized.root.to_json(), said)
}

pub(crate) fn run_node(root: Node) -> (Normalized, Vec<String>) {
    let mut diagnostics = Diagnostics::new();
    let normalized = normalize(root, &[], None, &mut diagnostics);
    (normalized, said(&diagnostics))
}

/// `CODE pointer: message` of every finding; each of them has a place.
pub(crate) fn said(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .map(|d| {
            assert!(d.span.is_some(), "no place: {d:?}");
            match &d.pointer {
                Some(p) => format!("{} {p}: {}", d.code, d.text()),
                None => format!("{}: {}", d.code, d.text()),
            }
        })
        .collect()
}

/// What was said, without the gaps: they concern what becomes of a keyword, not the shape (`generator/tests/keywords.rs`).
pub(crate) fn without_gaps(said: Vec<String>) -> Vec<String> {
    said.into_iter().filter(|s| !s.split(' ').next().is_some_and(is_gap)).collect()
}

struct Build {
    file: FileId,
    next: u32,
}

impl Build {
    fn of(file: FileId) -> Self {
        Self { file, next: 0 }
    }

    fn span(&mut self) -> Span {
        self.next += 1;
        Span { file: self.file, start: self.next, end: self.next + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Build {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(mut self, d: D) -> Result<Node, D::Error> {
        (&mut self).deserialize(d)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Build {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Node, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Build {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::new(self.span(), Kind::Null))
    }

    fn visit_bool<E>(self, v: bool) -> Result<Node, E> {
        Ok(Node::new(self.span(), Kind::Bool(v)))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Node, E> {
        Ok(Node::new(self.span(), Kind::Number(v.to_string())))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Node, E> {
        Ok(Node::new(self.span(), Kind::Number(v.to_string())))
    }

    fn visit_i128<E>(self, v: i128) -> Result<Node, E> {
        Ok(Node::new(self.span(), Kind::Number(v.to_string())))
    }

    fn visit_u128<E>(self, v: u128) -> Result<Node, E> {
        Ok(Node::new(self.span(), Kind::Number(v.to_string())))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Node, E> {
        Ok(Node::new(self.span(), Kind::Number(format!("{v:?}"))))
    }

    fn visit_str<E>(self, v: &str) -> Result<Node, E> {
        Ok(Node::string(self.span(), v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let span = self.span();
        let mut list = Vec::new();
        while let Some(node) = seq.next_element_seed(&mut *self)? {
            list.push(node);
        }
        Ok(Node::new(span, Kind::Array(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let span = self.span();
        let mut object = Object::new();
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key_seed(&mut *self)? {
            let text = match key.kind {
                Kind::String(s) | Kind::Number(s) => s,
                Kind::Bool(b) => b.to_string(),
                _ => "null".to_owned(),
            };
            let value = map.next_value_seed(&mut *self)?;
            if seen.insert(text.clone()) {
                object.push(Entry { key: text, key_span: key.span, value });
            }
        }
        Ok(Node::new(span, Kind::Object(object)))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<Node, A::Error> {
        use serde::de::VariantAccess;
        // a tagged YAML node: the tag is dropped
        let (_, variant) = data.variant::<String>()?;
        variant.newtype_variant_seed(&mut *self)
    }
}
