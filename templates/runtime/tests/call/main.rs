//! The calling half of the runtime, through its public API: requests, the call machine, errors, pages and the wire.

mod errors;
mod machine;
mod pages;
mod requests;
mod secrets;
mod support;
mod wire;
