//! The client: server, credentials, transport and rules, shared by all its clones; and the async driver of the call machine.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::auth::Credentials;
use super::body::{Named, set_named};
use super::call::Step;
use super::decode::Mode;
use super::error::Error;
use super::request::Draft;
use super::response::{Received, is_header};
use super::retry::RetryRules;
use super::server::{Base, Server};
use super::settings::{EnvironmentNames, SETTINGS};
use super::text::split;
use super::transport::{Clock, SystemClock, Transport};

/// A client of the API. Cloning it is cheap; all clones share connections, credentials and rules.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) server: Server,
    /// The parsed base URL, or why it cannot be one; every call says so then.
    pub(crate) base: Result<Base, &'static str>,
    pub(crate) credentials: Credentials,
    pub(crate) user_agent: String,
    /// What may be headers, under their names in lower case.
    pub(crate) headers: Named,
    pub(crate) rules: RetryRules,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) max_body: usize,
    pub(crate) strict: bool,
    pub(crate) max_findings: usize,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Transport>,
    #[cfg(feature = "blocking")]
    pub(crate) blocking: Arc<dyn super::transport::BlockingTransport>,
}

impl Inner {
    /// How long ago this was.
    pub(crate) fn since(&self, start: Duration) -> Duration {
        self.clock.now().saturating_sub(start)
    }
}

impl Client {
    /// A client of this server with these credentials and the API's usual rules. A base URL that is none is reported by every call.
    pub fn new(server: impl Into<Server>, credentials: Credentials) -> Self {
        Self::builder(server).credentials(credentials).finish()
    }

    /// A client to be configured.
    pub fn builder(server: impl Into<Server>) -> ClientBuilder {
        let inner = Inner {
            base: Err(""),
            server: server.into(),
            credentials: Credentials::none(),
            user_agent: SETTINGS.user_agent.to_owned(),
            headers: Vec::new(),
            rules: SETTINGS.retry,
            timeout: SETTINGS.timeout,
            deadline: None,
            max_body: SETTINGS.max_body,
            strict: false,
            max_findings: Mode::default().limit,
            clock: Arc::new(SystemClock),
            transport: default_transport(),
            #[cfg(feature = "blocking")]
            blocking: super::blocking::default_transport(),
        };
        ClientBuilder { inner }
    }

    /// A client of the server and with the credentials the environment names.
    ///
    /// # Errors
    /// When a variable is missing or names no known server.
    #[inline]
    pub fn from_env() -> Result<Self, Error> {
        Self::builder_from_env()?.build()
    }

    /// The same, to be configured further: with a transport, a timeout, other rules.
    ///
    /// # Errors
    /// When a variable is missing or names no known server.
    #[inline]
    pub fn builder_from_env() -> Result<ClientBuilder, Error> {
        Self::named(&SETTINGS.environment, &|name| std::env::var(name).ok())
    }

    /// The same with variables from elsewhere.
    ///
    /// # Errors
    /// When a variable is missing or names no known server.
    pub fn from_variables(names: &EnvironmentNames, get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        Self::named(names, &get)?.build()
    }

    #[inline]
    fn named(names: &EnvironmentNames, get: &dyn Fn(&str) -> Option<String>) -> Result<ClientBuilder, Error> {
        let get = |name: &str| if name.is_empty() { None } else { get(name).filter(|text| !text.is_empty()) };
        let missing = |name: &str| Error::build_of("an environment variable is missing:", name);
        let secret = get(names.secret).ok_or_else(|| missing(names.secret))?;
        let credentials = match names.id {
            "" => Credentials::bearer(secret),
            name => Credentials::basic(get(name).ok_or_else(|| missing(name))?, secret),
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
        Ok(Self::builder(server).credentials(credentials))
    }

    /// The server it calls.
    pub fn server(&self) -> &Server {
        &self.inner.server
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}

impl fmt::Debug for Client {
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

/// Puts a client together.
#[must_use]
pub struct ClientBuilder {
    /// The client's, but for the base URL, which is not parsed yet, and the headers, which are as the caller wrote them.
    inner: Inner,
}

impl ClientBuilder {
    /// What the client proves its identity with.
    #[inline]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.inner.credentials = credentials;
        self
    }

    /// Another `User-Agent`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.inner.user_agent = user_agent.into();
        self
    }

    /// A header of every request.
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
        self.inner.transport = Arc::new(transport);
        self
    }

    /// The caller's own `reqwest::Client`, with its proxies, certificates and pool. Build it with `redirect::Policy::none()`: reqwest
    /// follows redirects on its own otherwise, and takes away only the headers it knows.
    #[cfg(feature = "reqwest")]
    #[inline]
    pub fn reqwest(self, client: reqwest::Client) -> Self {
        self.transport(super::reqwest_transport::Reqwest::new(client))
    }

    /// Another transport for calls that hold the thread.
    #[cfg(feature = "blocking")]
    pub fn blocking_transport(mut self, transport: impl super::transport::BlockingTransport + 'static) -> Self {
        self.inner.blocking = Arc::new(transport);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When the base URL, the user agent or a header is unusable.
    pub fn build(self) -> Result<Client, Error> {
        let client = self.finish();
        match &client.inner.base {
            Ok(_) => Ok(client),
            Err(note) => Err(Error::build(note)),
        }
    }

    fn finish(self) -> Client {
        let mut inner = self.inner;
        inner.base = Base::parse(&inner.server.base_url);
        let headers = std::mem::take(&mut inner.headers);
        for (name, value) in &headers {
            if is_header(name, value) {
                set_named(&mut inner.headers, Cow::Owned(name.to_ascii_lowercase()), value.clone());
            } else {
                inner.base = Err("a header of the client has a character no header may have");
            }
        }
        if !is_header("user-agent", &inner.user_agent) {
            inner.base = Err("the user agent has a character no header may have");
        }
        Client { inner: Arc::new(inner) }
    }
}

impl fmt::Debug for ClientBuilder {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("server", &self.inner.server).finish_non_exhaustive()
    }
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Arc<dyn Transport> {
    Arc::new(super::reqwest_transport::Reqwest::default())
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Arc<dyn Transport> {
    struct None;
    impl Transport for None {
        fn send(
            &self,
            _: http::Request<bytes::Bytes>,
            _: super::transport::Limits,
        ) -> super::transport::BoxFuture<'_, Result<http::Response<bytes::Bytes>, super::transport::Failure>> {
            let kind = super::transport::FailureKind::Unsupported;
            let failure = super::transport::Failure::new(kind, "no transport: enable the feature `reqwest` or set one");
            Box::pin(std::future::ready(Err(failure)))
        }
    }
    Arc::new(None)
}

/// Carries a call out: does what the machine says until it is over.
pub(crate) async fn drive(draft: Draft) -> Result<Received, Error> {
    let mut call = draft.call()?;
    let inner = draft.client.inner();
    let start = inner.clock.now();
    loop {
        match call.next(inner.since(start)) {
            Step::Send(request, limits) => {
                let sending = inner.transport.send(request, limits);
                #[cfg(feature = "tracing")]
                let sending = tracing::Instrument::instrument(sending, call.attempt_span());
                let outcome = sending.await;
                call.on_outcome(outcome, inner.since(start));
            }
            Step::Sleep(pause) => inner.clock.sleep(pause).await,
            Step::Done(outcome) => return outcome,
        }
    }
}
