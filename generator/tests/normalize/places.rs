//! Places: what references say about nodes outside of the grammar, reserved keys, versions, odd shapes.

use generator::base::codes::normalize::CODES;
use generator::document::normalize::Version;
use serde_json::{Value, json};

use super::read::{run, run_node, value};

#[test]
fn what_is_referred_to_is_what_the_reference_asks_for() {
    let wrapped = json!({"allOf": [{"$ref": "#/x-bundled/0"}], "description": "d"});
    let used = json!({"$ref": "#/x-bundled/0", "description": "d"});
    let (out, said) = run(&json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"$ref": "#/x-bundled/1"}},
        "x-bundled": {
            "0": {"type": ["string", "null"]},
            "1": {"get": {"parameters": [{"$ref": "#/x-bundled/2"}], "responses": {"200": {"$ref": "#/x-bundled/3"}}}},
            "2": {"name": "p", "in": "query", "schema": used},
            "3": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/x-bundled/4/Pet"}}}},
            "4": {"Pet": {"properties": {"a": used}}, "note": {"type": ["string", "null"]}}
        }
    }));
    assert_eq!(said, [""; 0]);
    let bundled = &out["x-bundled"];
    assert_eq!(bundled["0"], json!({"type": "string", "nullable": true}));
    assert_eq!(bundled["2"]["schema"], wrapped);
    assert_eq!(bundled["4"]["Pet"]["properties"]["a"], wrapped);
    // nobody refers to it: it is not known to be a schema
    assert_eq!(bundled["4"]["note"], json!({"type": ["string", "null"]}));
    assert_eq!(out["paths"]["/a"]["get"]["parameters"][0], json!({"$ref": "#/x-bundled/2"}));
}

#[test]
fn styles_of_parts_came_with_3_1() {
    let encoding =
        json!({"a": {"style": "form", "explode": false, "contentType": "text/csv"}, "b": {"allowReserved": true}});
    let document = |version: &str, media: &str| json!({"openapi": version, "paths": {"/a": {"post": {"requestBody": {"content": {media: {"encoding": encoding}}}}}}});
    let encoded =
        |out: &Value, media: &str| out["paths"]["/a"]["post"]["requestBody"]["content"][media]["encoding"].clone();
    let form = "application/x-www-form-urlencoded";
    for (version, media) in [("3.1.0", "multipart/form-data"), ("3.2.0", "multipart/form-data"), ("3.0.3", form)] {
        let (out, said) = run(&document(version, media));
        assert_eq!((encoded(&out, media), said.as_slice()), (encoding.clone(), [].as_slice()), "{version}");
    }
    let (out, said) = run(&document("3.0.3", "multipart/form-data"));
    assert_eq!(encoded(&out, "multipart/form-data"), json!({"a": {"contentType": "text/csv"}, "b": {}}));
    let at = "N0341 #/paths/~1a/post/requestBody/content/multipart~1form-data/encoding";
    let ignored = "of a part came with OpenAPI 3.1: ignored, as 3.0 says";
    assert_eq!(
        said,
        [
            format!("{at}/a/style: `style` {ignored}"),
            format!("{at}/a/explode: `explode` {ignored}"),
            format!("{at}/b/allowReserved: `allowReserved` {ignored}"),
        ]
    );
}

#[test]
fn schemas_kept_in_odd_places_are_found() {
    let (out, _) = run(&json!({
        "openapi": "3.0.0",
        "x-models": {"P": {"const": 1}},
        "definitions": {"D": {"const": 2}},
        "components": {"schemas": {
            "X": {"$defs": {"Y": {"const": 3}}, "oneOf": [{"$ref": "#/x-models/P"}, {"$ref": "#/components/schemas/X/$defs/Y"}]}
        }}
    }));
    assert_eq!(out["x-models"]["P"]["enum"], json!([1]));
    assert_eq!(out["definitions"]["D"]["enum"], json!([2]));
    assert_eq!(out["components"]["schemas"]["X"]["$defs"]["Y"]["enum"], json!([3]));
}

#[test]
fn reserved_keys_are_stripped() {
    let schema = json!({"type": "string", "x-ir-const": "a", "x-ir-null": true, "x-other": 1});
    for version in [json!({"openapi": "3.0.0"}), json!({"swagger": "2.0"})] {
        let mut document = version;
        let two = document.get("swagger").is_some();
        document["x-ir-version"] = json!("9");
        document["paths"] = json!({"/a": {"get": {"x-ir-a": 1, "responses": {"x-ir-200": {"description": ""}}}}});
        if two {
            document["definitions"] = json!({"X": schema});
        } else {
            document["components"] = json!({"schemas": {"X": schema}});
        }
        let (out, said) = run(&document);
        assert_eq!(out["components"]["schemas"]["X"], json!({"type": "string", "x-other": 1}));
        assert_eq!(out["paths"]["/a"]["get"]["x-ir-a"], Value::Null);
        assert_eq!(out["x-ir-version"], Value::Null);
        assert_eq!(said.iter().filter(|s| s.starts_with("N0201")).count(), 4, "{said:?}");
    }
}

#[test]
fn versions() {
    for (document, version) in [
        (json!({"openapi": "3.0.4"}), Version::V30),
        (json!({"openapi": 3.0}), Version::V30),
        (json!({"openapi": "3.1.1"}), Version::V31),
        (json!({"openapi": "3.2.0"}), Version::V32),
        (json!({"swagger": "2.0"}), Version::Swagger2),
        (json!({"swagger": 2.0}), Version::Swagger2),
    ] {
        let (out, said) = run_node(value(&document));
        assert_eq!(out.version, version, "{document}");
        assert_eq!(out.root.get("openapi").unwrap().as_str(), Some("3.0.3"));
        assert!(out.root.get("swagger").is_none());
        assert_eq!(said, [""; 0], "{document}");
    }
    for (document, version, message) in [
        (json!({"openapi": "4.0.0"}), Version::V32, "W0202 #: version `4.0.0` is unknown; read as OpenAPI 3.2"),
        (json!({"paths": {}}), Version::V30, "W0202 #: the document does not say its version; read as OpenAPI 3.0"),
        (
            json!({"definitions": {}}),
            Version::Swagger2,
            "W0202 #: the document does not say its version; read as Swagger 2.0",
        ),
        (json!({"openapi": []}), Version::V30, "W0202 #: the document does not say its version; read as OpenAPI 3.0"),
    ] {
        let (out, said) = run_node(value(&document));
        assert_eq!((out.version, said), (version, vec![message.to_owned()]), "{document}");
    }
}

#[test]
fn a_document_that_is_no_object() {
    for document in [json!([1]), json!("a"), json!(null)] {
        let (_, said) = run(&document);
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("E0201: the document is "), "{said:?}");
    }
}

#[test]
fn what_came_with_3_2_is_said() {
    let (_, said) = run(&json!({
        "openapi": "3.2.0",
        "paths": {"/a": {
            "query": {"responses": {"200": {"content": {"text/event-stream": {"itemSchema": {"type": "string"}}}}}}
        }}
    }));
    assert_eq!(
        said,
        [
            "W0206 #/paths/~1a/query/responses/200/content/text~1event-stream/itemSchema: `itemSchema` of OpenAPI 3.2 is not generated",
        ]
    );
}

#[test]
fn odd_shapes_are_said_and_left() {
    let document = json!({
        "openapi": "3.0.0",
        "paths": {"/a": "text", "/b": {"get": {"parameters": {"p": 1}, "responses": [1]}, "parameters": [3]}, "/c": null},
        "components": {"schemas": {
            "A": "text", "B": {"properties": [1]}, "C": {"allOf": {}}, "D": {"items": "x"}, "E": null, "F": {"properties": null}
        }}
    });
    let (out, mut said) = run(&document);
    said.sort();
    assert_eq!(
        said,
        [
            "N0207 #/components/schemas/E: the member has no value; read as empty (3 places, this is the first)",
            "W0201 #/components/schemas/A: expected a schema, found a string",
            "W0201 #/components/schemas/B/properties: expected a mapping, found an array",
            "W0201 #/components/schemas/C/allOf: expected a list, found an object",
            "W0201 #/components/schemas/D/items: expected a schema, found a string",
            "W0201 #/paths/~1a: expected an object, found a string",
            "W0201 #/paths/~1b/get/parameters: expected a list, found an object",
            "W0201 #/paths/~1b/get/responses: expected a mapping, found an array",
            "W0201 #/paths/~1b/parameters/0: expected an object, found a number",
        ]
    );
    assert_eq!(out["components"]["schemas"]["E"], json!({}));
    assert_eq!(out["components"]["schemas"]["F"], json!({"properties": {}}));
    assert_eq!(out["components"]["schemas"]["A"], "text");
}

/// Every member of a document, one at a time, replaced by something of another kind: nothing panics.
#[test]
fn no_shape_panics() {
    let three = json!({
        "openapi": "3.1.0", "webhooks": {"w": {"post": {}}},
        "paths": {"/a": {"$ref": "#/components/pathItems/P"}, "/b": {"parameters": [{"name": "a", "in": "query", "schema": {"type": ["string", "null"]}}],
            "post": {"requestBody": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/X", "title": "t"}, "encoding": {"a": {"headers": {}}}}}},
                "responses": {"200": {"headers": {"h": {"schema": {"const": 1}}}}}}}},
        "components": {"pathItems": {"P": {"get": {}}}, "schemas": {"X": {
            "type": ["string", "array", "null"], "enum": ["a", null], "const": "a", "prefixItems": [{}], "items": {"type": "null"},
            "patternProperties": {"^a": {}}, "additionalProperties": {}, "examples": [1, 2], "exclusiveMinimum": 1, "minimum": 0,
            "contentEncoding": "base64", "contentMediaType": "a/b", "oneOf": [{"type": "null"}, {}], "anyOf": [{"type": "null"}],
            "allOf": [{}], "$ref": "#/components/schemas/X", "discriminator": {"propertyName": "a", "mapping": {"a": "#/components/schemas/X"}},
            "required": ["a"], "nullable": true, "x-nullable": true, "if": {}, "$id": "a", "properties": {"a": true}
        }}}
    });
    let two = json!({
        "swagger": "2.0", "host": "h", "basePath": "/b", "schemes": ["https"], "consumes": ["a/b"], "produces": ["a/b"],
        "parameters": {"B": {"name": "b", "in": "body", "schema": {"type": "file"}}, "F": {"name": "f", "in": "formData", "type": "file"}},
        "responses": {"R": {"description": "", "schema": {}, "examples": {"a/b": 1}, "headers": {"h": {"type": "array", "items": {"type": "string"}}}}},
        "securityDefinitions": {"b": {"type": "basic"}, "o": {"type": "oauth2", "flow": "implicit", "scopes": {}}},
        "paths": {"/a": {"parameters": [{"$ref": "#/parameters/B"}, {"$ref": "#/parameters/F"}],
            "post": {"schemes": ["http"], "consumes": [], "produces": ["c/d"],
                "parameters": [{"name": "q", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "tsv"}],
                "responses": {"200": {"$ref": "#/responses/R"}, "default": {"description": "", "schema": {"$ref": "#/definitions/X"}}}}}},
        "definitions": {"X": {"discriminator": "a", "x-nullable": true, "properties": {"a": {"$ref": "#/definitions/X"}}}}
    });
    let mut tried = 0;
    for document in [three, two] {
        let mut places = Vec::new();
        collect(&document, String::new(), &mut places);
        for place in &places {
            for odd in [
                json!(null),
                json!(true),
                json!(1),
                json!("text"),
                json!([]),
                json!([[1]]),
                json!({}),
                json!({"$ref": "#"}),
                json!({"$ref": 1}),
            ] {
                let mut broken = document.clone();
                *broken.pointer_mut(place).unwrap() = odd;
                let (out, _) = run(&broken);
                assert!(!out.is_array() || place.is_empty());
                tried += 1;
            }
        }
    }
    assert!(tried > 1400, "{tried}");
}

fn collect(value: &Value, place: String, out: &mut Vec<String>) {
    match value {
        Value::Object(o) => {
            for (k, v) in o {
                collect(v, format!("{place}/{}", k.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Value::Array(a) => {
            for (i, v) in a.iter().enumerate() {
                collect(v, format!("{place}/{i}"), out);
            }
        }
        _ => {}
    }
    out.push(place);
}

#[test]
fn every_code_has_a_page() {
    for (code, title, page) in CODES {
        assert!(code.len() == 5 && &code[1..3] == "02", "{code}");
        assert!(!title.ends_with('.') && page.ends_with('.'), "{code}");
    }
    let mut codes: Vec<_> = CODES.iter().map(|c| c.0).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), CODES.len());
}
