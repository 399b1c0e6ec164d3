//! Swagger 2.0 → OpenAPI 3.0: this file rebuilds the top and the operations; parameters, responses and
//! security schemes have files of their own.
//!
//! The structure is changed first, place by place, and every part that moves says so; in the end all
//! references follow. What concerns only schemas (`x-nullable`, `discriminator`) is left to the walk that
//! all versions share.

mod parameters;
mod responses;
mod security;

use std::collections::HashMap;

use crate::base::Span;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Entry, Kind, Node, Object};

use super::codes;
use super::moves::Moves;
use super::object;
use super::rewrite::strip_reserved;
use super::tally::Tally;
use crate::base::pointer::{escape, segments};
use crate::document::grammar::{METHODS, Place, Spot};
use crate::document::targets::Targets;
use crate::document::value::follow;
use crate::document::walk::{At, VisitMut, walk_mut};

/// Rebuilds the document.
pub(super) fn upgrade(root: &mut Node, targets: &Targets, tally: &mut Tally) {
    strip_reserved(root, targets, tally);
    let mut pass = Upgrade {
        consumes: media_types(root.get("consumes")),
        produces: media_types(root.get("produces")),
        schemes: texts(root.get("schemes")),
        host: root.get("host").and_then(Node::as_str).map(str::to_owned),
        base: root.get("basePath").and_then(Node::as_str).map(str::to_owned),
        referred: referred_parameters(root, targets),
        moves: Moves::default(),
        tally,
    };
    walk_mut(root, Place::One(Spot::Document), &At::root(Some(&targets.trie)), &mut pass);
    let mut moves = pass.moves;
    for (old, new) in [
        ("/definitions", "/components/schemas"),
        ("/parameters", "/components/parameters"),
        ("/responses", "/components/responses"),
    ] {
        moves.add(old.to_owned(), new.to_owned());
    }
    moves.follow(root, &targets.trie);
}

pub(super) struct Upgrade<'t> {
    consumes: Vec<Node>,
    produces: Vec<Node>,
    schemes: Vec<String>,
    host: Option<String>,
    base: Option<String>,
    /// The parameters that references point to, by canonical pointer, as published.
    referred: HashMap<String, Node>,
    moves: Moves,
    tally: &'t mut Tally,
}

impl VisitMut for Upgrade<'_> {
    fn enter(&mut self, place: Place, node: &mut Node, at: &At<'_>) {
        let Place::One(spot) = place else { return };
        match spot {
            Spot::PathItem => self.spread_bodies(node),
            Spot::Operation => self.operation(node, at),
            Spot::Response => {
                let produces = self.produces.clone();
                responses::response(self, node, &produces, at);
            }
            Spot::Parameter => parameters::parameter(self, node, at),
            Spot::Header => parameters::header(self, node, at),
            _ => {}
        }
    }

    fn leave(&mut self, spot: Spot, node: &mut Node, at: &At<'_>) {
        if spot == Spot::Document {
            self.top(node, at);
        }
    }
}

impl Upgrade<'_> {
    /// A parameter, or the one a reference leads to, as published.
    fn resolved<'n>(&'n self, node: &'n Node) -> &'n Node {
        follow(node, |pointer| self.referred.get(pointer)).map_or(node, |(_, node)| node)
    }

    /// Where a parameter goes; empty when it does not say.
    fn location<'n>(&'n self, node: &'n Node) -> &'n str {
        self.resolved(node).get("in").and_then(Node::as_str).unwrap_or_default()
    }

    /// Body and form parameters of a path belong to each of its operations.
    fn spread_bodies(&mut self, node: &mut Node) {
        let Some(list) = node.get("parameters").and_then(Node::as_array) else { return };
        if !list.iter().any(|p| matches!(self.location(p), "body" | "formData")) {
            return;
        }
        let (shared, kept): (Vec<Node>, Vec<Node>) =
            list.iter().cloned().partition(|p| matches!(self.location(p), "body" | "formData"));
        let span = node.span;
        let Some(o) = node.as_object_mut() else { return };
        if let Some(Node { kind: Kind::Array(list), .. }) = o.get_mut("parameters") {
            *list = kept;
        }
        for method in METHODS.iter().filter(|m| !matches!(**m, "get" | "head")) {
            let Some(operation) = o.get_mut(method).and_then(Node::as_object_mut) else { continue };
            let own: Vec<Node> = operation.get("parameters").and_then(Node::as_array).unwrap_or_default().to_vec();
            if own.iter().any(|p| self.location(p) == "body") {
                continue;
            }
            let name = |p: &Node| self.resolved(p).get("name").and_then(Node::as_str).map(str::to_owned);
            let form: Vec<Option<String>> = own.iter().filter(|p| self.location(p) == "formData").map(name).collect();
            let mut list = own.clone();
            list.extend(shared.iter().filter(|p| !form.contains(&name(p))).cloned());
            let span = operation.get("parameters").map_or(span, |n| n.span);
            operation.insert("parameters", Node::new(span, Kind::Array(list)));
        }
    }

    fn operation(&mut self, node: &mut Node, at: &At<'_>) {
        let span = node.span;
        let Some(o) = node.as_object_mut() else { return };
        let consumes = o.get("consumes").map(|n| media_types(Some(n)));
        let produces = o.get("produces").map_or_else(|| self.produces.clone(), |n| media_types(Some(n)));
        o.remove("consumes");
        o.remove("produces");
        if let Some(schemes) = o.remove("schemes") {
            let own = texts(Some(&schemes));
            if !own.is_empty() && own != self.schemes {
                let servers = self.servers(&own, schemes.span);
                o.insert("servers", servers);
            }
        }
        if let Some(e) = object::take_entry(o, "parameters") {
            parameters::operation(self, o, e, consumes.as_deref(), span, at);
        }
        if let Some(list) = o.get_mut("responses").and_then(Node::as_object_mut) {
            let at = at.key("responses");
            for Entry { key, value, .. } in list.iter_mut() {
                if !key.starts_with("x-") {
                    responses::response(self, value, &produces, &at.key(key));
                }
            }
        }
    }

    /// The servers that `schemes` (or the schemes of the whole document), `host` and `basePath` name.
    fn servers(&self, schemes: &[String], span: Span) -> Node {
        let base = self.base.as_deref().unwrap_or_default();
        let base = base.trim_matches('/');
        let path = if base.is_empty() { String::new() } else { format!("/{base}") };
        let mut urls = Vec::new();
        match self.host.as_deref().filter(|h| !h.is_empty()) {
            // a host may carry a scheme by mistake
            Some(host) if host.contains("://") => urls.push(format!("{}{path}", host.trim_end_matches('/'))),
            Some(host) => {
                let host = host.trim_end_matches('/');
                let mut schemes: Vec<&str> = schemes.iter().map(String::as_str).collect();
                if schemes.is_empty() {
                    schemes.push("https");
                }
                // the first one is what clients use unless told otherwise
                schemes.sort_by_key(|s| *s != "https");
                urls.extend(schemes.iter().map(|s| format!("{s}://{host}{path}")));
            }
            None => urls.push(if path.is_empty() { "/".to_owned() } else { path }),
        }
        let list = urls.into_iter().map(|url| object::single(span, "url", Node::string(span, url))).collect();
        Node::new(span, Kind::Array(list))
    }

    /// The top: servers and components.
    fn top(&mut self, node: &mut Node, at: &At<'_>) {
        let span = node.span;
        let Some(o) = node.as_object_mut() else { return };
        let place = ["host", "basePath", "schemes"].iter().find_map(|key| o.get(key)).map_or(span, |n| n.span);
        for key in ["host", "basePath", "schemes", "consumes", "produces"] {
            o.remove(key);
        }
        if o.get("servers").is_none() {
            let servers = self.servers(&self.schemes, place);
            o.insert("servers", servers);
        }
        let mut components = o.remove("components").and_then(|mut n| object::take_object(&mut n)).unwrap_or_default();
        for (old, new) in [("definitions", "schemas"), ("responses", "responses")] {
            if let Some(e) = object::take_entry(o, old) {
                add(&mut components, new, e);
            }
        }
        if let Some(mut e) = object::take_entry(o, "parameters") {
            let at = at.key("parameters");
            let bodies = self.component_bodies(&mut e.value, &at);
            let key_span = e.key_span;
            add(&mut components, "parameters", e);
            if !bodies.is_empty() {
                let value = Node::new(key_span, Kind::Object(bodies));
                add(&mut components, "requestBodies", Entry { key: String::new(), key_span, value });
            }
        }
        if let Some(mut e) = object::take_entry(o, "securityDefinitions") {
            security::schemes(self.tally, &mut e.value, &at.key("securityDefinitions"));
            add(&mut components, "securitySchemes", e);
        }
        if !components.is_empty() {
            o.insert("components", Node::new(span, Kind::Object(components)));
        }
    }

    /// Takes the bodies out of the shared parameters (they become request bodies) and the form fields
    /// (which were copied into the forms that use them).
    fn component_bodies(&mut self, node: &mut Node, at: &At<'_>) -> Object {
        let mut bodies = Object::new();
        let Some(list) = object::take_object(node) else { return bodies };
        let mut kept = Object::new();
        for mut e in object::into_entries(list) {
            match e.value.get("in").and_then(Node::as_str) {
                Some("body") => {
                    let consumes = self.consumes.clone();
                    let new = format!("/components/requestBodies/{}", escape(&e.key));
                    let old = at.key(&e.key);
                    if let Some(media) = parameters::body(&mut e.value, &consumes) {
                        self.moves.add(
                            old.key("schema").pointer().as_str().to_owned(),
                            format!("{new}/content/{}/schema", escape(&media)),
                        );
                    }
                    self.moves.add(old.pointer().as_str().to_owned(), new);
                    bodies.push(e);
                }
                Some("formData") => {}
                _ => kept.push(e),
            }
        }
        node.kind = Kind::Object(kept);
        bodies
    }

    fn separator(&mut self, span: Span, at: &At<'_>, message: impl Into<String>) {
        self.tally.push(Diagnostic::warning(codes::SEPARATOR, message), span, at);
    }

    fn warn(&mut self, span: Span, at: &At<'_>, message: impl Into<String>) {
        self.tally.push(Diagnostic::warning(codes::PARAMETER, message), span, at);
    }
}

/// Adds a section to the components; where the document has that section already, the members it lacks.
fn add(components: &mut Object, name: &str, mut e: Entry) {
    let Some(Node { kind: Kind::Object(own), .. }) = components.get_mut(name) else {
        components.insert(name, e.value);
        return;
    };
    for member in object::take_object(&mut e.value).into_iter().flat_map(object::into_entries) {
        if own.get(&member.key).is_none() {
            own.push(member);
        }
    }
}

/// The parameters that references point to. Chains are followed one step at a time when they are used.
fn referred_parameters(root: &Node, targets: &Targets) -> HashMap<String, Node> {
    let parameters = targets.known.iter().filter(|(_, place)| *place == Place::One(Spot::Parameter));
    parameters
        .filter_map(|(pointer, _)| {
            let path = segments(pointer);
            Some((pointer.clone(), root.at(path.iter().map(String::as_str))?.clone()))
        })
        .collect()
}

/// The media types of `consumes` or `produces`, each once.
fn media_types(node: Option<&Node>) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    for n in node.and_then(Node::as_array).unwrap_or_default() {
        if n.as_str().is_some_and(|t| !t.is_empty()) && !out.iter().any(|o| o.as_str() == n.as_str()) {
            out.push(n.clone());
        }
    }
    out
}

fn texts(node: Option<&Node>) -> Vec<String> {
    node.and_then(Node::as_array).unwrap_or_default().iter().filter_map(|n| n.as_str().map(str::to_owned)).collect()
}
