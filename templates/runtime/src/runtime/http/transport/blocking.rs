//! The blocking driver of the call machine and its default transport, over ureq: no async runtime anywhere in the caller's graph.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;

use crate::runtime::call::machine::Step;
use crate::runtime::error::Error;
use crate::runtime::http::request::Draft;
use crate::runtime::http::response::Received;
use crate::runtime::http::token::ask_blocking;
use crate::runtime::http::transport::connect::{self, Connect};
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use crate::runtime::http::transport::is_certificate;
use crate::runtime::http::transport::{BlockingTransport, BoxError, Failure, FailureKind, Limits};

/// Carries a call out: does what the machine says until it is over.
pub(crate) fn run(mut draft: Draft) -> Result<Received, Error> {
    let start = draft.client.inner().clock.now();
    ask_blocking(&mut draft)?;
    let mut call = draft.call()?;
    let inner = draft.client.inner();
    loop {
        match call.next(inner.since(start)) {
            Step::Send(request, limits) => {
                #[cfg(feature = "tracing")]
                let _entered = call.attempt_span().entered();
                let outcome = inner.blocking.send_blocking(request, limits);
                call.on_outcome(outcome, inner.since(start));
            }
            Step::Sleep(pause) => {
                inner.say_retry(call.retry());
                inner.clock.sleep_blocking(pause);
            }
            Step::Done(outcome) => return outcome,
        }
    }
}

pub(crate) fn default_transport() -> Arc<dyn BlockingTransport> {
    Arc::new(Ureq::default())
}

/// A transport over a `ureq::Agent`.
///
/// What it says of a request that got no response:
///
/// | what happened | [`FailureKind`] |
/// |---|---|
/// | the name was not found, or no server of names answered | `UnknownHost` |
/// | the connection was refused | `Refused` |
/// | no connection within the time for it, 30 seconds by default | `ConnectTimedOut` |
/// | a certificate that does not hold; with `native-tls` by the word in the system's message | `Certificate` |
/// | a proxy cannot be reached, or refuses | `Proxy` |
/// | another failure before the request was written: no network, no common version of TLS | `NotSent` |
/// | the connection failed later | `MaybeSent` |
/// | no response within the timeout | `TimedOut` |
#[derive(Default)]
pub struct Ureq {
    agent: OnceLock<Result<ureq::Agent, &'static str>>,
}

impl Ureq {
    /// Over the caller's own agent, with its proxies and certificates. Let it follow no redirects (`max_redirects(0)`) and take no status
    /// as an error (`http_status_as_error(false)`): the call machine decides about both.
    pub fn new(agent: ureq::Agent) -> Self {
        Self { agent: OnceLock::from(Ok(agent)) }
    }

    /// Connecting so.
    pub(crate) fn connecting(connect: &Connect) -> Result<Self, &'static str> {
        Ok(Self::new(build(connect)?))
    }
}

impl fmt::Debug for Ureq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ureq")
    }
}

impl BlockingTransport for Ureq {
    fn send_blocking(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure> {
        let _quiet = Quiet::new();
        let agent = match self.agent.get_or_init(|| build(&Connect::default())) {
            Ok(agent) => agent,
            Err(note) => return Err(Failure::new(FailureKind::Unsupported, *note)),
        };
        let (head, body) = request.into_parts();
        let proxied = agent.config().proxy().is_some_and(|proxy| !proxy.is_no_proxy(&head.uri));
        // An empty body is none: a GET with `content-length: 0` would be a GET with a body to some servers.
        let response = if body.is_empty() && !matches!(head.method.as_str(), "POST" | "PUT" | "PATCH") {
            agent.run(configured(agent, http::Request::from_parts(head, ()), limits))
        } else {
            agent.run(configured(agent, http::Request::from_parts(head, body.as_ref()), limits))
        };
        let (head, mut body) = response.map_err(|error| failure(error, proxied))?.into_parts();
        let limit = u64::try_from(limits.max_body).unwrap_or(u64::MAX);
        // One byte more than allowed tells a body at the limit from one beyond it.
        match body.with_config().limit(limit.saturating_add(1)).read_to_vec() {
            Ok(bytes) if bytes.len() > limits.max_body => Err(Failure::too_large()),
            Ok(bytes) => Ok(http::Response::from_parts(head, bytes.into())),
            Err(ureq::Error::BodyExceedsLimit(_)) => Err(Failure::too_large()),
            Err(ureq::Error::Timeout(_)) => Err(FailureKind::TimedOut.into()),
            Err(error) => Err(Failure::maybe_sent(BoxError::from(error))),
        }
    }
}

/// Holds the whole program's `log` at DEBUG while it lives: at TRACE, ureq writes every byte it sends and receives, credentials and bodies
/// included, and there is no way to ask it not to. What others would have said at TRACE in the meantime is lost; no secret is.
struct Quiet;

/// How many calls are under way, and the level to go back to.
static CALLS: Mutex<(usize, Option<log::LevelFilter>)> = Mutex::new((0, None));

impl Quiet {
    fn new() -> Self {
        let mut calls = Self::calls();
        calls.0 += 1;
        // Asked for every call: somebody may have raised the level while others were under way.
        let level = log::max_level();
        if level > log::LevelFilter::Debug {
            calls.1 = Some(level);
            log::set_max_level(log::LevelFilter::Debug);
        }
        Self
    }

    fn calls() -> MutexGuard<'static, (usize, Option<log::LevelFilter>)> {
        CALLS.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let mut calls = Self::calls();
        calls.0 = calls.0.saturating_sub(1);
        if calls.0 == 0
            && let Some(level) = calls.1.take()
            // Whoever has chosen another level since then has the last word.
            && log::max_level() == log::LevelFilter::Debug
        {
            log::set_max_level(level);
        }
    }
}

fn configured<S: ureq::AsSendBody>(agent: &ureq::Agent, request: http::Request<S>, limits: Limits) -> http::Request<S> {
    agent.configure_request(request).timeout_global(Some(limits.timeout)).allow_non_standard_methods(true).build()
}

fn build(connect: &Connect) -> Result<ureq::Agent, &'static str> {
    let mut builder = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_resolve(Some(connect.timeout()))
        .timeout_connect(Some(connect.timeout()));
    if let Some(url) = &connect.proxy {
        builder = builder.proxy(Some(ureq::Proxy::new(url).map_err(|_| connect::PROXY)?));
    }
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let builder = builder.tls_config(tls(connect)?);
    Ok(builder.build().into())
}

/// The machine's certificates, as the other transport has them, or those that were asked for; ureq's own choice is a list that is compiled in,
/// and rustls alone.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn tls(connect: &Connect) -> Result<ureq::tls::TlsConfig, &'static str> {
    use ureq::tls::{ClientCert, PrivateKey, RootCerts, TlsConfig, TlsProvider};
    let provider = if cfg!(feature = "rustls") { TlsProvider::Rustls } else { TlsProvider::NativeTls };
    let mut roots = Vec::new();
    for pem in &connect.roots {
        roots.extend(certificates(pem, connect::ROOT)?);
    }
    let mut identity = None;
    if let Some((chain, key)) = &connect.identity {
        let chain = certificates(chain, connect::IDENTITY)?;
        #[cfg(feature = "rustls")]
        fits(&chain, key).ok_or(connect::IDENTITY)?;
        identity = Some(ClientCert::new_with_certs(&chain, PrivateKey::from_pem(key).map_err(|_| connect::IDENTITY)?));
    }
    let roots = if roots.is_empty() { RootCerts::PlatformVerifier } else { RootCerts::from(roots) };
    Ok(TlsConfig::builder().provider(provider).root_certs(roots).client_cert(identity).build())
}

/// The certificates of a text in PEM, of which there must be one.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn certificates(pem: &[u8], note: &'static str) -> Result<Vec<ureq::tls::Certificate<'static>>, &'static str> {
    let mut out = Vec::new();
    for item in ureq::tls::parse_pem(pem) {
        if let ureq::tls::PemItem::Certificate(certificate) = item.map_err(|_| note)? {
            out.push(certificate);
        }
    }
    if out.is_empty() { Err(note) } else { Ok(out) }
}

/// Whether rustls takes certificates and key as an identity: ureq panics where it does not.
#[cfg(feature = "rustls")]
fn fits(chain: &[ureq::tls::Certificate<'_>], key: &[u8]) -> Option<()> {
    use rustls::crypto::{CryptoProvider, ring};
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
    let mut certificates = Vec::new();
    for certificate in chain {
        certificates.push(CertificateDer::from(certificate.der().to_vec()));
    }
    // The provider that ureq takes; its feature `rustls` brings ring along.
    let provider = match CryptoProvider::get_default() {
        Some(provider) => Arc::clone(provider),
        None => Arc::new(ring::default_provider()),
    };
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    let config = config.with_root_certificates(rustls::RootCertStore::empty());
    config.with_client_auth_cert(certificates, PrivateKeyDer::from_pem_slice(key).ok()?).ok()?;
    Some(())
}

/// What is known of a request that failed.
fn failure(error: ureq::Error, proxied: bool) -> Failure {
    use ureq::{Error as E, Timeout};
    let kind = match &error {
        E::HostNotFound => FailureKind::UnknownHost,
        E::ConnectionFailed | E::Tls(_) => FailureKind::NotSent,
        E::ConnectProxyFailed(_) => FailureKind::Proxy,
        E::Timeout(Timeout::Resolve | Timeout::Connect) => FailureKind::ConnectTimedOut,
        E::Timeout(_) => FailureKind::TimedOut,
        E::BadUri(_) | E::RequireHttpsOnly(_) | E::InvalidProxyUrl | E::TlsRequired => FailureKind::Unsupported,
        // What an identity is made of cannot be read, and never will be.
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        E::Pem(_) => FailureKind::Unsupported,
        #[cfg(feature = "native-tls")]
        E::Der(_) => FailureKind::Unsupported,
        // Both come from the handshake alone.
        #[cfg(feature = "rustls")]
        E::Rustls(e) => handshake(e),
        #[cfg(feature = "native-tls")]
        E::NativeTls(e) => handshake(e),
        E::Io(e) => before_the_connection(e).unwrap_or(FailureKind::MaybeSent),
        _ => FailureKind::MaybeSent,
    };
    // Who connects to a proxy connects to nobody else.
    let kind = match kind {
        FailureKind::UnknownHost | FailureKind::Refused if proxied => FailureKind::Proxy,
        kind => kind,
    };
    Failure::new(kind, BoxError::from(error))
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn handshake(error: &(dyn std::error::Error + 'static)) -> FailureKind {
    if is_certificate(error) { FailureKind::Certificate } else { FailureKind::NotSent }
}

/// What only the attempt to connect can end in.
fn before_the_connection(error: &std::io::Error) -> Option<FailureKind> {
    use std::io::ErrorKind as K;
    // Nothing leaves before the server has shown a certificate that holds.
    #[cfg(feature = "rustls")]
    match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(rustls::Error::InvalidCertificate(_)) => return Some(FailureKind::Certificate),
        Some(rustls::Error::PeerIncompatible(_)) => return Some(FailureKind::NotSent),
        _ => {}
    }
    match error.kind() {
        K::ConnectionRefused => Some(FailureKind::Refused),
        K::NetworkUnreachable | K::HostUnreachable | K::AddrNotAvailable => Some(FailureKind::NotSent),
        _ if is_lookup(error) => Some(FailureKind::UnknownHost),
        _ => None,
    }
}

/// Whether an error is the system's, that a name has no address. It has no kind: Windows has codes for it, and the standard library a sentence
/// everywhere else.
fn is_lookup(error: &std::io::Error) -> bool {
    // WSAHOST_NOT_FOUND, WSATRY_AGAIN, WSANO_RECOVERY, WSANO_DATA.
    if cfg!(windows) && matches!(error.raw_os_error(), Some(11001..=11004)) {
        return true;
    }
    error.to_string().starts_with("failed to lookup address information")
}
