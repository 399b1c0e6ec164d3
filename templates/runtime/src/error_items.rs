//! The error bodies of APIs, read into items whatever their shape: a list, one object, `{"detail": ..}`, problem details, nothing.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;

use serde_json::{Map, Number, Value};

use super::settings::SETTINGS;
use super::tape::{Kind, Node, Tape};
use super::text::append;

/// One error the API reported. `Debug` shows its code and field, never the message or other members.
#[derive(Clone, PartialEq)]
pub struct ErrorItem {
    members: Lazy,
    code: Option<String>,
    message: Option<String>,
    field: Option<String>,
    request_id: Option<String>,
}

/// The members of an item, read. Behind a trait, so that maps of values are compiled only in a crate that asks for members.
trait Members: Send + Sync + UnwindSafe + RefUnwindSafe {
    fn map(&self) -> &Map<String, Value>;
}

struct Read(Map<String, Value>);

impl Members for Read {
    #[inline]
    fn map(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// Members as they came, read when they are asked for.
struct Lazy {
    /// Empty for an item that is only a message.
    json: String,
    read: OnceLock<Box<dyn Members>>,
}

impl Lazy {
    fn new(json: String) -> Self {
        Self { json, read: OnceLock::new() }
    }

    #[inline]
    fn get(&self) -> &Map<String, Value> {
        let read = || -> Box<dyn Members> {
            Box::new(match super::value::parse(&self.json) {
                Value::Object(members) => Read(members),
                _ => Read(Map::new()),
            })
        };
        self.read.get_or_init(read).map()
    }
}

impl Clone for Lazy {
    #[inline]
    fn clone(&self) -> Self {
        Self::new(self.json.clone())
    }
}

impl PartialEq for Lazy {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
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
    #[inline]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members().get(name)
    }

    /// Every member of it.
    #[inline]
    pub fn members(&self) -> &Map<String, Value> {
        self.members.get()
    }

    /// From an object, as if it had no member `but`.
    fn read(object: Node<'_>, but: &str) -> Self {
        let names = &SETTINGS.errors;
        let text = |names: &[&str]| text(object, but, names);
        Self {
            members: Lazy::new(if but.is_empty() { object.raw().to_owned() } else { without(object, but) }),
            code: text(&[names.code, "code", "error_code", "errorCode", "error"]),
            message: text(&[
                names.message,
                "message",
                "detail",
                "error_description",
                "error_message",
                "description",
                "title",
            ]),
            field: text(&[names.field, "field", "param", "parameter", "pointer", "loc"]),
            request_id: text(&[names.request_id, "request_id", "requestId", "request-id", "trace_id"]),
        }
    }

    fn of_message(message: String) -> Self {
        let members = Lazy::new(String::new());
        Self { members, code: None, message: Some(message), field: None, request_id: None }
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
    if let Ok(text) = std::str::from_utf8(body)
        && let Ok(mut tape) = Tape::parse(text)
    {
        // Of a long body the tape holds the outermost only; here everything is looked at.
        tape.fill(tape.entry(0));
        collect(tape.root(), &mut items, true);
    }
    items
}

fn collect(node: Node<'_>, items: &mut Vec<ErrorItem>, outermost: bool) {
    match node.kind() {
        Kind::Array => {
            let end = node.entry().next;
            let mut element = Node { tape: node.tape, at: node.at + 1 };
            while element.at < end {
                collect(element, items, outermost);
                element.at = element.entry().next;
            }
        }
        Kind::Object => {
            let before = items.len();
            let mut inner = "";
            if outermost {
                // `{"errors": [..]}` and `{"error": {..}}` hold the items one level below.
                for name in &["errors", "error"] {
                    if let Some(member) = member(node, "", name)
                        && matches!(member.kind(), Kind::Array | Kind::Object)
                    {
                        inner = name;
                        collect(member, items, false);
                        break;
                    }
                }
            }
            let around = ErrorItem::read(node, inner);
            if items.len() == before {
                if node.members().next().is_some() && around.members.json != "{}" {
                    items.push(around);
                }
                return;
            }
            // What stands around the items belongs to each of them.
            for item in items.get_mut(before..).unwrap_or_default() {
                if item.request_id.is_none() {
                    item.request_id.clone_from(&around.request_id);
                }
            }
        }
        Kind::String => {
            if let Some((message, _)) = node.text()
                && !message.is_empty()
            {
                items.push(ErrorItem::of_message(message.into_owned()));
            }
        }
        _ => {}
    }
}

/// A member of an object, of several with one name the last; none of the name `but`.
fn member<'t>(object: Node<'t>, but: &str, wanted: &str) -> Option<Node<'t>> {
    let mut found = None;
    for (name, value) in object.members() {
        let name = object.tape.name(name);
        if name == wanted && name != but {
            found = Some(value);
        }
    }
    found
}

/// The first of these members that is a text or a number.
fn text(object: Node<'_>, but: &str, names: &[&str]) -> Option<String> {
    for name in names {
        let Some(member) = member(object, but, name) else { continue };
        match member.kind() {
            Kind::String => match member.text() {
                Some((text, _)) if !text.is_empty() => return Some(text.into_owned()),
                _ => {}
            },
            // As serde_json writes it.
            Kind::Integer | Kind::Fraction => {
                return Some(match member.raw().parse::<Number>() {
                    Ok(number) => number.to_string(),
                    Err(_) => member.raw().to_owned(),
                });
            }
            _ => {}
        }
    }
    None
}

/// The text of an object without one of its members.
fn without(object: Node<'_>, but: &str) -> String {
    let mut json = String::from("{");
    for (name, value) in object.members() {
        if object.tape.name(name) != but {
            let comma = if json.len() > 1 { "," } else { "" };
            append(&mut json, &[comma, object.tape.raw(name), ":", value.raw()]);
        }
    }
    json.push('}');
    json
}

/// A text that may be printed: short and made like an identifier, so that nothing a person entered slips into a log.
pub(crate) fn word(text: &str) -> Option<&str> {
    for b in text.bytes() {
        if !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-' | b'.' | b'[' | b']' | b':' | b'/') {
            return None;
        }
    }
    if text.is_empty() || text.len() > 80 { None } else { Some(text) }
}
