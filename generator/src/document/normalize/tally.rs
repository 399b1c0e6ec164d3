//! Findings that a document may hold thousands of: one diagnostic for each kind, at the first place,
//! with all its places.

use crate::base::Span;
use crate::base::diagnostic::{Diagnostic, Diagnostics};

use crate::document::walk::At;
use std::collections::HashMap;

/// Collects findings; [`Tally::finish`] hands them on in the order of their first places.
#[derive(Debug, Default)]
pub(super) struct Tally {
    list: Vec<Diagnostic>,
    /// Where in the list a kind is, by code and what makes two findings one kind besides it.
    kinds: HashMap<(&'static str, String), usize>,
}

impl Tally {
    /// A finding that stands alone.
    pub(super) fn push(&mut self, diagnostic: Diagnostic, span: Span, at: &At<'_>) {
        self.push_placed(diagnostic.at(span).pointer(&at.pointer()));
    }

    /// A finding that stands alone and has its place already.
    pub(super) fn push_placed(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// One more place of the kind `what`; `make` is called for the first one only.
    pub(super) fn count(
        &mut self,
        what: &str,
        code: &'static str,
        span: Span,
        at: &At<'_>,
        make: impl FnOnce() -> Diagnostic,
    ) {
        let known = self.kinds.get(&(code, what.to_owned())).and_then(|i| self.list.get_mut(*i));
        match known {
            Some(first) => first.others.push((span, at.pointer())),
            None => {
                self.kinds.insert((code, what.to_owned()), self.list.len());
                self.push(make(), span, at);
            }
        }
    }

    /// Hands everything on.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) {
        for diagnostic in self.list {
            diagnostics.push(diagnostic);
        }
    }
}
