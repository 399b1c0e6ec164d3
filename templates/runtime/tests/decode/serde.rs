//! serde for generated types, through serde_json and by value.

use super::models::{AccessMode, EventType, Line, Owner, Statement};
use super::read;

#[test]
fn models_go_through_serde_json() {
    let body =
        r#"{"id":7,"lines":[{"amount":0.1},{"amount":15000}],"x":{"big":18446744073709551615,"neg":-5},"name":null}"#;
    let statement: Statement = serde_json::from_str(body).unwrap();
    assert_eq!(statement, read::<Statement>(body).0);
    let value = serde_json::to_value(&statement).unwrap();
    assert_eq!(value, serde_json::from_str::<serde_json::Value>(body).unwrap());
    assert_eq!(serde_json::from_str::<Statement>(&serde_json::to_string(&statement).unwrap()).unwrap(), statement);
    assert_eq!(serde_json::to_string(&read::<Line>(r#"{"amount":-0.5}"#).0).unwrap(), r#"{"amount":-0.5}"#);
}

#[test]
fn enums_and_unions_too() {
    assert_eq!(serde_json::to_string(&AccessMode::Single).unwrap(), r#""single""#);
    assert_eq!(serde_json::to_string(&EventType::Half).unwrap(), "0.5");
    assert_eq!(serde_json::from_str::<EventType>("2.0").unwrap(), EventType::Two);
    let owner: Owner = serde_json::from_str(r#"{"x":[true,null]}"#).unwrap();
    assert!(matches!(owner, Owner::Raw(_)));
    assert_eq!(serde_json::to_string(&owner).unwrap(), r#"{"x":[true,null]}"#);
}

#[test]
fn errors_name_the_path() {
    let error = serde_json::from_str::<Statement>(r#"{"id":"a","lines":[{"amount":[]}]}"#).unwrap_err().to_string();
    assert!(error.starts_with("$.lines[0].amount: expected number, found array"), "{error}");
}
