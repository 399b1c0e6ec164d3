//! `[accept]`: findings that the maintainer knows and has a reason to live with.

use super::Settings;
use crate::base::Pointer;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use std::cell::RefCell;
use std::collections::BTreeSet;

impl Settings {
    /// Marks what is accepted among `diagnostics`; with `whole`, which says that all of the document was looked at, entries that
    /// meet nothing are reported (`W0912`).
    pub fn accept(&self, diagnostics: &mut Diagnostics, whole: bool) {
        if self.accept.is_empty() {
            return;
        }
        let met = RefCell::new(BTreeSet::new());
        let mut out = Diagnostics::new();
        for diagnostic in std::mem::take(diagnostics) {
            let entries = self.accept.iter().enumerate().filter(|(_, entry)| *entry.code == diagnostic.code);
            let entries: Vec<_> = entries.collect();
            let (left, accepted) = diagnostic.part(|pointer| {
                let mut fits = entries.iter().filter(|(_, entry)| is_within(pointer, &entry.pointer));
                let (index, entry) = fits.next()?;
                met.borrow_mut().extend(std::iter::once(*index).chain(fits.map(|(index, _)| *index)));
                Some(entry.reason.clone())
            });
            left.into_iter().chain(accepted).for_each(|d| out.push(d));
        }
        let met = met.into_inner();
        for (_, entry) in self.accept.iter().enumerate().filter(|(i, _)| whole && !met.contains(i)) {
            let message = format!("there is no {} at or below `{}` to accept", *entry.code, *entry.pointer);
            let help = "remove the entry, or correct its pointer";
            out.push(Diagnostic::warning("W0912", message).at(entry.pointer.span).help(help));
        }
        *diagnostics = out;
    }
}

/// Whether a place is that of an entry, or below it. `#` is the whole document, and also what has no place.
fn is_within(place: Option<&Pointer>, entry: &str) -> bool {
    let entry = entry.trim_start_matches('#').trim_end_matches('/');
    let Some(rest) = place.map_or(entry.is_empty().then_some(""), |p| p.as_str().strip_prefix(entry)) else {
        return false;
    };
    rest.is_empty() || rest.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let at = |text: &str| Pointer::parse(text);
        for (place, entry, within) in [
            ("#/paths/~1a/get", "#/paths/~1a/get", true),
            ("#/paths/~1a/get", "#/paths/~1a", true),
            ("#/paths/~1a/get", "#/paths/~1a/", true),
            ("#/paths/~1ab/get", "#/paths/~1a", false),
            ("#/paths/~1a/get", "#", true),
            ("#/paths", "#/paths/~1a", false),
        ] {
            assert_eq!(is_within(at(place).as_ref(), entry), within, "{place} in {entry}");
        }
        assert!(is_within(None, "#") && !is_within(None, "#/paths"));
    }

    #[test]
    fn an_entry_has_a_code_a_place_and_a_reason() {
        for (text, wrong) in [
            ("[accept.N0202]\n'#/paths' = 'why'", ""),
            ("[accept.N0202]\n'#' = 'why'", ""),
            ("[accept.N0222]\n'#' = 'why'", "`N0222` is no code of a warning or a note; did you mean `N0202`?"),
            ("[accept.E0101]\n'#' = 'why'", "`E0101` is no code of a warning or a note; did you mean `W0101`?"),
            (
                "[accept.N0202]\n'paths' = 'why'",
                "`paths` is no pointer: write `#/paths/~1nests/get`, or `#` for everywhere",
            ),
            ("[accept.N0202]\n'#' = ' '", "`#` is accepted without saying why"),
        ] {
            let mut out = Diagnostics::new();
            let settings = crate::settings::read(text, crate::base::FileId(0), &mut out);
            let said: Vec<&str> = out.iter().map(|d| d.message.as_str()).collect();
            assert_eq!((said.concat().as_str(), settings.accept.len()), (wrong, 1), "{text}");
        }
    }

    #[test]
    fn of_many_places_those_that_are_not_accepted_are_left() {
        let mut out = Diagnostics::new();
        let text = "[accept.N0202]\n'#/a' = 'one'\n'#/b' = 'two'\n'#/a/b' = 'within'\n'#/z' = 'none'";
        let settings = crate::settings::read(text, crate::base::FileId(0), &mut out);
        let at = |text: &str| Pointer::parse(text).unwrap_or_default();
        let mut gap = Diagnostic::warning("N0202", "gap").at(crate::base::Span::default()).pointer(&at("#/a"));
        gap.others = ["#/b", "#/a/b", "#/c", "#/d"].iter().map(|p| (crate::base::Span::default(), at(p))).collect();
        out.push(gap);
        settings.accept(&mut out, true);
        let said: Vec<String> = out
            .iter()
            .map(|d| format!("{} {} {:?}", d.text(), d.pointer.as_ref().map_or("", Pointer::as_str), d.accepted))
            .collect();
        assert_eq!(
            said,
            [
                "gap (2 places, this is the first) /c None",
                "gap (2 places, this is the first) /a Some(\"one\")",
                "gap /b Some(\"two\")",
                "there is no N0202 at or below `#/z` to accept  None",
            ]
        );
    }
}
