//! Descriptions → lines that rustdoc shows as they were meant: no doctest, no broken link, no HTML.
//!
//! Pure and table-tested (`generator/tests/docs.rs`). What documents write is Markdown of every dialect with
//! HTML and template tags in it; what comes out is CommonMark that triggers no rustdoc lint. Whether code of it would run is the
//! matter of `doctests`.

use super::doctests;
use crate::base::visible::{breaks, is_hidden, visible};

/// The lines of a doc comment made of `text`, without the leading space.
pub fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace(breaks, "\n").replace('\t', "    ");
    let text = strip_tags_outside_code(&text);
    let mut out: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    let mut list_indent: Option<usize> = None;
    let mut paragraph: Vec<String> = Vec::new();
    for raw in text.lines() {
        let line: String = raw.chars().filter(|c| !is_hidden(*c)).collect();
        let line = line.trim_end();
        let body = line.trim_start();
        let indent = line.len() - body.len();
        if let Some(mark) = &fence {
            if body.starts_with(mark.as_str()) && body.trim_end_matches(['`', '~']).is_empty() {
                out.push(mark.clone());
                fence = None;
            } else {
                out.push(line.to_owned());
            }
            continue;
        }
        if body.starts_with("```") || body.starts_with("~~~") {
            flush(&mut paragraph, &mut out);
            let mark: String = body.chars().take_while(|c| body.starts_with(*c)).collect();
            // One line that opens and closes is a code span in disguise.
            let rest = body.get(mark.len()..).unwrap_or_default();
            if rest.contains(&mark) {
                let inner = rest.replace(&mark, "");
                paragraph.push(format!("`{}`", inner.replace('`', "'").trim()));
                continue;
            }
            out.push(format!("{mark}text"));
            fence = Some(mark);
            continue;
        }
        if body.is_empty() {
            flush(&mut paragraph, &mut out);
            if out.last().is_some_and(|l| !l.is_empty()) {
                out.push(String::new());
            }
            continue;
        }
        // Four columns of indentation would be a code block, and so a doctest.
        let is_item = is_list_item(body);
        let kept = match (is_item, list_indent) {
            (true, None) => indent.min(3),
            (true, Some(l)) => indent.min(l + 3),
            (false, Some(l)) if indent > l => (l + 2).min(indent),
            (false, _) => 0,
        };
        if is_item {
            list_indent = Some(kept);
        } else if kept == 0 {
            list_indent = None;
        }
        if is_item || body.starts_with(['#', '>', '|']) || is_rule(body) {
            flush(&mut paragraph, &mut out);
        }
        paragraph.push(format!("{}{body}", " ".repeat(kept)));
    }
    flush(&mut paragraph, &mut out);
    if let Some(mark) = fence {
        out.push(mark);
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    let blank = out.iter().take_while(|l| l.is_empty()).count();
    out.drain(..blank);
    doctests::without(out)
}

/// The first sentence of `text`, on one line; of a heading or a list its first line.
pub fn first_sentence(text: &str) -> String {
    let mut paragraph = first_paragraph(text);
    let end = sentence_end(&paragraph);
    paragraph.truncate(end);
    doctests::without(vec![paragraph]).concat()
}

/// The first paragraph of `text`, on one line; of a heading or a list its first line.
pub fn first_paragraph(text: &str) -> String {
    let lines = lines(text);
    let mut fenced = false;
    let mut words = lines.iter().skip_while(|line| {
        let fence = ["```", "~~~"].iter().any(|fence| line.trim_start_matches([' ', '>']).starts_with(fence));
        fenced ^= fence;
        fence || fenced || line.is_empty() || line.starts_with('|') || is_rule(line)
    });
    let Some(first) = words.next() else { return String::new() };
    let mut said = first.trim_start_matches(['#', '>', ' ']);
    while let Some(rest) = said.strip_prefix("- ").or(said.strip_prefix("* ")) {
        said = rest.trim_start_matches(['>', ' ']);
    }
    let mut paragraph = said.trim().to_owned();
    if !first.starts_with('#') {
        let goes_on =
            |line: &&String| !line.is_empty() && !line.starts_with(['#', '>', '|', '`', '~']) && !is_list_item(line);
        for line in words.take_while(goes_on) {
            paragraph = format!("{paragraph} {}", line.trim());
        }
    }
    doctests::without(vec![paragraph]).concat()
}

/// A text that is a sentence, with a full stop where it has no end.
pub(crate) fn stopped(text: String) -> String {
    if text.ends_with(|c: char| c.is_alphanumeric() || c == ')') { text + "." } else { text }
}

/// Where the first sentence of a paragraph ends.
fn sentence_end(text: &str) -> usize {
    const SHORT: &[&str] = &["e.g", "i.e", "etc", "vs", "cf", "approx", "incl", "no", "nr", "p.ej", "ex"];
    let marks = text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | '。' | '！' | '？'));
    for (at, mark) in marks {
        let end = at + mark.len_utf8();
        let (sentence, rest) = (text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let next = rest.trim_start().chars().next();
        let parted = mark.len_utf8() > 1 || rest.starts_with(' ');
        let word = sentence.trim_end_matches(mark).rsplit([' ', '(']).next().unwrap_or_default();
        let short = mark == '.' && (SHORT.contains(&word.to_lowercase().as_str()) || word.chars().count() < 2);
        let open =
            sentence.matches('`').count() % 2 == 1 || sentence.matches('[').count() > sentence.matches(']').count();
        if parted && !short && !open && next.is_some_and(|c| !c.is_lowercase()) {
            return end;
        }
    }
    text.len()
}

/// `text` with everything escaped that Markdown or rustdoc would read as markup: for names and values.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// `text` as a code span, whatever it contains.
pub fn code(text: &str) -> String {
    let clean = visible(text);
    if clean.contains('`') {
        return format!("`` {clean} ``").replace("```", "'''");
    }
    if clean.trim().is_empty() { "(empty)".to_owned() } else { format!("`{clean}`") }
}

fn is_list_item(body: &str) -> bool {
    let digits = body.chars().take_while(char::is_ascii_digit).count();
    let after = body.get(digits..).unwrap_or_default();
    (digits > 0 && digits < 10 && (after.starts_with(". ") || after.starts_with(") ")))
        || ["- ", "* ", "+ "].iter().any(|m| body.starts_with(m))
}

fn is_rule(body: &str) -> bool {
    body.len() >= 3 && ['-', '=', '*', '_'].iter().any(|c| body.chars().all(|x| x == *c || x == ' '))
}

/// Puts a paragraph's lines out, its inline markup made safe as a whole (code spans may break across lines).
fn flush(paragraph: &mut Vec<String>, out: &mut Vec<String>) {
    if paragraph.is_empty() {
        return;
    }
    let joined = paragraph.join("\n");
    paragraph.clear();
    out.extend(inline(&joined).lines().map(|l| l.trim_end().to_owned()));
}

/// Inline markup: code spans kept, links kept when they lead out, everything else that looks like a link escaped.
fn inline(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 16);
    let mut i = 0;
    let at = |i: usize| chars.get(i).copied();
    while let Some(c) = at(i) {
        match c {
            '\\' => {
                out.push('\\');
                if let Some(next) = at(i + 1) {
                    if next.is_ascii_punctuation() {
                        out.push(next);
                    } else {
                        // A lone backslash at a line's end would be a hard break.
                        out.push('\\');
                        out.push(next);
                    }
                } else {
                    out.push('\\');
                }
                i += 2;
            }
            '`' => {
                let ticks = chars.iter().skip(i).take_while(|c| **c == '`').count();
                match closing(&chars, i + ticks, ticks) {
                    Some(end) => {
                        out.extend(chars.iter().skip(i).take(end + ticks - i));
                        i = end + ticks;
                    }
                    None => {
                        (0..ticks).for_each(|_| out.push_str("\\`"));
                        i += ticks;
                    }
                }
            }
            // A picture's text stays; what it shows is not part of a crate.
            '!' if at(i + 1) == Some('[')
                && let Some(picture) = link(&chars, i + 1) =>
            {
                out.push_str(&inline(&picture.text));
                i = picture.end;
            }
            '[' => match link(&chars, i) {
                Some(Link { text, url, end }) => {
                    let label = if text.trim().is_empty() { "link".to_owned() } else { inline(&text) };
                    match url {
                        Some(url) => {
                            out.push_str(&format!("[{label}]({url})"));
                        }
                        None => out.push_str(&label),
                    }
                    i = end;
                }
                None => {
                    out.push_str("\\[");
                    i += 1;
                }
            },
            ']' => {
                out.push_str("\\]");
                i += 1;
            }
            '<' => {
                let rest: String = chars.iter().skip(i + 1).take_while(|c| **c != '>' && !c.is_whitespace()).collect();
                let closed = at(i + 1 + rest.chars().count()) == Some('>');
                if closed && is_url(&rest) {
                    out.push_str(&format!("<{rest}>"));
                    i += rest.chars().count() + 2;
                } else {
                    out.push_str("\\<");
                    i += 1;
                }
            }
            'h' | 'H' if starts_url(&chars, i) && !out.ends_with(|c: char| c.is_alphanumeric()) => {
                let mut url: String =
                    chars.iter().skip(i).take_while(|c| !c.is_whitespace() && !"<>\"`|{}\\^[]".contains(**c)).collect();
                while url.ends_with(['.', ',', ';', ':', '!', '?', ')', '\'', '*', '_']) {
                    if url.ends_with(')') && url.contains('(') {
                        break;
                    }
                    url.pop();
                }
                i += url.chars().count();
                if url.len() > 8 {
                    out.push_str(&format!("<{url}>"));
                } else {
                    out.push_str(&url);
                }
            }
            c => {
                out.push(c);
                i += 1;
            }
        }
    }
    out
}

fn closing(chars: &[char], from: usize, ticks: usize) -> Option<usize> {
    let mut i = from;
    while i < chars.len() {
        if chars.get(i) == Some(&'`') {
            let run = chars.iter().skip(i).take_while(|c| **c == '`').count();
            if run == ticks {
                return Some(i);
            }
            i += run;
        } else {
            i += 1;
        }
    }
    None
}

struct Link {
    text: String,
    /// `None` when the target leads nowhere from here.
    url: Option<String>,
    end: usize,
}

/// `[text](url)` at `i`: the text, the target and where it ends.
fn bracketed(chars: &[char], i: usize) -> Option<(String, String, usize)> {
    if chars.get(i) != Some(&'[') {
        return None;
    }
    // A blank line ends the paragraph, and with it what it leaves open; a target is on one line.
    let close = matching(chars, i, ('[', ']'), |k| chars.get(k + 1) == Some(&'\n'))?;
    if chars.get(close + 1) != Some(&'(') {
        return None;
    }
    let end = matching(chars, close + 1, ('(', ')'), |_| true)?;
    let text: String = chars.iter().skip(i + 1).take(close - i - 1).collect();
    let target: String = chars.iter().skip(close + 2).take(end - close - 2).collect();
    Some((text, target, end + 1))
}

/// Where the bracket at `i` is closed, if that is before a line's end at which the text `ends`.
fn matching(chars: &[char], i: usize, (open, close): (char, char), ends: impl Fn(usize) -> bool) -> Option<usize> {
    let mut depth = 0usize;
    for (k, c) in chars.iter().enumerate().skip(i) {
        if *c == open {
            depth += 1;
        } else if *c == close {
            depth -= 1;
            if depth == 0 {
                return Some(k);
            }
        } else if *c == '\n' && ends(k) {
            return None;
        }
    }
    None
}

/// The link or picture whose text begins at `i`.
fn link(chars: &[char], i: usize) -> Option<Link> {
    let (text, target, end) = bracketed(chars, i)?;
    let url = target.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']).to_owned();
    let good = is_url(&url) && !url.contains(['`', '<', '>', '"', '\\']);
    Some(Link { text: unlinked(text), url: good.then_some(url), end })
}

/// The text of a link or picture: one inside it is its own text, and no link.
fn unlinked(text: String) -> String {
    if !text.contains("](") {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while let Some(c) = chars.get(i) {
        let start = i + usize::from(*c == '!');
        match bracketed(&chars, start) {
            Some((inner, _, end)) => {
                // Only one deep: what is within that loses its brackets.
                out.push_str(&inner.replace(['[', ']'], ""));
                i = end;
            }
            None => {
                out.push(*c);
                i += 1;
            }
        }
    }
    if out.contains("](") { out.replace(['[', ']'], "") } else { out }
}

fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://") || text.starts_with("mailto:")) && text.len() > 8
}

fn starts_url(chars: &[char], i: usize) -> bool {
    let starts = |word: &str| word.chars().zip(chars.iter().skip(i)).filter(|(a, b)| a == *b).count() == word.len();
    starts("https://") || starts("http://")
}

/// Removes HTML tags, comments and template tags outside code; `<a href>` becomes a link, `<br>` a line break.
fn strip_tags_outside_code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fenced = false;
    let mut rest = text;
    let mut at_line_start = true;
    while !rest.is_empty() {
        if at_line_start {
            let body = rest.trim_start_matches(' ');
            if body.starts_with("```") || body.starts_with("~~~") {
                fenced = !fenced;
            }
        }
        at_line_start = false;
        let Some(c) = rest.chars().next() else { break };
        if fenced {
            at_line_start = c == '\n';
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        if c == '`' {
            let ticks = rest.chars().take_while(|c| *c == '`').count();
            let mark = "`".repeat(ticks);
            let after = rest.get(ticks..).unwrap_or_default();
            let paragraph = after.split("\n\n").next().unwrap_or(after);
            let len = paragraph.find(&mark).map_or(ticks, |n| ticks + n + ticks);
            out.push_str(rest.get(..len).unwrap_or_default());
            rest = rest.get(len..).unwrap_or_default();
            continue;
        }
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |n| n + 3);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        if rest.starts_with("{%")
            && let Some(end) = rest.find("%}")
        {
            rest = rest.get(end + 2..).unwrap_or_default();
            continue;
        }
        if c == '<'
            && let Some((tag, len)) = tag(rest)
        {
            let name =
                tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            rest = rest.get(len..).unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "a" if !tag.starts_with('/') => {
                    let close = rest.find("</a>").or_else(|| rest.find("</A>"));
                    let label = close.and_then(|n| rest.get(..n)).unwrap_or_default();
                    match (attribute(tag, "href"), close) {
                        (Some(url), Some(n)) if is_url(&url) && !label.trim().is_empty() => {
                            let label = strip_tags_outside_code(label).replace(['[', ']', '\n'], " ");
                            out.push_str(&format!("[{}]({url})", label.trim()));
                            rest = rest.get(n + 4..).unwrap_or_default();
                        }
                        _ => {}
                    }
                }
                "br" | "p" | "div" | "ul" | "ol" | "tr" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    out.push('\n');
                    at_line_start = true;
                }
                "li" if !tag.starts_with('/') => out.push_str("\n- "),
                "td" | "th" => out.push(' '),
                "code" | "pre" | "kbd" | "tt" => {
                    // `<code>x</code>` reads as a code span if it closes on the same line without a backtick.
                    let close = format!("</{name}>");
                    if let Some(n) = rest.find(&close)
                        && let Some(inner) = rest.get(..n)
                        && !inner.contains(['\n', '`', '<'])
                        && !inner.trim().is_empty()
                    {
                        out.push_str(&format!("`{}`", inner.trim()));
                        rest = rest.get(n + close.len()..).unwrap_or_default();
                    }
                }
                _ => {}
            }
            continue;
        }
        at_line_start = c == '\n';
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// Tags that documents use as HTML. Anything else between angle brackets is text: `<username>`, `Vec<T>`.
const HTML: &[&str] = &[
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "style",
    "iframe",
    "video",
    "section",
    "article",
    "nobr",
];

/// An HTML tag at the start of `text`: what stands between the brackets, and its length with them.
fn tag(text: &str) -> Option<(&str, usize)> {
    let end = text.find('>')?;
    let inner = text.get(1..end)?;
    let name: String = inner.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    let after = inner.trim_start_matches('/').get(name.len()..).unwrap_or_default();
    let good = HTML.contains(&name.to_ascii_lowercase().as_str())
        && (after.is_empty() || after.starts_with([' ', '/', '\n']))
        && !inner.contains('<')
        && inner.len() < 2000;
    good.then_some((inner, end + 1))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!("{name}="))?;
    let value = tag.get(at + name.len() + 1..)?;
    let quote = value.chars().next()?;
    let text = if quote == '"' || quote == '\'' {
        value.get(1..)?.split(quote).next()?
    } else {
        value.split_whitespace().next()?
    };
    Some(text.trim().replace([' ', '\n'], "%20").replace('(', "%28").replace(')', "%29"))
}
