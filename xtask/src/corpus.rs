//! `corpus`: generates from every document below a folder, each in a process of its own, so that a document that takes
//! the generator down or keeps it busy costs that document only.

use crate::cli::{Corpus, Format};
use crate::compile::{self, Compiled};
use crate::{Outcome, inputs, print};
use generator::base::visible::visible;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// One document to try.
struct Job {
    /// As it is shown: relative to the folder.
    document: String,
    path: PathBuf,
    /// The crate's name, unique in this run.
    name: String,
}

/// What became of one document.
struct Tried {
    document: String,
    /// `ok`, `refused`, `panic` or `timeout`.
    outcome: &'static str,
    /// `generate`'s own object, when there was one.
    object: Value,
    /// Why it is not `ok`, in one line.
    reason: String,
    elapsed: Duration,
    compiled: Option<Compiled>,
}

pub(crate) fn run(args: &Corpus) -> Outcome {
    match attempt(args) {
        Ok(outcome) => outcome,
        Err(message) => {
            print::error(&message);
            Outcome::Refused
        }
    }
}

fn attempt(args: &Corpus) -> Result<Outcome, String> {
    if !args.dir.is_dir() {
        return Err(format!("`{}` is no folder", args.dir.display()));
    }
    let start = Instant::now();
    let (jobs, skipped) = jobs(&args.dir)?;
    // Below the repository's `target/`, which the workspace excludes: a crate elsewhere in it would count as a member.
    let work = inputs::repository()?.join("target/corpus");
    fs::create_dir_all(&work).map_err(|e| format!("cannot create `{}`: {e}", work.display()))?;
    if args.compile {
        share_runtime(&work)?;
    }
    let tried = try_all(args, &jobs, &work)?;
    match args.format {
        Format::Json => print::out(&format!("{:#}\n", Value::Array(tried.iter().map(object).collect()))),
        Format::Human => print::out(&summary(&tried, skipped, start.elapsed())),
    }
    let bad =
        |t: &Tried| matches!(t.outcome, "panic" | "timeout") || t.compiled.as_ref().is_some_and(|c| c.outcome != "ok");
    Ok(if tried.iter().any(bad) { Outcome::Findings } else { Outcome::Done })
}

/// The settings of crates that are compiled.
const SHARED: &str = "shared-runtime.toml";

/// Lets all of them depend on one runtime, which so is compiled once and not with every crate.
fn share_runtime(work: &Path) -> Result<(), String> {
    let runtime = inputs::repository()?.join("templates/runtime");
    let runtime = runtime.canonicalize().map_err(|e| format!("cannot find `{}`: {e}", runtime.display()))?;
    let settings = format!("[crate]\nruntime = {{ path = {:?} }}\n", runtime.display().to_string());
    let path = work.join(SHARED);
    fs::write(&path, settings).map_err(|e| format!("cannot write `{}`: {e}", path.display()))
}

/// Tries all documents, `--jobs` at a time, and returns the results in the order of the documents.
fn try_all(args: &Corpus, jobs: &[Job], work: &Path) -> Result<Vec<Tried>, String> {
    let own = env::current_exe().map_err(|e| format!("cannot find this program: {e}"))?;
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Tried)>> = Mutex::new(Vec::with_capacity(jobs.len()));
    let progress = io::stderr().is_terminal();
    thread::scope(|scope| {
        for _ in 0..args.jobs.clamp(1, 64) {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(n) else { return };
                    if progress {
                        let _ = write!(io::stderr(), "\r\x1b[2K{}/{} {}", n + 1, jobs.len(), job.document);
                    }
                    let tried = try_one(args, job, &own, work);
                    let mut results = results.lock().unwrap_or_else(|e| e.into_inner());
                    if args.format == Format::Human {
                        let clear = if progress { "\r\x1b[2K" } else { "" };
                        let _ = write!(io::stderr(), "{clear}");
                        print::out(&row(&tried));
                    }
                    results.push((n, tried));
                }
            });
        }
    });
    if progress {
        let _ = write!(io::stderr(), "\r\x1b[2K");
    }
    let mut results = results.into_inner().unwrap_or_else(|e| e.into_inner());
    results.sort_by_key(|(n, _)| *n);
    Ok(results.into_iter().map(|(_, tried)| tried).collect())
}

fn try_one(args: &Corpus, job: &Job, own: &Path, work: &Path) -> Tried {
    let out = work.join(&job.name);
    // A crate of an earlier run would hide that this run wrote nothing.
    let _ = fs::remove_dir_all(&out);
    let mut command = Command::new(own);
    command.arg("generate").arg("--spec").arg(&job.path).arg("--out").arg(&out);
    command.args(["--name", &job.name, "--format", "json"]);
    if args.compile {
        command.arg("--config").arg(work.join(SHARED));
    }
    let start = Instant::now();
    let ended = run_within(&mut command, Duration::from_secs(args.timeout), &work.join(format!("{}.log", job.name)));
    let elapsed = start.elapsed();
    let mut tried = Tried {
        document: job.document.clone(),
        outcome: "panic",
        object: Value::Null,
        reason: String::new(),
        elapsed,
        compiled: None,
    };
    match ended {
        Err(error) => tried.reason = format!("cannot run the generator: {error}"),
        Ok(Ended { status: None, .. }) => {
            tried.outcome = "timeout";
            tried.reason = format!("more than {} s", args.timeout);
        }
        Ok(Ended { status: Some(status), stdout, stderr }) => {
            tried.object = serde_json::from_str(&stdout).unwrap_or(Value::Null);
            match status.code() {
                Some(0) => tried.outcome = "ok",
                Some(2) => {
                    tried.outcome = "refused";
                    tried.reason = first_error(&tried.object).unwrap_or_else(|| last_line(&stderr));
                }
                // A panic, a stack overflow, out of memory: whatever took it down said so last.
                _ => tried.reason = format!("{status}: {}", last_line(&stderr)),
            }
        }
    }
    if args.compile && tried.outcome == "ok" {
        // The versions of the repository: nothing is looked up in the registry.
        if let Ok(root) = inputs::repository() {
            // Without them it only takes longer.
            let _ = fs::copy(root.join("Cargo.lock"), out.join("Cargo.lock"));
        }
        tried.compiled = Some(compile::check(&out, &work.join("target")));
    }
    tried
}

pub(crate) struct Ended {
    /// `None`: it was stopped when its time was up.
    pub(crate) status: Option<ExitStatus>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `command` to its end or to the end of its time. Its output goes through files: a full pipe would block it.
fn run_within(command: &mut Command, limit: Duration, log: &Path) -> io::Result<Ended> {
    let (out, err) = (log.with_extension("out"), log.with_extension("err"));
    command.stdin(Stdio::null()).stdout(fs::File::create(&out)?).stderr(fs::File::create(&err)?);
    let mut child = command.spawn()?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if start.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let text = |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let ended = Ended { status, stdout: text(&out)?, stderr: text(&err)? };
    let _ = fs::remove_file(out);
    let _ = fs::remove_file(err);
    Ok(ended)
}

fn first_error(object: &Value) -> Option<String> {
    let error =
        object.get("diagnostics")?.as_array()?.iter().find(|d| d.get("severity").is_some_and(|s| s == "error"))?;
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    let line = error.get("line").and_then(Value::as_u64).map(|line| format!(" (line {line})")).unwrap_or_default();
    Some(format!("{}: {}{line}", text("code"), text("message")))
}

fn last_line(text: &str) -> String {
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no message").trim().to_owned()
}

/// The contract's object: `generate`'s own, with the document, the outcome and what compiling gave.
fn object(tried: &Tried) -> Value {
    let mut object = json!({
        "document": tried.document,
        "outcome": tried.outcome,
        "operations": 0, "skipped_operations": 0, "schemas": 0, "files": 0, "lines": 0, "diagnostics": [],
    });
    if let (Some(object), Some(own)) = (object.as_object_mut(), tried.object.as_object()) {
        for (key, value) in own {
            object.insert(key.clone(), value.clone());
        }
    }
    if let Some(object) = object.as_object_mut() {
        // The whole process, which is what a person waits for.
        object.insert("elapsed_ms".into(), json!(millis(tried.elapsed)));
        object.insert("reason".into(), if tried.reason.is_empty() { Value::Null } else { json!(tried.reason) });
        if let Some(compiled) = &tried.compiled {
            object.insert("compile".into(), json!(compiled.outcome));
            object.insert("check_ms".into(), json!(millis(compiled.elapsed)));
            object.insert("compile_message".into(), json!(compiled.message));
        }
    }
    object
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn row(tried: &Tried) -> String {
    let number = |key: &str| tried.object.get(key).and_then(Value::as_u64).unwrap_or_default();
    let mut row = format!(
        "{:<8} {:>7} ms {:>5} ops {:>6} lines  {}",
        tried.outcome,
        millis(tried.elapsed),
        number("operations"),
        number("lines"),
        visible(&tried.document)
    );
    if let Some(compiled) = &tried.compiled {
        row.push_str(&format!("  compile: {} in {} ms", compiled.outcome, millis(compiled.elapsed)));
        if let Some(message) = &compiled.message {
            row.push_str(&format!("\n         {}", visible(message)));
        }
    }
    if !tried.reason.is_empty() {
        row.push_str(&format!("\n         {}", visible(&tried.reason)));
    }
    row.push('\n');
    row
}

fn summary(tried: &[Tried], skipped: usize, elapsed: Duration) -> String {
    let count = |outcome: &str| tried.iter().filter(|t| t.outcome == outcome).count();
    let mut text = format!(
        "\n{} documents in {:.1} s: {} ok, {} refused, {} panic, {} timeout; {skipped} files skipped that are no OpenAPI document\n",
        tried.len(),
        elapsed.as_secs_f64(),
        count("ok"),
        count("refused"),
        count("panic"),
        count("timeout"),
    );
    if tried.iter().any(|t| t.compiled.is_some()) {
        let count =
            |outcome: &str| tried.iter().filter_map(|t| t.compiled.as_ref()).filter(|c| c.outcome == outcome).count();
        text.push_str(&format!(
            "compiled: {} ok, {} with warnings, {} with errors\n",
            count("ok"),
            count("warnings"),
            count("errors")
        ));
    }
    text
}

/// The documents below `dir`, sorted, and how many other files of their kinds there are.
fn jobs(dir: &Path) -> Result<(Vec<Job>, usize), String> {
    let mut paths = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|e| format!("cannot read `{}`: {e}", folder.display()))?;
        for entry in entries.flatten() {
            // Links are not followed: they lead out of the folder or round in circles.
            let Ok(kind) = entry.file_type() else { continue };
            let name = entry.file_name().to_string_lossy().into_owned();
            if kind.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
                folders.push(entry.path());
            } else if kind.is_file() && [".json", ".yaml", ".yml"].iter().any(|end| name.to_lowercase().ends_with(end))
            {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    let mut jobs = Vec::new();
    let mut skipped = 0;
    let mut names = BTreeSet::new();
    for path in paths {
        // A file that cannot be read is the generator's to refuse.
        if generator::base::file::read(&path).is_ok_and(|text| !looks_like_a_document(&text)) {
            skipped += 1;
            continue;
        }
        let document = path.strip_prefix(dir).unwrap_or(&path).display().to_string().replace('\\', "/");
        let base = crate_name(&document);
        let mut name = base.clone();
        let mut n = 2;
        while !names.insert(name.clone()) {
            name = format!("{base}-{n}");
            n += 1;
        }
        jobs.push(Job { document, path, name });
    }
    Ok((jobs, skipped))
}

/// Whether a text has the key `openapi` or `swagger`: quoted anywhere, since JSON need not have lines, or bare at the
/// start of a line.
fn looks_like_a_document(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    ["openapi", "swagger"].iter().any(|key| {
        text.match_indices(key).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + key.len()..]);
            let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''));
            let (opens, after) = match quote {
                Some(quote) => (after.starts_with(quote), after.strip_prefix(quote).unwrap_or(after)),
                None => (before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}']), after),
            };
            opens && after.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(':')
        })
    })
}

/// A package name made from a document's path.
fn crate_name(document: &str) -> String {
    let stem = document.rsplit_once('.').map_or(document, |(stem, _)| stem);
    let mut name = String::new();
    for c in stem.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            _ if !name.ends_with('-') => name.push('-'),
            _ => {}
        }
    }
    // A prefix keeps clear of digits at the front, keywords and the names of dependencies.
    format!("doc-{}", name.trim_matches('-')).chars().take(60).collect()
}
