//! A document as it is served: which operation a request is for, what the document shows as its answer, and what can be made
//! where it shows nothing.

use super::Dice;
use super::act::Reply;
use super::check;
use super::schemas::{Schemas, Side};
use super::{Asked, values};
use generator::base::Pointer;
use generator::base::diagnostic::{Severity, Style, render};
use generator::ir::{Content, Operation, Response, Servers};
use generator::{Inputs, Understood, understand};
use percent_encoding::percent_decode_str;
use regex::Regex;
use serde_json::Value;
use std::cmp::Reverse;

/// A document, read and understood.
pub struct Document {
    understood: Understood,
    /// The document in 3.0's shape.
    root: Value,
    schemas: Schemas,
    /// By the place of the operation in the IR.
    served: Vec<Served>,
}

/// One operation.
struct Served {
    /// Matches a path and gives the values of its parameters.
    path: Regex,
    /// The names of those.
    names: Vec<String>,
    /// Where it is in `root`.
    place: Place,
}

/// Where an operation is in the document in 3.0's shape.
#[derive(Clone)]
struct Place {
    item: String,
    operation: String,
}

/// The operation of a request.
pub struct Found<'d> {
    /// The document.
    pub document: &'d Document,
    index: usize,
    /// The values of the path's parameters, still encoded.
    pub values: Vec<(String, String)>,
}

/// How far a path is from a request.
type Distance = (bool, usize, bool, Reverse<(usize, usize)>);

/// Why there is no operation for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The path is nobody's.
    Path,
    /// The path has other methods.
    Method(Vec<String>),
}

impl Missing {
    pub(super) fn reply(&self, belvo: bool) -> Reply {
        match self {
            // Django sends a path without its slash elsewhere, and a POST would lose its body there.
            _ if belvo => Reply::text(404, "text/html", "<html><body><h1>Not Found</h1></body></html>"),
            Self::Path => check::problem(404, "no operation has this path", &[]),
            Self::Method(allowed) => {
                check::problem(405, "the path has other methods", &[]).header("allow", &allowed.join(", "))
            }
        }
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("operations", &self.served.len()).finish_non_exhaustive()
    }
}

impl Document {
    /// Reads a document; its settings, where there are some, say whether Belvo's flows are played.
    ///
    /// # Errors
    /// What is wrong with the inputs, each finding with its place.
    pub fn read(inputs: &Inputs) -> Result<Self, String> {
        let understood = understand(inputs);
        if understood.diagnostics.has_errors() {
            let errors = understood.diagnostics.iter().filter(|one| one.severity == Severity::Error);
            let messages: Vec<String> = errors.map(|one| render(one, &understood.sources, Style::Plain)).collect();
            return Err(messages.join("\n"));
        }
        Ok(Self::of(understood))
    }

    fn of(understood: Understood) -> Self {
        let root = understood.document.to_json();
        let places = places(&root);
        let served = understood.api.operations.iter().map(|operation| {
            let found = places.iter().find(|(path, method, _)| is_of(operation, path, method));
            let place = found
                .map(|(.., place)| place.clone())
                .unwrap_or(Place { item: String::new(), operation: String::new() });
            let (path, names) = pattern(&understood, operation);
            Served { path, names, place }
        });
        let served = served.collect();
        let schemas = Schemas::new(&understood.document);
        Self { understood, root, schemas, served }
    }

    /// What the compiler knows about it.
    pub fn understood(&self) -> &Understood {
        &self.understood
    }

    /// Whether Belvo's flows are played.
    pub fn plays_belvo(&self) -> bool {
        self.understood.settings.package.extras.iter().any(|extra| extra.value == "belvo")
    }

    /// Its schemas.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// The operation of a request.
    ///
    /// # Errors
    /// When no operation has the path, or not with this method.
    pub fn find(&self, asked: &Asked) -> Result<Found<'_>, Missing> {
        let query = asked.query();
        let mut allowed = Vec::new();
        let mut best: Option<(Distance, Found<'_>)> = None;
        for (index, (served, operation)) in self.served.iter().zip(&self.understood.api.operations).enumerate() {
            let Some(held) = served.path.captures(asked.path()) else { continue };
            if !operation.fixed_query.iter().all(|pair| query.contains(pair)) {
                continue;
            }
            let method = operation.method.to_uppercase();
            let head = asked.method == "HEAD" && method == "GET";
            if method != asked.method && !head {
                if !allowed.contains(&method) {
                    allowed.push(method);
                }
                continue;
            }
            let texts = held.iter().skip(1).map(|text| text.map_or("", |text| text.as_str()).to_owned());
            let values: Vec<_> = served.names.iter().cloned().zip(texts).collect();
            // A literal segment is nearer than a parameter, a query of the path's own nearer than none, more text nearer than less.
            let literal = operation.path.split('/').filter(|segment| !segment.starts_with('{')).count();
            let distance =
                (head, values.len(), operation.fixed_query.is_empty(), Reverse((literal, operation.path.len())));
            if best.as_ref().is_none_or(|(nearest, _)| distance < *nearest) {
                best = Some((distance, Found { document: self, index, values }));
            }
        }
        match best {
            Some((_, found)) => Ok(found),
            None if allowed.is_empty() => Err(Missing::Path),
            None => Err(Missing::Method(allowed)),
        }
    }

    /// The operation with this id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.understood.api.operations.iter().find(|operation| operation.id == id)
    }

    /// The operation at a place of the IR, as if it had been found.
    pub fn at(&self, index: usize) -> Found<'_> {
        Found { document: self, index, values: Vec::new() }
    }

    /// What the document shows first as the answer of a status.
    pub fn example(&self, operation: &str, status: u16) -> Option<Value> {
        let index = self.understood.api.operations.iter().position(|one| one.id == operation)?;
        let found = self.at(index);
        let status = status.to_string();
        let response = found.operation().responses.iter().find(|response| response.status == status)?;
        found.shown(response, None)
    }

    /// Follows a reference; the pointer is that of what comes out.
    fn follow<'a>(&'a self, node: &'a Value, pointer: &str) -> (&'a Value, String) {
        let (mut node, mut pointer) = (node, pointer.to_owned());
        for _ in 0..64 {
            let Some(reference) = node.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) else {
                break;
            };
            let reference = percent_decode_str(reference).decode_utf8_lossy();
            let Some(target) = self.root.pointer(&reference) else { break };
            (node, pointer) = (target, reference.into_owned());
        }
        (node, pointer)
    }

    /// A node and what its members are, references followed, each with its pointer.
    fn child<'a>(&'a self, node: &'a Value, pointer: &str, key: &str) -> Option<(&'a Value, String)> {
        let child = node.get(key)?;
        Some(self.follow(child, &join(pointer, key)))
    }
}

impl<'d> Found<'d> {
    /// The operation.
    pub fn operation(&self) -> &'d Operation {
        &self.document.understood.api.operations[self.index]
    }

    /// Its place in the IR.
    pub fn index(&self) -> usize {
        self.index
    }

    fn node(&self) -> Option<(&'d Value, &'d str)> {
        let at = &self.document.served[self.index].place.operation;
        Some((self.document.root.pointer(at)?, at))
    }

    /// The parameter of this name and place as the document has it, and its pointer: the operation's own, or its path's.
    pub fn parameter(&self, name: &str, location: &str) -> Option<(&'d Value, String)> {
        let place = &self.document.served[self.index].place;
        let of = |at: &String| {
            let all = self.document.root.pointer(at)?.get("parameters")?.as_array()?;
            all.iter().enumerate().find_map(|(i, one)| {
                let (one, pointer) = self.document.follow(one, &format!("{at}/parameters/{i}"));
                let named = one.get("name").and_then(Value::as_str)?;
                let same = if location == "header" { named.eq_ignore_ascii_case(name) } else { named == name };
                (same && one.get("in").and_then(Value::as_str) == Some(location)).then_some((one, pointer))
            })
        };
        of(&place.operation).or_else(|| of(&place.item))
    }

    /// The body of a request as the document has it: its media types and their pointers.
    pub fn request_media(&self) -> Vec<(String, &'d Value, String)> {
        let body = self.node().and_then(|(node, at)| self.document.child(node, at, "requestBody"));
        body.map(|(body, at)| self.media(body, &at)).unwrap_or_default()
    }

    /// The media types of an answer and their pointers.
    pub fn response_media(&self, status: &str) -> Vec<(String, &'d Value, String)> {
        self.answer(status).map(|(response, at)| self.media(response, &at)).unwrap_or_default()
    }

    /// An answer as the document has it.
    fn answer(&self, status: &str) -> Option<(&'d Value, String)> {
        let (node, at) = self.node()?;
        let (all, at) = self.document.child(node, at, "responses")?;
        self.document.child(all, &at, status)
    }

    fn media(&self, holder: &'d Value, at: &str) -> Vec<(String, &'d Value, String)> {
        let Some((all, at)) = self.document.child(holder, at, "content") else { return Vec::new() };
        let named = all.as_object().into_iter().flatten().map(|(name, media)| {
            let (media, at) = self.document.follow(media, &join(&at, name));
            (name.clone(), media, at)
        });
        named.collect()
    }

    /// The answer that a call is made for: the first success, else what is answered by default, else a redirection. An error is none.
    pub fn usual(&self) -> Option<&'d Response> {
        let operation = self.operation();
        let by = |begin: &str| operation.responses.iter().find(|response| response.status.starts_with(begin));
        operation.successes().next().or_else(|| by("default")).or_else(|| by("3"))
    }

    /// The answer that is declared for a status: by its number, its class, or as the default.
    pub fn response(&self, status: u16) -> Option<&'d Response> {
        let (number, class) = (status.to_string(), format!("{}XX", status / 100));
        let all = &self.operation().responses;
        let by = |wanted: &str| all.iter().find(|r| r.status.eq_ignore_ascii_case(wanted));
        by(&number).or_else(|| by(&class)).or_else(|| by("default"))
    }

    /// The value of a body that the document shows for an answer, by the name of the example where one is wanted; else one made
    /// of its schema.
    pub fn body(&self, response: &Response, example: Option<&str>, dice: &mut Dice) -> Option<Value> {
        self.shown(response, example).or_else(|| {
            let (_, media, at) = self.chosen(response)?;
            media.get("schema")?;
            values::make(&self.document.schemas, Side::Response, &format!("{at}/schema"), dice)
        })
    }

    /// How many things of a body are not what the document says of an answer.
    pub fn misfits(&self, response: &Response, body: &Value) -> usize {
        let at = self.chosen(response).filter(|(_, media, _)| media.get("schema").is_some());
        at.map_or(0, |(.., at)| self.document.schemas.misfits(Side::Response, &format!("{at}/schema"), body).len())
    }

    /// A body without what the document does not allow in an answer: with what `other` has there, or without it. What is at `spared`
    /// stays.
    pub fn fitted(&self, response: &Response, body: Value, other: &Value, spared: Option<&str>) -> Value {
        match self.chosen(response).filter(|(_, media, _)| media.get("schema").is_some()) {
            Some((.., at)) => {
                let (schemas, schema) = (&self.document.schemas, format!("{at}/schema"));
                values::fitted(schemas, Side::Response, &schema, body, Some(other), spared)
            }
            None => body,
        }
    }

    /// Whether a parameter of the path may have a value.
    pub fn takes(&self, name: &str, value: &Value) -> bool {
        let at = self.parameter(name, "path").map(|(_, at)| format!("{at}/schema"));
        at.is_none_or(|at| self.document.schemas.fits(Side::Request, &at, value))
    }

    /// The media type of an answer.
    fn chosen(&self, response: &Response) -> Option<(String, &'d Value, String)> {
        let mut all = self.response_media(&response.status);
        let wanted = response.content.as_ref().map(|(media, _)| media.as_str());
        let at = all.iter().position(|(name, ..)| Some(name.as_str()) == wanted).unwrap_or_default();
        (at < all.len()).then(|| all.swap_remove(at))
    }

    /// What the document shows of an answer.
    fn shown(&self, response: &Response, example: Option<&str>) -> Option<Value> {
        let (_, media, at) = self.chosen(response)?;
        let all = media.get("examples").and_then(Value::as_object).into_iter().flatten();
        let all: Vec<(&str, &Value)> = all
            .filter_map(|(name, one)| {
                let at = join(&join(&at, "examples"), name);
                Some((name.as_str(), self.document.follow(one, &at).0.get("value")?))
            })
            .collect();
        let named = example.and_then(|wanted| all.iter().find(|(name, _)| *name == wanted));
        let first = || media.get("example").or(all.first().map(|(_, value)| *value));
        named.map(|(_, value)| *value).or_else(first).cloned()
    }

    /// An answer as the document has it.
    pub fn reply(&self, status: u16, response: &Response, example: Option<&str>, dice: &mut Dice) -> Reply {
        let reply = match &response.content {
            None => Reply::empty(status),
            Some((media, content)) => {
                let body = self.body(response, example, dice).unwrap_or(Value::Null);
                written(status, media, content, &body)
            }
        };
        self.with_headers(reply, response, dice)
    }

    /// An answer with the headers that the document declares for it, but for those that say how it is sent.
    pub fn with_headers(&self, mut reply: Reply, response: &Response, dice: &mut Dice) -> Reply {
        for header in &response.headers {
            let sent = ["content-type", "content-length", "transfer-encoding", "connection", "content-encoding"];
            if sent.iter().any(|name| header.wire.eq_ignore_ascii_case(name)) {
                continue;
            }
            let place = self.answer(&response.status).and_then(|(node, at)| {
                let (all, at) = self.document.child(node, &at, "headers")?;
                Some(self.document.child(all, &at, &header.wire)?.1)
            });
            let made = || values::make(&self.document.schemas, Side::Response, &format!("{}/schema", place?), dice);
            let shown = header.docs.example.clone().or_else(made);
            let text = match shown {
                Some(Value::String(text)) => text,
                Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
                Some(Value::Array(list)) => list.iter().map(plain).collect::<Vec<_>>().join(","),
                _ => continue,
            };
            if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
                reply = reply.header(&header.wire, &text);
            }
        }
        reply
    }
}

/// A value as it is where it is no JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A body as it is written in its media type.
fn written(status: u16, media: &str, content: &Content, body: &Value) -> Reply {
    let text = || plain(body);
    let media = if media.contains('*') { "application/octet-stream" } else { media };
    match content {
        Content::Json(_) => Reply::text(status, media, &body.to_string()),
        Content::Events(_) => Reply::text(status, media, &format!("data: {body}\n\n")),
        Content::Form(_) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in body.as_object().into_iter().flatten() {
                form.append_pair(name, &plain(value));
            }
            Reply::text(status, media, &form.finish())
        }
        Content::Text | Content::Bytes | Content::Multipart(_) => Reply::text(status, media, &text()),
    }
}

/// The pointer to a member.
pub(super) fn join(at: &str, key: &str) -> String {
    Pointer::parse(at).unwrap_or_default().join(key).as_str().to_owned()
}

/// Every operation of the document in 3.0's shape: path, method in capitals, place.
fn places(root: &Value) -> Vec<(String, String, Place)> {
    let mut out = Vec::new();
    for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let at = join("/paths", path);
        // A path item may refer to others.
        let (item, at) = match item.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
            Some(reference) => (root.pointer(reference).unwrap_or(item), reference.to_owned()),
            None => (item, at),
        };
        let more = item.get("additionalOperations").and_then(Value::as_object).into_iter().flatten();
        let more = more.map(|(method, _)| (method, format!("{at}/additionalOperations/{method}")));
        let plain = item.as_object().into_iter().flatten().map(|(key, _)| (key, format!("{at}/{key}")));
        for (method, operation) in plain.chain(more) {
            out.push((path.clone(), method.to_uppercase(), Place { item: at.clone(), operation }));
        }
    }
    out
}

/// Whether an operation of the IR is the one at a path of the document.
fn is_of(operation: &Operation, path: &str, method: &str) -> bool {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = path.split('#').next().unwrap_or_default();
    let query: Vec<(String, String)> =
        form_urlencoded::parse(query.split('#').next().unwrap_or_default().as_bytes()).into_owned().collect();
    operation.method.to_uppercase() == method && operation.path == path && operation.fixed_query == query
}

/// What matches the paths of an operation: behind any of its servers' paths, or behind none.
fn pattern(understood: &Understood, operation: &Operation) -> (Regex, Vec<String>) {
    let servers = match &operation.servers {
        Servers::Any => &understood.api.servers,
        Servers::Only(servers) => servers,
    };
    let bases = servers.iter().map(|server| {
        let path = server
            .url
            .split_once("://")
            .map_or(server.url.as_str(), |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
        let path = path.trim_end_matches('/');
        let (mut out, mut rest) = (String::new(), path);
        while let Some((text, behind)) = rest.split_once('{') {
            let after = behind.split_once('}').map_or("", |(_, after)| after);
            out.push_str(&regex::escape(text));
            out.push_str("[^/]+");
            rest = after;
        }
        out + &regex::escape(rest)
    });
    let mut bases: Vec<String> = bases.filter(|base| !base.is_empty()).collect();
    bases.sort();
    bases.dedup();
    let mut text = if bases.is_empty() { String::from("^") } else { format!("^(?:{})?", bases.join("|")) };
    let mut names = Vec::new();
    let mut rest = operation.path.as_str();
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        text.push_str(&regex::escape(before));
        text.push_str("([^/]*?)");
        names.push(name.to_owned());
        rest = after;
    }
    text.push_str(&regex::escape(rest));
    text.push('$');
    // What is escaped is a valid expression; one that is too large matches nothing.
    let nothing = || Regex::new("[^\\s\\S]").expect("a valid expression");
    (Regex::new(&text).unwrap_or_else(|_| nothing()), names)
}
