//! Types of the IR as the documentation of a generated crate shows them, and what a caller may pass for them.

use super::{Known, ident};
use generator::analyze::Mention;
use generator::ir::{Field, Scalar, Type, TypeDef, TypeId, TypeKind, Use};
use generator::render::surface;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// What may be passed for an argument: the value itself and, where texts are taken for it, a text.
pub(super) struct Values {
    /// The value's type.
    pub(super) ty: TokenStream,
    pub(super) exact: TokenStream,
    pub(super) text: TokenStream,
    /// Borrowed, where that is enough.
    pub(super) lent: TokenStream,
}

impl Values {
    fn only(ty: TokenStream) -> Self {
        let exact = quote! { v::<#ty>() };
        Self { ty, text: exact.clone(), lent: exact.clone(), exact }
    }

    pub(super) fn of(ty: TokenStream, text: TokenStream) -> Self {
        let exact = quote! { v::<#ty>() };
        Self { ty, lent: exact.clone(), exact, text: quote! { v::<#text>() } }
    }
}

/// How a member stands in its model.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Plain,
    Option,
    Patch,
}

impl Known<'_> {
    pub(crate) fn def(&self, id: TypeId) -> &TypeDef {
        self.api.get(id).expect("a type of the API")
    }

    pub(super) fn in_requests(&self, id: TypeId) -> bool {
        self.facts.in_requests.has(id)
    }

    /// Whether a type is nothing but the body of one operation that has its members as setters.
    pub(super) fn is_flat(&self, id: TypeId) -> bool {
        matches!(self.facts.mentions.list(id), [Mention::Request(i)]
            if self.names.operations[*i].plan.flat == Some(id))
    }

    pub(super) fn is_enum(&self, ty: &Type) -> bool {
        ty.named().is_some_and(|id| matches!(self.def(id).kind, TypeKind::Enum(_)))
    }

    /// A type without its nullability.
    pub(super) fn ty(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Named(id) => match self.facts.pages.get(id) {
                Some(page) => {
                    let (name, item) = (ident(&self.names.pages[page.page]), self.ty(&page.item));
                    quote! { sdk::models::#name<#item> }
                }
                None => {
                    let name = ident(self.names.types.of(*id).expect("a name"));
                    quote! { sdk::models::#name }
                }
            },
            Type::List(of) => {
                let item = self.place(of);
                quote! { Vec<#item> }
            }
            Type::Tuple(of) => {
                let places = of.places.iter().enumerate().map(|(i, place)| match i < of.least {
                    true => self.place(place),
                    false => {
                        let ty = self.ty(&place.ty);
                        quote! { sdk::Patch<#ty> }
                    }
                });
                let places = quote! { (#(#places,)*) };
                match of.rest.as_ref().map(|of| self.place(of)) {
                    Some(rest) => quote! { sdk::Tuple<#places, #rest> },
                    None => places,
                }
            }
            Type::Map(of) => {
                let item = self.place(of);
                quote! { sdk::Map<#item> }
            }
            Type::Any => quote! { sdk::Value },
            Type::Scalar(scalar) => {
                let name = surface::scalar(*scalar);
                let word = format_ident!("{name}");
                // What is Rust's own is written so everywhere.
                let own = name == "String" || name.starts_with(char::is_lowercase);
                if own {
                    quote! { #word }
                } else {
                    quote! { sdk::#word }
                }
            }
        }
    }

    /// A type where it is used.
    pub(super) fn place(&self, of: &Use) -> TokenStream {
        let ty = self.ty(&of.ty);
        if of.nullable && of.ty != Type::Any {
            quote! { Option<#ty> }
        } else {
            ty
        }
    }

    /// How a member stands in its model.
    pub(super) fn held(&self, id: TypeId, field: &Field) -> Held {
        let requests = self.in_requests(id);
        let one_way = field.read_only && requests || field.write_only && self.facts.in_responses.has(id);
        match (field.required && !one_way, field.of.nullable) {
            (true, true) if field.of.ty != Type::Any => Held::Option,
            (true, _) => Held::Plain,
            (false, true) if requests => Held::Patch,
            (false, _) => Held::Option,
        }
    }

    /// The type of a member in its model.
    pub(super) fn member(&self, id: TypeId, index: usize, field: &Field) -> TokenStream {
        let mut ty = match &field.of.ty {
            Type::List(of) if self.facts.records.contains(&(id, index)) => {
                let item = self.ty(&of.ty);
                quote! { sdk::Records<#item> }
            }
            ty => self.ty(ty),
        };
        if self.facts.boxed.contains(&(id, index)) {
            ty = quote! { Box<#ty> };
        }
        match self.held(id, field) {
            Held::Plain => ty,
            Held::Option => quote! { Option<#ty> },
            Held::Patch => quote! { sdk::Patch<#ty> },
        }
    }

    /// Whether a text may stand for the type.
    fn is_text(&self, ty: &Type) -> bool {
        let scalar = matches!(
            ty,
            Type::Scalar(
                Scalar::String | Scalar::Binary | Scalar::Secret | Scalar::Uuid | Scalar::Date | Scalar::DateTime
            ) | Type::Any
        );
        scalar || self.is_enum(ty)
    }

    /// What a caller may pass for a type.
    pub(super) fn values(&self, ty: &Type) -> Values {
        let full = self.ty(ty);
        match ty {
            Type::Scalar(Scalar::String | Scalar::Uuid | Scalar::Date | Scalar::DateTime) => {
                let lent = quote! { v::<&#full>() };
                Values { lent, ..Values::of(full, quote! { &str }) }
            }
            ty if self.is_text(ty) => Values::of(full, quote! { &str }),
            Type::List(of) if !of.nullable && self.is_text(&of.ty) => Values::of(full, quote! { [&str; 2] }),
            Type::List(of) => {
                let item = self.place(of);
                Values::of(full, quote! { [#item; 2] })
            }
            _ => Values::only(full),
        }
    }
}
