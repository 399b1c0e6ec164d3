//! Objects with a known shape, which are models. The generated code only names fields; what happens to members is decided here once and is not
//! generic: which are known, what absence and null mean, what is kept so that writing gives back what was read.

use serde_json::Value;

use crate::runtime::decode::context::{Context, Mark, Note};
use crate::runtime::decode::extra::{Extra, Form};
use crate::runtime::decode::map::Map;
use crate::runtime::decode::open_enum::Values;
use crate::runtime::decode::patch::Patch;
use crate::runtime::decode::records::Records;
use crate::runtime::decode::{Decode, DeviationKind, Empty};
use crate::runtime::encode::Writer;
use crate::runtime::encode::visit::{Field, Visit};
use crate::runtime::json::tape::{Entry, Kind, Node, Tape};

/// The member must be there.
pub const REQUIRED: u8 = 1;
/// The member may be `null`, as the document declares.
pub const NULLABLE: u8 = 2;
/// The member is a secret that has not the type of one: `Debug` does not print it.
pub const SECRET: u8 = 4;
/// The member may be `null` although the document does not declare it: the API is known to send it so. It is read as if it were
/// declared; unions choose by what is declared.
pub const MAY_BE_NULL: u8 = 8;

/// One member of a shape.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    name: &'static str,
    flags: u8,
}

impl Member {
    /// The name of the member in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) const fn is_required(&self) -> bool {
        self.flags & REQUIRED != 0
    }

    /// Whether the document declares that it may be `null`.
    pub(crate) const fn is_nullable(&self) -> bool {
        self.flags & NULLABLE != 0
    }

    pub(crate) const fn is_secret(&self) -> bool {
        self.flags & SECRET != 0
    }

    /// Whether it may be `null` although the document wants a value there.
    const fn is_loose(&self) -> bool {
        self.flags & (MAY_BE_NULL | NULLABLE) == MAY_BE_NULL
    }
}

/// What the document says about an object.
#[derive(Debug)]
pub struct Shape {
    name: &'static str,
    names: &'static [&'static str],
    flags: &'static [u8],
    /// The index of the member with the records, where the model is a page of a list.
    records: Option<usize>,
}

impl Shape {
    /// A shape by the model's name, the names of its members, and for each of them [`REQUIRED`], [`NULLABLE`], [`SECRET`] and
    /// [`MAY_BE_NULL`] as far as they hold. Written as digits in a text, `b"1302"`, these are one literal: thousands of them cost the compiler next to nothing.
    ///
    /// # Panics
    /// When compiled with another number of flags than of names.
    #[must_use]
    pub const fn new(name: &'static str, names: &'static [&'static str], flags: &'static [u8]) -> Self {
        assert!(names.len() == flags.len(), "every member has its flags");
        Self { name, names, flags, records: None }
    }

    /// Says that the model is a page of a list: the member with this index holds the records. A bare array is read as them.
    #[must_use]
    pub const fn page(mut self, records: usize) -> Self {
        self.records = Some(records);
        self
    }

    /// The shape of what is no model.
    pub(crate) const NONE: Self = Self { name: "", names: &[], flags: &[], records: None };

    /// The name of the model.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The members, in the order of the document.
    pub fn members(&self) -> impl ExactSizeIterator<Item = Member> + use<> {
        self.names.iter().zip(self.flags).map(|(name, flags)| Member { name, flags: *flags })
    }

    /// The member with this index.
    #[must_use]
    pub fn member(&self, index: usize) -> Option<Member> {
        let name = self.names.get(index)?;
        Some(Member { name, flags: *self.flags.get(index)? })
    }

    /// How many members there are.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.names.len()
    }

    /// The member with the records, if this is a page of a list, unless the only element of the array that came is a page itself.
    fn records_of(&self, only: Option<Node<'_>>) -> Option<Member> {
        let member = self.member(self.records?)?;
        only.is_none_or(|only| only.member(member.name).is_none()).then_some(member)
    }

    /// The index of the member with the name of this entry, or how many members there are; looks at `likely` first, because members
    /// mostly come in order.
    #[inline]
    pub(crate) fn index_of(&self, likely: usize, tape: &Tape<'_>, name: Entry) -> usize {
        match (self.names.get(likely), tape.plain_name(name)) {
            (Some(known), Some(name)) if known.as_bytes() == name => likely,
            _ => self.search(&tape.name(name)),
        }
    }

    /// The index of the member with this name, or how many members there are.
    #[inline(never)]
    pub(crate) fn search(&self, name: &str) -> usize {
        let mut index = 0;
        for known in self.names {
            if *known == name {
                break;
            }
            index += 1;
        }
        index
    }
}

/// Reads a model. Not inline: a model is read in many places, and is compiled once.
#[inline(never)]
pub(crate) fn decode_model<M: Decode>(node: Node<'_>, cx: &mut Context) -> Option<M> {
    let mut reader = ObjectReader::open(node, cx, M::SHAPE)?;
    let value = M::read(&mut reader);
    if reader.close() { value } else { None }
}

/// What a field holds before it is read. Types whose values all need memory or a choice have none; such a field is read by
/// [`ObjectReader::field`] before its model exists.
pub trait Blank {
    /// The value before reading. A constant and no function: what cannot fail needs no cleaning up after.
    const BLANK: Self;
}

macro_rules! blank {
    ($($type:ty $(, $t:ident)? = $value:expr;)*) => { $(
        impl $(<$t>)? Blank for $type {
            const BLANK: Self = $value;
        }
    )* };
}
blank! {
    Option<T>, T = None;
    Patch<T>, T = Patch::Unset;
    Vec<T>, T = Vec::new();
    Map<T>, T = Map::new();
    Records<T>, T = Records::new();
    String = String::new();
    Value = Value::Null;
    Extra = Extra::NONE;
    bool = false;
    f64 = 0.0;
    i32 = 0;
    i64 = 0;
    u32 = 0;
    u64 = 0;
}

/// A field in its place, to be read; till then it is blank. Nothing needs to be written for it.
pub trait Slot {
    /// Reads the field with this index of the shape; `false` once the context knows why it cannot be read.
    fn fill(&mut self, index: usize, o: &mut ObjectReader<'_, '_>) -> bool;
}

impl<T: Decode> Slot for T {
    fn fill(&mut self, index: usize, o: &mut ObjectReader<'_, '_>) -> bool {
        let Some(node) = o.enter(index, T::EMPTY) else { return false };
        let read = match T::decode(node, o.cx) {
            Some(value) => {
                // A blank value owns nothing; to drop it would be code for nothing, once for each type of field.
                std::mem::forget(std::mem::replace(self, value));
                true
            }
            None => o.forgive(index, node, T::EMPTY),
        };
        o.leave(index, node);
        read
    }
}

/// An object while its fields are read.
#[derive(Debug)]
pub struct ObjectReader<'c, 't> {
    cx: &'c mut Context,
    object: Node<'t>,
    shape: &'static Shape,
    /// Where this object's slots begin.
    base: usize,
    /// How many splices there were; those of a field are taken when the field is read.
    splices: usize,
    /// Where the field at hand began.
    mark: Mark,
    /// The field that an array is, which came in the place of the object.
    bare: Option<usize>,
    /// Whether some fields were read before the others.
    early: bool,
    /// Whether a field could not be read.
    failed: bool,
}

/// The slot of a field that was read already. No tape has as many entries.
const READ: u32 = u32::MAX;

impl<'c, 't> ObjectReader<'c, 't> {
    /// Goes over the members once, and notes where each field's value is.
    #[inline(never)]
    fn open(node: Node<'t>, cx: &'c mut Context, shape: &'static Shape) -> Option<Self> {
        // The index of the member that a bare array is.
        let mut bare = None;
        let object = match (node.kind(), node.only()) {
            (Kind::Object, _) => node,
            (Kind::Array, only) if let Some(member) = shape.records_of(only) => {
                cx.unfold(node, member.name)?;
                bare = shape.records;
                node
            }
            (Kind::Array, Some(only)) if only.kind() == Kind::Object => cx.unwrap(node, only)?,
            _ => return cx.refuse(node, "object"),
        };
        // The splices of an array around it belong to whoever asked for this object.
        let splices = cx.splices.len();
        let base = cx.slots.len();
        cx.slots.resize(base + shape.size(), 0);
        let mut extra = Extra::default();
        let tape = object.tape;
        let end = object.entry().next;
        let (mut at, mut likely, mut explained) = (object.at + 1, 0, 0);
        if bare.is_some() {
            at = end;
        }
        while at < end {
            let (name, value) = (tape.entry(at), tape.entry(at + 1));
            let index = shape.index_of(likely, tape, name);
            match cx.slots.get_mut(base + index) {
                Some(slot) => {
                    likely = index + 1;
                    // Of equal names the last counts, and they count once.
                    explained += u32::from(*slot == 0);
                    *slot = at + 1;
                }
                None => {
                    extra.keep_unknown(&tape.name(name), tape.raw(value));
                    if cx.mode.trace {
                        cx.note(Node { tape, at: at + 1 }, Note::Unknown);
                    }
                }
            }
            at = value.next;
        }
        cx.tally.explained += explained;
        cx.tally.against += extra.keep_last_of_equal_names();
        cx.extras.push(extra);
        let mark = cx.mark();
        Some(Self { cx, object, shape, base, splices, mark, bare, early: false, failed: false })
    }

    /// Whether all fields could be read.
    #[inline(never)]
    fn close(self) -> bool {
        self.cx.slots.truncate(self.base);
        self.cx.extras.pop();
        !self.failed
    }

    /// Reads the field with this index of the shape; `None` once the context knows why it cannot be read.
    ///
    /// Not inline: this is compiled once for each type of field, not for each field.
    #[inline(never)]
    pub fn field<T: Decode>(&mut self, index: usize) -> Option<T> {
        let node = self.enter(index, T::EMPTY)?;
        let value = T::decode(node, self.cx);
        self.leave(index, node);
        if let Some(slot) = self.cx.slots.get_mut(self.base + index) {
            *slot = READ;
            self.early = true;
        }
        value
    }

    /// Reads all fields that were not read yet, up to the first that cannot be read, and the members that are not fields. The fields come
    /// in the order of the shape.
    #[inline(never)]
    pub fn fill(&mut self, extra: &mut Extra, fields: &mut [&mut dyn Slot]) {
        for (index, field) in fields.iter_mut().enumerate() {
            if self.early && self.cx.slots.get(self.base + index) == Some(&READ) {
                continue;
            }
            if !field.fill(index, self) {
                self.failed = true;
                return;
            }
        }
        *extra = self.cx.extras.last_mut().map(std::mem::take).unwrap_or_default();
    }

    /// Keeps the form of a field's value with its model, where it came in a different form.
    #[inline]
    fn leave(&mut self, index: usize, node: Node<'t>) {
        if self.cx.splices.len() > self.splices {
            self.keep(index, node);
        }
        if self.cx.tally.nulls > self.mark.tally().nulls {
            self.contain(index);
        }
    }

    /// For a type that can read no fields.
    #[cold]
    pub(crate) fn refuse<T>(&mut self) -> Option<T> {
        self.cx.refuse(self.object, "something else")
    }

    fn keep_flipped(&mut self, index: usize) {
        if let Some(extra) = self.cx.extras.last_mut() {
            extra.keep_flipped(index);
        }
    }

    /// The value a field is to be read from, which is nothing where the field may be absent.
    #[inline(never)]
    fn enter(&mut self, index: usize, empty: Empty) -> Option<Node<'t>> {
        let at = self.cx.slots.get(self.base + index).copied().unwrap_or(0);
        let node = Node { tape: self.object.tape, at };
        if at != 0 && node.kind() != Kind::Null {
            self.mark = self.cx.mark();
            return Some(node);
        }
        self.enter_empty(index, empty, node)
    }

    /// The same where no value came, or null.
    #[inline(never)]
    fn enter_empty(&mut self, index: usize, empty: Empty, node: Node<'t>) -> Option<Node<'t>> {
        if self.bare == Some(index) {
            self.mark = self.cx.mark();
            return Some(self.object);
        }
        let at = node.at;
        let records = self.shape.records == Some(index);
        if at != 0 && empty == Empty::Refused && !records {
            self.mark = self.cx.mark();
            return Some(node);
        }
        let member = self.shape.member(index)?;
        if records {
            return self.no_records(index, member, node);
        }
        let by_rule = member.is_loose();
        if at == 0 {
            if member.is_required() {
                if empty == Empty::Refused {
                    return self.cx.refuse_missing(self.object, member.name);
                }
                self.cx.deviate_missing(self.object, member.name)?;
                if by_rule {
                    self.cx.count_null(1);
                }
                self.keep_flipped(index);
            } else if empty == Empty::Refused {
                return self.cx.refuse_missing(self.object, member.name);
            }
            return Some(node.nothing());
        }
        if by_rule {
            self.cx.count_null(2);
        } else if !member.is_nullable() {
            self.cx.deviate(node, DeviationKind::Null, "a value")?;
        }
        if empty == Empty::Same && !member.is_required() {
            self.keep_flipped(index);
        }
        Some(node)
    }

    /// Lets a field that can do without a value be without, where what came for it cannot be read; that is kept and written back.
    #[cold]
    #[inline(never)]
    fn forgive(&mut self, index: usize, node: Node<'t>, empty: Empty) -> bool {
        let by_rule = self.shape.member(index).is_some_and(|member| member.is_loose());
        if empty == Empty::Refused || !self.cx.forgive(self.mark, by_rule) {
            return false;
        }
        self.keep_as(index, Form::new(node.raw(), "null".to_owned()));
        true
    }

    /// Nulls within a field that the document lets do without a value concern nobody around it.
    #[cold]
    fn contain(&mut self, index: usize) {
        if self.shape.member(index).is_some_and(|member| !member.is_required() || member.is_nullable()) {
            self.cx.contain(self.mark, 2, 1);
        }
        self.mark = self.cx.mark();
    }

    /// A page without its records has none.
    #[cold]
    fn no_records(&mut self, index: usize, member: Member, node: Node<'t>) -> Option<Node<'t>> {
        let came = if node.at == 0 { "" } else { "null" };
        if node.at != 0 && !member.is_nullable() {
            self.cx.deviate(node, DeviationKind::Null, "a value")?;
        } else if node.at == 0 && member.is_required() {
            self.cx.deviate_missing(self.object, member.name)?;
        }
        self.keep_as(index, Form::new(came, "[]".to_owned()));
        Some(node.nothing())
    }

    #[cold]
    fn keep(&mut self, index: usize, node: Node<'t>) {
        let form = self.cx.take_form(node, self.splices);
        self.keep_as(index, form);
    }

    fn keep_as(&mut self, index: usize, form: Form) {
        if let (Some(extra), Some(member)) = (self.cx.extras.last_mut(), self.shape.member(index)) {
            extra.keep_form(member.name, form);
        }
    }
}

/// An object while its fields are written.
struct ObjectWriter<'w> {
    w: &'w mut Writer,
    shape: &'static Shape,
    extra: &'w Extra,
}

impl<'a> Visit<'a> for Writer {
    fn model(&mut self, shape: &'static Shape, extra: &'a Extra, fields: &[&'a dyn Field]) {
        let extra = if self.is_typed_only() { &Extra::NONE } else { extra };
        let mut writer = ObjectWriter::open(self, shape, extra);
        for (index, value) in fields.iter().enumerate() {
            writer.write(index, *value);
        }
        writer.close();
    }

    fn variant(&mut self, values: &'static Values, known: Result<usize, &'a str>) {
        self.variant(values, known);
    }
}

impl<'w> ObjectWriter<'w> {
    fn open(w: &'w mut Writer, shape: &'static Shape, extra: &'w Extra) -> Self {
        w.raw("{");
        Self { w, shape, extra }
    }

    fn close(self) {
        if let Some(store) = self.extra.stored() {
            store.write(self.w);
        }
        self.w.raw("}");
    }

    /// Writes the field with this index of the shape, or leaves it out if it is absent and may be.
    fn write(&mut self, index: usize, value: &dyn Field) {
        let Some(member) = self.shape.member(index) else { return };
        let store = self.extra.stored();
        if store.is_some_and(|store| store.overrides(member.name)) {
            return;
        }
        let mut form = store.and_then(|store| store.form(member.name));
        let absent = value.is_absent();
        if absent {
            form = form.filter(|form| form.is_unread());
            let flipped = store.is_some_and(|store| store.is_flipped(index));
            if member.is_required() == flipped && form.is_none() {
                return;
            }
        }
        let before = self.w.out.len();
        self.w.name(member.name);
        let start = self.w.out.len();
        if absent {
            self.w.raw("null");
        } else {
            value.encode(self.w);
        }
        if let Some(form) = form {
            form.settle(self.w, start);
            if self.w.out.len() == start {
                // It did not come at all.
                self.w.out.truncate(before);
            }
        }
    }
}
