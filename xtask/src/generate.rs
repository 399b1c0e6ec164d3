//! `generate`: writes the crate and the lock.

use crate::cli::{Format, Generate};
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
    let mut run = generator::generate(&Inputs { own, ..resolved.inputs.clone() });
    let mut written = Written::default();
    let deny = args.deny.map(Into::into);
    let denied = deny.is_some_and(|deny| run.diagnostics.denied(deny).next().is_some());
    if !run.diagnostics.has_errors() && !denied {
        match write(&resolved.inputs, &resolved.out, &run) {
            Ok(done) => written = done,
            Err(diagnostic) => run.diagnostics.push(*diagnostic),
        }
    }
    let elapsed = start.elapsed();
    let failed = run.diagnostics.has_errors();
    match args.format {
        Format::Json => print::out(&format!("{}\n", object(&run, elapsed.as_millis()))),
        Format::Human => {
            print::all(&run.diagnostics, &run.sources);
            resolved.hint();
            print::denied(&run.diagnostics, &run.sources, deny);
            for path in &written.edits_lost {
                print::line(&format!("warning: `{path}` was edited by hand; it is the generated one again"));
            }
            if !failed && !denied {
                print::out(&summary(&run, &written, &resolved.out, elapsed.as_secs_f64()));
            }
        }
    }
    match (failed, denied) {
        (true, _) => Outcome::Refused,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Done,
    }
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

/// The contract's object.
fn object(run: &Generated, elapsed_ms: u128) -> Value {
    let diagnostics: Vec<Value> = run.diagnostics.iter().map(|d| diagnostic::to_json(d, &run.sources)).collect();
    json!({
        "operations": run.report.operations,
        "skipped_operations": run.report.skipped_operations,
        "schemas": run.report.schemas,
        "files": run.files.len(),
        "lines": run.report.lines,
        "elapsed_ms": u64::try_from(elapsed_ms).unwrap_or(u64::MAX),
        "diagnostics": diagnostics,
    })
}

fn summary(run: &Generated, written: &Written, out: &Path, seconds: f64) -> String {
    let report = &run.report;
    let skipped = match report.skipped_operations {
        0 => String::new(),
        n => format!(" ({n} left out)"),
    };
    let Written { created, updated, removed, unchanged, .. } = written;
    format!(
        "{}: {} operations{skipped}, {} schemas, {} files, {} lines in {seconds:.2} s\n\
         {created} new, {updated} changed, {removed} removed, {unchanged} as they were\n",
        out.display(),
        report.operations,
        report.schemas,
        run.files.len(),
        report.lines,
    )
}
