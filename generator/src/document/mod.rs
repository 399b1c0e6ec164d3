//! A document as the author wrote it: [`load`] reads it into a tree with the place of every node, [`normalize`] brings that
//! tree into the shape of OpenAPI 3.0. Nothing here knows of Rust.

pub mod grammar;
mod hash;
pub mod identity;
pub mod keys;
pub mod load;
pub mod normalize;
pub mod targets;
mod tree;
pub(crate) mod value;
pub mod walk;

pub use hash::{hash_content, hash_node};
pub use tree::{Entry, Kind, Node, Object};
