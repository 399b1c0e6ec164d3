//! The one error of a client: what happened, whether it may be repeated, and the request id support asks for.
//! Bodies and secrets are reached by accessors only; `Display` and `Debug` never show them.

pub(crate) mod items;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use crate::runtime::call::retry::{Ending, RetryRules, lists, retry_after};
use crate::runtime::decode::{Decode, DecodeError, Mode, from_json};
use crate::runtime::error::items::{ErrorItem, path, read_items, word};
use crate::runtime::http::operation::{Method, Operation};
use crate::runtime::http::response::{header_named, media_type};
use crate::runtime::http::status::{Status, reason};
use crate::runtime::http::transport::{BoxError, Failure, FailureKind};
use crate::runtime::settings::Settings;
use crate::runtime::text::{append, append_number, lists as names, split};

/// How many bytes of a body an error keeps.
const BODY_LIMIT: usize = 256 << 10;

/// Why a call failed. One pointer in size.
///
/// ```
/// use runtime::Error;
///
/// /// Whether the same call, made again by hand, certainly does nothing twice, and may work then.
/// fn try_again(error: &Error) -> bool {
///     error.is_retryable() && !error.may_have_been_sent()
/// }
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    /// 0: none came.
    status: u16,
    headers: HeaderMap,
    request_id: Option<String>,
    items: Vec<ErrorItem>,
    /// How many there were; `items` keeps the first ones.
    item_count: usize,
    body: Bytes,
    body_len: usize,
    fault: Option<Fault>,
    note: Option<&'static str>,
    name: Option<String>,
    /// What the transport knows, where no response came.
    failure: Option<FailureKind>,
    /// The host that was called then, with a port that is not the usual one.
    host: String,
    /// How the call wanted its body read.
    mode: Mode,
    attempts: u32,
    /// Whether any attempt may have arrived, not only the last one.
    maybe_sent: bool,
    /// Whether an attempt before the last one may have.
    earlier_maybe_sent: bool,
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
    /// From the reason the decoder gives for an invalid record.
    pub(crate) fn of_record(path: String, reason: &str) -> Self {
        let (expected, found) = match split(reason, ", found ") {
            Some(parts) => parts,
            None => (reason, "something else"),
        };
        let expected = expected.strip_prefix("expected ").unwrap_or(expected);
        Self { path, expected: expected.to_owned(), found: found.to_owned() }
    }
}

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Self {
        Self { path: error.path, expected: error.expected.to_owned(), found: error.found.to_owned() }
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
    /// The asynchronous mode was asked for, and the API answered with the result itself. `body` holds all of it, `read` reads it.
    AnsweredAtOnce,
    /// A successful answer that cannot be read as the operation's result: it is not what the document says, or of a status that the document
    /// does not declare. `body` holds it.
    Decode,
    /// A redirect that is not followed, also where the document declares one; `headers` has its target. A 304 is one.
    Redirect,
    /// A response body beyond the limit.
    TooLarge,
    /// A continuation link that is malformed, leads elsewhere or has been followed before.
    Page,
    /// One record of a page that cannot be read; the others can.
    InvalidRecord,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                operation: None,
                status: 0,
                headers: HeaderMap::new(),
                request_id: None,
                items: Vec::new(),
                item_count: 0,
                body: Bytes::new(),
                body_len: 0,
                fault: None,
                note: None,
                name: None,
                failure: None,
                host: String::new(),
                mode: Mode::default(),
                attempts: 0,
                maybe_sent: false,
                earlier_maybe_sent: false,
                retryable: false,
                idempotency_key: None,
                source: None,
            }),
        }
    }

    /// A request that cannot be built.
    pub(crate) fn build(note: &'static str) -> Self {
        Self::new(ErrorKind::Build).with_note(Some(note))
    }

    /// The same, with the parameter at fault.
    pub(crate) fn build_of(note: &'static str, name: &str) -> Self {
        let mut error = Self::build(note);
        error.inner.name = Some(name.to_owned());
        error
    }

    pub(crate) fn failure(failure: Failure) -> Self {
        let failed = failure.kind();
        let (kind, maybe_sent) = match failed {
            FailureKind::NotSent
            | FailureKind::UnknownHost
            | FailureKind::Refused
            | FailureKind::ConnectTimedOut
            | FailureKind::Certificate
            | FailureKind::Proxy => (ErrorKind::NotSent, false),
            FailureKind::MaybeSent => (ErrorKind::MaybeSent, true),
            FailureKind::TimedOut => (ErrorKind::Timeout, true),
            FailureKind::TooLarge => (ErrorKind::TooLarge, true),
            FailureKind::Unsupported => (ErrorKind::Build, false),
        };
        let mut error = Self::new(kind);
        error.inner.failure = Some(failed);
        error.inner.maybe_sent = maybe_sent;
        error.inner.retryable = matches!(kind, ErrorKind::NotSent | ErrorKind::MaybeSent | ErrorKind::Timeout)
            && failed != FailureKind::Certificate;
        error.inner.source = failure.into_source();
        error
    }

    /// An error from a response, with its items read.
    pub(crate) fn response(
        kind: ErrorKind,
        status: u16,
        headers: HeaderMap,
        body: Bytes,
        rules: &RetryRules,
        mode: Mode,
    ) -> Self {
        let mut error = Self::new(kind);
        let inner = &mut *error.inner;
        inner.mode = mode;
        inner.status = status;
        if matches!(kind, ErrorKind::Status | ErrorKind::Accepted) {
            let items = read_items(&body, &mode.settings.errors);
            (inner.items, inner.item_count) = (items.kept, items.total);
        }
        let mut id = request_id(&headers, mode.settings);
        for item in &inner.items {
            if id.is_none() {
                id = item.request_id();
            }
        }
        if let Some(id) = id {
            inner.request_id = Some(id.to_owned());
        }
        inner.headers = headers;
        inner.body_len = body.len();
        // A short copy, so that an error kept for long does not hold a large body; but what was asked for is not cut.
        inner.body = match body.get(..BODY_LIMIT) {
            Some(start) if kind != ErrorKind::AnsweredAtOnce => Bytes::copy_from_slice(start),
            _ => body,
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
        let status = self.inner.status;
        let mut refused = lists(rules.refused_statuses, status);
        for item in &self.inner.items {
            if let Some(code) = item.code() {
                refused |= names(rules.refusals, code);
            }
        }
        if refused { Ending::Refused(status) } else { Ending::Status(status) }
    }

    pub(crate) fn with_note(mut self, note: Option<&'static str>) -> Self {
        self.inner.note = note;
        self
    }

    pub(crate) fn with_fault(mut self, fault: Fault) -> Self {
        self.inner.fault = Some(fault);
        self
    }

    pub(crate) fn with_host(mut self, host: String) -> Self {
        self.inner.host = host;
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

    /// What holds for the API that answered.
    pub(crate) fn settings(&self) -> &'static Settings {
        self.inner.mode.settings
    }

    /// What the call machine knows beyond the last attempt.
    pub(crate) fn with_history(mut self, attempts: u32, earlier_maybe_sent: bool, key: Option<&str>) -> Self {
        self.inner.attempts = attempts;
        self.inner.maybe_sent |= earlier_maybe_sent;
        self.inner.earlier_maybe_sent = earlier_maybe_sent;
        if let Some(key) = key {
            self.inner.idempotency_key = Some(key.to_owned());
        }
        self
    }

    /// What happened.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// What the transport knows of the failure, where no response came: that the name of the host is unknown, that its certificate does not hold.
    pub fn failure_kind(&self) -> Option<FailureKind> {
        self.inner.failure
    }

    /// The operation that was called.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.inner.operation
    }

    /// The status of the response, where there was one.
    #[inline]
    pub fn status(&self) -> Option<Status> {
        if self.inner.status == 0 { None } else { Some(self.inner.status.into()) }
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The id to give the API's support.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// The errors the API reported; of very many the first ones, see [`item_count`](Self::item_count).
    pub fn items(&self) -> &[ErrorItem] {
        &self.inner.items
    }

    /// How many errors the API reported. `items` keeps no more than the settings say, a thousand by default.
    pub fn item_count(&self) -> usize {
        self.inner.item_count
    }

    /// The first code the API reported.
    pub fn code(&self) -> Option<&str> {
        for item in &self.inner.items {
            if let Some(code) = item.code() {
                return Some(code);
            }
        }
        None
    }

    /// Whether any item has this code.
    pub fn has_code(&self, code: &str) -> bool {
        for item in &self.inner.items {
            if item.code() == Some(code) {
                return true;
            }
        }
        false
    }

    /// The first message the API reported, for humans.
    #[inline]
    pub fn message(&self) -> Option<&str> {
        self.inner.items.iter().find_map(ErrorItem::message)
    }

    /// Where the body is not what the document says.
    pub fn fault(&self) -> Option<&Fault> {
        self.inner.fault.as_ref()
    }

    /// The body of the response, or the invalid record, as it came; at most 256 KiB of it, but all of it where it is the result itself
    /// ([`ErrorKind::AnsweredAtOnce`]). It may hold personal data.
    pub fn body(&self) -> &Bytes {
        &self.inner.body
    }

    /// Reads the body as JSON of a type the document declares for this status: an error's model, or the result that came at once
    /// although the asynchronous mode was asked for.
    ///
    /// # Errors
    /// When it is not that.
    pub fn read<T: Decode>(&self) -> Result<T, Error> {
        let fault = |e: DecodeError| Error::new(ErrorKind::Decode).with_fault(e.into());
        from_json(&self.inner.body, self.inner.mode).map(|(value, _)| value).map_err(fault)
    }

    /// How many requests were sent.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The idempotency key that went with the call: with the same key it can be repeated without doing anything twice.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.inner.idempotency_key.as_deref()
    }

    /// Whether a later attempt could end better. It says nothing about what repeating the call may do: see
    /// [`may_have_been_sent`](Self::may_have_been_sent).
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// Whether the API may have acted on any attempt of this call.
    pub fn may_have_been_sent(&self) -> bool {
        self.inner.maybe_sent
    }

    /// Whether the API may have acted on an attempt before the last one. What the last answer says may then be that attempt's own doing:
    /// after a deletion whose answer was lost, the next attempt finds nothing left.
    pub fn earlier_attempt_may_have_acted(&self) -> bool {
        self.inner.earlier_maybe_sent
    }

    /// Whether the API says that what was asked for does not exist, so that what was to be deleted is gone. It is a 404 or a 410 with one of
    /// the codes the settings name for that, or of an API whose codes do not say it. [`status`](Self::status) tells the bare status.
    ///
    /// ```text
    /// match client.links().delete(id).await {
    ///     Ok(_) => {}
    ///     Err(error) if error.is_not_found() => {} // gone already, perhaps by an earlier attempt of this very call
    ///     Err(error) => return Err(error),
    /// }
    /// ```
    pub fn is_not_found(&self) -> bool {
        let inner = &*self.inner;
        if inner.kind != ErrorKind::Status || !matches!(inner.status, 404 | 410) {
            return false;
        }
        let codes = self.settings().errors.not_found;
        if codes.is_empty() {
            return true;
        }
        // A proxy's page has no item, and an item without a code says no other thing.
        let mut coded = inner.items.is_empty();
        for item in &inner.items {
            if let Some(code) = item.code() {
                if names(codes, code) {
                    return true;
                }
                coded = true;
            }
        }
        !coded
    }

    /// The media type of the response without its parameters, in lower case; empty when it names none.
    pub fn media_type(&self) -> String {
        media_type(&self.inner.headers)
    }

    /// How long the API asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.inner.headers)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One text and one answer of the formatter, instead of a way out behind each piece.
        f.write_str(&self.text())
    }
}

impl Error {
    fn text(&self) -> String {
        let inner = &*self.inner;
        let mut out = String::new();
        if let Some(operation) = inner.operation {
            append(&mut out, &[operation.method.as_str(), " ", operation.path, ": "]);
        }
        if inner.status != 0 {
            append_number(&mut out, inner.status.into());
            match reason(inner.status) {
                "" => {}
                reason => append(&mut out, &[" ", reason]),
            }
        }
        if inner.kind == ErrorKind::NotSent && !inner.host.is_empty() {
            let (separator, cause) = match inner.failure.map_or("", FailureKind::cause) {
                "" => (", ", "nothing was sent"),
                cause => (": ", cause),
            };
            append(&mut out, &["could not connect to ", &inner.host, separator, cause]);
        } else if inner.status == 0 || inner.kind != ErrorKind::Status {
            append(&mut out, &[if inner.status == 0 { "" } else { ": " }, what(inner.kind)]);
        }
        if let Some(note) = inner.note {
            append(&mut out, &[": ", note]);
        }
        match shown(inner.name.as_deref()) {
            "" => {}
            name => append(&mut out, &[" `", name, "`"]),
        }
        if let Some(fault) = &inner.fault {
            let place = [": ", &fault.found, " found where ", &fault.expected, " is expected at ", &fault.path];
            append(&mut out, &place);
        }
        let (mut separator, mut more) = (": ", inner.item_count.saturating_sub(inner.items.len()) as u64);
        // A code and a field name say enough for a log; the message is prose that may quote what a person entered.
        for (index, item) in inner.items.iter().enumerate() {
            if index >= 5 {
                more += 1;
                continue;
            }
            let (code, field) = (shown(item.code()), item.field().and_then(path).unwrap_or_default());
            if code.is_empty() && field.is_empty() {
                continue;
            }
            append(&mut out, &[separator, if code.is_empty() { "error" } else { code }]);
            if !field.is_empty() {
                append(&mut out, &[" (field ", field, ")"]);
            }
            separator = ", ";
        }
        if more > 0 {
            out.push_str(", ");
            append_number(&mut out, more);
            out.push_str(" more");
        }
        if inner.attempts > 1 {
            out.push_str("; ");
            append_number(&mut out, inner.attempts.into());
            out.push_str(" attempts");
            if inner.earlier_maybe_sent
                && inner.operation.is_some_and(|operation| operation.method == Method::Delete)
                && self.is_not_found()
            {
                out.push_str(", an earlier one may have done it");
            }
        }
        match shown(self.request_id()) {
            "" => {}
            id => append(&mut out, &["; request id ", id, ", for ", self.settings().support]),
        }
        out
    }
}

/// A text if it may be printed, else nothing.
#[inline(never)]
fn shown(text: Option<&str>) -> &str {
    match text {
        Some(text) => word(text).unwrap_or_default(),
        None => "",
    }
}

const fn what(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Build => "the request cannot be built",
        ErrorKind::NotSent => "nothing was sent, the connection failed",
        ErrorKind::MaybeSent => "the connection failed, the request may have arrived",
        ErrorKind::Timeout => "no response in time, the request may have arrived",
        ErrorKind::Status => "an error status",
        ErrorKind::Accepted => "accepted, the result comes later",
        ErrorKind::AnsweredAtOnce => "the result came at once, not later as was asked for",
        ErrorKind::Decode => "the response cannot be read",
        ErrorKind::Redirect => "a redirect that is not followed",
        ErrorKind::TooLarge => "the response body is larger than allowed",
        ErrorKind::Page => "the next page cannot be fetched",
        ErrorKind::InvalidRecord => "a record cannot be read",
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation.map(|o| o.id))
            .field("status", &(inner.status != 0).then_some(inner.status))
            .field("request_id", &self.request_id().and_then(word))
            .field("items", &inner.items)
            .field("item_count", &inner.item_count)
            .field("failure", &inner.failure)
            .field("host", &inner.host)
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

/// The error for a header that is not of its declared type.
pub(crate) fn unreadable_header(name: &str, fault: DecodeError) -> Error {
    let mut error = Error::new(ErrorKind::Decode).with_note(Some("a header is not what the document says:"));
    error.inner.name = Some(name.to_owned());
    error.with_fault(fault.into())
}

/// The request id a response's headers hold.
pub(crate) fn request_id<'h>(headers: &'h HeaderMap, settings: &Settings) -> Option<&'h str> {
    for name in settings.request_id_headers {
        if let Some(id) = header_named(headers, name) {
            return Some(id);
        }
    }
    None
}
