//! A service that calls three operations of Belvo, through the crate of this repository.

use std::future::Future;
use std::pin::Pin;

use subject::{Client, Error};

/// The calls as a service would hold them: boxed, so that they are compiled here and not only where somebody awaits them.
pub fn three<'c>(client: &'c Client, id: &'c str) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'c>> {
    Box::pin(async move {
        let _link = client.links().get(id).await?;
        let accounts = client.accounts().retrieve(id).await?;
        let _transactions = client.transactions().list(id).page_size(10).await?;
        Ok(accounts.len())
    })
}
