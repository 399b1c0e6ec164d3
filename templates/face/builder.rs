//! What an operation's function gives: the request being filled in, with the verbs that all operations have. The generator adds
//! the setters of each operation. It is one type for all of them, distinguished by a marker type, so that the verbs are compiled once
//! and not once an operation.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use crate::runtime::{BoxFuture, Decode, Encode, Error, Items, Paged, Pages, Received, Request, Sending, Style};

/// The request of one operation, whose result is `T`. It does nothing until it is sent or awaited. `Debug` shows names and sizes only.
///
/// `Of` names the operation. Code that takes or returns such a request calls it by the operation's own alias of this type.
///
/// The setters of an operation are on the page of its alias in [`api::requests`](crate::api::requests); here those of all operations are together.
#[must_use = "a request does nothing until it is sent or awaited"]
pub struct Builder<T, Of> {
    pub(crate) request: Request<T>,
    of: PhantomData<fn() -> Of>,
}

/// What an operation's function returns. It is no method of the type: a parameter may be called `new`, and so would be its setter.
#[inline]
pub(crate) fn builder<T, Of>(request: Request<T>) -> Builder<T, Of> {
    Builder { request, of: PhantomData }
}

/// Sets a query parameter as queries usually have them; what generated setters call. It takes the request and gives it back, so that a
/// setter is one line, and is no method of the type for the same reason as [`builder`].
#[allow(dead_code)] // Not every SDK has a setter of this sort.
#[inline]
pub(crate) fn put_query<T, Of>(builder: Builder<T, Of>, name: &'static str, value: impl Encode) -> Builder<T, Of> {
    put_styled(builder, name, value, Style::FormExplode)
}

/// The same for a list whose elements are separated by commas.
#[allow(dead_code)]
#[inline]
pub(crate) fn put_list<T, Of, V: Encode>(
    builder: Builder<T, Of>,
    name: &'static str,
    values: Vec<V>,
) -> Builder<T, Of> {
    put_styled(builder, name, values, Style::Form)
}

/// The same in any style.
#[allow(dead_code)]
#[inline]
pub(crate) fn put_styled<T, Of>(
    mut builder: Builder<T, Of>,
    name: &'static str,
    value: impl Encode,
    style: Style,
) -> Builder<T, Of> {
    builder.request.query(name, &value, style);
    builder
}

/// Sets a member of the JSON body.
#[allow(dead_code)]
#[inline]
pub(crate) fn put_member<T, Of>(mut builder: Builder<T, Of>, name: &'static str, value: impl Encode) -> Builder<T, Of> {
    builder.request.member(name, &value);
    builder
}

/// Marker of paged operations: their requests have `pages` and `items`.
pub trait PagedOperation {}

/// Marker of operations with field selection: a caller may ask for some members of the response only. Their setters for that are shared.
pub trait FieldSelection {}

impl<T, Of> Builder<T, Of> {
    /// Sends it.
    pub fn send(self) -> Sending<T> {
        self.request.send()
    }

    /// Sends it and reads the result as another type: a model, [`Value`](crate::Value), or by serde a type of your own in
    /// [`Json`](crate::Json).
    pub fn send_as<U: Decode>(self) -> Sending<U> {
        self.request.send_as()
    }

    /// Sends it and gives the response as it came.
    pub fn raw(self) -> BoxFuture<'static, Result<Received, Error>> {
        self.request.raw()
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.with_header(name, value);
        self
    }

    /// Adds a query parameter the document does not know.
    pub fn query(mut self, name: &str, value: impl Encode) -> Self {
        self.request = self.request.with_query(name, value);
        self
    }

    /// Adds a member to the body that the document does not know.
    pub fn extra(mut self, name: &str, value: impl Encode) -> Self {
        self.request = self.request.with_extra(name, value);
        self
    }

    /// How long one attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request = self.request.timeout(timeout);
        self
    }

    /// The request itself, for everything else: retries, deadline, idempotency key, the exact bytes.
    pub fn request(self) -> Request<T> {
        self.request
    }

    /// Sends it and waits, without an async runtime.
    ///
    /// # Errors
    /// As the call itself.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Result<crate::runtime::Response<T>, Error> {
        self.request.blocking()
    }
}

impl<P: Paged, Of: PagedOperation> Builder<P, Of> {
    /// All pages, one by one; only those on the server's own origin.
    pub fn pages(self) -> Pages<P> {
        Pages::new(self.request)
    }

    /// The records of all pages, one by one.
    pub fn items(self) -> Items<P> {
        Items::new(self.request)
    }
}

impl<T, Of> IntoFuture for Builder<T, Of> {
    type Output = <Sending<T> as Future>::Output;
    type IntoFuture = Sending<T>;

    fn into_future(self) -> Sending<T> {
        self.request.send()
    }
}

impl<T, Of> Clone for Builder<T, Of> {
    fn clone(&self) -> Self {
        builder(self.request.clone())
    }
}

impl<T, Of> fmt::Debug for Builder<T, Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}
