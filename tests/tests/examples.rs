//! The examples of the crate `belvo`, run as a reader runs them: each program against the sandbox behind its server, with what
//! it prints and what it asks for.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use tests::place::root;
use tests::sandbox::{ID, LINK, Mfa, PASSWORD, Sandbox, Server, january, post};
use tests::tls::Loopback;

/// Where the examples are, after they were built. With the features of the whole workspace, so that `cargo test --workspace`
/// has built them already.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(root()).args(["build", "--locked", "--quiet", "--workspace", "--examples"]);
        // What cargo set for this test is not meant for the examples.
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR");
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // target/debug/deps/examples-0123 → target/debug/examples
        let own = env::current_exe().expect("a path");
        own.ancestors().nth(2).expect("a target folder").join("examples")
    })
}

/// An example about to be started.
fn example(name: &str, server: &Server, args: &[&str]) -> Command {
    let mut command = Command::new(folder().join(format!("{name}{}", env::consts::EXE_SUFFIX)));
    command.args(args).env("BELVO_SECRET_ID", ID).env("BELVO_SECRET_PASSWORD", PASSWORD);
    command.env("BELVO_API_URL", server.base()).env_remove("BELVO_ENV");
    // A proxy of the machine would stand between the example and the sandbox.
    for proxy in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a program that ended well printed.
fn printed(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    for secret in [PASSWORD, ID] {
        assert!(!out.contains(secret) && !err.contains(secret), "{out}\n{err}");
    }
    out.into_owned()
}

fn run(name: &str, sandbox: &Sandbox, args: &[&str], input: &str) -> String {
    let server = Server::start(sandbox);
    let mut child = example(name, &server, args).spawn().expect("the example starts");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("it reads");
    let text = printed(&child.wait_with_output().expect("it ends"));
    assert!(server.strange().is_empty());
    text
}

#[test]
fn first_call() {
    let sandbox = Sandbox::new();
    let text = run("first_call", &sandbox, &[], "");
    assert!(text.starts_with("the credentials are right\n1 institutions\n"), "{text}");
    assert_eq!(sandbox.lines(), ["GET /api/", "GET /api/institutions/?country_code=BR&page_size=10"]);

    // With wrong credentials it fails, says why, and shows none.
    let server = Server::start(&sandbox);
    let output =
        example("first_call", &server, &[]).env("BELVO_SECRET_PASSWORD", "wrong-one").output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("authentication_failed"), "{said}");
    assert!(!said.contains("wrong-one") && !said.contains(ID), "{said}");
}

#[test]
fn list_and_filter() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let stored = client.transactions().retrieve(january()).blocking().expect("transactions");
    sandbox.world(|w| {
        let records = w.records.get_mut("/api/transactions/").expect("stored");
        let mut one = records[0].clone();
        one["type"] = "OUTFLOW".into();
        one["amount"] = 12.5.into();
        let mut odd = one.clone();
        odd["id"] = serde_json::json!({"value": 1});
        *records = vec![one.clone(), odd, one];
    });
    assert_eq!(stored.len(), 1);
    let text = run("list_and_filter", &sandbox, &[LINK], "");
    assert_eq!(text, "2 payments, 25.00 in all\n");
    let line = sandbox.lines().pop().expect("a request");
    assert_eq!(
        line,
        format!(
            "GET /api/transactions/?link={LINK}&value_date__range=2026-01-01,2026-01-31&type__in=OUTFLOW&page_size=1000"
        )
    );
}

#[test]
fn mfa() {
    let sandbox = Sandbox::new();
    sandbox.world(|w| w.mfa = Some(Mfa { rounds: 2, ..Mfa::default() }));
    let text = run("mfa", &sandbox, &[LINK], "724906\n724906\n");
    assert_eq!(text.matches("challenge: 12345\ntoken: ").count(), 2, "{text}");
    assert!(text.contains("1 accounts\n") && text.contains("Some(\"BRL\")"), "{text}");
    assert_eq!(sandbox.lines(), ["POST /api/accounts/", "PATCH /api/accounts/", "PATCH /api/accounts/"]);
    assert_eq!(sandbox.seen()[2].json()["token"], "724906");

    // Confirmed on another device: nothing is typed and no token is sent.
    let sandbox = Sandbox::new();
    sandbox.world(|w| w.mfa = Some(Mfa { token: None, ..Mfa::default() }));
    let text = run("mfa", &sandbox, &[LINK], "\n");
    assert!(text.contains("confirm there") && text.contains("1 accounts"), "{text}");
    assert_eq!(sandbox.seen()[1].json().get("token"), None);
}

/// A program that is ended when the test is.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the webhook example and reads on until it waits for its webhook: its address and the lines to come.
fn waiting(server: &Server) -> (Running, String, impl Iterator<Item = String>) {
    let mut command = example("webhook", server, &[LINK]);
    command.env("WEBHOOK_ADDRESS", "127.0.0.1:0").env("WEBHOOK_TOKEN", "hook-token");
    let mut child = command.spawn().expect("the example starts");
    let lines = BufReader::new(child.stdout.take().expect("stdout")).lines().map(|line| line.expect("text"));
    let mut lines = lines;
    let first = lines.next().expect("its address");
    let url = first.split(' ').next_back().expect("a url").to_owned();
    let second = lines.next().expect("a receipt");
    let id = second.strip_prefix("accepted, request id ").expect("a receipt");
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{second}");
    (Running(child), url, lines)
}

#[test]
fn webhook() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox);
    let (mut running, url, mut lines) = waiting(&server);
    assert_eq!(sandbox.seen()[0].header("x-belvo-request-mode"), Some("async"));
    let mut body = sandbox.world(|w| w.notifications[0].body.clone());
    let right = "Bearer hook-token";
    // Somebody else, no JSON, another request's webhook: none of them is what it waits for.
    assert_eq!(post(&url, "Bearer hook-tokem", &body.to_string()).expect("it listens"), 401);
    assert_eq!(post(&url, "", &body.to_string()).expect("it listens"), 401);
    assert_eq!(post(&url, right, "{").expect("it listens"), 400);
    let mut other = body.clone();
    other["request_id"] = "00000000000000000000000000000000".into();
    assert_eq!(post(&url, right, &other.to_string()).expect("it listens"), 200);
    assert!(lines.next().is_some_and(|line| line.starts_with("another request's webhook")));
    assert_eq!(post(&url, right, &body.to_string()).expect("it listens"), 200);
    assert_eq!(lines.next().as_deref(), Some("1 transactions"));
    assert!(running.0.wait().expect("it ends").success());
    assert_eq!(sandbox.lines()[1], format!("GET /api/transactions/?link={LINK}"));

    // The data will not come.
    let sandbox = Sandbox::new();
    sandbox.world(|w| w.fails_later = Some("login_error".into()));
    let server = Server::start(&sandbox);
    let (mut running, url, _lines) = waiting(&server);
    body = sandbox.world(|w| w.notifications[0].body.clone());
    assert_eq!(post(&url, right, &body.to_string()).expect("it listens"), 200);
    assert!(!running.0.wait().expect("it ends").success());
    assert_eq!(sandbox.count(), 1);
}

#[test]
fn widget() {
    let sandbox = Sandbox::new();
    let address = "open https://widget.belvo.io/?access_token=widget-access-token-example&locale=es&country_codes=MX\n";
    for args in [&[][..], &[LINK]] {
        assert_eq!(run("widget", &sandbox, args, ""), address);
    }
    assert_eq!(sandbox.lines(), ["POST /api/token/", "POST /api/token/"]);
    let (new, update) = (sandbox.seen()[0].json(), sandbox.seen()[1].json());
    assert_eq!((&new["id"], &new["widget"]["callback_urls"]["success"]), (&ID.into(), &"shop://linked".into()));
    assert_eq!((&update["password"], &update["link_id"]), (&PASSWORD.into(), &LINK.into()));
}

#[test]
fn payment() {
    const KEY: &str = "3f6f1d5c-8a0b-4c57-9f11-0e7ad9c3b2a1";
    const CUSTOMER: &str = "b7e2094d-3c81-4f6a-95d0-48a1c7f2e36b";
    let sandbox = Sandbox::new();
    let args = [CUSTOMER, "81f3a0c7-4e2b-49d6-a815-0b7d9e26c3f4", "lia@pix.example", "184.75", KEY];
    let text = run("payment", &sandbox, &args, "");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].ends_with(": REQUIRES_ACTION") && lines[1].ends_with(": SUCCEEDED"), "{text}");
    assert!(lines[2].starts_with("charge "), "{text}");
    let seen = sandbox.seen();
    assert_eq!(seen[0].route(), "POST /payments/br/payment-intents/");
    assert_eq!(seen[0].header("belvo-idempotency-key"), Some(KEY));
    assert_eq!((&seen[0].json()["amount"], &seen[1].text()), (&"184.75".into(), &r#"{"confirm":true}"#.into()));
    assert_eq!(sandbox.world(|w| w.made("CreatePaymentIntentBrazil")), 1);
    // The same command again is the same payment.
    run("payment", &sandbox, &args, "");
    assert_eq!(sandbox.world(|w| w.made("CreatePaymentIntentBrazil")), 1);
}

#[test]
fn blocking() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    client.transactions().retrieve(january()).blocking().expect("transactions");
    let text = run("blocking", &sandbox, &[LINK], "");
    assert!(text.starts_with("1 accounts now\n") && text.lines().count() == 2, "{text}");
    let seen = sandbox.seen();
    assert_eq!(seen[1].text(), format!(r#"{{"link":"{LINK}","save_data":false}}"#));
    assert_eq!(sandbox.lines()[2], format!("GET /api/transactions/?link={LINK}&page_size=100"));
}

#[test]
fn own_transport() {
    let sandbox = Sandbox::new();
    let text = run("own_transport", &sandbox, &[LINK], "");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with(&format!("GET /api/links/{LINK}/: 200 OK after ")), "{text}");
    assert!(lines.len() == 2 && lines[1].starts_with("link of "), "{text}");
    assert_eq!(sandbox.count(), 1);
}

/// The program; its own tests run with those of the workspace.
#[test]
fn service() {
    let sandbox = Sandbox::new();
    let text = run("service", &sandbox, &[LINK], "");
    assert!(text.starts_with("Known { balance: ") && text.ends_with(" }\n"), "{text}");
    let mut lines = sandbox.lines();
    lines.sort();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("GET /api/transactions/?") && lines[1] == "POST /api/accounts/", "{lines:?}");
}

/// What a server or a proxy of the test answers to whatever it is asked.
const EMPTY: &str = r#"{"count": 3, "next": null, "previous": null, "results": []}"#;

#[test]
fn proxy() {
    let sandbox = Sandbox::new();
    assert_eq!(run("proxy", &sandbox, &[], ""), "1 institutions\n");
    assert_eq!(sandbox.lines(), ["GET /api/institutions/?page_size=10"]);
    assert_eq!(sandbox.seen()[0].header("user-agent"), Some("ledger/1.0"));
    assert_eq!(sandbox.seen()[0].header("x-team"), Some("ledger"));

    // No name server knows this name: only the proxy can.
    let (server, proxy) = (Server::start(&sandbox), Loopback::start(EMPTY));
    let mut command = example("proxy", &server, &[]);
    command.env("BELVO_API_URL", "http://api.belvo.invalid").env("BELVO_PROXY", &proxy.http);
    assert_eq!(printed(&command.output().expect("it ends")), "3 institutions\n");
    let output = command.env("BELVO_PROXY", "ftp://user:hunter2@proxy").output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("`proxy`: ") && !said.contains("hunter2"), "{said}");
}

#[test]
fn own_tls() {
    let sandbox = Sandbox::new();
    assert_eq!(run("own_tls", &sandbox, &[], ""), "1 institutions\n");

    let (server, secured, dir) =
        (Server::start(&sandbox), Loopback::start(EMPTY), tempfile::tempdir().expect("a folder"));
    let mut command = example("own_tls", &server, &[]);
    command.env("BELVO_API_URL", &secured.guarded);
    let (certificate, key) = &secured.identity;
    for (name, pem) in [("BELVO_CA", &secured.authority), ("BELVO_CERTIFICATE", certificate), ("BELVO_KEY", key)] {
        std::fs::write(dir.path().join(name), pem).expect("write");
        command.env(name, dir.path().join(name));
    }
    assert_eq!(printed(&command.output().expect("it ends")), "3 institutions\n");
}

#[test]
fn every_example_is_run_here() {
    let own = std::fs::read_to_string(root().join("tests/tests/examples.rs")).expect("this file");
    let examples = tests::place::files(&root().join("generated/examples"), ".rs");
    assert!(examples.len() >= 7);
    for path in examples {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(own.contains(&format!("\nfn {name}() {{")), "{name} is not run");
    }
}
