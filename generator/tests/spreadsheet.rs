//! Dictionaries as spreadsheets, with the feature that writes them: what is in the file, looked at as the archive of XML that it is.

use generator::dictionary::print::Language;
use generator::dictionary::spreadsheet::xlsx;
use generator::dictionary::texts::Texts;
use generator::dictionary::{Dictionary, dictionary};
use generator::{Inputs, understand};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

fn read(document: &str) -> Dictionary {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("document.yaml");
    fs::write(&spec, document).expect("write");
    let of = understand(&Inputs { spec, ..Inputs::default() });
    assert!(!of.diagnostics.has_errors(), "{:#?}", of.diagnostics);
    dictionary(&of.api, &of.facts, &of.names, None, &[])
}

fn printed(dictionary: &Dictionary, code: &str, texts: &Texts) -> Vec<u8> {
    let files = xlsx(dictionary, Language { code, texts }).expect("a spreadsheet");
    let (path, content) = files.iter().next().expect("one file");
    assert_eq!((files.iter().count(), path), (1, if code == "en" { "dictionary.xlsx" } else { "dictionary.es.xlsx" }));
    content.to_vec()
}

/// The files of an archive, by its directory at the end.
fn archive(bytes: &[u8]) -> BTreeMap<String, String> {
    let number = |at: usize, size: usize| bytes[at..at + size].iter().rev().fold(0, |n, b| n << 8 | usize::from(*b));
    let end = bytes.windows(4).rposition(|w| w == b"PK\x05\x06").expect("the end");
    let (entries, mut at) = (number(end + 10, 2), number(end + 16, 4));
    let mut files = BTreeMap::new();
    for _ in 0..entries {
        let (method, size, name) = (number(at + 10, 2), number(at + 20, 4), number(at + 28, 2));
        let path = String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).expect("a name");
        let local = number(at + 42, 4);
        let content = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let content = &bytes[content..content + size];
        let mut text = String::new();
        match method {
            0 => text.push_str(std::str::from_utf8(content).expect("UTF-8")),
            _ => {
                flate2::read::DeflateDecoder::new(content).read_to_string(&mut text).expect("deflated UTF-8");
            }
        }
        files.insert(path, text);
        at += 46 + name + number(at + 30, 2) + number(at + 32, 2);
    }
    files
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let ends = text.match_indices(start).map(|(at, _)| &text[at + start.len()..]);
    ends.map(|rest| rest.split(end).next().unwrap_or_default()).collect()
}

#[test]
fn nothing_in_it_runs_and_every_sheet_has_a_name() {
    let dictionary = read(include_str!("dictionary/hostile.json"));
    let files = archive(&printed(&dictionary, "en", &Texts::default()));
    let sheets: Vec<&String> =
        files.iter().filter(|(path, _)| path.starts_with("xl/worksheets/sheet")).map(|(_, text)| text).collect();
    assert_eq!(sheets.len(), dictionary.resources.len() + 1);
    for sheet in &sheets {
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "a formula");
        assert!(sheet.contains("<pane ") && sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter "));
        assert!(sheet.contains("orientation=\"landscape\""));
    }
    // Texts are there as they are, without an apostrophe: their cells are texts.
    let texts = &files["xl/sharedStrings.xml"];
    assert!(texts.contains("=cmd|' /C calc'!A0") && texts.contains("@SUM(A1)"));
    assert!(!texts.contains("<script") && texts.contains("&lt;/script&gt;"));
    assert!(!texts.chars().any(|c| generator::base::visible::is_hidden(c) && c != '\n'));

    let names = between(&files["xl/workbook.xml"], "<sheet name=\"", "\"");
    assert_eq!(names.len(), sheets.len());
    let mut small: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    small.sort();
    small.dedup();
    assert_eq!(small.len(), names.len(), "two sheets have one name: {names:?}");
    for name in &names {
        assert!(!name.is_empty() && name.encode_utf16().count() <= 31 && *name != "history", "{name:?}");
        assert!(!name.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']), "{name:?}");
    }
    // Excel follows no links of a document.
    assert!(!files.values().any(|text| text.contains("TargetMode=\"External\"")));
}

#[test]
fn links_lead_to_the_first_row_of_a_table() {
    let dictionary = read(include_str!("dictionary/shapes.yaml"));
    let files = archive(&printed(&dictionary, "en", &Texts::default()));
    let texts: Vec<String> = between(&files["xl/sharedStrings.xml"], "<si><t", "</t></si>")
        .iter()
        .map(|text| text.split_once('>').expect("a text").1.to_owned())
        .collect();
    let names = between(&files["xl/workbook.xml"], "<sheet name=\"", "\"");
    let cell = |sheet: usize, place: &str| {
        let sheet = &files[&format!("xl/worksheets/sheet{}.xml", sheet + 1)];
        let found = between(sheet, &format!("<c r=\"{place}\""), "</c>");
        let at = found.first().and_then(|c| c.split("<v>").nth(1)?.split('<').next()?.parse::<usize>().ok());
        texts[at.unwrap_or_else(|| panic!("{place} is empty"))].clone()
    };
    // Each row of the index leads to its table.
    let index = &files["xl/worksheets/sheet1.xml"];
    let links: Vec<(&str, &str)> = between(index, "<hyperlink ref=\"", "/>")
        .iter()
        .map(|link| {
            let (place, rest) = link.split_once('"').expect("a place");
            (place, between(rest, "location=\"", "\"")[0])
        })
        .collect();
    let tables: Vec<(usize, &str, usize)> = (1..)
        .zip(&dictionary.resources)
        .flat_map(|(sheet, resource)| resource.tables.iter().map(move |t| (sheet, t.name.as_str(), t.rows.len())))
        .collect();
    let of_tables: Vec<&(&str, &str)> = links.iter().filter(|(place, _)| place.starts_with('B')).collect();
    assert_eq!(of_tables.len(), tables.len());
    for ((place, to), (sheet, name, _)) in of_tables.iter().zip(&tables) {
        assert_eq!(cell(0, place), *name);
        let (there, at) = to.rsplit_once('!').expect("a place");
        assert_eq!(there.trim_matches('\''), names[*sheet]);
        assert_eq!(cell(*sheet, at), *name, "{to}");
        let above = format!("A{}", at[1..].parse::<usize>().expect("a row") - 1);
        assert_ne!(cell(*sheet, &above), *name, "{to} is not its first row");
    }
    // And what holds another record leads there: `Tree.left` to the table of branches.
    let nodes = &files["xl/worksheets/sheet2.xml"];
    let row = (2..).find(|row| cell(1, &format!("B{row}")) == "left").expect("the row");
    let link = between(nodes, &format!("<hyperlink ref=\"C{row}\" location=\""), "\"")[0];
    let (_, at) = link.rsplit_once('!').expect("a place");
    assert_eq!((cell(1, &format!("C{row}")).as_str(), cell(1, at).as_str()), ("object", "Branch"));
}

#[test]
fn what_is_too_long_for_a_cell_is_cut_there_alone() {
    let long = "word ".repeat(10_000);
    let document = include_str!("dictionary/shapes.yaml").replace("Where it is.", &long);
    let files = archive(&printed(&read(&document), "en", &Texts::default()));
    let cells = between(&files["xl/sharedStrings.xml"], "<si><t", "</t></si>");
    let longest = cells.iter().map(|text| text.encode_utf16().count()).max().expect("a cell");
    assert!((32_000..32_800).contains(&longest), "{longest}");
    assert!(cells.iter().any(|text| text.ends_with('…')));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let print = || {
        let texts =
            Texts::read(&fs::read_to_string(spec.join("i18n/es.toml")).expect("the language")).expect("a language");
        let of = understand(&Inputs { spec: spec.join("belvo.yaml"), ..Inputs::default() });
        printed(&dictionary(&of.api, &of.facts, &of.names, Some(&texts), &[]), "es", &texts)
    };
    let first = print();
    // The time in an archive has steps of two seconds.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == print());
    assert!(archive(&first)["xl/workbook.xml"].contains("<sheet name=\"Índice\""));
}
