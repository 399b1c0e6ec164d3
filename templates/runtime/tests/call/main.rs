//! The calling half of the runtime, through its public API: requests, the call machine, errors, pages and the wire.

#![allow(unreachable_pub, reason = "the modules of a test share what they like")]

mod errors;
mod machine;
mod pages;
mod requests;
mod secrets;
mod support;
mod wire;
