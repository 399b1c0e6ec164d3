//! Rendered files → the disk: write, check, diff. The only place of the flow that touches the disk.
//!
//! `render` fills a [`FileSet`]; [`Manifest::new`] adds what it was made from; then either [`write`] brings an output
//! folder to that state or [`check`] says how the folder differs, and why. Three rules hold throughout:
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
mod journal;
mod manifest;
mod report;
mod write;

pub use check::{CheckReport, Finding, State, check, check_file};
pub use file_set::{FileSet, hash_bytes, hash_node, hash_text};
pub use manifest::{Cause, MANIFEST_NAME, Manifest, Provenance};
pub use report::{Locate, Place, github, human, json, sarif};
#[doc(hidden)]
pub use write::{Halt, Hook, write_stepwise};
pub use write::{StagedFile, Written, stage_file, write};

/// What lies in an output folder without belonging to anyone here: build products and version control.
const IGNORED: &[&str] = &["target", "Cargo.lock", ".git", journal::JOURNAL_DIR, journal::PROBE];

/// The path below `dir` that `path` (relative, with `/`) names.
fn below(dir: &std::path::Path, path: &str) -> std::path::PathBuf {
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
