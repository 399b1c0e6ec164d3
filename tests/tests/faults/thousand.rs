//! A thousand calls at once over real sockets, each with random faults of its own: they end with exactly the requests that the
//! rules allow, counted at the server and worked out independently from the seeds; the blocking shell gives the same counts.

use super::wait;
use belvo::__private::decode_bytes;
use belvo::client::{BlockingTransport, BoxFuture, Bytes, Clock, Failure, Limits, Reqwest, Transport, Ureq};
use belvo::models::CreateCustomerOfpi;
use belvo::{Client, Credentials};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tests::sandbox::{Act, Asked, Breakage, Dice, ID, PASSWORD, Reply, Sandbox, Server, error};
use tokio::sync::Semaphore;

const CALLS: usize = 1_000;
const SEED: u64 = 20_260_203;
/// How many requests are on the wire at once: a process may have no more than 1,024 open files on many machines.
const SOCKETS: usize = 200;

/// What an operation allows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Class {
    Harmless,
    Keyed,
    HeldBack,
}

/// What happens to an attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// It succeeds.
    Good,
    /// No connection.
    Unsent,
    /// `too_many_sessions`.
    Busy,
    /// It is done and answered with this status.
    DoneThen(u16),
    /// It is not done and answered with this status.
    Answered(u16),
    /// It is done, and the answer is lost.
    DoneAndReset,
    /// It is not done, and the connection is reset.
    Reset,
    /// It is done, and half the answer arrives.
    DoneAndCutOff,
}

fn class(call: usize) -> Class {
    [Class::Harmless, Class::Keyed, Class::HeldBack][call % 3]
}

/// The fate of an attempt (the first is 1), from the seed alone.
fn fate(call: usize, attempt: usize) -> Fate {
    let mut dice = Dice::new(SEED ^ ((call as u64) << 8) ^ attempt as u64);
    *dice.pick(&[
        Fate::Good,
        Fate::Good,
        Fate::Unsent,
        Fate::Unsent,
        Fate::Busy,
        Fate::Busy,
        Fate::DoneThen(500),
        Fate::Answered(502),
        Fate::Answered(503),
        Fate::Answered(501),
        Fate::Answered(404),
        Fate::DoneAndReset,
        Fate::Reset,
        Fate::DoneAndCutOff,
    ])
}

/// What a call comes to, worked out from its fates and the page's rules, not from the client's code.
#[derive(Debug, Clone, Default, PartialEq)]
struct Count {
    requests: usize,
    attempts: usize,
    seconds: u64,
    good: bool,
}

fn expected(call: usize) -> Count {
    let mut count = Count::default();
    for attempt in 1..=6 {
        let fate = fate(call, attempt);
        count.attempts = attempt;
        count.requests += usize::from(fate != Fate::Unsent);
        count.good = fate == Fate::Good;
        let again = match fate {
            Fate::Good | Fate::Answered(501 | 404) => false,
            Fate::Unsent | Fate::Busy => true,
            _ => class(call) != Class::HeldBack,
        };
        if !again {
            break;
        }
        count.seconds += if attempt < 6 { 3 << (attempt - 1) } else { 0 };
    }
    count
}

/// The sandbox's side: the fate that the number of the call and of the attempt stand for.
fn act(asked: &Asked) -> Act {
    let number = |name: &str| asked.header(name).and_then(|text| text.parse().ok()).unwrap_or_default();
    match fate(number("x-call"), number("x-attempt")) {
        Fate::Good | Fate::Unsent => Act::Usual,
        Fate::Busy => Act::Answer(error(400, "too_many_sessions")),
        Fate::DoneThen(status) => Act::Answer(error(status, "unexpected_error")).after_it_was_done(),
        Fate::Answered(502) => Act::Answer(Reply::html(502)),
        Fate::Answered(status) => Act::Answer(error(status, "x")),
        Fate::DoneAndReset => Act::Break(Breakage::Reset).after_it_was_done(),
        Fate::Reset => Act::Break(Breakage::Reset),
        Fate::DoneAndCutOff => Act::Break(Breakage::CutOff).after_it_was_done(),
    }
}

/// The default transports, behind something that numbers the attempts of each call, lets some of them find no connection, and
/// keeps the number of sockets down. Clones share their counts.
#[derive(Clone, Default)]
struct Numbering {
    inner: Arc<Inner>,
}

struct Inner {
    reqwest: Reqwest,
    ureq: Ureq,
    sockets: Semaphore,
    attempts: Mutex<BTreeMap<usize, usize>>,
}

impl Default for Inner {
    fn default() -> Self {
        let sockets = Semaphore::new(SOCKETS);
        Self { reqwest: Reqwest::default(), ureq: Ureq::default(), sockets, attempts: Mutex::default() }
    }
}

impl Numbering {
    fn number(&self, mut request: http::Request<Bytes>) -> Result<http::Request<Bytes>, Failure> {
        let call = request.headers()["x-call"].to_str().ok().and_then(|text| text.parse().ok()).expect("a number");
        let mut attempts = self.inner.attempts.lock().expect("a lock");
        let attempt = attempts.entry(call).or_default();
        *attempt += 1;
        if fate(call, *attempt) == Fate::Unsent {
            return Err(Failure::not_sent("no connection"));
        }
        request.headers_mut().insert("x-attempt", (*attempt).into());
        Ok(request)
    }

    fn attempts(&self) -> BTreeMap<usize, usize> {
        self.inner.attempts.lock().expect("a lock").clone()
    }
}

impl Transport for Numbering {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(async move {
            let request = self.number(request)?;
            let _socket = self.inner.sockets.acquire().await.expect("never closed");
            self.inner.reqwest.send(request, limits).await
        })
    }
}

impl BlockingTransport for Numbering {
    fn send_blocking(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure> {
        self.inner.ureq.send_blocking(self.number(request)?, limits)
    }
}

/// A clock that stands still and only counts what it is asked to wait: with one that moved, every call would feel the pauses
/// of all the others.
#[derive(Clone, Default)]
struct Still {
    pauses: Arc<AtomicUsize>,
    seconds: Arc<AtomicU64>,
}

impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, pause: Duration) -> BoxFuture<'_, ()> {
        self.sleep_blocking(pause);
        Box::pin(tokio::task::yield_now())
    }

    fn sleep_blocking(&self, pause: Duration) {
        self.pauses.fetch_add(1, Ordering::SeqCst);
        self.seconds.fetch_add(pause.as_secs(), Ordering::SeqCst);
    }
}

/// Everything that was counted.
#[derive(Debug, PartialEq)]
struct Tally {
    /// Requests at the server, by call.
    requests: BTreeMap<usize, usize>,
    /// Attempts the transport was asked for, by call.
    attempts: BTreeMap<usize, usize>,
    good: Vec<bool>,
    pauses: usize,
    seconds: u64,
    intents: usize,
    customers: usize,
}

fn call(client: &Client, number: usize) -> belvo::Request<Bytes> {
    let request = match class(number) {
        Class::Harmless => client.accounts().list().request().read_by(decode_bytes),
        Class::Keyed => client.payment_intents_brazil().create().request().read_by(decode_bytes),
        Class::HeldBack => {
            let customer = CreateCustomerOfpi::new("48392017564");
            client.customers_brazil().create().body(customer).request().read_by(decode_bytes)
        }
    };
    request.with_header("x-call", &number.to_string())
}

fn run(blocking: bool) -> Tally {
    let (sandbox, numbering, clock) = (Sandbox::new(), Numbering::default(), Still::default());
    sandbox.decide(act);
    let server = Server::start(&sandbox);
    let client = Client::builder(server.base())
        .credentials(Credentials::basic(ID, PASSWORD))
        .transport(numbering.clone())
        .blocking_transport(numbering.clone())
        .clock(clock.clone())
        .build()
        .expect("a client");
    let good: Vec<bool> = if blocking {
        let next = AtomicUsize::new(0);
        let good = Mutex::new(vec![false; CALLS]);
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::SeqCst);
                        if number >= CALLS {
                            break;
                        }
                        let outcome = call(&client, number).blocking();
                        good.lock().expect("a lock")[number] = outcome.is_ok();
                    }
                });
            }
        });
        good.into_inner().expect("a lock")
    } else {
        wait(async {
            // All of them are under way before the first is waited for.
            let calls: Vec<_> = (0..CALLS).map(|number| tokio::spawn(call(&client, number).send())).collect();
            let mut good = Vec::new();
            for call in calls {
                good.push(call.await.expect("no panic").is_ok());
            }
            good
        })
    };
    let mut requests = BTreeMap::new();
    for asked in sandbox.seen() {
        let number = asked.header("x-call").and_then(|text| text.parse().ok()).expect("a number");
        *requests.entry(number).or_default() += 1;
    }
    assert!(server.strange().is_empty());
    Tally {
        requests,
        attempts: numbering.attempts(),
        good,
        pauses: clock.pauses.load(Ordering::SeqCst),
        seconds: clock.seconds.load(Ordering::SeqCst),
        intents: sandbox.world(|w| w.made("CreatePaymentIntentBrazil")),
        customers: sandbox.world(|w| w.made("CreateCustomerBrazil")),
    }
}

fn wanted() -> Tally {
    let counts: Vec<Count> = (0..CALLS).map(expected).collect();
    let done = |call: usize| {
        let attempts = 1..=counts[call].attempts;
        let done =
            |fate: Fate| matches!(fate, Fate::Good | Fate::DoneThen(_) | Fate::DoneAndReset | Fate::DoneAndCutOff);
        attempts.filter(|attempt| done(fate(call, *attempt))).count()
    };
    let of = |wanted: Class| (0..CALLS).filter(move |call| class(*call) == wanted);
    Tally {
        requests: counts.iter().map(|c| c.requests).enumerate().filter(|(_, n)| *n > 0).collect(),
        attempts: counts.iter().map(|c| c.attempts).enumerate().collect(),
        good: counts.iter().map(|c| c.good).collect(),
        pauses: counts.iter().map(|c| c.attempts - 1).sum(),
        seconds: counts.iter().map(|c| c.seconds).sum(),
        // A payment has one effect however often it was done; without a key every doing counts, so there is at most one.
        intents: of(Class::Keyed).filter(|call| done(*call) > 0).count(),
        customers: of(Class::HeldBack)
            .map(|call| {
                assert!(done(call) <= 1, "the rules themselves would do it twice");
                done(call)
            })
            .sum(),
    }
}

#[test]
fn a_thousand_calls_at_once_send_exactly_what_the_rules_allow() {
    let wanted = wanted();
    let total: usize = wanted.requests.values().sum();
    println!(
        "{CALLS} calls: {} attempts, {total} requests, {} s of pauses, {} succeed",
        wanted.attempts.values().sum::<usize>(),
        wanted.seconds,
        wanted.good.iter().filter(|good| **good).count(),
    );
    assert!(total > CALLS && wanted.good.iter().any(|good| !good), "the faults put the rules to the test");
    assert_eq!(run(false), wanted, "async");
    assert_eq!(run(true), wanted, "blocking");
}
