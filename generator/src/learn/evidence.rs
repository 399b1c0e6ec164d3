//! Files of bodies and of logged deviations → [`Record`]s, each with its line. What is wrong with a file is said by place alone: nothing
//! of a body is in a message.
//!
//! A file `*.json` is one body. Any other has a record a line: an object with `op` (or `operation`, `operationId`), `status` and `body`;
//! an object with `op`, `status` and a deviation, as the text that the runtime prints (`deviation`, a list in `deviations`) or as its
//! fields (`path`, `expected`, `found`); or such a text behind operation and status: `ListPets 200 $[0].tag: expected a value, found null`.

use crate::base::diagnostic::Diagnostics;
use crate::base::{Sources, file};
use crate::document::value::text;
use crate::document::{Kind, Node, load};
use std::path::Path;

/// What somebody has seen of one answer.
#[derive(Debug, Clone)]
pub struct Record {
    /// File and line, for messages.
    pub place: String,
    /// The operation, where the record names one.
    pub operation: Option<String>,
    /// The status, where the record names one.
    pub status: Option<String>,
    pub(super) seen: Seen,
}

#[derive(Debug, Clone)]
pub(super) enum Seen {
    Body(Node),
    Deviations(Vec<Deviation>),
}

/// A deviation as a client has logged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deviation {
    pub(super) path: Vec<Step>,
    pub(super) expected: String,
    pub(super) found: String,
}

impl Deviation {
    /// What was found, if it is a word of the runtime.
    pub(super) fn found(&self) -> &str {
        let known = ["nothing", "null", "boolean", "number", "string", "array", "object", "another text"];
        known.into_iter().find(|word| *word == self.found).unwrap_or("something else")
    }

    /// Whether what the client expected may be of one of these types.
    pub(super) fn expects(&self, types: &[&str]) -> bool {
        match self.expected.as_str() {
            one @ ("boolean" | "string" | "array" | "object") => types.contains(&one),
            "number" => types.contains(&"number") || types.contains(&"integer"),
            // `32-bit integer`
            size if size.ends_with("integer") => types.contains(&"integer"),
            _ => true,
        }
    }
}

/// A step of a path in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Element,
}

/// Reads files; all that is wrong with them, each with file and line.
///
/// # Errors
/// What cannot be read.
pub fn read(paths: &[impl AsRef<Path>]) -> Result<Vec<Record>, Vec<String>> {
    let (mut records, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        let shown = path.as_ref().display().to_string().replace('\\', "/");
        match file::read_text(path.as_ref()) {
            Ok(text) => of_text(&shown, &text, &mut records, &mut wrong),
            Err(why) => wrong.push(format!("{shown}: {why}")),
        }
    }
    if wrong.is_empty() { Ok(records) } else { Err(wrong) }
}

fn of_text(shown: &str, text: &str, records: &mut Vec<Record>, wrong: &mut Vec<String>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if shown.to_ascii_lowercase().ends_with(".json") {
        let place = format!("{shown}:1");
        match parsed(text) {
            Ok(body) => records.push(Record { place, operation: None, status: None, seen: Seen::Body(body) }),
            Err((line, column, why)) => wrong.push(format!("{shown}:{line}:{column}: {why}")),
        }
        return;
    }
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = format!("{shown}:{}", i + 1);
        let record = match line.trim_start().starts_with(['{', '[']) {
            true => parsed(line)
                .map_err(|(_, column, why)| format!("{place}:{column}: {why}"))
                .and_then(|node| of_object(&place, &node).map_err(|why| format!("{place}: {why}"))),
            false => of_log(&place, line.trim()).ok_or_else(|| {
                format!(
                    "{place}: neither a JSON object nor a deviation (`OPERATION STATUS $.path: expected .., found ..`)"
                )
            }),
        };
        match record {
            Ok(record) => records.push(record),
            Err(why) => wrong.push(why),
        }
    }
}

/// A text as JSON; else line, column and reason, without a word of the text.
fn parsed(text: &str) -> Result<Node, (usize, usize, &'static str)> {
    let (mut sources, mut out) = (Sources::new(), Diagnostics::new());
    if let Some(node) = load::read_json("body.json", text, &mut sources, &mut out) {
        return Ok(node);
    }
    let fault = out.iter().find(|d| d.span.is_some());
    let at = fault.and_then(|d| sources.position(d.span?)).map_or((1, 1), |p| (p.line, p.column));
    let deep = fault.is_some_and(|d| d.code == "E0108");
    Err((at.0, at.1, if deep { "it nests too deeply" } else { "this is no JSON" }))
}

fn of_object(place: &str, node: &Node) -> Result<Record, &'static str> {
    let word = |key: &str| match node.get(key).map(|n| &n.kind) {
        Some(Kind::String(text) | Kind::Number(text)) => Some(text.clone()),
        _ => None,
    };
    let operation = ["op", "operation", "operationId"].iter().find_map(|key| word(key));
    let logged = node.get("deviations").and_then(Node::as_array).into_iter().flatten().chain(node.get("deviation"));
    let seen = if let Some(body) = node.get("body") {
        // Whoever records bodies may keep them as they came.
        let inner = body.as_str().and_then(|text| parsed(text).ok());
        Seen::Body(inner.filter(|n| matches!(n.kind, Kind::Array(_) | Kind::Object(_))).unwrap_or_else(|| body.clone()))
    } else {
        let read: Option<Vec<Deviation>> =
            logged.map(|n| n.as_str().map_or_else(|| of_fields(n), of_display)).collect();
        let read = read.ok_or("its deviation is none: `$.path: expected .., found ..`")?;
        // A line may have the path of the call too: that counts only where nothing else is a deviation.
        match (read.is_empty(), node.get("path")) {
            (false, _) => Seen::Deviations(read),
            (true, None) => return Err("it has neither `body` nor a deviation"),
            (true, Some(_)) if node.get("found").is_none() => {
                return Err("a deviation has `found`, the kind of value that came");
            }
            (true, Some(_)) => Seen::Deviations(vec![of_fields(node).ok_or("its `path` is none")?]),
        }
    };
    Ok(Record { place: place.to_owned(), operation, status: word("status"), seen })
}

/// A line of a log. What is in front of the operation, like a time, is passed over.
fn of_log(place: &str, line: &str) -> Option<Record> {
    // What is in front may have such a sign too.
    let mut all = line.match_indices('$').map(|(start, _)| line.split_at(start));
    let (before, read) = all.find_map(|(before, display)| Some((before, of_display(display)?)))?;
    let mut words: Vec<&str> = before.trim_end_matches([' ', ':']).split_whitespace().collect();
    let is_status = |word: &&str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit());
    let status = words.last().copied().filter(is_status).map(str::to_owned);
    if status.is_some() {
        words.pop();
    }
    let operation = words.last().map(|word| word.trim_end_matches(':').to_owned());
    let seen = Seen::Deviations(vec![read]);
    Some(Record { place: place.to_owned(), operation, status, seen })
}

/// `$.results[0].year: expected string, found number`, as the runtime prints it.
fn of_display(text: &str) -> Option<Deviation> {
    let (path, rest) = text.rsplit_once(": expected ")?;
    let (expected, found) = rest.rsplit_once(", found ")?;
    deviation(path, expected, found)
}

/// The same as an object with `path`, `expected` and `found`.
fn of_fields(node: &Node) -> Option<Deviation> {
    deviation(text(node, "path")?, text(node, "expected").unwrap_or("a value"), text(node, "found")?)
}

fn deviation(path: &str, expected: &str, found: &str) -> Option<Deviation> {
    let found = found.split(" at byte").next().unwrap_or_default().trim().to_owned();
    Some(Deviation { path: steps(path.trim())?, expected: expected.trim().to_owned(), found })
}

/// The steps of `$.results[0]['a b'].year`.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut out = Vec::new();
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix("['") {
            let (mut text, mut escaped, mut end) = (String::new(), false, None);
            for (i, c) in name.char_indices() {
                match c {
                    '\\' if !escaped => escaped = true,
                    '\'' if !escaped => {
                        end = Some(i);
                        break;
                    }
                    c => {
                        escaped = false;
                        text.push(c);
                    }
                }
            }
            rest = name.get(end? + 1..)?.strip_prefix(']')?;
            out.push(Step::Member(text));
        } else if let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']')?;
            index.parse::<usize>().ok()?;
            rest = after;
            out.push(Step::Element);
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at(end);
            // Such a name is in quotes.
            if name.contains(char::is_whitespace) {
                return None;
            }
            rest = after;
            out.push(Step::Member(name.to_owned()));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Deviation, Seen, Step, of_text};

    #[test]
    fn every_way_to_write_a_deviation_is_read() {
        let log = "GET /a?$.b=$[0] ListPets 200 $[0].tag: expected a value, found null\n\
                   2026-01-31T12:00:00Z WARN ListPets: $.results[3]['a b'].c: expected string, found number at byte 7\n\
                   \n\
                   {\"op\": \"ListPets\", \"deviation\": \"$.x: expected string, found number\"}\n\
                   {\"operationId\": \"ListPets\", \"status\": 200, \"deviations\": [\"$.x: expected string, found number\"]}\n\
                   {\"operation\": \"ListPets\", \"status\": \"200\", \"path\": \"$.x\", \"expected\": \"string\", \"found\": \"number\"}\n\
                   {\"op\": \"ListPets\", \"path\": \"/pets/7\", \"deviation\": \"$.x: expected string, found number\"}\n\
                   {\"op\": \"ListPets\", \"path\": \"/pets\", \"deviations\": [{\"path\": \"$.x\", \"expected\": \"string\", \"found\": \"number\"}]}\n";
        let (mut records, mut wrong) = (Vec::new(), Vec::new());
        of_text("log.txt", log, &mut records, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
        let places: Vec<&str> = records.iter().map(|r| r.place.as_str()).collect();
        assert_eq!(places, [1, 2, 4, 5, 6, 7, 8].map(|line| format!("log.txt:{line}")));
        assert!(records.iter().all(|r| r.operation.as_deref() == Some("ListPets")), "{records:?}");
        let member = |name: &str| Step::Member(name.to_owned());
        let deviation = |path: Vec<Step>, expected: &str, found: &str| {
            vec![Deviation { path, expected: expected.to_owned(), found: found.to_owned() }]
        };
        let read: Vec<Vec<Deviation>> = records
            .into_iter()
            .map(|r| match r.seen {
                Seen::Deviations(all) => all,
                Seen::Body(body) => panic!("{body:?}"),
            })
            .collect();
        let nested = vec![member("results"), Step::Element, member("a b"), member("c")];
        assert_eq!(read[0], deviation(vec![Step::Element, member("tag")], "a value", "null"));
        assert_eq!(read[1], deviation(nested, "string", "number"));
        for other in &read[2..] {
            assert_eq!(*other, deviation(vec![member("x")], "string", "number"));
        }
    }

    #[test]
    fn what_is_no_deviation_is_said() {
        for (line, why) in [
            (r#"{"op": "ListPets"}"#, "it has neither `body` nor a deviation"),
            (r#"{"op": "ListPets", "deviation": "x"}"#, "its deviation is none: `$.path: expected .., found ..`"),
            (
                r#"{"op": "ListPets", "deviation": {"path": "/pets", "found": "null"}}"#,
                "its deviation is none: `$.path: expected .., found ..`",
            ),
            (r#"{"op": "ListPets", "path": "/pets"}"#, "a deviation has `found`, the kind of value that came"),
            (r#"{"op": "ListPets", "path": "/pets", "found": "null"}"#, "its `path` is none"),
        ] {
            let (mut records, mut wrong) = (Vec::new(), Vec::new());
            of_text("log.txt", line, &mut records, &mut wrong);
            assert_eq!(wrong, [format!("log.txt:1: {why}")], "{line}");
        }
    }

    #[test]
    fn what_was_expected_chooses_among_types() {
        let expecting =
            |expected: &str| Deviation { path: Vec::new(), expected: expected.to_owned(), found: String::new() };
        for (expected, fitting) in [
            ("string", vec!["string"]),
            ("number", vec!["integer", "number"]),
            ("32-bit integer", vec!["integer"]),
            ("a value", vec!["string", "integer", "number", "array"]),
        ] {
            let all =
                ["string", "integer", "number", "array"].into_iter().filter(|of| expecting(expected).expects(&[of]));
            assert_eq!(all.collect::<Vec<_>>(), fitting, "{expected}");
        }
    }
}
