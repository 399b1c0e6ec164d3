//! `emit::check`: which files differ, what made them differ, and how it is told.

use generator::emit::{self, Cause, CheckReport, FileSet, Finding, MANIFEST_NAME, Manifest, Place, Provenance, State};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn files(list: &[(&str, &str)]) -> FileSet {
    let mut files = FileSet::new();
    for (path, text) in list {
        files.insert(*path, *text);
    }
    files
}

fn inputs() -> Provenance {
    Provenance {
        document: "document 1".into(),
        settings: Some("settings 1".into()),
        overlays: vec!["overlay 1".into()],
        lock: Some("lock 1".into()),
        lock_read: Some("lock 1".into()),
        options: String::new(),
        generator: "generator 1".into(),
    }
}

const FILES: &[(&str, &str)] = &[("Cargo.toml", "[package]\n"), ("src/a.rs", "a\nb\nc\n"), ("src/lib.rs", "mod a;\n")];

fn generated(dir: &Path) {
    let files = files(FILES);
    emit::write(dir, &files, &Manifest::new(inputs(), &files)).expect("written");
}

fn check(dir: &Path, list: &[(&str, &str)], inputs: Provenance) -> CheckReport {
    let files = files(list);
    let mut report = emit::check(dir, &files, &Manifest::new(inputs, &files)).expect("checked");
    report.mend = "cargo xtask generate".into();
    for finding in &mut report.findings {
        finding.path = finding.path.replace(&format!("{}/", dir.display()), "generated/");
        finding.diff = finding.diff.replace(&dir.display().to_string()[1..], "generated");
    }
    report
}

fn told(report: &CheckReport) -> Vec<(String, State, Vec<Cause>)> {
    let of = |f: &Finding| (f.path.clone(), f.state, f.causes.clone());
    report.findings.iter().map(of).collect()
}

fn one(path: &str, state: State, causes: &[Cause]) -> Vec<(String, State, Vec<Cause>)> {
    vec![(format!("generated/{path}"), state, causes.to_vec())]
}

#[test]
fn a_right_folder_is_fresh_also_with_crlf_and_build_products() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    generated(out);
    fs::create_dir(out.join("target")).expect("mkdir");
    fs::write(out.join("target/x.rs"), "").expect("write");
    fs::write(out.join("Cargo.lock"), "").expect("write");
    fs::write(out.join("src/a.rs"), "a\r\nb\r\nc\r\n").expect("write");
    let report = check(out, FILES, inputs());
    assert!(report.is_fresh(), "{report:?}");
    assert_eq!(emit::human(&report), "up to date: 3 files\n");
}

#[test]
fn every_input_is_named_as_the_cause() {
    let temp = tempfile::tempdir().expect("temp dir");
    generated(temp.path());
    let changed: &[(&str, &str)] = &[FILES[0], ("src/a.rs", "a\nB\nc\n"), FILES[2]];
    type Change = fn(&mut Provenance);
    let cases: [(Cause, Change); 7] = [
        (Cause::Document, |p| p.document = "document 2".into()),
        (Cause::Settings, |p| p.settings = None),
        (Cause::Overlay, |p| p.overlays.push("overlay 2".into())),
        (Cause::Lock, |p| p.lock_read = Some("edited".into())),
        (Cause::Options, |p| p.options = "--name other".into()),
        (Cause::Generator, |p| p.generator = "generator 2".into()),
        // Nothing else moved: it can only be the generator.
        (Cause::Generator, |_| ()),
    ];
    for (cause, change) in cases {
        let mut now = inputs();
        change(&mut now);
        let report = check(temp.path(), changed, now);
        assert_eq!(told(&report), one("src/a.rs", State::Stale, &[cause]));
        assert_eq!((report.causes.as_slice(), report.fresh), ([cause].as_slice(), 2));
    }
    let mut now = inputs();
    now.lock = Some("what this run will write".into());
    now.document = "document 2".into();
    assert_eq!(check(temp.path(), changed, now).causes, [Cause::Document], "a lock that follows is no cause");
}

#[test]
fn new_and_obsolete_files_have_the_same_cause() {
    let temp = tempfile::tempdir().expect("temp dir");
    generated(temp.path());
    let now = Provenance { document: "document 2".into(), ..inputs() };
    let report = check(temp.path(), &[FILES[0], ("src/b.rs", "b\n"), FILES[2]], now);
    assert_eq!(
        told(&report),
        [
            ("generated/src/a.rs".into(), State::Obsolete, vec![Cause::Document]),
            ("generated/src/b.rs".into(), State::New, vec![Cause::Document]),
        ]
    );
}

#[test]
fn a_hand_is_told_from_an_input() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    generated(out);
    fs::write(out.join("src/a.rs"), "a\nedited\nc\n").expect("write");
    let report = check(out, FILES, inputs());
    assert_eq!(told(&report), one("src/a.rs", State::Edited, &[Cause::Hand]));
    assert_eq!(report.findings[0].line, 2);
    assert_eq!(
        report.findings[0].diff,
        "--- a/generated/src/a.rs\n+++ b/generated/src/a.rs\n@@ -1,3 +1,3 @@\n a\n-edited\n+b\n c\n"
    );

    fs::remove_file(out.join("src/a.rs")).expect("rm");
    fs::write(out.join("src/notes.txt"), "").expect("write");
    fs::write(out.join(".editor"), "").expect("write");
    assert_eq!(
        told(&check(out, FILES, inputs())),
        [
            ("generated/src/a.rs".into(), State::Missing, vec![Cause::Hand]),
            ("generated/src/notes.txt".into(), State::Foreign, vec![Cause::Hand]),
        ]
    );
}

#[test]
fn an_edited_file_that_is_stale_too_has_both_causes() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    generated(out);
    fs::write(out.join("src/a.rs"), "edited\n").expect("write");
    let now = Provenance { settings: Some("settings 2".into()), ..inputs() };
    let report = check(out, &[FILES[0], ("src/a.rs", "A\n"), FILES[2]], now);
    assert_eq!(told(&report), one("src/a.rs", State::Edited, &[Cause::Hand, Cause::Settings]));
}

#[test]
fn a_record_that_is_behind_is_stale_unless_only_the_generator_moved() {
    let temp = tempfile::tempdir().expect("temp dir");
    generated(temp.path());
    let generator = Provenance { generator: "generator 2".into(), ..inputs() };
    assert!(check(temp.path(), FILES, generator).is_fresh());
    let document = Provenance { document: "document 2".into(), ..inputs() };
    let report = check(temp.path(), FILES, document);
    assert_eq!(told(&report), one(MANIFEST_NAME, State::Stale, &[Cause::Document]));
    assert!(report.findings[0].diff.contains("-    \"document\": \"document 1\""), "{}", report.findings[0].diff);
}

#[test]
fn a_missing_folder_is_all_new_and_a_foreign_one_says_so() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path().join("out");
    let report = check(&out, FILES, inputs());
    assert_eq!(report.findings.len(), 4);
    assert!(report.findings.iter().all(|f| f.state == State::New && f.causes.is_empty()));
    fs::create_dir(&out).expect("mkdir");
    fs::write(out.join("thesis.txt"), "").expect("write");
    let report = check(&out, FILES, inputs());
    assert!(report.findings.iter().any(|f| f.state == State::Foreign && f.path == "generated/thesis.txt"));
}

#[test]
fn a_stopped_run_is_told() {
    let temp = tempfile::tempdir().expect("temp dir");
    generated(temp.path());
    fs::create_dir(temp.path().join(".generator-journal")).expect("mkdir");
    let report = check(temp.path(), FILES, inputs());
    assert!(!report.is_fresh());
    assert_eq!(report.causes, [Cause::Interrupted]);
    assert!(emit::human(&report).contains("a run was stopped before it was done"));
}

#[test]
fn the_lock_is_compared_too() {
    let temp = tempfile::tempdir().expect("temp dir");
    let path = temp.path().join("names.lock");
    let finding = emit::check_file(&path, b"a\n", vec![Cause::Document]).expect("checked").expect("differs");
    assert_eq!((finding.state, finding.causes), (State::New, vec![Cause::Document]));
    fs::write(&path, "a\r\n").expect("write");
    assert_eq!(emit::check_file(&path, b"a\n", Vec::new()).expect("checked"), None);
}

fn stale_report() -> CheckReport {
    let temp = tempfile::tempdir().expect("temp dir");
    generated(temp.path());
    fs::write(temp.path().join("src/x, y.rs"), "").expect("write");
    let now = Provenance { document: "document 2".into(), ..inputs() };
    check(temp.path(), &[FILES[0], ("src/a.rs", "a\nB\nc\n"), ("src/lib.rs", "mod a;\nmod b;\n")], now)
}

fn in_the_document(finding: &Finding) -> Option<Place> {
    (finding.state == State::Stale).then(|| Place { file: "spec/a document.yaml".into(), line: 7, column: 3 })
}

#[test]
fn a_person_reads_diff_files_cause_and_remedy() {
    let text = emit::human(&stale_report());
    assert_eq!(
        text,
        "\
--- a/generated/src/a.rs
+++ b/generated/src/a.rs
@@ -1,3 +1,3 @@
 a
-b
+B
 c
--- a/generated/src/lib.rs
+++ b/generated/src/lib.rs
@@ -1 +1,2 @@
 mod a;
+mod b;

   stale  generated/src/a.rs
   stale  generated/src/lib.rs
 foreign  generated/src/x, y.rs

3 files are not as they would be generated: 2 stale, 1 foreign
   cause: the document changed
   cause: someone changed the output folder by hand
    note: move the foreign files away: the folder is wholly generated
    mend: cargo xtask generate
"
    );
}

#[test]
fn github_gets_one_annotation_a_place() {
    let text = emit::github(&stale_report(), &in_the_document);
    assert_eq!(
        text,
        "\
::error file=generated/src/x%2C y.rs,line=1,col=1,title=the generated output is not up to date::1 file is not as it \
would be generated: 1 foreign%0Aforeign: generated/src/x, y.rs%0Acause: someone changed the output folder by \
hand%0Amend: cargo xtask generate
::error file=spec/a document.yaml,line=7,col=3,title=the generated output is not up to date::2 files are not as they \
would be generated: 2 stale%0Astale: generated/src/a.rs%0Astale: generated/src/lib.rs%0Acause: the document \
changed%0Amend: cargo xtask generate
"
    );
}

#[test]
fn sarif_has_rules_results_and_places() {
    let log = emit::sarif(&stale_report(), &in_the_document);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("index")).expect("small");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
    }
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "spec/a%20document.yaml");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&Value::from(7), &Value::from(3)));
}

#[test]
fn json_has_everything() {
    let object = emit::json(&stale_report());
    assert_eq!(object["fresh"], false);
    assert_eq!(object["files"], 4);
    assert_eq!(object["causes"], serde_json::json!(["document", "hand"]));
    assert_eq!(object["findings"][0]["state"], "stale");
    assert_eq!(object["findings"][0]["line"], 2);
    assert_eq!(object["mend"], "cargo xtask generate");
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_makes_a_command_of_its_own() {
    let forged =
        ["x\n::error ::forged", "x\r::add-mask::y", "x\u{1b}[2K%0A::warning ::z", "x\u{202e},file=y", "##[error]x"];
    for name in forged {
        let temp = tempfile::tempdir().expect("temp dir");
        generated(temp.path());
        fs::write(temp.path().join("src").join(name), "").expect("write");
        let text = emit::github(&check(temp.path(), FILES, inputs()), &|_| None);
        assert_eq!(text.lines().count(), 1, "{text:?}");
        assert!(text.starts_with("::error file="), "{text:?}");
        assert!(!text.trim_end().contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
        let (properties, _) = text[2..].split_once("::").expect("properties");
        assert_eq!(properties.matches("file=").count(), 1 + name.matches("file=").count(), "{text:?}");
        assert_eq!(properties.matches(',').count(), 3, "{text:?}");
    }
}
