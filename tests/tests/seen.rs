//! What Belvo really answers and sends when something is not a plain result: error bodies of every shape, and webhooks. Bodies of our own
//! run everywhere; those in the shape of what was seen run where they are at hand.

use belvo::testing::{Answer, Recorder, VirtualClock, now};
use belvo::webhooks::{
    ConsentAction, PaymentFailureCode, PaymentStatus, PaymentWebhookCode, PaymentWebhookType, Webhook, WebhookCode,
    WebhookType,
};
use belvo::{Client, Environment, Error, ErrorClass, ErrorCode};
use serde_json::{Value, json};
use std::fs;
use tests::place::shared;

const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";

/// The error of a call that is answered so, and how many requests were sent.
fn answered(status: u16, media: &str, body: &str) -> (Error, usize) {
    let (recorder, clock) = (Recorder::answering([]), VirtualClock::new());
    recorder.always(Answer::bytes(status, media, body.to_owned()));
    let builder = Client::builder(Environment::Sandbox).transport(recorder.clone()).clock(clock);
    let client = builder.build().expect("a client");
    let error = now(client.accounts().retrieve(LINK)).expect_err("an error");
    (error, recorder.requests().len())
}

#[test]
fn every_error_has_a_code_that_is_known_or_none_and_a_class() {
    use ErrorClass::{Caller, Service, User, Wait};
    let json = "application/json";
    let id = "7c0f4e1ad28b4c66a91d5e3f70b8c241";
    let plain = |code: &str| json!([{"code": code, "message": "Something", "request_id": id}]).to_string();
    let nested = |around: &str, inside: Value| {
        let mut item = json!({"field": around, "request_id": id});
        item.as_object_mut().expect("an object").extend(inside.as_object().expect("an object").clone());
        json!([item]).to_string()
    };
    let leaf = |code: &str| json!({"message": "Something", "code": code});
    type Line<'a> = (u16, &'a str, String, Option<&'a str>, ErrorClass, Option<&'a str>);
    let table: Vec<Line<'_>> = vec![
        (400, json, plain("activation_failed"), Some("activation_failed"), User, None),
        (428, json, plain("activation_required"), Some("activation_required"), User, None),
        (400, json, plain("session_expired_ob"), Some("session_expired_ob"), User, None),
        (404, json, plain("expired_credentials"), Some("expired_credentials"), User, None),
        (400, json, plain("invalid_credentials"), Some("invalid_credentials"), User, None),
        (408, json, plain("request_timeout"), Some("request_timeout"), Wait, None),
        (400, json, plain("unavailable_data"), Some("unavailable_data"), Wait, None),
        (403, json, plain("forbidden_by_host"), Some("forbidden_by_host"), Wait, None),
        (403, json, plain("permission_denied"), Some("permission_denied"), Wait, None),
        (403, json, plain("quota_limit_reached"), Some("quota_limit_reached"), Caller, None),
        (403, json, plain("access_to_production_denied"), Some("access_to_production_denied"), Caller, None),
        (405, json, plain("method_not_allowed"), Some("method_not_allowed"), Caller, None),
        (400, json, plain("duplicated"), Some("duplicated"), Caller, None),
        (500, json, plain("service_unavailable"), Some("service_unavailable"), Service, None),
        // At the member they are about.
        (
            400,
            json,
            nested("holder", json!({"tax_id": {"number": leaf("already_exists")}})),
            Some("already_exists"),
            Caller,
            Some("holder.tax_id.number"),
        ),
        (
            400,
            json,
            nested("charge", json!({"amount": [leaf("max_digits"), leaf("min_value")]})),
            Some("max_digits"),
            Caller,
            Some("charge.amount"),
        ),
        (
            400,
            json,
            nested("payers", json!({"accounts": [{}, {"bank": [leaf("invalid")]}]})),
            Some("invalid"),
            Caller,
            Some("payers.accounts[1].bank"),
        ),
        // In other words, or in none.
        (
            400,
            json,
            json!([{"error_code": "invalid_token", "error_message": "No"}]).to_string(),
            Some("invalid_token"),
            User,
            None,
        ),
        (
            400,
            json,
            json!({"error_code": "payment_error", "error_message": "No"}).to_string(),
            Some("payment_error"),
            Service,
            None,
        ),
        (400, json, json!({"detail": "Link status is INVALID"}).to_string(), None, User, None),
        (404, json, json!({"detail": "Not here."}).to_string(), None, Caller, None),
        (403, json, json!({"detail": "Request was throttled. Come back later."}).to_string(), None, Wait, None),
        (403, json, json!({"detail": "You do not have permission."}).to_string(), None, Caller, None),
        (403, "text/html", "<html><title>403 Forbidden</title></html>".to_owned(), None, Wait, None),
        (403, "text/html; charset=utf-8", "<p>Forbidden</p>".to_owned(), None, Wait, None),
        (403, "text/plain", "Forbidden".to_owned(), None, Caller, None),
        (408, "text/html", "<html></html>".to_owned(), None, Wait, None),
        (429, "text/plain", String::new(), None, Wait, None),
        (502, "text/html", "<html></html>".to_owned(), None, Service, None),
        (504, json, "{\"co".to_owned(), None, Service, None),
        (401, json, String::new(), None, Caller, None),
    ];
    for (status, media, body, code, class, field) in table {
        let (error, sent) = answered(status, media, &body);
        assert_eq!((error.code(), error.class()), (code, Some(class)), "{status} {body}");
        assert!(!matches!(error.error_code(), Some(ErrorCode::Unrecognized(_))), "{status} {body}");
        assert_eq!(error.items().first().and_then(|item| item.field()), field, "{status} {body}");
        assert_eq!(sent, if status == 429 || status >= 500 { 6 } else { 1 }, "{status} {body}");
        let shown = error.to_string();
        assert!(shown.contains(&status.to_string()) && !shown.contains("Something"), "{shown}");
        for part in [code, field].into_iter().flatten() {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        if body.contains(id) {
            assert!(error.request_id() == Some(id) && shown.contains(id), "{shown}");
        }
        assert!(code.is_none() || error.advice().is_some_and(|advice| advice.len() > 15), "{status} {body}");
    }
    // Advice stands where the answer itself is known.
    let advice = |status, media, body| answered(status, media, body).0.advice();
    assert!(advice(403, "text/html", "<p>").is_some_and(|a| a.contains("slow down")));
    assert!(advice(408, "", "").is_some_and(|a| a.contains("asynchronous")));
    assert_eq!((advice(404, json, "{}"), advice(400, json, "[{\"code\": \"made_up\"}]")), (None, None));
    // A code nobody knows says nothing, the status does.
    assert_eq!(answered(403, "text/html", "[{\"code\": \"made_up\"}]").0.class(), Some(Caller));
    assert_eq!(answered(500, json, "[{\"code\": \"made_up\"}]").0.class(), Some(Service));
}

#[test]
fn an_error_without_an_answer_has_no_class() {
    let recorder = Recorder::answering([Answer::not_sent(), Answer::json(202, "{}")]);
    let client = Client::builder(Environment::Sandbox).transport(recorder).clock(VirtualClock::new());
    let client = client.build().expect("a client");
    let never = belvo::retry::Retry::Never;
    for _ in 0..2 {
        let error = now(client.links().list().request().retry(never)).expect_err("an error");
        assert_eq!((error.class(), error.advice(), error.error_code()), (None, None, None), "{error}");
    }
}

fn lines(file: &str) -> Option<Vec<Value>> {
    let text = fs::read_to_string(shared(file)?).expect("a file");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

/// All members called `code` or `error_code` that hold a text, with the names that lead to them.
fn codes(value: &Value, path: &[String], out: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Array(list) => list.iter().for_each(|element| codes(element, path, out)),
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(code) if name == "code" || name == "error_code" => {
                        out.push((code.clone(), path.to_vec()));
                    }
                    _ => codes(value, &[path, std::slice::from_ref(name)].concat(), out),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_errors_that_were_seen_are_known() {
    let Some(lines) = lines("belvo/seen/errors.jsonl") else { return };
    for line in &lines {
        let text = |name: &str| line[name].as_str().unwrap_or_default();
        let status = line["status"].as_u64().and_then(|s| u16::try_from(s).ok()).expect("a status");
        let (error, sent) = answered(status, text("ct"), text("body"));
        let mut expected = Vec::new();
        let body: Value = serde_json::from_str(text("body")).unwrap_or_default();
        codes(&body, &[], &mut expected);
        assert_eq!(error.items().iter().filter_map(|i| i.code()).count(), expected.len(), "{line}");
        for (item, (code, path)) in error.items().iter().zip(&expected) {
            assert_eq!(item.code(), Some(code.as_str()), "{line}");
            assert!(!matches!(item.error_code(), Some(ErrorCode::Unrecognized(_))), "{line}");
            let named = body[0]["field"].as_str().map(str::to_owned);
            let whole: Vec<String> = named.into_iter().chain(path.iter().cloned()).collect();
            assert_eq!(item.field().unwrap_or_default(), whole.join("."), "{line}");
            assert!(error.to_string().contains(code) && error.advice().is_some(), "{error}");
        }
        let class = error.class().unwrap_or_else(|| panic!("no class for {line}"));
        if status == 408 || status == 429 || (status == 403 && text("ct") == "text/html") {
            assert_eq!(class, ErrorClass::Wait, "{line}");
        }
        let retried = status == 429 || status >= 500 || error.has_code("too_many_sessions");
        assert_eq!(sent, if retried { 6 } else { 1 }, "{line}");
        assert_eq!(error.mfa().is_some(), text("body").contains("\"session\":"), "{line}");
    }
    println!("{} error answers, every code known", lines.len());
}

/// The webhook, written back as it came.
fn parsed(body: &Value) -> Webhook {
    let webhook = Webhook::parse(body.to_string().as_bytes()).expect("a webhook");
    assert_eq!(&serde_json::from_str::<Value>(&webhook.to_json()).expect("JSON"), body);
    webhook
}

/// The names of all members that no field holds, and of all words that no variant has.
fn unknown(webhook: &Webhook) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = |name: &str, unrecognized: bool| {
        if unrecognized {
            found.push(name.to_owned());
        }
    };
    let data = match webhook {
        Webhook::Aggregation(w) => {
            word("webhook_type", matches!(w.webhook_type, Some(WebhookType::Unrecognized(_))));
            word("webhook_code", matches!(w.webhook_code, Some(WebhookCode::Unrecognized(_))));
            let process = matches!(w.process_type, Some(belvo::webhooks::ProcessType::Unrecognized(_)));
            word("process_type", process);
            let data = w.data.as_ref();
            word("action", data.is_some_and(|d| matches!(d.action, Some(ConsentAction::Unrecognized(_)))));
            word("error_code", matches!(w.error(), Some(ErrorCode::Unrecognized(_))));
            data.map(|d| &d.extra)
        }
        Webhook::Payment(w) => {
            word("webhook_type", matches!(w.webhook_type, Some(PaymentWebhookType::Unrecognized(_))));
            word("webhook_code", matches!(w.webhook_code, Some(PaymentWebhookCode::Unrecognized(_))));
            let data = w.data.as_ref();
            word("status", data.is_some_and(|d| matches!(d.status, Some(PaymentStatus::Unrecognized(_)))));
            let failure = data.is_some_and(|d| matches!(d.failure_code, Some(PaymentFailureCode::Unrecognized(_))));
            word("failure_code", failure);
            data.map(|d| &d.extra)
        }
        _ => return vec!["the kind".to_owned()],
    };
    for extra in [data, webhook.extra()].into_iter().flatten() {
        found.extend(extra.iter().map(|(name, _)| name.to_owned()));
    }
    found
}

#[test]
fn the_webhooks_that_were_seen_are_known() {
    let Some(lines) = lines("belvo/seen/webhooks.jsonl") else { return };
    let mut mexican = 0;
    for line in &lines {
        let webhook = parsed(&line["body"]);
        if line["body"].get("eventType").is_some() {
            assert!(matches!(webhook, Webhook::Other(_)), "Payments Mexico is another product");
            mexican += 1;
            continue;
        }
        assert_eq!(unknown(&webhook), Vec::<String>::new(), "{line}");
    }
    println!("{} webhooks, {mexican} of Payments Mexico, every type and code known", lines.len());
}

#[test]
fn everything_a_webhook_says_is_typed() {
    let about = |kind: &str, code: &str, data: Value| {
        json!({
            "webhook_id": "w-7", "webhook_type": kind, "process_type": "recurrent_update", "webhook_code": code,
            "link_id": LINK, "request_id": "r-7", "external_id": null, "data": data,
        })
    };
    for (kind, code, data) in [
        (
            "TRANSACTIONS",
            "historical_update",
            json!({"total_transactions": 3, "total_inflow_transactions": 1,
            "total_outflow_transactions": 2, "first_transaction_date": null, "last_transaction_date": "2026-03-01"}),
        ),
        ("OWNERS", "new_owners_available", json!({"new_owners": 2})),
        ("BILLS", "new_bills_available", json!({"new_bills": 2})),
        ("INVESTMENT_TRANSACTIONS", "new_investment_transactions_available", json!({"new_investment_transactions": 2})),
        (
            "INVOICES",
            "initial_inflow_update",
            json!({"total_invoices": 2, "first_invoice_date": "2026-01-01",
            "last_invoice_date": "2026-01-31"}),
        ),
        ("INVOICES", "historical_outflow_update", json!({"total_invoices": 0})),
        (
            "TAX_RETURNS",
            "new_tax_returns_available",
            json!({"type": "monthly", "total_tax_returns": 2,
            "new_tax_returns": 1, "first_tax_return_year": 2024, "last_tax_return_year": 2025}),
        ),
        ("TAX_STATUS", "historical_update", json!({"total_tax_status": 1, "last_status_change_date": "1999-12-31"})),
        ("INCOMES", "historical_update", json!({"total_incomes": 1, "number_of_income_streams": 4})),
        ("EMPLOYMENT_RECORDS", "employment_changes", json!({"employment_changes": ["EMPLOYED"]})),
        ("EMPLOYMENT_METRICS", "historical_update", json!({"total_employment_metrics": 1})),
        ("LINK", "link_deleted", json!({})),
        ("LINKS", "token_required", json!({"error_code": "token_required", "error_message": "No", "status": 428})),
        (
            "CONSENT",
            "openfinance_consent_about_to_expire",
            json!({"consent_id": "c-1", "action": "renew",
            "consent_due_date": "2026-12-01T00:00:00Z", "institution": "mock", "institution_display_name": "Mock",
            "institution_icon_logo": "https://logo.example/1.svg"}),
        ),
        ("CONSENT", "openfinance_consent_with_temporarily_unavailable_resources", json!({"consent_id": "c-1"})),
    ] {
        assert_eq!(unknown(&parsed(&about(kind, code, data))), Vec::<String>::new(), "{kind} {code}");
    }
    let consent = json!({"consent_id": "c-1", "action": "renew", "consent_due_date": "2026-12-01T00:00:00Z"});
    let Webhook::Aggregation(w) = parsed(&about("CONSENT", "consent_expired", consent)) else { panic!("another kind") };
    assert_eq!((w.webhook_type, w.webhook_code), (Some(WebhookType::Consent), Some(WebhookCode::ConsentExpired)));
    let data = w.data.expect("data");
    assert_eq!((data.consent_id.as_deref(), data.action), (Some("c-1"), Some(ConsentAction::Renew)));
    assert_eq!(data.consent_due_date.as_deref(), Some("2026-12-01T00:00:00Z"));
    let counts = json!({"total_transactions": 12, "first_transaction_date": "2026-01-02", "type": "yearly"});
    let Webhook::Aggregation(w) = parsed(&about("TRANSACTIONS", "historical_update", counts)) else { panic!("other") };
    let data = w.data.expect("data");
    assert_eq!((data.total_transactions, data.kind.as_deref()), (Some(12), Some("yearly")));
    assert_eq!(data.first_transaction_date.as_deref(), Some("2026-01-02"));

    let payment = |kind: &str, code: &str, data: Value| json!({"webhook_id": "w-8", "webhook_type": kind, "webhook_code": code, "object_id": "o-1", "data": data});
    for (kind, code, data) in [
        ("BANK_ACCOUNTS", "OBJECT_CREATED", json!({"metadata": {"mine": "1"}})),
        ("CUSTOMERS", "OBJECT_CREATED", json!({})),
        ("PAYMENT_AUTHORIZATIONS", "STATUS_UPDATE", json!({"status": "AUTHORIZED"})),
        (
            "PAYMENT_AUTHORIZATIONS",
            "STATUS_UPDATE",
            json!({"status": "FAILED", "status_reason_code": "FRAUD_SUSPECTED",
            "status_reason_message": "No"}),
        ),
        (
            "CHARGES",
            "STATUS_UPDATE",
            json!({"status": "FAILED", "failure_code": "insufficient_funds",
            "failure_message": "No", "end_to_end_id": "E1"}),
        ),
    ] {
        assert_eq!(unknown(&parsed(&payment(kind, code, data))), Vec::<String>::new(), "{kind} {code}");
    }
    let failed = json!({"status": "FAILED", "failure_code": "consent_expired"});
    let Webhook::Payment(w) = parsed(&payment("CHARGES", "STATUS_UPDATE", failed)) else { panic!("another kind") };
    assert_eq!(w.data.expect("data").failure_code, Some(PaymentFailureCode::ConsentExpired));

    // What nobody has described yet is kept, and said.
    let odd = about("PENSIONS", "made_up", json!({"total_pensions": 3, "action": "wait"}));
    assert_eq!(unknown(&parsed(&odd)), ["webhook_type", "webhook_code", "action", "total_pensions"]);
    let odd = payment("REFUNDS", "STATUS_UPDATE", json!({"status": "SOON", "failure_code": "made_up", "amount": 1}));
    assert_eq!(unknown(&parsed(&odd)), ["webhook_type", "status", "failure_code", "amount"]);
}
