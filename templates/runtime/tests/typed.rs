//! Text as the types of other crates.

use runtime::{Base64, Date, DateTime, FormatError, Number, Uuid};

#[test]
fn dates_and_times() {
    let (good, odd) = (Date::from("2026-01-31"), Date::from("24-09-2010"));
    assert_eq!(good.to_chrono().map(|d| d.to_string()), Ok("2026-01-31".to_owned()));
    assert_eq!(good.to_jiff().map(|d| d.to_string()).ok().as_deref(), Some("2026-01-31"));
    assert_eq!(good.to_time().map(|d| d.to_string()), Ok("2026-01-31".to_owned()));
    assert!(odd.to_chrono().is_err() && odd.to_jiff().is_err() && odd.to_time().is_err());

    let good = DateTime::from("2026-01-31T10:00:00.5-03:00");
    assert_eq!(good.to_chrono().map(|t| t.timestamp_millis()), Ok(1_769_864_400_500));
    assert_eq!(good.to_jiff().map(|t| t.as_millisecond()).ok(), Some(1_769_864_400_500));
    assert_eq!(good.to_time().map(|t| t.unix_timestamp()), Ok(1_769_864_400));

    let local = DateTime::from("2024-03-06T11:25:40");
    assert!(local.to_chrono().is_err() && local.to_jiff().is_err() && local.to_time().is_err());
    assert_eq!(local.to_chrono_local().map(|t| t.to_string()), Ok("2024-03-06 11:25:40".to_owned()));
    assert_eq!(local.to_jiff_local().map(|t| t.to_string()).ok().as_deref(), Some("2024-03-06T11:25:40"));
    assert_eq!(local.to_time_local().map(|t| t.to_string()), Ok("2024-03-06 11:25:40.0".to_owned()));
}

#[test]
fn and_back() {
    let text = "2026-01-31";
    assert_eq!(Date::from(Date::from(text).to_chrono().unwrap()), text);
    assert_eq!(Date::from(Date::from(text).to_jiff().unwrap()), text);
    assert_eq!(Date::from(Date::from(text).to_time().unwrap()), text);
    let text = "2026-01-31T10:00:00+00:00";
    assert_eq!(DateTime::from(DateTime::from(text).to_chrono().unwrap()), text);
    assert_eq!(DateTime::from(DateTime::from(text).to_jiff().unwrap()), "2026-01-31T10:00:00Z");
}

#[test]
fn identifiers() {
    let with = Uuid::from("6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b");
    let without = Uuid::from("6f1a2b3c4d5e4f608a7b9c0d1e2f3a4b");
    assert_eq!(with.to_uuid(), without.to_uuid());
    assert_eq!(Uuid::from(without.to_uuid().unwrap()), with);
    assert!(Uuid::from("7").to_uuid().is_err());
}

#[test]
fn conversions_without_a_method() {
    let day = Date::from("2026-01-31");
    assert_eq!(chrono::NaiveDate::try_from(&day), day.to_chrono());
    assert_eq!(time::Date::try_from(day.clone()), day.to_time());
    assert!(jiff::civil::Date::try_from(Date::from("2026-02-30")).is_err());
    let time = DateTime::from("2026-01-31T10:00:00Z");
    assert_eq!(chrono::DateTime::try_from(&time), time.to_chrono());
    assert_eq!(DateTime::try_from(time::OffsetDateTime::try_from(&time).unwrap()).unwrap(), time);
    assert_eq!(jiff::Timestamp::try_from(time).unwrap().to_string(), "2026-01-31T10:00:00Z");
    let id = Uuid::from("6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b");
    assert_eq!(uuid::Uuid::try_from(&id), id.to_uuid());
    assert_eq!(rust_decimal::Decimal::try_from(Number::new(1050, 2)).map(|d| d.to_string()), Ok("10.50".to_owned()));
}

#[test]
fn texts_of_a_format() {
    fn is<T: std::str::FromStr<Err = FormatError> + Ord + std::fmt::Display>(text: &str, expected: Result<(), &str>) {
        let parsed = text.parse::<T>();
        match expected {
            Ok(()) => assert_eq!(parsed.map(|value| value.to_string()).as_deref(), Ok(text)),
            Err(what) => assert_eq!(parsed.map_err(|e| e.to_string()).err().as_deref(), Some(what), "{text}"),
        }
    }
    is::<Date>("2024-02-29", Ok(()));
    is::<Date>("2023-02-29", Err("the text is no date"));
    is::<DateTime>("2026-01-31T10:00:00.5-03:00", Ok(()));
    is::<DateTime>("2026-01-31", Err("the text is no date-time"));
    is::<Uuid>("6F1A2B3C-4d5e-4f60-8a7b-9c0d1e2f3a4b", Ok(()));
    is::<Uuid>("6f1a2b3c4d5e4f608a7b9c0d1e2f3a4b", Err("the text is no uuid"));
    is::<Base64>("Zg==", Ok(()));
    is::<Base64>("Z", Err("the text is no base64"));
}

#[test]
fn exact_amounts_keep_their_scale() {
    for text in ["1.10", "-0.05", "0", "0.00", "999999999999999999", "12345678901234567890.123456", "1E5", "1e-28"] {
        let number: Number = text.parse().unwrap();
        let decimal = number.to_decimal().unwrap();
        assert_eq!(Number::from(decimal), number, "{text}");
        if !text.contains(['e', 'E']) {
            assert_eq!((decimal.to_string(), Number::from(decimal).to_string()), (text.to_owned(), text.to_owned()));
        }
    }
    // Exact or not at all: 96 bits, and 28 digits behind the point.
    for text in ["1e400000000", "1e-29", "79228162514264337593543950336", "0.12345678901234567890123456789"] {
        assert!(text.parse::<Number>().unwrap().to_decimal().is_err(), "{text}");
    }
    assert_eq!(Number::from(rust_decimal::Decimal::new(-1050, 2)).to_string(), "-10.50");
    assert_eq!(Number::from(rust_decimal::Decimal::MAX).to_string(), "79228162514264337593543950335");
}

#[test]
fn base64_is_text_that_gives_bytes() {
    // The examples of RFC 4648, section 10.
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(Base64::from(bytes.as_bytes()), text);
        assert_eq!(Base64::from(text).to_bytes(), Ok(bytes.as_bytes().to_vec()));
        assert_eq!(Base64::from(text.trim_end_matches('=')).to_bytes(), Ok(bytes.as_bytes().to_vec()));
    }
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(Base64::from(all.clone()).to_bytes(), Ok(all));
    assert_eq!(Base64::from("-_-_").to_bytes(), Base64::from("+/+/").to_bytes());
    for text in ["Z", "Zg=", "Zg===", "Zm9=v", "Zh==", "Zm9v\n", "Zm 9v", "=", "Zm9v=", "ä"] {
        assert!(Base64::from(text).to_bytes().is_err(), "{text:?}");
    }
}
