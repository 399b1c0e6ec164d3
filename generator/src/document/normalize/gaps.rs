//! What nothing is made of: the gaps of the grammar, and members that are no keywords. One walk over the document as it was
//! written, before anything is brought into shape.

use crate::base::codes::normalize as codes;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::nearest;
use crate::document::grammar::{Outcome, Place, Row, Spot, Version};
use crate::document::targets::Targets;
use crate::document::walk::{At, Visit, walk};
use crate::document::{Entry, Node, Object};

use super::tally::Tally;

/// Reports each keyword of `root` that is a gap, and each member that is no keyword.
pub(super) fn report(root: &Node, version: Version, targets: &Targets, tally: &mut Tally) {
    let at = At::root(Some(&targets.trie));
    walk(root, Place::One(Spot::Document), &at, &mut Gaps { version, tally });
}

struct Gaps<'t> {
    version: Version,
    tally: &'t mut Tally,
}

impl Visit for Gaps<'_> {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        let (Place::One(spot), Some(object)) = (place, node.as_object()) else { return };
        if spot != Spot::Schema && spot.is_referable() && object.contains("$ref") {
            self.next_to_reference(object, at);
            return;
        }
        // Expressions have any text.
        if spot == Spot::Callback {
            return;
        }
        for e in object {
            match spot.row(&e.key) {
                Some(Row { outcome: Outcome::Gap(code, words), .. }) => self.gap(spot, e, code, words, at),
                Some(row) if spot == Spot::Schema || row.versions.has_kin(self.version) => {}
                None if e.key.starts_with("x-") => {}
                _ => self.unknown(spot, e, at),
            }
        }
    }

    fn skips(&self, spot: Spot, key: &str) -> bool {
        spot.row(key).is_some_and(|row| matches!(row.outcome, Outcome::Gap(..)))
    }
}

impl Gaps<'_> {
    fn gap(&mut self, spot: Spot, e: &Entry, code: &'static str, words: &str, at: &At<'_>) {
        if spot.row(&e.key).is_some_and(|row| row.is_idle(&e.value)) {
            return;
        }
        let severity = if code.starts_with('W') { Severity::Warning } else { Severity::Note };
        let kind = format!("{} {}", spot.name(), e.key);
        self.tally.count(&kind, code, e.key_span, &at.key(&e.key), || {
            Diagnostic::new(severity, code, format!("`{}` {words}", e.key))
        });
    }

    /// What is next to a reference is ignored, which is said elsewhere; but since 3.1 these two have a meaning.
    fn next_to_reference(&mut self, object: &Object, at: &At<'_>) {
        let words = ["summary", "description"].into_iter().filter_map(|key| object.entry(key));
        for e in words.filter(|_| self.version >= Version::V31) {
            self.tally.count("reference", codes::UNUSED, e.key_span, &at.key(&e.key), || {
                let message =
                    format!("`{}` next to a reference is not used: what it refers to has words of its own", e.key);
                Diagnostic::note(codes::UNUSED, message)
            });
        }
    }

    fn unknown(&mut self, spot: Spot, e: &Entry, at: &At<'_>) {
        let kind = format!("{} {}", spot.name(), e.key);
        self.tally.count(&kind, codes::UNKNOWN, e.key_span, &at.key(&e.key), || {
            let message = format!("`{}` is no keyword of {} objects in {}", e.key, spot.name(), self.version.name());
            let known = spot.rows().iter().filter(|row| row.versions.has_kin(self.version)).map(|row| row.key);
            let diagnostic = Diagnostic::note(codes::UNKNOWN, message);
            match nearest(&e.key, &mut known.into_iter()) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("the name of an extension begins with `x-`"),
            }
        });
    }
}
