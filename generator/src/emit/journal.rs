//! The journal: how a change of many files becomes one change.
//!
//! Below the output folder lies, while a run is writing, one folder with the new contents (`new/0` ...), links to what
//! they replace (`old/0` ...) and, from the moment on at which the change is decided, `journal.json`. Without that file
//! the folder is rubbish of a stopped run; with it, the change is finished by doing again what is not done yet.

use super::{below, is_plain};
use serde_json::{Value, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder's name in the output folder.
pub(super) const JOURNAL_DIR: &str = ".generator-journal";
/// The empty file that tries whether a folder can be written to.
pub(super) const PROBE: &str = ".generator-journal-probe";
const JOURNAL_FILE: &str = "journal.json";

/// One change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    /// `new/<n>` becomes the file at this path.
    Write(String),
    /// The file at this path goes.
    Remove(String),
}

impl Operation {
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Write(path) | Self::Remove(path) => path,
        }
    }
}

/// The journal of one output folder.
#[derive(Debug)]
pub(super) struct Journal {
    out: PathBuf,
}

impl Journal {
    pub(super) fn of(out: &Path) -> Self {
        Self { out: out.to_path_buf() }
    }

    pub(super) fn dir(&self) -> PathBuf {
        self.out.join(JOURNAL_DIR)
    }

    pub(super) fn new_content(&self, n: usize) -> PathBuf {
        self.dir().join("new").join(n.to_string())
    }

    pub(super) fn old_content(&self, n: usize) -> PathBuf {
        self.dir().join("old").join(n.to_string())
    }

    fn file(&self) -> PathBuf {
        self.dir().join(JOURNAL_FILE)
    }

    /// Whether a stopped run left something behind.
    pub(super) fn exists(&self) -> bool {
        self.dir().symlink_metadata().is_ok()
    }

    /// The decision of a stopped run, if it came that far.
    pub(super) fn decided(&self) -> io::Result<Option<Vec<Operation>>> {
        let text = match fs::read_to_string(self.file()) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        parse(&text).map(Some).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is damaged"))
    }

    /// Writes the decision beside its final name and makes it durable.
    pub(super) fn prepare(&self, operations: &[Operation]) -> io::Result<()> {
        let list: Vec<Value> = operations
            .iter()
            .map(|operation| match operation {
                Operation::Write(path) => json!({ "write": path }),
                Operation::Remove(path) => json!({ "remove": path }),
            })
            .collect();
        let path = self.dir().join("journal.tmp");
        fs::write(&path, json!({ "format": 1, "operations": list }).to_string())?;
        // For writing, though nothing is: Windows makes nothing durable through a handle that may only read.
        fs::OpenOptions::new().write(true).open(&path)?.sync_all()
    }

    /// Decides: from here on the new state holds.
    pub(super) fn commit(&self) -> io::Result<()> {
        fs::rename(self.dir().join("journal.tmp"), self.file())?;
        sync_dir(&self.dir());
        Ok(())
    }

    /// Takes the decision back, for a change that failed and was undone, or marks it as done.
    pub(super) fn close(&self) -> io::Result<()> {
        match fs::remove_file(self.file()) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Removes the folder. The decision must be closed.
    pub(super) fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.dir()) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Does one operation, or sees that it is done.
    pub(super) fn apply(&self, n: usize, operation: &Operation) -> io::Result<()> {
        let target = below(&self.out, operation.path());
        match operation {
            Operation::Write(_) => {
                let from = self.new_content(n);
                if from.symlink_metadata().is_err() {
                    return Ok(());
                }
                if let Some(parent) = target.parent() {
                    fs::create_dir_all(parent)?;
                }
                fs::rename(from, &target)
            }
            Operation::Remove(path) => {
                match fs::remove_file(&target) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                    _ => {}
                }
                remove_empty_parents(&self.out, path);
                Ok(())
            }
        }
    }

    /// Puts back what one operation replaced, for a change that failed half way.
    pub(super) fn undo(&self, n: usize, operation: &Operation) -> io::Result<()> {
        let target = below(&self.out, operation.path());
        let old = self.old_content(n);
        if old.symlink_metadata().is_ok() {
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            return fs::rename(old, target);
        }
        if let Operation::Write(path) = operation {
            // Only what was put there: an operation that never ran has its new content still staged.
            if self.new_content(n).symlink_metadata().is_err() {
                fs::remove_file(&target)?;
            }
            remove_empty_parents(&self.out, path);
        }
        Ok(())
    }
}

/// Removes the folders above `path` that are empty now, up to the output folder.
fn remove_empty_parents(out: &Path, path: &str) {
    let mut path = path;
    while let Some((parent, _)) = path.rsplit_once('/') {
        // A folder that is not empty stays: the error says just that.
        if fs::remove_dir(below(out, parent)).is_err() {
            return;
        }
        path = parent;
    }
}

/// Makes renames in `dir` durable where the system can; elsewhere they are as durable as the system makes them.
pub(super) fn sync_dir(dir: &Path) {
    if let Ok(handle) = fs::File::open(dir) {
        let _ = handle.sync_all();
    }
}

fn parse(text: &str) -> Option<Vec<Operation>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let operations = value.get("operations")?.as_array()?;
    operations
        .iter()
        .map(|operation| {
            let (made, path) = match (operation.get("write"), operation.get("remove")) {
                (Some(path), None) => (Operation::Write as fn(String) -> Operation, path),
                (None, Some(path)) => (Operation::Remove as fn(String) -> Operation, path),
                _ => return None,
            };
            path.as_str().filter(|path| is_plain(path)).map(|path| made(path.to_owned()))
        })
        .collect()
}
