//! One call as a state machine without I/O: it says what to do next and is told what came of it. The async and the blocking driver are
//! thin shells around it; retries, redirects and deadlines are decided here, without a clock.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};

use super::decode::Mode;
use super::error::{Error, ErrorKind};
use super::operation::{Operation, Retry};
use super::request::Parts;
use super::response::{Received, header, header_text};
use super::retry::{Ending, RetryRules, decide, retry_after};
use super::server::{Origin, resolve};
use super::trace::CallSpan;
use super::transport::{Failure, FailureKind, Limits};

/// How many redirects one attempt follows.
const REDIRECTS: u8 = 5;

/// What the driver has to do.
#[derive(Debug)]
pub enum Step {
    /// Send this, then tell `on_response` or `on_failure`.
    Send(http::Request<Bytes>, Limits),
    /// Wait, then ask again.
    Sleep(Duration),
    /// The call is over.
    Done(Result<Received, Error>),
}

/// How a call may be carried out.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Policy {
    /// The retry class.
    pub class: Retry,
    /// When to try again.
    pub rules: RetryRules,
    /// The limits of one attempt.
    pub limits: Limits,
    /// How long the whole call may take, pauses included.
    pub deadline: Option<Duration>,
    /// Whether a 202 is the result, whatever the document declares.
    pub accepted: bool,
}

impl Policy {
    /// This class and these rules, with generous limits and no deadline.
    pub const fn new(class: Retry, rules: RetryRules) -> Self {
        Self { class, rules, limits: Limits::new(Duration::from_secs(300), 64 << 20), deadline: None, accepted: false }
    }

    /// With a deadline for the whole call.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// With limits for one attempt.
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// One call under way.
#[derive(Debug)]
pub struct Call {
    operation: &'static Operation,
    parts: Parts,
    policy: Policy,
    mode: Mode,
    state: State,
    attempts: u32,
    /// Where a redirect led this attempt; the next attempt starts at the beginning.
    hop: Option<Parts>,
    hops: u8,
    /// Whether an attempt that is over may have arrived.
    maybe_sent: bool,
    idempotency_key: Option<String>,
    span: CallSpan,
}

#[derive(Debug)]
enum State {
    Ready,
    InFlight,
    Waiting(Duration),
    Ended(Box<Result<Received, Error>>),
    Over,
}

impl Call {
    /// A call about to begin.
    pub fn new(operation: &'static Operation, parts: Parts, policy: Policy, mode: Mode) -> Self {
        let key = operation.idempotency_header.and_then(|name| header_text(&parts.headers, &name.to_ascii_lowercase()));
        let idempotency_key = key.map(str::to_owned);
        Self {
            operation,
            parts,
            policy,
            mode,
            state: State::Ready,
            attempts: 0,
            hop: None,
            hops: 0,
            maybe_sent: false,
            idempotency_key,
            span: CallSpan::new(operation),
        }
    }

    /// The span of the attempt under way.
    #[cfg(feature = "tracing")]
    pub(crate) fn attempt_span(&self) -> tracing::Span {
        self.span.attempt(self.attempts)
    }

    /// What to do next, `elapsed` after the call began.
    pub fn next(&mut self, elapsed: Duration) -> Step {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Ready => self.send(elapsed),
            State::Waiting(pause) => {
                self.state = State::Ready;
                Step::Sleep(pause)
            }
            State::Ended(outcome) => Step::Done(*outcome),
            // A driver that asks before it told what came of the last request, or after the end.
            State::InFlight | State::Over => {
                Step::Done(Err(self.finish(Error::failure(FailureKind::MaybeSent.into()))))
            }
        }
    }

    /// A response came, `elapsed` after the call began.
    pub fn on_response(&mut self, response: http::Response<Bytes>, elapsed: Duration) {
        let (head, body) = response.into_parts();
        let status = head.status.as_u16();
        self.span.answered(self.attempts, status);
        if matches!(status, 301 | 302 | 303 | 307 | 308)
            && header(&head.headers, LOCATION.as_str()).is_some()
            && !self.operation.declares(status)
        {
            return self.redirect(status, head.headers, body);
        }
        if self.is_result(status) {
            let received = Received {
                operation: self.operation,
                status,
                headers: head.headers,
                body,
                mode: self.mode,
                attempts: self.attempts,
                idempotency_key: self.idempotency_key.clone(),
            };
            self.state = State::Ended(Box::new(Ok(received)));
            return;
        }
        let kind = if (200..300).contains(&status) { ErrorKind::Accepted } else { ErrorKind::Status };
        let asked = retry_after(&head.headers);
        let error = Error::response(kind, status, head.headers, body, &self.policy.rules);
        let ending = error.ending(&self.policy.rules);
        self.conclude(error, (kind == ErrorKind::Status).then_some(ending), asked, elapsed);
    }

    /// No response came, `elapsed` after the call began.
    pub fn on_failure(&mut self, failure: Failure, elapsed: Duration) {
        self.span.failed(self.attempts, failure.kind());
        let ending = match failure.kind() {
            // After a redirect the first server has already acted.
            FailureKind::NotSent if self.hop.is_some() => Some(Ending::MaybeSent),
            FailureKind::NotSent => Some(Ending::NotSent),
            FailureKind::MaybeSent => Some(Ending::MaybeSent),
            FailureKind::TimedOut => Some(Ending::TimedOut),
            FailureKind::TooLarge | FailureKind::Unsupported => None,
        };
        self.conclude(Error::failure(failure), ending, None, elapsed);
    }

    /// Retries if that is allowed, else ends the call.
    fn conclude(&mut self, error: Error, ending: Option<Ending>, asked: Option<Duration>, elapsed: Duration) {
        let keyed = self.idempotency_key.is_some();
        let pause = ending
            .and_then(|ending| decide(self.policy.class, keyed, ending, asked, self.attempts, &self.policy.rules));
        // A pause that outlasts the deadline would only delay the error.
        let pause = pause.filter(|pause| self.policy.deadline.is_none_or(|deadline| elapsed + *pause < deadline));
        let Some(pause) = pause else {
            let error = self.finish(error);
            self.state = State::Ended(Box::new(Err(error)));
            return;
        };
        self.maybe_sent |= ending.is_some_and(|ending| !ending.is_harmless());
        self.hop = None;
        self.hops = 0;
        self.span.pausing(self.attempts, pause);
        self.state = State::Waiting(pause);
    }

    fn finish(&self, error: Error) -> Error {
        error.with_operation(self.operation).with_history(
            self.attempts,
            self.maybe_sent || self.hop.is_some(),
            self.idempotency_key.clone(),
        )
    }

    fn send(&mut self, elapsed: Duration) -> Step {
        let mut limits = self.policy.limits;
        if let Some(deadline) = self.policy.deadline {
            let left = deadline.saturating_sub(elapsed);
            if left.is_zero() {
                let error = Error::new(ErrorKind::Timeout).with_note("the deadline of the call has passed");
                return Step::Done(Err(self.finish(error)));
            }
            limits.timeout = limits.timeout.min(left);
        }
        let request = match self.hop.as_ref().unwrap_or(&self.parts).to_request() {
            Ok(request) => request,
            Err(error) => return Step::Done(Err(self.finish(error))),
        };
        if self.hop.is_none() {
            self.attempts += 1;
        }
        self.state = State::InFlight;
        Step::Send(request, limits)
    }

    /// Whether a status is the operation's result; a 302 can be one, where the document declares it.
    fn is_result(&self, status: u16) -> bool {
        self.operation.yields(status)
            || (self.policy.accepted && status == 202)
            || ((300..400).contains(&status) && self.operation.declares(status))
    }

    /// Follows a redirect that cannot harm: GET and HEAD anywhere but from https to http, without anything secret once the origin
    /// changes; other methods only on their own origin and only where the redirect keeps method and body.
    fn redirect(&mut self, status: u16, headers: HeaderMap, body: Bytes) {
        let from = self.hop.as_ref().unwrap_or(&self.parts);
        let target = header_text(&headers, LOCATION.as_str()).and_then(|to| resolve(&from.url, to).ok());
        let refusal = match &target {
            Some((to, _)) => self.refusal(status, from, to),
            None => Some("its target cannot be read"),
        };
        let (Some((to, url)), None) = (target, refusal) else {
            let error = Error::response(ErrorKind::Redirect, status, headers, body, &self.policy.rules);
            let error = self.finish(error.with_note(refusal.unwrap_or_default()));
            self.state = State::Ended(Box::new(Err(error)));
            return;
        };
        let mut next = from.clone();
        if Origin::of(&from.url).as_ref() != Some(&to) {
            // Not only `Authorization`: an api key may stand under any name. What is kept is known to be no secret.
            next.headers.clear();
            for name in &[ACCEPT, ACCEPT_LANGUAGE, USER_AGENT, CONTENT_TYPE, CONTENT_LENGTH] {
                if let Some(value) = header(&from.headers, name.as_str()) {
                    next.headers.insert(name.clone(), value.clone());
                }
            }
        }
        next.url = url;
        self.hop = Some(next);
        self.hops += 1;
        self.state = State::Ready;
    }

    /// Why a redirect to there is not followed.
    fn refusal(&self, status: u16, from: &Parts, to: &Origin) -> Option<&'static str> {
        let reads = matches!(from.method, http::Method::GET | http::Method::HEAD);
        let Some(here) = Origin::of(&from.url) else { return Some("its target cannot be read") };
        if self.hops >= REDIRECTS {
            Some("there were too many of them")
        } else if here.is_https() && !to.is_https() {
            Some("it leads from https to http")
        } else if *to != here && !reads {
            Some("it leads to another server")
        } else if !reads && status != 307 && status != 308 {
            Some("it would lose the body")
        } else {
            None
        }
    }
}
