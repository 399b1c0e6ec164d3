//! `src/credentials.rs`: a function of `Credentials` for each security scheme of the document, by its name.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{SecurityKind, SecurityScheme};
use crate::name::{CredentialName, credentials};
use crate::render::rust::docs;
use crate::render::rust::model::words;
use crate::render::rust::operation::key_place;
use crate::render::rust::types::{doc, ident_of};
use crate::render::{Input, RustFile};

/// Each scheme that credentials can be made for, with its name.
pub(super) fn all<'a>(input: Input<'a>) -> Vec<(&'a SecurityScheme, CredentialName)> {
    let named = credentials(input.settings, input.api);
    let scheme = |name: &CredentialName| input.api.security_schemes.iter().find(|s| s.wire == name.scheme);
    named.into_iter().filter_map(|name| Some((scheme(&name)?, name))).collect()
}

/// The file; `None` where every scheme has a function that all APIs have.
pub(super) fn file(input: Input<'_>) -> Option<RustFile<'static>> {
    let own: Vec<TokenStream> = all(input)
        .iter()
        .filter(|(_, name)| !name.common)
        .map(|(scheme, name)| function(input, scheme, name))
        .collect();
    let head = "What callers prove who they are with: a function for each security scheme of the document.";
    (!own.is_empty()).then(|| {
        let items = vec![quote! { use crate::runtime; }, quote! { impl runtime::Credentials { #(#own)* } }];
        RustFile::new("src/credentials.rs", vec![head.to_owned()], items)
    })
}

fn function(input: Input<'_>, scheme: &SecurityScheme, name: &CredentialName) -> TokenStream {
    let (wire, ident) = (&scheme.wire, ident_of(&name.ident));
    let (what, arguments, made) = match &scheme.kind {
        SecurityKind::Basic => (
            "a user name and a password",
            quote! { id: impl Into<String>, password: impl Into<String> },
            quote! { Self::basic(id, password) },
        ),
        SecurityKind::Bearer => ("a bearer token", quote! { token: impl Into<String> }, quote! { Self::bearer(token) }),
        SecurityKind::Token => (
            "a token, or a source that is asked for one before each call",
            quote! { source: impl runtime::TokenSource + 'static },
            quote! { Self::token(source) },
        ),
        SecurityKind::ApiKey { location, name } => {
            let place = key_place(*location);
            (
                "a key",
                quote! { key: impl Into<String> },
                quote! { Self::api_key(runtime::KeyPlace::#place, #name, key) },
            )
        }
        SecurityKind::Other(_) => return TokenStream::new(),
    };
    let mut lines = vec![format!("For the security scheme {}: {what}.", docs::code(wire))];
    let said = words(&scheme.docs);
    if !said.is_empty() {
        lines.push(String::new());
        lines.extend(said);
    }
    if !scheme.scopes.is_empty() {
        lines.extend([String::new(), "Scopes:".to_owned(), String::new()]);
        lines.extend(scheme.scopes.iter().map(|(scope, about)| {
            let about = docs::first_paragraph(about);
            let scope = docs::code(scope);
            if about.is_empty() { format!("- {scope}") } else { format!("- {scope}: {}", docs::plain(&about)) }
        }));
    }
    let (lines, deprecated) = (doc(&lines), input.deprecated_call(&scheme.docs));
    quote! {
        #lines
        #deprecated
        pub fn #ident(#arguments) -> Self { #made.of_scheme(#wire) }
    }
}

/// How an example calls the function of a scheme.
pub(super) fn example(scheme: &SecurityScheme, name: &CredentialName) -> String {
    let arguments = match &scheme.kind {
        SecurityKind::Basic => "\"id\", \"password\"",
        SecurityKind::Bearer | SecurityKind::Token => "\"token\"",
        SecurityKind::ApiKey { .. } => "\"key\"",
        SecurityKind::Other(_) => "",
    };
    format!("Credentials::{}({arguments})", name.ident)
}
