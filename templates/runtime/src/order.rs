//! Sorting, in one place: the sorts of the standard library become over two thousand lines of machine code for every type and every
//! order they are used with, in every crate that has a runtime. Here indexes are sorted, whatever they stand for.

use std::cmp::Ordering;

/// How many are sorted in place before runs are merged; mostly that is all of them.
const RUN: usize = 16;

/// The indexes below `len` in the order of `compare`; equal ones stay in theirs.
pub(super) fn sorted(len: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut runs: Vec<u32> = (0..len as u32).collect();
    for run in runs.chunks_mut(RUN) {
        for mut at in 1..run.len() {
            while let Some([before, here]) = run.get_mut(..=at).and_then(|upto| upto.last_chunk_mut())
                && compare(*here, *before) == Ordering::Less
            {
                std::mem::swap(before, here);
                at -= 1;
            }
        }
    }
    let mut merged: Vec<u32> = Vec::new();
    let mut width = RUN;
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
    let mut order = sorted(len, &|a, b| name(a).cmp(name(b)));
    // Of equal names the last comes last, and takes the place of the one before it.
    order.dedup_by(|later, kept| {
        let same = name(*later) == name(*kept);
        if same {
            *kept = *later;
        }
        same
    });
    order
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
