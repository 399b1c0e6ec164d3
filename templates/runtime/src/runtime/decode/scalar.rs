//! Strings, numbers and booleans, and the text types of the generated code. Everything that depends on the JSON value is
//! here once, not generic; where a value came in another certain form it is read, reported and remembered.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use crate::runtime::decode::context::{Context, Note};
use crate::runtime::decode::{Decode, DeviationKind};
use crate::runtime::encode::{Encode, Writer, base64, write_string};
use crate::runtime::json::number::{Decimal, append_shown, is_number, read_f64, same_value, write_f64};
use crate::runtime::json::tape::{Kind, Node};
use crate::runtime::text::{concat, has, number, print};

impl Context {
    /// Reads text; numbers and booleans keep the text they have.
    #[inline]
    pub(crate) fn text<'t>(&mut self, node: Node<'t>, expected: &'static str) -> Option<Cow<'t, str>> {
        match node.plain_text() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.other_text(node, expected),
        }
    }

    #[inline(never)]
    fn other_text<'t>(&mut self, node: Node<'t>, expected: &'static str) -> Option<Cow<'t, str>> {
        let (text, kind) = match node.kind() {
            Kind::String => match node.text()? {
                (text, false) => return Some(text),
                (text, true) => (text, DeviationKind::Unrepresentable),
            },
            Kind::Integer | Kind::Fraction | Kind::True | Kind::False => {
                (Cow::Borrowed(node.raw()), DeviationKind::Form)
            }
            _ => return self.refuse(node, expected),
        };
        self.deviate(node, kind, expected)?;
        let mut written = String::new();
        write_string(&mut written, &text);
        self.splice(node, written);
        Some(text)
    }

    /// The text of a string that is a number by JSON's grammar, or would be one without the zeros in front of a decimal
    /// fraction. Zeros in front of a whole number speak of an identifier.
    #[cold]
    pub(crate) fn numeric_text<'t>(&mut self, node: Node<'t>, expected: &'static str) -> Option<Cow<'t, str>> {
        let text = match node.text() {
            Some((text, _)) if is_number(&text) => text,
            Some((text, _)) => match without_zeros(&text) {
                Some(text) => Cow::Owned(text),
                None => return self.refuse(node, expected),
            },
            None => return self.refuse(node, expected),
        };
        self.deviate(node, DeviationKind::Form, expected)?;
        Some(text)
    }

    fn float(&mut self, node: Node<'_>) -> Option<f64> {
        let from_number = matches!(node.kind(), Kind::Integer | Kind::Fraction);
        let text = if from_number { Cow::Borrowed(node.raw()) } else { self.numeric_text(node, "number")? };
        let (value, exact) = read_f64(&text);
        if !(exact && from_number) {
            if !value.is_finite() {
                self.deviate(node, DeviationKind::Unrepresentable, "number")?;
            }
            let mut written = String::new();
            write_f64(&mut written, value);
            self.splice(node, written);
        }
        Some(value)
    }

    /// The text of a whole number, also from `2.0` and `2e3`.
    fn whole<'t>(&mut self, node: Node<'t>, expected: &'static str) -> Option<Cow<'t, str>> {
        let raw = match node.kind() {
            Kind::Integer if node.raw() != "-0" => return Some(Cow::Borrowed(node.raw())),
            Kind::Integer | Kind::Fraction => Cow::Borrowed(node.raw()),
            _ => self.numeric_text(node, expected)?,
        };
        let Some(whole) = Decimal::new(&raw).whole() else { return self.refuse(node, expected) };
        if node.kind() == Kind::String || !same_value(&raw, &whole) {
            self.splice(node, whole.clone());
        }
        Some(Cow::Owned(whole))
    }

    #[cold]
    fn other_boolean(&mut self, node: Node<'_>) -> Option<bool> {
        let value = match node.kind() {
            Kind::Integer | Kind::Fraction if same_value(node.raw(), "1") => true,
            Kind::Integer | Kind::Fraction if same_value(node.raw(), "0") => false,
            Kind::String if node.plain_text() == Some("true") => true,
            Kind::String if node.plain_text() == Some("false") => false,
            _ => return self.refuse(node, "boolean"),
        };
        self.deviate(node, DeviationKind::Form, "boolean")?;
        self.splice(node, boolean(value).to_owned());
        Some(value)
    }
}

/// A decimal fraction without the zeros in front that JSON's grammar forbids; `None` for anything else.
fn without_zeros(text: &str) -> Option<String> {
    let (sign, digits) = if text.starts_with('-') { text.split_at(1) } else { ("", text) };
    // Of `00.5` the last zero stays; of `007.5` none does.
    let mut zeros = 0;
    while digits.as_bytes().get(zeros) == Some(&b'0') {
        zeros += 1;
    }
    if zeros == 0 {
        return None;
    }
    if digits.as_bytes().get(zeros) == Some(&b'.') {
        zeros -= 1;
    }
    let text = concat(&[sign, digits.get(zeros..)?]);
    (has(&text, b'.') && is_number(&text)).then_some(text)
}

fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

impl Decode for bool {
    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        match node.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => cx.other_boolean(node),
        }
    }
}

impl Encode for bool {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.raw(boolean(*self));
    }
}

impl Decode for f64 {
    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        cx.float(node)
    }
}

impl Encode for f64 {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.number(*self);
    }
}

impl Encode for f32 {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        // Not by `f64`, which would show digits that nobody has written.
        if self.is_finite() { append_shown(&mut w.out, self) } else { w.number((*self).into()) }
    }
}

impl Context {
    /// Reads a whole number within these bounds, which are those of a type of up to 64 bits.
    #[inline(never)]
    fn integer(&mut self, node: Node<'_>, least: i128, most: i128, expected: &'static str) -> Option<i128> {
        let text = self.whole(node, expected)?;
        let (digits, sign) = if text.starts_with('-') { (text.get(1..)?, -1) } else { (&*text, 1) };
        if let Some(size) = number(digits) {
            let value = i128::from(size) * sign;
            if value >= least && value <= most {
                return Some(value);
            }
        }
        self.refuse(node, expected)
    }
}

macro_rules! integer {
    ($($t:ty: $expected:literal),*) => { $(
        impl Decode for $t {
            #[inline]
            fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
                match cx.integer(node, Self::MIN.into(), Self::MAX.into(), $expected) {
                    Some(value) => Some(value as Self),
                    None => None,
                }
            }
        }

        written!($t);
    )* };
}

/// Whole numbers are written alike, also those of sorts that no document declares: a caller may set a parameter to one.
macro_rules! written {
    ($($t:ty),*) => { $(
        impl Encode for $t {
            #[inline]
            fn encode(&self, w: &mut Writer) {
                append_shown(&mut w.out, self);
            }
        }
    )* };
}
written!(i8, i16, i128, isize, u8, u16, u128, usize);
integer!(i32: "32-bit integer", i64: "64-bit integer", u32: "unsigned 32-bit integer", u64: "unsigned 64-bit integer");

impl Decode for String {
    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        cx.text(node, "string").map(Cow::into_owned)
    }
}

impl Encode for String {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.string(self);
    }
}

impl Encode for str {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.string(self);
    }
}

impl Encode for Cow<'_, str> {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.string(self);
    }
}

/// What texts of a type look like.
struct Format {
    expected: &'static str,
    /// Whether a text is what the format's definition says.
    is_valid: fn(&str) -> bool,
    /// Whether it looks like one at least, as evidence for unions.
    is_likely: fn(&str) -> bool,
}

impl Context {
    /// Reads a text type. A text of another form is kept as it came.
    fn text_of(&mut self, node: Node<'_>, format: &Format) -> Option<Box<str>> {
        let text = self.text(node, format.expected)?;
        if !(format.is_valid)(&text) {
            self.other_format(node, &text, format)?;
        }
        Some(text.into())
    }

    #[cold]
    #[inline(never)]
    fn other_format(&mut self, node: Node<'_>, text: &str, format: &Format) -> Option<()> {
        if self.mode.strict {
            return self.refuse(node, format.expected);
        }
        // A number for a text is a deviation already.
        if node.kind() == Kind::String {
            self.note(node, Note::Deviation(DeviationKind::Format, format.expected, "another text"));
        }
        if self.trials > 0 && !(format.is_likely)(text) {
            self.doubt();
        }
        Some(())
    }
}

macro_rules! text_type {
    ($(#[$docs:meta])* $name:ident, $expected:literal, $valid:path, $likely:path, $write:path) => {
        $(#[$docs])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text, as it came or was given.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Decode for $name {
            fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
                const FORMAT: Format = Format { expected: $expected, is_valid: $valid, is_likely: $likely };
                cx.text_of(node, &FORMAT).map(Self)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl Encode for $name {
            #[inline]
            fn encode(&self, w: &mut Writer) {
                $write(w, &self.0);
            }
        }

        impl Deref for $name {
            type Target = str;

            #[inline]
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            #[inline]
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        /// Only texts of the format; `From` takes any, as responses have them.
        impl FromStr for $name {
            type Err = FormatError;

            fn from_str(text: &str) -> Result<Self, FormatError> {
                if $valid(text) { Ok(Self(text.into())) } else { Err(FormatError($expected)) }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self(text.as_str().into())
            }
        }

        impl From<&$name> for $name {
            fn from(other: &$name) -> Self {
                other.clone()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0.into()
            }
        }
    };
}

text_type! {
    /// An identifier that the document calls a UUID, as the text it came as. One of another form is a deviation.
    ///
    /// ```
    /// use runtime::Uuid;
    ///
    /// assert_eq!(Uuid::from("d4617561-1c01-4b2f-83b6-a594f7b3bc57").len(), 36);
    /// assert!("d4617561".parse::<Uuid>().is_err());
    /// ```
    Uuid, "uuid", is_uuid, is_likely_uuid, write_uuid
}
text_type! {
    /// A date, as the text it came as: `2026-01-31` where the API keeps its word; another text is a deviation.
    ///
    /// ```
    /// use runtime::Date;
    ///
    /// let day = Date::from("2026-01-31");
    /// assert!(day == "2026-01-31" && day < Date::from("2026-02-01"));
    /// assert!("2026-02-30".parse::<Date>().is_err());
    /// ```
    Date, "date", is_date, is_likely_date, write_date
}
text_type! {
    /// A date with a time by RFC 3339, as the text it came as. Another text is a deviation, but for one without an offset: some come so.
    ///
    /// ```
    /// use runtime::DateTime;
    ///
    /// assert!(DateTime::from("2026-01-31T12:00:00Z").starts_with("2026-01"));
    /// ```
    DateTime, "date-time", is_date_time, is_likely_date_time, write_date
}

text_type! {
    /// Bytes that JSON carries as base64, as the text they came as; [`to_bytes`](Self::to_bytes) decodes it. A text that
    /// is no base64 is a deviation.
    ///
    /// ```
    /// use runtime::{Base64, FormatError};
    ///
    /// let file = Base64::from(vec![1, 2, 3]);
    /// assert_eq!((file.as_str(), file.to_bytes()?), ("AQID", vec![1, 2, 3]));
    /// # Ok::<(), FormatError>(())
    /// ```
    Base64, "base64", base64::is_valid, base64::is_valid, Writer::string
}

impl Base64 {
    /// The bytes, by RFC 4648: the standard or the URL-safe alphabet, with padding or without.
    ///
    /// # Errors
    /// When the text is no base64.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FormatError> {
        base64::decode(&self.0).ok_or(FormatError("base64"))
    }
}

/// With the standard alphabet and padding.
impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self(base64::encode(bytes).into())
    }
}

/// With the standard alphabet and padding.
impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        bytes.as_slice().into()
    }
}

/// A text is not of the format of a [`Uuid`], a [`Date`], a [`DateTime`] or a [`Base64`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatError(&'static str);

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, &["the text is no ", self.0])
    }
}

impl std::error::Error for FormatError {}

/// Servers take a date for a time and the other way round, and many compare texts: what is neither selects nothing, or too much.
fn write_date(w: &mut Writer, text: &str) {
    if !is_date(text) && !is_date_time(text) {
        w.fail("neither a date as 2026-01-31 nor an rfc 3339 time:");
    }
    w.string(text);
}

fn write_uuid(w: &mut Writer, text: &str) {
    w.no_uuid |= !is_uuid(text);
    w.string(text);
}

/// `d4617561-1c01-4b2f-83b6-a594f7b3bc57`, by RFC 9562, in either case.
fn is_uuid(text: &str) -> bool {
    let Ok(bytes) = <&[u8; 36]>::try_from(text.as_bytes()) else { return false };
    // Without a way out in the middle, so that many bytes are looked at together.
    let mut digits = 0_u8;
    for b in bytes {
        digits += u8::from(b.is_ascii_hexdigit());
    }
    let [.., a, _, _, _, _, b, _, _, _, _, c, _, _, _, _, d, _, _, _, _, _, _, _, _, _, _, _, _] = *bytes;
    digits == 32 && [a, b, c, d] == [b'-'; 4]
}

/// A day of the calendar as `full-date` of RFC 3339 writes it.
fn is_date(text: &str) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return false };
    let (Some(y1), Some(y2), Some(month), Some(day)) = (pair(y1, y2), pair(y3, y4), pair(m1, m2), pair(d1, d2)) else {
        return false;
    };
    let year = u32::from(y1) * 100 + u32::from(y2);
    let leaps = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leaps => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    day >= 1 && day <= days
}

/// The number of two digits.
fn pair(tens: u8, ones: u8) -> Option<u8> {
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    is_number.then(|| (tens - b'0') * 10 + (ones - b'0'))
}

/// `date-time` of RFC 3339, the offset aside: without one it says less, and is read by the same hands.
fn is_date_time(text: &str) -> bool {
    let (Some(day), Some(rest)) = (text.get(..10), text.as_bytes().get(10..)) else { return false };
    let [b'T' | b't' | b' ', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest else { return false };
    // A leap second is a second 60.
    is_date(day) && below(*h1, *h2, 24) && below(*m1, *m2, 60) && below(*s1, *s2, 61) && is_time_end(rest)
}

/// What is behind the seconds: a fraction, and an offset.
fn is_time_end(mut rest: &[u8]) -> bool {
    if let [b'.', digits @ ..] = rest {
        rest = digits;
        while let [b'0'..=b'9', fewer @ ..] = rest {
            rest = fewer;
        }
        if rest.len() == digits.len() {
            return false;
        }
    }
    match *rest {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => below(h1, h2, 24) && below(m1, m2, 60),
        _ => false,
    }
}

fn below(tens: u8, ones: u8, end: u8) -> bool {
    pair(tens, ones).is_some_and(|number| number < end)
}

// The next only ever speak for or against a branch of a union, as in `oneOf: [date, date-time]`.

fn is_likely_uuid(text: &str) -> bool {
    let mut digits = 0;
    for b in text.bytes() {
        match b {
            b'-' => {}
            b if b.is_ascii_hexdigit() => digits += 1,
            _ => return false,
        }
    }
    digits == 32
}

fn is_likely_date(text: &str) -> bool {
    let mut place = 0;
    for b in text.bytes() {
        let fits = if matches!(place, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
        if !fits {
            return false;
        }
        place += 1;
    }
    place == 10
}

fn is_likely_date_time(text: &str) -> bool {
    text.get(..10).is_some_and(is_likely_date)
        && matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' '))
        && text.as_bytes().get(13) == Some(&b':')
}

/// A text that never shows in `Debug`, such as a password.
///
/// ```
/// use runtime::Secret;
///
/// let password = Secret::from("correct horse");
/// assert_eq!(format!("{password:?}"), "Secret(..)");
/// assert_eq!(password.expose(), "correct horse");
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Box<str>);

impl Secret {
    /// The secret text.
    #[inline]
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Decode for Secret {
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        cx.text(node, "string").map(|text| Self(text.into()))
    }
}

impl Encode for Secret {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.string(&self.0);
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Secret> for Secret {
    fn from(other: &Secret) -> Self {
        other.clone()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}
