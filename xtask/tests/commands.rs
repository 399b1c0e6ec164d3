//! The command line as scripts meet it: exit codes, JSON objects, what is on disk afterwards.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const DOCUMENT: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths: {}\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_path_buf()
}

fn xtask(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(args).current_dir(root()).output().expect("xtask runs")
}

/// A folder with a document, and the paths of the document and of an output folder.
fn shop() -> (TempDir, String, String) {
    let temp = tempfile::tempdir().expect("temp dir");
    let spec = temp.path().join("shop.yaml");
    fs::write(&spec, DOCUMENT).expect("write");
    let out = temp.path().join("out");
    (temp, spec.display().to_string(), out.display().to_string())
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

fn object(output: &Output) -> Value {
    serde_json::from_str(&stdout(output)).unwrap_or_else(|e| panic!("{e}: {} {}", stdout(output), stderr(output)))
}

#[test]
fn generate_then_check_is_fresh_and_an_edit_is_found() {
    let (_temp, spec, out) = shop();
    let inputs = ["--spec", &spec, "--out", &out, "--name", "shop"];
    let generated = xtask(&[&["generate"], &inputs[..]].concat());
    assert_eq!(code(&generated), 0, "{}", stderr(&generated));
    assert!(!fs::read_to_string(format!("{out}/Cargo.toml")).expect("a crate").contains("[workspace"));
    let check = || xtask(&[&["check"], &inputs[..]].concat());
    assert_eq!(code(&check()), 0);

    fs::write(format!("{out}/src/lib.rs"), "edited\n").expect("write");
    let checked = check();
    assert_eq!(code(&checked), 1);
    let text = stdout(&checked);
    assert!(text.contains("-edited\n") && text.contains("cause: someone changed the output folder by hand"), "{text}");
    let mend = text.lines().find_map(|line| line.trim().strip_prefix("mend: cargo xtask ")).expect("a command");
    assert_eq!(code(&xtask(&mend.split(' ').collect::<Vec<_>>())), 0);
    assert_eq!(code(&check()), 0);

    fs::write(&spec, DOCUMENT.replace("Shop", "Mart")).expect("write");
    let checked = xtask(&[&["check"], &inputs[..], &["--format", "json"]].concat());
    assert_eq!(code(&checked), 1);
    assert!(object(&checked)["causes"].as_array().expect("causes").contains(&Value::from("document")));
    for format in ["github", "sarif"] {
        let checked = xtask(&[&["check"], &inputs[..], &["--format", format]].concat());
        assert_eq!(code(&checked), 1);
        assert!(stdout(&checked).contains("shop.yaml"), "{format}: {}", stdout(&checked));
    }
}

#[test]
fn generate_prints_one_object() {
    let (_temp, spec, out) = shop();
    let generated = xtask(&["generate", "--spec", &spec, "--out", &out, "--name", "shop", "--format", "json"]);
    let object = object(&generated);
    for key in ["operations", "skipped_operations", "schemas", "files", "lines", "elapsed_ms"] {
        assert!(object[key].is_u64(), "{key}: {object}");
    }
    assert!(object["diagnostics"].is_array());
    assert_eq!(code(&generated), 0);
}

#[test]
fn a_run_with_nothing_to_do_says_what_the_last_one_said_and_anything_else_is_done() {
    let (temp, spec, out) = shop();
    // A warning, in a second file.
    let part = temp.path().join("part.yaml");
    let types = |name: &str| format!("S: {{type: object, required: [{name}], properties: {{a: {{type: string}}}}}}\n");
    fs::write(&part, types("gone")).expect("write");
    let lock = temp.path().join("names.lock");
    let operation = "paths: {/a: {get: {operationId: a, responses: {'200': {description: x, content: {application/json: {schema: {$ref: 'part.yaml#/S'}}}}}}}}\n";
    fs::write(&spec, DOCUMENT.replace("paths: {}\n", operation)).expect("write");
    let lock_text = lock.display().to_string();
    let run = || {
        let output = xtask(&["generate", "--spec", &spec, "--out", &out, "--name", "shop", "--lock", &lock_text]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        (stderr(&output), stdout(&output).lines().last().unwrap_or_default().to_owned())
    };
    let record = Path::new(&out).join("target/generated-from.json");
    // The record tells whether a run did anything: the other runs write it anew.
    let idle = || {
        let mark = |text: &str| text.replace("W0304", "W0304 again");
        let text = fs::read_to_string(&record).expect("a record");
        assert!(text.contains("W0304"), "{text}");
        fs::write(&record, mark(&text)).expect("write");
        let (said, counts) = run();
        (said.contains("W0304 again"), counts)
    };
    let (first, counts) = run();
    assert!(first.contains("W0304") && counts.contains(" new, 0 changed"), "{first}{counts}");
    // The lock is there now.
    assert!(!idle().0);
    let (is_idle, counts) = idle();
    assert!(is_idle && counts.starts_with("0 new, 0 changed, 0 removed, "), "{counts}");
    let written: usize =
        counts.trim_end_matches(" as they were").rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!(written > 50, "{counts}");

    let edited = Path::new(&out).join("src/lib.rs");
    fs::write(&edited, "edited\n").expect("write");
    let (is_idle, counts) = idle();
    assert!(!is_idle && counts.starts_with("0 new, 1 changed"), "{counts}");
    assert!(idle().0);
    fs::remove_file(&edited).expect("remove");
    assert!(!idle().0 && edited.is_file());
    fs::write(&part, types("lost")).expect("write");
    assert!(!idle().0);
    assert!(idle().0);
    fs::write(&lock, format!("{}\n", fs::read_to_string(&lock).expect("a lock"))).expect("write");
    assert!(!idle().0);
    let other = xtask(&["generate", "--spec", &spec, "--out", &out, "--name", "mart", "--lock", &lock_text]);
    assert!(!stdout(&other).contains(", 0 changed, "), "{}", stdout(&other));
    // What cannot be read is as good as none.
    fs::write(&record, "{").expect("write");
    assert!(run().1.contains(" changed, "));
}

#[test]
fn bad_input_is_exit_2_with_a_place_and_nothing_written() {
    let (temp, spec, out) = shop();
    let dir = temp.path().display().to_string();
    let file = |name: &str, text: &str| {
        let path = temp.path().join(name);
        fs::write(&path, text).expect("write");
        path.display().to_string()
    };
    let settings = file("bad.toml", "[crate]\nnam = \"x\"\n");
    let lock = file("bad.lock", "#/a | type | f | A\n<<<<<<< ours\n");
    let empty = file("empty.yaml", "");
    let broken = file("broken.json", "{\"openapi\": \"3.0.0\",\n  \"info\": }\n");
    let missing = format!("{dir}/missing.yaml");
    let cases: &[(&[&str], &str)] = &[
        (&["--spec", &missing], "missing.yaml"),
        (&["--spec", &dir], "folder"),
        (&["--spec", &empty], "empty.yaml"),
        (&["--spec", &broken], "broken.json:2:11"),
        (&["--spec", &spec, "--config", &settings], "bad.toml:2:1"),
        (&["--spec", &spec, "--config", &missing], "missing.yaml"),
        (&["--spec", &spec, "--overlay", &missing], "missing.yaml"),
        (&["--spec", &spec, "--lock", &lock], "bad.lock:2:1"),
    ];
    for (args, expected) in cases {
        let human = xtask(&[&["generate", "--out", &out], *args].concat());
        assert_eq!(code(&human), 2, "{args:?}: {}", stderr(&human));
        assert!(stderr(&human).contains(expected), "{args:?}: {}", stderr(&human));
        let json = xtask(&[&["generate", "--out", &out, "--format", "json"], *args].concat());
        assert_eq!(code(&json), 2);
        let object = object(&json);
        assert!(object["diagnostics"].as_array().is_some_and(|list| list.iter().any(|d| d["severity"] == "error")));
        assert_eq!(code(&xtask(&[&["check", "--out", &out], *args].concat())), 2);
        assert!(!Path::new(&out).exists(), "{args:?}");
    }
    fs::create_dir(&out).expect("mkdir");
    fs::write(format!("{out}/thesis.txt"), "").expect("write");
    let lock = format!("{dir}/names.lock");
    let refused = xtask(&["generate", "--spec", &spec, "--out", &out, "--lock", &lock]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("error[E0601]"), "{}", stderr(&refused));
    assert!(!Path::new(&lock).exists() && fs::read_dir(&out).expect("a folder").count() == 1);
}

#[test]
fn the_lock_is_written_and_checked() {
    let (temp, spec, out) = shop();
    let lock = temp.path().join("names.lock");
    let path = lock.display().to_string();
    let inputs = ["--spec", &spec, "--out", &out, "--name", "shop", "--lock", &path];
    assert_eq!(code(&xtask(&[&["generate"], &inputs[..]].concat())), 0);
    let text = fs::read_to_string(&lock).expect("a lock");
    assert_eq!(code(&xtask(&[&["check"], &inputs[..]].concat())), 0);
    fs::write(&lock, format!("{text}# by hand\n")).expect("write");
    let checked = xtask(&[&["check"], &inputs[..]].concat());
    assert_eq!(code(&checked), 1);
    assert!(stdout(&checked).contains("cause: the locked names changed"), "{}", stdout(&checked));
}

#[test]
fn the_command_line_is_checked() {
    let (_temp, spec, _) = shop();
    for args in [
        &["nonsense"][..],
        &["generate", "--frobnicate"],
        &["generate", "--spec", &spec],
        &["check", "--format", "xml"],
        &["diff", "a.json", "b.json"],
        &["fetch", "no-such-file.json"],
        &["bench", "--only", "nonsense"],
        &["explain", "nonsense"],
        &["explain"],
        &["explain", "--keywords", "E0601"],
        &["check", "--deny", "nonsense"],
        &["corpus", "no/such/folder"],
    ] {
        let output = xtask(args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(!stderr(&output).is_empty(), "{args:?}");
    }
    assert!(stdout(&xtask(&["explain", "--keywords"])).starts_with("# Keywords\n"));
    let page = xtask(&["explain", "e0601"]);
    assert_eq!(code(&page), 0);
    assert!(stdout(&page).starts_with("E0601: the output folder is not the generator's\n"), "{}", stdout(&page));
}

#[test]
fn a_corpus_is_tried_document_by_document() {
    let temp = tempfile::tempdir().expect("temp dir");
    let write = |name: &str, text: &str| {
        let path = temp.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("mkdir");
        fs::write(path, text).expect("write");
    };
    write("good.yaml", DOCUMENT);
    write(
        "deep/good.json",
        "{\"info\": {\"title\": \"x\", \"version\": \"1\"}, \"paths\": {}, \"openapi\" : \"3.0.0\"}",
    );
    write("deep/bad.json", "{\"openapi\": \"3.0.0\", ");
    write("part.yaml", "components: {schemas: {A: {type: string}}}\n# openapi: no\n");
    write("package.json", "{\"name\": \"openapi-tools\", \"keywords\": [\"openapi\"]}");
    write("notes.txt", "openapi: 3.0.0");
    let dir = temp.path().display().to_string();
    let output = xtask(&["corpus", &dir, "--format", "json", "--compile"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let list = object(&output);
    let told: Vec<_> = list
        .as_array()
        .expect("an array")
        .iter()
        .map(|o| (o["document"].as_str().expect("a name"), o["outcome"].as_str().expect("an outcome"), &o["compile"]))
        .collect();
    let (ok, none) = (Value::from("ok"), Value::Null);
    assert_eq!(told, [("deep/bad.json", "refused", &none), ("deep/good.json", "ok", &ok), ("good.yaml", "ok", &ok)]);
    for key in ["operations", "skipped_operations", "schemas", "files", "lines", "elapsed_ms", "check_ms"] {
        assert!(list[1][key].is_u64(), "{key}: {}", list[1]);
    }
    let output = xtask(&["corpus", &dir]);
    assert!(
        stdout(&output).contains("3 documents in ") && stdout(&output).contains("2 ok, 1 refused"),
        "{}",
        stdout(&output)
    );
    assert!(stdout(&output).contains("2 files skipped"), "{}", stdout(&output));
}

#[test]
fn a_document_out_of_time_is_a_timeout() {
    let (temp, _, _) = shop();
    let output = xtask(&["corpus", &temp.path().display().to_string(), "--timeout", "0", "--format", "json"]);
    assert_eq!(code(&output), 1);
    assert_eq!(object(&output)[0]["outcome"], "timeout");
}

#[test]
fn the_licences_the_readme_and_the_script_are_there() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect(name);
    assert!(
        read("LICENSE-MIT").starts_with("MIT License") && read("LICENSE-APACHE").contains("Version 2.0, January 2004")
    );
    let readme = read("README.md");
    assert!(readme.contains("```sh\ncargo xtask generate\ncargo test --workspace\n```"));
    assert!(read(".ci/run").contains("set -euo pipefail") && read(".ci/run").contains("cargo xtask ci"));
}

#[test]
fn bench_says_what_is_missing_and_what_is_no_document() {
    let (_temp, spec, _) = shop();
    let measured = xtask(&["bench", "--only", "reading", "--spec", &spec]);
    assert_eq!(code(&measured), 0, "{}", stderr(&measured));
    let text = stdout(&measured);
    assert!(text.starts_with("# Benchmarks\n") && text.contains("## What is missing\n"), "{text}");
    assert!(text.contains("reading is left out: name bodies with `--bodies FILE`"), "{text}");

    for (args, expected) in [
        (vec!["--spec", "no-such-document.yaml"], "`no-such-document.yaml` is no file"),
        (vec!["--spec", &spec, "--bodies", "no-such-bodies.jsonl"], "`no-such-bodies.jsonl` is no file"),
        (vec!["--spec", &spec, "--document", "no-such-document.json"], "`no-such-document.json` is no file"),
        (vec!["--spec", &spec, "--ploidy", "no-such-program"], "`no-such-program` is no file"),
        (vec!["--spec", &spec, "--mode", "fast"], "invalid value 'fast'"),
        (vec!["--spec", &spec, "--runs", "many"], "invalid value 'many'"),
        (vec!["--spec", &spec, "--oas3-gen", "no-such-program"], "`no-such-program` is no file"),
        // The budget is of the repository's own document.
        (vec!["--spec", &spec, "--guard"], "'--spec <FILE>' cannot be used with '--guard'"),
        (vec!["--accept"], "--guard"),
    ] {
        let refused = xtask(&[&["bench"], &args[..]].concat());
        assert_eq!(code(&refused), 2, "{args:?}");
        assert!(stderr(&refused).contains(expected), "{expected} in {}", stderr(&refused));
    }
}

#[test]
fn what_bodies_show_is_proposed_and_applied_once() {
    let temp = tempfile::tempdir().expect("temp dir");
    let file = |name: &str, text: &str| {
        let path = temp.path().join(name);
        fs::write(&path, text).expect("write");
        path.display().to_string()
    };
    let club = root().join("generator/tests/learn/club.yaml");
    let spec = file("club.yaml", &fs::read_to_string(club).expect("a document"));
    let seen = file(
        "seen.jsonl",
        "{\"op\": \"getMember\", \"status\": 200, \"body\": {\"id\": \"1\", \"joined\": \"2026-01-31\", \"height\": null, \"nick\": \"hunter2\"}}\n",
    );
    let overlay = temp.path().join("overlay.yaml").display().to_string();
    let learn = |args: &[&str]| xtask(&[&["learn", &seen, "--spec", &spec], args].concat());

    let proposed = learn(&[]);
    assert_eq!(code(&proposed), 1, "{}", stderr(&proposed));
    let text = stdout(&proposed).replace(&format!("{}/", temp.path().display()), "");
    insta::assert_snapshot!(text, @r"
    club.yaml:33:17: #/components/schemas/Member/properties/height
      It was null in 1 of 1 recorded body that has it (getMember).
      seen in seen.jsonl:1
      Rust: models::Member::height: f64 → Option<f64>
        - target: $.components.schemas.Member.properties.height
          description: It was null in 1 of 1 recorded body that has it (getMember).
          update:
            nullable: true

    1 proposal from 1 body; semver: major; `--apply` writes them to overlay.learned.yaml
    ");
    let json = object(&learn(&["--format", "json"]));
    assert_eq!(json["proposals"][0]["rust"][0], "models::Member::height: f64 → Option<f64>");
    assert_eq!(json["proposals"][0]["actions"][0]["update"]["nullable"], true);
    assert!(!Path::new(&overlay).exists());

    // Where no overlay is named, the place is said, and what is there is read.
    let unnamed = temp.path().join("overlay.learned.yaml").display().to_string();
    let said = |use_of: &str| {
        format!("no overlay is named: `{unnamed}` {use_of}; other commands read it by `--overlay {unnamed}` only\n")
    };
    assert!(stderr(&proposed).contains(&said("is made by `--apply`")), "{}", stderr(&proposed));
    assert!(!Path::new(&unnamed).exists());
    assert_eq!(code(&learn(&["--overlay", &overlay])), 2);
    for (flags, file) in [(vec!["--apply"], &unnamed), (vec!["--overlay", &overlay, "--apply"], &overlay)] {
        let applied = learn(&flags);
        assert_eq!(code(&applied), 0, "{}", stderr(&applied));
        assert!(stdout(&applied).ends_with(&format!("written to {file}\n")), "{}", stdout(&applied));
        let written = fs::read_to_string(file).expect("an overlay");
        assert_eq!(written.matches("- target: ").count(), 1, "{written}");
        let again = learn(&flags);
        assert_eq!((code(&again), stdout(&again).as_str()), (0, "nothing to propose from 1 body\n"));
        assert_eq!(fs::read_to_string(file).expect("an overlay"), written);
        assert!(![written, stdout(&applied)].concat().contains("hunter2"));
    }
    assert!(!text.contains("hunter2"));
    let again = learn(&["--apply"]);
    assert!(stderr(&again).contains(&said("is read, and `--apply` adds to it")), "{}", stderr(&again));
    fs::remove_file(&unnamed).expect("removed");
    // Without `--apply` it is read as well.
    fs::copy(&overlay, &unnamed).expect("copied");
    assert_eq!(code(&learn(&[])), 0);
    fs::remove_file(&unnamed).expect("removed");
    // An overlay that cannot be continued stays as it is.
    let aliased = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nx-all: &all\n- target: $.components.schemas.Trainer.properties.name\n  update: {nullable: true}\nactions: *all\n";
    fs::write(&overlay, aliased).expect("write");
    let refused = learn(&["--overlay", &overlay, "--apply"]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("overlay.yaml:3:8: no action can be added"), "{}", stderr(&refused));
    assert_eq!(fs::read_to_string(&overlay).expect("an overlay"), aliased);

    let broken = file("broken.jsonl", "\n{\"op\": \"getMember\", body}\n");
    let unknown = file("unknown.jsonl", "{\"op\": \"getPet\", \"body\": {}}\n");
    let unnamed = file("unnamed.jsonl", "{\"body\": {}}\n");
    for (path, place) in [(&broken, "broken.jsonl:2:"), (&unknown, "unknown.jsonl:1:"), (&unnamed, "unnamed.jsonl:1:")]
    {
        let refused = xtask(&["learn", path, "--spec", &spec]);
        assert_eq!(code(&refused), 2, "{path}");
        assert!(stderr(&refused).contains(place), "{}", stderr(&refused));
    }
    assert_eq!(code(&xtask(&["learn", &unnamed, "--spec", &spec, "--operation", "getMember"])), 1);
}
