//! A small API of our own, written as the generator would write it.

use crate::Client;
use crate::client::{Builder, builder};
use crate::runtime::__private::in_order;
use crate::runtime::{
    Answer, Auth, BoxFuture, Clock, Credentials, Encode, Error, Findings, InvalidItem, KeyPlace, Method, Operation,
    Paged, Received, Recorder, Request, Retry, RetryRules, Scheme, Server, Style, Value, VirtualClock, decode,
};

const KEY: Scheme = Scheme::ApiKey(KeyPlace::Query, "key");
const SHOP: Scheme = Scheme::ApiKey(KeyPlace::Query, "shop");

pub static LIST_BOOKS: Operation = Operation {
    id: "ListBooks",
    method: Method::Get,
    path: "/api/books/",
    tag: "Books",
    statuses: &["200", "401", "4XX"],
    retry: Retry::Idempotent,
    partial: &["fields", "omit"],
    auth: Auth::AnyOf(&[&[Scheme::Basic], &[KEY, SHOP], &[KEY]]),
    ..Operation::DEFAULT
};

pub static GET_BOOK: Operation = Operation {
    id: "GetBook",
    path: "/api/books/{id}/",
    tag: "Books",
    statuses: &["200"],
    retry: Retry::Idempotent,
    ..Operation::DEFAULT
};

pub static ORDER_BOOK: Operation = Operation {
    id: "OrderBook",
    method: Method::Post,
    path: "/api/books/{id}/orders/",
    tag: "Books",
    statuses: &["200", "201"],
    retry: Retry::OnlyRefused,
    ..Operation::DEFAULT
};

pub static PAY: Operation = Operation {
    id: "Pay",
    method: Method::Post,
    path: "/api/payments/",
    tag: "Payments",
    statuses: &["201"],
    retry: Retry::WithKey,
    idempotency_header: Some("Shop-Idempotency-Key"),
    ..Operation::DEFAULT
};

pub static DELETE_BOOK: Operation = Operation {
    id: "DeleteBook",
    method: Method::Delete,
    path: "/api/books/{id}/",
    tag: "Books",
    statuses: &["204"],
    retry: Retry::Idempotent,
    ..Operation::DEFAULT
};

/// A page of books, read by hand so that these tests do not depend on the decoding half.
#[derive(Debug)]
pub struct Page(pub Value);

pub fn read_page(received: &Received) -> Result<(Page, Findings), Error> {
    decode::<Value>(received).map(|(value, findings)| (Page(value), findings))
}

impl Paged for Page {
    type Item = i64;

    fn next_url(&self) -> Option<&str> {
        self.0["next"].as_str()
    }

    fn into_items(self) -> Vec<Result<i64, InvalidItem>> {
        let items = self.0["results"].as_array().cloned().unwrap_or_default();
        let good: Vec<_> = items.iter().filter_map(Value::as_i64).collect();
        let odd = items.iter().enumerate().filter(|(_, v)| !v.is_i64());
        let reason = "expected integer, found string";
        in_order(good, odd.map(|(i, v)| (i, InvalidItem::new(format!("$.results[{i}]"), reason, v.to_string()))))
    }
}

pub mod of {
    pub enum ListBooks {}
    impl crate::client::PagedOperation for ListBooks {}
    pub enum Plain {}
}

pub type ListBooks = Builder<Page, of::ListBooks>;
pub type Plain = Builder<Value, of::Plain>;

impl ListBooks {
    pub fn page_size(mut self, value: i64) -> Self {
        self.request.query("page_size", &value, Style::Form);
        self
    }

    pub fn fields(mut self, value: &str) -> Self {
        self.request.query("fields", &value, Style::Form);
        self
    }
}

pub fn list(client: &Client) -> ListBooks {
    builder(Request::new(client, &LIST_BOOKS, read_page))
}

pub fn get(client: &Client, id: impl Encode) -> Plain {
    plain(client, &GET_BOOK, id)
}

pub fn plain(client: &Client, operation: &'static Operation, id: impl Encode) -> Plain {
    let mut request = Request::new(client, operation, decode::<Value>);
    request.path("id", &id);
    builder(request)
}

pub const RULES: RetryRules = RetryRules::DEFAULT.refusals(&["too_many_sessions"]);

/// A client on a script, with its recorder and its clock.
pub fn scripted(answers: impl IntoIterator<Item = Answer>) -> (Client, Recorder, VirtualClock) {
    at("https://api.example.com", answers)
}

pub fn at(server: impl Into<Server>, answers: impl IntoIterator<Item = Answer>) -> (Client, Recorder, VirtualClock) {
    let (recorder, clock) = (Recorder::answering(answers), VirtualClock::new());
    let client = Client::builder(server)
        .credentials(Credentials::basic("id", "password"))
        .user_agent("test (1)")
        .retry_rules(RULES)
        .transport(recorder.clone())
        .blocking_transport(recorder.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    (client, recorder, clock)
}

/// Runs a future whose transport and clock never wait.
pub fn now<T>(future: impl IntoFuture<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    let mut future = Box::pin(future.into_future());
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits for something"),
    }
}

/// A clock that really passes, a thousand times as fast, for the wire tests.
#[derive(Clone)]
pub struct FastClock;

impl Clock for FastClock {
    fn now(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }

    fn sleep(&self, pause: std::time::Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(pause / 1000))
    }

    fn sleep_blocking(&self, pause: std::time::Duration) {
        std::thread::sleep(pause / 1000);
    }
}
