//! A request of every operation, as the generated `samples` builds them: its exact bytes, and the same call made for real
//! through the client's own path, whatever the type of its result.

use std::fmt;

use crate::runtime::error::Error;
use crate::runtime::http::parts::Parts;
use crate::runtime::http::request::Request;
use crate::runtime::http::response::Response;
use crate::runtime::http::transport::BoxFuture;

/// A request of an operation, built but not sent.
#[non_exhaustive]
pub struct SampleRequest {
    /// The `operationId`.
    pub operation: &'static str,
    /// Whether everything was set, or only what is required.
    pub full: bool,
    /// The exact request.
    pub parts: Result<Parts, Error>,
    /// The call, its result's type forgotten; nothing where it could not be built.
    call: Option<Box<dyn Erased>>,
}

impl SampleRequest {
    /// A request of the operation.
    pub fn new<T: 'static>(
        operation: &'static str,
        full: bool,
        build: impl FnOnce() -> Result<Request<T>, Error>,
    ) -> Self {
        match build() {
            Ok(request) => Self { operation, full, parts: request.parts(), call: Some(Box::new(request)) },
            Err(error) => Self { operation, full, parts: Err(error), call: None },
        }
    }

    /// Sends it as any call is sent, and reads the result as the operation's own type. What the value was is forgotten; status,
    /// headers and findings are left.
    pub fn send(&self) -> BoxFuture<'static, Result<Response<()>, Error>> {
        match &self.call {
            Some(call) => call.send(),
            None => {
                let error = self.unbuilt();
                Box::pin(async move { Err(error) })
            }
        }
    }

    /// The same without an async runtime.
    ///
    /// # Errors
    /// As the call itself.
    #[cfg(feature = "blocking")]
    pub fn blocking(&self) -> Result<Response<()>, Error> {
        match &self.call {
            Some(call) => call.blocking(),
            None => Err(self.unbuilt()),
        }
    }

    fn unbuilt(&self) -> Error {
        let reason = self.parts.as_ref().err().map(Error::to_string).unwrap_or_default();
        Error::build_of("the request could not be built:", &reason)
    }
}

impl fmt::Debug for SampleRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("SampleRequest");
        debug.field("operation", &self.operation).field("full", &self.full).field("parts", &self.parts);
        debug.finish_non_exhaustive()
    }
}

/// A request without the type of its result.
trait Erased: Send + Sync {
    fn send(&self) -> BoxFuture<'static, Result<Response<()>, Error>>;
    #[cfg(feature = "blocking")]
    fn blocking(&self) -> Result<Response<()>, Error>;
}

impl<T: 'static> Erased for Request<T> {
    fn send(&self) -> BoxFuture<'static, Result<Response<()>, Error>> {
        let sending = self.clone().send();
        Box::pin(async move { sending.await.map(|response| response.map(drop)) })
    }

    #[cfg(feature = "blocking")]
    fn blocking(&self) -> Result<Response<()>, Error> {
        self.clone().blocking().map(|response| response.map(drop))
    }
}
