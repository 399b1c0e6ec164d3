//! Bases by discriminator: a schema with `discriminator` and no choice, of which others are composed by `allOf`. At a place that
//! names such a base a value is any of its descendants, so it is a union of all of them; inside an `allOf` the name means its members.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::compose::{choices, constant};
use super::keywords::Keywords;
use super::resolve::{component_name, target};
use super::{Lowering, Part};
use crate::base::Pointer;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::document::load::BUNDLED;
use crate::document::{Entry, Node, keys};
use crate::ir::{Branch, Label, Origin, Type, TypeDef, TypeKind, Union, Use};

/// All bases of a document, and who descends from them.
#[derive(Default)]
pub(super) struct Families<'d> {
    bases: HashMap<String, Family<'d>>,
    /// The schemas that descend from a base, or are one: each is a type of its own, however little it adds.
    members: HashSet<String>,
}

/// A base and its descendants.
#[derive(Clone)]
struct Family<'d> {
    property: &'d str,
    /// What the discriminator is in the base itself.
    own: Vec<String>,
    descendants: Vec<Descendant<'d>>,
}

#[derive(Clone)]
struct Descendant<'d> {
    pointer: Pointer,
    node: &'d Node,
    /// What the discriminator is in it.
    values: Vec<String>,
}

/// A schema that others can name.
struct Named<'d> {
    name: String,
    pointer: Pointer,
    node: &'d Node,
    /// The schemas that it is composed of, directly.
    parents: Vec<Pointer>,
    discriminator: Option<Discriminator<'d>>,
}

#[derive(Clone, Copy)]
struct Discriminator<'d> {
    property: &'d str,
    node: &'d Node,
}

impl<'d> Families<'d> {
    pub(super) fn of(root: &'d Node, diagnostics: &mut Diagnostics) -> Self {
        let all = named(root);
        let index: HashMap<&str, usize> = all.iter().enumerate().map(|(i, n)| (n.pointer.as_str(), i)).collect();
        let parents: Vec<Vec<usize>> =
            all.iter().map(|n| n.parents.iter().filter_map(|p| index.get(p.as_str()).copied()).collect()).collect();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
        for (child, above) in parents.iter().enumerate() {
            for parent in above {
                if let Some(list) = children.get_mut(*parent) {
                    list.push(child);
                }
            }
        }
        let mut families = Self::default();
        for (i, base) in all.iter().enumerate() {
            let Some(discriminator) = base.discriminator else { continue };
            let mut below: BTreeSet<usize> = reached(i, &children);
            below.remove(&i);
            if below.is_empty() {
                let message =
                    "nothing is composed of this schema by `allOf`, so its discriminator distinguishes nothing";
                let note = Diagnostic::note("N0356", message).at(discriminator.node.span);
                diagnostics.push(note.pointer(&base.pointer.join("discriminator")));
                continue;
            }
            below.extend(mapped(root, discriminator.node).filter_map(|(_, to)| index.get(to?.0.as_str()).copied()));
            below.remove(&i);
            let values = |at: usize| values(root, &all, discriminator, i, at, &parents);
            families.members.insert(base.pointer.as_str().to_owned());
            let mut descendants = Vec::new();
            for at in below {
                let Some(n) = all.get(at) else { continue };
                families.members.insert(n.pointer.as_str().to_owned());
                descendants.push(Descendant { pointer: n.pointer.clone(), node: n.node, values: values(at) });
            }
            let family = Family { property: discriminator.property, own: values(i), descendants };
            families.bases.insert(base.pointer.as_str().to_owned(), family);
        }
        families
    }

    /// Whether the schema at `pointer` is a base, or descends from one.
    pub(super) fn has(&self, pointer: &Pointer) -> bool {
        self.members.contains(pointer.as_str())
    }
}

/// What lies on the way down from `start`, itself included.
fn reached(start: usize, to: &[Vec<usize>]) -> BTreeSet<usize> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![start]);
    while let Some(at) = todo.pop() {
        if seen.insert(at) {
            todo.extend(to.get(at).into_iter().flatten());
        }
    }
    seen
}

/// The schemas of a document that have names: its components, and what came from other files.
fn named(root: &Node) -> Vec<Named<'_>> {
    let mut out: Vec<Named<'_>> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let schemas = Pointer::root().join("components").join("schemas");
    let bundled = Pointer::root().join(BUNDLED);
    for (base, section) in [(schemas, root.at(["components", "schemas"])), (bundled, root.get(BUNDLED))] {
        for e in section.and_then(Node::as_object).into_iter().flat_map(|o| o.iter()) {
            let at = base.join(&e.key);
            let Some((pointer, node)) = arrived(root, at.clone(), &e.value) else { continue };
            // Another name of a component that has its own.
            if pointer != at && is_component(&pointer) || !known.insert(pointer.as_str().to_owned()) {
                continue;
            }
            let mut parents = Vec::new();
            composed_of(root, node, &mut parents, 0);
            let is_other_name = parts(node).len() == 1 && node.flag("nullable") && adds_nothing(node);
            if is_other_name {
                parents.clear();
            }
            let name = component_name(&at);
            out.push(Named { name, pointer, node, parents, discriminator: discriminator(node, 0) });
        }
    }
    out
}

/// Whether a place is a component's schema, or in one.
pub(super) fn is_component(pointer: &Pointer) -> bool {
    let mut segments = pointer.segments();
    segments.next().as_deref() == Some("components") && segments.next().as_deref() == Some("schemas")
}

/// Where references that say nothing else lead to in the end.
fn arrived<'d>(root: &'d Node, pointer: Pointer, node: &'d Node) -> Option<(Pointer, &'d Node)> {
    let (mut at, mut seen) = ((pointer, node), HashSet::new());
    while let Some(reference) = at.1.get("$ref").and_then(Node::as_str) {
        if !seen.insert(reference) {
            return None;
        }
        at = target(root, reference)?;
    }
    Some(at)
}

fn parts(node: &Node) -> &[Node] {
    node.get("allOf").and_then(Node::as_array).unwrap_or_default()
}

/// `allOf: [{$ref}], nullable: true` gives a schema another name, for places where null may come too.
fn adds_nothing(node: &Node) -> bool {
    node.as_object().is_some_and(|o| {
        o.iter().all(|e| matches!(e.key.as_str(), "allOf" | "nullable" | "type" | "title" | "description"))
    })
}

/// Parts written in place nest as deep as schemas may.
const MAX_DEPTH: usize = 128;

/// The schemas that the parts of an `allOf` name, also those of parts written in place.
fn composed_of<'d>(root: &'d Node, node: &'d Node, out: &mut Vec<Pointer>, depth: usize) {
    for part in parts(node) {
        match part.get("$ref").and_then(Node::as_str) {
            Some(reference) => {
                let end = target(root, reference).and_then(|(pointer, node)| arrived(root, pointer, node));
                out.extend(end.map(|(pointer, _)| pointer));
            }
            None if depth < MAX_DEPTH => composed_of(root, part, out, depth + 1),
            None => {}
        }
    }
}

/// The discriminator of a schema that offers no choice itself, wherever in its own parts it is written.
fn discriminator(node: &Node, depth: usize) -> Option<Discriminator<'_>> {
    if !choices(node).is_empty() || depth > MAX_DEPTH {
        return None;
    }
    let own = node.get("discriminator").and_then(|d| Some((d, d.get("propertyName")?.as_str()?)));
    match own {
        Some((node, property)) => Some(Discriminator { property, node }),
        None => parts(node).iter().find_map(|part| discriminator(part, depth + 1)),
    }
}

/// The entries of a mapping, each with the schema that it names: by the name of a component, or by a reference.
pub(super) fn mapped<'d>(
    root: &'d Node,
    discriminator: &'d Node,
) -> impl Iterator<Item = (&'d Entry, Option<(Pointer, &'d Node)>)> {
    let entries = discriminator.get("mapping").and_then(Node::as_object).into_iter().flat_map(|o| o.iter());
    entries.map(move |e| (e, e.value.as_str().and_then(|text| meant(root, text))))
}

/// The schema that a value of a mapping means: a name goes before a reference.
fn meant<'d>(root: &'d Node, text: &str) -> Option<(Pointer, &'d Node)> {
    let component = Pointer::root().join("components").join("schemas").join(text);
    let (pointer, node) = match root.at(["components", "schemas", text]) {
        Some(node) => (component, node),
        None => target(root, text)?,
    };
    arrived(root, pointer, node)
}

/// What the discriminator of the base `base` is in the schema `at`: what a mapping says, else what the schema says, else its name.
fn values(
    root: &Node,
    all: &[Named<'_>],
    discriminator: Discriminator<'_>,
    base: usize,
    at: usize,
    parents: &[Vec<usize>],
) -> Vec<String> {
    let Some(of) = all.get(at) else { return Vec::new() };
    let by = |d: &Discriminator<'_>| {
        let entries = mapped(root, d.node).filter(|(_, to)| to.as_ref().is_some_and(|(p, _)| *p == of.pointer));
        entries.map(|(e, _)| e.key.clone()).collect::<Vec<String>>()
    };
    let mut found = by(&discriminator);
    if found.is_empty() {
        // A mapping further up or down names the same values, if it is of the same property.
        let family = reached(at, parents).into_iter().filter_map(|i| all.get(i)?.discriminator);
        let of_property = family.filter(|d| d.property == discriminator.property);
        found = of_property.map(|d| by(&d)).find(|values| !values.is_empty()).unwrap_or_default();
    }
    if found.is_empty() {
        found = vendor_value(of.node).into_iter().collect();
    }
    // The list that a base has for its descendants says nothing of itself.
    if found.is_empty() && at != base && of.discriminator.is_none() {
        found = constant(of.node, discriminator.property).unwrap_or_default();
    }
    if found.is_empty() { vec![of.name.clone()] } else { found }
}

/// `x-ms-discriminator-value`, by which Swagger documents said what a mapping says today.
fn vendor_value(node: &Node) -> Option<String> {
    let own = node.get("x-ms-discriminator-value").and_then(Node::as_str).map(str::to_owned);
    own.or_else(|| {
        parts(node).iter().find_map(|part| part.get("x-ms-discriminator-value")?.as_str().map(str::to_owned))
    })
}

impl<'d> Lowering<'d> {
    /// The schema at `pointer` as a union of itself and its descendants, if it is a base.
    pub(super) fn inherited(
        &mut self,
        node: &'d Node,
        pointer: &Pointer,
        label: &Label,
        keywords: &Keywords,
    ) -> Option<Part> {
        let family = self.families.bases.get(pointer.as_str()).cloned()?;
        let id = self.reserve(label);
        self.announce(pointer, id);
        let base_label = self.label_of(id, "Base");
        let base = self.reserve(&base_label);
        self.bases.insert(pointer.as_str().to_owned(), base);
        let mut part = self.as_written(node, pointer, base_label, keywords);
        let origin = Origin { pointer: pointer.clone(), span: node.span };
        let at = Origin { pointer: pointer.join(keys::BASE), span: node.span };
        match part.of.ty.named() {
            Some(own) => {
                if let Some(Some(def)) = self.types.of_mut(own).filter(|_| own != id)
                    && def.origin.pointer == *pointer
                {
                    def.origin = at.clone();
                }
            }
            None if matches!(part.of.ty, Type::Map(_) | Type::Any) => {}
            // A scalar has no members that anything could be composed of.
            None => {
                self.alias(base, Use { nullable: false, ..part.of.clone() }, &origin);
                self.alias(id, Use { nullable: false, ..part.of.clone() }, &origin);
                return Some(part);
            }
        }
        self.alias(base, Use { nullable: false, ..part.of.clone() }, &origin);
        let tag = |values: Vec<String>| Some((family.property.to_owned(), values));
        let mut branches = vec![Branch {
            ty: Type::Named(base),
            origin: at,
            tag: tag(family.own),
            label: None,
            docs: keywords.docs(),
        }];
        for below in family.descendants {
            let Some(read) = self.component(&below.pointer, below.node) else { continue };
            let own = self.bases.get(below.pointer.as_str()).map(|own| Type::Named(*own));
            branches.push(Branch {
                ty: own.unwrap_or(read.of.ty),
                origin: Origin { pointer: below.pointer, span: below.node.span },
                tag: tag(below.values),
                label: None,
                docs: read.docs,
            });
        }
        let kind = TypeKind::Union(Union { branches, discriminator: Some(family.property.to_owned()) });
        self.fill(id, TypeDef { origin, label: label.clone(), docs: keywords.docs(), kind });
        part.of.ty = Type::Named(id);
        Some(part)
    }

    /// Reports entries of a mapping that name nothing.
    pub(super) fn check_mapping(&mut self, node: &'d Node, pointer: &Pointer) {
        let Some(discriminator) = node.get("discriminator") else { return };
        let root = self.root;
        for (e, _) in mapped(root, discriminator).filter(|(_, to)| to.is_none()) {
            let message =
                format!("`{}` is mapped to `{}`, which is no schema", e.key, e.value.as_str().unwrap_or_default());
            let at = pointer.join("discriminator").join("mapping").join(&e.key);
            let help = "name a component, or refer to a schema by its place: values without one are kept raw";
            self.push(Diagnostic::warning("W0356", message).at(e.value.span).pointer(&at).help(help));
        }
    }
}
