//! The fields of a model, shown one by one: what writing, `Debug` and `==` have in common. A model lists its fields once, in
//! one function that is generic over the visitor; three derives would list them three times, and each listing is compiled
//! whether somebody calls it or not.

use std::any::Any;
use std::fmt;

use super::encode::Encode;
use super::model::{Model, ObjectWriter, Shape};

/// What the type of a field can do. Nothing needs to be written for it.
pub trait Field: Encode + fmt::Debug + PartialEq + 'static {}

impl<T: Encode + fmt::Debug + PartialEq + 'static> Field for T {}

/// Somebody to whom a model shows its fields, in the order of the shape.
pub trait Visit<'a> {
    /// One field, with its index in the shape.
    fn field<T: Field>(&mut self, index: usize, value: &'a T);
}

impl<'a> Visit<'a> for ObjectWriter<'_> {
    #[inline]
    fn field<T: Field>(&mut self, index: usize, value: &'a T) {
        self.write(index, value);
    }
}

/// Prints a model under its fields' wire names; what `bridge!` calls.
pub fn debug_model<M: Model>(model: &M, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut printer = Printer { out: f.debug_struct(M::SHAPE.name()), shape: M::SHAPE };
    model.visit(&mut printer);
    printer.out.field("extra", model.extra()).finish()
}

struct Printer<'f, 'b> {
    out: fmt::DebugStruct<'f, 'b>,
    shape: &'static Shape,
}

impl<'a> Visit<'a> for Printer<'_, '_> {
    #[inline]
    fn field<T: Field>(&mut self, index: usize, value: &'a T) {
        self.print(index, value);
    }
}

impl Printer<'_, '_> {
    fn print(&mut self, index: usize, value: &dyn fmt::Debug) {
        if let Some(member) = self.shape.member(index) {
            self.out.field(member.name(), value);
        }
    }
}

/// Compares two models, field by field and by what they keep beside; what `bridge!` calls.
pub fn same_model<M: Model>(one: &M, other: &M) -> bool {
    let mut fields = Fields(Vec::with_capacity(M::SHAPE.size()));
    one.visit(&mut fields);
    let mut comparison = Comparison { fields: fields.0, same: one.extra() == other.extra() };
    other.visit(&mut comparison);
    comparison.same
}

struct Fields<'a>(Vec<&'a dyn Any>);

impl<'a> Visit<'a> for Fields<'a> {
    #[inline]
    fn field<T: Field>(&mut self, _: usize, value: &'a T) {
        self.0.push(value);
    }
}

struct Comparison<'o> {
    fields: Vec<&'o dyn Any>,
    same: bool,
}

impl<'a> Visit<'a> for Comparison<'_> {
    #[inline]
    fn field<T: Field>(&mut self, index: usize, value: &'a T) {
        let other = self.fields.get(index).and_then(|field| field.downcast_ref::<T>());
        self.same = self.same && other == Some(value);
    }
}
