//! Says how an output folder differs from what would be generated, and what made it differ. Only reads.
//!
//! Two comparisons decide. A file's content against the manifest's hash tells whether a hand was at it; the manifest's
//! input hashes against today's tell which input moved. When an output is stale and no input moved, only the generator
//! can have changed. Line ends do not count, so a CRLF checkout is equal.

use super::journal::Journal;
use super::manifest::{Cause, MANIFEST_NAME, Manifest};
use super::{FileSet, IGNORED, below, cannot_read, read, read_manifest, refused};
use crate::base::diagnostic::Diagnostic;
use crate::base::file::{self, Refused};
use crate::base::hash::{hash_bytes, without_crlf};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

/// What is wrong with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its content was generated from older inputs.
    Stale,
    /// It would be generated now and was not before.
    New,
    /// It was generated before and would not be now.
    Obsolete,
    /// It was generated and someone removed it.
    Missing,
    /// It was generated and someone changed it.
    Edited,
    /// It is not the generator's and lies in the generator's folder.
    Foreign,
}

impl State {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::New => "new",
            Self::Obsolete => "obsolete",
            Self::Missing => "missing",
            Self::Edited => "edited",
            Self::Foreign => "foreign",
        }
    }

    /// What it means, as the end of the sentence "the file ...".
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Stale => "was generated from older inputs",
            Self::New => "would be generated now and is not there yet",
            Self::Obsolete => "would not be generated any more",
            Self::Missing => "was generated and is gone",
            Self::Edited => "was changed by hand after it was generated",
            Self::Foreign => "does not come from the generator, and the folder is wholly generated",
        }
    }
}

/// One file that is not as it would be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where it lies, as a path the caller can open (with `/`).
    pub path: String,
    /// What is wrong with it.
    pub state: State,
    /// What made it so.
    pub causes: Vec<Cause>,
    /// The unified diff from the disk to what would be generated; empty for a foreign file.
    pub diff: String,
    /// The first line that differs, from 1.
    pub line: usize,
}

/// The outcome of [`check()`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// All files that differ, sorted by path.
    pub findings: Vec<Finding>,
    /// What made them differ, without repetition.
    pub causes: Vec<Cause>,
    /// How many files are as they would be generated.
    pub fresh: usize,
    /// The one command that mends it; set by the caller, who knows its own arguments.
    pub mend: String,
}

impl CheckReport {
    /// Whether the output on disk is what would be generated.
    pub fn is_fresh(&self) -> bool {
        self.findings.is_empty() && self.causes.is_empty()
    }

    /// Adds the finding of another folder or file.
    pub fn push(&mut self, finding: Finding) {
        for cause in &finding.causes {
            if !self.causes.contains(cause) {
                self.causes.push(*cause);
            }
        }
        self.causes.sort();
        self.findings.push(finding);
    }
}

/// Compares the folder `dir` with `files` and `manifest`.
///
/// The manifest's record of the generator itself does not count when every file is right: a change of the generator that
/// changes no output asks for nothing.
///
/// # Errors
///
/// `E0602` when something cannot be read; `E0604` when the manifest cannot be.
pub fn check(dir: &Path, files: &FileSet, manifest: &Manifest) -> Result<CheckReport, Box<Diagnostic>> {
    let recorded = read_manifest(dir)?;
    let mut moved = recorded.as_ref().map(|r| r.provenance.changes(&manifest.provenance)).unwrap_or_default();
    let input_moved = moved.iter().any(|cause| *cause != Cause::Generator);
    if moved.is_empty() {
        moved.push(Cause::Generator);
    }
    let present = files_on_disk(dir)?;
    let mut report = CheckReport::default();
    let owned = recorded.as_ref().map(|r| &r.files);
    let shown = |path: &str| below(dir, path).display().to_string().replace('\\', "/");
    for (path, content) in files.iter() {
        let record = owned.and_then(|files| files.get(path));
        let Some(disk) = read_owned(dir, path)? else {
            let (state, causes) = match record {
                Some(_) => (State::Missing, vec![Cause::Hand]),
                None if recorded.is_some() => (State::New, moved.clone()),
                None => (State::New, Vec::new()),
            };
            report.push(finding(shown(path), state, causes, b"", content));
            continue;
        };
        let disk = without_crlf(&disk);
        if *disk == *content {
            report.fresh += 1;
            continue;
        }
        let (state, causes) = match record {
            None => (State::Foreign, vec![Cause::Hand]),
            Some(record) if hash_bytes(&disk) == *record => (State::Stale, moved.clone()),
            Some(record) => {
                let mut causes = vec![Cause::Hand];
                if hash_bytes(content) != *record {
                    causes.extend(moved.iter().copied());
                }
                (State::Edited, causes)
            }
        };
        report.push(finding(shown(path), state, causes, &disk, content));
    }
    for path in &present {
        if files.get(path).is_some() {
            continue;
        }
        if owned.is_some_and(|owned| owned.contains_key(path)) {
            let disk = read_owned(dir, path)?.unwrap_or_default();
            report.push(finding(shown(path), State::Obsolete, moved.clone(), &without_crlf(&disk), b""));
        } else {
            report.push(finding(shown(path), State::Foreign, vec![Cause::Hand], b"", b""));
        }
    }
    match &recorded {
        // A folder that was never generated: the files say it all, unless there are none.
        None => {
            let content = manifest.print();
            report.push(finding(shown(MANIFEST_NAME), State::New, Vec::new(), b"", content.as_bytes()));
        }
        // The files are right and the record is not: the next check would name the wrong cause.
        Some(old) if report.findings.is_empty() && (input_moved || old.files != manifest.files) => {
            let mut today = manifest.clone();
            if !input_moved {
                today.provenance = old.provenance.clone();
            }
            let causes = if input_moved { moved } else { vec![Cause::Hand] };
            let (old, new) = (old.print(), today.print());
            report.push(finding(shown(MANIFEST_NAME), State::Stale, causes, old.as_bytes(), new.as_bytes()));
        }
        Some(_) => {}
    }
    if Journal::of(dir).exists() {
        report.causes.push(Cause::Interrupted);
    }
    report.findings.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(report)
}

/// Compares one file outside the folder (the lock) with what would be written; `None` when it is right.
///
/// # Errors
///
/// `E0602` when it cannot be read.
pub fn check_file(path: &Path, content: &[u8], causes: Vec<Cause>) -> Result<Option<Finding>, Box<Diagnostic>> {
    let disk = read(path)?;
    let state = if disk.is_some() { State::Stale } else { State::New };
    let disk = disk.unwrap_or_default();
    let disk = without_crlf(&disk);
    if *disk == *content {
        return Ok(None);
    }
    Ok(Some(finding(path.display().to_string().replace('\\', "/"), state, causes, &disk, content)))
}

/// Whether every file that the manifest of `dir` lists is there as it was written.
pub fn is_whole(dir: &Path) -> bool {
    let Ok(Some(manifest)) = read_manifest(dir) else { return false };
    let same = |(path, hash): (&String, &String)| {
        read_owned(dir, path).is_ok_and(|found| found.is_some_and(|disk| hash_bytes(&without_crlf(&disk)) == *hash))
    };
    manifest.files.iter().all(same)
}

/// The content of an owned file; a file where its folder should be makes it missing, too.
fn read_owned(dir: &Path, path: &str) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
    let full = below(dir, path);
    match file::read(&full) {
        Ok(content) => Ok(Some(content)),
        Err(Refused::Io(e)) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(other) => Err(refused(&full, &other)),
    }
}

/// Every file below `dir` that could be someone's, with `/`. Files whose name begins with a dot belong to editors and
/// systems and are not looked at.
fn files_on_disk(dir: &Path) -> Result<BTreeSet<String>, Box<Diagnostic>> {
    let mut out = BTreeSet::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let full = if folder.is_empty() { dir.to_path_buf() } else { below(dir, &folder) };
        let entries = match fs::read_dir(&full) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            Err(e) => return Err(cannot_read(&full, &e)),
        };
        for entry in entries {
            let entry = entry.map_err(|e| cannot_read(&full, &e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || (folder.is_empty() && IGNORED.contains(&name.as_str())) {
                continue;
            }
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // A link counts as a file, wherever it leads.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else {
                out.insert(path);
            }
        }
    }
    Ok(out)
}

fn finding(path: String, state: State, causes: Vec<Cause>, disk: &[u8], wanted: &[u8]) -> Finding {
    let (old, new) = (String::from_utf8_lossy(disk), String::from_utf8_lossy(wanted));
    let line = 1 + old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let mut diff = String::new();
    if old != new {
        let bare = path.trim_start_matches('/');
        let from = if disk.is_empty() { "/dev/null".to_owned() } else { format!("a/{bare}") };
        let to = if wanted.is_empty() { "/dev/null".to_owned() } else { format!("b/{bare}") };
        diff = similar::TextDiff::configure()
            // A worse diff in time is better than the best one too late.
            .timeout(Duration::from_secs(2))
            .diff_lines(old.as_ref(), new.as_ref())
            .unified_diff()
            .context_radius(3)
            .header(&from, &to)
            .to_string();
    }
    Finding { path, state, causes, diff, line }
}
