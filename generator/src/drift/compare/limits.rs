//! Limits of values: requests that were within the old ones may be beyond the new ones. No limit is ever checked by a client, so
//! what answers may hold is documentation.
//!
//! They are read off the document, whose keywords say more than the words made of them: those of the elements of a list, too.

use super::side::Side;
use crate::base::Pointer;
use crate::document::{Kind, Node};
use std::collections::{BTreeMap, BTreeSet};

/// How deep lists, maps and references are followed.
const DEPTH: usize = 16;

/// What a keyword does to the values that a schema admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Its number is the least.
    Least,
    /// Its number is the most.
    Most,
    /// There are fewer with it, and others with another value.
    Chooses,
    /// There are fewer where it is true.
    Flag,
    /// There are as many; what is not sent has another meaning.
    Default,
}

/// The keywords. A limit of size that is not there is zero.
const KEYWORDS: &[(&str, Effect)] = &[
    ("minLength", Effect::Least),
    ("minItems", Effect::Least),
    ("minProperties", Effect::Least),
    ("minimum", Effect::Least),
    ("maxLength", Effect::Most),
    ("maxItems", Effect::Most),
    ("maxProperties", Effect::Most),
    ("maximum", Effect::Most),
    ("exclusiveMinimum", Effect::Flag),
    ("exclusiveMaximum", Effect::Flag),
    ("uniqueItems", Effect::Flag),
    ("multipleOf", Effect::Chooses),
    ("pattern", Effect::Chooses),
    ("format", Effect::Chooses),
    ("not", Effect::Chooses),
    // Where it is `false`, and where its branches do nothing but require.
    ("additionalProperties", Effect::Chooses),
    ("anyOf", Effect::Chooses),
    ("oneOf", Effect::Chooses),
    ("default", Effect::Default),
];

/// The limits at a place: where (`items/`, or nothing for the value itself) and which keyword → its value.
type Limits = BTreeMap<(String, &'static str), String>;

/// How limits differ.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// What admits fewer values than before.
    pub(super) narrower: Vec<String>,
    /// What admits more.
    pub(super) wider: Vec<String>,
    /// Another default.
    pub(super) default: Option<String>,
}

impl Differences {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.narrower.is_empty() && self.wider.is_empty() && self.default.is_none()
    }

    /// All in one line, the narrower ones first.
    pub(super) fn text(&self) -> String {
        let all = self.narrower.iter().chain(&self.wider).chain(&self.default);
        all.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// How the limits of what the schemas at two places admit differ, up to types of their own, which are compared where they are
/// declared. `is_type`: the places are those of such types.
pub(super) fn differences(old: (&Side<'_>, &Pointer), new: (&Side<'_>, &Pointer), is_type: bool) -> Differences {
    let read = |(side, at): (&Side<'_>, &Pointer)| {
        let mut reading = Reading { side, limits: Limits::new(), seen: BTreeSet::new() };
        reading.schema(at, "", DEPTH, is_type);
        reading.limits
    };
    let (old, new) = (read(old), read(new));
    let mut out = Differences::default();
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let (a, b) = (old.get(key), new.get(key));
        let Some((keyword, effect)) = KEYWORDS.iter().find(|(keyword, _)| *keyword == key.1).filter(|_| a != b) else {
            continue;
        };
        let of = if key.0.is_empty() { String::new() } else { format!(" of {}", key.0.trim_end_matches('/')) };
        let word = |value: Option<&String>| value.map_or("none".to_owned(), |v| format!("`{v}`"));
        let text = format!("`{keyword}`{of} {} → {}", word(a), word(b));
        match narrows(keyword, *effect, a, b) {
            _ if *effect == Effect::Default && key.0.is_empty() => out.default = Some(text),
            Some(true) => out.narrower.push(text),
            Some(false) => out.wider.push(text),
            None => {}
        }
    }
    out
}

/// Whether fewer values are admitted, or more; `None` where that makes no difference.
fn narrows(keyword: &str, effect: Effect, old: Option<&String>, new: Option<&String>) -> Option<bool> {
    let is_size = !matches!(keyword, "minimum" | "maximum");
    let number = |value: Option<&String>| {
        let text = value.map(String::as_str).or((is_size && effect == Effect::Least).then_some("0"))?;
        text.parse::<f64>().ok()
    };
    match (effect, number(old), number(new)) {
        (Effect::Least, Some(a), Some(b)) => (a != b).then_some(b > a),
        (Effect::Most, Some(a), Some(b)) => (a != b).then_some(b < a),
        (Effect::Flag, ..) => {
            let is_true = |value: Option<&String>| value.is_some_and(|v| v == "true");
            (is_true(old) != is_true(new)).then_some(is_true(new))
        }
        (Effect::Least | Effect::Most | Effect::Chooses | Effect::Default, ..) => Some(new.is_some()),
    }
}

struct Reading<'s, 'a> {
    side: &'s Side<'a>,
    limits: Limits,
    seen: BTreeSet<Pointer>,
}

impl Reading<'_, '_> {
    fn schema(&mut self, at: &Pointer, place: &str, depth: usize, is_type: bool) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if !self.seen.insert(at.clone()) {
            return;
        }
        let Some(node) = self.side.node(at) else { return };
        if !is_type && self.side.declares(at) {
            // A type has no default, a place has.
            if let Some(text) = node.get("default").and_then(text) {
                self.limits.insert((place.to_owned(), "default"), text);
            }
            return;
        }
        if let Some(target) = node.get("$ref").and_then(Node::as_str).and_then(Pointer::parse) {
            return self.schema(&target, place, depth, false);
        }
        for (i, _) in node.get("allOf").and_then(Node::as_array).unwrap_or_default().iter().enumerate() {
            self.schema(&at.join("allOf").join(i), place, depth, false);
        }
        for (keyword, effect) in KEYWORDS {
            let is_limit = |value: &&Node| match *keyword {
                "additionalProperties" => value.as_bool() == Some(false),
                "anyOf" | "oneOf" => value.as_array().is_some_and(|branches| branches.iter().all(only_requires)),
                _ => !is_type || *effect != Effect::Default,
            };
            if let Some(text) = node.get(keyword).filter(is_limit).and_then(text) {
                self.limits.insert((place.to_owned(), keyword), text);
            }
        }
        if is_type {
            return;
        }
        for (keyword, word) in [("items", "items/"), ("additionalProperties", "values/")] {
            self.schema(&at.join(keyword), &format!("{place}{word}"), depth, false);
        }
    }
}

/// Whether a branch is no type of its own but demands members.
fn only_requires(branch: &Node) -> bool {
    branch.as_object().is_some_and(|o| !o.is_empty() && o.iter().all(|e| e.key == "required"))
}

fn text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Number(text) | Kind::String(text) => Some(text.clone()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Array(_) | Kind::Object(_) => Some(node.to_json().to_string()),
        Kind::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, narrows};

    /// The keyword, its value before and now (`-`: none), what that does to the values.
    #[test]
    fn limits_become_narrower_or_wider() {
        for (keyword, old, new, expected) in [
            ("maxLength", "20", "10", Some(true)),
            ("maxLength", "10", "20", Some(false)),
            ("maxLength", "-", "10", Some(true)),
            ("maxLength", "10", "-", Some(false)),
            ("minLength", "-", "1", Some(true)),
            ("minLength", "-", "0", None),
            ("minItems", "2", "-", Some(false)),
            ("minimum", "-", "0", Some(true)),
            ("minimum", "1.5", "1.50", None),
            ("minimum", "-5", "-7", Some(false)),
            ("maximum", "1e3", "999", Some(true)),
            ("exclusiveMaximum", "-", "true", Some(true)),
            ("exclusiveMaximum", "-", "false", None),
            ("uniqueItems", "true", "-", Some(false)),
            ("pattern", "-", "^a", Some(true)),
            ("pattern", "^a", "^b", Some(true)),
            ("pattern", "^a", "-", Some(false)),
            ("multipleOf", "2", "4", Some(true)),
            ("format", "email", "-", Some(false)),
        ] {
            let value = |text: &str| (text != "-").then(|| text.to_owned());
            let effect = KEYWORDS.iter().find(|(k, _)| *k == keyword).expect("a keyword").1;
            let found = narrows(keyword, effect, value(old).as_ref(), value(new).as_ref());
            assert_eq!(found, expected, "{keyword}: {old} -> {new}");
        }
    }
}
