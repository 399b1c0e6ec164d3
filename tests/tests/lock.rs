//! A document is edited in twelve ways, and the lock of the run before keeps the Rust names that users rely on.
//!
//! Each edit starts from the same document and the same lock. The snapshot shows what moves; the test says what must not.

use generator::history::lock::Lock;
use generator::{Generated, Inputs};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use tests::run::{generated, own};

const SHOP: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders/:
    get:
      operationId: ListOrders
      tags: [Orders]
      responses:
        '200': {description: x, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}
    post:
      operationId: CreateOrder
      tags: [Orders]
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/NewOrder'}
      responses:
        '201': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string}
        state: {type: string, enum: [open, paid]}
        delivery:
          type: object
          properties: {street: {type: string}, city: {type: string}}
        payment:
          oneOf:
          - type: object
            required: [card]
            properties: {card: {type: string}, holder: {type: string}}
          - type: object
            required: [iban]
            properties: {iban: {type: string}}
        customer: {$ref: '#/components/schemas/Customer'}
    Customer:
      type: object
      properties:
        name: {type: string}
        address:
          type: object
          properties: {country: {type: string}, zip: {type: string}}
    NewOrder:
      type: object
      required: [customer]
      properties:
        customer: {type: string}
        gift: {type: object, properties: {text: {type: string}}}
";

/// A document and the lock beside it.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    /// Generates, and writes the lock as the command line does.
    fn run(&self, document: &str) -> Generated {
        let spec = self.dir.path().join("shop.yaml");
        let lock = self.dir.path().join("names.lock");
        fs::write(&spec, document).expect("write");
        let run = generated(&Inputs { spec, lock: Some(lock.clone()), name: Some("shop".into()), ..Inputs::default() });
        fs::write(lock, run.lock.print()).expect("write");
        run
    }
}

/// Pointer and kind → name; a tombstone's ends in `(gone)`. What is still understood has the old name in its key too.
fn names(lock: &Lock) -> BTreeMap<String, String> {
    let gone = |gone| if gone { " (gone)" } else { "" };
    let aliases = lock.aliases().map(|line| {
        let key = format!("#{} {}-alias {}", line.pointer, line.kind, line.name);
        (key, format!("{}{}", line.name, gone(line.alias.gone)))
    });
    let names = lock.iter().map(|(p, kind, e)| (format!("#{p} {kind}"), format!("{}{}", e.name, gone(e.gone))));
    names.chain(aliases).collect()
}

/// What an edit of the shop does to its names: `- pointer name`, `+ pointer name`, and which types the output has.
fn edited(document: &str) -> (BTreeMap<String, String>, String) {
    let place = Place::new();
    let before = names(&place.run(SHOP).lock);
    let after = names(&place.run(document).lock);
    let mut told = String::new();
    for (sign, these, those) in [("-", &before, &after), ("+", &after, &before)] {
        for (pointer, name) in these.iter().filter(|(pointer, name)| those.get(*pointer) != Some(name)) {
            let _ = writeln!(told, "  {sign} {pointer} = {name}");
        }
    }
    // Once more changes nothing: the names have settled.
    assert_eq!(names(&place.run(document).lock), after);
    (after, told)
}

fn change(from: &str, to: &str) -> String {
    assert_eq!(SHOP.matches(from).count(), 1, "{from}");
    SHOP.replace(from, to)
}

/// The order of two pieces of text turned round.
fn swapped(a: &str, b: &str) -> String {
    change(a, "\u{1}").replace(b, a).replace('\u{1}', b)
}

fn edits() -> Vec<(&'static str, String)> {
    let first_branch = "          - type: object\n            required: [card]\n";
    let delivery = "        delivery:\n          type: object\n          properties: {street: {type: string}, city: {type: string}}\n";
    let state = "        state: {type: string, enum: [open, paid]}\n";
    let customer = SHOP.split("    Customer:\n").nth(1).and_then(|rest| rest.split("    NewOrder:\n").next());
    let customer = format!("    Customer:\n{}", customer.expect("a customer"));
    let new_order = format!("    NewOrder:\n{}", SHOP.split("    NewOrder:\n").nth(1).expect("an order"));
    vec![
        (
            "insert a union branch first",
            change(
                first_branch,
                &format!(
                    "          - type: object\n            required: [voucher]\n            properties: {{voucher: {{type: string}}}}\n{first_branch}"
                ),
            ),
        ),
        (
            "insert an inline object before the others",
            change(
                state,
                &format!("        invoice: {{type: object, properties: {{number: {{type: string}}}}}}\n{state}"),
            ),
        ),
        ("reorder the components", SHOP.replace(&new_order, "").replace(&customer, &format!("{new_order}{customer}"))),
        ("reorder the properties", swapped(delivery, state)),
        (
            "rename a component",
            SHOP.replace("schemas/Customer'", "schemas/Client'").replace("    Customer:\n", "    Client:\n"),
        ),
        (
            "add a schema that collides with an inline one",
            format!("{SHOP}    OrderDelivery: {{type: object, properties: {{van: {{type: string}}}}}}\n").replace(
                "        gift: {",
                "        van: {$ref: '#/components/schemas/OrderDelivery'}\n        gift: {",
            ),
        ),
        (
            "remove a schema",
            SHOP.replace(&customer, "").replace("        customer: {$ref: '#/components/schemas/Customer'}\n", ""),
        ),
        ("rename an operation", change("operationId: CreateOrder", "operationId: PlaceOrder")),
        (
            "add an operation before the others",
            change(
                "    get:\n      operationId: ListOrders",
                "    delete:\n      operationId: ClearOrders\n      tags: [Orders]\n      responses: {'204': {description: x}}\n    get:\n      operationId: ListOrders",
            ),
        ),
        (
            "move an inline schema to a component",
            change(delivery, "        delivery: {$ref: '#/components/schemas/Delivery'}\n")
                + "    Delivery:\n      type: object\n      properties: {street: {type: string}, city: {type: string}}\n",
        ),
        ("change a type", change("zip: {type: string}", "zip: {type: integer}")),
        ("add an enum value", change("enum: [open, paid]", "enum: [new, open, paid]")),
    ]
}

#[test]
fn twelve_edits_and_the_names_that_stay() {
    let before = names(&Place::new().run(SHOP).lock);
    let mut told = String::from("before\n");
    for (pointer, name) in &before {
        let _ = writeln!(told, "    {pointer} = {name}");
    }
    let edits = edits();
    assert_eq!(edits.len(), 12);
    for (edit, document) in edits {
        assert_ne!(document, SHOP, "{edit}");
        let (after, changes) = edited(&document);
        let _ = write!(told, "{edit}\n{}", if changes.is_empty() { "    (nothing)\n" } else { &changes });
        // Whatever the edit, no name ever passes to something else and none is lost in silence.
        for name in before.values() {
            let still = after.values().any(|n| {
                // A method's alias carries its handle.
                n == name || n.strip_suffix(" (gone)") == Some(name) || n.rsplit('/').next() == Some(name)
            });
            assert!(still, "{edit}: {name} is lost");
        }
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("twelve_edits", told);
    });
}

/// The name at a pointer after an edit, by the start of the edit's title.
fn after(edit: &str) -> BTreeMap<String, String> {
    let (_, document) = edits().into_iter().find(|(title, _)| title.starts_with(edit)).expect("an edit");
    edited(&document).0
}

#[test]
fn a_branch_in_front_moves_no_branch() {
    let names = after("insert a union branch");
    let branches = "#/components/schemas/Order/properties/payment/oneOf";
    let before = self::names(&Place::new().run(SHOP).lock);
    assert_eq!(names[&format!("{branches}/1 type")], before[&format!("{branches}/0 type")]);
    assert_eq!(names[&format!("{branches}/2 type")], before[&format!("{branches}/1 type")]);
    assert_eq!(names[&format!("{branches}/0 type")], "OrderPaymentVoucher");
}

#[test]
fn a_schema_that_comes_back_gets_its_name_back() {
    let place = Place::new();
    let before = names(&place.run(SHOP).lock);
    let (_, without) = edits().into_iter().find(|(title, _)| *title == "remove a schema").expect("an edit");
    let between = names(&place.run(&without).lock);
    assert_eq!(between["#/components/schemas/Customer type"], "Customer (gone)");
    assert_eq!(names(&place.run(SHOP).lock), before);
}

#[test]
fn the_name_of_what_is_gone_is_not_given_away() {
    let place = Place::new();
    place.run(SHOP);
    let (_, without) = edits().into_iter().find(|(title, _)| *title == "remove a schema").expect("an edit");
    place.run(&without);
    // Another schema that would like the name: `customer` of the new order becomes an object with that title.
    let taken = without
        .replace("        customer: {type: string}\n", "        customer: {$ref: '#/components/schemas/customer'}\n")
        + "    customer: {type: object, properties: {phone: {type: string}}}\n";
    let names = names(&place.run(&taken).lock);
    assert_eq!(names["#/components/schemas/Customer type"], "Customer (gone)");
    assert_eq!(names["#/components/schemas/customer type"], "CustomerModel");
}

#[test]
fn an_operation_without_an_id_keeps_its_name() {
    let shop = SHOP.lines().filter(|l| !l.trim_start().starts_with("operationId:")).collect::<Vec<_>>().join("\n");
    assert_ne!(shop.len() + 1, SHOP.len());
    let place = Place::new();
    let before = names(&place.run(&shop).lock);
    assert_eq!(names(&place.run(&shop).lock), before);
}

#[test]
fn inserting_into_our_own_document_moves_no_name() {
    let text = tests::place::text(&own().spec);
    let lock = tests::place::text(own().lock.as_deref().expect("a lock"));
    // A new branch in front of the links' request, and an inline object in front of the statement's members.
    let mut text = text.replacen(
        "                - $ref: '#/components/schemas/LinksRequestEmploymentBrazil'\n",
        "                - {type: object, properties: {passport: {type: string}}}\n                \
         - $ref: '#/components/schemas/LinksRequestEmploymentBrazil'\n",
        1,
    );
    let place = "    FinancialStatement:\n      type: object\n";
    let at = text.find(place).expect("the statement");
    let at = at + text[at..].find("      properties:\n").expect("its members") + "      properties:\n".len();
    text.insert_str(at, "        audit: {type: object, properties: {firm: {type: string}}}\n");
    let dir = tempfile::tempdir().expect("a folder");
    let spec = dir.path().join("belvo.yaml");
    fs::write(&spec, text).expect("write");
    let run = generated(&Inputs { spec, ..own() });
    let after = run.lock.print();
    let kept = |line: &&str| {
        let name = |line: &str| line.rsplit(" | ").next().map(str::to_owned);
        let start = line.rsplitn(3, " | ").last().unwrap_or_default().to_owned();
        after.lines().any(|l| l.starts_with(&format!("{start} | ")) && name(l) == name(line))
    };
    let lost: Vec<&str> = lock.lines().filter(|line| line.starts_with("#/")).filter(|line| !kept(line)).collect();
    // The branches are references, whose names do not depend on their place.
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(after.contains("FinancialStatementAudit"), "the new object has a name");
}
