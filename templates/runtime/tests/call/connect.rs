//! How the default transports connect: what cannot be used is said when the client is built, and a proxy is gone through by both.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Client;
use crate::client::face::ClientBuilder;
use crate::runtime::{Error, ErrorKind, FailureKind, Recorder, RetryRules, VirtualClock};

use crate::support::*;

const SECRET: &str = "hunter2-hunter2";

fn builder(server: &str) -> ClientBuilder {
    Client::builder(server).clock(VirtualClock::new())
}

/// The same call through both transports.
fn both(client: &Client) -> [Result<crate::runtime::Response<crate::runtime::Value>, Error>; 2] {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    [runtime.block_on(get(client, "x").send()), get(client, "x").blocking()]
}

#[test]
fn what_cannot_be_used_is_an_error_of_build_that_names_the_setting() {
    type Set = fn(ClientBuilder) -> ClientBuilder;
    const PEM: &str = "-----BEGIN CERTIFICATE-----\naHVudGVyMi1odW50ZXIy\n-----END CERTIFICATE-----\n";
    let cases: &[(&str, Set)] = &[
        ("proxy", |b| b.proxy("")),
        ("proxy", |b| b.proxy("proxy.example:8080")),
        ("proxy", |b| b.proxy("socks5://hunter2-hunter2@proxy.example")),
        ("proxy", |b| b.proxy("http://proxy.example/hunter2-hunter2")),
        ("proxy", |b| b.proxy("http://user:hunter2-hunter2@")),
        ("root_certificate", |b| b.root_certificate("")),
        ("root_certificate", |b| b.root_certificate(SECRET)),
        ("root_certificate", |b| b.root_certificate(PEM)),
        ("identity", |b| b.identity("", "")),
        ("identity", |b| b.identity(PEM, SECRET)),
        ("identity", |b| b.identity(PEM, PEM.replace("CERTIFICATE", "PRIVATE KEY"))),
        ("default_header", |b| b.default_header("Authorization", SECRET)),
        ("default_header", |b| b.default_header("HOST", SECRET)),
        ("default_header", |b| b.default_header("content-length", SECRET)),
        ("default_header", |b| b.default_header("User-Agent", SECRET)),
        // A transport of one's own is not changed behind its back, nor is a setting dropped.
        ("proxy", |b| b.proxy("http://proxy.example").transport(Recorder::new())),
        ("connect_timeout", |b| b.blocking_transport(Recorder::new()).connect_timeout(Duration::from_secs(1))),
        ("root_certificate", |b| b.transport(Recorder::new()).root_certificate(PEM)),
        ("identity", |b| b.transport(Recorder::new()).identity(PEM, PEM)),
    ];
    for (setting, set) in cases {
        let error = set(builder("https://h")).build().unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Build, false));
        let said = error.to_string();
        assert!(said.contains(&format!(": `{setting}`: ")), "{setting}: {said}");
        assert!(!format!("{said} {error:?}").contains("hunter2"), "{said}");
        // Who does not ask is told by every call.
        for outcome in both(&set(builder("https://h")).build_unchecked()) {
            assert_eq!(outcome.unwrap_err().to_string(), said.replacen("", "GET /api/books/{id}/: ", 1));
        }
    }
    assert!(builder("https://h").default_header("x y", "v").build().is_err());
}

#[test]
fn a_default_header_goes_with_every_request_and_into_no_log() {
    let recorder = Recorder::answering([]);
    let builder = builder("https://h").default_header("X-Team", SECRET).transport(recorder);
    assert!(!format!("{builder:?}").contains("hunter2"));
    let client = builder.build().unwrap();
    let parts = get(&client, "x").request().parts().unwrap();
    assert_eq!(parts.headers["x-team"], SECRET);
    assert!(!format!("{client:?} {parts:?} {:?}", parts.headers).contains("hunter2"));
}

/// A proxy that answers in place of every server, or refuses; what it was asked.
fn proxy(refuses: bool) -> (String, Arc<Mutex<Vec<String>>>) {
    fn head(stream: &mut TcpStream) -> Option<String> {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        String::from_utf8(head).ok()
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, asked) = (listener.local_addr().unwrap().to_string(), Arc::new(Mutex::new(Vec::new())));
    let kept = Arc::clone(&asked);
    let serve = move |mut stream: TcpStream, kept: &Mutex<Vec<String>>| {
        while let Some(head) = head(&mut stream) {
            let answer = match (refuses, head.starts_with("CONNECT ")) {
                (true, _) => "HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n",
                (false, true) => "HTTP/1.1 200 OK\r\n\r\n",
                (false, false) => "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7",
            };
            kept.lock().unwrap().push(head);
            if stream.write_all(answer.as_bytes()).is_err() {
                break;
            }
        }
    };
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || serve(stream, &kept));
        }
    });
    (address, asked)
}

#[test]
fn both_transports_go_through_the_proxy() {
    let (address, asked) = proxy(false);
    // No name server knows this name: only the proxy can.
    let client = builder("http://api.invalid").proxy(format!("http://user:{SECRET}%40@{address}")).build().unwrap();
    assert!(!format!("{client:?}").contains("hunter2"));
    for outcome in both(&client) {
        assert_eq!(outcome.unwrap().into_inner(), 7);
    }
    let asked = asked.lock().unwrap();
    // `user:hunter2-hunter2@`, once by each transport.
    let proof = "dXNlcjpodW50ZXIyLWh1bnRlcjJA";
    assert_eq!(asked.iter().filter(|head| head.contains(proof)).count(), 2, "{asked:?}");
    assert!(asked.iter().all(|head| head.contains("api.invalid")), "{asked:?}");
}

#[test]
fn a_proxy_that_is_not_there_or_refuses_is_said() {
    let (refusing, _) = proxy(true);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for (server, proxy) in [
        ("http://api.invalid", free.as_str()),
        ("https://api.invalid", &free),
        ("http://api.invalid", "proxy.invalid"),
        ("https://api.invalid", &refusing),
    ] {
        let client = builder(server).proxy(format!("http://user:{SECRET}@{proxy}")).build().unwrap();
        for outcome in both(&client) {
            let error = outcome.unwrap_err();
            assert_eq!(error.failure_kind(), Some(FailureKind::Proxy), "{server} by {proxy}: {error}");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 4));
            let said = "could not connect to api.invalid: the proxy cannot be reached or does not let it through";
            assert!(error.to_string().contains(said), "{error}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                assert!(!format!("{cause} {cause:?}").contains("hunter2"), "{cause:?}");
                source = cause.source();
            }
        }
    }
}

#[test]
fn a_server_that_never_agrees_on_tls_runs_out_of_the_time_to_connect() {
    // The system takes the connection; nobody ever answers on it.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = builder(&format!("https://{}", silent.local_addr().unwrap()))
        .connect_timeout(Duration::from_millis(50))
        .timeout(Duration::from_secs(20))
        .retry_rules(RetryRules::NONE)
        .build()
        .unwrap();
    for outcome in both(&client) {
        let error = outcome.unwrap_err();
        assert_eq!(error.failure_kind(), Some(FailureKind::ConnectTimedOut), "{error}");
        assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::NotSent, false));
        assert!(error.to_string().ends_with(": no answer in the time there is to connect"), "{error}");
    }
}
