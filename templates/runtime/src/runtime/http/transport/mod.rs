//! What a client needs from the world: something that sends one HTTP request, and a clock. Both are small object-safe traits.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
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

/// What is known of a request that got no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// No byte of it left: name resolution, connection or TLS failed.
    NotSent,
    /// The connection failed after bytes had left.
    MaybeSent,
    /// Time ran out after bytes had left.
    TimedOut,
    /// A response came but its body is larger than allowed.
    TooLarge,
    /// The transport cannot express the request at all; trying again is of no use.
    Unsupported,
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
