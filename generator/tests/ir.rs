//! Ten-line documents → the IR, a line a member: what is true, before anybody decides how it looks.

use generator::base::diagnostic::Diagnostics;
use generator::document::load::load_str;
use generator::document::normalize::normalize;
use generator::ir::{Api, Content, Type, TypeKind, Use};
use generator::lower::{Selection, lower};
use std::fmt::Write as _;

#[path = "ir/bodies.rs"]
mod bodies;
#[path = "ir/one_value.rs"]
mod one_value;

fn ir(schemas: &str) -> String {
    ir_of("3.0.3", " {}", schemas)
}

/// As [`ir`], of a version of OpenAPI, with operations; how those use types comes last.
fn ir_of(version: &str, paths: &str, schemas: &str) -> String {
    let text = format!(
        "openapi: {version}\ninfo: {{title: Shop, version: '1'}}\npaths:{paths}\ncomponents:\n  schemas:\n{schemas}"
    );
    ir_text(&text)
}

/// As [`ir`], of a whole document.
fn ir_text(text: &str) -> String {
    let mut diagnostics = Diagnostics::new();
    let document = load_str("shop.yaml", text, &mut diagnostics).expect("it is read");
    let root = normalize(document.root, &[], None, &mut diagnostics).root;
    let api = lower(&root, &Selection::default(), &mut diagnostics).api;
    let mut out = String::new();
    for def in &api.types {
        let _ = writeln!(out, "{:?} at {}", def.label, def.origin.pointer);
        def.docs.facts.iter().for_each(|fact| out.push_str(&format!("  {fact}\n")));
        match &def.kind {
            TypeKind::Model(m) => {
                for f in &m.fields {
                    let presence = if f.required { "required" } else { "optional" };
                    let null = if f.of.nullable { ", nullable" } else { "" };
                    let one = f.constant.as_ref().map(|value| format!(", `{value}`")).unwrap_or_default();
                    let _ = writeln!(out, "  {}: {} ({presence}{null}{one})", f.wire, ty(&api, &f.of.ty));
                }
                if let Some(of) = &m.additional {
                    let _ = writeln!(out, "  further members: {}", ty(&api, &of.ty));
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
    for o in &api.operations {
        let of = |content: &Content| content.of().map_or("no schema".to_owned(), |u| ty(&api, &u.ty));
        let body = o.body.as_ref().map(|b| format!(" takes {}", of(&b.content))).unwrap_or_default();
        let gives = o.responses.iter().filter_map(|r| Some(format!(" {} {}", r.status, of(&r.content.as_ref()?.1))));
        let _ = writeln!(out, "{}{body}{}", o.id, gives.collect::<String>());
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
        Type::Tuple(of) => {
            let one = |of: &Use| format!("{}{}", ty(api, &of.ty), if of.nullable { "?" } else { "" });
            let least = of.least;
            let place = |(i, of): (usize, &Use)| if i < least { one(of) } else { format!("{} or none", one(of)) };
            let rest = of.rest.as_ref().map(|of| format!("; {} ...", one(of))).unwrap_or_default();
            format!("({}{rest})", of.places.iter().enumerate().map(place).collect::<Vec<_>>().join(", "))
        }
        Type::Map(of) => format!("map of {}", ty(api, &of.ty)),
        Type::Scalar(s) => format!("{s:?}"),
        Type::Any => "any".to_owned(),
    }
}

#[test]
fn methods_of_3_2_are_operations_and_what_is_no_method_is_left_out() {
    let paths = "
  /nests:
    query: {operationId: find}
    additionalOperations:
      COPY: {operationId: copy}
      Get: {operationId: again}
      'a b': {operationId: broken}";
    insta::assert_snapshot!(ir_of("3.2.0", paths, "    Nest: {type: string}"), @r"
    find
    copy
    W0307: `Get` has a keyword of its own: an operation of `additionalOperations` is left out
    W0307: `a b` is no method: an operation of `additionalOperations` is left out
    ");
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
"), @r#"
    Component("Order") at #/components/schemas/Order
      id: Uuid (required, nullable)
      total: F64 (required)
      note: String (optional, nullable)
      lines: [Uuid?] (optional)
      state: #/components/schemas/Order/properties/state (optional, nullable)
    Part { parent: TypeId(0), part: "state" } at #/components/schemas/Order/properties/state
      one of open | paid
    W0304: `gone` is required but not declared
    "#);
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
"), @r#"
    Component("Base") at #/components/schemas/Base
      id: String (required)
    Component("Page") at #/components/schemas/Page
      id: String (required)
      results: [#/components/schemas/Base] (optional)
    Component("Holder") at #/components/schemas/Holder
      base: #/components/schemas/Base (optional, nullable)
    "#);
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
"), @r#"
    Component("Cat") at #/components/schemas/Cat
      kind: #/components/schemas/Cat/properties/kind (required, `cat`)
    Part { parent: TypeId(0), part: "kind" } at #/components/schemas/Cat/properties/kind
      one of cat
    Component("Dog") at #/components/schemas/Dog
      kind: #/components/schemas/Dog/properties/kind (required, `dog`)
    Part { parent: TypeId(2), part: "kind" } at #/components/schemas/Dog/properties/kind
      one of dog
    Component("Pet") at #/components/schemas/Pet
      | #/components/schemas/Cat Some(("kind", ["cat"]))
      | #/components/schemas/Dog Some(("kind", ["dog"]))
    Component("Failure") at #/components/schemas/Failure
      code: String (optional)
      field: String (optional)
    Component("Tree") at #/components/schemas/Tree
      left: #/components/schemas/Tree (optional)
      pet: #/components/schemas/Pet (optional)
    "#);
}

/// `POST` and `GET` of one schema.
fn both_ways(schema: &str) -> String {
    format!(
        "
  /x:
    post:
      operationId: send
      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}
      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}"
    )
}

#[test]
fn members_of_one_direction_part_the_type_that_both_have() {
    insta::assert_snapshot!(ir_of(
        "3.0.3",
        &both_ways("{$ref: '#/components/schemas/Order'}"),
        "    Order:
      type: object
      required: [id, secret, lines]
      properties:
        id: {type: string, readOnly: true}
        secret: {type: string, writeOnly: true}
        lines: {type: array, items: {$ref: '#/components/schemas/Line'}}
        buyer: {type: object, properties: {name: {type: string}, since: {type: string, readOnly: true}}}
        place: {$ref: '#/components/schemas/Place'}
        parent: {$ref: '#/components/schemas/Order'}
    Line:
      oneOf:
        - {type: object, properties: {sku: {type: string}, price: {type: number, readOnly: true}}}
        - {type: string}
    Place: {type: object, properties: {town: {type: string}}}
    OrderRequest: {type: string, enum: [a]}
"
    ), @r#"
    Component("Order") at #/components/schemas/Order
      Only in requests: secret
      id: String (required)
      lines: [#/components/schemas/Line] (required)
      buyer: #/components/schemas/Order/properties/buyer (optional)
      place: #/components/schemas/Place (optional)
      parent: #/components/schemas/Order (optional)
    Component("Line") at #/components/schemas/Line
      | #/components/schemas/Line/oneOf/0 None
      | String None
    Part { parent: TypeId(1), part: "price" } at #/components/schemas/Line/oneOf/0
      sku: String (optional)
      price: F64 (optional)
    Part { parent: TypeId(0), part: "buyer" } at #/components/schemas/Order/properties/buyer
      name: String (optional)
      since: String (optional)
    Component("Place") at #/components/schemas/Place
      town: String (optional)
    Component("OrderRequest") at #/components/schemas/OrderRequest
      one of a
    Component("Order Request") at #/components/schemas/Order/x-ir-request
      Only in responses: id
      secret: String (required)
      lines: [#/components/schemas/Line/x-ir-request] (required)
      buyer: #/components/schemas/Order/properties/buyer/x-ir-request (optional)
      place: #/components/schemas/Place (optional)
      parent: #/components/schemas/Order/x-ir-request (optional)
    Component("Line Request") at #/components/schemas/Line/x-ir-request
      | #/components/schemas/Line/oneOf/0/x-ir-request None
      | String None
    Part { parent: TypeId(7), part: "price" } at #/components/schemas/Line/oneOf/0/x-ir-request
      Only in responses: price
      sku: String (optional)
    Part { parent: TypeId(6), part: "buyer" } at #/components/schemas/Order/properties/buyer/x-ir-request
      Only in responses: since
      name: String (optional)
    send takes #/components/schemas/Order/x-ir-request 200 #/components/schemas/Order
    "#);
}

#[test]
fn members_of_one_direction_part_nothing_that_only_one_has() {
    let schemas = "    Order: {type: object, properties: {id: {type: string, readOnly: true}, pin: {type: string, writeOnly: true}}}\n";
    let path = "
  /x:
    get:
      operationId: get
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}";
    insta::assert_snapshot!(ir_of("3.0.3", path, schemas), @r#"
    Component("Order") at #/components/schemas/Order
      id: String (optional)
      pin: String (optional)
    get 200 #/components/schemas/Order
    "#);
}

#[test]
fn a_type_of_which_requests_have_nothing_is_any_object_there() {
    insta::assert_snapshot!(ir_of(
        "3.0.3",
        &both_ways("{$ref: '#/components/schemas/Order'}"),
        "    Order: {type: object, properties: {note: {type: string}, made: {$ref: '#/components/schemas/Made'}, asks: {$ref: '#/components/schemas/Asks'}}}
    Made: {type: object, properties: {at: {type: string, readOnly: true}}}
    Asks: {type: object, properties: {pin: {type: string, writeOnly: true}}}
"
    ), @r#"
    Component("Order") at #/components/schemas/Order
      note: String (optional)
      made: #/components/schemas/Made (optional)
      asks: #/components/schemas/Asks (optional)
    Component("Made") at #/components/schemas/Made
      at: String (optional)
    Component("Asks") at #/components/schemas/Asks
      pin: String (optional)
    Component("Order Request") at #/components/schemas/Order/x-ir-request
      note: String (optional)
      made: map of any (optional)
      asks: #/components/schemas/Asks/x-ir-request (optional)
    Component("Asks Request") at #/components/schemas/Asks/x-ir-request
      pin: String (optional)
    send takes #/components/schemas/Order/x-ir-request 200 #/components/schemas/Order
    "#);
}

#[test]
fn what_is_written_in_place_in_both_directions_parts_too() {
    insta::assert_snapshot!(ir_of(
        "3.0.3",
        &both_ways("{type: object, properties: {id: {type: string, readOnly: true}, note: {type: string}}}"),
        "    Unused: {type: string}\n"
    ), @r#"
    Operation { operation: 0, part: "Response" } at #/paths/~1x/post/requestBody/content/application~1json/schema
      id: String (optional)
      note: String (optional)
    Operation { operation: 0, part: "Request" } at #/paths/~1x/post/requestBody/content/application~1json/schema/x-ir-request
      Only in responses: id
      note: String (optional)
    send takes #/paths/~1x/post/requestBody/content/application~1json/schema/x-ir-request 200 #/paths/~1x/post/requestBody/content/application~1json/schema
    "#);
}

#[test]
fn several_choices_at_once_are_one_model() {
    insta::assert_snapshot!(ir("    Cat: {type: object, required: [kind, id], properties: {kind: {type: string, enum: [cat]}, id: {type: string}, size: {type: integer}}}
    Dog: {type: object, required: [kind, id], properties: {kind: {type: string, enum: [dog]}, id: {type: string}, size: {type: number}}}
    Pet:
      allOf:
        - oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
        - anyOf:
            - {type: object, required: [home], properties: {home: {$ref: '#/components/schemas/Cat'}, tag: {type: string, nullable: true}}}
            - {type: object, properties: {home: {$ref: '#/components/schemas/Dog'}, tag: {type: string}}}
        - {type: object, required: [born, tag], properties: {born: {type: string, format: date}, kind: {type: string}}}
"), @r#"
    Component("Cat") at #/components/schemas/Cat
      kind: #/components/schemas/Cat/properties/kind (required, `cat`)
      id: String (required)
      size: I64 (optional)
    Part { parent: TypeId(0), part: "kind" } at #/components/schemas/Cat/properties/kind
      one of cat
    Component("Dog") at #/components/schemas/Dog
      kind: #/components/schemas/Dog/properties/kind (required, `dog`)
      id: String (required)
      size: F64 (optional)
    Part { parent: TypeId(2), part: "kind" } at #/components/schemas/Dog/properties/kind
      one of dog
    Component("Pet") at #/components/schemas/Pet
      born: Date (required)
      kind: #/components/schemas/Pet/allOf/2/properties/kind/anyOf (required)
      id: String (required)
      size: F64 (optional)
      home: #/components/schemas/Pet/allOf/1/anyOf/0/properties/home/anyOf (optional)
      tag: String (required, nullable)
    Part { parent: TypeId(4), part: "kind" } at #/components/schemas/Pet/allOf/2/properties/kind/anyOf
      one of cat | dog
    Part { parent: TypeId(4), part: "home" } at #/components/schemas/Pet/allOf/1/anyOf/0/properties/home/anyOf
      | #/components/schemas/Cat None
      | #/components/schemas/Dog None
    "#);
}

#[test]
fn tuples_and_patterns_have_the_types_of_their_parts() {
    insta::assert_snapshot!(ir_of(
        "3.1.0",
        " {}",
        "    Pair: {type: array, prefixItems: [{type: string}, {$ref: '#/components/schemas/Point'}], items: false}
    Line: {type: array, prefixItems: [{type: number}, {type: integer}]}
    Open: {type: array, prefixItems: [{type: boolean}], items: {type: string}}
    Ends: {type: object, properties: {at: {type: array, minItems: 2, prefixItems: [{type: string}, {type: [string, 'null']}, {type: [number, 'null']}, {type: boolean}]}}}
    Point: {type: object, properties: {x: {type: number}}}
    Fields:
      type: object
      properties: {name: {type: string}}
      patternProperties: {'^x-': {type: string}, '^n-': {type: integer}, '^y-': {type: string}}
    Loose: {type: object, patternProperties: {'^a': {type: string}}, additionalProperties: {type: integer}}
    Any: {type: object, patternProperties: {'^a': {type: string}, '^b': {type: integer}}, additionalProperties: true}
"
    ), @r#"
    Component("Point") at #/components/schemas/Point
      x: F64 (optional)
    Component("Ends") at #/components/schemas/Ends
      at: (String, String?, F64? or none, Bool or none) (optional)
    Component("Fields") at #/components/schemas/Fields
      name: String (optional)
      further members: #/components/schemas/Fields/additionalProperties
    Part { parent: TypeId(2), part: "Value" } at #/components/schemas/Fields/additionalProperties
      | String None
      | I64 None
    "#);
}

#[test]
fn an_event_stream_is_no_text() {
    let path = "
  /x:
    get:
      operationId: watch
      responses: {'200': {description: ok, content: {text/event-stream: {schema: {$ref: '#/components/schemas/Tick'}}}}}";
    insta::assert_snapshot!(ir_of("3.0.3", path, "    Tick: {type: object, properties: {n: {type: integer}}}\n"), @r#"
    Component("Tick") at #/components/schemas/Tick
      n: I64 (optional)
    watch 200 #/components/schemas/Tick
    N0314: the events of this stream are given when it has ended
    "#);
}

#[test]
fn a_choice_of_numbers_is_a_number_that_holds_all_of_them() {
    insta::assert_snapshot!(ir("    Sizes:
      type: object
      properties:
        signed: {oneOf: [{type: integer, format: int32}, {type: integer, format: int64}]}
        unsigned: {oneOf: [{type: integer, format: uint32}, {type: integer, format: uint64}]}
        small: {oneOf: [{type: integer, format: int32}, {type: integer, format: uint32}]}
        whole: {oneOf: [{type: integer, format: int64}, {type: integer, format: uint64}]}
        any: {oneOf: [{type: integer, format: uint64}, {type: number}]}
"), @r#"
    Component("Sizes") at #/components/schemas/Sizes
      signed: I64 (optional)
      unsigned: U64 (optional)
      small: I64 (optional)
      whole: Number (optional)
      any: F64 (optional)
    "#);
}

#[test]
fn a_base_by_discriminator_is_any_of_its_descendants() {
    insta::assert_snapshot!(ir_of(
        "3.0.3",
        &both_ways("{$ref: '#/components/schemas/Boat'}"),
        "    Boat:
      type: object
      required: [kind]
      discriminator: {propertyName: kind, mapping: {ferry: Ferry, liner: '#/components/schemas/Ferry', raft: Raft, ark: Ark}}
      properties: {kind: {type: string}, number: {type: integer, readOnly: true}, tender: {$ref: '#/components/schemas/Boat'}}
    Ferry: {allOf: [{$ref: '#/components/schemas/Boat'}, {type: object, properties: {cars: {type: integer}}}]}
    Sail:
      discriminator: {propertyName: kind}
      allOf: [{$ref: '#/components/schemas/Boat'}, {type: object, properties: {masts: {type: integer}}}]
    Dinghy: {allOf: [{allOf: [{$ref: '#/components/schemas/Sail'}]}]}
    Raft: {type: object, properties: {logs: {type: integer}}}
    Maybe: {nullable: true, allOf: [{$ref: '#/components/schemas/Boat'}]}
    Trip: {type: object, properties: {with: {$ref: '#/components/schemas/Ferry'}, then: {$ref: '#/components/schemas/Maybe'}}}
    Alone: {type: object, discriminator: {propertyName: a}, properties: {a: {type: string}}}
"
    ), @r#"
    Component("Boat") at #/components/schemas/Boat
      | #/components/schemas/Boat/x-ir-base Some(("kind", ["Boat"]))
      | #/components/schemas/Ferry Some(("kind", ["ferry", "liner"]))
      | #/components/schemas/Sail/x-ir-base Some(("kind", ["Sail"]))
      | #/components/schemas/Dinghy Some(("kind", ["Dinghy"]))
      | #/components/schemas/Raft Some(("kind", ["raft"]))
    Part { parent: TypeId(0), part: "Base" } at #/components/schemas/Boat/x-ir-base
      kind: String (required, `Boat`)
      number: I64 (optional)
      tender: #/components/schemas/Boat (optional)
    Component("Ferry") at #/components/schemas/Ferry
      kind: String (required)
      number: I64 (optional)
      tender: #/components/schemas/Boat (optional)
      cars: I64 (optional)
    Component("Sail") at #/components/schemas/Sail
      | #/components/schemas/Sail/x-ir-base Some(("kind", ["Sail"]))
      | #/components/schemas/Dinghy Some(("kind", ["Dinghy"]))
    Part { parent: TypeId(3), part: "Base" } at #/components/schemas/Sail/x-ir-base
      kind: String (required, `Sail`)
      number: I64 (optional)
      tender: #/components/schemas/Boat (optional)
      masts: I64 (optional)
    Component("Dinghy") at #/components/schemas/Dinghy
      kind: String (required, `Dinghy`)
      number: I64 (optional)
      tender: #/components/schemas/Boat (optional)
      masts: I64 (optional)
    Component("Raft") at #/components/schemas/Raft
      logs: I64 (optional)
      kind: String (optional, `raft`)
    Component("Trip") at #/components/schemas/Trip
      with: #/components/schemas/Ferry (optional)
      then: #/components/schemas/Boat (optional, nullable)
    Component("Alone") at #/components/schemas/Alone
      a: String (optional)
    Component("Boat Request") at #/components/schemas/Boat/x-ir-request
      | #/components/schemas/Boat/x-ir-base/x-ir-request Some(("kind", ["Boat"]))
      | #/components/schemas/Ferry/x-ir-request Some(("kind", ["ferry", "liner"]))
      | #/components/schemas/Sail/x-ir-base/x-ir-request Some(("kind", ["Sail"]))
      | #/components/schemas/Dinghy/x-ir-request Some(("kind", ["Dinghy"]))
      | #/components/schemas/Raft Some(("kind", ["raft"]))
    Part { parent: TypeId(9), part: "Base" } at #/components/schemas/Boat/x-ir-base/x-ir-request
      Only in responses: number
      kind: String (required, `Boat`)
      tender: #/components/schemas/Boat/x-ir-request (optional)
    Component("Ferry Request") at #/components/schemas/Ferry/x-ir-request
      Only in responses: number
      kind: String (required)
      tender: #/components/schemas/Boat/x-ir-request (optional)
      cars: I64 (optional)
    Part { parent: TypeId(3), part: "Base Request" } at #/components/schemas/Sail/x-ir-base/x-ir-request
      Only in responses: number
      kind: String (required, `Sail`)
      tender: #/components/schemas/Boat/x-ir-request (optional)
      masts: I64 (optional)
    Component("Dinghy Request") at #/components/schemas/Dinghy/x-ir-request
      Only in responses: number
      kind: String (required, `Dinghy`)
      tender: #/components/schemas/Boat/x-ir-request (optional)
      masts: I64 (optional)
    send takes #/components/schemas/Boat/x-ir-request 200 #/components/schemas/Boat
    N0356: nothing is composed of this schema by `allOf`, so its discriminator distinguishes nothing
    W0356: `ark` is mapped to `Ark`, which is no schema
    "#);
}

#[test]
fn a_base_of_swagger_and_values_by_vendor_keys_and_constants() {
    let text = "swagger: '2.0'
info: {title: Zoo, version: '1'}
paths: {}
definitions:
  Animal: {type: object, required: [sort], discriminator: sort, properties: {sort: {type: string, enum: [Animal, Newt, toad]}}}
  Newt: {x-ms-discriminator-value: newt, allOf: [{$ref: '#/definitions/Animal'}]}
  Toad: {allOf: [{$ref: '#/definitions/Animal'}, {type: object, properties: {sort: {type: string, enum: [toad]}}}]}
";
    insta::assert_snapshot!(ir_text(text), @r#"
    Component("Animal") at #/components/schemas/Animal
      | #/components/schemas/Animal/x-ir-base Some(("sort", ["Animal"]))
      | #/components/schemas/Newt Some(("sort", ["newt"]))
      | #/components/schemas/Toad Some(("sort", ["toad"]))
    Part { parent: TypeId(0), part: "Base" } at #/components/schemas/Animal/x-ir-base
      sort: #/components/schemas/Animal/properties/sort (required, `Animal`)
    Part { parent: TypeId(1), part: "sort" } at #/components/schemas/Animal/properties/sort
      one of Animal | Newt | toad
    Component("Newt") at #/components/schemas/Newt
      sort: #/components/schemas/Animal/properties/sort (required, `newt`)
    Component("Toad") at #/components/schemas/Toad
      sort: #/components/schemas/Toad/allOf/1/properties/sort (required, `toad`)
    Part { parent: TypeId(4), part: "sort" } at #/components/schemas/Toad/allOf/1/properties/sort
      one of toad
    "#);
}

#[test]
fn members_around_a_choice_are_in_each_branch_and_two_choices_are_one_model() {
    insta::assert_snapshot!(ir("    Card: {type: object, required: [pan], properties: {pan: {type: string}}}
    Bank: {type: object, required: [iban], properties: {iban: {type: string}}}
    Means: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Bank'}]}
    Pay: {type: object, required: [sum, pan], properties: {sum: {type: number}}, oneOf: [{$ref: '#/components/schemas/Means'}, {required: [sum]}]}
    Wish:
      type: object
      properties: {a: {type: string}, b: {type: string}, c: {type: string}}
      anyOf: [{required: [a]}, {required: [b, c]}]
      oneOf: [{required: [b]}, {required: [c]}]
    Both: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Bank'}], anyOf: [{type: object, properties: {x: {type: string}}}, {type: object, properties: {y: {type: string}}}]}
    Named: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Bank'}], anyOf: [{required: [pan]}, {required: [iban]}]}
"), @r#"
    Component("Card") at #/components/schemas/Card
      pan: String (required)
    Component("Bank") at #/components/schemas/Bank
      iban: String (required)
    Component("Means") at #/components/schemas/Means
      | #/components/schemas/Card None
      | #/components/schemas/Bank None
    Component("Pay") at #/components/schemas/Pay
      | #/components/schemas/Pay/oneOf/0/0 None
      | #/components/schemas/Pay/oneOf/0/1 None
      | #/components/schemas/Pay/oneOf/1 None
    Part { parent: TypeId(3), part: "Card" } at #/components/schemas/Pay/oneOf/0/0
      sum: F64 (required)
      pan: String (required)
    Part { parent: TypeId(3), part: "Bank" } at #/components/schemas/Pay/oneOf/0/1
      sum: F64 (required)
      iban: String (required)
    Part { parent: TypeId(3), part: "" } at #/components/schemas/Pay/oneOf/1
      sum: F64 (required)
    Component("Wish") at #/components/schemas/Wish
      Exactly one of these is there: `b | c`
      At least one of these is there: `a | b, c`
      a: String (optional)
      b: String (optional)
      c: String (optional)
    Component("Both") at #/components/schemas/Both
      pan: String (optional)
      iban: String (optional)
      x: String (optional)
      y: String (optional)
    Component("Named") at #/components/schemas/Named
      At least one of these is there: `pan | iban`
      | #/components/schemas/Card None
      | #/components/schemas/Bank None
    "#);
}

#[test]
fn null_of_a_branch_holds_where_a_schema_leads_back_to_itself() {
    insta::assert_snapshot!(ir_of("3.1.0", " {}", "    Json:
      anyOf:
        - {type: [string, 'null']}
        - {type: array, items: {$ref: '#/components/schemas/Json'}}
        - {type: object, additionalProperties: {$ref: '#/components/schemas/Json'}}
"), @r#"
    Component("Json") at #/components/schemas/Json
      | String None
      | [#/components/schemas/Json?] None
      | map of #/components/schemas/Json None
    "#);
}

#[test]
fn names_that_schemas_give_themselves_are_places() {
    insta::assert_snapshot!(ir_of("3.1.0", " {}", "    Hut:
      $id: https://n.test/huts/hut
      type: object
      properties: {door: {$ref: door}, roof: {$ref: '#roof'}, sill: {$ref: '#/$defs/sill'}, hinge: {$ref: 'door#hinge'}, hut: {$ref: '#'}, lost: {$ref: nowhere}}
      $defs: {sill: {type: string, format: date}, any: {$anchor: roof, type: boolean}}
    Door: {$id: https://n.test/huts/door, type: object, properties: {wood: {type: string}}, $defs: {h: {$anchor: hinge, type: integer}}}
    List: {type: object, properties: {items: {type: array, items: {$dynamicRef: '#entry'}}}, $defs: {entry: {$dynamicAnchor: entry}}}
    Doors: {$ref: '#/components/schemas/List', $defs: {entry: {$dynamicAnchor: entry, $ref: '#/components/schemas/Door'}}}
    Tree: {$dynamicAnchor: node, type: object, properties: {kids: {type: array, items: {$dynamicRef: '#node'}}}}
    Oak: {$dynamicAnchor: node, $ref: '#/components/schemas/Tree', properties: {acorns: {type: integer}}}
    Chain: {$recursiveAnchor: true, type: object, properties: {next: {$recursiveRef: '#'}}}
"), @r#"
    Component("Hut") at #/components/schemas/Hut
      door: #/components/schemas/Door (optional)
      roof: Bool (optional)
      sill: Date (optional)
      hinge: I64 (optional)
      hut: #/components/schemas/Hut (optional)
      lost: any (optional)
    Component("Door") at #/components/schemas/Door
      wood: String (optional)
    Component("List") at #/components/schemas/List
      items: [any] (optional)
    Component("Doors") at #/components/schemas/Doors
      items: [#/components/schemas/Door] (optional)
    Component("Tree") at #/components/schemas/Tree
      kids: [#/components/schemas/Tree] (optional)
    Component("Oak") at #/components/schemas/Oak
      kids: [#/components/schemas/Oak] (optional)
      acorns: I64 (optional)
    Component("Chain") at #/components/schemas/Chain
      next: #/components/schemas/Chain (optional)
    W0107: `nowhere` is another file, and this document has no folder
    N0210: `$recursiveAnchor` is not followed: `$recursiveRef` names the schema around it
    W0301: reference `nowhere` leads to a file that was not read
    N0308: schema says nothing about its type: any JSON
    "#);
}

#[test]
fn integers_are_as_wide_as_their_bounds_and_enums_of_composed_values_have_their_type() {
    insta::assert_snapshot!(ir("    Sizes:
      type: object
      properties:
        wide: {type: integer, maximum: 18446744073709551616}
        half: {type: integer, minimum: 0, maximum: 18446744073709551615, exclusiveMinimum: true}
        big: {type: integer, enum: [18446744073709551616, 1]}
        bigger: {type: integer, format: bigint}
        lists: {type: array, items: {type: integer}, enum: [[1], [2]]}
        any: {enum: [{a: 1}]}
"), @r#"
    Component("Sizes") at #/components/schemas/Sizes
      wide: Number (optional)
      half: U64 (optional)
      big: #/components/schemas/Sizes/properties/big (optional)
      bigger: Number (optional)
      lists: [I64] (optional)
      any: any (optional)
    Part { parent: TypeId(0), part: "big" } at #/components/schemas/Sizes/properties/big
      one of 18446744073709551616 | 1, numbers
    W0311: enum values that are lists or objects are of the type they have
    W0311: enum values that are lists or objects are any JSON
    "#);
}
