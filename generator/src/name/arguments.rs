//! What is given when a model is built, and whether by order or by name.
//!
//! The order: what a person says, then what the lock has, then `required` of the document. So nobody's calls swap two values because a
//! list was sorted; what is new comes last. Members that are given by their names need no order: the lock has none of them.

use super::scope::Scope;
use super::swaps::{self, Taken};
use super::{Decisions, Names};
use crate::analyze::Facts;
use crate::base::diagnostic::Diagnostics;
use crate::base::{Ident, Pointer};
use crate::document::keys;
use crate::history::lock::{Lock, LockEntry};
use crate::ir::{Api, Field, Scalar, Type, TypeDef, TypeId, TypeMap};
use crate::settings::Settings;

/// The kind of the lock's lines with an order. Their fingerprint is the order, as a pointer: `/amount/currency`.
const KIND: &str = "arguments";

/// Per type the members that are given when it is built, by their indices, in the order of the arguments.
pub(super) fn arguments(api: &Api, facts: &Facts, decisions: &Decisions) -> TypeMap<Vec<usize>> {
    TypeMap::new(api, |id, def| {
        let Some(model) = def.model().filter(|_| facts.in_requests.has(id)) else { return Vec::new() };
        let place = |list: Option<&Vec<String>>, f: &Field| {
            list.and_then(|list| list.iter().position(|name| *name == f.wire)).unwrap_or(usize::MAX)
        };
        let pointer = def.origin.pointer.as_str();
        let (wished, kept) = (decisions.orders.get(keys::place(pointer)), decisions.kept_orders.get(pointer));
        let given = model.fields.iter().enumerate().filter(|(i, f)| is_given(facts, (id, *i), f));
        let mut required: Vec<(usize, &Field)> = given.collect();
        required.sort_by_key(|(_, f)| (place(wished, f), place(kept, f), f.rank));
        required.into_iter().map(|(i, _)| i).collect()
    })
}

/// Whether a member of what requests use is given when its model is built: it must be there, and has no value yet.
fn is_given(facts: &Facts, (id, index): (TypeId, usize), f: &Field) -> bool {
    let is_records = facts.pages.get(&id).is_some_and(|page| page.items == index);
    let may_miss = f.read_only || f.write_only && facts.in_responses.has(id);
    let may_lack_value = f.may_be_null && !f.of.nullable && f.of.ty != Type::Any;
    f.required && !has_value(f) && (is_records || !may_miss && !may_lack_value)
}

/// Whether a member has its one value without being given.
fn has_value(f: &Field) -> bool {
    let Some(text) = &f.constant else { return false };
    match &f.of.ty {
        Type::Scalar(Scalar::String | Scalar::Bool) | Type::Named(_) => true,
        Type::Scalar(scalar) => scalar.is_integer() && text.parse::<i128>().is_ok(),
        Type::Any => text == "null",
        Type::List(_) | Type::Tuple(_) | Type::Map(_) => false,
    }
}

/// Whether `new` of a type takes its arguments by their names.
fn need_names(api: &Api, id: TypeId, arguments: &[usize]) -> bool {
    let fields = api.model(id).map(|model| model.fields.as_slice()).unwrap_or_default();
    let taken: Vec<Taken> = arguments.iter().filter_map(|i| Some(Taken::member(api, fields.get(*i)?))).collect();
    swaps::need_names(&taken)
}

/// What the struct with the arguments of something is called, when nothing is in the way.
pub(super) fn args_name(of: &str) -> String {
    format!("{of}Args")
}

/// What such a struct is called when something is: what has this name, keeps it.
pub(super) fn candidates(of: &str) -> [String; 2] {
    [args_name(of), format!("{of}Arguments")]
}

/// Names the structs with the arguments of models, after all that has a name in the document or the lock.
pub(super) fn name(api: &Api, facts: &Facts, decisions: &Decisions, names: &mut Names, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(&[]);
    let taken = names.types.iter().chain(&names.pages).map(Ident::as_str);
    for name in taken.chain(decisions.reserved.iter().map(String::as_str)) {
        scope.claim(name);
    }
    names.args = TypeMap::new(api, |id, def| {
        let named = super::decisions::is_a_type(facts, names, id) && need_names(api, id, names.arguments.list(id));
        named.then(|| Ident::of(scope.take(&candidates(&names.of_type(id)), &def.origin, diagnostics)))
    });
}

/// The names that the structs of these types have had: no newcomer gets them.
pub(super) fn keep_free(api: &Api, names: &Names, given: &[Option<String>], scope: &mut Scope) {
    for ((id, _), name) in api.defs().zip(given) {
        if let Some(name) = name.as_ref().filter(|_| need_names(api, id, names.arguments.list(id))) {
            scope.claim(&args_name(name));
        }
    }
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

/// Adds the order of a model's arguments to the lock that is to be, where they are given by it.
pub(super) fn record(next: &mut Lock, api: &Api, names: &Names, id: TypeId) {
    let Some((def, model)) = api.get(id).and_then(|def| Some((def, def.model()?))) else { return };
    let (name, order) = (names.of_type(id), names.arguments.list(id));
    if order.len() < 2 || need_names(api, id, order) {
        return;
    }
    let members = order.iter().filter_map(|i| model.fields.get(*i));
    let order = members.fold(Pointer::root(), |order, f| order.join(&f.wire));
    let entry = LockEntry { name: name.to_string(), fingerprint: order.as_str().to_owned(), gone: false };
    next.insert(KIND, &def.origin.pointer, entry);
}
