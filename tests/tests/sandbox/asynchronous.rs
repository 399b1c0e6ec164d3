//! Flow 6: the API takes a request and answers later, by a notification with the same request id.

use crate::pauses;
use belvo::webhooks::{Guard, Rejected, Webhook, WebhookCode, WebhookType};
use belvo::{Credentials, ErrorCode, ErrorKind, models};
use serde_json::{Value, json};
use tests::sandbox::{Act, LINK, Reply, Sandbox, january};

#[tokio::test]
async fn a_receipt_now_and_the_data_later() {
    let sandbox = Sandbox::new();
    let (client, clock) = sandbox.client();
    let call = client.transactions().retrieve(january());
    let accepted = call.asynchronous().await.expect("accepted");
    assert_eq!(accepted.status().code(), 202);
    let request_id = accepted.request_id().expect("an id").to_owned();
    assert_eq!((*accepted).request_id(), Some(request_id.as_str()));
    assert_eq!(request_id.len(), 32);
    let asked = &sandbox.seen()[0];
    assert_eq!(asked.header("x-belvo-request-mode"), Some("async"));
    assert_eq!(asked.text(), format!(r#"{{"link":"{LINK}","date_from":"2026-01-01","date_to":"2026-01-31"}}"#));
    assert!(pauses(&clock).is_empty());
    // The notification carries the same id, and the data can be listed.
    let due = sandbox.world(|w| w.notifications.clone());
    assert_eq!(due.len(), 1);
    assert_eq!((&due[0].body["request_id"], &due[0].body["link_id"]), (&json!(request_id), &json!(LINK)));
    assert_eq!(client.transactions().list(LINK).await.expect("a page").count, Some(1));
}

#[tokio::test]
async fn a_202_that_nobody_declared_is_a_receipt_all_the_same() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    // The document declares the header here and no 202; there it is the other way round.
    let statements = client.financial_statements().retrieve(LINK).asynchronous().await.expect("accepted");
    let investments = client.investments_brazil().retrieve(LINK).asynchronous().await.expect("accepted");
    assert_eq!([statements.status().code(), investments.status().code()], [202, 202]);
    assert!((*statements).request_id().is_some() && (*statements).request_id() != (*investments).request_id());
    assert!(sandbox.seen().iter().all(|a| a.header("x-belvo-request-mode") == Some("async")));
    let ids: Vec<Value> = sandbox.world(|w| w.notifications.iter().map(|n| n.body["request_id"].clone()).collect());
    assert_eq!(ids, [json!((*statements).request_id()), json!((*investments).request_id())]);
}

#[tokio::test]
async fn a_202_nobody_asked_for_is_an_error_one_can_match() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let call = client.transactions().retrieve(january()).header("X-Belvo-Request-Mode", "async");
    let error = call.await.expect_err("no transactions yet");
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Accepted, 1, false));
    let due = sandbox.world(|w| w.notifications.clone());
    assert_eq!(error.request_id().map(|id| json!(id)), Some(due[0].body["request_id"].clone()));
    assert!(error.may_have_been_sent());
}

#[tokio::test]
async fn an_answer_at_once_in_spite_of_the_switch_is_an_error_that_holds_it() {
    // A server that ignores the header and answers with the data: nothing is lost, and no notification will come.
    let record = |id: usize| json!({"id": format!("t-{id}"), "amount": 100.50, "description": "x".repeat(200)});
    // More than an error's body is cut to.
    let data: Value = (0..3_000).map(record).collect();
    for status in [200, 201] {
        let sandbox = Sandbox::new();
        sandbox.plan("POST /api/transactions/", [Act::json(status, &data)]);
        let (client, clock) = sandbox.client();
        let call = client.transactions().retrieve(january());
        let error = call.asynchronous().await.expect_err("no receipt");
        assert_eq!((error.kind(), error.status().map(|s| s.code())), (ErrorKind::AnsweredAtOnce, Some(status)));
        assert_eq!((error.attempts(), error.is_retryable(), error.may_have_been_sent()), (1, false, true));
        assert_eq!((sandbox.count(), pauses(&clock).len()), (1, 0), "it is not sent again");
        assert_eq!((error.class(), error.code(), error.items().len()), (None, None, 0), "none of the API's errors");
        assert_eq!(error.body().len(), data.to_string().len());
        let records = error.read::<belvo::Records<models::TransactionOpenFinanceBrazil>>().expect("transactions");
        assert_eq!((records.len(), records.invalid().len()), (3_000, 0));
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("the result came at once") && !shown.contains("t-1"), "{shown}");
    }
    // What has no result is done all the same, and no notification will come.
    let sandbox = Sandbox::new();
    sandbox.plan(&format!("DELETE /api/links/{LINK}/"), [Act::status(204)]);
    let (client, _) = sandbox.client();
    let error = client.links().delete(LINK).asynchronous().await.expect_err("no receipt");
    assert_eq!((error.kind(), error.body().len(), sandbox.count()), (ErrorKind::AnsweredAtOnce, 0, 1));
}

#[tokio::test]
async fn a_receipt_needs_no_body() {
    for (answer, id) in [
        (Reply::empty(202), None),
        (Reply::empty(202).header("x-request-id", "r-1"), Some("r-1")),
        (Reply::json(202, &json!({"request_id": "r-2"})).header("x-request-id", "r-1"), Some("r-2")),
        (Reply::json(202, &json!([])), None),
    ] {
        let sandbox = Sandbox::new();
        sandbox.plan("POST /api/transactions/", [Act::status(503), Act::Answer(answer)]);
        let (client, clock) = sandbox.client();
        let call = client.transactions().retrieve(january());
        let accepted = call.asynchronous().await.expect("accepted");
        assert_eq!((accepted.request_id(), (*accepted).request_id()), (id, id));
        assert_eq!((accepted.attempts(), pauses(&clock)), (2, vec![3]), "before it was accepted it is tried again");
    }
}

/// What the endpoint was configured with, and the header that goes with it, made by another program.
fn guard() -> (Guard, &'static str) {
    (Guard::new(&Credentials::basic("hook", "webhook-secret")), "Basic aG9vazp3ZWJob29rLXNlY3JldA==")
}

#[tokio::test]
async fn a_webhook_answers_the_receipt_with_its_request_id() {
    let (sandbox, (guard, right)) = (Sandbox::new(), guard());
    let (client, _) = sandbox.client();
    let transactions = client.transactions().retrieve(january()).asynchronous().await;
    // A 202 the document does not declare.
    let statements = client.financial_statements().retrieve(LINK).asynchronous().await;
    let receipts = [transactions.expect("accepted"), statements.expect("accepted")];
    let due = sandbox.world(|w| w.notifications.clone());
    let mut kinds = Vec::new();
    // They come in any order.
    for (notification, receipt) in due.iter().zip(&receipts).rev() {
        let body = notification.body.to_string();
        for wrong in [None, Some(""), Some("Basic"), Some("Basic aG9vazp3ZWJob29rLXNlY3JldA"), Some("Bearer x")] {
            let rejected = guard.open(wrong, body.as_bytes()).expect_err("not from Belvo");
            assert!(matches!(rejected, Rejected::Unauthorized) && rejected.status() == 401);
        }
        let webhook = guard.open(Some(right), body.as_bytes()).expect("a webhook");
        let answered: Vec<bool> = receipts.iter().map(|receipt| webhook.answers(receipt)).collect();
        assert_eq!(answered, receipts.iter().map(|r| r.request_id() == receipt.request_id()).collect::<Vec<_>>());
        assert!(webhook.id().is_some() && webhook.request_id().is_some());
        let Webhook::Aggregation(news) = webhook else { panic!("another kind: {webhook:?}") };
        assert_eq!((news.link_id.as_deref(), news.error()), (Some(LINK), None));
        assert_eq!(news.webhook_code, Some(WebhookCode::HistoricalUpdate));
        kinds.push(news.webhook_type.expect("a type"));
    }
    assert_eq!(kinds, [WebhookType::FinancialStatements, WebhookType::Transactions]);
}

#[tokio::test]
async fn a_webhook_says_why_the_data_will_not_come() {
    let (sandbox, (guard, right)) = (Sandbox::new(), guard());
    sandbox.world(|w| w.fails_later = Some("login_error".into()));
    let (client, _) = sandbox.client();
    let accepted = client.owners().retrieve(LINK).header("X-Belvo-Request-Mode", "async").await.expect_err("accepted");
    let due = sandbox.world(|w| w.notifications[0].body.to_string());
    let webhook = guard.open(Some(right), due.as_bytes()).expect("a webhook");
    assert!(webhook.answers_request(accepted.request_id().expect("an id")));
    let Webhook::Aggregation(news) = &webhook else { panic!("another kind: {webhook:?}") };
    assert_eq!(news.error(), Some(&ErrorCode::LoginError));
    assert_eq!(client.owners().list().await.expect("a page").count, Some(0));
}
