//! The generic page: list answers that differ only in their records.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::model::{Member, flags, has_blank, held, listed, words};
use super::types::{doc, ident_of};
use crate::ir::{Scalar, Type, TypeKind};
use crate::render::Input;

/// The items of every generic page.
pub(in crate::render) fn items(input: Input<'_>, out: &mut Vec<TokenStream>) {
    for (id, name) in input.facts.page_models.iter().zip(&input.names.pages) {
        let Some(TypeKind::Model(model)) = input.api.get(*id).map(|d| &d.kind) else { continue };
        let Some(of) = input.facts.pages.get(id) else { continue };
        let name = ident_of(name);
        let members = input.names.members.list(*id);
        let (mut fields, mut shown) = (Vec::new(), Vec::new());
        for (i, (field, ident)) in model.fields.iter().zip(members).enumerate() {
            let ident = ident_of(ident);
            let held = held(input, *id, i, field);
            let ty = if i == of.items {
                quote! { runtime::Records<T> }
            } else {
                held.ty.clone()
            };
            let mut lines = words(&field.docs);
            if i == of.items {
                lines = vec!["The records of this page.".to_owned()];
            }
            if lines.is_empty() {
                lines.push(format!("The member {}.", docs::code(&field.wire)));
            }
            let line = doc(&lines);
            fields.push(quote! { #line pub #ident: #ty });
            let blank = i == of.items || has_blank(&field.of.ty, &held);
            shown.push(Member { wire: &field.wire, flags: flags(field, &held), ident, blank });
        }
        let Some(records) = members.get(of.items).map(|ident| ident_of(ident)) else { continue };
        let next = match (members.get(of.next).map(|ident| ident_of(ident)), model.fields.get(of.next)) {
            (Some(ident), Some(field)) if field.of.ty == Type::Scalar(Scalar::String) => {
                if !field.required || field.nullable() {
                    quote! { self.#ident.as_deref() }
                } else {
                    quote! { Some(self.#ident.as_str()) }
                }
            }
            _ => quote! { None },
        };
        out.push(quote! {
            /// One page of records.
            #[derive(Debug, Clone, PartialEq)]
            #[non_exhaustive]
            pub struct #name<T> {
                #(#fields,)*
                /// Properties that the document does not declare, and the original JSON of values that could not be read as declared.
                pub extra: runtime::Extra,
            }
        });
        let (index, shown) = (Literal::usize_unsuffixed(of.items), listed(&shown));
        out.push(quote! { runtime::json_object!(#name<T> page #index, #shown); });
        out.push(quote! {
            impl<T: runtime::Decode + __private::Field + PartialEq> runtime::Paged for #name<T> {
                type Item = T;
                fn next_url(&self) -> Option<&str> { #next }
                fn into_items(self) -> Vec<Result<T, runtime::InvalidItem>> { self.#records.into_results() }
            }
        });
        out.push(quote! {
            #[cfg(feature = "serde")]
            impl<T: runtime::Decode + __private::Field + PartialEq> __private::serde::Serialize for #name<T> {
                fn serialize<S: __private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    __private::serialize(self, serializer)
                }
            }
        });
        out.push(quote! {
            #[cfg(feature = "serde")]
            impl<'de, T: runtime::Decode + __private::Field + PartialEq> __private::serde::Deserialize<'de> for #name<T> {
                fn deserialize<D: __private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    __private::deserialize(deserializer)
                }
            }
        });
    }
}
