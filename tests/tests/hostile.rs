//! Names and texts that are out for trouble: a document of ours has them all. The crate from it, which is called like a word of
//! Rust, is compiled with warnings denied, documented, its documentation's examples run, and every example of it is read and
//! written back.

#[path = "../../generator/tests/unlikely/mod.rs"]
mod unlikely;

use generator::Inputs;
use std::collections::BTreeSet;
use tests::alone::Alone;
use tests::place::root;
use tests::run::{file, generated, told};

#[test]
fn hostile_names_and_texts_compile_and_document() {
    let spec = root().join("tests/fixtures/hostile.yaml");
    let run = generated(&Inputs { spec, name: Some("box".into()), tests: true, ..Inputs::default() });
    // Names that nothing but a number tells apart are said, and a header that cannot be sent; nothing else is wrong with the document
    // but an id that is there twice.
    let told = told(&run);
    let codes = ["warning[W0501]", "warning[W0306]", "warning[W0307]", "note["];
    let others: Vec<&str> = told.lines().filter(|line| !codes.iter().any(|code| line.starts_with(code))).collect();
    assert!(others.is_empty(), "{others:#?}");
    assert!(file(&run, "Cargo.toml").contains("[lib]\nname = \"box_api\"\n"));
    assert!(file(&run, "src/lib.rs").contains("use box_api::"));

    let alone = Alone::new(env!("CARGO_TARGET_TMPDIR"), "hostile", &run);
    let output = alone.cargo("test", &[], &["--nocapture"]);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    let report = out.lines().find(|line| line.contains(" examples: ")).expect("a report");
    let report = report.rsplit(" ... ").next().unwrap_or(report);
    assert!(report.ends_with("0 deviations in 0, 0 unknown members, 0 known contradictions, 0 failures"), "{report}");
    // A fence in a description is text: the only examples are the crate's own three, those of its five modules, one of each operation, and
    // the runtime's.
    let runtime = run.files.iter().filter(|(path, _)| path.starts_with("src/runtime/"));
    let of_operations = run.report.operations;
    let fences =
        |content: &[u8]| String::from_utf8_lossy(content).lines().filter(|l| l.trim() == "/// ```").count() / 2;
    let examples = 8 + of_operations + runtime.map(|(_, content)| fences(content)).sum::<usize>();
    assert!(examples > 30, "{examples}");
    let (running, passed) = (format!("running {examples} tests"), format!("{examples} passed"));
    assert!(out.contains(&running) && out.contains(&passed), "{out}");

    let output = alone.cargo("doc", &["--no-deps"], &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Names that begin with a digit or meet others, schemas that lead back to themselves, and a script without case.
#[test]
fn names_of_digits_and_circles_compile() {
    let japanese = "
openapi: 3.0.3
info: {title: 文書, version: '1'}
paths:
  /a/{文書}:
    get:
      operationId: 文書
      tags: [文書]
      parameters: [{name: 文書, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/文書'}}}}, '204': {description: none}}
components: {schemas: {文書: {type: object, properties: {文書: {type: string, enum: [文書, 中]}}}}}
";
    let temp = tempfile::tempdir().expect("a folder");
    let script = temp.path().join("script.yaml");
    std::fs::write(&script, japanese).expect("write");
    for (name, spec) in [("names", root().join("tests/fixtures/names.yaml")), ("script", script)] {
        let run = generated(&Inputs { spec, name: Some(name.into()), tests: true, ..Inputs::default() });
        let told = told(&run);
        let codes = ["warning[W0501]", "warning[W0323]", "note["];
        let others: Vec<&str> = told.lines().filter(|line| !codes.iter().any(|code| line.starts_with(code))).collect();
        assert!(others.is_empty(), "{others:#?}");
        let alone = Alone::new(env!("CARGO_TARGET_TMPDIR"), name, &run);
        let output = alone.cargo("test", &[], &[]);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{out}\n{err}");
    }
}

/// Every place of a document called by words of which no person would think: hundreds of names in one crate.
#[test]
fn hundreds_of_unlikely_names_compile() {
    let words: BTreeSet<String> = (0..9).flat_map(unlikely::words).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let temp = tempfile::tempdir().expect("a folder");
    let spec = temp.path().join("openapi.json");
    std::fs::write(&spec, unlikely::document(&words, 4).to_string()).expect("write");
    let run = generated(&Inputs { spec, name: Some("unlikely".into()), ..Inputs::default() });
    let told = told(&run);
    let codes = ["warning[W0501]", "warning[W0307]", "note["];
    let others: Vec<&str> = told.lines().filter(|line| !codes.iter().any(|code| line.starts_with(code))).collect();
    assert!(others.is_empty(), "{others:#?}");
    let output = Alone::new(env!("CARGO_TARGET_TMPDIR"), "unlikely", &run).cargo("check", &[], &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
