//! Schemas written in place that say the same are one type with several names, where nothing speaks against it.

use generator::settings::RepeatedTypes;
use generator::{Inputs, Understood, understand};
use std::fs;

/// What is understood of these components and operations, and of these settings.
fn understood(schemas: &str, paths: &str, settings: &str) -> Understood {
    let folder = tempfile::tempdir().expect("a folder");
    let (spec, config) = (folder.path().join("openapi.yaml"), folder.path().join("crate.toml"));
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}\ncomponents:\n  schemas:\n{schemas}\n"
    );
    fs::write(&spec, text).expect("write");
    fs::write(&config, settings).expect("write");
    let run = understand(&Inputs { spec, config: Some(config), ..Inputs::default() });
    assert!(!run.diagnostics.has_errors(), "{:?}", run.diagnostics);
    run
}

/// Which names are other names of which, in the order of the names.
fn repeated(run: &Understood) -> Vec<String> {
    let name = |id| run.names.of_type(id).to_string();
    let mut all: Vec<String> =
        run.names.repeated.iter().map(|(id, item)| format!("{} = {}", name(*id), name(*item))).collect();
    all.sort();
    all
}

const READ: &str = "  /a: {get: {operationId: get_a, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}";

fn of(members: &str) -> Vec<String> {
    repeated(&understood(&format!("    A:\n      type: object\n      properties:\n{members}"), READ, ""))
}

#[test]
fn what_says_the_same_is_one_type() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "lists of values, whatever the words at the member",
            "
        up: {type: string, enum: [a, b], description: The one}
        low: {type: string, enum: [a, b], description: The other}",
            &["ALow = AUp"],
        ),
        (
            "whatever they are made of",
            "
        one: {type: object, properties: {x: {type: object, properties: {y: {type: string}}}}}
        other: {type: object, properties: {x: {type: object, properties: {y: {type: string}}}}}",
            &["AOther = AOne", "AOtherX = AOneX"],
        ),
        (
            "another value",
            "
        one: {type: string, enum: [a, b]}
        other: {type: string, enum: [a, c]}",
            &[],
        ),
        (
            "other words at a member",
            "
        one: {type: object, properties: {x: {type: string, description: First}}}
        other: {type: object, properties: {x: {type: string, description: Second}}}",
            &[],
        ),
        (
            "required or not",
            "
        one: {type: object, properties: {x: {type: string}}}
        other: {type: object, required: [x], properties: {x: {type: string}}}",
            &[],
        ),
        (
            "deep below another type",
            "
        one: {type: object, properties: {x: {type: object, properties: {y: {type: string}}}}}
        other: {type: object, properties: {x: {type: object, properties: {y: {type: integer}}}}}",
            &[],
        ),
        (
            "a choice of a union and a member elsewhere",
            "
        one: {oneOf: [{type: object, title: X, properties: {x: {type: string}}}, {type: object, title: Y, required: [x], properties: {x: {type: string}}}]}
        other: {type: object, properties: {x: {type: string}}}",
            &["AOther = AOneX"],
        ),
    ];
    for (what, members, expected) in cases {
        let members = members.trim_start_matches('\n');
        assert_eq!(of(members), *expected, "{what}");
        // Whatever the order of keys.
        let reversed: Vec<&str> = members.lines().rev().collect();
        assert_eq!(of(&reversed.join("\n")), *expected, "{what}, reversed");
    }
}

#[test]
fn what_leads_back_to_itself_is_compared_all_the_way() {
    let tree = |name: &str, leaf: &str| {
        format!(
            "    {name}:\n      type: object\n      properties:\n        next: {{type: object, properties: {{up: {{$ref: '#/components/schemas/{name}'}}, leaf: {{type: {leaf}}}}}}}\n"
        )
    };
    // Components stay apart, and with them what is made of them.
    let run = understood(&format!("{}{}", tree("A", "string"), tree("B", "string")), READ, "");
    assert_eq!(repeated(&run), Vec::<String>::new());
}

#[test]
fn components_and_what_stands_side_by_side_stay_apart() {
    let components =
        "    A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}, c: {$ref: '#/components/schemas/C'}}}
    B: {type: string, enum: [x]}
    C: {type: string, enum: [x]}";
    assert_eq!(repeated(&understood(components, READ, "")), Vec::<String>::new());
    // A caller could give one for the other: the types say which is which.
    let list = "    A:
      type: object
      required: [from, to]
      properties:
        from: {type: string, enum: [x, y]}
        to: {type: string, enum: [x, y]}
        by: {type: string, enum: [x, y]}
        at: {type: string, enum: [x, y]}";
    let send = "  /a: {post: {operationId: add, requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}}, responses: {'204': {description: ok}}}}";
    assert_eq!(repeated(&understood(list, send, "")), ["ABy = At"]);
}

#[test]
fn settings_decide() {
    let members = "    A:
      type: object
      properties:
        up: {type: string, enum: [a, b]}
        low: {type: string, enum: [a, b]}
        left: {type: string, enum: [a, b]}";
    let run = understood(members, READ, "[crate]\nrepeated_types = \"type\"\n");
    assert_eq!(run.settings.package.repeated_types, RepeatedTypes::Type);
    assert_eq!(repeated(&run), Vec::<String>::new());
    let own = "[types.'#/components/schemas/A/properties/up']\nderive = [\"Eq\"]\n";
    assert_eq!(repeated(&understood(members, READ, own)), ["ALeft = ALow"]);
}
