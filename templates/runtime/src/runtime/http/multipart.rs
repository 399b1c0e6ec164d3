//! `multipart/form-data` (RFC 7578), written in one piece. The boundary is drawn from the content, so the same parts give the same bytes.

use std::fmt;

use bytes::Bytes;

use crate::runtime::encode::{Encode, written};
use crate::runtime::http::query::{NULL_IN_LIST, plain};
use crate::runtime::http::response::is_header;
use crate::runtime::json::tape::{Kind, Node, Tape};
use crate::runtime::text::append;

/// One part of a multipart body. `Debug` shows its name and size.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
    bytes: Bytes,
    /// Why it cannot be sent, where it cannot.
    fault: Option<&'static str>,
}

impl Part {
    /// A text field.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let bytes = text.into().into();
        Self { name: name.into(), file_name: None, content_type: None, headers: Vec::new(), bytes, fault: None }
    }

    /// A field of a content type of its own, such as JSON.
    pub fn typed(name: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { content_type: Some(content_type.into()), bytes: bytes.into(), ..Self::text(name, "") }
    }

    /// A file; without a content type of its own it goes as `application/octet-stream`.
    pub fn file(name: impl Into<String>, file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { file_name: Some(file_name.into()), ..Self::typed(name, "application/octet-stream", bytes) }
    }

    /// A text field of anything that a query can have; lists are joined by commas.
    pub fn of_text(name: impl Into<String>, value: &dyn Encode) -> Self {
        let written = written(value);
        Self { fault: written.fault, ..Self::text(name, plain(&written.out, false).unwrap_or_default()) }
    }

    /// A field of JSON.
    pub fn of_json(name: impl Into<String>, value: &dyn Encode) -> Self {
        let written = written(value);
        Self { fault: written.fault, ..Self::typed(name, "application/json", written.out) }
    }

    /// A field for each element of a list, and one of what is no list: texts as they are, the rest as JSON. None for what is absent.
    pub fn each(name: &str, value: &dyn Encode) -> Vec<Self> {
        let written = written(value);
        let tape = Tape::given(&written.out);
        let value = tape.root();
        let mut parts = Vec::new();
        match value.kind() {
            Kind::Absent | Kind::Null => {}
            Kind::Array => {
                for element in value.elements() {
                    parts.push(part_of(name, element));
                }
            }
            _ => parts.push(part_of(name, value)),
        }
        if written.fault.is_some() {
            parts.insert(0, Self { fault: written.fault, ..Self::text(name, "") });
        }
        parts
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Why it cannot be sent.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        // A line break would let a value write others.
        let may = self.headers.iter().all(|(name, value)| is_header(name, value));
        self.fault.or((!may).then_some("a header has a character no header may have:"))
    }

    /// With this content type.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// With another header of its own.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// The part of a value that is no list, or of an element of one: JSON where it has members or elements.
fn part_of(name: &str, node: Node<'_>) -> Part {
    match node.kind() {
        Kind::Array | Kind::Object => Part::typed(name, "application/json", node.raw().to_owned()),
        // No part could say it.
        Kind::Null => Part { fault: Some(NULL_IN_LIST), ..Part::text(name, "") },
        _ => Part::text(name, node.word()),
    }
}

impl fmt::Debug for Part {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("name", &self.name).field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// A file to send: its bytes, and what the server learns about them. `Debug` shows its size.
///
/// ```
/// use runtime::Upload;
///
/// let file = Upload::new("id,amount\n7,10.50\n").with_file_name("payments.csv").with_content_type("text/csv");
/// assert_eq!(format!("{file:?}"), "Upload { bytes: 18, .. }");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    file_name: Option<String>,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
    bytes: Bytes,
}

impl Upload {
    /// A file of these bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self { file_name: None, content_type: None, headers: Vec::new(), bytes: bytes.into() }
    }

    /// With this name; without one it has the field's name.
    #[must_use]
    pub fn with_file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// With this content type.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// With another header of its own in a multipart body.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// As the part `name` of a body.
    #[inline]
    pub fn into_part(self, name: &str) -> Part {
        self.into_part_of(name, "application/octet-stream")
    }

    /// The same, of this content type where it has none of its own.
    #[inline]
    pub fn into_part_of(self, name: &str, content_type: &str) -> Part {
        let content_type = self.content_type.unwrap_or_else(|| content_type.to_owned());
        let file = Part::file(name, self.file_name.unwrap_or_else(|| name.to_owned()), self.bytes);
        Part { headers: self.headers, ..file }.with_content_type(content_type)
    }
}

impl<B: Into<Bytes>> From<B> for Upload {
    fn from(bytes: B) -> Self {
        Self::new(bytes)
    }
}

impl fmt::Debug for Upload {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// The parts of a body. Behind a trait, so that what writes them is compiled only in a crate that sends some.
pub(crate) trait Multipart: Send + Sync {
    fn push(&mut self, part: Part);

    fn push_text(&mut self, name: String, text: String);

    /// The boundary and the body.
    fn write(&self) -> (String, Vec<u8>);

    fn copy(&self) -> Box<dyn Multipart>;
}

impl Multipart for Vec<Part> {
    #[inline]
    fn push(&mut self, part: Part) {
        self.push(part);
    }

    #[inline]
    fn push_text(&mut self, name: String, text: String) {
        self.push(Part::text(name, text));
    }

    #[inline]
    fn write(&self) -> (String, Vec<u8>) {
        write_multipart(self)
    }

    #[inline]
    fn copy(&self) -> Box<dyn Multipart> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Multipart> {
    fn clone(&self) -> Self {
        (**self).copy()
    }
}

#[inline]
fn write_multipart(parts: &[Part]) -> (String, Vec<u8>) {
    let boundary = boundary(parts);
    let mut out = Vec::new();
    for part in parts {
        let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"");
        push_quoted(&mut head, &part.name);
        if let Some(file_name) = &part.file_name {
            head.push_str("\"; filename=\"");
            push_quoted(&mut head, file_name);
        }
        head.push('"');
        if let Some(content_type) = &part.content_type {
            head.push_str("\r\nContent-Type: ");
            // A line break would let a value write headers.
            head.extend(content_type.chars().filter(|c| !matches!(c, '\r' | '\n')));
        }
        for (name, value) in &part.headers {
            // What describes the part by itself is written above, once.
            let is_own = ["content-type", "content-disposition"].iter().any(|own| name.eq_ignore_ascii_case(own));
            if !is_own {
                append(&mut head, &["\r\n", name, ": ", value]);
            }
        }
        head.push_str("\r\n\r\n");
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(&part.bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (boundary, out)
}

/// A boundary no part contains.
#[inline]
fn boundary(parts: &[Part]) -> String {
    // FNV-1a; `0x100_0000_01b3` and the start value are its constants.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for bytes in [part.name.as_bytes(), &part.bytes] {
            for byte in bytes {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
    }
    loop {
        let boundary = format!("part-{hash:016x}");
        let inside = |bytes: &[u8]| bytes.windows(boundary.len()).any(|w| w == boundary.as_bytes());
        if !parts.iter().any(|p| inside(&p.bytes)) {
            return boundary;
        }
        hash = hash.wrapping_add(1);
    }
}

/// Appends a name within quotes, as browsers write it.
#[inline]
fn push_quoted(out: &mut String, name: &str) {
    for c in name.chars() {
        match c {
            '"' => out.push_str("%22"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c => out.push(c),
        }
    }
}
