//! The answer to an asynchronous call: the API has taken the request and answers later.

use serde_json::Value;

use super::decode::Findings;
use super::error::Error;
use super::response::Received;
use super::settings::SETTINGS;

/// What the API said when it accepted a request for later. `Debug` shows the request id only.
#[derive(Clone, PartialEq)]
pub struct Accepted {
    body: Value,
    request_id: Option<String>,
}

impl Accepted {
    /// The id to match the later notification by.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The whole body.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }
}

impl std::fmt::Debug for Accepted {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accepted").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}

/// Reads an accepted answer, whatever else its body holds; an empty body is accepted too.
///
/// # Errors
/// When the body is no JSON.
#[inline]
pub fn decode_accepted(received: &Received) -> Result<(Accepted, Findings), Error> {
    let (body, mut findings) =
        if received.body().is_empty() { (Value::Null, Findings::default()) } else { received.read::<Value>()? };
    let id = body.get(SETTINGS.accepted).and_then(Value::as_str).or_else(|| received.request_id()).map(str::to_owned);
    findings.request_id.clone_from(&id);
    Ok((Accepted { body, request_id: id }, findings))
}
