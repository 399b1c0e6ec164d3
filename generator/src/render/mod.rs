//! IR + names → files: Rust items as tokens, everything else as text. The only place that imports `quote`.
//!
//! `model` makes models, enums and unions, `operation` handles and builders, `alike` their setters that stand once, `alias` their
//! earlier names, `registry` the feature `testing`, `docs` doc comments, `text` what is not Rust. Nothing here decides a fact or a
//! name.

mod alias;
mod alike;
mod client_settings;
mod crate_docs;
pub mod docs;
mod doctests;
mod error_codes;
mod examples;
mod extension;
mod extras;
mod features;
mod model;
mod operation;
mod operation_docs;
mod page;
mod public;
mod registry;
mod runtime_files;
mod samples;
mod setter;
mod shown;
pub mod surface;
pub mod text;
mod types;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::analyze::{Facts, Home, Mention};
use crate::ir::{Api, TypeId};
use crate::name::Names;
use crate::settings::Settings;

pub use examples::example_files;
pub use extension::{rewritten, traits};
pub use extras::extra_files;
pub use operation::body_type;
pub use operation::has_events;
pub use runtime_files::{Parts, client_files, runtime_files, runtime_hash};
pub(crate) use shown::examples as shown_examples;
pub use types::ident_of;

/// One Rust file before it is formatted.
#[derive(Debug, Clone)]
pub struct RustFile {
    /// Path in the crate: `src/models/links.rs`.
    pub path: String,
    /// The lines of its `//!` comment.
    pub head: Vec<String>,
    /// Its items.
    pub items: Vec<TokenStream>,
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

/// Renders every Rust file that depends on the document.
pub fn render(input: Input<'_>) -> Vec<RustFile> {
    let mut files = models(input);
    files.extend(operation::files(input));
    files.push(samples::file(input));
    files
}

impl Input<'_> {
    /// Whether a type is only the body of one operation, whose builder has its members as setters.
    pub(super) fn is_flat(&self, id: TypeId) -> bool {
        self.flat_in(id).is_some()
    }

    /// The operation whose builder has the members of this type as setters, and nothing else uses it.
    pub(super) fn flat_in(&self, id: TypeId) -> Option<usize> {
        let mentions = self.facts.mentions.list(id);
        match mentions {
            [Mention::Request(i)] if self.names.operations.get(*i).is_some_and(|o| o.plan.flat == Some(id)) => Some(*i),
            _ => None,
        }
    }
}

/// Models, grouped by the tag that uses them.
fn models(input: Input<'_>) -> Vec<RustFile> {
    let mut groups: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for (i, _) in input.api.types.iter().enumerate() {
        let id = TypeId(i as u32);
        if input.facts.pages.contains_key(&id) || input.is_flat(id) {
            continue;
        }
        let module = match input.facts.home.get(i) {
            Some(Home::Tag(t)) => input.names.tags.get(*t).map_or("shared", |t| t.module.as_str()),
            _ => "shared",
        };
        groups.entry(module.to_owned()).or_default().push(id);
    }
    let mut out = Vec::new();
    let mut modules = Vec::new();
    for (module, ids) in &groups {
        let mut items = vec![quote! { use super::*; }, quote! { use crate::runtime::{self, __private}; }];
        for id in ids {
            model::items(input, *id, &mut items);
            alias::of_type(input, *id, &mut items);
        }
        let tag = input.names.tags.iter().position(|t| t.module == *module).and_then(|i| input.api.tags.get(i));
        let head = match tag {
            Some(tag) => format!("Models of {}.", docs::code(&tag.wire)),
            None => "Models that several parts of the API share.".to_owned(),
        };
        out.push(RustFile { path: format!("src/models/{module}.rs"), head: vec![head], items });
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
    out.push(RustFile {
        path: "src/models/mod.rs".to_owned(),
        head: vec!["Everything that requests and responses are made of.".to_owned()],
        items,
    });
    out
}
