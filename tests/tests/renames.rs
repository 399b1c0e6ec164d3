//! What a renamed node does to code that was written before: the new name is the document's, the old one stays as a
//! deprecated alias, the lock says until when, and nothing else gets the name meanwhile.

use generator::{Generated, Inputs};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::place::{root, text};
use tests::run::{file, generate, generated, own, told};

const SHOP: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders/:
    get:
      operationId: ListOrders
      tags: [Orders]
      parameters:
        - {name: state, in: query, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        '200': {description: x, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}
        '404': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/NotFound'}}}}
    post:
      operationId: CreateOrder
      tags: [Orders]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses:
        '201': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '202': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/NotFound'}}}}
  /orders/{id}/:
    delete:
      operationId: RemoveOrder
      tags: [Orders]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses: {'204': {description: x}}
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string}
        kind: {$ref: '#/components/schemas/Kind'}
        address: {type: object, properties: {street: {type: string}}}
    Kind: {type: string, enum: [gift, plain]}
    NotFound: {type: object, properties: {code: {type: string}, message: {type: string}}}
    Refused: {type: object, properties: {code: {type: string}, message: {type: string}}}
";

/// A folder with a document, its settings and its lock.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    fn inputs(&self, document: &str, settings: &str) -> Inputs {
        let at = |name: &str| self.dir.path().join(name);
        fs::write(at("shop.yaml"), document).expect("write");
        fs::write(at("shop.toml"), settings).expect("write");
        Inputs {
            spec: at("shop.yaml"),
            config: Some(at("shop.toml")),
            lock: Some(at("names.lock")),
            name: Some("shop".into()),
            ..Inputs::default()
        }
    }

    /// Generates, and writes the lock as the command line does.
    fn run(&self, document: &str) -> Generated {
        self.run_at(document, "1.4.0")
    }

    fn run_at(&self, document: &str, version: &str) -> Generated {
        let run = generated(&self.inputs(document, &format!("[crate]\nversion = \"{version}\"\n")));
        fs::write(self.dir.path().join("names.lock"), run.lock.print()).expect("write");
        run
    }

    /// The lines of the lock that tell of earlier names, without their pointers.
    fn aliases(&self) -> Vec<String> {
        let lock = text(&self.dir.path().join("names.lock"));
        let lines = lock.lines().filter(|line| line.contains("-alias | "));
        lines.map(|line| line.split_once(" | ").map(|x| x.1).unwrap_or_default().to_owned()).collect()
    }
}

/// The whole of the generated API by names, as one text.
fn rust(run: &Generated) -> String {
    let all = run.files.iter().filter(|(path, _)| path.starts_with("src/models/") || path.starts_with("src/api/"));
    all.map(|(path, _)| file(run, path)).collect()
}

fn renamed(from: &str, to: &str) -> String {
    let document = SHOP
        .replace(&format!("    {from}:"), &format!("    {to}:"))
        .replace(&format!("schemas/{from}'"), &format!("schemas/{to}'"));
    assert_ne!(document, SHOP);
    document
}

#[test]
fn a_component_has_the_new_name_and_answers_to_the_old_one() {
    let place = Place::new();
    place.run(SHOP);
    let document = renamed("Order", "Purchase");
    let run = place.run(&document);
    let rust = rust(&run);
    assert!(rust.contains("pub struct Purchase {") && !rust.contains("struct Order {"), "{rust}");
    assert!(
        rust.contains(
            "#[deprecated(note = \"renamed to Purchase; goes with version 2.0.0\")]\npub type Order = Purchase;"
        ),
        "{rust}"
    );
    // What stands in it has not been renamed by anybody.
    assert!(rust.contains("pub struct OrderAddress {") && !rust.contains("type OrderAddress"), "{rust}");
    assert_eq!(place.aliases(), ["type-alias | next..2.0.0 | Order"]);
    // Once more, and with the release made: settled.
    let lock = run.lock.print();
    assert_eq!(place.run(&document).lock.print(), lock);
}

#[test]
fn of_several_alike_the_likest_names_belong_together() {
    let place = Place::new();
    place.run(SHOP);
    let document = renamed("NotFound", "ResourceNotFound").replace("    Refused:", "    WasRefused:");
    let rust = rust(&place.run(&document));
    assert!(
        rust.contains("type NotFound = ResourceNotFound;") && rust.contains("type Refused = WasRefused;"),
        "{rust}"
    );
}

#[test]
fn nothing_else_gets_an_old_name_and_going_back_is_no_trouble() {
    let place = Place::new();
    place.run(SHOP);
    place.run(&renamed("Order", "Purchase"));
    // Another `Order` comes, and it is another thing.
    let other = renamed("Order", "Purchase") + "    Order: {type: object, properties: {rank: {type: integer}}}\n";
    let other = other.replace("        kind:", "        rank: {$ref: '#/components/schemas/Order'}\n        kind:");
    let run = place.run(&other);
    assert!(
        rust(&run).contains("type Order = Purchase;") && rust(&run).contains("struct OrderModel {"),
        "{}",
        rust(&run)
    );
    // Back to the first document from the renamed one.
    let place = Place::new();
    let first = rust(&place.run(SHOP));
    place.run(&renamed("Order", "Purchase"));
    let back = rust(&place.run(SHOP));
    assert!(back.contains("struct Order {") && back.contains("type Purchase = Order;"), "{back}");
    let item = alias_item("Purchase", "Order");
    assert_eq!(back.matches(&item).count(), 1);
    assert!(first == back.replace(&format!("\n{item}"), ""), "the alias is all that is left of it");
    assert_eq!(place.aliases(), ["type-alias | next..2.0.0 | Purchase"]);
}

fn alias_item(old: &str, new: &str) -> String {
    format!(
        "/// The earlier name of [`{new}`].\n#[deprecated(note = \"renamed to {new}; goes with version 2.0.0\")]\npub type {old} = {new};\n"
    )
}

#[test]
fn an_alias_goes_with_its_version_and_its_name_stays_taken() {
    let place = Place::new();
    place.run(SHOP);
    let document = renamed("Order", "Purchase");
    place.run(&document);
    assert!(rust(&place.run_at(&document, "1.9.3")).contains("type Order ="));
    let run = place.run_at(&document, "2.0.0");
    assert!(!rust(&run).contains("type Order ="));
    assert_eq!(place.aliases(), ["type-alias | next..2.0.0 | Order (gone)"]);
    let other = document + "    Order: {type: object, properties: {rank: {type: integer}}}\n";
    let other = other.replace("        kind:", "        rank: {$ref: '#/components/schemas/Order'}\n        kind:");
    assert!(rust(&place.run_at(&other, "2.1.0")).contains("struct OrderModel {"));
}

#[test]
fn a_release_settles_how_long_an_alias_lives() {
    let place = Place::new();
    place.run(SHOP);
    let run = place.run(&renamed("Order", "Purchase"));
    let lives = |next: &str, breaking| {
        let lock = run.lock.released(&next.parse().expect("a version"), breaking);
        lock.aliases()
            .map(|line| (line.alias.since.as_ref().map(|v| v.to_string()), line.alias.until.to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(lives("1.5.0", false), [(Some("1.5.0".to_owned()), "2.0.0".to_owned())]);
    // It came together with something that breaks: the old name lives through that major version.
    assert_eq!(lives("2.0.0", true), [(Some("2.0.0".to_owned()), "3.0.0".to_owned())]);
}

#[test]
fn a_person_may_rename_and_not_take_a_name_that_is_still_understood() {
    let place = Place::new();
    place.run(SHOP);
    let rename = |pointer: &str, name: &str| {
        format!("[crate]\nversion = \"1.4.0\"\n[types.\"#/components/schemas/{pointer}\"]\nrename = \"{name}\"\n")
    };
    let run = generated(&place.inputs(SHOP, &rename("Order", "Purchase")));
    assert!(rust(&run).contains("type Order = Purchase;"), "{}", rust(&run));
    fs::write(place.dir.path().join("names.lock"), run.lock.print()).expect("write");
    let both = rename("Order", "Purchase") + "[types.\"#/components/schemas/Kind\"]\nrename = \"Order\"\n";
    let refused = generate(&place.inputs(SHOP, &both));
    assert!(
        told(&refused).contains(
            "error[E0805]: `Order` is still the deprecated name of `#/components/schemas/Order`, until version 2.0.0"
        ),
        "{}",
        told(&refused)
    );
}

/// The shop after everything that can happen to an operation: another id, another tag, and for all others another handle.
fn moved() -> String {
    SHOP.replace("operationId: ListOrders\n      tags: [Orders]", "operationId: SearchOrders\n      tags: [Purchases]")
        .replace("operationId: CreateOrder\n      tags: [Orders]", "operationId: CreateOrder\n      tags: [Purchases]")
        .replace("operationId: RemoveOrder\n      tags: [Orders]", "operationId: RemoveOrder\n      tags: [Shelf]")
}

#[test]
fn operations_answer_to_what_they_were_called() {
    let place = Place::new();
    place.run(SHOP);
    let one = SHOP.replace("operationId: ListOrders", "operationId: SearchOrders");
    let rust_of_one = rust(&place.run(&one));
    assert!(rust_of_one.contains("pub type ListOrders = SearchOrders;"), "{rust_of_one}");
    assert!(rust_of_one.contains("renamed to search; goes with version 2.0.0"), "{rust_of_one}");
    assert_eq!(
        place.aliases(),
        ["builder-alias | next..2.0.0 | ListOrders", "method-alias | next..2.0.0 | orders/Orders/list"]
    );
    // A path changes and everything stays.
    let place = Place::new();
    place.run(SHOP);
    place.run(&SHOP.replace("  /orders/{id}/:", "  /v2/orders/{id}/:"));
    assert!(place.aliases().is_empty(), "{:?}", place.aliases());
}

/// What was written against the first shop: every name that is about to change, each in a line of its own.
const CONSUMER: &str = "
pub fn all(client: &shop::Client) -> shop::api::requests::ListOrders {
    client.orders().list(\"open\").limit(5)
}
pub fn create(client: &shop::Client, order: shop::models::Order) -> shop::api::requests::CreateOrder {
    client.orders().create(order)
}
pub fn remove(client: &shop::Client) -> shop::api::requests::RemoveOrder {
    client.orders().remove(\"x\")
}
pub fn answer(answer: shop::api::requests::CreateOrderAnswer) -> bool {
    matches!(answer, shop::api::requests::CreateOrderAnswer::Created(_))
}
pub fn make() -> shop::models::Order {
    shop::models::Order::new(\"x\").with_kind(shop::models::Kind::Gift)
}
pub fn read(kind: &shop::models::Kind) -> bool {
    matches!(kind, shop::models::Kind::Gift)
}
";

#[test]
fn old_code_compiles_against_renamed_types_and_operations() {
    let place = Place::new();
    place.run(SHOP);
    let before = check(&place, &place.run(SHOP), "shop", CONSUMER);
    assert_eq!(before, Vec::<String>::new());
    let after = moved()
        .replace("    Order:", "    Purchase:")
        .replace("schemas/Order'", "schemas/Purchase'")
        .replace("    Kind:", "    Sort:")
        .replace("schemas/Kind'", "schemas/Sort'");
    let told = check(&place, &place.run(&after), "shop", CONSUMER);
    let handle = "3: use of deprecated method `shop::api::<impl shop::Client>::orders`: its functions are on other handles; goes with version 2.0.0";
    let expected = [
        "2: use of deprecated type alias `shop::api::requests::ListOrders`: renamed to SearchOrders; goes with version 2.0.0",
        handle,
        "5: use of deprecated type alias `shop::models::Order`: renamed to Purchase; goes with version 2.0.0",
    ];
    for line in expected {
        assert!(told.contains(&line.to_owned()), "{line}\n{told:#?}");
    }
    assert!(told.iter().all(|line| line.contains("use of deprecated")), "{told:#?}");
}

/// A folder that the crates of these tests are built in: what they depend on is built once.
fn target() -> PathBuf {
    root().join("target/consumers")
}

/// Writes the crate and a consumer of it, and gives what the compiler says of the consumer: `line: message`.
fn check(place: &Place, run: &Generated, name: &str, source: &str) -> Vec<String> {
    let sdk = place.dir.path().join("sdk");
    for (path, content) in run.files.iter() {
        let path = sdk.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("mkdir");
        fs::write(path, content).expect("write");
    }
    consumer(place.dir.path(), &sdk, name, source)
}

fn consumer(dir: &Path, sdk: &Path, name: &str, source: &str) -> Vec<String> {
    let dir = dir.join("consumer");
    fs::create_dir_all(dir.join("src")).expect("mkdir");
    // Every operation, where there are features for parts of them.
    let of_sdk = fs::read_to_string(sdk.join("Cargo.toml")).expect("a manifest");
    let features = if of_sdk.contains("\nfull = [") { "\"full\"" } else { "" };
    let sdk = sdk.display().to_string().replace('\\', "/");
    let manifest = format!(
        "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\n{name} = {{ path = '{sdk}', default-features = false, features = [{features}] }}\n"
    );
    fs::write(dir.join("Cargo.toml"), manifest).expect("write");
    fs::write(dir.join("src/lib.rs"), source).expect("write");
    // The versions of the repository: nothing new is resolved.
    let _ = fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock"));
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--message-format=json", "--target-dir"])
        .arg(target())
        .current_dir(&dir)
        // All of it has been fetched for the workspace.
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    let mut told = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let inner = &message["message"];
        let Some(at) = inner["spans"].as_array().and_then(|s| s.iter().find(|s| s["is_primary"] == true)) else {
            continue;
        };
        // Of the crate too: it has no warnings of its own, whatever of it is deprecated.
        let place = if message["target"]["name"] == "consumer" { String::new() } else { "in the crate: ".to_owned() };
        told.push(format!("{place}{}: {}", at["line_start"], inner["message"].as_str().unwrap_or_default()));
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told:#?}\n{errors}");
    told
}

#[test]
fn a_rename_in_our_own_document_costs_old_code_one_warning() {
    let place = Place::new();
    let at = |name: &str| place.dir.path().join(name);
    let document = text(&own().spec);
    let changed = document.replace("NotFoundError", "ResourceNotFound");
    assert_ne!(document, changed);
    fs::write(at("belvo.yaml"), changed).expect("write");
    let run = generated(&Inputs { spec: at("belvo.yaml"), own: false, ..own() });
    let source = "pub fn code(error: &belvo::models::NotFoundError) -> String {\n    format!(\"{error:?}\")\n}\n";
    let told = check(&place, &run, "belvo", source);
    assert_eq!(told.len(), 1, "{told:#?}");
    let version = &run.lock.aliases().next().expect("an alias").alias.until;
    assert_eq!(
        told[0],
        format!(
            "1: use of deprecated type alias `belvo::models::NotFoundError`: renamed to ResourceNotFound; goes with \
             version {version}"
        )
    );
}

/// Two operations; what each gives, and the schemas.
fn pair_of(first: &str, second: &str, schemas: &str) -> String {
    let answer = |name: &str| match name {
        "" => "description: x".to_owned(),
        name => format!(
            "description: x, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}"
        ),
    };
    format!(
        "openapi: 3.0.3\ninfo: {{title: Shop, version: '1'}}\npaths:\n  /a/: {{get: {{operationId: A, responses: {{'200': {{{}}}}}}}}}\n  /b/: {{get: {{operationId: B, responses: {{'200': {{{}}}}}}}}}\ncomponents:\n  schemas:\n    Other: {{type: object, properties: {{id: {{type: string}}}}}}\n{schemas}",
        answer(first),
        answer(second)
    )
}

/// The lock and `diff` know the same renames: equal structure, and names alike or the same place.
#[test]
fn the_lock_and_diff_agree_on_what_a_rename_is() {
    let message = "{type: object, properties: {message: {type: string}}}";
    let more = "{type: object, properties: {message: {type: string}, code: {type: integer}, at: {type: string}}}";
    let order = "{type: object, properties: {id: {type: string}, state: {type: string}, total: {type: number}}}";
    for (old, new, structures, moves, renamed) in [
        ("NotFoundError", "ResourceNotFound", [message, message], true, true),
        ("NotFoundError", "ResourceNotFound", [message, message], false, true),
        ("Unauthorized", "Greeting", [message, message], true, false),
        ("Unauthorized", "Greeting", [message, message], false, true),
        // However much they have in common.
        ("Order", "Customer", [order, order], true, false),
        ("Order", "Customer", [order, order], false, true),
        // Another structure is another thing, whatever it is called.
        ("NotFoundError", "ResourceNotFound", [message, more], true, false),
        ("Order", "PurchaseOrder", [order, more], false, false),
    ] {
        let case = format!("{old} -> {new}, {}", if moves { "elsewhere" } else { "at the same place" });
        let before = pair_of(old, "Other", &format!("    {old}: {}\n", structures[0]));
        let (first, second) = if moves { ("Other", new) } else { (new, "Other") };
        let after = pair_of(first, second, &format!("    {new}: {}\n", structures[1]));
        let place = Place::new();
        place.run(&before);
        place.run(&after);
        assert_eq!(
            place.aliases().iter().any(|line| line.ends_with(&format!(" | {old}"))),
            renamed,
            "{case}: the lock"
        );
        let inputs = |name: &str, document: &str| {
            let spec = place.dir.path().join(name);
            fs::write(&spec, document).expect("write");
            Inputs { spec, name: Some("shop".into()), ..Inputs::default() }
        };
        let (old, new) = generator::drift::understand(&inputs("old.yaml", &before), &inputs("new.yaml", &after));
        let report = generator::drift::diff(&old, &new);
        assert_eq!(report.changes.iter().any(|c| c.code == "D0503"), renamed, "{case}: diff");
    }
}

/// A lock from before it said where types are used is completed once, with a note.
#[test]
fn a_lock_of_an_earlier_version_is_completed() {
    let place = Place::new();
    let run = place.run(SHOP);
    let completed_now = |run: &Generated| run.diagnostics.iter().any(|d| d.code == "N0806");
    assert!(!completed_now(&run));
    let lock = run.lock.print();
    let old: Vec<String> = lock.lines().map(|line| line.split_once('@').map_or(line.to_owned(), before_name)).collect();
    let alias = "#/components/schemas/Order | type-alias | 1.3.0..2.0.0 | Greeting";
    let path = place.dir.path().join("names.lock");
    fs::write(&path, format!("{}\n{alias}\n", old.join("\n"))).expect("write");
    let run = place.run(SHOP);
    let notes: Vec<_> = run.diagnostics.iter().filter(|d| d.code == "N0806").collect();
    assert!(
        matches!(notes.as_slice(), [note] if note.help.as_ref().is_some_and(|help| help.ends_with("no renames: `Greeting` of `#/components/schemas/Order`"))),
        "{notes:?}"
    );
    let completed = run.lock.print();
    assert_eq!(completed.replace(&format!("{alias}\n"), ""), lock);
    assert!(!completed_now(&place.run(SHOP)));
}

/// A line of the lock without the place after `@`.
fn before_name((structure, rest): (&str, &str)) -> String {
    format!("{structure}{}", rest.find(" | ").and_then(|at| rest.get(at..)).unwrap_or_default())
}
