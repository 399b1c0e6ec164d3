//! Planted secrets in crates of other documents: where a member's name says what it holds, `Debug` does not print it. With a
//! document of our own, and three public ones where `shared` is there.

use generator::ir::Operation;
use generator::{Generated, Inputs};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use tests::answers::answers;
use tests::beside::Beside;
use tests::place::shared;
use tests::run::{deep, file, fixture, generate, generated, told};
use tests::skips::is_deep;

const SECRET: &str = "hunter2-hunter2";
/// What stands for a secret where a number must: no other number has these digits.
const NUMBER: u64 = 87_654_321;

/// Whether a name is one of those that everybody knows, however it is spelled.
fn is_known(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "secret",
        "password",
        "accesstoken",
        "refreshtoken",
        "clientsecret",
        "apikey",
        "xapikey",
        "authorization",
        "pin",
        "cvv",
        "token",
        "privatekey",
        "passphrase",
    ];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    NAMES.contains(&plain.as_str()) || plain.ends_with("password") || plain.ends_with("secret")
}

/// The same JSON with a secret wherever a name asks for one, in lists and under the keys of maps too; how many there are.
fn planted(json: &Value, secret: bool, count: &mut usize) -> Value {
    match json {
        Value::Array(list) => list.iter().map(|v| planted(v, secret, count)).collect(),
        Value::Object(members) => {
            let plant = |(name, v): (&String, &Value)| (name.clone(), planted(v, is_known(name), count));
            Value::Object(members.iter().map(plant).collect::<Map<_, _>>())
        }
        Value::String(_) if secret => {
            *count += 1;
            json!(SECRET)
        }
        Value::Number(n) if secret && n.is_u64() => {
            *count += 1;
            json!(NUMBER)
        }
        other => other.clone(),
    }
}

/// What a crate prints of the bodies that its document allows, with secrets in them; how many were planted and read.
fn swept(beside: &mut Beside, inputs: &Inputs, run: &Generated) -> (usize, usize) {
    let sdk = beside.add(run);
    let api = generator::pipeline::understand(inputs).api;
    let mut bodies = Vec::new();
    let mut count = 0;
    let mut seen = BTreeSet::new();
    for body in answers(&api, &BTreeSet::new()) {
        // The first of each status is made of everything; the others differ in one thing.
        let (Some(json), true) = (&body.json, seen.insert((body.operation, body.status))) else { continue };
        let before = count;
        let json = planted(json, false, &mut count);
        if count > before {
            let id = api.operations.get(body.operation).map(|o: &Operation| o.id.clone()).expect("an operation");
            bodies.push((sdk.clone(), id, body.status, Some(json)));
        }
    }
    let mut read = 0;
    for (told, (_, operation, status, body)) in beside.read(&bodies).iter().zip(&bodies) {
        assert!(told["error"].is_null(), "{operation} {status}: {told} for {body:?}");
        let debug = told["debug"].as_str().expect("text");
        assert!(!debug.contains(SECRET) && !debug.contains(&NUMBER.to_string()), "{operation} {status}: {debug}");
        // They are there all the same, and written back.
        let kept =
            |json: &Value| (json.to_string().matches(SECRET).count(), json.to_string().matches("87654321").count());
        assert_eq!(kept(&told["json"]), kept(body.as_ref().expect("a body")), "{operation} {status}");
        read += 1;
    }
    (count, read)
}

const DOCUMENT: &str = r"openapi: 3.0.3
info: {title: Vault, version: '1'}
paths:
  /vault/{access_token}:
    post:
      operationId: open
      tags: [Vault]
      parameters:
      - {name: access_token, in: path, required: true, schema: {type: string}}
      - {name: X-Api-Key, in: header, schema: {type: string}}
      - {name: clientSecret, in: query, schema: {type: string}}
      - {name: refresh_token, in: cookie, schema: {type: string}}
      - {name: page_token, in: query, schema: {type: string}}
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {pin: {type: string}, note: {type: string}}}}}}
      responses: {'200': {description: Open., content: {application/json: {schema: {$ref: '#/components/schemas/Vault'}}}}}
components:
  schemas:
    Vault:
      type: object
      required: [secret, pin, note]
      properties:
        secret: {type: string}
        note: {type: string, example: seen}
        pin: {type: integer}
        cvv: {type: integer, nullable: true}
        accessToken: {type: string, format: uuid}
        refresh_token: {type: string, nullable: true}
        old_password: {type: array, items: {type: string}}
        client-secret: {type: object, additionalProperties: {type: string}}
        api_key: {example: anything}
        authorization: {oneOf: [{type: string}, {type: integer}]}
        password: {type: object, properties: {password: {type: string}, hint: {type: string, example: seen}}}
        has_password: {type: boolean}
        next_page_token: {type: string, example: seen}
        cards: {type: array, items: {type: object, properties: {CVV: {type: string}, pin: {type: string}}}}
";

/// Inputs of a document of ours with these settings.
fn vault(folder: &Path, settings: &str) -> Inputs {
    let (spec, config) = (folder.join("vault.yaml"), folder.join("vault.toml"));
    fs::write(&spec, DOCUMENT).expect("write");
    fs::write(&config, settings).expect("write");
    Inputs { spec, config: Some(config), ..Inputs::default() }
}

#[test]
fn members_parameters_and_headers_are_known_by_their_names() {
    let run = fixture(DOCUMENT);
    let all: String = ["src/api/vault.rs", "src/models/vault.rs", "src/models/shared.rs"]
        .iter()
        .filter_map(|path| run.files.get(path).map(|_| file(&run, path)))
        .collect();
    let all = all.split_whitespace().collect::<Vec<_>>().join(" ");
    for secret in [
        "access_token: impl Into<runtime::Secret>",
        "pub fn x_api_key(mut self, value: impl Into<runtime::Secret>)",
        "pub fn client_secret(self, value: impl Into<runtime::Secret>)",
        "pub fn refresh_token(mut self, value: impl Into<runtime::Secret>)",
        "pub fn pin(mut self, value: impl Into<runtime::Secret>)",
        "pub secret: runtime::Secret",
        "pub access_token: Option<runtime::Secret>",
        "pub old_password: Option<Vec<runtime::Secret>>",
        "pub client_secret: Option<runtime::Map<runtime::Secret>>",
        "pub cvv: Option<runtime::Secret>",
        // What is no secret, or keeps its kind.
        "pub fn page_token(self, value: impl Into<String>)",
        "pub next_page_token: Option<String>",
        "pub pin: i64",
        "pub has_password: Option<bool>",
    ] {
        assert!(all.contains(secret), "no `{secret}`");
    }
    let notes: Vec<&str> = run.diagnostics.iter().filter(|d| d.code == "N0909").map(|d| d.message.as_str()).collect();
    assert!(notes.contains(&"`clientSecret` is taken for a secret by its name"), "{notes:#?}");
    assert!(!notes.iter().any(|note| note.contains("page_token") || note.contains("has_password")), "{notes:#?}");
}

#[test]
fn settings_say_what_is_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = "[secrets]\npublic = [\"Secret\", \"pin\", \"x-api-key\"]\nmembers = [\"note\"]\n";
    let run = generated(&vault(folder.path(), settings));
    let models = file(&run, "src/models/vault.rs");
    assert!(models.contains("pub secret: String"), "{models}");
    assert!(models.contains("pub note: runtime::Secret"), "{models}");
    assert!(models.contains("pub refresh_token: Option<runtime::Secret>"), "{models}");
    let notes = told(&run);
    assert!(!notes.contains("`pin` is taken") && !notes.contains("`note` is taken"), "{notes}");
}

#[test]
fn no_crate_prints_a_secret() {
    deep(|| {
        let mut beside = Beside::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrets"));
        let folder = tempfile::tempdir().expect("a folder");
        let own = vault(folder.path(), "");
        let (planted, read) = swept(&mut beside, &own, &generate(&own));
        assert!(planted > 10 && read == 1, "{planted} planted, {read} read");
        let mut all = BTreeMap::new();
        for (name, long) in [("airflow.yaml", true), ("harbor.yaml", true), ("resend.yaml", false)] {
            let Some(spec) = shared(&format!("corpus/real/{name}")) else { continue };
            if long && !is_deep(&format!("secrets planted in {name}")) {
                continue;
            }
            let inputs = Inputs { spec, ..Inputs::default() };
            let found = swept(&mut beside, &inputs, &generate(&inputs));
            assert!(found.0 > 0 && found.1 > 0, "{name}: {found:?}");
            all.insert(name, found);
        }
        println!("planted and read: own ({planted}, {read}), {all:?}");
    });
}
