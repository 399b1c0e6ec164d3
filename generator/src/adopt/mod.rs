//! Adoption: the facts of another document come into ours, whose words, arrangement and comments stay.
//!
//! [`adopt`] changes the text of our document at the places where the facts differ and nowhere else: a changed fact changes its line,
//! what is new is written in the style of the rest, what is gone goes with the comments directly above it. What was renamed or moved
//! takes its words along. Facts and words are told apart by [`Here::role`].

mod align;
mod append;
mod examples;
mod facts;
mod merge;
mod order;
mod pointers;
mod style;
mod text;
mod words;

pub use append::{appended, yaml};
pub use examples::Example;
pub use facts::{Here, Role, facts_of};
pub use pointers::Moves;
pub(crate) use pointers::{path, quoted};
pub(crate) use words::warn;
pub use words::{Wordless, wordless};

use crate::base::Pointer;
use crate::base::Sources;
use crate::base::diagnostic::Diagnostics;
use crate::document::grammar::{Place, SECTIONS, Spot};
use crate::document::value::at;
use crate::document::walk::{At, Visit, walk};
use crate::document::{Entry, Kind, Node, hash_content, load};
use crate::history::correspondence::{self, Found, KnownType};
use merge::Merge;
use order::Uses;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use style::Style;

/// How often the text is gone through: a change of what aliases stand for shows in the next round only.
const ROUNDS: usize = 6;

/// Our document with the facts of another.
#[derive(Debug, Default)]
pub struct Adopted {
    /// The text.
    pub text: String,
    /// What went from one place to another: the old pointer, the new one. What lies below goes along.
    pub moved: BTreeMap<String, String>,
    /// Examples that were brought to validity.
    pub examples: Vec<Example>,
    /// Examples that a changed fact made wrong, or may have, and that nobody but a person can mend.
    pub doubtful: Vec<Example>,
    /// Texts of ours that have no place any more although what they speak of lives on, with the place they stood at.
    pub lost: Vec<(Pointer, String)>,
    /// Extensions of the other document that were not taken, with their number: the settings do not name them.
    pub left_out: BTreeMap<String, usize>,
}

/// What is to be adopted.
#[derive(Debug, Clone, Copy)]
pub struct Adoption<'a> {
    /// The name of our document, for messages.
    pub name: &'a str,
    /// The other document.
    pub theirs: &'a Node,
    /// `extensions` of the settings.
    pub extensions: &'a [String],
    /// Where nodes of the other document were in ours: its pointer, our pointer. For schemas and operations, as
    /// [`correspondence`] finds them.
    pub origins: &'a BTreeMap<String, String>,
}

/// Brings the facts of another document into the text of ours.
///
/// # Errors
/// Where ours cannot be read, or a place cannot be brought into agreement.
pub fn adopt(text: &str, adoption: Adoption<'_>) -> Result<Adopted, String> {
    let mut rest = None;
    let text = with_plain_lines(text, |text| {
        if let Some(file) = other_file(&parsed(adoption.name, text)?) {
            return Err(format!(
                "`{}` refers to `{file}`: facts are brought into documents of one file",
                adoption.name
            ));
        }
        if adoption.theirs.get("x-bundled").is_some() {
            return Err("the other document has several files: bring them into one first".to_owned());
        }
        let adopted = brought_in(text, adoption).or_else(|why| match written_out(text, adoption)? {
            // What an anchor names may be gone while aliases stay: these are written out then.
            out if out != text => brought_in(&out, adoption),
            _ => Err(why),
        })?;
        Ok(rest.insert(adopted).text.clone())
    })?;
    Ok(Adopted { text, ..rest.unwrap_or_default() })
}

/// Changes a text whose lines end with `\n` alone and that has no byte order mark; both come back afterwards.
fn with_plain_lines(text: &str, change: impl FnOnce(&str) -> Result<String, String>) -> Result<String, String> {
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let plain = text.replace("\r\n", "\n");
    let crlf = plain.len() < text.len() && text.len() - plain.len() == plain.matches('\n').count();
    let out = change(if crlf { &plain } else { text })?;
    Ok(format!("{mark}{}", if crlf { out.replace('\n', "\r\n") } else { out }))
}

/// The first reference to another file.
fn other_file(root: &Node) -> Option<String> {
    struct Other(Option<String>);
    impl Visit for Other {
        fn enter(&mut self, _: Place, node: &Node, _: &At<'_>) {
            let target = node.get("$ref").and_then(Node::as_str).filter(|target| !target.starts_with('#'));
            if self.0.is_none() {
                self.0 = target.map(str::to_owned);
            }
        }
    }
    let mut other = Other(None);
    walk(root, Place::One(Spot::Document), &At::root(None), &mut other);
    other.0
}

/// The text with what its aliases and merge keys stand for.
fn written_out(text: &str, adoption: Adoption<'_>) -> Result<String, String> {
    let ours = parsed(adoption.name, text)?;
    let style = Style::of(text, &ours, Here::document(adoption.extensions));
    let (flow, uses) = (style.in_brackets(), Uses::default());
    let mut merge = Merge::new(text, &ours, &ours, (&style, &flow), &uses);
    merge.write_out = true;
    merge.run(Here::whole());
    applied(adoption.name, text, merge.edits)
}

fn brought_in(text: &str, adoption: Adoption<'_>) -> Result<Adopted, String> {
    let Adoption { name, theirs, extensions, origins } = adoption;
    let here = Here::document(extensions);
    let facts = hash_content(&facts_of(theirs, here));
    let uses = Uses::of(theirs);
    let mut adopted = Adopted { text: text.to_owned(), ..Adopted::default() };
    count_left_out(theirs, here, &mut adopted.left_out);
    let mut style = None;
    for _ in 0..ROUNDS {
        let ours = parsed(name, &adopted.text)?;
        let (style, flow) = style.get_or_insert_with(|| {
            let style = Style::of(&adopted.text, &ours, here);
            (style.clone(), style.in_brackets())
        });
        let mut found: HashMap<String, String> = renamed_components(&ours, theirs, here).into_iter().collect();
        found.extend(renamed_paths(&ours, theirs, origins));
        // What is there still has not moved.
        let gone = origins.iter().filter(|(_, from)| at(theirs, from).is_none() && at(&ours, from).is_some());
        found.extend(gone.map(|(to, from)| (to.clone(), from.clone())));
        let mut edits = Vec::new();
        let mut moved = BTreeMap::new();
        // Once to see what stood in place and has become a component, and once to write it.
        for _ in 0..2 {
            let mut merge = Merge::new(&adopted.text, &ours, theirs, (&*style, &*flow), &uses);
            merge.origins = found.clone();
            merge.run(here);
            for (target, place) in merge.inlines {
                if at(&ours, &target).is_none() {
                    found.entry(target).or_insert(place);
                }
            }
            (edits, moved) = (merge.edits, merge.moved);
        }
        if edits.is_empty() {
            break;
        }
        adopted.text = applied(name, &adopted.text, edits)?;
        for (from, to) in moved {
            adopted.moved.entry(from).or_insert(to);
        }
    }
    let now = parsed(name, &adopted.text)?;
    let before = parsed(name, text)?;
    adopted.lost = lost(&before, &now, here, &Pointer::root(), &adopted.moved);
    let mut there = BTreeSet::new();
    texts(&now, &mut there);
    adopted.lost.retain(|(_, text)| !there.contains(text.as_str()));
    let mended = examples::mend(&now, &before, &adopted.moved);
    if let (Some(root), Some((style, flow))) = (&mended.root, &style) {
        let mut merge = Merge::new(&adopted.text, &now, root, (style, flow), &uses);
        merge.run(Here::whole());
        adopted.text = applied(name, &adopted.text, merge.edits)?;
    }
    (adopted.examples, adopted.doubtful) = (mended.changed, mended.left);
    let now = parsed(name, &adopted.text)?;
    if hash_content(&facts_of(&now, here)) != facts {
        let place = first_difference(&now, theirs, here, &Pointer::root()).unwrap_or_default();
        return Err(format!("`{name}` cannot be brought into agreement at `{place}`"));
    }
    Ok(adopted)
}

/// The texts for people that are not where they were, of places that are still there or have become references.
fn lost(
    before: &Node,
    now: &Node,
    here: Here<'_>,
    place: &Pointer,
    moved: &BTreeMap<String, String>,
) -> Vec<(Pointer, String)> {
    let children: Vec<(String, &Node, Here<'_>)> = match &before.kind {
        Kind::Object(members) => {
            members.iter().map(|e| (e.key.clone(), &e.value, here.child(&e.key, &e.value))).collect()
        }
        Kind::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item, here.element())).collect(),
        _ => return Vec::new(),
    };
    let mut out = Vec::new();
    for (key, value, child) in children {
        let pointer = place.join(&key);
        match here.role(&key) {
            Role::Text => {
                let there = examples::later(place.as_str(), moved);
                // Where something else has come to the place, what stood there is gone.
                let taken = there == place.as_str() && moved.values().any(|to| examples::is_within(&there, to));
                let text = value.as_str().filter(|text| !text.trim().is_empty());
                if let (Some(text), Some(parent), false) = (text, at(now, &there), taken)
                    && parent.get(&key).and_then(Node::as_str) != Some(text)
                {
                    out.push((pointer, text.to_owned()));
                }
            }
            Role::Fact => out.extend(lost(value, now, child, &pointer, moved)),
            Role::Example | Role::Extension => {}
        }
    }
    out
}

/// All texts of a document.
fn texts<'n>(node: &'n Node, out: &mut BTreeSet<&'n str>) {
    match &node.kind {
        Kind::String(text) => drop(out.insert(text)),
        Kind::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Kind::Object(members) => members.iter().for_each(|e| texts(&e.value, out)),
        _ => {}
    }
}

fn applied(name: &str, text: &str, mut edits: Vec<text::Edit>) -> Result<String, String> {
    text::apply(text, 0..text.len(), &mut edits).ok_or_else(|| format!("`{name}` cannot be changed in place"))
}

fn parsed(name: &str, text: &str) -> Result<Node, String> {
    let mut out = Diagnostics::new();
    let root = load::read_str(name, text, &mut Sources::new(), &mut out);
    root.ok_or_else(|| {
        let why = out.iter().next().map_or_else(String::new, |d| format!(": {}", d.message));
        format!("`{name}` cannot be read{why}")
    })
}

/// The extensions that are no facts here, by name.
fn count_left_out(node: &Node, here: Here<'_>, out: &mut BTreeMap<String, usize>) {
    match &node.kind {
        Kind::Object(members) => {
            for e in members.iter() {
                let child = here.child(&e.key, &e.value);
                match here.role(&e.key) {
                    Role::Extension if here.place != Place::Extension => *out.entry(e.key.clone()).or_default() += 1,
                    Role::Fact => count_left_out(&e.value, child, out),
                    Role::Text | Role::Example | Role::Extension => {}
                }
            }
        }
        Kind::Array(items) => items.iter().for_each(|item| count_left_out(item, here.element(), out)),
        _ => {}
    }
}

/// The first place at which the facts of two documents differ.
fn first_difference(ours: &Node, theirs: &Node, here: Here<'_>, place: &Pointer) -> Option<Pointer> {
    if merge::same(ours, theirs, here) {
        return None;
    }
    let below = match (&ours.kind, &theirs.kind) {
        (Kind::Object(o), Kind::Object(t)) => o.iter().chain(t.iter()).filter(|e| here.is_fact(&e.key)).find_map(|e| {
            let pointer = place.join(&e.key);
            match (o.get(&e.key), t.get(&e.key)) {
                (Some(a), Some(b)) => first_difference(a, b, here.child(&e.key, a), &pointer),
                _ => Some(pointer),
            }
        }),
        (Kind::Array(o), Kind::Array(t)) if o.len() == t.len() => {
            o.iter().zip(t).enumerate().find_map(|(i, (a, b))| first_difference(a, b, here.element(), &place.join(i)))
        }
        _ => None,
    };
    below.or_else(|| Some(place.clone()))
}

/// Components, as their correspondence asks for them.
struct Components {
    /// Pointer, name, traits.
    all: Vec<(String, String, String)>,
}

impl Components {
    fn of(root: &Node, section: &Pointer, here: Here<'_>, uses: &HashMap<String, String>) -> Self {
        let map = at(root, section.as_str()).and_then(Node::as_object);
        let place = section.segments().fold(here, |here, step| here.child(&step, root));
        let member = |e: &Entry| {
            let facts = hash_content(&facts_of(&e.value, place.child(&e.key, &e.value)));
            let pointer = section.join(&e.key).as_str().to_owned();
            let used_at = uses.get(&pointer).map_or("-", String::as_str);
            let traits = format!("{facts}@{used_at}");
            (pointer, e.key.clone(), traits)
        };
        Self { all: map.into_iter().flatten().map(member).collect() }
    }

    fn known(&self) -> Vec<KnownType<'_>> {
        let one = |(pointer, name, traits)| KnownType { pointer, name, traits, component: true, gone: false };
        self.all.iter().map(|(pointer, name, traits)| one((pointer, name, traits))).collect()
    }
}

/// Where components that are no schemas were in ours, as far as they are called otherwise now.
fn renamed_components(ours: &Node, theirs: &Node, here: Here<'_>) -> BTreeMap<String, String> {
    let mut origins = BTreeMap::new();
    let uses = (order::first_uses(ours), order::first_uses(theirs));
    let components = Pointer::root().join("components");
    let sections = ["parameters", "responses", "requestBodies", "headers", "securitySchemes", "links", "callbacks"];
    let sections = sections.map(|section| components.join(section)).into_iter();
    for section in sections.chain(SECTIONS.map(|section| Pointer::root().join(section))) {
        let old = Components::of(ours, &section, here, &uses.0);
        let new = Components::of(theirs, &section, here, &uses.1);
        let found = correspondence::types(&old.known(), &new.known());
        for (found, (pointer, ..)) in found.into_iter().zip(&new.all) {
            if let Some(Found::Renamed(i)) = found
                && let Some((from, ..)) = old.all.get(i)
            {
                origins.insert(pointer.clone(), from.clone());
            }
        }
    }
    origins
}

/// Paths that were renamed, by the operations that are the same.
fn renamed_paths(ours: &Node, theirs: &Node, origins: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut paths = BTreeMap::new();
    for (to, from) in origins {
        let path =
            |text: &str| Pointer::parse(text).and_then(|p| p.parent()).filter(|p| p.as_str().starts_with("/paths/"));
        let (Some(to), Some(from)) = (path(to), path(from)) else { continue };
        let is_path = to.segments().count() == 2 && from.segments().count() == 2;
        if is_path && at(theirs, from.as_str()).is_none() && at(ours, to.as_str()).is_none() {
            paths.entry(to.as_str().to_owned()).or_insert_with(|| from.as_str().to_owned());
        }
    }
    paths
}
