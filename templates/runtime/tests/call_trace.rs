//! What the feature `tracing` says: the attributes of OpenTelemetry's conventions, with the route and no value in it; and what everything beneath tells at its most verbose, over a real
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

/// Collects everything a subscriber could print: a line for each span with its fields, for what is recorded later, and for each event.
#[derive(Default, Clone)]
struct Log(std::sync::Arc<std::sync::Mutex<String>>);

/// Fields as they come: ` name=value`.
struct Fields<'t>(&'t mut String);

impl tracing::field::Visit for Fields<'_> {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        self.0.push_str(&format!(" {field}={value}"));
    }
}

impl Log {
    fn line(&self, name: &str, fields: impl FnOnce(&mut Fields<'_>)) {
        let mut log = self.0.lock().unwrap();
        log.push_str(name);
        fields(&mut Fields(&mut log));
        log.push('\n');
    }

    fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        self.line(span.metadata().name(), |fields| span.record(fields));
        tracing::span::Id::from_u64(self.0.lock().unwrap().len() as u64)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        self.line("then", |fields| values.record(fields));
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        self.line("event", |fields| event.record(fields));
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
fn traces_have_the_attributes_of_opentelemetry_and_no_value() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    log::set_boxed_logger(Box::new(log.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    over_a_script(&log);
    over_a_redirect(&log);
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
    let first = log.take();
    request.blocking().unwrap_err();
    let second = log.take();
    let attempt = "http.request.method=POST url.template=/api/books/{id}/orders/ server.address=h server.port=443";
    let resent = attempt.replace(" url", " http.request.resend_count=1 url");
    let name = "otel.name=POST /api/books/{id}/orders/ otel.kind=client";
    let expected = format!(
        "call otel.name=OrderBook operation=OrderBook
attempt {name} {attempt}
then error.type=not_sent
then otel.status_code=ERROR
event message=trying again attempt=1 reason=not_sent pause_ms=3000
attempt {name} {resent}
then http.response.status_code=500
then error.type=500
then otel.status_code=ERROR
"
    );
    assert_eq!((first.as_str(), second.as_str()), (expected.as_str(), expected.as_str()));
}

/// Where a redirect leads is none of the operation's routes; an unknown method has no name of its own.
fn over_a_redirect(log: &Log) {
    static SEARCH: Operation = Operation {
        id: "Search",
        method: Method::Query,
        path: "/search/",
        retry: Retry::Idempotent,
        ..Operation::DEFAULT
    };
    static LOOK: Operation = Operation { id: "Look", path: "/books/{id}/", ..Operation::DEFAULT };
    let recorder = Recorder::answering([
        Answer::status(302).header("location", &format!("http://[::1]:8443/{SECRET}?key={SECRET}")),
        Answer::json(200, "1"),
        Answer::json(200, "1"),
    ]);
    let client: HttpClient =
        ClientBuilder::new(&Settings::DEFAULT, "http://h:81/v1").blocking_transport(recorder).build().unwrap();
    let mut look = Request::new(&client, &LOOK, decode::<Value>);
    look.path("id", &SECRET);
    look.blocking().unwrap();
    Request::new(&client, &SEARCH, decode::<Value>).blocking().unwrap();
    assert_eq!(
        log.take(),
        "call otel.name=Look operation=Look
attempt otel.name=GET /books/{id}/ otel.kind=client http.request.method=GET url.template=/books/{id}/ server.address=h server.port=81
then http.response.status_code=302
attempt otel.name=GET otel.kind=client http.request.method=GET http.request.resend_count=1 server.address=::1 server.port=8443
then http.response.status_code=200
call otel.name=Search operation=Search
attempt otel.name=HTTP /search/ otel.kind=client http.request.method=_OTHER http.request.method_original=QUERY url.template=/search/ server.address=h server.port=81
then http.response.status_code=200
"
    );
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
    log.take();
    let first = runtime.block_on(request(&client).send()).unwrap_err();
    let waiting = log.take();
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
