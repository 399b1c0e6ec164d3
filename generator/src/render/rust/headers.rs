//! The headers that the responses of an operation declare → accessors.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::model::words;
use super::operation::{Items, json_type};
use super::types::{doc, ident_of};
use crate::analyze::HeaderUse;
use crate::ir::{HeaderForm, Scalar, Type, Use};
use crate::name::HeaderNames;
use crate::render::{Input, Op};

/// What reads them, next to the request of the operation.
pub(super) fn items(input: Input<'_>, op: Op<'_>, handle: &str, out: &mut Items) {
    let Some(HeaderNames { ty, accessors }) = &op.names.headers else { return };
    let name = ident_of(ty);
    let method = op.names.method.trim_start_matches("r#");
    let about = doc(&[
        format!("The headers that responses of [`{handle}::{method}`] declare."),
        String::new(),
        format!(
            "`{ty}::of(response.headers())` reads those of a response, `{ty}::of(error.headers())` those of an error."
        ),
    ]);
    let block = match op.call.headers.iter().any(is_text) {
        true => quote! { impl<'h> #name<'h> },
        false => quote! { impl #name<'_> },
    };
    let methods = op.call.headers.iter().zip(accessors).map(|(used, accessor)| accessor_of(input, used, accessor));
    out.markers.push(quote! { pub enum #name {} });
    out.rest.push(quote! {
        #about
        pub type #name<'h> = client::Headers<'h, of::#name>;
    });
    out.rest.push(quote! { #block { #(#methods)* } });
}

fn accessor_of(input: Input<'_>, used: &HeaderUse, accessor: &str) -> TokenStream {
    let (header, ident) = (&used.header, ident_of(accessor));
    let wire = &header.wire;
    let mut lines = words(&header.docs);
    if lines.is_empty() {
        lines.push(format!("The header {}.", docs::code(wire)));
    }
    lines.push(String::new());
    lines.push(format!("{} of {}; `None` where there is none.", docs::code(wire), statuses(used)));
    let deprecated = input.deprecated(&header.docs);
    let result = result(input, used);
    let read = match header.form {
        HeaderForm::Lines => quote! { __private::header_lines(self.map, #wire) },
        _ if is_text(used) => quote! { __private::header_str(self.map, #wire) },
        form => {
            lines.extend(["", "# Errors", "", "When it is not of this type."].map(str::to_owned));
            let form = match form {
                HeaderForm::List => quote! { List },
                HeaderForm::Delimited(delimiter) => quote! { Delimited(#delimiter) },
                HeaderForm::Members => quote! { Members },
                HeaderForm::MembersExploded => quote! { MembersExploded },
                HeaderForm::Json => quote! { Json },
                HeaderForm::Plain | HeaderForm::Lines => quote! { Plain },
            };
            quote! { __private::header_value(self.map, #wire, __private::HeaderForm::#form) }
        }
    };
    let lines = doc(&lines);
    quote! {
        #lines
        #deprecated
        #[inline]
        pub fn #ident(&self) -> #result { #read }
    }
}

/// Whether it is given as the text that it is.
fn is_text(used: &HeaderUse) -> bool {
    match used.header.form {
        HeaderForm::Lines => true,
        HeaderForm::Plain => matches!(used.header.of.ty, Type::Scalar(Scalar::String)),
        HeaderForm::List
        | HeaderForm::Delimited(_)
        | HeaderForm::Members
        | HeaderForm::MembersExploded
        | HeaderForm::Json => false,
    }
}

/// What its accessor gives.
pub(super) fn result(input: Input<'_>, used: &HeaderUse) -> TokenStream {
    if used.header.form == HeaderForm::Lines {
        return quote! { impl Iterator<Item = &'h str> + use<'h> };
    }
    if is_text(used) {
        return quote! { Option<&'h str> };
    }
    let of = json_type(input, &Use { nullable: false, ..used.header.of.clone() });
    quote! { Result<Option<#of>, runtime::Error> }
}

/// Which responses have it.
fn statuses(used: &HeaderUse) -> String {
    let list = |all: &[String]| all.iter().map(|s| docs::code(s)).collect::<Vec<_>>().join(", ");
    let always = if used.header.required { ", which always have it" } else { "" };
    format!("responses {}{always}", list(&used.statuses))
}

/// What the documentation of an operation says of them.
pub(super) fn section(op: Op<'_>) -> Vec<String> {
    let Some(HeaderNames { ty, accessors }) = &op.names.headers else { return Vec::new() };
    let head = format!(
        "[`{ty}`](crate::api::requests::{ty}) reads them: `{ty}::of(response.headers())`, or of an error its `headers()`."
    );
    let mut lines = vec![String::new(), "# Response headers".to_owned(), String::new(), head, String::new()];
    for (used, accessor) in op.call.headers.iter().zip(accessors) {
        let text = docs::first_sentence(&used.header.docs.text);
        let text = if text.is_empty() { text } else { format!(": {text}") };
        let link = format!("[`{accessor}`](crate::api::requests::{ty}::{})", accessor.trim_start_matches("r#"));
        lines.push(format!("- {} of {}, {link}{text}", docs::code(&used.header.wire), used.statuses.join(", ")));
    }
    lines
}
