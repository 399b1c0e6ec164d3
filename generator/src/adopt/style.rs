//! How a document is written, learned from its text: indentation, quotes, width, the order of keywords. What is new is written alike.

use super::facts::Here;
use super::text::{Written, children, column, indented, is_first, is_flow, line_end, line_start, start};
use crate::document::grammar::{Place, Spot};
use crate::document::{Kind, Node};
use std::collections::{BTreeMap, HashMap};

/// How wide a list in brackets may be where the document has none to learn from.
const WIDTH: usize = 100;

/// The habits of one document.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// Written with brackets and quotes throughout.
    pub(super) json: bool,
    /// All on one line.
    minified: bool,
    /// What is written stands between brackets of YAML's.
    flow: bool,
    /// How much deeper a level stands.
    pub(super) indent: usize,
    /// How much deeper a list stands than its key.
    pub(super) list_indent: usize,
    quotes_with: char,
    /// Lists of scalars up to this width of the line stand in brackets.
    flow_width: usize,
    /// How often one keyword stands before another, by kind of object.
    before: HashMap<Spot, HashMap<(String, String), usize>>,
    /// How many containers at such a place stand in brackets, and how many do not.
    brackets: HashMap<Place, (usize, usize)>,
    /// Between which children empty lines stand: how often, and how often not.
    spaced: HashMap<(Place, usize), (usize, usize)>,
}

/// What is counted on the way.
#[derive(Default)]
struct Counts {
    indents: BTreeMap<usize, usize>,
    list_indents: BTreeMap<usize, usize>,
    quotes: BTreeMap<char, usize>,
    /// The width of lines with a list in brackets, and the width that lists written as blocks would have.
    flows: Vec<usize>,
    blocks: Vec<usize>,
}

impl Style {
    pub(super) fn of(text: &str, root: &Node, here: Here<'_>) -> Self {
        let mut style = Self {
            json: is_flow(text, root),
            minified: !text.trim().contains('\n'),
            flow: false,
            indent: 2,
            list_indent: 2,
            quotes_with: '\'',
            flow_width: WIDTH,
            before: HashMap::new(),
            brackets: HashMap::new(),
            spaced: HashMap::new(),
        };
        let mut counts = Counts::default();
        style.learn(text, root, here, &mut counts);
        let most =
            |counts: &BTreeMap<usize, usize>, usual| counts.iter().max_by_key(|(_, n)| **n).map_or(usual, |(v, _)| *v);
        style.indent = most(&counts.indents, 2).max(1);
        style.list_indent = most(&counts.list_indents, style.indent);
        if let Some((quote_sign, _)) = counts.quotes.iter().max_by_key(|(_, n)| **n) {
            style.quotes_with = *quote_sign;
        }
        style.flow_width = width(counts.flows, counts.blocks);
        style
    }

    /// For what comes to stand between brackets of a document that is no JSON.
    pub(super) fn in_brackets(&self) -> Self {
        Self { flow: !self.json, ..self.clone() }
    }

    fn learn(&mut self, text: &str, node: &Node, here: Here<'_>, counts: &mut Counts) {
        if let Some(sign @ ('\'' | '"')) = text.get(start(node.span)..).and_then(|rest| rest.chars().next()) {
            *counts.quotes.entry(sign).or_default() += 1;
        }
        if !self.json && node.measure().0 > 1 {
            let counts = self.brackets.entry(here.place).or_default();
            let count = if is_flow(text, node) { &mut counts.0 } else { &mut counts.1 };
            *count += 1;
        }
        match &node.kind {
            Kind::Object(members) => {
                if let Place::One(spot) = here.place {
                    let before = self.before.entry(spot).or_default();
                    let keys: Vec<&str> = members.iter().map(|e| e.key.as_str()).collect();
                    for (i, key) in keys.iter().enumerate() {
                        for later in keys.iter().skip(i + 1) {
                            *before.entry(((*key).to_owned(), (*later).to_owned())).or_default() += 1;
                        }
                    }
                }
                self.learn_spaces(text, node, here.place);
                for e in members.iter() {
                    if is_first(text, start(e.value.span)) && e.value.span.start > e.key_span.end {
                        let deeper = column(text, start(e.value.span)).checked_sub(column(text, start(e.key_span)));
                        let which = match e.value.kind {
                            Kind::Array(_) => &mut counts.list_indents,
                            _ => &mut counts.indents,
                        };
                        deeper.into_iter().for_each(|by| *which.entry(by).or_default() += 1);
                    }
                    if let Kind::Array(items) = &e.value.kind
                        && items.iter().all(is_scalar)
                        && !items.is_empty()
                        && e.value.span.start >= e.key_span.end
                    {
                        let place = start(e.value.span);
                        if !is_flow(text, &e.value) {
                            let flow = self.flow(items).map_or(0, |flow| flow.len());
                            counts.blocks.push(column(text, start(e.key_span)) + e.key.len() + 2 + flow);
                        } else if line_end(text, place) == line_end(text, e.value.span.end as usize) {
                            counts.flows.push(line_end(text, place) - (place - column(text, place)));
                        }
                    }
                    self.learn(text, &e.value, here.child(&e.key, &e.value), counts);
                }
            }
            Kind::Array(items) => {
                self.learn_spaces(text, node, here.place);
                items.iter().for_each(|item| self.learn(text, item, here.element(), counts));
            }
            _ => {}
        }
        // What brackets hold is indented by the brackets' line.
        if self.json
            && let Some(Some(first)) = children(text, node).first()
            && is_first(text, first.start)
        {
            let outer = super::text::blanks(text, start(node.span));
            let deeper = column(text, first.start).checked_sub(outer);
            deeper.into_iter().for_each(|by| *counts.indents.entry(by).or_default() += 1);
        }
    }

    fn learn_spaces(&mut self, text: &str, node: &Node, place: Place) {
        let counts = self.spaced.entry((place, column(text, start(node.span)))).or_default();
        let (with, without) = spaces(text, node);
        counts.0 += with;
        counts.1 += without;
    }

    /// Whether containers at such a place stand in brackets, as a rule.
    pub(super) fn is_in_brackets(&self, place: Place) -> bool {
        self.brackets.get(&place).is_some_and(|(with, without)| with > without)
    }

    /// Whether empty lines stand between the children of a node; where it has too few of them, whether they do at such a place, so
    /// far from the left.
    pub(super) fn is_spaced(&self, text: &str, node: &Node, place: Place) -> bool {
        let (with, without) = match spaces(text, node) {
            (0, 0) => self.spaced.get(&(place, column(text, start(node.span)))).copied().unwrap_or_default(),
            counts => counts,
        };
        if (with, without) == (0, 0) {
            return begins_with_space(text, node);
        }
        with > without
    }

    /// Where among `keys` a new keyword goes, so that as few pairs as possible stand in an order that the document does not have.
    pub(super) fn position(&self, spot: Spot, key: &str, keys: &[&str]) -> usize {
        let Some(before) = self.before.get(&spot) else { return keys.len() };
        let count = |a: &str, b: &str| before.get(&(a.to_owned(), b.to_owned())).copied().unwrap_or(0);
        // What counts is which order is the usual one, and not how often both are there.
        let wrong = |first: &str, second: &str| usize::from(count(second, first) > count(first, second));
        let cost = |at: usize| -> usize {
            keys.iter().enumerate().map(|(i, k)| if i < at { wrong(k, key) } else { wrong(key, k) }).sum()
        };
        (0..=keys.len()).rev().min_by_key(|at| cost(*at)).unwrap_or(keys.len())
    }

    /// The keys of a new object in the document's order.
    pub(super) fn sorted<'k>(&self, spot: Spot, keys: &[&'k str]) -> Vec<&'k str> {
        let mut out: Vec<&str> = Vec::new();
        for key in keys {
            let at = self.position(spot, key, &out);
            out.insert(at, key);
        }
        out
    }

    /// A member.
    pub(super) fn member(&self, key: &str, value: &Written) -> String {
        format!("{}:{}", self.key(key), self.value(value))
    }

    /// A key.
    pub(super) fn key(&self, key: &str) -> String {
        if self.json { json_text(key) } else { self.scalar_text(key, self.flow) }
    }

    /// A member's value with what stands between it and the colon.
    pub(super) fn value(&self, value: &Written) -> String {
        match value {
            Written::Inline(text) | Written::Block(text) | Written::List(text) if self.json => {
                format!("{}{text}", if self.minified { "" } else { " " })
            }
            Written::Inline(text) => format!(" {text}"),
            Written::Block(text) => format!("\n{}{}", " ".repeat(self.indent), indented(text, self.indent)),
            Written::List(text) => format!("\n{}{}", " ".repeat(self.list_indent), indented(text, self.list_indent)),
        }
    }

    /// An element of a list that is no list in brackets, unless all is JSON.
    pub(super) fn element(&self, value: &Written) -> String {
        match value {
            Written::Inline(text) if self.json || self.flow => text.clone(),
            Written::Inline(text) | Written::Block(text) | Written::List(text) => format!("- {}", indented(text, 2)),
        }
    }

    /// An object of members that are written.
    pub(super) fn object(&self, members: &[String]) -> Written {
        if members.is_empty() {
            return Written::Inline("{}".to_owned());
        }
        if self.flow {
            return Written::Inline(format!("{{{}}}", members.join(", ")));
        }
        if self.json { self.brackets('{', members, '}') } else { Written::Block(members.join("\n")) }
    }

    /// A list of elements that are written by [`Style::element`].
    pub(super) fn list(&self, elements: &[String]) -> Written {
        if elements.is_empty() {
            return Written::Inline("[]".to_owned());
        }
        if self.flow {
            return Written::Inline(format!("[{}]", elements.join(", ")));
        }
        if self.json { self.brackets('[', elements, ']') } else { Written::List(elements.join("\n")) }
    }

    fn brackets(&self, open: char, items: &[String], close: char) -> Written {
        if self.minified {
            return Written::Inline(format!("{open}{}{close}", items.join(",")));
        }
        let indent = " ".repeat(self.indent);
        let items: Vec<String> = items.iter().map(|item| format!("{indent}{}", indented(item, self.indent))).collect();
        Written::Inline(format!("{open}\n{}\n{close}", items.join(",\n")))
    }

    /// A list of scalars at the member `key`, `column` bytes from the left: in brackets where it is not too wide.
    pub(super) fn scalars(&self, key: &str, items: &[Node], column: usize) -> Option<Written> {
        if self.json || !items.iter().all(is_scalar) || items.is_empty() {
            return None;
        }
        let flow = self.flow(items)?;
        let wide = column + key.chars().count() + 2 + flow.chars().count();
        (self.flow || wide <= self.flow_width).then_some(Written::Inline(flow))
    }

    fn flow(&self, items: &[Node]) -> Option<String> {
        let items: Option<Vec<String>> = items.iter().map(|item| self.scalar(item, true)).collect();
        Some(format!("[{}]", items?.join(", ")))
    }

    /// A scalar; `None` for containers. `flow`: between brackets.
    pub(super) fn scalar(&self, node: &Node, flow: bool) -> Option<String> {
        Some(match &node.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(b) => b.to_string(),
            Kind::Number(n) => n.clone(),
            Kind::String(s) if self.json => json_text(s),
            Kind::String(s) => self.scalar_text(s, flow || self.flow),
            Kind::Array(_) | Kind::Object(_) => return None,
        })
    }

    fn scalar_text(&self, text: &str, flow: bool) -> String {
        if text.chars().any(is_invisible) {
            return json_text(text);
        }
        if is_plain(text, flow) {
            return text.to_owned();
        }
        match self.quotes_with {
            '"' => json_text(text),
            _ => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

/// Whether an empty line stands before the first child and its comments.
fn begins_with_space(text: &str, node: &Node) -> bool {
    let Some(Some(first)) = children(text, node).first().copied() else { return false };
    let above = text.get(..line_start(text, first.start)).unwrap_or_default().lines().rev();
    let mut above = above.skip_while(|line| line.trim_start().starts_with('#'));
    is_first(text, first.start) && above.next().is_some_and(|line| line.trim().is_empty())
}

/// Between how many children of a node empty lines stand, and between how many not.
fn spaces(text: &str, node: &Node) -> (usize, usize) {
    let mut counts = (0, 0);
    for pair in children(text, node).windows(2) {
        let [Some(a), Some(b)] = pair else { continue };
        let between = text.get(a.end..b.start).unwrap_or_default();
        let lines: Vec<&str> = between.split('\n').collect();
        let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
        match inner.iter().any(|line| line.trim().is_empty()) {
            true => counts.0 += 1,
            false => counts.1 += 1,
        }
    }
    counts
}

/// The widest list in brackets, where lists written as blocks are wider: then width decides in this document.
fn width(mut flows: Vec<usize>, blocks: Vec<usize>) -> usize {
    flows.sort_unstable();
    let Some(widest) = flows.last().copied() else {
        return if blocks.is_empty() { WIDTH } else { 0 };
    };
    let wider = blocks.iter().filter(|block| **block > widest).count();
    if wider * 4 >= blocks.len() * 3 { widest } else { flows.get(flows.len() / 2).copied().unwrap_or(WIDTH) }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.kind, Kind::Array(_) | Kind::Object(_))
}

/// A text in double quotes, as JSON and YAML both read it.
fn json_text(text: &str) -> String {
    let quoted = serde_json::Value::String(text.to_owned()).to_string();
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        if is_invisible(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// What YAML takes for a line break or refuses.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether every reader of YAML takes an unquoted text for this very string: 1.1 and 1.2, with its dates, sexagesimal numbers
/// and `yes`.
fn is_plain(text: &str, flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let begins_badly = match first {
        '-' | '?' | ':' => text.len() == 1 || text.get(1..2) == Some(" ") || flow,
        c => "&*!|>'\"%@`#,[]{}".contains(c),
    };
    let word = text.to_ascii_lowercase();
    let reserved = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", ".inf", ".nan"];
    !(begins_badly
        || is_numeric(text)
        || reserved.contains(&word.as_str())
        || text.trim() != text
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || text.starts_with("---")
        || text.starts_with("...")
        || flow && text.contains([',', '[', ']', '{', '}']))
}

/// Whether some reader takes it for a number, a time or a date.
fn is_numeric(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let lower = digits.to_ascii_lowercase();
    let sexagesimal = || digits.contains(':') && digits.chars().all(|c| c.is_ascii_digit() || ":._".contains(c));
    let is_date = || {
        let mut parts = text.splitn(3, '-');
        let year = parts.next().is_some_and(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()));
        year && parts.next().is_some_and(|month| month.len() <= 2 && month.bytes().all(|b| b.is_ascii_digit()))
    };
    ["0x", "0o", "0b"].iter().any(|prefix| lower.starts_with(prefix))
        || digits.replace('_', "").parse::<f64>().is_ok()
        || sexagesimal()
        || is_date()
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn quotes_where_a_reader_may_read_something_else() {
        for plain in
            ["a", "a b", "1.35.0", "^[a-z_]{1,40}$", "a:b", "x#y", "91c6f0d8-2ab7", "-a", "a, b", "2025-a", "é"]
        {
            assert!(is_plain(plain, false), "{plain}");
        }
        for quoted in [
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "#/a",
            "1",
            "-1.5",
            "1e3",
            "0x1f",
            "0o17",
            "1_000",
            "12:30",
            "2025-03-14",
            "yes",
            "No",
            "~",
            "null",
            "*a",
            "&a",
            "!a",
            "@a",
            "`a",
            "%a",
            "'a",
            "\"a",
            "[a",
            "{a",
            "- a",
            "-",
            "? a",
            "a:",
            "=",
            "---",
            ".inf",
            "+.5",
        ] {
            assert!(!is_plain(quoted, false), "{quoted}");
        }
        for quoted in ["a, b", "a]", "{}", "a}b"] {
            assert!(!is_plain(quoted, true), "{quoted}");
        }
    }
}
