//! The flat form of a scanned body: one entry a value, in document order. Nothing is copied; nodes are views of entries,
//! and the path of a node is found only when there is something to report.

use std::borrow::Cow;
use std::fmt;

use crate::runtime::json::number::append_shown;
use crate::runtime::json::scan::{Syntax, plain_run, scan, scan_element, scan_head};
use crate::runtime::text::{append, append_index};

/// What kind of JSON value a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// No value at all: what an optional member is read from when it did not come.
    Absent,
    /// `null`
    Null,
    /// `false`
    False,
    /// `true`
    True,
    /// A number without fraction and exponent.
    Integer,
    /// Any other number.
    Fraction,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The JSON word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::Null => "null",
            Self::False | Self::True => "boolean",
            Self::Integer | Self::Fraction => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// One value, or one member name, of a tape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The entry after this value and all within it.
    pub(crate) next: u32,
    pub(crate) kind: Kind,
    /// Of a string: it holds escapes. Of a container: what is in it was checked but has no entries.
    pub(crate) flag: bool,
}

/// Tapes up to this many entries (a megabyte of them) hold everything; see `scan`.
const LAZY_AFTER: usize = 1 << 16;

/// The entries of a body, or of one element of it.
pub(crate) struct Tape<'t> {
    pub(crate) body: &'t str,
    pub(crate) entries: Vec<Entry>,
    /// Where this element is: its array, and its index there.
    pub(crate) origin: Option<(Node<'t>, u32)>,
    /// The entry that represents all elements of its array that were not scanned yet; 0 where there is none.
    pub(crate) rest: u32,
}

const NOTHING: Entry = Entry { start: 0, end: 0, next: 0, kind: Kind::Absent, flag: false };

impl<'t> Tape<'t> {
    /// A tape without entries, whose root so is absent.
    pub(crate) fn empty(body: &'t str) -> Self {
        Self { body, entries: Vec::new(), origin: None, rest: 0 }
    }

    /// Scans a whole body.
    pub(crate) fn parse(body: &'t str) -> Result<Self, Syntax> {
        Self::scanned(body, false)
    }

    /// Scans a body, or of a large list only the first elements; see `scan_head`.
    pub(crate) fn scanned(body: &'t str, may_pause: bool) -> Result<Self, Syntax> {
        let mut tape = Self::empty(body);
        if u32::try_from(body.len()).is_err() {
            return Err(Syntax { offset: 0, expected: "a body below 4 GiB" });
        }
        // A mark of the byte order may be ignored, says RFC 8259.
        let start = if body.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        tape.entries.reserve((body.len() / 12).min(LAZY_AFTER));
        if may_pause {
            tape.rest = scan_head(body.as_bytes(), start, &mut tape.entries, LAZY_AFTER)?;
        } else {
            scan(body.as_bytes(), start, &mut tape.entries, LAZY_AFTER)?;
        }
        Ok(tape)
    }

    /// Scans JSON so that everything in it has entries; `None` if it is no JSON.
    pub(crate) fn full(json: &'t str) -> Option<Self> {
        let mut tape = Self::empty(json);
        match scan(json.as_bytes(), 0, &mut tape.entries, usize::MAX) {
            Ok(()) => Some(tape),
            Err(_) => None,
        }
    }

    /// The same of what a value was written as. What a caller's own type has written may be no JSON: that is one word.
    pub(crate) fn given(json: &'t str) -> Self {
        Self::full(json).unwrap_or_else(|| {
            let word = Entry { start: 0, end: json.len() as u32, next: 1, kind: Kind::Fraction, flag: false };
            Self { entries: vec![word], ..Self::empty(json) }
        })
    }

    /// Scans one element that its array's tape has no entries for.
    pub(crate) fn fill(&mut self, element: Entry) {
        self.entries.clear();
        let text = self.body.as_bytes().get(..element.end as usize).unwrap_or_default();
        // The first scan has been here already, so this one cannot fail; if it did, the root would be absent.
        if scan(text, element.start as usize, &mut self.entries, usize::MAX).is_err() {
            self.entries.clear();
        }
    }

    /// Scans one element of the rest of an array, from `start` on; see `scan_element`.
    pub(crate) fn fill_later(&mut self, array: Node<'_>, start: usize) -> Option<(usize, bool)> {
        self.entries.clear();
        scan_element(self.body.as_bytes(), start, if array.at == 0 { 1 } else { 2 }, &mut self.entries)
    }

    pub(crate) fn root(&self) -> Node<'_> {
        Node { tape: self, at: 0 }
    }

    #[inline]
    pub(crate) fn entry(&self, at: u32) -> Entry {
        match self.entries.get(at as usize) {
            Some(entry) => *entry,
            None => NOTHING,
        }
    }

    #[inline]
    pub(crate) fn raw(&self, entry: Entry) -> &'t str {
        self.body.get(entry.start as usize..entry.end as usize).unwrap_or_default()
    }

    /// What is between the quotes of a string, escapes as they came.
    #[inline]
    pub(crate) fn inner(&self, entry: Entry) -> &'t str {
        self.body.get(entry.start as usize + 1..(entry.end as usize).saturating_sub(1)).unwrap_or_default()
    }

    /// The text of a member name without escapes.
    #[inline]
    pub(crate) fn plain_name(&self, entry: Entry) -> Option<&'t [u8]> {
        let text = entry.start as usize + 1..(entry.end as usize).saturating_sub(1);
        if entry.flag { None } else { self.body.as_bytes().get(text) }
    }

    /// The text of a member name.
    #[inline]
    pub(crate) fn name(&self, entry: Entry) -> Cow<'t, str> {
        let inner = self.inner(entry);
        if entry.flag { Cow::Owned(unescape(inner).0) } else { Cow::Borrowed(inner) }
    }
}

/// One value of a body, not yet decoded. `Debug` prints where it is, not what it is.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(crate) tape: &'t Tape<'t>,
    pub(crate) at: u32,
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry { kind, start, end, .. } = self.entry();
        let mut node = f.debug_struct("Node");
        node.field("kind", &kind).field("start", &start).field("end", &end).finish_non_exhaustive()
    }
}

impl<'t> Node<'t> {
    #[inline]
    pub(crate) fn entry(self) -> Entry {
        self.tape.entry(self.at)
    }

    /// The same place without a value: what an absent member is read from.
    #[inline]
    pub(crate) fn nothing(self) -> Self {
        Self { tape: self.tape, at: u32::MAX }
    }

    /// What kind of value it is.
    #[inline]
    #[must_use]
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// The JSON text of the value, as it came.
    #[inline]
    #[must_use]
    pub fn raw(self) -> &'t str {
        self.tape.raw(self.entry())
    }

    /// The text of a string without escapes, which most strings are.
    #[inline]
    pub(crate) fn plain_text(self) -> Option<&'t str> {
        let entry = self.entry();
        if entry.kind == Kind::String && !entry.flag { Some(self.tape.inner(entry)) } else { None }
    }

    /// The text of a string, and whether it had lone surrogates, which no Rust string can hold and which were replaced.
    pub(crate) fn text(self) -> Option<(Cow<'t, str>, bool)> {
        let entry = self.entry();
        if entry.kind != Kind::String {
            return None;
        }
        let inner = self.tape.inner(entry);
        if !entry.flag {
            return Some((Cow::Borrowed(inner), false));
        }
        let (text, replaced) = unescape(inner);
        Some((Cow::Owned(text), replaced))
    }

    /// The only element of an array of one.
    pub(crate) fn only(self) -> Option<Self> {
        let entry = self.entry();
        let first = self.tape.entry(self.at + 1);
        // The first element of an array always has its entries.
        (entry.kind == Kind::Array && self.at + 1 < entry.next && first.next == entry.next)
            .then_some(Self { tape: self.tape, at: self.at + 1 })
    }

    /// The member with this name; the last of equal names.
    #[inline(never)]
    pub(crate) fn member(self, name: &str) -> Option<Self> {
        let mut last = None;
        for (known, value) in self.members() {
            if *self.tape.name(known) == *name {
                last = Some(value);
            }
        }
        last
    }

    /// The elements of an array, where the tape has entries for all of them.
    pub(crate) fn elements(self) -> impl Iterator<Item = Node<'t>> {
        let entry = self.entry();
        let end = if entry.kind == Kind::Array { entry.next } else { 0 };
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let element = Node { tape: self.tape, at };
            at = element.entry().next;
            Some(element)
        })
    }

    /// The text of a string; the JSON of anything else.
    pub(crate) fn word(self) -> Cow<'t, str> {
        self.text().map_or(Cow::Borrowed(self.raw()), |(text, _)| text)
    }

    /// The members of an object: the entry of the name, and the value.
    pub(crate) fn members(self) -> impl Iterator<Item = (Entry, Node<'t>)> {
        let entry = self.entry();
        let end = if entry.kind == Kind::Object { entry.next } else { 0 };
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let value = Node { tape: self.tape, at: at + 1 };
            let name = self.tape.entry(at);
            at = value.entry().next;
            Some((name, value))
        })
    }

    /// How many entries the value takes.
    pub(crate) fn weight(self) -> u32 {
        self.entry().next.saturating_sub(self.at)
    }

    /// The path of the value, from `$` on.
    pub(crate) fn path(self) -> String {
        Walker::new(self.tape).path(self.at)
    }
}

/// Resolves the escapes of a string that passed the scan; also whether a lone surrogate had to be replaced.
#[inline(never)]
pub(crate) fn unescape(inner: &str) -> (String, bool) {
    let mut out = String::with_capacity(inner.len());
    let mut replaced = false;
    let mut at = 0;
    loop {
        // Of all that a run ends at, there is only the backslash within a string.
        let end = plain_run(inner.as_bytes(), at);
        out.push_str(inner.get(at..end).unwrap_or_default());
        let Some(code) = inner.as_bytes().get(end + 1) else { return (out, replaced) };
        at = end + 2;
        let mut c = match code {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            plain => char::from(*plain),
        };
        if *code == b'u' {
            let mut scalar = unit(inner, at);
            at += 4;
            // A pair of surrogates is one character.
            let low = if inner.as_bytes().get(at) == Some(&b'\\') { unit(inner, at + 2) } else { 0 };
            if scalar & 0xfc00 == 0xd800 && low & 0xfc00 == 0xdc00 && inner.as_bytes().get(at + 1) == Some(&b'u') {
                scalar = 0x10000 + ((scalar - 0xd800) << 10) + (low - 0xdc00);
                at += 6;
            }
            c = match char::from_u32(scalar) {
                Some(c) => c,
                None => {
                    replaced = true;
                    char::REPLACEMENT_CHARACTER
                }
            };
        }
        out.push(c);
    }
}

/// The number of four hexadecimal digits.
#[inline(never)]
fn unit(text: &str, at: usize) -> u32 {
    let mut unit = 0;
    for digit in text.as_bytes().get(at..at + 4).unwrap_or_default() {
        unit = unit << 4 | char::from(*digit).to_digit(16).unwrap_or(0);
    }
    unit
}

/// Finds the paths of entries. Asked in ascending order it passes over the tape once, however many are asked for.
pub(crate) struct Walker<'t> {
    tape: &'t Tape<'t>,
    /// The entry that `base` is the path of.
    root: u32,
    base: String,
    frames: Vec<Frame>,
}

/// An open container and the child of it that leads to the entry asked for last.
struct Frame {
    container: u32,
    child: u32,
    ordinal: u32,
}

impl<'t> Walker<'t> {
    pub(crate) fn new(tape: &'t Tape<'t>) -> Self {
        let base = match tape.origin {
            Some((array, index)) => {
                let mut path = array.path();
                append_index(&mut path, index.into());
                path
            }
            None => "$".to_owned(),
        };
        Self { tape, root: 0, base, frames: Vec::new() }
    }

    /// Finds paths within one value whose own path is known.
    pub(crate) fn within(node: Node<'t>, path: &str) -> Self {
        Self { tape: node.tape, root: node.at, base: path.to_owned(), frames: Vec::new() }
    }

    pub(crate) fn path(&mut self, target: u32) -> String {
        let tape = self.tape;
        while self.frames.last().is_some_and(|f| target <= f.container || tape.entry(f.container).next <= target) {
            self.frames.pop();
        }
        loop {
            let Some(frame) = self.frames.last_mut() else {
                if target <= self.root || target >= tape.entry(self.root).next {
                    return self.base.clone();
                }
                self.frames.push(Frame::first(tape, self.root));
                continue;
            };
            if frame.child > target {
                *frame = Frame::first(tape, frame.container);
            }
            let is_object = tape.entry(frame.container).kind == Kind::Object;
            while tape.entry(frame.child).next <= target {
                frame.child = tape.entry(frame.child).next + u32::from(is_object);
                frame.ordinal += 1;
            }
            if frame.child >= target {
                return self.spell();
            }
            let container = frame.child;
            self.frames.push(Frame::first(tape, container));
        }
    }

    fn spell(&self) -> String {
        let mut path = self.base.clone();
        for frame in &self.frames {
            if self.tape.entry(frame.container).kind == Kind::Object {
                push_name(&mut path, &self.tape.name(self.tape.entry(frame.child.saturating_sub(1))));
            } else {
                append_index(&mut path, frame.ordinal.into());
            }
        }
        path
    }
}

impl Frame {
    fn first(tape: &Tape<'_>, container: u32) -> Self {
        let is_object = tape.entry(container).kind == Kind::Object;
        Self { container, child: container + 1 + u32::from(is_object), ordinal: 0 }
    }
}

/// Appends a member name to a path: `.name`, or `['a name']` where it is not plain.
#[inline(never)]
pub(crate) fn push_name(path: &mut String, name: &str) {
    let mut plain = !name.is_empty();
    for c in name.chars() {
        plain &= c.is_alphanumeric() || c == '_' || c == '-';
    }
    if plain {
        append(path, &[".", name]);
        return;
    }
    path.push_str("['");
    for c in name.chars() {
        if c.is_control() {
            append_shown(path, &c.escape_default());
            continue;
        }
        if c == '\'' || c == '\\' {
            path.push('\\');
        }
        path.push(c);
    }
    path.push_str("']");
}
