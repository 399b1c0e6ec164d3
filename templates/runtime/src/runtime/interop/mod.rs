//! Other crates' types and traits.

#[cfg(feature = "serde")]
pub(crate) mod bridge;
pub(crate) mod typed;
