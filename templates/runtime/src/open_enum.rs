//! Open enums: known values are variants, and any other value keeps its text.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::context::Context;
use super::decode::DeviationKind;
use super::encode::{Writer, write_string};
use super::number::{is_number, same_value};
use super::tape::{Kind, Node};

/// An enum that tolerates values the document does not know yet: what the generator writes for every `enum`.
///
/// Its text on the wire is what `AsRef<str>` gives. Variants are told apart in two places only, [`of`](OpenEnum::of) and
/// [`known`](OpenEnum::known): derives would do it once more each, and there are hundreds of enums.
pub trait OpenEnum: Sized + AsRef<str> {
    /// The values on the wire, in the order of the variants; of numbers, their text.
    const WIRE: &'static [&'static str];
    /// Whether the values are numbers.
    const NUMERIC: bool = false;

    /// The variant of the value with this index of `WIRE`; beyond, the one that keeps `text`.
    fn of(index: usize, text: Box<str>) -> Self;

    /// The index of the variant's value in `WIRE`; of the one that keeps a text, the text.
    ///
    /// # Errors
    /// The text of a value the document does not list.
    fn known(&self) -> Result<usize, &str>;

    /// The text on the wire.
    #[inline]
    fn as_str(&self) -> &str {
        self.as_ref()
    }
}

/// Reads an enum; what `open_enum!` calls.
pub fn decode_enum<E: OpenEnum>(node: Node<'_>, cx: &mut Context) -> Option<E> {
    let (index, text) = cx.enum_value(node, E::WIRE, E::NUMERIC)?;
    Some(E::of(index, text))
}

/// The variant of a text; what `open_enum!` calls.
pub fn enum_from<E: OpenEnum>(text: Cow<'_, str>) -> E {
    let (index, text) = find(text, E::WIRE, E::NUMERIC);
    E::of(index, text)
}

/// The text of a variant; what `open_enum!` calls.
#[inline]
pub fn enum_text<E: OpenEnum>(value: &E) -> &str {
    match value.known() {
        Ok(index) => E::WIRE.get(index).copied().unwrap_or_default(),
        Err(text) => text,
    }
}

/// A copy; what `open_enum!` calls.
#[inline]
pub fn clone_enum<E: OpenEnum>(value: &E) -> E {
    match value.known() {
        Ok(index) => E::of(index, Box::default()),
        Err(text) => E::of(usize::MAX, text.into()),
    }
}

/// Whether two values are the same; what `open_enum!` calls.
#[inline]
pub fn same_enum<E: OpenEnum>(one: &E, other: &E) -> bool {
    one.known() == other.known()
}

/// Hashes a value by its text; what `open_enum!` calls.
#[inline]
pub fn hash_enum<E: OpenEnum, H: Hasher>(value: &E, state: &mut H) {
    enum_text(value).hash(state);
}

/// The index of a text among the known ones; else one beyond them, and the text.
fn find(text: Cow<'_, str>, wire: &[&str], numeric: bool) -> (usize, Box<str>) {
    let same = |known: &&str| **known == *text || numeric && is_number(&text) && same_value(known, &text);
    match wire.iter().position(same) {
        Some(index) => (index, Box::default()),
        None => (wire.len(), text.into()),
    }
}

/// Writes an enum's text; what `open_enum!` calls.
pub fn encode_enum(text: &str, numeric: bool, w: &mut Writer) {
    if numeric && is_number(text) {
        w.raw(text);
    } else {
        w.string(text);
    }
}

impl Context {
    fn enum_value(&mut self, node: Node<'_>, wire: &[&str], numeric: bool) -> Option<(usize, Box<str>)> {
        let text = if numeric { self.enum_number(node)? } else { self.text(node, "string")? };
        let found = find(text, wire, numeric);
        if found.0 == wire.len() {
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

/// Prints an enum as the value on the wire, so that logs read like the document; what `open_enum!` calls.
///
/// # Errors
/// Those of the formatter.
pub fn debug_enum(text: &str, wire: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if wire.contains(&text) { f.write_str(text) } else { f.debug_tuple("Unrecognized").field(&text).finish() }
}

/// Gives open enums `Decode`, `Encode`, `AsRef<str>`, `Clone`, `Debug`, `Eq`, `Hash`, `Display`, `From` of a text, `ToQuery` and
/// serde. All have the same, whether a request uses them or not: else an enum that leaves a request would lose something.
#[allow(unused_macros)] // Not every SDK has something of every sort.
macro_rules! open_enum {
    ($name:ty) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(node: $crate::runtime::Node<'_>, cx: &mut $crate::runtime::Context) -> Option<Self> {
                $crate::runtime::decode_enum(node, cx)
            }
        }

        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, w: &mut $crate::runtime::Writer) {
                $crate::runtime::encode_enum(self.as_ref(), <Self as $crate::runtime::OpenEnum>::NUMERIC, w);
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                $crate::runtime::enum_text(self)
            }
        }

        impl Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                $crate::runtime::clone_enum(self)
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::same_enum(self, other)
            }
        }

        impl ::std::hash::Hash for $name {
            #[inline]
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                $crate::runtime::hash_enum(self, state);
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::runtime::debug_enum(self.as_ref(), <Self as $crate::runtime::OpenEnum>::WIRE, f)
            }
        }

        impl Eq for $name {}

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_ref())
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::runtime::enum_from(text.into())
            }
        }

        impl $crate::runtime::ToQuery for $name {
            #[inline]
            fn to_query(&self) -> $crate::runtime::Param<'_> {
                $crate::runtime::Param::text(self.as_ref())
            }
        }

        $crate::runtime::serde_by_json!($name);
    };
}
#[allow(unused_imports)]
pub(crate) use open_enum;
