//! The report for a terminal or a log: a line each, worst first, then the step.

use crate::base::diagnostic::Style;
use crate::base::visible::visible;
use crate::drift::change::{Change, Class, Place, Report};
use std::fmt::Write as _;

/// Prints a report.
pub fn text(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for class in Class::ALL {
        let count = report.of(class).count();
        if count == 0 {
            continue;
        }
        let _ = writeln!(out, "{}", paint(style, bold(class), &format!("{}: {count}", class.title())));
        for change in report.of(class) {
            let _ = writeln!(out, "{}", line(change, style));
        }
        out.push('\n');
    }
    if report.changes.is_empty() {
        out.push_str("nothing differs\n");
    }
    let _ = writeln!(out, "semver: {}", report.semver.words());
    let _ = writeln!(out, "reason: {}", visible(&report.semver.reason));
    out
}

/// One change in a line: `breaks-compiling D0601 field removed: models::Link::status (old spec.yaml:12:7 #/components/..)`.
fn line(change: &Change, style: Style) -> String {
    let mut out = format!(" {} {}", change.code, change.message);
    if change.operations > 1 {
        let _ = write!(out, " [{} operations]", change.operations);
    }
    for also in &change.also {
        let _ = write!(out, "; {also}");
    }
    if !change.survives.is_empty() {
        let _ = write!(out, "; in a released client {}", change.survives.text());
    }
    let place = |word: &str, p: &Place| format!("{word} {}:{}:{} {}", p.file, p.line, p.column, p.pointer);
    let places: Vec<String> = change
        .old
        .as_ref()
        .map(|p| place("old", p))
        .into_iter()
        .chain(change.new.as_ref().map(|p| place("new", p)))
        .collect();
    if !places.is_empty() {
        let _ = write!(out, " ({})", places.join(", "));
    }
    // Names, paths and values of the documents stand in all of this.
    format!("{}{}", paint(style, bold(change.class), change.class.word()), visible(&out))
}

fn bold(class: Class) -> &'static str {
    match class {
        Class::BreaksCompiling => "1;31",
        Class::BreaksAtRunTime => "1;35",
        Class::Deprecating => "1;33",
        Class::Additive => "1;32",
        Class::DocumentationOnly => "1;36",
    }
}

fn paint(style: Style, codes: &str, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Color => format!("\u{1b}[{codes}m{text}\u{1b}[0m"),
    }
}
