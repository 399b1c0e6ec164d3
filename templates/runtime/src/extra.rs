//! What a model keeps beside its fields, so that nothing read is lost: unknown members, and the original form of members
//! that came otherwise than they will be written.

use std::fmt;

use serde_json::Value;

use super::context::Splice;
use super::encode::{Writer, to_json};
use super::equal::same_json;
use super::order::{among, by_name, sorted};
use super::tape::Node;
use super::text::print_size;

/// The members of a model that its document does not know.
///
/// It is one pointer in size, prints sizes only, and compares unknown members by value.
#[derive(Clone, Default)]
pub struct Extra(Option<Box<Store>>);

#[derive(Clone, Default)]
pub(super) struct Store {
    /// Names and JSON texts.
    members: Vec<(Box<str>, Box<str>)>,
    /// Members that came empty in the way they are not written: absent where `null` is written, `null` where nothing is.
    /// One bit for each of the first 128 members ...
    flipped: u128,
    /// ... and the numbers of those beyond.
    flipped_beyond: Vec<u32>,
    forms: Vec<(u32, Form)>,
    /// Whether `insert` was used, which may name members the model has as fields.
    edited: bool,
}

/// A value that came in another form: its JSON text, and which parts of that will be written as what.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Form {
    raw: Box<str>,
    /// In ascending order, as offsets into `raw`.
    splices: Box<[Splice]>,
}

impl Form {
    pub(super) fn new(node: Node<'_>, mut splices: Vec<Splice>) -> Self {
        let entry = node.entry();
        let of = |at: u32| splices.get(at as usize).map_or((0, 0), |splice| (splice.start, splice.end));
        // Stable: of an empty stretch and one that begins at the same place, the one recorded first comes first.
        let order = sorted(splices.len(), &|a, b| of(a).cmp(&of(b)));
        let mut ascending = Vec::with_capacity(order.len());
        for at in order {
            if let Some(Splice { start, end, text }) = splices.get_mut(at as usize) {
                let (start, end) = (start.saturating_sub(entry.start), end.saturating_sub(entry.start));
                ascending.push(Splice { start, end, text: std::mem::take(text) });
            }
        }
        Self { raw: node.raw().into(), splices: ascending.into() }
    }

    /// The text that the value would be written as, if it is still the one that was read.
    fn written(&self) -> String {
        let mut text = String::with_capacity(self.raw.len());
        let mut at = 0;
        for splice in &self.splices {
            text.push_str(self.raw.get(at..splice.start as usize).unwrap_or_default());
            text.push_str(&splice.text);
            at = splice.end as usize;
        }
        text.push_str(self.raw.get(at..).unwrap_or_default());
        text
    }

    /// Replaces what was written from `start` on by the original form, if that still has the same value.
    pub(super) fn settle(&self, w: &mut Writer, start: usize) {
        let same = w.out.get(start..).is_some_and(|now| same_json(now, &self.written()));
        if same {
            w.out.truncate(start);
            w.out.push_str(&self.raw);
        }
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_size(f, "Form", self.raw.len())
    }
}

impl Store {
    pub(super) fn is_flipped(&self, member: usize) -> bool {
        if member < 128 {
            self.flipped >> member & 1 == 1
        } else {
            self.flipped_beyond.iter().any(|beyond| *beyond as usize == member)
        }
    }

    pub(super) fn form(&self, member: usize) -> Option<&Form> {
        self.forms.iter().find(|(of, _)| *of as usize == member).map(|(_, form)| form)
    }

    /// Whether the caller has put a member of this name beside the fields.
    pub(super) fn overrides(&self, name: &str) -> bool {
        self.edited && self.members.iter().any(|(known, _)| **known == *name)
    }

    pub(super) fn write(&self, w: &mut Writer) {
        for (name, json) in &self.members {
            w.name(name);
            w.raw(json);
        }
    }

    fn put(&mut self, name: &str, json: Box<str>) -> Option<Box<str>> {
        match self.members.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, old)) => Some(std::mem::replace(old, json)),
            None => {
                self.members.push((name.into(), json));
                None
            }
        }
    }
}

impl Extra {
    /// Nothing.
    pub const NONE: Self = Self(None);

    /// The value of an unknown member.
    #[must_use]
    #[inline]
    pub fn get(&self, name: &str) -> Option<Value> {
        self.members().iter().find(|(known, _)| **known == *name).map(|(_, json)| parse(json))
    }

    /// Sets a member that is written beside the fields; the value it had. Where the model has a field of this name, this
    /// member is written in its stead.
    pub fn insert(&mut self, name: impl AsRef<str>, value: Value) -> Option<Value> {
        let store = self.store();
        store.edited = true;
        store.put(name.as_ref(), to_json(&value).into()).as_deref().map(parse)
    }

    /// Removes an unknown member; the value it had.
    #[inline]
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let members = &mut self.0.as_mut()?.members;
        let index = members.iter().position(|(known, _)| **known == *name)?;
        Some(parse(&members.remove(index).1))
    }

    /// The unknown members, in the order they came.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value)> {
        self.members().iter().map(|(name, json)| (&**name, parse(json)))
    }

    /// How many unknown members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members().len()
    }

    /// Whether there is no unknown member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }

    fn members(&self) -> &[(Box<str>, Box<str>)] {
        self.0.as_ref().map_or(&[], |store| &store.members)
    }

    pub(super) fn stored(&self) -> Option<&Store> {
        self.0.as_deref()
    }

    fn store(&mut self) -> &mut Store {
        self.0.get_or_insert_with(Box::default)
    }

    pub(super) fn keep_unknown(&mut self, name: &str, json: &str) {
        self.store().members.push((name.into(), json.into()));
    }

    /// Drops unknown members that came again later; how many are left. Objects may hold thousands, so they are sorted.
    pub(super) fn keep_last_of_equal_names(&mut self) -> u32 {
        let Some(store) = &mut self.0 else { return 0 };
        let members = &mut store.members;
        if members.len() > 1 {
            let kept = by_name(members.len(), &|at| members.get(at as usize).map_or("", |(name, _)| name));
            if kept.len() < members.len() {
                let mut stays = among(members.len(), &kept).into_iter();
                members.retain(|_| stays.next().unwrap_or(true));
            }
        }
        members.len() as u32
    }

    pub(super) fn keep_flipped(&mut self, member: usize) {
        let store = self.store();
        if member < 128 {
            store.flipped |= 1 << member;
        } else {
            store.flipped_beyond.push(member as u32);
        }
    }

    pub(super) fn keep_form(&mut self, member: usize, form: Form) {
        self.store().forms.push((member as u32, form));
    }
}

#[inline]
fn parse(json: &str) -> Value {
    super::value::parse(json)
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extra({})", self.len())
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.members(), other.members());
        mine.len() == theirs.len()
            && mine.iter().all(|(name, json)| {
                theirs.iter().any(|(other_name, other_json)| name == other_name && same_json(json, other_json))
            })
    }
}
