//! Adoption: the facts of another document in our text, and nothing else changed.

use generator::adopt::{Adopted, Adoption, Here, adopt, facts_of};
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::document::{Node, hash_content, load};
use generator::{Inputs, drift};
use serde_json::Value;
use tests::pairs;
use tests::run::deep;

fn parsed(text: &str) -> Node {
    let mut out = Diagnostics::new();
    let node = load::read_str("document", text, &mut Sources::new(), &mut out);
    node.unwrap_or_else(|| panic!("{:?}\n{text}", out.iter().map(|d| &d.message).collect::<Vec<_>>()))
}

/// Facts of `theirs` in the text of `ours`.
fn adopted(ours: &str, theirs: &str) -> Result<Adopted, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = |name: &str, text: &str| {
        let spec = folder.path().join(name);
        std::fs::write(&spec, text).expect("written");
        Inputs { spec, ..Inputs::default() }
    };
    let (before, after) = drift::understand(&inputs("ours", ours), &inputs("theirs", theirs));
    let origins = drift::origins(&before, &after);
    adopt(ours, Adoption { name: "document", theirs: &parsed(theirs), extensions: &[], origins: &origins })
}

fn facts(text: &str) -> String {
    hash_content(&facts_of(&parsed(text), Here::document(&[])))
}

/// The lines that are gone and the lines that came, in their order.
fn changed(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let diff = similar::TextDiff::from_lines(old, new);
    let of =
        |tag| diff.iter_all_changes().filter(|c| c.tag() == tag).map(|c| c.value().trim_end().to_owned()).collect();
    (of(similar::ChangeTag::Delete), of(similar::ChangeTag::Insert))
}

/// The document with every text for people replaced, as a publisher has it.
fn in_other_words(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members.iter_mut() {
                match value {
                    Value::String(text) if ["description", "summary"].contains(&key.as_str()) => {
                        *text = "Words of somebody else".to_owned();
                    }
                    _ => in_other_words(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_other_words),
        _ => {}
    }
}

#[test]
fn every_pair_is_adopted_in_every_way_of_writing() {
    deep(|| {
        let mut wrong = Vec::new();
        for pair in pairs::all() {
            let mut theirs = parsed(&pair.new).to_json();
            in_other_words(&mut theirs);
            let theirs = theirs.to_string();
            let json = parsed(&pair.old).to_json();
            let pretty = serde_json::to_string_pretty(&json).expect("JSON");
            for (way, ours) in [("YAML", pair.old.clone()), ("JSON", pretty), ("one line", json.to_string())] {
                let done = match adopted(&ours, &theirs) {
                    Ok(done) => done,
                    Err(why) => {
                        wrong.push(format!("{pair}: {way}: {why}"));
                        continue;
                    }
                };
                let again = adopted(&done.text, &theirs).map(|again| again.text);
                if facts(&done.text) != facts(&theirs) {
                    wrong.push(format!("{pair}: {way}: other facts"));
                }
                if again.as_ref() != Ok(&done.text) {
                    wrong.push(format!("{pair}: {way}: twice is not once: {again:?}"));
                }
                if done.text.contains("somebody else") {
                    wrong.push(format!("{pair}: {way}: their words"));
                }
                let (gone, come) = changed(&ours, &done.text);
                let (least, _) = changed(&pair.old, &pair.new);
                // What is new has our style and not that of the pair's author, and so may have other lines.
                if way == "YAML" && gone.len() > least.len() {
                    wrong.push(format!(
                        "{pair}: {} and {} lines:\n{}",
                        gone.len(),
                        come.len(),
                        [gone, come].concat().join("\n")
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// `ours` with the facts of `theirs`: the text that comes of it, as lines that are gone (`-`) and that came (`+`).
fn diff(ours: &str, theirs: &str) -> String {
    let done = adopted(ours, theirs).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(facts(&done.text), facts(theirs), "{}", done.text);
    let diff = similar::TextDiff::from_lines(ours, &done.text);
    let changes = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
    changes.map(|c| format!("{}{}\n", c.tag(), c.value().trim_end())).collect()
}

const SHOP: &str = "\
# A shop.
openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
paths:

  # ---- Orders ----

  /orders/:
    get:
      tags: [Orders]
      operationId: ListOrders
      summary: List
      description: >-
        All orders, in the order
        of their days.
      parameters: []
      responses:
        '200':
          description: Orders.   # all of them
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Order'
components:
  schemas:

    # ---- Orders ----

    # what is sent
    Order:
      type: object
      description: An order.
      required: [id, state]
      properties:
        id:
          type: string
          description: Its number.
          example: o-1
        # the curly quotes are published
        state:
          type: string
          description: How far it is.
          enum: [open, done]
          example: done
        address:
          type: object
          description: Where it goes.
          properties:
            street:
              type: string # as on the label
              description: The street.
              example: Main Street
";

/// The shop as somebody else publishes it: JSON, other words, keys in another order.
fn published(change: impl FnOnce(&mut Value)) -> String {
    let mut value = parsed(SHOP).to_json();
    in_other_words(&mut value);
    change(&mut value);
    value.to_string()
}

#[test]
fn comments_and_words_stay_and_what_is_new_has_none() {
    assert_eq!(diff(SHOP, &published(|_| {})), "");
    let order = |d: &mut Value, change: &dyn Fn(&mut Value)| change(&mut d["components"]["schemas"]["Order"]);
    // A flag, beside a comment that stays.
    let theirs = published(|d| order(d, &|o| o["properties"]["state"]["nullable"] = Value::Bool(true)));
    assert_eq!(diff(SHOP, &theirs), "+          nullable: true\n");
    // What is gone goes with the comment directly above it, and the example follows.
    let theirs = published(|d| {
        order(d, &|o| {
            o["properties"].as_object_mut().expect("properties").remove("state");
            o["required"] = serde_json::json!(["id"]);
        });
    });
    let expected = "\
-      required: [id, state]
+      required: [id]
-        # the curly quotes are published
-        state:
-          type: string
-          description: How far it is.
-          enum: [open, done]
-          example: done
";
    assert_eq!(diff(SHOP, &theirs), expected);
    // A value of an enum that the example has is gone.
    let theirs = published(|d| order(d, &|o| o["properties"]["state"]["enum"] = serde_json::json!(["open", "paid"])));
    let expected = "\
-          enum: [open, done]
-          example: done
+          enum: [open, paid]
+          example: open
";
    assert_eq!(diff(SHOP, &theirs), expected);
    // A new operation has no words but the description that a response must have.
    let theirs = published(|d| {
        d["paths"]["/orders/"]["post"] = serde_json::json!({"operationId": "CreateOrder", "tags": ["Orders"],
            "summary": "Words of somebody else", "responses": {"204": {"description": "Words of somebody else"}}});
    });
    let expected = "\
+    post:
+      tags: [Orders]
+      operationId: CreateOrder
+      responses:
+        '204':
+          description: ''
";
    assert_eq!(diff(SHOP, &theirs), expected);
}

#[test]
fn what_moves_takes_its_words_along() {
    // In place → component, with a comment inside, and back.
    let extracted = published(|d| {
        let address = d["components"]["schemas"]["Order"]["properties"]["address"].take();
        d["components"]["schemas"]["Address"] = address;
        d["components"]["schemas"]["Order"]["properties"]["address"] =
            serde_json::json!({"$ref": "#/components/schemas/Address"});
    });
    let expected = "\
+    Address:
+      type: object
+      description: Where it goes.
+      properties:
+        street:
+          type: string # as on the label
+          description: The street.
+          example: Main Street
+
";
    let change = diff(SHOP, &extracted);
    assert!(change.starts_with(expected), "{change}");
    assert!(change.contains("+          $ref: '#/components/schemas/Address'\n"), "{change}");
    let there = adopted(SHOP, &extracted).expect("adopted").text;
    assert_eq!(adopted(&there, &published(|_| {})).expect("adopted").text, SHOP);
    // Components and paths by another name: the key and what refers to it.
    let renamed = published(|d| {
        let order = d["components"]["schemas"].as_object_mut().expect("schemas").remove("Order").expect("an order");
        d["components"]["schemas"]["PurchaseOrder"] = order;
        let paths = d["paths"].as_object_mut().expect("paths");
        let mut path = paths.remove("/orders/").expect("a path");
        path["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] =
            Value::String("#/components/schemas/PurchaseOrder".to_owned());
        paths.insert("/v2/orders/".to_owned(), path);
    });
    let expected = "\
-  /orders/:
+  /v2/orders/:
-                $ref: '#/components/schemas/Order'
+                $ref: '#/components/schemas/PurchaseOrder'
-    Order:
+    PurchaseOrder:
";
    assert_eq!(diff(SHOP, &renamed), expected);
    let there = adopted(SHOP, &renamed).expect("adopted").text;
    assert_eq!(adopted(&there, &published(|_| {})).expect("adopted").text, SHOP);
}

#[test]
fn anchors_hold() {
    let ours = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    A: &thing
      type: object
      description: Mine.
      properties: &all
        a: {type: string, description: An a.}
    B: *thing
    C:
      <<: *thing
      nullable: true
    D:
      properties: *all
";
    let base = parsed(ours).to_json();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut theirs = base.clone();
        change(&mut theirs["components"]["schemas"]);
        theirs.to_string()
    };
    assert_eq!(diff(ours, &base.to_string()), "");
    type Change = fn(&mut Value);
    let changes: &[Change] = &[
        |s| s["B"]["nullable"] = Value::Bool(true),
        |s| s["A"]["nullable"] = Value::Bool(true),
        |s| s["A"]["properties"]["b"] = serde_json::json!({"type": "integer"}),
        |s| s["C"]["nullable"] = Value::Bool(false),
        |s| s["C"]["properties"]["a"]["format"] = Value::String("date".to_owned()),
        |s| s["D"]["properties"]["a"]["format"] = Value::String("date".to_owned()),
        |s| drop(s.as_object_mut().expect("schemas").remove("A")),
        |s| drop(s["A"].as_object_mut().expect("a schema").remove("properties")),
        |s| *s = serde_json::json!({"B": {"type": "string"}}),
    ];
    for (i, change) in changes.iter().enumerate() {
        let theirs = with(change);
        let done = adopted(ours, &theirs).unwrap_or_else(|why| panic!("{i}: {why}"));
        assert_eq!(facts(&done.text), facts(&theirs), "{i}: {}", done.text);
        assert!(i == 8 || done.text.contains("Mine."), "{i}: {}", done.text);
    }
}
