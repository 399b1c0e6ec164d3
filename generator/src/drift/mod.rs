//! Document drift: what a change of the document means for whoever uses the crate.
//!
//! `compare` goes from two [`Understood`] to a [`Report`], `report` prints one as text, JSON, Markdown or HTML. Codes are in
//! [`codes`](crate::base::codes).

mod change;
mod compare;
pub mod impact;
mod report;
mod semver;

pub use change::{Change, Class, Document, Place, Report, Survival};
pub use compare::{diff, origins};
pub use report::{COMMENT, SCHEMA, html, json, markdown, text};
pub use semver::{Semver, Step};

use crate::pipeline::{self, Inputs, Understood};

/// Understands both documents at once. A lock is taken to belong to the old one: the new one gets the names it would get
/// in its place. What is wrong is in the diagnostics of each.
pub fn understand(old: &Inputs, new: &Inputs) -> (Understood, Understood) {
    let (old_one, mut new_one) = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || pipeline::understand(old));
        let new_one = pipeline::understand(new);
        let old_one = match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(understood)) => understood,
            // No thread to be had, or it ended in a panic, which is to be seen here.
            _ => pipeline::understand(old),
        };
        (old_one, new_one)
    });
    if new.lock.is_some() && !old_one.diagnostics.has_errors() {
        new_one.follow(old_one.next_lock.clone());
    }
    (old_one, new_one)
}

/// Room for documents that nest deeply: every stage walks them by recursion. Memory that is not used costs nothing.
const STACK: usize = 256 << 20;
