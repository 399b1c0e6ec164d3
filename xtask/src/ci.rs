//! `ci`: what `.ci/run` runs. Every step runs, also after one that failed; at the end stands what each took.

use crate::ci_suites::{self, Suite};
use crate::cli::Ci;
use crate::{Outcome, bench, inputs, print};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What all of it may take from an empty `target/` on two cores, without `--deep`. `tests/tests/tidy.rs` holds the workflows to it.
const BUDGET: Duration = Duration::from_secs(15 * 60);

/// A step: its name, the arguments to cargo, an environment variable to set.
type Step = (&'static str, &'static [&'static str], Option<(&'static str, &'static str)>);

/// What comes before the suites: what is quick to fail.
const BEFORE: &[Step] = &[
    ("format", &["fmt", "--all", "--check"], None),
    // With what writes spreadsheets, which nothing below compiles; its tests run in `DEEP`.
    (
        "clippy",
        &["clippy", "--locked", "--workspace", "--all-targets", "--features", "xtask/xlsx", "--", "-D", "warnings"],
        None,
    ),
    // Whatever the document says is in the crate, or accepted in the settings.
    ("check", &["xtask", "check", "--deny", "gaps"], None),
];

/// Builds all suites and says where they are.
const BUILD: Step =
    ("build", &["test", "--locked", "--workspace", "--no-run", "--message-format", "json-render-diagnostics"], None);

const AFTER: &[Step] = &[
    // Left out of the rest, so that nothing else waits for an HTTP stack; with the features of the whole workspace, so that
    // nothing but that is built.
    ("fetch", &["test", "--locked", "--workspace", "--features", "xtask/fetch", "--bin", "xtask"], None),
    ("doc", &["doc", "--locked", "--workspace", "--no-deps"], Some(("RUSTDOCFLAGS", "-D warnings"))),
];

/// What runs once a night.
const DEEP: &[Step] = &[(
    "spreadsheet",
    &["test", "--locked", "--package", "generator", "--features", "xlsx", "--test", "spreadsheet"],
    None,
)];

/// What was done, and how long it took.
#[derive(Default)]
struct Log {
    took: Vec<(String, Duration)>,
    failed: Vec<String>,
}

impl Log {
    /// Runs a step between two lines that say what it is and what came of it.
    fn step<T>(&mut self, name: &str, what: &str, run: impl FnOnce() -> Option<T>) -> Option<T> {
        print::line(&format!("== {name}: {what}"));
        let start = Instant::now();
        let done = run();
        let took = start.elapsed();
        let word = if done.is_some() { "passed" } else { "failed" };
        print::line(&format!("== {name}: {word} in {:.1} s", took.as_secs_f64()));
        self.took.push((name.to_owned(), took));
        if done.is_none() {
            self.failed.push(name.to_owned());
        }
        done
    }

    fn cargo(&mut self, root: &Path, (name, args, variable): Step) {
        self.step(name, &format!("cargo {}", args.join(" ")), || {
            // The check is this program; going through cargo would only build it again.
            let mut command = match args {
                ["xtask", rest @ ..] => own(root, rest)?,
                _ => cargo(root, args),
            };
            command.envs(variable);
            passes(name, &mut command)
        });
    }
}

pub(crate) fn run(args: &Ci) -> Outcome {
    let root = match inputs::repository() {
        Ok(root) if root.as_os_str().is_empty() => PathBuf::from("."),
        Ok(root) => root,
        Err(message) => {
            print::error(&message);
            return Outcome::Refused;
        }
    };
    let start = Instant::now();
    let mut log = Log::default();
    for step in BEFORE {
        log.cargo(&root, *step);
    }
    let suites = log.step(BUILD.0, &format!("cargo {}", BUILD.1.join(" ")), || build(&root));
    let mut ran = Vec::new();
    if let Some(suites) = suites {
        let deep = if args.deep { ", with DEEP=1" } else { "" };
        let lanes = ci_suites::lanes();
        log.step("test", &format!("{} suites, {lanes} at a time{deep}", suites.len()), || {
            ran = ci_suites::run(suites, lanes, &root.join("target/ci"), args.deep, print::line);
            ran.iter().all(|one| one.passed).then_some(())
        });
        log.failed.extend(ran.iter().filter(|one| !one.passed).map(|one| one.name.clone()));
    }
    for step in AFTER {
        log.cargo(&root, *step);
    }
    if args.deep {
        for step in DEEP {
            log.cargo(&root, *step);
        }
        instructions(&mut log, &root);
        corpus(&mut log, &root);
    }

    print::line("== seconds");
    for (name, took) in &log.took {
        print::line(&format!("{:>7.1}  {name}", took.as_secs_f64()));
        // Side by side, so they come to more than their step; the short ones are not worth a line.
        let mut long: Vec<_> = ran.iter().filter(|one| name == "test" && one.took.as_secs() >= 5).collect();
        long.sort_by_key(|one| std::cmp::Reverse(one.took));
        for one in long {
            print::line(&format!("{:>7}  {:>7.1}  {}", "", one.took.as_secs_f64(), one.name));
        }
    }
    let all = start.elapsed();
    let over = if all > BUDGET && !args.deep { ", over the budget" } else { "" };
    let budget =
        if args.deep { String::new() } else { format!(" of {} from an empty target/{over}", BUDGET.as_secs()) };
    print::line(&format!("{:>7.1}  all{budget}", all.as_secs_f64()));
    for line in ran.iter().flat_map(|one| &one.skipped) {
        print::line(line);
    }
    if log.failed.is_empty() {
        print::line("== all passed");
        return Outcome::Done;
    }
    print::error(&format!("failed: {}", log.failed.join(", ")));
    Outcome::Findings
}

/// Builds all suites.
fn build(root: &Path) -> Option<Vec<Suite>> {
    let mut command = cargo(root, BUILD.1);
    let output = match command.stderr(Stdio::inherit()).output() {
        Ok(output) => output,
        Err(error) => {
            print::error(&format!("cannot run {}: {error}", BUILD.0));
            return None;
        }
    };
    output.status.success().then(|| {
        let mut suites = ci_suites::of(&String::from_utf8_lossy(&output.stdout));
        suites.push(Suite::new("doc-tests", cargo(root, &["test", "--locked", "--workspace", "--doc"])));
        suites
    })
}

/// The public documents of the folder `shared`, where there is one.
pub(crate) fn documents(root: &Path) -> Option<PathBuf> {
    let folder = match env::var_os("SHARED_DIR") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => {
            let here = if root.as_os_str().is_empty() { Path::new(".") } else { root };
            let root = fs::canonicalize(here).unwrap_or_else(|_| root.to_path_buf());
            root.ancestors().skip(1).map(|above| above.join("shared")).find(|folder| folder.is_dir())
        }
    };
    folder.map(|folder| folder.join("corpus/real")).filter(|folder| folder.is_dir())
}

/// Every one of them, compiled.
fn corpus(log: &mut Log, root: &Path) {
    let Some(folder) = documents(root) else {
        print::line("== corpus");
        print::line("skipped: the documents of the corpus compiled, there is no folder `shared` here");
        return;
    };
    let name = folder.display().to_string();
    log.step("corpus", &format!("cargo xtask corpus {name} --compile"), || {
        passes("corpus", &mut own(root, &["corpus", &name, "--compile"])?)
    });
}

/// What generating and compiling take, against `xtask/budget.tsv`.
fn instructions(log: &mut Log, root: &Path) {
    if !bench::counts() {
        print::line("== instructions");
        print::line("skipped: what generating and compiling take in instructions, `valgrind` is not on the path");
        return;
    }
    log.step("instructions", "cargo xtask bench --guard", || {
        passes("instructions", &mut own(root, &["bench", "--guard"])?)
    });
}

/// This program once more.
fn own(root: &Path, args: &[&str]) -> Option<Command> {
    let mut command = Command::new(env::current_exe().ok()?);
    command.args(args).current_dir(root);
    settle(&mut command);
    Some(command)
}

fn cargo(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.args(args).current_dir(root);
    settle(&mut command);
    command
}

/// What everything here is run with.
pub(crate) fn settle(command: &mut Command) {
    command.env("INSTA_UPDATE", "no").env("CI", "true");
    // What cargo set for this program is not meant for the ones it starts.
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_PKG_NAME");
}

fn passes(name: &str, command: &mut Command) -> Option<()> {
    match command.status() {
        Ok(status) => status.success().then_some(()),
        Err(error) => {
            print::error(&format!("cannot run {name}: {error}"));
            None
        }
    }
}
