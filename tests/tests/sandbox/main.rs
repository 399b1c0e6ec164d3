//! The flows of Belvo's API, played against the stateful sandbox through the double: what is asked, byte by byte, what comes
//! of it, and how long was waited. No sockets and no real time.

mod asynchronous;
mod credentials;
mod errors;
mod links;
mod lists;
mod mfa;
mod payments;
mod retries;
mod retrievals;
mod widget;

use belvo::testing::VirtualClock;
use std::time::Duration;

/// The pauses so far, in seconds.
fn pauses(clock: &VirtualClock) -> Vec<u64> {
    clock.pauses().iter().map(Duration::as_secs).collect()
}
