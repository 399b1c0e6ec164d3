//! The error bodies of APIs, read into items whatever their shape: a list, one object, `{"detail": ..}`, problem details, codes at
//! the members they are about, nothing.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;

use serde_json::{Map, Number, Value};

use crate::runtime::json::tape::{Kind, Node, Tape};
use crate::runtime::settings::ErrorNames;
use crate::runtime::text::{append, append_index, lists, take};

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
            Box::new(match crate::runtime::decode::value::parse(&self.json) {
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

    /// The member of the request it is about, as a path where it lies deeper: `details.pix_key.value`.
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

    fn of_message(message: String) -> Self {
        let members = Lazy::new(String::new());
        Self { members, code: None, message: Some(message), field: None, request_id: None }
    }
}

impl fmt::Debug for ErrorItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorItem")
            .field("code", &self.code().and_then(word))
            .field("field", &self.field().and_then(path))
            .finish_non_exhaustive()
    }
}

/// How many bytes of JSON items may hold together before further ones are only counted. One item is always kept.
const KEPT_BYTES: usize = 1 << 20;

/// How long the path of a field may grow: beyond, a name that an attacker chose would be copied into every item.
const PATH_BYTES: usize = 256;

/// Members that group what they hold and are no part of the request.
const GROUPS: &[&str] = &["errors", "error", "detail", "extensions"];

/// The items of an error body.
pub(crate) struct Items<'n> {
    names: &'n ErrorNames,
    pub(crate) kept: Vec<ErrorItem>,
    /// How many there were.
    pub(crate) total: usize,
    bytes: usize,
}

/// Reads the items of an error body; none when it is empty, no JSON, or says nothing.
pub(crate) fn read_items<'n>(body: &[u8], names: &'n ErrorNames) -> Items<'n> {
    let mut items = Items { names, kept: Vec::new(), total: 0, bytes: 0 };
    if let Ok(text) = std::str::from_utf8(body)
        && let Ok(tape) = Tape::parse(text)
    {
        items.collect(tape.root(), true);
    }
    items
}

impl Items<'_> {
    /// Counts an item; whether it is to be kept.
    fn has_room(&mut self) -> bool {
        self.total += 1;
        self.kept.len() < self.names.max_items && self.bytes < KEPT_BYTES
    }

    fn keep(&mut self, item: ErrorItem) {
        self.bytes += item.members.json.len() + item.message.as_ref().map_or(0, String::len);
        self.kept.push(item);
    }

    fn collect(&mut self, node: Node<'_>, outermost: bool) {
        match node.kind() {
            Kind::Array => each(node, &mut |_, element| self.collect(element, outermost)),
            Kind::Object => {
                let (start, before) = (self.kept.len(), self.total);
                let mut inner = "";
                if outermost {
                    // `{"errors": [..]}` and `{"error": {..}}` hold the items one level below.
                    for name in &["errors", "error"] {
                        if let Some(member) = member(node, "", name)
                            && matches!(member.kind(), Kind::Array | Kind::Object)
                        {
                            inner = name;
                            self.collect(member, false);
                            break;
                        }
                    }
                }
                if self.total == before {
                    self.item(node, inner);
                }
                self.inherit(start, node, inner);
            }
            Kind::String => {
                if let Some((message, _)) = node.text()
                    && !message.is_empty()
                    && self.has_room()
                {
                    self.keep(ErrorItem::of_message(message.into_owned()));
                }
            }
            _ => {}
        }
    }

    /// What is around items belongs to each of them.
    fn inherit(&mut self, start: usize, around: Node<'_>, but: &str) {
        let items = self.kept.get_mut(start..).unwrap_or_default();
        if items.is_empty() {
            return;
        }
        // What is longer is no id, and would be copied a thousand times.
        if let Some(id) = self.names.request_id(around, but)
            && id.len() <= PATH_BYTES
        {
            for item in items {
                if item.request_id.is_none() {
                    item.request_id = Some(id.clone());
                }
            }
        }
    }

    /// One object by itself: an item with a code of its own, or codes at the members they are about, or both.
    fn item(&mut self, object: Node<'_>, but: &str) {
        let item = self.names.item(object, but);
        let says = item.code.is_some() || item.message.is_some();
        let (coded, before) = (item.code.is_some(), self.total);
        let path = item.field.clone().unwrap_or_default();
        if !says {
            self.nested(object, but, &path, false);
        }
        let empty = item.members.json == "{}" || object.members().next().is_none();
        if self.total == before && !empty && self.has_room() {
            self.keep(item);
        }
        if says {
            self.nested(object, but, &path, coded);
        }
    }

    /// The codes within an object's members: `{"pix_key": {"value": {"code": ..}}}`. Where the item has a code of its own (`strict`), a
    /// code alone may be anything, so it needs a message with it.
    fn nested(&mut self, object: Node<'_>, but: &str, path: &str, strict: bool) {
        for (name, value) in object.members() {
            let name = object.tape.name(name);
            if name == but || !matches!(value.kind(), Kind::Array | Kind::Object) {
                continue;
            }
            let path = if lists(GROUPS, &name) { path.to_owned() } else { joined(path, &name) };
            self.at_member(value, &path, strict);
        }
    }

    fn at_member(&mut self, value: Node<'_>, path: &str, strict: bool) {
        match value.kind() {
            Kind::Array => each(value, &mut |index, element| {
                // A list of errors is about the member; a list of values has them within one of these.
                if element.kind() == Kind::Object && self.names.code(element, "").is_none() {
                    let mut path = path.to_owned();
                    append_index(&mut path, index);
                    self.at_member(element, &path, strict);
                } else {
                    self.at_member(element, path, strict);
                }
            }),
            Kind::Object => {
                let mut strict = strict;
                if self.names.code(value, "").is_some() && (!strict || self.names.message(value, "").is_some()) {
                    strict = true;
                    if self.has_room() {
                        let mut item = self.names.item(value, "");
                        item.field = Some(match &item.field {
                            Some(field) => joined(path, field),
                            None => path.to_owned(),
                        });
                        item.field = item.field.filter(|field| !field.is_empty());
                        self.keep(item);
                    }
                }
                self.nested(value, "", path, strict);
            }
            _ => {}
        }
    }
}

/// Visits the elements of an array with their indexes. Of a long body the tape holds only the outermost: an element that it has no
/// entries for is scanned again.
fn each(array: Node<'_>, visit: &mut dyn FnMut(u64, Node<'_>)) {
    for (index, element) in array.elements().enumerate() {
        let index = index as u64;
        if element.entry().flag && matches!(element.kind(), Kind::Array | Kind::Object) {
            let mut tape = Tape::empty(array.tape.body);
            tape.fill(element.entry());
            visit(index, tape.root());
        } else {
            visit(index, element);
        }
    }
}

/// The path of a member below another, unless it grows too long.
fn joined(path: &str, name: &str) -> String {
    let mut joined = path.to_owned();
    if path.len() + name.len() < PATH_BYTES {
        append(&mut joined, &[if path.is_empty() { "" } else { "." }, name]);
    }
    joined
}

// Members that an object has beside the names of the settings; each reads as if there were no member `but`.
impl ErrorNames {
    fn item(&self, object: Node<'_>, but: &str) -> ErrorItem {
        ErrorItem {
            members: Lazy::new(if but.is_empty() { object.raw().to_owned() } else { without(object, but) }),
            code: self.code(object, but),
            message: self.message(object, but),
            field: text(object, but, &[self.field, "field", "param", "parameter", "pointer", "loc"]),
            request_id: self.request_id(object, but),
        }
    }

    fn code(&self, object: Node<'_>, but: &str) -> Option<String> {
        text(object, but, &[self.code, "code", "error_code", "errorCode", "error"])
    }

    fn message(&self, object: Node<'_>, but: &str) -> Option<String> {
        let names = [self.message, "message", "detail", "error_description", "error_message", "description", "title"];
        text(object, but, &names)
    }

    fn request_id(&self, object: Node<'_>, but: &str) -> Option<String> {
        text(object, but, &[self.request_id, "request_id", "requestId", "request-id", "trace_id"])
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
    if is_word(text, 80) { Some(text) } else { None }
}

/// The same for the path of a member: each of its names.
pub(crate) fn path(text: &str) -> Option<&str> {
    let mut rest = text;
    while !rest.is_empty() {
        if !is_word(take(&mut rest, "."), 80) {
            return None;
        }
    }
    if is_word(text, PATH_BYTES) { Some(text) } else { None }
}

fn is_word(text: &str, most: usize) -> bool {
    for b in text.bytes() {
        if !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-' | b'.' | b'[' | b']' | b':' | b'/') {
            return false;
        }
    }
    !text.is_empty() && text.len() <= most
}
