//! Responses of Swagger 2.0: the schema and the examples move below their media types.

use crate::base::Span;
use crate::document::{Entry, Kind, Node, Object};

use crate::base::pointer::escape;
use crate::document::normalize::object;
use crate::document::walk::At;

use super::{Upgrade, parameters};

/// One response; one that was rebuilt already is left as it is.
pub(super) fn response(pass: &mut Upgrade<'_>, node: &mut Node, produces: &[Node], at: &At<'_>) {
    let Some(o) = node.as_object_mut() else { return };
    if o.get("$ref").is_some() || o.get("content").is_some() {
        return;
    }
    let schema = object::take_entry(o, "schema");
    let examples = object::take_entry(o, "examples");
    if schema.is_none() && examples.is_none() {
        return;
    }
    let mut schema = schema.map(|e| e.value).filter(|n| !n.is_null());
    let is_file = schema.as_mut().is_some_and(parameters::file);
    let span = schema.as_ref().or(examples.as_ref().map(|e| &e.value)).map_or(at_span(o), |n| n.span);
    let mut content = Object::new();
    if let Some(schema) = schema {
        let media: Vec<(&str, _)> = produces.iter().filter_map(|n| Some((n.as_str()?, n.span))).collect();
        let default = [(if is_file { "application/octet-stream" } else { "application/json" }, span)];
        let media = if media.is_empty() { &default } else { media.as_slice() };
        if let Some((first, _)) = media.first()
            && at.is_target("schema")
        {
            let here = at.pointer();
            pass.moves.add(
                format!("{}/schema", here.as_str()),
                format!("{}/content/{}/schema", here.as_str(), escape(first)),
            );
        }
        for (name, place) in media {
            let value = object::single(span, "schema", schema.clone());
            content.push(Entry { key: (*name).to_owned(), key_span: *place, value });
        }
    }
    for e in examples.and_then(|mut e| object::take_object(&mut e.value)).into_iter().flat_map(object::into_entries) {
        if e.key.starts_with("x-") {
            continue;
        }
        match content.get_mut(&e.key).and_then(Node::as_object_mut) {
            Some(media) => media.insert("example", e.value),
            None => {
                // an example of a media type that is not produced says nothing about the response
                if content.is_empty() {
                    let value = object::single(e.value.span, "example", e.value);
                    content.push(Entry { key: e.key, key_span: e.key_span, value });
                }
            }
        }
    }
    if !content.is_empty() {
        o.insert("content", Node::new(span, Kind::Object(content)));
    }
}

fn at_span(o: &Object) -> Span {
    o.iter().next().map(|e| e.key_span).unwrap_or_default()
}
