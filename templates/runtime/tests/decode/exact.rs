//! Exact numbers: what was written comes back, and values are compared whatever their spelling.

use super::models::Ledger;
use super::runtime::{Map, Mode, Number, NumberError, Patch, Records, from_json, to_json};
use super::{deviations, read, refused, round_trip, strict};
use std::collections::{BTreeSet, HashSet, hash_map::DefaultHasher};
use std::hash::{Hash, Hasher};

fn number(text: &str) -> Number {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn hash(number: &Number) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

/// Spellings, each with its own digits; a group has one value, and the groups come in order.
const ASCENDING: &[&[&str]] = &[
    &["-1e99999999999999999999"],
    &["-1e400000000", "-10e399999999"],
    &["-123456789012345678901234567890"],
    &["-999999999999999999"],
    &["-2", "-2.0", "-2e0", "-0.2E+1"],
    &["-1.10", "-1.1", "-11e-1"],
    &["-0.5"],
    &["-1e-400"],
    &["0", "-0", "0.00", "-0.00", "0e5", "0e99999999999999999999", "0.00000000000000000000000000000000000000000000"],
    &["1e-99999999999999999999"],
    &["1e-400", "0.1e-399"],
    &["0.00000000000000001", "1e-17"],
    &["0.000000000000000010000001"],
    &["0.05", "0.050", "5e-2", "0.05000000000000000000000000000000000000000000000000"],
    &["1"],
    &["1.1", "1.10", "1.1000000000000000000000", "110e-2"],
    &["9.99"],
    &["10", "10.0", "1e1"],
    &["100000", "1E5", "1e+5", "100000.00"],
    &["9007199254740992"],
    &["9007199254740993", "9007199254740993.0"],
    &["999999999999999999"],
    &["1000000000000000000", "1e18"],
    &["9999999999999999999"],
    &["18446744073709551617"],
    &["99999999999999999999999999999999999999", "9.9999999999999999999999999999999999999e37"],
    &["170141183460469231731687303715884105728"],
    &["1e400000000", "10e399999999", "0.01e400000002"],
    &["1e99999999999999999998"],
    &["1e99999999999999999999"],
];

#[test]
fn a_number_takes_no_more_than_an_optional_float() {
    assert_eq!((size_of::<Number>(), size_of::<Option<Number>>()), (16, 16));
    assert_eq!(size_of::<Option<f64>>(), 16);
}

#[test]
fn what_was_written_comes_back() {
    for text in ASCENDING.iter().copied().flatten() {
        let body = format!(
            r#"{{"amount":{text},"fee":{text},"limit":{text},"rates":[{text},null,1],"totals":{{"a":{text}}},"rows":[{text}]}}"#
        );
        let (ledger, findings) = read::<Ledger>(&body);
        assert_eq!((to_json(&ledger), findings.deviations), (body, vec![]), "{text}");
        assert_eq!((ledger.amount.to_string(), format!("{:?}", ledger.amount)), (text.to_string(), text.to_string()));
        assert_eq!(to_json(&ledger.amount), *text);
    }
}

#[test]
fn values_are_compared_without_their_spelling() {
    for (place, group) in ASCENDING.iter().enumerate() {
        for (other_place, other_group) in ASCENDING.iter().enumerate() {
            for one in group.iter().map(|text| number(text)) {
                for other in other_group.iter().map(|text| number(text)) {
                    assert_eq!(one.cmp(&other), place.cmp(&other_place), "{one} and {other}");
                    assert_eq!(one == other, place == other_place, "{one} and {other}");
                    assert!(one != other || hash(&one) == hash(&other), "{one} and {other}");
                }
            }
        }
    }
    let all = || ASCENDING.iter().copied().flatten().map(|text| number(text));
    assert_eq!(all().collect::<HashSet<_>>().len(), ASCENDING.len());
    assert_eq!(all().collect::<BTreeSet<_>>().len(), ASCENDING.len());
    assert_eq!(read::<Ledger>(r#"{"amount":1.10,"fee":1}"#).0, read::<Ledger>(r#"{"amount":1.1,"fee":1.0}"#).0);
}

#[test]
fn no_fraction_of_a_cent_is_lost() {
    let sums = [
        ("0.1", "0.2", "0.3"),
        ("1.10", "1.1", "2.20"),
        ("-0.01", "0.01", "0.00"),
        ("999999999999999999", "0.01", "999999999999999999.01"),
        ("999999999999999999", "999999999999999999", "1999999999999999998"),
        ("12345678901234567890.123456789012345678", "0.000000000000000001", "12345678901234567890.123456789012345679"),
        ("1E5", "0.5", "100000.5"),
        ("1.5e-3", "-0", "0.0015"),
        ("0e400000000", "7.0", "7.0"),
        ("-99999999999999999999999999999999999999", "99999999999999999999999999999999999999", "0"),
    ];
    for (one, other, sum) in sums {
        let (one, other) = (number(one), number(other));
        assert_eq!(one.checked_add(&other).map(|sum| sum.to_string()).as_deref(), Some(sum), "{one} + {other}");
        assert_eq!(other.checked_add(&one), Some(number(sum)));
        assert_eq!(number(sum).checked_sub(&other), Some(one.clone()), "{sum} - {other}");
    }
    let total = (0..1000).try_fold(Number::ZERO, |total, _| total.checked_add(&number("0.10")));
    assert_eq!(total.map(|total| total.to_string()).as_deref(), Some("100.00"));
    // An exponent that nobody can write out is no sum, and takes no time either.
    for vast in ["1e400000000", "-1e400000000", "1e-400000000", "1e99999999999999999999", "1e39"] {
        assert_eq!(number(vast).checked_add(&number("1")), None, "{vast}");
        assert_eq!(number("1").checked_sub(&number(vast)), None, "{vast}");
    }
    let most = number("170141183460469231731687303715884105727");
    assert_eq!(most.checked_add(&Number::from(1)), None);
}

#[test]
fn numbers_are_made_of_numbers_and_texts() {
    assert_eq!(Number::new(1050, 2).to_string(), "10.50");
    assert_eq!(Number::new(-5, 3).to_string(), "-0.005");
    assert_eq!(Number::new(i64::MIN, 0).to_string(), i64::MIN.to_string());
    assert_eq!(Number::new(1, 255), number("1e-255"));
    assert_eq!(Number::from(u64::MAX).to_string(), u64::MAX.to_string());
    assert_eq!(Number::from(i128::MIN).to_string(), i128::MIN.to_string());
    assert_eq!((Number::default(), Number::from(7_u8)), (Number::ZERO, number("7")));
    for (float, text) in [(0.1, "0.1"), (1e300, "1e300"), (-0.0, "-0.0"), (12.0, "12"), (5e-324, "5e-324")] {
        let exact = Number::try_from(float).unwrap();
        assert_eq!((exact.to_string().as_str(), exact.to_f64().to_bits()), (text, f64::to_bits(float)));
    }
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Number::try_from(float), Err(NumberError::NotANumber));
    }
    for text in ["", "-", "+1", "1.", ".5", "01", "1,5", "0x1", "1e", "NaN", "inf", " 1", "1 ", "1_000", "--1", "١"] {
        assert_eq!(text.parse::<Number>(), Err(NumberError::NotANumber), "{text}");
        assert_eq!(Number::try_from(text), Err(NumberError::NotANumber), "{text}");
    }
}

#[test]
fn numbers_become_numbers() {
    for (text, whole) in [("2", 2), ("2.0", 2), ("2e3", 2000), ("-0", 0), ("20e-1", 2), ("0e99999999999999999999", 0)] {
        assert_eq!(i64::try_from(&number(text)), Ok(whole), "{text}");
    }
    assert_eq!(i128::try_from(&number("-9.223372036854775809e18")), Ok(i128::from(i64::MIN) - 1));
    for text in ["2.5", "1e400000000", "1e-400000000", "9223372036854775808", "0.1"] {
        assert_eq!(i64::try_from(&number(text)), Err(NumberError::OutOfRange), "{text}");
    }
    assert_eq!(u8::try_from(&number("256")), Err(NumberError::OutOfRange));
    for (text, float) in [("1e400000000", f64::INFINITY), ("-1e400", f64::NEG_INFINITY), ("1e-400", 0.0), ("0.1", 0.1)]
    {
        assert_eq!(number(text).to_f64(), float, "{text}");
    }
}

#[test]
fn a_precision_rounds_what_is_shown_and_nothing_else() {
    let shown = [
        ("1.005", "1.00"),
        ("1.015", "1.02"),
        ("1.0150000000000000000001", "1.02"),
        ("-2.675", "-2.68"),
        ("0.994", "0.99"),
        ("0.995", "1.00"),
        ("7", "7.00"),
        ("1E5", "100000.00"),
        ("2.5", "2.50"),
        ("-0.001", "0.00"),
        // What cannot be written out is shown as it is.
        ("1e400000000", "1e400000000"),
    ];
    for (text, rounded) in shown {
        assert_eq!(format!("{:.2}", number(text)), rounded, "{text}");
    }
    assert_eq!((format!("{:.0}", number("2.5")), format!("{:.0}", number("3.5"))), ("2".to_owned(), "4".to_owned()));
    assert_eq!(
        format!("{:>8}|{:<8}|{:+}|{:08.1}", number("1.10"), number("-1.5"), number("2"), number("-3")),
        "    1.10|-1.5    |+2|-00003.0"
    );
}

#[test]
fn numbers_in_texts_are_read_reported_and_kept() {
    for (text, value) in [("1.50", "1.50"), ("-0", "-0"), ("007.5", "7.5"), ("1e400", "1e400")] {
        let body = format!(r#"{{"amount":"{text}","fee":1,"rates":["{text}",2]}}"#);
        let (mut ledger, findings) = read::<Ledger>(&body);
        assert_eq!((to_json(&ledger), ledger.amount.to_string()), (body, value.to_owned()));
        assert_eq!(findings.deviations.len(), 2, "{text}");
        ledger.amount = Number::new(2, 1);
        assert!(to_json(&ledger).starts_with(r#"{"amount":0.2,"#), "changed, it is written as what it is");
    }
    for body in [r#"{"amount":"x"}"#, r#"{"amount":true}"#, r#"{"amount":[1]}"#, r#"{"amount":"12,5"}"#] {
        assert_eq!(refused::<Ledger>(body, Mode::default()).expected, "number", "{body}");
    }
    assert_eq!(refused::<Ledger>(r#"{"amount":"1"}"#, strict()).path, "$.amount");
    assert!(from_json::<Ledger>(br#"{"amount":1e400,"fee":0.1234567890123456789}"#, strict()).is_ok(), "no deviation");
    let (records, findings) = read::<Records<Number>>(r#"[1.10,{},"2",[]]"#);
    assert_eq!((records.len(), deviations(&findings).len()), (2, 1));
}

#[test]
fn fields_hold_numbers_as_they_hold_floats() {
    let (ledger, _) = round_trip::<Ledger>(r#"{"amount":1,"fee":null,"limit":null}"#);
    assert_eq!((ledger.fee, ledger.limit, ledger.rates), (None, Patch::Null, None));
    let (map, _) = round_trip::<Map<Number>>(r#"{"a":1.10,"b":2}"#);
    assert_eq!(map.get("a").map(ToString::to_string).as_deref(), Some("1.10"));
}

#[test]
fn serde_carries_what_its_numbers_hold() {
    for (text, carried) in [
        ("1.10", "1.1"),
        ("7", "7"),
        ("-7", "-7"),
        ("1E5", "100000.0"),
        ("18446744073709551615", "18446744073709551615"),
    ] {
        assert_eq!(serde_json::to_string(&number(text)).unwrap(), carried);
        assert_eq!(serde_json::from_str::<Number>(carried).unwrap(), number(text));
    }
    assert!(serde_json::to_string(&number("1e400")).is_err(), "better than a null");
    let (ledger, _) = read::<Ledger>(r#"{"amount":12.50,"fee":3,"rates":[0.1]}"#);
    assert_eq!(serde_json::from_str::<Ledger>(&serde_json::to_string(&ledger).unwrap()).unwrap(), ledger);
}
