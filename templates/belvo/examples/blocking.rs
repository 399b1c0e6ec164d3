//! The same calls without an async runtime, for command lines and batch jobs. Leave out the default features, and tokio is not even
//! compiled: `belvo = { version = "..", default-features = false, features = ["blocking", "full", "rustls"] }`.
//!
//! ```sh
//! cargo run --example blocking --features blocking -- LINK
//! ```

use belvo::Client;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let link = std::env::args().nth(1).ok_or("usage: blocking LINK")?;
    let client = Client::from_env()?;

    // Read now from the institution, and not stored by Belvo. It may take minutes; retries and pauses hold this thread.
    let accounts = client.accounts().retrieve(link.as_str()).save_data(false).blocking()?;
    println!("{} accounts now", accounts.len());

    for transaction in client.transactions().list(link).page_size(100).items().blocking() {
        let transaction = transaction?;
        println!("{}: {:?} {:?}", transaction.id, transaction.value_date, transaction.amount);
    }
    Ok(())
}
