//! The crate's root, which is mostly words; and what is next to it.

use askama::Template;
use quote::quote;

use super::first_call;
use super::manifest::CrateInfo;
use crate::name::{Environment, open_servers};
use crate::render::rust::docs;
use crate::render::{Input, RustFile};
use crate::settings::{NeverNull, Runtime};

/// How to call an operation that the document lacks; the same in the README, where nobody compiles it.
#[derive(Template)]
#[template(path = "lacking.md.jinja", escape = "none")]
struct Lacking<'a> {
    lib: &'a str,
    /// What the code is fenced as: rustdoc knows that it is Rust, others are told.
    fence: &'static str,
}

/// `src/lib.rs` and `src/environment.rs`.
pub fn root(input: Input<'_>, info: &CrateInfo, environments: &[Environment]) -> Vec<RustFile<'static>> {
    let open = open_servers(input.settings, input.api);
    let title = docs::first_sentence(&input.api.title);
    let lib = info.library();
    let mut head = vec![match (&input.settings.package.description, title.is_empty()) {
        (Some(d), _) => docs::stopped(docs::first_paragraph(d)),
        (None, true) => "A generated API client.".to_owned(),
        (None, false) => format!("A client for {}.", docs::plain(&title)),
    }];
    head.push(String::new());
    head.push("# A first call".to_owned());
    head.push(String::new());
    head.push("```no_run".to_owned());
    head.extend(first_call::code(input, &lib, environments, true));
    head.push("```".to_owned());
    if let Some(note) = first_call::server_note(input, environments) {
        head.extend([String::new(), note]);
    }
    if first_call::credentials_for_all(input) {
        head.push(String::new());
        head.push(
            "The document does not say which calls need credentials: the client's go along with every call.".to_owned(),
        );
    }
    head.push(String::new());
    head.push("The client has a handle for each part of the API (see [`api`]), a handle a function for each operation. Each gives a".to_owned());
    head.push("request that does nothing until it is awaited or sent.".to_owned());
    head.push(String::new());
    let about = docs::lines(&input.api.description);
    if !about.is_empty() {
        head.extend(["# The API".to_owned(), String::new()]);
        // Its own headings are below this one.
        head.extend(about.into_iter().map(|l| if l.starts_with('#') { format!("#{l}") } else { l }));
        head.push(String::new());
    }
    head.push("# What *required* means here".to_owned());
    head.push(String::new());
    head.extend(required_means(input));
    head.push(String::new());
    let (server, credentials) = (first_call::server(input, environments), first_call::credentials(input));
    head.extend(super::crate_docs::sections(input, &lib, (&server, &credentials)));
    head.push("# What the document lacks".to_owned());
    head.push(String::new());
    let lacking = Lacking { lib: &lib, fence: "no_run" };
    head.extend(lacking.render().unwrap_or_else(|e| e.to_string()).lines().map(str::to_owned));
    head.push(String::new());
    head.extend(super::extras::about(input));
    head.push("# Other crates in this API".to_owned());
    head.push(String::new());
    for line in [
        "- `http`: methods and headers of requests and responses.",
        "- `bytes`: bodies that are not JSON, and raw responses.",
        "- `serde`: [`Json`] reads a type of your own; under the feature of that name every model, enum and union implements",
        "  `Serialize` and `Deserialize` (self-describing formats).",
        "- `serde_json`: [`Value`], where the document says nothing about a value.",
        "- `futures-core`: pages and items are `Stream`s.",
        "- `reqwest`: only `ClientBuilder::reqwest`, under the feature of that name.",
    ] {
        head.push(line.to_owned());
    }
    let version = &input.api.version;
    let hash = &info.document_hash;
    let date = match &info.document_date {
        Some(date) => quote! { Some(#date) },
        None => quote! { None },
    };
    // What users name in it is only what the caller says more of.
    let environment_module = match (environments.is_empty(), open.is_empty()) {
        (_, false) => quote! { pub mod environment; },
        (false, true) => quote! { mod environment; },
        (true, true) => quote! {},
    };
    let environment_name = (!environments.is_empty()).then(|| quote! { pub use environment::Environment; });
    let credentials = super::credentials::file(input);
    let credentials_module = credentials.as_ref().map(|_| quote! { mod credentials; });
    let runtime = match input.settings.package.runtime {
        Runtime::Copy => quote! { mod runtime; },
        Runtime::Dependency(_) => {
            let (revision, traits) = (super::runtime_files::revision(), crate::render::rust::extension::module(input));
            quote! {
                use ::runtime;
                const _: () = assert!(runtime::__private::REVISION == #revision, "generate this crate anew: it is not for this runtime");
                #traits
            }
        }
    };
    let items = vec![
        quote! { pub mod api; },
        quote! { pub mod models; },
        quote! { pub mod client; },
        quote! { pub mod error; },
        quote! { pub mod page; },
        quote! { pub mod retry; },
        runtime,
        quote! { #[cfg(feature = "testing")] mod samples; },
        quote! { #[cfg(feature = "testing")] pub mod testing; },
        quote! { #environment_module #environment_name },
        quote! { #credentials_module },
        quote! { pub use client::face::{Client, ClientBuilder}; },
        super::public::root(input),
        quote! {
            /// The document this crate was generated from.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[non_exhaustive]
            pub struct Document {
                /// Its title.
                pub title: &'static str,
                /// Its version, as it says.
                pub version: &'static str,
                /// The hash of its content, whatever its order and format: versions may repeat.
                pub hash: &'static str,
                /// The day it was brought in, `YYYY-MM-DD`, where that is on record.
                pub date: Option<&'static str>,
            }
        },
        quote! {
            /// The document this crate was generated from.
            pub const DOCUMENT: Document = Document { title: #title, version: #version, hash: #hash, date: #date };
        },
    ];
    let mut items = items;
    if !input.settings.errors.codes.is_empty() {
        items.push(quote! { mod error_codes; });
        items.push(quote! { pub use error_codes::{ErrorClass, ErrorCode}; });
    }
    items.extend(super::extras::modules(input));
    let webhooks = crate::render::rust::webhooks::file(input);
    if webhooks.is_some() {
        let module = crate::render::rust::types::ident_of(crate::render::rust::webhooks::module(input));
        items.push(quote! { pub mod #module; });
    }
    let mut out = vec![RustFile::new("src/lib.rs", head, items)];
    out.extend(webhooks);
    out.extend(super::public::files(input, &lib, !environments.is_empty()));
    out.push(super::client_settings::file(input, info, environments));
    out.push(crate::render::tests::registry::file(input, &lib));
    if !input.settings.errors.codes.is_empty() {
        out.push(crate::render::rust::error_codes::file(input));
    }
    out.extend(super::environment::file(input, environments, &open));
    out.extend(credentials);
    out
}

/// The chapter about presence and null.
fn required_means(input: Input<'_>) -> Vec<String> {
    let required = &input.settings.required;
    let mut lines: Vec<String> = if required.may_be_null {
        [
            "A member that the document requires is there in every response, but its value may be null: such a member is an `Option`, `None`",
            "for null. Such a null is expected; a missing key is reported as a deviation, unless the call itself asked for fewer",
            "members. What requests send is as the document says: required and not nullable is a plain field, required and nullable an",
            "`Option` that is always written. Everything optional is an `Option` that is left out when it is `None`.",
        ]
        .map(str::to_owned)
        .to_vec()
    } else {
        [
            "A member that the document calls required and not nullable is a plain field, and a record without it is invalid. Required and",
            "nullable is an `Option` that is always written, as `null` when it is `None`. Everything else is an `Option` that is left out when",
            "it is `None`. Which members may be null the document says itself, and it is believed, so that a member that always has a value",
            "needs no `unwrap`. The setting `[required] may_be_null` makes every required member of a response an `Option` instead.",
        ]
        .map(str::to_owned)
        .to_vec()
    };
    if required.may_be_null && !required.never_null.is_empty() {
        lines.extend([
            String::new(),
            "Never null, and so plain fields where they are required:".to_owned(),
            String::new(),
        ]);
        let entry = |n: &NeverNull| format!("- {}: {}", docs::code(&n.member), docs::plain(&n.reason));
        lines.extend(required.never_null.iter().map(entry));
    }
    lines.push(String::new());
    let reads = [
        "A value of another kind than the document says costs the member and nothing around it, where the member is an `Option`: it reads as",
        "`None`, a deviation says what was expected and what came, and [`Extra::original`] of the model's `extra`",
        "gives the value itself, which is also written back. Where a plain field cannot be read, one record of a list is invalid",
        "([`Records::invalid`]) and the others are read; a single object is an [`Error`] that names the member and still has the body. Strict",
        "mode ([`ClientBuilder::strict`](client::ClientBuilder::strict)) makes an error of every deviation.",
    ];
    lines.extend(reads.map(str::to_owned));
    lines
}
