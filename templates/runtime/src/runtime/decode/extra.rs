//! What a model keeps besides its fields, so that nothing read is lost: unknown members, and the original form of members
//! that came otherwise than they will be written.

use std::fmt;

use serde_json::Value;

use crate::runtime::decode::{Decode, DecodeError, Mode, from_json};
use crate::runtime::encode::equal::same_json;
use crate::runtime::encode::order::{ascending, last_of_each};
use crate::runtime::encode::{Encode, Writer, to_json};
use crate::runtime::text::print_size;

/// The members of a model that its document does not know.
///
/// It is one pointer in size, prints sizes only, and compares unknown members by value.
///
/// ```
/// use runtime::{Extra, Value};
///
/// let mut extra = Extra::NONE;
/// extra.insert("colour", Value::from("red"));
/// assert_eq!(extra.get("colour"), Some(Value::from("red")));
/// ```
#[derive(Clone, Default)]
pub struct Extra(Option<Box<Store>>);

#[derive(Clone, Default)]
pub(crate) struct Store {
    /// Names and JSON texts.
    members: Vec<(Box<str>, Box<str>)>,
    /// Members that came empty in the way they are not written: absent where `null` is written, `null` where nothing is.
    /// One bit for each of the first 128 members ...
    flipped: u128,
    /// ... and the numbers of those beyond.
    flipped_beyond: Vec<u32>,
    /// By the member's name in JSON.
    forms: Vec<(&'static str, Form)>,
    /// Whether `insert` was used, which may name members the model has as fields.
    edited: bool,
}

/// A value that came in another form: its JSON text, and the text that it would be written as if it is still the same.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Form {
    raw: Box<str>,
    written: Box<str>,
}

impl Form {
    pub(crate) fn new(raw: &str, written: String) -> Self {
        Self { raw: raw.into(), written: written.into() }
    }

    /// Whether it could not be read at all, so that nothing else may be written of it.
    pub(crate) fn is_unread(&self) -> bool {
        &*self.written == "null"
    }

    /// Replaces what was written from `start` on by the original form, if that still has the same value.
    pub(crate) fn settle(&self, w: &mut Writer, start: usize) {
        let now = w.out.get(start..).unwrap_or_default();
        if same_json(now, &self.written) {
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
    pub(crate) fn is_flipped(&self, member: usize) -> bool {
        if member < 128 {
            return self.flipped >> member & 1 == 1;
        }
        // `contains` would look at many at a time, which takes ten times the code.
        for beyond in &self.flipped_beyond {
            if *beyond as usize == member {
                return true;
            }
        }
        false
    }

    pub(crate) fn form(&self, member: &str) -> Option<&Form> {
        for (of, form) in &self.forms {
            if *of == member {
                return Some(form);
            }
        }
        None
    }

    /// Whether the caller has added an unknown member of this name.
    pub(crate) fn overrides(&self, name: &str) -> bool {
        self.edited && find(&self.members, name).is_some()
    }

    pub(crate) fn write(&self, w: &mut Writer) {
        for (name, json) in &self.members {
            w.name(name);
            w.raw(json);
        }
    }

    #[inline]
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

/// The JSON text of the member with this name.
fn find<'m>(members: &'m [(Box<str>, Box<str>)], name: &str) -> Option<&'m str> {
    for (known, json) in members {
        if **known == *name {
            return Some(json);
        }
    }
    None
}

impl Extra {
    /// Nothing.
    pub const NONE: Self = Self(None);

    /// The value of an unknown member.
    #[must_use]
    #[inline]
    pub fn get(&self, name: &str) -> Option<Value> {
        find(self.members(), name).map(parse)
    }

    /// Sets a property that is written besides the fields; the value it had. Where the model has a field of this name, this
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

    /// The unknown members in the order they came, each read as a `T`: what `additionalProperties` says of them.
    ///
    /// ```
    /// use runtime::{Extra, Value};
    ///
    /// let mut extra = Extra::NONE;
    /// extra.insert("high", Value::from(3));
    /// let counts: Vec<(&str, i64)> = extra.typed().filter_map(|(name, count)| Some((name, count.ok()?))).collect();
    /// assert_eq!(counts, [("high", 3)]);
    /// ```
    #[inline]
    pub fn typed<T: Decode>(&self) -> impl Iterator<Item = (&str, Result<T, DecodeError>)> {
        self.members()
            .iter()
            .map(|(name, json)| (&**name, from_json(json.as_bytes(), Mode::default()).map(|(of, _)| of)))
    }

    /// As [`insert`](Self::insert), of a value with a type.
    pub fn insert_typed(&mut self, name: impl AsRef<str>, value: &dyn Encode) {
        let store = self.store();
        store.edited = true;
        store.put(name.as_ref(), to_json(value).into());
    }

    /// What a member of the model came as, by its name in JSON, where that is not what its field holds: a number for a text, an
    /// object for a number, which reads as `None`. `None` where the field says all there is.
    #[must_use]
    pub fn original(&self, name: &str) -> Option<Value> {
        self.stored()?.form(name).map(|form| parse(&form.raw))
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
        match &self.0 {
            Some(store) => &store.members,
            None => &[],
        }
    }

    pub(crate) fn stored(&self) -> Option<&Store> {
        self.0.as_deref()
    }

    fn store(&mut self) -> &mut Store {
        self.0.get_or_insert_with(Box::default)
    }

    pub(crate) fn keep_unknown(&mut self, name: &str, json: &str) {
        self.store().members.push((name.into(), json.into()));
    }

    /// Drops unknown members that came again later; how many are left. Objects may hold thousands, so they are sorted.
    pub(crate) fn keep_last_of_equal_names(&mut self) -> u32 {
        let Some(store) = &mut self.0 else { return 0 };
        let members = &mut store.members;
        if members.len() > 1 {
            let name = |at: u32| match members.get(at as usize) {
                Some((name, _)) => &**name,
                None => "",
            };
            let kept = last_of_each(members.len(), &|a, b| name(a).cmp(name(b)));
            if kept.len() < members.len() {
                let mut to = 0;
                for from in ascending(&kept) {
                    members.swap(to, from as usize);
                    to += 1;
                }
                members.truncate(to);
            }
        }
        members.len() as u32
    }

    pub(crate) fn keep_flipped(&mut self, member: usize) {
        let store = self.store();
        if member < 128 {
            store.flipped |= 1 << member;
        } else {
            store.flipped_beyond.push(member as u32);
        }
    }

    pub(crate) fn keep_form(&mut self, member: &'static str, form: Form) {
        self.store().forms.push((member, form));
    }
}

#[inline]
fn parse(json: &str) -> Value {
    crate::runtime::decode::value::parse(json)
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extra({})", self.len())
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.members(), other.members());
        for (name, json) in mine {
            match find(theirs, name) {
                Some(other) if same_json(json, other) => {}
                _ => return false,
            }
        }
        mine.len() == theirs.len()
    }
}
