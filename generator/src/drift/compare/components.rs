//! Schemas of `components` that are no type of their own in Rust: plain values, lists, maps. Where one of them changes,
//! every place that refers to it has another type; that is one change, at the schema.

use super::Diff;
use super::draft::Draft;
use super::pairing::component;
use super::side::Side;
use crate::base::Pointer;
use crate::document::Node;
use crate::drift::change::{Change, Class, Outcome, Place};
use std::collections::BTreeSet;

/// What a changed schema does to the places that refer to it.
#[derive(Debug, Default)]
pub(super) struct Caused {
    class: Option<Class>,
    survives: Outcome,
    /// How one of the places is declared, before and after.
    rust: Option<(String, String)>,
    places: Vec<(Option<String>, Option<String>)>,
    tags: BTreeSet<String>,
    operations: usize,
}

impl Side<'_> {
    /// The schema of this name.
    pub(super) fn schema(&self, name: &str) -> Option<&Node> {
        self.u.document.get("components")?.get("schemas")?.get(name)
    }

    /// Its place.
    pub(super) fn schema_place(&self, name: &str) -> Option<Place> {
        let entries = self.u.document.get("components")?.get("schemas")?.as_object()?;
        let entry = entries.entry(name)?;
        Some(Place::of(&self.u.sources, entry.key_span, &pointer(name)))
    }

    /// The component that the schema at a place refers to, itself or as its element.
    fn refers_to(&self, at: &Pointer) -> Option<String> {
        let segments: Vec<String> = at.segments().collect();
        let mut node = self.u.document.at(segments.iter().map(String::as_str))?;
        for _ in 0..8 {
            if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
                return Pointer::parse(reference)?.last();
            }
            let only = node.get("allOf").and_then(Node::as_array).and_then(|list| list.first());
            node = only.or_else(|| node.get("items")).or_else(|| node.get("additionalProperties"))?;
        }
        None
    }
}

fn pointer(name: &str) -> Pointer {
    Pointer::root().join("components").join("schemas").join(name)
}

impl Diff<'_> {
    /// The component that both places refer to and that is not one type, the same on both sides.
    pub(super) fn shared_component(&self, old: &Pointer, new: &Pointer) -> Option<String> {
        let name = self.old.refers_to(old)?;
        (self.new.refers_to(new).as_ref() == Some(&name) && !self.is_pair(&name)).then_some(name)
    }

    /// Whether a component is a type on both sides.
    fn is_pair(&self, name: &str) -> bool {
        let is_type = |side: &Side<'_>| side.api().types.iter().any(|d| component(d) == Some(name));
        is_type(&self.old) && is_type(&self.new)
    }

    /// Notes that a component has changed the type of a place.
    pub(super) fn caused(&mut self, name: String, class: Class, survives: Outcome, draft: &Draft) {
        let cause = self.causes.entry(name).or_default();
        cause.class = Some(cause.class.map_or(class, |c| c.min(class)));
        cause.survives.add(survives);
        cause.places.push((draft.path_old.clone(), draft.path_new.clone()));
        cause.tags.extend(draft.tags.iter().cloned());
        cause.operations += draft.operations;
        if cause.rust.is_none() {
            cause.rust = draft.rust_old.clone().zip(draft.rust_new.clone());
        }
    }

    /// Reports components that are no types: gone, come, changed.
    pub(super) fn components(&mut self) {
        for (name, cause) in std::mem::take(&mut self.causes) {
            let already = self.replaced.contains(&name);
            let mut places = cause.places.into_iter();
            let first = places.next().unwrap_or_default();
            if already {
                // The schema was a type on one side: said there, with what follows from it.
                let at = pointer(&name);
                let here = |c: &&mut Change| {
                    c.code == "D0504" && [&c.old, &c.new].iter().any(|p| p.as_ref().is_some_and(|p| p.pointer == at))
                };
                if let Some(change) = self.changes.iter_mut().find(here) {
                    change.class = change.class.min(cause.class.unwrap_or(Class::Additive));
                    change.survives.add(cause.survives);
                    change.elsewhere.push(first);
                    change.elsewhere.extend(places);
                }
                continue;
            }
            let (rust_old, rust_new) = cause.rust.unzip();
            let mut draft = Draft {
                old: self.old.schema_place(&name),
                new: self.new.schema_place(&name),
                path_old: first.0,
                path_new: first.1,
                rust_old,
                rust_new,
                tags: cause.tags.into_iter().collect(),
                operations: cause.operations,
                elsewhere: places.collect(),
                survives: cause.survives,
                ..Draft::default()
            };
            let both = draft.rust_old.clone().zip(draft.rust_new.clone());
            let shown = both.map(|(a, b)| format!(": {}", super::draft::from_to(&a, &b))).unwrap_or_default();
            draft.add(cause.class.unwrap_or(Class::BreaksCompiling), "D0504", format!("the schema `{name}`{shown}"));
            self.push(draft);
        }
        // Of a part of the API, what is left out would look as if it were gone.
        let partial = |side: &Side<'_>| {
            let operations = &side.u.settings.operations;
            !operations.only.is_empty() || !operations.except.is_empty() || side.u.provenance.options.contains("--only")
        };
        if partial(&self.old) || partial(&self.new) {
            return;
        }
        let plain = |side: &Side<'_>| -> Vec<String> {
            let types: BTreeSet<&str> = side.api().types.iter().filter_map(component).collect();
            let list = side.u.document.get("components").and_then(|c| c.get("schemas")).and_then(Node::as_object);
            let names = list.into_iter().flat_map(|o| o.iter()).map(|e| e.key.clone());
            names.filter(|n| !types.contains(n.as_str())).collect()
        };
        let nothing = "no item of its own in Rust";
        for name in plain(&self.old).into_iter().filter(|n| self.new.schema(n).is_none()).collect::<Vec<_>>() {
            let mut draft = Draft { old: self.old.schema_place(&name), ..Draft::default() };
            draft.add(Class::DocumentationOnly, "D0501", format!("`{name}`, {nothing}"));
            self.push(draft);
        }
        for name in plain(&self.new).into_iter().filter(|n| self.old.schema(n).is_none()).collect::<Vec<_>>() {
            let mut draft = Draft { new: self.new.schema_place(&name), ..Draft::default() };
            draft.add(Class::DocumentationOnly, "D0502", format!("`{name}`, {nothing}"));
            self.push(draft);
        }
    }
}
