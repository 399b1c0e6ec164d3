//! Changes of a document's text at the places of its nodes: what no change names stays as it is, byte for byte.

use crate::base::Span;
use crate::document::{Entry, Kind, Node};
use std::ops::Range;

/// One change: these bytes become that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) at: Range<usize>,
    pub(super) text: String,
}

/// The text with all changes made. They do not overlap; of two at one place the first comes first.
pub(super) fn apply(text: &str, range: Range<usize>, edits: &mut [Edit]) -> Option<String> {
    edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
    let mut out = String::new();
    let mut from = range.start;
    for edit in edits.iter() {
        if edit.at.end < edit.at.start {
            return None;
        }
        out.push_str(text.get(from..edit.at.start)?);
        out.push_str(&edit.text);
        from = edit.at.end;
    }
    out.push_str(text.get(from..range.end)?);
    Some(out)
}

/// A value as it will stand in the text, without the indentation of the place it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// After the key or the dash; further lines are indented from the line of the key.
    Inline(String),
    /// On lines of its own, one level deeper.
    Block(String),
    /// A list of blocks, on lines of its own.
    List(String),
}

/// Whether a container is written with brackets: all of JSON is.
pub(super) fn is_flow(text: &str, node: &Node) -> bool {
    let mut rest = text.get(start(node.span)..).unwrap_or_default();
    // An anchor and a tag belong to the node.
    while rest.starts_with(['&', '!']) {
        rest = rest.find(char::is_whitespace).and_then(|n| rest.get(n..)).unwrap_or_default().trim_start();
    }
    rest.starts_with(['{', '['])
}

pub(super) fn start(span: Span) -> usize {
    span.start as usize
}

/// Where a node's text ends. A block ends where its last line does, without the blanks after it.
pub(super) fn end(text: &str, span: Span) -> usize {
    let whole = text.get(..span.end as usize).unwrap_or(text);
    whole.trim_end().len().max(span.start as usize)
}

/// The start of the line that `at` is in.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |n| n + 1)
}

/// The end of the line that `at` is in, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| at + n)
}

/// How far a place is from the start of its line, in bytes.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// Whether only blanks stand before a place on its line.
pub(super) fn is_first(text: &str, at: usize) -> bool {
    text.get(line_start(text, at)..at).is_some_and(|before| before.trim_matches([' ', '\t', '\u{feff}']).is_empty())
}

/// Indents every line but the first and the empty ones.
pub(super) fn indented(text: &str, by: usize) -> String {
    let indent = " ".repeat(by);
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&indent);
            out.push_str(line);
        }
    }
    out
}

/// Takes `by` blanks from every line but the first.
pub(super) fn dedented(text: &str, by: usize) -> String {
    let cut = |line: &str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        line.get(blanks.min(by)..).unwrap_or_default().to_owned()
    };
    let lines: Vec<String> =
        text.split('\n').enumerate().map(|(i, l)| if i == 0 { l.to_owned() } else { cut(l) }).collect();
    lines.join("\n")
}

/// One child of a container, with the bytes it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Child {
    /// The first byte: of the key, or of the element (in a block, of its dash).
    pub(super) start: usize,
    /// After the last byte.
    pub(super) end: usize,
}

/// The children of a container; `None` for what stands elsewhere (an alias, a merge key).
pub(super) fn children(text: &str, node: &Node) -> Vec<Option<Child>> {
    let flow = is_flow(text, node);
    let within = |span: Span| span.start >= node.span.start && span.end <= node.span.end;
    match &node.kind {
        Kind::Object(members) => members.iter().map(|e| member(text, e).filter(|_| within(e.key_span))).collect(),
        Kind::Array(items) => {
            let mut from = start(node.span);
            let child = |item: &Node| {
                let first = if flow { start(item.span) } else { dash(text, from)? };
                let child = within(item.span).then(|| Child { start: first, end: end(text, item.span) })?;
                from = line_end(text, child.end);
                Some(child)
            };
            items.iter().map(child).collect()
        }
        _ => Vec::new(),
    }
}

/// The first dash from a place on that begins an element: no comment has it.
fn dash(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = text.get(at..line_end(text, at))?;
        let blanks = rest.len() - rest.trim_start().len();
        if rest.trim_start().starts_with('-') {
            return Some(at + blanks);
        }
        at = line_end(text, at) + 1;
    }
}

/// The bytes of a member, its alias instead of what that stands for.
fn member(text: &str, e: &Entry) -> Option<Child> {
    let after = e.key_span.end as usize;
    let end = match alias(text, e) {
        Some(alias) => alias.end,
        None => end(text, e.value.span).max(text.get(after..)?.find(':').map_or(after, |n| after + n + 1)),
    };
    Some(Child { start: start(e.key_span), end })
}

/// Where the alias is that is a member's value.
pub(super) fn alias(text: &str, e: &Entry) -> Option<Range<usize>> {
    if e.value.span.start >= e.key_span.end {
        return None;
    }
    let colon = e.key_span.end as usize + text.get(e.key_span.end as usize..)?.find(':')?;
    let star = colon + text.get(colon..)?.find('*')?;
    let name = text.get(star..)?.find(|c: char| c.is_whitespace() || ",]}".contains(c));
    Some(star..name.map_or(text.len(), |n| star + n))
}

/// Where the comments begin that stand directly above a line, at its column, and not before `floor`: what ends there may end with a
/// text that looks like a comment.
pub(super) fn with_comments(text: &str, line: usize, column: usize, floor: usize) -> usize {
    let mut from = line;
    while from > floor {
        let above = line_start(text, from - 1);
        let comment = text.get(above..from).unwrap_or_default();
        let is_comment = comment.trim_start_matches(' ').starts_with('#');
        if above < floor || !is_comment || comment.len() - comment.trim_start_matches(' ').len() != column {
            break;
        }
        from = above;
    }
    from
}

/// The lines of a child of a block: with the comments directly above it, to the end of its last line.
fn lines(text: &str, children: &[Child], index: usize) -> Option<Range<usize>> {
    let child = children.get(index)?;
    let before = index.checked_sub(1).and_then(|i| children.get(i));
    let floor = before.map_or(0, |before| line_end(text, before.end) + 1);
    let from = with_comments(text, line_start(text, child.start), column(text, child.start), floor);
    let to = line_end(text, child.end);
    Some(from..(to + 1).min(text.len()))
}

/// What happens to the children of one container.
pub(super) struct Restructured<'a> {
    pub(super) text: &'a str,
    pub(super) node: &'a Node,
    /// Which children go.
    pub(super) gone: Vec<bool>,
    /// New children as they are written, each before the child of that index; lines after the first are not indented.
    pub(super) new: Vec<(usize, String)>,
    /// Whether an empty line stands between two children.
    pub(super) spaced: bool,
}

impl Restructured<'_> {
    /// The changes; `None` where nothing would be left, or children stand elsewhere: the container is written anew then.
    pub(super) fn edits(&self) -> Option<Vec<Edit>> {
        if !self.gone.contains(&true) && self.new.is_empty() {
            return Some(Vec::new());
        }
        let children: Vec<Child> = children(self.text, self.node).into_iter().collect::<Option<_>>()?;
        if self.gone.iter().all(|gone| *gone) {
            return None;
        }
        if is_flow(self.text, self.node) { self.flow(&children) } else { self.block(&children) }
    }

    /// Runs of children that go: index of the first, index after the last.
    fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (i, _) in self.gone.iter().enumerate().filter(|(_, gone)| **gone) {
            match runs.last_mut() {
                Some(run) if run.end == i => run.end = i + 1,
                _ => runs.push(i..i + 1),
            }
        }
        runs
    }

    /// The index after the last child that stays.
    fn kept(&self) -> usize {
        self.gone.iter().rposition(|gone| !gone).map_or(0, |i| i + 1)
    }

    fn flow(&self, children: &[Child]) -> Option<Vec<Edit>> {
        let mut edits = Vec::new();
        for run in self.runs() {
            let at = match (children.get(run.end), run.start.checked_sub(1).and_then(|i| children.get(i))) {
                (Some(next), _) => children.get(run.start)?.start..next.start,
                // Behind the one that stays may be its comment: then the comma stays too, which YAML allows.
                (None, Some(last)) if self.text.get(last.end..children.last()?.end)?.contains('#') => {
                    let end = children.last()?.end;
                    let comma = self.text.get(end..)?.starts_with(',');
                    children.get(run.start)?.start..end + usize::from(comma)
                }
                (None, Some(last)) => last.end..children.last()?.end,
                (None, None) => return None,
            };
            edits.push(Edit { at, text: String::new() });
        }
        // Children on lines of their own stay so.
        let first = children.first()?.start;
        let separator = if is_first(self.text, first) {
            format!(",\n{}", " ".repeat(column(self.text, first)))
        } else if children.get(1).is_some_and(|c| self.text.get(c.start - 1..c.start) != Some(" ")) {
            ",".to_owned()
        } else {
            ", ".to_owned()
        };
        let indent = blanks(self.text, first);
        let kept = self.kept();
        for (before, text) in &self.new {
            let text = indented(text, indent);
            let (at, text) = match children.get(*before).filter(|_| *before < kept) {
                Some(child) => (child.start, format!("{text}{separator}")),
                None => (children.get(kept.checked_sub(1)?)?.end, format!("{separator}{text}")),
            };
            edits.push(Edit { at: at..at, text });
        }
        Some(edits)
    }

    fn block(&self, children: &[Child]) -> Option<Vec<Edit>> {
        let text = self.text;
        let first = children.first()?;
        let indent = column(text, first.start);
        // The first member of a list's element stands behind the dash.
        let behind_dash = !is_first(text, first.start);
        let mut edits = Vec::new();
        for run in self.runs() {
            if run.start == 0 && behind_dash {
                edits.push(Edit { at: first.start..children.get(run.end)?.start, text: String::new() });
                continue;
            }
            // What lies between children that go is an empty line, or the start of a part with a comment as its title: that stays.
            for i in run.clone() {
                let region = lines(text, children, i)?;
                let at = self.with_blank_lines(region, i + 1 == children.len() || run.end == children.len());
                edits.push(Edit { at, text: String::new() });
            }
        }
        let kept = self.kept();
        for (before, new) in &self.new {
            let new = indented(new, indent);
            let blank = if self.spaced { "\n" } else { "" };
            let (at, text) = match children.get(*before).filter(|_| *before < kept) {
                Some(_) if behind_dash && self.gone.iter().take(*before).all(|gone| *gone) => {
                    (first.start, format!("{new}\n{}", " ".repeat(indent)))
                }
                Some(_) => {
                    let at = lines(text, children, *before)?.start;
                    (at, format!("{}{new}\n{blank}", " ".repeat(indent)))
                }
                None => {
                    let end = line_end(text, children.get(kept.checked_sub(1)?)?.end);
                    let at = (end + 1).min(text.len());
                    let first = if at == end { "\n" } else { "" };
                    (at, format!("{first}{blank}{}{new}\n", " ".repeat(indent)))
                }
            };
            edits.push(Edit { at: at..at, text });
        }
        Some(edits)
    }

    /// Lines that go take an empty line next to them along, so that none is left twice.
    fn with_blank_lines(&self, mut region: Range<usize>, last: bool) -> Range<usize> {
        let text = self.text;
        if !self.spaced {
            return region;
        }
        let is_blank = |from: usize| text.get(from..line_end(text, from)).is_some_and(|line| line.trim().is_empty());
        if last {
            while region.start > 0 && is_blank(line_start(text, region.start - 1)) {
                region.start = line_start(text, region.start - 1);
            }
        } else {
            while region.end < text.len() && is_blank(region.end) {
                region.end = (line_end(text, region.end) + 1).min(text.len());
            }
        }
        region
    }
}

/// How many blanks the line of a place begins with.
pub(super) fn blanks(text: &str, at: usize) -> usize {
    let line = text.get(line_start(text, at)..at).unwrap_or_default();
    line.len() - line.trim_start_matches(' ').len()
}
