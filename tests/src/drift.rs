//! Pairs of documents, understood and generated: what there is before and after the step from one to the other.

use crate::consumer::{Known, consumer};
use crate::pairs::Pair;
use crate::run::told;
use generator::{Generated, Inputs, Understood};
use proc_macro2::TokenStream;
use std::collections::BTreeMap;
use std::fs;
use std::rc::Rc;

/// A document, understood by itself: without settings, overlay and lock.
pub struct Side {
    /// Its file, as messages show it. It is gone by now.
    pub file: String,
    /// What it says, and what everything is called.
    pub understood: Understood,
    /// Its crate, if it was asked for.
    made: Option<Generated>,
}

/// Both sides of a pair.
pub struct Sides {
    /// Before.
    pub old: Rc<Side>,
    /// After.
    pub new: Rc<Side>,
}

/// Every document once: pairs share their bases. All that it does wants much stack: see [`crate::run::deep`].
#[derive(Default)]
pub struct Library {
    known: BTreeMap<String, Rc<Side>>,
}

impl Library {
    /// Both sides of a pair, without their crates.
    pub fn understood(&mut self, pair: &Pair) -> Sides {
        Sides { old: self.side(pair, &pair.old, false), new: self.side(pair, &pair.new, false) }
    }

    /// Both sides of a pair with their crates.
    pub fn made(&mut self, pair: &Pair) -> Sides {
        Sides { old: self.side(pair, &pair.old, true), new: self.side(pair, &pair.new, true) }
    }

    fn side(&mut self, pair: &Pair, document: &str, made: bool) -> Rc<Side> {
        if let Some(known) = self.known.get(document) {
            return Rc::clone(known);
        }
        let dir = tempfile::tempdir().expect("a folder");
        let spec = dir.path().join("document.yaml");
        fs::write(&spec, document).expect("write");
        let inputs = Inputs { spec, name: Some("fixture".into()), ..Inputs::default() };
        let understood = generator::understand(&inputs);
        assert!(!understood.diagnostics.has_errors(), "{pair}: {:?}", understood.diagnostics);
        let side = Rc::new(Side {
            file: inputs.spec.display().to_string(),
            understood,
            made: made.then(|| generated(pair, generator::generate(&inputs))),
        });
        self.known.insert(document.to_owned(), Rc::clone(&side));
        side
    }
}

fn generated(pair: &Pair, run: Generated) -> Generated {
    assert!(!run.diagnostics.has_errors(), "{pair}: {}", told(&run));
    run
}

impl Side {
    /// Its crate.
    pub fn made(&self) -> &Generated {
        self.made.as_ref().expect("it was asked for")
    }

    /// A consumer of the crate.
    pub fn consumer(&self) -> TokenStream {
        let Understood { api, facts, names, .. } = &self.understood;
        consumer(Known { api, facts, names, environments: &self.environments() })
    }

    /// The variants of the crate's `Environment`.
    fn environments(&self) -> Vec<String> {
        let Some(text) = self.made().files.get("src/environment.rs") else { return Vec::new() };
        let file = syn::parse_file(std::str::from_utf8(text).expect("text")).expect("Rust");
        let of = file.items.iter().find_map(|item| match item {
            syn::Item::Enum(e) if e.ident == "Environment" => Some(e),
            _ => None,
        });
        of.expect("an enum").variants.iter().map(|v| v.ident.to_string()).collect()
    }
}
