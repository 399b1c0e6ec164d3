//! The decoding half of the runtime, from the outside: what is read, what is reported, and that it is written back equal.

#[path = "decode/bodies.rs"]
mod bodies;
#[path = "decode/exact.rs"]
mod exact;
#[path = "decode/formats.rs"]
mod formats;
#[path = "decode/models.rs"]
mod models;
#[path = "decode/nulls.rs"]
mod nulls;
#[path = "decode/numbers.rs"]
mod numbers;
#[path = "decode/records.rs"]
mod records;
#[path = "decode/rules.rs"]
mod rules;
#[allow(dead_code, unreachable_pub, unused_imports, unused_macros)]
#[path = "../src/runtime/mod.rs"]
mod runtime;
#[path = "decode/serde.rs"]
mod serde_bridge;
#[path = "decode/suite.rs"]
mod suite;
#[path = "decode/tuples.rs"]
mod tuples;
#[path = "decode/unions.rs"]
mod unions;
#[path = "decode/writing.rs"]
mod writing;

use runtime::{Decode, DecodeError, Encode, Findings, Mode, from_json};
use serde_json::Value;

/// Reads with the default mode.
fn read<T: Decode>(body: &str) -> (T, Findings) {
    match from_json(body.as_bytes(), Mode { trace: true, ..Mode::default() }) {
        Ok(read) => read,
        Err(error) => panic!("{error} in {body}"),
    }
}

/// The error of reading.
fn refused<T: Decode + std::fmt::Debug>(body: &str, mode: Mode) -> DecodeError {
    match from_json::<T>(body.as_bytes(), mode) {
        Err(error) => error,
        Ok((value, _)) => panic!("{body} was read as {value:?}"),
    }
}

fn strict() -> Mode {
    Mode { strict: true, ..Mode::default() }
}

/// Deviations as text, in order.
fn deviations(findings: &Findings) -> Vec<String> {
    findings.deviations.iter().map(ToString::to_string).collect()
}

/// Whether two values are equal, numbers by value.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let whole = |number: &serde_json::Number| number.to_string().parse::<i128>();
            match (whole(a), whole(b)) {
                (Ok(a), Ok(b)) => a == b,
                _ => a.as_f64() == b.as_f64(),
            }
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|other| equal(v, other)))
        }
        _ => a == b,
    }
}

/// Reads a body, writes it, and asserts that nothing changed.
fn round_trip<T: Decode + Encode>(body: &str) -> (T, Findings) {
    let (value, findings) = read::<T>(body);
    let written = findings.write_back(&value);
    let before: Value = serde_json::from_str(body).unwrap();
    let after: Value = serde_json::from_str(&written).unwrap_or_else(|e| panic!("{e} in {written}"));
    assert!(equal(&before, &after), "read    {body}\nwritten {written}");
    (value, findings)
}
