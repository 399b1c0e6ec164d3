//! One call as a state machine without I/O: it says what to do next, and the driver reports what came of it. The async and the blocking driver are
//! thin shells around it; retries, redirects and deadlines are decided here, without a clock.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};

use crate::runtime::call::retry::{Ending, Jitter, RetryEvent, RetryReason, RetryRules, decide, retry_after};
use crate::runtime::call::trace::CallSpan;
use crate::runtime::decode::Mode;
use crate::runtime::error::{Error, ErrorKind};
use crate::runtime::http::key::chance;
use crate::runtime::http::operation::{Operation, Retry};
use crate::runtime::http::parts::Parts;
use crate::runtime::http::response::{Received, add_header, copy_headers, header, header_named, header_text};
use crate::runtime::http::server::{Origin, resolve};
use crate::runtime::http::transport::{Failure, FailureKind, Limits};

/// How many redirects one attempt follows.
const REDIRECTS: u8 = 5;

/// What the driver has to do.
#[derive(Debug)]
#[non_exhaustive]
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
    /// Whether an acceptance (a 202) is the result, whatever the document declares.
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
    /// When the attempt under way began.
    began: Duration,
    /// How many attempts found nobody, and when the first of them began.
    unreachable: (u32, Duration),
    /// The retry that the pause under way is before.
    retry: Option<RetryEvent>,
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
        let mut idempotency_key = None;
        if let Some(name) = operation.idempotency_header
            && let Some(key) = header_named(&parts.headers, name)
        {
            idempotency_key = Some(key.to_owned());
        }
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
            began: Duration::ZERO,
            unreachable: (0, Duration::ZERO),
            retry: None,
            idempotency_key,
            span: CallSpan::new(operation),
        }
    }

    /// The span of the attempt under way.
    #[cfg(feature = "tracing")]
    pub(crate) fn attempt_span(&self) -> tracing::Span {
        self.span.attempt()
    }

    /// The retry that the pause asked for last is before.
    pub fn retry(&self) -> Option<&RetryEvent> {
        self.retry.as_ref()
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

    /// What came of the last request, `elapsed` after the call began.
    pub(crate) fn on_outcome(&mut self, outcome: Result<http::Response<Bytes>, Failure>, elapsed: Duration) {
        match outcome {
            Ok(response) => self.on_response(response, elapsed),
            Err(failure) => self.on_failure(failure, elapsed),
        }
    }

    /// A response came, `elapsed` after the call began.
    pub fn on_response(&mut self, response: http::Response<Bytes>, elapsed: Duration) {
        let (head, body) = response.into_parts();
        let status = head.status.as_u16();
        self.span.answered(status);
        if status / 100 == 3 {
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
        let kind = match status / 100 {
            2 if status == self.mode.settings.accepted_status => ErrorKind::Accepted,
            2 => ErrorKind::Decode,
            _ => ErrorKind::Status,
        };
        let asked = retry_after(&head.headers);
        // The whole of it where it may be a result.
        let whole = body.clone();
        let mut error = Error::response(kind, status, head.headers, body, &self.policy.rules, self.mode);
        if kind == ErrorKind::Decode {
            error = error.with_note(Some("the document does not declare this status")).with_body(whole);
        }
        let ending = error.ending(&self.policy.rules);
        let reason = match ending {
            Ending::Refused(status) => RetryReason::Refused(status),
            _ => RetryReason::Status(status),
        };
        let ending = if kind == ErrorKind::Status { Some((ending, reason)) } else { None };
        self.conclude(error, ending, asked, elapsed);
    }

    /// No response came, `elapsed` after the call began.
    pub fn on_failure(&mut self, failure: Failure, elapsed: Duration) {
        let kind = failure.kind();
        self.span.failed(kind);
        // After a redirect the first server has already acted.
        let acted = self.hop.is_some();
        let ending = match kind {
            FailureKind::NotSent | FailureKind::ConnectTimedOut if !acted => Some(Ending::NotSent),
            FailureKind::NotSent | FailureKind::ConnectTimedOut | FailureKind::MaybeSent => Some(Ending::MaybeSent),
            FailureKind::UnknownHost | FailureKind::Refused | FailureKind::Proxy => {
                let (times, first) = self.unreachable;
                let first = if times == 0 { self.began } else { first };
                let times = times.saturating_add(1);
                self.unreachable = (times, first);
                Some(Ending::Unreachable { times, lasting: elapsed.saturating_sub(first), acted })
            }
            FailureKind::TimedOut => Some(Ending::TimedOut),
            FailureKind::Certificate | FailureKind::TooLarge | FailureKind::Unsupported => None,
        };
        let ending = ending.map(|ending| (ending, RetryReason::Failure(kind)));
        let mut error = Error::failure(failure);
        if let Some(origin) = Origin::of(&self.asked().url) {
            error = error.with_host(origin.authority());
        }
        self.conclude(error, ending, None, elapsed);
    }

    /// Retries if that is allowed, else ends the call.
    fn conclude(
        &mut self,
        error: Error,
        ending: Option<(Ending, RetryReason)>,
        asked: Option<Duration>,
        elapsed: Duration,
    ) {
        let (keyed, rules) = (self.idempotency_key.is_some(), &self.policy.rules);
        let mut retry = None;
        if let Some((ending, reason)) = ending {
            // Only jitter needs chance, and to ask for it is a call of the system.
            let chance = if matches!(rules.jitter, Jitter::None) { 0 } else { chance() };
            let pause = decide(self.policy.class, keyed, ending, asked, self.attempts, rules, chance);
            retry = pause.map(|pause| (ending, reason, pause));
        }
        // A pause that outlasts the deadline would only delay the error.
        if let (Some((.., wait)), Some(deadline)) = (retry, self.policy.deadline)
            && elapsed + wait >= deadline
        {
            retry = None;
        }
        let Some((ending, reason, pause)) = retry else {
            let error = self.finish(error);
            self.state = State::Ended(Box::new(Err(error)));
            return;
        };
        self.maybe_sent |= !ending.is_harmless();
        self.hop = None;
        self.hops = 0;
        let event = RetryEvent { operation: self.operation, attempt: self.attempts, reason, pause };
        self.span.retrying(&event);
        self.retry = Some(event);
        self.state = State::Waiting(pause);
    }

    fn finish(&self, error: Error) -> Error {
        error.with_operation(self.operation).with_history(
            self.attempts,
            self.maybe_sent || self.hop.is_some(),
            self.idempotency_key.as_deref(),
        )
    }

    fn send(&mut self, elapsed: Duration) -> Step {
        let mut limits = self.policy.limits;
        if let Some(deadline) = self.policy.deadline {
            let left = deadline.saturating_sub(elapsed);
            if left.is_zero() {
                let error = Error::new(ErrorKind::Timeout).with_note(Some("the deadline of the call has passed"));
                return Step::Done(Err(self.finish(error)));
            }
            if left < limits.timeout {
                limits.timeout = left;
            }
        }
        let request = match self.asked().to_request() {
            Ok(mut request) => {
                // So that a transport can say which operation an attempt is for.
                request.extensions_mut().insert(self.operation);
                request
            }
            Err(error) => return Step::Done(Err(self.finish(error))),
        };
        if self.hop.is_none() {
            self.attempts += 1;
            self.began = elapsed;
        }
        let asked = match &self.hop {
            Some(hop) => hop,
            None => &self.parts,
        };
        self.span.sending(self.operation, asked, self.hop.is_some());
        self.state = State::InFlight;
        Step::Send(request, limits)
    }

    /// Whether a status is the operation's result. To the asynchronous mode every success is, also one that was not asked for.
    fn is_result(&self, status: u16) -> bool {
        self.operation.yields(status, self.mode.settings.accepted_status) || (self.policy.accepted && status / 100 == 2)
    }

    /// Follows a redirect that cannot harm, whether the document declares it or not: GET and HEAD anywhere but from https to http, without anything secret once the origin
    /// changes; other methods only on their own origin and only where the redirect keeps method and body.
    fn redirect(&mut self, status: u16, headers: HeaderMap, body: Bytes) {
        let target = match (status, header_text(&headers, &LOCATION)) {
            (304, _) => Err("what the request's condition names is still current"),
            (301 | 302 | 303 | 307 | 308, Some(link)) => self.target(status, link),
            (301 | 302 | 303 | 307 | 308, None) => Err("it names no target"),
            _ => Err("it is of no kind that a client can follow"),
        };
        match target {
            Ok(next) => {
                self.hop = Some(next);
                self.hops += 1;
                self.state = State::Ready;
            }
            Err(refusal) => {
                let error = Error::response(ErrorKind::Redirect, status, headers, body, &self.policy.rules, self.mode);
                let error = self.finish(error.with_note(Some(refusal)));
                self.state = State::Ended(Box::new(Err(error)));
            }
        }
    }

    /// What is sent in this attempt.
    fn asked(&self) -> &Parts {
        match &self.hop {
            Some(hop) => hop,
            None => &self.parts,
        }
    }

    /// The request a redirect to `link` asks for, or why it is not followed.
    fn target(&self, status: u16, link: &str) -> Result<Parts, &'static str> {
        const UNREADABLE: &str = "its target cannot be read";
        let from = self.asked();
        let Some((to, url)) = resolve(&from.url, link) else { return Err(UNREADABLE) };
        let Some(here) = Origin::of(&from.url) else { return Err(UNREADABLE) };
        let same = to == here;
        let reads = matches!(from.method, http::Method::GET | http::Method::HEAD);
        if self.hops >= REDIRECTS {
            return Err("there were too many of them");
        }
        if here.is_https() && !to.is_https() {
            return Err("it leads from https to http");
        }
        if !same && !reads {
            return Err("it leads to another server");
        }
        if !reads && status != 307 && status != 308 {
            return Err("it would lose the body");
        }
        let headers = if same {
            copy_headers(&from.headers)
        } else {
            // Not only `Authorization`: an api key may stand under any name. What is kept is known to be no secret.
            let mut kept = HeaderMap::new();
            for name in &[ACCEPT, ACCEPT_LANGUAGE, USER_AGENT, CONTENT_TYPE, CONTENT_LENGTH] {
                if let Some(value) = header(&from.headers, name) {
                    add_header(&mut kept, name, value);
                }
            }
            kept
        };
        Ok(Parts { method: from.method.clone(), url, headers, body: from.body.clone() })
    }
}
