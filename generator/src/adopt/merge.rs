//! The walk over both documents at once: where they say the same nothing happens, where not, our text is changed at that place.

use super::align::{Alignment, may_be_same, reference};
use super::facts::{Here, Role, facts_of};
use super::order::{Positions, Uses, tags_in_use};
use super::style::Style;
use super::text::{
    Edit, Restructured, Written, alias, apply, blanks, children, column, dedented, end, indented, is_first, is_flow,
    line_end, line_start, start, with_comments,
};
use crate::base::Pointer;
use crate::base::pointer::segments;
use crate::document::grammar::{Place, SECTIONS, Spot};
use crate::document::{Entry, Kind, Node, Object, hash_content};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How long a line with brackets may get.
const LINE: usize = 120;

/// One pass over a document.
pub(super) struct Merge<'a> {
    pub(super) text: &'a str,
    pub(super) ours: &'a Node,
    pub(super) theirs: &'a Node,
    style: &'a Style,
    /// The style of what stands between brackets.
    flow: &'a Style,
    in_flow: bool,
    /// Whether what aliases and merge keys stand for is written in their place, though nothing changed.
    pub(super) write_out: bool,
    pub(super) uses: &'a Uses,
    /// Where a node of theirs was in ours, for those that stand elsewhere or are called otherwise: their pointer, our pointer.
    pub(super) origins: HashMap<String, String>,
    /// Components of theirs that ours has in place: their pointer, the first of our places.
    pub(super) inlines: BTreeMap<String, String>,
    pub(super) edits: Vec<Edit>,
    /// What went from one place to another: our pointer, their pointer.
    pub(super) moved: BTreeMap<String, String>,
    /// Our places that are being moved, so that no node is moved into itself.
    moving: BTreeSet<String>,
}

/// A place in both documents.
#[derive(Clone)]
struct At<'a> {
    here: Here<'a>,
    ours: Pointer,
    theirs: Pointer,
    /// The key of the member, as far as it is one.
    key: String,
    /// How far to the right the key stands.
    column: usize,
}

impl<'a> Merge<'a> {
    pub(super) fn new(
        text: &'a str,
        ours: &'a Node,
        theirs: &'a Node,
        style: (&'a Style, &'a Style),
        uses: &'a Uses,
    ) -> Self {
        Self {
            text,
            ours,
            theirs,
            style: style.0,
            flow: style.1,
            in_flow: false,
            write_out: false,
            uses,
            origins: HashMap::new(),
            inlines: BTreeMap::new(),
            edits: Vec::new(),
            moved: BTreeMap::new(),
            moving: BTreeSet::new(),
        }
    }

    fn style(&self) -> &'a Style {
        if self.in_flow { self.flow } else { self.style }
    }

    /// Writes what comes to stand in the container `o`.
    fn within<T>(&mut self, o: &Node, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.in_flow, !self.style.json && is_flow(self.text, o));
        let written = write(self);
        self.in_flow = before;
        written
    }

    /// Writes what comes to stand in the container `o`: in brackets where that is the habit and the line does not get long. The habit is
    /// that of the children that are there, else that of such places.
    fn insertion<'n, I: Iterator<Item = &'n Node>>(
        &mut self,
        o: &Node,
        place: Place,
        siblings: impl Fn() -> I,
        write: impl Fn(&mut Self) -> Written,
    ) -> Written {
        let containers = || siblings().filter(|n| n.measure().0 > 1);
        let habit = match containers().count() {
            0 => self.style.is_in_brackets(place),
            all => containers().filter(|n| is_flow(self.text, n)).count() * 2 > all,
        };
        let column = self.columns(o).unwrap_or_default();
        self.within(o, |this| this.short(habit, column, write))
    }

    /// Writes in brackets if asked to, unless that makes a long line.
    fn short(&mut self, habit: bool, column: usize, write: impl Fn(&mut Self) -> Written) -> Written {
        if habit && !self.style.json && !self.in_flow {
            let edits = self.edits.len();
            self.in_flow = true;
            let written = write(self);
            self.in_flow = false;
            if let Written::Inline(text) = &written
                && !text.contains('\n')
                && column + text.chars().count() <= LINE
            {
                return written;
            }
            self.edits.truncate(edits);
        }
        write(self)
    }

    /// Goes through the documents; what is to be changed is in `edits` afterwards.
    pub(super) fn run(&mut self, here: Here<'a>) {
        let root = Pointer::root();
        let at = At { here, ours: root.clone(), theirs: root, key: String::new(), column: 0 };
        if let Some(written) = self.node(self.ours, self.theirs, &at) {
            let (Written::Inline(text) | Written::Block(text) | Written::List(text)) = written;
            self.edits.push(Edit { at: start(self.ours.span)..end(self.text, self.ours.span), text });
        }
    }

    /// Brings one node into agreement: by changes within it, or by what is to stand in its place.
    fn node(&mut self, o: &'a Node, t: &'a Node, at: &At<'a>) -> Option<Written> {
        match (&o.kind, &t.kind) {
            (Kind::Object(members), Kind::Object(new)) => match (reference(o, at.here), reference(t, at.here)) {
                (Some(target), None) => {
                    // What stood apart stands in place now, with the words that it had there.
                    let component = self.ours.at(segments(&target).iter().map(String::as_str));
                    let gone = !self.origins.values().any(|from| *from == target)
                        && self.theirs.at(segments(&target).iter().map(String::as_str)).is_none();
                    match component.filter(|_| gone) {
                        Some(node) => Some(self.taken(node, &Pointer::parse(&target)?, t, at)),
                        None => Some(self.instead(o, t, at)),
                    }
                }
                (None, Some(target)) => {
                    self.inlines.entry(target).or_insert_with(|| at.ours.as_str().to_owned());
                    Some(self.instead(o, t, at))
                }
                _ => self.object(o, members, t, new, at),
            },
            (Kind::Array(items), Kind::Array(new)) => self.list(o, items, t, new, at),
            _ if same(o, t, at.here) => None,
            _ => Some(self.instead(o, t, at)),
        }
    }

    /// What comes in the place of a node, in brackets where that is.
    fn instead(&mut self, o: &'a Node, t: &'a Node, at: &At<'a>) -> Written {
        let in_brackets = !self.style.json && o.measure().0 > 1 && is_flow(self.text, o);
        let before = self.in_flow;
        self.in_flow |= in_brackets;
        let written = self.fresh(t, at);
        self.in_flow = before;
        written
    }

    fn object(
        &mut self,
        o: &'a Node,
        members: &'a Object,
        t: &'a Node,
        new: &'a Object,
        at: &At<'a>,
    ) -> Option<Written> {
        if self.is_elsewhere(o) {
            return (self.write_out || !same(o, t, at.here)).then(|| self.composed(Some(o), t, at));
        }
        let pairs = self.pairs(members, new, at);
        let mut gone = vec![false; members.len()];
        // Our members by the names they have in the new document.
        let mut keys: Vec<Option<&str>> = members.iter().map(|e| Some(e.key.as_str())).collect();
        for (i, e) in members.iter().enumerate() {
            if at.here.role(&e.key) != Role::Fact {
                continue;
            }
            if at.here.is_tags(&e.key) {
                self.tags(e, at);
                continue;
            }
            let Some(paired) = pairs.iter().position(|(j, _)| *j == Some(i)).and_then(|n| pairs.get(n)) else {
                if let (Some(gone), Some(key)) = (gone.get_mut(i), keys.get_mut(i)) {
                    (*gone, *key) = (true, None);
                }
                continue;
            };
            let entry = paired.1;
            let child = At {
                here: at.here.child(&e.key, &entry.value),
                ours: at.ours.join(&e.key),
                theirs: at.theirs.join(&entry.key),
                key: entry.key.clone(),
                column: column(self.text, start(e.key_span)),
            };
            if e.key != entry.key {
                self.moved.insert(child.ours.as_str().to_owned(), child.theirs.as_str().to_owned());
                self.rename_key(e, &entry.key);
            }
            if let Some(key) = keys.get_mut(i) {
                *key = Some(&entry.key);
            }
            self.within(o, |this| this.value(e, &entry.value, &child));
        }
        let added: Vec<&Entry> = pairs.iter().filter(|(i, _)| i.is_none()).map(|(_, e)| *e).collect();
        let place = At { column: self.columns(o).unwrap_or(at.column + self.style().indent), ..at.clone() };
        let mut inserted = Vec::new();
        for e in added {
            let position = self.position(&e.key, &keys, new, at);
            let child = At {
                here: place.here.child(&e.key, &e.value),
                ours: place.ours.join(&e.key),
                theirs: place.theirs.join(&e.key),
                key: e.key.clone(),
                column: place.column,
            };
            let siblings = || members.iter().map(|e| &e.value);
            let written = self.insertion(o, child.here.place, siblings, |this| this.fresh(&e.value, &child));
            inserted.push((position, self.within(o, |this| this.style().member(&e.key, &written))));
        }
        let restructured = Restructured {
            text: self.text,
            node: o,
            gone,
            new: inserted,
            spaced: self.style().is_spaced(self.text, o, at.here.place),
        };
        match restructured.edits() {
            Some(edits) => {
                self.edits.extend(edits);
                None
            }
            None => Some(self.composed(Some(o), t, at)),
        }
    }

    /// Each member of theirs that is a fact, with the index of ours.
    fn pairs(&self, ours: &Object, theirs: &'a Object, at: &At<'_>) -> Vec<(Option<usize>, &'a Entry)> {
        let index = |key: &str| ours.iter().position(|e| e.key == key);
        let facts = || theirs.iter().filter(|e| at.here.is_fact(&e.key));
        // One body under another media type is that body.
        let gone: Vec<usize> =
            ours.iter().enumerate().filter(|(_, e)| !theirs.contains(&e.key)).map(|(i, _)| i).collect();
        let new = facts().filter(|e| !ours.contains(&e.key)).count();
        let other_type = match gone.as_slice() {
            [only] if new == 1 && at.here.place == Place::Map(Spot::MediaType) => Some(*only),
            _ => None,
        };
        facts()
            .map(|e| {
                let there = index(&e.key).or_else(|| {
                    let from = Pointer::parse(self.origins.get(at.theirs.join(&e.key).as_str())?)?;
                    let key = from.last().filter(|_| from.parent().as_ref() == Some(&at.ours))?;
                    index(&key).filter(|_| !theirs.contains(&key))
                });
                (there.or(other_type.filter(|_| !ours.contains(&e.key))), e)
            })
            .collect()
    }

    /// Where a new member goes.
    fn position(&self, key: &str, keys: &[Option<&str>], new: &Object, at: &At<'_>) -> usize {
        let positions = Positions { ours: keys, theirs: new, pointer: &at.theirs };
        match at.here.place {
            Place::One(spot) if spot != Spot::Callback => {
                let there: Vec<&str> = keys.iter().flatten().copied().collect();
                let at = self.style().position(spot, key, &there);
                // Counted among those that stay.
                keys.iter().enumerate().filter(|(_, k)| k.is_some()).nth(at).map_or(keys.len(), |(i, _)| i)
            }
            Place::Patterned(Spot::PathItem) => positions.by_tag(key),
            Place::Map(_) if is_section(&at.theirs) => positions.by_use(key, self.uses),
            _ => positions.by_neighbours(key),
        }
    }

    /// Brings the value of a member into agreement.
    fn value(&mut self, e: &'a Entry, t: &'a Node, at: &At<'a>) {
        let text = self.text;
        if let Some(alias) = alias(text, e) {
            if self.write_out || !same(&e.value, t, at.here) {
                let written = self.composed(Some(&e.value), t, at);
                self.set(e, alias, written);
            }
            return;
        }
        if let Some(written) = self.node(&e.value, t, at) {
            self.set(e, start(e.value.span)..end(text, e.value.span), written);
        }
    }

    /// Puts another value in the place of a member's.
    fn set(&mut self, e: &Entry, old: std::ops::Range<usize>, written: Written) {
        let text = self.text;
        let key = start(e.key_span);
        let on_line = line_start(text, key) == line_start(text, old.start);
        let replaced = match &written {
            Written::Inline(new) if on_line || self.style().json => {
                let by = if self.style().json { blanks(text, key) } else { column(text, key) };
                let blank = if text.get(..old.start).is_some_and(|before| before.ends_with(':')) { " " } else { "" };
                Edit { at: old, text: format!("{blank}{}", indented(new, by)) }
            }
            _ => {
                let from = e.key_span.end as usize;
                let colon = text.get(from..).and_then(|rest| rest.find(':')).map_or(from, |n| from + n + 1);
                Edit { at: colon..old.end.max(colon), text: indented(&self.style().value(&written), column(text, key)) }
            }
        };
        self.edits.push(replaced);
    }

    fn rename_key(&mut self, e: &Entry, key: &str) {
        let key = self.style().key(key);
        self.edits.push(Edit { at: start(e.key_span)..e.key_span.end as usize, text: key });
    }

    /// Whether children of a node are written at another place: by an alias, or a merge key.
    fn is_elsewhere(&self, o: &Node) -> bool {
        children(self.text, o).contains(&None)
    }

    /// Where the children of a block begin, from the left.
    fn columns(&self, o: &Node) -> Option<usize> {
        let first = children(self.text, o).into_iter().flatten().next()?;
        Some(column(self.text, first.start))
    }

    fn list(&mut self, o: &'a Node, items: &'a [Node], t: &'a Node, new: &'a [Node], at: &At<'a>) -> Option<Written> {
        let elsewhere = self.is_elsewhere(o);
        let plain = || items.iter().all(|n| n.measure().0 == 1);
        if same(o, t, at.here) && (!self.write_out || !elsewhere && plain()) {
            return None;
        }
        if elsewhere {
            return Some(self.composed(Some(o), t, at));
        }
        let flow = is_flow(self.text, o);
        let scalars = items.iter().chain(new).all(|n| !matches!(n.kind, Kind::Array(_) | Kind::Object(_)));
        let commented = self.slice(o).contains('#');
        if scalars && !self.style.json && !commented {
            let narrow = self.style().scalars(&at.key, new, at.column);
            // One that was too wide may fit now; one that is a block all the same is somebody's choice.
            let was_wide = || self.style().scalars(&at.key, items, at.column).is_none();
            if flow || narrow.is_some() && was_wide() {
                return Some(narrow.unwrap_or_else(|| self.fresh(t, at)));
            }
        }
        let element = at.here.element();
        let ids: Vec<String> = items.iter().map(|n| self.identity(n, element, self.ours, true)).collect();
        let new_ids: Vec<String> = new.iter().map(|n| self.identity(n, element, self.theirs, false)).collect();
        let like = |i: usize, j: usize| match (items.get(i), new.get(j)) {
            (Some(a), Some(b)) => may_be_same(a, b, element),
            _ => false,
        };
        let Alignment { paired, gone, inserted } = Alignment::of(&ids, &new_ids, like);
        for (i, j) in &paired {
            let (Some(a), Some(b)) = (items.get(*i), new.get(*j)) else { continue };
            let child = self.element_at(at, element, *i, *j, o);
            if i != j {
                self.moved.insert(child.ours.as_str().to_owned(), child.theirs.as_str().to_owned());
            }
            let whole = children(self.text, o).get(*i).copied().flatten()?;
            let replaced = self.within(o, |this| this.node(a, b, &child).map(|written| this.style().element(&written)));
            if let Some(text) = replaced {
                let from = if flow { start(a.span) } else { whole.start };
                let by = if flow { blanks(self.text, from) } else { column(self.text, from) };
                self.edits.push(Edit { at: from..whole.end, text: indented(&text, by) });
            }
        }
        let mut texts = Vec::new();
        for (before, j) in inserted {
            let Some(b) = new.get(j) else { continue };
            let moved = new_ids.get(j).and_then(|id| {
                let i = ids.iter().enumerate().position(|(i, other)| other == id && gone.get(i) == Some(&true))?;
                Some((i, items.get(i)?))
            });
            let child = self.element_at(at, element, moved.map_or(j, |(i, _)| i), j, o);
            let siblings = || items.iter();
            let written = self.insertion(o, element.place, siblings, |this| match moved {
                Some((_, node)) => this.taken(node, &child.ours.clone(), b, &child),
                None => this.fresh(b, &child),
            });
            texts.push((before, self.within(o, |this| this.style().element(&written))));
        }
        let spaced = self.style().is_spaced(self.text, o, at.here.place);
        match (Restructured { text: self.text, node: o, gone, new: texts, spaced }).edits() {
            Some(edits) => {
                self.edits.extend(edits);
                None
            }
            None => Some(self.composed(Some(o), t, at)),
        }
    }

    fn element_at(&self, at: &At<'a>, here: Here<'a>, ours: usize, theirs: usize, list: &Node) -> At<'a> {
        let dash = self.columns(list).unwrap_or(at.column + self.style().list_indent);
        // As if a key stood one level above the element's members.
        let column = (dash + 2).saturating_sub(self.style().indent);
        At { here, ours: at.ours.join(ours), theirs: at.theirs.join(theirs), key: String::new(), column }
    }

    /// By what an element of a list is known again.
    fn identity(&self, node: &Node, here: Here<'_>, root: &Node, ours: bool) -> String {
        let target = reference(node, here);
        let resolved = target.as_ref().and_then(|target| root.at(segments(target).iter().map(String::as_str)));
        let word = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let known = match here.place {
            Place::One(Spot::Parameter) => {
                let node = resolved.unwrap_or(node);
                word(node, "in").and_then(|place| Some(format!("{place} {}", word(node, "name")?)))
            }
            Place::One(Spot::Server) => word(node, "url"),
            Place::Extension => word(node, "name"),
            _ => None,
        };
        if let Some(known) = known {
            return known;
        }
        match target {
            Some(target) if ours => {
                let renamed = self.origins.iter().find(|(_, from)| **from == target).map(|(to, _)| to.clone());
                renamed.unwrap_or(target)
            }
            Some(target) => target,
            None => hash_content(&facts_of(node, here)),
        }
    }

    /// The list of tags holds words; what operations name no more goes, and what they name newly comes.
    fn tags(&mut self, e: &'a Entry, at: &At<'a>) {
        let Some(items) = e.value.as_array() else { return };
        let name = |n: &'a Node| n.get("name").and_then(Node::as_str);
        let (before, now) = (tags_in_use(self.ours), tags_in_use(self.theirs));
        let theirs = self.theirs.get("tags").and_then(Node::as_array).unwrap_or_default();
        let listed: Vec<&str> = theirs.iter().filter_map(name).collect();
        let goes = |n: &str| before.contains_key(n) && !now.contains_key(n) && !listed.contains(&n);
        let gone: Vec<bool> = items.iter().map(|n| name(n).is_some_and(goes)).collect();
        let ours: Vec<&str> = items.iter().filter_map(name).collect();
        let mut new: Vec<&String> = now.keys().filter(|tag| !ours.contains(&tag.as_str())).collect();
        new.sort_by_key(|tag| now.get(*tag));
        let texts = new.into_iter().map(|tag| {
            let position = listed.iter().position(|l| l == tag).unwrap_or_default();
            let before = listed.get(..position).unwrap_or_default();
            let near = before.iter().rev().find_map(|l| ours.iter().position(|o| o == l));
            let name = Node::string(e.key_span, tag.as_str());
            let written = self.style().scalar(&name, false).unwrap_or_default();
            let member = self.style().member("name", &Written::Inline(written));
            (near.map_or(items.len(), |i| i + 1), self.style().element(&self.style().object(&[member])))
        });
        let texts: Vec<(usize, String)> = texts.collect();
        let list = Pointer::root().join(&e.key);
        for i in (0..items.len()).filter(|i| gone.get(*i) == Some(&false)) {
            let left = gone.iter().take(i).filter(|gone| !**gone).count();
            let now = left + texts.iter().filter(|(before, _)| *before <= i).count();
            if now != i {
                self.moved.insert(list.join(i).as_str().to_owned(), list.join(now).as_str().to_owned());
            }
        }
        let spaced = self.style().is_spaced(self.text, &e.value, at.here.child("tags", &e.value).place);
        let edits = Restructured { text: self.text, node: &e.value, gone, new: texts, spaced }.edits();
        self.edits.extend(edits.into_iter().flatten());
    }

    /// What is new at a place, in our style: without words, unless it stood elsewhere in ours.
    fn fresh(&mut self, t: &'a Node, at: &At<'a>) -> Written {
        if let Some(origin) = self.origins.get(at.theirs.as_str()).cloned()
            && !self.moving.contains(&origin)
            && let Some(node) = self.ours.at(segments(&origin).iter().map(String::as_str))
            && let Some(pointer) = Pointer::parse(&origin)
        {
            return self.taken(node, &pointer, t, at);
        }
        self.composed(None, t, at)
    }

    /// A node that stood at another place of ours, brought into agreement.
    fn taken(&mut self, o: &'a Node, from: &Pointer, t: &'a Node, at: &At<'a>) -> Written {
        let origin = from.as_str().to_owned();
        self.moved.insert(origin.clone(), at.theirs.as_str().to_owned());
        self.moving.insert(origin.clone());
        let text = self.text;
        let first = start(o.span);
        let at = At { ours: from.clone(), column: column(text, first), ..at.clone() };
        // A block cannot stand between brackets.
        let is_block = matches!(o.kind, Kind::Array(_) | Kind::Object(_)) && !is_flow(text, o);
        if is_block && (self.in_flow || self.style.json) {
            let written = self.composed(Some(o), t, &at);
            self.moving.remove(&origin);
            return written;
        }
        let edits = std::mem::take(&mut self.edits);
        let replaced = self.node(o, t, &at);
        let mut within = std::mem::replace(&mut self.edits, edits);
        self.moving.remove(&origin);
        if let Some(written) = replaced {
            return written;
        }
        let scalar = !matches!(o.kind, Kind::Array(_) | Kind::Object(_));
        if scalar || is_flow(text, o) {
            let whole = apply(text, first..end(text, o.span), &mut within);
            return match whole {
                Some(whole) => Written::Inline(dedented(&whole, blanks(text, first))),
                None => self.composed(Some(o), t, &at),
            };
        }
        let mut from = first;
        if is_first(text, first) {
            from = with_comments(text, line_start(text, first), column(text, first), 0);
        }
        let to = (line_end(text, end(text, o.span)) + 1).min(text.len());
        match apply(text, from..to, &mut within) {
            Some(whole) => {
                let indent = column(text, first);
                let whole =
                    if from == first { dedented(&whole, indent) } else { dedented(&format!("\n{whole}"), indent) };
                let whole = whole.trim_start_matches('\n').trim_end().to_owned();
                match o.kind {
                    Kind::Array(_) => Written::List(whole),
                    _ => Written::Block(whole),
                }
            }
            None => self.composed(Some(o), t, &at),
        }
    }

    /// A node written as a whole, with the words of `o`.
    fn composed(&mut self, o: Option<&'a Node>, t: &'a Node, at: &At<'a>) -> Written {
        match &t.kind {
            Kind::Object(members) => {
                let words = o.and_then(Node::as_object).filter(|_| reference(t, at.here).is_none());
                let mut written: BTreeMap<&str, String> = BTreeMap::new();
                let mut keys: Vec<&str> = Vec::new();
                for e in words.into_iter().flatten().filter(|e| at.here.role(&e.key) != Role::Fact) {
                    keys.push(&e.key);
                    let value = self.as_it_is(&e.value, &e.key, at.column);
                    written.insert(&e.key, self.style().member(&e.key, &value));
                }
                for e in members.iter().filter(|e| at.here.is_fact(&e.key)) {
                    let child = At {
                        here: at.here.child(&e.key, &e.value),
                        ours: at.ours.join(&e.key),
                        theirs: at.theirs.join(&e.key),
                        key: e.key.clone(),
                        column: at.column + self.style().indent,
                    };
                    let ours = o.and_then(|o| o.get(&e.key));
                    let habit = e.value.measure().0 > 1 && self.style.is_in_brackets(child.here.place);
                    let value = self.short(habit, child.column, |this| match ours {
                        Some(_) => this.composed(ours, &e.value, &child),
                        None => this.fresh(&e.value, &child),
                    });
                    keys.push(&e.key);
                    written.insert(&e.key, self.style().member(&e.key, &value));
                }
                // A response must have a description.
                if at.here.place == Place::One(Spot::Response)
                    && !keys.contains(&"description")
                    && !keys.contains(&"$ref")
                {
                    keys.push("description");
                    let empty = self.style().scalar(&Node::string(t.span, ""), false).unwrap_or_default();
                    written.insert("description", self.style().member("description", &Written::Inline(empty)));
                }
                if let Place::One(spot) = at.here.place {
                    keys = self.style().sorted(spot, &keys);
                }
                let members: Vec<String> = keys.iter().filter_map(|key| written.remove(key)).collect();
                self.style().object(&members)
            }
            Kind::Array(items) => {
                if let Some(written) = self.style().scalars(&at.key, items, at.column) {
                    return written;
                }
                let mut elements = Vec::new();
                let here = at.here.element();
                for (i, item) in items.iter().enumerate() {
                    let child = At {
                        here,
                        ours: at.ours.join(i),
                        theirs: at.theirs.join(i),
                        key: String::new(),
                        column: (at.column + self.style().list_indent + 2).saturating_sub(self.style().indent),
                    };
                    let id = o.map(|_| self.identity(item, here, self.theirs, false));
                    let ours = o.and_then(Node::as_array).into_iter().flatten();
                    let like = ours.into_iter().find(|n| Some(self.identity(n, here, self.ours, true)) == id);
                    let habit = item.measure().0 > 1 && self.style.is_in_brackets(here.place);
                    let value = self.short(habit, child.column, |this| match like {
                        Some(_) => this.composed(like, item, &child),
                        None => this.fresh(item, &child),
                    });
                    elements.push(self.style().element(&value));
                }
                self.style().list(&elements)
            }
            _ => {
                let sentence = Node::string(t.span, o.and_then(Node::as_str).unwrap_or_default());
                let t = if at.here.sentence { &sentence } else { t };
                Written::Inline(self.style().scalar(t, false).unwrap_or_default())
            }
        }
    }

    /// Words of ours, written anew.
    fn as_it_is(&self, node: &Node, key: &str, column: usize) -> Written {
        match &node.kind {
            Kind::Object(members) => {
                let member = |e: &Entry| {
                    self.style().member(&e.key, &self.as_it_is(&e.value, &e.key, column + self.style().indent))
                };
                self.style().object(&members.iter().map(member).collect::<Vec<_>>())
            }
            Kind::Array(items) => self.style().scalars(key, items, column).unwrap_or_else(|| {
                let column = column + self.style().list_indent + 2;
                let element = |item: &Node| self.style().element(&self.as_it_is(item, "", column));
                self.style().list(&items.iter().map(element).collect::<Vec<_>>())
            }),
            _ => Written::Inline(self.style().scalar(node, false).unwrap_or_default()),
        }
    }

    fn slice(&self, node: &Node) -> &'a str {
        self.text.get(start(node.span)..end(self.text, node.span)).unwrap_or_default()
    }
}

/// Whether a pointer is that of a section of components.
fn is_section(pointer: &Pointer) -> bool {
    let steps: Vec<String> = pointer.segments().collect();
    match steps.as_slice() {
        [components, _] => components == "components",
        [section] => SECTIONS.contains(&section.as_str()),
        _ => false,
    }
}

/// Whether the facts are the same.
pub(super) fn same(o: &Node, t: &Node, here: Here<'_>) -> bool {
    hash_content(&facts_of(o, here)) == hash_content(&facts_of(t, here))
}
