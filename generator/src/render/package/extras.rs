//! Hand-written modules for what no document can know, carried in the generator and copied into the crate by `[crate] extras`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::render::Input;
use crate::settings::Runtime;

/// One folder of `templates/`.
struct Extra {
    /// Its name in the settings.
    name: &'static str,
    /// Its files: path below `src/`, text.
    files: &'static [(&'static str, &'static str)],
    /// Its modules.
    modules: &'static [Module],
    /// Its words for readers.
    guide: Guide,
}

/// What only the users of this one API need to read. A crate that lacks an operation which it names has none of it.
struct Guide {
    /// What the README begins with.
    begin: &'static str,
    /// Further sections of it.
    sections: &'static str,
    /// Pages of their own: path in the crate, text. The README links to them.
    pages: &'static [(&'static str, &'static str)],
    /// The operations that all of these name.
    operations: &'static [&'static str],
}

/// A module of an extra.
struct Module {
    name: &'static str,
    /// Who compiles it.
    gate: Gate,
    /// What the crate's documentation says of it; nothing where it is empty.
    about: &'static str,
}

/// Who compiles a module.
enum Gate {
    /// Everybody, and nobody outside sees it.
    Inner,
    /// Who asks for it by the feature of its name: whoever sends requests need not be who takes webhooks. This is what the feature is for.
    Feature(&'static str),
    /// Who has these operations. A crate without them has no such module.
    Operations(&'static [&'static str]),
}

/// Whether the crate has all of these operations.
fn has_all(input: Input<'_>, ids: &[&str]) -> bool {
    ids.iter().all(|id| input.api.operations.iter().any(|operation| operation.id == *id))
}

impl Module {
    /// Whether the crate has the operations that the module calls.
    fn fits(&self, input: Input<'_>) -> bool {
        let Gate::Operations(ids) = self.gate else { return true };
        has_all(input, ids)
    }

    /// Whether a file, by its path below `src/`, is one of the module.
    fn has(&self, path: &str) -> bool {
        path.strip_prefix(self.name).is_some_and(|rest| rest.starts_with(['.', '/']))
    }
}

macro_rules! sources {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../templates/", $folder, "/", $name)))),*]
    };
}

const EXTRAS: &[Extra] = &[Extra {
    name: "belvo",
    files: sources!["belvo":
        "check.rs",
        "refresh.rs",
        "webhooks/aggregation.rs",
        "webhooks/guard.rs",
        "webhooks/mod.rs",
        "webhooks/payments.rs",
        "widget/address.rs",
        "widget/mod.rs",
        "widget/tokens.rs",
        "words.rs",
    ],
    modules: &[
        Module {
            name: "check",
            gate: Gate::Inner,
            about: "- [`Client::check_credentials`] asks whether the API takes the credentials. Nothing does that by itself.",
        },
        Module {
            name: "refresh",
            gate: Gate::Inner,
            about: "- `Error::refresh_again_after` is the time that a link refreshed a short time ago has to wait.",
        },
        Module {
            name: "webhooks",
            gate: Gate::Feature("what Belvo sends to a service of yours, and who sent it"),
            about: "- The module `webhooks`, under the feature of that name, reads what Belvo sends to a service of yours, and checks who sent it.",
        },
        Module {
            name: "widget",
            gate: Gate::Operations(&["GenerateWidgetAccessToken"]),
            about: "- The module `widget` makes tokens for the Connect widget and My Belvo Portal with the client's keys, and the addresses they go to.",
        },
        Module { name: "words", gate: Gate::Inner, about: "" },
    ],
    guide: Guide {
        begin: include_str!("../../../../templates/belvo/pages/begin.md"),
        sections: include_str!("../../../../templates/belvo/pages/guide.md"),
        pages: &[("MIGRATING.md", include_str!("../../../../templates/belvo/pages/migrating.md"))],
        operations: &[
            "DestroyLink",
            "DetailAccount",
            "GenerateWidgetAccessToken",
            "ListAccounts",
            "ListInstitutions",
            "ListLinks",
            "ListTransactions",
            "ModifyLinkDataRetrieval",
            "PatchAccounts",
            "RefreshHistoricalDataForLink",
            "RegisterLink",
            "RetrieveAccounts",
            "RetrieveBalances",
            "RetrieveIncome",
            "RetrieveInvoices",
            "RetrieveOwners",
            "RetrieveTaxComplianceStatus",
            "RetrieveTaxReturns",
            "RetrieveTaxStatus",
            "RetrieveTransactions",
            "UpdateLink",
        ],
    },
}];

/// What identifies the extras that may go into the output.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    EXTRAS.iter().flat_map(|extra| {
        let pages = extra.files.iter().chain(extra.guide.pages).map(|(_, text)| *text);
        pages.chain([extra.guide.begin, extra.guide.sections])
    })
}

fn chosen(input: Input<'_>) -> impl Iterator<Item = &'static Extra> {
    let wanted = &input.settings.package.extras;
    EXTRAS.iter().filter(move |extra| wanted.iter().any(|name| **name == extra.name))
}

/// The files of the chosen extras.
pub fn extra_files(input: Input<'_>) -> Vec<(String, String)> {
    let left_out =
        |extra: &Extra, path: &str| extra.modules.iter().any(|module| module.has(path) && !module.fits(input));
    let files = chosen(input).flat_map(|extra| extra.files.iter().filter(move |(path, _)| !left_out(extra, path)));
    files.map(|(path, text)| (format!("src/{path}"), (*text).to_owned())).collect()
}

fn guides(input: Input<'_>) -> impl Iterator<Item = &'static Guide> {
    chosen(input).map(|extra| &extra.guide).filter(move |guide| has_all(input, guide.operations))
}

/// What the README begins with, and further sections of it.
pub(super) fn guide(input: Input<'_>) -> Option<(&'static str, &'static str)> {
    guides(input).next().map(|guide| (guide.begin.trim_end(), guide.sections.trim_end()))
}

/// Pages next to the README.
pub(super) fn pages(input: Input<'_>) -> impl Iterator<Item = (&'static str, String)> {
    guides(input).flat_map(|guide| guide.pages).map(|(path, text)| (*path, (*text).to_owned()))
}

/// A module that exists for rustdoc's tests only: what a reader copies from the README and these pages has to compile. They use the
/// features that are named, and no line of theirs is hidden, since others than rustdoc show them too.
fn tried(input: Input<'_>) -> Vec<TokenStream> {
    if input.settings.package.runtime != Runtime::Copy {
        return Vec::new(); // Readers of such a crate bring traits in first.
    }
    let module = |guide: &Guide| {
        let paths = ["README.md"].into_iter().chain(guide.pages.iter().map(|(path, _)| *path));
        let paths = paths.map(|path| format!("../{path}"));
        quote! {
            #[cfg(all(doctest, feature = "reqwest", feature = "testing", feature = "webhooks"))]
            #(#[doc = include_str!(#paths)])*
            mod pages {}
        }
    };
    guides(input).map(module).collect()
}

/// Whether one of their modules has this name.
pub(in crate::render) fn has_module(input: Input<'_>, name: &str) -> bool {
    chosen(input).flat_map(|extra| extra.modules).any(|module| module.name == name && module.fits(input))
}

/// Their modules, for the crate's root.
pub(super) fn modules(input: Input<'_>) -> Vec<TokenStream> {
    let module = |module: &Module| {
        let (word, name) = (module.name, crate::render::rust::types::ident_of(module.name));
        match module.gate {
            Gate::Inner => quote! { mod #name; },
            Gate::Feature(_) => quote! { #[cfg(feature = #word)] pub mod #name; },
            Gate::Operations(ids) => {
                let operations = input.api.operations.iter().filter(|o| ids.contains(&o.id.as_str()));
                let gate = crate::render::rust::features::gate_all(input, operations.map(|o| o.tag));
                quote! { #gate pub mod #name; }
            }
        }
    };
    let modules = chosen(input).flat_map(|extra| extra.modules).filter(|module| module.fits(input)).map(module);
    modules.chain(tried(input)).collect()
}

/// The features of their modules, each with what it is for.
pub(in crate::render) fn features(input: Input<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    chosen(input).flat_map(|extra| extra.modules).filter_map(|module| match module.gate {
        Gate::Feature(what) => Some((module.name, what)),
        _ => None,
    })
}

/// What the crate's documentation says of them.
pub(in crate::render) fn about(input: Input<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for extra in chosen(input) {
        let lines = extra.modules.iter().filter(|module| module.fits(input) && !module.about.is_empty());
        out.extend(["# Beyond the document", ""].into_iter().chain(lines.map(|module| module.about)).chain([""]));
    }
    out.into_iter().map(str::to_owned).collect()
}
