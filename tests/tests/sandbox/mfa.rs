//! Flow 3: a second factor is asked for, once or again, in every way Belvo writes it, and the paused request is taken up.

use crate::pauses;
use belvo::client::Mfa;
use belvo::models::{LinksRequestFiscalMexico, LinksRequestFiscalMexicoArgs};
use belvo::{Client, Error, ErrorCode};
use serde_json::json;
use tests::sandbox::{self, Act, LINK, Sandbox, error};

fn asking(mfa: sandbox::Mfa) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.world(|w| w.mfa = Some(mfa));
    sandbox
}

/// Retrieves accounts and gives the token as often as it is asked for.
async fn retrieve(client: &Client, token: Option<&str>) -> Result<(usize, u16), Error> {
    let mut outcome = client.accounts().retrieve(LINK).await;
    for _ in 0..5 {
        let mfa = match outcome {
            Ok(accounts) => return Ok((accounts.len(), accounts.status().code())),
            Err(error) => match error.mfa() {
                Some(mfa) => mfa,
                None => return Err(error),
            },
        };
        outcome = client.accounts().resume(&mfa, token).await;
    }
    panic!("asked for ever");
}

#[tokio::test]
async fn a_token_is_asked_for_twice_and_given_twice() {
    let sandbox = asking(sandbox::Mfa { rounds: 2, ..Default::default() });
    let (client, clock) = sandbox.client();
    assert_eq!(retrieve(&client, Some("724906")).await.expect("accounts"), (1, 201));
    let routes: Vec<String> = sandbox.seen().iter().map(|a| a.route()).collect();
    assert_eq!(routes, ["POST /api/accounts/", "PATCH /api/accounts/", "PATCH /api/accounts/"]);
    let bodies: Vec<_> = sandbox.seen().iter().skip(1).map(|a| a.json()).collect();
    for body in &bodies {
        assert_eq!((&body["token"], &body["link"]), (&json!("724906"), &json!(LINK)));
        assert_eq!(body.as_object().map(serde_json::Map::len), Some(3), "{body}");
    }
    assert_ne!(bodies[0]["session"], bodies[1]["session"], "the second question has a session of its own");
    assert!(pauses(&clock).is_empty(), "a question is not retried");
    assert_eq!(sandbox.world(|w| w.made("RetrieveAccounts") + w.made("PatchAccounts")), 1);
}

#[tokio::test]
async fn a_link_is_registered_with_a_token() {
    let sandbox = asking(sandbox::Mfa::default());
    let (client, _) = sandbox.client();
    let register = client.links().register(LinksRequestFiscalMexico::new(LinksRequestFiscalMexicoArgs {
        institution: "tatooine_mx_fiscal".into(),
        username: "GAPL850317QX4".into(),
        password: "clave2025".into(),
    }));
    let error = register.await.expect_err("a token is needed");
    assert_eq!((error.status().map(|s| s.code()), error.attempts()), (Some(428), 1));
    let mfa = error.mfa().expect("a second factor");
    let challenge = mfa.challenge().expect("what is asked");
    assert_eq!((challenge.kind.as_deref(), challenge.value.as_deref()), (Some("numeric"), Some("12345")));
    assert!(mfa.expects_input() && mfa.expiry() == Some(720) && challenge.instructions.is_some());
    let link = client.links().resume(&mfa, "724906").await.expect("a link");
    assert_eq!(link.status.as_ref().map(ToString::to_string).as_deref(), Some("valid"));
    assert_eq!(sandbox.lines(), ["POST /api/links/", "PATCH /api/links/"]);
    // Neither session nor challenge nor token in anything that is printed.
    let session = mfa.session().expect("a session");
    let shown = format!("{error} {error:?} {mfa:?} {challenge:?} {:?}", client.links().resume(&mfa, "724906"));
    for secret in [session, "12345", "724906"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn every_way_of_asking_is_understood() {
    let usual = sandbox::Mfa::default;
    for (mfa, token) in [
        // The developer portal has the expiry as text.
        (sandbox::Mfa { expiry: json!("720"), ..usual() }, Some("724906")),
        (sandbox::Mfa { expiry: json!(null), ..usual() }, Some("724906")),
        (sandbox::Mfa { says_what: false, ..usual() }, Some("724906")),
        // Once it was one object, not an array.
        (sandbox::Mfa { bare: true, ..usual() }, Some("724906")),
        // The user confirms on another device: no token is sent.
        (sandbox::Mfa { token: None, ..usual() }, None),
    ] {
        let sandbox = asking(mfa.clone());
        let (client, _) = sandbox.client();
        let error = client.accounts().retrieve(LINK).await.expect_err("a second factor");
        let asked = error.mfa().unwrap_or_else(|| panic!("{mfa:?}"));
        assert_eq!(asked.link(), Some(LINK));
        assert_eq!(asked.expiry(), if mfa.expiry.is_null() { None } else { Some(720) }, "{mfa:?}");
        assert_eq!(asked.challenge().is_some(), mfa.says_what);
        assert_eq!(asked.expects_input(), mfa.token.is_some());
        // Kept by the service until the user has answered, perhaps in another process.
        let kept = Mfa::new(asked.session().expect("a session"), asked.link().expect("a link"));
        let accounts = client.accounts().resume(&kept, token).await.expect("accounts");
        assert_eq!(accounts.len(), 1);
        let body = sandbox.seen()[1].json();
        assert_eq!(body.get("token").is_some(), token.is_some(), "{body}");
    }
}

#[tokio::test]
async fn an_expired_session_is_a_clear_error() {
    let sandbox = asking(sandbox::Mfa::default());
    let (client, clock) = sandbox.client();
    let mfa = client.accounts().retrieve(LINK).await.expect_err("a token").mfa().expect("a second factor");
    sandbox.world(sandbox::World::expire_sessions);
    let error = client.accounts().resume(&mfa, "724906").await.expect_err("too late");
    assert_eq!((error.code(), error.attempts()), (Some("session_expired"), 1));
    assert!(error.is_mfa_expired() && error.mfa().is_none() && !error.is_retryable() && pauses(&clock).is_empty());
    // A session is good for one answer only.
    let mfa = client.accounts().retrieve(LINK).await.expect_err("a token").mfa().expect("a second factor");
    assert!(!client.accounts().resume(&mfa, "000000").await.expect_err("a wrong token").is_mfa_expired());
    assert!(client.accounts().resume(&mfa, "724906").await.expect_err("used up").is_mfa_expired());
}

#[tokio::test]
async fn a_resumed_request_can_be_told_not_to_store() {
    let sandbox = asking(sandbox::Mfa::default());
    let (client, _) = sandbox.client();
    let mfa = client.accounts().retrieve(LINK).await.expect_err("a token").mfa().expect("a second factor");
    let accounts = client.accounts().resume(&mfa, "724906").save_data(false).await.expect("accounts");
    assert_eq!(accounts.status().code(), 200);
    assert!(sandbox.seen()[1].text().contains(r#""save_data":false"#));
}

#[tokio::test]
async fn a_428_is_typed_wherever_it_comes_and_is_asked_for_once() {
    let sandbox = Sandbox::new();
    let session = json!("c0ffee00c0ffee00c0ffee00c0ffee00");
    sandbox.decide(move |_| {
        Act::Answer(sandbox::error_of(428, "token_required", &[("session", session.clone()), ("link", json!(LINK))]))
    });
    let (client, clock) = sandbox.client();
    let errors = [
        client.links().get(LINK).await.expect_err("428"),
        client.links().delete(LINK).await.expect_err("428"),
        client.transactions().list(LINK).await.expect_err("428"),
        client.owners().retrieve(LINK).await.expect_err("428"),
        client.links().refresh_historical_data(LINK).await.expect_err("428"),
    ];
    for error in &errors {
        assert_eq!(error.mfa().and_then(|m| m.session().map(str::len)), Some(32), "{error}");
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    }
    assert_eq!((sandbox.count(), pauses(&clock).len()), (errors.len(), 0));
    // And nothing else is one.
    let sandbox = Sandbox::new();
    sandbox.decide(|_| Act::Answer(error(400, "login_error")));
    let (client, _) = sandbox.client();
    let error = client.accounts().retrieve(LINK).await.expect_err("refused");
    assert!(error.mfa().is_none());
    assert_eq!(error.error_code(), Some(ErrorCode::LoginError));
}
