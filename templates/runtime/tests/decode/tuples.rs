//! Arrays whose elements have types by their places: read, written back as they came, and written anew.

use super::runtime::{Decode, DeviationKind, Encode, Extra, Map, Mode, Patch, Tuple, Value, to_json};
use super::{read, refused};

fn back<T: Decode + Encode>(body: &str) -> (T, String) {
    let (value, findings) = read::<T>(body);
    assert!(findings.deviations.is_empty(), "{body}: {:?}", findings.deviations);
    let written = findings.write_back(&value);
    (value, written)
}

#[test]
fn places_are_read_and_what_is_behind_them_is_kept() {
    for body in ["[1.5,2]", "[1.5,2,7,{\"a\":[1]}]", "[1.5,2,null]", "[ 1.5 , 2 , [3] ]"] {
        let (pair, written) = back::<(f64, i64)>(body);
        assert_eq!((pair, written.as_str()), ((1.5, 2), body));
    }
    for (body, second) in [
        ("[\"a\"]", Patch::Unset),
        ("[\"a\",null]", Patch::Null),
        ("[\"a\",null,null]", Patch::Null),
        ("[\"a\",true]", Patch::Value(true)),
    ] {
        let (pair, written) = back::<(String, Patch<bool>)>(body);
        assert_eq!((pair.1, written.as_str()), (second, body));
    }
    let (_, written) = back::<(Patch<i64>, Patch<i64>)>("[]");
    assert_eq!(written, "[]");
    let (_, written) = back::<Vec<(i64, Map<i64>)>>("[[1,{\"a\":2},3],[4,{}]]");
    assert_eq!(written, "[[1,{\"a\":2},3],[4,{}]]");
}

#[test]
fn the_rest_has_a_type_of_its_own() {
    for (body, rest) in [("[\"a\",true]", vec![]), ("[\"a\",true,1,2]", vec![1, 2])] {
        let (row, written) = back::<Tuple<(String, bool), i64>>(body);
        assert_eq!((row.rest, written.as_str()), (rest, body));
    }
    assert_eq!(refused::<Tuple<(String,), i64>>("[\"a\",1,\"x\"]", Mode::default()).path, "$[2]");
}

#[test]
fn what_is_no_such_array_is_an_error() {
    assert_eq!(refused::<(i64, i64)>("[1]", Mode::default()).found, "nothing");
    assert_eq!(refused::<(i64, i64)>("{}", Mode::default()).expected, "array");
    assert_eq!(refused::<(i64, String)>("[1,{}]", Mode::default()).path, "$[1]");
}

#[test]
fn places_that_should_be_there_are_reported_and_not_written_back() {
    for body in ["[]", "[1]", "[ 1 ]"] {
        let (pair, findings) = read::<(Option<i64>, Option<i64>)>(body);
        assert_eq!(findings.deviations.first().map(|d| d.kind), Some(DeviationKind::Missing), "{body}");
        assert_eq!(findings.write_back(&pair), body);
    }
    assert_eq!(
        refused::<(i64, Option<i64>)>("[1]", Mode { strict: true, ..Mode::default() }).expected,
        "a value or null"
    );
}

#[test]
fn tuples_are_written_without_what_is_absent_at_the_end() {
    assert_eq!(to_json(&(1, "a".to_owned(), true)), "[1,\"a\",true]");
    assert_eq!(to_json(&(1, None::<i64>, None::<i64>)), "[1,null,null]");
    assert_eq!(to_json(&(1, None::<i64>, Patch::<i64>::Unset)), "[1,null]");
    assert_eq!(to_json(&(1, Patch::<i64>::Unset, Patch::<i64>::Null)), "[1,null,null]");
    assert_eq!(to_json(&(Patch::<i64>::Unset, Patch::Value(2))), "[null,2]");
    assert_eq!(to_json(&Tuple { places: (1, Patch::<i64>::Unset), rest: vec![3] }), "[1,null,3]");
}

#[test]
fn further_members_are_read_and_set_by_their_type() {
    let mut extra = Extra::NONE;
    extra.insert_typed("pair", &(1, 2));
    extra.insert("text", Value::from("x"));
    let all: Vec<(&str, Option<(i64, i64)>)> = extra.typed().map(|(name, of)| (name, of.ok())).collect();
    assert_eq!(all, [("pair", Some((1, 2))), ("text", None)]);
    assert_eq!(extra.get("pair").map(|of| of.to_string()), Some("[1,2]".to_owned()));
}
