//! What the two programs share: who reads, and how a figure becomes one.

use std::any::Any;

/// Whatever was read: `None` if nothing could be.
pub type Read = Option<Box<dyn Any>>;

/// The crate, or its baseline of serde's derives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Ours,
    Baseline,
}

impl Reader {
    /// Reads the success of an operation; `None` where it declares no JSON for the status.
    pub fn read(self, operation: &str, status: &str, body: &[u8]) -> Option<Read> {
        match self {
            Self::Ours => ours::read(operation, status, body),
            Self::Baseline => baseline::read(operation, status, body),
        }
    }
}

/// The middle one of several figures.
pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
