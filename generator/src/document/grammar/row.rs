//! One row of the table: a keyword of an object, and what becomes of it.

use super::{Place, Spot};
use crate::document::{Kind, Node};

/// The versions that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Swagger 2.0
    Swagger2,
    /// OpenAPI 3.0
    V30,
    /// OpenAPI 3.1
    V31,
    /// OpenAPI 3.2
    V32,
}

impl Version {
    /// All of them, the oldest first.
    pub const ALL: [Version; 4] = [Version::Swagger2, Version::V30, Version::V31, Version::V32];

    /// What it is called: `OpenAPI 3.1`.
    pub fn name(self) -> &'static str {
        match self {
            Version::Swagger2 => "Swagger 2.0",
            Version::V30 => "OpenAPI 3.0",
            Version::V31 => "OpenAPI 3.1",
            Version::V32 => "OpenAPI 3.2",
        }
    }

    /// Its number: `3.1`.
    pub fn number(self) -> &'static str {
        match self {
            Version::Swagger2 => "2.0",
            Version::V30 => "3.0",
            Version::V31 => "3.1",
            Version::V32 => "3.2",
        }
    }
}

/// Some of the versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions(u8);

impl Versions {
    /// All four.
    pub const ALL: Versions = Versions(0b1111);
    /// Swagger 2.0 alone.
    pub const SWAGGER2: Versions = Versions(0b0001);
    /// Swagger 2.0 and OpenAPI 3.0.
    pub const UNTIL_30: Versions = Versions(0b0011);
    /// OpenAPI 3.0 alone.
    pub const ONLY_30: Versions = Versions(0b0010);
    /// OpenAPI 3.0 and later.
    pub const SINCE_30: Versions = Versions(0b1110);
    /// OpenAPI 3.1 and later.
    pub const SINCE_31: Versions = Versions(0b1100);
    /// OpenAPI 3.2.
    pub const SINCE_32: Versions = Versions(0b1000);
    /// None: tools write it, and it is read.
    pub const TOOLS: Versions = Versions(0);

    /// Whether `version` is among them.
    pub fn has(self, version: Version) -> bool {
        self.0 & (1 << version as u8) != 0
    }

    /// Whether Swagger 2.0, or else any of OpenAPI 3, is among them, as `version` is.
    pub fn has_kin(self, version: Version) -> bool {
        let kin = if version == Version::Swagger2 { Versions::SWAGGER2 } else { Versions::SINCE_30 };
        self == Versions::TOOLS || self.0 & kin.0 != 0
    }

    /// Their numbers: `3.1, 3.2`; a dash for none.
    pub fn numbers(self) -> String {
        let list: Vec<&str> = Version::ALL.iter().filter(|v| self.has(**v)).map(|v| v.number()).collect();
        if list.is_empty() { "–".to_owned() } else { list.join(", ") }
    }
}

/// What is under a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The same, whatever the value is.
    Is(Place),
    /// One object, or a list of them.
    OneOrList(Spot),
    /// One object; a flag in its place holds nothing.
    OneOrFlag(Spot),
    /// Names to objects; a list in their place is somebody's mistake and holds no references.
    MapOrData(Spot),
}

impl Holds {
    /// What stands there.
    pub fn place(self, value: &Node) -> Place {
        match (self, &value.kind) {
            (Holds::Is(place), _) => place,
            (Holds::OneOrList(spot), Kind::Array(_)) => Place::List(spot),
            (Holds::OneOrFlag(_), Kind::Bool(_)) => Place::Plain,
            (Holds::OneOrList(spot) | Holds::OneOrFlag(spot), _) => Place::One(spot),
            (Holds::MapOrData(spot), Kind::Object(_)) => Place::Map(spot),
            (Holds::MapOrData(_), _) => Place::Data,
        }
    }
}

/// What becomes of a keyword. `generator/tests/keywords.rs` holds every row to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Another value makes other code.
    Expressed,
    /// Another value makes other documentation, which has the value in it.
    Documentation,
    /// Another value changes nothing, for this reason.
    Annotation(&'static str),
    /// Another value should change something and does not. It is reported by this code, and these words after the keyword.
    Gap(&'static str, &'static str),
    /// A gap too, which the stage that reads it reports, by this code and with words of its own.
    Reported(&'static str),
    /// It is part of a gap, which is reported as a whole.
    WithinGap,
}

/// A keyword of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The keyword.
    pub key: &'static str,
    /// The versions that have it.
    pub versions: Versions,
    /// What is under it.
    pub holds: Holds,
    /// What becomes of it.
    pub outcome: Outcome,
}

impl Row {
    /// Whether `value` says nothing that could be lost: no flag set, nothing listed.
    pub fn is_idle(&self, value: &Node) -> bool {
        let place = self.holds.place(value);
        match &value.kind {
            Kind::Null => true,
            Kind::Bool(flag) => !flag && self.holds == Holds::Is(Place::Plain),
            Kind::Array(list) => list.is_empty() && !matches!(place, Place::Data),
            Kind::Object(members) => members.is_empty() && !matches!(place, Place::Data | Place::One(Spot::Schema)),
            Kind::Number(_) | Kind::String(_) => false,
        }
    }
}

/// A row.
pub(super) const fn row(key: &'static str, versions: Versions, holds: Holds, outcome: Outcome) -> Row {
    Row { key, versions, holds, outcome }
}
