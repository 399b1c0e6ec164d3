//! The scalar keywords of one schema node, read through `openapiv3`.
//!
//! Children are never handed over, so the crate's rule that one foreign keyword turns a whole schema into
//! `SchemaKind::Any` cannot lose anything: 247 schemas of Belvo's document are such, nearly every money
//! amount among them (`type: number` with `pattern`).

use openapiv3::{AnySchema, SchemaData, SchemaKind, Type as OpenType, VariantOrUnknownOrEmpty};

use super::Lowering;
use super::compose::only_required;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Kind, Node};
use crate::ir::{Docs, Scalar};

/// The keywords of one schema, without its children.
pub(super) struct Keywords {
    pub(super) typ: Option<String>,
    pub(super) format: Option<String>,
    pub(super) data: SchemaData,
    pub(super) required: Vec<String>,
    pub(super) facts: Vec<String>,
}

/// Keywords that hold no schema and mean something to us.
const SCALAR: &[&str] = &[
    "type",
    "format",
    "title",
    "description",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "default",
    "example",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "discriminator",
];

/// Bounds of numbers, which are read as they are written: the crate would have them as 64 bits.
const BOUNDS: &[&str] = &["minimum", "maximum", "multipleOf"];

impl Lowering<'_> {
    /// Reads the keywords of `node`; those that have an impossible value are reported and left out.
    pub(super) fn keywords(&mut self, node: &Node, pointer: &Pointer) -> Keywords {
        let mut map = serde_json::Map::new();
        for e in node.as_object().into_iter().flat_map(|o| o.iter()) {
            if SCALAR.contains(&e.key.as_str())
                && self.plausible(&e.key, &e.value, pointer)
                && !BOUNDS.contains(&e.key.as_str())
            {
                map.insert(e.key.clone(), e.value.to_json());
            }
        }
        let required = node.get("required").and_then(Node::as_array).unwrap_or_default();
        let required = required.iter().filter_map(|n| n.as_str().map(str::to_owned)).collect();
        match serde_json::from_value::<openapiv3::Schema>(serde_json::Value::Object(map)) {
            Ok(schema) => {
                let (typ, format) = kind(&schema.schema_kind);
                Keywords { typ, format, data: schema.schema_data, required, facts: facts(node) }
            }
            Err(error) => {
                // `plausible` let something through that the crate refuses: keep the words that matter most.
                let text = |k: &str| node.get(k).and_then(Node::as_str).map(str::to_owned);
                self.push(
                    Diagnostic::warning("W0312", format!("schema cannot be read in full: {error}"))
                        .at(node.span)
                        .pointer(pointer),
                );
                let data = SchemaData {
                    nullable: node.flag("nullable"),
                    deprecated: node.flag("deprecated"),
                    read_only: node.flag("readOnly"),
                    write_only: node.flag("writeOnly"),
                    title: text("title"),
                    description: text("description"),
                    ..SchemaData::default()
                };
                Keywords { typ: text("type"), format: text("format"), data, required, facts: facts(node) }
            }
        }
    }

    fn plausible(&mut self, key: &str, value: &Node, pointer: &Pointer) -> bool {
        let whole = |n: &Node| matches!(&n.kind, Kind::Number(t) if t.parse::<u64>().is_ok());
        let good = match key {
            "type" | "format" | "title" | "description" | "pattern" => value.as_str().is_some(),
            "nullable" | "deprecated" | "readOnly" | "writeOnly" | "exclusiveMinimum" | "exclusiveMaximum"
            | "uniqueItems" => value.as_bool().is_some(),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => whole(value),
            "minimum" | "maximum" | "multipleOf" => {
                matches!(value.kind, Kind::Number(_))
            }
            "required" => value.as_array().is_some_and(|a| a.iter().all(|n| n.as_str().is_some())),
            "discriminator" => {
                value.get("propertyName").and_then(Node::as_str).is_some()
                    && value
                        .get("mapping")
                        .is_none_or(|m| m.as_object().is_some_and(|o| o.iter().all(|e| e.value.as_str().is_some())))
            }
            _ => true,
        };
        // `required: true` on a property is a common slip from parameters: harmless, but worth a word.
        if !(good || key == "example" || key == "default") {
            let message = format!("`{key}` cannot be {}", value.type_name());
            self.push(Diagnostic::warning("W0312", message).at(value.span).pointer(&pointer.join(key)));
        }
        good
    }
}

impl Keywords {
    /// What the document says of the schema.
    pub(super) fn docs(&self) -> Docs {
        Docs {
            title: self.data.title.clone().unwrap_or_default(),
            text: self.data.description.clone().unwrap_or_default(),
            deprecated: self.data.deprecated,
            facts: self.facts.clone(),
            example: self.data.example.clone(),
            default: self.data.default.clone(),
        }
    }
}

/// The type and the format that a schema names.
fn kind(kind: &SchemaKind) -> (Option<String>, Option<String>) {
    fn word<T: serde::Serialize>(f: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
        match f {
            VariantOrUnknownOrEmpty::Item(i) => {
                serde_json::to_value(i).ok().and_then(|v| v.as_str().map(str::to_owned))
            }
            VariantOrUnknownOrEmpty::Unknown(s) => Some(s.clone()),
            VariantOrUnknownOrEmpty::Empty => None,
        }
    }
    let (typ, format) = match kind {
        SchemaKind::Type(OpenType::String(s)) => (Some("string"), word(&s.format)),
        SchemaKind::Type(OpenType::Number(n)) => (Some("number"), word(&n.format)),
        SchemaKind::Type(OpenType::Integer(n)) => (Some("integer"), word(&n.format)),
        SchemaKind::Type(OpenType::Object(_)) => (Some("object"), None),
        SchemaKind::Type(OpenType::Array(_)) => (Some("array"), None),
        SchemaKind::Type(OpenType::Boolean(_)) => (Some("boolean"), None),
        SchemaKind::Any(any) => {
            let any: &AnySchema = any;
            (any.typ.as_deref(), any.format.clone())
        }
        // Children are not handed over, so these cannot come.
        SchemaKind::OneOf { .. } | SchemaKind::AllOf { .. } | SchemaKind::AnyOf { .. } | SchemaKind::Not { .. } => {
            (None, None)
        }
    };
    (typ.map(str::to_owned), format)
}

/// What is only said of values: a line for each keyword, with its value as the document has it.
const FACTS: &[(&str, &str)] = &[
    ("default", "Default"),
    ("pattern", "Pattern"),
    ("minLength", "Minimum length"),
    ("maxLength", "Maximum length"),
    ("minimum", "Minimum"),
    ("maximum", "Maximum"),
    ("multipleOf", "Multiple of"),
    ("minItems", "Minimum items"),
    ("maxItems", "Maximum items"),
    ("minProperties", "Minimum members"),
    ("maxProperties", "Maximum members"),
];

/// The facts of a schema. A number is that of the document, digit for digit: a bound may be beyond what any float holds.
fn facts(node: &Node) -> Vec<String> {
    let fact = |(key, name): &(&str, &str)| {
        let text = match &node.get(key)?.kind {
            Kind::Number(text) | Kind::String(text) => text.clone(),
            Kind::Bool(value) => value.to_string(),
            Kind::Null | Kind::Array(_) | Kind::Object(_) => return None,
        };
        let name = match *key {
            "minimum" if node.flag("exclusiveMinimum") => "Exclusive minimum",
            "maximum" if node.flag("exclusiveMaximum") => "Exclusive maximum",
            _ => name,
        };
        Some(format!("{name}: `{text}`"))
    };
    let mut facts: Vec<String> = FACTS.iter().filter_map(fact).collect();
    facts.extend(demands(node));
    if node.flag("uniqueItems") {
        facts.push("No two items are equal".to_owned());
    }
    facts
}

/// Choices of what must be there: `anyOf: [{required: [a]}, {required: [b, c]}]`.
pub(super) fn demands(node: &Node) -> Vec<String> {
    let mut out = Vec::new();
    for (key, words) in [("oneOf", "Exactly one of these is there"), ("anyOf", "At least one of these is there")] {
        let list = node.get(key).and_then(Node::as_array).unwrap_or_default();
        let names = |branch: &Node| {
            let required = branch.get("required").and_then(Node::as_array).unwrap_or_default();
            required.iter().filter_map(Node::as_str).collect::<Vec<_>>().join(", ")
        };
        let all: Vec<String> = list.iter().map(names).collect();
        if !all.is_empty() && list.iter().all(only_required) && all.iter().all(|names| !names.is_empty()) {
            out.push(format!("{words}: `{}`", all.join(" | ")));
        }
    }
    out
}

/// The integer that holds all that the format and the bounds of a schema admit.
pub(crate) fn integer(node: &Node, format: Option<&str>) -> Scalar {
    let by_format = match format {
        Some("int32" | "int16" | "int8" | "uint16" | "uint8") => Scalar::I32,
        Some("uint32") => Scalar::U32,
        Some("uint64") => Scalar::U64,
        Some("int128" | "uint128" | "int256" | "uint256" | "bigint" | "big-integer" | "biginteger") => Scalar::Number,
        _ => Scalar::I64,
    };
    let Some(range) = by_format.range() else { return by_format };
    let bound = |key: &str, exclusive: &str, inward: i128| match &node.get(key)?.kind {
        Kind::Number(text) => Some(whole(text) + if node.flag(exclusive) { inward } else { 0 }),
        _ => None,
    };
    let least = bound("minimum", "exclusiveMinimum", 1).unwrap_or(*range.start());
    let most = bound("maximum", "exclusiveMaximum", -1).unwrap_or(*range.end());
    let wide = [by_format, Scalar::U32, Scalar::I64, Scalar::U64];
    let holds = |scalar: &Scalar| {
        scalar.range().is_some_and(|range| {
            // Tools that count in floats write the largest number of 64 bits as 9223372036854776000.
            let rounded = |n: i128, end: i128| n.abs_diff(end) > 1 && n as f64 == end as f64;
            (range.contains(&least) || rounded(least, *range.start()))
                && (range.contains(&most) || rounded(most, *range.end()))
        })
    };
    wide.into_iter().find(holds).unwrap_or(Scalar::Number)
}

/// The whole number of a bound, as near as 120 bits come: beyond 64 it is too large in any case.
fn whole(text: &str) -> i128 {
    const FAR: i128 = 1 << 120;
    // `1.5e3` too. A float beyond the range of integers becomes the nearest of them.
    let near = text.parse::<i128>().unwrap_or_else(|_| text.parse::<f64>().map_or(0, |n| n as i128));
    near.clamp(-FAR, FAR)
}

#[cfg(test)]
mod tests {
    use super::{Scalar, integer};
    use crate::base::diagnostic::Diagnostics;
    use crate::document::load::load_str;

    #[test]
    fn bounds_decide_what_holds_an_integer() {
        for (schema, format, expected) in [
            ("{}", None, Scalar::I64),
            ("{}", Some("int32"), Scalar::I32),
            ("{}", Some("bigint"), Scalar::Number),
            ("{maximum: 2147483647}", Some("int32"), Scalar::I32),
            ("{minimum: 0, maximum: 4294967295}", Some("int32"), Scalar::U32),
            ("{maximum: 4294967295}", Some("int32"), Scalar::I64),
            ("{maximum: 9223372036854775807}", None, Scalar::I64),
            ("{maximum: 9223372036854776000}", None, Scalar::I64),
            ("{maximum: 9223372036854775808}", None, Scalar::Number),
            ("{maximum: 9223372036854775808, exclusiveMaximum: true}", None, Scalar::I64),
            ("{minimum: 0, maximum: 18446744073709551615}", None, Scalar::U64),
            ("{minimum: 0, maximum: 18446744073709551616}", None, Scalar::Number),
            ("{minimum: 0, maximum: 1e30}", None, Scalar::Number),
            ("{minimum: -9223372036854775809}", Some("int64"), Scalar::Number),
            ("{minimum: -1}", Some("uint64"), Scalar::Number),
            ("{minimum: 1e300}", None, Scalar::Number),
        ] {
            let text = format!("openapi: 3.0.0\nx: {schema}\n");
            let document = load_str("x.yaml", &text, &mut Diagnostics::new()).expect("it is read");
            let node = document.root.get("x").expect("the schema");
            assert_eq!(integer(node, format), expected, "{schema} {format:?}");
        }
    }
}
