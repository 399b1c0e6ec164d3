//! What references point to, found before anything is changed.
//!
//! Two questions are answered from it. What kind of thing stands where the grammar of
//! [`schemas`](super::schemas) knows nothing (`x-bundled`, extensions)? It is what the place that refers
//! to it asks for. And does anybody point into a part that a pass is about to move? Then, and only then,
//! the pass has to say where it went.

use std::collections::{HashMap, HashSet};

use crate::load::{Kind, Node};

use super::moves::{canonical, segments};
use super::schemas::{At, Place, Spot, Visit, walk};

/// The targets of a document's references, as a tree of pointer segments.
#[derive(Debug, Default)]
pub struct Trie {
    place: Option<Place>,
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
        walk(root, Place::One(Spot::Root), &At::root(None), &mut collect);
        loop {
            let found = std::mem::take(&mut collect.found);
            if found.is_empty() {
                break;
            }
            for (text, place) in found {
                let Some(pointer) = canonical(&text) else { continue };
                if !seen.insert(pointer.clone()) {
                    continue;
                }
                let path = segments(&pointer);
                let Some((stands, node)) = targets.stands(root, &path) else { continue };
                let leaf = targets.trie.insert(path.iter().map(String::as_str));
                if stands == Place::Data && place != Place::Data {
                    leaf.place = Some(place);
                    walk(node, place, &At::root(None), &mut collect);
                }
                targets.known.push((pointer, place));
            }
        }
        targets.inline = collect.inline;
        targets
    }

    /// What stands at `path` as far as is known, and the node there.
    fn stands<'n>(&self, root: &'n Node, path: &[String]) -> Option<(Place, &'n Node)> {
        let (mut place, mut node, mut trie) = (Place::One(Spot::Root), root, Some(&self.trie));
        for segment in path {
            let below = match &node.kind {
                Kind::Object(o) => o.get(segment)?,
                Kind::Array(a) => a.get(segment.parse::<usize>().ok()?)?,
                _ => return None,
            };
            trie = trie.and_then(|t| t.child(segment));
            place = match place.child(segment, below) {
                Place::Data => trie.and_then(Trie::place).unwrap_or(Place::Data),
                place => place,
            };
            node = below;
        }
        Some((place, node))
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
pub(super) fn needs_inlining(place: Place) -> bool {
    match place {
        Place::One(Spot::PathItem | Spot::MediaType) => true,
        Place::Map(_) | Place::Patterned(_) | Place::List(_) => true,
        Place::One(_) | Place::Data => false,
    }
}
