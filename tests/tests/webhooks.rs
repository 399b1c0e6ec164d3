//! Webhooks and the login check: what no document describes, tested where it is used, in the generated crate.

use belvo::client::Accepted;
use belvo::from_json;
use belvo::testing::{Answer, Recorder, VirtualClock, now};
use belvo::webhooks::{
    Guard, PaymentStatus, PaymentWebhookCode, PaymentWebhookType, ProcessType, Rejected, Webhook, WebhookCode,
    WebhookType,
};
use belvo::{Client, Credentials, Environment, ErrorCode};
use serde_json::{Value, json};

const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";

fn parsed(body: &Value) -> Webhook {
    let webhook = Webhook::parse(body.to_string().as_bytes()).expect("a webhook");
    let back: Value = serde_json::from_str(&webhook.to_json()).expect("JSON");
    assert_eq!(&back, body, "everything that came is written back");
    webhook
}

fn news() -> Value {
    json!({
        "webhook_id": "9b1f7a2e0c8d4b55a1e3c6d9f2087b64", "webhook_type": "TRANSACTIONS",
        "process_type": "historical_update", "webhook_code": "historical_update", "link_id": LINK,
        "request_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "external_id": "customer-7",
        "data": {"total_transactions": 12, "first_transaction_date": "2026-01-01"},
    })
}

#[test]
fn news_about_a_link_are_typed_and_keep_what_is_unknown() {
    let Webhook::Aggregation(w) = parsed(&news()) else { panic!("another kind") };
    assert_eq!(w.webhook_type, Some(WebhookType::Transactions));
    assert_eq!(w.process_type, Some(ProcessType::HistoricalUpdate));
    assert_eq!(w.webhook_code, Some(WebhookCode::HistoricalUpdate));
    assert_eq!((w.link_id.as_deref(), w.external_id.as_deref()), (Some(LINK), Some("customer-7")));
    let data = w.data.as_ref().expect("data");
    assert_eq!((data.total_transactions, data.first_transaction_date.as_deref()), (Some(12), Some("2026-01-01")));
    assert_eq!(w.error(), None);

    let mut odd = news();
    odd["webhook_type"] = json!("SOMETHING_NEW");
    odd["webhook_code"] = json!("made_up");
    odd["external_id"] = Value::Null;
    odd["who_knows"] = json!([1, {"a": null}]);
    let Webhook::Aggregation(w) = parsed(&odd) else { panic!("another kind") };
    assert_eq!(w.webhook_type, Some(WebhookType::Unrecognized("SOMETHING_NEW".into())));
    assert_eq!(w.webhook_code, Some(WebhookCode::Unrecognized("made_up".into())));
    assert_eq!(w.extra.get("who_knows"), Some(json!([1, {"a": null}])));
}

#[test]
fn an_error_comes_as_data() {
    let mut body = news();
    body["webhook_code"] = json!("invalid_credentials");
    for (status, code, expected) in [
        (json!(400), "login_error", ErrorCode::LoginError),
        (json!("error"), "invalid_credentials", ErrorCode::InvalidCredentials),
        (json!("error"), "made_up", ErrorCode::Unrecognized("made_up".into())),
    ] {
        body["data"] = json!({"error_code": code, "error_message": "no", "status": status});
        let Webhook::Aggregation(w) = parsed(&body) else { panic!("another kind") };
        assert_eq!((w.error(), w.webhook_code.as_ref()), (Some(&expected), Some(&WebhookCode::InvalidCredentials)));
    }
}

#[test]
fn payments_of_both_schemas_are_told_from_news_about_links() {
    let first = json!({
        "webhook_id": "w-1", "webhook_type": "TRANSACTIONS", "webhook_code": "STATUS_UPDATE",
        "object_id": "d50e7a83-1f4c-4296-b8d7-6a93c0e1f258", "external_id": "order-1",
        "data": {"status": "SUCCEEDED", "failure_code": null, "failure_message": null,
            "end_to_end_id": "E123", "metadata": {"order": "1"}},
    });
    let Webhook::Payment(w) = parsed(&first) else { panic!("another kind") };
    assert_eq!(w.webhook_type, Some(PaymentWebhookType::Transactions));
    assert_eq!(w.webhook_code, Some(PaymentWebhookCode::StatusUpdate));
    let data = w.data.expect("data");
    assert_eq!((data.status, data.end_to_end_id.as_deref()), (Some(PaymentStatus::Succeeded), Some("E123")));
    assert_eq!(data.metadata, Some(json!({"order": "1"})));

    // Of the second schema nothing is promised but that nothing is lost.
    let second = json!({
        "webhook_id": "w-2", "webhook_type": "CHARGES", "webhook_code": "OBJECT_CREATED", "version": 2,
        "object_id": "x", "data": {"status": "AUTHORIZED_LATER", "amount": {"value": "10.00", "currency": "BRL"}},
    });
    let Webhook::Payment(w) = parsed(&second) else { panic!("another kind") };
    assert_eq!(w.extra.get("version"), Some(json!(2)));
    assert_eq!(w.data.expect("data").status, Some(PaymentStatus::Unrecognized("AUTHORIZED_LATER".into())));
}

#[test]
fn other_bodies_are_kept_and_only_what_is_no_json_is_refused() {
    // Payments in Mexico have a shape of their own; some members have another kind than anybody expects.
    for body in [
        json!({"eventType": "CHARGE", "eventCode": "X", "datetime": "2026-01-01", "details": {}}),
        json!({"webhook_type": {"is": "an object"}, "webhook_id": "w-3"}),
        json!([]),
        json!("text"),
    ] {
        let webhook = parsed(&body);
        assert!(matches!(webhook, Webhook::Other(_)), "{body}");
        assert_eq!(webhook.id(), body.get("webhook_id").and_then(Value::as_str));
    }
    for body in ["", "<html>", "{\"webhook_id\": \"w"] {
        assert!(Webhook::parse(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn only_the_configured_authorization_opens() {
    let body = news().to_string();
    let guards = [
        (Guard::new(&Credentials::basic("user", "pass")), "Basic dXNlcjpwYXNz"),
        (Guard::new(&Credentials::bearer("t0ken")), "Bearer t0ken"),
        (Guard::exactly("Anything at all"), "Anything at all"),
    ];
    for (guard, right) in &guards {
        assert!(guard.allows(Some(right)) && guard.open(Some(right), body.as_bytes()).is_ok());
        let longer = format!("{right} ");
        let doubled = format!("{right}{right}");
        let shorter = right.get(..right.len() - 1).expect("ASCII");
        let lower = right.to_lowercase();
        for wrong in ["", " ", "Basic", longer.as_str(), doubled.as_str(), shorter, lower.as_str()] {
            let error = guard.open(Some(wrong), body.as_bytes()).expect_err(wrong);
            assert!(matches!(error, Rejected::Unauthorized) && error.status() == 401, "{wrong:?}");
        }
        assert!(!guard.allows(None::<&str>));
        // A stranger does not even learn whether the body can be read.
        assert_eq!(guard.open(None::<&str>, b"no json").expect_err("no authorization").status(), 401);
        assert_eq!(guard.open(Some(right), b"no json").expect_err("no JSON").status(), 400);
        assert!(!format!("{guard:?}").contains(right));
    }
    // Nothing configured lets nothing in, an empty header least of all.
    for guard in [Guard::exactly(""), Guard::new(&Credentials::none())] {
        assert!(!guard.allows(Some("")) && !guard.allows(Some("x")) && !guard.allows(None::<&str>));
    }
}

#[test]
fn a_webhook_answers_the_request_that_was_accepted() {
    let accepted = |id: &str| -> Accepted {
        let body = format!("{{\"request_id\":\"{id}\"}}");
        let (recorder, clock) = (Recorder::answering([Answer::json(202, body)]), VirtualClock::new());
        let builder = Client::builder(Environment::Sandbox).transport(recorder).clock(clock);
        let client = builder.build().expect("a client");
        now(client.links().delete(LINK).asynchronous()).expect("accepted").into_inner()
    };
    let webhook = parsed(&news());
    assert!(webhook.answers(&accepted("0a1b2c3d4e5f60718293a4b5c6d7e8f9")));
    // The same digits, as a UUID.
    assert!(webhook.answers(&accepted("0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9")));
    assert!(!webhook.answers(&accepted("1a1b2c3d4e5f60718293a4b5c6d7e8f9")) && !webhook.answers(&accepted("")));
    assert!(webhook.answers_request("0a1b2c3d4e5f60718293a4b5c6d7e8f9") && !webhook.answers_request(""));
    let mut nobody = news();
    nobody["request_id"] = json!("");
    assert!(!parsed(&nobody).answers_request(""));
}

#[test]
fn payloads_are_models_like_any_other() {
    let text = news().to_string();
    let one: belvo::webhooks::AggregationWebhook = serde_json::from_str(&text).expect("serde reads it");
    let (other, _) =
        from_json::<belvo::webhooks::AggregationWebhook>(text.as_bytes(), Default::default()).expect("read");
    assert_eq!(one, other);
    assert_eq!(serde_json::to_value(&one).expect("JSON"), news());
}

#[test]
fn the_login_check_is_one_call_and_an_explicit_one() {
    let denied = r#"[{"code":"authentication_failed","message":"x","request_id":"r-9"}]"#;
    let recorder = Recorder::answering([
        Answer::json(200, "[\"links\"]"),
        Answer::json(401, denied),
        Answer::status(500),
        Answer::status(200),
    ]);
    let client = Client::builder(Environment::Sandbox).credentials(Credentials::basic("id", "password"));
    let client = client.transport(recorder.clone()).clock(VirtualClock::new()).build().expect("a client");
    assert_eq!(recorder.requests().len(), 0, "making a client sends nothing");
    now(client.check_credentials()).expect("accepted");
    let error = now(client.check_credentials()).expect_err("denied");
    assert_eq!(error.error_code(), Some(ErrorCode::AuthenticationFailed));
    assert_eq!(
        error.to_string(),
        "GET /api/: 401 Unauthorized: authentication_failed; request id r-9, for Belvo's support"
    );
    assert_eq!(now(client.check_credentials()).expect("after a retry").attempts(), 2);
    recorder.then(Answer::bytes(200, "text/html", "<p>Please log in to this hotel</p>"));
    let error = now(client.check_credentials()).expect_err("somebody else");
    assert_eq!(error.kind(), belvo::ErrorKind::Decode);
    for request in recorder.requests() {
        assert_eq!(
            (request.method.as_str(), request.url.as_str(), request.body.len()),
            ("GET", "https://sandbox.belvo.com/api/", 0)
        );
        assert_eq!(request.headers["authorization"], "Basic aWQ6cGFzc3dvcmQ=");
    }
}
