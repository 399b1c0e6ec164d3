//! Texts that are no JSON as values of declared types: headers of responses, and forms that the API sends. What is read is made JSON, each value
//! a text, and the decoder takes texts for numbers and booleans where the type is one.

use http::HeaderMap;

use crate::runtime::decode::{Decode, DecodeError, Mode, from_json};
use crate::runtime::encode::write_string;
use crate::runtime::error::{Error, unreadable_header};
use crate::runtime::text::{split, take};

/// How the value of a header is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderForm {
    /// One value, as it is.
    Plain,
    /// `a,b`
    List,
    /// The same with another character between the elements.
    Delimited(char),
    /// `k,a,l,b`
    Members,
    /// `k=a,l=b`
    MembersExploded,
    /// JSON.
    Json,
}

/// The text of a header, where it is one of visible ASCII.
pub fn header_str<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    header_lines(headers, name).next()
}

/// The texts of all headers of this name.
pub fn header_lines<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    headers
        .iter()
        .filter(move |(known, _)| known.as_str().eq_ignore_ascii_case(name))
        .filter_map(|(_, v)| v.to_str().ok())
}

/// Reads a header; `None` where there is none.
///
/// # Errors
/// When it is not of the type.
#[inline]
pub fn header_value<T: Decode>(headers: &HeaderMap, name: &'static str, form: HeaderForm) -> Result<Option<T>, Error> {
    let Some(json) = header_json(headers, name, form) else { return Ok(None) };
    match from_json(json.as_bytes(), Mode::default()) {
        Ok((value, _)) => Ok(Some(value)),
        Err(fault) => Err(unreadable_header(name, fault)),
    }
}

/// A header as JSON. Several of one name are one list, by RFC 9110.
fn header_json(headers: &HeaderMap, name: &str, form: HeaderForm) -> Option<String> {
    let delimiter = if let HeaderForm::Delimited(own) = form { own } else { ',' };
    let mut text = String::new();
    let mut there = false;
    for line in header_lines(headers, name) {
        match (there, form) {
            (false, _) => {}
            (true, HeaderForm::Plain) => break,
            (true, _) => text.push(delimiter),
        }
        text.push_str(line);
        there = true;
    }
    if !there {
        return None;
    }
    let mut out = String::new();
    match form {
        HeaderForm::Json => return Some(text),
        HeaderForm::Plain => write_string(&mut out, text.trim_ascii()),
        HeaderForm::List | HeaderForm::Delimited(_) => {
            out.push('[');
            for (i, word) in words(&text, delimiter).enumerate() {
                next(&mut out, i);
                write_string(&mut out, word);
            }
            out.push(']');
        }
        HeaderForm::Members => {
            out.push('{');
            for (i, word) in words(&text, delimiter).enumerate() {
                if i % 2 == 0 {
                    next(&mut out, i);
                }
                write_string(&mut out, word);
                if i % 2 == 0 {
                    out.push(':');
                }
            }
            // A name without a value.
            if out.ends_with(':') {
                out.push_str("null");
            }
            out.push('}');
        }
        HeaderForm::MembersExploded => {
            out.push('{');
            for (i, word) in words(&text, delimiter).enumerate() {
                let (name, value) = split(word, "=").unwrap_or((word, ""));
                next(&mut out, i);
                member(&mut out, name.trim_ascii(), value.trim_ascii());
            }
            out.push('}');
        }
    }
    Some(out)
}

/// The words of a list, without empty ones, by RFC 9110.
fn words(text: &str, delimiter: char) -> impl Iterator<Item = &str> {
    text.split(delimiter).map(str::trim_ascii).filter(|word| !word.is_empty())
}

fn next(out: &mut String, i: usize) {
    if i > 0 {
        out.push(',');
    }
}

fn member(out: &mut String, name: &str, value: &str) {
    write_string(out, name);
    out.push(':');
    write_string(out, value);
}

/// Reads what the API sends as JSON.
///
/// # Errors
/// When it is not of the type.
pub fn parse_json<T: Decode>(body: &[u8]) -> Result<T, DecodeError> {
    from_json(body, Mode::default()).map(|(value, _)| value)
}

/// Reads what the API sends as text.
///
/// # Errors
/// When it is not UTF-8.
pub fn parse_text(body: &[u8]) -> Result<String, DecodeError> {
    match std::str::from_utf8(body) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(DecodeError {
            path: "$".to_owned(),
            expected: "UTF-8",
            found: "something else",
            offset: error.valid_up_to(),
        }),
    }
}

/// Reads what the API sends as a form: a name that comes more than once, or ends in `[]`, is a list.
///
/// # Errors
/// When it is not of the type.
pub fn parse_form<T: Decode>(body: &[u8]) -> Result<T, DecodeError> {
    let text = parse_text(body)?;
    let mut rest = text.as_str();
    let mut members: Vec<(String, Vec<String>)> = Vec::new();
    while !rest.is_empty() {
        let pair = take(&mut rest, "&");
        if pair.is_empty() {
            continue;
        }
        let (name, value) = split(pair, "=").unwrap_or((pair, ""));
        let (mut name, value) = (unescaped(name), unescaped(value));
        if name.ends_with("[]") {
            name.truncate(name.len() - 2);
        }
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => members.push((name, vec![value])),
        }
    }
    let mut json = String::from("{");
    for (i, (name, values)) in members.iter().enumerate() {
        next(&mut json, i);
        write_string(&mut json, name);
        json.push(':');
        // One alone is read as a list where the type is one.
        if let [value] = values.as_slice() {
            write_string(&mut json, value);
            continue;
        }
        json.push('[');
        for (i, value) in values.iter().enumerate() {
            next(&mut json, i);
            write_string(&mut json, value);
        }
        json.push(']');
    }
    json.push('}');
    parse_json(json.as_bytes())
}

/// A name or a value of a form as it was before it was escaped.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, others @ ..] = rest {
        rest = others;
        let digit = |b: u8| char::from(b).to_digit(16);
        match (byte, rest) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, others @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push((high * 16 + low) as u8);
                    rest = others;
                }
                _ => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
