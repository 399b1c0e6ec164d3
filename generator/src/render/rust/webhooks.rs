//! What the API calls at the consumer → `src/webhooks.rs`: a function each that reads what it brings, documented with what is asked of the
//! consumer. The server around it is the consumer's.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::operation::json_type;
use super::types::{doc, ident_of};
use crate::ir::{Content, Location, Response, Webhook};
use crate::render::{Input, RustFile};

/// The name of the module.
pub(in crate::render) fn module(input: Input<'_>) -> &'static str {
    crate::name::webhooks_module(crate::render::package::extras::has_module(input, "webhooks"))
}

/// The file, where the document has any.
pub(in crate::render) fn file(input: Input<'_>) -> Option<RustFile<'static>> {
    if input.api.webhooks.is_empty() {
        return None;
    }
    let mut head = vec![
        "What the API calls at a service of yours: webhooks, and the callbacks that operations ask for.".to_owned(),
    ];
    head.push(String::new());
    head.push("A function reads the body of each. It checks nothing else: who sent it is for you to find out, by what the API says of that.".to_owned());
    head.push(
        "A member that the document does not know is kept, a value of another form is read as responses are."
            .to_owned(),
    );
    let mut items = vec![quote! { use crate::runtime::{self, __private}; use crate::models; }];
    let (mut used, mut unread) = ((false, false), Vec::new());
    for (hook, name) in input.api.webhooks.iter().zip(&input.names.webhooks) {
        let lines = docs_of(input, hook);
        let Some((ty, read)) = payload(input, hook) else {
            let first = lines.first().cloned().unwrap_or_default();
            unread.push(format!("- {}: {first}", docs::code(&hook.wire)));
            // A list item goes on where its lines are indented.
            unread.extend(
                lines.iter().skip(1).map(|line| if line.is_empty() { String::new() } else { format!("  {line}") }),
            );
            continue;
        };
        let text = ty.to_string();
        used = (used.0 || text.contains("runtime ::"), used.1 || text.contains("models ::"));
        let (name, lines) = (ident_of(name), doc(&lines));
        let deprecated = input.deprecated(&hook.docs);
        items.push(quote! {
            #lines
            #deprecated
            #[inline]
            pub fn #name(body: &[u8]) -> Result<#ty, crate::error::DecodeError> { __private::#read(body) }
        });
    }
    if !unread.is_empty() {
        head.extend(["", "# Without a body to read", ""].map(str::to_owned));
        head.extend(unread);
    }
    let imports = match (items.len() > 1, used) {
        (false, _) => TokenStream::new(),
        (true, (true, true)) => quote! { use crate::models; use crate::runtime::{self, __private}; },
        (true, (true, false)) => quote! { use crate::runtime::{self, __private}; },
        (true, (false, true)) => quote! { use crate::models; use crate::runtime::__private; },
        (true, (false, false)) => quote! { use crate::runtime::__private; },
    };
    if let Some(first) = items.first_mut() {
        *first = imports;
    }
    Some(RustFile::new(format!("src/{}.rs", module(input)), head, items))
}

/// The type of what it brings, and the function of the runtime that reads it; `None` where there is nothing to read.
pub(super) fn payload(input: Input<'_>, hook: &Webhook) -> Option<(TokenStream, proc_macro2::Ident)> {
    let (_, content) = hook.payload.as_ref()?;
    match content {
        Content::Json(of) => Some((json_type(input, of), ident_of("parse_json"))),
        Content::Form(of) => Some((json_type(input, of), ident_of("parse_form"))),
        Content::Text => Some((quote! { String }, ident_of("parse_text"))),
        Content::Multipart(_) | Content::Bytes | Content::Events(_) => None,
    }
}

fn docs_of(input: Input<'_>, hook: &Webhook) -> Vec<String> {
    let method = hook.method.to_uppercase();
    let what = match &hook.callback {
        Some((_, address)) => docs::code(&format!("{method} {address}")),
        None => docs::code(&method),
    };
    let summary = docs::first_sentence(&hook.docs.title);
    let name = docs::code(&hook.wire);
    let mut lines = vec![match (summary.is_empty(), &hook.callback) {
        (false, _) => format!("{what}: {}", summary.trim_end_matches('.')),
        (true, Some(_)) => format!("{what}: the callback {name}"),
        (true, None) => format!("{what}: the webhook {name}"),
    }];
    let text = docs::lines(&hook.docs.text);
    if !text.is_empty() {
        lines.push(String::new());
        lines.extend(text);
    }
    if let Some(asked) = hook.callback.as_ref().and_then(|(i, _)| asked_by(input, *i)) {
        lines.extend([String::new(), format!("The operation {asked} asks for it.")]);
    }
    if let Some((media, _)) = &hook.payload {
        lines.extend([String::new(), format!("It comes as {}.", docs::code(media))]);
    }
    if !hook.parameters.is_empty() {
        lines.extend([String::new(), "With it come:".to_owned(), String::new()]);
        for p in &hook.parameters {
            let place = match p.location {
                Location::Path => "path",
                Location::Query => "query",
                Location::Header => "header",
                Location::Cookie => "cookie",
            };
            let always = if p.required { ", always" } else { "" };
            let text = docs::first_sentence(&p.text);
            let text = if text.is_empty() { text } else { format!(": {text}") };
            lines.push(format!("- {} ({place}{always}){text}", docs::code(&p.wire)));
        }
    }
    if !hook.answers.is_empty() {
        lines.extend([String::new(), "The API expects one of these answers:".to_owned(), String::new()]);
        lines.extend(hook.answers.iter().map(|r| answer(input, r)));
    }
    lines.push(String::new());
    lines.push("# Errors".to_owned());
    lines.push(String::new());
    lines.push("When the body is not what the document says.".to_owned());
    if payload(input, hook).is_none() {
        lines.truncate(lines.len().saturating_sub(4));
    }
    lines
}

/// An answer in a line: status, words, body, headers.
fn answer(input: Input<'_>, r: &Response) -> String {
    let mut line = format!("- {}", docs::code(&r.status));
    let text = docs::first_sentence(&r.docs.text);
    if !text.is_empty() {
        line = format!("{line}: {}", text.trim_end_matches('.'));
    }
    if let Some(of) =
        r.content.as_ref().and_then(|(_, c)| c.of()).and_then(|of| super::operation_docs::type_link(input, of))
    {
        line = format!("{line} (a body: {of})");
    } else if let Some((media, _)) = &r.content {
        line = format!("{line} (a body as {})", docs::code(media));
    }
    if !r.headers.is_empty() {
        let names: Vec<String> = r.headers.iter().map(|h| docs::code(&h.wire)).collect();
        line = format!("{line}, with the headers {}", names.join(", "));
    }
    line
}

/// The operation that asks for a callback, as a link.
fn asked_by(input: Input<'_>, operation: usize) -> Option<String> {
    let op = input.operations().nth(operation)?;
    let handle = &input.names.tags.get(op.declared.tag)?.handle;
    let method = op.names.method.trim_start_matches("r#");
    Some(format!("[`{handle}::{method}`](crate::api::{handle}::{method})"))
}

/// What the documentation of an operation says of the callbacks it asks for.
pub(super) fn section(input: Input<'_>, operation: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (hook, name) in input.api.webhooks.iter().zip(&input.names.webhooks) {
        let Some((_, address)) = hook.callback.as_ref().filter(|(i, _)| *i == operation) else { continue };
        if lines.is_empty() {
            lines.extend(["", "# Callbacks", ""].map(str::to_owned));
        }
        let call = docs::code(&format!("{} {address}", hook.method.to_uppercase()));
        let module = module(input);
        let read = match payload(input, hook) {
            Some(_) => format!("; [`{module}::{name}`](crate::{module}::{name}) reads it"),
            None => format!("; see [`{module}`](crate::{module})"),
        };
        lines.push(format!("- {}: {call}{read}", docs::code(&hook.wire)));
    }
    lines
}
