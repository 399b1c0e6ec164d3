//! Bodies bent at random, the same way in every run: fifty bends of each. Nothing panics, nothing is lost, and what is no
//! longer what the document says is reported, by the count of a validator that shares no code with the reader.

use belvo::error::{Deviation, DeviationKind, Mode};
use belvo::testing::ReadBack;
use belvo::testing::{read_back, read_back_in};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::bodies::{Body, document, lines, own};
use tests::place::root;
use tests::sandbox::Dice;
use tests::schema::{Document, Finding, What, differences};

/// How often each body is bent.
const BENDS: usize = 50;

/// What is asked of a place: whether it is the whole body, and the value there.
type Wanted = dyn Fn(bool, &Value) -> bool;

/// How many values below `value` are wanted, itself included.
fn count(value: &Value, whole: bool, wanted: &Wanted) -> usize {
    let below: usize = match value {
        Value::Array(items) => items.iter().map(|item| count(item, false, wanted)).sum(),
        Value::Object(members) => members.values().map(|member| count(member, false, wanted)).sum(),
        _ => 0,
    };
    below + usize::from(wanted(whole, value))
}

/// The one of them that `left` others precede.
fn nth<'v>(value: &'v mut Value, whole: bool, wanted: &Wanted, left: &mut usize) -> Option<&'v mut Value> {
    if wanted(whole, value) {
        if *left == 0 {
            return Some(value);
        }
        *left -= 1;
    }
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, false, wanted, left)),
        Value::Object(members) => members.values_mut().find_map(|member| nth(member, false, wanted, left)),
        _ => None,
    }
}

const KINDS: &[&str] =
    &["a key dropped", "a value nulled", "a key added", "a text changed", "a scalar of another kind", "one for many"];

/// Bends one place; `None` where the body has no place for this.
fn bend(kind: usize, body: &Value, dice: &mut Dice) -> Option<Value> {
    let wanted: &Wanted = match kind {
        0 => &|_, v| v.as_object().is_some_and(|o| !o.is_empty()),
        1 => &|whole, v| !whole && !v.is_null(),
        2 => &|_, v| v.is_object(),
        3 => &|_, v| v.is_string(),
        4 => &|_, v| v.is_string() || v.is_number() || v.is_boolean(),
        _ => &|whole, v| !whole && !v.is_null(),
    };
    let all = count(body, true, wanted);
    let mut left = dice.below(all);
    let mut bent = body.clone();
    let place = nth(&mut bent, true, wanted, &mut left)?;
    match (kind, &mut *place) {
        (0, Value::Object(members)) => {
            let names: Vec<String> = members.keys().cloned().collect();
            members.remove(names.get(dice.below(names.len()))?);
        }
        (1, place) => *place = Value::Null,
        (2, Value::Object(members)) => {
            let new = [json!(null), json!("text"), json!(-0.5), json!([1, {"b": null}]), json!({"a": {"b": 2}})];
            members.insert("brand_new".to_owned(), new.get(dice.below(new.len()))?.clone());
        }
        (3, Value::String(text)) => text.push_str("_x"),
        (4, place) => {
            let number = place.as_str().and_then(|text| text.parse::<i64>().ok());
            *place = match (&*place, dice.below(3)) {
                (Value::String(_), 0) => json!(number.unwrap_or(7)),
                (Value::String(_), 1) => json!(1.25),
                (Value::String(_), _) => json!(true),
                (Value::Number(n), 0 | 1) => json!(n.to_string()),
                (Value::Bool(b), 0) => json!(u8::from(*b)),
                (Value::Bool(b), 1) => json!(b.to_string()),
                (_, _) => json!("neither"),
            };
        }
        (_, place) => {
            *place = match place.take() {
                Value::Array(mut items) if items.len() == 1 => items.remove(0),
                one => json!([one]),
            };
        }
    }
    Some(bent)
}

/// What became of many bodies.
#[derive(Debug, Default)]
struct Tally {
    bodies: usize,
    bent: usize,
    read: usize,
    deviating: usize,
    with_odd: usize,
    with_unknown: usize,
    with_raw: usize,
    refused: usize,
    strictly_refused: usize,
    contradicting: usize,
    by_kind: BTreeMap<&'static str, usize>,
    /// Where the validator and the reader see it differently, and why.
    explained: BTreeMap<&'static str, usize>,
}

/// Why the reader reports what the validator does not mind, or the other way round.
fn explanation(
    body: &Value,
    choices: &BTreeSet<String>,
    against: &[Finding],
    reported: &[String],
) -> Option<&'static str> {
    if reported.is_empty() || !against.is_empty() {
        return None;
    }
    // A component that is nullable for the sake of one member makes its lists' records nullable in letter.
    let null_record = |path: &String| path.ends_with(']') && at(body, path).is_some_and(Value::is_null);
    if reported.iter().all(null_record) {
        return Some("a record of a list is null");
    }
    // The reader takes the branch that explains most members and says what is wrong with it; the validator is content
    // with any that calls the same members unknown.
    let below = |path: &String| choices.iter().any(|choice| path.starts_with(choice.as_str()));
    reported.iter().all(below).then_some("a poorer branch of a choice minds nothing")
}

/// The value at a path as the runtime writes it.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let pointer = path.trim_start_matches('$').replace('[', "/").replace(']', "").replace('.', "/");
    value.pointer(&pointer)
}

/// Reads a body in both modes and says what is wrong about the outcome.
fn judge(document: &Document, schema: Option<&Value>, of: &Body, body: &Value, tally: &mut Tally) -> Vec<String> {
    let text = body.to_string();
    let strict = Mode { strict: true, ..Mode::default() };
    let read = read_back(&of.operation, of.status, &of.content_type, text.as_bytes());
    let strictly = read_back_in(&of.operation, of.status, &of.content_type, text.as_bytes(), strict);
    let against = schema.map(|schema| document.check(schema, body)).unwrap_or_default();
    let mut wrong = Vec::new();
    let paths: Vec<String> = match &read {
        Ok(found) => {
            tally.read += 1;
            tally.deviating += usize::from(!found.deviations.is_empty());
            tally.with_odd += usize::from(!found.invalid_records.is_empty());
            tally.with_unknown += usize::from(!found.unknown.is_empty());
            tally.with_raw += usize::from(!found.raw_unions.is_empty());
            wrong.extend(lost(found, body));
            let deviations = found.deviations.iter().map(|d| d.path.clone());
            deviations.chain(found.invalid_records.clone()).chain(found.raw_unions.clone()).collect()
        }
        Err(error) => {
            tally.refused += 1;
            let fault = error.fault().expect("an error of reading has a place");
            // A record of a list is set aside; it is never a reason to refuse the list.
            let list = body.as_array().or_else(|| body.get("results").and_then(Value::as_array));
            let within = ["$[", "$.results["].iter().any(|start| fault.path.starts_with(start));
            if list.is_some() && within {
                wrong.push(format!("a record cost the list: {} {}", fault.path, fault.expected));
            }
            vec![fault.path.clone()]
        }
    };
    tally.strictly_refused += usize::from(strictly.is_err());
    tally.contradicting += usize::from(!against.is_empty());
    let reported = !paths.is_empty();
    let foreign = read.as_ref().is_ok_and(|found| found.deviations.is_empty() && found.invalid_records.is_empty());
    // Alone, a value that names a branch nobody knows is no deviation: enums are open.
    if strictly.is_err() != reported && !(foreign && reported) {
        wrong.push(format!("strict mode refuses: {}, reported: {reported}", strictly.is_err()));
    }
    let choices = || schema.map(|schema| document.choices(schema, body)).unwrap_or_default();
    // The validator knows no formats, so what the reader says of them is held against the text itself.
    let formats: Vec<&Deviation> =
        read.iter().flat_map(|found| &found.deviations).filter(|d| d.kind == DeviationKind::Format).collect();
    for d in &formats {
        let text = at(body, &d.path).and_then(Value::as_str);
        if text.is_none_or(|text| has_format(d.expected, text)) {
            wrong.push(format!("{} is no malformed {}: {text:?}", d.path, d.expected));
        }
    }
    let paths: Vec<String> = paths.into_iter().filter(|path| formats.iter().all(|d| d.path != *path)).collect();
    let reported = !paths.is_empty();
    if against.is_empty() == reported
        && let Some(why) = explanation(body, &choices(), &against, &paths)
    {
        *tally.explained.entry(why).or_default() += 1;
    } else if against.is_empty() == reported {
        let first = against.first().map(|f| format!("{:?} at {}", f.what, f.path));
        let told = match &read {
            Ok(found) => format!("{:?} odd {:?} raw {:?}", found.deviations, found.invalid_records, found.raw_unions),
            Err(error) => format!("{:?}", error.fault()),
        };
        wrong.push(format!("the validator says {first:?}, the reader {told}"));
    }
    wrong
}

/// Whether a text is what a format says, roughly: by its digits and what is between them.
fn has_format(format: &str, text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let within = |from: usize, range: std::ops::RangeInclusive<u32>| {
        text.get(from..from + 2).and_then(|two| two.parse().ok()).is_some_and(|n: u32| range.contains(&n))
    };
    let is_day = within(5, 1..=12) && within(8, 1..=31);
    let hex = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
    match format {
        "date" => shape == "0000-00-00" && is_day,
        "date-time" => {
            let begins =
                ["0000-00-00T00:00", "0000-00-00t00:00", "0000-00-00 00:00"].iter().any(|s| shape.starts_with(s));
            begins && is_day && shape.chars().skip(16).all(|c| "0:.Zz+-".contains(c))
        }
        "uuid" => text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(hex),
        _ => false,
    }
}

/// Differences between a body and what was written back that no deviation names.
fn lost(found: &ReadBack, body: &Value) -> Vec<String> {
    let written: Value = found.text.parse().expect("JSON");
    let mut paths = BTreeSet::new();
    differences(body, &written, "$", &mut paths);
    let named = |path: &String| found.deviations.iter().any(|d| path.starts_with(&d.path));
    paths.into_iter().filter(|path| !named(path)).map(|path| format!("lost: {path}")).collect()
}

/// Bends every body fifty times.
fn prove(document: &Document, bodies: Vec<Body>) -> (Tally, Vec<String>) {
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for (index, of) in bodies.iter().enumerate() {
        tally.bodies += 1;
        let mut dice = Dice::new(index as u64);
        let schema = document.response(&of.operation, of.status);
        for n in 0..BENDS {
            let kind = n % KINDS.len();
            let Some(bent) = bend(kind, &of.body, &mut dice) else { continue };
            tally.bent += 1;
            *tally.by_kind.entry(KINDS[kind]).or_default() += 1;
            let problems = judge(document, schema, of, &bent, &mut tally);
            wrong
                .extend(problems.into_iter().map(|p| format!("{} {} ({}): {p}", of.operation, of.status, KINDS[kind])));
        }
    }
    (tally, wrong)
}

#[test]
fn our_own_bodies_survive_being_bent() {
    let document = document(&root().join("spec/belvo.yaml"), true);
    // Most operations share their errors' schemas and examples: once is enough.
    let mut seen = BTreeSet::new();
    let bodies: Vec<Body> = own()
        .into_iter()
        .filter(|of| {
            seen.insert((document.response(&of.operation, of.status).map(Value::to_string), of.body.to_string()))
        })
        .collect();
    let (tally, wrong) = prove(&document, bodies);
    println!("{tally:?}");
    assert!(wrong.is_empty(), "{} {:#?}", wrong.len(), &wrong[..wrong.len().min(60)]);
    assert!(tally.bodies > 100 && tally.bent > 40 * tally.bodies);
}

#[test]
fn the_bodies_of_the_published_document_survive_it_too() {
    let Some(path) = tests::place::shared("belvo/belvo-1.223.0.json") else { return };
    let document = document(&path, true);
    for file in ["composed-2xx.jsonl", "media-examples.jsonl"] {
        let Some(bodies) = lines(file) else { return };
        let (tally, wrong) = prove(&document, bodies.into_iter().map(|(body, _)| body).collect());
        println!("{file}: {tally:?}");
        assert!(wrong.is_empty(), "{file}: {} {:#?}", wrong.len(), &wrong[..wrong.len().min(60)]);
    }
}

/// The validator says what another one said before it, in Python, of the bodies of the published document.
#[test]
fn the_validator_agrees_with_another() {
    let Some(path) = tests::place::shared("belvo/belvo-1.223.0.json") else { return };
    let Some(bodies) = lines("composed-2xx.jsonl") else { return };
    let document = document(&path, false);
    let mut wrong = Vec::new();
    let (mut agreed, mut broken) = (0, 0);
    for (of, said) in bodies {
        let schema = document.response(&of.operation, of.status).expect("a schema");
        let found = document.check(schema, &of.body);
        // Of a choice without a fitting branch they also tell what is wrong with the nearest one.
        if found.iter().any(|f| f.what == What::NoBranch) {
            let theirs = said.iter().any(|line| line.contains("-none"));
            assert!(theirs, "{} {}: {found:?}", of.operation, of.status);
            continue;
        }
        let theirs: BTreeSet<String> = said
            .iter()
            .filter_map(|line| line.split_once(" @"))
            .filter(|(what, _)| matches!(*what, "type" | "required"))
            .map(|(_, place)| place.replace(".[]", "[]"))
            .collect();
        let ours: BTreeSet<String> = found
            .iter()
            .filter(|f| f.what != What::NoBranch)
            .map(|f| match f.what {
                What::Required | What::Undeclared => f.path.rsplit_once('.').map_or("$", |(parent, _)| parent),
                _ => &f.path,
            })
            .map(|path| {
                let plain: String = path.chars().filter(|c| !c.is_ascii_digit()).collect();
                plain.trim_start_matches('$').trim_start_matches('.').to_owned()
            })
            .collect();
        let theirs: BTreeSet<String> =
            theirs.iter().map(|t| t.chars().filter(|c| !c.is_ascii_digit()).collect()).collect();
        broken += usize::from(!theirs.is_empty());
        if ours == theirs {
            agreed += 1;
        } else {
            wrong.push(format!("{} {}: we {ours:?}, they {theirs:?}", of.operation, of.status));
        }
    }
    println!("{agreed} agreed, {broken} of them broken");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(broken > 30, "{broken}");
}
