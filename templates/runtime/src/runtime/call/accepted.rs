//! The answer to an asynchronous call: the API has taken the request and answers later. And the result of what has none but that it is
//! done, at once or later.

use serde_json::Value;

use crate::runtime::decode::Findings;
use crate::runtime::error::{Error, ErrorKind};
use crate::runtime::http::response::Received;

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

/// How a request ended that has no result but that it is done, such as a deletion, of an API that also does such things later.
///
/// ```
/// use runtime::Outcome;
///
/// fn report(outcome: &Outcome) -> &'static str {
///     if outcome.is_done() { "it is gone" } else { "it will be gone" }
/// }
/// assert_eq!(report(&Outcome::Done), "it is gone");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is done.
    Done,
    /// The API has taken it and does it later.
    Accepted(Accepted),
}

impl Outcome {
    /// Whether it is done, and not only accepted.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }

    /// What the API said, where it does it later.
    #[must_use]
    pub fn accepted(&self) -> Option<&Accepted> {
        match self {
            Self::Done => None,
            Self::Accepted(accepted) => Some(accepted),
        }
    }
}

/// Reads an answer that says by its status whether it is done or accepted.
///
/// # Errors
/// When it is accepted and the body is no JSON.
#[inline]
pub fn decode_outcome(received: &Received) -> Result<(Outcome, Findings), Error> {
    if received.status != received.mode.settings.accepted_status {
        return Ok((Outcome::Done, Findings::default()));
    }
    decode_accepted(received).map(|(accepted, findings)| (Outcome::Accepted(accepted), findings))
}

/// Reads an accepted answer, whatever else its body holds; an empty body is accepted too.
///
/// # Errors
/// When it is the result itself, which the error then holds, or the body is no JSON.
#[inline]
pub fn decode_accepted(received: &Received) -> Result<(Accepted, Findings), Error> {
    if received.status != received.mode.settings.accepted_status {
        return Err(received.error_of(ErrorKind::AnsweredAtOnce));
    }
    let (body, mut findings) =
        if received.body().is_empty() { (Value::Null, Findings::default()) } else { received.read::<Value>()? };
    let id = body
        .get(received.mode.settings.accepted)
        .and_then(Value::as_str)
        .or_else(|| received.request_id())
        .map(str::to_owned);
    findings.request_id.clone_from(&id);
    Ok((Accepted { body, request_id: id }, findings))
}
