//! Changes of single values in the text of a settings file; comments and everything else stay as they are.

use super::{Placed, Settings, read};
use crate::base::FileId;
use crate::base::diagnostic::Diagnostics;

/// The text with another `[crate] version`.
///
/// # Errors
/// When the settings name no version.
pub fn set_version(text: &str, version: &str) -> Result<String, String> {
    let settings = parsed(text)?;
    let old = settings.package.version.as_ref().ok_or("the settings have no `version` in `[crate]`: add one")?;
    let edited = replaced(text, old, version)?;
    let done = parsed(&edited)?.package.version.is_some_and(|v| *v == version);
    checked(edited, done)
}

/// The text with a Rust name for the schema at `pointer` (`#/components/schemas/Link`).
///
/// # Errors
/// When the table is written in a way that this cannot change.
pub fn set_type_name(text: &str, pointer: &str, name: &str) -> Result<String, String> {
    let settings = parsed(text)?;
    let entry = settings.type_override(pointer);
    let rename = entry.and_then(|entry| entry.rename.as_ref());
    let edited = set(text, "types", entry.map(|e| &e.pointer), pointer, rename, "rename", name)?;
    let done = parsed(&edited)?.type_override(pointer).and_then(|e| e.rename.clone()).is_some_and(|v| *v == name);
    checked(edited, done)
}

/// The text with a name for the method of the operation `id`.
///
/// # Errors
/// When the table is written in a way that this cannot change.
pub fn set_method_name(text: &str, id: &str, name: &str) -> Result<String, String> {
    let settings = parsed(text)?;
    let entry = settings.operations.get(id);
    let method = entry.and_then(|entry| entry.method.as_ref());
    let edited = set(text, "operations", entry.map(|e| &e.id), id, method, "method", name)?;
    let done = parsed(&edited)?.operations.get(id).and_then(|e| e.method.clone()).is_some_and(|v| *v == name);
    checked(edited, done)
}

fn parsed(text: &str) -> Result<Settings, String> {
    let mut out = Diagnostics::new();
    let settings = read(text, FileId(0), &mut out);
    match out.iter().next() {
        Some(first) if out.has_errors() => Err(format!("the settings are wrong already: {}", first.message)),
        _ => Ok(settings),
    }
}

fn checked(text: String, done: bool) -> Result<String, String> {
    if done { Ok(text) } else { Err("the settings are written in a way this cannot change: edit them by hand".into()) }
}

/// Sets `key` in `[table."entry"]`: replaces its value, adds it to the table that is there, or adds the table.
fn set(
    text: &str,
    table: &str,
    place: Option<&Placed<String>>,
    entry: &str,
    old: Option<&Placed<String>>,
    key: &str,
    value: &str,
) -> Result<String, String> {
    if let Some(old) = old {
        return replaced(text, old, value);
    }
    let line = format!("{key} = {}\n", quoted(value));
    let Some(place) = place else {
        let mut out = text.trim_end().to_owned();
        out.push_str(&format!("\n\n[{table}.{}]\n{line}", quoted(entry)));
        return Ok(out);
    };
    // After the line of the table's header.
    let at = usize::try_from(place.span.start).unwrap_or(usize::MAX);
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |n| n + 1);
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.find('\n').map_or(text.len(), |n| start + n + 1);
    let (Some(before), Some(after), true) = (text.get(..end), text.get(end..), rest.trim_start().starts_with('['))
    else {
        return Err(format!("`{entry}` is no table of its own in the settings: add `{}` by hand", line.trim_end()));
    };
    let newline = if before.ends_with('\n') { "" } else { "\n" };
    Ok(format!("{before}{newline}{line}{after}"))
}

fn replaced(text: &str, old: &Placed<String>, value: &str) -> Result<String, String> {
    let at = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    match (text.get(..at(old.span.start)), text.get(at(old.span.end)..)) {
        (Some(before), Some(after)) => Ok(format!("{before}{}{after}", quoted(value))),
        _ => Err("the settings have changed while they were read".to_owned()),
    }
}

/// A basic string, as a value or a key.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
