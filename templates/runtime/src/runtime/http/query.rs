//! How parameters are written into paths, queries, headers and cookies: the styles of OpenAPI 3, as RFC 6570 expands them. A value is
//! written as its JSON says: texts without their quotes, arrays as lists, objects by their members, `null` not at all. What lies deeper
//! than a style has a spelling for (a list in a list, an object in an object) is its JSON text in that place.

use crate::runtime::encode::{Encode, Writer, written};
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

/// How a value is written among the cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CookieStyle {
    /// `a=1,2`
    Form,
    /// `a=1; a=2`; the members of an object become cookies of their own
    FormExplode,
    /// As `Form`, nothing encoded (`style: cookie`).
    Plain,
    /// As `FormExplode`, nothing encoded.
    PlainExplode,
}

/// What becomes of the characters of a value.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    /// Encoded but for RFC 3986's unreserved characters.
    All,
    /// Reserved characters and what is encoded already stay (`allowReserved`).
    Reserved,
    /// The same, but for those that would end the segment of a path.
    ReservedInPath,
    /// Nothing is encoded.
    Plain,
}

/// Everything but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same without its reserved characters: RFC 6570's reserved expansion.
const RESERVED: &AsciiSet = &IN_PATH.remove(b'/').remove(b'?').remove(b'#');
const IN_PATH: &AsciiSet = &ENCODED
    .remove(b':')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Why a parameter cannot be written.
pub(crate) const NULL_IN_LIST: &str = "a list has a null among its elements:";

/// Appends everything but RFC 3986's unreserved characters percent-encoded.
pub fn encode(out: &mut String, text: &str) {
    encode_these(out, text, ENCODED);
}

fn encode_these(out: &mut String, text: &str, encoded: &'static AsciiSet) {
    for piece in utf8_percent_encode(text, encoded) {
        out.push_str(piece);
    }
}

impl Encoding {
    fn append(self, out: &mut String, text: &str) {
        match self {
            Self::All => encode(out, text),
            Self::Reserved => append_reserved(out, text, RESERVED),
            Self::ReservedInPath => append_reserved(out, text, IN_PATH),
            Self::Plain => out.push_str(text),
        }
    }
}

/// Encodes what is not reserved; `%2F` stays as it is.
#[inline(never)]
fn append_reserved(out: &mut String, text: &str, encoded: &'static AsciiSet) {
    let mut rest = text;
    while let Some((before, after)) = crate::runtime::text::split(rest, "%") {
        encode_these(out, before, encoded);
        let is_triple = matches!(after.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
        out.push_str(if is_triple { "%" } else { "%25" });
        rest = after;
    }
    encode_these(out, rest, encoded);
}

/// Appends a parameter, given as JSON, to a query; nothing for an absent value, an empty list or an empty object. `false` when it has a
/// null that no repeated pair can say.
pub(crate) fn write_query(out: &mut String, name: &str, json: &str, style: Style, reserved: bool) -> bool {
    let encoding = if reserved { Encoding::Reserved } else { Encoding::All };
    append_query(out, name, Tape::given(json).root(), style, encoding)
}

/// Appends a value that is a query by itself (`in: querystring`).
#[inline]
pub(crate) fn write_whole(out: &mut String, json: &str) {
    encode(out, &Tape::given(json).root().word());
}

fn append_query(out: &mut String, name: &str, value: Node<'_>, style: Style, encoding: Encoding) -> bool {
    let mut whole = true;
    match (value.kind(), style) {
        (Kind::Array, Style::FormExplode | Style::DeepObject) => {
            for (at, element) in value.elements().enumerate() {
                match element.kind() {
                    Kind::Null => return false,
                    // Each object of the list by its index, as each member by its name.
                    Kind::Object | Kind::Array if style == Style::DeepObject => {
                        let name = concat(&[name, "[", &at.to_string(), "]"]);
                        whole &= append_query(out, &name, element, style, encoding);
                    }
                    _ => push_pair(out, name, &element.word(), encoding),
                }
            }
        }
        (Kind::Object, Style::FormExplode) => {
            for (name, member) in value.members() {
                let name = value.tape.name(name);
                match member.kind() {
                    // An object in it keeps the name of its member.
                    Kind::Object => push_pair(out, &name, member.raw(), encoding),
                    _ => whole &= append_query(out, &name, member, style, encoding),
                }
            }
        }
        (Kind::Object, Style::DeepObject) => {
            for (key, member) in value.members() {
                let name = concat(&[name, "[", &value.tape.name(key), "]"]);
                whole &= append_query(out, &name, member, style, encoding);
            }
        }
        _ => {
            let mut joined = String::new();
            let delimiter = match style {
                Style::SpaceDelimited => "%20",
                Style::PipeDelimited => "%7C",
                _ => ",",
            };
            if write_joined(&mut joined, value, delimiter, delimiter, encoding) {
                push_name(out, name);
                out.push_str(&joined);
            }
        }
    }
    whole
}

fn push_pair(out: &mut String, name: &str, value: &str, encoding: Encoding) {
    push_name(out, name);
    encoding.append(out, value);
}

fn push_name(out: &mut String, name: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    encode(out, name);
    out.push('=');
}

/// Writes a value for a path segment of the style that most have.
pub(crate) fn write_simple(out: &mut String, json: &str) {
    write_joined(out, Tape::given(json).root(), ",", ",", Encoding::All);
}

/// Writes a value for a path segment; `false` when a list has a null that no repeated value can say.
#[inline]
pub(crate) fn write_path(out: &mut String, name: &str, json: &str, style: PathStyle, reserved: bool) -> bool {
    use PathStyle::{Label, LabelExplode, Matrix, MatrixExplode, Simple, SimpleExplode};
    let tape = Tape::given(json);
    let value = tape.root();
    let encoding = if reserved { Encoding::ReservedInPath } else { Encoding::All };
    let (between, pair) = match style {
        Simple | Label | Matrix => (",", ","),
        SimpleExplode => (",", "="),
        LabelExplode => (".", "="),
        MatrixExplode => (";", "="),
    };
    let is_exploded = matches!(style, LabelExplode | MatrixExplode);
    if is_exploded && has_null(value) {
        return false;
    }
    if style == MatrixExplode && value.kind() == Kind::Array {
        for value in value.elements() {
            push_matrix(out, name, &value.word(), encoding);
        }
        return true;
    }
    let mut joined = String::new();
    if write_joined(&mut joined, value, between, pair, encoding) {
        match style {
            Simple | SimpleExplode => out.push_str(&joined),
            Label | LabelExplode => append(out, &[".", &joined]),
            MatrixExplode if value.kind() == Kind::Object => append(out, &[";", &joined]),
            Matrix | MatrixExplode => push_matrix(out, name, &joined, Encoding::Plain),
        }
    }
    true
}

fn push_matrix(out: &mut String, name: &str, value: &str, encoding: Encoding) {
    out.push(';');
    encode(out, name);
    if !value.is_empty() {
        out.push('=');
        encoding.append(out, value);
    }
}

/// Whether a list has a null: one that is written as several values cannot say it.
fn has_null(value: Node<'_>) -> bool {
    for element in value.elements() {
        if element.kind() == Kind::Null {
            return true;
        }
    }
    false
}

/// Appends a parameter, given as JSON, to the cookies; the error is why it cannot be one.
#[inline]
pub(crate) fn write_cookie(out: &mut String, name: &str, json: &str, style: CookieStyle) -> Result<(), &'static str> {
    let tape = Tape::given(json);
    let value = tape.root();
    let (explode, encoding) = match style {
        CookieStyle::Form => (false, Encoding::All),
        CookieStyle::FormExplode => (true, Encoding::All),
        CookieStyle::Plain => (false, Encoding::Plain),
        CookieStyle::PlainExplode => (true, Encoding::Plain),
    };
    match value.kind() {
        Kind::Array if explode => {
            for element in value.elements() {
                if element.kind() == Kind::Null {
                    return Err(NULL_IN_LIST);
                }
                let mut text = String::new();
                encoding.append(&mut text, &element.word());
                push_cookie(out, name, &text)?;
            }
        }
        Kind::Object if explode => {
            for (name, member) in value.members() {
                if member.kind() != Kind::Null {
                    let (mut key, mut text) = (String::new(), String::new());
                    encoding.append(&mut key, &value.tape.name(name));
                    encoding.append(&mut text, &member.word());
                    push_cookie(out, &key, &text)?;
                }
            }
        }
        _ => {
            let mut joined = String::new();
            if write_joined(&mut joined, value, ",", ",", encoding) {
                push_cookie(out, name, &joined)?;
            }
        }
    }
    Ok(())
}

fn push_cookie(out: &mut String, name: &str, value: &str) -> Result<(), &'static str> {
    for text in [name, value] {
        for byte in text.bytes() {
            // A semicolon would begin another cookie.
            if byte == b';' || !byte.is_ascii_graphic() {
                return Err("a cookie has a character no cookie may have:");
            }
        }
    }
    append(out, &[if out.is_empty() { "" } else { "; " }, name, "=", value]);
    Ok(())
}

/// The value of a header: `style: simple`, not encoded. `None` when there is nothing to write.
#[inline]
pub(crate) fn plain(json: &str, explode: bool) -> Option<String> {
    let mut out = String::new();
    let pair = if explode { "=" } else { "," };
    write_joined(&mut out, Tape::given(json).root(), ",", pair, Encoding::Plain).then_some(out)
}

/// Joins a value's parts, each encoded, with delimiters that are not; `false` when there is no part.
fn write_joined(out: &mut String, value: Node<'_>, between: &str, pair: &str, encoding: Encoding) -> bool {
    let mut any = false;
    match value.kind() {
        Kind::Absent | Kind::Null => {}
        Kind::Array => {
            for element in value.elements() {
                if element.kind() != Kind::Null {
                    if any {
                        out.push_str(between);
                    }
                    encoding.append(out, &element.word());
                    any = true;
                }
            }
        }
        Kind::Object => {
            for (name, member) in value.members() {
                if member.kind() != Kind::Null {
                    if any {
                        out.push_str(between);
                    }
                    let name = value.tape.name(name);
                    match encoding {
                        Encoding::Plain => out.push_str(&name),
                        _ => encode(out, &name),
                    }
                    out.push_str(pair);
                    encoding.append(out, &member.word());
                    any = true;
                }
            }
        }
        _ => {
            encoding.append(out, &value.word());
            any = true;
        }
    }
    any
}

/// A value whose lists are texts: their elements joined by these, the outermost list first. A list without a delimiter stays one. It says
/// Swagger 2.0's `collectionFormat` where no style does.
pub struct Joined<'a>(pub &'a dyn Encode, pub &'static [&'static str]);

impl std::fmt::Debug for Joined<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Joined(..)")
    }
}

impl Encode for Joined<'_> {
    fn encode(&self, w: &mut Writer) {
        let inner = written(self.0);
        w.take_faults(&inner);
        write_texts(w, Tape::given(&inner.out).root(), self.1);
    }
}

fn write_texts(w: &mut Writer, value: Node<'_>, delimiters: &[&str]) {
    match (value.kind(), delimiters) {
        (Kind::Array, ["", inner @ ..]) => {
            w.raw("[");
            for element in value.elements() {
                w.separate();
                write_texts(w, element, inner);
            }
            w.raw("]");
        }
        (Kind::Array, [_, ..]) => {
            let text = joined_text(value, delimiters);
            if text.is_empty() { w.raw("null") } else { w.string(&text) }
        }
        _ => w.raw(value.raw()),
    }
}

fn joined_text(value: Node<'_>, delimiters: &[&str]) -> String {
    let (Kind::Array, [delimiter, inner @ ..]) = (value.kind(), delimiters) else { return value.word().into_owned() };
    let mut out = String::new();
    let mut any = false;
    for element in value.elements() {
        if element.kind() != Kind::Null {
            append(&mut out, &[if any { delimiter } else { "" }, &joined_text(element, inner)]);
            any = true;
        }
    }
    out
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
