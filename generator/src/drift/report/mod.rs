//! A [`Report`](super::Report), printed: for a terminal, for programs, for a pull request, for a browser.

mod html;
mod json;
mod markdown;
mod text;

pub use html::html;
pub use json::{SCHEMA, json};
pub use markdown::{COMMENT, markdown};
pub use text::text;
