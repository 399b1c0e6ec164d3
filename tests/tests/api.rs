//! The whole public surface of the crate `belvo`, a line an item: what a change of these snapshots says, users feel.

use std::collections::BTreeSet;
use std::fmt::Write;
use syn::{ImplItem, Item};
use tests::place::{files, root, text};
use tests::surface::{alias, docs, exported, lines};

/// The parsed files below a folder of generated/src, by module path; `mod.rs` carries the folder's own.
fn parsed(folder: &str) -> Vec<(String, syn::File)> {
    let dir = root().join("generated/src").join(folder);
    let parse = |path: &std::path::PathBuf| {
        let within =
            path.strip_prefix(&dir).expect("below").with_extension("").to_string_lossy().replace(['/', '\\'], "::");
        let name = within.strip_suffix("::mod").map_or(within.clone(), str::to_owned);
        (name, syn::parse_file(&text(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
    };
    let all = files(&dir, ".rs");
    all.iter().filter(|path| !folder.is_empty() || path.parent() == Some(&dir)).map(parse).collect()
}

/// Everything public below a folder, with a heading for each module.
fn surface(folder: &str) -> String {
    let modules = parsed(folder);
    let own = modules.iter().find(|(name, _)| name == "mod").map(|(_, file)| file);
    // Private modules show what the folder's own module passes on: all of it, or some names.
    let names = own.map(exported).filter(|names| folder == "runtime" && !names.is_empty());
    let mut out = String::new();
    for (name, file) in &modules {
        let found = lines(file, names.as_ref().filter(|_| name != "mod"));
        if !found.is_empty() {
            let place = if folder.is_empty() { "crate" } else { folder };
            let _ = writeln!(out, "== {place}::{name}\n{}", found.join("\n"));
        }
    }
    out
}

#[test]
fn the_surface_is_the_one_we_know() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("crate", surface(""));
        insta::assert_snapshot!("client", surface("client"));
        insta::assert_snapshot!("operations", surface("api"));
        insta::assert_snapshot!("models", surface("models"));
        insta::assert_snapshot!("runtime", surface("runtime"));
    });
}

#[test]
fn every_operation_has_one_endpoint_function() {
    let mut found = BTreeSet::new();
    for (module, file) in parsed("api") {
        for item in &file.items {
            let Item::Impl(block) = item else { continue };
            for item in &block.items {
                let ImplItem::Fn(f) = item else { continue };
                let Some(id) = alias(&f.attrs) else { continue };
                assert!(matches!(f.vis, syn::Visibility::Public(_)), "{module}: {id}");
                let operation = belvo::testing::operations().iter().find(|o| o.id == id);
                let operation = operation.unwrap_or_else(|| panic!("{module}: {id} is no operation"));
                let first = docs(&f.attrs).into_iter().next().unwrap_or_default();
                let start = format!("`{} {}`", operation.method, operation.path);
                assert!(first.starts_with(&start), "{id}: {first:?} does not start with {start}");
                assert!(found.insert(id.clone()), "{id} has two functions");
            }
        }
    }
    assert_eq!(found.len(), 148);
    assert_eq!(belvo::testing::operations().len(), 148);
}
