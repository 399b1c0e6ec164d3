//! What makes a crate of the items: manifest, README, crate root and its documentation, the runtime and the hand-written modules that
//! the settings ask for.

mod client_settings;
pub(in crate::render) mod crate_docs;
mod credentials;
mod declared;
mod doc_examples;
mod environment;
pub(in crate::render) mod examples;
pub(in crate::render) mod extras;
mod first_call;
pub(in crate::render) mod manifest;
pub(in crate::render) mod public;
mod readme;
mod root;
pub(in crate::render) mod runtime_files;

pub use manifest::CrateInfo;
pub use root::root;

use crate::name::Environment;
use crate::render::Input;

/// The texts of the licences that the settings name, as far as they are those of the runtime. A crate for an API of somebody else's has
/// none that nobody has chosen.
fn licences(input: Input<'_>) -> impl Iterator<Item = (&'static str, String)> {
    const KNOWN: [(&str, &str, &str); 2] = [
        ("MIT", "LICENSE-MIT", include_str!("../../../../LICENSE-MIT")),
        ("Apache-2.0", "LICENSE-APACHE", include_str!("../../../../LICENSE-APACHE")),
    ];
    let named = input.settings.package.license.as_ref().map(|l| l.to_string()).unwrap_or_default();
    let has = move |id: &str| named.split([' ', '(', ')', '/']).any(|word| word == id);
    KNOWN.into_iter().filter(move |(id, ..)| has(id)).map(|(_, path, text)| (path, text.to_owned()))
}

/// The files that are not Rust: path and content.
///
/// # Errors
/// When a template cannot be rendered, which is a bug of this crate.
pub fn texts(
    input: Input<'_>,
    info: &CrateInfo,
    environments: &[Environment],
) -> Result<Vec<(&'static str, String)>, String> {
    let own = [
        ("Cargo.toml", manifest::text(input, info)?),
        // The generator is the crate's only formatter.
        ("rustfmt.toml", "disable_all_formatting = true\n".to_owned()),
        ("README.md", readme::text(input, info, environments)?),
    ];
    Ok(own.into_iter().chain(licences(input)).chain(extras::pages(input)).collect())
}
