//! Lists the payments that left the accounts of a link in a month: every page, with a sum at the end.
//!
//! ```sh
//! cargo run --example list_and_filter -- LINK
//! ```

use belvo::{Client, ErrorKind, Number};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let link = std::env::args().nth(1).ok_or("usage: list_and_filter LINK")?;
    let client = Client::from_env()?;

    let january = ["2026-01-01", "2026-01-31"];
    let list = client.transactions().list(link).value_date_range(january).type_in(["OUTFLOW"]).page_size(1000);
    let mut items = list.items();
    let (mut count, mut sum) = (0, Number::ZERO);
    loop {
        match items.try_next().await {
            Ok(Some(transaction)) => {
                count += 1;
                let amount = transaction.amount.unwrap_or_default();
                sum = sum.checked_add(&amount).ok_or("the sum has too many digits")?;
            }
            Ok(None) => break,
            // One record that is not what Belvo's document says costs neither its page nor the walk.
            Err(error) if error.kind() == ErrorKind::InvalidRecord => eprintln!("left aside: {error}"),
            Err(error) => {
                // Retries are over by now. Another walk can begin here: `.items().starting_at(..)`.
                if let Some(place) = items.continuation() {
                    eprintln!("{count} transactions so far; go on at {}", place.as_str());
                }
                return Err(error.into());
            }
        }
    }
    println!("{count} payments, {sum:.2} in all");
    Ok(())
}
