//! `impact`: builds a consumer's crate against the old SDK with marks and against the new one, and joins what the compiler
//! says to the changes.
//!
//! The consumer's files are never touched: what is built is a manifest of ours, in a folder of ours, that names its
//! sources by their paths.

use crate::cli::{Diff, DiffFormat, Format, Impact};
use crate::shadow::{self, Shadow};
use crate::{Outcome, inputs, print};
use generator::drift::{self, impact};
use generator::emit::{self, Manifest};
use generator::{Generated, pipeline};
use std::path::Path;

pub(crate) fn run(args: &Impact) -> Outcome {
    match impact(args) {
        Ok(outcome) => outcome,
        Err(message) => {
            print::error(&message);
            Outcome::Refused
        }
    }
}

fn impact(args: &Impact) -> Result<Outcome, String> {
    let root = inputs::repository()?;
    let dir = root.join("target/impact");
    let (mut old_inputs, mut new_inputs) = inputs::pair(&documents(args))?;
    for inputs in [&mut old_inputs, &mut new_inputs] {
        inputs.name.clone_from(&args.name);
        // Without a lock, one that holds nothing yet: the new names follow the old ones as they would in a repository.
        inputs.lock.get_or_insert_with(|| dir.join("names.lock"));
    }
    let (mut old, new) = drift::understand(&old_inputs, &new_inputs);
    let mut refused = false;
    for side in [&old, &new] {
        if side.diagnostics.has_errors() {
            print::all(&side.diagnostics, &side.sources);
            refused = true;
        }
    }
    if refused {
        return Ok(Outcome::Refused);
    }
    let name = old.crate_name(&old_inputs);
    let consumer = shadow::consumer(&args.krate, &name)?;
    let report = drift::diff(&old, &new);
    let before = impact::mark(&mut old, &report);
    let mut findings = Vec::new();
    for (side, inputs, understood) in [("old", &old_inputs, old), ("new", &new_inputs, new)] {
        let sdk = dir.join(side).join("sdk");
        write(&sdk, &pipeline::render_understood(inputs, understood))?;
        let shadow = Shadow { consumer: &consumer, sdk: &sdk, sdk_name: &name, dir: &dir.join(side).join("consumer") };
        print::line(&format!("building {} against the {side} `{name}`", args.krate.display()));
        let found = shadow.check(&dir.join("target"))?;
        if side == "old"
            && let Some(error) = found.iter().find(|finding| finding.error)
        {
            return Err(format!(
                "the crate does not compile with the old `{name}`: {}:{}:{}: {}",
                error.file, error.line, error.column, error.message
            ));
        }
        findings.push(found);
    }
    let (Some(uses), Some(now)) = (findings.first(), findings.get(1)) else { return Ok(Outcome::Refused) };
    let impact = impact::Impact::of(&report, &before, uses, now);
    match args.format {
        Format::Human => print::out(&impact.text(&report)),
        Format::Json => print::out(&format!("{:#}\n", impact.json(&report))),
    }
    Ok(if impact.touches() { Outcome::Findings } else { Outcome::Done })
}

/// The two documents, as `diff` takes them.
fn documents(args: &Impact) -> Diff {
    Diff {
        old: args.old.clone(),
        new: args.new.clone(),
        format: DiffFormat::Text,
        fail_on: None,
        config: args.config.clone(),
        overlay: args.overlay.clone(),
        lock: args.lock.clone(),
        old_config: None,
        old_overlay: Vec::new(),
    }
}

/// Writes a crate to a folder of ours; what is right already keeps its time, so that nothing is built twice.
fn write(dir: &Path, run: &Generated) -> Result<(), String> {
    if run.diagnostics.has_errors() {
        print::all(&run.diagnostics, &run.sources);
        return Err("one of the two crates cannot be made".to_owned());
    }
    let manifest = Manifest::new(run.provenance.clone(), &run.files);
    emit::write(dir, &run.files, &manifest).map(drop).map_err(|diagnostic| diagnostic.message.clone())
}
