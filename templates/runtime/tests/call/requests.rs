//! The exact requests: golden bytes, paths, query styles, bodies, credentials.

use std::borrow::Cow;

use crate::Client;
use crate::runtime::__private::{CookieStyle, Joined, JsonText, Part, PathStyle, Writer};
use crate::runtime::{
    Credentials, Date, DateTime, Encode, EnvironmentNames, ErrorKind, KeyPlace, Map, Method, Operation, Request,
    Server, Style, Upload, Uuid, Value, decode,
};
use serde_json::json;

use crate::support::*;

fn wire(request: &Request<Value>) -> String {
    String::from_utf8(request.parts().unwrap().to_wire()).unwrap()
}

fn url(request: &Request<Value>) -> String {
    request.parts().unwrap().url
}

#[test]
fn a_post_a_get_and_a_delete_byte_for_byte() {
    let (client, ..) = scripted([]);
    let mut post = plain(&client, &ORDER_BOOK, "a1").request;
    post.query("fields", &["id", "link"], Style::Form);
    post.header_param("X-Mode", &"async");
    post.member("copies", &2_i64);
    post.member("gift", &false);
    post.member("note", &None::<String>);
    assert_eq!(
        wire(&post),
        "POST /api/books/a1/orders/?fields=id,link HTTP/1.1\r\nhost: api.example.com\r\n\
         accept: application/json\r\ncontent-type: application/json\r\nuser-agent: test (1)\r\n\
         authorization: Basic aWQ6cGFzc3dvcmQ=\r\nx-mode: async\r\ncontent-length: 25\r\n\r\n\
         {\"copies\":2,\"gift\":false}"
    );
    assert_eq!(
        wire(&get(&client, "a1").request),
        "GET /api/books/a1/ HTTP/1.1\r\nhost: api.example.com\r\naccept: application/json\r\n\
         user-agent: test (1)\r\nauthorization: Basic aWQ6cGFzc3dvcmQ=\r\n\r\n"
    );
    assert_eq!(
        wire(&plain(&client, &DELETE_BOOK, "a1").request),
        "DELETE /api/books/a1/ HTTP/1.1\r\nhost: api.example.com\r\naccept: application/json\r\n\
         user-agent: test (1)\r\nauthorization: Basic aWQ6cGFzc3dvcmQ=\r\n\r\n"
    );
}

#[test]
fn what_is_recorded_is_what_parts_gives() {
    let (client, recorder, _) = scripted([crate::runtime::Answer::json(200, "{}")]);
    let request = get(&client, "a1").request;
    let parts = request.parts().unwrap();
    now(request).unwrap();
    assert_eq!(recorder.requests(), [parts]);
}

#[test]
fn base_urls_keep_their_prefix_with_and_without_slash() {
    for (base, expected) in [
        ("https://h", "https://h/api/books/x/"),
        ("https://h/", "https://h/api/books/x/"),
        ("https://h/v1", "https://h/v1/api/books/x/"),
        ("https://h/v1/", "https://h/v1/api/books/x/"),
        ("https://h:443/v1//", "https://h/v1/api/books/x/"),
        ("HTTPS://H.example:8443/a/b", "https://h.example:8443/a/b/api/books/x/"),
        ("http://[::1]:80/", "http://[::1]/api/books/x/"),
    ] {
        assert_eq!(url(&get(&Client::new(base, Credentials::none()), "x").request), expected, "{base}");
    }
}

#[test]
fn a_base_url_that_is_none_is_said_at_once_or_by_every_call() {
    for base in [
        "",
        "api.example.com",
        "ftp://h",
        "https://",
        "https://u:p@h",
        "https://h?a=b",
        "https://h/{a}",
        "https://h:x",
        "https://h:99999",
        "https://[::1",
    ] {
        assert_eq!(Client::builder(base).build().unwrap_err().kind(), ErrorKind::Build, "{base}");
        let error = now(get(&Client::new(base, Credentials::none()), "x")).unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Build, false), "{base}");
    }
}

#[test]
fn path_parameters_stay_one_segment() {
    let (client, ..) = scripted([]);
    for (value, expected) in [
        ("plain-._~09AZ", "plain-._~09AZ"),
        ("a/b", "a%2Fb"),
        ("a b?c#d", "a%20b%3Fc%23d"),
        ("100%", "100%25"),
        ("%2e%2e", "%252e%252e"),
        (":@!$&'()*+,;=", "%3A%40%21%24%26%27%28%29%2A%2B%2C%3B%3D"),
        ("é", "%C3%A9"),
        ("...", "..."),
    ] {
        let expected = format!("https://api.example.com/api/books/{expected}/");
        assert_eq!(url(&get(&client, value).request), expected, "{value}");
    }
}

#[test]
fn path_parameters_that_would_reach_another_operation_are_refused() {
    let (client, recorder, _) = scripted([]);
    for value in ["", ".", ".."] {
        let error = now(get(&client, value)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build, "{value}");
    }
    let error = now(get(&client, "").request).unwrap_err();
    assert_eq!(error.to_string(), "GET /api/books/{id}/: the request cannot be built: a path parameter is empty: `id`");
    let missing = Request::new(&client, &GET_BOOK, decode::<Value>).parts().unwrap_err();
    assert!(missing.to_string().ends_with("a path parameter is missing: `id`"), "{missing}");
    assert_eq!(recorder.requests(), []);
}

#[test]
fn path_styles() {
    static OP: Operation = Operation { id: "Op", path: "/x/{a}/", ..Operation::DEFAULT };
    let (client, ..) = scripted([]);
    let list = json!(["b", "c,d"]);
    let object = json!({"k": 1, "l": "m"});
    for (style, value, expected) in [
        (PathStyle::Simple, &list, "b,c%2Cd"),
        (PathStyle::SimpleExplode, &object, "k=1,l=m"),
        (PathStyle::Simple, &object, "k,1,l,m"),
        (PathStyle::Label, &list, ".b,c%2Cd"),
        (PathStyle::LabelExplode, &list, ".b.c%2Cd"),
        (PathStyle::LabelExplode, &object, ".k=1.l=m"),
        (PathStyle::Matrix, &list, ";a=b,c%2Cd"),
        (PathStyle::MatrixExplode, &list, ";a=b;a=c%2Cd"),
        (PathStyle::MatrixExplode, &object, ";k=1;l=m"),
        (PathStyle::Matrix, &object, ";a=k,1,l,m"),
        (PathStyle::Matrix, &json!(7), ";a=7"),
        (PathStyle::Matrix, &json!(""), ";a"),
        (PathStyle::MatrixExplode, &json!(["", "b"]), ";a;a=b"),
        (PathStyle::LabelExplode, &json!([[1], {"k": 2}]), ".%5B1%5D.%7B%22k%22%3A2%7D"),
    ] {
        let mut request = Request::new(&client, &OP, decode::<Value>);
        request.path_styled("a", value, style);
        assert_eq!(url(&request), format!("https://api.example.com/x/{expected}/"), "{style:?} {value}");
    }
}

#[test]
fn query_styles() {
    let (client, ..) = scripted([]);
    let list = json!(["b", "c,d|e f"]);
    let object = json!({"k": 1, "l": {"m": true}});
    for (style, value, expected) in [
        (Style::Form, json!("2022-01-01T00:00:00Z"), "?a=2022-01-01T00%3A00%3A00Z"),
        (Style::Form, json!(""), "?a="),
        (Style::Form, json!(null), ""),
        (Style::Form, json!([]), ""),
        (Style::Form, json!([null, "x"]), "?a=x"),
        (Style::SpaceDelimited, json!({"k": 1, "l": "m"}), "?a=k%201%20l%20m"),
        (Style::PipeDelimited, json!({"k": 1, "l": "m"}), "?a=k%7C1%7Cl%7Cm"),
        (Style::FormExplode, json!(""), "?a="),
        (Style::FormExplode, json!({}), ""),
        (Style::FormExplode, json!({"k": null, "l": ""}), "?l="),
        // What a style has no spelling for is JSON under the parameter's name.
        (Style::FormExplode, json!([{"k": 1}, [2, 3]]), "?a=%7B%22k%22%3A1%7D&a=%5B2%2C3%5D"),
        (Style::FormExplode, json!({"k": {"x": 1}, "l": [1, 2]}), "?k=%7B%22x%22%3A1%7D&l=1&l=2"),
        (Style::Form, json!([{"k": 1}, "x"]), "?a=%7B%22k%22%3A1%7D,x"),
        (Style::Form, json!({"k": [1, 2]}), "?a=k,%5B1%2C2%5D"),
        (Style::DeepObject, json!({"k": [{"x": 1}, {"x": 2}]}), "?a%5Bk%5D%5B0%5D%5Bx%5D=1&a%5Bk%5D%5B1%5D%5Bx%5D=2"),
        (Style::Form, json!(1.5), "?a=1.5"),
        (Style::Form, json!(false), "?a=false"),
        (Style::Form, list.clone(), "?a=b,c%2Cd%7Ce%20f"),
        (Style::Form, json!({"k": 1, "l": "m"}), "?a=k,1,l,m"),
        (Style::FormExplode, list.clone(), "?a=b&a=c%2Cd%7Ce%20f"),
        (Style::FormExplode, json!({"k": 1, "l": "m"}), "?k=1&l=m"),
        (Style::SpaceDelimited, list.clone(), "?a=b%20c%2Cd%7Ce%20f"),
        (Style::PipeDelimited, list, "?a=b%7Cc%2Cd%7Ce%20f"),
        (Style::DeepObject, object, "?a%5Bk%5D=1&a%5Bl%5D%5Bm%5D=true"),
        (Style::DeepObject, json!({"k": ["1", "2"]}), "?a%5Bk%5D=1&a%5Bk%5D=2"),
    ] {
        let mut request = get(&client, "x").request;
        request.query("a", &value, style);
        assert_eq!(url(&request), format!("https://api.example.com/api/books/x/{expected}"), "{style:?} {value}");
    }
    let mut request = get(&client, "x").request;
    request.query_reserved("a", &":/?#[]@!$&'()*+,;=", Style::Form);
    request.query_reserved("p", &"%2f 100% %zz é", Style::FormExplode);
    request.query_reserved("l", &["m/n", "o"], Style::Form);
    let sent = "?a=:/?#[]@!$&'()*+,;=&p=%2f%20100%25%20%25zz%20%C3%A9&l=m/n,o";
    assert!(url(&request).ends_with(sent), "{}", url(&request));
    request.query_json("j", &json!({"k": 1}));
    assert!(url(&request).ends_with("&j=%7B%22k%22%3A1%7D"), "{}", url(&request));
}

/// A word of the caller's own, which is no JSON.
struct Word(&'static str);

impl Encode for Word {
    fn encode(&self, w: &mut Writer) {
        w.raw(self.0);
    }
}

#[test]
fn a_parameter_says_what_its_json_says() {
    let client = Client::new("https://h", Credentials::none());
    let sent = |value: &dyn Encode| {
        let mut request = Request::new(&client, &LIST_BOOKS, decode::<Value>);
        request.query("q", value, Style::Form);
        request.parts().unwrap().url.split_once("?q=").map(|(_, sent)| sent.to_owned())
    };
    assert_eq!(sent(&"a \"b\"\n\u{1F600}").as_deref(), Some("a%20%22b%22%0A%F0%9F%98%80"));
    assert_eq!(sent(&String::from("null")).as_deref(), Some("null"));
    assert_eq!(sent(&Cow::Borrowed("x")).as_deref(), Some("x"));
    assert_eq!(sent(&Box::<str>::from("x")).as_deref(), Some("x"));
    assert_eq!(sent(&true).as_deref(), Some("true"));
    assert_eq!(sent(&u128::MAX).as_deref(), Some("340282366920938463463374607431768211455"));
    assert_eq!(sent(&-7_i8).as_deref(), Some("-7"));
    assert_eq!((sent(&0.1_f32).as_deref(), sent(&100.0_f64).as_deref()), (Some("0.1"), Some("100")));
    assert_eq!(sent(&[1, 2]).as_deref(), Some("1,2"));
    assert_eq!(sent(&vec![Some("a"), None, Some("b,c")]).as_deref(), Some("a,b%2Cc"));
    assert_eq!(sent(&vec!["1"; 70_000]).map(|sent| sent.len()), Some(139_999));
    assert_eq!(sent(&Word("two words")).as_deref(), Some("two%20words"));
    for nothing in [&None::<i32> as &dyn Encode, &Value::Null, &Vec::<i32>::new()] {
        assert_eq!(sent(nothing), None);
    }
}

/// JSON has no word for such a number, and a parameter that is left out means something else: there is no request.
#[test]
fn numbers_that_are_not_finite_are_errors_wherever_they_stand() {
    let (client, ..) = scripted([]);
    let (nan, list, some) = (f64::NAN, vec![1.0, f64::INFINITY], Some(f32::NEG_INFINITY));
    let (some_nan, deep, ok) = (Some(f64::NAN), Some(vec![Some(1.0), Some(f64::NEG_INFINITY)]), f64::MAX);
    let bad: [&dyn Encode; 5] = [&nan, &list, &some, &some_nan, &deep];
    type Set<'a> = &'a dyn Fn(&mut Request<Value>, &dyn Encode);
    let ways: [(&str, Set<'_>); 13] = [
        ("n", &|r, v| r.path("n", v)),
        ("n", &|r, v| r.path_styled("n", v, PathStyle::MatrixExplode)),
        ("n", &|r, v| r.query("n", v, Style::Form)),
        ("n", &|r, v| r.query("n", v, Style::FormExplode)),
        ("n", &|r, v| r.query_reserved("n", v, Style::Form)),
        ("n", &|r, v| r.query_json("n", v)),
        ("n", &|r, v| r.header_param("n", v)),
        ("n", &|r, v| r.header_param("n", &JsonText(v))),
        ("n", &|r, v| r.cookie("n", v)),
        ("body", &|r, v| r.body(v)),
        ("n", &|r, v| r.member("n", v)),
        ("n", &|r, v| r.form("n", v, Style::FormExplode)),
        ("n", &|r, v| r.part(Part::of_text("n", v))),
    ];
    let json: (&str, Set<'_>) = ("n", &|r, v| r.part(Part::of_json("n", v)));
    for (i, (name, set)) in ways.into_iter().chain([json]).enumerate() {
        for (j, value) in bad.iter().enumerate() {
            let mut request = plain(&client, &ORDER_BOOK, "a").request;
            set(&mut request, *value);
            let error = request.parts().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Build, "{i} {j}");
            assert!(error.to_string().contains(&format!("a number is not finite: `{name}`")), "{i} {j}: {error}");
        }
        let mut request = plain(&client, &ORDER_BOOK, "a").request;
        set(&mut request, &ok);
        assert!(request.parts().is_ok(), "{i}");
    }
    let request = plain(&client, &ORDER_BOOK, "a").query("own", f64::NAN).request();
    assert_eq!(request.parts().unwrap_err().kind(), ErrorKind::Build);
}

/// A server compares such texts or refuses them; which of both a caller learns late or never.
#[test]
fn dates_that_are_none_are_errors_wherever_they_stand_and_uuids_in_paths() {
    let (client, ..) = scripted([]);
    let built = |set: &dyn Fn(&mut Request<Value>)| {
        let mut request = get(&client, "x").request;
        set(&mut request);
        request.parts().map(|_| ()).map_err(|error| (error.kind(), error.to_string()))
    };
    let date = |text: &str| Date::from(text);
    for good in ["2026-01-31", "2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5+01:00"] {
        assert_eq!(built(&|r| r.query("d", &date(good), Style::Form)), Ok(()), "{good}");
        assert_eq!(built(&|r| r.member("d", &DateTime::from(good))), Ok(()), "{good}");
    }
    for bad in ["", "2026-02-30", "31/01/2026", "today", "2026-01-31T25:00:00Z"] {
        let fails = |set: &dyn Fn(&mut Request<Value>), name: &str| {
            let (kind, text) = built(set).unwrap_err();
            let expected = format!("neither a date as 2026-01-31 nor an rfc 3339 time: `{name}`");
            assert!(kind == ErrorKind::Build && text.contains(&expected), "{bad}: {text}");
            // It may be what somebody was born on.
            assert!(bad.is_empty() || !text.contains(bad), "{text}");
        };
        fails(&|r| r.query("d", &date(bad), Style::Form), "d");
        fails(&|r| r.query("d", &[date("2026-01-31"), date(bad)], Style::FormExplode), "d");
        fails(&|r| r.query("d", &Joined(&[date(bad)], &["|"]), Style::Form), "d");
        fails(&|r| r.path("d", &date(bad)), "d");
        fails(&|r| r.header_param("d", &DateTime::from(bad)), "d");
        fails(&|r| r.header_json("d", &date(bad)), "d");
        fails(&|r| r.member("d", &Some(DateTime::from(bad))), "d");
        fails(&|r| r.part(Part::of_text("d", &date(bad))), "d");
        let body = |day: Date| Map::from_iter([("from", vec![date("2026-01-31")]), ("to", vec![day])]);
        fails(&|r| r.body(&body(date(bad))), "body.to");
        fails(&|r| r.query_json("d", &body(date(bad))), "d.to");
    }
    let (good, bad) = (Uuid::from("6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"), Uuid::from("6f1a2b3c"));
    assert_eq!(built(&|r| r.path("id", &good)), Ok(()));
    let (kind, text) = built(&|r| r.path("id", &bad)).unwrap_err();
    assert!(kind == ErrorKind::Build && text.ends_with("a path parameter is no uuid: `id`"), "{text}");
    assert!(built(&|r| r.path_styled("id", &bad, PathStyle::Label)).is_err());
    // Documents are wrong about these too often.
    assert_eq!(built(&|r| r.query("id", &bad, Style::Form)), Ok(()));
    assert_eq!(built(&|r| r.member("id", &bad)), Ok(()));
}

#[test]
fn a_setter_used_twice_counts_once_and_queries_of_the_callers_own_add_up() {
    let (client, ..) = scripted([]);
    let list = list(&client).page_size(10).page_size(20).query("new", "a b").query("new", 2);
    assert_eq!(list.request().parts().unwrap().url, "https://api.example.com/api/books/?page_size=20&new=a%20b&new=2");
}

#[test]
fn bodies() {
    let (client, ..) = scripted([]);
    let fresh = || plain(&client, &ORDER_BOOK, "a").request;
    let body = |request: &Request<Value>| {
        let parts = request.parts().unwrap();
        let kind = parts.headers.get("content-type").map(|v| v.to_str().unwrap().to_owned());
        (kind.unwrap_or_default(), String::from_utf8(parts.body.to_vec()).unwrap())
    };
    let json_body = |text: &str| ("application/json".to_owned(), text.to_owned());

    assert_eq!(body(&fresh()), (String::new(), String::new()));
    let mut request = fresh();
    request.object();
    assert_eq!(body(&request), json_body("{}"));

    // A typed body keeps its own text; members replace in place or follow.
    let mut request = fresh();
    request.body(&json!({"a": "x\"},:{", "b": [1, {"c": 2}], "z": 1.0}));
    assert_eq!(body(&request), json_body(r#"{"a":"x\"},:{","b":[1,{"c":2}],"z":1.0}"#));
    let request = request.with_extra("b", 7).with_extra("new \"one\"", json!({"k": null})).with_extra("b", 8);
    assert_eq!(body(&request), json_body(r#"{"a":"x\"},:{","b":8,"z":1.0,"new \"one\"":{"k":null}}"#));

    let mut request = fresh();
    request.member("save_data", &false);
    request.member("save_data", &true);
    assert_eq!(body(&request), json_body(r#"{"save_data":true}"#));

    let mut request = fresh();
    request.body(&json!([1]));
    let error = request.with_extra("a", 1).parts().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Build);

    let mut request = fresh();
    request.form("a", &"b c&d", Style::FormExplode);
    request.form("l", &[1, 2], Style::FormExplode);
    let request = request.with_extra("e", "f=");
    assert_eq!(
        body(&request),
        ("application/x-www-form-urlencoded".to_owned(), "a=b%20c%26d&l=1&l=2&e=f%3D".to_owned())
    );

    let mut request = fresh();
    request.bytes("text/plain", "hello");
    assert_eq!(body(&request), ("text/plain".to_owned(), "hello".to_owned()));
    request.content_type("text/csv");
    assert_eq!(body(&request), ("text/csv".to_owned(), "hello".to_owned()));
    request.form_body(&json!({"a": "b c", "o": {"k": 1}, "l": [1, 2], "n": null}));
    let form = "a=b%20c&l=1&l=2&o=%7B%22k%22%3A1%7D";
    assert_eq!(body(&request), ("text/csv".to_owned(), form.to_owned()));
    let mut list = fresh();
    list.form_body(&json!([1]));
    assert!(list.parts().unwrap_err().to_string().contains("a form is an object"));
    request.content_type("a\nb");
    assert!(request.parts().unwrap_err().to_string().contains("cannot be a content type"));
    let mut whole = fresh();
    whole.query_whole("q", &json!({"a": [1]}));
    assert!(url(&whole).ends_with("?%7B%22a%22%3A%5B1%5D%7D"), "{}", url(&whole));
}

#[test]
fn multipart_bodies_are_the_same_every_time_and_cannot_be_broken_out_of() {
    let (client, ..) = scripted([]);
    let build = || {
        let mut request = plain(&client, &ORDER_BOOK, "a").request;
        request.part(Part::text("na\"me\r\nX: y", "text"));
        request.part(Part::file("file", "a.pdf", vec![0, 1, 2]).with_content_type("application/pdf\r\nX: y"));
        request.parts().unwrap()
    };
    let parts = build();
    assert_eq!(parts, build());
    let kind = parts.headers["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"na%22me%0D%0AX: y\"\r\n\r\ntext\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdfX: y\r\n\r\n\0\u{1}\u{2}\r\n--{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8(parts.body.to_vec()).unwrap(), expected);
}

#[test]
fn parts_have_types_and_headers_of_their_own() {
    let (client, ..) = scripted([]);
    let fresh = || plain(&client, &ORDER_BOOK, "a").request;
    let sent = |request: Request<Value>| {
        let parts = request.parts().unwrap();
        let kind = parts.headers["content-type"].to_str().unwrap().to_owned();
        let (media, boundary) = kind.split_once("; boundary=").unwrap();
        let body = String::from_utf8(parts.body.to_vec()).unwrap();
        let head = "Content-Disposition: form-data; name=";
        (media.to_owned(), body.replace(boundary, "B").replace(head, "").replace("\r\n", "|"))
    };
    let mut request = fresh();
    request.content_type("multipart/mixed; boundary=none");
    for part in Part::each("l", &json!(["a", 2, {"k": null}])).into_iter().chain(Part::each("n", &json!(null))) {
        request.part(part);
    }
    request.part(Part::of_json("j", &json!("x")).with_content_type("application/vnd.x+json"));
    let file = Upload::new("f").with_header("X-Sum", "1").with_header("content-type", "text/html");
    request.part(file.into_part_of("f", "image/png"));
    let expected = "--B|\"l\"||a|--B|\"l\"||2|--B|\"l\"|Content-Type: application/json||{\"k\":null}|\
         --B|\"j\"|Content-Type: application/vnd.x+json||\"x\"|\
         --B|\"f\"; filename=\"f\"|Content-Type: image/png|X-Sum: 1||f|--B--|";
    assert_eq!(sent(request), ("multipart/mixed".to_owned(), expected.to_owned()));

    for (part, note) in [
        (Part::text("t", "x").with_header("X-A", "a\r\nX-B: c"), "no header may have"),
        (Part::each("t", &json!([1, null])).remove(1), "a null among its elements: `t`"),
        (Part::each("t", &f64::NAN).remove(0), "not finite: `t`"),
    ] {
        let mut request = fresh();
        request.part(part);
        let error = request.parts().unwrap_err();
        assert!(error.to_string().contains(note), "{error}");
    }
}

#[test]
fn a_null_that_no_repeated_value_can_say_is_an_error() {
    let (client, ..) = scripted([]);
    let list = json!(["a", null]);
    type Set<'a> = &'a dyn Fn(&mut Request<Value>, &Value);
    let ways: [Set<'_>; 6] = [
        &|r, v| r.query("n", v, Style::FormExplode),
        &|r, v| r.query("n", v, Style::DeepObject),
        &|r, v| r.path_styled("n", v, PathStyle::MatrixExplode),
        &|r, v| r.path_styled("n", v, PathStyle::LabelExplode),
        &|r, v| r.cookie_styled("n", v, CookieStyle::FormExplode),
        &|r, v| r.form("n", v, Style::FormExplode),
    ];
    for (i, set) in ways.into_iter().enumerate() {
        let mut request = plain(&client, &ORDER_BOOK, "a").request;
        set(&mut request, &list);
        let error = request.parts().unwrap_err();
        assert!(error.to_string().ends_with("a list has a null among its elements: `n`"), "{i}: {error}");
    }
}

#[test]
fn lists_are_joined_where_no_style_does_it() {
    let (client, ..) = scripted([]);
    let deep = json!([["a", "b c"], ["d"]]);
    let mut request = get(&client, "x").request;
    request.query("t", &Joined(&["a", "b"], &["\t"]), Style::Form);
    request.query("d", &Joined(&deep, &["|", ","]), Style::Form);
    request.query("m", &Joined(&deep, &["", "|"]), Style::FormExplode);
    request.query("none", &Joined(&json!([]), &["|"]), Style::Form);
    request.query("one", &Joined(&7, &["|"]), Style::Form);
    request.header_param("X-L", &Joined(&["a", "b"], &[" "]));
    let parts = request.parts().unwrap();
    let query = "?t=a%09b&d=a%2Cb%20c%7Cd&m=a%7Cb%20c&m=d&one=7";
    assert!(parts.url.ends_with(query), "{}", parts.url);
    assert_eq!(parts.headers["x-l"], "a b");
    request.query("bad", &Joined(&[f64::NAN], &["|"]), Style::Form);
    assert!(request.parts().unwrap_err().to_string().contains("not finite: `bad`"));
}

#[test]
fn headers_and_cookies() {
    let (client, ..) = scripted([]);
    let mut request = get(&client, "x").request;
    request.header_param("X-List", &["a", "b"]);
    request.header_param("X-None", &None::<&str>);
    request.cookie("session", &"a;b");
    request.cookie("theme", &"light");
    request.cookie("theme", &"dark");
    request.cookie("list", &json!(["a,b", 1]));
    request.cookie_styled("many", &json!([1, 2]), CookieStyle::FormExplode);
    request.cookie_styled("object", &json!({"k": "v v", "n": null}), CookieStyle::FormExplode);
    request.cookie_styled("plain", &json!(["a%20b", "c"]), CookieStyle::Plain);
    request.header_exploded("X-Pairs", &json!({"k": 1, "l": "m"}));
    request.header_param("X-Flat", &json!({"k": 1, "l": "m"}));
    request.header_json("X-Json", &json!({"k": "é\u{1F600}"}));
    let request = request.with_header("X-List", "c").with_header("User-Agent", "mine");
    let headers = request.parts().unwrap().headers;
    assert_eq!(headers["x-list"], "c");
    assert_eq!(headers["user-agent"], "mine");
    let cookies = "session=a%3Bb; theme=dark; list=a%2Cb,1; many=1; many=2; k=v%20v; plain=a%20b,c";
    assert_eq!(headers["cookie"], cookies);
    assert_eq!((&headers["x-pairs"], &headers["x-flat"]), (&"k=1,l=m".parse().unwrap(), &"k,1,l,m".parse().unwrap()));
    assert_eq!(headers["x-json"], r#"{"k":"\u00e9\ud83d\ude00"}"#);
    for value in [json!("a\r\nX: y"), json!("a; b=c"), json!({"k; x": 1})] {
        let mut broken = get(&client, "x").request;
        broken.cookie_styled("plain", &value, CookieStyle::PlainExplode);
        assert!(broken.parts().unwrap_err().to_string().contains("no cookie may have: `plain`"), "{value}");
    }
    assert!(!headers.contains_key("x-none"));
    for (name, value) in [("X-A", "a\r\nX-B: c"), ("X A", "a"), ("X-A", "\u{7f}")] {
        let error = get(&client, "x").header(name, value).request().parts().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build, "{name}: {value:?}");
    }
}

#[test]
fn basic_credentials_are_padded_as_base64_is() {
    for (id, password, expected) in [
        ("a", "", "Basic YTo="),
        ("a", "b", "Basic YTpi"),
        ("a", "bc", "Basic YTpiYw=="),
        ("é", "?>~", "Basic w6k6Pz5+"),
    ] {
        let client = Client::new("https://h", Credentials::basic(id, password));
        assert_eq!(get(&client, "x").request().parts().unwrap().headers["authorization"], expected);
    }
}

#[test]
fn a_mock_never_sees_credentials() {
    let mock = Server::without_credentials("mock", "https://mock.example.com/_mock/");
    let credentials = Credentials::basic("i", "p").and(Credentials::api_key(KeyPlace::Query, "key", "k"));
    let client = Client::new(mock, credentials);
    let parts = get(&client, "x").header("Authorization", "Basic eDp5").request().parts().unwrap();
    assert_eq!(parts.url, "https://mock.example.com/_mock/api/books/x/");
    assert_eq!(parts.headers.keys().map(|n| n.as_str()).collect::<Vec<_>>(), ["accept", "user-agent"]);
}

fn client_of_key(names: &EnvironmentNames) -> Client {
    Client::from_variables(names, |name| (name == "SECRET").then(|| "b".to_owned())).unwrap()
}

#[test]
fn the_environment_names_server_and_credentials() {
    const SERVERS: &[Server] =
        &[Server::new("sandbox", "https://sandbox.h"), Server::new("production", "https://api.h")];
    const NAMES: EnvironmentNames =
        EnvironmentNames { id: "ID", secret: "SECRET", key: None, server: "ENV", base_url: "URL", servers: SERVERS };
    let client = |names: &EnvironmentNames, set: &[(&str, &str)]| {
        let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Client::from_variables(names, get)
    };
    for (set, expected) in [
        (&[("ID", "a"), ("SECRET", "b")][..], Some("https://sandbox.h")),
        (&[("ID", "a"), ("SECRET", "b"), ("ENV", "PRODUCTION")], Some("https://api.h")),
        (&[("ID", "a"), ("SECRET", "b"), ("ENV", "production"), ("URL", "http://mine/")], Some("http://mine/")),
        (&[("ID", "a"), ("SECRET", "b"), ("ENV", ""), ("URL", "")], Some("https://sandbox.h")),
        (&[("ID", "a"), ("SECRET", "b"), ("ENV", "SandBox")], Some("https://sandbox.h")),
        (&[("ID", "a"), ("SECRET", "b"), ("ENV", "https://mine/prefix")], Some("https://mine/prefix")),
        (&[("ID", "a"), ("SECRET", "b"), ("ENV", "development")], None),
        (&[("ID", "a")], None),
        (&[("SECRET", "a")], None),
    ] {
        let client = client(&NAMES, set);
        assert_eq!(client.as_ref().ok().map(|c| c.server().base_url.as_ref()), expected, "{set:?}");
        if let Err(error) = client {
            assert!(error.to_string().contains("an environment variable"), "{error}");
        }
    }
    let names = EnvironmentNames { id: "", ..NAMES };
    let client = client(&names, &[("SECRET", "b")]).unwrap();
    assert_eq!(get(&client, "x").request().parts().unwrap().headers["authorization"], "Bearer b");
    let names = EnvironmentNames { id: "", key: Some((KeyPlace::Query, "key")), ..NAMES };
    let client = client_of_key(&names);
    assert_eq!(get(&client, "x").request().parts().unwrap().url, "https://sandbox.h/api/books/x/?key=b");
}

#[test]
fn every_method_goes_out_under_its_name() {
    use Method::{Delete, Get, Head, Options, Other, Patch, Post, Put, Query, Trace};
    for method in [Get, Put, Post, Delete, Options, Head, Patch, Trace, Query, Other("COPY")] {
        let operation: &'static Operation = Box::leak(Box::new(Operation { method, ..Operation::DEFAULT }));
        let parts = Request::new(&Client::new("https://h", Credentials::none()), operation, decode::<Value>).parts();
        assert_eq!(parts.unwrap().method.as_str(), method.as_str());
    }
}
