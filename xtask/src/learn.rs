//! `learn`: what bodies and logged deviations show a document to be wrong about, as actions for its overlay.

use crate::cli::{Format, InputArgs, Learn};
use crate::inputs::{Resolved, resolve_without_output};
use crate::{Outcome, print};
use generator::emit;
use generator::learn::{self, Refused};

/// The overlay where none is named, next to the document.
const UNNAMED: &str = "overlay.learned.yaml";

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
    let named = inputs.overlays.last().cloned();
    let is_named = named.is_some();
    let overlay = named.unwrap_or_else(|| inputs.spec.with_file_name(UNNAMED));
    let file = overlay.display().to_string().replace('\\', "/");
    if !is_named {
        // What was written there before is no finding any more.
        let use_of = if overlay.exists() { "is read, and `--apply` adds to it" } else { "is made by `--apply`" };
        print::line(&format!(
            "no overlay is named: `{file}` {use_of}; other commands read it by `--overlay {file}` only"
        ));
    }
    inputs.overlays.retain(|path| !args.apply || *path != overlay || path.exists());
    let records = learn::read(&args.files)?;
    let learned = match learn::learn(&inputs, &records, args.operation.as_deref(), &overlay) {
        Ok(learned) => learned,
        Err(Refused::Messages(messages)) => return Err(messages),
        Err(Refused::Inputs(wrong)) => {
            print::all(&wrong.0, &wrong.1);
            return Ok(Outcome::Refused);
        }
    };
    if args.apply
        && let Some(text) = &learned.overlay
        && let Err(diagnostic) = emit::stage_file(&overlay, text.as_bytes()).and_then(emit::StagedFile::commit)
    {
        print::one(&diagnostic);
        return Ok(Outcome::Refused);
    }
    match args.format {
        Format::Human => print::out(&learn::text(&learned, &file, args.apply)),
        Format::Json => print::out(&format!("{:#}\n", learn::json(&learned, &file))),
    }
    Ok(if learned.proposals.is_empty() || args.apply { Outcome::Done } else { Outcome::Findings })
}
