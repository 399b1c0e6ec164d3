//! The schemas of a document as JSON Schema 2020-12, and values held against them. The dialects are one by now: what OpenAPI 3.0
//! writes in another way (`nullable`, exclusive bounds as flags) and the compiler's reserved keys are written as JSON Schema has them.

use generator::document::grammar::{Place, Spot};
use generator::document::walk::{At, Visit, walk};
use generator::document::{Node, keys};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Registry, ValidationError, Validator};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Who sends a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The client: members that are only read need not be there.
    Request,
    /// The server: members that are only written need not be there.
    Response,
}

/// The schemas of a document.
pub struct Schemas {
    request: Half,
    response: Half,
}

/// The schemas as one side has them.
struct Half {
    root: Value,
    registry: Option<Registry<'static>>,
    /// As [`registry`](Self::registry), without the patterns: some documents have patterns that no engine reads.
    plain: Option<Registry<'static>>,
    validators: Mutex<BTreeMap<String, Option<Arc<Validator>>>>,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Where in the value, as a pointer.
    pub pointer: String,
    /// The keyword that refuses it.
    pub keyword: String,
    /// What is wrong, without the value.
    pub message: String,
    /// Where in the document that is said.
    pub schema: String,
}

const URI: &str = "urn:document";

/// Of more than so many nobody hears.
const MOST: usize = 20;

/// Tells an error; of a choice, what is wrong with the branch that is nearest to the value.
fn tell(error: &ValidationError<'_>, out: &mut Vec<Misfit>) {
    if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } = error.kind()
        && let Some(nearest) = context.iter().filter(|branch| !branch.is_empty()).min_by_key(|branch| distance(branch))
    {
        for error in nearest {
            tell(error, out);
        }
        return;
    }
    let mut pointer = error.instance_path().to_string();
    if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
        out.extend(unexpected.iter().map(|name| Misfit {
            pointer: super::document::join(&pointer, name),
            keyword: error.kind().keyword().to_owned(),
            message: "no member of this name is known".to_owned(),
            schema: error.schema_path().to_string(),
        }));
        return;
    }
    // A member that is missing is the place, not what lacks it.
    if let ValidationErrorKind::Required { property } = error.kind() {
        pointer = super::document::join(&pointer, property.as_str().unwrap_or_default());
    }
    out.push(Misfit {
        pointer,
        keyword: error.kind().keyword().to_owned(),
        message: error.masked_with("the value").to_string(),
        schema: error.schema_path().to_string(),
    });
}

/// How far a value is from a branch: another kind or constant is another branch, a missing member less so.
fn distance(branch: &[ValidationError<'_>]) -> usize {
    let one = |error: &ValidationError<'_>| match error.kind() {
        ValidationErrorKind::Required { .. } => 2,
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().map(|branch| distance(branch)).min().unwrap_or(4)
        }
        ValidationErrorKind::Type { .. } if error.instance_path().to_string().is_empty() => 1000,
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } | ValidationErrorKind::Type { .. } => 8,
        _ => 3,
    };
    branch.iter().map(one).sum()
}

impl Schemas {
    /// Those of a document in 3.0's shape.
    pub fn new(document: &Node) -> Self {
        Self { request: Half::new(document, Side::Request), response: Half::new(document, Side::Response) }
    }

    fn half(&self, side: Side) -> &Half {
        match side {
            Side::Request => &self.request,
            Side::Response => &self.response,
        }
    }

    /// The schema at a place.
    pub fn get(&self, side: Side, pointer: &str) -> Option<&Value> {
        self.half(side).root.pointer(pointer)
    }

    /// What is wrong with a value as the schema at a place; nothing where that cannot be read as a schema.
    pub fn misfits(&self, side: Side, pointer: &str, value: &Value) -> Vec<Misfit> {
        let Some(validator) = self.half(side).validator(pointer) else { return Vec::new() };
        let mut out = Vec::new();
        for error in validator.iter_errors(value).take(MOST) {
            tell(&error, &mut out);
        }
        out.truncate(MOST);
        out
    }

    /// Whether a value is one of the schema at a place.
    pub fn fits(&self, side: Side, pointer: &str, value: &Value) -> bool {
        self.half(side).validator(pointer).is_none_or(|validator| validator.is_valid(value))
    }
}

impl Half {
    fn new(document: &Node, side: Side) -> Self {
        let mut schemas = Pointers::default();
        walk(document, Place::One(Spot::Document), &At::root(None), &mut schemas);
        let mut root = document.to_json();
        let spared: Vec<Vec<String>> = schemas.0.iter().map(|at| spared(&root, at, side)).collect();
        // What is in a schema comes behind it in the list, and must be written first.
        for (pointer, spared) in schemas.0.iter().zip(&spared).rev() {
            if let Some(place) = root.pointer_mut(pointer)
                && let Value::Object(schema) = place
            {
                *place = schema_of(std::mem::take(schema), spared);
            }
        }
        let registry =
            |root: &Value| Registry::new().draft(Draft::Draft202012).add(URI, root.clone()).ok()?.prepare().ok();
        let mut plain = root.clone();
        without_patterns(&mut plain);
        Self { registry: registry(&root), plain: registry(&plain), root, validators: Mutex::default() }
    }

    fn validator(&self, pointer: &str) -> Option<Arc<Validator>> {
        // A validator has all that its schema leads to, which may be most of the document: places that only refer share one.
        let alone = |schema: &Value| {
            let all = schema.as_object().filter(|all| all.len() == 1)?;
            let reference = all.get("$ref")?.as_str()?.strip_prefix('#')?;
            Some(percent_encoding::percent_decode_str(reference).decode_utf8_lossy().into_owned())
        };
        let mut pointer = pointer.to_owned();
        for _ in 0..64 {
            match self.root.pointer(&pointer).and_then(alone) {
                Some(target) if self.root.pointer(&target).is_some() => pointer = target,
                _ => break,
            }
        }
        let pointer = pointer.as_str();
        let mut all = super::lock(&self.validators);
        if let Some(known) = all.get(pointer) {
            return known.clone();
        }
        // The pointer is a fragment of a URI here.
        let fragment: String = pointer.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    out.push(char::from(byte))
                }
                _ => out.push_str(&format!("%{byte:02X}")),
            }
            out
        });
        let schema = json!({ "$ref": format!("{URI}#{fragment}") });
        let built = [&self.registry, &self.plain].into_iter().flatten().find_map(|registry| {
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            let options = options.with_format("byte", is_base64).offline().with_registry(registry);
            options.build(&schema).ok()
        });
        let built = built.map(Arc::new);
        all.insert(pointer.to_owned(), built.clone());
        built
    }
}

fn is_base64(text: &str) -> bool {
    let data = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - data.len() <= 2
        && data.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_".contains(&b))
}

fn without_patterns(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| key != "pattern" || !value.is_string());
            map.values_mut().for_each(without_patterns);
        }
        Value::Array(list) => list.iter_mut().for_each(without_patterns),
        _ => {}
    }
}

/// Where the schemas of a document are.
#[derive(Default)]
struct Pointers(Vec<String>);

impl Visit for Pointers {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        if place == Place::One(Spot::Schema) && node.as_object().is_some() {
            self.0.push(at.pointer().as_str().to_owned());
        }
    }
}

/// The required members of a schema that only the other side sends, by what they are themselves, refer to or are composed of.
fn spared(root: &Value, pointer: &str, side: Side) -> Vec<String> {
    let key = match side {
        Side::Request => "readOnly",
        Side::Response => "writeOnly",
    };
    let Some(schema) = root.pointer(pointer) else { return Vec::new() };
    // A part of an `allOf` may require what its neighbours declare.
    let above = |at: &String| {
        let (all, _) = at.rsplit_once('/')?;
        all.strip_suffix("/allOf").map(str::to_owned)
    };
    let holders = std::iter::successors(Some(pointer.to_owned()), above).filter_map(|at| root.pointer(&at));
    let holders: Vec<&Value> = holders.collect();
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let is_spared = |name: &&str| holders.iter().any(|holder| is_flagged(root, holder, name, key, 8));
    required.filter(is_spared).map(str::to_owned).collect()
}

/// Whether a member of a schema has a flag, where it is declared or in what its schema is made of.
fn is_flagged(root: &Value, schema: &Value, name: &str, key: &str, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let own = schema.get("properties").and_then(|all| all.get(name)).is_some_and(|of| has_flag(root, of, key, depth));
    own || parts(root, schema).any(|part| is_flagged(root, part, name, key, depth))
}

fn has_flag(root: &Value, schema: &Value, key: &str, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    schema.get(key) == Some(&Value::Bool(true)) || parts(root, schema).any(|part| has_flag(root, part, key, depth))
}

/// What a schema refers to, and what it is composed of.
fn parts<'r>(root: &'r Value, schema: &'r Value) -> impl Iterator<Item = &'r Value> {
    let reference = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
    let reference = reference.map(|pointer| percent_decode_str(pointer).decode_utf8_lossy());
    let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    reference.and_then(|pointer| root.pointer(&pointer)).into_iter().chain(all)
}

/// A schema as JSON Schema has it.
fn schema_of(mut schema: Map<String, Value>, spared: &[String]) -> Value {
    let flag = |schema: &Map<String, Value>, key: &str| schema.get(key).and_then(Value::as_bool).unwrap_or_default();
    if flag(&schema, keys::NULL) {
        return json!({ "type": "null" });
    }
    for (flag_key, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(Value::Bool(exclusive)) = schema.remove(flag_key).filter(Value::is_boolean)
            && exclusive
            && let Some(value) = schema.remove(bound)
        {
            schema.insert(flag_key.to_owned(), value);
        }
    }
    if let Some(places) = schema.remove(keys::TUPLE) {
        let rest = schema.remove(keys::TUPLE_REST);
        schema.remove("items");
        schema.insert("prefixItems".to_owned(), places);
        if let Some(rest) = rest {
            schema.insert("items".to_owned(), rest);
        }
    }
    if let Some(patterns) = schema.remove(keys::PATTERN_PROPERTIES) {
        schema.remove("additionalProperties");
        schema.insert("patternProperties".to_owned(), patterns);
    }
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let range = match format {
        "int32" => Some((json!(i32::MIN), json!(i32::MAX))),
        "int64" => Some((json!(i64::MIN), json!(i64::MAX))),
        _ => None,
    };
    if let Some((least, most)) =
        range.filter(|_| matches!(schema.get("type").and_then(Value::as_str), Some("integer" | "number")))
    {
        schema.entry("minimum").or_insert(least);
        schema.entry("maximum").or_insert(most);
    }
    // A server reads the first branch that fits. Where two do, the document is wrong, and seldom the request.
    if let Some(branches) = schema.remove("oneOf") {
        if !schema.contains_key("anyOf") {
            schema.insert("anyOf".to_owned(), branches);
        } else if let Value::Array(all) = schema.entry("allOf").or_insert_with(|| json!([])) {
            all.push(json!({ "anyOf": branches }));
        }
    }
    if let Some(Value::String(reference)) = schema.get_mut("$ref") {
        *reference = reference.replace("/oneOf/", "/anyOf/");
    }
    // What only the other side sends is nothing that this one must.
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| spared.iter().any(|one| one == name)));
    }
    let nullable = flag(&schema, "nullable");
    schema.remove("nullable");
    // OpenAPI's own words; `example` is no keyword here and stays for who makes values.
    for key in ["discriminator", "xml", "externalDocs", "examples", keys::EXAMPLES] {
        schema.remove(key);
    }
    if !nullable {
        return Value::Object(schema);
    }
    let composed = ["$ref", "allOf", "oneOf", "anyOf", "not"].iter().any(|key| schema.contains_key(*key));
    match schema.get_mut("type") {
        Some(kind @ Value::String(_)) if !composed => {
            *kind = json!([kind.clone(), "null"]);
            if let Some(Value::Array(values)) = schema.get_mut("enum")
                && !values.contains(&Value::Null)
            {
                values.push(Value::Null);
            }
            Value::Object(schema)
        }
        _ => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}
