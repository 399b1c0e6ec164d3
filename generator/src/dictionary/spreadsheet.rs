//! [`Dictionary`] → a spreadsheet (XLSX): an index, then a sheet a resource, with links between them.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use super::Dictionary;
use super::print::{COLUMNS, Language, heading};
use crate::emit::FileSet;

/// How wide the columns are, in characters: the table, then [`COLUMNS`].
const WIDTHS: [f64; 10] = [24.0, 40.0, 16.0, 10.0, 10.0, 12.0, 12.0, 32.0, 70.0, 28.0];

/// How tall a row may grow, in points.
const TALLEST: usize = 400;

/// One file with everything: the header of each sheet stays in view and filters; what has a table of its own leads to it.
///
/// # Errors
/// When the writer refuses, as it does what is longer than a cell may be.
pub fn xlsx(dictionary: &Dictionary, language: Language<'_>) -> Result<FileSet, String> {
    let content = workbook(dictionary, language).map_err(|e| e.to_string())?;
    let mut files = FileSet::new();
    files.insert(language.file("dictionary", "xlsx"), content);
    Ok(files)
}

fn workbook(dictionary: &Dictionary, language: Language<'_>) -> Result<Vec<u8>, XlsxError> {
    let label = |label: &'static str| language.texts.label(label);
    let bold =
        Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut workbook = Workbook::new();
    // No clock: the same document gives the same bytes.
    workbook.set_properties(
        &DocProperties::new().set_title(&dictionary.title).set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
    );
    let names = sheets(dictionary, language);
    let places = places(dictionary, &names);
    let index = workbook.add_worksheet();
    index.set_name(label("index"))?;
    let titles = [label("resource"), label("table"), label("members"), label("where")];
    for (column, (title, width)) in titles.into_iter().zip([34.0, 40.0, 12.0, 90.0]).enumerate() {
        index.write_with_format(0, column as u16, title, &bold)?;
        index.set_column_width(column as u16, width)?;
    }
    let mut line = 1;
    for resource in &dictionary.resources {
        for table in &resource.tables {
            index.write_with_format(line, 0, heading(resource, language), &cell)?;
            if let Some(place) = places.get(&(resource.file.as_str(), table.name.as_str())) {
                index.write_url(line, 1, Url::new(format!("internal:{place}")).set_text(&table.name))?;
            }
            index.write_with_format(line, 2, table.rows.len() as u32, &cell)?;
            index.write_with_format(line, 3, table.places.join("\n"), &cell)?;
            line += 1;
        }
    }
    index.set_freeze_panes(1, 0)?;
    index.autofilter(0, 0, line.saturating_sub(1).max(1), 3)?;
    for (resource, name) in dictionary.resources.iter().zip(&names) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        head(sheet, language, &bold)?;
        let mut line = 1;
        for table in &resource.tables {
            for row in &table.rows {
                sheet.write_with_format(line, 0, &table.name, &cell)?;
                let cells = language.cells(row);
                let lines = cells
                    .iter()
                    .zip(WIDTHS.iter().skip(1))
                    .map(|(text, width)| height(text, *width))
                    .max()
                    .unwrap_or(1);
                for (column, text) in cells.iter().enumerate() {
                    // Always text: nothing of a document is a formula here, or a number that loses its zeros.
                    sheet.write_string_with_format(line, column as u16 + 1, text, &cell)?;
                }
                if let Some(link) = &row.link {
                    let own = places.get(&(resource.file.as_str(), link.as_str()));
                    let place =
                        own.or_else(|| places.iter().find(|((_, table), _)| table == link).map(|(_, place)| place));
                    if let Some(place) = place {
                        let text = cells.get(1).map(String::as_str).unwrap_or_default();
                        sheet.write_url_with_format(
                            line,
                            2,
                            Url::new(format!("internal:{place}")).set_text(text),
                            &cell.clone().set_hyperlink(),
                        )?;
                    }
                }
                sheet.set_row_height(line, (lines * 15).min(TALLEST) as f64)?;
                line += 1;
            }
        }
        sheet.set_freeze_panes(1, 2)?;
        sheet.autofilter(0, 0, line.saturating_sub(1).max(1), COLUMNS.len() as u16)?;
    }
    workbook.save_to_buffer()
}

fn head(sheet: &mut Worksheet, language: Language<'_>, bold: &Format) -> Result<(), XlsxError> {
    let labels = ["table"].into_iter().chain(COLUMNS).map(|label| language.texts.label(label));
    for (column, (label, width)) in labels.zip(WIDTHS).enumerate() {
        sheet.write_with_format(0, column as u16, label, bold)?;
        sheet.set_column_width(column as u16, width)?;
    }
    Ok(())
}

/// How many lines a text takes in a column of this width.
fn height(text: &str, width: f64) -> usize {
    text.split('\n').map(|line| 1 + (line.chars().count() as f64 / (width * 1.05)) as usize).sum()
}

/// The names of the sheets: at most 31 characters, without those that a sheet's name cannot have, no two alike.
fn sheets(dictionary: &Dictionary, language: Language<'_>) -> Vec<String> {
    let mut taken = vec![language.texts.label("index").to_lowercase()];
    let name = |resource| {
        let clean: String =
            heading(resource, language).chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
        let clean = if clean.trim().is_empty() { "API".to_owned() } else { clean.trim().to_owned() };
        let numbered = (2..).map(|n| format!("{} {n}", clean.chars().take(27).collect::<String>()));
        let name = [clean.clone()]
            .into_iter()
            .chain(numbered)
            .find(|name| !taken.contains(&name.to_lowercase()))
            .unwrap_or(clean);
        taken.push(name.to_lowercase());
        name
    };
    dictionary.resources.iter().map(name).collect()
}

/// Where each table begins: `'Accounts'!A2`, by its resource and name.
fn places<'a>(dictionary: &'a Dictionary, names: &[String]) -> BTreeMap<(&'a str, &'a str), String> {
    let mut places = BTreeMap::new();
    for (resource, name) in dictionary.resources.iter().zip(names) {
        let mut line = 2;
        for table in &resource.tables {
            places.entry((resource.file.as_str(), table.name.as_str())).or_insert_with(|| format!("'{name}'!A{line}"));
            line += table.rows.len();
        }
    }
    places
}
