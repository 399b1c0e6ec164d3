//! `cargo semver-checks` over pairs of generated crates: which of its lints each pair meets.
//!
//! All old sides are modules of one crate, all new sides of another, so that rustdoc runs twice and not twice a pair. The
//! tool compares the two crates, and its findings are sorted by module again.

use crate::beside::{Purpose, manifest, module, sources, text_of, with_tags, write};
use crate::place::root;
use generator::Generated;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The lints that a pair meets, by the step that they ask for.
#[derive(Debug, Clone, Default)]
pub struct Lints {
    /// Those that ask for a major step.
    pub major: BTreeSet<String>,
    /// Those that a minor step is enough for.
    pub minor: BTreeSet<String>,
}

/// The tool, where it is on the PATH.
pub fn tool() -> Option<PathBuf> {
    let name = format!("cargo-semver-checks{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&name)).find(|file| file.is_file())
}

/// What the tool says of the step there and of the step back for each pair, in `dir`, which keeps its build products.
pub fn lints(tool: &Path, dir: &Path, pairs: &[(&Generated, &Generated)]) -> Vec<[Lints; 2]> {
    let old = documented(dir, "old", &pairs.iter().map(|(old, _)| *old).collect::<Vec<_>>());
    let new = documented(dir, "new", &pairs.iter().map(|(_, new)| *new).collect::<Vec<_>>());
    let there = compared(tool, &old, &new, pairs.len());
    let back = compared(tool, &new, &old, pairs.len());
    there.into_iter().zip(back).map(|(there, back)| [there, back]).collect()
}

fn compared(tool: &Path, old: &Path, new: &Path, count: usize) -> Vec<Lints> {
    let mut out = vec![Lints::default(); count];
    // Under a minor step only what asks for a major one is found, under a patch step the rest too.
    let found = |step: &str| {
        let mut command = Command::new(tool);
        command.args(["semver-checks", "--color", "never", "--release-type", step]);
        command.arg("--baseline-rustdoc").arg(old).arg("--current-rustdoc").arg(new);
        let output = command.output().expect("the tool runs");
        // 0: nothing; 100 or 1: something was found. Anything else it could not do is said on its standard error.
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() || told.contains("--- failure"), "{}", String::from_utf8_lossy(&output.stderr));
        findings(&told)
    };
    for (index, lint) in found("minor") {
        out[index].major.insert(lint);
    }
    for (index, lint) in found("patch") {
        if !out[index].major.contains(&lint) {
            out[index].minor.insert(lint);
        }
    }
    out
}

/// The module of a pair.
fn name_of(index: usize) -> String {
    format!("p{index:03}")
}

/// One crate of many as rustdoc's JSON.
fn documented(dir: &Path, side: &str, all: &[&Generated]) -> PathBuf {
    // Both sides are the same crate to the tool.
    let dir = dir.join(side);
    let first = all.first().expect("a pair");
    for (path, content) in text_of(first, "src/runtime/") {
        write(&dir.join(path), &content);
    }
    let mut kept = BTreeMap::new();
    for (index, run) in all.iter().enumerate() {
        let name = name_of(index);
        for (path, source) in sources(run) {
            if ["samples.rs", "testing.rs"].contains(&path.as_str()) {
                continue;
            }
            let path = if path == "lib.rs" { "mod.rs".to_owned() } else { path };
            let file = dir.join("src").join(&name).join(&path);
            let content = module(&name, source, Purpose::Docs);
            write(&file, &content);
            kept.insert(file, content);
        }
    }
    let manifest = with_tags(&manifest(first), kept.values().map(String::as_str));
    write(&dir.join("Cargo.toml"), &format!("{manifest}\n\n[workspace]\n"));
    let mods: String = (0..all.len()).map(|i| format!("pub mod {};\n", name_of(i))).collect();
    write(&dir.join("src/lib.rs"), &format!("#![allow(warnings)]\npub mod runtime;\n{mods}"));
    let lock = dir.join("Cargo.lock");
    if !lock.exists() {
        write(&lock, &fs::read_to_string(root().join("Cargo.lock")).expect("a lock"));
    }
    let target = dir.parent().expect("a folder").join("target").join(side);
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(&dir).args([
        "rustdoc",
        "--lib",
        "--offline",
        "--quiet",
        "--no-default-features",
        "--features",
        "every-tag",
        "--",
    ]);
    command.args(["-Zunstable-options", "--output-format", "json", "--document-hidden-items", "--cap-lints", "allow"]);
    // The output is unstable; the tool reads the format of this compiler or says that it does not.
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", &target).env("CARGO_TERM_COLOR", "never");
    command.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR");
    let Output { status, stderr, .. } = command.output().expect("cargo runs");
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    target.join("doc/sdks.json")
}

/// Pair and lint of every finding.
fn findings(told: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let (mut lint, mut places) = ("", false);
    for line in told.lines() {
        if let Some(rest) = line.strip_prefix("--- failure ") {
            lint = rest.split(':').next().unwrap_or_default();
            places = false;
        } else if line == "Failed in:" {
            places = true;
        } else if places && line.starts_with("  ") {
            let module = |(at, _): (usize, &str)| {
                let digits = line.get(at + 1..at + 4)?;
                let starts = at == 0 || !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let ends = !line[at + 4..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
                (starts && ends).then(|| digits.parse::<usize>().ok()).flatten()
            };
            match line.match_indices('p').find_map(module) {
                Some(index) => out.push((index, lint.to_owned())),
                None => out.push((usize::MAX, format!("{lint}: {line}"))),
            }
        }
    }
    // What belongs to no module is in the runtime, which both have.
    let lost: BTreeMap<_, _> = out.iter().filter(|(index, _)| *index == usize::MAX).map(|(_, l)| (l, ())).collect();
    assert!(lost.is_empty(), "no pair's: {lost:#?}");
    out
}
