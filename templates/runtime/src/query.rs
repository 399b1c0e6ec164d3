//! Parameter values and how they are written into paths, queries, headers and cookies: the styles of OpenAPI 3.
//! Pure text work; requests collect its results.

use std::borrow::Cow;

use serde_json::Value;

use super::text::{concat, has};

/// The value of a parameter, before a style gives it its form on the wire.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Param<'a> {
    /// Nothing: the parameter is left out.
    Absent,
    /// One text.
    Text(Cow<'a, str>),
    /// Several values.
    List(Vec<Param<'a>>),
    /// Named values.
    Object(Vec<(Cow<'a, str>, Param<'a>)>),
}

impl<'a> Param<'a> {
    /// A text that is already at hand.
    #[inline]
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

/// What can stand in a path, a query, a header or a cookie.
///
/// A type that is text implements it in one line: `fn to_query(&self) -> Param<'_> { Param::text(self.as_str()) }`.
pub trait ToQuery {
    /// The value as text, list or object.
    fn to_query(&self) -> Param<'_>;
}

macro_rules! text {
    ($($t:ty),*) => { $(impl ToQuery for $t { #[inline] fn to_query(&self) -> Param<'_> { Param::text(self) } })* };
}
macro_rules! printed {
    ($($t:ty),*) => { $(impl ToQuery for $t { #[inline] fn to_query(&self) -> Param<'_> { printed(self) } })* };
}
text!(str, String, Box<str>, Cow<'_, str>);
printed!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64);

fn printed(value: &dyn std::fmt::Display) -> Param<'static> {
    Param::Text(Cow::Owned(value.to_string()))
}

impl ToQuery for bool {
    fn to_query(&self) -> Param<'_> {
        Param::text(if *self { "true" } else { "false" })
    }
}

impl<T: ToQuery + ?Sized> ToQuery for &T {
    #[inline]
    fn to_query(&self) -> Param<'_> {
        (**self).to_query()
    }
}

impl<T: ToQuery> ToQuery for Option<T> {
    #[inline]
    fn to_query(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Absent, ToQuery::to_query)
    }
}

impl<T: ToQuery> ToQuery for [T] {
    fn to_query(&self) -> Param<'_> {
        Param::List(self.iter().map(ToQuery::to_query).collect())
    }
}

impl<T: ToQuery> ToQuery for Vec<T> {
    #[inline]
    fn to_query(&self) -> Param<'_> {
        self.as_slice().to_query()
    }
}

impl<T: ToQuery, const N: usize> ToQuery for [T; N] {
    #[inline]
    fn to_query(&self) -> Param<'_> {
        self.as_slice().to_query()
    }
}

impl ToQuery for Value {
    #[inline]
    fn to_query(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Absent,
            Self::Bool(b) => Param::text(if *b { "true" } else { "false" }),
            Self::Number(n) => printed(n),
            Self::String(s) => Param::text(s),
            Self::Array(list) => {
                let mut params = Vec::new();
                for value in list {
                    params.push(value.to_query());
                }
                Param::List(params)
            }
            Self::Object(members) => {
                let mut params = Vec::new();
                for (name, value) in members {
                    params.push((Cow::Borrowed(name.as_str()), value.to_query()));
                }
                Param::Object(params)
            }
        }
    }
}

/// How a list or an object is written in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// `style: form, explode: false`: `a=1,2`.
    Form,
    /// `style: form, explode: true`: `a=1&a=2`; the members of an object become parameters of their own.
    FormExplode,
    /// `style: spaceDelimited, explode: false`: `a=1%202`.
    SpaceDelimited,
    /// `style: pipeDelimited, explode: false`: `a=1%7C2`.
    PipeDelimited,
    /// `style: deepObject`: `a[x]=1&a[y]=2`.
    DeepObject,
}

/// How a value is written in a path segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathStyle {
    /// `1,2`
    Simple,
    /// `1,2`, objects as `x=1,y=2`
    SimpleExplode,
    /// `.1,2`
    Label,
    /// `.1.2`
    LabelExplode,
    /// `;a=1,2`
    Matrix,
    /// `;a=1;a=2`
    MatrixExplode,
}

/// Appends everything but RFC 3986's unreserved characters percent-encoded.
pub(crate) fn encode(out: &mut String, text: &str) {
    encode_but(out, text, "");
}

/// The same, leaving the characters of `kept` as they are.
pub(crate) fn encode_but(out: &mut String, text: &str, kept: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for b in text.bytes() {
        let plain = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') || has(kept, b);
        if plain {
            out.push(char::from(b));
        } else {
            out.push('%');
            for digit in [b >> 4, b & 15] {
                out.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
            }
        }
    }
}

/// RFC 3986's reserved characters, for parameters that `allowReserved`; without `&`, `=`, `+` and `#`, which would end the value.
const RESERVED: &str = ":/?[]@!$'()*,;";
/// The same within a list, where a kept comma could not be told from the delimiter.
const RESERVED_INSIDE: &str = ":/?[]@!$'()*;";

/// Appends a parameter to a query; nothing for an absent value, an empty list or an empty object.
pub(crate) fn write_query(out: &mut String, name: &str, value: &Param<'_>, style: Style, reserved: bool) {
    let kept = if reserved { RESERVED } else { "" };
    match (value, style) {
        (Param::Absent, _) => {}
        (Param::List(list), Style::FormExplode | Style::DeepObject) => {
            for value in list {
                write_query(out, name, value, style, reserved);
            }
        }
        (Param::Object(members), Style::FormExplode) => {
            for (name, value) in members {
                write_query(out, name, value, style, reserved);
            }
        }
        (Param::Object(members), Style::DeepObject) => {
            for (key, value) in members {
                write_query(out, &concat(&[name, "[", key, "]"]), value, style, reserved);
            }
        }
        (value, style) => {
            let mut joined = String::new();
            let delimiter = match style {
                Style::SpaceDelimited => "%20",
                Style::PipeDelimited => "%7C",
                _ => ",",
            };
            if !write_joined(&mut joined, value, delimiter, delimiter, kept) {
                return;
            }
            if !out.is_empty() {
                out.push('&');
            }
            encode(out, name);
            out.push('=');
            out.push_str(&joined);
        }
    }
}

/// Writes a value for a path segment; `false` when there is nothing to write.
#[inline]
pub(crate) fn write_path(out: &mut String, name: &str, value: &Param<'_>, style: PathStyle) -> bool {
    use PathStyle::{Label, LabelExplode, Matrix, MatrixExplode, Simple, SimpleExplode};
    let mut joined = String::new();
    let (between, pair) = match style {
        Simple | Label | Matrix => (",", ","),
        SimpleExplode => (",", "="),
        LabelExplode => (".", "="),
        MatrixExplode => (";", "="),
    };
    if style == MatrixExplode
        && let Param::List(list) = value
    {
        let mut any = false;
        for value in list {
            any |= write_path(out, name, value, Matrix);
        }
        return any;
    }
    if !write_joined(&mut joined, value, between, pair, "") {
        return false;
    }
    match style {
        Simple | SimpleExplode => {}
        Label | LabelExplode => out.push('.'),
        MatrixExplode if matches!(value, Param::Object(_)) => out.push(';'),
        Matrix | MatrixExplode => {
            out.push(';');
            encode(out, name);
            if !joined.is_empty() {
                out.push('=');
            }
        }
    }
    out.push_str(&joined);
    !joined.is_empty()
}

/// The value of a header or a cookie: `style: simple`, not encoded.
#[inline]
pub(crate) fn plain(value: &Param<'_>, explode: bool) -> Option<String> {
    let mut out = String::new();
    write_plain(&mut out, value, explode).then_some(out)
}

/// Writes a value as it is; `false` when there is nothing to write.
#[inline]
fn write_plain(out: &mut String, value: &Param<'_>, explode: bool) -> bool {
    let start = out.len();
    match value {
        Param::Absent => return false,
        Param::Text(text) => out.push_str(text),
        Param::List(values) => {
            for value in values {
                let before = out.len();
                if before > start {
                    out.push(',');
                }
                if !write_plain(out, value, explode) {
                    out.truncate(before);
                }
            }
        }
        Param::Object(members) => {
            for (name, value) in members {
                let before = out.len();
                if before > start {
                    out.push(',');
                }
                out.push_str(name);
                out.push(if explode { '=' } else { ',' });
                if !write_plain(out, value, explode) {
                    out.truncate(before);
                }
            }
        }
    }
    true
}

/// Joins a value's parts, each encoded, with delimiters that are not; `false` when there is no part.
pub(crate) fn write_joined(out: &mut String, value: &Param<'_>, between: &str, pair: &str, kept: &str) -> bool {
    let start = out.len();
    let inside = if kept.is_empty() { "" } else { RESERVED_INSIDE };
    match value {
        Param::Absent => false,
        Param::Text(text) => {
            encode_but(out, text, kept);
            true
        }
        Param::List(values) => {
            let mut any = false;
            for value in values {
                let before = out.len();
                if any {
                    out.push_str(between);
                }
                if write_joined(out, value, between, pair, inside) {
                    any = true;
                } else {
                    out.truncate(before);
                }
            }
            any
        }
        Param::Object(members) => {
            for (name, value) in members {
                let mut text = String::new();
                if !write_joined(&mut text, value, between, pair, inside) {
                    continue;
                }
                if out.len() > start {
                    out.push_str(between);
                }
                encode(out, name);
                out.push_str(pair);
                out.push_str(&text);
            }
            out.len() > start
        }
    }
}
