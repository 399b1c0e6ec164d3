//! The table of all keywords as a page: what is supported.

use crate::document::grammar::{Outcome, Row, Spot};
use std::fmt::Write;

/// The table of the grammar as Markdown: every keyword of every object, its versions, and what becomes of it.
pub fn keywords() -> String {
    let mut out = String::from(HEAD);
    let mut counts: Vec<(&str, usize)> = WORDS.iter().map(|word| (*word, 0)).collect();
    for row in Spot::ALL.iter().flat_map(|spot| spot.rows()) {
        let (word, _) = outcome(row);
        counts.iter_mut().filter(|(known, _)| *known == word).for_each(|(_, count)| *count += 1);
    }
    let counts: Vec<String> = counts.into_iter().map(|(word, count)| format!("{count} *{word}*")).collect();
    let _ = writeln!(out, "Rows: {}.", counts.join(", "));
    for spot in Spot::ALL {
        let _ = writeln!(out, "\n## {} object\n", spot.name());
        out.push_str("| keyword | versions | what becomes of it | note |\n|---|---|---|---|\n");
        for row in spot.rows() {
            let (word, note) = outcome(row);
            let _ = writeln!(out, "| `{}` | {} | {word} | {note} |", row.key, row.versions.numbers());
        }
    }
    out
}

/// What may become of a keyword, in the words of the page.
const WORDS: [&str; 4] = ["code", "documentation", "nothing", "gap"];

const HEAD: &str = "# Keywords

What becomes of every keyword of every object of Swagger 2.0 and OpenAPI 3.0 to 3.2, the vocabularies of JSON Schema that 3.1
includes among them. `cargo xtask explain --keywords` prints this page; each row is tested (`generator/tests/keywords.rs`).

- *code*: another value makes another crate.
- *documentation*: another value makes other documentation, which holds it.
- *nothing*: it has no effect, for the reason that is given.
- *gap*: it should have an effect and has none, which is reported by the code that is given, once for each keyword, with its place.
  `--deny gaps` makes that an error, `[accept]` in the settings accepts it.

A keyword without a version is none of the specification's: tools write it, and it is read. Where a document uses a keyword of a
version other than its own in a schema, it is read as that version means it.

";

/// The word for what becomes of a keyword, and what there is to say about it.
fn outcome(row: &Row) -> (&'static str, String) {
    match row.outcome {
        Outcome::Expressed => ("code", String::new()),
        Outcome::Documentation => ("documentation", String::new()),
        Outcome::Annotation(reason) => ("nothing", reason.to_owned()),
        Outcome::Gap(code, words) => ("gap", format!("{code}: {words}")),
        Outcome::Reported(code) => ("gap", format!("{code}, where it matters")),
        Outcome::WithinGap => ("gap", "reported with the part that it is in".to_owned()),
    }
}
