//! Names: whatever a document calls its parts, the crate has identifiers for them, in their case, and no two alike in one scope.

use generator::base::Ident;
use generator::{Inputs, Understood, understand};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn understood(document: &Value) -> Understood {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("openapi.json");
    fs::write(&spec, document.to_string()).expect("write");
    understand(&Inputs { spec, ..Inputs::default() })
}

/// A document with these words as tags, operation ids, parameters, components, members and values.
fn document(words: &[&str]) -> Value {
    let mut paths = json!({});
    let mut schemas = json!({});
    for (i, word) in words.iter().enumerate() {
        let parameters = json!([
            {"name": word, "in": "path", "required": true, "schema": {"type": "string"}},
            {"name": word, "in": "query", "schema": {"type": "string"}},
        ]);
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{word}")}}});
        let responses = json!({"200": {"description": "ok", "content": content}, "204": {"description": "nothing"}});
        let with =
            |id: String| json!({"operationId": id, "tags": [word], "parameters": parameters, "responses": responses});
        paths[format!("/{i}/{{{word}}}")] =
            json!({"get": with((*word).to_owned()), "put": with(format!("{word} {word}"))});
        let members: Vec<(String, Value)> = words.iter().map(|w| ((*w).to_owned(), json!({"enum": words}))).collect();
        let members: serde_json::Map<String, Value> = members.into_iter().collect();
        schemas[*word] = json!({"type": "object", "properties": members});
        schemas[format!("{word} or")] = json!({"oneOf": [
            {"type": "object", "title": word, "required": ["a"], "properties": {"a": {"type": "string"}}},
            {"type": "object", "required": [word], "properties": {(*word): {"type": "integer"}}},
        ]});
    }
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

/// Asserts that each name is an identifier, begins as its case wants it, and stands there once.
fn assert_scope<'a>(what: &str, pascal: bool, names: impl IntoIterator<Item = &'a Ident>) {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(syn::parse_str::<syn::Ident>(name).is_ok(), "{what}: `{name}` is no identifier");
        let first = name.trim_start_matches("r#").chars().next().unwrap_or('!');
        assert!(if pascal { !first.is_lowercase() && first != '_' } else { !first.is_uppercase() }, "{what}: `{name}`");
        assert!(seen.insert(name), "{what}: `{name}` twice");
    }
}

#[test]
fn any_word_makes_a_name_in_every_place() {
    let sets: [&[&str]; 5] = [
        &["2fa", "3ds", "30d_active", "0", "12", "1_000", "1000", "1.5", "-1", "400_error", "6h", "7D"],
        &["r2d2", "2", "2 2", "a2", "2a", "²", "½", "١٢", "1º", "x1"],
        &["ユーザー", "用户管理", "中", "שלום", "日本 語", "ßtraße", "𝑎bc", "ĸ", "ნინო"],
        &["mod", "Mod API", "self", "Self", "crate", "runtime", "shared", "aux", "COM1", "models", "of", "std"],
        &["", " ", "_", "__", "🦀", "#", "type", "Type", "TYPE", "Option", "None", "new", "extra"],
    ];
    for words in sets {
        let run = understood(&document(words));
        assert!(!run.diagnostics.has_errors(), "{words:?}");
        let names = &run.names;
        assert_eq!(names.tags.len(), words.len());
        assert_scope("types", true, &names.types);
        for (def, members) in run.api.types.iter().zip(&names.members) {
            let model = matches!(def.kind, generator::ir::TypeKind::Model(_));
            assert_scope("members", !model, members);
        }
        assert_scope("accessors", false, names.tags.iter().map(|tag| &tag.accessor));
        let handles = names.tags.iter().map(|tag| &tag.handle);
        let builders = names.operations.iter().flat_map(|o| [Some(&o.builder), o.answer.as_ref()]).flatten();
        assert_scope("the API's types", true, handles.chain(builders));
        let modules: BTreeSet<String> = names.tags.iter().map(|tag| tag.module.to_lowercase()).collect();
        assert_eq!(modules.len(), words.len(), "{modules:?}");
        for module in &modules {
            assert!(module.is_ascii() && module.len() < 120, "{module}");
            assert!(
                !names.types.iter().any(|name| name == module) && !names.tags.iter().any(|tag| tag.handle == *module),
                "{module}"
            );
        }
        for (t, _) in names.tags.iter().enumerate() {
            let own = run.api.operations.iter().zip(&names.operations).filter(|(o, _)| o.tag == t);
            assert_scope("methods", false, own.map(|(_, names)| &names.method));
        }
        for o in &names.operations {
            let all = || o.plan.arguments.iter().chain(&o.plan.setters).map(|s| &s.ident);
            assert_scope("arguments and setters", false, all());
            assert!(!all().any(|ident| *ident == o.constant), "an argument is called like the static {}", o.constant);
        }
    }
}

#[test]
fn digits_keep_their_place() {
    let run = understood(&document(&["2fa", "3ds", "6h", "30d_active", "0", "1.5", "-1"]));
    let tags: Vec<[&str; 3]> = run.names.tags.iter().map(|t| [&*t.accessor, &*t.handle, &*t.module]).collect();
    assert_eq!(tags.first(), Some(&["_2fa", "Tag2fa", "_2fa"]));
    let first = run.names.operations.first().expect("an operation");
    let argument = first.plan.arguments.first().map(|s| s.ident.as_str());
    assert_eq!((first.method.as_str(), first.builder.as_str(), argument), ("_2fa", "Operation2fa", Some("_2fa")));
    let of = |name: &str| {
        let at =
            run.names.types.iter().position(|n| n == name).unwrap_or_else(|| panic!("{name}: {:?}", run.names.types));
        run.names.members.get(at).cloned().unwrap_or_default()
    };
    assert_eq!(of("Type3ds"), ["minus_1", "_0", "_1_point_5", "_2fa", "_30d_active", "_3ds", "_6h"]);
    // The values stand as they are written; the members above by their order in a map of the test's.
    let values = ["Value2fa", "Value3ds", "Value6h", "Value30dActive", "Value0", "Value1Point5", "Minus1"];
    // Within a longer name there is nothing to put in front.
    assert_eq!(of("Type3ds2fa"), values);
}

#[test]
fn what_is_left_of_an_operation_without_its_tag_may_begin_with_a_digit() {
    let operation =
        |id: &str| json!({"operationId": id, "tags": ["Area"], "responses": {"204": {"description": "ok"}}});
    let run = understood(&json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/areas": {
        "get": operation("areas-0-get"), "put": operation("areas-1"), "post": operation("area_2_areas"),
        "delete": operation("4areas"), "patch": operation("areas/3d/area"),
    }}}));
    let methods: Vec<&str> = run.names.operations.iter().map(|o| o.method.as_str()).collect();
    assert_eq!(methods, ["_0_get", "_1", "_2", "_4areas", "_3d"]);
}

/// What the runtime's types do by themselves, as its source says: no tag, parameter or member may be called so.
fn methods(file: &str, ty: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates").join(file);
    let source = syn::parse_file(&fs::read_to_string(path).expect("a file")).expect("Rust");
    let blocks = source.items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) => Some(block),
        _ => None,
    });
    let own = blocks.filter(|block| match &*block.self_ty {
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|s| s.ident == ty),
        _ => false,
    });
    let of = |item: &syn::ImplItem| match item {
        syn::ImplItem::Fn(f) => Some(f.sig.ident.to_string()),
        _ => None,
    };
    own.flat_map(|block| block.items.iter().filter_map(of)).filter(|name| name != "fmt").collect()
}

#[test]
fn nothing_is_called_like_a_method_of_the_runtime() {
    let mut client = methods("face/face.rs", "Client");
    client.extend(methods("runtime/src/runtime/http/client.rs", "HttpClient"));
    client.extend(methods("belvo/check.rs", "Client"));
    let builder = methods("face/builder.rs", "Builder");
    assert!(client.contains(&"inner".to_owned()) && builder.contains(&"send_as".to_owned()));
    let tags: Vec<&str> = client.iter().map(String::as_str).collect();
    let run = understood(&document(&tags));
    for tag in &run.names.tags {
        assert!(!client.iter().any(|name| tag.accessor == *name), "the client has a method `{}`", tag.accessor);
    }
    let words: Vec<&str> = builder.iter().map(String::as_str).collect();
    let run = understood(&document(&words));
    for setter in run.names.operations.iter().flat_map(|o| &o.plan.setters) {
        assert!(!builder.iter().any(|name| setter.ident == *name), "every request has a method `{}`", setter.ident);
    }
}

#[test]
fn answers_and_requests_share_one_scope() {
    let several =
        json!({"200": {"description": "ok", "content": {"text/plain": {}}}, "204": {"description": "nothing"}});
    let one = json!({"204": {"description": "nothing"}});
    let operation = |id: &str, responses: &Value| json!({"operationId": id, "tags": ["a"], "responses": responses});
    let run = understood(&json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {
        "/a": {"get": operation("thing", &several), "put": operation("thingAnswer", &several)},
        "/b": {"get": operation("thingAnswerAnswer", &one), "put": operation("thing_answer_enum", &one)},
    }}));
    let names: Vec<&str> = run
        .names
        .operations
        .iter()
        .flat_map(|o| [Some(&o.builder), o.answer.as_ref()])
        .flatten()
        .map(Ident::as_str)
        .collect();
    assert_eq!(
        names,
        ["Thing", "ThingAnswerEnum2", "ThingAnswer", "ThingAnswerAnswerEnum", "ThingAnswerAnswer", "ThingAnswerEnum"]
    );
}
