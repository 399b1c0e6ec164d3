//! Lists of records that lose nothing to one invalid record: pages and top-level arrays.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::runtime::decode::Decode;
use crate::runtime::decode::context::{Context, Note, Place};
use crate::runtime::decode::extra::Form;
use crate::runtime::decode::list::Elements;
use crate::runtime::decode::model::Shape;
use crate::runtime::encode::equal::same_json;
use crate::runtime::encode::{Encode, Writer};
use crate::runtime::json::tape::{Kind, Node, Walker};
use crate::runtime::text::{append, concat};

/// A list of records, and apart from them those that cannot be read.
///
/// The valid ones are its slice; those that could not be read are in [`Records::invalid`] and
/// are written back in their places. Of the invalid ones the first 1,000 (see `Mode::limit`) are kept one by one, more are only
/// counted, and written back all the same.
///
/// ```
/// use runtime::{DecodeError, Mode, Records, from_json};
///
/// let (numbers, _) = from_json::<Records<i64>>(b"[1, \"two\", 3]", Mode::default())?;
/// assert_eq!(numbers[..], [1, 3]);
/// let invalid = numbers.invalid().first().map(|record| (record.index(), record.raw()));
/// assert_eq!(invalid, Some((1, "\"two\"")));
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Clone)]
pub struct Records<T> {
    items: Vec<T>,
    rest: Option<Box<Rest>>,
}

/// What only few lists have.
#[derive(Clone, Default)]
struct Rest {
    invalid: Vec<InvalidRecord>,
    /// The invalid records beyond the limit: those that follow each other in one piece, for each piece costs as much as a record.
    more: Vec<Piece>,
    /// How many records these pieces are, and the path of the first.
    uncounted: usize,
    beyond: String,
    /// A single value came where the array was expected, and is written back as one.
    lone: bool,
    /// Records that are not models and came in another form: index among the valid ones.
    forms: Vec<(u32, Form)>,
}

/// Invalid records that follow each other: the index of the first, how many, and their JSON with commas between.
#[derive(Clone)]
struct Piece {
    index: usize,
    count: usize,
    raw: String,
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        let list = |piece: &Self| concat(&["[", &piece.raw, "]"]);
        self.index == other.index
            && self.count == other.count
            && (self.raw == other.raw || same_json(&list(self), &list(other)))
    }
}

/// A record that could not be read. `Debug` leaves its JSON out.
#[derive(Clone)]
pub struct InvalidRecord {
    index: usize,
    path: String,
    reason: String,
    raw: Box<str>,
}

impl InvalidRecord {
    /// Its index in the array that came.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The path of the value that could not be read, like `$.results[3].amount`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected there and what kind of value came, like `expected number, found object`.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The JSON text of the record, as it came.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The value of the record.
    #[must_use]
    #[inline]
    pub fn to_value(&self) -> Value {
        crate::runtime::decode::value::parse(&self.raw)
    }
}

impl fmt::Debug for InvalidRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidRecord")
            .field("index", &self.index)
            .field("path", &self.path)
            .field("reason", &self.reason)
            .field("bytes", &self.raw.len())
            .finish()
    }
}

impl PartialEq for InvalidRecord {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && same_json(&self.raw, &other.raw)
    }
}

impl<T> Records<T> {
    /// No records.
    #[must_use]
    pub const fn new() -> Self {
        Self { items: Vec::new(), rest: None }
    }

    /// The records that could not be read.
    #[must_use]
    pub fn invalid(&self) -> &[InvalidRecord] {
        self.rest.as_ref().map_or(&[], |rest| &rest.invalid)
    }

    /// How many records could not be read; [`invalid`](Self::invalid) holds the first 1,000 of them at most.
    #[must_use]
    pub fn invalid_count(&self) -> usize {
        self.rest.as_ref().map_or(0, |rest| rest.invalid.len() + rest.uncounted)
    }

    /// The valid records, without the invalid ones.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// The invalid records beyond the limit.
    fn more(&self) -> &[Piece] {
        self.rest.as_ref().map_or(&[], |rest| &rest.more)
    }

    /// The invalid records that are not kept one by one: the path of the first, how many there are, their JSON as one array.
    pub(crate) fn beyond(&self) -> Option<(&str, usize, String)> {
        let rest = self.rest.as_ref().filter(|rest| rest.uncounted > 0)?;
        let mut w = Writer::default();
        w.raw("[");
        for piece in &rest.more {
            w.separate();
            w.raw(&piece.raw);
        }
        w.raw("]");
        Some((&rest.beyond, rest.uncounted, w.out))
    }

    /// The valid records and the invalid ones.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Vec<InvalidRecord>) {
        (self.items, self.rest.map(|rest| rest.invalid).unwrap_or_default())
    }

    /// Adds a record at the end.
    pub fn push(&mut self, record: T) {
        self.items.push(record);
    }

    fn rest(&mut self) -> &mut Rest {
        self.rest.get_or_insert_with(Box::default)
    }
}

impl Context {
    /// Sets aside a record that could not be read, unless the mode is strict.
    #[cold]
    fn set_aside(&mut self, elements: &mut Elements<'_>, rest: &mut Rest) -> Option<()> {
        if self.mode.strict {
            return elements.fail(self);
        }
        elements.leave(self);
        let (index, node) = (elements.index(), elements.current());
        if rest.invalid.len() >= self.mode.limit {
            self.fault = None;
            self.record(node.entry().start, Place::Entry(node.at), Note::Invalid("", ""));
            self.tally.against = self.tally.against.saturating_add(4);
            if rest.more.is_empty() {
                rest.beyond = elements.path();
            }
            rest.keep_piece(index, elements.raw());
            return Some(());
        }
        let path = elements.path();
        let fault = self.take_fault(&mut Walker::within(node, &path));
        let note = Note::Invalid(fault.expected, fault.found);
        self.record(fault.offset as u32, Place::Path(path), note);
        self.tally.against += 4;
        let reason = concat(&["expected ", fault.expected, ", found ", fault.found]);
        rest.invalid.push(InvalidRecord { index, path: fault.path, reason, raw: elements.raw().into() });
        Some(())
    }
}

/// The records of a page, where one came for the list itself.
fn unpaged<'t>(node: Node<'t>, cx: &mut Context, record: &Shape) -> Option<Node<'t>> {
    let name = cx.mode.settings.records;
    // One record came where it has a member of that name itself.
    if node.kind() == Kind::Object
        && record.search(name) == record.size()
        && let Some(array) = node.member(name)
        && array.kind() == Kind::Array
    {
        return cx.fold(node, array);
    }
    Some(node)
}

impl<T: Decode> Decode for Records<T> {
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        let mut records = Self::default();
        if node.kind() == Kind::Absent {
            return Some(records);
        }
        let node = unpaged(node, cx, T::SHAPE)?;
        let outer = cx.splices.len();
        let mut elements = Elements::one_or_many(node, cx)?;
        records.items.reserve_exact(elements.room(size_of::<T>()));
        if elements.is_lone() {
            // The list itself knows that it came as a lone value; nobody around it has to.
            cx.drop_splices(outer);
            records.rest().lone = true;
        }
        loop {
            let mark = cx.mark();
            let Some(element) = elements.next(cx) else { break };
            match T::decode(element, cx) {
                Some(value) => {
                    if cx.tally.nulls > mark.tally().nulls {
                        cx.contain(mark, 4, 0);
                    }
                    if cx.splices.len() > outer {
                        let form = cx.take_form(element, outer);
                        let index = records.items.len() as u32;
                        records.rest().forms.push((index, form));
                    }
                    if records.items.len() == records.items.capacity() {
                        records.items.reserve_exact(elements.more_room(size_of::<T>()));
                    }
                    records.items.push(value);
                }
                None => {
                    cx.roll_back(mark);
                    cx.set_aside(&mut elements, records.rest())?;
                }
            }
        }
        if elements.has_guessed() {
            records.items.shrink_to_fit();
        }
        Some(records)
    }
}

impl<T: Encode> Encode for Records<T> {
    fn encode(&self, w: &mut Writer) {
        let Some(rest) = self.rest.as_ref().filter(|_| !w.is_typed_only()) else { return self.items.encode(w) };
        if rest.lone && rest.more.is_empty() {
            match (&*self.items, &*rest.invalid) {
                ([item], []) => return rest.encode_item(0, item, w, &mut 0),
                ([], [invalid]) => return w.raw(&invalid.raw),
                _ => {}
            }
        }
        w.raw("[");
        let (mut written, mut settled, mut invalid) = (0, 0, 0);
        for (index, item) in self.items.iter().enumerate() {
            rest.write_invalid(w, &mut invalid, &mut written);
            w.separate();
            rest.encode_item(index, item, w, &mut settled);
            written += 1;
        }
        written = usize::MAX;
        rest.write_invalid(w, &mut invalid, &mut written);
        w.raw("]");
    }
}

impl Rest {
    #[cold]
    fn keep_piece(&mut self, index: usize, raw: &str) {
        self.uncounted += 1;
        match self.more.last_mut() {
            Some(last) if last.index + last.count == index => {
                last.count += 1;
                append(&mut last.raw, &[",", raw]);
            }
            _ => self.more.push(Piece { index, count: 1, raw: raw.to_owned() }),
        }
    }

    /// What was invalid, by its number, pieces after single records: index, how many records, their JSON.
    fn invalid(&self, number: usize) -> Option<(usize, usize, &str)> {
        match self.invalid.get(number) {
            Some(invalid) => Some((invalid.index, 1, &invalid.raw)),
            None => self.more.get(number.checked_sub(self.invalid.len())?).map(|p| (p.index, p.count, &*p.raw)),
        }
    }

    /// Writes the invalid records that come before the next valid one.
    fn write_invalid(&self, w: &mut Writer, number: &mut usize, written: &mut usize) {
        while let Some((index, count, raw)) = self.invalid(*number) {
            if index > *written {
                return;
            }
            w.separate();
            w.raw(raw);
            *number += 1;
            *written = written.saturating_add(count);
        }
    }

    /// Writes a record; `settled` counts the forms that are behind it, which are in the order of the records.
    fn encode_item(&self, index: usize, item: &dyn Encode, w: &mut Writer, settled: &mut usize) {
        let start = w.out.len();
        item.encode(w);
        if let Some((of, form)) = self.forms.get(*settled)
            && *of as usize == index
        {
            *settled += 1;
            form.settle(w, start);
        }
    }
}

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self { items: Vec::new(), rest: None }
    }
}

impl<T> From<Vec<T>> for Records<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, rest: None }
    }
}

impl<T> From<Records<T>> for Vec<T> {
    fn from(records: Records<T>) -> Self {
        records.items
    }
}

impl<T> FromIterator<T> for Records<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T> Deref for Records<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> DerefMut for Records<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<T> AsRef<[T]> for Records<T> {
    fn as_ref(&self) -> &[T] {
        &self.items
    }
}

impl<T> IntoIterator for Records<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Records<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: PartialEq> PartialEq for Records<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items && self.invalid() == other.invalid() && self.more() == other.more()
    }
}

impl<T: fmt::Debug> fmt::Debug for Records<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(&self.items);
        if !self.invalid().is_empty() {
            list.entries(self.invalid());
        }
        list.finish()
    }
}
