//! Webhooks: what Belvo sends to a service of yours.
//!
//! No document describes them, so this module is written by hand and copied into the crate by `[crate] extras` of the settings. It reads and checks bytes; the server around it is yours (see the example `webhook`).
//!
//! Belvo signs nothing. Its webhooks differ from anybody's only by the `Authorization` value that you configured with Belvo: give it to a
//! [`Guard`] and let nothing in without it. Answer with a 2xx within five seconds, before you do any work, or Belvo sends the webhook
//! again; because it may come twice, remember the [`id`](Webhook::id)s you have dealt with.
//!
//! If your service is behind a firewall: on 2026-11-29 Belvo's pages (*Payments Webhooks (Brazil)* and the checklist of *Open
//! Finance Data Aggregation*) named 3.130.254.46, 18.220.61.186 and 18.223.45.212 as the addresses that webhooks come from. They may
//! change: look there before you rely on them, and let them in in addition to a [`Guard`], never instead of one.
//!
//! ```
//! use belvo::Credentials;
//! use belvo::webhooks::{Guard, Webhook};
//!
//! let guard = Guard::new(&Credentials::bearer("the token you gave to Belvo"));
//! let body = br#"{"webhook_id": "w-1", "webhook_type": "ACCOUNTS", "process_type": "historical_update",
//!     "webhook_code": "historical_update", "link_id": "l-1", "request_id": "r-1", "data": {"total_accounts": 3}}"#;
//! match guard.open(Some("Bearer the token you gave to Belvo"), body) {
//!     Ok(Webhook::Aggregation(news)) => assert_eq!(news.request_id.as_deref(), Some("r-1")),
//!     Ok(other) => println!("not for us: {:?}", other.id()),
//!     Err(error) => println!("answer {}: {error}", error.status()),
//! }
//! ```

mod aggregation;
mod guard;
mod payments;

use std::fmt;

use crate::runtime::{self, DecodeError, Extra, Mode, Value, from_json, to_json};

pub use aggregation::{AggregationData, AggregationWebhook, ConsentAction, ProcessType, WebhookCode, WebhookType};
pub use guard::{Guard, Rejected};
pub use payments::{
    PaymentData, PaymentFailureCode, PaymentStatus, PaymentWebhook, PaymentWebhookCode, PaymentWebhookType,
};

/// A webhook of Belvo. Every kind keeps what it does not know and writes it back.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Webhook {
    /// Data of a link: something was read, has changed or could not be read.
    Aggregation(AggregationWebhook),
    /// A payment, a charge or an enrollment in Brazil.
    Payment(PaymentWebhook),
    /// None of these; the body as it came.
    Other(Unknown),
}

/// The body of a webhook of no known kind. `Debug` shows its size only.
#[derive(Clone, PartialEq)]
pub struct Unknown(Value);

impl Unknown {
    /// The body.
    pub fn body(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unknown({} members)", self.0.as_object().map_or(0, |members| members.len()))
    }
}

impl Webhook {
    /// Reads the body of a webhook. Check who sent it first: [`Guard::open`] does both.
    ///
    /// # Errors
    /// When the body is no JSON. A body of an unknown shape is no error.
    #[inline]
    pub fn parse(body: &[u8]) -> Result<Self, Unreadable> {
        let (value, _) = from_json::<Value>(body, Mode::default()).map_err(Unreadable)?;
        // Of the two families one is about an object, the other about a link; both know a type `TRANSACTIONS`.
        let has = |name: &str| value.get(name).is_some_and(|v| !v.is_null());
        let code = value.get("webhook_code").and_then(Value::as_str).unwrap_or_default();
        let payment = has("object_id") || payments::is_code(code);
        if payment && !has("link_id") {
            return Ok(from_json(body, Mode::default())
                .map_or_else(|_| Self::Other(Unknown(value)), |(w, _)| Self::Payment(w)));
        }
        let says = |name: &str| value.get(name).is_some_and(Value::is_string);
        if says("webhook_type") || says("process_type") || says("webhook_code") {
            let read = from_json(body, Mode::default());
            return Ok(read.map_or_else(|_| Self::Other(Unknown(value)), |(w, _)| Self::Aggregation(w)));
        }
        Ok(Self::Other(Unknown(value)))
    }

    /// The id of this webhook; the same when Belvo sends it again.
    #[inline]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Aggregation(w) => w.webhook_id.as_deref(),
            Self::Payment(w) => w.webhook_id.as_deref(),
            Self::Other(w) => w.0.get("webhook_id").and_then(Value::as_str),
        }
    }

    /// The request that this webhook is the answer to.
    #[inline]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Aggregation(w) => w.request_id.as_deref(),
            Self::Payment(_) => None,
            Self::Other(w) => w.0.get("request_id").and_then(Value::as_str),
        }
    }

    /// Whether this webhook is the answer to a request that was accepted for later, which is when both name the same request.
    #[inline]
    pub fn answers(&self, accepted: &crate::runtime::Accepted) -> bool {
        accepted.request_id().is_some_and(|id| self.answers_request(id))
    }

    /// The same by the id alone, as a service keeps it between the call and the webhook.
    #[inline]
    pub fn answers_request(&self, request_id: &str) -> bool {
        // One place writes the id as 32 digits, another the same digits as a UUID.
        let digits = |id: &str| id.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect::<String>();
        self.request_id().is_some_and(|id| !digits(id).is_empty() && digits(id) == digits(request_id))
    }

    /// The members of the webhook that this module does not know.
    #[inline]
    pub fn extra(&self) -> Option<&Extra> {
        match self {
            Self::Aggregation(w) => Some(&w.extra),
            Self::Payment(w) => Some(&w.extra),
            Self::Other(_) => None,
        }
    }

    /// The webhook as JSON, with everything that came.
    #[inline]
    pub fn to_json(&self) -> String {
        match self {
            Self::Aggregation(w) => to_json(w),
            Self::Payment(w) => to_json(w),
            Self::Other(w) => w.0.to_string(),
        }
    }
}

/// The body of a webhook is no JSON.
#[derive(Debug)]
pub struct Unreadable(DecodeError);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The path and the kinds, never a value.
        write!(f, "the webhook cannot be read: {} expected at {}", self.0.expected, self.0.path)
    }
}

impl std::error::Error for Unreadable {}

/// Writes a payload as the generator writes a model: public fields in the order of the wire, the rest kept.
macro_rules! payload {
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    ($(#[$about:meta])* $name:ident { $($(#[$docs:meta])* $field:ident $(as $wire:literal)?: $ty:ty,)* }) => {
        $(#[$about])*
        #[non_exhaustive]
        pub struct $name {
            $($(#[$docs])* pub $field: Option<$ty>,)*
            /// The members that this module does not know.
            pub extra: crate::runtime::Extra,
        }

        // Nobody has promised anything: every member may be missing or null.
        crate::runtime::model!(
            $name,
            &[crate::runtime::__private::NULLABLE; [$(stringify!($field)),*].len()],
            { $($field = $crate::webhooks::payload!(@wire $field $($wire)?)),* }
        );
    };
}
use payload;
