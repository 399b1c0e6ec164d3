//! What the API calls at the consumer: `webhooks` of the document (3.1; `x-webhooks` of older ones), and `callbacks` of operations.

use super::parameters::location;
use super::resolve::component_name;
use super::{Lowering, by_key};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::grammar::METHODS;
use crate::document::{Node, Object};
use crate::ir::{Content, Docs, Label, Origin, Response, Webhook, WebhookParameter};

/// What a webhook is called in labels and messages.
struct Of<'a> {
    /// `webhook`, `callback`.
    word: &'static str,
    /// Its key.
    key: &'a str,
    /// What its types are called after: its key, and before it the id of the operation that asks for a callback; or its component.
    called: String,
    /// Of a callback: that operation, and where the call goes.
    callback: Option<(usize, String)>,
}

impl<'d> Lowering<'d> {
    /// The webhooks of the document. They belong to no operation, and so are part of the whole document only.
    pub(super) fn webhooks(&mut self) {
        let root = self.root;
        for section in ["webhooks", "x-webhooks"] {
            let at = Pointer::root().join(section);
            let listed = root.get(section).and_then(Node::as_object);
            for e in listed.into_iter().flat_map(Object::iter) {
                let of = Of { word: "webhook", key: &e.key, called: e.key.clone(), callback: None };
                self.called(&e.value, &at.join(&e.key), &of);
            }
        }
    }

    /// The callbacks that an operation asks for.
    pub(super) fn callbacks(&mut self, node: &'d Node, at: &Pointer, id: &str, operation: usize) {
        let listed = node.get("callbacks").and_then(Node::as_object);
        for e in listed.into_iter().flat_map(Object::iter) {
            let by_reference = e.value.get("$ref").is_some();
            let Some((at, item)) = self.deref(&e.value, &at.join("callbacks").join(&e.key)) else { continue };
            let called = match by_reference || self.is_shared(&at) {
                true => component_name(&at),
                false => format!("{id} {}", e.key),
            };
            let Some(addresses) = item.as_object() else {
                self.not_read(item, &at, "callback");
                continue;
            };
            for address in addresses.iter().filter(|a| !a.key.starts_with("x-")) {
                let callback = Some((operation, address.key.clone()));
                let of = Of { word: "callback", key: &e.key, called: called.clone(), callback };
                self.called(&address.value, &at.join(&address.key), &of);
            }
        }
    }

    /// The calls of one path item.
    fn called(&mut self, node: &'d Node, at: &Pointer, of: &Of<'_>) {
        let by_reference = node.get("$ref").is_some();
        let Some((at, item)) = self.deref(node, at) else { return };
        let by_place = by_reference || self.shared.contains(at.as_str());
        let called = if by_place { component_name(&at) } else { of.called.clone() };
        if item.as_object().is_none() {
            self.not_read(item, &at, "path item");
            return;
        }
        let several = METHODS.iter().filter(|method| item.get(method).is_some()).count() > 1;
        for method in METHODS {
            let Some(node) = item.get(method) else { continue };
            let at = at.join(method);
            if node.as_object().is_none() {
                self.not_read(node, &at, "operation");
                continue;
            }
            let method_word = if several { format!(" {method}") } else { String::new() };
            self.call(item, node, &at, method, of, &format!("{called}{method_word} {}", of.word));
        }
    }

    fn call(&mut self, item: &'d Node, node: &'d Node, at: &Pointer, method: &str, of: &Of<'_>, label: &str) {
        let text = |key: &str| {
            let own = node.get(key).or_else(|| item.get(key));
            own.and_then(Node::as_str).unwrap_or_default().to_owned()
        };
        let docs = Docs {
            title: text("summary"),
            text: text("description"),
            deprecated: node.flag("deprecated"),
            ..Docs::default()
        };
        let mut parameters: Vec<WebhookParameter> = Vec::new();
        let at_item = at.parent().unwrap_or_default();
        for (list, base) in [(item.get("parameters"), &at_item), (node.get("parameters"), at)] {
            for (i, p) in list.and_then(Node::as_array).unwrap_or_default().iter().enumerate() {
                let Some(parameter) = self.webhook_parameter(p, &base.join("parameters").join(i)) else { continue };
                // An operation's parameter replaces the path's of the same name and place.
                let key = |p: &WebhookParameter| (p.location, p.location.key(&p.wire));
                parameters.retain(|q| key(q) != key(&parameter));
                parameters.push(parameter);
            }
        }
        let unheard = ["callbacks", "security", "servers"].map(|key| (node, at, key));
        for (node, at, key) in unheard.into_iter().chain([(item, &at_item, "servers")]) {
            let Some(e) = node.as_object().and_then(|o| o.entry(key)) else { continue };
            let message = format!("`{key}` of a {} is not used: the API makes the call", of.word);
            self.diagnostics.push_place(Diagnostic::note("N0352", message).at(e.key_span).pointer(&at.join(key)));
        }
        let payload = node.get("requestBody").and_then(|body| self.payload(body, &at.join("requestBody"), label));
        let answers = self.answers(node, at, label);
        self.api.webhooks.push(Webhook {
            wire: of.key.to_owned(),
            method: method.to_owned(),
            callback: of.callback.clone(),
            origin: Origin { pointer: at.clone(), span: node.span },
            docs,
            parameters,
            payload,
            answers,
        });
    }

    fn webhook_parameter(&mut self, node: &'d Node, at: &Pointer) -> Option<WebhookParameter> {
        let (at, node) = self.deref(node, at)?;
        let text = |k: &str| node.get(k).and_then(Node::as_str);
        let (Some(wire), Some(location)) = (text("name"), text("in").and_then(location)) else {
            let message = "parameter without a usable `name` and `in`; left out";
            self.push(Diagnostic::warning("W0306", message).at(node.span).pointer(&at));
            return None;
        };
        if let Some(e) = node.as_object().and_then(|o| o.entry("schema").or_else(|| o.entry("content"))) {
            let message = "parameters of what the API calls are documentation: their types are not used";
            self.diagnostics.push_place(Diagnostic::note("N0352", message).at(e.key_span).pointer(&at.join(&e.key)));
        }
        let text = text("description").unwrap_or_default().to_owned();
        Some(WebhookParameter { wire: wire.to_owned(), location, required: node.flag("required"), text })
    }

    /// What it brings. A body that the consumer would have to take apart as a whole is none, and a note says so.
    fn payload(&mut self, node: &'d Node, at: &Pointer, label: &str) -> Option<(String, Content)> {
        let by_reference = node.get("$ref").is_some();
        let (at, node) = self.deref(node, at)?;
        let (media_type, media) = self.choose_parsed(node.get("content").and_then(Node::as_object)?, &at)?;
        self.note_encoding(media, &media_type, &at.join("content").join(&media_type));
        let place = at.join("content").join(&media_type).join("schema");
        let label = self.label_at(&at, by_reference, " body", || Label::Component(label.to_owned()));
        let content = self.content(&media_type, media.get("schema"), &place, label);
        if matches!(content, Content::Multipart(_) | Content::Events(_) | Content::Bytes) {
            let message = format!("nothing reads `{media_type}` that the API sends: it has no parse function");
            self.push(Diagnostic::note("N0348", message).at(media.span).pointer(&place));
        }
        Some((media_type, content))
    }

    /// The answers that the API expects to it.
    fn answers(&mut self, node: &'d Node, at: &Pointer, label: &str) -> Vec<Response> {
        let mut out = Vec::new();
        let listed = node.get("responses").and_then(Node::as_object);
        for e in listed.map(by_key).unwrap_or_default().into_iter().filter(|e| !e.key.starts_with("x-")) {
            let by_reference = e.value.get("$ref").is_some();
            let Some((at, node)) = self.deref(&e.value, &at.join("responses").join(&e.key)) else { continue };
            let docs = Docs {
                text: node.get("description").and_then(Node::as_str).unwrap_or_default().to_owned(),
                ..Docs::default()
            };
            let content = node.get("content").and_then(Node::as_object).filter(|o| !o.is_empty());
            let content = content.and_then(|o| {
                let (media_type, media) = self.choose(o, &at)?;
                let place = at.join("content").join(&media_type).join("schema");
                let own = || Label::Component(format!("{label} answer {}", e.key));
                let label = self.label_at(&at, by_reference, "", own);
                let content = self.content(&media_type, media.get("schema"), &place, label);
                Some((media_type, content))
            });
            let headers = self.response_headers(node, &at, |cx, wire| {
                let own = || Label::Component(format!("{label} {wire} header"));
                cx.label_at(&at, by_reference, &format!(" {wire} header"), own)
            });
            let origin = Origin { pointer: at, span: node.span };
            out.push(Response {
                status: e.key.clone(),
                origin,
                docs,
                content,
                headers,
                links: Vec::new(),
                also: Vec::new(),
            });
        }
        out
    }

    fn not_read(&mut self, node: &Node, at: &Pointer, expected: &str) {
        let message = format!("{expected} expected, found {}", node.type_name());
        self.push(Diagnostic::warning("W0303", message).at(node.span).pointer(at));
    }
}
