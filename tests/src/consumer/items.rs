//! Models, enums, unions and pages: every name, every member, every variant, every constructor.

use super::types::{Held, Values};
use super::{Known, ident};
use generator::ir::{Enum, Model, Type, TypeId, TypeKind, Union};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// What a consumer does with one type.
pub(super) fn of_type(known: Known<'_>, id: TypeId) -> TokenStream {
    match &known.def(id).kind {
        TypeKind::Model(model) => of_model(known, id, model),
        TypeKind::Enum(values) => of_enum(known, id, values),
        TypeKind::Union(union) => of_union(known, id, union),
    }
}

fn of_model(known: Known<'_>, id: TypeId, model: &Model) -> TokenStream {
    let name = known.ty(&Type::Named(id));
    let function = format_ident!("model_{}", id.index());
    let members = known.names.members.list(id);
    let (mut read, mut types) = (Vec::new(), Vec::new());
    for (i, (field, member)) in model.fields.iter().zip(members).enumerate() {
        read.push(ident(member));
        types.push(known.member(id, i, field));
    }
    let built = known.in_requests(id).then(|| built(known, id, model));
    quote! {
        fn #function(it: #name) {
            readable::<#name>();
            #built
            #(let _: #types = it.clone().#read;)*
            let #name { #(#read,)* .. } = it;
        }
    }
}

/// The constructor with everything it takes, and every setter.
fn built(known: Known<'_>, id: TypeId, model: &Model) -> TokenStream {
    let name = known.ty(&Type::Named(id));
    let members = known.names.members.list(id);
    let mut arguments: Vec<(usize, proc_macro2::Ident, Values)> = Vec::new();
    let mut setters = Vec::new();
    for (i, (field, member)) in model.fields.iter().zip(members).enumerate() {
        let values = known.values(&field.of.ty);
        let held = known.held(id, field);
        if field.required && field.constant.is_some() {
            // Its one value is there without being given.
            continue;
        }
        if field.required && held == Held::Plain {
            arguments.push((field.rank, ident(member), values));
        } else if field.required && field.of.nullable && held == Held::Option {
            let ty = known.member(id, i, field);
            arguments.push((field.rank, ident(member), Values::of(ty.clone(), ty)));
        } else {
            let bare = member.trim_start_matches("r#");
            let (with, Values { exact, text, lent, .. }) = (ident(&format!("with_{bare}")), values);
            setters.push(quote! { let it = it.#with(#exact).#with(#text).#with(#lent); });
            if held == Held::Patch {
                let clear = ident(&format!("clear_{bare}"));
                setters.push(quote! { let it = it.#clear(); });
            }
        }
    }
    // As `required` lists them.
    arguments.sort_by_key(|(rank, ..)| *rank);
    let exact = arguments.iter().map(|(.., a)| &a.exact);
    let text = arguments.iter().map(|(.., a)| &a.text);
    let lent = arguments.iter().map(|(.., a)| &a.lent);
    let made = match known.names.args_of(id) {
        Some(args) => {
            let (args, fields) = (ident(args), arguments.iter().map(|(_, field, _)| field));
            quote! {
                let args = sdk::models::#args { #(#fields: #exact),* };
                let _ = format!("{args:?}");
                let it: #name = #name::new(args.clone());
            }
        }
        None => quote! {
            let it: #name = #name::new(#(#exact),*);
            let it: #name = #name::new(#(#text),*);
            let it: #name = #name::new(#(#lent),*);
        },
    };
    let default = arguments.is_empty().then(|| quote! { defaulted::<#name>(); });
    quote! {
        #default
        #made
        #(#setters)*
    }
}

fn of_enum(known: Known<'_>, id: TypeId, _: &Enum) -> TokenStream {
    let name = known.ty(&Type::Named(id));
    let function = format_ident!("enum_{}", id.index());
    let variants: Vec<_> = known.names.members.list(id).iter().map(|m| ident(m)).collect();
    quote! {
        fn #function(it: #name) {
            readable::<#name>();
            open::<#name>();
            #(let _: #name = #name::#variants;)*
            match it {
                #(#name::#variants => {})*
                #name::Unrecognized(text) => { let _: Box<str> = text; }
                _ => {}
            }
        }
    }
}

fn of_union(known: Known<'_>, id: TypeId, union: &Union) -> TokenStream {
    let name = known.ty(&Type::Named(id));
    let function = format_ident!("union_{}", id.index());
    let (mut variants, mut types, mut froms) = (Vec::new(), Vec::new(), Vec::new());
    for (branch, variant) in union.branches.iter().zip(known.names.members.list(id)) {
        let bare = known.ty(&branch.ty);
        let boxed = branch.ty.named().is_some() && !known.is_enum(&branch.ty);
        variants.push(ident(variant));
        types.push(if boxed {
            quote! { Box<#bare> }
        } else {
            bare.clone()
        });
        let alone = union.branches.iter().filter(|b| b.ty == branch.ty).count() == 1;
        if known.in_requests(id) && branch.ty.named().is_some() && alone {
            froms.push(quote! { from::<#bare, #name>(); });
        }
    }
    quote! {
        fn #function(it: #name) {
            readable::<#name>();
            #(#froms)*
            #(let _: #name = #name::#variants(v::<#types>());)*
            match it {
                #(#name::#variants(it) => { let _: #types = it; })*
                #name::Raw(raw) => { let _: sdk::Raw = raw; }
                _ => {}
            }
        }
    }
}

/// A generic page, read with the record of its first use.
pub(super) fn of_page(known: Known<'_>, id: TypeId) -> TokenStream {
    let name = known.ty(&Type::Named(id));
    let function = format_ident!("page_{}", id.index());
    let TypeKind::Model(model) = &known.def(id).kind else { panic!("a page is a model") };
    let page = &known.facts.pages[&id];
    let item = known.ty(&page.item);
    let (mut read, mut types) = (Vec::new(), Vec::new());
    for (i, (field, member)) in model.fields.iter().zip(known.names.members.list(id)).enumerate() {
        read.push(ident(member));
        types.push(match i == page.items {
            true => quote! { sdk::Records<#item> },
            false => known.member(id, i, field),
        });
    }
    quote! {
        fn #function(it: #name) {
            readable::<#name>();
            #(let _: #types = it.clone().#read;)*
        }
    }
}
