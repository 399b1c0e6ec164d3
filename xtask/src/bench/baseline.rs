//! The baseline of `cargo xtask bench`: the same models with serde's derives, as other generators write them, and for the crate
//! and for the baseline a function that reads a body.
//!
//! Same fields and names, dates as text, unknown members dropped, no `flatten`, unions untagged. Never part of a generated crate.
//! The two functions are for crates of their own, so that a change of one does not compile the other anew.

use proc_macro2::TokenStream;
use quote::quote;

use generator::ir::{Content, Enum, Field, Model, Scalar, Type, TypeId, TypeKind, Union, Use};
use generator::name::{RAW, UNRECOGNIZED};
use generator::render::{Input, RustFile, body_type, ident_of};

/// What the baseline does with enums, and how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Baseline {
    /// As the crate does: a value that is not listed is kept, by an untagged variant, which is serde's way to say so. Read from bytes.
    Same,
    /// As fast as serde's derives get: a value that is not listed is lost. Read from text, after one check that it is UTF-8.
    Lean,
}

/// The baseline: its models and `read(operation, status, body)`, for a crate that depends on serde with its derives and on serde_json.
pub(crate) fn baseline(input: Input<'_>, how: Baseline) -> RustFile<'static> {
    let mut items = vec![quote! { use serde::Deserialize; }];
    for (id, def) in input.api.defs() {
        if !input.facts.in_responses.has(id) {
            continue;
        }
        items.push(match &def.kind {
            TypeKind::Model(model) => model_of(input, id, model),
            TypeKind::Enum(of) => enum_of(input, id, of, how),
            TypeKind::Union(union) => union_of(input, id, union),
        });
    }
    let arms = arms(input, |of, _| use_of(input, of));
    let value = match how {
        Baseline::Same => quote! { serde_json::from_slice::<T>(body) },
        Baseline::Lean => quote! { serde_json::from_str::<T>(std::str::from_utf8(body).ok()?) },
    };
    items.push(quote! {
        fn with<T: serde::de::DeserializeOwned + 'static>(body: &[u8]) -> Option<Box<dyn std::any::Any>> {
            match #value {
                Ok(value) => Some(Box::new(value)),
                Err(_) => None,
            }
        }
    });
    items.push(read(&arms));
    let head = vec!["The same models with serde's derives, to be measured against.".to_owned()];
    RustFile::new("src/lib.rs", head, items)
}

/// The same `read` with the crate `name`, for a crate that depends on it.
pub(crate) fn reader(input: Input<'_>, name: &str) -> RustFile<'static> {
    let name = ident_of(&name.replace('-', "_"));
    let arms = arms(input, |_, content| body_type(input, content).0);
    let items = vec![
        quote! { use #name::{__private, __private as runtime, models}; },
        quote! {
            fn with<T: runtime::Decode + 'static>(body: &[u8]) -> Option<Box<dyn std::any::Any>> {
                match runtime::from_json::<T>(body, runtime::Mode::default()) {
                    Ok(read) => Some(Box::new(read)),
                    Err(_) => None,
                }
            }
        },
        read(&arms),
    ];
    RustFile::new("src/lib.rs", vec!["Reads bodies with the crate, to be measured.".to_owned()], items)
}

fn model_of(input: Input<'_>, id: TypeId, model: &Model) -> TokenStream {
    let name = input.type_ident(id);
    let members = input.names.members.list(id);
    let fields = model.fields.iter().zip(members).enumerate().map(|(i, (field, ident))| {
        let ident = ident_of(ident);
        let ty = field_type(input, id, i, field);
        let wire = &field.wire;
        quote! { #[serde(rename = #wire)] pub #ident: #ty }
    });
    quote! {
        #[derive(Deserialize)]
        pub struct #name { #(#fields),* }
    }
}

fn field_type(input: Input<'_>, id: TypeId, index: usize, field: &Field) -> TokenStream {
    let ty = ty(input, &field.of.ty);
    let ty = if input.facts.boxed.contains(&(id, index)) {
        quote! { Box<#ty> }
    } else {
        ty
    };
    // A member that only requests have is never there.
    if field.required && !field.nullable() && !field.write_only {
        ty
    } else {
        quote! { Option<#ty> }
    }
}

fn use_of(input: Input<'_>, of: &Use) -> TokenStream {
    let ty = ty(input, &of.ty);
    if of.nullable {
        quote! { Option<#ty> }
    } else {
        ty
    }
}

fn ty(input: Input<'_>, of: &Type) -> TokenStream {
    match of {
        Type::Named(id) => {
            let name = input.type_ident(*id);
            quote! { #name }
        }
        Type::List(item) => {
            let item = use_of(input, item);
            quote! { Vec<#item> }
        }
        Type::Tuple(of) if of.rest.is_none() => {
            let places = of.places.iter().map(|of| use_of(input, of));
            quote! { (#(#places,)*) }
        }
        // serde has no word for elements after those with places.
        Type::Tuple(_) => quote! { Vec<serde_json::Value> },
        Type::Map(item) => {
            let item = use_of(input, item);
            quote! { std::collections::BTreeMap<String, #item> }
        }
        Type::Any => quote! { serde_json::Value },
        Type::Scalar(scalar) => match scalar {
            Scalar::Bool => quote! { bool },
            Scalar::I32 => quote! { i32 },
            Scalar::I64 => quote! { i64 },
            Scalar::U32 => quote! { u32 },
            Scalar::U64 => quote! { u64 },
            // What serde reads numbers as.
            Scalar::F64 | Scalar::Number => quote! { f64 },
            Scalar::String
            | Scalar::Secret
            | Scalar::Uuid
            | Scalar::Date
            | Scalar::DateTime
            | Scalar::Base64
            | Scalar::Binary => {
                quote! { String }
            }
        },
    }
}

fn enum_of(input: Input<'_>, id: TypeId, of: &Enum, how: Baseline) -> TokenStream {
    let name = input.type_ident(id);
    if of.numeric {
        return quote! { pub type #name = serde_json::Number; };
    }
    let members = input.names.members.list(id);
    let variants = of.values.iter().zip(members).map(|(value, member)| {
        let (ident, wire) = (ident_of(member), &value.wire);
        quote! { #[serde(rename = #wire)] #ident }
    });
    let open = ident_of(UNRECOGNIZED);
    let open = match how {
        Baseline::Same => quote! { #[serde(untagged)] #open(String) },
        Baseline::Lean => quote! { #[serde(other)] #open },
    };
    quote! {
        #[derive(Deserialize)]
        pub enum #name { #(#variants,)* #open }
    }
}

fn union_of(input: Input<'_>, id: TypeId, union: &Union) -> TokenStream {
    let name = input.type_ident(id);
    let members = input.names.members.list(id);
    let variants = union.branches.iter().zip(members).map(|(branch, member)| {
        let (ident, ty) = (ident_of(member), ty(input, &branch.ty));
        quote! { #ident(Box<#ty>) }
    });
    let raw = ident_of(RAW);
    quote! {
        #[derive(Deserialize)]
        #[serde(untagged)]
        pub enum #name { #(#variants,)* #raw(serde_json::Value) }
    }
}

/// An arm for each success of each operation that is JSON.
fn arms(input: Input<'_>, ty: impl Fn(&Use, &Content) -> TokenStream) -> Vec<TokenStream> {
    let mut arms = Vec::new();
    for operation in &input.api.operations {
        for response in &operation.responses {
            let Some((_, content @ Content::Json(of))) = &response.content else { continue };
            let (id, status) = (&operation.id, &response.status);
            if status.starts_with('2') {
                let ty = ty(of, content);
                arms.push(quote! { (#id, #status) => Some(with::<#ty>(body)) });
            }
        }
    }
    arms
}

fn read(arms: &[TokenStream]) -> TokenStream {
    quote! {
        /// Reads a body as an operation's success type: `Some(None)` if it cannot be read, `None` where the operation declares no
        /// JSON for the status.
        pub fn read(operation: &str, status: &str, body: &[u8]) -> Option<Option<Box<dyn std::any::Any>>> {
            match (operation, status) {
                #(#arms,)*
                _ => None,
            }
        }
    }
}
