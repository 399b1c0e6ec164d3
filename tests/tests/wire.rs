//! The crate `belvo` as its users meet it: against the recording double, and once against a real HTTP server.

use belvo::ErrorKind;
use belvo::api::requests::{CancelChargeBrazilArgs, RetrieveTransactionsArgs};
use belvo::testing::{Answer, Recorder, VirtualClock};
use belvo::{Client, Credentials, Environment, Number};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";
const ID: &str = "91c6f0d8-2ab7-4e35-b0f4-7d5a3e81c962";

/// A client of the sandbox on a script.
fn days(from: &str, to: &str) -> RetrieveTransactionsArgs {
    RetrieveTransactionsArgs { link: LINK.into(), date_from: from.into(), date_to: to.into() }
}

fn scripted(answers: impl IntoIterator<Item = Answer>) -> (Client, Recorder, VirtualClock) {
    let (recorder, clock) = (Recorder::answering(answers), VirtualClock::new());
    let builder = Client::builder(Environment::Sandbox).credentials(Credentials::basic("id", "password"));
    let client = builder.transport(recorder.clone()).clock(clock.clone()).build().expect("a client");
    (client, recorder, clock)
}

fn urls(recorder: &Recorder) -> Vec<String> {
    recorder.requests().iter().map(|r| r.url.replace("https://sandbox.belvo.com", "")).collect()
}

fn balance(available: f64) -> Value {
    json!({
        "id": ID, "link": LINK, "account_id": ID, "account_internal_identification": "internal-1",
        "collected_at": "2025-03-14T08:45:50Z", "created_at": "2025-03-14T08:45:50Z",
        "last_updated_at": "2025-03-14T08:45:50Z", "currency": "BRL", "available": available, "blocked": 0,
        "automatically_invested": 0,
    })
}

/// The document asks for two to four digits behind the point of these filters.
#[tokio::test]
async fn filters_are_sent_with_the_digits_they_are_given() {
    let (client, recorder, _) = scripted([page(&[], None)]);
    let list = client.transactions().list(LINK).amount_gte("1000.50".parse::<Number>().expect("a number"));
    let list = list
        .amount_lt(Number::new(200_000, 2))
        .amount(7)
        .account_balance_current_gt(Number::try_from(0.1).expect("one"));
    list.amount_range([Number::new(-150, 2), Number::ZERO]).await.expect("a page");
    let query =
        "amount__gte=1000.50&amount__lt=2000.00&amount=7&account__balance__current__gt=0.1&amount__range=-1.50,0";
    assert_eq!(urls(&recorder), [format!("/api/transactions/?link={LINK}&{query}")]);
}

/// What a bank does with a balance: it is passed on as it came, compared, added up and subtracted, to the cent.
#[tokio::test]
async fn amounts_are_what_was_sent_to_the_last_digit() {
    let amounts = ["0.10", "0.20", "9007199254740993.01", "1E2", "-0.00"];
    let body =
        |amount: &&str| balance(0.0).to_string().replace("\"available\":0.0", &format!("\"available\":{amount}"));
    let bodies: Vec<String> = amounts.iter().map(body).collect();
    let answer = format!("{{\"count\":5,\"next\":null,\"previous\":null,\"results\":[{}]}}", bodies.join(","));
    let (client, ..) = scripted([Answer::json(200, answer)]);
    let page = client.balances().list(LINK).await.expect("a page");
    let records = &page.results;
    assert_eq!(
        records.iter().flat_map(|record| &record.available).map(ToString::to_string).collect::<Vec<_>>(),
        amounts
    );
    let sum = records.iter().flat_map(|record| &record.available).try_fold(Number::ZERO, |sum, n| sum.checked_add(n));
    assert_eq!(sum.map(|sum| sum.to_string()).as_deref(), Some("9007199254741093.31"));
    for (record, body) in records.iter().zip(bodies) {
        let written = belvo::to_json(record);
        assert!(body.split(',').all(|member| written.contains(member.trim_matches(['{', '}']))), "{written}");
    }
}

fn page(records: &[Value], next: Option<&str>) -> Answer {
    Answer::json(200, json!({"count": 9, "next": next, "previous": null, "results": records}).to_string())
}

#[tokio::test]
async fn pages_are_followed_to_their_end() {
    let (client, recorder, _) = scripted([
        page(&[balance(1.0), balance(2.0)], Some("https://sandbox.belvo.com/api/br/balances/?page=2")),
        page(&[], Some("https://sandbox.belvo.com/api/br/balances/?page=3")),
        page(&[balance(3.0)], None),
    ]);
    let mut items = client.balances().list(LINK).page_size(2).items();
    let mut available = Vec::new();
    while let Some(item) = items.try_next().await.expect("a balance") {
        available.push(item.available);
    }
    assert_eq!(available, [1, 2, 3].map(|n| Some(Number::from(n))));
    assert_eq!(
        urls(&recorder),
        [
            format!("/api/br/balances/?link={LINK}&page_size=2"),
            "/api/br/balances/?page=2".to_owned(),
            "/api/br/balances/?page=3".to_owned(),
        ]
    );
    assert!(recorder.requests().iter().all(|r| r.headers["authorization"] == "Basic aWQ6cGFzc3dvcmQ="));
}

#[tokio::test]
async fn a_page_elsewhere_is_never_asked_for() {
    let (client, recorder, _) = scripted([page(&[balance(1.0)], Some("https://sandbox.belvo.com.evil.example/page"))]);
    let mut items = client.balances().list(LINK).items();
    assert!(items.try_next().await.expect("the first").is_some());
    assert_eq!(items.try_next().await.expect_err("elsewhere").kind(), ErrorKind::Page);
    assert_eq!(recorder.requests().len(), 1, "the credentials stay at home");
}

#[tokio::test]
async fn one_odd_record_costs_no_page() {
    let mut odd = balance(2.0);
    odd["id"] = json!({"number": 2});
    let (client, ..) = scripted([page(&[balance(1.0), odd, balance(3.0)], None)]);
    let response = client.balances().list(LINK).await.expect("a page");
    let results = &response.results;
    assert_eq!(results.iter().map(|b| b.available.clone()).collect::<Vec<_>>(), [1, 3].map(|n| Some(Number::from(n))));
    let odd = &results.invalid()[0];
    assert_eq!((odd.index(), odd.path(), odd.to_value()["id"]["number"].as_i64()), (1, "$.results[1].id", Some(2)));
}

#[tokio::test]
async fn passing_failures_are_retried_on_belvo_s_schedule() {
    let failures = (0..5).map(|_| Answer::json(500, r#"[{"code":"unexpected_error","message":"x"}]"#));
    let (client, recorder, clock) = scripted(failures.chain([Answer::status(204)]));
    let response = client.links().delete(ID).await.expect("deleted");
    assert_eq!((response.status().code(), response.attempts()), (204, 6));
    assert_eq!(clock.pauses(), [3, 6, 12, 24, 48].map(Duration::from_secs));
    assert_eq!(recorder.requests().len(), 6);
}

#[tokio::test]
async fn too_many_sessions_is_retried_and_no_other_refusal() {
    let busy = || Answer::json(400, r#"[{"code":"too_many_sessions","message":"x"}]"#);
    let (client, _, clock) = scripted([busy(), busy(), Answer::json(201, "[]")]);
    let accounts = client.accounts().retrieve(LINK).await.expect("accounts");
    assert!(accounts.is_empty());
    assert_eq!(clock.pauses(), [3, 6].map(Duration::from_secs));

    let (client, recorder, clock) = scripted([Answer::json(400, r#"[{"code":"login_error","message":"x"}]"#)]);
    let error = client.accounts().retrieve(LINK).await.expect_err("refused");
    assert_eq!((error.code(), error.is_retryable()), (Some("login_error"), false));
    assert_eq!((recorder.requests().len(), clock.pauses().len()), (1, 0));
}

#[tokio::test]
async fn money_is_not_sent_twice_without_a_key() {
    let broken = || Answer::json(500, "[]");
    // Creating an intent carries a key, the same on every attempt.
    let (client, recorder, _) = scripted([Answer::maybe_sent(), broken(), broken(), broken(), broken(), broken()]);
    let error = client.payment_intents_brazil().create().await.expect_err("broken");
    assert_eq!(error.attempts(), 6);
    let keys: Vec<_> = recorder.requests().iter().map(|r| r.headers["belvo-idempotency-key"].clone()).collect();
    assert!(keys.iter().all(|key| *key == keys[0] && !key.is_empty()));
    // Cancelling a charge has none to carry.
    let (client, recorder, _) = scripted([broken()]);
    let error = client
        .payment_intents_brazil()
        .cancel_charge(CancelChargeBrazilArgs { payment_intent_id: ID.into(), charge_id: ID.into() })
        .await
        .expect_err("broken");
    assert!(error.may_have_been_sent());
    assert_eq!(recorder.requests().len(), 1);
}

#[tokio::test]
async fn errors_tell_what_the_api_said_and_nothing_secret() {
    let body = json!([
        {"code": "required", "message": "This member is needed", "field": "link", "request_id": "a6e1c493"},
        {"code": "invalid_period", "message": "The dates are swapped"},
    ]);
    let (client, ..) = scripted([Answer::json(400, body.to_string())]);
    let error = client.transactions().retrieve(days("2025-02-01", "2025-01-01")).await.expect_err("refused");
    assert_eq!((error.kind(), error.status().map(|s| s.code())), (ErrorKind::Status, Some(400)));
    assert_eq!((error.code(), error.request_id()), (Some("required"), Some("a6e1c493")));
    let items: Vec<_> = error.items().iter().map(|item| (item.code(), item.field())).collect();
    assert_eq!(items, [(Some("required"), Some("link")), (Some("invalid_period"), None)]);
    let text = format!("{error} {error:?}");
    assert!(text.contains("RetrieveTransactions") && text.contains("required"), "{text}");
    for secret in ["password", "aWQ6", "swapped", LINK] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_given() {
    let asked =
        json!([{"code": "token_required", "message": "A token is needed", "session": "5d0e8b2c", "link": LINK}]);
    let (client, recorder, _) = scripted([Answer::json(428, asked.to_string()), Answer::json(200, "[]")]);
    let error = client.accounts().retrieve(LINK).await.expect_err("a token is needed");
    assert_eq!(error.status().map(|s| s.code()), Some(428));
    let mfa = error.mfa().expect("a session");
    client.accounts().resume(mfa, "724906").await.expect("accounts");
    let sent = &recorder.requests()[1];
    assert_eq!(
        (sent.method.as_str(), &sent.body[..]),
        ("PATCH", format!(r#"{{"session":"5d0e8b2c","link":"{LINK}","token":"724906"}}"#).as_bytes())
    );
}

#[tokio::test]
async fn an_asynchronous_call_gives_its_receipt() {
    let (client, recorder, _) = scripted([Answer::json(202, r#"{"request_id":"b7f01c"}"#)]);
    let accepted =
        client.transactions().retrieve(days("2025-01-01", "2025-02-01")).asynchronous().await.expect("a receipt");
    assert_eq!(accepted.status().code(), 202);
    assert_eq!(((*accepted).request_id(), accepted.request_id()), (Some("b7f01c"), Some("b7f01c")));
    assert_eq!(recorder.requests()[0].headers["x-belvo-request-mode"], "async");
    // Without the switch a 202 is no list of transactions.
    let (client, ..) = scripted([Answer::json(202, r#"{"request_id":"b7f01c"}"#)]);
    let error = client.transactions().retrieve(days("2025-01-01", "2025-02-01")).await.expect_err("no list");
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Accepted, Some("b7f01c")));
}

#[tokio::test]
async fn what_the_document_forgot_can_be_sent_and_read() {
    let (client, recorder, _) = scripted([Answer::json(200, r#"{"brand_new":1}"#)]);
    let call = client.links().get(ID).header("X-Mine", "yes").query("expand", "all");
    let value = call.send_as::<Value>().await.expect("a value");
    assert_eq!(value["brand_new"], 1);
    let sent = &recorder.requests()[0];
    assert!(sent.url.ends_with("?expand=all") && sent.headers["x-mine"] == "yes");
}

/// A server on loopback that answers from a table of hand-written responses, and keeps the heads of the requests.
async fn site(table: Vec<(&'static str, String)>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}/prefix", listener.local_addr().expect("an address"));
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let (seen, table) = (Arc::clone(&requests), Arc::new(table));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&table), Arc::clone(&seen)));
        }
    });
    (base, requests)
}

async fn serve(mut stream: TcpStream, table: Arc<Vec<(&'static str, String)>>, seen: Arc<Mutex<Vec<String>>>) {
    let mut buffer = Vec::new();
    loop {
        let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk).await {
                Ok(n) if n > 0 => buffer.extend_from_slice(&chunk[..n]),
                _ => return,
            }
            continue;
        };
        // None of these requests has a body.
        let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
        buffer.drain(..end + 4);
        let answer = table.iter().find(|(line, _)| head.starts_with(line)).map(|(_, answer)| answer.as_str());
        seen.lock().expect("a lock").push(head);
        let answer = answer.unwrap_or("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n[]");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn list_get_and_delete_over_http() {
    let link = |status: &str| format!("{{\"id\":\"{ID}\",\"status\":\"{status}\",\"new_member\":[1]}}");
    let (start, end) = ("{\"count\":1,\"next\":null,\"resu", format!("lts\":[{}]}}", link("valid")));
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let page = format!("{json}transfer-encoding: chunked\r\n\r\n{}{}{}", chunk(start), chunk(&end), chunk(""));
    let one = link("sleeping");
    let one = format!("{json}x-request-id: r-7\r\ncontent-length: {}\r\n\r\n{one}", one.len());
    let (base, requests) = site(vec![
        ("GET /prefix/api/links/?page_size=5 HTTP/1.1", page),
        ("GET /prefix/api/links/91c6f0d8-2ab7-4e35-b0f4-7d5a3e81c962/ HTTP/1.1", one),
        ("DELETE /prefix/api/links/91c6f0d8-2ab7-4e35-b0f4-7d5a3e81c962/ ", "HTTP/1.1 204 No Content\r\n\r\n".into()),
    ])
    .await;
    let builder = Client::builder(base.as_str()).credentials(Credentials::basic("id", "password"));
    let client = builder.clock(VirtualClock::new()).build().expect("a client");
    let list = client.links().list().page_size(5).await.expect("a page");
    let link = &list.results[0];
    let id = link.id.clone();
    let link = client.links().get(id.clone()).await.expect("a link");
    assert_eq!(link.request_id(), Some("r-7"));
    assert_eq!(
        link.status.as_ref().map(|s| s.to_string()).as_deref(),
        Some("sleeping"),
        "an unknown status keeps its text"
    );
    let gone = client.links().delete(id).await.expect("deleted");
    assert_eq!(gone.status().code(), 204);
    let missing = client.links().get(LINK).await.expect_err("not there");
    assert_eq!(missing.status().map(|s| s.code()), Some(404));

    let requests = requests.lock().expect("a lock").clone();
    assert_eq!(requests.len(), 4);
    for head in requests {
        let lower = head.to_ascii_lowercase();
        assert!(head.contains("Basic aWQ6cGFzc3dvcmQ="), "{head}");
        assert!(lower.contains("accept: application/json") && lower.contains("user-agent: belvo-rust ("), "{head}");
    }
}
