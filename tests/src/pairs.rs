//! The pairs of documents in `tests/drift`: a base a file, and under it small edits, each a pair in both directions.
//!
//! `base` and `edit TITLE` begin a part; what is indented by four below them is its text. An edit is written like a diff:
//! lines with `-`, `+` or a space in front, parted by empty lines into hunks; the lines with `-` and space stand in the
//! base exactly once.

use crate::place::{files, root, text};
use std::fmt;

/// Two documents that differ in one thing.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The file it stands in: `fields`.
    pub theme: String,
    /// What changes.
    pub title: String,
    /// Whether it is the edit taken back: old and new changed places.
    pub reversed: bool,
    /// The document before.
    pub old: String,
    /// The document after.
    pub new: String,
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { theme, title, .. } = self;
        write!(f, "{theme}: {title}{}", if self.reversed { " (reversed)" } else { "" })
    }
}

/// All pairs, in the order of the files and of the edits in them.
pub fn all() -> Vec<Pair> {
    files(&root().join("tests/drift"), ".txt")
        .iter()
        .flat_map(|path| {
            let theme = path.file_stem().expect("a name").to_string_lossy().into_owned();
            read(&theme, &text(path))
        })
        .collect()
}

fn read(theme: &str, content: &str) -> Vec<Pair> {
    let mut out: Vec<Pair> = Vec::new();
    let mut base = String::new();
    for (title, body) in parts(content) {
        if title == "base" {
            base = body;
            continue;
        }
        let title = title.strip_prefix("edit ").unwrap_or_else(|| panic!("{theme}: `{title}` is no part")).to_owned();
        assert!(out.iter().all(|p| p.title != title), "{theme}: two edits are called {title}");
        let edited = edit(&base, &body).unwrap_or_else(|e| panic!("{theme}: {title}: {e}"));
        let pair = Pair { theme: theme.to_owned(), title, reversed: false, old: base.clone(), new: edited };
        let back = Pair { reversed: true, old: pair.new.clone(), new: pair.old.clone(), ..pair.clone() };
        out.extend([pair, back]);
    }
    out
}

/// Title and text of every part.
fn parts(content: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in content.lines().filter(|l| !l.starts_with('#')) {
        match (line.strip_prefix("    "), line.is_empty()) {
            (Some(inner), _) => {
                let (_, body) = out.last_mut().expect("text belongs to a part");
                body.push_str(inner);
                body.push('\n');
            }
            (None, true) => {
                if let Some((_, body)) = out.last_mut() {
                    body.push('\n');
                }
            }
            (None, false) => out.push((line.trim_end().to_owned(), String::new())),
        }
    }
    for (_, body) in &mut out {
        body.truncate(body.trim_end().len());
        body.push('\n');
    }
    out
}

fn edit(base: &str, hunks: &str) -> Result<String, String> {
    let mut out = base.to_owned();
    for hunk in hunks.split("\n\n").filter(|h| !h.trim().is_empty()) {
        let (mut old, mut new) = (String::new(), String::new());
        for line in hunk.lines().filter(|l| !l.is_empty()) {
            let (mark, rest) = line.split_at(1);
            if mark != "+" {
                old.push_str(&format!("{rest}\n"));
            }
            if mark != "-" {
                new.push_str(&format!("{rest}\n"));
            }
            if !["+", "-", " "].contains(&mark) {
                return Err(format!("`{line}` has no mark"));
            }
        }
        // Whole lines only: what is looked for begins after a line's end.
        let (within, wanted) = (format!("\n{out}"), format!("\n{old}"));
        match within.matches(&wanted).count() {
            1 => out = within.replacen(&wanted, &format!("\n{new}"), 1).split_off(1),
            n => return Err(format!("its old side stands {n} times in the base:\n{old}")),
        }
    }
    if out == base { Err("it changes nothing".to_owned()) } else { Ok(out) }
}
