//! What references point to, found before anything is changed.
//!
//! Two questions are answered from it. What kind of thing stands where the grammar of
//! [`grammar`](super::grammar) knows nothing (`x-bundled`, extensions)? It is what the place that refers
//! to it asks for. And does anybody point into a part that a pass is about to move? Then, and only then,
//! the pass has to say where it went.

use std::collections::{HashMap, HashSet};

use super::{Kind, Node};
use crate::base::pointer::{canonical, segments};

use super::grammar::{Place, Spot};
use super::walk::{At, Visit, walk};

/// The targets of a document's references, as a tree of pointer segments.
#[derive(Debug, Default)]
pub struct Trie {
    place: Option<Place>,
    /// A reference to this place that was not looked at yet: its pointer and what it asks for.
    asked: Option<(String, Place)>,
    children: HashMap<String, Trie>,
}

impl Trie {
    /// What references point to, below the segment `key`.
    pub fn child(&self, key: &str) -> Option<&Trie> {
        if self.children.is_empty() {
            return None;
        }
        self.children.get(key)
    }

    /// What stands here, where the grammar does not say.
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    fn insert<'a>(&mut self, path: impl Iterator<Item = &'a str>) -> &mut Trie {
        let mut at = self;
        for segment in path {
            at = at.children.entry(segment.to_owned()).or_default();
        }
        at
    }

    /// Finds the nodes that were asked for, in one walk over the tree of targets beside that of the
    /// document; what stands at `node` by the grammar is `place`.
    fn settle<'n>(
        &mut self,
        node: &'n Node,
        place: Place,
        known: &mut Vec<(String, Place)>,
        discovered: &mut Vec<(&'n Node, Place)>,
    ) {
        let mut place = if place.is_known() { place } else { self.place.unwrap_or(place) };
        if let Some((pointer, asked)) = self.asked.take() {
            known.push((pointer, asked));
            if !place.is_known() && asked.is_known() {
                self.place = Some(asked);
                discovered.push((node, asked));
                place = asked;
            }
        }
        match &node.kind {
            // one look per target would be quadratic in a document of thousands of components
            Kind::Object(o) if self.children.len() > 4 => {
                for e in o.iter() {
                    if let Some(child) = self.children.get_mut(&e.key) {
                        child.settle(&e.value, place.child(&e.key, &e.value), known, discovered);
                    }
                }
            }
            Kind::Object(o) => {
                for (key, child) in &mut self.children {
                    if let Some(value) = o.get(key) {
                        child.settle(value, place.child(key, value), known, discovered);
                    }
                }
            }
            Kind::Array(a) => {
                for (key, child) in &mut self.children {
                    if let Some(value) = key.parse::<usize>().ok().and_then(|i| a.get(i)) {
                        child.settle(value, place.element(), known, discovered);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Everything the references of a document say.
#[derive(Debug, Default)]
pub struct Targets {
    /// The targets, by segment.
    pub trie: Trie,
    /// Every distinct local target that exists, with the place that refers to it: canonical pointer text.
    pub known: Vec<(String, Place)>,
    /// Whether a reference stands where 3.0 allows none and must be replaced by its target.
    pub inline: bool,
}

impl Targets {
    /// Collects the references of a document.
    pub fn of(root: &Node) -> Self {
        let mut targets = Self::default();
        let mut seen: HashSet<String> = HashSet::new();
        let mut collect = Collect::default();
        walk(root, Place::One(Spot::Document), &At::root(None), &mut collect);
        // a target that is a place by reference only has references of its own, seen in the next round
        while !collect.found.is_empty() {
            for (text, place) in std::mem::take(&mut collect.found) {
                let Some(pointer) = canonical(&text) else { continue };
                if seen.contains(&pointer) {
                    continue;
                }
                let path = segments(&pointer);
                let leaf = targets.trie.insert(path.iter().map(String::as_str));
                leaf.asked = Some((pointer.clone(), place));
                seen.insert(pointer);
            }
            let mut discovered = Vec::new();
            targets.trie.settle(root, Place::One(Spot::Document), &mut targets.known, &mut discovered);
            for (node, place) in discovered {
                walk(node, place, &At::root(None), &mut collect);
            }
        }
        targets.inline = collect.inline;
        targets
    }
}

#[derive(Default)]
struct Collect {
    found: Vec<(String, Place)>,
    inline: bool,
}

impl Visit for Collect {
    fn enter(&mut self, place: Place, node: &Node, _at: &At<'_>) {
        let Some(object) = node.as_object() else { return };
        if let Some(text) = object.get("$ref").and_then(Node::as_str) {
            self.found.push((text.to_owned(), place));
            if needs_inlining(place) {
                self.inline = true;
            }
        }
        if place == Place::One(Spot::Schema)
            && let Some(mapping) = object.get("discriminator").and_then(|d| d.get("mapping")).and_then(Node::as_object)
        {
            let refs = mapping.iter().filter_map(|e| e.value.as_str()).filter(|t| t.starts_with("#/"));
            self.found.extend(refs.map(|t| (t.to_owned(), place)));
        }
    }
}

/// Whether a reference at `place` is one that 3.0 does not know.
pub(crate) fn needs_inlining(place: Place) -> bool {
    match place {
        Place::One(Spot::PathItem | Spot::MediaType) => true,
        Place::Map(_) | Place::Patterned(_) | Place::List(_) => true,
        Place::One(_) | Place::Data | Place::Extension | Place::Plain => false,
    }
}
