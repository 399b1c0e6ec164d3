//! The calling half of the runtime, through its public API: requests, the call machine, errors, pages and the wire.

#![allow(unreachable_pub, reason = "the modules of a test share what they like")]

mod access;
#[allow(dead_code, unused_imports)]
mod client;
mod connect;
mod errors;
mod fields;
mod machine;
mod pages;
mod property;
mod requests;
// Compiled as an SDK compiles it, so that its macros are at hand.
#[allow(dead_code, unreachable_pub, unused_imports, unused_macros)]
#[path = "../../src/runtime/mod.rs"]
mod runtime;
mod secrets;
#[allow(dead_code)]
mod support;
mod templates;
mod wire;

// An SDK has it at its root.
use client::face::Client;
