//! Generated crates compiled by themselves, away from the workspace, with warnings denied. Their dependencies are compiled once
//! for all of them.

use crate::place::root;
use generator::Generated;
use generator::emit::{Manifest, write};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

/// A generated crate in a folder of its own below the target directory.
#[derive(Debug)]
pub struct Alone {
    dir: PathBuf,
    target: PathBuf,
}

impl Alone {
    /// Writes the crate where the last one called so was, so that only what changed is compiled; `temp` is the
    /// `CARGO_TARGET_TMPDIR` of the test.
    pub fn new(temp: &str, name: &str, run: &Generated) -> Self {
        let dir = Path::new(temp).join("alone").join(name);
        let manifest = Manifest::new(run.provenance.clone(), &run.files);
        write(&dir, &run.files, &manifest).unwrap_or_else(|d| panic!("{}", d.message));
        // The same versions as here, so that nothing needs the network; cargo takes out what is not needed.
        fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock")).expect("copy");
        Self { dir, target: Path::new(temp).join("alone-target") }
    }

    /// Adds a file of the test's own.
    pub fn add(&self, path: &str, text: &str) {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("write");
    }

    /// Runs a command of cargo with the feature `testing` and no other; `after` goes to what it runs.
    pub fn cargo(&self, command: &str, arguments: &[&str], after: &[&str]) -> Output {
        // Crates of one name share their build products' names: cargo's own lock is let go before what was built is run.
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&self.dir).env("CARGO_TARGET_DIR", &self.target);
        cargo.env("RUSTFLAGS", "-D warnings").env("RUSTDOCFLAGS", "-D warnings").env("CARGO_PROFILE_DEV_DEBUG", "0");
        // What cargo set for the test is not meant for this crate.
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR");
        cargo.env("CARGO_TERM_COLOR", "never").env("RUST_BACKTRACE", "0");
        cargo.args([command, "--offline", "--quiet", "--no-default-features", "--features", "testing"]);
        cargo.args(arguments);
        if !after.is_empty() {
            cargo.arg("--").args(after);
        }
        cargo.output().expect("cargo runs")
    }
}
