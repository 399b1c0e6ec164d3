//! Programs that show how a crate is used: hand-written, carried in the generator, and copied into the crate's `examples/` with
//! the extras they belong to, as far as the crate has the operations they call.

use crate::render::Input;

/// A program.
struct Program {
    /// The extra it comes with.
    extra: &'static str,
    /// Its name.
    name: &'static str,
    /// Its text.
    text: &'static str,
    /// The features it cannot do without.
    features: &'static [&'static str],
    /// The operations it calls.
    operations: &'static [&'static str],
}

macro_rules! programs {
    ($extra:literal: $($name:literal $features:tt $operations:tt),* $(,)?) => {
        &[$(Program {
            extra: $extra,
            name: $name,
            text: include_str!(concat!("../../../../templates/", $extra, "/examples/", $name, ".rs")),
            features: &$features,
            operations: &$operations,
        }),*]
    };
}

/// All programs, in the order of a reader.
const PROGRAMS: &[Program] = programs!["belvo":
    "first_call" [] ["ListInstitutions"],
    "list_and_filter" [] ["ListTransactions"],
    "mfa" [] ["RetrieveAccounts", "PatchAccounts"],
    "webhook" ["webhooks"] ["RetrieveTransactions", "ListTransactions"],
    "widget" [] ["GenerateWidgetAccessToken"],
    "payment" [] ["CreatePaymentIntentBrazil", "PatchPaymentIntentBrazil", "ListChargesBrazil"],
    "blocking" ["blocking"] ["RetrieveAccounts", "ListTransactions"],
    "own_transport" ["reqwest"] ["DetailLink"],
    "service" ["testing"] ["RetrieveAccounts", "ListTransactions"],
    "proxy" ["reqwest"] ["ListInstitutions"],
    "own_tls" ["reqwest", "rustls"] ["ListInstitutions"],
];

/// What they need beyond the crate's own dependencies.
const MANIFEST: &str = include_str!("../../../../templates/belvo/examples/manifest.toml");

fn chosen(input: Input<'_>) -> impl Iterator<Item = &'static Program> {
    let wanted = move |extra: &str| input.settings.package.extras.iter().any(|name| **name == extra);
    let there = move |id: &str| input.api.operations.iter().any(|operation| operation.id == id);
    PROGRAMS.iter().filter(move |p| wanted(p.extra) && p.operations.iter().all(|id| there(id)))
}

/// The files of the programs.
pub fn example_files(input: Input<'_>) -> Vec<(String, String)> {
    chosen(input).map(|p| (format!("examples/{}.rs", p.name), p.text.to_owned())).collect()
}

/// What identifies the programs that may go into the output.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    PROGRAMS.iter().map(|p| p.text).chain([MANIFEST])
}

/// What stands in `Cargo.toml` for them; empty without any.
pub(in crate::render) fn manifest(input: Input<'_>) -> String {
    let Some(_) = chosen(input).next() else { return String::new() };
    let features = |p: &Program| -> Vec<String> {
        let tags = crate::render::rust::features::of_operations(input, |o| p.operations.contains(&o.id.as_str()));
        p.features.iter().map(|name| (*name).to_owned()).chain(tags).collect()
    };
    let featured = chosen(input).map(|p| (p, features(p))).filter(|(_, features)| !features.is_empty());
    let featured = featured.map(|(p, features)| {
        let features: toml::Value = features.into_iter().map(toml::Value::String).collect::<Vec<_>>().into();
        // What cargo runs of an example only where it is asked to.
        let tested = if p.text.contains("#[cfg(test)]") { "\ntest = true" } else { "" };
        format!("\n\n[[example]]\nname = {:?}\nrequired-features = {features}{tested}", p.name)
    });
    format!("\n\n{}{}", MANIFEST.trim_end(), featured.collect::<String>())
}

/// Their names, each with what it shows, for the README.
pub(super) fn list(input: Input<'_>) -> Vec<(&'static str, String)> {
    let about = |text: &str| {
        let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
        let paragraph = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        paragraph.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned()
    };
    chosen(input).map(|p| (p.name, about(p.text))).collect()
}
