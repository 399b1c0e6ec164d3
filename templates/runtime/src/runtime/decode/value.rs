//! Values without a model: `Value`, where the document says nothing about a value, and `Raw`, where no branch of a union
//! fitted.

use std::borrow::Cow;
use std::fmt;
use std::ops::IndexMut;

use serde_json::{Number, Value};

use crate::runtime::decode::context::Context;
use crate::runtime::decode::list::Elements;
use crate::runtime::decode::{Decode, DeviationKind, Mode, from_json};
use crate::runtime::encode::{Encode, Writer, to_json, write_string};
use crate::runtime::json::number::{append_shown, is_short, same_value};
use crate::runtime::json::tape::{Kind, Node, Tape};
use crate::runtime::text::print_size;

impl Context {
    fn value(&mut self, node: Node<'_>) -> Option<Value> {
        Some(match node.kind() {
            Kind::Absent | Kind::Null => Value::Null,
            Kind::False => Value::Bool(false),
            Kind::True => Value::Bool(true),
            Kind::String => Value::String(self.text(node, "string")?.into_owned()),
            _ => build(&self.readable(node)?),
        })
    }

    /// The text that serde_json makes the value of: what it cannot read is replaced. Numbers that it can read stay as they came,
    /// since it reads what it wrote as another number sometimes.
    fn readable<'t>(&mut self, node: Node<'t>) -> Option<Cow<'t, str>> {
        let first = self.splices.len();
        self.check(node)?;
        if self.splices.len() == first {
            return Some(Cow::Borrowed(node.raw()));
        }
        Some(Cow::Owned(self.written(node, first, true)))
    }

    fn check(&mut self, node: Node<'_>) -> Option<()> {
        match node.kind() {
            Kind::Absent | Kind::Null | Kind::False | Kind::True => {}
            Kind::Integer | Kind::Fraction => self.check_number(node)?,
            Kind::String if node.plain_text().is_some() => {}
            Kind::String => drop(self.text(node, "string")?),
            Kind::Array => {
                let mut elements = Elements::new(node, self);
                while let Some(element) = elements.next(self) {
                    if self.check(element).is_none() {
                        return elements.fail(self);
                    }
                }
            }
            Kind::Object => {
                for (_, member) in node.members() {
                    self.check_name(Node { tape: member.tape, at: member.at - 1 });
                    self.check(member)?;
                }
            }
        }
        Some(())
    }

    /// A name with a lone surrogate is read all the same.
    fn check_name(&mut self, name: Node<'_>) {
        if let Some((text, true)) = name.text() {
            let mut written = String::new();
            write_string(&mut written, &text);
            self.splice(name, written);
        }
    }

    fn check_number(&mut self, node: Node<'_>) -> Option<()> {
        let raw = node.raw();
        if is_short(raw) {
            return Some(());
        }
        // How much of it survives depends on serde_json's feature arbitrary_precision, so it is asked, not assumed.
        let mut written = String::new();
        match raw.parse::<Number>() {
            Ok(number) => {
                append_shown(&mut written, &number);
                if same_value(raw, &written) {
                    return Some(());
                }
            }
            Err(_) => {
                self.deviate(node, DeviationKind::Unrepresentable, "number")?;
                write_string(&mut written, raw);
            }
        }
        self.splice(node, written);
        Some(())
    }
}

/// Reads JSON text that has been scanned before.
#[inline]
pub(crate) fn parse(json: &str) -> Value {
    match from_json::<Value>(json.as_bytes(), Mode::default()) {
        Ok((value, _)) => value,
        Err(_) => Value::Null,
    }
}

/// Makes a value of text that was checked.
fn build(json: &str) -> Value {
    json.parse().unwrap_or_else(|_| build_deep(json))
}

/// Makes a value of a container that is as deep as one may be, which is deeper by one than serde_json reads.
#[cold]
fn build_deep(json: &str) -> Value {
    let Some(tape) = Tape::full(json) else { return Value::Null };
    let root = tape.root();
    if root.kind() == Kind::Array {
        let mut list = Vec::new();
        for element in root.elements() {
            list.push(element.raw().parse().unwrap_or_default());
        }
        return Value::Array(list);
    }
    let mut object = Value::Null;
    for (name, member) in root.members() {
        // On `null` this makes an object of it.
        *object.index_mut(&*tape.name(name)) = member.raw().parse().unwrap_or_default();
    }
    object
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
            Self::String(text) => w.string(text),
            // To walk over the members here would bring the code of the map's iterator along.
            other => append_shown(&mut w.out, other),
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

    pub(crate) fn of(node: Node<'_>) -> Self {
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
        crate::runtime::encode::equal::same_json(&self.0, &other.0)
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
        w.raw(if w.is_typed_only() { "null" } else { &self.0 });
    }
}

/// A type of the caller's own, read by serde: `request.send_as::<Json<Mine>>()`.
///
/// Where a call asks for a part of the
/// members, or the document is too wrong to be of use, this reads exactly what the caller wants.
///
/// ```
/// use runtime::{DecodeError, Json, Mode, from_json};
/// use std::collections::BTreeMap;
///
/// let (Json(counts), _) = from_json::<Json<BTreeMap<String, u8>>>(b"{\"open\": 2}", Mode::default())?;
/// assert_eq!(counts.get("open"), Some(&2));
/// # Ok::<(), DecodeError>(())
/// ```
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
