//! Values and schemas: whether a value is what the schema of its place says, and what of it is not. For `adopt`, which mends examples,
//! and `learn`, which mends documents. Patterns are left aside.

use super::{Kind, Node, hash_content};
use crate::base::Pointer;
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

/// What a node means: itself, or where its `$ref` leads, through others, with the pointer of the last one. `find` has what is at a
/// pointer. `None` where a reference leads out of the document, nowhere, or back to itself.
pub(crate) fn follow<'n>(
    mut node: &'n Node,
    find: impl Fn(&str) -> Option<&'n Node>,
) -> Option<(Option<String>, &'n Node)> {
    let mut pointer = None;
    for _ in 0..DEEPEST {
        let Some(target) = text(node, "$ref") else { return Some((pointer, node)) };
        let target = canonical(target)?;
        node = find(&target)?;
        pointer = Some(target);
    }
    None
}

/// The schema that a reference means, through others.
pub(crate) fn resolved<'n>(root: &'n Node, schema: &'n Node) -> Option<&'n Node> {
    follow(schema, |pointer| at(root, pointer)).map(|(_, schema)| schema)
}

/// What a place means, and where that is.
pub(crate) fn followed<'n>(root: &'n Node, place: &Pointer) -> Option<(Pointer, &'n Node)> {
    let (pointer, node) = follow(at(root, place.as_str())?, |pointer| at(root, pointer))?;
    Some((pointer.and_then(|pointer| Pointer::parse(&pointer)).unwrap_or_else(|| place.clone()), node))
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
        Kind::Number(n) if whole(n).is_some() => "integer",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::Array(_) => "array",
        Kind::Object(_) => "object",
        Kind::Null => "null",
    }
}

/// How many digits a whole number is written out with: `f64` ends at 309.
const DIGITS: usize = 400;

/// The digits of a whole number, however it is written: `3`, `3.0` and `0.3e1` are the integer 3 (JSON Schema, 4.2.3). `None` for one
/// with a fraction, or of more than [`DIGITS`].
pub(crate) fn whole(number: &str) -> Option<String> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let digits = mantissa.trim_start_matches(['-', '+']);
    let (units, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{units}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    let significant = digits.trim_end_matches('0');
    let zeros = digits.len() as i64 - significant.len() as i64 - fraction.len() as i64;
    let zeros = usize::try_from(exponent.parse::<i64>().ok()?.checked_add(zeros)?).ok()?;
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    (significant.len().checked_add(zeros)? <= DIGITS).then(|| format!("{sign}{significant}{}", "0".repeat(zeros)))
}

/// Whether two values are one: numbers by their value as far as they are whole.
fn same(a: &Node, b: &Node) -> bool {
    let whole = |node: &Node| node.as_number().and_then(whole);
    hash_content(a) == hash_content(b) || whole(a).is_some_and(|a| whole(b) == Some(a))
}

/// The first of [`faults_here`].
pub(crate) fn fault_here(schema: &Node, value: &Node) -> Option<Fault> {
    faults_here(schema, value).into_iter().next()
}

/// All that is wrong with a value by itself, without looking into it. What is null, of another type or not listed is nothing else.
pub(crate) fn faults_here(schema: &Node, value: &Node) -> Vec<Fault> {
    let types = types(schema);
    if schema.get("const").is_some_and(|only| !same(only, value)) {
        return vec![if value.is_null() { Fault::Null } else { Fault::Constant }];
    }
    if value.is_null() {
        let may_be = types.is_empty() || is_nullable(schema) || types.contains(&"null");
        let listed =
            schema.get("enum").is_none() || list(schema, "enum").iter().any(Node::is_null) || is_nullable(schema);
        return if may_be && listed { Vec::new() } else { vec![Fault::Null] };
    }
    let is = kind(value);
    let whole = is == "integer" && types.contains(&"number");
    if !types.is_empty() && !types.contains(&is) && !whole {
        return vec![Fault::Kind(format!("{} and not {}", value.type_name(), types.join(" or ")))];
    }
    let values = list(schema, "enum");
    if !values.is_empty() && !values.iter().any(|v| same(v, value)) {
        return vec![Fault::Unlisted];
    }
    let number = |node: Option<&Node>| node.and_then(Node::as_number).and_then(|n| n.parse::<f64>().ok());
    let limit = |key: &str| number(schema.get(key));
    let sizes = match &value.kind {
        Kind::Number(_) => number(Some(value)).map(|size| (size, "minimum", "maximum")),
        Kind::String(s) => Some((s.chars().count() as f64, "minLength", "maxLength")),
        Kind::Array(items) => Some((items.len() as f64, "minItems", "maxItems")),
        _ => None,
    };
    let mut out = Vec::new();
    if let Some((size, least, most)) = sizes {
        let broken = [(least, limit(least).is_some_and(|l| size < l)), (most, limit(most).is_some_and(|l| size > l))];
        out.extend(broken.into_iter().filter(|(_, broken)| *broken).map(|(key, _)| Fault::Limit(key)));
    }
    if let (Some(format), Some(value)) = (text(schema, "format"), value.as_str())
        && !has_format(format, value)
    {
        out.push(Fault::Format(format.to_owned()));
    }
    out
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
    use super::{at, fault_here, fits, follow, whole};
    use crate::base::{Sources, diagnostic::Diagnostics};
    use crate::document::load::{self, load_str};

    #[test]
    fn constants_and_places_are_looked_at() {
        for (schema, value, expected) in [
            ("{const: a}", "a", true),
            ("{const: a}", "b", false),
            ("{const: 1}", "1.0", true),
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

    #[test]
    fn whole_numbers_are_whole_however_they_are_written() {
        let large = format!("1{}", "0".repeat(22));
        for (number, digits) in [
            ("3", Some("3")),
            ("3.0", Some("3")),
            ("-3.00e0", Some("-3")),
            ("0.3e1", Some("3")),
            ("120e-1", Some("12")),
            ("-0.0", Some("0")),
            ("1e22", Some(large.as_str())),
            ("18446744073709551616", Some("18446744073709551616")),
            ("3.5", None),
            ("121e-1", None),
            ("1e999999999999", None),
            ("1e99999999999999999999", None),
        ] {
            assert_eq!(whole(number).as_deref(), digits, "{number}");
        }
    }

    #[test]
    fn references_that_lead_nowhere_end() {
        let text = r##"{"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": {"$ref": "#/d"}, "d": {"x": 1}, "e": {"$ref": "#/none"}}"##;
        let root = load::read_json("a.json", text, &mut Sources::new(), &mut Diagnostics::new()).expect("it is JSON");
        let pointer = |name: &str| follow(root.get(name)?, |pointer| super::at(&root, pointer)).map(|(to, _)| to);
        assert_eq!(pointer("a"), None);
        assert_eq!(pointer("c"), Some(Some("/d".to_owned())));
        assert_eq!(pointer("d"), Some(None));
        assert_eq!(pointer("e"), None);
    }
}
