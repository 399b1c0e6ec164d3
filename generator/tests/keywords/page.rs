//! The page of the table in the repository is the one that `explain --keywords` prints.

use generator::document::grammar::{Outcome, Spot};
use generator::pipeline::keywords;
use std::fs;

#[test]
fn the_page_is_fresh() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/KEYWORDS.md")).expect("there is a page");
    let same = page.replace("\r\n", "\n") == keywords();
    assert!(same, "`cargo xtask explain --keywords > generator/KEYWORDS.md` writes the page anew");
}

#[test]
fn the_page_has_a_line_for_every_row() {
    let page = keywords();
    let rows = Spot::ALL.iter().flat_map(|spot| spot.rows());
    for row in rows.clone() {
        let line =
            page.lines().find(|line| line.starts_with(&format!("| `{}` | {} |", row.key, row.versions.numbers())));
        let line = line.unwrap_or_else(|| panic!("no line for `{}`", row.key));
        if let Outcome::Gap(..) = row.outcome {
            let lines = page.lines().filter(|line| line.starts_with(&format!("| `{}` |", row.key)));
            assert!(lines.into_iter().any(|line| line.contains("gap")), "{line}");
        }
    }
    assert_eq!(page.lines().filter(|line| line.starts_with("| `")).count(), rows.count());
}
