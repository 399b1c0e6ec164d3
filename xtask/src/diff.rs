//! `diff`: what changed between two documents for whoever uses the crate.

use crate::cli::{Diff, DiffFormat, FailOn};
use crate::{Outcome, inputs, print};
use generator::drift;

pub(crate) fn run(args: &Diff) -> Outcome {
    let (old, new) = match inputs::pair(args) {
        Ok(pair) => pair,
        Err(message) => {
            print::error(&message);
            return Outcome::Refused;
        }
    };
    let (old, new) = drift::understand(&old, &new);
    let mut refused = false;
    for side in [&old, &new] {
        if side.diagnostics.has_errors() {
            print::all(&side.diagnostics, &side.sources);
            refused = true;
        }
    }
    if refused {
        return Outcome::Refused;
    }
    let report = drift::diff(&old, &new);
    match args.format {
        DiffFormat::Text => print::out(&drift::text(&report, print::style())),
        DiffFormat::Json => print::out(&format!("{:#}\n", drift::json(&report))),
        DiffFormat::Markdown => print::out(&drift::markdown(&report, drift::COMMENT)),
        DiffFormat::Html => match drift::html(&report, &old.sources, &new.sources) {
            Ok(page) => print::out(&page),
            Err(message) => {
                print::error(&format!("the page cannot be made: {message}"));
                return Outcome::Refused;
            }
        },
    }
    match args.fail_on {
        Some(FailOn::Breaking) if report.is_breaking() => Outcome::Findings,
        _ => Outcome::Done,
    }
}
