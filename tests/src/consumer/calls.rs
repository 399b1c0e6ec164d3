//! Operations: every handle, every call with all arguments, every setter, every result as its type.

use super::types::Values;
use super::{Known, ident};
use generator::ir::{Content, Operation, Type, TypeKind, Use, Written};
use generator::name::SetterOf;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// One answer of an operation with several success types: variant and type.
type Case = (String, Option<TokenStream>);

/// What a consumer does with one operation.
pub(super) fn of_operation(known: Known<'_>, index: usize) -> Vec<TokenStream> {
    let operation = &known.api.operations[index];
    let names = &known.names.operations[index];
    let tag = &known.names.tags[operation.tag];
    let (accessor, handle) = (ident(&tag.accessor), ident(&tag.handle));
    let (method, builder) = (ident(&names.method), ident(&names.builder));
    let arguments: Vec<Values> = names.plan.arguments.iter().map(|s| values(known, index, s.of)).collect();
    let (exact, text) = (arguments.iter().map(|a| &a.exact), arguments.iter().map(|a| &a.text));
    let lent = arguments.iter().map(|a| &a.lent);
    let called = match &names.args {
        // Whoever gives all fields has an owned value for each, and nothing else to give.
        Some(args) => {
            let (args, fields) = (ident(args), names.plan.arguments.iter().map(|s| ident(&s.ident)));
            quote! {
                let args = sdk::api::requests::#args { #(#fields: #exact),* };
                let call: sdk::api::requests::#builder = handle.#method(args.clone());
                let _ = format!("{args:?}");
            }
        }
        None => quote! {
            let call: sdk::api::requests::#builder = handle.#method(#(#text),*);
            let call: sdk::api::requests::#builder = handle.#method(#(#lent),*);
            let call: sdk::api::requests::#builder = handle.#method(#(#exact),*);
        },
    };
    let setters = names.plan.setters.iter().map(|s| {
        let (setter, Values { exact, text, lent, .. }) = (ident(&s.ident), values(known, index, s.of));
        quote! { let call: sdk::api::requests::#builder = call.#setter(#exact).#setter(#text).#setter(#lent); }
    });
    let cases = cases(known, operation);
    let mut out = Vec::new();
    let result = match cases.as_slice() {
        [] => quote! { () },
        [(_, first), rest @ ..] if rest.iter().all(|(_, c)| text_of(c) == text_of(first)) => {
            first.clone().unwrap_or_else(|| quote! { () })
        }
        all => {
            let answer = format_ident!("{builder}Answer");
            let function = format_ident!("answer_{index}");
            let arms = all.iter().map(|(variant, ty)| {
                let variant = ident(variant);
                match ty {
                    Some(ty) => quote! { sdk::api::requests::#answer::#variant(it) => { let _: #ty = it; } },
                    None => quote! { sdk::api::requests::#answer::#variant => {} },
                }
            });
            out.push(quote! { fn #function(it: sdk::api::requests::#answer) { match it { #(#arms)* _ => {} } } });
            quote! { sdk::api::requests::#answer }
        }
    };
    let pages = page(known, operation).map(|page| {
        let page = known.ty(&page);
        quote! {
            let _: sdk::page::Pages<#page> = call.clone().pages();
            let _: sdk::page::Items<#page> = call.clone().items();
        }
    });
    let function = format_ident!("call_{index}");
    out.push(quote! {
        async fn #function(client: &sdk::Client) {
            let handle: sdk::api::#handle<'_> = client.#accessor();
            #called
            #(#setters)*
            #pages
            let _: sdk::Request<#result> = call.clone().request();
            let _: Result<sdk::Response<#result>, sdk::Error> = call.await;
        }
    });
    out
}

fn text_of(ty: &Option<TokenStream>) -> Option<String> {
    ty.as_ref().map(ToString::to_string)
}

/// The type of a parameter, a member or the body, as a caller may pass it.
pub(crate) fn argument(known: Known<'_>, index: usize, of: SetterOf) -> TokenStream {
    values(known, index, of).ty
}

/// What may be passed for a parameter, a member or the body.
fn values(known: Known<'_>, index: usize, of: SetterOf) -> Values {
    let operation = &known.api.operations[index];
    let content = operation.body.as_ref().map(|b| &b.content);
    match (of, content) {
        (SetterOf::Parameter(i), _) => known.values(&operation.parameters[i].of.ty),
        (SetterOf::Member(i), Some(content)) => {
            let flat = known.names.operations[index].plan.flat.expect("members of a body");
            let TypeKind::Model(model) = &known.def(flat).kind else { panic!("a body of members is a model") };
            let field = &model.fields[i];
            let member = operation.body.as_ref().and_then(|body| body.member(&field.wire));
            let upload = member.is_some_and(|member| member.written == Written::Upload);
            match (content, &field.of.ty) {
                (Content::Multipart(_), Type::List(_)) if upload => {
                    Values::of(quote! { Vec<sdk::client::Upload> }, quote! { [Vec<u8>; 2] })
                }
                (Content::Multipart(_), _) if upload => Values::of(quote! { sdk::client::Upload }, quote! { Vec<u8> }),
                (Content::Json(_), ty) if field.required && field.of.nullable && *ty != Type::Any => {
                    let ty = known.ty(ty);
                    Values::of(quote! { Option<#ty> }, quote! { Option<#ty> })
                }
                (_, ty) => known.values(ty),
            }
        }
        (SetterOf::Body, Some(content)) => whole(known, content),
        (SetterOf::Other(i), Some(_)) => {
            let others = operation.body.as_ref().map(|body| &body.others);
            whole(known, &others.expect("a body")[i].content)
        }
        (SetterOf::ContentType, Some(_)) => Values::of(quote! { String }, quote! { &str }),
        // These come of settings, and pairs of documents have none.
        (SetterOf::Mfa | SetterOf::Token, _) => panic!("an argument of the settings' MFA"),
        (_, None) => panic!("a body that is not declared"),
    }
}

/// What may be passed for a body as one value.
fn whole(known: Known<'_>, content: &Content) -> Values {
    match content {
        Content::Json(of) | Content::Form(of) => known.values(&of.ty),
        Content::Multipart(_) => Values::of(quote! { Vec<sdk::client::Part> }, quote! { [sdk::client::Part; 2] }),
        Content::Text => Values::of(quote! { String }, quote! { &str }),
        Content::Bytes | Content::Events(_) => Values::of(quote! { sdk::client::Bytes }, quote! { Vec<u8> }),
    }
}

/// The successes of an operation by status; without any, its `default`.
fn cases(known: Known<'_>, operation: &Operation) -> Vec<Case> {
    let listed = operation.responses.iter().any(|r| Operation::is_success(&r.status));
    let counts = |status: &str| if listed { Operation::is_success(status) } else { status == "default" };
    let ty = |content: &Content| match content {
        Content::Json(of) => result(known, of),
        Content::Text => quote! { String },
        Content::Events(Some(of)) => {
            let of = known.ty(&of.ty);
            quote! { sdk::client::Events<#of> }
        }
        Content::Events(None) => quote! { sdk::client::Events<sdk::Value> },
        Content::Form(_) | Content::Multipart(_) | Content::Bytes => quote! { sdk::client::Bytes },
    };
    let all = operation.responses.iter().filter(|r| counts(&r.status));
    all.map(|r| {
        let variant = match r.status.as_str() {
            "200" => "Ok".to_owned(),
            "201" => "Created".to_owned(),
            "202" => "Accepted".to_owned(),
            "204" => "NoContent".to_owned(),
            other => format!("Status{other}"),
        };
        (variant, r.content.as_ref().map(|(_, c)| ty(c)))
    })
    .collect()
}

/// A JSON body's type: lists of models and unions are records.
fn result(known: Known<'_>, of: &Use) -> TokenStream {
    if let Type::List(item) = &of.ty
        && item.ty.named().is_some()
        && !known.is_enum(&item.ty)
    {
        let item = known.ty(&item.ty);
        let records = quote! { sdk::Records<#item> };
        return if of.nullable {
            quote! { Option<#records> }
        } else {
            records
        };
    }
    let ty = known.ty(&of.ty);
    if of.nullable && of.ty != Type::Any {
        quote! { Option<#ty> }
    } else {
        ty
    }
}

/// The page that a list operation walks over.
fn page(known: Known<'_>, operation: &Operation) -> Option<Type> {
    let successes = operation.responses.iter().filter(|r| Operation::is_success(&r.status));
    let mut bodies = successes.filter_map(|r| match &r.content {
        Some((_, Content::Json(of))) if !of.nullable => Some(of.ty.clone()),
        _ => None,
    });
    let paged = |ty: &Type| ty.named().is_some_and(|id| known.facts.pages.contains_key(&id));
    bodies.find(paged).filter(|_| operation.method == "get")
}
