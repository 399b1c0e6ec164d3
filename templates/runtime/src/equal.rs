//! Whether two JSON texts have the same value: numbers by their decimal value, strings by their text, objects by their
//! members with the last of equal names.

use std::borrow::Cow;

use super::number::same_value;
use super::order::by_name;
use super::tape::{Kind, Node, Tape};

/// Compares by value; texts that are not JSON equal nothing.
pub(super) fn same_json(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (full(a), full(b)) {
        (Some(a), Some(b)) => same(a.root(), b.root()),
        _ => false,
    }
}

/// A tape that has entries for everything.
pub(super) fn full(text: &str) -> Option<Tape<'_>> {
    let mut tape = Tape { body: text, entries: Vec::new(), origin: None, id: 0 };
    super::scan::scan(text.as_bytes(), 0, &mut tape.entries, usize::MAX).is_ok().then_some(tape)
}

fn same(a: Node<'_>, b: Node<'_>) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::Integer | Kind::Fraction, Kind::Integer | Kind::Fraction) => same_value(a.raw(), b.raw()),
        // A lone surrogate has no text to compare, so there the escapes must be the same.
        (Kind::String, Kind::String) => match (a.text(), b.text()) {
            (Some((x, false)), Some((y, false))) => x == y,
            _ => a.raw() == b.raw(),
        },
        (Kind::Array, Kind::Array) => {
            let (mut xs, mut ys) = (elements(a), elements(b));
            loop {
                match (xs.next(), ys.next()) {
                    (None, None) => return true,
                    (Some(x), Some(y)) if same(x, y) => {}
                    _ => return false,
                }
            }
        }
        (Kind::Object, Kind::Object) => {
            let (xs, ys) = (sorted(a), sorted(b));
            if xs.len() != ys.len() {
                return false;
            }
            for ((name, x), (other, y)) in xs.into_iter().zip(ys) {
                if name != other || !same(x, y) {
                    return false;
                }
            }
            true
        }
        (x, y) => x == y,
    }
}

pub(super) fn elements(array: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let end = array.entry().next;
    let mut at = array.at + 1;
    std::iter::from_fn(move || {
        (at < end).then(|| {
            let node = Node { tape: array.tape, at };
            at = node.entry().next;
            node
        })
    })
}

/// The members by name, the last of equal names.
fn sorted(object: Node<'_>) -> Vec<(Cow<'_, str>, Node<'_>)> {
    let mut members = Vec::new();
    for (name, value) in object.members() {
        members.push((object.tape.name(name), value));
    }
    let order = by_name(members.len(), &|at| members.get(at as usize).map_or("", |(name, _)| name));
    let mut sorted = Vec::with_capacity(order.len());
    for at in order {
        if let Some((name, value)) = members.get_mut(at as usize) {
            sorted.push((std::mem::take(name), *value));
        }
    }
    sorted
}
