//! A stand-in for the half that writes parameters, while that is written elsewhere: same names. Merging replaces it.

use std::borrow::Cow;

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Param<'a> {
    /// One text.
    Text(Cow<'a, str>),
}

impl<'a> Param<'a> {
    /// A text that is already at hand.
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

/// What can stand in a query.
pub trait ToQuery {
    /// The value as text.
    fn to_query(&self) -> Param<'_>;
}
