//! Setters and arguments of builders: the type a caller gives, and the statement that puts the value into the request, by where the
//! document says it goes: path, query, header, cookie, JSON body, form or multipart.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Input;
use crate::ir::{Content, Field, Location, Operation, Parameter, Scalar, Style, Type, TypeKind};
use crate::name::{Setter, SetterOf};

/// The argument type and the statement that puts the value into the request.
pub(super) fn setter<'a>(
    input: Input<'_>,
    o: &Operation,
    s: &Setter,
    value: &Ident,
    request: &TokenStream,
    field: &impl Fn(usize) -> Option<&'a Field>,
    models: &TokenStream,
) -> Option<(TokenStream, TokenStream)> {
    match s.of {
        SetterOf::Parameter(i) => {
            let p = o.parameters.get(i)?;
            let (argument, set) = input.argument(&p.of.ty, models);
            let set = super::model::replace_value(&set, value);
            Some((argument, parameter(p, &set, request)))
        }
        SetterOf::Member(i) => {
            let f = field(i)?;
            let (argument, set) = input.argument(&f.of.ty, models);
            let wire = &f.wire;
            let body = o.body.as_ref()?;
            let set = super::model::replace_value(&set, value);
            match &body.content {
                Content::Form(_) => Some((argument, form_field(input, f, &set, request))),
                Content::Multipart(_) => Some(multipart_field(input, f, value, &set, request)),
                _ if f.of.nullable && f.of.ty != Type::Any && f.required => {
                    let full = input.ty(&f.of.ty, models);
                    let set = quote! { &#value.map_or(runtime::Patch::Null, runtime::Patch::Value) };
                    Some((quote! { Option<#full> }, quote! { #request.member(#wire, #set); }))
                }
                _ => Some((argument, quote! { #request.member(#wire, &#set); })),
            }
        }
        // One statement for both: the token goes where the session goes.
        SetterOf::Mfa => Some((quote! { impl std::borrow::Borrow<runtime::Mfa> }, TokenStream::new())),
        SetterOf::Token => Some((quote! { impl Into<runtime::MfaToken> }, TokenStream::new())),
        SetterOf::Body => {
            let body = o.body.as_ref()?;
            let media = &body.media_type;
            match &body.content {
                Content::Json(of) => {
                    let (argument, set) = input.argument(&of.ty, models);
                    let set = super::model::replace_value(&set, value);
                    Some((argument, quote! { #request.body(&#set); }))
                }
                Content::Text => Some((
                    quote! { impl Into<String> },
                    quote! { #request.bytes(#media, Into::<String>::into(#value).into_bytes()); },
                )),
                _ => {
                    // A media range is what may be sent, not what is: the bytes are of no known type.
                    let media = if media.contains('*') { "application/octet-stream" } else { media.as_str() };
                    Some((quote! { impl Into<runtime::Bytes> }, quote! { #request.bytes(#media, #value); }))
                }
            }
        }
    }
}

/// The whole body of a setter where one call of the client does it: for parameters of the query and members of a JSON body, which
/// are by far the most.
pub(super) fn one_call<'a>(
    input: Input<'_>,
    o: &Operation,
    s: &Setter,
    value: &Ident,
    field: &impl Fn(usize) -> Option<&'a Field>,
    models: &TokenStream,
) -> Option<TokenStream> {
    let given = |ty: &Type| super::model::replace_value(&input.argument(ty, models).1, value);
    match s.of {
        SetterOf::Parameter(i) => {
            let p = o.parameters.get(i)?;
            let (given, wire) = (given(&p.of.ty), &p.wire);
            if p.location != Location::Query {
                return None;
            }
            match (p.style, p.explode, &p.of.ty) {
                (Style::Json, ..) => None,
                (Style::Form, true, _) => Some(quote! { client::put_query(self, #wire, #given) }),
                (Style::Form, false, Type::List(_)) => Some(quote! { client::put_list(self, #wire, #given) }),
                _ => {
                    let style = query_style(p);
                    Some(quote! { client::put_styled(self, #wire, #given, #style) })
                }
            }
        }
        SetterOf::Member(i) => {
            let f = field(i)?;
            let json = !matches!(&o.body.as_ref()?.content, Content::Form(_) | Content::Multipart(_));
            if !json || (f.of.nullable && f.of.ty != Type::Any && f.required) {
                return None;
            }
            let (given, wire) = (given(&f.of.ty), &f.wire);
            Some(quote! { client::put_member(self, #wire, #given) })
        }
        _ => None,
    }
}

/// How a parameter of the query is spelled.
fn query_style(p: &Parameter) -> TokenStream {
    match (p.style, p.explode) {
        (Style::DeepObject, _) => quote! { runtime::Style::DeepObject },
        (Style::SpaceDelimited, false) => quote! { runtime::Style::SpaceDelimited },
        (Style::PipeDelimited, false) => quote! { runtime::Style::PipeDelimited },
        (_, false) => quote! { runtime::Style::Form },
        (_, true) => quote! { runtime::Style::FormExplode },
    }
}

fn parameter(p: &Parameter, set: &TokenStream, request: &TokenStream) -> TokenStream {
    let wire = &p.wire;
    if p.style == Style::Json && p.location == Location::Query {
        return quote! { #request.query_json(#wire, &#set); };
    }
    let given = if p.style == Style::Json {
        quote! { &__private::JsonText(&#set) }
    } else {
        quote! { &#set }
    };
    match p.location {
        Location::Path => {
            let style = match (p.style, p.explode) {
                (Style::Label, false) => quote! { Label },
                (Style::Label, true) => quote! { LabelExplode },
                (Style::Matrix, false) => quote! { Matrix },
                (Style::Matrix, true) => quote! { MatrixExplode },
                (_, true) => quote! { SimpleExplode },
                (_, false) => return quote! { #request.path(#wire, #given); },
            };
            quote! { #request.path_styled(#wire, #given, __private::PathStyle::#style); }
        }
        Location::Query => {
            let style = query_style(p);
            quote! { #request.query(#wire, #given, #style); }
        }
        Location::Header => quote! { #request.header_param(#wire, #given); },
        Location::Cookie => quote! { #request.cookie(#wire, #given); },
    }
}

fn form_field(input: Input<'_>, f: &Field, set: &TokenStream, request: &TokenStream) -> TokenStream {
    let wire = &f.wire;
    let style = if input.is_words(&f.of.ty) {
        quote! { FormExplode }
    } else {
        quote! { DeepObject }
    };
    quote! { #request.form(#wire, &#set, runtime::Style::#style); }
}

fn multipart_field(
    input: Input<'_>,
    f: &Field,
    value: &Ident,
    set: &TokenStream,
    request: &TokenStream,
) -> (TokenStream, TokenStream) {
    let wire = &f.wire;
    let ident = value;
    match &f.of.ty {
        Type::Scalar(Scalar::Binary) => (
            quote! { impl Into<runtime::Upload> },
            quote! { #request.part(Into::<runtime::Upload>::into(#ident).into_part(#wire)); },
        ),
        Type::List(of) if of.ty == Type::Scalar(Scalar::Binary) => (
            quote! { impl IntoIterator<Item = impl Into<runtime::Upload>> },
            quote! { for one in #ident { #request.part(Into::<runtime::Upload>::into(one).into_part(#wire)); } },
        ),
        ty => {
            let (argument, _) = input.argument(ty, &quote! { models:: });
            let simple = match ty {
                Type::Scalar(_) => true,
                Type::Named(id) => matches!(input.api.get(*id).map(|d| &d.kind), Some(TypeKind::Enum(_))),
                _ => false,
            };
            if simple {
                (argument, quote! { #request.part(__private::Part::of_text(#wire, &#set)); })
            } else {
                (argument, quote! { #request.part(__private::Part::of_json(#wire, &#set)); })
            }
        }
    }
}
