//! Flow: tokens for the widget and the portal with the client's own keys, and the addresses they go to.

use belvo::client::KeyPlace;
use belvo::models::{
    BankingBrazilWidget as BankingWidget, BankingBrazilWidgetArgs as BankingWidgetArgs,
    BankingBrazilWidgetBranding as Branding, BankingBrazilWidgetBrandingArgs as BrandingArgs,
    BankingBrazilWidgetCallbackUrls as CallbackUrls, BankingBrazilWidgetCallbackUrlsArgs as CallbackUrlsArgs,
    BankingBrazilWidgetConsent as Consent, BankingBrazilWidgetConsentArgs as ConsentArgs, EmploymentBrazilWidget,
    EmploymentBrazilWidgetBranding, EmploymentBrazilWidgetBrandingArgs, EmploymentMexicoWidget,
    EmploymentMexicoWidgetBranding, EmploymentMexicoWidgetBrandingArgs, FetchResourcesOfdaBrazilItem as Resource,
    FiscalMexicoWidget, FiscalMexicoWidgetBranding, FiscalMexicoWidgetBrandingArgs, WidgetTokenRequestBankingBrazil,
    WidgetTokenRequestBankingBrazilArgs,
};
use belvo::retry::Retry;
use belvo::webhooks::Webhook;
use belvo::widget::{
    AccessMode, ConsentRenewal, CountryCode, HostedWidget, Identification, IdentificationArgs, InstitutionType, Locale,
    PORTAL, Widget, portal_address,
};
use belvo::{Client, Credentials, Environment, ErrorKind};
use belvo::{Request, Secret};
use serde_json::{Value, json};
use tests::sandbox::{ID, LINK, PASSWORD, Sandbox};

const OPEN_FINANCE: &str =
    "read_institutions,write_links,read_consents,write_consents,write_consent_callback,delete_consents";

/// The body of a request, and that nothing but its size shows.
fn body<T>(request: &Request<T>) -> Value {
    let parts = request.parts().expect("a request");
    for shown in [format!("{request:?}"), format!("{parts:?}")] {
        assert!(!shown.contains(ID) && !shown.contains(PASSWORD) && !shown.contains("7610"), "{shown}");
    }
    serde_json::from_slice(&parts.body).expect("JSON")
}

fn banking() -> BankingWidget {
    BankingWidget::new(BankingWidgetArgs {
        openfinance_feature: "consent_link_creation".into(),
        callback_urls: CallbackUrls::new(CallbackUrlsArgs {
            success: "app://done".into(),
            exit: "app://left".into(),
            event: "app://failed".into(),
        }),
        branding: Branding::new(BrandingArgs {
            company_icon: "https://a.example/i.svg".into(),
            company_logo: "https://a.example/l.svg".into(),
            company_name: "ACME".into(),
            company_terms_url: "https://a.example/t".into(),
        }),
        consent: Consent::new(ConsentArgs {
            purpose: "Crédito".into(),
            terms_and_conditions_url: "https://a.example/t".into(),
            permissions: ["REGISTER", "ACCOUNTS", "CREDIT_CARDS", "CREDIT_OPERATIONS"].map(Into::into).into(),
            identification_info: vec![person()],
        }),
    })
}

fn person() -> Identification {
    Identification::new(IdentificationArgs {
        r#type: "CPF".into(),
        number: "12345678909".into(),
        name: "Ralph \"R\" Bragg".into(),
    })
}

fn who(credentials: Credentials) -> Client {
    Client::builder(Environment::Sandbox).credentials(credentials).build().expect("a client")
}

#[tokio::test]
async fn a_new_link_takes_its_keys_from_the_client_and_its_scopes_from_the_product() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let token = client.widget_access_token().new_link(banking(), [Resource::Accounts, Resource::Owners], "90d").await;
    let token = token.expect("a token");
    assert_eq!(token.access.expose(), "widget-access-token-example");
    assert_eq!(
        sandbox.seen()[0].json(),
        json!({
            "id": ID, "password": PASSWORD, "scopes": OPEN_FINANCE, "fetch_resources": ["ACCOUNTS", "OWNERS"],
            "stale_in": "90d",
            "widget": {
                "openfinance_feature": "consent_link_creation",
                "callback_urls": {"success": "app://done", "exit": "app://left", "event": "app://failed"},
                "branding": {
                    "company_icon": "https://a.example/i.svg", "company_logo": "https://a.example/l.svg",
                    "company_name": "ACME", "company_terms_url": "https://a.example/t"
                },
                "consent": {
                    "purpose": "Crédito", "terms_and_conditions_url": "https://a.example/t",
                    "permissions": ["REGISTER", "ACCOUNTS", "CREDIT_CARDS", "CREDIT_OPERATIONS"],
                    "identification_info": [{"type": "CPF", "number": "12345678909", "name": "Ralph \"R\" Bragg"}]
                }
            }
        })
    );
    // To the byte what the keys typed a second time give.
    let typed = WidgetTokenRequestBankingBrazil::new(WidgetTokenRequestBankingBrazilArgs {
        id: ID.into(),
        password: PASSWORD.into(),
        scopes: OPEN_FINANCE.into(),
        fetch_resources: vec![Resource::Accounts, Resource::Owners],
        stale_in: "90d".into(),
        widget: banking(),
    });
    client.widget_access_token().generate(typed).blocking().expect("a token");
    assert_eq!(sandbox.seen()[0], sandbox.seen()[1]);
    assert_eq!(<BankingWidget as Widget>::SCOPES, OPEN_FINANCE);
}

#[test]
fn every_product_has_its_resources_and_scopes() {
    let (client, _) = Sandbox::new().client();
    let tokens = client.widget_access_token();
    let look = ["https://a.example/i.svg", "https://a.example/l.svg", "ACME", "https://a.example/t"];
    let [icon, logo, name, terms] = look;
    macro_rules! branding {
        ($branding:ident $args:ident) => {
            $branding::new($args {
                company_icon: icon.into(),
                company_logo: logo.into(),
                company_name: name.into(),
                company_terms_url: terms.into(),
            })
        };
    }
    let branding = branding!(EmploymentBrazilWidgetBranding EmploymentBrazilWidgetBrandingArgs);
    let brazil = tokens.new_link(EmploymentBrazilWidget::new(branding), ["EMPLOYMENTS"], "30d");
    let branding = branding!(EmploymentMexicoWidgetBranding EmploymentMexicoWidgetBrandingArgs);
    let mexico = tokens.new_link(EmploymentMexicoWidget::new(branding), ["EMPLOYMENT_RECORDS"], "30d");
    let branding = branding!(FiscalMexicoWidgetBranding FiscalMexicoWidgetBrandingArgs);
    let fiscal = tokens.new_link(FiscalMexicoWidget::new(branding), ["INVOICES"], "30d");
    for (call, resource) in [(brazil, "EMPLOYMENTS"), (mexico, "EMPLOYMENT_RECORDS"), (fiscal, "INVOICES")] {
        let expected = json!({
            "id": ID, "password": PASSWORD, "scopes": "read_institutions,write_links", "fetch_resources": [resource],
            "stale_in": "30d",
            "widget": {"branding": {
                "company_icon": icon, "company_logo": logo, "company_name": name, "company_terms_url": terms
            }}
        });
        assert_eq!(body(&call.clone().request()), expected);
        // What the caller says counts, also where it is a key.
        let own = call.scopes("read_links").credentials_storage("nostore").extra("id", "another").extra("note", 7);
        let own = body(&own.request());
        assert_eq!((&own["scopes"], &own["credentials_storage"]), (&json!("read_links"), &json!("nostore")));
        assert_eq!((&own["id"], &own["password"], &own["note"]), (&json!("another"), &json!(PASSWORD), &json!(7)));
    }
}

#[test]
fn update_mode_and_the_portal_are_one_call_each() {
    let sandbox = Sandbox::new();
    let (client, _) = sandbox.client();
    let tokens = client.widget_access_token();
    let update = tokens.update_mode(LINK);
    let company = Identification::new(IdentificationArgs {
        r#type: "CNPJ".into(),
        number: "50685362006773".into(),
        name: "Belvo OF test".into(),
    });
    let portal = tokens.portal("https://a.example/t?a=1&b=\"2\"", [person(), company]);
    assert_eq!(
        body(&update.clone().request()),
        json!({"id": ID, "password": PASSWORD, "scopes": "read_institutions,write_links,read_links", "link_id": LINK})
    );
    assert_eq!(
        body(&portal.clone().request()),
        json!({
            "id": ID, "password": PASSWORD, "scopes": "read_consents,write_consents,write_consent_callback",
            "widget": {
                "openfinance_feature": "consent_management",
                "consent": {
                    "terms_and_conditions_url": "https://a.example/t?a=1&b=\"2\"",
                    "permissions": ["REGISTER", "ACCOUNTS", "CREDIT_CARDS", "CREDIT_OPERATIONS"],
                    "identification_info": [
                        {"type": "CPF", "number": "12345678909", "name": "Ralph \"R\" Bragg"},
                        {"type": "CNPJ", "number": "50685362006773", "name": "Belvo OF test"}
                    ]
                }
            }
        })
    );
    let replaced = body(&tokens.portal("t", []).extra("widget", json!({"a": 1})).scopes("s").request());
    assert_eq!(replaced, json!({"id": ID, "password": PASSWORD, "scopes": "s", "widget": {"a": 1}}));
    for call in [update, portal] {
        let token = call.blocking().expect("a token");
        assert_eq!(format!("{:?}", token.access), "Secret(..)");
        assert!(!format!("{token:?}").contains("example"), "{token:?}");
    }
    assert_eq!(sandbox.lines(), ["POST /api/token/", "POST /api/token/"]);
}

#[test]
fn without_basic_credentials_nothing_is_built_and_nothing_goes_to_the_mock() {
    let key = Credentials::api_key(KeyPlace::Header, "x-key", "hunter2");
    for credentials in [Credentials::none(), Credentials::bearer("hunter2"), key.clone()] {
        let client = who(credentials);
        for call in [
            client.widget_access_token().update_mode(LINK),
            client.widget_access_token().portal("t", [person()]),
            client.widget_access_token().new_link(banking(), ["ACCOUNTS"], "90d"),
        ] {
            let error = call.request().parts().expect_err("no keys");
            assert_eq!(error.kind(), ErrorKind::Build);
            let said = error.to_string();
            assert!(said.contains("the client has no basic credentials"), "{said}");
            assert!(!format!("{error:?} {said}").contains("hunter2"), "{error:?}");
        }
    }
    // Beside others they are found.
    let both = who(key.and(Credentials::basic("an id", "a \"password\"")));
    let sent = body(&both.widget_access_token().update_mode(LINK).request());
    assert_eq!((&sent["id"], &sent["password"]), (&json!("an id"), &json!("a \"password\"")));

    let mock = Client::builder(Environment::Portal).credentials(Credentials::basic(ID, PASSWORD)).build().expect("one");
    let sent = mock.widget_access_token().new_link(banking(), ["ACCOUNTS"], "90d").request().parts().expect("built");
    let sent: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!((&sent["id"], &sent["password"]), (&json!(""), &json!("")));
}

#[test]
fn keys_are_for_json_bodies_only() {
    static OPERATION: belvo::client::Operation =
        belvo::client::Operation { id: "X", retry: Retry::Never, ..belvo::client::Operation::DEFAULT };
    let (client, _) = Sandbox::new().client();
    let mut request = Request::new(&client, &OPERATION, belvo::client::decode::<Value>);
    request.keys("user", "word");
    assert_eq!(body(&request), json!({"user": ID, "word": PASSWORD}));
    request.bytes("text/plain", "text");
    let error = request.parts().expect_err("no place for them");
    assert_eq!(error.kind(), ErrorKind::Build);
    assert!(!format!("{error} {error:?}").contains(PASSWORD), "{error}");
}

#[test]
fn the_hosted_widget_has_an_encoded_address_that_does_not_show() {
    let bare = HostedWidget::new().address("a.b-c_d~e");
    assert_eq!(bare.expose(), "https://widget.belvo.io/?access_token=a.b-c_d~e");
    let token = Secret::from("to+ken/=&?#é");
    let widget = HostedWidget::new()
        .locale(Locale::Portuguese)
        .access_mode(AccessMode::Recurrent)
        .external_id("a b&c=d")
        .country_codes([CountryCode::Brazil, CountryCode::Mexico])
        .institutions(["of,bank", "ofitau_br_retail"])
        .institution_types([InstitutionType::Retail, InstitutionType::Business])
        .resources([Resource::Accounts, Resource::Owners])
        .show_close_dialog(false)
        .show_abandon_survey(true)
        .option("integration_type", "openfinance")
        .option("a&b", "c&d");
    let expected = "https://widget.belvo.io/?access_token=to%2Bken%2F%3D%26%3F%23%C3%A9&locale=pt&access_mode=recurrent\
        &external_id=a%20b%26c%3Dd&country_codes=BR,MX&institutions=of%2Cbank,ofitau_br_retail\
        &institution_types=retail,business&resources=ACCOUNTS,OWNERS&show_close_dialog=false&show_abandon_survey=true\
        &integration_type=openfinance&a%26b=c%26d";
    let address = widget.address(&token);
    assert_eq!(address.expose(), expected);
    assert_eq!(format!("{address:?}"), "Secret(..)");

    // The last value counts, an empty list is none, and there is one token.
    let widget = widget.locale("fr").institutions([""; 0]).option("access_token", "hunter2");
    let address = widget.address(&token);
    assert!(address.expose().ends_with("&a%26b=c%26d&locale=fr"), "{}", address.expose());
    assert!(!address.expose().contains("institutions=") && !address.expose().contains("hunter2"));
    let shown = format!("{widget:?}");
    assert!(shown.contains("external_id") && !shown.contains("a%20b") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn the_portal_shows_all_consents_or_renews_one() {
    assert_eq!(PORTAL, "https://meuportal.belvo.com/?mode=landing");
    let address = portal_address("to&ken");
    assert_eq!(address.expose(), "https://meuportal.belvo.com/?access_token=to%26ken");
    assert_eq!(format!("{address:?}"), "Secret(..)");

    let renewal = ConsentRenewal::new("l-1", "c/1", "ofmockbank_br_retail");
    let short = "https://meuportal.belvo.com/?access_token=t&link_id=l-1&consent_id=c%2F1\
        &institution=ofmockbank_br_retail&action=renew";
    assert_eq!(renewal.address("t").expose(), short);
    assert_eq!(format!("{:?}", renewal.address("t")), "Secret(..)");

    let mut sent = json!({
        "webhook_id": "w-1", "webhook_type": "CONSENT", "webhook_code": "consent_expired",
        "link_id": "3d3364b7-0175-483d-a58b-b471f251e533", "external_id": null,
        "data": {
            "consent_id": "29a54e55-21f0-4d02-8e34-797ab7d43940", "action": "renew",
            "institution": "ofmockbank_br_retail", "institution_display_name": "OF Mockbank",
            "institution_icon_logo": "https://logo.com/?a=1&b=2"
        }
    });
    let of = |sent: &Value| match Webhook::parse(sent.to_string().as_bytes()).expect("JSON") {
        Webhook::Aggregation(news) => ConsentRenewal::of(&news),
        other => panic!("{other:?}"),
    };
    let renewal = of(&sent).expect("a consent");
    let long = "https://meuportal.belvo.com/?access_token=t&link_id=3d3364b7-0175-483d-a58b-b471f251e533\
        &consent_id=29a54e55-21f0-4d02-8e34-797ab7d43940&institution=ofmockbank_br_retail\
        &institution_display_name=OF%20Mockbank&institution_icon_logo=https%3A%2F%2Flogo.com%2F%3Fa%3D1%26b%3D2\
        &action=renew";
    assert_eq!(renewal.address("t").expose(), long);
    let by_hand = ConsentRenewal::new(
        "3d3364b7-0175-483d-a58b-b471f251e533",
        "29a54e55-21f0-4d02-8e34-797ab7d43940",
        "ofmockbank_br_retail",
    );
    let by_hand = by_hand.institution_display_name("OF Mockbank").institution_icon_logo("https://logo.com/?a=1&b=2");
    assert_eq!(by_hand, renewal);
    // Another webhook of a link names no consent.
    sent["data"] = json!({"total_accounts": 3});
    assert_eq!(of(&sent), None);
}
