//! The sandbox as a transport: no sockets, no real time.

use super::{Asked, Breakage, Outcome, Reply, Sandbox};
use belvo::client::{BlockingTransport, BoxFuture, Bytes, Failure, FailureKind, Limits, Transport};

/// A transport that asks a sandbox.
#[derive(Clone)]
pub struct Double {
    sandbox: Sandbox,
}

impl Double {
    /// A way into this sandbox.
    pub fn new(sandbox: &Sandbox) -> Self {
        Self { sandbox: sandbox.clone() }
    }

    fn ask(&self, request: &http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure> {
        let uri = request.uri();
        let authority = uri.authority().map_or("", |a| a.as_str());
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let asked = Asked {
            method: request.method().to_string(),
            origin: format!("{}://{authority}", uri.scheme_str().unwrap_or_default()),
            target: uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            headers: request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: request.body().to_vec(),
        };
        match self.sandbox.outcome(&asked) {
            Outcome::Reply(reply) if reply.body.len() > limits.max_body => Err(Failure::too_large()),
            Outcome::Reply(reply) => Ok(response(reply)),
            Outcome::Broken(breakage) => Err(Failure::new(kind(breakage), "planned by the test")),
        }
    }
}

/// What a transport must say of it.
fn kind(breakage: Breakage) -> FailureKind {
    match breakage {
        Breakage::Refused => FailureKind::Refused,
        Breakage::Reset | Breakage::CutOff | Breakage::ResetMidBody => FailureKind::MaybeSent,
        Breakage::Silence | Breakage::Trickle => FailureKind::TimedOut,
        Breakage::Flood(_) | Breakage::AnnouncedFlood(_) => FailureKind::TooLarge,
    }
}

fn response(reply: Reply) -> http::Response<Bytes> {
    let mut builder = http::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    builder.body(reply.body.into()).expect("a response")
}

impl Transport for Double {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(std::future::ready(self.ask(&request, limits)))
    }
}

impl BlockingTransport for Double {
    fn send_blocking(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure> {
        self.ask(&request, limits)
    }
}
