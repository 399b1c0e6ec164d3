//! Bodies of our own → what is proposed for the document that they are of, a kind each; what is applied is proposed no more; nothing of a
//! body is shown.

use generator::Inputs;
use generator::learn::{self, Learned, Refused};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const CLUB: &str = include_str!("learn/club.yaml");
const BODIES: &str = include_str!("learn/bodies.jsonl");

/// A folder with a document, and with what was seen of it.
struct Case {
    folder: TempDir,
    inputs: Inputs,
    seen: PathBuf,
}

impl Case {
    fn of(document: &str, name: &str, seen: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let inputs = Inputs { spec: folder.path().join("club.yaml"), ..Inputs::default() };
        fs::write(&inputs.spec, document).expect("written");
        let seen_at = folder.path().join(name);
        fs::write(&seen_at, seen).expect("written");
        Self { folder, inputs, seen: seen_at }
    }

    fn with_settings(mut self, settings: &str) -> Self {
        let path = self.folder.path().join("club.toml");
        fs::write(&path, settings).expect("written");
        self.inputs.config = Some(path);
        self
    }

    fn overlay(&self) -> PathBuf {
        self.folder.path().join("overlay.yaml")
    }

    fn learned(&self) -> Learned {
        let records = learn::read(&[&self.seen]).expect("it is read");
        learn::learn(&self.inputs, &records, None, &self.overlay()).unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    /// Writes what is proposed.
    fn apply(&mut self, learned: &Learned) -> String {
        let text = learned.overlay.clone().expect("an overlay");
        fs::write(self.overlay(), &text).expect("written");
        self.inputs.overlays = vec![self.overlay()];
        text
    }

    /// The report, wherever the folder is.
    fn text(&self, learned: &Learned) -> String {
        let text = learn::text(learned, Some("overlay.yaml"), false);
        text.replace(&format!("{}/", self.folder.path().display().to_string().replace('\\', "/")), "")
    }
}

/// Kind and place of every proposal.
fn kinds(learned: &Learned) -> Vec<String> {
    let json = learn::json(learned, None);
    let line = |p: &serde_json::Value| {
        let word = |key: &str| p[key].as_str().expect("a text").to_owned();
        format!("{} {}", word("kind"), word("pointer").trim_start_matches("#/components/schemas/"))
    };
    json["proposals"].as_array().expect("a list").iter().map(line).collect()
}

#[test]
fn every_kind_is_proposed_once_and_not_again() {
    let mut case = Case::of(CLUB, "bodies.jsonl", BODIES);
    let learned = case.learned();
    insta::assert_snapshot!("every_kind", case.text(&learned));
    let overlay = case.apply(&learned);
    insta::assert_snapshot!("every_kind_overlay", overlay);
    let again = case.learned();
    assert_eq!(kinds(&again), Vec::<String>::new(), "{}", case.text(&again));
}

#[test]
fn what_the_settings_tolerate_is_not_proposed() {
    let seen = "{\"op\": \"getMember\", \"body\": {\"id\": null, \"height\": null}}\n";
    let case = Case::of(CLUB, "seen.jsonl", seen);
    assert_eq!(
        kinds(&case.learned()),
        ["null Member/properties/height", "null Member/properties/id", "missing Member/properties/joined"]
    );
    let case = case.with_settings("[required]\nmay_be_null = true\n[required.never_null]\nid = \"found by it\"\n");
    assert_eq!(kinds(&case.learned()), ["null Member/properties/id"]);
}

#[test]
fn other_versions_say_null_in_their_own_way() {
    let v31 = CLUB.replace("openapi: 3.0.3", "openapi: 3.1.0");
    let swagger = "swagger: '2.0'\ninfo: {title: Club, version: '1'}\npaths:\n  /members/{id}:\n    get:\n      operationId: getMember\n      produces: [application/json]\n      parameters: [{name: id, in: path, required: true, type: string}]\n      responses:\n        '200': {description: One., schema: {$ref: '#/definitions/Member'}}\ndefinitions:\n  Member:\n    type: object\n    properties:\n      id: {type: string}\n      joined: {type: string}\n      height: {type: number}\n      nick: {type: string}\n      trainer: {$ref: '#/definitions/Trainer'}\n      status: {type: string, enum: [ACTIVE]}\n  Trainer:\n    type: object\n    properties:\n      name: {type: string}\n";
    let seen = "{\"op\": \"getMember\", \"body\": {\"id\": \"1\", \"joined\": \"2026-01-01\", \"height\": 1, \"nick\": null, \"trainer\": null, \"status\": null}}\n";
    let places = ["null Member/properties/nick", "null Member/properties/status", "null Member/properties/trainer"];
    for document in [v31.as_str(), swagger, CLUB] {
        let mut case = Case::of(document, "seen.jsonl", seen);
        let learned = case.learned();
        let found: Vec<String> = kinds(&learned).iter().map(|k| k.replace("#/definitions/", "")).collect();
        assert_eq!(found, places, "{}", case.text(&learned));
        case.apply(&learned);
        let again = case.learned();
        assert!(again.proposals.is_empty(), "{}", case.text(&again));
    }
}

#[test]
fn an_overlay_is_continued_byte_for_byte() {
    let old = "# Why we correct it.\noverlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n\n  # Said in words only.\n  - target: $.components.schemas.Trainer.properties.name\n    description: >-\n      The text says so,\n      twice.\n    update: {nullable: true}\n";
    let mut case = Case::of(CLUB, "bodies.jsonl", BODIES);
    fs::write(case.overlay(), old).expect("written");
    case.inputs.overlays = vec![case.overlay()];
    let learned = case.learned();
    let text = case.apply(&learned);
    assert!(text.starts_with(old), "{text}");
    assert!(text.lines().filter(|line| line.starts_with("  - target: ")).count() > learned.proposals.len());
    assert!(case.learned().proposals.is_empty());
}

#[test]
fn a_log_of_deviations_says_the_same() {
    let log = "getMember 200 $.nick: expected a value, found null\n\
               getMember 200 $.joined: expected a value or null, found nothing\n\
               getMember 200 $.seen: expected a date with a time, found another text\n\
               {\"op\": \"listMembers\", \"status\": 200, \"deviation\": \"$[3].locker: expected string, found number\"}\n\
               getMember 200 $.sport.boat: expected string, found number\n\
               getMember 200 $.height: expected number, found string\n";
    let case = Case::of(CLUB, "client.log", log);
    let learned = case.learned();
    let found = kinds(&learned);
    assert_eq!(
        found,
        [
            "type Member/properties/height",
            "missing Member/properties/joined",
            "type Member/properties/locker",
            "null Member/properties/nick",
            "format Member/properties/seen",
            "type Rowing/properties/boat",
        ]
    );
    assert!(case.text(&learned).contains("in 1 logged deviation (getMember)"), "{}", case.text(&learned));
}

#[test]
fn nothing_of_a_body_is_shown() {
    let secrets = [
        "hunter2",
        "Ana",
        "Gomez",
        "ana.gomez@example.com",
        "5511987654321",
        "sk_live_a1B2c3D4e5F6",
        "São Paulo",
        "123.456.789-09",
        "eyJhbGciOiJIUzI1NiJ9",
        "1234567.89",
        "1987-06-05",
        "marias_secret",
    ];
    let [password, first, last, mail, phone, key, city, number, token, amount, born, odd_status] = secrets;
    let body = format!(
        "{{\"op\": \"getMember\", \"status\": \"{token}\", \"body\": {{}}}}\n{{\"op\": \"getMember\", \"body\": {{\"id\": {{\"{mail}\": \"{password}\"}}, \"joined\": \"{first} {last}\", \
         \"height\": \"{amount}\", \"nick\": [\"{phone}\"], \"status\": \"{odd_status}\", \"seen\": \"{born} {city}\", \"{mail}\": \"{key}\", \
         \"{phone}\": {{\"{city}\": 1}}, \"holder\": {{\"{number}\": \"{token}\", \"first\": \"{first}\", \"born\": \"{born}\"}}, \
         \"sport\": {{\"{key}x\": \"{password}\", \"boat\": \"{city}\", \"seats\": \"{phone}\"}}}}}}\n"
    );
    let case = Case::of(CLUB, "seen.jsonl", &body);
    let learned = case.learned();
    assert!(learned.proposals.len() > 3, "{}", case.text(&learned));
    let json = learn::json(&learned, Some("overlay.yaml")).to_string();
    let all = [case.text(&learned), json, learned.overlay.clone().unwrap_or_default()].concat();
    // What cannot be read is said by its place alone.
    let broken = format!(
        "{{\"op\": \"getMember\", \"body\": \"{password} {mail}\n{{\"op\": \"{key}\", \"body\": {{}}}}\n{token} {phone}\n{{\"{mail}\": 1}}\n"
    );
    let broken = Case::of(CLUB, "broken.jsonl", &broken);
    let wrong = learn::read(&[&broken.seen]).expect_err("it is no JSON").join("\n");
    assert_eq!(wrong.lines().count(), 3, "{wrong}");
    let unknown = Case::of(CLUB, "unknown.jsonl", &format!("{{\"op\": \"{key}\", \"body\": {{\"{mail}\": 1}}}}\n"));
    let records = learn::read(&[&unknown.seen]).expect("it is read");
    let refused = learn::learn(&unknown.inputs, &records, None, &unknown.overlay()).expect_err("no such operation");
    let Refused::Messages(messages) = refused else { panic!("{refused:?}") };
    let all = [all, wrong, messages.join("\n")].concat();
    for secret in secrets {
        assert!(!all.contains(secret), "{secret}:\n{all}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    let seen =
        "{\"op\": \"getMember\", \"body\": {}}\n{\"op\": \"getMember\" \"body\"}\n\nhello\n{\"op\": \"getMember\"}\n";
    let case = Case::of(CLUB, "seen.jsonl", seen);
    let wrong = learn::read(&[&case.seen]).expect_err("it is wrong").join("\n");
    let wrong = wrong.replace(&case.seen.display().to_string().replace('\\', "/"), "seen.jsonl");
    insta::assert_snapshot!(wrong, @r"
    seen.jsonl:2:20: this is no JSON
    seen.jsonl:4: neither a JSON object nor a deviation (`OPERATION STATUS $.path: expected .., found ..`)
    seen.jsonl:5: it has neither `body` nor a deviation
    ");
    let one = Case::of(CLUB, "body.json", "{\"id\": \"1\", \"joined\": \"2026-01-01\", \"height\": 1, \"nick\": null}");
    let records = learn::read(&[&one.seen]).expect("it is read");
    let learned = learn::learn(&one.inputs, &records, Some("getMember"), &one.overlay()).expect("it is learned from");
    assert_eq!(kinds(&learned), ["null Member/properties/nick"]);
}

/// What was seen of Belvo's API, against the document as it was published: the corrections of `spec/overlay.yaml` that these bodies show are
/// proposed too.
#[test]
fn what_people_did_by_hand_is_proposed() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a repository");
    let named = std::env::var_os("SHARED_DIR").map(PathBuf::from);
    let beside = repository.ancestors().skip(1).map(|folder| folder.join("shared")).find(|folder| folder.is_dir());
    let Some(shared) = named.or(beside).map(|shared| shared.join("belvo")).filter(|shared| shared.is_dir()) else {
        use std::io::Write as _;
        let _ =
            std::io::stderr().write_all(b"skipped: what was seen of Belvo's API, there is no folder `shared` here\n");
        return;
    };
    let files = ["seen/bodies.jsonl", "composed-2xx.jsonl", "media-examples.jsonl"].map(|file| shared.join(file));
    let records = learn::read(&files).expect("they are read");
    let spec = repository.join("spec");
    let mut inputs =
        Inputs { spec: spec.join("belvo.yaml"), config: Some(spec.join("belvo.toml")), ..Inputs::default() };
    let overlay = tempfile::tempdir().expect("a folder").path().join("overlay.yaml");
    let learned = learn::learn(&inputs, &records, None, &overlay).unwrap_or_else(|refused| panic!("{refused:?}"));
    let targets: Vec<&str> = learned.proposals.iter().flat_map(|p| &p.actions).map(|a| a.target.as_str()).collect();
    for by_hand in [
        "$.components.schemas.AccountOpenFinanceBrazil.properties.funds_data",
        "$.components.schemas.AccountLoanDataOpenFinanceBrazil.required[?@ == 'total_effectove_cost']",
        "$.components.schemas.RiskInsightsAssetMetrics.required[?@ == 'num_accounts']",
        "$.components.schemas.paymentTransaction.required[?@ == 'charge']",
        "$.components.schemas.FinancialStatement.properties.year",
        "$.components.schemas.FinancialStatement.properties.year.pattern",
        "$.components.schemas.InvestmentTransactionBrazil.properties.subtype",
        "$.components.schemas.InvestmentTransactionBrazil.properties.subtype_additional_info",
        "$.components.schemas.invoice_chile.properties.acknowledged_at",
        "$.components.schemas.invoice_chile.properties.summary_invoice_details",
    ] {
        assert!(targets.contains(&by_hand), "{by_hand} is not among {targets:#?}");
    }
    // With the overlay none of these is left.
    inputs.overlays = vec![spec.join("overlay.yaml")];
    let left =
        learn::learn(&inputs, &records, None, &inputs.overlays[0]).unwrap_or_else(|refused| panic!("{refused:?}"));
    let left: Vec<&str> = left.proposals.iter().map(|p| p.pointer.as_str()).collect();
    for done in
        ["funds_data", "total_effectove_cost", "num_accounts", "FinancialStatement/properties/year", "acknowledged_at"]
    {
        assert!(!left.iter().any(|place| place.ends_with(done)), "{done} is among {left:#?}");
    }
}
