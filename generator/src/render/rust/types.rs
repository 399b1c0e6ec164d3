//! Types of the IR → Rust types, and values of setters → values of fields.

use std::str::FromStr as _;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};

use super::docs;
use crate::ir::{Docs, Scalar, Type, TypeId, TypeKind, Use};
use crate::render::Input;

/// A name made by `name` as a token; raw names (`r#type`) included.
pub fn ident_of(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// How a caller gives a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum How {
    /// As an argument of its own, which converts.
    Argument,
    /// As a field of the struct with all arguments, which has a type that can be named.
    Field,
}

impl Input<'_> {
    /// The name of a type.
    pub fn type_ident(&self, id: TypeId) -> Ident {
        ident_of(&self.names.of_type(id))
    }

    /// A named type; `path` is `models::` outside the models.
    pub(super) fn named(&self, id: TypeId, path: &TokenStream) -> TokenStream {
        if let Some(page) = self.facts.pages.get(&id) {
            let name = ident_of(&self.names.of_page(page.page));
            let item = self.ty(&page.item, path);
            return quote! { #path #name<#item> };
        }
        let name = self.type_ident(id);
        quote! { #path #name }
    }

    /// A type without its nullability.
    pub(in crate::render) fn ty(&self, ty: &Type, path: &TokenStream) -> TokenStream {
        match ty {
            Type::Named(id) => self.named(*id, path),
            Type::List(of) => {
                let item = self.use_of(of, path);
                quote! { Vec<#item> }
            }
            Type::Tuple(of) => {
                let places = of.places.iter().enumerate().map(|(i, place)| match i < of.least {
                    true => self.use_of(place, path),
                    // With a null of its own it may be there or not.
                    false => {
                        let ty = self.ty(&place.ty, path);
                        quote! { runtime::Patch<#ty> }
                    }
                });
                let places = quote! { (#(#places,)*) };
                match &of.rest {
                    None => places,
                    Some(rest) => {
                        let rest = self.use_of(rest, path);
                        quote! { runtime::Tuple<#places, #rest> }
                    }
                }
            }
            Type::Map(of) => {
                let item = self.use_of(of, path);
                quote! { runtime::Map<#item> }
            }
            Type::Any => quote! { runtime::Value },
            Type::Scalar(s) => scalar(*s),
        }
    }

    /// A type with its nullability.
    pub(in crate::render) fn use_of(&self, of: &Use, path: &TokenStream) -> TokenStream {
        let ty = self.ty(&of.ty, path);
        // Any JSON holds null by itself.
        if of.nullable && of.ty != Type::Any {
            quote! { Option<#ty> }
        } else {
            ty
        }
    }

    /// As [`argument`](Self::argument) where it is one by itself; the type as it is where it is a field of a struct.
    pub(super) fn taken(&self, ty: &Type, path: &TokenStream, how: How) -> (TokenStream, TokenStream) {
        match how {
            How::Argument => self.argument(ty, path),
            How::Field => (self.ty(ty, path), quote! { value }),
        }
    }

    /// The argument type of a setter for `ty`, and the expression that makes the value of `value`.
    pub(super) fn argument(&self, ty: &Type, path: &TokenStream) -> (TokenStream, TokenStream) {
        let full = self.ty(ty, path);
        if self.is_into(ty) {
            return (quote! { impl Into<#full> }, quote! { value.into() });
        }
        match ty {
            Type::List(of) if !of.nullable && self.is_into(&of.ty) => {
                let item = self.ty(&of.ty, path);
                (quote! { impl IntoIterator<Item = impl Into<#item>> }, quote! { __private::list(value) })
            }
            Type::List(of) => {
                let item = self.use_of(of, path);
                (quote! { impl IntoIterator<Item = #item> }, quote! { value.into_iter().collect::<Vec<_>>() })
            }
            _ => (full, quote! { value }),
        }
    }

    /// The value of a scalar or an enum that is written so; `None` for what has no such value.
    pub(super) fn value(&self, ty: &Type, models: &TokenStream, text: &str) -> Option<TokenStream> {
        match ty {
            Type::Scalar(Scalar::String) => Some(quote! { #text.to_owned() }),
            Type::Scalar(Scalar::Bool) => Some(ident_of(text).into_token_stream()),
            Type::Scalar(s) if s.is_integer() => {
                Literal::from_str(text).ok().map(|literal| literal.into_token_stream())
            }
            Type::Named(id) => {
                let name = self.type_ident(*id);
                Some(quote! { #models #name::from(#text) })
            }
            Type::Any if text == "null" => Some(quote! { runtime::Value::Null }),
            Type::Scalar(_) | Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Any => None,
        }
    }

    /// Whether callers may pass what converts into the type.
    fn is_into(&self, ty: &Type) -> bool {
        match ty {
            Type::Scalar(s) => s.is_converted(),
            Type::Any => true,
            Type::Named(id) => {
                matches!(self.api.get(*id).map(|d| &d.kind), Some(TypeKind::Enum(_) | TypeKind::Union(_)))
            }
            _ => false,
        }
    }

    /// `#[deprecated(note = "...")]` where the document says so of what responses hold.
    pub(super) fn deprecated(&self, docs: &Docs) -> TokenStream {
        deprecated(docs, "no longer maintained by the API: it may still arrive, do not rely on it")
    }

    /// The same of what a caller asks for: operations and their parameters.
    pub(in crate::render) fn deprecated_call(&self, docs: &Docs) -> TokenStream {
        deprecated(docs, "no longer maintained by the API: it may be removed, do not rely on it")
    }
}

pub(super) fn scalar(s: Scalar) -> TokenStream {
    match s {
        // Base64 text inside JSON; raw bytes never are.
        Scalar::String | Scalar::Binary => quote! { String },
        Scalar::Secret => quote! { runtime::Secret },
        Scalar::Base64 => quote! { runtime::Base64 },
        Scalar::Uuid => quote! { runtime::Uuid },
        Scalar::Date => quote! { runtime::Date },
        Scalar::DateTime => quote! { runtime::DateTime },
        Scalar::Bool => quote! { bool },
        Scalar::I32 => quote! { i32 },
        Scalar::I64 => quote! { i64 },
        Scalar::U32 => quote! { u32 },
        Scalar::U64 => quote! { u64 },
        Scalar::F64 => quote! { f64 },
        Scalar::Number => quote! { runtime::Number },
    }
}

fn deprecated(docs: &Docs, meaning: &str) -> TokenStream {
    if !docs.deprecated {
        return TokenStream::new();
    }
    let note = advice(&docs.text).unwrap_or_else(|| meaning.to_owned());
    quote! { #[deprecated(note = #note)] }
}

/// What the document advises to do about something deprecated; `None` where it says nothing.
pub fn advice(text: &str) -> Option<String> {
    const WORDS: &[&str] = &[
        "deprecat",
        "instead",
        "replaced",
        "removed",
        "no longer",
        "not applicable",
        "superseded",
        "obsolete",
        "use the",
        "use `",
    ];
    let plain = docs::lines(text).join(" ");
    let mut advice = String::new();
    for sentence in plain.split_inclusive(". ") {
        let lower = sentence.to_lowercase();
        if WORDS.iter().any(|w| lower.contains(w)) {
            advice.push_str(sentence.trim_start_matches(['>', ' ', '#', '-']));
        }
    }
    // Markup goes last: the code marks are part of what is looked for.
    let advice = advice.replace(['`', '*', '\\'], "").trim().trim_end_matches('.').to_owned();
    // The compiler says by itself that it is deprecated.
    let said = ["deprecated:", "deprecated.", "deprecated,", "deprecated -", "deprecated"];
    let head = said.iter().find(|head| advice.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head)));
    let advice = match head {
        Some(head) if head.ends_with(|c: char| !c.is_alphabetic()) => {
            advice.get(head.len()..).unwrap_or_default().trim()
        }
        Some(head) if head.len() == advice.len() => "",
        _ => &advice,
    };
    Some(advice.to_owned()).filter(|advice| !advice.is_empty() && advice.len() <= 400)
}

/// `#[doc]` attributes, one a line.
pub(in crate::render) fn doc(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|l| if l.is_empty() { String::new() } else { format!(" {l}") });
    quote! { #(#[doc = #lines])* }
}
