//! What makes a crate of the items: manifest, README, crate root and its documentation, the runtime and the hand-written modules that
//! the settings ask for.

mod client_settings;
pub(in crate::render) mod crate_docs;
pub(in crate::render) mod examples;
pub(in crate::render) mod extras;
pub(in crate::render) mod public;
pub(in crate::render) mod runtime_files;
pub mod text;
