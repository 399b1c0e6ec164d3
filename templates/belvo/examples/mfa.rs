//! Retrieves the accounts of a link whose institution may ask for a second factor, as often as it asks.
//!
//! ```sh
//! cargo run --example mfa -- LINK
//! ```

use belvo::Client;
use belvo::client::Mfa;
use std::error::Error;
use std::io::{self, Write};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let link = std::env::args().nth(1).ok_or("usage: mfa LINK")?;
    let client = Client::from_env()?;

    let mut outcome = client.accounts().retrieve(link).await;
    let accounts = loop {
        match outcome {
            Ok(accounts) => break accounts,
            Err(error) => {
                let Some(mfa) = error.mfa() else {
                    if error.is_mfa_expired() {
                        eprintln!("that took too long; please start again");
                    }
                    return Err(error.into());
                };
                // A real service asks its user here, and keeps `mfa.session()` and `mfa.link()` until the answer comes.
                let token = ask(&mfa)?;
                outcome = client.accounts().resume(&mfa, token.as_deref()).await;
            }
        }
    };
    println!("{} accounts", accounts.len());
    for account in accounts.iter() {
        let current = account.balance.as_ref().and_then(|balance| balance.current.as_ref());
        println!("{}: {:?} {:?}", account.id, account.currency, current);
    }
    Ok(())
}

/// The token, or none where the user confirms on another device.
fn ask(mfa: &Mfa) -> io::Result<Option<String>> {
    let challenge = mfa.challenge().cloned().unwrap_or_default();
    println!("{}", challenge.instructions.as_deref().unwrap_or("your bank asks for a second factor"));
    if let Some(value) = challenge.value {
        println!("challenge: {value}");
    }
    let wanted = mfa.expects_input();
    print!("{}", if wanted { "token: " } else { "confirm there, then press enter: " });
    io::stdout().flush()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(wanted.then(|| line.trim().to_owned()))
}
