//! Members that can have one value only, and those that are there for the sake of a discriminator.

use super::{both_ways, ir_of};

#[test]
fn what_can_only_be_null_has_one_value() {
    insta::assert_snapshot!(ir_of(
        "3.1.0",
        " {}",
        "    Gone: {type: 'null'}
    Ship:
      type: object
      required: [end, gone, port, word]
      properties: {end: {const: null}, gone: {$ref: '#/components/schemas/Gone'}, port: {}, word: {enum: ['null', null]}, late: {const: null}}
"
    ), @r#"
    Component("Ship") at #/components/schemas/Ship
      end: any (required, nullable, `null`)
      gone: any (required, nullable, `null`)
      port: any (required)
      word: #/components/schemas/Ship/properties/word (required, nullable)
      late: any (optional, nullable)
    Part { parent: TypeId(0), part: "word" } at #/components/schemas/Ship/properties/word
      one of null
    "#);
}

#[test]
fn a_discriminator_that_nothing_declares_is_a_member_all_the_same() {
    insta::assert_snapshot!(ir_of(
        "3.0.3",
        &both_ways("{$ref: '#/components/schemas/Boat'}"),
        "    Boat: {type: object, discriminator: {propertyName: kind}, properties: {length: {type: integer}}}
    Sail: {allOf: [{$ref: '#/components/schemas/Boat'}, {type: object, properties: {masts: {type: integer}}}]}
    Car: {oneOf: [{$ref: '#/components/schemas/Van'}, {$ref: '#/components/schemas/Cab'}], discriminator: {propertyName: sort, mapping: {van: Van, bus: Van, cab: Cab}}}
    Van: {type: object, properties: {seats: {type: integer}}}
    Cab: {type: object, properties: {sort: {type: string, readOnly: true}, fare: {type: integer}}}
"
    ), @r#"
    Component("Boat") at #/components/schemas/Boat
      | #/components/schemas/Boat/x-ir-base Some(("kind", ["Boat"]))
      | #/components/schemas/Sail Some(("kind", ["Sail"]))
    Part { parent: TypeId(0), part: "Base" } at #/components/schemas/Boat/x-ir-base
      length: I64 (optional)
      kind: String (optional, `Boat`)
    Component("Sail") at #/components/schemas/Sail
      length: I64 (optional)
      masts: I64 (optional)
      kind: String (optional, `Sail`)
    Component("Car") at #/components/schemas/Car
      | #/components/schemas/Van Some(("sort", ["van", "bus"]))
      | #/components/schemas/Cab Some(("sort", ["cab"]))
    Component("Van") at #/components/schemas/Van
      seats: I64 (optional)
      sort: String (optional)
    Component("Cab") at #/components/schemas/Cab
      sort: String (optional, `cab`)
      fare: I64 (optional)
    send takes #/components/schemas/Boat 200 #/components/schemas/Boat
    "#);
}

#[test]
fn what_has_one_value_each_is_not_the_same() {
    insta::assert_snapshot!(ir_of(
        "3.1.0",
        "
  /x:
    get:
      operationId: look
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object, required: [ok], properties: {ok: {const: true}}}}}}
        '400': {description: no, content: {application/json: {schema: {type: object, required: [ok], properties: {ok: {const: false}}}}}}",
        "    Reply:
      oneOf:
        - {type: object, required: [ok, text], properties: {ok: {const: true}, text: {type: string}}}
        - {type: object, required: [ok, text], properties: {ok: {const: false}, text: {type: string}}}
        - {type: object, required: [ok, text], properties: {ok: {type: boolean, const: true}, text: {type: string}}}
"
    ), @r#"
    Component("Reply") at #/components/schemas/Reply
      | #/components/schemas/Reply/oneOf/0 None
      | #/components/schemas/Reply/oneOf/1 None
    Part { parent: TypeId(0), part: "ok" } at #/components/schemas/Reply/oneOf/0
      ok: Bool (required, `true`)
      text: String (required)
    Part { parent: TypeId(0), part: "ok" } at #/components/schemas/Reply/oneOf/1
      ok: Bool (required, `false`)
      text: String (required)
    Operation { operation: 0, part: "Response" } at #/paths/~1x/get/responses/200/content/application~1json/schema
      ok: Bool (required, `true`)
    Operation { operation: 0, part: "Error 400" } at #/paths/~1x/get/responses/400/content/application~1json/schema
      ok: Bool (required, `false`)
    look 200 #/paths/~1x/get/responses/200/content/application~1json/schema 400 #/paths/~1x/get/responses/400/content/application~1json/schema
    "#);
}

#[test]
fn what_several_parts_say_is_joined() {
    insta::assert_snapshot!(ir_of(
        "3.1.0",
        " {}",
        "    Yes: {const: true}
    Text: {enum: [a]}
    Both:
      required: [first, last, behind, other, text]
      allOf:
        - {type: object, properties: {first: {const: true}, last: {type: boolean}, behind: {$ref: '#/components/schemas/Yes', description: siblings}}}
        - {type: object, properties: {first: {type: boolean}, last: {const: true}, other: {const: null}, text: {$ref: '#/components/schemas/Text'}}}
        - {type: object, properties: {other: {type: string}, text: {type: string}}}
    Parted:
      required: [in_parts]
      type: object
      properties: {in_parts: {allOf: [{type: boolean}, {enum: [true]}]}}
    Choices:
      type: object
      required: [always, both, same, loose]
      properties: {always: {const: true}}
      oneOf:
        - {type: object, properties: {always: {type: boolean}, both: {const: true}, same: {const: true}}}
        - {type: object, properties: {both: {const: false}, same: {const: true}}}
      anyOf:
        - {anyOf: [{type: object, properties: {loose: {const: true}}}, {type: object, properties: {loose: {const: false}}}]}
        - {type: object, properties: {both: {const: true}}}
"
    ), @r#"
    Component("Text") at #/components/schemas/Text
      one of a
    Component("Both") at #/components/schemas/Both
      first: Bool (required, `true`)
      last: Bool (required, `true`)
      behind: Bool (required, `true`)
      other: String (required)
      text: #/components/schemas/Text (required, `a`)
    Component("Parted") at #/components/schemas/Parted
      in_parts: Bool (required, `true`)
    Component("Choices") at #/components/schemas/Choices
      always: Bool (required, `true`)
      both: Bool (required)
      same: Bool (required, `true`)
      loose: Bool (required)
    "#);
}

#[test]
fn a_discriminator_goes_along_where_a_server_takes_it() {
    insta::assert_snapshot!(ir_of(
        "3.0.3",
        "
  /x:
    post: {operationId: send, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Car'}}}}}
    put: {operationId: alone, requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Van'}}}}}}
    patch: {operationId: open, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Bus'}}}}}",
        "    Car: {oneOf: [{$ref: '#/components/schemas/Van'}, {$ref: '#/components/schemas/Cab'}, {$ref: '#/components/schemas/Bus'}, {$ref: '#/components/schemas/Any'}], discriminator: {propertyName: sort}}
    Van: {type: object, properties: {seats: {type: integer}}, additionalProperties: false}
    Cab: {allOf: [{type: object, properties: {fare: {type: integer}}, additionalProperties: false}, {type: object, properties: {meter: {type: integer}}}]}
    Bus: {type: object, properties: {line: {type: integer}}}
    Any: {type: object}
"
    ), @r#"
    Component("Car") at #/components/schemas/Car
      | #/components/schemas/Van Some(("sort", ["Van"]))
      | #/components/schemas/Cab Some(("sort", ["Cab"]))
      | #/components/schemas/Bus Some(("sort", ["Bus"]))
      | map of any Some(("sort", ["Any"]))
    Component("Van") at #/components/schemas/Van
      seats: I64 (optional)
      sort: String (optional)
    Component("Cab") at #/components/schemas/Cab
      fare: I64 (optional)
      meter: I64 (optional)
      sort: String (optional, `Cab`)
    Component("Bus") at #/components/schemas/Bus
      line: I64 (optional)
      sort: String (optional, `Bus`)
    alone takes [#/components/schemas/Van]
    send takes #/components/schemas/Car
    open takes #/components/schemas/Bus
    N0358: a discriminator needs `sort`, which the schema does not allow: the schema is used outside the choice too, so it is sent only where the caller sets it
    N0358: a discriminator needs `sort`, which the schema does not allow: it is sent all the same
    N0358: the branch declares no members, so `sort` is not sent unless the caller gives it
    "#);
}
