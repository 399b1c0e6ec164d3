//! Where things lie: the repository, the folder `shared` beside it, files below a folder.

use crate::skips::skip;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_path_buf()
}

/// A file of the folder `shared`, which only the project's own machines have: beside the repository, or where
/// `SHARED_DIR` says. `None` is said on the terminal, so that a skipped test is no silent one.
pub fn shared(file: &str) -> Option<PathBuf> {
    let found = match env::var_os("SHARED_DIR") {
        Some(dir) => Some(PathBuf::from(dir)),
        None => root().ancestors().skip(1).map(|dir| dir.join("shared")).find(|dir| dir.is_dir()),
    };
    let path = found.map(|dir| dir.join(file)).filter(|path| path.exists());
    if path.is_none() {
        skip(&format!("there is no shared/{file} here"));
    }
    path
}

/// All files below `dir` whose name ends in `end`, sorted; build products and hidden folders are left out.
pub fn files(dir: &Path, end: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())).flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(end) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// `path` below the repository, with `/`.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string().replace('\\', "/")
}

/// The text of a file, with `\n` line ends.
pub fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).replace("\r\n", "\n")
}
