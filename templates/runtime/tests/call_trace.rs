//! What the feature `tracing` tells: the route and nothing else. A binary of its own, since which spans are on is decided once per
//! process.

use runtime::{
    Answer, Client, Credentials, KeyPlace, Method, Operation, Recorder, Request, Retry, RetryRules, Style, Value,
    VirtualClock, decode,
};

const SECRET: &str = "hunter2-hunter2";

static ORDER: Operation = Operation {
    id: "OrderBook",
    method: Method::Post,
    path: "/api/books/{id}/orders/",
    retry: Retry::Safe,
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

#[test]
fn traces_name_the_route_and_nothing_else() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let answers = || [Answer::not_sent(), Answer::json(500, SECRET).header("x-secret", SECRET)];
    let recorder = Recorder::answering(answers().into_iter().chain(answers()));
    let credentials = Credentials::basic(SECRET, SECRET).and(Credentials::api_key(KeyPlace::Query, "key", SECRET));
    let client = Client::builder("https://h")
        .credentials(credentials)
        .header("x-token", SECRET)
        .transport(recorder.clone())
        .blocking_transport(recorder)
        .clock(VirtualClock::new())
        .retry_rules(RetryRules::DEFAULT.retries(1))
        .build()
        .unwrap();
    let mut request = Request::new(&client, &ORDER, decode::<Value>);
    request.path("id", &SECRET);
    request.query("q", &SECRET, Style::Form);
    request.header_param("x-pass", &SECRET);
    request.member("password", &SECRET.to_owned());
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
