//! Flows 2, 7, 13: links are registered, changed, refreshed and deleted.

use crate::pauses;
use belvo::{Value, models};
use serde_json::json;
use tests::sandbox::{LINK, Sandbox};

#[tokio::test]
async fn a_fiscal_link_is_registered_and_what_is_new_survives() {
    let sandbox = Sandbox::new();
    let (client, clock) = sandbox.client();
    let body = models::LinksRequestFiscalMexico::new("tatooine_mx_fiscal", "ABC010203XY9", "la-clave");
    let link = client.links().register(body).await.expect("a link");
    assert_eq!((link.status().code(), link.attempts()), (201, 1));
    let asked = &sandbox.seen()[0];
    assert_eq!(asked.route(), "POST /api/links/");
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.text(), r#"{"institution":"tatooine_mx_fiscal","username":"ABC010203XY9","password":"la-clave"}"#);
    // The document says neither that `external_id` can be null nor that there is such a status or such a member.
    assert_eq!(link.external_id, None);
    let status = link.status.as_ref().expect("a status");
    assert!(matches!(status, models::EnumLinkStatus::Unrecognized(text) if &**text == "sleeping"), "{status:?}");
    let written = serde_json::to_value(&*link).expect("JSON");
    assert_eq!(written["external_id"], Value::Null);
    assert!(written.get("external_id").is_some(), "a null that came is written back");
    assert_eq!((&written["status"], &written["brand_new"]["since"]), (&json!("sleeping"), &json!("2027")));
    assert!(pauses(&clock).is_empty());
}

#[tokio::test]
async fn a_missing_member_is_named_by_the_error() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let body = serde_json::from_value::<models::RegisterLinkRequest>(json!({"institution": "x"})).expect("a body");
    let error = client.links().register(body).await.expect_err("refused");
    assert_eq!((error.status().map(|s| s.code()), error.code()), (Some(400), Some("required")));
    assert_eq!(error.items()[0].field(), Some("username"));
    assert_eq!(sandbox.world(|w| w.made("RegisterLink")), 0);
}

#[tokio::test]
async fn a_link_is_changed_in_both_ways() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    client.links().update(LINK, models::LinksPutRequest::new("new-password")).await.expect("a link");
    let change = models::ChangeAccessMode::new().with_access_mode("recurrent").with_stale_in("30d");
    let link = client.links().modify_data_retrieval(LINK, change).await.expect("a link");
    assert_eq!(link.stale_in.as_deref(), Some("30d"));
    let seen = sandbox.seen();
    let path = format!("/api/links/{LINK}/");
    assert_eq!((seen[0].route(), seen[0].text()), (format!("PUT {path}"), r#"{"password":"new-password"}"#.into()));
    assert_eq!(seen[1].route(), format!("PATCH {path}"));
    assert_eq!(seen[1].json(), json!({"access_mode": "recurrent", "stale_in": "30d"}));
}

#[tokio::test]
async fn a_link_is_deleted_at_once_or_later_and_only_once() {
    let sandbox = Sandbox::new();
    let (client, clock) = sandbox.client();
    let deleted = client.links().delete(LINK).await.expect("deleted");
    assert_eq!(deleted.status().code(), 204);
    let asked = &sandbox.seen()[0];
    assert_eq!((asked.route(), asked.body.len()), (format!("DELETE /api/links/{LINK}/"), 0));
    assert_eq!((asked.header("content-type"), asked.header("x-belvo-request-mode")), (None, None));
    let error = client.links().delete(LINK).await.expect_err("it is gone");
    assert_eq!((error.status().map(|s| s.code()), error.code()), (Some(404), Some("not_found")));
    assert!(pauses(&clock).is_empty());

    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let accepted = client.links().delete(LINK).asynchronous().await.expect("accepted");
    assert_eq!(accepted.status().code(), 202);
    // Here the id is a UUID, elsewhere 32 hexadecimal digits.
    assert_eq!((*accepted).request_id().map(str::len), Some(36));
    assert_eq!(sandbox.seen()[0].header("x-belvo-request-mode"), Some("async"));
}

#[tokio::test]
async fn a_link_is_refreshed_and_not_twice_in_ten_minutes() {
    let sandbox = Sandbox::new();
    let (client, clock) = sandbox.client();
    let accepted = client.links().refresh_historical_data(LINK).await.expect("accepted");
    let request_id = accepted.request_id.clone();
    assert_eq!((accepted.status().code(), request_id.len()), (202, 32));
    assert_eq!(sandbox.seen()[0].text(), "", "nothing is said, so nothing is sent");
    let error = client.links().refresh_historical_data(LINK).await.expect_err("too early");
    assert_eq!((error.status().map(|s| s.code()), error.code()), (Some(409), Some("link_refreshed")));
    assert!(!error.is_retryable() && pauses(&clock).is_empty());
    assert_eq!(sandbox.count(), 2);
    assert_eq!(sandbox.world(|w| w.notifications.len()), 1);

    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    client.links().refresh_historical_data(LINK).fetch_resources(["BILLS", "TRANSACTIONS"]).await.expect("accepted");
    assert_eq!(sandbox.seen()[0].text(), r#"{"fetch_resources":["BILLS","TRANSACTIONS"]}"#);
    assert_eq!(sandbox.seen()[0].target, format!("/api/links/{LINK}/refresh/"));
}
