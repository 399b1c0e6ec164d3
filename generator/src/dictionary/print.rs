//! [`Dictionary`] → files: CSV and Markdown, a file a resource; HTML and a spreadsheet, one file. The same input gives the same bytes.

use askama::Template;

use super::texts::Texts;
use super::{Dictionary, Resource, Row, Table, Text};
use crate::emit::FileSet;

/// The columns behind the table's name, by their labels.
pub const COLUMNS: [&str; 9] =
    ["path", "type", "format", "required", "may be null", "deprecated", "allowed values", "description", "example"];

/// A language's words, and how its files are called.
#[derive(Debug, Clone, Copy)]
pub struct Language<'a> {
    /// `en`, `es`, `pt-BR`.
    pub code: &'a str,
    /// Its words.
    pub texts: &'a Texts,
}

impl Language<'_> {
    /// A file's name: with the language, where it is not English.
    pub(super) fn file(self, stem: &str, extension: &str) -> String {
        match self.code {
            "en" => format!("{stem}.{extension}"),
            code => format!("{stem}.{code}.{extension}"),
        }
    }

    fn yes(self, whether: bool) -> String {
        self.texts.label(if whether { "yes" } else { "no" }).to_owned()
    }

    /// What stands in a place: `list of object`.
    fn kind(self, row: &Row) -> String {
        let list = format!("{} ", self.texts.label("list of"));
        format!("{}{}", list.repeat(row.kind.lists), self.texts.word(row.kind.word))
    }

    /// A text, marked where it is not translated.
    fn text(self, text: &Text) -> String {
        match text.untranslated {
            true => format!("{} [{}]", text.text, self.texts.label("not translated")),
            false => text.text.clone(),
        }
    }

    /// The cells of a row, one for each of [`COLUMNS`].
    pub(super) fn cells(self, row: &Row) -> [String; 9] {
        let mut about = self.text(&row.about);
        if let Some(link) = &row.link {
            let see = format!("{} {link}", self.texts.label("see"));
            about = if about.is_empty() { see } else { format!("{about}\n{see}") };
        }
        // Of what is no member nobody says that it must be there.
        let of_member = |text: String| if row.member.is_some() { text } else { String::new() };
        [
            row.path.clone(),
            self.kind(row),
            row.format.to_owned(),
            of_member(self.yes(row.required)),
            of_member(self.yes(row.nullable)),
            if row.deprecated { self.yes(true) } else { String::new() },
            row.values.join(" | "),
            about,
            row.example.clone(),
        ]
    }
}

/// A comma-separated file a resource (RFC 4180): a header line, then a line a member. With `bom` it begins with the mark by which
/// spreadsheets know UTF-8.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe in front: texts come from a document.
///
/// # Errors
/// When the writer refuses, which it has no reason to.
pub fn csv(dictionary: &Dictionary, language: Language<'_>, bom: bool) -> Result<FileSet, String> {
    let mut files = FileSet::new();
    for resource in &dictionary.resources {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(if bom {
            "\u{feff}".as_bytes().to_vec()
        } else {
            Vec::new()
        });
        let head = ["table"].into_iter().chain(COLUMNS).map(|label| language.texts.label(label));
        writer.write_record(head).map_err(|e| e.to_string())?;
        for table in &resource.tables {
            for row in &table.rows {
                let cells = [table.name.clone()].into_iter().chain(language.cells(row)).map(harmless);
                writer.write_record(cells).map_err(|e| e.to_string())?;
            }
        }
        files.insert(language.file(&resource.file, "csv"), writer.into_inner().map_err(|e| e.to_string())?);
    }
    Ok(files)
}

/// A cell that no spreadsheet runs.
fn harmless(cell: String) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if is_formula { format!("'{cell}") } else { cell }
}

/// A Markdown file a resource.
pub fn markdown(dictionary: &Dictionary, language: Language<'_>) -> FileSet {
    let mut files = FileSet::new();
    let label = |label: &'static str| language.texts.label(label);
    for resource in &dictionary.resources {
        let mut out = format!("# {}\n", cell(&heading(resource, language)));
        if !resource.about.text.is_empty() {
            out.push_str(&format!("\n{}\n", paragraphs(&language.text(&resource.about))));
        }
        for table in &resource.tables {
            out.push_str(&format!("\n## {}\n", cell(&table.name)));
            if !table.about.text.is_empty() {
                out.push_str(&format!("\n{}\n", paragraphs(&language.text(&table.about))));
            }
            out.push('\n');
            for place in &table.places {
                out.push_str(&format!("- `{place}`\n"));
            }
            let head = COLUMNS.map(label);
            out.push_str(&format!("\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len())));
            for row in &table.rows {
                let cells = language.cells(row).map(|text| cell(&text));
                out.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
        }
        files.insert(language.file(&resource.file, "md"), out);
    }
    files
}

/// A resource's name; that of the errors is a word of the tables.
pub(super) fn heading(resource: &Resource, language: Language<'_>) -> String {
    match resource.name.as_str() {
        "Errors" => language.texts.label("errors").to_owned(),
        name => name.to_owned(),
    }
}

/// A text in a cell of a Markdown table.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A text as Markdown paragraphs.
fn paragraphs(text: &str) -> String {
    text.split('\n').map(cell).collect::<Vec<_>>().join("\n\n")
}

#[derive(Template)]
#[template(path = "dictionary.html.jinja")]
struct Page<'a> {
    dictionary: &'a Dictionary,
    language: Language<'a>,
}

impl Page<'_> {
    fn label<'a>(&'a self, label: &'a str) -> &'a str {
        self.language.texts.label(label)
    }

    fn columns(&self) -> [&'static str; 9] {
        COLUMNS
    }

    fn rows(&self, table: &Table) -> Vec<(Row, String)> {
        table.rows.iter().map(|row| (row.clone(), self.language.kind(row))).collect()
    }

    fn heading(&self, resource: &Resource) -> String {
        heading(resource, self.language)
    }

    /// Where a table is on the page: in the resource itself if it has it, else in the first that does.
    fn target(&self, resource: &Resource, name: &str) -> String {
        let has = |resource: &&Resource| resource.tables.iter().any(|table| table.name == name);
        let owner = Some(resource).filter(|r| has(r)).or_else(|| self.dictionary.resources.iter().find(has));
        owner.map(|owner| format!("{}.{name}", owner.file)).unwrap_or_default()
    }
}

/// One page with everything: it needs no network, is searched and printed, and follows the reader's choice of light or dark.
///
/// # Errors
/// When the template fails, which it has no reason to.
pub fn html(dictionary: &Dictionary, language: Language<'_>) -> Result<FileSet, String> {
    let mut files = FileSet::new();
    let page = Page { dictionary, language }.render().map_err(|e| e.to_string())?;
    files.insert(language.file("dictionary", "html"), page);
    Ok(files)
}
