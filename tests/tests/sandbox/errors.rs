//! Flow 8: every error the API is known to give, in every shape it comes in.

use crate::pauses;
use belvo::{ErrorCode, ErrorKind};
use serde_json::{Value, json};
use tests::sandbox::{Act, LINK, Reply, Sandbox, error, error_of};

/// Statuses and codes as Belvo's pages name them. All 40x but `too_many_sessions` and 429 are final.
const CODES: &[(u16, &[&str])] = &[
    (
        400,
        &[
            "login_error",
            "session_expired",
            "required",
            "does_not_exist",
            "null",
            "invalid",
            "institution_down",
            "institution_unavailable",
            "institution_inactive",
            "invalid_link",
            "invalid_credentials_storage",
            "invalid_fetch_resources",
            "unconfirmed_link",
            "unsupported_operation",
            "invalid_period",
            "already_registered",
            "invalid_choice",
            "max_length",
            "min_length",
            "blank",
            "cancellation_error",
            "idempotency_key_invalid",
            "activation_failed",
            "already_exists",
            "duplicated",
            "max_digits",
            "max_decimal_places",
            "min_value",
            "max_value",
            "not_a_list",
            "parse_error",
            "session_expired_ob",
            "unavailable_data",
            "validation_error",
            "invalid_credentials",
            "invalid_token",
            "login_two_factor_error",
            "missing_token_registration",
            "unauthorized_credentials",
            "payment_error",
            "invalid_access_mode_switch",
            "a_code_of_next_year",
        ],
    ),
    (401, &["authentication_failed", "consent_without_accounts"]),
    (
        403,
        &[
            "access_to_resource_denied",
            "access_to_production_denied",
            "quota_limit_reached",
            "permission_denied",
            "forbidden_by_host",
        ],
    ),
    (404, &["not_found", "expired_credentials"]),
    (405, &["method_not_allowed"]),
    (408, &["request_timeout"]),
    (409, &["link_refreshed", "idempotency_key_conflict"]),
    (422, &["idempotency_payload_mismatch"]),
    (428, &["token_required", "activation_required"]),
];

#[tokio::test]
async fn no_40x_but_two_is_ever_sent_again() {
    let mut cases = 0;
    for (status, codes) in CODES {
        for code in *codes {
            let sandbox = Sandbox::new();
            sandbox.decide({
                let (status, code) = (*status, code.to_string());
                move |_| Act::Answer(error(status, &code))
            });
            let (client, clock) = sandbox.client();
            let calls = [
                client.accounts().list().await.expect_err(code),
                client.accounts().retrieve(LINK).await.expect_err(code),
                client.accounts().delete(LINK).await.expect_err(code),
                client.payment_intents_brazil().create().await.expect_err(code),
            ];
            for error in &calls {
                assert_eq!((error.kind(), error.code()), (ErrorKind::Status, Some(*code)), "{status} {code}");
                assert_eq!(error.status().map(|s| s.code()), Some(*status));
                assert_eq!(error.error_code(), Some(ErrorCode::from(*code)));
                assert_eq!((error.attempts(), error.is_retryable()), (1, false), "{status} {code}");
                assert_eq!(error.request_id().map(str::len), Some(32), "the id for Belvo's support");
                let shown = error.to_string();
                assert!(shown.contains(code) && shown.contains(error.request_id().expect("an id")), "{shown}");
            }
            assert_eq!((sandbox.count(), pauses(&clock).len()), (calls.len(), 0), "{status} {code}");
            cases += calls.len();
        }
    }
    assert_eq!(cases, 4 * CODES.iter().map(|(_, codes)| codes.len()).sum::<usize>());
}

#[tokio::test]
async fn advice_is_there_for_every_code_the_document_and_the_pages_name() {
    for (status, codes) in CODES {
        for code in *codes {
            let known = ErrorCode::from(*code);
            assert_eq!(known.as_str(), *code);
            if *code == "a_code_of_next_year" {
                assert!(matches!(known, ErrorCode::Unrecognized(_)), "{code}");
                assert_eq!((known.class(), known.advice()), (None, None), "{code}");
                continue;
            }
            assert!(known.status().contains(status) && known.class().is_some(), "{code}: {:?}", known.status());
            assert!(known.advice().is_some_and(|advice| advice.len() > 15), "{code}");
        }
    }
}

async fn one(reply: Reply) -> (belvo::Error, usize) {
    let sandbox = Sandbox::new();
    sandbox.decide(move |_| Act::Answer(reply.clone()));
    let (client, _) = sandbox.client();
    (client.accounts().retrieve(LINK).await.expect_err("an error"), sandbox.count())
}

#[tokio::test]
async fn error_bodies_of_every_shape_are_read() {
    let item = json!({"code": "required", "message": "m", "field": "link", "request_id": "r1"});
    for (body, items, code, field) in [
        (json!([item]), 1, Some("required"), Some("link")),
        (item.clone(), 1, Some("required"), Some("link")),
        (json!([{"code": "blank"}, item]), 2, Some("blank"), None),
        (json!({"detail": "Not allowed."}), 1, None, None),
        (json!([]), 0, None, None),
        (json!({}), 0, None, None),
        (Value::Null, 0, None, None),
        (json!("no"), 1, None, None),
        (json!([["required"], 7, null]), 1, None, None),
        (json!([{"code": 7, "message": ["m"]}]), 1, Some("7"), None),
    ] {
        let (error, requests) = one(Reply::json(400, &body)).await;
        assert_eq!((error.kind(), requests), (ErrorKind::Status, 1), "{body}");
        assert_eq!(error.code(), code, "{body}");
        assert_eq!(error.items().first().and_then(|i| i.field()), field, "{body}");
        assert!(error.items().len() == items || body == json!([["required"], 7, null]), "{body}: {:?}", error.items());
        assert_eq!(serde_json::from_slice::<Value>(error.body()).expect("the body"), body, "it is there as it came");
    }
    let (error, _) = one(Reply::json(400, &json!({"detail": "Not allowed."}))).await;
    assert_eq!(error.message(), Some("Not allowed."));
    // No JSON at all.
    for (reply, requests) in [
        (Reply::text(401, "text/plain", "Unauthorized"), 1),
        (Reply::empty(401), 1),
        (Reply::empty(405), 1),
        (Reply::text(403, "text/html", "<html>Forbidden</html>"), 1),
        (Reply::html(502), 6),
        (Reply::text(503, "application/json", "{\"co"), 6),
        (Reply::empty(504), 6),
    ] {
        let (status, length) = (reply.status, reply.body.len());
        let (error, seen) = one(reply).await;
        assert_eq!((error.kind(), error.status().map(|s| s.code())), (ErrorKind::Status, Some(status)));
        assert_eq!((error.items().len(), error.body().len(), seen), (0, length, requests), "{status}");
        assert_eq!(error.is_retryable(), requests == 6);
        assert!(!error.to_string().contains("html"), "bodies are not shown: {error}");
    }
}

#[tokio::test]
async fn an_html_502_passes_and_is_not_taken_for_data() {
    let sandbox = Sandbox::new();
    sandbox.plan("POST /api/accounts/", [Act::Answer(Reply::html(502)), Act::Answer(Reply::html(502))]);
    let (client, clock) = sandbox.client();
    assert_eq!(client.accounts().retrieve(LINK).await.expect("accounts").attempts(), 3);
    assert_eq!(pauses(&clock), [3, 6]);
    // A proxy's page under a good status is no data either.
    let sandbox = Sandbox::new();
    sandbox.plan("POST /api/accounts/", [Act::Answer(Reply::html(200))]);
    let (client, _) = sandbox.client();
    let error = client.accounts().retrieve(LINK).await.expect_err("no accounts");
    assert_eq!((error.kind(), sandbox.count()), (ErrorKind::Decode, 1));
}

#[tokio::test]
async fn messages_and_fields_stay_out_of_what_is_printed() {
    let about = [("message", json!("Lia Prado, CPF 48392017564")), ("field", json!("Lia Prado <lia@example.com>"))];
    let (error, _) = one(error_of(400, "invalid", &about)).await;
    assert_eq!(error.message(), Some("Lia Prado, CPF 48392017564"));
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("Prado") && !shown.contains("48392017564") && !shown.contains("lia@"), "{shown}");
}
