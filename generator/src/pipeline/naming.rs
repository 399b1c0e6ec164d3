//! What a person and earlier runs decided about names: settings and lock → [`Wishes`], names → the next lock.

use std::collections::BTreeSet;

use crate::ir::{Api, TypeId};
use crate::lock::{Lock, LockEntry};
use crate::name::{self, Names, Wishes};
use crate::settings::Settings;

/// What `name` must keep to.
pub(super) fn wishes(settings: &Settings, lock: &Lock, api: &Api) -> Wishes {
    let mut wishes = Wishes { max_arguments: 5, ..Wishes::default() };
    for t in &settings.types {
        if let Some(rename) = &t.rename {
            let pointer = t.pointer.trim_start_matches('#').to_owned();
            wishes.types.insert(pointer, rename.to_string());
        }
    }
    for o in &settings.operations.each {
        if let Some(method) = &o.method {
            wishes.methods.insert(o.id.to_string(), method.to_string());
        }
    }
    for (verb, becomes) in &settings.verbs {
        wishes.verbs.insert(verb.clone(), becomes.to_string());
    }
    wishes.resume = settings.mfa.as_ref().map(|mfa| name::Resume {
        operations: mfa.resume.iter().map(|id| id.to_string()).collect(),
        session: mfa.session.to_string(),
        link: mfa.link.to_string(),
        token: mfa.token.to_string(),
    });
    let moves = lock.moves();
    let mut used: BTreeSet<String> = BTreeSet::new();
    // Places that are where they were keep their names; then places that moved find theirs by structure.
    let mut moved = Vec::new();
    for (i, def) in api.types.iter().enumerate() {
        let fingerprint = name::fingerprint(api, TypeId(i as u32));
        match lock.get("type", &def.origin.pointer) {
            Some(entry)
                if entry.fingerprint == fingerprint || def.origin.pointer.as_str().matches('/').count() <= 3 =>
            {
                used.insert(entry.name.clone());
                wishes.locked.insert(("type", def.origin.pointer.as_str().to_owned()), entry.name.clone());
            }
            other => moved.push((def, fingerprint, other.map(|e| e.name.clone()))),
        }
    }
    // All of them by structure first: a branch put in front of the others must not take the name of its place from the
    // branch that stood there and has only moved.
    let mut rest = Vec::new();
    for (def, fingerprint, same_place) in moved {
        let mut known = moves.find("type", &fingerprint).iter().map(|(_, e)| &e.name);
        match known.find(|n| !used.contains(*n)) {
            Some(name) => {
                used.insert(name.clone());
                wishes.locked.insert(("type", def.origin.pointer.as_str().to_owned()), name.clone());
            }
            None => rest.push((def, same_place)),
        }
    }
    for (def, same_place) in rest {
        if let Some(name) = same_place.filter(|n| !used.contains(n)) {
            used.insert(name.clone());
            wishes.locked.insert(("type", def.origin.pointer.as_str().to_owned()), name);
        }
    }
    // What is gone keeps its name from being given to something else.
    let all = lock.iter().filter(|(_, kind, _)| *kind == "type").map(|(.., entry)| &entry.name);
    wishes.reserved = all.filter(|name| !used.contains(*name)).cloned().collect();
    for o in &api.operations {
        if let Some(entry) = lock.get("method", &o.origin.pointer) {
            wishes.locked.insert(("method", o.origin.pointer.as_str().to_owned()), entry.name.clone());
        }
    }
    wishes
}

/// The names as they are now.
pub(super) fn locked(api: &Api, names: &Names) -> Lock {
    let mut lock = Lock::new();
    for (i, (def, name)) in api.types.iter().zip(&names.types).enumerate() {
        let fingerprint = name::fingerprint(api, TypeId(i as u32));
        lock.insert("type", &def.origin.pointer, LockEntry { name: name.clone(), fingerprint, gone: false });
    }
    for (o, n) in api.operations.iter().zip(&names.operations) {
        let fingerprint = o.id.clone();
        lock.insert("method", &o.origin.pointer, LockEntry { name: n.method.clone(), fingerprint, gone: false });
    }
    lock
}
