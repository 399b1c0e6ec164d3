//! Enums and unions → items.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::docs;
use super::model::{type_docs, words};
use super::types::{doc, ident_of};
use crate::analyze::{Kinds, kinds};
use crate::ir::{Enum, Type, TypeDef, TypeId, Union};
use crate::name::{RAW, UNRECOGNIZED};
use crate::render::Input;

pub(super) fn enumeration(input: Input<'_>, id: TypeId, def: &TypeDef, e: &Enum, out: &mut Vec<TokenStream>) {
    let name = input.type_ident(id);
    let docs_of_type = type_docs(input, id, def);
    let deprecated = input.deprecated(&def.docs);
    let members = input.names.members.list(id);
    let idents: Vec<Ident> = members.iter().map(|m| ident_of(m)).collect();
    let wires: Vec<&str> = e.values.iter().map(|v| v.wire.as_str()).collect();
    let variants = e.values.iter().zip(&idents).map(|(v, ident)| {
        let mut lines = words(&v.docs);
        if lines.is_empty() {
            lines.push(docs::code(&v.wire));
        }
        let docs = doc(&lines);
        let deprecated = input.deprecated(&v.docs);
        quote! { #docs #deprecated #ident }
    });
    let open = ident_of(UNRECOGNIZED);
    out.push(quote! {
        #docs_of_type
        #deprecated
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #[doc = " A value the document does not list, as it came."]
            #open(Box<str>),
        }
    });
    out.push(open_enum(&name, &wires, &idents, e.numeric));
}

/// What makes an enum open: its values, which variant each is, and all that follows from them.
pub(super) fn open_enum(name: &Ident, wires: &[&str], idents: &[Ident], numeric: bool) -> TokenStream {
    let sort = ident_of(if numeric { "numbers" } else { "texts" });
    let indexes = (0..idents.len()).map(Literal::usize_unsuffixed);
    quote! { runtime::open_enum!(#name, #sort, { #(#indexes => #idents = #wires),* }); }
}

/// A variant of a union.
pub(super) struct Variant {
    /// The choice's type.
    bare: TokenStream,
    /// What the variant holds: the type, or a box of it.
    pub(in crate::render) ty: TokenStream,
    boxed: bool,
    /// Whether the union converts from it.
    pub(super) from: bool,
}

/// The variants of a union, one a choice.
pub(super) fn variants(input: Input<'_>, id: TypeId, u: &Union) -> Vec<Variant> {
    let none = TokenStream::new();
    let requests = input.facts.in_requests.has(id);
    let variant = |ty: &Type| {
        let boxed = match ty {
            Type::Named(id) => !input.api.is_enum(*id),
            // It may lead back to the union.
            Type::Tuple(_) => true,
            Type::List(_) | Type::Map(_) | Type::Scalar(_) | Type::Any => false,
        };
        let bare = input.ty(ty, &none);
        let held = if boxed {
            quote! { Box<#bare> }
        } else {
            bare.clone()
        };
        let same = u.branches.iter().filter(|o| o.ty == *ty).count();
        Variant { bare, ty: held, boxed, from: requests && matches!(ty, Type::Named(_)) && same == 1 }
    };
    u.branches.iter().map(|b| variant(&b.ty)).collect()
}

pub(super) fn union(input: Input<'_>, id: TypeId, def: &TypeDef, u: &Union, out: &mut Vec<TokenStream>) {
    let name = input.type_ident(id);
    let docs_of_type = type_docs(input, id, def);
    let deprecated = input.deprecated(&def.docs);
    let members = input.names.members.list(id);
    let idents: Vec<Ident> = members.iter().map(|m| ident_of(m)).collect();
    let raw = ident_of(RAW);
    let tags = input.facts.tags.get(&id);
    let mut variants = Vec::new();
    let mut branches = Vec::new();
    let mut froms = Vec::new();
    let made = self::variants(input, id, u);
    for (i, ((b, ident), Variant { bare, ty, boxed, from })) in u.branches.iter().zip(&idents).zip(made).enumerate() {
        let mut lines = words(&b.docs);
        lines.truncate(1);
        if lines.first().is_none_or(|l| l.is_empty()) {
            lines = vec![format!("{} of the choices.", ordinal(i))];
        }
        let docs = doc(&lines);
        variants.push(quote! { #docs #ident(#ty) });
        let model = b.ty.named().filter(|t| input.api.model(*t).is_some() && !input.facts.pages.contains_key(t));
        let base = match model {
            Some(t) => {
                let ident = input.type_ident(t);
                quote! { __private::Branch::object(<#ident as runtime::Decode>::SHAPE) }
            }
            None => {
                let mask = mask(kinds(input.api, &b.ty));
                quote! { __private::Branch::kinds(#mask) }
            }
        };
        let tag = tags.and_then(|t| t.get(i)).and_then(Option::as_ref).map(|(property, values)| {
            quote! { .tag(#property, &[#(#values),*]) }
        });
        let index = Literal::usize_unsuffixed(i);
        branches.push(quote! { #index => #ident = #base #tag });
        if from {
            let make = if boxed {
                quote! { Box::new(value) }
            } else {
                quote! { value }
            };
            froms.push(quote! {
                impl From<#bare> for #name {
                    #[inline]
                    fn from(value: #bare) -> Self { Self::#ident(#make) }
                }
            });
        }
    }
    let discriminator = u.discriminator.as_ref().map(|d| quote! { , #d });
    out.push(quote! {
        #docs_of_type
        #deprecated
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #[doc = " What none of the choices explains, as it came."]
            #raw(runtime::Raw),
        }
    });
    out.push(quote! { runtime::union!(#name, { #(#branches),* } #discriminator); });
    out.extend(froms);
}

fn mask(k: Kinds) -> TokenStream {
    let mut parts = Vec::new();
    for (on, name) in [
        (k.object, quote! { __private::OBJECT }),
        (k.array, quote! { __private::ARRAY }),
        (k.string, quote! { __private::STRING }),
        (k.number, quote! { __private::NUMBER }),
        (k.boolean, quote! { __private::BOOL }),
    ] {
        if on {
            parts.push(name);
        }
    }
    quote! { #(#parts)|* }
}

fn ordinal(i: usize) -> String {
    const WORDS: &[&str] =
        &["The first", "The second", "The third", "The fourth", "The fifth", "The sixth", "The seventh", "The eighth"];
    WORDS.get(i).map_or_else(|| format!("Number {}", i + 1), |w| (*w).to_owned())
}
