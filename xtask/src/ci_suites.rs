//! The suites of `ci`: the programs that `cargo test` builds, several at a time. Many of them wait for one crate to compile, which
//! keeps one core busy; cargo would run them one after another.

use crate::ci;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Suites that share a folder of build products. Cargo lets one at a time work there, and crates of one name replace each other's
/// programs, so those of a group run one after another. The longest are first, and begin first.
const GROUPS: &[&[&str]] = &[
    // CARGO_TARGET_TMPDIR/alone-target
    &["tests/package", "tests/branches", "tests/calls", "tests/runtime", "tests/hostile", "tests/contradictions"],
    // The workspace's own.
    &["tests/tls", "tests/examples", "doc-tests"],
    // A folder each.
    &["tests/secrets_anywhere"],
    &["tests/drift_truth"],
    &["tests/mock_clients"],
    &["tests/prism", "tests/lint"],
];

/// One program with tests.
pub(crate) struct Suite {
    name: String,
    command: Command,
}

impl Suite {
    pub(crate) fn new(name: &str, command: Command) -> Self {
        Self { name: name.to_owned(), command }
    }
}

/// What came of one.
pub(crate) struct Ran {
    pub(crate) name: String,
    pub(crate) passed: bool,
    pub(crate) took: Duration,
    /// The lines that say what was left out.
    pub(crate) skipped: Vec<String>,
}

/// The suites that cargo says it has built, a line of JSON each.
pub(crate) fn of(output: &str) -> Vec<Suite> {
    let one = |line: &str| {
        let line: Value = serde_json::from_str(line).ok()?;
        if line["reason"] != "compiler-artifact" || line["profile"]["test"] != true {
            return None;
        }
        let folder = Path::new(line["manifest_path"].as_str()?).parent()?;
        let package = folder.file_name()?.to_string_lossy();
        // As cargo runs it: in the folder of its package.
        let mut command = Command::new(line["executable"].as_str()?);
        command.current_dir(folder);
        ci::settle(&mut command);
        command.env("CARGO_MANIFEST_DIR", folder);
        let kind = line["target"]["kind"][0].as_str()?;
        let target = if kind == "test" { line["target"]["name"].as_str()? } else { kind };
        Some(Suite::new(&format!("{package}/{target}"), command))
    };
    output.lines().filter_map(one).collect()
}

/// How many run at a time.
pub(crate) fn lanes() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(4)
}

/// The group of a suite, and its place there.
fn place(name: &str) -> Option<(usize, usize)> {
    GROUPS.iter().enumerate().find_map(|(group, names)| Some((group, names.iter().position(|one| *one == name)?)))
}

/// Those of a group in its order, those of none last.
fn order(suite: &Suite) -> (usize, usize) {
    place(&suite.name).unwrap_or((usize::MAX, 0))
}

/// What is still to be run, and the groups of what is running.
struct Open {
    suites: Vec<Suite>,
    busy: Vec<usize>,
}

impl Open {
    /// The next suite that need not wait; `Err`: all have begun.
    fn next(&mut self) -> Result<Option<Suite>, ()> {
        if self.suites.is_empty() {
            return Err(());
        }
        let free = |suite: &Suite| place(&suite.name).is_none_or(|(group, _)| !self.busy.contains(&group));
        let Some(at) = self.suites.iter().position(free) else { return Ok(None) };
        let suite = self.suites.remove(at);
        self.busy.extend(place(&suite.name).map(|(group, _)| group));
        Ok(Some(suite))
    }

    /// A suite has ended: its group is free.
    fn end(&mut self, name: &str) {
        self.busy.retain(|group| place(name).is_none_or(|(own, _)| own != *group));
    }
}

/// Runs all of them, `lanes` at a time, and tells what each said once it has ended, in one piece.
pub(crate) fn run(
    mut suites: Vec<Suite>,
    lanes: usize,
    logs: &Path,
    deep: bool,
    tell: impl Fn(&str) + Sync,
) -> Vec<Ran> {
    suites.sort_by_key(order);
    let open = Mutex::new(Open { suites, busy: Vec::new() });
    let (freed, ran) = (Condvar::new(), Mutex::new(Vec::new()));
    let lane = || {
        loop {
            let mut suite = {
                let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
                loop {
                    match open.next() {
                        Err(()) => return,
                        Ok(Some(suite)) => break suite,
                        Ok(None) => open = freed.wait(open).unwrap_or_else(PoisonError::into_inner),
                    }
                }
            };
            if deep {
                suite.command.env("DEEP", "1");
            }
            let one = once(&mut suite, logs, &tell);
            let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
            open.end(&one.name);
            ran.lock().unwrap_or_else(PoisonError::into_inner).push(one);
            freed.notify_all();
        }
    };
    thread::scope(|scope| {
        for _ in 0..lanes.max(1) {
            scope.spawn(lane);
        }
    });
    ran.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one. What it says goes to a file first: no program that it leaves behind can keep a pipe open.
fn once(suite: &mut Suite, logs: &Path, tell: impl Fn(&str)) -> Ran {
    let start = Instant::now();
    let path = logs.join(format!("{}.txt", suite.name.replace('/', "-")));
    let status = fs::create_dir_all(logs).and_then(|()| fs::File::create(&path)).and_then(|file| {
        suite.command.stdout(file.try_clone()?).stderr(file);
        suite.command.status()
    });
    let took = start.elapsed();
    let said = fs::read(&path).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let passed = status.as_ref().is_ok_and(|status| status.success());
    let word = if passed { "passed" } else { "failed" };
    let head = format!("-- {}: {word} in {:.1} s\n", suite.name, took.as_secs_f64());
    let error = status.err().map(|error| format!("cannot run it: {error}\n")).unwrap_or_default();
    tell(&format!("{head}{error}{}\n", said.trim_matches('\n')));
    let skipped = said.lines().filter_map(|line| Some(&line[line.find("skipped: ")?..])).map(str::to_owned).collect();
    Ran { name: suite.name.clone(), passed, took, skipped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn suite(name: &str) -> Suite {
        Suite::new(name, Command::new("cargo"))
    }

    #[test]
    fn suites_of_one_folder_wait_for_each_other_only() {
        let mut suites: Vec<Suite> =
            ["generator/ir", "tests/calls", "tests/tls", "tests/package", "doc-tests"].map(suite).into();
        suites.sort_by_key(order);
        let mut open = Open { suites, busy: Vec::new() };
        let mut next = || open.next().expect("some are left").map(|suite| suite.name);
        let began = [next(), next(), next(), next()];
        assert_eq!(began, [Some("tests/package".into()), Some("tests/tls".into()), Some("generator/ir".into()), None]);
        open.end("tests/tls");
        assert_eq!(open.next().expect("some are left").map(|suite| suite.name).as_deref(), Some("doc-tests"));
        open.end("generator/ir");
        assert!(open.next().expect("some are left").is_none());
        open.end("tests/package");
        assert_eq!(open.next().expect("some are left").map(|suite| suite.name).as_deref(), Some("tests/calls"));
        assert!(open.next().is_err());
    }

    #[test]
    fn every_suite_that_waits_for_others_is_one() {
        let root = crate::inputs::repository().expect("the repository");
        for name in GROUPS.iter().flat_map(|group| group.iter()).filter(|name| **name != "doc-tests") {
            let file = name.replacen("tests/", "tests/tests/", 1) + ".rs";
            assert!(root.join(&file).is_file(), "there is no {file}");
        }
    }

    #[test]
    fn what_cargo_built_is_run_and_what_is_skipped_is_kept() {
        let own = std::env::current_exe().expect("a path");
        let output = |target: Value, test: bool| {
            serde_json::json!({
                "reason": "compiler-artifact", "manifest_path": concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
                "target": target, "profile": {"test": test}, "executable": own,
            })
        };
        let program = serde_json::json!({"kind": ["bin"], "name": "xtask"});
        let lines = format!(
            "{}\nnoise\n{}\n{}\n",
            output(program.clone(), false),
            output(program, true),
            output(serde_json::json!({"kind": ["test"], "name": "negative"}), true)
        );
        let mut suites = of(&lines);
        assert_eq!(suites.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["xtask/bin", "xtask/negative"]);
        for suite in &mut suites {
            suite.command.args(["--exact", "ci_suites::tests::skips_when_asked"]).env("SKIPS", "1");
        }
        suites.push(suite("no program of this name"));
        suites.last_mut().expect("one").command = Command::new("no-program-of-this-name");
        let output = Mutex::new(String::new());
        let folder = tempfile::tempdir().expect("a folder");
        let mut ran = run(suites, 2, folder.path(), false, |said| output.lock().expect("a lock").push_str(said));
        ran.sort_by(|one, other| one.name.cmp(&other.name));
        let passed: Vec<bool> = ran.iter().map(|one| one.passed).collect();
        assert_eq!(passed, [false, true, true]);
        assert_eq!(ran[1].skipped, ["skipped: this, to be seen"]);
        let output = output.into_inner().expect("a lock");
        assert!(
            output.contains("-- no program of this name: failed in ") && output.contains("1 passed; 0 failed"),
            "{output}"
        );
    }

    #[test]
    fn skips_when_asked() {
        if std::env::var_os("SKIPS").is_some() {
            let _ = std::io::stderr().write_all(b"skipped: this, to be seen\n");
        }
    }
}
