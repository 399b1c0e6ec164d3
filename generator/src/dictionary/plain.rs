//! Texts of the document and of translations → plain text.

use pulldown_cmark::{Event, Parser, Tag as Mark, TagEnd};
use serde_json::Value;

use crate::base::visible::{breaks, is_hidden, visible};
use crate::ir::Docs;
use crate::render::docs;

/// What the document shows, on one line.
pub(super) fn example(docs: &Docs) -> Option<String> {
    match docs.example.as_ref()? {
        Value::String(text) => Some(visible(text)),
        other => Some(visible(&other.to_string())),
    }
}

/// A text of the document without its markup.
pub(super) fn plain(text: &str) -> String {
    let text = docs::lines(text).join("\n");
    let mut out = String::with_capacity(text.len());
    let part = |out: &mut String, by: &str| {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(by);
        }
    };
    for event in Parser::new_ext(&text, pulldown_cmark::Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push('\n'),
            Event::Start(Mark::Item) => {
                part(&mut out, "\n");
                out.push_str("- ");
            }
            Event::Start(Mark::Paragraph | Mark::Heading { .. } | Mark::CodeBlock(_)) if !out.ends_with("- ") => {
                part(&mut out, "\n");
            }
            Event::End(TagEnd::TableCell) => out.push_str("; "),
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => out.push('\n'),
            _ => {}
        }
    }
    // Markup can spell what the text itself may not have: `&#8238;`.
    out.retain(|c| c == '\n' || !(is_hidden(c) || breaks(c)));
    out.trim().to_owned()
}
