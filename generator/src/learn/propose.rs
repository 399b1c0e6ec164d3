//! What was found → proposals: the overlay actions that make the document say so, each with its reason. What no action can say, or should,
//! is reported only.

use super::build::{Members, any, flag, list, object, word};
use super::evidence::{Record, Seen};
use super::shape::Names;
use super::walk::{Evidence, Found, Known, What};
use super::{Action, Proposal, Remark};
use crate::adopt::{path, quoted};
use crate::base::Pointer;
use crate::document::grammar::Version;
use crate::document::normalize::concerns;
use crate::document::value::{at, kind, list as items_of, text, types};
use crate::document::{Kind, Node};
use std::collections::{BTreeMap, BTreeSet};

/// How many operations a reason names.
const NAMED: usize = 3;

/// Turns one round's findings into proposals.
pub(super) struct Propose<'a> {
    pub(super) root: &'a Node,
    pub(super) version: Version,
    pub(super) known: &'a Known,
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
        // How many of `required` have gone already.
        let mut gone: BTreeMap<&Pointer, BTreeSet<&str>> = BTreeMap::new();
        for ((place, what), evidence) in &self.found.faults {
            let outcome = match what {
                What::Unknown(name) if alike.contains(&(place, name.as_str())) => continue,
                // Null joins the type that is proposed in this round, in the next one.
                What::Null if self.is_of_types() && self.is_retyped(place) => continue,
                What::Missing(name) => {
                    let gone = gone.entry(place).or_default();
                    gone.insert(name);
                    self.outcome(place, what, evidence, gone)
                }
                _ => self.outcome(place, what, evidence, &BTreeSet::new()),
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
            let text = match count {
                1 => "1 member that is not declared: its name may be data and is not shown".to_owned(),
                _ => format!("{count} members that are not declared: their names may be data and are not shown"),
            };
            remarks.push(Remark { pointer: place.clone(), text, at: None });
        }
        (proposals, remarks)
    }

    /// Undeclared members of one place whose names may be data: those that are not written as the document's are, and the entries of a
    /// map, which are at least three alike that are objects, or that came once each.
    fn data_like(&self) -> BTreeSet<(&Pointer, &str)> {
        let names = &self.known.names;
        let mut groups: BTreeMap<_, Vec<(&str, &Evidence)>> = BTreeMap::new();
        let mut out = BTreeSet::new();
        for ((place, what), evidence) in &self.found.faults {
            match what {
                What::Unknown(name) if !names.may_be_shown(name) => drop(out.insert((place, name.as_str()))),
                What::Unknown(name) if !names.has(name) => {
                    if let Some(likeness) = evidence.shape.likeness() {
                        groups.entry((place, likeness)).or_default().push((name, evidence));
                    }
                }
                _ => {}
            }
        }
        for ((place, (_, members)), group) in groups.into_iter().filter(|(_, group)| group.len() > 2) {
            let once = group.iter().filter(|(_, evidence)| evidence.times == 1).count();
            if !members.is_empty() || once * 2 > group.len() {
                out.extend(group.into_iter().map(|(name, _)| (place, name)));
            }
        }
        out
    }

    /// Whether null is one of the types.
    fn is_of_types(&self) -> bool {
        matches!(self.version, Version::V31 | Version::V32)
    }

    /// Whether another type is proposed for a place.
    fn is_retyped(&self, place: &Pointer) -> bool {
        let kind = self.found.faults.get(&(place.clone(), What::Kind));
        kind.is_some_and(|of| matches!(self.outcome(place, &What::Kind, of, &BTreeSet::new()), Outcome::Actions(_)))
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

    /// What is done about a finding, if there is evidence enough. `gone`: what is no longer required, this one included.
    fn outcome(&self, place: &Pointer, what: &What, evidence: &Evidence, gone: &BTreeSet<&str>) -> Outcome {
        let Some(node) = at(self.root, place.as_str()) else { return Outcome::Only(String::new()) };
        let outcome = self.effects(place, node, what, (evidence, gone));
        let wanted = if is_wide(place) && what.is_of_the_whole() { WIDE } else { what.wanted(node, evidence) };
        match outcome {
            Outcome::Actions(_) if evidence.records.len() < wanted => {
                Outcome::Only(format!("; it takes {wanted} records to propose a change"))
            }
            outcome => outcome,
        }
    }

    fn effects(
        &self,
        place: &Pointer,
        node: &Node,
        what: &What,
        (evidence, gone): (&Evidence, &BTreeSet<&str>),
    ) -> Outcome {
        let one = |end: &str, update: Option<Node>| Outcome::Actions(vec![(end.to_owned(), update)]);
        match what {
            What::Null => self.nullable(node).map_or_else(|| Outcome::Only(String::new()), Outcome::Actions),
            // An empty list is none in OpenAPI 3.0.
            What::Missing(_)
                if items_of(node, "required").iter().filter_map(Node::as_str).all(|n| gone.contains(n)) =>
            {
                one(".required", None)
            }
            What::Missing(name) => one(&format!(".required[?@ == {}]", quoted(name)), None),
            What::Kind => self.kind(place, node, evidence),
            What::Range => {
                let signed = self.found.met.get(place).is_some_and(|met| met.negative);
                let format = evidence.shape.integer_format(signed).unwrap_or("int64");
                one("", Some(object([("format", word(format))])))
            }
            What::Limit(_) => {
                Outcome::Only("; limits refuse nothing that is read, so that it is left as it is".to_owned())
            }
            What::Unlisted => match evidence.constants(items_of(node, "enum").len()).as_slice() {
                [] => Outcome::Only("; nothing of that kind is shown".to_owned()),
                values => one("", Some(object([("enum", list(values.iter().map(|value| word(value))))]))),
            },
            What::Format => one(".format", None),
            What::Unknown(_) if evidence.shape.values() == 0 => {
                Outcome::Only("; only null came, so that nothing is known of it".to_owned())
            }
            What::Unknown(name) => {
                let schema = evidence.shape.schema(self.names(), &|members| self.add_null(members));
                one("", Some(object([("properties", object([(name.as_str(), schema)]))])))
            }
            What::Unnamed => Outcome::Only("; such names may be data and are not shown".to_owned()),
            What::Branch => Outcome::Only(evidence.why.iter().map(|why| format!("; {why}")).collect()),
        }
    }

    fn names(&self) -> &Names {
        &self.known.names
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
        if node.get("enum").is_some() {
            return Some(vec![(String::new(), Some(object([("enum", list([Node::new(node.span, Kind::Null)]))])))]);
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

    /// Another type: the one of all values, or the wider one of those that came. A list of types gets one more.
    fn kind(&self, place: &Pointer, node: &Node, evidence: &Evidence) -> Outcome {
        let declared = types(node);
        let came = evidence.shape.kind();
        let is_list = node.get("type").is_some_and(|of| of.as_array().is_some());
        // A log has only what is not as declared: of all values it says nothing.
        let met = self.found.met.get(place).map_or(0, |met| met.values);
        let all = met > 0 && met <= evidence.times;
        let is_scalar = |kind: &str| !matches!(kind, "array" | "object");
        let to = match (declared.as_slice(), came) {
            (["integer"], Some("number")) => "number",
            (_, Some(came)) if all || is_list => came,
            // A text can hold all that came; what reads a text takes a number too.
            ([declared], Some("string")) if is_scalar(declared) => "string",
            (_, came) => {
                let came = came.map_or("of several types".to_owned(), |came| format!("of type {came}"));
                let others =
                    if met > evidence.times { "the others are as declared" } else { "others may be as declared" };
                return Outcome::Only(format!("; {others}, those are {came}: left as it is"));
            }
        };
        let mut schema = evidence.shape.schema(self.names(), &|_| {});
        if let Some(members) = schema.as_object_mut() {
            members.insert("type", if is_list { list([word(to)]) } else { word(to) });
            if to == "array" && !members.contains("items") {
                members.insert("items", any());
            }
            if is_list {
                // What there is may be of another of the types.
                members.retain(|e| e.key == "type" || node.get(&e.key).is_none());
                return Outcome::Actions(vec![(String::new(), Some(schema))]);
            }
        }
        let widened = to == "number" && declared == ["integer"];
        let is_of_another = |key: &str| match key {
            "format" => true,
            "enum" | "default" | "const" => !widened,
            key => concerns(key).is_some_and(|types| !types.contains(&to)),
        };
        let fits = |example: &Node| kind(example) == to || to == "number" && kind(example) == "integer";
        let is_wrong_example = |key: &str| match key {
            "example" => node.get(key).is_some_and(|example| !fits(example)),
            "examples" => items_of(node, key).iter().any(|example| !fits(example)),
            _ => false,
        };
        let keys = node.as_object().into_iter().flatten().map(|e| e.key.as_str());
        let gone: Vec<&str> = keys.filter(|key| is_of_another(key) || is_wrong_example(key)).collect();
        let end = match gone.as_slice() {
            [] => None,
            [one] => Some(format!(".{one}")),
            all => Some(format!("[{}]", all.iter().map(|key| quoted(key)).collect::<Vec<_>>().join(", "))),
        };
        Outcome::Actions(end.map(|end| (end, None)).into_iter().chain([(String::new(), Some(schema))]).collect())
    }
}

/// From how many records on another type, or none of a format, is proposed: one may be a slip. That null or a member more or less came
/// is shown by one.
const AGAIN: usize = 2;

/// From how many records on the type of a whole component or body is changed, which all that use it follow.
const WIDE: usize = 3;

/// Whether a place is all of a component or body, or of the elements or a part of it.
fn is_wide(place: &Pointer) -> bool {
    let segments: Vec<String> = place.segments().collect();
    let mut rest = segments.as_slice();
    loop {
        rest = match rest {
            [.., parent, _] if parent == "properties" => return false,
            [before @ .., of, index]
                if ["allOf", "oneOf", "anyOf"].contains(&of.as_str()) && index.parse::<usize>().is_ok() =>
            {
                before
            }
            [before @ .., of] if of == "items" => before,
            [.., of] => return of != "additionalProperties",
            [] => return true,
        };
    }
}

/// How often something was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// In how many bodies.
    pub bodies: usize,
    /// Of how many that have the place. Lines of logs are not among them: a log has only what deviates.
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
            Self::Limit(_) => "limit",
            Self::Unlisted => "value",
            Self::Format => "format",
            Self::Unknown(_) => "unknown",
            Self::Unnamed => "unnamed",
            Self::Branch => "branch",
        }
    }

    /// Whether it changes the type of what is at its place.
    fn is_of_the_whole(&self) -> bool {
        matches!(self, Self::Null | Self::Kind | Self::Range | Self::Format)
    }

    /// From how many records on a change is proposed.
    fn wanted(&self, node: &Node, evidence: &Evidence) -> usize {
        match self {
            // A number holds the integers too.
            Self::Kind if types(node) == ["integer"] && evidence.shape.kind() == Some("number") => 1,
            Self::Kind | Self::Format => AGAIN,
            _ => 1,
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
            Self::Range => {
                let format = node.and_then(|node| text(node, "format")).unwrap_or("int64");
                format!("It had no room in {format}")
            }
            Self::Limit(key) => format!("It was not within `{key}`"),
            Self::Unlisted => {
                let listed = node.map_or(0, |node| items_of(node, "enum").len());
                let mut parts: Vec<String> =
                    evidence.constants(listed).iter().map(|value| format!("`{value}`")).collect();
                match evidence.others(listed) {
                    0 => {}
                    1 => parts.push("a value that may be data".to_owned()),
                    n => parts.push(format!("{n} values that may be data")),
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
            Self::Branch => "No branch fitted and declared all of it".to_owned(),
        }
    }
}
