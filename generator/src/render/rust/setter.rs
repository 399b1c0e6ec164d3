//! Setters and arguments of builders: the type a caller gives, and the statement that puts the value into the request, by where the
//! document says it goes: path, query, header, cookie, JSON body, form or multipart.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{Content, Field, Location, Parameter, Style, Type};
use crate::name::{Setter, SetterOf};
use crate::render::{Input, Op};

/// The argument type and the statement that puts the value into the request.
pub(super) fn setter(
    input: Input<'_>,
    op: Op<'_>,
    s: &Setter,
    value: &Ident,
    request: &TokenStream,
) -> Option<(TokenStream, TokenStream)> {
    let models = &quote! { models:: };
    match s.of {
        SetterOf::Parameter(i) => {
            let p = op.declared.parameters.get(i)?;
            let (argument, set) = input.argument(&p.of.ty, models);
            let set = super::model::replace_value(&set, value);
            Some((argument, parameter(p, &set, request)))
        }
        SetterOf::Member(i) => {
            let f = op.member(i)?;
            let (argument, set) = input.argument(&f.of.ty, models);
            let wire = &f.wire;
            let body = op.declared.body.as_ref()?;
            let set = super::model::replace_value(&set, value);
            match &body.content {
                Content::Form(_) => Some((argument, form_field(input, f, &set, request))),
                Content::Multipart(_) => Some(multipart_field(input, f, value, &set, request)),
                Content::Json(_) if f.of.nullable && f.of.ty != Type::Any && f.required => {
                    let full = input.ty(&f.of.ty, models);
                    let set = quote! { &#value.map_or(runtime::Patch::Null, runtime::Patch::Value) };
                    Some((quote! { Option<#full> }, quote! { #request.member(#wire, #set); }))
                }
                Content::Json(_) | Content::Text | Content::Bytes | Content::Events(_) => {
                    Some((argument, quote! { #request.member(#wire, &#set); }))
                }
            }
        }
        // One statement for both: the token goes where the session goes.
        SetterOf::Mfa => Some((quote! { impl std::borrow::Borrow<runtime::Mfa> }, TokenStream::new())),
        SetterOf::Token => Some((quote! { impl Into<runtime::MfaToken> }, TokenStream::new())),
        SetterOf::Body => {
            let body = op.declared.body.as_ref()?;
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
                Content::Bytes | Content::Form(_) | Content::Multipart(_) | Content::Events(_) => {
                    // A media range is what may be sent, not what is: the bytes are of no known type.
                    let media = if media.contains('*') { "application/octet-stream" } else { media.as_str() };
                    Some((quote! { impl Into<runtime::Bytes> }, quote! { #request.bytes(#media, #value); }))
                }
            }
        }
    }
}

/// The statement that puts the only value that a parameter or a member can have into the request.
pub(super) fn constant(input: Input<'_>, op: Op<'_>, of: SetterOf, request: &TokenStream) -> Option<TokenStream> {
    let value = |of| {
        let (text, numeric) = input.api.only_value(of)?;
        match text.parse::<i64>() {
            Ok(number) if numeric => Some(quote! { #number }),
            _ if numeric => text.parse::<f64>().ok().map(|number| quote! { #number }),
            _ => Some(quote! { #text }),
        }
    };
    match of {
        SetterOf::Parameter(i) => {
            let p = op.declared.parameters.get(i)?;
            Some(parameter(p, &value(&p.of)?, request))
        }
        SetterOf::Member(i) => {
            let f = op.member(i)?;
            let (value, wire) = (value(&f.of)?, &f.wire);
            Some(match &op.declared.body.as_ref()?.content {
                Content::Form(_) => form_field(input, f, &value, request),
                Content::Multipart(_) => quote! { #request.part(__private::Part::of_text(#wire, &#value)); },
                Content::Json(_) | Content::Text | Content::Bytes | Content::Events(_) => {
                    quote! { #request.member(#wire, &#value); }
                }
            })
        }
        SetterOf::Body | SetterOf::Mfa | SetterOf::Token => None,
    }
}

/// The whole body of a setter where one call of the client does it: for parameters of the query and members of a JSON body, which
/// are by far the most.
pub(super) fn one_call(input: Input<'_>, op: Op<'_>, s: &Setter, value: &Ident) -> Option<TokenStream> {
    let models = &quote! { models:: };
    let given = |ty: &Type| super::model::replace_value(&input.argument(ty, models).1, value);
    match s.of {
        SetterOf::Parameter(i) => {
            let p = op.declared.parameters.get(i)?;
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
            let f = op.member(i)?;
            if !matches!(op.declared.body.as_ref()?.content, Content::Json(_))
                || (f.of.nullable && f.of.ty != Type::Any && f.required)
            {
                return None;
            }
            let (given, wire) = (given(&f.of.ty), &f.wire);
            Some(quote! { client::put_member(self, #wire, #given) })
        }
        SetterOf::Mfa | SetterOf::Token | SetterOf::Body => None,
    }
}

/// How a parameter of the query is spelled.
fn query_style(p: &Parameter) -> TokenStream {
    match p.style {
        Style::DeepObject => quote! { runtime::Style::DeepObject },
        Style::SpaceDelimited if !p.explode => quote! { runtime::Style::SpaceDelimited },
        Style::PipeDelimited if !p.explode => quote! { runtime::Style::PipeDelimited },
        // The others are no styles of a query.
        Style::Form
        | Style::SpaceDelimited
        | Style::PipeDelimited
        | Style::Simple
        | Style::Label
        | Style::Matrix
        | Style::Json => {
            let style = if p.explode {
                quote! { FormExplode }
            } else {
                quote! { Form }
            };
            quote! { runtime::Style::#style }
        }
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
            let style = match p.style {
                Style::Label if p.explode => quote! { LabelExplode },
                Style::Label => quote! { Label },
                Style::Matrix if p.explode => quote! { MatrixExplode },
                Style::Matrix => quote! { Matrix },
                // The others are no styles of a path.
                Style::Simple
                | Style::Form
                | Style::SpaceDelimited
                | Style::PipeDelimited
                | Style::DeepObject
                | Style::Json => match p.explode {
                    true => quote! { SimpleExplode },
                    false => return quote! { #request.path(#wire, #given); },
                },
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
        Type::Scalar(s) if s.is_upload() => (
            quote! { impl Into<runtime::Upload> },
            quote! { #request.part(Into::<runtime::Upload>::into(#ident).into_part(#wire)); },
        ),
        Type::List(of) if matches!(of.ty, Type::Scalar(s) if s.is_upload()) => (
            quote! { impl IntoIterator<Item = impl Into<runtime::Upload>> },
            quote! { for one in #ident { #request.part(Into::<runtime::Upload>::into(one).into_part(#wire)); } },
        ),
        ty => {
            let (argument, _) = input.argument(ty, &quote! { models:: });
            let simple = match ty {
                Type::Scalar(_) => true,
                Type::Named(id) => input.api.is_enum(*id),
                Type::List(_) | Type::Map(_) | Type::Any => false,
            };
            if simple {
                (argument, quote! { #request.part(__private::Part::of_text(#wire, &#set)); })
            } else {
                (argument, quote! { #request.part(__private::Part::of_json(#wire, &#set)); })
            }
        }
    }
}
