//! What `load` says, to the letter: documents that are refused, and documents that are read with a warning.

use generator::base::Sources;
use generator::base::diagnostic::{Diagnostics, Style, render, to_json};
use generator::document::Node;
use generator::document::load::{Document, load};
use std::path::Path;

/// Loads a fixture by its path below `tests/fixtures/load` and shows all findings.
fn findings(path: &str) -> (Option<Document>, String) {
    let mut diagnostics = Diagnostics::new();
    let (document, sources) = match load(&Path::new("tests/fixtures/load").join(path), &mut diagnostics) {
        Ok(document) => (Some(document.clone()), document.sources),
        Err(sources) => (None, sources),
    };
    assert_eq!(document.is_none(), diagnostics.has_errors(), "{path}");
    let text = diagnostics.iter().map(|d| render(d, &sources, Style::Plain)).collect::<Vec<_>>().join("\n");
    (document, text)
}

fn all_below(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(Path::new("tests/fixtures/load").join(folder)).expect("the fixtures are there");
    let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn refused() {
    let mut out = String::new();
    for name in all_below("refused") {
        let (document, text) = findings(&format!("refused/{name}"));
        assert!(document.is_none(), "{name} must be refused");
        out.push_str(&format!("=== {name}\n{text}\n"));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn refused_before_reading() {
    let (none, no_file) = findings("refused/nowhere.yaml");
    let (no_document, folder) = findings("refused");
    assert!(none.is_none() && no_document.is_none());
    insta::assert_snapshot!(format!("{no_file}\n{folder}"), @r"
    error[E0101]: there is no file `tests/fixtures/load/refused/nowhere.yaml`

    error[E0102]: `tests/fixtures/load/refused` is a folder, not a file
      = help: name the document in it, for example `openapi.yaml`
    ");
}

#[test]
fn warned() {
    let mut out = String::new();
    for name in all_below("warned") {
        let (document, text) = findings(&format!("warned/{name}"));
        assert!(document.is_some(), "{name} must be read: {text}");
        out.push_str(&format!("=== {name}\n{text}\n"));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn references_that_are_not_followed() {
    let (document, text) = findings("escape/inside/openapi.yaml");
    insta::assert_snapshot!(text);
    let document = document.expect("it is read");
    // Each is left where it was, for `lower` to treat as dangling, and nothing was read outside.
    let above = document.root.at(["components", "schemas", "Above", "$ref"]).and_then(Node::as_str);
    assert_eq!(above, Some("../secret.yaml"));
    assert!(document.sources.paths().all(|path| !path.contains("secret")), "{:?}", document.sources);
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("inside");
    std::fs::create_dir(&inside).expect("a folder");
    std::fs::write(folder.path().join("secret.yaml"), "type: string").expect("a file");
    std::os::unix::fs::symlink("../secret.yaml", inside.join("link.yaml")).expect("a link");
    let text = "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {$ref: link.yaml}\n";
    std::fs::write(inside.join("openapi.yaml"), text).expect("a file");
    let mut diagnostics = Diagnostics::new();
    let document = load(&inside.join("openapi.yaml"), &mut diagnostics).expect("it is read");
    let codes: Vec<_> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!((codes, document.sources.len()), (vec!["W0104"], 1));
}

#[test]
fn circles_of_files_end() {
    let (document, text) = findings("cycle/openapi.yaml");
    let document = document.expect("it is read");
    insta::assert_snapshot!(format!("{text}\n{:#}", document.root.to_json()));
}

#[test]
fn a_finding_as_json() {
    let mut diagnostics = Diagnostics::new();
    let path = Path::new("tests/fixtures/load/warned/duplicate.yaml");
    let sources: Sources = load(path, &mut diagnostics).expect("it is read").sources;
    let first = diagnostics.iter().next().expect("a finding");
    insta::assert_snapshot!(to_json(first, &sources), @r##"{"code":"W0101","column":5,"file":"tests/fixtures/load/warned/duplicate.yaml","help":"the last one counts; remove or rename one of them","line":8,"message":"the key `get` is here a second time","pointer":"#/paths/~1plants/get","severity":"warning"}"##);
}

#[test]
fn colours_are_for_those_who_ask() {
    let mut diagnostics = Diagnostics::new();
    let path = Path::new("tests/fixtures/load/refused/version4.yaml");
    let sources = load(path, &mut diagnostics).expect_err("it is refused");
    let first = diagnostics.iter().next().expect("a finding");
    let (plain, coloured) = (render(first, &sources, Style::Plain), render(first, &sources, Style::Color));
    assert!(!plain.contains('\u{1b}') && coloured.starts_with("\u{1b}[1;31merror[E0115]\u{1b}[0m"));
    let mut bare = String::new();
    for (i, part) in coloured.split('\u{1b}').enumerate() {
        bare.push_str(if i == 0 { part } else { part.split_once('m').expect("a code").1 });
    }
    assert_eq!(bare, plain);
}
