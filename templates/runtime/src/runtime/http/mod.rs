//! What is between a call and the wire: client, requests, responses, transports.

pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod fields;
pub(crate) mod key;
pub(crate) mod multipart;
pub(crate) mod operation;
pub(crate) mod parts;
pub(crate) mod query;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod server;
pub(crate) mod status;
pub(crate) mod target;
pub(crate) mod token;
pub(crate) mod transport;
