//! The order of the arguments that build a model: what a person says, then what the lock has, then `required` of the document. So
//! nobody's calls swap two values because a list was sorted; what is new comes last.

use super::Decisions;
use crate::base::Pointer;
use crate::document::keys;
use crate::history::lock::{Lock, LockEntry};
use crate::ir::{Api, Field, Model, TypeDef, TypeMap};
use crate::settings::Settings;

/// The kind of the lock's lines with an order. Their fingerprint is the order, as a pointer: `/amount/currency`.
const KIND: &str = "arguments";

/// Per type the members that it requires, by their indices, in the order of the arguments.
pub(super) fn arguments(api: &Api, decisions: &Decisions) -> TypeMap<Vec<usize>> {
    TypeMap::new(api, |_, def| {
        let Some(model) = def.model() else { return Vec::new() };
        let place = |list: Option<&Vec<String>>, f: &Field| {
            list.and_then(|list| list.iter().position(|name| *name == f.wire)).unwrap_or(usize::MAX)
        };
        let pointer = def.origin.pointer.as_str();
        let (wished, kept) = (decisions.orders.get(keys::place(pointer)), decisions.kept_orders.get(pointer));
        let mut required: Vec<(usize, &Field)> = model.fields.iter().enumerate().filter(|(_, f)| f.required).collect();
        required.sort_by_key(|(_, f)| (place(wished, f), place(kept, f), f.rank));
        required.into_iter().map(|(i, _)| i).collect()
    })
}

/// The orders that a person gives, by pointer.
pub(super) fn wished(settings: &Settings, decisions: &mut Decisions) {
    for t in settings.types.iter().filter(|t| !t.order.is_empty()) {
        let order = t.order.iter().map(|name| name.to_string()).collect();
        decisions.orders.insert(t.pointer.trim_start_matches('#').to_owned(), order);
    }
}

/// Keeps the order that the lock has of a type, which it knows under the pointer `old`.
pub(super) fn keep(lock: &Lock, old: &str, def: &TypeDef, decisions: &mut Decisions) {
    // What requests take may have become a type of its own.
    let entry = lock.at(KIND, old).or_else(|| lock.at(KIND, keys::place(old)));
    if let Some(order) = entry.and_then(|entry| Pointer::parse(&entry.fingerprint)) {
        decisions.kept_orders.insert(def.origin.pointer.as_str().to_owned(), order.segments().collect());
    }
}

/// Adds the order of a model's arguments to the lock that is to be.
pub(super) fn record(next: &mut Lock, def: &TypeDef, model: &Model, name: &str, order: &[usize]) {
    if order.len() < 2 {
        return;
    }
    let members = order.iter().filter_map(|i| model.fields.get(*i));
    let order = members.fold(Pointer::root(), |order, f| order.join(&f.wire));
    let entry = LockEntry { name: name.to_owned(), fingerprint: order.as_str().to_owned(), gone: false };
    next.insert(KIND, &def.origin.pointer, entry);
}
