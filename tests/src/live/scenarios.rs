//! Which calls are made, and with which values.
//!
//! In this order: what the table of the suite says; the document's own example of the operation; the only value of an `enum`;
//! for a body, what the GET of the same path answers, which makes a round trip of it; for what must be given, its default,
//! else some value. What need not be given and has no value is left out.

use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::document::load::read_str;
use generator::document::{Kind, Node};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is to come of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The answer is read.
    Read,
    /// It is read, and a deviation says that a value is not what the document says.
    Deviation,
    /// The answer or one of its headers is no value of the type, or the status is not declared: an error says so.
    Error,
    /// The server has no such path, and says so.
    Unserved,
    /// The call is not made.
    Skip,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The document's name.
    pub document: String,
    /// The `operationId`.
    pub operation: String,
    /// Which of the operation's calls it is.
    pub number: usize,
    /// The values of parameters, by their names.
    pub values: BTreeMap<String, Value>,
    /// Headers that the document does not know, as a caller sets them for one call.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Option<Value>,
    /// What is sent in its place, by its media type.
    pub other: Option<(String, Value)>,
    /// Names of what must be given and of which nothing says a value.
    pub made_up: Vec<String>,
    /// What is to come of it.
    pub wanted: Wanted,
}

impl Scenario {
    /// `document operation`, and the number unless it is the first.
    pub fn name(&self) -> String {
        match self.number {
            0 => format!("{} {}", self.document, self.operation),
            more => format!("{} {} {}", self.document, self.operation, more + 1),
        }
    }
}

/// JSON with numbers as they are: the nearest double, where `serde_json` alone may take the next one.
///
/// # Errors
/// When it is no JSON.
pub fn exact(text: &str) -> Result<Value, String> {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let node = read_str("text.json", text, &mut sources, &mut diagnostics);
    node.filter(|_| !diagnostics.has_errors()).map(|node| value(&node)).ok_or_else(|| "no JSON".to_owned())
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Number(text) => {
            let whole = text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<u64>().map(Value::from));
            whole.unwrap_or_else(|_| text.parse::<f64>().map_or(Value::Null, Value::from))
        }
        Kind::Array(items) => items.iter().map(value).collect(),
        Kind::Object(members) => members.iter().map(|m| (m.key.to_string(), value(&m.value))).collect(),
        Kind::Null | Kind::Bool(_) | Kind::String(_) => crate::run::value(node),
    }
}

/// The calls of a document.
///
/// `table`: operation → a list of calls, each of which has values by the names of parameters (null: it is left out), `$body`, `$as`
/// with the media type of another body, `$headers`, `$skip` with a reason, and `$wanted: "error"` or `"deviation"`. `$unserved` lists operations whose path the server does not have; `true`
/// is all of them. A body `{ "$get": path }` is what that path answers. `get` gives
/// what a path answers.
pub fn scenarios(name: &str, path: &Path, table: &Value, get: impl Fn(&str) -> Option<Value>) -> Vec<Scenario> {
    let text = fs::read_to_string(path).expect("a document");
    let document = exact(&text).expect("a document");
    let place = Place { name, folder: path.parent().expect("a folder"), document: &document, table, get: &get };
    let mut out = Vec::new();
    for paths in ["paths", "x-ms-paths"] {
        for (path, item) in document[paths].as_object().into_iter().flatten() {
            for operation in item.as_object().into_iter().flatten().map(|(_, operation)| operation) {
                let Some(id) = operation["operationId"].as_str() else { continue };
                let none = [json!({})];
                let listed = table[id].as_array().map_or(none.as_slice(), Vec::as_slice);
                let each = listed.iter().enumerate();
                out.extend(each.map(|(number, given)| place.scenario(path, item, operation, number, given)));
            }
        }
    }
    let unknown = table.as_object().into_iter().flatten().map(|(id, _)| id);
    let unknown: Vec<&String> =
        unknown.filter(|id| !id.starts_with('$') && !out.iter().any(|s| s.operation == **id)).collect();
    assert!(unknown.is_empty(), "the table knows operations that {name} does not have: {unknown:?}");
    out
}

struct Place<'a, G> {
    name: &'a str,
    folder: &'a Path,
    document: &'a Value,
    table: &'a Value,
    get: &'a G,
}

impl<'a, G: Fn(&str) -> Option<Value>> Place<'a, G> {
    fn scenario(&self, path: &str, item: &'a Value, operation: &'a Value, number: usize, given: &Value) -> Scenario {
        let id = text(operation, "operationId");
        let unserved = match &self.table["$unserved"] {
            Value::Array(list) => list.iter().any(|one| one == id),
            all => *all == true,
        };
        let wanted = match (&given["$skip"], given["$wanted"].as_str()) {
            (Value::String(_), _) => Wanted::Skip,
            (_, Some("error")) => Wanted::Error,
            (_, Some("deviation")) => Wanted::Deviation,
            (_, Some(other)) => panic!("{other}"),
            (_, None) if unserved => Wanted::Unserved,
            (_, None) => Wanted::Read,
        };
        let headers = given["$headers"].as_object().into_iter().flatten();
        let mut out = Scenario {
            document: self.name.to_owned(),
            operation: id.to_owned(),
            number,
            values: BTreeMap::new(),
            headers: headers.map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned())).collect(),
            body: None,
            other: given["$as"]
                .as_object()
                .and_then(|others| others.iter().next())
                .map(|(of, value)| (of.clone(), value.clone())),
            made_up: Vec::new(),
            wanted,
        };
        let example = self.example(operation);
        let mut form = Map::new();
        let mut known = vec!["$as", "$body", "$headers", "$skip", "$wanted"];
        let all = [operation, item].into_iter().flat_map(|of| of["parameters"].as_array().into_iter().flatten());
        for parameter in all.map(|p| self.follow(p)) {
            let (wire, location) = (text(parameter, "name"), text(parameter, "in"));
            let key = if location == "body" { "$body" } else { wire };
            if known.contains(&wire) {
                continue;
            }
            known.push(wire);
            let schema = self.follow(parameter.get("schema").unwrap_or(parameter));
            let only = schema["enum"].as_array().filter(|list| list.len() == 1).and_then(|list| list.first());
            let answer = || (location == "body" && !path.contains('{')).then(|| (self.get)(path)).flatten();
            let found = given.get(key).or_else(|| example.as_ref()?.get(wire)).cloned();
            let found = found.or_else(|| only.cloned()).or_else(answer);
            let required = parameter["required"] == true;
            let value = match found.or_else(|| schema.get("default").filter(|_| required).cloned()) {
                Some(Value::Null) => continue,
                None if !required => continue,
                None => {
                    out.made_up.push(wire.to_owned());
                    some(schema)
                }
                Some(value) => match value["$get"].as_str() {
                    Some(path) => (self.get)(path).unwrap_or_else(|| panic!("{path} answers nothing")),
                    None => value,
                },
            };
            match location {
                "body" => out.body = Some(value),
                "formData" => drop(form.insert(wire.to_owned(), value)),
                _ => drop(out.values.insert(wire.to_owned(), value)),
            }
        }
        let unknown: Vec<&String> =
            given.as_object().expect("a call").keys().filter(|k| !known.contains(&k.as_str())).collect();
        assert!(unknown.is_empty(), "{}: the table knows parameters that it does not have: {unknown:?}", out.name());
        if !form.is_empty() {
            out.body = Some(Value::Object(form));
        }
        out
    }

    fn follow(&self, mut node: &'a Value) -> &'a Value {
        while let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            node = self.document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
        }
        node
    }

    /// The values of the operation's first example, by name.
    fn example(&self, operation: &Value) -> Option<Value> {
        let (_, first) = operation["x-ms-examples"].as_object()?.iter().next()?;
        let text = fs::read_to_string(self.folder.join(first["$ref"].as_str()?)).ok()?;
        exact(&text).ok().map(|example| example["parameters"].clone())
    }
}

fn text<'v>(node: &'v Value, key: &str) -> &'v str {
    node[key].as_str().unwrap_or_default()
}

/// Some value of a schema.
fn some(schema: &Value) -> Value {
    let first = schema["enum"].as_array().and_then(|list| list.first());
    first.cloned().unwrap_or_else(|| match text(schema, "type") {
        "integer" => json!(1),
        "number" => json!(1.5),
        "boolean" => json!(true),
        "array" => json!([]),
        "string" => json!("text"),
        _ => json!({}),
    })
}
