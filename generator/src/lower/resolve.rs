//! `$ref` → the node it names: cycle-safe, and the only place that follows references.

use std::collections::HashSet;

use super::compose::only_null;
use super::compose::parts_alone;
use super::{Lowering, Part, Progress};
use crate::base::diagnostic::Diagnostic;
use crate::base::{Pointer, percent_decoded};
use crate::document::{Kind, Node};
use crate::ir::{Docs, Label, Type, Use};

impl<'d> Lowering<'d> {
    /// The node itself, or what its `$ref` names; with the pointer of what was found.
    ///
    /// For parameters, responses, bodies, path items: a dangling or circular reference is reported and gives `None`.
    pub(super) fn deref(&mut self, node: &'d Node, pointer: &Pointer) -> Option<(Pointer, &'d Node)> {
        let (mut node, mut pointer) = (node, pointer.clone());
        let mut seen = HashSet::new();
        while seen.insert(pointer.clone()) {
            let Some(reference) = node.get("$ref").and_then(Node::as_str) else { return Some((pointer, node)) };
            (pointer, node) = self.find(reference, node, &pointer)?;
        }
        self.push(Diagnostic::warning("W0302", "reference leads back to itself").at(node.span).pointer(&pointer));
        None
    }

    /// The node that a `$ref` names.
    fn find(&mut self, reference: &str, node: &'d Node, pointer: &Pointer) -> Option<(Pointer, &'d Node)> {
        let span = node.get("$ref").map_or(node.span, |n| n.span);
        let found = self.target(reference);
        if found.is_none() {
            let message = if reference.starts_with('#') {
                format!("reference `{reference}` leads nowhere")
            } else {
                format!("reference `{reference}` leads to a file that was not read")
            };
            self.push(Diagnostic::warning("W0301", message).at(span).pointer(pointer));
        }
        found
    }

    /// The node that `reference` names, without a word if there is none.
    pub(super) fn target(&self, reference: &str) -> Option<(Pointer, &'d Node)> {
        target(self.root, reference)
    }

    /// The schema that `reference` names.
    pub(super) fn reference(&mut self, reference: &str, node: &'d Node, pointer: &Pointer) -> Part {
        let any = Part {
            of: Use { ty: Type::Any, nullable: false },
            docs: Docs::default(),
            read_only: false,
            write_only: false,
        };
        let Some((target, found)) = self.find(reference, node, pointer) else { return any };
        match self.component(&target, found) {
            Some(part) => part,
            None => {
                let message = format!("reference `{reference}` leads back to itself");
                self.push(Diagnostic::warning("W0302", message).at(node.span).pointer(pointer));
                any
            }
        }
    }

    /// Reads the schema at `pointer` once. `None` when it is being read already and is no type of its own.
    pub(super) fn component(&mut self, pointer: &Pointer, node: &'d Node) -> Option<Part> {
        match self.refs.get(pointer.as_str()) {
            Some(Progress::Done(part)) => return Some(part.clone()),
            Some(Progress::Open(Some(id))) => {
                let of = Use { ty: Type::Named(*id), nullable: self.admits_null(node) };
                let docs = self.words(node, pointer, &mut HashSet::new());
                let (read_only, write_only) = (node.flag("readOnly"), node.flag("writeOnly"));
                return Some(Part { of, docs, read_only, write_only });
            }
            Some(Progress::Open(None)) => return None,
            None => {}
        }
        self.refs.insert(pointer.as_str().to_owned(), Progress::Open(None));
        let part = self.schema(node, pointer, Label::Component(component_name(pointer)));
        self.refs.insert(pointer.as_str().to_owned(), Progress::Done(part.clone()));
        Some(part)
    }

    /// What the types of a part of an operation are called: after its place where references name it, whoever reads it first, else as
    /// its operation has it.
    pub(super) fn label_at(&self, at: &Pointer, by_reference: bool, word: &str, own: impl FnOnce() -> Label) -> Label {
        let by_place = || Label::Component(component_name(at) + word);
        if by_reference || self.shared.contains(at.as_str()) {
            return by_place();
        }
        match own() {
            // One of the operations that have it, for which there is no reason but its place in the document.
            Label::Operation { .. } if self.is_shared(at) => by_place(),
            own => own,
        }
    }

    /// Whether references name the place or something that it is a part of, so that several have it.
    pub(super) fn is_shared(&self, at: &Pointer) -> bool {
        std::iter::successors(Some(at.clone()), Pointer::parent).any(|at| self.shared.contains(at.as_str()))
    }

    /// What the document says of a schema that is being read, as it will be said when it has been: whichever schema of a circle the
    /// document has first.
    fn words(&mut self, node: &'d Node, pointer: &Pointer, seen: &mut HashSet<Pointer>) -> Docs {
        // What is wrong with its keywords is said when it is read.
        let said = self.diagnostics.len();
        let mut docs = self.keywords(node, pointer).docs();
        self.diagnostics.truncate(said);
        let parts = node.get("allOf").and_then(Node::as_array).unwrap_or_default();
        if let Some([(i, only)]) = parts_alone(node).as_deref() {
            let place = pointer.join("allOf").join(i);
            let found = match only.get("$ref").and_then(Node::as_str) {
                Some(reference) => self.target(reference),
                None => Some((place, *only)),
            };
            if let Some((at, part)) = found.filter(|(at, _)| seen.insert(at.clone())) {
                let from = self.words(part, &at, seen);
                docs.deprecated |= from.deprecated;
                if docs.text.is_empty() {
                    docs.text = from.text;
                }
            }
        } else if docs.text.is_empty() && !parts.is_empty() {
            docs.text = self.first_text(node, seen).unwrap_or_default();
        }
        docs
    }

    /// The first description among the parts of an `allOf`, as they are gathered.
    fn first_text(&self, node: &'d Node, seen: &mut HashSet<Pointer>) -> Option<String> {
        let parts = node.get("allOf").and_then(Node::as_array).unwrap_or_default();
        let of_part = |part: &'d Node| match part.get("$ref").and_then(Node::as_str) {
            Some(reference) => {
                let (_, found) = self.target(reference).filter(|(at, _)| seen.insert(at.clone()))?;
                self.first_text(found, seen)
            }
            None => self.first_text(part, seen),
        };
        let own = || node.get("description").and_then(Node::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        parts.iter().find_map(of_part).or_else(own)
    }

    /// Whether null is among the values of a schema that is not read to its end: it says so, or something it is made of does.
    fn admits_null(&self, node: &'d Node) -> bool {
        let is_null = |node: &Node| (node.flag("nullable") || only_null(node)).then_some(());
        self.said(node, &["allOf", "oneOf", "anyOf"], is_null).is_some()
    }

    /// What a schema says, or else the first to say it of those that it refers to and of its parts, which the keywords `parts` have.
    pub(super) fn said<T>(&self, node: &'d Node, parts: &[&str], says: impl Fn(&'d Node) -> Option<T>) -> Option<T> {
        said(self.root, node, parts, says)
    }

    /// Says that the schema being read at `pointer` will be the type `id`, so that it may refer to itself.
    pub(super) fn announce(&mut self, pointer: &Pointer, id: crate::ir::TypeId) {
        // The first that is announced is the schema itself, what comes later is a part of it.
        if let Some(Progress::Open(slot @ None)) = self.refs.get_mut(pointer.as_str()) {
            *slot = Some(id);
        }
    }
}

/// The node that `reference` names.
pub(super) fn target<'d>(root: &'d Node, reference: &str) -> Option<(Pointer, &'d Node)> {
    let pointer = reference.starts_with('#').then(|| Pointer::parse(&percent_decoded(reference))).flatten()?;
    let segments: Vec<String> = pointer.segments().collect();
    let node = root.at(segments.iter().map(String::as_str))?;
    Some((pointer, node))
}

/// As [`Lowering::said`].
pub(super) fn said<'d, T>(
    root: &'d Node,
    node: &'d Node,
    parts: &[&str],
    says: impl Fn(&'d Node) -> Option<T>,
) -> Option<T> {
    let (mut todo, mut seen) = (vec![node], HashSet::new());
    while let Some(node) = todo.pop() {
        if let Some(said) = says(node) {
            return Some(said);
        }
        let listed = parts.iter().rev().filter_map(|key| node.get(key)?.as_array());
        todo.extend(listed.flat_map(|list| list.iter().rev()));
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            let found = target(root, reference).filter(|(pointer, _)| seen.insert(pointer.clone()));
            todo.extend(found.map(|(_, node)| node));
        }
    }
    None
}

/// The places that references name and that are part of something else: path items too, where they are no components.
pub(super) fn shared(root: &Node) -> HashSet<String> {
    let (mut out, mut todo) = (HashSet::new(), vec![root]);
    while let Some(node) = todo.pop() {
        match &node.kind {
            Kind::Object(o) => {
                let reference = o.get("$ref").and_then(Node::as_str).and_then(|text| text.strip_prefix('#'));
                let is_item =
                    |path: &str| ["/paths/", "/webhooks/", "/x-webhooks/"].iter().any(|of| path.starts_with(of));
                let parts =
                    reference.filter(|path| path.matches('/').count() > 3 || is_item(path)).map(percent_decoded);
                out.extend(parts.map(|path| path.into_owned()));
                todo.extend(o.iter().map(|e| &e.value));
            }
            Kind::Array(list) => todo.extend(list),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }
    out
}

/// What a referenced schema may be called: the component's name, or for deeper places the path below it.
pub(super) fn component_name(pointer: &Pointer) -> String {
    let segments: Vec<String> = pointer.segments().collect();
    let skip = match segments.first().map(String::as_str) {
        Some("components") => 2,
        Some("x-bundled" | "definitions" | "webhooks" | "x-webhooks") => 1,
        _ => 0,
    };
    let structural = |s: &str| {
        matches!(s, "properties" | "items" | "schema" | "content" | "allOf" | "oneOf" | "anyOf" | "paths" | "$defs")
    };
    let words: Vec<&str> = segments.iter().skip(skip).map(String::as_str).filter(|s| !structural(s)).collect();
    if words.is_empty() { segments.last().cloned().unwrap_or_default() } else { words.join(" ") }
}
