//! How a [`CheckReport`] is told: to a person, to a script (JSON), to GitHub (workflow commands) and to code-scanning
//! tools (SARIF 2.1.0).

use super::check::{CheckReport, Finding, State};
use super::manifest::Cause;
use crate::base::visible::visible;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A line of a file of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as a path from where the command runs.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// Says where the reason of a finding stands; `None` puts it on the finding's own file.
pub type Locate<'a> = &'a dyn Fn(&Finding) -> Option<Place>;

/// Lines of diff a person is shown before the rest is only counted.
const DIFF_LINES: usize = 1_000;

/// The report for a person: the files, the cause, the diff, the command that mends it.
pub fn human(report: &CheckReport) -> String {
    let mut out = String::new();
    if report.is_fresh() {
        let _ = writeln!(out, "up to date: {} files", report.fresh);
        return out;
    }
    let mut left = DIFF_LINES;
    let mut hidden = 0;
    for finding in &report.findings {
        let total = finding.diff.lines().count();
        for line in finding.diff.lines().take(left) {
            let _ = writeln!(out, "{}", visible(line));
        }
        hidden += total.saturating_sub(left);
        left = left.saturating_sub(total);
    }
    if hidden > 0 {
        let _ = writeln!(out, "... and {hidden} more lines of diff (`--format json` has them all)");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    for finding in &report.findings {
        let _ = writeln!(out, "{:>8}  {}", finding.state.as_str(), visible(&finding.path));
    }
    let _ = writeln!(out, "\n{}", headline(report));
    for cause in &report.causes {
        let _ = writeln!(out, "   cause: {}", cause.sentence());
    }
    let foreign = report.findings.iter().filter(|f| f.state == State::Foreign).count();
    if foreign > 0 {
        let _ = writeln!(out, "    note: move the foreign files away: the folder is wholly generated");
    }
    if !report.mend.is_empty() {
        let _ = writeln!(out, "    mend: {}", report.mend);
    }
    out
}

/// The report as one JSON object.
pub fn json(report: &CheckReport) -> Value {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|f| {
            json!({ "path": f.path, "state": f.state.as_str(), "causes": words(&f.causes), "line": f.line, "diff": f.diff })
        })
        .collect();
    json!({
        "fresh": report.is_fresh(),
        "files": report.fresh + report.findings.len(),
        "causes": words(&report.causes),
        "findings": findings,
        "mend": report.mend,
    })
}

/// The report as GitHub workflow commands: one annotation a place, since GitHub shows only ten.
pub fn github(report: &CheckReport, locate: Locate<'_>) -> String {
    let mut places: BTreeMap<Place, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        places.entry(place(finding, locate)).or_default().push(finding);
    }
    let mut out = String::new();
    for (place, findings) in places {
        let mut message = headline_of(findings.iter().copied());
        for finding in findings.iter().take(5) {
            let _ = write!(message, "\n{}: {}", finding.state.as_str(), visible(&finding.path));
        }
        if findings.len() > 5 {
            let _ = write!(message, "\nand {} more", findings.len() - 5);
        }
        let causes = findings.iter().flat_map(|f| f.causes.iter().copied()).collect::<std::collections::BTreeSet<_>>();
        for cause in causes {
            let _ = write!(message, "\ncause: {}", cause.sentence());
        }
        if !report.mend.is_empty() {
            let _ = write!(message, "\nmend: {}", report.mend);
        }
        let _ = writeln!(
            out,
            "::error file={},line={},col={},title={}::{}",
            property(&visible(&place.file)),
            place.line,
            place.column,
            property("the generated output is not up to date"),
            data(&message)
        );
    }
    if report.findings.is_empty() && !report.is_fresh() {
        let _ = writeln!(out, "::error ::{}", data(&headline(report)));
    }
    out
}

/// The report as a SARIF 2.1.0 log.
pub fn sarif(report: &CheckReport, locate: Locate<'_>) -> Value {
    const STATES: [State; 6] =
        [State::Stale, State::New, State::Obsolete, State::Missing, State::Edited, State::Foreign];
    let rules: Vec<Value> = STATES
        .iter()
        .map(|state| {
            json!({
                "id": state.as_str(),
                "shortDescription": { "text": format!("a file {}", state.sentence()) },
                "defaultConfiguration": { "level": "error" },
                "help": { "text": format!("run `{}`", report.mend) },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let place = place(finding, locate);
            let mut text = format!("{} {}", finding.path, finding.state.sentence());
            for cause in &finding.causes {
                let _ = write!(text, "; {}", cause.sentence());
            }
            json!({
                "ruleId": finding.state.as_str(),
                "ruleIndex": STATES.iter().position(|state| *state == finding.state),
                "level": "error",
                "message": { "text": text },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri(&place.file) },
                        "region": { "startLine": place.line, "startColumn": place.column },
                    }
                }],
                // The same finding in the next run, wherever the line has moved to.
                "partialFingerprints": { "file/v1": format!("{}:{}", finding.state.as_str(), finding.path) },
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "xtask check", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn words(causes: &[Cause]) -> Vec<&'static str> {
    causes.iter().map(|cause| cause.as_str()).collect()
}

fn place(finding: &Finding, locate: Locate<'_>) -> Place {
    locate(finding).unwrap_or_else(|| Place { file: finding.path.clone(), line: finding.line, column: 1 })
}

/// "3 files are not as they would be generated: 2 stale, 1 foreign".
fn headline(report: &CheckReport) -> String {
    if report.findings.is_empty() {
        return "the output is right, but a run was stopped before it was done".to_owned();
    }
    headline_of(report.findings.iter())
}

fn headline_of<'a>(findings: impl Iterator<Item = &'a Finding>) -> String {
    let mut counts: BTreeMap<State, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.state).or_default() += 1;
    }
    let total: usize = counts.values().sum();
    let list: Vec<String> = counts.iter().map(|(state, n)| format!("{n} {}", state.as_str())).collect();
    let noun = if total == 1 { "1 file is not as it" } else { &format!("{total} files are not as they") };
    format!("{noun} would be generated: {}", list.join(", "))
}

/// Escapes a message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');
    utf8_percent_encode(path, ENCODED).to_string()
}
