//! What a document says as one hash: by it a changed document is told from one that was only written anew.

use super::{Kind, Node};
use crate::base::hash::Hash;

/// The SHA-256 of a document's data: members in document order, without places, comments or the choice between JSON and
/// YAML.
pub fn hash_node(node: &Node) -> String {
    let mut hash = Hash::default();
    canonical(node, false, &mut hash);
    hash.finish()
}

/// As [`hash_node`], whatever the order of members: whether two documents say the same.
pub fn hash_content(node: &Node) -> String {
    let mut hash = Hash::default();
    canonical(node, true, &mut hash);
    hash.finish()
}

/// Writes `node` in a form in which different data is different text: every part carries its kind and length.
fn canonical(node: &Node, sorted: bool, out: &mut Hash) {
    let mut part = |kind: u8, text: &str| {
        out.add(&[kind]);
        out.add(&(text.len() as u64).to_le_bytes());
        out.add(text.as_bytes());
    };
    match &node.kind {
        Kind::Null => out.add(b"z"),
        Kind::Bool(true) => out.add(b"t"),
        Kind::Bool(false) => out.add(b"f"),
        Kind::Number(text) => part(b'n', text),
        Kind::String(text) => part(b's', text),
        Kind::Array(items) => {
            out.add(b"a");
            out.add(&(items.len() as u64).to_le_bytes());
            for item in items {
                canonical(item, sorted, out);
            }
        }
        Kind::Object(members) => {
            out.add(b"o");
            out.add(&(members.len() as u64).to_le_bytes());
            let mut members: Vec<_> = members.iter().collect();
            if sorted {
                members.sort_by(|a, b| a.key.cmp(&b.key));
            }
            for member in members {
                out.add(&(member.key.len() as u64).to_le_bytes());
                out.add(member.key.as_bytes());
                canonical(&member.value, sorted, out);
            }
        }
    }
}
