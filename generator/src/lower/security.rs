//! Who may call: the security schemes of the document, and which of them its operations ask for.
//!
//! `head` reads what holds for the whole document, `operation` what one operation says of itself; when all operations are
//! read, `settle_security` decides for those that say nothing, and reports what nobody can have credentials for.

use super::{Lowering, parameters};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Node, Object};
use crate::ir::{Location, Origin, SecurityKind, SecurityScheme};

impl<'d> Lowering<'d> {
    /// The schemes of the document, and what it asks of the callers of all operations.
    pub(super) fn security_schemes(&mut self) {
        let base = Pointer::root().join("components").join("securitySchemes");
        let schemes = self.root.at(["components", "securitySchemes"]).and_then(Node::as_object);
        for e in schemes.into_iter().flat_map(Object::iter) {
            let at = base.join(&e.key);
            let found = self.deref(&e.value, &at).map(|(_, node)| node);
            let text = |k: &str| found.and_then(|node| node.get(k)).and_then(Node::as_str).unwrap_or_default();
            self.api.security_schemes.push(SecurityScheme {
                wire: e.key.clone(),
                origin: Origin { pointer: at, span: e.key_span },
                kind: kind(&text),
            });
        }
        let root = self.root;
        self.security = self.requirements(root, &Pointer::root());
    }

    /// The alternatives of `security` at a document or an operation: the schemes that each of them needs together.
    pub(super) fn requirements(&mut self, node: &Node, at: &Pointer) -> Option<Vec<Vec<String>>> {
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
            for e in schemes.iter().filter(|e| !self.asked.iter().any(|(name, _)| *name == e.key)).collect::<Vec<_>>() {
                self.asked.push((e.key.clone(), Origin { pointer: place.join(&e.key), span: e.key_span }));
            }
            alternatives.push(schemes.iter().map(|e| e.key.clone()).collect());
        }
        Some(alternatives)
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
            if self.api.scheme(&name).is_some() {
                continue;
            }
            let asks = |alternative: &Vec<String>| alternative.contains(&name);
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
        ("http", "bearer") | ("oauth2" | "openIdConnect", _) => SecurityKind::Bearer,
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
