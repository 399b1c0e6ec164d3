//! Bodies read and written back: all examples of our document, the same ones bent in every way in which the published
//! document contradicts itself, and, where `shared` is there, the bodies of the published document.

use belvo::error::DeviationKind;
use belvo::testing::ReadBack;
use belvo::testing::read_back;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::bodies::{Body, Share, lines};
use tests::examples::examples;
use tests::schema::differences;

/// Numbers are equal by value: `1` and `1.0` say the same.
fn equal(a: &Value, b: &Value) -> bool {
    let mut found = BTreeSet::new();
    differences(a, b, "$", &mut found);
    found.is_empty()
}

fn back(operation: &str, status: u16, body: &Value) -> Result<ReadBack, belvo::Error> {
    read_back(operation, status, "application/json", body.to_string().as_bytes())
}

/// Members of our examples that no schema declares: names that the document requires without declaring them, which the
/// overlay takes back, and members of one branch of a union in an example of another.
const KNOWN: &[&str] = &[
    "total_effectove_cost",
    "type_additional_info",
    "num_accounts",
    "charge",
    "dates",
    "settlement_date",
    // FIXME: the examples of payment intents show the contents of all next steps at once, where there can be one.
    "open_finance_display_confirmation_required",
    "open_finance_display_needs_redirect",
    "open_finance_display_payment_failed",
    "open_finance_display_payment_processing",
    "open_finance_display_payment_succeeded",
];

#[test]
fn our_own_examples_are_what_they_say() {
    let examples = examples();
    let mut wrong = Vec::new();
    for (operation, status, body) in examples {
        match back(operation, *status, body) {
            Err(error) => wrong.push(format!("{operation} {status}: {error}")),
            Ok(mut found) => {
                if !equal(&found.json, body) {
                    wrong.push(format!("{operation} {status}: not written back equal"));
                }
                found.unknown.retain(|path| !KNOWN.iter().any(|known| path.rsplit('.').next() == Some(known)));
                let list = [&found.invalid_records, &found.unknown, &found.raw_unions];
                if !found.deviations.is_empty() || list.iter().any(|l| !l.is_empty()) {
                    wrong.push(format!("{operation} {status}: {:?} {list:?}", found.deviations));
                }
            }
        }
    }
    println!("{} examples", examples.len());
    let with_body =
        belvo::testing::operations().iter().filter(|o| o.statuses.iter().any(|s| ["200", "201", "202"].contains(s)));
    for operation in with_body {
        assert!(examples.iter().any(|(id, ..)| id == operation.id), "{} has no example", operation.id);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// An example of our document with one place bent.
fn bent(operation: &str, status: u16, place: &str, to: Option<Value>) -> Value {
    let (.., mut body) =
        examples().iter().find(|&(id, s, _)| id == operation && *s == status).cloned().expect("an example");
    let (parent, key) = place.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("{operation}: there is no {parent}"));
    match (parent, to) {
        (Value::Object(members), Some(to)) => drop(members.insert(key.to_owned(), to)),
        (Value::Object(members), None) => {
            assert!(members.remove(key).is_some(), "{operation}: there is no {place}");
        }
        (Value::Array(items), Some(to)) => items[key.parse::<usize>().expect("an index")] = to,
        (other, _) => panic!("{operation}: {other} is no place for {key}"),
    }
    body
}

/// A contradiction of a class, and what comes of it.
struct Case {
    class: &'static str,
    operation: &'static str,
    status: u16,
    place: &'static str,
    to: Option<Value>,
    path: &'static str,
    kind: Option<DeviationKind>,
}

fn case(
    class: &'static str,
    (operation, status): (&'static str, u16),
    place: &'static str,
    to: impl Into<Option<Value>>,
    (path, kind): (&'static str, impl Into<Option<DeviationKind>>),
) -> Case {
    Case { class, operation, status, place, to: to.into(), path, kind: kind.into() }
}

#[test]
fn every_class_of_contradiction_is_read_and_written_back() {
    use DeviationKind::{Form, Format, ManyForOne, Missing, Null, OneForMany};
    let statement = ("DetailFinancialStatement", 200);
    let balance = ("DetailBalance", 200);
    let link = ("DetailLink", 200);
    let cases = [
        case(
            "number where text",
            ("DetailTaxStatusChile", 200),
            "/phone_numbers/0/number",
            json!(632295480),
            ("$.phone_numbers[0].number", Form),
        ),
        case("text where an integer", statement, "/year", json!("2024"), ("$.year", Form)),
        case("text where a number", balance, "/available", json!("1023.50"), ("$.available", Form)),
        case("boolean where text", statement, "/currency", json!(true), ("$.currency", Form)),
        case("null for an optional", link, "/created_by", Value::Null, ("$.created_by", Null)),
        case("a required member is missing", statement, "/error", None, ("$.error", Missing)),
        case("an unlisted value", link, "/status", json!("hibernating"), ("$.status", None)),
        case("a value in another case", link, "/access_mode", json!("SINGLE"), ("$.access_mode", None)),
        case(
            "a date with a time",
            ("DetailBalance", 200),
            "/collected_at",
            json!("24-09-2010"),
            ("$.collected_at", Format),
        ),
        case("a time without offset", balance, "/created_at", json!("2024-03-06T11:25:40"), ("$.created_at", None)),
        case("no uuid", link, "/id", json!("not-a-uuid"), ("$.id", Format)),
        case(
            "against the pattern",
            ("ListConsents", 200),
            "/results/0/institution_display_name",
            json!("45722-0"),
            ("", None),
        ),
        case("an unknown member", link, "/brand_new", json!({"a": [1, null, {"b": 2.50}]}), ("$.brand_new", None)),
        case("an amount beyond cents", balance, "/blocked", json!(0.1234567890123), ("$.blocked", None)),
        case("one for many", link, "/fetch_resources", json!("OWNERS"), ("$.fetch_resources", OneForMany)),
        case(
            "many for one",
            statement,
            "/balance_sheet/equity",
            json!([{"total": 1.5}]),
            ("$.balance_sheet.equity", ManyForOne),
        ),
        case("nothing where a list", link, "/fetch_resources", json!([]), ("$.fetch_resources", None)),
    ];
    let mut wrong = Vec::new();
    for case in cases {
        let body = bent(case.operation, case.status, case.place, case.to);
        let found = match back(case.operation, case.status, &body) {
            Ok(found) => found,
            Err(error) => {
                wrong.push(format!("{}: {error}", case.class));
                continue;
            }
        };
        if !equal(&found.json, &body) {
            wrong.push(format!("{}: written back differently", case.class));
        }
        let kind = found.deviations.iter().find(|d| d.path == case.path).map(|d| d.kind);
        if kind != case.kind || !found.invalid_records.is_empty() {
            wrong.push(format!("{}: {:?} {:?}", case.class, found.deviations, found.invalid_records));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_odd_record_leaves_the_others_alone() {
    let mut body = bent("ListBalances", 200, "/results/0/id", Some(json!({"code": "BRL"})));
    let results = body["results"].as_array_mut().expect("records");
    let good = examples().iter().find(|&(id, ..)| id == "DetailBalance").cloned().expect("an example").2;
    results.push(good);
    let found = back("ListBalances", 200, &body).expect("read");
    assert_eq!(found.invalid_records, ["$.results[0]"]);
    assert!(equal(&found.json, &body), "{}", found.json);
}

#[test]
fn what_the_document_requires_may_be_null_but_for_ids() {
    let body = bent("ListBalances", 200, "/results/0/available", Some(Value::Null));
    let found = back("ListBalances", 200, &body).expect("read");
    assert_eq!((found.invalid_records.len(), found.deviations.len()), (0, 0));
    assert!(equal(&found.json, &body), "{}", found.json);
    let body = bent("ListBalances", 200, "/results/0/id", Some(Value::Null));
    let found = back("ListBalances", 200, &body).expect("read");
    assert_eq!(found.invalid_records, ["$.results[0]"]);
    assert!(equal(&found.json, &body), "{}", found.json);
    // Alone, it is no balance.
    let error = back("DetailBalance", 200, &bent("DetailBalance", 200, "/id", Some(Value::Null))).expect_err("no id");
    assert_eq!(error.fault().map(|f| (f.path.as_str(), f.found.as_str())), Some(("$.id", "null")));
}

/// Invented, in the shape of what the sandbox sends: nulls where the document requires values, a list where it says text.
#[test]
fn accounts_as_the_sandbox_sends_them_are_read_into_types() {
    let account = json!({
        "id": "0d3e5b21-3f0a-4c7e-9a55-6f1f7c1b2a10", "link": "0d3e5b21-3f0a-4c7e-9a55-6f1f7c1b2a11",
        "institution": {"name": "moria_br_retail", "type": "bank"}, "created_at": "2025-02-03T04:05:06.7Z",
        "collected_at": "2025-02-03T04:05:06Z", "currency": "BRL", "category": "PENSION_FUND_ACCOUNT",
        "type": null, "number": null, "agency": null, "bank_product_id": "9", "name": null, "balance_type": null,
        "internal_identification": null, "public_identification_name": null, "public_identification_value": null,
        "last_accessed_at": null, "credit_data": null, "loan_data": null, "balance": {"current": 10.10, "available": null},
        "funds_data": [{"name": "ONE", "balance": 7, "percentage": 1e-3, "public_identifications": [{"name": "A", "value": "1"}]}],
        "receivables_data": null
    });
    let mut unread = account.clone();
    unread["loan_data"] = json!("none");
    let (mut share, list) = (Share::default(), json!([account, unread]));
    let found = back("RetrieveAccounts", 201, &list).expect("read");
    assert!(equal(&found.json, &list), "{}", found.json);
    assert_eq!((found.invalid_records.len(), found.raw_unions.len()), (0, 0));
    share.add(&list, &found);
    assert_eq!(share.untyped, ["$[1].loan_data"], "the one value of another kind costs itself only");
    let unreadable: Vec<_> = found.deviations.iter().filter(|d| d.kind == DeviationKind::Unreadable).collect();
    assert_eq!(unreadable.len(), 1);
    assert!(unreadable[0].to_string().starts_with("$[1].loan_data: expected object, found string"));
}

#[test]
fn a_union_that_fits_nowhere_stays_as_it_came() {
    for invalid in [json!({"colour": "red"}), json!("text"), json!([1, 2])] {
        let found = back("DetailOwner", 200, &invalid).expect("read");
        assert!(equal(&found.json, &invalid), "{}", found.json);
    }
    let found = back("DetailOwner", 200, &json!("text")).expect("read");
    assert_eq!(found.raw_unions, ["$"]);
}

#[test]
fn what_is_no_json_is_an_error_with_its_place() {
    for body in ["", "<html>", "{\"id\": ", "[1,2", "nul"] {
        let error = read_back("DetailLink", 200, "application/json", body.as_bytes()).expect_err(body);
        assert_eq!(error.fault().map(|f| f.path.as_str()), Some("$"), "{body}");
    }
    assert!(read_back("DetailLink", 299, "application/json", b"{}").is_err(), "nothing is declared for 299");
    assert!(read_back("Nonsense", 200, "application/json", b"{}").is_err());
}

#[derive(Debug, Default)]
struct Counts {
    read: usize,
    equal: usize,
    deviations: usize,
    invalid: usize,
    unknown: usize,
    raw: usize,
    share: Share,
    wrong: Vec<String>,
}

/// Every body of a file of lines: operation, status, body.
fn all(file: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    for (Body { operation, status, content_type, body }, _) in lines(file)? {
        match read_back(&operation, status, &content_type, body.to_string().as_bytes()) {
            Err(error) => counts.wrong.push(format!("{operation} {status}: {error} {:?}", error.fault())),
            Ok(found) => {
                counts.read += 1;
                match equal(&found.json, &body) {
                    true => counts.equal += 1,
                    false => counts.wrong.push(format!("{operation} {status}: written back differently")),
                }
                counts.deviations += found.deviations.len();
                counts.invalid += found.invalid_records.len();
                counts.unknown += found.unknown.len();
                counts.raw += found.raw_unions.len();
                counts.share.add(&body, &found);
                for deviation in &found.deviations {
                    println!("{operation} {status}: {:?} {deviation}", deviation.kind);
                }
                let lists =
                    [("invalid", &found.invalid_records), ("unknown", &found.unknown), ("raw", &found.raw_unions)];
                for (what, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
                    println!("{operation} {status}: {what} {list:?}");
                }
            }
        }
    }
    println!("{file}: {counts:?}");
    Some(counts)
}

#[test]
fn the_bodies_of_the_published_document() {
    let Some(composed) = all("composed-2xx.jsonl") else { return };
    assert_eq!((composed.read, composed.equal), (159, 159), "{:#?}", composed.wrong);
    assert_eq!((composed.invalid, composed.unknown), (0, 0));
    assert!(composed.raw <= 6, "{}", composed.raw);
    let Some(seen) = all("seen/bodies.jsonl") else { return };
    assert_eq!((seen.read, seen.equal, seen.invalid), (14, 14, 0), "{:#?}", seen.wrong);
    assert!(seen.share.typed * 100 >= seen.share.declared * 99, "{:?}", seen.share);
    let Some(media) = all("media-examples.jsonl") else { return };
    assert_eq!((media.read, media.equal), (97, 97), "{:#?}", media.wrong);
    assert_eq!(media.invalid, 0);
    assert!(media.raw <= 6, "{}", media.raw);
}
