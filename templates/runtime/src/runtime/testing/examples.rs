//! The examples of a document, read and written back: what the test of a crate generated with `--tests` calls. Feature
//! `testing`.

use std::fmt;

use crate::runtime::decode::{Decode, DecodeError, Findings, Mode, from_json};
use crate::runtime::encode::Encode;
use crate::runtime::encode::equal::same_json;

/// An example that was read and written back.
#[derive(Debug)]
pub struct Shown {
    text: String,
    findings: Findings,
}

/// How an example of one type is read.
pub type Reader = fn(&[u8]) -> Result<Shown, DecodeError>;

/// Reads an example as `T` and writes it back. A crate's test calls it for each of its types, so no more than this is compiled
/// for every one of them.
///
/// # Errors
/// When the example cannot be read as `T`.
pub fn shown<T: Decode + Encode>(json: &[u8]) -> Result<Shown, DecodeError> {
    let (value, findings) = from_json::<T>(json, Mode { trace: true, ..Mode::default() })?;
    Ok(Shown { text: findings.write_back(&value), findings })
}

/// What became of the examples of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Examples {
    /// How many there are.
    pub all: usize,
    /// How many could be read, no record of them invalid and no union raw.
    pub read: usize,
    /// How many were written back with the same value.
    pub equal: usize,
    /// How many were read although a value in them is not what the document says.
    pub deviating: usize,
    /// The values in them that are not: place of the example, path, what was expected and found.
    pub deviations: Vec<String>,
    /// Members that the document does not declare.
    pub unknown: usize,
    /// How many could not be read, as was expected of them.
    pub contradictions: usize,
    /// One line for each that could not be read, came back differently, or could be read against expectation.
    pub failures: Vec<String>,
}

impl fmt::Display for Examples {
    /// The figures; with `{:#}` a line for each failure and each deviation too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { all, read, equal, deviating, deviations, unknown, contradictions, failures } = self;
        write!(
            f,
            "{all} examples: {read} read, {equal} written back equal, {deviations} deviations in {deviating}, {unknown} \
             unknown members, {contradictions} known contradictions, {} failures",
            failures.len(),
            deviations = deviations.len(),
        )?;
        if f.alternate() {
            failures.iter().try_for_each(|line| write!(f, "\nfailure: {line}"))?;
            deviations.iter().try_for_each(|line| write!(f, "\ndeviation: {line}"))?;
        }
        Ok(())
    }
}

/// Reads every line of `table` (the type, a tab, the place, a tab, the JSON) and compares what is written back.
///
/// `contradictions` are the places of examples that must not be readable; `reader` gives `None` for a type it does not know.
pub fn examples(table: &str, contradictions: &[&str], reader: impl Fn(&str) -> Option<Reader>) -> Examples {
    let mut out = Examples::default();
    for line in table.lines() {
        let mut parts = line.splitn(3, '\t');
        let (Some(ty), Some(place), Some(json)) = (parts.next(), parts.next(), parts.next()) else {
            out.failures.push(format!("no example: {line}"));
            continue;
        };
        out.all += 1;
        let expected = contradictions.contains(&place);
        match reader(ty) {
            None => out.failures.push(format!("{place}: no reader for {ty}")),
            Some(read) => out.count(ty, place, json, read(json.as_bytes()), expected),
        }
    }
    out
}

impl Examples {
    fn count(&mut self, ty: &str, place: &str, json: &str, outcome: Result<Shown, DecodeError>, expected: bool) {
        let wrong = match &outcome {
            Err(e) => Some(format!("{}: expected {}, found {}", e.path, e.expected, e.found)),
            Ok(Shown { findings, .. }) if !findings.invalid.is_empty() => {
                let invalid: Vec<&str> = findings.invalid.iter().map(String::as_str).collect();
                Some(format!("invalid: {}", invalid.join(", ")))
            }
            Ok(Shown { findings, .. }) if !findings.raw_unions.is_empty() => {
                Some(format!("no branch fits: {}", findings.raw_unions.join(", ")))
            }
            Ok(_) => None,
        };
        if let Ok(Shown { text, findings: found }) = &outcome {
            if same_json(json, text) {
                self.equal += 1;
            } else {
                self.failures.push(format!("{place}: written back differently as {ty}"));
            }
            self.deviating += usize::from(!found.deviations.is_empty());
            self.deviations.extend(found.deviations.iter().map(|d| format!("{place}: {d}")));
            self.unknown += found.unknown.len();
        }
        self.read += usize::from(wrong.is_none());
        match (wrong, expected) {
            (None, false) => {}
            (Some(_), true) => self.contradictions += 1,
            (Some(why), false) => self.failures.push(format!("{place}: {why} as {ty}")),
            (None, true) => {
                self.failures.push(format!("{place}: can be read, so it is no contradiction any more"));
            }
        }
    }
}
