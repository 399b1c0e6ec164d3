//! Event streams as servers send them: every line end, comments, several lines of data, a stream that breaks off.

use runtime::{Events, Value};
use std::time::Duration;

fn told(text: &str) -> Vec<String> {
    let events: Events<Value> = Events::new(text);
    let one = |e: runtime::Event<'_, Value>| format!("{} {:?} {:?} {:?}", e.name(), e.id(), e.retry(), e.data());
    events.iter().map(one).collect()
}

#[test]
fn events_are_told_apart_by_empty_lines() {
    let expected = [r#"message None None "a\nb""#, r#"done Some("7") None "[DONE]""#];
    for end in ["\n", "\r\n", "\r"] {
        let text = "data: a\ndata:b\n\n: a comment\nevent: done\nid: 7\ndata: [DONE]\n\n".replace('\n', end);
        assert_eq!(told(&text), expected, "{end:?}");
    }
}

#[test]
fn fields_are_read_as_the_standard_says() {
    // A mark of the encoding; one space is no part of the value; a field without a colon is empty.
    assert_eq!(told("\u{feff}data:  two\n\n"), [r#"message None None " two""#]);
    assert_eq!(told("data\n\n"), [r#"message None None """#]);
    assert_eq!(told("data: a: b\nnonsense: x\n\n"), [r#"message None None "a: b""#]);
    // Without data it is no event, and its name is not the next one's; its id stays.
    assert_eq!(told("event: a\nid: 1\n\n\ndata: x\n\n"), [r#"message Some("1") None "x""#]);
    // An empty id takes it back; one with a zero byte is none; neither is a wait that is no number.
    assert_eq!(told("id: 1\nid\nid: a\0b\nretry: soon\ndata: x\n\n"), [r#"message None None "x""#]);
    assert_eq!(told("retry: 1500\ndata: x\n\n"), [r#"message None Some(1.5s) "x""#]);
    assert_eq!(
        Events::<Value>::new("retry: 20\ndata\n\n").iter().next().and_then(|e| e.retry()),
        Some(Duration::from_millis(20))
    );
}

#[test]
fn a_stream_that_breaks_off_loses_nothing() {
    assert_eq!(told("data: a\n\ndata: b"), [r#"message None None "a""#, r#"message None None "b""#]);
    assert!(told("").is_empty() && told("\n\n: only a comment\n").is_empty());
}

#[test]
fn data_is_read_as_the_type_and_kept_when_it_is_not() {
    let events: Events<Vec<i64>> = Events::new("data: [1,\ndata: 2]\n\ndata: [DONE]\n\n");
    let read: Vec<_> = events.iter().map(|e| e.read().map_err(|_| e.data().to_owned())).collect();
    assert_eq!(read, [Ok(vec![1, 2]), Err("[DONE]".to_owned())]);
    assert_eq!(format!("{events:?}"), "Events { bytes: 34, .. }");
    assert_eq!(events.clone(), events);
}
