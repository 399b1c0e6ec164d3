//! Planted secrets: in every member of requests and responses that looks like one, in every member nobody declared, and in none of what
//! models, errors and responses print.

use belvo::testing::{Answer, Recorder, VirtualClock, now, operations, read_back, requests};
use belvo::{Client, Credentials, Environment, webhooks};
use generator::base::Sources;
use generator::document::Node;
use serde_json::{Map, Value, json};
use tests::place::{files, relative, root, text};
use tests::run::value;

const SECRET: &str = "hunter2-hunter2";

/// Whether the name of a member says that its value must not be in a log.
fn looks_secret(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "password",
        "token",
        "username",
        "secret",
        "session",
        "certificate",
        "private_key",
        "encryption_key",
        "access",
        "refresh",
        "id_token",
        "otp",
        "pin",
        "credential",
        "api_key",
        "authorization",
    ];
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').to_lowercase();
    NAMES.contains(&plain.as_str())
        || plain.ends_with("_token")
        || plain.ends_with("_secret")
        || plain.ends_with("password")
}

/// The same JSON with the secret in every text that looks like one, and in a member nobody knows, on every level.
fn planted(json: &Value) -> Value {
    match json {
        Value::Array(list) => list.iter().map(planted).collect(),
        Value::Object(members) => {
            let plant = |(name, v): (&String, &Value)| {
                let v = if v.is_string() && looks_secret(name) { json!(SECRET) } else { planted(v) };
                (name.clone(), v)
            };
            let mut out: Map<String, Value> = members.iter().map(plant).collect();
            out.insert("nobody_knows".to_owned(), json!({"password": SECRET}));
            Value::Object(out)
        }
        other => other.clone(),
    }
}

/// The bodies of the responses that our document shows in place: operation, status, body.
fn examples() -> Vec<(String, u16, Value)> {
    let path = root().join("spec/belvo.yaml");
    let spec =
        generator::document::load::read(&path, &mut Sources::new(), &mut Default::default()).expect("a document");
    let follow = |node: &Node| -> Option<Node> {
        let Some(to) = node.get("$ref").and_then(Node::as_str) else { return Some(node.clone()) };
        to.trim_start_matches("#/").split('/').try_fold(&spec, |node, key| node.get(key)).cloned()
    };
    let mut out = Vec::new();
    let members = |node: Option<&Node>| -> Vec<(String, Node)> {
        let all = node.and_then(Node::as_object).into_iter().flat_map(|o| o.iter());
        all.map(|e| (e.key.to_string(), e.value.clone())).collect()
    };
    for (_, path) in members(spec.get("paths")) {
        for (_, operation) in members(Some(&path)) {
            let Some(id) = operation.get("operationId").and_then(Node::as_str) else { continue };
            for (status, response) in members(operation.get("responses")) {
                let response = follow(&response).expect("a response");
                let media = response.get("content").and_then(|content| content.get("application/json"));
                // Without a body there is nothing to read, whatever came.
                let Some(media) = media else { continue };
                let shown = media.get("example").map(value);
                // An error's own members, where no example shows them.
                let shown = shown.unwrap_or_else(|| {
                    json!([{"code": "x", "message": SECRET, "session": SECRET, "token_generation_data": {"value": SECRET}}])
                });
                out.push((id.to_owned(), status.parse().expect("a status"), shown));
            }
        }
    }
    out
}

#[test]
fn no_model_prints_a_secret() {
    let mut read = 0;
    for (operation, status, body) in examples() {
        let body = planted(&body).to_string();
        // Not every made-up error is of its declared type; what is read must not show.
        let Ok(back) = read_back(&operation, status, "application/json", body.as_bytes()) else { continue };
        read += 1;
        // A message is prose for people. Of an object of which the document says nothing, everything is the caller's own JSON.
        let free = format!("\"nobody_knows\": Object {{\"password\": String(\"{SECRET}\")}}");
        let looks = back.debug.replace(&free, "").replace(&format!("message: Some(\"{SECRET}\")"), "");
        let looks = looks.replace(&format!("message: \"{SECRET}\""), "");
        assert!(!looks.contains(SECRET), "{operation} {status}: {looks}");
        // It is there all the same, and written back.
        let kept: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(
            back.json.to_string().matches(SECRET).count(),
            kept.to_string().matches(SECRET).count(),
            "{operation}"
        );
    }
    assert!(read > 148, "{read} bodies were read");
}

#[test]
fn whatever_looks_like_a_secret_has_the_type_of_one() {
    let mut found = 0;
    for path in files(&root().join("generated/src/models"), ".rs") {
        for line in text(&path).lines() {
            let Some((name, ty)) = line.trim().strip_prefix("pub ").and_then(|rest| rest.split_once(": ")) else {
                continue;
            };
            if !looks_secret(name.trim_start_matches("r#")) {
                continue;
            }
            found += 1;
            let is_text = ["String", "Uuid", "Value"].iter().any(|plain| ty.contains(plain));
            assert!(!is_text, "{}: `{name}: {ty}` shows in `Debug`; see `[secrets]`", relative(&path));
        }
    }
    assert!(found >= 10, "{found} members look like secrets");
}

#[test]
fn nothing_about_a_request_or_its_failure_shows_what_was_sent() {
    let recorder = Recorder::new();
    let client = Client::builder(Environment::Sandbox)
        .credentials(Credentials::basic(SECRET, SECRET))
        .transport(recorder.clone())
        .clock(VirtualClock::new())
        .build()
        .expect("a client");
    let clean = |text: String, what: &str| {
        for form in [SECRET, "aHVudGVyMi1odW50ZXIy"] {
            assert!(!text.contains(form), "{what} shows it: {text}");
        }
    };
    for sample in requests(&client) {
        let parts = sample.parts.as_ref().expect("a request");
        clean(format!("{parts:?}"), sample.operation);
        clean(format!("{sample:?}"), sample.operation);
    }
    let body = json!([{"code": SECRET.to_owned() + " ", "message": SECRET, "session": SECRET, "link": SECRET,
        "token_generation_data": {"type": "numeric", "value": SECRET, "instructions": SECRET}}]);
    for answer in [
        Answer::json(428, body.to_string()),
        Answer::json(400, body.to_string()),
        Answer::bytes(502, "text/html", format!("<p>{SECRET}</p>")),
        Answer::json(201, format!("{{\"{SECRET}\": \"{SECRET}\"")),
        Answer::json(202, json!({"nothing": SECRET}).to_string()),
        Answer::status(302).header("location", &format!("https://evil.example/{SECRET}")),
        Answer::not_sent(),
    ] {
        let one = Recorder::new();
        one.always(answer);
        let client = Client::builder(Environment::Sandbox).credentials(Credentials::basic("id", SECRET));
        let client = client.transport(one).clock(VirtualClock::new()).build().expect("a client");
        let request = client.accounts().retrieve(SECRET).token(SECRET).extra("mfa", SECRET).header("x", SECRET);
        clean(format!("{request:?} {client:?}"), "the request");
        let error = now(request).expect_err("a failure");
        clean(format!("{error} {error:?} {error:#?} {:?}", error.mfa()), "the error");
        if let Some(mfa) = error.mfa() {
            let resumed = client.accounts().resume(&mfa, SECRET);
            clean(format!("{resumed:?} {:?}", belvo::client::MfaToken::from(SECRET)), "the resumed call");
        }
    }
    let webhook = json!({"webhook_type": "LINK", "password": SECRET, "data": {"token": SECRET}});
    let webhook = webhooks::Webhook::parse(webhook.to_string().as_bytes()).expect("a webhook");
    clean(format!("{webhook:?}"), "the webhook");
    assert!(webhook.to_json().contains(SECRET), "it is kept");
    assert_eq!(operations().len(), 148);
}
