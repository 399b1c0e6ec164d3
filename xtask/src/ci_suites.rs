//! The suites of `ci`: the programs that `cargo test` builds, several at a time. Many of them wait for one crate to compile, which
//! keeps one core busy; cargo would run them one after another.

use crate::ci;
use serde_json::Value;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Suites that share a folder of build products. Cargo lets one at a time work there, and crates of one name replace each other's
/// programs, so those of a group run one after another. The longest are first, and begin first.
const GROUPS: &[&[&str]] = &[
    // CARGO_TARGET_TMPDIR/alone-target
    &["tests/package", "tests/branches", "tests/calls", "tests/hostile", "tests/contradictions"],
    // The workspace's own.
    &["tests/tls", "tests/examples", "doc-tests"],
    // A folder each.
    &["tests/secrets_anywhere"],
    &["tests/drift_truth"],
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
pub(crate) fn of(told: &str) -> Vec<Suite> {
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
    told.lines().filter_map(one).collect()
}

/// How many run at a time.
pub(crate) fn lanes() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(4)
}

/// The group of a suite, and its place there.
fn place(name: &str) -> Option<(usize, usize)> {
    GROUPS.iter().enumerate().find_map(|(group, names)| Some((group, names.iter().position(|one| *one == name)?)))
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
}

/// Runs all of them, `lanes` at a time, and prints what each said once it has ended.
pub(crate) fn run(mut suites: Vec<Suite>, lanes: usize, logs: &Path, deep: bool) -> Vec<Ran> {
    suites.sort_by_key(|suite| place(&suite.name).unwrap_or((usize::MAX, 0)));
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
            let one = once(&mut suite, logs);
            let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
            open.busy.retain(|group| place(&one.name).is_none_or(|(own, _)| own != *group));
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
fn once(suite: &mut Suite, logs: &Path) -> Ran {
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
    // In one piece: others end at the same time.
    let _ = io::stderr().lock().write_all(format!("{head}{error}{}\n", said.trim_matches('\n')).as_bytes());
    let skipped = said.lines().filter_map(|line| Some(&line[line.find("skipped: ")?..])).map(str::to_owned).collect();
    Ran { name: suite.name.clone(), passed, took, skipped }
}
