//! Flows 4, 10, 11, 14: data is retrieved, stored or not, in whole or in part, and is not what the document says.

use belvo::Value;
use serde_json::json;
use tests::examples::examples;
use tests::sandbox::{LINK, Sandbox};

/// Three accounts as one end user has them, each with a contradiction that the published examples have.
fn accounts() -> Vec<Value> {
    let (.., body) = examples().iter().find(|(id, ..)| id == "RetrieveAccounts").expect("an example");
    let one = body[0].clone();
    let mut checking = one.clone();
    checking["category"] = json!("CHECKING_ACCOUNT");
    checking["credit_data"] = Value::Null;
    checking["loan_data"] = Value::Null;
    let mut card = one.clone();
    card["category"] = json!("CREDIT_CARD");
    card["loan_data"] = Value::Null;
    card["credit_data"]["limits"][0]["type"] = json!("LIMITE_CREDITO_TOTAL");
    card["credit_data"]["limits"][0].as_object_mut().expect("a limit").remove("identification_number");
    let mut loan = one;
    loan["category"] = json!("LOAN_ACCOUNT");
    loan["credit_data"] = Value::Null;
    loan["loan_data"]["interest_rates"][0]["interest_rate_data"]["tax_type"] = json!("NOMINAL_TAX");
    vec![checking, card, loan]
}

/// What was read, written back.
fn written(value: &impl belvo::Encode) -> Value {
    serde_json::from_str(&belvo::to_json(value)).expect("JSON")
}

#[tokio::test]
async fn three_kinds_of_accounts_are_retrieved_and_stored() {
    let sandbox = Sandbox::new();
    sandbox.world(|w| w.institution.insert("/api/accounts/".into(), accounts()));
    let (client, _) = sandbox.client();
    let response = client.accounts().retrieve(LINK).await.expect("accounts");
    assert_eq!((response.status().code(), response.len(), response.invalid().len()), (201, 3, 0));
    assert_eq!(sandbox.seen()[0].text(), format!(r#"{{"link":"{LINK}"}}"#));
    let categories: Vec<_> = response.iter().map(|a| a.category.as_ref().map(ToString::to_string)).collect();
    assert_eq!(categories.iter().flatten().collect::<Vec<_>>(), ["CHECKING_ACCOUNT", "CREDIT_CARD", "LOAN_ACCOUNT"]);
    let data: Vec<_> = response.iter().map(|a| (a.credit_data.is_some(), a.loan_data.is_some())).collect();
    assert_eq!(data, [(false, false), (true, false), (false, true)]);
    // What contradicts the document is there as it came.
    let back = written(&*response);
    assert_eq!(back[1]["credit_data"]["limits"][0]["type"], "LIMITE_CREDITO_TOTAL");
    assert_eq!(back[2]["loan_data"]["interest_rates"][0]["interest_rate_data"]["tax_type"], "NOMINAL_TAX");
    // They were stored, and each can be read alone and deleted.
    let id = response[1].id.clone();
    let one = client.accounts().get(id.clone()).await.expect("an account");
    assert_eq!(one.credit_data, response[1].credit_data);
    assert_eq!(client.accounts().delete(id.clone()).await.expect("deleted").status().code(), 204);
    assert_eq!(client.accounts().get(id).await.expect_err("gone").code(), Some("not_found"));
    let list = client.accounts().list().link(LINK).await.expect("a page");
    assert_eq!((list.count, list.results.len()), (Some(2), 2));
}

#[tokio::test]
async fn data_that_is_not_to_be_stored_is_not() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let response = client.accounts().retrieve(LINK).save_data(false).await.expect("accounts");
    assert_eq!((response.status().code(), response.len()), (200, 1));
    // Two of the official clients cannot send this `false`.
    assert_eq!(sandbox.seen()[0].text(), format!(r#"{{"link":"{LINK}","save_data":false}}"#));
    assert_eq!(sandbox.world(|w| w.made("RetrieveAccounts")), 0);
    assert!(client.accounts().list().await.expect("a page").results.is_empty());
}

#[tokio::test]
async fn an_unknown_link_is_refused_and_the_field_named() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let other = "00000000-0000-4000-8000-000000000000";
    let error = client.accounts().retrieve(other).await.expect_err("no such link");
    assert_eq!((error.code(), error.items()[0].field()), (Some("does_not_exist"), Some("link")));
    assert!(!error.to_string().contains(other));
}

#[tokio::test]
async fn a_part_of_a_record_can_be_asked_for() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    client.owners().retrieve(LINK).await.expect("owners");
    client.accounts().retrieve(LINK).await.expect("accounts");
    let page = client.owners().list().link(LINK).fields(["id", "link"]).await.expect("owners");
    let results = &page.results;
    assert_eq!((results.len(), results.invalid().len(), page.deviations().len()), (1, 0, 0));
    let back = written(results);
    assert_eq!(back[0].as_object().expect("an object").len(), 2, "nothing is made up: {back}");
    assert_eq!(sandbox.seen()[2].target, format!("/api/owners/?link={LINK}&fields=id,link"));
    assert_eq!(sandbox.seen()[2].param("fields").as_deref(), Some("id,link"));
    // What may be null may be left out when the call says so: no deviation, and nothing to be strict about.
    for client in [&client, &strict(&sandbox)] {
        let page = client.accounts().list().omit(["category", "name", "loan_data"]).await.expect("accounts");
        let results = &page.results;
        assert_eq!((results.len(), results.invalid().len(), page.deviations().len()), (1, 0, 0));
        assert_eq!((&results[0].category, &results[0].name), (&None, &None));
    }
    // What every record is found by comes along, and cannot be left out.
    for client in [&client, &strict(&sandbox)] {
        let page = client.accounts().list().fields(["link", "currency"]).await.expect("accounts");
        let results = &page.results;
        assert_eq!((results.len(), results.invalid().len(), page.deviations().len()), (1, 0, 0));
        assert_eq!((results[0].link.as_ref().map(AsRef::as_ref), &results[0].name), (Some(LINK), &None));
        assert!(!results[0].id.as_ref().is_empty());
    }
    let last = sandbox.seen().last().expect("a request").target.clone();
    assert!(last.ends_with("fields=link,currency,id"), "{last}");
    let error = client.accounts().list().omit(["name", "id"]).await.expect_err("the id");
    assert_eq!(error.kind(), belvo::ErrorKind::Build);
    assert!(error.to_string().contains("without this member: `id`"), "{error}");
    let page = client.accounts().list().fields(["link"]).send_as::<belvo::models::Page<Value>>().await.expect("values");
    assert_eq!(page.results[0]["link"], json!(LINK));
}

fn strict(sandbox: &Sandbox) -> belvo::Client {
    use tests::sandbox::{Double, ID, PASSWORD};
    let builder = belvo::Client::builder(belvo::Environment::Sandbox).strict(true);
    let builder = builder.credentials(belvo::Credentials::basic(ID, PASSWORD));
    builder.transport(Double::new(sandbox)).build().expect("a client")
}

#[tokio::test]
async fn a_drifted_record_is_read_and_written_back() {
    let sandbox = Sandbox::new();
    let (.., body) = examples().iter().find(|(id, ..)| id == "RetrieveFinancialStatements").expect("an example");
    let mut drifted = body[0].clone();
    // As the document says it: a text for what is a number on the page. And a member of a later version.
    drifted["year"] = json!("2020");
    drifted["error"] = Value::Null;
    drifted["auditor"] = json!({"name": "Contadores SC"});
    sandbox.world(|w| w.institution.insert("/api/financial-statements/".into(), vec![drifted.clone()]));
    let (client, _) = sandbox.client();
    let response = client.financial_statements().retrieve(LINK).await.expect("statements");
    assert_eq!((response.len(), response.invalid().len(), response[0].year), (1, 0, Some(2020)));
    assert_eq!(response.deviations().iter().map(|d| d.path.as_str()).collect::<Vec<_>>(), ["$[0].year"]);
    let mut back = written(&*response);
    assert_eq!(back[0]["auditor"], json!({"name": "Contadores SC"}));
    assert!(back[0].get("error").is_some_and(Value::is_null), "a required null is written");
    back[0]["id"] = drifted["id"].clone();
    back[0]["link"] = drifted["link"].clone();
    // A number to the caller, as it came to whoever reads it next.
    assert_eq!(numbers(&back[0]), numbers(&drifted));
}

/// JSON in which all numbers are floats: `1` and `1.0` say the same.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Number(n) => json!(n.as_f64()),
        Value::Array(items) => items.iter().map(numbers).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), numbers(value))).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn the_sandbox_has_its_own_habits() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    sandbox.world(|w| w.payments = false);
    let error = client.payment_intents_brazil().list().await.expect_err("no payments here");
    assert_eq!((error.status().map(|s| s.code()), error.code()), (Some(403), Some("access_to_resource_denied")));
    // Ten records a page where production has a hundred: a client that counts on a size goes wrong.
    let eleven = vec![accounts()[0].clone(); 11];
    sandbox.world(|w| w.institution.insert("/api/accounts/".into(), eleven));
    client.accounts().retrieve(LINK).await.expect("accounts");
    let mut pages = client.accounts().list().pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.expect("a page") {
        sizes.push(page.results.len());
    }
    assert_eq!(sizes, [10, 1]);
    // The first day of a month.
    let id = client.accounts().list().await.expect("a page").results[0].id.clone();
    sandbox.world(tests::sandbox::World::wipe);
    assert_eq!(client.accounts().get(id).await.expect_err("wiped").code(), Some("not_found"));
}
