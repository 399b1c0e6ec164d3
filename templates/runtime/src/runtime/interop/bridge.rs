//! serde for generated types, by feature `serde`: written and read through JSON, so it costs little to compile, but two
//! implementations for each of hundreds of types are not nothing, and few programs need them. It fits
//! self-describing formats only. What was read deviates from the document as it may in a response.
//!
//! serde knows no decimal numbers, so here a number goes as `u64`, `i64` or `f64`, and an exact one loses what these do not hold: the
//! zeros at its end (`1.10` becomes `1.1`), its spelling (`1E5` becomes `100000.0`) and all but some 16 digits. Where serde_json is
//! built with `arbitrary_precision` and is the format, the digits stay. Beyond the range of `f64` serializing is an error.
//! [`to_json`] and [`from_json`] lose nothing.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use crate::runtime::decode::exact::Number;
use crate::runtime::decode::{Decode, Mode, from_json};
use crate::runtime::encode::{Encode, to_json};
use crate::runtime::json::number::{read_f64, same_value};
use crate::runtime::json::tape::{Kind, Node, Tape};

/// Serializes a value by its JSON; what `serde_by_json!` calls.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let json = to_json(value);
    let tape = Tape::full(&json).ok_or_else(|| S::Error::custom("the value has no JSON form"))?;
    Json(tape.root()).serialize(serializer)
}

/// Deserializes a value by way of JSON; what `serde_by_json!` calls.
///
/// # Errors
/// Those of the deserializer, and where the value cannot be read; these name the path.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = to_json(&Value::deserialize(deserializer)?);
    from_json(json.as_bytes(), Mode::default()).map(|(value, _)| value).map_err(D::Error::custom)
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

/// A node as serde sees it. Not `Value`: its numbers become maps with a private name when serde_json is built with
/// `arbitrary_precision` and another format is written.
struct Json<'t>(Node<'t>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let node = self.0;
        match node.kind() {
            Kind::Absent | Kind::Null => serializer.serialize_unit(),
            Kind::False => serializer.serialize_bool(false),
            Kind::True => serializer.serialize_bool(true),
            Kind::Integer | Kind::Fraction => serialize_number(node.raw(), serializer),
            Kind::String => serializer.serialize_str(&node.text().unwrap_or_default().0),
            Kind::Array => {
                let mut list = serializer.serialize_seq(Some(node.elements().count()))?;
                node.elements().try_for_each(|element| list.serialize_element(&Json(element)))?;
                list.end()
            }
            Kind::Object => {
                let mut map = serializer.serialize_map(Some(node.members().count()))?;
                for (name, value) in node.members() {
                    map.serialize_entry(&*node.tape.name(name), &Json(value))?;
                }
                map.end()
            }
        }
    }
}

fn serialize_number<S: Serializer>(raw: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if raw != "-0" {
        if let Ok(number) = raw.parse::<u64>() {
            return serializer.serialize_u64(number);
        }
        if let Ok(number) = raw.parse::<i64>() {
            return serializer.serialize_i64(number);
        }
    }
    let (number, exact) = read_f64(raw);
    // Only serde_json itself can carry more, and only with `arbitrary_precision`.
    match serde_json::from_str::<serde_json::Number>(raw) {
        Ok(precise) if !exact && same_value(&precise.to_string(), raw) => precise.serialize(serializer),
        _ if number.is_finite() => serializer.serialize_f64(number),
        // serde_json would make a null of it.
        _ => Err(S::Error::custom("a number beyond the range of f64")),
    }
}
