//! What was found → proposals: the overlay actions that make the document say so, each with its reason. What no action can say, or should,
//! is reported only.

use super::build::{Members, any, flag, list, object, word};
use super::evidence::{Record, Seen};
use super::walk::{Evidence, Found, What};
use super::{Action, Proposal, Remark};
use crate::adopt::{path, quoted};
use crate::base::Pointer;
use crate::document::grammar::Version;
use crate::document::value::{at, kind, list as items_of, text, types};
use crate::document::{Kind, Node};
use std::collections::{BTreeMap, BTreeSet};

/// What another type has no use for.
const OF_ONE_TYPE: [&str; 18] = [
    "pattern",
    "format",
    "enum",
    "default",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "additionalProperties",
];

/// How many operations a reason names.
const NAMED: usize = 3;

/// Turns one round's findings into proposals.
pub(super) struct Propose<'a> {
    pub(super) root: &'a Node,
    pub(super) version: Version,
    pub(super) records: &'a [Record],
    /// Of each record the operation's id.
    pub(super) operations: &'a [String],
    pub(super) found: &'a Found,
}

/// What a finding comes to.
enum Outcome {
    /// Effects, each with the end of its target behind the place's.
    Actions(Vec<(String, Option<Node>)>),
    /// Only a remark: what to add to what was seen.
    Only(String),
}

impl Propose<'_> {
    pub(super) fn all(&self) -> (Vec<Proposal>, Vec<Remark>) {
        let alike = self.data_like();
        let (mut proposals, mut remarks) = (Vec::new(), Vec::new());
        for ((place, what), evidence) in &self.found.faults {
            let outcome = match what {
                What::Unknown(name) if alike.contains(&(place, name.as_str())) => continue,
                _ => self.outcome(place, what, evidence),
            };
            let pointer = match what {
                What::Missing(name) | What::Unknown(name) => place.join("properties").join(name),
                _ => place.clone(),
            };
            let seen = self.count(place, what, evidence);
            match outcome {
                Outcome::Actions(effects) => {
                    let reason = format!("{} {}.", what.reason(evidence, self.root, place), seen.text());
                    let target = path(Some(self.root), place);
                    let action = |(end, update): (String, Option<Node>)| Action {
                        target: format!("{target}{end}"),
                        reason: reason.clone(),
                        update,
                    };
                    let actions = effects.into_iter().map(action).collect();
                    let (what, place) = (what.clone(), place.clone());
                    proposals.push(Proposal {
                        pointer,
                        place,
                        what,
                        seen,
                        reason,
                        actions,
                        at: None,
                        rust: Vec::new(),
                    });
                }
                Outcome::Only(more) => {
                    let text = format!("{} {}{more}", what.reason(evidence, self.root, place), seen.text());
                    remarks.push(Remark { pointer: place.clone(), text, at: None });
                }
            }
        }
        let mut of_data: BTreeMap<&Pointer, usize> = BTreeMap::new();
        alike.iter().for_each(|(place, _)| *of_data.entry(*place).or_default() += 1);
        for (place, count) in of_data {
            let text = format!("{count} members that are not declared, all alike: their names may be data");
            remarks.push(Remark { pointer: place.clone(), text, at: None });
        }
        (proposals, remarks)
    }

    /// Undeclared members of one place that look like the entries of a map: at least three objects with the same members.
    fn data_like(&self) -> BTreeSet<(&Pointer, &str)> {
        let mut groups: BTreeMap<(&Pointer, Vec<&str>), Vec<&str>> = BTreeMap::new();
        for ((place, what), evidence) in &self.found.faults {
            if let (What::Unknown(name), Some("object")) = (what, evidence.shape.kind()) {
                groups.entry((place, evidence.shape.names())).or_default().push(name);
            }
        }
        let alike = groups.into_iter().filter(|(_, names)| names.len() > 2);
        alike.flat_map(|((place, _), names)| names.into_iter().map(move |name| (place, name))).collect()
    }

    fn count(&self, place: &Pointer, what: &What, evidence: &Evidence) -> Count {
        let is_log = |i: &&usize| self.records.get(**i).is_some_and(|r| matches!(r.seen, Seen::Deviations(_)));
        let met = self.found.met.get(place).map(|met| met.records.len());
        let bodies = evidence.records.iter().filter(|i| !is_log(i)).count();
        let operations = evidence.records.iter().filter_map(|i| self.operations.get(*i).cloned()).collect();
        let places = evidence.records.iter().filter_map(|i| self.records.get(*i)).map(|r| r.place.clone()).collect();
        Count {
            bodies,
            of: met.unwrap_or(0).max(bodies),
            logged: evidence.records.len() - bodies,
            operations,
            places,
            whole: matches!(what, What::Missing(_) | What::Unknown(_) | What::Unnamed),
        }
    }

    fn outcome(&self, place: &Pointer, what: &What, evidence: &Evidence) -> Outcome {
        let Some(node) = at(self.root, place.as_str()) else { return Outcome::Only(String::new()) };
        let one = |end: &str, update: Option<Node>| Outcome::Actions(vec![(end.to_owned(), update)]);
        match what {
            What::Null => self.nullable(node).map_or_else(|| Outcome::Only(String::new()), Outcome::Actions),
            What::Missing(_) if items_of(node, "required").len() == 1 => one(".required", None),
            What::Missing(name) => one(&format!(".required[?@ == {}]", quoted(name)), None),
            What::Kind => self.kind(place, node, evidence),
            What::Range => one("", Some(object([("format", word("int64"))]))),
            What::Unlisted if evidence.constants.is_empty() => {
                Outcome::Only("; nothing of that kind is shown".to_owned())
            }
            What::Unlisted => {
                let values = list(evidence.constants.iter().map(|value| word(value)));
                one("", Some(object([("enum", values)])))
            }
            What::Format => one(".format", None),
            What::Unknown(_) if evidence.shape.values() == 0 => {
                Outcome::Only("; only null came, so that nothing is known of it".to_owned())
            }
            What::Unknown(name) => {
                let schema = evidence.shape.schema(&|members| self.add_null(members));
                one("", Some(object([("properties", object([(name.as_str(), schema)]))])))
            }
            What::Unnamed => Outcome::Only("; such names may be data and are not shown".to_owned()),
            What::Branch => Outcome::Only(evidence.why.iter().map(|why| format!("; {why}")).collect()),
        }
    }

    /// Lets null be at a place.
    fn nullable(&self, node: &Node) -> Option<Vec<(String, Option<Node>)>> {
        let flagged = |key: &str| vec![(String::new(), Some(object([(key, flag())])))];
        match self.version {
            Version::Swagger2 => return Some(flagged("x-nullable")),
            Version::V30 => return Some(flagged("nullable")),
            Version::V31 | Version::V32 => {}
        }
        let null = || object([("type", word("null"))]);
        if let Some(target) = text(node, "$ref") {
            let branches = list([object([("$ref", word(target))]), null()]);
            let update = Some(object([("anyOf", branches)]));
            return Some(vec![("['$ref']".to_owned(), None), (String::new(), update)]);
        }
        if let Some(of) = node.get("type") {
            let types = of.as_str().map(word).into_iter().chain([word("null")]);
            let listed = node.get("enum").map(|_| ("enum", list([Node::new(node.span, Kind::Null)])));
            return Some(vec![(String::new(), Some(object([("type", list(types))].into_iter().chain(listed))))]);
        }
        let key = ["oneOf", "anyOf"].into_iter().find(|key| !items_of(node, key).is_empty())?;
        Some(vec![(String::new(), Some(object([(key, list([null()]))])))])
    }

    /// The same for a schema that is made.
    fn add_null(&self, members: &mut Members) {
        let key = match self.version {
            Version::Swagger2 => "x-nullable",
            Version::V30 => "nullable",
            Version::V31 | Version::V32 => {
                let of = members.iter_mut().find(|(key, _)| key == "type");
                return of.into_iter().for_each(|(_, of)| *of = list([of.clone(), word("null")]));
            }
        };
        members.push((key.to_owned(), flag()));
    }

    /// Another type: the one of all values, or the wider one of those that came.
    fn kind(&self, place: &Pointer, node: &Node, evidence: &Evidence) -> Outcome {
        let declared = types(node);
        let came = evidence.shape.kind();
        let all = self.found.met.get(place).is_none_or(|met| met.values <= evidence.times);
        let is_scalar = |kind: &str| !matches!(kind, "array" | "object");
        let to = match (declared.as_slice(), came, all) {
            (["integer"], Some("number"), _) => "number",
            (_, Some(came), true) => came,
            // A text can hold all that came; what reads a text takes a number too.
            ([declared], Some("string"), false) if is_scalar(declared) => "string",
            (_, came, _) => {
                let came = came.map_or("of several types".to_owned(), |came| format!("of type {came}"));
                return Outcome::Only(format!("; the others are as declared, those are {came}: left as it is"));
            }
        };
        let mut schema = evidence.shape.schema(&|_| {});
        if let Some(members) = schema.as_object_mut() {
            members.insert("type", word(to));
            if to == "array" && !members.contains("items") {
                members.insert("items", any());
            }
            let was_null = declared.contains(&"null");
            if was_null {
                members.insert("type", list([word(to), word("null")]));
            }
        }
        let stays = |key: &str| to == "number" && declared == ["integer"] && key != "format";
        let mut gone: Vec<&str> =
            OF_ONE_TYPE.into_iter().filter(|key| node.get(key).is_some() && !stays(key)).collect();
        let fits = |example: &Node| kind(example) == to || to == "number" && kind(example) == "integer";
        if node.get("example").is_some_and(|example| !fits(example)) {
            gone.push("example");
        }
        let end = match gone.as_slice() {
            [] => None,
            [one] => Some(format!(".{one}")),
            all => Some(format!("[{}]", all.iter().map(|key| quoted(key)).collect::<Vec<_>>().join(", "))),
        };
        Outcome::Actions(end.map(|end| (end, None)).into_iter().chain([(String::new(), Some(schema))]).collect())
    }
}

/// How often something was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// In how many bodies.
    pub bodies: usize,
    /// Of how many that have the place.
    pub of: usize,
    /// In how many lines of logs.
    pub logged: usize,
    /// The operations.
    pub operations: BTreeSet<String>,
    /// Files and lines.
    pub places: Vec<String>,
    /// The place is the object, and not its member.
    whole: bool,
}

impl Count {
    /// `in 3 of the 5 recorded bodies that have it (ListPets)`.
    pub fn text(&self) -> String {
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let mut parts = Vec::new();
        if self.bodies > 0 {
            let bodies = if self.of == 1 { "body" } else { "bodies" };
            let that = if self.of == 1 { "has" } else { "have" };
            let it = if self.whole { "the object" } else { "it" };
            parts.push(format!("in {} of {} recorded {bodies} that {that} {it}", self.bodies, self.of));
        }
        if self.logged > 0 {
            parts.push(format!("in {} logged deviation{}", self.logged, s(self.logged)));
        }
        let mut names: Vec<&str> = self.operations.iter().take(NAMED).map(String::as_str).collect();
        let more = self.operations.len().saturating_sub(NAMED);
        let rest = format!("{more} more");
        if more > 0 {
            names.push(&rest);
        }
        format!("{} ({})", parts.join(" and "), names.join(", "))
    }
}

impl What {
    /// The word for it in reports.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Missing(_) => "missing",
            Self::Kind => "type",
            Self::Range => "range",
            Self::Unlisted => "value",
            Self::Format => "format",
            Self::Unknown(_) => "unknown",
            Self::Unnamed => "unnamed",
            Self::Branch => "branch",
        }
    }

    /// The begin of a reason.
    fn reason(&self, evidence: &Evidence, root: &Node, place: &Pointer) -> String {
        let node = at(root, place.as_str());
        match self {
            Self::Null => "It was null".to_owned(),
            Self::Missing(name) => format!("The required `{name}` was not there"),
            Self::Kind => {
                let declared = node.map(types).unwrap_or_default().join(" or ");
                let came = evidence.shape.kind().unwrap_or("of several types");
                format!("It is declared as {declared}, and was {came}")
            }
            Self::Range => "It had no room in 32 bits".to_owned(),
            Self::Unlisted => {
                let mut parts: Vec<String> = evidence.constants.iter().map(|value| format!("`{value}`")).collect();
                match evidence.hidden {
                    0 => {}
                    1 => parts.push("a value that looks like data".to_owned()),
                    n => parts.push(format!("{n} values that look like data")),
                }
                format!("It had {}, which `enum` does not list,", parts.join(" and "))
            }
            Self::Format => {
                let format = node.and_then(|node| text(node, "format")).unwrap_or("another form");
                format!("It was no {format}")
            }
            Self::Unknown(name) => format!("The member `{name}` is not declared, and was there"),
            Self::Unnamed if evidence.hidden == 1 => "A member that is not declared was there".to_owned(),
            Self::Unnamed => format!("{} members that are not declared were there", evidence.hidden),
            Self::Branch => "No branch fitted".to_owned(),
        }
    }
}
