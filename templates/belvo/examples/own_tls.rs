//! Certificates of one's own: the authority of a company whose proxy looks into TLS, or of a test server, and a client certificate for a
//! gateway that asks for one.
//!
//! ```sh
//! export BELVO_CA=ca.pem BELVO_CERTIFICATE=client.pem BELVO_KEY=client.key
//! cargo run --example own_tls
//! ```

use belvo::Client;
use std::env::var;
use std::error::Error;
use std::fs::read;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder_from_env()?;
    // In place of what the machine trusts, so that no other authority can vouch for the server.
    if let Ok(path) = var("BELVO_CA") {
        builder = builder.root_certificate(read(path)?);
    }
    if let (Ok(certificate), Ok(key)) = (var("BELVO_CERTIFICATE"), var("BELVO_KEY")) {
        builder = builder.identity(read(certificate)?, read(key)?);
    }
    let client = builder.build()?;

    // A certificate that does not hold is an error at once: no retry would change it.
    let page = client.institutions().list().page_size(10).await?;
    println!("{} institutions", page.count.unwrap_or_default());
    Ok(())
}
