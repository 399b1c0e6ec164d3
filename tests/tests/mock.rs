//! The mock, for any document: what it finds wrong with requests, what it remembers, how it is made to fail, what it makes up.
//! Belvo's flows are played in `sandbox`, whole clients call it in `examples`.

use generator::Inputs;
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use tests::run::deep;
use xtask::mock::{Asked, Breakage, Document, Hook, Mock, Options, Outcome, Reply, Server};

/// Pets of OpenAPI 3.1: by the page, with a key.
const PETS: &str = r##"
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example/v2'}]
security: [{key: []}, {token: []}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
        - {name: offset, in: query, schema: {type: integer}}
        - {name: kind, in: query, schema: {type: array, items: {enum: [cat, dog]}}, explode: false}
        - {name: near, in: query, style: deepObject, schema: {type: object, properties: {lat: {type: number}, tags: {type: array, items: {type: string}}}}}
        - {name: X-Trace, in: header, schema: {type: string, format: uuid}}
      responses:
        '200':
          description: some
          headers: {X-Total: {schema: {type: integer, minimum: 7}}}
          content:
            application/json:
              schema: {type: object, required: [data, total], properties: {data: {type: array, items: {$ref: '#/components/schemas/Pet'}}, total: {type: integer}, next: {type: [string, 'null']}}}
              example: {data: [{id: 1, name: Mia, kind: cat}, {id: 2, name: Rex, kind: dog}], total: 2, next: null}
    post:
      operationId: createPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '422': {description: no}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getPet, responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, '404': {description: none, content: {application/json: {example: {code: gone}}}}}}
    patch: {operationId: patchPet, requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}, responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
    delete: {operationId: deletePet, responses: {'204': {description: gone}}}
  /shapes:
    get:
      operationId: shapes
      security: []
      responses:
        '200':
          description: all of it
          content: {application/json: {schema: {$ref: '#/components/schemas/Shapes'}}}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: api_key}, token: {type: http, scheme: bearer}}
  schemas:
    Pet: {type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string, minLength: 2}, kind: {enum: [cat, dog]}, owner: {type: [string, 'null']}}}
    Shapes:
      type: object
      required: [code, count, price, list, tuple, map, choice, never]
      properties:
        code: {type: string, pattern: '^[A-Z]{3}-\d{4}$'}
        long: {type: string, minLength: 40, maxLength: 41}
        count: {type: integer, exclusiveMinimum: 5, multipleOf: 4}
        price: {type: number, minimum: 0.25, maximum: 0.75}
        list: {type: array, minItems: 3, uniqueItems: true, items: {type: string}}
        tuple: {type: array, prefixItems: [{type: integer}, {type: string, format: date}], items: false, minItems: 2}
        map: {type: object, minProperties: 2, additionalProperties: {type: boolean}}
        choice: {oneOf: [{type: object, required: [a], properties: {a: {const: x}}}, {type: integer}]}
        never: {type: 'null'}
        self: {$ref: '#/components/schemas/Shapes'}
        when: {type: string, format: date-time}
"##;

/// Shops of Swagger 2.0: lists as they are, HTTP Basic, forms.
const SHOPS: &str = r##"
swagger: '2.0'
info: {title: Shops, version: '1'}
host: shops.example
basePath: /api
consumes: [application/x-www-form-urlencoded]
produces: [application/json]
securityDefinitions: {login: {type: basic}}
security: [{login: []}]
paths:
  /shops:
    get:
      operationId: listShops
      parameters: [{name: ids, in: query, type: array, collectionFormat: pipes, items: {type: integer}}]
      responses: {'200': {description: all, schema: {type: array, items: {$ref: '#/definitions/Shop'}}}}
    post:
      operationId: createShop
      parameters:
        - {name: name, in: formData, required: true, type: string}
        - {name: size, in: formData, type: integer, format: int32, minimum: 0, exclusiveMinimum: true}
      responses: {'200': {description: one, schema: {$ref: '#/definitions/Shop'}}}
  /shops/{name}:
    get: {operationId: getShop, parameters: [{name: name, in: path, required: true, type: string}], responses: {'200': {description: one, schema: {$ref: '#/definitions/Shop'}}}}
definitions:
  Shop: {type: object, required: [name], properties: {name: {type: string}, size: {type: integer}}, example: {name: corner, size: 3}}
"##;

/// What real documents do: names below `metadata`, records in envelopes, answers that are no records, errors alone, cursors.
const ALL_SORTS: &str = r##"
openapi: 3.0.3
info: {title: All sorts, version: '1'}
paths:
  /pods:
    get: {operationId: pods, responses: {'200': {description: all, content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {$ref: '#/components/schemas/Pod'}}, metadata: {type: object, properties: {continue: {type: string}}}}}}}}}, parameters: [{name: limit, in: query, schema: {type: integer}}, {name: continue, in: query, schema: {type: string}}]}
    post: {operationId: addPod, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pod'}}}}, responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Pod'}}}}}}
  /pods/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: {operationId: pod, responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Pod'}}}}}}
    delete: {operationId: endPod, responses: {'200': {description: gone, content: {application/json: {schema: {type: object, required: [deleted, name], properties: {deleted: {type: boolean}, name: {type: string}}}}}}}}
  /users:
    post: {operationId: addUser, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}, responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Enveloped'}}}}}}
  /users/{user_id}:
    parameters: [{name: user_id, in: path, required: true, schema: {type: string}}]
    get: {operationId: user, responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Enveloped'}}}}}}
    put: {operationId: putUser, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}, responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Enveloped'}}}}}}
  /weather/{city}:
    get: {operationId: weather, parameters: [{name: city, in: path, required: true, schema: {type: string}}], responses: {'200': {description: now, content: {application/json: {example: {degrees: 7}}}}}}
  /plans:
    get: {operationId: plans, parameters: [{name: limit, in: query, schema: {type: integer}}], responses: {'200': {description: all, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Plan'}}, next: {type: string}, filter: {type: object, properties: {after: {type: string}}}}}, example: {data: [{id: plan_1}, {id: plan_2}], next: 'http://more', filter: {after: yesterday}}}}}}}
    post: {operationId: addPlan, requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}, responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}}}
  /plans/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: plan, responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}}}
    head: {operationId: hasPlan, responses: {'204': {description: there}}}
    delete: {operationId: endPlan, responses: {'403': {description: no}}}
  /carts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: cart, responses: {'200': {description: one, content: {application/json: {example: {id: c1}}}}}}
    delete: {operationId: endCart, responses: {'204': {description: gone}}}
  /errors: {post: {operationId: errors, responses: {'405': {description: no}}}}
  /find: {get: {operationId: find, parameters: [{name: f, in: query, style: deepObject, schema: {type: object, properties: {ids: {type: array, items: {type: integer}}, of: {type: array, items: {type: object, properties: {n: {type: integer}}}}}}}], responses: {'204': {description: done}}}}
  /parts: {post: {operationId: parts, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [meta, note], properties: {meta: {type: object, required: [a], properties: {a: {type: integer}}}, note: {type: string}}}}}}, responses: {'204': {description: done}}}}
components:
  schemas:
    Pod: {type: object, required: [metadata], properties: {metadata: {type: object, required: [name], properties: {name: {type: string}}}, spec: {type: string}}}
    User: {type: object, required: [name, password], allOf: [{type: object, required: [id]}], properties: {id: {$ref: '#/components/schemas/Id'}, name: {type: string}, nick: {type: string}, password: {type: string, writeOnly: true}}}
    Id: {type: string, readOnly: true}
    Plan: {type: object, required: [id], properties: {id: {type: string, pattern: '^plan_[0-9]+$', example: plan_7}, name: {type: string}}}
    Enveloped: {type: object, required: [data], properties: {data: {$ref: '#/components/schemas/User'}}}
"##;

fn mock(document: &str, seed: u64) -> Mock {
    let dir = tempfile::tempdir().expect("a folder");
    let spec = dir.path().join("document.yaml");
    fs::write(&spec, document).expect("write");
    let inputs = Inputs { spec, ..Inputs::default() };
    Mock::new(&Arc::new(deep(|| Document::read(&inputs)).unwrap_or_else(|told| panic!("{told}"))), seed)
}

fn asked(line: &str, headers: &[(&str, &str)], body: &str) -> Asked {
    let (method, target) = line.split_once(' ').expect("method and target");
    let mut headers: Vec<(String, String)> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    if !body.is_empty() && !headers.iter().any(|(name, _)| name == "content-type") {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    let (method, origin, target) = (method.to_owned(), "http://mock".to_owned(), target.to_owned());
    Asked { method, origin, target, headers, body: body.as_bytes().to_vec() }
}

fn answered(mock: &Mock, line: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    match mock.outcome(&asked(line, headers, body)) {
        Outcome::Reply(reply) => reply,
        Outcome::Broken(breakage) => panic!("{line}: {breakage:?}"),
    }
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
}

const TOKEN: &[(&str, &str)] = &[("authorization", "Bearer mock-token")];

/// Status and body of a call with the right token.
fn pets(mock: &Mock, line: &str, body: &str) -> (u16, Value) {
    let reply = answered(mock, line, TOKEN, body);
    (reply.status, json_of(&reply))
}

/// What is found wrong: `query limit maximum`.
fn wrong(reply: &Reply) -> Vec<String> {
    let body = json_of(reply);
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let all = body["errors"].as_array().cloned().unwrap_or_default();
    all.iter().map(|one| format!("{} {} {}", text(one, "in"), text(one, "pointer"), text(one, "keyword"))).collect()
}

#[test]
fn what_is_created_is_found_changed_and_deleted() {
    let mock = mock(PETS, 0);
    let (status, first) = pets(&mock, "GET /v2/pets", "");
    assert_eq!((status, &first["total"], &first["next"]), (200, &json!(2), &Value::Null));
    let (status, made) = pets(&mock, "POST /v2/pets", r#"{"name": "Ada", "kind": "dog", "id": 1}"#);
    // Nobody gives a record an id that is only read.
    assert_eq!((status, &made["name"], &made["id"]), (201, &json!("Ada"), &json!(1001)));
    let (_, dogs) = pets(&mock, "GET /pets?kind=dog&limit=1", "");
    assert_eq!((&dogs["data"][0]["name"], &dogs["total"]), (&json!("Rex"), &json!(2)));
    assert_eq!(dogs["next"], "http://mock/pets?kind=dog&limit=1&offset=1");
    assert_eq!(pets(&mock, "GET /pets?offset=18446744073709551615", "").1["data"], json!([]));
    let (_, more) = pets(&mock, "GET /pets?kind=dog&limit=1&offset=1", "");
    assert_eq!((&more["data"][0]["name"], &more["next"]), (&json!("Ada"), &Value::Null));
    let (status, patched) = pets(&mock, "PATCH /v2/pets/1001", r#"{"name": "Eve"}"#);
    assert_eq!((status, &patched["name"], &patched["kind"]), (200, &json!("Eve"), &json!("dog")));
    assert_eq!(pets(&mock, "GET /v2/pets/1001", "").1, patched);
    assert_eq!(pets(&mock, "DELETE /v2/pets/1001", ""), (204, Value::Null));
    assert_eq!(pets(&mock, "GET /v2/pets/1001", ""), (404, json!({"code": "gone"})));
    assert_eq!(pets(&mock, "GET /v2/pets", "").1["total"], 2);
    assert_eq!((mock.count(), mock.world(|w| w.made("createPet"))), (10, 1));
}

#[test]
fn a_document_of_swagger_2_is_served_alike() {
    let mock = mock(SHOPS, 0);
    let login = mock.keys().basic();
    assert_eq!(login, "Basic bW9jay1pZDptb2NrLXBhc3N3b3Jk");
    let form = [("authorization", login.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let made = answered(&mock, "POST /api/shops", &form, "name=by%20the+sea&size=4");
    assert_eq!((made.status, json_of(&made)), (200, json!({"name": "by the sea", "size": 4})));
    let one = answered(&mock, "GET /api/shops/by%20the%20sea", &form[..1], "");
    assert_eq!((one.status, json_of(&one)["size"].clone()), (200, json!(4)));
    let all = json_of(&answered(&mock, "GET /api/shops?ids=1%7C2", &form[..1], ""));
    assert_eq!(all, json!([{"name": "corner", "size": 3}, {"name": "by the sea", "size": 4}]));
    assert_eq!(wrong(&answered(&mock, "GET /api/shops?ids=1%7Cx", &form[..1], "")), ["query ids/1 type"]);
    let bad = answered(&mock, "POST /api/shops", &form, "size=0");
    assert_eq!(
        (bad.status, wrong(&bad)),
        (422, vec!["body /name required".to_owned(), "body /size exclusiveMinimum".to_owned()])
    );
}

#[test]
fn what_is_wrong_with_a_request_is_named() {
    let mock = mock(PETS, 0);
    for (line, body, status, expected) in [
        ("GET /pets?limit=0", "", 422, &["query limit minimum"][..]),
        ("GET /pets?limit=ten", "", 422, &["query limit type"]),
        ("GET /pets?kind=cat,cow", "", 422, &["query kind/1 enum"]),
        ("GET /pets?near[lat]=x&near[tags]=a", "", 422, &["query near/lat type"]),
        ("GET /pets?near[lat]=1.5&near[tags]=a&near[tags]=b&more=1", "", 200, &[]),
        ("GET /pets/one", "", 422, &["path petId type"]),
        ("POST /pets", "", 422, &["body  required"]),
        ("POST /pets", "{", 422, &["body  syntax"]),
        ("POST /pets", r#"{"name": "A"}"#, 422, &["body /name minLength"]),
        (
            "POST /pets",
            r#"{"kind": "cow", "owner": 5}"#,
            422,
            &["body /name required", "body /kind enum", "body /owner type"],
        ),
        ("POST /pets", r#"{"name": "Ada", "owner": null}"#, 201, &[]),
        ("PUT /pets", "", 405, &[]),
        ("GET /cats", "", 404, &[]),
    ] {
        let reply = answered(&mock, line, TOKEN, body);
        assert_eq!(
            (reply.status, wrong(&reply)),
            (status, expected.iter().map(ToString::to_string).collect()),
            "{line} {body}"
        );
        if reply.status > 400 {
            assert!(
                reply.headers.contains(&("content-type".to_owned(), "application/problem+json".to_owned())),
                "{line}"
            );
        }
    }
    let typed = [TOKEN[0], ("content-type", "text/plain")];
    let reply = answered(&mock, "POST /pets", &typed, "Ada");
    assert_eq!((reply.status, wrong(&reply)), (415, vec!["header content-type content".to_owned()]));
    let traced = [TOKEN[0], ("x-trace", "7")];
    assert_eq!(wrong(&answered(&mock, "GET /pets", &traced, "")), ["header X-Trace format"]);
    // Where it is said, and never what was sent.
    let reply = answered(&mock, "POST /pets", TOKEN, r#"{"name": "x", "owner": {"secret": "hunter2"}}"#);
    let text = String::from_utf8(reply.body).expect("text");
    assert!(
        text.contains("#/paths/~1pets/post/requestBody/content/application~1json/schema") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn records_are_found_wherever_documents_have_their_ids() {
    let mock = mock(ALL_SORTS, 0);
    let call = |line: &str, body: &str| {
        let reply = answered(&mock, line, &[], body);
        (reply.status, json_of(&reply))
    };
    let pod = json!({"metadata": {"name": "web"}, "spec": "x"});
    assert_eq!(call("POST /pods", &pod.to_string()), (201, pod.clone()));
    assert_eq!(call("GET /pods/web", ""), (200, pod));
    // The list goes on by cursors, and ends.
    let (mut cursor, mut names) = (String::new(), Vec::new());
    for _ in 0..5 {
        let (_, page) = call(&format!("GET /pods?limit=1{cursor}"), "");
        names.push(page["items"][0]["metadata"]["name"].as_str().expect("a name").to_owned());
        match page["metadata"]["continue"].as_str().unwrap_or_default() {
            "" => break,
            next => cursor = format!("&continue={next}"),
        }
    }
    assert_eq!(names, ["text", "web"]);
    let (status, gone) = call("DELETE /pods/web", "");
    assert_eq!((status, &gone["deleted"]), (200, &json!(true)));
    assert_eq!(call("GET /pods/web", "").0, 404);

    let (status, made) = call("POST /users", r#"{"name": "Ada", "nick": "a", "password": "p"}"#);
    let id = made["data"]["id"].as_str().expect("an id").to_owned();
    assert_eq!((status, &made["data"]["name"]), (201, &json!("Ada")));
    assert!(made["data"].get("password").is_none(), "{made}");
    assert_eq!(call(&format!("GET /users/{id}"), "").1, made);
    let (_, put) = call(&format!("PUT /users/{id}"), r#"{"name": "Eve", "password": "p"}"#);
    assert_eq!(put, json!({"data": {"id": id, "name": "Eve"}}));

    // Another id in a body moves nothing, and who sends the id of a record takes its place.
    let moved = call(&format!("PUT /users/{id}"), r#"{"id": "other", "name": "Eve", "password": "p"}"#).1;
    assert_eq!(moved["data"]["id"], json!(id));
    for spec in ["y", "z"] {
        call("POST /pods", &json!({"metadata": {"name": "web"}, "spec": spec}).to_string());
    }
    let pods = call("GET /pods?limit=9", "").1;
    let webs: Vec<&Value> =
        pods["items"].as_array().expect("pods").iter().filter(|pod| pod["metadata"]["name"] == "web").collect();
    assert_eq!(webs, [&json!({"metadata": {"name": "web"}, "spec": "z"})]);

    // An id is what the document wants of ids; a list whose rest nobody can ask for comes whole, and nothing follows.
    let (_, plan) = call("POST /plans", r#"{"name": "large"}"#);
    let id = plan["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("plan_") && id != "plan_7", "{plan}");
    assert_eq!(call(&format!("GET /plans/{id}"), ""), (200, plan));
    let plans = call("GET /plans?limit=1", "").1;
    assert_eq!(plans["data"].as_array().map(Vec::len), Some(4), "{plans}");
    assert_eq!((&plans["next"], &plans["filter"]["after"]), (&json!(""), &json!("yesterday")));
    assert_eq!((call(&format!("HEAD /plans/{id}"), "").0, call("HEAD /weather/oslo", "").0), (204, 200));
    // Where only refusals are declared it is done all the same.
    assert_eq!((call(&format!("DELETE /plans/{id}"), "").0, call(&format!("GET /plans/{id}"), "").0), (204, 404));
    assert_eq!((call("DELETE /carts/c1", "").0, call("GET /carts/c1", "").0), (204, 404));

    assert_eq!(call("GET /weather/oslo", ""), (200, json!({"degrees": 7})));
    assert_eq!(call("POST /errors", ""), (200, Value::Null));
}

#[test]
fn lists_in_brackets_and_parts_without_quotes_are_read() {
    let mock = mock(ALL_SORTS, 0);
    for (query, expected) in [
        ("f[ids][]=1&f[ids][]=2", &[][..]),
        ("f[ids]=1&f[ids]=2", &[]),
        ("f[ids][0]=1&f[ids][1]=x", &["query f/ids/1 type"]),
        ("f[of][0][n]=1&f[of][1][n]=y", &["query f/of/1/n type"]),
    ] {
        let reply = answered(&mock, &format!("GET /find?{query}"), &[], "");
        assert_eq!(wrong(&reply), expected, "{query}");
    }
    let deep = format!("GET /find?f{}=1", "[a]".repeat(20_000));
    assert_eq!(answered(&mock, &deep, &[], "").status, 204);
    let typed = [("content-type", "multipart/form-data; boundary=b")];
    let part = |name: &str, text: &str| format!("--b\r\ncontent-disposition: form-data; name={name}\r\n\r\n{text}\r\n");
    let body = |meta: &str| part("meta", meta) + &part("\"note\"", "100%25 --b") + "--b--\r\n";
    assert_eq!(answered(&mock, "POST /parts", &typed, &body(r#"{"a": 1}"#)).status, 204);
    assert_eq!(wrong(&answered(&mock, "POST /parts", &typed, &body("{}"))), ["body /meta/a required"]);
    let empty = part("meta", r#"{"a": 1}"#) + &part("note", "") + "--b--\r\n";
    assert_eq!(answered(&mock, "POST /parts", &typed, &empty).status, 204);
}

#[test]
fn credentials_are_one_of_the_alternatives() {
    let mock = mock(PETS, 0);
    let status = |line: &str, headers: &[(&str, &str)]| answered(&mock, line, headers, "").status;
    assert_eq!(status("GET /pets?api_key=mock-key", &[]), 200);
    assert_eq!(status("GET /pets", &[("authorization", "bearer mock-token")]), 200);
    assert_eq!(status("GET /pets", &[("authorization", "Bearer other")]), 401);
    assert_eq!(status("GET /pets?api_key=other", &[]), 401);
    assert_eq!(status("GET /shapes", &[]), 200);
    let reply = answered(&mock, "GET /pets", &[], "");
    let asked_for: Vec<&str> =
        reply.headers.iter().filter(|(name, _)| name == "www-authenticate").map(|(_, v)| v.as_str()).collect();
    assert_eq!(asked_for, ["Bearer"]);
    assert_eq!(
        (reply.status, wrong(&reply)),
        (401, vec!["security key required".to_owned(), "security token required".to_owned()])
    );
}

#[test]
fn what_goes_wrong_is_asked_for() {
    let mock = mock(PETS, 0);
    let with = |prefer: &'static str| [TOKEN[0], ("prefer", prefer)];
    let outcome = |prefer: &'static str| mock.outcome(&asked("GET /pets/1", &with(prefer), ""));
    assert_eq!(outcome("fault=reset"), Outcome::Broken(Breakage::Reset));
    assert_eq!(outcome("fault=cut"), Outcome::Broken(Breakage::CutOff));
    assert_eq!(outcome("fault=hang"), Outcome::Broken(Breakage::Silence));
    let reply = answered(&mock, "GET /pets/1", &with("code=404"), "");
    assert_eq!((reply.status, json_of(&reply)), (404, json!({"code": "gone"})));
    let reply = answered(&mock, "GET /pets/1", &with("fault=rate-limit"), "");
    assert!(reply.status == 429 && reply.headers.contains(&("retry-after".to_owned(), "1".to_owned())));
    let lines = [TOKEN[0], ("prefer", "code=503"), ("prefer", "times=2")];
    for headers in [&with("code=503, times=2")[..], &lines] {
        let mock = self::mock(PETS, 0);
        let twice: Vec<u16> = (0..3).map(|_| answered(&mock, "GET /pets/1", headers, "").status).collect();
        assert_eq!(twice, [503, 503, 200]);
    }
    assert_eq!(mock.answered(&asked("GET /pets/1", &with("delay=0.25"), "")).delay.as_millis(), 250);
    // What it does not know it leaves.
    assert_eq!(answered(&mock, "GET /pets/1", &with("return=minimal"), "").status, 200);
}

#[test]
fn made_values_are_what_their_schemas_say_and_the_same_for_a_seed() {
    let made = |seed: u64| json_of(&answered(&mock(PETS, seed), "GET /shapes", &[], ""));
    let value = made(7);
    let (one, again) = (mock(PETS, 7), made(7));
    assert_eq!(value, again);
    let misfits =
        one.document().schemas().misfits(xtask::mock::schemas::Side::Response, "/components/schemas/Shapes", &value);
    assert_eq!(misfits, [], "{value:#}");
    assert_eq!(
        (&value["code"], &value["tuple"][1], &value["never"]),
        (&json!("AAA-1111"), &json!("2026-01-31"), &Value::Null)
    );
    // Headers too.
    let total = answered(&one, "GET /pets", TOKEN, "").headers.into_iter().find(|(name, _)| name == "X-Total");
    assert_eq!(total.map(|(_, value)| value).as_deref(), Some("7"));
}

/// Sends bytes and gives all that comes until the end.
fn raw(base: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).expect("it listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut out = String::new();
    stream.read_to_string(&mut out).expect("an answer");
    out
}

#[test]
fn over_http_there_is_a_page_and_a_log_without_secrets() {
    let lines = Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let options = Options {
        log: Some(Box::new(move |line: &str| log.lock().expect("no panic").push(line.to_owned()))),
        ..Options::default()
    };
    let server = Server::start_with(&mock(PETS, 0), options).expect("a server");
    let end = "host: h\r\nconnection: close\r\n\r\n";
    let page = raw(&server.base(), &format!("GET / HTTP/1.1\r\n{end}"));
    assert!(
        page.contains("text/html") && page.contains("<td><code>/pets/{petId}</code></td><td>getPet</td>"),
        "{page}"
    );
    let list = raw(&server.base(), &format!("GET /v2/pets?api_key=mock-key&limit=1 HTTP/1.1\r\n{end}"));
    assert!(list.starts_with("HTTP/1.1 200 OK\r\n") && list.contains("\"name\":\"Mia\""), "{list}");
    let keyed = raw(&server.base(), &format!("GET /carts/c9?otp=1234&page_token=5 HTTP/1.1\r\n{end}"));
    assert!(keyed.starts_with("HTTP/1.1 404"), "{keyed}");
    let asking = "OPTIONS /v2/pets HTTP/1.1\r\norigin: http://page\r\naccess-control-request-method: GET\r\n";
    let may = raw(&server.base(), &format!("{asking}{end}"));
    assert!(may.starts_with("HTTP/1.1 204") && may.matches("access-control-allow-origin: *\r\n").count() == 1, "{may}");
    let lines = lines.lock().expect("no panic").join("\n");
    assert!(lines.contains("GET /v2/pets?api_key=***&limit=1 200 listPets ") && !lines.contains("mock-key"), "{lines}");
    assert!(lines.contains("?otp=***&page_token=5 404"), "{lines}");
}

#[test]
fn what_is_printed_at_the_start_can_be_pasted() {
    let shops = mock(SHOPS, 0).welcome("http://127.0.0.1:1", "shops");
    assert!(shops.starts_with("Shops 1: 3 operations at http://127.0.0.1:1/\n"), "{shops}");
    for line in [
        "export SHOPS_API_URL=http://127.0.0.1:1",
        "export SHOPS_SECRET_ID=mock-id",
        "export SHOPS_SECRET_PASSWORD=mock-password",
    ] {
        assert!(shops.lines().any(|one| one == line), "{shops}");
    }
    assert!(mock(PETS, 0).welcome("http://h", "my-pets").contains("export MY_PETS_KEY=mock-key\n"));
    assert!(Hook::new("https://elsewhere.example", "t").is_err());
}
