//! Parameters: where they go and how they are spelled.

use super::Lowering;
use super::bodies::{self, Family};
use super::examples::Shown;
use crate::base::diagnostic::Diagnostic;
use crate::base::{Pointer, Span, is_token};
use crate::document::{Node, keys};
use crate::ir::{Docs, Label, Location, Origin, Parameter, Scalar, Spelling, Style, Type, TypeKind, Use};

impl<'d> Lowering<'d> {
    pub(super) fn parameter(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Option<Parameter> {
        let by_reference = node.get("$ref").is_some();
        let (at, node) = self.deref(node, at)?;
        let text = |k: &str| node.get(k).and_then(Node::as_str);
        let whole = text("in") == Some("querystring");
        let goes = if whole { Some(Location::Query) } else { text("in").and_then(location) };
        let (Some(wire), Some(location)) = (text("name"), goes) else {
            let message = "parameter without a usable `name` and `in`; left out";
            self.push(Diagnostic::warning("W0306", message).at(node.span).pointer(&at));
            return None;
        };
        // The specification gives these to the message itself.
        let of_message = ["accept", "content-type", "authorization"];
        if location == Location::Header && of_message.contains(&wire.to_ascii_lowercase().as_str()) {
            let help = match wire.to_ascii_lowercase().as_str() {
                "authorization" => "declare a security scheme; a call can have a value of its own by `header`",
                _ => "the media types of the operation say it; a call can have a value of its own by `header`",
            };
            let message = format!("the header `{wire}` is the message's own and no parameter");
            self.push(Diagnostic::note("N0338", message).at(node.span).pointer(&at).help(help));
            return None;
        }
        if matches!(location, Location::Header | Location::Cookie) && !is_token(wire) {
            // The runtime takes for a cookie whatever does not end it.
            let is_sent =
                location == Location::Cookie && wire.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
            let then = if is_sent { "it is sent so all the same" } else { "calls that set it fail" };
            let message = format!("no {} can be called `{wire}`: {then}", place(location));
            self.push(Diagnostic::warning("W0306", message).at(node.span).pointer(&at));
        }
        let own = || Label::Operation { operation, part: wire.to_owned() };
        let label = self.label_at(&at, by_reference, " parameter", own);
        let content = node.get("content").and_then(Node::as_object).filter(|_| node.get("schema").is_none());
        let content = content.and_then(|listed| Some((self.choose(listed, &at)?, listed)));
        let (part, media) = match (node.get("schema"), content) {
            (Some(schema), _) => (self.schema(schema, &at.join("schema"), label), None),
            (None, Some(((key, media), listed))) => {
                let place = at.join("content").join(&key).join("schema");
                let part = match media.get("schema") {
                    Some(schema) => self.schema(schema, &place, label),
                    None => super::Part::any(Docs::default()),
                };
                let span = listed.entry(&key).map_or(media.span, |e| e.key_span);
                (part, Some((key, span)))
            }
            (None, None) => {
                let text = Use { ty: Type::Scalar(Scalar::String), nullable: false };
                (super::Part { of: text, ..super::Part::any(Docs::default()) }, None)
            }
        };
        let spelling = match media {
            Some((media, span)) => self.spelled_by_media((&media, span), location, whole, &part.of, &at),
            None => self.spelling(node, &at, location),
        };
        self.note_undefined(wire, location, &spelling, &part.of.ty, (node, &at));
        let mut docs = part.docs;
        docs.deprecated |= node.flag("deprecated");
        if let Some(example) = node.get("example") {
            docs.example = Some(example.to_json());
        }
        if let Some(own) = text("description").filter(|t| !t.is_empty()) {
            docs.text = own.to_owned();
        }
        if let (true, Some(flag)) = (node.flag("allowEmptyValue"), node.get("allowEmptyValue")) {
            match (location, &part.of.ty) {
                (Location::Query, Type::Scalar(Scalar::String | Scalar::Secret)) => {
                    docs.facts.push("May be empty".to_owned());
                }
                (Location::Query, _) => {
                    let message = format!("`{wire}` may be sent without a value, which its type does not have");
                    let help = "a call can have it by `query` with an empty text";
                    let place = at.join("allowEmptyValue");
                    self.push(Diagnostic::note("N0340", message).at(flag.span).pointer(&place).help(help));
                }
                (Location::Path | Location::Header | Location::Cookie, _) => {
                    let message = "`allowEmptyValue` is for parameters of the query; ignored";
                    self.push(Diagnostic::note("N0340", message).at(flag.span).pointer(&at.join("allowEmptyValue")));
                }
            }
        }
        self.show_media(node, &at, &part.of, Shown::Parameter);
        Some(Parameter {
            wire: wire.to_owned(),
            location,
            origin: Origin { pointer: at, span: node.get("name").map_or(node.span, |n| n.span) },
            docs,
            required: node.flag("required") || location == Location::Path,
            spelling,
            of: part.of,
            constant: node.get("schema").and_then(|schema| self.only_literal(schema)),
            secret: false,
        })
    }

    /// How a parameter with a schema is spelled, or a member of a form (as a parameter of the query is).
    pub(super) fn spelling(&mut self, node: &Node, at: &Pointer, location: Location) -> Spelling {
        let default = match location {
            Location::Path | Location::Header => Style::Simple,
            Location::Query | Location::Cookie => Style::Form,
        };
        let word = node.get("style").and_then(Node::as_str);
        let style = match word {
            None => default,
            Some(word) => match style_of(word).filter(|style| has_style(location, *style)) {
                Some(style) => style,
                None => {
                    let (code, message) = match style_of(word) {
                        Some(_) => {
                            ("W0337", format!("style `{word}` is none of a {}; the default is used", place(location)))
                        }
                        None => ("W0312", format!("unknown style `{word}`; the default is used")),
                    };
                    let span = node.get("style").map_or(node.span, |n| n.span);
                    self.push(Diagnostic::warning(code, message).at(span).pointer(&at.join("style")));
                    default
                }
            },
        };
        let explode =
            node.get("explode").and_then(Node::as_bool).unwrap_or(matches!(style, Style::Form | Style::Cookie));
        let reserved = node.flag("allowReserved");
        let is_plain = location == Location::Header || style == Style::Cookie;
        if let (true, true, Some(flag)) = (reserved, is_plain, node.get("allowReserved")) {
            let message = "`allowReserved` changes nothing where nothing is encoded";
            self.push(Diagnostic::note("N0341", message).at(flag.span).pointer(&at.join("allowReserved")));
        }
        Spelling { style, explode, reserved, delimiters: delimiters(node) }
    }

    /// How a parameter with a media type is spelled.
    fn spelled_by_media(
        &mut self,
        (media, span): (&str, Span),
        location: Location,
        whole: bool,
        of: &Use,
        at: &Pointer,
    ) -> Spelling {
        let family = bodies::family(media);
        let plain = matches!(self.shape(&of.ty), Shape::Word | Shape::Unknown);
        let style = match family {
            Family::Form if whole => return Spelling::of(Style::Form, true),
            _ if whole => Style::Whole,
            Family::Json => Style::Json,
            Family::Text if plain => Style::Text,
            Family::Form | Family::Multipart | Family::Events | Family::Text | Family::Bytes => {
                let what = if plain { "as it is" } else { "as JSON" };
                let message =
                    format!("how a value is written as `{media}` in a {} is not said; sent {what}", place(location));
                self.push(Diagnostic::note("N0342", message).at(span).pointer(&at.join("content").join(media)));
                if plain { Style::Text } else { Style::Json }
            }
        };
        Spelling::of(style, false)
    }

    /// Says so where the specification leaves open how a value is spelled.
    pub(super) fn note_undefined(
        &mut self,
        wire: &str,
        location: Location,
        spelling: &Spelling,
        ty: &Type,
        (node, at): (&Node, &Pointer),
    ) {
        let shape = self.shape(ty);
        let Some((what, sent)) = undefined(location, spelling, &shape) else { return };
        let message = format!("how `{wire}` is spelled is undefined for {what}: {sent}");
        let words = node.as_object().into_iter().flat_map(|o| ["style", "explode", "schema"].map(|key| o.entry(key)));
        let span = words.flatten().next().map_or(node.span, |e| e.key_span);
        self.push(Diagnostic::note("N0336", message).at(span).pointer(at));
    }

    /// What a value looks like to a style.
    pub(super) fn shape(&self, ty: &Type) -> Shape {
        self.shape_within(ty, 8)
    }

    fn shape_within(&self, ty: &Type, depth: usize) -> Shape {
        let is_word = |of: &Use| matches!(self.shape_within(&of.ty, depth - 1), Shape::Word | Shape::Unknown);
        if depth == 0 {
            return Shape::Unknown;
        }
        match ty {
            Type::Scalar(_) => Shape::Word,
            Type::Any => Shape::Unknown,
            Type::List(of) => Shape::List(Box::new(self.shape_within(&of.ty, depth - 1))),
            Type::Tuple(of) => Shape::List(Box::new(match of.uses().all(is_word) {
                true => Shape::Word,
                false => Shape::Unknown,
            })),
            Type::Map(of) => Shape::Object { flat: is_word(of) },
            Type::Named(id) => match self.aliases.get(id) {
                Some(of) => self.shape_within(&of.ty, depth - 1),
                None => match self.def(*id).map(|def| &def.kind) {
                    Some(TypeKind::Enum(_)) => Shape::Word,
                    Some(TypeKind::Model(m)) => {
                        let flat = m.fields.iter().map(|f| &f.of).chain(m.additional.as_deref()).all(is_word);
                        Shape::Object { flat }
                    }
                    Some(TypeKind::Union(_)) | None => Shape::Unknown,
                },
            },
        }
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
                spelling: Spelling::of(Style::Simple, false),
                of: Use { ty: Type::Scalar(Scalar::String), nullable: false },
                constant: None,
                secret: false,
            });
        }
        for p in foreign {
            let message = format!("path parameter `{}` is not in the template; left out", p.wire);
            self.push(Diagnostic::warning("W0306", message).at(p.origin.span).pointer(&p.origin.pointer));
        }
    }
}

/// What a value looks like to a style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// One word.
    Word,
    /// A list.
    List(Box<Shape>),
    /// An object; flat when all its members are words.
    Object { flat: bool },
    /// Any of these.
    Unknown,
}

/// For what a style has no spelling, and what is sent: the specification's table of styles, and what RFC 6570 expands.
fn undefined(location: Location, spelling: &Spelling, shape: &Shape) -> Option<(&'static str, &'static str)> {
    let deep = match shape {
        Shape::List(item) => match **item {
            Shape::List(_) => Some("lists of lists"),
            Shape::Object { .. } => Some("lists of objects"),
            Shape::Word | Shape::Unknown => None,
        },
        Shape::Object { flat: false } => Some("members that are lists or objects"),
        Shape::Object { flat: true } | Shape::Word | Shape::Unknown => None,
    };
    let is_word = *shape == Shape::Word;
    let is_nested = spelling.delimiters.len() > 1;
    match (spelling.style, shape) {
        (Style::Json | Style::Text | Style::Whole, _) => None,
        (Style::DeepObject, Shape::List(_)) => Some(("a list in style `deepObject`", "sent as `a=1&a=2`")),
        (Style::DeepObject, _) if is_word => Some(("a single value in style `deepObject`", "sent as `a=1`")),
        (Style::DeepObject, _) => deep.map(|what| (what, "sent as `a[b][c]=1`, and lists of words as `a[b]=1&a[b]=2`")),
        (Style::SpaceDelimited | Style::PipeDelimited, _) if is_word => {
            Some(("a single value in a delimited style", "sent as `a=1`"))
        }
        (Style::SpaceDelimited | Style::PipeDelimited, _) if spelling.explode => {
            Some(("a delimited style that explodes", "sent as in style `form`"))
        }
        (_, Shape::List(_)) if is_nested => None,
        (Style::Form, Shape::Object { flat: false }) if spelling.explode => {
            Some(("members that are lists or objects", "a list is sent as `b=1&b=2`, an object as JSON"))
        }
        (Style::Form, Shape::List(_) | Shape::Object { .. }) if location == Location::Cookie && spelling.explode => {
            Some(("a cookie in style `form` that explodes", "sent as cookies of their own"))
        }
        _ => deep.map(|what| (what, "each of them is sent as JSON")),
    }
}

/// What joins the elements of a list, and of the lists in that, where no style says it.
pub(super) fn delimiters(node: &Node) -> Vec<String> {
    let listed = node.get(keys::DELIMITERS).and_then(Node::as_array).unwrap_or_default();
    listed.iter().filter_map(|n| n.as_str().map(str::to_owned)).collect()
}

/// The style of a word.
fn style_of(word: &str) -> Option<Style> {
    match word {
        "simple" => Some(Style::Simple),
        "label" => Some(Style::Label),
        "matrix" => Some(Style::Matrix),
        "form" => Some(Style::Form),
        "spaceDelimited" => Some(Style::SpaceDelimited),
        "pipeDelimited" => Some(Style::PipeDelimited),
        "deepObject" => Some(Style::DeepObject),
        "cookie" => Some(Style::Cookie),
        _ => None,
    }
}

/// Whether parameters of a place may have a style.
fn has_style(location: Location, style: Style) -> bool {
    match location {
        Location::Path => matches!(style, Style::Simple | Style::Label | Style::Matrix),
        Location::Query => {
            matches!(style, Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::DeepObject)
        }
        Location::Header => style == Style::Simple,
        Location::Cookie => matches!(style, Style::Form | Style::Cookie),
    }
}

/// The word of a place.
fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
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

#[cfg(test)]
mod tests {
    use super::{Location, Shape, Spelling, Style, has_style, style_of, undefined};

    #[test]
    fn what_no_style_has_a_spelling_for() {
        let list = |item| Shape::List(Box::new(item));
        let (flat, deep) = (|| Shape::Object { flat: true }, || Shape::Object { flat: false });
        let (query, path, cookie) = (Location::Query, Location::Path, Location::Cookie);
        for (location, style, explode, shape, open) in [
            (query, Style::Form, true, Shape::Word, false),
            (query, Style::Form, true, list(Shape::Word), false),
            (query, Style::Form, true, flat(), false),
            (query, Style::Form, true, deep(), true),
            (query, Style::Form, false, list(flat()), true),
            (query, Style::Form, true, list(list(Shape::Word)), true),
            (query, Style::SpaceDelimited, false, list(Shape::Word), false),
            (query, Style::SpaceDelimited, false, flat(), false),
            (query, Style::SpaceDelimited, false, Shape::Word, true),
            (query, Style::PipeDelimited, true, list(Shape::Word), true),
            (query, Style::DeepObject, true, flat(), false),
            (query, Style::DeepObject, true, deep(), true),
            (query, Style::DeepObject, true, list(Shape::Word), true),
            (query, Style::DeepObject, true, Shape::Word, true),
            (query, Style::Json, false, list(deep()), false),
            (query, Style::Form, true, Shape::Unknown, false),
            (path, Style::Label, true, list(Shape::Word), false),
            (path, Style::Matrix, false, list(flat()), true),
            (path, Style::Simple, false, deep(), true),
            (cookie, Style::Form, false, list(Shape::Word), false),
            (cookie, Style::Form, true, list(Shape::Word), true),
            (cookie, Style::Cookie, true, list(Shape::Word), false),
        ] {
            let found = undefined(location, &Spelling::of(style, explode), &shape).is_some();
            assert_eq!(found, open, "{location:?} {style:?} {explode} {shape:?}");
        }
        let nested = Spelling { delimiters: vec![String::new(), ",".to_owned()], ..Spelling::of(Style::Form, true) };
        assert_eq!(undefined(query, &nested, &list(list(Shape::Word))), None);
    }

    #[test]
    fn every_style_has_its_places() {
        let words = ["simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"];
        let of = |location| {
            words.into_iter().filter(move |word| style_of(word).is_some_and(|style| has_style(location, style)))
        };
        assert_eq!(of(Location::Path).collect::<Vec<_>>(), ["simple", "label", "matrix"]);
        assert_eq!(of(Location::Query).collect::<Vec<_>>(), ["form", "spaceDelimited", "pipeDelimited", "deepObject"]);
        assert_eq!(of(Location::Header).collect::<Vec<_>>(), ["simple"]);
        assert_eq!(of(Location::Cookie).collect::<Vec<_>>(), ["form", "cookie"]);
        assert_eq!(style_of("tabDelimited"), None);
    }
}
