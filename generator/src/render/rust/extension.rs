//! Methods of an API for the runtime's own types. In a crate with a copy of the runtime they are simply methods; a runtime that is a
//! crate of its own cannot be given any, so there they become those of traits.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident_of;
use crate::render::Input;
use crate::settings::Runtime;

/// The types of the runtime that get methods.
const TYPES: &[&str] = &["Credentials", "Error", "ErrorItem"];

/// The type of the runtime that an item gives methods. A block of anything but public methods is none: the compiler then says that it
/// cannot be, and nothing is dropped or made public in silence.
fn extended(item: &syn::Item) -> Option<(&syn::ItemImpl, &syn::Ident)> {
    let syn::Item::Impl(of) = item else { return None };
    let syn::Type::Path(path) = &*of.self_ty else { return None };
    // By its whole name: a document may have types and tags called like one of the runtime's.
    let mut names = path.path.segments.iter().rev().map(|segment| &segment.ident);
    let (ident, above) = (names.next()?, names.next()?);
    let public =
        |item: &syn::ImplItem| matches!(item, syn::ImplItem::Fn(f) if matches!(f.vis, syn::Visibility::Public(_)));
    (of.trait_.is_none() && above == "runtime" && TYPES.iter().any(|name| ident == name) && of.items.iter().all(public))
        .then_some((of, ident))
}

/// Items with a trait in the place of every such block; as they were where there is none.
pub fn traits(items: TokenStream) -> TokenStream {
    let Ok(file) = syn::parse2::<syn::File>(items.clone()) else { return items };
    if !file.items.iter().any(|item| extended(item).is_some()) {
        return items;
    }
    let all = file.items.iter().map(|item| match extended(item) {
        Some((of, ident)) => as_trait(of, ident),
        None => quote! { #item },
    });
    quote! { use crate::ext::*; #(#all)* }
}

fn as_trait(of: &syn::ItemImpl, ident: &syn::Ident) -> TokenStream {
    let (ty, name) = (&of.self_ty, ident_of(&crate::name::extension("", &ident.to_string())));
    let about = format!(" What this API adds to [`{ident}`](runtime::{ident}).");
    let methods = of.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(method),
        _ => None,
    });
    let (mut declared, mut bodies) = (Vec::new(), Vec::new());
    for method in methods {
        let (signature, body) = (&method.sig, &method.block);
        // Documentation and `must_use` are for the declaration, `inline` for the body.
        let (inner, outer): (Vec<_>, Vec<_>) = method.attrs.iter().partition(|attr| attr.path().is_ident("inline"));
        declared.push(quote! { #(#outer)* #signature; });
        bodies.push(quote! { #(#inner)* #signature #body });
    }
    quote! {
        #[doc = #about]
        pub trait #name { #(#declared)* }
        impl #name for #ty { #(#bodies)* }
    }
}

/// The module by which all of them are brought in, where there are any.
pub(in crate::render) fn module(input: Input<'_>) -> Option<TokenStream> {
    if input.settings.package.runtime == Runtime::Copy {
        return None;
    }
    let mut traits = Vec::new();
    if !input.settings.errors.codes.is_empty() {
        traits.push(quote! { pub use crate::error_codes::{ErrorExt, ErrorItemExt}; });
    }
    if crate::name::credentials(input.settings, input.api).iter().any(|name| !name.common) {
        traits.push(quote! { pub use crate::credentials::CredentialsExt; });
    }
    for (path, text) in crate::render::extra_files(input) {
        let Ok(file) = syn::parse_file(&text) else { continue };
        let module = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        let path: Vec<_> = module.split('/').map(ident_of).collect();
        for (_, ident) in file.items.iter().filter_map(extended) {
            // Every one of them can be named: two SDKs may give one type methods of one name.
            let own = ident_of(&crate::name::extension("", &ident.to_string()));
            let name = ident_of(&crate::name::extension(module, &ident.to_string()));
            traits.push(quote! { pub use crate::#(#path)::*::#own as #name; });
        }
    }
    (!traits.is_empty()).then(|| {
        quote! {
            /// What this API adds to types of the runtime, as traits: the runtime is a crate of its own.
            pub mod ext { #(#traits)* }
        }
    })
}

/// A hand-written file with traits in the place of such blocks.
///
/// # Errors
/// When it cannot be formatted, which is a bug.
pub fn rewritten(text: &str, format: impl Fn(TokenStream) -> Result<String, String>) -> Result<String, String> {
    let Ok(file) = syn::parse_file(text) else { return Ok(text.to_owned()) };
    if !file.items.iter().any(|item| extended(item).is_some()) {
        return Ok(text.to_owned());
    }
    let head: String =
        text.lines().take_while(|line| line.starts_with("//!")).map(|line| format!("{line}\n")).collect();
    let items = &file.items;
    Ok(format!("{head}\n{}", format(traits(quote! { #(#items)* }))?))
}
