//! Writing values that were not read: requests.

use std::collections::HashSet;

use super::models::{AccessMode, EventType};
use super::runtime::{Date, Map, Patch, Secret, Uuid, to_json};

#[test]
fn strings_are_escaped_minimally() {
    let text = "plain é \u{1f600} \" \\ / \n \r \t \u{8} \u{1f} \u{7f} the end, long enough for eight at a time";
    let written = to_json(text);
    assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    assert!(written.contains(r#"é 😀 \" \\ / \n \r \t \u0008 \u001f"#), "{written}");
}

#[test]
fn patches_have_three_states() {
    assert_eq!(Patch::from(7), Patch::Value(7));
    assert_eq!(Patch::<i64>::from(None::<i64>), Patch::Null);
    assert_eq!(Patch::<i64>::default(), Patch::Unset);
    assert_eq!(to_json(&Patch::Value("a".to_owned())), r#""a""#);
    assert_eq!(to_json(&Patch::<String>::Null), "null");
}

#[test]
fn enums_are_their_text() {
    assert_eq!(AccessMode::from("single"), AccessMode::Single);
    assert_eq!(AccessMode::from("x"), AccessMode::Unrecognized("x".into()));
    assert_eq!(format!("{:>8}|{}", AccessMode::Single, AccessMode::Unrecognized("x".into())), "  single|x");
    assert_eq!(EventType::from("2.0"), EventType::Two);
    assert_eq!(to_json(&EventType::Unrecognized("9".into())), "9");
    assert_eq!(to_json(&EventType::Unrecognized("nine".into())), r#""nine""#);
    assert_eq!(AccessMode::Single.as_ref(), "single");
}

#[test]
fn texts_are_texts() {
    let id = Uuid::from("7f0c");
    assert_eq!(id, "7f0c");
    assert_eq!((id.len(), id.to_string(), to_json(&id)), (4, "7f0c".to_owned(), r#""7f0c""#.to_owned()));
    let (earlier, later) = (Date::from("2026-01-31"), Date::from("2026-02-01".to_owned()));
    assert!(earlier < later);
    assert!(HashSet::from([id.clone()]).contains("7f0c"));
    assert_eq!(format!("{id:?} {:?}", Secret::from("x")), r#""7f0c" Secret(..)"#);
    assert_eq!(Secret::from("x").expose(), "x");
}

#[test]
fn maps_keep_their_order() {
    let mut map: Map<i64> = [("b", 1), ("a", 2), ("c", 3)].into_iter().collect();
    assert_eq!(map.insert("a", 4), Some(2));
    assert_eq!(map.insert("0", 5), None);
    assert_eq!(map.remove("b"), Some(1));
    assert_eq!(map.remove("b"), None);
    assert_eq!(to_json(&map), r#"{"a":4,"c":3,"0":5}"#);
    *map.get_mut("c").unwrap() += 1;
    assert_eq!((map.get("c"), map.get("0"), map.contains_key("b"), map.len()), (Some(&4), Some(&5), false, 3));
    assert_eq!(map, [("0", 5), ("a", 4), ("c", 4)].into_iter().collect());
    assert_ne!(map, [("0", 5), ("a", 4), ("d", 4)].into_iter().collect());
}
