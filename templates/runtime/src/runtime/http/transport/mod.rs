//! What a client needs from the world: something that sends one HTTP request, and a clock. Both are small object-safe traits.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
#[cfg(all(any(feature = "reqwest", feature = "blocking"), not(target_arch = "wasm32")))]
pub(crate) mod connect;
#[cfg(feature = "reqwest")]
pub(crate) mod reqwest;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A boxed future; `Send` except in a browser, where nothing is.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future; `Send` except in a browser, where nothing is.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// `Send + Sync`, except in a browser, where nothing is.
#[cfg(not(target_arch = "wasm32"))]
pub trait Shared: Send + Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + Sync + ?Sized> Shared for T {}
/// `Send + Sync`, except in a browser, where nothing is.
#[cfg(target_arch = "wasm32")]
pub trait Shared {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> Shared for T {}

/// What one attempt may use up. A transport keeps to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// From the first byte sent to the last one received.
    pub timeout: Duration,
    /// Bytes of the response body.
    pub max_body: usize,
}

impl Limits {
    /// These limits.
    pub const fn new(timeout: Duration, max_body: usize) -> Self {
        Self { timeout, max_body }
    }
}

/// Sends one request and reads the whole response; knows nothing of credentials, retries or redirects and follows none of these.
///
/// What it says of a failure decides about retries: `UnknownHost`, `Refused` and `Proxy` are tried again three times within five seconds,
/// `Certificate` not at all, `NotSent` and `ConnectTimedOut` with the pauses of the API's settings. A transport that knows no more says `NotSent`.
///
/// ```
/// use runtime::{BoxFuture, Bytes, Failure, Limits, Transport};
///
/// /// No network at all.
/// struct Offline;
///
/// impl Transport for Offline {
///     fn send(&self, _: http::Request<Bytes>, _: Limits) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
///         Box::pin(async { Err(Failure::not_sent("there is no network")) })
///     }
/// }
/// ```
pub trait Transport: Shared {
    /// Sends `request`.
    ///
    /// # Errors
    /// A `Failure` that says whether the request may have arrived.
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>>;
}

/// The same for callers without an async runtime.
pub trait BlockingTransport: Send + Sync {
    /// Sends `request`.
    ///
    /// # Errors
    /// A `Failure` that says whether the request may have arrived.
    fn send_blocking(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure>;
}

/// Why there is no response.
///
/// ```
/// use runtime::{Failure, FailureKind};
///
/// assert_eq!(Failure::not_sent("no route to the host").kind(), FailureKind::NotSent);
/// ```
pub struct Failure {
    kind: FailureKind,
    source: Option<BoxError>,
}

/// What is known of a request that got no response. Of the first six, in which no byte of it left, a transport says the closest that it knows:
/// the call machine waits longer or shorter by them, see [`RetryRules`](crate::runtime::RetryRules).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// No byte of it left, for another reason than those below: no network, or one that the transport does not know.
    NotSent,
    /// No byte of it left: the name of the host has no address, or nobody could say which.
    UnknownHost,
    /// No byte of it left: the host refuses connections to this port.
    Refused,
    /// No byte of it left: the host did not answer in the time that there is to connect.
    ConnectTimedOut,
    /// No byte of it left: the host has a certificate that does not hold.
    Certificate,
    /// No byte of it left: the proxy in between cannot be reached, or does not let it through.
    Proxy,
    /// The connection failed after bytes had left.
    MaybeSent,
    /// Time ran out after bytes had left.
    TimedOut,
    /// A response came but its body is larger than allowed.
    TooLarge,
    /// The transport cannot express the request at all; trying again is of no use.
    Unsupported,
}

impl FailureKind {
    /// A word for it, as metrics have it: `unknown_host`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::UnknownHost => "unknown_host",
            Self::Refused => "connection_refused",
            Self::ConnectTimedOut => "connect_timeout",
            Self::Certificate => "certificate",
            Self::Proxy => "proxy",
            Self::MaybeSent => "connection_failed",
            Self::TimedOut => "timeout",
            Self::TooLarge => "response_too_large",
            Self::Unsupported => "unsupported",
        }
    }

    /// Why there is no connection, in plain words; empty where nobody knows.
    pub(crate) const fn cause(self) -> &'static str {
        match self {
            Self::UnknownHost => "the name has no address",
            Self::Refused => "the connection was refused",
            Self::ConnectTimedOut => "no answer in the time there is to connect",
            Self::Certificate => "its certificate is not trusted",
            Self::Proxy => "the proxy cannot be reached or does not let it through",
            _ => "",
        }
    }
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: FailureKind, source: impl Into<BoxError>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// A failure before anything was sent.
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self::new(FailureKind::NotSent, source)
    }

    /// A failure when the request may have arrived.
    pub fn maybe_sent(source: impl Into<BoxError>) -> Self {
        Self::new(FailureKind::MaybeSent, source)
    }

    /// A body beyond the limit.
    pub fn too_large() -> Self {
        Self { kind: FailureKind::TooLarge, source: None }
    }

    /// What is known.
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    pub(crate) fn into_source(self) -> Option<BoxError> {
        self.source
    }
}

impl From<FailureKind> for Failure {
    fn from(kind: FailureKind) -> Self {
        Self { kind, source: None }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Whether an error, or one that it is made of, says that a certificate does not hold.
#[cfg(all(any(feature = "reqwest", feature = "rustls", feature = "native-tls"), not(target_arch = "wasm32")))]
#[cfg_attr(not(any(feature = "reqwest", feature = "blocking")), allow(dead_code))]
pub(crate) fn is_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    #[cfg(feature = "rustls")]
    if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
        return true;
    }
    // An `io::Error` names as its source that of the error it holds, not that error.
    if let Some(held) = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        return is_certificate(held);
    }
    // The systems' libraries have a code each, and all of them this word.
    #[cfg(feature = "native-tls")]
    if error.source().is_none() && error.to_string().to_ascii_lowercase().contains("certificate") {
        return true;
    }
    match error.source() {
        Some(source) => is_certificate(source),
        None => false,
    }
}

/// Time as a client sees it; tests put a clock of their own here.
pub trait Clock: Shared {
    /// Time passed since some fixed moment.
    fn now(&self) -> Duration;

    /// Waits.
    fn sleep(&self, pause: Duration) -> BoxFuture<'_, ()>;

    /// Waits, holding the thread.
    fn sleep_blocking(&self, pause: Duration) {
        std::thread::sleep(pause);
    }
}

/// The clock of the machine: tokio's timer with the feature `reqwest` (in a browser, the browser's own), else a short-lived thread per
/// pause.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        // `Instant` has no fixed moment of its own, and a browser has no `Instant` at all.
        #[cfg(not(target_arch = "wasm32"))]
        {
            static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
            START.get_or_init(std::time::Instant::now).elapsed()
        }
        #[cfg(all(target_arch = "wasm32", feature = "reqwest"))]
        {
            Duration::try_from_secs_f64(js_sys::Date::now() / 1000.0).unwrap_or_default()
        }
        // Without a browser there is nobody to ask: deadlines do not count then.
        #[cfg(all(target_arch = "wasm32", not(feature = "reqwest")))]
        Duration::ZERO
    }

    #[cfg(all(feature = "reqwest", target_arch = "wasm32"))]
    fn sleep(&self, pause: Duration) -> BoxFuture<'_, ()> {
        Box::pin(browser_sleep(pause))
    }

    #[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
    fn sleep(&self, pause: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(pause))
    }

    #[cfg(not(feature = "reqwest"))]
    fn sleep(&self, pause: Duration) -> BoxFuture<'_, ()> {
        Box::pin(ThreadSleep { pause, state: None })
    }
}

/// A pause by the browser's `setTimeout`, in a window and in a worker.
#[cfg(all(feature = "reqwest", target_arch = "wasm32"))]
async fn browser_sleep(pause: Duration) {
    use wasm_bindgen::{JsCast as _, JsValue};
    let milliseconds = u32::try_from(pause.as_millis()).unwrap_or(u32::MAX);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let timer = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("setTimeout"));
        let set = timer.ok().and_then(|timer| timer.dyn_into::<js_sys::Function>().ok());
        let started = set.is_some_and(|set| set.call2(&JsValue::UNDEFINED, &resolve, &milliseconds.into()).is_ok());
        // Where there is no timer, not waiting at all is all that is left.
        if !started {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// A pause by a thread, for callers whose async runtime is not known.
#[cfg(not(feature = "reqwest"))]
struct ThreadSleep {
    pause: Duration,
    state: Option<std::sync::Arc<std::sync::Mutex<(bool, std::task::Waker)>>>,
}

#[cfg(not(feature = "reqwest"))]
impl Future for ThreadSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        use std::sync::{Arc, Mutex, PoisonError};
        use std::task::Poll;
        if let Some(state) = &self.state {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.1.clone_from(cx.waker());
            return if state.0 { Poll::Ready(()) } else { Poll::Pending };
        }
        let state = Arc::new(Mutex::new((false, cx.waker().clone())));
        let (theirs, pause) = (Arc::clone(&state), self.pause);
        let started = std::thread::Builder::new().name("pause".into()).spawn(move || {
            std::thread::sleep(pause);
            let mut state = theirs.lock().unwrap_or_else(PoisonError::into_inner);
            state.0 = true;
            state.1.wake_by_ref();
        });
        self.state = Some(state);
        // Where no thread can be had (a browser), not waiting at all is all that is left.
        if started.is_ok() { Poll::Pending } else { Poll::Ready(()) }
    }
}
