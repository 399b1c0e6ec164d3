//! The headers of responses by the names that operations declare. It is one type for all operations, distinguished by a marker type, as
//! builders are; the generator adds the accessors of each operation.

use std::fmt;
use std::marker::PhantomData;

use crate::runtime::__private::HeaderMap;

/// The headers that the responses of one operation declare. `Of` names the operation; code calls it by the operation's own alias of
/// this type. `Debug` shows names only.
///
/// The accessors of an operation are on the page of its alias in [`api::requests`](crate::api::requests).
pub struct Headers<'h, Of> {
    pub(crate) map: &'h HeaderMap,
    of: PhantomData<fn() -> Of>,
}

impl<'h, Of> Headers<'h, Of> {
    /// Those of a response, or of an error: both have `headers`.
    #[inline]
    pub fn of(headers: &'h HeaderMap) -> Self {
        Self { map: headers, of: PhantomData }
    }
}

impl<Of> Clone for Headers<'_, Of> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<Of> Copy for Headers<'_, Of> {}

impl<Of> fmt::Debug for Headers<'_, Of> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.map.keys()).finish()
    }
}
