//! Diagnostics and messages on the terminal. A closed pipe ends the output, not the program.

use generator::base::Sources;
use generator::base::diagnostic::{self, Deny, Diagnostic, Diagnostics, Severity, Style};
use std::io::{self, IsTerminal, Write};

/// Writes to standard output.
pub(crate) fn out(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Writes a line to standard error.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes an error that has no code and no place.
pub(crate) fn error(message: &str) {
    line(&format!("error: {message}"));
}

/// Writes errors and warnings to standard error and counts the notes.
pub(crate) fn all(diagnostics: &Diagnostics, sources: &Sources) {
    err(&listing(diagnostics, sources));
}

/// Writes to standard error.
pub(crate) fn err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// What [`all`] writes.
pub(crate) fn listing(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let (mut out, mut notes) = (String::new(), 0);
    for diagnostic in diagnostics.iter() {
        if diagnostic.severity == Severity::Note {
            notes += 1;
        } else {
            out.push_str(text(diagnostic, sources).trim_end());
            out.push('\n');
        }
    }
    if notes > 0 {
        let s = if notes == 1 { "" } else { "s" };
        out.push_str(&format!("{notes} note{s}: `--format json` lists them\n"));
    }
    out
}

/// Writes what is denied, and how much it is.
pub(crate) fn denied(diagnostics: &Diagnostics, sources: &Sources, deny: Option<Deny>) {
    let list: Vec<&Diagnostic> = deny.into_iter().flat_map(|deny| diagnostics.denied(deny)).collect();
    // Warnings are among what `all` writes.
    for diagnostic in list.iter().filter(|diagnostic| diagnostic.severity == Severity::Note) {
        line(text(diagnostic, sources).trim_end());
    }
    if !list.is_empty() {
        let what = if list.len() == 1 { "finding is" } else { "findings are" };
        error(&format!("{} {what} denied; `[accept]` in the settings accepts one by its code and pointer", list.len()));
    }
}

/// Writes one diagnostic to standard error.
pub(crate) fn one(diagnostic: &Diagnostic) {
    line(text(diagnostic, &Sources::default()).trim_end());
}

/// Whether standard output is for a person who sees colours.
pub(crate) fn style() -> Style {
    if is_plain() || !io::stdout().is_terminal() { Style::Plain } else { Style::Color }
}

/// Whether standard error is for a person who sees colours.
pub(crate) fn colours_errors() -> bool {
    !is_plain() && io::stderr().is_terminal()
}

/// <https://no-color.org>
fn is_plain() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

fn text(diagnostic: &Diagnostic, sources: &Sources) -> String {
    diagnostic::render(diagnostic, sources, if colours_errors() { Style::Color } else { Style::Plain })
}
