//! `release`: moves the version by the step that a changed document asks for, and tells it in the changelog.
//!
//! Version, changelog and the lives of aliases stand in `spec/`; `generate` renders them into the crate.

use crate::cli::{InputArgs, Release, StepArg};
use crate::inputs::{self, Resolved};
use crate::{Outcome, fetch, print};
use generator::drift::{self, Step};
use generator::history::changelog;
use generator::history::lock::Lock;
use generator::history::provenance::is_day;
use generator::{Inputs, emit, pipeline, settings};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Release) -> Outcome {
    let done = inputs::resolve(&InputArgs::default()).and_then(|resolved| match (&args.check, &args.old) {
        (Some(tag), None) => check(&resolved, tag, args),
        (None, Some(old)) => release(&resolved, old, args),
        _ => Err("name the document of the last release, or `--check TAG`".to_owned()),
    });
    done.unwrap_or_else(|message| {
        print::error(&message);
        Outcome::Refused
    })
}

/// What the settings name, as text.
fn history(resolved: &Resolved) -> Result<(PathBuf, String, PathBuf, String, String), String> {
    let config = resolved.inputs.config.clone().ok_or("there are no settings")?;
    let text = read(&config)?;
    let run = pipeline::understand(&Inputs { own: false, ..resolved.inputs.clone() });
    let version = run.settings.package.version.as_ref().map(|v| v.to_string());
    let version = version.ok_or("the settings have no `version` in `[crate]`")?;
    let name = run.settings.package.changelog.as_ref().ok_or("the settings name no `changelog` in `[crate]`")?;
    let log = config.parent().unwrap_or(Path::new("")).join(&name.value);
    let log_text = read(&log)?;
    Ok((config, text, log, log_text, version))
}

fn read(path: &Path) -> Result<String, String> {
    generator::base::file::read_text(path).map_err(|why| format!("cannot read `{}`: {why}", path.display()))
}

/// Whether a tag is the version in `spec/`, and the changelog tells of it.
fn check(resolved: &Resolved, tag: &str, args: &Release) -> Result<Outcome, String> {
    let (config, _, log, log_text, version) = history(resolved)?;
    if tag.strip_prefix('v') != Some(&version) {
        print::error(&format!("the tag is `{tag}`, the version in `{}` is {version}", config.display()));
        return Ok(Outcome::Findings);
    }
    let Some(section) = changelog::section(&log_text, &version).filter(|text| !text.is_empty()) else {
        print::error(&format!("`{}` says nothing of {version}", log.display()));
        return Ok(Outcome::Findings);
    };
    write(args.report.as_deref(), section)?;
    print::out(&format!("{tag} is the version in `{}`, and `{}` tells of it\n", config.display(), log.display()));
    Ok(Outcome::Done)
}

fn release(resolved: &Resolved, old: &Path, args: &Release) -> Result<Outcome, String> {
    let date = match &args.date {
        Some(date) if !is_day(date) => return Err(format!("`{date}` is no day of the form `2026-04-23`")),
        Some(date) => date.clone(),
        None => fetch::today(),
    };
    let (config, text, log, log_text, version) = history(resolved)?;
    let new = Inputs { own: false, ..resolved.inputs.clone() };
    let mut before = Inputs { spec: old.to_path_buf(), ..new.clone() };
    if args.old_config.is_some() {
        before.config = args.old_config.clone();
    }
    if !args.old_overlay.is_empty() {
        before.overlays = args.old_overlay.clone();
    }
    let (old, new) = drift::understand(&before, &new);
    let refused: Vec<_> = [&old, &new].into_iter().filter(|side| side.diagnostics.has_errors()).collect();
    for side in &refused {
        print::all(&side.diagnostics, &side.sources);
    }
    if !refused.is_empty() {
        return Ok(Outcome::Refused);
    }
    let report = drift::diff(&old, &new);
    // What the document does not show (another runtime, other settings) can ask for more, never for less.
    let step = report.semver.step.max(args.at_least.map_or(Step::None, step_of));
    let next = step.apply(&version).ok_or_else(|| format!("`{version}` is no version that can be moved"))?;
    let markdown = drift::markdown(&report, drift::COMMENT);
    write(args.report.as_deref(), &markdown)?;
    if args.github_output {
        github_output(&format!("step={}\n", step.word()))?;
    }
    if step == Step::None {
        print::out(&format!("nothing to release: {version} stays\n"));
        return Ok(Outcome::Done);
    }
    let why = if step == report.semver.step { report.semver.reason.clone() } else { "as asked for".to_owned() };
    print::out(&format!("{version} → {next}: {} ({why})\n", report.semver.words()));
    if !args.apply {
        print::out(&format!("\n{markdown}\nnothing was changed: `--apply` writes this\n"));
        return Ok(Outcome::Done);
    }
    let lock = resolved.inputs.lock.clone().ok_or("there is no lock")?;
    let (settings, log) = ((config, text), (log, log_text));
    let next = Next::of(&version, step, settings, log, (Some(lock), &new.next_lock), &date, &markdown)?;
    let files = next.files;
    write_all(&files)?;
    let names: Vec<String> = files.iter().map(|(path, _)| format!("`{}`", path.display())).collect();
    print::out(&format!("{} are written; `cargo xtask generate` renders them\n", names.join(", ")));
    Ok(Outcome::Done)
}

/// The next version, and what settings, changelog and lock become with it.
#[derive(Default)]
pub(crate) struct Next {
    pub(crate) version: String,
    pub(crate) files: Vec<(PathBuf, String)>,
}

impl Next {
    /// From the texts as they are, each with its path.
    pub(crate) fn of(
        version: &str,
        step: Step,
        (config, settings): (PathBuf, String),
        (log, log_text): (PathBuf, String),
        (lock_path, lock): (Option<PathBuf>, &Lock),
        date: &str,
        markdown: &str,
    ) -> Result<Self, String> {
        let next = step.apply(version).ok_or_else(|| format!("`{version}` is no version that can be moved"))?;
        let lock = lock.released(&next, step == Step::Major);
        let version = next.to_string();
        let mut files = vec![
            (config, settings::edit::set_version(&settings, &version)?),
            (log, changelog::add(&log_text, &version, date, markdown)?),
        ];
        files.extend(lock_path.map(|path| (path, lock.print())));
        Ok(Self { version, files })
    }
}

/// Puts new contents into files: into all of them or none.
pub(crate) fn write_all(files: &[(PathBuf, String)]) -> Result<(), String> {
    let staged: Result<Vec<_>, _> = files.iter().map(|(path, text)| emit::stage_file(path, text.as_bytes())).collect();
    staged.and_then(emit::commit_all).map_err(|diagnostic| diagnostic.message.clone())
}

fn step_of(step: StepArg) -> Step {
    match step {
        StepArg::Patch => Step::Patch,
        StepArg::Minor => Step::Minor,
        StepArg::Major => Step::Major,
    }
}

pub(crate) fn write(path: Option<&Path>, text: &str) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    fs::write(path, format!("{}\n", text.trim_end())).map_err(|e| format!("cannot write `{}`: {e}", path.display()))
}

/// Lines such as `step=minor` for later steps of a workflow.
pub(crate) fn github_output(lines: &str) -> Result<(), String> {
    let path = std::env::var_os("GITHUB_OUTPUT")
        .ok_or("`--github-output` is for GitHub's runners: GITHUB_OUTPUT is not set")?;
    let appended = fs::OpenOptions::new().append(true).create(true).open(&path);
    let written = appended.and_then(|mut file| write!(file, "{lines}"));
    written.map_err(|e| format!("cannot write to GITHUB_OUTPUT: {e}"))
}
