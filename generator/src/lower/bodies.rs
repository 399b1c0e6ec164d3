//! Request bodies, and what stands under a media type on either side.

use super::Lowering;
use super::examples::Shown;
use super::parameters::Shape;
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Entry, Node, Object, keys};
use crate::ir::{
    Body, BodyMember, Content, Docs, Label, Location, Origin, OtherBody, Scalar, Spelling, Style, Type, TypeDef, Use,
    Written,
};

impl<'d> Lowering<'d> {
    pub(super) fn body(&mut self, node: &'d Node, at: &Pointer, operation: usize) -> Option<Body> {
        let by_reference = node.get("$ref").is_some();
        let (at, node) = self.deref(node, at)?;
        let listed = node.get("content").and_then(Node::as_object)?;
        let best = self.best(listed)?;
        let own = || Label::Operation { operation, part: "Request".to_owned() };
        let label = self.label_at(&at, by_reference, " body", own);
        let (media_type, media) = (best.key.clone(), &best.value);
        let under = at.join("content").join(&media_type);
        let schema = media.get("schema");
        let inline = !by_reference && schema.is_some_and(|s| s.get("$ref").is_none());
        let content = self.content(&media_type, schema, &under.join("schema"), label.clone());
        if let Content::Json(of) = &content {
            self.show_media(media, &under, of, Shown::Request);
        }
        let members = self.members(&content, &media_type, media, &under);
        let (mut choices, mut others) = (Vec::new(), Vec::new());
        for e in listed.iter().filter(|e| e.key != media_type) {
            let place = at.join("content").join(&e.key);
            let schema = e.value.get("schema");
            let same = schema.map(Node::to_json) == media.get("schema").map(Node::to_json);
            let other = match (&content, self.family_of(&e.key, schema)) {
                (Content::Text, Family::Text | Family::Events) | (Content::Bytes, Family::Bytes) => {
                    choices.push(e.key.clone());
                    continue;
                }
                // The same schema under another media type is the same type.
                (Content::Json(of) | Content::Form(of) | Content::Multipart(of), Family::Json) if same => {
                    Content::Json(of.clone())
                }
                (Content::Json(of) | Content::Form(of) | Content::Multipart(of), Family::Form) if same => {
                    Content::Form(of.clone())
                }
                _ => {
                    let part = essence(&e.key).replace(['/', '+', '.'], " ");
                    let label = super::schema::extend(&label, &part);
                    self.content(&e.key, schema, &place.join("schema"), label)
                }
            };
            self.note_encoding(&e.value, &e.key, &place);
            others.push(OtherBody { media_type: e.key.clone(), content: other });
        }
        let docs = Docs {
            text: node.get("description").and_then(Node::as_str).unwrap_or_default().to_owned(),
            ..Docs::default()
        };
        let origin = Origin { pointer: at, span: node.span };
        let required = node.flag("required");
        Some(Body { origin, docs, required, media_type, content, choices, others, members, inline })
    }

    /// How the members of a form or a multipart body are written: by `encoding`, else by their types.
    fn members(&mut self, content: &Content, media_type: &str, media: &'d Node, at: &Pointer) -> Vec<BodyMember> {
        let encoding = media.get("encoding").and_then(Node::as_object);
        let base = at.join("encoding");
        let multipart = matches!(content, Content::Multipart(_));
        let of = match content {
            Content::Form(of) | Content::Multipart(of) => of,
            Content::Json(_) | Content::Text | Content::Bytes | Content::Events(_) => {
                if let Some(e) = media.as_object().and_then(|o| o.entry("encoding")) {
                    let message = format!("`encoding` says nothing of `{media_type}`; ignored");
                    self.push(Diagnostic::note("N0341", message).at(e.key_span).pointer(&base));
                }
                return Vec::new();
            }
        };
        let model = of.ty.named().map(|id| self.aliases.get(&id).and_then(|of| of.ty.named()).unwrap_or(id));
        let fields: Vec<(String, Type, Origin)> = match model.and_then(|id| self.def(id)).and_then(TypeDef::model) {
            Some(model) => model.fields.iter().map(|f| (f.wire.clone(), f.of.ty.clone(), f.origin.clone())).collect(),
            None => Vec::new(),
        };
        for e in encoding.into_iter().flat_map(Object::iter) {
            if !e.key.starts_with("x-") && !fields.iter().any(|(wire, ..)| *wire == e.key) {
                let message = format!("the body has no member `{}` of its own; its encoding is ignored", e.key);
                self.push(Diagnostic::note("N0341", message).at(e.key_span).pointer(&base.join(&e.key)));
            }
        }
        let is_form_data = essence(media_type) == "multipart/form-data";
        let member = |cx: &mut Self, (wire, ty, declared): &(String, Type, Origin)| {
            let said = encoding.and_then(|o| o.get(wire));
            let says = said.and_then(Node::as_object);
            let at = base.join(wire);
            let mut headers = Vec::new();
            let listed = said.and_then(|n| n.get("headers")).and_then(Node::as_object);
            for e in listed.into_iter().flat_map(Object::iter).filter(|e| !e.key.eq_ignore_ascii_case("content-type")) {
                headers.push(e.key.clone());
            }
            let styled = said
                .filter(|n| ["style", "explode", "allowReserved", keys::DELIMITERS].iter().any(|k| n.get(k).is_some()));
            let types = said.and_then(|n| n.get("contentType")).and_then(Node::as_str).unwrap_or_default();
            let content_type = first_type(types);
            let written = match (styled, multipart) {
                (Some(node), _) if !multipart || is_form_data => {
                    let spelling = cx.spelling(node, &at, Location::Query);
                    cx.note_undefined(wire, Location::Query, &spelling, ty, (node, &at));
                    Written::Spelled(spelling)
                }
                (_, true) => cx.part_written(ty, content_type.as_deref(), !types.is_empty()),
                (_, false) => {
                    let spelling = cx.form_spelling(ty, content_type.as_deref());
                    let shape = cx.shape(ty);
                    let (item, sent) = match &shape {
                        Shape::List(item) => (&**item, "one value for each element"),
                        other => (other, "JSON"),
                    };
                    let is_word = matches!(item, Shape::Word | Shape::Unknown);
                    let foreign = match content_type.as_deref().map(family) {
                        None | Some(Family::Json) => false,
                        Some(Family::Text) => !is_word,
                        Some(_) => !is_word || matches!(shape, Shape::List(_)),
                    };
                    if let (true, Some(e)) = (foreign, says.and_then(|o| o.entry("contentType"))) {
                        let message = format!("`{wire}` is not written as `{types}` in a form: sent as {sent}");
                        cx.push(Diagnostic::note("N0342", message).at(e.key_span).pointer(&at.join("contentType")));
                    }
                    if content_type.is_none() && !is_word {
                        let message = "how objects, and lists of anything but words, are spelled in a form is open before OpenAPI 3.0.4 \
                                       and 3.1.1: they are JSON, as those say";
                        let note = Diagnostic::note("N0336", message).at(declared.span).pointer(&declared.pointer);
                        cx.diagnostics.push_place(
                            note.help("`encoding` says how they are spelled: a `style`, or a `contentType`"),
                        );
                    }
                    Written::Spelled(spelling)
                }
            };
            let unused: &[&str] = match (&written, multipart) {
                (_, false) => &["headers"],
                (Written::Spelled(_), true) => &["contentType"],
                (_, true) => &["style", "explode", "allowReserved"],
            };
            for e in unused.iter().filter_map(|key| says.and_then(|o| o.entry(key))) {
                let message = format!("`{}` says nothing of this member of `{media_type}`; ignored", e.key);
                cx.push(Diagnostic::note("N0341", message).at(e.key_span).pointer(&at.join(&e.key)));
            }
            if let (true, true, Some(e)) = (multipart, !headers.is_empty(), says.and_then(|o| o.entry("headers"))) {
                let list = headers.join("`, `");
                let message = match written {
                    Written::Upload => format!("the caller gives the headers of the part `{wire}`: `{list}`"),
                    _ => format!("the part `{wire}` goes without the headers `{list}`"),
                };
                let help = match written {
                    Written::Upload => "`Upload::with_header` sets one",
                    _ => "only parts that are files have headers of their own",
                };
                cx.push(Diagnostic::note("N0339", message).at(e.key_span).pointer(&at.join("headers")).help(help));
            }
            if let (Written::Upload, Some(e)) = (&written, says.and_then(|o| o.entry("contentType")))
                && !cx.is_upload(ty)
            {
                let message =
                    format!("the caller gives the part `{wire}` as bytes: it is not written as `{types}` here");
                cx.push(Diagnostic::note("N0343", message).at(e.key_span).pointer(&at.join("contentType")));
            }
            let by_schema = || cx.media_type_of(&declared.pointer).filter(|_| !matches!(written, Written::Json));
            let content_type = content_type.or_else(by_schema);
            let content_type = content_type.filter(|_| multipart && !matches!(written, Written::Spelled(_)));
            let content_type = match ty.item().unwrap_or(ty) {
                Type::Scalar(Scalar::Base64) if multipart && content_type.is_none() => {
                    Some("application/octet-stream".to_owned())
                }
                _ => content_type,
            };
            if !multipart || !matches!(written, Written::Upload) {
                headers.clear();
            }
            BodyMember { wire: wire.clone(), content_type, headers, written }
        };
        fields.iter().map(|field| member(self, field)).collect()
    }

    /// What the schema of a member, or of the elements of its list, says that its text holds.
    fn media_type_of(&self, declared_at: &Pointer) -> Option<String> {
        let segments: Vec<String> = declared_at.segments().collect();
        let schema = self.root.at(segments.iter().map(String::as_str))?;
        let held = |schema| self.said(schema, &["allOf"], |schema| schema.get(keys::MEDIA_TYPE)?.as_str());
        let media_type = held(schema).or_else(|| held(self.said(schema, &["allOf"], |schema| schema.get("items"))?))?;
        first_type(media_type)
    }

    /// Says that the `encoding` under a media type goes unheard, where its body is given or taken as a whole.
    pub(super) fn note_encoding(&mut self, media: &Node, media_type: &str, at: &Pointer) {
        let Some(e) = media.as_object().and_then(|o| o.entry("encoding")) else { return };
        let message =
            format!("`encoding` of `{media_type}` is not used: its members are written and read by their types");
        self.diagnostics.push_place(Diagnostic::note("N0345", message).at(e.key_span).pointer(&at.join("encoding")));
    }

    /// Says that a body is text whatever its schema says of it.
    fn note_text(&mut self, media_type: &str, schema: &'d Node, at: &Pointer) {
        let says = |node: &'d Node| {
            let says = ["properties", "items", "enum", "oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
            let is_text = node.get("type").is_none_or(|t| t.as_str() == Some("string"));
            (says || !is_text).then_some(())
        };
        if self.said(schema, &["allOf"], says).is_some() {
            let message = format!("`{media_type}` is text here: its schema is not used");
            self.diagnostics.push_place(Diagnostic::note("N0351", message).at(schema.span).pointer(at));
        }
    }

    /// In which way a part of a multipart body is written; `typed` when the document names content types for it.
    fn part_written(&self, ty: &Type, content_type: Option<&str>, typed: bool) -> Written {
        let item = ty.item().unwrap_or(ty);
        if self.is_upload(ty) {
            return Written::Upload;
        }
        let family = match content_type {
            Some(content_type) => family(content_type),
            // Only ranges: some kind of file.
            None if typed => Family::Bytes,
            None => return Written::Plain,
        };
        match (family, self.shape(item)) {
            (Family::Json, _) => Written::Json,
            (_, Shape::Word) if matches!(item, Type::Scalar(Scalar::Base64)) => Written::Plain,
            (Family::Text, Shape::Word | Shape::Unknown) => Written::Plain,
            (Family::Bytes, Shape::Word) if !matches!(item, Type::Scalar(Scalar::String)) => Written::Plain,
            _ => Written::Upload,
        }
    }

    /// How a member of a form is spelled that has no style: words as they are, what has members as JSON.
    fn form_spelling(&self, ty: &Type, content_type: Option<&str>) -> Spelling {
        let json = content_type.is_some_and(|content_type| matches!(family(content_type), Family::Json));
        match self.shape(ty) {
            Shape::Object { .. } => Spelling::of(Style::Json, false),
            _ if json => Spelling::of(Style::Json, false),
            Shape::Word | Shape::List(_) | Shape::Unknown => Spelling::of(Style::Form, true),
        }
    }

    fn is_upload(&self, ty: &Type) -> bool {
        matches!(ty.item().unwrap_or(ty), Type::Scalar(s) if s.is_upload())
    }

    /// The media type that the generated function uses: JSON if there is one, else the one that says most.
    pub(super) fn choose(&mut self, content: &'d Object, at: &Pointer) -> Option<(String, &'d Node)> {
        let best = self.best(content)?;
        self.chosen(best, content, at)
    }

    /// The same among those that a function can take apart, where there is one.
    pub(super) fn choose_parsed(&mut self, content: &'d Object, at: &Pointer) -> Option<(String, &'d Node)> {
        let is_parsed = |e: &&Entry| {
            matches!(self.family_of(&e.key, e.value.get("schema")), Family::Json | Family::Form | Family::Text)
        };
        let best = self.best_of(content.iter().filter(is_parsed)).or_else(|| self.best(content))?;
        self.chosen(best, content, at)
    }

    fn chosen(&mut self, best: &'d Entry, content: &'d Object, at: &Pointer) -> Option<(String, &'d Node)> {
        let also = self.also(content, &best.key);
        let left: Vec<&str> =
            content.iter().map(|e| e.key.as_str()).filter(|k| *k != best.key && !also.iter().any(|a| a == k)).collect();
        if !left.is_empty() {
            let message = format!("`{}` is used; left out: {}", best.key, left.join(", "));
            self.push(Diagnostic::note("N0309", message).at(best.key_span).pointer(&at.join("content")));
        }
        Some((best.key.clone(), &best.value))
    }

    /// The media types beside the one chosen whose bodies are read in the same way: they are bytes as they are, or text.
    pub(super) fn also(&self, content: &'d Object, chosen: &str) -> Vec<String> {
        let kind = |e: &'d Entry| self.family_of(&e.key, e.value.get("schema"));
        let Some(own) = content.entry(chosen).map(kind).filter(|k| matches!(k, Family::Bytes | Family::Text)) else {
            return Vec::new();
        };
        content.iter().filter(|e| e.key != chosen && kind(e) == own).map(|e| e.key.clone()).collect()
    }

    fn best(&self, content: &'d Object) -> Option<&'d Entry> {
        self.best_of(content.iter())
    }

    fn best_of(&self, content: impl Iterator<Item = &'d Entry>) -> Option<&'d Entry> {
        let rank = |e: &&Entry| match self.family_of(&e.key, e.value.get("schema")) {
            Family::Json if essence(&e.key) == "application/json" => 0,
            Family::Json => 1,
            Family::Multipart => 2,
            Family::Form => 3,
            Family::Events => 4,
            Family::Text => 5,
            // What names bytes comes before what is bytes by its schema alone.
            Family::Bytes if matches!(family(&e.key), Family::Bytes) => 6,
            Family::Bytes => 7,
        };
        content.filter(|e| !e.key.starts_with("x-")).min_by_key(|e| (rank(e), &e.key))
    }

    /// What a body is by its media type and its schema together: bytes are bytes, whatever they are called.
    fn family_of(&self, media_type: &str, schema: Option<&'d Node>) -> Family {
        match family(media_type) {
            Family::Json | Family::Text if schema.is_some_and(|schema| self.is_binary(schema)) => Family::Bytes,
            other => other,
        }
    }

    fn is_binary(&self, schema: &'d Node) -> bool {
        let is_binary = |schema: &'d Node| {
            let text = |key: &str| schema.get(key).and_then(Node::as_str);
            let says =
                matches!((text("type"), text("format")), (Some("string") | None, Some("binary")) | (Some("file"), _));
            says.then_some(())
        };
        self.said(schema, &["allOf"], is_binary).is_some()
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
        let family = self.family_of(media_type, schema);
        let format = schema.and_then(|schema| schema.as_object()?.entry("format"));
        if let (Family::Text | Family::Bytes, Some(e)) = (family, format.filter(|e| e.value.as_str() == Some("byte"))) {
            let message = format!("`{media_type}` is given and taken as it is on the wire: here that is base64");
            self.push(Diagnostic::note("N0344", message).at(e.value.span).pointer(&at.join("format")));
        }
        if let (Family::Text, Some(schema)) = (family, schema) {
            self.note_text(media_type, schema, at);
        }
        match family {
            Family::Json => Content::Json(of(self).unwrap_or(any)),
            Family::Form => Content::Form(of(self).unwrap_or(any)),
            Family::Multipart => Content::Multipart(of(self).unwrap_or(any)),
            Family::Events => Content::Events(of(self)),
            Family::Text => Content::Text,
            Family::Bytes => Content::Bytes,
        }
    }
}

/// What is written under a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Json,
    Form,
    Multipart,
    Events,
    Text,
    Bytes,
}

/// The first media type of a list that is no range.
fn first_type(list: &str) -> Option<String> {
    list.split(',').map(str::trim).find(|one| !one.is_empty() && !one.contains('*')).map(str::to_owned)
}

/// A media type without its parameters.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The family of a media type, by itself.
pub(super) fn family(media_type: &str) -> Family {
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

#[cfg(test)]
mod tests {
    use super::{Family, family, first_type};

    #[test]
    fn media_types_and_their_families() {
        for (media_type, expected) in [
            ("application/json; charset=utf-8", Family::Json),
            ("Application/JSON", Family::Json),
            ("application/vnd.acme.v1+json", Family::Json),
            ("application/json-patch+json", Family::Json),
            ("*/*", Family::Json),
            ("application/x-ndjson", Family::Text),
            ("text/csv", Family::Text),
            ("image/svg+xml", Family::Text),
            ("application/x-www-form-urlencoded", Family::Form),
            ("multipart/mixed", Family::Multipart),
            ("text/event-stream", Family::Events),
            ("image/*", Family::Bytes),
            ("application/octet-stream", Family::Bytes),
        ] {
            assert_eq!(family(media_type), expected, "{media_type}");
        }
    }

    #[test]
    fn a_range_is_no_content_type() {
        assert_eq!(first_type("image/*, image/png ,image/gif").as_deref(), Some("image/png"));
        assert_eq!(first_type("image/*"), None);
        assert_eq!(first_type(""), None);
    }
}
