//! [`Dictionary`] → a spreadsheet (XLSX): an index, then a sheet a resource, with links between them.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Url, Workbook, Worksheet,
    XlsxError,
};

use super::print::{COLUMNS, Language, heading};
use super::{Dictionary, Link, Resource, Row};
use crate::emit::FileSet;

/// How wide the columns are, in characters: the table, then [`COLUMNS`].
const WIDTHS: [f64; 10] = [38.0, 48.0, 18.0, 12.0, 14.0, 16.0, 13.0, 34.0, 72.0, 32.0];

/// The column of the types, which lead to their tables.
const KIND: u16 = 2;

/// How wide those of the index are.
const INDEX: [f64; 5] = [32.0, 44.0, 12.0, 72.0, 64.0];

/// How many places the index says of a table. The errors are those of every operation, and a row has an end.
const PLACES: usize = 12;

/// How high a line is, and the highest row that there is, in points.
const LINE: f64 = 15.0;
const HIGHEST: f64 = 409.0;

/// The longest text that a cell may have, in UTF-16 units.
const LONGEST: usize = 32_767;

/// How long a sheet's name may be, in UTF-16 units.
const SHEET_NAME: usize = 31;

/// One file with everything: the header of each sheet stays in view and filters; what has a table of its own leads to it.
///
/// # Errors
/// When the writer refuses, as it does more rows than a sheet may have.
pub fn xlsx(dictionary: &Dictionary, language: Language<'_>) -> Result<FileSet, String> {
    let content = workbook(dictionary, language).map_err(|e| e.to_string())?;
    let mut files = FileSet::new();
    files.insert(language.file("dictionary", "xlsx"), content);
    Ok(files)
}

/// How cells look.
struct Looks {
    head: Format,
    cell: Format,
    number: Format,
    link: Format,
    /// The same, above the first row of a table.
    first: Format,
    first_link: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let head =
            cell.clone().set_bold().set_border_bottom(FormatBorder::Thin).set_background_color(Color::RGB(0xE8ECF2));
        let link = cell.clone().set_font_color(Color::RGB(0x0B57D0)).set_underline(FormatUnderline::Single);
        let above = |format: &Format| format.clone().set_border_top(FormatBorder::Thin);
        let number = cell.clone().set_align(FormatAlign::Center);
        Self { head, number, first: above(&cell), first_link: above(&link), cell, link }
    }

    fn of(&self, is_first: bool, is_link: bool) -> &Format {
        match (is_first, is_link) {
            (false, false) => &self.cell,
            (false, true) => &self.link,
            (true, false) => &self.first,
            (true, true) => &self.first_link,
        }
    }
}

fn workbook(dictionary: &Dictionary, language: Language<'_>) -> Result<Vec<u8>, XlsxError> {
    let label = |label: &str| language.texts.title(label);
    let looks = Looks::new();
    let names = sheets(dictionary, language);
    let mut workbook = Workbook::new();
    // No clock: the same document gives the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(&dictionary.title).set_creation_datetime(&made));

    let index = workbook.add_worksheet();
    index.set_name(sheet_name(&label("index"), &[]))?;
    head(
        index,
        &[label("resource"), label("table"), label("members"), label("description"), label("where")],
        &INDEX,
        &looks,
    )?;
    let mut line = 1;
    for (resource, name) in dictionary.resources.iter().zip(&names) {
        let title = fitted(&heading(resource, language));
        let to = Url::new(format!("internal:'{name}'!A1")).set_text(&title);
        index.write_url_with_format(line, 0, to, looks.of(true, true))?;
        for column in [1, 2, 4] {
            index.write_blank(line, column, looks.of(true, false))?;
        }
        let about = language.text(&resource.about);
        index.write_string_with_format(line, 3, fitted(&about), looks.of(true, false))?;
        grow(index, line, &[&title, "", "", &about, ""], &INDEX)?;
        line += 1;
        for (t, table) in resource.tables.iter().enumerate() {
            index.write_string_with_format(line, 0, &title, &looks.cell)?;
            match address(dictionary, &names, resource, t) {
                Some(to) => {
                    index.write_url_with_format(line, 1, Url::new(to).set_text(fitted(&table.name)), &looks.link)?
                }
                None => index.write_string_with_format(line, 1, fitted(&table.name), &looks.cell)?,
            };
            index.write_number_with_format(line, 2, table.rows.len() as u32, &looks.number)?;
            let (about, places) = (language.text(&table.about), places(&table.places));
            index.write_string_with_format(line, 3, fitted(&about), &looks.cell)?;
            index.write_string_with_format(line, 4, fitted(&places), &looks.cell)?;
            grow(index, line, &[&title, &table.name, "", &about, &places], &INDEX)?;
            line += 1;
        }
    }
    settle(index, line, &INDEX, 1)?;

    for (resource, name) in dictionary.resources.iter().zip(&names) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        let labels: Vec<String> = ["table"].into_iter().chain(COLUMNS).map(label).collect();
        head(sheet, &labels, &WIDTHS, &looks)?;
        let mut line = 1;
        for table in &resource.tables {
            for (r, row) in table.rows.iter().enumerate() {
                let cells: Vec<String> = [table.name.clone()].into_iter().chain(language.cells(row)).collect();
                grow(sheet, line, &cells, &WIDTHS)?;
                for (column, text) in (0u16..).zip(&cells) {
                    // Always text: nothing of a document is a formula here, or a number that loses its zeros.
                    match target(dictionary, &names, resource, row).filter(|_| column == KIND) {
                        Some(to) => {
                            let url = Url::new(to).set_text(fitted(text));
                            sheet.write_url_with_format(line, column, url, looks.of(r == 0, true))?
                        }
                        None => sheet.write_string_with_format(line, column, fitted(text), looks.of(r == 0, false))?,
                    };
                }
                line += 1;
            }
        }
        settle(sheet, line, &WIDTHS, 2)?;
    }
    workbook.save_to_buffer()
}

fn head(sheet: &mut Worksheet, labels: &[String], widths: &[f64], looks: &Looks) -> Result<(), XlsxError> {
    for (column, (label, width)) in (0u16..).zip(labels.iter().zip(widths)) {
        sheet.write_string_with_format(0, column, label, &looks.head)?;
        sheet.set_column_width(column, *width)?;
    }
    grow(sheet, 0, labels, widths)
}

/// What all sheets have: a header that stays in view and filters, and pages as wide as the table, with the header on each.
fn settle(sheet: &mut Worksheet, lines: u32, widths: &[f64], columns: u16) -> Result<(), XlsxError> {
    let last = (widths.len() as u16).saturating_sub(1);
    sheet.set_freeze_panes(1, columns)?;
    sheet.autofilter(0, 0, lines.saturating_sub(1).max(1), last)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3);
    sheet.set_footer("&L&A&R&P / &N").set_repeat_rows(0, 0)?;
    Ok(())
}

/// Makes a row as high as its texts: not all programs do so by themselves.
fn grow(sheet: &mut Worksheet, line: u32, cells: &[impl AsRef<str>], widths: &[f64]) -> Result<(), XlsxError> {
    let lines = cells.iter().zip(widths).map(|(text, width)| lines(text.as_ref(), *width)).max();
    sheet.set_row_height(line, (lines.unwrap_or(1) as f64 * LINE).min(HIGHEST))?;
    Ok(())
}

/// How many lines a text takes in a column of this width. Words go to the next line whole. Where the usual font is missing another one,
/// which is wider, takes its place, so the column counts for less.
fn lines(text: &str, width: f64) -> usize {
    let width = ((width * 0.86) as usize).max(1);
    let lines = |line: &str| {
        let (mut lines, mut used) = (1, 0);
        for word in line.split_inclusive([' ', '-', '/']) {
            let long = word.trim_end().chars().count();
            if used > 0 && used + long > width {
                (lines, used) = (lines + 1, 0);
            }
            lines += long.saturating_sub(1) / width;
            used = (used + word.chars().count()) % width;
        }
        lines
    };
    text.split('\n').map(lines).sum()
}

/// The first places of a table, and how many more there are.
fn places(all: &[String]) -> String {
    let more = all.len().saturating_sub(PLACES);
    let more = (more > 0).then(|| format!("… +{more}"));
    all.iter().take(PLACES).cloned().chain(more).collect::<Vec<_>>().join("\n")
}

/// A text that fits into a cell.
fn fitted(text: &str) -> String {
    let mut units = 0;
    let whole = |c: &char| {
        units += c.len_utf16();
        units < LONGEST
    };
    let fitting: String = text.chars().take_while(whole).collect();
    if fitting.len() < text.len() { fitting + "…" } else { fitting }
}

/// The names of the resources' sheets.
fn sheets(dictionary: &Dictionary, language: Language<'_>) -> Vec<String> {
    let mut taken = vec![sheet_name(&language.texts.title("index"), &[]).to_lowercase()];
    let mut names = Vec::new();
    for resource in &dictionary.resources {
        let name = sheet_name(&heading(resource, language), &taken);
        taken.push(name.to_lowercase());
        names.push(name);
    }
    names
}

/// A name that a sheet may have: short, without the characters that addresses have, and none that is taken or a word of Excel's own.
fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let short = |text: &str, longest: usize| {
        let mut units = 0;
        let fits = |c: &char| {
            units += c.len_utf16();
            units <= longest
        };
        text.chars().take_while(fits).collect::<String>().trim().to_owned()
    };
    let clean: String = wanted.chars().filter(|c| !"[]:*?/\\'".contains(*c)).collect();
    let clean = if clean.trim().is_empty() { "API" } else { clean.trim() };
    let numbered = (2..).map(|n: usize| {
        let end = format!(" {n}");
        short(clean, SHEET_NAME - end.len()) + &end
    });
    let is_free = |name: &String| !taken.contains(&name.to_lowercase()) && name.to_lowercase() != "history";
    [short(clean, SHEET_NAME)].into_iter().chain(numbered).find(is_free).unwrap_or_default()
}

/// Where a row's link leads.
fn target(dictionary: &Dictionary, names: &[String], from: &Resource, row: &Row) -> Option<String> {
    let link: &Link = row.link.as_ref()?;
    let (resource, table) = dictionary.table(from, link)?;
    let at = resource.tables.iter().position(|one| one.of == table.of)?;
    address(dictionary, names, resource, at)
}

/// Where a table begins: `internal:'Accounts'!A2`.
fn address(dictionary: &Dictionary, names: &[String], resource: &Resource, table: usize) -> Option<String> {
    let sheet = dictionary.resources.iter().position(|one| one.file == resource.file)?;
    let rows: usize = resource.tables.iter().take(table).map(|table| table.rows.len()).sum();
    Some(format!("internal:'{}'!A{}", names.get(sheet)?, rows + 2))
}
