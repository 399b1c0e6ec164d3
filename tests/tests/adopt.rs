//! Adoption: the facts of another document in our text, and nothing else changed.

use generator::adopt::{Adoption, Here, Role, adopt, facts_of};
use generator::base::diagnostic::Diagnostics;
use generator::base::{Pointer, Span};
use generator::document::{Kind, Node, hash_content, load};
use generator::{Inputs, drift};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tests::adoption::{adopted, changed, diff, disordered, extensions, facts, parsed, unfounded};
use tests::pairs;
use tests::place::{root, shared, text};
use tests::published::Published;
use tests::run::deep;

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
                let (gone, _) = changed(&ours, &done.text);
                let (least, _) = changed(&pair.old, &pair.new);
                // What is new has our style and not that of the pair's author, and so may have other lines.
                if way == "YAML" && gone.len() > least.len() {
                    wrong.push(format!("{pair}: {} lines gone, of {} that had to", gone.len(), least.len()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    });
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

/// Every text for people, by the place it stands at; a parameter by its name, so that components and parameters in place are one.
fn words(root: &Node) -> BTreeMap<String, String> {
    fn walk(root: &Node, node: &Node, here: Here<'_>, at: String, out: &mut BTreeMap<String, String>) {
        let node = match node.get("$ref").and_then(Node::as_str) {
            Some(target) if ["/parameters/", "/responses/", "/headers/"].iter().any(|s| target.contains(s)) => {
                let steps = target.trim_start_matches("#/").split('/');
                root.at(steps).expect("a target")
            }
            Some(_) => return,
            None => node,
        };
        match &node.kind {
            Kind::Object(members) => {
                for e in members.iter() {
                    let below = format!("{at}/{}", e.key);
                    match here.role(&e.key) {
                        Role::Text => out.extend(e.value.as_str().map(|text| (below, text.to_owned()))),
                        Role::Fact => walk(root, &e.value, here.child(&e.key, &e.value), below, out),
                        Role::Example | Role::Extension => {}
                    }
                }
            }
            Kind::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    let target = item.get("$ref").and_then(Node::as_str);
                    let known = target.and_then(|t| root.at(t.trim_start_matches("#/").split('/'))).unwrap_or(item);
                    let name = known.get("name").and_then(Node::as_str).map_or_else(|| i.to_string(), str::to_owned);
                    walk(root, item, here.element(), format!("{at}/{name}"), out);
                }
            }
            _ => {}
        }
    }
    let mut out = BTreeMap::new();
    walk(root, root, Here::document(&[]), String::new(), &mut out);
    out
}

/// The comments above members, each with the place of the member.
fn comments(text: &str) -> Vec<(Pointer, &str)> {
    let node = parsed(text);
    let mut offset = 0;
    let mut open: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = offset + line.len() - line.trim_start().len();
        offset += line.len();
        match line.trim() {
            comment if comment.starts_with('#') && !comment.contains("----") => open.push(comment),
            "" => open.clear(),
            _ => {
                let at = u32::try_from(start).expect("a small file");
                let place = node.pointer_at(Span { file: node.span.file, start: at, end: at + 1 });
                out.extend(open.drain(..).map(|comment| (place.clone(), comment)));
            }
        }
    }
    out
}

#[test]
fn belvo_there_and_back() {
    let (Some(now), Some(old)) = (shared("belvo/belvo-1.223.0.json"), shared("belvo/belvo-1.35.0.yaml")) else {
        return;
    };
    deep(|| {
        let extensions = extensions();
        let first = text(&root().join("spec/belvo.yaml"));
        let own = Inputs { spec: root().join("spec/belvo.yaml"), ..Inputs::default() };
        let folder = tempfile::tempdir().expect("a folder");
        let bring = |ours: &str, theirs: &Path| {
            let spec = folder.path().join("ours.yaml");
            std::fs::write(&spec, ours).expect("written");
            let (before, after) = drift::understand(
                &Inputs { spec, ..own.clone() },
                &Inputs { spec: theirs.to_path_buf(), ..own.clone() },
            );
            let theirs = load::load(theirs, &mut Diagnostics::new()).expect("a document").root;
            let origins = drift::origins(&before, &after);
            let adoption = Adoption { name: "ours", theirs: &theirs, extensions: &extensions, origins: &origins };
            (adopt(ours, adoption).expect("adopted"), theirs)
        };
        // The newest is what ours was made from.
        assert!(bring(&first, &now).0.text == first);
        let (done, published) = bring(&first, &old);
        assert_eq!(unfounded(&first, &done), Vec::<String>::new());
        let there = done.text;
        assert!(bring(&there, &old).0.text == there, "twice is not once");
        let (done, _) = bring(&there, &now);
        assert_eq!(unfounded(&there, &done), Vec::<String>::new());
        let back = done.text;

        // No sentence of the publisher's came along.
        let published_words = Published::read().expect("published texts");
        for text in [&there, &back] {
            assert_eq!(published_words.runs_in(&parsed(text)), Vec::<String>::new());
        }

        let (ours, then) = (parsed(&first), parsed(&there));
        assert_eq!(disordered(&ours, &then, &Pointer::root()), Vec::new());
        let (before, after) = (words(&ours), words(&then));
        let theirs = words(&published);
        let alive: Vec<&String> = before.keys().filter(|place| theirs.contains_key(*place)).collect();
        let kept = alive.iter().filter(|place| after.get(**place) == before.get(**place)).count();
        println!("{kept} of {} texts kept at places that live on", alive.len());
        assert!(alive.len() > 1_000 && kept * 100 >= alive.len() * 99, "{kept} of {}", alive.len());
        // Back again: the words that were still there are where they were.
        let returned = words(&parsed(&back));
        let lasting: Vec<_> = before.iter().filter(|(place, text)| after.get(*place) == Some(text)).collect();
        let lost: Vec<_> =
            lasting.iter().filter(|(place, text)| returned.get(*place) != Some(text)).map(|(p, _)| p).collect();
        assert!(lost.is_empty(), "{} of {}: {lost:#?}", lost.len(), lasting.len());
        let facts = |text: &str| hash_content(&facts_of(&parsed(text), Here::document(&extensions)));
        assert_eq!(facts(&back), facts(&first));
        // Comments stay with what they speak of.
        let gone: Vec<&str> = comments(&first)
            .into_iter()
            .filter(|(place, comment)| {
                let steps: Vec<String> = place.segments().collect();
                published.at(steps.iter().map(String::as_str)).is_some_and(|n| n.get("$ref").is_none())
                    && !there.contains(comment)
            })
            .map(|(_, comment)| comment)
            .collect();
        assert!(gone.is_empty(), "{gone:#?}");
    });
}

/// The shop in other forms of a file: what is the same document for every reader.
fn forms() -> Vec<(&'static str, String)> {
    let json = serde_json::to_string_pretty(&parsed(SHOP).to_json()).expect("JSON");
    vec![
        ("YAML", SHOP.to_owned()),
        ("CRLF", SHOP.replace('\n', "\r\n")),
        ("no last line break", SHOP.trim_end().to_owned()),
        ("a byte order mark", format!("\u{feff}{SHOP}")),
        ("blanks at ends of lines", SHOP.replace(":\n", ":  \n")),
        ("comments behind keys", SHOP.replace("properties:\n", "properties: # what it has\n")),
        (
            "comments between key and value",
            SHOP.replace("      properties:\n", "      properties:\n\n        # the first\n"),
        ),
        (
            "lists at the column of their key",
            SHOP.replace("      required: [id, state]\n", "      required:\n      - id   # always\n      - state\n"),
        ),
        (
            "brackets over several lines",
            SHOP.replace("enum: [open, done]", "enum: [\n            open, # at first\n            done,\n          ]"),
        ),
        ("double quotes", SHOP.replace('\'', "\"")),
        (
            "keys in quotes",
            SHOP.replace("        id:\n", "        \"id\":\n").replace("        state:\n", "        'state' :\n"),
        ),
        (
            "deep indentation",
            SHOP.lines().map(|l| format!("{}{l}\n", " ".repeat(l.len() - l.trim_start().len()))).collect(),
        ),
        ("a document marker", format!("%YAML 1.2\n---\n{SHOP}...\n")),
        (
            "a heading in a text before a key",
            SHOP.replace("description: An order.\n", "description: |-\n        An order.\n\n        # Heading\n"),
        ),
        ("JSON", json.clone()),
        ("JSON with tabs", json.replace("  ", "\t")),
        ("JSON in CRLF", json.replace('\n', "\r\n")),
        ("JSON with odd spaces", json.replace("\": ", "\"   :\n").replace("{\n", "{")),
    ]
}

#[test]
fn every_form_of_a_file_is_changed_in_its_form() {
    let edits: Vec<(&str, String)> = vec![
        ("nothing", published(|_| {})),
        (
            "flag",
            published(|d| d["components"]["schemas"]["Order"]["properties"]["id"]["nullable"] = Value::Bool(true)),
        ),
        (
            "last property gone",
            published(|d| {
                drop(d["components"]["schemas"]["Order"]["properties"].as_object_mut().expect("p").remove("address"))
            }),
        ),
        (
            "first property gone",
            published(|d| {
                drop(d["components"]["schemas"]["Order"]["properties"].as_object_mut().expect("p").remove("id"))
            }),
        ),
        (
            "all properties gone",
            published(|d| d["components"]["schemas"]["Order"]["properties"] = serde_json::json!({})),
        ),
        (
            "no properties",
            published(|d| drop(d["components"]["schemas"]["Order"].as_object_mut().expect("o").remove("properties"))),
        ),
        (
            "last schema gone",
            published(|d| {
                d["components"]["schemas"] =
                    serde_json::json!({"Other": {"type": "string", "enum": ["a: b", "#c", "no", "1"]}});
                d["paths"]["/orders/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] =
                    serde_json::json!({"type": "string"});
            }),
        ),
        (
            "required",
            published(|d| d["components"]["schemas"]["Order"]["required"] = serde_json::json!(["state", "address"])),
        ),
        (
            "enum",
            published(|d| {
                d["components"]["schemas"]["Order"]["properties"]["state"]["enum"] =
                    serde_json::json!(["open", "", "done", "yes", "null"])
            }),
        ),
        (
            "parameters",
            published(
                |d| d["paths"]["/orders/"]["get"]["parameters"] = serde_json::json!([{"name": "a", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}]),
            ),
        ),
        (
            "new at the end",
            published(
                |d| d["components"]["schemas"]["Zebra"] = serde_json::json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "default": -1}}}),
            ),
        ),
        ("security", published(|d| d["security"] = serde_json::json!([{}, {"key": []}]))),
    ];
    deep(|| {
        let mut wrong = Vec::new();
        for (form, ours) in forms() {
            assert_eq!(facts(&ours), facts(SHOP), "{form}");
            for (edit, theirs) in &edits {
                let done = match adopted(&ours, theirs) {
                    Ok(done) => done.text,
                    Err(why) => {
                        wrong.push(format!("{form}, {edit}: {why}"));
                        continue;
                    }
                };
                if facts(&done) != facts(theirs) || adopted(&done, theirs).map(|again| again.text).as_ref() != Ok(&done)
                {
                    wrong.push(format!("{form}, {edit}: other facts, or twice is not once:\n{done}"));
                }
                if *edit == "nothing" && done != ours {
                    wrong.push(format!("{form}: changed without need"));
                }
                if form.contains("CRLF") && done.matches('\n').count() != done.matches("\r\n").count() {
                    wrong.push(format!("{form}, {edit}: lines end in two ways"));
                }
                if form.contains("heading") && !done.contains("        # Heading\n") && !edit.contains("schema gone") {
                    wrong.push(format!("{form}, {edit}: half of a text is gone"));
                }
                if form.contains("brackets over")
                    && *edit != "enum"
                    && edit.contains("flag")
                    && !done.contains("# at first")
                {
                    wrong.push(format!("{form}, {edit}: a comment is gone"));
                }
                if done.contains("somebody else")
                    || done.lines().any(|line| line.contains("How far") != line.contains("How far it is."))
                {
                    wrong.push(format!("{form}, {edit}: words"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    });
}

#[test]
fn what_cannot_be_brought_in_is_said() {
    let split = SHOP.replace("'#/components/schemas/Order'", "'schemas.yaml#/Order'");
    let why = adopted(&split, &published(|_| {})).expect_err("a document of several files");
    assert!(why.contains("schemas.yaml#/Order") && why.contains("one file"), "{why}");
}
