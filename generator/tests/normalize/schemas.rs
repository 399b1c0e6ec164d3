//! One schema in, one schema out: null, types, unions, constants, tuples and all the keywords of 3.1.

use serde_json::{Value, json};

use super::read::run;

fn document(version: &str, schema: &Value) -> Value {
    json!({"openapi": version, "components": {"schemas": {"A": {"type": "object"}, "NullOnly": {"enum": [null]}, "X": schema}}})
}

fn shaped(version: &str, schema: &Value) -> (Value, Vec<String>) {
    let (out, said) = run(&document(version, schema));
    (out["components"]["schemas"]["X"].clone(), said)
}

/// Every row holds for 3.1 and, since nothing else can be meant, for 3.0 as well.
fn table(rows: &[(Value, Value)]) {
    for (schema, expected) in rows {
        for version in ["3.1.0", "3.0.3"] {
            let (found, _) = shaped(version, schema);
            assert_eq!(&found, expected, "{version}: {schema}");
        }
    }
}

#[test]
fn null_is_a_flag() {
    table(&[
        (json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true})),
        (
            json!({"type": ["null", "integer"], "format": "int64"}),
            json!({"type": "integer", "nullable": true, "format": "int64"}),
        ),
        (json!({"type": ["string"]}), json!({"type": "string"})),
        (json!({"type": ["string", "string"]}), json!({"type": "string"})),
        (json!({"type": "null"}), json!({"nullable": true, "x-ir-null": true})),
        (json!({"type": ["null"]}), json!({"nullable": true, "x-ir-null": true})),
        (json!({"type": "string", "nullable": true}), json!({"type": "string", "nullable": true})),
        (json!({"type": "string", "enum": ["a", null]}), json!({"type": "string", "enum": ["a"], "nullable": true})),
        (
            json!({"type": "string", "nullable": false, "enum": ["a", null]}),
            json!({"type": "string", "enum": ["a"], "nullable": true}),
        ),
        (json!({"type": "string", "enum": ["a", "null"]}), json!({"type": "string", "enum": ["a", "null"]})),
        (json!({"type": "string", "enum": [null]}), json!({"nullable": true, "x-ir-null": true})),
        (json!({"const": null}), json!({"nullable": true, "x-ir-null": true})),
        (
            json!({"type": "string", "x-nullable": true}),
            json!({"type": "string", "x-nullable": true, "nullable": true}),
        ),
        (
            json!({"type": "string", "x-nullable": true, "nullable": false}),
            json!({"type": "string", "x-nullable": true, "nullable": false}),
        ),
    ]);
}

#[test]
fn null_branches_leave_the_union() {
    let a = json!({"$ref": "#/components/schemas/A"});
    table(&[
        (json!({"oneOf": [a, {"type": "null"}]}), json!({"allOf": [a], "nullable": true})),
        (
            json!({"anyOf": [{"type": "null"}, a], "description": "d"}),
            json!({"allOf": [a], "nullable": true, "description": "d"}),
        ),
        (json!({"oneOf": [a, {"$ref": "#/components/schemas/NullOnly"}]}), json!({"allOf": [a], "nullable": true})),
        (json!({"oneOf": [a, {"enum": [null]}]}), json!({"allOf": [a], "nullable": true})),
        (json!({"oneOf": [a, {"const": null}]}), json!({"allOf": [a], "nullable": true})),
        (json!({"oneOf": [a, {"nullable": true}]}), json!({"allOf": [a], "nullable": true})),
        (
            json!({"anyOf": [{"type": "string", "format": "date", "title": "inner"}, {"type": "null"}], "title": "T"}),
            json!({"type": "string", "format": "date", "title": "T", "nullable": true}),
        ),
        (
            json!({"type": "object", "anyOf": [{"required": ["a"]}, {"type": "null"}]}),
            json!({"type": "object", "allOf": [{"required": ["a"]}], "nullable": true}),
        ),
        (
            json!({"allOf": [{"title": "z"}], "anyOf": [a, {"type": "null"}]}),
            json!({"allOf": [{"title": "z"}, a], "nullable": true}),
        ),
        (
            json!({"oneOf": [a, {"type": "null"}, {"type": "string"}]}),
            json!({"oneOf": [a, {"type": "string"}], "nullable": true}),
        ),
        (json!({"oneOf": [{"type": "null"}, {"const": null}]}), json!({"nullable": true, "x-ir-null": true})),
        (json!({"oneOf": [a, {"type": "string"}]}), json!({"oneOf": [a, {"type": "string"}]})),
        // null inside of a union inside of a union
        (
            json!({"anyOf": [{"oneOf": [{"type": "string"}, {"type": "null"}]}, {"type": "null"}]}),
            json!({"type": "string", "nullable": true}),
        ),
    ]);
}

#[test]
fn several_types_become_branches() {
    table(&[
        (json!({"type": ["string", "integer"]}), json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})),
        (
            json!({"type": ["string", "number", "null"], "description": "d", "minLength": 1, "minimum": 2, "format": "uuid"}),
            json!({
                "oneOf": [{"type": "string", "minLength": 1, "format": "uuid"}, {"type": "number", "minimum": 2}],
                "nullable": true, "description": "d"
            }),
        ),
        (
            json!({"type": ["array", "object"], "items": {"type": "string"}, "properties": {"a": {}}, "required": ["a"], "additionalProperties": false}),
            json!({
                "oneOf": [
                    {"type": "array", "items": {"type": "string"}},
                    {"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": false}
                ]
            }),
        ),
        (
            json!({"type": ["string", "integer"], "enum": ["a", 1, "b", null]}),
            json!({
                "oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "integer", "enum": [1]}],
                "nullable": true
            }),
        ),
        (json!({"type": ["string", "integer"], "enum": ["a", "b"]}), json!({"type": "string", "enum": ["a", "b"]})),
        (json!({"type": ["integer", "number"]}), json!({"type": "number"})),
        (json!({"type": ["string", "number", "boolean", "array", "object", "null"]}), json!({"nullable": true})),
        (
            json!({"type": ["string", "object"], "oneOf": [{"type": "string"}, {"type": "object"}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "object"}]}),
        ),
        // a keyword of a type that is not listed has no effect
        (
            json!({"type": ["string", "boolean"], "properties": {"a": {}}}),
            json!({"oneOf": [{"type": "string"}, {"type": "boolean"}]}),
        ),
    ]);
}

#[test]
fn constants() {
    table(&[
        (json!({"const": "a"}), json!({"enum": ["a"], "type": "string"})),
        (json!({"type": "string", "const": "a"}), json!({"type": "string", "enum": ["a"]})),
        (json!({"const": 3}), json!({"enum": [3], "type": "integer"})),
        (json!({"const": 2.5}), json!({"enum": [2.5], "type": "number"})),
        (json!({"const": false}), json!({"enum": [false], "type": "boolean"})),
        (json!({"const": {"a": 1}}), json!({"enum": [{"a": 1}]})),
        (json!({"const": "a", "enum": ["a", "b"]}), json!({"enum": ["a"], "type": "string"})),
        (json!({"type": ["string", "null"], "const": "a"}), json!({"type": "string", "nullable": true, "enum": ["a"]})),
    ]);
}

#[test]
fn bounds_examples_content() {
    table(&[
        (json!({"exclusiveMinimum": 1}), json!({"minimum": 1, "exclusiveMinimum": true})),
        (json!({"exclusiveMaximum": 9, "maximum": 10}), json!({"maximum": 9, "exclusiveMaximum": true})),
        (json!({"exclusiveMaximum": 9, "maximum": 8}), json!({"maximum": 8})),
        (json!({"exclusiveMinimum": 1, "minimum": 5}), json!({"minimum": 5})),
        (json!({"minimum": 1, "exclusiveMinimum": true}), json!({"minimum": 1, "exclusiveMinimum": true})),
        (json!({"examples": ["a"]}), json!({"example": "a"})),
        (json!({"examples": []}), json!({})),
        (json!({"examples": ["a", "b"]}), json!({"example": "a", "x-ir-examples": ["a", "b"]})),
        (json!({"example": "z", "examples": ["a", "b"]}), json!({"example": "z", "x-ir-examples": ["a", "b"]})),
        (json!({"type": "string", "contentEncoding": "base64"}), json!({"type": "string", "format": "byte"})),
        (json!({"type": "string", "contentEncoding": "base64url"}), json!({"type": "string"})),
        (
            json!({"contentMediaType": "image/png"}),
            json!({"type": "string", "format": "binary", "x-ir-media-type": "image/png"}),
        ),
        (
            json!({"contentMediaType": "image/png", "contentEncoding": "base64"}),
            json!({"type": "string", "format": "byte", "x-ir-media-type": "image/png"}),
        ),
        (
            json!({"type": "string", "contentMediaType": "application/json"}),
            json!({"type": "string", "x-ir-media-type": "application/json"}),
        ),
        (
            json!({"type": ["string", "null"], "contentMediaType": "application/octet-stream"}),
            json!({"type": "string", "nullable": true, "format": "binary", "x-ir-media-type": "application/octet-stream"}),
        ),
    ]);
}

#[test]
fn boolean_schemas() {
    table(&[
        (json!({"properties": {"a": true}}), json!({"properties": {"a": {}}})),
        (json!({"properties": {"a": false}}), json!({"properties": {"a": {"not": {}}}})),
        (json!({"items": true}), json!({"items": {}})),
        (json!({"additionalProperties": false}), json!({"additionalProperties": false})),
        (json!({"additionalProperties": true}), json!({"additionalProperties": true})),
        (json!({"oneOf": [true]}), json!({"oneOf": [{}]})),
        (json!(true), json!({})),
    ]);
}

#[test]
fn tuples() {
    table(&[
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
            json!({
                "type": "array", "x-ir-tuple": [{"type": "string"}, {"type": "integer"}],
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}
            }),
        ),
        (
            json!({"prefixItems": [{"type": "number"}, {"type": "number"}]}),
            json!({"type": "array", "x-ir-tuple": [{"type": "number"}, {"type": "number"}], "items": {"type": "number"}}),
        ),
        (
            json!({"type": "array", "items": [{"const": "a"}], "additionalItems": {"type": "string"}}),
            json!({
                "type": "array", "x-ir-tuple": [{"enum": ["a"], "type": "string"}],
                "x-ir-tuple-rest": {"type": "string"},
                "items": {"anyOf": [{"enum": ["a"], "type": "string"}, {"type": "string"}]}
            }),
        ),
        (json!({"type": "array", "prefixItems": []}), json!({"type": "array"})),
    ]);
}

#[test]
fn pattern_properties() {
    table(&[
        (
            json!({"type": "object", "patternProperties": {"^a": {"type": ["string", "null"]}}}),
            json!({"type": "object", "additionalProperties": {"type": "string", "nullable": true}}),
        ),
        (
            json!({"patternProperties": {"^a": {}}, "additionalProperties": false}),
            json!({"type": "object", "additionalProperties": {}}),
        ),
        (
            json!({"type": "object", "patternProperties": {"^a": {"const": 1}, "^b": true}, "additionalProperties": false}),
            json!({
                "type": "object", "additionalProperties": {},
                "x-ir-pattern-properties": {"^a": {"enum": [1], "type": "integer"}, "^b": {}}
            }),
        ),
        (
            json!({"type": "object", "patternProperties": {"^a": {}}, "additionalProperties": {"type": "string"}}),
            json!({"type": "object", "x-ir-pattern-properties": {"^a": {}}, "additionalProperties": {}}),
        ),
        (
            json!({
                "patternProperties": {"^a": {"type": "integer"}, "^b": {"type": "string"}, "^c": {"type": "integer"}}
            }),
            json!({
                "type": "object", "additionalProperties": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
                "x-ir-pattern-properties": {"^a": {"type": "integer"}, "^b": {"type": "string"}, "^c": {"type": "integer"}}
            }),
        ),
        (
            json!({"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": true}),
            json!({
                "type": "object", "additionalProperties": true, "x-ir-pattern-properties": {"^a": {"type": "integer"}}
            }),
        ),
        (json!({"type": "object", "patternProperties": {}}), json!({"type": "object"})),
    ]);
}

#[test]
fn what_is_not_expressed_is_said_once_a_kind() {
    let schema = json!({
        "type": "object", "$id": "urn:x",
        "if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {},
        "properties": {"p": {"if": {}, "type": "string"}, "q": {"$dynamicRef": "#node"}},
        "unevaluatedProperties": false, "dependentSchemas": {"a": {}}, "propertyNames": {"pattern": "^a"}, "contains": {}
    });
    let (found, mut said) = shaped("3.1.0", &schema);
    said.sort();
    assert_eq!(found, json!({"type": "object", "properties": {"p": {"type": "string"}, "q": {"$ref": "#node"}}}));
    let x = "#/components/schemas/X";
    let mut expected = [
        format!("N0202 {x}/if: `if` is not expressed in the generated types (2 places, this is the first)"),
        format!("N0202 {x}/then: `then` is not expressed in the generated types"),
        format!("N0202 {x}/else: `else` is not expressed in the generated types"),
        format!("N0202 {x}/unevaluatedProperties: `unevaluatedProperties` is not expressed in the generated types"),
        format!("N0202 {x}/dependentSchemas: `dependentSchemas` is not expressed in the generated types"),
        format!("N0202 {x}/propertyNames: `propertyNames` is not expressed in the generated types"),
        format!("N0202 {x}/contains: `contains` is not expressed in the generated types"),
    ];
    expected.sort();
    assert_eq!(said, expected);
}

#[test]
fn newer_keywords_in_an_older_document_are_noted() {
    let schema = json!({"type": ["string", "null"], "properties": {"a": {"const": 1}, "b": {"const": 2}}});
    let (_, said) = shaped("3.0.0", &schema);
    assert_eq!(
        said,
        [
            "N0206 #/components/schemas/X/properties/a: `const` came with OpenAPI 3.1; read as meant there (2 places, this is the first)",
            "N0206 #/components/schemas/X: a list of types came with OpenAPI 3.1; read as meant there",
        ]
    );
    assert_eq!(shaped("3.1.0", &schema).1, [""; 0]);
}

#[test]
fn types_that_are_none() {
    let (found, said) = shaped("3.1.0", &json!({"type": ["string", "date", 3]}));
    assert_eq!(found, json!({"type": "string"}));
    assert_eq!(
        said,
        [
            "W0204 #/components/schemas/X/type: `date` is not a type",
            "W0204 #/components/schemas/X/type: a number is not a type",
        ]
    );
    let (found, said) = shaped("3.1.0", &json!({"type": {"a": 1}, "title": "t"}));
    assert_eq!(found, json!({"title": "t"}));
    assert_eq!(said, ["W0204 #/components/schemas/X/type: `type` is an object, not a type"]);
}

#[test]
fn a_type_of_yaml_null_is_the_type_null() {
    let (found, _) = shaped("3.1.0", &json!({"oneOf": [{"type": "string"}, {"type": null}]}));
    assert_eq!(found, json!({"type": "string", "nullable": true}));
    let (found, _) = shaped("3.0.0", &json!({"type": null, "properties": {}}));
    assert_eq!(found, json!({"properties": {}}));
}

#[test]
fn discriminator_text_becomes_an_object() {
    table(&[(json!({"discriminator": "kind"}), json!({"discriminator": {"propertyName": "kind"}}))]);
}

#[test]
fn a_boolean_required_is_left_out() {
    let (found, said) =
        shaped("3.0.0", &json!({"type": "object", "properties": {"a": {"type": "string", "required": true}}}));
    assert_eq!(found, json!({"type": "object", "properties": {"a": {"type": "string"}}}));
    assert_eq!(
        said,
        [
            "W0201 #/components/schemas/X/properties/a: `required` of a schema is a list of property names; a boolean is left out"
        ]
    );
}

#[test]
fn what_is_no_keyword_is_said_once_a_name() {
    let schema = json!({
        "type": "object", "nulable": true, "x-nulable": true,
        "properties": {"a": {"type": "string", "nulable": true}, "nulable": {"type": "string", "minLenght": 1}},
        "example": {"nulable": 1}, "default": {"minLenght": 1}, "uniqueItems": false, "xml": {}
    });
    let (_, said) = shaped("3.0.3", &schema);
    let x = "#/components/schemas/X";
    assert_eq!(
        said,
        [
            format!(
                "N0211 {x}/nulable: `nulable` is no keyword of Schema objects in OpenAPI 3.0 (2 places, this is the first)"
            ),
            format!(
                "N0211 {x}/properties/nulable/minLenght: `minLenght` is no keyword of Schema objects in OpenAPI 3.0"
            ),
        ]
    );
}

#[test]
fn a_gap_that_says_nothing_is_not_said() {
    for (schema, codes) in [
        (json!({"xml": {}, "$recursiveAnchor": false, "dependentSchemas": {}}), vec![]),
        (json!({"xml": {"name": "a"}, "not": {}, "unevaluatedItems": false}), vec!["N0202", "N0202", "N0210"]),
        // Nothing is looked for in the part that is reported as a whole.
        (json!({"if": {"contains": {}, "tpye": 1}}), vec!["N0202"]),
    ] {
        let (_, said) = shaped("3.1.0", &schema);
        let mut found: Vec<&str> = said.iter().filter_map(|s| s.split(' ').next()).collect();
        found.sort_unstable();
        assert_eq!(found, codes, "{schema}: {said:?}");
    }
}
