//! Sorting, in one place: the sorts of the standard library become over two thousand lines of machine code for every type and every
//! order they are used with, in every crate that has a runtime. Here indexes are sorted, whatever they index.

use std::cmp::Ordering;

/// How many are sorted in place before runs are merged; mostly that is all of them.
const RUN: usize = 16;

/// The indexes below `len` in the order of `compare`; equal ones stay in theirs.
#[inline(never)]
pub(crate) fn sorted(len: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut runs = Vec::with_capacity(len);
    for index in 0..len {
        runs.push(index as u32);
        let mut at = index;
        while at % RUN > 0 && is_before(&runs, at, at - 1, compare) {
            runs.swap(at, at - 1);
            at -= 1;
        }
    }
    let mut merged = Vec::new();
    let mut width = RUN;
    while width < len {
        merged.clear();
        while merged.len() < len {
            let mut left = merged.len();
            let middle = len.min(left + width);
            let mut right = middle;
            let end = len.min(middle + width);
            while merged.len() < end {
                let second = left == middle || right < end && is_before(&runs, right, left, compare);
                let next = if second { &mut right } else { &mut left };
                merged.extend_from_slice(runs.get(*next..=*next).unwrap_or_default());
                *next += 1;
            }
        }
        std::mem::swap(&mut runs, &mut merged);
        width *= 2;
    }
    runs
}

fn is_before(indexes: &[u32], a: usize, b: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> bool {
    match (indexes.get(a), indexes.get(b)) {
        (Some(a), Some(b)) => compare(*a, *b) == Ordering::Less,
        _ => false,
    }
}

/// The indexes below `len` in the order of `compare`; of equal ones only the last.
pub(crate) fn last_of_each(len: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut kept: Vec<u32> = Vec::with_capacity(len);
    for at in sorted(len, compare) {
        match kept.last_mut() {
            // Of equal ones the last comes last, and takes the place of the one before it.
            Some(before) if compare(*before, at) == Ordering::Equal => *before = at,
            _ => kept.push(at),
        }
    }
    kept
}

/// These indexes, the lowest first.
pub(crate) fn ascending(indexes: &[u32]) -> Vec<u32> {
    let index = |at: u32| indexes.get(at as usize).copied().unwrap_or_default();
    let mut order = sorted(indexes.len(), &|a, b| index(a).cmp(&index(b)));
    for at in &mut order {
        *at = index(*at);
    }
    order
}
