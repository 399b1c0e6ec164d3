//! The same three operations through ploidy's crate.

use std::future::Future;
use std::pin::Pin;

use subject::client::default::parameters::{DetailAccountQuery, ListAccountsQuery, ListLinksQuery};
use subject::{Client, Error};

pub fn three<'c>(client: &'c Client) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'c>> {
    Box::pin(async move {
        let _links = client.list_links(&ListLinksQuery { page_size: Some(10), ..Default::default() }).await?;
        let _accounts = client.list_accounts(&ListAccountsQuery { page_size: Some(10), ..Default::default() }).await?;
        let _account = client.detail_account("a", &DetailAccountQuery::default()).await?;
        Ok(())
    })
}
