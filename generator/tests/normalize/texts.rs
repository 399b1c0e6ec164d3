//! Texts that 3.0 has elsewhere, or nowhere: they come to the description of their place.

use serde_json::{Value, json};

use super::read::run;

fn shaped(version: &str, more: &Value) -> (Value, Vec<String>) {
    let mut document = json!({"openapi": version, "info": {"title": "Nests", "version": "1"}, "paths": {}});
    for (key, value) in more.as_object().expect("an object") {
        document[key] = value.clone();
    }
    run(&document)
}

#[test]
fn they_come_to_the_description() {
    let more = json!({"url": "https://docs.test/a", "description": "More about it"});
    let rows = [
        (
            json!({"info": {"title": "T", "version": "1", "description": "Of nests.\n", "summary": "Nests",
                "contact": {"name": "The keeper", "email": "a@nests.test", "url": "https://nests.test"},
                "license": {"name": "MIT", "identifier": "MIT"}, "termsOfService": "https://nests.test/terms"},
                "externalDocs": more}),
            "/info/description",
            "Nests\n\nOf nests.\n\nContact: The keeper, <a@nests.test>, <https://nests.test>\n\nLicense: MIT, MIT\n\nTerms of service: <https://nests.test/terms>\n\nSee also: More about it <https://docs.test/a>",
        ),
        (
            json!({"paths": {"/a": {"summary": "Of the path", "get": {"externalDocs": more}, "put": {"summary": "Own"}}}}),
            "/paths/~1a/get/description",
            "See also: More about it <https://docs.test/a>",
        ),
        (json!({"paths": {"/a": {"summary": "Of the path", "get": {}}}}), "/paths/~1a/get/summary", "Of the path"),
        (
            json!({"paths": {"/a": {"summary": "Of the path", "get": {"summary": "Own"}}}}),
            "/paths/~1a/get/summary",
            "Own",
        ),
        (
            json!({"paths": {"/a": {"description": "P", "additionalOperations": {"COPY": {}}}}}),
            "/paths/~1a/additionalOperations/COPY/description",
            "P",
        ),
        (
            json!({"paths": {"/a": {"get": {"tags": ["One", "Two`", "Three"], "description": "D"}}}}),
            "/paths/~1a/get/description",
            "D\n\nFurther tags: `Two'`, `Three`.",
        ),
        (
            json!({"paths": {"/a": {"get": {"responses": {"404": {"summary": "None", "description": "No such nest"}}}}}}),
            "/paths/~1a/get/responses/404/description",
            "None\n\nNo such nest",
        ),
        (
            json!({"components": {"schemas": {"A": {"externalDocs": {"url": "a page, <b>"}}}}}),
            "/components/schemas/A/description",
            "See also: a page, <b>",
        ),
        // No text, nothing said of it.
        (
            json!({"components": {"schemas": {"A": {"externalDocs": 3, "description": "D"}}}}),
            "/components/schemas/A/description",
            "D",
        ),
        (json!({"tags": [{"name": "A", "summary": "S"}]}), "/tags/0/description", "S"),
    ];
    for (document, pointer, expected) in rows {
        let (found, said) = shaped("3.2.0", &document);
        assert_eq!(found.pointer(pointer).and_then(Value::as_str), Some(expected), "{document}: {found}");
        assert!(said.is_empty(), "{said:?}");
    }
}
