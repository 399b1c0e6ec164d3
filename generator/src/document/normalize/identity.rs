//! References by the names that schemas give themselves → references by place. A `$dynamicRef` means another schema in each schema
//! that leads to it and has an anchor of its name: what lies between the two is written out there once more.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::base::Pointer;
use crate::base::pointer::canonical;
use crate::document::grammar::{Place, Spot};
use crate::document::identity::{Identities, at, text_of};
use crate::document::targets::Targets;
use crate::document::walk::{At, Visit, walk};
use crate::document::{Entry, Kind, Node, Object};

use super::{inline, object};

/// Resolves them all; whether anything has changed.
pub(super) fn resolve(root: &mut Node, targets: &Targets) -> bool {
    let names = Identities::of(root, Some(&targets.trie));
    if names.is_empty() {
        return false;
    }
    let places: Vec<(Pointer, String)> = names
        .references()
        .iter()
        .filter_map(|r| Some((r, names.place(root, r)?)))
        .filter(|(r, to)| canonical(&r.text).as_deref() != Some(to.as_str()))
        .map(|(r, to)| (r.at.clone(), text_of(&to)))
        .collect();
    for (schema, text) in places {
        if let Some(reference) = inline::at_mut(root, &schema).and_then(|n| n.as_object_mut()?.get_mut("$ref")) {
            reference.kind = Kind::String(text);
        }
    }
    if !names.dynamic_references().is_empty() {
        write_out(root, targets, &names);
        let left = Identities::of(root, Some(&targets.trie));
        for r in left.dynamic_references() {
            let text = meant(root, &left, r).map_or_else(|| r.text.clone(), |to| text_of(&to));
            if let Some(node) = inline::at_mut(root, &r.at) {
                refer(node, text);
            }
        }
    }
    true
}

/// What a dynamic reference means where nothing leads to it that says more.
fn meant(root: &Node, names: &Identities, r: &crate::document::identity::Reference) -> Option<Pointer> {
    let Some(name) = r.text.strip_prefix('#').filter(|name| !name.is_empty() && !name.starts_with('/')) else {
        return names.place(root, r);
    };
    let unit = names.unit(&r.at);
    let of_name = || names.dynamic().iter().filter(|(_, anchor)| anchor == name).map(|(to, _)| to);
    let nearest = of_name().find(|to| names.unit(to) == unit);
    nearest.cloned().or_else(|| names.place(root, r)).or_else(|| of_name().next().cloned())
}

/// Makes a plain reference of a dynamic one.
fn refer(node: &mut Node, text: String) {
    let Some(o) = node.as_object_mut() else { return };
    for key in ["$dynamicRef", "$recursiveRef"] {
        let Some(mut e) = object::take_entry(o, key) else { continue };
        e.value.kind = Kind::String(text.clone());
        if o.get("$ref").is_none() {
            "$ref".clone_into(&mut e.key);
            o.push(e);
        } else if o.get("allOf").is_none() {
            let reference = object::single(e.key_span, "$ref", e.value);
            o.insert("allOf", Node::new(e.key_span, Kind::Array(vec![reference])));
        }
    }
}

/// The schemas as they are before anything is written out.
struct Scopes<'n> {
    root: &'n Node,
    names: &'n Identities,
    /// Per unit: the names of dynamic references that it has or leads to, but for its own anchors.
    open: HashMap<Pointer, BTreeSet<String>>,
    /// How many nodes may still be written out.
    budget: usize,
}

/// Per unit the references in it.
#[derive(Default)]
struct Leads {
    to: Vec<(Pointer, Pointer)>,
}

impl Visit for Leads {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        if place == Place::One(Spot::Schema)
            && let Some(to) =
                node.get("$ref").and_then(Node::as_str).and_then(canonical).and_then(|p| Pointer::parse(&p))
        {
            self.to.push((at.pointer(), to));
        }
    }
}

/// Writes out what lies between a schema with anchors and the dynamic references that mean them.
fn write_out(root: &mut Node, targets: &Targets, names: &Identities) {
    let mut leads = Leads::default();
    walk(root, Place::One(Spot::Document), &At::root(Some(&targets.trie)), &mut leads);
    let mut anchors: HashMap<Pointer, HashMap<String, Pointer>> = HashMap::new();
    for (to, name) in names.dynamic() {
        anchors.entry(names.unit(to)).or_default().entry(name.clone()).or_insert_with(|| to.clone());
    }
    let mut open: HashMap<Pointer, BTreeSet<String>> = HashMap::new();
    for r in names.dynamic_references() {
        let name = r.text.rsplit('#').next().unwrap_or_default().to_owned();
        open.entry(names.unit(&r.at)).or_default().insert(name);
    }
    // What a unit leads to is open in it as well.
    let edges: HashSet<(Pointer, Pointer)> =
        leads.to.iter().map(|(from, to)| (names.unit(from), names.unit(to))).filter(|(a, b)| a != b).collect();
    loop {
        let mut grown = false;
        for (from, to) in &edges {
            let more = open.get(to).cloned().unwrap_or_default();
            if !more.is_empty() {
                let own = open.entry(from.clone()).or_default();
                let before = own.len();
                own.extend(more);
                grown |= own.len() > before;
            }
        }
        if !grown {
            break;
        }
    }
    let budget = inline::size(root, usize::MAX).saturating_mul(3).saturating_add(50_000);
    let mut scopes = Scopes { root, names, open, budget };
    let mut written: Vec<(Pointer, Node)> = Vec::new();
    for (site, to) in &leads.to {
        let unit = names.unit(site);
        let Some(bound) = anchors.get(&unit).filter(|bound| scopes.is_open(to, bound)) else { continue };
        if names.unit(to) == unit {
            continue;
        }
        let mut path = vec![(to.clone(), site.clone())];
        if let Some(copy) = at(scopes.root, to).and_then(|node| scopes.copy(node, site, bound, &mut path)) {
            written.push((site.clone(), copy));
        }
    }
    for (site, copy) in written.into_iter().rev() {
        if let Some(node) = inline::at_mut(root, &site) {
            merge(node, copy);
        }
    }
}

impl Scopes<'_> {
    /// Whether the schema at `to` has or leads to a dynamic reference of one of the bound names.
    fn is_open(&self, to: &Pointer, bound: &HashMap<String, Pointer>) -> bool {
        let open = self.open.get(&self.names.unit(to));
        open.is_some_and(|names| names.iter().any(|name| bound.contains_key(name)))
    }

    /// A schema with the bound names in the place of its dynamic references, as it will be at `site`. `path` has what is being
    /// copied, each with its new place. `None` where that would never end.
    fn copy(
        &mut self,
        node: &Node,
        site: &Pointer,
        bound: &HashMap<String, Pointer>,
        path: &mut Vec<(Pointer, Pointer)>,
    ) -> Option<Node> {
        self.budget = self.budget.checked_sub(1)?;
        let kind = match &node.kind {
            Kind::Array(list) => {
                let items = list.iter().enumerate().map(|(i, n)| self.copy(n, &site.join(i), bound, path));
                Kind::Array(items.collect::<Option<_>>()?)
            }
            Kind::Object(members) => {
                let mut own = Object::new();
                let mut filled = None;
                for e in members.iter() {
                    let name = e.value.as_str().and_then(|text| text.strip_prefix('#'));
                    let entry = match (e.key.as_str(), name) {
                        ("$defs" | "$id" | "$anchor" | "$dynamicAnchor", _) => continue,
                        ("$dynamicRef", Some(name)) if let Some(to) = bound.get(name) => Entry {
                            key: "$ref".to_owned(),
                            key_span: e.key_span,
                            value: Node::string(e.value.span, text_of(to)),
                        },
                        ("$ref", Some(_)) => {
                            let text = e.value.as_str().and_then(canonical).and_then(|p| Pointer::parse(&p));
                            let to = text.filter(|to| self.is_open(to, bound));
                            let known = to.as_ref().and_then(|to| path.iter().find(|(of, _)| of == to)).cloned();
                            match (to, known) {
                                (None, _) => e.clone(),
                                (_, Some((_, site))) => {
                                    Entry { value: Node::string(e.value.span, text_of(&site)), ..e.clone() }
                                }
                                (Some(to), None) => {
                                    path.push((to.clone(), site.clone()));
                                    filled = Some(self.copy(at(self.root, &to)?, site, bound, path)?);
                                    path.pop();
                                    continue;
                                }
                            }
                        }
                        (key, _) => Entry {
                            key: key.to_owned(),
                            key_span: e.key_span,
                            value: self.copy(&e.value, &site.join(key), bound, path)?,
                        },
                    };
                    own.push(entry);
                }
                let mut node = Node::new(node.span, Kind::Object(own));
                if let Some(filled) = filled {
                    merge(&mut node, filled);
                }
                return Some(node);
            }
            scalar => scalar.clone(),
        };
        Some(Node::new(node.span, kind))
    }
}

/// Puts a schema in the place of the reference that a node has. What is next to the reference says more of the same values.
fn merge(node: &mut Node, mut copy: Node) {
    let span = node.span;
    let Some(own) = node.as_object_mut() else { return };
    own.remove("$ref");
    let conflict = copy.as_object().is_some_and(|o| o.iter().any(|e| own.get(&e.key).is_some()));
    if !conflict && let Some(members) = object::take_object(&mut copy) {
        object::into_entries(members).for_each(|e| own.push(e));
        return;
    }
    match own.get_mut("allOf").map(|n| &mut n.kind) {
        Some(Kind::Array(list)) => list.insert(0, copy),
        Some(_) => {}
        None => own.insert("allOf", Node::new(span, Kind::Array(vec![copy]))),
    }
}
