//! The rules of the architecture that a compiler does not know: who may import what, how files open, how long they get.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use tests::place::{files, relative, root, text};
use tests::skips::skip;

/// The files of a folder of the repository, as path and text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let all = files(&root().join(folder), ".rs");
    assert!(!all.is_empty(), "{folder}");
    all.iter().map(|path| (relative(path), text(path))).collect()
}

/// All words of a file, paths joined: `fs::write`, `Ident::new`; comments and texts are not among them.
fn words(source: &str) -> Vec<String> {
    fn walk(tokens: TokenStream, out: &mut Vec<String>) {
        let mut joined = false;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    match out.last_mut().filter(|_| joined) {
                        Some(last) => last.push_str(&format!("::{ident}")),
                        None => out.push(ident.to_string()),
                    }
                    (joined, colons) = (false, 0);
                }
                TokenTree::Punct(p) if p.as_char() == ':' => {
                    colons += 1;
                    joined = colons == 2 && !out.is_empty();
                }
                TokenTree::Punct(p) => {
                    if p.as_char() == '!' && colons == 0 {
                        out.last_mut().into_iter().for_each(|last| last.push('!'));
                    }
                    (joined, colons) = (false, 0);
                }
                TokenTree::Group(group) => {
                    out.push(String::new());
                    walk(group.stream(), out);
                    out.push(String::new());
                    (joined, colons) = (false, 0);
                }
                TokenTree::Literal(_) => {
                    out.push(String::new());
                    (joined, colons) = (false, 0);
                }
            }
        }
    }
    let mut out = Vec::new();
    walk(source.parse().expect("Rust"), &mut out);
    out
}

/// The source without its `#[cfg(test)] mod`, which stands last in a file.
fn without_tests(source: &str) -> &str {
    source.split("\n#[cfg(test)]\nmod ").next().unwrap_or(source)
}

/// The files of the generator where a word of `found` stands, outside of those that `allowed` names.
fn only(allowed: &[&str], found: impl Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    let mut met = BTreeSet::new();
    for (path, source) in sources("generator/src") {
        let place = path.strip_prefix("generator/src/").unwrap_or(&path).to_owned();
        let Some(word) = words(without_tests(&source)).into_iter().find(|word| found(word)) else { continue };
        match allowed.iter().find(|allowed| place.starts_with(**allowed)) {
            Some(allowed) => drop(met.insert(*allowed)),
            None => wrong.push(format!("{path}: `{word}`")),
        }
    }
    assert!(wrong.is_empty(), "only {allowed:?} may:\n{}", wrong.join("\n"));
    assert_eq!(met.len(), allowed.len(), "the rule has become too wide: only {met:?} of {allowed:?} is needed");
}

/// Whether a path begins with this crate or module.
fn begins(word: &str, with: &str) -> bool {
    word == with || word.strip_prefix(with).is_some_and(|rest| rest.starts_with("::"))
}

/// What a file of the generator imports from the other folders of `src`, and the word that does. `use crate::{a, b::C}` too:
/// the words of a group stand after `crate` alone.
fn imports(source: &str) -> Vec<(String, String)> {
    fn walk(tokens: TokenStream, out: &mut Vec<(String, String)>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                // Not `$crate`, nor what `quote!` writes into generated code: `crate` there is another one.
                TokenTree::Ident(ident) if ident == "crate" => match tokens.get(at + 3) {
                    Some(TokenTree::Ident(folder)) => out.push((folder.to_string(), format!("crate::{folder}"))),
                    Some(TokenTree::Group(group)) => {
                        let mut first = true;
                        for token in group.stream() {
                            match token {
                                TokenTree::Ident(folder) if first => {
                                    out.push((folder.to_string(), format!("crate::{{{folder}}}")));
                                    first = false;
                                }
                                TokenTree::Punct(p) if p.as_char() == ',' => first = true,
                                _ => first = false,
                            }
                        }
                    }
                    _ => {}
                },
                TokenTree::Group(group) => {
                    let quoted =
                        matches!(tokens.get(at.wrapping_sub(2)), Some(TokenTree::Ident(name)) if name == "quote");
                    if !quoted {
                        walk(group.stream(), out);
                    }
                }
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    walk(source.parse().expect("Rust"), &mut out);
    out
}

#[test]
fn no_two_folders_of_the_generator_import_each_other() {
    // Per folder (or file) of `src`: what it imports, and where.
    let mut edges: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (path, source) in sources("generator/src") {
        let place = path.strip_prefix("generator/src/").unwrap_or(&path);
        let folder = place.split(['/', '.']).next().unwrap_or(place).to_owned();
        if folder == "lib" {
            continue;
        }
        let all = edges.entry(folder.clone()).or_default();
        for (to, word) in imports(without_tests(&source)).into_iter().filter(|(to, _)| *to != folder) {
            all.entry(to).or_insert(format!("{path}: `{word}`"));
        }
    }
    for (folder, to) in &edges {
        let strange: Vec<&String> = to.keys().filter(|to| !edges.contains_key(*to)).collect();
        assert!(strange.is_empty(), "{folder} imports what is no folder: {strange:?}");
    }
    // What imports nothing that is left is taken away, until nothing is left or all that is left lies on or above a circle.
    let mut left: BTreeSet<&String> = edges.keys().collect();
    while let Some(free) = left.iter().find(|folder| edges[**folder].keys().all(|to| !left.contains(to))).copied() {
        left.remove(free);
    }
    let circle: Vec<String> = left
        .iter()
        .flat_map(|folder| &edges[*folder])
        .filter(|(to, _)| left.contains(to))
        .map(|(to, at)| format!("{at} (to {to})"))
        .collect();
    assert!(circle.is_empty(), "a circle of imports:\n{}", circle.join("\n"));
    assert_eq!(edges["base"].len(), 0, "`base` lies below all: {:?}", edges["base"]);
}

#[test]
fn only_lower_knows_openapiv3() {
    only(&["lower/"], |word| begins(word, "openapiv3"));
}

#[test]
fn only_render_builds_rust_and_emit_formats_it() {
    only(&["emit/format.rs", "render/"], |word| ["quote", "syn", "proc_macro2"].iter().any(|c| begins(word, c)));
    only(&["render/"], |word| word == "quote!" || begins(word, "quote"));
    only(&["emit/format.rs"], |word| begins(word, "prettyplease"));
}

#[test]
fn only_load_reads_yaml_and_json() {
    only(&["document/load/yaml/"], |word| ["serde_yaml", "unsafe_libyaml"].iter().any(|c| begins(word, c)));
    // The manifest and the journal are JSON of our own, no documents; the IR carries the numbers of an enum as JSON text.
    only(&["emit/journal.rs", "emit/manifest.rs", "render/tests/values.rs"], |word| {
        begins(word, "serde_json::from_str")
    });
}

#[test]
fn only_emit_writes_to_the_disk() {
    let writes =
        ["write", "create_dir", "create_dir_all", "remove_file", "remove_dir", "remove_dir_all", "rename", "copy"];
    let writes: Vec<String> = writes.iter().map(|name| format!("fs::{name}")).collect();
    only(&["emit/"], |word| {
        writes.iter().any(|write| word.ends_with(write.as_str()))
            || ["File::create", "File::options", "OpenOptions::new"].iter().any(|end| word.ends_with(end))
    });
}

/// Whatever is read otherwise could be a pipe that nobody writes into, or have no end.
#[test]
fn only_one_function_reads_files() {
    only(&["base/file.rs", "emit/journal.rs"], |word| {
        ["fs::read", "fs::read_to_string", "File::open"].iter().any(|end| word.ends_with(end))
    });
}

/// A checkout with other line ends would compile other templates in, and find every generated file and snapshot changed.
#[test]
fn line_ends_are_the_same_in_every_checkout() {
    let git = Command::new("git").args(["ls-files", "--eol"]).current_dir(root()).output();
    let listed = git.ok().filter(|output| output.status.success()).map(|output| output.stdout).unwrap_or_default();
    let listed = String::from_utf8(listed).expect("text");
    if listed.is_empty() {
        skip("this is no checkout of git");
        return;
    }
    for line in listed.lines() {
        let (ends, path) = line.split_once('\t').expect("a path");
        let exact = path.starts_with("generated/") || path.ends_with(".snap");
        let attribute =
            if exact || path.contains("/fixtures/") || path == "spec/names.lock" { "-text" } else { "eol=lf" };
        assert!(ends.contains(attribute), "{path}: {ends}, `.gitattributes` should say {attribute}");
        let has_cr = ends.contains("i/crlf") || ends.contains("i/mixed");
        assert!(!has_cr || path.contains("/fixtures/"), "{path} holds CR");
    }
}

#[test]
fn only_one_function_makes_identifiers() {
    let makes = |word: &str| {
        word.ends_with("Ident::new") || word.ends_with("Ident::new_raw") || word.ends_with("format_ident!")
    };
    only(&["render/rust/types.rs"], makes);
    // The names behind them are made in one folder.
    only(&["name/"], |word| word.ends_with("Ident::of"));
    let source = text(&root().join("generator/src/render/rust/types.rs"));
    let file = syn::parse_file(&source).expect("Rust");
    let calls = |source: &str| words(source).iter().filter(|word| makes(word)).count();
    let one = file.items.iter().find_map(|item| match item {
        syn::Item::Fn(f) if f.sig.ident == "ident_of" => Some(quote::ToTokens::to_token_stream(f).to_string()),
        _ => None,
    });
    assert_eq!(calls(&one.expect("`ident_of`")), calls(&source));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> = ["generator", "xtask", "templates", "tests"]
        .iter()
        .flat_map(|folder| sources(folder))
        .filter(|(_, source)| !source.starts_with("//! "))
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "these files do not open with `//!`: {silent:#?}");
}

#[test]
fn no_file_grows_too_long() {
    let mut wrong = Vec::new();
    for (path, source) in ["generator", "xtask", "templates", "tests"].iter().flat_map(|folder| sources(folder)) {
        let lines = source.lines().count();
        if lines > 700 {
            wrong.push(format!("{path}: {lines} lines, 700 are allowed"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_runtime_stands_on_its_own_feet() {
    let mut wrong = Vec::new();
    for (path, source) in sources("templates/runtime/src") {
        // Copied into src/runtime/ of every SDK, or a crate of its own: only these paths are the same in both.
        let paths = source.match_indices("crate::").filter(|(at, _)| !source[*at..].starts_with("crate::runtime::"));
        wrong.extend(paths.map(|(at, _)| format!("{path}:{}: crate::", 1 + source[..at].matches('\n').count())));
        if source.contains("$crate") {
            wrong.push(format!("{path}: macros say `runtime::`, which is at hand wherever they are used"));
        }
        if source.contains("#[cfg(test)]") {
            wrong.push(format!("{path}: tests belong to templates/runtime/tests"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_generator_carries_every_file_of_runtime_and_client() {
    let file = syn::parse_file(&text(&root().join("generator/src/render/package/runtime_files.rs"))).expect("Rust");
    for (constant, folder, apart) in
        [("RUNTIME", "templates/runtime/src/runtime", None), ("FACE", "templates/face", Some("settings.rs"))]
    {
        let list = file.items.iter().find_map(|item| match item {
            syn::Item::Const(c) if c.ident == constant => Some(quote::ToTokens::to_token_stream(&c.expr).to_string()),
            _ => None,
        });
        // The first text is the folder.
        let listed: BTreeSet<String> =
            list.expect("a list").split('"').skip(1).step_by(2).skip(1).map(str::to_owned).collect();
        let folder = root().join(folder);
        let name = |path: &PathBuf| Some(path.strip_prefix(&folder).ok()?.to_string_lossy().replace('\\', "/"));
        let mut present: BTreeSet<String> = files(&folder, ".rs").iter().filter_map(name).collect();
        apart.into_iter().for_each(|apart| assert!(present.remove(apart), "{apart}"));
        assert_eq!(listed, present);
    }
}

#[test]
fn modules_are_named_by_what_they_are_about() {
    let vague =
        ["util", "utils", "helper", "helpers", "common", "misc", "converter", "manager", "processor", "handler"];
    let mut wrong = Vec::new();
    for (path, _) in ["generator", "xtask", "templates", "tests"].iter().flat_map(|folder| sources(folder)) {
        let parts = path.trim_end_matches(".rs").split(['/', '_']);
        wrong.extend(parts.filter(|part| vague.contains(part)).map(|part| format!("{path}: {part}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_panics_on_an_input() {
    // The runtime's lints are copied into every SDK with it.
    for path in ["generator/src/lib.rs", "templates/runtime/src/runtime/mod.rs"] {
        let source = text(&root().join(path));
        let missing: Vec<&str> = ["unwrap_used", "expect_used", "panic", "todo", "unimplemented", "indexing_slicing"]
            .into_iter()
            .filter(|lint| !source.contains(&format!("clippy::{lint}")))
            .collect();
        assert!(missing.is_empty(), "{path}: {missing:?}");
    }
}

/// What the command line holds itself to, the limits of the workflows and the README are one promise.
#[test]
fn ci_keeps_to_its_budget_and_leaves_the_rest_to_the_night() {
    let workflow = |name: &str| text(&root().join(format!(".github/workflows/{name}.yml")));
    let limit = |job: &str| -> u64 {
        let limit = job.split("timeout-minutes: ").nth(1).and_then(|rest| rest.lines().next());
        limit.and_then(|minutes| minutes.parse().ok()).expect("a limit")
    };
    let own = text(&root().join("xtask/src/ci.rs"));
    let budget = own.split("const BUDGET: Duration = Duration::from_secs(").nth(1).expect("the budget");
    let budget: u64 = budget.split(" * 60)").next().and_then(|minutes| minutes.parse().ok()).expect("minutes");
    let ci = workflow("ci");
    assert!(
        limit(ci.split("\n  ci:\n").nth(1).expect("the job")) <= 2 * budget,
        "ci.yml allows more than twice the budget"
    );
    assert!(text(&root().join("README.md")).contains(&format!("at most {budget} minutes")));
    let nightly = workflow("nightly");
    assert!(nightly.contains("schedule:") && nightly.contains("run: .ci/run --deep"));
    assert!(text(&root().join(".ci/run")).contains("cargo xtask ci \"$@\""));
    for line in nightly.lines().filter(|line| line.contains("uses: ")) {
        assert!(ci.contains(line.trim()), "not pinned as in ci.yml: {line}");
    }
}

/// What the harness shows of a passing test is nothing that it prints: who skips goes past it.
#[test]
fn what_is_skipped_is_seen() {
    let harness = ["println!(\"skipped", "eprintln!(\"skipped"];
    let mut wrong = Vec::new();
    for (path, source) in
        ["generator/tests", "xtask/tests", "templates/runtime/tests", "tests"].iter().flat_map(|f| sources(f))
    {
        if !path.ends_with("/tidy.rs") && harness.iter().any(|word| source.contains(word)) {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "said where nobody sees it: {wrong:#?}");

    // This very program, as `cargo test` runs it, in a folder without what a test wants.
    let mut own = Command::new(std::env::current_exe().expect("a path"));
    own.args(["--exact", "something_is_skipped"]).env("SHARED_DIR", "/nowhere");
    let output = own.output().expect("it runs");
    let seen = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && seen.lines().any(|line| line == "skipped: there is no shared/nothing here"),
        "{seen}"
    );
}

/// For the test above: a test that is skipped.
#[test]
fn something_is_skipped() {
    let nowhere = std::env::var_os("SHARED_DIR").is_some_and(|dir| dir == "/nowhere");
    assert!(!nowhere || tests::place::shared("nothing").is_none());
}

#[test]
fn ci_tries_the_compiler_we_promise_and_other_systems() {
    let ci = text(&root().join(".github/workflows/ci.yml"));
    let manifest = text(&root().join("Cargo.toml"));
    let promised = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("a promise");
    let promised = promised.trim_matches('"');
    let oldest = ci.split("\n  msrv:\n").nth(1).expect("the job").split("\n\n").next().expect("its steps");
    for step in [
        "toolchain install {}.0 ",
        "cargo +{}.0 check --locked --workspace --all-targets",
        "+{}.0 check --locked --package belvo --all-features",
    ] {
        assert!(oldest.contains(&step.replace("{}", promised)), "{step}: {oldest}");
    }
    let systems = ci.split("\n  systems:\n").nth(1).expect("the job");
    for word in [
        "windows-",
        "macos-",
        "cargo xtask check",
        "cargo xtask generate",
        "git diff --exit-code",
        "--package generator",
        "--package xtask",
    ] {
        assert!(systems.contains(word), "{word}: {systems}");
    }
}
