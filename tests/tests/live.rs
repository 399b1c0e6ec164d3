//! A peer's test server, called through the crates generated from its documents. It takes minutes: DEEP=1.
//!
//! `live/values.json` says with which values, where no rule of `tests::live` finds them; `live/known.txt` which calls fail, and
//! why. A failure that it does not list fails the suite. One that it lists and that is gone is reported.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use tests::live::{Outcome, Program, Scenario, Server, Verdict, Wanted, exact, scenarios};
use tests::place::{root, text};
use tests::skips::{is_deep, say};

/// Documents that say again what another says, about the same paths.
const AGAIN: &[&str] =
    &["body-boolean.quirks", "body-number.quirks", "body-string.quirks", "httpInfrastructure.quirks"];

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
    headers: usize,
    /// What failed, and the reason.
    failures: BTreeMap<String, String>,
}

impl Report {
    fn take(&mut self, outcome: &Outcome) {
        let verdict = outcome.judge();
        let Verdict { accepted, read, equal, headers, .. } = verdict;
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
        self.headers += headers;
        self.accepted += usize::from(accepted);
        self.read += usize::from(accepted && read);
        self.bodies += usize::from(equal.is_some());
        self.equal += usize::from(equal == Some(true));
    }

    /// The figures, then the failures by class and reason.
    fn say(&self, known: &BTreeMap<String, (String, String)>) {
        let mut out = format!(
            "live: {} documents, {} generated, {} warnings; {} calls, {} accepted, {} of these read, {} of {} JSON bodies written back \
             equal, {} declared headers; {} not made, {} of paths that the server does not have\n",
            self.documents,
            self.generated,
            self.warnings,
            self.calls,
            self.accepted,
            self.read,
            self.equal,
            self.bodies,
            self.headers,
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
    let unknown: Vec<&String> =
        table.as_object().expect("documents").keys().filter(|d| !documents.contains_key(*d)).collect();
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
    let seen: Vec<_> = outcomes.iter().map(|o| json!([o.scenario.name(), o.seen])).collect();
    fs::write(cache.join("live/seen.json"), Value::from(seen).to_string()).expect("write");

    let known = known();
    report.say(&known);
    let mended: BTreeSet<&String> = known.keys().filter(|name| !report.failures.contains_key(*name)).collect();
    for name in &mended {
        say(&format!("live: mended, to be taken out of known.txt: {name}"));
    }
    let new: Vec<String> = report
        .failures
        .iter()
        .filter(|(name, _)| !known.contains_key(*name))
        .map(|(n, r)| format!("{n}: {r}"))
        .collect();
    assert!(new.is_empty(), "{} failures that known.txt does not list:\n{}", new.len(), new.join("\n"));
}

/// The calls of a document of one operation: `PUT /boats` with these parameters, where a GET gives a boat.
fn calls(parameters: Value, table: Value) -> Vec<Scenario> {
    let folder = tempfile::tempdir().expect("a folder");
    let operation = json!({
        "operationId": "moor",
        "parameters": parameters,
        "x-ms-examples": { "one": { "$ref": "example.json" } }
    });
    fs::write(folder.path().join("example.json"), r#"{ "parameters": { "berth": 12, "depth": 1.034E-20 } }"#)
        .expect("write");
    let document = folder.path().join("harbour.json");
    fs::write(&document, json!({ "paths": { "/boats": { "put": operation } } }).to_string()).expect("write");
    scenarios("harbour", &document, &table, |path| (path == "/boats").then(|| json!({ "name": "Ada" })))
}

#[test]
fn values_are_of_the_table_then_of_the_document() {
    let query = |name: &str, more: Value| {
        let mut parameter = json!({ "name": name, "in": "query", "type": "integer" });
        parameter.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        parameter
    };
    let body = json!({ "name": "boat", "in": "body", "schema": {} });
    let all = json!([
        query("berth", json!({ "enum": [3] })),
        query("depth", json!({})),
        query("flag", json!({ "enum": [4] })),
        query("left", json!({ "enum": [4, 5], "default": 4 })),
        query("rope", json!({ "required": true, "default": 6 })),
        query("sail", json!({ "required": true, "enum": [7, 8] })),
        body
    ]);
    let values =
        |call: &Scenario| call.values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    let found = calls(all.clone(), json!({}));
    let [call] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(values(call), ["berth=12", "depth=1.034e-20", "flag=4", "rope=6", "sail=7"]);
    assert_eq!((&call.made_up[..], &call.body), (&["sail".to_owned()][..], &Some(json!({ "name": "Ada" }))));

    let table =
        json!({ "moor": [{ "berth": 1, "flag": null, "$body": { "$get": "/boats" } }, { "$wanted": "error" }] });
    let found = calls(all, table);
    let [first, second] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(values(first), ["berth=1", "depth=1.034e-20", "rope=6", "sail=7"]);
    assert_eq!((first.name(), second.name()), ("harbour moor".to_owned(), "harbour moor 2".to_owned()));
    assert_eq!((first.wanted, second.wanted), (Wanted::Read, Wanted::Error));
}

#[test]
fn a_call_counts_when_it_is_accepted_and_what_came_is_read() {
    let judged = |wanted: Wanted, seen: Value| {
        let scenario = Scenario { wanted, ..calls(json!([]), json!({})).remove(0) };
        let Verdict { accepted, read, equal, reason, .. } = Outcome { scenario, seen }.judge();
        assert_eq!(reason.is_empty(), accepted && read && equal != Some(false), "{reason}");
        (accepted, read, equal)
    };
    let back = |body: &str, text: &str| json!({ "status": 200, "body": body, "back": { "text": text } });
    assert_eq!(judged(Wanted::Read, json!({ "status": 204 })), (true, true, None));
    assert_eq!(judged(Wanted::Read, back("[1.0]", "[1]")), (true, true, Some(true)));
    assert_eq!(judged(Wanted::Read, back("[1]", "[2]")), (true, true, Some(false)));
    assert_eq!(judged(Wanted::Read, json!({ "status": 200, "back": { "error": "no" } })), (true, false, None));
    let header = |value: &str, shown: &str| json!({ "status": 200, "declared_headers": [["size", value, shown]] });
    for (value, shown) in [("a", "Some(\"a\")"), ("7e120", "Ok(Some(7e120))"), ("-3", "Ok(Some(-3.0))"), ("", "None")] {
        assert_eq!(judged(Wanted::Read, header(value, shown)), (true, true, None), "{shown}");
    }
    for (value, shown) in [("a", "None"), ("a", "Some(\"b\")"), ("1", "Err(..)"), ("1", "Ok(None)")] {
        assert_eq!(judged(Wanted::Read, header(value, shown)), (true, false, None), "{shown}");
    }
    assert_eq!(
        judged(Wanted::Read, json!({ "status": 200, "error": "no", "error_kind": "Decode" })),
        (true, false, None)
    );
    // An error status is right where the server counts the scenario, and then the client calls it an error.
    let status =
        |covered: bool, kind: &str| json!({ "status": 404, "covered": covered, "error_kind": kind, "error": "404" });
    assert_eq!(judged(Wanted::Read, status(true, "Status")), (true, true, None));
    assert_eq!(judged(Wanted::Read, status(true, "Decode")), (true, false, None));
    assert_eq!(judged(Wanted::Read, status(true, "")), (true, false, None));
    assert_eq!(judged(Wanted::Read, status(false, "Status")), (false, false, None));
    assert_eq!(judged(Wanted::Read, json!({ "error": "not built", "error_kind": "Build" })), (false, false, None));

    assert_eq!(
        judged(Wanted::Error, json!({ "status": 200, "error": "no", "error_kind": "Decode" })),
        (true, true, None)
    );
    assert_eq!(judged(Wanted::Error, back("1", "1")), (true, false, None));
    assert_eq!(judged(Wanted::Deviation, back("1", "1")), (true, false, None));
    let deviating = json!({ "status": 200, "deviations": ["$"], "body": "1", "back": { "text": "1" } });
    assert_eq!(judged(Wanted::Deviation, deviating), (true, true, Some(true)));
    let cannot = |status: u16| json!({ "status": status, "body": "<pre>Cannot GET /boats</pre>" });
    assert_eq!(judged(Wanted::Unserved, cannot(404)), (true, true, None));
    assert_eq!(judged(Wanted::Unserved, cannot(400)), (false, false, None));
}
