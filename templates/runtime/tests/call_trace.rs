//! What the feature `tracing` tells: the route and nothing else; and what everything beneath tells at its most verbose, over a real
//! connection through both transports. A binary of its own, since which spans are on is decided once per process.

use runtime::{
    Answer, ClientBuilder, Credentials, HttpClient, KeyPlace, Method, Operation, Recorder, Request, Retry, RetryRules,
    Settings, Style, Value, VirtualClock, decode,
};

const SECRET: &str = "hunter2-hunter2";

static ORDER: Operation = Operation {
    id: "OrderBook",
    method: Method::Post,
    path: "/api/books/{id}/orders/",
    retry: Retry::Idempotent,
    ..Operation::DEFAULT
};

/// Collects everything a subscriber could print.
#[derive(Default, Clone)]
struct Log(std::sync::Arc<std::sync::Mutex<String>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        let mut log = self.0.lock().unwrap();
        log.push_str(&format!("{} {:?}\n", span.metadata().name(), span.values()));
        tracing::span::Id::from_u64(log.len() as u64)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        self.0.lock().unwrap().push_str(&format!("{values:?}\n"));
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        self.0.lock().unwrap().push_str(&format!("{event:?}\n"));
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// The transports beneath speak through `log`.
impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap().push_str(&format!("{} {}: {}\n", record.level(), record.target(), record.args()));
    }
    fn flush(&self) {}
}

/// A server that answers everything with the same error, and closes.
fn server() -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut chunk = [0; 4096];
            // The body is the last thing, and ends with a brace.
            while !request.ends_with(b"}") {
                match stream.read(&mut chunk) {
                    Ok(0) | Err(_) => break,
                    Ok(n) => request.extend_from_slice(&chunk[..n]),
                }
            }
            let body = format!("{{\"message\":\"{SECRET}\"}}");
            let head = format!("HTTP/1.1 500 No\r\nx-secret: {SECRET}\r\ncontent-length: {}\r\n", body.len());
            let _ = write!(stream, "{head}connection: close\r\n\r\n{body}");
        }
    });
    url
}

#[test]
fn traces_name_the_route_and_nothing_else() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    log::set_boxed_logger(Box::new(log.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    over_a_script(&log);
    over_a_wire(&log);
}

/// The feature's own spans and events.
fn over_a_script(log: &Log) {
    let answers = || [Answer::not_sent(), Answer::json(500, SECRET).header("x-secret", SECRET)];
    let recorder = Recorder::answering(answers().into_iter().chain(answers()));
    let credentials = Credentials::basic(SECRET, SECRET).and(Credentials::api_key(KeyPlace::Query, "key", SECRET));
    let client = ClientBuilder::new(&Settings::DEFAULT, "https://h")
        .credentials(credentials)
        .header("x-token", SECRET)
        .transport(recorder.clone())
        .blocking_transport(recorder)
        .clock(VirtualClock::new())
        .retry_rules(RetryRules::DEFAULT.retries(1))
        .build()
        .unwrap();
    let request = request(&client);
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(request.clone().send()).unwrap_err();
    let first = std::mem::take(&mut *log.0.lock().unwrap());
    request.blocking().unwrap_err();
    let second = log.0.lock().unwrap().clone();
    for text in [first, second] {
        for expected in ["call ", "attempt ", "OrderBook", "/api/books/{id}/orders/", "NotSent", "3000", "500"] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert!(!text.contains("hunter2") && !text.contains("aHVudGVyMi1odW50ZXIy"), "a secret in {text}");
    }
}

fn request(client: &HttpClient) -> Request<Value> {
    let mut request = Request::new(client, &ORDER, decode::<Value>);
    request.path("id", &SECRET);
    request.query("q", &SECRET, Style::Form);
    request.header_param("x-pass", &SECRET);
    request.member("password", &SECRET.to_owned());
    request
}

/// All that hyper, reqwest and ureq say.
fn over_a_wire(log: &Log) {
    let client = ClientBuilder::new(&Settings::DEFAULT, server())
        .credentials(Credentials::basic(SECRET, SECRET))
        .retry_rules(RetryRules::NONE)
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    std::mem::take(&mut *log.0.lock().unwrap());
    let first = runtime.block_on(request(&client).send()).unwrap_err();
    let waiting = std::mem::take(&mut *log.0.lock().unwrap());
    let second = request(&client).blocking().unwrap_err();
    let holding = log.0.lock().unwrap().clone();
    // ureq would have written every byte; the level is back now.
    assert!(holding.contains("DEBUG ureq") && !holding.contains("TRACE ureq"), "{holding}");
    assert_eq!(log::max_level(), log::LevelFilter::Trace);
    for (error, text) in [(first, waiting), (second, holding)] {
        assert_eq!(error.status().unwrap().code(), 500, "{error:?}");
        assert!(text.contains("/api/books/{id}/orders/"), "{text}");
        assert!(!text.contains("aHVudGVyMi1odW50ZXIy"), "the credentials in {text}");
        assert!(!text.contains("hunter2"), "a secret in {text}");
    }
}
