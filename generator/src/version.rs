//! Versions of a generated crate: the lock counts the life of its aliases in them.
//!
//! The version stands in the settings (`[crate] version`); `release` moves it. Before 1.0 Cargo reads the second number
//! as the breaking one.

use std::fmt;
use std::str::FromStr;

/// A version without pre-release and build parts: `1.4.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number.
    pub minor: u64,
    /// The third number.
    pub patch: u64,
}

impl Version {
    /// The version of a crate that says nothing: `0.1.0`.
    pub const FIRST: Version = Version { major: 0, minor: 1, patch: 0 };

    /// The next version that may break what this one promises: `1.4.2` → `2.0.0`, `0.3.1` → `0.4.0`, `0.0.3` → `0.0.4`.
    pub fn next_breaking(self) -> Self {
        match self {
            Self { major: 0, minor: 0, patch } => Self { major: 0, minor: 0, patch: patch + 1 },
            Self { major: 0, minor, .. } => Self { major: 0, minor: minor + 1, patch: 0 },
            Self { major, .. } => Self { major: major + 1, minor: 0, patch: 0 },
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = ();

    /// Reads `1.4.0`; a pre-release or build part is passed over, since no step depends on it.
    fn from_str(text: &str) -> Result<Self, ()> {
        let core = text.split(['-', '+']).next().unwrap_or_default();
        let mut parts = core.split('.').map(|part| {
            let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u64>().ok()).flatten()
        });
        match (parts.next().flatten(), parts.next().flatten(), parts.next().flatten(), parts.next()) {
            (Some(major), Some(minor), Some(patch), None) => Ok(Self { major, minor, patch }),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn the_next_version_that_may_break() {
        for (from, to) in [("1.4.2", "2.0.0"), ("0.3.1", "0.4.0"), ("0.0.3", "0.0.4"), ("2.0.0-rc.1", "3.0.0")] {
            assert_eq!(from.parse::<Version>().map(|v| v.next_breaking().to_string()).as_deref(), Ok(to));
        }
        for wrong in ["", "1", "1.2", "1.2.3.4", "1.+2.3", "1.2.x", "v1.2.3"] {
            assert_eq!(wrong.parse::<Version>(), Err(()), "{wrong}");
        }
    }
}
