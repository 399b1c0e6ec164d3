//! `cargo check` of one generated crate of the corpus, alone, with what it needs already built.

use serde_json::Value;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// What compiling gave.
pub(crate) struct Compiled {
    /// `ok`, `warnings` or `errors`.
    pub(crate) outcome: &'static str,
    /// The crate alone, without its dependencies.
    pub(crate) elapsed: Duration,
    /// The first error, or the first warning.
    pub(crate) message: Option<String>,
}

/// Checks the crate in `dir`; all crates of a run share `target`, so that dependencies are built once.
pub(crate) fn check(dir: &Path, target: &Path) -> Compiled {
    let (mut outcome, mut elapsed, built) = once(dir, target);
    if built > 0 && outcome.outcome != "errors" {
        // That was the time of the dependencies too.
        touch(&dir.join("src/lib.rs"));
        (outcome, elapsed, _) = once(dir, target);
    }
    Compiled { elapsed, ..outcome }
}

/// One run: its outcome, its time, and how many dependencies it built.
fn once(dir: &Path, target: &Path) -> (Compiled, Duration, usize) {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.arg("check").arg("--quiet").arg("--message-format=json").arg("--manifest-path").arg(dir.join("Cargo.toml"));
    command.arg("--target-dir").arg(target).env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS");
    let start = Instant::now();
    let output = command.output();
    let elapsed = start.elapsed();
    let (compiled, built) = match output {
        Ok(output) => read(&output, dir),
        Err(error) => (Compiled { outcome: "errors", elapsed, message: Some(format!("cannot run cargo: {error}")) }, 0),
    };
    (compiled, elapsed, built)
}

fn read(output: &Output, dir: &Path) -> (Compiled, usize) {
    let (mut errors, mut warnings, mut built) = (Vec::new(), Vec::new(), 0);
    let manifest = dir.join("Cargo.toml").canonicalize().unwrap_or_default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
        let own = Path::new(text("manifest_path")) == manifest;
        match text("reason") {
            "compiler-artifact" if !own && message.get("fresh") == Some(&Value::Bool(false)) => built += 1,
            "compiler-message" if own => {
                let inner = message.get("message").unwrap_or(&Value::Null);
                let text = inner.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
                match inner.get("level").and_then(Value::as_str) {
                    // The closing "2 warnings emitted" has no code and no place.
                    Some("warning") if !inner.get("spans").is_none_or(|s| s.as_array().is_none_or(Vec::is_empty)) => {
                        warnings.push(text);
                    }
                    Some(level) if level.starts_with("error") => errors.push(text),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if !output.status.success() && errors.is_empty() {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        errors.push(stderr.lines().find(|line| !line.trim().is_empty()).unwrap_or("cargo failed").to_owned());
    }
    let outcome = match (errors.is_empty(), warnings.is_empty()) {
        (false, _) => "errors",
        (true, false) => "warnings",
        (true, true) => "ok",
    };
    let message = errors.into_iter().chain(warnings).next();
    (Compiled { outcome, elapsed: Duration::ZERO, message }, built)
}

/// Makes cargo see the file as changed.
fn touch(path: &Path) {
    if let Ok(file) = fs::OpenOptions::new().append(true).open(path) {
        let _ = file.set_modified(std::time::SystemTime::now());
    }
}
