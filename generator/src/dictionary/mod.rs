//! [`Api`](crate::ir::Api) → [`Dictionary`]: the responses as tables, for readers who look things up and write no Rust.
//!
//! A resource is a tag. It has a table for each record that its responses hold, with a row for each member, its path dotted. A member
//! whose type has a table of its own leads there: that is another record, or one of those that would be written out without end (`own`).
//! Texts come from the document (`plain`), or translated from [`texts`]; [`print`](mod@print) writes the files.
//!
//! Whatever of a document is in a [`Dictionary`] is plain text: no markup, and no character that hides or turns others.

mod files;
mod own;
mod plain;
pub mod print;
#[cfg(feature = "xlsx")]
pub mod spreadsheet;
mod tables;
pub mod texts;

use std::collections::BTreeMap;

use crate::ir::{Type, TypeId};

pub use tables::dictionary;

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
    /// The tag; empty for the errors.
    pub name: String,
    /// Whether these are the errors, which have no tag of their own.
    pub is_errors: bool,
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
    /// The type's name; `(body)` for a body whose type has none.
    pub name: String,
    /// The type.
    pub of: Type,
    /// What the document says of it.
    pub about: Text,
    /// Where responses have it: `GET /accounts/ 200: results[]`; or which tables lead here: `Account: loan_data`.
    pub places: Vec<String>,
    /// Its members, and theirs.
    pub rows: Vec<Row>,
}

/// A member.
#[derive(Debug, Clone)]
pub struct Row {
    /// From the record on: `loan_data.fees[].type`; `(Name)` names the choice of a union, `{}` any key, `$` the body itself. A member
    /// whose name is none of these is quoted: `["a.b"]`.
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
    /// Whether it is deprecated and the document does not say what to do about it.
    pub wants_advice: bool,
    /// The values that the document lists.
    pub values: Vec<String>,
    /// What the document says of it.
    pub about: Text,
    /// A value that the document shows.
    pub example: String,
    /// The table with its members.
    pub link: Option<Link>,
    /// The member in the IR: its model, and its index there. Choices and bodies have none.
    pub member: Option<(TypeId, usize)>,
}

/// Another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Its type.
    pub to: TypeId,
}

/// What a value is.
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

impl Dictionary {
    /// The table that a link in a resource leads to: the resource's own if it has one of the type, else the first.
    pub fn table(&self, from: &Resource, link: &Link) -> Option<(&Resource, &Table)> {
        let here = self.resources.iter().filter(|resource| resource.file == from.file);
        let mut tables = here.chain(&self.resources).flat_map(|r| r.tables.iter().map(move |table| (r, table)));
        tables.find(|(_, table)| table.of.named() == Some(link.to))
    }

    /// Every text of the document that is in it, by its place there. Names of resources and types are the API's own in every language.
    pub fn texts(&self) -> BTreeMap<&str, &Text> {
        let tables = self.resources.iter().flat_map(|resource| &resource.tables);
        let of_tables = tables.flat_map(|table| table.rows.iter().map(|row| &row.about).chain([&table.about]));
        let all = self.resources.iter().map(|resource| &resource.about).chain(of_tables);
        all.filter(|text| !text.text.is_empty()).map(|text| (text.at.as_str(), text)).collect()
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
