//! The rules of reading one by one: presence and null, other forms of scalars, one for many, paths.

use super::models::{AccessMode, EventType, Line, Statement, Wide};
use super::runtime::__private::{Context, Node};
use super::runtime::{Decode, DeviationKind, Map, Mode, Patch, Records, Value, from_json, to_json};
use super::{deviations, read, refused, round_trip, strict};

const PLAIN: &str = r#"{"id":"a","link":null,"amount":1.5,"lines":[]}"#;

fn with(member: &str) -> String {
    format!(r#"{{"id":"a","link":null,"amount":1.5,"lines":[],{member}}}"#)
}

fn line(member: &str) -> String {
    format!(r#"{{"amount":1,{member}}}"#)
}

#[test]
fn what_the_document_says_has_no_deviation() {
    let body = r#"{"id":"7f0c","link":"9a","name":"n","note":"x","comment":"c","year":"2020","paid":true,
        "amount":15000.25,"count":-3,"small":7,"big":18446744073709551615,"day":"2026-01-31",
        "at":"2026-01-31T10:00:00Z","secret":"s","mode":"single","event":0.5,"any":{"k":[1,null]},
        "lines":[{"amount":1,"tags":["a","b"],"rates":[1,null],"limits":{"x":1},"grid":[[1],[]],
                  "inner":{"amount":2},"parts":[{"amount":3}],"named":{"n":{"amount":4}},"modes":["recurrent"]}]}"#;
    let (statement, findings) = round_trip::<Statement>(body);
    assert_eq!(findings, Default::default());
    assert_eq!(statement.id, "7f0c");
    assert_eq!(statement.amount, Some(15000.25));
    assert_eq!(statement.big, Some(u64::MAX));
    assert_eq!(statement.note, Patch::Value("x".to_owned()));
    assert_eq!(statement.mode, Some(AccessMode::Single));
    assert_eq!(statement.event, Some(EventType::Half));
    assert_eq!(statement.lines[0].rates, Some(vec![Some(1.0), None]));
    assert_eq!(statement.lines[0].named.as_ref().and_then(|m| m.get("n")).map(|l| l.amount), Some(4.0));
    assert!(from_json::<Statement>(body.as_bytes(), strict()).is_ok());
}

#[test]
fn absence_and_null() {
    let (statement, findings) = round_trip::<Statement>(PLAIN);
    assert_eq!(findings, Default::default());
    assert_eq!((statement.link, statement.name, statement.note), (None, None, Patch::Unset));
    assert_eq!(to_json(&read::<Statement>(PLAIN).0), PLAIN);

    // Required and nullable, but not there.
    let (statement, findings) = round_trip::<Statement>(r#"{"id":"a","lines":[]}"#);
    assert_eq!(statement.link, None);
    let expected =
        ["$.link: expected a value or null, found nothing", "$.amount: expected a value or null, found nothing"];
    assert_eq!(deviations(&findings), expected);
    let partial = Mode { partial: true, ..Mode::default() };
    let (statement, findings) = from_json::<Statement>(br#"{"id":"a","lines":[]}"#, partial).unwrap();
    assert_eq!(findings.deviations, []);
    assert_eq!(to_json(&statement), r#"{"id":"a","lines":[]}"#);
    assert_eq!(refused::<Statement>(r#"{"id":"a","lines":[]}"#, strict()).path, "$.link");

    // Null where it is not declared is kept; where it is, in an optional member, too, but without a word.
    let (_, findings) = round_trip::<Statement>(&with(r#""name":null,"comment":null,"note":null,"at":null"#));
    assert_eq!(deviations(&findings), ["$.name: expected a value, found null"]);
    assert_eq!(read::<Statement>(&with(r#""note":null"#)).0.note, Patch::Null);

    // Null or nothing for a field that cannot be without.
    assert_eq!(
        refused::<Statement>(r#"{"link":null,"amount":1,"lines":[]}"#, Mode::default()).to_string(),
        "$.id: expected a value, found nothing at byte 0"
    );
    assert_eq!(
        refused::<Statement>(r#"{"id":null,"link":null,"lines":[]}"#, Mode::default()).to_string(),
        "$.id: expected string, found null at byte 6"
    );
    assert_eq!(
        refused::<Statement>(r#"{"id":"a","amount":1,"link":null,"lines":null}"#, Mode::default()).path,
        "$.lines"
    );
}

#[test]
fn a_changed_field_is_written_as_it_is_now() {
    let body =
        r#"{"id":7,"lines":{"amount":"12.50"},"name":null,"year":2020,"amount":0.1000000000000000055511151231257827}"#;
    let (mut statement, _) = round_trip::<Statement>(body);
    statement.id = "b".into();
    statement.link = Some("l".into());
    statement.name = Some("n".into());
    statement.year = Some("2021".into());
    statement.amount = Some(0.2);
    statement.lines[0].amount = 13.0;
    assert_eq!(
        to_json(&statement),
        r#"{"id":"b","link":"l","name":"n","year":"2021","amount":0.2,"lines":[{"amount":13}]}"#
    );
    statement.year = None;
    statement.amount = None;
    assert_eq!(to_json(&statement), r#"{"id":"b","link":"l","name":"n","amount":null,"lines":[{"amount":13}]}"#);
}

#[test]
fn other_forms_of_scalars() {
    let forms = [
        (r#""year":2020"#, "$.year: expected string, found number"),
        (r#""year":2020.50"#, "$.year: expected string, found number"),
        (r#""year":true"#, "$.year: expected string, found boolean"),
        (r#""day":20260131"#, "$.day: expected date, found number"),
        (r#""secret":1234"#, "$.secret: expected string, found number"),
        (r#""paid":0"#, "$.paid: expected boolean, found number"),
        (r#""paid":1"#, "$.paid: expected boolean, found number"),
        (r#""paid":"true""#, "$.paid: expected boolean, found string"),
        (r#""count":"12""#, "$.count: expected 64-bit integer, found string"),
        (r#""count":"12.0""#, "$.count: expected 64-bit integer, found string"),
        (r#""mode":6"#, "$.mode: expected string, found number"),
        (r#""event":"1""#, "$.event: expected number, found string"),
        (r#""event":"one""#, "$.event: expected number, found string"),
    ];
    for (member, deviation) in forms {
        let body = with(member);
        let (_, findings) = round_trip::<Statement>(&body);
        assert_eq!(deviations(&findings), [deviation]);
        assert_eq!(findings.deviations[0].path, refused::<Statement>(&body, strict()).path);
    }
    let (statement, _) = read::<Statement>(&with(r#""year":2020.50,"paid":1,"count":"12","event":"1","mode":6"#));
    assert_eq!(statement.year.as_deref(), Some("2020.50"));
    assert_eq!(statement.paid, Some(true));
    assert_eq!(statement.count, Some(12));
    assert_eq!(statement.event, Some(EventType::One));
    assert_eq!(statement.mode, Some(AccessMode::Unrecognized("6".into())));
}

/// A value that cannot be read costs the member and nothing around it; strict mode refuses it.
#[test]
fn what_is_not_certain_is_not_read() {
    let bodies = [
        (r#""paid":2"#, "$.paid: expected boolean, found number"),
        (r#""paid":"yes""#, "$.paid: expected boolean, found string"),
        (r#""count":1.5"#, "$.count: expected 64-bit integer, found number"),
        (r#""count":9223372036854775808"#, "$.count: expected 64-bit integer, found number"),
        (r#""count":"""#, "$.count: expected 64-bit integer, found string"),
        (r#""count":"007""#, "$.count: expected 64-bit integer, found string"),
        (r#""small":2147483648"#, "$.small: expected 32-bit integer, found number"),
        (r#""big":-1"#, "$.big: expected unsigned 64-bit integer, found number"),
        (r#""year":[]"#, "$.year: expected string, found array"),
        (r#""day":{}"#, "$.day: expected date, found object"),
        (r#""mode":{}"#, "$.mode: expected string, found object"),
        (r#""event":true"#, "$.event: expected number, found boolean"),
    ];
    for (member, text) in bodies {
        let error = refused::<Statement>(&with(member), strict()).to_string();
        assert!(error.starts_with(text), "{error}");
        let (statement, findings) = round_trip::<Statement>(&with(member));
        assert_eq!(deviations(&findings), [text]);
        assert_eq!(findings.deviations[0].kind, DeviationKind::Unreadable);
        let (name, value) = member.split_once(':').unwrap();
        let original = statement.extra.original(name.trim_matches('"')).unwrap();
        assert_eq!(original, serde_json::from_str::<Value>(value).unwrap());
        let mut changed = statement.clone();
        (changed.paid, changed.count, changed.small) = (Some(true), Some(1), Some(1));
        (changed.big, changed.year, changed.day) = (Some(1), Some("y".into()), Some("2020-01-01".into()));
        (changed.mode, changed.event) = (Some(AccessMode::Single), Some(EventType::One));
        let written: Value = serde_json::from_str(&to_json(&changed)).unwrap();
        assert_ne!(written[name.trim_matches('"')], original, "what is set wins over what came");
    }
    // A member that may be set to null, and one that must be there, can do without too.
    let (statement, _) = round_trip::<Statement>(r#"{"id":"a","link":[],"amount":{},"note":[7],"lines":[]}"#);
    assert_eq!((statement.link, statement.amount, statement.note), (None, None, Patch::Unset));
    refused::<Statement>(r#"{"id":[],"link":null,"amount":1,"lines":[]}"#, Mode::default());
}

#[test]
fn forms_below_a_field_belong_to_its_model() {
    let lines = [
        r#""tags":[1,"b",true]"#,
        r#""tags":"a""#,
        r#""tags":7"#,
        r#""rates":["1.50",null,2]"#,
        r#""rates":"1.50""#,
        r#""rates":["001.50","-00.5","00.0"]"#,
        r#""limits":{"a":"1","b":2}"#,
        r#""grid":[[1,"2"],["3"]]"#,
        r#""grid":1"#,
        r#""grid":["1",[2]]"#,
        r#""inner":[{"amount":"2"}]"#,
        r#""inner": [ {"amount":"2"} ] "#,
        r#""parts":{"amount":"2"}"#,
        r#""parts":[[{"amount":"2"}],{"amount":3}]"#,
        r#""parts":null"#,
        r#""named":{"n":[{"amount":"2"}],"m":{"amount":3}}"#,
        r#""flags":{"f":1,"g":["true",false]}"#,
        r#""modes":["single",4,"other"]"#,
    ];
    for member in lines {
        round_trip::<Line>(&line(member));
    }
    let (zeros, _) = read::<Line>(&line(r#""rates":["001.50","-00.5"]"#));
    assert_eq!(zeros.rates, Some(vec![Some(1.5), Some(-0.5)]));
    for text in ["007", "00", "00x1.5", ".5", "1."] {
        let error = refused::<Line>(&line(&format!(r#""rates":["{text}"]"#)), strict()).to_string();
        assert!(error.starts_with("$.rates[0]: expected number, found string"), "{text}: {error}");
    }
    let (mut line, _) = read::<Line>(&line(r#""tags":[1,"b"],"limits":{"a":"1","b":2}"#));
    line.tags.as_mut().unwrap().push("c".to_owned());
    assert_eq!(to_json(&line), r#"{"amount":1,"tags":["1","b","c"],"limits":{"a":"1","b":2}}"#);
}

#[test]
fn one_for_many_and_many_for_one() {
    let (line, findings) = round_trip::<Line>(&line(r#""tags":"a","parts":{"amount":1},"inner":[{"amount":2}]"#));
    assert_eq!(line.tags, Some(vec!["a".to_owned()]));
    assert_eq!(line.inner.map(|inner| inner.amount), Some(2.0));
    let expected = [
        "$.tags: expected array, found string",
        "$.parts: expected array, found object",
        "$.inner: expected object, found array",
    ];
    assert_eq!(deviations(&findings), expected);
    for inner in ["[]", r#"[{"amount":1},{"amount":1}]"#] {
        let (line, findings) = round_trip::<Line>(&format!(r#"{{"amount":1,"inner":{inner}}}"#));
        assert_eq!(line.inner, None);
        assert_eq!(deviations(&findings), ["$.inner: expected object, found array"]);
    }
    assert_eq!(refused::<Line>(r#"{"amount":1,"inner":[{"amount":1}]}"#, strict()).path, "$.inner");
}

#[test]
fn unknown_members_are_kept_and_counted() {
    let body = with(r#""n\u0065w":{"a":1e2},"other":null,"na\u006de":"n","weird \" key":[1]"#);
    let (mut statement, findings) = round_trip::<Statement>(&body);
    assert_eq!(findings.unknown, ["$.new", "$.other", r#"$['weird " key']"#]);
    assert_eq!(statement.name.as_deref(), Some("n"));
    assert_eq!(statement.extra.len(), 3);
    assert_eq!(statement.extra.get("new").unwrap()["a"].as_f64(), Some(100.0));
    assert_eq!(statement.extra.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["new", "other", "weird \" key"]);
    assert_eq!(format!("{:?}", statement.extra), "Extra(3)");
    assert_eq!(statement.extra.remove("other"), Some(Value::Null));
    assert_eq!(statement.extra.insert("new", 1.into()).unwrap()["a"].as_f64(), Some(100.0));
    assert_eq!(statement.extra.insert("year", 2020.into()), None);
    statement.year = Some("2021".to_owned());
    let written: Value = serde_json::from_str(&to_json(&statement)).unwrap();
    assert_eq!(written["year"], 2020, "a member put beside the fields is written in their stead");
    assert_eq!(written["new"], 1);
}

#[test]
fn extra_compares_by_value_and_is_one_pointer() {
    let one = read::<Statement>(&with(r#""x":{"a":1.0,"b":[]},"y":2,"year":2020"#)).0;
    let other = read::<Statement>(&with(r#""y":2.0,"year":"2020","x":{"b":[ ],"a":1}"#)).0;
    assert_eq!(one, other);
    let third = read::<Statement>(&with(r#""y":2,"year":"2020","x":{"b":[],"a":2}"#)).0;
    assert_ne!(one, third);
    assert_eq!(size_of_val(&one.extra), size_of::<usize>());
}

#[test]
fn of_equal_names_the_last_counts() {
    let (statement, _) = round_trip::<Statement>(&with(r#""id":"b","x":1,"x":2,"year":1,"year":2"#));
    assert_eq!(statement.id, "b");
    assert_eq!(statement.extra.get("x"), Some(2.into()));
    let (map, _) = round_trip::<Map<f64>>(r#"{"a":1,"b":2,"a":3,"c":4,"b":5}"#);
    assert_eq!(map.iter().map(|(k, v)| (k, *v)).collect::<Vec<_>>(), [("a", 3.0), ("c", 4.0), ("b", 5.0)]);
}

#[test]
fn members_are_found_in_whatever_order_they_came() {
    // Every length around the powers of two, by which a merge sort halves; the names neither rise nor fall.
    for len in 0..70_usize {
        let members: Vec<_> = (0..len).map(|n| format!(r#""m{}":{n}"#, n * 37 % 71)).collect();
        let again: Vec<_> = (0..len).step_by(3).map(|n| format!(r#","m{}":-1"#, n * 37 % 71)).collect();
        let (map, _) = round_trip::<Map<i64>>(&format!("{{{}{}}}", members.join(","), again.concat()));
        assert_eq!(map.len(), len);
        for n in 0..len {
            let expected = if n % 3 == 0 { -1 } else { n as i64 };
            assert_eq!(map.get(&format!("m{}", n * 37 % 71)), Some(&expected), "{n} of {len}");
        }
        let kept: Vec<_> = map.values().copied().filter(|value| *value >= 0).collect();
        assert!(kept.is_sorted(), "the first members keep their order: {kept:?}");
    }
}

#[test]
fn thousands_of_members_are_no_burden() {
    let members: Vec<_> = (0..100_000).map(|n| format!(r#""m{n}":{n}"#)).collect();
    let body = format!("{{{},{}}}", members.join(","), r#""m7":"last""#);
    // No clock is read: whatever is quadratic in 100,000 members does not end while somebody waits for it.
    let (wide, _) = read::<Wide>(&body);
    assert_eq!((wide.extra.len(), wide.m7, wide.extra.get("m70")), (99_990, Some("last".to_owned()), Some(70.into())));
    let (map, _) = read::<Map<Value>>(&body);
    assert_eq!((map.len(), map.get("m7")), (100_000, Some(&"last".into())));
}

#[test]
fn wide_models_keep_the_nulls_of_all_members() {
    let body = r#"{"a0":null,"l7":null,"l8":null,"m9":null,"m8":"x"}"#;
    assert_eq!(to_json(&read::<Wide>(body).0).len(), body.len());
    round_trip::<Wide>(body);
}

#[test]
fn paths_are_exact() {
    let body = r#"[{"amount":1},{"amount":1,"parts":[{"amount":1},{"amount":1,"limits":{"a b":1,"c":{}}}]}]"#;
    let error = refused::<Vec<Line>>(body, strict());
    assert_eq!(error.path, "$[1].parts[1].limits.c");
    assert_eq!(error.offset, body.find("{}").unwrap());
    let (_, findings) = read::<Vec<Line>>(r#"[{"amount":"1"},{"amount":1,"limits":{"a b":"1","it's":"2"},"tags":[[1]]}]"#.replace("[[1]]", "[1]").as_str());
    let paths: Vec<_> = findings.deviations.iter().map(|d| d.path.as_str()).collect();
    assert_eq!(paths, ["$[0].amount", "$[1].limits['a b']", r"$[1].limits['it\'s']", "$[1].tags[0]"]);
}

#[test]
fn an_empty_body_is_nothing() {
    assert_eq!(read::<()>("").0, ());
    assert_eq!(read::<()>(" \r\n").0, ());
    assert_eq!(read::<()>(r#"{"a":1}"#).0, ());
    assert_eq!(read::<Option<Line>>("").0, None);
    assert_eq!(read::<Option<Line>>("null").0, None);
    let error = refused::<Line>("", Mode::default());
    assert_eq!(error.to_string(), "$: expected a JSON value, found nothing at byte 0");
    refused::<Records<Line>>("null", Mode::default());
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let error = refused::<Value>(r#"{"a":1,}"#, Mode::default());
    assert_eq!(error.to_string(), "$: expected a member name, found something else at byte 7");
    assert_eq!(refused::<Value>("[1", Mode::default()).found, "nothing");
    let error = from_json::<Value>(b"\"\xff\"", Mode::default()).unwrap_err();
    assert_eq!((error.offset, error.expected), (1, "UTF-8"));
    let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
    assert_eq!(refused::<Value>(&deep, Mode::default()).expected, "at most 128 levels of nesting");
    assert!(from_json::<Value>(&deep.as_bytes()[1..deep.len() - 1], Mode::default()).is_ok());
    assert_eq!(read::<Value>("\u{feff} 1").0, 1, "a mark of the byte order is passed over");
}

#[test]
fn nothing_of_a_value_shows_in_errors_or_debug() {
    let (statement, _) = read::<Statement>(&with(r#""secret":"hunter2","unknown":"hunter2""#));
    assert!(!format!("{statement:?}").contains("hunter2"));
    let error = refused::<Statement>(&with(r#""count":"hunter2""#), strict());
    assert!(!format!("{error:?} {error}").contains("hunter2"));
    let (statement, findings) = read::<Statement>(&with(r#""count":"hunter2""#));
    assert!(!format!("{statement:?} {findings:?}").contains("hunter2"));
}

/// Prints everything that passes through the hands of a decoder written by hand.
#[derive(Debug, PartialEq)]
struct Printed(String);

impl Decode for Printed {
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        Some(Self(format!("{node:?} {cx:?} {}", node.raw().len())))
    }
}

#[test]
fn nor_in_what_decoders_see() {
    let (printed, _) = read::<Printed>(r#"{"a":"hunter2"}"#);
    assert_eq!(printed.0, "Node { kind: Object, start: 0, end: 15, .. } Context { .. } 15");
}

#[test]
fn lone_surrogates_are_replaced_reported_and_written_back() {
    let body = with(r#""name":"a\ud800b \ud83d\ude00","any":["\udc00"]"#);
    let (statement, findings) = read::<Statement>(&body);
    assert_eq!(statement.name.as_deref(), Some("a\u{fffd}b \u{1f600}"));
    assert_eq!(
        deviations(&findings),
        ["$.name: expected string, found string", "$.any[0]: expected string, found string"]
    );
    let written = to_json(&statement);
    assert!(written.contains(r#""a\ud800b \ud83d\ude00""#) && written.contains(r#""\udc00""#), "{written}");
}

/// serde_json makes `Value`s of the text, but reads one level less and no lone surrogates.
#[test]
fn values_are_read_as_deep_as_anything_and_whatever_their_names() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let body = format!("{}1{}", open.repeat(128), close.repeat(128));
        assert_eq!(to_json(&read::<Value>(&body).0), body);
    }
    let (value, _) = read::<Value>(r#"{"\ud800":[1e999,"\udc00",0.1234567890123456789]}"#);
    assert_eq!(to_json(&value), "{\"\u{fffd}\":[\"1e999\",\"\u{fffd}\",0.12345678901234568]}");
}
