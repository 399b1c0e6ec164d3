//! Bytes as they were declared: each value of an enum keeps its JSON kind, a body goes as the media type that the document names.

use generator::{Generated, Inputs};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tests::beside::Beside;
use tests::run::{deep, file, generated};

const DOCUMENT: &str = r"openapi: 3.1.0
info: {title: Kinds, version: '1'}
paths:
  /kinds:
    get:
      operationId: kinds
      tags: [Kinds]
      responses: {'200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Kinds'}}}}}
    put:
      operationId: putKinds
      tags: [Kinds]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Kinds'}}}}
      responses: {'204': {description: Done.}}
  /patch: {post: {operationId: patch, tags: [Kinds], requestBody: {required: true, content: {application/json-patch+json: {schema: {type: array, items: {type: integer}}}}}, responses: {'204': {description: ok}}}}
  /seq: {post: {operationId: seq, tags: [Kinds], requestBody: {required: true, content: {application/json-seq+json: {schema: {type: string}}}}, responses: {'204': {description: ok}}}}
  /vendor: {post: {operationId: vendor, tags: [Kinds], requestBody: {required: true, content: {application/vnd.shop.v2+json: {schema: {$ref: '#/components/schemas/Kinds'}}}}, responses: {'204': {description: ok}}}}
  /both: {post: {operationId: both, tags: [Kinds], requestBody: {required: true, content: {application/json-patch+json: {schema: {type: array, items: {type: integer}}}, application/json: {schema: {$ref: '#/components/schemas/Kinds'}}}}, responses: {'204': {description: ok}}}}
  /charset: {post: {operationId: charset, tags: [Kinds], requestBody: {required: true, content: {application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Kinds'}}}}, responses: {'204': {description: ok}}}}
  /plain: {post: {operationId: plain, tags: [Kinds], requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Kinds'}}}}, responses: {'200': {description: ok, content: {application/json-home: {schema: {type: string, format: binary}}}}}}}
components:
  schemas:
    Kinds:
      type: object
      required: [d]
      properties:
        d: {enum: [null, 'yes', 1, true]}
        auto: {enum: [1, auto]}
        declared: {type: integer, enum: [1, 2, none]}
        half: {enum: [0.5, 1, full]}
        off: {enum: [false, low, high]}
        listed: {type: array, items: {enum: [0, all]}}
        quoted: {enum: ['1', 1]}
        text: {type: string, enum: [a, 1]}
        one: {enum: [1, 2]}
";

fn kinds(folder: &Path) -> Generated {
    let spec = folder.join("kinds.yaml");
    fs::write(&spec, DOCUMENT).expect("write");
    generated(&Inputs { spec, ..Inputs::default() })
}

#[test]
fn values_and_bodies_are_sent_as_declared() {
    deep(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let run = kinds(folder.path());
        let models = file(&run, "src/models/kinds.rs");
        assert!(models.contains("&__private::Values::texts(&[\"a\", \"1\"])"), "{models}");
        assert!(models.contains("&__private::Values::numbers(&[\"1\", \"2\"])"), "{models}");

        let mut beside = Beside::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("kinds"));
        let sdk = beside.add(&run);
        let values = [
            ("d", json!([1, "yes", true, null, "new", 7])),
            ("auto", json!([1, "auto", "other", 3])),
            ("declared", json!([1, 2, "none", 5])),
            ("half", json!([0.5, 1, "full"])),
            ("off", json!([false, "low", "high", true])),
            ("listed", json!([[0, "all", 1], [], ["all"]])),
            ("quoted", json!(["1", 1])),
            ("text", json!(["a", "1"])),
            ("one", json!([1, 2])),
        ];
        let bodies: Vec<(String, String, u16, Option<Value>)> = values
            .iter()
            .flat_map(|(name, all)| all.as_array().into_iter().flatten().map(move |v| (name, v)))
            .map(|(name, value)| {
                let mut body = json!({"d": 1});
                body[*name] = value.clone();
                (sdk.clone(), "kinds".to_owned(), 200, Some(body))
            })
            .collect();
        for (told, (.., body)) in beside.read(&bodies).iter().zip(&bodies) {
            assert_eq!(Some(&told["json"]), body.as_ref(), "{told}");
            assert_eq!((&told["deviations"], &told["raw"]), (&json!([]), &json!([])), "{told}");
        }

        let requests = beside.requests();
        let types: BTreeSet<(&str, &str)> = requests[&sdk]
            .iter()
            .filter_map(|asked| Some((asked.operation.as_str(), asked.headers.get("content-type")?.as_str())))
            .collect();
        let wanted = [
            ("both", "application/json"),
            ("charset", "application/json; charset=utf-8"),
            ("patch", "application/json-patch+json"),
            ("plain", "application/json"),
            ("putKinds", "application/json"),
            ("seq", "application/json-seq+json"),
            ("vendor", "application/vnd.shop.v2+json"),
        ];
        assert_eq!(types, wanted.into());
        let accept =
            requests[&sdk].iter().find(|asked| asked.operation == "plain").and_then(|a| a.headers.get("accept"));
        assert_eq!(accept.map(String::as_str), Some("application/json-home"));
        // What is sent is of the declared kind too: the first value of each enum.
        let sent = requests[&sdk].iter().filter(|asked| asked.operation == "putKinds");
        for asked in sent {
            let body: Value = serde_json::from_str(&asked.body).expect("JSON");
            for (name, value) in body.as_object().expect("an object") {
                let (_, all) = values.iter().find(|(known, _)| known == name).expect("a member");
                assert!(all.as_array().is_some_and(|all| all.contains(value)) || name == "listed", "{name}: {value}");
            }
        }
    });
}
