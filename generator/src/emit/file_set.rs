//! What `render` hands to `emit`: relative paths and their contents, sorted; and the hashes that identify contents and
//! inputs.

use crate::load::{Kind, Node};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The files of one output folder: relative path (with `/`) → content, sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, Vec<u8>>,
}

impl FileSet {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces the one at this path. Text has `\n` line ends.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    /// The content at `path`.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Lines of all files together.
    pub fn lines(&self) -> usize {
        self.files.values().map(|content| content.split_inclusive(|&b| b == b'\n').count()).sum()
    }
}

/// The SHA-256 of `bytes`, in hexadecimal digits.
pub fn hash_bytes(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_slice())
}

/// The SHA-256 of a text whose line ends do not count: a CRLF checkout of an input is the same input.
pub fn hash_text(bytes: &[u8]) -> String {
    hash_bytes(&without_crlf(bytes))
}

/// The SHA-256 of a document's data: members in document order, without places, comments or the choice between JSON and
/// YAML.
pub fn hash_node(node: &Node) -> String {
    let mut text = Vec::new();
    canonical(node, false, &mut text);
    hash_bytes(&text)
}

/// As [`hash_node`], whatever the order of members: whether two documents say the same.
pub fn hash_content(node: &Node) -> String {
    let mut text = Vec::new();
    canonical(node, true, &mut text);
    hash_bytes(&text)
}

/// Writes `node` in a form in which different data is different text: every part carries its kind and length.
fn canonical(node: &Node, sorted: bool, out: &mut Vec<u8>) {
    let mut part = |kind: u8, text: &str| {
        out.push(kind);
        out.extend_from_slice(&(text.len() as u64).to_le_bytes());
        out.extend_from_slice(text.as_bytes());
    };
    match &node.kind {
        Kind::Null => out.push(b'z'),
        Kind::Bool(true) => out.push(b't'),
        Kind::Bool(false) => out.push(b'f'),
        Kind::Number(text) => part(b'n', text),
        Kind::String(text) => part(b's', text),
        Kind::Array(items) => {
            out.push(b'a');
            out.extend_from_slice(&(items.len() as u64).to_le_bytes());
            for item in items {
                canonical(item, sorted, out);
            }
        }
        Kind::Object(members) => {
            out.push(b'o');
            out.extend_from_slice(&(members.len() as u64).to_le_bytes());
            let mut members: Vec<_> = members.iter().collect();
            if sorted {
                members.sort_by(|a, b| a.key.cmp(&b.key));
            }
            for member in members {
                out.extend_from_slice(&(member.key.len() as u64).to_le_bytes());
                out.extend_from_slice(member.key.as_bytes());
                canonical(&member.value, sorted, out);
            }
        }
    }
}

/// `bytes` with every `\r\n` as `\n`.
pub(super) fn without_crlf(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (i, &byte) in bytes.iter().enumerate() {
        if byte == b'\r' && bytes.get(i + 1) == Some(&b'\n') {
            continue;
        }
        out.push(byte);
    }
    Cow::Owned(out)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
