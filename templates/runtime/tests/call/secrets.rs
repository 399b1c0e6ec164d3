//! Planted secrets are in nothing a log could hold.

use crate::Client;
use crate::runtime::__private::Part;
use crate::runtime::{Answer, Credentials, KeyPlace, Recorder, Style};
use serde_json::json;

use crate::support::*;

const SECRET: &str = "hunter2-hunter2";

fn clean(text: impl Into<String>) {
    let text = text.into();
    // Also in the form Basic credentials take on the wire.
    for form in [SECRET, "aHVudGVyMi1odW50ZXIy", "odW50ZXIyLWh1bnRlcj"] {
        assert!(!text.contains(form), "a secret in: {text}");
    }
}

fn client(recorder: &Recorder) -> Client {
    let credentials = Credentials::basic(SECRET, SECRET)
        .and(Credentials::bearer(SECRET))
        .and(Credentials::api_key(KeyPlace::Header, "X-Key", SECRET))
        .and(Credentials::api_key(KeyPlace::Query, "key", SECRET));
    clean(format!("{credentials:?} {credentials:#?}"));
    let builder = Client::builder("https://h").credentials(credentials).header("X-Token", SECRET);
    clean(format!("{builder:?}"));
    builder.transport(recorder.clone()).clock(crate::runtime::VirtualClock::new()).build().unwrap()
}

fn request(client: &Client) -> Plain {
    let mut plain = plain(client, &ORDER_BOOK, SECRET);
    plain.request.query("password", &SECRET, Style::Form);
    plain.request.header_param("X-Pass", &SECRET);
    plain.request.cookie("session", &SECRET);
    plain.request.body(&json!({"password": SECRET}));
    plain.request.member("token", &SECRET.to_owned());
    plain.query("q", SECRET).header("X-Other", SECRET).extra("mfa", SECRET)
}

#[test]
fn nothing_that_can_be_printed_shows_a_secret() {
    let body = json!([{"code": "required", "message": SECRET, "password": SECRET, "field": "f"}, {"code": format!("{SECRET} {SECRET}")}]);
    let answers = [
        Answer::json(200, format!("\"{SECRET}\"")),
        Answer::json(400, body.to_string()).header("x-secret", SECRET),
        Answer::json(200, format!("{{{SECRET}")),
        Answer::bytes(502, "text/html", format!("<p>{SECRET}</p>")),
        Answer::status(302).header("location", &format!("http://h/{SECRET}")),
        Answer::json(202, body.to_string()),
        Answer::maybe_sent(),
        Answer::timed_out(),
        Answer::not_sent(),
    ];
    for answer in answers {
        clean(format!("{answer:?}"));
        let recorder = Recorder::answering([answer]);
        recorder.always(Answer::status(400));
        let client = client(&recorder);
        clean(format!("{client:?} {recorder:?}"));
        let request = request(&client);
        clean(format!("{request:?} {request:#?} {:?}", request.request.parts().unwrap()));
        match now(request.raw()) {
            Ok(received) => clean(format!("{received:?} {:?}", received.read::<String>().err())),
            Err(error) => {
                clean(format!("{error} {error:?} {error:#?}"));
                let source = std::error::Error::source(&error).map(|s| format!("{s} {s:?}"));
                clean(source.unwrap_or_default());
            }
        }
        recorder.requests().iter().for_each(|parts| clean(format!("{parts:?}")));
    }
    clean(format!("{:?}", Part::file("f", "n", SECRET)));
}

#[test]
fn a_request_that_cannot_be_built_does_not_show_why_in_full() {
    let client = client(&Recorder::new());
    clean(format!("{:?}", get(&client, "x").header("X-A", &format!("{SECRET}\n")).request().parts().unwrap_err()));
    let broken = Client::builder(format!("https://u:{SECRET}@h").as_str()).build().unwrap_err();
    let client = Client::new(format!("https://u:{SECRET}@h"), Credentials::none());
    clean(format!("{broken} {broken:?} {client:?}"));
}

#[test]
fn pages_do_not_show_what_was_filtered_by() {
    let next = format!("https://h/api/books/?user={SECRET}");
    let page = json!({"results": [1, SECRET], "next": next}).to_string();
    let recorder = Recorder::answering([Answer::json(200, page)]);
    let client = client(&recorder);
    let mut items = list(&client).query("user", SECRET).items();
    now(items.try_next()).unwrap();
    let odd = now(items.try_next()).unwrap_err();
    clean(format!("{odd} {odd:?} {items:?} {:?}", items.continuation()));
    // What comes by accessor is for the caller to guard.
    assert!(odd.body().starts_with(b"\"hunter2"));
}
