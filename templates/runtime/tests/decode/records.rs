//! Lists of records: an odd one costs itself only, and goes back to its place.

use super::models::{Line, Page, Statement};
use super::runtime::{Decode, Encode, Json, Map, Mode, Raw, Records, from_json, to_json};
use super::{deviations, read, refused, round_trip, strict};
use serde_json::Value;

#[test]
fn odd_records_stand_aside() {
    let body =
        r#"[{"amount":{}},{"amount":1},7,{"amount":2,"parts":[{"amount":1},{"amount":true}]},{"amount":3},null]"#;
    let (records, findings) = round_trip::<Records<Line>>(body);
    assert_eq!(records.iter().map(|line| line.amount).collect::<Vec<_>>(), [1.0, 2.0, 3.0]);
    let odd: Vec<_> = records.invalid().iter().map(|odd| (odd.index(), odd.path(), odd.reason())).collect();
    assert_eq!(
        odd,
        [
            (0, "$[0].amount", "expected number, found object"),
            (2, "$[2]", "expected object, found number"),
            (5, "$[5]", "expected object, found null"),
        ]
    );
    assert_eq!(findings.invalid.iter().map(String::as_str).collect::<Vec<_>>(), ["$[0]", "$[2]", "$[5]"]);
    assert_eq!(deviations(&findings), ["$[3].parts[1].amount: expected number, found boolean"]);
    assert_eq!(records[1].parts, None, "a member that can do without costs no record");
    assert_eq!(records.invalid()[1].to_value(), 7);
    assert_eq!(refused::<Records<Line>>(body, strict()).path, "$[0].amount");
    assert!(!format!("{records:?}").contains("true"), "Debug does not print what was set aside");
}

#[test]
fn a_page_loses_nothing() {
    let body = r#"{"count":3,"next":null,"results":[
        {"id":"a","link":null,"amount":1,"lines":[]},
        {"id":"b","link":null,"amount":"x","lines":7},
        {"id":"c","link":null,"amount":"1.0","lines":[{"amount":"2","x":1}],"unknown":1}]}"#;
    let (page, findings) = round_trip::<Page>(body);
    assert_eq!(page.results.len(), 2);
    assert_eq!(page.results.invalid()[0].path(), "$.results[1].lines");
    assert_eq!(
        deviations(&findings),
        [
            "$.results[2].amount: expected number, found string",
            "$.results[2].lines[0].amount: expected number, found string"
        ]
    );
    assert_eq!(findings.unknown, ["$.results[2].lines[0].x", "$.results[2].unknown"]);
}

#[test]
fn the_nearest_list_catches() {
    let body = r#"[{"amount":1,"rest":[{"amount":[]},{"amount":2}],"marks":[{},"a",1]}]"#;
    let (records, findings) = round_trip::<Records<Line>>(body);
    assert_eq!(records.invalid().len(), 0);
    assert_eq!(records[0].rest.as_ref().unwrap().invalid()[0].path(), "$[0].rest[0].amount");
    assert_eq!(records[0].marks.as_ref().unwrap().invalid()[0].path(), "$[0].marks[0]");
    assert_eq!(findings.invalid.len(), 2);
    assert_eq!(deviations(&findings), ["$[0].marks[2]: expected string, found number"]);
}

#[test]
fn lists_of_scalars_keep_their_forms() {
    round_trip::<Records<String>>(r#"[1,"b",{},true,"\ud83d\ude00"]"#);
    round_trip::<Records<f64>>(r#"["1.50",2,9007199254740993,[],0.5]"#);
    round_trip::<Records<Map<i64>>>(r#"[{"a":"1"},{"a":1},{"a":"x"}]"#);
    round_trip::<Records<Vec<String>>>(r#"["a",["b",2],[{}]]"#);
    round_trip::<Records<Line>>(r#"[[{"amount":"1"}],{"amount":2}]"#);
}

#[test]
fn a_lone_value_is_a_list_of_one() {
    let (records, findings) = round_trip::<Records<Line>>(r#"{"amount":"1"}"#);
    assert_eq!(records.len(), 1);
    assert_eq!(deviations(&findings), ["$: expected array, found object", "$.amount: expected number, found string"]);
    round_trip::<Records<String>>("7");
    round_trip::<Line>(r#"{"amount":1,"rest":{"amount":"2"},"marks":7}"#);
    let (mut records, _) = round_trip::<Records<Line>>(r#"{"amount":[]}"#);
    assert_eq!((records.invalid()[0].path(), records.len()), ("$.amount", 0));
    records.push(read::<Line>(r#"{"amount":5}"#).0);
    assert_eq!(to_json(&records), r#"[{"amount":[]},{"amount":5}]"#);
}

#[test]
fn changed_lists_keep_their_odd_records_near() {
    let (records, _) = read::<Records<f64>>(r#"[1,{},2,[],"3"]"#);
    assert_eq!(to_json(&records), r#"[1,{},2,[],"3"]"#);
    let (mut items, odd) = records.clone().into_parts();
    assert_eq!((items.len(), odd.len()), (3, 2));
    items.truncate(1);
    assert_eq!(to_json(&Records::from(items)), "[1]");
    let mut changed = records.clone();
    changed[2] = 4.0;
    assert_eq!(to_json(&changed), "[1,{},2,[],4]");
    assert_ne!(records, changed);
    assert_eq!(records.into_iter().sum::<f64>(), 6.0);
}

/// Elements of pages past a megabyte of entries are scanned when they are read; nothing else may differ.
#[test]
fn large_bodies_are_read_element_by_element() {
    fn check<T: Decode + Encode>(body: &str) -> T {
        round_trip::<T>(body).0
    }
    let record = |n: usize| match n % 1000 {
        1 => format!(r#"{{"id":"{n}","link":null,"amount":0,"lines":[{{"amount":{{}}}}]}}"#),
        2 => format!(r#"{{"id":{n},"amount":1,"lines":[{{"amount":1,"tags":[{n}],"new":{n}}}]}}"#),
        3 => format!(r#"[{{"id":"{n}","link":null,"amount":1,"lines":[]}}]"#),
        4 => "[]".to_owned(),
        _ => format!(r#"{{"id":"{n}","link":"x","amount":{n}.5,"lines":[{{"amount":1,"tags":["a"]}}]}}"#),
    };
    let list = (0..10_000).map(record).collect::<Vec<_>>().join(",");
    let records: Records<Statement> = check(&format!("[{list}]"));
    assert_eq!((records.len(), records.invalid().len()), (9_980, 20));
    assert_eq!(records.invalid()[18].path(), "$[9001].lines[0].amount");
    let body = format!(r#"{{"results":[{list}],"count":1,"next":null,"more":[{list}]}}"#);
    let (page, findings) = round_trip::<Page>(&body);
    assert_eq!(page.results.len(), 9_980);
    assert!(
        deviations(&findings).contains(&"$.results[9002].lines[0].tags[0]: expected string, found number".to_owned())
    );
    assert!(
        deviations(&findings).contains(&"$.results[9002].link: expected a value or null, found nothing".to_owned())
    );
    assert!(findings.unknown.contains(&"$.results[9002].lines[0].new".to_owned()));
    assert_eq!(findings.invalid[19], "$.results[9004]");
    check::<Value>(&body);
    let error =
        refused::<Vec<Statement>>(&format!("[{list}]").replace(r#""amount":{}"#, r#""amount":1"#), Mode::default());
    assert_eq!(error.path, "$[4]");
    let late =
        format!("[{}{{\"id\":[],\"link\":null,\"amount\":1,\"lines\":[]}}]", format!("{},", record(5)).repeat(20_000));
    let error = refused::<Vec<Statement>>(&late, Mode::default());
    assert_eq!((error.path.as_str(), error.offset), ("$[20000].id", late.len() - 38));
    assert!(from_json::<Records<Statement>>(late.as_bytes(), strict()).is_err());
}

/// Of a list that ends the body most elements are scanned when they are read; of any other, before. Nothing else may differ.
#[test]
fn a_large_list_is_read_alike_wherever_it_stands() {
    let record = |n: usize| match n % 1000 {
        1 => format!(r#"{{"id":"{n}","link":null,"amount":0,"lines":[{{"amount":{{}}}}]}}"#),
        2 => format!(r#"{{"id":{n},"amount":1,"lines":[{{"amount":1,"tags":[{n}],"new":{n}}}]}}"#),
        3 => n.to_string(),
        _ => format!(r#"{{"id":"{n}" , "link":"x","amount":{n}.5,"lines":[]}}"#),
    };
    for count in [2, 7_000, 20_000] {
        let list = (0..count).map(record).collect::<Vec<_>>().join(" ,\n");
        let (before, found_before) = round_trip::<Page>(&format!(r#"{{"results": [{list}],"next":null,"count":1}}"#));
        for end in ["]}", " ] \n} \r\t"] {
            let (page, findings) = round_trip::<Page>(&format!(r#"{{"next":null,"count":1,"results": [{list}{end}"#));
            assert_eq!(
                (&page, &findings.deviations, &findings.invalid),
                (&before, &found_before.deviations, &found_before.invalid)
            );
            assert_eq!((findings.unknown, findings.counts), (found_before.unknown.clone(), found_before.counts));
        }
        let (records, _) = round_trip::<Records<Statement>>(&format!(" [{list}] "));
        assert_eq!(records, before.results);
        assert!(records.invalid().iter().zip(before.results.invalid()).all(|(a, b)| a.raw() == b.raw()));
        let (found, capacity) = (records.len(), records.into_vec().capacity());
        // Where most were scanned later it was guessed how many there are, and what was too much is given back.
        let most = if count == 20_000 { found } else { count };
        assert!(capacity <= most, "room for {capacity}, {found} found");
    }
}

#[test]
fn what_is_no_json_far_in_a_large_list_is_refused_as_if_it_were_scanned_before() {
    let many = vec![r#"{"amount":1,"parts":[]}"#; 12_000].join(",");
    let few = r#"{"amount":1}, {"amount":2}"#;
    let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
    let faults = [
        r#"{"amount":}"#,
        r#"{"amount":1 "a":2}"#,
        r#"{"a":"\q"}"#,
        "01",
        "[1 2]",
        "nul",
        "",
        "{}}",
        "],[",
        "]",
        "\"",
        &deep,
    ];
    for fault in faults {
        for (open, close) in
            [("[", "]"), (r#"{"results":["#, "]}"), ("[", "]\u{c}"), (r#"{"results":["#, "],\"more\":[1]}")]
        {
            let body = format!("{open}{many},{fault},{few}{close}");
            let error = |body: &str| {
                let all = [
                    from_json::<Records<Line>>(body.as_bytes(), Mode::default()).err(),
                    from_json::<Page>(body.as_bytes(), Mode::default()).err(),
                    from_json::<Json<Value>>(body.as_bytes(), Mode::default()).err(),
                    from_json::<Raw>(body.as_bytes(), Mode::default()).err(),
                    from_json::<()>(body.as_bytes(), strict()).err(),
                ];
                all.map(|error| {
                    error.map(|e| (e.path, e.offset, e.expected)).unwrap_or_else(|| panic!("{fault} was read"))
                })
            };
            // With one byte more the list does not end the body, and all of it is scanned before.
            assert_eq!(error(&body), error(&format!("{body}x")), "{open} {fault} {close}");
        }
    }
}

/// Room is made for all elements at once, and never for much more than the text can hold.
#[test]
fn a_list_takes_what_it_needs() {
    let lines = format!("[{}]", vec![r#"{"amount":1,"parts":[]}"#; 100].join(","));
    let records = read::<Records<Line>>(&lines).0;
    assert_eq!((records.len(), records.into_vec().capacity()), (100, 100));
    let texts = read::<Vec<String>>(r#"["one","two","three"]"#).0;
    assert_eq!((texts.len(), texts.capacity()), (3, 3));
    // None of these is a record; as many records would be more than a hundred times their text.
    let body = format!("[{}]", vec!["0"; 200_000].join(","));
    let records = read::<Records<Line>>(&body).0;
    assert_eq!((records.invalid().len(), records.invalid_count()), (1_000, 200_000));
    assert!(records.into_vec().capacity() * size_of::<Line>() <= 8 * body.len());
}

/// Beyond the limit invalid records are kept in pieces; lists are equal only where these are.
#[test]
fn lists_are_equal_by_their_invalid_records_too() {
    let limited =
        |body: &str| from_json::<Records<f64>>(body.as_bytes(), Mode { limit: 1, ..Mode::default() }).unwrap().0;
    let list = limited("[1,{},[],{},2,{}]");
    assert_eq!((list.invalid().len(), list.invalid_count()), (1, 4));
    assert_eq!(list, limited("[1, {}, [], { }, 2, {}]"), "space is no difference");
    assert_ne!(list, limited(r#"[1,{},[],{"a":1},2,{}]"#), "another record");
    assert_ne!(list, limited("[1,{},{},[],2,{}]"), "another order");
    assert_ne!(list, limited("[1,{},[],2,{},{}]"), "another place");
    assert_ne!(list, limited("[1,{},[],{},2]"), "one less");
}
