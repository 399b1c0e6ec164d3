//! Names in any script: the manifest is TOML, every feature one that Cargo takes, every file one that Rust finds.

use generator::{Generated, Inputs, generate};
use std::collections::BTreeSet;
use std::fs;

/// The crate of a document with an operation under each of these tags.
fn tagged(tags: &[&str]) -> Generated {
    let operation = |(i, tag): (usize, &&str)| {
        let schema = serde_json::json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let content = serde_json::json!({"application/json": {"schema": schema}});
        let get = serde_json::json!({"tags": [tag], "responses": {"200": {"description": "x", "content": content}}});
        (format!("/p{i}"), serde_json::json!({"get": get}))
    };
    let paths: serde_json::Map<String, serde_json::Value> = tags.iter().enumerate().map(operation).collect();
    let document = serde_json::json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths});
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("t.json");
    fs::write(&spec, document.to_string()).expect("write");
    let run = generate(&Inputs { spec, ..Inputs::default() });
    assert!(!run.diagnostics.has_errors());
    run
}

fn text<'a>(run: &'a Generated, path: &str) -> &'a str {
    std::str::from_utf8(run.files.get(path).unwrap_or_else(|| panic!("no {path}"))).expect("text")
}

/// What Cargo says of the name of a feature.
fn is_feature(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| unicode_ident::is_xid_start(c) || c == '_' || c.is_ascii_digit());
    first && chars.all(|c| unicode_ident::is_xid_continue(c) || matches!(c, '-' | '+' | '.'))
}

#[test]
fn manifests_parse_and_files_are_found_whatever_the_script() {
    let sets: [&[&str]; 8] = [
        &["用户管理", "订单", "Заказы"],
        &["ユーザー", "Größe"],
        &["المستخدمون", "الطلبات"],
        &["ผู้ใช้", "हिन्दी", "한국어 태그"],
        &["e\u{301}te\u{301}", "été", "\u{301}x"],
        &["用户 admin", "用户-admin", "用户_admin"],
        &["default", "full", "testing", "reqwest", "🦀", "a\"b\\c", "a\nb = [\"std\"]"],
        &["一二三四五六七八九十", "一二三四五六七八九", "一二三四五六七八"],
    ];
    for tags in sets {
        let run = tagged(tags);
        let manifest = text(&run, "Cargo.toml");
        let manifest: toml::Table = manifest.parse().unwrap_or_else(|e| panic!("{tags:?}: {e}\n{manifest}"));
        let features = manifest["features"].as_table().expect("features");
        for (name, needs) in features {
            assert!(is_feature(name), "{tags:?}: {name:?}");
            for needed in needs.as_array().expect("a list").iter().filter_map(toml::Value::as_str) {
                let known = needed.starts_with("dep:") || needed.contains('/') || features.contains_key(needed);
                assert!(known, "{tags:?}: {name} needs {needed:?}");
            }
        }
        let full = features["full"].as_array().expect("a list");
        let different: BTreeSet<&str> = full.iter().filter_map(toml::Value::as_str).collect();
        assert_eq!(different.len(), tags.len(), "{tags:?}: {full:?}");
        for (path, content) in run.files.iter() {
            assert!(path.is_ascii(), "{tags:?}: {path}");
            let Some(content) = std::str::from_utf8(content)
                .ok()
                .filter(|_| path.ends_with(".rs") && !path.starts_with("src/runtime/"))
            else {
                continue;
            };
            for gate in content.split("cfg(feature = ").skip(1).filter_map(|rest| rest.split(')').next()) {
                // As it stands in Rust, some characters are escaped.
                let gate = syn::parse_str::<syn::LitStr>(gate).expect("a text").value();
                assert!(features.contains_key(&gate), "{tags:?}: {path} asks for {gate:?}");
            }
        }
        for tag in ["api", "models"] {
            for line in text(&run, &format!("src/{tag}/mod.rs")).lines().filter_map(|line| line.strip_prefix("mod ")) {
                let name = line.trim_end_matches(';').trim_start_matches("r#");
                assert!(run.files.get(&format!("src/{tag}/{name}.rs")).is_some(), "{tags:?}: no file for `{name}`");
            }
        }
    }
}
