//! What the document calls deprecated is deprecated in Rust, with a note: all places of Belvo's document, and by
//! fixtures every place where OpenAPI allows the flag.

use generator::Generated;
use std::collections::BTreeMap;
use syn::{ImplItem, Item};
use tests::place::{files, root, text};
use tests::run::{file, fixture};
use tests::surface::deprecated;

/// The deprecated members, with the flag of their schema brought to the places that use it.
const MEMBERS: &[(&str, &[&str])] = &[
    ("InstitutionPublicApi", &["code"]),
    ("AccountCreditDataOpenFinanceBrazil", &["monthly_payment", "last_payment_date"]),
    (
        "AccountLoanDataOpenFinanceBrazil",
        &[
            "credit_limit",
            "last_period_balance",
            "interest_rate",
            "limit_day",
            "cutting_day",
            "cutting_date",
            "last_payment_date",
            "no_interest_payment",
        ],
    ),
    ("Owner", &["business_name", "first_name", "last_name", "second_last_name"]),
    ("EmploymentRecordPersonalData", &["email"]),
    (
        "InvoiceWithIdSat",
        &[
            "payment_type_description",
            "payment_method_description",
            "sender_blacklist_status",
            "receiver_blacklist_status",
        ],
    ),
    ("ChargeBrazil", &["provider"]),
    ("ChargeBrazilPix", &["provider"]),
    ("PaymentIntentOfpi", &["provider", "last_error", "next_step"]),
    ("CreatePaymentIntentPixKeys", &["provider"]),
    ("CreatePaymentIntentPixKeysAndCustomer", &["provider"]),
    ("CreatePaymentIntentOfpi", &["provider"]),
    ("CreatePaymentIntentAndCustomerOfpi", &["provider"]),
    ("CreatePaymentIntentAndBankAccountAndCustomerOfpi", &["provider"]),
    ("PaymentIntentPixKeys", &["provider", "last_error", "next_step"]),
];

/// Everything deprecated in a file, `Type`, `Type.field`, `Type::Variant`, `Type::function`, with its note.
fn found(source: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut add = |name: String, attributes: &[syn::Attribute]| {
        if let Some(note) = deprecated(attributes) {
            out.insert(name.replace("r#", ""), note);
        }
    };
    for item in &syn::parse_file(source).expect("Rust").items {
        match item {
            Item::Struct(s) => {
                add(s.ident.to_string(), &s.attrs);
                for f in &s.fields {
                    let field = f.ident.as_ref().map(|i| i.to_string()).unwrap_or_default();
                    add(format!("{}.{field}", s.ident), &f.attrs);
                }
            }
            Item::Enum(e) => {
                add(e.ident.to_string(), &e.attrs);
                e.variants.iter().for_each(|v| add(format!("{}::{}", e.ident, v.ident), &v.attrs));
            }
            Item::Type(t) => add(t.ident.to_string(), &t.attrs),
            Item::Impl(i) if i.trait_.is_none() => {
                let ty = &i.self_ty;
                let ty = tests::surface::plain(quote::quote! { #ty });
                let ty = ty.split('<').next().unwrap_or_default();
                for item in &i.items {
                    if let ImplItem::Fn(f) = item {
                        add(format!("{ty}::{}", f.sig.ident), &f.attrs);
                    }
                }
            }
            _ => {}
        }
    }
    out
}

fn of_folder(folder: &str) -> BTreeMap<String, String> {
    files(&root().join("generated/src").join(folder), ".rs").iter().flat_map(|path| found(&text(path))).collect()
}

#[test]
fn all_deprecated_members_of_the_document_say_so() {
    let found = of_folder("models");
    let mut count = 0;
    for (model, members) in MEMBERS {
        for member in *members {
            let note = found.get(&format!("{model}.{member}")).unwrap_or_else(|| panic!("{model}.{member}"));
            assert!(note.len() > 10, "{model}.{member}: {note:?}");
            // The setter of a request is what its users call.
            if model.starts_with("Create") {
                assert!(found.contains_key(&format!("{model}::with_{member}")), "{model}::with_{member}");
            }
            count += 1;
        }
    }
    assert_eq!(count, 33);
    // And nothing else does.
    let fields = found.keys().filter(|name| name.contains('.')).count();
    assert_eq!(fields, 33, "{:?}", found.keys());
    assert!(of_folder("api").is_empty(), "no operation or parameter of the document is deprecated");
}

#[test]
fn the_crate_itself_never_triggers_the_lint() {
    // It is compiled with the lint allowed for its own code only: an attribute of the crate does not reach its users.
    let source = text(&root().join("generated/src/lib.rs"));
    assert!(source.contains("#![allow(deprecated"));
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Fixture, version: '1'}\n";

/// Everything deprecated in what is generated from `HEAD` and this.
fn of(document: &str) -> (Generated, BTreeMap<String, String>) {
    let run = fixture(&format!("{HEAD}{document}"));
    let all: Vec<String> = run
        .files
        .iter()
        .map(|(path, _)| path.to_owned())
        .filter(|path| path.starts_with("src/models/") || path.starts_with("src/api/"))
        .collect();
    let all = all.iter().flat_map(|path| found(file(&run, path))).collect();
    (run, all)
}

fn names(all: &BTreeMap<String, String>) -> Vec<&str> {
    assert!(all.values().all(|note| !note.is_empty()), "{all:?}");
    all.keys().map(String::as_str).collect()
}

#[test]
fn an_operation() {
    let (_, all) = of("
paths:
  /pots/:
    get:
      operationId: ListPots
      tags: [Pots]
      deprecated: true
      description: Use the shelf instead.
      responses: {'204': {description: x}}
");
    assert_eq!(names(&all), ["Pots::list"]);
}

#[test]
fn a_parameter() {
    let (_, all) = of("
paths:
  /pots/:
    get:
      operationId: ListPots
      tags: [Pots]
      parameters:
        - {name: colour, in: query, deprecated: true, schema: {type: string}}
        - {name: glaze, in: query, schema: {type: string, deprecated: true}}
        - {name: size, in: query, schema: {type: string}}
      responses: {'204': {description: x}}
");
    assert_eq!(names(&all), ["ListPots::colour", "ListPots::glaze"]);
}

/// A document with one operation that takes and gives `Pot`.
fn pots(schemas: &str) -> String {
    format!(
        "
paths:
  /pots/:
    put:
      operationId: PutPot
      tags: [Pots]
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pot'}}}}}}}}
      responses: {{'200': {{description: x, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pot'}}}}}}}}}}
components:
  schemas:
{schemas}"
    )
}

#[test]
fn a_schema() {
    let (_, all) = of(&pots("    Pot: {type: object, deprecated: true, properties: {id: {type: string}}}\n"));
    assert_eq!(names(&all), ["Pot"]);
}

#[test]
fn an_enum() {
    let (_, all) = of(&pots(
        "    Pot: {type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}
    Size: {type: string, enum: [s, m], deprecated: true, description: Sizes are gone.}
",
    ));
    // The member that uses it says so too: its users write the member's name, not the type's.
    assert_eq!(names(&all), ["Pot.size", "Pot::with_size", "Size"]);
}

#[test]
fn a_property_with_its_own_words() {
    let (_, all) = of(&pots(
        "    Pot:
      type: object
      properties:
        id: {type: string}
        old: {type: string, deprecated: true, description: 'No longer filled. Use `id`.'}
        older: {type: string, deprecated: true}
",
    ));
    assert_eq!(names(&all), ["Pot.old", "Pot.older", "Pot::with_old", "Pot::with_older"]);
    assert_eq!(all["Pot.old"], "No longer filled. Use id");
    // Without words of the document's the note is the one of the reference page.
    assert!(all["Pot.older"].contains("no longer maintained"), "{}", all["Pot.older"]);
}

#[test]
fn a_property_through_its_reference_and_one_with_the_flag_beside_it() {
    let (_, all) = of(&pots(
        "    Pot:
      type: object
      properties:
        gone: {$ref: '#/components/schemas/Gone'}
        beside: {$ref: '#/components/schemas/Fine', deprecated: true}
        fine: {$ref: '#/components/schemas/Fine'}
        wrapped: {allOf: [{$ref: '#/components/schemas/Fine'}], deprecated: true}
    Gone: {type: string, deprecated: true}
    Fine: {type: string}
",
    ));
    let fields: Vec<&str> = names(&all).into_iter().filter(|name| name.contains('.')).collect();
    assert_eq!(fields, ["Pot.beside", "Pot.gone", "Pot.wrapped"]);
}
