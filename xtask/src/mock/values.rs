//! Values made from schemas, the same for the same seed: what the document shows where it shows something, else of the right
//! kind and within the limits that the schema has.

use super::Dice;
use super::document::join;
use super::pattern;
use super::schemas::{Schemas, Side};
use generator::base::Pointer;
use serde_json::{Map, Number, Value, json};

/// How deep values lie in each other.
const DEEPEST: usize = 12;

/// A value of the schema at a place; `None` where there is none: types that contain themselves without a way out.
pub fn make(schemas: &Schemas, side: Side, pointer: &str, dice: &mut Dice) -> Option<Value> {
    schemas.get(side, pointer)?;
    let made = Maker { schemas, side, dice }.at(pointer, 0)?;
    Some(fitted(schemas, side, pointer, made, None, None))
}

/// A value without what does not fit. Parts of a schema that are made one by one may disagree, and what they disagree about is
/// seldom required. `other` has what may be in its place; what is at `spared` stays.
pub(super) fn fitted(
    schemas: &Schemas,
    side: Side,
    pointer: &str,
    mut value: Value,
    other: Option<&Value>,
    spared: Option<&str>,
) -> Value {
    for _ in 0..16 {
        let misfits = schemas.misfits(side, pointer, &value);
        let Some(first) = misfits.first() else { break };
        let places = std::iter::successors(Pointer::parse(&first.pointer), Pointer::parent);
        let places = places.filter(|place| !spared.is_some_and(|spared| spared.starts_with(place.as_str())));
        let better = places.flat_map(|place| [other.and_then(|o| with(&value, o, &place)), without(&value, &place)]);
        let better = better.flatten().find(|less| {
            let left = schemas.misfits(side, pointer, less);
            let lacks = left.iter().any(|misfit| misfit.keyword == "required" && !misfits.contains(misfit));
            left.len() <= misfits.len() && !left.contains(first) && !lacks
        });
        match better {
            Some(less) => value = less,
            None => break,
        }
    }
    value
}

/// A value with a member of another.
fn with(value: &Value, other: &Value, place: &Pointer) -> Option<Value> {
    let mut value = value.clone();
    *value.pointer_mut(place.as_str())? = other.pointer(place.as_str())?.clone();
    Some(value)
}

/// A value without a member or an item.
fn without(value: &Value, place: &Pointer) -> Option<Value> {
    let mut value = value.clone();
    let last = place.last()?;
    match value.pointer_mut(place.parent()?.as_str())? {
        Value::Object(map) => drop(map.remove(&last)?),
        Value::Array(list) => drop(last.parse().ok().filter(|at| *at < list.len()).map(|at: usize| list.remove(at))?),
        _ => return None,
    }
    Some(value)
}

struct Maker<'a> {
    schemas: &'a Schemas,
    side: Side,
    dice: &'a mut Dice,
}

impl Maker<'_> {
    fn at(&mut self, pointer: &str, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let schema = self.schemas.get(self.side, pointer)?;
        let Some(schema) = schema.as_object() else {
            return (schema != &Value::Bool(false)).then(|| json!("any"));
        };
        if let Some(shown) = schema.get("example")
            && self.schemas.fits(self.side, pointer, shown)
        {
            return Some(shown.clone());
        }
        if let Some(default) = schema.get("default").filter(|default| !default.is_null())
            && self.schemas.fits(self.side, pointer, default)
        {
            return Some(default.clone());
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
            let target = percent_encoding::percent_decode_str(reference).decode_utf8_lossy().into_owned();
            return self.at(&target, depth + 1);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values.iter().find(|value| !value.is_null()).or(values.first()).cloned();
        }
        let mut whole: Option<Value> = None;
        for (key, all) in [("allOf", true), ("oneOf", false), ("anyOf", false)] {
            let Some(count) = schema.get(key).and_then(Value::as_array).map(Vec::len) else { continue };
            let mut fallback = None;
            for i in 0..count {
                let Some(part) = self.at(&join(&join(pointer, key), &i.to_string()), depth + 1) else { continue };
                if all {
                    whole = Some(merged(whole.take(), part));
                    continue;
                }
                let tried = merged(whole.clone(), part);
                fallback.get_or_insert_with(|| tried.clone());
                // With what the schema itself holds it is looked at below; alone it decides between branches.
                if schema.contains_key("properties") || self.schemas.fits(self.side, pointer, &tried) {
                    fallback = Some(tried);
                    break;
                }
            }
            if !all {
                whole = fallback.or(whole);
            }
        }
        let kind = match schema.get("type") {
            Some(Value::String(kind)) => Some(kind.as_str()),
            Some(Value::Array(kinds)) => {
                kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").or(Some("null"))
            }
            _ => None,
        };
        let kind = kind.or_else(|| {
            let says = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
            match () {
                () if says(&["properties", "additionalProperties", "patternProperties", "required"]) => Some("object"),
                () if says(&["items", "prefixItems"]) => Some("array"),
                () if says(&["pattern", "minLength", "maxLength"]) => Some("string"),
                () if says(&["minimum", "maximum", "multipleOf"]) => Some("number"),
                () => None,
            }
        });
        let own = match kind {
            Some("object") => self.object(schema, pointer, depth)?,
            Some(_) | None if whole.is_some() => return whole,
            Some("array") => self.array(schema, pointer, depth)?,
            Some("string") => json!(self.text(schema)),
            Some("integer") => self.number(schema, true),
            Some("number") => self.number(schema, false),
            Some("boolean") => json!(true),
            Some("null") => Value::Null,
            _ => json!("any"),
        };
        Some(merged(whole, own))
    }

    fn object(&mut self, schema: &Map<String, Value>, pointer: &str, depth: usize) -> Option<Value> {
        let mut out = Map::new();
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let other = match self.side {
            Side::Request => "readOnly",
            Side::Response => "writeOnly",
        };
        for (name, of) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let must = required.contains(&name.as_str());
            if !must
                && (depth > DEEPEST / 2
                    || of.get(other) == Some(&Value::Bool(true))
                    || of.get("deprecated") == Some(&Value::Bool(true)))
            {
                continue;
            }
            match self.at(&join(&join(pointer, "properties"), name), depth + 1) {
                Some(value) => {
                    out.insert(name.clone(), value);
                }
                None if must => return None,
                None => {}
            }
        }
        for name in required {
            out.entry(name).or_insert_with(|| json!("any"));
        }
        let least = limit(schema, "minProperties").unwrap_or_default();
        let keyed = schema.get("additionalProperties").is_some_and(Value::is_object);
        let wanted = if out.is_empty() && keyed { least.max(1) } else { least };
        for i in 1.. {
            if out.len() >= wanted || i > 64 {
                break;
            }
            let value =
                if keyed { self.at(&join(pointer, "additionalProperties"), depth + 1) } else { Some(json!("any")) };
            let Some(value) = value else { break };
            out.insert(format!("key{i}"), value);
        }
        Some(Value::Object(out))
    }

    fn array(&mut self, schema: &Map<String, Value>, pointer: &str, depth: usize) -> Option<Value> {
        let places = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        let least = limit(schema, "minItems").unwrap_or_default();
        let most = limit(schema, "maxItems").unwrap_or(usize::MAX);
        let open = schema.get("items").is_some_and(|items| items != &Value::Bool(false));
        let wanted = least.max(places).max(usize::from(open && depth <= DEEPEST / 2)).min(most).min(least.max(64));
        let mut out: Vec<Value> = Vec::new();
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        for i in 0..wanted {
            let at =
                if i < places { join(&join(pointer, "prefixItems"), &i.to_string()) } else { join(pointer, "items") };
            let made = if i < places || open { self.at(&at, depth + 1) } else { Some(json!("any")) };
            match made {
                Some(value) if unique && out.contains(&value) => out.push(another(&value, i)),
                Some(value) => out.push(value),
                None if out.len() >= least => break,
                None => return None,
            }
        }
        Some(Value::Array(out))
    }

    fn text(&mut self, schema: &Map<String, Value>) -> String {
        let hex =
            |dice: &mut Dice, n: usize| (0..n).map(|_| *dice.pick(b"0123456789abcdef") as char).collect::<String>();
        let text = match schema.get("format").and_then(Value::as_str).unwrap_or_default() {
            "uuid" => format!(
                "{}-{}-4{}-8{}-{}",
                hex(self.dice, 8),
                hex(self.dice, 4),
                hex(self.dice, 3),
                hex(self.dice, 3),
                hex(self.dice, 12)
            ),
            "date" => "2026-01-31".to_owned(),
            "date-time" => "2026-01-31T12:00:00Z".to_owned(),
            "time" => "12:00:00Z".to_owned(),
            "duration" => "P1D".to_owned(),
            "email" | "idn-email" => "name@mail.example".to_owned(),
            "hostname" | "idn-hostname" => "host.example".to_owned(),
            "ipv4" => "192.0.2.1".to_owned(),
            "ipv6" => "2001:db8::1".to_owned(),
            "uri" | "url" | "iri" => "https://host.example/path".to_owned(),
            "uri-reference" | "iri-reference" => "/path".to_owned(),
            "byte" => "Ynl0ZXM=".to_owned(),
            "json-pointer" => "/member".to_owned(),
            "regex" => "^a$".to_owned(),
            _ => match schema.get("pattern").and_then(Value::as_str).and_then(pattern::text) {
                Some(text) => text,
                None => "text".to_owned(),
            },
        };
        let least = limit(schema, "minLength").unwrap_or_default().min(1 << 16);
        let most = limit(schema, "maxLength").unwrap_or(usize::MAX);
        let count = text.chars().count();
        if count < least {
            return text + &"x".repeat(least - count);
        }
        text.chars().take(most).collect()
    }

    fn number(&mut self, schema: &Map<String, Value>, whole: bool) -> Value {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let step = bound("multipleOf").filter(|step| *step > 0.0);
        let unit = step.unwrap_or(if whole { 1.0 } else { 0.5 });
        let above = bound("minimum").into_iter().chain(bound("exclusiveMinimum").map(|n| n + unit)).reduce(f64::max);
        let below = bound("maximum").into_iter().chain(bound("exclusiveMaximum").map(|n| n - unit)).reduce(f64::min);
        let usual: f64 = if whole { 1.0 } else { 1.5 };
        let mut value = above.map_or(usual, |above| usual.max(above));
        if let Some(below) = below
            && value > below
        {
            value = below;
        }
        if let Some(step) = step {
            value = (value / step).ceil() * step;
        }
        if whole || value.fract() == 0.0 && value.abs() < 9e15 && step.is_some() {
            #[allow(clippy::cast_possible_truncation)]
            return json!(value.ceil() as i64);
        }
        Number::from_f64(value).map_or(json!(1), Value::Number)
    }
}

fn limit(schema: &Map<String, Value>, key: &str) -> Option<usize> {
    schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
}

/// Another value of the same kind.
fn another(value: &Value, i: usize) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}{i}")),
        Value::Number(n) => n.as_i64().map_or(json!(i), |n| json!(n + i64::try_from(i).unwrap_or_default())),
        Value::Bool(b) => json!(!b),
        other => other.clone(),
    }
}

/// Two values of one place: the members of both objects, else the second.
fn merged(first: Option<Value>, second: Value) -> Value {
    match (first, second) {
        (Some(Value::Object(mut first)), Value::Object(second)) => {
            for (name, value) in second {
                // What is made of no schema at all says nothing.
                if value != json!("any") || !first.contains_key(&name) {
                    first.insert(name, value);
                }
            }
            Value::Object(first)
        }
        (_, second) => second,
    }
}
