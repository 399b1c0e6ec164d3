//! Notifications to an address of the caller's, as an API's webhooks send them.

use super::server::post;
use serde_json::Value;
use std::time::Duration;

/// How long after the answer a notification comes: whoever asked must have the answer first.
const LATER: Duration = Duration::from_millis(500);

/// How often a notification is sent to who does not take it.
const ATTEMPTS: u32 = 3;

/// Where notifications go, and what they carry.
#[derive(Debug, Clone)]
pub struct Hook {
    url: String,
    authorization: String,
}

impl Hook {
    /// Posts to this address, with this value of `Authorization`.
    ///
    /// # Errors
    /// When the address is none of `http`: the mock calls programs on the same machine.
    pub fn new(url: &str, authorization: &str) -> Result<Self, String> {
        match url.strip_prefix("http://") {
            Some(rest) if !rest.is_empty() => {
                Ok(Self { url: url.to_owned(), authorization: authorization.to_owned() })
            }
            _ => Err(format!("`{}` is no address of a webhook: it begins with `http://`", url.escape_debug())),
        }
    }

    /// Posts a notification, a moment later and without anybody waiting for it.
    pub(super) fn send(&self, body: &Value) {
        let (hook, body) = (self.clone(), body.to_string());
        std::thread::spawn(move || {
            for attempt in 1..=ATTEMPTS {
                std::thread::sleep(LATER * attempt);
                if matches!(post(&hook.url, &hook.authorization, &body), Ok(200..=299)) {
                    return;
                }
            }
        });
    }
}
