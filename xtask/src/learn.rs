//! `learn`: what bodies and logged deviations show a document to be wrong about, as actions for its overlay.

use crate::cli::{Format, InputArgs, Learn};
use crate::inputs::{Resolved, resolve_without_output};
use crate::{Outcome, print};
use generator::emit;
use generator::learn::{self, Learned, Refused};
use std::path::PathBuf;

pub(crate) fn run(args: &Learn) -> Outcome {
    let given = InputArgs {
        spec: args.spec.clone(),
        config: args.config.clone(),
        overlay: args.overlay.clone(),
        lock: args.lock.clone(),
        ..InputArgs::default()
    };
    match resolve_without_output(&given).map_err(|message| vec![message]).and_then(|resolved| go(args, resolved)) {
        Ok(outcome) => outcome,
        Err(messages) => {
            messages.iter().for_each(|message| print::error(message));
            Outcome::Refused
        }
    }
}

fn go(args: &Learn, resolved: Resolved) -> Result<Outcome, Vec<String>> {
    let mut inputs = resolved.inputs;
    let overlay = inputs.overlays.last().cloned().unwrap_or_else(|| PathBuf::from("overlay.yaml"));
    // One that is missing is made.
    inputs.overlays.retain(|path| *path != overlay || path.exists());
    let records = learn::read(&args.files)?;
    let learned = match learn::learn(&inputs, &records, args.operation.as_deref(), &overlay) {
        Ok(learned) => learned,
        Err(Refused::Messages(messages)) => return Err(messages),
        Err(Refused::Inputs(wrong)) => {
            print::all(&wrong.0, &wrong.1);
            return Ok(Outcome::Refused);
        }
    };
    let file = overlay.display().to_string().replace('\\', "/");
    if args.apply && args.overlay.is_empty() && !inputs.overlays.contains(&overlay) {
        return Err(vec!["name the overlay to write to: `--overlay FILE`; one that is missing is made".to_owned()]);
    }
    match args.format {
        Format::Human => print::out(&learn::text(&learned, &file)),
        Format::Json => print::out(&format!("{:#}\n", learn::json(&learned, &file))),
    }
    if args.apply { applied(&learned, &overlay, &file) } else { Ok(findings(&learned)) }
}

fn findings(learned: &Learned) -> Outcome {
    if learned.proposals.is_empty() { Outcome::Done } else { Outcome::Findings }
}

fn applied(learned: &Learned, overlay: &std::path::Path, file: &str) -> Result<Outcome, Vec<String>> {
    if let Some(text) = &learned.overlay {
        let written = emit::stage_file(overlay, text.as_bytes()).and_then(emit::StagedFile::commit);
        if let Err(diagnostic) = written {
            print::one(&diagnostic);
            return Ok(Outcome::Refused);
        }
        print::line(&format!("written: {file}"));
    }
    Ok(Outcome::Done)
}
