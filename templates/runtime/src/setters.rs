//! A small conversion that the generated setters call, so that each of them is one line.

/// The elements of a list argument.
#[inline]
pub fn list<T>(elements: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
    elements.into_iter().map(Into::into).collect()
}
