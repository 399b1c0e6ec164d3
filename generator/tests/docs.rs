//! Descriptions as doc comments: what documents write becomes Markdown that rustdoc shows as it was meant.

use generator::render::docs::{first_sentence, lines};
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

/// Descriptions that hold code where an eye for indentation alone does not see it.
const CODE: &[&str] = &[
    // Behind the markers of lists.
    "+      panic!();",
    "*       panic!();",
    "-\n\n      panic!();",
    "1.      compile_error!(\"list\");",
    "12)       panic!();",
    "- one\n\n      panic!();\n- two",
    "1. one\n\n       panic!();\n\n2. two\n\n       panic!();",
    "-\tone\n\n\t\tpanic!();",
    "-\t\tpanic!();",
    "- - -      panic!();",
    "- 1. + 2)      panic!();",
    "- a\n  - b\n\n          panic!();",
    // In quotations, and both in each other.
    ">     panic!(\"quoted\");",
    "> > >     panic!();",
    "> said\n>\n>     panic!();\n> more",
    "> - one\n>\n>       panic!();",
    "- >     panic!();",
    "- > 1.      panic!();",
    "> said\n\n    panic!();",
    // Fences that no language is named for, or that of Rust.
    "- ```\n  panic!();\n  ```",
    "- ```rust\n  panic!();\n  ```\n- two",
    "> ```\n> panic!();\n> ```",
    "> ~~~ rust\n> panic!();\n> ~~~",
    "1. ~~~\n   panic!();\n   ~~~",
    "- - ~~~\n    panic!();",
    "   ~~~\npanic!();\n~~~\n\n~~~\npanic!();",
    "````\n```\npanic!();\n```\n````\n```\npanic!();",
    "```text\n```\n\n```rust\npanic!();\n```",
    // Behind what is no paragraph: headings, rules, tables, footnotes.
    "# A heading\n    panic!();",
    "***\n    panic!();",
    "| a |\n|---|\n| b |\n    panic!();",
    "[^1]: note\n\n        panic!();\n\n[^1]",
    "[a]: https://a.example\n    panic!();",
    // What is taken away leaves an indentation behind.
    "[      panic!();](#away)",
    "<b>      panic!();</b>",
    "<!-- x -->      panic!();",
    "<ul><li>      panic!();</li></ul>",
    "<li><pre>     panic!();\n     panic!();</pre>",
    "<blockquote>>     panic!();</blockquote>",
    "{% code %}      panic!();{% /code %}",
    "text<br>      panic!();",
    "one\u{2028}\u{2028}      panic!();",
    "\u{202e}      panic!();\u{b}\u{b}      panic!();",
    "\u{feff}-      panic!();",
];

/// Whether rustdoc would run something of these lines.
fn has_code(text: &str) -> bool {
    use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
    let rustdoc =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut code = [Options::empty(), rustdoc | Options::ENABLE_SMART_PUNCTUATION]
        .into_iter()
        .flat_map(|o| Parser::new_ext(text, o))
        .filter(|event| match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => &**language != "text",
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
            _ => false,
        });
    code.next().is_some()
}

#[test]
fn no_code_of_a_document_runs() {
    let open = CODE.iter().filter(|text| has_code(text)).count();
    assert!(open * 2 > CODE.len(), "only {open} of the texts are code for a parser of Markdown");
    for text in CODE {
        let lines = lines(text);
        assert!(!has_code(&lines.join("\n")), "{text:?} became {lines:#?}");
        assert!(
            lines.iter().any(|line| line.contains("panic!") || line.contains("compile_error!")),
            "{text:?}: {lines:#?}"
        );
        let first = vec![first_sentence(text)];
        assert!(!has_code(&first.concat()), "{text:?} became {first:#?}");
    }
}

/// Markers, indentations, fences and words in any order: no nesting of them lets code through.
#[test]
fn no_nesting_lets_code_through() {
    const PIECES: &[&str] = &[
        "- ",
        "* ",
        "1. ",
        "23) ",
        "> ",
        ">",
        "\t",
        "    ",
        "  ",
        " ",
        "\n",
        "\n\n",
        "\n    ",
        "```",
        "```rust",
        "~~~",
        "~~~ rust",
        "panic!();",
        "[^1]: ",
        "| a |\n|---|\n",
        "# ",
        "***\n",
        "<b>",
        "</b>",
        "`",
        "[",
        "](#a)",
        "\\",
        "<li>",
        "- [ ] ",
        "===\n",
    ];
    let mut seed = 1u64;
    let mut piece = || {
        // Knuth's constants: any order that is the same in every run will do.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        PIECES[(seed >> 33) as usize % PIECES.len()]
    };
    let mut open = 0;
    for _ in 0..20_000 {
        let text: String = (0..12).map(|_| piece()).collect::<String>() + "panic!();";
        open += usize::from(has_code(&text));
        let (lines, first) = (lines(&text).join("\n"), first_sentence(&text));
        assert!(!has_code(&lines) && !has_code(&first), "{text:?} became {lines:?} and {first:?}");
    }
    assert!(open > 5_000, "only {open} of the texts are code for a parser of Markdown");
}

/// What rustdoc itself finds to run in a file of all those texts, each on an item of its own.
#[test]
fn rustdoc_finds_nothing_to_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("texts.rs");
    let mut source = String::new();
    for (i, text) in CODE.iter().enumerate() {
        for (which, lines) in [("whole", lines(text)), ("first", vec![first_sentence(text)])] {
            let docs: String = lines.iter().map(|line| format!("/// {line}\n")).collect();
            source.push_str(&format!("{docs}pub mod {which}{i} {{}}\n"));
        }
    }
    fs::write(&path, &source).expect("write");
    let rustdoc = std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    let output =
        std::process::Command::new(rustdoc).args(["--test", "--edition", "2024"]).arg(&path).output().expect("rustdoc");
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.contains("running 0 tests"), "{out}\n{}\n{source}", String::from_utf8_lossy(&output.stderr));
}

/// Of what holds code in every place of a document that is documented, nothing is left in the whole crate.
#[test]
fn no_place_of_a_document_lets_code_through() {
    let text = "+      panic!();\n\n>     panic!();\n\n~~~\npanic!();\n~~~\npanic!();";
    let first = "~~~\npanic!();\n~~~\npanic!();";
    let word = |text: &str| serde_json::json!({"type": "string", "title": text, "description": text, "example": text, "default": text, "pattern": text});
    let document = serde_json::json!({
        "openapi": "3.0.3",
        "info": {"title": first, "version": text, "description": text},
        "servers": [{"url": "https://a.example", "description": first}, {"url": "https://b.example", "description": text}],
        "tags": [{"name": "Plants", "description": text}, {"name": text, "description": first}],
        "paths": {
            "/plants/{at}\n\n      panic!();": {"post": {
                "operationId": text, "tags": ["Plants"], "summary": first, "description": text,
                "parameters": [
                    {"name": "at", "in": "path", "required": true, "description": text, "schema": word(text)},
                    {"name": text, "in": "query", "description": first, "schema": word(text)},
                ],
                "requestBody": {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Plant"}}}},
                "responses": {"200": {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Plant"}}}}, "400": {"description": first}},
            }},
            "/b": {"get": {"operationId": "b", "tags": [text], "responses": {"204": {"description": text}}}},
        },
        "components": {"schemas": {"Plant": {"type": "object", "title": text, "description": first, "properties": {
            "a": word(text), "b": {"type": "string", "description": text, "enum": [text, first]}, text: word(first),
            "c": {"description": text, "oneOf": [word(text), {"type": "object", "title": text, "properties": {"x": word(first)}}]},
        }}}},
    });
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("plants.json");
    fs::write(&spec, document.to_string()).expect("write");
    let run = generate(&Inputs { spec, ..Inputs::default() });
    assert!(!run.diagnostics.has_errors());
    for (path, content) in
        run.files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with("src/runtime/"))
    {
        let content = String::from_utf8_lossy(content);
        let mut block: Vec<&str> = Vec::new();
        for line in content.lines().map(str::trim_start).chain([""]) {
            match line.strip_prefix("///").or(line.strip_prefix("//!")) {
                Some(words) => block.push(words.strip_prefix(' ').unwrap_or(words)),
                // The crate's own examples say what they are.
                None => {
                    let text =
                        block.join("\n").replace("```no_run", "```text").replace("```\n# #[cfg", "```text\n# #[cfg");
                    let text = text.replace("```\nuse ", "```text\nuse ");
                    assert!(!has_code(&text), "{path}:\n{text}");
                    block.clear();
                }
            }
        }
    }
}
