//! A second factor through the crate `belvo`: read from every shape of a 428, resumed where the API can, and nowhere else.

use belvo::ErrorKind;
use belvo::client::{Challenge, Mfa};
use belvo::testing::{Answer, Recorder, VirtualClock};
use belvo::{Client, Credentials, Environment, ErrorClass, ErrorCode};
use serde_json::{Value, json};

const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";
const SESSION: &str = "5d0e8b2c97fa43169ab1c4d7f6e02835";

fn scripted(answers: impl IntoIterator<Item = Answer>) -> (Client, Recorder, VirtualClock) {
    let (recorder, clock) = (Recorder::answering(answers), VirtualClock::new());
    let builder = Client::builder(Environment::Sandbox).credentials(Credentials::basic("id", "password"));
    let client = builder.transport(recorder.clone()).clock(clock.clone()).build().expect("a client");
    (client, recorder, clock)
}

fn asked(challenge: Value) -> Value {
    json!([{
        "code": "token_required", "message": "A token is needed", "request_id": "r-1", "session": SESSION,
        "expiry": 600, "link": LINK, "token_generation_data": challenge,
    }])
}

fn body(recorder: &Recorder, index: usize) -> Value {
    serde_json::from_slice(&recorder.requests()[index].body).expect("a JSON body")
}

#[tokio::test]
async fn every_shape_of_the_answer_is_read() {
    let full = |value: &str| (Some("numeric".to_owned()), Some(value.to_owned()), Some("Type it".to_owned()));
    let numeric = |flag: &str| {
        let mut data = json!({"type": "numeric", "value": "80417", "instructions": "Type it"});
        data[flag] = json!(false);
        data
    };
    let mut texts = asked(numeric("expects_user_input"));
    texts[0]["expiry"] = json!("720");
    texts[0]["token_generation_data"]["value"] = json!(80417);
    let one = asked(numeric("expects_user_input"))[0].clone();
    let mut bare = asked(Value::Null);
    bare[0].as_object_mut().expect("an object").remove("token_generation_data");
    let old = json!({"detail": "Token required", "session": SESSION, "expiry": 300, "link": LINK});
    let mut two = asked(numeric("expects_user_input"));
    two.as_array_mut().expect("an array").insert(0, json!({"code": "other", "message": "before it"}));

    type Expected = (Option<u64>, Option<(Option<String>, Option<String>, Option<String>)>, bool);
    let table: Vec<(Value, Expected)> = vec![
        (asked(numeric("expects_user_input")), (Some(600), Some(full("80417")), false)),
        (asked(numeric("expect_user_input")), (Some(600), Some(full("80417")), false)),
        (asked(numeric("something_else")), (Some(600), Some(full("80417")), true)),
        (texts, (Some(720), Some(full("80417")), false)),
        (one, (Some(600), Some(full("80417")), false)),
        (two, (Some(600), Some(full("80417")), false)),
        (bare, (Some(600), None, true)),
        (old, (Some(300), None, true)),
    ];
    for (shape, (expiry, challenge, expects_input)) in table {
        let (client, recorder, clock) = scripted([Answer::json(428, shape.to_string())]);
        let error = client.accounts().retrieve(LINK).await.expect_err("a token is needed");
        let mfa = error.mfa().unwrap_or_else(|| panic!("no session in {shape}"));
        assert_eq!((mfa.session(), mfa.link(), mfa.expiry()), (Some(SESSION), Some(LINK), expiry), "{shape}");
        let found = mfa.challenge().map(|c: &Challenge| (c.kind.clone(), c.value.clone(), c.instructions.clone()));
        assert_eq!((found, mfa.expects_input()), (challenge, expects_input), "{shape}");
        assert_eq!((error.kind(), error.status().map(|s| s.code())), (ErrorKind::Status, Some(428)));
        assert_eq!((recorder.requests().len(), clock.pauses().len()), (1, 0), "it is never tried again by itself");
        let shown = format!("{error} {error:?} {mfa:?} {:?}", mfa.challenge());
        assert!(!shown.contains(SESSION) && !shown.contains("80417"), "{shown}");
    }
}

#[tokio::test]
async fn a_call_is_resumed_until_the_api_is_content() {
    let again = asked(json!({"type": "qr", "value": "code", "expects_user_input": false}));
    let (client, recorder, _) = scripted([
        Answer::json(428, asked(Value::Null).to_string()),
        Answer::json(428, again.to_string()),
        Answer::json(200, "[]"),
    ]);
    let error = client.accounts().retrieve(LINK).save_data(false).await.expect_err("a token is needed");
    let first = error.mfa().expect("a session");
    let error = client.accounts().resume(&first, "1234").save_data(false).await.expect_err("another one");
    let second = error.mfa().expect("a session");
    assert!(first.expects_input() && !second.expects_input());
    let accounts = client.accounts().resume(second, None).await.expect("accounts");
    assert!(accounts.is_empty());
    let sent: Vec<_> = recorder.requests().iter().map(|r| (r.method.to_string(), r.url.clone())).collect();
    let url = "https://sandbox.belvo.com/api/accounts/".to_owned();
    assert_eq!(sent, ["POST", "PATCH", "PATCH"].map(|method| (method.to_owned(), url.clone())));
    assert_eq!(body(&recorder, 0), json!({"link": LINK, "save_data": false}));
    assert_eq!(body(&recorder, 1), json!({"session": SESSION, "link": LINK, "token": "1234", "save_data": false}));
    assert_eq!(body(&recorder, 2), json!({"session": SESSION, "link": LINK}));
}

#[tokio::test]
async fn every_collection_that_has_a_patch_resumes_at_its_own_place() {
    let (client, recorder, _) = scripted([]);
    recorder.always(Answer::json(200, "[]"));
    let (mfa, token) = (Mfa::new(SESSION, LINK), "1234");
    // What is not in this list has no such function: another line here would not compile.
    client.links().resume(&mfa, token).raw().await.expect("links");
    client.owners().resume(&mfa, token).raw().await.expect("owners");
    client.accounts().resume(&mfa, token).raw().await.expect("accounts");
    client.transactions().resume(&mfa, token).raw().await.expect("transactions");
    client.invoices().resume(&mfa, token).raw().await.expect("invoices");
    client.incomes().resume(&mfa, token).raw().await.expect("incomes");
    client.recurring_expenses().resume(&mfa, token).raw().await.expect("recurring expenses");
    client.risk_insights().resume(&mfa, token).raw().await.expect("risk insights");
    let paths: Vec<_> =
        recorder.requests().iter().map(|r| r.url.replace("https://sandbox.belvo.com/api/", "")).collect();
    let expected = [
        "links/",
        "owners/",
        "accounts/",
        "transactions/",
        "invoices/",
        "incomes/",
        "recurring-expenses/",
        "risk-insights/",
    ];
    assert_eq!(paths, expected);
    let body = json!({"session": SESSION, "link": LINK, "token": "1234"});
    let all = recorder.requests();
    assert!(all.iter().all(|r| serde_json::from_slice::<Value>(&r.body).expect("JSON") == body));
    let resuming = belvo::testing::operations().iter().filter(|o| o.method == "PATCH" && !o.path.contains("{id}"));
    assert_eq!(resuming.count(), expected.len(), "the document has no other");
}

#[tokio::test]
async fn a_session_that_is_over_is_a_clear_error() {
    let over = r#"[{"code":"session_expired","message":"x","request_id":"r-2"}]"#;
    let (client, recorder, clock) = scripted([Answer::json(400, over)]);
    let error = client.links().resume(Mfa::new(SESSION, LINK), "1234").await.expect_err("too late");
    assert!(error.is_mfa_expired() && error.mfa().is_none() && !error.is_retryable());
    assert_eq!(error.error_code(), Some(ErrorCode::SessionExpired));
    assert_eq!(error.advice(), Some("the second factor came too late; start the request again"));
    assert_eq!((recorder.requests().len(), clock.pauses().len()), (1, 0));
    assert!(error.to_string().contains("session_expired"), "{error}");
}

#[tokio::test]
async fn an_answer_without_a_session_cannot_be_resumed_and_says_so() {
    let (client, recorder, _) = scripted([Answer::json(428, r#"[{"code":"token_required","message":"x"}]"#)]);
    let mfa = client.links().get(LINK).await.expect_err("428").mfa().expect("the code says so");
    assert_eq!((mfa.session(), mfa.expects_input()), (None, true));
    let error = client.links().resume(mfa, "1234").await.expect_err("nothing to resume");
    assert_eq!(error.kind(), ErrorKind::Build);
    assert!(error.to_string().contains("`session`"), "{error}");
    assert_eq!(recorder.requests().len(), 1, "nothing was sent");
}

#[tokio::test]
async fn another_428_is_an_error_like_any_other() {
    let activation = json!([{"code": "activation_required", "message": "Open it first", "request_id": "r-3"}]);
    let mut with_session = activation.clone();
    with_session[0]["session"] = json!(SESSION);
    for (answer, class, asks) in [
        (Answer::json(428, activation.to_string()), ErrorClass::User, false),
        (Answer::json(428, with_session.to_string()), ErrorClass::User, true),
        (Answer::json(428, json!([{"code": "made_up", "session": null}]).to_string()), ErrorClass::Caller, false),
        (Answer::json(428, json!({"detail": "Precondition", "session": ""}).to_string()), ErrorClass::Caller, false),
        (Answer::json(428, json!({"detail": "A token", "session": SESSION}).to_string()), ErrorClass::User, true),
        (Answer::json(400, json!([{"code": "invalid", "session": SESSION}]).to_string()), ErrorClass::Caller, false),
        (Answer::json(400, asked(Value::Null).to_string()), ErrorClass::User, true),
        (Answer::bytes(428, "text/html", "<p>later</p>"), ErrorClass::Caller, false),
        (Answer::status(428), ErrorClass::Caller, false),
    ] {
        let (client, recorder, clock) = scripted([answer]);
        let error = client.accounts().retrieve(LINK).await.expect_err("an error");
        assert_eq!((error.class(), error.mfa().is_some()), (Some(class), asks), "{error}");
        assert_eq!((recorder.requests().len(), clock.pauses().len()), (1, 0), "{error}");
    }
}

#[tokio::test]
async fn codes_are_typed_and_open() {
    let known = ErrorCode::from("too_many_sessions");
    assert_eq!((&known, known.as_str()), (&ErrorCode::TooManySessions, "too_many_sessions"));
    assert_eq!((known.status(), known.class()), ([400].as_slice(), Some(ErrorClass::Wait)));
    assert!(known.advice().is_some_and(|advice| !advice.is_empty()));
    let new = ErrorCode::from("made_up_today");
    assert_eq!((new.as_str(), new.status(), new.class(), new.advice()), ("made_up_today", [].as_slice(), None, None));
    assert_eq!(new, ErrorCode::Unrecognized("made_up_today".into()));
    assert_eq!(serde_json::to_value(&known).expect("JSON"), json!("too_many_sessions"));

    let body = r#"[{"code":"made_up_today","message":"x"},{"code":"invalid_link","message":"y"}]"#;
    let (client, ..) = scripted([Answer::json(400, body), Answer::status(500)]);
    let error = client.accounts().retrieve(LINK).await.expect_err("refused");
    // The text is the first one, the typed code the first that says something.
    assert_eq!((error.code(), error.error_code()), (Some("made_up_today"), Some(ErrorCode::InvalidLink)));
    assert_eq!(error.items()[0].error_code(), Some(new));
    assert_eq!(error.advice(), ErrorCode::InvalidLink.advice());
}
