//! The examples of the responses in our document: what the suites read back, and what the sandbox answers with.

use crate::place::root;
use crate::run::value;
use generator::base::Sources;
use generator::document::Node;
use serde_json::Value;
use std::sync::OnceLock;

/// One example: operation, status, body.
pub type Example = (String, u16, Value);

/// All of them, in document order; the document is read once.
pub fn examples() -> &'static [Example] {
    static ALL: OnceLock<Vec<Example>> = OnceLock::new();
    ALL.get_or_init(read)
}

fn read() -> Vec<Example> {
    let mut diagnostics = Default::default();
    let path = root().join("spec/belvo.yaml");
    let spec = generator::document::load::read(&path, &mut Sources::new(), &mut diagnostics).expect("a document");
    let follow = |node: Option<&Node>| -> Option<Node> {
        let node = node?;
        let Some(reference) = node.get("$ref").and_then(Node::as_str) else { return Some(node.clone()) };
        reference.trim_start_matches("#/").split('/').try_fold(&spec, |node, key| node.get(key)).cloned()
    };
    let mut out = Vec::new();
    let entries = |node: &Node| -> Vec<(String, Node)> {
        let all = node.as_object().into_iter().flat_map(|o| o.iter());
        all.map(|e| (e.key.to_string(), e.value.clone())).collect()
    };
    for (_, path) in spec.get("paths").map(entries).unwrap_or_default() {
        for (_, operation) in entries(&path) {
            let Some(id) = operation.get("operationId").and_then(Node::as_str) else { continue };
            for (status, response) in operation.get("responses").map(entries).unwrap_or_default() {
                let response = follow(Some(&response)).unwrap_or_else(|| panic!("{id} {status}"));
                let media = response.get("content").and_then(|c| c.get("application/json"));
                let mut add =
                    |example: &Node| out.push((id.to_owned(), status.parse().expect("a status"), value(example)));
                media.and_then(|m| m.get("example")).into_iter().for_each(&mut add);
                for (_, example) in media.and_then(|m| m.get("examples")).map(entries).unwrap_or_default() {
                    follow(Some(&example)).and_then(|e| e.get("value").cloned()).iter().for_each(&mut add);
                }
            }
        }
    }
    out
}
