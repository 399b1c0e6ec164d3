//! One schema → a type at its place: scalars and formats, enums, arrays, maps, models.

use super::inherit::is_component;
use super::keywords::{Keywords, integer};
use super::resolve::component_name;
use super::{Lowering, Part, Progress};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Entry, Kind, Node, keys};
use crate::ir::{
    Docs, Enum, EnumValue, Field, Label, Model, Origin, Scalar, Tuple, Type, TypeDef, TypeId, TypeKind, Use,
};

/// The runtime reads tuples of so many places; no struct would say more of longer ones.
const LONGEST_TUPLE: usize = 8;

/// Schemas nested deeper than this in place become any JSON: no real document comes near.
const MAX_DEPTH: usize = 128;

impl<'d> Lowering<'d> {
    /// Reads the schema at `pointer`; `label` is what it may be called if it needs a name.
    pub(super) fn schema(&mut self, node: &'d Node, pointer: &Pointer, label: Label) -> Part {
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            return self.reference(reference, node, pointer);
        }
        if let Some(part) = self.inline.get(pointer.as_str()) {
            return part.clone();
        }
        if node.as_object().is_none() {
            // `true` and `false` are schemas of 3.1 that `normalize` has rewritten; anything else is a slip.
            let message = format!("schema expected, found {}", node.type_name());
            self.push(Diagnostic::warning("W0303", message).at(node.span).pointer(pointer));
            return Part::any(Docs::default());
        }
        if let Some(ty) = self.replace.get(pointer.as_str()) {
            let docs = self.keywords(node, pointer).docs();
            let of = Use { ty: ty.clone(), nullable: node.flag("nullable") };
            return Part { of, docs, read_only: node.flag("readOnly"), write_only: node.flag("writeOnly") };
        }
        if self.depth >= MAX_DEPTH {
            let message = "schema is nested too deep to be given a type";
            self.push(Diagnostic::warning("W0303", message).at(node.span).pointer(pointer));
            return Part::any(Docs::default());
        }
        let shared = self.shared.contains(pointer.as_str());
        // A part of a component is called alike by whoever reads it; elsewhere what names it calls it after its place.
        let label = if shared && !is_component(pointer) { Label::Component(component_name(pointer)) } else { label };
        let opened = match self.refs.get(pointer.as_str()) {
            Some(Progress::Done(part)) if shared => return part.clone(),
            // Met again within itself: by `allOf` it has the members of what it is part of. A component itself is read by references,
            // and as a base once more while it is open.
            Some(Progress::Open(Some(id))) if !(is_component(pointer) && pointer.segments().count() == 3) => {
                let of = Use { ty: Type::Named(*id), nullable: node.flag("nullable") };
                let (read_only, write_only) = (node.flag("readOnly"), node.flag("writeOnly"));
                return Part { of, docs: Docs::default(), read_only, write_only };
            }
            Some(_) => false,
            None => self.refs.insert(pointer.as_str().to_owned(), Progress::Open(None)).is_none(),
        };
        self.depth += 1;
        let part = self.written_in_place(node, pointer, label);
        self.depth -= 1;
        if shared {
            self.refs.insert(pointer.as_str().to_owned(), Progress::Done(part.clone()));
        } else if opened {
            self.refs.remove(pointer.as_str());
        }
        self.show_schema(node, pointer, &part.of);
        self.inline.insert(pointer.as_str().to_owned(), part.clone());
        part
    }

    fn written_in_place(&mut self, node: &'d Node, pointer: &Pointer, label: Label) -> Part {
        let keywords = self.keywords(node, pointer);
        self.check_mapping(node, pointer);
        match self.inherited(node, pointer, &label, &keywords) {
            Some(part) => part,
            None => self.as_written(node, pointer, label, &keywords),
        }
    }

    /// A schema that is no base of others: by what is written there alone.
    pub(super) fn as_written(&mut self, node: &'d Node, pointer: &Pointer, label: Label, keywords: &Keywords) -> Part {
        let nullable = keywords.data.nullable;
        let has = |k: &str| node.get(k).and_then(Node::as_array).is_some_and(|a| !a.is_empty());
        let (ty, inherited) = if has("allOf") {
            self.all_of(node, pointer, label, keywords)
        } else if has("oneOf") || has("anyOf") {
            self.one_of(node, pointer, label, keywords)
        } else {
            (Use { ty: self.plain(node, pointer, label, keywords), nullable: false }, None)
        };
        let mut docs = keywords.docs();
        if let Some(from) = inherited {
            docs.deprecated |= from.deprecated;
            if docs.text.is_empty() {
                docs.text = from.text;
            }
        }
        Part {
            of: Use { ty: ty.ty, nullable: nullable || ty.nullable },
            docs,
            read_only: keywords.data.read_only,
            write_only: keywords.data.write_only,
        }
    }

    /// A schema without composition.
    pub(super) fn plain(&mut self, node: &'d Node, pointer: &Pointer, label: Label, keywords: &Keywords) -> Type {
        if let Some(values) = node.get("enum").and_then(Node::as_array)
            && let Some(ty) = self.enumeration(node, values, pointer, label.clone(), keywords)
        {
            return ty;
        }
        let typ = keywords.typ.as_deref().or_else(|| implied_type(node));
        match typ {
            Some("string") => Type::Scalar(string_format(keywords.format.as_deref())),
            Some("integer") => Type::Scalar(integer(node, keywords.format.as_deref())),
            // `format: float` is money as often as not, and `f32` loses cents: the format decides nothing.
            Some("number") => Type::Scalar(self.number),
            Some("boolean") => Type::Scalar(Scalar::Bool),
            Some("array") if let Some(tuple) = self.tuple(node, pointer, &label) => tuple,
            Some("array") => match node.get("items") {
                Some(items) => {
                    let at = pointer.join("items");
                    let item = self.schema(items, &at, extend(&label, "Item"));
                    Type::List(Box::new(item.of))
                }
                None => Type::List(Box::new(Use { ty: Type::Any, nullable: false })),
            },
            Some("object") => self.object(node, pointer, label, keywords),
            Some("file") => Type::Scalar(Scalar::Binary),
            // Swagger's habit; `null` alone says that nothing else may stand here.
            Some("any" | "null") => Type::Any,
            Some(other) => {
                let message = format!("unknown type `{other}`");
                let span = node.get("type").map_or(node.span, |n| n.span);
                self.push(Diagnostic::warning("W0303", message).at(span).pointer(pointer));
                Type::Any
            }
            None => {
                if node.as_object().is_some_and(|o| !o.is_empty()) && !says_any(node) {
                    let message = "schema says nothing about its type: any JSON";
                    self.push(Diagnostic::note("N0308", message).at(node.span).pointer(pointer));
                }
                Type::Any
            }
        }
    }

    /// An array of which the document says what stands at each place.
    fn tuple(&mut self, node: &'d Node, pointer: &Pointer, label: &Label) -> Option<Type> {
        let list = node.get(keys::TUPLE).and_then(Node::as_array).filter(|list| !list.is_empty())?;
        if list.len() > LONGEST_TUPLE {
            let message = format!("a tuple of {} elements is read as a list", list.len());
            self.push(Diagnostic::note("N0357", message).at(node.span).pointer(pointer));
            return None;
        }
        let least = match node.get("minItems").map(|n| &n.kind) {
            Some(Kind::Number(text)) => text.parse().unwrap_or(list.len()),
            _ => list.len(),
        };
        let mut places = Vec::with_capacity(list.len());
        for (i, place) in list.iter().enumerate() {
            let at = pointer.join(keys::TUPLE).join(i);
            places.push(self.schema(place, &at, extend(label, &format!("Item {}", i + 1))).of);
        }
        let rest = node
            .get(keys::TUPLE_REST)
            .map(|rest| self.schema(rest, &pointer.join(keys::TUPLE_REST), extend(label, "Item")).of);
        Some(Type::Tuple(Box::new(Tuple { least: least.min(places.len()), places, rest })))
    }

    fn object(&mut self, node: &'d Node, pointer: &Pointer, label: Label, keywords: &Keywords) -> Type {
        let properties = node.get("properties").and_then(Node::as_object).filter(|o| !o.is_empty());
        let additional = node.get("additionalProperties").filter(|n| n.as_object().is_some());
        let Some(properties) = properties else {
            let of = match additional {
                Some(n) => self.schema(n, &pointer.join("additionalProperties"), extend(&label, "Value")).of,
                None => Use { ty: Type::Any, nullable: false },
            };
            return Type::Map(Box::new(of));
        };
        let id = self.reserve(&label);
        self.announce(pointer, id);
        let mut fields = Vec::with_capacity(properties.len());
        let at = pointer.join("properties");
        for e in properties.iter() {
            let field = self.field(e, &at, id, keywords.required.iter().position(|name| *name == e.key));
            fields.push(field);
        }
        for name in &keywords.required {
            if properties.get(name).is_none() {
                self.undeclared_required(node, pointer, name);
            }
        }
        let additional = additional
            .map(|n| Box::new(self.schema(n, &pointer.join("additionalProperties"), self.label_of(id, "Value")).of))
            .filter(|of| of.ty != Type::Any);
        self.fill(
            id,
            TypeDef {
                origin: Origin { pointer: pointer.clone(), span: node.span },
                label,
                docs: keywords.docs(),
                kind: TypeKind::Model(Model { fields, additional }),
            },
        );
        Type::Named(id)
    }

    /// One property of the model `parent`; `rank` is its place in `required`.
    pub(super) fn field(
        &mut self,
        entry: &'d Entry,
        properties: &Pointer,
        parent: TypeId,
        rank: Option<usize>,
    ) -> Field {
        let at = properties.join(&entry.key);
        let label = self.label_of(parent, entry.key.clone());
        let part = self.schema(&entry.value, &at, label);
        Field {
            wire: entry.key.clone(),
            origin: Origin { pointer: at, span: entry.key_span },
            docs: part.docs,
            required: rank.is_some(),
            rank: rank.unwrap_or(usize::MAX),
            of: part.of,
            constant: self.only_literal(&entry.value),
            may_be_null: false,
            read_only: part.read_only,
            write_only: part.write_only,
            secret: false,
        }
    }

    pub(super) fn undeclared_required(&mut self, node: &Node, pointer: &Pointer, name: &str) {
        let list = node.get("required").and_then(Node::as_array).unwrap_or_default();
        let span = list.iter().find(|n| n.as_str() == Some(name)).map_or(node.span, |n| n.span);
        let message = format!("`{name}` is required but not declared");
        self.push(
            Diagnostic::warning("W0304", message)
                .at(span)
                .pointer(&pointer.join("required"))
                .help("correct the name, declare the member, or remove it from `required` by an overlay action"),
        );
    }

    fn enumeration(
        &mut self,
        node: &'d Node,
        list: &'d [Node],
        pointer: &Pointer,
        label: Label,
        keywords: &Keywords,
    ) -> Option<Type> {
        let typ = keywords.typ.as_deref();
        let mut values: Vec<EnumValue> = Vec::new();
        let (mut text, mut number, mut boolean, mut other) = (false, false, false, false);
        let names = node.get("x-enum-varnames").or_else(|| node.get("x-enumNames")).and_then(Node::as_array);
        let descriptions = node.get("x-enum-descriptions").or_else(|| node.get("x-enumDescriptions"));
        for (i, v) in list.iter().enumerate() {
            let wire = match &v.kind {
                Kind::Null => continue,
                Kind::String(s) => {
                    text = true;
                    s.clone()
                }
                Kind::Number(n) => {
                    number = true;
                    n.clone()
                }
                Kind::Bool(b) => {
                    boolean = true;
                    b.to_string()
                }
                _ => {
                    other = true;
                    continue;
                }
            };
            if values.iter().any(|x| x.wire == wire) {
                continue;
            }
            let description = descriptions
                .and_then(|d| match &d.kind {
                    Kind::Object(o) => o.get(&wire),
                    Kind::Array(a) => a.get(i),
                    _ => None,
                })
                .and_then(Node::as_str);
            values.push(EnumValue {
                docs: Docs { text: description.unwrap_or_default().to_owned(), ..Docs::default() },
                label: names.and_then(|n| n.get(i)).and_then(Node::as_str).map(str::to_owned),
                wire,
            });
        }
        if other {
            // The type alone speaks where there is one.
            let typed = matches!(typ, Some("array" | "object"));
            let held = if typed { "of the type they have" } else { "any JSON" };
            let message = format!("enum values that are lists or objects are {held}");
            self.push(Diagnostic::warning("W0311", message).at(node.span).pointer(pointer));
            return (!typed).then_some(Type::Any);
        }
        if values.is_empty() {
            // Only null, or nothing: the type alone speaks.
            return None;
        }
        // A list of truth values, or numbers under `type: string` written without quotes.
        if boolean && !text && !number && typ != Some("string") {
            return Some(Type::Scalar(Scalar::Bool));
        }
        if typ == Some("array") || typ == Some("object") {
            return None;
        }
        let numeric = number && !text && !boolean && typ != Some("string");
        let id = self.reserve(&label);
        self.announce(pointer, id);
        self.fill(
            id,
            TypeDef {
                origin: Origin { pointer: pointer.clone(), span: node.span },
                label,
                docs: keywords.docs(),
                kind: TypeKind::Enum(Enum { values, numeric }),
            },
        );
        Some(Type::Named(id))
    }

    /// Whether the schema at `pointer` is being read right now.
    pub(super) fn is_open(&self, pointer: &Pointer) -> bool {
        matches!(self.refs.get(pointer.as_str()), Some(Progress::Open(_)))
    }
}

impl Part {
    /// Any JSON.
    pub(super) fn any(docs: Docs) -> Self {
        Part { of: Use { ty: Type::Any, nullable: false }, docs, read_only: false, write_only: false }
    }
}

/// A label for something inside what `label` names.
pub(super) fn extend(label: &Label, part: &str) -> Label {
    let join = |a: &str| format!("{a} {part}");
    match label {
        Label::Component(name) => Label::Component(join(name)),
        Label::Part { parent, part } => Label::Part { parent: *parent, part: join(part) },
        Label::Operation { operation, part } => Label::Operation { operation: *operation, part: join(part) },
    }
}

/// The type that the keywords of a schema without `type` imply.
pub(super) fn implied_type(node: &Node) -> Option<&'static str> {
    let has = |k: &str| node.get(k).is_some();
    if has("properties") || node.get("additionalProperties").is_some_and(|n| n.as_object().is_some()) {
        Some("object")
    } else if has("items") {
        Some("array")
    } else if has("pattern") || has("minLength") || has("maxLength") {
        Some("string")
    } else {
        match node.get("format").and_then(Node::as_str) {
            Some("int32" | "int64") => Some("integer"),
            Some("float" | "double") => Some("number"),
            Some("date" | "date-time" | "uuid" | "uri" | "email" | "password" | "byte") => Some("string"),
            _ => None,
        }
    }
}

/// Whether the schema has nothing but words: `{description: ...}` is a way to say "any".
fn says_any(node: &Node) -> bool {
    node.as_object().is_some_and(|o| {
        o.iter().all(|e| {
            matches!(e.key.as_str(), "description" | "title" | "example" | "nullable" | "deprecated" | "default")
                || e.key.starts_with("x-")
        })
    })
}

fn string_format(format: Option<&str>) -> Scalar {
    match format {
        Some("uuid") => Scalar::Uuid,
        Some("byte") => Scalar::Base64,
        Some("date") => Scalar::Date,
        Some("date-time") => Scalar::DateTime,
        Some("password") => Scalar::Secret,
        Some("binary") => Scalar::Binary,
        _ => Scalar::String,
    }
}
