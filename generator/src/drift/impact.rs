//! What a change means for one consumer: its uses of what changed, told by its own compiler.
//!
//! Two builds answer: one against the old crate in which everything that changed carries a mark ([`mark`]), so that the
//! compiler names each use of it, through inference and macros; one against the new crate, whose errors and deprecations
//! are the truth. [`Impact::of`] joins them to the changes. Running the builds is the caller's.

use super::change::{Change, Class, Report};
use crate::base::visible::visible;
use crate::ir::{Docs, TypeKind};
use crate::name::SetterOf;
use crate::pipeline::Understood;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// The words in front of the numbers of changes, in the note of a mark. They say "deprecated", or they would be no note, and do not
/// begin with it, or it would be left out there.
const MARK: &str = "marked as deprecated by changes";

/// What a compiler said of the consumer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the consumer.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// Whether it does not compile because of it.
    pub error: bool,
    /// Whether the compiler looks no further after such an error: names are resolved before any type is looked at.
    pub early: bool,
    /// What was built: the library, a test ...; what depends on one that fails is not built.
    pub target: String,
    /// The compiler's words.
    pub message: String,
}

/// A change and the places of the consumer that meet it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Its index in the report's changes.
    pub change: usize,
    /// The places, in order.
    pub places: Vec<Finding>,
}

/// What a change of the document means for one consumer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    /// How many changes break compiling, whoever uses what they are about.
    pub breaking: usize,
    /// Changes that keep the consumer from compiling, with the compiler's errors.
    pub broken: Vec<Touched>,
    /// Changes that may break it: it uses what they are about, and the compiler stopped at other errors before that.
    pub hidden: Vec<Touched>,
    /// Changes of what it reads or sends that show at run time only.
    pub at_run_time: Vec<Touched>,
    /// What it uses that is deprecated now.
    pub deprecated: Vec<Finding>,
    /// Errors that no change explains.
    pub unexplained: Vec<Finding>,
}

/// What the old crate calls deprecated by itself: type and member, or type alone.
pub type Deprecated = BTreeSet<(String, String)>;

/// Marks everything in the old API that a change is about as deprecated; the note carries the changes' numbers. Gives what
/// was deprecated before, of which the consumer need not be told again.
pub fn mark(old: &mut Understood, report: &Report) -> Deprecated {
    let before = deprecated(old);
    let mut by_pointer: HashMap<String, BTreeSet<usize>> = HashMap::new();
    let mut by_path: HashMap<String, BTreeSet<usize>> = HashMap::new();
    for (i, change) in report.changes.iter().enumerate().filter(|(_, c)| is_felt(c)) {
        let place = change.old.as_ref().map(|place| place.pointer.as_str()).filter(|pointer| !pointer.is_empty());
        if let Some(pointer) = place {
            by_pointer.entry(pointer.to_owned()).or_default().insert(i);
        }
        if let Some(path) = &change.path_old {
            // An argument is met by whoever calls the function.
            let path = path.split('(').next().unwrap_or(path);
            by_path.entry(path.replace("r#", "")).or_default().insert(i);
        }
    }
    let find = |pointer: &str, path: &str| {
        let mut all: BTreeSet<usize> = by_pointer.get(pointer).cloned().unwrap_or_default();
        all.extend(by_path.get(&path.replace("r#", "")).into_iter().flatten());
        all
    };
    let names = old.names.clone();
    for ((def, name), members) in old.api.types.iter_mut().zip(&names.types).zip(&names.members) {
        set(&mut def.docs, find(def.origin.pointer.as_str(), &format!("models::{name}")));
        match &mut def.kind {
            TypeKind::Model(model) => {
                for (field, ident) in model.fields.iter_mut().zip(members) {
                    let path = format!("models::{name}::{ident}");
                    set(&mut field.docs, find(field.origin.pointer.as_str(), &path));
                }
            }
            TypeKind::Enum(values) => {
                for (value, ident) in values.values.iter_mut().zip(members) {
                    set(&mut value.docs, find("", &format!("models::{name}::{ident}")));
                }
            }
            // The choices of a union carry no mark: its users are those of the union.
            TypeKind::Union(_) => {}
        }
    }
    let mut flat = Vec::new();
    for (i, o) in old.api.operations.iter_mut().enumerate() {
        let Some(n) = names.operations.get(i) else { continue };
        let handle = names.tags.get(o.tag).map(|tag| tag.handle.as_str()).unwrap_or_default();
        let mut all = find(o.origin.pointer.as_str(), &format!("api::{handle}::{}", n.method));
        // Whoever has the builder has called the function.
        all.extend(find("", &format!("api::requests::{}", n.builder)));
        // The fields of a struct can carry marks of their own.
        let (fields, arguments) = match &n.args {
            Some(args) => (n.plan.arguments.iter().map(|s| (s, args)).collect(), [].as_slice()),
            None => (Vec::new(), n.plan.arguments.as_slice()),
        };
        for argument in arguments {
            if let SetterOf::Parameter(p) = argument.of
                && let Some(p) = o.parameters.get(p)
            {
                all.extend(find(p.origin.pointer.as_str(), ""));
            }
        }
        set(&mut o.docs, all);
        for (setter, owner) in fields.into_iter().chain(n.plan.setters.iter().map(|s| (s, &n.builder))) {
            let path = format!("api::requests::{owner}::{}", setter.ident);
            match setter.of {
                SetterOf::Parameter(p) => {
                    if let Some(p) = o.parameters.get_mut(p) {
                        let found = find(p.origin.pointer.as_str(), &path);
                        set(&mut p.docs, found);
                    }
                }
                SetterOf::Member(m) => flat.push((n.plan.flat, m, find("", &path))),
                SetterOf::Body | SetterOf::Other(_) | SetterOf::ContentType | SetterOf::Mfa | SetterOf::Token => {}
            }
        }
    }
    for (id, member, found) in flat {
        let def = id.and_then(|id| old.api.types.get_mut(id.index()));
        if let Some(TypeKind::Model(model)) = def.map(|def| &mut def.kind)
            && let Some(field) = model.fields.get_mut(member)
            && !found.is_empty()
        {
            set(&mut field.docs, found);
        }
    }
    before
}

/// What is deprecated, by the names that the compiler's messages carry.
fn deprecated(u: &Understood) -> Deprecated {
    let mut out = Deprecated::new();
    let mut add = |docs: &Docs, owner: &str, item: &str| {
        if docs.deprecated {
            out.insert((owner.to_owned(), item.replace("r#", "")));
        }
    };
    for (((def, name), members), args) in
        u.api.types.iter().zip(&u.names.types).zip(&u.names.members).zip(&u.names.args)
    {
        add(&def.docs, name, "");
        match &def.kind {
            TypeKind::Model(model) => {
                for (field, ident) in model.fields.iter().zip(members) {
                    add(&field.docs, name, ident);
                    args.iter().for_each(|args| add(&field.docs, args, ident));
                    add(&field.docs, name, &format!("with_{ident}"));
                }
            }
            TypeKind::Enum(values) => {
                values.values.iter().zip(members).for_each(|(v, ident)| add(&v.docs, name, ident))
            }
            TypeKind::Union(_) => {}
        }
    }
    for (o, n) in u.api.operations.iter().zip(&u.names.operations) {
        let handle = u.names.tags.get(o.tag).map(|tag| tag.handle.as_str()).unwrap_or_default();
        add(&o.docs, handle, &n.method);
        let fields = n.args.iter().flat_map(|args| n.plan.arguments.iter().map(move |s| (s, args)));
        for (setter, owner) in fields.chain(n.plan.setters.iter().map(|s| (s, &n.builder))) {
            if let SetterOf::Parameter(p) = setter.of
                && let Some(p) = o.parameters.get(p)
            {
                add(&p.docs, owner, &setter.ident);
            }
        }
    }
    for alias in &u.names.aliases {
        add(&Docs { deprecated: true, ..Docs::default() }, &alias.name, "");
    }
    out
}

/// Whether a message is about something that was deprecated before.
fn is_old(message: &str, before: &Deprecated) -> bool {
    let path = message.split('`').nth(1).unwrap_or_default().replace("r#", "");
    let words: Vec<&str> = path.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let Some((last, above)) = words.split_last() else { return false };
    let member = above.iter().any(|owner| before.contains(&((*owner).to_owned(), (*last).to_owned())));
    member || before.contains(&((*last).to_owned(), String::new()))
}

/// Whether anybody's code could notice it.
fn is_felt(change: &Change) -> bool {
    matches!(change.class, Class::BreaksCompiling | Class::BreaksAtRunTime) || !change.survives.is_empty()
}

fn set(docs: &mut Docs, changes: BTreeSet<usize>) {
    // What the document itself deprecates must not be taken for a mark, nor a mark for two.
    docs.deprecated = !changes.is_empty();
    if docs.deprecated {
        let numbers: Vec<String> = changes.iter().map(usize::to_string).collect();
        docs.text = format!("{MARK} {}", numbers.join(" "));
    }
}

/// The changes that a message about a marked item names.
fn marked(message: &str) -> Vec<usize> {
    let numbers = message.split_once(MARK).map(|(_, rest)| rest).unwrap_or_default();
    numbers.split_whitespace().map_while(|number| number.parse().ok()).collect()
}

impl Impact {
    /// Joins what the compiler says against the marked old crate (`uses`) and against the new one (`now`).
    pub fn of(report: &Report, before: &Deprecated, uses: &[Finding], now: &[Finding]) -> Self {
        let mut impact = Impact { breaking: report.of(Class::BreaksCompiling).count(), ..Impact::default() };
        let mut met: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
        for finding in uses {
            for change in marked(&finding.message) {
                met.entry(change).or_default().push(finding);
            }
        }
        let mut broken: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
        for error in now.iter().filter(|finding| finding.error) {
            match explain(report, &met, error) {
                Some(change) => broken.entry(change).or_default().push(error.clone()),
                None => impact.unexplained.push(error.clone()),
            }
        }
        let early = now.iter().any(|finding| finding.error && finding.early);
        let failed: BTreeSet<&str> = now.iter().filter(|f| f.error).map(|f| f.target.as_str()).collect();
        for (&i, places) in &met {
            let Some(change) = report.changes.get(i) else { continue };
            let places: Vec<Finding> = places.iter().map(|place| (*place).clone()).collect();
            // Other targets may not have been built because one they depend on failed.
            let unseen = places.iter().any(|place| !failed.contains(place.target.as_str()));
            let stopped = early || !failed.is_empty() && unseen;
            let touched = Touched { change: i, places };
            match change.class {
                Class::BreaksCompiling if broken.contains_key(&i) => {}
                Class::BreaksCompiling if stopped => impact.hidden.push(touched),
                // It is used, and in a way that compiles all the same.
                Class::BreaksCompiling if change.survives.is_empty() => {}
                _ => impact.at_run_time.push(touched),
            }
        }
        impact.broken = broken.into_iter().map(|(change, places)| Touched { change, places }).collect();
        impact.deprecated = now.iter().filter(|f| !f.error && !is_old(&f.message, before)).cloned().collect();
        impact.deprecated.sort();
        impact.deprecated.dedup();
        impact
    }

    /// Whether the consumer has anything to do or to know.
    pub fn touches(&self) -> bool {
        let none = self.broken.is_empty()
            && self.hidden.is_empty()
            && self.at_run_time.is_empty()
            && self.deprecated.is_empty()
            && self.unexplained.is_empty();
        !none
    }

    /// For a terminal.
    pub fn text(&self, report: &Report) -> String {
        let mut out = String::new();
        let breaking = counted(self.breaking, "breaking change", "breaking changes");
        let _ = match self.broken.len() {
            0 if self.unexplained.is_empty() => writeln!(out, "{breaking}; none touches you"),
            0 => writeln!(out, "{breaking}; you do not compile"),
            1 => writeln!(out, "{breaking}; 1 touches you"),
            n => writeln!(out, "{breaking}; {n} touch you"),
        };
        // Names and texts of the documents stand in each of them.
        let put = |out: &mut String, indent: &str, line: &str| {
            let _ = writeln!(out, "{indent}{}", visible(line));
        };
        let group = |out: &mut String, title: &str, all: &[Touched], words: bool| {
            if !all.is_empty() {
                let _ = writeln!(out, "\n{title}");
            }
            for touched in all {
                let Some(change) = report.changes.get(touched.change) else { continue };
                for place in &touched.places {
                    let words = if words { format!(": {}", place.message) } else { String::new() };
                    put(out, "  ", &format!("{}:{}:{}{words}", place.file, place.line, place.column));
                }
                put(out, "    ", &format!("{}: {}", change.code, change.message));
                for also in &change.also {
                    put(out, "    ", &format!("also: {also}"));
                }
                for (half, survival) in change.survives.halves().filter(|_| !words) {
                    put(out, "    ", &format!("{half} {}: {}", survival.word(), survival.text()));
                }
                if let Some(help) = &change.help {
                    put(out, "    ", &format!("help: {help}"));
                }
            }
        };
        group(&mut out, "does not compile any more", &self.broken, true);
        group(&mut out, "may not compile any more: the compiler stopped before it came here", &self.hidden, false);
        group(&mut out, "compiles, and is not the same at run time", &self.at_run_time, false);
        for (title, all) in
            [("does not compile, and no change says why", &self.unexplained), ("deprecated now", &self.deprecated)]
        {
            if !all.is_empty() {
                let _ = writeln!(out, "\n{title}");
            }
            for place in all {
                put(&mut out, "  ", &format!("{}:{}:{}: {}", place.file, place.line, place.column, place.message));
            }
        }
        out
    }

    /// For a script.
    pub fn json(&self, report: &Report) -> Value {
        let place = |f: &Finding| json!({"file": f.file, "line": f.line, "column": f.column, "message": f.message});
        let places = |all: &[Finding]| all.iter().map(place).collect::<Vec<_>>();
        // The words of a mark are ours, not the compiler's.
        let bare = |f: &Finding| json!({"file": f.file, "line": f.line, "column": f.column});
        let group = |all: &[Touched], words: bool| {
            let objects = all.iter().filter_map(|touched| {
                let change = report.changes.get(touched.change)?;
                let list: Vec<Value> = touched.places.iter().map(|f| if words { place(f) } else { bare(f) }).collect();
                Some(json!({
                    "class": change.class.word(),
                    "code": change.code,
                    "message": change.message,
                    "path_old": change.path_old,
                    "path_new": change.path_new,
                    "survives": change.survives.worst().map(|s| json!({"outcome": s.word(), "text": s.text()})),
                    "reads": change.survives.reads.as_ref().map(|s| json!({"outcome": s.word(), "text": s.text()})),
                    "sends": change.survives.sends.as_ref().map(|s| json!({"outcome": s.word(), "text": s.text()})),
                    "help": change.help,
                    "places": list,
                }))
            });
            objects.collect::<Vec<_>>()
        };
        json!({
            "breaking": self.breaking,
            "broken": group(&self.broken, true),
            "hidden": group(&self.hidden, false),
            "at_run_time": group(&self.at_run_time, false),
            "deprecated": places(&self.deprecated),
            "unexplained": places(&self.unexplained),
        })
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The change behind an error: one whose item is used on that very line, else one that the error's words name.
fn explain(report: &Report, met: &BTreeMap<usize, Vec<&Finding>>, error: &Finding) -> Option<usize> {
    let words: BTreeSet<&str> =
        error.message.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let mut best: Option<(usize, usize)> = None;
    for (i, change) in report.changes.iter().enumerate().filter(|(_, c)| c.class == Class::BreaksCompiling) {
        let here = met.get(&i).is_some_and(|all| all.iter().any(|f| f.file == error.file && f.line == error.line));
        let path = change.path_old.as_deref().or(change.path_new.as_deref()).unwrap_or_default();
        let segments: Vec<&str> = path.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let segments = segments.iter().filter(|s| !matches!(**s, "" | "models" | "api" | "requests" | "r"));
        let (mut named, mut all, mut last) = (0, 0, false);
        for segment in segments {
            all += 1;
            last = words.contains(segment);
            named += usize::from(last);
        }
        // On the line: any. Elsewhere: every part of the path, the item itself among them.
        let score = match (here, last && named == all && all > 0) {
            (true, _) => 10 + named,
            (false, true) => named,
            (false, false) => continue,
        };
        if best.is_none_or(|(_, top)| score > top) {
            best = Some((i, score));
        }
    }
    best.map(|(i, _)| i)
}
