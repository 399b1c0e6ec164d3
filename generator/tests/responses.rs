//! What comes back and what the API calls by itself: accessors of response headers, parse functions, what the documentation says, constants,
//! pages of one operation, and what `diff` makes of changes.

use generator::drift::{Class, diff};
use generator::{Generated, Inputs, generate, understand};
use std::fs;

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: Kiosk, version: '1'}\nservers: [{url: 'https://kiosk.test'}]\n";

const KIOSK: &str = "
paths:
  /papers:
    get:
      operationId: list_papers
      tags: [papers]
      parameters:
      - {name: edition, in: query, required: true, schema: {type: string, enum: [morning]}}
      - {name: level, in: header, required: true, schema: {type: integer, const: 3}}
      - {name: size, in: query, required: true, schema: {type: string, enum: [small, large]}}
      responses:
        '200':
          description: All
          headers:
            X-Left: {description: How many are left., required: true, schema: {type: integer}}
            X-Pages: {schema: {type: array, items: {type: integer}}}
            Set-Cookie: {schema: {type: string}}
            Of: {schema: {type: string}}
            Content-Type: {schema: {type: string}}
          links:
            one: {operationId: get_paper, parameters: {id: '$response.body#/entries/0/id'}, description: The first.}
            lost: {operationId: nowhere}
          content: {application/json: {schema: {$ref: '#/components/schemas/Papers'}}}
        '429': {description: Slowly, headers: {x-left: {schema: {type: integer}}, Retry-After: {schema: {type: integer}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Trouble'}}}}
        default: {description: Else, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Trouble'}}}}}
  /papers/{id}:
    get:
      operationId: get_paper
      tags: [papers]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {2XX: {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Paper'}}}}, '204': {description: Sold}}
    post:
      operationId: order_paper
      tags: [papers]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [kind, to], properties: {kind: {type: string, const: order}, to: {type: string}}}}}}
      responses: {'201': {description: Ordered}}
      callbacks:
        sent:
          '{$request.query.back}':
            post:
              parameters: [{name: X-Seal, in: header, required: true, description: Who sends it., schema: {type: string}}]
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Paper'}}}}
              responses: {'200': {description: Heard.}, '410': {description: No more.}}
webhooks:
  printed: {post: {summary: A paper is out., requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Paper'}}}}, responses: {'204': {description: Heard.}}}}
  cover: {put: {requestBody: {content: {image/png: {}}}, responses: {}}}
components:
  schemas:
    Papers: {type: object, properties: {entries: {type: array, items: {$ref: '#/components/schemas/Paper'}}, following: {type: string}}}
    Paper: {type: object, required: [id], properties: {id: {type: string}, pages: {type: integer}}}
    Trouble: {type: object, properties: {code: {type: string}}}
";

fn inputs(folder: &tempfile::TempDir, name: &str, document: &str, settings: &str) -> Inputs {
    let (spec, config) = (folder.path().join(format!("{name}.yaml")), folder.path().join(format!("{name}.toml")));
    fs::write(&spec, format!("{HEAD}{document}")).expect("write");
    fs::write(&config, settings).expect("write");
    Inputs { spec, config: Some(config), ..Inputs::default() }
}

fn made(document: &str, settings: &str) -> Generated {
    let folder = tempfile::tempdir().expect("a folder");
    let run = generate(&inputs(&folder, "kiosk", document, settings));
    assert!(!run.diagnostics.has_errors(), "{:#?}", run.diagnostics);
    run
}

fn file(run: &Generated, path: &str) -> String {
    let found = run.files.iter().find(|(p, _)| *p == path);
    found.map(|(_, content)| String::from_utf8_lossy(content).into_owned()).unwrap_or_default()
}

/// Asserts that a text has each of these pieces, whatever white space is between the words.
fn has(text: &str, pieces: &[&str]) {
    let flat = |text: &str| text.split_whitespace().filter(|word| *word != "///").collect::<Vec<_>>().join(" ");
    let all = flat(text);
    for piece in pieces {
        assert!(all.contains(&flat(piece)), "`{piece}` is not in\n{text}");
    }
}

#[test]
fn headers_have_accessors_and_stand_in_the_documentation() {
    let api = file(&made(KIOSK, ""), "src/api/papers.rs");
    has(
        &api,
        &[
            "pub type ListPapersHeaders<'h> = client::Headers<'h, of::ListPapersHeaders>;",
            "pub fn x_left(&self) -> Result<Option<i64>, runtime::Error> { __private::header_value(self.map, \"X-Left\", __private::HeaderForm::Plain) }",
            "pub fn x_pages(&self) -> Result<Option<Vec<i64>>, runtime::Error>",
            "pub fn set_cookie(&self) -> impl Iterator<Item = &'h str> + use<'h>",
            "pub fn of_header(&self) -> Option<&'h str>",
            "pub fn retry_after(&self)",
            "- `X-Left` of 200, 429, [`x_left`](crate::api::requests::ListPapersHeaders::x_left): How many are left.",
        ],
    );
    assert_eq!(api.matches("fn x_left").count(), 1, "one accessor for both responses");
    assert!(!api.contains("content_type"));
}

#[test]
fn error_models_and_links_stand_in_the_documentation() {
    let api = file(&made(KIOSK, ""), "src/api/papers.rs");
    has(
        &api,
        &[
            "- 429: Slowly ([`Trouble`](crate::models::Trouble))",
            "- default: Else (`Vec` of [`Trouble`](crate::models::Trouble))",
            "[`Error::read`](crate::Error::read) reads the body as the type named.",
            "- `one` (200): `client.papers().get` with `id` = `$response.body#/entries/0/id`: The first.",
            "- `lost` (200): `nowhere`",
        ],
    );
}

/// A status of its own goes before its class, and what is not declared is no result.
#[test]
fn results_by_status() {
    has(
        &file(&made(KIOSK, ""), "src/api/papers.rs"),
        &[
            "match received.status().code() { 204u16 => {",
            "200u16..=299u16 =>",
            "_ => Err(__private::other_status(received)),",
        ],
    );
}

#[test]
fn what_the_api_calls_has_a_function_each() {
    let run = made(KIOSK, "");
    let module = file(&run, "src/webhooks.rs");
    has(
        &module,
        &[
            "`POST {$request.query.back}`: the callback `sent`",
            "The operation [`Papers::order`](crate::api::Papers::order) asks for it.",
            "- `X-Seal` (header, always): Who sends it.",
            "- `410`: No more",
            "pub fn parse_sent(body: &[u8]) -> Result<models::Paper, crate::error::DecodeError> { __private::parse_json(body) }",
            "`POST`: A paper is out",
            "pub fn parse_printed(body: &[u8]) -> Result<models::Paper, crate::error::DecodeError> { __private::parse_form(body) }",
        ],
    );
    assert!(module.contains("//! - `cover`: `PUT`") && !module.contains("parse_cover"), "{module}");
    has(&file(&run, "src/lib.rs"), &["pub mod webhooks;"]);
    has(
        &file(&run, "src/api/papers.rs"),
        &["- `sent`: `POST {$request.query.back}`; [`webhooks::parse_sent`](crate::webhooks::parse_sent) reads it"],
    );
    let mut said: Vec<&str> = run.diagnostics.iter().map(|d| d.code).collect();
    said.sort_unstable();
    assert_eq!(said, ["N0346", "N0348", "N0352", "N0502", "W0346"]);
}

/// A callback goes with its operation, a webhook with the whole document; a document without any has no module.
#[test]
fn what_is_called_follows_the_selection() {
    let only = |id: &str| file(&made(KIOSK, &format!("[operations]\nonly = [\"{id}\"]\n")), "src/webhooks.rs");
    let with = only("order_paper");
    assert!(with.contains("parse_sent") && !with.contains("parse_printed"));
    assert_eq!(only("list_papers"), "");
    // A hand-written module may have the plain name.
    let run = made(KIOSK, include_str!("responses/extras.toml"));
    assert!(file(&run, "src/document_webhooks.rs").contains("parse_sent"));
}

/// Names do not depend on what comes first.
#[test]
fn callbacks_of_one_name_are_called_after_their_operations() {
    let hook = |schema: &str| {
        format!(
            "{{'https://x': {{post: {{requestBody: {{content: {{application/json: {{schema: {{type: {schema}}}}}}}}}, responses: {{}}}}}}}}"
        )
    };
    let operation = |id: &str, schema: &str| {
        format!(
            "  /{id}:\n    get: {{operationId: {id}, responses: {{'204': {{description: ok}}}}, callbacks: {{done: {}}}}}\n",
            hook(schema)
        )
    };
    let (a, b) = (operation("a", "string"), operation("b", "integer"));
    let module = |paths: String| file(&made(&format!("paths:\n{paths}"), ""), "src/webhooks.rs");
    for paths in [format!("{a}{b}"), format!("{b}{a}")] {
        has(
            &module(paths),
            &["fn parse_a_done(body: &[u8]) -> Result<String,", "fn parse_b_done(body: &[u8]) -> Result<i64,"],
        );
    }
}

#[test]
fn what_can_have_one_value_only_is_sent_and_not_asked_for() {
    let api = file(&made(KIOSK, ""), "src/api/papers.rs");
    has(
        &api,
        &[
            "pub fn list(&self, size: impl Into<models::ListPapersSize>) -> ListPapers {",
            "request.query(\"edition\", &\"morning\",",
            "request.header_param(\"level\", &3i64);",
            "It always sends `edition` = `morning`, `level` = `3`.",
            "pub struct OrderPaperArgs { /// The parameter `id`. pub id: String, /// The member `to`. pub to: String, }",
            "pub fn order(&self, args: OrderPaperArgs) -> OrderPaper {",
            "request.member(\"kind\", &\"order\");",
        ],
    );
}

#[test]
fn secrets_among_arguments_are_not_printed() {
    let document = "paths:
  /doors: {put: {operationId: open, tags: [doors], parameters: [{name: floor, in: query, required: true, schema: {type: integer}},
    {name: pin, in: header, required: true, schema: {type: integer}}], responses: {'204': {description: Open}}}}
  /safes: {put: {operationId: unlock, tags: [doors], requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Safe'}}}}, responses: {'204': {description: Open}}}}
components: {schemas: {Safe: {type: object, required: [row, pin], properties: {row: {type: integer}, pin: {type: integer}}}}}
";
    let run = made(document, "");
    let hidden = ["#[derive(Clone)]", ".field(\"pin\", &::std::format_args!(\"Secret(..)\"))"];
    has(&file(&run, "src/api/doors.rs"), &hidden);
    has(&file(&run, "src/models/doors.rs"), &hidden);
}

#[test]
fn one_operation_has_pages_of_its_own_members() {
    assert!(!file(&made(KIOSK, ""), "src/api/papers.rs").contains("PagedOperation"));
    for id in ["list_papers", "list*"] {
        let settings = format!("[operations.\"{id}\"]\nitems = \"entries\"\nnext = \"following\"\n");
        let run = made(KIOSK, &settings);
        has(&file(&run, "src/api/papers.rs"), &["impl crate::client::PagedOperation for ListPapers {}"]);
        has(&file(&run, "src/models/mod.rs"), &["fn next_url(&self) -> Option<&str> { self.following.as_deref() }"]);
    }
}

/// What is put in the place of what, the class and the code of the change, and which.
#[rustfmt::skip]
const CHANGES: &[(&str, &str, Class, &str)] = &[
    ("            X-Pages: {schema: {type: array, items: {type: integer}}}\n", "", Class::BreaksCompiling, "D0409"),
    ("            Of: {schema", "            X-New: {schema: {type: string}}\n            Of: {schema", Class::Additive, "D0410"),
    ("X-Pages: {schema: {type: array, items: {type: integer}}}", "X-Pages: {schema: {type: array, items: {type: string}}}", Class::BreaksCompiling, "D0411"),
    ("How many are left.", "What is left.", Class::DocumentationOnly, "D0412"),
    ("description: The first.", "description: The first one.", Class::DocumentationOnly, "D0406"),
    ("  cover: {put: {requestBody: {content: {image/png: {}}}, responses: {}}}\n", "", Class::BreaksCompiling, "D0420"),
    ("webhooks:\n", "webhooks:\n  more: {post: {responses: {}}}\n", Class::Additive, "D0421"),
    ("{application/json: {schema: {$ref: '#/components/schemas/Paper'}}}}\n              responses: {'200': {description: Heard.}", "{application/json: {schema: {type: string}}}}\n              responses: {'200': {description: Heard.}", Class::BreaksCompiling, "D0422"),
    ("'410': {description: No more.}", "'404': {description: No more.}", Class::BreaksAtRunTime, "D0423"),
    ("'{$request.query.back}'", "'{$request.query.to}'", Class::BreaksAtRunTime, "D0423"),
    ("A paper is out.", "A paper is printed.", Class::DocumentationOnly, "D0424"),
    ("  printed: {post", "  out: {post", Class::BreaksCompiling, "D0420"),
    ("enum: [morning]", "enum: [evening]", Class::BreaksAtRunTime, "D0206"),
    ("enum: [morning]", "enum: [morning, evening]", Class::BreaksCompiling, "D0206"),
];

#[test]
fn diff_knows_headers_webhooks_and_constants() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = understand(&inputs(&folder, "old", KIOSK, ""));
    assert!(diff(&old, &old).changes.is_empty());
    for (from, to, class, code) in CHANGES {
        assert!(KIOSK.contains(from), "{from}");
        let new = understand(&inputs(&folder, "new", &KIOSK.replacen(from, to, 1), ""));
        let report = diff(&old, &new);
        let found = report.changes.iter().any(|c| c.code == *code && c.class == *class);
        let all: Vec<String> =
            report.changes.iter().map(|c| format!("{:?} {} {} {:?}", c.class, c.code, c.message, c.also)).collect();
        assert!(found, "{from} → {to}\n{all:#?}");
        assert!(!diff(&new, &old).changes.is_empty());
    }
}

const STALL: &str = "
paths:
  /rows:
    post:
      operationId: put_row
      parameters: [{name: X-Seal, in: header, required: true, schema: {type: string}}, {name: level, in: header, required: true, schema: {type: string, const: a}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Asked'}}}}
      responses: {'200': {description: Rows, content: {application/json: {schema: {$ref: '#/components/schemas/Given'}}}}}
      callbacks:
        sent:
          '{$request.query.back}': {post: {parameters: [{name: X-By, in: header, required: true, schema: {type: string}}], responses: {}}}
components:
  schemas:
    Asked: {type: object, required: [row], properties: {row: {type: array, minItems: 1, prefixItems: [{type: string}, {type: integer}]}}}
    Given: {type: object, required: [row], properties: {row: {type: array, minItems: 1, prefixItems: [{type: string}, {type: integer}]}, list: {type: array, items: {type: string}}}}
";

/// What each change of how much of a list must be there costs the released client, and what header names are.
#[test]
fn diff_knows_lists_that_grow_shorter_and_names_of_headers() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = understand(&inputs(&folder, "old", STALL, ""));
    let row = "row: {type: array, minItems: 1, prefixItems: [{type: string}, {type: integer}]}";
    let texts = "row: {type: array, items: {type: string}}";
    let mut out = String::new();
    for (schema, new) in [
        ("Asked", row.replace('1', "2")),
        ("Asked", row.replace('1', "0")),
        ("Asked", texts.to_owned()),
        ("Given", row.replace('1', "2")),
        ("Given", row.replace('1', "0")),
        ("Given", row.replace(", {type: integer}", "")),
        ("Given", row.replace("{type: string}", "{type: [string, 'null']}")),
        ("Given", texts.to_owned()),
        (
            "Given",
            "row: {type: array, maxItems: 0, minItems: 0, prefixItems: [{type: string}, {type: integer}]}".to_owned(),
        ),
    ] {
        let (head, tail) = STALL.split_once(&format!("    {schema}:")).expect("the schema");
        let document = format!("{head}    {schema}:{}", tail.replacen(row, &new, 1));
        let new_side = understand(&inputs(&folder, "new", &document, ""));
        for c in diff(&old, &new_side).changes.iter().filter(|c| c.code == "D0605") {
            out.push_str(&format!("{schema} {new}\n  {:?} {}\n", c.class, c.survives.text()));
        }
    }
    insta::assert_snapshot!(out, @r"
    Asked row: {type: array, minItems: 2, prefixItems: [{type: string}, {type: integer}]}
      BreaksCompiling sending depends: the API refuses a list that is too short
    Asked row: {type: array, minItems: 0, prefixItems: [{type: string}, {type: integer}]}
      BreaksCompiling 
    Asked row: {type: array, items: {type: string}}
      BreaksCompiling sending fails: a value of the old type is sent: the API refuses it
    Given row: {type: array, minItems: 2, prefixItems: [{type: string}, {type: integer}]}
      BreaksCompiling 
    Given row: {type: array, minItems: 0, prefixItems: [{type: string}, {type: integer}]}
      BreaksCompiling reading depends: a list that is too short cannot be read
    Given row: {type: array, minItems: 1, prefixItems: [{type: string}]}
      BreaksCompiling 
    Given row: {type: array, minItems: 1, prefixItems: [{type: [string, 'null']}, {type: integer}]}
      BreaksCompiling reading depends: null among the elements cannot be read
    Given row: {type: array, items: {type: string}}
      BreaksCompiling reading depends: numeric text is read, and reported; other text cannot be; a list that is too short cannot be read
    Given row: {type: array, maxItems: 0, minItems: 0, prefixItems: [{type: string}, {type: integer}]}
      BreaksCompiling reading depends: a list that is too short cannot be read
    ");
    for name in ["X-Seal", "level", "X-By"] {
        let other = if name == "level" { "Level" } else { &name.to_ascii_lowercase() };
        let new = understand(&inputs(&folder, "new", &STALL.replacen(name, other, 1), ""));
        let said = diff(&old, &new).changes;
        assert!(said.is_empty(), "{name}: {said:#?}");
    }
}

/// The header that an operation declares in other letters takes the place of the path's, of what the API calls too.
#[test]
fn names_of_headers_are_the_same_in_any_case() {
    let item = |id: &str| {
        format!(
            "{{parameters: [{{name: X-Seal, in: header, schema: {{type: string}}}}], post: {{{id}parameters: [{{name: x-seal, in: header, schema: {{type: string}}}}], responses: {{}}}}}}"
        )
    };
    let run = made(&format!("paths: {{/a: {}}}\nwebhooks: {{b: {}}}\n", item("operationId: a, "), item("")), "");
    let module = file(&run, "src/webhooks.rs");
    assert!(module.contains("x-seal") && !module.contains("X-Seal"), "{module}");
}

/// What need not be there of a tuple is not wanted of an example, and not made where the least is.
#[test]
fn samples_of_tuples_have_what_must_be_there() {
    let row = "{type: array, minItems: 1, prefixItems: [{type: string}, {type: integer}]}";
    let shown = row.replace("minItems", "example: [shown], minItems");
    let folder = tempfile::tempdir().expect("a folder");
    let document = format!(
        "paths:\n  /a: {{post: {{operationId: a, requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Row'}}}}}}}}, responses: {{}}}}}}\ncomponents: {{schemas: {{Row: {{type: object, required: [made, shown], properties: {{made: {row}, shown: {shown}}}}}}}}}\n"
    );
    let run = generate(&Inputs { tests: true, ..inputs(&folder, "rows", &document, "") });
    let all = file(&run, "src/samples.rs") + &file(&run, "tests/examples.tsv");
    insta::assert_snapshot!(all.lines().filter(|line| line.contains("shown")).collect::<Vec<_>>().join("\n"), @r#"
                            >("{\"made\":[\"text\"],\"shown\":[\"shown\"]}")?,
                            >("{\"made\":[\"text\",1],\"shown\":[\"shown\"]}")?,
    (String,runtime::Patch<i64>,)	#/components/schemas/Row/properties/shown/example	["shown"]
    models::Row	#/paths/~1a/post/requestBody composed	{"made":["text",1],"shown":["shown"]}
    models::Row	#/paths/~1a/post/requestBody composed of what is required	{"made":["text"],"shown":["shown"]}
    "#);
}

/// Branches that differ in one flag alone are told apart by it, and nothing is said of them.
#[test]
fn a_flag_tells_branches_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let branch = |flag: bool| {
        format!("{{type: object, required: [ok], properties: {{ok: {{const: {flag}}}, text: {{type: string}}}}}}")
    };
    let document = format!(
        "paths:\n  /a: {{get: {{operationId: a, responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{oneOf: [{}, {}]}}}}}}}}}}}}}}\n",
        branch(true),
        branch(false)
    );
    let side = understand(&inputs(&folder, "flags", &document, ""));
    let tags: Vec<_> =
        side.facts.tags.values().flatten().flatten().map(|(name, values)| (name.as_str(), values.join(","))).collect();
    assert_eq!(tags, [("ok", "true".to_owned()), ("ok", "false".to_owned())]);
    assert!(side.diagnostics.iter().all(|d| d.code != "N0313"), "{:#?}", side.diagnostics);
}
