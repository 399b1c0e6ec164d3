//! Who may call: the security schemes of the document, and which of them its operations ask for.
//!
//! `head` reads what holds for the whole document, `operation` what one operation says of itself; when all operations are
//! read, `settle_security` decides for those that say nothing, and reports what nobody can have credentials for.

use super::{Lowering, by_key, parameters};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::Node;
use crate::ir::{Docs, Location, Origin, Requirement, SecurityKind, SecurityScheme};

impl<'d> Lowering<'d> {
    /// The schemes of the document, and what it asks of the callers of all operations.
    pub(super) fn security_schemes(&mut self) {
        let base = Pointer::root().join("components").join("securitySchemes");
        let schemes = self.root.at(["components", "securitySchemes"]).and_then(Node::as_object);
        for e in schemes.map(by_key).unwrap_or_default() {
            let at = base.join(&e.key);
            let found = self.deref(&e.value, &at).map(|(_, node)| node);
            let text = |k: &str| found.and_then(|node| node.get(k)).and_then(Node::as_str).unwrap_or_default();
            self.api.security_schemes.push(SecurityScheme {
                wire: e.key.clone(),
                origin: Origin { pointer: at, span: e.key_span },
                kind: kind(&text),
                docs: found.map(words).unwrap_or_default(),
                scopes: found.map(scopes).unwrap_or_default(),
            });
        }
        let root = self.root;
        self.security = self.requirements(root, &Pointer::root());
    }

    /// The alternatives of `security` at a document or an operation: the schemes that each of them needs together.
    pub(super) fn requirements(&mut self, node: &Node, at: &Pointer) -> Option<Vec<Vec<Requirement>>> {
        let (list, at) = (node.get("security")?, at.join("security"));
        let Some(items) = list.as_array() else {
            let message = format!("`security` cannot be {}; it is ignored", list.type_name());
            self.push(Diagnostic::warning("W0312", message).at(list.span).pointer(&at));
            return None;
        };
        let mut alternatives = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let place = at.join(i);
            let Some(schemes) = item.as_object() else {
                let message = format!("an alternative of `security` cannot be {}; it is left out", item.type_name());
                self.push(Diagnostic::warning("W0312", message).at(item.span).pointer(&place));
                continue;
            };
            let mut all: Vec<Requirement> = Vec::new();
            for e in schemes.iter() {
                let scheme = self.scheme_name(&e.key);
                if !self.asked.iter().any(|(name, _)| *name == scheme) {
                    self.asked.push((scheme.clone(), Origin { pointer: place.join(&e.key), span: e.key_span }));
                }
                let scopes = e.value.as_array().unwrap_or_default().iter().filter_map(Node::as_str);
                let scopes = scopes.map(str::to_owned).collect();
                if e.value.as_array().is_none() {
                    let message = format!("scopes of `{}` cannot be {}; they are ignored", e.key, e.value.type_name());
                    self.push(Diagnostic::warning("W0312", message).at(e.value.span).pointer(&place.join(&e.key)));
                }
                all.push(Requirement { scheme, scopes });
            }
            alternatives.push(all);
        }
        Some(alternatives)
    }

    /// The scheme that a key of an alternative names: its name, or since OpenAPI 3.2 a reference to it.
    fn scheme_name(&self, key: &str) -> String {
        let named = |name: &str| self.api.security_schemes.iter().any(|s| s.wire == name);
        let pointer = key.strip_prefix("#").and_then(Pointer::parse).filter(|_| !named(key));
        let segments: Vec<String> = pointer.iter().flat_map(Pointer::segments).collect();
        match segments.as_slice() {
            [a, b, name] if a == "components" && b == "securitySchemes" && named(name) => name.clone(),
            _ => key.to_owned(),
        }
    }

    /// What comes of operations that say nothing, and of schemes that nobody can have credentials for. `secured`: some
    /// operation of the document asks for something, one that was not selected included.
    pub(super) fn settle_security(&mut self, secured: bool) {
        if secured {
            // "If `security` is not specified here or at the top, no security applies": believed of a document that uses it.
            for operation in &mut self.api.operations {
                operation.security.get_or_insert_default();
            }
        }
        for (name, first) in std::mem::take(&mut self.asked) {
            let declared = self.api.security_schemes.iter().find(|s| s.wire == name);
            if let Some(SecurityScheme { kind: SecurityKind::Token, origin, .. }) = declared {
                let message = format!("tokens of `{name}` are the caller's to obtain: its flows are documentation");
                let note = Diagnostic::note("N0331", message).at(origin.span).pointer(&origin.pointer);
                self.push(note.help("a token source is asked before each call: `TokenSource`"));
            }
            if self.api.scheme(&name).is_some() {
                continue;
            }
            let asks = |alternative: &Vec<Requirement>| alternative.iter().any(|r| r.scheme == name);
            let asking = self.api.operations.iter().filter(|o| o.security.iter().flatten().any(asks));
            let (barred, others): (Vec<_>, Vec<_>) = asking.partition(|o| self.api.barred_by(o).is_some());
            let outcome = match (barred.as_slice(), others.len()) {
                ([], 0) => continue,
                ([], _) => "the other alternatives are left".to_owned(),
                ([one], _) => format!("calls of `{}` fail when they are built", one.id),
                ([one, rest @ ..], _) => {
                    format!("calls of `{}` and {} more fail when they are built", one.id, rest.len())
                }
            };
            let declared = self.api.security_schemes.iter().find(|s| s.wire == name);
            let diagnostic = match declared.map(|s| (&s.kind, &s.origin)) {
                Some((SecurityKind::Other(words), origin)) => {
                    let message = format!("security scheme `{name}` ({words}) is not supported: {outcome}");
                    Diagnostic::warning("W0320", message)
                        .at(origin.span)
                        .pointer(&origin.pointer)
                        .second(first.span, "first asked for here")
                        .help("where the proof is given in another way, an overlay can take it out of `security`")
                }
                _ => Diagnostic::warning("W0320", format!("security scheme `{name}` is not declared: {outcome}"))
                    .at(first.span)
                    .pointer(&first.pointer)
                    .help("declare it in `components/securitySchemes`, or correct the name"),
            };
            self.push(diagnostic);
        }
    }
}

/// Whether an operation asks its callers for anything.
pub(super) fn asks(operation: &Node) -> bool {
    let alternatives = operation.get("security").and_then(Node::as_array).unwrap_or_default();
    alternatives.iter().filter_map(Node::as_object).any(|schemes| !schemes.is_empty())
}

/// How a scheme works, by the words of its keywords.
fn kind<'a>(text: &impl Fn(&str) -> &'a str) -> SecurityKind {
    match (text("type"), text("scheme").to_ascii_lowercase().as_str()) {
        ("http", "basic") => SecurityKind::Basic,
        ("http", "bearer") => SecurityKind::Bearer,
        ("oauth2" | "openIdConnect", _) => SecurityKind::Token,
        ("apiKey", _) => match (parameters::location(text("in")), text("name")) {
            (_, "") => SecurityKind::Other("a key without a name".to_owned()),
            (Some(location @ (Location::Header | Location::Query | Location::Cookie)), name) => {
                SecurityKind::ApiKey { location, name: name.to_owned() }
            }
            _ => SecurityKind::Other("a key that is in neither header, query nor cookie".to_owned()),
        },
        ("", _) => SecurityKind::Other("of no type".to_owned()),
        (other, scheme) => SecurityKind::Other(format!("{other} {scheme}").trim().to_owned()),
    }
}

/// The flows of OAuth 2.
const FLOWS: [&str; 5] = ["implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"];

/// The scopes that the flows of a scheme offer, each with what it is good for.
fn scopes(node: &Node) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for flow in FLOWS {
        let scopes = node.at(["flows", flow, "scopes"]).and_then(Node::as_object);
        for e in scopes.map(by_key).unwrap_or_default() {
            if !out.iter().any(|(scope, _)| *scope == e.key) {
                out.push((e.key.clone(), e.value.as_str().unwrap_or_default().to_owned()));
            }
        }
    }
    out
}

/// What the document says of a scheme; what has no meaning for a caller here is a fact for who obtains the token.
fn words(node: &Node) -> Docs {
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let mut facts = Vec::new();
    let mut add = |label: &str, value: Option<String>| {
        facts.extend(value.map(|value| format!("{label}: `{value}`")));
    };
    add("Format of the token", text(node, "bearerFormat"));
    add("OpenID Connect", text(node, "openIdConnectUrl"));
    add("Metadata", text(node, "oauth2MetadataUrl"));
    for flow in FLOWS {
        let Some(node) = node.at(["flows", flow]) else { continue };
        for (label, key) in [
            ("authorization", "authorizationUrl"),
            ("device authorization", "deviceAuthorizationUrl"),
            ("token", "tokenUrl"),
            ("refresh", "refreshUrl"),
        ] {
            add(&format!("{flow}, {label}"), text(node, key));
        }
    }
    Docs {
        text: text(node, "description").unwrap_or_default(),
        deprecated: node.flag("deprecated"),
        facts,
        ..Docs::default()
    }
}
