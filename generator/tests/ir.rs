//! Ten-line documents → the IR, a line a member: what is true, before anybody decides how it looks.

use generator::base::diagnostic::Diagnostics;
use generator::document::load::load_str;
use generator::document::normalize::normalize;
use generator::ir::{Api, Content, Type, TypeKind};
use generator::lower::{Selection, lower};
use std::fmt::Write as _;

fn ir(schemas: &str) -> String {
    ir_of("3.0.3", " {}", schemas)
}

/// As [`ir`], of a version of OpenAPI, with operations; how those use types comes last.
fn ir_of(version: &str, paths: &str, schemas: &str) -> String {
    let text = format!(
        "openapi: {version}\ninfo: {{title: Shop, version: '1'}}\npaths:{paths}\ncomponents:\n  schemas:\n{schemas}"
    );
    let mut diagnostics = Diagnostics::new();
    let document = load_str("shop.yaml", &text, &mut diagnostics).expect("it is read");
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
                    let _ = writeln!(out, "  {}: {} ({presence}{null})", f.wire, ty(&api, &f.of.ty));
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
      kind: #/components/schemas/Cat/properties/kind (required)
    Part { parent: TypeId(0), part: "kind" } at #/components/schemas/Cat/properties/kind
      one of cat
    Component("Dog") at #/components/schemas/Dog
      kind: #/components/schemas/Dog/properties/kind (required)
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
    Part { parent: TypeId(1), part: "sku" } at #/components/schemas/Line/oneOf/0
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
    Part { parent: TypeId(7), part: "sku" } at #/components/schemas/Line/oneOf/0/x-ir-request
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
      kind: #/components/schemas/Cat/properties/kind (required)
      id: String (required)
      size: I64 (optional)
    Part { parent: TypeId(0), part: "kind" } at #/components/schemas/Cat/properties/kind
      one of cat
    Component("Dog") at #/components/schemas/Dog
      kind: #/components/schemas/Dog/properties/kind (required)
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
    Component("Fields") at #/components/schemas/Fields
      name: String (optional)
      further members: #/components/schemas/Fields/additionalProperties
    Part { parent: TypeId(1), part: "Value" } at #/components/schemas/Fields/additionalProperties
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
