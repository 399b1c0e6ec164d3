//! Requests of real documents by the style table: operations of the public corpus, chosen by what they use, are asked for through
//! their generated clients, with what is required and with everything set. `tests/styles/check.py` reads what was sent, knowing only
//! the document and the specification; Prism plays the document and judges it too.

use generator::Inputs;
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tests::asking::Asked;
use tests::beside::Beside;
use tests::node;
use tests::place::{root, shared};
use tests::run::{deep, generated};
use tests::skips::skip;

/// Documents of the corpus and operations of theirs: method and path.
const CHOSEN: &[(&str, &[&str])] = &[
    ("stripe.yaml", &["POST /v1/customers/{customer}/subscriptions", "POST /v1/files", "GET /v1/invoices/upcoming"]),
    ("docker-engine.yaml", &["GET /containers/{id}/logs", "GET /images/get", "POST /services/create"]),
    (
        "superset.json",
        &[
            "POST /api/v1/chart/import/",
            "PUT /api/v1/dashboard/{pk}/filter_state/{key}",
            "DELETE /api/v1/annotation_layer/",
            "GET /api/v1/async_event/",
            "PUT /api/v1/dataset/{pk}",
        ],
    ),
    (
        "box.json",
        &[
            "POST /files/{file_id}/content",
            "GET /sign_requests",
            "POST /oauth2/token",
            "PATCH /metadata_taxonomies/{namespace}/{taxonomy_key}/levels/{level_index}",
            "PUT /metadata_templates/enterprise/securityClassification-6VMVochwUWo/schema#update",
        ],
    ),
    (
        "petstore.yaml",
        &[
            "PUT /pet",
            "POST /pet/{petId}/uploadImage",
            "GET /pet/findByTags",
            "GET /user/{username}",
            "DELETE /pet/{petId}",
        ],
    ),
    (
        "elevenlabs.json",
        &[
            "POST /v1/speech-to-speech/{voice_id}",
            "GET /v1/history",
            "POST /v1/voices/pvc/{voice_id}/samples",
            "POST /v1/dubbing",
        ],
    ),
    (
        "intercom-unstable.yaml",
        &[
            "POST /ecommerce/connectors/{id}/catalog",
            "GET /articles/{article_id}/versions",
            "POST /contacts/merge",
            "GET /content/search",
            "GET /events",
        ],
    ),
    (
        "okta-management-minimal.yaml",
        &[
            "POST /api/v1/users/{userId}/factors",
            "POST /api/v1/apps/{appId}/credentials/csrs/{csrId}/lifecycle/publish",
            "POST /api/v1/apps/{appId}/logo",
            "GET /api/v1/email-domains",
            "POST /security/api/v1/security-events",
        ],
    ),
    ("mastodon.json", &["GET /api/v1/timelines/tag/{hashtag}", "POST /api/v1/media"]),
    (
        "forgejo.json",
        &[
            "GET /repos/{owner}/{repo}/notifications",
            "POST /repos/{owner}/{repo}/releases/{id}/assets",
            "GET /repos/{owner}/{repo}/actions/tasks",
        ],
    ),
];

/// A document with these operations and no other, and without what they answer: requests are judged, and the responses of most
/// documents lead to all of their components.
fn pruned(document: &Path, operations: &[&str]) -> Value {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let tree = deep(|| generator::document::load::read(document, &mut sources, &mut diagnostics));
    let mut root = tree.expect("a document").to_json();
    let Some(Value::Object(paths)) = root.get_mut("paths").map(Value::take) else { panic!("{}", document.display()) };
    let mut kept = Map::new();
    for operation in operations {
        let (method, path) = operation.split_once(' ').expect("a method and a path");
        let item = paths[path].as_object().unwrap_or_else(|| panic!("{path}"));
        let into = kept.entry(path).or_insert_with(|| json!({}));
        for (key, value) in item.iter().filter(|(key, _)| *key == &method.to_lowercase() || *key == "parameters") {
            into[key] = value.clone();
            if value.get("responses").is_some() {
                into[key]["responses"] = json!({"200": {"description": "done"}});
            }
        }
        assert!(into.get(method.to_lowercase()).is_some(), "{operation}");
    }
    root["paths"] = Value::Object(kept);
    reachable(&root)
}

/// A document with those components only that its paths lead to: Prism follows every reference before it listens.
fn reachable(root: &Value) -> Value {
    let mut out = root.as_object().expect("an object").clone();
    for key in ["components", "definitions", "parameters", "responses"] {
        out.remove(key);
    }
    let mut out = Value::Object(out);
    if let Some(schemes) = root.pointer("/components/securitySchemes") {
        out["components"] = json!({"securitySchemes": schemes});
    }
    let mut open = references(&out);
    while let Some(reference) = open.pop() {
        let pointer = reference.trim_start_matches('#');
        let words: Vec<String> = pointer.split('/').skip(1).map(|w| w.replace("~1", "/").replace("~0", "~")).collect();
        // The component as a whole, also where the reference leads into it.
        let depth = if words[0] == "components" { 3 } else { 2 };
        let (from, mut into) = (words.iter().take(depth).fold(root, |at, word| &at[word.as_str()]), &mut out);
        for word in words.iter().take(depth) {
            into = into.as_object_mut().expect("an object").entry(word).or_insert(json!({}));
        }
        if into != from {
            *into = from.clone();
            open.extend(references(from));
        }
    }
    out
}

/// Every `$ref` in a value.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).filter(|text| text.starts_with("#/"));
            own.map(str::to_owned).into_iter().chain(members.values().flat_map(references)).collect()
        }
        _ => Vec::new(),
    }
}

/// What the checker says of requests, and Prism on `port`.
fn checked(document: &Value, asked: &[Asked], port: Option<u16>) -> Value {
    let requests: Vec<Value> = asked
        .iter()
        .map(|a| {
            json!({
                "operation": a.operation, "full": a.full, "method": a.method, "target": a.target, "headers": a.headers,
                "body": a.latin1,
            })
        })
        .collect();
    let mut command = Command::new("python3");
    command.arg(root().join("tests/styles/check.py")).args(port.map(|port| port.to_string()));
    command.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.spawn().expect("python3 starts");
    let given = json!({"document": document, "requests": requests}).to_string();
    process.stdin.take().expect("a pipe").write_all(given.as_bytes()).expect("written");
    let output = process.wait_with_output().expect("it ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn requests_of_real_documents_are_what_the_style_table_says() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut beside = Beside::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("styles"));
    let mut documents = BTreeMap::new();
    for (name, operations) in CHOSEN {
        let Some(path) = shared(&format!("corpus/real/{name}")) else { return };
        let document = pruned(&path, operations);
        let spec = temp.path().join(Path::new(name).with_extension("json"));
        fs::write(&spec, document.to_string()).expect("write");
        let run = generated(&Inputs { spec: spec.clone(), name: Some("sdk".into()), ..Inputs::default() });
        documents.insert(beside.add(&run), (*name, spec, document, operations.len()));
    }
    if !Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()) {
        assert!(env::var_os("CI").is_none(), "python3 cannot be started, which this suite needs");
        return skip("python3 cannot be started, which the check of requests by the style table needs");
    }
    let Some(modules) = node::modules(Path::new(env!("CARGO_TARGET_TMPDIR"))) else { return };
    let (mut faults, mut seen, mut sent) = (Vec::new(), BTreeMap::<String, u64>::new(), 0);
    for (sdk, asked) in beside.requests() {
        let (name, spec, document, operations) = &documents[&sdk];
        if asked.len() != 2 * operations {
            faults.push(format!("{name}: {} requests of {operations} operations", asked.len()));
        }
        let prism = node::prism(&modules, spec);
        let found = checked(document, &asked, Some(prism.port));
        for (what, times) in found["checked"].as_object().expect("an object") {
            *seen.entry(what.clone()).or_default() += times.as_u64().expect("a number");
        }
        let list = found["faults"].as_array().expect("a list").iter();
        faults.extend(list.map(|fault| format!("{name}: {}", fault.as_str().unwrap_or_default())));
        sent += asked.len();
    }
    println!("{sent} requests of {} documents; {seen:#?}", documents.len());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
