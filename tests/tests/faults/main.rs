//! What the wire does to calls: real sockets on loopback, the reqwest transport and the blocking one, and for every fault the
//! promised outcome, with the requests counted at the server. Pauses are taken on a clock of the test's own.

mod bodies;
mod connections;
mod once;
mod thousand;

use belvo::Request;
use belvo::testing::VirtualClock;
use belvo::{Client, Credentials, ErrorKind, Response};
use std::time::Duration;
use tests::sandbox::{Act, ID, PASSWORD, Sandbox, Server};

/// A client of a server through its default transports.
fn client(base: &str) -> (Client, VirtualClock) {
    let clock = VirtualClock::new();
    let builder = Client::builder(base).credentials(Credentials::basic(ID, PASSWORD)).max_body(1 << 20);
    (builder.clock(clock.clone()).build().expect("a client"), clock)
}

/// Waits for a future on a runtime that lasts for one test.
fn wait<T>(future: impl IntoFuture<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future.into_future())
}

/// What came of a call, as far as a caller can tell, and what the server saw of it.
#[derive(Debug, Clone, PartialEq)]
struct End {
    /// `None`: it succeeded.
    kind: Option<ErrorKind>,
    status: Option<u16>,
    attempts: u32,
    maybe_sent: bool,
    retryable: bool,
    pauses: Vec<u64>,
    requests: usize,
}

impl End {
    fn of<T>(outcome: &Result<Response<T>, belvo::Error>, clock: &VirtualClock, sandbox: &Sandbox) -> Self {
        let (pauses, requests) = (clock.pauses().iter().map(Duration::as_secs).collect(), sandbox.count());
        match outcome {
            Ok(response) => Self {
                kind: None,
                status: Some(response.status().code()),
                attempts: response.attempts(),
                maybe_sent: true,
                retryable: false,
                pauses,
                requests,
            },
            Err(error) => Self {
                kind: Some(error.kind()),
                status: error.status().map(|s| s.code()),
                attempts: error.attempts(),
                maybe_sent: error.may_have_been_sent(),
                retryable: error.is_retryable(),
                pauses,
                requests,
            },
        }
    }

    /// A failure at the first attempt.
    fn failed(kind: ErrorKind, status: Option<u16>, retryable: bool) -> Self {
        let (attempts, requests, maybe_sent) = (1, 1, true);
        Self { kind: Some(kind), status, attempts, maybe_sent, retryable, pauses: vec![], requests }
    }

    /// A success after failures.
    fn succeeded(status: u16, pauses: &[u64]) -> Self {
        let attempts = u32::try_from(pauses.len()).expect("few") + 1;
        Self {
            kind: None,
            status: Some(status),
            attempts,
            maybe_sent: true,
            retryable: false,
            pauses: pauses.to_vec(),
            requests: pauses.len() + 1,
        }
    }
}

/// The same call through both transports, each on a server of its own that does these acts and then what it always does.
/// Both must end the same way; `look` sees each outcome with its server.
fn both<T>(
    acts: &[Act],
    call: impl Fn(&Client) -> Request<T>,
    look: impl Fn(&Result<Response<T>, belvo::Error>, &Sandbox, &Server),
) -> End {
    let ends = [false, true].map(|blocking| {
        let sandbox = Sandbox::new();
        let server = Server::start(&sandbox);
        let (client, clock) = client(&server.base());
        let request = call(&client);
        let parts = request.parts().expect("a request");
        let path = parts.url.trim_start_matches(&server.base()).split('?').next().unwrap_or_default().to_owned();
        sandbox.plan(&format!("{} {path}", parts.method), acts.iter().cloned());
        let outcome = if blocking { request.blocking() } else { wait(request) };
        look(&outcome, &sandbox, &server);
        assert!(server.strange().is_empty(), "{:?}", server.strange());
        End::of(&outcome, &clock, &sandbox)
    });
    assert_eq!(ends[0], ends[1], "async and blocking end the same way");
    let [end, _] = ends;
    end
}

/// A call that is harmless to repeat.
fn harmless(client: &Client) -> Request<belvo::models::Page<belvo::models::AccountOpenFinanceBrazil>> {
    client.accounts().list().request()
}

/// A call that is held back.
fn held_back(client: &Client) -> Request<belvo::models::ListCustomersBrazilResponseResultsItem> {
    client.customers_brazil().create().body(belvo::models::CreateCustomerOfpi::new("48392017564")).request()
}

/// Nothing more to look at.
fn unseen<T>(_: &Result<Response<T>, belvo::Error>, _: &Sandbox, _: &Server) {}
