//! What a run leaves out, said where it is seen.

use std::env;
use std::io::{self, Write};

/// Says that something is not tested here, and why.
pub fn skip(reason: &str) {
    say(&format!("skipped: {reason}"));
}

/// Says something in the ordinary output of `cargo test`: the harness keeps what passing tests print, but it does not see what is
/// written to the process's own standard error.
pub fn say(text: &str) {
    // One write, so that lines of tests that run at once do not mix.
    let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
}

/// Whether what takes long is wanted too: `cargo xtask ci --deep` sets `DEEP`. If not, `what` is said to be left out.
pub fn is_deep(what: &str) -> bool {
    let deep = env::var_os("DEEP").is_some_and(|value| !value.is_empty());
    if !deep {
        skip(&format!("{what}, which `cargo xtask ci --deep` tries (here: DEEP=1)"));
    }
    deep
}
