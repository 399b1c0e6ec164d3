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
    let mut scanner =
        Scanner { bytes, at: start, entries, open: Vec::new(), objects: 0, depth: 0, lazy_after, quiet: None };
    scanner.document()
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    entries: &'a mut Vec<Entry>,
    /// The entries of the open containers, without those inside an element that is only checked.
    open: Vec<u32>,
    /// One bit per level, the innermost lowest: set for objects. 128 levels fit, which is the limit.
    objects: u128,
    depth: u32,
    lazy_after: usize,
    /// The depth at which an element began that is only checked.
    quiet: Option<u32>,
}

impl Scanner<'_> {
    #[inline(never)]
    fn document(&mut self) -> Result<(), Syntax> {
        loop {
            self.space();
            if self.objects & 1 == 1 {
                self.key()?;
                self.space();
            }
            match self.peek() {
                open @ (b'{' | b'[') => {
                    self.enter(open == b'{')?;
                    self.space();
                    // The byte that closes is the one after the next.
                    if self.peek() != open + 2 {
                        continue;
                    }
                    self.leave();
                }
                first => {
                    let start = self.at;
                    let (kind, escaped) = match first {
                        b'"' => (Kind::String, self.string()?),
                        b't' | b'f' | b'n' => (self.word(first)?, false),
                        _ => {
                            let Some((end, kind)) = number(self.bytes, start) else {
                                return self.refuse("a JSON value");
                            };
                            self.at = end;
                            (kind, false)
                        }
                    };
                    self.push(kind, start, escaped);
                }
            }
            if !self.after_value()? {
                return Ok(());
            }
        }
    }

    /// Goes on after a value; `false` at the end of the document.
    fn after_value(&mut self) -> Result<bool, Syntax> {
        loop {
            self.space();
            if self.depth == 0 {
                return if self.at == self.bytes.len() { Ok(false) } else { self.refuse("the end of the JSON text") };
            }
            let in_object = self.objects & 1 == 1;
            match self.peek() {
                b',' => {
                    self.at += 1;
                    return Ok(true);
                }
                b'}' if in_object => self.leave(),
                b']' if !in_object => self.leave(),
                _ => return self.refuse(if in_object { "`,` or `}`" } else { "`,` or `]`" }),
            }
        }
    }

    fn enter(&mut self, is_object: bool) -> Result<(), Syntax> {
        if self.depth == DEPTH {
            return self.refuse("at most 128 levels of nesting");
        }
        if self.quiet.is_none() {
            let index = self.entries.len();
            let lazy = index > self.lazy_after && self.is_later_element(index);
            self.push(if is_object { Kind::Object } else { Kind::Array }, self.at, lazy);
            self.open.push(index as u32);
            if lazy {
                self.quiet = Some(self.depth);
            }
        }
        self.objects = (self.objects << 1) | u128::from(is_object);
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Whether an entry that would get `index` is an element, but not the first, of one of the outermost arrays.
    fn is_later_element(&self, index: usize) -> bool {
        let outermost = match self.depth {
            1 => self.objects == 0,
            2 => self.objects == 0b10,
            _ => false,
        };
        outermost && self.open.last().is_some_and(|array| index > *array as usize + 1)
    }

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
        if let Some(entry) = self.open.pop().and_then(|i| self.entries.get_mut(i as usize)) {
            entry.end = self.at as u32;
            entry.next = next;
        }
    }

    fn key(&mut self) -> Result<(), Syntax> {
        if self.peek() != b'"' {
            return self.refuse("a member name");
        }
        let start = self.at;
        let escaped = self.string()?;
        self.push(Kind::String, start, escaped);
        self.space();
        if self.peek() != b':' {
            return self.refuse("`:`");
        }
        self.at += 1;
        Ok(())
    }

    /// Goes to the end of a string; whether it holds escapes.
    #[inline]
    fn string(&mut self) -> Result<bool, Syntax> {
        let (end, escaped) = string(self.bytes, self.at + 1)?;
        self.at = end;
        Ok(escaped)
    }

    /// Goes to the end of `true`, `false` or `null`.
    #[inline(never)]
    fn word(&mut self, first: u8) -> Result<Kind, Syntax> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (fits, length, kind) = match first {
            b't' => (rest.starts_with(b"true"), 4, Kind::True),
            b'f' => (rest.starts_with(b"false"), 5, Kind::False),
            _ => (rest.starts_with(b"null"), 4, Kind::Null),
        };
        if !fits {
            return self.refuse("a JSON value");
        }
        self.at += length;
        Ok(kind)
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, flag: bool) {
        if self.quiet.is_none() {
            let next = self.entries.len() as u32 + 1;
            self.entries.push(Entry { start: start as u32, end: self.at as u32, next, kind, flag });
        }
    }

    #[inline]
    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// The byte here; 0, which no JSON text may hold outside of strings, at the end.
    #[inline]
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[cold]
    fn refuse<T>(&self, expected: &'static str) -> Result<T, Syntax> {
        Err(Syntax { offset: self.at, expected })
    }
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
        let quote = word ^ (ONES * 0x22);
        let slash = word ^ (ONES * 0x5c);
        let found = (word.wrapping_sub(ONES * 0x20) & !word)
            | (quote.wrapping_sub(ONES) & !quote)
            | (slash.wrapping_sub(ONES) & !slash);
        let found = found & HIGHS;
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
