//! Where the API is: the servers of the document with their variables, and those that only some operations have.

use std::collections::BTreeSet;

use super::Lowering;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Node, Object};
use crate::ir::{Server, ServerVariable, Servers};

impl<'d> Lowering<'d> {
    /// The servers of the document.
    pub(super) fn document_servers(&mut self) {
        let (root, at) = (self.root, Pointer::root());
        let servers = self.servers(root, &at);
        for (i, (server, node)) in servers.iter().enumerate() {
            let why = match (server.is_whole(), server.path()) {
                (true, _) | (_, Some(_)) => continue,
                _ => server.unreachable_because().unwrap_or("has no host"),
            };
            let message = format!("server `{}` {why}; a caller who means it gives its whole address", server.url);
            let place = at.join("servers").join(i);
            self.push(Diagnostic::note("N0322", message).at(node.span).pointer(&place));
        }
        self.api.servers = servers.into_iter().map(|(server, _)| server).collect();
    }

    /// Which servers have an operation, by what it declares itself, or else its path.
    pub(super) fn operation_servers(
        &mut self,
        id: &str,
        (operation, at): (&'d Node, &Pointer),
        (path, at_path): (&'d Node, &Pointer),
    ) -> Servers {
        let mut list = self.servers(operation, at);
        let mut place = (operation, at);
        if list.is_empty() {
            (list, place) = (self.servers(path, at_path), (path, at_path));
        }
        if list.is_empty() {
            return Servers::Any;
        }
        let own: BTreeSet<String> = list.iter().map(|(server, _)| server.essence()).collect();
        // A document that names no server is at the root of its own host.
        let root = [Server::at("/")];
        let document = if self.api.servers.is_empty() { &root[..] } else { &self.api.servers };
        let (common, others): (Vec<&Server>, Vec<&Server>) = document.iter().partition(|s| own.contains(&s.essence()));
        if others.is_empty() {
            return Servers::Any;
        }
        let (usable, rest): (Vec<Server>, Vec<Server>) =
            list.into_iter().map(|(server, _)| server).partition(|s| s.is_whole() || s.path().is_some());
        let span = place.0.get("servers").map_or(place.0.span, |n| n.span);
        let words = |servers: &[&Server]| {
            servers.iter().map(|server| format!("`{}`", server.url)).collect::<Vec<_>>().join(", ")
        };
        let said = if let (true, Some(first)) = (usable.is_empty(), rest.first()) {
            let all: Vec<&Server> = rest.iter().collect();
            let why = first.unreachable_because().unwrap_or("has no host");
            let message = format!("`{id}` is at {} only, which {why}: calls fail when they are built", words(&all));
            let help = "a caller who knows the address gives it to the request; an overlay can correct the `servers`";
            Some(Diagnostic::warning("W0321", message).help(help))
        } else if common.is_empty() {
            None
        } else {
            let message =
                format!("`{id}` is not at {}: a client of it makes the call at {}", words(&others), words(&common));
            Some(Diagnostic::note("N0333", message))
        };
        if let Some(diagnostic) = said {
            self.push(diagnostic.at(span).pointer(&place.1.join("servers")));
        }
        Servers::Only(if usable.is_empty() { rest } else { usable })
    }

    /// The servers that a document, a path or an operation declares, each with its node.
    fn servers(&mut self, node: &'d Node, at: &Pointer) -> Vec<(Server, &'d Node)> {
        let Some(list) = node.get("servers") else { return Vec::new() };
        let at = at.join("servers");
        let mut found = Vec::new();
        for (i, s) in list.as_array().unwrap_or_default().iter().enumerate() {
            let text = |key: &str| s.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
            match s.get("url").and_then(Node::as_str) {
                Some(url) => {
                    let variables = self.variables(url, s, &at.join(i));
                    let (name, description) = (text("name"), text("description"));
                    found.push((Server { url: template(url, &variables), name, description, variables }, s));
                }
                None => {
                    let message = "a server without a text `url`; left out";
                    self.push(Diagnostic::warning("W0312", message).at(s.span).pointer(&at.join(i)));
                }
            }
        }
        if list.as_array().is_none() {
            let message = format!("`servers` cannot be {}; it is ignored", list.type_name());
            self.push(Diagnostic::warning("W0312", message).at(list.span).pointer(&at));
        }
        found
    }

    /// The variables of an address that have a value. Without one, the braces stay in the address.
    fn variables(&mut self, url: &str, server: &'d Node, at: &Pointer) -> Vec<ServerVariable> {
        let Some(declared) = server.get("variables") else { return Vec::new() };
        let at = at.join("variables");
        if declared.as_object().is_none() {
            let message = format!("`variables` cannot be {}; it is ignored", declared.type_name());
            self.push(Diagnostic::warning("W0312", message).at(declared.span).pointer(&at));
        }
        let mut found = Vec::new();
        for v in declared.as_object().into_iter().flat_map(Object::iter) {
            // Another server, or another operation, may have read this list before.
            let place = at.join(&v.key);
            if !url.contains(&format!("{{{}}}", v.key)) {
                let message = format!("the variable `{}` is not in the address `{url}`", v.key);
                self.say_once(Diagnostic::note("N0332", message).at(v.key_span).pointer(&place));
                continue;
            }
            let listed = v.value.get("enum").and_then(Node::as_array).unwrap_or_default();
            let mut values: Vec<String> = Vec::new();
            for value in listed.iter().map(text_of) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            let declared = v.value.get("default").map(text_of);
            let message = match (&declared, values.first()) {
                (Some(default), Some(_)) if !values.contains(default) => Some(format!(
                    "the default `{default}` of the variable `{}` is none of its values; it becomes one",
                    v.key
                )),
                (None, Some(first)) => Some(format!(
                    "the variable `{}` has no default: `{first}`, the first of its values, is taken",
                    v.key
                )),
                _ => None,
            };
            if let Some(message) = message {
                self.say_once(Diagnostic::warning("W0330", message).at(v.value.span).pointer(&place));
            }
            let Some(default) = declared.or_else(|| values.first().cloned()) else { continue };
            if !values.is_empty() && !values.contains(&default) {
                values.push(default.clone());
            }
            let description = v.value.get("description").and_then(Node::as_str).unwrap_or_default().to_owned();
            found.push(ServerVariable { wire: v.key.clone(), description, default, values });
        }
        found
    }

    /// Says something of a place that several operations read.
    fn say_once(&mut self, diagnostic: Diagnostic) {
        let said = |d: &Diagnostic| d.code == diagnostic.code && d.span == diagnostic.span;
        if !self.diagnostics.iter().any(said) {
            self.push(diagnostic);
        }
    }
}

/// A value of a variable as text: documents write versions and ports as numbers.
fn text_of(value: &Node) -> String {
    match value.to_json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// An address as the IR has it. One without a host becomes a path: it is relative to the document, of which
/// nobody knows here where it is published.
fn template(url: &str, variables: &[ServerVariable]) -> String {
    let mut url = url.trim();
    let as_is = |url: &str| Server { url: url.to_owned(), variables: variables.to_vec(), ..Server::default() };
    let address = as_is(url).address();
    if address.starts_with("//") {
        return format!("https:{url}");
    }
    let head = address.split(['/', '?', '#']).next().unwrap_or_default();
    if address.contains("://") || head.starts_with('{') || is_host(head) {
        return url.to_owned();
    }
    url = url.split(['?', '#']).next().unwrap_or_default();
    while let Some(rest) = url.strip_prefix("../").or_else(|| url.strip_prefix("./")) {
        url = rest;
    }
    match url {
        "." | ".." => "/".to_owned(),
        // A variable may bring the slash itself.
        url if as_is(url).address().starts_with('/') => {
            let slashes = url.len() - url.trim_start_matches('/').len();
            url.get(slashes.saturating_sub(1)..).unwrap_or_default().to_owned()
        }
        url => format!("/{url}"),
    }
}

/// Whether somebody forgot the scheme: `api.shop.example`, `localhost:8080`.
fn is_host(head: &str) -> bool {
    let (host, port) = head.split_once(':').unwrap_or((head, ""));
    let last = host.rsplit_once('.').map_or("", |(_, last)| last);
    !port.is_empty() || last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic())
}
