//! Flows 2, 7, 13: links are registered, changed, refreshed and deleted.

use crate::pauses;
use belvo::client::Outcome;
use belvo::{ErrorCode, ErrorKind, Value, models};
use serde_json::json;
use tests::sandbox::{Act, LINK, Reply, Sandbox, error_of};

#[tokio::test]
async fn a_fiscal_link_is_registered_and_what_is_new_survives() {
    let sandbox = Sandbox::new();
    let (client, clock) = sandbox.client();
    let body = models::LinksRequestFiscalMexico::new(models::LinksRequestFiscalMexicoArgs {
        institution: "tatooine_mx_fiscal".into(),
        username: "ABC010203XY9".into(),
        password: "clave2025".into(),
    });
    let link = client.links().register(body).await.expect("a link");
    assert_eq!((link.status().code(), link.attempts()), (201, 1));
    let asked = &sandbox.seen()[0];
    assert_eq!(asked.route(), "POST /api/links/");
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(
        asked.text(),
        r#"{"institution":"tatooine_mx_fiscal","username":"ABC010203XY9","password":"clave2025"}"#
    );
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
async fn a_bank_link_is_registered_with_name_and_password() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let body = models::LinksRequestBanking::new(models::LinksRequestBankingArgs {
        institution: "erebor_mx_retail".into(),
        username: "ana.gomez".into(),
        password: "Manga-verde-77".into(),
    });
    let link = client.links().register(body.clone()).await.expect("a link");
    assert_eq!((link.status().code(), link.institution.as_deref()), (201, Some("erebor_mx_retail")));
    let asked = &sandbox.seen()[0];
    assert_eq!(asked.route(), "POST /api/links/");
    assert_eq!(
        asked.text(),
        r#"{"institution":"erebor_mx_retail","username":"ana.gomez","password":"Manga-verde-77"}"#
    );
    let body = body.with_username_type("103").with_username2("sa").with_username3("12").with_password2("4471");
    let body = body.with_token("724906").with_access_mode("single").with_fetch_resources(["ACCOUNTS"]);
    let shown = format!("{body:?}");
    for secret in ["ana.gomez", "Manga", "\"sa\"", "\"12\"", "4471", "724906"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    client.links().register(body).await.expect("a link");
    assert_eq!(sandbox.seen()[1].json()["username_type"], "103");
}

#[test]
fn what_is_registered_is_told_by_its_members() {
    let of = |more: Value| {
        let mut body = json!({"institution": "i", "username": "u"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let request: models::RegisterLinkRequest = serde_json::from_value(body.clone()).expect("a request");
        assert_eq!(serde_json::to_value(&request).expect("JSON"), body);
        request
    };
    use models::RegisterLinkRequest::*;
    for more in [
        json!({"password": "p", "username_type": "103"}),
        json!({"password": "p", "password2": "q"}),
        json!({"password": "p", "username2": "v"}),
        json!({"password": "p", "username3": "w"}),
        json!({"password": "p", "fetch_resources": ["ACCOUNTS"]}),
    ] {
        assert!(matches!(of(more.clone()), LinksRequestBanking(_)), "{more}");
    }
    assert!(matches!(of(json!({"username2": "v"})), LinksRequestEmploymentMexico(_)));
    assert!(matches!(of(json!({"password": "p", "fetch_resources": ["OWNERS"]})), LinksRequestEmploymentBrazil(_)));
    assert!(matches!(of(json!({"password": "p", "fetch_resources": ["INVOICES"]})), LinksRequestFiscalMexico(_)));
}

#[tokio::test]
async fn a_second_link_of_one_user_leads_to_the_first() {
    let sandbox = Sandbox::new();
    let refusal = error_of(400, "duplicated", &[("institution_user_id", json!("kT7v="))]);
    sandbox.plan("POST /api/links/", [Act::Answer(refusal)]);
    let (client, _) = sandbox.client();
    let body = models::LinksRequestBanking::new(models::LinksRequestBankingArgs {
        institution: "erebor_mx_retail".into(),
        username: "ana.gomez".into(),
        password: "Manga-verde-77".into(),
    });
    let error = client.links().register(body).await.expect_err("there is one");
    assert_eq!(error.error_code(), Some(ErrorCode::Duplicated));
    assert_eq!((error.institution_user_id(), error.items()[0].institution_user_id()), (Some("kT7v="), Some("kT7v=")));
    assert!(error.advice().is_some_and(|advice| advice.contains("institution_user_id")));
    let user = error.institution_user_id().expect("a user");
    client.links().list().institution_user_id(user).await.expect("a page");
    assert!(sandbox.seen()[1].target.ends_with("?institution_user_id=kT7v%3D"), "{}", sandbox.seen()[1].target);
    // Others have none.
    let error = client.links().get("ffffffff-ffff-4fff-8fff-ffffffffffff").await.expect_err("no such link");
    assert_eq!(error.institution_user_id(), None);
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
    assert_eq!((deleted.status().code(), &*deleted), (204, &Outcome::Done));
    let asked = &sandbox.seen()[0];
    assert_eq!((asked.route(), asked.body.len()), (format!("DELETE /api/links/{LINK}/"), 0));
    assert_eq!((asked.header("content-type"), asked.header("x-belvo-request-mode")), (None, None));
    let error = client.links().delete(LINK).await.expect_err("it is gone");
    assert_eq!((error.status().map(|s| s.code()), error.code()), (Some(404), Some("not_found")));
    assert!(error.is_not_found() && !error.earlier_attempt_may_have_acted());
    assert!(pauses(&clock).is_empty());

    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let accepted = client.links().delete(LINK).asynchronous().await.expect("accepted");
    assert_eq!(accepted.status().code(), 202);
    // Here the id is a UUID, elsewhere 32 hexadecimal digits.
    assert_eq!(accepted.request_id().map(str::len), Some(36));
    assert_eq!((*accepted).request_id(), accepted.request_id());
    assert_eq!(sandbox.seen()[0].header("x-belvo-request-mode"), Some("async"));
}

#[tokio::test]
async fn a_deletion_says_whether_it_is_done_or_accepted() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    // By the header as a parameter, or whenever the API chooses to.
    let outcome = client.links().delete(LINK).x_belvo_request_mode("async").await.expect("accepted");
    assert!(!outcome.is_done() && outcome.status().code() == 202);
    let receipt = outcome.accepted().expect("a receipt");
    assert_eq!((receipt.request_id().map(str::len), receipt.request_id()), (Some(36), outcome.request_id()));
    let Outcome::Accepted(receipt) = outcome.into_inner() else { panic!("not accepted") };
    assert!(receipt.request_id().is_some());
}

#[tokio::test]
async fn a_404_after_a_retry_may_be_the_first_attempts_doing() {
    let sandbox = Sandbox::new();
    let route = format!("DELETE /api/links/{LINK}/");
    sandbox.plan(&route, [Act::status(503).after_it_was_done(), Act::Usual]);
    let (client, clock) = sandbox.client();
    let error = client.links().delete(LINK).await.expect_err("gone");
    assert_eq!((error.attempts(), pauses(&clock)), (2, vec![3]));
    assert!(error.is_not_found() && error.earlier_attempt_may_have_acted());
    assert!(error.to_string().contains("; 2 attempts, an earlier one may have done it"), "{error}");
    // A refusal did nothing, and a proxy knows nothing of links.
    for (answers, gone) in [
        (vec![Act::Answer(Reply::empty(429)), Act::Answer(error_of(404, "not_found", &[]))], true),
        (vec![Act::Answer(Reply::json(404, &json!({"detail": "Not found."})))], true),
        (vec![Act::Answer(tests::sandbox::error(404, "expired_credentials"))], false),
        (vec![Act::Answer(Reply::html(404))], false),
        (vec![Act::status(404)], false),
        (vec![Act::Answer(tests::sandbox::error(400, "not_found"))], false),
    ] {
        let sandbox = Sandbox::new();
        sandbox.plan(&route, answers);
        let (client, _) = sandbox.client();
        let error = client.links().delete(LINK).await.expect_err("an error");
        assert_eq!((error.kind(), error.is_not_found()), (ErrorKind::Status, gone), "{error}");
        assert!(!error.earlier_attempt_may_have_acted() && !error.to_string().contains("earlier"), "{error}");
    }
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
