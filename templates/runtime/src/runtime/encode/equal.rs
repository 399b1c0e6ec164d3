//! Whether two JSON texts have the same value: numbers by their decimal value, strings by their text, objects by their
//! members with the last of equal names.

use std::cmp::Ordering;

use crate::runtime::encode::order::last_of_each;
use crate::runtime::json::number::same_value;
use crate::runtime::json::tape::{Kind, Node, Tape};

/// Compares by value; texts that are not JSON equal nothing.
pub(crate) fn same_json(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (Tape::full(a), Tape::full(b)) {
        (Some(a), Some(b)) => same(a.root(), b.root()),
        _ => false,
    }
}

fn same(a: Node<'_>, b: Node<'_>) -> bool {
    let (one, other) = (a.entry(), b.entry());
    match (one.kind, other.kind) {
        (Kind::Integer | Kind::Fraction, Kind::Integer | Kind::Fraction) => same_value(a.raw(), b.raw()),
        (Kind::String, Kind::String) => same_text(a, b),
        (Kind::Array, Kind::Array) => {
            let (mut x, mut y) = (a.at + 1, b.at + 1);
            while x < one.next && y < other.next {
                let (left, right) = (Node { tape: a.tape, at: x }, Node { tape: b.tape, at: y });
                if !same(left, right) {
                    return false;
                }
                (x, y) = (left.entry().next, right.entry().next);
            }
            x == one.next && y == other.next
        }
        (Kind::Object, Kind::Object) => {
            let (xs, ys) = (sorted(a), sorted(b));
            let mut at = 0;
            while let (Some(x), Some(y)) = (xs.get(at), ys.get(at)) {
                let same = compare(a.tape, *x, b.tape, *y) == Ordering::Equal
                    && same(Node { tape: a.tape, at: x + 1 }, Node { tape: b.tape, at: y + 1 });
                if !same {
                    return false;
                }
                at += 1;
            }
            xs.len() == ys.len()
        }
        (x, y) => x == y,
    }
}

fn same_text(a: Node<'_>, b: Node<'_>) -> bool {
    match (a.text(), b.text()) {
        (Some((x, false)), Some((y, false))) => x == y,
        // A lone surrogate has no text to compare, so there the escapes must be the same.
        _ => a.raw() == b.raw(),
    }
}

/// The entries of an object's names, in the order of the names; of equal ones the last.
fn sorted(object: Node<'_>) -> Vec<u32> {
    let tape = object.tape;
    let (mut at, end) = (object.at + 1, object.entry().next);
    let mut names = Vec::new();
    while at < end {
        names.push(at);
        at = tape.entry(at + 1).next;
    }
    let name = |at: u32| names.get(at as usize).copied().unwrap_or(0);
    let mut order = last_of_each(names.len(), &|a, b| compare(tape, name(a), tape, name(b)));
    for at in &mut order {
        *at = name(*at);
    }
    order
}

/// Compares two names.
fn compare(one: &Tape<'_>, x: u32, other: &Tape<'_>, y: u32) -> Ordering {
    one.name(one.entry(x)).cmp(&other.name(other.entry(y)))
}
