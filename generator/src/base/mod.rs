//! Below every stage: places, findings and their codes, files, hashes. Imports nothing of ours.

mod both;
pub mod codes;
pub mod diagnostic;
pub mod file;
pub mod graph;
pub mod hash;
pub mod ident;
mod nearest;
pub mod package;
pub mod pointer;
pub mod reserved;
mod sources;
mod span;
mod token;
pub mod version;
pub mod visible;

pub(crate) use both::both;
pub use ident::Ident;
pub use nearest::nearest;
pub use pointer::{Pointer, percent_decoded};
pub use sources::{Position, Sources};
pub use span::{FileId, Span};
pub use token::is_token;
