//! Schemas that lead back to themselves, and lattices of schemas that are reached by more paths than anybody could follow: every
//! one ends, what is left out is said with its place, and what a value may be does not depend on which schema is read first.

use generator::ir::{Type, TypeKind};
use generator::{Inputs, Understood, understand};
use serde_json::{Map, Value, json};
use std::fs;

fn r(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// An object with one member.
fn object(member: &str) -> Value {
    json!({"type": "object", "required": [member], "properties": {member: {"type": "string"}}})
}

/// A document with these components, the first of them asked for and given.
fn understood(schemas: &[(&str, Value)]) -> Understood {
    let body = json!({"content": {"application/json": {"schema": r(schemas.first().map_or("A", |(name, _)| name))}}});
    // Written by hand, so that the components stay in this order.
    let schemas: Vec<String> = schemas.iter().map(|(name, schema)| format!("{name:?}: {schema}")).collect();
    let paths = json!({"/a": {"post": {"requestBody": body, "responses": {"200": {"description": "ok", "content": body["content"]}}}}});
    let text = format!(
        r#"{{"openapi": "3.0.3", "info": {{"title": "t", "version": "1"}}, "paths": {paths}, "components": {{"schemas": {{{}}}}}}}"#,
        schemas.join(", ")
    );
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("openapi.json");
    fs::write(&spec, text).expect("write");
    understand(&Inputs { spec, ..Inputs::default() })
}

/// What is said, as `code pointer`.
fn told(run: &Understood) -> Vec<String> {
    let pointer = |d: &generator::base::diagnostic::Diagnostic| d.pointer.as_ref().map(|p| p.as_str().to_owned());
    run.diagnostics
        .iter()
        .filter(|d| d.code.starts_with('W'))
        .map(|d| format!("{} {}", d.code, pointer(d).unwrap_or_default().replace("/components/schemas", "")))
        .collect()
}

/// A component as `{members}` or `a|b`.
fn shape(run: &Understood, name: &str) -> String {
    let at = run.names.types.pairs().find(|(_, n)| *n == name);
    let Some(def) = at.and_then(|(id, _)| run.api.get(id)) else { return "-".to_owned() };
    match &def.kind {
        TypeKind::Model(m) => {
            let mut members: Vec<&str> = m.fields.iter().map(|f| f.wire.as_str()).collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        TypeKind::Union(u) => {
            let mut branches: Vec<String> = u.branches.iter().map(|b| word(run, &b.ty)).collect();
            branches.sort_unstable();
            branches.join("|")
        }
        TypeKind::Enum(_) => "enum".to_owned(),
    }
}

fn word(run: &Understood, ty: &Type) -> String {
    match ty {
        Type::Named(id) => run.names.types.of(*id).map(ToString::to_string).unwrap_or_default(),
        ty => format!("{ty:?}"),
    }
}

#[test]
fn a_base_that_offers_its_children_is_no_part_of_them() {
    let base =
        json!({"type": "object", "properties": {"kind": {"type": "string"}}, "oneOf": [r("Circle"), r("Square")]});
    let child = |member: &str| json!({"allOf": [r("Shape"), object(member)]});
    let mut schemas = [("Shape", base), ("Circle", child("radius")), ("Square", child("side"))];
    for _ in 0..3 {
        schemas.rotate_left(1);
        let run = understood(&schemas);
        assert_eq!(shape(&run, "Circle"), "{kind,radius}");
        assert_eq!(shape(&run, "Square"), "{kind,side}");
        let mut told = told(&run);
        told.sort_unstable();
        assert_eq!(told, ["W0323 /Circle/allOf/0", "W0323 /Square/allOf/0"]);
    }
}

#[test]
fn a_choice_may_offer_what_is_composed_of_it_by_detours() {
    // By another choice and another base.
    let run = understood(&[
        ("S", json!({"anyOf": [r("U"), r("Q")]})),
        ("U", json!({"oneOf": [r("C"), object("u")]})),
        ("C", json!({"allOf": [r("B"), object("c")]})),
        ("B", json!({"allOf": [r("S"), object("b")]})),
        ("Q", object("q")),
    ]);
    assert_eq!(shape(&run, "C"), "{b,c}");
    assert_eq!(told(&run), ["W0323 /B/allOf/0"]);
    // Written in place.
    let inner = json!({"allOf": [r("A"), object("x")]});
    let run = understood(&[("A", json!({"allOf": [{"oneOf": [inner, object("y")]}, object("z")]}))]);
    assert_eq!(told(&run), ["W0323 /A/allOf/0/oneOf/0/allOf/0"]);
    // By two choices of one schema.
    let run = understood(&[
        ("A", json!({"allOf": [{"oneOf": [r("B"), object("p")]}, {"oneOf": [r("C"), object("q")]}]})),
        ("B", json!({"allOf": [r("A"), object("b")]})),
        ("C", json!({"allOf": [r("A"), object("c")]})),
    ]);
    assert!(told(&run).iter().all(|line| line.starts_with("W0323")), "{:?}", told(&run));
    assert_eq!(shape(&run, "A"), "{b,c,p,q}");
}

#[test]
fn choices_that_are_branches_of_each_other_have_the_branches_of_all() {
    let text = json!({"type": "string"});
    let run = understood(&[("A", json!({"oneOf": [r("A"), text, object("a")]}))]);
    assert_eq!(shape(&run, "A"), "Aa|Scalar(String)");
    assert_eq!(told(&run), ["W0323 /A/oneOf/0"]);

    let mut schemas = [
        ("A", json!({"oneOf": [r("B"), text]})),
        ("B", json!({"anyOf": [{"type": "integer"}, r("C")]})),
        ("C", json!({"oneOf": [object("c"), r("A")]})),
    ];
    for _ in 0..3 {
        schemas.rotate_left(1);
        let run = understood(&schemas);
        let all = ["A", "B", "C"].map(|name| shape(&run, name));
        assert!(
            all.iter().all(|shape| *shape == all[0] && shape.contains("I64") && shape.contains("String")),
            "{all:?}"
        );
        let mut told = told(&run);
        told.sort_unstable();
        assert_eq!(told, ["W0323 /A/oneOf/0", "W0323 /B/anyOf/1", "W0323 /C/oneOf/1"]);
    }
    // Nothing but each other.
    let run = understood(&[("A", json!({"oneOf": [r("B")]})), ("B", json!({"oneOf": [r("A")]}))]);
    assert_eq!((run.api.types.len(), told(&run)), (0, vec!["W0302 /A".to_owned()]));
}

#[test]
fn circles_by_all_of_end_and_are_said() {
    let part = |of: &str, member: &str| json!({"allOf": [r(of), object(member)]});
    let run = understood(&[("A", part("B", "a")), ("B", part("C", "b")), ("C", part("A", "c"))]);
    for name in ["A", "B", "C"] {
        assert_eq!(shape(&run, name), "{a,b,c}");
    }
    assert!(!told(&run).is_empty() && told(&run).iter().all(|line| line.starts_with("W0302")), "{:?}", told(&run));
    // Through members there is no circle of that sort.
    let run =
        understood(&[("A", json!({"type": "object", "properties": {"up": {"oneOf": [r("A"), {"type": "string"}]}}}))]);
    assert_eq!((told(&run), shape(&run, "AUp")), (vec![], "A|Scalar(String)".to_owned()));
}

/// Sixty levels, each of which mentions the next as `level` says.
fn lattice(level: impl Fn(usize, Value) -> Value) -> Vec<(String, Value)> {
    let name = |i: usize| format!("L{i}");
    let mut all: Vec<(String, Value)> = (0..60).map(|i| (name(i), level(i, r(&name(i + 1))))).collect();
    all.push((name(60), object("x")));
    all
}

#[test]
fn lattices_end() {
    let own = |i: usize| object(&format!("p{i}"));
    let both = |key: &str, next: Value| Value::Object(Map::from_iter([(key.to_owned(), json!([next, next]))]));
    let lattices = [
        lattice(|_, next| both("allOf", next)),
        lattice(|i, next| json!({"allOf": [next, {"allOf": [next, own(i)]}]})),
        lattice(|i, next| json!({"allOf": [next, {"oneOf": [next, own(i)]}]})),
        lattice(|_, next| both("oneOf", next)),
        lattice(|i, next| json!({"anyOf": [next, {"oneOf": [own(i), next]}]})),
        lattice(|i, next| both(["allOf", "oneOf", "anyOf"][i % 3], next)),
        lattice(
            |_, next| json!({"type": "object", "required": ["a", "b"], "properties": {"a": next, "b": next, "c": next, "d": next}}),
        ),
        lattice(
            |_, next| json!({"type": "object", "properties": {"a": {"type": "array", "items": next}, "b": {"type": "array", "items": next}}}),
        ),
    ];
    for lattice in lattices {
        let schemas: Vec<(&str, Value)> =
            lattice.iter().map(|(name, schema)| (name.as_str(), schema.clone())).collect();
        let run = understood(&schemas);
        assert!(told(&run).is_empty(), "{:?}", told(&run));
        let all = generator::pipeline::render_understood(&Inputs { tests: true, ..Inputs::default() }, run);
        assert!(!all.files.is_empty());
    }
}

#[test]
fn two_lattices_that_choose_from_each_other_end() {
    let level = |i: usize| json!({"oneOf": [r(&format!("A{}", i + 1)), r(&format!("B{}", i + 1))]});
    let mut schemas: Vec<(String, Value)> = Vec::new();
    for i in 0..60 {
        schemas.extend(["A", "B"].map(|side| (format!("{side}{i}"), level(i))));
    }
    schemas.extend([("A60".to_owned(), object("a")), ("B60".to_owned(), object("b"))]);
    let schemas: Vec<(&str, Value)> = schemas.iter().map(|(name, schema)| (name.as_str(), schema.clone())).collect();
    let all =
        generator::pipeline::render_understood(&Inputs { tests: true, ..Inputs::default() }, understood(&schemas));
    assert!(!all.diagnostics.has_errors() && !all.files.is_empty());
}

/// A part written in place that has what it is part of among its members is one type, not one for each level.
#[test]
fn parts_that_contain_themselves_by_all_of_are_one_type() {
    let item = json!({"allOf": [{"properties": {"id": {"type": "string"}}}, r("Tree")]});
    let tree = json!({"type": "object", "properties": {"narrower": {"type": "array", "items": item}}});
    let run = understood(&[("Tree", tree), ("Root", json!({"allOf": [r("Tree"), object("x")]}))]);
    assert_eq!(told(&run), Vec::<String>::new());
    assert_eq!(shape(&run, "TreeNarrowerItem"), "{id,narrower}");
    assert_eq!(run.names.types.iter().count(), 3, "{:?}", run.names.types);
}
