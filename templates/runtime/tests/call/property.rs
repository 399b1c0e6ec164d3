//! The promise that money rests on, as a property of many random lives of a call: once a held-back request may have arrived and was not
//! refused, it is never sent again, whatever follows, through either driver.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Client;
use crate::runtime::{
    BlockingTransport, BoxFuture, Bytes, Failure, FailureKind, Limits, Request, Retry, Transport, Value, VirtualClock,
    decode,
};

use crate::support::*;

/// A small generator of numbers, so that a life can be told again by its seed.
#[derive(Clone, Copy)]
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % n
    }
}

/// What the other side saw of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Nothing of it.
    Nothing,
    /// All of it, and it did not act: it refused, or sent the client elsewhere.
    Harmless,
    /// Perhaps all of it; it may have acted.
    Arrived,
}

/// A request at the other side: what it saw, the idempotency key, the path.
type Arrival = (Seen, Option<String>, String);

/// A server and a network with a mind of their own.
#[derive(Clone)]
struct Fate {
    random: Arc<Mutex<Random>>,
    seen: Arc<Mutex<Vec<Arrival>>>,
}

impl Fate {
    fn decide(&self, request: &http::Request<Bytes>) -> Result<http::Response<Bytes>, Failure> {
        let mut random = self.random.lock().unwrap();
        let response = |status: u16, body: &str| {
            let mut response = http::Response::new(Bytes::copy_from_slice(body.as_bytes()));
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            response
        };
        let (seen, outcome) = match random.below(12) {
            0 | 1 => {
                use FailureKind::{Certificate, ConnectTimedOut, NotSent, Proxy, Refused, UnknownHost};
                let kinds = [NotSent, UnknownHost, Refused, ConnectTimedOut, Proxy, Certificate];
                (Seen::Nothing, Err(kinds[random.below(6) as usize].into()))
            }
            2 => (Seen::Arrived, Err(FailureKind::MaybeSent.into())),
            // The client cannot know that nothing of it came through.
            3 => (Seen::Nothing, Err(FailureKind::MaybeSent.into())),
            4 => (Seen::Arrived, Err(FailureKind::TimedOut.into())),
            5 => (Seen::Arrived, Ok(response([500, 502, 503, 504][random.below(4) as usize], "<html>"))),
            6 | 7 => (Seen::Harmless, Ok(response(400, r#"[{"code":"x"},{"code":"too_many_sessions"}]"#))),
            8 | 9 => {
                let mut moved = response([301, 302, 303, 307, 308][random.below(5) as usize], "");
                let to = ["/api/elsewhere/", "https://api.example.com/api/a/", "https://evil.example/"];
                let to = to[random.below(3) as usize].parse().unwrap();
                moved.headers_mut().insert("location", to);
                (Seen::Harmless, Ok(moved))
            }
            10 => (Seen::Arrived, Ok(response([400, 403, 404, 409, 422, 428][random.below(6) as usize], "{}"))),
            _ => (Seen::Arrived, Ok(response(201, "1"))),
        };
        let key = request.headers().get("shop-idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_owned);
        self.seen.lock().unwrap().push((seen, key, request.uri().to_string()));
        outcome
    }
}

impl Transport for Fate {
    fn send(&self, request: http::Request<Bytes>, _: Limits) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(std::future::ready(self.decide(&request)))
    }
}

impl BlockingTransport for Fate {
    fn send_blocking(&self, request: http::Request<Bytes>, _: Limits) -> Result<http::Response<Bytes>, Failure> {
        self.decide(&request)
    }
}

/// One life of a call: what the other side saw, and whether the caller was told that it may have acted.
fn live(seed: u64, class: Retry, keyed: bool, blocking: bool) -> (Vec<Arrival>, Option<bool>) {
    let fate = Fate { random: Arc::new(Mutex::new(Random(seed))), seen: Arc::default() };
    let client = Client::builder("https://api.example.com").retry_rules(RULES).clock(VirtualClock::new());
    let client = client.transport(fate.clone()).blocking_transport(fate.clone()).build().unwrap();
    let operation = if keyed { &PAY } else { &ORDER_BOOK };
    let mut request = Request::new(&client, operation, decode::<Value>).retry(class);
    request.path("id", &"x");
    let outcome = if blocking { request.blocking() } else { now(request) };
    let told = outcome.err().map(|error| error.may_have_been_sent());
    let seen = fate.seen.lock().unwrap().clone();
    (seen, told)
}

#[test]
fn nothing_held_back_is_sent_again_after_it_may_have_arrived() {
    let mut repeated = 0;
    for seed in 1..=4_000_u64 {
        for (class, keyed) in
            [(Retry::OnlyRefused, false), (Retry::WithKey, false), (Retry::WithKey, true), (Retry::Never, false)]
        {
            let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let (seen, told) = live(seed, class, keyed, false);
            assert_eq!(live(seed, class, keyed, true).0.len(), seen.len(), "both drivers decide alike: {seed}");
            let arrived = seen.iter().filter(|(seen, ..)| *seen == Seen::Arrived).count();
            let keys: std::collections::HashSet<_> = seen.iter().map(|(_, key, _)| key).collect();
            match (class, keyed) {
                // With a key it may arrive several times, always under the same key.
                (Retry::WithKey, true) => {
                    assert!(keys.len() == 1 && !keys.contains(&None), "{seed}: {seen:?}");
                    repeated += usize::from(arrived > 1);
                }
                _ => {
                    assert!(arrived <= 1, "{class:?} {seed}: {seen:?}");
                    let after = seen.iter().position(|(seen, ..)| *seen == Seen::Arrived);
                    assert!(after.is_none_or(|at| at == seen.len() - 1), "{class:?} {seed}: {seen:?}");
                }
            }
            // Whoever is told that nothing happened can rely on it.
            if told == Some(false) {
                assert_eq!(arrived, 0, "{class:?} {seed}: {seen:?}");
            }
            assert!(seen.iter().all(|(_, _, url)| url.starts_with("https://api.example.com/")), "{seen:?}");
        }
    }
    assert!(repeated > 100, "the seeds lead to repetitions under a key too: {repeated}");
}

#[test]
fn the_pauses_of_every_life_fit_the_default_deadline() {
    // Six attempts that each use up their whole time, with the longest pauses.
    let timeout = Duration::from_secs(300);
    assert!(RULES.total() == Duration::from_secs(93) && RULES.cap >= Duration::from_secs(48));
    let (client, recorder, clock) = scripted([]);
    recorder.always(crate::runtime::Answer::status(503).header("retry-after", "60"));
    now(get(&client, "x").timeout(timeout)).unwrap_err();
    assert_eq!(recorder.requests().len(), 6, "{:?}", clock.pauses());
}
