//! `generate`: writes the crate and the lock.

use crate::cli::{Format, Generate};
use crate::unchanged::{Ask, Said};
use crate::{Outcome, inputs, print};
use generator::base::diagnostic::{self, Diagnostic};
use generator::emit::{self, Manifest, Written};
use generator::{Generated, Inputs};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

pub(crate) fn run(args: &Generate) -> Outcome {
    let start = Instant::now();
    let resolved = match inputs::resolve(&args.inputs) {
        Ok(resolved) => resolved,
        Err(message) => {
            print::error(&message);
            return Outcome::Refused;
        }
    };
    let own = resolved.inputs.own && !args.stale;
    let asked = Inputs { own, ..resolved.inputs.clone() };
    let deny = args.deny.map(Into::into);
    // What is denied is found again, not remembered.
    let ask = Ask::new(&asked, &resolved.out).filter(|_| deny.is_none());
    if let Some(said) = ask.as_ref().and_then(Ask::last) {
        let files = said.object.get("files").and_then(Value::as_u64).unwrap_or_default();
        let written = Written { unchanged: usize::try_from(files).unwrap_or_default(), ..Written::default() };
        tell(args.format, &said, &resolved.out, &written, start);
        return Outcome::Done;
    }
    let mut run = generator::generate(&asked);
    let mut written = Written::default();
    let denied = deny.is_some_and(|deny| run.diagnostics.denied(deny).next().is_some());
    if !run.diagnostics.has_errors() && !denied {
        match write(&resolved.inputs, &resolved.out, &run) {
            Ok(done) => written = done,
            Err(diagnostic) => run.diagnostics.push(*diagnostic),
        }
    }
    let said = Said { object: object(&run), text: print::listing(&run.diagnostics, &run.sources) };
    if run.diagnostics.has_errors() || denied {
        match args.format {
            Format::Json => print::out(&format!("{}\n", timed(&said.object, start))),
            Format::Human => {
                print::err(&said.text);
                resolved.hint();
                print::denied(&run.diagnostics, &run.sources, deny);
            }
        }
        return if run.diagnostics.has_errors() { Outcome::Refused } else { Outcome::Findings };
    }
    if let Some(ask) = ask {
        ask.note(run.sources.texts(), &said);
    }
    tell(args.format, &said, &resolved.out, &written, start);
    Outcome::Done
}

/// What there is to say of a run that came to its end.
fn tell(format: Format, said: &Said, out: &Path, written: &Written, start: Instant) {
    match format {
        Format::Json => print::out(&format!("{}\n", timed(&said.object, start))),
        Format::Human => {
            print::err(&said.text);
            for path in &written.edits_lost {
                print::line(&format!("warning: `{path}` was edited by hand; it is the generated one again"));
            }
            print::out(&summary(&said.object, written, out, start.elapsed().as_secs_f64()));
        }
    }
}

/// The contract's object with the time that the run took.
fn timed(object: &Value, start: Instant) -> Value {
    let mut object = object.clone();
    object["elapsed_ms"] = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX).into();
    object
}

/// Writes the crate, then the lock; what can fail for the lock has happened before the crate is touched.
fn write(inputs: &Inputs, out: &Path, run: &Generated) -> Result<Written, Box<Diagnostic>> {
    let manifest = Manifest::new(run.provenance.clone(), &run.files);
    let lock = inputs.lock.as_ref().map(|path| emit::stage_file(path, run.lock.print().as_bytes())).transpose()?;
    let written = emit::write(out, &run.files, &manifest)?;
    if let Some(lock) = lock {
        lock.commit()?;
    }
    Ok(written)
}

/// The contract's object, without the time.
fn object(run: &Generated) -> Value {
    let diagnostics: Vec<Value> = run.diagnostics.iter().map(|d| diagnostic::to_json(d, &run.sources)).collect();
    json!({
        "operations": run.report.operations,
        "skipped_operations": run.report.skipped_operations,
        "schemas": run.report.schemas,
        "files": run.files.len(),
        "lines": run.report.lines,
        "diagnostics": diagnostics,
    })
}

fn summary(object: &Value, written: &Written, out: &Path, seconds: f64) -> String {
    let count = |key: &str| object.get(key).and_then(Value::as_u64).unwrap_or_default();
    let skipped = match count("skipped_operations") {
        0 => String::new(),
        n => format!(" ({n} left out)"),
    };
    let (operations, schemas, files, lines) = (count("operations"), count("schemas"), count("files"), count("lines"));
    let Written { created, updated, removed, unchanged, .. } = written;
    format!(
        "{}: {operations} operations{skipped}, {schemas} schemas, {files} files, {lines} lines in {seconds:.2} s\n\
         {created} new, {updated} changed, {removed} removed, {unchanged} as they were\n",
        out.display(),
    )
}
