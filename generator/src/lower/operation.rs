//! Paths → operations: parameters, bodies, responses.

use std::collections::HashMap;

use super::{Lowering, Selection, security};
use crate::base::diagnostic::Diagnostic;
use crate::base::{Pointer, is_token};
use crate::document::grammar::METHODS;
use crate::document::{Node, Object};
use crate::ir::{Docs, Operation, Origin, Parameter, Tag};

impl<'d> Lowering<'d> {
    /// Reads the selected operations; gives how many could not be read and what the selection did not find.
    pub(super) fn operations(&mut self, selection: &Selection) -> (usize, Vec<String>) {
        let (mut skipped, mut secured) = (0, false);
        let mut used: Vec<bool> = vec![false; selection.only.len()];
        let mut selected = Vec::new();
        let base = Pointer::root().join("paths");
        let root = self.root;
        let paths = root.get("paths").and_then(Node::as_object);
        for e in paths.into_iter().flat_map(Object::iter).filter(|e| !e.key.starts_with("x-")) {
            let at = base.join(&e.key);
            if e.value.as_object().is_none() {
                let message = format!("path item expected, found {}", e.value.type_name());
                self.push(Diagnostic::warning("W0303", message).at(e.value.span).pointer(&at));
                continue;
            }
            let Some((at, item)) = self.deref(&e.value, &at) else {
                skipped += 1;
                continue;
            };
            let at_item = &at;
            for (method, at, node) in self.declared(item, at_item, &mut skipped) {
                if node.as_object().is_none() {
                    let message = format!("operation expected, found {}", node.type_name());
                    self.push(Diagnostic::warning("W0307", message).at(node.span).pointer(&at));
                    skipped += 1;
                    continue;
                }
                secured |= security::asks(node);
                let tag = first_tag(node, &e.key);
                let named = |s: &String| {
                    s.eq_ignore_ascii_case(&tag) || Some(s.as_str()) == node.get("operationId").and_then(Node::as_str)
                };
                if selection.except.iter().any(named) {
                    continue;
                }
                if !selection.only.is_empty() {
                    let id = node.get("operationId").and_then(Node::as_str).unwrap_or_default();
                    let mut wanted = false;
                    for (s, used) in selection.only.iter().zip(&mut used) {
                        if s.eq_ignore_ascii_case(&tag) || s == id {
                            *used = true;
                            wanted = true;
                        }
                    }
                    if !wanted {
                        continue;
                    }
                }
                selected.push(Selected { path: &e.key, method, node, item, at_item: at_item.clone(), at, tag });
            }
        }
        let owners = owners(&selected);
        for operation in &selected {
            self.operation(operation, &owners);
        }
        // When the path items have been read that a callback may refer to: its types are called after their operations.
        for (index, Selected { node, at, .. }) in selected.iter().enumerate() {
            let Some(id) = self.api.operations.get(index).map(|o| o.id.clone()) else { continue };
            self.callbacks(node, at, &id, index);
        }
        self.settle_security(secured);
        let unused = selection.only.iter().zip(&used).filter(|(_, u)| !**u).map(|(s, _)| s.clone()).collect();
        (skipped, unused)
    }

    /// The operations of a path item, each with its method and its place: those of the methods that have a keyword, and the others,
    /// as 3.2 allows them.
    fn declared(&mut self, item: &'d Node, at: &Pointer, skipped: &mut usize) -> Vec<(&'d str, Pointer, &'d Node)> {
        let mut out: Vec<_> =
            METHODS.iter().filter_map(|method| Some((*method, at.join(method), item.get(method)?))).collect();
        let at = at.join("additionalOperations");
        for e in item.get("additionalOperations").and_then(Node::as_object).into_iter().flat_map(Object::iter) {
            let has_keyword = METHODS.contains(&e.key.to_ascii_lowercase().as_str());
            if has_keyword || !is_token(&e.key) {
                let why = if has_keyword { "has a keyword of its own" } else { "is no method" };
                let message = format!("`{}` {why}: an operation of `additionalOperations` is left out", e.key);
                self.push(Diagnostic::warning("W0307", message).at(e.key_span).pointer(&at.join(&e.key)));
                *skipped += 1;
            } else {
                out.push((e.key.as_str(), at.join(&e.key), &e.value));
            }
        }
        out
    }

    fn operation(&mut self, selected: &Selected<'d>, owners: &HashMap<&'d str, &Selected<'d>>) {
        let Selected { path, method, node, item, at_item, at, tag } = selected;
        let origin = selected.origin();
        let id = self.operation_id(selected, owners);
        let index = self.api.operations.len();
        let text = |k: &str| node.get(k).and_then(Node::as_str).unwrap_or_default().to_owned();
        let docs = Docs {
            title: text("summary"),
            text: text("description"),
            deprecated: node.flag("deprecated"),
            ..Docs::default()
        };
        let tag = self.tag(tag, &origin);
        let (path, fixed_query) = split_template(path);
        let mut parameters = Vec::new();
        for (list, base) in [(item.get("parameters"), at_item), (node.get("parameters"), at)] {
            let mut own = Vec::new();
            for (i, p) in list.and_then(Node::as_array).unwrap_or_default().iter().enumerate() {
                let place = base.join("parameters").join(i);
                let Some(parameter) = self.parameter(p, &place, index) else { continue };
                // An operation's parameter replaces the path's of the same name and place.
                match parameters.iter().position(|q: &Parameter| q.is_same(&parameter)) {
                    Some(old) => {
                        if own.contains(&old) {
                            let message = format!("parameter `{}` is there twice; the last one counts", parameter.wire);
                            let origin = &parameter.origin;
                            self.push(Diagnostic::warning("W0306", message).at(origin.span).pointer(&origin.pointer));
                        }
                        own.push(old);
                        parameters.splice(old..=old, [parameter]);
                    }
                    None => {
                        own.push(parameters.len());
                        parameters.push(parameter);
                    }
                }
            }
        }
        self.match_template(&path, &mut parameters, &origin);
        let body = node.get("requestBody").and_then(|b| self.body(b, &at.join("requestBody"), index));
        let mut responses = self.responses(node, at, index);
        if *method == "head" {
            self.without_bodies(&mut responses);
        }
        let security = self.requirements(node, at).or_else(|| self.security.clone());
        let servers = self.operation_servers(&id, (node, at), (item, at_item));
        self.api.operations.push(Operation {
            id,
            method: (*method).to_owned(),
            path,
            fixed_query,
            tag,
            origin,
            docs,
            parameters,
            body,
            responses,
            security,
            servers,
        });
    }

    fn operation_id(&mut self, selected: &Selected<'d>, owners: &HashMap<&'d str, &Selected<'d>>) -> String {
        let origin = selected.origin();
        let Some(id) = selected.id() else {
            let message = "operation has no `operationId`; named after its method and path";
            self.push(Diagnostic::note("N0310", message).at(selected.node.span).pointer(&origin.pointer));
            return selected.id_of_path();
        };
        let owner = owners.get(id).filter(|owner| owner.place() != selected.place());
        let Some(owner) = owner else { return id.to_owned() };
        let message = format!("operation id `{id}` is there twice; this one is named after its method and path");
        self.push(
            Diagnostic::warning("W0307", message)
                .at(origin.span)
                .pointer(&origin.pointer)
                .second(owner.origin().span, "the one that keeps it"),
        );
        selected.id_of_path()
    }

    fn tag(&mut self, wire: &str, origin: &Origin) -> usize {
        if let Some(i) = self.api.tags.iter().position(|t| t.wire == wire) {
            return i;
        }
        let root = self.root;
        let declared = root.get("tags").and_then(Node::as_array).unwrap_or_default();
        let found = declared.iter().enumerate().find(|(_, t)| t.get("name").and_then(Node::as_str) == Some(wire));
        let tag = match found {
            Some((i, t)) => Tag {
                wire: wire.to_owned(),
                description: t.get("description").and_then(Node::as_str).unwrap_or_default().to_owned(),
                origin: Origin { pointer: Pointer::root().join("tags").join(i), span: t.span },
            },
            None => Tag { wire: wire.to_owned(), description: String::new(), origin: origin.clone() },
        };
        self.api.tags.push(tag);
        self.api.tags.len() - 1
    }
}

/// An operation that is to be read.
struct Selected<'d> {
    path: &'d str,
    method: &'d str,
    node: &'d Node,
    item: &'d Node,
    at_item: Pointer,
    at: Pointer,
    tag: String,
}

impl<'d> Selected<'d> {
    fn origin(&self) -> Origin {
        let span = self.node.get("operationId").map_or(self.node.span, |n| n.span);
        Origin { pointer: self.at.clone(), span }
    }

    /// What it is called by, whatever it calls itself.
    fn place(&self) -> (&str, &str) {
        (self.path, self.method)
    }

    /// The declared id.
    fn id(&self) -> Option<&'d str> {
        self.node.get("operationId").and_then(Node::as_str).filter(|id| !id.trim().is_empty())
    }

    fn id_of_path(&self) -> String {
        let words = self.path.split(['/', '?', '#']).filter(|s| !s.is_empty()).map(|s| match s.strip_prefix('{') {
            Some(p) => format!("by {}", p.trim_end_matches('}')),
            None => s.to_owned(),
        });
        std::iter::once(self.method.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// Which operation each declared id belongs to: of several that declare it the first by its path, wherever the document has it.
fn owners<'s, 'd>(selected: &'s [Selected<'d>]) -> HashMap<&'d str, &'s Selected<'d>> {
    let mut owners: HashMap<&str, &Selected<'_>> = HashMap::new();
    for operation in selected {
        let Some(id) = operation.id() else { continue };
        if owners.get(id).is_none_or(|owner| operation.place() < owner.place()) {
            owners.insert(id, operation);
        }
    }
    owners
}

/// The tag of an operation: its first, or the first fixed segment of its path.
fn first_tag(node: &Node, path: &str) -> String {
    let tags = node.get("tags").and_then(Node::as_array).unwrap_or_default();
    tags.iter().find_map(|t| t.as_str().map(str::trim).filter(|t| !t.is_empty())).map(str::to_owned).unwrap_or_else(
        || {
            let fixed = path.split(['/', '?', '#']).find(|s| !s.is_empty() && !s.contains('{'));
            fixed.unwrap_or("api").to_owned()
        },
    )
}

/// A path template without the query pairs and fragment that some documents write into it.
fn split_template(path: &str) -> (String, Vec<(String, String)>) {
    let path = path.split('#').next().unwrap_or(path);
    match path.split_once('?') {
        None => (path.to_owned(), Vec::new()),
        Some((path, query)) => {
            let pairs = query.split('&').filter(|p| !p.is_empty() && !p.contains('{')).map(|p| {
                let (k, v) = p.split_once('=').unwrap_or((p, ""));
                (k.to_owned(), v.to_owned())
            });
            (path.to_owned(), pairs.collect())
        }
    }
}
