//! Every snapshot belongs to an assertion: one that nobody compares any more would lie about what is covered.

use std::collections::BTreeSet;
use std::path::Path;
use tests::place::{files, relative, root, text};

/// The names that `assert_snapshot!("name", ..)` and the like give in a test file and its modules.
fn named(source: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (at, _) in source.match_indices("_snapshot!(") {
        let argument = source[at + "_snapshot!(".len()..].trim_start();
        if let Some(rest) = argument.strip_prefix('"') {
            out.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    out
}

/// The functions of a test file: what insta calls a snapshot without a name, without `test_`.
fn functions(source: &str) -> BTreeSet<String> {
    let names = source.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
    names.map(|name| name.trim_start_matches("test_").to_owned()).collect()
}

/// The files of a test: itself and the modules in a folder of its name.
fn sources(folder: &Path, test: &str) -> Option<String> {
    let main = [format!("{test}.rs"), format!("{test}/main.rs")].map(|name| folder.join(name));
    let main = main.iter().find(|path| path.is_file())?;
    let mut all = text(main);
    if folder.join(test).is_dir() {
        files(&folder.join(test), ".rs").iter().for_each(|path| all.push_str(&text(path)));
    }
    Some(all)
}

#[test]
fn every_snapshot_has_its_assertion() {
    let mut orphans = Vec::new();
    let snapshots = files(&root(), ".snap");
    for path in &snapshots {
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        // `tests/snapshots/<test file>[__<module>]__<name>.snap`
        let (test, name) = stem.split_once("__").unwrap_or((&stem, ""));
        let name = name.rsplit("__").next().unwrap_or(name);
        // A second snapshot without a name of the same function: `name-2`.
        let unnumbered = name.rsplit_once('-').filter(|(_, n)| n.parse::<u32>().is_ok()).map_or(name, |(name, _)| name);
        let folder = path.parent().and_then(Path::parent).expect("the folder of the tests");
        let known = sources(folder, test).is_some_and(|source| {
            named(&source).contains(name) || functions(&source).contains(unnumbered) || tabled(&source, name)
        });
        if !known {
            orphans.push(relative(path));
        }
    }
    assert!(snapshots.len() > 5, "the folder is not where it was");
    assert!(orphans.is_empty(), "no test compares these: delete them, or bring the test back: {orphans:#?}");
}

/// Names that come from a table: the text stands in the file, and its assertion takes a variable.
fn tabled(source: &str, name: &str) -> bool {
    let taken = source.match_indices("_snapshot!(").any(|(at, call)| {
        let argument = source[at + call.len()..].trim_start();
        argument.starts_with(char::is_lowercase) || argument.starts_with("format!")
    });
    taken && source.contains(&format!("\"{name}\""))
}

#[test]
fn nothing_waits_to_be_accepted() {
    let waiting = [".snap.new", ".pending-snap"].iter().flat_map(|end| files(&root(), end));
    let waiting: Vec<String> = waiting.map(|path| relative(&path)).collect();
    assert!(waiting.is_empty(), "run `cargo insta review`, or delete: {waiting:#?}");
}
