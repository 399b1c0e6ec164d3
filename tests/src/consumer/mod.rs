//! A consumer of a generated crate, derived from the IR: it names every item, builds what can be built, calls every
//! operation, matches every variant and reads every member as the type the documentation says. Compiled against its own
//! crate it must pass; compiled against the crate of a changed document it is the judge of what "breaks compiling" means.
//!
//! The rules of what a type looks like in Rust stand here a second time, on purpose: a judge that asked the renderer
//! would agree with it about everything.

mod calls;
mod items;
mod types;

pub(crate) use calls::argument;

use generator::analyze::Facts;
use generator::ir::Api;
use generator::name::Names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// What a consumer is derived from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The API.
    pub api: &'a Api,
    /// What `analyze` found.
    pub facts: &'a Facts,
    /// What everything is called.
    pub names: &'a Names,
    /// The variants of `Environment`; none: there is no such type.
    pub environments: &'a [String],
}

/// The consumer's items. They speak of the crate as `sdk`, which is for the caller to bring into scope.
pub fn consumer(known: Known<'_>) -> TokenStream {
    let mut out = vec![quote! {
        /// A value of any type, for code that is only compiled.
        fn v<T>() -> T { loop {} }
        fn readable<T: core::fmt::Debug + Clone + PartialEq + serde::Serialize + serde::de::DeserializeOwned>() {}
        fn open<T: Eq + core::hash::Hash + core::fmt::Display + AsRef<str> + for<'t> From<&'t str>>() {}
        fn from<A, B: From<A>>() {}
        fn defaulted<T: Default>() {}
    }];
    for (id, _) in known.api.defs() {
        if !known.facts.pages.contains_key(&id) && !known.is_flat(id) {
            out.push(items::of_type(known, id));
        }
    }
    for page in &known.facts.page_models {
        out.push(items::of_page(known, *page));
    }
    for operation in 0..known.api.operations.len() {
        out.extend(calls::of_operation(known, operation));
    }
    if !known.environments.is_empty() {
        let variants = known.environments.iter().map(|v| ident(v));
        out.push(quote! {
            fn environments(of: sdk::Environment) -> sdk::Client {
                match of { #(sdk::Environment::#variants => {})* _ => {} }
                sdk::Client::new(of, sdk::Credentials::none())
            }
        });
    }
    out.into_iter().collect()
}

/// A name as a token; raw names (`r#type`) included.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}
