//! What `diff` says about two documents: the same one in other clothes, a tour through the kinds of changes, the formats.

use generator::document::{Kind, Node};
use generator::drift::{self, Class, Report, Step};
use generator::{Inputs, Understood};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::thread;
use tests::run::{own, value};

/// Understands two documents with as much stack as the command line has.
fn understood(old: &Inputs, new: &Inputs) -> (Understood, Understood) {
    let sides = thread::scope(|scope| {
        let run = thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, || drift::understand(old, new));
        run.expect("a thread").join().expect("no panic")
    });
    for side in [&sides.0, &sides.1] {
        let told: Vec<_> = side.diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
        assert!(!side.diagnostics.has_errors(), "{told:#?}");
    }
    sides
}

/// Compares two texts, as files of one folder.
fn compare(old: &str, new: &str) -> (Report, Understood, Understood) {
    let dir = tempfile::tempdir().expect("a folder");
    let inputs = |name: &str, text: &str| {
        let spec = dir.path().join(name);
        fs::write(&spec, text).expect("write");
        Inputs { spec, ..Inputs::default() }
    };
    let (old, new) = understood(&inputs("old.yaml", old), &inputs("new.yaml", new));
    (drift::diff(&old, &new), old, new)
}

/// The lines of a report without the folder of the two files.
fn lines(report: &Report) -> String {
    let folder = Path::new(&report.old.file).parent().expect("a folder").display().to_string();
    drift::text(report, generator::base::diagnostic::Style::Plain).replace(&format!("{folder}/"), "")
}

const SHOP: &str = "\
openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
servers: [{url: 'https://shop.example', description: Live}]
tags: [{name: Carts, description: Carts of customers.}]
paths:
  /carts/:
    get:
      operationId: ListCarts
      tags: [Carts]
      parameters:
        - {$ref: '#/components/parameters/page'}
        - {name: owner, in: query, schema: {type: string}}
      responses:
        '200': {description: Carts., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Cart'}}}}}
        '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/NotFoundError'}}}}
    post:
      operationId: CreateCart
      tags: [Carts]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/CartRequest'}}}
      responses:
        '201': {description: The cart., content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}}
  /carts/{cart}/items/:
    get:
      operationId: ListItems
      tags: [Carts]
      parameters:
        - {name: cart, in: path, required: true, schema: {type: string, format: uuid}}
        - {$ref: '#/components/parameters/page'}
      responses:
        '200': {description: Items., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}
  /carts/{cart}/:
    delete:
      operationId: DeleteCart
      tags: [Carts]
      parameters:
        - {name: cart, in: path, required: true, schema: {type: string, format: uuid}}
      responses:
        '204': {description: Gone.}
components:
  parameters:
    page: {name: page, in: query, schema: {type: integer}, description: The page.}
  schemas:
    Amount: {type: number}
    State: {type: string, enum: [open, paid, lost]}
    Cart:
      type: object
      required: [id, state, total]
      properties:
        id: {type: string, format: uuid}
        state: {$ref: '#/components/schemas/State'}
        total: {$ref: '#/components/schemas/Amount'}
        note: {type: string}
        recieved_at: {type: string, format: date-time}
    Item:
      type: object
      required: [sku, price]
      properties:
        sku: {type: string}
        price: {$ref: '#/components/schemas/Amount'}
        count: {type: integer}
    CartRequest:
      type: object
      required: [owner]
      properties:
        owner: {type: string}
        note: {type: string, nullable: true}
    NotFoundError:
      type: object
      required: [code, message]
      properties:
        code: {type: string}
        message: {type: string}
        detail: {type: string}
";

/// `SHOP` with some lines replaced, each of which must be there.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(SHOP.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

#[test]
fn a_tour_through_the_kinds_of_changes() {
    let new = edited(&[
        ("title: Shop, version: 1.0.0", "title: Shop, version: 2.0.0"),
        ("Amount: {type: number}", "Amount: {type: string}"),
        ("enum: [open, paid, lost]", "enum: [open, paid, stolen]"),
        ("recieved_at", "received_at"),
        ("        count: {type: integer}", "        count: {type: integer, deprecated: true}"),
        ("required: [owner]", "required: [owner, currency]"),
        (
            "        note: {type: string, nullable: true}\n",
            "        note: {type: string, nullable: true}\n        currency: {type: string}\n",
        ),
        ("NotFoundError", "ResourceNotFound"),
        (
            "        - {name: owner, in: query, schema: {type: string}}",
            "        - {name: owner, in: query, required: true, schema: {type: string}}",
        ),
        (
            "page: {name: page, in: query, schema: {type: integer}, description: The page.}",
            "page: {name: page, in: query, schema: {type: string}, description: The page.}",
        ),
        ("operationId: DeleteCart", "operationId: RemoveCart"),
        ("  /carts/{cart}/items/:", "  /baskets/{cart}/items/:"),
        ("        '204': {description: Gone.}", "        '204': {description: Gone for good.}"),
    ]);
    let (report, ..) = compare(SHOP, &new);
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("tour", lines(&report));
    });
    assert_eq!((report.semver.step, report.semver.zero), (Step::Major, Step::Minor));
}

#[test]
fn the_way_back_reports_the_same_things() {
    let new = edited(&[
        ("        note: {type: string}\n", ""),
        ("enum: [open, paid, lost]", "enum: [open, paid]"),
        ("operationId: ListItems", "operationId: ListGoods"),
    ]);
    let (there, ..) = compare(SHOP, &new);
    let (back, ..) = compare(&new, SHOP);
    let pointers = |report: &Report, old: bool| -> Vec<String> {
        let mut all: Vec<String> = report
            .changes
            .iter()
            .filter_map(|c| if old { c.old.as_ref() } else { c.new.as_ref() }.map(|p| p.pointer.to_string()))
            .collect();
        all.sort();
        all
    };
    assert_eq!(pointers(&there, true), pointers(&back, false));
    assert_eq!(there.semver.step, Step::Major);
    assert!(back.changes.iter().any(|c| c.code == "D0602") && there.changes.iter().any(|c| c.code == "D0601"));
}

#[test]
fn one_change_of_a_shared_thing_is_one_change() {
    for (from, to, code) in [
        ("Amount: {type: number}", "Amount: {type: string}", "D0504"),
        (
            "page: {name: page, in: query, schema: {type: integer}",
            "page: {name: page, in: query, schema: {type: boolean}",
            "D0206",
        ),
        (
            "page: {name: page, in: query, schema: {type: integer}, description: The page.",
            "page: {name: page, in: query, schema: {type: integer}, description: Which page.",
            "D0212",
        ),
        ("enum: [open, paid, lost]", "enum: [open, paid, lost, found]", "D0702"),
    ] {
        let (report, ..) = compare(SHOP, &edited(&[(from, to)]));
        let codes: Vec<_> = report.changes.iter().map(|c| c.code).collect();
        assert_eq!(codes, [code], "{to}: {}", lines(&report));
        assert!(report.changes[0].operations > 1, "{to}");
    }
}

/// The repository's own document, with what its value becomes.
fn own_and(change: impl Fn(Value) -> Value) -> (Report, Understood, Understood) {
    let dir = tempfile::tempdir().expect("a folder");
    let mut diagnostics = generator::base::diagnostic::Diagnostics::new();
    let document = generator::document::load::load(&own().spec, &mut diagnostics).expect("the document");
    let spec = dir.path().join("belvo.json");
    let json = serde_json::to_string(&change(value(&document.root))).expect("JSON");
    fs::write(&spec, json).expect("write");
    let new = Inputs { spec, own: false, ..own() };
    let (old, new) = understood(&own(), &new);
    (drift::diff(&old, &new), old, new)
}

/// A node as JSON, its keys in the order of the document or from the last to the first.
fn print(node: &Node, backwards: bool, out: &mut String) {
    let separated = |parts: Vec<String>| parts.join(",");
    let printed = |node: &Node| {
        let mut text = String::new();
        print(node, backwards, &mut text);
        text
    };
    match &node.kind {
        Kind::Object(members) => {
            let mut all: Vec<String> =
                members.iter().map(|m| format!("{}:{}", Value::String(m.key.to_string()), printed(&m.value))).collect();
            if backwards {
                all.reverse();
            }
            out.push_str(&format!("{{{}}}", separated(all)));
        }
        Kind::Array(items) => out.push_str(&format!("[{}]", separated(items.iter().map(printed).collect()))),
        _ => out.push_str(&value(node).to_string()),
    }
}

/// The repository's own document, and the same one as JSON.
fn own_as_json(backwards: bool) -> Report {
    let dir = tempfile::tempdir().expect("a folder");
    let mut diagnostics = generator::base::diagnostic::Diagnostics::new();
    let document = generator::document::load::load(&own().spec, &mut diagnostics).expect("the document");
    let mut text = String::new();
    print(&document.root, backwards, &mut text);
    let spec = dir.path().join("belvo.json");
    fs::write(&spec, text).expect("write");
    let (old, new) = understood(&own(), &Inputs { spec, own: false, ..own() });
    drift::diff(&old, &new)
}

#[test]
fn the_same_document_as_json_is_no_change() {
    let report = own_as_json(false);
    assert!(report.changes.is_empty(), "{}", first_lines(&report));
    assert_eq!(report.semver.step, Step::None);
    assert_eq!(report.old.hash, report.new.hash);
}

#[test]
fn keys_in_another_order_change_no_api() {
    let report = own_as_json(true);
    // Repetitions that are written in place have the words of the first of them.
    assert!(!report.changes_the_api() && report.changes.len() < 10, "{}", first_lines(&report));
}

/// Enough of a report to see what went wrong.
fn first_lines(report: &Report) -> String {
    lines(report).lines().take(20).collect::<Vec<_>>().join("\n")
}

#[test]
fn other_words_change_no_api() {
    fn reworded(node: Value) -> Value {
        match node {
            Value::Object(members) => Value::Object(
                members
                    .into_iter()
                    .map(|(key, v)| match v {
                        Value::String(text) if key == "description" => (key, Value::String(format!("{text} Indeed."))),
                        other => (key, reworded(other)),
                    })
                    .collect(),
            ),
            Value::Array(items) => items.into_iter().map(reworded).collect(),
            other => other,
        }
    }
    let (report, ..) = own_and(reworded);
    assert!(!report.changes_the_api() && !report.is_breaking(), "{}", first_lines(&report));
    assert!(report.of(Class::DocumentationOnly).count() > 1_000);
    assert_eq!(report.semver.step, Step::Patch);
}

#[test]
fn the_json_keeps_to_its_schema() {
    let schema: Value = serde_json::from_str(drift::SCHEMA).expect("the schema");
    let (report, ..) = compare(SHOP, &edited(&[("        note: {type: string}\n", ""), ("ListItems", "ListGoods")]));
    let object = drift::json(&report);
    check(&schema, &schema, &object, "$");
    // The contract of the command line.
    assert_eq!(object["semver"], "major");
    let first = &object["changes"][0];
    for member in ["class", "code", "old", "new", "path_old", "path_new"] {
        assert!(first.get(member).is_some(), "{member}");
    }
    assert_eq!(object["changes"].as_array().map(Vec::len), Some(report.changes.len()));
    // The schema refuses what it should.
    let wrong = json!({ "class": "terrible" });
    assert!(thread::spawn(move || check(&schema, &schema["$defs"]["change"], &wrong, "$")).join().is_err());
}

/// As much of JSON Schema as the report's schema uses.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) {
    for (keyword, rule) in schema.as_object().expect("a schema") {
        match keyword.as_str() {
            "$ref" => {
                let name = rule.as_str().and_then(|r| r.strip_prefix("#/$defs/")).expect("a definition");
                check(root, &root["$defs"][name], value, at);
            }
            "type" => {
                let is = |word: &Value| match word.as_str().expect("a type") {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("{other}"),
                };
                let fits = rule.as_array().map_or_else(|| is(rule), |words| words.iter().any(is));
                assert!(fits, "{at}: {value} is no {rule}");
            }
            "enum" => assert!(rule.as_array().expect("values").contains(value), "{at}: {value} is none of {rule}"),
            "const" => assert_eq!(rule, value, "{at}"),
            "minimum" => assert!(value.as_i64() >= rule.as_i64(), "{at}: {value}"),
            "pattern" => {
                let text = value.as_str().expect("a text");
                assert_eq!(rule, "^D[0-9]{4}$");
                assert!(
                    text.len() == 5 && text.starts_with('D') && text[1..].bytes().all(|b| b.is_ascii_digit()),
                    "{at}: {text}"
                );
            }
            "required" => {
                for name in rule.as_array().expect("names") {
                    assert!(value.get(name.as_str().expect("a name")).is_some(), "{at}: no {name}");
                }
            }
            "properties" => {
                let known = rule.as_object().expect("properties");
                for (name, member) in value.as_object().expect("an object") {
                    let of = known.get(name).unwrap_or_else(|| panic!("{at}: `{name}` is not in the schema"));
                    check(root, of, member, &format!("{at}.{name}"));
                }
            }
            "additionalProperties" => {
                value.as_object().expect("an object").values().for_each(|v| check(root, rule, v, at));
            }
            "items" => {
                for (i, item) in value.as_array().expect("an array").iter().enumerate() {
                    check(root, rule, item, &format!("{at}[{i}]"));
                }
            }
            "anyOf" => {
                let all = rule.as_array().expect("schemas");
                let null = all.iter().any(|s| s["type"] == "null");
                assert!(null && all.len() == 2, "{at}: only `or null` is used");
                if !value.is_null() {
                    all.iter().filter(|s| s["type"] != "null").for_each(|s| check(root, s, value, at));
                }
            }
            "$schema" | "$defs" | "title" | "description" => {}
            other => panic!("the keyword `{other}` is not checked here"),
        }
    }
}

#[test]
fn nothing_a_document_says_is_markup() {
    let evil = "<script>alert(1)</script> `x` @someone #1 [a](b) \" & |";
    let old = edited(&[("name: owner, in", "name: owner1, in")]);
    let new = edited(&[
        ("title: Shop", &format!("title: {}", serde_json::to_string(evil).expect("text"))),
        (
            "enum: [open, paid, lost]",
            &format!("enum: [open, paid, lost, {}]", serde_json::to_string(evil).expect("text")),
        ),
        ("description: The page.", &format!("description: {}", serde_json::to_string(evil).expect("text"))),
    ]);
    let (report, old, new) = compare(&old, &new);
    let page = drift::html(&report, &old.sources, &new.sources).expect("a page");
    assert_eq!(page.matches("<script>").count(), 1, "the page's own");
    assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script&gt;alert(1)"));
    let text = drift::markdown(&report, drift::COMMENT);
    let outside: String = text.split('`').step_by(2).collect();
    assert!(!outside.contains("<script>") && !outside.contains("@someone"), "{text}");
}

#[test]
fn a_page_needs_nothing_else_and_can_be_read_without_scripts() {
    let (report, old, new) = compare(SHOP, &edited(&[("        note: {type: string}\n", "")]));
    let page = drift::html(&report, &old.sources, &new.sources).expect("a page");
    for outside in ["http://", "https://", "src=", "<link", "@import", "url("] {
        let text = page.replace("https://shop.example", "");
        assert!(!text.contains(outside), "{outside}");
    }
    // Everything stands in the page itself; what needs the script is hidden until it runs.
    assert!(page.contains("models::Cart::note") && page.contains("<form id=\"filter\" hidden"));
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
    assert!(page.contains("class=\"skip\"") && page.contains(":focus-visible"));
}

#[test]
fn markdown_is_bounded() {
    let (report, ..) = own_and(|mut document| {
        document["components"]["schemas"] = json!({});
        document["paths"] = json!({});
        document
    });
    assert!(report.changes.len() > 400);
    let text = drift::markdown(&report, 20_000);
    assert!(text.chars().count() <= 20_000, "{}", text.chars().count());
    assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
    assert!(text.contains("more, see the whole report"));
}

#[test]
fn settings_are_compared_too() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).expect("write");
        path
    };
    let spec = write("shop.yaml", SHOP);
    let old = write("old.toml", "[environments.live]\nurl = \"https://shop.example\"\n");
    let new = write(
        "new.toml",
        "[environments.live]\nurl = \"https://eu.shop.example\"\n[environments.test]\nurl = \"https://test.example\"\n\
         [operations.\"CreateCart\"]\nretry = \"never\"\nreason = \"a cart is made twice\"\n\
         [types.\"#/components/schemas/Item\"]\nrename = \"Line\"\n",
    );
    let inputs = |config| Inputs { spec: spec.clone(), config: Some(config), ..Inputs::default() };
    let (old, new) = understood(&inputs(old), &inputs(new));
    let report = drift::diff(&old, &new);
    let found: Vec<_> = report.changes.iter().map(|c| (c.code, c.class)).collect();
    assert_eq!(
        found,
        [
            ("D0503", Class::BreaksCompiling),
            ("D0903", Class::BreaksAtRunTime),
            ("D0114", Class::BreaksAtRunTime),
            ("D0902", Class::Additive),
        ],
        "{}",
        lines(&report)
    );
}

#[test]
fn what_the_settings_say_of_errors_is_compared_too() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).expect("write");
        path
    };
    let spec = write("shop.yaml", SHOP);
    let codes = "[errors.codes.busy]\nclass = \"wait\"\nadvice = \"come back\"\n";
    let gate =
        "[errors.answers.gate]\nstatus = [403]\nmedia = \"text/html\"\nclass = \"wait\"\nadvice = \"slow down\"\n";
    let door = "[errors.answers.door]\nsays = \"closed\"\nclass = \"service\"\nadvice = \"come back\"\n";
    let changes = |old: &str, new: &str| {
        let of = |name: &str, text: &str| {
            let config = write(name, &format!("{codes}{text}"));
            Inputs { spec: spec.clone(), config: Some(config), ..Inputs::default() }
        };
        let (old, new) = understood(&of("old.toml", old), &of("new.toml", new));
        let report = drift::diff(&old, &new);
        report.changes.iter().map(|c| (c.code, c.class)).collect::<Vec<_>>()
    };
    let member = "[errors.members]\nowner = \"Who has it.\"\n";
    use Class::{Additive, BreaksAtRunTime, BreaksCompiling, DocumentationOnly};
    for (old, new, expected) in [
        ("", "[retry]\nrefused = [423]\n", vec![("D0906", BreaksAtRunTime)]),
        ("[retry]\nrefused = [429]\n", "", vec![]),
        ("", "[errors]\nmax_items = 10\n", vec![("D0907", BreaksAtRunTime)]),
        ("[errors]\nmax_items = 1000\n", "", vec![]),
        ("", "[errors]\nnot_found = [\"gone\"]\n", vec![("D0907", BreaksAtRunTime)]),
        ("", member, vec![("D0907", Additive)]),
        (member, "", vec![("D0907", BreaksCompiling)]),
        (member, &member.replace("has", "had"), vec![("D0907", DocumentationOnly)]),
        (member, member, vec![]),
        ("", gate, vec![("D0907", Additive)]),
        (gate, "", vec![("D0907", BreaksAtRunTime)]),
        (gate, gate, vec![]),
        (gate, &gate.replace("403", "418"), vec![("D0907", BreaksAtRunTime)]),
        (gate, &gate.replace("text/html", "text/plain"), vec![("D0907", BreaksAtRunTime)]),
        (gate, &gate.replace("\"wait\"", "\"user\""), vec![("D0907", BreaksAtRunTime)]),
        (gate, &gate.replace("slow down", "rest"), vec![("D0907", DocumentationOnly)]),
        (door, &door.replace("closed", "shut"), vec![("D0907", BreaksAtRunTime)]),
        (gate, door, vec![("D0907", BreaksAtRunTime), ("D0907", Additive)]),
    ] {
        assert_eq!(changes(old, new), expected, "{old} -> {new}");
    }
}

/// A document with these servers, and one operation with this next to its responses.
fn ferry(servers: &str, own: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: Ferry, version: '1'}}\nservers: [{servers}]\npaths:\n  /crossings:\n    get: \
         {{operationId: crossings, tags: [ferries], {own} responses: {{'204': {{description: done}}}}}}\n  /tides:\n    get: \
         {{operationId: tides, tags: [ferries], security: [{{pass: []}}], responses: {{'204': {{description: done}}}}}}\n\
         components:\n  securitySchemes:\n    pass: {{type: apiKey, in: header, name: X-Pass}}\n    usher: {{type: http, scheme: basic}}\n    \
         seal: {{type: http, scheme: digest}}\n    port: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: 'https://id.test', scopes: {{a: A, b: B}}}}}}}}\n"
    )
}

/// What changed: code, class, and what becomes of what a released client sends.
fn found(old: &str, new: &str) -> Vec<(&'static str, Class, Option<&'static str>)> {
    let (report, ..) = compare(old, new);
    report.changes.iter().map(|c| (c.code, c.class, c.survives.sends.as_ref().map(drift::Survival::word))).collect()
}

#[test]
fn what_a_call_proves_is_compared_by_what_the_api_takes() {
    use Class::{Additive, BreaksAtRunTime};
    let asks = |security: &str| ferry("{url: 'https://f.test'}", &format!("security: {security},"));
    for (old, new, expected) in [
        ("[]", "[{pass: []}]", Some((BreaksAtRunTime, "fails"))),
        ("[{}]", "[{pass: []}]", Some((BreaksAtRunTime, "fails"))),
        ("[{pass: []}]", "[]", Some((Additive, "survives"))),
        ("[{pass: []}]", "[{}, {usher: []}]", Some((Additive, "survives"))),
        ("[{pass: []}]", "[{pass: []}, {usher: []}]", Some((Additive, "survives"))),
        ("[{pass: []}, {usher: []}]", "[{pass: []}]", Some((BreaksAtRunTime, "depends"))),
        ("[{pass: []}]", "[{usher: []}]", Some((BreaksAtRunTime, "fails"))),
        ("[{pass: []}]", "[{usher: [], pass: []}]", Some((BreaksAtRunTime, "fails"))),
        ("[{usher: [], pass: []}]", "[{pass: []}]", Some((Additive, "survives"))),
        ("[{}, {pass: []}]", "[{pass: []}]", Some((BreaksAtRunTime, "depends"))),
        ("[{port: [a]}]", "[{port: [a, b]}]", Some((BreaksAtRunTime, "depends"))),
        ("[{port: [b, a]}]", "[{port: [a]}]", Some((Additive, "survives"))),
        ("[{seal: []}]", "[{pass: []}]", Some((Additive, "survives"))),
        ("[{pass: []}]", "[{pass: []}]", None),
    ] {
        let expected: Vec<_> = expected.map(|(class, word)| ("D0115", class, Some(word))).into_iter().collect();
        assert_eq!(found(&asks(old), &asks(new)), expected, "{old} → {new}");
    }
}

#[test]
fn servers_and_schemes_are_compared_by_what_the_crate_has_of_them() {
    use Class::{Additive, BreaksAtRunTime, BreaksCompiling, DocumentationOnly};
    let server = |region: &str| {
        format!("{{url: 'https://{{region}}.f.test', description: Live, variables: {{region: {region}}}}}")
    };
    let (both, one) = (server("{default: eu, enum: [eu, us]}"), server("{default: eu, enum: [eu]}"));
    let (other, text) = (server("{default: us, enum: [eu, us]}"), server("{default: eu}"));
    let second = format!("{both}, {{url: 'https://test.test', description: Trial}}");
    let with = |servers: &str| ferry(servers, "security: [],");
    let base = with(&both);
    let scheme = |from: &str, to: &str| {
        let changed = base.replace(from, to);
        assert_ne!(changed, base);
        changed
    };
    for (old, new, expected) in [
        (&base, &with(&one), vec![("D0920", BreaksCompiling, None)]),
        (&with(&one), &base, vec![("D0920", Additive, None)]),
        (
            &base,
            &with(&other),
            vec![("D0903", BreaksAtRunTime, Some("depends")), ("D0920", BreaksAtRunTime, Some("depends"))],
        ),
        (&base, &with(&text), vec![("D0920", BreaksCompiling, None)]),
        (&base, &with(&second), vec![("D0902", Additive, None)]),
        (&with(&second), &base, vec![("D0901", BreaksCompiling, None)]),
        (
            &base,
            &ferry(&both, "security: [], servers: [{url: 'https://files.test'}],"),
            vec![("D0113", BreaksAtRunTime, Some("depends"))],
        ),
        (&base, &scheme("    usher: {type: http, scheme: basic}\n", ""), vec![("D0905", BreaksCompiling, None)]),
        (&scheme("    usher: {type: http, scheme: basic}\n", ""), &base, vec![("D0905", Additive, None)]),
        (&base, &scheme("scheme: basic", "scheme: bearer"), vec![("D0905", BreaksCompiling, Some("depends"))]),
        (&base, &scheme("https://id.test", "https://id2.test"), vec![("D0905", BreaksAtRunTime, Some("depends"))]),
        (&base, &scheme("a: A", "a: C"), vec![("D0909", DocumentationOnly, None)]),
    ] {
        assert_eq!(found(old, new), expected, "{old}\n{new}");
    }
}
