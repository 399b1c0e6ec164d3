//! Open enums: known values are variants, and any other value keeps its text.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::runtime::decode::context::Context;
use crate::runtime::decode::{Decode, DeviationKind};
use crate::runtime::encode::visit::Visit;
use crate::runtime::encode::{Encode, Writer, write_string};
use crate::runtime::json::number::{is_number, same_value};
use crate::runtime::json::tape::{Kind, Node};

/// The values that the document lists for an enum.
#[derive(Debug)]
pub struct Values {
    wire: &'static [&'static str],
    sort: Sort,
}

#[derive(Debug)]
enum Sort {
    /// The type is no enum.
    None,
    Texts,
    Numbers,
}

impl Values {
    /// Of a type that is no enum.
    pub(crate) const NONE: Self = Self { wire: &[], sort: Sort::None };

    /// Texts, in the order of the variants.
    #[must_use]
    pub const fn texts(wire: &'static [&'static str]) -> Self {
        Self { wire, sort: Sort::Texts }
    }

    /// The texts of numbers, in the order of the variants.
    #[must_use]
    pub const fn numbers(wire: &'static [&'static str]) -> Self {
        Self { wire, sort: Sort::Numbers }
    }

    /// The values as they are sent, in the order of the variants; of numbers, their text.
    #[must_use]
    pub const fn wire(&self) -> &'static [&'static str] {
        self.wire
    }

    pub(crate) const fn is_none(&self) -> bool {
        matches!(self.sort, Sort::None)
    }

    const fn are_numbers(&self) -> bool {
        matches!(self.sort, Sort::Numbers)
    }

    /// The index of a text among the values; else one beyond them, and the text.
    fn find(&self, text: Cow<'_, str>) -> (usize, Box<str>) {
        let numeric = self.are_numbers() && is_number(&text);
        for (index, known) in self.wire.iter().enumerate() {
            if **known == *text || numeric && same_value(known, &text) {
                return (index, Box::default());
            }
        }
        (self.wire.len(), text.into())
    }
}

/// Reads an enum.
pub(crate) fn decode_enum<E: Decode>(node: Node<'_>, cx: &mut Context) -> Option<E> {
    let (index, text) = cx.enum_value(node, E::VALUES)?;
    E::of(index, text)
}

/// The variant of a text; what `open_enum!` calls. `other` keeps a text.
pub fn enum_from<E: Decode>(text: &str, other: fn(Box<str>) -> E) -> E {
    let (index, text) = E::VALUES.find(text.into());
    made(index, text, other)
}

/// A copy; what `open_enum!` calls. `other` keeps a text.
#[inline]
pub fn clone_enum<E: Decode + Encode>(value: &E, other: fn(Box<str>) -> E) -> E {
    match Seen::of(value).known {
        Ok(index) => made(index, Box::default(), other),
        Err(text) => other(text.into()),
    }
}

/// An enum always makes a variant; only the compiler does not know that the type is one.
#[inline]
fn made<E: Decode>(index: usize, text: Box<str>, other: fn(Box<str>) -> E) -> E {
    match E::of(index, text) {
        Some(value) => value,
        None => other(Box::default()),
    }
}

/// The text of a variant on the wire; what `open_enum!` calls.
pub fn enum_text(value: &dyn Encode) -> &str {
    Seen::of(value).text()
}

/// The index of a variant among the values; `None` if it keeps a text that the document does not list.
pub fn enum_index(value: &dyn Encode) -> Option<usize> {
    Seen::of(value).known.ok()
}

/// Whether two values are the same; what `open_enum!` calls.
pub fn same_enum(one: &dyn Encode, other: &dyn Encode) -> bool {
    Seen::of(one).known == Seen::of(other).known
}

/// Hashes a value by its text; what `open_enum!` calls.
#[inline]
pub fn hash_enum<H: Hasher>(value: &dyn Encode, state: &mut H) {
    enum_text(value).hash(state);
}

/// Prints an enum as the value on the wire, so that logs read like the document; what `open_enum!` calls.
///
/// # Errors
/// Those of the formatter.
pub fn debug_enum(value: &dyn Encode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let seen = Seen::of(value);
    match seen.known {
        Ok(_) => f.write_str(seen.text()),
        Err(text) => f.debug_tuple("Unrecognized").field(&text).finish(),
    }
}

/// What an enum has shown of itself.
struct Seen<'a> {
    values: &'static Values,
    known: Result<usize, &'a str>,
}

impl<'a> Seen<'a> {
    fn of(value: &'a dyn Encode) -> Self {
        let mut seen = Self { values: &Values::NONE, known: Err("") };
        value.visit(&mut seen);
        seen
    }

    fn text(&self) -> &'a str {
        match self.known {
            Ok(index) => self.values.wire.get(index).copied().unwrap_or_default(),
            Err(text) => text,
        }
    }
}

impl<'a> Visit<'a> for Seen<'a> {
    fn variant(&mut self, values: &'static Values, known: Result<usize, &'a str>) {
        *self = Self { values, known };
    }
}

impl Writer {
    /// Writes an enum.
    pub(crate) fn variant(&mut self, values: &'static Values, known: Result<usize, &str>) {
        let text = Seen { values, known }.text();
        if values.are_numbers() && is_number(text) {
            self.raw(text);
        } else {
            self.string(text);
        }
    }
}

impl Context {
    fn enum_value(&mut self, node: Node<'_>, values: &'static Values) -> Option<(usize, Box<str>)> {
        let text = if values.are_numbers() { self.enum_number(node)? } else { self.text(node, "string")? };
        let found = values.find(text);
        if found.0 == values.wire.len() {
            self.doubt();
        }
        Some(found)
    }

    fn enum_number<'t>(&mut self, node: Node<'t>) -> Option<Cow<'t, str>> {
        match node.kind() {
            Kind::Integer | Kind::Fraction => Some(Cow::Borrowed(node.raw())),
            Kind::String => {
                let (text, _) = node.text()?;
                self.deviate(node, DeviationKind::Form, "number")?;
                let mut written = String::new();
                if is_number(&text) {
                    written.push_str(&text)
                } else {
                    write_string(&mut written, &text)
                }
                self.splice(node, written);
                Some(text)
            }
            _ => self.refuse(node, "number"),
        }
    }
}

/// Gives an open enum its values, and what follows from them: `AsRef<str>`, `Clone`, `Debug`, `Eq`, `Hash`, `Display`, `From` of a text
/// and serde. All have the same, whether a request uses them or not: else an enum that leaves a request would lose something. With the
/// name alone it is only what follows, for an enum that has `Decode` and `Encode`.
///
/// No derives, and no trait more: there are hundreds of enums, and each implementation costs the compiler whether somebody calls it
/// or not. Only `Decode::of` and `Encode::visit` distinguish variants.
#[macro_export]
#[doc(hidden)]
#[allow(unused_macros)] // Not every SDK has something of every sort.
macro_rules! open_enum {
    ($name:ident, $sort:ident, { $($index:literal => $variant:ident = $wire:literal),* $(,)? }) => {
        impl runtime::Decode for $name {
            const VALUES: &'static runtime::__private::Values = &runtime::__private::Values::$sort(&[$($wire),*]);

            #[inline]
            fn of(index: usize, text: Box<str>) -> Option<Self> {
                Some(match index { $($index => Self::$variant,)* _ => Self::Unrecognized(text) })
            }
        }

        impl runtime::Encode for $name {
            #[inline]
            fn visit<'a>(&'a self, v: &mut dyn runtime::__private::Visit<'a>) {
                v.variant(
                    <Self as runtime::Decode>::VALUES,
                    match self { $(Self::$variant => Ok($index),)* Self::Unrecognized(text) => Err(text) },
                );
            }
        }

        runtime::open_enum!($name);
    };
    ($name:ty) => {
        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                runtime::__private::enum_text(self)
            }
        }

        impl Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                runtime::__private::clone_enum(self, Self::Unrecognized)
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                runtime::__private::same_enum(self, other)
            }
        }

        impl ::std::hash::Hash for $name {
            #[inline]
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                runtime::__private::hash_enum(self, state);
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                runtime::__private::debug_enum(self, f)
            }
        }

        impl Eq for $name {}

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(runtime::__private::enum_text(self))
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                runtime::__private::enum_from(text, Self::Unrecognized)
            }
        }

        runtime::serde_by_json!($name);
    };
}
#[allow(unused_imports)]
pub(crate) use open_enum;
