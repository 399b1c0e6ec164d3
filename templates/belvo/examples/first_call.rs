//! A first call: are the credentials right, and which institutions are there?
//!
//! ```sh
//! export BELVO_SECRET_ID=... BELVO_SECRET_PASSWORD=...
//! cargo run --example first_call
//! ```

use belvo::Client;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // BELVO_ENV names the environment, the sandbox by default; BELVO_API_URL any other server.
    let client = Client::from_env()?;
    client.check_credentials().await?;
    println!("the credentials are right");

    let page = client.institutions().list().country_code("BR").page_size(10).await?;
    println!("{} institutions", page.count.unwrap_or_default());
    for institution in &page.results {
        // What the document does not promise may be missing.
        let name = institution.name.as_deref().unwrap_or("(no name)");
        println!("{name}: {}", institution.display_name.as_deref().unwrap_or_default());
    }
    Ok(())
}
