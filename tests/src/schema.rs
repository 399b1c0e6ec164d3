//! A validator of its own: what a JSON value has against a schema of OpenAPI 3.0, found without any code of the compiler
//! or the runtime, so that what those report can be compared with it.
//!
//! It knows what is a matter of kind: types, null, required members, choices without a fitting branch. Values (enums,
//! patterns, formats, ranges) are nobody's reason to refuse a response, so they are only looked at on request.

use serde_json::Value;
use std::collections::BTreeSet;

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Another JSON type.
    Type,
    /// `null` where it is not allowed.
    Null,
    /// A required member that is declared is missing.
    Required,
    /// A required member that is declared nowhere is missing.
    Undeclared,
    /// No branch of a `oneOf` or `anyOf` fits.
    NoBranch,
}

/// One thing that is wrong, and where: `$.results[0].year`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The place in the value.
    pub path: String,
    /// What is wrong there.
    pub what: What,
}

/// A document whose schemas values are held against.
#[derive(Debug, Clone)]
pub struct Document(pub Value);

impl Document {
    /// The schema of an operation's JSON response.
    pub fn response(&self, operation: &str, status: u16) -> Option<&Value> {
        let paths = self.0.get("paths")?.as_object()?;
        let found = paths
            .values()
            .filter_map(Value::as_object)
            .flat_map(|item| item.values())
            .find(|o| o.get("operationId").and_then(Value::as_str) == Some(operation))?;
        let response = self.follow(found.get("responses")?.get(status.to_string())?);
        response.get("content")?.get("application/json")?.get("schema")
    }

    fn follow<'a>(&'a self, mut node: &'a Value) -> &'a Value {
        while let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            node = self.0.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
        }
        node
    }

    /// All that is wrong with `value` as `schema`.
    pub fn check(&self, schema: &Value, value: &Value) -> Vec<Finding> {
        let mut out = Vec::new();
        self.walk(schema, value, "$", &mut out);
        out
    }

    /// The places in `value` where `schema` offers a choice.
    pub fn choices(&self, schema: &Value, value: &Value) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        self.walk_choices(schema, value, "$", &mut out);
        out
    }

    fn walk_choices(&self, schema: &Value, value: &Value, path: &str, out: &mut BTreeSet<String>) {
        let schema = self.follow(schema);
        for key in ["oneOf", "anyOf", "allOf"] {
            for branch in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
                if key != "allOf" {
                    out.insert(path.to_owned());
                }
                self.walk_choices(branch, value, path, out);
            }
        }
        if let Some(items) = schema.get("items") {
            for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                self.walk_choices(items, item, &format!("{path}[{i}]"), out);
            }
        }
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(member) = value.get(name) {
                self.walk_choices(property, member, &below(path, name), out);
            }
        }
    }

    /// Whether `null` may stand for `schema`: it, a part of its `allOf` or one of its branches says so, or nothing is said.
    fn nullable(&self, schema: &Value) -> bool {
        // Beside a reference, where 3.0 has it ignored, is where our overlay puts the flag.
        let beside = schema;
        let schema = self.follow(schema);
        if [beside, schema].iter().any(|s| s.get("nullable") == Some(&Value::Bool(true))) {
            return true;
        }
        let parts = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        let within = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(parts).any(|part| self.nullable(part));
        let silent = ["type", "properties", "items", "enum", "allOf", "oneOf", "anyOf"];
        within || !silent.iter().any(|key| schema.get(key).is_some())
    }

    fn walk(&self, schema: &Value, value: &Value, path: &str, out: &mut Vec<Finding>) {
        let nullable = self.nullable(schema);
        let schema = self.follow(schema);
        let mut found = |what| out.push(Finding { path: path.to_owned(), what });
        if value.is_null() {
            if !nullable {
                found(What::Null);
            }
            return;
        }
        if let Some(kind) = schema.get("type").and_then(Value::as_str)
            && !is(kind, value)
        {
            return found(What::Type);
        }
        for key in ["oneOf", "anyOf"] {
            let Some(branches) = schema.get(key).and_then(Value::as_array) else { continue };
            if !branches.iter().any(|branch| self.check(branch, value).is_empty()) {
                out.push(Finding { path: path.to_owned(), what: What::NoBranch });
            }
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.walk(part, value, path, out);
        }
        if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
            for (i, item) in list.iter().enumerate() {
                self.walk(items, item, &format!("{path}[{i}]"), out);
            }
        }
        let Some(members) = value.as_object() else { return };
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if let Some(member) = members.get(name) {
                self.walk(property, member, &below(path, name), out);
            }
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                let declared = properties.is_some_and(|p| p.contains_key(name));
                let what = if declared { What::Required } else { What::Undeclared };
                out.push(Finding { path: below(path, name), what });
            }
        }
        if let Some(rest) = schema.get("additionalProperties").filter(|rest| rest.is_object()) {
            for (name, member) in members.iter().filter(|(name, _)| !properties.is_some_and(|p| p.contains_key(*name)))
            {
                self.walk(rest, member, &below(path, name), out);
            }
        }
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// The path of a member, as the runtime writes it.
pub fn below(path: &str, name: &str) -> String {
    if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
        format!("{path}.{name}")
    } else {
        format!("{path}['{name}']")
    }
}

/// Where two values differ, as paths; numbers are compared by value.
pub fn differences(a: &Value, b: &Value, path: &str, out: &mut BTreeSet<String>) {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) if x == y || x.as_f64() == y.as_f64() => {}
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            for (i, (x, y)) in x.iter().zip(y).enumerate() {
                differences(x, y, &format!("{path}[{i}]"), out);
            }
        }
        (Value::Object(x), Value::Object(y)) => {
            for name in x.keys().chain(y.keys().filter(|name| !x.contains_key(*name))) {
                match (x.get(name), y.get(name)) {
                    (Some(x), Some(y)) => differences(x, y, &below(path, name), out),
                    _ => drop(out.insert(below(path, name))),
                }
            }
        }
        (x, y) if x == y => {}
        _ => drop(out.insert(path.to_owned())),
    }
}
