//! Fourteen tasks of an integration with Belvo, each as a program does it, played against the sandbox through the double.

use belvo::Json;
use belvo::client::Outcome;
use belvo::models::ListOwnersResponseResultsItem as AnyOwner;
use belvo::models::{
    self, LinksRequestBanking, LinksRequestBankingArgs, LinksRequestEmploymentMexico, LinksRequestEmploymentMexicoArgs,
    LinksRequestFiscalMexico, LinksRequestFiscalMexicoArgs,
};
use belvo::webhooks::{Guard, Webhook, WebhookType};
use belvo::widget::{ConsentRenewal, HostedWidget, Identification, IdentificationArgs, Locale, portal_address};
use belvo::{Client, Credentials, Error, ErrorCode, Number};
use serde_json::json;
use std::time::Duration;
use tests::sandbox::{Act, LINK, Mfa, Reply, Sandbox, error_of, january};

/// A client of a sandbox that has so many transactions of the link.
async fn holding(transactions: usize) -> (Sandbox, Client) {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    client.transactions().retrieve(january()).await.expect("transactions");
    sandbox.world(|w| {
        let stored = w.records.get_mut("/api/transactions/").expect("transactions");
        let one = stored[0].clone();
        *stored = (0..transactions).map(|_| one.clone()).collect();
    });
    (sandbox, client)
}

#[tokio::test]
async fn transactions_by_filter_over_all_pages() -> Result<(), Error> {
    let (sandbox, belvo) = holding(25).await;
    let before = sandbox.count();

    let mut sum = Number::ZERO;
    let mut items = belvo.transactions().list(LINK).type_in(["INFLOW", "OUTFLOW"]).page_size(10).items().skip_invalid();
    while let Some(transaction) = items.try_next().await? {
        sum = sum.checked_add(&transaction.amount.unwrap_or_default()).expect("no such sum");
    }
    assert_eq!(items.invalid_count(), 0);

    assert!(sum > Number::ZERO);
    assert_eq!(sandbox.count() - before, 3);
    Ok(())
}

#[tokio::test]
async fn accounts() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();

    let accounts = belvo.accounts().retrieve(LINK).await?;
    for account in accounts.iter() {
        let current = account.balance.as_ref().and_then(|balance| balance.current.as_ref());
        println!("{} {:?} {current:?}", account.id, account.currency);
    }

    assert!(!accounts.is_empty() && accounts.invalid().is_empty());
    assert_eq!(sandbox.seen()[0].json()["link"], LINK);
    Ok(())
}

#[tokio::test]
async fn owners() -> Result<(), Error> {
    let (_sandbox, (belvo, _)) = with_client();

    let owners = belvo.owners().retrieve(LINK).await?;
    let name = owners.iter().find_map(|owner| match owner {
        AnyOwner::OwnerIndividualOpenFinanceBrazil(person) => person.display_name.clone(),
        AnyOwner::OwnerBusinessOpenFinanceBrazil(company) => company.company_name.clone(),
        AnyOwner::Owner(owner) => owner.display_name.clone(),
        _ => None,
    });

    assert!(name.is_some(), "{owners:?}");
    Ok(())
}

#[tokio::test]
async fn institutions_of_a_country() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();

    let mut institutions = belvo.institutions().list().country_code("BR").items();
    let mut names = Vec::new();
    while let Some(institution) = institutions.try_next().await? {
        names.extend(institution.name);
    }

    assert!(!names.is_empty());
    assert_eq!(sandbox.lines(), ["GET /api/institutions/?country_code=BR"]);
    Ok(())
}

#[tokio::test]
async fn a_link_by_external_id() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();
    let bank = LinksRequestBanking::new(LinksRequestBankingArgs {
        institution: "erebor_mx_retail".into(),
        username: "bnk100".into(),
        password: "full".into(),
    })
    .with_external_id("customer-7");
    let registered = belvo.links().register(bank).await?.into_inner();

    let mut links = belvo.links().list().external_id("customer-7").items();
    let link = links.try_next().await?;

    assert_eq!((link.map(|link| link.id), links.try_next().await?), (Some(registered.id), None));
    assert!(sandbox.lines()[1].ends_with("?external_id=customer-7"), "{:?}", sandbox.lines());
    Ok(())
}

#[tokio::test]
async fn a_fiscal_an_employment_and_a_bank_link() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();

    let fiscal = LinksRequestFiscalMexico::new(LinksRequestFiscalMexicoArgs {
        institution: "tatooine_mx_fiscal".into(),
        username: "ABC010203XY9".into(),
        password: "clave2025".into(),
    });
    let employment = LinksRequestEmploymentMexico::new(LinksRequestEmploymentMexicoArgs {
        institution: "planet_mx_employment".into(),
        username: "ABCD010203HDFXYZ09".into(),
    });
    let bank = LinksRequestBanking::new(LinksRequestBankingArgs {
        institution: "erebor_mx_retail".into(),
        username: "bnk100".into(),
        password: "full".into(),
    });
    let mut links = vec![belvo.links().register(fiscal).await?.id.clone()];
    links.push(belvo.links().register(employment.with_external_id("customer-7")).await?.id.clone());
    links.push(belvo.links().register(bank.with_access_mode("single")).await?.id.clone());

    assert_eq!((links.len(), sandbox.world(|w| w.made("RegisterLink"))), (3, 3));
    // Who has one already is told by whose it is.
    let refusal = error_of(400, "duplicated", &[("institution_user_id", json!("kT7v="))]);
    sandbox.plan("POST /api/links/", [Act::Answer(refusal)]);
    let error = belvo
        .links()
        .register(LinksRequestBanking::new(LinksRequestBankingArgs {
            institution: "erebor_mx_retail".into(),
            username: "bnk100".into(),
            password: "full".into(),
        }))
        .await
        .unwrap_err();
    assert_eq!((error.error_code(), error.institution_user_id()), (Some(ErrorCode::Duplicated), Some("kT7v=")));
    Ok(())
}

#[tokio::test]
async fn widget_tokens_in_three_modes() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();
    let (widget, who) = (
        widget(),
        Identification::new(IdentificationArgs {
            r#type: "CPF".into(),
            number: "12345678909".into(),
            name: "Ana Gomez".into(),
        }),
    );

    let connect = belvo.widget_access_token().new_link(widget, ["INVOICES"], "90d").await?;
    let connect = HostedWidget::new().locale(Locale::Spanish).external_id("customer-7").address(&connect.access);

    let update = belvo.widget_access_token().update_mode(LINK).await?;
    let update = HostedWidget::new().locale(Locale::Spanish).address(&update.access);

    let portal = belvo.widget_access_token().portal("https://shop.example/terms", [who]).await?;
    let consents = portal_address(&portal.access);
    let renewal = ConsentRenewal::new(LINK, "0d3e5b21-3f0a-4c7e-9a55-6f1f7c1b2a10", "ofmockbank_br_retail");
    let renewal = renewal.address(&portal.access);

    for (address, start) in [
        (connect, "https://widget.belvo.io/?"),
        (update, "https://widget.belvo.io/?"),
        (consents, "https://meuportal.belvo.com/?access_token="),
        (renewal, "https://meuportal.belvo.com/?"),
    ] {
        assert!(address.expose().starts_with(start), "{}", address.expose());
    }
    assert_eq!(sandbox.lines().len(), 3);
    Ok(())
}

fn widget() -> models::FiscalMexicoWidget {
    let branding = models::FiscalMexicoWidgetBrandingArgs {
        company_icon: "https://shop.example/icon.svg".into(),
        company_logo: "https://shop.example/logo.svg".into(),
        company_name: "Shop".into(),
        company_terms_url: "https://shop.example/terms".into(),
    };
    models::FiscalMexicoWidget::new(models::FiscalMexicoWidgetBranding::new(branding))
}

#[tokio::test]
async fn from_a_webhook_to_the_data() -> Result<(), Error> {
    let (_sandbox, belvo) = holding(3).await;
    let (authorization, body) = ("Bearer configured", news());
    let guard = Guard::new(&Credentials::bearer("configured"));

    let mut amounts = Vec::new();
    match guard.open(Some(authorization), body.as_bytes()) {
        Ok(Webhook::Aggregation(news)) if news.webhook_type == Some(WebhookType::Transactions) => {
            let link = news.link_id.as_deref().unwrap_or_default();
            let mut items = belvo.transactions().list(link).items();
            while let Some(transaction) = items.try_next().await? {
                amounts.extend(transaction.amount);
            }
        }
        Ok(_) => {}
        Err(rejected) => panic!("answer {}", rejected.status()),
    }

    assert_eq!(amounts.len(), 3);
    Ok(())
}

fn news() -> String {
    let (kind, code) = ("TRANSACTIONS", "new_transactions_available");
    let data = json!({"new_transactions": 3});
    json!({"webhook_id": "w-1", "webhook_type": kind, "webhook_code": code, "link_id": LINK, "data": data}).to_string()
}

#[tokio::test]
async fn a_refresh_and_its_waiting_time() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();

    let accepted = belvo.links().refresh_historical_data(LINK).await?;
    println!("a webhook will come for {}", accepted.request_id);

    let again = belvo.links().refresh_historical_data(LINK).await.unwrap_err();
    let wait = again.refresh_again_after();

    assert_eq!((again.error_code(), wait), (Some(ErrorCode::LinkRefreshed), None), "no number, no time");
    for (message, minutes) in [
        ("Refreshed just now, wait 4 minutes", Some(4)),
        ("Please wait 1 minute.", Some(1)),
        ("10 tries; try again in a few minutes", None),
        ("99999999999 minutes", None),
    ] {
        let refusal = error_of(409, "link_refreshed", &[("message", json!(message))]);
        sandbox.plan(&format!("POST /api/links/{LINK}/refresh/"), [Act::Answer(refusal)]);
        let again = belvo.links().refresh_historical_data(LINK).await.unwrap_err();
        assert_eq!(again.refresh_again_after(), minutes.map(|m| Duration::from_secs(m * 60)), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn a_deletion() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();

    match belvo.links().delete(LINK).await {
        Ok(outcome) => println!("{}", if outcome.is_done() { "deleted" } else { "will be deleted" }),
        Err(error) if error.is_not_found() => println!("was gone already"),
        Err(error) => return Err(error),
    }

    assert!(belvo.links().delete(LINK).await.unwrap_err().is_not_found());
    let receipt = Reply::json(202, &json!({"request_id": "r-1"}));
    sandbox.plan(&format!("DELETE /api/links/{LINK}/"), [Act::Answer(receipt)]);
    let outcome = belvo.links().delete(LINK).await?.into_inner();
    assert!(matches!(outcome, Outcome::Accepted(receipt) if receipt.request_id() == Some("r-1")));
    Ok(())
}

#[tokio::test]
async fn a_second_factor() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();
    sandbox.world(|w| w.mfa = Some(Mfa::default()));

    let accounts = match belvo.accounts().retrieve(LINK).await {
        Err(error) if error.mfa().is_some() => {
            let mfa = error.mfa().expect("a session");
            let token = "724906"; // What the end user typed.
            belvo.accounts().resume(&mfa, token).await?
        }
        other => other?,
    };

    assert!(!accounts.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_asynchronous_retrieve() -> Result<(), Error> {
    let (sandbox, (belvo, _)) = with_client();

    let accepted = belvo.transactions().retrieve(january()).asynchronous().await?;
    let waiting_for = accepted.request_id().expect("an id").to_owned();
    // Later, in the service that takes webhooks:
    let body = sandbox.world(|w| w.notifications[0].body.to_string());
    let webhook = Webhook::parse(body.as_bytes()).expect("JSON");

    assert!(webhook.answers_request(&waiting_for));
    Ok(())
}

#[tokio::test]
async fn risk_insights() -> Result<(), Error> {
    let (_sandbox, (belvo, _)) = with_client();

    let insights = belvo.risk_insights().retrieve(LINK).await?;
    let balances = insights.balances_metrics.as_ref();

    assert!(balances.is_some(), "{insights:?}");
    Ok(())
}

#[tokio::test]
async fn a_type_of_ones_own() -> Result<(), Error> {
    #[derive(serde::Deserialize)]
    struct Short {
        id: String,
        status: String,
    }
    let (_sandbox, (belvo, _)) = with_client();

    let Json(link) = belvo.links().get(LINK).send_as::<Json<Short>>().await?.into_inner();

    assert_eq!((link.id.as_str(), link.status.as_str()), (LINK, "valid"));
    Ok(())
}

fn with_client() -> (Sandbox, (Client, belvo::testing::VirtualClock)) {
    let sandbox = Sandbox::new();
    let client = sandbox.client();
    (sandbox, client)
}
