//! One set of names that must differ: who asks first gets the name, the next is qualified, a number is the last resort. Who asks
//! first is nobody's place in a file: see [`ranked`].

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::Origin;

/// The indices of `all` in an order that no tool changes by sorting keys: those that are spelled exactly as they want to be called
/// come first, then `by` decides.
pub(super) fn ranked<T>(all: &[T], is_exact: impl Fn(&T) -> bool, by: impl Fn(&T, &T) -> Ordering) -> Vec<usize> {
    let mut indices: Vec<(bool, usize, &T)> = all.iter().enumerate().map(|(i, t)| (!is_exact(t), i, t)).collect();
    indices.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| by(a.2, b.2)));
    indices.into_iter().map(|(_, i, _)| i).collect()
}

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
