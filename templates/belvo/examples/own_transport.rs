//! A transport of one's own around the default one: it logs every attempt with its route, outcome and time. Retries, credentials and
//! pages are decided above it, so it sees each attempt; the same trait takes a proxy, a cache or a double for tests.
//!
//! ```sh
//! cargo run --example own_transport -- LINK
//! ```

use belvo::Client;
use belvo::client::{BoxFuture, Bytes, Failure, Limits, Reqwest, Transport};
use std::error::Error;
use std::time::Instant;

/// Logs, and leaves the rest to another transport.
struct Logged<T>(T);

impl<T: Transport> Transport for Logged<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(async move {
            // The path only: a query may hold what no log should, and headers hold the credentials.
            let route = format!("{} {}", request.method(), request.uri().path());
            let start = Instant::now();
            let outcome = self.0.send(request, limits).await;
            let said = match &outcome {
                Ok(response) => response.status().to_string(),
                Err(failure) => format!("{:?}", failure.kind()),
            };
            println!("{route}: {said} after {:?}", start.elapsed());
            outcome
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let link = std::env::args().nth(1).ok_or("usage: own_transport LINK")?;
    let client = Client::builder_from_env()?.transport(Logged(Reqwest::default())).build()?;

    let link = client.links().get(link).await?;
    println!("link of {}", link.institution.as_deref().unwrap_or("(no name)"));
    Ok(())
}
