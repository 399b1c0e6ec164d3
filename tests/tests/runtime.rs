//! Where an SDK has its runtime from: a copy, as the other suites have it, or the runtime's own crate, which two SDKs in one program
//! share and each uses by its own settings.

use generator::emit::{Manifest, write};
use generator::{Generated, Inputs};
use std::fs;
use std::path::Path;
use std::process::Command;
use tests::place::{files, root, text};
use tests::run::{file, generated};
use tests::skips::is_deep;
use tests::surface::{exported, lines};

/// A document with retries and error names of its own, and with a tag and types called like the runtime's.
const SHOP: &str = r##"{"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
  "servers": [{"url": "https://shop.test"}],
  "paths": {"/orders/{id}": {"get": {"operationId": "getOrder", "tags": ["orders"],
    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
    "responses": {"200": {"description": "an order", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}},
    "/credentials": {"post": {"operationId": "revoke", "tags": ["credentials"], "requestBody": {"required": true,
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}, "responses": {"204": {"description": "done"}}}}},
  "components": {"schemas": {"Order": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"},
    "state": {"type": "string", "enum": ["open", "sent"]}}},
    "Error": {"type": "object", "properties": {"fault": {"type": "string"}, "first": {"$ref": "#/components/schemas/ErrorItem"}}},
    "ErrorItem": {"type": "object", "properties": {"at": {"type": "string"}}}}}}"##;

const SHOP_SETTINGS: &str = r#"
[retry]
schedule = [7]
codes = ["busy"]

[errors]
code = "fault"
request_id = "ticket"

[errors.codes.no_such_order]
status = [404]
class = "caller"
advice = "look at the number"
"#;

/// Both in one program: one type of error, and for each the rules of its own API.
const PROGRAM: &str = r##"
use belvo_api::ext::*;
use belvo_api::{Credentials, Error};
use belvo_api::testing::{Answer, Recorder, VirtualClock, now};
use std::time::Duration;

/// Both APIs say what to do about an error: by the trait of one of them each.
fn shop_advice(error: &shop::Error) -> Option<&'static str> {
    shop::ext::ErrorExt::advice(error)
}

#[test]
fn each_keeps_its_own_rules_and_names() {
    assert_eq!((belvo_api::client::SETTINGS.retry.retries, shop::client::SETTINGS.retry.retries), (5, 1));
    let body = r#"[{"code": "not_found", "fault": "no_such_order", "request_id": "b", "ticket": "s"}]"#;

    let (recorder, clock) = (Recorder::answering([Answer::json(404, body)]), VirtualClock::new());
    let belvo = belvo_api::Client::builder("https://belvo.test").transport(recorder).clock(clock).build().unwrap();
    let of_belvo: Error = now(belvo.links().get("d4617561-1c01-4b2f-83b6-a594f7b3bc57")).unwrap_err();

    let (recorder, clock) = (Recorder::answering([Answer::json(503, "{}"), Answer::json(404, body)]), VirtualClock::new());
    let builder = shop::Client::builder(shop::Environment::default()).credentials(Credentials::none());
    let shop = builder.transport(recorder).clock(clock.clone()).build().unwrap();
    let of_shop: shop::Error = now(shop.orders().get(7)).unwrap_err();

    assert_eq!((of_belvo.code(), of_belvo.request_id()), (Some("not_found"), Some("b")));
    assert_eq!((of_shop.code(), of_shop.request_id()), (Some("no_such_order"), Some("s")));
    assert_eq!(clock.pauses(), [Duration::from_secs(7)]);
    let own = shop::models::Error::new().with_first(shop::models::ErrorItem::new().with_at("door"));
    assert_eq!(own.first.and_then(|item| item.at).as_deref(), Some("door"));
    assert_eq!(of_belvo.error_code(), Some(belvo_api::ErrorCode::NotFound));
    assert_eq!(shop_advice(&of_shop), Some("look at the number"));
}
"##;

fn depending(run: impl FnOnce(&Path) -> Inputs) -> Generated {
    let dir = tempfile::tempdir().expect("a folder");
    generated(&run(dir.path()))
}

/// The settings with the runtime as a dependency.
fn settings(text: &str) -> String {
    let runtime = format!("runtime = {{ path = {:?} }}", root().join("templates/runtime").display().to_string());
    match text.contains("\n[crate]\n") {
        true => text.replacen("\n[crate]\n", &format!("\n[crate]\n{runtime}\n"), 1),
        false => format!("[crate]\n{runtime}\n{text}"),
    }
}

#[test]
fn two_sdks_in_one_program_share_a_runtime_and_keep_their_own_rules() {
    let shop = depending(|dir| {
        let (spec, config) = (dir.join("shop.json"), dir.join("shop.toml"));
        fs::write(&spec, SHOP).expect("write");
        fs::write(&config, settings(SHOP_SETTINGS)).expect("write");
        Inputs { spec, config: Some(config), name: Some("shop".into()), ..Inputs::default() }
    });
    let belvo = depending(|dir| {
        let (spec, config) = (root().join("spec"), dir.join("belvo.toml"));
        fs::write(
            &config,
            settings(&text(&spec.join("belvo.toml")).replace("changelog = ", "# ").replace("provenance = ", "# ")),
        )
        .expect("write");
        Inputs {
            spec: spec.join("belvo.yaml"),
            config: Some(config),
            overlays: vec![spec.join("overlay.yaml")],
            lock: Some(spec.join("names.lock")),
            name: Some("belvo-api".into()),
            ..Inputs::default()
        }
    });
    for run in [&shop, &belvo] {
        assert!(run.files.get("src/runtime/mod.rs").is_none() && run.files.get("src/client/mod.rs").is_some());
        assert!(!file(run, "Cargo.toml").contains("reqwest = {"), "what the runtime needs is its own affair");
    }

    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alone/two");
    for (name, run) in [("shop", &shop), ("belvo", &belvo)] {
        write(&dir.join(name), &run.files, &Manifest::new(run.provenance.clone(), &run.files))
            .unwrap_or_else(|d| panic!("{}", d.message));
    }
    let dependency = |name: &str, folder: &str| {
        format!("{name} = {{ path = {folder:?}, default-features = false, features = [\"testing\"] }}\n")
    };
    let dependencies = [("belvo-api", "belvo"), ("shop", "shop")].map(|(name, folder)| dependency(name, folder));
    let manifest = format!(
        "[package]\nname = \"two\"\nedition = \"2024\"\n\n[lib]\npath = \"two.rs\"\n\n[dependencies]\n{}\n[workspace]\nmembers = [\"shop\", \"belvo\"]\n",
        dependencies.concat()
    );
    fs::write(dir.join("Cargo.toml"), manifest).expect("write");
    fs::write(dir.join("two.rs"), PROGRAM).expect("write");
    fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock")).expect("copy");
    // Their pages link into the runtime's and to traits in place of methods: every link leads somewhere.
    let mut pages = vec!["doc", "--no-deps", "--package", "shop"];
    if is_deep("the pages of Belvo's crate with the runtime as a dependency") {
        pages.extend(["--package", "belvo-api"]);
    }
    for arguments in [vec!["test", "--workspace", "--lib"], pages] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&dir).args(["--offline", "--quiet"]).args(&arguments);
        cargo
            .env("CARGO_TARGET_DIR", dir.with_file_name("../alone-target"))
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR").env("CARGO_TERM_COLOR", "never");
        let output = cargo.output().expect("cargo runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{arguments:?}\n{out}\n{err}");
    }
    let page = file(&belvo, "src/lib.rs");
    assert!(page.contains("//! use belvo_api::ext::*;"), "how to bring in the methods of errors");
}

/// What generated code relies on, a line each: the signatures of what the runtime gives to it and to users, and its macros.
fn relied_on() -> Vec<String> {
    let dir = root().join("templates/runtime/src/runtime");
    let parse = |path: &Path| syn::parse_file(&text(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut module = parse(&dir.join("mod.rs"));
    let mut names = exported(&module);
    for item in std::mem::take(&mut module.items) {
        if let syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) = item {
            module.items = items;
            names.extend(exported(&module));
        }
    }
    let mut out = Vec::new();
    for path in files(&dir, ".rs") {
        let file = parse(&path);
        out.extend(lines(&file, Some(&names)));
        let macros = file.items.iter().filter(|item| matches!(item, syn::Item::Macro(_)));
        out.extend(macros.map(|item| quote::ToTokens::to_token_stream(item).to_string()));
    }
    out
}

/// Generated code is compared with the runtime that it meets by this number alone.
#[test]
fn the_revision_changes_with_what_generated_code_relies_on() {
    let all = relied_on();
    for known in ["fn decode_outcome(", "struct Shape", "fn Request::query("] {
        assert!(all.iter().any(|line| line.contains(known)), "{known}");
    }
    let hash = generator::base::hash::hash_bytes(all.join("\n").as_bytes());
    let revision = u32::from_str_radix(&hash[..8], 16).expect("a number");
    let module = text(&root().join("templates/runtime/src/runtime/mod.rs"));
    assert!(
        module.contains(&format!("pub const REVISION: u32 = {revision};")),
        "generated code relies on something else now: `REVISION` in templates/runtime/src/runtime/mod.rs is {revision}"
    );
}
