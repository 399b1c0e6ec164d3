//! A year in the life of a repository, in a small one: fetch a document, release it, rename something, check the tag.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders/:
    get:
      operationId: ListOrders
      tags: [Orders]
      responses:
        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components:
  schemas:
    Order:
      type: object
      properties:
        id: {type: string}
        state: {type: string}
";

const SETTINGS: &str = "\
[crate]
name = \"shop\"
version = \"1.4.0\" # moved by release
changelog = \"CHANGELOG.md\"

[document]
provenance = \"provenance.toml\"
";

const OVERLAY: &str = "\
overlay: 1.0.0
info: {title: corrections, version: '1'}
actions:
- target: $.components.schemas.Order.properties.state
  description: it wants words
  update: {description: How far it is}
";

/// A repository of its own: what the command looks for, and `spec/`.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().expect("a folder") };
        for folder in ["generator", "xtask", "spec"] {
            fs::create_dir(place.at(folder)).expect("mkdir");
        }
        for (name, text) in [
            ("Cargo.toml", "[workspace]\n"),
            ("spec/belvo.yaml", DOCUMENT),
            ("spec/belvo.toml", SETTINGS),
            ("spec/overlay.yaml", OVERLAY),
            ("spec/CHANGELOG.md", "# Changelog\n\n## Unreleased\n\nA note.\n\n## 1.4.0\n\nOlder.\n"),
            ("spec/provenance.toml", "source = \"shop.yaml\"\ndate = \"2025-01-02\"\nversion = \"1\"\nhash = \"\"\n"),
        ] {
            fs::write(place.at(name), text).expect("write");
        }
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.at(name), text).expect("write");
        self.at(name).display().to_string()
    }

    fn xtask(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(args).current_dir(self.dir.path()).env_remove("CARGO_MANIFEST_DIR").env_remove("GITHUB_OUTPUT");
        command.output().expect("xtask runs")
    }

    /// Runs and expects a code; gives both outputs.
    fn told(&self, code: i32, args: &[&str]) -> String {
        let output = self.xtask(args);
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
        text
    }

    /// All files of `spec/` with their contents.
    fn spec(&self) -> Vec<(PathBuf, String)> {
        let mut all: Vec<_> = fs::read_dir(self.at("spec"))
            .expect("spec")
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (path.clone(), fs::read_to_string(path).expect("text")))
            .collect();
        all.sort();
        all
    }
}

#[test]
fn what_is_not_good_changes_nothing() {
    let place = Place::new();
    let broken = place.write("broken.json", "{\"openapi\": \"3.0.0\",\n  \"info\": }\n");
    let page = place.write("page.json", "<!doctype html><html></html>");
    let odd = place.write("odd.yaml", "openapi: 3.0.3\ninfo: {title: Shop}\npaths: {}\npaths: {}\n");
    let same = place.write(
        "same.json",
        "{\"components\": {\"schemas\": {\"Order\": {\"properties\": {\"state\": {\"type\": \"string\"}, \"id\": {\"type\": \"string\"}}, \"type\": \"object\"}}},
          \"openapi\": \"3.0.3\", \"info\": {\"version\": \"1\", \"title\": \"Shop\"},
          \"paths\": {\"/orders/\": {\"get\": {\"tags\": [\"Orders\"], \"operationId\": \"ListOrders\", \"responses\": {\"200\":
           {\"description\": \"x\", \"content\": {\"application/json\": {\"schema\": {\"$ref\": \"#/components/schemas/Order\"}}}}}}}}}",
    );
    let before = place.spec();
    for (args, code, expected) in [
        (vec!["fetch", broken.as_str()], 2, "broken.json:2:11"),
        (vec!["fetch", page.as_str()], 2, "nothing was changed"),
        (vec!["fetch", odd.as_str()], 2, "nothing was changed"),
        (vec!["fetch", "no/such/file.yaml"], 2, "cannot read `no/such/file.yaml`: there is no such file"),
        (vec!["fetch", "http://example.com/spec.json"], 2, "only https"),
        (vec!["fetch", "https://me:secret@example.com/spec.json"], 2, "holds credentials"),
        (vec!["fetch"], 2, "name an address or a file"),
        // The same content in another order and another format.
        (vec!["fetch", same.as_str()], 0, "unchanged: "),
    ] {
        let told = place.told(code, &args);
        assert!(told.contains(expected), "{args:?}: {told}");
        assert!(!told.contains("secret@"), "{told}");
        assert!(place.spec() == before, "{args:?} changed spec/");
    }
}

#[test]
fn a_document_is_fetched_and_released() {
    let place = Place::new();
    place.told(0, &["generate"]);
    assert!(place.read("generated/src/lib.rs").contains("date: Some(\"2025-01-02\")"));
    assert_eq!(place.read("generated/CHANGELOG.md"), place.read("spec/CHANGELOG.md"));
    let new = DOCUMENT
        .replace("version: '1'", "version: '2'")
        .replace("/Order'", "/Purchase'")
        .replace("    Order:", "    Purchase:")
        .replace("operationId: ListOrders", "operationId: SearchOrders");
    let file = place.write("new.yaml", &new);
    let old = place.write("old.yaml", DOCUMENT);
    let told = place.told(0, &["fetch", &file]);
    assert!(told.contains("is the document of `new.yaml` now"), "{told}");
    assert!(told.contains("models::Order → models::Purchase"), "{told}");
    // The overlay was written for what has another name now.
    assert!(told.contains("stale actions") && told.contains("overlay.yaml:4:"), "{told}");
    assert_eq!(place.read("spec/belvo.yaml"), new);
    let record = place.read("spec/provenance.toml");
    assert!(record.contains("source = \"new.yaml\"") && record.contains("version = \"2\""), "{record}");
    assert!(place.told(0, &["fetch", &file]).contains("unchanged: "));
    place.told(2, &["generate"]);
    let overlay_before = place.write("overlay-before.yaml", &place.read("spec/overlay.yaml"));
    let overlay = place.read("spec/overlay.yaml").replace("schemas.Order", "schemas.Purchase");
    place.write("spec/overlay.yaml", &overlay);

    // What would be released; nothing is written.
    let before = place.spec();
    let told = place.told(0, &["release", &old, "--date", "2026-04-23"]);
    assert!(told.contains("1.4.0 → 1.5.0: minor") && told.contains("nothing was changed"), "{told}");
    assert!(place.spec() == before);
    // The old document without its overlay had no words of ours.
    assert!(told.contains("D0613"), "{told}");
    let told = place.told(0, &["release", &old, "--old-overlay", &overlay_before]);
    assert!(told.contains("1.4.0 → 1.5.0: minor") && !told.contains("D0613"), "{told}");
    let report = place.at("report.md").display().to_string();
    place.told(0, &["release", &old, "--date", "2026-04-23", "--apply", "--report", &report]);
    assert_eq!(place.read("spec/belvo.toml"), SETTINGS.replace("1.4.0", "1.5.0"));
    let log = place.read("spec/CHANGELOG.md");
    assert!(log.starts_with("# Changelog\n\n## 1.5.0 (2026-04-23)\n\nA note.\n"), "{log}");
    assert!(log.contains("models::Purchase") && log.ends_with("\n## 1.4.0\n\nOlder.\n"), "{log}");
    assert!(place.read("report.md").contains("models::Purchase"));
    let lock = place.read("spec/names.lock");
    assert!(lock.contains("| type-alias | 1.5.0..2.0.0 | Order\n"), "{lock}");
    assert!(lock.contains("| method-alias | 1.5.0..2.0.0 | orders/Orders/list\n"), "{lock}");
    place.told(0, &["generate"]);
    assert_eq!(place.read("spec/names.lock"), lock);
    place.told(0, &["check"]);
    assert!(place.read("generated/Cargo.toml").contains("version = \"1.5.0\""));
    assert_eq!(place.read("generated/CHANGELOG.md"), log);

    // The tag.
    let notes = place.at("notes.md").display().to_string();
    place.told(0, &["release", "--check", "v1.5.0", "--report", &notes]);
    assert!(place.read("notes.md").starts_with("A note.\n"));
    assert!(place.told(1, &["release", "--check", "v1.4.0"]).contains("the version in"));
    assert!(place.told(2, &["release", &old, "--date", "23 April"]).contains("no day"));
    // Compared with itself there is nothing to release; what the documents do not show may ask for more.
    assert!(place.told(0, &["release", &file]).contains("nothing to release: 1.5.0 stays"));
    assert!(place.told(0, &["release", &file, "--at-least", "major"]).contains("1.5.0 → 2.0.0"));
}

#[test]
fn names_are_shown_pinned_and_renamed() {
    let place = Place::new();
    place.told(0, &["generate"]);
    let told = place.told(0, &["names"]);
    assert!(told.contains("models::Order  #/components/schemas/Order\n"), "{told}");
    assert!(told.contains("api::Orders::list  #/paths/~1orders~1/get\n"), "{told}");

    let told = place.told(0, &["names", "rename", "Order", "Purchase"]);
    assert!(told.contains("the old name stays as a deprecated alias and goes with version 2.0.0"), "{told}");
    place.told(0, &["names", "rename", "Orders::list", "all"]);
    place.told(0, &["generate"]);
    let settings = place.read("spec/belvo.toml");
    assert!(settings.starts_with(SETTINGS), "comments stay: {settings}");
    let models = place.read("generated/src/models/orders.rs");
    assert!(models.contains("pub struct Purchase {") && models.contains("pub type Order = Purchase;"), "{models}");
    let api = place.read("generated/src/api/orders.rs");
    assert!(api.contains("pub fn all(&self)") && api.contains("pub fn list(&self)"), "{api}");
    let list: Value = serde_json::from_str(&place.told(0, &["names", "list", "Order", "--json"])).expect("JSON");
    let renamed: Vec<&Value> =
        list.as_array().expect("an array").iter().filter(|o| o.get("renamed_to").is_some()).collect();
    assert_eq!(renamed.len(), 2, "{list:#}");
    assert_eq!(renamed[0]["until"], "2.0.0");

    place.told(0, &["names", "pin", "#/components/schemas/Order"]);
    assert!(place.read("spec/belvo.toml").contains("rename = \"Purchase\""));
    let before = place.spec();
    for (args, expected) in [
        (&["names", "rename", "Nothing", "X"][..], "nothing is called `Nothing`"),
        (&["names", "rename", "Purchase", "not a name"], "Rust would call it `NotAName`"),
        (&["names", "pin", "#/components/schemas/Nothing"], "the lock has no name"),
    ] {
        let told = place.told(2, args);
        assert!(told.contains(expected), "{args:?}: {told}");
        assert!(place.spec() == before);
    }
}

/// The consumer's own lines, each with what is to be said of it.
const CONSUMER: &str = "\
//! A consumer that allows what it should not.
#![allow(deprecated)]

pub fn list(client: &shop::Client) -> shop::api::requests::ListOrders {
    client.orders().list()
}

pub fn state(order: &shop::models::Order) -> Option<&str> {
    let inner = || order.state.as_deref();
    inner()
}

pub fn id(order: &shop::models::Order) -> String {
    format!(\"{:?}\", order.id)
}

pub fn counted(client: &shop::Client) -> shop::api::requests::CountOrders {
    client.orders().count(shop::api::requests::CountOrdersArgs {
        since: \"2026-01-01\".into(),
        until: \"2026-01-31\".into(),
    })
}
";

/// An operation whose arguments are given by their names.
const COUNT: &str = "\
paths:
  /count/:
    get:
      operationId: CountOrders
      tags: [Orders]
      parameters:
        - {name: since, in: query, required: true, schema: {type: string}}
        - {name: until, in: query, required: true, schema: {type: string}}
      responses: {'204': {description: x}}
";

#[test]
fn the_impact_on_a_consumer_names_its_lines() {
    let place = Place::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let document = DOCUMENT.replace("paths:\n", COUNT);
    let old = place.write("old.yaml", &document);
    // A member goes, the path changes, the type has another name, and so has one of the arguments that are given by their names.
    let new = place.write(
        "new.yaml",
        &document
            .replace("name: until", "name: last_day")
            .replace("        state: {type: string}\n", "")
            .replace("  /orders/:", "  /v2/orders/:")
            .replace("      properties:", "      x-note: 1\n      properties:"),
    );
    let more = place
        .write("more.yaml", &format!("{document}    Gift: {{type: object, properties: {{id: {{type: string}}}}}}\n"));
    let sdk = place.at("sdk").display().to_string();
    place.told(0, &["generate", "--spec", &old, "--out", &sdk, "--name", "shop"]);
    fs::create_dir_all(place.at("consumer/src")).expect("mkdir");
    place.write(
        "consumer/Cargo.toml",
        "[package]\nname = \"consumer\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nshop = { path = \"../sdk\", default-features = false }\n",
    );
    place.write("consumer/src/lib.rs", CONSUMER);
    fs::copy(root.join("Cargo.lock"), place.at("consumer/Cargo.lock")).expect("copy");
    let files = || {
        let all = ["consumer/Cargo.toml", "consumer/Cargo.lock", "consumer/src/lib.rs"];
        all.map(|name| place.read(name))
    };
    let before = files();
    let consumer = place.at("consumer").display().to_string();
    let run = |new: &str, code: i32, format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        // What it builds is kept in the repository, so that the next run has it.
        command
            .args(["impact", &old, new, "--crate", &consumer, "--name", "shop", "--format", format])
            .current_dir(root);
        // All of it has been fetched for the workspace.
        command.env("CARGO_NET_OFFLINE", "true");
        let output = command.output().expect("xtask runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{out}{err}");
        out.into_owned()
    };
    let told = run(&new, 1, "human");
    assert!(told.contains("; 2 touch you\n"), "{told}");
    let object: Value = serde_json::from_str(&run(&new, 1, "json")).expect("JSON");
    let places = |group: &str| -> Vec<(String, u64)> {
        let all = object[group].as_array().expect("a list").iter();
        all.flat_map(|o| o["places"].as_array().expect("places"))
            .map(|p| (p["file"].as_str().expect("a file").to_owned(), p["line"].as_u64().expect("a line")))
            .collect()
    };
    // Seen through the closure; and the call whose path is another one, although the crate allows the lint.
    let at = |line: u64| ("src/lib.rs".to_owned(), line);
    assert_eq!(places("broken"), [at(20), at(9)], "{object:#}");
    assert_eq!(object["broken"][0]["path_old"], "api::requests::CountOrdersArgs::until");
    assert_eq!(object["broken"][1]["path_old"], "models::Order::state");
    // The call lacks the new field besides; the compiler says so once the old one is gone.
    assert_eq!(places("at_run_time"), [at(18), at(5)], "{object:#}");
    assert_eq!(object["unexplained"], serde_json::json!([]));
    // What is only new touches nobody.
    let told = run(&more, 0, "human");
    assert!(told.contains("0 breaking changes; none touches you"), "{told}");
    assert!(files() == before, "the consumer's files are its own");
    assert!(!place.at("consumer/target").exists());
    // A crate that does not use the SDK at all is a mistake of the caller.
    place.write(
        "consumer/Cargo.toml",
        "[package]\nname = \"consumer\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n",
    );
    run(&new, 2, "human");
}

#[test]
fn facts_are_brought_into_words_of_ours() {
    let place = Place::new();
    let ours =
        DOCUMENT.replace("      type: object\n", "      type: object\n      description: What a customer wants.\n");
    place.write("spec/belvo.yaml", &ours);
    place.write(
        "spec/belvo.toml",
        &format!("{SETTINGS}words = \"ours\"\n\n[types.\"#/components/schemas/Order\"]\nrename = \"Order\"\n"),
    );
    place.told(0, &["generate"]);
    // Renamed, a property more, one less, and an operation that writes.
    let new = DOCUMENT
        .replace("version: '1'", "version: '2'")
        .replace("/Order'", "/PurchaseOrder'")
        .replace("    Order:", "    PurchaseOrder:")
        .replace("        id: {type: string}\n", "        id: {type: string}\n        due: {type: string, format: date, description: Published words.}\n")
        .replace("  /orders/:\n", "  /orders/:\n    post: {tags: [Orders], operationId: CreateOrder, responses: {'204': {description: Published words.}}}\n");
    let file = place.write("new.yaml", &new);
    let report = place.at("report.md").display().to_string();
    let output = place.at("github").display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["fetch", &file, "--report", &report, "--github-output"]).current_dir(place.dir.path());
    let done = command.env_remove("CARGO_MANIFEST_DIR").env("GITHUB_OUTPUT", &output).output().expect("xtask runs");
    let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert_eq!(done.status.code(), Some(0), "{told}");

    let spec = place.read("spec/belvo.yaml");
    assert!(
        spec.contains("    PurchaseOrder:\n      type: object\n      description: What a customer wants.\n"),
        "{spec}"
    );
    assert!(spec.contains("        due: {type: string, format: date}\n"), "{spec}");
    assert!(!spec.contains("Published words"), "{spec}");
    // What is beside the document follows.
    assert!(place.read("spec/overlay.yaml").contains("$.components.schemas.PurchaseOrder.properties.state"));
    let settings = place.read("spec/belvo.toml");
    assert!(settings.contains("[types.\"#/components/schemas/PurchaseOrder\"]"), "{settings}");
    let version = settings.lines().find(|line| line.starts_with("version = ")).expect("a version").to_owned();
    assert_ne!(version, "version = \"1.4.0\" # moved by release");
    assert!(place.read("spec/CHANGELOG.md").contains("PurchaseOrder"));
    assert!(place.read("spec/names.lock").contains("PurchaseOrder"));
    assert!(place.read("spec/provenance.toml").contains("version = \"2\""));
    // What is left to a person.
    for expected in
        ["to decide (1):", "`CreateOrder` (POST /orders/)", "to describe (", "belvo.yaml:", "`due`: string, date"]
    {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let report = place.read("report.md");
    assert!(
        report.contains("- [ ] ") && report.contains("`due`") && report.contains("What changes for Rust"),
        "{report}"
    );
    assert!(!report.contains("Published words") && !report.contains(".tmp"), "{report}");
    let output = place.read("github");
    assert!(output.contains("step=") && output.contains("title=The published document has changed"), "{output}");
    // `check` warns until somebody has described it, and once is as good as twice.
    assert!(place.told(0, &["generate"]).contains("W0911"));
    let before = place.spec();
    assert!(place.told(0, &["fetch", &file]).contains("unchanged: "));
    assert!(place.spec() == before);
    assert!(fs::read_dir(place.at("spec")).expect("spec").all(|e| !e.expect("an entry").path().ends_with(".tmp")));

    // What cannot be generated from changes nothing, and the publisher's file comes in whole where that is asked for.
    let broken = place.write("broken.yaml", &format!("{new}paths: {{}}\n"));
    place.told(2, &["fetch", &broken]);
    assert!(place.spec() == before);
    let newer = place.write("newer.yaml", &new.replace("version: '2'", "version: '4'"));
    place.told(0, &["fetch", &newer, "--words", "theirs"]);
    assert!(place.read("spec/belvo.yaml").contains("Published words"));
}
