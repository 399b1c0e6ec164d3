//! The lock: which Rust name every node of the document got, so that it gets the same one next time.
//!
//! `spec/names.lock` ⇄ [`Lock`]. The `name` stage asks it for the name of a pointer, and for nodes that have moved, by
//! their fingerprint; what it assigned becomes the next lock. Names of nodes that are gone stay as tombstones, so that a
//! name is never given to something else.
//!
//! One entry a line, sorted by pointer: `pointer | kind | fingerprint | name`, a tombstone with ` (gone)` at its end. Lines
//! merge and review well; control characters and `\` in a pointer are written as `\u{..}`.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::{FileId, Span};
use crate::pointer::Pointer;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const HEADER: &str = "\
# Rust names that users of the generated crate rely on. Written by `cargo xtask generate`, reviewed in every change.
# pointer | kind | fingerprint | name
";
const GONE: &str = " (gone)";

/// What the lock knows of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockEntry {
    /// The Rust name, or path.
    pub name: String,
    /// The structural fingerprint the node had, by which it is found again when it has moved.
    pub fingerprint: String,
    /// Whether the node has gone from the document; its name stays taken.
    pub gone: bool,
}

/// All locked names, by pointer and kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// Pointer (without `#`) → kind → entry: nested, so that looking up costs no allocation.
    entries: BTreeMap<String, BTreeMap<String, LockEntry>>,
}

/// Fingerprint → pointer and entry.
type ByFingerprint<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a LockEntry)>>;

/// A lock's living and gone entries by fingerprint, made once a run.
#[derive(Debug, Default)]
pub struct Moves<'a> {
    by_kind: BTreeMap<&'a str, ByFingerprint<'a>>,
}

impl<'a> Moves<'a> {
    /// The entries of this kind with this fingerprint, sorted by pointer.
    pub fn find(&self, kind: &str, fingerprint: &str) -> &[(&'a str, &'a LockEntry)] {
        self.by_kind.get(kind).and_then(|kind| kind.get(fingerprint)).map(Vec::as_slice).unwrap_or_default()
    }
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

    /// The entries by fingerprint, to find nodes that have moved.
    pub fn moves(&self) -> Moves<'_> {
        let mut moves = Moves::default();
        for (pointer, kind, entry) in self.iter() {
            let of_kind = moves.by_kind.entry(kind).or_default();
            of_kind.entry(entry.fingerprint.as_str()).or_default().push((pointer, entry));
        }
        moves
    }

    /// All entries, tombstones too: pointer (without `#`), kind, entry; sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &LockEntry)> {
        self.entries
            .iter()
            .flat_map(|(pointer, kinds)| kinds.iter().map(|(kind, entry)| (pointer.as_str(), kind.as_str(), entry)))
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.entries.values().map(BTreeMap::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The lock after a run that assigned `assigned`: those names, and a tombstone for every entry of `self` whose place
    /// has gone and whose name nothing of its kind carries now. A node that moved with its name leaves no tombstone.
    pub fn succeeded_by(&self, mut assigned: Lock) -> Lock {
        let mut carried = BTreeSet::new();
        for (_, kind, entry) in assigned.iter() {
            carried.insert((kind.to_owned(), entry.name.clone()));
        }
        for (pointer, kinds) in &self.entries {
            for (kind, entry) in kinds {
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
        let mut out = String::with_capacity(HEADER.len() + self.len() * 80);
        out.push_str(HEADER);
        for (pointer, kind, entry) in self.iter() {
            let gone = if entry.gone { GONE } else { "" };
            let _ = writeln!(out, "#{} | {kind} | {} | {}{gone}", escape(pointer), entry.fingerprint, entry.name);
        }
        out
    }

    /// Reads the text of a lock. What is wrong goes to `out` (`E0801` merge conflict, `E0802` broken line, `E0803` entry
    /// twice).
    pub fn parse(text: &str, file: FileId, out: &mut Diagnostics) -> Self {
        let mut lock = Self::new();
        let mut places: BTreeMap<(String, String), Span> = BTreeMap::new();
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
            if let Some(first) = places.get(&(pointer.clone(), kind.clone())) {
                out.push(
                    Diagnostic::error("E0803", format!("`#{pointer}` has two names of the kind `{kind}`"))
                        .at(span)
                        .second(*first, "the first one")
                        .help("keep the one that is released and delete the other line"),
                );
                continue;
            }
            places.insert((pointer.clone(), kind.clone()), span);
            lock.entries.entry(pointer).or_default().insert(kind, entry);
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
    let entry = LockEntry { name: name.to_owned(), fingerprint: fingerprint.to_owned(), gone };
    Some((pointer.to_owned(), kind.to_owned(), entry))
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Keeps an entry on one line, whatever its pointer holds.
fn escape(pointer: &str) -> String {
    let mut out = String::with_capacity(pointer.len());
    for c in pointer.chars() {
        // U+2028 and its like are line ends to some editors.
        if c.is_control() || matches!(c, '\\' | '\u{2028}' | '\u{2029}' | '\u{feff}') {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
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
