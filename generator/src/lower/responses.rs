//! Responses of an operation: status, body, headers, links.

use super::Lowering;
use super::examples::Shown;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Node, Object};
use crate::ir::{Content, Docs, Label, Operation, Origin, Response};

impl<'d> Lowering<'d> {
    /// The responses of an operation, in document order.
    pub(super) fn responses(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Vec<Response> {
        let mut responses = Vec::new();
        let listed = node.get("responses").and_then(Node::as_object);
        let successes: usize =
            listed.map_or(0, |o| o.iter().filter(|e| e.key.starts_with('2') && self.has_content(&e.value)).count());
        for e in listed.into_iter().flat_map(Object::iter).filter(|e| !e.key.starts_with("x-")) {
            let place = at.join("responses").join(&e.key);
            if let Some(r) = self.response(&e.key, &e.value, &place, operation, successes > 1) {
                responses.push(r);
            }
        }
        responses
    }

    fn has_content(&mut self, node: &'d Node) -> bool {
        // Asked before the response is read: a dangling reference is reported there.
        let reference = node.get("$ref").and_then(Node::as_str);
        let segments = reference.and_then(Pointer::parse).map(|p| p.segments().collect::<Vec<_>>());
        let node = match segments {
            Some(s) => self.root.at(s.iter().map(String::as_str)),
            None => Some(node),
        };
        node.and_then(|n| n.get("content")).and_then(Node::as_object).is_some_and(|o| !o.is_empty())
    }

    fn response(
        &mut self,
        status: &str,
        node: &'d Node,
        at: &Pointer,
        operation: usize,
        several: bool,
    ) -> Option<Response> {
        let valid = status == "default"
            || (status.len() == 3
                && status.bytes().next().is_some_and(|b| b.is_ascii_digit())
                && status.bytes().skip(1).all(|b| b.is_ascii_digit() || b.eq_ignore_ascii_case(&b'x')));
        if !valid {
            let message = format!("`{status}` is no status; left out");
            self.push(Diagnostic::warning("W0303", message).at(node.span).pointer(at));
            return None;
        }
        let status = if status == "default" { status.to_owned() } else { status.to_ascii_uppercase() };
        let by_reference = node.get("$ref").is_some();
        let (at, node) = self.deref(node, at)?;
        let docs = Docs {
            text: node.get("description").and_then(Node::as_str).unwrap_or_default().to_owned(),
            ..Docs::default()
        };
        let content = node.get("content").and_then(Node::as_object).filter(|o| !o.is_empty()).and_then(|o| {
            let (media_type, media) = self.choose(o, &at)?;
            let place = at.join("content").join(&media_type).join("schema");
            let label = if by_reference {
                Label::Component(at.last().unwrap_or_default())
            } else if !Operation::is_success(&status) {
                Label::Operation { operation, part: format!("Error {status}") }
            } else if several {
                Label::Operation { operation, part: format!("Response {status}") }
            } else {
                Label::Operation { operation, part: "Response".to_owned() }
            };
            let content = self.content(&media_type, media.get("schema"), &place, label);
            match &content {
                Content::Json(of) => {
                    self.show_media(media, &at.join("content").join(&media_type), of, Shown::Response);
                }
                Content::Events(_) => {
                    let message = "the events of this stream are given when it has ended";
                    let place = at.join("content").join(&media_type);
                    self.push(Diagnostic::note("N0314", message).at(media.span).pointer(&place));
                }
                Content::Form(_) | Content::Multipart(_) | Content::Text | Content::Bytes => {}
            }
            Some((media_type, content))
        });
        Some(Response { status, origin: Origin { pointer: at, span: node.span }, docs, content })
    }
}
