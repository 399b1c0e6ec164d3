//! IR + names → files: Rust items as tokens, everything else as text. The only place that imports `quote`.
//!
//! `rust` makes the items, `package` what makes a crate of them, `tests` what tests read. Nothing here decides a fact or a name.

mod package;
mod rust;
mod tests;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::analyze::{Call, Facts, Home};
use crate::ir::{Api, Field, Model, Operation, TypeId};
use crate::name::{Names, OperationNames};
use crate::settings::Settings;

pub use package::examples::example_files;
pub use package::extras::extra_files;
pub use package::runtime_files::{client_files, runtime_files, runtime_hash};
pub use package::{CrateInfo, root, texts};
pub use rust::extension::{rewritten, traits};
pub use rust::operation::{body_type, has_events};
pub use rust::types::{advice, ident_of};
pub use rust::{docs, surface};
pub(crate) use tests::shown::examples as shown_examples;

use rust::{alias, features, model, operation, page, types};
use tests::samples;

/// One Rust file before it is formatted.
pub struct RustFile<'a> {
    /// Path in the crate: `src/models/links.rs`.
    pub path: String,
    /// The lines of its `//!` comment.
    pub head: Vec<String>,
    /// The items at its beginning.
    pub items: Vec<TokenStream>,
    /// Those after them.
    pub parts: Vec<Part<'a>>,
}

/// What takes items one at a time.
pub type Sink<'s> = &'s mut dyn FnMut(TokenStream);

/// Items that are rendered when they are asked for, on any thread, so that never more than one is held: tokens take a hundred times the
/// room of the text they become.
pub struct Part<'a>(Box<dyn Fn(Sink<'_>) + Send + Sync + 'a>);

impl<'a> Part<'a> {
    fn new(render: impl Fn(Sink<'_>) + Send + Sync + 'a) -> Self {
        Self(Box::new(render))
    }

    /// Renders the items, in their order.
    pub fn render(&self, sink: Sink<'_>) {
        (self.0)(sink);
    }
}

impl RustFile<'_> {
    /// A file of few items.
    pub fn new(path: impl Into<String>, head: Vec<String>, items: Vec<TokenStream>) -> Self {
        Self { path: path.into(), head, items, parts: Vec::new() }
    }
}

/// All that `render` reads.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The API.
    pub api: &'a Api,
    /// What is known about it.
    pub facts: &'a Facts,
    /// What everything is called.
    pub names: &'a Names,
    /// What its maintainer wants.
    pub settings: &'a Settings,
}

/// Renders every Rust file that depends on the document, for the crate `lib`.
pub fn render<'a>(input: Input<'a>, lib: &'a str) -> Vec<RustFile<'a>> {
    let mut files = models(input);
    files.extend(operation::files(input, lib));
    files.push(samples::file(input));
    files
}

/// An operation, with all that is decided about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Op<'a> {
    /// What the document declares.
    pub(super) declared: &'a Operation,
    /// What it is called, and what becomes an argument or a setter.
    pub(super) names: &'a OperationNames,
    /// How it is called, and what it gives.
    pub(super) call: &'a Call,
    /// The model whose members are arguments and setters.
    pub(super) flat: Option<&'a Model>,
}

impl<'a> Op<'a> {
    /// A member of the model whose members are arguments and setters.
    pub(super) fn member(self, i: usize) -> Option<&'a Field> {
        self.flat.and_then(|model| model.fields.get(i))
    }
}

impl<'a> Input<'a> {
    /// Every operation, in document order.
    pub(super) fn operations(self) -> impl Iterator<Item = Op<'a>> {
        let named = self.api.operations.iter().zip(&self.names.operations).zip(&self.facts.calls);
        named.map(move |((declared, names), call)| {
            let flat = names.plan.flat.and_then(|id| self.api.model(id));
            Op { declared, names, call, flat }
        })
    }
}

impl Input<'_> {
    /// Whether a type is only the body of one operation, whose builder has its members as setters.
    pub(super) fn is_flat(&self, id: TypeId) -> bool {
        self.flat_in(id).is_some()
    }

    /// The operation whose builder has the members of this type as setters, and nothing else uses it.
    pub(super) fn flat_in(&self, id: TypeId) -> Option<usize> {
        self.names.flat_in(self.facts, id)
    }
}

/// How many types are one part: enough that to hand it out costs nothing beside it.
const TYPES_A_PART: usize = 32;

/// Models, grouped by the tag that uses them.
fn models(input: Input<'_>) -> Vec<RustFile<'_>> {
    let mut groups: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for (id, _) in input.api.defs() {
        if input.facts.pages.contains_key(&id) || input.is_flat(id) {
            continue;
        }
        let module = match input.facts.home.of(id) {
            Some(Home::Tag(t)) => input.names.tags.get(*t).map_or("shared", |t| t.module.as_str()),
            _ => "shared",
        };
        groups.entry(module.to_owned()).or_default().push(id);
    }
    let mut out = Vec::new();
    let mut modules = Vec::new();
    for (module, ids) in &groups {
        let items = vec![quote! { use super::*; }, quote! { use crate::runtime::{self, __private}; }];
        let parts = ids.chunks(TYPES_A_PART).map(|ids| {
            let ids = ids.to_vec();
            Part::new(move |sink| {
                for id in &ids {
                    let mut items = Vec::new();
                    model::items(input, *id, &mut items);
                    alias::of_type(input, *id, &mut items);
                    items.into_iter().for_each(&mut *sink);
                }
            })
        });
        let tag = input.names.tags.iter().position(|t| t.module == *module).and_then(|i| input.api.tags.get(i));
        let head = match tag {
            Some(tag) => format!("Models of {}.", docs::code(&tag.wire)),
            None => "Models that several parts of the API share.".to_owned(),
        };
        out.push(RustFile {
            parts: parts.collect(),
            ..RustFile::new(format!("src/models/{module}.rs"), vec![head], items)
        });
        let gate = input.names.tags.iter().position(|t| t.module == *module).map(|t| features::gate(input, t));
        modules.push((types::ident_of(&crate::name::module_ident(module)), gate.unwrap_or_default()));
    }
    let mut items = Vec::new();
    items.extend(modules.iter().map(|(ident, gate)| quote! { #gate mod #ident; }));
    items.extend(modules.iter().map(|(ident, gate)| quote! { #gate pub use #ident::*; }));
    if !input.facts.page_models.is_empty() {
        items.push(quote! { use crate::runtime::{self, __private}; });
        page::items(input, &mut items);
    }
    let head = vec!["Everything that requests and responses are made of.".to_owned()];
    out.push(RustFile::new("src/models/mod.rs", head, items));
    out
}
