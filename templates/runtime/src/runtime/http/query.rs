//! How parameters are written into paths, queries, headers and cookies: the styles of OpenAPI 3. A value is written as its JSON
//! says: texts without their quotes, arrays as lists, objects by their members, `null` not at all.

use crate::runtime::http::operation::Operation;
use crate::runtime::json::tape::{Kind, Node, Tape};
use crate::runtime::text::{append, concat, take};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

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

/// What is encoded of a value by itself, and of one within a list.
type Encoded = [&'static AsciiSet; 2];

/// Everything but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const ALL: Encoded = [ENCODED, ENCODED];
/// The same without RFC 3986's reserved characters, for parameters that `allowReserved`; `&`, `=`, `+` and `#` would end the value.
const NOT_RESERVED: Encoded = [&INSIDE.remove(b','), INSIDE];
/// Within a list a kept comma could not be distinguished from the delimiter.
const INSIDE: &AsciiSet = &ENCODED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b';');

/// Appends everything but RFC 3986's unreserved characters percent-encoded.
pub fn encode(out: &mut String, text: &str) {
    encode_these(out, text, ENCODED);
}

fn encode_these(out: &mut String, text: &str, encoded: &'static AsciiSet) {
    for piece in utf8_percent_encode(text, encoded) {
        out.push_str(piece);
    }
}

/// Appends a parameter, given as JSON, to a query; nothing for an absent value, an empty list or an empty object.
pub(crate) fn write_query(out: &mut String, name: &str, json: &str, style: Style, reserved: bool) {
    append_query(out, name, Tape::given(json).root(), style, reserved);
}

fn append_query(out: &mut String, name: &str, value: Node<'_>, style: Style, reserved: bool) {
    let encoded = if reserved { NOT_RESERVED } else { ALL };
    match (value.kind(), style) {
        (Kind::Array, Style::FormExplode | Style::DeepObject) => {
            for value in value.elements() {
                append_query(out, name, value, style, reserved);
            }
        }
        (Kind::Object, Style::FormExplode) => {
            for (name, member) in value.members() {
                append_query(out, &value.tape.name(name), member, style, reserved);
            }
        }
        (Kind::Object, Style::DeepObject) => {
            for (key, member) in value.members() {
                let name = concat(&[name, "[", &value.tape.name(key), "]"]);
                append_query(out, &name, member, style, reserved);
            }
        }
        _ => {
            let mut joined = String::new();
            let delimiter = match style {
                Style::SpaceDelimited => "%20",
                Style::PipeDelimited => "%7C",
                _ => ",",
            };
            if !write_joined(&mut joined, value, delimiter, delimiter, encoded) {
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

/// Writes a value for a path segment of the style that most have.
pub(crate) fn write_simple(out: &mut String, json: &str) {
    write_joined(out, Tape::given(json).root(), ",", ",", ALL);
}

/// Writes a value for a path segment; `false` when there is nothing to write.
#[inline]
pub(crate) fn write_path(out: &mut String, name: &str, json: &str, style: PathStyle) -> bool {
    append_path(out, name, Tape::given(json).root(), style)
}

#[inline]
fn append_path(out: &mut String, name: &str, value: Node<'_>, style: PathStyle) -> bool {
    use PathStyle::{Label, LabelExplode, Matrix, MatrixExplode, Simple, SimpleExplode};
    let mut joined = String::new();
    let (between, pair) = match style {
        Simple | Label | Matrix => (",", ","),
        SimpleExplode => (",", "="),
        LabelExplode => (".", "="),
        MatrixExplode => (";", "="),
    };
    if style == MatrixExplode && value.kind() == Kind::Array {
        let mut any = false;
        for value in value.elements() {
            any |= append_path(out, name, value, Matrix);
        }
        return any;
    }
    if !write_joined(&mut joined, value, between, pair, ALL) {
        return false;
    }
    match style {
        Simple | SimpleExplode => {}
        Label | LabelExplode => out.push('.'),
        MatrixExplode if value.kind() == Kind::Object => out.push(';'),
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
pub(crate) fn plain(json: &str, explode: bool) -> Option<String> {
    let mut out = String::new();
    write_plain(&mut out, Tape::given(json).root(), explode).then_some(out)
}

/// Writes a value as it is; `false` when there is nothing to write.
#[inline]
fn write_plain(out: &mut String, value: Node<'_>, explode: bool) -> bool {
    let start = out.len();
    match value.kind() {
        Kind::Absent | Kind::Null => return false,
        Kind::Array => {
            for value in value.elements() {
                let before = out.len();
                if before > start {
                    out.push(',');
                }
                if !write_plain(out, value, explode) {
                    out.truncate(before);
                }
            }
        }
        Kind::Object => {
            for (name, member) in value.members() {
                let before = out.len();
                if before > start {
                    out.push(',');
                }
                out.push_str(&value.tape.name(name));
                out.push(if explode { '=' } else { ',' });
                if !write_plain(out, member, explode) {
                    out.truncate(before);
                }
            }
        }
        _ => out.push_str(&value.word()),
    }
    true
}

/// Joins a value's parts, each encoded, with delimiters that are not; `false` when there is no part.
fn write_joined(out: &mut String, value: Node<'_>, between: &str, pair: &str, [alone, inside]: Encoded) -> bool {
    let start = out.len();
    match value.kind() {
        Kind::Absent | Kind::Null => false,
        Kind::Array => {
            let mut any = false;
            for value in value.elements() {
                let before = out.len();
                if any {
                    out.push_str(between);
                }
                if write_joined(out, value, between, pair, [inside, inside]) {
                    any = true;
                } else {
                    out.truncate(before);
                }
            }
            any
        }
        Kind::Object => {
            for (name, member) in value.members() {
                let mut text = String::new();
                if !write_joined(&mut text, member, between, pair, [inside, inside]) {
                    continue;
                }
                if out.len() > start {
                    out.push_str(between);
                }
                encode(out, &value.tape.name(name));
                out.push_str(pair);
                out.push_str(&text);
            }
            out.len() > start
        }
        _ => {
            encode_these(out, &value.word(), alone);
            true
        }
    }
}

/// Sees to it that a choice of members leaves those that the response's model cannot do without.
#[inline(never)]
pub(crate) fn select(
    operation: &'static Operation,
    name: &str,
    text: &str,
    path: &mut String,
) -> Result<(), (&'static str, &'static str)> {
    for needed in operation.needed {
        let mut listed = false;
        let (mut rest, mut empty) = (text, true);
        // As this client writes a list, or as a caller may write one as a text.
        while !rest.is_empty() {
            let mut values = take(&mut rest, "&");
            take(&mut values, "=");
            while !values.is_empty() {
                let mut value = take(&mut values, ",");
                while !value.is_empty() {
                    let member = take(&mut value, "%2C");
                    listed |= member == *needed;
                    empty &= member.is_empty();
                }
            }
        }
        if name != operation.include && listed {
            return Err(("the response cannot be read without this member:", needed));
        }
        if name == operation.include && !listed && !empty {
            append(path, &[",", needed]);
        }
    }
    Ok(())
}
