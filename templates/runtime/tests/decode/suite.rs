//! The JSON parsing suite, when it is beside the repository: what RFC 8259 accepts is read, what it refuses is not, and
//! nothing panics.

use std::io::Write;
use std::path::PathBuf;

use super::runtime::{Mode, Records, Value, from_json, to_json};

fn shared() -> Option<PathBuf> {
    if let Some(dir) = std::env::var_os("SHARED_DIR") {
        return Some(dir.into());
    }
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().map(|dir| dir.join("shared")).find(|dir| dir.is_dir())
}

#[test]
fn the_parsing_suite_agrees() {
    let Some(dir) = shared().map(|dir| dir.join("suites/json-parsing/test_parsing")).filter(|dir| dir.is_dir()) else {
        // Written past the harness, which keeps what passing tests print.
        let _ = std::io::stderr().write_all(b"skipped: the JSON parsing suite, there is no folder `shared` here\n");
        return;
    };
    let mut seen = 0;
    for file in std::fs::read_dir(dir).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let body = std::fs::read(file.path()).unwrap();
        let read = from_json::<Value>(&body, Mode::default());
        let as_records = from_json::<Records<String>>(&body, Mode::default());
        match name.as_bytes()[0] {
            b'y' => {
                let (value, _) = read.unwrap_or_else(|e| panic!("{name}: {e}"));
                let written = to_json(&value);
                assert_eq!(from_json::<Value>(written.as_bytes(), Mode::default()).unwrap().0, value, "{name}");
                if let Ok(theirs) = serde_json::from_slice::<Value>(&body) {
                    assert_eq!(theirs, value, "{name}");
                }
                if let Ok((records, _)) = as_records {
                    let written = to_json(&records);
                    assert_eq!(from_json::<Value>(written.as_bytes(), Mode::default()).unwrap().0, value, "{name}");
                }
            }
            b'n' => assert!(read.is_err(), "{name} was read"),
            _ => {}
        }
        seen += 1;
    }
    assert!(seen > 300, "only {seen} files");
}

#[test]
fn the_grammar_is_kept() {
    let refused = [
        "",
        " ",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{a:1}",
        "{\"a\":1,}",
        "01",
        "1.",
        ".5",
        "+1",
        "-",
        "1e",
        "1e+",
        "tru",
        "nul",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "\"",
        "[1 2]",
        "{} {}",
        "]",
        "}",
        "[}",
        "{]",
        "NaN",
        "\u{a0}1",
        "'a'",
        "[1}",
    ];
    for text in refused {
        assert!(from_json::<Value>(text.as_bytes(), Mode::default()).is_err(), "{text} was read");
    }
    let accepted =
        ["0", "-0", "1.5e-3", " [ ] ", "{\"\":{}}", "\"\\u00e9\\/\"", "[[[]],{\"a\":[null,true,false]}]", "1E5"];
    for text in accepted {
        let (value, _) = from_json::<Value>(text.as_bytes(), Mode::default()).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
    }
}
