//! The scalar keywords of one schema node, read through `openapiv3`.
//!
//! Children are never handed over, so the crate's rule that one foreign keyword turns a whole schema into
//! `SchemaKind::Any` cannot lose anything: 247 schemas of Belvo's document are such, nearly every money
//! amount among them (`type: number` with `pattern`).

use openapiv3::{AnySchema, SchemaData, SchemaKind, Type as OpenType, VariantOrUnknownOrEmpty};

use super::Lowering;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Kind, Node};
use crate::ir::Docs;

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

impl Lowering<'_> {
    /// Reads the keywords of `node`; those that have an impossible value are reported and left out.
    pub(super) fn keywords(&mut self, node: &Node, pointer: &Pointer) -> Keywords {
        let mut map = serde_json::Map::new();
        for e in node.as_object().into_iter().flat_map(|o| o.iter()) {
            if SCALAR.contains(&e.key.as_str()) && self.plausible(&e.key, &e.value, pointer) {
                map.insert(e.key.clone(), e.value.to_json());
            }
        }
        let required = node.get("required").and_then(Node::as_array).unwrap_or_default();
        let required = required.iter().filter_map(|n| n.as_str().map(str::to_owned)).collect();
        match serde_json::from_value::<openapiv3::Schema>(serde_json::Value::Object(map)) {
            Ok(schema) => {
                let (typ, format, facts) = kind(&schema.schema_kind, &schema.schema_data);
                Keywords { typ, format, data: schema.schema_data, required, facts }
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
                Keywords { typ: text("type"), format: text("format"), data, required, facts: Vec::new() }
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
                matches!(value.kind, Kind::Number(_)) && value.to_json().is_number()
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

fn kind(kind: &SchemaKind, data: &SchemaData) -> (Option<String>, Option<String>, Vec<String>) {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(v) = value {
            facts.push(format!("{name}: `{v}`"));
        }
    };
    fn word<T: serde::Serialize>(f: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
        match f {
            VariantOrUnknownOrEmpty::Item(i) => {
                serde_json::to_value(i).ok().and_then(|v| v.as_str().map(str::to_owned))
            }
            VariantOrUnknownOrEmpty::Unknown(s) => Some(s.clone()),
            VariantOrUnknownOrEmpty::Empty => None,
        }
    }
    let plain = |v: &serde_json::Value| match v {
        serde_json::Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    fact("Default", data.default.as_ref().filter(|v| !v.is_object() && !v.is_array()).map(plain));
    let (typ, format) = match kind {
        SchemaKind::Type(OpenType::String(s)) => {
            fact("Pattern", s.pattern.clone());
            fact("Minimum length", s.min_length.map(|n| n.to_string()));
            fact("Maximum length", s.max_length.map(|n| n.to_string()));
            (Some("string"), word(&s.format))
        }
        SchemaKind::Type(OpenType::Number(n)) => {
            fact(bound("Minimum", n.exclusive_minimum), n.minimum.map(|n| n.to_string()));
            fact(bound("Maximum", n.exclusive_maximum), n.maximum.map(|n| n.to_string()));
            fact("Multiple of", n.multiple_of.map(|n| n.to_string()));
            (Some("number"), word(&n.format))
        }
        SchemaKind::Type(OpenType::Integer(n)) => {
            fact(bound("Minimum", n.exclusive_minimum), n.minimum.map(|n| n.to_string()));
            fact(bound("Maximum", n.exclusive_maximum), n.maximum.map(|n| n.to_string()));
            fact("Multiple of", n.multiple_of.map(|n| n.to_string()));
            (Some("integer"), word(&n.format))
        }
        SchemaKind::Type(OpenType::Object(o)) => {
            fact("Minimum members", o.min_properties.map(|n| n.to_string()));
            fact("Maximum members", o.max_properties.map(|n| n.to_string()));
            (Some("object"), None)
        }
        SchemaKind::Type(OpenType::Array(a)) => {
            fact("Minimum items", a.min_items.map(|n| n.to_string()));
            fact("Maximum items", a.max_items.map(|n| n.to_string()));
            fact("Unique items", a.unique_items.then(|| "true".to_owned()));
            (Some("array"), None)
        }
        SchemaKind::Type(OpenType::Boolean(_)) => (Some("boolean"), None),
        SchemaKind::Any(any) => {
            let any: &AnySchema = any;
            fact("Pattern", any.pattern.clone());
            fact("Minimum length", any.min_length.map(|n| n.to_string()));
            fact("Maximum length", any.max_length.map(|n| n.to_string()));
            fact(bound("Minimum", any.exclusive_minimum == Some(true)), any.minimum.as_ref().map(ToString::to_string));
            fact(bound("Maximum", any.exclusive_maximum == Some(true)), any.maximum.as_ref().map(ToString::to_string));
            fact("Multiple of", any.multiple_of.as_ref().map(ToString::to_string));
            fact("Minimum items", any.min_items.map(|n| n.to_string()));
            fact("Maximum items", any.max_items.map(|n| n.to_string()));
            fact("Unique items", any.unique_items.filter(|unique| *unique).map(|unique| unique.to_string()));
            fact("Minimum members", any.min_properties.map(|n| n.to_string()));
            fact("Maximum members", any.max_properties.map(|n| n.to_string()));
            (any.typ.as_deref(), any.format.clone())
        }
        // Children are not handed over, so these cannot come.
        SchemaKind::OneOf { .. } | SchemaKind::AllOf { .. } | SchemaKind::AnyOf { .. } | SchemaKind::Not { .. } => {
            (None, None)
        }
    };
    (typ.map(str::to_owned), format, facts)
}

/// What a limit is called that may not be reached.
fn bound(name: &'static str, exclusive: bool) -> &'static str {
    match (name, exclusive) {
        ("Minimum", true) => "Exclusive minimum",
        ("Maximum", true) => "Exclusive maximum",
        _ => name,
    }
}
