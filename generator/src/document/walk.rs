//! Walks over a document, place by place as the [`grammar`](super::grammar) has them.

use super::grammar::{Place, Spot};
use super::targets::Trie;
use super::{Entry, Kind, Node};
use crate::base::Pointer;

/// One step of a path.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// Where a walk is: a list on the stack, so that a pointer is only written out when somebody needs it.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    parent: Option<(&'a At<'a>, Step<'a>)>,
    targets: Option<&'a Trie>,
}

impl<'a> At<'a> {
    /// The top of the document; `targets` is what references point to.
    pub fn root(targets: Option<&'a Trie>) -> Self {
        Self { parent: None, targets }
    }

    /// The member `key` of this place.
    pub fn key<'b>(&'b self, key: &'b str) -> At<'b>
    where
        'a: 'b,
    {
        At { parent: Some((self, Step::Key(key))), targets: self.targets.and_then(|t| t.child(key)) }
    }

    /// The element `index` of this place.
    pub fn index<'b>(&'b self, index: usize) -> At<'b>
    where
        'a: 'b,
    {
        let targets = self.targets.and_then(|t| t.child(&index.to_string()));
        At { parent: Some((self, Step::Index(index))), targets }
    }

    /// What references point to, from here on down; `None` when no reference points to or below this place.
    pub fn targets(&self) -> Option<&'a Trie> {
        self.targets
    }

    /// Whether a reference points to or below the member `key`.
    pub fn is_target(&self, key: &str) -> bool {
        self.targets.is_some_and(|t| t.child(key).is_some())
    }

    /// The place as a pointer.
    pub fn pointer(&self) -> Pointer {
        let mut steps = Vec::new();
        let mut at = self;
        while let Some((parent, step)) = &at.parent {
            steps.push(*step);
            at = parent;
        }
        steps.iter().rev().fold(Pointer::root(), |p, step| match step {
            Step::Key(k) => p.join(k),
            Step::Index(i) => p.join(i),
        })
    }
}

/// What a walk over an unchanged tree calls.
pub trait Visit {
    /// Called for every place of the grammar, before what is below it.
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>);

    /// Whether to leave out what is below the member `key` of an object.
    fn skips(&self, _spot: Spot, _key: &str) -> bool {
        false
    }
}

/// What a walk that changes the tree calls.
pub trait VisitMut {
    /// Called for every place of the grammar, before what is below it.
    fn enter(&mut self, _place: Place, _node: &mut Node, _at: &At<'_>) {}

    /// Called for every single object (or boolean schema), after what is below it.
    fn leave(&mut self, _spot: Spot, _node: &mut Node, _at: &At<'_>) {}
}

/// Walks `node`, which stands at `place`.
pub fn walk<V: Visit>(node: &Node, place: Place, at: &At<'_>, visitor: &mut V) {
    let Some(place) = effective(place, at) else {
        return;
    };
    if place.is_known() {
        visitor.enter(place, node, at);
    }
    match &node.kind {
        Kind::Object(o) => {
            for e in o.iter() {
                if matches!(place, Place::One(spot) if visitor.skips(spot, &e.key)) {
                    continue;
                }
                walk(&e.value, place.child(&e.key, &e.value), &at.key(&e.key), visitor);
            }
        }
        Kind::Array(a) => {
            for (i, v) in a.iter().enumerate() {
                walk(v, place.element(), &at.index(i), visitor);
            }
        }
        _ => {}
    }
}

/// Walks `node`, which stands at `place`, to change it.
pub fn walk_mut<V: VisitMut>(node: &mut Node, place: Place, at: &At<'_>, visitor: &mut V) {
    let Some(place) = effective(place, at) else {
        return;
    };
    if place.is_known() {
        visitor.enter(place, node, at);
    }
    match &mut node.kind {
        Kind::Object(o) => {
            for Entry { key, value, .. } in o.iter_mut() {
                let place = place.child(key, value);
                walk_mut(value, place, &at.key(key), visitor);
            }
        }
        Kind::Array(a) => {
            for (i, v) in a.iter_mut().enumerate() {
                walk_mut(v, place.element(), &at.index(i), visitor);
            }
        }
        _ => {}
    }
    if let Place::One(spot) = place {
        visitor.leave(spot, node, at);
    }
}

/// The place that is walked: one that the grammar does not know is one only where a reference says so; `None` when there is
/// nothing below.
fn effective(place: Place, at: &At<'_>) -> Option<Place> {
    match at.targets {
        _ if place.is_known() => Some(place),
        None => None,
        Some(t) => Some(t.place().unwrap_or(place)),
    }
}
