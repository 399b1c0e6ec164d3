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

/// What a document writes, the lines it becomes, and its first sentence.
#[rustfmt::skip]
const TEXTS: &[(&str, &[&str], &str)] = &[
    // Paragraphs and lines.
    ("Two\nlines of one paragraph.", &["Two", "lines of one paragraph."], "Two lines of one paragraph."),
    ("One.\r\n\r\nTwo.", &["One.", "", "Two."], "One."),
    ("\n\n  Blank around.  \n\n", &["Blank around."], "Blank around."),
    ("one<br>two", &["one", "two"], "one two"),
    ("", &[], ""),
    // Markdown that stays.
    ("**bold** and _thin_", &["**bold** and _thin_"], "**bold** and _thin_"),
    ("`code` stays", &["`code` stays"], "`code` stays"),
    ("# Heading\ntext", &["# Heading", "text"], "Heading"),
    ("> quoted", &["> quoted"], "quoted"),
    ("***\ntext", &["***", "text"], "text"),
    ("- one\n- two\n  more of it", &["- one", "- two", "  more of it"], "one"),
    ("* one\n* two", &["* one", "* two"], "one"),
    ("1. one\n2. two", &["1. one", "2. two"], "1. one"),
    ("| a |\n|---|\n| 1 |", &["| a |", "|---|", "| 1 |"], ""),
    // Nothing of it is code that rustdoc would run.
    ("```\nlet x = 1;\n```", &["```text", "let x = 1;", "```"], ""),
    ("```json\n{}\n```", &["```text", "{}", "```"], ""),
    ("```open", &["```text", "```"], ""),
    ("    four columns", &["four columns"], "four columns"),
    ("- one\n    - within", &["- one", "   - within"], "one - within"),
    // What would be markup by mistake is escaped.
    ("One tick ` alone", &["One tick \\` alone"], "One tick \\` alone"),
    ("An open [ bracket", &["An open \\[ bracket"], "An open \\[ bracket"),
    ("[`Vec`]", &["\\[`Vec`\\]"], "\\[`Vec`\\]"),
    ("a < b and c > d", &["a \\< b and c > d"], "a \\< b and c > d"),
    // HTML, template tags and hidden characters go, their text stays.
    ("A <b>bold</b> word", &["A bold word"], "A bold word"),
    ("<ul><li>one</li><li>two</li></ul>", &["- one", "- two"], "one"),
    ("<!-- no -->text", &["text"], "text"),
    ("{% admonition %}Mind this.{% /admonition %}", &["Mind this."], "Mind this."),
    ("\u{202e}turned", &["turned"], "turned"),
    // Links lead somewhere or are text.
    ("https://a.example/b", &["<https://a.example/b>"], "<https://a.example/b>"),
    ("[pots](https://a.example/b)", &["[pots](https://a.example/b)"], "[pots](https://a.example/b)"),
    ("[pots](mailto:a@b.example)", &["[pots](mailto:a@b.example)"], "[pots](mailto:a@b.example)"),
    ("<a href=\"https://a.example\">pots</a>", &["[pots](https://a.example)"], "[pots](https://a.example)"),
    ("[pots](/pots)", &["pots"], "pots"),
    ("<a href=\"/pots\">pots</a>", &["pots"], "pots"),
    ("[pots](#pots)", &["pots"], "pots"),
    ("[](https://a.example)", &["[link](https://a.example)"], "[link](https://a.example)"),
    ("A picture: ![of a pot](/pot.png)!", &["A picture: of a pot!"], "A picture: of a pot!"),
    ("![a](https://a.example/a.png)", &["a"], "a"),
    ("One ![](a.png) two", &["One  two"], "One  two"),
    ("[![pots](a.png)](https://a.example)", &["[pots](https://a.example)"], "[pots](https://a.example)"),
    ("[a [b](c) d](https://a.example)", &["[a b d](https://a.example)"], "[a b d](https://a.example)"),
    ("Look ![here", &["Look !\\[here"], "Look !\\[here"),
    ("`a[0](/x)`", &["`a[0](/x)`"], "`a[0](/x)`"),
    // Sentences.
    ("The id, e.g. `a.b`. It is long.", &["The id, e.g. `a.b`. It is long."], "The id, e.g. `a.b`."),
    ("Since v1.2. And more", &["Since v1.2. And more"], "Since v1.2."),
    ("What? This.", &["What? This."], "What?"),
    ("用户。第二句。", &["用户。第二句。"], "用户。"),
];

#[test]
fn texts_become_lines_and_have_a_first_sentence() {
    for (text, wanted, sentence) in TEXTS {
        assert_eq!(
            (lines(text), first_sentence(text).as_str()),
            (wanted.iter().map(|l| (*l).to_owned()).collect(), *sentence),
            "{text}"
        );
    }
}

#[test]
fn relative_links_get_the_base_that_the_settings_give() {
    let base = "[docs]\nlink_base = \"https://docs.example/guide/start\"\n";
    let cases = [
        ("See [pots](/pots#clay).", "See [pots](https://docs.example/pots#clay)."),
        ("See [pots](pots).", "See [pots](https://docs.example/guide/pots)."),
        ("See [pots](./pots).", "See [pots](https://docs.example/guide/pots)."),
        ("See [pots](https://a.example/b).", "See [pots](https://a.example/b)."),
        ("See <a href=\"/pots\" target=\"_blank\">pots</a>.", "See [pots](https://docs.example/pots)."),
        ("See [pots](#pots) below.", "See pots below."),
        ("See `a[0](/x)`.", "See `a[0](/x)`."),
    ];
    for (text, wanted) in cases {
        assert_eq!(documented(text, base), [wanted], "{text}");
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
