//! The double for consumers: how somebody tests code of their own that calls Belvo, without a server and without waiting.

use belvo::client::{Bytes, Failure, Limits, Transport};
use belvo::models::{AccountOpenFinanceBrazil, Link};
use belvo::testing::{Answer, Matcher, Recorder, VirtualClock, filled, now, sample};
use belvo::{Client, Credentials, Environment, Error, Number};
use belvo::{ErrorKind, Json};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";

/// Code of a consumer: how much money a link has.
async fn wealth(client: &Client, link: &str) -> Result<Number, Error> {
    let accounts = client.accounts().retrieve(link).save_data(false).await?;
    let mut balances = accounts.iter().filter_map(|account| account.balance.as_ref()?.current.as_ref());
    Ok(balances.try_fold(Number::ZERO, |sum, balance| sum.checked_add(balance)).expect("less than all money there is"))
}

fn client(recorder: &Recorder, clock: &VirtualClock) -> Client {
    let builder = Client::builder(Environment::Sandbox).credentials(Credentials::basic("id", "password"));
    builder.transport(recorder.clone()).clock(clock.clone()).build().expect("a client")
}

#[test]
fn answers_are_made_of_models_that_name_only_what_a_test_is_about() {
    let account = |current: f64| -> AccountOpenFinanceBrazil {
        filled(json!({"link": LINK, "balance": {"current": current}})).expect("an account")
    };
    let (mut first, second) = (account(1.5), account(2.25));
    first.currency = Some("BRL".to_owned());
    let recorder = Recorder::answering([Answer::model(200, &vec![first, second])]);
    let total = now(wealth(&client(&recorder, &VirtualClock::new()), LINK)).expect("a sum");
    assert_eq!(total.to_string(), "3.75");
    let request = &recorder.requests()[0];
    assert_eq!(request.body.as_ref(), format!("{{\"link\":\"{LINK}\",\"save_data\":false}}").as_bytes());
    assert_eq!((recorder.requests().len(), recorder.unused()), (1, 0));
}

#[test]
fn failures_and_sequences_are_played_in_order() {
    let (recorder, clock) = (Recorder::new(), VirtualClock::new());
    recorder.then(Answer::not_sent()).then(Answer::status(503).header("retry-after", "20"));
    recorder.then(Answer::json(400, r#"[{"code":"login_error","message":"x"}]"#));
    let error = now(wealth(&client(&recorder, &clock), LINK)).expect_err("refused in the end");
    assert_eq!((error.code(), error.attempts()), (Some("login_error"), 3));
    assert_eq!(clock.pauses(), [3, 20].map(Duration::from_secs));
    // A script that is over answers nothing, so that a call too many is seen.
    let error = now(client(&recorder, &clock).links().get(LINK).request().retry_rules(belvo::retry::RetryRules::NONE))
        .expect_err("no answer left");
    assert_eq!(error.kind(), ErrorKind::NotSent);
}

#[test]
fn what_is_filled_in_is_neutral_and_what_is_given_is_kept() {
    let empty: AccountOpenFinanceBrazil = filled(json!({})).expect("an account");
    assert_eq!(
        (empty.balance, empty.currency, empty.id.as_ref()),
        (None, None, "00000000-0000-0000-0000-000000000000")
    );
    let link: Link = filled(json!({"status": "invalid", "unknown": 1})).expect("a link");
    assert_eq!(link.status.map(|s| s.to_string()), Some("invalid".to_owned()));
    // A value of another kind than the document says is a mistake of the test, not a gap.
    let error = filled::<AccountOpenFinanceBrazil>(json!({"balance": "much"})).expect_err("no object");
    assert_eq!(error.fault().map(|f| (f.path.as_str(), f.found.as_str())), Some(("$.balance", "string")));
    assert!(filled::<AccountOpenFinanceBrazil>(json!([])).is_err());
    assert!(sample::<AccountOpenFinanceBrazil>("{}").is_err(), "nothing is filled in unasked");
}

#[test]
fn texts_of_json_and_the_records_of_a_list_are_filled_in_too() {
    let link: Link = filled(r#"{"status": "valid"}"#).expect("a link");
    assert_eq!(link.id, "00000000-0000-0000-0000-000000000000");
    let page: belvo::models::Page<Link> = filled(json!({"results": [{"status": "valid"}, {}]})).expect("a page");
    assert_eq!((page.results.len(), page.results.invalid().len()), (2, 0));
    // A record that is wrong is no gap: it is what a test of invalid records wants.
    let page: belvo::models::Page<Link> = filled(json!({"results": [{}, 7]})).expect("a page");
    assert_eq!(page.results.invalid().len(), 1);
}

#[test]
fn rules_answer_whatever_comes_first() {
    let (recorder, clock) = (Recorder::new(), VirtualClock::new());
    let (first, second) = (LINK, "b7e2094d-3c81-4f6a-95d0-48a1c7f2e36b");
    let of = |link: &str| Matcher::operation("RetrieveAccounts").body("/link", link);
    let account = |current: f64| -> AccountOpenFinanceBrazil {
        filled(json!({"balance": {"current": current}})).expect("an account")
    };
    recorder.on_once(of(second), Answer::not_sent());
    recorder.on(of(first), Answer::model(200, &vec![account(1.5)]));
    recorder.on(of(second), Answer::model(200, &vec![account(2.0), account(3.0)]));
    recorder.on(Matcher::path("/api/links/{id}/").method("get"), Answer::status(404));
    let client = client(&recorder, &clock);
    // The second is asked for first, and has a failure to get over.
    let sums = [second, first, second].map(|link| now(wealth(&client, link)).expect("a sum").to_string());
    assert_eq!(sums, ["5.0", "1.5", "5.0"]);
    assert_eq!(clock.pauses().len(), 1);
    assert_eq!(now(client.links().get(first)).expect_err("none").status().map(belvo::client::Status::code), Some(404));
    recorder.assert_called(&of(second), 3);
    recorder.assert_called(&of(second).body("/save_data", false), 3);
    recorder.assert_called(&of(second).body("/save_data", true), 0);
    recorder.assert_called(&Matcher::any().method("GET"), 1);
    assert_eq!((recorder.requests().len(), recorder.unused()), (5, 0));
    // What no rule is for fails, and the failure is seen.
    let list = client.links().list().page_size(7).institution("erebor br").request();
    let error = now(list.retry_rules(belvo::retry::RetryRules::NONE)).expect_err("no rule");
    assert_eq!(error.kind(), ErrorKind::NotSent);
    let sent = recorder.matching(&Matcher::operation("ListLinks").query("institution", "erebor br"));
    assert_eq!((sent[0].path(), sent[0].query().len()), ("/api/links/", 2));
    let text =
        std::panic::catch_unwind(|| recorder.assert_called(&Matcher::operation("DetailLink").query("a", "b"), 1))
            .expect_err("one call was none");
    let text = text.downcast_ref::<String>().expect("a message");
    assert!(text.starts_with("expected 1, found 0 of: operation DetailLink, a b; sent were:\n"), "{text}");
    assert!(text.contains("\n  RetrieveAccounts: POST /api/accounts/"), "{text}");
}

#[test]
fn what_the_document_lacks_is_sent_as_an_extra() {
    // The widget's update mode takes a link and an id of one's own, which no schema of the token request knows.
    let recorder = Recorder::answering([Answer::json(200, r#"{"access":"a-token","refresh":"another"}"#)]);
    let client = client(&recorder, &VirtualClock::new());
    let body: belvo::models::WidgetTokenRequestEmploymentBrazil =
        filled(json!({"id": "secret-id", "password": "secret-password"})).expect("a request");
    let token =
        now(client.widget_access_token().generate(body).extra("link_id", LINK).extra("external_id", "customer-7"))
            .expect("a token");
    assert_eq!(token.access.expose(), "a-token");
    assert!(!format!("{token:?}").contains("a-token"), "{token:?}");
    let sent: serde_json::Value = serde_json::from_slice(&recorder.requests()[0].body).expect("JSON");
    assert_eq!((&sent["link_id"], &sent["external_id"]), (&json!(LINK), &json!("customer-7")));
    assert_eq!((&sent["id"], &sent["password"]), (&json!("secret-id"), &json!("secret-password")));
}

#[test]
fn a_status_that_the_document_lacks_is_an_error_with_its_body() {
    for (answer, text) in [
        (
            Answer::json(418, r#"[{"code":"teapot","message":"short and stout"}]"#),
            r#"[{"code":"teapot","message":"short and stout"}]"#,
        ),
        (Answer::json(422, r#"{"of":"another form"}"#), r#"{"of":"another form"}"#),
        (Answer::json(451, "no json"), "no json"),
        (Answer::status(499), ""),
    ] {
        let recorder = Recorder::answering([answer]);
        let error = now(client(&recorder, &VirtualClock::new()).links().get(LINK)).expect_err("no success");
        assert_eq!((error.kind(), error.body().as_ref()), (ErrorKind::Status, text.as_bytes()));
        assert_eq!(error.code(), text.contains("teapot").then_some("teapot"), "{text}");
        assert_eq!(error.attempts(), 1);
    }
}

#[test]
fn an_answer_is_read_as_a_type_of_ones_own() {
    // Any type of serde's will do.
    type Short = Json<BTreeMap<String, serde_json::Value>>;
    let text = format!(r#"{{"id":"{LINK}","created_at":7,"unheard":[1]}}"#);
    let recorder = Recorder::answering([Answer::json(200, text.as_str()), Answer::json(200, "[]")]);
    let client = client(&recorder, &VirtualClock::new());
    let read = || now(client.links().get(LINK).send_as::<Short>());
    let short = read().expect("a link");
    assert_eq!((short.len(), &short["id"], &short["unheard"]), (3, &json!(LINK), &json!([1])));
    let error = read().expect_err("a list is none");
    assert_eq!((error.kind(), error.body().as_ref()), (ErrorKind::Decode, b"[]".as_ref()));
}

#[test]
fn a_transport_of_ones_own_is_one_function() {
    struct Mirror;
    impl Transport for Mirror {
        fn send(
            &self,
            request: http::Request<Bytes>,
            _: Limits,
        ) -> belvo::client::BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
            let answer = match request.method().as_str() {
                "DELETE" => Ok(http::Response::builder().status(204).body(Bytes::new()).expect("a response")),
                _ => Err(Failure::not_sent("only deletions here")),
            };
            Box::pin(std::future::ready(answer))
        }
    }
    let client = Client::builder("http://127.0.0.1:9/prefix/").transport(Mirror).clock(VirtualClock::new());
    let client = client.build().expect("a client");
    assert_eq!(now(client.links().delete(LINK)).expect("deleted").status(), 204);
    let error = now(client.links().get(LINK)).expect_err("no way");
    assert_eq!((error.attempts(), error.may_have_been_sent()), (6, false));
}
