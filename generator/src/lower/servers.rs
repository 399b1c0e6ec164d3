//! Where the API is: the servers of the document, and the operations that only some of them have, or others.

use std::collections::BTreeSet;

use super::Lowering;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Node, Object};
use crate::ir::{Server, Servers};

impl<'d> Lowering<'d> {
    /// The servers of the document.
    pub(super) fn document_servers(&mut self) {
        let (root, at) = (self.root, Pointer::root());
        let servers = self.servers(root, &at);
        let hosts = servers.iter().any(|(s, _)| s.is_whole());
        for (i, (server, node)) in servers.iter().enumerate() {
            let why = match (server.is_whole(), server.path()) {
                (true, _) | (_, Some("")) => continue,
                (_, Some(_)) if hosts => "has no host",
                (_, Some(_)) => continue,
                _ if server.url.contains('{') => "has a variable without a value",
                _ if server.url.contains("://") => "is neither http nor https",
                _ => "has a host and no scheme",
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
        let root = [Server { url: "/".to_owned(), description: String::new() }];
        let document = if self.api.servers.is_empty() { &root[..] } else { &self.api.servers };
        let (common, others): (Vec<&Server>, Vec<&Server>) = document.iter().partition(|s| own.contains(&s.essence()));
        let words = |urls: &[String]| urls.iter().map(|url| format!("`{url}`")).collect::<Vec<_>>().join(", ");
        let (servers, message) = if common.is_empty() {
            let urls: Vec<String> = list.into_iter().map(|(server, _)| server.url).collect();
            let message = format!("`{id}` is at {} and not at the document's server", words(&urls));
            (Servers::Only(urls), message)
        } else if others.is_empty() {
            return Servers::Any;
        } else {
            let urls: Vec<String> = others.iter().map(|server| server.url.clone()).collect();
            let message = format!("`{id}` is not at {}", words(&urls));
            (Servers::Except(urls), message)
        };
        let span = place.0.get("servers").map_or(place.0.span, |n| n.span);
        self.push(
            Diagnostic::warning("W0321", format!("{message}: calls there fail when they are built"))
                .at(span)
                .pointer(&place.1.join("servers"))
                .help("a client of a server that has it can call it; an overlay can remove the `servers`"),
        );
        servers
    }

    /// The servers that a document, a path or an operation declares, each with its node.
    fn servers(&mut self, node: &'d Node, at: &Pointer) -> Vec<(Server, &'d Node)> {
        let Some(list) = node.get("servers") else { return Vec::new() };
        let at = at.join("servers");
        let mut found = Vec::new();
        for (i, s) in list.as_array().unwrap_or_default().iter().enumerate() {
            match s.get("url").and_then(Node::as_str) {
                Some(url) => {
                    let description = s.get("description").and_then(Node::as_str).unwrap_or_default().to_owned();
                    found.push((Server { url: address(url, s.get("variables")), description }, s));
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
}

/// An address with the defaults of its variables. One without a host becomes a path: it is meant beside the document, of which
/// nobody knows here where it is published.
fn address(url: &str, variables: Option<&Node>) -> String {
    let mut url = url.trim().to_owned();
    for v in variables.and_then(Node::as_object).into_iter().flat_map(Object::iter) {
        if let Some(default) = v.value.get("default") {
            let text = match default.to_json() {
                serde_json::Value::String(s) => s,
                other => other.to_string(),
            };
            url = url.replace(&format!("{{{}}}", v.key), &text);
        }
    }
    if url.starts_with("//") {
        return format!("https:{url}");
    }
    let head = url.split(['/', '?', '#']).next().unwrap_or_default();
    if url.contains("://") || head.starts_with('{') || is_host(head) {
        return url;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_start_matches("../").trim_start_matches("./").trim_start_matches('/');
    format!("/{}", if matches!(path, "." | "..") { "" } else { path })
}

/// Whether somebody forgot the scheme: `api.shop.example`, `localhost:8080`.
fn is_host(head: &str) -> bool {
    let (host, port) = head.split_once(':').unwrap_or((head, ""));
    let last = host.rsplit_once('.').map_or("", |(_, last)| last);
    !port.is_empty() || last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic())
}
