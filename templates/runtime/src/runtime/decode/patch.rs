//! The three states of a member that is optional and nullable in a request.

use crate::runtime::decode::context::Context;
use crate::runtime::decode::{Decode, Empty};
use crate::runtime::encode::{Encode, Writer};
use crate::runtime::json::tape::{Kind, Node};

/// A change to a value that may also be cleared: left as it is, set to `null`, or set to a value.
///
/// ```
/// use runtime::Patch;
///
/// assert_eq!(Patch::from("paid").value(), Some(&"paid"));
/// assert!(Patch::<&str>::default().is_unset() && Patch::<&str>::Null.is_null());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Patch<T> {
    /// Not sent.
    #[default]
    Unset,
    /// Sent as `null`.
    Null,
    /// Sent.
    Value(T),
}

impl<T> Patch<T> {
    /// The value, if it is set to one.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unset | Self::Null => None,
        }
    }

    /// The value, if it is set to one.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unset | Self::Null => None,
        }
    }

    /// Whether it is not sent.
    #[must_use]
    pub const fn is_unset(&self) -> bool {
        matches!(self, Self::Unset)
    }

    /// Whether it is sent as `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` clears: it becomes `null`.
impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Decode> Decode for Patch<T> {
    const EMPTY: Empty = Empty::Apart;

    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        match node.kind() {
            Kind::Absent => Some(Self::Unset),
            Kind::Null => Some(Self::Null),
            _ => T::decode(node, cx).map(Self::Value),
        }
    }
}

impl<T: Encode> Encode for Patch<T> {
    fn encode(&self, w: &mut Writer) {
        match self {
            Self::Value(value) => value.encode(w),
            Self::Unset | Self::Null => w.raw("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_unset()
    }
}
