//! Settings as another API would write them: what is Belvo's stands in no line of the generator or its runtime.

use generator::{Generated, Inputs};
use std::fs;
use tests::run::{file, generate, generated, told};

const DOCUMENT: &str = r##"{
  "openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
  "paths": {
    "/orders": {
      "post": {"operationId": "placeOrder", "tags": ["Orders"], "responses": {"200": {"description": "ok"}}},
      "put": {"operationId": "confirmOrder", "tags": ["Orders"],
        "parameters": [{"name": "pin", "in": "query", "schema": {"type": "string"}}],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Confirm"}}}},
        "responses": {"200": {"description": "ok"}}},
      "delete": {"operationId": "dropOrder", "tags": ["Orders"], "responses": {"204": {"description": "ok"}}}
    }
  },
  "components": {"schemas": {
    "Confirm": {"type": "object", "required": ["ticket", "code", "shop"], "properties": {
      "ticket": {"type": "string"}, "code": {"type": "string"}, "shop": {"type": "string"}, "note": {"type": "string"}}},
    "Card": {"type": "object", "properties": {"PIN": {"type": "string"}, "pins": {"type": "array", "items": {"type": "string"}},
      "pin_set": {"type": "boolean"}}}
  }}
}"##;

fn shop(settings: &str) -> Generated {
    let dir = tempfile::tempdir().expect("a folder");
    let (spec, config) = (dir.path().join("shop.json"), dir.path().join("shop.toml"));
    fs::write(&spec, DOCUMENT).expect("write");
    fs::write(&config, settings).expect("write");
    generate(&Inputs { spec, config: Some(config), ..Inputs::default() })
}

/// Without line breaks and the blanks around them, as the formatter put them.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is told of every document that has such a member.
const PIN: &str = "note[N0909]: `PIN` is taken for a secret by its name\n";

#[test]
fn a_second_factor_by_other_names() {
    let run = shop(
        "[mfa]\nstatus = 401\ncode = \"otp_needed\"\nsession = \"ticket\"\nlink = \"account\"\ntoken = \"code\"\n\
         challenge = \"otp\"\ninput = [\"asks\"]\nresume = [\"confirmOrder\"]\n",
    );
    assert_eq!(told(&run), PIN);
    let settings = flat(file(&run, "src/client/settings.rs"));
    for expected in
        ["status: 401,", "code: \"otp_needed\",", "session: \"ticket\",", "token: \"code\",", "input: &[\"asks\"],"]
    {
        assert!(settings.contains(expected), "{expected} in {settings}");
    }
    let api = flat(file(&run, "src/api/orders.rs"));
    // The session and the token come from the error and the end user; what else is required stays an argument.
    let head = "pub fn confirm(&self, args: ConfirmOrderArgs) -> ConfirmOrder {";
    let args = [
        "pub mfa: runtime::Mfa,",
        "pub code: runtime::MfaToken,",
        "pub shop: String,",
        "/// `mfa` is what [`Error::mfa`]",
    ];
    assert!(args.iter().all(|field| api.contains(field)), "{api}");
    assert!(api.contains(head), "{api}");
    assert!(api.contains("pub fn note(self, value: impl Into<String>) -> Self"), "{api}");
}

#[test]
fn an_operation_that_cannot_resume_is_told() {
    let run = shop("[mfa]\nsession = \"ticket\"\nresume = [\"dropOrder\", \"confirmOrder\", \"nobody\"]\n");
    assert_eq!(
        told(&run),
        format!(
            "warning[W0704]: the document has no operation `nobody`\n{PIN}\
             warning[W0503]: `dropOrder` cannot resume a call: its body has no member `ticket`\n"
        )
    );
    let run = shop("[mfa]\nsession = \"voucher\"\nresume = [\"confirmOrder\"]\n");
    let warning = "warning[W0503]: `confirmOrder` cannot resume a call: its body has no member `voucher`\n";
    assert_eq!(told(&run), format!("{PIN}{warning}"));
    assert!(flat(file(&run, "src/api/orders.rs")).contains("body: models::Confirm"), "it takes its body as it is");
}

#[test]
fn secrets_by_name_in_any_case_and_only_texts() {
    let run = shop("[secrets]\nmembers = [\"pin\", \"pins\", \"pin_set\"]\n");
    assert_eq!(told(&run), "");
    let models = flat(file(&run, "src/models/shared.rs"));
    for expected in ["Option<runtime::Secret>,", "pins: Option<Vec<runtime::Secret>>,", "pin_set: Option<bool>,"] {
        assert!(models.contains(expected), "{expected} in {models}");
    }
    let api = flat(file(&run, "src/api/orders.rs"));
    assert!(api.contains("pub fn pin(self, value: impl Into<runtime::Secret>) -> Self"), "{api}");
}

#[test]
fn retries_errors_and_waits_by_other_rules() {
    let run = shop(
        "[retry]\nschedule = [1, 7, 2.5]\nstatuses = [503, \"4xx\"]\nexcept = [404]\n\
         refused = [423]\n[errors]\ncode = \"errno\"\nsupport = \"the shop\"\nmax_items = 7\n[async]\nheader = \"X-Later\"\nvalue = \"1\"\nrequest_id = \"job\"\n",
    );
    assert_eq!(told(&run), PIN);
    let settings = flat(file(&run, "src/client/settings.rs"));
    for expected in [
        "Duration::from_millis(1000), Duration::from_millis(7000), Duration::from_millis(2500)",
        ".statuses(&[(503, 503), (400, 499)], &[404])",
        ".refused_statuses(&[423])",
        "code: \"errno\"",
        "max_items: 7",
        "accepted: \"job\",",
        "support: \"the shop\",",
        "mfa: None,",
    ] {
        assert!(settings.contains(expected), "{expected} in {settings}");
    }
}

#[test]
fn a_429_is_a_refusal_unless_the_settings_say_otherwise() {
    for (text, expected) in [
        ("", ".refused_statuses(&[429])"),
        // What is retried after a failure has no say in it.
        ("[retry]\nstatuses = [\"5xx\"]\n", ".refused_statuses(&[429])"),
        ("[retry]\nrefused = [423, 429]\n", ".refused_statuses(&[423, 429])"),
        ("[retry]\nexcept = [429]\n", ".refused_statuses(&[])"),
        ("[retry]\nrefused = []\n", ".refused_statuses(&[])"),
    ] {
        let run = shop(text);
        assert_eq!(told(&run), "note[N0909]: `PIN` is taken for a secret by its name\n");
        let settings = flat(file(&run, "src/client/settings.rs"));
        assert!(settings.contains(expected), "{expected} in {settings}");
    }
}

#[test]
fn the_documentation_says_what_a_refusal_is() {
    let held = |text: &str| {
        let run = shop(&format!("[retry]\ndefault = \"keyed\"\n{text}"));
        flat(file(&run, "src/api/orders.rs"))
    };
    let words = "It is retried only when the API has certainly done nothing: nothing was sent, or the API refused it";
    for (text, expected) in [
        ("", format!("{words} (429).")),
        ("codes = [\"busy\"]\n", format!("{words} (429, `busy`).")),
        ("refused = [423]\ncodes = [\"busy\", \"full\"]\n", format!("{words} (423, `busy`, `full`).")),
        ("refused = []\n", format!("{words}.")),
    ] {
        let api = held(text);
        assert!(api.contains(&expected), "{expected} in {api}");
    }
}

#[test]
fn what_has_no_result_tells_whether_it_is_done_or_accepted() {
    let run = shop(
        "[async]\nheader = \"X-Later\"\nvalue = \"1\"\nstatus = 203\noperations = [\"dropOrder\"]\n\
         [errors]\nnot_found = [\"no_order\"]\n",
    );
    let settings = flat(file(&run, "src/client/settings.rs"));
    assert!(
        settings.contains("accepted_status: 203,") && settings.contains("not_found: &[\"no_order\"]"),
        "{settings}"
    );
    let api = flat(file(&run, "src/api/orders.rs"));
    for expected in [
        "pub type DropOrder = client::Builder<runtime::Outcome, of::DropOrder>;",
        "__private::decode_outcome",
        "success: &[204u16, 203u16]",
        "pub type PlaceOrder = client::Builder<(), of::PlaceOrder>;",
        "A 404 after a retry may mean that an earlier attempt has deleted it",
    ] {
        assert!(api.contains(expected), "{expected} in {api}");
    }
    // Without the mode there is nothing to tell, and what is never sent twice has done nothing before.
    let run = shop("[operations.dropOrder]\nretry = \"never\"\nreason = \"the shop counts\"\n");
    let api = flat(file(&run, "src/api/orders.rs"));
    assert!(api.contains("pub type DropOrder = client::Builder<(), of::DropOrder>;"), "{api}");
    assert!(!api.contains("Outcome") && !api.contains("A 404 after a retry"), "{api}");
}

#[test]
fn members_of_error_items_have_accessors_with_names_of_their_own() {
    let codes = "[errors.codes.taken]\nadvice = \"use another\"\n";
    let members =
        "[errors.members]\nownerId = \"Who has it.\"\n\"2nd\" = \"Who else.\"\ntype = \"What.\"\n\"%\" = \"Odd.\"\n";
    let run = shop(&format!("{codes}{members}"));
    assert_eq!(told(&run), PIN);
    let text = flat(file(&run, "src/error_codes.rs"));
    for expected in [
        "/// Who has it. /// /// The member `ownerId` as a text. #[inline] pub fn owner_id(&self) -> Option<&str> { self.get(\"ownerId\")?.as_str() }",
        "pub fn owner_id(&self) -> Option<&str> { self.items().iter().find_map(runtime::ErrorItem::owner_id) }",
        "pub fn r#type(&self) -> Option<&str> { self.get(\"type\")?.as_str() }",
        "{ self.get(\"2nd\")?.as_str() }",
        "pub fn member(&self) -> Option<&str> { self.get(\"%\")?.as_str() }",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    // None stands in the way of what errors and items can do themselves, such as this very file's `advice`.
    let methods = |text: &str| -> Vec<String> {
        let heads = text.split(" fn ").skip(1).filter_map(|head| head.split(['(', '<']).next());
        heads
            .filter(|name| !["owner_id", "r#type", "member", "_2nd", "answer"].contains(name))
            .map(String::from)
            .collect()
    };
    let mut own: Vec<String> = vec!["clone".into(), "fmt".into(), "source".into()];
    let runtime = tests::place::root().join("templates/runtime/src/runtime");
    for name in ["error/mod.rs", "error/items.rs", "call/mfa.rs"] {
        let text = fs::read_to_string(runtime.join(name)).expect("a file");
        let blocks = text.split("\nimpl ").filter_map(|block| block.split("\n}\n").next());
        let blocks = blocks.filter(|b| b.starts_with("Error {") || b.starts_with("ErrorItem {"));
        own.extend(blocks.flat_map(methods));
    }
    own.extend(text.split("impl runtime::ErrorItem {").skip(1).flat_map(methods));
    own.sort_unstable();
    own.dedup();
    assert!(own.len() > 30 && own.iter().any(|name| name == "advice"), "{own:?}");
    let members: String = own.iter().map(|name| format!("\"{name}\" = \"x\"\n")).collect();
    let text = flat(file(&shop(&format!("{codes}[errors.members]\n{members}")), "src/error_codes.rs"));
    for name in &own {
        assert!(!text.contains(&format!("fn {name}(&self) -> Option<&str> {{ self.get(")), "{name}");
    }
}

#[test]
fn without_settings_there_is_nothing_of_belvo() {
    let dir = tempfile::tempdir().expect("a folder");
    let spec = dir.path().join("shop.json");
    fs::write(&spec, DOCUMENT).expect("write");
    let run = generated(&Inputs { spec, ..Inputs::default() });
    for (path, content) in run.files.iter() {
        let text = String::from_utf8_lossy(content).to_lowercase();
        assert!(!text.contains("belvo"), "{path}");
    }
    assert!(run.files.get("src/webhooks/mod.rs").is_none() && run.files.get("src/error_codes.rs").is_none());
}

/// Two operations of two tags whose answers can be cut by the parameter `only`, described so.
fn cut(one: &str, other: &str) -> Generated {
    let get = |id: &str, words: &str| {
        format!(
            r#"{{"get": {{"operationId": "{id}", "tags": ["{id}"], "responses": {{"200": {{"description": "ok"}}}},
                "parameters": [{{"name": "only", "in": "query", "description": "{words}", "schema": {{"type": "string"}}}}]}}}}"#
        )
    };
    let dir = tempfile::tempdir().expect("a folder");
    let (spec, config) = (dir.path().join("shop.json"), dir.path().join("shop.toml"));
    let paths = format!(r#"{{"/a": {}, "/b": {}}}"#, get("Apples", one), get("Pears", other));
    let text = format!(r#"{{"openapi": "3.0.3", "info": {{"title": "Shop", "version": "1"}}, "paths": {paths}}}"#);
    fs::write(&spec, text).expect("write");
    fs::write(&config, "[partial]\nquery = [\"only\"]\n").expect("write");
    generate(&Inputs { spec, config: Some(config), ..Inputs::default() })
}

#[test]
fn setters_that_are_alike_stand_once() {
    let run = cut("What to send.", "What to send.");
    let common = flat(file(&run, "src/api/mod.rs"));
    let block = "impl<T, Of: client::FieldSelection> client::Builder<T, Of> { /// What to send.";
    assert!(common.contains(block) && common.matches("pub fn only(").count() == 1, "{common}");
    for path in ["src/api/apples.rs", "src/api/pears.rs"] {
        let own = file(&run, path);
        assert!(own.contains("impl crate::client::FieldSelection for") && !own.contains("pub fn only("), "{own}");
    }
    // What differs, if only in its words, stays with its operation.
    let run = cut("What to send.", "Which pears to send.");
    assert!(!file(&run, "src/api/mod.rs").contains("pub fn only("));
    for (path, words) in [("src/api/apples.rs", "/// What to send."), ("src/api/pears.rs", "/// Which pears to send.")]
    {
        let own = flat(file(&run, path));
        assert!(own.contains("pub fn only(") && own.contains(words) && !own.contains("FieldSelection"), "{own}");
    }
}
