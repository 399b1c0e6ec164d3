//! The same command once more, with a feature of this program that others do not wait for.

use crate::{Outcome, inputs, print};
use std::ffi::OsString;
use std::process::Command;

/// Builds this program with `feature` and has it do what this one was asked. `instead` says what can be done where it cannot be built.
pub(crate) fn with(feature: &str, instead: &str) -> Outcome {
    let Ok(root) = inputs::repository() else {
        print::error(&format!("this program was installed without `--features {feature}`: {instead}"));
        return Outcome::Refused;
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--package", "xtask", "--features", feature, "--manifest-path"]);
    command.arg(root.join("Cargo.toml"));
    // A running program cannot be overwritten everywhere.
    if cfg!(windows) {
        command.arg("--target-dir").arg(root.join("target").join(feature));
    }
    command.arg("--").args(std::env::args_os().skip(1));
    print::line(&format!("building with the feature `{feature}`"));
    match command.status() {
        Ok(status) => match status.code() {
            Some(0) => Outcome::Done,
            Some(1) => Outcome::Findings,
            _ => Outcome::Refused,
        },
        Err(error) => {
            print::error(&format!("cannot run cargo: {error}; run `cargo run -p xtask --features {feature} -- ...`"));
            Outcome::Refused
        }
    }
}
