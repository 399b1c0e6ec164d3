//! What becomes of every keyword of every object, proven: each row of the grammar is held to what it says, in each version that
//! has it, by a smallest document with two values of the keyword.
//!
//! `keywords/*.yaml` have, by object, the document around it (`_host`, with `@` in the place of the object), its other members
//! (`_base`) and by keyword two values. A keyword that needs more has `values` and any of `with` (members next to it; null takes
//! one of `_base` away), `host`, `shows` (what the documentation must hold, if it is not the values themselves), `tests` (the
//! difference is in the crate's own tests), and `"2.0"` ... `"3.2"` with the same for one version. `{v}` is the version.

use generator::base::Pointer;
use generator::base::diagnostic::{Diagnostic, Diagnostics};
use generator::document::grammar::{Outcome, Row, Spot, Version};
use generator::document::load::load_str;
use generator::document::normalize::normalize;
use generator::history::lock::Lock;
use generator::lower::{Selection, lower};
use generator::pipeline::{Understood, render_understood};
use generator::settings::Settings;
use generator::{Inputs, analyze, base, configure, name, render};
use proc_macro2::{TokenStream, TokenTree};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[path = "keywords/complete.rs"]
mod complete;
#[path = "keywords/page.rs"]
mod page;

const SAMPLES: [&str; 3] =
    [include_str!("keywords/calls.yaml"), include_str!("keywords/around.yaml"), include_str!("keywords/schemas.yaml")];

/// What comes of a document.
#[derive(Debug, Clone, PartialEq)]
struct Outcomes {
    /// The Rust items, without documentation.
    code: String,
    /// The documentation.
    docs: String,
    /// What is said: code, pointer, the marked text, message.
    said: Vec<[String; 4]>,
}

fn generate(document: &Value, tests: bool) -> Outcomes {
    let mut diagnostics = Diagnostics::new();
    let text = serde_json::to_string_pretty(document).expect("JSON");
    let read = load_str("sample.json", &text, &mut diagnostics).expect("it is read");
    let root = normalize(read.root, &[], None, &mut diagnostics).root;
    let selection = Selection { examples: tests, ..Selection::default() };
    let mut api = lower(&root, &selection, &mut diagnostics).api;
    let (settings, lock) = (Settings::default(), Lock::new());
    configure::configure(&mut api, &settings, &mut diagnostics);
    let facts = analyze::analyze(&api, &settings, &mut diagnostics);
    let (names, next_lock) = name::name(&api, &facts, &settings, &lock, &mut diagnostics);
    let said: Vec<[String; 4]> = diagnostics.iter().map(|d| said(d, &read.sources)).collect();
    assert!(!diagnostics.has_errors(), "{said:?}\n{text}");
    if tests {
        let understood = Understood { api, facts, names, settings, lock, next_lock, ..Understood::default() };
        let run = render_understood(&Inputs { tests, ..Inputs::default() }, understood);
        let code = run.files.get("tests/examples.tsv").map(|table| String::from_utf8_lossy(table).into_owned());
        return Outcomes { code: code.expect("there is a table"), docs: String::new(), said };
    }
    let (mut code, mut docs) = (String::new(), String::new());
    let input = render::Input { api: &api, facts: &facts, names: &names, settings: &settings };
    let info = render::CrateInfo { name: "sample".into(), version: "1.0.0".into(), ..Default::default() };
    let environments = name::environments(&settings, &api);
    let root = render::root(input, &info, &environments);
    for file in render::render(input, "sample").into_iter().chain(root) {
        docs += &file.head.join("\n");
        file.items.into_iter().for_each(|item| split(item, &mut code, &mut docs));
        file.parts.iter().for_each(|part| part.render(&mut |item| split(item, &mut code, &mut docs)));
    }
    for (path, content) in render::texts(input, &info, &environments).expect("they are rendered") {
        match path {
            "README.md" => docs += &content,
            path if path.ends_with(".rs") => split(content.parse().expect("Rust"), &mut code, &mut docs),
            _ => {}
        }
    }
    Outcomes { code, docs, said }
}

/// A diagnostic as code, pointer, marked text and message.
fn said(d: &Diagnostic, sources: &base::Sources) -> [String; 4] {
    let slice = d.span.and_then(|span| sources.slice(span)).unwrap_or_default();
    let pointer = d.pointer.as_ref().map(ToString::to_string).unwrap_or_default();
    [d.code.to_owned(), pointer, slice.trim_matches('"').to_owned(), d.text()]
}

/// The documentation among the tokens, and all others.
fn split(tokens: TokenStream, code: &mut String, docs: &mut String) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(p), Some(TokenTree::Group(group))) if p.as_char() == '#' => {
                let mut inner = group.stream().into_iter();
                let is_doc = matches!(inner.next(), Some(TokenTree::Ident(name)) if name == "doc");
                match (is_doc, inner.next(), inner.next()) {
                    (true, Some(TokenTree::Punct(p)), Some(TokenTree::Literal(text))) if p.as_char() == '=' => {
                        let text: syn::LitStr = syn::parse2(TokenTree::Literal(text).into()).expect("a text");
                        docs.push_str(&text.value());
                        docs.push('\n');
                        tokens.next();
                    }
                    _ => code.push('#'),
                }
            }
            (TokenTree::Group(group), _) => {
                *code += &format!("{:?}(", group.delimiter());
                split(group.stream(), code, docs);
                code.push(')');
            }
            _ => {
                *code += &token.to_string();
                code.push(' ');
            }
        }
    }
}

/// `{v}` in all texts.
fn versioned(value: &Value, version: Version) -> Value {
    match value {
        Value::String(s) => s.replace("{v}", version.number()).into(),
        Value::Array(list) => list.iter().map(|v| versioned(v, version)).collect(),
        Value::Object(o) => o.iter().map(|(k, v)| (k.clone(), versioned(v, version))).collect::<Map<_, _>>().into(),
        other => other.clone(),
    }
}

/// Puts `object` in the place of `@`; gives that place.
fn placed(host: &mut Value, object: &Value, at: &Pointer) -> Option<Pointer> {
    match host {
        Value::String(s) if s == "@" => {
            *host = object.clone();
            Some(at.clone())
        }
        Value::Array(list) => list.iter_mut().enumerate().find_map(|(i, v)| placed(v, object, &at.join(i))),
        Value::Object(o) => o.iter_mut().find_map(|(k, v)| placed(v, object, &at.join(k))),
        _ => None,
    }
}

/// Puts the members of `more` over those of `base`, objects into objects; null takes one away.
fn merge(base: &mut Value, more: &Value) {
    match (base, more) {
        (Value::Object(base), Value::Object(more)) => {
            for (key, value) in more {
                match value {
                    Value::Null => drop(base.remove(key)),
                    value => merge(base.entry(key.clone()).or_insert(Value::Null), value),
                }
            }
        }
        (base, more) => *base = more.clone(),
    }
}

/// The document around everything.
fn frame(version: Version) -> Value {
    let nest = json!({"type": "object", "properties": {"twigs": {"type": "integer"}}});
    let egg = json!({"type": "object", "required": ["shell"], "properties": {"shell": {"type": "string"}}});
    match version {
        Version::Swagger2 => json!({
            "swagger": "2.0", "info": {"title": "Nests", "version": "1"},
            "paths": {}, "definitions": {"Nest": nest, "Egg": egg},
        }),
        _ => json!({
            "openapi": format!("{}.0", version.number()), "info": {"title": "Nests", "version": "1"},
            "paths": {}, "components": {"schemas": {"Nest": nest, "Egg": egg}},
        }),
    }
}

/// The samples of a keyword.
struct Sample {
    /// The object without the keyword, and with each of the values.
    objects: [Value; 3],
    host: Value,
    shows: Vec<[String; 2]>,
    tests: bool,
}

/// Everything said of a keyword, from the wide to the narrow: of its object, of itself, of the version.
fn sample(samples: &Map<String, Value>, spot: Spot, key: &str, version: Version) -> Result<Sample, String> {
    let of_spot = samples.get(spot.name()).ok_or("there are no samples of the object")?;
    let own = of_spot.get(key).ok_or("there is no sample")?;
    let kin =
        |of: &Value| of.get(if version == Version::Swagger2 { "swagger" } else { "openapi" }).unwrap_or(of).clone();
    let mut all = json!({"host": of_spot["_host"]});
    let mut base = of_spot.get("_base").map_or_else(|| json!({}), kin);
    for from in [own, &own[version.number()]] {
        if from.is_array() {
            all["values"] = from.clone();
        }
        for (k, v) in from.as_object().into_iter().flatten() {
            match k.as_str() {
                "host" | "values" | "shows" | "tests" => all[k] = v.clone(),
                "with" => merge(&mut base, v),
                _ => {}
            }
        }
    }
    let (all, mut base) = (versioned(&all, version), versioned(&base, version));
    let host = kin(&all["host"]);
    let Some([a, b]) = all["values"].as_array().map(Vec::as_slice) else {
        return Err("there are no two values".into());
    };
    if let Some(o) = base.as_object_mut() {
        o.remove(key);
    }
    let with = |value: &Value| {
        let mut object = base.clone();
        object[key] = value.clone();
        object
    };
    let objects = [base.clone(), with(a), with(b)];
    let shown = |i: usize, value: &Value| -> Vec<String> {
        let texts: Vec<String> = match (&all["shows"][i], value) {
            (Value::Array(list), _) => list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            (Value::String(s), _) => vec![s.clone()],
            (_, Value::String(s)) => vec![s.clone()],
            (_, other) => vec![other.to_string()],
        };
        texts
    };
    let shows = shown(0, a).into_iter().zip(shown(1, b)).map(|(a, b)| [a, b]).collect();
    Ok(Sample { objects, host, shows, tests: all["tests"] == json!(true) })
}

type Cache = Mutex<HashMap<String, Outcomes>>;

fn cached(cache: &Cache, document: &Value, tests: bool) -> Outcomes {
    let key = format!("{tests}{document}");
    if let Some(known) = cache.lock().expect("no panic").get(&key) {
        return known.clone();
    }
    let outcomes = generate(document, tests);
    cache.lock().expect("no panic").insert(key, outcomes.clone());
    outcomes
}

/// What is wrong with a row in one version.
fn fault(samples: &Map<String, Value>, cache: &Cache, spot: Spot, row: &Row, version: Version) -> Result<(), String> {
    let Sample { objects, host, shows, tests } = sample(samples, spot, row.key, version)?;
    let unset = objects[2][row.key] == json!(false);
    let mut place = Pointer::root();
    let documents = objects.map(|object| {
        let mut document = frame(version);
        let mut host = host.clone();
        place = placed(&mut host, &object, &Pointer::root()).expect("a host has a place");
        merge(&mut document, &host);
        document
    });
    let [without, a, b] = documents.clone().map(|document| cached(cache, &document, tests));
    let (code, docs) = (a.code != b.code, a.docs != b.docs);
    // Against a document without the keyword too, where that is a document.
    let (new_code, new_docs) = (a.code != without.code, a.docs != without.docs);
    let fresh = |x: &Outcomes| -> Vec<[String; 4]> {
        let mut left = without.said.clone();
        let known =
            |d: &[String; 4], left: &mut Vec<[String; 4]>| left.iter().position(|o| o == d).map(|i| left.remove(i));
        x.said.iter().filter(|d| known(d, &mut left).is_none()).cloned().collect()
    };
    let (said_a, said_b) = (fresh(&a), fresh(&b));
    let is = match (code, docs, said_a.is_empty() && said_b.is_empty()) {
        (true, ..) => "`Expressed`: the code differs",
        (false, true, _) => "`Documentation`: only the documentation differs",
        (false, false, true) => "an `Annotation` or a silent loss: nothing differs, nothing is said",
        (false, false, false) => "a `Gap`: nothing differs, something is said",
    };
    let gap = |said: &[[String; 4]]| said.iter().find(|d| base::codes::is_gap(&d[0])).cloned();
    let wrong = |why: &str| {
        let said = [&said_a, &said_b]
            .map(|said| said.iter().map(|d| format!("{} at {}: {}", d[0], d[1], d[3])).collect::<Vec<_>>());
        Err(format!("{why}. Now it is {is}. Said: {said:?}"))
    };
    match row.outcome {
        Outcome::Expressed if !code => wrong("it says `Expressed`, and the code is the same"),
        Outcome::Expressed => match gap(&said_a).or(gap(&said_b)).filter(|d| d[1] == place.join(row.key).to_string()) {
            Some(_) => wrong("it is reported as a gap, although the code differs: take the report away"),
            None => Ok(()),
        },
        Outcome::Documentation if code => wrong("the code differs: say `Expressed`"),
        Outcome::Documentation if !docs => wrong("it says `Documentation`, and the documentation is the same"),
        Outcome::Documentation => {
            let has = |docs: &str, text: &String| docs.contains(text.as_str());
            let missing = shows.iter().find(|[x, y]| !has(&a.docs, x) || !has(&b.docs, y));
            match missing {
                Some(texts) => wrong(&format!("the documentation does not hold the values {texts:?}")),
                None => Ok(()),
            }
        }
        Outcome::Annotation(_) | Outcome::Gap(..) | Outcome::Reported(_) | Outcome::WithinGap if code || docs => {
            wrong("the output differs: it is read now, so take the gap away")
        }
        Outcome::Annotation(_) if !said_a.is_empty() || !said_b.is_empty() => {
            wrong("an annotation is not worth a word")
        }
        Outcome::Annotation(_) => Ok(()),
        Outcome::Gap(..) if new_code || new_docs => wrong("the output differs from that without the keyword"),
        Outcome::Gap(expected, _) => {
            let at = place.join(row.key).to_string();
            let own = |said: &[[String; 4]]| matches!(said, [one] if one[..3] == [expected, &at, row.key]);
            // A flag that is not set loses nothing.
            let b_is_idle = unset && said_b.is_empty();
            let right = own(&said_a) && (own(&said_b) || b_is_idle);
            if right { Ok(()) } else { wrong(&format!("one {expected} at the keyword is expected")) }
        }
        Outcome::Reported(code) => {
            let at = place.join(row.key).to_string();
            let own = |said: &[[String; 4]]| said.iter().any(|d| d[0] == code && d[1].starts_with(&at));
            let right = base::codes::is_gap(code) && own(&said_a) && (own(&said_b) || unset && said_b.is_empty());
            if right { Ok(()) } else { wrong(&format!("a gap {code} at the keyword is expected")) }
        }
        Outcome::WithinGap => {
            let around = |said: &[[String; 4]]| {
                said.iter()
                    .any(|d| base::codes::is_gap(&d[0]) && place.as_str().starts_with(d[1].trim_start_matches('#')))
            };
            if !around(&a.said) || !around(&b.said) {
                wrong("no gap is reported around it: say what becomes of it")
            } else if a.said != b.said {
                wrong("it is part of a gap that is reported as a whole, and something else is said")
            } else {
                Ok(())
            }
        }
    }
}

#[test]
fn every_row_is_what_it_says() {
    let mut samples = Map::new();
    for text in SAMPLES {
        let all: Map<String, Value> = serde_yaml::from_str(text).expect("YAML");
        samples.extend(all);
    }
    let mut cases = Vec::new();
    for spot in Spot::ALL {
        for row in spot.rows() {
            let versions: Vec<Version> = Version::ALL.into_iter().filter(|v| row.versions.has(*v)).collect();
            // What only tools write is tried where most of it is found.
            let tools = [if spot.row("x-example").is_some() { Version::Swagger2 } else { Version::V31 }];
            let versions = if versions.is_empty() { tools.to_vec() } else { versions };
            cases.extend(versions.into_iter().map(|version| (*spot, row, version)));
        }
    }
    let (next, cache, faults) = (AtomicUsize::new(0), Cache::default(), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((i, (spot, row, version))) = {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(i).map(|c| (i, *c))
                } {
                    if let Err(why) = fault(&samples, &cache, spot, row, version) {
                        let text = format!("{} `{}` in {}: {why}", spot.name(), row.key, version.number());
                        faults.lock().expect("no panic").push((i, text));
                    }
                }
            });
        }
    });
    let mut faults = faults.into_inner().expect("no panic");
    faults.sort();
    let list: Vec<String> = faults.into_iter().map(|(_, text)| text).collect();
    assert!(list.is_empty(), "{} of {} rows are not what they say:\n{}", list.len(), cases.len(), list.join("\n"));
    // A sample without a row proves nothing.
    for (object, keys) in &samples {
        let spot =
            Spot::ALL.iter().find(|spot| spot.name() == object).unwrap_or_else(|| panic!("no object `{object}`"));
        for key in keys.as_object().into_iter().flatten().map(|(key, _)| key).filter(|k| !k.starts_with('_')) {
            assert!(spot.row(key).is_some(), "{object} has no keyword `{key}`");
        }
    }
}
