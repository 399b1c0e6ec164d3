//! Small pieces of text work, each in one function: `format!`, `write!` and the adaptors of the standard library are compiled anew at
//! every place that uses them.

use std::fmt::{self, Write as _};

/// What comes before `end`; the whole text where it does not occur.
pub(crate) fn until<'t>(text: &'t str, end: &str) -> &'t str {
    match split(text, end) {
        Some((before, _)) => before,
        None => text,
    }
}

/// As `split_once`, which comes with a search made for long texts.
#[inline(never)]
pub(crate) fn split<'t>(text: &'t str, at: &str) -> Option<(&'t str, &'t str)> {
    let mut place = 0;
    while let Some(rest) = text.as_bytes().get(place..) {
        if rest.starts_with(at.as_bytes()) {
            return Some((text.get(..place)?, text.get(place + at.len()..)?));
        }
        place += 1;
    }
    None
}

/// Takes what comes before `at` off a text; all of it where `at` does not occur, and nothing is left then.
pub(crate) fn take<'t>(text: &mut &'t str, at: &str) -> &'t str {
    let (before, after) = match split(text, at) {
        Some(parts) => parts,
        None => (*text, ""),
    };
    *text = after;
    before
}

/// Whether a text has this ASCII character.
pub(crate) fn has(text: &str, character: u8) -> bool {
    for b in text.bytes() {
        if b == character {
            return true;
        }
    }
    false
}

/// Whether a text is among these.
pub(crate) fn lists(texts: &[&str], text: &str) -> bool {
    for listed in texts {
        if *listed == text {
            return true;
        }
    }
    false
}

/// Appends all of these.
#[inline(never)]
pub(crate) fn append(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(piece);
    }
}

/// All of these in one text.
#[inline(never)]
pub(crate) fn concat(pieces: &[&str]) -> String {
    let mut out = String::new();
    append(&mut out, pieces);
    out
}

/// Appends a number.
#[inline(never)]
pub(crate) fn append_number(out: &mut String, number: u64) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{number}");
}

/// Appends an index of a path: `[3]`.
pub(crate) fn append_index(out: &mut String, index: u64) {
    out.push('[');
    append_number(out, index);
    out.push(']');
}

/// Prints all of these.
pub(crate) fn print(f: &mut fmt::Formatter<'_>, pieces: &[&str]) -> fmt::Result {
    for piece in pieces {
        f.write_str(piece)?;
    }
    Ok(())
}

/// A whole number without a minus. (`parse` reads any radix, in chunks, which takes five times the code.)
#[inline(never)]
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("+").unwrap_or(text);
    let mut number: u64 = 0;
    for b in digits.bytes() {
        if !b.is_ascii_digit() {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u64::from(b - b'0'))?;
    }
    if digits.is_empty() { None } else { Some(number) }
}

/// Prints of something that must not show what its size is.
pub(crate) fn print_size(f: &mut fmt::Formatter<'_>, what: &str, bytes: usize) -> fmt::Result {
    let mut text = concat(&[what, "("]);
    append_number(&mut text, bytes as u64);
    text.push_str(" bytes)");
    f.write_str(&text)
}
