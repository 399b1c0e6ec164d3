//! The retry decision: one pure function of class, outcome, `Retry-After` and attempt. The call machine asks it.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};

use crate::runtime::http::operation::Retry;
use crate::runtime::http::response::header_text;
use crate::runtime::text::number;

/// When an attempt is repeated and how long the pause is.
///
/// ```
/// use runtime::RetryRules;
/// use std::time::Duration;
///
/// const RULES: RetryRules = RetryRules::DEFAULT.retries(2).pauses(Duration::from_secs(1), 3);
/// assert_eq!((RULES.pause(1), RULES.pause(2)), (Duration::from_secs(1), Duration::from_secs(3)));
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RetryRules {
    /// How many attempts may follow the first.
    pub retries: u32,
    /// The pause before the first retry.
    pub base: Duration,
    /// What every further pause is multiplied by.
    pub factor: u32,
    /// The pauses one by one, where they follow no factor; the last one counts for all beyond. Empty: `base` and `factor` count.
    pub schedule: &'static [Duration],
    /// Statuses, from and to, after which another attempt could end better.
    pub statuses: &'static [(u16, u16)],
    /// Those of them after which it could not.
    pub except: &'static [u16],
    /// No pause is longer than this, whatever `Retry-After` asks for.
    pub cap: Duration,
    /// Codes of error items by which the API says that it did nothing and that trying again may help.
    pub refusals: &'static [&'static str],
    /// Statuses that say the same, such as 429: they pass, whatever `statuses` says.
    pub refused_statuses: &'static [u16],
    /// Changes a pause (its length, the attempt it follows), to spread the load of many clients; none by default.
    pub jitter: Option<fn(Duration, u32) -> Duration>,
}

impl RetryRules {
    /// Five retries at 3, 6, 12, 24 and 48 seconds, on 5xx and on a refusal.
    pub const DEFAULT: Self = Self {
        retries: 5,
        base: Duration::from_secs(3),
        factor: 2,
        schedule: &[],
        statuses: &[(500, 599)],
        except: &[501, 505],
        cap: Duration::from_secs(60),
        refusals: &[],
        refused_statuses: &[429],
        jitter: None,
    };

    /// No retries at all.
    pub const NONE: Self = Self { retries: 0, ..Self::DEFAULT };

    /// With these refusal codes, by which an API says that it did nothing.
    pub const fn refusals(mut self, codes: &'static [&'static str]) -> Self {
        self.refusals = codes;
        self
    }

    /// With these statuses (from, to) as passing ones, without some of them.
    pub const fn statuses(mut self, statuses: &'static [(u16, u16)], except: &'static [u16]) -> Self {
        self.statuses = statuses;
        self.except = except;
        self
    }

    /// With these statuses by which an API says that it did nothing.
    pub const fn refused_statuses(mut self, statuses: &'static [u16]) -> Self {
        self.refused_statuses = statuses;
        self
    }

    /// With so many retries.
    pub const fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// With this first pause and this factor.
    pub const fn pauses(mut self, base: Duration, factor: u32) -> Self {
        self.base = base;
        self.factor = factor;
        self.schedule = &[];
        self
    }

    /// With these pauses, one by one; their number is the number of retries.
    pub const fn schedule(mut self, schedule: &'static [Duration]) -> Self {
        self.schedule = schedule;
        self.retries = schedule.len() as u32;
        self
    }

    /// With no pause longer than this.
    pub const fn cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// With a change to every pause.
    pub const fn jitter(mut self, jitter: fn(Duration, u32) -> Duration) -> Self {
        self.jitter = Some(jitter);
        self
    }

    /// The pause after this attempt (the first is 1).
    pub fn pause(&self, attempt: u32) -> Duration {
        if let Some(last) = self.schedule.last() {
            let index = attempt.saturating_sub(1) as usize;
            return self.capped(*self.schedule.get(index).unwrap_or(last));
        }
        let factor = self.factor.checked_pow(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.capped(self.base.saturating_mul(factor))
    }

    fn capped(&self, pause: Duration) -> Duration {
        if pause > self.cap { self.cap } else { pause }
    }

    /// All pauses together: what a deadline must leave room for.
    pub fn total(&self) -> Duration {
        let mut total = Duration::ZERO;
        for attempt in 0..self.retries {
            total = total.saturating_add(self.pause(attempt.saturating_add(1)));
        }
        total
    }
}

/// How an attempt ended, as far as a retry is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// A response with this status.
    Status(u16),
    /// A response by which the API says that it did nothing, with this status.
    Refused(u16),
    /// No byte of the request left.
    NotSent,
    /// The connection failed when bytes may have arrived.
    MaybeSent,
    /// Nothing came in time; the request may have arrived.
    TimedOut,
}

impl Ending {
    /// Whether another attempt could end better, leaving aside what repeating it might do.
    pub fn is_passing(self, rules: &RetryRules) -> bool {
        match self {
            Self::Status(status) => {
                for (from, to) in rules.statuses {
                    if *from <= status && status <= *to {
                        return !lists(rules.except, status);
                    }
                }
                false
            }
            Self::Refused(_) | Self::NotSent | Self::MaybeSent | Self::TimedOut => true,
        }
    }

    /// Whether the API certainly did nothing.
    pub fn is_harmless(self) -> bool {
        matches!(self, Self::Refused(_) | Self::NotSent)
    }
}

/// Whether a status is among these. (`contains` would look at many at a time, which takes ten times the code.)
pub(crate) fn lists(statuses: &[u16], status: u16) -> bool {
    for listed in statuses {
        if *listed == status {
            return true;
        }
    }
    false
}

/// Whether to try again, and after which pause. `attempt` counts the attempts made, so the first is 1; `keyed` says that an
/// idempotency key goes with them.
pub fn decide(
    class: Retry,
    keyed: bool,
    ending: Ending,
    retry_after: Option<Duration>,
    attempt: u32,
    rules: &RetryRules,
) -> Option<Duration> {
    if attempt > rules.retries || !ending.is_passing(rules) {
        return None;
    }
    let allowed = match class {
        Retry::Idempotent => true,
        Retry::WithKey => keyed || ending.is_harmless(),
        Retry::OnlyRefused => ending.is_harmless(),
        Retry::Never => false,
    };
    if !allowed {
        return None;
    }
    let mut pause = rules.pause(attempt);
    if let Some(jitter) = rules.jitter {
        pause = jitter(pause, attempt);
    }
    // After a failure the schedule is the least there is, and `Retry-After` may ask for more. With a refusal the API says itself
    // when it will take the request.
    if let Some(asked) = retry_after {
        let asked = rules.capped(asked);
        if asked > pause || matches!(ending, Ending::Refused(_)) {
            pause = asked;
        }
    }
    Some(pause)
}

/// Reads `Retry-After`: seconds, or a date counted from the response's own `Date`, so that no clock of ours is asked.
pub(crate) fn retry_after(headers: &http::HeaderMap) -> Option<Duration> {
    let value = header_text(headers, &RETRY_AFTER)?.trim_ascii();
    if let Some(seconds) = number(value) {
        return Some(Duration::from_secs(seconds));
    }
    // In any of the three forms that RFC 9110 has a recipient read.
    let date = |text| httpdate::parse_http_date(text).ok();
    let now = date(header_text(headers, &DATE)?)?;
    Some(date(value)?.duration_since(now).unwrap_or_default())
}
