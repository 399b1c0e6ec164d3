//! References: siblings, references where 3.0 allows none, and references into parts that move.

use serde_json::{Value, json};

use super::read::{run, without_gaps};

fn schema(schema: Value) -> Value {
    let (out, said) = run(&json!({"openapi": "3.0.3", "components": {"schemas": {"A": {}, "X": schema}}}));
    assert_eq!(without_gaps(said), [""; 0]);
    out["components"]["schemas"]["X"].clone()
}

#[test]
fn siblings_of_a_schema_reference_are_kept() {
    let a = json!({"$ref": "#/components/schemas/A"});
    let r = "#/components/schemas/A";
    for (given, expected) in [
        (json!({"$ref": r}), json!({"$ref": r})),
        (
            json!({"$ref": r, "nullable": true, "deprecated": true}),
            json!({"allOf": [a], "nullable": true, "deprecated": true}),
        ),
        (json!({"$ref": r, "description": "d"}), json!({"allOf": [a], "description": "d"})),
        (json!({"$ref": r, "x-nullable": true}), json!({"allOf": [a], "x-nullable": true, "nullable": true})),
        // what says nothing makes no wrapper
        (json!({"$ref": r, "nullable": false, "x-order": 1}), json!({"$ref": r, "nullable": false, "x-order": 1})),
        (json!({"$ref": r, "allOf": [{"title": "t"}]}), json!({"allOf": [a, {"title": "t"}]})),
        // everywhere a schema may stand
        (json!({"items": {"$ref": r, "title": "t"}}), json!({"items": {"allOf": [a], "title": "t"}})),
        (
            json!({"properties": {"p": {"$ref": r, "title": "t"}}}),
            json!({"properties": {"p": {"allOf": [a], "title": "t"}}}),
        ),
        (
            json!({"additionalProperties": {"$ref": r, "title": "t"}}),
            json!({"additionalProperties": {"allOf": [a], "title": "t"}}),
        ),
        (json!({"not": {"$ref": r, "title": "t"}}), json!({"not": {"allOf": [a], "title": "t"}})),
        (json!({"oneOf": [{"$ref": r, "title": "t"}]}), json!({"oneOf": [{"allOf": [a], "title": "t"}]})),
        (json!({"allOf": [{"$ref": r, "title": "t"}]}), json!({"allOf": [{"allOf": [a], "title": "t"}]})),
    ] {
        assert_eq!(schema(given.clone()), expected, "{given}");
    }
}

#[test]
fn names_and_data_are_no_keywords() {
    // a property, an example, an enum value, a default, an extension, all called or holding `$ref` and the like
    let same = json!({
        "type": "object",
        "properties": {
            "$ref": {"type": "string"}, "type": {"type": "string"}, "const": {"type": "string"},
            "x-ir-const": {"type": "string"}, "nullable": {"type": "boolean"}, "definitions": {"type": "object"}
        },
        "example": {"$ref": "#/nowhere", "title": "t", "type": ["a", "b"], "x-ir-a": 1},
        "default": {"$ref": "#/nowhere", "const": 1},
        "enum": [{"$ref": "#/nowhere", "title": "t"}],
        "x-data": {"$ref": "#/nowhere", "title": "t", "type": ["string", "null"]}
    });
    assert_eq!(schema(same.clone()), same);
}

#[test]
fn siblings_in_parameters_bodies_and_headers() {
    let used = json!({"$ref": "#/components/schemas/A", "description": "d"});
    let wrapped = json!({"allOf": [{"$ref": "#/components/schemas/A"}], "description": "d"});
    let document = |s: &Value| {
        json!({
            "openapi": "3.0.3",
            "paths": {"/a": {
                "parameters": [{"name": "p", "in": "query", "schema": s}],
                "post": {
                    "parameters": [{"name": "q", "in": "query", "content": {"application/json": {"schema": s}}}],
                    "requestBody": {"content": {"multipart/form-data": {"schema": s, "encoding": {"f": {"headers": {"H": {"schema": s}}}}}}},
                    "responses": {"200": {"description": "", "headers": {"H": {"schema": s}}, "content": {"application/json": {"schema": s}}}},
                    "callbacks": {"c": {"{$request.body#/u}": {"post": {"requestBody": {"content": {"application/json": {"schema": s}}}}}}}
                }
            }},
            "components": {
                "schemas": {"A": {}},
                "parameters": {"P": {"name": "p", "in": "query", "schema": s}},
                "headers": {"H": {"schema": s}},
                "requestBodies": {"B": {"content": {"application/json": {"schema": s}}}},
                "responses": {"R": {"description": "", "content": {"application/json": {"schema": s}}}}
            }
        })
    };
    let (out, said) = run(&document(&used));
    assert_eq!(without_gaps(said), [""; 0]);
    assert_eq!(out, document(&wrapped));
}

#[test]
fn references_that_are_no_schemas_stand_alone() {
    let (out, said) = run(&json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {
            "parameters": [{"$ref": "#/components/parameters/P", "description": "d", "required": true}],
            "responses": {"200": {"$ref": "#/components/responses/R", "description": "d", "x-a": 1}}
        }}},
        "components": {"parameters": {"P": {"name": "p", "in": "query"}}, "responses": {"R": {"description": "r"}}}
    }));
    let get = &out["paths"]["/a"]["get"];
    assert_eq!(get["parameters"][0], json!({"$ref": "#/components/parameters/P"}));
    assert_eq!(get["responses"]["200"], json!({"$ref": "#/components/responses/R"}));
    assert_eq!(
        said,
        [
            "N0210 #/paths/~1a/get/parameters/0/description: `description` next to a reference is not used: what it refers to has words of its own (2 places, this is the first)",
            "N0204 #/paths/~1a/get/parameters/0: `required` next to a reference is ignored",
        ]
    );
}

#[test]
fn path_items_are_inlined() {
    let (out, said) = run(&json!({
        "openapi": "3.1.0",
        "paths": {
            "/a": {"$ref": "#/components/pathItems/P", "summary": "own"},
            "/b": {"$ref": "#/components/pathItems/Q"},
            "/c": {"$ref": "#/components/pathItems/Gone"},
            "/d": {"$ref": "#/paths/~1d"}
        },
        "components": {"pathItems": {
            "P": {"summary": "shared", "get": {"responses": {"200": {"content": {"a/b": {"schema": {"type": ["string", "null"]}}}}}}},
            "Q": {"$ref": "#/components/pathItems/P"}
        }}
    }));
    let schema = json!({"type": "string", "nullable": true});
    assert_eq!(out["paths"]["/a"]["summary"], "own");
    assert_eq!(out["paths"]["/b"]["summary"], "shared");
    for path in ["/a", "/b"] {
        assert_eq!(out["paths"][path]["get"]["responses"]["200"]["content"]["a/b"]["schema"], schema, "{path}");
    }
    assert_eq!(
        said,
        [
            "W0205 #/paths/~1c: `#/components/pathItems/Gone` points to nothing",
            "W0205 #/paths/~1d: `#/paths/~1d` leads back to itself",
        ]
    );
}

#[test]
fn whole_mappings_are_inlined() {
    let (out, said) = run(&json!({
        "openapi": "3.0.0",
        "components": {"schemas": {
            "A": {"type": "object", "properties": {"a": {"type": "string"}}},
            "B": {"type": "object", "properties": {"$ref": "#/components/schemas/A/properties"}},
            "Loop": {"type": "object", "properties": {"$ref": "#/components/schemas/Loop/properties"}}
        }}
    }));
    assert_eq!(out["components"]["schemas"]["B"]["properties"], json!({"a": {"type": "string"}}));
    assert!(
        said.contains(
            &"W0205 #/components/schemas/Loop/properties: `#/components/schemas/Loop/properties` leads back to itself"
                .to_owned()
        )
    );
}

#[test]
fn copies_that_double_are_stopped() {
    // every mapping holds the next one twice: 2^40 copies if nobody counts
    let mut schemas = serde_json::Map::new();
    for i in 0..40 {
        let next = format!("#/components/schemas/S{}/properties", i + 1);
        let inner = json!({"properties": {"$ref": next}});
        schemas.insert(format!("S{i}"), json!({"properties": {"a": inner, "b": inner}}));
    }
    schemas.insert("S40".to_owned(), json!({"properties": {"z": {}}}));
    let (out, said) = run(&json!({"openapi": "3.0.0", "components": {"schemas": schemas}}));
    assert_eq!(out["components"]["schemas"]["S39"]["properties"]["a"]["properties"], json!({"z": {}}));
    assert!(said.iter().any(|s| s.starts_with("W0205")), "{said:?}");
}

#[test]
fn references_follow_what_moves() {
    let pointer = |s: &str| format!("#/components/schemas/X/{s}");
    let (out, _) = run(&json!({
        "openapi": "3.1.0",
        "components": {"schemas": {
            "A": {},
            "X": {"properties": {
                "flat": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"in": {"type": "string"}}}]},
                "wrapped": {"type": "object", "anyOf": [{"type": "null"}, {"type": "object", "title": "w"}]},
                "left": {"oneOf": [{"type": "null"}, {"title": "one"}, {"title": "two"}]},
                "typed": {"type": ["array", "string"], "items": {"title": "item"}},
                "tuple": {"prefixItems": [{"title": "first"}]},
                "pattern": {"patternProperties": {"^a/": {"title": "p"}}},
                "both": {"anyOf": [{"type": "null"}, {"anyOf": [{"type": "null"}, {"title": "deep"}], "type": "object"}], "type": "object"}
            }},
            "Y": {"oneOf": [
                {"$ref": pointer("properties/flat/anyOf/1/properties/in")},
                {"$ref": pointer("properties/wrapped/anyOf/1")},
                {"$ref": pointer("properties/left/oneOf/2")},
                {"$ref": pointer("properties/typed/items")},
                {"$ref": pointer("properties/tuple/prefixItems/0")},
                {"$ref": pointer("properties/pattern/patternProperties/%5Ea~1")},
                {"$ref": pointer("properties/both/anyOf/1/anyOf/1")}
            ]}
        }}
    }));
    let places: Vec<&str> = out["components"]["schemas"]["Y"]["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["$ref"].as_str().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            pointer("properties/flat/properties/in"),
            pointer("properties/wrapped/allOf/0"),
            pointer("properties/left/oneOf/1"),
            pointer("properties/typed/oneOf/0/items"),
            pointer("properties/tuple/x-ir-tuple/0"),
            pointer("properties/pattern/additionalProperties"),
            pointer("properties/both/allOf/0/allOf/0"),
        ]
    );
    let titles: Vec<&Value> =
        places.iter().map(|p| &out.pointer(&p[1..]).unwrap_or_else(|| panic!("{p}"))["title"]).collect();
    assert_eq!(
        titles,
        [&Value::Null, &json!("w"), &json!("two"), &json!("item"), &json!("first"), &json!("p"), &json!("deep")]
    );
}

#[test]
fn a_reference_that_is_no_text() {
    let (out, said) = run(&json!({"openapi": "3.0.0", "components": {"schemas": {"X": {"$ref": 3, "title": "t"}}}}));
    assert_eq!(out["components"]["schemas"]["X"], json!({"$ref": 3, "title": "t"}));
    assert_eq!(said, ["W0201 #/components/schemas/X/$ref: expected a reference, found a number"]);
}
