//! Reading a body and writing it back, with everything that came to light: what a test of a document's examples asks.

pub(crate) mod examples;
pub(crate) mod matcher;
pub(crate) mod record;
pub(crate) mod samples;

use serde_json::{Map, Value};

use crate::runtime::decode::{Decode, DecodeError, Deviation, DeviationKind, Mode, from_json};
use crate::runtime::encode::{Encode, typed_json};
use crate::runtime::error::{Error, ErrorKind};

/// A body that was read and written back, and what was found on the way; every list holds JSON paths.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReadBack {
    /// The JSON that was written.
    pub text: String,
    /// Its value, as far as [`Value`] can hold it.
    pub json: Value,
    /// The part of it that typed fields hold: without unknown members, raw unions, invalid records and what could not be read.
    pub typed: Value,
    /// Values that are not what the document says and could be read all the same.
    pub deviations: Vec<Deviation>,
    /// Records that could not be read.
    pub invalid_records: Vec<String>,
    /// Members that the document does not know.
    pub unknown: Vec<String>,
    /// Unions of which no branch fitted.
    pub raw_unions: Vec<String>,
    /// What `Debug` shows of the value.
    pub debug: String,
}

/// Reads a body as `T` and writes it back.
///
/// # Errors
/// When the body cannot be read as `T`.
pub fn read_back<T: Decode + Encode + std::fmt::Debug>(body: &[u8]) -> Result<ReadBack, Error> {
    read_back_in::<T>(body, Mode { trace: true, ..Mode::default() })
}

/// Reads a body as `T` in a mode and writes it back.
///
/// # Errors
/// When the body cannot be read as `T`.
pub fn read_back_in<T: Decode + Encode + std::fmt::Debug>(body: &[u8], mode: Mode) -> Result<ReadBack, Error> {
    let (value, findings) =
        from_json::<T>(body, mode).map_err(|e| Error::new(ErrorKind::Decode).with_fault(e.into()))?;
    let text = findings.write_back(&value);
    Ok(ReadBack {
        json: crate::runtime::decode::value::parse(&text),
        typed: crate::runtime::decode::value::parse(&typed_json(&value)),
        text,
        deviations: findings.deviations,
        invalid_records: findings.invalid,
        unknown: findings.unknown,
        raw_unions: findings.raw_unions,
        debug: format!("{value:?}"),
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
    Error::build_of("the document declares no JSON body for it:", &format!("{operation_id} {status}"))
}

/// A value made of JSON, for tests: response models have no constructor of their own.
///
/// # Errors
/// When the JSON is no such value.
///
/// ```
/// use runtime::{Error, Records, sample};
///
/// let records: Records<i64> = sample("[1, 2]")?;
/// assert_eq!(records.len(), 2);
/// # Ok::<(), Error>(())
/// ```
pub fn sample<T: Decode>(json: &str) -> Result<T, Error> {
    from_json::<T>(json.as_bytes(), Mode::default())
        .map(|(value, _)| value)
        .map_err(|e| Error::new(ErrorKind::Decode).with_fault(e.into()))
}

/// A value made of some of its members, given as JSON or as its text, for tests: what else must be there is filled in with neutral values
/// (empty texts, zeros, empty lists), so that a test names only what it is about. The records of a list are filled in too.
///
/// # Errors
/// When the given JSON is no part of such a value.
pub fn filled<T: Decode>(json: impl Into<Value>) -> Result<T, Error> {
    let mut json = json.into();
    if let Value::String(text) = &json
        && text.trim_start().starts_with(['{', '['])
        && let Ok(value) = text.parse()
    {
        json = value;
    }
    // Every round settles one place, twice at most; no model has so many.
    for _ in 0..20_000 {
        let text = json.to_string();
        let read = |strict| from_json::<T>(text.as_bytes(), Mode { strict, ..Mode::default() });
        let refused = |fault: DecodeError| Err(Error::new(ErrorKind::Decode).with_fault(fault.into()));
        match read(false) {
            Ok((value, findings)) => {
                if let Some(d) = findings.deviations.into_iter().find(|d| d.kind == DeviationKind::Unreadable) {
                    return refused(DecodeError { path: d.path, expected: d.expected, found: d.found, offset: 0 });
                }
                // What an invalid record lacks is said in strict mode only.
                let lack = if findings.invalid.is_empty() { None } else { read(true).err() };
                match lack {
                    Some(error) if fill(&mut json, &error) => {}
                    _ => return Ok(value),
                }
            }
            Err(error) if fill(&mut json, &error) => {}
            Err(error) => return refused(error),
        }
    }
    Err(Error::new(ErrorKind::Decode).with_note(Some("the value has no end")))
}

/// Puts a neutral value where one is missing; `false` where something else is wrong.
fn fill(json: &mut Value, error: &DecodeError) -> bool {
    let missing = error.found == "nothing";
    // A missing member is named by the place it would have; it gets a null first, of which the reader says what it should be.
    match place(json, &error.path, missing) {
        Some(place) if missing || place.is_null() => {
            *place = neutral(error.expected);
            true
        }
        _ => false,
    }
}

/// The value at a path as the reader writes it: `$.results[0].year`; made where it is missing and may be made.
fn place<'v>(json: &'v mut Value, path: &str, make: bool) -> Option<&'v mut Value> {
    let mut at = json;
    let mut rest = path.strip_prefix('$')?;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let (name, after) = quoted.split_once("']")?;
            at = member(at, name, make)?;
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']')?;
            at = at.as_array_mut()?.get_mut(index.parse::<usize>().ok()?)?;
            rest = after;
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at_checked(end)?;
            at = member(at, name, make)?;
            rest = after;
        }
    }
    Some(at)
}

fn member<'v>(object: &'v mut Value, name: &str, make: bool) -> Option<&'v mut Value> {
    let members: &mut Map<String, Value> = object.as_object_mut()?;
    if make { Some(members.entry(name).or_insert(Value::Null)) } else { members.get_mut(name) }
}

fn neutral(expected: &str) -> Value {
    match expected {
        "uuid" => "00000000-0000-0000-0000-000000000000".into(),
        "date" => "1970-01-01".into(),
        "date-time" => "1970-01-01T00:00:00Z".into(),
        "string" => "".into(),
        "boolean" => false.into(),
        "array" => Value::Array(Vec::new()),
        "object" => Value::Object(Map::new()),
        number if number.contains("integer") || number.contains("number") => 0.into(),
        _ => Value::Null,
    }
}

/// Runs a future that waits for nothing, as calls over a `Recorder` and a `VirtualClock` do, so that such a test needs no async runtime.
///
/// # Panics
/// When the future waits after all: it would never come back.
///
/// ```
/// use runtime::now;
///
/// assert_eq!(now(async { 1 + 1 }), 2);
/// ```
#[expect(clippy::panic, reason = "a test that waits for what never comes has to end")]
pub fn now<T>(future: impl std::future::IntoFuture<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    let mut future = std::pin::pin!(future.into_future());
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits for something that is no part of this test"),
    }
}
