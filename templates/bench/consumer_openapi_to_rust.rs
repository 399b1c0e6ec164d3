//! The same three operations through openapi-to-rust's crate, whose methods take every parameter by position.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use subject::generated::{HttpClient, RetrieveAccountsRequest};

pub fn three<'c>(
    client: &'c HttpClient,
    id: &'c str,
) -> Pin<Box<dyn Future<Output = Result<usize, Box<dyn Debug>>> + Send + 'c>> {
    Box::pin(async move {
        let no = None::<&str>;
        let _link = client.detail_link(id).await.map_err(boxed)?;
        let request = RetrieveAccountsRequest::new(id.parse().unwrap_or_default());
        let accounts = client.retrieve_accounts(no, no, request).await.map_err(boxed)?;
        let _transactions = client
            .list_transactions(
                id,
                Some(10),
                None,
                no,
                no,
                None,
                no,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                no,
                None,
                no,
                no,
                no,
                no,
                no,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                no,
                no,
                no,
                no,
                no,
                None,
                no,
                no,
                no,
                no,
                no,
                None,
                no,
                None,
                None,
                no,
                None,
                no,
                None,
                None,
                None,
                no,
                no,
                no,
                no,
                no,
                None,
            )
            .await
            .map_err(boxed)?;
        Ok(accounts.len())
    })
}

fn boxed<E: Debug + 'static>(error: E) -> Box<dyn Debug> {
    Box::new(error)
}
