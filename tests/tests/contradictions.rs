//! `--tests` from end to end: a document with every class of contradiction, generated, compiled away from the workspace,
//! and its test run. What it reports is a snapshot: each deviation with its place, and what could not be read.

use generator::{Generated, Inputs};
use std::fs;
use tests::alone::Alone;
use tests::place::root;
use tests::run::generated;

fn generate(settings: Option<&str>) -> Generated {
    let spec = root().join("tests/fixtures/contradictions.yaml");
    let temp = tempfile::tempdir().expect("a folder");
    let config = settings.map(|text| {
        let path = temp.path().join("settings.toml");
        fs::write(&path, text).expect("write");
        path
    });
    generated(&Inputs { spec, config, name: Some("contradictions".into()), tests: true, ..Inputs::default() })
}

/// Runs the test of the crate.
fn run(run: &Generated) -> (bool, String) {
    let alone = Alone::new(env!("CARGO_TARGET_TMPDIR"), "contradictions", run);
    let output = alone.cargo("test", &["--test", "examples"], &["--nocapture"]);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let told =
        |line: &&str| line.contains(" examples: ") || line.starts_with("failure: ") || line.starts_with("deviation: ");
    let mut report: Vec<&str> = out.lines().filter(told).collect();
    // The harness begins its line before the test prints.
    if let Some(first) = report.first_mut() {
        *first = first.rsplit(" ... ").next().unwrap_or(first);
    }
    assert!(!report.is_empty(), "{out}\n{err}");
    (output.status.success(), report.join("\n"))
}

#[test]
fn every_class_of_contradiction_is_read_or_named() {
    let (passed, report) = run(&generate(None));
    assert!(!passed, "what cannot be read fails the test until the settings name it");
    insta::assert_snapshot!("contradictions", report);

    // All that was named as unreadable, listed: the test passes, and says so.
    let named: Vec<&str> = report.lines().filter_map(|l| l.strip_prefix("failure: ")).collect();
    let places: Vec<String> = named.iter().filter_map(|l| Some(format!("{:?}", l.split_once(": ")?.0))).collect();
    let listed = |more: &str| format!("[tests]\ncontradictions = [{}{more}]\n", places.join(", "));
    let (passed, report) = run(&generate(Some(&listed(""))));
    assert!(passed, "{report}");
    assert!(report.contains(&format!(", {} known contradictions, 0 failures", places.len())), "{report}");

    // One that can be read after all must not stay on the list.
    let stale = r##", "#/components/schemas/Part/properties/size/example""##;
    let (passed, report) = run(&generate(Some(&listed(stale))));
    assert!(!passed && report.contains("is no contradiction any more"), "{report}");
}
