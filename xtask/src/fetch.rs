//! `fetch`: brings in another document. Everything is known to be good before anything is replaced.

use crate::cli::{Fetch, WordsArg};
use crate::inputs::{self, Resolved};
use crate::{Outcome, adopt, print, release};
use generator::base::Sources;
use generator::base::diagnostic::{Diagnostic, Diagnostics};
use generator::base::visible::visible;
use generator::document::hash_content;
use generator::document::load;
use generator::emit;
use generator::history::provenance::{From, Source, day};
use generator::ir::Api;
use generator::pipeline::Understood;
use generator::settings::Words;
use generator::{Inputs, drift};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) fn run(args: &Fetch) -> Outcome {
    let resolved = match inputs::resolve_without_output(&args.inputs) {
        Ok(resolved) => resolved,
        Err(message) => return refuse(&message),
    };
    // The settings name the source and the record; a broken input is told before anything is fetched.
    let before = generator::pipeline::understand(&Inputs { own: false, ..resolved.inputs.clone() });
    if before.diagnostics.has_errors() && resolved.inputs.spec.exists() {
        print::all(&before.diagnostics, &before.sources);
        return Outcome::Refused;
    }
    let named = args.from.clone().or_else(|| before.settings.document.source.as_ref().map(|s| s.to_string()));
    let Some(named) = named else {
        return refuse("name an address or a file, or set `source` in `[document]` of the settings");
    };
    let (source, file) = match From::read(&named) {
        Ok(From::File(path)) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, path)
        }
        Ok(From::Url(url)) if cfg!(feature = "fetch") => match downloaded(&url) {
            Ok(path) => (url, path),
            Err(message) => {
                print::error(&message);
                print::line("  = help: nothing was changed; with a file, `cargo xtask fetch FILE` does all the same");
                return Outcome::Refused;
            }
        },
        Ok(From::Url(_)) => return crate::rerun::with("fetch", "name a file"),
        Err(message) => return refuse(&message),
    };
    let ours = match args.words {
        Some(WordsArg::Ours) => true,
        Some(WordsArg::Theirs) => false,
        None => before.settings.document.words == Words::Ours,
    };
    if ours && !resolved.inputs.spec.exists() {
        let message = format!("there is no `{}` whose words are ours", resolved.inputs.spec.display());
        print::error(&message);
        print::line("  = help: `--words theirs` takes the document as it is published");
        return Outcome::Refused;
    }
    let done = match ours {
        true => adopt::bring_in(&resolved, &before, &source, &file, args),
        false => bring_in(&resolved, &before, &source, &file, args),
    };
    match done {
        Ok(outcome) => outcome,
        Err(Failure::Printed) => Outcome::Refused,
        Err(Failure::Message(message)) => refuse(&message),
    }
}

pub(crate) enum Failure {
    /// The diagnostics are on the terminal already.
    Printed,
    Message(String),
}

impl std::convert::From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

fn refuse(message: &str) -> Outcome {
    print::error(message);
    Outcome::Refused
}

/// Validates the document in `file` in the place of ours, replaces ours, and tells what changed.
fn bring_in(
    resolved: &Resolved,
    before: &Understood,
    source: &str,
    file: &Path,
    args: &Fetch,
) -> Result<Outcome, Failure> {
    let spec = &resolved.inputs.spec;
    let bytes =
        generator::base::file::read(file).map_err(|refused| format!("cannot read `{}`: {refused}", file.display()))?;
    let (hash, version) = content(file)?;
    // Asked for as it is published, it is also taken where its facts are in ours already.
    let asked = args.words.is_some() && before.history.content != hash;
    if !asked && is_known(spec, before, &hash) {
        return nothing_new(args);
    }
    // Beside the old one, where it will be: what it refers to is looked for there.
    let staged = emit::stage_file(spec, &bytes).map_err(|diagnostic| printed(&diagnostic))?;
    let now = Inputs { spec: staged.path().to_path_buf(), own: false, ..resolved.inputs.clone() };
    let understood = generator::pipeline::understand(&now);
    let (count, lost) = (understood.api.operations.len(), lost(&before.api, &understood.api));
    let run = generator::pipeline::render_understood(&now, understood);
    if run.diagnostics.has_errors() {
        return Err(refused(&run.diagnostics, &run.sources, file));
    }
    if spec.exists() {
        refuse_another(before, lost, count, spec, file, args.yes)?;
    }
    let record = record(resolved, before, source, &version, &hash)
        .map(|(path, text)| emit::stage_file(&path, text.as_bytes()))
        .transpose()
        .map_err(|diagnostic| printed(&diagnostic))?;
    let report = if spec.exists() { report(resolved, &now, spec, args)? } else { String::new() };
    let stale: Vec<_> = run.diagnostics.iter().filter(|d| d.code == "W0906").cloned().collect();
    emit::commit_all(std::iter::once(staged).chain(record).collect()).map_err(|diagnostic| printed(&diagnostic))?;
    print::out(&format!("`{}` is the document of `{source}` now\nhash {hash}\n\n{report}", spec.display()));
    if !stale.is_empty() {
        print::out("\nstale actions of the overlay, to be deleted or corrected before `cargo xtask generate`:\n");
        for diagnostic in &stale {
            let at = place(diagnostic, &run.sources);
            print::out(&format!("  {}\n", visible(&format!("{at}{}", diagnostic.text()))));
        }
    }
    Ok(Outcome::Done)
}

/// Says why a document is not taken.
pub(crate) fn refused(diagnostics: &Diagnostics, sources: &Sources, file: &Path) -> Failure {
    print::all(diagnostics, sources);
    print::line(&format!("  = help: `{}` was refused; nothing was changed", file.display()));
    Failure::Printed
}

/// The place of a diagnostic, in front of its message.
pub(crate) fn place(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let at = diagnostic.span.and_then(|span| Some((sources.path(span.file)?, sources.position(span)?)));
    at.map(|(path, p)| format!("{path}:{}:{}: ", p.line, p.column)).unwrap_or_default()
}

/// Whether the content of this hash is what we have, and says so.
pub(crate) fn is_known(spec: &Path, before: &Understood, hash: &str) -> bool {
    let recorded = before.history.source.as_ref().filter(|recorded| recorded.hash == hash && spec.exists());
    if spec.exists() && before.history.content == hash {
        print::out(&format!("unchanged: `{}` has this content already\nhash {hash}\n", spec.display()));
        return true;
    }
    if let Some(recorded) = recorded {
        print::out(&format!(
            "unchanged: this is what `{}` was made from ({}); it was edited since\nhash {hash}\n",
            spec.display(),
            recorded.date
        ));
    }
    recorded.is_some()
}

/// What later steps of a workflow are told where nothing is new.
pub(crate) fn nothing_new(args: &Fetch) -> Result<Outcome, Failure> {
    if args.github_output {
        release::github_output("step=none\n")?;
    }
    release::write(args.report.as_deref(), "Nothing differs.")?;
    Ok(Outcome::Done)
}

/// A file of the wrong name, half of a download, another API: mistakes lose most of a document, new versions do not.
pub(crate) fn refuse_another(
    before: &Understood,
    lost: usize,
    count: usize,
    spec: &Path,
    file: &Path,
    sure: bool,
) -> Result<(), Failure> {
    let total = before.api.operations.len();
    if sure || lost * 2 <= total {
        return Ok(());
    }
    print::error(&format!(
        "{lost} of the {total} operations of `{}` are not among the {count} of `{}`",
        spec.display(),
        file.display()
    ));
    print::line("  = help: nothing was changed; if this is the document, say so with `--yes`");
    Err(Failure::Printed)
}

/// How many operations of the old document the new one lacks, by method and path.
pub(crate) fn lost(old: &Api, new: &Api) -> usize {
    let there: BTreeSet<_> = new.operations.iter().map(|o| (&o.method, &o.path)).collect();
    old.operations.iter().filter(|o| !there.contains(&(&o.method, &o.path))).count()
}

pub(crate) fn printed(diagnostic: &generator::base::diagnostic::Diagnostic) -> Failure {
    print::one(diagnostic);
    Failure::Printed
}

/// The canonical hash of a document, and what it calls its version.
pub(crate) fn content(file: &Path) -> Result<(String, String), Failure> {
    let mut diagnostics = Diagnostics::new();
    match load::load(file, &mut diagnostics) {
        Ok(document) => {
            let version = document.root.get("info").and_then(|info| info.get("version")).and_then(|v| v.as_str());
            Ok((hash_content(&document.root), version.unwrap_or_default().to_owned()))
        }
        Err(sources) => Err(refused(&diagnostics, &sources, file)),
    }
}

/// The record of what is brought in: its file and the text. `None` where the settings name no file for it.
pub(crate) fn record(
    resolved: &Resolved,
    before: &Understood,
    source: &str,
    version: &str,
    hash: &str,
) -> Option<(PathBuf, String)> {
    let name = before.settings.document.provenance.as_ref()?;
    let folder = resolved.inputs.config.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let source =
        Source { source: source.to_owned(), date: today(), version: version.to_owned(), hash: hash.to_owned() };
    Some((folder.join(&name.value), source.print()))
}

/// The day by the clock of this machine, in UTC.
pub(crate) fn today() -> String {
    day(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()))
}

/// What the new document changes, as `diff` tells it.
fn report(resolved: &Resolved, now: &Inputs, spec: &Path, args: &Fetch) -> Result<String, Failure> {
    let old = Inputs { spec: spec.to_path_buf(), own: false, ..resolved.inputs.clone() };
    let (old, new) = drift::understand(&old, now);
    let report = drift::diff(&old, &new);
    release::write(args.report.as_deref(), &drift::markdown(&report, drift::COMMENT))?;
    if args.github_output {
        release::github_output(&format!("step={}\n", report.semver.step.word()))?;
    }
    Ok(drift::text(&report, print::style()))
}

/// Keeps what was downloaded where messages can point into it.
#[cfg(feature = "fetch")]
fn downloaded(url: &str) -> Result<PathBuf, String> {
    let bytes = crate::download::download(url)?;
    let dir = inputs::repository().map_or_else(|_| std::env::temp_dir(), |root| root.join("target"));
    let dir = dir.join("fetch");
    let path = dir.join("document");
    let kept = std::fs::create_dir_all(&dir).and_then(|()| std::fs::write(&path, bytes));
    kept.map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    Ok(path)
}

#[cfg(not(feature = "fetch"))]
fn downloaded(_: &str) -> Result<PathBuf, String> {
    Err("this program was built without the feature `fetch`".to_owned())
}
