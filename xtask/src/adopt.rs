//! `fetch` where the words of the document are ours: the facts of the new one come into our file, and what else stands beside it goes
//! along. Everything is known to be good before anything is replaced.

use crate::cli::Fetch;
use crate::fetch::{self, Failure};
use crate::inputs::Resolved;
use crate::release::Next;
use crate::{Outcome, print, release};
use generator::adopt::{Adopted, Adoption, Moves, Wordless, adopt, wordless};
use generator::base::Sources;
use generator::base::diagnostic::{Diagnostic, Diagnostics};
use generator::base::file::read_text;
use generator::base::visible::visible;
use generator::document::Node;
use generator::document::load;
use generator::drift::{self, Class, Report, Step};
use generator::emit::{self, StagedFile};
use generator::pipeline::Understood;
use generator::{Inputs, pipeline};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The characters that the lists may take in a report.
const ROOM: usize = 20_000;

/// As many lines of one list are printed.
const SHOWN: usize = 40;

/// Brings the facts of the document in `file` into ours.
pub(crate) fn bring_in(
    resolved: &Resolved,
    before: &Understood,
    source: &str,
    file: &Path,
    args: &Fetch,
) -> Result<Outcome, Failure> {
    let spec = &resolved.inputs.spec;
    let (hash, version) = fetch::content(file)?;
    if fetch::is_known(spec, before, &hash) {
        return fetch::nothing_new(args);
    }
    let theirs_inputs = Inputs { spec: file.to_path_buf(), own: false, ..resolved.inputs.clone() };
    let theirs = pipeline::understand(&theirs_inputs);
    refuse_broken(&theirs, file)?;
    let lost = fetch::lost(&before.api, &theirs.api);
    fetch::refuse_another(before, lost, theirs.api.operations.len(), spec, file, args.yes)?;

    let text = read(spec)?;
    let adopted = adopted(before, &theirs, spec, &text, file)?;
    let now = parsed(spec, &adopted.text)?;
    let files = Files::staged(resolved, &adopted, &now)?;
    let inputs = files.inputs(resolved);
    let (old, mut new) = drift::understand(&Inputs { own: false, ..resolved.inputs.clone() }, &inputs);
    files.shown_as_targets(&mut new.sources);
    refuse_broken(&new, file)?;
    let report = drift::diff(&old, &new);
    let left = Left::of((&old, &parsed(spec, &text)?), (&new, &now), &adopted, spec);
    let next = next(resolved, &new, &report, &inputs)?;
    let record = fetch::record(resolved, before, source, &version, &hash);
    let generated = pipeline::render_understood(&inputs, new);
    if generated.diagnostics.has_errors() {
        return Err(fetch::refused(&generated.diagnostics, &generated.sources, file));
    }

    let step = report.semver.step;
    let markdown = left.markdown(&drift::markdown(&report, drift::COMMENT - ROOM));
    release::write(args.report.as_deref(), &markdown)?;
    if args.github_output {
        release::github_output(&format!("step={}\ntitle={}\n", step.word(), left.title(&report)))?;
    }
    files.commit(next.files.into_iter().chain(record))?;
    let mut out =
        format!("`{}` has the facts of `{source}` now: {}\nhash {hash}\n", spec.display(), lines(&text, &adopted.text));
    if !next.version.is_empty() {
        let _ = writeln!(out, "version {}", next.version);
    }
    let _ = write!(out, "\n{}", drift::text(&report, print::style()));
    for (name, count) in &adopted.left_out {
        let _ = writeln!(out, "not brought in: `{}`, {count} times (`[document] extensions`)", visible(name));
    }
    out.push_str(&left.text());
    print::out(&out);
    Ok(Outcome::Done)
}

fn read(path: &Path) -> Result<String, Failure> {
    read_text(path).map_err(|why| Failure::Message(format!("cannot read `{}`: {why}", path.display())))
}

fn parsed(spec: &Path, text: &str) -> Result<Node, Failure> {
    let mut out = Diagnostics::new();
    let node = load::read_str(&spec.display().to_string(), text, &mut Sources::new(), &mut out);
    node.ok_or_else(|| Failure::Message(format!("`{}` cannot be read", spec.display())))
}

fn refuse_broken(understood: &Understood, file: &Path) -> Result<(), Failure> {
    if !understood.diagnostics.has_errors() {
        return Ok(());
    }
    Err(fetch::refused(&understood.diagnostics, &understood.sources, file))
}

fn adopted(before: &Understood, theirs: &Understood, spec: &Path, text: &str, file: &Path) -> Result<Adopted, Failure> {
    let mut out = Diagnostics::new();
    let document = load::load(file, &mut out).map_err(|sources| {
        print::all(&out, &sources);
        Failure::Printed
    })?;
    let extensions: Vec<String> = before.settings.document.extensions.iter().map(|name| name.to_string()).collect();
    let origins = drift::origins(before, theirs);
    let name = spec.display().to_string();
    let adoption = Adoption { name: &name, theirs: &document.root, extensions: &extensions, origins: &origins };
    adopt(text, adoption).map_err(|why| Failure::Message(format!("{why}; nothing was changed")))
}

/// How many lines differ, whatever their order.
fn lines(old: &str, new: &str) -> String {
    let mut counts = HashMap::new();
    old.lines().for_each(|line| *counts.entry(line).or_insert(0_i64) -= 1);
    new.lines().for_each(|line| *counts.entry(line).or_insert(0) += 1);
    let sum = |sign: i64| counts.values().map(|n| (n * sign).max(0)).sum::<i64>();
    format!("{} lines removed, {} added", sum(-1), sum(1))
}

/// The files beside the document, with pointers that follow what moved, ready to be written.
struct Files {
    spec: StagedFile,
    overlays: Vec<StagedFile>,
    config: Option<StagedFile>,
    others: Vec<StagedFile>,
}

impl Files {
    fn staged(resolved: &Resolved, adopted: &Adopted, now: &Node) -> Result<Self, Failure> {
        let moves = Moves::of(&adopted.moved, now);
        let stage = |path: &Path, text: &str| {
            emit::stage_file(path, text.as_bytes()).map_err(|diagnostic| fetch::printed(&diagnostic))
        };
        let Inputs { spec, overlays, config, .. } = &resolved.inputs;
        let overlay = |path: &PathBuf| stage(path, &moves.in_overlay(&read(path)?));
        let mut others = Vec::new();
        let folder = spec.parent().map(|folder| folder.join("i18n"));
        for entry in folder.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "toml") {
                others.push(stage(&entry.path(), &moves.in_pointers(&read(&entry.path())?))?);
            }
        }
        Ok(Self {
            spec: stage(spec, &adopted.text)?,
            overlays: overlays.iter().map(overlay).collect::<Result<_, _>>()?,
            config: config.as_ref().map(|path| stage(path, &moves.in_pointers(&read(path)?))).transpose()?,
            others,
        })
    }

    /// Reports speak of the files that these become.
    fn shown_as_targets(&self, sources: &mut Sources) {
        let shown = |path: &Path| path.display().to_string().replace('\\', "/");
        for staged in self.overlays.iter().chain(&self.config).chain([&self.spec]) {
            sources.rename(&shown(staged.path()), &shown(staged.target()));
        }
    }

    fn inputs(&self, resolved: &Resolved) -> Inputs {
        Inputs {
            spec: self.spec.path().to_path_buf(),
            overlays: self.overlays.iter().map(|staged| staged.path().to_path_buf()).collect(),
            config: self.config.as_ref().map(|staged| staged.path().to_path_buf()),
            own: false,
            ..resolved.inputs.clone()
        }
    }

    /// Writes all of them, and `more`, whose contents go over those that were staged.
    fn commit(self, more: impl Iterator<Item = (PathBuf, String)>) -> Result<(), Failure> {
        let mut all: Vec<StagedFile> = std::iter::once(self.spec).chain(self.overlays).chain(self.others).collect();
        let more: Vec<(PathBuf, String)> = more.collect();
        // The settings with another version are made of those that are staged.
        let replaced = self.config.as_ref().is_some_and(|staged| more.iter().any(|(path, _)| *path == staged.target()));
        all.extend(self.config.filter(|_| !replaced));
        for (path, text) in &more {
            all.push(emit::stage_file(path, text.as_bytes()).map_err(|diagnostic| fetch::printed(&diagnostic))?);
        }
        emit::commit_all(all).map_err(|diagnostic| fetch::printed(&diagnostic))
    }
}

/// As `release` does it; nothing where nothing asks for another version, or the settings keep none or no changelog.
fn next(resolved: &Resolved, new: &Understood, report: &Report, inputs: &Inputs) -> Result<Next, Failure> {
    let package = &new.settings.package;
    let (Some(config), Some(version), Some(name)) = (&resolved.inputs.config, &package.version, &package.changelog)
    else {
        return Ok(Next::default());
    };
    let step = report.semver.step;
    if step == Step::None {
        return Ok(Next::default());
    }
    let log = config.parent().unwrap_or(Path::new("")).join(&name.value);
    let settings = (config.clone(), read(inputs.config.as_deref().unwrap_or(config))?);
    let log_text = read(&log)?;
    let lock = (resolved.inputs.lock.clone(), &new.next_lock);
    let markdown = drift::markdown(report, drift::COMMENT);
    Ok(Next::of(version, step, settings, (log, log_text), lock, &fetch::today(), &markdown)?)
}

/// What is left to a person.
struct Left {
    /// Stale entries, and retry classes of new operations.
    decide: Vec<String>,
    describe: Vec<String>,
    examples: Vec<String>,
    /// Texts that have no place any more.
    lost: Vec<String>,
    /// Examples that were changed: to be read.
    changed: Vec<String>,
}

impl Left {
    fn of(old: (&Understood, &Node), new: (&Understood, &Node), adopted: &Adopted, spec: &Path) -> Self {
        let ((old, past), (new, now)) = (old, new);
        let mut decide: Vec<String> = Vec::new();
        let before: BTreeSet<String> = stale(old).map(|d| d.message.clone()).collect();
        for diagnostic in stale(new).filter(|d| !before.contains(&d.message)) {
            let help = diagnostic.help.as_deref().unwrap_or("delete it, or correct what it selects");
            decide.push(format!("{}{}: {help}", fetch::place(diagnostic, &new.sources), diagnostic.message));
        }
        let known: BTreeSet<(&str, &str)> =
            old.api.operations.iter().map(|o| (o.method.as_str(), o.path.as_str())).collect();
        let ids: BTreeSet<&str> = old.api.operations.iter().map(|o| o.id.as_str()).collect();
        for (o, call) in new.api.operations.iter().zip(&new.facts.calls) {
            let plain = matches!(o.method.as_str(), "get" | "head");
            let is_known = known.contains(&(o.method.as_str(), o.path.as_str())) || ids.contains(o.id.as_str());
            if !plain && !is_known && new.settings.operations.retry(&o.id).is_none() {
                let class = match (call.idempotency_header.is_some(), o.method.as_str()) {
                    (true, _) => "keyed",
                    (false, "put" | "delete") => "always",
                    (false, _) => "never",
                };
                decide.push(format!(
                    "`{}` ({} {}) is new and no plain read: `[operations.{}]` with `retry = \"{class}\"` and a `reason`, unless `[retry] default` fits",
                    o.id,
                    o.method.to_uppercase(),
                    o.path,
                    o.id
                ));
            }
        }
        let line =
            |text: &str, offset: u32| text.get(..offset as usize).map_or(0, |before| before.matches('\n').count()) + 1;
        let file = spec.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder =
            spec.parent().and_then(Path::file_name).map(|f| format!("{}/", f.to_string_lossy())).unwrap_or_default();
        // Gaps that were there are no news.
        let gaps: BTreeSet<_> = wordless(past).into_iter().map(|w| w.pointer).collect();
        let describe = wordless(now).into_iter().filter(|w| !gaps.contains(&w.pointer)).map(|w: Wordless| {
            let facts = if w.facts.is_empty() { String::new() } else { format!(": {}", w.facts) };
            format!(
                "{folder}{file}:{}: {} `{}`{facts} ({})",
                line(&adopted.text, w.span.start),
                w.kind,
                w.name,
                w.pointer
            )
        });
        let example = |e: &generator::adopt::Example| {
            let node = now.at(e.pointer.segments().collect::<Vec<_>>().iter().map(String::as_str));
            let at = node.map_or(1, |node| line(&adopted.text, node.span.start));
            format!("{folder}{file}:{at}: {} ({})", e.what, e.pointer)
        };
        Self {
            decide,
            describe: describe.collect(),
            examples: adopted.doubtful.iter().map(example).collect(),
            lost: adopted.lost.iter().map(|(pointer, text)| format!("{pointer}: {}", start_of(text))).collect(),
            changed: adopted.examples.iter().map(example).collect(),
        }
    }

    fn lists(&self) -> [(&'static str, &[String]); 5] {
        [
            ("to decide", &self.decide),
            ("to describe", &self.describe),
            ("examples to correct", &self.examples),
            ("texts without a place, to keep elsewhere or to forget", &self.lost),
            ("examples that were corrected", &self.changed),
        ]
    }

    fn text(&self) -> String {
        let mut out = String::new();
        for (title, list) in self.lists().into_iter().filter(|(_, list)| !list.is_empty()) {
            let _ = writeln!(out, "\n{title} ({}):", list.len());
            for line in list.iter().take(SHOWN) {
                let _ = writeln!(out, "  {}", visible(line));
            }
            if list.len() > SHOWN {
                let _ = writeln!(out, "  ... and {} more, in the report of `--report FILE`", list.len() - SHOWN);
            }
        }
        out
    }

    /// The report with checklists above it: what a person has to do comes first.
    fn markdown(&self, report: &str) -> String {
        let mut out = String::new();
        let todo: Vec<_> = self.lists().into_iter().filter(|(_, list)| !list.is_empty()).collect();
        let mut room = ROOM;
        for (n, (title, list)) in todo.iter().enumerate() {
            let mut letters = title.chars();
            let title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            let _ = writeln!(
                out,
                "<details{}><summary>{title}: {}</summary>\n",
                if n == 0 { " open" } else { "" },
                list.len()
            );
            let share = room / (todo.len() - n);
            let mut used = 0;
            let mut shown = 0;
            let check = if title.ends_with("were corrected") { "" } else { "[ ] " };
            for line in list.iter() {
                let line = format!("- {check}{}\n", visible(line));
                used += line.chars().count();
                if used > share {
                    break;
                }
                out.push_str(&line);
                shown += 1;
            }
            room = room.saturating_sub(used);
            if shown < list.len() {
                let _ = writeln!(out, "- ... and {} more: `cargo xtask check` names them", list.len() - shown);
            }
            out.push_str("\n</details>\n\n");
        }
        format!("{out}{report}")
    }

    /// The title of a pull request.
    fn title(&self, report: &Report) -> String {
        let breaking = report.of(Class::BreaksCompiling).next().is_some() || report.semver.step == Step::Major;
        let todo = self.decide.len() + self.describe.len() + self.examples.len() + self.lost.len();
        let what = match (breaking, todo) {
            (false, 0) => "nothing breaks, nothing to decide".to_owned(),
            (false, n) => format!("nothing breaks, {n} to look at"),
            (true, n) => format!("breaking, {n} to look at"),
        };
        format!("The published document has changed: {} ({what})", report.semver.step.word())
    }
}

/// A text as far as a line shows it.
fn start_of(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Entries of overlays and settings that meet nothing.
fn stale(of: &Understood) -> impl Iterator<Item = &Diagnostic> {
    of.diagnostics.iter().filter(|d| matches!(d.code, "W0906" | "W0704"))
}
