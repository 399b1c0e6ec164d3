//! What Cargo, the compiler and disks ask of a package name, whoever chose it.

use super::reserved;

/// Why a crate cannot have this name; `None` when it can.
pub fn unfit_crate_name(name: &str) -> Option<&'static str> {
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !letters || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some("letters, digits, `-` and `_`, a letter first");
    }
    if name.len() > 64 {
        return Some("64 letters at most");
    }
    // Other crates of the program could not say which of the two they mean.
    let word = name.to_ascii_lowercase().replace('-', "_");
    if matches!(word.as_str(), "std" | "core" | "alloc" | "test" | "proc_macro") {
        return Some("the compiler has a crate of that name");
    }
    reserved::is_device(name).then_some("Windows has a device of that name")
}
