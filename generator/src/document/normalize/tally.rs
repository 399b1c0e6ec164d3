//! Findings that a document may hold thousands of: one diagnostic for each kind, at the first place,
//! with the number of places.

use crate::base::Span;
use crate::base::diagnostic::{Diagnostic, Diagnostics};

use crate::document::walk::At;

/// Collects findings; [`Tally::finish`] hands them on in the order of their first places.
#[derive(Debug, Default)]
pub(super) struct Tally {
    list: Vec<Counted>,
}

#[derive(Debug)]
struct Counted {
    /// What makes two findings one kind, beside the code; `None` for findings that stand alone.
    what: Option<String>,
    first: Diagnostic,
    places: usize,
}

impl Tally {
    /// A finding that stands alone.
    pub(super) fn push(&mut self, diagnostic: Diagnostic, span: Span, at: &At<'_>) {
        let first = diagnostic.at(span).pointer(&at.pointer());
        self.list.push(Counted { what: None, first, places: 1 });
    }

    /// A finding that stands alone and has its place already.
    pub(super) fn push_placed(&mut self, first: Diagnostic) {
        self.list.push(Counted { what: None, first, places: 1 });
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
        match self.list.iter_mut().find(|c| c.first.code == code && c.what.as_deref() == Some(what)) {
            Some(c) => c.places += 1,
            None => {
                let first = make().at(span).pointer(&at.pointer());
                self.list.push(Counted { what: Some(what.to_owned()), first, places: 1 });
            }
        }
    }

    /// Hands everything on.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) {
        for Counted { mut first, places, .. } in self.list {
            if places > 1 {
                first.message.push_str(&format!(" ({places} places, this is the first)"));
            }
            diagnostics.push(first);
        }
    }
}
