//! The conformance data of RFC 6570, when it is next to the repository: what one variable of a template expands to is what the style
//! of the same operator writes. Nothing but expressions of one variable has a style.

use std::io::Write;
use std::path::PathBuf;

use crate::Client;
use crate::runtime::__private::PathStyle;
use crate::runtime::{Credentials, Operation, Request, Style, Value, decode};

fn data() -> Option<PathBuf> {
    let shared = std::env::var_os("SHARED_DIR").map(PathBuf::from);
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = shared.or_else(|| here.ancestors().map(|dir| dir.join("shared")).find(|dir| dir.is_dir()));
    shared.map(|dir| dir.join("suites/uri-template")).filter(|dir| dir.is_dir())
}

static IN_PATH: Operation = Operation { id: "Path", path: "/{v}", ..Operation::DEFAULT };
static IN_QUERY: Operation = Operation { id: "Query", path: "/", ..Operation::DEFAULT };

/// What the style of an operator writes; `None` for an operator that OpenAPI has no style for.
fn written(operator: &str, name: &'static str, value: &Value, explode: bool) -> Option<Result<String, String>> {
    let style = match (operator, explode) {
        ("" | "+", false) => PathStyle::Simple,
        ("" | "+", true) => PathStyle::SimpleExplode,
        (".", false) => PathStyle::Label,
        (".", true) => PathStyle::LabelExplode,
        (";", false) => PathStyle::Matrix,
        (";", true) => PathStyle::MatrixExplode,
        ("?" | "&", _) => {
            let client = Client::new("https://h", Credentials::none());
            let mut request = Request::new(&client, &IN_QUERY, decode::<Value>);
            request.query(name, value, if explode { Style::FormExplode } else { Style::Form });
            let url = request.parts().map_err(|e| e.to_string()).map(|parts| parts.url);
            return Some(url.map(|url| url.split_once('?').map_or(String::new(), |(_, q)| format!("{operator}{q}"))));
        }
        _ => return None,
    };
    let client = Client::new("https://h", Credentials::none());
    let mut request = Request::new(&client, &IN_PATH, decode::<Value>);
    // The place in the path is the same for all; only matrix writes the name.
    match operator {
        "+" => request.path_reserved("v", value, style),
        _ => request.path_styled("v", value, style),
    }
    let url = request.parts().map_err(|e| e.to_string()).map(|parts| parts.url);
    Some(url.map(|url| {
        let path = url.trim_start_matches("https://h/").to_owned();
        match path.strip_prefix(";v").filter(|rest| rest.is_empty() || rest.starts_with(['=', ';'])) {
            Some(_) if operator == ";" => path.replace(";v=", &format!(";{name}=")).replace(";v", &format!(";{name}")),
            _ => path,
        }
    }))
}

#[test]
fn styles_are_what_templates_expand_to() {
    let Some(dir) = data() else {
        // Written past the harness, which keeps what passing tests print.
        let _ = std::io::stderr().write_all(b"skipped: the suite of RFC 6570, there is no folder `shared` here\n");
        return;
    };
    let (mut seen, mut failed) = (0, Vec::new());
    for file in ["spec-examples.json", "spec-examples-by-section.json", "extended-tests.json"] {
        let groups: Value = serde_json::from_slice(&std::fs::read(dir.join(file)).unwrap()).unwrap();
        for (group, content) in groups.as_object().unwrap() {
            for case in content["testcases"].as_array().unwrap() {
                let template = case[0].as_str().unwrap_or_default();
                let expression = template.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or_default();
                let operator = &expression[..expression.find(|c: char| c.is_alphanumeric()).unwrap_or(0)];
                let (name, explode) = match expression[operator.len()..].strip_suffix('*') {
                    Some(name) => (name, true),
                    None => (&expression[operator.len()..], false),
                };
                if name.is_empty() || name.contains([',', ':', '{', '%', '*']) {
                    continue;
                }
                let name: &'static str = String::leak(name.to_owned());
                let value = &content["variables"][name];
                let expected: Vec<&str> = match &case[1] {
                    Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
                    Value::String(one) => vec![one],
                    _ => continue,
                };
                let Some(sent) = written(operator, name, value, explode) else { continue };
                seen += 1;
                let fits = match &sent {
                    // A slash would end the segment, and a question mark the path: OpenAPI allows neither in a parameter.
                    Ok(sent) if operator == "+" => {
                        expected.iter().any(|e| e.replace('/', "%2F").replace('?', "%3F").replace('#', "%23") == *sent)
                    }
                    Ok(sent) => expected.contains(&&**sent),
                    // Nothing, or a dot alone, would be another path.
                    Err(error) => {
                        error.contains("is empty") && expected.contains(&"")
                            || error.contains("dot segment") && expected.contains(&".")
                    }
                };
                if !fits {
                    failed.push(format!("{file} {group}: {template} of {value}: {sent:?}, not {expected:?}"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(seen > 60, "{seen}");
}
