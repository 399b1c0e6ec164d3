//! The report of every pair in `tests/drift`, as it is printed: one small change each, there and back. `drift_truth.rs`
//! holds these reports against the compiler and against the old crate.

use generator::base::diagnostic::Style;
use generator::drift::{diff, text};
use std::fmt::Write;
use tests::drift::Library;
use tests::pairs;
use tests::run::deep;

/// The reports of a file's pairs.
fn reports(theme: &str) -> String {
    deep(|| {
        let mut library = Library::default();
        let mut out = String::new();
        for pair in pairs::all().into_iter().filter(|p| p.theme == theme) {
            let sides = library.understood(&pair);
            let report = diff(&sides.old.understood, &sides.new.understood);
            let report = text(&report, Style::Plain).replace(&sides.old.file, "old").replace(&sides.new.file, "new");
            let direction = if pair.reversed { "reversed" } else { "edit" };
            let _ = writeln!(out, "== {direction} {}\n{report}", pair.title);
        }
        out
    })
}

#[test]
fn there_are_pairs_enough() {
    let all = pairs::all();
    assert!(all.len() >= 120, "{} pairs", all.len());
    assert!(
        all.iter().all(|p| p.old.lines().count() <= 50),
        "a document of a pair is read beside its report: keep it short"
    );
}

#[test]
fn operations() {
    insta::assert_snapshot!("operations", reports("operations"));
}

#[test]
fn parameters() {
    insta::assert_snapshot!("parameters", reports("parameters"));
}

#[test]
fn request_bodies() {
    insta::assert_snapshot!("bodies", reports("bodies"));
}

#[test]
fn encodings() {
    insta::assert_snapshot!("encodings", reports("encodings"));
}

#[test]
fn repeated_types() {
    insta::assert_snapshot!("repeated", reports("repeated"));
}

#[test]
fn responses() {
    insta::assert_snapshot!("responses", reports("responses"));
}

#[test]
fn fields() {
    insta::assert_snapshot!("fields", reports("fields"));
}

#[test]
fn enums() {
    insta::assert_snapshot!("enums", reports("enums"));
}

#[test]
fn unions() {
    insta::assert_snapshot!("unions", reports("unions"));
}

#[test]
fn components() {
    insta::assert_snapshot!("components", reports("components"));
}
