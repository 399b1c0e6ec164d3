//! Connections: refused, reset, silent, closed while idle, sent elsewhere.

use super::{End, both, client, harmless, held_back, unseen, wait};
use belvo::ErrorKind;
use belvo::client::FailureKind;
use belvo::retry::RetryRules;
use std::time::Duration;
use tests::sandbox::{AUTHORIZATION, Act, Breakage, Reply, Sandbox, Server};
use tests::tls::Loopback;

/// A held-back call to a server that nobody reaches, by either transport.
fn unreached(base: &str) -> [(belvo::Error, Vec<u128>); 2] {
    [false, true].map(|blocking| {
        let (client, clock) = client(base);
        let outcome = if blocking { held_back(&client).blocking() } else { wait(held_back(&client)) };
        let error = outcome.expect_err("nobody is there");
        assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::NotSent, false), "blocking: {blocking}");
        let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(!source.contains("/payments/"), "{source}");
        (error, clock.pauses().iter().map(Duration::as_millis).collect())
    })
}

#[test]
fn where_nobody_is_a_call_fails_within_five_seconds_and_says_why() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    for (host, kind, cause) in [
        (free.to_string(), FailureKind::Refused, "the connection was refused"),
        ("sandbox.belv.invalid".to_owned(), FailureKind::UnknownHost, "the name has no address"),
    ] {
        for (error, pauses) in unreached(&format!("http://{host}")) {
            assert_eq!((error.attempts(), pauses, error.is_retryable()), (4, vec![500, 1000, 2000], true));
            assert_eq!(error.failure_kind(), Some(kind));
            assert!(
                error.to_string().contains(&format!(": could not connect to {host}: {cause}; 4 attempts")),
                "{error}"
            );
        }
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_tried_again() {
    let server = Loopback::start("{}");
    for (error, pauses) in unreached(&server.https) {
        assert_eq!((error.attempts(), pauses, error.is_retryable()), (1, vec![], false));
        assert_eq!(error.failure_kind(), Some(FailureKind::Certificate));
        assert!(error.to_string().ends_with(": its certificate is not trusted"), "{error}");
    }
}

/// What a list without records looks like.
const EMPTY: &str = r#"{"count": 0, "next": null, "previous": null, "results": []}"#;

/// A harmless call through both transports of a client that is put together so: why it failed.
fn ends(base: &str, set: impl Fn(belvo::ClientBuilder) -> belvo::ClientBuilder) -> [Option<belvo::Error>; 2] {
    [false, true].map(|blocking| {
        let builder = belvo::Client::builder(base).clock(belvo::testing::VirtualClock::new());
        let client = set(builder).retry_rules(RetryRules::DEFAULT.retries(1)).build().expect("a client");
        let call = harmless(&client);
        if blocking { call.blocking().err() } else { wait(call).err() }
    })
}

#[test]
fn certificates_of_the_callers_own_are_trusted_in_place_of_the_machines() {
    let (server, other) = (Loopback::start(EMPTY), Loopback::start(EMPTY));
    let trusted = ends(&server.https, |b| b.root_certificate(server.authority.as_str()));
    assert!(trusted.iter().all(Option::is_none), "{trusted:?}");
    // Two calls add up, and so do two in one text.
    let both = format!("{}{}", other.authority, server.authority);
    for added in [
        ends(&server.https, |b| b.root_certificate(&*other.authority).root_certificate(&*server.authority)),
        ends(&server.https, |b| b.root_certificate(&*both)),
    ] {
        assert!(added.iter().all(Option::is_none), "{added:?}");
    }
    for error in ends(&server.https, |b| b.root_certificate(&*other.authority)) {
        let error = error.expect("another authority's server");
        assert_eq!((error.failure_kind(), error.attempts()), (Some(FailureKind::Certificate), 1), "{error}");
    }
}

#[test]
fn an_identity_is_shown_to_a_server_that_asks_for_it() {
    let server = Loopback::start(EMPTY);
    let (certificate, key) = (&*server.identity.0, &*server.identity.1);
    let shown = ends(&server.guarded, |b| b.root_certificate(&*server.authority).identity(certificate, key));
    assert!(shown.iter().all(Option::is_none), "{shown:?}");
    let hidden = ends(&server.guarded, |b| b.root_certificate(&*server.authority));
    assert!(hidden.iter().all(Option::is_some), "{hidden:?}");
    // A key of somebody else is found out when the client is built, and panics nowhere.
    let other = Loopback::start(EMPTY);
    let error = belvo::Client::builder(&*server.guarded).identity(certificate, &*other.identity.1).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Build);
    assert!(error.to_string().contains(": `identity`: ") && !error.to_string().contains("KEY"), "{error}");
}

#[test]
fn a_reset_is_overcome_or_reported_as_maybe_sent() {
    for breakage in [Breakage::Reset, Breakage::CutOff, Breakage::ResetMidBody] {
        let act = Act::Break(breakage);
        assert_eq!(both(&[act.clone(), act.clone()], harmless, unseen), End::succeeded(200, &[3, 6]), "{breakage:?}");
        let end = both(&[act], held_back, unseen);
        assert_eq!(end, End::failed(ErrorKind::MaybeSent, None, true), "{breakage:?}");
    }
}

#[test]
fn silence_and_a_slow_body_end_in_a_timeout() {
    let brief = Duration::from_millis(300);
    for breakage in [Breakage::Silence, Breakage::Trickle] {
        let act = Act::Break(breakage);
        let end = both(std::slice::from_ref(&act), |client| held_back(client).timeout(brief), unseen);
        assert_eq!(end, End::failed(ErrorKind::Timeout, None, true), "{breakage:?}");
        // One slow attempt costs a harmless call nothing but time.
        let end = both(&[act], |client| harmless(client).timeout(brief), unseen);
        assert_eq!((end.kind, end.attempts, end.pauses, end.requests), (None, 2, vec![3], 2), "{breakage:?}");
    }
}

#[test]
fn a_connection_closed_while_idle_costs_no_call() {
    for blocking in [false, true] {
        let sandbox = Sandbox::new();
        sandbox.decide(|_| Act::Answer(Reply::json(200, &serde_json::json!({"results": []})).hanging_up()));
        let server = Server::start(&sandbox);
        let (client, clock) = client(&server.base());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        for _ in 0..4 {
            let call = harmless(&client);
            let outcome = if blocking { call.blocking() } else { runtime.block_on(call.into_future()) };
            assert_eq!(outcome.expect("a page").attempts(), 1, "blocking: {blocking}");
            // Nobody calls, and whoever keeps the connection can see that it closes.
            runtime.block_on(async { tokio::time::sleep(Duration::from_millis(50)).await });
        }
        assert_eq!((sandbox.count(), clock.pauses().len()), (4, 0), "blocking: {blocking}");
        assert_eq!(server.connections(), 4, "blocking: {blocking}");
    }
}

#[test]
fn a_connection_that_stays_open_is_used_again() {
    for blocking in [false, true] {
        let sandbox = Sandbox::new();
        let server = Server::start(&sandbox);
        let (client, _) = client(&server.base());
        let calls = async {
            for _ in 0..5 {
                harmless(&client).await.expect("a page");
            }
        };
        if blocking {
            (0..5).for_each(|_| drop(harmless(&client).blocking().expect("a page")));
        } else {
            wait(calls);
        }
        assert_eq!((sandbox.count(), server.connections()), (5, 1), "blocking: {blocking}");
    }
}

fn redirect(status: u16, to: &str) -> Act {
    Act::Answer(Reply::empty(status).header("location", to))
}

#[test]
fn a_redirect_elsewhere_loses_the_credentials_or_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        // Another port is another server.
        let elsewhere = Sandbox::new();
        let other = Server::start(&elsewhere);
        let to = format!("{}/api/accounts/?page=1", other.base());
        let end = both(&[redirect(status, &to)], harmless, |outcome, sandbox, _| {
            // It is asked as a stranger, and refuses the stranger.
            assert_eq!(outcome.as_ref().err().and_then(|e| e.code()), Some("authentication_failed"));
            assert_eq!(sandbox.seen()[0].header("authorization"), Some(AUTHORIZATION));
        });
        assert_eq!((end.kind, end.status, end.requests), (Some(ErrorKind::Status), Some(401), 1), "{status}");
        assert_eq!(elsewhere.count(), 2, "one by each transport");
        for asked in elsewhere.seen() {
            assert_eq!((asked.method.as_str(), asked.target.as_str()), ("GET", "/api/accounts/?page=1"));
            assert_eq!(asked.header("authorization"), None);
        }
        // What changes something goes nowhere else at all.
        let to = format!("{}/payments/br/customers/", other.base());
        let end = both(&[redirect(status, &to)], held_back, unseen);
        assert_eq!(end, End::failed(ErrorKind::Redirect, Some(status), false), "{status}");
        assert_eq!(elsewhere.count(), 2, "{status}: nothing more arrived there");
    }
}

#[test]
fn a_redirect_at_home_keeps_credentials_and_body_or_is_refused() {
    for (status, followed) in [(307, true), (308, true), (301, false), (302, false), (303, false)] {
        let end = both(&[redirect(status, "/payments/br/customers/?moved=1")], held_back, |outcome, sandbox, _| {
            assert_eq!(outcome.is_ok(), followed, "{status}");
            if let [first, second] = &sandbox.seen()[..] {
                assert_eq!((&first.method, &first.body), (&second.method, &second.body));
                assert_eq!(second.header("authorization"), Some(AUTHORIZATION));
                assert_eq!(second.target, "/payments/br/customers/?moved=1");
            }
        });
        assert_eq!((end.attempts, end.requests), (1, if followed { 2 } else { 1 }), "{status}");
    }
    // Round and round: the first answer, five hops, and no more.
    let end = both(&vec![redirect(302, "/api/accounts/"); 9], harmless, unseen);
    assert_eq!((end.kind, end.status, end.requests), (Some(ErrorKind::Redirect), Some(302), 6));
}
