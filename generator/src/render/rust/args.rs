//! The struct with the arguments of a function, where they are given by their names.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::types::doc;

/// A field of such a struct.
pub(super) struct Arg {
    /// What it is called.
    pub(super) ident: Ident,
    /// Its type, which can be named: no `impl Into`.
    pub(super) ty: TokenStream,
    /// What the document says of it.
    pub(super) lines: Vec<String>,
    /// What the compiler says to whoever gives it.
    pub(super) deprecated: TokenStream,
    /// A secret whose type prints it.
    pub(super) secret: bool,
}

/// The struct that `function` takes: whoever builds it names every field, so it grows only where callers must change anyway.
pub(super) fn item(name: &Ident, function: &str, args: &[Arg]) -> TokenStream {
    let about = doc(&[format!("What [`{function}`] takes.")]);
    let fields = args.iter().map(|Arg { ident, ty, lines, deprecated, .. }| {
        let lines = doc(lines);
        quote! { #lines #deprecated pub #ident: #ty }
    });
    let (derive, debug) = match args.iter().any(|arg| arg.secret) {
        false => (quote! { #[derive(Debug, Clone)] }, TokenStream::new()),
        true => (quote! { #[derive(Clone)] }, debug(name, args)),
    };
    quote! {
        #about
        #derive
        pub struct #name { #(#fields,)* }
        #debug
    }
}

/// `Debug` that does not print secrets.
fn debug(name: &Ident, args: &[Arg]) -> TokenStream {
    let text = name.to_string();
    let fields = args.iter().map(|Arg { ident, secret, .. }| {
        let wire = ident.to_string();
        let label = wire.trim_start_matches("r#");
        match secret {
            true => quote! { .field(#label, &::std::format_args!("Secret(..)")) },
            false => quote! { .field(#label, &self.#ident) },
        }
    });
    quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#text) #(#fields)* .finish()
            }
        }
    }
}
