//! An OpenAPI compiler for Rust. This page is the map of it: the flow of a document, the rules, and where to look for what.
//!
//! ```text
//! files → read → load → normalize → lower → ir::Api → configure → analyze → name → render → emit → FileSet → write | check
//! ```
//!
//! # The flow
//!
//! | stage | function | from | to | what it decides |
//! |---|---|---|---|---|
//! | [`load`](document::load) | [`load::load`](document::load::load()) | a file, and those it refers to | [`Node`](document::Node), each with its [`Span`](base::Span) | what JSON or YAML says |
//! | [`normalize`](document::normalize) | [`normalize::normalize`](document::normalize::normalize()) | the tree, overlays | the tree in the shape of OpenAPI 3.0 | corrections; Swagger 2.0, 3.1 and 3.2; references |
//! | [`lower`] | [`lower::lower`] | the tree, [`Selection`](lower::Selection) | [`ir::Api`] | what is true of the API |
//! | [`configure`] | [`configure::configure`] | the IR, [`Settings`](settings::Settings) | the IR | handles, order of arguments, secrets, nullability |
//! | [`analyze`] | [`analyze::analyze`] | the IR | [`analyze::Facts`] | cycles, uses, pages, what distinguishes branches |
//! | [`name`] | [`name::name`] | IR, facts, settings, [`Lock`](history::lock::Lock) | [`name::Names`], the next lock | every identifier, collisions, aliases |
//! | [`render`] | [`render::render`] | IR, facts, names | [`RustFile`](render::RustFile) | how it looks in Rust |
//! | [`emit`] | [`emit::format`], [`emit::write()`], [`emit::check()`] | items | [`FileSet`](emit::FileSet), the disk | which files are ours, and whether they are right |
//!
//! [`pipeline`] reads all [`Inputs`] first and then goes through the stages once: [`understand`] as far as the names, [`generate`] to the end.
//! Every stage takes [`Diagnostics`](base::diagnostic::Diagnostics) and adds to them what it has to say; none fails as such. After the last
//! one an error among them means that there are no files.
//!
//! Shared by the stages: [`base`] (places, diagnostics and their [`codes`](base::codes), files, hashes), [`ir`] (what is true of an API),
//! [`document::grammar`] (what every keyword of every dialect holds), [`settings`] and [`history`] (what earlier runs and releases left: lock,
//! changelog, provenance). [`drift`] compares two documents that have come as far as their names; [`adopt()`](adopt::adopt) brings the facts of one into the text
//! of another, whose words are ours; [`learn()`](learn::learn) compares one with bodies and proposes corrections; [`dictionary`] makes tables of one.
//!
//! # The rules
//!
//! `tests/tests/tidy.rs` holds the sources to them:
//!
//! - A folder imports only those before it in the flow, or those below; no two import each other, and [`base`] imports none.
//! - Only [`document::load`] reads YAML and JSON, only [`lower`] knows `openapiv3`, only [`render`] imports `quote` and builds Rust, and only
//!   [`emit`] formats it and writes to the disk. Files are read in one function, [`base::file`].
//! - Identifiers are decided in [`name`] and become tokens in one function of [`render`], so no text of a document can become code.
//! - Nothing panics on an input. Results depend on the inputs alone: the same bytes on every machine.
//! - Every field of the IR, reserved key and key of the settings changes the output or a diagnostic (`generator/tests/readers.rs`).
//!
//! # Where to look for what
//!
//! | question | place |
//! |---|---|
//! | What does a code mean, and where is it raised? | [`base::codes`]; search for the code |
//! | Why does a schema become this type? | [`lower`]; `cargo xtask explain POINTER` says what became of one place |
//! | Why is it called that? | [`name`], [`history::lock`] |
//! | Which old node is this new node? | [`history::correspondence`], for the lock and for [`drift`] |
//! | Are two structures the same? | [`ir::same`], [`ir::fingerprint`]; what is reachable: [`ir::reached`] |
//! | What in a document is a fact, and what words? | [`adopt::Here::role`] |
//! | Which value shows a type, in tests and samples? | `render::values` |
//! | Is a value what its schema says, and what of it is not? | `document::value` |
//! | What does a setting do? | [`settings::Settings`]: one field a key |
//! | Where does generated text come from? | Rust: [`render`]; other text: `templates/text`; copied code: `templates/runtime`, `templates/face` |
//! | What is part of the public API of a generated crate? | [`render::surface`] |
//! | How to add a keyword, a diagnostic, a setting ...? | `CONTRIBUTING.md`, which has the glossary too |
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

pub mod adopt;
pub mod analyze;
pub mod base;
pub mod configure;
pub mod dictionary;
pub mod document;
pub mod drift;
pub mod emit;
pub mod history;
pub mod ir;
pub mod learn;
pub mod lower;
pub mod name;
pub mod pipeline;
pub mod render;
pub mod settings;

pub use pipeline::{Generated, Inputs, Report, Understood, generate, understand};
