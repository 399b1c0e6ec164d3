//! Reading a body and writing it back, with everything that came to light: what a test of a document's examples asks.

use serde_json::Value;

use super::decode::{Decode, DecodeError, Deviation, Mode, from_json};
use super::encode::Encode;

/// A body that was read and written back, and what was found on the way; every list holds JSON paths.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReadBack {
    /// The value of the JSON that was written.
    pub json: Value,
    /// Values that are not what the document says and could be read all the same.
    pub deviations: Vec<Deviation>,
    /// Records that could not be read.
    pub odd_records: Vec<String>,
    /// Members that the document does not know.
    pub unknown: Vec<String>,
    /// Unions of which no branch fitted.
    pub raw_unions: Vec<String>,
}

/// Reads a body as `T` and writes it back.
///
/// # Errors
/// When the body cannot be read as `T`.
pub fn read_back<T: Decode + Encode>(body: &[u8]) -> Result<ReadBack, DecodeError> {
    let (value, findings) = from_json::<T>(body, Mode { trace: true, ..Mode::default() })?;
    let json = super::value::parse(&findings.write_back(&value));
    Ok(ReadBack {
        json,
        deviations: findings.deviations,
        odd_records: findings.odd.into_iter().map(|odd| odd.path).collect(),
        unknown: findings.unknown,
        raw_unions: findings.raw_unions,
    })
}
