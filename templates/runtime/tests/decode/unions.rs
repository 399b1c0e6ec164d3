//! Which branch a union takes, and that nested unions do not try forever.

use std::time::{Duration, Instant};

use super::models::{
    CustomerOrId, Flags, Line, Moment, Owner, Payment, PaymentsOrFlags, Scalar, Schedule, Tagged, Tree,
};
use super::runtime::{Decode, Encode, Findings, Mode, Records, from_json, to_json};
use super::{deviations, read, refused, round_trip, strict};

/// The name of the variant that was read.
fn branch<T: Decode + Encode + std::fmt::Debug>(body: &str) -> (String, Findings) {
    let (value, findings) = round_trip::<T>(body);
    let name = format!("{value:?}");
    (name.split('(').next().unwrap_or_default().to_owned(), findings)
}

fn assert_branches<T: Decode + Encode + std::fmt::Debug>(bodies: &[(&str, &str)]) {
    for (body, expected) in bodies {
        let (name, findings) = branch::<T>(body);
        assert_eq!(name, *expected, "{body}");
        assert_eq!(findings.raw_unions.is_empty(), name != "Raw", "{body}");
    }
}

#[test]
fn constants_and_members_tell_models_apart() {
    assert_branches::<Owner>(
        &[
            (r#"{"type":"INDIVIDUAL","first_name":"a","last_name":"b"}"#, "Person"),
            (r#"{"type":"BUSINESS","company_name":"a"}"#, "Company"),
            (r#"{"type":"BUSINESS","company_name":"a","email":null}"#, "Company"),
            (r#"{"type":"INDIVIDUAL","company_name":"a","x":1}"#, "Person"),
            (r#"{"type":"BUSINESS"}"#, "Company"),
            (r#"{"unknown":1}"#, "Raw"),
            (r#"{}"#, "Raw"),
            (r#"[{"type":"BUSINESS","company_name":"a"}]"#, "Raw"),
            (r#"7"#, "Raw"),
            (r#"null"#, "Raw"),
        ]
        .map(|(body, name)| if body.starts_with('[') { (r#"[]"#, name) } else { (body, name) }),
    );
}

#[test]
fn a_discriminator_decides_alone() {
    assert_branches::<Tagged>(&[
        (r#"{"type":"human","company_name":"a"}"#, "Person"),
        (r#"{"type":"company","first_name":"a","last_name":"b"}"#, "Company"),
        (r#"{"type":"robot","first_name":"a","last_name":"b"}"#, "Raw"),
        (r#"{"first_name":"a","last_name":"b"}"#, "Raw"),
    ]);
    let (_, findings) = branch::<Tagged>(r#"{"type":"robot"}"#);
    assert_eq!(findings.raw_unions, ["$"]);
    // A value the document does not know yet is no deviation, not even in strict mode; no branch at all is one.
    assert!(from_json::<Tagged>(br#"{"type":"robot"}"#, strict()).is_ok());
    assert_eq!(refused::<Tagged>(r#"{"first_name":"a"}"#, strict()).path, "$.type");
    assert_eq!(refused::<Owner>("7", strict()).to_string(), "$: expected Owner, found number at byte 0");
}

#[test]
fn kinds_tell_scalars_apart() {
    assert_branches::<Scalar>(
        &[
            ("1", "Whole"),
            ("1.5", "Number"),
            ("1e400", "Number"),
            ("99999999999999999999", "Number"),
            (r#""x""#, "Text"),
            ("true", "Flags"),
            ("[true]", "Flags"),
            ("{}", "Raw"),
            ("null", "Raw"),
        ]
        .into_iter()
        .filter(|(body, _)| *body != "1e400")
        .collect::<Vec<_>>(),
    );
    assert_branches::<Moment>(&[
        (r#""2026-01-31""#, "Day"),
        (r#""2026-01-31T10:00:00Z""#, "At"),
        (r#""single""#, "Mode"),
        (r#""whatever""#, "Day"),
    ]);
    assert_branches::<Flags>(&[("[true,false]", "Many"), ("true", "One")]);
    assert_branches::<CustomerOrId>(&[
        (r#""7f0c""#, "Id"),
        (r#"{"type":"a","first_name":null,"last_name":null}"#, "Person"),
        (r#"{"id":"a"}"#, "Raw"),
    ]);
    // Tolerance only where no branch has the kind.
    let (id, findings) = read::<CustomerOrId>("12");
    assert_eq!(
        (id, deviations(&findings)),
        (CustomerOrId::Id("12".into()), vec!["$: expected uuid, found number".to_owned()])
    );
    let (lone, _) = read::<CustomerOrId>(r#"[{"type":"a","first_name":null,"last_name":null}]"#);
    assert!(matches!(lone, CustomerOrId::Person(_)));
}

#[test]
fn the_branch_whose_key_is_there_wins() {
    assert_branches::<Schedule>(&[
        (r#"{"single":{"amount":1}}"#, "Single"),
        (r#"{"daily":{"amount":1}}"#, "Daily"),
        (r#"{"weekly":{"amount":"1"}}"#, "Weekly"),
        (r#"{"weekly":{"amount":1},"x":1,"y":2,"z":3}"#, "Weekly"),
        (r#"{"single":null,"daily":{"amount":1,"tags":["a"]}}"#, "Daily"),
        (r#"{}"#, "Single"),
        (r#"{"monthly":1}"#, "Raw"),
        (r#"{"daily":{"amount":{}}}"#, "Daily"),
    ]);
}

#[test]
fn evidence_from_below_decides_between_equal_members() {
    assert_branches::<Payment>(&[
        (r#"{"id":"a","method":{"number":"1"}}"#, "Card"),
        (r#"{"id":"a","method":{"key":"1"}}"#, "Pix"),
        (r#"{"id":1,"method":{"key":1,"holder":"h","x":1}}"#, "Pix"),
        (r#"{"id":"a","method":{}}"#, "Raw"),
    ]);
    let (_, findings) = branch::<Payment>(r#"{"id":1,"method":{"key":2,"x":1}}"#);
    assert_eq!(
        deviations(&findings),
        ["$.id: expected string, found number", "$.method.key: expected string, found number"]
    );
    assert_eq!(findings.unknown, ["$.method.x"], "what the other branch found is forgotten");
    let body = br#"{"id":"a","method":{"key":"2","x":1}}"#;
    let (_, findings) = from_json::<Payment>(body, Mode { trace: true, ..strict() }).unwrap();
    assert_eq!(findings.unknown, ["$.method.x"], "strict mode forgets nothing either");
}

#[test]
fn forms_in_a_scalar_union_belong_to_the_model_around() {
    round_trip::<Line>(r#"{"amount":1,"scalar":9007199254740993.5,"owner":null}"#);
    round_trip::<Line>(r#"{"amount":1,"scalar":[1,"true"]}"#);
    round_trip::<Records<CustomerOrId>>(r#"[12,"a",{"type":1,"first_name":2},{"x":1},null]"#);
    let (line, findings) = round_trip::<Line>(r#"{"amount":1,"owner":{"x":1},"scalar":{"x":1}}"#);
    assert_eq!(findings.raw_unions, ["$.owner", "$.scalar"]);
    assert_eq!(format!("{:?}", line.owner), "Some(Raw(Raw(7 bytes)))");
}

fn tree(depth: usize, leaf: &str) -> String {
    format!("{}{leaf}{}", r#"{"child":"#.repeat(depth), "}".repeat(depth))
}

/// Naive trials would take two to the thirtieth steps.
#[test]
fn recursive_unions_are_quick() {
    for (leaf, innermost) in [
        (r#"{"only_left":"a"}"#, "Left"),
        (r#"{"only_right":"a"}"#, "Right"),
        (r#"{"only_right":"a","x":1}"#, "Right"),
        (r#"{"only_right":1}"#, "Right"),
        (r#"{"leaf":{}}"#, "Left"),
        (r#"{"leaf":"1.5"}"#, "Left"),
        ("7", "Raw"),
    ] {
        for depth in [1, 30, 100] {
            let body = tree(depth, leaf);
            let start = Instant::now();
            let (value, _) = round_trip::<Tree>(&body);
            assert!(start.elapsed() < Duration::from_secs(2), "{depth} levels of {leaf} took {:?}", start.elapsed());
            let mut at = &value;
            for _ in 0..depth {
                at = match at {
                    Tree::Left(left) => left.child.as_ref().unwrap(),
                    Tree::Right(right) => right.child.as_ref().unwrap(),
                    other => panic!("{other:?}"),
                };
            }
            assert!(format!("{at:?}").starts_with(innermost), "{depth} levels of {leaf}: {at:?}");
        }
    }
    let wide = format!("[{}]", vec![tree(30, r#"{"only_right":1,"x":[]}"#); 300].join(","));
    let start = Instant::now();
    let (records, _) = round_trip::<Records<Tree>>(&wide);
    assert_eq!((records.len(), records.invalid().len()), (300, 0));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn raw_values_are_reachable_and_hidden() {
    let (owner, _) = read::<Owner>(r#"{"nobody":"hunter2"}"#);
    let Owner::Raw(raw) = &owner else { panic!("{owner:?}") };
    assert_eq!(raw.to_value()["nobody"], "hunter2");
    assert!(!format!("{owner:?}").contains("hunter2"));
    assert_eq!(to_json(&owner), r#"{"nobody":"hunter2"}"#);
    refused::<Owner>("7", Mode { strict: true, ..Mode::default() });
}

/// The elements of a large array are read one after the other from the same tape; what a union decided about one must not be taken
/// for the next.
#[test]
fn unions_in_large_bodies_are_told_apart() {
    let card = r#"{"id":"a","method":{"number":"1"}}"#;
    let pix = r#"{"id":"a","method":{"key":"1"}}"#;
    let body = format!("[{}{card}]", format!("{card},{pix},").repeat(10_000));
    let (read, findings) = round_trip::<PaymentsOrFlags>(&body);
    assert_eq!(findings.raw_unions, [""; 0]);
    let PaymentsOrFlags::Payments(payments) = read else { panic!("not the payments") };
    for pair in payments.chunks(2) {
        assert!(matches!(pair, [Payment::Card(_), Payment::Pix(_)] | [Payment::Card(_)]), "{pair:?}");
    }
}
