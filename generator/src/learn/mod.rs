//! What bodies say of a document: bodies and logged deviations of an API → overlay actions that make the document say what came.
//!
//! `evidence` reads the files, `walk` goes down every body with the schema of its place, `propose` makes actions of what does not fit,
//! `report` prints them. Places are those of the document as it was written, with its overlays applied, since overlays name these. What a
//! proposal changes in Rust is not guessed: the document is understood with and without all of them, and [`drift`] compares.
//!
//! Of a body only its structure is kept. What may be somebody's is counted and neither shown nor written: values, but for new words of an
//! enum that look like its others and came in two records or more; names of undeclared members that are not written as the document's
//! names are, or that are the keys of a map (`shape` says which those are).
//!
//! How much evidence a proposal takes: one record shows that null, a further member, no member or a larger number comes. A type that is
//! replaced, a format that goes and a value of an enum take two: one may be a slip. The type of a whole component or body takes three,
//! since all that use it change. With less it is only reported, and so are values that fit no branch of a choice, limits, and what a log
//! alone has against a type, since a log does not say what else came.

mod build;
mod evidence;
mod propose;
mod report;
mod shape;
mod walk;

pub use evidence::{Record, read};
pub use propose::Count;
pub use report::{json, text};

use crate::adopt;
use crate::base::diagnostic::Diagnostics;
use crate::base::{Pointer, Sources};
use crate::document::grammar::Version;
use crate::document::normalize::{Overlay, apply_overlays, version_of};
use crate::document::value::{at, followed};
use crate::document::{Node, hash_content};
use crate::drift::{self, Semver};
use crate::ir::{Api, Origin};
use crate::pipeline::{self, Inputs, Understood};
use evidence::Seen;
use propose::Propose;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use walk::{Known, Walk, What};

/// How often the bodies are looked at: what a correction uncovers shows in the next round.
const ROUNDS: usize = 8;

/// One action of an overlay.
#[derive(Debug, Clone)]
pub struct Action {
    /// Its JSONPath.
    pub target: String,
    /// Why it is there.
    pub reason: String,
    /// What is merged into what it selects; `None`: that is removed.
    pub update: Option<Node>,
}

impl Action {
    /// As it is in an overlay.
    pub fn node(&self) -> Node {
        let effect = match &self.update {
            Some(update) => ("update", update.clone()),
            None => ("remove", build::flag()),
        };
        build::object([("target", build::word(&self.target)), ("description", build::word(&self.reason)), effect])
    }
}

/// A correction.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The place that it is about.
    pub pointer: Pointer,
    place: Pointer,
    what: What,
    /// How often it was seen, and where.
    pub seen: Count,
    /// A sentence.
    pub reason: String,
    /// What is done.
    pub actions: Vec<Action>,
    /// File, line and column, of what is in a file.
    pub at: Option<String>,
    /// What changes in Rust.
    pub rust: Vec<String>,
}

/// Something that no action corrects.
#[derive(Debug, Clone)]
pub struct Remark {
    /// The place that it is about.
    pub pointer: Pointer,
    /// What was seen.
    pub text: String,
    /// File, line and column, of what is in a file.
    pub at: Option<String>,
}

/// What there is to learn.
#[derive(Debug)]
pub struct Learned {
    /// In the order of their places.
    pub proposals: Vec<Proposal>,
    /// What is only reported.
    pub remarks: Vec<Remark>,
    /// Changes in Rust that belong to no one proposal.
    pub others: Vec<String>,
    /// The version's step that all of them ask for.
    pub semver: Option<Semver>,
    /// The overlay with all of them, ready to be written.
    pub overlay: Option<String>,
    /// How many bodies there were, and how many lines of logs.
    pub records: (usize, usize),
}

/// Why nothing can be learned.
#[derive(Debug)]
pub enum Refused {
    /// The document or what belongs to it is wrong.
    Inputs(Box<(Diagnostics, Sources)>),
    /// The evidence is wrong, or the overlay cannot be continued.
    Messages(Vec<String>),
}

/// Compares a document with what was seen of its API. `operation` is that of records that name none, `overlay` the file that actions are
/// to be written to, which need not be there; where it is, it counts as the last overlay of the inputs.
///
/// # Errors
/// When the inputs are wrong, a record is of no operation of the document, or the overlay cannot be continued.
pub fn learn(inputs: &Inputs, records: &[Record], operation: Option<&str>, overlay: &Path) -> Result<Learned, Refused> {
    let mut inputs = inputs.clone();
    if overlay.exists() && !inputs.overlays.iter().any(|known| known == overlay) {
        inputs.overlays.push(overlay.to_owned());
    }
    let inputs = &inputs;
    let before = pipeline::understand(inputs);
    let root = pipeline::corrected(inputs).filter(|_| !before.diagnostics.has_errors());
    let Some(written_root) = root else { return Err(inputs_of(before)) };
    let mut root = written_root.clone();
    let (operations, places) = places(&before.api, &root, records, operation).map_err(Refused::Messages)?;
    let version = version_of(&root);
    let known = Known::of(&before.api, &root, before.settings.required.may_be_null);
    let (mut proposals, mut remarks) = (Vec::<Proposal>::new(), Vec::new());
    let mut useless: BTreeSet<(Pointer, What)> = BTreeSet::new();
    for nth in 0..ROUNDS {
        let (mut all, more) = round(&root, version, &known, records, &operations, &places);
        // What is only reported is said of the document as it is.
        if nth == 0 {
            remarks = more;
        }
        all.retain(|p| !useless.contains(&(p.place.clone(), p.what.clone())));
        if all.is_empty() {
            break;
        }
        for proposal in all {
            if changes(&mut root, &proposal) {
                proposals.push(proposal);
                continue;
            }
            let text = format!("{} No action corrects it", proposal.reason);
            remarks.push(Remark { pointer: proposal.pointer, text, at: None });
            useless.insert((proposal.place, proposal.what));
        }
    }
    let overlay_text = if proposals.is_empty() { None } else { Some(written(overlay, &proposals)?) };
    let mut learned = Learned {
        proposals,
        remarks,
        others: Vec::new(),
        semver: None,
        overlay: overlay_text,
        records: (records.iter().filter(|r| matches!(r.seen, Seen::Body(_))).count(), 0),
    };
    learned.records.1 = records.len() - learned.records.0;
    learned.undeclared(&places, &operations, records);
    learned.locate(&before, &written_root);
    if let Some(text) = learned.overlay.clone() {
        let mut after = pipeline::understand_with(inputs, (overlay, &text));
        if after.diagnostics.has_errors() {
            return Err(inputs_of(after));
        }
        if inputs.lock.is_some() {
            after.follow(before.next_lock.clone());
        }
        learned.compare(&before, &after);
    }
    Ok(learned)
}

fn inputs_of(understood: Understood) -> Refused {
    Refused::Inputs(Box::new((understood.diagnostics, understood.sources)))
}

/// The overlay with more actions. What is there already is not said again.
fn written(overlay: &Path, proposals: &[Proposal]) -> Result<String, Refused> {
    let name = overlay.display().to_string();
    let refused = |why: String| Refused::Messages(vec![why]);
    let old = match overlay.exists() {
        true => Some(crate::base::file::read_text(overlay).map_err(|why| refused(format!("{name}: {why}")))?),
        false => None,
    };
    let actions: Vec<Node> = proposals.iter().flat_map(|p| &p.actions).map(Action::node).collect();
    adopt::appended(&name, old.as_deref(), &actions).map_err(refused)
}

/// Where the body of a record is described; `Err`: what the document does not declare.
type Place = Result<Pointer, (Pointer, String)>;

/// Per record its operation, and the schema of its body.
fn places(
    api: &Api,
    root: &Node,
    records: &[Record],
    operation: Option<&str>,
) -> Result<(Vec<String>, Vec<Place>), Vec<String>> {
    let calls = api.operations.iter().map(|o| (o.id.as_str(), &o.origin, false));
    let hooks = api.webhooks.iter().map(|hook| (hook.wire.as_str(), &hook.origin, true));
    let known: HashMap<&str, (&Origin, bool)> =
        hooks.chain(calls).map(|(id, origin, hook)| (id, (origin, hook))).collect();
    let (mut operations, mut out, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for record in records {
        let Some(id) = record.operation.as_deref().or(operation) else {
            wrong.push(format!("{}: no operation is named: add `op`, or `--operation ID`", record.place));
            continue;
        };
        let Some((origin, is_hook)) = known.get(id) else {
            // What stands there may be anything: it is not repeated.
            wrong.push(format!("{}: its operation is none of the document", record.place));
            continue;
        };
        operations.push(id.to_owned());
        out.push(match is_hook {
            true => schema_of(root, &origin.pointer.join("requestBody"), "it brings no JSON".to_owned()),
            false => answer(root, &origin.pointer, record.status.as_deref()),
        });
    }
    if wrong.is_empty() { Ok((operations, out)) } else { Err(wrong) }
}

/// The schema of an operation's answer with a status; without one, of the first success.
fn answer(root: &Node, operation: &Pointer, status: Option<&str>) -> Place {
    let place = operation.join("responses");
    let declared: Vec<&str> =
        at(root, place.as_str()).and_then(Node::as_object).into_iter().flatten().map(|e| e.key.as_str()).collect();
    let fits = |key: &&&str, status: &str| {
        let range = key.to_ascii_uppercase();
        range.ends_with("XX") && range.get(..1) == status.get(..1)
    };
    let found = match status {
        Some(status) => declared
            .iter()
            .find(|key| **key == status)
            .or_else(|| declared.iter().find(|key| fits(key, status)))
            .or_else(|| declared.iter().find(|key| **key == "default")),
        None => declared.iter().find(|key| key.starts_with('2')).or_else(|| declared.first()),
    };
    let Some(key) = found else {
        let number = status.filter(|s| s.len() == 3 && s.bytes().all(|b| b.is_ascii_digit())).unwrap_or("of this kind");
        return Err((place, format!("no response {number} is declared")));
    };
    schema_of(root, &place.join(key), format!("the response {key} has no JSON"))
}

/// The schema of the JSON in a response or request, through references.
fn schema_of(root: &Node, place: &Pointer, missing: String) -> Place {
    let Some((place, node)) = followed(root, place) else {
        let refers = at(root, place.as_str()).is_some_and(|node| node.get("$ref").is_some());
        return Err((place.clone(), if refers { "its reference leads nowhere".to_owned() } else { missing }));
    };
    // Swagger 2.0 has it right here.
    if node.get("schema").is_some() {
        return Ok(place.join("schema"));
    }
    let content = node.get("content").and_then(Node::as_object).into_iter().flatten();
    let is_json = |key: &str| ["json", "*/*"].iter().any(|part| key.contains(part));
    match content.into_iter().find(|e| is_json(&e.key) && e.value.get("schema").is_some()) {
        Some(e) => Ok(place.join("content").join(&e.key).join("schema")),
        None => Err((place, missing)),
    }
}

fn round(
    root: &Node,
    version: Version,
    known: &Known,
    records: &[Record],
    operations: &[String],
    places: &[Place],
) -> (Vec<Proposal>, Vec<Remark>) {
    let mut walk = Walk::new(root, known);
    let mut remarks = Vec::new();
    for (i, (record, place)) in records.iter().zip(places).enumerate() {
        let Ok(place) = place else { continue };
        walk.record = i;
        match &record.seen {
            Seen::Body(body) => walk.body(place, body),
            Seen::Deviations(all) => {
                for of in all.iter().filter(|of| !walk.deviation(place, of)) {
                    let text =
                        format!("{}: a logged deviation that shows nothing here, found {}", record.place, of.found());
                    remarks.push(Remark { pointer: place.clone(), text, at: None });
                }
            }
        }
    }
    let (proposals, more) = Propose { root, version, known, records, operations, found: &walk.found }.all();
    remarks.extend(more);
    (proposals, remarks)
}

/// Applies a proposal to the document; whether every action of it changed something.
fn changes(root: &mut Node, proposal: &Proposal) -> bool {
    let actions = build::list(proposal.actions.iter().map(Action::node));
    let overlay = build::object([("overlay", build::word("1.0.0")), ("actions", actions)]);
    let mut changed = root.clone();
    let mut out = Diagnostics::new();
    let overlay = Overlay { label: "learned".to_owned(), root: overlay };
    let reports = apply_overlays(&mut changed, std::slice::from_ref(&overlay), &mut out);
    let all = reports.len() == proposal.actions.len() && !out.has_errors() && reports.iter().all(|r| !r.is_stale());
    if all && hash_content(&changed) != hash_content(root) {
        *root = changed;
        return true;
    }
    false
}

impl Learned {
    /// Statuses and bodies that the document does not declare.
    fn undeclared(&mut self, places: &[Place], operations: &[String], records: &[Record]) {
        let mut seen: BTreeMap<(&Pointer, &str), (usize, &str)> = BTreeMap::new();
        for ((place, operation), _) in places.iter().zip(operations).zip(records) {
            if let Err((pointer, why)) = place {
                seen.entry((pointer, why)).or_insert((0, operation)).0 += 1;
            }
        }
        for ((pointer, why), (count, operation)) in seen {
            let bodies = if count == 1 { "1 record".to_owned() } else { format!("{count} records") };
            self.remarks.push(Remark {
                pointer: pointer.clone(),
                text: format!("{why}; {bodies} ({operation})"),
                at: None,
            });
        }
    }

    /// Says where in a file every place is, or the nearest around it.
    fn locate(&mut self, before: &Understood, root: &Node) {
        let place = |pointer: &Pointer| {
            let mut at_most = Some(pointer.clone());
            while let Some(pointer) = at_most {
                if let Some(node) = at(root, pointer.as_str()) {
                    let (file, p) = (before.sources.path(node.span.file)?, before.sources.position(node.span)?);
                    return Some(format!("{file}:{}:{}", p.line, p.column));
                }
                at_most = pointer.parent();
            }
            None
        };
        self.proposals.iter_mut().for_each(|p| p.at = place(&p.pointer));
        self.remarks.iter_mut().for_each(|r| r.at = place(&r.pointer));
        // Of one place, in the order of the overlay: what comes later may build on it.
        self.proposals.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    }

    /// What the proposals change in Rust.
    fn compare(&mut self, before: &Understood, after: &Understood) {
        let report = drift::diff(before, after);
        for change in &report.changes {
            let Some(line) = report::rust(change) else { continue };
            let places: Vec<String> =
                change.old.iter().chain(&change.new).map(|place| as_written(place.pointer.as_str())).collect();
            // The proposal for the nearest place around it, else the first one within it.
            let within = |place: &str, of: &str| {
                place.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let around = self
                .proposals
                .iter()
                .enumerate()
                .filter(|(_, p)| places.iter().any(|place| within(place, &as_written(p.pointer.as_str()))));
            let nearest = around.max_by_key(|(_, p)| p.pointer.as_str().len()).map(|(i, _)| i);
            let inside = || {
                self.proposals
                    .iter()
                    .position(|p| places.iter().any(|place| within(&as_written(p.pointer.as_str()), place)))
            };
            match nearest.or_else(inside).and_then(|i| self.proposals.get_mut(i)) {
                Some(proposal) if !proposal.rust.contains(&line) => proposal.rust.push(line),
                Some(_) => {}
                None => self.others.push(line),
            }
        }
        self.semver = Some(report.semver);
    }
}

/// A pointer of Swagger 2.0 as the compiler has it.
fn as_written(pointer: &str) -> String {
    match pointer.strip_prefix("/definitions/") {
        Some(rest) => format!("/components/schemas/{rest}"),
        None => pointer.to_owned(),
    }
}
