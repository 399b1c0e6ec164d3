//! Values without a model: `Value`, where the document says nothing about a value, and `Raw`, where no branch of a union
//! fitted.

use std::fmt;

use serde_json::{Map as ValueMap, Number, Value};

use super::context::Context;
use super::decode::{Decode, DeviationKind, Mode, from_json};
use super::encode::{Encode, Writer, to_json};
use super::list::Elements;
use super::number::same_value;
use super::tape::{Kind, Node};
use super::text::print_size;

impl Context {
    fn value(&mut self, node: Node<'_>) -> Option<Value> {
        Some(match node.kind() {
            Kind::Absent | Kind::Null => Value::Null,
            Kind::False => Value::Bool(false),
            Kind::True => Value::Bool(true),
            Kind::Integer | Kind::Fraction => self.any_number(node)?,
            Kind::String => Value::String(self.text(node, "string")?.into_owned()),
            Kind::Array => {
                let mut list = Vec::new();
                let mut elements = Elements::new(node, self);
                while let Some(element) = elements.next(self) {
                    match self.value(element) {
                        Some(value) => list.push(value),
                        None => return elements.fail(self),
                    }
                }
                Value::Array(list)
            }
            Kind::Object => {
                let mut members = ValueMap::new();
                for (name, member) in node.members() {
                    members.insert(node.tape.name(name).into_owned(), self.value(member)?);
                }
                Value::Object(members)
            }
        })
    }

    fn any_number(&mut self, node: Node<'_>) -> Option<Value> {
        let raw = node.raw();
        // How much of it survives depends on serde_json's feature arbitrary_precision, so it is asked, not assumed.
        let Ok(number) = raw.parse::<Number>() else {
            self.deviate(node, DeviationKind::Unrepresentable, "number")?;
            let text = Value::String(raw.to_owned());
            self.splice(node, to_json(&text));
            return Some(text);
        };
        // Fifteen digits always survive, but not where an exponent makes them subnormal.
        if raw.len() > 15 || raw.bytes().any(|b| b | 0x20 == b'e') {
            let written = number.to_string();
            if !same_value(raw, &written) {
                self.splice(node, written);
            }
        }
        Some(Value::Number(number))
    }
}

/// Reads JSON text that has been scanned before.
#[inline]
pub(super) fn parse(json: &str) -> Value {
    from_json::<Value>(json.as_bytes(), Mode::default()).map_or(Value::Null, |(value, _)| value)
}

impl Decode for Value {
    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        cx.value(node)
    }
}

impl Encode for Value {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        match self {
            Self::Null => w.raw("null"),
            Self::Bool(value) => value.encode(w),
            Self::Number(number) => {
                use std::fmt::Write as _;
                // Writing to a string cannot fail.
                let _ = write!(w.out, "{number}");
            }
            Self::String(text) => w.string(text),
            Self::Array(list) => list.encode(w),
            Self::Object(members) => {
                w.raw("{");
                for (name, value) in members {
                    w.name(name);
                    value.encode(w);
                }
                w.raw("}");
            }
        }
    }
}

/// JSON text of which no branch of a union could make anything. `Debug` prints its size only.
#[derive(Clone)]
pub struct Raw(Box<str>);

impl Raw {
    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of the text.
    #[inline]
    #[must_use]
    pub fn to_value(&self) -> Value {
        parse(&self.0)
    }

    pub(super) fn of(node: Node<'_>) -> Self {
        Self(if node.kind() == Kind::Absent { "null".into() } else { node.raw().into() })
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_size(f, "Raw", self.0.len())
    }
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        super::equal::same_json(&self.0, &other.0)
    }
}

impl From<Value> for Raw {
    #[inline]
    fn from(value: Value) -> Self {
        Self(to_json(&value).into())
    }
}

impl Decode for Raw {
    fn decode(node: Node<'_>, _: &mut Context) -> Option<Self> {
        Some(Self::of(node))
    }
}

impl Encode for Raw {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

/// A type of the caller's own, read by serde: `request.send_as::<Json<Mine>>()`. Where a call asks for a part of the
/// members, or the document is too wrong to be of use, this reads exactly what the caller wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

impl<T: serde::de::DeserializeOwned> Decode for Json<T> {
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        match serde_json::from_str(node.raw()) {
            Ok(value) => Some(Self(value)),
            // What serde has to say may quote the value, so it is not passed on.
            Err(_) => cx.refuse(node, "what the caller's type takes"),
        }
    }
}

impl<T> std::ops::Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
