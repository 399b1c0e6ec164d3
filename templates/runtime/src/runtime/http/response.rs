//! What comes back: the response as bytes, which all calls share, and the typed one a caller sees. Decoding happens here, at the edge.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};

use crate::runtime::call::retry::RetryRules;
use crate::runtime::decode::{Decode, DecodeError, Deviation, Findings, Mode, from_json};
use crate::runtime::error::{Error, ErrorKind, request_id};
use crate::runtime::http::operation::Operation;
use crate::runtime::http::status::Status;
use crate::runtime::http::transport::BoxFuture;
use crate::runtime::text::{split, until};

/// A successful response as it came. `Debug` shows the body's size only.
#[derive(Clone)]
pub struct Received {
    pub(crate) operation: &'static Operation,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) mode: Mode,
    pub(crate) attempts: u32,
    pub(crate) idempotency_key: Option<String>,
}

/// How a response is read as `T`: one of this module's functions or one the generator wrote.
pub type Read<T> = fn(&Received) -> Result<(T, Findings), Error>;

impl Received {
    /// The status.
    #[inline]
    pub fn status(&self) -> Status {
        self.status.into()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id to give the API's support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers, self.mode.settings)
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body, without the rest.
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// How a reader is to take it.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The media type without its parameters, in lower case; empty when the response names none.
    #[inline]
    pub fn media_type(&self) -> String {
        media_type(&self.headers)
    }

    /// How many requests were sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Reads the body as JSON of this type.
    ///
    /// # Errors
    /// When it is not that.
    pub fn read<T: Decode>(&self) -> Result<(T, Findings), Error> {
        match from_json(&self.body, self.mode) {
            Ok(read) => Ok(read),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// The error for a body that is not what the document says; generated readers use it too.
    fn unreadable(&self, error: DecodeError) -> Error {
        let note = if self.body.is_empty() {
            Some("the body is empty")
        } else if header(&self.headers, &CONTENT_ENCODING).is_some() {
            Some("the body is compressed in a way this client does not read")
        } else if is_other_than_json(&self.media_type()) {
            // A page of a proxy, most often.
            Some("the content type is not json")
        } else {
            None
        };
        self.error(note).with_fault(error.into())
    }

    fn error(&self, note: Option<&'static str>) -> Error {
        self.error_of(ErrorKind::Decode).with_note(note)
    }

    /// The error this response is, with its body in it.
    pub(crate) fn error_of(&self, kind: ErrorKind) -> Error {
        let (headers, body) = (copy_headers(&self.headers), self.body.clone());
        Error::response(kind, self.status, headers, body, &RetryRules::NONE, self.mode)
            .with_operation(self.operation)
            .with_history(self.attempts, true, self.idempotency_key.as_deref())
    }
}

// What is done with a `HeaderMap` is done here, and in as few ways as will do: each one is compiled anew in this crate, with all its
// hashing. There are few headers, so looking at one after the other is as good.

/// A header. Names are compared as such: as texts they would bring the table of all names along.
#[inline(never)]
pub(crate) fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    for (known, value) in headers {
        if known == name {
            return Some(value);
        }
    }
    None
}

/// The same as text, where it is one.
#[inline(never)]
pub(crate) fn header_text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    header(headers, name)?.to_str().ok()
}

/// The media type without its parameters, in lower case.
#[inline(never)]
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let text = header_text(headers, &CONTENT_TYPE).unwrap_or_default();
    until(text, ";").trim_ascii().to_ascii_lowercase()
}

/// The same by a name that is no constant.
#[inline(never)]
pub(crate) fn header_named<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    header_text(headers, &HeaderName::from_bytes(name.as_bytes()).ok()?)
}

/// Whether there can be such a header.
#[inline(never)]
pub(crate) fn is_header(name: &str, value: &str) -> bool {
    HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok()
}

/// Sets a header, in place of the one of this name; `false` for a name or a value no header may have. `Debug` of any `HeaderMap` shows
/// a secret one as `Sensitive`.
#[inline(never)]
pub(crate) fn set_header(headers: &mut HeaderMap, name: &str, value: &str, secret: bool) -> bool {
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { return false };
    let Ok(mut value) = HeaderValue::from_str(value) else { return false };
    value.set_sensitive(secret);
    if header(headers, &name).is_some() {
        // Seldom; changing it where it stands would be one more way to look at them all.
        *headers = copied(headers, &name, Some(&value));
    } else {
        add_header(headers, &name, &value);
    }
    true
}

#[inline(never)]
pub(crate) fn add_header(headers: &mut HeaderMap, name: &HeaderName, value: &HeaderValue) {
    headers.append(name.clone(), value.clone());
}

/// A copy; `clone` would be a second way to fill a map.
pub(crate) fn copy_headers(headers: &HeaderMap) -> HeaderMap {
    copied(headers, &ACCEPT, None)
}

/// A copy, with another value for this name if there is one.
#[inline(never)]
fn copied(headers: &HeaderMap, changed: &HeaderName, to: Option<&HeaderValue>) -> HeaderMap {
    let mut copy = HeaderMap::new();
    for (name, value) in headers {
        match to {
            Some(to) if name == changed => add_header(&mut copy, name, to),
            _ => add_header(&mut copy, name, value),
        }
    }
    copy
}

/// Whether a media type says that a body is no JSON; one that is not given says nothing.
#[inline(never)]
fn is_other_than_json(media_type: &str) -> bool {
    !media_type.is_empty() && !media_type.ends_with("json") && split(media_type, "/json").is_none()
}

impl fmt::Debug for Received {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Reads a JSON body.
///
/// # Errors
/// When it is not what the document says.
pub fn decode<T: Decode>(received: &Received) -> Result<(T, Findings), Error> {
    received.read()
}

/// Reads a response without a body; one that comes all the same is left aside.
pub fn decode_nothing(_: &Received) -> Result<((), Findings), Error> {
    Ok(((), Findings::default()))
}

/// The error for a status that none of the declared responses has.
#[cold]
pub fn other_status(received: &Received) -> Error {
    received.error(Some("the document does not declare this status")).with_body(received.body.clone())
}

/// Takes the body as bytes.
pub fn decode_bytes(received: &Received) -> Result<(Bytes, Findings), Error> {
    Ok((received.body.clone(), Findings::default()))
}

/// Reads a text body.
///
/// # Errors
/// When it is not UTF-8.
#[inline]
pub fn decode_text(received: &Received) -> Result<(String, Findings), Error> {
    match std::str::from_utf8(&received.body) {
        Ok(text) => Ok((text.to_owned(), Findings::default())),
        Err(_) => Err(received.error(Some("the text is not utf-8"))),
    }
}

/// The result of a call, with what came around it. Derefs to the value.
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    head: Received,
    findings: Findings,
}

impl<T> Response<T> {
    /// Reads a received response.
    ///
    /// # Errors
    /// When the body is not what the document says.
    #[inline]
    pub(crate) fn read(received: Received, read: Read<T>) -> Result<Self, Error> {
        let (value, findings) = read(&received)?;
        // The typed value stands for the body from here on.
        Ok(Self { value, findings, head: received.without_body() })
    }

    /// The value, without the rest.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status.
    #[inline]
    pub fn status(&self) -> Status {
        self.head.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.head.headers()
    }

    /// The id to give the API's support; of a receipt, the one its notification will name.
    pub fn request_id(&self) -> Option<&str> {
        self.findings.request_id.as_deref().or_else(|| self.head.request_id())
    }

    /// How many requests were sent.
    pub fn attempts(&self) -> u32 {
        self.head.attempts
    }

    /// The idempotency key that went with the call.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.head.idempotency_key.as_deref()
    }

    /// Where the body departs from the document without being unreadable.
    pub fn deviations(&self) -> &[Deviation] {
        &self.findings.deviations
    }

    /// Everything that was noticed while reading.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The same response around another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: f(self.value), head: self.head, findings: self.findings }
    }
}

impl Received {
    fn without_body(mut self) -> Self {
        self.body = Bytes::new();
        self
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.head.status)
            .field("request_id", &self.request_id())
            .field("deviations", &self.findings.deviations.len())
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// A call under way: a future; nothing is sent before it is first polled.
///
/// Dropping it abandons the call: no further attempt is made, no pause is waited for. Whether the API acted is then not known to the
/// caller; it can be found out by repeating the call with the idempotency key it was given (`Request::idempotency_key`), or by listing
/// what the call would have made by an id of the caller's own.
#[must_use = "a call does nothing until it is awaited"]
pub struct Sending<T> {
    core: BoxFuture<'static, Result<Received, Error>>,
    read: Read<T>,
}

impl<T> Sending<T> {
    pub(crate) fn new(core: BoxFuture<'static, Result<Received, Error>>, read: Read<T>) -> Self {
        Self { core, read }
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<Response<T>, Error>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let read = self.read;
        self.core.as_mut().poll(cx).map(|received| Response::read(received?, read))
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sending")
    }
}
