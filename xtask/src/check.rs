//! `check`: compares the crate on disk with what would be generated.

use crate::cli::{Check, CheckFormat};
use crate::inputs::{self, Resolved};
use crate::{Outcome, print};
use generator::Generated;
use generator::base::diagnostic::Diagnostic;
use generator::emit::{self, Cause, CheckReport, Finding, Manifest, Place, State};
use std::path::Path;

pub(crate) fn run(args: &Check) -> Outcome {
    let resolved = match inputs::resolve(&args.inputs) {
        Ok(resolved) => resolved,
        Err(message) => {
            print::error(&message);
            return Outcome::Refused;
        }
    };
    let run = generator::generate(&resolved.inputs);
    // Warnings are `generate`'s to tell; here they would hide the findings.
    if run.diagnostics.has_errors() {
        print::all(&run.diagnostics, &run.sources);
        resolved.hint();
        return Outcome::Refused;
    }
    let deny = args.deny.map(Into::into);
    let denied = deny.is_some_and(|deny| run.diagnostics.denied(deny).next().is_some());
    if denied {
        print::all(&run.diagnostics, &run.sources);
        print::denied(&run.diagnostics, &run.sources, deny);
    }
    // To standard error, where no script looks for the findings.
    if let Err(message) = crate::dictionary::check(&resolved.inputs) {
        print::error(&message);
        return Outcome::Refused;
    }
    let report = match compare(&resolved, &run) {
        Ok(report) => report,
        Err(diagnostic) => {
            print::one(&diagnostic);
            return Outcome::Refused;
        }
    };
    let locate = |finding: &Finding| locate(&resolved, &run, finding);
    match args.format {
        CheckFormat::Human => print::out(&emit::human(&report)),
        CheckFormat::Json => print::out(&format!("{}\n", emit::json(&report))),
        CheckFormat::Github => print::out(&emit::github(&report, &locate)),
        CheckFormat::Sarif => print::out(&format!("{:#}\n", emit::sarif(&report, &locate))),
    }
    if report.is_fresh() && !denied { Outcome::Done } else { Outcome::Findings }
}

fn compare(resolved: &Resolved, run: &Generated) -> Result<CheckReport, Box<Diagnostic>> {
    let manifest = Manifest::new(run.provenance.clone(), &run.files);
    let mut report = emit::check(&resolved.out, &run.files, &manifest)?;
    if let Some(path) = &resolved.inputs.lock {
        let causes = if report.causes.is_empty() { vec![Cause::Lock] } else { report.causes.clone() };
        if let Some(finding) = emit::check_file(path, run.lock.print().as_bytes(), causes)? {
            report.push(finding);
        }
    }
    report.mend.clone_from(&resolved.command);
    Ok(report)
}

/// The input that made a file stale; by-hand findings stay on their own files.
fn locate(resolved: &Resolved, run: &Generated, finding: &Finding) -> Option<Place> {
    if matches!(finding.state, State::Edited | State::Foreign) {
        return None;
    }
    let inputs = &resolved.inputs;
    // The very line of the document, where the generated line has one.
    if finding.causes.contains(&Cause::Document) || finding.causes.contains(&Cause::Overlay) {
        let out = resolved.out.display().to_string().replace('\\', "/");
        let inside = finding.path.strip_prefix(&out).map_or(finding.path.as_str(), |p| p.trim_start_matches('/'));
        let content = run.files.get(inside).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let span = content.and_then(|text| run.places.find(text, finding.line));
        if let Some((span, position)) = span.and_then(|s| Some((s, run.sources.position(s)?))) {
            let file = run.sources.path(span.file).unwrap_or_default().to_owned();
            return Some(Place { file, line: position.line, column: position.column });
        }
    }
    let file: &Path = finding.causes.iter().find_map(|cause| match cause {
        Cause::Document => Some(inputs.spec.as_path()),
        Cause::Settings => inputs.config.as_deref(),
        Cause::Overlay => inputs.overlays.first().map(|path| path.as_path()),
        Cause::Lock => inputs.lock.as_deref(),
        Cause::Options | Cause::Generator | Cause::Hand | Cause::Interrupted => None,
    })?;
    Some(Place { file: file.display().to_string().replace('\\', "/"), line: 1, column: 1 })
}
