//! Versions of a generated crate: the lock counts the life of its aliases in them.
//!
//! The version stands in the settings (`[crate] version`); `release` moves it. Before 1.0 Cargo reads the second number
//! as the breaking one.

pub use semver::Version;

/// The version of a crate that says nothing: `0.1.0`.
pub const FIRST: Version = Version::new(0, 1, 0);

/// Reads a version; a pre-release or build part is left out, since no step depends on it.
pub fn read(text: &str) -> Option<Version> {
    let Version { major, minor, patch, .. } = Version::parse(text).ok()?;
    Some(Version::new(major, minor, patch))
}

/// The next version that may break what this one promises: `1.4.2` → `2.0.0`, `0.3.1` → `0.4.0`, `0.0.3` → `0.0.4`.
pub fn next_breaking(version: &Version) -> Version {
    match (version.major, version.minor, version.patch) {
        (0, 0, patch) => Version::new(0, 0, patch + 1),
        (0, minor, _) => Version::new(0, minor + 1, 0),
        (major, ..) => Version::new(major + 1, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::{next_breaking, read};

    #[test]
    fn the_next_version_that_may_break() {
        for (from, to) in [("1.4.2", "2.0.0"), ("0.3.1", "0.4.0"), ("0.0.3", "0.0.4"), ("2.0.0-rc.1", "3.0.0")] {
            assert_eq!(read(from).map(|v| next_breaking(&v).to_string()).as_deref(), Some(to));
        }
        // What Cargo refuses is refused.
        for wrong in ["", "1", "1.2", "1.2.3.4", "1.+2.3", "1.2.x", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-a..b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
