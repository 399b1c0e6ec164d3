//! Sorting, in one place: the sorts of the standard library become over two thousand lines of machine code for every type and every
//! order they are used with, in every crate that has a runtime. Here indexes are sorted, whatever they stand for.

use std::cmp::Ordering;

/// The indexes below `len` in the order of `compare`; equal ones stay in theirs.
pub(super) fn sorted(len: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut runs: Vec<u32> = (0..len as u32).collect();
    let mut merged: Vec<u32> = Vec::with_capacity(len);
    let mut width = 1;
    while width < len {
        merged.clear();
        for pair in runs.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at_checked(width).unwrap_or((pair, &[]));
            while let (Some((a, after_a)), Some((b, after_b))) = (left.split_first(), right.split_first()) {
                if compare(*b, *a) == Ordering::Less {
                    merged.push(*b);
                    right = after_b;
                } else {
                    merged.push(*a);
                    left = after_a;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut runs, &mut merged);
        width *= 2;
    }
    runs
}

/// The indexes below `len` in the order of their names; of equal names only the last.
pub(super) fn by_name<'n>(len: usize, name: &dyn Fn(u32) -> &'n str) -> Vec<u32> {
    let mut kept: Vec<u32> = Vec::with_capacity(len);
    for index in sorted(len, &|a, b| name(a).cmp(name(b))) {
        match kept.last_mut() {
            Some(last) if name(*last) == name(index) => *last = index,
            _ => kept.push(index),
        }
    }
    kept
}

/// For every index below `len`, whether it is among these.
pub(super) fn among(len: usize, indexes: &[u32]) -> Vec<bool> {
    let mut among = vec![false; len];
    for index in indexes {
        if let Some(is) = among.get_mut(*index as usize) {
            *is = true;
        }
    }
    among
}
