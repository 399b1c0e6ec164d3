//! The default transport, over reqwest. Built at the first request, so that a client costs nothing until it is used.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;

use super::transport::{BoxFuture, Failure, FailureKind, Limits, Transport};

/// A transport over a `reqwest::Client`.
#[derive(Default)]
pub struct Reqwest {
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl Reqwest {
    /// Over the caller's own client.
    #[inline]
    pub fn new(client: reqwest::Client) -> Self {
        Self { client: OnceLock::from(Ok(client)) }
    }
}

impl fmt::Debug for Reqwest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reqwest")
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(async move {
            let client = match self.client.get_or_init(build) {
                Ok(client) => client,
                Err(text) => return Err(Failure::new(FailureKind::Unsupported, text.clone())),
            };
            let (head, body) = request.into_parts();
            let request = client.request(head.method, head.uri.to_string()).headers(head.headers).body(body);
            receive(request.timeout(limits.timeout).send().await.map_err(failure)?, limits.max_body).await
        })
    }
}

/// Reads a response within its limit.
async fn receive(mut response: reqwest::Response, limit: usize) -> Result<http::Response<Bytes>, Failure> {
    let announced = response.content_length().and_then(|n| usize::try_from(n).ok());
    if announced.is_some_and(|n| n > limit) {
        return Err(Failure::too_large());
    }
    let mut out = http::Response::new(Bytes::new());
    *out.status_mut() = response.status();
    *out.headers_mut() = std::mem::take(response.headers_mut());
    #[cfg(not(target_arch = "wasm32"))]
    {
        let after_head = |e: reqwest::Error| {
            let kind = if e.is_timeout() { FailureKind::TimedOut } else { FailureKind::MaybeSent };
            Failure::new(kind, e.without_url())
        };
        let mut body = bytes::BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(after_head)? {
            if body.len() + chunk.len() > limit {
                return Err(Failure::too_large());
            }
            body.extend_from_slice(&chunk);
        }
        *out.body_mut() = body.freeze();
    }
    #[cfg(target_arch = "wasm32")]
    {
        let body = response.bytes().await.map_err(failure)?;
        if body.len() > limit {
            return Err(Failure::too_large());
        }
        *out.body_mut() = body;
    }
    Ok(out)
}

/// What is known of a request that failed. The URL is taken out: its query may hold what must not be logged.
fn failure(error: reqwest::Error) -> Failure {
    #[cfg(not(target_arch = "wasm32"))]
    let connect = error.is_connect();
    #[cfg(target_arch = "wasm32")]
    let connect = false;
    let kind = if connect {
        FailureKind::NotSent
    } else if error.is_builder() {
        FailureKind::Unsupported
    } else if error.is_timeout() {
        FailureKind::TimedOut
    } else {
        FailureKind::MaybeSent
    };
    Failure::new(kind, error.without_url())
}

#[cfg(target_arch = "wasm32")]
fn build() -> Result<reqwest::Client, String> {
    reqwest::Client::builder().build().map_err(|e| e.to_string())
}

#[cfg(not(target_arch = "wasm32"))]
fn build() -> Result<reqwest::Client, String> {
    // The call machine decides about redirects and retries; two deciders would be one too many.
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(std::time::Duration::from_secs(30));
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_preconfigured(tls()?);
    builder.build().map_err(|e| e.to_string())
}

/// rustls over ring, with the machine's certificates; nothing global is installed.
#[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
fn tls() -> Result<rustls::ClientConfig, String> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    // An error as such, in a box, would have all its `Debug` compiled here.
    let text = |e: rustls::Error| e.to_string();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().map_err(text)?;
    Ok(config.with_platform_verifier().map_err(text)?.with_no_client_auth())
}
