//! A second factor: what an API answers when it waits for one, read from an error, and what goes back to resume the call. The names of
//! the members come from the settings; an API without such a table never asks.

use std::fmt;

use serde_json::{Map, Value};

use crate::runtime::encode::{Encode, Writer};
use crate::runtime::error::Error;
use crate::runtime::http::request::{Draft, Request};
use crate::runtime::settings::MfaNames;

/// The call was interrupted: the API wants a second factor of the end user, and keeps the session until it comes.
///
/// The operations that take it back are called `resume`; they may be interrupted again, with another of these. `Debug` shows neither the
/// session nor the challenge.
#[derive(Clone, PartialEq, Eq)]
pub struct Mfa {
    session: Option<Box<str>>,
    link: Option<Box<str>>,
    expiry: Option<u64>,
    challenge: Option<Challenge>,
}

/// What the end user needs to produce the second factor. `Debug` shows the kind only.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge {
    /// What kind of challenge it is, in the API's words: `numeric`, `qr`.
    pub kind: Option<String>,
    /// The challenge itself: the number to type into a device, the content of the code to scan.
    pub value: Option<String>,
    /// What to tell the end user.
    pub instructions: Option<String>,
    /// Whether the end user gets a token that has to be sent; `None` where the API does not say.
    pub expects_input: Option<bool>,
}

impl Mfa {
    /// A session kept from an earlier error, in another process perhaps.
    pub fn new(session: impl Into<String>, link: impl Into<String>) -> Self {
        let link: String = link.into();
        let link = (!link.is_empty()).then(|| link.into());
        Self { session: Some(session.into().into()), link, expiry: None, challenge: None }
    }

    /// The paused session. `None` is an API that broke its word: the call cannot be resumed, only made again.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// What the session belongs to: the id of the link.
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// How many seconds the session lives, counted from the answer.
    pub fn expiry(&self) -> Option<u64> {
        self.expiry
    }

    /// What is asked, where the API says it.
    pub fn challenge(&self) -> Option<&Challenge> {
        self.challenge.as_ref()
    }

    /// Whether a token of the end user has to be sent. Only `false` when the API says so: the end user confirms elsewhere then, and the
    /// call is resumed without a token.
    pub fn expects_input(&self) -> bool {
        self.challenge.as_ref().and_then(|c| c.expects_input).unwrap_or(true)
    }

    #[inline]
    fn read(members: &Map<String, Value>, names: &MfaNames) -> Self {
        let inner = match members.get(names.challenge) {
            Some(Value::Object(inner)) => Some(inner),
            Some(Value::Array(list)) => list.first().and_then(Value::as_object),
            _ => None,
        };
        let challenge = inner.map(|inner| Challenge {
            kind: text(inner, names.kind),
            value: text(inner, names.value),
            instructions: text(inner, names.instructions),
            expects_input: names.input.iter().find_map(|name| truth(inner.get(*name)?)),
        });
        let expiry = match members.get(names.expiry) {
            Some(Value::Number(n)) => n.as_u64().or_else(|| n.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64)),
            Some(Value::String(text)) => crate::runtime::text::number(text.trim_ascii()),
            _ => None,
        };
        let boxed = |name| text(members, name).map(String::into_boxed_str);
        Self { session: boxed(names.session), link: boxed(names.link), expiry, challenge }
    }
}

#[inline]
fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    match members.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[inline]
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(*b),
        Value::String(text) => text.trim_ascii().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

impl fmt::Debug for Mfa {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mfa")
            .field("session", &self.session.is_some())
            .field("expiry", &self.expiry)
            .field("challenge", &self.challenge)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Challenge {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge")
            .field("kind", &self.kind.as_deref().and_then(crate::runtime::error::items::word))
            .field("expects_input", &self.expects_input)
            .finish_non_exhaustive()
    }
}

impl Error {
    /// The second factor the API waits for, when that is why the call failed: an item has the code for it, or the status is that of an
    /// interrupted call and there is a session. An answer of that status for any other reason cannot be resumed.
    #[inline]
    pub fn mfa(&self) -> Option<Mfa> {
        self.mfa_by(self.settings().mfa.as_ref()?)
    }

    #[inline]
    fn mfa_by(&self, names: &MfaNames) -> Option<Mfa> {
        let interrupted = self.status().is_some_and(|status| status == names.status);
        let asks = self.has_code(names.code);
        if !interrupted && !asks {
            return None;
        }
        // Beside the item with the session there may be others; the session is what counts, then the code.
        let items = || self.items().iter().map(crate::runtime::error::items::ErrorItem::members);
        if let Some(members) = items().find(|members| text(members, names.session).is_some()) {
            return Some(Mfa::read(members, names));
        }
        let item = self.items().iter().find(|item| item.code() == Some(names.code))?;
        Some(Mfa::read(item.members(), names))
    }

    /// Whether the session of a second factor is over: the call has to be made again from the start.
    pub fn is_mfa_expired(&self) -> bool {
        self.settings().mfa.is_some_and(|names| self.has_code(names.expired))
    }
}

/// The token of the end user, for a call that is resumed; `None` where no input is expected. It never shows in `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MfaToken(Option<Box<str>>);

impl From<&str> for MfaToken {
    #[inline]
    fn from(token: &str) -> Self {
        Self(Some(token.into()))
    }
}

impl From<String> for MfaToken {
    #[inline]
    fn from(token: String) -> Self {
        Self(Some(token.into()))
    }
}

impl From<&String> for MfaToken {
    #[inline]
    fn from(token: &String) -> Self {
        Self(Some(token.as_str().into()))
    }
}

impl From<Option<&str>> for MfaToken {
    #[inline]
    fn from(token: Option<&str>) -> Self {
        Self(token.map(Into::into))
    }
}

impl fmt::Debug for MfaToken {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "MfaToken(..)" } else { "MfaToken(none)" })
    }
}

impl Encode for MfaToken {
    #[inline]
    fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.string(self.0.as_deref().unwrap_or_default());
    }
}

impl<T> Request<T> {
    /// Resumes an interrupted call: what identifies it and the token become members of the JSON body.
    #[inline]
    pub fn resume(&mut self, mfa: impl std::borrow::Borrow<Mfa>, token: impl Into<MfaToken>) {
        self.draft.resume(mfa.borrow(), &token.into());
    }
}

impl Draft {
    /// Resumes an interrupted call: what identifies it and the token become members of the body.
    #[inline]
    fn resume(&mut self, mfa: &Mfa, token: &MfaToken) {
        let names = self.client.inner().settings.mfa.unwrap_or(MfaNames::DEFAULT);
        match mfa.session() {
            Some(session) => self.member(names.session, &session.to_owned()),
            None => self.fail("the interrupted call left no session to resume:", names.session),
        }
        if let Some(link) = mfa.link() {
            self.member(names.link, &link.to_owned());
        }
        self.member(names.token, token);
    }
}
