//! The walk: operations and types of the [`Api`] → tables and rows.

use std::collections::BTreeSet;

use crate::analyze::Facts;
use crate::base::Pointer;
use crate::base::visible::visible;
use crate::ir::{Api, Enum, Field, JsonKind, Operation, Scalar, Tag, Type, TypeDef, TypeId, TypeKind, Use};
use crate::name::Names;
use crate::render::advice;

use super::plain::{example, plain};
use super::texts::Texts;
use super::{Dictionary, Kind, Link, Resource, Row, Table, Text, Word, files, own};

/// Makes the tables of the tags that `wanted` names (all of them without any), in the language of `texts`.
pub fn dictionary(api: &Api, facts: &Facts, names: &Names, texts: Option<&Texts>, wanted: &[String]) -> Dictionary {
    let is_wanted = |tag: &Tag| wanted.is_empty() || wanted.contains(&tag.wire);
    let tags: Vec<usize> = api.tags.iter().enumerate().filter(|(_, tag)| is_wanted(tag)).map(|(t, _)| t).collect();
    let records = Recorder { api, facts };
    let results: Vec<Vec<Record>> = tags.iter().map(|t| records.of(&|o| o.tag == *t, true)).collect();
    let errors = records.of(&|o| tags.contains(&o.tag), false);
    let all = || results.iter().chain([&errors]).flatten();
    let roots: BTreeSet<TypeId> = all().filter_map(|record| record.ty.named()).collect();
    let mut maker = Maker { api, names, texts, own: own::tables(api, &roots), placed: roots };

    let (file_names, errors_file) = files::names(names);
    let mut resources = Vec::new();
    for (t, records) in tags.iter().zip(&results) {
        let (Some(tag), Some(file)) = (api.tags.get(*t), file_names.get(*t)) else { continue };
        let about = maker.text(&tag.origin.pointer, &tag.description);
        let tables = maker.tables(records);
        let name = visible(&tag.wire);
        resources.push(Resource { name, is_errors: false, file: file.clone(), about, tables });
    }
    let tables = maker.tables(&errors);
    if !tables.is_empty() {
        let (name, about) = (String::new(), Text::default());
        resources.push(Resource { name, is_errors: true, file: errors_file, about, tables });
    }
    place(&mut resources);
    let (title, version) = (visible(api.title.trim()), visible(api.version.trim()));
    Dictionary { title, version, resources }
}

/// Says of the tables that no response holds which rows lead there.
fn place(resources: &mut [Resource]) {
    let mut uses: Vec<(TypeId, String)> = Vec::new();
    for table in resources.iter().flat_map(|resource| &resource.tables) {
        for row in &table.rows {
            uses.extend(row.link.iter().map(|link| (link.to, format!("{}: {}", table.name, row.path))));
        }
    }
    for table in resources.iter_mut().flat_map(|resource| &mut resource.tables).filter(|t| t.places.is_empty()) {
        let here = uses.iter().filter(|(to, _)| table.of.named() == Some(*to));
        table.places.extend(here.map(|(_, place)| place.clone()));
    }
}

/// A record that responses hold, and which.
struct Record {
    ty: Type,
    places: Vec<String>,
}

#[derive(Clone, Copy)]
struct Recorder<'a> {
    api: &'a Api,
    facts: &'a Facts,
}

impl Recorder<'_> {
    /// The records of the responses of some operations, in the document's order: of those that are a result, or of the others.
    fn of(self, operation: &dyn Fn(&Operation) -> bool, results: bool) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        let mut add = |ty: &Type, place: String| match records.iter_mut().find(|record| record.ty == *ty) {
            Some(record) => record.places.push(visible(&place)),
            None => records.push(Record { ty: ty.clone(), places: vec![visible(&place)] }),
        };
        for o in self.api.operations.iter().filter(|o| operation(o)) {
            for r in o.responses.iter().filter(|r| is_result(o, &r.status) == results) {
                let Some(of) = r.content.as_ref().and_then(|(_, content)| content.of()) else { continue };
                let place = format!("{} {} {}", o.method.to_uppercase(), o.path, r.status);
                let (ty, lists) = elements(&of.ty);
                let page = ty.named().and_then(|id| self.facts.pages.get(&id).map(|page| (id, page)));
                if let Some((id, page)) = page {
                    let field = self.api.model(id).and_then(|model| model.fields.get(page.items));
                    add(&page.item, format!("{place}: {}[]", field.map_or("", |f| &f.wire)));
                }
                let within = "[]".repeat(lists);
                add(ty, if within.is_empty() { place } else { format!("{place}: {within}") });
            }
        }
        // A page is found again with each of its records: said once, after what people look for.
        let (pages, mut others): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|r| r.ty.named().is_some_and(|id| self.facts.pages.contains_key(&id)));
        others.extend(pages);
        others
    }
}

/// Whether a status is what the operation gives when it succeeds.
fn is_result(o: &Operation, status: &str) -> bool {
    Operation::is_success(status) || (status == "default" && o.successes().next().is_none())
}

struct Maker<'a> {
    api: &'a Api,
    names: &'a Names,
    texts: Option<&'a Texts>,
    /// The types that have a table of their own.
    own: BTreeSet<TypeId>,
    /// Those of them that have it already, or as the record of a resource that is still to come.
    placed: BTreeSet<TypeId>,
}

impl Maker<'_> {
    /// The tables of records, and after them those that only they lead to.
    fn tables(&mut self, records: &[Record]) -> Vec<Table> {
        let mut tables: Vec<Table> = Vec::new();
        let mut unnamed = 0;
        for record in records {
            let name = match record.ty.named() {
                Some(id) => self.names.of_type(id).to_string(),
                None => {
                    unnamed += 1;
                    if unnamed == 1 { "(body)".to_owned() } else { format!("(body-{unnamed})") }
                }
            };
            tables.push(self.table(name, &record.ty, record.places.clone()));
        }
        let mut at = 0;
        while let Some(table) = tables.get(at) {
            let links: Vec<Link> = table.rows.iter().filter_map(|row| row.link.clone()).collect();
            for Link { name, to } in links {
                if self.placed.insert(to) {
                    tables.push(self.table(name, &Type::Named(to), Vec::new()));
                }
            }
            at += 1;
        }
        tables
    }

    fn table(&self, name: String, ty: &Type, places: Vec<String>) -> Table {
        let mut rows = Vec::new();
        let about = match ty.named().and_then(|id| self.api.get(id)) {
            Some(TypeDef { kind: TypeKind::Model(_) | TypeKind::Union(_), origin, docs, .. }) => {
                self.members(ty, "", &mut rows);
                self.text(&origin.pointer, &docs.text)
            }
            // What has no members is a row by itself.
            _ => {
                rows.push(self.row("$".to_owned(), &Use { ty: ty.clone(), nullable: false }));
                self.below(ty, "", &mut rows);
                Text::default()
            }
        };
        Table { name, of: ty.clone(), about, places, rows }
    }

    /// The rows of a type's members, below `path`.
    fn members(&self, ty: &Type, path: &str, rows: &mut Vec<Row>) {
        let Some((id, def)) = ty.named().and_then(|id| Some((id, self.api.get(id)?))) else { return };
        match &def.kind {
            TypeKind::Model(model) => {
                for (i, field) in model.fields.iter().enumerate() {
                    let row = self.member(id, i, field, step(path, &field.wire));
                    self.push(row, &field.of, rows);
                }
                if let Some(of) = &model.additional {
                    self.value(of, path, rows);
                }
            }
            TypeKind::Union(union) => {
                let mut taken: Vec<String> = Vec::new();
                for branch in &union.branches {
                    let of = Use { ty: branch.ty.clone(), nullable: false };
                    let wanted = match elements(&branch.ty).0 {
                        Type::Named(id) => self.names.of_type(*id).to_string(),
                        Type::Scalar(scalar) if !scalar.format().is_empty() => scalar.format().to_owned(),
                        inner => self.kind(inner).0.as_str().to_owned(),
                    };
                    // Maps of two kinds are both `map`.
                    let numbered = (2..).map(|n| format!("{wanted}-{n}"));
                    let name = [wanted.clone()].into_iter().chain(numbered).find(|name| !taken.contains(name));
                    let name = name.unwrap_or(wanted);
                    let row = self.row(format!("{path}({name})"), &of);
                    taken.push(name);
                    self.push(row, &of, rows);
                }
            }
            TypeKind::Enum(_) => {}
        }
    }

    /// A row of its own for what is no member: the values of a map.
    fn value(&self, of: &Use, path: &str, rows: &mut Vec<Row>) {
        let dot = if path.is_empty() { "" } else { "." };
        let row = self.row(format!("{path}{dot}{{}}"), of);
        self.push(row, of, rows);
    }

    /// A row, and those of what lies below it unless another table has them.
    fn push(&self, row: Row, of: &Use, rows: &mut Vec<Row>) {
        let below = row.link.is_none().then(|| row.path.clone());
        rows.push(row);
        if let Some(path) = below {
            self.below(elements(&of.ty).0, &path, rows);
        }
    }

    fn below(&self, ty: &Type, path: &str, rows: &mut Vec<Row>) {
        match ty {
            Type::Map(of) => self.value(of, path, rows),
            Type::Named(_) => self.members(ty, path, rows),
            Type::Tuple(of) => of.uses().for_each(|of| self.value(of, &format!("{path}[]"), rows)),
            Type::List(_) | Type::Scalar(_) | Type::Any => {}
        }
    }

    fn member(&self, id: TypeId, index: usize, field: &Field, path: String) -> Row {
        let mut row = self.row(path, &field.of);
        row.required = field.required;
        row.nullable = field.nullable();
        row.member = Some((id, index));
        if !field.docs.text.trim().is_empty() {
            row.about = self.text(&field.origin.pointer, &field.docs.text);
        }
        if field.docs.deprecated {
            row.deprecated = true;
            row.wants_advice = advice(&field.docs.text).is_none();
        }
        if let Some(shown) = example(&field.docs) {
            row.example = shown;
        }
        row
    }

    /// What is known of a value by its type alone.
    fn row(&self, mut path: String, of: &Use) -> Row {
        let (inner, lists) = elements(&of.ty);
        path.push_str(&"[]".repeat(lists));
        let def = inner.named().and_then(|id| self.api.get(id));
        let (word, format) = self.kind(inner);
        let values = match def.map(|def| &def.kind) {
            Some(TypeKind::Enum(of)) => of.values.iter().map(|value| visible(&value.wire)).collect(),
            _ => Vec::new(),
        };
        let deprecated = def.filter(|def| def.docs.deprecated);
        let has_members = def.is_some_and(|def| !matches!(def.kind, TypeKind::Enum(_)));
        let to = inner.named().filter(|id| has_members && self.own.contains(id));
        Row {
            path: visible(&path),
            kind: Kind { word, lists },
            format,
            required: false,
            nullable: of.nullable,
            deprecated: deprecated.is_some(),
            wants_advice: deprecated.is_some_and(|def| advice(&def.docs.text).is_none()),
            values,
            about: def.map(|def| self.text(&def.origin.pointer, &def.docs.text)).unwrap_or_default(),
            example: def.and_then(|def| example(&def.docs)).unwrap_or_default(),
            link: to.map(|to| Link { name: self.names.of_type(to).to_string(), to }),
            member: None,
        }
    }

    fn kind(&self, ty: &Type) -> (Word, &'static str) {
        match ty {
            Type::Scalar(scalar) => (word(*scalar), scalar.format()),
            Type::Map(_) => (Word::Map, ""),
            Type::Any | Type::List(_) | Type::Tuple(_) => (Word::Any, ""),
            Type::Named(id) => match self.api.get(*id).map(|def| &def.kind) {
                Some(TypeKind::Model(_)) => (Word::Object, ""),
                Some(TypeKind::Enum(of)) => (word_of_values(of), ""),
                Some(TypeKind::Union(_)) => (Word::OneOf, ""),
                None => (Word::Any, ""),
            },
        }
    }

    /// A text of the document at its place, translated if there is a translation.
    fn text(&self, at: &Pointer, text: &str) -> Text {
        let (at, own) = (at.as_str().to_owned(), plain(text));
        match self.texts.filter(|_| !own.is_empty()).map(|texts| texts.of(&at, &own)) {
            None => Text { at, text: own, untranslated: false },
            Some(Some(text)) => Text { at, text: plain(text), untranslated: false },
            Some(None) => Text { at, text: own, untranslated: true },
        }
    }
}

/// A member's path below another.
fn step(path: &str, wire: &str) -> String {
    if wire.is_empty() || wire == "$" || wire.contains(['.', '[', ']', '(', ')', '{', '}', '"']) {
        return format!("{path}[{}]", serde_json::Value::from(wire));
    }
    let dot = if path.is_empty() { "" } else { "." };
    format!("{path}{dot}{wire}")
}

fn word(scalar: Scalar) -> Word {
    match scalar.json_kind() {
        JsonKind::String => Word::String,
        JsonKind::Bool => Word::Boolean,
        JsonKind::Number if scalar.is_integer() => Word::Integer,
        JsonKind::Number => Word::Number,
    }
}

fn word_of_values(of: &Enum) -> Word {
    match of.numeric {
        false => Word::String,
        true if of.values.iter().all(|value| value.wire.parse::<i128>().is_ok()) => Word::Integer,
        true => Word::Number,
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
