//! Error bodies of every shape, statuses, and what an error says.

use crate::runtime::{Answer, ErrorKind, Method, Operation, Status};

use crate::support::*;

fn error(answer: Answer) -> crate::runtime::Error {
    let (client, ..) = scripted([answer]);
    now(plain(&client, &ORDER_BOOK, "x")).unwrap_err()
}

#[test]
fn bodies_of_every_shape_are_read() {
    type Item<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);
    let tests: [(&str, Vec<Item<'_>>, Option<&str>); 14] = [
        (
            r#"[{"request_id":"r1","message":"m","code":"required","field":"link"},{"code":"null"}]"#,
            vec![(Some("required"), Some("m"), Some("link")), (Some("null"), None, None)],
            Some("r1"),
        ),
        (
            r#"{"code":"not_found","message":"m","request_id":"r2"}"#,
            vec![(Some("not_found"), Some("m"), None)],
            Some("r2"),
        ),
        (r#"{"detail":"Not found."}"#, vec![(None, Some("Not found."), None)], None),
        (r#"{"title":"t","detail":"d","status":404}"#, vec![(None, Some("d"), None)], None),
        (r#"{"error":{"code":"c","message":"m"},"request_id":"r"}"#, vec![(Some("c"), Some("m"), None)], Some("r")),
        (r#"{"error":"invalid_grant","error_description":"m"}"#, vec![(Some("invalid_grant"), Some("m"), None)], None),
        (r#"{"errors":[{"code":1},{"code":"b"}]}"#, vec![(Some("1"), None, None), (Some("b"), None, None)], None),
        (r#"{"errors":[],"message":"m"}"#, vec![(None, Some("m"), None)], None),
        (r#"["first","second"]"#, vec![(None, Some("first"), None), (None, Some("second"), None)], None),
        (r#""text""#, vec![(None, Some("text"), None)], None),
        ("[]", vec![], None),
        ("{}", vec![], None),
        ("<html>502</html>", vec![], None),
        ("", vec![], None),
    ];
    for (body, expected, id) in tests {
        let error = error(Answer::json(400, body));
        let items: Vec<_> = error.items().iter().map(|i| (i.code(), i.message(), i.field())).collect();
        assert_eq!(items, expected, "{body}");
        assert_eq!(error.request_id(), id, "{body}");
        assert_eq!(error.body(), body);
        assert_eq!(error.kind(), ErrorKind::Status);
    }
}

#[test]
fn codes_at_the_members_they_are_about_are_found() {
    type Item<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);
    let tests: [(&str, Vec<Item<'_>>); 16] = [
        (
            r#"[{"field":"box","request_id":"r","lid":{"size":{"message":"m","code":"taken"}}}]"#,
            vec![(Some("taken"), Some("m"), Some("box.lid.size"))],
        ),
        (r#"[{"field":"way","request_id":"r","id":[{"code":"odd"}]}]"#, vec![(Some("odd"), None, Some("way.id"))]),
        // A list of errors is about the member, a list of values holds them within one of these.
        (
            r#"[{"request_id":"r","lids":[{},{"size":[{"code":"a"},{"code":"b"}]}]}]"#,
            vec![(Some("a"), None, Some("lids[1].size")), (Some("b"), None, Some("lids[1].size"))],
        ),
        (
            r#"[{"request_id":"r","a":{"code":"x"},"b":{"c":[{"code":"y"}]}},{"field":"d","request_id":"r","e":{"code":"z"}}]"#,
            vec![(Some("x"), None, Some("a")), (Some("y"), None, Some("b.c")), (Some("z"), None, Some("d.e"))],
        ),
        (r#"{"errors":{"link":[{"code":"a"}]},"request_id":"r"}"#, vec![(Some("a"), None, Some("link"))]),
        (r#"{"detail":[{"code":"a","field":"link"}],"request_id":"r"}"#, vec![(Some("a"), None, Some("link"))]),
        (r#"{"detail":{"link":{"code":"a"}},"request_id":"r"}"#, vec![(Some("a"), None, Some("link"))]),
        (r#"[{"errors":{"a":{"errors":[{"code":"b"}]}},"request_id":"r"}]"#, vec![(Some("b"), None, Some("a"))]),
        (r#"{"request_id":"r","a":{"code":"b","field":"c"}}"#, vec![(Some("b"), None, Some("a.c"))]),
        (r#"[{"request_id":"r","a":{"error_code":"b","error_message":"m"}}]"#, vec![(Some("b"), Some("m"), Some("a"))]),
        // An item with a message alone is one of its own.
        (
            r#"[{"request_id":"r","message":"m","a":{"code":"b"}}]"#,
            vec![(None, Some("m"), None), (Some("b"), None, Some("a"))],
        ),
        // Beside a code of the item a code alone may be anything.
        (r#"[{"request_id":"r","code":"c","bank":{"code":"0012"}}]"#, vec![(Some("c"), None, None)]),
        (
            r#"[{"request_id":"r","code":"c","field":"f","bank":{"code":"d","message":"m"}}]"#,
            vec![(Some("c"), None, Some("f")), (Some("d"), Some("m"), Some("f.bank"))],
        ),
        (
            r#"{"request_id":"r","errors":[{"message":"m","extensions":{"code":"c"}}]}"#,
            vec![(None, Some("m"), None), (Some("c"), None, None)],
        ),
        (r#"[{"request_id":"r","field":"a","b":{"c":{}}}]"#, vec![(None, None, Some("a"))]),
        (r#"[{"error_code":"a","error_message":"m","request_id":"r"}]"#, vec![(Some("a"), Some("m"), None)]),
    ];
    for (body, expected) in tests {
        let error = error(Answer::json(400, body));
        let items: Vec<_> = error.items().iter().map(|i| (i.code(), i.message(), i.field())).collect();
        assert_eq!(items, expected, "{body}");
        assert_eq!(error.item_count(), expected.len(), "{body}");
        assert!(error.items().iter().all(|i| i.request_id() == Some("r")), "{body}");
    }
    let error = error(Answer::json(400, r#"[{"field":"box","lid":{"size":{"code":"taken"}},"request_id":"r-1"}]"#));
    let text = "POST /api/books/{id}/orders/: 400 Bad Request: taken (field box.lid.size); request id r-1, for support";
    assert_eq!(error.to_string(), text);
    assert_eq!(error.items()[0].get("code").and_then(|v| v.as_str()), Some("taken"));
}

#[test]
fn of_very_many_items_the_first_are_kept_and_all_are_counted() {
    let many = |item: &str, n: usize| vec![item; n].join(",");
    for (body, kept, total) in [
        (format!("[{}]", many(r#"{"code":"a"}"#, 1_000)), 1_000, 1_000),
        (format!("[{}]", many(r#"{"code":"a"}"#, 100_000)), 1_000, 100_000),
        (format!("[{}]", many(r#""text""#, 5_000)), 1_000, 5_000),
        (format!(r#"{{"errors":[{}]}}"#, many(r#"{"code":"a"}"#, 90_000)), 1_000, 90_000),
        (format!(r#"{{"link":[{}]}}"#, many(r#"{"code":"a"}"#, 90_000)), 1_000, 90_000),
        (format!("[{}]", many(r#"{"a":{"b":[{"code":"c"},{"code":"d"}]}}"#, 50_000)), 1_000, 100_000),
        // Numbers are no errors.
        (format!("[{}]", many("0", 200_000)), 0, 0),
        // What holds much is counted earlier; a first item is always kept.
        (format!("[{}]", many(&format!(r#"{{"code":"a","text":"{}"}}"#, "x".repeat(1 << 20)), 3)), 1, 3),
    ] {
        let error = error(Answer::json(400, body));
        assert_eq!((error.items().len(), error.item_count()), (kept, total));
        let shown = error.to_string();
        assert_eq!(
            shown.ends_with(&format!(", {} more", total.saturating_sub(kept.min(5)))),
            total > kept.min(5),
            "{shown}"
        );
    }
}

#[test]
fn names_an_attacker_chose_are_not_copied_into_every_item() {
    let long = "n".repeat(1 << 16);
    let body = format!(
        r#"{{"request_id":"{long}","{long}":[{}],"a":{{"{long}":{{"code":"c"}}}}}}"#,
        vec![r#"{"code":"a"}"#; 1_000].join(",")
    );
    let error = error(Answer::json(400, body));
    let held: usize =
        error.items().iter().map(|i| i.field().unwrap_or("").len() + i.request_id().unwrap_or("").len()).sum();
    assert!(error.items().len() == 1_000 && error.item_count() == 1_001 && held == 0, "{held}");
    // As deep as JSON may be here, with an item on every level: what they hold together is bounded.
    let (mut deep, mut ends) = (String::new(), String::new());
    for _ in 0..120 {
        deep.push_str(r#"{"code":"c","message":"m","a":"#);
        ends.push('}');
    }
    let body = format!("{deep}\"{}\"{ends}", "x".repeat(1 << 20));
    let error = self::error(Answer::json(400, body));
    assert_eq!((error.items().len(), error.item_count()), (1, 120));
}

#[test]
fn a_request_id_of_the_headers_comes_first() {
    let error = error(Answer::json(500, r#"[{"request_id":"body"}]"#).header("x-request-id", "header"));
    assert_eq!(error.request_id(), Some("header"));
    assert_eq!(
        error.to_string(),
        "POST /api/books/{id}/orders/: 500 Internal Server Error; request id header, for support"
    );
}

#[test]
fn every_status_has_its_name_or_its_number() {
    for (code, status) in [
        (400, Status::BadRequest),
        (401, Status::Unauthorized),
        (403, Status::Forbidden),
        (404, Status::NotFound),
        (405, Status::MethodNotAllowed),
        (408, Status::RequestTimeout),
        (409, Status::Conflict),
        (422, Status::UnprocessableContent),
        (428, Status::PreconditionRequired),
        (500, Status::InternalServerError),
        (418, Status::Other(418)),
        (599, Status::Other(599)),
    ] {
        let error = error(Answer::status(code));
        assert_eq!((error.status(), error.status().unwrap().code()), (Some(status), code));
        assert_eq!(error.is_retryable(), code >= 500, "{code}");
    }
    for (code, retryable) in [(429, true), (408, false), (423, false)] {
        let error = error(Answer::status(code));
        assert_eq!((error.is_retryable(), error.may_have_been_sent()), (retryable, !retryable), "{code}");
    }
}

#[test]
fn an_error_says_what_happened_in_one_line() {
    let body = r#"[{"code":"required","message":"Rosa said no","field":"link","request_id":"r-1"},{"code":"bad code!"},{"code":"null","field":"a b"}]"#;
    let cases = [
        (Answer::json(400, body), "400 Bad Request: required (field link), null; request id r-1, for support"),
        (Answer::status(404), "404 Not Found"),
        (Answer::status(418), "418"),
        (Answer::maybe_sent(), "the connection failed, the request may have arrived"),
        (Answer::timed_out(), "no response in time, the request may have arrived"),
        (
            Answer::json(202, r#"{"request_id":"r-2"}"#),
            "202 Accepted: accepted, the result comes later; request id r-2, for support",
        ),
        (Answer::json(201, "oops"), "201 Created: the response cannot be read: "),
        (Answer::json(201, ""), "201 Created: the response cannot be read: the body is empty: "),
    ];
    for (answer, expected) in cases {
        let text = error(answer).to_string();
        let text = text.strip_prefix("POST /api/books/{id}/orders/: ").unwrap();
        if expected.ends_with(' ') {
            assert!(text.starts_with(expected), "{text}");
        } else {
            assert_eq!(text, expected);
        }
    }
}

#[test]
fn an_undeclared_202_is_accepted_and_a_declared_one_is_a_result() {
    let error = error(Answer::json(202, r#"{"request_id":"r"}"#));
    assert_eq!(
        (error.kind(), error.status(), error.may_have_been_sent()),
        (ErrorKind::Accepted, Some(Status::Accepted), true)
    );
    assert_eq!(error.request_id(), Some("r"));

    static REFRESH: Operation =
        Operation { id: "Refresh", method: Method::Post, path: "/r/", statuses: &["202"], ..Operation::DEFAULT };
    let (client, ..) = scripted([Answer::json(202, "1")]);
    assert_eq!(now(plain(&client, &REFRESH, "x")).unwrap().status(), 202);

    // The asynchronous mode makes a 202 the result of a call, whatever is declared.
    let (client, recorder, _) = scripted([Answer::json(202, r#"{"request_id":"r"}"#)]);
    let request = plain(&client, &ORDER_BOOK, "x").request();
    let accepted =
        now(request.asynchronous("X-Mode", "async", crate::runtime::decode::<crate::runtime::Value>)).unwrap();
    assert_eq!(accepted["request_id"], "r");
    assert_eq!(recorder.requests()[0].headers["x-mode"], "async");

    // With the data in its place it is an error that holds it; what has no result tells whether it is done.
    for status in [200, 201, 202] {
        let (client, recorder, clock) = scripted([Answer::json(status, "[1.50]"), Answer::json(200, "2")]);
        let request = plain(&client, &DELETE_BOOK, "x").request();
        let result = now(request.asynchronous("X-Mode", "async", crate::runtime::__private::decode_accepted));
        match result {
            Ok(accepted) => assert_eq!((status, accepted.body().to_string()), (202, "[1.5]".to_owned())),
            Err(error) => {
                assert_eq!((error.kind(), error.status().unwrap().code()), (ErrorKind::AnsweredAtOnce, status));
                assert_eq!(error.body(), "[1.50]");
                assert_eq!(error.read::<Vec<f64>>().unwrap(), [1.5]);
                assert!(!error.is_retryable() && error.may_have_been_sent() && status != 202);
            }
        }
        assert_eq!((recorder.requests().len(), clock.pauses().len()), (1, 0));
        let (client, ..) = scripted([Answer::json(status, "[1.50]")]);
        let request = plain(&client, &DELETE_BOOK, "x").request();
        let outcome = now(request.asynchronous("X-Mode", "async", crate::runtime::__private::decode_outcome)).unwrap();
        assert_eq!((outcome.is_done(), outcome.accepted().is_some()), (status != 202, status == 202));
    }
    // As strictly as the call would have been read.
    let recorder = crate::runtime::Recorder::answering([Answer::json(200, r#"["1"]"#)]);
    let client = crate::Client::builder("https://h").transport(recorder).strict(true).build().unwrap();
    let request = plain(&client, &DELETE_BOOK, "x").request();
    let error = now(request.asynchronous("X-Mode", "async", crate::runtime::__private::decode_accepted)).unwrap_err();
    assert_eq!(error.read::<Vec<f64>>().unwrap_err().kind(), ErrorKind::Decode);

    // Neither is a 200 that is not declared.
    static CREATE: Operation = Operation { success: &[201], statuses: &["201", "202"], ..Operation::DEFAULT };
    for (status, ok) in [(200, false), (201, true), (202, false)] {
        let (client, ..) = scripted([Answer::json(status, "1")]);
        assert_eq!(now(plain(&client, &CREATE, "x")).is_ok(), ok, "{status}");
    }
}

/// What operations declare, what comes, and what becomes of it: read, or an error of some kind that holds the body.
#[test]
fn an_unlisted_success_is_no_result_unless_no_success_is_listed() {
    use ErrorKind::{Accepted, Decode};
    #[rustfmt::skip]
    let table: &[(&'static [&'static str], u16, Option<ErrorKind>)] = &[
        (&["200", "default"], 200, None),
        (&["200", "default"], 201, Some(Decode)),
        (&["200", "default"], 204, Some(Decode)),
        (&["200", "default"], 202, Some(Accepted)),
        (&["2XX"], 226, None),
        (&["2xx", "404"], 202, None),
        (&["default"], 200, None),
        (&["default"], 202, None),
        (&["404", "default"], 201, None),
        (&["404"], 201, None),
        (&["404"], 202, Some(Accepted)),
        (&["302"], 200, None),
        (&[], 202, None),
    ];
    for (statuses, status, kind) in table {
        let operation: &'static Operation = Box::leak(Box::new(Operation { statuses, ..Operation::DEFAULT }));
        let (client, recorder, _) = scripted([Answer::json(*status, r#"{"reason":"because"}"#)]);
        let result = now(plain(&client, operation, "x"));
        assert_eq!(result.as_ref().err().map(|e| e.kind()), *kind, "{statuses:?} {status}");
        assert_eq!(recorder.requests().len(), 1);
        let Err(error) = result else { continue };
        assert_eq!(error.read::<crate::runtime::Value>().unwrap()["reason"], "because");
        assert!(error.may_have_been_sent() && !error.is_retryable());
    }
    let large = format!("\"{}\"", "x".repeat(1 << 20));
    let (client, ..) = scripted([Answer::json(201, large)]);
    let error = now(get(&client, "x")).unwrap_err();
    assert_eq!(error.read::<String>().unwrap().len(), 1 << 20, "what may be a result is not cut");
    let text =
        "GET /api/books/{id}/: 201 Created: the response cannot be read: the document does not declare this status";
    assert_eq!(error.to_string(), text);
}

#[test]
fn what_is_gone_is_told_by_the_status() {
    for (answer, gone) in [
        (Answer::status(404), true),
        (Answer::status(410), true),
        // Without settings any code of a 404 says so.
        (Answer::json(404, r#"[{"code":"no_such_book"}]"#), true),
        (Answer::json(400, r#"[{"code":"not_found"}]"#), false),
        (Answer::not_sent(), false),
    ] {
        assert_eq!(error(answer).is_not_found(), gone);
    }
    let answers = [Answer::maybe_sent(), Answer::status(404)];
    let (client, ..) = scripted(answers);
    let error = now(plain(&client, &DELETE_BOOK, "x")).unwrap_err();
    assert!(error.is_not_found() && error.earlier_attempt_may_have_acted());
    assert_eq!(
        error.to_string(),
        "DELETE /api/books/{id}/: 404 Not Found; 2 attempts, an earlier one may have done it"
    );
    // A refused connection did nothing.
    let (client, ..) = scripted([Answer::not_sent(), Answer::status(404)]);
    let error = now(plain(&client, &DELETE_BOOK, "x")).unwrap_err();
    assert!(error.attempts() == 2 && !error.earlier_attempt_may_have_acted());
    // Of a read nothing can have been done.
    let (client, ..) = scripted([Answer::maybe_sent(), Answer::status(404)]);
    let error = now(get(&client, "x")).unwrap_err();
    assert_eq!(error.to_string(), "GET /api/books/{id}/: 404 Not Found; 2 attempts");
}

#[test]
fn declared_statuses_are_matched_by_number_and_class() {
    let declared = |status| LIST_BOOKS.declares(status);
    assert_eq!([200, 201, 401, 404, 499, 500].map(declared), [true, false, true, true, true, false]);
}

#[test]
fn a_body_that_cannot_be_read_keeps_its_text_and_its_status() {
    let error = error(Answer::json(201, "{\"a\":").header("x-request-id", "r"));
    assert_eq!((error.kind(), error.status().unwrap().code(), error.request_id()), (ErrorKind::Decode, 201, Some("r")));
    assert_eq!(error.body(), "{\"a\":");
    assert!(error.fault().is_some());
    assert!(!error.is_retryable() && error.may_have_been_sent());
}

#[test]
fn an_error_body_can_be_read_as_its_declared_type() {
    let error = error(Answer::json(400, "[{\"code\":\"required\"}]"));
    assert_eq!(error.read::<crate::runtime::Value>().unwrap()[0]["code"], "required");
    assert_eq!(error.read::<String>().unwrap_err().kind(), ErrorKind::Decode);
}

#[test]
fn a_large_error_body_is_cut() {
    let error = error(Answer::json(400, "x".repeat(1 << 20)));
    assert_eq!(error.body().len(), 256 << 10);
}

#[test]
fn a_body_beyond_the_limit_is_an_error_of_its_own() {
    let recorder = crate::runtime::Recorder::answering([Answer::json(200, "[1,2,3,4]")]);
    let client = crate::Client::builder("https://h").transport(recorder).max_body(8).build().unwrap();
    assert_eq!(now(get(&client, "x")).unwrap_err().kind(), ErrorKind::TooLarge);
}

#[test]
fn an_error_stays_small_and_can_cross_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<crate::runtime::Error>();
    shared::<crate::Client>();
    fn send<T: Send>(_: T) {}
    let (client, ..) = scripted([]);
    send(get(&client, "x").send());
    send(list(&client).items());
    assert_eq!(size_of::<crate::runtime::Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), crate::runtime::Error>>(), size_of::<usize>());
    let failure = error(Answer::maybe_sent());
    assert_eq!(std::error::Error::source(&failure).unwrap().to_string(), "scripted");
}
