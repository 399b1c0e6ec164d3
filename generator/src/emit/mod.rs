//! Rendered files → the disk: write, check, diff. The only place of the flow that touches the disk.
//!
//! `render` fills a [`FileSet`]; [`Manifest::new`] adds what it was made from; then either [`write()`] brings an output
//! folder to that state or [`check()`] says how the folder differs, and why. Three rules hold throughout:
//!
//! - **Only what is ours.** A file of the output folder belongs to the generator when the manifest
//!   ([`MANIFEST_NAME`]) lists it. Nothing else is changed or removed; a folder without a manifest is refused unless it
//!   is empty. `target/`, `Cargo.lock` and `.git` are never looked at.
//! - **Old or new, nothing between.** All new contents are staged first; a journal then makes the change permanent in one
//!   rename. A run that is killed before that leaves the old state; after that, the next run finishes the work.
//! - **Nothing for nothing.** A file whose content is right keeps its modification time, so that nothing is rebuilt,
//!   and a folder that is right is not written to at all.

mod check;
mod file_set;
mod format;
mod journal;
mod manifest;
mod report;
mod write;

pub use check::{CheckReport, Finding, State, check, check_file, is_whole};
pub use file_set::FileSet;
pub use format::{Formatted, format};
pub use manifest::{Cause, MANIFEST_NAME, Manifest, Provenance};
pub use report::{Locate, Place, github, human, json, sarif};
#[doc(hidden)]
pub use write::{Halt, Hook, write_stepwise};
pub use write::{StagedFile, Written, commit_all, stage_file, write};

use crate::base::diagnostic::Diagnostic;
use crate::base::file::{self, Refused};
use std::io;
use std::path::{Path, PathBuf};

/// What lies in an output folder without belonging to anyone here: build products and version control.
const IGNORED: &[&str] = &["target", "Cargo.lock", ".git", journal::JOURNAL_DIR, journal::PROBE];

/// The path below `dir` that `path` (relative, with `/`) names.
fn below(dir: &Path, path: &str) -> PathBuf {
    let mut full = dir.to_path_buf();
    full.extend(path.split('/'));
    full
}

/// Whether `path` is relative, with `/`, and stays below the folder it is joined to.
fn is_plain(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// An error with what to do about it.
fn error(code: &'static str, message: String, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code, message).help(help))
}

/// Why the system refused, as the end of a message: Rust's own texts end in `(os error 13)`, the words before it do.
fn reason(error: &io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// What to do when the system refused.
fn help(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "nothing was changed; change the permissions, or choose another folder with `--out`"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "nothing was changed; make room on the disk",
        io::ErrorKind::NotADirectory => "nothing was changed; a part of this path is a file, not a folder",
        _ => "nothing was changed",
    }
}

fn cannot_read(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    self::error("E0602", format!("cannot read `{}`: {}", path.display(), reason(error)), help(error))
}

fn refused(path: &Path, refused: &Refused) -> Box<Diagnostic> {
    match refused {
        Refused::Io(error) => cannot_read(path, error),
        // Somebody put it there.
        other => {
            error("E0602", format!("cannot read `{}`: {other}", path.display()), "nothing was changed; move it away")
        }
    }
}

/// The manifest of `dir`; `None` when there is none.
fn read_manifest(dir: &Path) -> Result<Option<Manifest>, Box<Diagnostic>> {
    let path = dir.join(MANIFEST_NAME);
    let Some(text) = read(&path)? else { return Ok(None) };
    Manifest::parse(&String::from_utf8_lossy(&text)).map(Some).map_err(|reason| {
        error(
            "E0604",
            format!("cannot read the manifest `{}`: {reason}", path.display()),
            "bring it back from version control, or delete the whole folder and generate it again",
        )
    })
}

/// The content of a file; `None` when there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
    match file::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(Refused::Io(e)) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(other) => Err(refused(path, &other)),
    }
}
