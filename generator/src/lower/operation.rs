//! Paths → operations: parameters, bodies, responses.

use std::collections::HashMap;

use super::examples::Shown;
use super::{Lowering, Selection, security};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::grammar::METHODS;
use crate::document::{Node, Object};
use crate::ir::{Body, Content, Docs, Label, Location, Operation, Origin, Parameter, Scalar, Style, Tag, Type, Use};

impl<'d> Lowering<'d> {
    /// Reads the selected operations; gives how many could not be read and what the selection did not find.
    pub(super) fn operations(&mut self, selection: &Selection) -> (usize, Vec<String>) {
        let (mut skipped, mut secured) = (0, false);
        let mut used: Vec<bool> = vec![false; selection.only.len()];
        let mut ids: HashMap<String, Origin> = HashMap::new();
        let base = Pointer::root().join("paths");
        let root = self.root;
        let paths = root.get("paths").and_then(Node::as_object);
        for e in paths.into_iter().flat_map(Object::iter).filter(|e| !e.key.starts_with("x-")) {
            let at = base.join(&e.key);
            if e.value.as_object().is_none() {
                let message = format!("path item expected, found {}", e.value.type_name());
                self.push(Diagnostic::warning("W0303", message).at(e.value.span).pointer(&at));
                continue;
            }
            let Some((at, item)) = self.deref(&e.value, &at) else {
                skipped += 1;
                continue;
            };
            // `query` of OpenAPI 3.2 is not generated; `normalize` says so.
            for method in METHODS.iter().filter(|method| **method != "query") {
                let Some(node) = item.get(method) else { continue };
                let at = at.join(method);
                if node.as_object().is_none() {
                    let message = format!("operation expected, found {}", node.type_name());
                    self.push(Diagnostic::warning("W0307", message).at(node.span).pointer(&at));
                    skipped += 1;
                    continue;
                }
                secured |= security::asks(node);
                let tag = first_tag(node, &e.key);
                let named = |s: &String| {
                    s.eq_ignore_ascii_case(&tag) || Some(s.as_str()) == node.get("operationId").and_then(Node::as_str)
                };
                if selection.except.iter().any(named) {
                    continue;
                }
                if !selection.only.is_empty() {
                    let id = node.get("operationId").and_then(Node::as_str).unwrap_or_default();
                    let mut wanted = false;
                    for (s, used) in selection.only.iter().zip(&mut used) {
                        if s.eq_ignore_ascii_case(&tag) || s == id {
                            *used = true;
                            wanted = true;
                        }
                    }
                    if !wanted {
                        continue;
                    }
                }
                self.operation(&e.key, method, node, item, &at, &tag, &mut ids);
            }
        }
        self.settle_security(secured);
        let unused = selection.only.iter().zip(&used).filter(|(_, u)| !**u).map(|(s, _)| s.clone()).collect();
        (skipped, unused)
    }

    #[allow(clippy::too_many_arguments)]
    fn operation(
        &mut self,
        path: &str,
        method: &str,
        node: &'d Node,
        item: &'d Node,
        at: &Pointer,
        tag: &str,
        ids: &mut HashMap<String, Origin>,
    ) {
        let origin = Origin { pointer: at.clone(), span: node.get("operationId").map_or(node.span, |n| n.span) };
        let id = self.operation_id(path, method, node, &origin, ids);
        let index = self.api.operations.len();
        let text = |k: &str| node.get(k).and_then(Node::as_str).unwrap_or_default().to_owned();
        let docs = Docs {
            title: text("summary"),
            text: text("description"),
            deprecated: node.flag("deprecated"),
            ..Docs::default()
        };
        let tag = self.tag(tag, &origin);
        let (path, fixed_query) = split_template(path);
        let mut parameters = Vec::new();
        let at_item = at.parent().unwrap_or_default();
        for (list, base) in [(item.get("parameters"), &at_item), (node.get("parameters"), at)] {
            for (i, p) in list.and_then(Node::as_array).unwrap_or_default().iter().enumerate() {
                let place = base.join("parameters").join(i);
                let Some(parameter) = self.parameter(p, &place, index) else { continue };
                // An operation's parameter replaces the path's of the same name and place.
                match parameters
                    .iter_mut()
                    .find(|q: &&mut Parameter| q.wire == parameter.wire && q.location == parameter.location)
                {
                    Some(old) => *old = parameter,
                    None => parameters.push(parameter),
                }
            }
        }
        self.match_template(&path, &mut parameters, &origin);
        let body = node.get("requestBody").and_then(|b| self.body(b, &at.join("requestBody"), index));
        let responses = self.responses(node, at, index);
        self.callbacks(node, at, &id, index);
        let security = self.requirements(node, at).or_else(|| self.security.clone());
        let servers = self.operation_servers(&id, (node, at), (item, &at_item));
        self.api.operations.push(Operation {
            id,
            method: method.to_owned(),
            path,
            fixed_query,
            tag,
            origin,
            docs,
            parameters,
            body,
            responses,
            security,
            servers,
        });
    }

    fn operation_id(
        &mut self,
        path: &str,
        method: &str,
        node: &Node,
        origin: &Origin,
        ids: &mut HashMap<String, Origin>,
    ) -> String {
        let from_path = || {
            let words = path.split(['/', '?', '#']).filter(|s| !s.is_empty()).map(|s| match s.strip_prefix('{') {
                Some(p) => format!("by {}", p.trim_end_matches('}')),
                None => s.to_owned(),
            });
            std::iter::once(method.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
        };
        let declared = node.get("operationId").and_then(Node::as_str).filter(|s| !s.trim().is_empty());
        let mut id = match declared {
            Some(id) => id.to_owned(),
            None => {
                let message = "operation has no `operationId`; named after its method and path";
                self.push(Diagnostic::note("N0310", message).at(node.span).pointer(&origin.pointer));
                from_path()
            }
        };
        if let Some(first) = ids.get(&id) {
            let message = format!("operation id `{id}` is there twice; this one is named after its method and path");
            self.push(
                Diagnostic::warning("W0307", message)
                    .at(origin.span)
                    .pointer(&origin.pointer)
                    .second(first.span, "first used here"),
            );
            id = from_path();
        }
        ids.insert(id.clone(), origin.clone());
        id
    }

    fn tag(&mut self, wire: &str, origin: &Origin) -> usize {
        if let Some(i) = self.api.tags.iter().position(|t| t.wire == wire) {
            return i;
        }
        let root = self.root;
        let declared = root.get("tags").and_then(Node::as_array).unwrap_or_default();
        let found = declared.iter().enumerate().find(|(_, t)| t.get("name").and_then(Node::as_str) == Some(wire));
        let tag = match found {
            Some((i, t)) => Tag {
                wire: wire.to_owned(),
                description: t.get("description").and_then(Node::as_str).unwrap_or_default().to_owned(),
                origin: Origin { pointer: Pointer::root().join("tags").join(i), span: t.span },
            },
            None => Tag { wire: wire.to_owned(), description: String::new(), origin: origin.clone() },
        };
        self.api.tags.push(tag);
        self.api.tags.len() - 1
    }

    fn parameter(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Option<Parameter> {
        let by_reference = node.get("$ref").is_some();
        let (at, node) = self.deref(node, at)?;
        let text = |k: &str| node.get(k).and_then(Node::as_str);
        let (Some(wire), Some(location)) = (text("name"), text("in").and_then(location)) else {
            let message = "parameter without a usable `name` and `in`; left out";
            self.push(Diagnostic::warning("W0306", message).at(node.span).pointer(&at));
            return None;
        };
        // The specification gives these to the message itself.
        if location == Location::Header
            && ["accept", "content-type", "authorization"].contains(&wire.to_ascii_lowercase().as_str())
        {
            return None;
        }
        let label = if by_reference {
            Label::Component(format!("{} parameter", at.last().unwrap_or_default()))
        } else {
            Label::Operation { operation, part: wire.to_owned() }
        };
        let content = node.get("content").and_then(Node::as_object).and_then(|o| o.iter().next());
        let (part, json) = match (node.get("schema"), content) {
            (Some(schema), _) => (self.schema(schema, &at.join("schema"), label), false),
            (None, Some(media)) => {
                let place = at.join("content").join(&media.key).join("schema");
                match media.value.get("schema") {
                    Some(schema) => (self.schema(schema, &place, label), true),
                    None => (super::Part::any(Docs::default()), true),
                }
            }
            (None, None) => {
                let text = Use { ty: Type::Scalar(Scalar::String), nullable: false };
                (super::Part { of: text, ..super::Part::any(Docs::default()) }, false)
            }
        };
        let style = match (json, text("style")) {
            (true, _) => Style::Json,
            (_, Some("simple")) => Style::Simple,
            (_, Some("label")) => Style::Label,
            (_, Some("matrix")) => Style::Matrix,
            (_, Some("form")) => Style::Form,
            (_, Some("spaceDelimited")) => Style::SpaceDelimited,
            (_, Some("pipeDelimited")) => Style::PipeDelimited,
            (_, Some("deepObject")) => Style::DeepObject,
            (_, other) => {
                if let Some(other) = other {
                    let message = format!("unknown style `{other}`; the default is used");
                    self.push(Diagnostic::warning("W0312", message).at(node.span).pointer(&at.join("style")));
                }
                match location {
                    Location::Path | Location::Header => Style::Simple,
                    Location::Query | Location::Cookie => Style::Form,
                }
            }
        };
        let explode = node.get("explode").and_then(Node::as_bool).unwrap_or(style == Style::Form);
        let mut docs = part.docs;
        docs.deprecated |= node.flag("deprecated");
        if let Some(example) = node.get("example") {
            docs.example = Some(example.to_json());
        }
        if let Some(own) = text("description").filter(|t| !t.is_empty()) {
            docs.text = own.to_owned();
        }
        self.show_media(node, &at, &part.of, Shown::Parameter);
        Some(Parameter {
            wire: wire.to_owned(),
            location,
            origin: Origin { pointer: at, span: node.get("name").map_or(node.span, |n| n.span) },
            docs,
            required: node.flag("required") || location == Location::Path,
            style,
            explode,
            of: part.of,
        })
    }

    /// Makes path parameters and the template agree.
    fn match_template(&mut self, path: &str, parameters: &mut Vec<Parameter>, origin: &Origin) {
        let mut names: Vec<String> = Vec::new();
        for piece in path.split('{').skip(1) {
            let Some((name, _)) = piece.split_once('}') else { continue };
            if !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
        }
        let mut foreign = Vec::new();
        parameters.retain(|p| {
            let keep = p.location != Location::Path || names.contains(&p.wire);
            if !keep {
                foreign.push(p.clone());
            }
            keep
        });
        for name in names {
            if parameters.iter().any(|p| p.location == Location::Path && p.wire == name) {
                continue;
            }
            // A slip of case or punctuation between template and declaration is one parameter, not two.
            let folded =
                |s: &str| s.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            if let Some(i) = foreign.iter().position(|p| folded(&p.wire) == folded(&name)) {
                let mut p = foreign.remove(i);
                let message = format!("path parameter `{}` is spelled `{name}` in the template", p.wire);
                self.push(Diagnostic::warning("W0306", message).at(p.origin.span).pointer(&p.origin.pointer));
                p.wire = name;
                parameters.push(p);
                continue;
            }
            let message = format!("the template names `{name}`, which is not declared; taken as a required text");
            self.push(Diagnostic::warning("W0306", message).at(origin.span).pointer(&origin.pointer));
            parameters.push(Parameter {
                wire: name,
                location: Location::Path,
                origin: origin.clone(),
                docs: Docs::default(),
                required: true,
                style: Style::Simple,
                explode: false,
                of: Use { ty: Type::Scalar(Scalar::String), nullable: false },
            });
        }
        for p in foreign {
            let message = format!("path parameter `{}` is not in the template; left out", p.wire);
            self.push(Diagnostic::warning("W0306", message).at(p.origin.span).pointer(&p.origin.pointer));
        }
    }

    fn body(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Option<Body> {
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

/// The word of `in`.
pub(super) fn location(word: &str) -> Option<Location> {
    match word {
        "path" => Some(Location::Path),
        "query" => Some(Location::Query),
        "header" => Some(Location::Header),
        "cookie" => Some(Location::Cookie),
        _ => None,
    }
}

/// The tag of an operation: its first, or the first fixed segment of its path.
fn first_tag(node: &Node, path: &str) -> String {
    let tags = node.get("tags").and_then(Node::as_array).unwrap_or_default();
    tags.iter().find_map(|t| t.as_str().map(str::trim).filter(|t| !t.is_empty())).map(str::to_owned).unwrap_or_else(
        || {
            let fixed = path.split(['/', '?', '#']).find(|s| !s.is_empty() && !s.contains('{'));
            fixed.unwrap_or("api").to_owned()
        },
    )
}

/// A path template without the query pairs and fragment that some documents write into it.
fn split_template(path: &str) -> (String, Vec<(String, String)>) {
    let path = path.split('#').next().unwrap_or(path);
    match path.split_once('?') {
        None => (path.to_owned(), Vec::new()),
        Some((path, query)) => {
            let pairs = query.split('&').filter(|p| !p.is_empty() && !p.contains('{')).map(|p| {
                let (k, v) = p.split_once('=').unwrap_or((p, ""));
                (k.to_owned(), v.to_owned())
            });
            (path.to_owned(), pairs.collect())
        }
    }
}
