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

use crate::base::both;
use crate::pipeline::{self, Inputs, Understood};

/// Understands both documents at once. A lock is taken to belong to the old one: the new one gets the names it would get
/// in its place. What is wrong is in the diagnostics of each.
pub fn understand(old: &Inputs, new: &Inputs) -> (Understood, Understood) {
    let (old_one, mut new_one) = both(|| pipeline::understand(old), || pipeline::understand(new));
    if new.lock.is_some() && !old_one.diagnostics.has_errors() {
        new_one.follow(old_one.next_lock.clone());
    }
    (old_one, new_one)
}
