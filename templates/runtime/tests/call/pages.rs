//! The walk over pages: its own origin only, no loops, no lost records.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::Client;
use crate::runtime::{Answer, Continuation, Error, ErrorKind, Recorder};
use futures_core::Stream;
use serde_json::json;

use crate::support::*;

fn page(results: &[i64], next: Option<&str>) -> Answer {
    Answer::json(200, json!({"results": results, "next": next}).to_string())
}

/// Everything a walk gives, errors as their kinds, at most ten things.
fn walk(answers: impl IntoIterator<Item = Answer>) -> (Vec<Result<i64, ErrorKind>>, Vec<String>) {
    let (client, recorder, _) = scripted(answers);
    let mut items = list(&client).page_size(2).items();
    let mut out = Vec::new();
    while let Some(item) = now(items.try_next()).transpose() {
        out.push(item.map_err(|e: Error| e.kind()));
        assert!(out.len() < 10, "the walk does not end: {out:?}");
    }
    (out, recorder.requests().iter().map(|r| r.url.clone()).collect())
}

const NEXT: &str = "https://api.example.com/api/books/?page=2&page_size=2";

#[test]
fn all_pages_are_walked_also_behind_an_empty_one() {
    let (items, urls) = walk([
        page(&[1, 2], Some(NEXT)),
        page(&[], Some("/api/books/?page=3")),
        page(&[3], Some("?page=4")),
        page(&[4], Some("")),
    ]);
    assert_eq!(items, [Ok(1), Ok(2), Ok(3), Ok(4)]);
    assert_eq!(
        urls,
        [
            "https://api.example.com/api/books/?page_size=2",
            NEXT,
            "https://api.example.com/api/books/?page=3",
            "https://api.example.com/api/books/?page=4",
        ]
    );
}

#[test]
fn a_link_that_leads_away_is_never_asked() {
    for link in [
        "https://evil.example.com/api/books/?page=2",
        "http://api.example.com/api/books/?page=2",
        "https://api.example.com:8443/api/books/?page=2",
        "https://api.example.com.evil.org/",
        "//evil.example.com/api/books/",
        "https://api.example.com@evil.example.com/",
        "https://evil.example.com\\@api.example.com/",
        "https://user:pw@api.example.com/api/books/",
        "ftp://api.example.com/",
        "javascript:alert(1)",
        "https://api.example.com/api/{endpoint}/?link=1page=2",
        "https://api.example.com/api/books/?q=%zz",
        "https://api.example.com/a b",
        "/api/../admin/",
        "/api/%2e%2E/admin/",
        "https://",
    ] {
        let (items, urls) = walk([page(&[1], Some(link))]);
        // The records of the page come first; the link is an error behind them.
        assert_eq!(items, [Ok(1), Err(ErrorKind::Page)], "{link}");
        assert_eq!(urls.len(), 1, "{link}");
    }
    let (items, urls) = walk([page(&[1], Some("HTTPS://API.example.com:443/api/books/?page=2#top")), page(&[2], None)]);
    assert_eq!(items, [Ok(1), Ok(2)]);
    assert_eq!(urls[1], "https://api.example.com/api/books/?page=2");
}

#[test]
fn a_link_beside_the_page_may_hold_another_url_in_its_query() {
    for (link, asked) in [
        (
            "more?after=https://evil.example.com/1",
            "https://api.example.com/api/books/more?after=https://evil.example.com/1",
        ),
        ("?after=https://evil.example.com/1", "https://api.example.com/api/books/?after=https://evil.example.com/1"),
        ("/api/more?after=//evil.example.com", "https://api.example.com/api/more?after=//evil.example.com"),
    ] {
        let (items, urls) = walk([page(&[1], Some(link)), page(&[2], None)]);
        assert_eq!((items, urls[1].as_str()), (vec![Ok(1), Ok(2)], asked), "{link}");
    }
    // A question mark does not make a scheme harmless.
    for link in ["https:?//evil.example.com/", "javascript:?://"] {
        let (items, urls) = walk([page(&[1], Some(link))]);
        assert_eq!((items, urls.len()), (vec![Ok(1), Err(ErrorKind::Page)], 1), "{link}");
    }
}

#[test]
fn parameters_that_have_grown_together_are_taken_apart() {
    // The walk asks with `page_size=2`; what follows it must be a parameter of its own.
    let at = |query: &str| format!("https://api.example.com/api/books/?{query}");
    for (next, asked) in [
        ("page_size=2page=2", "page_size=2&page=2"),
        ("a=1&page_size=2page=2&b=3", "a=1&page_size=2&page=2&b=3"),
        ("page_size=2page=", "page_size=2&page="),
        // Another value, an escape, a number that only begins alike: left as they are.
        ("page_size=3page=2", "page_size=3page=2"),
        ("page_size=20&page=2", "page_size=20&page=2"),
        ("page_size=2%3Dpage=2", "page_size=2%3Dpage=2"),
        ("page_size=2&page=2", "page_size=2&page=2"),
        ("page_size=2page=2=3", "page_size=2page=2=3"),
    ] {
        let (items, urls) = walk([page(&[1], Some(&at(next))), page(&[2], None)]);
        assert_eq!((items, urls.last()), (vec![Ok(1), Ok(2)], Some(&at(asked))), "{next}");
    }
    // A placeholder that nobody filled in is no link.
    let (items, urls) = walk([page(&[1], Some("https://api.example.com/api/{endpoint}/?page_size=2page=2"))]);
    assert_eq!((items, urls.len()), (vec![Ok(1), Err(ErrorKind::Page)], 1));
}

#[test]
fn a_link_followed_before_ends_the_walk() {
    let (items, urls) = walk([page(&[1], Some(NEXT)), page(&[2], Some(NEXT))]);
    assert_eq!(items, [Ok(1), Ok(2), Err(ErrorKind::Page)]);
    assert_eq!(urls.len(), 2);
    let (items, _) = walk([page(&[1], Some(NEXT)), page(&[2], Some("?page_size=2"))]);
    assert_eq!(items, [Ok(1), Ok(2), Err(ErrorKind::Page)]);
}

#[test]
fn pages_are_retried_within_the_walk_and_an_error_does_not_lose_the_place() {
    let (items, urls) = walk([page(&[1], Some(NEXT)), Answer::status(500), page(&[2], None)]);
    assert_eq!((items, urls.len()), (vec![Ok(1), Ok(2)], 3));

    let (client, recorder, _) = scripted([page(&[1], Some(NEXT)), Answer::status(400), page(&[2], None)]);
    let mut items = list(&client).items();
    assert_eq!(now(items.try_next()).unwrap(), Some(1));
    assert_eq!(now(items.try_next()).unwrap_err().status().unwrap(), 400);
    assert_eq!(now(items.try_next()).unwrap(), Some(2));
    assert_eq!(now(items.try_next()).unwrap(), None);
    assert_eq!(recorder.requests()[1].url, recorder.requests()[2].url);
}

#[test]
fn an_odd_record_is_an_error_one_can_step_over() {
    let (client, ..) = scripted([Answer::json(200, r#"{"results":[1,"odd",3]}"#)]);
    let mut items = list(&client).items();
    assert_eq!(now(items.try_next()).unwrap(), Some(1));
    let odd = now(items.try_next()).unwrap_err();
    assert_eq!((odd.kind(), odd.body().as_ref()), (ErrorKind::InvalidRecord, b"\"odd\"".as_slice()));
    assert_eq!(
        odd.to_string(),
        "GET /api/books/: a record cannot be read: string found where integer is expected at $.results[1]"
    );
    assert_eq!(now(items.try_next()).unwrap(), Some(3));
    assert_eq!(now(items.try_next()).unwrap(), None);
}

#[test]
fn good_and_odd_records_come_in_the_order_of_the_page() {
    let odd = |i: usize| (i, crate::runtime::InvalidItem::new(i.to_string(), "", ""));
    for (good, odds, expected) in [
        (vec!["a", "b"], vec![], "a b"),
        (vec!["a", "b"], vec![0], "0 a b"),
        (vec!["a", "b", "c"], vec![1, 2, 4], "a 1 2 b 4 c"),
        (vec![], vec![0, 1], "0 1"),
        (vec!["a"], vec![1], "a 1"),
    ] {
        let items = crate::runtime::__private::in_order(good, odds.into_iter().map(odd));
        let text: Vec<_> = items.into_iter().map(|i| i.map_or_else(|odd| odd.path, str::to_owned)).collect();
        assert_eq!(text.join(" "), expected);
    }
}

#[test]
fn a_walk_begins_where_another_stood() {
    let (client, ..) = scripted([page(&[1], Some(NEXT))]);
    let mut pages = list(&client).pages();
    assert_eq!(pages.continuation(), None);
    now(pages.try_next()).unwrap();
    let text = pages.continuation().unwrap().as_str().to_owned();
    assert_eq!(text, "/api/books/?page=2&page_size=2");

    let (client, recorder, _) = scripted([page(&[2], None)]);
    let mut items = list(&client).items().starting_at(&Continuation::from(text));
    assert_eq!(now(items.try_next()).unwrap(), Some(2));
    assert_eq!(recorder.requests()[0].url, NEXT);

    let mut items = list(&client).items().starting_at(&"https://evil.example.com/".into());
    assert_eq!(now(items.try_next()).unwrap_err().kind(), ErrorKind::Page);
}

#[test]
fn every_page_carries_the_credentials_of_the_call() {
    use crate::runtime::{Credentials, KeyPlace};
    let recorder = Recorder::answering([
        page(&[1], Some("https://h/p/api/books/?page=2")),
        page(&[2], Some("https://h/p/api/books/?page=3&key=k")),
        page(&[3], None),
    ]);
    let credentials = Credentials::api_key(KeyPlace::Query, "key", "k");
    let client = Client::builder("https://h/p").credentials(credentials).transport(recorder.clone()).build().unwrap();
    let mut items = list(&client).header("X-Mine", "m").items();
    while now(items.try_next()).unwrap().is_some() {}
    let urls: Vec<_> = recorder.requests().iter().map(|r| r.url.clone()).collect();
    assert_eq!(
        urls,
        ["https://h/p/api/books/?key=k", "https://h/p/api/books/?page=2&key=k", "https://h/p/api/books/?page=3&key=k"]
    );
    assert!(recorder.requests().iter().all(|r| r.headers["x-mine"] == "m"));
    // Of two keys the link repeats one.
    let recorder = Recorder::answering([page(&[1], Some("https://h/api/books/?page=2&key=k")), page(&[2], None)]);
    let credentials = Credentials::api_key(KeyPlace::Query, "key", "k");
    let credentials = credentials.and(Credentials::api_key(KeyPlace::Query, "shop", "s"));
    let client = Client::builder("https://h").credentials(credentials).transport(recorder.clone()).build().unwrap();
    let mut items = list(&client).items();
    while now(items.try_next()).unwrap().is_some() {}
    let urls: Vec<_> = recorder.requests().iter().map(|r| r.url.clone()).collect();
    assert_eq!(urls, ["https://h/api/books/?key=k&shop=s", "https://h/api/books/?page=2&key=k&shop=s"]);
}

#[test]
fn streams_and_iterators_give_the_same() {
    let answers = || {
        let odd = Answer::json(200, json!({"results": [1, "odd"], "next": NEXT}).to_string());
        [odd, page(&[2], Some("https://evil.example.com/"))]
    };
    let expected = [Ok(1), Err(ErrorKind::InvalidRecord), Ok(2), Err(ErrorKind::Page)];

    let (client, ..) = scripted(answers());
    let mut stream = list(&client).items();
    let mut cx = Context::from_waker(Waker::noop());
    let mut seen = Vec::new();
    while let Poll::Ready(Some(item)) = Pin::new(&mut stream).poll_next(&mut cx) {
        seen.push(item.map_err(|e| e.kind()));
    }
    assert_eq!(seen, expected);

    let (client, ..) = scripted(answers());
    let seen: Vec<_> = list(&client).items().blocking().map(|item| item.map_err(|e| e.kind())).collect();
    assert_eq!(seen, expected);

    let (client, ..) = scripted(answers());
    assert_eq!(list(&client).pages().blocking().filter(Result::is_ok).count(), 2);
}

#[test]
fn a_walk_over_the_valid_records_tells_what_it_passed_over() {
    let answers = || {
        let odd = |records: &[&str], next| Answer::json(200, json!({"results": records, "next": next}).to_string());
        [odd(&["a", "b"], NEXT), page(&[1], Some("?page=3")), odd(&["c", "d"], "?page=4"), page(&[2], None)]
    };
    for (most, kept) in [(1_000, 4), (3, 3), (0, 0)] {
        let client = |recorder: Recorder| {
            let builder = Client::builder("https://api.example.com").max_findings(most);
            builder.transport(recorder.clone()).blocking_transport(recorder).build().unwrap()
        };
        let mut valid = list(&client(Recorder::answering(answers()))).items().skip_invalid();
        let mut seen = Vec::new();
        while let Some(item) = now(valid.try_next()).unwrap() {
            seen.push(item);
        }
        assert_eq!((seen, valid.invalid_count(), valid.invalid().len()), (vec![1, 2], 4, kept), "{most}");

        let mut valid = list(&client(Recorder::answering(answers()))).items().skip_invalid().blocking();
        let seen: Vec<_> = valid.by_ref().map(Result::unwrap).collect();
        assert_eq!((seen, valid.invalid_count(), valid.invalid().len()), (vec![1, 2], 4, kept), "{most}");
        assert!(format!("{valid:?}").contains("invalid: 4"));
    }
    // It ends with its first error, as a stream and as an iterator.
    let astray = || [page(&[1], Some("https://evil.example.com/")), page(&[2], None)];
    let (client, ..) = scripted(astray());
    let seen: Vec<_> = list(&client).items().skip_invalid().blocking().map(|item| item.is_ok()).collect();
    assert_eq!(seen, [true, false]);
    let (client, ..) = scripted(astray());
    let (mut stream, mut seen) = (list(&client).items().skip_invalid(), Vec::new());
    while let Poll::Ready(Some(item)) = Pin::new(&mut stream).poll_next(&mut Context::from_waker(Waker::noop())) {
        seen.push(item.is_ok());
    }
    assert_eq!(seen, [true, false]);
}
