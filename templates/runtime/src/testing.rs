//! Reading a body and writing it back, with everything that came to light: what a test of a document's examples asks.

use serde_json::Value;

use super::decode::{Decode, Deviation, Mode, from_json};
use super::encode::Encode;
use super::error::{Error, ErrorKind};
use super::request::Parts;

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
pub fn read_back<T: Decode + Encode>(body: &[u8]) -> Result<ReadBack, Error> {
    read_back_in::<T>(body, Mode { trace: true, ..Mode::default() })
}

/// Reads a body as `T` in a mode and writes it back.
///
/// # Errors
/// When the body cannot be read as `T`.
pub fn read_back_in<T: Decode + Encode>(body: &[u8], mode: Mode) -> Result<ReadBack, Error> {
    let (value, findings) =
        from_json::<T>(body, mode).map_err(|e| Error::new(ErrorKind::Decode).with_fault(e.into()))?;
    Ok(ReadBack {
        json: super::value::parse(&findings.write_back(&value)),
        deviations: findings.deviations,
        odd_records: findings.odd.into_iter().map(|odd| odd.path).collect(),
        unknown: findings.unknown,
        raw_unions: findings.raw_unions,
    })
}

/// Which of an operation's declared statuses a response's status is: itself, its class (`4XX`), or `default`.
pub fn declared_status(declared: &'static [&'static str], status: u16) -> Option<&'static str> {
    let class = status / 100;
    let exact = declared.iter().find(|d| d.parse() == Ok(status));
    let range =
        || declared.iter().find(|d| d.len() == 3 && d.ends_with("XX") && d.starts_with(char::from(b'0' + class as u8)));
    exact.or_else(range).or_else(|| declared.iter().find(|d| **d == "default")).copied()
}

/// Whether a media type says JSON; nothing said is taken for it.
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty() || essence.ends_with("/json") || essence.ends_with("+json") || essence.ends_with("/*")
}

/// The error for a body that the document does not declare.
pub fn undeclared(operation_id: &str, status: u16) -> Error {
    Error::build("the document declares no JSON body for it:", format!("{operation_id} {status}"))
}

/// The exact request of an operation, built but not sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct SampleRequest {
    /// The `operationId`.
    pub operation: &'static str,
    /// Whether everything was set, or only what is required.
    pub full: bool,
    /// The request.
    pub parts: Result<Parts, Error>,
}

impl SampleRequest {
    /// A request of the operation.
    pub fn new(operation: &'static str, full: bool, build: impl FnOnce() -> Result<Parts, Error>) -> Self {
        Self { operation, full, parts: build() }
    }
}

/// A value made of JSON, for tests: response models have no constructor of their own.
///
/// # Errors
/// When the JSON is no such value.
pub fn sample<T: Decode>(json: &str) -> Result<T, Error> {
    from_json::<T>(json.as_bytes(), Mode::default())
        .map(|(value, _)| value)
        .map_err(|e| Error::new(ErrorKind::Decode).with_fault(e.into()))
}
