//! JSON text → [`Node`]: a strict RFC 8259 reader that keeps the place of every key and value.
//!
//! serde_json reads the same texts (the tests hold the two side by side) but gives no places for a valid document
//! and keeps the last of two equal keys without a word.

use super::{Entry, FileId, Kind, MAX_DEPTH, Node, Object, Span};
use crate::base::diagnostic::Diagnostic;

/// What stops the reader. Boxed: it is large and rare.
pub(super) type Fail = Box<Diagnostic>;

/// Reads all of `text`. What does not stop the reader goes to `notes`.
pub(super) fn parse(text: &str, file: FileId, notes: &mut Vec<Diagnostic>) -> Result<Node, Fail> {
    let pos = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut scanner = Scanner { text, bytes: text.as_bytes(), pos, file, notes };
    scanner.skip_space();
    let node = scanner.value(0)?;
    scanner.skip_space();
    match scanner.peek() {
        None => Ok(node),
        Some(_) => Err(scanner.unexpected("the end of the file")),
    }
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    file: FileId,
    notes: &'a mut Vec<Diagnostic>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    fn span(&self, start: usize) -> Span {
        self.span_to(start, self.pos)
    }

    fn span_to(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    fn skip_space(&mut self) {
        let mut pos = self.pos;
        // The commonest bytes of a document are the blanks of its indentation: keep this loop bare.
        while let Some(&b) = self.bytes.get(pos) {
            if b != b' ' && b != b'\n' && b != b'\r' && b != b'\t' {
                break;
            }
            pos += 1;
        }
        self.pos = pos;
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fail> {
        let start = self.pos;
        let kind = match self.peek() {
            Some(b'"') => Kind::String(self.string()?),
            Some(b'{') => return self.object(depth + 1),
            Some(b'[') => return self.array(depth + 1),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b't') => self.literal("true", Kind::Bool(true))?,
            Some(b'f') => self.literal("false", Kind::Bool(false))?,
            Some(b'n') => self.literal("null", Kind::Null)?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node::new(self.span(start), kind))
    }

    fn object(&mut self, depth: usize) -> Result<Node, Fail> {
        let start = self.pos;
        self.enter(depth)?;
        let mut object = Object::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.pos += 1;
            return Ok(Node::new(self.span(start), Kind::Object(object)));
        }
        loop {
            let key_start = self.pos;
            if self.peek() != Some(b'"') {
                let wanted = if object.is_empty() { "a key in double quotes or `}`" } else { "a key in double quotes" };
                return Err(self.unexpected_in(wanted, start, '{'));
            }
            let key = self.string()?;
            let key_span = self.span(key_start);
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected_in("`:` after the key", start, '{'));
            }
            self.pos += 1;
            self.skip_space();
            let value = self.value(depth)?;
            if let Some(first) = object.replace(Entry { key, key_span, value }) {
                self.notes.push(super::duplicate_key(&first.key, key_span, first.key_span));
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => {
                    let comma = self.pos;
                    self.pos += 1;
                    self.skip_space();
                    if self.peek() == Some(b'}') {
                        return Err(self.trailing_comma(comma, "}"));
                    }
                }
                Some(b'}') => {
                    self.pos += 1;
                    return Ok(Node::new(self.span(start), Kind::Object(object)));
                }
                _ => return Err(self.unexpected_in("`,` or `}`", start, '{')),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Node, Fail> {
        let start = self.pos;
        self.enter(depth)?;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.pos += 1;
            return Ok(Node::new(self.span(start), Kind::Array(items)));
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => {
                    let comma = self.pos;
                    self.pos += 1;
                    self.skip_space();
                    if self.peek() == Some(b']') {
                        return Err(self.trailing_comma(comma, "]"));
                    }
                }
                Some(b']') => {
                    self.pos += 1;
                    return Ok(Node::new(self.span(start), Kind::Array(items)));
                }
                _ => return Err(self.unexpected_in("`,` or `]`", start, '[')),
            }
        }
    }

    /// Steps over the opening bracket.
    fn enter(&mut self, depth: usize) -> Result<(), Fail> {
        if depth > MAX_DEPTH {
            return Err(super::too_deep(self.span_to(self.pos, self.pos + 1)));
        }
        self.pos += 1;
        Ok(())
    }

    fn literal(&mut self, word: &str, kind: Kind) -> Result<Kind, Fail> {
        let end = self.pos + word.len();
        let whole = self.bytes.get(self.pos..end) == Some(word.as_bytes());
        if !whole || self.bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            return Err(self.unexpected("a value"));
        }
        self.pos = end;
        Ok(kind)
    }

    fn number(&mut self) -> Result<String, Fail> {
        let start = self.pos;
        if self.peek() == Some(b'-') {
            self.pos += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.pos += 1;
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    return Err(self.fail(self.span(start), "a number must not start with a zero"));
                }
            }
            _ => self.digits(start)?,
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits(start)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.pos += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.pos += 1;
            }
            self.digits(start)?;
        }
        Ok(self.text.get(start..self.pos).unwrap_or_default().to_owned())
    }

    fn digits(&mut self, start: usize) -> Result<(), Fail> {
        let first = self.pos;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.pos += 1;
        }
        if self.pos > first {
            return Ok(());
        }
        Err(self.fail(self.span(start), format!("a digit is missing in the number `{}`", self.text_from(start))))
    }

    /// A string in double quotes, from the opening one to behind the closing one.
    fn string(&mut self) -> Result<String, Fail> {
        let open = self.pos;
        let mut run = open + 1;
        let mut out: Option<String> = None;
        loop {
            let mut pos = run;
            let stop = loop {
                match self.bytes.get(pos) {
                    Some(&b) if b != b'"' && b != b'\\' && b >= 0x20 => pos += 1,
                    stop => break stop.copied(),
                }
            };
            // The run ends at an ASCII byte or at the end of the text, so it is a whole number of characters.
            let plain = self.text.get(run..pos).unwrap_or_default();
            self.pos = pos;
            match stop {
                Some(b'"') => {
                    self.pos += 1;
                    return Ok(match out {
                        None => plain.to_owned(),
                        Some(mut out) => {
                            out.push_str(plain);
                            out
                        }
                    });
                }
                Some(b'\\') => {
                    let out = out.get_or_insert_with(String::new);
                    out.push_str(plain);
                    let c = self.escape()?;
                    out.push(c);
                    run = self.pos;
                }
                Some(b) => {
                    let what = format!("the control character U+{b:04X} must be written as an escape in a string");
                    let fail = self.fail(self.span_to(pos, pos + 1), what);
                    return Err(Box::new(fail.second(self.span_to(open, open + 1), "the string starts here")));
                }
                None => {
                    let fail = self.fail(self.span(pos), "the file ends within a string");
                    return Err(Box::new(fail.second(self.span_to(open, open + 1), "the string starts here")));
                }
            }
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char, Fail> {
        let start = self.pos;
        self.pos += 2;
        Ok(match self.bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => {
                let shown: String = self.text.get(start..).unwrap_or_default().chars().take(2).collect();
                let span = self.span_to(start, start + shown.len());
                return Err(self.fail(span, format!("`{shown}` is not an escape of JSON")));
            }
        })
    }

    fn unicode(&mut self, start: usize) -> Result<char, Fail> {
        let first = self.hex(start)?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let after = self.pos;
        if first < 0xDC00 && self.bytes.get(after..after + 2) == Some(b"\\u") {
            self.pos = after + 2;
            let second = self.hex(after)?;
            if (0xDC00..0xE000).contains(&second)
                && let Some(c) = char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            {
                return Ok(c);
            }
            self.pos = after;
        }
        let shown = self.text.get(start..after).unwrap_or_default();
        self.notes.push(
            Diagnostic::warning("W0102", format!("`{shown}` is half of a character: read as U+FFFD"))
                .at(self.span(start))
                .help("a character above U+FFFF is written as two escapes, `\\ud83d\\ude00`"),
        );
        Ok(char::REPLACEMENT_CHARACTER)
    }

    /// Four hexadecimal digits; `start` is where their backslash stands.
    fn hex(&mut self, start: usize) -> Result<u32, Fail> {
        let digits = self.text.get(self.pos..self.pos + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|d| u32::from_str_radix(d, 16).ok()) {
            Some(code) => {
                self.pos += 4;
                Ok(code)
            }
            None => Err(self.fail(self.span_to(start, start + 2), "`\\u` takes four hexadecimal digits")),
        }
    }

    fn text_from(&self, start: usize) -> &str {
        self.text.get(start..self.pos).unwrap_or_default()
    }

    fn fail(&self, span: Span, message: impl Into<String>) -> Fail {
        Box::new(Diagnostic::error("E0106", message).at(span))
    }

    fn trailing_comma(&self, comma: usize, close: &str) -> Fail {
        let fail = self.fail(self.span_to(comma, comma + 1), format!("there is a comma before `{close}`"));
        Box::new(fail.help("JSON has no comma after the last element"))
    }

    fn unexpected(&self, wanted: &str) -> Fail {
        let Some(found) = self.text.get(self.pos..).and_then(|t| t.chars().next()) else {
            return self.fail(self.span(self.pos), format!("the file ends where {wanted} should be"));
        };
        let span = self.span_to(self.pos, self.pos + found.len_utf8());
        let rest = self.text.get(self.pos..).unwrap_or_default();
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').take(20).collect();
        let shown = match found {
            _ if !word.is_empty() => word,
            control if control.is_control() => control.escape_default().to_string(),
            other => other.to_string(),
        };
        let fail = self.fail(span, format!("found `{shown}` where {wanted} should be"));
        let help = match found {
            '\'' => "JSON strings have double quotes",
            '/' | '#' => "JSON has no comments",
            _ => return fail,
        };
        Box::new(fail.help(help))
    }

    /// As [`Self::unexpected`], and names the bracket that is still open.
    fn unexpected_in(&self, wanted: &str, open: usize, bracket: char) -> Fail {
        let fail = self.unexpected(wanted);
        Box::new(fail.second(self.span_to(open, open + 1), format!("this `{bracket}` is still open")))
    }
}
