//! Earlier names → deprecated items beside the new ones: who still uses them is told, and not broken.
//!
//! A type's is a `type` of the old name, a method's a function that calls the new one, a handle's (its tag was renamed) a
//! handle that forwards, so that a call gets one warning whatever of it was renamed.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::operation::Items;
use super::setter::setter;
use super::types::{How, doc, ident_of};
use crate::ir::TypeId;
use crate::name::{Alias, AliasOf};
use crate::render::Input;

/// The earlier names of a type.
pub(in crate::render) fn of_type(input: Input<'_>, id: TypeId, out: &mut Vec<TokenStream>) {
    let name = input.type_ident(id);
    for alias in &input.names.aliases {
        let now = match alias.of {
            AliasOf::Type(of) if of == id => Some(name.clone()),
            AliasOf::TypeArgs(of) if of == id => input.names.args_of(id).map(|args| ident_of(args)),
            _ => None,
        };
        out.extend(now.map(|now| another_name(alias, &alias.name, &now)));
    }
}

/// The earlier names of the builder of operation `i`, and of what it gives by status, each with the name of today.
fn of_builder<'a>(input: Input<'a>, i: usize) -> impl Iterator<Item = (&'a Alias, &'a crate::base::Ident)> {
    let names = input.names.operations.get(i);
    input.names.aliases.iter().filter_map(move |alias| {
        let names = names?;
        let now = match alias.of {
            AliasOf::Builder(of) if of == i => &names.builder,
            AliasOf::Answer(of) if of == i => names.answer.as_ref().map_or(&names.builder, |answer| &answer.ty),
            AliasOf::BuilderArgs(of) if of == i => names.args.as_ref().unwrap_or(&names.builder),
            _ => return None,
        };
        Some((alias, now))
    })
}

/// Those names alone.
pub(super) fn names_of_builder<'a>(input: Input<'a>, i: usize) -> impl Iterator<Item = Ident> + 'a {
    of_builder(input, i).map(|(alias, _)| ident_of(&alias.name))
}

/// Their items.
pub(super) fn items_of_builder(input: Input<'_>, i: usize, out: &mut Items) {
    out.rest.extend(of_builder(input, i).map(|(alias, now)| another_name(alias, &alias.name, &ident_of(now))));
}

fn another_name(alias: &Alias, old: &str, new: &Ident) -> TokenStream {
    let old = ident_of(old);
    let line = doc(&[format!("The earlier name of [`{new}`].")]);
    let note = &alias.note;
    quote! {
        #line
        #[deprecated(note = #note)]
        pub type #old = #new;
    }
}

/// The functions by their earlier names on the handle of tag `t`, also of operations that have moved elsewhere.
pub(super) fn methods(input: Input<'_>, t: usize) -> Vec<TokenStream> {
    let Some(tag) = input.names.tags.get(t) else { return Vec::new() };
    let here = input.names.aliases.iter().filter_map(|alias| match &alias.of {
        AliasOf::Method { operation, accessor, .. } if *accessor == tag.accessor => Some((alias, *operation)),
        _ => None,
    });
    here.filter_map(|(alias, i)| {
        let note = &alias.note;
        let to = input.api.operations.get(i)?.tag;
        let gate = (to != t).then(|| super::features::gate(input, to));
        forward(input, i, &alias.name, to == t, &quote! { #[deprecated(note = #note)] #gate })
    })
    .collect()
}

/// Handles that no tag has any more: accessors of the client, and the handles themselves.
pub(super) fn handles(input: Input<'_>, accessors: &mut Vec<TokenStream>, items: &mut Vec<TokenStream>) {
    let mut gone: BTreeMap<(&str, &str), Vec<(&Alias, usize)>> = BTreeMap::new();
    for alias in &input.names.aliases {
        if let AliasOf::Method { operation, accessor, handle: Some(handle) } = &alias.of {
            gone.entry((accessor, handle)).or_default().push((alias, *operation));
        }
    }
    let mut structs = Vec::new();
    for ((accessor, handle), methods) in gone {
        let Some((first, _)) = methods.first() else { continue };
        let until = first.note.split_once("; ").map(|(_, rest)| rest).unwrap_or_default();
        let note = format!("its functions are on other handles; {until}");
        let (accessor, handle) = (ident_of(accessor), ident_of(handle));
        let tags = methods.iter().filter_map(|(_, i)| Some(input.api.operations.get(*i)?.tag));
        let gate = super::features::gate_all(input, tags);
        accessors.push(quote! {
            /// An earlier handle, whose operations hang on others now.
            #gate
            #[deprecated(note = #note)]
            #[inline]
            pub fn #accessor(&self) -> #handle<'_> { #handle { client: self } }
        });
        let functions = methods.iter().filter_map(|(alias, i)| forward(input, *i, &alias.name, false, &quote! {}));
        structs.push(quote! {
            /// An earlier handle, whose operations hang on others now.
            #gate
            #[deprecated(note = #note)]
            #[derive(Debug, Clone, Copy)]
            pub struct #handle<'c> {
                pub(super) client: &'c client::Client,
            }
            #gate
            impl #handle<'_> { #(#functions)* }
        });
    }
    if !structs.is_empty() {
        // A module of its own: a tag's module may be called `models` too.
        items.push(quote! {
            mod earlier_handles_ {
                use super::*;
                use crate::runtime::{self, __private}; use crate::{client, models};
                #(#structs)*
            }
            pub use earlier_handles_::*;
        });
    }
}

/// A function `old` that calls what operation `i` is called now.
fn forward(input: Input<'_>, i: usize, old: &str, same_handle: bool, attribute: &TokenStream) -> Option<TokenStream> {
    let op = input.operations().nth(i)?;
    let names = op.names;
    let tag = input.names.tags.get(op.declared.tag)?;
    let (mut arguments, mut values) = (Vec::new(), Vec::new());
    let path = (!same_handle).then(|| quote! { crate::api::requests:: });
    match &names.args {
        Some(args) => {
            let args = ident_of(args);
            arguments.push(quote! { args: #path #args });
            values.push(ident_of("args"));
        }
        None => {
            for s in &names.plan.arguments {
                let ident = ident_of(&s.ident);
                if let Some((argument, _)) = setter(input, op, s, (&ident, How::Argument), &quote! { request }) {
                    arguments.push(quote! { #ident: #argument });
                    values.push(ident);
                }
            }
        }
    }
    let (old, new, builder) = (ident_of(old), ident_of(&names.method), ident_of(&names.builder));
    let line = doc(&[format!("The earlier name of [`{}::{new}`].", tag.handle)]);
    let accessor = ident_of(&tag.accessor);
    let call = if same_handle {
        quote! { self.#new(#(#values),*) }
    } else {
        quote! { self.client.#accessor().#new(#(#values),*) }
    };
    Some(quote! {
        #line
        #attribute
        #[inline]
        pub fn #old(&self, #(#arguments),*) -> #path #builder { #call }
    })
}
