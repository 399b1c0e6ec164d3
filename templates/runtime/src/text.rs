//! Small pieces of text work, each in one function: `format!`, `write!` and the adaptors of the standard library are compiled anew at
//! every place that uses them.

use std::fmt::{self, Write as _};

/// What stands in front of a character; the whole text where it does not occur.
pub(crate) fn until(text: &str, end: char) -> &str {
    text.split_once(end).map_or(text, |(before, _)| before)
}

/// As `split_once`, which comes with a search made for long texts.
pub(crate) fn split<'t>(text: &'t str, at: &str) -> Option<(&'t str, &'t str)> {
    let place = text.as_bytes().windows(at.len().max(1)).position(|piece| piece == at.as_bytes())?;
    Some((text.get(..place)?, text.get(place + at.len()..)?))
}

/// Whether a text has this ASCII character.
pub(crate) fn has(text: &str, character: u8) -> bool {
    text.bytes().any(|b| b == character)
}

/// Appends all of these.
pub(crate) fn append(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(piece);
    }
}

/// All of these in one text.
pub(crate) fn concat(pieces: &[&str]) -> String {
    let mut out = String::new();
    append(&mut out, pieces);
    out
}

/// Appends an index of a path: `[3]`.
pub(crate) fn append_index(out: &mut String, index: u64) {
    // Writing to a string cannot fail.
    let _ = write!(out, "[{index}]");
}

/// Prints all of these.
pub(crate) fn print(f: &mut fmt::Formatter<'_>, pieces: &[&str]) -> fmt::Result {
    for piece in pieces {
        f.write_str(piece)?;
    }
    Ok(())
}

/// A whole number without a sign.
pub(crate) fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// Prints of something that must not show what its size is.
pub(crate) fn print_size(f: &mut fmt::Formatter<'_>, what: &str, bytes: usize) -> fmt::Result {
    write!(f, "{what}({bytes} bytes)")
}
