//! `ci`: what `.ci/run` runs. Every step runs, also after one that failed.

use crate::{Outcome, inputs, print};
use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A step: its name, the arguments to cargo, an environment variable to set.
type Step = (&'static str, &'static [&'static str], Option<(&'static str, &'static str)>);

const STEPS: &[Step] = &[
    ("format", &["fmt", "--all", "--check"], None),
    ("clippy", &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"], None),
    ("check", &["xtask", "check"], None),
    ("test", &["test", "--locked", "--workspace"], None),
    // Left out of the rest, so that nothing else waits for an HTTP stack.
    ("fetch", &["test", "--locked", "--package", "xtask", "--features", "fetch", "--bins"], None),
    ("doc", &["doc", "--locked", "--workspace", "--no-deps"], Some(("RUSTDOCFLAGS", "-D warnings"))),
];

pub(crate) fn run() -> Outcome {
    let root = match inputs::repository() {
        Ok(root) => root,
        Err(message) => {
            print::error(&message);
            return Outcome::Refused;
        }
    };
    let mut failed = Vec::new();
    for (name, args, variable) in STEPS {
        print::line(&format!("== {name}: cargo {}", args.join(" ")));
        let start = Instant::now();
        let passed = step(&root, name, args, *variable);
        let word = if passed { "passed" } else { "failed" };
        print::line(&format!("== {name}: {word} in {:.1} s", start.elapsed().as_secs_f64()));
        if !passed {
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        print::line("== all passed");
        return Outcome::Done;
    }
    print::error(&format!("failed: {}", failed.join(", ")));
    Outcome::Findings
}

fn step(root: &Path, name: &str, args: &[&str], variable: Option<(&str, &str)>) -> bool {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    // The check is this program; going through cargo would only build it again.
    let mut command = if name == "check" {
        let Ok(own) = env::current_exe() else { return false };
        let mut command = Command::new(own);
        command.arg("check");
        command
    } else {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.args(args);
        command
    };
    command.current_dir(root).env("INSTA_UPDATE", "no").env("CI", "true");
    // What cargo set for this program is not meant for the ones it starts.
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_PKG_NAME");
    if let Some((key, value)) = variable {
        command.env(key, value);
    }
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            print::error(&format!("cannot run {name}: {error}"));
            false
        }
    }
}
