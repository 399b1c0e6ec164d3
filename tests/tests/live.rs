//! A peer's test server, called through the crates generated from its documents. It takes minutes: DEEP=1.
//!
//! `live/values.json` says with which values, where no rule of `tests::live` finds them; `live/known.txt` which calls fail, and
//! why. A failure that it does not list fails the suite. One that it lists and that is gone is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use tests::live::{Outcome, Program, Server, Verdict, Wanted, exact, scenarios};
use tests::place::{root, text};
use tests::skips::{is_deep, say};

/// Documents that say again what another says, about the same paths.
const AGAIN: &[&str] = &["body-boolean.quirks", "body-number.quirks", "body-string.quirks", "httpInfrastructure.quirks"];

/// Whose a known failure is.
const CLASSES: &[&str] = &["ours", "design", "document", "vendor", "server", "driver"];

/// Failure → class and reason. Lines `[class] reason`, and below each the failures that it explains.
fn known() -> BTreeMap<String, (String, String)> {
    let mut out = BTreeMap::new();
    let mut head = None;
    for line in text(&root().join("tests/tests/live/known.txt")).lines() {
        if let Some((class, reason)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            assert!(CLASSES.contains(&class), "{line}");
            head = Some((class.to_owned(), reason.to_owned()));
        } else if !line.is_empty() && !line.starts_with('#') {
            let head = head.clone().expect("a class and a reason before the first failure");
            assert!(out.insert(line.to_owned(), head).is_none(), "{line} is listed twice");
        }
    }
    out
}

/// What came of all calls.
#[derive(Default)]
struct Report {
    documents: usize,
    generated: usize,
    warnings: usize,
    calls: usize,
    skipped: usize,
    unserved: usize,
    accepted: usize,
    read: usize,
    bodies: usize,
    equal: usize,
    /// What failed, and the reason.
    failures: BTreeMap<String, String>,
}

impl Report {
    fn take(&mut self, outcome: &Outcome) {
        let verdict = outcome.judge();
        let Verdict { accepted, read, equal, .. } = verdict;
        if !accepted || !read || equal == Some(false) {
            let made_up = match outcome.scenario.made_up.as_slice() {
                [] => String::new(),
                names => format!(" (made up: {})", names.join(", ")),
            };
            self.failures.insert(outcome.scenario.name(), format!("{}{made_up}", verdict.reason));
        }
        if outcome.scenario.wanted == Wanted::Unserved {
            self.unserved += 1;
            return;
        }
        self.calls += 1;
        self.accepted += usize::from(accepted);
        self.read += usize::from(accepted && read);
        self.bodies += usize::from(equal.is_some());
        self.equal += usize::from(equal == Some(true));
    }

    /// The figures, then the failures by class and reason.
    fn say(&self, known: &BTreeMap<String, (String, String)>) {
        let mut out = format!(
            "live: {} documents, {} generated, {} warnings; {} calls, {} accepted, {} of these read, {} of {} JSON bodies written back \
             equal; {} not made, {} of paths that the server does not have\n",
            self.documents,
            self.generated,
            self.warnings,
            self.calls,
            self.accepted,
            self.read,
            self.equal,
            self.bodies,
            self.skipped,
            self.unserved
        );
        let mut heads: BTreeMap<&(String, String), usize> = BTreeMap::new();
        for head in self.failures.keys().filter_map(|name| known.get(name)) {
            *heads.entry(head).or_default() += 1;
        }
        for ((class, reason), count) in heads {
            let _ = writeln!(out, "live: {count} [{class}] {reason}");
        }
        say(out.trim_end());
    }
}

#[test]
fn every_operation_of_a_peer_s_server_is_called_and_read() {
    if !is_deep("calls to a peer's test server") {
        return;
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let Some(server) = Server::start(cache) else { return };
    let table = exact(&text(&root().join("tests/tests/live/values.json"))).expect("JSON");
    let get = |path: &str| server.get(path).filter(|(status, _)| *status == 200).map(|(_, body)| body);
    let (mut program, mut report) = (Program::new(&cache.join("live/workspace")), Report::default());
    let documents = server.documents();
    let unknown: Vec<&String> = table.as_object().expect("documents").keys().filter(|d| !documents.contains_key(*d)).collect();
    assert!(unknown.is_empty(), "the table knows documents that are not there: {unknown:?}");
    for (name, path) in documents.iter().filter(|(name, _)| !AGAIN.contains(&name.as_str())) {
        let table = &table[name];
        let mut all = scenarios(name, path, table, get);
        report.documents += 1;
        report.skipped += all.iter().filter(|s| s.wanted == Wanted::Skip).count();
        all.retain(|s| s.wanted != Wanted::Skip);
        match program.add(name, path, table, all) {
            Ok(()) => report.generated += 1,
            Err(reason) => drop(report.failures.insert(format!("{name} is generated"), reason)),
        }
    }
    for (name, warning) in program.build() {
        report.warnings += 1;
        report.failures.insert(format!("{name} is compiled without a warning"), warning);
    }
    let outcomes = program.run(&server.address());
    outcomes.iter().for_each(|outcome| report.take(outcome));
    let seen: Vec<_> = outcomes.iter().map(|o| serde_json::json!([o.scenario.name(), o.seen])).collect();
    fs::write(cache.join("live/seen.json"), serde_json::Value::from(seen).to_string()).expect("write");

    let known = known();
    report.say(&known);
    let mended: BTreeSet<&String> = known.keys().filter(|name| !report.failures.contains_key(*name)).collect();
    for name in &mended {
        say(&format!("live: mended, to be taken out of known.txt: {name}"));
    }
    let new: Vec<String> =
        report.failures.iter().filter(|(name, _)| !known.contains_key(*name)).map(|(n, r)| format!("{n}: {r}")).collect();
    assert!(new.is_empty(), "{} failures that known.txt does not list:\n{}", new.len(), new.join("\n"));
}
