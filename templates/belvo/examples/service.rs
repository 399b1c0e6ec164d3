//! A service of forty lines, and its tests, which need no server and no keys and wait for nothing: the client's double answers by
//! operation and body, whatever comes first.
//!
//! ```sh
//! cargo run --example service --features testing -- LINK
//! cargo test --example service --features testing
//! ```

use belvo::{Client, Error, Number};

/// What a lender wants to know of a customer.
#[derive(Debug, PartialEq)]
enum Answer {
    /// What is on all accounts, and what left them in January.
    Known { balance: Number, spent: Number },
    /// The customer has to log in again first.
    LogIn,
}

/// Asks for both at the same time.
async fn affordability(client: &Client, link: &str) -> Result<Answer, Error> {
    match tokio::try_join!(balance(client, link), spent(client, link)) {
        Ok((balance, spent)) => Ok(Answer::Known { balance, spent }),
        Err(error) if error.code() == Some("login_error") => Ok(Answer::LogIn),
        Err(error) => Err(error),
    }
}

async fn balance(client: &Client, link: &str) -> Result<Number, Error> {
    let accounts = client.accounts().retrieve(link).save_data(false).await?;
    Ok(sum(accounts.iter().filter_map(|account| account.balance.as_ref()?.current.as_ref())))
}

async fn spent(client: &Client, link: &str) -> Result<Number, Error> {
    let january = ["2026-01-01", "2026-01-31"];
    let mut items = client.transactions().list(link).value_date_range(january).type_in(["OUTFLOW"]).items();
    let mut amounts = Vec::new();
    while let Some(transaction) = items.try_next().await? {
        amounts.extend(transaction.amount);
    }
    Ok(sum(&amounts))
}

/// More than 38 digits are no money.
fn sum<'n>(amounts: impl IntoIterator<Item = &'n Number>) -> Number {
    amounts.into_iter().try_fold(Number::ZERO, |sum, amount| sum.checked_add(amount)).unwrap_or_default()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let link = std::env::args().nth(1).ok_or("usage: service LINK")?;
    println!("{:?}", affordability(&Client::from_env()?, &link).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Answer, affordability};
    use belvo::models::{AccountOpenFinanceBrazil, Page, TransactionOpenFinanceBrazil};
    use belvo::testing::{self, Matcher, Recorder, VirtualClock, filled, now};
    use belvo::{Client, Credentials, Environment, Error};

    const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";

    /// A client whose every request the double answers, on a clock that waits for nobody.
    fn client(recorder: &Recorder) -> Result<Client, Error> {
        let builder = Client::builder(Environment::Sandbox).credentials(Credentials::basic("id", "password"));
        builder.transport(recorder.clone()).clock(VirtualClock::new()).build()
    }

    #[test]
    fn both_sums_are_known() -> Result<(), Error> {
        let recorder = Recorder::new();
        // A test names only what it is about; `filled` adds what must be there.
        let account: AccountOpenFinanceBrazil = filled(r#"{"balance": {"current": 1200.50}}"#)?;
        let page: Page<TransactionOpenFinanceBrazil> = filled(r#"{"results": [{"amount": 20.25}, {"amount": 4.75}]}"#)?;
        recorder.on_once(Matcher::operation("ListTransactions"), testing::Answer::status(503));
        recorder.on(Matcher::operation("ListTransactions").query("type__in", "OUTFLOW"), testing::Answer::model(200, &page));
        recorder.on(Matcher::operation("RetrieveAccounts"), testing::Answer::model(200, &vec![account]));

        let answer = now(affordability(&client(&recorder)?, LINK))?;
        assert_eq!(answer, Answer::Known { balance: "1200.50".parse().unwrap(), spent: 25.into() });
        // One list failed and was asked for again; nothing was stored.
        recorder.assert_called(&Matcher::operation("ListTransactions"), 2);
        recorder.assert_called(&Matcher::operation("RetrieveAccounts").body("/save_data", false), 1);
        Ok(())
    }

    #[test]
    fn who_has_to_log_in_is_asked_to() -> Result<(), Error> {
        let recorder = Recorder::new();
        let refusal = r#"[{"code": "login_error", "message": "invalid credentials"}]"#;
        recorder.on(Matcher::operation("RetrieveAccounts"), testing::Answer::json(400, refusal));
        recorder.on(Matcher::any(), testing::Answer::json(200, r#"{"count": 0, "results": []}"#));
        assert_eq!(now(affordability(&client(&recorder)?, LINK))?, Answer::LogIn);
        Ok(())
    }
}
