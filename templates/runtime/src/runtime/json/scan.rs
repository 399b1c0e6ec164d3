//! One strict RFC 8259 scan over a body, without recursion, which fills a tape. What passes here is JSON: everything
//! after it only has to decide what the JSON means.

use crate::runtime::json::tape::{Entry, Kind};

/// Containers may nest this deep; deeper bodies are refused before anything recurses over them.
pub(crate) const DEPTH: u32 = 128;

/// Where a body stops being JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Syntax {
    pub(crate) offset: usize,
    pub(crate) expected: &'static str,
}

/// Scans the one value in `bytes` from `start` on into `entries`.
///
/// Once the tape is longer than `lazy_after`, the elements (but never the first) of a top-level array and of arrays
/// directly below the root object are checked but get one entry each: who reads them scans them again, one by one, into
/// a tape that is reused. So a large page costs little memory beyond its result.
pub(crate) fn scan(bytes: &[u8], start: usize, entries: &mut Vec<Entry>, lazy_after: usize) -> Result<(), Syntax> {
    Scanner::new(bytes, start, entries, lazy_after).document().map(drop)
}

/// The same, but where that array seems to be the last thing in the body the scan ends there: one entry represents all elements
/// to come, and its index is what this gives, or else 0. They are scanned when they are reached, by [`scan_element`], and so once.
pub(crate) fn scan_head(
    bytes: &[u8],
    start: usize,
    entries: &mut Vec<Entry>,
    lazy_after: usize,
) -> Result<u32, Syntax> {
    let mut scanner = Scanner::new(bytes, start, entries, lazy_after);
    scanner.may_pause = true;
    scanner.document().map(|end| end.rest)
}

/// Scans one element, at this depth, of the array that a scan has left off in: where the next begins, or else the array's end and
/// that this was the last. `None` where this is no JSON.
pub(crate) fn scan_element(bytes: &[u8], start: usize, depth: u32, entries: &mut Vec<Entry>) -> Option<(usize, bool)> {
    let mut scanner = Scanner::new(bytes, start, entries, usize::MAX);
    scanner.depth = depth;
    scanner.base = depth;
    let end = scanner.document().ok()?.at;
    match bytes.get(end)? {
        b',' => Some((after_space(bytes, end + 1), false)),
        b']' => Some((end + 1, true)),
        _ => None,
    }
}

/// Where a scan has ended, and the entry for what it has left for later.
struct End {
    at: usize,
    rest: u32,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    entries: &'a mut Vec<Entry>,
    /// The entry of the innermost open container, not counting those inside an element that is only checked. Until a container is
    /// closed, its `next` is the one around it.
    open: u32,
    /// One bit per level, the innermost lowest: set for objects. 128 levels fit, which is the limit.
    objects: u128,
    depth: u32,
    lazy_after: usize,
    /// The depth at which an element began that is only checked.
    quiet: Option<u32>,
    /// The depth of the value that is scanned.
    base: u32,
    /// Whether the scan may leave off in an array that seems to end the body.
    may_pause: bool,
}

impl<'a> Scanner<'a> {
    fn new(bytes: &'a [u8], start: usize, entries: &'a mut Vec<Entry>, lazy_after: usize) -> Self {
        let quiet = None;
        Self { bytes, at: start, entries, open: 0, objects: 0, depth: 0, lazy_after, quiet, base: 0, may_pause: false }
    }

    /// By value, and what is called here for every token is inline: so that the fields are registers.
    #[inline(never)]
    fn document(mut self) -> Result<End, Syntax> {
        loop {
            let mut next = self.next();
            if self.objects & 1 == 1 {
                self.key(next)?;
                next = self.next();
            }
            match next {
                open @ (b'{' | b'[') => {
                    if self.quiet.is_none() && self.entries.len() > self.lazy_after && self.is_later_element() {
                        if self.may_pause
                            && let Some(rest) = pause(self.bytes, self.at, self.entries, self.depth, self.open)
                        {
                            return Ok(End { at: self.at, rest });
                        }
                        self.enter(open == b'{', true)?;
                    } else {
                        self.enter(open == b'{', false)?;
                    }
                    // The byte that closes is the one after the next.
                    if self.next() != open + 2 {
                        continue;
                    }
                    self.leave();
                }
                first => {
                    let start = self.at;
                    let (end, kind, escaped) = match first {
                        b'"' => {
                            let (end, escaped) = string(self.bytes, start + 1)?;
                            (end, Kind::String, escaped)
                        }
                        b't' | b'f' | b'n' => match word(self.bytes, start) {
                            Some((end, kind)) => (end, kind, false),
                            None => return refuse(start, "a JSON value"),
                        },
                        _ => match number(self.bytes, start) {
                            Some((end, kind)) => (end, kind, false),
                            None => return refuse(start, "a JSON value"),
                        },
                    };
                    self.at = end;
                    self.push(kind, start, escaped);
                }
            }
            // After a value.
            loop {
                let next = self.next();
                if self.depth == self.base {
                    if self.base == 0 && self.at != self.bytes.len() {
                        return refuse(self.at, "the end of the JSON text");
                    }
                    return Ok(End { at: self.at, rest: 0 });
                }
                let in_object = self.objects & 1 == 1;
                match next {
                    b',' => {
                        self.at += 1;
                        break;
                    }
                    b'}' if in_object => self.leave(),
                    b']' if !in_object => self.leave(),
                    _ => return refuse(self.at, if in_object { "`,` or `}`" } else { "`,` or `]`" }),
                }
            }
        }
    }

    #[inline]
    fn enter(&mut self, is_object: bool, only_checked: bool) -> Result<(), Syntax> {
        if self.depth == DEPTH {
            return refuse(self.at, "at most 128 levels of nesting");
        }
        if self.quiet.is_none() {
            let (start, next) = (self.at as u32, self.open);
            self.open = self.entries.len() as u32;
            let kind = if is_object { Kind::Object } else { Kind::Array };
            self.entries.push(Entry { start, end: 0, next, kind, flag: only_checked });
            if only_checked {
                self.quiet = Some(self.depth);
            }
        }
        self.objects = (self.objects << 1) | u128::from(is_object);
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Whether the next entry is an element, but not the first, of one of the outermost arrays.
    fn is_later_element(&self) -> bool {
        let outermost = match self.depth {
            1 => self.objects == 0,
            2 => self.objects == 0b10,
            _ => false,
        };
        outermost && self.entries.len() > self.open as usize + 1
    }

    #[inline]
    fn leave(&mut self) {
        self.at += 1;
        self.depth -= 1;
        self.objects >>= 1;
        match self.quiet {
            Some(depth) if depth == self.depth => self.quiet = None,
            Some(_) => return,
            None => {}
        }
        let next = self.entries.len() as u32;
        if let Some(entry) = self.entries.get_mut(self.open as usize) {
            self.open = entry.next;
            entry.end = self.at as u32;
            entry.next = next;
        }
    }

    #[inline]
    fn key(&mut self, first: u8) -> Result<(), Syntax> {
        if first != b'"' {
            return refuse(self.at, "a member name");
        }
        let start = self.at;
        let (end, escaped) = string(self.bytes, start + 1)?;
        self.at = end;
        self.push(Kind::String, start, escaped);
        if self.next() != b':' {
            return refuse(self.at, "`:`");
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, flag: bool) {
        if self.quiet.is_none() {
            let next = self.entries.len() as u32 + 1;
            self.entries.push(Entry { start: start as u32, end: self.at as u32, next, kind, flag });
        }
    }

    /// Goes to the next byte that is no space, which is this; 0, which no JSON text may hold outside of strings, at the end.
    #[inline]
    fn next(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }
}

#[cold]
fn refuse<T>(offset: usize, expected: &'static str) -> Result<T, Syntax> {
    Err(Syntax { offset, expected })
}

/// Leaves the rest of an array to be scanned later, if all that follows the last `]` of the body is what closes the array: the entry
/// that represents it.
#[cold]
#[inline(never)]
fn pause(bytes: &[u8], at: usize, entries: &mut Vec<Entry>, depth: u32, array: u32) -> Option<u32> {
    let containers = [0, array];
    let containers = if depth == 1 { containers.get(..1) } else { containers.get(..) };
    let mut end = bytes.len();
    let mut ends = [0; 2];
    for (container, place) in containers?.iter().zip(&mut ends) {
        while end.checked_sub(1).is_some_and(|last| is_space(bytes.get(last))) {
            end -= 1;
        }
        *place = end;
        end = end.checked_sub(1)?;
        let is_object = entries.get(*container as usize)?.kind == Kind::Object;
        if bytes.get(end) != Some(if is_object { &b'}' } else { &b']' }) {
            return None;
        }
    }
    let rest = entries.len() as u32;
    entries.push(Entry { start: at as u32, end: end as u32, next: rest + 1, kind: Kind::Array, flag: true });
    for (container, end) in containers?.iter().zip(ends) {
        let entry = entries.get_mut(*container as usize)?;
        entry.end = end as u32;
        entry.next = rest + 1;
    }
    Some(rest)
}

/// The end and the kind of the `true`, `false` or `null` at `start`, if one is there.
#[inline(never)]
fn word(bytes: &[u8], start: usize) -> Option<(usize, Kind)> {
    let rest = bytes.get(start..)?;
    let (word, kind): (&[u8], _) = match rest.first()? {
        b't' => (b"true", Kind::True),
        b'f' => (b"false", Kind::False),
        _ => (b"null", Kind::Null),
    };
    rest.starts_with(word).then_some((start + word.len(), kind))
}

/// The first position from `at` on that is no space.
#[inline]
fn after_space(bytes: &[u8], mut at: usize) -> usize {
    while is_space(bytes.get(at)) {
        at += 1;
    }
    at
}

#[inline]
fn is_space(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'\n' | b'\r' | b'\t'))
}

/// The end of the string whose text begins at `at`, and whether it holds escapes.
#[inline]
fn string(bytes: &[u8], at: usize) -> Result<(usize, bool), Syntax> {
    let end = plain_run(bytes, at);
    if bytes.get(end) == Some(&b'"') { Ok((end + 1, false)) } else { unusual_string(bytes, end) }
}

#[inline(never)]
fn unusual_string(bytes: &[u8], mut at: usize) -> Result<(usize, bool), Syntax> {
    loop {
        let expected = match bytes.get(at) {
            Some(b'"') => return Ok((at + 1, true)),
            Some(b'\\') => match escape(bytes, at) {
                Some(end) => {
                    at = plain_run(bytes, end);
                    continue;
                }
                None => "a valid escape",
            },
            Some(_) => "no bare control character in a string",
            None => "the end of the string",
        };
        return Err(Syntax { offset: at, expected });
    }
}

/// The end of the escape at `at`.
fn escape(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
        b'u' if bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => Some(at + 6),
        _ => None,
    }
}

/// The first position from `at` on of a quote, a backslash or a control character: eight bytes at a time.
#[inline]
pub(crate) fn plain_run(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|c| <[u8; 8]>::try_from(c).ok()) {
        let word = u64::from_le_bytes(chunk);
        // A byte that is below what is taken from it borrows its highest bit; with 2 flipped, a quote comes right after the controls.
        let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let slash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
        let found = (low | slash) & !word & HIGHS;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|b| *b >= 0x20 && *b != b'"' && *b != b'\\') {
        at += 1;
    }
    at
}

/// The end of the digits from `at` on.
fn digits(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b'0'..=b'9')) {
        at += 1;
    }
    at
}

/// The end and the kind of the number at `start`, if there is one.
#[inline]
pub(crate) fn number(bytes: &[u8], start: usize) -> Option<(usize, Kind)> {
    let mut kind = Kind::Integer;
    let first = if bytes.get(start) == Some(&b'-') { start + 1 } else { start };
    let mut at = match bytes.get(first)? {
        b'0' => first + 1,
        b'1'..=b'9' => digits(bytes, first + 1),
        _ => return None,
    };
    if bytes.get(at) == Some(&b'.') {
        kind = Kind::Fraction;
        let end = digits(bytes, at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        kind = Kind::Fraction;
        let signed = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(bytes, signed);
        if end == signed {
            return None;
        }
        at = end;
    }
    Some((at, kind))
}

/// The kind of number a whole text is by JSON's grammar, if it is one.
pub(crate) fn number_kind(text: &str) -> Option<Kind> {
    match number(text.as_bytes(), 0) {
        Some((end, kind)) if end == text.len() => Some(kind),
        _ => None,
    }
}
