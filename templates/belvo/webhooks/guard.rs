//! Who may send webhooks: the `Authorization` value that was configured with Belvo, compared in constant time.

use std::fmt;

use super::{Unreadable, Webhook};
use crate::runtime::Credentials;

/// Lets webhooks in that carry the configured `Authorization`. `Debug` does not show it.
#[derive(Clone)]
pub struct Guard {
    /// Empty: nothing was configured, and nothing gets in.
    expected: Vec<u8>,
}

impl Guard {
    /// The credentials that you gave to Belvo for your endpoint: `Credentials::basic` or `Credentials::bearer`. A guard of other
    /// credentials, or of none, lets nothing in.
    #[inline]
    pub fn new(credentials: &Credentials) -> Self {
        Self { expected: credentials.authorization().map(|value| value.as_bytes().to_vec()).unwrap_or_default() }
    }

    /// The whole value of the header, word for word. An empty one lets nothing in.
    pub fn exactly(authorization: impl Into<String>) -> Self {
        Self { expected: authorization.into().into_bytes() }
    }

    /// Whether a request with this `Authorization` comes from whoever knows the value. The time it takes depends on the length of what
    /// was sent, never on how much of it is right.
    #[must_use]
    pub fn allows(&self, authorization: Option<impl AsRef<[u8]>>) -> bool {
        let Some(given) = authorization else { return false };
        !self.expected.is_empty() && same(&self.expected, given.as_ref())
    }

    /// Checks who sends, and reads what was sent.
    ///
    /// # Errors
    /// When the authorization is missing or wrong, or the body is no JSON. [`Rejected::status`] is what to answer.
    pub fn open(&self, authorization: Option<impl AsRef<[u8]>>, body: &[u8]) -> Result<Webhook, Rejected> {
        if !self.allows(authorization) {
            return Err(Rejected::Unauthorized);
        }
        Webhook::parse(body).map_err(Rejected::Unreadable)
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard(..)")
    }
}

/// Compares all of `given`, whatever was found on the way.
#[inline]
fn same(expected: &[u8], given: &[u8]) -> bool {
    let mut different = u8::from(expected.len() != given.len());
    for (e, g) in expected.iter().cycle().zip(given) {
        // Without the barrier a compiler may end the loop at the first difference.
        different |= std::hint::black_box(e ^ g);
    }
    std::hint::black_box(different) == 0
}

/// Why a webhook was not let in.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejected {
    /// Its `Authorization` is missing or wrong: somebody else sent it.
    Unauthorized,
    /// Its body is no JSON.
    Unreadable(Unreadable),
}

impl Rejected {
    /// The status to answer with.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Unreadable(_) => 400,
        }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => f.write_str("the webhook's authorization is missing or wrong"),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Rejected {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unauthorized => None,
            Self::Unreadable(error) => Some(error),
        }
    }
}
