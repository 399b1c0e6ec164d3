//! One set of names that must differ: who comes first keeps the name, the next is qualified, a number is the last resort.

use std::collections::BTreeSet;

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::Origin;

/// One set of names that must differ, and those already taken.
pub(super) struct Scope {
    pub(super) taken: BTreeSet<String>,
}

impl Scope {
    pub(super) fn new(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|s| (*s).to_owned()).collect() }
    }

    pub(super) fn claim(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// The first candidate that is free, else the last with a number.
    pub(super) fn take(&mut self, candidates: &[String], origin: &Origin, diagnostics: &mut Diagnostics) -> String {
        for (i, c) in candidates.iter().enumerate() {
            if self.claim(c) {
                if i > 0 {
                    let wanted = candidates.first().cloned().unwrap_or_default();
                    let message = format!("`{wanted}` is taken; this one is called `{c}`");
                    diagnostics.push(Diagnostic::note("N0502", message).at(origin.span).pointer(&origin.pointer));
                }
                return c.clone();
            }
        }
        let base = candidates.last().cloned().unwrap_or_else(|| "x".to_owned());
        let mut n = 2;
        loop {
            let name = format!("{base}{n}");
            if self.claim(&name) {
                let message =
                    format!("`{base}` is taken and nothing else tells the two apart; this one is called `{name}`");
                diagnostics.push(
                    Diagnostic::warning("W0501", message)
                        .at(origin.span)
                        .pointer(&origin.pointer)
                        .help("give it a name in the settings: [types.\"POINTER\"] rename = \"...\""),
                );
                return name;
            }
            n += 1;
        }
    }
}
