//! A client behind a proxy of the company, with a name of its own, a header for whoever watches the traffic, and a line for each retry.
//!
//! ```sh
//! export BELVO_PROXY=http://user:password@proxy.example.com:3128
//! cargo run --example proxy
//! ```

use belvo::Client;
use std::error::Error;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder_from_env()?
        .user_agent("ledger/1.0")
        .default_header("X-Team", "ledger")
        .connect_timeout(Duration::from_secs(10))
        .on_retry(|retry| eprintln!("{retry}"));
    // Without it the proxies of the environment count: HTTPS_PROXY and its like.
    if let Ok(url) = std::env::var("BELVO_PROXY") {
        builder = builder.proxy(url);
    }
    // An unusable URL of a proxy is an error here, which names the setting and does not show the password.
    let client = builder.build()?;

    let page = client.institutions().list().page_size(10).await?;
    println!("{} institutions", page.count.unwrap_or_default());
    Ok(())
}
