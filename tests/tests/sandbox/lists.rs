//! Flow 5: lists are walked page by page, on the client's own origin only, past everything that can be wrong with a page.

use crate::pauses;
use belvo::{ErrorKind, Number, Value};
use serde_json::json;
use tests::examples::examples;
use tests::sandbox::{Act, Breakage, LINK, Reply, Sandbox, january};

const ROUTE: &str = "GET /api/transactions/";
const HOME: &str = "https://sandbox.belvo.com/api/transactions/";

fn transaction(number: usize) -> Value {
    let (.., page) = examples().iter().find(|(id, ..)| id == "ListTransactions").expect("an example");
    let mut one = page["results"][0].clone();
    one["amount"] = json!(number);
    one["type"] = json!(["INFLOW", "OUTFLOW", "SOMETHING_NEW"][number % 3]);
    one
}

/// A sandbox with so many stored transactions.
async fn holding(number: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.world(|w| w.institution.insert("/api/transactions/".into(), (0..number).map(transaction).collect()));
    let (client, _) = sandbox.client();
    client.transactions().retrieve(january()).await.expect("transactions");
    sandbox
}

/// What a walk gave, in its order, and the error it ended with.
async fn walk(sandbox: &Sandbox) -> (Vec<Number>, Option<belvo::Error>, Vec<u64>) {
    let (client, clock) = sandbox.client();
    let mut items = client.transactions().list(LINK).page_size(10).items();
    let mut amounts = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => amounts.push(item.amount.expect("an amount")),
            Ok(None) => {
                assert!(items.try_next().await.expect("still over").is_none());
                return (amounts, None, pauses(&clock));
            }
            Err(error) => return (amounts, Some(error), pauses(&clock)),
        }
    }
}

fn page(numbers: std::ops::Range<usize>, next: Value) -> Act {
    let results: Vec<Value> = numbers.map(transaction).collect();
    Act::json(200, &json!({"count": 30, "next": next, "previous": null, "results": results}))
}

fn up_to(number: usize) -> Vec<Number> {
    (0..number).map(Number::from).collect()
}

#[tokio::test]
async fn three_pages_of_filtered_transactions() {
    let sandbox = holding(36).await;
    let (client, _) = sandbox.client();
    let list = client.transactions().list(LINK).page_size(10).created_at_range(["2026-01-01", "2026-12-31"]);
    let mut items = list.type_in(["INFLOW", "OUTFLOW"]).items();
    let mut amounts = Vec::new();
    while let Some(item) = items.try_next().await.expect("a transaction") {
        amounts.push(item.amount.expect("an amount"));
    }
    let wanted: Vec<Number> = (0..36).filter(|n| n % 3 != 2).map(Number::from).collect();
    assert_eq!(amounts, wanted);
    let query = format!("link={LINK}&page_size=10&created_at__range=2026-01-01,2026-12-31&type__in=INFLOW,OUTFLOW");
    let lines = &sandbox.lines()[1..];
    assert_eq!(
        lines,
        [
            format!("{ROUTE}?{query}"),
            // The server's own links, which repeat the query.
            format!("{ROUTE}?{query}&page=2"),
            format!("{ROUTE}?{query}&page=3"),
        ]
    );
    let authorization = sandbox.seen()[0].header("authorization").map(str::to_owned);
    assert!(sandbox.seen().iter().all(|a| a.header("authorization").map(str::to_owned) == authorization));
}

#[tokio::test]
async fn one_page_by_its_number_and_the_largest_page() {
    let sandbox = holding(25).await;
    let (client, _) = sandbox.client();
    let page = client.transactions().list(LINK).page_size(10).page(3).await.expect("a page");
    assert_eq!((page.count, page.next.as_deref(), page.results.len()), (Some(25), None, 5));
    assert!(page.previous.as_deref().is_some_and(|p| p.ends_with("&page=2")));
    let page = client.transactions().list(LINK).page_size(1000).await.expect("a page");
    assert_eq!(page.results.len(), 25);
    let error = client.transactions().list(LINK).page(9).await.expect_err("no such page");
    assert_eq!(error.code(), Some("not_found"));
}

#[tokio::test]
async fn a_foreign_next_is_never_asked_for() {
    for foreign in [
        "https://sandbox.belvo.com.evil.example/api/transactions/?page=2",
        "https://evil.example/api/transactions/?page=2",
        "http://sandbox.belvo.com/api/transactions/?page=2",
        "https://sandbox.belvo.com:8443/api/transactions/?page=2",
        "https://sandbox.belvo.com@evil.example/api/transactions/?page=2",
        "https://id:password@sandbox.belvo.com/api/transactions/?page=2",
        "//evil.example/api/transactions/?page=2",
        "https://api.belvo.com/api/transactions/?page=2",
    ] {
        let sandbox = Sandbox::new();
        sandbox.plan(ROUTE, [page(0..10, json!(foreign))]);
        let (amounts, error, _) = walk(&sandbox).await;
        assert_eq!((amounts, error.map(|e| e.kind())), (up_to(10), Some(ErrorKind::Page)), "{foreign}");
        assert_eq!(sandbox.count(), 1, "{foreign}");
    }
}

#[tokio::test]
async fn a_repeated_next_ends_the_walk() {
    // To itself, to the first page, and in a circle of two.
    for (links, requests) in [(vec![2, 2], 2), (vec![2, 3, 2], 3)] {
        let sandbox = Sandbox::new();
        for (at, link) in links.iter().enumerate() {
            sandbox.plan(ROUTE, [page(at * 10..at * 10 + 10, json!(format!("{HOME}?page={link}")))]);
        }
        let (amounts, error, _) = walk(&sandbox).await;
        assert_eq!(amounts, up_to(requests * 10));
        assert_eq!(error.map(|e| e.kind()), Some(ErrorKind::Page));
        assert_eq!(sandbox.count(), requests, "{links:?}");
    }
    let sandbox = Sandbox::new();
    sandbox.plan(ROUTE, [page(0..10, json!(format!("{HOME}?link={LINK}&page_size=10")))]);
    assert_eq!(walk(&sandbox).await.1.map(|e| e.kind()), Some(ErrorKind::Page));
    assert_eq!(sandbox.count(), 1);
}

#[tokio::test]
async fn a_missing_count_and_an_empty_page_are_no_end() {
    let sandbox = holding(25).await;
    sandbox.world(|w| w.counts = false);
    let (amounts, error, _) = walk(&sandbox).await;
    assert_eq!((amounts, error.is_none()), (up_to(25), true));

    let sandbox = Sandbox::new();
    sandbox.plan(ROUTE, [page(0..10, json!(format!("{HOME}?page=2")))]);
    sandbox.plan(ROUTE, [page(0..0, json!(format!("{HOME}?page=3")))]);
    sandbox.plan(ROUTE, [page(10..12, json!(""))]);
    let (amounts, error, _) = walk(&sandbox).await;
    assert_eq!((amounts, error.is_none(), sandbox.count()), (up_to(12), true, 3));

    let sandbox = Sandbox::new();
    let (amounts, error, _) = walk(&sandbox).await;
    assert_eq!((amounts.len(), error.is_none(), sandbox.count()), (0, true, 1), "nothing stored is no error");
}

#[tokio::test]
async fn a_page_that_fails_is_retried_within_the_walk() {
    let sandbox = holding(25).await;
    sandbox.plan(ROUTE, [Act::Usual, Act::status(500), Act::Break(Breakage::Reset), Act::Usual]);
    let (amounts, error, pauses) = walk(&sandbox).await;
    assert_eq!((amounts, error.is_none()), (up_to(25), true));
    assert_eq!(pauses, [3, 6]);
    let lines = &sandbox.lines()[1..];
    assert_eq!(lines.len(), 5);
    assert!(lines[1] == lines[2] && lines[2] == lines[3] && lines[1].ends_with("&page=2"), "{lines:?}");
}

#[tokio::test]
async fn a_walk_that_failed_goes_on_where_it_stood() {
    let sandbox = holding(25).await;
    let (client, _) = sandbox.client();
    sandbox.plan(ROUTE, [Act::Usual, Act::json(400, &json!([{"code": "login_error"}]))]);
    let mut items = client.transactions().list(LINK).page_size(10).items();
    let mut amounts = Vec::new();
    let error = loop {
        match items.try_next().await {
            Ok(item) => amounts.push(item.expect("not the end").amount.expect("an amount")),
            Err(error) => break error,
        }
    };
    assert_eq!((amounts.len(), error.code()), (10, Some("login_error")));
    // In another process: the continuation as text, with a client of its own.
    let kept = items.continuation().expect("a place to go on").as_str().to_owned();
    assert!(kept.starts_with("/api/transactions/?") && !format!("{items:?}").contains(LINK), "{kept}");
    let (client, _) = sandbox.client();
    let mut rest = client.transactions().list(LINK).items().starting_at(&kept.into());
    while let Some(item) = rest.try_next().await.expect("a transaction") {
        amounts.push(item.amount.expect("an amount"));
    }
    assert_eq!(amounts, up_to(25));
    // And the same walk can be asked again.
    assert!(items.try_next().await.expect("the second page").is_some());
}

#[tokio::test]
async fn the_malformed_next_of_the_document_s_own_example() {
    // `{endpoint}` is not filled in, and the `&` before `page` is missing.
    let published = format!("https://sandbox.belvo.com/api/{{endpoint}}/?link={LINK}page=2");
    for (next, requests) in [
        (published.as_str(), 1),
        // Without the braces it is a link like any other: it is asked for, and what comes of it is the API's answer.
        (&*format!("{HOME}?link={LINK}page=2"), 2),
        ("https://sandbox.belvo.com:port/api/", 1),
        ("https://", 1),
        ("javascript:alert(1)", 1),
        ("/../../admin/", 1),
    ] {
        let sandbox = Sandbox::new();
        sandbox.plan(ROUTE, [page(0..10, json!(next)), Act::json(400, &json!([{"code": "invalid"}]))]);
        let (amounts, error, _) = walk(&sandbox).await;
        let kind = error.map(|e| e.kind());
        assert_eq!((amounts, sandbox.count()), (up_to(10), requests), "{next}");
        assert_eq!(kind, Some(if requests == 1 { ErrorKind::Page } else { ErrorKind::Status }), "{next}");
    }
}

#[tokio::test]
async fn an_odd_record_is_an_error_one_can_step_over() {
    let sandbox = Sandbox::new();
    let mut odd = transaction(1);
    odd["id"] = json!({"value": 1});
    let body = json!({"next": null, "previous": null, "results": [transaction(0), odd, transaction(2)]});
    sandbox.plan(ROUTE, [Act::json(200, &body)]);
    let (client, _) = sandbox.client();
    let mut items = client.transactions().list(LINK).items();
    let mut came = Vec::new();
    loop {
        match items.try_next().await {
            Ok(None) => break,
            Ok(Some(item)) => came.push(item.amount.expect("an amount").to_string()),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidRecord);
                came.push(error.fault().map(|f| f.path.clone()).unwrap_or_default());
            }
        }
    }
    assert_eq!(came, ["0", "$.results[1].id", "2"]);
    sandbox.plan(ROUTE, [Act::json(200, &body)]);
    let mut valid = client.transactions().list(LINK).items().skip_invalid();
    let mut came = Vec::new();
    while let Some(item) = valid.try_next().await.expect("a transaction") {
        came.push(item.amount.expect("an amount").to_string());
    }
    assert_eq!(came, ["0", "2"]);
    assert_eq!((valid.invalid_count(), valid.invalid()[0].path.as_str()), (1, "$.results[1].id"));
    assert!(valid.invalid()[0].json.contains("value"));
    sandbox.plan(ROUTE, [Act::json(200, &body)]);
    let page = client.transactions().list(LINK).await.expect("a page");
    assert_eq!((page.results.len(), page.results.invalid().len()), (2, 1));
}

#[tokio::test]
async fn a_page_that_is_no_page_says_where() {
    let sandbox = Sandbox::new();
    sandbox.plan(ROUTE, [Act::Answer(Reply::text(200, "application/json", "{\"results\": ["))]);
    let (_, error, _) = walk(&sandbox).await;
    let error = error.expect("no page");
    assert_eq!((error.kind(), sandbox.count()), (ErrorKind::Decode, 1));
    assert!(error.fault().is_some(), "{error}");
}

#[test]
fn the_same_walk_without_an_async_runtime() {
    let sandbox = tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(holding(25));
    sandbox.plan(ROUTE, [Act::Usual, Act::status(503), Act::Usual]);
    let (client, clock) = sandbox.client();
    let items = client.transactions().list(LINK).page_size(10).items().blocking();
    let amounts: Vec<Number> = items.map(|item| item.expect("a transaction").amount.expect("an amount")).collect();
    assert_eq!((amounts, pauses(&clock)), (up_to(25), vec![3]));
    assert_eq!(sandbox.count(), 1 + 4);
    let pages = client.transactions().list(LINK).page_size(10).pages().blocking();
    assert_eq!(pages.map(|p| p.expect("a page").results.len()).collect::<Vec<_>>(), [10, 10, 5]);
}
