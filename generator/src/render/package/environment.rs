//! `src/environment.rs`: the servers that the settings or the document name, and types of those that the caller says more of.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Position;
use crate::name::{Choice, Environment, OpenPiece, OpenServer, OpenVariable};
use crate::render::rust::docs;
use crate::render::rust::types::{doc, ident_of};
use crate::render::{Input, RustFile};

/// The enum of those that are whole as they are, and the types of the others; `None` where there is neither.
pub(super) fn file(input: Input<'_>, environments: &[Environment], open: &[OpenServer]) -> Option<RustFile<'static>> {
    let mut items = Vec::new();
    if !environments.is_empty() {
        items = enumeration(input, environments);
    } else if !open.is_empty() {
        items.push(quote! { use crate::runtime::Server; });
    }
    items.extend(open.iter().flat_map(of_open));
    let head = vec!["Where the API is.".to_owned()];
    (!items.is_empty()).then(|| RustFile::new("src/environment.rs", head, items))
}

/// The enum, and how it is made of a name.
fn enumeration(input: Input<'_>, environments: &[Environment]) -> Vec<TokenStream> {
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
    vec![
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
    ]
}

/// A server that the caller says more of: the struct, the enums of its variables, and what makes a `Server` of it.
fn of_open(open: &OpenServer) -> Vec<TokenStream> {
    let ident = ident_of(&open.ident);
    let mut items: Vec<TokenStream> =
        open.variables.iter().filter_map(|v| Some(of_choice(v, v.choice.as_ref()?))).collect();
    let mut lines = vec![format!("The server {}, with what the caller says of it.", docs::code(&open.url))];
    let about = docs::lines(&open.about);
    if !about.is_empty() {
        lines.push(String::new());
        lines.extend(about);
    }
    lines.extend([
        String::new(),
        "A value that its place in the address cannot have makes a server that no client can be built for.".to_owned(),
    ]);
    let lines = doc(&lines);
    let (mut fields, mut values, mut setters) = (Vec::new(), Vec::new(), Vec::new());
    for (i, v) in open.variables.iter().enumerate() {
        let field = ident_of(&v.ident);
        let given = open.hostless && i == 0;
        let (ty, value, argument, set) = match &v.choice {
            Some(choice) => {
                let ty = ident_of(&choice.ident);
                let variant =
                    choice.values.iter().find(|(_, value)| *value == v.default).map(|(ident, _)| ident_of(ident));
                (quote! { #ty }, quote! { #ty::#variant }, quote! { #ty }, quote! { value })
            }
            None => {
                let default = &v.default;
                let value = if given {
                    quote! { host.into() }
                } else {
                    quote! { String::from(#default) }
                };
                (quote! { String }, value, quote! { impl Into<String> }, quote! { value.into() })
            }
        };
        fields.push(quote! { #field: #ty });
        values.push(quote! { #field: #value });
        if !given {
            let mut lines = docs::lines(&v.about);
            if lines.is_empty() {
                lines.push(format!("The variable {}.", docs::code(&v.wire)));
            }
            lines.extend([String::new(), format!("{} where nothing is chosen.", docs::code(&v.default))]);
            let lines = doc(&lines);
            setters.push(quote! {
                #lines
                pub fn #field(mut self, value: #argument) -> Self {
                    self.#field = #set;
                    self
                }
            });
        }
    }
    let new = match open.variables.first() {
        Some(host) if open.hostless => {
            let about = doc(&["The server on this host.".to_owned(), String::new(), host.about.clone()]);
            quote! { #about pub fn new(host: impl Into<String>) -> Self { Self { #(#values),* } } }
        }
        _ => quote! {
            /// The server where nothing is chosen.
            pub fn new() -> Self { Self { #(#values),* } }
        },
    };
    let default = (!open.hostless).then(|| {
        quote! { impl Default for #ident { fn default() -> Self { Self::new() } } }
    });
    let pieces = open.pieces.iter().map(|piece| match piece {
        OpenPiece::Text(text) => quote! { (__private::Position::Text, #text) },
        OpenPiece::Variable(i, position) => {
            let position = ident_of(position_name(*position));
            let value = open.variables.get(*i).map(|v| {
                let field = ident_of(&v.ident);
                match v.choice {
                    Some(_) => quote! { server.#field.value() },
                    None => quote! { &server.#field },
                }
            });
            quote! { (__private::Position::#position, #value) }
        }
    });
    let wire = &open.wire;
    items.push(quote! {
        #lines
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct #ident { #(#fields),* }
    });
    items.push(quote! { impl #ident { #new #(#setters)* } });
    items.extend(default);
    items.push(quote! {
        impl From<#ident> for Server {
            fn from(server: #ident) -> Self {
                use crate::runtime::__private;
                __private::server_of(#wire, &[#(#pieces),*])
            }
        }
    });
    items
}

/// The enum of a variable's values.
fn of_choice(variable: &OpenVariable, choice: &Choice) -> TokenStream {
    let ident = ident_of(&choice.ident);
    let about = doc(&[format!("The values of the variable {}.", docs::code(&variable.wire))]);
    let (mut variants, mut arms) = (Vec::new(), Vec::new());
    for (variant, value) in &choice.values {
        let variant = ident_of(variant);
        let line = doc(&[docs::code(value)]);
        variants.push(quote! { #line #variant });
        arms.push(quote! { Self::#variant => #value });
    }
    quote! {
        #about
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident { #(#variants),* }
        impl #ident {
            /// As it is in the address.
            pub const fn value(self) -> &'static str { match self { #(#arms),* } }
        }
    }
}

/// The variant of the runtime's `Position`.
fn position_name(position: Position) -> &'static str {
    match position {
        Position::Scheme => "Scheme",
        Position::Host => "Host",
        Position::Segment => "Segment",
        Position::Path => "Path",
        Position::Whole => "Whole",
    }
}
