//! An OpenAPI compiler for Rust: one public function per stage.
//!
//! ```text
//! bytes → load → normalize → lower → ir::Api → analyze → name → render → emit → FileSet → write | check
//! ```
//!
//! | stage | function | reads | where a keyword is handled |
//! |---|---|---|---|
//! | [`load`] | [`load::load`] | files | JSON and YAML, `$ref` to other files |
//! | [`normalize`] | [`normalize::normalize`] | the tree | Swagger 2.0, 3.1, overlays, `$ref` siblings |
//! | [`lower`] | [`lower::lower`] | the tree in 3.0's shape | `type`, `format`, `enum`, `allOf` ..., parameters, bodies |
//! | [`analyze`] | [`analyze::analyze`] | the IR | cycles, records, pages, constant properties |
//! | [`name`] | [`name::name`] | IR and facts | identifiers, collisions |
//! | [`render`] | [`render::render`] | IR, facts, names | Rust items |
//! | [`emit`] | [`emit::write`], [`emit::check`] | files | the disk |
//!
//! [`generate`] goes the whole way; [`drift`] compares two documents that have come as far as their names. Findings of every stage go to one
//! `Diagnostics`; [`codes`] explains each.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::indexing_slicing
    )
)]

pub mod analyze;
pub mod changelog;
pub mod codes;
pub mod diagnostic;
pub mod drift;
pub mod emit;
pub mod file;
pub mod ir;
pub mod load;
pub mod lock;
pub mod lower;
pub mod name;
pub mod normalize;
pub mod pipeline;
pub mod pointer;
pub mod render;
pub mod settings;
pub mod source;
pub mod ties;
pub mod version;
pub mod visible;

pub use pipeline::{Generated, Inputs, Report, Understood, generate, understand};
