//! Bodies of our own making, thousands of them: valid ones, then spoiled at random. Nothing panics, and whatever is read
//! is written back equal.

use super::equal;
use super::models::{Everything, Line, Page, Statement};
use super::runtime::{Decode, Encode, Mode, Records, from_json};
use serde_json::Value;

/// A small generator of pseudo-random numbers; the seed makes every run the same.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// Every member name of the models, some of them unknown to most.
const NAMES: &[&str] = &[
    "id",
    "link",
    "name",
    "note",
    "comment",
    "year",
    "paid",
    "amount",
    "count",
    "small",
    "big",
    "day",
    "at",
    "secret",
    "mode",
    "event",
    "any",
    "lines",
    "tags",
    "rates",
    "limits",
    "grid",
    "inner",
    "parts",
    "named",
    "flags",
    "modes",
    "owner",
    "scalar",
    "rest",
    "marks",
    "next",
    "results",
    "type",
    "first_name",
    "last_name",
    "email",
    "company_name",
    "single",
    "daily",
    "weekly",
    "method",
    "number",
    "holder",
    "key",
    "child",
    "leaf",
    "only_left",
    "only_right",
    "statement",
    "tagged",
    "moment",
    "customer",
    "schedule",
    "payment",
    "tree",
    "payments",
    "records",
    "maps",
    "anything",
    "new",
    "n\\u0065w",
    "weird key",
    "",
];

const SCALARS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-0",
    "7",
    "2.0",
    "1.50",
    "-3",
    "1e3",
    "9007199254740993",
    "18446744073709551615",
    "99999999999999999999",
    "0.1234567890123456789",
    "1e-320",
    "\"\"",
    "\"a\"",
    "\"12\"",
    "\"12.50\"",
    "\"-0\"",
    "\"true\"",
    "\"false\"",
    "\"single\"",
    "\"recurrent\"",
    "\"BUSINESS\"",
    "\"person\"",
    "\"company\"",
    "\"0.5\"",
    "\"1\"",
    "\"2026-01-31\"",
    "\"2026-01-31T10:00:00Z\"",
    "\"\\u00e9\\n\\\"\"",
    "\"\\ud83d\\ude00\"",
    "\"9007199254740993\"",
    "\"18446744073709551616\"",
    "123456789012345678901234567890.5",
];

const SPACES: &[&str] = &["", "", "", "", " ", "\n\t"];

/// What the models expect under a name, so that enough of what is made gets past the first member.
fn expected(random: &mut Random, name: &str, depth: usize, out: &mut String) {
    match name {
        "lines" | "parts" | "rest" | "results" | "records" | "payments" => list(random, depth, out, |r, d, o| {
            object(r, d, o, &["amount", "id", "method", "lines"]);
        }),
        "inner" | "single" | "daily" | "weekly" => object(random, depth, out, &["amount"]),
        "statement" => object(random, depth, out, &["id", "link", "amount", "lines"]),
        "method" => object(random, depth, out, &["number", "key"]),
        "payment" => object(random, depth, out, &["id", "method"]),
        "owner" | "tagged" | "customer" => object(random, depth, out, &["type", "first_name", "company_name"]),
        "schedule" => object(random, depth, out, &["single", "weekly"]),
        "tree" | "child" => object(random, depth, out, &["child", "leaf", "only_left"]),
        "limits" | "named" | "flags" | "maps" => object(random, depth, out, &["a", "b"]),
        "tags" | "rates" | "grid" | "modes" | "marks" | "anything" => list(random, depth, out, value),
        _ => out.push_str(random.pick(SCALARS)),
    }
}

fn value(random: &mut Random, depth: usize, out: &mut String) {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0..=5 => out.push_str(random.pick(SCALARS)),
        6 | 7 => list(random, depth, out, value),
        _ => object(random, depth, out, &["amount"]),
    }
}

fn list(random: &mut Random, depth: usize, out: &mut String, element: fn(&mut Random, usize, &mut String)) {
    if depth == 0 {
        return out.push_str("[]");
    }
    out.push('[');
    for index in 0..random.below(4) {
        out.push_str(if index == 0 { "" } else { "," });
        out.push_str(random.pick(SPACES));
        element(random, depth - 1, out);
        out.push_str(random.pick(SPACES));
    }
    out.push(']');
}

fn object(random: &mut Random, depth: usize, out: &mut String, mostly: &[&'static str]) {
    if depth == 0 {
        return out.push_str("{}");
    }
    let mut names: Vec<&str> = mostly.iter().copied().filter(|_| random.below(10) > 0).collect();
    for _ in 0..random.below(5) {
        names.insert(random.below(names.len() + 1), random.pick(NAMES));
    }
    out.push('{');
    for (index, name) in names.into_iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        out.push_str(random.pick(SPACES));
        out.extend(["\"", name, "\":"]);
        out.push_str(random.pick(SPACES));
        if random.below(8) == 0 { value(random, depth - 1, out) } else { expected(random, name, depth - 1, out) }
    }
    out.push('}');
}

/// Reads as `T`; whatever can be read must be written back equal.
fn holds<T: Decode + Encode>(body: &str, read: &mut usize) {
    let text = body.as_bytes();
    let Ok((value, findings)) = from_json::<T>(text, Mode::default()) else { return };
    *read += 1;
    let written = findings.write_back(&value);
    let Ok(after) = serde_json::from_str::<Value>(&written) else {
        // serde_json refuses lone surrogates and numbers beyond f64, which here are written back as they came.
        assert!(serde_json::from_str::<Value>(body).is_err(), "read    {body}\nwritten {written}");
        return;
    };
    let Ok(before) = serde_json::from_str::<Value>(body) else { return };
    assert!(equal(&before, &after), "read    {body}\nwritten {written}");
    // Reading what was written finds the same.
    let (again, found) =
        from_json::<T>(written.as_bytes(), Mode::default()).unwrap_or_else(|e| panic!("{e}: {written}"));
    assert_eq!(found.write_back(&again), written, "read {body}");
    assert_eq!(found.deviations.len(), findings.deviations.len(), "read    {body}\nwritten {written}");
    // Strict reading is reading that finds nothing amiss.
    let clean = findings.deviations.is_empty() && findings.invalid.is_empty() && findings.raw_unions.is_empty();
    match from_json::<T>(text, Mode { strict: true, ..Mode::default() }) {
        Ok((_, found)) => assert!(found.deviations.is_empty() && found.invalid.is_empty(), "{found:?} for {body}"),
        Err(error) => assert!(!clean, "{error} for {body}"),
    }
    let partial = from_json::<T>(text, Mode { partial: true, ..Mode::default() });
    let (partial, found) = partial.unwrap_or_else(|e| panic!("{e}: {body}"));
    assert!(equal(&before, &serde_json::from_str(&found.write_back(&partial)).unwrap()), "{body}");
}

fn every_type(body: &str, read: &mut usize) {
    holds::<Statement>(body, read);
    holds::<Line>(body, read);
    holds::<Page>(body, read);
    holds::<Everything>(body, read);
    holds::<Records<Line>>(body, read);
    holds::<Records<Everything>>(body, read);
    holds::<Records<String>>(body, read);
    holds::<Records<f64>>(body, read);
    holds::<Records<bool>>(body, read);
    holds::<Records<Value>>(body, read);
}

#[test]
fn what_is_read_is_written_back_equal() {
    let mut random = Random(7);
    let (mut read, mut bytes) = (0, 0);
    for _ in 0..1_000 {
        let mut body = String::new();
        let random = &mut random;
        match random.below(4) {
            0 => object(random, 6, &mut body, &["id", "link", "amount", "lines"]),
            1 => object(random, 6, &mut body, &["statement", "owner", "payment", "schedule", "tree", "records"]),
            2 => object(random, 6, &mut body, &["count", "next", "results"]),
            _ => list(random, 6, &mut body, value),
        }
        bytes += body.len();
        every_type(&body, &mut read);
    }
    assert!(read > 4_000, "only {read} bodies of {bytes} bytes were read");
}

#[test]
fn spoiled_bodies_never_panic() {
    let mut random = Random(11);
    let (mut read, mut seen) = (0, 0);
    while seen < 2_000 {
        let mut body = String::new();
        object(&mut random, 5, &mut body, &["id", "link", "amount", "lines", "results", "payment"]);
        let mut bytes = body.into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => {
                    bytes[at] = random
                        .pick(&[&b'{', &b'}', &b'[', &b']', &b'"', &b'\\', &b',', &b':', &b'0', &b'-', &b'e', &0xff])
                        .to_owned()
                }
                1 => bytes.truncate(at + 1),
                2 => drop(bytes.remove(at)),
                _ => bytes.insert(at, random.next() as u8),
            }
            if bytes.is_empty() {
                break;
            }
        }
        seen += 1;
        match std::str::from_utf8(&bytes) {
            Ok(body) => {
                // Whatever serde_json reads is JSON, and the other way round but for what it cannot represent.
                let theirs = serde_json::from_str::<Value>(body);
                let ours = from_json::<Value>(body.as_bytes(), Mode::default());
                if theirs.is_ok() {
                    assert!(ours.is_ok(), "{body}");
                }
                every_type(body, &mut read);
            }
            Err(_) => assert!(from_json::<Value>(&bytes, Mode::default()).is_err()),
        }
    }
    assert!(read > 50, "only {read} were read");
}
