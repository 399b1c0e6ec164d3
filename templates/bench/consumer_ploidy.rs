//! The same three operations through ploidy's crate.

use std::future::Future;
use std::pin::Pin;

use subject::client::default::parameters::{ListTransactionsQuery, RetrieveAccountsQuery};
use subject::client::default::types::RetrieveAccountsRequest;
use subject::{Client, Error};

pub fn three<'c>(client: &'c Client, id: &'c str) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'c>> {
    Box::pin(async move {
        let _link = client.detail_link(id).await?;
        let body = RetrieveAccountsRequest { link: id.parse().unwrap_or_default(), ..Default::default() };
        let accounts = client.retrieve_accounts(&RetrieveAccountsQuery::default(), body).await?;
        let link = id.parse().unwrap_or_default();
        let query = ListTransactionsQuery { link, page_size: Some(10), ..Default::default() };
        let _transactions = client.list_transactions(&query).await?;
        Ok(accounts.len())
    })
}
