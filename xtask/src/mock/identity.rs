//! How a record of a collection looks: by which member it is found, and what a document wraps around one.

use super::document::{Document, Found, join, plain};
use generator::ir::Operation;
use serde_json::Value;

/// The parameter by which one record of a collection is found.
pub(super) fn parameter_of(operation: &Operation) -> String {
    let last = operation.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    last.trim_matches(['{', '}']).to_owned()
}

/// Names under which answers with more than that have their record.
const WRAPPERS: &[&str] = &["data", "result", "item", "record", "object", "payload"];

/// A record without what the document wraps around one.
pub(super) fn unwrapped(body: Value, parameter: &str) -> Value {
    if id_at(&body, parameter).is_some_and(|at| at.matches('/').count() == 1) {
        return body;
    }
    let Some(map) = body.as_object() else { return body };
    let wraps = |name: &str| map.len() <= 2 || WRAPPERS.contains(&name.to_ascii_lowercase().as_str());
    let inner = map.iter().filter(|(name, value)| wraps(name) && id_at(value, parameter).is_some());
    match inner.map(|(_, value)| value).collect::<Vec<_>>().as_slice() {
        // What a Kubernetes object calls `metadata` is a part of it and wraps nothing.
        [only] if map.get("metadata") != Some(only) => (*only).clone(),
        _ => body,
    }
}

/// A record in what the document wraps around one, where a part of that looks like it: `{"data": {...}}`. Also the pointer to it.
pub(super) fn wrapped(envelope: &Value, record: &Value) -> Option<(Value, String)> {
    let parts = envelope.as_object().into_iter().flatten();
    let inner: Vec<&String> = parts.filter(|(_, part)| alike(part, record)).map(|(name, _)| name).collect();
    let [only] = inner.as_slice() else { return None };
    let (mut body, at) = (envelope.clone(), join("", only));
    *body.pointer_mut(&at)? = record.clone();
    Some((body, at))
}

/// Whether two objects have most of their members in common.
pub(super) fn alike(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else { return false };
    !a.is_empty() && a.keys().filter(|key| b.contains_key(*key)).count() * 2 > a.len()
}

/// Parts of a record that may hold its id.
const PARTS: &[&str] = &["metadata", "attributes", "data"];

/// Where the id of a record is: in the member called as the parameter, or as what is left of that without the resource
/// (`issue_number`: `number`), or in `id`.
pub(super) fn id_at(record: &Value, parameter: &str) -> Option<String> {
    let flat = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = flat(parameter);
    let names = |part: &Value| -> Vec<String> {
        let scalar = |value: &Value| value.is_string() || value.is_number();
        let all = part.as_object().into_iter().flatten();
        all.filter(|(_, value)| scalar(value)).map(|(name, _)| name.clone()).collect()
    };
    let own = names(record);
    let exact = |names: &[String]| names.iter().find(|name| flat(name) == wanted).cloned();
    let at = |name: String| join("", &name);
    if let Some(name) = exact(&own) {
        return Some(at(name));
    }
    for part in PARTS {
        if let Some(name) = record.get(part).and_then(|inner| exact(&names(inner))) {
            return Some(join(&at((*part).to_owned()), &name));
        }
    }
    let rest = own.iter().filter(|name| !flat(name).is_empty() && wanted.ends_with(&flat(name)));
    let rest = rest.max_by_key(|name| name.len()).cloned();
    rest.or_else(|| own.iter().find(|name| flat(name) == "id").cloned()).map(at)
}

/// The id of a record, as a path has it.
pub(super) fn id_of(record: &Value, parameter: &str) -> Option<String> {
    record.pointer(&id_at(record, parameter)?).map(plain)
}

/// The operation that reads one record of the collection of another.
pub(super) fn one_of<'d>(document: &'d Document, collection: &Operation) -> Option<Found<'d>> {
    let above = collection.path.trim_end_matches('/');
    let reads = |operation: &Operation| {
        let split = operation.path.trim_end_matches('/').rsplit_once('/');
        operation.method == "get" && split.is_some_and(|(a, last)| a == above && last.starts_with('{'))
    };
    document.understood().api.operations.iter().position(reads).map(|index| document.at(index))
}
