//! Examples of ours that a changed fact made wrong: mended where that is mechanical, else named with the reason.

use crate::base::Pointer;
use crate::document::grammar::{Place, Spot};
use crate::document::value::{
    DEEPEST, at, declared as declared_by, element, fault_here, fits, list, resolved, text, types,
};
use crate::document::walk::{At, Visit, walk};
use crate::document::{Kind, Node, Object, hash_content};
use std::collections::{BTreeMap, BTreeSet};

/// An example that was changed, or is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The place of the example in the document.
    pub pointer: Pointer,
    /// What was changed in it, or is wrong with it still.
    pub what: String,
}

/// What became of the examples.
#[derive(Debug, Default)]
pub(super) struct Mended {
    /// The document with examples that are right.
    pub(super) root: Option<Node>,
    pub(super) changed: Vec<Example>,
    pub(super) left: Vec<Example>,
}

/// Looks at all examples of the document; `before` is what it was, and `moved` what went where.
pub(super) fn mend(now: &Node, before: &Node, moved: &BTreeMap<String, String>) -> Mended {
    let mut found = Found { places: Vec::new() };
    walk(now, Place::One(Spot::Document), &At::root(None), &mut found);
    let mut mended = Mended::default();
    let mut root: Option<Node> = None;
    for (schema, example) in found.places {
        let (Some(node), Some(value)) = (at(now, schema.as_str()), at(now, example.as_str())) else { continue };
        let old = at(before, &earlier(schema.as_str(), moved));
        let mut mend = Mend { now, before, changed: Vec::new(), left: Vec::new(), above: Vec::new() };
        let new = mend.value(Schemas { new: node, old }, value, "", 0);
        let note = |what: String| Example { pointer: example.clone(), what };
        if let Some(new) = new.filter(|new| hash_content(new) != hash_content(value)) {
            let root = root.get_or_insert_with(|| now.clone());
            if let Some(place) = at_mut(root, &example) {
                *place = new;
            }
            mended.changed.extend(mend.changed.into_iter().map(note));
        }
        mended.left.extend(mend.left.into_iter().map(note));
    }
    mended.root = root;
    mended
}

/// Where a place was before.
fn earlier(pointer: &str, moved: &BTreeMap<String, String>) -> String {
    followed(pointer, moved.iter().map(|(from, to)| (to.as_str(), from.as_str())))
}

/// Where a place is now.
pub(super) fn later(pointer: &str, moved: &BTreeMap<String, String>) -> String {
    followed(pointer, moved.iter().map(|(from, to)| (from.as_str(), to.as_str())))
}

/// The pointer after the longest of the moves that it lies within.
fn followed<'m>(pointer: &str, moves: impl Iterator<Item = (&'m str, &'m str)>) -> String {
    match moves.filter(|(from, _)| is_within(pointer, from)).max_by_key(|(from, _)| from.len()) {
        Some((from, to)) => format!("{to}{}", pointer.get(from.len()..).unwrap_or_default()),
        None => pointer.to_owned(),
    }
}

/// Whether a place is another or lies below it.
pub(super) fn is_within(pointer: &str, of: &str) -> bool {
    pointer.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn at_mut<'n>(root: &'n mut Node, pointer: &Pointer) -> Option<&'n mut Node> {
    let mut node = root;
    for step in pointer.segments() {
        node = match &mut node.kind {
            Kind::Object(members) => members.get_mut(&step)?,
            Kind::Array(items) => items.get_mut(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(node)
}

/// The examples of a document: the place of the schema and that of the value.
struct Found {
    places: Vec<(Pointer, Pointer)>,
}

impl Visit for Found {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        let Place::One(spot) = place else { return };
        let schema = match spot {
            Spot::Schema => at.pointer(),
            Spot::Parameter | Spot::Header | Spot::MediaType if node.get("schema").is_some() => {
                at.pointer().join("schema")
            }
            _ => return,
        };
        if node.get("example").is_some() {
            self.places.push((schema.clone(), at.pointer().join("example")));
        }
        match node.get("examples").map(|examples| &examples.kind) {
            Some(Kind::Object(named)) => {
                for e in named.iter().filter(|e| e.value.get("value").is_some()) {
                    self.places.push((schema.clone(), at.pointer().join("examples").join(&e.key).join("value")));
                }
            }
            Some(Kind::Array(items)) if spot == Spot::Schema => {
                let places = (0..items.len()).map(|i| (schema.clone(), at.pointer().join("examples").join(i)));
                self.places.extend(places);
            }
            _ => {}
        }
    }
}

/// A schema as it is, and as it was where it was there.
#[derive(Clone, Copy)]
struct Schemas<'a> {
    new: &'a Node,
    old: Option<&'a Node>,
}

struct Mend<'a> {
    now: &'a Node,
    before: &'a Node,
    changed: Vec<String>,
    left: Vec<String>,
    /// What is being looked at already, by schema and path.
    above: Vec<(&'a Node, String)>,
}

impl<'a> Mend<'a> {
    /// The value as it should be; `None` where it stays.
    fn value(&mut self, schemas: Schemas<'a>, value: &Node, path: &str, depth: usize) -> Option<Node> {
        let new = resolved(self.now, schemas.new)?;
        let old = schemas.old.and_then(|old| resolved(self.before, old));
        let known = self.above.iter().any(|(schema, at)| std::ptr::eq(*schema, new) && at == path);
        let same = old.is_some_and(|old| hash_content(old) == hash_content(new) && !has_references(new));
        if depth > DEEPEST || known || same {
            return None;
        }
        self.above.push((new, path.to_owned()));
        let out = self.resolved(Schemas { new, old }, value, path, depth);
        self.above.pop();
        out
    }

    fn resolved(&mut self, schemas: Schemas<'a>, value: &Node, path: &str, depth: usize) -> Option<Node> {
        let Schemas { new, old } = schemas;
        if value.is_null() && fits(self.now, new, value) {
            return None;
        }
        if let Some(fault) = fault_here(new, value) {
            // What was wrong before is its author's business.
            if old.is_some_and(|old| fault_here(old, value).is_some()) {
                return None;
            }
            let made = make(self.now, new, value, 0);
            if fault_here(new, &made).is_some() {
                self.left.push(format!("{}{fault}", shown(path)));
                return None;
            }
            self.changed.push(format!("{}{fault}", shown(path)));
            return Some(made);
        }
        if let (Some(pattern), Some(value)) = (text(new, "pattern"), value.as_str())
            && old.is_some_and(|old| text(old, "pattern") != Some(pattern))
            && matches(pattern, value) != Some(true)
        {
            self.left.push(format!("{}it may not match the pattern `{pattern}`", shown(path)));
        }
        let mut out = value.clone();
        for key in ["oneOf", "anyOf"] {
            let branches = list(new, key);
            if branches.is_empty() || branches.iter().any(|branch| fits(self.now, branch, &out)) {
                continue;
            }
            let old_branches = old.map(|old| list(old, key)).unwrap_or_default();
            let fitted = old_branches.iter().position(|branch| fits(self.before, branch, value));
            if old.is_some() && fitted.is_none() {
                continue;
            }
            // The branch that the value was of, else the first of its members.
            let target = fitted.and_then(|i| old_branches.get(i)).and_then(|b| b.get("$ref")?.as_str());
            let same = target
                .and_then(|target| branches.iter().find(|b| b.get("$ref").and_then(Node::as_str) == Some(target)));
            let Some(branch) = same.or_else(|| branches.first()) else { continue };
            let old = fitted.and_then(|i| old_branches.get(i));
            match self.value(Schemas { new: branch, old }, &out, path, depth + 1) {
                Some(mended) if fits(self.now, branch, &mended) => out = mended,
                _ => self.left.push(format!("{}it fits no branch of `{key}`", shown(path))),
            }
        }
        for (i, part) in list(new, "allOf").iter().enumerate() {
            let old = old.and_then(|old| list(old, "allOf").get(i));
            if let Some(mended) = self.value(Schemas { new: part, old }, &out, path, depth + 1) {
                out = mended;
            }
        }
        if out.as_object().is_some() {
            self.members(schemas, &mut out, path, depth);
        }
        if let Kind::Array(values) = &mut out.kind {
            for (i, value) in values.iter_mut().enumerate() {
                let Some(new) = element(new, i) else { break };
                let old = old.and_then(|old| element(old, i));
                if let Some(mended) = self.value(Schemas { new, old }, value, &format!("{path}/{i}"), depth + 1) {
                    *value = mended;
                }
            }
        }
        Some(out)
    }

    fn members(&mut self, schemas: Schemas<'a>, value: &mut Node, path: &str, depth: usize) {
        let Schemas { new, old } = schemas;
        let declared = declared_by(self.now, new);
        let declared_before = old.map(|old| declared_by(self.before, old)).unwrap_or_default();
        let span = value.span;
        let Some(object) = value.as_object_mut() else { return };
        // A part of another schema does not know what the other parts declare.
        let whole = self.above.iter().filter(|(_, at)| at == path).count() == 1;
        let gone: Vec<String> = object
            .iter()
            .map(|e| e.key.clone())
            .filter(|key| whole && declared_before.contains(key.as_str()) && !declared.contains(key.as_str()))
            .collect();
        // Nothing of it is left: it shows another thing now.
        if !gone.is_empty() && gone.len() == object.len() {
            self.changed.push(format!("{}made anew: its schema has nothing of it", shown(path)));
            *value = make(self.now, new, &Node::new(span, Kind::Null), 0);
            return;
        }
        for key in gone {
            object.remove(&key);
            self.changed.push(format!("{}`{key}` is gone", shown(path)));
        }
        let properties = new.get("properties").and_then(Node::as_object);
        for e in properties.into_iter().flatten() {
            let Some(there) = object.get_mut(&e.key) else { continue };
            let old = old.and_then(|old| old.get("properties")?.get(&e.key));
            let below = format!("{path}/{}", e.key);
            if let Some(mended) = self.value(Schemas { new: &e.value, old }, there, &below, depth + 1) {
                *there = mended;
            }
        }
        if let Some(values) = new.get("additionalProperties").filter(|values| values.as_object().is_some()) {
            let old = old.and_then(|old| old.get("additionalProperties"));
            for e in object.iter_mut().filter(|e| !declared.contains(e.key.as_str())) {
                let below = format!("{path}/{}", e.key);
                if let Some(mended) = self.value(Schemas { new: values, old }, &e.value, &below, depth + 1) {
                    e.value = mended;
                }
            }
        }
        let was_required: BTreeSet<&str> =
            old.map(|old| list(old, "required")).unwrap_or_default().iter().filter_map(Node::as_str).collect();
        for name in list(new, "required").iter().filter_map(Node::as_str) {
            if object.contains(name) || was_required.contains(name) {
                continue;
            }
            let schema = properties.and_then(|properties| properties.get(name));
            let made = schema.map(|schema| make(self.now, schema, &Node::new(span, Kind::Null), 0));
            let Some(made) = made.filter(|made| schema.is_some_and(|schema| is_right(self.now, schema, made, 0)))
            else {
                self.left.push(format!("{}`{name}` is required now", shown(path)));
                continue;
            };
            insert_in_order(object, name, made, properties);
            self.changed.push(format!("{}`{name}` is required now", shown(path)));
        }
    }
}

/// Puts a member where the schema has it: after the nearest one before it that is there.
fn insert_in_order(object: &mut Object, name: &str, value: Node, properties: Option<&Object>) {
    let names: Vec<&str> = properties.into_iter().flatten().map(|e| e.key.as_str()).collect();
    let at = names.iter().position(|n| *n == name).unwrap_or(names.len());
    let before = names.get(..at).unwrap_or_default().iter().rev().find(|n| object.contains(n)).map(|n| (*n).to_owned());
    let mut out = Object::new();
    let first = before.is_none()
        && at < names.len()
        && names.get(at + 1..).unwrap_or_default().iter().any(|n| object.contains(n));
    let entry = crate::document::Entry { key: name.to_owned(), key_span: value.span, value };
    let mut entry = Some(entry);
    if first {
        entry.take().into_iter().for_each(|e| out.push(e));
    }
    for e in object.iter() {
        out.push(e.clone());
        if before.as_deref() == Some(e.key.as_str()) {
            entry.take().into_iter().for_each(|e| out.push(e));
        }
    }
    entry.into_iter().for_each(|e| out.push(e));
    *object = out;
}

fn shown(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`: ") }
}

fn has_references(schema: &Node) -> bool {
    match &schema.kind {
        Kind::Object(members) => members.contains("$ref") || members.iter().any(|e| has_references(&e.value)),
        Kind::Array(items) => items.iter().any(has_references),
        _ => false,
    }
}

/// Whether a text matches a pattern; `None` where the pattern is not of the kind that is understood here.
fn matches(pattern: &str, value: &str) -> Option<bool> {
    regex::Regex::new(pattern).ok().map(|regex| regex.is_match(value))
}

/// Whether a value is right in all that is looked at here, its patterns too.
fn is_right(root: &Node, schema: &Node, value: &Node, depth: usize) -> bool {
    if !fits(root, schema, value) {
        return false;
    }
    let Some(schema) = resolved(root, schema).filter(|_| depth < DEEPEST) else { return true };
    if let (Some(pattern), Some(value)) = (text(schema, "pattern"), value.as_str()) {
        return matches(pattern, value) == Some(true);
    }
    let members = value.as_object().into_iter().flatten().all(|e| {
        let of = schema.get("properties").and_then(|properties| properties.get(&e.key));
        of.is_none_or(|of| is_right(root, of, &e.value, depth + 1))
    });
    let mut elements = value.as_array().into_iter().flatten().enumerate();
    members && elements.all(|(i, v)| element(schema, i).is_none_or(|of| is_right(root, of, v, depth + 1)))
}

/// Texts of the shapes that patterns ask for most.
const TEXTS: &[&str] = &[
    "text",
    "1",
    "2026-01-31",
    "2026-01-31T12:00:00Z",
    "BRL",
    "12345678",
    "12345678901",
    "12345678000190",
    "100.00",
    "2026-01",
    "A",
];

/// A value of the schema: as it shows it, else made of its parts. `like` is what stood there.
fn make(root: &Node, schema: &Node, like: &Node, depth: usize) -> Node {
    let span = like.span;
    let node = |kind| Node::new(span, kind);
    let Some(schema) = resolved(root, schema).filter(|_| depth <= 8) else { return node(Kind::Null) };
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    for key in ["example", "default"] {
        if let Some(shown) = schema.get(key).filter(|shown| fits(root, schema, shown)) {
            return shown.clone();
        }
    }
    if let Some(first) = list(schema, "enum").iter().find(|v| !v.is_null()) {
        return first.clone();
    }
    if let Some(branch) = list(schema, "oneOf").iter().chain(list(schema, "anyOf")).next() {
        return make(root, branch, like, depth + 1);
    }
    // A list of one where one was meant, and the other way round.
    let types = types(schema);
    let first = types.iter().find(|t| **t != "null").copied();
    let places = list(schema, "prefixItems");
    if !places.is_empty() {
        let of = |place| make(root, place, &node(Kind::Null), depth + 1);
        return node(Kind::Array(places.iter().map(of).collect()));
    }
    if first == Some("array") || schema.get("items").is_some() {
        let items = schema.get("items");
        let only = items.filter(|items| !like.is_null() && fits(root, items, like)).map(|_| like.clone());
        return node(Kind::Array(
            only.or_else(|| items.map(|items| make(root, items, like, depth + 1))).into_iter().collect(),
        ));
    }
    if let Some(one) = like.as_array().and_then(|items| items.first()).filter(|one| fits(root, schema, one)) {
        return one.clone();
    }
    let is_object = first == Some("object") || schema.get("properties").is_some() || !list(schema, "allOf").is_empty();
    if is_object && first.is_none_or(|t| t == "object") {
        let mut object = Object::new();
        for part in list(schema, "allOf") {
            if let Kind::Object(members) = make(root, part, &node(Kind::Null), depth + 1).kind {
                members.into_iter().for_each(|e| drop(object.replace(e)));
            }
        }
        for e in schema.get("properties").and_then(Node::as_object).into_iter().flatten() {
            let required = list(schema, "required").iter().any(|name| name.as_str() == Some(&e.key));
            // What may be left out is shown too, but not deep down.
            if required || depth < 4 {
                object.insert(e.key.clone(), make(root, &e.value, &node(Kind::Null), depth + 1));
            }
        }
        return node(Kind::Object(object));
    }
    if let Some(pattern) = text(schema, "pattern").filter(|_| first.is_none_or(|t| t == "string")) {
        let regex = regex::Regex::new(pattern).ok();
        let fitting = |text: &&&str| {
            let matches = regex.as_ref().is_some_and(|regex| regex.is_match(text));
            matches && fault_here(schema, &Node::string(span, **text)).is_none()
        };
        return match TEXTS.iter().find(fitting) {
            Some(text) => Node::string(span, *text),
            None if schema.flag("nullable") || types.contains(&"null") => node(Kind::Null),
            None => Node::string(span, "text"),
        };
    }
    let number = |key: &str| schema.get(key).and_then(Node::as_number).map(str::to_owned);
    node(match (first, text(schema, "format")) {
        (Some("boolean"), _) => Kind::Bool(true),
        (Some("integer"), _) => {
            Kind::Number(number("minimum").or_else(|| number("maximum")).unwrap_or_else(|| "1".to_owned()))
        }
        (Some("number"), _) => {
            Kind::Number(number("minimum").or_else(|| number("maximum")).unwrap_or_else(|| "1.5".to_owned()))
        }
        (Some("null"), _) => Kind::Null,
        (_, Some("date")) => Kind::String("2026-01-31".to_owned()),
        (_, Some("date-time")) => Kind::String("2026-01-31T12:00:00Z".to_owned()),
        (_, Some("uuid")) => Kind::String("6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b".to_owned()),
        (_, Some("email")) => Kind::String("name@example.com".to_owned()),
        (_, Some("uri" | "url")) => Kind::String("https://example.com".to_owned()),
        // What a scalar of another kind said, as text.
        _ => match (&like.kind, &like.as_array().map(<[Node]>::len)) {
            (Kind::Number(text), _) => Kind::String(text.clone()),
            (Kind::Bool(b), _) => Kind::String(b.to_string()),
            (_, Some(_)) => Kind::String(joined(like)),
            _ => Kind::String("text".to_owned()),
        },
    })
}

/// The scalars of a list with commas, as queries have them.
fn joined(list: &Node) -> String {
    let words = list.as_array().into_iter().flatten();
    let words: Vec<&str> = words.filter_map(|n| n.as_str().or_else(|| n.as_number())).collect();
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, at, is_right, make};
    use crate::base::Span;
    use crate::base::diagnostic::Diagnostics;
    use crate::document::load::load_str;

    #[test]
    fn what_is_made_is_right() {
        for schema in [
            "{const: 7}",
            "{type: string, const: a, example: b}",
            "{type: array, prefixItems: [{type: string}, {type: integer}]}",
            "{type: array, prefixItems: [{const: x}], items: {type: boolean}}",
        ] {
            let text = format!("openapi: 3.1.0\nschema: {schema}\n");
            let root = load_str("x.yaml", &text, &mut Diagnostics::new()).expect("it is read").root;
            let of = at(&root, "/schema").expect("it");
            let made = make(&root, of, &Node::new(Span::default(), Kind::Null), 0);
            assert!(is_right(&root, of, &made, 0), "{schema}: {}", made.to_json());
        }
    }
}
