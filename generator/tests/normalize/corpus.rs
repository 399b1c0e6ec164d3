//! Every document of the shared corpus: no panic, the shape of 3.0 afterwards, and every local reference
//! that led somewhere still does.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use generator::document::grammar::{Place, Spot};
use generator::document::normalize::Version;
use generator::document::targets::Targets;
use generator::document::walk::{At, Visit, walk};
use generator::document::{Kind, Node};
use percent_encoding::percent_decode_str;

use super::read::{json, run_node, yaml};

/// The folder that lies beside the repository, or the one that `SHARED_DIR` names.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("SHARED_DIR").map(PathBuf::from);
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|a| a.join("shared"));
    let found = named.or_else(|| above.find(|d| d.join("corpus").is_dir())).filter(|d| d.join("corpus").is_dir());
    if found.is_none() {
        // Written past the harness, which keeps what passing tests print.
        let _ =
            std::io::stderr().write_all(b"skipped: the documents of the corpus, there is no folder `shared` here\n");
    }
    found
}

#[derive(Default)]
struct Found {
    list: Vec<String>,
    wrong: Vec<String>,
}

impl Visit for Found {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        let Some(o) = node.as_object() else { return };
        if let Some(text) = o.get("$ref").and_then(Node::as_str) {
            self.list.push(text.to_owned());
        }
        if place != Place::One(Spot::Schema) {
            return;
        }
        let list = |key: &str| matches!(o.get(key).map(|n| &n.kind), Some(Kind::Array(_)));
        let number = |key: &str| matches!(o.get(key).map(|n| &n.kind), Some(Kind::Number(_)));
        let null = o.get("enum").and_then(Node::as_array).is_some_and(|a| a.iter().any(Node::is_null));
        let odd = list("type")
            || list("items")
            || number("exclusiveMinimum")
            || number("exclusiveMaximum")
            || null
            || o.get("type").and_then(Node::as_str).is_some_and(|t| t == "null" || t == "file")
            || ["const", "prefixItems", "patternProperties", "$dynamicRef"].iter().any(|k| o.get(k).is_some())
            || (o.get("$ref").and_then(Node::as_str).is_some()
                && o.iter()
                    .any(|e| matches!(e.key.as_str(), "description" | "title" | "example" | "default" | "type")));
        if odd {
            self.wrong.push(at.pointer().to_string());
        }
    }
}

fn resolves(root: &Node, reference: &str) -> bool {
    let Some(pointer) = reference.strip_prefix('#') else { return false };
    let decoded = percent_decode_str(pointer).decode_utf8().unwrap();
    let segments: Vec<String> = decoded.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect();
    root.at(segments.iter().map(String::as_str)).is_some()
}

/// References that lead nowhere.
fn dangling(root: &Node) -> (usize, HashSet<String>, Vec<String>) {
    let targets = Targets::of(root);
    let mut found = Found::default();
    walk(root, Place::One(Spot::Document), &At::root(Some(&targets.trie)), &mut found);
    let distinct: HashSet<String> = found.list.into_iter().filter(|r| r.starts_with('#')).collect();
    let count = distinct.len();
    (count, distinct.into_iter().filter(|r| !resolves(root, r)).collect(), found.wrong)
}

struct Checked {
    version: Version,
    references: usize,
    said: usize,
    milliseconds: u128,
}

fn check(name: &str, root: Node) -> Checked {
    let (_, before, _) = dangling(&root);
    let started = Instant::now();
    let (out, said) = run_node(root);
    let milliseconds = started.elapsed().as_millis();
    let (references, after, wrong) = dangling(&out.root);
    assert!(wrong.is_empty(), "{name}: not in shape: {:?}", &wrong[..wrong.len().min(5)]);
    // a reference that led nowhere may be rewritten on the way, so only the number can be compared
    assert!(after.len() <= before.len(), "{name}: broken: {:?}", after.difference(&before).take(5).collect::<Vec<_>>());
    if out.version == Version::Swagger2 {
        for key in ["definitions", "securityDefinitions", "swagger", "host", "produces"] {
            assert!(out.root.get(key).is_none(), "{name}: {key}");
        }
    }
    Checked { version: out.version, references, said: said.len(), milliseconds }
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "json" || e == "yaml" || e == "yml") {
            out.push(path);
        }
    }
}

fn read(path: &Path) -> Option<Node> {
    let text = std::fs::read_to_string(path).ok()?;
    if path.extension().is_some_and(|e| e == "json") {
        serde_json::from_str::<serde::de::IgnoredAny>(&text).ok()?;
        return Some(json(&text));
    }
    yaml(&text).ok()
}

#[test]
fn real_documents() {
    let Some(dir) = shared() else { return };
    let mut paths = Vec::new();
    files(&dir.join("corpus/real"), &mut paths);
    files(&dir.join("belvo"), &mut paths);
    paths.retain(|p| !matches!(p.extension().and_then(|e| e.to_str()), Some("jsonl")));
    let mut checked = 0;
    for path in &paths {
        let Some(root) = read(path) else {
            eprintln!("{}: not read by serde", path.display());
            continue;
        };
        if root.get("openapi").is_none() && root.get("swagger").is_none() {
            continue;
        }
        let c = check(&path.display().to_string(), root);
        eprintln!(
            "{:>6} ms {:>6} refs {:>4} said {:?} {}",
            c.milliseconds,
            c.references,
            c.said,
            c.version,
            path.display()
        );
        checked += 1;
    }
    assert!(checked > 40, "only {checked} documents were found in {}", dir.display());
}

#[test]
fn edge_documents() {
    let Some(dir) = shared() else { return };
    let mut paths = Vec::new();
    files(&dir.join("corpus/edge"), &mut paths);
    files(&dir.join("corpus/multi"), &mut paths);
    let (mut checked, mut unread) = (0, 0);
    for path in &paths {
        match read(path) {
            Some(root) if root.as_object().is_some() => {
                check(&path.display().to_string(), root);
                checked += 1;
            }
            _ => unread += 1,
        }
    }
    eprintln!("{checked} documents, {unread} that serde does not read");
    assert!(checked > 200, "only {checked} documents were found in {}", dir.display());
}
