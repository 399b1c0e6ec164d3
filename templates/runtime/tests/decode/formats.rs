//! Texts of another form than their type says, and nulls among the elements of lists and maps: deviations that cost nothing around them.

use super::runtime::{Base64, Date, DateTime, DeviationKind, Map, Mode, Records, Uuid, Value, from_json, to_json};
use super::{deviations, read, refused, round_trip, strict};

/// Whether a text is read without a deviation, by its type. Every text is kept as it came, and strict mode refuses the others.
fn assert_form<T: super::Decode + super::Encode + AsRef<str> + std::fmt::Debug>(texts: &[(&str, bool)]) {
    for (text, fits) in texts {
        let body = serde_json::to_string(text).unwrap();
        let (value, findings) = round_trip::<T>(&body);
        assert_eq!(value.as_ref(), *text);
        let kinds: Vec<_> = findings.deviations.iter().map(|d| d.kind).collect();
        assert_eq!(kinds, if *fits { vec![] } else { vec![DeviationKind::Format] }, "{text}");
        assert_eq!(from_json::<T>(body.as_bytes(), strict()).is_ok(), *fits, "{text}");
    }
}

#[test]
fn texts_of_another_form_are_kept_and_reported() {
    assert_form::<Date>(&[
        ("2026-01-31", true),
        ("2024-02-29", true),
        ("2000-02-29", true),
        ("2026-02-29", false),
        ("1900-02-29", false),
        ("2026-04-31", false),
        ("2026-13-01", false),
        ("2026-00-01", false),
        ("2026-01-00", false),
        ("2026-1-31", false),
        ("20260131", false),
        ("2026-01-31T00:00:00Z", false),
        ("31/01/2026", false),
        ("", false),
        ("2026-01-3\u{661}", false),
    ]);
    assert_form::<DateTime>(&[
        ("2026-01-31T12:00:00Z", true),
        ("2026-01-31t23:59:60.123456z", true),
        ("2026-01-31 12:00:00+05:30", true),
        ("2026-01-31T12:00:00-03:00", true),
        ("2026-01-31T12:00:00", true),
        ("2026-01-31T12:00:00.5", true),
        ("2026-01-31T24:00:00Z", false),
        ("2026-01-31T12:60:00Z", false),
        ("2026-01-31T12:00Z", false),
        ("2026-01-31T12:00:00.Z", false),
        ("2026-01-31T12:00:00+0530", false),
        ("2026-01-31T12:00:00Zulu", false),
        ("2026-02-30T12:00:00Z", false),
        ("2026-01-31", false),
        ("yesterday", false),
        ("\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}T12:00:00", false),
    ]);
    assert_form::<Uuid>(&[
        ("d4617561-1c01-4b2f-83b6-a594f7b3bc57", true),
        ("D4617561-1C01-4B2F-83B6-A594F7B3BC57", true),
        ("00000000-0000-0000-0000-000000000000", true),
        ("d46175611c014b2f83b6a594f7b3bc57", false),
        ("{d4617561-1c01-4b2f-83b6-a594f7b3bc57}", false),
        ("d4617561-1c01-4b2f-83b6-a594f7b3bc5", false),
        ("g4617561-1c01-4b2f-83b6-a594f7b3bc57", false),
        ("", false),
    ]);
    assert_form::<Base64>(&[
        ("", true),
        ("AQID", true),
        ("AQ==", true),
        ("AQ", true),
        ("-_-_", true),
        ("A", false),
        ("AQ=", false),
        ("A QID", false),
        ("not base64!", false),
    ]);
    // One deviation a value: another kind is one already.
    let (day, findings) = round_trip::<Date>("20260131");
    assert_eq!((day.as_str(), deviations(&findings)), ("20260131", vec!["$: expected date, found number".to_owned()]));
    let text = refused::<Vec<Uuid>>(r#"["x"]"#, strict()).to_string();
    assert_eq!(text, "$[0]: expected uuid, found string at byte 1");
}

#[test]
fn a_null_among_scalars_costs_itself() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str], &[&str])] = &[
        (r#"["a","b"]"#, &["a", "b"], &[]),
        (r#"["a",null]"#, &["a"], &["$[1]"]),
        (r#"[null,"a"]"#, &["a"], &["$[0]"]),
        (r#"[ null , "a" , null , null , "b" ]"#, &["a", "b"], &["$[0]", "$[2]", "$[3]"]),
        (r#"["a", "b", null, null]"#, &["a", "b"], &["$[2]", "$[3]"]),
        ("[null]", &[], &["$[0]"]),
        ("[ null, null ]", &[], &["$[0]", "$[1]"]),
        ("[]", &[], &[]),
    ];
    for (body, values, paths) in table {
        let (list, findings) = round_trip::<Vec<String>>(body);
        assert_eq!(list, *values, "{body}");
        let found: Vec<_> = findings.deviations.iter().map(|d| (d.path.as_str(), d.kind, d.found)).collect();
        assert_eq!(found, paths.iter().map(|path| (*path, DeviationKind::Null, "null")).collect::<Vec<_>>());
        assert_eq!(from_json::<Vec<String>>(body.as_bytes(), strict()).is_ok(), paths.is_empty());
        // Deeper, and where the order of names counts for nothing.
        let rows = round_trip::<Vec<Vec<String>>>(&format!("[{body},[],{body}]")).0;
        assert_eq!(rows, [values.to_vec(), vec![], values.to_vec()]);
        let of = round_trip::<Map<Vec<String>>>(&format!(r#"{{"x":{body}}}"#)).0;
        assert_eq!(of.get("x").unwrap(), values);
    }
    let (map, findings) = round_trip::<Map<i64>>(r#"{ "a" : null , "b":1, "c, d": null,"e":2,"f":null }"#);
    assert_eq!(to_json(&map), r#"{"b":1,"e":2}"#);
    let found = ["$.a", "$['c, d']", "$.f"].map(|at| format!("{at}: expected 64-bit integer, found null"));
    assert_eq!(deviations(&findings), found);
    assert_eq!(round_trip::<Map<i64>>(r#"{"a":null,"b":null}"#).0.len(), 0);
    // What may be null is, and what is wrong otherwise still costs the list.
    assert_eq!(round_trip::<Vec<Option<i64>>>("[null,1]").1.deviations.len(), 0);
    assert_eq!(round_trip::<Vec<Value>>("[null,1]").0.len(), 2);
    refused::<Vec<i64>>("[null,{}]", Mode::default());
    refused::<Map<bool>>(r#"{"a":null,"b":7}"#, Mode::default());
    // Of records it is an invalid one, as it was.
    assert_eq!(round_trip::<Records<Map<i64>>>(r#"[{"a":null},null]"#).0.invalid().len(), 1);
}

/// Beyond the elements that are scanned at once.
#[test]
fn nulls_of_a_long_list_are_left_out_alike() {
    let body = format!("[{}null]", r#""a",null,"#.repeat(100_000));
    let (list, findings) = round_trip::<Vec<String>>(&body);
    assert_eq!((list.len(), findings.counts.deviations, findings.deviations.len()), (100_000, 100_001, 1000));
    let body = format!("[{}\"a\"]", "null,".repeat(100_000));
    assert_eq!(round_trip::<Vec<String>>(&body).0, ["a"]);
}

#[test]
fn a_changed_list_is_written_without_the_null() {
    let (mut lines, findings) = read::<Vec<Date>>(r#"["2026-01-31",null]"#);
    lines.push("2026-02-01".into());
    assert_eq!(findings.write_back(&lines), r#"["2026-01-31","2026-02-01"]"#);
}
