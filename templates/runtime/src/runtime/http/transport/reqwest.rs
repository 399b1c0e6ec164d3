//! The default transport, over reqwest. Built at the first request, so that a client costs nothing until it is used.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;

#[cfg(not(target_arch = "wasm32"))]
use crate::runtime::http::transport::connect::{self, Connect};
#[cfg(not(target_arch = "wasm32"))]
use crate::runtime::http::transport::is_certificate;
use crate::runtime::http::transport::{BoxFuture, Failure, FailureKind, Limits, Transport};

/// A transport over a `reqwest::Client`.
///
/// What it says of a request that got no response:
///
/// | what happened | [`FailureKind`] |
/// |---|---|
/// | the name was not found, or no server of names answered | `UnknownHost` |
/// | the connection was refused | `Refused` |
/// | no connection within the time for it, 30 seconds by default | `ConnectTimedOut` |
/// | a certificate that does not hold; with `native-tls` by the word in the system's message | `Certificate` |
/// | a proxy cannot be reached, or refuses; for `http` URLs only one that `ClientBuilder::proxy` names, else as if it were the server | `Proxy` |
/// | another failure before the request was written: no network, no common version of TLS | `NotSent` |
/// | the connection failed later | `MaybeSent` |
/// | no response within the timeout | `TimedOut` |
/// | any failure in a browser, which does not say why | `MaybeSent` |
#[derive(Default)]
pub struct Reqwest {
    client: OnceLock<Result<reqwest::Client, String>>,
    #[cfg(not(target_arch = "wasm32"))]
    connect: Connect,
}

impl Reqwest {
    /// Over the caller's own client.
    #[inline]
    pub fn new(client: reqwest::Client) -> Self {
        Self { client: OnceLock::from(Ok(client)), ..Self::default() }
    }

    /// Connecting so. The values are looked at now; the client is built at the first request, unless it has an identity: whether a key
    /// belongs to a certificate is found out only so.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn connecting(connect: Connect) -> Result<Self, &'static str> {
        drop(configured(&connect)?);
        let transport = Self { client: OnceLock::new(), connect };
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        if transport.connect.identity.is_some() && transport.client().is_err() {
            return Err(connect::IDENTITY);
        }
        Ok(transport)
    }

    fn client(&self) -> &Result<reqwest::Client, String> {
        #[cfg(target_arch = "wasm32")]
        let build = || reqwest::Client::builder().build().map_err(|e| e.to_string());
        #[cfg(not(target_arch = "wasm32"))]
        let build = || build(&self.connect);
        self.client.get_or_init(build)
    }
}

impl fmt::Debug for Reqwest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reqwest")
    }
}

impl Reqwest {
    /// Begins a request.
    fn begin(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<impl Future<Output = reqwest::Result<reqwest::Response>>, Failure> {
        let client = match self.client() {
            Ok(client) => client,
            Err(text) => return Err(Failure::new(FailureKind::Unsupported, text.clone())),
        };
        let (head, body) = request.into_parts();
        let request = client.request(head.method, head.uri.to_string());
        Ok(request.headers(head.headers).body(body).timeout(limits.timeout).send())
    }
}

impl Reqwest {
    /// What is known of a request that failed. The URL is taken out: its query may hold what must not be logged.
    fn failure(&self, error: reqwest::Error) -> Failure {
        let kind = match unsent(&error) {
            // Who connects to a proxy connects to nobody else.
            #[cfg(not(target_arch = "wasm32"))]
            Some(FailureKind::UnknownHost | FailureKind::Refused) if self.connect.proxy.is_some() => FailureKind::Proxy,
            Some(kind) => kind,
            None if error.is_builder() => FailureKind::Unsupported,
            None if error.is_timeout() => FailureKind::TimedOut,
            None => FailureKind::MaybeSent,
        };
        Failure::new(kind, error.without_url())
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(async move {
            let mut response = match self.begin(request, limits)?.await {
                Ok(response) => response,
                Err(error) => return Err(self.failure(error)),
            };
            fits(0, response.content_length(), limits)?;
            #[cfg(not(target_arch = "wasm32"))]
            {
                let mut body = Vec::new();
                loop {
                    match response.chunk().await {
                        Ok(Some(chunk)) => {
                            fits(body.len(), Some(chunk.len() as u64), limits)?;
                            body.extend_from_slice(&chunk);
                        }
                        Ok(None) => return Ok(answer(&mut response, body.into())),
                        Err(error) => return Err(broken(error)),
                    }
                }
            }
            #[cfg(target_arch = "wasm32")]
            {
                let mut answer = answer(&mut response, Bytes::new());
                match response.bytes().await {
                    Ok(body) => {
                        fits(0, Some(body.len() as u64), limits)?;
                        *answer.body_mut() = body;
                        Ok(answer)
                    }
                    Err(error) => Err(self.failure(error)),
                }
            }
        })
    }
}

/// Whether a body may grow from so many bytes by so many more.
fn fits(bytes: usize, more: Option<u64>, limits: Limits) -> Result<(), Failure> {
    match more {
        Some(more) if more.saturating_add(bytes as u64) > limits.max_body as u64 => Err(Failure::too_large()),
        _ => Ok(()),
    }
}

fn answer(response: &mut reqwest::Response, body: Bytes) -> http::Response<Bytes> {
    let mut answer = http::Response::new(body);
    *answer.status_mut() = response.status();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    answer
}

/// What is known of a response that broke off behind its head.
#[cfg(not(target_arch = "wasm32"))]
fn broken(error: reqwest::Error) -> Failure {
    let kind = if error.is_timeout() { FailureKind::TimedOut } else { FailureKind::MaybeSent };
    Failure::new(kind, error.without_url())
}

/// Why there was no connection, where there was none. A browser does not say.
#[cfg(target_arch = "wasm32")]
fn unsent(_: &reqwest::Error) -> Option<FailureKind> {
    None
}

/// Why there was no connection, where there was none.
#[cfg(not(target_arch = "wasm32"))]
fn unsent(error: &reqwest::Error) -> Option<FailureKind> {
    use std::io::{Error, ErrorKind};
    if !error.is_connect() {
        return None;
    }
    if is_certificate(error) {
        return Some(FailureKind::Certificate);
    }
    let mut kind = match (error.is_dns(), error.is_timeout()) {
        (true, _) => FailureKind::UnknownHost,
        (false, true) => FailureKind::ConnectTimedOut,
        (false, false) => FailureKind::NotSent,
    };
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.downcast_ref().map(Error::kind) == Some(ErrorKind::ConnectionRefused) {
            kind = FailureKind::Refused;
        }
        // hyper-util's error of a proxy that is asked for a tunnel, of a type that it keeps to itself.
        if cause.to_string().starts_with("tunnel error") {
            return Some(FailureKind::Proxy);
        }
        source = cause.source();
    }
    Some(kind)
}

#[cfg(not(target_arch = "wasm32"))]
fn build(connect: &Connect) -> Result<reqwest::Client, String> {
    configured(connect)?.build().map_err(|error| match std::error::Error::source(&error) {
        // reqwest's own words are "builder error"; why is said below.
        Some(reason) => reason.to_string(),
        None => error.to_string(),
    })
}

#[cfg(not(target_arch = "wasm32"))]
fn configured(connect: &Connect) -> Result<reqwest::ClientBuilder, &'static str> {
    // The call machine decides about redirects and retries; two deciders would be one too many.
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(connect.timeout());
    if let Some(url) = &connect.proxy {
        builder = builder.proxy(reqwest::Proxy::all(url.as_str()).map_err(|_| connect::PROXY)?);
    }
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    {
        let mut roots = Vec::new();
        for pem in &connect.roots {
            let found = reqwest::Certificate::from_pem_bundle(pem).map_err(|_| connect::ROOT)?;
            if found.is_empty() {
                return Err(connect::ROOT);
            }
            roots.extend(found);
        }
        if !roots.is_empty() {
            builder = builder.tls_certs_only(roots);
        }
        if let Some((certificates, key)) = &connect.identity {
            #[cfg(feature = "rustls")]
            let identity = reqwest::Identity::from_pem(&[key.as_slice(), b"\n", certificates].concat());
            #[cfg(not(feature = "rustls"))]
            let identity = reqwest::Identity::from_pkcs8_pem(certificates, key);
            builder = builder.identity(identity.map_err(|_| connect::IDENTITY)?);
        }
    }
    // Said aloud: reqwest's own choice changes with the features that others in the program turn on.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_rustls();
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    let builder = builder.tls_backend_native();
    Ok(builder)
}
