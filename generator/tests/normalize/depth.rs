//! Depth: a document nested 500 schemas deep passes on a thread with 8 MB of stack, compiled without
//! optimization, and so do wide ones in reasonable time.

use generator::base::Span;
use generator::document::{Entry, Kind, Node, Object};

use super::read::run_node;

fn object(entries: Vec<(&str, Node)>) -> Node {
    let span = Span::default();
    let mut o = Object::new();
    for (key, value) in entries {
        o.push(Entry { key: key.to_owned(), key_span: span, value });
    }
    Node::new(span, Kind::Object(o))
}

fn text(s: &str) -> Node {
    Node::string(Span::default(), s)
}

fn list(nodes: Vec<Node>) -> Node {
    Node::new(Span::default(), Kind::Array(nodes))
}

fn nested(depth: usize, wrap: impl Fn(Node) -> Node) -> Node {
    let mut schema = object(vec![("type", list(vec![text("string"), text("null")]))]);
    for _ in 0..depth {
        schema = wrap(schema);
    }
    object(vec![("openapi", text("3.1.0")), ("components", object(vec![("schemas", object(vec![("X", schema)]))]))])
}

fn innermost(mut node: &Node) -> &Node {
    loop {
        node = match &node.kind {
            Kind::Object(o) if o.get("format").is_none() && o.get("type").and_then(Node::as_str) != Some("string") => {
                match o.iter().find(|e| matches!(e.value.kind, Kind::Object(_) | Kind::Array(_))) {
                    Some(e) => &e.value,
                    None => return node,
                }
            }
            Kind::Array(a) => a.first().unwrap(),
            _ => return node,
        };
    }
}

#[test]
fn five_hundred_deep() {
    type Wrap = fn(Node) -> Node;
    let wraps: [(&str, Wrap); 6] = [
        ("properties", |n| object(vec![("properties", object(vec![("a", n)]))])),
        ("items", |n| object(vec![("items", n)])),
        ("allOf", |n| object(vec![("allOf", list(vec![n]))])),
        ("anyOf null", |n| {
            object(vec![("anyOf", list(vec![n, object(vec![("type", text("null"))])])), ("x", text("y"))])
        }),
        ("patternProperties", |n| object(vec![("patternProperties", object(vec![("^a", n)]))])),
        ("prefixItems", |n| object(vec![("prefixItems", list(vec![n]))])),
    ];
    for (name, wrap) in wraps {
        let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
            let (out, said) = run_node(nested(500, wrap));
            assert!(said.iter().all(|s| s.starts_with("N0")), "{said:?}");
            let leaf = innermost(out.root.get("components").unwrap());
            assert!(leaf.flag("nullable"));
            assert_eq!(leaf.get("type").and_then(Node::as_str), Some("string"));
        });
        assert!(thread.unwrap().join().is_ok(), "{name}");
    }
}

#[test]
fn many_deep_references_take_linear_time() {
    let properties = (0..3000).map(|i| {
        let schema = object(vec![(
            "anyOf",
            list(vec![object(vec![("type", text("null"))]), object(vec![("title", text("t"))])]),
        )]);
        (format!("p{i}"), schema)
    });
    let mut all = Object::new();
    for (key, value) in properties {
        all.push(Entry { key, key_span: Span::default(), value });
    }
    let uses = (0..3000)
        .map(|i| object(vec![("$ref", text(&format!("#/components/schemas/X/properties/p{i}/anyOf/1")))]))
        .collect();
    let x = object(vec![("properties", Node::new(Span::default(), Kind::Object(all))), ("oneOf", list(uses))]);
    let document =
        object(vec![("openapi", text("3.1.0")), ("components", object(vec![("schemas", object(vec![("X", x)]))]))]);
    let started = std::time::Instant::now();
    let (out, _) = run_node(document);
    let one = out.root.at(["components", "schemas", "X", "oneOf", "2999"]).unwrap();
    assert_eq!(one.get("$ref").and_then(Node::as_str), Some("#/components/schemas/X/properties/p2999"));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
