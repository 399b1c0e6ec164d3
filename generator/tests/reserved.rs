//! The lists of `base::reserved` against those who have the names: one that is there and not in its list, or in a list and no
//! longer there, fails. And whatever a document calls its parts, none gets such a name.

use generator::base::FileId;
use generator::base::diagnostic::Diagnostics;
use generator::base::reserved::{
    BUILDER, CLIENT, CREDENTIALS, ERROR, HANDLES, HEADERS, KEYWORDS, MODEL, MODULES, PATHS, TYPES, is_device,
};
use generator::history::lock::Lock;
use generator::{Generated, Inputs, Understood, generate, understand};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

type Names = BTreeSet<String>;

fn source(path: &str) -> syn::File {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates").join(path);
    syn::parse_file(&fs::read_to_string(&path).expect("a template")).expect("Rust")
}

fn set(list: &[&str]) -> Names {
    let all: Names = list.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(all.len(), list.len(), "twice in {list:?}");
    all
}

/// Every function of a type in these sources, its own and those of traits; `clone` where it is derived.
fn functions<'a>(ty: &str, sources: impl IntoIterator<Item = &'a syn::File>) -> Names {
    let mut out = Names::new();
    for item in sources.into_iter().flat_map(|source| &source.items) {
        match item {
            syn::Item::Impl(block) => {
                let syn::Type::Path(path) = &*block.self_ty else { continue };
                if path.path.segments.last().is_some_and(|last| last.ident == ty) {
                    out.extend(block.items.iter().filter_map(|item| match item {
                        syn::ImplItem::Fn(f) => Some(f.sig.ident.to_string()),
                        _ => None,
                    }));
                }
            }
            syn::Item::Struct(s) if s.ident == ty => {
                let derives = |a: &syn::Attribute| {
                    a.path().is_ident("derive") && a.to_token_stream().to_string().contains("Clone")
                };
                out.extend(s.attrs.iter().any(derives).then(|| "clone".to_owned()));
            }
            _ => {}
        }
    }
    assert!(!out.is_empty(), "{ty} is elsewhere");
    out
}

/// A document and its settings in a folder.
fn inputs(folder: &Path, document: &str, settings: &str) -> Inputs {
    let (spec, config) = (folder.join("openapi.yaml"), folder.join("settings.toml"));
    fs::write(&spec, document).expect("write");
    fs::write(&config, settings).expect("write");
    Inputs { spec, config: Some(config), ..Inputs::default() }
}

/// A bit of everything.
const HARBOUR: &str = include_str!("readers/harbour.yaml");

/// A crate, and what it was made of.
fn sample(document: &str, settings: &str) -> (Generated, Understood) {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = inputs(folder.path(), document, settings);
    let run = generate(&inputs);
    assert!(!run.diagnostics.has_errors(), "{:#?}", run.diagnostics);
    (run, understand(&inputs))
}

/// The Rust of a crate below a folder.
fn below(run: &Generated, folder: &str) -> Vec<syn::File> {
    let files = run.files.iter().filter(|(path, _)| path.starts_with(folder) && path.ends_with(".rs"));
    files.map(|(_, content)| syn::parse_file(std::str::from_utf8(content).expect("text")).expect("Rust")).collect()
}

/// A document with each word as a tag, an operation, a parameter, a component and a member.
fn words(words: &[&str], settings: &str) -> Understood {
    let (mut paths, mut schemas) = (json!({}), json!({}));
    for (i, word) in words.iter().enumerate() {
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{word}")}}});
        paths[format!("/{i}")] = json!({"get": {
            "operationId": word,
            "tags": [word],
            "parameters": [{"name": word, "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "ok", "content": content}},
        }});
        schemas[*word] = json!({"type": "object", "properties": {(*word): {"type": "string"}}});
    }
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas},
    });
    understood(&document, settings)
}

fn understood(document: &Value, settings: &str) -> Understood {
    let folder = tempfile::tempdir().expect("a folder");
    let run = understand(&inputs(folder.path(), &document.to_string(), settings));
    assert!(!run.diagnostics.has_errors(), "{:#?}", run.diagnostics);
    run
}

/// Asserts that none of these names is in the list, and that there are some.
fn none_is_in<'a>(list: &[&str], names: impl IntoIterator<Item = &'a str>) {
    let names: Vec<&str> = names.into_iter().collect();
    assert!(names.len() >= list.len() && !names.iter().any(|name| list.contains(name)), "{names:?}");
}

#[test]
fn headers_have_these_and_no_accessor_gets_one() {
    assert_eq!(functions("Headers", &[source("face/headers.rs")]), set(HEADERS));
    let headers: serde_json::Map<String, Value> =
        HEADERS.iter().map(|word| ((*word).to_owned(), json!({"schema": {"type": "string"}}))).collect();
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "look", "responses": {"200": {"description": "ok", "headers": headers}}}}},
    });
    let understood = understood(&document, "");
    let names = understood.names.operations[0].headers.as_ref().expect("it declares some");
    none_is_in(HEADERS, names.accessors.iter().map(|name| name.as_str()));
}

#[test]
fn the_client_has_these_and_no_tag_gets_one() {
    let mut client = functions("Client", &[source("face/face.rs"), source("belvo/check.rs")]);
    client.extend(functions("HttpClient", &[source("runtime/src/runtime/http/client.rs")]));
    assert_eq!(client, set(CLIENT));
    none_is_in(CLIENT, words(CLIENT, "").names.tags.iter().map(|tag| tag.accessor.as_str()));
}

#[test]
fn every_builder_has_these_and_no_setter_gets_one() {
    let mut builder = functions("Builder", &[source("face/builder.rs")]);
    // What is generated for one and sets no parameter.
    let settings = "[async]\nheader = \"X-Mode\"\nvalue = \"later\"\nstatus = 202\nrequest_id = \"id\"\noperations = [\"add_pier\"]\n";
    let (run, understood) = sample(HARBOUR, settings);
    let api = below(&run, "src/api/");
    let mut generated = 0;
    for names in understood.names.operations.iter().filter(|o| !o.plan.setters.is_empty()) {
        let setters: Names = names.plan.setters.iter().map(|setter| setter.ident.to_string()).collect();
        let functions = functions(&names.builder, &api);
        generated += functions.len();
        builder.extend(&functions - &setters);
    }
    assert!(generated > 5, "{generated}");
    // A word of our own, for what is sent.
    builder.insert("body".to_owned());
    assert_eq!(builder, set(BUILDER));
    let run = words(BUILDER, "");
    none_is_in(BUILDER, run.names.operations.iter().flat_map(|o| &o.plan.setters).map(|setter| setter.ident.as_str()));
}

#[test]
fn a_handle_has_what_is_written_by_hand_and_no_operation_gets_one() {
    // Else a handle has what every type has that is cloned and printed.
    assert_eq!(functions("Handle", &[source("face/handle.rs")]), set(&["clone", "fmt"]));
    let [("belvo", accessor, methods)] = HANDLES else { panic!("{HANDLES:?}") };
    assert_eq!(functions("WidgetAccessToken", &[source("belvo/widget/tokens.rs")]), set(methods));
    let operation =
        |id: &str| json!({"operationId": id, "tags": [accessor], "responses": {"204": {"description": "x"}}});
    let paths = methods.iter().map(|id| (format!("/{id}"), json!({"get": operation(id)})));
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths.collect::<serde_json::Map<_, _>>(),
    });
    let named = |settings: &str| {
        let names = understood(&document, settings).names;
        names.operations.iter().map(|o| o.method.to_string()).collect::<Names>()
    };
    assert_eq!(named(""), set(methods));
    let named =
        named("[crate]\nextras = [\"belvo\"]\n[errors.codes.a]\nstatus = [400]\nclass = \"wait\"\nadvice = \"a\"\n");
    none_is_in(methods, named.iter().map(String::as_str));
}

#[test]
fn errors_have_these_and_no_accessor_of_a_member_gets_one() {
    let settings = "[errors.codes.full]\nstatus = [409]\nclass = \"wait\"\nadvice = \"Wait.\"\n[errors.members]\nowner = \"Who.\"\n";
    let mut sources = below(&sample(HARBOUR, settings).0, "src/error_codes.rs");
    sources.extend(
        ["error/mod.rs", "error/items.rs", "call/mfa.rs"].map(|path| source(&format!("runtime/src/runtime/{path}"))),
    );
    sources.push(source("belvo/refresh.rs"));
    let mut error = &functions("Error", &sources) | &functions("ErrorItem", &sources);
    assert!(error.remove("owner"));
    assert_eq!(error, set(ERROR));
    none_is_in(ERROR, generator::name::error_member_names(ERROR).iter().map(|name| name.as_str()));
}

#[test]
fn credentials_have_these_and_no_scheme_gets_one() {
    assert_eq!(functions("Credentials", &[source("runtime/src/runtime/http/auth.rs")]), set(CREDENTIALS));
    // Each twice, so that none of them is what every API has.
    let scheme = |name: &str| (name.to_owned(), json!({"type": "http", "scheme": "basic"}));
    let schemes = CREDENTIALS.iter().map(|name| scheme(name)).collect::<serde_json::Map<_, _>>();
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"securitySchemes": schemes},
    });
    let run = understood(&document, "");
    let names = generator::name::credentials(&run.settings, &run.api);
    none_is_in(CREDENTIALS, names.iter().map(|name| name.ident.as_str()));
}

#[test]
fn every_model_has_this_field_and_no_member_gets_it() {
    let models = below(&sample(HARBOUR, "").0, "src/models/");
    let fields = models.iter().flat_map(|file| &file.items).filter_map(|item| match item {
        // Nobody grows the structs of arguments unnoticed.
        syn::Item::Struct(s) if s.attrs.iter().any(|a| a.path().is_ident("non_exhaustive")) => {
            Some(s.fields.iter().filter_map(|f| Some(f.ident.as_ref()?.to_string())).collect::<Names>())
        }
        _ => None,
    });
    assert_eq!(fields.reduce(|one, other| &one & &other), Some(set(MODEL)));
    none_is_in(MODEL, words(MODEL, "").names.members.iter().flatten().map(|name| name.as_str()));
}

#[test]
fn next_to_the_modules_of_tags_are_these_and_no_tag_gets_one() {
    let (run, understood) = sample(HARBOUR, "");
    let stem = |path: &str| {
        let name = path.strip_prefix("src/api/").or(path.strip_prefix("src/models/"))?;
        name.strip_suffix(".rs").map(str::to_owned)
    };
    let files: Names = run.files.iter().filter_map(|(path, _)| stem(path)).collect();
    let tags = understood.names.tags.iter().map(|tag| tag.module.clone()).collect();
    let mut taken = &files - &tags;
    for source in ["src/api/mod.rs", "src/models/mod.rs"].iter().flat_map(|path| below(&run, path)) {
        let uses = source.items.into_iter().filter_map(|item| match item {
            syn::Item::Use(syn::ItemUse { vis: syn::Visibility::Inherited, tree, .. }) => Some(tree.to_token_stream()),
            // Public modules that are no files; the private ones end in an underscore, which no tag's does.
            syn::Item::Mod(syn::ItemMod { vis: syn::Visibility::Public(_), content: Some(_), ident, .. }) => {
                Some(ident.to_token_stream())
            }
            _ => None,
        });
        let words = uses.flat_map(|tree| tree.to_string().split([' ', ',']).map(str::to_owned).collect::<Vec<_>>());
        // No tag makes a name of two underscores.
        let imported =
            words.filter(|word| word.starts_with(char::is_alphabetic) && !["crate", "self"].contains(&word.as_str()));
        taken.extend(imported);
    }
    assert_eq!(taken, set(MODULES));
    let taken = [MODULES, PATHS].concat();
    none_is_in(&taken, words(&taken, "").names.tags.iter().map(|tag| tag.module.as_str()));
}

#[test]
fn devices_of_windows_are_no_files() {
    let ports = ["COM", "lpt"].iter().flat_map(|port| "0123456789¹²³".chars().map(move |n| format!("{port}{n}")));
    let names = ["CON", "prn", "Aux", "NUL", "CONIN$", "conout$", "aux.rs", "nul.tar.gz", "con "].map(str::to_owned);
    for name in names.into_iter().chain(ports) {
        assert!(is_device(&name), "{name}");
    }
    for name in ["auxiliary", "con1", "com", "com10", "com⁴", "lpt", "communes", "nulls", "conin", "r.aux", ""] {
        assert!(!is_device(name), "{name}");
    }
    for tag in words(&["aux", "Con", "COM1", "LPT9"], "").names.tags {
        assert!(!is_device(&tag.module), "{}", tag.module);
    }
}

#[test]
fn keywords_are_those_of_rust() {
    let is_name = |text: &str| syn::parse_str::<syn::Ident>(text).is_ok();
    for word in KEYWORDS {
        // `gen` is one since the edition of 2024, which `syn` does not ask for.
        assert_eq!((is_name(word), is_name(&format!("r#{word}"))), (*word == "gen", true), "{word}");
    }
    for word in PATHS {
        assert!(!is_name(word) && syn::parse_str::<TokenStream>(&format!("r#{word}")).is_err(), "{word}");
    }
}

/// What the compiler knows everywhere (`std::prelude::rust_2024`), as far as it has a capital letter.
#[rustfmt::skip]
const PRELUDE: &[&str] = &[
    "AsMut", "AsRef", "AsyncFn", "AsyncFnMut", "AsyncFnOnce", "Box", "Clone", "Copy", "Default", "DoubleEndedIterator", "Drop",
    "Eq", "Err", "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce", "From", "FromIterator", "Future", "Into", "IntoFuture",
    "IntoIterator", "Iterator", "None", "Ok", "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Self", "Send", "Sized", "Some",
    "String", "Sync", "ToOwned", "ToString", "TryFrom", "TryInto", "Unpin", "Vec",
];

/// The names of the prelude that Rust uses by themselves: neither behind `::` or a point, nor in an attribute, nor a variant's.
fn alone(tokens: TokenStream, out: &mut Names) {
    let mut before = [const { String::new() }; 2];
    let mut variants = false;
    for token in tokens {
        let text = match &token {
            TokenTree::Ident(name) => {
                let name = name.to_string();
                variants = before[1] == "enum" || variants;
                let path = before == [":", ":"] || before[1] == ".";
                if PRELUDE.contains(&name.as_str()) && !path {
                    out.insert(name.clone());
                }
                name
            }
            TokenTree::Group(group) => {
                let attribute = before[1] == "#" && group.delimiter() == Delimiter::Bracket;
                if variants && group.delimiter() == Delimiter::Brace {
                    // What the variants hold.
                    let held = group
                        .stream()
                        .into_iter()
                        .filter(|t| matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Parenthesis));
                    held.for_each(|token| alone(token.into(), out));
                    variants = false;
                } else if !attribute {
                    alone(group.stream(), out);
                }
                String::new()
            }
            TokenTree::Punct(p) => p.to_string(),
            TokenTree::Literal(_) => String::new(),
        };
        before.rotate_left(1);
        before[1] = text;
    }
}

#[test]
fn generated_code_calls_these_by_their_name_alone_and_no_type_gets_one() {
    let settings =
        "[errors.codes.full]\nstatus = [409]\nclass = \"wait\"\nadvice = \"Wait.\"\n[partial]\nquery = [\"fields\"]\n";
    // Of members that may all be left out is made what has a default.
    let optional = HARBOUR.replace("required: [", "x-required: [");
    let runs = [HARBOUR, &optional].map(|document| sample(document, settings).0);
    let mut used = Names::new();
    for file in runs.iter().flat_map(|run| ["src/api/", "src/models/"].map(|folder| below(run, folder))).flatten() {
        // What is passed on is what `name` has called so.
        let private = |item: &syn::ItemUse| matches!(item.vis, syn::Visibility::Inherited);
        let imports = file.items.iter().filter(|item| matches!(item, syn::Item::Use(item) if private(item)));
        imports.for_each(|item| {
            assert!(!item.to_token_stream().to_string().contains(char::is_uppercase), "an import is a name too")
        });
        alone(file.into_token_stream(), &mut used);
    }
    // What the macros hold is looked up where they are called.
    for path in ["decode/open_enum.rs", "decode/union.rs", "encode/visit.rs"] {
        for item in source(&format!("runtime/src/runtime/{path}")).items {
            if let syn::Item::Macro(syn::ItemMacro { ident: Some(_), mac, .. }) = item {
                alone(mac.tokens, &mut used);
            }
        }
    }
    assert_eq!(used, set(TYPES));
    let run = words(TYPES, "");
    let builders = run.names.operations.iter().map(|o| o.builder.as_str());
    let handles = run.names.tags.iter().map(|tag| tag.handle.as_str());
    none_is_in(TYPES, run.names.types.iter().map(|name| name.as_str()).chain(builders).chain(handles));
}

/// A lock is a file that people edit: a name of these in it would be a type's all the same.
#[test]
fn a_lock_that_gives_one_is_refused() {
    let parse = |line: &str| {
        let mut out = Diagnostics::new();
        Lock::parse(&format!("#/a | {line}\n"), FileId(0), &mut out);
        out.iter().map(|d| format!("{}: {}", d.code, d.message)).collect::<Vec<_>>()
    };
    for line in ["type | f | Option", "builder | f | Eq", "handle | f | eq/Eq", "type-alias | next..2.0.0 | Vec"] {
        let name = line.rsplit(" | ").next().expect("a name");
        assert_eq!(parse(line), [format!("E0802: `{name}` is what generated code calls something else")]);
    }
    assert!(parse("type | f | Options").is_empty() && parse("method | f | option").is_empty());
}
