//! A Cargo feature for each tag: who calls three operations compiles the models of their tags, and not those of a hundred others.
//!
//! All are on by default, by the feature [`ALL`]. A crate of one tag has none of this, nor has one of hundreds. What several tags share, the runtime and
//! what the settings add are always there.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Operation;
use crate::render::Input;

/// The feature that has every tag's.
const ALL: &str = "full";

/// With more tags than this there are no features for them: a registry takes 300 features at most.
const MOST: usize = 250;

/// The feature of a tag, as `name` gave it; `None` in a crate that has no features for tags.
pub(in crate::render) fn of_tag(input: Input<'_>, tag: usize) -> Option<String> {
    if !(2..=MOST).contains(&input.names.tags.len()) {
        return None;
    }
    let feature = input.names.tags.get(tag)?.feature.as_str();
    let taken = crate::render::package::manifest::runtime_features().any(|name| name == feature)
        || crate::render::package::extras::features(input).any(|(name, _)| name == feature)
        || feature == ALL
        || feature.is_empty();
    // A tag's name never has two hyphens in a row, so this is nobody else's.
    Some(if taken { format!("{feature}--operations") } else { feature.to_owned() })
}

/// `#[cfg(..)]` for what belongs to a tag.
pub(in crate::render) fn gate(input: Input<'_>, tag: usize) -> TokenStream {
    match of_tag(input, tag) {
        Some(feature) => quote! { #[cfg(feature = #feature)] },
        None => TokenStream::new(),
    }
}

/// `#[cfg(..)]` for what needs several tags.
pub(in crate::render) fn gate_all(input: Input<'_>, tags: impl IntoIterator<Item = usize>) -> TokenStream {
    let features: BTreeSet<String> = tags.into_iter().filter_map(|tag| of_tag(input, tag)).collect();
    match features.len() {
        0 => TokenStream::new(),
        1 => quote! { #[cfg(#(feature = #features)*)] },
        _ => quote! { #[cfg(all(#(feature = #features),*))] },
    }
}

/// A feature's name as a key of TOML, which is bare in ASCII only.
fn key(feature: &str) -> String {
    let bare = feature.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { feature.to_owned() } else { toml::Value::String(feature.to_owned()).to_string() }
}

/// The features of the tags of these operations.
pub(in crate::render) fn of_operations(input: Input<'_>, wanted: impl Fn(&Operation) -> bool) -> BTreeSet<String> {
    input.api.operations.iter().filter(|o| wanted(o)).filter_map(|o| of_tag(input, o.tag)).collect()
}

/// [`ALL`] and the feature of one tag, for the README.
pub(in crate::render) fn example(input: Input<'_>) -> Option<(&'static str, String)> {
    Some((ALL, of_tag(input, 0)?))
}

/// What the crate's documentation says of them.
pub(in crate::render) fn about(input: Input<'_>) -> Vec<String> {
    let Some((all, tag)) = example(input) else { return Vec::new() };
    vec![
        format!("- `{all}` (default): every operation. Each part of the API has a feature of its own, like `{tag}`. A program that needs few of"),
        "  them leaves out the default features, names those besides `reqwest` and `rustls`, and compiles so much less. The types that"
            .to_owned(),
        "  several parts share are always there.".to_owned(),
        String::new(),
    ]
}

/// The features as the crate's manifest lists them: `runtime` is what the runtime has.
pub(in crate::render) fn manifest(input: Input<'_>, runtime: &str) -> String {
    let mut runtime = runtime.trim_end().to_owned();
    for (name, what) in crate::render::package::extras::features(input) {
        runtime.push_str(&format!("\n# For {what}.\n{name} = []"));
    }
    let tags: Vec<(String, &str)> = (0..input.names.tags.len())
        .filter_map(|t| Some((of_tag(input, t)?, input.api.tags.get(t)?.wire.as_str())))
        .collect();
    if tags.is_empty() {
        return runtime;
    }
    // The double for tests knows every operation.
    let with_all = |line: &str| {
        let others = ["default = [", "testing = ["].iter().find_map(|head| Some((head, line.strip_prefix(head)?)));
        match others {
            Some((head, "]")) => format!("{head}\"{ALL}\"]"),
            Some((head, others)) => format!("{head}\"{ALL}\", {others}"),
            None => line.to_owned(),
        }
    };
    let runtime = runtime.lines().map(with_all).collect::<Vec<_>>().join("\n");
    let names: Vec<String> = tags.iter().map(|(feature, _)| toml::Value::String(feature.clone()).to_string()).collect();
    let mut out = format!(
        "{runtime}\n# Every operation. For a part of them leave out the default features and name their tags: less to compile.\n{ALL} = [{}]\n# A tag each.\n",
        names.join(", ")
    );
    for (feature, _) in &tags {
        out.push_str(&format!("{} = []\n", key(feature)));
    }
    out.trim_end().to_owned()
}
