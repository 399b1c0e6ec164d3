//! A crate of somebody else's, built with another SDK without a change to its files: a manifest of ours names its sources.

use generator::drift::impact::Finding;
use serde_json::Value;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo says of the consumer's package.
pub(crate) struct Consumer {
    /// Its folder.
    dir: PathBuf,
    /// The object of `cargo metadata`.
    package: Value,
    /// The lock of its workspace, where there is one.
    lock: Option<PathBuf>,
}

/// A build of a consumer.
pub(crate) struct Shadow<'a> {
    pub(crate) consumer: &'a Consumer,
    /// The folder of the SDK to build it with.
    pub(crate) sdk: &'a Path,
    /// The SDK's package.
    pub(crate) sdk_name: &'a str,
    /// Where our manifest goes.
    pub(crate) dir: &'a Path,
}

fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    // What cargo set for this program is not meant for the ones it starts.
    for key in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_MANIFEST_PATH", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(key);
    }
    command
}

/// Looks at the package in `path` (its folder, or its manifest), which must depend on `sdk`.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn consumer(path: &Path, sdk: &str) -> Result<Consumer, String> {
    let manifest = if path.is_dir() { path.join("Cargo.toml") } else { path.to_path_buf() };
    let manifest = manifest.canonicalize().map_err(|_| format!("there is no crate in `{}`", path.display()))?;
    let dir = manifest.parent().unwrap_or(Path::new("")).to_path_buf();
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"])
        .arg(&manifest)
        .current_dir(&dir)
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo does not read `{}`: {}", manifest.display(), last_words(&output.stderr)));
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo's answer cannot be read: {e}"))?;
    let packages = metadata.get("packages").and_then(Value::as_array).cloned().unwrap_or_default();
    let package = packages.into_iter().find(|p| Path::new(text(p, "manifest_path")) == manifest);
    let package = package.ok_or_else(|| format!("`{}` is a workspace: name one of its crates", path.display()))?;
    if !list(&package, "dependencies").iter().any(|d| text(d, "name") == sdk) {
        return Err(format!("`{}` does not depend on `{sdk}`", path.display()));
    }
    let lock = Path::new(text(&metadata, "workspace_root")).join("Cargo.lock");
    Ok(Consumer { dir, package, lock: Some(lock).filter(|lock| lock.is_file()) })
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// A TOML string; JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let words = text.lines().map(str::trim).find(|line| line.starts_with("error"));
    words.unwrap_or("it says nothing").trim_start_matches("error: ").to_owned()
}

impl Shadow<'_> {
    /// Checks all targets; gives errors and deprecations in the consumer's own files.
    ///
    /// # Errors
    ///
    /// When cargo does not come as far as the consumer.
    pub(crate) fn check(&self, target: &Path) -> Result<Vec<Finding>, String> {
        let target = std::path::absolute(target).map_err(|e| format!("cannot tell the current folder: {e}"))?;
        let sdk = std::path::absolute(self.sdk).map_err(|e| format!("cannot tell the current folder: {e}"))?;
        self.write(&sdk).map_err(|e| format!("cannot write to `{}`: {e}", self.dir.display()))?;
        let manifest = self.dir.join("Cargo.toml").canonicalize().map_err(|e| e.to_string())?;
        let output = cargo()
            .args(["check", "--quiet", "--all-targets", "--keep-going", "--message-format=json", "--manifest-path"])
            .arg(&manifest)
            .arg("--target-dir")
            .arg(target)
            // Where its toolchain and its registries are configured.
            .current_dir(&self.consumer.dir)
            // Whatever the crate allows or forbids: it is asked here, and forbidding must not end the build.
            .env("RUSTFLAGS", "--force-warn=deprecated")
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        let mut found = Vec::new();
        let mut reached = false;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            if Path::new(text(&message, "manifest_path")) != manifest {
                continue;
            }
            reached = true;
            if text(&message, "reason") == "compiler-message" {
                let target = message.get("target").map(|target| text(target, "name")).unwrap_or_default();
                found.extend(message.get("message").and_then(|inner| self.finding(inner, target)));
            }
        }
        if !output.status.success() && !found.iter().any(|finding| finding.error) {
            let name = self.sdk_name;
            let reached = if reached { "" } else { " before the crate was reached" };
            return Err(format!("cargo fails with `{name}`{reached}: {}", last_words(&output.stderr)));
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn finding(&self, inner: &Value, target: &str) -> Option<Finding> {
        let code = inner.get("code").map(|code| text(code, "code")).unwrap_or_default();
        let error = text(inner, "level").starts_with("error");
        if !error && code != "deprecated" {
            return None;
        }
        let span = list(inner, "spans").iter().find(|span| flag(span, "is_primary"))?;
        let (file, span) = self.own(span)?;
        let number = |key: &str| span.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let message = text(inner, "message").to_owned();
        Some(Finding {
            file,
            line: number("line_start").unwrap_or(0),
            column: number("column_start").unwrap_or(0),
            error,
            // Syntax and macros have no code, unresolved names one between E0404 and E0437.
            early: error && (code.is_empty() || ("E0404"..="E0437").contains(&code)),
            target: target.to_owned(),
            message,
        })
    }

    /// The file of a span relative to the consumer; of what a macro made, where it was called.
    fn own<'v>(&self, span: &'v Value) -> Option<(String, &'v Value)> {
        let mut at = span;
        loop {
            let name = text(at, "file_name");
            let path = Path::new(name);
            let path = if path.is_absolute() { path.to_path_buf() } else { self.consumer.dir.join(path) };
            if let Ok(inside) = path.strip_prefix(&self.consumer.dir)
                && path.is_file()
            {
                return Some((inside.display().to_string().replace('\\', "/"), at));
            }
            at = at.get("expansion")?.get("span")?;
        }
    }

    /// Writes our manifest, with the lock of the consumer's beside it.
    fn write(&self, sdk: &Path) -> std::io::Result<()> {
        fs::create_dir_all(self.dir)?;
        fs::write(self.dir.join("Cargo.toml"), self.manifest(sdk))?;
        match &self.consumer.lock {
            Some(lock) => drop(fs::copy(lock, self.dir.join("Cargo.lock"))?),
            None => drop(fs::remove_file(self.dir.join("Cargo.lock"))),
        }
        self.link()
    }

    /// What macros look for beside the manifest (templates, recorded queries) is found there too.
    #[cfg(unix)]
    fn link(&self) -> std::io::Result<()> {
        for entry in fs::read_dir(&self.consumer.dir)? {
            let name = entry?.file_name();
            let to = self.dir.join(&name);
            let ours = ["Cargo.toml", "Cargo.lock", "target", ".git"].iter().any(|ours| name == *ours);
            if ours || to.symlink_metadata().is_ok_and(|meta| !meta.is_symlink()) {
                continue;
            }
            let _ = fs::remove_file(&to);
            std::os::unix::fs::symlink(self.consumer.dir.join(&name), &to)?;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn link(&self) -> std::io::Result<()> {
        Ok(())
    }

    fn manifest(&self, sdk: &Path) -> String {
        let package = &self.consumer.package;
        let mut out = String::from("# Written by `cargo xtask impact`.\n[workspace]\n\n[package]\n");
        for key in ["name", "version", "edition", "rust_version", "links"] {
            let value = text(package, key);
            if !value.is_empty() {
                let _ = writeln!(out, "{} = {}", key.replace('_', "-"), quoted(value));
            }
        }
        out.push_str("autobins = false\nautoexamples = false\nautotests = false\nautobenches = false\n");
        let kinds = |target: &Value| {
            list(target, "kind").iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let targets = list(package, "targets");
        let is = |target: &&Value, kind: &str| kinds(target).iter().any(|k| k == kind);
        match targets.iter().find(|target| is(target, "custom-build")) {
            Some(build) => drop(writeln!(out, "build = {}", quoted(text(build, "src_path")))),
            None => out.push_str("build = false\n"),
        }
        for target in targets {
            let kinds = kinds(target);
            let section = match kinds.first().map(String::as_str) {
                Some("bin") => "[[bin]]",
                Some("example") => "[[example]]",
                Some("test") => "[[test]]",
                // A benchmark needs its harness, and uses what the rest uses.
                Some("custom-build" | "bench") | None => continue,
                Some(_) => "[lib]",
            };
            let _ = writeln!(
                out,
                "\n{section}\nname = {}\npath = {}",
                quoted(text(target, "name")),
                quoted(text(target, "src_path"))
            );
            if kinds.iter().any(|kind| kind == "proc-macro") {
                out.push_str("proc-macro = true\n");
            }
            let features: Vec<String> =
                list(target, "required-features").iter().filter_map(Value::as_str).map(quoted).collect();
            if !features.is_empty() {
                let _ = writeln!(out, "required-features = [{}]", features.join(", "));
            }
        }
        if let Some(features) = package.get("features").and_then(Value::as_object).filter(|f| !f.is_empty()) {
            out.push_str("\n[features]\n");
            for (name, parts) in features {
                let parts: Vec<String> =
                    parts.as_array().into_iter().flatten().filter_map(Value::as_str).map(quoted).collect();
                let _ = writeln!(out, "{} = [{}]", quoted(name), parts.join(", "));
            }
        }
        for dependency in list(package, "dependencies") {
            out.push_str(&self.dependency(dependency, sdk));
        }
        // Whoever else of the graph takes the SDK from the registry gets this one too.
        let name = quoted(self.sdk_name);
        let registry = list(package, "dependencies").iter().any(|d| {
            text(d, "name") == self.sdk_name && text(d, "source").contains("github.com/rust-lang/crates.io-index")
        });
        if registry {
            let _ = writeln!(out, "\n[patch.crates-io]\n{name} = {{ path = {} }}", quoted(&sdk.display().to_string()));
        }
        out
    }

    fn dependency(&self, dependency: &Value, sdk: &Path) -> String {
        let name = text(dependency, "name");
        let section = match text(dependency, "kind") {
            "dev" => "dev-dependencies",
            "build" => "build-dependencies",
            _ => "dependencies",
        };
        let target = text(dependency, "target");
        let target = if target.is_empty() { String::new() } else { format!("target.{}.", quoted(target)) };
        let rename = text(dependency, "rename");
        let key = if rename.is_empty() { name } else { rename };
        let mut out = format!("\n[{target}{section}.{}]\npackage = {}\n", quoted(key), quoted(name));
        let source = text(dependency, "source");
        let path = text(dependency, "path");
        if name == self.sdk_name {
            let _ = writeln!(out, "path = {}", quoted(&sdk.display().to_string()));
        } else if !path.is_empty() {
            let _ = writeln!(out, "path = {}", quoted(path));
        } else if let Some(git) = source.strip_prefix("git+") {
            let (url, rest) = git.split_once(['?', '#']).unwrap_or((git, ""));
            let _ = writeln!(out, "git = {}", quoted(url));
            let part = rest.split(['&', '#']).find_map(|part| part.split_once('='));
            if let Some((key @ ("branch" | "tag" | "rev"), value)) = part {
                let _ = writeln!(out, "{key} = {}", quoted(value));
            }
        } else {
            let _ = writeln!(out, "version = {}", quoted(text(dependency, "req")));
            if let Some(index) = dependency.get("registry").and_then(Value::as_str) {
                let _ = writeln!(out, "registry-index = {}", quoted(index));
            }
        }
        let features: Vec<String> = list(dependency, "features").iter().filter_map(Value::as_str).map(quoted).collect();
        let _ = writeln!(out, "features = [{}]", features.join(", "));
        let defaults = dependency.get("uses_default_features").and_then(Value::as_bool).unwrap_or(true);
        let _ = writeln!(out, "default-features = {defaults}\noptional = {}", flag(dependency, "optional"));
        out
    }
}
