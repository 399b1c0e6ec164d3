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

/// A base with a mapping, one without, what descends from them, and arrays and members that have types of their own.
const FLEET: &str = r"openapi: 3.1.0
info: {title: Fleet, version: '1'}
paths:
  /vehicle:
    put:
      operationId: putVehicle
      tags: [Fleet]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Vehicle'}}}}
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Vehicle'}}}}}
  /animal:
    put:
      operationId: putAnimal
      tags: [Fleet]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}}
  /load:
    put:
      operationId: putLoad
      tags: [Fleet]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Load'}}}}
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Load'}}}}}
components:
  schemas:
    Vehicle:
      type: object
      required: [kind]
      discriminator: {propertyName: kind, mapping: {bus: Bus, coach: '#/components/schemas/Bus', lorry: Lorry}}
      properties:
        kind: {type: string}
        plate: {type: string}
        number: {type: string, readOnly: true}
        trailer: {$ref: '#/components/schemas/Vehicle'}
    Bus: {allOf: [{$ref: '#/components/schemas/Vehicle'}, {type: object, required: [seats], properties: {seats: {type: integer}}}]}
    Lorry:
      discriminator: {propertyName: kind}
      allOf: [{$ref: '#/components/schemas/Vehicle'}, {type: object, properties: {next: {$ref: '#/components/schemas/Lorry'}}}]
    Tipper: {allOf: [{$ref: '#/components/schemas/Lorry'}, {type: object, required: [angle], properties: {angle: {type: number}}}]}
    Bike: {allOf: [{$ref: '#/components/schemas/Vehicle'}]}
    Animal:
      type: object
      discriminator: {propertyName: animalType}
      required: [name, animalType]
      properties: {name: {type: string}, animalType: {type: string}}
    Lynx: {description: It hunts., allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, required: [skill], properties: {skill: {type: string, enum: [lazy, adventurous]}}}]}
    Wolf: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, required: [pack], properties: {pack: {type: integer, format: int32, minimum: 0}}}]}
    Load:
      type: object
      properties:
        at: {type: array, prefixItems: [{type: number}, {type: number}]}
        row: {type: array, minItems: 1, prefixItems: [{type: string}, {type: boolean}], items: {type: integer}}
        wide: {type: integer, minimum: 0, maximum: 36893488147419103232}
        bearer: {$ref: '#/components/schemas/Lynx'}
        either: {type: object, required: [tag], properties: {tag: {type: string}}, oneOf: [{type: object, required: [short], properties: {short: {type: string}}}, {type: object, required: [long], properties: {long: {type: integer}}}]}
        both: {oneOf: [{type: object, properties: {left: {type: string}}}, {type: object, properties: {right: {type: string}}}], anyOf: [{type: object, properties: {up: {type: string}}}, {type: object, properties: {down: {type: string}}}]}
        deep: {$ref: '#/components/schemas/Deep'}
      additionalProperties: {type: array, items: {type: integer}}
    Deep: {anyOf: [{type: [string, 'null']}, {type: array, items: {$ref: '#/components/schemas/Deep'}}]}
";

fn of(folder: &Path, name: &str, document: &str) -> Generated {
    let spec = folder.join(name);
    fs::write(&spec, document).expect("write");
    generated(&Inputs { spec, ..Inputs::default() })
}

fn kinds(folder: &Path) -> Generated {
    of(folder, "kinds.yaml", DOCUMENT)
}

/// What is read and written of the fleet, each body by the operation that gives it.
fn fleet(sdk: &str) -> Vec<(String, String, u16, Option<Value>)> {
    let bodies = [
        ("putVehicle", json!({"kind": "bus", "seats": 40, "plate": "A1"})),
        (
            "putVehicle",
            json!({"kind": "coach", "seats": 50, "trailer": {"kind": "Tipper", "angle": 3.5, "next": {"kind": "lorry"}}}),
        ),
        ("putVehicle", json!({"kind": "Bike", "number": "7"})),
        ("putVehicle", json!({"kind": "Vehicle", "bell": true})),
        ("putAnimal", json!({"animalType": "Lynx", "name": "Tom", "skill": "lazy"})),
        ("putAnimal", json!({"animalType": "Wolf", "name": "Rex", "pack": 3})),
        ("putLoad", json!({"at": [9.5, 47, 400], "row": ["a", true, 1, 2], "wide": 36893488147419103231_u128 as f64})),
        ("putLoad", json!({"row": ["a"], "bearer": {"animalType": "Lynx", "name": "Mia", "skill": "adventurous"}})),
        ("putLoad", json!({"either": {"tag": "t", "long": 5}, "both": {"left": "l", "down": "d"}, "rest": [1, 2]})),
        ("putLoad", json!({"deep": ["a", null, ["b", [null]]]})),
    ];
    bodies.into_iter().map(|(operation, body)| (sdk.to_owned(), operation.to_owned(), 200, Some(body))).collect()
}

#[test]
fn values_and_bodies_are_sent_as_declared() {
    deep(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let run = kinds(folder.path());
        let models = file(&run, "src/models/kinds.rs");
        assert!(models.contains("texts, { 0 => A = \"a\", 1 => Value1 = \"1\" }"), "{models}");
        assert!(models.contains("numbers, { 0 => Value1 = \"1\", 1 => Value2 = \"2\" }"), "{models}");

        let mut beside = Beside::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("kinds"));
        let sdk = beside.add(&run);
        let families = beside.add(&of(folder.path(), "fleet.yaml", FLEET));
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

        let bodies = fleet(&families);
        for (told, (.., body)) in beside.read(&bodies).iter().zip(&bodies) {
            assert_eq!(Some(&told["json"]), body.as_ref(), "{told}");
            assert_eq!((&told["deviations"], &told["raw"]), (&json!([]), &json!([])), "{told}");
        }
        // What has a tag that nobody knows is kept as it came.
        let unknown = json!({"kind": "boat", "sails": 2});
        let told = beside.read(&[(families.clone(), "putVehicle".to_owned(), 200, Some(unknown.clone()))]);
        assert_eq!((&told[0]["json"], &told[0]["raw"]), (&unknown, &json!(["$"])));

        let requests = beside.requests();
        let sent: Vec<Value> = requests[&families]
            .iter()
            .filter(|asked| asked.operation == "putVehicle" || asked.operation == "putAnimal")
            .map(|asked| serde_json::from_str(&asked.body).expect("JSON"))
            .collect();
        assert!(!sent.is_empty());
        for body in sent {
            let tag = body.get("kind").or_else(|| body.get("animalType")).and_then(Value::as_str);
            assert!(matches!(tag, Some("Vehicle" | "Animal")), "{body}");
        }
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
