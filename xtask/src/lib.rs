//! What `cargo xtask` shares with the suites: the mock server, and chance. Everything else of it is a program.

pub mod dice;
#[cfg(feature = "mock")]
pub mod mock;
