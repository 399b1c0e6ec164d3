//! The runtime as a crate of its own: what every generated client shares. An SDK carries a copy of it, or depends on it.

mod runtime;

pub use runtime::*;
