//! Brings an output folder to the state a [`FileSet`] describes, all of it or nothing.
//!
//! The order: finish what a stopped run began; compare; refuse what is not ours; stage new contents and links to the old
//! ones; decide (one rename, see [`journal`](super::journal)); apply; clear up. A failure after the decision is undone.

use super::journal::{self, Journal, Operation};
use super::manifest::{MANIFEST_NAME, Manifest};
use super::{FileSet, IGNORED, below, cannot_read, help, is_plain, read, read_manifest, reason};
use crate::base::diagnostic::Diagnostic;
use crate::base::hash::{hash_bytes, without_crlf};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a run did to the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were not there before.
    pub created: usize,
    /// Files with a new content.
    pub updated: usize,
    /// Files that are no longer part of the output.
    pub removed: usize,
    /// Files left as they were.
    pub unchanged: usize,
    /// Owned files that someone had edited; their content is the generated one again.
    pub edits_lost: Vec<String>,
}

/// Why a step is not done, for tests: a hook plays the machine that stops or the disk that fails.
#[doc(hidden)]
#[derive(Debug)]
pub enum Halt {
    /// The process ends here: nothing more is done, nothing is cleared up.
    Kill,
    /// This step fails.
    Fail(io::Error),
}

#[doc(hidden)]
pub type Hook<'a> = &'a mut dyn FnMut(&str) -> Result<(), Halt>;

/// Makes `dir` hold exactly `files` and the manifest, and returns what was done.
///
/// Owned files that are not in `files` any more are removed. Files of others are left alone.
///
/// # Errors
///
/// `E0601` when `dir` holds files and no manifest; `E0602` when the disk refuses; `E0603` when a file of someone else is
/// in the way; `E0604` when the manifest cannot be read; `E0605` when a stopped run cannot be finished; `E0606` when a
/// path in `files` is no path below `dir`. The folder is as it was before in every case.
// The benchmark counts what it takes by its name.
#[inline(never)]
pub fn write(dir: &Path, files: &FileSet, manifest: &Manifest) -> Result<Written, Box<Diagnostic>> {
    write_stepwise(dir, files, manifest, &mut |_| Ok(()))
}

/// [`write()`] with a hook that is called before every change of the disk.
#[doc(hidden)]
pub fn write_stepwise(
    dir: &Path,
    files: &FileSet,
    manifest: &Manifest,
    hook: Hook<'_>,
) -> Result<Written, Box<Diagnostic>> {
    let mut run = Run { dir, hook };
    run.recover().map_err(|fault| fault.diagnostic("E0605"))?;
    let text = manifest.print();
    let plan = plan(dir, files, &text)?;
    if !plan.operations.is_empty() {
        run.perform(&plan).map_err(|fault| fault.diagnostic("E0602"))?;
    }
    Ok(plan.written)
}

/// A file outside the output folder (the lock) whose new content lies next to it, ready to take its place.
#[derive(Debug)]
pub struct StagedFile {
    path: PathBuf,
    /// `None`: the content is right already.
    temporary: Option<PathBuf>,
}

/// Puts `content` next to `path`, so that what could fail has happened before [`StagedFile::commit`]; a right content is
/// left alone.
///
/// # Errors
///
/// `E0602` when the disk refuses.
pub fn stage_file(path: &Path, content: &[u8]) -> Result<StagedFile, Box<Diagnostic>> {
    let mut staged = StagedFile { path: path.to_path_buf(), temporary: None };
    if read(path)?.is_some_and(|old| *without_crlf(&old) == *content) {
        return Ok(staged);
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".tmp");
    let temporary = path.with_file_name(name);
    staged.temporary = Some(temporary.clone());
    let attempt = || {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = fs::File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()
    };
    match attempt() {
        Ok(()) => Ok(staged),
        Err(error) => Err(Fault::Io { what: "write", path: path.to_path_buf(), error }.diagnostic("E0602")),
    }
}

impl StagedFile {
    /// Where the content lies now: next to the file, or in it already.
    pub fn path(&self) -> &Path {
        self.temporary.as_deref().unwrap_or(&self.path)
    }

    /// The file whose content it will be.
    pub fn target(&self) -> &Path {
        &self.path
    }

    /// Makes the new content the file's content; says whether there was something to do.
    ///
    /// # Errors
    ///
    /// `E0602` when the disk refuses.
    pub fn commit(mut self) -> Result<bool, Box<Diagnostic>> {
        let Some(temporary) = &self.temporary else { return Ok(false) };
        match fs::rename(temporary, &self.path) {
            Ok(()) => {
                self.temporary = None;
                Ok(true)
            }
            Err(error) => Err(Fault::Io { what: "write", path: self.path.clone(), error }.diagnostic("E0602")),
        }
    }
}

/// Makes several contents their files' contents: all of them, or none.
///
/// # Errors
///
/// `E0602` when the disk refuses; what was replaced before is as it was.
pub fn commit_all(files: Vec<StagedFile>) -> Result<(), Box<Diagnostic>> {
    let mut before = Vec::new();
    for file in files {
        let path = file.path.clone();
        let old = read(&path)?;
        if let Err(diagnostic) = file.commit() {
            for (path, old) in before {
                match old {
                    Some(old) => drop(fs::write(path, old)),
                    None => drop(fs::remove_file(path)),
                }
            }
            return Err(diagnostic);
        }
        before.push((path, old));
    }
    Ok(())
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = fs::remove_file(temporary);
        }
    }
}

enum Fault {
    Killed,
    Io { what: &'static str, path: PathBuf, error: io::Error },
}

impl Fault {
    fn diagnostic(self, code: &'static str) -> Box<Diagnostic> {
        let Self::Io { what, path, error } = self else {
            return super::error(code, "stopped by the hook".to_owned(), "run the command again");
        };
        let help = match code {
            "E0605" => {
                "an earlier run was stopped half way and this one could not finish its work; mend what the message names, \
                 then run the command again"
            }
            _ => help(&error),
        };
        super::error(code, format!("cannot {what} `{}`: {}", path.display(), reason(&error)), help)
    }
}

/// The operations that lead from the folder as it is to the folder as it shall be.
struct Plan<'a> {
    operations: Vec<Operation>,
    /// The content for every `Operation::Write`, by its number.
    contents: BTreeMap<usize, &'a [u8]>,
    written: Written,
}

fn plan<'a>(dir: &Path, files: &'a FileSet, manifest: &'a str) -> Result<Plan<'a>, Box<Diagnostic>> {
    check_paths(files)?;
    let owned = owned_files(dir)?;
    let mut plan = Plan { operations: Vec::new(), contents: BTreeMap::new(), written: Written::default() };
    for (path, content) in files.iter() {
        check_way(dir, path)?;
        let recorded = owned.as_ref().and_then(|manifest| manifest.files.get(path));
        match read(&below(dir, path))? {
            None => plan.written.created += 1,
            Some(old) => {
                let old = without_crlf(&old);
                if *old == *content {
                    plan.written.unchanged += 1;
                    continue;
                }
                let Some(recorded) = recorded else {
                    return Err(super::error(
                        "E0603",
                        format!("`{}` is in the way: the generator did not write it", below(dir, path).display()),
                        "move it away or delete it, then run the command again; nothing was changed",
                    ));
                };
                if hash_bytes(&old) != *recorded {
                    plan.written.edits_lost.push(path.to_owned());
                }
                plan.written.updated += 1;
            }
        }
        plan.contents.insert(plan.operations.len(), content);
        plan.operations.push(Operation::Write(path.to_owned()));
    }
    for path in owned.iter().flat_map(|manifest| manifest.files.keys()) {
        if files.get(path).is_none() && below(dir, path).symlink_metadata().is_ok() {
            check_way(dir, path)?;
            plan.written.removed += 1;
            plan.operations.push(Operation::Remove(path.clone()));
        }
    }
    let old = read(&dir.join(MANIFEST_NAME))?;
    if old.is_none_or(|old| *without_crlf(&old) != *manifest.as_bytes()) {
        plan.contents.insert(plan.operations.len(), manifest.as_bytes());
        plan.operations.push(Operation::Write(MANIFEST_NAME.to_owned()));
    }
    Ok(plan)
}

/// The manifest of a folder that is the generator's, `None` for a folder that is empty or not there.
fn owned_files(dir: &Path) -> Result<Option<Manifest>, Box<Diagnostic>> {
    if let Some(manifest) = read_manifest(dir)? {
        return Ok(Some(manifest));
    }
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(cannot_read(dir, &e)),
    };
    for entry in entries {
        let entry = entry.map_err(|e| cannot_read(dir, &e))?;
        let name = entry.file_name();
        if !IGNORED.iter().any(|ignored| name == *ignored) {
            return Err(super::error(
                "E0601",
                format!(
                    "`{}` holds files that the generator did not write, for instance `{}`",
                    dir.display(),
                    name.to_string_lossy()
                ),
                &format!(
                    "choose an empty folder with `--out`; a folder of the generator holds `{MANIFEST_NAME}`; nothing was changed"
                ),
            ));
        }
    }
    Ok(None)
}

const FAULT: &str = "this is a fault of the generator: please report it, with the document; nothing was changed";

/// Refuses a set of files that no folder could hold.
fn check_paths(files: &FileSet) -> Result<(), Box<Diagnostic>> {
    let mut folded = BTreeSet::new();
    for (path, _) in files.iter() {
        let top = path.split('/').next().unwrap_or_default();
        if !is_plain(path) || path == MANIFEST_NAME || IGNORED.contains(&top) {
            return Err(super::error("E0606", format!("`{path}` cannot be the path of a generated file"), FAULT));
        }
        if !folded.insert(path.to_lowercase()) {
            return Err(super::error(
                "E0606",
                format!("`{path}` and another generated file differ in upper and lower case only"),
                FAULT,
            ));
        }
    }
    Ok(())
}

/// Refuses to write through a link that leads out of the folder, or over something that is no file.
fn check_way(dir: &Path, path: &str) -> Result<(), Box<Diagnostic>> {
    let in_the_way = |path: &Path, what: &str| {
        super::error(
            "E0603",
            format!("`{}` is in the way: it is {what}", path.display()),
            "move it away or delete it, then run the command again; nothing was changed",
        )
    };
    let mut at = dir.to_path_buf();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let Ok(meta) = at.symlink_metadata() else { return Ok(()) };
        let last = parts.peek().is_none();
        if meta.is_symlink() {
            return Err(in_the_way(&at, "a symbolic link"));
        }
        if last && !meta.is_file() {
            return Err(in_the_way(&at, "a folder"));
        }
        if !last && !meta.is_dir() {
            return Err(in_the_way(&at, "a file, and a folder belongs there"));
        }
    }
    Ok(())
}

/// One writing run.
struct Run<'a> {
    dir: &'a Path,
    hook: Hook<'a>,
}

impl Run<'_> {
    /// One change of the disk: asks the hook, then does it.
    fn step<T>(
        &mut self,
        what: &'static str,
        path: PathBuf,
        work: impl FnOnce(&Path) -> io::Result<T>,
    ) -> Result<T, Fault> {
        let result = match (self.hook)(what) {
            Err(Halt::Kill) => return Err(Fault::Killed),
            Err(Halt::Fail(error)) => Err(error),
            Ok(()) => work(&path),
        };
        result.map_err(|error| Fault::Io { what, path, error })
    }

    /// Finishes or forgets what a stopped run left.
    fn recover(&mut self) -> Result<(), Fault> {
        let journal = Journal::of(self.dir);
        if !journal.exists() {
            return Ok(());
        }
        let dir = journal.dir();
        let decided =
            journal.decided().map_err(|error| Fault::Io { what: "read the journal in", path: dir.clone(), error })?;
        for (n, operation) in decided.iter().flatten().enumerate() {
            self.step("finish", below(self.dir, operation.path()), |_| journal.apply(n, operation))?;
        }
        self.step("close the journal in", dir.clone(), |_| journal.close())?;
        self.step("clear", dir, |_| journal.clear())
    }

    /// Stages, decides, applies; undoes what was done when a step fails.
    fn perform(&mut self, plan: &Plan<'_>) -> Result<(), Fault> {
        let created = self.missing_parents();
        let result = self.stage(plan).and_then(|()| self.apply(plan));
        match result {
            Ok(()) => {
                // The work is done. What cannot be cleared now is cleared by the next run.
                let journal = Journal::of(self.dir);
                let dir = journal.dir();
                let closed = self.step("close the journal in", dir.clone(), |_| journal.close());
                match closed.and_then(|()| self.step("clear", dir, |_| journal.clear())) {
                    Err(Fault::Killed) => Err(Fault::Killed),
                    _ => Ok(()),
                }
            }
            Err(Fault::Killed) => Err(Fault::Killed),
            Err(fault) => {
                let journal = Journal::of(self.dir);
                let _ = journal.close().and_then(|()| journal.clear());
                for dir in created.iter().rev() {
                    let _ = fs::remove_dir(dir);
                }
                Err(fault)
            }
        }
    }

    /// The folders above and including the output folder that do not exist yet, outermost first.
    fn missing_parents(&self) -> Vec<PathBuf> {
        let mut missing: Vec<PathBuf> = self
            .dir
            .ancestors()
            .take_while(|dir| !dir.as_os_str().is_empty() && dir.symlink_metadata().is_err())
            .map(Path::to_path_buf)
            .collect();
        missing.reverse();
        missing
    }

    fn stage(&mut self, plan: &Plan<'_>) -> Result<(), Fault> {
        let journal = Journal::of(self.dir);
        let dir = journal.dir();
        self.step("create", self.dir.to_path_buf(), |dir| fs::create_dir_all(dir))?;
        self.step("write to", self.dir.to_path_buf(), |_| fs::create_dir(&dir))?;
        self.step("create", dir.join("new"), |dir| fs::create_dir(dir))?;
        self.step("create", dir.join("old"), |dir| fs::create_dir(dir))?;
        self.probe(plan)?;
        let mut staged = Vec::with_capacity(plan.contents.len());
        for (&n, content) in &plan.contents {
            self.step("stage", journal.new_content(n), |path| fs::write(path, content))?;
            staged.push(journal.new_content(n));
        }
        for (n, operation) in plan.operations.iter().enumerate() {
            let target = below(self.dir, operation.path());
            if target.symlink_metadata().is_ok() {
                // A link costs nothing; where the file system has none, a copy serves.
                self.step("keep a link to", target, |target| {
                    let old = journal.old_content(n);
                    fs::hard_link(target, &old).or_else(|_| fs::copy(target, &old).map(drop))
                })?;
            }
        }
        self.step("make durable what is staged in", dir.clone(), |_| sync_all(&staged))?;
        self.step("write the journal in", dir.clone(), |_| journal.prepare(&plan.operations))?;
        self.step("decide in", dir, |_| journal.commit())
    }

    /// Finds out, before anything is decided, whether every folder to be changed can be.
    fn probe(&mut self, plan: &Plan<'_>) -> Result<(), Fault> {
        let mut folders = BTreeSet::new();
        for operation in &plan.operations {
            let target = below(self.dir, operation.path());
            // The nearest folder that exists: missing ones will be made in it.
            if let Some(folder) = target.ancestors().skip(1).find(|dir| dir.is_dir()) {
                folders.insert(folder.to_path_buf());
            }
        }
        for folder in folders {
            self.step("write to", folder, |folder| {
                let probe = folder.join(journal::PROBE);
                fs::write(&probe, "")?;
                fs::remove_file(probe)
            })?;
        }
        Ok(())
    }

    fn apply(&mut self, plan: &Plan<'_>) -> Result<(), Fault> {
        let journal = Journal::of(self.dir);
        for (n, operation) in plan.operations.iter().enumerate() {
            let what = match operation {
                Operation::Write(_) => "write",
                Operation::Remove(_) => "remove",
            };
            let done = self.step(what, below(self.dir, operation.path()), |_| journal.apply(n, operation));
            match done {
                Ok(()) => {}
                Err(Fault::Killed) => return Err(Fault::Killed),
                Err(fault) => {
                    for (n, operation) in plan.operations.iter().enumerate().take(n + 1).rev() {
                        let _ = journal.undo(n, operation);
                    }
                    return Err(fault);
                }
            }
        }
        for folder in plan
            .operations
            .iter()
            .filter_map(|op| below(self.dir, op.path()).parent().map(Path::to_path_buf))
            .collect::<BTreeSet<_>>()
        {
            journal::sync_dir(&folder);
        }
        Ok(())
    }
}

/// Waits until all files are on the disk. A few at a time: the system joins waits that overlap.
fn sync_all(files: &[PathBuf]) -> io::Result<()> {
    const AT_ONCE: usize = 16;
    let share = files.len().div_ceil(AT_ONCE).max(1);
    let sync = |path: &PathBuf| fs::OpenOptions::new().write(true).open(path)?.sync_all();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            files.chunks(share).map(|chunk| scope.spawn(move || chunk.iter().try_for_each(sync))).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread ended early"))))
    })
}
