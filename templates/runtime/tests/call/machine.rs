//! Retries: the decision as a table, the machine on scripts, without a clock.

use std::time::Duration;

use crate::runtime::__private::{Call, Ending, Policy, Step, decide, decode_nothing};
use crate::runtime::{
    Answer, ErrorKind, Failure, FailureKind, Jitter, Method, Mode, Operation, Recorder, Retry, RetryReason, RetryRules,
};

use crate::support::*;

const CLASSES: [Retry; 4] = [Retry::Idempotent, Retry::OnlyRefused, Retry::WithKey, Retry::Never];

fn seconds(all: &[u64]) -> Vec<Duration> {
    all.iter().copied().map(Duration::from_secs).collect()
}

#[test]
fn the_decision_by_class_and_ending() {
    use Ending::{MaybeSent, NotSent, Refused, Status, TimedOut, Unreachable};
    // For each ending: Safe, OnlyRefused, WithKey with a key, WithKey without, Never.
    let table = [
        (Status(500), [true, false, true, false, false]),
        (Status(501), [false; 5]),
        (Status(502), [true, false, true, false, false]),
        (Status(503), [true, false, true, false, false]),
        (Status(504), [true, false, true, false, false]),
        (Status(505), [false; 5]),
        (Status(520), [true, false, true, false, false]),
        (Refused(400), [true, true, true, true, false]),
        (Refused(500), [true, true, true, true, false]),
        (NotSent, [true, true, true, true, false]),
        (Unreachable { times: 1, lasting: Duration::ZERO, acted: false }, [true, true, true, true, false]),
        (Unreachable { times: 1, lasting: Duration::ZERO, acted: true }, [true, false, true, false, false]),
        (MaybeSent, [true, false, true, false, false]),
        (TimedOut, [true, false, true, false, false]),
    ];
    let clients = (300..500).chain([200, 204]).map(|status| (Status(status), [false; 5]));
    for (ending, expected) in table.into_iter().chain(clients) {
        for attempt in 1..=7 {
            let ask = |class, keyed| decide(class, keyed, ending, None, attempt, &RULES, 0);
            let got = [
                ask(Retry::Idempotent, false),
                ask(Retry::OnlyRefused, true),
                ask(Retry::WithKey, true),
                ask(Retry::WithKey, false),
                ask(Retry::Never, true),
            ];
            let mut pause = [3, 6, 12, 24, 48].get(attempt as usize - 1).copied().map(Duration::from_secs);
            if matches!(ending, Unreachable { .. }) {
                pause = pause.and(Some(Duration::from_millis(500)));
            }
            let expected = expected.map(|yes| pause.filter(|_| yes));
            assert_eq!(got, expected, "{ending:?}, attempt {attempt}");
        }
    }
}

#[test]
fn pauses_follow_retry_after_within_the_cap() {
    let ask = |after: Option<u64>, attempt| {
        let after = after.map(Duration::from_secs);
        decide(Retry::Idempotent, false, Ending::Status(503), after, attempt, &RULES, 0).unwrap().as_secs()
    };
    assert_eq!(
        [ask(None, 1), ask(Some(0), 1), ask(Some(10), 1), ask(Some(10), 4), ask(Some(3600), 1)],
        [3, 3, 10, 24, 60]
    );
    let rules = RetryRules::DEFAULT
        .retries(40)
        .pauses(Duration::from_secs(1), 10)
        .jitter(Jitter::By(|p, n| p / 2 + Duration::from_millis(n.into())));
    let ask = |attempt| decide(Retry::Idempotent, false, Ending::NotSent, None, attempt, &rules, 0).unwrap();
    assert_eq!([ask(1), ask(2), ask(40)], [501, 5002, 30_040].map(Duration::from_millis));
    assert_eq!(RetryRules::DEFAULT.total(), Duration::from_secs(93));
}

#[test]
fn a_schedule_of_its_own_counts_in_place_of_the_factor() {
    const PAUSES: &[Duration] = &[Duration::from_secs(1), Duration::from_secs(7), Duration::from_secs(2)];
    let rules = RetryRules::DEFAULT.schedule(PAUSES);
    let pauses = |rules: &RetryRules| (1..=rules.retries).map(|n| rules.pause(n).as_secs()).collect::<Vec<_>>();
    assert_eq!(pauses(&rules), [1, 7, 2]);
    assert_eq!(pauses(&rules.retries(5)), [1, 7, 2, 2, 2]);
    assert_eq!(pauses(&rules.cap(Duration::from_secs(5))), [1, 5, 2]);
    assert_eq!(pauses(&rules.pauses(Duration::from_secs(1), 3)), [1, 3, 9]);
    assert_eq!(pauses(&RetryRules::DEFAULT.schedule(&[])), Vec::<u64>::new());
}

/// A script of one failure for ever: how many attempts there were, after which pauses.
fn always(kind: FailureKind, rules: RetryRules) -> (crate::runtime::Error, u32, Vec<u128>) {
    let (client, recorder, clock) = scripted([]);
    recorder.always(Answer::failure(kind));
    let error = now(get(&client, "x").request().retry_rules(rules)).unwrap_err();
    assert_eq!(error.attempts() as usize, recorder.requests().len());
    let attempts = error.attempts();
    (error, attempts, clock.pauses().iter().map(Duration::as_millis).collect())
}

#[test]
fn where_waiting_does_not_help_a_call_fails_within_five_seconds() {
    for (kind, cause) in [
        (FailureKind::UnknownHost, "the name has no address"),
        (FailureKind::Refused, "the connection was refused"),
        (FailureKind::Proxy, "the proxy cannot be reached or does not let it through"),
    ] {
        let (error, attempts, pauses) = always(kind, RULES);
        assert_eq!((attempts, pauses), (4, vec![500, 1000, 2000]), "{kind:?}");
        assert_eq!((error.kind(), error.failure_kind()), (ErrorKind::NotSent, Some(kind)));
        assert_eq!((error.is_retryable(), error.may_have_been_sent()), (true, false));
        let said = format!("GET /api/books/{{id}}/: could not connect to api.example.com: {cause}; 4 attempts");
        assert_eq!(error.to_string(), said);
    }
    let (error, attempts, pauses) = always(FailureKind::Certificate, RULES);
    assert_eq!((attempts, pauses, error.is_retryable()), (1, vec![], false));
    assert_eq!(
        error.to_string(),
        "GET /api/books/{id}/: could not connect to api.example.com: its certificate is not trusted"
    );
    // Whatever else keeps a request from leaving passes as the API's page says.
    for kind in [FailureKind::NotSent, FailureKind::ConnectTimedOut] {
        let (error, attempts, pauses) = always(kind, RULES);
        assert_eq!((attempts, pauses), (6, vec![3000, 6000, 12_000, 24_000, 48_000]), "{kind:?}");
        assert!(error.to_string().contains(": could not connect to api.example.com"), "{error}");
    }
}

#[test]
fn how_long_a_server_may_be_unreachable_is_a_rule() {
    const PAUSES: &[Duration] = &[Duration::from_secs(2); 9];
    let pauses = |rules| always(FailureKind::Refused, rules).2;
    assert_eq!(pauses(RULES.unreachable(PAUSES, Duration::from_secs(5))), [2000, 2000]);
    assert_eq!(pauses(RULES.unreachable(PAUSES, Duration::from_secs(60))), [2000; 5]);
    assert_eq!(pauses(RULES.unreachable(&[], Duration::from_secs(60))), []);
    assert_eq!(pauses(RetryRules::NONE), []);
    // An attempt that takes long by itself counts too: a name that nobody answers for.
    let (client, ..) = scripted([]);
    let parts = get(&client, "x").request().parts().unwrap();
    let mut call = Call::new(&GET_BOOK, parts, Policy::new(Retry::Idempotent, RULES), Mode::default());
    let Step::Send(..) = call.next(Duration::ZERO) else { panic!() };
    call.on_failure(FailureKind::UnknownHost.into(), Duration::from_secs(20));
    let Step::Done(Err(error)) = call.next(Duration::from_secs(20)) else { panic!() };
    assert_eq!(error.attempts(), 1);
}

#[test]
fn a_server_that_goes_away_in_the_middle_is_given_up_soon() {
    let (client, recorder, clock) = scripted([Answer::status(503), Answer::status(503)]);
    recorder.always(Answer::failure(FailureKind::Refused));
    let error = now(get(&client, "x")).unwrap_err();
    let pauses: Vec<_> = clock.pauses().iter().map(Duration::as_millis).collect();
    assert_eq!((error.attempts(), pauses), (6, vec![3000, 6000, 500, 1000, 2000]));
    // The 503 may have come after the API had acted.
    assert!(error.may_have_been_sent());
}

#[test]
fn a_redirect_to_nowhere_fails_soon_and_counts_as_sent() {
    for kind in [FailureKind::UnknownHost, FailureKind::Refused, FailureKind::Certificate] {
        let (client, recorder, clock) = scripted([]);
        for _ in 0..9 {
            recorder.then(Answer::status(302).header("location", "https://nosuch.example/x?key=hunter2"));
            recorder.then(Answer::failure(kind));
        }
        let error = now(get(&client, "x")).unwrap_err();
        assert!(clock.pauses().iter().sum::<Duration>() < Duration::from_secs(5), "{kind:?}");
        assert!(error.may_have_been_sent(), "{kind:?}");
        assert!(error.to_string().contains("could not connect to nosuch.example: "), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn an_error_names_the_host_with_a_port_that_is_not_the_usual_one() {
    for (server, host) in [
        ("https://sandbox.belv.com", "sandbox.belv.com"),
        ("https://sandbox.belv.com:443/v1", "sandbox.belv.com"),
        ("http://sandbox.belv.com:8080/v1", "sandbox.belv.com:8080"),
        ("http://[::1]:81", "[::1]:81"),
    ] {
        let (client, recorder, _) = at(server, []);
        recorder.always(Answer::failure(FailureKind::UnknownHost));
        let error = now(get(&client, "x").query("secret", "hunter2")).unwrap_err();
        let said = format!("could not connect to {host}: the name has no address;");
        assert!(error.to_string().contains(&said), "{error}");
        // What a `main` that returns the error prints.
        assert!(format!("{error:?}").contains(&format!("host: {host:?}")), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[test]
fn jitter_takes_a_part_of_each_pause_by_chance() {
    let pause = |jitter, chance| {
        let rules = RULES.jitter(jitter);
        decide(Retry::Idempotent, false, Ending::Status(503), None, 2, &rules, chance).unwrap().as_millis()
    };
    let half = u32::MAX / 2;
    for (jitter, least, middle) in [(Jitter::None, 6000, 6000), (Jitter::Full, 0, 2999), (Jitter::Equal, 3000, 4499)] {
        let found = [0, half, u32::MAX].map(|chance| pause(jitter, chance));
        assert_eq!(found, [least, middle, 6000], "{jitter:?}");
    }
    // `Retry-After` is a floor for what chance leaves, and the longest pause there is does not overflow.
    let asked = Some(Duration::from_secs(5));
    let rules = RULES.jitter(Jitter::Full);
    assert_eq!(decide(Retry::Idempotent, false, Ending::Status(503), asked, 2, &rules, 0), asked);
    let rules = rules.cap(Duration::MAX).pauses(Duration::MAX, 2);
    assert!(decide(Retry::Idempotent, false, Ending::Status(503), None, 1, &rules, u32::MAX).is_some());

    // Over whole calls: within the bounds, and not always the same.
    let mut seen = std::collections::HashSet::new();
    for _ in 0..50 {
        let (client, recorder, clock) = scripted([]);
        recorder.always(Answer::status(503));
        now(get(&client, "x").request().retry_rules(RULES.jitter(Jitter::Equal))).unwrap_err();
        for (pause, full) in clock.pauses().iter().zip([3, 6, 12, 24, 48].map(Duration::from_secs)) {
            assert!(full / 2 <= *pause && *pause <= full, "{pause:?} of {full:?}");
        }
        seen.insert(clock.pauses());
    }
    assert!(seen.len() > 40);
}

#[test]
fn an_observer_is_called_before_each_pause_with_its_reason() {
    use std::sync::{Arc, Mutex};
    for blocking in [false, true] {
        let refusal = r#"[{"code":"too_many_sessions","message":"hunter2"}]"#;
        let recorder = Recorder::answering([
            Answer::failure(FailureKind::UnknownHost),
            Answer::status(503),
            Answer::json(400, refusal),
            Answer::timed_out(),
        ]);
        recorder.then(Answer::json(200, "1"));
        let (clock, seen) = (crate::runtime::VirtualClock::new(), Arc::new(Mutex::new(Vec::new())));
        let (kept, ticks) = (Arc::clone(&seen), clock.clone());
        let client = crate::Client::builder("https://api.example.com")
            .retry_rules(RULES)
            .transport(recorder.clone())
            .blocking_transport(recorder)
            .clock(clock)
            .on_retry(move |retry| {
                // Before the pause: the clock has not moved yet.
                kept.lock().unwrap().push((retry.attempt, retry.reason, retry.pause, ticks.pauses().len()));
                assert_eq!(retry.operation.id, "GetBook");
                assert!(!format!("{retry} {retry:?}").contains("hunter2"));
            })
            .build()
            .unwrap();
        let call = get(&client, "hunter2");
        if blocking {
            call.blocking().unwrap()
        } else {
            now(call).unwrap()
        };
        let failure = RetryReason::Failure;
        let millis = Duration::from_millis;
        let expected = [
            (1, failure(FailureKind::UnknownHost), millis(500), 0),
            (2, RetryReason::Status(503), millis(6000), 1),
            (3, RetryReason::Refused(400), millis(12_000), 2),
            (4, failure(FailureKind::TimedOut), millis(24_000), 3),
        ];
        assert_eq!(*seen.lock().unwrap(), expected, "blocking: {blocking}");
    }
}

#[test]
fn which_statuses_pass_is_a_rule_too() {
    let rules = RULES.statuses(&[(503, 503), (408, 408), (420, 429)], &[428]);
    let again = |status| decide(Retry::Idempotent, false, Ending::Status(status), None, 1, &rules, 0).is_some();
    let found: Vec<u16> = (400..600).filter(|status| again(*status)).collect();
    assert_eq!(found, [408, 420, 421, 422, 423, 424, 425, 426, 427, 429, 503]);
    // A 408 may come after the API has acted: what is held back stays held back.
    assert_eq!(decide(Retry::OnlyRefused, false, Ending::Status(408), None, 1, &rules, 0), None);
}

#[test]
fn five_failures_then_success_with_the_exact_pauses() {
    let (client, recorder, clock) = scripted([500, 502, 503, 504, 500].map(Answer::status));
    recorder.then(Answer::json(200, "7"));
    let response = now(get(&client, "x")).unwrap();
    assert_eq!((response.attempts(), response.into_inner()), (6, 7.into()));
    assert_eq!(clock.pauses(), seconds(&[3, 6, 12, 24, 48]));
    let requests = recorder.requests();
    assert!(requests.iter().all(|r| *r == requests[0]), "every attempt is the same request");
}

#[test]
fn six_failures_are_an_error() {
    let (client, recorder, clock) = scripted([]);
    recorder.always(Answer::status(500));
    let error = now(get(&client, "x")).unwrap_err();
    assert_eq!((recorder.requests().len(), clock.pauses()), (6, seconds(&[3, 6, 12, 24, 48])));
    assert_eq!((error.attempts(), error.is_retryable(), error.may_have_been_sent()), (6, true, true));
    assert_eq!(error.to_string(), "GET /api/books/{id}/: 500 Internal Server Error; 6 attempts");
}

#[test]
fn a_refusal_is_retried_for_every_method_also_among_other_items() {
    let refusal = r#"[{"code":"required","message":"m"},{"code":"too_many_sessions","message":"m","request_id":"r1"}]"#;
    for (operation, done) in [(&ORDER_BOOK, 201), (&PAY, 201), (&DELETE_BOOK, 204)] {
        let (client, recorder, clock) = scripted([Answer::json(400, refusal), Answer::json(400, refusal)]);
        recorder.then(Answer::json(done, "1"));
        now(plain(&client, operation, "x")).unwrap();
        assert_eq!(clock.pauses(), seconds(&[3, 6]), "{}", operation.id);
    }
}

#[test]
fn other_client_errors_are_not_retried() {
    for status in [400, 401, 403, 404, 405, 408, 409, 422, 428, 501, 505] {
        let (client, recorder, clock) = scripted([]);
        recorder.always(Answer::json(status, r#"[{"code":"login_error"}]"#).header("retry-after", "1"));
        let error = now(get(&client, "x")).unwrap_err();
        assert_eq!((recorder.requests().len(), clock.pauses().len()), (1, 0), "{status}");
        assert_eq!((error.is_retryable(), error.retry_after()), (false, Some(Duration::from_secs(1))), "{status}");
    }
    let (client, recorder, _) = scripted([Answer::status(429), Answer::json(200, "1")]);
    now(get(&client, "x")).unwrap();
    assert_eq!(recorder.requests().len(), 2);
    let (client, recorder, _) = scripted([Answer::status(429)]);
    now(get(&client, "x").request().retry_rules(RULES.refused_statuses(&[423]))).unwrap_err();
    assert_eq!(recorder.requests().len(), 1);
}

#[test]
fn a_refusal_is_repeated_when_the_api_says_else_by_the_schedule() {
    let secs = Duration::from_secs;
    for class in [Retry::Idempotent, Retry::OnlyRefused, Retry::WithKey] {
        for (asked, pause) in [(None, 6), (Some(0), 0), (Some(1), 1), (Some(20), 20), (Some(86_400), 60)] {
            let pause = Some(secs(pause));
            assert_eq!(decide(class, false, Ending::Refused(429), asked.map(secs), 2, &RULES, 0), pause, "{class:?}");
        }
    }
    assert_eq!(decide(Retry::Never, false, Ending::Refused(429), None, 1, &RULES, 0), None);
    assert_eq!(decide(Retry::Idempotent, false, Ending::Refused(429), None, 6, &RULES, 0), None);
    // After a failure the schedule is the least there is.
    assert_eq!(decide(Retry::Idempotent, false, Ending::Status(503), Some(secs(1)), 2, &RULES, 0), Some(secs(6)));
}

#[test]
fn held_back_operations_are_sent_again_only_when_nothing_happened() {
    for (answer, sent) in [
        (Answer::not_sent(), 2),
        (Answer::maybe_sent(), 1),
        (Answer::timed_out(), 1),
        (Answer::status(500), 1),
        (Answer::status(503).header("retry-after", "1"), 1),
    ] {
        let (client, recorder, _) = scripted([answer.clone(), Answer::json(201, "1")]);
        let outcome = now(plain(&client, &ORDER_BOOK, "x"));
        assert_eq!((recorder.requests().len(), outcome.is_ok()), (sent, sent == 2), "{answer:?}");
        if let Err(error) = outcome {
            assert!(error.may_have_been_sent(), "{answer:?}");
        }
    }
}

#[test]
fn an_earlier_attempt_that_may_have_arrived_is_not_forgotten() {
    let (client, ..) = scripted([Answer::maybe_sent(), Answer::not_sent(), Answer::not_sent()]);
    let error = now(get(&client, "x").request().retry_rules(RULES.retries(2))).unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::NotSent, 3, true));
    let (client, ..) = scripted([Answer::not_sent(), Answer::not_sent()]);
    let error = now(get(&client, "x").request().retry_rules(RULES.retries(1))).unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::NotSent, 2, false));
}

#[test]
fn an_idempotency_key_is_made_once_and_goes_with_every_attempt() {
    let (client, recorder, _) = scripted([Answer::maybe_sent(), Answer::status(500), Answer::json(201, "1")]);
    let response = now(plain(&client, &PAY, "x")).unwrap();
    let keys: Vec<_> = recorder.requests().iter().map(|r| r.headers["shop-idempotency-key"].clone()).collect();
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|k| *k == keys[0]));
    assert_eq!(response.idempotency_key(), keys[0].to_str().ok());
    let uuid = keys[0].to_str().unwrap();
    let lengths: Vec<_> = uuid.split('-').map(str::len).collect();
    assert_eq!((lengths, uuid.as_bytes()[14]), (vec![8, 4, 4, 4, 12], b'4'));

    let (client, recorder, _) = scripted([Answer::status(409)]);
    let error = now(plain(&client, &PAY, "x").request().idempotency_key("mine")).unwrap_err();
    assert_eq!(recorder.requests()[0].headers["shop-idempotency-key"], "mine");
    assert_eq!(error.idempotency_key(), Some("mine"));

    let keys: std::collections::HashSet<_> = (0..200)
        .map(|_| {
            let (client, recorder, _) = scripted([Answer::json(201, "1")]);
            now(plain(&client, &PAY, "x")).unwrap();
            recorder.requests()[0].headers["shop-idempotency-key"].clone()
        })
        .collect();
    assert_eq!(keys.len(), 200);
}

#[test]
fn retry_after_is_read_as_seconds_and_as_a_date() {
    let date = |retry: &str, now: &str| Answer::status(503).header("retry-after", retry).header("date", now);
    let (client, recorder, clock) = scripted([
        Answer::status(503).header("retry-after", "20"),
        date("Sun, 06 Nov 1994 08:50:07 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"),
        date("Fri, 01 Mar 2024 00:00:10 GMT", "Thu, 29 Feb 2024 23:59:40 GMT"),
        date("Fri, 01 Mar 2024 00:00:10 GMT", "soon"),
        date("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:07 GMT"),
    ]);
    recorder.then(Answer::json(200, "1"));
    now(get(&client, "x")).unwrap();
    assert_eq!(clock.pauses(), seconds(&[20, 30, 30, 24, 48]));
}

#[test]
fn a_date_is_read_in_every_form_a_recipient_must_read() {
    for asked in ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"] {
        let answer = Answer::status(503).header("retry-after", asked).header("date", "Sun, 06 Nov 1994 08:49:52 GMT");
        let (client, recorder, clock) = scripted([answer]);
        recorder.then(Answer::json(200, "1"));
        now(get(&client, "x")).unwrap();
        assert_eq!(clock.pauses(), seconds(&[45]), "{asked}");
    }
}

#[test]
fn a_deadline_ends_a_call_before_a_pause_that_would_outlast_it() {
    let (client, recorder, clock) = scripted([]);
    recorder.always(Answer::status(500));
    let error = now(get(&client, "x").request().deadline(Duration::from_secs(10))).unwrap_err();
    // 3 + 6 fit, 3 + 6 + 12 do not.
    assert_eq!((clock.pauses(), recorder.requests().len()), (seconds(&[3, 6]), 3));
    assert_eq!(error.status().unwrap(), 500);
}

#[test]
fn an_attempt_gets_no_more_time_than_is_left() {
    let (client, ..) = scripted([]);
    let parts = get(&client, "x").request().parts().unwrap();
    let policy = Policy::new(Retry::Idempotent, RULES).deadline(Duration::from_secs(20));
    let mut call = Call::new(&GET_BOOK, parts, policy, Mode::default());
    let Step::Send(_, limits) = call.next(Duration::ZERO) else { panic!() };
    assert_eq!(limits.timeout, Duration::from_secs(20));
    call.on_failure(FailureKind::NotSent.into(), Duration::from_secs(5));
    let Step::Sleep(pause) = call.next(Duration::from_secs(5)) else { panic!() };
    assert_eq!(pause, Duration::from_secs(3));
    let Step::Send(_, limits) = call.next(Duration::from_secs(8)) else { panic!() };
    assert_eq!(limits.timeout, Duration::from_secs(12));
    call.on_failure(Failure::not_sent("x"), Duration::from_secs(8));
    let Step::Sleep(_) = call.next(Duration::from_secs(8)) else { panic!() };
    let Step::Done(Err(error)) = call.next(Duration::from_secs(20)) else { panic!() };
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Timeout, false));
}

#[test]
fn no_held_back_call_is_repeated_once_it_may_have_arrived() {
    // All scripts of four endings, for every class.
    let endings = [
        Answer::not_sent(),
        Answer::maybe_sent(),
        Answer::timed_out(),
        Answer::status(500),
        Answer::status(404),
        Answer::json(400, r#"{"code":"too_many_sessions"}"#),
        Answer::json(200, "1"),
    ];
    let harmless = [true, false, false, false, false, true, false];
    for class in CLASSES {
        for script in 0..7_usize.pow(4) {
            let script: Vec<_> = (0..4_u32).map(|i| script / 7_usize.pow(i) % 7).collect();
            let (client, recorder, _) = scripted(script.iter().map(|i| endings[*i].clone()));
            let outcome = now(plain(&client, &ORDER_BOOK, "x").request().retry(class).retry_rules(RULES.retries(3)));
            let sent = recorder.requests().len();
            let before = &script[..sent - 1];
            let allowed = match class {
                Retry::Never => before.is_empty(),
                // Without a key `WithKey` is held back too.
                Retry::OnlyRefused | Retry::WithKey => before.iter().all(|i| harmless[*i]),
                _ => before.iter().all(|i| !matches!(i, 4 | 6)),
            };
            assert!(allowed, "{class:?} {script:?} sent {sent}");
            assert_eq!(outcome.is_ok(), script[sent - 1] == 6, "{class:?} {script:?}");
            if let Err(error) = outcome {
                let arrived = script[..sent].iter().any(|i| !harmless[*i]);
                assert_eq!(error.may_have_been_sent(), arrived, "{class:?} {script:?}");
            }
        }
    }
}

#[test]
fn redirects_follow_only_where_nothing_can_leak_or_get_lost() {
    let to = |status, location: &str| Answer::status(status).header("location", location);
    // GET on the own origin, relative and absolute.
    let (client, recorder, _) =
        scripted([to(301, "/api/moved/?a=1"), to(308, "https://api.example.com/api/again/"), Answer::json(200, "1")]);
    assert_eq!(now(get(&client, "x")).unwrap().attempts(), 1);
    let requests = recorder.requests();
    assert_eq!(requests[1].url, "https://api.example.com/api/moved/?a=1");
    assert_eq!(requests[2].url, "https://api.example.com/api/again/");
    assert!(requests[2].headers.contains_key("authorization"));

    // Another host sees nothing that identifies the caller.
    let (client, recorder, _) = scripted([to(302, "https://files.example.net/x"), Answer::json(200, "1")]);
    now(get(&client, "x").header("X-Key", "k")).unwrap();
    let names: Vec<_> = recorder.requests()[1].headers.keys().map(|n| n.as_str().to_owned()).collect();
    assert_eq!(names, ["accept", "user-agent"]);

    // A POST is repeated only where the API asks for exactly that, on the same origin.
    let (client, recorder, _) = scripted([to(307, "/api/elsewhere/"), Answer::json(201, "1")]);
    let mut post = plain(&client, &ORDER_BOOK, "x");
    post.request.member("a", &1_i64);
    now(post).unwrap();
    assert_eq!(recorder.requests()[1].body, "{\"a\":1}");

    for (operation, answer) in [
        (&GET_BOOK, to(302, "http://api.example.com/x")),
        (&GET_BOOK, to(302, "http://[broken")),
        (&GET_BOOK, to(302, "/a/../b")),
        (&ORDER_BOOK, to(301, "/api/x/")),
        (&ORDER_BOOK, to(307, "https://files.example.net/x")),
        (&ORDER_BOOK, to(308, "https://api.example.com:8443/x")),
    ] {
        let (client, recorder, _) = scripted([answer.clone()]);
        let error = now(plain(&client, operation, "x")).unwrap_err();
        assert_eq!((error.kind(), recorder.requests().len()), (ErrorKind::Redirect, 1), "{error}");
    }
    let (client, recorder, _) = scripted([]);
    recorder.always(to(302, "/api/loop/"));
    assert_eq!(now(get(&client, "x")).unwrap_err().kind(), ErrorKind::Redirect);
    assert_eq!(recorder.requests().len(), 6);
}

/// A redirect that the document declares is no result: it is followed as others are, or an error that holds its target.
#[test]
fn a_declared_redirect_is_no_result() {
    static MOVE: Operation = Operation {
        id: "Move",
        method: Method::Put,
        path: "/api/m/",
        statuses: &["200", "303", "307"],
        ..Operation::DEFAULT
    };
    static LOOK: Operation = Operation { id: "Look", path: "/api/l/", statuses: &["302", "3XX"], ..Operation::DEFAULT };
    let to = |status, location: &str| Answer::status(status).header("location", location);
    for (operation, answer) in [(&MOVE, to(307, "/api/n/")), (&LOOK, to(302, "https://files.example.net/x"))] {
        let (client, recorder, _) = scripted([answer, Answer::json(200, "1")]);
        assert_eq!(now(plain(&client, operation, "x")).unwrap().status(), 200);
        assert_eq!(recorder.requests().len(), 2);
    }
    for (operation, answer, says) in [
        (&MOVE, to(303, "/api/n/"), "it would lose the body"),
        (&MOVE, Answer::status(307), "it names no target"),
        (&LOOK, Answer::status(304), "what the request's condition names is still current"),
        (&LOOK, to(300, "/api/n/"), "it is of no kind that a client can follow"),
        (&GET_BOOK, Answer::status(304).header("etag", "e"), "what the request's condition names is still current"),
    ] {
        let (client, recorder, _) = scripted([answer]);
        let error = now(plain(&client, operation, "x")).unwrap_err();
        assert_eq!((error.kind(), recorder.requests().len()), (ErrorKind::Redirect, 1));
        assert!(error.to_string().ends_with(says), "{error}");
        let target = error.headers().get("location").map(|value| value.to_str().unwrap());
        assert_eq!(target.is_some(), matches!(error.status().unwrap().code(), 300 | 303), "{error}");
    }
}

#[test]
fn the_blocking_driver_does_the_same() {
    let (client, recorder, clock) = scripted([Answer::status(500), Answer::not_sent(), Answer::json(200, "7")]);
    let response = get(&client, "x").blocking().unwrap();
    assert_eq!((response.into_inner(), recorder.requests().len()), (7.into(), 3));
    assert_eq!(clock.pauses(), seconds(&[3, 6]));
}

#[test]
fn members_may_be_missing_only_where_the_call_left_them_out() {
    fn partial(received: &crate::runtime::Received) -> Result<(bool, crate::runtime::Findings), crate::runtime::Error> {
        Ok((received.mode().partial, crate::runtime::Findings::default()))
    }
    let ask = |list: ListBooks| now(list.request().read_by(partial)).unwrap().into_inner();
    let (client, recorder, _) = scripted([]);
    recorder.always(Answer::json(200, "{}"));
    assert!(ask(list(&client).fields("id")));
    assert!(ask(list(&client).query("omit", "id")));
    assert!(!ask(list(&client).page_size(1).query("other", "fields")));
}

#[test]
fn a_dropped_call_makes_no_further_attempt() {
    use std::task::{Context, Waker};
    #[derive(Clone)]
    struct Frozen;
    impl crate::runtime::Clock for Frozen {
        fn now(&self) -> Duration {
            Duration::ZERO
        }
        fn sleep(&self, _: Duration) -> crate::runtime::BoxFuture<'_, ()> {
            Box::pin(std::future::pending())
        }
    }
    let recorder = crate::runtime::Recorder::new();
    recorder.always(Answer::maybe_sent());
    let client = crate::Client::builder("https://h").transport(recorder.clone()).clock(Frozen).build().unwrap();
    let mut call = Box::pin(plain(&client, &PAY, "x").request().idempotency_key("k").send());
    assert!(Future::poll(call.as_mut(), &mut Context::from_waker(Waker::noop())).is_pending());
    drop(call);
    // What is known: one request left, under the key the caller chose and can repeat.
    let requests = recorder.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].headers["shop-idempotency-key"], "k");
}

#[test]
fn an_empty_answer_is_read_as_nothing() {
    let (client, ..) = scripted([Answer::status(204)]);
    let response = now(plain(&client, &DELETE_BOOK, "x").request().read_by(decode_nothing)).unwrap();
    assert_eq!(response.status(), 204);
}

#[test]
fn a_driver_that_asks_out_of_turn_ends_the_call() {
    let (client, ..) = scripted([]);
    let parts = get(&client, "x").request().parts().unwrap();
    let mut call = Call::new(&GET_BOOK, parts, Policy::new(Retry::Idempotent, RULES), Mode::default());
    let Step::Send(..) = call.next(Duration::ZERO) else { panic!() };
    let Step::Done(Err(error)) = call.next(Duration::ZERO) else { panic!() };
    assert!(error.may_have_been_sent());
}
