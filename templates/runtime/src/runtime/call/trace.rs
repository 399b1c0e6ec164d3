//! Spans for calls and attempts, by the feature `tracing`; without it these types are empty. They name the operation and its route
//! template: never a query, a header or a body.

use crate::runtime::call::retry::RetryEvent;
use crate::runtime::http::operation::Operation;

/// The span of one call.
#[derive(Debug, Clone)]
pub(crate) struct CallSpan {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl CallSpan {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        let method = operation.method.as_str();
        let span =
            tracing::info_span!("call", operation = operation.id, http.method = method, http.route = operation.path);
        Self { span }
    }

    /// The span of an attempt, for the transport to run in.
    pub(crate) fn attempt(&self, number: u32) -> tracing::Span {
        tracing::info_span!(parent: &self.span, "attempt", number)
    }

    pub(crate) fn answered(&self, attempt: u32, status: u16) {
        tracing::debug!(parent: &self.span, attempt, http.status = status, "answered");
    }

    pub(crate) fn failed(&self, attempt: u32, kind: crate::runtime::http::transport::FailureKind) {
        tracing::warn!(parent: &self.span, attempt, ?kind, "no response");
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

    pub(crate) fn answered(&self, _: u32, _: u16) {}

    pub(crate) fn failed(&self, _: u32, _: crate::runtime::http::transport::FailureKind) {}

    pub(crate) fn retrying(&self, _: &RetryEvent) {}
}
