//! Parameters of Swagger 2.0: the type moves into a schema; bodies and form fields become request bodies.

use crate::base::Span;
use crate::document::{Entry, Kind, Node, Object, keys};

use crate::base::pointer::{canonical, escape};
use crate::document::normalize::object::{self, set_flag};
use crate::document::walk::At;

use super::Upgrade;

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
const JSON: &str = "application/json";

/// Members of a parameter that describe its values.
fn is_schema_member(key: &str) -> bool {
    matches!(
        key,
        "type"
            | "format"
            | "items"
            | "default"
            | "maximum"
            | "exclusiveMaximum"
            | "minimum"
            | "exclusiveMinimum"
            | "maxLength"
            | "minLength"
            | "pattern"
            | "maxItems"
            | "minItems"
            | "uniqueItems"
            | "enum"
            | "multipleOf"
            | "x-nullable"
            | "nullable"
    ) || key.starts_with("x-enum")
        || key == "x-ms-enum"
}

/// Takes the members that describe the values out of a parameter, as a schema.
fn take_schema(o: &mut Object, span: Span) -> Option<Node> {
    let mut schema = Object::new();
    let mut rest = Object::new();
    for e in object::into_entries(std::mem::take(o)) {
        if is_schema_member(&e.key) {
            schema.push(e);
        } else {
            rest.push(e);
        }
    }
    *o = rest;
    let mut schema = Node::new(span, Kind::Object(schema));
    file(&mut schema);
    (!schema.as_object().is_some_and(Object::is_empty)).then_some(schema)
}

/// Takes `collectionFormat` out of the lists in a list, which a schema has no word for: each with its place, the outermost first. A list
/// that does not say it is separated by commas.
fn inner_separators(schema: &mut Node) -> Vec<(String, Span)> {
    let mut separators = Vec::new();
    let mut at = schema;
    while let Some(items) = at.as_object_mut().and_then(|o| o.get_mut("items")) {
        let span = items.span;
        let Some(o) = items.as_object_mut() else { break };
        let said = object::take_entry(o, "collectionFormat");
        if o.get("type").and_then(Node::as_str) == Some("array") {
            let word = said.as_ref().and_then(|e| e.value.as_str()).unwrap_or("csv");
            separators.push((word.to_owned(), said.as_ref().map_or(span, |e| e.value.span)));
        }
        at = items;
    }
    separators
}

/// How a list of a parameter or a form is joined: `style` and `explode`, and what no style has in the key of our own.
fn join(
    pass: &mut Upgrade<'_>,
    o: &mut Object,
    schema: &mut Node,
    separator: Option<Entry>,
    location: &str,
    at: (&At<'_>, Span),
) {
    let inner = inner_separators(schema);
    if schema.get("type").and_then(Node::as_str) != Some("array") {
        return;
    }
    let (word, place) = match &separator {
        Some(e) => (e.value.as_str().unwrap_or("csv"), e.value.span),
        None => ("csv", at.1),
    };
    let style = style(word, location);
    if style.is_none() && delimiter(word).is_none() {
        pass.separator(
            place,
            at.0,
            format!("`collectionFormat: {word}` is none of a {location}; read as comma-separated"),
        );
    }
    let (word_of_style, explode) = style.unwrap_or(match location {
        "query" | "formData" => ("form", false),
        _ => ("simple", false),
    });
    let own = style.is_none().then(|| delimiter(word)).flatten().unwrap_or_default();
    let mut delimiters = vec![own.to_owned()];
    for (word, place) in inner {
        let delimiter = delimiter(&word).unwrap_or_else(|| {
            let message = format!("`collectionFormat: {word}` is none of a list in a list; read as comma-separated");
            pass.separator(place, at.0, message);
            ","
        });
        delimiters.push(delimiter.to_owned());
    }
    o.insert("style", Node::string(place, word_of_style));
    set_flag(o, "explode", explode, place);
    if delimiters.iter().any(|delimiter| !delimiter.is_empty()) {
        let list = delimiters.into_iter().map(|delimiter| Node::string(place, delimiter)).collect();
        o.insert(keys::DELIMITERS, Node::new(place, Kind::Array(list)));
    }
}

/// What a word joins elements by, where no style does; `None` for one that is no separator (`multi` repeats the parameter).
fn delimiter(word: &str) -> Option<&'static str> {
    match word {
        "csv" => Some(","),
        "ssv" => Some(" "),
        "tsv" => Some("\t"),
        "pipes" => Some("|"),
        _ => None,
    }
}

/// `type: file` → bytes.
pub(super) fn file(schema: &mut Node) -> bool {
    let Some(o) = schema.as_object_mut() else { return false };
    let Some(Node { kind: Kind::String(t), span }) = o.get_mut("type") else { return false };
    if t != "file" {
        return false;
    }
    "string".clone_into(t);
    let span = *span;
    o.insert("format", Node::string(span, "binary"));
    true
}

/// A parameter of the path, the query or a header.
pub(super) fn parameter(pass: &mut Upgrade<'_>, node: &mut Node, at: &At<'_>) {
    let span = node.span;
    let Some(o) = node.as_object_mut() else { return };
    if o.get("$ref").is_some() || matches!(o.get("in").and_then(Node::as_str), Some("body" | "formData")) {
        return;
    }
    let location = o.get("in").and_then(Node::as_str).unwrap_or_default().to_owned();
    let separator = object::take_entry(o, "collectionFormat");
    if o.get("schema").is_none() && o.get("content").is_none() {
        let mut schema = take_schema(o, span).unwrap_or_else(|| object::empty(span));
        join(pass, o, &mut schema, separator, &location, (at, span));
        o.insert("schema", schema);
    }
    if o.get("example").is_none() {
        object::rename(o, "x-example", "example");
    }
}

/// The style of a list, and whether its elements are pairs of their own; `None` where no style says it.
fn style(separator: &str, location: &str) -> Option<(&'static str, bool)> {
    match (separator, location) {
        ("multi", "query" | "formData") => Some(("form", true)),
        ("ssv", "query" | "formData") => Some(("spaceDelimited", false)),
        ("pipes", "query" | "formData") => Some(("pipeDelimited", false)),
        ("csv", "query" | "formData") => Some(("form", false)),
        ("csv", _) => Some(("simple", false)),
        _ => None,
    }
}

/// A header of a response.
pub(super) fn header(pass: &mut Upgrade<'_>, node: &mut Node, at: &At<'_>) {
    let span = node.span;
    let Some(o) = node.as_object_mut() else { return };
    if o.get("$ref").is_some() {
        return;
    }
    let separator = object::take_entry(o, "collectionFormat");
    if o.get("schema").is_none() && o.get("content").is_none() {
        let mut schema = take_schema(o, span).unwrap_or_else(|| object::empty(span));
        join(pass, o, &mut schema, separator, "header", (at, span));
        o.insert("schema", schema);
    }
    if o.get("example").is_none() {
        object::rename(o, "x-example", "example");
    }
}

/// The parameters of an operation: those of the path, query and headers stay, the others become its body.
pub(super) fn operation(
    pass: &mut Upgrade<'_>,
    o: &mut Object,
    parameters: Entry,
    consumes: Option<&[Node]>,
    span: Span,
    at: &At<'_>,
) {
    let at = at.key("parameters");
    let Entry { key, key_span, value } = parameters;
    let Node { kind: Kind::Array(list), span: list_span } = value else {
        o.push(Entry { key, key_span, value });
        return;
    };
    let base = at.pointer();
    let operation = base.parent().unwrap_or_default();
    let mut kept: Vec<Node> = Vec::new();
    let mut fields: Vec<Node> = Vec::new();
    let mut request: Option<Node> = None;
    for (i, node) in list.into_iter().enumerate() {
        let old = || format!("{}/{i}", base.as_str());
        match pass.location(&node) {
            "body" if request.is_none() => {
                let (body, media) = request_body(pass, &node, consumes);
                if let Some(media) = media {
                    let new = format!("{}/requestBody/content/{}/schema", operation.as_str(), escape(&media));
                    pass.moves.add(format!("{}/schema", old()), new);
                }
                request = Some(body);
            }
            "body" => pass.warn(node.span, &at.index(i), "a second body parameter is left out"),
            "formData" => fields.push(node),
            _ => {
                pass.moves.add(old(), format!("{}/{}", base.as_str(), kept.len()));
                kept.push(node);
            }
        }
    }
    if !kept.is_empty() {
        o.push(Entry { key, key_span, value: Node::new(list_span, Kind::Array(kept)) });
    }
    if let (Some(first), true) = (fields.first(), request.is_some()) {
        pass.warn(first.span, &at, "an operation with a body has no form fields; they are left out");
        fields.clear();
    }
    if !fields.is_empty() {
        let defaults = pass.consumes.clone();
        request = Some(form(pass, fields, consumes.unwrap_or(&defaults), span, &at));
    }
    if let (Some(request), None) = (request, o.get("requestBody")) {
        o.insert("requestBody", request);
    }
}

/// The body that a body parameter means, and the media type under which its schema stands (`None` when it
/// is a reference).
fn request_body(pass: &Upgrade<'_>, node: &Node, consumes: Option<&[Node]>) -> (Node, Option<String>) {
    let shared =
        node.get("$ref").and_then(Node::as_str).and_then(canonical).is_some_and(|p| p.starts_with("/parameters/"));
    let own = consumes.is_some_and(|own| !same(own, &pass.consumes));
    if shared && !own {
        // the shared body has the same media types: the reference follows it to the components
        return (node.clone(), None);
    }
    let mut body = pass.resolved(node).clone();
    let media = self::body(&mut body, consumes.unwrap_or(&pass.consumes));
    (body, media)
}

fn same(a: &[Node], b: &[Node]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.as_str() == b.as_str())
}

/// Makes a body parameter a request body; returns the media type of the first content.
pub(super) fn body(node: &mut Node, consumes: &[Node]) -> Option<String> {
    let span = node.span;
    let o = node.as_object_mut()?;
    o.remove("in");
    o.remove("name");
    let mut schema = match object::take_entry(o, "schema") {
        Some(e) => e.value,
        // some give the body's type as if it were a query parameter
        None => take_schema(o, span).unwrap_or_else(|| object::empty(span)),
    };
    file(&mut schema);
    let default = [Node::string(span, JSON)];
    let consumes = if consumes.is_empty() { &default } else { consumes };
    let mut content = Object::new();
    for media in consumes {
        let Some(name) = media.as_str() else { continue };
        let value = object::single(span, "schema", schema.clone());
        content.push(Entry { key: name.to_owned(), key_span: media.span, value });
    }
    let first = content.iter().next().map(|e| e.key.clone());
    o.insert("content", Node::new(span, Kind::Object(content)));
    first
}

/// The body that form fields mean: an object schema with a property per field.
fn form(pass: &mut Upgrade<'_>, fields: Vec<Node>, consumes: &[Node], span: Span, at: &At<'_>) -> Node {
    let mut properties = Object::new();
    let mut required: Vec<Node> = Vec::new();
    let mut encoding = Object::new();
    let mut has_file = false;
    for field in fields {
        let mut field = if field.get("$ref").is_some() { pass.resolved(&field).clone() } else { field };
        let place = field.span;
        let Some(o) = field.as_object_mut() else { continue };
        let Some(name) = o.get("name").and_then(Node::as_str).map(str::to_owned) else { continue };
        let name_span = o.get("name").map_or(place, |n| n.span);
        has_file |= o.get("type").and_then(Node::as_str) == Some("file");
        let separator = object::take_entry(o, "collectionFormat");
        if o.get("required").and_then(Node::as_bool) == Some(true)
            && !required.iter().any(|n| n.as_str() == Some(&name))
        {
            required.push(Node::string(name_span, name.clone()));
        }
        let description = object::take_entry(o, "description");
        let example = object::take_entry(o, "example").or_else(|| object::take_entry(o, "x-example"));
        let mut schema = match object::take_entry(o, "schema") {
            Some(e) => e.value,
            None => take_schema(o, place).unwrap_or_else(|| object::empty(place)),
        };
        let mut said = Object::new();
        join(pass, &mut said, &mut schema, separator, "formData", (at, place));
        let repeats = said.get("explode").and_then(Node::as_bool) == Some(true) && said.get(keys::DELIMITERS).is_none();
        // Repeated fields are what a form has by itself.
        if !said.is_empty() && !repeats {
            encoding.insert(name.clone(), Node::new(place, Kind::Object(said)));
        }
        if let Some(s) = schema.as_object_mut() {
            if let (Some(e), None) = (description, s.get("description")) {
                s.push(e);
            }
            if let (Some(e), None) = (example, s.get("example")) {
                s.insert("example", e.value);
            }
        }
        if properties.get(&name).is_none() {
            properties.push(Entry { key: name, key_span: name_span, value: schema });
        }
    }
    let mut schema = Object::new();
    schema.insert("type", Node::string(span, "object"));
    schema.insert("properties", Node::new(span, Kind::Object(properties)));
    let any_required = !required.is_empty();
    if any_required {
        schema.insert("required", Node::new(span, Kind::Array(required)));
    }
    let mut media_type = object::single(span, "schema", Node::new(span, Kind::Object(schema)));
    if let (Some(m), false) = (media_type.as_object_mut(), encoding.is_empty()) {
        m.insert("encoding", Node::new(span, Kind::Object(encoding)));
    }
    let mut content = Object::new();
    for media in form_types(consumes, has_file) {
        content.insert(media, media_type.clone());
    }
    let mut body = object::single(span, "content", Node::new(span, Kind::Object(content)));
    if let (Some(b), true) = (body.as_object_mut(), any_required) {
        set_flag(b, "required", true, span);
    }
    body
}

/// The media types of a form: those of the two that the operation consumes; with a file only the one that
/// can carry it.
fn form_types(consumes: &[Node], has_file: bool) -> Vec<&'static str> {
    let says = |media: &str| {
        consumes.iter().filter_map(Node::as_str).any(|t| t.split(';').next().is_some_and(|t| t.trim() == media))
    };
    match (has_file, says(MULTIPART), says(URLENCODED)) {
        (true, ..) => vec![MULTIPART],
        (_, true, true) => vec![URLENCODED, MULTIPART],
        (_, true, false) => vec![MULTIPART],
        _ => vec![URLENCODED],
    }
}
