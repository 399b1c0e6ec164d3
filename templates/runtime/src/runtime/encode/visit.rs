//! The fields of a model, shown all at once: what writing, `Debug` and `==` have in common. A model lists its fields once;
//! three derives would list them three times, and each listing is compiled whether somebody calls it or not. Enums show which
//! of their values they are, for the same reason.

use std::any::Any;
use std::fmt;

use crate::runtime::decode::extra::Extra;
use crate::runtime::decode::model::Shape;
use crate::runtime::decode::open_enum::Values;
use crate::runtime::encode::Encode;

/// What the type of a field can do. Nothing needs to be written for it.
pub trait Field: Encode + fmt::Debug + Any {
    /// Whether another field is of the same type and equal.
    fn same(&self, other: &dyn Field) -> bool;
}

impl<T: Encode + fmt::Debug + PartialEq + Any> Field for T {
    #[inline]
    fn same(&self, other: &dyn Field) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>() == Some(self)
    }
}

/// Somebody to whom a model or an enum shows itself.
pub trait Visit<'a> {
    /// A model: what the document says about it, its unknown members, and the fields in the order of the shape.
    fn model(&mut self, _: &'static Shape, _: &'a Extra, _: &[&'a dyn Field]) {}

    /// An enum: the values that the document lists, and the index of this one among them; the text of one it does not list.
    fn variant(&mut self, _: &'static Values, _: Result<usize, &'a str>) {}
}

/// Prints a model under its fields' wire names; what `model!` calls.
///
/// # Errors
/// Those of the formatter.
pub fn debug_model(model: &dyn Encode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut printer = Printer { f, result: Ok(()) };
    model.visit(&mut printer);
    printer.result
}

struct Printer<'f, 'b> {
    f: &'f mut fmt::Formatter<'b>,
    result: fmt::Result,
}

impl<'a> Visit<'a> for Printer<'_, '_> {
    fn model(&mut self, shape: &'static Shape, extra: &'a Extra, fields: &[&'a dyn Field]) {
        let mut out = self.f.debug_struct(shape.name());
        for (member, value) in shape.members().zip(fields) {
            // As `Secret` prints itself.
            let value: &dyn fmt::Debug = if member.is_secret() { &format_args!("Secret(..)") } else { value };
            out.field(member.name(), value);
        }
        self.result = out.field("extra", extra).finish();
    }
}

/// Compares two models of one type, field by field and by their unknown members; what `model!` calls.
pub fn same_model(one: &dyn Encode, other: &dyn Encode) -> bool {
    let mut comparison = Comparison { other, same: false };
    one.visit(&mut comparison);
    comparison.same
}

struct Comparison<'o> {
    other: &'o dyn Encode,
    same: bool,
}

impl<'a> Visit<'a> for Comparison<'_> {
    fn model(&mut self, _: &'static Shape, extra: &'a Extra, fields: &[&'a dyn Field]) {
        let mut shown = Shown { extra, fields, same: false };
        self.other.visit(&mut shown);
        self.same = shown.same;
    }
}

/// What the first of two models has shown.
struct Shown<'s> {
    extra: &'s Extra,
    fields: &'s [&'s dyn Field],
    same: bool,
}

impl<'a> Visit<'a> for Shown<'_> {
    fn model(&mut self, _: &'static Shape, extra: &'a Extra, fields: &[&'a dyn Field]) {
        self.same = self.fields.len() == fields.len()
            && self.fields.iter().zip(fields).all(|(one, other)| one.same(*other))
            && self.extra == extra;
    }
}

/// Gives a struct its way out of JSON and back: the struct, with a parameter for its records if it is a page, and then the index of these;
/// what `Shape` has to know of each member; the members, each with its name in JSON. Where the types of some have no `Blank` value, these
/// are read `first`, by their index, and the `blank` ones are listed as well.
///
/// A field that has a blank value is read in its place. That leaves the compiler no branches, and no half-made model to drop at each of
/// them.
#[macro_export]
#[doc(hidden)]
#[allow(unused_macros)] // Not every SDK has something of every sort.
macro_rules! json_object {
    ($model:ident $(<$record:ident> page $records:literal)?, $flags:expr, { $($field:ident = $wire:expr),* $(,)? }) => {
        runtime::json_object!(
            $model $(<$record> page $records)?, $flags, { $($field = $wire),* }, blank { $($field),* }, first {}
        );
    };
    (
        $model:ident $(<$record:ident> page $records:literal)?, $flags:expr, { $($field:ident = $wire:expr),* $(,)? },
        blank { $($blank:ident),* $(,)? }, first { $($first:ident = $index:expr),* $(,)? }
    ) => {
        impl $(<$record: runtime::Decode + runtime::__private::Field + PartialEq>)? runtime::Decode for $model $(<$record>)? {
            const SHAPE: &'static runtime::__private::Shape =
                &runtime::__private::Shape::new(stringify!($model), &[$($wire),*], $flags) $(.page($records))?;

            #[inline]
            fn read(o: &mut runtime::__private::ObjectReader<'_, '_>) -> Option<Self> {
                $(let Some($first) = o.field($index) else { return None };)*
                let mut m = Self {
                    $($blank: runtime::__private::Blank::BLANK,)*
                    $($first,)*
                    extra: runtime::Extra::NONE,
                };
                o.fill(&mut m.extra, &mut [$(&mut m.$field),*]);
                Some(m)
            }
        }

        impl $(<$record: runtime::Decode + runtime::__private::Field + PartialEq>)? runtime::Encode for $model $(<$record>)? {
            #[inline]
            fn visit<'a>(&'a self, v: &mut dyn runtime::__private::Visit<'a>) {
                v.model(<Self as runtime::Decode>::SHAPE, &self.extra, &[$(&self.$field),*]);
            }
        }
    };
}
#[allow(unused_imports)]
pub(crate) use json_object;

/// Gives a model what `json_object!` does, and `Clone`, `Debug`, `PartialEq` and serde. `Clone` is what its derive would be, with half the
/// syntax for the compiler to remember.
#[macro_export]
#[doc(hidden)]
#[allow(unused_macros)] // Not every SDK has something of every sort.
macro_rules! model {
    ($model:ident, $flags:expr, { $($field:ident = $wire:expr),* $(,)? } $($rest:tt)*) => {
        runtime::json_object!($model, $flags, { $($field = $wire),* } $($rest)*);

        impl Clone for $model {
            #[inline]
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone(),)* extra: self.extra.clone() }
            }
        }

        impl ::std::fmt::Debug for $model {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                runtime::__private::debug_model(self, f)
            }
        }

        impl PartialEq for $model {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                runtime::__private::same_model(self, other)
            }
        }

        runtime::serde_by_json!($model);
    };
}
#[allow(unused_imports)]
pub(crate) use model;

/// Gives what has `Decode` and `Encode` its serde implementations.
#[cfg(feature = "serde")]
#[macro_export]
#[doc(hidden)]
#[allow(unused_macros)] // Not every SDK has something of every sort.
macro_rules! serde_by_json {
    ($type:ty) => {
        impl runtime::__private::serde::Serialize for $type {
            #[inline]
            fn serialize<S: runtime::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                runtime::__private::serialize(self, serializer)
            }
        }

        impl<'de> runtime::__private::serde::Deserialize<'de> for $type {
            #[inline]
            fn deserialize<D: runtime::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                runtime::__private::deserialize(deserializer)
            }
        }
    };
}
/// Without the feature there are none.
#[cfg(not(feature = "serde"))]
#[macro_export]
#[doc(hidden)]
#[allow(unused_macros)]
macro_rules! serde_by_json {
    ($type:ty) => {};
}
#[allow(unused_imports)]
pub(crate) use serde_by_json;
