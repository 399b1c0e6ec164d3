//! Tokens that somebody else gives out: OAuth 2 and OpenID Connect. The caller's source is asked; no flow is carried out here.

use std::future::ready;

use crate::runtime::error::Error;
use crate::runtime::http::request::Draft;
use crate::runtime::http::transport::{BoxError, BoxFuture, Failure, Shared};

/// Gives the token of a call. It is asked before each call, once for all of its attempts, and before each page; keeping a token until it
/// expires, and getting a new one, is its own affair, and so is how long that may take.
///
/// An error ends the call as one of kind [`NotSent`](crate::runtime::ErrorKind::NotSent), with the source's error as its own source. Neither the
/// token nor that error is in any text that a client makes.
///
/// ```
/// use runtime::{BoxError, BoxFuture, Credentials, TokenSource};
///
/// /// The token that another part of the program keeps fresh.
/// struct Kept(std::sync::Arc<std::sync::Mutex<String>>);
///
/// impl TokenSource for Kept {
///     fn token<'a>(&'a self, scopes: &'static [&'static str]) -> BoxFuture<'a, Result<String, BoxError>> {
///         Box::pin(std::future::ready(self.token_blocking(scopes)))
///     }
///
///     fn token_blocking(&self, _: &'static [&'static str]) -> Result<String, BoxError> {
///         Ok(self.0.lock().map_err(|_| "the token is lost")?.clone())
///     }
/// }
///
/// let credentials = Credentials::token(Kept(Default::default()));
/// assert_eq!(format!("{credentials:?}"), "Credentials[Source(..)]");
/// ```
pub trait TokenSource: Shared {
    /// The token for a call of an operation that declares these scopes.
    ///
    /// # Errors
    /// When there is none.
    fn token<'a>(&'a self, scopes: &'static [&'static str]) -> BoxFuture<'a, Result<String, BoxError>>;

    /// The same, holding the thread.
    ///
    /// # Errors
    /// When there is none; by default always.
    fn token_blocking(&self, scopes: &'static [&'static str]) -> Result<String, BoxError> {
        let _ = scopes;
        Err("this token source is for async calls only".into())
    }
}

/// One token for all calls.
impl TokenSource for String {
    fn token<'a>(&'a self, scopes: &'static [&'static str]) -> BoxFuture<'a, Result<String, BoxError>> {
        Box::pin(ready(self.token_blocking(scopes)))
    }

    fn token_blocking(&self, _: &'static [&'static str]) -> Result<String, BoxError> {
        Ok(self.clone())
    }
}

/// One token for all calls.
impl TokenSource for &'static str {
    fn token<'a>(&'a self, scopes: &'static [&'static str]) -> BoxFuture<'a, Result<String, BoxError>> {
        Box::pin(ready(self.token_blocking(scopes)))
    }

    fn token_blocking(&self, _: &'static [&'static str]) -> Result<String, BoxError> {
        Ok((*self).to_owned())
    }
}

/// Asks the sources that a call needs, so that its request can be built.
pub(crate) async fn ask(draft: &mut Draft) -> Result<(), Error> {
    for asked in draft.asked() {
        let token = asked.source.token(asked.scopes).await;
        match token {
            Ok(token) => draft.answer(&asked, token),
            Err(error) => return Err(refused(error, draft)),
        }
    }
    Ok(())
}

/// The same, holding the thread.
#[cfg(feature = "blocking")]
pub(crate) fn ask_blocking(draft: &mut Draft) -> Result<(), Error> {
    for asked in draft.asked() {
        let token = asked.source.token_blocking(asked.scopes);
        match token {
            Ok(token) => draft.answer(&asked, token),
            Err(error) => return Err(refused(error, draft)),
        }
    }
    Ok(())
}

#[inline]
fn refused(error: BoxError, draft: &Draft) -> Error {
    let error = Error::failure(Failure::not_sent(error)).with_operation(draft.operation);
    error.with_note(Some("the token source gave no token"))
}
