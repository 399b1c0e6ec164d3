//! `spec/belvo.toml`: it decides for every operation, and knows every code and every tag that is special.

use generator::base::diagnostic::Diagnostics;
use generator::base::{FileId, Sources};
use generator::document::Node;
use generator::settings::{RetryClass, Settings};
use std::collections::{BTreeMap, BTreeSet};
use tests::place::{root, text};
use tests::run::{file, generated, own};

fn settings() -> Settings {
    let mut diagnostics = Diagnostics::new();
    let settings = generator::settings::read(&text(&root().join("spec/belvo.toml")), FileId(0), &mut diagnostics);
    assert!(!diagnostics.has_errors());
    settings
}

/// The operations of the document: id, method, tag.
fn operations() -> Vec<(String, String, String)> {
    let mut diagnostics = Diagnostics::new();
    let spec = root().join("spec/belvo.yaml");
    let spec = generator::document::load::read(&spec, &mut Sources::new(), &mut diagnostics).expect("a document");
    let paths = spec.get("paths").and_then(Node::as_object).expect("paths");
    let of_path = |path: &Node| -> Vec<(String, String, String)> {
        let methods = path.as_object().into_iter().flat_map(|methods| methods.iter());
        methods
            .filter_map(|entry| {
                let id = entry.value.get("operationId")?.as_str()?;
                let tag = entry.value.get("tags")?.as_array()?.first()?.as_str()?;
                Some((id.to_owned(), entry.key.clone(), tag.to_owned()))
            })
            .collect()
    };
    let all: Vec<_> = paths.iter().flat_map(|entry| of_path(&entry.value)).collect();
    assert_eq!(all.len(), 148);
    all
}

#[test]
fn what_is_no_plain_read_has_a_retry_class_and_a_reason() {
    let settings = settings();
    let mut missing = Vec::new();
    for (id, method, _) in operations().iter().filter(|(_, method, _)| method != "get") {
        let entry = settings.operations.retry(id);
        if !entry.is_some_and(|e| e.retry.is_some() && e.reason.as_ref().is_some_and(|r| r.trim().len() >= 15)) {
            missing.push(format!("{method} {id}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn what_could_happen_twice_is_held_back() {
    let settings = settings();
    for (id, method, tag) in operations() {
        let class = settings.operations.retry(&id).and_then(|entry| entry.retry.as_ref()).map(|class| class.value);
        // Money, and what is registered for it; the token opens a widget and does neither.
        let payments = tag.ends_with("(Brazil)") && id != "GeneratePaymentWidgetAccessToken";
        if method != "get" && (payments || id == "RegisterLink") {
            assert_eq!(class, Some(RetryClass::Keyed), "{id}");
        } else {
            assert_ne!(class, Some(RetryClass::Keyed), "{id}");
        }
    }
}

#[test]
fn what_the_sandbox_lacks_belongs_to_production() {
    let settings = settings();
    let exclusive: BTreeMap<&str, BTreeSet<&str>> = settings
        .environments
        .iter()
        .map(|e| (e.name.as_str(), e.exclusive.iter().map(|tag| tag.as_str()).collect()))
        .collect();
    let operations = operations();
    let payments: BTreeSet<&str> =
        operations.iter().map(|o| o.2.as_str()).filter(|t| t.ends_with("(Brazil)")).collect();
    assert_eq!(payments.len(), 9);
    assert_eq!(exclusive["production"], payments);
    assert!(exclusive["sandbox"].is_empty() && exclusive["portal"].is_empty());
}

#[test]
fn every_code_has_a_status_and_advice() {
    const CODES: &[(u16, &[&str])] = &[
        (
            400,
            &[
                "too_many_sessions",
                "login_error",
                "session_expired",
                "required",
                "does_not_exist",
                "null",
                "invalid",
                "institution_down",
                "institution_unavailable",
                "institution_inactive",
                "invalid_link",
                "invalid_credentials_storage",
                "invalid_fetch_resources",
                "unconfirmed_link",
                "unsupported_operation",
                "invalid_period",
                "already_registered",
                "invalid_choice",
                "max_length",
                "min_length",
                "blank",
                "cancellation_error",
                "idempotency_key_invalid",
                "activation_failed",
                "already_exists",
                "duplicated",
                "max_digits",
                "max_decimal_places",
                "min_value",
                "max_value",
                "not_a_list",
                "parse_error",
                "session_expired_ob",
                "unavailable_data",
                "validation_error",
                "invalid_credentials",
                "invalid_token",
                "login_two_factor_error",
                "missing_token_registration",
                "unauthorized_credentials",
                "payment_error",
                "invalid_access_mode_switch",
            ],
        ),
        (401, &["authentication_failed", "consent_without_accounts"]),
        (
            403,
            &[
                "access_to_resource_denied",
                "access_to_production_denied",
                "quota_limit_reached",
                "permission_denied",
                "forbidden_by_host",
            ],
        ),
        (404, &["not_found", "expired_credentials"]),
        (405, &["method_not_allowed"]),
        (408, &["request_timeout"]),
        (409, &["link_refreshed", "idempotency_key_conflict"]),
        (422, &["idempotency_payload_mismatch"]),
        (428, &["token_required", "activation_required"]),
        (500, &["unexpected_error", "service_unavailable"]),
    ];
    let settings = settings();
    for (status, codes) in CODES {
        for code in *codes {
            let entry = settings.errors.codes.iter().find(|entry| *entry.code == *code);
            let entry = entry.unwrap_or_else(|| panic!("{code} is missing"));
            assert!(entry.status.contains(status), "{code}");
            assert!(entry.advice.len() >= 20, "{code}");
        }
    }
    let known: usize = CODES.iter().map(|(_, codes)| codes.len()).sum();
    assert_eq!(settings.errors.codes.len(), known, "a code that stands in no list");
}

/// A part of the document yields a crate whose hand-written modules call only what it has.
#[test]
fn a_module_whose_operations_are_left_out_is_left_out() {
    let mut inputs = own();
    inputs.only = vec!["Links".to_owned()];
    let without = generated(&inputs);
    assert!(
        !without.files.iter().any(|(path, _)| path.starts_with("src/widget") || path.ends_with("examples/widget.rs"))
    );
    let root = file(&without, "src/lib.rs");
    let named = root.contains("pub mod widget;") || root.contains("module `widget`");
    assert!(!named && root.contains("pub mod webhooks;") && root.contains("mod words;"), "{root}");

    inputs.only = vec!["Widget Access Token".to_owned(), "Links".to_owned()];
    let with = generated(&inputs);
    assert!(file(&with, "src/lib.rs").contains("#[cfg(feature = \"widget-access-token\")]\npub mod widget;"));
    assert!(file(&with, "src/widget/tokens.rs").contains("fn update_mode"));
    // One tag has no feature.
    inputs.only = vec!["Widget Access Token".to_owned()];
    let alone = generated(&inputs);
    assert!(file(&alone, "src/lib.rs").contains("pub mod webhooks;\npub mod widget;"));
}
