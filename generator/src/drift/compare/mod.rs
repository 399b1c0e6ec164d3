//! Two [`Understood`] → [`Report`]. Nodes of the two documents are paired (`pairing`: by name, by place, by body), then
//! each pair is compared once, where it is declared: `operations` (with parameters, bodies, answers), `types` (with
//! fields, values, choices), `settings`. How bad a difference is for the compiler is read off the signatures that
//! `render::surface` gives, the ones the crate has; what it means on the wire, off the IR (`wire`).

mod accept;
mod access;
mod bodies;
mod called;
mod components;
mod draft;
mod limits;
mod members;
mod operations;
mod pairing;
mod parameters;
mod settings;
mod side;
mod types;
mod wire;

use super::change::{Change, Class, Document, Place, Report, Survival};
use super::semver::Semver;
use crate::base::Ident;
use crate::base::both;
use crate::ir::{Docs, Type};
use crate::pipeline::Understood;
use crate::render::{self, surface::Surface};
use components::Caused;
use draft::Draft;
use limits::Differences;
use pairing::Pairs;
pub use pairing::origins;
use side::Side;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Compares two documents. Both must have been understood without an error.
pub fn diff(old: &Understood, new: &Understood) -> Report {
    let (old_surface, new_surface) = both(|| surface(old), || surface(new));
    let pairs = pairing::pair(old, new, &old_surface, &new_surface);
    let old_side = Side::new(old, &old_surface);
    let new_side = Side::new(new, &new_surface);
    let names = renamed(&old_side, &new_side, &pairs);
    let mut diff = Diff {
        old: old_side,
        new: new_side,
        pairs,
        names,
        changes: Vec::new(),
        causes: BTreeMap::new(),
        replaced: BTreeSet::new(),
    };
    diff.operations();
    diff.webhooks();
    diff.types();
    diff.components();
    diff.settings();
    let mut changes = merged(diff.changes);
    changes.sort_by(|a, b| key(a).cmp(&key(b)));
    let semver = Semver::of(&changes);
    Report { old: document(old), new: document(new), changes, semver }
}

fn surface(u: &Understood) -> Surface {
    let input = render::Input { api: &u.api, facts: &u.facts, names: &u.names, settings: &u.settings };
    render::surface::surface(input)
}

fn document(u: &Understood) -> Document {
    Document {
        file: u.sources.paths().next().unwrap_or_default().to_owned(),
        title: u.api.title.clone(),
        version: u.api.version.clone(),
        hash: u.provenance.document.clone(),
        operations: u.api.operations.len(),
        types: u.api.types.len(),
    }
}

/// Worst first, then by path and place.
fn key(c: &Change) -> (Class, &str, &str, &str, &str) {
    let path = c.path_new.as_deref().or(c.path_old.as_deref()).unwrap_or_default();
    let at = c.new.as_ref().or(c.old.as_ref()).map(|p| p.pointer.as_str()).unwrap_or_default();
    (c.class, path, c.code, at, c.message.as_str())
}

/// The codes of limits.
const LIMITS: [&str; 5] = ["D0218", "D0318", "D0418", "D0518", "D0618"];

/// The codes of a node that is deprecated, is so no longer, or has other words.
type Codes = (&'static str, &'static str, &'static str);

/// A comparison under way.
struct Diff<'a> {
    old: Side<'a>,
    new: Side<'a>,
    pairs: Pairs,
    /// Old names in signatures → what they are called now.
    names: HashMap<String, String>,
    changes: Vec<Change>,
    /// Components that are no types and have changed the types of places.
    causes: BTreeMap<String, Caused>,
    /// Components that were types on one side only.
    replaced: BTreeSet<String>,
}

impl Diff<'_> {
    /// A signature of the old crate in the names of the new one.
    fn now(&self, signature: &str) -> String {
        let mut out = String::with_capacity(signature.len());
        let mut rest = signature;
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        while let Some(start) = rest.find(is_word) {
            let (between, from) = rest.split_at(start);
            out.push_str(between);
            let end = from.find(|c| !is_word(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            let own = !out.ends_with("runtime::");
            match self.names.get(word).filter(|_| own) {
                Some(name) => out.push_str(name),
                None => out.push_str(word),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Whether two signatures are the same type.
    fn same_signature(&self, old: &str, new: &str) -> bool {
        old == new && self.names.is_empty() || self.now(old) == new
    }

    fn push(&mut self, draft: Draft) {
        self.changes.extend(draft.finish());
    }

    /// Notes how limits differ. `sent`: whether requests hold such values, and whether they may leave them out.
    fn limits(&self, draft: &mut Draft, code: &'static str, differ: &Differences, sent: Option<bool>) {
        if differ.is_empty() {
            return;
        }
        if sent.is_some() && !differ.narrower.is_empty() {
            let text = "values beyond the new limits are refused";
            draft.sends(Some(Survival::Depends(text.to_owned())));
            draft.add(Class::BreaksAtRunTime, code, differ.text());
        } else if sent == Some(true) && differ.default.is_some() {
            let text = "what is not sent means another value now";
            draft.sends(Some(Survival::Depends(text.to_owned())));
            draft.add(Class::BreaksAtRunTime, code, differ.text());
        } else if sent.is_some() && !differ.wider.is_empty() {
            draft.sends(Some(Survival::Survives("all that was admitted is".to_owned())));
            draft.add(Class::Additive, code, differ.text());
        } else {
            draft.add(Class::DocumentationOnly, code, differ.text());
        }
    }

    /// The new words of a place; those that it has from the component it refers to, before and now, are the old ones: a
    /// change of these is reported there.
    fn own_words<'d>(&self, old: (&'d Docs, &Type), new: (&'d Docs, &Type)) -> Cow<'d, Docs> {
        let a = old.0;
        if a == new.0 {
            return Cow::Borrowed(new.0);
        }
        let mut b = new.0.clone();
        let of = |side: &Side<'_>, ty: &Type| {
            let def = ty.named().and_then(|id| side.api().get(id));
            def.filter(|def| pairing::component(def).is_some()).map(|def| def.docs.clone())
        };
        if let (Some(x), Some(y)) = (of(&self.old, old.1), of(&self.new, new.1)) {
            if a.title == x.title && b.title == y.title {
                b.title.clone_from(&a.title);
            }
            if a.text == x.text && b.text == y.text {
                b.text.clone_from(&a.text);
            }
            if a.facts == x.facts && b.facts == y.facts {
                b.facts.clone_from(&a.facts);
            }
            if a.example == x.example && b.example == y.example {
                b.example.clone_from(&a.example);
            }
        }
        Cow::Owned(b)
    }

    /// Flags and words of a node, with the codes for: deprecated, no longer, documentation. `marked`: whether there is an
    /// item that carries `#[deprecated]`, which an argument is not.
    fn words(&self, draft: &mut Draft, old: &Docs, new: &Docs, codes: Codes, marked: bool) {
        if !old.deprecated && new.deprecated {
            draft.add(if marked { Class::Deprecating } else { Class::DocumentationOnly }, codes.0, "");
        }
        if old.deprecated && !new.deprecated {
            draft.add(if marked { Class::Additive } else { Class::DocumentationOnly }, codes.1, "");
        }
        let mut which = Vec::new();
        if old.title.trim() != new.title.trim() {
            which.push("title");
        }
        if old.text.trim() != new.text.trim() {
            which.push("description");
        }
        // What values may be is said already where it differs, and what else is.
        if old.facts != new.facts && !LIMITS.iter().any(|code| draft.says(code)) {
            which.push("limits");
        }
        if old.example != new.example {
            which.push("example");
        }
        if !which.is_empty() {
            draft.add(Class::DocumentationOnly, codes.2, which.join(", "));
        }
    }
}

/// Names of the old crate that something else, or nothing, has in the new one.
fn renamed(old: &Side<'_>, new: &Side<'_>, pairs: &Pairs) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let taken: HashSet<&str> = new.u.names.types.iter().map(Ident::as_str).collect();
    for (id, name) in old.u.names.types.pairs() {
        let now = pairs.of(id).and_then(|id| new.u.names.types.of(id));
        match (now, taken.contains(name.as_str())) {
            (Some(now), _) if now != name => drop(names.insert(name.to_string(), now.to_string())),
            // Something else has the name now.
            (None, true) => drop(names.insert(name.to_string(), format!("{name}'"))),
            _ => {}
        }
    }
    for (i, n) in old.u.names.operations.iter().enumerate() {
        let to = pairs.operations.get(i).copied().flatten().and_then(|j| new.u.names.operations.get(j));
        let answers = n.answer.as_ref().zip(to.and_then(|to| to.answer.as_ref()));
        if let Some((old, to)) = answers.filter(|(old, to)| old.ty != to.ty) {
            names.insert(old.ty.to_string(), to.ty.to_string());
        }
    }
    names
}

/// What is declared once and used by many is one change: parameters are looked at from every operation.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::with_capacity(changes.len());
    let mut seen: HashMap<(&'static str, Option<String>, Option<String>), usize> = HashMap::new();
    for change in changes {
        // What is not there on one side has the place of its operation there.
        let at = |p: &Option<Place>, path: &Option<String>| {
            p.as_ref().filter(|_| path.is_some()).map(|p| p.pointer.as_str().to_owned())
        };
        let key = (change.code, at(&change.old, &change.path_old), at(&change.new, &change.path_new));
        let is_shared = |p: &Option<String>| p.as_ref().is_none_or(|p| p.starts_with("/components/"));
        let declared = ["D02", "D06"].iter().any(|start| change.code.starts_with(start));
        let shared = declared && is_shared(&key.1) && is_shared(&key.2);
        match seen.get(&key).copied().filter(|_| shared).and_then(|i| out.get_mut(i)) {
            Some(first) => {
                first.class = first.class.min(change.class);
                first.operations += change.operations;
                first.elsewhere.push((change.path_old, change.path_new));
                for tag in change.tags {
                    if !first.tags.contains(&tag) {
                        first.tags.push(tag);
                    }
                }
            }
            None => {
                if shared {
                    seen.insert(key, out.len());
                }
                out.push(change);
            }
        }
    }
    out
}
