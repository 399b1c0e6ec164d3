//! Ten-line documents → the IR, a line a member: what is true, before anybody decides how it looks.

use generator::diagnostic::Diagnostics;
use generator::ir::{Api, Type, TypeKind};
use generator::load::load_str;
use generator::lower::{Selection, lower};
use generator::normalize::normalize;
use std::fmt::Write as _;

fn ir(schemas: &str) -> String {
    let text =
        format!("openapi: 3.0.3\ninfo: {{title: Shop, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}");
    let mut diagnostics = Diagnostics::new();
    let document = load_str("shop.yaml", &text, &mut diagnostics).expect("it is read");
    let root = normalize(document.root, &[], &mut diagnostics).root;
    let api = lower(&root, &Selection::default(), &mut diagnostics).api;
    let mut out = String::new();
    for def in &api.types {
        let _ = writeln!(out, "{:?} at {}", def.label, def.origin.pointer);
        match &def.kind {
            TypeKind::Model(m) => {
                for f in &m.fields {
                    let presence = if f.required { "required" } else { "optional" };
                    let null = if f.of.nullable { ", nullable" } else { "" };
                    let _ = writeln!(out, "  {}: {} ({presence}{null})", f.wire, ty(&api, &f.of.ty));
                }
            }
            TypeKind::Enum(e) => {
                let values: Vec<&str> = e.values.iter().map(|v| v.wire.as_str()).collect();
                let _ = writeln!(out, "  one of {}{}", values.join(" | "), if e.numeric { ", numbers" } else { "" });
            }
            TypeKind::Union(u) => {
                for b in &u.branches {
                    let _ = writeln!(out, "  | {} {:?}", ty(&api, &b.ty), b.tag);
                }
            }
        }
    }
    for d in diagnostics.iter() {
        let _ = writeln!(out, "{}: {}", d.code, d.message);
    }
    out
}

fn ty(api: &Api, of: &Type) -> String {
    match of {
        Type::Named(id) => api.get(*id).map(|d| d.origin.pointer.to_string()).unwrap_or_default(),
        Type::List(of) => format!("[{}{}]", ty(api, &of.ty), if of.nullable { "?" } else { "" }),
        Type::Map(of) => format!("map of {}", ty(api, &of.ty)),
        Type::Scalar(s) => format!("{s:?}"),
        Type::Any => "any".to_owned(),
    }
}

#[test]
fn presence_and_null_are_two_facts_and_null_belongs_to_the_place() {
    insta::assert_snapshot!(ir("    Id: {type: string, format: uuid, nullable: true}
    Order:
      type: object
      required: [id, total, gone]
      properties:
        id: {$ref: '#/components/schemas/Id'}
        total: {type: number, format: float, pattern: '^[0-9]+$'}
        note: {type: string, nullable: true}
        lines: {type: array, items: {$ref: '#/components/schemas/Id'}}
        state: {type: string, nullable: true, enum: [open, paid, null]}
"));
}

#[test]
fn all_of_is_one_model_and_a_wrapped_reference_is_the_reference() {
    insta::assert_snapshot!(ir("    Base: {type: object, required: [id], properties: {id: {type: string}}}
    Page:
      type: object
      allOf:
        - $ref: '#/components/schemas/Base'
        - properties: {results: {type: array, items: {$ref: '#/components/schemas/Base'}}}
    Holder: {type: object, properties: {base: {nullable: true, allOf: [{$ref: '#/components/schemas/Base'}]}}}
"));
}

#[test]
fn choices_are_unions_unless_their_branches_amount_to_one_type() {
    insta::assert_snapshot!(ir("    Cat: {type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}}}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind}
    Text: {anyOf: [{type: string}, {type: string, format: date}]}
    Failure:
      anyOf:
        - {type: object, properties: {code: {type: string}}}
        - {type: object, properties: {code: {type: string}, field: {type: string}}}
    Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, pet: {$ref: '#/components/schemas/Pet'}}}
"));
}
