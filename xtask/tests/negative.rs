//! Inputs that cannot be used, through the command line: the exact message, the exit code, and nothing written.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs `generate` in a folder: exit code, then standard error.
fn generate(dir: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("generate").args(args).current_dir(dir).output().expect("xtask runs");
    (output.status.code().expect("no signal"), String::from_utf8(output.stderr).expect("text"))
}

/// What is said of a file with this content; nothing is written.
fn refused(name: &str, content: &str) -> String {
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join(name), content).expect("write");
    let (exit, message) = generate(temp.path(), &["--spec", name, "--out", "out", "--name", "shop"]);
    let files = fs::read_dir(temp.path()).expect("a folder").count();
    assert_eq!((exit, files), (2, 1), "{name}: {message}");
    message
}

#[test]
fn what_is_empty_or_something_else_is_refused() {
    insta::assert_snapshot!(refused("empty.yaml", ""), @r"
    error[E0105]: the file is empty
     --> empty.yaml:1:1
      |
    1 |
      | ^
    ");
    insta::assert_snapshot!(refused("comments.yaml", "# to be written\n"), @r"
    error[E0105]: the file holds nothing but comments
     --> comments.yaml:1:1
      |
    1 | # to be written
      | ^
    ");
    insta::assert_snapshot!(refused("package.json", r#"{"name": "shop", "version": "1.0.0"}"#), @r#"
    error[E0114]: this is not an OpenAPI document: there is neither `openapi` nor `swagger`
     --> package.json:1:1
      |
    1 | {"name": "shop", "version": "1.0.0"}
      | ^
      |
      = help: an OpenAPI document starts with `openapi: 3.0.3` or `swagger: "2.0"`
    "#);
    insta::assert_snapshot!(refused("list.yaml", "- openapi\n- 3.0.3\n"), @r"
    error[E0113]: an OpenAPI document is an object at the top, this is an array
     --> list.yaml:1:1
      |
    1 | - openapi
      | ^
    ");
    insta::assert_snapshot!(refused("page.yaml", "<!DOCTYPE html>\n<html><body>404</body></html>\n"), @r"
    error[E0112]: this is an HTML page, not an OpenAPI document
     --> page.yaml:1:1
      |
    1 | <!DOCTYPE html>
      | ^^^^^^^^^
      |
      = help: look for the address of the raw document: it ends in .yaml or .json more often than not
    ");
    insta::assert_snapshot!(refused("future.yaml", "openapi: 4.1.0\ninfo: {title: Shop, version: '1'}\npaths: {}\n"), @r"
    error[E0115]: OpenAPI 4.1.0 is not a version that can be read
     --> future.yaml:1:10  #/openapi
      |
    1 | openapi: 4.1.0
      |          ^^^^^
      |
      = help: Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 can be read
    ");
}

#[test]
fn broken_yaml_is_refused_where_it_breaks() {
    insta::assert_snapshot!(refused("broken.yaml", "openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders/: [get
"), @r"
    error[E0107]: did not find expected ',' or ']'
     --> broken.yaml:5:1
      |
    5 |
      | ^
      |
     ::: broken.yaml:4:13
      |
    4 |   /orders/: [get
      |             - while parsing a flow sequence
    ");
    insta::assert_snapshot!(refused("tab.yaml", "openapi: 3.0.3\ninfo:\n\ttitle: Shop\npaths: {}\n"), @r"
    error[E0107]: found character that cannot start any token
     --> tab.yaml:3:1
      |
    3 |  title: Shop
      | ^
      |
      = help: YAML is indented with blanks, never with tabs
    ");
}

#[test]
fn broken_json_is_refused_where_it_breaks() {
    insta::assert_snapshot!(refused("broken.json", "{\"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"Shop\" \"version\": \"1\"},\n  \"paths\": {}}\n"), @r#"
    error[E0106]: found `"` where `,` or `}` should be
     --> broken.json:2:28
      |
    2 |   "info": {"title": "Shop" "version": "1"},
      |                            ^
      |
     ::: broken.json:2:11
      |
    2 |   "info": {"title": "Shop" "version": "1"},
      |           - this `{` is still open
    "#);
    insta::assert_snapshot!(refused("cut.json", "{\"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"Sh"), @r#"
    error[E0106]: the file ends within a string
     --> cut.json:2:24
      |
    2 |   "info": {"title": "Sh
      |                        ^
      |
     ::: cut.json:2:21
      |
    2 |   "info": {"title": "Sh
      |                     - the string starts here
    "#);
}

/// A document with a key that is there twice and a keyword that is not expressed.
const TWICE: &str = "openapi: 3.1.0
info: {title: Shop, version: '1'}
paths: {}
info: {title: Mart, version: '2'}
components: {schemas: {Order: {type: object, properties: {id: {type: string}}, propertyNames: {pattern: '^a'}}}}
";

#[test]
fn a_key_twice_costs_its_place_unless_it_is_denied() {
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("twice.yaml"), TWICE).expect("write");
    let args = ["--spec", "twice.yaml", "--out", "out", "--name", "shop"];
    let (exit, denied) = generate(temp.path(), &[&args[..], &["--deny", "gaps"]].concat());
    assert_eq!((exit, fs::read_dir(temp.path()).expect("a folder").count()), (1, 1), "{denied}");
    insta::assert_snapshot!(denied, @r"
    warning[W0101]: the key `info` is here a second time
     --> twice.yaml:4:1  #/info
      |
    4 | info: {title: Mart, version: '2'}
      | ^^^^
      |
     ::: twice.yaml:2:1
      |
    2 | info: {title: Shop, version: '1'}
      | ---- the first one, whose value is lost
      |
      = help: the last one counts; remove or rename one of them
    1 note: `--format json` lists them
    note[N0202]: `propertyNames` is not expressed in the generated types
     --> twice.yaml:5:80  #/components/schemas/Order/propertyNames
      |
    5 | components: {schemas: {Order: {type: object, properties: {id: {type: string}}, propertyNames: {pattern: '^a'}}}}
      |                                                                                ^^^^^^^^^^^^^
    error: 2 findings are denied; `[accept]` in the settings accepts one by its code and pointer
    ");
    assert_eq!(generate(temp.path(), &args).0, 0);
    let made = fs::read_to_string(temp.path().join("out/src/lib.rs")).expect("a crate");
    assert!(made.contains("Mart"), "the last one counts");
}

#[test]
fn what_is_accepted_is_not_denied_and_what_is_not_there_is_said() {
    let temp = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(temp.path().join(name), text).expect("write");
    write("twice.yaml", TWICE);
    write(
        "shop.toml",
        "[accept.W0101]
'#/info' = 'the second one is right'
[accept.N0202]
'#/components' = 'the server checks it'
'#/paths' = 'there is none'
",
    );
    let with = |deny: &str| {
        let args = ["--spec", "twice.yaml", "--config", "shop.toml", "--out", "out", "--name", "shop", "--deny", deny];
        let run = generate(temp.path(), &args);
        (run.0, temp.path().join("out").exists(), run.1)
    };
    let (exit, written, said) = with("warnings");
    assert_eq!((exit, written), (1, false), "{said}");
    insta::assert_snapshot!(said, @r"
    warning[W0912]: there is no N0202 at or below `#/paths` to accept
     --> shop.toml:5:13
      |
    5 | '#/paths' = 'there is none'
      |             ^^^^^^^^^^^^^^^
      |
      = help: remove the entry, or correct its pointer
    2 notes: `--format json` lists them
    error: 1 finding is denied; `[accept]` in the settings accepts one by its code and pointer
    ");
    let (exit, written, said) = with("gaps");
    assert_eq!((exit, written), (0, true), "{said}");
}

/// A document with one operation that gives what `reference` leads to.
fn giving(reference: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Shop, version: '1'}}
paths:
  /orders/:
    get:
      operationId: ListOrders
      tags: [Orders]
      responses:
        '200':
          description: x
          content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}
"
    )
}

#[test]
fn what_can_be_used_in_part_is_a_warning() {
    let warned = |name: &str, reference: &str| {
        let temp = tempfile::tempdir().expect("a folder");
        fs::write(temp.path().join(name), giving(reference)).expect("write");
        let (exit, message) = generate(temp.path(), &["--spec", name, "--out", "out", "--name", "shop"]);
        assert_eq!((exit, temp.path().join("out").exists()), (0, true), "{message}");
        message
    };
    insta::assert_snapshot!(warned("dangling.yaml", "#/components/schemas/Order"), @r"
    warning[W0301]: reference `#/components/schemas/Order` leads nowhere
      --> dangling.yaml:11:55  #/paths/~1orders~1/get/responses/200/content/application~1json/schema
       |
    11 |           content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
       |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(warned("elsewhere.yaml", "schemas/order.yaml"), @r"
    warning[W0107]: there is no file `schemas/order.yaml`
      --> elsewhere.yaml:11:55  #/paths/~1orders~1/get/responses/200/content/application~1json/schema/$ref
       |
    11 |           content: {application/json: {schema: {$ref: 'schemas/order.yaml'}}}
       |                                                       ^^^^^^^^^^^^^^^^^^^^
    warning[W0301]: reference `schemas/order.yaml` leads to a file that was not read
      --> elsewhere.yaml:11:55  #/paths/~1orders~1/get/responses/200/content/application~1json/schema
       |
    11 |           content: {application/json: {schema: {$ref: 'schemas/order.yaml'}}}
       |                                                       ^^^^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn a_path_that_is_no_file_is_refused() {
    let temp = tempfile::tempdir().expect("a folder");
    fs::create_dir(temp.path().join("folder")).expect("mkdir");
    let refused = |spec: &str| {
        let (exit, message) = generate(temp.path(), &["--spec", spec, "--out", "out", "--name", "shop"]);
        assert_eq!((exit, temp.path().join("out").exists()), (2, false), "{spec}: {message}");
        message
    };
    insta::assert_snapshot!(refused("missing.yaml"), @r"
    error[E0101]: there is no file `missing.yaml`
      = help: name the OpenAPI document with `--spec FILE`; without it, it is `spec/belvo.yaml`
    ");
    insta::assert_snapshot!(refused("folder"), @r"
    error[E0102]: `folder` is a folder, not a file
      = help: name the document in it, for example `openapi.yaml`
    ");
    insta::assert_snapshot!(refused("missing/folder/shop.json"), @r"
    error[E0101]: there is no file `missing/folder/shop.json`
      = help: name the OpenAPI document with `--spec FILE`; without it, it is `spec/belvo.yaml`
    ");
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
