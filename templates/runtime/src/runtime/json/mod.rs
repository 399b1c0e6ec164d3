//! JSON as text: scanning, the index of a body, numbers.

pub(crate) mod number;
pub(crate) mod scan;
pub(crate) mod tape;
