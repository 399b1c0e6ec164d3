//! An OpenAPI compiler for Rust: one public function per stage.
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

pub mod codes;
pub mod diagnostic;
pub mod emit;
pub mod load;
pub mod lock;
pub mod normalize;
pub mod pipeline;
pub mod pointer;
pub mod settings;

pub use pipeline::{Generated, Inputs, Report, generate};
