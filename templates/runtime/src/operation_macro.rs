//! The verbs every operation's builder has, as one small macro: `operation!(ListLinks -> Page<Link>)` gives it `send`, `raw` and so on and
//! makes it awaitable. `pages!(ListLinks -> Link)` adds the walk over all pages.

/// Gives an operation's builder its verbs.
#[allow(unused_macros, reason = "the runtime's own crate has no operations")]
macro_rules! operation {
    ($name:ident -> $out:ty) => {
        impl $name {
            /// Sends it.
            #[inline]
            pub fn send(self) -> $crate::runtime::Sending<$out> {
                self.request.send()
            }
            /// Sends it and reads the result as another type.
            #[inline]
            pub fn send_as<U: $crate::runtime::Decode>(self) -> $crate::runtime::Sending<U> {
                self.request.send_as()
            }
            /// Sends it and gives the response as it came.
            #[inline]
            pub fn raw(
                self,
            ) -> $crate::runtime::BoxFuture<'static, Result<$crate::runtime::Received, $crate::runtime::Error>> {
                self.request.raw()
            }
            /// Adds a header.
            #[inline]
            pub fn header(mut self, name: &str, value: &str) -> Self {
                self.request = self.request.with_header(name, value);
                self
            }
            /// Adds a query parameter the document does not know.
            #[inline]
            pub fn query(mut self, name: &str, value: impl $crate::runtime::ToQuery) -> Self {
                self.request = self.request.with_query(name, value);
                self
            }
            /// Adds a member to the body that the document does not know.
            #[inline]
            pub fn extra(mut self, name: &str, value: impl Into<$crate::runtime::Value>) -> Self {
                self.request = self.request.with_extra(name, value);
                self
            }
            /// How long one attempt may take.
            #[inline]
            pub fn timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.request = self.request.timeout(timeout);
                self
            }
            /// The request itself, for everything else: retries, deadline, idempotency key, the exact bytes.
            #[inline]
            pub fn request(self) -> $crate::runtime::Request<$out> {
                self.request
            }
            /// Sends it and waits, without an async runtime.
            ///
            /// # Errors
            /// As the call itself.
            #[cfg(feature = "blocking")]
            #[inline]
            pub fn blocking(self) -> Result<$crate::runtime::Response<$out>, $crate::runtime::Error> {
                self.request.blocking()
            }
        }
        impl ::core::future::IntoFuture for $name {
            type Output = Result<$crate::runtime::Response<$out>, $crate::runtime::Error>;
            type IntoFuture = $crate::runtime::Sending<$out>;
            #[inline]
            fn into_future(self) -> $crate::runtime::Sending<$out> {
                self.request.send()
            }
        }
    };
}

/// Gives a list operation's builder the walk over its pages.
#[allow(unused_macros, reason = "the runtime's own crate has no operations")]
macro_rules! pages {
    ($name:ident -> $page:ty) => {
        impl $name {
            /// All pages, one by one; only those on the server's own origin.
            #[inline]
            pub fn pages(self) -> $crate::runtime::Pages<$page> {
                $crate::runtime::Pages::new(self.request)
            }
            /// The records of all pages, one by one.
            #[inline]
            pub fn items(self) -> $crate::runtime::Items<$page> {
                $crate::runtime::Items::new(self.request)
            }
        }
    };
}
#[allow(unused_imports)]
pub(crate) use {operation, pages};
