//! `spec/belvo.yaml` before Redocly's linter: the recommended rules, and every example against its schema, nullable honoured.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use tests::node;
use tests::place::root;

/// Examples of our document that are right where it is wrong: the overlay makes a number of this text.
const CORRECTED: &[&str] =
    &["FinancialStatement/properties/year/example", "example/year", "example/0/year", "example/results/0/year"];

/// Runs the linter with our rules over a document and counts what it finds: severity and rule → how often.
fn lint(modules: &Path, document: &Path) -> BTreeMap<(String, String), u64> {
    let mut command: Command = node::script(modules, "@redocly/cli/bin/cli.js");
    command.arg("lint").arg(document).arg("--config").arg(root().join("spec/redocly.yaml"));
    let run = command.args(["--format", "json", "--max-problems", "100000"]).output().expect("node starts");
    let report: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|e| {
        panic!("{e}: {}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr))
    });
    let mut counts = BTreeMap::new();
    for problem in report["problems"].as_array().expect("a list of problems") {
        let word = |key: &str| problem[key].as_str().expect("a word").to_owned();
        let place = problem["location"][0]["pointer"].as_str().unwrap_or_default();
        if CORRECTED.iter().any(|end| place.ends_with(end)) {
            continue;
        }
        *counts.entry((word("severity"), word("ruleId"))).or_default() += 1;
    }
    counts
}

#[test]
fn the_linter_has_no_error_and_knows_the_examples() {
    let Some(modules) = node::modules(Path::new(env!("CARGO_TARGET_TMPDIR"))) else { return };
    let found = lint(&modules, &root().join("spec/belvo.yaml"));
    let errors: Vec<_> = found.iter().filter(|((severity, _), _)| severity == "error").collect();
    assert!(errors.is_empty(), "{errors:?}");
    // The contradictions of the API's document; whatever else it warns of is ours to mend.
    let facts = ["no-illogical-composition-keywords", "no-required-schema-properties-undefined"];
    let others: Vec<_> = found.keys().filter(|(_, rule)| !facts.contains(&rule.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");

    // It would have seen a wrong one: in a small document, a number for a text, a null and a member that is missing.
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("broken.yaml");
    fs::write(&broken, BROKEN).expect("write");
    let found = lint(&modules, &broken);
    let of = |rule: &str| found.get(&("error".to_owned(), rule.to_owned())).copied();
    assert_eq!(
        (of("no-invalid-schema-examples"), of("no-invalid-media-type-examples")),
        (Some(2), Some(1)),
        "{found:?}"
    );
}

const BROKEN: &str = r#"
openapi: 3.0.2
info: {title: Plants, version: '1', description: Plants.}
servers: [{url: https://plants.invalid}]
security: [{key: []}]
paths:
  /plants/:
    get:
      operationId: ListPlants
      summary: Plants
      responses:
        '200':
          description: A plant.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Plant'}
              example: {year: '2024'}
        '400': {description: No.}
components:
  securitySchemes: {key: {type: http, scheme: basic}}
  schemas:
    Plant:
      type: object
      required: [name]
      properties:
        name: {type: string, example: null}
        other: {type: string, nullable: true, example: null}
        year: {type: string, example: 2024}
"#;
