//! The double for tests: a transport that records the exact requests and answers by rules and from a script, and a clock on which time
//! passes only when somebody waits. Feature `testing`.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use crate::runtime::encode::{Encode, to_json};
use crate::runtime::http::operation::Operation;
use crate::runtime::http::parts::Parts;
use crate::runtime::http::transport::{BlockingTransport, BoxFuture, Clock, Failure, FailureKind, Limits, Transport};
use crate::runtime::testing::matcher::Matcher;

/// One scripted answer.
#[derive(Clone)]
pub struct Answer(Kind);

#[derive(Clone)]
enum Kind {
    Response(http::Response<Bytes>),
    Failure(FailureKind),
}

impl Answer {
    /// A response without a body.
    pub fn status(status: u16) -> Self {
        Self::bytes(status, "", Bytes::new())
    }

    /// A JSON response, from text.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::bytes(status, "application/json", body.into().into_bytes())
    }

    /// A JSON response, from a model.
    pub fn model(status: u16, model: &(impl Encode + ?Sized)) -> Self {
        Self::json(status, to_json(model))
    }

    /// A response of any content type.
    pub fn bytes(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut response = http::Response::new(body.into());
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        if let (false, Ok(value)) = (content_type.is_empty(), HeaderValue::from_str(content_type)) {
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
        Self(Kind::Response(response))
    }

    /// No connection: nothing was sent.
    pub fn not_sent() -> Self {
        Self(Kind::Failure(FailureKind::NotSent))
    }

    /// A connection that broke when the request may have arrived.
    pub fn maybe_sent() -> Self {
        Self(Kind::Failure(FailureKind::MaybeSent))
    }

    /// No response in time.
    pub fn timed_out() -> Self {
        Self(Kind::Failure(FailureKind::TimedOut))
    }

    /// No response, for this reason.
    pub fn failure(kind: FailureKind) -> Self {
        Self(Kind::Failure(kind))
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Kind::Response(response), Ok(name), Ok(value)) =
            (&mut self.0, name.parse::<HeaderName>(), HeaderValue::from_str(value))
        {
            response.headers_mut().append(name, value);
        }
        self
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Response(response) => f.debug_tuple("Answer").field(&response.status().as_u16()).finish(),
            Kind::Failure(kind) => f.debug_tuple("Answer").field(kind).finish(),
        }
    }
}

/// A transport that answers by rules ([`on`](Self::on)) and, where none matches, from a script. Its clones share all of it, so keep one and
/// give the other to the client.
#[derive(Clone, Default)]
pub struct Recorder {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    script: VecDeque<Answer>,
    always: Option<Answer>,
    /// Each with the id of its operation, where the client has sent it.
    requests: Vec<(&'static str, Parts)>,
}

/// An answer for the requests that match.
struct Rule {
    matcher: Matcher,
    answer: Answer,
    /// How many more times; always where it is not said.
    left: Option<usize>,
}

impl Recorder {
    /// Without answers: every request fails as not sent until some are added.
    pub fn new() -> Self {
        Self::default()
    }

    /// With these answers, in their order.
    pub fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let recorder = Self::new();
        recorder.state().script.extend(answers);
        recorder
    }

    /// Adds an answer behind the others.
    pub fn then(&self, answer: Answer) -> &Self {
        self.state().script.push_back(answer);
        self
    }

    /// Answers every request that matches in this way, whenever it comes, so that calls may run side by side. Rules go before the
    /// script; of several that match, the one that was added first counts.
    pub fn on(&self, matcher: Matcher, answer: Answer) -> &Self {
        self.rule(matcher, answer, None)
    }

    /// The same, but only the first time: for a failure before what a rule behind it answers.
    pub fn on_once(&self, matcher: Matcher, answer: Answer) -> &Self {
        self.rule(matcher, answer, Some(1))
    }

    fn rule(&self, matcher: Matcher, answer: Answer, left: Option<usize>) -> &Self {
        self.state().rules.push(Rule { matcher, answer, left });
        self
    }

    /// The answer once the script is over.
    pub fn always(&self, answer: Answer) -> &Self {
        self.state().always = Some(answer);
        self
    }

    /// The requests so far, exactly as they would have been sent.
    pub fn requests(&self) -> Vec<Parts> {
        self.matching(&Matcher::any())
    }

    /// Those of them that match.
    pub fn matching(&self, matcher: &Matcher) -> Vec<Parts> {
        let state = self.state();
        let matching = state.requests.iter().filter(|(id, request)| matcher.matches(id, request));
        matching.map(|(_, request)| request.clone()).collect()
    }

    /// Asserts that so many requests match.
    ///
    /// # Panics
    /// When it is another number: the message lists what was sent, by operation, method and path.
    #[track_caller]
    pub fn assert_called(&self, matcher: &Matcher, times: usize) {
        let found = self.matching(matcher).len();
        let state = self.state();
        let line = |(id, request): &(&str, Parts)| format!("\n  {id}: {} {}", request.method, request.path());
        let all: String = state.requests.iter().map(line).collect();
        assert!(found == times, "expected {times}, found {found} of: {matcher}; sent were:{all}");
    }

    /// How many answers were not asked for: of the script, and of rules that answer once.
    pub fn unused(&self) -> usize {
        let state = self.state();
        state.script.len() + state.rules.iter().filter_map(|rule| rule.left).sum::<usize>()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that failed while it held the lock has said so itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure> {
        let (head, body) = request.into_parts();
        let id = head.extensions.get::<&'static Operation>().map_or("", |operation| operation.id);
        let request = Parts { method: head.method, url: head.uri.to_string(), headers: head.headers, body };
        let mut state = self.state();
        let rule = state.rules.iter_mut().find(|rule| rule.left != Some(0) && rule.matcher.matches(id, &request));
        let by_rule = rule.map(|rule| {
            rule.left = rule.left.map(|left| left - 1);
            rule.answer.clone()
        });
        state.requests.push((id, request));
        let answer = by_rule.or_else(|| state.script.pop_front()).or_else(|| state.always.clone());
        match answer.map(|answer| answer.0) {
            Some(Kind::Response(response)) if response.body().len() > limits.max_body => Err(Failure::too_large()),
            Some(Kind::Response(response)) => Ok(response),
            Some(Kind::Failure(kind)) => Err(Failure::new(kind, "scripted")),
            None => Err(Failure::not_sent("neither a rule nor the script has an answer for this request")),
        }
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(std::future::ready(self.answer(request, limits)))
    }
}

impl BlockingTransport for Recorder {
    fn send_blocking(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure> {
        self.answer(request, limits)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Recorder").field("requests", &state.requests.len()).field("script", &state.script).finish()
    }
}

/// A clock on which time passes only when somebody waits, and then at once.
///
/// ```
/// use runtime::{Clock, VirtualClock, now};
/// use std::time::Duration;
///
/// let clock = VirtualClock::new();
/// now(clock.sleep(Duration::from_secs(60)));
/// assert_eq!(clock.pauses(), [Duration::from_secs(60)]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct VirtualClock {
    pauses: Arc<Mutex<Vec<Duration>>>,
}

impl VirtualClock {
    /// A clock at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every pause so far.
    pub fn pauses(&self) -> Vec<Duration> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Duration>> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        self.lock().iter().sum()
    }

    fn sleep(&self, pause: Duration) -> BoxFuture<'_, ()> {
        self.lock().push(pause);
        Box::pin(std::future::ready(()))
    }

    fn sleep_blocking(&self, pause: Duration) {
        self.lock().push(pause);
    }
}
