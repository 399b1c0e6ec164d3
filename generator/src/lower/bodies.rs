//! Request bodies, and what stands under a media type on either side.

use super::Lowering;
use super::examples::Shown;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Node, Object};
use crate::ir::{Body, Content, Docs, Label, Origin, Type, Use};

impl<'d> Lowering<'d> {
    pub(super) fn body(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Option<Body> {
        let by_reference = node.get("$ref").is_some();
        let (at, node) = self.deref(node, at)?;
        let content = node.get("content").and_then(Node::as_object)?;
        let (media_type, media) = self.choose(content, &at)?;
        let place = at.join("content").join(&media_type).join("schema");
        let label = if by_reference {
            Label::Component(format!("{} body", at.last().unwrap_or_default()))
        } else {
            Label::Operation { operation, part: "Request".to_owned() }
        };
        let schema = media.get("schema");
        let inline = !by_reference && schema.is_some_and(|s| s.get("$ref").is_none());
        let content = self.content(&media_type, schema, &place, label);
        if let Content::Json(of) = &content {
            self.show_media(media, &at.join("content").join(&media_type), of, Shown::Request);
        }
        let docs = Docs {
            text: node.get("description").and_then(Node::as_str).unwrap_or_default().to_owned(),
            ..Docs::default()
        };
        let origin = Origin { pointer: at, span: node.span };
        Some(Body { origin, docs, required: node.flag("required"), media_type, content, inline })
    }

    /// The media type that the generated function uses: JSON if there is one, else the one that says most.
    pub(super) fn choose(&mut self, content: &'d Object, at: &Pointer) -> Option<(String, &'d Node)> {
        let rank = |m: &str| match family(m) {
            Family::Json if essence(m) == "application/json" => 0,
            Family::Json => 1,
            Family::Multipart => 2,
            Family::Form => 3,
            Family::Events => 4,
            Family::Text => 5,
            Family::Bytes => 6,
        };
        let best = content.iter().min_by_key(|e| rank(&e.key))?;
        if content.len() > 1 {
            let left: Vec<&str> = content.iter().map(|e| e.key.as_str()).filter(|k| *k != best.key).collect();
            let message = format!("`{}` is used; left out: {}", best.key, left.join(", "));
            self.push(Diagnostic::note("N0309", message).at(best.key_span).pointer(&at.join("content")));
        }
        Some((best.key.clone(), &best.value))
    }

    pub(super) fn content(
        &mut self,
        media_type: &str,
        schema: Option<&'d Node>,
        at: &Pointer,
        label: Label,
    ) -> Content {
        let of = |cx: &mut Self| schema.map(|s| cx.schema(s, at, label.clone()).of);
        let any = Use { ty: Type::Any, nullable: false };
        match family(media_type) {
            Family::Json => Content::Json(of(self).unwrap_or(any)),
            Family::Form => Content::Form(of(self).unwrap_or(any)),
            Family::Multipart => Content::Multipart(of(self).unwrap_or(any)),
            Family::Events => Content::Events(of(self)),
            Family::Text => Content::Text,
            Family::Bytes => Content::Bytes,
        }
    }
}

enum Family {
    Json,
    Form,
    Multipart,
    Events,
    Text,
    Bytes,
}

/// A media type without its parameters.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn family(media_type: &str) -> Family {
    match essence(media_type).as_str() {
        "*/*" | "application/*" | "" => Family::Json,
        // One JSON value a line is no JSON document.
        "application/x-ndjson" | "application/jsonl" | "application/x-json-stream" => Family::Text,
        e if e == "application/json" || e.ends_with("+json") || e == "text/json" || e == "application/hal" => {
            Family::Json
        }
        "application/x-www-form-urlencoded" => Family::Form,
        e if e.starts_with("multipart/") => Family::Multipart,
        "text/event-stream" => Family::Events,
        e if e.starts_with("text/") || e.ends_with("/xml") || e.ends_with("+xml") || e.ends_with("yaml") => {
            Family::Text
        }
        _ => Family::Bytes,
    }
}
