//! [`Dictionary`] → files: CSV and Markdown, a file a resource; HTML and a spreadsheet, one file. The same input gives the same bytes.

use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::texts::{ADVICE, Texts};
use super::{Dictionary, Link, Resource, Row, Text};
use crate::emit::FileSet;

/// The columns behind the table's name, by their labels.
pub const COLUMNS: [&str; 9] =
    ["path", "type", "format", "required", "may be null", "deprecated", "allowed values", "description", "example"];

/// The column of the descriptions.
pub(super) const ABOUT: usize = 7;

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

    /// Whether something is true of a member: of what is none, nobody says that it must be there.
    fn of_member(self, row: &Row, whether: bool) -> String {
        if row.member.is_some() { self.yes(whether) } else { String::new() }
    }

    /// What a value is: `list of object`.
    fn kind(self, row: &Row) -> String {
        let list = format!("{} ", self.texts.label("list of"));
        format!("{}{}", list.repeat(row.kind.lists), self.texts.word(row.kind.word))
    }

    /// A text, marked where it is not translated.
    pub(super) fn text(self, text: &Text) -> String {
        match text.untranslated && !text.text.is_empty() {
            true => format!("{} [{}]", text.text, self.texts.label("not translated")),
            false => text.text.clone(),
        }
    }

    /// What is said of a row, with advice where the document has none.
    fn about(self, row: &Row) -> Vec<String> {
        let text = Some(self.text(&row.about)).filter(|_| !row.about.text.is_empty());
        let advice = row.wants_advice.then(|| self.texts.label(ADVICE).to_owned());
        text.into_iter().chain(advice).collect()
    }

    fn see(self, table: &str) -> String {
        format!("{} {table}", self.texts.label("see"))
    }

    /// The cells of a row, one for each of [`COLUMNS`], as plain text.
    pub(super) fn cells(self, row: &Row) -> [String; 9] {
        let see = row.link.iter().map(|link| self.see(&link.name));
        let about = self.about(row).into_iter().chain(see).collect::<Vec<_>>().join("\n");
        [
            row.path.clone(),
            self.kind(row),
            row.format.to_owned(),
            self.of_member(row, row.required),
            self.of_member(row, row.nullable),
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
/// A cell that a spreadsheet would take for a formula gets an apostrophe in front: texts come from a document. A program that reads the
/// file takes it away again, or reads the Markdown, where nothing is added.
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

/// A cell that no spreadsheet runs, as OWASP's page on CSV injection advises: an apostrophe before what begins a formula, also where
/// blanks come first, which some programs pass over. A number is none, and keeps its sign.
fn harmless(cell: String) -> String {
    const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let is_number = cell.ends_with(|c: char| c.is_ascii_digit()) && cell.parse::<f64>().is_ok();
    let begins = cell.trim_start().starts_with(BEGINNINGS) || cell.starts_with(['\t', '\r', '\n']);
    if begins && !is_number { format!("'{cell}") } else { cell }
}

/// A Markdown file a resource.
pub fn markdown(dictionary: &Dictionary, language: Language<'_>) -> FileSet {
    let mut files = FileSet::new();
    let label = |label: &str| language.texts.title(label);
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
                out.push_str(&format!("- {}\n", code(place)));
            }
            let head = COLUMNS.map(label);
            out.push_str(&format!("\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len())));
            for row in &table.rows {
                let mut cells = language.cells(row).map(|text| cell(&text));
                if let Some((link, (there, table))) =
                    row.link.as_ref().and_then(|l| Some((l, dictionary.table(resource, l)?)))
                {
                    let file = if there.file == resource.file {
                        String::new()
                    } else {
                        encoded(&language.file(&there.file, "md"))
                    };
                    let see =
                        language.see(&format!("[{}]({file}#{})", cell(&link.name), encoded(&anchor(&table.name))));
                    let about = language.about(row).into_iter().map(|text| cell(&text)).chain([see]);
                    cells[ABOUT] = about.collect::<Vec<_>>().join("<br>");
                }
                out.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
        }
        files.insert(language.file(&resource.file, "md"), out);
    }
    files
}

/// A resource's name; that of the errors is a word of the tables.
pub(super) fn heading(resource: &Resource, language: Language<'_>) -> String {
    match resource.is_errors {
        true => language.texts.title("errors"),
        false => resource.name.clone(),
    }
}

/// A text in a cell of a Markdown table.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A text as Markdown paragraphs: no line of it is a heading, a quotation or a rule. What was an item of a list is one again.
fn paragraphs(text: &str) -> String {
    let line = |line: &str| {
        let (item, rest) = line.strip_prefix("- ").map_or(("", line), |rest| ("- ", rest));
        let mark = if rest.starts_with(['#', '>', '-', '+', '=']) { "\\" } else { "" };
        format!("{item}{mark}{}", cell(rest))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n\n")
}

/// What a heading is known by in a link: small letters, as the readers of Markdown make of it.
fn anchor(heading: &str) -> String {
    heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

/// A part of an address.
fn encoded(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');
    utf8_percent_encode(text, KEPT).to_string()
}

/// A text as code, between more marks than it has.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let (marks, blank) = ("`".repeat(longest + 1), if longest > 0 { " " } else { "" });
    format!("{marks}{blank}{text}{blank}{marks}")
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

    fn title(&self, label: &str) -> String {
        self.language.texts.title(label)
    }

    fn columns(&self) -> [&'static str; 9] {
        COLUMNS
    }

    fn kind(&self, row: &Row) -> String {
        self.language.kind(row)
    }

    fn required(&self, row: &Row) -> String {
        self.language.of_member(row, row.required)
    }

    fn nullable(&self, row: &Row) -> String {
        self.language.of_member(row, row.nullable)
    }

    fn advice(&self) -> &str {
        self.label(ADVICE)
    }

    fn heading(&self, resource: &Resource) -> String {
        heading(resource, self.language)
    }

    /// Where a table is on the page.
    fn target(&self, resource: &Resource, link: &Link) -> String {
        let there = self.dictionary.table(resource, link);
        there.map(|(resource, table)| format!("{}.{}", resource.file, table.name)).unwrap_or_default()
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
