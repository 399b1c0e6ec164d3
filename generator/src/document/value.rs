//! Values and schemas: whether a value is what the schema of its place says, and what of it is not. For `adopt`, which mends examples,
//! and `learn`, which mends documents. Patterns are left aside.

use super::{Kind, Node, hash_content};
use crate::base::pointer::{self, canonical};
use std::collections::BTreeSet;
use std::fmt;

/// How deep values are looked into and made.
pub(crate) const DEEPEST: usize = 24;

/// What a document has at a pointer.
pub(crate) fn at<'a>(root: &'a Node, pointer: &str) -> Option<&'a Node> {
    let steps = pointer::segments(pointer);
    root.at(steps.iter().map(String::as_str))
}

/// A text among the members of a schema.
pub(crate) fn text<'n>(schema: &'n Node, key: &str) -> Option<&'n str> {
    schema.get(key)?.as_str()
}

/// A list among the members of a schema; empty where there is none.
pub(crate) fn list<'n>(schema: &'n Node, key: &str) -> &'n [Node] {
    schema.get(key).and_then(Node::as_array).unwrap_or_default()
}

/// What the elements of an array are: those at the first places what `prefixItems` says of each, all after them what `items` says.
pub(crate) fn element(schema: &Node, index: usize) -> Option<&Node> {
    list(schema, "prefixItems").get(index).or_else(|| schema.get("items"))
}

/// The schema that a reference means, through others.
pub(crate) fn resolved<'n>(root: &'n Node, schema: &'n Node) -> Option<&'n Node> {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        match text(schema, "$ref") {
            Some(target) => schema = at(root, &canonical(target)?)?,
            None => return Some(schema),
        }
    }
    None
}

/// The members that a schema and its parts declare.
pub(crate) fn declared<'n>(root: &'n Node, schema: &'n Node) -> BTreeSet<&'n str> {
    let mut out = BTreeSet::new();
    // Parts of parts may be the whole again.
    let (mut seen, mut open) = (Vec::new(), vec![schema]);
    while let Some(schema) = open.pop() {
        let Some(schema) = resolved(root, schema).filter(|schema| !seen.iter().any(|s| std::ptr::eq(*s, *schema)))
        else {
            continue;
        };
        seen.push(schema);
        let properties = schema.get("properties").and_then(Node::as_object);
        out.extend(properties.into_iter().flatten().map(|e| e.key.as_str()));
        open.extend(["allOf", "oneOf", "anyOf"].iter().flat_map(|key| list(schema, key)));
    }
    out
}

/// The types a schema allows; none is any.
pub(crate) fn types(schema: &Node) -> Vec<&str> {
    match schema.get("type") {
        Some(node) => {
            node.as_str().into_iter().chain(node.as_array().into_iter().flatten().filter_map(Node::as_str)).collect()
        }
        None => Vec::new(),
    }
}

/// Whether a schema is flagged as one of values that may be null.
pub(crate) fn is_nullable(schema: &Node) -> bool {
    schema.flag("nullable") || schema.flag("x-nullable")
}

/// What is wrong with a value by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is null.
    Null,
    /// It is of another JSON type; which, and which it should be.
    Kind(String),
    /// It is none of the listed ones.
    Unlisted,
    /// It is not the only one.
    Constant,
    /// It is beyond a limit: the keyword.
    Limit(&'static str),
    /// It is not of this format.
    Format(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("it may not be null"),
            Self::Kind(which) => write!(f, "it is {which}"),
            Self::Unlisted => f.write_str("its value is none of `enum`"),
            Self::Constant => f.write_str("its value is not that of `const`"),
            Self::Limit(key) => write!(f, "`{key}` does not allow it"),
            Self::Format(format) => write!(f, "it is no `{format}`"),
        }
    }
}

/// The JSON type of a value, in the words of `type`.
pub(crate) fn kind(value: &Node) -> &'static str {
    match &value.kind {
        Kind::Bool(_) => "boolean",
        Kind::Number(n) if n.contains(['.', 'e', 'E']) => "number",
        Kind::Number(_) => "integer",
        Kind::String(_) => "string",
        Kind::Array(_) => "array",
        Kind::Object(_) => "object",
        Kind::Null => "null",
    }
}

/// What is wrong with a value by itself, without looking into it.
pub(crate) fn fault_here(schema: &Node, value: &Node) -> Option<Fault> {
    let types = types(schema);
    if schema.get("const").is_some_and(|only| hash_content(only) != hash_content(value)) {
        return Some(if value.is_null() { Fault::Null } else { Fault::Constant });
    }
    if value.is_null() {
        let may_be = types.is_empty() || is_nullable(schema) || types.contains(&"null");
        let listed =
            schema.get("enum").is_none() || list(schema, "enum").iter().any(Node::is_null) || is_nullable(schema);
        return (!may_be || !listed).then_some(Fault::Null);
    }
    let is = kind(value);
    let whole = is == "integer" && types.contains(&"number");
    if !types.is_empty() && !types.contains(&is) && !whole {
        return Some(Fault::Kind(format!("{} and not {}", value.type_name(), types.join(" or "))));
    }
    let values = list(schema, "enum");
    if !values.is_empty() && !values.iter().any(|v| hash_content(v) == hash_content(value)) {
        return Some(Fault::Unlisted);
    }
    let number = |node: Option<&Node>| node.and_then(Node::as_number).and_then(|n| n.parse::<f64>().ok());
    let limit = |key: &str| number(schema.get(key));
    let sizes = match &value.kind {
        Kind::Number(_) => Some((number(Some(value))?, "minimum", "maximum")),
        Kind::String(s) => Some((s.chars().count() as f64, "minLength", "maxLength")),
        Kind::Array(items) => Some((items.len() as f64, "minItems", "maxItems")),
        _ => None,
    };
    if let Some((size, least, most)) = sizes {
        let broken = [(least, limit(least).is_some_and(|l| size < l)), (most, limit(most).is_some_and(|l| size > l))];
        if let Some((key, _)) = broken.into_iter().find(|(_, broken)| *broken) {
            return Some(Fault::Limit(key));
        }
    }
    match (text(schema, "format"), value.as_str()) {
        (Some(format), Some(value)) if !has_format(format, value) => Some(Fault::Format(format.to_owned())),
        _ => None,
    }
}

/// Whether a text is of a format, as far as that is looked at.
pub(crate) fn has_format(format: &str, value: &str) -> bool {
    let shape = |pattern: &str, text: &str| {
        text.len() == pattern.len()
            && text.chars().zip(pattern.chars()).all(|(c, p)| match p {
                '0' => c.is_ascii_digit(),
                'f' => c.is_ascii_hexdigit(),
                p => c == p,
            })
    };
    match format {
        "date" => shape("0000-00-00", value),
        "date-time" => value.get(..11).is_some_and(|date| shape("0000-00-00T", date) || shape("0000-00-00t", date)),
        "uuid" => shape("ffffffff-ffff-ffff-ffff-ffffffffffff", value),
        _ => true,
    }
}

/// Whether a value is one of the schema, as far as that is looked at here.
pub(crate) fn fits(root: &Node, schema: &Node, value: &Node) -> bool {
    Fits { root, above: Vec::new() }.schema(schema, value)
}

/// Goes down a value and its schema.
struct Fits<'n> {
    root: &'n Node,
    /// What is being looked at already: a part of a schema may be the whole again, which then says nothing new.
    above: Vec<(&'n Node, *const Node)>,
}

impl<'n> Fits<'n> {
    fn schema(&mut self, schema: &'n Node, value: &Node) -> bool {
        let Some(schema) = resolved(self.root, schema).filter(|_| self.above.len() <= DEEPEST) else { return true };
        let known = |(s, v): &(&Node, *const Node)| std::ptr::eq(*s, schema) && std::ptr::eq(*v, value);
        if self.above.iter().any(known) {
            return true;
        }
        self.above.push((schema, value));
        let fits = self.within(schema, value);
        self.above.pop();
        fits
    }

    fn within(&mut self, schema: &'n Node, value: &Node) -> bool {
        if fault_here(schema, value).is_some() {
            return false;
        }
        let mut any =
            |key: &str| list(schema, key).is_empty() || list(schema, key).iter().any(|b| self.schema(b, value));
        if value.is_null() {
            return is_nullable(schema) || any("oneOf") && any("anyOf");
        }
        if !(any("oneOf") && any("anyOf") && list(schema, "allOf").iter().all(|part| self.schema(part, value))) {
            return false;
        }
        if let Some(object) = value.as_object() {
            let properties = schema.get("properties").and_then(Node::as_object);
            return list(schema, "required").iter().filter_map(Node::as_str).all(|name| object.contains(name))
                && properties
                    .into_iter()
                    .flatten()
                    .all(|e| object.get(&e.key).is_none_or(|v| self.schema(&e.value, v)));
        }
        let elements = value.as_array().unwrap_or_default();
        elements.iter().enumerate().all(|(i, v)| element(schema, i).is_none_or(|of| self.schema(of, v)))
    }
}

#[cfg(test)]
mod tests {
    use super::{at, fault_here, fits};
    use crate::base::diagnostic::Diagnostics;
    use crate::document::load::load_str;

    #[test]
    fn constants_and_places_are_looked_at() {
        for (schema, value, expected) in [
            ("{const: a}", "a", true),
            ("{const: a}", "b", false),
            ("{const: null}", "null", true),
            ("{const: a, nullable: true}", "null", false),
            ("{prefixItems: [{type: string}, {const: 1}]}", "[a, 1]", true),
            ("{prefixItems: [{type: string}, {const: 1}]}", "[a, 2]", false),
            ("{prefixItems: [{type: string}], items: {type: integer}}", "[a, 1, 2]", true),
            ("{prefixItems: [{type: string}], items: {type: integer}}", "[a, 1, b]", false),
            ("{prefixItems: [{type: string}], items: {type: integer}}", "[1]", false),
        ] {
            let text = format!("openapi: 3.1.0\nschema: {schema}\nvalue: {value}\n");
            let root = load_str("x.yaml", &text, &mut Diagnostics::new()).expect("it is read").root;
            let (of, value) = (at(&root, "/schema").expect("it"), at(&root, "/value").expect("it"));
            assert_eq!(fits(&root, of, value), expected, "{text}");
            assert!(expected || value.as_array().is_some() || fault_here(of, value).is_some(), "{text}");
        }
    }
}
