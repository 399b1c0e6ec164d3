//! bytes → [`Document`]: the only place that reads YAML and JSON.
mod tree;
pub use tree::{Entry, FileId, Kind, Node, Object, Span};

/// The files read so far: path and text of each.
#[derive(Debug, Clone, Default)]
pub struct Sources {}

/// A document as it stands, every node with its place.
#[derive(Debug, Clone)]
pub struct Document {
    /// The top of the tree.
    pub root: Node,
    /// The files it came from.
    pub sources: Sources,
}
