//! Headers and forms as values of declared types.

use crate::runtime::__private::{
    HeaderForm, HeaderMap, header_lines, header_str, header_value, parse_form, parse_json, parse_text,
};
use crate::runtime::{Date, Decode, ErrorKind, Map};

fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in all {
        map.append(*name, value.parse().unwrap());
    }
    map
}

/// What a header with this value is read as, or why not.
fn read<T: Decode>(value: &str, form: HeaderForm) -> Result<T, String> {
    let read = header_value::<T>(&headers(&[("x-a", value)]), "X-A", form);
    read.map(|value| value.unwrap()).map_err(|error| error.to_string())
}

#[test]
fn headers_are_read_by_their_form() {
    use HeaderForm::{Delimited, Json, List, Members, MembersExploded, Plain};
    assert_eq!(read::<i64>("12", Plain), Ok(12));
    assert_eq!(read::<bool>("true", Plain), Ok(true));
    assert_eq!(read::<f64>("1.5", Plain), Ok(1.5));
    assert_eq!(read::<Date>("2026-01-31", Plain), Ok("2026-01-31".into()));
    assert_eq!(read::<String>("Sun, 06 Nov 1994 08:49:37 GMT", Plain), Ok("Sun, 06 Nov 1994 08:49:37 GMT".to_owned()));
    assert_eq!(read::<Vec<i64>>("1, 2,,3", List), Ok(vec![1, 2, 3]));
    assert_eq!(read::<Vec<i64>>("", List), Ok(vec![]));
    for (text, delimiter) in [("1  2 3", ' '), ("1\t2\t3", '\t'), ("1|2| 3", '|')] {
        assert_eq!(read::<Vec<i64>>(text, Delimited(delimiter)), Ok(vec![1, 2, 3]), "{text}");
    }
    assert_eq!(read::<Vec<String>>("a,b|c", Delimited('|')), Ok(vec!["a,b".to_owned(), "c".to_owned()]));
    assert_eq!(read::<Vec<String>>("\"a\",b", List), Ok(vec!["\"a\"".to_owned(), "b".to_owned()]));
    let of =
        |names: &[(&str, i64)]| names.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect::<Map<i64>>();
    assert_eq!(read("a,1,b,2", Members), Ok(of(&[("a", 1), ("b", 2)])));
    assert_eq!(read("a,1,b", Members), Ok(of(&[("a", 1)])));
    assert_eq!(read("a=1, b = 2", MembersExploded), Ok(of(&[("a", 1), ("b", 2)])));
    assert_eq!(read(r#"{"a":1}"#, Json), Ok(of(&[("a", 1)])));
}

#[test]
fn a_header_of_another_type_is_an_error_that_names_it_and_not_its_value() {
    for (text, form) in [("many", HeaderForm::Plain), ("1.5", HeaderForm::Plain), ("{", HeaderForm::Json)] {
        let error = header_value::<i64>(&headers(&[("x-a", text)]), "X-A", form).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let said = error.to_string();
        assert!(said.contains("a header is not what the document says: `X-A`"), "{said}");
        assert!(!said.contains("many"), "{said}");
    }
    assert!(read::<Vec<i64>>("1,x", HeaderForm::List).is_err());
    assert!(header_value::<i64>(&HeaderMap::new(), "X-A", HeaderForm::Plain).unwrap().is_none());
}

#[test]
fn headers_of_one_name_are_one_list_and_cookies_are_none() {
    let map =
        headers(&[("x-a", "1,2"), ("x-b", "9"), ("x-a", "3"), ("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2")]);
    assert_eq!(header_value::<Vec<i64>>(&map, "X-A", HeaderForm::List).unwrap(), Some(vec![1, 2, 3]));
    let parted = headers(&[("x-a", "1|2"), ("x-a", "3")]);
    assert_eq!(header_value::<Vec<i64>>(&parted, "X-A", HeaderForm::Delimited('|')).unwrap(), Some(vec![1, 2, 3]));
    assert_eq!((header_str(&map, "X-A"), header_str(&map, "x-c")), (Some("1,2"), None));
    assert_eq!(header_value::<i64>(&map, "X-B", HeaderForm::Plain).unwrap(), Some(9));
    assert_eq!(header_lines(&map, "Set-Cookie").collect::<Vec<_>>(), ["a=1; Path=/", "b=2"]);
    let mut map = HeaderMap::new();
    map.insert("x-a", http::HeaderValue::from_bytes(b"\xff").unwrap());
    assert_eq!(header_str(&map, "x-a"), None);
}

#[test]
fn what_the_api_sends_is_read_by_its_format() {
    assert_eq!(parse_json::<Vec<i64>>(b"[1]"), Ok(vec![1]));
    assert_eq!(parse_json::<i64>(b"{}").unwrap_err().path, "$");
    assert_eq!(parse_text("\u{e9}".as_bytes()), Ok("\u{e9}".to_owned()));
    assert_eq!(parse_text(b"a\xff").unwrap_err().offset, 1);
    let form = |text: &str| parse_form::<Map<Vec<String>>>(text.as_bytes()).unwrap();
    let read = form("a=1&b=x+y%21&a=2&&c[]=%C3%A9&d&e=%zz&f=100%");
    let of = |name: &str| read.get(name).unwrap().join("|");
    assert_eq!(["a", "b", "c", "d", "e", "f"].map(of), ["1|2", "x y!", "\u{e9}", "", "%zz", "100%"]);
    assert_eq!(form("").len(), 0);
    assert_eq!(parse_form::<Map<i64>>(b"n=7").unwrap().get("n"), Some(&7));
    assert!(parse_form::<Map<i64>>(b"n=x").is_err());
}
