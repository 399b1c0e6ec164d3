//! Asks for transactions without waiting for them, and lists them when Belvo's webhook says that they are there.
//!
//! ```sh
//! export WEBHOOK_ADDRESS=0.0.0.0:8080 WEBHOOK_TOKEN=...   # the bearer token you gave to Belvo for this endpoint
//! cargo run --example webhook --features webhooks -- LINK
//! ```

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use belvo::api::requests::RetrieveTransactionsArgs;
use belvo::webhooks::{Guard, Webhook};
use belvo::{Client, Credentials};
use std::env::{args, var};
use std::error::Error;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// What the endpoint needs: who may send, and where webhooks go.
type Endpoint = Arc<(Guard, UnboundedSender<Webhook>)>;

/// Answers at once: Belvo waits five seconds, then sends the webhook again. The work is done elsewhere.
async fn receive(State(endpoint): State<Endpoint>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let (guard, inbox) = &*endpoint;
    match guard.open(headers.get(AUTHORIZATION), &body) {
        // Nobody is there to take it: Belvo will send it again.
        Ok(webhook) => inbox.send(webhook).map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::OK),
        Err(rejected) => StatusCode::from_u16(rejected.status()).unwrap_or(StatusCode::BAD_REQUEST),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let link = args().nth(1).ok_or("usage: webhook LINK")?;
    let client = Client::from_env()?;

    let guard = Guard::new(&Credentials::bearer(var("WEBHOOK_TOKEN")?));
    let (sender, mut inbox) = unbounded_channel();
    let listener = TcpListener::bind(var("WEBHOOK_ADDRESS")?).await?;
    println!("waiting for webhooks at http://{}/belvo", listener.local_addr()?);
    let app = Router::new().route("/belvo", post(receive)).with_state(Arc::new((guard, sender)));
    let server = tokio::spawn(axum::serve(listener, app).into_future());

    let call = client.transactions().retrieve(RetrieveTransactionsArgs {
        link: link.as_str().into(),
        date_from: "2026-01-01".into(),
        date_to: "2026-01-31".into(),
    });
    let accepted = call.asynchronous().await?;
    println!("accepted, request id {}", accepted.request_id().unwrap_or("unknown"));

    while let Some(webhook) = inbox.recv().await {
        // A service keeps the request id in its database and looks it up here; webhooks may come twice and in any order.
        if !webhook.answers(&accepted) {
            println!("another request's webhook: {:?}", webhook.id());
            continue;
        }
        if let Webhook::Aggregation(news) = &webhook
            && let Some(code) = news.error()
        {
            return Err(format!("the data will not come: {code}").into());
        }
        let mut items = client.transactions().list(link.as_str()).items();
        let mut count = 0;
        while items.try_next().await?.is_some() {
            count += 1;
        }
        println!("{count} transactions");
        break;
    }
    server.abort();
    Ok(())
}
