//! A file's bytes → its text: what is not there, not a file or not UTF-8 is told apart here.

use super::json::Fail;
use super::{FileId, Sources, Span};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::file::{self, Refused};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// The path as messages show it: as it was given, relative to the current folder where it lies below it.
pub(super) fn shown(path: &Path) -> String {
    let relative = std::env::current_dir().ok().and_then(|cwd| path.strip_prefix(cwd).ok().map(Path::to_owned));
    slashed(&lexical(relative.as_deref().unwrap_or(path)))
}

/// The text of the file at `path`; `None` when there is none, which `diagnostics` explains.
pub(super) fn read(path: &Path, shown: &str, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<String> {
    // One limit for a document and all that it refers to, or many files would be what one may not be.
    let left = file::MOST.saturating_sub(sources.bytes());
    let bytes = match file::read_at_most(path, left) {
        Ok(bytes) => bytes,
        Err(refused) => {
            diagnostics.push(unreadable(shown, &refused));
            return None;
        }
    };
    let not_utf8 = match String::from_utf8(bytes) {
        // A NUL as one of the first bytes: UTF-16 or UTF-32 without a byte order mark.
        Ok(text) if !text.bytes().take(4).any(|b| b == 0) => return Some(text),
        Ok(text) => Err(text.into_bytes()),
        Err(error) => Ok(error),
    };
    let bytes = match &not_utf8 {
        Ok(error) => error.as_bytes(),
        Err(bytes) => bytes,
    };
    if let Some(encoding) = wide_encoding(bytes) {
        let message = format!("`{shown}` is in {encoding}, a document must be in UTF-8");
        diagnostics.push(Diagnostic::error("E0104", message).help("save the file as UTF-8"));
        return None;
    }
    let valid = not_utf8.as_ref().map_or(0, |error| error.utf8_error().valid_up_to());
    let byte = bytes.get(valid).copied().unwrap_or_default();
    // The text up to the bad byte is the same, so its offset holds in the replaced text too.
    let added = sources.add(shown, String::from_utf8_lossy(bytes).into_owned());
    let end = sources.text(added).and_then(|t| t.get(valid..)).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
    diagnostics.push(
        Diagnostic::error("E0103", format!("the byte 0x{byte:02X} is not UTF-8"))
            .at(Span { file: added, start: valid as u32, end: (valid + end) as u32 })
            .help("save the file as UTF-8"),
    );
    None
}

fn unreadable(shown: &str, refused: &Refused) -> Diagnostic {
    match refused {
        Refused::Folder => Diagnostic::error("E0102", format!("`{shown}` is a folder, not a file"))
            .help("name the document in it, for example `openapi.yaml`"),
        Refused::Special(what) => Diagnostic::error("E0118", format!("`{shown}` is {what}, not a file"))
            .help("save what comes out of it to a file, and name that"),
        Refused::TooLarge(_) => {
            let most = file::MOST >> 20;
            let message = format!("`{shown}`, with the files read before it, is larger than {most} MB");
            Diagnostic::error("E0117", message)
        }
        Refused::Io(error) => match error.kind() {
            ErrorKind::NotFound => Diagnostic::error("E0101", format!("there is no file `{shown}`")),
            ErrorKind::PermissionDenied => {
                Diagnostic::error("E0101", format!("`{shown}` cannot be read: permission denied"))
            }
            _ => Diagnostic::error("E0101", format!("`{shown}` cannot be read: {refused}")),
        },
    }
}

fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [0, 0, 0, b, ..] | [b, 0, 0, 0, ..] if b.is_ascii() && *b != 0 => Some("UTF-32"),
        [0, b, ..] | [b, 0, ..] if b.is_ascii() && *b != 0 => Some("UTF-16"),
        _ => None,
    }
}

/// The error for a file that starts with `<`.
pub(super) fn markup(content: &str, file: FileId, offset: usize) -> Fail {
    let start: String = content.chars().take(100).collect::<String>().to_ascii_lowercase();
    let html = start.starts_with("<!doctype html") || start.contains("<html") || start.starts_with("<head");
    let what = if html { "an HTML page" } else { "XML or HTML" };
    let word = content.find(['>', '\n', ' ']).unwrap_or(content.len());
    let span = Span { file, start: offset as u32, end: (offset + word) as u32 };
    Box::new(
        Diagnostic::error("E0112", format!("this is {what}, not an OpenAPI document"))
            .at(span)
            .help("look for the address of the raw document: it ends in .yaml or .json more often than not"),
    )
}

/// `a/./b/../c` → `a/c`, without asking the disk; `..` that leads out stays in front.
pub(super) fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// With `/` on every system: messages and keys must be the same everywhere.
pub(super) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}
