//! The report for a pull request or a changelog: Markdown of bounded length, a fold for each class.

use crate::base::visible::visible;
use crate::drift::change::{Change, Class, Report};
use std::fmt::Write as _;

/// GitHub refuses comments of more than 65,536 characters; this leaves room for words around the report.
pub const COMMENT: usize = 60_000;

/// Prints a report in at most about `limit` characters; what does not fit is counted.
pub fn markdown(report: &Report, limit: usize) -> String {
    let mut out = String::new();
    let name = |d: &crate::drift::Document| {
        let version = if d.version.is_empty() { String::new() } else { format!(" {}", plain(&d.version)) };
        format!("{}{version} (`{}`)", plain(&d.title), short(&d.hash))
    };
    let _ = writeln!(out, "## What changes for Rust: {}\n", report.semver.step.word());
    let _ = writeln!(out, "{} → {}\n", name(&report.old), name(&report.new));
    if report.changes.is_empty() {
        out.push_str("Nothing differs.\n");
        return out;
    }
    let _ = writeln!(out, "**Version step: {}.** {}\n", report.semver.words(), sentence(&report.semver.reason));
    out.push_str("| class | changes |\n|---|---:|\n");
    for (class, n) in report.counts() {
        let _ = writeln!(out, "| {} | {n} |", class.title());
    }
    out.push('\n');
    for class in Class::ALL {
        section(report, class, limit, &mut out);
    }
    out
}

fn section(report: &Report, class: Class, limit: usize, out: &mut String) {
    let all: Vec<&Change> = report.of(class).collect();
    if all.is_empty() {
        return;
    }
    let open = if matches!(class, Class::BreaksCompiling) && all.len() <= 20 { " open" } else { "" };
    let _ = writeln!(out, "<details{open}><summary>{}: {}</summary>\n", class.title(), all.len());
    // Room for the end of this fold and the beginnings of those that follow.
    let room = limit.saturating_sub(out.chars().count() + 800);
    let mut used = 0;
    let mut shown = 0;
    for change in &all {
        let line = line(change);
        used += line.chars().count();
        if used > room {
            break;
        }
        out.push_str(&line);
        shown += 1;
    }
    if shown < all.len() {
        let _ = writeln!(out, "- ... and {} more, see the whole report", all.len() - shown);
    }
    out.push_str("\n</details>\n\n");
}

/// One change as an item of a list.
fn line(change: &Change) -> String {
    let mut out = format!("- {} {}", change.code, inline(&change.message));
    if change.operations > 1 {
        let _ = write!(out, " ({} operations)", change.operations);
    }
    for also in &change.also {
        let _ = write!(out, "; {}", inline(also));
    }
    if !change.survives.is_empty() {
        let _ = write!(out, ". In a released client {}", inline(&change.survives.text()));
    }
    if let Some(help) = &change.help {
        let _ = write!(out, ". Help: {}", inline(help));
    }
    out.push('\n');
    out
}

/// Sixteen digits of a hash tell enough.
fn short(hash: &str) -> &str {
    let digits = hash.rsplit(':').next().unwrap_or(hash);
    digits.get(..16).unwrap_or(digits)
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", inline(chars.as_str()))
}

/// One line in which only what stands between backticks, and Rust paths, are code; nothing a document says is markup.
fn inline(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // A lone backtick is the document's.
    let paired = parts.len() % 2 == 1;
    let mut out = String::with_capacity(text.len() + 16);
    for (i, part) in parts.iter().enumerate() {
        if paired && i % 2 == 1 {
            if !part.is_empty() {
                let _ = write!(out, "`{}`", visible(part));
            }
            continue;
        }
        let mut words = part.split(' ');
        let first = words.next().map(word).unwrap_or_default();
        out.push_str(&words.fold(first, |line, w| format!("{line} {}", word(w))));
    }
    out
}

/// A word of plain text; a Rust path is code.
fn word(word: &str) -> String {
    let bare = word.trim_end_matches([':', ',', ';']);
    let is_path = bare.contains("::") && bare.chars().all(|c| c.is_alphanumeric() || "_:()#".contains(c));
    match word.strip_prefix(bare) {
        Some(rest) if is_path => format!("`{bare}`{rest}"),
        _ => plain(word),
    }
}

/// Text without any markup of its own.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A line that begins so would be a command to a build server.
            ':' if out.trim().is_empty() => out.push_str("&#58;"),
            // `@name` and `#1` would call people and link issues.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
