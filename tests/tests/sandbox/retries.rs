//! Flow 9: what is repeated, how often, and after which pauses.

use crate::pauses;
use belvo::models::{LinksRequestFiscalMexico, LinksRequestFiscalMexicoArgs};
use belvo::retry::{Retry, RetryRules};
use belvo::{Error, ErrorClass, ErrorKind};
use serde_json::json;
use std::time::Duration;
use tests::sandbox::{Act, Breakage, LINK, Reply, Sandbox, error};

const ALL: [u64; 5] = [3, 6, 12, 24, 48];

fn broken() -> Act {
    Act::Answer(error(500, "unexpected_error"))
}

fn busy() -> Act {
    Act::Answer(error(400, "too_many_sessions"))
}

#[tokio::test]
async fn five_failures_and_a_success_take_ninety_three_seconds() {
    let sandbox = Sandbox::new();
    sandbox.plan("POST /api/accounts/", (0..5).map(|_| broken()));
    let (client, clock) = sandbox.client();
    let response = client.accounts().retrieve(LINK).await.expect("accounts");
    assert_eq!((response.status().code(), response.attempts()), (201, 6));
    assert_eq!(pauses(&clock), ALL);
    assert_eq!(sandbox.count(), 6);
    assert!(sandbox.seen().windows(2).all(|two| two[0] == two[1]), "the same request every time");
    assert_eq!(sandbox.world(|w| w.made("RetrieveAccounts")), 1);
}

#[tokio::test]
async fn a_sixth_failure_is_the_last() {
    let sandbox = Sandbox::new();
    sandbox.decide(|_| broken());
    let (client, clock) = sandbox.client();
    let error = client.accounts().retrieve(LINK).await.expect_err("broken");
    assert_eq!((error.kind(), error.code(), error.attempts()), (ErrorKind::Status, Some("unexpected_error"), 6));
    assert!(error.is_retryable() && error.may_have_been_sent());
    assert_eq!((pauses(&clock), sandbox.count()), (ALL.to_vec(), 6));
}

#[tokio::test]
async fn too_many_sessions_is_retried_whatever_the_operation() {
    let sandbox = Sandbox::new();
    sandbox.plan("POST /api/accounts/", [busy(), busy()]);
    let (client, clock) = sandbox.client();
    let response = client.accounts().retrieve(LINK).await.expect("accounts");
    assert_eq!((response.status().code(), response.attempts(), pauses(&clock)), (201, 3, vec![3, 6]));
    // A refusal: even an operation that is held back may be sent again, for nothing was done.
    let sandbox = Sandbox::new();
    sandbox.plan("POST /payments/br/customers/", [busy(), busy()]);
    let (client, clock) = sandbox.client();
    assert_eq!(client.customers_brazil().create().await.map(|r| r.attempts()).ok(), Some(3));
    assert_eq!(pauses(&clock), [3, 6]);
    assert_eq!(sandbox.world(|w| w.made("CreateCustomerBrazil")), 1);
    // Six of them are too many.
    let sandbox = Sandbox::new();
    sandbox.decide(|_| busy());
    let (client, clock) = sandbox.client();
    let error = client.accounts().retrieve(LINK).await.expect_err("busy");
    assert_eq!((error.attempts(), error.may_have_been_sent(), pauses(&clock)), (6, false, ALL.to_vec()));
}

#[tokio::test]
async fn one_item_among_others_is_enough() {
    for items in [
        json!([{"code": "login_error"}, {"code": "too_many_sessions"}]),
        json!([{"code": "too_many_sessions"}, {"code": "required", "field": "link"}]),
        json!({"code": "too_many_sessions", "detail": "x"}),
    ] {
        let sandbox = Sandbox::new();
        sandbox.plan("POST /api/accounts/", [Act::json(400, &items), Act::json(400, &items)]);
        let (client, clock) = sandbox.client();
        let response = client.accounts().retrieve(LINK).await.expect("accounts");
        assert_eq!((response.attempts(), pauses(&clock)), (3, vec![3, 6]), "{items}");
    }
    let sandbox = Sandbox::new();
    sandbox.plan("POST /api/accounts/", [Act::json(400, &json!([{"code": "login_error"}, {"code": "blank"}]))]);
    let (client, clock) = sandbox.client();
    client.accounts().retrieve(LINK).await.expect_err("refused");
    assert_eq!((sandbox.count(), pauses(&clock).len()), (1, 0));
}

#[tokio::test]
async fn which_statuses_and_failures_pass() {
    for (act, retried) in [
        (Act::status(500), true),
        (Act::status(501), false),
        (Act::Answer(Reply::html(502)), true),
        (Act::status(503), true),
        (Act::status(504), true),
        (Act::status(505), false),
        (Act::status(599), true),
        (Act::Break(Breakage::Refused), true),
        (Act::Break(Breakage::Reset), true),
        (Act::Break(Breakage::CutOff), true),
        (Act::Break(Breakage::Silence), true),
        (Act::Break(Breakage::Flood(1)), false),
        (Act::status(304), false),
        (Act::status(400), false),
        (Act::status(408), false),
        (Act::Answer(Reply::text(403, "text/html", "<html>403 Forbidden</html>")), false),
        (Act::status(429), true),
    ] {
        for blocking in [false, true] {
            let sandbox = Sandbox::new();
            sandbox.plan("GET /api/accounts/", [act.clone()]);
            let (client, clock) = sandbox.client();
            let call = client.accounts().list();
            let outcome = if blocking { call.blocking() } else { call.await };
            assert_eq!(outcome.is_ok(), retried, "{act:?}");
            // Half a second where nobody listens.
            let pause = if matches!(act, Act::Break(Breakage::Refused)) { 0 } else { 3 };
            assert_eq!(pauses(&clock), if retried { vec![pause] } else { vec![] }, "{act:?}");
        }
    }
}

#[tokio::test]
async fn retry_after_is_obeyed_up_to_a_minute() {
    for (value, pause) in [
        ("2", 3),
        ("17", 17),
        ("86400", 60),
        ("Tue, 03 Feb 2026 10:00:40 GMT", 40),
        ("Tue, 03 Feb 2026 09:00:00 GMT", 3),
        ("soon", 3),
        ("-5", 3),
    ] {
        let sandbox = Sandbox::new();
        let reply = error(503, "unexpected_error").header("retry-after", value);
        sandbox.plan("GET /api/accounts/", [Act::Answer(reply.header("date", "Tue, 03 Feb 2026 10:00:00 GMT"))]);
        let (client, clock) = sandbox.client();
        client.accounts().list().await.expect("accounts");
        assert_eq!(pauses(&clock), [pause], "{value}");
    }
}

#[tokio::test]
async fn a_429_is_a_refusal_whatever_the_method() {
    let limited = |after: Option<&str>| {
        let reply = Reply::text(429, "text/plain", "");
        Act::Answer(match after {
            Some(value) => reply.header("retry-after", value),
            None => reply,
        })
    };
    // By the schedule, or exactly when the answer says.
    for (after, paused) in [(None, [3, 6]), (Some("1"), [1, 1]), (Some("40"), [40, 40]), (Some("soon"), [3, 6])] {
        let sandbox = Sandbox::new();
        for what in ["POST /payments/br/customers/", "POST /api/accounts/", "GET /api/accounts/"] {
            sandbox.plan(what, [limited(after), limited(after)]);
        }
        let (client, clock) = sandbox.client();
        // The first is held back after anything that may have been done; nothing was.
        assert_eq!(client.customers_brazil().create().await.map(|r| r.attempts()).ok(), Some(3), "{after:?}");
        assert_eq!(client.accounts().retrieve(LINK).await.map(|r| r.attempts()).ok(), Some(3), "{after:?}");
        assert_eq!(client.accounts().list().await.map(|r| r.attempts()).ok(), Some(3), "{after:?}");
        assert_eq!(pauses(&clock), [paused, paused, paused].concat(), "{after:?}");
        assert_eq!(sandbox.world(|w| w.made("CreateCustomerBrazil")), 1);
    }
    let sandbox = Sandbox::new();
    sandbox.decide(move |_| limited(None));
    let (client, clock) = sandbox.client();
    let error = client.customers_brazil().create().await.expect_err("limited");
    assert_eq!((error.attempts(), error.may_have_been_sent(), error.is_retryable()), (6, false, true));
    assert_eq!((error.class(), pauses(&clock)), (Some(ErrorClass::Wait), ALL.to_vec()));
    let never = client.accounts().list().request().retry(Retry::Never).await.expect_err("limited");
    assert_eq!(never.attempts(), 1, "the caller's word goes first");
}

#[tokio::test]
async fn a_caller_can_decide_otherwise() {
    let calls = |sandbox: &Sandbox| sandbox.plan("GET /api/accounts/", (0..5).map(|_| broken()));
    let sandbox = Sandbox::new();
    calls(&sandbox);
    let (client, clock) = sandbox.client();
    let never = client.accounts().list().request().retry(Retry::Never).await.expect_err("broken");
    assert_eq!((never.attempts(), pauses(&clock).len()), (1, 0));
    let rules = RetryRules::DEFAULT.retries(2).pauses(Duration::from_secs(1), 5);
    let twice = client.accounts().list().request().retry_rules(rules).await.expect_err("broken");
    assert_eq!((twice.attempts(), pauses(&clock)), (3, vec![1, 5]));
    // A pause that would outlast the deadline is not waited for.
    let sandbox = Sandbox::new();
    calls(&sandbox);
    let (client, clock) = sandbox.client();
    let late = client.accounts().list().request().deadline(Duration::from_secs(20)).await.expect_err("broken");
    assert_eq!((late.attempts(), pauses(&clock)), (3, vec![3, 6]));
}

#[tokio::test]
async fn a_dropped_call_is_over() {
    let sandbox = Sandbox::new();
    sandbox.plan("GET /api/accounts/", [broken(), broken()]);
    let (client, _) = sandbox.client();
    drop(client.accounts().list().send());
    assert_eq!(sandbox.count(), 0, "nothing is sent before the first poll");
}

#[tokio::test]
async fn what_is_retried_does_not_depend_on_the_shell() {
    let mut scripts = vec![vec![broken(); 5], vec![broken(); 6], vec![busy(), broken(), Act::Break(Breakage::Refused)]];
    scripts.push(vec![Act::Break(Breakage::CutOff), busy(), Act::Answer(error(400, "blank"))]);
    for script in scripts {
        let run = |blocking: bool| {
            let sandbox = Sandbox::new();
            sandbox.plan("POST /api/links/", script.clone());
            sandbox.plan("POST /api/accounts/", script.clone());
            let (client, clock) = sandbox.client();
            async move {
                let body = LinksRequestFiscalMexico::new(LinksRequestFiscalMexicoArgs {
                    institution: "i".into(),
                    username: "u".into(),
                    password: "p".into(),
                });
                let (register, retrieve) = (client.links().register(body), client.accounts().retrieve(LINK));
                let ends = if blocking {
                    [end(register.blocking()), end(retrieve.blocking())]
                } else {
                    [end(register.await), end(retrieve.await)]
                };
                (ends, pauses(&clock), sandbox.lines())
            }
        };
        assert_eq!(run(false).await, run(true).await);
    }
}

/// What a caller can tell of an outcome.
fn end<T>(outcome: Result<belvo::Response<T>, Error>) -> (u32, Option<ErrorKind>, bool) {
    match outcome {
        Ok(response) => (response.attempts(), None, true),
        Err(error) => (error.attempts(), Some(error.kind()), error.may_have_been_sent()),
    }
}
