//! Responses of an operation: status, body, headers, links.

use super::examples::Shown;
use super::parameters::delimiters;
use super::{Lowering, Part, by_key};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::grammar::METHODS;
use crate::document::{Node, Object};
use crate::ir::{
    Content, Docs, Header, HeaderForm, Label, Link, Operation, Origin, Response, Scalar, Type, TypeDef, TypeId,
    TypeKind, Use,
};

impl<'d> Lowering<'d> {
    /// The responses of an operation, in document order.
    pub(super) fn responses(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Vec<Response> {
        let mut responses = Vec::new();
        let listed = node.get("responses").and_then(Node::as_object);
        let successes: usize =
            listed.map_or(0, |o| o.iter().filter(|e| e.key.starts_with('2') && self.has_content(&e.value)).count());
        for e in listed.into_iter().flat_map(Object::iter).filter(|e| !e.key.starts_with("x-")) {
            let place = at.join("responses").join(&e.key);
            if responses.iter().any(|r: &Response| r.status.eq_ignore_ascii_case(&e.key)) {
                let message = format!("`{}` is there twice; this one is left out", e.key.to_ascii_uppercase());
                self.push(Diagnostic::warning("W0303", message).at(e.key_span).pointer(&place));
                continue;
            }
            if let Some(r) = self.response(&e.key, &e.value, &place, operation, successes > 1) {
                responses.push(r);
            }
        }
        responses
    }

    /// The responses to `HEAD`: they have no bodies, so those that are declared say what `GET` would give.
    pub(super) fn without_bodies(&mut self, responses: &mut [Response]) {
        for response in responses {
            response.also.clear();
            if response.content.take().is_some() {
                let message = "a response to `HEAD` has no body; the one declared is left out";
                let at = &response.origin;
                self.push(Diagnostic::note("N0350", message).at(at.span).pointer(&at.pointer.join("content")));
            }
        }
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
                && (status.bytes().skip(1).all(|b| b.is_ascii_digit())
                    || status.bytes().skip(1).all(|b| b.eq_ignore_ascii_case(&b'x'))));
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
            let label = self.label_at(&at, by_reference, "", || {
                let part = match (Operation::is_success(&status), several) {
                    (false, _) => format!("Error {status}"),
                    (true, true) => format!("Response {status}"),
                    (true, false) => "Response".to_owned(),
                };
                Label::Operation { operation, part }
            });
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
        let listed = node.get("content").and_then(Node::as_object);
        let chosen = content.as_ref().zip(listed);
        let also = chosen.map(|((media, _), listed)| self.also(listed, media)).unwrap_or_default();
        let headers = self.response_headers(node, &at, |cx, wire| {
            let part = format!("{wire} header");
            cx.label_at(&at, by_reference, &format!(" {part}"), || Label::Operation { operation, part: part.clone() })
        });
        let links = self.links(node, &at);
        Some(Response { status, origin: Origin { pointer: at, span: node.span }, docs, content, headers, links, also })
    }

    /// The headers that a response declares. What its media type is the response says itself: `Content-Type` is none of them.
    pub(super) fn response_headers(
        &mut self,
        node: &'d Node,
        at: &Pointer,
        label: impl Fn(&Self, &str) -> Label,
    ) -> Vec<Header> {
        let mut out: Vec<Header> = Vec::new();
        let listed = node.get("headers").and_then(Node::as_object);
        for e in listed.map(by_key).unwrap_or_default() {
            let place = at.join("headers").join(&e.key);
            let by_reference = e.value.get("$ref").is_some();
            let Some((place, node)) = self.deref(&e.value, &place) else { continue };
            if e.key.eq_ignore_ascii_case("content-type") {
                let message = "a header `Content-Type` is described by the media type itself; left out";
                self.push(Diagnostic::note("N0346", message).at(e.key_span).pointer(&place));
                continue;
            }
            if let Some(known) = out.iter().find(|known| known.wire.eq_ignore_ascii_case(&e.key)) {
                let message = format!("header `{}` is declared twice, as `{}` too; left out", e.key, known.wire);
                self.push(Diagnostic::note("N0346", message).at(e.key_span).pointer(&place));
                continue;
            }
            let label = self.label_at(&place, by_reference, "", || label(self, &e.key));
            out.push(self.header(&e.key, node, place, label));
        }
        out
    }

    fn header(&mut self, wire: &str, node: &'d Node, at: Pointer, label: Label) -> Header {
        let content = node.get("content").and_then(Node::as_object).filter(|_| node.get("schema").is_none());
        let content = content.and_then(|listed| self.choose(listed, &at));
        let text = Use { ty: Type::Scalar(Scalar::String), nullable: false };
        let (part, is_json) = match (node.get("schema"), content) {
            (Some(schema), _) => (Some(self.schema(schema, &at.join("schema"), label)), false),
            (None, Some((key, media))) => {
                let place = at.join("content").join(&key).join("schema");
                match self.content(&key, media.get("schema"), &place, label) {
                    Content::Json(of) => (Some(Part { of, ..Part::any(Docs::default()) }), true),
                    _ => (None, false),
                }
            }
            (None, None) => (None, false),
        };
        let part = part.unwrap_or(Part { of: text.clone(), ..Part::any(Docs::default()) });
        let mut docs = part.docs;
        docs.deprecated |= node.flag("deprecated");
        if let Some(own) = node.get("description").and_then(Node::as_str).filter(|t| !t.is_empty()) {
            docs.text = own.to_owned();
        }
        let explode = node.get("explode").and_then(Node::as_bool).unwrap_or(false);
        let list = match delimiters(node).first().and_then(|own| own.chars().next()) {
            Some(own) if own != ',' => HeaderForm::Delimited(own),
            _ => HeaderForm::List,
        };
        let (form, of) = match (&part.of.ty, is_json) {
            // Commas are part of its dates, and each line is one cookie.
            _ if wire.eq_ignore_ascii_case("set-cookie") => (HeaderForm::Lines, text),
            (_, true) => (HeaderForm::Json, part.of),
            (Type::List(item), _) if self.is_single(&item.ty) => (list, part.of),
            (Type::Map(value), _) if self.is_single(&value.ty) => (members(explode), part.of),
            (Type::Named(id), _) if self.is_flat_model(*id) => (members(explode), part.of),
            (ty, _) if self.is_single(ty) => (HeaderForm::Plain, part.of),
            (Type::Any, _) => (HeaderForm::Plain, text),
            _ => {
                let message =
                    format!("the specification says nothing of how header `{wire}` is written; given as text");
                self.push(Diagnostic::note("N0347", message).at(node.span).pointer(&at));
                (HeaderForm::Plain, text)
            }
        };
        let origin = Origin { pointer: at, span: node.span };
        Header { wire: wire.to_owned(), origin, docs, required: node.flag("required"), form, of }
    }

    /// Whether a value of the type is one word of a header: a scalar, an enum, or one of several such.
    fn is_single(&self, ty: &Type) -> bool {
        match ty {
            Type::Scalar(_) => true,
            Type::Named(id) => match self.def(*id).map(|def| &def.kind) {
                Some(TypeKind::Enum(_)) => true,
                Some(TypeKind::Union(union)) => union.branches.iter().all(|b| matches!(b.ty, Type::Scalar(_))),
                Some(TypeKind::Model(_)) | None => false,
            },
            Type::List(_) | Type::Map(_) | Type::Tuple(_) | Type::Any => false,
        }
    }

    /// Whether it is a model all of whose members are such words.
    fn is_flat_model(&self, id: TypeId) -> bool {
        let model = self.def(id).and_then(TypeDef::model);
        model.is_some_and(|m| m.additional.is_none() && m.fields.iter().all(|f| self.is_single(&f.of.ty)))
    }

    /// What can be called with what a response holds.
    fn links(&mut self, node: &'d Node, at: &Pointer) -> Vec<Link> {
        let mut out = Vec::new();
        let listed = node.get("links").and_then(Node::as_object);
        for e in listed.map(by_key).unwrap_or_default() {
            let Some((place, node)) = self.deref(&e.value, &at.join("links").join(&e.key)) else { continue };
            let text = |key: &str| node.get(key).and_then(Node::as_str).filter(|t| !t.trim().is_empty());
            let Some(operation) = text("operationId").or_else(|| text("operationRef")) else {
                let message = format!("link `{}` names no operation; left out", e.key);
                self.push(Diagnostic::warning("W0346", message).at(e.key_span).pointer(&place));
                continue;
            };
            if text("operationId").is_some() && !self.declares_operation(operation) {
                let message = format!("link `{}` leads to `{operation}`, which no operation is called", e.key);
                self.push(Diagnostic::warning("W0346", message).at(e.key_span).pointer(&place));
            }
            let parameters = node.get("parameters").and_then(Node::as_object);
            out.push(Link {
                name: e.key.clone(),
                operation: operation.to_owned(),
                parameters: parameters
                    .into_iter()
                    .flat_map(Object::iter)
                    .map(|p| (p.key.clone(), said(&p.value)))
                    .collect(),
                body: node.get("requestBody").map(said),
                text: text("description").unwrap_or_default().to_owned(),
            });
        }
        out
    }

    /// Whether the document has an operation of this id, also one that was not selected.
    fn declares_operation(&self, id: &str) -> bool {
        let paths = self.root.get("paths").and_then(Node::as_object);
        let items = paths.into_iter().flat_map(Object::iter).filter_map(|e| e.value.as_object());
        let operations = items.flat_map(Object::iter).filter(|e| METHODS.contains(&e.key.as_str()));
        operations.into_iter().any(|e| e.value.get("operationId").and_then(Node::as_str) == Some(id))
    }
}

/// A runtime expression, or another value as JSON.
fn said(value: &Node) -> String {
    value.as_str().map_or_else(|| value.to_json().to_string(), str::to_owned)
}

fn members(explode: bool) -> HeaderForm {
    if explode { HeaderForm::MembersExploded } else { HeaderForm::Members }
}
