//! What the suites share: where things lie, the generator in memory, generated Rust as data.

pub mod place;
pub mod run;
pub mod surface;
