//! Two things at once.

use std::thread::{Builder, ScopedJoinHandle, scope};

/// Room for documents that nest deeply: every stage walks them by recursion. Memory that is not used costs nothing.
const STACK: usize = 256 << 20;

/// What `other` gives, on a thread of its own, and what `here` gives meanwhile.
pub(crate) fn both<A: Send, B>(other: impl Fn() -> A + Sync, here: impl FnOnce() -> B) -> (A, B) {
    scope(|scope| {
        let thread = Builder::new().stack_size(STACK).spawn_scoped(scope, &other);
        let here = here();
        let other = match thread.map(ScopedJoinHandle::join) {
            Ok(Ok(done)) => done,
            // No thread to be had, or it ended in a panic, which is to be seen here.
            _ => other(),
        };
        (other, here)
    })
}
