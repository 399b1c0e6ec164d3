//! What a person and earlier runs decided about names: settings and lock → [`Decisions`]; names → aliases and the next lock.
//!
//! What an earlier run named is found again by [`correspondence`]. What was renamed gets the name that the document wants now;
//! the old one stays as a deprecated alias until the next breaking version, recorded in the lock. A name that a person gave in
//! the settings goes before all of this, and leaves an alias too. Nothing else gets the name of what is gone, or an alias,
//! whatever the document calls it.

use std::collections::{BTreeMap, BTreeSet};

use super::operations::answer_name;
use super::{Alias, AliasOf, Decisions, Names, arguments, assign};
use crate::analyze::Facts;
use crate::base::Ident;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::reserved;
use crate::base::version::{self, Version};
use crate::history::correspondence::{self, Found, KnownOperation, KnownType};
use crate::history::lock::{Alias as Life, Lock, LockEntry};
use crate::ir::{Api, Operation, TypeId, TypeMap};
use crate::settings::{Placed, RepeatedTypes, Settings};

/// Names everything as the settings and the lock want it, and says what the lock is now.
pub fn name(
    api: &Api,
    facts: &Facts,
    settings: &Settings,
    lock: &Lock,
    diagnostics: &mut Diagnostics,
) -> (Names, Lock) {
    migrate(lock, diagnostics);
    let version = &version_of(settings);
    let mut before = Before::default();
    let decisions = decisions(settings, lock, api, version, &mut before, diagnostics);
    let mut names = assign(api, facts, &decisions, diagnostics);
    let next = next(api, facts, lock, &before, version, &mut names);
    (names, lock.succeeded_by(next))
}

/// Notes (`N0806`) that the lock is one from before it said where types are used, and which aliases it has for their
/// structure alone: whoever knows that one is none deletes its line.
fn migrate(lock: &Lock, diagnostics: &mut Diagnostics) {
    let old = |entry: &LockEntry| !entry.gone && !correspondence::is_complete(&entry.fingerprint);
    if !lock.iter().any(|(_, kind, entry)| kind == "type" && old(entry)) {
        return;
    }
    let doubtful = lock.aliases().filter(|line| {
        let now = lock.at("type", line.pointer).filter(|_| line.kind == "type" && !line.alias.gone);
        now.is_some_and(|now| !correspondence::are_alike(line.name, &now.name))
    });
    let doubtful: Vec<String> = doubtful.map(|line| format!("`{}` of `#{}`", line.name, line.pointer)).collect();
    let help = match doubtful.as_slice() {
        [] => "this run completes it".to_owned(),
        all => format!("this run completes it; delete the aliases among these that are no renames: {}", all.join(", ")),
    };
    let message = "the lock is of an earlier version, which did not say where types are used";
    diagnostics.push(Diagnostic::note("N0806", message).help(help));
}

/// The crate's version, by which aliases come and go.
fn version_of(settings: &Settings) -> Version {
    settings.package.version.as_ref().and_then(|v| version::read(v)).unwrap_or(version::FIRST)
}

/// Under which pointer the lock knows each node.
#[derive(Default)]
struct Before {
    types: TypeMap<Option<String>>,
    /// By what each type is known again.
    traits: TypeMap<String>,
    operations: Vec<Option<String>>,
}

/// What `name` must keep to.
fn decisions(
    settings: &Settings,
    lock: &Lock,
    api: &Api,
    version: &Version,
    before: &mut Before,
    diagnostics: &mut Diagnostics,
) -> Decisions {
    let mut decisions = Decisions { max_arguments: 5, ..Decisions::default() };
    for (verb, becomes) in &settings.verbs {
        decisions.verbs.insert(verb.clone(), becomes.to_string());
    }
    decisions.resume = settings.mfa.as_ref().map(|mfa| super::Resume {
        operations: mfa.resume.iter().map(|id| id.to_string()).collect(),
        session: mfa.session.to_string(),
        link: mfa.link.to_string(),
        token: mfa.token.to_string(),
    });
    decisions.repeat = settings.package.repeated_types == RepeatedTypes::Type;
    let derived = settings.types.iter().filter(|t| !t.derive.is_empty());
    decisions.own_items = derived.map(|t| t.pointer.trim_start_matches('#').to_owned()).collect();
    types(settings, lock, api, before, &mut decisions);
    operations(settings, lock, api, version, before, &mut decisions);
    refuse_taken(settings, lock, api, version, before, diagnostics);
    decisions
}

fn types<'a>(settings: &Settings, lock: &'a Lock, api: &Api, before: &mut Before, decisions: &mut Decisions) {
    for t in &settings.types {
        if let Some(rename) = &t.rename {
            decisions.types.insert(t.pointer.trim_start_matches('#').to_owned(), rename.to_string());
        }
    }
    arguments::wished(settings, decisions);
    before.types = TypeMap::filled(api.types.len(), None);
    before.traits = correspondence::traits(api);
    let lines: Vec<(&str, &LockEntry)> =
        lock.iter().filter(|(_, kind, _)| *kind == "type").map(|(pointer, _, entry)| (pointer, entry)).collect();
    let line = |(pointer, entry): &(&'a str, &'a LockEntry)| KnownType {
        pointer,
        name: &entry.name,
        traits: &entry.fingerprint,
        component: false,
        gone: entry.gone,
    };
    let old: Vec<KnownType<'_>> = lines.iter().map(line).collect();
    let wanted: Vec<Option<String>> = api.types.iter().map(super::wanted).collect();
    let all = api.types.iter().zip(&before.traits).zip(&wanted);
    let new: Vec<KnownType<'_>> = all
        .map(|((def, traits), wanted)| KnownType {
            pointer: def.origin.pointer.as_str(),
            name: wanted.as_deref().unwrap_or_default(),
            traits,
            component: wanted.is_some(),
            gone: false,
        })
        .collect();
    let found = correspondence::types(&old, &new);
    for ((id, def), (found, n)) in api.defs().zip(found.into_iter().zip(&new)) {
        let (at, renamed) = match found {
            Some(Found::Same(at)) => (at, false),
            Some(Found::Renamed(at)) => (at, true),
            None => continue,
        };
        let Some((pointer, entry)) = lines.get(at) else { continue };
        if let Some(slot) = before.types.of_mut(id) {
            *slot = Some((*pointer).to_owned());
        }
        arguments::keep(lock, pointer, def, decisions);
        // Back to a name it had: its own alias is not in its way. And a rename may be none in Rust (`client` → `Client`).
        let own = || n.name == entry.name || lock.aliases_of("type", pointer).any(|line| line.name == n.name);
        // A person's choice goes before all of this.
        if !decisions.types.contains_key(n.pointer) && (!renamed || own()) {
            let name = if renamed { n.name } else { &entry.name };
            decisions.locked.insert(("type", n.pointer.to_owned()), name.to_owned());
        }
    }
    // What is gone, and what has another name now, keeps its name from being given to something else.
    let kept: BTreeSet<&String> = decisions.locked.iter().filter(|((k, _), _)| *k == "type").map(|(_, n)| n).collect();
    let all = lock.iter().filter(|(_, kind, _)| *kind == "type").map(|(.., entry)| entry.name.as_str());
    let aliases = lock.aliases().filter(|line| line.kind == "type").map(|line| line.name);
    let reserved = all.chain(aliases).filter(|name| !kept.contains(&(*name).to_owned()));
    decisions.reserved = reserved.map(str::to_owned).collect();
}

fn operations<'a>(
    settings: &Settings,
    lock: &'a Lock,
    api: &'a Api,
    version: &Version,
    before: &mut Before,
    decisions: &mut Decisions,
) {
    for o in &settings.operations.each {
        if let Some(method) = &o.method {
            decisions.methods.insert(o.id.to_string(), method.to_string());
        }
    }
    before.operations = vec![None; api.operations.len()];
    let tags = super::tags(api, &mut Diagnostics::new());
    let lines = lock.iter().filter(|(_, kind, _)| *kind == "method");
    let old: Vec<KnownOperation<'_>> =
        lines.map(|(pointer, _, entry)| KnownOperation { pointer, id: &entry.fingerprint, gone: entry.gone }).collect();
    let known = |o: &'a Operation| KnownOperation { pointer: o.origin.pointer.as_str(), id: &o.id, gone: false };
    let new: Vec<KnownOperation<'_>> = api.operations.iter().map(known).collect();
    let found = correspondence::operations(&old, &new);
    let mut kept_builders = BTreeSet::new();
    for ((o, slot), found) in api.operations.iter().zip(&mut before.operations).zip(found) {
        let pointer = o.origin.pointer.as_str();
        let old = found.and_then(|at| old.get(at)).map(|o| o.pointer);
        let Some(old) = old else { continue };
        *slot = Some(old.to_owned());
        let at = |kind: &str| lock.at(kind, old).filter(|entry| entry.fingerprint == o.id);
        let accessor = tags.get(o.tag).map(|tag| tag.accessor.as_str());
        let same_handle = lock.at("handle", old).is_none_or(|entry| entry.name.split('/').next() == accessor);
        if let Some(entry) = at("method").filter(|_| same_handle) {
            decisions.locked.insert(("method", pointer.to_owned()), entry.name.clone());
        }
        if let Some(entry) = at("builder") {
            kept_builders.insert(entry.name.as_str());
            decisions.locked.insert(("builder", pointer.to_owned()), entry.name.clone());
        }
    }
    let builders = lock.iter().filter(|(_, kind, _)| *kind == "builder").map(|(.., entry)| entry.name.as_str());
    let aliases = lock.aliases().filter(|line| line.kind == "builder").map(|line| line.name);
    let reserved = builders.chain(aliases).filter(|name| !kept_builders.contains(name));
    decisions.reserved_api = reserved.map(str::to_owned).collect();
    // A method's name is free again when nothing answers to it any more.
    for (i, old) in before.operations.iter().enumerate() {
        let (Some(old), Some(o)) = (old, api.operations.get(i)) else { continue };
        let kept = decisions.locked.get(&("method", o.origin.pointer.as_str().to_owned()));
        let before = lock.at("method", old).filter(|entry| !entry.gone && Some(&entry.name) != kept);
        if let (Some(entry), Some(handle)) = (before, lock.at("handle", old))
            && let Some((accessor, _)) = handle.name.split_once('/')
            && !reverts(decisions, api, i, &entry.name)
        {
            decisions.reserved_methods.insert((accessor.to_owned(), bare(&entry.name)));
        }
    }
    for (extra, accessor, methods) in reserved::HANDLES {
        if settings.package.extras.iter().any(|chosen| chosen.value == *extra) {
            let methods = methods.iter().map(|method| ((*accessor).to_owned(), (*method).to_owned()));
            decisions.reserved_methods.extend(methods);
        }
    }
    for line in lock.aliases().filter(|line| line.kind == "method" && line.alias.until > *version) {
        if let Some((accessor, _, method)) = parts(line.name) {
            decisions.reserved_methods.insert((accessor.to_owned(), bare(method)));
        }
    }
}

/// Whether the name an operation had is the one that a person wants for it now.
fn reverts(decisions: &Decisions, api: &Api, i: usize, name: &str) -> bool {
    api.operations.get(i).and_then(|o| decisions.methods.get(&o.id)).is_some_and(|wish| wish == name)
}

fn bare(method: &str) -> String {
    method.trim_start_matches("r#").to_owned()
}

/// `orders/Orders/create`: accessor, handle, method.
fn parts(name: &str) -> Option<(&str, &str, &str)> {
    let mut parts = name.splitn(3, '/');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// Refuses names in the settings that are something else's alias (`E0805`).
fn refuse_taken(
    settings: &Settings,
    lock: &Lock,
    api: &Api,
    version: &Version,
    before: &Before,
    diagnostics: &mut Diagnostics,
) {
    let mut refuse = |wish: &Placed<String>, of: &str, until: &Version| {
        let message = format!("`{}` is still the deprecated name of {of}, until version {until}", wish.value);
        let help = "choose another name; deleting the alias from the lock frees this one and breaks who uses it";
        diagnostics.push(Diagnostic::error("E0805", message).at(wish.span).help(help));
    };
    let owner = |pointer: &str| {
        let (id, _) = api.defs().find(|(_, def)| def.origin.pointer.as_str() == pointer)?;
        before.types.of(id).cloned().flatten()
    };
    for t in &settings.types {
        let Some(wish) = &t.rename else { continue };
        let wanted = super::component_name(wish);
        let own = owner(t.pointer.trim_start_matches('#'));
        let taken = lock.aliases().find(|line| {
            line.kind == "type"
                && line.name == wanted
                && line.alias.until > *version
                && Some(line.pointer) != own.as_deref()
        });
        if let Some(line) = taken {
            refuse(wish, &format!("`#{}`", line.pointer), &line.alias.until);
        }
    }
}

/// Adds to `names` the earlier names that are still understood, and makes the lock of what was assigned.
fn next(api: &Api, facts: &Facts, lock: &Lock, before: &Before, version: &Version, names: &mut Names) -> Lock {
    let mut next = Lock::new();
    let mut aliases = Vec::new();
    let born = Life { since: None, until: version::next_breaking(version), gone: false };
    for ((id, def), name) in api.defs().zip(&names.types) {
        let pointer = &def.origin.pointer;
        let fingerprint = before.traits.of(id).cloned().unwrap_or_default();
        next.insert("type", pointer, LockEntry { name: name.to_string(), fingerprint, gone: false });
        arguments::record(&mut next, api, names, id);
        // A page has no type of its own, and a body made of setters has none either: there is nothing to call so.
        let Some(old) = before.types.of(id).and_then(Option::as_ref).filter(|_| is_a_type(facts, names, id)) else {
            continue;
        };
        for (earlier, life) in earlier(lock, "type", old, name, &born, version) {
            next.alias("type", pointer.as_str(), &earlier, life.clone());
            if !life.gone {
                aliases.push(Alias { of: AliasOf::Type(id), name: Ident::of(earlier), note: note(name, &life) });
            }
        }
    }
    for (i, (o, n)) in api.operations.iter().zip(&names.operations).enumerate() {
        let pointer = &o.origin.pointer;
        let Some(tag) = names.tags.get(o.tag) else { continue };
        let handle = format!("{}/{}", tag.accessor, tag.handle);
        let entry = |name: &str| LockEntry { name: name.to_owned(), fingerprint: o.id.clone(), gone: false };
        next.insert("method", pointer, entry(&n.method));
        next.insert("builder", pointer, entry(&n.builder));
        next.insert("handle", pointer, entry(&handle));
        let Some(old) = before.operations.get(i).and_then(Option::as_ref) else { continue };
        for (earlier, life) in earlier(lock, "builder", old, &n.builder, &born, version) {
            next.alias("builder", pointer.as_str(), &earlier, life.clone());
            if !life.gone {
                let name = Ident::of(earlier);
                aliases.push(Alias { of: AliasOf::Builder(i), name, note: note(&n.builder, &life) });
            }
        }
        let mut methods: BTreeMap<String, Life> =
            lock.aliases_of("method", old).map(|line| (line.name.to_owned(), line.alias.clone())).collect();
        if let (Some(method), Some(handle)) = (lock.at("method", old), lock.at("handle", old))
            && !method.gone
        {
            methods.entry(format!("{}/{}", handle.name, method.name)).or_insert_with(|| born.clone());
        }
        for (earlier, life) in methods.into_iter().filter(|(_, life)| life.until > *version) {
            let Some((accessor, old_handle, method)) = parts(&earlier) else { continue };
            if tag.accessor == accessor && n.method == method {
                continue;
            }
            next.alias("method", pointer.as_str(), &earlier, life.clone());
            let path = if tag.accessor == accessor {
                n.method.to_string()
            } else {
                format!("{}().{}", tag.accessor, n.method)
            };
            let ident = |name: &str| Ident::of(name.to_owned());
            let is_gone = !names.tags.iter().any(|tag| tag.accessor == accessor) && !names.has_in_api(old_handle);
            let handle = is_gone.then(|| ident(old_handle));
            let of = AliasOf::Method { operation: i, accessor: ident(accessor), handle };
            aliases.push(Alias { of, name: ident(method), note: note(&path, &life) });
        }
    }
    aliases.extend(follow(names, &aliases));
    names.aliases = aliases;
    next
}

/// What goes with an earlier name: the answers of a builder, and the arguments of a builder or a type, unless that means something
/// else by now: then nothing can soften it.
fn follow(names: &Names, aliases: &[Alias]) -> Vec<Alias> {
    let mut out = Vec::new();
    for alias in aliases {
        let mut add = |of: AliasOf, name: String, is_taken: bool| {
            if !is_taken {
                out.push(Alias { of, name: Ident::of(name), note: alias.note.clone() });
            }
        };
        let (answer, args) = (answer_name(&alias.name), arguments::args_name(&alias.name));
        let reserved = |name: &str| aliases.iter().any(|other| other.name == *name);
        match alias.of {
            AliasOf::Builder(i) => {
                let Some(now) = names.operations.get(i) else { continue };
                if now.answer.is_some() {
                    let taken = names.has_in_api(&answer);
                    add(AliasOf::Answer(i), answer, taken);
                }
                if now.args.is_some() {
                    let taken = names.has_in_api(&args) || reserved(&args);
                    add(AliasOf::BuilderArgs(i), args, taken);
                }
            }
            AliasOf::Type(id) if names.args_of(id).is_some() => {
                let taken = names.has_in_models(&args) || reserved(&args);
                add(AliasOf::TypeArgs(id), args, taken);
            }
            AliasOf::Type(_)
            | AliasOf::Answer(_)
            | AliasOf::TypeArgs(_)
            | AliasOf::BuilderArgs(_)
            | AliasOf::Method { .. } => {}
        }
    }
    out
}

/// The names that the node the lock knows at `old` had before `name`, with their lives.
fn earlier(lock: &Lock, kind: &str, old: &str, name: &str, born: &Life, version: &Version) -> BTreeMap<String, Life> {
    let mut all: BTreeMap<String, Life> = lock
        .aliases_of(kind, old)
        .map(|line| {
            (line.name.to_owned(), Life { gone: line.alias.gone || line.alias.until <= *version, ..line.alias.clone() })
        })
        .collect();
    if let Some(entry) = lock.at(kind, old).filter(|entry| !entry.gone) {
        all.entry(entry.name.clone()).or_insert_with(|| born.clone());
    }
    all.remove(name);
    all
}

/// What the compiler says to who uses an earlier name.
fn note(name: &str, life: &Life) -> String {
    format!("renamed to {}; goes with version {}", name.trim_start_matches("r#"), life.until)
}

/// Whether a type is rendered under its name.
pub(super) fn is_a_type(facts: &Facts, names: &Names, id: TypeId) -> bool {
    names.flat_in(facts, id).is_none() && !facts.pages.contains_key(&id)
}
