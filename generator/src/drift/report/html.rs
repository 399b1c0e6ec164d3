//! The report for a browser: one file that needs nothing else, from `templates/text/report.html.jinja`.
//!
//! Every text is escaped by the template. Without scripts all of it can be read; the script only filters.

use crate::base::Sources;
use crate::base::codes;
use crate::drift::change::{Change, Class, Document, Place, Report};
use askama::Template;

/// Lines of a document that are shown of one place.
const LINES: usize = 8;
/// Lines of where something would be that is not there.
const ABSENT: usize = 4;
/// Characters of such a line: minified documents are one line of megabytes.
const WIDTH: usize = 160;

#[derive(Template)]
#[template(path = "report.html.jinja", escape = "html")]
struct Page<'a> {
    documents: Vec<(&'static str, &'a Document)>,
    step: String,
    reason: Vec<(bool, String)>,
    title: String,
    sections: Vec<Section<'a>>,
    tags: Vec<Tag>,
    total: usize,
    /// Code, title and page of every code in the report: said once, not with every change.
    pages: Vec<(&'static str, &'static str, &'static str)>,
}

struct Tag {
    name: String,
    count: usize,
}

struct Section<'a> {
    class: &'static str,
    title: &'static str,
    about: &'static str,
    open: bool,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    change: &'a Change,
    title: &'static str,
    subject: String,
    /// Plain and code by turns.
    detail: Vec<(bool, String)>,
    also: Vec<Vec<(bool, String)>>,
    tags: String,
    outcomes: Vec<(&'static str, &'static str, &'a str)>,
    sides: [Half<'a>; 2],
}

/// One side of a change.
struct Half<'a> {
    name: &'static str,
    path: Option<&'a str>,
    rust: Option<&'a str>,
    place: Option<&'a Place>,
    /// The number of the line before the excerpt.
    first: usize,
    excerpt: Vec<Line>,
}

struct Line {
    number: usize,
    text: String,
    marked: bool,
}

/// Prints a report. The sources are those of the two documents that were compared.
///
/// # Errors
/// When the template cannot be rendered, which is a bug of this crate.
pub fn html(report: &Report, old: &Sources, new: &Sources) -> Result<String, String> {
    let sections = Class::ALL.into_iter().filter_map(|class| section(report, class, old, new)).collect();
    let mut tags: Vec<Tag> = Vec::new();
    for name in report.tags() {
        let count = report.changes.iter().filter(|c| c.tags.iter().any(|t| t == name)).count();
        tags.push(Tag { name: name.to_owned(), count });
    }
    let version = |text: &str| if text.is_empty() { "?".to_owned() } else { text.to_owned() };
    let page = Page {
        documents: vec![("Before", &report.old), ("After", &report.new)],
        step: report.semver.words(),
        reason: segments(&report.semver.reason),
        title: format!("{} → {}", version(&report.old.version), version(&report.new.version)),
        sections,
        tags,
        total: report.changes.len(),
        pages: crate::base::codes::drift::CODES
            .iter()
            .copied()
            .filter(|(code, ..)| report.changes.iter().any(|c| c.code == *code))
            .collect(),
    };
    page.render().map_err(|e| e.to_string())
}

fn section<'a>(report: &'a Report, class: Class, old: &Sources, new: &Sources) -> Option<Section<'a>> {
    let rows: Vec<Row<'a>> = report.of(class).map(|c| row(c, old, new)).collect();
    if rows.is_empty() {
        return None;
    }
    let about = match class {
        Class::BreaksCompiling => "Code that uses these does not compile with the new crate.",
        Class::BreaksAtRunTime => {
            "Code compiles as before, but a released client fails or can fail, or the same code means something else now."
        }
        Class::Deprecating => "Code compiles with a warning.",
        Class::Additive => "Everything goes on: there is more than before, or less that is demanded.",
        Class::DocumentationOnly => "Only words, examples and limits differ; the client checks none of them.",
    };
    Some(Section { class: class.word(), title: class.title(), about, open: class != Class::DocumentationOnly, rows })
}

fn row<'a>(change: &'a Change, old: &Sources, new: &Sources) -> Row<'a> {
    let title = codes::title(change.code).unwrap_or_default();
    let subject = crate::drift::change::subject(change.path_old.as_deref(), change.path_new.as_deref());
    let rest = change.message.strip_prefix(title).unwrap_or(&change.message);
    let rest = rest.strip_prefix(": ").unwrap_or(rest);
    let detail = rest.strip_prefix(subject.as_str()).unwrap_or(rest).trim_start_matches([':', ' ']);
    let mut row = Row {
        title,
        subject,
        detail: segments(detail),
        also: change.also.iter().map(|text| segments(text)).collect(),
        tags: change.tags.join("\n"),
        outcomes: change.survives.halves().map(|(half, s)| (half, s.word(), s.text())).collect(),
        sides: [
            Half {
                name: "Before",
                path: change.path_old.as_deref(),
                rust: change.rust_old.as_deref(),
                place: change.old.as_ref(),
                first: 0,
                excerpt: excerpt(change.old.as_ref(), change.path_old.is_some(), old),
            },
            Half {
                name: "After",
                path: change.path_new.as_deref(),
                rust: change.rust_new.as_deref(),
                place: change.new.as_ref(),
                first: 0,
                excerpt: excerpt(change.new.as_ref(), change.path_new.is_some(), new),
            },
        ],
        change,
    };
    for half in &mut row.sides {
        half.first = half.excerpt.first().map_or(0, |line| line.number.saturating_sub(1));
    }
    row
}

/// What stands between backticks is code.
fn segments(text: &str) -> Vec<(bool, String)> {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return vec![(false, text.to_owned())];
    }
    let parts = parts.into_iter().enumerate().map(|(i, part)| (i % 2 == 1, part.to_owned()));
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

/// The line of a place and what is indented below it; of what is not there (`whole` is false), only where it would be.
fn excerpt(place: Option<&Place>, whole: bool, sources: &Sources) -> Vec<Line> {
    let Some(place) = place else { return Vec::new() };
    let lines = if whole { LINES } else { ABSENT };
    let line = |number: usize| sources.line(place.span.file, number);
    let Some(first) = line(place.line) else { return Vec::new() };
    let depth = |text: &str| text.chars().take_while(|c| *c == ' ' || *c == '\t').count();
    let margin = depth(first);
    let shown = |number: usize, text: &str| {
        let text: String = text.chars().skip(margin.min(depth(text))).collect();
        // Of a long line, what stands around the place.
        let start = if number == place.line { place.column.saturating_sub(margin + 40) } else { 0 };
        let long = text.chars().count() > WIDTH;
        let cut: String = text.chars().skip(if long { start } else { 0 }).take(WIDTH).collect();
        let (before, after) = (if long && start > 0 { "…" } else { "" }, if long { "…" } else { "" });
        Line { number, text: format!("{before}{cut}{after}"), marked: number == place.line }
    };
    let mut out = vec![shown(place.line, first)];
    let mut number = place.line + 1;
    while let Some(text) = line(number).filter(|_| out.len() < lines) {
        let closes = depth(text) == margin && text.trim_start().starts_with(['}', ']']);
        if depth(text) <= margin && !text.trim().is_empty() && !closes {
            break;
        }
        out.push(shown(number, text));
        if closes {
            break;
        }
        number += 1;
    }
    if out.len() == 1 {
        // A line alone tells little: a few of its neighbours.
        let from = place.line.saturating_sub(2).max(1);
        let neighbours = (from..place.line + 5).filter_map(|n| Some((n, line(n)?)));
        out = neighbours.map(|(n, text)| shown(n, text)).collect();
    }
    out
}
