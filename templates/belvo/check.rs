//! The login check: one call that the document does not describe, copied into the crate by `[crate] extras` of the settings.
//! Nothing makes it but the caller.

use crate::Client;
use crate::runtime::{Error, Findings, Method, Operation, Received, Request, Retry, Value};

static CHECK_CREDENTIALS: Operation = Operation {
    id: "CheckCredentials",
    method: Method::Get,
    path: "/api/",
    statuses: &["200", "401"],
    retry: Retry::Idempotent,
    ..Operation::DEFAULT
};

/// What the answer says is not needed, but it must be one: a page of a proxy or of a wrong base URL says nothing about credentials.
#[inline]
fn read(received: &Received) -> Result<((), Findings), Error> {
    received.read::<Option<Value>>().map(|(_, findings)| ((), findings))
}

impl Client {
    /// `GET /api/`: asks whether the API takes the client's credentials.
    ///
    /// Nothing is checked when a client is made; call this at the start of a service that should fail early. Like every request it does
    /// nothing until it is sent or awaited; transient failures are retried.
    ///
    /// # Errors
    /// With status 401 and the code `authentication_failed` when the credentials are wrong, or belong to the other environment; of
    /// kind `Decode` when something answers that is not the API.
    #[inline]
    pub fn check_credentials(&self) -> Request<()> {
        Request::new(self, &CHECK_CREDENTIALS, read)
    }
}
