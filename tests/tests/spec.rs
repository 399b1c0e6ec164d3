//! `spec/belvo.yaml`: the same API as the published document, in words of our own, all of them useful.

use generator::Inputs;
use generator::base::Sources;
use generator::document::Node;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tests::place::{root, shared, text};
use tests::published::Published;
use tests::run::{generated, own};

/// A YAML or JSON file as it stands.
fn document(path: &Path) -> Node {
    let mut diagnostics = Default::default();
    generator::document::load::read(path, &mut Sources::new(), &mut diagnostics).expect("a document")
}

fn spec() -> Node {
    document(&root().join("spec/belvo.yaml"))
}

fn description(node: &Node) -> &str {
    node.get("description").and_then(Node::as_str).unwrap_or_default().trim()
}

fn members(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    node.as_object().into_iter().flat_map(|o| o.iter()).map(|entry| (entry.key.as_str(), &entry.value))
}

/// Every schema below `node` that is written there, with its place.
fn schemas<'a>(place: String, node: &'a Node, out: &mut Vec<(String, &'a Node)>) {
    for (name, property) in node.get("properties").into_iter().flat_map(members) {
        out.push((format!("{place}/{name}"), property));
        schemas(format!("{place}/{name}"), property, out);
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(inner) = node.get(key) {
            schemas(format!("{place}/{key}"), inner, out);
        }
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        for (i, inner) in node.get(key).and_then(Node::as_array).unwrap_or_default().iter().enumerate() {
            schemas(format!("{place}/{key}/{i}"), inner, out);
        }
    }
}

/// The operations of a document: id, method and node.
fn operations(spec: &Node) -> Vec<(String, &Node)> {
    let mut out = Vec::new();
    for (_, path) in spec.get("paths").into_iter().flat_map(members) {
        for (_, operation) in members(path) {
            if let Some(id) = operation.get("operationId").and_then(Node::as_str) {
                out.push((id.to_owned(), operation));
            }
        }
    }
    out
}

#[test]
fn everything_is_described_and_at_length() {
    let spec = spec();
    let components = spec.get("components").expect("components");
    let mut wrong = Vec::new();
    let mut check = |place: String, node: &Node| {
        let length = description(node).chars().count();
        // What a reference names is described where it stands.
        if node.get("$ref").is_none() && !(15..=300).contains(&length) {
            wrong.push(format!("{place}: {length} characters"));
        }
    };
    let mut properties = Vec::new();
    for (name, schema) in members(components.get("schemas").expect("schemas")) {
        check(format!("schemas/{name}"), schema);
        schemas(format!("schemas/{name}"), schema, &mut properties);
    }
    let counted = properties.len();
    properties.into_iter().for_each(|(place, node)| check(place, node));
    for (name, parameter) in members(components.get("parameters").expect("parameters")) {
        check(format!("parameters/{name}"), parameter);
    }
    let operations = operations(&spec);
    for (id, operation) in &operations {
        for (i, parameter) in
            operation.get("parameters").and_then(Node::as_array).unwrap_or_default().iter().enumerate()
        {
            check(format!("{id}/parameters/{i}"), parameter);
        }
        for key in ["summary", "description"] {
            let text = operation.get(key).and_then(Node::as_str).unwrap_or_default();
            assert!(text.len() >= 10, "{id}: {key}");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let tags = spec.get("tags").and_then(Node::as_array).unwrap_or_default();
    assert!(tags.iter().all(|tag| description(tag).len() >= 60));
    assert_eq!((operations.len(), counted > 2000), (148, true));
}

#[test]
fn every_tag_in_use_is_declared() {
    let spec = spec();
    let tags = spec.get("tags").and_then(Node::as_array).unwrap_or_default();
    let declared: BTreeSet<&str> = tags.iter().filter_map(|tag| tag.get("name")?.as_str()).collect();
    for (id, operation) in operations(&spec) {
        for tag in operation.get("tags").and_then(Node::as_array).unwrap_or_default() {
            assert!(declared.contains(tag.as_str().unwrap_or_default()), "{id}: {:?}", tag.as_str());
        }
    }
}

#[test]
fn no_two_components_are_described_alike() {
    let spec = spec();
    let mut seen: BTreeMap<&str, (String, &Node)> = BTreeMap::new();
    let mut twice = Vec::new();
    // The published document holds a parameter twice; its users are to see one.
    let word = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let same = |one: &Node, other: &Node| {
        word(one, "name").is_some() && ["name", "in"].iter().all(|key| word(one, key) == word(other, key))
    };
    for part in ["schemas", "parameters", "responses", "headers", "requestBodies"] {
        let all = spec.get("components").and_then(|c| c.get(part)).into_iter().flat_map(members);
        for (name, node) in all.filter(|(_, node)| node.get("$ref").is_none()) {
            if let Some((first, other)) = seen.insert(description(node), (format!("{part}/{name}"), node))
                && !same(other, node)
            {
                twice.push(format!("{first} and {part}/{name}: {}", description(node)));
            }
        }
    }
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn the_tags_say_what_matters() {
    let said: &[(&str, &[&str])] = &[
        ("Recurring Expenses", &["365 days", "checking", "savings", "credit card"]),
        ("Employments Brazil", &["INSS", "Brazil"]),
        ("Employment Records Mexico", &["IMSS", "ISSSTE", "Mexico"]),
        (
            "Financial Statements",
            &["`domestic_sales`", "`foreign_sales`", "`net_revenue`", "discounts, returns and allowances"],
        ),
        ("Payment Initiation introduction (Brazil)", &["Brazil", "production"]),
        ("Payment Institutions (Brazil)", &["Brazil", "production only"]),
        ("Customers (Brazil)", &["Brazil", "production only"]),
        ("Bank Accounts (Brazil)", &["Brazil", "production only"]),
        ("Payment Authorizations (Brazil)", &["Brazil", "production only"]),
        ("Charges (Brazil)", &["Brazil", "production only"]),
        ("Payment Intents (Brazil)", &["Brazil", "production only", "`username_type`", "`form_fields`", "PATCH"]),
        ("Biometric Pix Widget Access Token (Brazil)", &["Brazil", "production only"]),
        ("Enrollments (Brazil)", &["Brazil", "production only"]),
        ("Payment Transactions (Brazil)", &["Brazil", "production only"]),
        ("Balances", &["Brazil"]),
        ("Exchanges", &["Brazil"]),
        ("Investments Brazil", &["Brazil"]),
        ("Invoices Chile", &["Chile only"]),
        ("Institutions", &["banks", "tax authorities"]),
        ("Owners", &["person", "accounts"]),
        ("Accounts", &["bank account"]),
    ];
    let spec = spec();
    let tags = spec.get("tags").and_then(Node::as_array).unwrap_or_default();
    let mut missing = Vec::new();
    for (name, words) in said {
        let tag = tags.iter().find(|tag| tag.get("name").and_then(Node::as_str) == Some(name));
        let tag = tag.unwrap_or_else(|| panic!("there is no tag {name}"));
        let text = description(tag).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        missing.extend(words.iter().filter(|w| !text.contains(&w.to_lowercase())).map(|w| format!("{name}: {w}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Rust without documentation and without the words of a deprecation.
fn without_docs(source: &str) -> String {
    let mut out = String::new();
    let mut in_note = false;
    for line in source.lines() {
        let start = line.trim_start();
        if in_note {
            in_note = !start.ends_with(")]");
        } else if start.starts_with("#[deprecated") {
            out.push_str("#[deprecated]\n");
            in_note = !start.ends_with(")]") && !start.ends_with("deprecated]");
        } else if !start.is_empty() && !start.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The items of a file, sorted: ours are grouped by resource, and the order of a document is no part of the API.
fn items(path: &str, source: &str) -> Vec<String> {
    let source = without_docs(source);
    let mut out: Vec<String> = Vec::new();
    match path {
        "src/testing.rs" => out.extend(registry(&source)),
        // One impl with a function for each tag.
        "src/api/mod.rs" => out.extend(source.lines().map(str::to_owned)),
        _ => {
            let mut open = false;
            for line in source.lines() {
                match out.last_mut() {
                    Some(item) if open => item.push_str(&format!("\n{line}")),
                    _ => out.push(line.to_owned()),
                }
                // An attribute belongs to what follows; an item ends where its closing line stands without indentation.
                open = line.starts_with([' ', '#']) || !line.ends_with([';', '}']);
            }
        }
    }
    out.sort();
    out
}

/// What the registry knows, a line an operation and a line a body.
fn registry(source: &str) -> Vec<String> {
    let flat: String = source.split_whitespace().collect();
    let mut out: Vec<String> = Vec::new();
    let infos = flat.split("OperationInfo{id:").skip(1).filter_map(|rest| rest.split("],}").next());
    out.extend(infos.map(str::to_owned));
    let mut pairs = "";
    for part in flat.split("__private::read_back_in::<") {
        let (body, rest) = part.split_once(">(body,mode)").unwrap_or(("", part));
        out.extend(
            pairs.split("(\"").skip(1).map(|pair| format!("{} = {body}", pair.split(')').next().unwrap_or_default())),
        );
        pairs = rest;
    }
    assert!(out.len() > 148 + 500, "{}", out.len());
    out
}

#[test]
fn the_published_document_gives_the_same_api() {
    let Some(published) = shared("belvo/belvo-1.223.0.json") else { return };
    let ours = generated(&own());
    let theirs = generated(&Inputs { spec: published, ..own() });
    assert_eq!(ours.report.operations, theirs.report.operations);
    let paths = |run: &generator::Generated| run.files.iter().map(|(path, _)| path.to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(&ours), paths(&theirs));
    let mut differing = Vec::new();
    for (path, content) in ours.files.iter() {
        // The samples and the crate's own tests are made of examples; the root says which document it was.
        if !path.ends_with(".rs") || path.starts_with("tests/") || ["src/samples.rs", "src/lib.rs"].contains(&path) {
            continue;
        }
        let other = theirs.files.get(path).expect("the same files");
        let (a, b) = [content, other].map(|c| items(path, std::str::from_utf8(c).expect("text"))).into();
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|item| !those.contains(item)).map(|item| item.lines().take(4).collect()).collect()
        };
        if a != b {
            differing.push(format!("{path}: ours {:#?}, theirs {:#?}", only(&a, &b), only(&b, &a)));
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
    // The lock knows no difference either.
    assert_eq!(ours.lock, theirs.lock);
}

#[test]
fn no_words_are_borrowed() {
    let Some(published) = Published::read() else { return };
    let mut borrowed = Vec::new();
    for name in ["spec/belvo.yaml", "spec/overlay.yaml"] {
        let runs = published.runs_in(&document(&root().join(name)));
        borrowed.extend(runs.into_iter().map(|run| format!("{name}: {run}")));
    }
    // Prose elsewhere.
    for name in ["spec/belvo.toml", "spec/PROVENANCE.md", "README.md"] {
        // Places of the document are facts: names of components may be long.
        let words = text(&root().join(name));
        let words: Vec<&str> = words.split(' ').filter(|word| !word.contains("#/")).collect();
        borrowed.extend(published.run_in(&words.join(" ")).map(|run| format!("{name}: {run}")));
    }
    assert!(borrowed.is_empty(), "{borrowed:#?}");
}
