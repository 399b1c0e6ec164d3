//! Swagger 2.0: every rule in a small document.

use serde_json::{Value, json};

use super::read::{run, without_gaps};

fn upgraded(mut document: Value) -> (Value, Vec<String>) {
    document["swagger"] = json!("2.0");
    run(&document)
}

/// The operation `post /a` of a document with the given top and operation.
fn operation(top: Value, operation: Value) -> (Value, Vec<String>) {
    let mut document = top;
    document["paths"] = json!({"/a": {"post": operation}});
    let (out, said) = upgraded(document);
    (out["paths"]["/a"]["post"].clone(), said)
}

#[test]
fn servers() {
    for (top, expected) in [
        (
            json!({"host": "h.example", "basePath": "/v1/", "schemes": ["http", "https"]}),
            vec!["https://h.example/v1", "http://h.example/v1"],
        ),
        (json!({"host": "h.example", "basePath": "/"}), vec!["https://h.example"]),
        (json!({"basePath": "/v1"}), vec!["/v1"]),
        (json!({}), vec!["/"]),
        (json!({"host": "https://h.example/", "basePath": "v1"}), vec!["https://h.example/v1"]),
        (json!({"host": "localhost:80", "schemes": ["ws"]}), vec!["ws://localhost:80"]),
    ] {
        let (out, _) = upgraded(top.clone());
        let urls: Vec<&str> = out["servers"].as_array().unwrap().iter().map(|s| s["url"].as_str().unwrap()).collect();
        assert_eq!(urls, expected, "{top}");
        for key in ["host", "basePath", "schemes", "swagger"] {
            assert!(out.get(key).is_none(), "{key}");
        }
    }
    let (post, _) = operation(json!({"host": "h", "schemes": ["https"]}), json!({"schemes": ["http"]}));
    assert_eq!(post, json!({"servers": [{"url": "http://h"}]}));
    let (post, _) = operation(json!({"host": "h", "schemes": ["https"]}), json!({"schemes": ["https"]}));
    assert_eq!(post, json!({}));
}

#[test]
fn components_and_references() {
    let (out, said) = upgraded(json!({
        "definitions": {"X": {"properties": {"a": {"$ref": "#/definitions/Y", "x-nullable": true}, "definitions": {"type": "string"}}, "example": {"$ref": "#/definitions/Y"}}, "Y": {}},
        "parameters": {"P": {"name": "p", "in": "query", "type": "string"}, "B": {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/X"}}, "F": {"name": "f", "in": "formData", "type": "string"}},
        "responses": {"R": {"description": "r", "schema": {"$ref": "#/definitions/X"}}},
        "paths": {"/a": {"post": {"parameters": [{"$ref": "#/parameters/B"}, {"$ref": "#/parameters/P"}], "responses": {"200": {"$ref": "#/responses/R"}}}}}
    }));
    assert_eq!(said, [""; 0]);
    let x = json!({"$ref": "#/components/schemas/X"});
    assert_eq!(
        out["components"],
        json!({
            "schemas": {
                "X": {
                    "properties": {
                        "a": {"allOf": [{"$ref": "#/components/schemas/Y"}], "x-nullable": true, "nullable": true},
                        "definitions": {"type": "string"}
                    },
                    "example": {"$ref": "#/definitions/Y"}
                },
                "Y": {}
            },
            "responses": {"R": {"description": "r", "content": {"application/json": {"schema": x}}}},
            "parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "string"}}},
            "requestBodies": {"B": {"content": {"application/json": {"schema": x}}}}
        })
    );
    assert_eq!(
        out["paths"]["/a"]["post"],
        json!({
            "parameters": [{"$ref": "#/components/parameters/P"}],
            "requestBody": {"$ref": "#/components/requestBodies/B"},
            "responses": {"200": {"$ref": "#/components/responses/R"}}
        })
    );
    for key in ["definitions", "parameters", "responses"] {
        assert!(out.get(key).is_none(), "{key}");
    }
}

#[test]
fn bodies() {
    let body = json!({"name": "b", "in": "body", "required": true, "description": "d", "schema": {"type": "string"}});
    let schema = json!({"schema": {"type": "string"}});
    for (top, own, content) in [
        (json!({}), json!(null), json!({"application/json": schema})),
        (json!({"consumes": ["text/xml", "text/xml"]}), json!(null), json!({"text/xml": schema})),
        (json!({"consumes": ["text/xml"]}), json!(["a/b", "c/d"]), json!({"a/b": schema, "c/d": schema})),
        (json!({"consumes": ["text/xml"]}), json!([]), json!({"application/json": schema})),
    ] {
        let mut given = json!({"parameters": [body]});
        if !own.is_null() {
            given["consumes"] = own;
        }
        let (post, _) = operation(top, given);
        assert_eq!(post, json!({"requestBody": {"required": true, "description": "d", "content": content}}));
    }
    // a shared body under media types of the operation's own
    let (post, _) = operation(
        json!({"parameters": {"B": body}}),
        json!({"consumes": ["a/b"], "parameters": [{"$ref": "#/parameters/B"}]}),
    );
    assert_eq!(post["requestBody"]["content"], json!({"a/b": schema}));
}

#[test]
fn forms() {
    let text = json!({"name": "t", "in": "formData", "type": "string", "required": true, "description": "d"});
    let file = json!({"name": "f", "in": "formData", "type": "file"});
    let list = json!({"name": "l", "in": "formData", "type": "array", "items": {"type": "string"}});
    let t = json!({"type": "string", "description": "d"});
    for (consumes, fields, expected) in [
        (
            json!([]),
            json!([text]),
            json!({"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"t": t}, "required": ["t"]}}}),
        ),
        (
            json!(["multipart/form-data"]),
            json!([text]),
            json!({"multipart/form-data": {"schema": {"type": "object", "properties": {"t": t}, "required": ["t"]}}}),
        ),
        (
            json!(["application/x-www-form-urlencoded"]),
            json!([text, file]),
            json!({"multipart/form-data": {"schema": {"type": "object", "properties": {"t": t, "f": {"type": "string", "format": "binary"}}, "required": ["t"]}}}),
        ),
        (
            json!([]),
            json!([list]),
            json!({"application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"l": {"type": "array", "items": {"type": "string"}}}},
                "encoding": {"l": {"style": "form", "explode": false}}
            }}),
        ),
    ] {
        let (post, said) = operation(json!({}), json!({"consumes": consumes, "parameters": fields}));
        assert_eq!(post["requestBody"]["content"], expected, "{consumes} {fields}");
        assert_eq!(said, [""; 0]);
    }
    // shared by reference, and of the whole path
    let (out, _) = upgraded(json!({
        "parameters": {"T": text},
        "paths": {"/a": {"parameters": [{"$ref": "#/parameters/T"}, {"name": "q", "in": "query", "type": "string"}], "get": {}, "post": {}, "put": {"parameters": [file]}}}
    }));
    let path = &out["paths"]["/a"];
    assert_eq!(path["parameters"], json!([{"name": "q", "in": "query", "schema": {"type": "string"}}]));
    assert_eq!(path["get"], json!({}));
    assert_eq!(
        path["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]["t"],
        t
    );
    let both = &path["put"]["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"];
    assert_eq!(both["f"]["format"], "binary");
    assert_eq!(both["t"], t);
    assert_eq!(out["components"]["parameters"], json!({}));
}

#[test]
fn bodies_that_contradict_each_other() {
    let body = json!({"name": "b", "in": "body", "schema": {}});
    let (post, said) =
        operation(json!({}), json!({"parameters": [body, body, {"name": "t", "in": "formData", "type": "string"}]}));
    assert!(post.get("requestBody").is_some());
    assert_eq!(
        said,
        [
            "W0207 #/paths/~1a/post/parameters/1: a second body parameter is left out",
            "W0207 #/paths/~1a/post/parameters: an operation with a body has no form fields; they are left out",
        ]
    );
}

#[test]
fn parameters() {
    let list = |format: Value, location: &str| {
        let mut p = json!({"name": "p", "in": location, "type": "array", "items": {"type": "string"}});
        if !format.is_null() {
            p["collectionFormat"] = format;
        }
        p
    };
    for (given, style, explode) in [
        (list(json!(null), "query"), "form", false),
        (list(json!("csv"), "query"), "form", false),
        (list(json!("multi"), "query"), "form", true),
        (list(json!("ssv"), "query"), "spaceDelimited", false),
        (list(json!("pipes"), "query"), "pipeDelimited", false),
        (list(json!("tsv"), "query"), "form", false),
        (list(json!("pipes"), "path"), "simple", false),
        (list(json!("ssv"), "header"), "simple", false),
        (list(json!("multi"), "header"), "simple", false),
        (list(json!("csv"), "path"), "simple", false),
        (list(json!(null), "header"), "simple", false),
    ] {
        let (post, said) = operation(json!({}), json!({"parameters": [given]}));
        let p = &post["parameters"][0];
        assert_eq!((p["style"].as_str(), p["explode"].as_bool()), (Some(style), Some(explode)), "{given}");
        assert_eq!(p["schema"], json!({"type": "array", "items": {"type": "string"}}));
        let delimiters = match (given["collectionFormat"].as_str(), given["in"].as_str()) {
            (Some("tsv"), _) => json!(["\t"]),
            (Some("pipes"), Some("path")) => json!(["|"]),
            (Some("ssv"), Some("header")) => json!([" "]),
            _ => json!(null),
        };
        assert_eq!(p["x-ir-delimiters"], delimiters, "{given}");
        if given["collectionFormat"] == "multi" && given["in"] == "header" {
            let words = "`collectionFormat: multi` is none of a header; read as comma-separated";
            assert_eq!(said, [format!("W0209 #/paths/~1a/post/parameters/0: {words}")]);
        } else {
            assert_eq!(said, [""; 0]);
        }
    }
    let (post, _) = operation(
        json!({}),
        json!({"parameters": [{
            "name": "p", "in": "query", "required": true, "description": "d", "type": "string", "format": "date", "enum": ["a"],
            "default": "a", "pattern": "a", "x-nullable": true, "x-example": "e", "x-other": 1, "allowEmptyValue": true
        }]}),
    );
    assert_eq!(
        post["parameters"][0],
        json!({
            "name": "p", "in": "query", "required": true, "description": "d", "example": "e", "x-other": 1, "allowEmptyValue": true,
            "schema": {"type": "string", "format": "date", "enum": ["a"], "default": "a", "pattern": "a", "x-nullable": true, "nullable": true}
        })
    );
}

#[test]
fn responses() {
    let schema = json!({"type": "object"});
    let (post, _) = operation(
        json!({"produces": ["a/b"]}),
        json!({"responses": {
            "200": {"description": "d", "schema": schema, "headers": {"H": {"type": "integer", "description": "h", "collectionFormat": "csv"}}, "examples": {"a/b": {"x": 1}, "c/d": 2}},
            "201": {"description": "file", "schema": {"type": "file"}},
            "204": {"description": "nothing"},
            "x-note": {"schema": 1}
        }}),
    );
    assert_eq!(
        post["responses"],
        json!({
            "200": {
                "description": "d", "content": {"a/b": {"schema": schema, "example": {"x": 1}}},
                "headers": {"H": {"description": "h", "schema": {"type": "integer"}}}
            },
            "201": {"description": "file", "content": {"a/b": {"schema": {"type": "string", "format": "binary"}}}},
            "204": {"description": "nothing"},
            "x-note": {"schema": 1}
        })
    );
    let (post, _) = operation(
        json!({"produces": ["a/b"]}),
        json!({"produces": [], "responses": {"200": {"schema": {"type": "file"}}, "400": {"schema": schema}}}),
    );
    assert_eq!(
        post["responses"]["200"]["content"],
        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
    );
    assert_eq!(post["responses"]["400"]["content"], json!({"application/json": {"schema": schema}}));
    assert!(post.get("produces").is_none());
}

#[test]
fn security() {
    let (out, said) = upgraded(json!({
        "security": [{"k": []}],
        "securityDefinitions": {
            "b": {"type": "basic", "description": "d"},
            "k": {"type": "apiKey", "name": "X", "in": "header"},
            "o": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "u", "tokenUrl": "t", "scopes": {"r": "read"}},
            "c": {"type": "oauth2", "flow": "application", "tokenUrl": "t"},
            "z": {"type": "oauth2", "flow": "odd"}
        }
    }));
    assert_eq!(
        out["components"]["securitySchemes"],
        json!({
            "b": {"type": "http", "scheme": "basic", "description": "d"},
            "k": {"type": "apiKey", "name": "X", "in": "header"},
            "o": {"type": "oauth2", "flows": {"authorizationCode": {"authorizationUrl": "u", "tokenUrl": "t", "scopes": {"r": "read"}}}},
            "c": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "t", "scopes": {}}}},
            "z": {"type": "oauth2"}
        })
    );
    assert_eq!(out["security"], json!([{"k": []}]));
    assert_eq!(without_gaps(said), ["W0201 #/securityDefinitions/z: `odd` is not an oauth2 flow"]);
}

#[test]
fn references_into_operations_follow() {
    let (out, _) = upgraded(json!({
        "definitions": {"X": {"properties": {
            "a": {"$ref": "#/paths/~1a/post/responses/200/schema/properties/in"},
            "b": {"$ref": "#/paths/~1a/post/parameters/0/schema"},
            "c": {"$ref": "#/responses/R/schema"},
            "d": {"$ref": "#/parameters/B/schema"}
        }}},
        "responses": {"R": {"description": "", "schema": {"title": "c"}}},
        "parameters": {"B": {"name": "b", "in": "body", "schema": {"title": "d"}}},
        "produces": ["a/b"],
        "paths": {"/a": {"post": {
            "parameters": [{"name": "b", "in": "body", "schema": {"title": "b"}}, {"name": "q", "in": "query", "type": "string"}],
            "responses": {"200": {"schema": {"properties": {"in": {"title": "a"}}}}}
        }, "put": {"parameters": [{"$ref": "#/paths/~1a/post/parameters/1"}, {"$ref": "#/paths/~1a/post/parameters/0"}]}}}
    }));
    for (name, place) in [
        ("a", "#/paths/~1a/post/responses/200/content/a~1b/schema/properties/in"),
        ("b", "#/paths/~1a/post/requestBody/content/application~1json/schema"),
        ("c", "#/components/responses/R/content/a~1b/schema"),
        ("d", "#/components/requestBodies/B/content/application~1json/schema"),
    ] {
        assert_eq!(out["components"]["schemas"]["X"]["properties"][name]["$ref"], place);
        assert_eq!(out.pointer(&place[1..]).unwrap()["title"], name);
    }
    let put = &out["paths"]["/a"]["put"];
    assert_eq!(put["parameters"], json!([{"$ref": "#/paths/~1a/post/parameters/0"}]));
    assert_eq!(put["requestBody"]["content"], json!({"application/json": {"schema": {"title": "b"}}}));
}

#[test]
fn parts_in_other_files_are_rebuilt_too() {
    let (out, said) = upgraded(json!({
        "paths": {"/a": {"$ref": "#/x-bundled/0"}},
        "x-bundled": {
            "0": {"post": {"parameters": [{"$ref": "#/x-bundled/1"}, {"$ref": "#/x-bundled/2"}], "responses": {"200": {"$ref": "#/x-bundled/3"}}}},
            "1": {"name": "b", "in": "body", "schema": {"$ref": "#/x-bundled/4"}},
            "2": {"name": "q", "in": "query", "type": "string"},
            "3": {"description": "", "schema": {"$ref": "#/x-bundled/4"}},
            "4": {"type": "object", "x-nullable": true}
        }
    }));
    let four = json!({"application/json": {"schema": {"$ref": "#/x-bundled/4"}}});
    let post = &out["paths"]["/a"]["post"];
    assert_eq!(post["requestBody"]["content"], four);
    assert_eq!(post["parameters"], json!([{"$ref": "#/x-bundled/2"}]));
    assert_eq!(out["x-bundled"]["2"]["schema"], json!({"type": "string"}));
    assert_eq!(out["x-bundled"]["3"]["content"], four);
    assert_eq!(out["x-bundled"]["4"]["nullable"], true);
    assert_eq!(said, [""; 0]);
}
