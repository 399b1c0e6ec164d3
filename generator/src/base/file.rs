//! A path → the bytes of the file there. Every input is read here: a pipe, a device or a folder in its place would be waited
//! for, or read, without an end. Below all stages; it knows nothing of documents.

use std::fmt;
use std::fs::{self, File, FileType};
use std::io::{self, Read as _};
use std::path::Path;

/// The most bytes of one document with all files it refers to, and of any other input. Published documents stay below 70 MB.
pub const MOST: u64 = 256 << 20;

/// Why a file is not read.
#[derive(Debug)]
pub enum Refused {
    /// The system does not let it be read.
    Io(io::Error),
    /// A folder.
    Folder,
    /// Neither a file nor a folder: what it is.
    Special(&'static str),
    /// More bytes than allowed.
    TooLarge(u64),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => f.write_str("there is no such file"),
            // Rust's own texts end in `(os error 13)`, the words before it do.
            Self::Io(error) => {
                f.write_str(&error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase())
            }
            Self::Folder => f.write_str("it is a folder, not a file"),
            Self::Special(what) => write!(f, "it is {what}, not a file"),
            Self::TooLarge(most) => write!(f, "it is larger than {} MB", most >> 20),
        }
    }
}

/// The bytes of the file at `path`, [`MOST`] at most.
///
/// # Errors
/// Why there are none.
pub fn read(path: &Path) -> Result<Vec<u8>, Refused> {
    read_at_most(path, MOST)
}

/// As [`read`], with the bytes of a text.
///
/// # Errors
/// Why there is none, as the end of a message.
pub fn read_text(path: &Path) -> Result<String, String> {
    let bytes = read(path).map_err(|refused| refused.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())
}

/// As [`read`], with another limit.
///
/// # Errors
/// Why there are none.
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, Refused> {
    // Asked before it is opened: opening a pipe already waits for whoever writes into it.
    let there = fs::metadata(path).map_err(Refused::Io)?;
    if there.is_dir() {
        return Err(Refused::Folder);
    }
    if let Some(what) = special(there.file_type(), path) {
        return Err(Refused::Special(what));
    }
    if there.len() > most {
        return Err(Refused::TooLarge(most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(there.len()).unwrap_or_default());
    // Files of `/proc` say that they are empty, and others grow while they are read.
    let read = File::open(path).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes));
    match read {
        Ok(length) if length as u64 > most => Err(Refused::TooLarge(most)),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Refused::Io(error)),
    }
}

/// What stands there instead of a file.
#[cfg(unix)]
fn special(kind: FileType, _: &Path) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_file() {
        None
    } else if kind.is_fifo() {
        Some("a pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        Some("a device")
    }
}

/// What stands there instead of a file. Windows tells devices by their names alone, in every folder.
#[cfg(not(unix))]
fn special(kind: FileType, path: &Path) -> Option<&'static str> {
    let named = path.file_name().is_some_and(|name| super::reserved::is_device(&name.to_string_lossy()));
    if !kind.is_file() || named { Some("a device") } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Refused, read, read_at_most};

    #[test]
    fn a_file_up_to_the_limit_is_read() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join("file");
        std::fs::write(&path, "12345").expect("write");
        assert_eq!(read_at_most(&path, 5).expect("just fits"), b"12345");
        assert!(matches!(read_at_most(&path, 4), Err(Refused::TooLarge(4))));
        assert!(matches!(read(temp.path()), Err(Refused::Folder)));
        assert_eq!(read(&temp.path().join("none")).expect_err("nothing").to_string(), "there is no such file");
    }
}
