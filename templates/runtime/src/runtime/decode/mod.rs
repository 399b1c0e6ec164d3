//! How a body becomes values: the trait of everything that can be read, the entry point, and what it reports besides
//! the value.

pub(crate) mod context;
pub(crate) mod exact;
pub(crate) mod extra;
pub(crate) mod list;
pub(crate) mod map;
pub(crate) mod model;
pub(crate) mod open_enum;
pub(crate) mod patch;
pub(crate) mod records;
pub(crate) mod scalar;
pub(crate) mod tuple;
pub(crate) mod union;
pub(crate) mod value;

use std::fmt;

use crate::runtime::decode::context::Context;
use crate::runtime::decode::extra::Form;
use crate::runtime::decode::list::Elements;
use crate::runtime::decode::model::{ObjectReader, Shape, decode_model};
use crate::runtime::decode::open_enum::{Values, decode_enum};
use crate::runtime::encode::{Encode, Writer};
use crate::runtime::json::scan::Syntax;
use crate::runtime::json::tape::{Kind, Node, Tape, Walker};
use crate::runtime::settings::Settings;
use crate::runtime::text::print;

/// A type that can be read from JSON.
///
/// A model has a shape and reads its fields; an enum has values and makes variants of them; everything else reads the value by
/// itself. These are one trait, not three, because a crate has hundreds of models and enums, and the compiler pays for each
/// implementation whether somebody calls it or not.
///
/// An implementation returns `None` only after it has said why, by [`Context::refuse`] or through a nested decoder.
pub trait Decode: Sized {
    /// What the type makes of a member that is `null` or not there.
    const EMPTY: Empty = Empty::Refused;

    /// What the document says about a model; of other types, nothing.
    const SHAPE: &'static Shape = &Shape::NONE;

    /// The values that the document lists for an enum; of other types, nothing.
    const VALUES: &'static Values = &Values::NONE;

    /// Reads the fields of a model, in the order of the shape; `None` once the reader's context knows why one cannot be read.
    #[inline]
    fn read(o: &mut ObjectReader<'_, '_>) -> Option<Self> {
        o.refuse()
    }

    /// The variant of an enum for the value with this index; beyond them, the one that keeps the text. `None` if the type is no enum.
    #[inline]
    fn of(_: usize, _: Box<str>) -> Option<Self> {
        None
    }

    /// Reads one value; `None` once the context knows why it cannot be read.
    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        if const { Self::VALUES.is_none() } { decode_model(node, cx) } else { decode_enum(node, cx) }
    }
}

/// What a type makes of a member that is `null` or not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Empty {
    /// It has no word for either.
    Refused,
    /// Both are the same to it, as to `Option`.
    Same,
    /// It tells them apart, as `Patch` does.
    Apart,
}

/// How a body is to be read.
///
/// ```
/// use runtime::{Mode, from_json};
///
/// let strict = Mode { strict: true, ..Mode::default() };
/// assert!(from_json::<i64>(b"\"7\"", strict).is_err());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Mode {
    /// The first deviation from the document is an error.
    pub strict: bool,
    /// The call asked for fewer members, so their absence is expected.
    pub partial: bool,
    /// The paths of unknown members are collected too.
    pub trace: bool,
    /// How many findings of each sort are listed, and how many invalid records of a list are kept one by one; beyond it they are
    /// only counted, so that a small hostile body cannot take gigabytes. 1,000 by default.
    pub limit: usize,
    /// What holds for the API whose body it is.
    pub settings: &'static Settings,
}

impl Mode {
    /// How bodies of an API with these settings are read, unless a client says otherwise.
    pub const fn of(settings: &'static Settings) -> Self {
        Self { strict: false, partial: false, trace: false, limit: 1000, settings }
    }
}

impl Default for Mode {
    fn default() -> Self {
        Self::of(&Settings::DEFAULT)
    }
}

/// What reading a body found besides its value; each list in the order of the body, and no longer than [`Mode::limit`].
///
/// ```
/// use runtime::{DecodeError, DeviationKind, Mode, from_json};
///
/// let (number, findings) = from_json::<i64>(b"\"7\"", Mode::default())?;
/// let kinds: Vec<_> = findings.deviations.iter().map(|deviation| deviation.kind).collect();
/// assert_eq!((number, kinds), (7, vec![DeviationKind::Form]));
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Findings {
    /// Values that are not what the document says and could be read all the same.
    pub deviations: Vec<Deviation>,
    /// The paths of records that could not be read, like `$.results[3]`.
    pub invalid: Vec<String>,
    /// Members that the document does not know; only with [`Mode::trace`].
    pub unknown: Vec<String>,
    /// Unions of which no branch fitted.
    pub raw_unions: Vec<String>,
    /// How many of each there were, those beyond the limit too.
    pub counts: Counts,
    /// The form of the whole body, where it differs outside of all models, which keep theirs themselves.
    pub(crate) form: Option<Form>,
    /// The request id a receipt names, by which its notification is found.
    pub(crate) request_id: Option<String>,
}

impl Findings {
    /// Writes the value that was read, or what has become of it. As long as it is the same, the JSON is equal to the
    /// body also where no model is around to remember the form it came in: an array of one for a model, a number for a
    /// string at the top.
    pub fn write_back<T: Encode + ?Sized>(&self, value: &T) -> String {
        let mut w = Writer::default();
        value.encode(&mut w);
        if let Some(form) = &self.form {
            form.settle(&mut w, 0);
        }
        w.out
    }
}

/// How many findings of each sort there were in a body, those that are not listed too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Values that are not what the document says and could be read all the same.
    pub deviations: usize,
    /// Records that could not be read.
    pub invalid_records: usize,
    /// Members that the document does not know; only with [`Mode::trace`].
    pub unknown: usize,
    /// Unions of which no branch fitted.
    pub raw_unions: usize,
}

/// One value that is not what the document says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deviation {
    /// Where it is, like `$.results[0].year`.
    pub path: String,
    /// In which way it differs.
    pub kind: DeviationKind,
    /// What the document says.
    pub expected: &'static str,
    /// The kind of JSON value that came.
    pub found: &'static str,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, &[&self.path, ": expected ", self.expected, ", found ", self.found])
    }
}

/// In which way a value is not what the document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A scalar came as another kind of scalar, like a number for a string.
    Form,
    /// `null` came for a member that is not nullable, or as an element of a list or a map whose elements are not: the value is without it.
    Null,
    /// A text that is not of the form its type says, such as a date of `2026-13-01`; it is kept as it came.
    Format,
    /// A member that must be there was not.
    Missing,
    /// A single value, or a page of a list, came where an array is declared.
    OneForMany,
    /// An array of one came where its element is declared, or an array where a page of a list is.
    ManyForOne,
    /// A value of another kind than declared, which could not be read: the member that holds it is `None`, and what came is kept;
    /// see [`Extra::original`](crate::runtime::decode::extra::Extra::original).
    Unreadable,
    /// A text or number that no Rust value holds exactly: a lone surrogate, a number beyond `f64`.
    Unrepresentable,
}

/// Why a body could not be read. It names kinds only, never the values of the body.
///
/// ```
/// use runtime::{Mode, from_json};
///
/// let error = from_json::<Vec<bool>>(b"[true, {}]", Mode::default()).err();
/// assert_eq!(error.map(|error| error.path), Some("$[1]".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// Where it is, like `$.results[0].year`; `$` when the body is not JSON.
    pub path: String,
    /// What the document says, or what JSON's grammar asks for.
    pub expected: &'static str,
    /// The kind of JSON value that came, or `nothing`, or `something else` when the body is not JSON.
    pub found: &'static str,
    /// The byte of the body at which it is.
    pub offset: usize,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, &[&self.path, ": expected ", self.expected, ", found ", self.found])?;
        write!(f, " at byte {}", self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// Reads a body.
///
/// An empty body reads as a type that may be absent: `()`, `Option`, `Patch`.
///
/// # Errors
/// When the body is not JSON, or a value in it cannot be read as what the document says; in strict mode also when one
/// deviates from it.
///
/// ```
/// use runtime::{DecodeError, Map, Mode, from_json, to_json};
///
/// let (counts, _) = from_json::<Map<i64>>(b"{ \"open\": 2 }", Mode::default())?;
/// assert_eq!(to_json(&counts), "{\"open\":2}");
/// # Ok::<(), DecodeError>(())
/// ```
pub fn from_json<T: Decode>(body: &[u8], mode: Mode) -> Result<(T, Findings), DecodeError> {
    let mut whole = false;
    loop {
        let mut reading = Reading::open(body, mode, T::EMPTY, whole)?;
        let value = T::decode(reading.tape.root(), &mut reading.cx);
        if !reading.is_json() {
            whole = true;
            continue;
        }
        return match value {
            Some(value) => Ok((value, reading.findings())),
            None => Err(reading.error()),
        };
    }
}

/// One decoding. Boxed and apart, so that little of it is compiled once per type; a closure handed to a plain function would
/// make that more, measured.
struct Reading<'t> {
    tape: Tape<'t>,
    cx: Context,
}

impl<'t> Reading<'t> {
    /// Scans the body: the whole of it, or of a large list only the first elements.
    #[inline(never)]
    fn open(body: &'t [u8], mode: Mode, empty: Empty, whole: bool) -> Result<Box<Self>, DecodeError> {
        let mut reading = Box::new(Self { tape: Tape::empty(""), cx: Context::new(mode) });
        let blank = body.trim_ascii().is_empty();
        // The root of an empty tape is absent.
        if blank && empty != Empty::Refused {
            return Ok(reading);
        }
        let Syntax { offset, expected } = match std::str::from_utf8(body) {
            Err(error) => Syntax { offset: error.valid_up_to(), expected: "UTF-8" },
            Ok(_) if blank => Syntax { offset: 0, expected: "a JSON value" },
            Ok(text) => match Tape::scanned(text, !whole) {
                Err(error) => error,
                Ok(tape) => {
                    reading.cx.refuel(&tape);
                    reading.tape = tape;
                    return Ok(reading);
                }
            },
        };
        let found = if blank || offset >= body.len() { Kind::Absent.name() } else { "something else" };
        Err(DecodeError { path: "$".to_owned(), expected, found, offset })
    }

    /// Whether the elements that the scan has left to be scanned when they are reached are JSON and end the body. Whoever reads
    /// them knows; if nobody has, they are walked over.
    #[inline(never)]
    fn is_json(&mut self) -> bool {
        if self.tape.rest > 0 && !self.cx.rest_is_json {
            // The fault is in what was read.
            let fault = self.cx.fault.take();
            let mut rest = Elements::rest_of(&self.tape, &self.cx);
            while rest.next(&mut self.cx).is_some() {}
            self.cx.fault = fault;
        }
        self.tape.rest == 0 || self.cx.rest_is_json
    }

    #[inline(never)]
    fn findings(mut self: Box<Self>) -> Findings {
        self.cx.findings(&self.tape)
    }

    #[inline(never)]
    fn error(mut self: Box<Self>) -> DecodeError {
        self.cx.take_fault(&mut Walker::new(&self.tape))
    }
}

impl<T: Decode> Decode for Option<T> {
    const EMPTY: Empty = Empty::Same;

    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        match node.kind() {
            Kind::Null | Kind::Absent => Some(None),
            _ => T::decode(node, cx).map(Some),
        }
    }
}

impl<T: Decode> Decode for Box<T> {
    const EMPTY: Empty = T::EMPTY;

    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        T::decode(node, cx).map(Self::new)
    }
}

/// Nothing is wanted of the body, so whatever came will do.
impl Decode for () {
    const EMPTY: Empty = Empty::Same;

    #[inline]
    fn decode(_: Node<'_>, _: &mut Context) -> Option<Self> {
        Some(())
    }
}
