//! Doc lines → the same lines without code that rustdoc would run.
//!
//! What counts as code is for rustdoc's own parser to say: an indentation means nothing by itself, but behind a list marker, a
//! quotation mark or in a footnote it may. Used by `docs`, on all that a document's text becomes.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The word behind a fence that makes it no code of Rust.
const TEXT: &str = "text";

/// How rustdoc reads documentation; doctests it has looked for without any extension too.
fn dialects() -> [Options; 2] {
    let all = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    [all, Options::empty()]
}

/// Takes away what makes a block of code of a text: the indentation, or the language behind a fence.
pub(super) fn without(lines: Vec<String>) -> Vec<String> {
    // No block of code does without four spaces in a row or a fence.
    if !lines.iter().any(|line| ["    ", "```", "~~~"].iter().any(|sign| line.contains(sign))) {
        return lines;
    }
    // rustdoc takes off what all lines are indented by.
    let filled = || lines.iter().filter(|line| !line.is_empty());
    let common = filled().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(common..).unwrap_or_default()).collect();
    let mut text = lines.join("\n");
    // Each turn takes spaces away or turns a fence into text, so there is a last one.
    while let Some(mended) = dialects().into_iter().find_map(|dialect| mended(&text, dialect)) {
        text = mended;
    }
    text.split('\n').map(|line| line.trim_end().to_owned()).collect()
}

/// The text with each block of code made text; `None` when there is none.
fn mended(text: &str, dialect: Options) -> Option<String> {
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    let mut indented = false;
    for (event, range) in Parser::new_ext(text, dialect).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => indented = true,
            Event::End(TagEnd::CodeBlock) => indented = false,
            Event::Text(_) if indented => edits.extend(indentation(text, range.start)),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if *language != *TEXT => {
                edits.extend(language_of(text, range.start).map(|range| (range, TEXT)));
            }
            _ => {}
        }
    }
    let mut out = text.to_owned();
    for (range, by) in edits.iter().rev() {
        out.replace_range(range.clone(), by);
    }
    (out != text).then_some(out)
}

/// The spaces around this place, and what stands for them: nothing at the start of a line, one behind a marker.
fn indentation(text: &str, at: usize) -> Option<(Range<usize>, &'static str)> {
    let (before, after) = text.split_at_checked(at)?;
    let start = before.trim_end_matches(' ').len();
    let end = at + after.len() - after.trim_start_matches(' ').len();
    let by = if start == 0 || before.get(..start)?.ends_with('\n') { "" } else { " " };
    Some((start..end, by))
}

/// What stands behind the fence that begins here, to the end of its line.
fn language_of(text: &str, at: usize) -> Option<Range<usize>> {
    let line = text.get(at..)?.split('\n').next()?;
    let fence = line.trim_start_matches(' ');
    let language = fence.trim_start_matches(fence.chars().next()?);
    Some(at + line.len() - language.len()..at + line.len())
}
