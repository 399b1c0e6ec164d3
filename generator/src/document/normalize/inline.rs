//! References where OpenAPI 3.0 allows none are replaced by what they point to: a path item of `paths`,
//! a media type, and a whole mapping or list (`properties`, `responses`, `parameters` ...) that a
//! document in several files keeps elsewhere.

use std::collections::HashSet;

use crate::base::Pointer;
use crate::base::Span;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Entry, Kind, Node};

use super::codes;
use super::tally::Tally;
use crate::base::pointer::{canonical, segments};
use crate::document::grammar::{Place, Spot};
use crate::document::targets::{Targets, needs_inlining};
use crate::document::walk::{At, Visit, walk};

/// How often replaced parts are looked through for references of their own.
const ROUNDS: usize = 16;

/// Replaces them all.
///
/// A chain of mappings that each hold the next one twice would double with every round: what may be copied
/// is bounded by the size of the document, which is far above what any honest one needs.
pub(super) fn inline(root: &mut Node, targets: &Targets, tally: &mut Tally) {
    let mut budget = size(root, usize::MAX).saturating_mul(3).saturating_add(50_000);
    let mut given_up: HashSet<Pointer> = HashSet::new();
    for _ in 0..ROUNDS {
        let mut sites = Sites::default();
        walk(root, Place::One(Spot::Document), &At::root(Some(&targets.trie)), &mut sites);
        sites.list.retain(|s| !given_up.contains(&s.pointer));
        if sites.list.is_empty() {
            break;
        }
        for site in sites.list {
            match replace(root, &site, &mut budget) {
                Ok(()) => {}
                Err(Fault::Size) => {
                    report(
                        tally,
                        &site,
                        "and the references after it are not replaced: the document would grow out of proportion",
                    );
                    return;
                }
                Err(Fault::Target(why)) => {
                    report(tally, &site, why);
                    given_up.insert(site.pointer);
                }
            }
        }
    }
}

enum Fault {
    /// The copies would be too large.
    Size,
    /// What is wrong with the target.
    Target(&'static str),
}

impl From<&'static str> for Fault {
    fn from(why: &'static str) -> Self {
        Self::Target(why)
    }
}

struct Site {
    pointer: Pointer,
    reference: String,
    span: Span,
}

#[derive(Default)]
struct Sites {
    list: Vec<Site>,
}

impl Visit for Sites {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        if !needs_inlining(place) {
            return;
        }
        let Some(reference) = node.get("$ref") else { return };
        // a reference to another file is one that `load` could not follow, and said so
        let Some(text) = reference.as_str().filter(|t| t.starts_with('#')) else { return };
        let pointer = at.pointer();
        // a path item is only ever generated from `paths`; in callbacks and components a reference does no harm
        if place == Place::One(Spot::PathItem) && !pointer.as_str().starts_with("/paths/") {
            return;
        }
        if place == Place::One(Spot::PathItem) && pointer.segments().count() != 2 {
            return;
        }
        self.list.push(Site { pointer, reference: text.to_owned(), span: reference.span });
    }
}

fn report(tally: &mut Tally, site: &Site, why: &str) {
    let mut diagnostic = Diagnostic::warning(codes::INLINE, format!("`{}` {why}", site.reference));
    diagnostic.pointer = Some(site.pointer.clone());
    tally.push_placed(diagnostic.at(site.span));
}

fn replace(root: &mut Node, site: &Site, budget: &mut usize) -> Result<(), Fault> {
    let target = resolve(root, &site.reference)?;
    *budget = budget.checked_sub(size(target, *budget)).ok_or(Fault::Size)?;
    let mut copy = target.clone();
    let place = at_mut(root, &site.pointer).ok_or("was moved")?;
    match (&mut place.kind, &mut copy.kind) {
        (Kind::Object(own), Kind::Object(new)) => {
            // what stands beside the reference wins, and keeps its place in front
            own.remove("$ref");
            for Entry { key, key_span, value } in new.iter_mut() {
                if own.get(key).is_none() {
                    let value = std::mem::replace(value, Node::new(*key_span, Kind::Null));
                    own.push(Entry { key: std::mem::take(key), key_span: *key_span, value });
                }
            }
        }
        _ => place.kind = copy.kind,
    }
    Ok(())
}

/// Follows a chain of references to something that is none.
fn resolve<'n>(root: &'n Node, reference: &str) -> Result<&'n Node, &'static str> {
    let mut reference = reference;
    for _ in 0..32 {
        let pointer = canonical(reference).ok_or("does not point into this document")?;
        let path = segments(&pointer);
        let node = root.at(path.iter().map(String::as_str)).ok_or("points to nothing")?;
        match &node.kind {
            Kind::Object(o) => match o.get("$ref").and_then(Node::as_str) {
                Some(next) => reference = next,
                None => return Ok(node),
            },
            Kind::Array(_) => return Ok(node),
            _ => return Err("points to something of another shape"),
        }
    }
    Err("leads back to itself")
}

/// How many nodes a copy has, counted up to `limit`.
pub(super) fn size(node: &Node, limit: usize) -> usize {
    let mut open = vec![node];
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        if count > limit {
            break;
        }
        match &node.kind {
            Kind::Object(o) => open.extend(o.iter().map(|e| &e.value)),
            Kind::Array(a) => open.extend(a),
            _ => {}
        }
    }
    count
}

/// The node at a pointer, to be changed.
pub(super) fn at_mut<'n>(root: &'n mut Node, pointer: &Pointer) -> Option<&'n mut Node> {
    let mut node = root;
    for segment in pointer.segments() {
        node = match &mut node.kind {
            Kind::Object(o) => o.get_mut(&segment)?,
            Kind::Array(a) => a.get_mut(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(node)
}
