//! A peer's test server called through the crates generated from its documents. It takes minutes: DEEP=1.


use std::fs;
use std::path::Path;
use tests::live::{Program, Server, Wanted, exact, scenarios};
use tests::place::{root, text};
use tests::skips::is_deep;

/// Documents that say again what another says, about the same paths.
const AGAIN: &[&str] = &["body-boolean.quirks", "body-number.quirks", "body-string.quirks", "httpInfrastructure.quirks"];

#[test]
fn every_operation_of_a_peer_s_server_is_called_and_read() {
    if !is_deep("calls to a peer's test server") {
        return;
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let Some(server) = Server::start(cache) else { return };
    let table = exact(&text(&root().join("tests/tests/live/values.json"))).expect("JSON");
    let only = std::env::var("LIVE_ONLY").unwrap_or_default();
    let mut program = Program::new(&cache.join("live/workspace"));
    let mut failed = Vec::new();
    let get = |path: &str| server.get(path).filter(|(status, _)| *status == 200).map(|(_, body)| body);
    let mut documents = 0;
    for (name, path) in server.documents() {
        if AGAIN.contains(&name.as_str()) || !only.is_empty() && !only.split(',').any(|o| o == name) {
            continue;
        }
        documents += 1;
        let mut all = scenarios(&name, &path, &table[&name], get); all.retain(|s| s.wanted != Wanted::Skip);
        if let Err(told) = program.add(&name, &path, table[&name]["$server"].as_str().unwrap_or_default(), all) {
            failed.push(format!("{name}: {told}"));
        }
    }
    println!("{documents} documents, {} generated", documents - failed.len());
    for f in &failed { println!("{f}"); }
    let built = program.build();
    println!("{} warnings: {:#?}", built.warnings.len(), built.warnings);
    let outcomes = program.run(&server.address());
    let (mut accepted, mut read, mut equal, mut bodies, mut both) = (0, 0, 0, 0, 0);
    let mut dump = Vec::new();
    for outcome in &outcomes {
        let verdict = outcome.judge();
        accepted += usize::from(verdict.accepted);
        read += usize::from(verdict.read);
        both += usize::from(verdict.accepted && verdict.read);
        bodies += usize::from(verdict.equal.is_some());
        equal += usize::from(verdict.equal == Some(true));
        let ok = verdict.accepted && verdict.read && verdict.equal != Some(false);
        if !ok {
            println!("{} | {verdict:?} made up {:?}", outcome.scenario.name(), outcome.scenario.made_up);
        }
        dump.push(serde_json::json!({"name": outcome.scenario.name(), "ok": ok, "accepted": verdict.accepted, "read": verdict.read, "equal": verdict.equal, "reason": verdict.reason, "seen": outcome.seen, "made_up": outcome.scenario.made_up}));
    }
    println!("{} calls, {accepted} accepted, {read} read, {both} both, {equal} of {bodies} equal", outcomes.len());
    fs::write(cache.join("live/dump.json"), serde_json::to_string(&dump).unwrap()).unwrap();
    let coverage = server.coverage();
    println!("{} of {} scenarios", coverage.values().filter(|c| **c > 0).count(), coverage.len());
    fs::write(cache.join("live/coverage.json"), serde_json::to_string_pretty(&coverage).unwrap()).unwrap();
}
