//! Command line → [`Inputs`] and output folder: what stands for what is not named.

use crate::cli::{Diff, InputArgs};
use crate::print;
use generator::Inputs;
use std::env;
use std::path::{Path, PathBuf};

/// The inputs, where the output goes, and the command that does the same again.
pub(crate) struct Resolved {
    pub(crate) inputs: Inputs,
    pub(crate) out: PathBuf,
    /// `cargo xtask generate` with the arguments it needs; the program alone where it was installed.
    pub(crate) command: String,
}

impl Resolved {
    /// Says what to do when there is no document at all.
    pub(crate) fn hint(&self) {
        if !self.inputs.spec.exists() {
            print::line("  = help: name the OpenAPI document with `--spec FILE`; without it, it is `spec/belvo.yaml`");
        }
    }
}

/// Fills in the repository's own files where the command line names none. Outside a repository there are none.
///
/// # Errors
///
/// What is missing on the command line.
pub(crate) fn resolve(args: &InputArgs) -> Result<Resolved, String> {
    let root = repository().ok();
    let at = |path: &str| root.as_ref().map(|root| root.join(path));
    let own_spec = at("spec/belvo.yaml");
    let is_own = own_spec.as_ref().is_some_and(|own| args.spec.as_ref().is_none_or(|spec| same_file(spec, own)));
    let own = |path: &str| at(path).filter(|path| is_own && path.exists());
    let overlays =
        if args.overlay.is_empty() { own("spec/overlay.yaml").into_iter().collect() } else { args.overlay.clone() };
    // The repository's lock is an output too: it need not be there yet.
    let own_lock = at("spec/names.lock").filter(|_| is_own);
    let spec = args
        .spec
        .clone()
        .or(own_spec)
        .ok_or("name the document with `--spec FILE`, or run this inside the repository")?;
    let out = args.out.clone().or_else(|| at("generated").filter(|_| is_own));
    let out = out.ok_or("name the crate's folder with `--out DIR` when the document is not the repository's own")?;
    let inputs = Inputs {
        spec,
        config: args.config.clone().or_else(|| own("spec/belvo.toml")),
        overlays,
        lock: args.lock.clone().or(own_lock),
        name: args.name.clone(),
        only: args.only.clone(),
        tests: args.tests,
        own: is_own,
    };
    let program = if root.is_some() { "cargo xtask" } else { "xtask" };
    Ok(Resolved { inputs, out, command: command(program, args) })
}

/// As [`resolve`], for a command that writes no crate.
///
/// # Errors
///
/// What is missing on the command line.
pub(crate) fn resolve_without_output(args: &InputArgs) -> Result<Resolved, String> {
    let out = args.out.clone().unwrap_or_default();
    resolve(&InputArgs { out: Some(out), ..args.clone() })
}

/// The inputs of a comparison: what is named for both, or for the old document alone; without any, the repository's own
/// when one of the two documents is.
///
/// # Errors
///
/// What is missing on the command line.
pub(crate) fn pair(args: &Diff) -> Result<(Inputs, Inputs), String> {
    let root = repository();
    let own_spec = root.as_ref().map(|root| root.join("spec/belvo.yaml")).ok();
    let is_own = |spec: &Path| own_spec.as_ref().is_some_and(|own| same_file(spec, own));
    let either = is_own(&args.old) || is_own(&args.new);
    let own = |path: &str| {
        let found = root.as_ref().ok().filter(|_| either).map(|root| root.join(path));
        found.filter(|path| path.exists())
    };
    let config = args.config.clone().or_else(|| own("spec/belvo.toml"));
    let overlays =
        if args.overlay.is_empty() { own("spec/overlay.yaml").into_iter().collect() } else { args.overlay.clone() };
    let lock = args.lock.clone().or_else(|| own("spec/names.lock"));
    // Entries that meet nothing are no errors here: one of the two documents is another one than they were written for.
    let inputs = |spec: &Path| Inputs {
        spec: spec.to_owned(),
        config: config.clone(),
        overlays: overlays.clone(),
        lock: lock.clone(),
        ..Inputs::default()
    };
    let mut old = inputs(&args.old);
    if args.old_config.is_some() {
        old.config = args.old_config.clone();
    }
    if !args.old_overlay.is_empty() {
        old.overlays = args.old_overlay.clone();
    }
    Ok((old, inputs(&args.new)))
}

/// The repository's folder, as a path from here where there is one.
///
/// # Errors
///
/// When the command runs outside the repository.
pub(crate) fn repository() -> Result<PathBuf, String> {
    let here = env::current_dir().map_err(|e| format!("cannot tell the current folder: {e}"))?;
    // Cargo says where xtask is; the binary may also be run by hand.
    let mut candidates: Vec<PathBuf> = Vec::new();
    if let Some(package) = env::var_os("CARGO_MANIFEST_DIR") {
        candidates.extend(Path::new(&package).parent().map(Path::to_path_buf));
    }
    candidates.extend(here.ancestors().map(Path::to_path_buf));
    let root = candidates
        .into_iter()
        .find(|dir| dir.join("generator").is_dir() && dir.join("xtask").is_dir() && dir.join("Cargo.toml").is_file())
        .ok_or("run this inside the repository")?;
    Ok(match root.strip_prefix(&here) {
        // `./x` would look odd in messages: the empty path joins to `x`.
        Ok(relative) => relative.to_path_buf(),
        Err(_) => root,
    })
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

fn command(program: &str, args: &InputArgs) -> String {
    let mut out = format!("{program} generate");
    let mut add = |flag: &str, value: &str| {
        out.push_str(&format!(" --{flag} {}", quoted(value)));
    };
    let mut path = |flag: &str, value: &Option<PathBuf>| {
        if let Some(value) = value {
            add(flag, &value.display().to_string());
        }
    };
    path("spec", &args.spec);
    path("config", &args.config);
    for overlay in &args.overlay {
        path("overlay", &Some(overlay.clone()));
    }
    path("lock", &args.lock);
    path("out", &args.out);
    if let Some(name) = &args.name {
        add("name", name);
    }
    for only in &args.only {
        add("only", only);
    }
    if args.tests {
        out.push_str(" --tests");
    }
    out
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    // Paths of Windows have backslashes, and `~` in short names; its shells take them as they are.
    let plain = |c: char| c.is_alphanumeric() || "-_./=:@,+".contains(c) || cfg!(windows) && "\\~".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
