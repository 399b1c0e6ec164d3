//! Bodies of our own → what is proposed for the document that they are of, a kind each; what is applied is proposed no more; nothing of a
//! body is shown.

use generator::Inputs;
use generator::learn::{self, Learned, Refused};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const CLUB: &str = include_str!("learn/club.yaml");
const BODIES: &str = include_str!("learn/bodies.jsonl");

/// A folder with a document, and with what was seen of it.
struct Case {
    folder: TempDir,
    inputs: Inputs,
    seen: PathBuf,
}

impl Case {
    fn of(document: &str, name: &str, seen: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let inputs = Inputs { spec: folder.path().join("club.yaml"), ..Inputs::default() };
        fs::write(&inputs.spec, document).expect("written");
        let seen_at = folder.path().join(name);
        fs::write(&seen_at, seen).expect("written");
        Self { folder, inputs, seen: seen_at }
    }

    fn with_settings(mut self, settings: &str) -> Self {
        let path = self.folder.path().join("club.toml");
        fs::write(&path, settings).expect("written");
        self.inputs.config = Some(path);
        self
    }

    fn overlay(&self) -> PathBuf {
        self.folder.path().join("overlay.yaml")
    }

    fn learned(&self) -> Learned {
        let records = learn::read(&[&self.seen]).expect("it is read");
        learn::learn(&self.inputs, &records, None, &self.overlay()).unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    /// Writes what is proposed.
    fn apply(&mut self, learned: &Learned) -> String {
        let text = learned.overlay.clone().expect("an overlay");
        fs::write(self.overlay(), &text).expect("written");
        self.inputs.overlays = vec![self.overlay()];
        text
    }

    /// The report, wherever the folder is.
    fn text(&self, learned: &Learned) -> String {
        let text = learn::text(learned, "overlay.yaml", false);
        text.replace(&format!("{}/", self.folder.path().display().to_string().replace('\\', "/")), "")
    }
}

/// Kind and place of every proposal.
fn kinds(learned: &Learned) -> Vec<String> {
    let json = learn::json(learned, "overlay.yaml");
    let line = |p: &serde_json::Value| {
        let word = |key: &str| p[key].as_str().expect("a text").to_owned();
        format!("{} {}", word("kind"), word("pointer").trim_start_matches("#/components/schemas/"))
    };
    json["proposals"].as_array().expect("a list").iter().map(line).collect()
}

#[test]
fn every_kind_is_proposed_once_and_not_again() {
    let mut case = Case::of(CLUB, "bodies.jsonl", BODIES);
    let learned = case.learned();
    insta::assert_snapshot!("every_kind", case.text(&learned));
    let overlay = case.apply(&learned);
    insta::assert_snapshot!("every_kind_overlay", overlay);
    let again = case.learned();
    assert_eq!(kinds(&again), Vec::<String>::new(), "{}", case.text(&again));
}

#[test]
fn what_the_settings_tolerate_is_not_proposed() {
    let seen = "{\"op\": \"getMember\", \"body\": {\"id\": null, \"height\": null}}\n";
    let case = Case::of(CLUB, "seen.jsonl", seen);
    assert_eq!(
        kinds(&case.learned()),
        ["null Member/properties/height", "null Member/properties/id", "missing Member/properties/joined"]
    );
    let case = case.with_settings("[required]\nmay_be_null = true\n[required.never_null]\nid = \"found by it\"\n");
    assert_eq!(kinds(&case.learned()), ["null Member/properties/id"]);
}

#[test]
fn other_versions_say_null_in_their_own_way() {
    let v31 = CLUB.replace("openapi: 3.0.3", "openapi: 3.1.0");
    let swagger = "swagger: '2.0'\ninfo: {title: Club, version: '1'}\npaths:\n  /members/{id}:\n    get:\n      operationId: getMember\n      produces: [application/json]\n      parameters: [{name: id, in: path, required: true, type: string}]\n      responses:\n        '200': {description: One., schema: {$ref: '#/definitions/Member'}}\ndefinitions:\n  Member:\n    type: object\n    properties:\n      id: {type: string}\n      joined: {type: string}\n      height: {type: number}\n      nick: {type: string}\n      trainer: {$ref: '#/definitions/Trainer'}\n      status: {type: string, enum: [ACTIVE]}\n  Trainer:\n    type: object\n    properties:\n      name: {type: string}\n";
    let seen = "{\"op\": \"getMember\", \"body\": {\"id\": \"1\", \"joined\": \"2026-01-01\", \"height\": 1, \"nick\": null, \"trainer\": null, \"status\": null}}\n";
    let places = ["null Member/properties/nick", "null Member/properties/status", "null Member/properties/trainer"];
    for document in [v31.as_str(), swagger, CLUB] {
        let mut case = Case::of(document, "seen.jsonl", seen);
        let learned = case.learned();
        let found: Vec<String> = kinds(&learned).iter().map(|k| k.replace("#/definitions/", "")).collect();
        assert_eq!(found, places, "{}", case.text(&learned));
        case.apply(&learned);
        let again = case.learned();
        assert!(again.proposals.is_empty(), "{}", case.text(&again));
    }
}

#[test]
fn an_overlay_is_continued_byte_for_byte() {
    let old = "# Why we correct it.\noverlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n\n  # Said in words only.\n  - target: $.components.schemas.Trainer.properties.name\n    description: >-\n      The text says so,\n      twice.\n    update: {nullable: true}\n";
    let mut case = Case::of(CLUB, "bodies.jsonl", BODIES);
    fs::write(case.overlay(), old).expect("written");
    case.inputs.overlays = vec![case.overlay()];
    let learned = case.learned();
    let text = case.apply(&learned);
    assert!(text.starts_with(old), "{text}");
    let actions: usize = learned.proposals.iter().map(|p| p.actions.len()).sum();
    assert!(actions > learned.proposals.len(), "some have two");
    assert_eq!(text.lines().filter(|line| line.starts_with("  - target: ")).count(), 1 + actions);
    assert!(case.learned().proposals.is_empty());
}

#[test]
fn a_log_of_deviations_says_the_same() {
    let log = "getMember 200 $.nick: expected a value, found null\n\
               getMember 200 $.joined: expected a value or null, found nothing\n\
               getMember 200 $.seen: expected a date with a time, found another text\n\
               {\"op\": \"listMembers\", \"status\": 200, \"deviation\": \"$[3].locker: expected string, found number\"}\n\
               getMember 200 $.sport.boat: expected string, found number\n\
               getMember 200 $.height: expected number, found string\n";
    // One line may be a slip; the same once more is none.
    let case = Case::of(CLUB, "client.log", log);
    assert_eq!(kinds(&case.learned()), ["missing Member/properties/joined", "null Member/properties/nick"]);
    let case = Case::of(CLUB, "client.log", &log.repeat(2));
    let learned = case.learned();
    let found = [
        "type Member/properties/height",
        "missing Member/properties/joined",
        "null Member/properties/nick",
        "format Member/properties/seen",
    ];
    assert_eq!(kinds(&learned), found);
    // A log has only what deviates: of how many there were, and whether all came so, is not in it.
    let text = case.text(&learned);
    assert!(text.contains("It was null in 2 logged deviations (getMember).\n"), "{text}");
    assert!(text.contains("was number in 2 logged deviations (listMembers); others may be as declared"), "{text}");
    let json = learn::json(&learned, "overlay.yaml");
    let counts = |p: &serde_json::Value| (p["bodies"].as_u64(), p["of"].as_u64(), p["logged"].as_u64());
    let all: Vec<_> = json["proposals"].as_array().expect("a list").iter().map(counts).collect();
    assert_eq!(all, [(Some(0), None, Some(2)); 4]);
    // Bodies and logs together: the bodies are all that have the place.
    let both = format!("{log}{}", "{\"op\": \"getMember\", \"body\": {\"locker\": \"7\"}}\n".repeat(3));
    let case = Case::of(CLUB, "client.log", &both.replace("\"7\"", "7"));
    let text = case.text(&case.learned());
    let reason =
        "It is declared as string, and was number in 3 of 3 recorded bodies that have it and in 1 logged deviation";
    assert!(text.contains(reason), "{text}");
    let case = Case::of(CLUB, "client.log", &both);
    assert!(!kinds(&case.learned()).contains(&"type Member/properties/locker".to_owned()));
}

#[test]
fn nothing_of_a_body_is_shown() {
    let secrets = [
        "hunter2",
        "Ana",
        "Gomez",
        "ana.gomez@example.com",
        "5511987654321",
        "sk_live_a1B2c3D4e5F6",
        "São Paulo",
        "123.456.789-09",
        "eyJhbGciOiJIUzI1NiJ9",
        "1234567.89",
        "1987-06-05",
        "marias_secret",
    ];
    // What came once is no reason to change a type: so all of it comes twice.
    let [password, first, last, mail, phone, key, city, number, token, amount, born, odd_status] = secrets;
    let body = format!(
        "{{\"op\": \"getMember\", \"status\": \"{token}\", \"body\": {{}}}}\n{{\"op\": \"getMember\", \"body\": {{\"id\": {{\"{mail}\": \"{password}\"}}, \"joined\": \"{first} {last}\", \
         \"height\": \"{amount}\", \"nick\": [\"{phone}\"], \"status\": \"{odd_status}\", \"seen\": \"{born} {city}\", \"{mail}\": \"{key}\", \
         \"{phone}\": {{\"{city}\": 1}}, \"holder\": {{\"{number}\": \"{token}\", \"first\": \"{first}\", \"born\": \"{born}\"}}, \
         \"sport\": {{\"{key}x\": \"{password}\", \"boat\": \"{city}\", \"seats\": \"{phone}\"}}}}}}\n"
    );
    let case = Case::of(CLUB, "seen.jsonl", &body.repeat(2));
    let learned = case.learned();
    assert!(learned.proposals.len() > 3, "{}", case.text(&learned));
    let json = learn::json(&learned, "overlay.yaml").to_string();
    let all = [case.text(&learned), json, learned.overlay.clone().unwrap_or_default()].concat();
    // What cannot be read is said by its place alone.
    let broken = format!(
        "{{\"op\": \"getMember\", \"body\": \"{password} {mail}\n{{\"op\": \"{key}\", \"body\": {{}}}}\n{token} {phone}\n{{\"{mail}\": 1}}\n"
    );
    let broken = Case::of(CLUB, "broken.jsonl", &broken);
    let wrong = learn::read(&[&broken.seen]).expect_err("it is no JSON").join("\n");
    assert_eq!(wrong.lines().count(), 3, "{wrong}");
    let unknown = Case::of(CLUB, "unknown.jsonl", &format!("{{\"op\": \"{key}\", \"body\": {{\"{mail}\": 1}}}}\n"));
    let records = learn::read(&[&unknown.seen]).expect("it is read");
    let refused = learn::learn(&unknown.inputs, &records, None, &unknown.overlay()).expect_err("no such operation");
    let Refused::Messages(messages) = refused else { panic!("{refused:?}") };
    let all = [all, wrong, messages.join("\n")].concat();
    for secret in secrets {
        assert!(!all.contains(secret), "{secret}:\n{all}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    let seen =
        "{\"op\": \"getMember\", \"body\": {}}\n{\"op\": \"getMember\" \"body\"}\n\nhello\n{\"op\": \"getMember\"}\n";
    let case = Case::of(CLUB, "seen.jsonl", seen);
    let wrong = learn::read(&[&case.seen]).expect_err("it is wrong").join("\n");
    let wrong = wrong.replace(&case.seen.display().to_string().replace('\\', "/"), "seen.jsonl");
    insta::assert_snapshot!(wrong, @r"
    seen.jsonl:2:20: this is no JSON
    seen.jsonl:4: neither a JSON object nor a deviation (`OPERATION STATUS $.path: expected .., found ..`)
    seen.jsonl:5: it has neither `body` nor a deviation
    ");
    let one = Case::of(CLUB, "body.json", "{\"id\": \"1\", \"joined\": \"2026-01-01\", \"height\": 1, \"nick\": null}");
    let records = learn::read(&[&one.seen]).expect("it is read");
    let learned = learn::learn(&one.inputs, &records, Some("getMember"), &one.overlay()).expect("it is learned from");
    assert_eq!(kinds(&learned), ["null Member/properties/nick"]);
}

/// A document with an operation `getThing` that answers with the schema `Thing`.
fn thing(version: &str, schemas: &str) -> String {
    format!(
        "openapi: {version}\ninfo: {{title: Things, version: '1'}}\npaths:\n  /thing:\n    get:\n      operationId: getThing\n      responses:\n        \
         '200': {{description: One., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}\n\
         components:\n  schemas: {schemas}\n"
    )
}

/// A record of `getThing` each.
fn records(bodies: &[&str]) -> String {
    bodies.iter().map(|body| format!("{{\"op\": \"getThing\", \"body\": {body}}}\n")).collect()
}

/// Every action in a line, behind the place of its component, then every remark.
fn found(learned: &Learned) -> Vec<String> {
    let json = learn::json(learned, "overlay.yaml");
    let all = |key: &str| json[key].as_array().cloned().expect("a list");
    let target = |a: &serde_json::Value| a["target"].as_str().expect("a text").replace("$.components.schemas.", "");
    let action = |a: &serde_json::Value| match a.get("update") {
        Some(update) => format!("{} + {update}", target(a)),
        None => format!("{} gone", target(a)),
    };
    let proposed = all("proposals").into_iter().flat_map(|p| p["actions"].as_array().cloned().expect("a list"));
    let remarks = all("remarks").into_iter().map(|r| format!("only: {}", r["text"].as_str().expect("a text")));
    proposed.map(|a| action(&a)).chain(remarks).collect()
}

/// What is found in bodies of a schema `Thing`; what is proposed is applied, after which there is nothing more to propose.
fn found_in(version: &str, schemas: &str, bodies: &[&str]) -> Vec<String> {
    let mut case = Case::of(&thing(version, schemas), "seen.jsonl", &records(bodies));
    let learned = case.learned();
    if !learned.proposals.is_empty() {
        case.apply(&learned);
        assert_eq!(kinds(&case.learned()), Vec::<String>::new(), "{}", case.text(&learned));
    }
    found(&learned)
}

#[test]
fn bodies_are_json_and_no_yaml() {
    // A text that YAML would find members in is a text.
    let schema = "{Thing: {type: object, properties: {a: {type: integer}}}}";
    for text in ["\"a: 1\"", "\"{a: 1}\"", "\"{\\\"a\\\": 0x1f}\"", "\"- 1\"", "\"{\\\"a\\\": !!str 1}\""] {
        let all = found_in("3.0.3", schema, &[text]);
        assert!(all.len() == 1 && all[0].contains("declared as object, and was string"), "{text}: {all:?}");
    }
    assert_eq!(found_in("3.0.3", schema, &["\"{\\\"a\\\": \\\"x\\\", \\\"a\\\": 1}\""]), Vec::<String>::new());
    for (name, text) in [("body.json", "a: 1\n"), ("seen.jsonl", "{op: getThing, body: {}}\n"), ("body.json", "")] {
        let case = Case::of(CLUB, name, text);
        let wrong = learn::read(&[&case.seen]).expect_err("it is no JSON").join("\n");
        assert!(wrong.contains(&format!("{name}:1:")) && wrong.ends_with("this is no JSON"), "{wrong}");
    }
}

#[test]
fn names_that_are_data_are_counted() {
    let schema = "{Thing: {type: object, properties: {id: {type: string}}}}";
    let people = [
        // A map keyed by people: with capitals, and with values of several kinds; by user names; nothing but nulls; lists; objects.
        r#"{"holders": {"Ana": 1, "Gomez": "x"}}"#,
        r#"{"holders": {"ana": 1, "gomez": 2.5}}"#,
        r#"{"holders": {"ana": null, "gomez": 2}}"#,
        r#"{"holders": {"ana": null}}"#,
        r#"{"holders": {"ana": ["x"], "gomez": []}}"#,
        r#"{"holders": {"ana": {"age": 3}, "gomez": {"age": 4, "id": "x"}}}"#,
        r#"{"holders": [{"ana": "x"}, {"gomez": "y"}]}"#,
        // Among the members of the object itself.
        r#"{"id": "1", "Ana": 1}"#,
        r#"{"id": "1", "ana": 1, "gomez": 2, "bo": 3}"#,
        r#"{"id": "1", "ana": null, "gomez": null, "bo": null}"#,
    ];
    for body in people {
        let case = Case::of(&thing("3.0.3", schema), "seen.jsonl", &records(&[body]));
        let learned = case.learned();
        let all = [case.text(&learned), learn::json(&learned, "x").to_string(), learned.overlay.unwrap_or_default()];
        for name in ["Ana", "Gomez", "ana", "gomez"] {
            assert!(!all.concat().contains(name), "{name} of {body}:\n{}", all[0]);
        }
        assert!(
            all[0].contains("additionalProperties")
                || all[0].contains("name may be data")
                || all[0].contains("names may be data"),
            "{}",
            all[0]
        );
    }
    // Names that vary from body to body, whatever they hold.
    let vary = [r#"{"of": {"ana": 1}}"#, r#"{"of": {"bo": "x"}}"#, r#"{"of": {"cy": true}}"#];
    assert_eq!(
        found_in("3.0.3", schema, &vary),
        [r#"Thing + {"properties":{"of":{"additionalProperties":{},"type":"object"}}}"#]
    );
    // Names that come again, and those that the document has elsewhere, are the API's.
    let again = [r#"{"at": {"street": "x", "town": "y"}}"#, r#"{"at": {"street": "v", "town": "w"}}"#];
    let of_text = r#"{"type":"string"}"#;
    assert_eq!(
        found_in("3.0.3", schema, &again),
        [format!(
            r#"Thing + {{"properties":{{"at":{{"properties":{{"street":{of_text},"town":{of_text}}},"type":"object"}}}}}}"#
        )]
    );
    assert_eq!(
        found_in("3.0.3", schema, &[r#"{"owner": {"id": "x"}}"#]),
        [format!(r#"Thing + {{"properties":{{"owner":{{"properties":{{"id":{of_text}}},"type":"object"}}}}}}"#)]
    );
    // Where the document's own names have capitals, such names are names.
    let capitals = "{Thing: {type: object, properties: {Id: {type: string}}}}";
    assert_eq!(
        found_in("3.0.3", capitals, &[r#"{"Size": 1}"#]),
        [r#"Thing + {"properties":{"Size":{"type":"integer"}}}"#]
    );
    // What keeps a branch from fitting does not name them either.
    let union = "{Thing: {oneOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, required: [b], properties: {b: {type: string}}}]}}";
    let all = found_in("3.0.3", union, &[r#"{"a": 1, "ana": 2}"#]);
    assert!(all.len() == 1 && all[0].contains("there are members that are not declared"), "{all:?}");
}

#[test]
fn references_in_a_circle_end() {
    let document = CLUB.replace(
        "        '200':\n          description: One.\n",
        "        '200':\n          $ref: '#/components/responses/A'\n        '201':\n          description: One.\n",
    ) + "  responses:\n    A: {$ref: '#/components/responses/B'}\n    B: {$ref: '#/components/responses/A'}\n";
    assert!(document.contains("responses/A"), "the club is another one");
    let case = Case::of(&document, "seen.jsonl", "{\"op\": \"getMember\", \"status\": 200, \"body\": {}}\n");
    let all = found(&case.learned());
    assert_eq!(all, ["only: its reference leads nowhere; 1 record (getMember)"]);
}

#[test]
fn a_change_of_a_whole_component_or_body_takes_three_records() {
    let wide = [
        ("{Thing: {type: string}}", "7", "integer"),
        ("{Thing: {type: object, properties: {id: {type: string}}}}", "[1]", "array"),
        ("{Thing: {type: string, format: date}}", "\"x\"", "no date"),
        ("{Thing: {type: array, items: {type: string}}}", "[1]", "integer"),
        ("{Thing: {type: array, items: {type: string}}}", "[null]", "null"),
        ("{Thing: {allOf: [{type: object}, {type: object}]}}", "3", "integer"),
        ("{Thing: {type: integer, format: int32}}", "3000000000", "no room"),
    ];
    for (schema, body, word) in wide {
        for n in 1..=3 {
            let all = found_in("3.0.3", schema, &[body].repeat(n));
            let is_proposed = all.iter().any(|line| !line.starts_with("only: "));
            assert_eq!(is_proposed, n == 3, "{schema} {n}: {all:?}");
            assert!(
                is_proposed
                    || all
                        .iter()
                        .all(|line| line.contains(word) && line.ends_with("it takes 3 records to propose a change")),
                "{all:?}"
            );
        }
    }
    // A body that is described in place is as wide; a member is not.
    let inline = thing("3.0.3", "{}").replace("{$ref: '#/components/schemas/Thing'}", "{type: string}");
    assert_eq!(kinds(&Case::of(&inline, "seen.jsonl", &records(&["1"; 2])).learned()).len(), 0);
    assert_eq!(kinds(&Case::of(&inline, "seen.jsonl", &records(&["1"; 3])).learned()).len(), 1);
    let member = "{Thing: {type: object, properties: {a: {type: string}}}}";
    let once = found_in("3.0.3", member, &[r#"{"a": 1}"#]);
    assert!(once.len() == 1 && once[0].ends_with("it takes 2 records to propose a change"), "{once:?}");
    assert_eq!(found_in("3.0.3", member, &[r#"{"a": 1}"#; 2]), [r#"Thing.properties.a + {"type":"integer"}"#]);
}

#[test]
fn what_fits_no_branch_changes_none() {
    let branches = "A: {type: object, required: [kind, x], properties: {kind: {type: string}, x: {type: string}}}, B: {type: object, required: [kind, y], properties: {kind: {type: string}, y: {type: string}}}";
    let both = "[{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]";
    let body = [r#"{"kind": "A", "x": null, "z": 1}"#; 4];
    for key in ["oneOf", "anyOf"] {
        let all = found_in("3.0.3", &format!("{{Thing: {{{key}: {both}}}, {branches}}}"), &body);
        assert!(
            all.len() == 1 && all[0].starts_with("only: No branch fitted and declared all of it in 4 of 4"),
            "{all:?}"
        );
        assert!(all[0].contains("the nearest is `A`: "), "{all:?}");
    }
    // A discriminator says which one it is, and so does the JSON type where the others are of another.
    let sure = [
        format!("{{Thing: {{oneOf: {both}, discriminator: {{propertyName: kind}}}}, {branches}}}"),
        format!("{{Thing: {{oneOf: [{{type: string}}, {{$ref: '#/components/schemas/A'}}]}}, {branches}}}"),
    ];
    for schema in sure {
        let all = found_in("3.0.3", &schema, &body);
        assert_eq!(all, [r#"A.properties.x + {"nullable":true}"#, r#"A + {"properties":{"z":{"type":"integer"}}}"#]);
    }
}

#[test]
fn numbers_are_what_they_are_worth() {
    let schema = |of: &str| format!("{{Thing: {{type: object, properties: {{n: {of}}}}}}}");
    for (of, body) in [
        ("{type: integer}", "3.0"),
        ("{type: integer, format: int32}", "2e3"),
        ("{type: integer, enum: [1, 2]}", "2.0"),
        ("{type: integer, format: uint64}", "18446744073709551615"),
        ("{type: number}", "1e400"),
    ] {
        assert_eq!(
            found_in("3.0.3", &schema(of), &[&format!("{{\"n\": {body}}}")]),
            Vec::<String>::new(),
            "{of} {body}"
        );
    }
    for (of, bodies, format) in [
        ("{type: integer, format: int32}", vec!["3000000000"], "int64"),
        ("{type: integer, format: int32}", vec!["3e9"], "int64"),
        ("{type: integer}", vec!["9223372036854775808"], "uint64"),
        ("{type: integer, format: int32}", vec!["18446744073709551615"], "uint64"),
        ("{type: integer, format: int64}", vec!["-1", "9223372036854775808"], "bigint"),
        ("{type: integer}", vec!["18446744073709551616"], "bigint"),
        ("{type: integer}", vec!["-9223372036854775809"], "bigint"),
        ("{type: integer}", vec!["1e100"], "bigint"),
        ("{type: integer, format: uint64}", vec!["-1"], "int64"),
    ] {
        let bodies: Vec<String> = bodies.iter().map(|n| format!("{{\"n\": {n}}}")).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let expected = format!(r#"Thing.properties.n + {{"format":"{format}"}}"#);
        assert_eq!(found_in("3.0.3", &schema(of), &bodies), [expected], "{of} {bodies:?}");
    }
    assert_eq!(
        found_in("3.0.3", &schema("{type: integer}"), &[r#"{"n": 3.5}"#]),
        [r#"Thing.properties.n + {"type":"number"}"#]
    );
    // Also where the member, or its being a number, is new.
    let huge = r#"{"m": 9223372036854775808, "n": 9223372036854775808}"#;
    assert_eq!(
        found_in("3.0.3", &schema("{type: string}"), &[huge; 2]),
        [
            r#"Thing + {"properties":{"m":{"format":"uint64","type":"integer"}}}"#,
            r#"Thing.properties.n + {"format":"uint64","type":"integer"}"#
        ]
    );
}

#[test]
fn a_list_of_types_gets_one_more() {
    let schema = |of: &str| format!("{{Thing: {{type: object, properties: {{n: {of}}}}}}}");
    let place = "Thing.properties.n";
    for (of, came, expected) in [
        ("{type: [string, 'null'], pattern: '^a', example: a}", vec!["1"; 2], vec![r#" + {"type":["integer"]}"#]),
        ("{type: [string, integer]}", vec!["true"; 2], vec![r#" + {"type":["boolean"]}"#]),
        ("{type: [string, integer]}", vec!["null"], vec![r#" + {"type":["null"]}"#]),
        (
            "{type: [string, integer], format: date}",
            vec!["[1]"; 2],
            vec![r#" + {"items":{"type":"integer"},"type":["array"]}"#],
        ),
        // Some values are as declared: the list has room for both.
        ("{type: [string]}", vec!["1", "1", "\"a\""], vec![r#" + {"type":["integer"]}"#]),
        (
            "{type: string, pattern: '^a'}",
            vec!["1", "null", "2"],
            vec![".pattern gone", r#" + {"type":"integer"}"#, r#" + {"type":["integer","null"]}"#],
        ),
        ("{type: string, enum: [a]}", vec!["null"], vec![r#" + {"enum":[null],"type":["string","null"]}"#]),
        ("{enum: [a, b]}", vec!["null"], vec![r#" + {"enum":[null]}"#]),
        // Too few to change the type: null is no less null.
        ("{type: string}", vec!["true", "null"], vec![r#" + {"type":["string","null"]}"#]),
    ] {
        let bodies: Vec<String> = came.iter().map(|n| format!("{{\"n\": {n}}}")).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let all = found_in("3.1.0", &schema(of), &bodies);
        let actions: Vec<&String> = all.iter().filter(|line| !line.starts_with("only: ")).collect();
        let expected: Vec<String> = expected.iter().map(|end| format!("{place}{end}")).collect();
        assert_eq!(actions, expected.iter().collect::<Vec<_>>(), "{of} {came:?}");
    }
}

#[test]
fn nothing_that_is_required_leaves_no_empty_list() {
    let schema = "{Thing: {type: object, required: [a, b, a], properties: {a: {type: string}, b: {type: string}, c: {type: string}}}}";
    assert_eq!(found_in("3.0.3", schema, &["{}"]), ["Thing.required[?@ == 'a'] gone", "Thing.required gone"]);
    assert_eq!(found_in("3.0.3", schema, &[r#"{"b": "x"}"#]), ["Thing.required[?@ == 'a'] gone"]);
    // The second one is missing in a later body only, and the first is gone already.
    let later = [r#"{"b": "x"}"#, r#"{"a": "x"}"#];
    assert_eq!(found_in("3.0.3", schema, &later), ["Thing.required[?@ == 'a'] gone", "Thing.required gone"]);
}

#[test]
fn values_of_an_enum_are_shown_when_they_come_again() {
    let schema = "{Thing: {type: object, properties: {n: {type: string, enum: [ON, OFF]}}}}";
    let bodies = |values: &[&str]| values.iter().map(|v| format!("{{\"n\": \"{v}\"}}")).collect::<Vec<_>>();
    let all = |values: &[&str]| {
        let bodies = bodies(values);
        found_in("3.0.3", schema, &bodies.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let hidden = |n: &str, of: usize| {
        let bodies = if of == 1 {
            "1 of 1 recorded body that has it".to_owned()
        } else {
            format!("{of} of {of} recorded bodies that have it")
        };
        format!("only: It had {n}, which `enum` does not list, in {bodies} (getThing); nothing of that kind is shown")
    };
    assert_eq!(all(&["GOMEZ"]), [hidden("a value that may be data", 1)]);
    assert_eq!(all(&["IDLE", "IDLE", "GOMEZ"]), [r#"Thing.properties.n + {"enum":["IDLE"]}"#]);
    // Twice in one body is one body's word.
    let list = thing("3.0.3", "{Thing: {type: array, items: {type: string, enum: [ON]}}}");
    assert!(kinds(&Case::of(&list, "seen.jsonl", &records(&[r#"["IDLE", "IDLE"]"#])).learned()).is_empty());
    // So many that it can be no enum: nothing of it is shown.
    let many = ["A", "B", "C", "D", "E"].map(|c| c.repeat(3));
    let many: Vec<&str> = many.iter().chain(&many).map(String::as_str).collect();
    assert_eq!(all(&many), [hidden("5 values that may be data", 10)]);
}

#[test]
fn a_limit_and_a_format_are_both_said() {
    let schema = "{Thing: {type: object, properties: {n: {type: string, format: date, maxLength: 10}, m: {type: array, items: {type: integer}, minItems: 2}}}}";
    let all = found_in("3.0.3", schema, &[r#"{"n": "the first of May", "m": [1]}"#; 2]);
    let left = "limits refuse nothing that is read, so that it is left as it is";
    let of = "in 2 of 2 recorded bodies that have it (getThing)";
    assert_eq!(
        all,
        [
            "Thing.properties.n.format gone".to_owned(),
            format!("only: It was not within `minItems` {of}; {left}"),
            format!("only: It was not within `maxLength` {of}; {left}"),
        ]
    );
}

#[test]
fn an_overlay_is_continued_however_it_is_written() {
    let seen = "{\"op\": \"getMember\", \"body\": {\"id\": \"1\", \"joined\": \"2026-01-31\", \"height\": 1, \"nick\": null, \"trainer\": null}}\n";
    let first = "{target: $.components.schemas.Trainer.properties.name, update: {nullable: true}}";
    let json = r#""target": "$.components.schemas.Trainer.properties.name", "update": {"nullable": true}"#;
    let head = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\n";
    let head_json = r#""overlay": "1.0.0", "info": {"title": "Ours", "version": "1"}"#;
    let block = "actions:\n- target: $.components.schemas.Trainer.properties.name\n  update:\n    nullable: true\n";
    for (name, text) in [
        ("overlay.yaml", format!("\u{feff}{head}{block}").replace('\n', "\r\n")),
        ("overlay.yaml", format!("{head}{block}").trim_end().to_owned()),
        ("overlay.yaml", format!("{head}{block}# The end.\n")),
        ("overlay.yaml", format!("{block}{head}")),
        ("overlay.yaml", format!("{head}actions: [{first}]\n")),
        ("overlay.yaml", format!("{head}actions: [{first}, ] # All.\n")),
        ("overlay.yaml", format!("{head}actions: [\n  {first}, # Why.\n]\n")),
        ("overlay.yaml", format!("{{{head_json}, actions: [{first}]}}\n")),
        ("overlay.json", format!("{{{head_json}, \"actions\": [{{{json}}}]}}")),
        (
            "overlay.json",
            format!("{{\n  {head_json},\n  \"actions\": [\n    {{{json}}}\n  ]\n}}\n").replace('\n', "\r\n"),
        ),
    ] {
        let mut case = Case::of(CLUB, "seen.jsonl", seen);
        let path = case.folder.path().join(name);
        fs::write(&path, &text).expect("written");
        case.inputs.overlays = vec![path.clone()];
        let records = learn::read(&[&case.seen]).expect("it is read");
        let of =
            |case: &Case| learn::learn(&case.inputs, &records, None, &path).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
        let learned = of(&case);
        assert_eq!(kinds(&learned), ["null Member/properties/nick", "null Member/properties/trainer"], "{text}");
        let out = learned.overlay.clone().expect("an overlay");
        fs::write(&path, &out).expect("written");
        assert!(of(&case).proposals.is_empty(), "{out}");
        // What was there is still there, and lines end as they did.
        let kept = text.lines().next().expect("a line").trim_end_matches([']', '}']);
        assert!(out.starts_with(kept) && out.contains("Trainer.properties.name"), "{out}");
        let ends = (out.matches('\n').count(), out.matches("\r\n").count());
        assert_eq!(ends.1, if text.contains('\r') { ends.0 } else { 0 }, "{out}");
        if name.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&out).unwrap_or_else(|e| panic!("{e}: {out}"));
        }
    }
    // A new one is what its name says.
    let case = Case::of(CLUB, "seen.jsonl", seen);
    let records = learn::read(&[&case.seen]).expect("it is read");
    let new =
        learn::learn(&case.inputs, &records, None, &case.folder.path().join("new.json")).expect("it is learned from");
    let new: serde_json::Value = serde_json::from_str(&new.overlay.expect("an overlay")).expect("it is JSON");
    assert_eq!((&new["overlay"], new["actions"].as_array().map(Vec::len)), (&"1.0.0".into(), Some(2)));
    // What cannot be continued is refused with its place: an alias, a last text that takes empty lines along.
    let action = "- target: $.components.schemas.Trainer.properties.name\n  update: {nullable: true}\n";
    for (text, place) in [
        (format!("{head}x-all: &all\n{action}actions: *all\n"), "3:8"),
        (format!("{head}actions:\n{action}  description: |+\n    Why.\n\n"), "4:1"),
    ] {
        let mut case = Case::of(CLUB, "seen.jsonl", seen);
        fs::write(case.overlay(), &text).expect("written");
        case.inputs.overlays = vec![case.overlay()];
        let refused = learn::learn(&case.inputs, &records, None, &case.overlay()).expect_err("it is refused");
        let Refused::Messages(messages) = refused else { panic!("{refused:?}") };
        let end = format!("overlay.yaml:{place}: no action can be added behind the last one of this list");
        assert!(messages.len() == 1 && messages[0].ends_with(&end), "{messages:?}");
    }
}

/// What was seen of Belvo's API, against the document as it was published: the corrections of `spec/overlay.yaml` that these bodies show are
/// proposed too.
#[test]
fn what_people_did_by_hand_is_proposed() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a repository");
    let named = std::env::var_os("SHARED_DIR").map(PathBuf::from);
    let beside = repository.ancestors().skip(1).map(|folder| folder.join("shared")).find(|folder| folder.is_dir());
    let Some(shared) = named.or(beside).map(|shared| shared.join("belvo")).filter(|shared| shared.is_dir()) else {
        use std::io::Write as _;
        let _ =
            std::io::stderr().write_all(b"skipped: what was seen of Belvo's API, there is no folder `shared` here\n");
        return;
    };
    let files = ["seen/bodies.jsonl", "composed-2xx.jsonl", "media-examples.jsonl"].map(|file| shared.join(file));
    let records = learn::read(&files).expect("they are read");
    let seen = learn::read(&files[..1]).expect("it is read");
    let spec = repository.join("spec");
    let mut inputs =
        Inputs { spec: spec.join("belvo.yaml"), config: Some(spec.join("belvo.toml")), ..Inputs::default() };
    let overlay = tempfile::tempdir().expect("a folder").path().join("overlay.yaml");
    let learned = learn::learn(&inputs, &seen, None, &overlay).unwrap_or_else(|refused| panic!("{refused:?}"));
    assert_eq!(learned.proposals.len(), 13, "{:#?}", kinds(&learned));
    let learned = learn::learn(&inputs, &records, None, &overlay).unwrap_or_else(|refused| panic!("{refused:?}"));
    let targets: Vec<&str> = learned.proposals.iter().flat_map(|p| &p.actions).map(|a| a.target.as_str()).collect();
    for by_hand in [
        "$.components.schemas.AccountOpenFinanceBrazil.properties.funds_data",
        "$.components.schemas.AccountLoanDataOpenFinanceBrazil.required[?@ == 'total_effectove_cost']",
        "$.components.schemas.RiskInsightsAssetMetrics.required[?@ == 'num_accounts']",
        "$.components.schemas.paymentTransaction.required[?@ == 'charge']",
        "$.components.schemas.FinancialStatement.properties.year",
        "$.components.schemas.FinancialStatement.properties.year.pattern",
        "$.components.schemas.InvestmentTransactionBrazil.properties.subtype",
        "$.components.schemas.InvestmentTransactionBrazil.properties.subtype_additional_info",
        "$.components.schemas.invoice_chile.properties.acknowledged_at",
        "$.components.schemas.invoice_chile.properties.summary_invoice_details",
    ] {
        assert!(targets.contains(&by_hand), "{by_hand} is not among {targets:#?}");
    }
    // With the overlay none of these is left.
    inputs.overlays = vec![spec.join("overlay.yaml")];
    let left =
        learn::learn(&inputs, &records, None, &inputs.overlays[0]).unwrap_or_else(|refused| panic!("{refused:?}"));
    let left: Vec<&str> = left.proposals.iter().map(|p| p.pointer.as_str()).collect();
    for done in
        ["funds_data", "total_effectove_cost", "num_accounts", "FinancialStatement/properties/year", "acknowledged_at"]
    {
        assert!(learned.proposals.iter().any(|p| p.pointer.as_str().ends_with(done)), "{done} was not found");
        assert!(!left.iter().any(|place| place.ends_with(done)), "{done} is among {left:#?}");
    }
}
