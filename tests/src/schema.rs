//! A validator of its own: what a JSON value has against a schema of OpenAPI 3.0, found without any code of the compiler
//! or the runtime, so that what those report can be compared with it.
//!
//! It knows what is a matter of kind: types, null, required members, choices without a fitting branch. Values (enums,
//! patterns, formats, ranges) are nobody's reason to refuse a response, so they are only looked at on request.

use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// A document whose schemas values are held against. Every schema is looked through once, however many values it meets.
#[derive(Debug)]
pub struct Document {
    value: Value,
    seen: RefCell<Seen>,
    /// Where required members may be null, those that never are.
    never_null: Option<Vec<&'static str>>,
}

/// The schemas looked at so far.
#[derive(Debug, Default)]
struct Seen {
    /// By the address of their node, which the document keeps where it is.
    by_node: HashMap<usize, usize>,
    schemas: Vec<Schema>,
}

/// What is to be known of a schema, references followed; other schemas by their place in [`Seen`].
#[derive(Debug, Default)]
struct Schema {
    nullable: bool,
    kind: Option<String>,
    /// The branches of `oneOf`, and those of `anyOf`.
    choices: Vec<Vec<usize>>,
    parts: Vec<usize>,
    items: Option<usize>,
    properties: BTreeMap<String, usize>,
    required: Vec<String>,
    rest: Option<usize>,
}

/// Where in a value something is looked at, and what was found there.
struct Walk<'s> {
    schemas: &'s [Schema],
    path: String,
    found: Vec<Finding>,
    /// Whether the first finding is enough.
    first: bool,
    never_null: Option<&'s [&'static str]>,
    /// What the schemas of the value at hand require together.
    required: BTreeSet<&'s str>,
}

impl Document {
    /// The document with this content.
    pub fn new(value: Value) -> Self {
        Self { value, seen: RefCell::default(), never_null: None }
    }

    /// Lets required members be null, but for these.
    pub fn with_nulls(mut self, never: &[&'static str]) -> Self {
        self.never_null = Some(never.to_vec());
        self
    }

    /// The schema of an operation's JSON response.
    pub fn response(&self, operation: &str, status: u16) -> Option<&Value> {
        let paths = self.value.get("paths")?.as_object()?;
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
            node = self.value.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
        }
        node
    }

    /// All that is wrong with `value` as `schema`, which is a part of this document.
    pub fn check(&self, schema: &Value, value: &Value) -> Vec<Finding> {
        let id = self.look(schema, &mut self.seen.borrow_mut());
        let seen = self.seen.borrow();
        let mut walk = Walk {
            schemas: &seen.schemas,
            path: "$".to_owned(),
            found: Vec::new(),
            first: false,
            never_null: self.never_null.as_deref(),
            required: BTreeSet::new(),
        };
        walk.value(id, value);
        walk.found
    }

    /// The places in `value` where `schema`, a part of this document, offers a choice.
    pub fn choices(&self, schema: &Value, value: &Value) -> BTreeSet<String> {
        let id = self.look(schema, &mut self.seen.borrow_mut());
        let mut out = BTreeSet::new();
        walk_choices(&self.seen.borrow().schemas, id, value, "$", &mut out);
        out
    }

    /// Looks a schema through, and all it mentions.
    fn look(&self, node: &Value, seen: &mut Seen) -> usize {
        let address = std::ptr::from_ref(node) as usize;
        if let Some(id) = seen.by_node.get(&address) {
            return *id;
        }
        let id = seen.schemas.len();
        // Known before it is looked through: it may mention itself.
        seen.by_node.insert(address, id);
        seen.schemas.push(Schema::default());
        let nullable = self.nullable(node);
        let schema = self.follow(node);
        let list = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        let mut all = |key: &str| -> Vec<usize> { list(key).map(|part| self.look(part, seen)).collect() };
        let parts = all("allOf");
        let choices = [all("oneOf"), all("anyOf")].into_iter().filter(|branches| !branches.is_empty()).collect();
        let items = schema.get("items").map(|items| self.look(items, seen));
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let properties = properties.map(|(name, property)| (name.clone(), self.look(property, seen))).collect();
        let rest = schema.get("additionalProperties").filter(|rest| rest.is_object()).map(|rest| self.look(rest, seen));
        let required = list("required").filter_map(Value::as_str).map(str::to_owned).collect();
        let kind = schema.get("type").and_then(Value::as_str).map(str::to_owned);
        seen.schemas[id] = Schema { nullable, kind, choices, parts, items, properties, required, rest };
        id
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
}

impl Walk<'_> {
    /// A value by the schema of its place.
    fn value(&mut self, id: usize, value: &Value) {
        let around = std::mem::take(&mut self.required);
        self.require(id);
        self.walk(id, value);
        self.required = around;
    }

    fn require(&mut self, id: usize) {
        let schemas = self.schemas;
        self.required.extend(schemas[id].required.iter().map(String::as_str));
        schemas[id].parts.iter().for_each(|part| self.require(*part));
    }

    /// Whether a member may be null because it is required.
    fn excuses(&self, name: &str) -> bool {
        self.required.contains(name)
            && self.never_null.is_some_and(|never| !never.iter().any(|n| *n == name || *n == below(&self.path, name)))
    }

    /// What a schema says of a value; its parts say of the same value what it does not.
    fn walk(&mut self, id: usize, value: &Value) {
        if self.first && !self.found.is_empty() {
            return;
        }
        let schemas = self.schemas;
        let schema = &schemas[id];
        if value.is_null() {
            if !schema.nullable {
                self.find(What::Null);
            }
            return;
        }
        if schema.kind.as_ref().is_some_and(|kind| !is(kind, value)) {
            return self.find(What::Type);
        }
        for branches in &schema.choices {
            if !branches.iter().any(|branch| self.fits(*branch, value)) {
                self.find(What::NoBranch);
            }
        }
        for part in &schema.parts {
            self.walk(*part, value);
        }
        if let (Some(items), Some(list)) = (schema.items, value.as_array()) {
            for (i, item) in list.iter().enumerate() {
                self.within(&format!("[{i}]"), |walk| walk.value(items, item));
            }
        }
        let Some(members) = value.as_object() else { return };
        for (name, member) in members {
            if member.is_null() && self.excuses(name) {
                continue;
            }
            if let Some(property) = schema.properties.get(name).copied().or(schema.rest) {
                self.within(&below("", name), |walk| walk.value(property, member));
            }
        }
        for name in schema.required.iter().filter(|name| !members.contains_key(*name)) {
            let declared = schema.properties.contains_key(name);
            self.within(&below("", name), |walk| walk.find(if declared { What::Required } else { What::Undeclared }));
        }
    }

    fn fits(&self, id: usize, value: &Value) -> bool {
        let mut walk =
            Walk { path: String::new(), found: Vec::new(), first: true, required: self.required.clone(), ..*self };
        walk.require(id);
        walk.walk(id, value);
        walk.found.is_empty()
    }

    fn find(&mut self, what: What) {
        self.found.push(Finding { path: self.path.clone(), what });
    }

    fn within(&mut self, step: &str, look: impl FnOnce(&mut Self)) {
        let before = self.path.len();
        self.path.push_str(step);
        look(self);
        self.path.truncate(before);
    }
}

fn walk_choices(schemas: &[Schema], id: usize, value: &Value, path: &str, out: &mut BTreeSet<String>) {
    let schema = &schemas[id];
    if !schema.choices.is_empty() {
        out.insert(path.to_owned());
    }
    for part in schema.choices.iter().flatten().chain(&schema.parts) {
        walk_choices(schemas, *part, value, path, out);
    }
    if let Some(items) = schema.items {
        for (i, item) in value.as_array().into_iter().flatten().enumerate() {
            walk_choices(schemas, items, item, &format!("{path}[{i}]"), out);
        }
    }
    for (name, property) in &schema.properties {
        if let Some(member) = value.get(name) {
            walk_choices(schemas, *property, member, &below(path, name), out);
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
