//! Adoption, case by case: documents that showed a fault, and what is right.

use serde_json::Value;
use tests::adoption::{adopted, diff, parsed};

#[test]
fn what_looks_like_a_comment_or_a_block_is_read_as_it_is() {
    // A text that ends with a heading, before a member that goes or comes.
    let ours = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    A:
      type: object
      description: |
        First.

        # A heading
      properties:
        a:
          type: string
          # of the type above
        b:
          type: string
    # about the list
    L:
      type: array
      items:
        oneOf:
          - # see foo-bar
            type: object
            nullable: true
          - type: string
            enum: [x, # the first
              y]
    N: &n {type: object, properties: {a: {type: string}}}
  securitySchemes:
    o:
      type: oauth2
      flows:
        implicit:
          authorizationUrl: https://a.example
          scopes:
            read: Reading.
            write: Writing.
";
    let theirs = |change: &dyn Fn(&mut Value)| {
        let mut value = parsed(ours).to_json();
        value["components"]["securitySchemes"]["o"]["flows"]["implicit"]["scopes"] =
            serde_json::json!({"read": "Words of somebody else", "write": "Words of somebody else"});
        change(&mut value["components"]);
        value.to_string()
    };
    let schemas = |change: &dyn Fn(&mut Value)| theirs(&|c| change(&mut c["schemas"]));
    assert_eq!(diff(ours, &schemas(&|_| {})), "");
    assert_eq!(
        diff(ours, &schemas(&|s| drop(s["A"].as_object_mut().expect("a schema").remove("properties")))),
        "-      properties:\n-        a:\n-          type: string\n-          # of the type above\n-        b:\n-          type: string\n"
    );
    // The comment further in belongs to what stands above it.
    let gone = diff(ours, &schemas(&|s| drop(s["A"]["properties"].as_object_mut().expect("properties").remove("b"))));
    assert_eq!(gone, "-        b:\n-          type: string\n");
    let first = diff(
        ours,
        &schemas(&|s| {
            s["L"]["items"]["oneOf"][0] = serde_json::json!({"nullable": true, "format": "x"});
        }),
    );
    assert_eq!(first, "-            type: object\n+            format: x\n");
    let values = diff(ours, &schemas(&|s| s["L"]["items"]["oneOf"][1]["enum"] = serde_json::json!(["x"])));
    assert_eq!(values, "-              y]\n+              ]\n");
    assert_eq!(
        diff(ours, &schemas(&|s| s["N"]["nullable"] = Value::Bool(true))),
        "-    N: &n {type: object, properties: {a: {type: string}}}\n+    N: &n {type: object, properties: {a: {type: string}}, nullable: true}\n"
    );
    let scopes = diff(
        ours,
        &theirs(&|c| {
            c["securitySchemes"]["o"]["flows"]["implicit"]["scopes"]["admin"] =
                Value::String("Words of somebody else".to_owned());
        }),
    );
    assert_eq!(scopes, "+            admin: ''\n");
}

#[test]
fn texts_that_lose_their_place_are_listed() {
    // Two copies become one component: the words of the second have no place.
    let with = |second: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    O:\n      type: object\n      properties:\n        a:\n          type: object\n          description: The one.\n          properties: {{x: {{type: string}}}}\n        b:\n{second}"
        )
    };
    let ours =
        with("          type: object\n          description: The other.\n          properties: {x: {type: string}}\n");
    let mut theirs = parsed(&ours).to_json();
    let one = theirs["components"]["schemas"]["O"]["properties"]["a"].take();
    theirs["components"]["schemas"]["X"] = one;
    for key in ["a", "b"] {
        theirs["components"]["schemas"]["O"]["properties"][key] = serde_json::json!({"$ref": "#/components/schemas/X"});
    }
    let done = adopted(&ours, &theirs.to_string()).expect("adopted");
    assert!(done.text.contains("The one.") && !done.text.contains("The other."), "{}", done.text);
    let lost: Vec<&str> = done.lost.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(lost, ["The other."]);
}

#[test]
fn parents_and_children_that_name_each_other_end() {
    let mut schemas = String::new();
    for i in 0..14 {
        schemas.push_str(&format!("    C{i}:\n      allOf:\n      - $ref: '#/components/schemas/P'\n      - type: object\n        properties: {{c{i}: {{type: string}}}}\n"));
    }
    let branches: String = (0..14).map(|i| format!("      - $ref: '#/components/schemas/C{i}'\n")).collect();
    let ours = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    P:\n      type: object\n      properties:\n        p: {{type: string}}\n      oneOf:\n{branches}      example: {{p: x, c3: y, q: 1}}\n{schemas}"
    );
    let mut theirs = parsed(&ours).to_json();
    theirs["components"]["schemas"]["P"]["required"] = serde_json::json!(["p", "kind"]);
    theirs["components"]["schemas"]["P"]["properties"]["kind"] = serde_json::json!({"type": "string", "enum": ["k"]});
    assert!(adopted(&ours, &theirs.to_string()).expect("adopted").text.contains("kind: k"));
}

#[test]
fn an_example_keeps_what_another_part_declares_now() {
    let ours = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    W:
      allOf:
      - type: object
        properties: {a: {type: string}, b: {type: string}}
      - type: object
        properties: {c: {type: string}}
      example: {a: x, b: y, c: z}
";
    let with = |parts: Value| {
        let mut theirs = parsed(ours).to_json();
        theirs["components"]["schemas"]["W"]["allOf"] = parts;
        adopted(ours, &theirs.to_string()).expect("adopted").text
    };
    let part = |names: &[&str]| {
        let of = names.iter().map(|name| ((*name).to_owned(), serde_json::json!({"type": "string"})));
        serde_json::json!({"type": "object", "properties": of.collect::<serde_json::Map<_, _>>()})
    };
    let moved = with(serde_json::json!([part(&["a"]), part(&["b", "c"])]));
    assert!(moved.contains("example: {a: x, b: y, c: z}"), "{moved}");
    let gone = with(serde_json::json!([part(&["a"]), part(&["c"])]));
    assert!(gone.contains("example: {a: x, c: z}"), "{gone}");
}
