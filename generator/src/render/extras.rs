//! Hand-written modules for what no document can know, carried in the generator and copied into the crate by `[crate] extras`.

use proc_macro2::TokenStream;
use quote::quote;

use super::Input;

/// One folder of `templates/`.
struct Extra {
    /// Its name in the settings.
    name: &'static str,
    /// Its files: path below `src/`, text.
    files: &'static [(&'static str, &'static str)],
    /// Its modules.
    modules: &'static [Module],
    /// What the crate's documentation says of it.
    about: &'static [&'static str],
}

/// A module of an extra.
struct Module {
    name: &'static str,
    /// Whether the crate's users see it. Then only those compile it who ask for it, by the feature of its name: whoever sends
    /// requests need not be who takes webhooks. This is what the feature is for.
    feature: Option<&'static str>,
}

macro_rules! sources {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../templates/", $folder, "/", $name)))),*]
    };
}

const EXTRAS: &[Extra] = &[Extra {
    name: "belvo",
    files: sources!["belvo": "check.rs", "webhooks/aggregation.rs", "webhooks/guard.rs", "webhooks/mod.rs", "webhooks/payments.rs"],
    modules: &[
        Module { name: "check", feature: None },
        Module { name: "webhooks", feature: Some("what Belvo sends to a service of yours, and who sent it") },
    ],
    about: &[
        "# Beyond the document",
        "",
        "- `Client::check_credentials` asks whether the API takes the credentials. Nothing does that by itself.",
        "- The module `webhooks`, under the feature of that name, reads what Belvo sends to a service of yours, and checks who sent it.",
    ],
}];

/// The names `[crate] extras` may hold.
pub fn extra_names() -> impl Iterator<Item = &'static str> {
    EXTRAS.iter().map(|extra| extra.name)
}

/// What identifies the extras that may go into the output.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    EXTRAS.iter().flat_map(|extra| extra.files).map(|(_, text)| *text)
}

fn chosen(input: Input<'_>) -> impl Iterator<Item = &'static Extra> {
    let wanted = &input.settings.package.extras;
    EXTRAS.iter().filter(move |extra| wanted.iter().any(|name| **name == extra.name))
}

/// The files of the chosen extras.
pub fn extra_files(input: Input<'_>) -> Vec<(String, String)> {
    let files = chosen(input).flat_map(|extra| extra.files);
    files.map(|(path, text)| (format!("src/{path}"), (*text).to_owned())).collect()
}

/// Their modules, for the crate's root.
pub(super) fn modules(input: Input<'_>) -> Vec<TokenStream> {
    let module = |module: &Module| {
        let (word, name) = (module.name, super::types::ident_of(module.name));
        match module.feature {
            Some(_) => quote! { #[cfg(feature = #word)] pub mod #name; },
            None => quote! { mod #name; },
        }
    };
    chosen(input).flat_map(|extra| extra.modules).map(module).collect()
}

/// The features of their modules, each with what it is for.
pub(super) fn features(input: Input<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    chosen(input).flat_map(|extra| extra.modules).filter_map(|module| Some((module.name, module.feature?)))
}

/// What the crate's documentation says of them.
pub(super) fn about(input: Input<'_>) -> Vec<String> {
    chosen(input).flat_map(|extra| extra.about.iter().chain([&""])).map(|line| (*line).to_owned()).collect()
}
