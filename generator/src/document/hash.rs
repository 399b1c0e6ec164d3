//! What a document says as one hash: by it a changed document is told from one that was only written anew.

use super::{Kind, Node};
use crate::base::hash::hash_bytes;

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
