//! The client: server, credentials, transport and rules, shared by all its clones; and the async driver of the call machine.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::runtime::call::machine::Step;
use crate::runtime::call::retry::{Observer, RetryEvent, RetryRules};
use crate::runtime::decode::Mode;
use crate::runtime::error::Error;
use crate::runtime::http::auth::Credentials;
use crate::runtime::http::body::{Named, set_named};
use crate::runtime::http::request::Draft;
use crate::runtime::http::response::{Received, is_header};
use crate::runtime::http::server::{Base, Server, with_path};
use crate::runtime::http::token::ask;
use crate::runtime::http::transport::{Clock, Shared, SystemClock, Transport};
use crate::runtime::settings::{EnvironmentNames, Settings};
use crate::runtime::text::{lists, split};

/// What carries calls out: server, credentials, transport and rules, whatever the API. Cloning it is cheap; all clones share connections.
#[derive(Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) settings: &'static Settings,
    pub(crate) server: Server,
    /// The parsed base URL, or why it cannot be one; every call says so then.
    pub(crate) base: Result<Base, &'static str>,
    pub(crate) credentials: Credentials,
    /// What the caller says of operations with servers of their own.
    pub(crate) own_servers: Option<bool>,
    pub(crate) user_agent: String,
    /// What may be headers, under their names in lower case.
    pub(crate) headers: Named,
    pub(crate) rules: RetryRules,
    on_retry: Option<Arc<dyn Observer>>,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) max_body: usize,
    pub(crate) strict: bool,
    pub(crate) max_findings: usize,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Transport>,
    #[cfg(feature = "blocking")]
    pub(crate) blocking: Arc<dyn crate::runtime::http::transport::BlockingTransport>,
    /// Whether one of the transports is the caller's.
    pub(crate) own_transport: bool,
    #[cfg(all(any(feature = "reqwest", feature = "blocking"), not(target_arch = "wasm32")))]
    pub(crate) connect: Option<crate::runtime::http::transport::connect::Connect>,
    /// What is wrong with a setting.
    fault: Option<&'static str>,
}

/// The headers that the client, or the transport beneath, sets itself.
const OWN_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "proxy-authorization",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

impl Inner {
    fn new(settings: &'static Settings, mut server: Server) -> Self {
        if server.name.is_empty() {
            // A URL of the caller's own, where the document may name a path and leave the host to the caller.
            server.base_url = with_path(server.base_url, settings.base_paths);
        }
        Self {
            settings,
            base: Err(""),
            server,
            credentials: Credentials::none(),
            own_servers: None,
            user_agent: settings.user_agent.to_owned(),
            headers: Vec::new(),
            rules: settings.retry,
            on_retry: None,
            timeout: settings.timeout,
            deadline: None,
            max_body: settings.max_body,
            strict: false,
            max_findings: Mode::of(settings).limit,
            clock: Arc::new(SystemClock),
            transport: default_transport(),
            #[cfg(feature = "blocking")]
            blocking: crate::runtime::http::transport::blocking::default_transport(),
            own_transport: false,
            #[cfg(all(any(feature = "reqwest", feature = "blocking"), not(target_arch = "wasm32")))]
            connect: None,
            fault: None,
        }
    }

    /// Parses and checks what the caller chose.
    fn finish(mut self) -> HttpClient {
        self.base = Base::of(&self.server);
        let headers = std::mem::take(&mut self.headers);
        for (name, value) in &headers {
            if is_header(name, value) {
                set_named(&mut self.headers, Cow::Owned(name.to_ascii_lowercase()), value.clone());
            } else {
                self.base = Err("a header of the client has a character no header may have");
            }
        }
        if !is_header("user-agent", &self.user_agent) {
            self.base = Err("the user agent has a character no header may have");
        }
        #[cfg(all(any(feature = "reqwest", feature = "blocking"), not(target_arch = "wasm32")))]
        if let Err(note) = self.connect() {
            self.base = Err(note);
        }
        if let Some(note) = self.fault {
            self.base = Err(note);
        }
        HttpClient { inner: Arc::new(self) }
    }

    /// Hands a retry over to whoever wants to know.
    pub(crate) fn say_retry(&self, event: Option<&RetryEvent>) {
        if let (Some(observer), Some(event)) = (&self.on_retry, event) {
            observer.retrying(event);
        }
    }

    /// How long ago this was.
    pub(crate) fn since(&self, start: Duration) -> Duration {
        self.clock.now().saturating_sub(start)
    }
}

impl HttpClient {
    /// The server it calls.
    pub fn server(&self) -> &Server {
        &self.inner.server
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}

impl fmt::Debug for HttpClient {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.inner.server)
            .field("credentials", &self.inner.credentials)
            .field("timeout", &self.inner.timeout)
            .field("retries", &self.inner.rules.retries)
            .finish_non_exhaustive()
    }
}

/// Puts a client together; `C` is the client of the API that it becomes.
#[must_use]
pub struct ClientBuilder<C = HttpClient> {
    /// The client's, but for the base URL, which is not parsed yet, and the headers, which are as the caller wrote them.
    pub(crate) inner: Inner,
    of: PhantomData<fn() -> C>,
}

impl<C: From<HttpClient>> ClientBuilder<C> {
    /// A client of this server, for an API with these settings.
    pub fn new(settings: &'static Settings, server: impl Into<Server>) -> Self {
        Self { inner: Inner::new(settings, server.into()), of: PhantomData }
    }

    /// A client of the server and with the credentials that these variables name.
    ///
    /// # Errors
    /// When a variable is missing or names no known server.
    pub fn from_variables(
        settings: &'static Settings,
        names: &EnvironmentNames,
        get: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let (server, credentials) = named(names, get)?;
        Ok(Self::new(settings, server).credentials(credentials))
    }

    /// What the client proves its identity with.
    #[inline]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.inner.credentials = credentials;
        self
    }

    /// Whether calls of operations that the document has at servers of their own go there (`true`), or to this client's server like all
    /// others (`false`). By default they go there from a server of the document's, and from any where the document names no host for the
    /// others; from another address, and from a server without credentials, they do not. [`Servers`](crate::runtime::Servers) has the rest.
    #[inline]
    pub fn own_servers(mut self, follow: bool) -> Self {
        self.inner.own_servers = Some(follow);
        self
    }

    /// Another `User-Agent`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.inner.user_agent = user_agent.into();
        self
    }

    /// A header of every request that the client itself does not set; `Debug` never shows its value.
    ///
    /// `authorization`, `user-agent`, `host`, `content-length` and others are an error of [`build`](Self::build): [`credentials`](Self::credentials),
    /// [`user_agent`](Self::user_agent) and the request say what they are. [`header`](Self::header) sets one of them all the same.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        if lists(OWN_HEADERS, &name.to_ascii_lowercase()) {
            self.inner.fault = Some(
                "`default_header`: accept, accept-encoding, authorization, connection, content-length, content-type, cookie, host, \
                 proxy-authorization, te, transfer-encoding, upgrade and user-agent are headers that the client sets itself",
            );
            return self;
        }
        self.header(name, value)
    }

    /// A header of every request, also in place of one that the client sets itself.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.inner.headers.push((Cow::Owned(name.into()), value.into()));
        self
    }

    /// When attempts are repeated.
    #[inline]
    pub fn retry_rules(mut self, rules: RetryRules) -> Self {
        self.inner.rules = rules;
        self
    }

    /// Calls this before the pause of each retry: for a log, a metric, a test. It holds the call up while it runs.
    ///
    /// ```
    /// use runtime::{ClientBuilder, Error, HttpClient, Settings};
    ///
    /// fn logged() -> Result<HttpClient, Error> {
    ///     let builder = ClientBuilder::<HttpClient>::new(&Settings::DEFAULT, "https://api.example.com");
    ///     builder.on_retry(|retry| eprintln!("{retry}")).build()
    /// }
    /// ```
    pub fn on_retry(mut self, observer: impl Fn(&RetryEvent) + Shared + 'static) -> Self {
        self.inner.on_retry = Some(Arc::new(observer));
        self
    }

    /// How long one attempt may take.
    #[inline]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.inner.timeout = timeout;
        self
    }

    /// How long a whole call may take, retries and pauses included. By default there is room for all of them.
    #[inline]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.inner.deadline = Some(deadline);
        self
    }

    /// How many bytes of a response body are read before the call fails.
    #[inline]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.inner.max_body = bytes;
        self
    }

    /// Makes every departure of a response from the document an error.
    #[inline]
    pub fn strict(mut self, strict: bool) -> Self {
        self.inner.strict = strict;
        self
    }

    /// How many deviations and other findings of each sort a response lists, and how many invalid records of a list are kept one by
    /// one; more are only counted. 1,000 by default.
    #[inline]
    pub fn max_findings(mut self, findings: usize) -> Self {
        self.inner.max_findings = findings;
        self
    }

    /// Another clock, for tests.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.inner.clock = Arc::new(clock);
        self
    }

    /// Another transport.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.inner.own_transport = true;
        self.inner.transport = Arc::new(transport);
        self
    }

    /// The caller's own `reqwest::Client`, with its proxies, certificates and pool. Build it with `redirect::Policy::none()`: reqwest
    /// follows redirects on its own otherwise, and takes away only the headers it knows.
    #[cfg(feature = "reqwest")]
    #[inline]
    pub fn reqwest(self, client: reqwest::Client) -> Self {
        self.transport(crate::runtime::http::transport::reqwest::Reqwest::new(client))
    }

    /// Another transport for calls that hold the thread.
    #[cfg(feature = "blocking")]
    pub fn blocking_transport(
        mut self,
        transport: impl crate::runtime::http::transport::BlockingTransport + 'static,
    ) -> Self {
        self.inner.own_transport = true;
        self.inner.blocking = Arc::new(transport);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When the base URL, the user agent, a header or a setting of the connection is unusable.
    pub fn build(self) -> Result<C, Error> {
        let client = self.inner.finish();
        match &client.inner.base {
            Ok(_) => Ok(client.into()),
            Err(note) => Err(Error::build(note)),
        }
    }

    /// The client, whatever is unusable: every call says so then.
    pub fn build_unchecked(self) -> C {
        self.inner.finish().into()
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("server", &self.inner.server).finish_non_exhaustive()
    }
}

/// The server and the credentials that variables name. Compiled where it is called, which few programs do.
#[inline]
fn named(names: &EnvironmentNames, get: &dyn Fn(&str) -> Option<String>) -> Result<(Server, Credentials), Error> {
    let get = |name: &str| if name.is_empty() { None } else { get(name).filter(|text| !text.is_empty()) };
    let missing = |name: &str| Error::build_of("an environment variable is missing:", name);
    let secret = get(names.secret).ok_or_else(|| missing(names.secret))?;
    let credentials = match (names.id, names.key) {
        ("", Some((place, name))) => Credentials::api_key(place, name, secret),
        ("", None) => Credentials::bearer(secret),
        (name, _) => Credentials::basic(get(name).ok_or_else(|| missing(name))?, secret),
    };
    let server = match (get(names.base_url), get(names.server)) {
        (Some(url), _) => Server::from(url),
        // A URL will do where a name is asked for.
        (None, Some(wanted)) if split(&wanted, "://").is_some() => Server::from(wanted),
        (None, Some(wanted)) => {
            let found = names.servers.iter().find(|server| server.name.eq_ignore_ascii_case(wanted.trim_ascii()));
            let unknown = || Error::build_of("an environment variable names no server:", names.server);
            found.cloned().ok_or_else(unknown)?
        }
        (None, None) => names.servers.first().cloned().ok_or_else(|| missing(names.base_url))?,
    };
    Ok((server, credentials))
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Arc<dyn Transport> {
    Arc::new(crate::runtime::http::transport::reqwest::Reqwest::default())
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Arc<dyn Transport> {
    struct None;
    impl Transport for None {
        fn send(
            &self,
            _: http::Request<bytes::Bytes>,
            _: crate::runtime::http::transport::Limits,
        ) -> crate::runtime::http::transport::BoxFuture<
            '_,
            Result<http::Response<bytes::Bytes>, crate::runtime::http::transport::Failure>,
        > {
            let kind = crate::runtime::http::transport::FailureKind::Unsupported;
            let failure = crate::runtime::http::transport::Failure::new(
                kind,
                "no transport: enable the feature `reqwest` or set one",
            );
            Box::pin(std::future::ready(Err(failure)))
        }
    }
    Arc::new(None)
}

/// Carries a call out: does what the machine says until it is over.
pub(crate) async fn drive(mut draft: Draft) -> Result<Received, Error> {
    let start = draft.client.inner().clock.now();
    ask(&mut draft).await?;
    let mut call = draft.call()?;
    let inner = draft.client.inner();
    loop {
        match call.next(inner.since(start)) {
            Step::Send(request, limits) => {
                let sending = inner.transport.send(request, limits);
                #[cfg(feature = "tracing")]
                let sending = tracing::Instrument::instrument(sending, call.attempt_span());
                let outcome = sending.await;
                call.on_outcome(outcome, inner.since(start));
            }
            Step::Sleep(pause) => {
                inner.say_retry(call.retry());
                inner.clock.sleep(pause).await;
            }
            Step::Done(outcome) => return outcome,
        }
    }
}
