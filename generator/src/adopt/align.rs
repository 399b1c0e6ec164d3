//! Which element of a list is which of another.

use super::facts::Here;
use crate::base::pointer::canonical;
use crate::document::grammar::{Place, Spot};
use crate::document::{Kind, Node};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// What belongs together in two lists.
pub(super) struct Alignment {
    /// Old and new indices of what stays.
    pub(super) paired: Vec<(usize, usize)>,
    /// What goes, by old index.
    pub(super) gone: Vec<bool>,
    /// What comes: before which old index, and its new one.
    pub(super) inserted: Vec<(usize, usize)>,
}

impl Alignment {
    /// By what the elements are known again; `like` tells of two that are not whether they may be one thing that changed.
    pub(super) fn of(old: &[String], new: &[String], like: impl Fn(usize, usize) -> bool) -> Self {
        let mut out = Self { paired: Vec::new(), gone: vec![false; old.len()], inserted: Vec::new() };
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            match op {
                DiffOp::Equal { old_index, new_index, len } => {
                    out.paired.extend((0..len).map(|i| (old_index + i, new_index + i)));
                }
                DiffOp::Delete { old_index, old_len, .. } => out.go(old_index..old_index + old_len),
                DiffOp::Insert { old_index, new_index, new_len } => {
                    out.inserted.extend((0..new_len).map(|i| (old_index, new_index + i)));
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    let elsewhere = |of: &[String], id: Option<&String>| id.is_some_and(|id| of.contains(id));
                    let mut left: Vec<usize> = (old_index..old_index + old_len).collect();
                    for j in new_index..new_index + new_len {
                        let fits =
                            |i: &usize| !elsewhere(old, new.get(j)) && !elsewhere(new, old.get(*i)) && like(*i, j);
                        match left.iter().position(fits) {
                            Some(n) => {
                                // What was passed over goes; the order is that of the new list.
                                out.paired.push((left.remove(n), j));
                                out.go(left.drain(..n));
                            }
                            None => out.inserted.push((left.first().copied().unwrap_or(old_index + old_len), j)),
                        }
                    }
                    out.go(left);
                }
            }
        }
        out
    }

    fn go(&mut self, indices: impl IntoIterator<Item = usize>) {
        for i in indices {
            if let Some(gone) = self.gone.get_mut(i) {
                *gone = true;
            }
        }
    }
}

/// Whether two elements at about the same place may be one thing that changed.
pub(super) fn may_be_same(o: &Node, t: &Node, here: Here<'_>) -> bool {
    let objects = matches!((&o.kind, &t.kind), (Kind::Object(_), Kind::Object(_)));
    match here.place {
        Place::One(Spot::Parameter | Spot::Tag) | Place::Extension => false,
        _ => objects && (reference(o, here).is_none() || reference(t, here).is_none()),
    }
}

/// The target of a reference, where one may stand.
pub(super) fn reference(node: &Node, here: Here<'_>) -> Option<String> {
    match here.place {
        Place::One(spot) if spot.is_referable() || spot == Spot::PathItem => {
            canonical(node.get("$ref").and_then(Node::as_str)?)
        }
        _ => None,
    }
}
