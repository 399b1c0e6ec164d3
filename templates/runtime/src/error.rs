//! The one error of a client: what happened, whether it may be repeated, and the request id support asks for.
//! Bodies and secrets are reached by accessors only; `Display` and `Debug` never show them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use super::decode::{Decode, DecodeError, Mode, from_json};
use super::error_items::{ErrorItem, read_items, word};
use super::operation::Operation;
use super::response::header_text;
use super::retry::{Ending, RetryRules, lists, retry_after};
use super::settings::SETTINGS;
use super::status::Status;
use super::text::{print, split};
use super::transport::{BoxError, Failure, FailureKind};

/// How many bytes of a body an error keeps.
const BODY_LIMIT: usize = 256 << 10;

/// Why a call failed. One pointer in size.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    status: Option<Status>,
    headers: HeaderMap,
    request_id: Option<String>,
    items: Vec<ErrorItem>,
    body: Bytes,
    body_len: usize,
    fault: Option<Fault>,
    note: Option<&'static str>,
    name: Option<String>,
    attempts: u32,
    /// Whether any attempt may have arrived, not only the last one.
    maybe_sent: bool,
    retryable: bool,
    idempotency_key: Option<String>,
    source: Option<BoxError>,
}

/// Where a body is not what the document says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The place: `$.results[0].year`.
    pub path: String,
    /// What the document wants there.
    pub expected: String,
    /// The kind of JSON that came, never its value.
    pub found: String,
}

impl Fault {
    /// From the words the decoder gives with an odd record.
    pub(crate) fn of_record(path: String, reason: &str) -> Self {
        let (expected, found) = split(reason, ", found ").unwrap_or((reason, "something else"));
        let expected = expected.strip_prefix("expected ").unwrap_or(expected);
        Self { path, expected: expected.to_owned(), found: found.to_owned() }
    }
}

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Self {
        Self { path: error.path.to_string(), expected: error.expected.to_string(), found: error.found.to_string() }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built from what the caller gave; nothing was sent.
    Build,
    /// No byte of the request left.
    NotSent,
    /// The connection failed when the request may have arrived.
    MaybeSent,
    /// Time ran out.
    Timeout,
    /// The API answered with an error status.
    Status,
    /// The API accepted the request and delivers its result later; without the asynchronous switch that is no result.
    Accepted,
    /// A successful answer that cannot be read as the operation's result.
    Decode,
    /// A redirect that is not followed.
    Redirect,
    /// A response body beyond the limit.
    TooLarge,
    /// A continuation link that is malformed, leads elsewhere or has been followed before.
    Page,
    /// One record of a page that cannot be read; the others can.
    Record,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                operation: None,
                status: None,
                headers: HeaderMap::new(),
                request_id: None,
                items: Vec::new(),
                body: Bytes::new(),
                body_len: 0,
                fault: None,
                note: None,
                name: None,
                attempts: 0,
                maybe_sent: false,
                retryable: false,
                idempotency_key: None,
                source: None,
            }),
        }
    }

    /// A request that cannot be built, and the parameter at fault.
    pub(crate) fn build(note: &'static str, name: impl Into<Option<String>>) -> Self {
        let mut error = Self::new(ErrorKind::Build);
        error.inner.note = Some(note);
        error.inner.name = name.into();
        error
    }

    pub(crate) fn failure(failure: Failure) -> Self {
        let (kind, maybe_sent) = match failure.kind() {
            FailureKind::NotSent => (ErrorKind::NotSent, false),
            FailureKind::MaybeSent => (ErrorKind::MaybeSent, true),
            FailureKind::TimedOut => (ErrorKind::Timeout, true),
            FailureKind::TooLarge => (ErrorKind::TooLarge, true),
            FailureKind::Unsupported => (ErrorKind::Build, false),
        };
        let mut error = Self::new(kind);
        error.inner.maybe_sent = maybe_sent;
        error.inner.retryable = matches!(kind, ErrorKind::NotSent | ErrorKind::MaybeSent | ErrorKind::Timeout);
        error.inner.source = failure.into_source();
        error
    }

    /// An error from a response, with its items read.
    pub(crate) fn response(kind: ErrorKind, status: u16, headers: HeaderMap, body: Bytes, rules: &RetryRules) -> Self {
        let mut error = Self::new(kind);
        let inner = &mut *error.inner;
        inner.status = Some(status.into());
        inner.items = if kind == ErrorKind::Status || kind == ErrorKind::Accepted { read_items(&body) } else { vec![] };
        inner.request_id =
            request_id(&headers).or_else(|| inner.items.iter().find_map(ErrorItem::request_id)).map(str::to_owned);
        inner.headers = headers;
        inner.body_len = body.len();
        // A short copy, so that an error kept for long does not hold a large body.
        inner.body = match body.get(..BODY_LIMIT) {
            Some(start) => Bytes::copy_from_slice(start),
            None => body,
        };
        inner.maybe_sent = true;
        if kind == ErrorKind::Status {
            let ending = error.ending(rules);
            error.inner.retryable = ending.is_passing(rules);
            error.inner.maybe_sent = !ending.is_harmless();
        }
        error
    }

    /// How this response ended the attempt.
    pub(crate) fn ending(&self, rules: &RetryRules) -> Ending {
        let status = self.inner.status.map_or(0, Status::code);
        let refused = |code: &str| rules.refusals.contains(&code);
        if self.inner.items.iter().filter_map(ErrorItem::code).any(refused) || lists(rules.refused_statuses, status) {
            Ending::Refused(status)
        } else {
            Ending::Status(status)
        }
    }

    pub(crate) fn with_note(mut self, note: &'static str) -> Self {
        self.inner.note = Some(note);
        self
    }

    pub(crate) fn with_fault(mut self, fault: Fault) -> Self {
        self.inner.fault = Some(fault);
        self
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.inner.body_len = body.len();
        self.inner.body = body;
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.inner.operation = Some(operation);
        self
    }

    /// What the call machine knows beyond the last attempt.
    pub(crate) fn with_history(mut self, attempts: u32, earlier_maybe_sent: bool, key: Option<String>) -> Self {
        self.inner.attempts = attempts;
        self.inner.maybe_sent |= earlier_maybe_sent;
        self.inner.idempotency_key = key;
        self
    }

    /// What happened.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The operation that was called.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.inner.operation
    }

    /// The status of the response, where there was one.
    pub fn status(&self) -> Option<Status> {
        self.inner.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The id to give the API's support.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// The errors the API reported.
    pub fn items(&self) -> &[ErrorItem] {
        &self.inner.items
    }

    /// The first code the API reported.
    pub fn code(&self) -> Option<&str> {
        self.inner.items.iter().find_map(ErrorItem::code)
    }

    /// Whether any item has this code.
    pub fn has_code(&self, code: &str) -> bool {
        self.inner.items.iter().any(|item| item.code() == Some(code))
    }

    /// The first message the API reported, for humans.
    pub fn message(&self) -> Option<&str> {
        self.inner.items.iter().find_map(ErrorItem::message)
    }

    /// Where the body is not what the document says.
    pub fn fault(&self) -> Option<&Fault> {
        self.inner.fault.as_ref()
    }

    /// The body of the response, or the odd record, as it came; at most 256 KiB of it. It may hold personal data.
    pub fn body(&self) -> &Bytes {
        &self.inner.body
    }

    /// Reads the body as JSON of a type the document declares for this status.
    ///
    /// # Errors
    /// When it is not that.
    pub fn read<T: Decode>(&self) -> Result<T, Error> {
        let fault = |e: DecodeError| Error::new(ErrorKind::Decode).with_fault(e.into());
        from_json(&self.inner.body, Mode::default()).map(|(value, _)| value).map_err(fault)
    }

    /// How many requests were sent.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The idempotency key that went with the call: with the same key it can be repeated without doing anything twice.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.inner.idempotency_key.as_deref()
    }

    /// Whether a later attempt could end better. It says nothing about what repeating the call may do: see `may_have_been_sent`.
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// Whether the API may have acted on any attempt of this call.
    pub fn may_have_been_sent(&self) -> bool {
        self.inner.maybe_sent
    }

    /// How long the API asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.inner.headers)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        if let Some(operation) = inner.operation {
            print(f, &[operation.method.as_str(), " ", operation.path, ": "])?;
        }
        match (inner.kind, inner.status) {
            (ErrorKind::Status, Some(status)) => fmt::Display::fmt(&status, f)?,
            (ErrorKind::Accepted, _) => f.write_str("accepted, the result comes later")?,
            (kind, _) => f.write_str(what(kind))?,
        }
        if let Some(note) = inner.note {
            print(f, &[": ", note])?;
        }
        if let Some(name) = inner.name.as_deref().and_then(word) {
            print(f, &[" `", name, "`"])?;
        }
        if let Some(fault) = &inner.fault {
            print(f, &[": ", &fault.found, " found where ", &fault.expected, " is expected at ", &fault.path])?;
        }
        let mut separator = ": ";
        // A code and a field name say enough for a log; the message is prose that may quote what a person entered.
        for item in inner.items.iter().take(5) {
            let code = item.code().and_then(word);
            let field = item.field().and_then(word);
            if code.is_some() || field.is_some() {
                print(f, &[separator, code.unwrap_or("error")])?;
                if let Some(field) = field {
                    print(f, &[" (field ", field, ")"])?;
                }
                separator = ", ";
            }
        }
        if inner.items.len() > 5 {
            write!(f, ", {} more", inner.items.len() - 5)?;
        }
        if inner.attempts > 1 {
            write!(f, "; {} attempts", inner.attempts)?;
        }
        if let Some(id) = self.request_id().and_then(word) {
            print(f, &["; request id ", id, ", for ", SETTINGS.support])?;
        }
        Ok(())
    }
}

const fn what(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Build => "the request cannot be built",
        ErrorKind::NotSent => "nothing was sent, the connection failed",
        ErrorKind::MaybeSent => "the connection failed, the request may have arrived",
        ErrorKind::Timeout => "no response in time, the request may have arrived",
        ErrorKind::Status => "an error status",
        ErrorKind::Accepted => "accepted",
        ErrorKind::Decode => "the response cannot be read",
        ErrorKind::Redirect => "a redirect that is not followed",
        ErrorKind::TooLarge => "the response body is larger than allowed",
        ErrorKind::Page => "the next page cannot be fetched",
        ErrorKind::Record => "a record cannot be read",
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation.map(|o| o.id))
            .field("status", &inner.status.map(Status::code))
            .field("request_id", &self.request_id().and_then(word))
            .field("items", &inner.items)
            .field("fault", &inner.fault)
            .field("note", &inner.note)
            .field("attempts", &inner.attempts)
            .field("maybe_sent", &inner.maybe_sent)
            .field("body_bytes", &inner.body_len)
            .field("source", &inner.source.is_some())
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

/// The request id a response's headers hold.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    SETTINGS.request_id_headers.iter().find_map(|name| header_text(headers, &name.to_ascii_lowercase()))
}
