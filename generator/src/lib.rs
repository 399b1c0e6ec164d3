//! An OpenAPI compiler for Rust: one public function per stage.
//!
//! ```text
//! files → read → load → normalize → lower → ir::Api → configure → analyze → name → render → emit → FileSet → write | check
//! ```
//!
//! | stage | function | in → out | what is decided there |
//! |---|---|---|---|
//! | [`load`](document::load) | [`load::load`](document::load::load) | files → [`Node`](document::Node) | JSON and YAML, `$ref` to other files |
//! | [`normalize`](document::normalize) | [`normalize::normalize`](document::normalize::normalize) | the tree → the tree in 3.0's shape | Swagger 2.0, 3.1, overlays, `$ref` siblings |
//! | [`lower`] | [`lower::lower`] | the tree → [`ir::Api`] | `type`, `format`, `enum`, `allOf` ..., parameters, bodies |
//! | [`configure`] | [`configure::configure`] | the IR, settings → the IR | handles, order of arguments, secrets, nullability |
//! | [`analyze`] | [`analyze::analyze`] | the IR → [`analyze::Facts`] | cycles, records, pages, constant properties |
//! | [`name`] | [`name::name`] | IR, facts, settings, lock → [`name::Names`] and the next lock | identifiers, collisions, aliases |
//! | [`render`] | [`render::render`] | IR, facts, names → Rust items | how it looks |
//! | [`emit`] | [`emit::write`], [`emit::check`] | files → the disk | what is ours there |
//!
//! [`pipeline`] reads all inputs first and then goes this way once; [`generate`] goes it to its end. [`settings`] and [`history`]
//! (lock, changelog, provenance) are inputs beside the document. [`drift`] compares two documents that have come as far as
//! their names. [`base`] lies below all: places, findings and their [`codes`](base::codes), files, hashes.
//!
//! A folder imports only what stands before it on that way, or below; no two import each other (a test).
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
pub mod base;
pub mod configure;
pub mod document;
pub mod drift;
pub mod emit;
pub mod history;
pub mod ir;
pub mod lower;
pub mod name;
pub mod pipeline;
pub mod render;
pub mod settings;

pub use pipeline::{Generated, Inputs, Report, Understood, generate, understand};
