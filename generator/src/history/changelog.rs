//! The changelog in `spec/`: a section a version, the newest first; `release` adds to it, the crate carries it.

/// The heading of notes that wait for the next release.
const UNRELEASED: &str = "## Unreleased";

/// The changelog with a section for `version`: notes that waited under `## Unreleased`, then `entry`.
///
/// # Errors
/// When the version has a section already.
pub fn add(text: &str, version: &str, day: &str, entry: &str) -> Result<String, String> {
    if section(text, version).is_some() {
        return Err(format!("the changelog has a section for {version} already"));
    }
    let text = text.replace("\r\n", "\n");
    let (head, rest) = split(&text);
    let (waiting, older) = match rest.strip_prefix(UNRELEASED) {
        Some(after) => match after.find("\n## ") {
            Some(end) => after.split_at(end + 1),
            None => (after, ""),
        },
        None => ("", rest),
    };
    // The report's headings are below the version's, whatever it was written for.
    let entry = lowered(entry.trim());
    let parts = [waiting.trim(), entry.as_str()];
    let body: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let head = head.trim_end();
    let head = if head.is_empty() { "# Changelog" } else { head };
    let mut out = format!("{head}\n\n## {version} ({day})\n\n{}\n", body.join("\n\n"));
    if !older.trim().is_empty() {
        out.push_str(&format!("\n{}\n", older.trim_end()));
    }
    Ok(out)
}

/// What the changelog says of a version.
pub fn section<'a>(text: &'a str, version: &str) -> Option<&'a str> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(title) = line.strip_prefix("## ") else { continue };
        if title.split_whitespace().next() == Some(version) {
            let rest = text.get(start + line.len()..).unwrap_or_default();
            let end = rest.find("\n## ").unwrap_or(rest.len());
            return Some(rest.get(..end).unwrap_or_default().trim());
        }
    }
    None
}

/// What stands before the first section, and the sections.
fn split(text: &str) -> (&str, &str) {
    let start = if text.starts_with("## ") { Some(0) } else { text.find("\n## ").map(|n| n + 1) };
    start.map_or((text, ""), |start| text.split_at(start))
}

/// Headings moved down so that the highest is of the third level; fenced code is left alone.
fn lowered(markdown: &str) -> String {
    let mut fenced = false;
    let level = |line: &str| {
        let marks = line.chars().take_while(|c| *c == '#').count();
        (1..=6).contains(&marks) && line.chars().nth(marks) == Some(' ')
    };
    let mut lines = Vec::new();
    for line in markdown.lines() {
        fenced ^= line.trim_start().starts_with("```");
        lines.push((line, !fenced && level(line)));
    }
    let marks = |line: &str| line.chars().take_while(|c| *c == '#').count();
    let highest = lines.iter().filter(|(_, heading)| *heading).map(|(line, _)| marks(line)).min().unwrap_or(3);
    let more = "#".repeat(3usize.saturating_sub(highest));
    let lines: Vec<String> = lines
        .iter()
        .map(|(line, heading)| if *heading { format!("{more}{line}") } else { (*line).to_owned() })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{add, section};

    const TEXT: &str = "# Changelog\n\nWhat changed.\n\n## Unreleased\n\nA note.\n\n## 0.1.0\n\nThe first version.\n";

    #[test]
    fn a_section_takes_the_notes_that_waited() {
        let entry = "# Report\n\n## Breaks\n\n```\n# code\n```\n";
        let done = add(TEXT, "0.2.0", "2026-04-23", entry);
        let expected = "# Changelog\n\nWhat changed.\n\n## 0.2.0 (2026-04-23)\n\nA note.\n\n### Report\n\n#### Breaks\n\n```\n# code\n```\n\n## 0.1.0\n\nThe first version.\n";
        assert_eq!(done.as_deref(), Ok(expected));
        let again = add(expected, "0.2.1", "2026-05-01", "More.");
        assert!(again.as_deref().is_ok_and(|text| text.starts_with(
            "# Changelog\n\nWhat changed.\n\n## 0.2.1 (2026-05-01)\n\nMore.\n\n## 0.2.0 (2026-04-23)\n\nA note."
        )));
        assert!(add(expected, "0.2.0", "2026-05-01", "Again.").is_err());
        assert_eq!(add("", "0.1.0", "2026-05-01", "x").as_deref(), Ok("# Changelog\n\n## 0.1.0 (2026-05-01)\n\nx\n"));
    }

    #[test]
    fn a_section_is_found() {
        assert_eq!(section(TEXT, "0.1.0"), Some("The first version."));
        assert_eq!(section(TEXT, "Unreleased"), Some("A note."));
        assert_eq!(section(TEXT, "0.1"), None);
    }
}
