//! YAML text → [`Node`]: libyaml's events built into the same tree that JSON gives.
//!
//! Anchors, aliases and merge keys are gone afterwards; an aliased node keeps the place of its anchor. Nesting is
//! bounded and so is what aliases may multiply, so that no document can eat the stack or the memory.

mod events;
mod scalar;

use super::json::Fail;
use super::{Entry, FileId, Kind, MAX_DEPTH, Node, Object, Span};
use crate::base::diagnostic::Diagnostic;
use events::{Event, Events, Problem, What};
use scalar::Meaning;
use std::collections::HashMap;

/// How many nodes aliases may add to a document. The largest published ones add a few thousand.
const ALIAS_BUDGET: usize = 500_000;

/// Reads the one document of `text`; `None` when there is nothing but blanks and comments.
pub(super) fn parse(text: &str, file: FileId, notes: &mut Vec<Diagnostic>) -> Result<Option<Node>, Fail> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - body.len();
    let no_memory = || Box::new(Diagnostic::error("E0107", "there is no memory for the YAML parser"));
    let events = Events::new(body).ok_or_else(no_memory)?;
    let mut builder = Builder {
        events,
        file,
        offset,
        text,
        notes,
        stack: Vec::new(),
        anchors: HashMap::new(),
        budget: ALIAS_BUDGET,
        root: None,
    };
    builder.run()?;
    Ok(builder.root)
}

struct Builder<'a> {
    events: Events<'a>,
    file: FileId,
    /// Length of the byte order mark, which libyaml is not shown.
    offset: usize,
    text: &'a str,
    notes: &'a mut Vec<Diagnostic>,
    stack: Vec<Frame>,
    anchors: HashMap<String, Anchor>,
    budget: usize,
    root: Option<Node>,
}

/// A container whose end has not come yet.
struct Frame {
    start: usize,
    /// Where the last child ended: a block container has no closing token of its own.
    end: usize,
    anchor: Option<String>,
    inner: Inner,
}

enum Inner {
    Sequence(Vec<Node>),
    Mapping { object: Object, key: Option<Key>, merges: Vec<Entry> },
}

struct Key {
    text: String,
    span: Span,
    merge: bool,
}

enum Anchor {
    /// The container it names is still being read: an alias to it would never end.
    Open,
    Closed {
        node: Node,
        nodes: usize,
    },
}

/// A finished node, and whether it may be a key.
struct Done {
    node: Node,
    /// The text of a scalar as it was written, and whether it was plain: what a key is made of.
    written: Option<(String, bool)>,
}

impl Builder<'_> {
    fn run(&mut self) -> Result<(), Fail> {
        loop {
            let event = self.next()?;
            let span = self.span(event.start, event.end);
            match event.what {
                What::StreamStart | What::DocumentEnd => {}
                What::StreamEnd => return Ok(()),
                What::DocumentStart => {
                    if let Some(first) = &self.root {
                        return self.second_document(span, first.span);
                    }
                }
                What::Alias(name) => self.alias(&name, span)?,
                What::Scalar { anchor, tag, value, plain } => self.scalar(span, anchor, tag, value, plain)?,
                What::SequenceStart { anchor } => self.open(span, anchor, Inner::Sequence(Vec::new()))?,
                What::MappingStart { anchor } => {
                    let inner = Inner::Mapping { object: Object::new(), key: None, merges: Vec::new() };
                    self.open(span, anchor, inner)?;
                }
                What::SequenceEnd | What::MappingEnd => self.close(span)?,
            }
        }
    }

    fn next(&mut self) -> Result<Event, Fail> {
        self.events.next().map_err(|problem| self.problem(problem))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: (start + self.offset) as u32, end: (end.max(start) + self.offset) as u32 }
    }

    /// The character at `offset` (of libyaml's counting).
    fn character(&self, offset: usize) -> Span {
        let rest = self.text.get(offset + self.offset..).unwrap_or_default();
        self.span(offset, offset + rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8))
    }

    fn problem(&self, problem: Problem) -> Fail {
        let fail = Diagnostic::error("E0107", problem.message.to_lowercase()).at(self.character(problem.offset));
        let tab = self.text.as_bytes().get(problem.offset + self.offset) == Some(&b'\t');
        let help = match problem.message.as_str() {
            _ if tab => Some("YAML is indented with blanks, never with tabs".to_owned()),
            "mapping values are not allowed in this context" => {
                Some("a text with `: ` in it needs quotes; else look at the indentation".to_owned())
            }
            _ => None,
        };
        let fail = match problem.context {
            Some((at, context)) if at != problem.offset => fail.second(self.character(at), context),
            Some((_, context)) if help.is_none() => fail.help(format!("this happened {context}")),
            _ => fail,
        };
        Box::new(match help {
            Some(help) => fail.help(help),
            None => fail,
        })
    }

    /// A second document may follow only when there is nothing in it.
    fn second_document(&mut self, span: Span, first: Span) -> Result<(), Fail> {
        let event = self.next()?;
        let empty = matches!(&event.what, What::Scalar { value, plain: true, tag: None, .. } if value.is_empty());
        if empty {
            return Ok(());
        }
        let first = Span { end: first.start + 1, ..first };
        Err(Box::new(
            Diagnostic::error("E0110", "the file holds more than one YAML document")
                .at(span)
                .second(first, "the first one starts here")
                .help("keep one document per file; `---` separates documents"),
        ))
    }

    fn open(&mut self, span: Span, anchor: Option<String>, inner: Inner) -> Result<(), Fail> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(super::too_deep(Span { end: span.start + 1, ..span }));
        }
        if let Some(Frame { inner: Inner::Mapping { key: None, .. }, .. }) = self.stack.last() {
            return Err(Box::new(
                Diagnostic::error("E0111", "a key must be a scalar, not a mapping or a sequence")
                    .at(Span { end: span.end.max(span.start + 1), ..span })
                    .help("put quotes around a key that starts with `{`, `[` or `?`"),
            ));
        }
        if let Some(name) = &anchor {
            self.anchors.insert(name.clone(), Anchor::Open);
        }
        self.stack.push(Frame { start: span.start as usize, end: span.end as usize, anchor, inner });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Fail> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        // A closing bracket has a width; the end of a block is where its last child ended.
        let end = if span.end > span.start { span.end } else { frame.end as u32 };
        let span = Span { file: self.file, start: frame.start as u32, end };
        let kind = match frame.inner {
            Inner::Sequence(items) => Kind::Array(items),
            Inner::Mapping { object, merges, .. } if merges.is_empty() => Kind::Object(object),
            Inner::Mapping { object, merges, .. } => Kind::Object(self.merged(object, merges)),
        };
        let node = Node::new(span, kind);
        if let Some(name) = frame.anchor {
            self.anchor(name, &node);
        }
        self.put(Done { node, written: None })
    }

    fn anchor(&mut self, name: String, node: &Node) {
        let (nodes, _) = node.measure();
        self.anchors.insert(name, Anchor::Closed { node: node.clone(), nodes });
    }

    fn alias(&mut self, name: &str, span: Span) -> Result<(), Fail> {
        let (node, nodes) = match self.anchors.get(name) {
            None => {
                return Err(Box::new(
                    Diagnostic::error("E0116", format!("there is no anchor `&{name}` before")).at(span),
                ));
            }
            Some(Anchor::Open) => {
                return Err(Box::new(
                    Diagnostic::error("E0116", format!("`*{name}` is within its own anchor")).at(span),
                ));
            }
            Some(Anchor::Closed { node, nodes }) => (node, *nodes),
        };
        let Some(left) = self.budget.checked_sub(nodes) else {
            return Err(Box::new(
                Diagnostic::error("E0109", "the aliases up to here add too many nodes to the document")
                    .at(span)
                    .second(Span { end: node.span.start + 1, ..node.span }, format!("`&{name}` holds {nodes} nodes"))
                    .help(format!("aliases may add {ALIAS_BUDGET} nodes; more is taken for an attack")),
            ));
        };
        let node = node.clone();
        self.budget = left;
        let written = match &node.kind {
            Kind::String(s) | Kind::Number(s) => Some((s.clone(), false)),
            Kind::Bool(b) => Some((b.to_string(), false)),
            Kind::Null => Some((String::new(), false)),
            Kind::Array(_) | Kind::Object(_) => None,
        };
        // The alias moves the end of a block, the node keeps its own place.
        if let Some(frame) = self.stack.last_mut() {
            frame.end = span.end as usize;
        }
        self.put(Done { node, written })
    }

    fn scalar(
        &mut self,
        span: Span,
        anchor: Option<String>,
        tag: Option<String>,
        value: String,
        plain: bool,
    ) -> Result<(), Fail> {
        let awaits_key = matches!(self.stack.last(), Some(Frame { inner: Inner::Mapping { key: None, .. }, .. }));
        if awaits_key && anchor.is_none() && tag.is_none() {
            // A key is its text, whatever it would mean as a value.
            return self.put(Done { node: Node::new(span, Kind::Null), written: Some((value, plain)) });
        }
        let meaning = match tag.as_deref() {
            Some(tag) if !tag.starts_with('!') => scalar::tagged(tag, &value),
            // `!` alone makes a string of anything; a tag of somebody's own says nothing to us.
            Some("!") => Some(Meaning::Json(scalar::Plain::String)),
            _ => None,
        };
        let meaning = match meaning {
            Some(meaning) => meaning,
            None if plain => scalar::plain(&value),
            None => Meaning::Json(scalar::Plain::String),
        };
        let written = awaits_key.then(|| (value.clone(), plain));
        let kind = match meaning {
            Meaning::Json(json) => json.kind(value),
            Meaning::NotFinite => {
                if !awaits_key {
                    self.notes.push(
                        Diagnostic::warning("W0103", format!("`{value}` is no number of JSON's: read as a string"))
                            .at(span)
                            .help("put quotes around it if the text is meant"),
                    );
                }
                Kind::String(value)
            }
        };
        let node = Node::new(span, kind);
        if let Some(name) = anchor {
            self.anchor(name, &node);
        }
        self.put(Done { node, written })
    }

    /// Puts a finished node where it belongs: the element of a sequence, a key, a value, the root.
    fn put(&mut self, done: Done) -> Result<(), Fail> {
        let Done { node, written } = done;
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.end = frame.end.max(node.span.end as usize);
        match &mut frame.inner {
            Inner::Sequence(items) => items.push(node),
            Inner::Mapping { key: slot @ None, .. } => {
                let Some((text, plain)) = written else {
                    return Err(Box::new(
                        Diagnostic::error("E0111", "a key must be a scalar, not a mapping or a sequence").at(node.span),
                    ));
                };
                let merge = plain && text == "<<";
                *slot = Some(Key { text, span: node.span, merge });
            }
            Inner::Mapping { object, key, merges } => {
                let Some(Key { text, span, merge }) = key.take() else { return Ok(()) };
                let entry = Entry { key: text, key_span: span, value: node };
                if merge && is_mergeable(&entry.value) {
                    merges.push(entry);
                    return Ok(());
                }
                if merge {
                    self.notes.push(
                        Diagnostic::warning(
                            "W0111",
                            "`<<` takes a mapping or a sequence of mappings: read as an ordinary key",
                        )
                        .at(span),
                    );
                }
                if let Some(first) = object.replace(entry) {
                    self.notes.push(super::duplicate_key(&first.key, span, first.key_span));
                }
            }
        }
        Ok(())
    }

    /// Merge keys: their members first, in order, the earlier one before the later; what the mapping says itself wins.
    fn merged(&mut self, own: Object, merges: Vec<Entry>) -> Object {
        let mut out = Object::new();
        for merge in merges {
            let sources = match merge.value.kind {
                Kind::Array(items) => items,
                kind => vec![Node::new(merge.value.span, kind)],
            };
            for source in sources {
                let Kind::Object(members) = source.kind else { continue };
                for member in members {
                    if !own.contains(&member.key) && !out.contains(&member.key) {
                        out.push(member);
                    }
                }
            }
        }
        for member in own {
            out.push(member);
        }
        out
    }
}

fn is_mergeable(node: &Node) -> bool {
    match &node.kind {
        Kind::Object(_) => true,
        Kind::Array(items) => items.iter().all(|n| matches!(n.kind, Kind::Object(_))),
        _ => false,
    }
}
