//! The step of the version that a list of changes asks for, and why.

use super::change::{Change, Class};
use crate::base::version::{self, Version};

/// A step of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Nothing to release.
    None,
    /// The last number.
    Patch,
    /// The middle number.
    Minor,
    /// The first number.
    Major,
}

impl Step {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The number that moves while the version begins with `0.`: cargo takes the middle one for the first there.
    pub fn under_zero(self) -> Step {
        match self {
            Self::Major => Self::Minor,
            Self::Minor | Self::Patch => Self::Patch,
            Self::None => Self::None,
        }
    }

    /// The version after this step; `None` when `version` is none. What follows a `-` or `+` is dropped.
    pub fn apply(self, version: &str) -> Option<Version> {
        let Version { major, minor, patch, .. } = version::read(version)?;
        let step = if major == 0 { self.under_zero() } else { self };
        Some(match step {
            Self::None => Version::new(major, minor, patch),
            Self::Patch => Version::new(major, minor, patch.checked_add(1)?),
            Self::Minor => Version::new(major, minor.checked_add(1)?, 0),
            Self::Major => Version::new(major.checked_add(1)?, 0, 0),
        })
    }
}

/// The step, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Semver {
    /// The step from `1.0.0` on.
    pub step: Step,
    /// The step while the version begins with `0.`.
    pub zero: Step,
    /// The change that decides, in words; empty when nothing differs.
    pub reason: String,
}

impl Semver {
    /// What the changes, worst first, ask for.
    pub(super) fn of(changes: &[Change]) -> Self {
        let Some(first) = changes.iter().min_by_key(|c| (std::cmp::Reverse(step(c)), c.class)) else {
            return Self { step: Step::None, zero: Step::None, reason: "nothing differs".to_owned() };
        };
        let count = changes.iter().filter(|c| c.class == first.class).count();
        let what = match first.class {
            Class::BreaksCompiling => "break compiling",
            Class::BreaksAtRunTime => "compile and behave differently",
            Class::Deprecating => "deprecate",
            Class::Additive => "add something",
            Class::DocumentationOnly => "concern the documentation only",
        };
        let step = step(first);
        let reason = match count {
            1 => format!("{}: {}", first.class.word(), first.message),
            n => format!("{n} changes {what}, the first: {}", first.message),
        };
        Self { step, zero: step.under_zero(), reason }
    }

    /// "major (minor while the version begins with 0.)"
    pub fn words(&self) -> String {
        match self.step == self.zero {
            true => self.step.word().to_owned(),
            false => format!("{} ({} while the version is 0.x)", self.step.word(), self.zero.word()),
        }
    }
}

/// Calls whose arguments were swapped, or those of a type's `new`: where the compiler does not notice, nobody does.
const SWAPS: [&str; 2] = ["D0109", "D0512"];

/// The step that one change asks for.
fn step(change: &Change) -> Step {
    match change.class {
        Class::BreaksCompiling => Step::Major,
        Class::BreaksAtRunTime if SWAPS.contains(&change.code) => Step::Major,
        Class::BreaksAtRunTime | Class::Deprecating | Class::Additive => Step::Minor,
        Class::DocumentationOnly => Step::Patch,
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn versions_move_by_the_step() {
        for (step, from, to) in [
            (Step::Major, "1.2.3", Some("2.0.0")),
            (Step::Minor, "1.2.3", Some("1.3.0")),
            (Step::Patch, "1.2.3", Some("1.2.4")),
            (Step::None, "1.2.3", Some("1.2.3")),
            (Step::Major, "0.2.3", Some("0.3.0")),
            (Step::Minor, "0.2.3", Some("0.2.4")),
            (Step::Patch, "0.0.3", Some("0.0.4")),
            (Step::Minor, "1.2.3-rc.1", Some("1.3.0")),
            (Step::Minor, "1.2", None),
            (Step::Minor, "one", None),
            (Step::Patch, "1.2.18446744073709551615", None),
        ] {
            assert_eq!(step.apply(from).map(|v| v.to_string()).as_deref(), to, "{step:?} {from}");
        }
    }
}
