//! The rules of what becomes of a document, on a small one of ours: the public surface of the crate, a line an item, as it is
//! and with every required member of a response nullable.

use generator::drift::{self, Class, Survival};
use generator::{Generated, Inputs};
use std::fs;
use std::path::Path;
use tests::run::{file, generate};
use tests::surface::lines;

const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders:
    post:
      operationId: placeOrder
      tags: [Orders]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '200': {description: It was there., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '201': {description: It is new., content: {application/json: {schema: {$ref: '#/components/schemas/Receipt'}}}}
        '204': {description: Nothing to do.}
        '400': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Invalid'}}}}
        '404': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Missing'}}}}
  /orders/{id}:
    get:
      operationId: getOrder
      tags: [Orders]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '400': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Invalid'}}}}
        '404': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Missing'}}}}
    delete:
      operationId: dropOrder
      tags: [Orders]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '204': {description: Gone.}
        '404': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Missing'}}}}
components:
  schemas:
    Order:
      type: object
      required: [id, item, address, note]
      properties:
        id: {type: string, readOnly: true}
        item: {type: string}
        address: {$ref: '#/components/schemas/Address'}
        note: {type: string, nullable: true}
        pin: {type: string, writeOnly: true}
    Address: {type: object, required: [town], properties: {town: {type: string}}}
    Receipt: {type: object, required: [number, lines], properties: {number: {type: integer}, lines: {type: array, items: {$ref: '#/components/schemas/Line'}}}}
    Line: {type: object, required: [sum], properties: {sum: {type: number}, kind: {$ref: '#/components/schemas/Kind'}}}
    Kind: {oneOf: [{$ref: '#/components/schemas/Part'}, {$ref: '#/components/schemas/Piece'}]}
    Part: {type: object, required: [name], properties: {name: {type: string}}}
    Piece: {type: object, required: [name], properties: {name: {type: string, format: password}}}
    Invalid: {type: object, required: [message], properties: {message: {type: string}}}
    Missing: {type: object, required: [what], properties: {what: {type: string}}}
";

/// Numbers wherever a document may have them, of every format.
const LEDGER: &str = "openapi: 3.0.3
info: {title: Ledger, version: '1'}
paths:
  /entries:
    get:
      operationId: listEntries
      tags: [Entries]
      parameters:
        - {name: amount, in: query, schema: {type: number, format: float}}
        - {name: amounts, in: query, schema: {type: array, items: {type: number}}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Entry'}}}}}
    post:
      operationId: addEntry
      tags: [Entries]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewEntry'}}}}
      responses:
        '201': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Entry'}}}}
components:
  schemas:
    NewEntry:
      type: object
      required: [amount, fee]
      properties:
        amount: {type: number, format: float}
        fee: {type: number, nullable: true}
        discount: {type: number, nullable: true}
        parts: {type: array, items: {type: number}}
    Entry:
      type: object
      required: [amount, count]
      properties:
        amount: {type: number, format: double}
        count: {type: integer, format: int64}
        rates: {type: object, additionalProperties: {type: number, nullable: true}}
        factor: {type: number}
        either: {oneOf: [{type: integer}, {type: number}]}
        mixed: {oneOf: [{type: boolean}, {type: number}]}
        level: {type: number, enum: [0.5, 1]}
";

/// Inputs in a folder.
fn inputs(dir: &Path, document: &str, settings: &str) -> Inputs {
    let (spec, config) = (dir.join("api.yaml"), dir.join("api.toml"));
    fs::write(&spec, document).expect("write");
    fs::write(&config, settings).expect("write");
    Inputs { spec, config: Some(config), ..Inputs::default() }
}

fn shop(settings: &str) -> Generated {
    made(DOCUMENT, settings)
}

fn made(document: &str, settings: &str) -> Generated {
    let dir = tempfile::tempdir().expect("a folder");
    let run = generate(&inputs(dir.path(), document, settings));
    assert!(!run.diagnostics.has_errors());
    run
}

fn surface(run: &Generated) -> String {
    let files = run.files.iter().filter(|(path, _)| path.starts_with("src/api/") || path.starts_with("src/models/"));
    let items = files.flat_map(|(path, content)| {
        let source = syn::parse_file(std::str::from_utf8(content).expect("text")).expect("Rust");
        [format!("== {path}")].into_iter().chain(lines(&source, None))
    });
    items.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_becomes_of_a_document() {
    let run = shop("");
    insta::assert_snapshot!("surface", surface(&run));
    assert!(file(&run, "src/lib.rs").contains("required and not nullable is a plain field"));
}

/// The page says of Belvo's responses that any required member may be null: whoever believes it more than the document's
/// `nullable` sets this, and gets an `Option` for each. What requests send is the same, so a type of both becomes two.
#[test]
fn every_required_member_of_a_response_may_be_null_where_the_settings_say_so() {
    let (plain, loose) = (shop(""), shop("[required]\nmay_be_null = true\n"));
    let (plain_lines, loose_lines) = (surface(&plain), surface(&loose));
    let changes: Vec<String> = changed_lines(&plain_lines, &loose_lines);
    insta::assert_snapshot!(changes.join("\n"), @r"
    - Order.id: String
    - Order.item: String
    - Order.address: Address
    - Address.town: String
    - fn Address::new(town: impl Into<String>) -> Self
    - Receipt.number: i64
    - Receipt.lines: runtime::Records<Line>
    - Line.sum: f64
    - Part.name: String
    - Piece.name: runtime::Secret
    - Invalid.message: String
    - Missing.what: String
    - OrderRequest.address: Address
    - OrderRequestArgs.address: Address
    + Order.id: Option<String>
    + Order.item: Option<String>
    + Order.address: Option<Address>
    + Address.town: Option<String>
    + Receipt.number: Option<i64>
    + Receipt.lines: Option<runtime::Records<Line>>
    + Line.sum: Option<f64>
    + Part.name: Option<String>
    + Piece.name: Option<runtime::Secret>
    + Invalid.message: Option<String>
    + Missing.what: Option<String>
    + OrderRequest.address: AddressRequest
    + OrderRequestArgs.address: AddressRequest
    + struct AddressRequest #[non_exhaustive]
    + AddressRequest.town: String
    + AddressRequest.extra: runtime::Extra
    + fn AddressRequest::new(town: impl Into<String>) -> Self
    ");
    let about = |run: &Generated| {
        let text = file(run, "src/lib.rs");
        let part = text.split("# What *required* means here").nth(1).and_then(|rest| rest.split("//! #").next());
        part.expect("a chapter").to_owned()
    };
    insta::assert_snapshot!("required_means", format!("{}\n== with may_be_null\n{}", about(&plain), about(&loose)));
}

/// The format tells nobody which numbers are money, so the document decides for all, and a single schema otherwise.
#[test]
fn numbers_are_exact_where_the_settings_say_so() {
    let settings = "[types.\"#/components/schemas/Entry/properties/factor\"]\nreplace = \"f64\"\n";
    let (floats, exact) = (made(LEDGER, settings), made(LEDGER, &format!("[numbers]\nread = \"exact\"\n{settings}")));
    insta::assert_snapshot!(changed_lines(&surface(&floats), &surface(&exact)).join("\n"), @r"
    - fn ListEntries::amount(self, value: f64) -> Self
    - fn ListEntries::amounts(self, value: impl IntoIterator<Item = f64>) -> Self
    - NewEntry.amount: f64
    - NewEntry.fee: Option<f64>
    - NewEntry.discount: runtime::Patch<f64>
    - NewEntry.parts: Option<Vec<f64>>
    - fn NewEntry::new(amount: f64, fee: Option<f64>) -> Self
    - fn NewEntry::with_discount(self, value: f64) -> Self #[must_use]
    - fn NewEntry::with_parts(self, value: impl IntoIterator<Item = f64>) -> Self #[must_use]
    - Entry.amount: f64
    - Entry.rates: Option<runtime::Map<Option<f64>>>
    - Entry.either: Option<f64>
    - EntryMixed::Number(f64)
    + fn ListEntries::amount(self, value: impl Into<runtime::Number>) -> Self
    + fn ListEntries::amounts(self, value: impl IntoIterator<Item = impl Into<runtime::Number>>) -> Self
    + NewEntry.amount: runtime::Number
    + NewEntry.fee: Option<runtime::Number>
    + NewEntry.discount: runtime::Patch<runtime::Number>
    + NewEntry.parts: Option<Vec<runtime::Number>>
    + fn NewEntry::new(amount: impl Into<runtime::Number>, fee: Option<runtime::Number>) -> Self
    + fn NewEntry::with_discount(self, value: impl Into<runtime::Number>) -> Self #[must_use]
    + fn NewEntry::with_parts(self, value: impl IntoIterator<Item = impl Into<runtime::Number>>) -> Self #[must_use]
    + Entry.amount: runtime::Number
    + Entry.rates: Option<runtime::Map<Option<runtime::Number>>>
    + Entry.either: Option<runtime::Number>
    + EntryMixed::Number(runtime::Number)
    ");
    let one = made(LEDGER, &settings.replace("f64", "number"));
    assert!(file(&one, "src/models/entries.rs").contains("pub factor: Option<runtime::Number>"));
    // Whoever has the member can name its type.
    let exported = |run: &Generated| file(run, "src/lib.rs").contains("Number");
    assert_eq!((exported(&floats), exported(&one)), (false, true));
    assert_eq!(surface(&made(LEDGER, "[numbers]\nread = \"float\"\n")), surface(&made(LEDGER, "")));
    let about = |run: &Generated| file(run, "src/lib.rs").contains("//! # Numbers");
    assert_eq!((about(&floats), about(&exact)), (false, true));
}

/// The wire is the same: only who compiles notices.
#[test]
fn what_numbers_are_read_as_is_a_change_for_the_compiler_alone() {
    let compare = |(old, one): (&str, &str), (new, other): (&str, &str)| {
        let dirs = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
        let (old, new) = (inputs(dirs[0].path(), old, one), inputs(dirs[1].path(), new, other));
        let (old, new) = drift::understand(&old, &new);
        drift::diff(&old, &new)
    };
    let (float, exact) = ("[numbers]\nread = \"float\"\n", "[numbers]\nread = \"exact\"\n");
    for (old, new, whole) in [("", exact, "`f64` → `Number`"), (exact, float, "`Number` → `f64`")] {
        let report = compare((LEDGER, old), (LEDGER, new));
        let of = |code: &str| report.changes.iter().filter(|change| change.code == code).count();
        // The setting; the query's two; the members of both models.
        assert_eq!((of("D0913"), of("D0206"), of("D0605")), (1, 2, 8), "{:#?}", report.changes);
        assert!(report.changes.iter().any(|change| change.message.ends_with(whole)), "{:#?}", report.changes);
        for change in &report.changes {
            let noticed = [&change.survives.reads, &change.survives.sends].into_iter().flatten();
            let broken = noticed.filter(|survival| !matches!(survival, Survival::Survives(_))).count();
            assert_eq!((change.class, broken), (Class::BreaksCompiling, 0), "{change:#?}");
        }
    }
    assert!(compare((LEDGER, ""), (LEDGER, float)).changes.is_empty());
    // Whole numbers go where exact numbers are asked for, but not the reverse.
    let wider = LEDGER.replace(
        "{name: limit, in: query, schema: {type: integer}}",
        "{name: limit, in: query, schema: {type: number}}",
    );
    let breaks = |report: drift::Report| report.of(Class::BreaksCompiling).count();
    assert_eq!(breaks(compare((LEDGER, exact), (&wider, exact))), 0);
    assert_eq!(breaks(compare((&wider, exact), (LEDGER, exact))), 1);
    assert_eq!(breaks(compare((LEDGER, float), (&wider, float))), 1);
}

/// Lines of one that the other lacks.
fn changed_lines(old: &str, new: &str) -> Vec<String> {
    let only = |a: &str, b: &str, mark: &str| -> Vec<String> {
        a.lines().filter(|line| !b.lines().any(|l| l == *line)).map(|line| format!("{mark} {line}")).collect()
    };
    only(old, new, "-").into_iter().chain(only(new, old, "+")).collect()
}

#[test]
fn branches_that_nothing_tells_apart_are_noted_with_both_places() {
    let run = shop("");
    let ties: Vec<_> = run.diagnostics.iter().filter(|d| d.code == "N0313").collect();
    let [tie] = ties.as_slice() else { panic!("{ties:#?}") };
    assert_eq!(tie.pointer.as_ref().map(ToString::to_string).as_deref(), Some("#/components/schemas/Kind/oneOf/1"));
    let there = |span: generator::base::Span| {
        let row = run.sources.position(span).map(|p| p.line).expect("a place");
        let line = DOCUMENT.lines().nth(row - 1).expect("a line");
        (line.trim_start().starts_with("Kind:"), run.sources.slice(span).expect("its text"))
    };
    assert_eq!(tie.span.map(there), Some((true, "{$ref: '#/components/schemas/Piece'}")));
    let second = tie.second.as_ref().map(|(span, label)| (there(*span), label.as_str()));
    assert_eq!(second, Some(((true, "{$ref: '#/components/schemas/Part'}"), "the earlier branch")));
}
