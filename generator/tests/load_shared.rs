//! `load` on other people's documents: the real ones, the ones spread over many files, the edge cases, and the JSON
//! parsing suite. They lie beside the repository and not in it; where they are not, the tests say so.

use generator::base::Sources;
use generator::base::diagnostic::{Diagnostics, Severity, Style, render};
use generator::document::Node;
use generator::document::load::{BUNDLED, load, read};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("SHARED_DIR").map(PathBuf::from);
    let beside = || {
        let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(2);
        above.map(|folder| folder.join("shared")).find(|folder| folder.is_dir())
    };
    let found = named.or_else(beside).filter(|folder| folder.is_dir());
    if found.is_none() {
        // Written past the harness, which keeps what passing tests print.
        let _ = std::io::stderr().write_all(b"skipped: other people's documents, there is no folder `shared` here\n");
    }
    found
}

fn files_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files_below(&path, endings));
        } else if path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)) {
            out.push(path);
        }
    }
    out.sort();
    out
}

fn shown(diagnostics: &Diagnostics, sources: &Sources) -> String {
    diagnostics.iter().map(|d| render(d, sources, Style::Plain)).collect()
}

fn errors_are_located(diagnostics: &Diagnostics, path: &Path) {
    for error in diagnostics.iter().filter(|d| d.severity == Severity::Error) {
        let names_the_file = path.file_name().is_some_and(|n| error.message.contains(&*n.to_string_lossy()));
        assert!(error.span.is_some() || names_the_file, "{}: {}", path.display(), error.message);
    }
}

#[test]
fn the_json_suite_is_told_apart() {
    let Some(folder) = shared().map(|s| s.join("suites/json-parsing/test_parsing")) else { return };
    let mut seen = [0, 0, 0];
    for path in files_below(&folder, &["json"]) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::new();
        let node = read(&path, &mut sources, &mut diagnostics);
        let text = shown(&diagnostics, &sources);
        assert_eq!(node.is_none(), diagnostics.has_errors(), "{name}: {text}");
        errors_are_located(&diagnostics, &path);
        let bytes = std::fs::read(&path).expect("the suite can be read");
        let theirs = serde_json::from_slice::<serde_json::Value>(&bytes);
        match name.as_bytes().first() {
            Some(b'y') => {
                seen[0] += 1;
                let node = node.unwrap_or_else(|| panic!("{name} must be read: {text}"));
                assert_eq!(node.to_json(), theirs.expect("serde_json reads it"), "{name}");
            }
            Some(b'n') => {
                seen[1] += 1;
                assert!(node.is_none(), "{name} must be refused");
            }
            _ => seen[2] += 1,
        }
    }
    assert!(seen.iter().all(|&n| n > 20), "{seen:?}");
}

#[test]
fn the_real_documents_load_and_equal_what_the_readers_of_record_read() {
    let Some(folder) = shared().map(|s| s.join("corpus/real")) else { return };
    let mut times: Vec<(Duration, String)> = Vec::new();
    let mut differences = Vec::new();
    for path in files_below(&folder, &["json", "yaml"]) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut diagnostics = Diagnostics::new();
        let start = Instant::now();
        let document = load(&path, &mut diagnostics);
        times.push((start.elapsed(), name.clone()));
        let document = document.unwrap_or_else(|sources| panic!("{name}: {}", shown(&diagnostics, &sources)));
        let text = std::fs::read_to_string(&path).expect("it was read before");
        let theirs = if name.ends_with(".json") {
            serde_json::from_str(&text).map_err(|e| e.to_string())
        } else {
            from_yaml(&text)
        };
        match theirs {
            Ok(mut theirs) => {
                // `swagger: 2.0` is a string in our tree, whatever it was.
                if let Some(version) = theirs.get_mut("swagger") {
                    *version = "2.0".into();
                }
                compare(&document.root, &theirs, &name, &mut differences);
            }
            Err(e) if is_intended(&e) => {}
            Err(e) => differences.push(format!("{name}: {e}")),
        }
    }
    times.sort();
    times.reverse();
    for (time, name) in times.iter().take(8) {
        eprintln!("{:>6} ms  {name}", time.as_millis());
    }
    assert!(times.len() >= 69, "{}", times.len());
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Where serde_yaml stops and we go on: of two equal keys the last one counts, with a warning, as in JSON; integers of more
/// than 64 bits keep their digits.
fn is_intended(serde_yaml_says: &str) -> bool {
    serde_yaml_says.contains("duplicate entry") || serde_yaml_says.contains("128, expected any YAML value")
}

/// Floats agree to the last place but one: serde_json rounds carelessly unless told otherwise, we take the nearest.
fn nearly_equal(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 4.0 * f64::EPSILON * a.abs(),
        _ => false,
    }
}

/// serde_yaml's reading, merge keys applied, as JSON.
fn from_yaml(text: &str) -> Result<serde_json::Value, String> {
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|e| e.to_string())?;
    value.apply_merge().map_err(|e| e.to_string())?;
    serde_json::to_value(value).map_err(|e| e.to_string())
}

/// Says where the two differ.
fn compare(ours: &Node, theirs: &serde_json::Value, at: &str, differences: &mut Vec<String>) {
    use serde_json::Value;
    match (ours.as_object(), ours.as_array(), theirs) {
        (Some(object), _, Value::Object(members)) if object.len() == members.len() => {
            for entry in object {
                match members.get(&entry.key) {
                    Some(theirs) => compare(&entry.value, theirs, &format!("{at}/{}", entry.key), differences),
                    None => differences.push(format!("{at}: only we have `{}`", entry.key)),
                }
            }
        }
        (_, Some(items), Value::Array(elements)) if items.len() == elements.len() => {
            for (i, (item, element)) in items.iter().zip(elements).enumerate() {
                compare(item, element, &format!("{at}/{i}"), differences);
            }
        }
        _ if ours.to_json() == *theirs || nearly_equal(&ours.to_json(), theirs) => {}
        _ => {
            let (ours, theirs) = (ours.to_json().to_string(), theirs.to_string());
            let short = |s: &str| s.chars().take(80).collect::<String>();
            differences.push(format!("{at}: {} / {}", short(&ours), short(&theirs)));
        }
    }
}

#[test]
fn documents_of_many_files_become_one_tree() {
    let Some(folder) = shared().map(|s| s.join("corpus/multi")) else { return };
    for (entry, least) in
        [("digitalocean/specification/DigitalOcean-public.v2.yaml", 1000), ("lago/src/openapi.yaml", 300)]
    {
        let mut diagnostics = Diagnostics::new();
        let start = Instant::now();
        let document = load(&folder.join(entry), &mut diagnostics);
        let time = start.elapsed();
        let document = document.unwrap_or_else(|sources| panic!("{}", shown(&diagnostics, &sources)));
        let bundled = document.root.get(BUNDLED).and_then(Node::as_object).map_or(0, |o| o.len());
        eprintln!(
            "{:>6} ms  {entry}: {} files, {bundled} bundled, {} findings",
            time.as_millis(),
            document.sources.len(),
            diagnostics.len()
        );
        assert!(document.sources.len() > least, "{}", document.sources.len());
        assert_eq!(shown(&diagnostics, &document.sources), "");
        let dangling = dangling(&document.root);
        assert!(dangling.is_empty(), "{dangling:#?}");
    }
}

/// References outside of extensions that do not lead anywhere within the tree.
fn dangling(root: &Node) -> Vec<String> {
    fn walk<'a>(node: &'a Node, out: &mut Vec<&'a str>) {
        if let Some(text) = node.get("$ref").and_then(Node::as_str) {
            out.push(text);
        }
        for entry in node.as_object().into_iter().flatten().filter(|e| !e.key.starts_with("x-code")) {
            walk(&entry.value, out);
        }
        for item in node.as_array().unwrap_or_default() {
            walk(item, out);
        }
    }
    let mut references = Vec::new();
    walk(root, &mut references);
    assert!(references.len() > 100);
    references.retain(|text| {
        let pointer = text.strip_prefix('#').and_then(generator::base::Pointer::parse);
        let segments: Option<Vec<String>> = pointer.map(|p| p.segments().collect());
        segments.is_none_or(|s| root.at(s.iter().map(String::as_str)).is_none())
    });
    references.into_iter().map(str::to_owned).collect()
}

#[test]
fn edge_documents_load_or_are_refused_with_a_place() {
    let Some(folder) = shared().map(|s| s.join("corpus/edge")) else { return };
    let (mut loaded, mut refused, mut differences) = (0, Vec::new(), Vec::new());
    let mut slowest = (Duration::ZERO, PathBuf::new());
    for path in files_below(&folder, &["json", "yaml", "yml"]) {
        let mut diagnostics = Diagnostics::new();
        let start = Instant::now();
        let document = load(&path, &mut diagnostics);
        slowest = slowest.max((start.elapsed(), path.clone()));
        errors_are_located(&diagnostics, &path);
        let short = path.strip_prefix(&folder).expect("below").display().to_string();
        match document {
            Ok(_) => {
                loaded += 1;
                assert!(!diagnostics.has_errors(), "{short}");
            }
            Err(sources) => {
                let text = shown(&diagnostics, &sources);
                assert!(diagnostics.has_errors() && text.starts_with(|c: char| c.is_ascii_alphabetic()), "{short}");
                refused.push(short.clone());
            }
        }
        // What serde_yaml reads and JSON can hold, the stage reads to the same values.
        let (mut sources, mut notes) = (Sources::new(), Diagnostics::new());
        let node = read(&path, &mut sources, &mut notes);
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let theirs = if short.ends_with(".json") { serde_json::from_str(&text).ok() } else { from_yaml(&text).ok() };
        match (node, theirs) {
            (Some(node), Some(theirs)) => compare(&node, &theirs, &short, &mut differences),
            // An empty file is `null` to serde_yaml and an error to us.
            (None, Some(serde_json::Value::Null)) => {}
            (None, Some(_)) => differences.push(format!("{short}: {}", shown(&notes, &sources))),
            _ => {}
        }
    }
    eprintln!(
        "{loaded} loaded, {} refused; slowest {} ms {}",
        refused.len(),
        slowest.0.as_millis(),
        slowest.1.display()
    );
    assert!(loaded > 500, "{loaded}");
    assert!(differences.is_empty(), "{differences:#?}");
}
