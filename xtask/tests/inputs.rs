//! Inputs that could do harm: what is no file, what is too large, a name that no crate can have, a document in the place of a
//! much larger one. And the program away from this repository, as `cargo install` leaves it.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DOCUMENT: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths: {}\n";

/// Runs the program in `dir`, where nobody knows of this repository. One that still runs after a minute waits for something that
/// never comes: it is ended, and that is a failure.
fn xtask(dir: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(args).current_dir(dir).env_remove("CARGO_MANIFEST_DIR").stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("xtask runs");
    let start = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().expect("it runs");
            panic!("{args:?} does not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
    let Output { status, stdout, stderr } = child.wait_with_output().expect("its output");
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    (status.code().expect("no signal"), text)
}

fn write(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(name), text).expect("write");
}

/// What is no file, and what the program calls it. On other systems than Unix there are only folders to try.
fn odd_ones(dir: &Path) -> Vec<(String, &'static str)> {
    fs::create_dir(dir.join("folder")).expect("mkdir");
    let mut odd = vec![("folder".to_owned(), "a folder")];
    if cfg!(unix) {
        let made = Command::new("mkfifo").arg(dir.join("pipe")).status().expect("mkfifo");
        assert!(made.success());
        // A link leads to what it leads to.
        odd.extend([("pipe".to_owned(), "a pipe"), ("/dev/zero".to_owned(), "a device")]);
        #[cfg(unix)]
        std::os::unix::fs::symlink("/dev/zero", dir.join("link")).expect("a link");
        #[cfg(unix)]
        drop(std::os::unix::net::UnixListener::bind(dir.join("socket")).expect("a socket"));
        odd.extend([("link".to_owned(), "a device"), ("socket".to_owned(), "a socket")]);
    }
    odd
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = temp.path();
    write(dir, "shop.yaml", DOCUMENT);
    for (path, what) in odd_ones(dir) {
        let path = path.as_str();
        let good = ["generate", "--spec", "shop.yaml", "--out", "out"];
        let as_input = |flag| [&good[..], &[flag, path]].concat();
        let history = format!("[crate]\nchangelog = \"{path}\"\n[document]\nprovenance = \"{path}\"\n");
        write(dir, "history.toml", &history);
        for args in [
            vec!["generate", "--spec", path, "--out", "out"],
            vec!["check", "--spec", path, "--out", "out"],
            vec!["diff", "shop.yaml", path],
            vec!["fetch", path, "--spec", "shop.yaml"],
            as_input("--config"),
            as_input("--overlay"),
            as_input("--lock"),
            [&good[..], &["--config", "history.toml"]].concat(),
        ] {
            let (code, told) = xtask(dir, &args);
            assert_eq!(code, 2, "{args:?}: {told}");
            assert!(told.contains(&format!("is {what}, not a file")), "{args:?}: {told}");
            assert!(!dir.join("out").exists(), "{args:?}");
        }
    }
}

/// What a document refers to costs the reference, as a file that is not there does.
#[test]
fn a_reference_to_what_is_no_file_is_told() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = temp.path();
    for (path, what) in odd_ones(dir).into_iter().filter(|(path, _)| !path.starts_with('/') && path != "link") {
        let schema = format!("{{schemas: {{Order: {{$ref: '{path}#/Order'}}}}}}");
        write(dir, "shop.yaml", &format!("{DOCUMENT}components: {schema}\n"));
        let (code, told) = xtask(dir, &["generate", "--spec", "shop.yaml", "--out", "out", "--name", "shop"]);
        assert_eq!(code, 0, "{told}");
        assert!(told.contains("W0107") && told.contains(&format!("`{path}` is {what}, not a file")), "{told}");
        assert!(told.contains("shop.yaml:4:"), "{told}");
    }
}

#[test]
fn an_output_file_that_is_no_file_is_told() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = temp.path();
    write(dir, "shop.yaml", DOCUMENT);
    let inputs = ["--spec", "shop.yaml", "--out", "out", "--name", "shop"];
    assert_eq!(xtask(dir, &[&["generate"], &inputs[..]].concat()).0, 0);
    let there = dir.join("out/README.md");
    for (path, _) in odd_ones(dir).into_iter().filter(|(path, _)| path == "pipe" || path == "folder") {
        fs::remove_file(&there).expect("it is there");
        fs::rename(dir.join(path), &there).expect("move");
        for command in ["check", "generate"] {
            let (code, told) = xtask(dir, &[&[command], &inputs[..]].concat());
            assert!(code != 0 && told.contains("README.md"), "{told}");
        }
        // So that the next one finds a file.
        if there.is_dir() {
            fs::remove_dir(&there).expect("an empty folder");
            write(dir, "out/README.md", "");
        }
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = temp.path();
    write(dir, "shop.yaml", DOCUMENT);
    // Takes no room on the disk.
    File::create(dir.join("large")).and_then(|file| file.set_len((256 << 20) + 1)).expect("a file");
    for args in [
        vec!["generate", "--spec", "large", "--out", "out"],
        vec!["generate", "--spec", "shop.yaml", "--out", "out", "--config", "large"],
        vec!["generate", "--spec", "shop.yaml", "--out", "out", "--overlay", "large"],
        vec!["fetch", "large", "--spec", "shop.yaml"],
    ] {
        let (code, told) = xtask(dir, &args);
        assert_eq!(code, 2, "{args:?}: {told}");
        assert!(told.contains("larger than 256 MB"), "{args:?}: {told}");
    }
    // Several that are small enough by themselves.
    for n in 1..=3 {
        File::create(dir.join(format!("part{n}.md"))).and_then(|file| file.set_len(100 << 20)).expect("a file");
    }
    let text =
        "paths: {}\ncomponents: {schemas: {A: {$ref: 'part1.md'}, B: {$ref: 'part2.md'}, C: {$ref: 'part3.md'}}}\n";
    write(dir, "many.yaml", &DOCUMENT.replace("paths: {}\n", text));
    let (_, told) = xtask(dir, &["generate", "--spec", "many.yaml", "--out", "out", "--name", "shop"]);
    assert!(told.contains("`part3.md`, with the files read before it, is larger than 256 MB"), "{told}");
}

#[test]
fn a_crate_has_a_name_that_cargo_takes() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = temp.path();
    write(dir, "shop.yaml", DOCUMENT);
    let long = "a".repeat(65);
    for name in
        ["", "../shop", "shop api", "2shop", "-shop", "_", "caf\u{e9}", "sh\"op\n[lib]", "std", "Core", "aux", &long]
    {
        let name = format!("--name={name}");
        let args = ["generate", "--spec", "shop.yaml", "--out", "out", &name];
        let (code, told) = xtask(dir, &args);
        assert_eq!(code, 2, "{name}: {told}");
        assert!(told.contains("[E0909]") && told.contains("is no package name: "), "{told}");
        assert!(!dir.join("out").exists());
    }
    for name in ["shop", "shop-api", "shop_api2", "S", "fn", "serde"] {
        let args = ["generate", "--spec", "shop.yaml", "--out", "out", "--name", name];
        let (code, told) = xtask(dir, &args);
        assert_eq!(code, 0, "{name}: {told}");
    }
}

/// A document with so many operations, from the `from`th on.
fn operations(from: usize, count: usize) -> String {
    let paths = (from..from + count).map(|n| {
        format!("  /orders/{n}/:\n    get: {{operationId: order{n}, tags: [Orders], responses: {{'204': {{description: x}}}}}}\n")
    });
    DOCUMENT.replace(" {}\n", "\n") + &paths.collect::<String>()
}

#[test]
fn a_document_that_lacks_most_operations_is_not_brought_in_by_mistake() {
    let fetch = |old: &str, new: &str, more: &[&str]| {
        let temp: TempDir = tempfile::tempdir().expect("a folder");
        write(temp.path(), "old.yaml", old);
        write(temp.path(), "new.yaml", new);
        let (code, told) = xtask(temp.path(), &[&["fetch", "new.yaml", "--spec", "old.yaml"], more].concat());
        let replaced = fs::read_to_string(temp.path().join("old.yaml")).expect("text") != old;
        assert_eq!(code == 0, replaced, "{told}");
        (replaced, told)
    };
    let old = operations(0, 148);
    let (replaced, told) = fetch(&old, &operations(0, 1), &[]);
    assert!(!replaced);
    assert!(told.contains("147 of the 148 operations of `old.yaml` are not among the 1 of `new.yaml`"), "{told}");
    assert!(told.contains("--yes"), "{told}");
    // Another API of the same size; nothing at all.
    assert!(!fetch(&old, &operations(100, 148), &[]).0);
    assert!(!fetch(&old, DOCUMENT, &[]).0);
    // A new version loses some, or has more, and whoever means it says so.
    assert!(fetch(&old, &operations(40, 148), &[]).0);
    // Half of them may go, one more may not.
    assert!(fetch(&old, &operations(74, 148), &[]).0);
    assert!(!fetch(&old, &operations(75, 148), &[]).0);
    assert!(fetch(&old, DOCUMENT, &["--yes"]).0);
    assert!(fetch(&operations(0, 1), &old, &[]).0);
    assert!(fetch(DOCUMENT, &old, &[]).0);
    assert!(fetch(&old, &operations(0, 1), &["--yes"]).0);
}

#[test]
fn away_from_the_repository_it_needs_a_document_and_a_folder() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = temp.path();
    write(dir, "shop.yaml", &operations(0, 3));
    let inputs = ["--spec", "shop.yaml", "--out", "shop api"];
    let (code, told) = xtask(dir, &[&["generate"], &inputs[..]].concat());
    assert_eq!(code, 0, "{told}");
    assert!(dir.join("shop api/src/runtime/mod.rs").exists() && dir.join("shop api/README.md").exists());
    assert_eq!(xtask(dir, &[&["check"], &inputs[..]].concat()).0, 0);
    write(dir, "shop api/src/lib.rs", "");
    let (code, told) = xtask(dir, &[&["check"], &inputs[..]].concat());
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("mend: xtask generate --spec shop.yaml --out 'shop api'"), "{told}");
    let (code, told) = xtask(dir, &["explain", "#/paths/~1orders~11~1/get", "--spec", "shop.yaml"]);
    assert_eq!(code, 0, "{told}");
    for (args, missing) in [
        (&["generate"][..], "name the document with `--spec FILE`"),
        (&["check", "--out", "shop api"], "name the document with `--spec FILE`"),
        (&["generate", "--spec", "shop.yaml"], "name the crate's folder with `--out DIR`"),
        (&["fetch", "https://example.invalid/shop.yaml", "--spec", "shop.yaml"], "name a file"),
    ] {
        let (code, told) = xtask(dir, args);
        assert_eq!(code, 2, "{args:?}: {told}");
        assert!(told.contains(missing), "{args:?}: {told}");
    }
}
