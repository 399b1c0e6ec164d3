//! What the generated crates cost to compile: alone, and under a service that calls three operations.
//!
//! Everything they need is built before. Then each run makes the crate alone anew, then the service after a change of one line;
//! the subjects take turns, so that a slow minute of the machine meets all of them.

use super::measure::{self, Cost, middle};
use super::subject::{Subject, absolute, write};
use crate::cli::Mode;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Check, Self::Debug, Self::Release];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Debug => "build, debug",
            Self::Release => "build, release",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Check => &["check"],
            Self::Debug => &["build"],
            Self::Release => &["build", "--release"],
        }
    }
}

/// What one subject cost in one mode, the middle of all runs.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    pub(crate) subject: String,
    pub(crate) mode: Mode,
    /// The crate alone.
    pub(crate) krate: Cost,
    /// The service alone, after a change of one line.
    pub(crate) consumer: Option<Cost>,
}

/// Measures all subjects in all modes. What cannot be measured is told, and the others are measured all the same.
pub(crate) fn measure(
    subjects: &[Subject],
    modes: &[Mode],
    runs: usize,
    tell: &mut dyn FnMut(String),
) -> Vec<Compiled> {
    let mut out = Vec::new();
    for &mode in modes {
        let mut ready: Vec<(Bench<'_>, Vec<Cost>, Vec<Cost>)> = Vec::new();
        for subject in subjects {
            tell(format!("{}: everything below, {}", subject.name, mode.word()));
            match Bench::prepare(subject, mode) {
                Ok(bench) => ready.push((bench, Vec::new(), Vec::new())),
                Err(message) => tell(format!("{} is left out of {}: {message}", subject.name, mode.word())),
            }
        }
        for run in 0..runs {
            for (bench, crates, consumers) in &mut ready {
                tell(format!("{}: {}, run {} of {runs}", bench.subject.name, mode.word(), run + 1));
                match bench.run(run) {
                    Ok((krate, consumer)) => {
                        crates.push(krate);
                        consumers.extend(consumer);
                    }
                    Err(message) => tell(message),
                }
            }
        }
        out.extend(ready.iter().filter(|(_, crates, _)| !crates.is_empty()).map(|(bench, crates, consumers)| {
            Compiled {
                subject: bench.subject.name.clone(),
                mode,
                krate: middle(crates),
                consumer: (!consumers.is_empty()).then(|| middle(consumers)),
            }
        }));
    }
    out
}

/// One subject in one mode, with everything below its crate built.
struct Bench<'s> {
    subject: &'s Subject,
    mode: Mode,
    /// The package that cargo is run in.
    package: PathBuf,
    /// The service, where the subject has one that fits its crate.
    consumer: Option<PathBuf>,
}

impl<'s> Bench<'s> {
    fn prepare(subject: &'s Subject, mode: Mode) -> Result<Self, String> {
        let consumer = subject.dir.join("consumer");
        let mut bench = Self { subject, mode, package: consumer.clone(), consumer: None };
        if let Some(source) = subject.consumer() {
            write(&consumer.join("Cargo.toml"), CONSUMER)?;
            write(&consumer.join("src/lib.rs"), source)?;
            // Cargo would ask the registry again for each run; the lock is made once.
            match bench.cargo(&[], "prepare") {
                Ok(_) => bench.consumer = Some(consumer.join("src/lib.rs")),
                // The names are Belvo's. The crate itself can be measured all the same.
                Err(_) => bench.package = subject.krate(),
            }
        } else {
            bench.package = subject.krate();
        }
        bench.cargo(&["-p", "subject"], "prepare")?;
        Ok(bench)
    }

    fn run(&self, run: usize) -> Result<(Cost, Option<Cost>), String> {
        touch(&self.subject.krate().join("src/lib.rs"))?;
        let krate = self.cargo(&["-p", "subject"], "crate")?;
        let Some(file) = &self.consumer else { return Ok((krate, None)) };
        let source = self.subject.consumer().unwrap_or_default();
        write(file, &format!("{source}\n/// One line more.\npub const EDIT: usize = {run};\n"))?;
        touch(file)?;
        Ok((krate, Some(self.cargo(&[], "consumer")?)))
    }

    fn cargo(&self, more: &[&str], what: &str) -> Result<Cost, String> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.args(self.mode.arguments()).arg("--quiet").args(more);
        command.arg("--manifest-path").arg(absolute(&self.package).join("Cargo.toml"));
        command.arg("--target-dir").arg(absolute(&self.subject.dir).join("target"));
        // Incremental compiling hides what there is to do, and costs on the first day.
        command.env("CARGO_INCREMENTAL", "0").env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS");
        measure::run(&mut command, &self.subject.dir.join(format!("{what}.log")))
    }
}

/// A library, not a program: linking costs the same whatever is linked.
const CONSUMER: &str = "[package]\nname = \"consumer\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
    [dependencies]\nsubject = { path = \"../crate\" }\n\n[workspace]\n";

/// Makes cargo see the file as changed.
fn touch(path: &Path) -> Result<(), String> {
    let file = fs::OpenOptions::new().append(true).open(path);
    let touched = file.and_then(|file| file.set_modified(std::time::SystemTime::now()));
    touched.map_err(|e| format!("cannot touch `{}`: {e}", path.display()))
}
