//! Two hundred small changes of a document with our words: the lines of the facts that changed change, and no others.

use generator::document::hash_content;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::adoption::{adopted, changed, parsed, unfounded};
use tests::place::{root, text};
use tests::run::deep;
use tests::skips::is_deep;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        of.get(self.below(of.len()))
    }
}

/// A part of Belvo's document: three resources with what they use, in our words and our arrangement.
fn part() -> String {
    let whole = text(&root().join("spec/belvo.yaml"));
    let mut theirs = parsed(&whole).to_json();
    let keep = ["/api/institutions/", "/api/links/", "/api/owners/", "/payments/br/charges/"];
    let paths = theirs["paths"].as_object_mut().expect("paths");
    paths.retain(|path, _| keep.iter().any(|keep| path.starts_with(keep)));
    let mut reached = BTreeSet::new();
    let mut open = vec![theirs["paths"].clone()];
    while let Some(value) = open.pop() {
        for target in references(&value) {
            if reached.insert(target.clone()) {
                open.push(theirs.pointer(&target).expect("a target").clone());
            }
        }
    }
    for (section, members) in theirs["components"].as_object_mut().expect("components") {
        let members = members.as_object_mut().expect("members");
        members.retain(|name, _| {
            section == "securitySchemes" || reached.contains(&format!("/components/{section}/{name}"))
        });
    }
    adopted(&whole, &theirs.to_string()).expect("a part").text
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(target) if key == "$ref" => vec![target.trim_start_matches('#').to_owned()],
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The places of schemas in components, properties and below.
fn schemas(document: &Value) -> Vec<String> {
    fn walk(value: &Value, at: String, out: &mut Vec<String>) {
        if value.get("$ref").is_some() {
            return;
        }
        for (name, property) in value["properties"].as_object().into_iter().flatten() {
            walk(property, format!("{at}/properties/{name}"), out);
        }
        if value["items"].is_object() {
            walk(&value["items"], format!("{at}/items"), out);
        }
        out.push(at);
    }
    let mut out = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        walk(schema, format!("/components/schemas/{name}"), &mut out);
    }
    out
}

fn operations(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let path = path.replace('~', "~0").replace('/', "~1");
            item.as_object().expect("methods").keys().map(move |method| format!("/paths/{path}/{method}"))
        })
        .collect()
}

type Change = fn(&mut Value, &mut Dice) -> Option<()>;

/// Every kind of change, each at a place that the dice choose.
const CHANGES: &[(&str, Change)] = &[
    ("a type changes", |d, dice| {
        let all: Vec<String> = schemas(d)
            .into_iter()
            .filter(|s| d.pointer(s).is_some_and(|s| s["type"] == "string" && s["enum"].is_null()))
            .collect();
        let schema = d.pointer_mut(dice.one(&all)?)?.as_object_mut()?;
        schema.retain(|key, _| ["type", "description", "nullable", "example"].contains(&key.as_str()));
        schema.insert("type".to_owned(), json!("integer"));
        Some(())
    }),
    ("a format comes", |d, dice| {
        let all: Vec<String> = schemas(d)
            .into_iter()
            .filter(|s| d.pointer(s).is_some_and(|s| s["type"] == "string" && s["format"].is_null()))
            .collect();
        d.pointer_mut(dice.one(&all)?)?["format"] = json!("hostname");
        Some(())
    }),
    ("a flag goes or comes", |d, dice| {
        let all = schemas(d);
        let schema = d.pointer_mut(dice.one(&all)?)?.as_object_mut()?;
        let flag = ["nullable", "deprecated", "readOnly"][dice.below(3)];
        if schema.remove(flag).is_none() {
            schema.insert(flag.to_owned(), json!(true));
        }
        Some(())
    }),
    ("a limit changes", |d, dice| {
        let all: Vec<String> =
            schemas(d).into_iter().filter(|s| d.pointer(s).is_some_and(|s| s["type"] == "string")).collect();
        d.pointer_mut(dice.one(&all)?)?["maxLength"] = json!(4000 + dice.below(9));
        Some(())
    }),
    ("a property comes", |d, dice| {
        let all: Vec<String> =
            schemas(d).into_iter().filter(|s| d.pointer(s).is_some_and(|s| s["properties"].is_object())).collect();
        let properties = d.pointer_mut(dice.one(&all)?)?["properties"].as_object_mut()?;
        properties.insert(
            format!("added_{}", dice.below(99)),
            json!({"type": "string", "description": "Theirs.", "enum": ["A", "B"]}),
        );
        Some(())
    }),
    ("a required property comes", |d, dice| {
        let all: Vec<String> = schemas(d)
            .into_iter()
            .filter(|s| d.pointer(s).is_some_and(|s| s["properties"].is_object() && s["required"].is_array()))
            .collect();
        let schema = d.pointer_mut(dice.one(&all)?)?;
        let name = format!("added_{}", dice.below(99));
        schema["properties"][&name] =
            json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}}}});
        schema["required"].as_array_mut()?.push(json!(name));
        Some(())
    }),
    ("a property goes", |d, dice| {
        let all: Vec<String> =
            schemas(d).into_iter().filter(|s| s.contains("/properties/") && !s.ends_with("/items")).collect();
        let (schema, name) = dice.one(&all)?.rsplit_once("/properties/")?;
        let schema = d.pointer_mut(schema)?;
        schema["properties"].as_object_mut()?.remove(name)?;
        if let Some(required) = schema["required"].as_array_mut() {
            required.retain(|n| n != name);
        }
        Some(())
    }),
    ("what is required changes", |d, dice| {
        let all: Vec<String> = schemas(d)
            .into_iter()
            .filter(|s| d.pointer(s).is_some_and(|s| s["required"].as_array().is_some_and(|r| r.len() > 1)))
            .collect();
        let required = d.pointer_mut(dice.one(&all)?)?["required"].as_array_mut()?;
        let at = dice.below(required.len());
        required.remove(at);
        Some(())
    }),
    ("a value of an enum comes or goes", |d, dice| {
        let all: Vec<String> = schemas(d)
            .into_iter()
            .filter(|s| d.pointer(s).is_some_and(|s| s["enum"].as_array().is_some_and(|e| e.len() > 1)))
            .collect();
        let values = d.pointer_mut(dice.one(&all)?)?["enum"].as_array_mut()?;
        let at = dice.below(values.len());
        if dice.below(2) == 0 {
            values.remove(at);
        } else {
            values.insert(at, json!("NEW: value"));
        }
        Some(())
    }),
    ("a component is renamed", |d, dice| {
        let names: Vec<String> = d["components"]["schemas"].as_object()?.keys().cloned().collect();
        let old = dice.one(&names)?.clone();
        rename(d, "schemas", &old, &format!("{old}Renamed"));
        Some(())
    }),
    ("a parameter is renamed as a component", |d, dice| {
        let names: Vec<String> = d["components"]["parameters"].as_object()?.keys().cloned().collect();
        let old = dice.one(&names)?.clone();
        rename(d, "parameters", &old, &format!("{old}_filter"));
        Some(())
    }),
    ("what stands in place becomes a component", |d, dice| {
        let all: Vec<String> = schemas(d)
            .into_iter()
            .filter(|s| {
                s.contains("/properties/")
                    && d.pointer(s).is_some_and(|s| s["properties"].is_object() || s["enum"].is_array())
            })
            .collect();
        let at = dice.one(&all)?.clone();
        let schema = std::mem::replace(d.pointer_mut(&at)?, json!({"$ref": "#/components/schemas/Extracted"}));
        d["components"]["schemas"]["Extracted"] = schema;
        Some(())
    }),
    ("a component comes to stand in place", |d, dice| {
        let all = references(d);
        let schemas: Vec<&String> = all
            .iter()
            .filter(|t| t.starts_with("/components/schemas/") && all.iter().filter(|o| o == t).count() == 1)
            .collect();
        let target = (*dice.one(&schemas)?).clone();
        let schema = d.pointer(&target)?.clone();
        let (section, name) = target.rsplit_once('/')?;
        d.pointer_mut(section)?.as_object_mut()?.remove(name)?;
        replace(d, &format!("#{target}"), &schema);
        Some(())
    }),
    ("a path is renamed", |d, dice| {
        let paths = d["paths"].as_object_mut()?;
        let names: Vec<String> = paths.keys().cloned().collect();
        let old = dice.one(&names)?;
        let item = paths.remove(old)?;
        paths.insert(format!("/v9{old}"), item);
        Some(())
    }),
    ("an operation gets another id", |d, dice| {
        let all = operations(d);
        let operation = d.pointer_mut(dice.one(&all)?)?;
        operation["operationId"] = json!(format!("{}Again", operation["operationId"].as_str()?));
        Some(())
    }),
    ("an operation goes", |d, dice| {
        let others = |o: &String| d.pointer(o.rsplit_once('/')?.0)?.as_object().filter(|item| item.len() > 1).map(drop);
        let all: Vec<String> = operations(d).into_iter().filter(|o| others(o).is_some()).collect();
        let (item, method) = dice.one(&all)?.rsplit_once('/')?;
        d.pointer_mut(item)?.as_object_mut()?.remove(method).map(drop)
    }),
    ("an operation comes", |d, dice| {
        let all = operations(d);
        let mut operation = d.pointer(dice.one(&all)?)?.clone();
        operation["operationId"] = json!("AddedOperation");
        d["paths"]["/api/added/{id}/"] = json!({ "put": operation });
        Some(())
    }),
    ("an operation is deprecated", |d, dice| {
        let all = operations(d);
        d.pointer_mut(dice.one(&all)?)?["deprecated"] = json!(true);
        Some(())
    }),
    ("parameters change places", |d, dice| {
        let all: Vec<String> = operations(d)
            .into_iter()
            .filter(|o| d.pointer(o).is_some_and(|o| o["parameters"].as_array().is_some_and(|p| p.len() > 1)))
            .collect();
        let list = d.pointer_mut(dice.one(&all)?)?["parameters"].as_array_mut()?;
        let at = dice.below(list.len() - 1);
        list.swap(at, at + 1);
        Some(())
    }),
    ("a parameter comes", |d, dice| {
        let all = operations(d);
        let operation = d.pointer_mut(dice.one(&all)?)?.as_object_mut()?;
        let list = operation.entry("parameters").or_insert(json!([])).as_array_mut()?;
        list.push(json!({"name": "added", "in": "query", "description": "Theirs.", "schema": {"type": "string"}}));
        Some(())
    }),
    ("a parameter goes", |d, dice| {
        let all: Vec<String> = operations(d)
            .into_iter()
            .filter(|o| d.pointer(o).is_some_and(|o| o["parameters"].as_array().is_some_and(|p| !p.is_empty())))
            .collect();
        let list = d.pointer_mut(dice.one(&all)?)?["parameters"].as_array_mut()?;
        let at = dice.below(list.len());
        list.remove(at);
        Some(())
    }),
    ("a status comes", |d, dice| {
        let all = operations(d);
        d.pointer_mut(dice.one(&all)?)?["responses"]["418"] = json!({"description": "Theirs.", "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}});
        Some(())
    }),
    ("a branch comes or goes", |d, dice| {
        let all: Vec<String> = schemas(d)
            .into_iter()
            .filter(|s| d.pointer(s).is_some_and(|s| s["oneOf"].as_array().is_some_and(|b| b.len() > 1)))
            .collect();
        let branches = d.pointer_mut(dice.one(&all)?)?["oneOf"].as_array_mut()?;
        let at = dice.below(branches.len());
        if dice.below(2) == 0 {
            branches.remove(at);
        } else {
            branches.insert(at, json!({"type": "object", "title": "Added", "properties": {"x": {"type": "string"}}}));
        }
        Some(())
    }),
    ("only the order of keys changes", |_, _| Some(())),
];

fn rename(d: &mut Value, section: &str, old: &str, new: &str) {
    let members = d["components"][section].as_object_mut().expect("members");
    if let Some(member) = members.remove(old) {
        members.insert(new.to_owned(), member);
    }
    let reference = json!({"$ref": format!("#/components/{section}/{new}")});
    replace(d, &format!("#/components/{section}/{old}"), &reference);
}

/// Puts a value in the place of every reference to `target`.
fn replace(value: &mut Value, target: &str, with: &Value) {
    if value.get("$ref").and_then(Value::as_str) == Some(target) {
        *value = with.clone();
        return;
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(|v| replace(v, target, with)),
        Value::Array(items) => items.iter_mut().for_each(|v| replace(v, target, with)),
        _ => {}
    }
}

#[test]
fn the_lines_of_changed_facts_change_and_no_others() {
    deep(|| {
        let ours = part();
        let document = parsed(&ours).to_json();
        let mut wrong = Vec::new();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let seeds = if is_deep("most of 200 changes of a document") { 200 } else { CHANGES.len() };
        for seed in 0..seeds {
            let (kind, change) = CHANGES[seed % CHANGES.len()];
            let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (seed as u64 + 1).wrapping_mul(0x2545_f491_4f6c_dd1d));
            let mut theirs = document.clone();
            if change(&mut theirs, &mut dice).is_none() {
                continue;
            }
            *counts.entry(kind).or_default() += 1;
            let done = match adopted(&ours, &theirs.to_string()) {
                Ok(done) => done,
                Err(why) => {
                    wrong.push(format!("{seed}, {kind}: {why}"));
                    continue;
                }
            };
            let (gone, come) = changed(&ours, &done.text);
            let lines = unfounded(&ours, &done);
            if !lines.is_empty() {
                wrong.push(format!("{seed}, {kind}:\n  {}", lines.join("\n  ")));
            }
            let same = hash_content(&parsed(&ours)) == hash_content(&parsed(&theirs.to_string()));
            if same != (gone.is_empty() && come.is_empty()) {
                wrong.push(format!("{seed}, {kind}: {} lines gone, {} come", gone.len(), come.len()));
            }
            if done.text.contains("Theirs.") {
                wrong.push(format!("{seed}, {kind}: their words"));
            }
        }
        println!("{counts:?}");
        assert!(wrong.is_empty(), "{} of {seeds}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(counts.values().sum::<usize>() + 10 >= seeds && counts.len() == CHANGES.len(), "{counts:?}");
    });
}
