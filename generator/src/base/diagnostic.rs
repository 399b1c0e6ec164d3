//! What the compiler has to say about a document: severity, code, message and place.
//!
//! Stages push into one [`Diagnostics`] and go on; the command line prints all of them and fails once. How one is shown
//! stands here too: [`render`] for people, [`to_json`] for programs.

use crate::base::Pointer;
use crate::base::codes::is_gap;
use crate::base::visible::visible;
use crate::base::{Sources, Span};
use serde_json::{Value, json};
use std::fmt::Write;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the output is what the document says.
    Note,
    /// Something could not be expressed, or the document contradicts itself; the output says as much as it can.
    Warning,
    /// The input cannot be used: nothing is written.
    Error,
}

impl Severity {
    /// The word in front of a finding.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One finding with its place.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code, `E0101` ... or `W0201` ...; [`codes`](super::codes) has a page on each.
    pub code: &'static str,
    /// Lowercase, without a full stop.
    pub message: String,
    /// Where it is; `None` when it concerns no place of a file (a missing file, the command line).
    pub span: Option<Span>,
    /// The place in the document's terms.
    pub pointer: Option<Pointer>,
    /// A second place that explains the first, with a label.
    pub second: Option<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// Further places of the same, for which this one speaks.
    pub others: Vec<(Span, Pointer)>,
    /// Why the settings accept it; such a finding is a note, and nothing denies it.
    pub accepted: Option<String>,
}

impl Diagnostic {
    /// A finding without a place.
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            span: None,
            pointer: None,
            second: None,
            help: None,
            others: Vec::new(),
            accepted: None,
        }
    }

    /// An error.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// The message, with the number of places where there are several.
    pub fn text(&self) -> String {
        match self.others.len() {
            0 => self.message.clone(),
            more => format!("{} ({} places, this is the first)", self.message, more + 1),
        }
    }

    /// Says where.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Says where in the document's terms.
    pub fn pointer(mut self, pointer: &Pointer) -> Self {
        self.pointer = Some(pointer.clone());
        self
    }

    /// What is left of it, and what of it is accepted: the places for which `accepts` has a reason, by reason.
    pub fn part(self, accepts: impl Fn(Option<&Pointer>) -> Option<String>) -> (Option<Diagnostic>, Vec<Diagnostic>) {
        let (mut left, mut accepted): (Option<Diagnostic>, Vec<Diagnostic>) = (None, Vec::new());
        let whole = Diagnostic { others: Vec::new(), ..self.clone() };
        let places = self.others.into_iter().map(|(span, pointer)| (Some(span), Some(pointer)));
        for (span, pointer) in std::iter::once((self.span, self.pointer)).chain(places) {
            let reason = accepts(pointer.as_ref());
            let known = match &reason {
                None => left.as_mut(),
                Some(_) => accepted.iter_mut().find(|one| one.accepted == reason),
            };
            match (known, span, &pointer) {
                (Some(one), Some(span), Some(pointer)) => one.others.push((span, pointer.clone())),
                _ => {
                    let severity = if reason.is_some() { Severity::Note } else { whole.severity };
                    let one = Diagnostic { severity, span, pointer, accepted: reason, ..whole.clone() };
                    if one.accepted.is_some() {
                        accepted.push(one);
                    } else {
                        left = Some(one);
                    }
                }
            }
        }
        (left, accepted)
    }

    /// Names a second place.
    pub fn second(mut self, span: Span, label: impl Into<String>) -> Self {
        self.second = Some((span, label.into()));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Everything found so far, in order.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds a finding, as one more place of an earlier one that says the very same.
    pub fn push_place(&mut self, diagnostic: Diagnostic) {
        let same = |known: &&mut Diagnostic| known.code == diagnostic.code && known.message == diagnostic.message;
        let (Some(span), Some(pointer)) = (diagnostic.span, &diagnostic.pointer) else { return self.push(diagnostic) };
        match self.iter_mut().find(same) {
            Some(known) => known.others.push((span, pointer.clone())),
            None => self.push(diagnostic),
        }
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// All of them, to change them.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Diagnostic> {
        self.list.iter_mut()
    }

    /// Takes back all that came after the first `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Those that `deny` does not let pass.
    pub fn denied(&self, deny: Deny) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().filter(move |d| {
            let is_warning = d.severity == Severity::Warning && deny == Deny::Warnings;
            d.accepted.is_none() && d.severity != Severity::Error && (is_warning || is_gap(d.code))
        })
    }

    /// Takes in all of `other`.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// Which findings are not let pass, besides errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deny {
    /// Gaps: what the document says and the output does not.
    Gaps,
    /// Gaps, and all warnings.
    Warnings,
}

/// How a finding is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Text only: files, logs, tests.
    #[default]
    Plain,
    /// With ANSI colours, for a terminal.
    Color,
}

/// Renders one finding the way rustc does, ending in a line break. `sources` gives lines and columns.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let mut out = String::new();
    let paint = Paint { style, severity: diagnostic.severity };
    let word = diagnostic.severity.word();
    let head = paint.severity(&format!("{word}[{}]", diagnostic.code));
    let message = paint.bold(&format!(": {}", visible(&diagnostic.text())));
    let _ = writeln!(out, "{head}{message}");

    let first = diagnostic.span.and_then(|span| Excerpt::of(span, sources));
    let second = diagnostic.second.as_ref().and_then(|(span, label)| Some((Excerpt::of(*span, sources)?, label)));
    let line = first.iter().chain(second.iter().map(|(e, _)| e)).map(|e| e.line).max().unwrap_or_default();
    let gutter = line.to_string().len();
    let indent = " ".repeat(gutter);
    let pointer = diagnostic.pointer.as_ref().map(|p| visible(&p.to_string())).unwrap_or_default();
    match &first {
        Some(excerpt) => {
            let space = if pointer.is_empty() { "" } else { "  " };
            let _ = writeln!(out, "{indent}{} {}{space}{pointer}", paint.frame("-->"), excerpt.place);
            excerpt.draw(&mut out, gutter, '^', "", paint);
            if second.is_some() || diagnostic.help.is_some() {
                let _ = writeln!(out, "{indent} {}", paint.frame("|"));
            }
        }
        None if !pointer.is_empty() => {
            let _ = writeln!(out, "{indent}{} {pointer}", paint.frame("-->"));
        }
        None => {}
    }
    if let Some((excerpt, label)) = &second {
        let _ = writeln!(out, "{indent}{} {}", paint.frame(":::"), excerpt.place);
        excerpt.draw(&mut out, gutter, '-', label, paint);
        if diagnostic.help.is_some() {
            let _ = writeln!(out, "{indent} {}", paint.frame("|"));
        }
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(out, "{indent} {} {}{}", paint.frame("="), paint.bold("help: "), visible(help));
    }
    out
}

/// One finding as a flat JSON object: severity, code, message, file, line, column, pointer, help; what there is not is `null`. One that is
/// accepted says why: accepted.
pub fn to_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let position = diagnostic.span.and_then(|span| sources.position(span));
    let mut object = json!({
        "severity": diagnostic.severity.word(),
        "code": diagnostic.code,
        "message": diagnostic.text(),
        "file": diagnostic.span.and_then(|span| sources.path(span.file)),
        "line": position.map(|p| p.line),
        "column": position.map(|p| p.column),
        "pointer": diagnostic.pointer.as_ref().map(ToString::to_string),
        "help": diagnostic.help,
    });
    if let (Some(reason), Some(members)) = (&diagnostic.accepted, object.as_object_mut()) {
        members.insert("accepted".to_owned(), reason.as_str().into());
    }
    object
}

/// A line of a file with the marked part of it.
struct Excerpt {
    place: String,
    line: usize,
    before: String,
    marked: String,
    after: String,
}

/// Characters of a line that are shown left and right of the mark: minified documents are one line of megabytes.
const CONTEXT: usize = 60;

impl Excerpt {
    fn of(span: Span, sources: &Sources) -> Option<Self> {
        let path = sources.path(span.file)?;
        let position = sources.position(span)?;
        let text = sources.line(span.file, position.line)?.trim_start_matches('\u{feff}');
        let at = position.column - 1;
        let start = text.char_indices().nth(at).map_or(text.len(), |(i, _)| i);
        let (before, rest) = text.split_at_checked(start)?;
        // A span over several lines is marked to the end of its first.
        let width = sources.slice(span).map_or(0, |s| s.lines().next().unwrap_or_default().len()).min(rest.len());
        let (marked, after) = rest.split_at_checked(width).unwrap_or((rest, ""));
        Some(Self {
            place: format!("{}:{}:{}", visible(path), position.line, position.column),
            line: position.line,
            before: shortened_start(before),
            marked: shortened_end(marked),
            after: shortened_end(after),
        })
    }

    fn draw(&self, out: &mut String, gutter: usize, mark: char, label: &str, paint: Paint) {
        let Self { line, before, marked, after, .. } = self;
        let bar = paint.frame("|");
        let number = paint.frame(&format!("{line:>gutter$}"));
        let indent = " ".repeat(gutter);
        let blank = " ".repeat(before.chars().count());
        let carets: String = std::iter::repeat_n(mark, marked.chars().count().max(1)).collect();
        let label = if label.is_empty() { String::new() } else { format!(" {}", visible(label)) };
        let under = if mark == '^' { paint.severity(&carets) } else { paint.frame(&format!("{carets}{label}")) };
        let text = visible(&format!("{before}{marked}{after}"));
        let _ = writeln!(out, "{indent} {bar}");
        let _ = writeln!(out, "{}", format!("{number} {bar} {text}").trim_end());
        let _ = writeln!(out, "{indent} {bar} {blank}{under}");
    }
}

fn shortened_start(text: &str) -> String {
    let count = text.chars().count();
    if count <= CONTEXT * 2 {
        return text.to_owned();
    }
    format!("...{}", text.chars().skip(count - CONTEXT).collect::<String>())
}

fn shortened_end(text: &str) -> String {
    match text.char_indices().nth(CONTEXT * 2) {
        None => text.to_owned(),
        Some(_) => format!("{}...", text.chars().take(CONTEXT).collect::<String>()),
    }
}

/// Puts colours on, or not.
#[derive(Clone, Copy)]
struct Paint {
    style: Style,
    severity: Severity,
}

impl Paint {
    fn with(self, codes: &str, text: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Color => format!("\u{1b}[{codes}m{text}\u{1b}[0m"),
        }
    }

    fn severity(self, text: &str) -> String {
        let codes = match self.severity {
            Severity::Note => "1;36",
            Severity::Warning => "1;33",
            Severity::Error => "1;31",
        };
        self.with(codes, text)
    }

    fn frame(self, text: &str) -> String {
        self.with("1;34", text)
    }

    fn bold(self, text: &str) -> String {
        self.with("1", text)
    }
}
