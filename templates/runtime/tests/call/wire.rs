//! The default transports against a real HTTP server on loopback.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::Client;
use crate::runtime::{Credentials, ErrorKind, FailureKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::*;

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Act {
    /// This status, these headers, this body.
    Answer(u16, &'static str, &'static str),
    /// The same, and closes the connection without saying that it will.
    Hangup(u16, &'static str),
    /// Closes the connection without a word.
    Reset,
    /// Announces more than it sends.
    CutOff,
    /// Says nothing for longer than any test waits.
    Silence,
    /// Sends without end.
    Flood,
}

struct Site {
    base: String,
    requests: Arc<std::sync::Mutex<Vec<String>>>,
    count: Arc<AtomicUsize>,
}

/// A server that does the acts one after the other, the last one for ever.
async fn site(acts: &'static [Act]) -> Site {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (requests, count) = (Arc::default(), Arc::new(AtomicUsize::new(0)));
    let site = Site { base, requests: Arc::clone(&requests), count: Arc::clone(&count) };
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (requests, count) = (Arc::clone(&requests), Arc::clone(&count));
            tokio::spawn(async move {
                let _ = serve(stream, acts, &requests, &count).await;
            });
        }
    });
    site
}

async fn serve(
    mut stream: TcpStream,
    acts: &[Act],
    requests: &std::sync::Mutex<Vec<String>>,
    count: &AtomicUsize,
) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let Some(request) = read_request(&mut stream, &mut buffer).await? else { return Ok(()) };
        requests.lock().unwrap().push(request);
        let number = count.fetch_add(1, Ordering::SeqCst);
        match acts.get(number).or(acts.last()).copied() {
            Some(Act::Answer(status, headers, body)) => {
                let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
                let text = format!("HTTP/1.1 {status} Status\r\n{headers}{length}\r\n{body}");
                stream.write_all(text.as_bytes()).await?;
            }
            Some(Act::Hangup(status, body)) => {
                let text = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                stream.write_all(text.as_bytes()).await?;
                return Ok(());
            }
            Some(Act::CutOff) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[1,").await?;
                return Ok(());
            }
            Some(Act::Silence) => tokio::time::sleep(Duration::from_secs(600)).await,
            Some(Act::Flood) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
                let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "x".repeat(1 << 16));
                loop {
                    stream.write_all(chunk.as_bytes()).await?;
                }
            }
            Some(Act::Reset) | None => return Ok(()),
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<Option<String>> {
    loop {
        let text = String::from_utf8_lossy(buffer).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            let length: usize = length.unwrap_or(0);
            if body.len() >= length {
                buffer.clear();
                return Ok(Some(text));
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await? {
            0 => return Ok(None),
            n => buffer.extend_from_slice(&chunk[..n]),
        }
    }
}

fn client(site: &Site) -> Client {
    Client::builder(format!("{}/prefix/", site.base).as_str())
        .credentials(Credentials::basic("id", "password"))
        .user_agent("test (1)")
        .retry_rules(RULES)
        .clock(FastClock)
        .max_body(1 << 20)
        .build()
        .unwrap()
}

const OK: Act = Act::Answer(200, "content-type: application/json\r\nx-request-id: r1\r\n", "{\"a\":1}");

/// The same call through both transports.
async fn both(
    site: &Site,
    call: impl Fn(&Client) -> Plain,
) -> Vec<Result<crate::runtime::Response<crate::runtime::Value>, crate::runtime::Error>> {
    let client = client(site);
    let first = call(&client).send().await;
    let request = call(&client);
    let second = tokio::task::spawn_blocking(move || request.blocking()).await.unwrap();
    vec![first, second]
}

#[tokio::test]
async fn a_call_over_the_wire() {
    let site = site(&[OK]).await;
    let outcomes = both(&site, |client| {
        let mut order = plain(client, &ORDER_BOOK, "a/b");
        order.request.member("gift", &false);
        order.query("fields", "id,link")
    })
    .await;
    for outcome in outcomes {
        let response = outcome.unwrap();
        assert_eq!((response.status().code(), response.request_id()), (200, Some("r1")));
        assert_eq!(response["a"], 1);
    }
    let requests = site.requests.lock().unwrap().clone();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let lower = request.to_ascii_lowercase();
        assert!(request.starts_with("POST /prefix/api/books/a%2Fb/orders/?fields=id%2Clink HTTP/1.1\r\n"), "{request}");
        for header in
            ["user-agent: test (1)", "accept: application/json", "content-type: application/json", "content-length: 14"]
        {
            assert_eq!(lower.matches(&format!("{header}\r\n")).count(), 1, "{header} in {request}");
        }
        assert!(request.contains("Basic aWQ6cGFzc3dvcmQ="), "{request}");
        assert!(request.ends_with("\r\n\r\n{\"gift\":false}"), "{request}");
    }
}

#[tokio::test]
async fn a_delete_has_no_body_and_an_empty_answer_is_fine() {
    let site = site(&[Act::Answer(204, "", "")]).await;
    let client = client(&site);
    let request = || plain(&client, &DELETE_BOOK, "x").request().read_by(crate::runtime::__private::decode_nothing);
    assert_eq!(request().await.unwrap().status(), 204);
    let again = request();
    assert_eq!(tokio::task::spawn_blocking(move || again.blocking()).await.unwrap().unwrap().status(), 204);
    for request in site.requests.lock().unwrap().iter() {
        let lower = request.to_ascii_lowercase();
        assert!(!lower.contains("content-length") && !lower.contains("transfer-encoding"), "{request}");
    }
}

#[tokio::test]
async fn passing_failures_are_retried_over_the_wire() {
    const ACTS: &[Act] = &[Act::Answer(502, "content-type: text/html\r\n", "<html>"), Act::Reset, Act::CutOff, OK];
    for blocking in [false, true] {
        let site = site(ACTS).await;
        let request = get(&client(&site), "x");
        let response = if blocking {
            tokio::task::spawn_blocking(move || request.blocking()).await.unwrap()
        } else {
            request.await
        };
        assert_eq!(response.unwrap().attempts(), 4, "blocking: {blocking}");
        assert_eq!(site.count.load(Ordering::SeqCst), 4, "blocking: {blocking}");
    }
}

#[tokio::test]
async fn held_back_calls_are_sent_once_when_they_may_have_arrived() {
    for act in [&[Act::Reset][..], &[Act::CutOff], &[Act::Answer(500, "", "")]] {
        let acts: &'static [Act] = Box::leak(act.to_vec().into_boxed_slice());
        let site = site(acts).await;
        for outcome in both(&site, |client| plain(client, &ORDER_BOOK, "x")).await {
            assert!(outcome.unwrap_err().may_have_been_sent());
        }
        assert_eq!(site.count.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn a_server_that_nobody_finds_means_nothing_was_sent() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (host, kind, cause) in [
        (free.to_string(), FailureKind::Refused, "the connection was refused"),
        // RFC 6761 keeps this name from ever having an address.
        ("nosuch.invalid".to_owned(), FailureKind::UnknownHost, "the name has no address"),
    ] {
        let nobody = Site { base: format!("http://{host}"), requests: Arc::default(), count: Arc::default() };
        for outcome in both(&nobody, |client| plain(client, &ORDER_BOOK, "x")).await {
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), error.failure_kind()), (ErrorKind::NotSent, Some(kind)), "{error}");
            assert_eq!((error.attempts(), error.may_have_been_sent()), (4, false), "{error}");
            let said = format!("POST /api/books/{{id}}/orders/: could not connect to {host}: {cause}; 4 attempts");
            assert_eq!(error.to_string(), said);
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert!(!source.contains("127.0.0.1"), "the url may hold secrets: {source}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_the_server_closed_in_between_costs_no_call() {
    let site = site(&[Act::Hangup(201, "1")]).await;
    let client = client(&site);
    for _ in 0..3 {
        // A held-back call: nothing would repeat it if it had been written to the dead connection.
        plain(&client, &ORDER_BOOK, "x").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let blocking = client.clone();
    let calls = move || {
        for _ in 0..3 {
            plain(&blocking, &ORDER_BOOK, "x").blocking().unwrap();
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    tokio::task::spawn_blocking(calls).await.unwrap();
    assert_eq!(site.count.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn a_silent_server_ends_in_a_timeout() {
    let site = site(&[Act::Silence]).await;
    let request = || plain(&client(&site), &ORDER_BOOK, "x").timeout(Duration::from_millis(200));
    let error = request().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Timeout, true));
    let again = request();
    let error = tokio::task::spawn_blocking(move || again.blocking()).await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Timeout, true));
}

#[tokio::test]
async fn a_flood_is_cut_off_at_the_limit() {
    let site = site(&[Act::Flood]).await;
    for outcome in both(&site, |client| get(client, "x")).await {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::TooLarge);
    }
    let site = self::site(&[Act::Answer(200, "", "[\"0123456789\"]")]).await;
    let client = Client::builder(site.base.as_str()).max_body(8).build().unwrap();
    assert_eq!(get(&client, "x").await.unwrap_err().kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn redirects_are_decided_by_us() {
    const AWAY: &[Act] = &[Act::Answer(307, "location: http://127.0.0.2:1/\r\n", "")];
    let site = site(AWAY).await;
    for outcome in both(&site, |client| plain(client, &ORDER_BOOK, "x")).await {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Redirect);
    }
    const HERE: &[Act] = &[Act::Answer(301, "location: /there/\r\n", ""), OK];
    let site = self::site(HERE).await;
    get(&client(&site), "x").await.unwrap();
    assert!(site.requests.lock().unwrap()[1].starts_with("GET /there/ "));
}

#[tokio::test]
async fn many_calls_at_once_send_exactly_what_the_rules_allow() {
    // Every third request fails; a safe call tries again, a held-back one does not.
    const ACTS: &[Act] = &[Act::Answer(500, "", "")];
    let site = site(ACTS).await;
    let client = client(&site);
    let calls: Vec<_> = (0..100)
        .map(|i| {
            let call = if i % 2 == 0 { get(&client, "x") } else { plain(&client, &ORDER_BOOK, "x") };
            tokio::spawn(call.send())
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap_err();
    }
    assert_eq!(site.count.load(Ordering::SeqCst), 50 * 6 + 50);
}

#[tokio::test]
async fn a_dropped_call_stops_and_pages_are_walked_over_the_wire() {
    const PAGES: &[Act] = &[
        Act::Answer(200, "", r#"{"results":[1,2],"next":"/prefix/api/books/?page=2"}"#),
        Act::Answer(500, "", ""),
        Act::Answer(200, "", r#"{"results":[3],"next":null}"#),
    ];
    let site = site(PAGES).await;
    drop(get(&client(&site), "x").send());
    assert_eq!(site.count.load(Ordering::SeqCst), 0, "a call that is never polled is never sent");
    let mut items = list(&client(&site)).items();
    let mut seen = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        seen.push(item);
    }
    assert_eq!((seen, site.count.load(Ordering::SeqCst)), (vec![1, 2, 3], 3));
}
