//! Required members that may be null although the document does not say so, what is capped, and pages and lists that came as
//! each other.

use super::models::{Line, Listed, LooseCat, LooseDog, LoosePet, Pet};
use super::runtime::{DeviationKind, Mode, Records, from_json, to_json};
use super::{deviations, read, refused, round_trip, strict};

#[test]
fn a_null_is_no_deviation_and_a_gap_is_one() {
    let (cat, findings) = round_trip::<LooseCat>(r#"{"claws":null,"name":null}"#);
    assert_eq!((cat.claws, cat.name, findings), (None, None, Default::default()));
    assert!(from_json::<LooseCat>(br#"{"claws":null,"name":null}"#, strict()).is_ok());
    let (_, findings) = round_trip::<LooseCat>(r#"{"claws":1}"#);
    assert_eq!(deviations(&findings), ["$.name: expected a value or null, found nothing"]);
    assert_eq!(refused::<LooseCat>(r#"{"claws":1}"#, strict()).path, "$.name");
    let partial = Mode { partial: true, ..strict() };
    assert!(from_json::<LooseCat>(br#"{"claws":1}"#, partial).is_ok());
    // An optional member that is not nullable is as it was.
    assert_eq!(
        deviations(&round_trip::<LooseCat>(r#"{"claws":1,"name":"n","tail":null}"#).1),
        ["$.tail: expected a value, found null"]
    );
    // What is written of a value made anew is what the document declares: the key, with null.
    let (mut dog, _) = read::<LooseDog>(r#"{"bark":1,"name":"n","nose":"wet"}"#);
    (dog.bark, dog.nose) = (None, None);
    assert_eq!(to_json(&dog), r#"{"bark":null,"name":"n","nose":null}"#);
}

fn chosen(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").split('(').next().unwrap_or_default().to_owned()
}

/// Whatever the members are, gone, null, or of another kind: the branch that takes nothing the document rules out is chosen,
/// and where there is none the best of those that can be read now.
#[test]
fn unions_choose_by_what_is_declared() {
    let values = [None, Some("null"), Some("1"), Some(r#""x""#), Some("{}")];
    let names = ["claws", "bark", "name", "nose", "tail"];
    let mut raw = 0;
    for number in 0..values.len().pow(names.len() as u32) {
        let mut rest = number;
        let mut members = Vec::new();
        for name in names {
            if let Some(value) = values[rest % values.len()] {
                members.push(format!(r#""{name}":{value}"#));
            }
            rest /= values.len();
        }
        let body = format!("{{{}}}", members.join(","));
        let (plain, findings) = round_trip::<Pet>(&body);
        let unreadable = findings.deviations.iter().any(|d| d.kind == DeviationKind::Unreadable);
        let (loose, _) = round_trip::<LoosePet>(&body);
        match chosen(&plain).as_str() {
            "Raw" => raw += usize::from(chosen(&loose) != "Raw"),
            _ if unreadable => {}
            branch => assert_eq!(chosen(&loose), branch, "{body}"),
        }
    }
    assert!(raw > 0, "some of these could not be read before");
    assert_eq!(chosen(&read::<LoosePet>(r#"{"bark":null,"name":null,"nose":null}"#).0), "Dog");
    assert_eq!(chosen(&read::<LoosePet>(r#"{"claws":null,"name":null,"tail":2}"#).0), "Cat");
}

#[test]
fn findings_are_listed_to_a_limit_and_counted_beyond() {
    let mode = Mode { limit: 3, trace: true, ..Mode::default() };
    let record = |n: usize| match n % 4 {
        0 => "7".to_owned(),
        1 => r#"{"amount":"1","x":1}"#.to_owned(),
        2 => r#"{"amount":1,"owner":{"x":1}}"#.to_owned(),
        _ => "[]".to_owned(),
    };
    let body = format!("[{}]", (0..400).map(record).collect::<Vec<_>>().join(","));
    let (records, findings) = from_json::<Records<Line>>(body.as_bytes(), mode).unwrap();
    assert_eq!((records.len(), records.invalid().len(), records.invalid_count()), (200, 3, 200));
    let counts = findings.counts;
    assert_eq!((counts.deviations, counts.invalid_records, counts.unknown, counts.raw_unions), (100, 200, 100, 100));
    assert_eq!((findings.deviations.len(), findings.invalid.len()), (3, 3));
    assert_eq!((findings.unknown.len(), findings.raw_unions.len()), (3, 3));
    assert_eq!(to_json(&records).parse::<serde_json::Value>().unwrap(), body.parse::<serde_json::Value>().unwrap());
    let items = records.into_results();
    let invalid: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    assert_eq!(invalid.iter().map(|invalid| invalid.records).sum::<usize>(), 200);
    assert_eq!((invalid.len(), invalid[3].path.as_str(), invalid[3].records), (4, "$[7]", 197));
    // Of a body that is nothing but faults no more is kept than it is long, and some.
    let hostile = format!("[{}]", vec!["0"; 300_000].join(","));
    let (records, findings) = from_json::<Records<Line>>(hostile.as_bytes(), Mode::default()).unwrap();
    assert_eq!((findings.invalid.len(), findings.counts.invalid_records), (1_000, 300_000));
    assert_eq!(to_json(&records), hostile);
    // Each trial of a union lists as if it were alone; what the rest has to say is not crowded out, nor is the limit passed.
    let pets = format!("[{}]", vec![r#"{"bark":"1","name":2,"nose":3}"#; 50].join(","));
    let (_, findings) = from_json::<Records<Pet>>(pets.as_bytes(), mode).unwrap();
    assert_eq!(deviations(&findings).len(), 3);
    assert_eq!(findings.counts.deviations, 150);
    assert!(from_json::<Records<Pet>>(pets.as_bytes(), Mode { limit: 0, ..strict() }).is_err());
}

#[test]
fn a_list_for_a_page_and_a_page_for_a_list() {
    for body in [r#"[{"amount":1},{"amount":"2"}]"#, r#"[{"amount":1}]"#, "[]", r#"[7,{"amount":1}]"#] {
        let (page, findings) = read::<Listed>(body);
        let written: serde_json::Value = findings.write_back(&page).parse().unwrap();
        assert_eq!(written, body.parse::<serde_json::Value>().unwrap());
        assert_eq!(page.0.len(), body.matches("amount").count());
        assert_eq!(findings.deviations[0].to_string(), "$: expected object, found array");
        assert_eq!(findings.deviations[0].kind, DeviationKind::ManyForOne);
        assert_eq!(refused::<Debugged>(body, strict()).path, "$");
    }
    // A page in an array is a page.
    assert_eq!(read::<Listed>(r#"[{"results":[{"amount":1},{"amount":2}]}]"#).0.0.len(), 2);
    let body = r#"{"count":2,"next":null,"results":[{"amount":1},{"amount":"2"},{}]}"#;
    let (list, findings) = round_trip::<Records<Line>>(body);
    assert_eq!((list.len(), list.invalid().len()), (2, 1));
    assert_eq!(
        deviations(&findings),
        ["$: expected array, found object", "$.results[1].amount: expected number, found string"]
    );
    assert_eq!(refused::<Records<Line>>(body, strict()).path, "$");
    // An object that is a record stays one.
    assert_eq!(round_trip::<Records<Line>>(r#"{"amount":1}"#).0.len(), 1);
    assert_eq!(round_trip::<Records<Line>>(r#"{"amount":1,"results":7}"#).0.len(), 1);
}

/// The walk over pages needs no `Option`, and what came goes back.
#[test]
fn a_page_without_records_has_none() {
    let null = "$.results: expected a value, found null";
    for (body, found) in [(r#"{"next":"x"}"#, vec![]), (r#"{"next":"x","results":null}"#, vec![null])] {
        let (page, findings) = round_trip::<Listed>(body);
        assert_eq!((page.0.len(), deviations(&findings)), (0, found.into_iter().map(str::to_owned).collect()));
    }
    let (mut page, _) = read::<Listed>(r#"{"next":"x"}"#);
    page.0.push(read::<Line>(r#"{"amount":1}"#).0);
    assert_eq!(to_json(&page), r#"{"next":"x","results":[{"amount":1}]}"#);
}

/// A page with the `Debug` that [`refused`] wants.
struct Debugged;

impl super::runtime::Decode for Debugged {
    fn decode(node: super::runtime::__private::Node<'_>, cx: &mut super::runtime::__private::Context) -> Option<Self> {
        Listed::decode(node, cx).map(|_| Self)
    }
}

impl std::fmt::Debug for Debugged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a page")
    }
}
