//! A peer's test server for generated clients: it judges every request by exact values, answers with exact bodies, and keeps
//! count of the scenarios that were played right. Every operation of its documents is called through the crate generated from
//! them.
//!
//! [`Server`] runs it, [`scenarios`] says which calls there are and with which values, [`Program`] makes them.

mod calls;
mod program;
mod scenarios;
mod server;

pub use program::{Outcome, Program, Verdict};
pub use scenarios::{Scenario, Wanted, exact, scenarios};
pub use server::Server;
