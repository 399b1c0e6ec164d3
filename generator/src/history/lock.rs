//! The lock: which Rust name every node of the document got, so that it gets the same one next time.
//!
//! `spec/names.lock` ⇄ [`Lock`]. The `name` stage asks it for the name of a pointer, and for nodes that have moved, by
//! their fingerprint; what it assigned becomes the next lock. Names of nodes that are gone stay as tombstones, so that a
//! name is never given to something else.
//!
//! It also keeps the order of the arguments that build a type: `pointer | arguments | /amount/currency | name`.
//!
//! One entry a line, sorted by pointer: `pointer | kind | fingerprint | name`, a tombstone with ` (gone)` at its end. Lines
//! merge and review well; control characters and `\` in a pointer are written as `\u{..}`.
//!
//! A node that was renamed has a line more for each of its earlier names, `pointer | type-alias | 1.4.0..2.0.0 | Old`: since
//! which release the old name is deprecated, and with which version it goes (`next..2.0.0` until it is released). While
//! it lives the crate has the old name as a deprecated alias; afterwards, ` (gone)`, the name only stays taken. A line of
//! an alias may be deleted by hand: the old name goes at once then.

use crate::base::Pointer;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::reserved;
use crate::base::version::{self, Version};
use crate::base::visible::{breaks, is_hidden};
use crate::base::{FileId, Ident, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const HEADER: &str = "\
# Rust names that users of the generated crate rely on. Written by `cargo xtask generate`, reviewed in every change.
# pointer | kind | fingerprint | name
";
const GONE: &str = " (gone)";
const ALIAS: &str = "-alias";
/// Stands for the version an alias is first released in, as long as nobody knows it.
const NEXT: &str = "next";

/// What the lock knows of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockEntry {
    /// The Rust name, or path.
    pub name: String,
    /// By what the node is found again when it has moved: of a type its structure and where it is first used (see
    /// [`traits`](super::correspondence::traits)), of an operation its id. Of `arguments` the members in their order.
    pub fingerprint: String,
    /// Whether the node has gone from the document; its name stays taken.
    pub gone: bool,
}

/// The life of an earlier name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The release that brought the new name; `None` until there is one.
    pub since: Option<Version>,
    /// The version that goes without the old name.
    pub until: Version,
    /// Whether that version has come; the name stays taken.
    pub gone: bool,
}

/// An alias with what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AliasLine<'a> {
    /// The renamed node, without `#`.
    pub pointer: &'a str,
    /// The kind of name: `type`, `builder`, `method`.
    pub kind: &'a str,
    /// The earlier name.
    pub name: &'a str,
    /// Its life.
    pub alias: &'a Alias,
}

/// All locked names, by pointer and kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// Pointer (without `#`) → kind → entry: nested, so that looking up costs no allocation.
    entries: BTreeMap<String, BTreeMap<String, LockEntry>>,
    /// Pointer → (kind, earlier name) → its life.
    aliases: BTreeMap<String, BTreeMap<(String, String), Alias>>,
}

impl Lock {
    /// No names yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Locks the name of the node at `pointer` under `kind`: a lowercase word of the `name` stage's choice (`type`,
    /// `field`, `method` ...), since one node can carry several names.
    pub fn insert(&mut self, kind: impl Into<String>, pointer: &Pointer, entry: LockEntry) {
        self.entries.entry(pointer.as_str().to_owned()).or_default().insert(kind.into(), entry);
    }

    /// The entry of `kind` at `pointer`, also when it is a tombstone.
    pub fn get(&self, kind: &str, pointer: &Pointer) -> Option<&LockEntry> {
        self.entries.get(pointer.as_str())?.get(kind)
    }

    /// As [`Lock::get`], by the pointer's text without `#`.
    pub fn at(&self, kind: &str, pointer: &str) -> Option<&LockEntry> {
        self.entries.get(pointer)?.get(kind)
    }

    /// All entries, tombstones too: pointer (without `#`), kind, entry; sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &LockEntry)> {
        self.entries
            .iter()
            .flat_map(|(pointer, kinds)| kinds.iter().map(|(kind, entry)| (pointer.as_str(), kind.as_str(), entry)))
    }

    /// Notes that the node at `pointer` was called `name` before.
    pub fn alias(&mut self, kind: &str, pointer: &str, name: &str, alias: Alias) {
        let of_pointer = self.aliases.entry(pointer.to_owned()).or_default();
        of_pointer.insert((kind.to_owned(), name.to_owned()), alias);
    }

    /// The earlier names of the node at `pointer` (without `#`).
    pub fn aliases_of<'a>(&'a self, kind: &str, pointer: &str) -> impl Iterator<Item = AliasLine<'a>> {
        let of_pointer = self.aliases.get_key_value(pointer);
        let all = of_pointer.into_iter().flat_map(|(pointer, names)| names.iter().map(move |n| (pointer, n)));
        all.map(|(pointer, ((kind, name), alias))| AliasLine { pointer, kind, name, alias })
            .filter(move |line| line.kind == kind)
    }

    /// Every earlier name, sorted by pointer.
    pub fn aliases(&self) -> impl Iterator<Item = AliasLine<'_>> {
        self.aliases.iter().flat_map(|(pointer, names)| {
            names.iter().map(move |((kind, name), alias)| AliasLine { pointer, kind, name, alias })
        })
    }

    /// The lock after the release of `version`: aliases that wait for their first release are in it now. One that came
    /// together with something that breaks lives until the breaking release after that one.
    pub fn released(&self, version: &Version, breaking: bool) -> Self {
        let mut lock = self.clone();
        for alias in lock.aliases.values_mut().flat_map(BTreeMap::values_mut).filter(|a| a.since.is_none()) {
            alias.since = Some(version.clone());
            if breaking {
                alias.until = version::next_breaking(version);
            }
        }
        lock
    }

    /// How many entries, aliases left aside.
    pub fn len(&self) -> usize {
        self.entries.values().map(BTreeMap::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The lock after a run that assigned `assigned`: those names and aliases, and a tombstone for every entry and alias
    /// of `self` whose place has gone and whose name nothing of its kind carries now. A node that moved with its name, or
    /// has it as an alias, leaves no tombstone.
    pub fn succeeded_by(&self, mut assigned: Lock) -> Lock {
        let mut carried = BTreeSet::new();
        for (_, kind, entry) in assigned.iter() {
            carried.insert((kind.to_owned(), entry.name.clone()));
        }
        for line in assigned.aliases() {
            carried.insert((line.kind.to_owned(), line.name.to_owned()));
        }
        // Methods are named within their handle and may be given again once nothing answers to them.
        for line in self.aliases().filter(|line| line.kind != "method") {
            if !carried.contains(&(line.kind.to_owned(), line.name.to_owned())) {
                assigned.alias(line.kind, line.pointer, line.name, Alias { gone: true, ..line.alias.clone() });
            }
        }
        for (pointer, kinds) in &self.entries {
            // An order is no name that could be given to something else.
            for (kind, entry) in kinds.iter().filter(|(kind, _)| *kind != "arguments") {
                let present = assigned.entries.get(pointer).is_some_and(|kinds| kinds.contains_key(kind));
                if !present && !carried.contains(&(kind.clone(), entry.name.clone())) {
                    let gone = LockEntry { gone: true, ..entry.clone() };
                    assigned.entries.entry(pointer.clone()).or_default().insert(kind.clone(), gone);
                }
            }
        }
        assigned
    }

    /// The lock as text: the same entries give the same bytes.
    pub fn print(&self) -> String {
        let gone = |gone: bool| if gone { GONE } else { "" };
        let mut lines = BTreeMap::new();
        for (pointer, kind, entry) in self.iter() {
            let text = format!("{} | {}{}", escape_word(&entry.fingerprint), entry.name, gone(entry.gone));
            lines.insert((pointer, kind.to_owned(), ""), text);
        }
        for AliasLine { pointer, kind, name, alias } in self.aliases() {
            let since = alias.since.as_ref().map_or_else(|| NEXT.to_owned(), |v| v.to_string());
            let text = format!("{since}..{} | {name}{}", alias.until, gone(alias.gone));
            lines.insert((pointer, format!("{kind}{ALIAS}"), name), text);
        }
        let mut out = String::with_capacity(HEADER.len() + lines.len() * 80);
        out.push_str(HEADER);
        for ((pointer, kind, _), text) in lines {
            let _ = writeln!(out, "#{} | {kind} | {text}", escape(pointer));
        }
        out
    }

    /// Reads the text of a lock. What is wrong goes to `out` (`E0801` merge conflict, `E0802` broken line, `E0803` entry
    /// twice, `E0804` life of an alias).
    pub fn parse(text: &str, file: FileId, out: &mut Diagnostics) -> Self {
        let mut lock = Self::new();
        let mut places: BTreeMap<(String, String, String), Span> = BTreeMap::new();
        let mut offset = 0;
        for raw in text.split_inclusive('\n') {
            let start = offset;
            offset += raw.len();
            let line = raw.trim_end_matches(['\n', '\r']);
            let span = Span { file, start: narrow(start), end: narrow(start + line.len()) };
            if line.is_empty() || (line.starts_with("# ") && !line.starts_with("# | ")) {
                continue;
            }
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker)) {
                // One message says it all: every line after this one may belong to either side.
                out.push(Diagnostic::error("E0801", "the lock holds the marks of an unfinished merge").at(span).help(
                    "keep the lines of both sides and remove the marks; where one pointer has two names, keep the one \
                         that is released",
                ));
                return lock;
            }
            let Some((pointer, kind, entry)) = parse_line(line) else {
                out.push(Diagnostic::error("E0802", "this line is no entry of the lock").at(span).help(
                    "an entry is `#/pointer | kind | fingerprint | name`; bring the line back from version control",
                ));
                continue;
            };
            let of_alias = kind.strip_suffix(ALIAS);
            // A method's earlier name has those of its handle before it.
            let named = matches!(of_alias.unwrap_or(&kind), "type" | "builder" | "method" | "handle");
            let unfit = |name: &str| match Ident::parse(name) {
                None => Some("is no name in Rust"),
                Some(_) => reserved::TYPES.contains(&name).then_some("is what generated code calls something else"),
            };
            if let Some(reason) = entry.name.split('/').find_map(unfit).filter(|_| named) {
                let message = format!("`{}` {reason}", entry.name);
                let help = "bring the line back from version control, or delete it";
                out.push(Diagnostic::error("E0802", message).at(span).help(help));
                continue;
            }
            let key = (pointer.clone(), kind.clone(), of_alias.map(|_| entry.name.clone()).unwrap_or_default());
            if let Some(first) = places.get(&key) {
                let message = match of_alias {
                    Some(_) => format!("`#{pointer}` has the alias `{}` twice", entry.name),
                    None => format!("`#{pointer}` has two names of the kind `{kind}`"),
                };
                out.push(
                    Diagnostic::error("E0803", message)
                        .at(span)
                        .second(*first, "the first one")
                        .help("keep the one that is released and delete the other line"),
                );
                continue;
            }
            places.insert(key, span);
            let Some(kind_of_alias) = of_alias else {
                lock.entries.entry(pointer).or_default().insert(kind, entry);
                continue;
            };
            match life(&entry) {
                Some(alias) => lock.alias(kind_of_alias, &pointer, &entry.name, alias),
                None => out.push(
                    Diagnostic::error("E0804", format!("`{}` is no life of an alias", entry.fingerprint))
                        .at(span)
                        .help(
                            "it is `1.4.0..2.0.0`: the release that deprecated the name and the version it goes with; \
                         `next..2.0.0` before that release",
                        ),
                ),
            }
        }
        lock
    }
}

/// Fields are taken from the right: only the pointer, the first, may hold the separator.
fn parse_line(line: &str) -> Option<(String, String, LockEntry)> {
    let mut fields = line.rsplitn(4, " | ");
    let (name, fingerprint, kind, pointer) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let (name, gone) = match name.strip_suffix(GONE) {
        Some(name) => (name, true),
        None => (name, false),
    };
    let word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    if !word(name) || !word(fingerprint) || !word(kind) {
        return None;
    }
    let pointer = unescape(pointer)?;
    let pointer = pointer.strip_prefix('#')?;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    let entry = LockEntry { name: name.to_owned(), fingerprint: unescape(fingerprint)?, gone };
    Some((pointer.to_owned(), kind.to_owned(), entry))
}

/// `1.4.0..2.0.0`
fn life(entry: &LockEntry) -> Option<Alias> {
    let (since, until) = entry.fingerprint.split_once("..")?;
    let since = if since == NEXT { None } else { Some(version::read(since)?) };
    let until = version::read(until)?;
    since.as_ref().is_none_or(|since| *since < until).then_some(Alias { since, until, gone: entry.gone })
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Keeps an entry on one line, whatever its pointer holds.
fn escape(pointer: &str) -> String {
    let mut out = String::with_capacity(pointer.len());
    for c in pointer.chars() {
        if c == '\\' || is_hidden(c) || breaks(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Keeps a fingerprint one word: that of an operation is its id, which has spaces where the document gives none.
fn escape_word(text: &str) -> String {
    let space = |c: char| c.is_whitespace() && !is_hidden(c) && !breaks(c);
    escape(text).chars().map(|c| if space(c) { format!("\\u{{{:x}}}", u32::from(c)) } else { c.to_string() }).collect()
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (digits, after) = after.strip_prefix("u{")?.split_once('}')?;
        out.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}
