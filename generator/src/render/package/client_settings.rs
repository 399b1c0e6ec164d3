//! `src/client/settings.rs`: what the settings say about the API as a whole, as the runtime's `Settings`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::manifest::CrateInfo;
use crate::ir::SecurityKind;
use crate::name::{Environment, Variables, variables};
use crate::render::rust::operation::key_place;
use crate::render::rust::types::ident_of;
use crate::render::{Input, RustFile};
use crate::settings::{Jitter, Placed, StatusRange};

/// The file. Every field of `Settings` is named, so that the compiler of the crate misses one that is new.
pub(super) fn file(input: Input<'_>, info: &CrateInfo, environments: &[Environment]) -> RustFile<'static> {
    let (retry, errors) = (retry(input), errors(input));
    let mode = input.settings.asynchronous.as_ref();
    let accepted = mode.map_or("request_id", |mode| mode.request_id.as_str());
    let accepted_status = number(mode.map_or(202, |mode| mode.status));
    let records = if input.facts.pages.is_empty() { "" } else { input.settings.pages.items.as_str() };
    let mfa = mfa(input);
    let support = input.settings.errors.support.as_ref().map_or("support", |text| text.as_str());
    let environment = environment(input, info, environments);
    let base_paths = if environments.is_empty() { input.api.base_paths() } else { Vec::new() };
    let items = vec![
        quote! { use std::time::Duration; },
        quote! { use crate::runtime::{self, __private}; },
        quote! {
            /// What the settings say about the API as a whole.
            pub static SETTINGS: runtime::Settings = runtime::Settings {
                user_agent: concat!(env!("CARGO_PKG_NAME"), "-rust (", env!("CARGO_PKG_VERSION"), ")"),
                retry: #retry,
                request_id_headers: &["x-request-id", "request-id", "x-correlation-id"],
                errors: #errors,
                accepted: #accepted,
                accepted_status: #accepted_status,
                records: #records,
                timeout: Duration::from_secs(300),
                max_body: 64 << 20,
                mfa: #mfa,
                support: #support,
                environment: #environment,
                base_paths: &[#(#base_paths),*],
            };
        },
    ];
    let head = vec!["What the settings say about the API as a whole.".to_owned()];
    RustFile::new("src/client/settings.rs", head, items)
}

/// A number without its type, as people write it.
fn number(number: impl Into<u64>) -> Literal {
    Literal::u64_unsuffixed(number.into())
}

fn retry(input: Input<'_>) -> TokenStream {
    let retry = &input.settings.retry;
    let base = retry.schedule.first().copied().unwrap_or(0);
    let last = retry.schedule.last().copied().unwrap_or(0).max(base);
    let cap = number((last * 5 / 4).max(1000));
    let pauses = retry.schedule.iter().map(|pause| number(*pause));
    let statuses = retry.statuses.iter().map(|range| {
        let (from, to) = ends(range);
        let (from, to) = (number(from), number(to));
        quote! { (#from, #to) }
    });
    let except = retry.except.iter().flat_map(|range| ends(range).0..=ends(range).1).map(number);
    let codes = retry.codes.iter().map(|code| code.as_str());
    let refused = retry.refused_statuses().into_iter().map(number);
    let jitter = match retry.jitter {
        Jitter::None => None,
        Jitter::Full => Some(quote! { .jitter(runtime::Jitter::Full) }),
        Jitter::Equal => Some(quote! { .jitter(runtime::Jitter::Equal) }),
    };
    quote! {
        runtime::RetryRules::DEFAULT
            .schedule(&[#(Duration::from_millis(#pauses)),*])
            .statuses(&[#(#statuses),*], &[#(#except),*])
            .cap(Duration::from_millis(#cap))
            .refusals(&[#(#codes),*])
            .refused_statuses(&[#(#refused),*])
            #jitter
    }
}

/// The first and the last status of a range.
fn ends(range: &StatusRange) -> (u16, u16) {
    match range {
        StatusRange::One(code) => (*code, *code),
        StatusRange::Class(class) => (u16::from(*class) * 100, u16::from(*class) * 100 + 99),
    }
}

fn errors(input: Input<'_>) -> TokenStream {
    let errors = &input.settings.errors;
    let text = |name: &Option<Placed<String>>| name.as_ref().map(|name| name.value.clone()).unwrap_or_default();
    let (code, message) = (text(&errors.code), text(&errors.message));
    let (field, request_id) = (text(&errors.field), text(&errors.request_id));
    let max_items = number(errors.max_items);
    let not_found = errors.not_found.iter().map(|code| code.as_str());
    quote! {
        __private::ErrorNames {
            code: #code,
            message: #message,
            field: #field,
            request_id: #request_id,
            max_items: #max_items,
            not_found: &[#(#not_found),*],
        }
    }
}

/// How the API asks for a second factor.
fn mfa(input: Input<'_>) -> TokenStream {
    let Some(m) = &input.settings.mfa else { return quote! { None } };
    let status = number(m.status);
    let names = [
        ("code", &m.code),
        ("expired", &m.expired),
        ("session", &m.session),
        ("link", &m.link),
        ("expiry", &m.expiry),
        ("challenge", &m.challenge),
        ("kind", &m.kind),
        ("value", &m.value),
        ("instructions", &m.instructions),
        ("token", &m.token),
    ];
    let names = names.map(|(field, name)| {
        let (field, name) = (ident_of(field), name.as_str());
        quote! { #field: #name }
    });
    let input = m.input.iter().map(|name| name.as_str());
    quote! { Some(__private::MfaNames { status: #status, #(#names,)* input: &[#(#input),*] }) }
}

/// What the environment's variables are called, and the servers they may name.
fn environment(input: Input<'_>, info: &CrateInfo, environments: &[Environment]) -> TokenStream {
    let Variables { id, secret, server, base_url, .. } = variables(&info.name, input.api);
    let usual = input.api.usual_scheme().map(|s| &s.kind);
    let key = match usual {
        Some(SecurityKind::ApiKey { location, name }) => {
            let place = key_place(*location);
            quote! { Some((runtime::KeyPlace::#place, #name)) }
        }
        _ => quote! { None },
    };
    let servers = environments.iter().map(|e| {
        let make = ident_of(if e.credentials { "new" } else { "without_credentials" });
        let (name, url) = (&e.wire, &e.url);
        quote! { runtime::Server::#make(#name, #url) }
    });
    quote! {
        runtime::EnvironmentNames {
            id: #id,
            secret: #secret,
            key: #key,
            server: #server,
            base_url: #base_url,
            servers: &[#(#servers),*],
        }
    }
}
