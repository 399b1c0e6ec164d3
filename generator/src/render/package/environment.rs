//! `src/environment.rs`: the servers that the settings name.

use proc_macro2::TokenStream;
use quote::quote;

use crate::name::Environment;
use crate::render::rust::docs;
use crate::render::rust::types::{doc, ident_of};
use crate::render::{Input, RustFile};

/// The enum of them.
pub(super) fn file(input: Input<'_>, environments: &[Environment]) -> RustFile {
    let mut variants: Vec<TokenStream> = Vec::new();
    let mut arms: Vec<TokenStream> = Vec::new();
    let mut names: Vec<TokenStream> = Vec::new();
    let default = input.settings.default_environment().map(|e| e.name.to_string());
    for e in environments {
        let ident = ident_of(&e.ident);
        let url = docs::code(&e.url);
        let about = e.about.trim();
        let lines = if about.is_empty() { vec![format!("{url}.")] } else { docs::lines(&format!("{url}: {about}")) };
        let lines = doc(&lines);
        let is_default = match &default {
            Some(name) => *name == e.wire,
            None => variants.is_empty(),
        };
        let mark = is_default.then(|| quote! { #[default] });
        variants.push(quote! { #lines #mark #ident });
        let (wire, url) = (&e.wire, &e.url);
        let make = if e.credentials {
            quote! { new }
        } else {
            quote! { without_credentials }
        };
        arms.push(quote! { Self::#ident => Server::#make(#wire, #url) });
        names.push(quote! { if text.eq_ignore_ascii_case(#wire) { return Ok(Self::#ident); } });
    }
    let items = vec![
        quote! { use crate::runtime::Server; },
        quote! {
            /// The servers of the API. Any other base URL will do too: see [`Server`].
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
            #[non_exhaustive]
            pub enum Environment { #(#variants),* }
        },
        quote! {
            impl Environment {
                /// Where it is.
                pub const fn server(self) -> Server {
                    match self { #(#arms),* }
                }
            }
        },
        quote! {
            impl From<Environment> for Server {
                fn from(environment: Environment) -> Self { environment.server() }
            }
        },
        quote! {
            /// Names in any case.
            impl core::str::FromStr for Environment {
                type Err = UnknownEnvironment;
                fn from_str(text: &str) -> Result<Self, UnknownEnvironment> {
                    #(#names)*
                    Err(UnknownEnvironment)
                }
            }
        },
        quote! {
            /// There is no environment of this name.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[non_exhaustive]
            pub struct UnknownEnvironment;
        },
        quote! {
            impl core::fmt::Display for UnknownEnvironment {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str("no environment of this name") }
            }
        },
        quote! {
            impl core::error::Error for UnknownEnvironment {}
        },
    ];
    RustFile { path: "src/environment.rs".to_owned(), head: vec!["Where the API is.".to_owned()], items }
}
