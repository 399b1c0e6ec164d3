//! The feature `testing`: the exact request of every operation, with what is required only and with everything set.
//!
//! Values are the document's examples where it has some, so that a server that checks requests accepts them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Value, json};

use super::values::{Composer, Examples, Extent};
use crate::ir::{Content, Docs, Scalar, Type, Written};
use crate::name::SetterOf;
use crate::render::rust::types::{How, ident_of};
use crate::render::{Input, Op, Part, RustFile};

const OPERATIONS_A_PART: usize = 8;

/// `src/samples.rs`.
pub(in crate::render) fn file(input: Input<'_>) -> RustFile<'_> {
    // One function a few operations: a single one of hundreds of closures takes the compiler long.
    let (mut chunks, mut parts) = (Vec::new(), Vec::new());
    for i in 0..input.api.operations.len().div_ceil(OPERATIONS_A_PART) {
        let name = format!("part_{i}");
        let ident = ident_of(&name);
        chunks.push(quote! { #ident(client, &mut out); });
        parts.push(Part::new(move |sink| {
            let of = input.operations().skip(i * OPERATIONS_A_PART).take(OPERATIONS_A_PART);
            let calls = of.flat_map(|op| [false, true].map(|full| (op, full))).map(|(op, full)| {
                let (id, call) = (&op.declared.id, call(input, op, full));
                quote! { out.push(SampleRequest::new(#id, #full, #call)); }
            });
            let name = ident_of(&name);
            sink(quote! {
                fn #name(client: &client::Client, out: &mut Vec<SampleRequest>) { #(#calls)* }
            });
        }));
    }
    // An API without operations has nothing to ask.
    let idle = parts.is_empty().then(|| quote! { #[allow(unused_variables, unused_mut)] });
    let items = vec![
        quote! {
            #[allow(unused_imports)]
            use crate::runtime::{self, __private}; use crate::{client, models};
            use crate::runtime::SampleRequest;
        },
        quote! {
            /// The request of every operation, twice: with what is required only, and with everything set.
            #idle
            pub fn requests(client: &client::Client) -> Vec<SampleRequest> {
                let mut out = Vec::new();
                #(#chunks)*
                out
            }
        },
    ];
    let head = vec!["For tests: one request of every operation and more.".to_owned()];
    RustFile { parts, ..RustFile::new("src/samples.rs", head, items) }
}

fn call(input: Input<'_>, op: Op<'_>, full: bool) -> TokenStream {
    let Op { declared: o, names, .. } = op;
    let accessor = ident_of(input.names.tags.get(o.tag).map_or("tag", |t| t.accessor.as_str()));
    let method = ident_of(&names.method);
    let given = |of: SetterOf, how: How| -> Option<TokenStream> {
        let argument = |ty: &Type, docs: &Docs, upload: bool| match how {
            How::Argument => argument(input, ty, docs, upload, full),
            How::Field => field(input, ty, docs, upload, full),
        };
        let into = (how == How::Field).then(|| quote! { .into() });
        match of {
            SetterOf::Parameter(i) => {
                let p = o.parameters.get(i)?;
                Some(argument(&p.of.ty, &p.docs, false))
            }
            SetterOf::Member(i) => {
                let f = op.member(i)?;
                let body = &o.body.as_ref()?.content;
                let member = o.body.as_ref().and_then(|body| body.member(&f.wire));
                let upload = member.is_some_and(|member| member.written == Written::Upload);
                let null = matches!(body, Content::Json(_)) && f.required && f.of.nullable && f.of.ty != Type::Any;
                Some(if null {
                    let plain = sample(input, &f.of.ty, &value(input, &f.of.ty, &f.docs, full));
                    quote! { Some(#plain) }
                } else {
                    argument(&f.of.ty, &f.docs, upload)
                })
            }
            SetterOf::Mfa => {
                let shown = |wire: &str| shown(input, op, wire);
                let mfa = input.settings.mfa.as_ref()?;
                let (session, link) = (shown(&mfa.session), shown(&mfa.link));
                Some(quote! { runtime::Mfa::new(#session, #link) })
            }
            SetterOf::Token if !full && how == How::Field => Some(quote! { runtime::MfaToken::from(None) }),
            SetterOf::Token if !full => Some(quote! { None }),
            SetterOf::Token => {
                let token = shown(input, op, &input.settings.mfa.as_ref()?.token);
                Some(quote! { #token #into })
            }
            SetterOf::Body => {
                let body = o.body.as_ref()?;
                Some(match &body.content {
                    Content::Json(of) => argument(&of.ty, &Docs::default(), false),
                    Content::Form(of) => argument(&of.ty, &Docs::default(), false),
                    Content::Multipart(_) => quote! { Vec::<runtime::Part>::new() },
                    Content::Text => quote! { "text" #into },
                    Content::Bytes | Content::Events(_) => quote! { b"bytes".to_vec() #into },
                })
            }
            SetterOf::ContentType => {
                let media = o.body.as_ref()?.media_type.replace('*', "plain");
                Some(quote! { #media #into })
            }
            // In place of the body, which is given already.
            SetterOf::Other(_) => None,
        }
    };
    let arguments: TokenStream = match &names.args {
        Some(args) => {
            let args = ident_of(args);
            let fields = names.plan.arguments.iter().filter_map(|s| {
                let (ident, value) = (ident_of(&s.ident), given(s.of, How::Field)?);
                Some(quote! { #ident: #value })
            });
            quote! { crate::api::requests::#args { #(#fields),* } }
        }
        None => {
            let arguments = names.plan.arguments.iter().filter_map(|s| given(s.of, How::Argument));
            quote! { #(#arguments),* }
        }
    };
    let setters: Vec<TokenStream> = names
        .plan
        .setters
        .iter()
        .filter(|_| full)
        .filter_map(|s| {
            let ident = ident_of(&s.ident);
            let value = given(s.of, How::Argument)?;
            Some(quote! { .#ident(#value) })
        })
        .collect();
    quote! { || Ok(client.#accessor().#method(#arguments) #(#setters)* .request()) }
}

/// The text a caller may write for a member of the flat body.
fn shown(input: Input<'_>, op: Op<'_>, wire: &str) -> String {
    let model = op.flat.filter(|_| op.declared.body.is_some());
    let Some(f) = model.and_then(|m| m.fields.iter().find(|f| f.wire == wire)) else { return String::new() };
    let value = value(input, &f.of.ty, &f.docs, true);
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value that a server accepts.
fn value(input: Input<'_>, ty: &Type, docs: &Docs, full: bool) -> Value {
    let extent = if full { Extent::Full } else { Extent::Required };
    // What has no end is something, too.
    Composer::new(input, Examples::Valid, extent, false).value(ty, docs).unwrap_or_else(|| json!({}))
}

/// What a caller may write for a field of the type.
fn field(input: Input<'_>, ty: &Type, docs: &Docs, upload: bool, full: bool) -> TokenStream {
    match ty {
        Type::List(_) if upload => quote! { vec![b"bytes".to_vec().into()] },
        _ if upload => quote! { b"bytes".to_vec().into() },
        Type::List(of) => {
            let shown = docs.example.as_ref().or(docs.default.as_ref());
            let values = match shown.and_then(Value::as_array).filter(|a| !a.is_empty()) {
                Some(list) => list.iter().take(2).cloned().collect(),
                None => vec![value(input, &of.ty, docs, full)],
            };
            sample(input, ty, &Value::Array(values))
        }
        _ => {
            let value = literal(input, ty, &value(input, ty, docs, full));
            let is_text = match ty {
                Type::Scalar(scalar) => scalar.is_text(),
                Type::Named(id) => input.api.is_enum(*id),
                Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Any => false,
            };
            if is_text {
                quote! { #value.into() }
            } else {
                value
            }
        }
    }
}

/// What a caller may write for a value of the type.
fn argument(input: Input<'_>, ty: &Type, docs: &Docs, upload: bool, full: bool) -> TokenStream {
    match ty {
        Type::List(_) if upload => quote! { [b"bytes".to_vec()] },
        _ if upload => quote! { b"bytes".to_vec() },
        Type::List(of) if !of.nullable => {
            let shown = docs.example.as_ref().or(docs.default.as_ref());
            let values: Vec<TokenStream> = match shown.and_then(Value::as_array).filter(|a| !a.is_empty()) {
                Some(list) => list.iter().take(2).map(|v| literal(input, &of.ty, v)).collect(),
                None => vec![literal(input, &of.ty, &value(input, &of.ty, docs, full))],
            };
            quote! { [#(#values),*] }
        }
        _ => literal(input, ty, &value(input, ty, docs, full)),
    }
}

fn sample(input: Input<'_>, ty: &Type, v: &Value) -> TokenStream {
    let full = input.ty(ty, &quote! { models:: });
    let text = v.to_string();
    quote! { runtime::sample::<#full>(#text)? }
}

fn literal(input: Input<'_>, ty: &Type, v: &Value) -> TokenStream {
    let text = || {
        let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        quote! { #text }
    };
    match ty {
        Type::Scalar(s) => match s {
            Scalar::Bool => {
                let b = v.as_bool().unwrap_or(true);
                quote! { #b }
            }
            Scalar::Number if v.is_number() => sample(input, ty, v),
            Scalar::Number => sample(input, ty, &json!(1.5)),
            Scalar::F64 => {
                let n = v.as_f64().unwrap_or(1.5);
                quote! { #n }
            }
            Scalar::I32 | Scalar::I64 => {
                let n = Literal::i64_unsuffixed(v.as_i64().unwrap_or(1));
                quote! { #n }
            }
            Scalar::U32 | Scalar::U64 => {
                let n = Literal::u64_unsuffixed(v.as_u64().unwrap_or(1));
                quote! { #n }
            }
            Scalar::String | Scalar::Secret | Scalar::Uuid | Scalar::Date | Scalar::DateTime => text(),
            Scalar::Base64 | Scalar::Binary => text(),
        },
        Type::Named(id) if input.api.is_enum(*id) => text(),
        Type::Named(_) | Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Any => sample(input, ty, v),
    }
}
