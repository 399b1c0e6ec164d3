//! How long a link that was refreshed a short time ago has to wait: Belvo says it in words only.

use std::time::Duration;

use crate::ErrorCode;

impl crate::runtime::Error {
    /// After which time the link may be refreshed again, where the error is a 409 `link_refreshed` whose message names the minutes.
    ///
    /// Belvo's document: only the message has the minutes still to wait (`Refreshed just now, wait 4 minutes`).
    #[must_use]
    pub fn refresh_again_after(&self) -> Option<Duration> {
        let refused = self.items().iter().find(|item| item.error_code() == Some(ErrorCode::LinkRefreshed))?;
        let mut number = None;
        for word in refused.message()?.split_whitespace() {
            if let (Some(minutes), true) = (number, word.starts_with("minute")) {
                return Some(Duration::from_secs(u64::from(minutes) * 60));
            }
            number = word.parse::<u32>().ok();
        }
        None
    }
}
