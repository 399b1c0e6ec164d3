//! A value and the schema of its place → what of it is not as the schema says, at the place that says it.

use super::evidence::{Deviation, Step};
use super::shape::{Names, Shape, integer, is_constant, is_name};
use crate::base::pointer::canonical;
use crate::base::{Pointer, Span};
use crate::document::Node;
use crate::document::value::{
    DEEPEST, Fault, at, declared, element, faults_here, followed, is_nullable, list, resolved, text, types,
};
use crate::ir::{Api, Scalar, Type};
use crate::lower;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// In which way a place is not what came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Null came.
    Null,
    /// A required member did not come.
    Missing(String),
    /// Another JSON type.
    Kind,
    /// An integer that has no room in what is declared.
    Range,
    /// It is beyond a limit: the keyword.
    Limit(&'static str),
    /// A value that is not listed.
    Unlisted,
    /// A text of another form.
    Format,
    /// A member that is not declared.
    Unknown(String),
    /// Members that are not declared, whose names may be data.
    Unnamed,
    /// A value that fits no branch of a choice.
    Branch,
}

/// What showed it.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    pub(super) records: BTreeSet<usize>,
    /// How often in bodies.
    pub(super) times: usize,
    /// What came.
    pub(super) shape: Shape,
    /// Values that look like constants, each with the records that have it.
    constants: BTreeMap<String, BTreeSet<usize>>,
    /// How many values, or names, do not look like a program's.
    pub(super) hidden: usize,
    /// What keeps the nearest branch from fitting.
    pub(super) why: BTreeSet<String>,
}

/// What came to a place at all.
#[derive(Debug, Clone, Default)]
pub(super) struct Met {
    pub(super) records: BTreeSet<usize>,
    /// Values but nulls.
    pub(super) values: usize,
    /// Some are numbers below zero.
    pub(super) negative: bool,
}

/// In how many records a value must have come to be proposed, and shown: what came once may be a slip, or data.
const AGAIN: usize = 2;

/// More new values of an enum than this, and than it lists, are none of it.
const FEW: usize = 4;

impl Evidence {
    /// The new values of an enum that lists so many.
    pub(super) fn constants(&self, listed: usize) -> Vec<&str> {
        let again = self.constants.iter().filter(|(_, records)| records.len() >= AGAIN);
        let all: Vec<&str> = again.map(|(value, _)| value.as_str()).collect();
        if all.len() > listed.max(FEW) { Vec::new() } else { all }
    }

    /// How many values are not among them.
    pub(super) fn others(&self, listed: usize) -> usize {
        self.hidden + self.constants.len() - self.constants(listed).len()
    }
}

/// All that was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) met: BTreeMap<Pointer, Met>,
    pub(super) faults: BTreeMap<(Pointer, What), Evidence>,
}

impl Found {
    /// What was found by trying.
    fn absorb(&mut self, other: Self) {
        for (place, met) in other.met {
            let own = self.met.entry(place).or_default();
            own.records.extend(met.records);
            own.values += met.values;
            own.negative |= met.negative;
        }
        for (fault, evidence) in other.faults {
            let own = self.faults.entry(fault).or_default();
            own.records.extend(evidence.records);
            own.times += evidence.times;
            own.shape.merge(&evidence.shape);
            for (value, records) in evidence.constants {
                own.constants.entry(value).or_default().extend(records);
            }
            own.hidden += evidence.hidden;
            own.why.extend(evidence.why);
        }
    }
}

/// What the compiler knows of members, by their places in the file.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) names: Names,
    may_be_null: HashSet<Span>,
    may_be_absent: HashSet<Span>,
    secret: HashSet<Span>,
}

impl Known {
    /// `loose`: what a response requires may be null, by the settings, so that what may be null may as well not be there.
    pub(super) fn of(api: &Api, root: &Node, loose: bool) -> Self {
        let mut known = Self { names: Names::of(root), ..Self::default() };
        for field in api.types.iter().filter_map(|def| def.model()).flat_map(|model| &model.fields) {
            if field.may_be_null {
                known.may_be_null.insert(field.origin.span);
            }
            if loose && field.required && field.nullable() {
                known.may_be_absent.insert(field.origin.span);
            }
            if field.secret || field.of.ty == Type::Scalar(Scalar::Secret) {
                known.secret.insert(field.origin.span);
            }
        }
        known
    }
}

/// Goes down values. `record` is the one at hand.
pub(super) struct Walk<'d> {
    pub(super) root: &'d Node,
    pub(super) known: &'d Known,
    pub(super) record: usize,
    pub(super) found: Found,
    /// It is a log, which does not have what is as declared.
    is_log: bool,
    /// What is being looked at already, by schema and value: a branch of a choice may be the whole again.
    open: Vec<(Pointer, *const Node)>,
}

/// What is known from above.
#[derive(Clone, Copy)]
struct Above<'a> {
    /// What the whole around a branch declares; `None` for a part, which does not know what the other parts declare.
    declared: Option<&'a BTreeSet<String>>,
    /// The place holds a secret.
    secret: bool,
}

/// How far a value is from a branch: faults and members that the branch does not know, then the faults alone, then the members it
/// knows, counted backwards.
type Distance = (usize, usize, isize);

/// A value of another kind than the branch is further away than any number of faults.
const ANOTHER_KIND: usize = 1000;

impl<'d> Walk<'d> {
    pub(super) fn new(root: &'d Node, known: &'d Known) -> Self {
        Self { root, known, record: 0, found: Found::default(), is_log: false, open: Vec::new() }
    }

    /// A whole body.
    pub(super) fn body(&mut self, place: &Pointer, value: &Node) {
        self.is_log = false;
        self.value(place, value, Above { declared: Some(&BTreeSet::new()), secret: false });
    }

    fn at(&self, place: &Pointer) -> Option<&'d Node> {
        at(self.root, place.as_str())
    }

    /// The schema that a place means, and where it is.
    fn target(&self, place: &Pointer) -> Option<(Pointer, &'d Node)> {
        followed(self.root, place)
    }

    fn fault(&mut self, place: &Pointer, what: What) -> &mut Evidence {
        let evidence = self.found.faults.entry((place.clone(), what)).or_default();
        evidence.records.insert(self.record);
        evidence.times += usize::from(!self.is_log);
        evidence
    }

    fn meet(&mut self, place: &Pointer, value: &Node) {
        let met = self.found.met.entry(place.clone()).or_default();
        met.records.insert(self.record);
        met.values += usize::from(!value.is_null());
        met.negative |= value.as_number().is_some_and(|number| number.starts_with('-'));
    }

    fn value(&mut self, place: &Pointer, value: &Node, above: Above<'_>) {
        let Some((own, schema)) = self.target(place).filter(|_| self.open.len() <= DEEPEST) else { return };
        if self.open.iter().any(|(schema, at)| *schema == own && std::ptr::eq(*at, value)) {
            return;
        }
        self.meet(place, value);
        if own != *place {
            self.meet(&own, value);
        }
        if value.is_null() {
            self.null(place);
            return;
        }
        self.open.push((own.clone(), value));
        self.schema(&own, schema, value, above);
        self.open.pop();
    }

    fn null(&mut self, place: &Pointer) {
        let Some(node) = self.at(place) else { return };
        let (parent, name) = (place.parent().and_then(|parent| self.at(&parent)), place.last().unwrap_or_default());
        let key = parent.and_then(Node::as_object).and_then(|members| members.entry(&name)).map(|e| e.key_span);
        let tolerated = key.is_some_and(|key| self.known.may_be_null.contains(&key));
        if !tolerated && !admits_null(self.root, node, 0) {
            self.fault(place, What::Null);
        }
    }

    fn schema(&mut self, own: &Pointer, schema: &'d Node, value: &Node, above: Above<'_>) {
        for fault in faults_here(schema, value) {
            match fault {
                Fault::Kind(_) => return self.fault(own, What::Kind).shape.add(value),
                Fault::Unlisted => return self.unlisted(own, schema, value, above),
                Fault::Format(_) => drop(self.fault(own, What::Format)),
                Fault::Limit(key) => drop(self.fault(own, What::Limit(key))),
                Fault::Null | Fault::Constant => {}
            }
        }
        let range = || lower::integer(schema, text(schema, "format")).range();
        if types(schema).contains(&"integer")
            && !types(schema).contains(&"number")
            && let Some(number) = value.as_number().and_then(integer)
            && range().is_some_and(|range| !range.contains(&number))
        {
            self.fault(own, What::Range).shape.add(value);
        }
        for (i, _) in list(schema, "allOf").iter().enumerate() {
            self.value(&own.join("allOf").join(i), value, Above { declared: None, ..above });
        }
        let mut chosen = false;
        for key in ["oneOf", "anyOf"].into_iter().filter(|key| !list(schema, key).is_empty()) {
            self.choice(&own.join(key), schema, list(schema, key), value, above);
            chosen = true;
        }
        if value.as_object().is_some() {
            self.members(own, schema, value, above, chosen);
        }
        let (places, items) = (own.join("prefixItems"), own.join("items"));
        for (i, item) in value.as_array().into_iter().flatten().enumerate() {
            let at = match element(schema, i) {
                Some(_) if i < list(schema, "prefixItems").len() => &places.join(i),
                Some(_) => &items,
                None => break,
            };
            self.value(at, item, Above { declared: Some(&BTreeSet::new()), ..above });
        }
    }

    fn unlisted(&mut self, own: &Pointer, schema: &Node, value: &Node, above: Above<'_>) {
        let record = self.record;
        let constant = value.as_str().filter(|text| !above.secret && is_constant(text, list(schema, "enum")));
        let evidence = self.fault(own, What::Unlisted);
        match constant {
            Some(constant) => drop(evidence.constants.entry(constant.to_owned()).or_default().insert(record)),
            None => evidence.hidden += 1,
        }
    }

    fn members(&mut self, own: &Pointer, schema: &'d Node, value: &Node, above: Above<'_>, chosen: bool) {
        let Some(members) = value.as_object() else { return };
        let properties = schema.get("properties").and_then(Node::as_object);
        let declared = declared(self.root, schema);
        let of_property = own.join("properties");
        let additional = schema.get("additionalProperties").filter(|of| of.as_object().is_some());
        for e in members.iter() {
            let none = BTreeSet::new();
            match properties.and_then(|properties| properties.entry(&e.key)) {
                Some(property) => {
                    let secret = above.secret || self.known.secret.contains(&property.key_span);
                    self.value(&of_property.join(&e.key), &e.value, Above { declared: Some(&none), secret });
                }
                None if additional.is_some() && !declared.contains(e.key.as_str()) => {
                    let above = Above { declared: Some(&none), ..above };
                    self.value(&own.join("additionalProperties"), &e.value, above);
                }
                None => {}
            }
        }
        for name in list(schema, "required").iter().filter_map(Node::as_str).filter(|name| !members.contains(name)) {
            self.missing(own, schema, name, declared.contains(name), above);
        }
        let Some(around) = above.declared.filter(|_| !chosen && !declared.is_empty() && !self.is_open(schema, 0))
        else {
            return;
        };
        for e in members.iter().filter(|e| !declared.contains(e.key.as_str()) && !around.contains(&e.key)) {
            if is_name(&e.key) {
                self.fault(own, What::Unknown(e.key.clone())).shape.add(&e.value);
            } else {
                self.fault(own, What::Unnamed).hidden += 1;
            }
        }
    }

    /// A member that `required` names and that did not come.
    fn missing(&mut self, own: &Pointer, schema: &Node, name: &str, is_declared: bool, above: Above<'_>) {
        let property = schema.get("properties").and_then(Node::as_object).and_then(|properties| properties.entry(name));
        let tolerated =
            property.is_some_and(|p| p.value.flag("writeOnly") || self.known.may_be_absent.contains(&p.key_span));
        // What a part requires, another part may declare: whether that may be null is not known here.
        let elsewhere =
            property.is_none() && (is_declared || above.declared.is_none_or(|around| around.contains(name)));
        if !tolerated && !elsewhere {
            self.fault(own, What::Missing(name.to_owned()));
        }
    }

    /// Whether a schema, or a part of it, says that there may be other members.
    fn is_open(&self, schema: &'d Node, depth: usize) -> bool {
        let Some(schema) = resolved(self.root, schema).filter(|_| depth < DEEPEST) else { return true };
        let additional = schema.get("additionalProperties").is_some_and(|of| of.as_bool() != Some(false));
        additional
            || schema.get("patternProperties").is_some()
            || list(schema, "allOf").iter().any(|part| self.is_open(part, depth + 1))
    }

    /// Goes on with the branch that the value is of: the one that a discriminator names, the only one of its JSON type, or the one that it
    /// fits and that explains most of it (a base that all fit would not explain what its kinds add). Where it fits none, which one was
    /// meant is a guess: the nearest is said, and nothing of it is found.
    fn choice(&mut self, place: &Pointer, schema: &'d Node, branches: &'d [Node], value: &Node, above: Above<'_>) {
        let around: Option<BTreeSet<String>> = above.declared.map(|around| {
            let own = schema.get("properties").and_then(Node::as_object).into_iter().flatten().map(|e| e.key.clone());
            let parts = list(schema, "allOf").iter().flat_map(|part| declared(self.root, part)).map(str::to_owned);
            around.iter().cloned().chain(own).chain(parts).collect()
        });
        let above = Above { declared: around.as_ref(), ..above };
        let candidates = match self.named(schema, branches, value) {
            Some(named) => named..named + 1,
            None => 0..branches.len(),
        };
        let mut tried: Vec<(Distance, usize, Found)> = candidates.map(|i| self.tried(place, i, value, above)).collect();
        tried.sort_by_key(|(distance, i, _)| (*distance, *i));
        let mut others = tried.iter().skip(1).map(|(other, ..)| *other);
        let is_only = others.clone().all(|other| other.0 >= ANOTHER_KIND);
        let next = others.next();
        let Some((distance, index, found)) = tried.into_iter().next() else { return };
        let is_alone = next.is_none_or(|next| next > distance);
        let is_certain = is_only && distance.0 < ANOTHER_KIND;
        if is_certain || distance.1 == 0 && (is_alone || distance.0 == 0) {
            return self.found.absorb(found);
        }
        let branch = branches.get(index).and_then(|branch| text(branch, "$ref")).unwrap_or_default();
        let branch = match branch.rsplit('/').next().filter(|name| !name.is_empty()) {
            Some(name) => format!("`{name}`"),
            None => format!("number {}", index + 1),
        };
        let why = if is_alone && distance.0 < ANOTHER_KIND {
            let all: BTreeSet<String> = found.faults.keys().map(|(place, what)| what.text(place)).collect();
            let all: Vec<String> = all.into_iter().take(3).collect();
            format!("the nearest is {branch}: {}", all.join(", "))
        } else {
            "several are equally near".to_owned()
        };
        self.fault(place, What::Branch).why.insert(why);
    }

    /// The branch that a discriminator names.
    fn named(&self, schema: &Node, branches: &[Node], value: &Node) -> Option<usize> {
        let discriminator = schema.get("discriminator")?;
        let said = value.get(text(discriminator, "propertyName")?)?.as_str()?;
        let mapped = discriminator.get("mapping").and_then(|mapping| text(mapping, said)).unwrap_or(said);
        let name = |of: &str| of.rsplit('/').next().map(str::to_owned);
        branches.iter().position(|branch| text(branch, "$ref").and_then(name) == name(mapped))
    }

    fn tried(&self, place: &Pointer, index: usize, value: &Node, above: Above<'_>) -> (Distance, usize, Found) {
        let at = place.join(index);
        let mut walk = Walk { found: Found::default(), open: self.open.clone(), ..*self };
        walk.value(&at, value, above);
        let mut distance = (0, 0, 0);
        let own = self.target(&at);
        for (at, what) in walk.found.faults.keys() {
            let (faults, unknown) = match what {
                What::Kind if own.as_ref().is_some_and(|(own, _)| own == at) => (ANOTHER_KIND, 0),
                What::Unknown(_) | What::Unnamed => (0, 1),
                What::Limit(_) => (0, 0),
                _ => (1, 0),
            };
            distance.0 += faults + unknown;
            distance.1 += faults;
        }
        if let (Some((_, schema)), Some(members)) = (own, value.as_object()) {
            let known = declared(self.root, schema);
            distance.2 -= members.iter().filter(|e| known.contains(e.key.as_str())).count() as isize;
        }
        (distance, index, walk.found)
    }

    /// What a client has logged; whether its place is known.
    pub(super) fn deviation(&mut self, place: &Pointer, of: &Deviation) -> bool {
        self.is_log = true;
        let Some((last, before)) = of.path.split_last() else { return false };
        let mut places = vec![place.clone()];
        for step in before {
            places = places.iter().flat_map(|place| self.below(place, step)).collect();
        }
        // Which branch it was is not in the log.
        let [parent] = places.as_slice() else { return false };
        let mut below = self.below(parent, last);
        if below.len() > 1 {
            below.retain(|place| self.target(place).is_some_and(|(_, schema)| of.expects(&types(schema))));
        }
        let [place] = below.as_slice() else { return false };
        let Some((own, schema)) = self.target(place) else { return false };
        match of.found.as_str() {
            "null" => self.null(place),
            "nothing" => {
                let (Step::Member(name), Some((owner, of))) = (last, self.target(parent)) else { return false };
                let requires = |of: &Node| list(of, "required").iter().any(|n| n.as_str() == Some(name));
                if requires(of) {
                    self.missing(&owner, of, name, true, Above { declared: Some(&BTreeSet::new()), secret: false });
                }
            }
            "another text" => drop(text(schema, "format").is_some().then(|| self.fault(&own, What::Format))),
            found @ ("boolean" | "number" | "string" | "array" | "object") => {
                let whole = found == "number" && types(schema).contains(&"integer");
                if types(schema).is_empty() || types(schema).contains(&found) || whole {
                    return false;
                }
                self.fault(&own, What::Kind).shape.add_kind(found);
            }
            _ => return false,
        }
        true
    }

    /// The places of a member, or of the elements, of what is at a place.
    fn below(&self, place: &Pointer, step: &Step) -> Vec<Pointer> {
        let (mut out, mut open, mut seen) = (BTreeSet::new(), vec![place.clone()], BTreeSet::new());
        while let Some((own, schema)) = open.pop().and_then(|place| self.target(&place)) {
            if !seen.insert(own.clone()) {
                continue;
            }
            let here = match step {
                Step::Member(name) => own.join("properties").join(name),
                Step::Element => own.join("items"),
            };
            let additional = own.join("additionalProperties");
            if self.at(&here).is_some() {
                out.insert(here);
            } else if matches!(step, Step::Member(_)) && self.at(&additional).is_some_and(|n| n.as_object().is_some()) {
                out.insert(additional);
            }
            for key in ["allOf", "oneOf", "anyOf"] {
                open.extend((0..list(schema, key).len()).map(|i| own.join(key).join(i)));
            }
        }
        out.into_iter().collect()
    }
}

impl What {
    /// As the end of a sentence about a value near a branch.
    fn text(&self, place: &Pointer) -> String {
        let name = place.last().unwrap_or_default();
        match self {
            Self::Null => format!("`{name}` is null"),
            Self::Missing(name) => format!("`{name}` is missing"),
            Self::Kind => format!("`{name}` has another JSON type"),
            Self::Range => format!("`{name}` is larger"),
            Self::Limit(key) => format!("`{name}` is not within `{key}`"),
            Self::Unlisted => format!("`{name}` has another value"),
            Self::Format => format!("`{name}` has another form"),
            // One body says nothing of whether a name is data.
            Self::Unknown(_) | Self::Unnamed => "there are members that are not declared".to_owned(),
            Self::Branch => format!("no branch of `{name}` fits"),
        }
    }
}

/// Whether null may be at the place of a schema: by a flag on the way to it, by its type or values, or by a branch or all parts.
fn admits_null(root: &Node, schema: &Node, depth: usize) -> bool {
    if is_nullable(schema) || depth > DEEPEST {
        return true;
    }
    if let Some(target) = text(schema, "$ref") {
        let target = canonical(target).and_then(|target| at(root, &target));
        return target.is_none_or(|target| admits_null(root, target, depth + 1));
    }
    let types = types(schema);
    let listed = schema.get("enum").is_none_or(|_| list(schema, "enum").iter().any(Node::is_null));
    if !types.is_empty() {
        return types.contains(&"null") && listed;
    }
    if !listed || ["properties", "items", "required"].iter().any(|key| schema.get(key).is_some()) {
        return false;
    }
    let branch = |key: &str| {
        let branches = list(schema, key);
        branches.is_empty() || branches.iter().any(|branch| admits_null(root, branch, depth + 1))
    };
    branch("oneOf") && branch("anyOf") && list(schema, "allOf").iter().all(|part| admits_null(root, part, depth + 1))
}
