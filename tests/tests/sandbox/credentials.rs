//! Flow 1: who is asking, where, and that nothing secret shows.

use belvo::client::SETTINGS;
use belvo::{Client, Credentials, Environment, ErrorKind};
use tests::sandbox::{AUTHORIZATION, Double, ID, LINK, PASSWORD, Sandbox};

#[tokio::test]
async fn basic_credentials_go_with_every_request_byte_by_byte() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    client.links().get(LINK).await.expect("a link");
    client.accounts().retrieve(LINK).await.expect("accounts");
    client.links().delete(LINK).await.expect("deleted");
    let seen = sandbox.seen();
    assert_eq!(seen.len(), 3);
    for asked in seen {
        // Made by another program; the password has a colon and an at sign.
        assert_eq!(asked.header("authorization"), Some(AUTHORIZATION));
        assert_eq!(asked.header("accept"), Some("application/json"));
        assert!(asked.header("user-agent").is_some_and(|ua| ua.starts_with("belvo-rust (")), "{asked:?}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused_once_and_never_shown() {
    let sandbox = Sandbox::new();
    let credentials = Credentials::basic("another-id", "another-password");
    let builder = Client::builder(Environment::Sandbox).credentials(credentials);
    let client = builder.transport(Double::new(&sandbox)).build().expect("a client");
    let error = client.institutions().list().await.expect_err("refused");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Status, Some("authentication_failed")));
    assert_eq!((error.status().map(|s| s.code()), error.is_retryable()), (Some(401), false));
    assert_eq!(sandbox.count(), 1);
    let shown = format!("{error} {error:?} {client:?}");
    for secret in ["another-id", "another-password", "YW5vdGhlci1pZD"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn a_login_is_checked_when_somebody_asks_for_it() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    assert_eq!(sandbox.count(), 0, "making a client asks for nothing");
    client.check_credentials().await.expect("right");
    assert_eq!(sandbox.lines(), ["GET /api/"]);
    assert_eq!(sandbox.seen()[0].header("authorization"), Some(AUTHORIZATION));
    let builder = Client::builder(Environment::Sandbox).credentials(Credentials::basic(ID, "wrong"));
    let client = builder.transport(Double::new(&sandbox)).build().expect("a client");
    let error = client.check_credentials().await.expect_err("wrong");
    assert_eq!((error.code(), error.attempts()), (Some("authentication_failed"), 1));
}

#[tokio::test]
async fn base_urls_with_and_without_slash_and_prefix_lead_to_the_same_paths() {
    for (base, origin, target) in [
        ("https://sandbox.belvo.com", "https://sandbox.belvo.com", "/api/institutions/"),
        ("https://sandbox.belvo.com/", "https://sandbox.belvo.com", "/api/institutions/"),
        ("HTTPS://Sandbox.Belvo.com:443/", "https://sandbox.belvo.com", "/api/institutions/"),
        ("https://proxy.example:8443/belvo", "https://proxy.example:8443", "/belvo/api/institutions/"),
        ("https://proxy.example:8443/belvo/", "https://proxy.example:8443", "/belvo/api/institutions/"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010", "/api/institutions/"),
    ] {
        let sandbox = Sandbox::new();
        let builder = Client::builder(base).credentials(Credentials::basic(ID, PASSWORD));
        let client = builder.transport(Double::new(&sandbox)).build().expect(base);
        // The sandbox knows no prefix; what counts here is what was asked.
        let _ = client.institutions().list().await;
        let seen = sandbox.seen();
        assert_eq!(seen.iter().map(|a| (a.origin.as_str(), a.target.as_str())).collect::<Vec<_>>(), [(origin, target)]);
        assert_eq!(seen[0].header("authorization"), Some(AUTHORIZATION));
    }
    for base in
        ["", "sandbox.belvo.com", "ftp://sandbox.belvo.com", "https://", "https://id:password@sandbox.belvo.com"]
    {
        let error = Client::builder(base).build().expect_err(base);
        assert_eq!(error.kind(), ErrorKind::Build, "{base}");
        assert!(!format!("{error} {error:?}").contains("password"), "{error}");
    }
}

#[tokio::test]
async fn environments_are_named_in_any_case_and_a_url_wins() {
    let base = |variables: &[(&str, &str)]| -> Result<String, belvo::Error> {
        let get = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        Client::from_variables(&SETTINGS.environment, get).map(|client| client.server().base_url.to_string())
    };
    let keys = [("BELVO_SECRET_ID", ID), ("BELVO_SECRET_PASSWORD", PASSWORD)];
    let with = |more: &[(&'static str, &'static str)]| base(&[&keys[..], more].concat());
    assert_eq!(with(&[]).expect("the default"), "https://sandbox.belvo.com");
    for (name, url) in [
        ("sandbox", "https://sandbox.belvo.com"),
        ("SANDBOX", "https://sandbox.belvo.com"),
        (" Production ", "https://api.belvo.com"),
    ] {
        assert_eq!(with(&[("BELVO_ENV", name)]).expect(name), url);
    }
    let own = [("BELVO_ENV", "production"), ("BELVO_API_URL", "http://127.0.0.1:9/x")];
    assert_eq!(with(&own).expect("a url"), "http://127.0.0.1:9/x");
    // Shut down in June 2024; other clients still go there.
    let error = with(&[("BELVO_ENV", "development")]).expect_err("gone");
    assert!(error.to_string().contains("BELVO_ENV"), "{error}");
    for (missing, there) in [("BELVO_SECRET_ID", keys[1]), ("BELVO_SECRET_PASSWORD", keys[0])] {
        let error = base(&[there]).expect_err(missing);
        assert!(error.to_string().contains(missing) && !error.to_string().contains(PASSWORD), "{error}");
    }
    // The public mock answers anybody, and must not see credentials.
    let sandbox = Sandbox::new();
    let builder = Client::builder(Environment::Portal).credentials(Credentials::basic(ID, PASSWORD));
    let client = builder.transport(Double::new(&sandbox)).build().expect("a client");
    let _ = client.institutions().list().await;
    assert_eq!(sandbox.seen()[0].target, "/_mock/apis/belvoopenapispec/api/institutions/");
    assert_eq!(sandbox.seen()[0].header("authorization"), None);
}

#[test]
fn every_path_keeps_its_slash() {
    let (client, _) = Sandbox::new().client();
    let samples = belvo::testing::requests(&client);
    assert!(samples.len() >= belvo::testing::operations().len());
    for sample in samples {
        let parts = sample.parts.unwrap_or_else(|e| panic!("{}: {e}", sample.operation));
        let path = parts.url.split('?').next().unwrap_or_default();
        assert!(path.ends_with('/') && !path[8..].contains("//"), "{}: {path}", sample.operation);
    }
}
