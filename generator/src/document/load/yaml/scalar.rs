//! What a plain YAML scalar means: the core schema of YAML 1.2, decided exactly as serde_yaml decides it.
//!
//! So `yes` and `1_000` are strings, `0123` is a string, `0x1F` and `0o17` are numbers. Numbers come out as JSON
//! number text that keeps the written digits (`1.0` stays `1.0`: a version, a price).

use crate::document::Kind;

/// The core schema's short forms.
const NULLS: [&str; 4] = ["null", "Null", "NULL", "~"];

/// What a scalar is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A value of JSON's.
    Json(Plain),
    /// `.inf` or `.nan`: a number JSON has no text for.
    NotFinite,
}

/// A scalar of JSON's.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Number(String),
    String,
}

impl Plain {
    /// The node kind; `text` is what was written.
    pub(super) fn kind(self, text: String) -> Kind {
        match self {
            Plain::Null => Kind::Null,
            Plain::Bool(b) => Kind::Bool(b),
            Plain::Number(n) => Kind::Number(n),
            Plain::String => Kind::String(text),
        }
    }
}

/// What an unquoted scalar without a tag means.
pub(super) fn plain(text: &str) -> Meaning {
    // Nearly every scalar of a document is a word: decide by the first byte where that is enough.
    let Some(&first) = text.as_bytes().first() else { return Meaning::Json(Plain::Null) };
    match first {
        b'n' | b'N' | b'~' if NULLS.contains(&text) => Meaning::Json(Plain::Null),
        b't' | b'T' | b'f' | b'F' => Meaning::Json(boolean(text).map_or(Plain::String, Plain::Bool)),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => Meaning::Json(Plain::String),
    }
}

/// What a scalar with a tag of YAML's own means; `None` for a tag that says nothing about it.
pub(super) fn tagged(tag: &str, text: &str) -> Option<Meaning> {
    let meaning = match tag.strip_prefix("tag:yaml.org,2002:")? {
        "null" if text.is_empty() || NULLS.contains(&text) => Meaning::Json(Plain::Null),
        "bool" => Meaning::Json(boolean(text).map_or(Plain::String, Plain::Bool)),
        "int" => integer(text).map_or(Meaning::Json(Plain::String), |n| Meaning::Json(Plain::Number(n))),
        "float" => number(text),
        _ => Meaning::Json(Plain::String),
    };
    Some(meaning)
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Meaning {
    if let Some(n) = integer(text) {
        return Meaning::Json(Plain::Number(n));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let bare = text.strip_prefix('+').unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Meaning::NotFinite;
    }
    // Rust's own parser also takes `inf` and `nan`, which are words here; both are refused by `is_finite`.
    let twice_signed = text.starts_with('+') && bare.starts_with(['+', '-']);
    let is_word = only_looks_like_digits(text) || twice_signed;
    let finite = !is_word && bare.parse::<f64>().is_ok_and(f64::is_finite);
    Meaning::Json(if finite { Plain::Number(json_text(bare)) } else { Plain::String })
}

/// An integer in base 2, 8, 10 or 16, as decimal text.
fn integer(text: &str) -> Option<String> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let sign = if negative { "-" } else { "" };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            if rest.starts_with(['+', '-']) {
                return None;
            }
            return u128::from_str_radix(rest, radix).ok().map(|n| format!("{sign}{n}"));
        }
    }
    // Beyond 128 bits serde_yaml reads a float; the digits are the same text either way.
    let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && !only_looks_like_digits(text);
    whole.then(|| format!("{sign}{digits}"))
}

/// Leading zeros make a string of what looks like a number: a code, a phone number.
fn only_looks_like_digits(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Rust float text (`.5`, `1.`, `-.5e3`, `01.5`) as JSON number text, digits kept.
fn json_text(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let exponent_at = rest.find(['e', 'E']).unwrap_or(rest.len());
    let (mantissa, exponent) = rest.split_at(exponent_at);
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = match fraction {
        None => String::new(),
        Some("") => ".0".to_owned(),
        Some(digits) => format!(".{digits}"),
    };
    format!("{sign}{whole}{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_serde_yaml_says() {
        let words = [
            "",
            "~",
            "null",
            "Null",
            "NULL",
            "nULL",
            "true",
            "True",
            "TRUE",
            "tRUE",
            "yes",
            "no",
            "on",
            "off",
            "y",
            "0",
            "-0",
            "+0",
            "1",
            "+1",
            "-1",
            "++1",
            "+-1",
            "-+1",
            "00",
            "007",
            "0123",
            "-0123",
            "0.5",
            ".5",
            "-.5",
            "+.5",
            "1.",
            "1.0",
            "-1.50",
            "01.5",
            "1e3",
            "1E3",
            "1e+3",
            "1.5e-3",
            "1e400",
            "-1e400",
            ".e3",
            ".",
            "+",
            "0x1F",
            "0xg",
            "0x",
            "0x+1",
            "-0x1F",
            "+0x1F",
            "0o17",
            "0o8",
            "-0o17",
            "0b101",
            "-0b101",
            "0x1.5",
            "1_000",
            "2020-01-01",
            "12:30:45",
            "1.2.3",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "340282366920938463463374607431768211456",
            "inf",
            "nan",
            "-inf",
            "+nan",
            "infinity",
            "NaN",
            ".infx",
            "e5",
            "0e0",
            "0.0",
            "-0.0",
            "00.5",
            "1e",
            "1e+",
            "ff",
        ];
        for word in words {
            let theirs: Result<serde_yaml::Value, _> = serde_yaml::from_str(&format!("- {word}\n"));
            let ours = plain(word);
            let Meaning::Json(ours) = ours else { panic!("{word} is finite") };
            let ours = crate::document::Node::new(Default::default(), ours.kind(word.to_owned())).to_json();
            match theirs {
                Ok(theirs) => {
                    let theirs = theirs.get(0).cloned().unwrap_or_default();
                    if matches!(word, "-0") {
                        // serde_yaml says 0, JSON's own reader says -0.0: the text is kept, the numbers are equal.
                        assert_eq!(ours.as_f64(), theirs.as_f64());
                        continue;
                    }
                    assert_eq!(ours, serde_json::to_value(theirs).expect("a scalar"), "{word}");
                }
                // Integers of more than 64 bits: serde_yaml's own value cannot hold them, we keep the digits.
                Err(e) => assert!(ours.is_number() && e.to_string().contains("128"), "{word}: {e}"),
            }
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let table = [
            ("1.0", "1.0"),
            ("+1", "1"),
            (".5", "0.5"),
            ("-.50", "-0.50"),
            ("1.", "1.0"),
            ("0x1F", "31"),
            ("-0o17", "-15"),
            ("1e3", "1e3"),
            ("01.5", "1.5"),
            ("+.5E-3", "0.5E-3"),
            ("1.e2", "1.0e2"),
        ];
        for (written, kept) in table {
            assert_eq!(plain(written), Meaning::Json(Plain::Number(kept.to_owned())), "{written}");
        }
    }

    #[test]
    fn numbers_that_json_cannot_say_are_not_finite() {
        for text in [".inf", "-.inf", "+.INF", ".Inf", ".nan", ".NaN", ".NAN"] {
            assert_eq!(plain(text), Meaning::NotFinite, "{text}");
        }
    }

    #[test]
    fn tags_decide() {
        assert_eq!(tagged("tag:yaml.org,2002:str", "1"), Some(Meaning::Json(Plain::String)));
        assert_eq!(tagged("tag:yaml.org,2002:int", "0x10"), Some(Meaning::Json(Plain::Number("16".to_owned()))));
        assert_eq!(tagged("tag:yaml.org,2002:float", "1"), Some(Meaning::Json(Plain::Number("1".to_owned()))));
        assert_eq!(tagged("tag:yaml.org,2002:bool", "True"), Some(Meaning::Json(Plain::Bool(true))));
        assert_eq!(tagged("tag:yaml.org,2002:null", ""), Some(Meaning::Json(Plain::Null)));
        assert_eq!(tagged("tag:yaml.org,2002:binary", "aGk="), Some(Meaning::Json(Plain::String)));
        assert_eq!(tagged("!local", "1"), None);
    }
}
