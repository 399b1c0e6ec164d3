//! Models → items.
//!
//! No serde derive: a model reads its fields by a straight line of calls and shows them all at once, as one list, to be
//! written, printed and compared, which is what keeps the crate cheap to compile.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::args::Arg;
use super::types::{How, doc, ident_of};
use super::{choice, docs};
use crate::analyze::Mention;
use crate::base::Pointer;
use crate::document::keys;
use crate::ir::{Docs, Field, Label, Model, Type, TypeDef, TypeId, TypeKind, Use};
use crate::render::Input;

/// The items of one type.
pub(in crate::render) fn items(input: Input<'_>, id: TypeId, out: &mut Vec<TokenStream>) {
    let Some(def) = input.api.get(id) else { return };
    if let Some(item) = input.names.repeated.get(&id) {
        let (name, item) = (input.type_ident(id), input.type_ident(*item));
        let (docs, deprecated) = (type_docs(input, id, def), input.deprecated(&def.docs));
        return out.push(quote! { #docs #deprecated pub type #name = #item; });
    }
    match &def.kind {
        TypeKind::Model(m) => model(input, id, def, m, out),
        TypeKind::Enum(e) => choice::enumeration(input, id, def, e, out),
        TypeKind::Union(u) => choice::union(input, id, def, u, out),
    }
}

/// The documentation of a type.
pub(super) fn type_docs(input: Input<'_>, id: TypeId, def: &TypeDef) -> TokenStream {
    let mut lines = words(&def.docs);
    let place = keys::place(def.origin.pointer.as_str());
    let wire = Pointer::parse(place).and_then(|p| p.last()).unwrap_or_default();
    if lines.is_empty() && wire == "schema" {
        // Of a parameter, a header or a body: it is known by the name of that.
        let (Label::Component(name) | Label::Operation { part: name, .. } | Label::Part { part: name, .. }) =
            &def.label;
        let (name, kind) = match name.rsplit_once(' ') {
            Some((name, kind @ ("parameter" | "header" | "body"))) => (name, format!("the {kind} ")),
            _ => (name.as_str(), String::new()),
        };
        lines.push(format!("The schema of {kind}{}.", docs::code(name)));
    } else if lines.is_empty() {
        lines.push(format!("The schema {}.", docs::code(&wire)));
    }
    let used = used_by(input, id);
    if !used.is_empty() {
        lines.push(String::new());
        lines.push(format!("Part of {used}."));
    }
    doc(&lines)
}

/// Where a type is used, as links.
fn used_by(input: Input<'_>, id: TypeId) -> String {
    let list = input.facts.mentions.list(id);
    let operation = |i: usize| {
        let names = input.names.operations.get(i)?;
        let tag = input.names.tags.get(input.api.operations.get(i)?.tag)?;
        let method = &names.method;
        // A link's `#` begins a fragment.
        let plain = method.trim_start_matches("r#");
        Some(format!("[`{0}::{method}`](crate::api::{0}::{plain})", tag.handle))
    };
    let mut seen: Vec<String> = Vec::new();
    for m in list {
        let text = match m {
            Mention::Request(i) | Mention::Response(i) => operation(*i),
            Mention::Field(owner, _) | Mention::Branch(owner)
                if !input.facts.pages.contains_key(owner) && !input.is_flat(*owner) =>
            {
                input.names.types.of(*owner).map(|n| format!("[`{n}`]"))
            }
            // A page or a body of setters is no type of its own: its operations are the users.
            Mention::Field(owner, _) => input.facts.mentions.of(*owner).and_then(|l| {
                l.iter().find_map(|m| match m {
                    Mention::Response(i) | Mention::Request(i) => operation(*i),
                    _ => None,
                })
            }),
            Mention::Branch(_) => None,
        };
        if let Some(text) = text
            && !seen.contains(&text)
        {
            seen.push(text);
        }
    }
    let more = seen.len().saturating_sub(6);
    seen.truncate(6);
    let mut text = seen.join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// The document's words on a node: title and text, without saying the same twice.
pub(in crate::render) fn words(d: &Docs) -> Vec<String> {
    let mut lines = docs::lines(&d.text);
    if lines.is_empty() {
        lines = docs::lines(&d.title);
    }
    if !d.facts.is_empty() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let facts: Vec<String> = d.facts.iter().map(|f| fact(f)).collect();
        lines.push(format!("{}.", facts.join("; ")));
    }
    lines
}

/// What is said of a member.
pub(super) fn member_words(field: &Field) -> Vec<String> {
    let mut lines = words(&field.docs);
    if lines.is_empty() {
        lines.push(format!("The member {}.", docs::code(&field.wire)));
    }
    lines
}

/// `Pattern: `x`` with the value as a safe code span.
fn fact(text: &str) -> String {
    match text.split_once(": `") {
        Some((name, value)) => format!("{name} {}", docs::code(value.strip_suffix('`').unwrap_or(value))),
        None => docs::plain(text),
    }
}

/// How a field is held.
pub(super) struct Held {
    pub(in crate::render) ty: TokenStream,
    /// `Patch`, `Option` or the type itself.
    pub(super) wrapper: Wrapper,
    pub(super) boxed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    None,
    Option,
    Patch,
}

pub(super) fn held(input: Input<'_>, id: TypeId, index: usize, field: &Field) -> Held {
    let none = TokenStream::new();
    let boxed = input.facts.boxed.contains(&(id, index));
    let inner = match &field.of.ty {
        Type::List(of) if input.facts.records.contains(&(id, index)) => {
            let item = input.ty(&of.ty, &none);
            quote! { runtime::Records<#item> }
        }
        ty => input.ty(ty, &none),
    };
    let inner = if boxed {
        quote! { Box<#inner> }
    } else {
        inner
    };
    let requests = input.facts.in_requests.has(id);
    let responses = input.facts.in_responses.has(id);
    // A member of one direction only may be missing in the other.
    let required = field.required && !(field.read_only && requests) && !(field.write_only && responses);
    // A page without its records has none.
    let records = input.facts.pages.get(&id).is_some_and(|page| page.items == index);
    let wrapper = match (required, field.nullable()) {
        _ if records => Wrapper::None,
        (true, true) if field.of.ty == Type::Any => Wrapper::None,
        (true, true) => Wrapper::Option,
        (true, false) => Wrapper::None,
        (false, true) if requests => Wrapper::Patch,
        (false, _) => Wrapper::Option,
    };
    let ty = match wrapper {
        Wrapper::None => inner,
        Wrapper::Option => quote! { Option<#inner> },
        Wrapper::Patch => quote! { runtime::Patch<#inner> },
    };
    Held { ty, wrapper, boxed }
}

/// The flags of a member for the driver, as the digit it reads: required, nullable, secret, null all the same.
pub(super) fn flags(field: &Field, held: &Held) -> u8 {
    let required = field.required && (held.wrapper == Wrapper::None || field.nullable());
    let nullable = field.of.nullable || field.of.ty == Type::Any;
    let null = field.may_be_null && !nullable;
    b'0' + u8::from(required) + 2 * u8::from(nullable) + 4 * u8::from(field.secret) + 8 * u8::from(null)
}

fn model(input: Input<'_>, id: TypeId, def: &TypeDef, model: &Model, out: &mut Vec<TokenStream>) {
    let name = input.type_ident(id);
    let docs_of_type = type_docs(input, id, def);
    let deprecated = input.deprecated(&def.docs);
    let members = input.names.members.list(id);
    let mut fields = Vec::new();
    let mut shown = Vec::new();
    let all: Vec<(usize, &Field, Ident, Held)> = model
        .fields
        .iter()
        .zip(members)
        .enumerate()
        .map(|(i, (f, ident))| (i, f, ident_of(ident), held(input, id, i, f)))
        .collect();
    for (_, field, ident, held) in &all {
        let docs = doc(&member_words(field));
        let deprecated = input.deprecated(&field.docs);
        let ty = &held.ty;
        fields.push(quote! { #docs #deprecated pub #ident: #ty });
        shown.push(Member {
            wire: &field.wire,
            flags: flags(field, held),
            ident: ident.clone(),
            blank: has_blank(&field.of.ty, held),
        });
    }
    let derives = extra_derives(input, def);
    out.push(quote! {
        #docs_of_type
        #deprecated
        #derives
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
            /// Properties that the document does not declare, and the original JSON of values that could not be read as declared.
            pub extra: runtime::Extra,
        }
    });
    let shown = listed(&shown);
    out.push(quote! { runtime::model!(#name, #shown); });
    let buildable = input.facts.in_requests.has(id);
    if buildable {
        out.extend(constructor(input, (id, &name), &all));
    }
    if let Some(of) = &model.additional {
        out.push(additional(input, &name, of, buildable.then(|| crate::name::additional_setter(members))));
    }
}

/// Accessors of the members beyond the declared ones, which `extra` keeps.
fn additional(input: Input<'_>, name: &Ident, of: &Use, setter: Option<crate::base::Ident>) -> TokenStream {
    let ty = input.use_of(of, &TokenStream::new());
    let setter = setter.map(|setter| {
        let setter = ident_of(&setter);
        quote! {
            /// Sets a member that the document does not declare.
            #[must_use]
            #[inline]
            pub fn #setter(mut self, name: impl AsRef<str>, value: #ty) -> Self {
                self.extra.insert_typed(name, &value);
                self
            }
        }
    });
    quote! {
        impl #name {
            /// The members that the document does not declare by name, each read as what it says of them all.
            #[inline]
            pub fn additional(&self) -> impl ::std::iter::Iterator<Item = (&str, Result<#ty, runtime::DecodeError>)> {
                self.extra.typed()
            }
            #setter
        }
    }
}

/// A member as the implementations of its model see it.
pub(super) struct Member<'a> {
    /// Its name in JSON.
    pub(super) wire: &'a str,
    /// What [`flags`] gives.
    pub(super) flags: u8,
    /// Its field.
    pub(super) ident: Ident,
    /// What [`has_blank`] says.
    pub(super) blank: bool,
}

/// Whether a field has a value before it is read: whether its type has one that costs nothing, see the runtime's `Blank`.
pub(super) fn has_blank(ty: &Type, held: &Held) -> bool {
    let costly = held.boxed
        || match ty {
            Type::Named(_) | Type::Tuple(_) => true,
            Type::Scalar(s) => !s.has_blank(),
            Type::List(_) | Type::Map(_) | Type::Any => false,
        };
    held.wrapper != Wrapper::None || !costly
}

/// The members as the runtime's macros take them.
pub(super) fn listed(members: &[Member<'_>]) -> TokenStream {
    let flags = Literal::byte_string(&members.iter().map(|m| m.flags).collect::<Vec<u8>>());
    let (idents, wires) = (members.iter().map(|m| &m.ident), members.iter().map(|m| m.wire));
    let (blank, first): (Vec<_>, Vec<_>) = members.iter().enumerate().partition(|(_, m)| m.blank);
    let rest = (!first.is_empty()).then(|| {
        let blank = blank.iter().map(|(_, m)| &m.ident);
        let indexes = first.iter().map(|(i, _)| Literal::usize_unsuffixed(*i));
        let first = first.iter().map(|(_, m)| &m.ident);
        quote! { , blank { #(#blank),* }, first { #(#first = #indexes),* } }
    });
    quote! { #flags, { #(#idents = #wires),* } #rest }
}

fn extra_derives(input: Input<'_>, def: &TypeDef) -> TokenStream {
    let list =
        input.settings.type_override(def.origin.pointer.as_str()).map(|t| t.derive.as_slice()).unwrap_or_default();
    let paths: Vec<syn::Path> = list.iter().filter_map(|d| syn::parse_str(d).ok()).collect();
    if paths.is_empty() {
        TokenStream::new()
    } else {
        quote! { #[derive(#(#paths),*)] }
    }
}

/// How a member is given when its model is built.
pub(super) enum Built {
    /// As an argument of `new`.
    Argument(TokenStream),
    /// By `with_`.
    Setter(TokenStream),
    /// By `with_`, and `clear_` sends null.
    Clearable(TokenStream),
    /// Not at all: it has one value, which `new` gives it.
    Constant(TokenStream),
}

/// How a member is given, with the type of the argument.
pub(super) fn built(input: Input<'_>, (id, index): (TypeId, usize), field: &Field, held: &Held) -> Built {
    let none = TokenStream::new();
    if input.names.arguments.list(id).contains(&index) {
        let how = if input.names.args_of(id).is_some() { How::Field } else { How::Argument };
        return Built::Argument(match held.wrapper {
            Wrapper::None => input.taken(&field.of.ty, &none, how).0,
            Wrapper::Option | Wrapper::Patch => held.ty.clone(),
        });
    }
    if let Some(value) = field.constant.as_ref().and_then(|text| input.value(&field.of.ty, &none, text)) {
        return Built::Constant(value);
    }
    let (argument, _) = input.argument(&field.of.ty, &none);
    match held.wrapper {
        Wrapper::Patch => Built::Clearable(argument),
        Wrapper::None | Wrapper::Option => Built::Setter(argument),
    }
}

/// `new` with what is required, one by one or as a struct, and a `with_` setter for the rest.
fn constructor(
    input: Input<'_>,
    (id, name): (TypeId, &Ident),
    fields: &[(usize, &Field, Ident, Held)],
) -> Vec<TokenStream> {
    let none = TokenStream::new();
    let (order, args) = (input.names.arguments.list(id), input.names.args_of(id).map(|args| ident_of(args)));
    let how = if args.is_some() { How::Field } else { How::Argument };
    let mut arguments = Vec::new();
    let mut inits = Vec::new();
    let mut setters = Vec::new();
    for (i, field, ident, held) in fields {
        let boxed = |v: TokenStream| {
            if held.boxed {
                quote! { Box::new(#v) }
            } else {
                v
            }
        };
        let argument = match built(input, (id, *i), field, held) {
            Built::Argument(ty) => {
                let lines = member_words(field);
                let (ident, deprecated) = (ident.clone(), input.deprecated(&field.docs));
                let arg = Arg { ident, ty, lines, deprecated, secret: field.secret };
                arguments.push((order.iter().position(|at| at == i), arg));
                None
            }
            Built::Setter(argument) | Built::Clearable(argument) => Some(argument),
            Built::Constant(value) => {
                inits.push(match held.wrapper {
                    Wrapper::None => quote! { #ident: #value },
                    Wrapper::Option => quote! { #ident: Some(#value) },
                    Wrapper::Patch => quote! { #ident: runtime::Patch::Value(#value) },
                });
                continue;
            }
        };
        if argument.is_none() && held.wrapper == Wrapper::None {
            let records = input.facts.records.contains(&(id, *i));
            let value = match how {
                How::Field if records => quote! { #ident.into() },
                _ => replace_value(&input.taken(&field.of.ty, &none, how).1, ident),
            };
            let value = boxed(value);
            // `x: x` is what clippy calls redundant.
            let same = *ident == value.to_string();
            inits.push(if same {
                quote! { #ident }
            } else {
                quote! { #ident: #value }
            });
            continue;
        }
        let Some(argument) = argument else {
            inits.push(quote! { #ident });
            continue;
        };
        let setter = ident_of(&crate::name::setter_of(&ident.to_string()));
        let value = boxed(input.argument(&field.of.ty, &none).1);
        let deprecated = input.deprecated(&field.docs);
        let summary = docs::first_sentence(&field.docs.text);
        let summary = if summary.is_empty() { format!("Sets {}.", docs::code(&field.wire)) } else { summary };
        let line = doc(&[summary]);
        match held.wrapper {
            Wrapper::Patch => {
                inits.push(quote! { #ident: runtime::Patch::Unset });
                let clear = ident_of(&crate::name::clearer_of(&ident.to_string()));
                let clear_line = doc(&[format!("Sends {} as `null`.", docs::code(&field.wire))]);
                setters.push(quote! {
                    #line #deprecated
                    #[must_use]
                    #[inline]
                    pub fn #setter(mut self, value: #argument) -> Self {
                        self.#ident = runtime::Patch::Value(#value);
                        self
                    }
                    #clear_line #deprecated
                    #[must_use]
                    #[inline]
                    pub fn #clear(mut self) -> Self {
                        self.#ident = runtime::Patch::Null;
                        self
                    }
                });
            }
            _ => {
                inits.push(quote! { #ident: None });
                setters.push(quote! {
                    #line #deprecated
                    #[must_use]
                    #[inline]
                    pub fn #setter(mut self, value: #argument) -> Self {
                        self.#ident = Some(#value);
                        self
                    }
                });
            }
        }
    }
    arguments.sort_by_key(|(rank, _)| *rank);
    let arguments: Vec<Arg> = arguments.into_iter().map(|(_, argument)| argument).collect();
    let line = format!(" A `{name}` with what is required.");
    let default = arguments.is_empty().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self { Self::new() }
            }
        }
    });
    let idents = arguments.iter().map(|arg| &arg.ident);
    let (taken, taking) = match &args {
        Some(args) => (quote! { args: #args }, quote! { let #args { #(#idents),* } = args; }),
        None => {
            let types = arguments.iter().map(|arg| &arg.ty);
            (quote! { #(#idents: #types),* }, TokenStream::new())
        }
    };
    let mut out: Vec<TokenStream> =
        args.iter().map(|args| super::args::item(args, &format!("{name}::new"), &arguments)).collect();
    out.push(quote! {
        #default
        impl #name {
            #[doc = #line]
            #[inline]
            pub fn new(#taken) -> Self {
                #taking
                Self { #(#inits,)* extra: runtime::Extra::NONE }
            }
            #(#setters)*
        }
    });
    out
}

/// The conversion of `value`, applied to another identifier.
pub(super) fn replace_value(tokens: &TokenStream, ident: &Ident) -> TokenStream {
    tokens
        .clone()
        .into_iter()
        .map(|t| match t {
            proc_macro2::TokenTree::Ident(i) if i == "value" => proc_macro2::TokenTree::Ident(ident.clone()),
            proc_macro2::TokenTree::Group(g) => {
                proc_macro2::TokenTree::Group(proc_macro2::Group::new(g.delimiter(), replace_value(&g.stream(), ident)))
            }
            t => t,
        })
        .collect()
}
