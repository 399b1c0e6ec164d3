//! Parameters: where they go and how they are spelled.

use super::Lowering;
use super::examples::Shown;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::Node;
use crate::ir::{Docs, Label, Location, Origin, Parameter, Scalar, Style, Type, Use};

impl<'d> Lowering<'d> {
    pub(super) fn parameter(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Option<Parameter> {
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
    pub(super) fn match_template(&mut self, path: &str, parameters: &mut Vec<Parameter>, origin: &Origin) {
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
