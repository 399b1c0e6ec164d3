//! Numbers keep their value, and where Rust's cannot, their text.

use super::models::{Line, Statement};
use super::runtime::{Value, to_json};
use super::{read, round_trip};

#[test]
fn numbers_are_written_without_a_needless_fraction() {
    let numbers = [
        (15000.0, "15000"),
        (-3.0, "-3"),
        (0.0, "0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (12.5, "12.5"),
        (1e16, "10000000000000000"),
        (1e300, "1e300"),
        (1.5e-7, "1.5e-7"),
        (9007199254740993.0, "9007199254740992"),
        (f64::NAN, "null"),
        (f64::INFINITY, "null"),
        (f64::MAX, "1.7976931348623157e308"),
        (5e-324, "5e-324"),
    ];
    for (number, text) in numbers {
        assert_eq!(to_json(&number), text);
        if number.is_finite() {
            assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
        }
    }
}

#[test]
fn whole_numbers_have_several_spellings() {
    for text in ["2.0", "2e0", "20e-1", "0.2E+1", "2.000"] {
        let (statement, findings) = round_trip::<Statement>(&statement("count", text));
        assert_eq!((statement.count, findings.deviations.len()), (Some(2), 0), "{text}");
    }
    let (read, _) = round_trip::<Statement>(&statement("count", "-9.223372036854775808e18"));
    assert_eq!(read.count, Some(i64::MIN));
    let (read, _) = round_trip::<Statement>(&statement("count", "-0"));
    assert_eq!((read.count, to_json(&read)), (Some(0), statement("count", "-0")));
}

fn statement(member: &str, number: &str) -> String {
    format!(r#"{{"id":"a","link":null,"amount":null,"{member}":{number},"lines":[]}}"#)
}

/// Texts whose value no `f64` holds exactly.
const PRECISE: &[&str] = &[
    "9007199254740993",
    "-9007199254740993",
    "18446744073709551617",
    "123456789012345678901234567890",
    "0.1234567890123456789",
    "1.00000000000000000001",
    "1e400",
    "-1e400",
    "1e-400",
    "1.2345e-322",
    "1e99999999999999999999",
    "1e-99999999999999999999",
];

/// Unusual texts whose value is nothing special.
const HARMLESS: &[&str] =
    &["0.30000000000000004", "123456.1234567890", "-0", "1E5", "0e99999999999999999999", "1.000000000000000000e0"];

#[test]
fn what_an_f64_cannot_hold_keeps_its_text() {
    for text in PRECISE {
        let body = format!(r#"{{"amount":{text},"rates":[{text},1],"limits":{{"a":{text}}}}}"#);
        let (mut line, findings) = read::<Line>(&body);
        assert_eq!(to_json(&line), body);
        assert_eq!(findings.deviations.is_empty(), line.amount.is_finite(), "{text}");
        // Changed, it is written as what it is.
        line.amount = 2.0;
        assert!(to_json(&line).starts_with(r#"{"amount":2,"#));
    }
    for text in HARMLESS {
        let (line, findings) = round_trip::<Line>(&format!(r#"{{"amount":{text}}}"#));
        assert_eq!((line.amount, findings.deviations), (text.parse().unwrap(), vec![]), "{text}");
    }
}

#[test]
fn values_keep_their_text_too() {
    for text in PRECISE {
        let body =
            format!(r#"{{"id":"a","link":null,"amount":1,"any":[{text},{{"k":{text}}}],"lines":[],"unknown":{text}}}"#);
        let (statement, _) = read::<Statement>(&body);
        let written = to_json(&statement);
        assert!(written.contains(&format!(r#""unknown":{text}"#)));
        let number = &written[written.find('[').unwrap() + 1..written.find(",{").unwrap()];
        assert!(number == *text || number.parse::<f64>() == text.parse::<f64>(), "{text} became {number}");
    }
    assert_eq!(read::<Value>("12").0, 12);
}
