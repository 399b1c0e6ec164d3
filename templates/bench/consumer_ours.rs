//! A service that calls three operations of Belvo, through the crate of this repository.

use std::future::Future;
use std::pin::Pin;

use subject::{Client, Error};

/// The call as a service would hold it: boxed, so that it is compiled here and not only where somebody awaits it.
pub fn three<'c>(client: &'c Client) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'c>> {
    Box::pin(async move {
        let _links = client.links().list().page_size(10).await?;
        let _accounts = client.accounts().list().page_size(10).await?;
        let _account = client.accounts().get("a").await?;
        Ok(())
    })
}
