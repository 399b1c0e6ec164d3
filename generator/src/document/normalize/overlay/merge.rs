//! The two effects of an action, on the document's tree and on its copy as plain JSON alike.

use std::cmp::Ordering;

use serde_json::Value;

use crate::document::{Entry, Kind, Node};

/// One step of a normalized path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Removes what stands at `paths`; returns how many nodes are gone.
pub(super) fn remove(root: &mut Node, plain: &mut Value, mut paths: Vec<Vec<Step>>) -> usize {
    // from the back, so that neither an element before nor a node around another moves it
    paths.sort_by(|a, b| later_first(a, b));
    let mut removed = 0;
    for path in paths {
        let Some((last, above)) = path.split_last() else { continue };
        let (Some(node), Some(value)) = (node_at(root, above), value_at(plain, above)) else { continue };
        let gone = match (&mut node.kind, value, last) {
            (Kind::Object(o), Value::Object(v), Step::Key(key)) => {
                v.remove(key);
                o.remove(key).is_some()
            }
            (Kind::Array(a), Value::Array(v), Step::Index(i)) if *i < a.len() && *i < v.len() => {
                a.remove(*i);
                v.remove(*i);
                true
            }
            _ => false,
        };
        removed += usize::from(gone);
    }
    removed
}

fn later_first(a: &[Step], b: &[Step]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        let order = match (x, y) {
            (Step::Index(x), Step::Index(y)) => y.cmp(x),
            (Step::Key(x), Step::Key(y)) => y.cmp(x),
            (Step::Key(_), Step::Index(_)) => Ordering::Less,
            (Step::Index(_), Step::Key(_)) => Ordering::Greater,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    b.len().cmp(&a.len())
}

/// Merges `update` into what stands at `path`; returns whether that changed anything.
///
/// # Errors
/// When the two are of different kinds: what to say about it.
pub(super) fn update(
    root: &mut Node,
    plain: &mut Value,
    path: &[Step],
    update: &Node,
    value: &Value,
) -> Result<bool, String> {
    let (Some(node), Some(copy)) = (node_at(root, path), value_at(plain, path)) else {
        return Ok(false);
    };
    match (&node.kind, &update.kind) {
        (Kind::Object(_), Kind::Object(_)) => {}
        (Kind::Array(_), _) => {
            let set = matches!(path.last(), Some(Step::Key(key)) if is_set(key));
            return Ok(append(node, copy, update, value, set));
        }
        (Kind::Object(_), _) | (_, Kind::Object(_) | Kind::Array(_)) => {
            return Err(format!("cannot merge {} into {}", update.type_name(), node.type_name()));
        }
        _ => {}
    }
    Ok(merge(node, copy, update, value, false))
}

/// The recursive merge: objects by member, lists by appending, everything else by replacing.
fn merge(node: &mut Node, copy: &mut Value, update: &Node, value: &Value, set: bool) -> bool {
    match (&mut node.kind, &mut *copy, &update.kind, value) {
        (Kind::Object(own), Value::Object(own_copy), Kind::Object(new), Value::Object(new_copy)) => {
            let mut changed = false;
            for e in new.iter() {
                let Some(value) = new_copy.get(&e.key) else { continue };
                match (own.get_mut(&e.key), own_copy.get_mut(&e.key)) {
                    (Some(node), Some(copy)) => changed |= merge(node, copy, &e.value, value, is_set(&e.key)),
                    _ => {
                        own.push(Entry { key: e.key.clone(), key_span: e.key_span, value: e.value.clone() });
                        own_copy.insert(e.key.clone(), value.clone());
                        changed = true;
                    }
                }
            }
            changed
        }
        (Kind::Array(_), Value::Array(_), Kind::Array(_), Value::Array(_)) => append(node, copy, update, value, set),
        (_, copy, _, value) => {
            let changed = copy != value;
            if changed {
                *node = update.clone();
                *copy = value.clone();
            }
            changed
        }
    }
}

/// Appends an entry, or the entries of a list.
fn append(node: &mut Node, copy: &mut Value, update: &Node, value: &Value, set: bool) -> bool {
    let (Kind::Array(own), Value::Array(own_copy)) = (&mut node.kind, copy) else {
        return false;
    };
    let (nodes, values) = match (&update.kind, value) {
        (Kind::Array(nodes), Value::Array(values)) => (nodes.as_slice(), values.as_slice()),
        _ => (std::slice::from_ref(update), std::slice::from_ref(value)),
    };
    let before = own.len();
    for (n, v) in nodes.iter().zip(values) {
        if set && own_copy.contains(v) {
            continue;
        }
        own.push(n.clone());
        own_copy.push(v.clone());
    }
    own.len() > before
}

/// Lists whose elements are unique by definition: appending what is there already is no change, so that an
/// action the document has caught up with shows as stale.
fn is_set(key: &str) -> bool {
    matches!(key, "required" | "enum" | "tags" | "type")
}

fn node_at<'n>(root: &'n mut Node, path: &[Step]) -> Option<&'n mut Node> {
    let mut node = root;
    for step in path {
        node = match (&mut node.kind, step) {
            (Kind::Object(o), Step::Key(key)) => o.get_mut(key)?,
            (Kind::Array(a), Step::Index(i)) => a.get_mut(*i)?,
            _ => return None,
        };
    }
    Some(node)
}

fn value_at<'n>(root: &'n mut Value, path: &[Step]) -> Option<&'n mut Value> {
    let mut value = root;
    for step in path {
        value = match step {
            Step::Key(key) => value.get_mut(key)?,
            Step::Index(i) => value.get_mut(*i)?,
        };
    }
    Some(value)
}
