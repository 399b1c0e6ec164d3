//! [`Api`] → [`Dictionary`]: the responses as tables, for readers who look things up and write no Rust.
//!
//! A resource is a tag. It has a table for each record that its responses hold, with a row for each member, its path dotted. A member
//! whose type is a record of its own leads to that table. Texts come from the document, or translated from [`texts`]; [`print`](mod@print) writes
//! the files.

pub mod print;
#[cfg(feature = "xlsx")]
pub mod spreadsheet;
pub mod texts;

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Parser, Tag as Mark, TagEnd};
use serde_json::Value;

use crate::analyze::Facts;
use crate::base::Pointer;
use crate::ir::{Api, Content, Docs, Field, JsonKind, Operation, Scalar, Type, TypeId, TypeKind, Use};
use crate::name::Names;
use crate::render::docs;
use texts::Texts;

/// All tables of an API.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// The API's title.
    pub title: String,
    /// The document's version.
    pub version: String,
    /// One a tag, and one of the errors that operations share.
    pub resources: Vec<Resource>,
}

/// The tables of a tag.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The tag, as the document writes it.
    pub name: String,
    /// The name of its files.
    pub file: String,
    /// What the document says of the tag.
    pub about: Text,
    /// Its tables, in the order of the responses.
    pub tables: Vec<Table>,
}

/// The members of a record.
#[derive(Debug, Clone)]
pub struct Table {
    /// The type's name.
    pub name: String,
    /// What the document says of it.
    pub about: Text,
    /// Where responses have it: `GET /accounts/ 200: results[]`.
    pub places: Vec<String>,
    /// Its members, and theirs.
    pub rows: Vec<Row>,
}

/// A member.
#[derive(Debug, Clone)]
pub struct Row {
    /// From the record on: `loan_data.fees[].type`; `(Name)` names the choice of a union, `{}` any key.
    pub path: String,
    /// What it is, in JSON Schema's words.
    pub kind: Kind,
    /// `uuid`, `date-time` ...; often empty.
    pub format: &'static str,
    /// Whether the document demands it.
    pub required: bool,
    /// Whether null may stand there.
    pub nullable: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The values that the document lists.
    pub values: Vec<String>,
    /// What the document says of it.
    pub about: Text,
    /// A value that the document shows.
    pub example: String,
    /// The table with its members, by its name.
    pub link: Option<String>,
    /// The member in the IR: its model, and its index there. Choices and bodies have none.
    pub member: Option<(TypeId, usize)>,
}

/// What stands somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The word.
    pub word: Word,
    /// How many lists lie around it.
    pub lists: usize,
}

/// Words of JSON Schema for what a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An object with declared members.
    Object,
    /// An object whose keys are data.
    Map,
    /// One of several types.
    OneOf,
    /// Any JSON.
    Any,
}

/// A text of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Its place in the document.
    pub at: String,
    /// As plain text.
    pub text: String,
    /// Whether it is in the document's language although another one was asked for.
    pub untranslated: bool,
}

/// Makes the tables of the tags that `wanted` names (all of them without any), in the language of `texts`.
pub fn dictionary(api: &Api, facts: &Facts, names: &Names, texts: Option<&Texts>, wanted: &[String]) -> Dictionary {
    let maker = Maker { api, facts, names, texts };
    let chosen = |tag: &str| wanted.is_empty() || wanted.iter().any(|name| name == tag);
    let mut resources = Vec::new();
    let tags: Vec<usize> = api.tags.iter().enumerate().filter(|(_, tag)| chosen(&tag.wire)).map(|(t, _)| t).collect();
    let errors = maker.records(&|o| tags.contains(&o.tag), &|o, status| {
        !Operation::is_success(status) && o.responses.iter().any(|r| r.status == status)
    });
    let successes: Vec<Records> =
        tags.iter().map(|t| maker.records(&|o| o.tag == *t, &|o, status| maker.is_result(o, status))).collect();
    let linked: BTreeSet<TypeId> =
        successes.iter().chain([&errors]).flat_map(|records| records.0.iter().filter_map(|r| r.ty.named())).collect();
    for (t, records) in tags.iter().zip(&successes) {
        let (Some(tag), Some(tag_names)) = (api.tags.get(*t), names.tags.get(*t)) else { continue };
        let about = maker.text(&tag.origin.pointer, &tag.description);
        let tables = maker.tables(records, &linked);
        resources.push(Resource { name: tag.wire.clone(), file: tag_names.feature.clone(), about, tables });
    }
    let tables = maker.tables(&errors, &linked);
    if !tables.is_empty() {
        let file = if resources.iter().any(|r| r.file == "errors") { "errors-" } else { "errors" };
        resources.push(Resource { name: "Errors".to_owned(), file: file.to_owned(), about: Text::default(), tables });
    }
    let title = docs::first_sentence(&api.title);
    Dictionary { title, version: docs::first_sentence(&api.version), resources }
}

impl Dictionary {
    /// Every text of the document that is in it, by its place there.
    pub fn texts(&self) -> BTreeMap<&str, &Text> {
        let tables = self.resources.iter().flat_map(|resource| &resource.tables);
        let of_tables = tables.flat_map(|table| table.rows.iter().map(|row| &row.about).chain([&table.about]));
        let all = self.resources.iter().map(|resource| &resource.about).chain(of_tables);
        all.filter(|text| !text.text.is_empty()).map(|text| (text.at.as_str(), text)).collect()
    }
}

/// A record that responses hold.
struct Record {
    ty: Type,
    places: Vec<String>,
}

/// All of a resource.
#[derive(Default)]
struct Records(Vec<Record>);

impl Records {
    fn add(&mut self, ty: &Type, place: String) {
        match self.0.iter_mut().find(|record| record.ty == *ty) {
            Some(record) => record.places.push(place),
            None => self.0.push(Record { ty: ty.clone(), places: vec![place] }),
        }
    }
}

#[derive(Clone, Copy)]
struct Maker<'a> {
    api: &'a Api,
    facts: &'a Facts,
    names: &'a Names,
    texts: Option<&'a Texts>,
}

impl Maker<'_> {
    /// Whether a status is what the operation gives when it succeeds.
    fn is_result(self, o: &Operation, status: &str) -> bool {
        Operation::is_success(status) || (status == "default" && o.successes().next().is_none())
    }

    /// The records of the responses of some operations, in the document's order.
    fn records(self, operation: &dyn Fn(&Operation) -> bool, response: &dyn Fn(&Operation, &str) -> bool) -> Records {
        let mut records = Records::default();
        for o in self.api.operations.iter().filter(|o| operation(o)) {
            for r in o.responses.iter().filter(|r| response(o, &r.status)) {
                let Some((_, Content::Json(of))) = &r.content else { continue };
                let place = format!("{} {} {}", o.method.to_uppercase(), o.path, r.status);
                let (ty, lists) = elements(&of.ty);
                let page = ty.named().and_then(|id| self.facts.pages.get(&id).map(|page| (id, page)));
                if let Some((id, page)) = page {
                    let field = self.api.model(id).and_then(|model| model.fields.get(page.items));
                    records.add(&page.item, format!("{place}: {}[]", field.map_or("", |f| &f.wire)));
                }
                let within = "[]".repeat(lists);
                records.add(ty, if within.is_empty() { place } else { format!("{place}: {within}") });
            }
        }
        // A page is found again with each of its records: said once, after what people look for.
        let (pages, others): (Vec<_>, Vec<_>) =
            records.0.into_iter().partition(|r| r.ty.named().is_some_and(|id| self.facts.pages.contains_key(&id)));
        Records(others.into_iter().chain(pages).collect())
    }

    fn tables(self, records: &Records, linked: &BTreeSet<TypeId>) -> Vec<Table> {
        let table = |record: &Record| {
            let mut rows = Vec::new();
            let about = match record.ty.named().and_then(|id| self.api.get(id)) {
                Some(def) => self.text(&def.origin.pointer, &def.docs.text),
                None => {
                    rows.push(self.row(String::new(), &Use { ty: record.ty.clone(), nullable: false }));
                    Text::default()
                }
            };
            let mut above: Vec<TypeId> = Vec::new();
            self.members(&record.ty, "", linked, &mut above, &mut rows);
            Table { name: self.type_name(&record.ty), about, places: record.places.clone(), rows }
        };
        records.0.iter().map(table).collect()
    }

    fn type_name(self, ty: &Type) -> String {
        match ty {
            Type::Named(id) => self.names.of_type(*id).to_string(),
            Type::List(_) | Type::Map(_) | Type::Scalar(_) | Type::Any => "Body".to_owned(),
        }
    }

    /// The rows of what lies in a type, below `path`.
    fn members(self, ty: &Type, path: &str, linked: &BTreeSet<TypeId>, above: &mut Vec<TypeId>, rows: &mut Vec<Row>) {
        let Type::Named(id) = ty else { return };
        if above.contains(id) {
            return;
        }
        let Some(def) = self.api.get(*id) else { return };
        above.push(*id);
        match &def.kind {
            TypeKind::Model(model) => {
                let dot = if path.is_empty() { "" } else { "." };
                for (i, field) in model.fields.iter().enumerate() {
                    let (row, below) = self.member(*id, i, field, format!("{path}{dot}{}", field.wire), linked, above);
                    let at = row.path.clone();
                    rows.push(row);
                    if let Some(below) = below {
                        self.members(below, &at, linked, above, rows);
                    }
                }
                if let Some(of) = &model.additional {
                    self.value(of, format!("{path}{dot}{{}}"), linked, above, rows);
                }
            }
            TypeKind::Union(union) => {
                for branch in &union.branches {
                    let (inner, _) = elements(&branch.ty);
                    let at = format!("{path}({})", self.branch_name(&branch.ty));
                    let of = Use { ty: branch.ty.clone(), nullable: false };
                    let mut row = self.row(at, &of);
                    row.link = self.link(inner, linked, above);
                    let (at, link) = (row.path.clone(), row.link.is_some());
                    rows.push(row);
                    if !link {
                        self.members(inner, &at, linked, above, rows);
                    }
                }
            }
            TypeKind::Enum(_) => {}
        }
        above.pop();
    }

    /// A row of its own for what is no member: the values of a map.
    fn value(self, of: &Use, path: String, linked: &BTreeSet<TypeId>, above: &mut Vec<TypeId>, rows: &mut Vec<Row>) {
        let mut row = self.row(path, of);
        let (inner, _) = elements(&of.ty);
        row.link = self.link(inner, linked, above);
        let (at, link) = (row.path.clone(), row.link.is_some());
        rows.push(row);
        match inner {
            Type::Map(of) => self.value(of, format!("{at}.{{}}"), linked, above, rows),
            inner if !link => self.members(inner, &at, linked, above, rows),
            _ => {}
        }
    }

    /// A member's row, and the type below it whose members follow.
    fn member<'f>(
        self,
        id: TypeId,
        index: usize,
        field: &'f Field,
        path: String,
        linked: &BTreeSet<TypeId>,
        above: &[TypeId],
    ) -> (Row, Option<&'f Type>) {
        let mut row = self.row(path, &field.of);
        let (inner, _) = elements(&field.of.ty);
        row.required = field.required;
        row.nullable = field.nullable();
        row.deprecated = field.docs.deprecated;
        row.member = Some((id, index));
        if !field.docs.text.trim().is_empty() {
            row.about = self.text(&field.origin.pointer, &field.docs.text);
        }
        if let Some(shown) = example(&field.docs) {
            row.example = shown;
        }
        row.link = self.link(inner, linked, above);
        let below = match inner {
            Type::Map(of) => {
                row.path.push_str(".{}");
                Some(elements(&of.ty).0)
            }
            inner => Some(inner),
        };
        let below = below.filter(|_| row.link.is_none());
        (row, below)
    }

    /// What is known of a value by its type alone.
    fn row(self, mut path: String, of: &Use) -> Row {
        let (inner, lists) = elements(&of.ty);
        path.push_str(&"[]".repeat(lists));
        let def = inner.named().and_then(|id| self.api.get(id));
        let (word, format) = match inner {
            Type::Scalar(scalar) => (word(*scalar), scalar.format()),
            Type::Map(_) => (Word::Map, ""),
            Type::Any => (Word::Any, ""),
            Type::List(_) => (Word::Any, ""),
            Type::Named(_) => match def.map(|def| &def.kind) {
                Some(TypeKind::Model(_)) => (Word::Object, ""),
                Some(TypeKind::Enum(of)) if of.numeric => (Word::Number, ""),
                Some(TypeKind::Enum(_)) => (Word::String, ""),
                Some(TypeKind::Union(_)) => (Word::OneOf, ""),
                None => (Word::Any, ""),
            },
        };
        let values = match def.map(|def| &def.kind) {
            Some(TypeKind::Enum(of)) => of.values.iter().map(|value| value.wire.clone()).collect(),
            _ => Vec::new(),
        };
        Row {
            path,
            kind: Kind { word, lists },
            format,
            required: false,
            nullable: of.nullable,
            deprecated: def.is_some_and(|def| def.docs.deprecated),
            values,
            about: def.map(|def| self.text(&def.origin.pointer, &def.docs.text)).unwrap_or_default(),
            example: def.and_then(|def| example(&def.docs)).unwrap_or_default(),
            link: None,
            member: None,
        }
    }

    /// The table that has the members of a type: one of its own, or the one that leads here again.
    fn link(self, ty: &Type, linked: &BTreeSet<TypeId>, above: &[TypeId]) -> Option<String> {
        let id = ty.named()?;
        let has_members = !matches!(self.api.get(id)?.kind, TypeKind::Enum(_));
        (has_members && (linked.contains(&id) || above.contains(&id))).then(|| self.type_name(ty))
    }

    fn branch_name(self, ty: &Type) -> String {
        match ty {
            Type::Named(id) => self.names.of_type(*id).to_string(),
            Type::List(of) => format!("{}[]", self.branch_name(&of.ty)),
            Type::Map(_) => "object".to_owned(),
            Type::Any => "any".to_owned(),
            Type::Scalar(scalar) if scalar.format().is_empty() => word(*scalar).as_str().to_owned(),
            Type::Scalar(scalar) => scalar.format().to_owned(),
        }
    }

    /// A text of the document at its place, translated if there is a translation.
    fn text(self, at: &Pointer, text: &str) -> Text {
        let (at, own) = (at.as_str().to_owned(), plain(text));
        match self.texts.filter(|_| !own.is_empty()).map(|texts| texts.of(&at)) {
            None => Text { at, text: own, untranslated: false },
            Some(Some(text)) => Text { at, text: plain(text), untranslated: false },
            Some(None) => Text { at, text: own, untranslated: true },
        }
    }
}

impl Word {
    /// The word in English.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Map => "map",
            Self::OneOf => "one of",
            Self::Any => "any",
        }
    }
}

fn word(scalar: Scalar) -> Word {
    match scalar.json_kind() {
        JsonKind::String => Word::String,
        JsonKind::Bool => Word::Boolean,
        JsonKind::Number if scalar.is_integer() => Word::Integer,
        JsonKind::Number => Word::Number,
    }
}

/// What lies in lists, and how many lie around it.
fn elements(ty: &Type) -> (&Type, usize) {
    match ty {
        Type::List(of) => {
            let (inner, lists) = elements(&of.ty);
            (inner, lists + 1)
        }
        ty => (ty, 0),
    }
}

/// What the document shows, on one line.
fn example(docs: &Docs) -> Option<String> {
    match docs.example.as_ref()? {
        Value::String(text) => Some(crate::base::visible::visible(text)),
        other => Some(crate::base::visible::visible(&other.to_string())),
    }
}

/// A text of the document without its markup.
fn plain(text: &str) -> String {
    let text = docs::lines(text).join("\n");
    let mut out = String::with_capacity(text.len());
    let part = |out: &mut String, by: &str| {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(by);
        }
    };
    for event in Parser::new_ext(&text, pulldown_cmark::Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push('\n'),
            Event::Start(Mark::Item) => {
                part(&mut out, "\n");
                out.push_str("- ");
            }
            Event::Start(Mark::Paragraph | Mark::Heading { .. } | Mark::CodeBlock(_)) if !out.ends_with("- ") => {
                part(&mut out, "\n");
            }
            Event::End(TagEnd::TableCell) => out.push_str("; "),
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => out.push('\n'),
            _ => {}
        }
    }
    out.trim().to_owned()
}
