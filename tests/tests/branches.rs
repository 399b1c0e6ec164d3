//! Unions choose by what the document declares, not by what `[required] may_be_null` makes of it: our own crate and one generated
//! without the rule take the same branches of all bodies. What only the rule makes readable is given values first. `BODIES=all`, and
//! `cargo xtask ci --deep`, take all bodies that can be made from the document; else every eighth is.

use generator::Inputs;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};
use tests::alone::Alone;
use tests::answers::answers;
use tests::bodies::{Body, lines, own as examples};
use tests::place::{root, text};
use tests::run::{generated, own};
use tests::skips::is_deep;

/// Compiled with the crate without the rule: reads bodies, gives values to what it cannot read, and prints for each body what it was
/// in the end, and what `Debug` shows of it.
const READER: &str = r#"
use belvo::error::{DeviationKind, Mode};
use belvo::testing::{read_back, read_back_in};
use serde_json::{Value, json};

fn pointer(path: &str) -> String {
    path.trim_start_matches('$').replace("['", "/").replace("']", "").replace(['.', '['], "/").replace(']', "")
}

fn nulls(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Null => found.push(place),
        Value::Object(members) => members.iter().for_each(|(name, v)| nulls(v, format!("{place}/{name}"), found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| nulls(v, format!("{place}/{i}"), found)),
        _ => {}
    }
}

fn main() {
    let file = std::env::args().nth(1).expect("a file");
    for line in std::fs::read_to_string(file).expect("text").lines() {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        let operation = line["op"].as_str().expect("text").to_owned();
        let status = line["status"].as_u64().expect("a number") as u16;
        let media = "application/json";
        let strict = Mode { strict: true, ..Mode::default() };
        let uuid = "00000000-0000-4000-8000-000000000000";
        let values = [json!(""), json!(0), json!({}), json!([]), json!(false), json!(uuid), json!("2024-01-02")];
        let reads = |body: &Value| {
            let found = read_back(&operation, status, media, body.to_string().as_bytes()).ok()?;
            let lost = found.deviations.iter().any(|d| d.kind == DeviationKind::Unreadable);
            (found.invalid_records.is_empty() && !lost).then_some(found)
        };
        let whole = |body: &Value| reads(body).is_some_and(|found| found.raw_unions.is_empty());
        let fault = |body: &Value| {
            let body = body.to_string();
            let error = match read_back(&operation, status, media, body.as_bytes()) {
                Err(error) => error,
                Ok(found) => {
                    let lost = found.deviations.iter().find(|d| d.kind == DeviationKind::Unreadable);
                    if let Some(lost) = lost {
                        return Some(pointer(&lost.path));
                    }
                    read_back_in(&operation, status, media, body.as_bytes(), strict).err()?
                }
            };
            error.fault().map(|fault| pointer(&fault.path))
        };
        let mut filled = 0;
        while filled < 100 && !whole(&line["body"]) {
            let body = &line["body"];
            let set = |place: &str, value: &Value| {
                let mut body = body.clone();
                let (around, name) = place.rsplit_once('/')?;
                match body.pointer_mut(around)? {
                    Value::Object(members) => drop(members.insert(name.to_owned(), value.clone())),
                    other => *other.get_mut(name.parse::<usize>().ok()?)? = value.clone(),
                }
                Some(body)
            };
            let first = fault(body);
            let faulty = first.iter().flat_map(|place| values.iter().filter_map(|value| set(place, value)));
            let raw = |body: &Value| reads(body).map_or(usize::MAX, |found| found.raw_unions.len());
            let before = raw(body);
            let unions = reads(body).map(|found| found.raw_unions).unwrap_or_default();
            let mut within = Vec::new();
            for union in &unions {
                let place = pointer(union);
                nulls(body.pointer(&place).unwrap_or(&Value::Null), place, &mut within);
            }
            let inside = within.iter().flat_map(|place| values.iter().filter_map(|value| set(place, value)));
            let mut faulty = faulty;
            let mut inside = inside;
            let next = inside.find(|body| raw(body) < before);
            let next = next.or_else(|| faulty.find(|body| fault(body) != first));
            let Some(body) = next else { break };
            line["body"] = body;
            filled += 1;
        }
        line["debug"] = reads(&line["body"]).map(|found| found.debug).into();
        line["filled"] = filled.into();
        println!("{line}");
    }
}
"#;

/// The models and branches that `Debug` names, in their order.
fn taken(debug: &str) -> Vec<&str> {
    let mut taken = Vec::new();
    let (mut word, mut quoted, mut escaped) = (None, false, false);
    for (at, c) in debug.char_indices() {
        if quoted {
            (quoted, escaped) = (escaped || c != '"', !escaped && c == '\\');
        } else if c == '"' {
            quoted = true;
        } else if c.is_alphanumeric() || c == '_' {
            word.get_or_insert(at);
        } else if let Some(start) = word.take() {
            let (name, rest) = (&debug[start..at], &debug[at..]);
            if (rest.starts_with('(') || rest.starts_with(" {")) && name != "Some" {
                taken.push(name);
            }
        }
    }
    taken
}

fn without_the_rule(folder: &Path) -> Inputs {
    let settings = text(&root().join("spec/belvo.toml"));
    let (before, after) = settings.split_once("[required]\n").expect("the rule");
    let after = &after[after.find("\n[numbers]").expect("what follows it")..];
    let config = folder.join("belvo.toml");
    fs::write(&config, format!("{before}{after}")).expect("write");
    fs::copy(root().join("spec/provenance.toml"), folder.join("provenance.toml")).expect("copy");
    fs::copy(root().join("spec/CHANGELOG.md"), folder.join("CHANGELOG.md")).expect("copy");
    Inputs { config: Some(config), ..own() }
}

#[test]
fn debug_names_what_was_taken() {
    let debug =
        r#"Page { results: [Ok(Owner(Person { name: "An (odd) \" {one}", x: Some(Id("a")), y: None, s: Open }))] }"#;
    assert_eq!(taken(debug), ["Page", "Ok", "Owner", "Person", "Id"]);
}

#[test]
fn unions_choose_alike_with_the_rule_and_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = without_the_rule(folder.path());
    let run = generated(&inputs);
    let mut bodies = examples();
    let api = generator::pipeline::understand(&own()).api;
    let all = env::var("BODIES").is_ok_and(|bodies| bodies == "all");
    let step = if all || is_deep("seven of eight bodies made from the document") { 1 } else { 8 };
    let made = answers(&api, &BTreeSet::new()).into_iter().step_by(step).filter_map(|body| {
        let operation = api.operations[body.operation].id.to_string();
        let content_type = "application/json".to_owned();
        (body.status < 300).then_some(Body { operation, status: body.status, content_type, body: body.json? })
    });
    bodies.extend(made);
    for file in ["composed-2xx.jsonl", "media-examples.jsonl", "seen/bodies.jsonl"] {
        bodies.extend(lines(file).into_iter().flatten().map(|(body, _)| body));
    }
    bodies.retain(|body| body.content_type.starts_with("application/json"));

    let alone = Alone::new(env!("CARGO_TARGET_TMPDIR"), "branches", &run);
    alone.add("examples/branches.rs", READER);
    let line = |b: &Body| format!("{}\n", json!({"op": b.operation, "status": b.status, "body": b.body}));
    let input = folder.path().join("bodies.jsonl");
    fs::write(&input, bodies.iter().map(line).collect::<String>()).expect("write");
    let output = alone.cargo("run", &["--example", "branches"], &[input.to_str().expect("text")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let (mut compared, mut unions, mut filled, mut only, mut wrong) = (0, 0, 0, 0, Vec::new());
    let without = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(without.lines().count(), bodies.len());
    for line in without.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let (operation, status) = (line["op"].as_str().expect("text"), line["status"].as_u64().expect("a number"));
        let body = line["body"].to_string();
        let with = belvo::testing::read_back(operation, status as u16, "application/json", body.as_bytes());
        let with = with.unwrap_or_else(|error| panic!("{operation} {status}: {error}: {body:.300}"));
        let Some(debug) = line["debug"].as_str() else {
            only += 1;
            continue;
        };
        compared += 1;
        filled += line["filled"].as_u64().unwrap_or_default();
        let (one, other) = (taken(debug), taken(&with.debug));
        unions += one.len();
        if let Some(at) = (0..one.len().max(other.len())).find(|at| one.get(*at) != other.get(*at)) {
            let (one, other) = (one.get(at), other.get(at));
            if one == Some(&"Raw") {
                only += 1;
                continue;
            }
            wrong.push(format!("{operation} {status}: {one:?} without the rule, {other:?} with it: {body:.300}"));
        }
    }
    println!(
        "{compared} bodies, {unions} models and branches, {filled} values filled in, {only} read only with the rule"
    );
    assert!(wrong.is_empty(), "{} of {compared}: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
    assert!(compared > 500 && only * 100 < compared, "{compared} {only}");
}
