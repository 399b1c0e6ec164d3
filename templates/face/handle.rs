//! The functions of one part of the API. All parts have one type, distinguished by a marker type, as builders are: so it is compiled once
//! and not once a part.

use std::fmt;
use std::marker::PhantomData;

use crate::Client;
use crate::runtime::__private::Read;
use crate::runtime::{Operation, Request};

/// The operations of one part of the API, called through a client. `Of` names the part; code that keeps one calls it by the part's own
/// alias of this type.
///
/// The functions of a part are on the page of its alias in [`api`](crate::api); here those of all parts are together.
pub struct Handle<'c, Of> {
    pub(crate) client: &'c Client,
    of: PhantomData<fn() -> Of>,
}

/// What a client's function for a part of the API returns.
#[allow(dead_code)] // An SDK may have no operations.
#[inline]
pub(crate) fn handle<Of>(client: &Client) -> Handle<'_, Of> {
    Handle { client, of: PhantomData }
}

/// What a function of a part begins with: the request of its operation.
#[allow(dead_code)] // An SDK may have no operations.
#[inline]
pub(crate) fn request<T, Of>(of: &Handle<'_, Of>, operation: &'static Operation, read: Read<T>) -> Request<T> {
    Request::new(of.client, operation, read)
}

impl<Of> Clone for Handle<'_, Of> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<Of> Copy for Handle<'_, Of> {}

impl<Of> fmt::Debug for Handle<'_, Of> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("client", self.client).finish()
    }
}
