//! Whether two JSON texts have the same value: numbers by their decimal value, strings by their text, objects by their
//! members with the last of equal names.

use super::number::same_value;
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
            xs.len() == ys.len() && xs.iter().zip(&ys).all(|(x, y)| x.0 == y.0 && same(x.1, y.1))
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
fn sorted(object: Node<'_>) -> Vec<(std::borrow::Cow<'_, str>, Node<'_>)> {
    let mut members: Vec<_> = object.members().map(|(name, value)| (object.tape.name(name), value)).collect();
    members.sort_by(|a, b| a.0.cmp(&b.0));
    members.reverse();
    // The sort was stable, so of equal names the last now comes first.
    members.dedup_by(|later, kept| later.0 == kept.0);
    members
}
