//! The mock behind a plain HTTP/1.1 server, for the real transports and for programs that are started. One thread with a small
//! async runtime of its own, so that blocking callers need none.
//!
//! axum and hyper speak HTTP. What breaks on purpose is below HTTP, so it is played by the connection (`Io`), which the handler
//! tells what to do (`Line`).

use super::log::entry;
use super::{Answered, Asked, Breakage, Mock, Outcome, Reply, lock};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use http_body::{Frame, SizeHint};
use std::io::{Error as IoError, ErrorKind, IoSlice, Read, Result as IoResult, Write};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, ready};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::Sleep;

/// The longest body that is read.
const LONGEST: usize = 64 << 20;

/// What arrives of a body that is cut off, and the length that was announced.
const HALF: (&[u8], u64) = (b"{\"count\": 1, ", 100);

/// What floods are made of.
static SPACES: [u8; 1 << 16] = [b' '; 1 << 16];

/// Takes the lines of a log.
type Log = Box<dyn Fn(&str) + Send + Sync>;

/// How to serve.
pub struct Options {
    /// Where to listen; port 0 is a free one.
    pub address: SocketAddr,
    /// Takes a line for every request: `GET /api/links/?page=2 200 ListLinks 3 ms`. It is called on the server's thread.
    pub log: Option<Log>,
}

impl Default for Options {
    /// A free port on loopback, and no log.
    fn default() -> Self {
        Self { address: SocketAddr::from(([127, 0, 0, 1], 0)), log: None }
    }
}

/// Room for values that nest deeply: they are walked by recursion. Memory that is not used costs nothing.
const STACK: usize = 64 << 20;

/// A server; it ends when it is dropped.
pub struct Server {
    host: String,
    counts: Arc<Counts>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    flooded: AtomicU64,
    /// What went wrong in the server itself; a test that cares asks.
    strange: Mutex<Vec<String>>,
}

impl Counts {
    fn strange(&self, what: impl Into<String>) {
        lock(&self.strange).push(what.into());
    }
}

impl Server {
    /// Serves a mock on a free port of loopback.
    ///
    /// # Panics
    /// When there is none.
    pub fn start(mock: &Mock) -> Self {
        Self::start_with(mock, Options::default()).expect("loopback has a free port")
    }

    /// Serves a mock.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn start_with(mock: &Mock, options: Options) -> IoResult<Self> {
        let listener = std::net::TcpListener::bind(options.address)?;
        listener.set_nonblocking(true)?;
        let host = listener.local_addr()?.to_string();
        let counts = Arc::new(Counts::default());
        let site = Site { mock: mock.clone(), host: host.clone(), counts: Arc::clone(&counts), log: options.log };
        let (stop, stopped) = oneshot::channel();
        let (tell, opened) = mpsc::channel();
        let thread = std::thread::Builder::new().name("mock".to_owned()).stack_size(STACK).spawn(move || {
            // Built here: a caller inside a runtime of its own may not drop this one when that fails.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().and_then(|runtime| {
                let inside = runtime.enter();
                let listener = TcpListener::from_std(listener)?;
                drop(inside);
                Ok((runtime, listener))
            });
            match runtime {
                Ok((runtime, listener)) => {
                    let _ = tell.send(Ok(()));
                    runtime.block_on(serve(listener, site, stopped));
                }
                Err(error) => {
                    let _ = tell.send(Err(error));
                }
            }
        })?;
        opened.recv().map_err(IoError::other)??;
        Ok(Self { host, counts, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL.
    pub fn base(&self) -> String {
        format!("http://{}", self.host)
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// How many bytes of floods were taken before the client went away, give or take a buffer.
    pub fn flooded(&self) -> u64 {
        self.counts.flooded.load(Ordering::SeqCst)
    }

    /// Requests that could not be read, and answers that could not be given as they are.
    pub fn strange(&self) -> Vec<String> {
        lock(&self.counts.strange).clone()
    }

    /// Waits until the server ends, which it does not by itself: for a program that does nothing else.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves until it is asked to stop. The connections end with the runtime.
async fn serve(listener: TcpListener, site: Site, stopped: oneshot::Receiver<()>) {
    let door = Door { listener, counts: Arc::clone(&site.counts) };
    let service = handle.with_state(Arc::new(site)).into_make_service_with_connect_info::<Line>();
    tokio::select! {
        _ = stopped => {}
        _ = axum::serve(door, service).into_future() => {}
    }
}

/// What every request is answered from.
struct Site {
    mock: Mock,
    host: String,
    counts: Arc<Counts>,
    log: Option<Log>,
}

async fn handle(State(site): State<Arc<Site>>, ConnectInfo(line): ConnectInfo<Line>, request: Request) -> Response {
    let started = Instant::now();
    line.set(Flag::Busy);
    let (parts, body) = request.into_parts();
    let (asked, answered) = match read(body).await {
        Ok(body) => {
            let asked = asked(&parts, body, &site.host);
            let answered = site.answered(&asked);
            (asked, answered)
        }
        Err(unread) => (asked(&parts, Vec::new(), &site.host), site.refused(&parts, unread)),
    };
    if !matches!(answered.outcome, Outcome::Broken(Breakage::Silence | Breakage::Trickle)) {
        line.set(Flag::Owing);
    }
    if !answered.delay.is_zero() {
        tokio::time::sleep(answered.delay).await;
    }
    if let Some(log) = &site.log {
        log(&entry(site.mock.document(), &asked, &answered, started.elapsed()));
    }
    match answered.outcome {
        // Programs in a browser are callers like others.
        Outcome::Reply(reply) if parts.headers.contains_key(header::ORIGIN) => {
            let reply =
                reply.only_header("access-control-allow-origin", "*").only_header("access-control-expose-headers", "*");
            whole(reply, &parts.method, line, &site.counts)
        }
        Outcome::Reply(reply) => whole(reply, &parts.method, line, &site.counts),
        Outcome::Broken(breakage) => broken(breakage, line, &site.counts).await,
    }
}

impl Site {
    /// What comes of a request. A panic, be it of a test's closure, is an answer too.
    fn answered(&self, asked: &Asked) -> Answered {
        // Not on another thread: what arrives first is answered first, and the mock holds a lock anyway.
        catch_unwind(AssertUnwindSafe(|| {
            let root = asked.method == "GET" && asked.path() == "/";
            if root && self.mock.document().find(asked).is_err() {
                return at_once(Reply::text(200, "text/html; charset=utf-8", &super::page::page(&self.mock)));
            }
            // A browser asks first whether it may.
            if let ("OPTIONS", Some(method)) = (asked.method.as_str(), asked.header("access-control-request-method")) {
                let wanted = asked.header("access-control-request-headers").unwrap_or_default();
                let reply = Reply::empty(204).header("access-control-allow-methods", method);
                return at_once(reply.header("access-control-allow-headers", wanted));
            }
            self.mock.answered(asked)
        }))
        .unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().copied();
            let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default();
            self.counts.strange(format!("{} {}: panicked: {text}", asked.method, asked.target));
            at_once(Reply::text(500, "text/plain; charset=utf-8", "The mock panicked.\n"))
        })
    }

    /// The answer to a body that could not be read.
    fn refused(&self, parts: &Parts, unread: Unread) -> Answered {
        let (status, text) = match unread {
            Unread::TooLong => (413, format!("The body has more than {LONGEST} bytes.\n")),
            Unread::Gone => (400, "The body ends too early.\n".to_owned()),
            Unread::Broken(error) => {
                self.counts.strange(format!("{} {}: {error}", parts.method, parts.uri));
                (400, format!("The body cannot be read: {error}.\n"))
            }
        };
        at_once(Reply::text(status, "text/plain; charset=utf-8", &text))
    }
}

fn at_once(reply: Reply) -> Answered {
    Answered { operation: None, delay: Duration::ZERO, outcome: Outcome::Reply(reply) }
}

/// The request as the mock sees it.
fn asked(parts: &Parts, body: Vec<u8>, host: &str) -> Asked {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let host = parts.headers.get(header::HOST).map_or_else(|| host.to_owned(), text);
    Asked {
        method: parts.method.to_string(),
        origin: format!("http://{host}"),
        // `CONNECT` has neither path nor query.
        target: parts.uri.path_and_query().map_or_else(|| parts.uri.to_string(), ToString::to_string),
        headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body,
    }
}

/// Why a body could not be read.
enum Unread {
    TooLong,
    /// The client went away, which is its right.
    Gone,
    Broken(String),
}

async fn read(mut body: Body) -> Result<Vec<u8>, Unread> {
    let (mut bytes, mut too_long) = (Vec::new(), false);
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let data = frame.map_err(|error| unread(&error))?.into_data().unwrap_or_default();
        // The rest is read too: many clients listen only when they have said everything.
        too_long |= bytes.len() + data.len() > LONGEST;
        if !too_long {
            bytes.extend_from_slice(&data);
        }
    }
    if too_long { Err(Unread::TooLong) } else { Ok(bytes) }
}

fn unread(error: &axum::Error) -> Unread {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<IoError>() {
            let wrong = matches!(io.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData);
            return if wrong { Unread::Broken(io.to_string()) } else { Unread::Gone };
        }
        cause = error.source();
    }
    Unread::Gone
}

/// An answer with all that belongs to it.
fn whole(reply: Reply, method: &Method, line: Line, counts: &Counts) -> Response {
    // hyper cannot send a 1xx for an answer.
    let status = StatusCode::from_u16(reply.status).ok().filter(|status| !status.is_informational());
    let status = status.unwrap_or_else(|| {
        counts.strange(format!("status {}: sent as 500", reply.status));
        StatusCode::INTERNAL_SERVER_ERROR
    });
    let bodiless = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let body = if bodiless { Bytes::new() } else { Bytes::from(reply.body) };
    let mut headers = HeaderMap::new();
    for (name, value) in &reply.headers {
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) else {
            counts.strange(format!("{name}: {value}: no header, left out"));
            continue;
        };
        // Where a message ends is hyper's business; it takes another word for its own, or panics.
        let length = name == header::CONTENT_LENGTH;
        if length && method == Method::HEAD && body.is_empty() && !bodiless {
            headers.insert(name, value);
        } else if length || name == header::TRANSFER_ENCODING {
            if !length || value.as_bytes() != body.len().to_string().as_bytes() {
                counts.strange(format!("{name}: {value:?}: not how the body is sent, left out"));
            }
        } else {
            headers.append(name, value);
        }
    }
    if reply.hangs_up {
        line.set(Flag::Parting);
    }
    response(status, headers, line, Rest::Whole(body))
}

/// What arrives of an answer that breaks.
async fn broken(breakage: Breakage, line: Line, counts: &Arc<Counts>) -> Response {
    let json = || HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let (headers, rest) = match breakage {
        Breakage::Refused | Breakage::Reset => {
            line.set(Flag::Resetting);
            (HeaderMap::new(), Rest::Whole(Bytes::new()))
        }
        // hyper notices when the client has had enough, and drops this.
        Breakage::Silence => std::future::pending().await,
        Breakage::CutOff => {
            line.set(Flag::Parting);
            (json(), Rest::Half(Then::Close))
        }
        Breakage::ResetMidBody => (json(), Rest::Half(Then::Reset)),
        Breakage::Trickle => (json(), Rest::Half(Then::Nothing)),
        Breakage::Flood(left) => (json(), Rest::Flood { left, announced: false, counts: Arc::clone(counts) }),
        Breakage::AnnouncedFlood(left) => {
            (HeaderMap::new(), Rest::Flood { left, announced: true, counts: Arc::clone(counts) })
        }
    };
    response(StatusCode::OK, headers, line, rest)
}

fn response(status: StatusCode, headers: HeaderMap, line: Line, rest: Rest) -> Response {
    let mut response = Response::new(Body::new(Tracked { line, rest }));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// A body that tells its connection when hyper has all of it.
struct Tracked {
    line: Line,
    rest: Rest,
}

/// What is still to come of a body.
enum Rest {
    Whole(Bytes),
    Half(Then),
    /// Half a body was given.
    Wait(Pin<Box<Sleep>>),
    Never,
    Flood {
        left: u64,
        announced: bool,
        counts: Arc<Counts>,
    },
}

/// What comes behind half a body.
#[derive(Clone, Copy)]
enum Then {
    Close,
    Reset,
    Nothing,
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = IoError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<IoResult<Frame<Bytes>>>> {
        let Self { line, rest } = &mut *self;
        let data = match rest {
            Rest::Whole(bytes) => std::mem::take(bytes),
            Rest::Half(then) => {
                *rest = match then {
                    // It is not the end of the body, but nothing comes any more: the connection closes behind it.
                    Then::Close => {
                        line.set(Flag::Spoken);
                        Rest::Never
                    }
                    // A reset overtakes what has not been read; let the half arrive first.
                    Then::Reset => Rest::Wait(Box::pin(tokio::time::sleep(Duration::from_millis(20)))),
                    Then::Nothing => Rest::Never,
                };
                Bytes::from_static(HALF.0)
            }
            Rest::Wait(sleep) => {
                ready!(sleep.as_mut().poll(cx));
                line.set(Flag::Resetting);
                return Poll::Ready(Some(Err(ErrorKind::ConnectionReset.into())));
            }
            Rest::Never => return Poll::Pending,
            Rest::Flood { left, counts, .. } => {
                let size = usize::try_from(*left).map_or(SPACES.len(), |left| left.min(SPACES.len()));
                *left -= size as u64;
                counts.flooded.fetch_add(size as u64, Ordering::SeqCst);
                Bytes::from_static(&SPACES[..size])
            }
        };
        Poll::Ready((!data.is_empty()).then(|| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.rest {
            Rest::Whole(bytes) => bytes.is_empty(),
            Rest::Flood { left, announced, .. } => *announced && *left == 0,
            _ => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.rest {
            Rest::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Rest::Half(_) => SizeHint::with_exact(HALF.1),
            Rest::Flood { left, announced: true, .. } => SizeHint::with_exact(*left),
            _ => SizeHint::default(),
        }
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.line.set(Flag::Spoken);
    }
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    counts: Arc<Counts>,
}

impl Listener for Door {
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Io, SocketAddr) {
        // axum's way: it waits out what keeps a connection from being accepted.
        let (stream, address) = Listener::accept(&mut self.listener).await;
        self.counts.connections.fetch_add(1, Ordering::SeqCst);
        // An error here means that the client went away.
        let _ = stream.set_nodelay(true);
        let counts = Arc::clone(&self.counts);
        (Io { stream, line: Line::default(), counts, heard: Vec::new(), ended: false }, address)
    }

    fn local_addr(&self) -> IoResult<SocketAddr> {
        self.listener.local_addr()
    }
}

/// What a connection learns from those who answer on it.
#[derive(Clone, Default)]
struct Line(Arc<[AtomicBool; 5]>);

#[derive(Clone, Copy)]
enum Flag {
    /// A request is being answered.
    Busy,
    /// It will be answered, even if the client has nothing more to say.
    Owing,
    /// hyper has all of the answer.
    Spoken,
    /// The connection closes behind the answer.
    Parting,
    /// The connection is reset, now.
    Resetting,
}

impl Line {
    fn set(&self, flag: Flag) {
        self.0[flag as usize].store(true, Ordering::SeqCst);
    }

    fn clear(&self, flag: Flag) {
        self.0[flag as usize].store(false, Ordering::SeqCst);
    }

    fn is(&self, flag: Flag) -> bool {
        self.0[flag as usize].load(Ordering::SeqCst)
    }
}

impl Connected<IncomingStream<'_, Door>> for Line {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().line.clone()
    }
}

/// A connection that does what its line says.
struct Io {
    stream: TcpStream,
    line: Line,
    counts: Arc<Counts>,
    /// The beginning of what came since the last answer.
    heard: Vec<u8>,
    /// Whether the client has nothing more to say.
    ended: bool,
}

impl Io {
    /// Before hyper writes.
    fn may_write(&mut self) -> IoResult<()> {
        if self.line.is(Flag::Resetting) {
            return Err(ErrorKind::ConnectionReset.into());
        }
        if !self.line.is(Flag::Busy) {
            // hyper refuses by itself what it cannot read.
            self.counts.strange(String::from_utf8_lossy(&self.heard));
            self.line.set(Flag::Busy);
        }
        Ok(())
    }
}

impl AsyncRead for Io {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<IoResult<()>> {
        let this = &mut *self;
        if !this.ended {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
            let heard = &buffer.filled()[before..];
            if !this.line.is(Flag::Busy) {
                let room = 1024usize.saturating_sub(this.heard.len()).min(heard.len());
                this.heard.extend_from_slice(&heard[..room]);
            }
            if !heard.is_empty() || buffer.remaining() == 0 {
                return Poll::Ready(Ok(()));
            }
            // hyper takes the end of what a client says for its going away, but it may still listen. It hears of the end a
            // turn later, when the handler has begun and can say whether an answer is owed.
            this.ended = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        // `poll_flush` wakes.
        if this.line.is(Flag::Owing) { Poll::Pending } else { Poll::Ready(Ok(())) }
    }
}

impl AsyncWrite for Io {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<IoResult<usize>> {
        self.may_write()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<IoResult<usize>> {
        self.may_write()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when it has written all that it has.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<IoResult<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if self.line.is(Flag::Spoken) {
            if self.line.is(Flag::Parting) {
                // At an error hyper lets go of the connection, which closes it in order.
                return Poll::Ready(Err(ErrorKind::ConnectionAborted.into()));
            }
            for flag in [Flag::Spoken, Flag::Busy, Flag::Owing] {
                self.line.clear(flag);
            }
            self.heard.clear();
            if self.ended {
                cx.waker().wake_by_ref();
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<IoResult<()>> {
        if self.line.is(Flag::Resetting) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Drop for Io {
    fn drop(&mut self) {
        if self.line.is(Flag::Resetting) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

/// Posts JSON to a URL, as Belvo posts a notification; gives the status, or 0 when what comes is no HTTP.
///
/// # Errors
/// When it is no http URL, or nobody listens there.
pub fn post(url: &str, authorization: &str, body: &str) -> IoResult<u16> {
    let wrong = |what: &str| IoError::new(ErrorKind::InvalidInput, what);
    let uri: Uri = url.parse().map_err(|_| wrong("no URL"))?;
    let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(wrong("no http URL")) };
    HeaderValue::from_str(authorization).map_err(|_| wrong("no header"))?;
    let path = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let host = authority.host();
    let port = authority.port_u16().unwrap_or(80);
    let mut stream = std::net::TcpStream::connect(format!("{host}:{port}"))?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}:{port}\r\nauthorization: {authorization}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default())
}
