//! Inputs that cannot be used, through the command line: the exact message, the exit code, and nothing written.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What a file holds, and what is wrong with it.
const INPUTS: &[(&str, &str, &str)] = &[
    ("empty", "empty.yaml", ""),
    ("nothing but comments", "comments.yaml", "# to be written\n"),
    ("no OpenAPI", "package.json", "{\"name\": \"shop\", \"version\": \"1.0.0\"}\n"),
    ("a list", "list.yaml", "- openapi\n- 3.0.3\n"),
    ("a version of the future", "future.yaml", "openapi: 4.1.0\ninfo: {title: Shop, version: '1'}\npaths: {}\n"),
    ("a page of the web", "page.yaml", "<!DOCTYPE html>\n<html><body>404</body></html>\n"),
    ("broken YAML", "broken.yaml", "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths:\n  /orders/: [get\n"),
    ("broken YAML, a tab", "tab.yaml", "openapi: 3.0.3\ninfo:\n\ttitle: Shop\npaths: {}\n"),
    (
        "broken JSON",
        "broken.json",
        "{\"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"Shop\" \"version\": \"1\"},\n  \"paths\": {}}\n",
    ),
    (
        "a key twice",
        "twice.yaml",
        "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths: {}\ninfo: {title: Mart, version: '2'}\n",
    ),
    ("broken JSON, cut off", "cut.json", "{\"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"Sh"),
];

/// Inputs from which something can be generated all the same: a warning each.
const GAPS: &[(&str, &str, &str)] = &[
    (
        "a reference to nothing",
        "dangling.yaml",
        "openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders/:
    get:
      operationId: ListOrders
      tags: [Orders]
      responses:
        '200':
          description: x
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
",
    ),
    (
        "a reference to a file that is not there",
        "elsewhere.yaml",
        "openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders/:
    get:
      operationId: ListOrders
      tags: [Orders]
      responses:
        '200':
          description: x
          content: {application/json: {schema: {$ref: 'schemas/order.yaml'}}}
",
    ),
];

/// Runs `generate` in a folder: exit code, then standard error.
fn generate(dir: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("generate").args(args).current_dir(dir).output().expect("xtask runs");
    (output.status.code().expect("no signal"), String::from_utf8(output.stderr).expect("text"))
}

fn told(inputs: &[(&str, &str, &str)], code: i32) -> String {
    let mut out = String::new();
    for (title, name, content) in inputs {
        let temp = tempfile::tempdir().expect("a folder");
        fs::write(temp.path().join(name), content).expect("write");
        let (exit, message) = generate(temp.path(), &["--spec", name, "--out", "out", "--name", "shop"]);
        assert_eq!(exit, code, "{title}: {message}");
        assert_eq!(temp.path().join("out").exists(), code == 0, "{title}");
        if code != 0 {
            assert_eq!(fs::read_dir(temp.path()).expect("a folder").count(), 1, "{title}: something was written");
        }
        let _ = writeln!(out, "== {title}\n{message}");
    }
    out
}

#[test]
fn what_cannot_be_used_is_refused() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("refused", told(INPUTS, 2));
    });
}

#[test]
fn what_can_be_used_in_part_is_a_warning() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("gaps", told(GAPS, 0));
    });
}

#[test]
fn a_path_that_is_no_file_is_refused() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut out = String::new();
    fs::create_dir(temp.path().join("folder")).expect("mkdir");
    for spec in ["missing.yaml", "folder", "missing/folder/shop.json"] {
        let (exit, message) = generate(temp.path(), &["--spec", spec, "--out", "out", "--name", "shop"]);
        assert_eq!(exit, 2, "{spec}: {message}");
        assert!(!temp.path().join("out").exists());
        let _ = writeln!(out, "== {spec}\n{message}");
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("no_file", out);
    });
}

#[test]
fn a_run_that_fails_leaves_the_crate_of_the_last_one() {
    let temp = tempfile::tempdir().expect("a folder");
    let spec = temp.path().join("shop.yaml");
    let good = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths: {}\n";
    let args = ["--spec", "shop.yaml", "--out", "out", "--name", "shop", "--lock", "names.lock"];
    fs::write(&spec, good).expect("write");
    assert_eq!(generate(temp.path(), &args).0, 0);
    let state = || -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let mut all = Vec::new();
        let mut folders = vec![temp.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path if path == spec => {}
                    path => all.push((path.clone(), fs::read(path).expect("read"))),
                }
            }
        }
        all.sort();
        all
    };
    let before = state();
    assert!(before.len() > 10);
    fs::write(&spec, good.replace("paths: {}", "paths: [")).expect("write");
    assert_eq!(generate(temp.path(), &args).0, 2);
    assert_eq!(state(), before);
}
