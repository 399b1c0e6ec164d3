//! Setters and arguments of builders: the type a caller gives, and the statement that puts the value into the request, by where the
//! document says it goes: path, query, header, cookie, JSON body, form or multipart.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::types::{How, ident_of};
use crate::ir::{Body, Content, Field, Location, Parameter, Scalar, Spelling, Style, Type, Written};
use crate::name::{Setter, SetterOf};
use crate::render::{Input, Op};

/// The argument type and the statement that puts the value into the request.
pub(super) fn setter(
    input: Input<'_>,
    op: Op<'_>,
    s: &Setter,
    (value, how): (&Ident, How),
    request: &TokenStream,
) -> Option<(TokenStream, TokenStream)> {
    let models = &quote! { models:: };
    match s.of {
        SetterOf::Parameter(i) => {
            let p = op.declared.parameters.get(i)?;
            let (argument, set) = input.taken(&p.of.ty, models, how);
            let set = super::model::replace_value(&set, value);
            Some((argument, parameter(input, p, &set, request)))
        }
        SetterOf::Member(i) => {
            let f = op.member(i)?;
            let (argument, set) = input.taken(&f.of.ty, models, how);
            let wire = &f.wire;
            let body = op.declared.body.as_ref()?;
            let set = super::model::replace_value(&set, value);
            match &body.content {
                Content::Form(_) => Some((argument, form_field(body, f, &set, request))),
                Content::Multipart(_) => Some(multipart_field(input, body, f, (value, how), request)),
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
        SetterOf::Mfa => {
            let argument = match how {
                How::Argument => quote! { impl std::borrow::Borrow<runtime::Mfa> },
                How::Field => quote! { runtime::Mfa },
            };
            Some((argument, TokenStream::new()))
        }
        SetterOf::Token => Some((into(how, &quote! { runtime::MfaToken }, value).0, TokenStream::new())),
        SetterOf::Body => {
            let body = op.declared.body.as_ref()?;
            // A media range is what may be sent, not what is: the bytes are of no known type.
            let media = match body.media_type.as_str() {
                "text/*" => "text/plain",
                media if media.contains('*') => "application/octet-stream",
                media => media,
            };
            Some(whole_body(input, &body.content, media, (value, how), request))
        }
        SetterOf::Other(i) => {
            let other = op.declared.body.as_ref()?.others.get(i)?;
            // A range is what may be sent, not what is.
            let media = match &other.content {
                _ if !other.media_type.contains('*') => other.media_type.as_str(),
                Content::Json(_) => "application/json",
                Content::Text => "text/plain",
                _ => "application/octet-stream",
            };
            let (argument, set) = whole_body(input, &other.content, media, (value, how), request);
            Some((argument, quote! { #set #request.content_type(#media); }))
        }
        SetterOf::ContentType => {
            let (argument, text) = into(how, &quote! { String }, value);
            Some((argument, quote! { #request.content_type(#text); }))
        }
    }
}

/// The argument for a value of a type of the runtime, and the expression that makes the value.
fn into(how: How, ty: &TokenStream, value: &Ident) -> (TokenStream, TokenStream) {
    match how {
        How::Argument => (quote! { impl Into<#ty> }, quote! { Into::<#ty>::into(#value) }),
        How::Field => (ty.clone(), quote! { #value }),
    }
}

/// The argument for a body as one value, and the statement that sets it.
fn whole_body(
    input: Input<'_>,
    content: &Content,
    media: &str,
    (value, how): (&Ident, How),
    request: &TokenStream,
) -> (TokenStream, TokenStream) {
    let models = &quote! { models:: };
    match content {
        Content::Json(of) => {
            let (argument, set) = input.taken(&of.ty, models, how);
            let set = super::model::replace_value(&set, value);
            (argument, quote! { #request.body(&#set); })
        }
        Content::Form(of) => {
            let (argument, set) = input.taken(&of.ty, models, how);
            let set = super::model::replace_value(&set, value);
            (argument, quote! { #request.form_body(&#set); })
        }
        Content::Multipart(_) => {
            let argument = match how {
                How::Argument => quote! { impl IntoIterator<Item = runtime::Part> },
                How::Field => quote! { Vec<runtime::Part> },
            };
            (argument, quote! { #request.multipart(#value); })
        }
        Content::Text => {
            let (argument, text) = into(how, &quote! { String }, value);
            (argument, quote! { #request.bytes(#media, #text.into_bytes()); })
        }
        Content::Bytes | Content::Events(_) => {
            (into(how, &quote! { runtime::Bytes }, value).0, quote! { #request.bytes(#media, #value); })
        }
    }
}

/// The statement that puts the only value that a parameter or a member can have into the request.
pub(super) fn constant(input: Input<'_>, op: Op<'_>, of: SetterOf, request: &TokenStream) -> Option<TokenStream> {
    // A text is written as it is; what is none is written by its type, which keeps every digit.
    let value = |ty: &Type, text: &str| match ty {
        Type::Scalar(Scalar::String) => quote! { #text },
        Type::Named(id) if !input.api.is_numeric(*id) => quote! { #text },
        _ => match (ty, text.parse::<i64>()) {
            (Type::Named(_), Ok(number)) => quote! { #number },
            _ => input.value(ty, &quote! { models:: }, text).unwrap_or_else(|| quote! { #text }),
        },
    };
    match of {
        SetterOf::Parameter(i) => {
            let p = op.declared.parameters.get(i)?;
            Some(parameter(input, p, &value(&p.of.ty, p.constant.as_ref()?), request))
        }
        SetterOf::Member(i) => {
            let f = op.member(i)?;
            let (value, wire, body) = (value(&f.of.ty, f.constant.as_ref()?), &f.wire, op.declared.body.as_ref()?);
            Some(match &body.content {
                Content::Form(_) => form_field(body, f, &value, request),
                Content::Multipart(_) => {
                    let member = body.member(wire);
                    let make = match member.map(|member| &member.written) {
                        Some(Written::Json) => quote! { of_json },
                        _ => quote! { of_text },
                    };
                    let typed = typed(member.and_then(|member| member.content_type.as_deref()));
                    quote! { #request.part(__private::Part::#make(#wire, &#value) #typed); }
                }
                Content::Json(_) | Content::Text | Content::Bytes | Content::Events(_) => {
                    quote! { #request.member(#wire, &#value); }
                }
            })
        }
        SetterOf::Body | SetterOf::Other(_) | SetterOf::ContentType | SetterOf::Mfa | SetterOf::Token => None,
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
            let spelling = &p.spelling;
            if p.location != Location::Query || spelling.reserved || !spelling.delimiters.is_empty() {
                return None;
            }
            match (spelling.style, spelling.explode, &p.of.ty) {
                (Style::Json | Style::Whole, ..) => None,
                (Style::Form, true, _) => Some(quote! { client::put_query(self, #wire, #given) }),
                (Style::Form, false, Type::List(_)) => Some(quote! { client::put_list(self, #wire, #given) }),
                _ => {
                    let style = query_style(spelling);
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
        SetterOf::Mfa | SetterOf::Token | SetterOf::Body | SetterOf::Other(_) | SetterOf::ContentType => None,
    }
}

/// How a parameter of the query is spelled.
fn query_style(spelling: &Spelling) -> TokenStream {
    let style = match spelling.style {
        Style::DeepObject => quote! { DeepObject },
        Style::SpaceDelimited if !spelling.explode => quote! { SpaceDelimited },
        Style::PipeDelimited if !spelling.explode => quote! { PipeDelimited },
        // The others are no styles of a query, or say nothing of lists.
        Style::Text | Style::Simple | Style::Label | Style::Matrix | Style::Json | Style::Whole => quote! { Form },
        Style::Form | Style::Cookie | Style::SpaceDelimited | Style::PipeDelimited if spelling.explode => {
            quote! { FormExplode }
        }
        Style::Form | Style::Cookie | Style::SpaceDelimited | Style::PipeDelimited => quote! { Form },
    };
    quote! { runtime::Style::#style }
}

/// A value with the lists in it joined, where no style does that.
fn joined(spelling: &Spelling, set: &TokenStream) -> TokenStream {
    let delimiters = &spelling.delimiters;
    match delimiters.is_empty() {
        true => quote! { &#set },
        false => quote! { &__private::Joined(&#set, &[#(#delimiters),*]) },
    }
}

/// Whether a value is one word, so that nothing of it is joined or repeated.
fn is_word(input: Input<'_>, ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::Named(id) => input.api.is_enum(*id),
        Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Any => false,
    }
}

fn parameter(input: Input<'_>, p: &Parameter, set: &TokenStream, request: &TokenStream) -> TokenStream {
    let (wire, spelling) = (&p.wire, &p.spelling);
    let given = joined(spelling, set);
    let json = quote! { &__private::JsonText(&#set) };
    match (p.location, spelling.style) {
        (Location::Query, Style::Json) => quote! { #request.query_json(#wire, &#set); },
        (Location::Query, Style::Whole) => quote! { #request.query_whole(#wire, &#set); },
        (Location::Query, _) => {
            let style = query_style(spelling);
            match spelling.reserved {
                true => quote! { #request.query_reserved(#wire, #given, #style); },
                false => quote! { #request.query(#wire, #given, #style); },
            }
        }
        (Location::Path, Style::Json) => quote! { #request.path(#wire, #json); },
        (Location::Path, _) => {
            let style = match spelling.style {
                Style::Label if spelling.explode => quote! { LabelExplode },
                Style::Label => quote! { Label },
                Style::Matrix if spelling.explode => quote! { MatrixExplode },
                Style::Matrix => quote! { Matrix },
                // The others are no styles of a path.
                _ if spelling.explode => quote! { SimpleExplode },
                _ if spelling.reserved => quote! { Simple },
                _ => return quote! { #request.path(#wire, #given); },
            };
            match spelling.reserved {
                true => quote! { #request.path_reserved(#wire, #given, __private::PathStyle::#style); },
                false => quote! { #request.path_styled(#wire, #given, __private::PathStyle::#style); },
            }
        }
        (Location::Header, Style::Json) => quote! { #request.header_json(#wire, &#set); },
        (Location::Header, _) if spelling.explode => quote! { #request.header_exploded(#wire, #given); },
        (Location::Header, _) => quote! { #request.header_param(#wire, #given); },
        (Location::Cookie, Style::Json) => quote! { #request.cookie(#wire, #json); },
        (Location::Cookie, style) => {
            let style = match (style == Style::Cookie, spelling.explode && !is_word(input, &p.of.ty)) {
                (true, true) => quote! { PlainExplode },
                (true, false) => quote! { Plain },
                (false, true) => quote! { FormExplode },
                (false, false) => return quote! { #request.cookie(#wire, #given); },
            };
            quote! { #request.cookie_styled(#wire, #given, __private::CookieStyle::#style); }
        }
    }
}

fn form_field(body: &Body, f: &Field, set: &TokenStream, request: &TokenStream) -> TokenStream {
    let wire = &f.wire;
    let words = Spelling::of(Style::Form, true);
    let spelling = match body.member(wire).map(|member| &member.written) {
        Some(Written::Spelled(spelling)) => spelling,
        _ => &words,
    };
    if spelling.style == Style::Json {
        return quote! { #request.form(#wire, &__private::JsonText(&#set), runtime::Style::Form); };
    }
    let (given, style) = (joined(spelling, set), query_style(spelling));
    match spelling.reserved {
        true => quote! { #request.form_reserved(#wire, #given, #style); },
        false => quote! { #request.form(#wire, #given, #style); },
    }
}

/// Gives a part its content type.
fn typed(content_type: Option<&str>) -> Option<TokenStream> {
    content_type.map(|content_type| quote! { .with_content_type(#content_type) })
}

fn multipart_field(
    input: Input<'_>,
    body: &Body,
    f: &Field,
    (ident, how): (&Ident, How),
    request: &TokenStream,
) -> (TokenStream, TokenStream) {
    let (wire, ty) = (&f.wire, &f.of.ty);
    let member = body.member(wire);
    let content_type = member.and_then(|member| member.content_type.as_deref());
    let written = member.map_or(&Written::Plain, |member| &member.written);
    let (argument, set) = input.taken(ty, &quote! { models:: }, how);
    let set = super::model::replace_value(&set, ident);
    let typed = typed(content_type);
    let each = || quote! { for part in __private::Part::each(#wire, &#set) { #request.part(part #typed); } };
    match written {
        Written::Upload => {
            let part = match content_type {
                Some(content_type) => quote! { into_part_of(#wire, #content_type) },
                None => quote! { into_part(#wire) },
            };
            let one = match ty {
                Type::List(_) => ident_of("one"),
                _ => ident.clone(),
            };
            let (argument, upload) = into(how, &quote! { runtime::Upload }, &one);
            let set = quote! { #request.part(#upload.#part); };
            match (ty, how) {
                (Type::List(_), How::Argument) => {
                    (quote! { impl IntoIterator<Item = #argument> }, quote! { for one in #ident { #set } })
                }
                (Type::List(_), How::Field) => (quote! { Vec<#argument> }, quote! { for one in #ident { #set } }),
                _ => (argument, set),
            }
        }
        Written::Plain if is_word(input, ty) => {
            (argument, quote! { #request.part(__private::Part::of_text(#wire, &#set) #typed); })
        }
        Written::Plain => (argument, each()),
        Written::Json => (argument, quote! { #request.part(__private::Part::of_json(#wire, &#set) #typed); }),
        Written::Spelled(spelling) if spelling.explode => (argument, each()),
        Written::Spelled(spelling) => {
            let delimiter = match spelling.style {
                Style::SpaceDelimited => " ",
                Style::PipeDelimited => "|",
                _ => ",",
            };
            let spelling = match spelling.delimiters.is_empty() {
                true => Spelling { delimiters: vec![delimiter.to_owned()], ..spelling.clone() },
                false => spelling.clone(),
            };
            let given = joined(&spelling, &set);
            (argument, quote! { #request.part(__private::Part::of_text(#wire, #given)); })
        }
    }
}
