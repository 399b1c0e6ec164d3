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
