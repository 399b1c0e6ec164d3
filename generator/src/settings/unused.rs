//! Entries of the settings that meet nothing in the document: a typo, or something the document has lost.

use super::Settings;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{Pointer, nearest};
use crate::document::{Node, Object, keys};
use std::collections::BTreeSet;

/// What a document has, as far as settings can name it.
pub struct Facts<'a> {
    /// All operation ids, before any selection.
    pub operations: &'a BTreeSet<String>,
    /// All tags in use.
    pub tags: &'a BTreeSet<String>,
    /// All security schemes.
    pub schemes: &'a BTreeSet<String>,
    /// Whether something stands at a pointer.
    pub exists: &'a dyn Fn(&Pointer) -> bool,
}

impl Settings {
    /// Warns of every entry that names something `root`, the whole document, does not have (`W0704`).
    pub fn unused_in<'d>(&self, root: &'d Node) -> Diagnostics {
        let mut operations = BTreeSet::new();
        let mut tags = BTreeSet::new();
        let paths = root.get("paths").and_then(Node::as_object);
        let items = paths.into_iter().flatten().filter_map(|p| p.value.as_object());
        let further = |item: &'d Object| item.get("additionalOperations").and_then(Node::as_object);
        let members = items.flat_map(|item| item.iter().chain(further(item).into_iter().flatten()));
        for operation in members.map(|e| &e.value) {
            operations.extend(operation.get("operationId").and_then(Node::as_str).map(str::to_owned));
            let list = operation.get("tags").and_then(Node::as_array).unwrap_or_default();
            tags.extend(list.iter().filter_map(Node::as_str).map(str::to_owned));
        }
        let exists = |pointer: &Pointer| {
            let segments: Vec<String> = pointer.segments().collect();
            root.at(segments.iter().map(String::as_str)).is_some()
        };
        let schemes = root.at(["components", "securitySchemes"]).and_then(Node::as_object);
        let schemes = schemes.into_iter().flatten().map(|e| e.key.clone()).collect();
        let facts = Facts { operations: &operations, tags: &tags, schemes: &schemes, exists: &exists };
        self.unused(&facts)
    }

    /// Warns of every entry that names an operation, tag or schema that is not in the document (`W0704`).
    pub fn unused(&self, facts: &Facts<'_>) -> Diagnostics {
        let mut out = Diagnostics::new();
        let mut warn = |what: &str, name: &super::Placed<String>, known: &mut dyn Iterator<Item = &str>| {
            let mut diagnostic =
                Diagnostic::warning("W0704", format!("the document has no {what} `{}`", name.value)).at(name.span);
            diagnostic = match nearest(name, known) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("remove the entry, or correct its name"),
            };
            out.push(diagnostic);
        };
        let ids = || facts.operations.iter().map(String::as_str);
        let tags = || facts.tags.iter().map(String::as_str);
        for name in self.operations.only.iter().chain(&self.operations.except) {
            if !facts.operations.contains(&name.value) && !facts.tags.contains(&name.value) {
                warn("tag or operation", name, &mut ids().chain(tags()));
            }
        }
        let resuming = self.mfa.iter().flat_map(|mfa| &mfa.resume);
        let listed = self.asynchronous.iter().flat_map(|mode| &mode.operations).chain(resuming);
        let each = self.operations.each.iter().filter(|entry| !facts.operations.iter().any(|id| entry.meets(id)));
        let unlisted = listed.filter(|id| !facts.operations.contains(&id.value));
        for id in each.map(|entry| &entry.id).chain(unlisted) {
            warn("operation", id, &mut ids());
        }
        for tag in self.environments.iter().flat_map(|environment| &environment.exclusive) {
            if !facts.tags.contains(&tag.value) {
                warn("tag", tag, &mut tags());
            }
        }
        for (scheme, name) in self.credentials.iter().filter(|(scheme, _)| !facts.schemes.contains(scheme)) {
            let entry = super::Placed { value: scheme.clone(), span: name.span };
            warn("security scheme", &entry, &mut facts.schemes.iter().map(String::as_str));
        }
        for entry in &self.types {
            if !Pointer::parse(keys::place(&entry.pointer)).is_some_and(|pointer| (facts.exists)(&pointer)) {
                warn("schema at", &entry.pointer, &mut std::iter::empty());
            }
        }
        out
    }
}
