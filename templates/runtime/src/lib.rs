//! The runtime of every generated SDK: an ordinary crate here, copied as `src/runtime/` there.

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod call;
mod client;
#[path = "decode_stub.rs"]
mod decode;
// Until the decode half brings this module.
mod encode {
    pub(crate) use super::decode::{Encode, to_json};
}
mod error;
mod error_items;
mod key;
mod multipart;
mod operation;
mod operation_macro;
mod page;
mod query;
#[cfg(feature = "testing")]
mod record;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod response;
mod retry;
mod server;
mod settings;
mod status;
mod trace;
mod transport;

pub use auth::Credentials;
#[cfg(feature = "blocking")]
pub use blocking::Ureq;
pub use call::{Call, Policy, Step};
pub use client::{Client, ClientBuilder};
pub use decode::*;
pub use error::{Error, ErrorKind, Fault};
pub use error_items::ErrorItem;
pub use multipart::Part;
pub use operation::{Auth, KeyPlace, Method, Operation, Retry, Scheme};
#[cfg(feature = "blocking")]
pub use page::{BlockingItems, BlockingPages};
pub use page::{Continuation, Items, OddItem, Paged, Pages, in_order};
pub use query::{Param, PathStyle, Style, ToQuery};
#[cfg(feature = "testing")]
pub use record::{Answer, Recorder, VirtualClock};
pub use request::{Parts, Request};
#[cfg(feature = "reqwest")]
pub use reqwest_transport::Reqwest;
pub use response::{Read, Received, Response, Sending, decode, decode_bytes, decode_nothing, decode_text};
pub use retry::{Ending, RetryRules, decide};
pub use serde_json::Value;
pub use server::Server;
pub use settings::{EnvironmentNames, SETTINGS, Settings};
pub use status::Status;
pub use transport::{
    BlockingTransport, BoxError, BoxFuture, Clock, Failure, FailureKind, Limits, Shared, SystemClock, Transport,
};
