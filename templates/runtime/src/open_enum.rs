//! Open enums: known values are variants, and any other value keeps its text.

use std::borrow::Cow;

use super::context::Context;
use super::decode::DeviationKind;
use super::encode::{Writer, write_string};
use super::number::{is_number, same_value};
use super::tape::{Kind, Node};

/// An enum that tolerates values the document does not know yet: what the generator writes for every `enum`.
pub trait OpenEnum: Sized {
    /// The values on the wire, in the order of the variants; of numbers, their text.
    const WIRE: &'static [&'static str];
    /// Whether the values are numbers.
    const NUMERIC: bool = false;

    /// The variant of the value with this index of `WIRE`.
    fn known(index: usize) -> Option<Self>;

    /// The variant that keeps a text which is none of `WIRE`.
    fn unknown(text: Box<str>) -> Self;

    /// The text on the wire.
    fn as_str(&self) -> &str;
}

/// Reads an enum; what `open_enum!` calls.
pub fn decode_enum<E: OpenEnum>(node: Node<'_>, cx: &mut Context) -> Option<E> {
    let text = if E::NUMERIC { cx.enum_number(node)? } else { cx.text(node, "string")? };
    let value = find::<E>(&text, E::WIRE, E::NUMERIC);
    if value.is_none() {
        cx.doubt();
    }
    Some(value.unwrap_or_else(|| E::unknown(text.into())))
}

/// The variant of a text; what `open_enum!` calls.
pub fn enum_from<E: OpenEnum>(text: Cow<'_, str>) -> E {
    find::<E>(&text, E::WIRE, E::NUMERIC).unwrap_or_else(|| E::unknown(text.into()))
}

fn find<E: OpenEnum>(text: &str, wire: &[&str], numeric: bool) -> Option<E> {
    position(text, wire, numeric).and_then(E::known)
}

fn position(text: &str, wire: &[&str], numeric: bool) -> Option<usize> {
    let same = |known: &&str| *known == text || numeric && is_number(text) && same_value(known, text);
    wire.iter().position(same)
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

/// Gives open enums `Decode`, `Encode`, `Display`, `AsRef<str>`, `From` of texts, `ToQuery` and serde.
#[allow(unused_macros)] // Not every SDK has something of every sort.
macro_rules! open_enum {
    ($($name:ty),* $(,)?) => { $(
        impl $crate::runtime::Decode for $name {
            fn decode(node: $crate::runtime::Node<'_>, cx: &mut $crate::runtime::Context) -> Option<Self> {
                $crate::runtime::decode_enum(node, cx)
            }
        }

        impl $crate::runtime::Encode for $name {
            fn encode(&self, w: &mut $crate::runtime::Writer) {
                use $crate::runtime::OpenEnum as E;
                $crate::runtime::encode_enum(E::as_str(self), <Self as E>::NUMERIC, w);
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad($crate::runtime::OpenEnum::as_str(self))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                $crate::runtime::OpenEnum::as_str(self)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::runtime::enum_from(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                $crate::runtime::enum_from(text.into())
            }
        }

        impl $crate::runtime::ToQuery for $name {
            fn to_query(&self) -> $crate::runtime::Param<'_> {
                $crate::runtime::Param::text($crate::runtime::OpenEnum::as_str(self))
            }
        }

        $crate::runtime::serde_by_json!($name);
    )* };
}
#[allow(unused_imports)]
pub(crate) use open_enum;
