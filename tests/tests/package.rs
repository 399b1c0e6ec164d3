//! The crate `belvo` on its own, away from the workspace: it packages, and compiles without a warning with the features
//! its users choose, so that nothing of the workspace hides a mistake.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tests::place::{files, root};
use tests::skips::{is_deep, skip};

/// Copies the crate to `to`; files that are there and right keep their times, so that nothing is compiled in vain.
fn copy(to: &Path) {
    let from = root().join("generated");
    let mut kept = BTreeSet::from([to.join("Cargo.lock")]);
    for path in files(&from, "") {
        let place = to.join(path.strip_prefix(&from).expect("below"));
        fs::create_dir_all(place.parent().expect("a folder")).expect("mkdir");
        let content = fs::read(&path).expect("read");
        if fs::read(&place).ok().as_ref() != Some(&content) {
            fs::write(&place, content).expect("write");
        }
        kept.insert(place);
    }
    for path in files(to, "").iter().filter(|path| !kept.contains(*path)) {
        fs::remove_file(path).expect("remove");
    }
    // The same versions as here, so that nothing needs the network; cargo takes out what is not needed.
    fs::copy(root().join("Cargo.lock"), to.join("Cargo.lock")).expect("copy");
}

fn cargo(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(dir).args(args).env("CARGO_TARGET_DIR", target()).env("RUSTFLAGS", "-D warnings");
    // What cargo set for this test is not meant for the crate.
    command.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR").env("CARGO_TERM_COLOR", "never");
    let output = command.output().expect("cargo runs");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "cargo {}: {error}", args.join(" "));
    String::from_utf8(output.stdout).expect("text")
}

/// Below the workspace's `target`, so that dependencies are compiled once.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("alone-target")
}

#[test]
fn it_packages_outside_the_workspace() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = temp.path().join("belvo");
    copy(&dir);
    let listed = cargo(&dir, &["package", "--allow-dirty", "--offline", "--list"]);
    let listed: BTreeSet<&str> = listed.lines().collect();
    let made = ["Cargo.toml.orig", "Cargo.lock"];
    let all = files(&dir, "");
    let there: BTreeSet<String> = all
        .iter()
        .map(|path| path.strip_prefix(&dir).expect("below").display().to_string().replace('\\', "/"))
        .collect();
    for path in there.iter().filter(|path| *path != ".generated.json") {
        assert!(listed.contains(path.as_str()), "{path} would be missing");
    }
    for path in &listed {
        assert!(there.contains(*path) || made.contains(path), "{path} would come along");
    }
    assert!(listed.contains("src/runtime/mod.rs") && listed.contains("README.md"));
    assert!(!listed.contains(".generated.json"), "the manifest is the repository's affair");
    cargo(&dir, &["package", "--allow-dirty", "--no-verify", "--offline", "--quiet"]);
    // What crates.io asks for.
    let manifest = fs::read_to_string(dir.join("Cargo.toml")).expect("a manifest");
    for key in ["description", "license", "readme"] {
        assert!(manifest.contains(&format!("\n{key} = ")), "{key}");
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        assert!(listed.contains(name), "{name} comes along");
    }
    assert!(
        !manifest.contains("[workspace") && !manifest.contains("workspace = true") && !manifest.contains("path = ")
    );
}

#[test]
fn its_pages_link_to_what_comes_along() {
    let crate_ = root().join("generated");
    let pages = files(&crate_, "md");
    assert!(pages.len() >= 2, "README and changelog");
    let mut dead = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).expect("read");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let leaves = target.contains("://") || target.starts_with("mailto:");
            let file = crate_.join(target);
            let within = !target.contains("..") && file.exists();
            if !leaves && !within && !target.is_empty() {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert_eq!(dead, Vec::<String>::new());
}

/// Tables of calls are read and compiled by nobody.
#[test]
fn its_pages_name_calls_that_are_there() {
    let crate_ = root().join("generated");
    let widget = fs::read_to_string(crate_.join("src/widget/tokens.rs")).expect("read");
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || "_0123456789".contains(c));
    let (mut seen, mut missing) = (0, Vec::new());
    for page in ["README.md", "MIGRATING.md"] {
        let text = fs::read_to_string(crate_.join(page)).expect("read");
        for call in text.split("client.").skip(1) {
            let Some((part, rest)) = call.split_once("().").filter(|(part, _)| is_name(part)) else { continue };
            let method = rest.split(['(', '.', '`', ' ']).next().unwrap_or_default();
            let Ok(source) = fs::read_to_string(crate_.join(format!("src/api/{part}.rs"))) else { continue };
            seen += 1;
            let is_there =
                |source: &str| ["(", "<"].iter().any(|end| source.contains(&format!("pub fn {method}{end}")));
            let found = is_there(&source) || part == "widget_access_token" && is_there(&widget);
            if !found {
                missing.push(format!("{page}: client.{part}().{method}"));
            }
        }
    }
    assert!(seen > 30 && missing.is_empty(), "{seen}, {missing:?}");
}

/// The crate's copy that is compiled on its own. One for all tests, which run at once.
fn alone() -> &'static Path {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    COPY.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alone").join("belvo");
        fs::create_dir_all(&dir).expect("mkdir");
        copy(&dir);
        dir
    })
}

/// Whether something outside the repository is there: a target of the compiler, a library of the system.
fn there(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}

/// One test for all of it: cargo holds a lock on the folder, and two tests would only wait for each other.
#[test]
fn it_compiles_alone_without_a_warning() {
    let dir = alone();
    let mut choices: Vec<Vec<&str>> = vec![
        vec![],
        vec!["--no-default-features"],
        vec!["--no-default-features", "--features", "testing,webhooks,chrono,jiff,time,uuid,decimal"],
    ];
    let deep = is_deep("three more choices of features, the system's TLS among them");
    if deep {
        choices.push(vec!["--no-default-features", "--features", "blocking,full,rustls,gzip,tracing"]);
        choices.push(vec!["--no-default-features", "--features", "reqwest,gzip,serde,tracing,testing"]);
    }
    if deep && there("pkg-config", &["--exists", "openssl"]) {
        choices.push(vec!["--no-default-features", "--features", "reqwest,blocking,full,native-tls"]);
    } else if deep {
        skip("native-tls, which needs the system's TLS library with its headers (Debian: libssl-dev)");
    }
    let wasm = Command::new("rustc").args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]).output();
    let wasm = wasm.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    if wasm.is_some_and(|folder| Path::new(folder.trim()).exists()) {
        choices.push(vec!["--target", "wasm32-unknown-unknown"]);
    } else {
        skip("the browser, which needs `rustup target add wasm32-unknown-unknown`");
    }
    // Not offline: what only one choice or one target needs has not been downloaded for the workspace. The versions are those of its lock.
    for choice in choices {
        cargo(dir, &[&["check", "--quiet"], choice.as_slice()].concat());
    }
}

#[test]
fn calls_that_hold_the_thread_bring_no_async_runtime() {
    let dir = alone();
    let tree = |features: &str| {
        let args =
            ["tree", "--offline", "--edges", "normal", "--prefix", "none", "--no-default-features", "--features"];
        cargo(dir, &[&args[..], &[features]].concat())
    };
    let names = |tree: &str| -> BTreeSet<String> {
        tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
    };
    let blocking = names(&tree("blocking,full,rustls,gzip,tracing"));
    assert!(blocking.contains("ureq") && blocking.contains("rustls"), "{blocking:?}");
    for heavy in ["tokio", "hyper", "reqwest", "async-std", "smol", "mio"] {
        assert!(!blocking.contains(heavy), "{heavy} came along: {blocking:?}");
    }
    // The other way round too, so that the list above would notice.
    assert!(names(&tree("reqwest")).contains("tokio"));
}

/// The lock holds versions that the oldest promised compiler takes, whichever compiler runs this; CI compiles with that one.
#[test]
fn no_dependency_wants_a_newer_compiler_than_the_manifests_promise() {
    let told = cargo(&root(), &["metadata", "--locked", "--format-version", "1"]);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let packages = told["packages"].as_array().expect("packages");
    let version = |text: &str| -> Vec<u32> { text.split('.').filter_map(|part| part.parse().ok()).collect() };
    let own = packages.iter().filter(|package| package["source"].is_null());
    let promised: BTreeSet<&str> = own.filter_map(|package| package["rust_version"].as_str()).collect();
    let promised = promised.into_iter().collect::<Vec<_>>();
    let [promised] = promised.as_slice() else { panic!("one promise for all: {promised:?}") };
    for package in packages {
        let Some(wanted) = package["rust_version"].as_str() else { continue };
        assert!(version(wanted)[..2] <= version(promised)[..2], "{} wants Rust {wanted}", package["name"]);
    }
}
