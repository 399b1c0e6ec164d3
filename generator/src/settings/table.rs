//! One table of a settings file while it is read: takes keys out by name and type, says what is wrong with its place,
//! and at the end names the keys nobody asked for.

use super::Placed;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{FileId, Span, nearest};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The span of a TOML range in `file`.
pub(super) fn span(file: FileId, range: &Range<usize>) -> Span {
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span { file, start: offset(range.start), end: offset(range.end) }
}

/// A table with its name for messages and the keys it knows.
pub(super) struct Table<'a, 'i> {
    entries: &'a DeTable<'i>,
    file: FileId,
    span: Span,
    name: String,
    known: Vec<&'static str>,
    /// Whether tables below may have any name.
    free: bool,
    /// Whether every entry was taken.
    all: bool,
    out: &'a mut Diagnostics,
}

impl<'a, 'i> Table<'a, 'i> {
    pub(super) fn new(
        entries: &'a DeTable<'i>,
        file: FileId,
        span: Span,
        name: &str,
        out: &'a mut Diagnostics,
    ) -> Self {
        Self { entries, file, span, name: name.to_owned(), known: Vec::new(), free: false, all: false, out }
    }

    /// The value of `key`; notes that the key is known.
    fn take(&mut self, key: &'static str) -> Option<(Span, &'a DeValue<'i>)> {
        self.known.push(key);
        let value = self.entries.get(key)?;
        Some((span(self.file, &value.span()), value.get_ref()))
    }

    fn wrong_type(&mut self, key: &str, at: Span, wanted: &str, found: &DeValue<'_>) {
        let found = match found {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date-time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        let message = format!("`{key}` in {} must be {wanted}, not {found}", self.name);
        self.out.push(Diagnostic::error("E0703", message).at(at));
    }

    /// Says that a value is of the right type and still wrong.
    pub(super) fn wrong_value(&mut self, at: Span, message: String) {
        self.out.push(Diagnostic::error("E0703", message).at(at));
    }

    /// Says that something belongs beside the entry at `at`.
    pub(super) fn missing_reason(&mut self, at: Span, message: String) {
        let help = "add `reason = \"...\"`: it is printed in the documentation of the method";
        self.out.push(Diagnostic::error("E0705", message).at(at).help(help));
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// Whether there is such a key and its value is a string.
    pub(super) fn has_text(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|value| matches!(value.get_ref(), DeValue::String(_)))
    }

    pub(super) fn string(&mut self, key: &'static str) -> Option<Placed<String>> {
        let (at, value) = self.take(key)?;
        match value {
            DeValue::String(text) => Some(Placed { value: text.clone().into_owned(), span: at }),
            other => {
                self.wrong_type(key, at, "a string", other);
                None
            }
        }
    }

    /// A string that must be there.
    pub(super) fn required(&mut self, key: &'static str) -> Option<Placed<String>> {
        if !self.entries.contains_key(key) {
            self.known.push(key);
            let message = format!("{} needs `{key}`", self.name);
            self.out.push(Diagnostic::error("E0705", message).at(self.span));
            return None;
        }
        self.string(key)
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Option<Placed<bool>> {
        let (at, value) = self.take(key)?;
        match value {
            DeValue::Boolean(value) => Some(Placed { value: *value, span: at }),
            other => {
                self.wrong_type(key, at, "a boolean", other);
                None
            }
        }
    }

    /// Elements of an array, one kind of scalar each; an element of another kind is an error and left out.
    fn array<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        element: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<Vec<Placed<T>>> {
        let (at, value) = self.take(key)?;
        let DeValue::Array(items) = value else {
            self.wrong_type(key, at, wanted, value);
            return None;
        };
        let mut list = Vec::with_capacity(items.len());
        for item in items.iter() {
            let at = span(self.file, &item.span());
            match element(item.get_ref()) {
                Some(value) => list.push(Placed { value, span: at }),
                None => self.wrong_type(key, at, wanted, item.get_ref()),
            }
        }
        Some(list)
    }

    pub(super) fn strings(&mut self, key: &'static str) -> Option<Vec<Placed<String>>> {
        self.array(key, "an array of strings", |value| value.as_str().map(str::to_owned))
    }

    /// Numbers, integers or not.
    pub(super) fn numbers(&mut self, key: &'static str) -> Option<Vec<Placed<f64>>> {
        self.array(key, "an array of numbers", |value| match value {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().replace('_', "").parse().ok(),
            DeValue::Float(n) => n.as_str().replace('_', "").parse().ok(),
            _ => None,
        })
    }

    /// Integers and strings, both as text: statuses are `503` and `"5xx"`.
    pub(super) fn words(&mut self, key: &'static str) -> Option<Vec<Placed<String>>> {
        self.array(key, "an array of integers and strings", |value| match value {
            DeValue::Integer(n) => Some(n.as_str().to_owned()),
            DeValue::String(text) => Some(text.clone().into_owned()),
            _ => None,
        })
    }

    pub(super) fn integer(&mut self, key: &'static str) -> Option<Placed<String>> {
        let (at, value) = self.take(key)?;
        match value {
            DeValue::Integer(n) => Some(Placed { value: n.as_str().to_owned(), span: at }),
            other => {
                self.wrong_type(key, at, "an integer", other);
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn word<T: Clone>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<Placed<T>> {
        let text = self.string(key)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Placed { value: value.clone(), span: text.span });
        }
        let list: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let message = format!("`{key}` in {} must be one of {}, not `{}`", self.name, list.join(", "), text.value);
        self.wrong_value(text.span, message);
        None
    }

    /// The table below `key`, read by `read`; a missing one reads nothing.
    pub(super) fn table(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'_, 'i>)) -> bool {
        let Some((at, value)) = self.take(key) else { return false };
        let DeValue::Table(entries) = value else {
            self.wrong_type(key, at, "a table", value);
            return false;
        };
        let mut table = Table::new(entries, self.file, at, &below(&self.name, key), self.out);
        read(&mut table);
        table.finish();
        true
    }

    /// All entries, which have names of the user's choice and are strings.
    pub(super) fn pairs(&mut self) -> Vec<(String, Placed<String>)> {
        let mut out = Vec::new();
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        self.all = true;
        for (key, value) in entries {
            let name = key.get_ref().as_ref();
            let at = span(self.file, &value.span());
            match value.get_ref() {
                DeValue::String(text) => {
                    out.push((name.to_owned(), Placed { value: text.clone().into_owned(), span: at }));
                }
                other => self.wrong_type(name, at, "a string", other),
            }
        }
        out
    }

    /// The tables below this one with names of the user's choice, in the order of the file: all entries that are tables
    /// or are not `known` keys.
    pub(super) fn named(&mut self, known: &[&'static str], mut read: impl FnMut(Placed<String>, &mut Table<'_, 'i>)) {
        self.free = true;
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let DeValue::Table(entries) = value.get_ref() else { continue };
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let at = span(self.file, &key.span());
            let shown = below(&self.name, name);
            let mut table = Table::new(entries, self.file, at, &shown, self.out);
            read(Placed { value: name.to_owned(), span: at }, &mut table);
            table.finish();
        }
    }

    /// Reports the keys that nobody took.
    pub(super) fn finish(self) {
        let mut unknown: Vec<_> = self
            .entries
            .iter()
            .filter(|(key, value)| {
                let is_named = self.free && matches!(value.get_ref(), DeValue::Table(_));
                !self.all && !is_named && !self.known.contains(&key.get_ref().as_ref())
            })
            .map(|(key, _)| key)
            .collect();
        unknown.sort_by_key(|key| key.span().start);
        for key in unknown {
            let name = key.get_ref().as_ref();
            let mut diagnostic = Diagnostic::error("E0702", format!("there is no key `{name}` in {}", self.name))
                .at(span(self.file, &key.span()));
            diagnostic = match nearest(name, &mut self.known.iter().copied()) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => {
                    let mut known = self.known.clone();
                    known.sort_unstable();
                    diagnostic.help(format!("its keys are {}", known.join(", ")))
                }
            };
            self.out.push(diagnostic);
        }
    }
}

/// The name of the table `key` below the one called `name`, for messages.
fn below(name: &str, key: &str) -> String {
    match name.strip_prefix("`[").and_then(|name| name.strip_suffix("]`")) {
        Some(name) => format!("`[{name}.{}]`", quoted(key)),
        None => format!("`[{}]`", quoted(key)),
    }
}

/// A key as TOML writes it.
fn quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { key.to_owned() } else { format!("{key:?}") }
}
