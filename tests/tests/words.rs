//! One word a concept: what the glossary of `CONTRIBUTING.md` has put other words in place of is gone from names, docs and messages
//! of everything that users of a generated crate see, and from names and messages of the programs that make it.

use proc_macro2::{TokenStream, TokenTree};
use tests::place::{files, relative, root, text};
use tests::run::fixture;

/// The third column of the glossary: every old word or phrase, which are code there.
fn old_words() -> Vec<String> {
    let page = text(&root().join("CONTRIBUTING.md"));
    let table = page.split("| word | what it means | in place of |\n").nth(1).expect("the glossary");
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let old: Vec<String> = rows
        .filter_map(|row| row.trim_end_matches('|').rsplit('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(old.len() > 20, "{old:?}");
    old
}

/// All names of Rust source, and in one piece its texts: what it says, and with `docs` its doc comments. What `//` says is neither.
fn seen(tokens: TokenStream, docs: bool, names: &mut Vec<String>, prose: &mut String) {
    let is_doc =
        |tokens: &TokenStream| tokens.clone().into_iter().next().is_some_and(|first| first.to_string() == "doc");
    for token in tokens {
        match token {
            TokenTree::Ident(name) => names.push(name.to_string()),
            TokenTree::Literal(text) => {
                *prose = format!("{prose}{} ", text.to_string().trim_matches(['r', '"', '#', ' ']))
            }
            TokenTree::Group(group) if !docs && is_doc(&group.stream()) => {}
            TokenTree::Group(group) => seen(group.stream(), docs, names, prose),
            TokenTree::Punct(_) => {}
        }
    }
}

/// The words of a text: letters and digits, in lower case unless `exact`.
fn words(text: &str, exact: bool) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| if exact { word.to_owned() } else { word.to_lowercase() }).collect()
}

/// A name as words: `OddRecord` and `odd_record` are `odd record`.
fn spaced(name: &str) -> String {
    name.chars().flat_map(|c| [c.is_uppercase().then_some(' '), Some(c)]).flatten().collect()
}

/// Where a file has old words. One with a capital letter is a name that we had and counts only as it was.
fn found(path: &str, source: &str, docs: bool, old: &[String]) -> Vec<String> {
    let (mut names, mut prose) = (Vec::new(), String::new());
    match path.ends_with(".rs") {
        true => seen(source.parse().unwrap_or_else(|e| panic!("{path}: {e}")), docs, &mut names, &mut prose),
        false => prose = source.to_owned(),
    }
    let name_words: Vec<String> = names.iter().map(|name| spaced(name)).collect();
    let joined = vec![names.join(" ")];
    let mut out = Vec::new();
    for old in old {
        let exact = old.contains(char::is_uppercase);
        let wanted = words(old, exact);
        // By itself `Lists` may begin a sentence.
        let said = (!exact || wanted.len() > 1).then_some(&prose);
        for text in if exact { &joined } else { &name_words }.iter().chain(said) {
            let words = words(text, exact);
            for at in (0..words.len()).filter(|at| words[*at..].starts_with(&wanted)) {
                let context = words[at.saturating_sub(5)..words.len().min(at + 9)].join(" ");
                out.push(format!("{path}: `{old}`: {context}"));
            }
        }
    }
    out
}

#[test]
fn old_words_are_gone_from_names_docs_and_messages() {
    let old = old_words();
    let mut wrong = found("README.md", &text(&root().join("README.md")), true, &old);
    for folder in ["templates/runtime/src", "templates/face", "templates/belvo", "templates/text"] {
        for path in files(&root().join(folder), "") {
            wrong.extend(found(&relative(&path), &text(&path), true, &old));
        }
    }
    // A document of ours: all that is not its own words is the generator's.
    let run = fixture(&text(&root().join("generator/tests/readers/harbour.yaml")));
    let copied = |path: &str| path.starts_with("src/runtime/") || path.starts_with("src/client/");
    for (path, content) in run.files.iter().filter(|(path, _)| !copied(path)) {
        wrong.extend(found(path, std::str::from_utf8(content).expect("text"), true, &old));
    }
    // Our own code: messages, reports and the pages of codes; its docs are for whoever reads it.
    for folder in ["generator/src", "xtask/src"] {
        for path in files(&root().join(folder), ".rs") {
            wrong.extend(found(&relative(&path), &text(&path), false, &old));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "the glossary in CONTRIBUTING.md has words for these:\n{}", wrong.join("\n"));
}

#[test]
fn what_is_looked_for_is_found() {
    const SOURCE: &str = "/// It may\n/// pass.\npub fn odd_ones() {} trait Lists {} // odd\nfn lists() -> &str { oddly(\"an odd one\") }";
    let old = ["odd", "may pass", "Lists"].map(str::to_owned);
    let wrong = found("a.rs", SOURCE, true, &old);
    assert_eq!(wrong.len(), 4, "{wrong:#?}");
    // Without what is said of it.
    assert_eq!(found("a.rs", SOURCE, false, &old).len(), 3);
    assert_eq!(found("README.md", "Odd. Lists what\nmay pass.", true, &old).len(), 2);
}
