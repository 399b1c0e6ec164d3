//! Text of documents where people and machines read it: one line, nothing hidden, no command to whatever reads along.
//!
//! Below every stage: messages, reports and doc comments all ask here which characters may stand in them.

/// A text as one line. What breaks lines is a space, what cannot be seen shows as U+FFFD; each character stays one, so that marks
/// below a line stand where they should.
pub fn visible(text: &str) -> String {
    let mut out: String = text
        .chars()
        .map(|c| match c {
            '\t' => ' ',
            c if breaks(c) => ' ',
            c if is_hidden(c) => '\u{fffd}',
            c => c,
        })
        .collect();
    // Build servers take commands from the midst of a line too: `##[error]`, `##vso[task.setvariable ..]`.
    let mut from = 0;
    while let Some(at) = out.get(from..).and_then(|rest| rest.find("##")).map(|at| from + at + 1) {
        let word = out.get(at..).unwrap_or_default().trim_start_matches('#').trim_start_matches(char::is_alphanumeric);
        if word.starts_with('[') {
            out.replace_range(at..=at, "\u{fffd}");
        }
        from = at;
    }
    out
}

/// Whether a character ends a line, for one reader or another.
pub fn breaks(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character shows nothing but changes what others look like or mean: controls, and what turns the direction of text,
/// which rustc refuses in comments.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn a_text_is_one_harmless_line() {
        let cases = [
            ("plain: `a/b` äöü 用户", "plain: `a/b` äöü 用户"),
            ("/a\n::error file=x::forged", "/a ::error file=x::forged"),
            ("/a\r\n::warning::x", "/a  ::warning::x"),
            ("a\u{2028}b\u{85}c\u{b}d\te", "a b c d e"),
            ("\u{1b}[31mred\u{7}", "\u{fffd}[31mred\u{fffd}"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("a\u{202e}b\u{2066}c\u{61c}d\u{200f}", "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}"),
            ("x##[error]y", "x#\u{fffd}[error]y"),
            ("x##vso[task.complete]y", "x#\u{fffd}vso[task.complete]y"),
            (
                "\"2xx##[error]f\":{\"d\":\"##[error]g\"}},\"s\"",
                "\"2xx#\u{fffd}[error]f\":{\"d\":\"#\u{fffd}[error]g\"}},\"s\"",
            ),
            ("###[group]", "#\u{fffd}#[group]"),
            ("## A heading [with a link]", "## A heading [with a link]"),
        ];
        for (text, wanted) in cases {
            assert_eq!(visible(text), wanted, "{text:?}");
        }
    }
}
