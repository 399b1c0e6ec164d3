//! Small conversions that the generated setters call, so that each of them is one line.

use serde_json::Value;

use super::encode::{Encode, to_json};

/// The elements of a list argument.
#[inline]
pub fn list<T>(elements: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
    elements.into_iter().map(Into::into).collect()
}

/// A value as any JSON: how models stand in queries and forms.
#[inline]
pub fn to_value(value: &dyn Encode) -> Value {
    super::value::parse(&to_json(value))
}
