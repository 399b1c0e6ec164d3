//! What moved: passes that change where a node stands say so, and every reference follows in the end.

use std::collections::HashMap;

use crate::base::pointer::canonical;
use crate::document::{Kind, Node};

use crate::document::grammar::{Place, Spot};
use crate::document::targets::Trie;
use crate::document::walk::{At, VisitMut, walk_mut};

/// From old places to new ones, as escaped pointers without `#`.
///
/// A move is said in the old places of everything above it: a pass that works from the leaves up says
/// `/a/anyOf/1` → `/a/allOf/0` and need not know that `/a` will move as well.
#[derive(Debug, Default)]
pub(super) struct Moves {
    map: HashMap<String, String>,
}

impl Moves {
    pub(super) fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// `old` stands at `new` from now on.
    pub(super) fn add(&mut self, old: String, new: String) {
        if old != new {
            self.map.insert(old, new);
        }
    }

    /// Where the target of the reference `text` stands now; `None` when it did not move.
    pub(super) fn apply(&self, text: &str) -> Option<String> {
        let old = canonical(text)?;
        let mut now: Option<String> = None;
        // `now` begins with the first `kept` bytes of `old`
        let (mut end, mut kept) = (old.len(), old.len());
        while end > 0 {
            if end <= kept
                && let Some(prefix) = old.get(..end)
                && let Some(new) = self.map.get(prefix)
            {
                let rest = now.as_deref().unwrap_or(&old).get(end..).unwrap_or_default();
                now = Some(format!("{new}{rest}"));
                kept = common(prefix, new);
            }
            end = old.get(..end).and_then(|p| p.rfind('/')).unwrap_or(0);
        }
        now.map(|p| format!("#{}", p.replace('%', "%25")))
    }

    /// Lets every reference below `root` follow. `targets` gives the places that the grammar does not.
    pub(super) fn follow(&self, root: &mut Node, targets: &Trie) {
        if !self.is_empty() {
            walk_mut(root, Place::One(Spot::Document), &At::root(Some(targets)), &mut Follow(self));
        }
    }
}

/// The length of the longest common run of whole segments.
fn common(a: &str, b: &str) -> usize {
    let mut length = 0;
    for (x, y) in a.split('/').zip(b.split('/')) {
        if x != y {
            break;
        }
        length += x.len() + 1;
    }
    length.saturating_sub(1)
}

struct Follow<'m>(&'m Moves);

impl VisitMut for Follow<'_> {
    fn enter(&mut self, place: Place, node: &mut Node, _at: &At<'_>) {
        let Some(object) = node.as_object_mut() else { return };
        if let Some(reference) = object.get_mut("$ref") {
            self.follow(reference);
        }
        if place == Place::One(Spot::Schema)
            && let Some(mapping) = object.get_mut("discriminator").and_then(|d| d.as_object_mut()?.get_mut("mapping"))
            && let Some(mapping) = mapping.as_object_mut()
        {
            mapping.iter_mut().for_each(|e| self.follow(&mut e.value));
        }
    }
}

impl Follow<'_> {
    fn follow(&self, node: &mut Node) {
        if let Kind::String(text) = &mut node.kind
            && let Some(new) = self.0.apply(text)
        {
            *text = new;
        }
    }
}
