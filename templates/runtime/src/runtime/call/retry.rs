//! The retry decision: one pure function of class, outcome, `Retry-After`, attempt and chance. The call machine asks it.

use std::fmt;
use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};

use crate::runtime::http::operation::{Operation, Retry};
use crate::runtime::http::response::header_text;
use crate::runtime::http::transport::{FailureKind, Shared};
use crate::runtime::text::{append, append_number, concat, number};

/// When an attempt is repeated and how long the pause is.
///
/// [`DEFAULT`](Self::DEFAULT) knows nothing of an API. The rules of an SDK's own, with what its API says of codes and statuses, are
/// `client::SETTINGS.retry`: begin with those to change a part. Retries are counted, not attempts: three retries are up to four attempts.
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
    /// How the pauses of many clients are spread.
    pub jitter: Jitter,
    /// The pauses where waiting seldom helps: the name of the server has no address, or the server or the proxy refuses connections. Their
    /// number is the number of retries after such failures, within `retries`.
    pub unreachable: &'static [Duration],
    /// How long after the first such attempt began the last one may begin.
    pub unreachable_within: Duration,
}

/// How the pauses of many clients are spread, so that they do not come all at once: a part of each pause is left to chance.
///
/// ```
/// use runtime::{Jitter, RetryRules};
///
/// const RULES: RetryRules = RetryRules::DEFAULT.jitter(Jitter::Equal);
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Jitter {
    /// The pauses are as long as the rules say.
    None,
    /// "Full jitter": anything from nothing to the whole pause.
    Full,
    /// "Equal jitter": half of the pause, and anything up to the other half.
    Equal,
    /// What this function makes of a pause and the attempt that it follows.
    By(fn(Duration, u32) -> Duration),
}

impl Jitter {
    /// The pause that becomes of this one after this attempt, when chance says `chance` of `u32::MAX`.
    pub(crate) fn apply(self, pause: Duration, attempt: u32, chance: u32) -> Duration {
        match self {
            Self::None => pause,
            Self::Full => part(pause, chance),
            Self::Equal => {
                let half = pause / 2;
                (pause - half).saturating_add(part(half, chance))
            }
            Self::By(change) => change(pause, attempt),
        }
    }
}

/// So much of a pause: `chance` of `u32::MAX`.
fn part(pause: Duration, chance: u32) -> Duration {
    // A `Duration` has fewer than 2^94 nanoseconds.
    let nanos = pause.as_nanos() * u128::from(chance) / u128::from(u32::MAX);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The pauses after which a server that cannot be reached is tried again: 3.5 seconds together.
const UNREACHABLE: &[Duration] = &[Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

impl RetryRules {
    /// Five retries at 3, 6, 12, 24 and 48 seconds, on 5xx and on a refusal; three within 5 seconds where the server cannot be reached at all.
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
        jitter: Jitter::None,
        unreachable: UNREACHABLE,
        unreachable_within: Duration::from_secs(5),
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

    /// With pauses that are spread in this way.
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// With these pauses where the server cannot be reached at all, as long as the next attempt begins within this time.
    pub const fn unreachable(mut self, pauses: &'static [Duration], within: Duration) -> Self {
        self.unreachable = pauses;
        self.unreachable_within = within;
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

/// A call is about to try again: what [`ClientBuilder::on_retry`](crate::runtime::ClientBuilder::on_retry) hands over before each pause. It
/// holds nothing secret: neither values of parameters nor any text of a response.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RetryEvent {
    /// The operation that is called.
    pub operation: &'static Operation,
    /// The attempt that failed; the first is 1.
    pub attempt: u32,
    /// Why another follows.
    pub reason: RetryReason,
    /// How long until then.
    pub pause: Duration,
}

/// As a log has it: `GET /api/links/: attempt 1 ended with status 503, the next is in 3000 ms`.
impl fmt::Display for RetryEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = concat(&[self.operation.method.as_str(), " ", self.operation.path, ": attempt "]);
        append_number(&mut text, self.attempt.into());
        append(&mut text, &[" ended with ", &self.reason.text(), ", the next is in "]);
        append_number(&mut text, u64::try_from(self.pause.as_millis()).unwrap_or(u64::MAX));
        text.push_str(" ms");
        f.write_str(&text)
    }
}

/// Why a call tries again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryReason {
    /// A response with this status.
    Status(u16),
    /// A response by which the API says that it did nothing, with this status.
    Refused(u16),
    /// No response.
    Failure(FailureKind),
}

impl RetryReason {
    pub(crate) fn text(self) -> String {
        let (what, status) = match self {
            Self::Status(status) => ("status ", status),
            Self::Refused(status) => ("a refusal, status ", status),
            Self::Failure(kind) => return kind.as_str().to_owned(),
        };
        let mut text = what.to_owned();
        append_number(&mut text, status.into());
        text
    }
}

/// Whoever wants to know of retries.
pub(crate) trait Observer: Shared {
    fn retrying(&self, event: &RetryEvent);
}

impl<F: Fn(&RetryEvent) + Shared> Observer for F {
    fn retrying(&self, event: &RetryEvent) {
        self(event);
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
    /// There was no connection, and waiting seldom helps.
    Unreachable {
        /// How many attempts of the call have ended so, this one included.
        times: u32,
        /// How long ago the first of them began.
        lasting: Duration,
        /// Whether a server has acted on this attempt: it sent the client on to where nobody is.
        acted: bool,
    },
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
            Self::Refused(_) | Self::NotSent | Self::Unreachable { .. } | Self::MaybeSent | Self::TimedOut => true,
        }
    }

    /// Whether the API certainly did nothing.
    pub fn is_harmless(self) -> bool {
        matches!(self, Self::Refused(_) | Self::NotSent | Self::Unreachable { acted: false, .. })
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
/// idempotency key goes with them; `chance`, of `u32::MAX`, is for the jitter.
pub fn decide(
    class: Retry,
    keyed: bool,
    ending: Ending,
    retry_after: Option<Duration>,
    attempt: u32,
    rules: &RetryRules,
    chance: u32,
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
    let pause = match ending {
        Ending::Unreachable { times, lasting, .. } => {
            let pause = rules.capped(*rules.unreachable.get(times.saturating_sub(1) as usize)?);
            if lasting.saturating_add(pause) > rules.unreachable_within {
                return None;
            }
            pause
        }
        _ => rules.pause(attempt),
    };
    let mut pause = rules.jitter.apply(pause, attempt, chance);
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
