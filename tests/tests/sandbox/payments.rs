//! Flow 12: payments in Brazil. Money moves once, whatever the wire does.

use crate::pauses;
use belvo::models::{
    CreateCustomerOfpi, CreateCustomerV2, CreateCustomerV2Args, CreatePaymentIntentBrazilRequest,
    CreatePaymentIntentBrazilResponse, CreatePaymentIntentPixKeys, CreatePaymentIntentPixKeysArgs,
    CreatePaymentIntentPixKeysPaymentMethodDetails, DetailChargeBrazilResponse,
    IndividualPixKeyDetailsRequest as PixDetails, IndividualPixKeyDetailsRequestArgs as PixDetailsArgs,
    ListBankAccountBrazilResponseResultsItem, ListCustomersBrazilResponseResultsItem, PatchPaymentIntentPixKeys,
    RegisterBankAccountBrazilRequest,
};
use belvo::{Client, Error, Response};
use serde_json::json;
use std::time::Duration;
use tests::sandbox::{Act, Breakage, Sandbox, V2, error};

const ROUTE: &str = "POST /payments/br/payment-intents/";
const KEY: &str = "3f6f1d5c-8a0b-4c57-9f11-0e7ad9c3b2a1";
const CUSTOMER: &str = "b7e2094d-3c81-4f6a-95d0-48a1c7f2e36b";
const BANK: &str = "81f3a0c7-4e2b-49d6-a815-0b7d9e26c3f4";

fn intent(amount: &str) -> CreatePaymentIntentBrazilRequest {
    let details = PixDetails::new(PixDetailsArgs {
        pix_key: "pagamentos@girassol.example".into(),
        payer_institution: BANK.into(),
        callback_url: "https://loja.example/pedido/20418".into(),
    });
    let body = CreatePaymentIntentPixKeys::new(CreatePaymentIntentPixKeysArgs {
        amount: amount.into(),
        customer: CUSTOMER.into(),
        description: "Bread".into(),
        allowed_payment_method_types: vec!["open_finance".into()],
        payment_method_details: CreatePaymentIntentPixKeysPaymentMethodDetails::new(details),
        confirm: false,
    });
    body.into()
}

async fn pay(client: &Client, amount: &str, key: &str) -> Result<Response<CreatePaymentIntentBrazilResponse>, Error> {
    client.payment_intents_brazil().create().belvo_idempotency_key(key).body(intent(amount)).await
}

fn made(sandbox: &Sandbox) -> usize {
    sandbox.world(|w| w.made("CreatePaymentIntentBrazil"))
}

fn id(response: &CreatePaymentIntentBrazilResponse) -> String {
    match response {
        CreatePaymentIntentBrazilResponse::PaymentIntentPixKeys(intent) => intent.id.to_string(),
        CreatePaymentIntentBrazilResponse::PaymentIntentOfpi(intent) => intent.id.to_string(),
        other => panic!("no payment intent: {other:?}"),
    }
}

#[tokio::test]
async fn a_payment_from_customer_to_confirmation() {
    let sandbox = Sandbox::new();
    let (client, clock) = sandbox.client();
    let customer = client.customers_brazil().create().body(CreateCustomerOfpi::new("48392017564")).await;
    let customer = customer.expect("a customer");
    assert!(matches!(&*customer, ListCustomersBrazilResponseResultsItem::CustomerOfpi(_)), "{customer:?}");
    let created = pay(&client, "184.75", KEY).await.expect("an intent");
    assert_eq!((created.status().code(), created.idempotency_key()), (201, Some(KEY)));
    assert_eq!(created.headers()["belvo-idempotency-key"], KEY);
    assert_eq!(created.headers()["belvo-idempotency-status"], "AVAILABLE");
    let CreatePaymentIntentBrazilResponse::PaymentIntentPixKeys(pix) = &*created else {
        panic!("another branch: {created:?}");
    };
    assert_eq!(pix.status.as_ref().map(AsRef::as_ref), Some("REQUIRES_ACTION"));
    assert_eq!(pix.amount.as_deref(), Some("184.75"));
    // The document requires `next_step`, and its own example has null.
    let written = serde_json::to_value(&*created).expect("JSON");
    assert!(written.get("next_step").is_some_and(serde_json::Value::is_null), "{written}");
    let id = id(&created);
    let asked = &sandbox.seen()[1];
    assert_eq!((asked.route().as_str(), asked.header("belvo-idempotency-key")), (ROUTE, Some(KEY)));
    assert_eq!(
        asked.text(),
        format!(
            r#"{{"amount":"184.75","customer":"{CUSTOMER}","description":"Bread","allowed_payment_method_types":["open_finance"],"payment_method_details":{{"open_finance":{{"pix_key":"pagamentos@girassol.example","payer_institution":"{BANK}","callback_url":"https://loja.example/pedido/20418"}}}},"confirm":false}}"#
        )
    );
    // Confirmed after the payer has looked at the key's owner; `username_type` is a member the document lost.
    let confirm = client.payment_intents_brazil().resume(id.clone(), PatchPaymentIntentPixKeys::new(true));
    let confirmed = confirm.extra("username_type", "001").await.expect("confirmed");
    let CreatePaymentIntentBrazilResponse::PaymentIntentPixKeys(pix) = &*confirmed else { panic!("another branch") };
    assert_eq!(pix.status.as_ref().map(AsRef::as_ref), Some("SUCCEEDED"));
    let asked = sandbox.seen().pop().expect("the confirmation");
    assert_eq!(asked.route(), format!("PATCH /payments/br/payment-intents/{id}/"));
    assert_eq!(asked.text(), r#"{"confirm":true,"username_type":"001"}"#);
    let charges = client.payment_intents_brazil().list_charges(id.clone()).await.expect("charges");
    let charges = &charges.results;
    assert_eq!((charges.len(), charges[0].status.as_ref().map(AsRef::as_ref)), (1, Some("SUCCEEDED")));
    assert_eq!(charges[0].payment_intent.as_ref().map(ToString::to_string), Some(id.clone()));
    let gone = client.payment_intents_brazil().cancel(id).await.expect("cancelled");
    assert_eq!((gone.status().code(), pauses(&clock).len(), made(&sandbox)), (204, 0, 1));
}

#[tokio::test]
async fn a_key_replays_the_first_answer() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let first = pay(&client, "184.75", KEY).await.expect("an intent");
    let again = pay(&client, "184.75", KEY).await.expect("the same intent");
    assert_eq!(again.headers()["belvo-idempotency-status"], "REPLAYED");
    assert_eq!((id(&first), &*first), (id(&again), &*again));
    assert_eq!((sandbox.count(), made(&sandbox)), (2, 1));
}

#[tokio::test]
async fn a_key_that_is_still_running_or_was_used_otherwise_is_refused() {
    let sandbox = Sandbox::new();
    let (client, clock) = sandbox.client();
    pay(&client, "184.75", KEY).await.expect("an intent");
    let mismatch = pay(&client, "9999.00", KEY).await.expect_err("another payload");
    assert_eq!(mismatch.status().map(|s| s.code()), Some(422));
    assert_eq!((mismatch.code(), mismatch.attempts()), (Some("idempotency_payload_mismatch"), 1));
    let other = "7d0c2b1a-5e4f-4a3b-8c9d-1e2f3a4b5c6d";
    let body = sandbox.seen()[0].body.clone();
    sandbox.world(|w| w.keep_running(other, &body));
    let conflict = pay(&client, "184.75", other).await.expect_err("still running");
    assert_eq!(conflict.status().map(|s| s.code()), Some(409));
    assert_eq!((conflict.code(), conflict.attempts()), (Some("idempotency_key_conflict"), 1));
    assert_eq!(conflict.headers()["belvo-idempotency-status"], "PROCESSING");
    assert_eq!((conflict.idempotency_key(), conflict.is_retryable()), (Some(other), false));
    assert_eq!(pay(&client, "1.00", &KEY[..35]).await.expect_err("no uuid").code(), Some("idempotency_key_invalid"));
    assert_eq!((pauses(&clock).len(), made(&sandbox)), (0, 1));
}

#[tokio::test]
async fn a_payment_whose_answer_is_lost_is_made_once() {
    // The first attempt pays, and its answer is lost: by a 500, a reset, silence, half a body.
    let losses = [
        Act::Answer(error(500, "unexpected_error")),
        Act::Break(Breakage::Reset),
        Act::Break(Breakage::Silence),
        Act::Break(Breakage::CutOff),
    ];
    for loss in losses {
        for own_key in [false, true] {
            let sandbox = Sandbox::new();
            sandbox.plan(ROUTE, [loss.clone().after_it_was_done(), loss.clone()]);
            let (client, clock) = sandbox.client();
            let mut call = client.payment_intents_brazil().create().body(intent("184.75"));
            if own_key {
                call = call.belvo_idempotency_key(KEY);
            }
            let response = call.await.expect("an intent");
            assert_eq!((response.attempts(), pauses(&clock)), (3, vec![3, 6]), "{loss:?}");
            assert_eq!(response.headers()["belvo-idempotency-status"], "REPLAYED");
            assert_eq!((sandbox.count(), made(&sandbox)), (3, 1), "one payment: {loss:?}");
            // One key, on every attempt: the caller's, or a random UUID that the response tells.
            let seen = sandbox.seen();
            let keys: Vec<_> = seen.iter().map(|a| a.header("belvo-idempotency-key").unwrap_or_default()).collect();
            assert!(keys.iter().all(|key| *key == response.idempotency_key().expect("a key") && key.len() == 36));
            assert!(!own_key || keys[0] == KEY);
        }
    }
}

#[tokio::test]
async fn a_payment_that_fails_for_good_says_how_to_go_on() {
    let sandbox = Sandbox::new();
    sandbox.plan(ROUTE, [Act::status(500).after_it_was_done()]);
    sandbox.plan(ROUTE, (0..5).map(|_| Act::status(500)));
    let (client, _) = sandbox.client();
    let error = client.payment_intents_brazil().create().body(intent("184.75")).await.expect_err("broken");
    assert!(error.may_have_been_sent() && error.is_retryable());
    // With the key from the error, later and perhaps in another process, the payment is found and not made again.
    let key = error.idempotency_key().expect("a key").to_owned();
    let found = pay(&client, "184.75", &key).await.expect("the intent");
    assert_eq!(found.headers()["belvo-idempotency-status"], "REPLAYED");
    assert_eq!((sandbox.count(), made(&sandbox)), (7, 1));
    // Two calls have two keys.
    client.payment_intents_brazil().create().body(intent("1.00")).await.expect("another intent");
    let seen = sandbox.seen();
    assert_ne!(seen[7].header("belvo-idempotency-key"), Some(key.as_str()));
    assert_eq!(made(&sandbox), 2);
}

#[tokio::test]
async fn what_has_no_key_is_not_sent_again_once_it_may_have_arrived() {
    for act in [Act::status(500), Act::Break(Breakage::Reset), Act::Break(Breakage::Silence)] {
        let sandbox = Sandbox::new();
        sandbox.decide(move |_| act.clone().after_it_was_done());
        let (client, clock) = sandbox.client();
        let customer = client.customers_brazil().create().body(CreateCustomerOfpi::new("48392017564"));
        let error = customer.await.expect_err("lost");
        assert!(error.may_have_been_sent() && error.attempts() == 1);
        let resume = client.payment_intents_brazil().resume(KEY, PatchPaymentIntentPixKeys::new(true));
        assert_eq!(resume.await.expect_err("lost").attempts(), 1);
        assert_eq!((sandbox.count(), pauses(&clock).len()), (2, 0));
        assert_eq!(sandbox.world(|w| w.made("CreateCustomerBrazil")), 1);
    }
    // Nothing left the machine: then it may.
    let sandbox = Sandbox::new();
    sandbox.plan("POST /payments/br/customers/", [Act::Break(Breakage::Refused), Act::Break(Breakage::Refused)]);
    let (client, clock) = sandbox.client();
    assert_eq!(client.customers_brazil().create().await.map(|r| r.attempts()).ok(), Some(3));
    assert_eq!(clock.pauses(), [500, 1000].map(Duration::from_millis));
    assert_eq!(sandbox.count(), 1);
}

#[tokio::test]
async fn the_version_header_changes_the_shapes() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let second = CreateCustomerV2::new(CreateCustomerV2Args {
        identifier: "41873920000156".into(),
        name: "Padaria Girassol Ltda".into(),
    });
    let call = client.customers_brazil().create().x_belvo_api_resource_version(V2).body(second);
    let customer = call.await.expect("a customer");
    let ListCustomersBrazilResponseResultsItem::CustomerV2(customer) = &*customer else {
        panic!("another branch: {customer:?}");
    };
    assert_eq!(customer.name.as_deref(), Some("Padaria Girassol Ltda"));
    let first = json!({
        "institution": BANK, "customer": CUSTOMER,
        "details": {"account_type": "CHECKINGS", "agency": "1907", "number": "8043157"},
        "holder": {"type": "INDIVIDUAL", "information": {
            "first_name": "Lia", "last_name": "Prado", "identifier_type": "CPF", "identifier": "48392017564",
        }},
    });
    let raw =
        |body: serde_json::Value| -> RegisterBankAccountBrazilRequest { serde_json::from_value(body).expect("a body") };
    let account = client.bank_accounts_brazil().register().body(raw(first)).await.expect("an account");
    assert!(matches!(&*account, ListBankAccountBrazilResponseResultsItem::BankAccountOfpiResponse(_)), "{account:?}");
    let second = json!({
        "holder": {"name": "Padaria Girassol Ltda", "identifier": "41873920000156"},
        "details": {"account_type": "PAYMENTS", "agency": "1907", "institution": BANK, "number": "8043157"},
    });
    let call = client.bank_accounts_brazil().register().x_belvo_api_resource_version(V2).body(raw(second));
    let account = call.await.expect("an account");
    assert!(matches!(&*account, ListBankAccountBrazilResponseResultsItem::BankAccountV2(_)), "{account:?}");
    let versions: Vec<_> =
        sandbox.seen().iter().map(|a| a.header("x-belvo-api-resource-version").map(str::to_owned)).collect();
    assert_eq!(versions, [Some(V2.to_owned()), None, Some(V2.to_owned())]);
    // A list holds both, and each record finds its branch.
    let list = client.bank_accounts_brazil().list().await.expect("accounts");
    let results = &list.results;
    assert_eq!((results.len(), results.invalid().len()), (2, 0));
    let raw = |item: &&ListBankAccountBrazilResponseResultsItem| {
        matches!(item, ListBankAccountBrazilResponseResultsItem::Raw(_))
    };
    assert_eq!(results.iter().filter(raw).count(), 0);
}

#[tokio::test]
async fn a_charge_finds_its_branch_by_what_it_holds() {
    let id = "6d09b1f4-27ce-4a35-91d8-e4730c5ba826";
    let example = |operation: &str| {
        let all = tests::examples::examples();
        all.iter().find(|(o, ..)| o == operation).map(|(.., body)| body.clone()).expect("an example")
    };
    let bank = example("ListChargesBrazil")["results"][0].clone();
    let pix = example("DetailChargeBrazil");
    let second = example("DetailPaymentAuthorizationChargeBrazil");
    let mut branches = Vec::new();
    for body in [bank, pix, second] {
        let sandbox = Sandbox::new();
        sandbox.plan(&format!("GET /payments/br/charges/{id}/"), [Act::json(200, &body)]);
        let (client, _) = sandbox.client();
        let charge = client.charges_brazil().get(id).await.expect("a charge");
        branches.push(match &*charge {
            DetailChargeBrazilResponse::ChargeBrazil(_) => "bank account",
            DetailChargeBrazilResponse::ChargeBrazilPix(_) => "pix key",
            DetailChargeBrazilResponse::ChargeV2(_) => "second version",
            _ => "none",
        });
    }
    assert_eq!(branches, ["bank account", "pix key", "second version"]);
}
