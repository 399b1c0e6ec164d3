//! The error bodies of APIs, read into items whatever their shape: a list, one object, `{"detail": ..}`, problem details, nothing.

use std::fmt;

use serde_json::{Map, Value};

use super::settings::SETTINGS;

/// One error the API reported. `Debug` shows its code and field, never the message or other members.
#[derive(Clone, PartialEq)]
pub struct ErrorItem {
    members: Map<String, Value>,
    code: Option<String>,
    message: Option<String>,
    field: Option<String>,
    request_id: Option<String>,
}

impl ErrorItem {
    /// The API's code for it: `required`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The API's explanation for humans.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The member of the request it is about.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The id the API's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Any member of it, by its name on the wire.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Every member of it.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    fn read(members: Map<String, Value>) -> Self {
        let text = |names: &[&str]| {
            names.iter().find_map(|name| match members.get(*name) {
                Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => None,
            })
        };
        let names = &SETTINGS.errors;
        let code = text(&[names.code, "code", "error_code", "errorCode", "error"]);
        let message =
            text(&[names.message, "message", "detail", "error_description", "error_message", "description", "title"]);
        let field = text(&[names.field, "field", "param", "parameter", "pointer", "loc"]);
        let request_id = text(&[names.request_id, "request_id", "requestId", "request-id", "trace_id"]);
        Self { code, message, field, request_id, members }
    }

    fn of_message(message: String) -> Self {
        Self { members: Map::new(), code: None, message: Some(message), field: None, request_id: None }
    }
}

impl fmt::Debug for ErrorItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorItem")
            .field("code", &self.code().and_then(word))
            .field("field", &self.field().and_then(word))
            .finish_non_exhaustive()
    }
}

/// Reads the items of an error body; none when it is empty, no JSON, or says nothing.
pub(crate) fn read_items(body: &[u8]) -> Vec<ErrorItem> {
    let mut items = Vec::new();
    // `parse` is compiled in serde_json; its generic functions would be compiled here.
    if let Ok(value) = std::str::from_utf8(body).unwrap_or_default().parse() {
        collect(value, &mut items, true);
    }
    items
}

fn collect(value: Value, items: &mut Vec<ErrorItem>, outermost: bool) {
    match value {
        Value::Array(list) => {
            for value in list {
                collect(value, items, outermost);
            }
        }
        Value::Object(mut members) => {
            let before = items.len();
            for name in ["errors", "error"] {
                // `{"errors": [..]}` and `{"error": {..}}` hold the items one level below.
                if outermost && matches!(members.get(name), Some(Value::Array(_) | Value::Object(_))) {
                    let (inner, rest) = take(members, name);
                    members = rest;
                    collect(inner, items, false);
                    break;
                }
            }
            if items.len() > before {
                // What stands around the items belongs to each of them.
                let around = ErrorItem::read(members);
                for item in items.iter_mut().skip(before) {
                    if item.request_id.is_none() {
                        item.request_id.clone_from(&around.request_id);
                    }
                }
            } else if !members.is_empty() {
                items.push(ErrorItem::read(members));
            }
        }
        Value::String(message) if !message.is_empty() => items.push(ErrorItem::of_message(message)),
        _ => {}
    }
}

/// A member, and the others. `Map::remove` would be compiled here, with all that keeps a B-tree balanced.
fn take(members: Map<String, Value>, name: &str) -> (Value, Map<String, Value>) {
    let (mut taken, mut rest) = (Value::Null, Map::new());
    for (other, value) in members {
        if other == name {
            taken = value;
        } else {
            rest.insert(other, value);
        }
    }
    (taken, rest)
}

/// A text that may be printed: short and made like an identifier, so that nothing a person entered slips into a log.
pub(crate) fn word(text: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.[]:/".contains(&b);
    (!text.is_empty() && text.len() <= 80 && text.bytes().all(plain)).then_some(text)
}
