//! Spans for calls and attempts, by the feature `tracing`; without it these types are empty. The span of an attempt has what OpenTelemetry's
//! conventions for HTTP clients ask for (stable since 1.23), but no `url.full`: a URL holds the values of parameters, and here are none of a
//! path, a query, a header or a body.

use crate::runtime::call::retry::RetryEvent;
use crate::runtime::http::operation::Operation;
use crate::runtime::http::parts::Parts;
use crate::runtime::http::transport::FailureKind;

/// The span of one call, and of its attempt under way.
#[derive(Debug)]
pub(crate) struct CallSpan {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    attempt: tracing::Span,
    /// How many requests were sent, those that redirects asked for included.
    #[cfg(feature = "tracing")]
    sent: u32,
}

#[cfg(feature = "tracing")]
impl CallSpan {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        // No kind, which is "internal": the attempts are what a client sends.
        let span = tracing::info_span!("call", otel.name = operation.id, operation = operation.id);
        Self { span, attempt: tracing::Span::none(), sent: 0 }
    }

    /// A request is about to be sent; `redirected`: where a redirect leads, which is none of the operation's paths.
    pub(crate) fn sending(&mut self, operation: &'static Operation, parts: &Parts, redirected: bool) {
        use crate::runtime::http::server::Origin;
        use crate::runtime::text::{append, lists};
        use tracing::field::Empty;
        const KNOWN: &[&str] = &["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
        let method = parts.method.as_str();
        let known = lists(KNOWN, method);
        let template = if redirected { None } else { Some(operation.path) };
        let mut name = if known { method } else { "HTTP" }.to_owned();
        if let Some(template) = template {
            append(&mut name, &[" ", template]);
        }
        let origin = Origin::of(&parts.url);
        let origin = origin.as_ref();
        self.attempt = tracing::info_span!(
            parent: &self.span,
            "attempt",
            otel.name = name.as_str(),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = if known { method } else { "_OTHER" },
            http.request.method_original = if known { None } else { Some(method) },
            http.request.resend_count = if self.sent == 0 { None } else { Some(self.sent) },
            http.response.status_code = Empty,
            url.template = template,
            server.address = origin.map(Origin::host),
            server.port = origin.map(Origin::port),
            error.type = Empty,
        );
        self.sent = self.sent.saturating_add(1);
    }

    /// The span of the attempt, for the transport to run in.
    pub(crate) fn attempt(&self) -> tracing::Span {
        self.attempt.clone()
    }

    pub(crate) fn answered(&mut self, status: u16) {
        self.attempt.record("http.response.status_code", status);
        if status >= 400 {
            self.ended(&status.to_string());
        }
        self.attempt = tracing::Span::none();
    }

    pub(crate) fn failed(&mut self, kind: FailureKind) {
        self.ended(kind.as_str());
        self.attempt = tracing::Span::none();
    }

    fn ended(&self, error: &str) {
        self.attempt.record("error.type", error);
        self.attempt.record("otel.status_code", "ERROR");
    }

    pub(crate) fn retrying(&self, event: &RetryEvent) {
        let (attempt, reason, pause_ms) = (event.attempt, event.reason.text(), event.pause.as_millis() as u64);
        tracing::info!(parent: &self.span, attempt, reason, pause_ms, "trying again");
    }
}

#[cfg(not(feature = "tracing"))]
impl CallSpan {
    pub(crate) fn new(_: &'static Operation) -> Self {
        Self {}
    }

    pub(crate) fn sending(&mut self, _: &'static Operation, _: &Parts, _: bool) {}

    pub(crate) fn answered(&mut self, _: u16) {}

    pub(crate) fn failed(&mut self, _: FailureKind) {}

    pub(crate) fn retrying(&self, _: &RetryEvent) {}
}
