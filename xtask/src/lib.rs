//! What `cargo xtask` shares with the suites: the mock server. Everything else of it is a program.

#[cfg(feature = "mock")]
pub mod mock;
