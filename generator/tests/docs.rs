//! Descriptions as doc comments: what documents write becomes Markdown that rustdoc shows as it was meant.

use generator::{Inputs, generate};
use std::fs;

/// The doc lines of a model whose description is `text`.
fn documented(text: &str, settings: &str) -> Vec<String> {
    let document = serde_json::json!({
        "openapi": "3.0.3",
        "info": {"title": "Plants", "version": "1"},
        "paths": {"/plants/": {"get": {
            "operationId": "ListPlants",
            "tags": ["Plants"],
            "responses": {"200": {"description": "All.", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Plant"},
            }}}},
        }}},
        "components": {"schemas": {"Plant": {
            "type": "object",
            "description": text,
            "properties": {"description": {"type": "string", "default": "[no](/link)"}, "name": {"type": "string"}},
        }}},
    });
    let folder = tempfile::tempdir().expect("a folder");
    let (spec, config) = (folder.path().join("plants.json"), folder.path().join("plants.toml"));
    fs::write(&spec, document.to_string()).expect("write");
    fs::write(&config, settings).expect("write");
    let run = generate(&Inputs { spec, config: Some(config), ..Inputs::default() });
    assert!(!run.diagnostics.has_errors());
    let models: Vec<&[u8]> =
        run.files.iter().filter(|(path, _)| path.starts_with("src/models/")).map(|(_, content)| content).collect();
    let models: String = models.iter().map(|content| String::from_utf8_lossy(content)).collect();
    let (before, _) = models.split_once("pub struct Plant").expect("the model");
    let docs = before.lines().filter_map(|line| line.trim_start().strip_prefix("///"));
    let docs: Vec<String> = docs.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned()).collect();
    // Behind the description stands which operations use the model.
    let end = docs.iter().position(|line| line.starts_with("Part of [")).expect("the operation that uses it");
    docs.get(..end - 1).expect("a blank line before it").to_vec()
}

#[test]
fn links_lead_somewhere_or_are_text() {
    let base = "[docs]\nlink_base = \"https://docs.example/guide/start\"\n";
    let cases = [
        ("See [pots](/pots#clay).", base, "See [pots](https://docs.example/pots#clay)."),
        ("See [pots](/pots#clay).", "", "See pots."),
        ("See [pots](pots).", base, "See [pots](https://docs.example/guide/pots)."),
        ("See [pots](./pots).", base, "See [pots](https://docs.example/guide/pots)."),
        ("See [pots](https://a.example/b).", base, "See [pots](https://a.example/b)."),
        ("See [pots](mailto:a@b.example).", base, "See [pots](mailto:a@b.example)."),
        ("See <a href=\"/pots\" target=\"_blank\">pots</a>.", base, "See [pots](https://docs.example/pots)."),
        ("See <a href=\"/pots\">pots</a>.", "", "See pots."),
        ("See [pots](#pots) below.", base, "See pots below."),
        ("See `a[0](/x)`.", base, "See `a[0](/x)`."),
    ];
    for (text, settings, wanted) in cases {
        assert_eq!(documented(text, settings), [wanted], "{text}");
    }
}

#[test]
fn nothing_becomes_a_doctest_or_markup() {
    let cases: [(&str, &[&str]); 6] = [
        ("```\nlet x = 1;\n```", &["```text", "let x = 1;", "```"]),
        ("    four columns", &["four columns"]),
        ("An open [ bracket", &["An open \\[ bracket"]),
        ("A <b>bold</b> word", &["A bold word"]),
        ("One tick ` alone", &["One tick \\` alone"]),
        ("{% admonition %}Mind this.{% /admonition %}", &["Mind this."]),
    ];
    for (text, wanted) in cases {
        assert_eq!(documented(text, ""), wanted, "{text}");
    }
}
