//! The token of each mode: the document's own operation, with the client's keys and Belvo's scopes in its body.

use crate::api::WidgetAccessToken;
use crate::api::requests::GenerateWidgetAccessToken;
use crate::models::{self, GenerateWidgetAccessTokenRequest as Body};
use crate::client;
use crate::runtime::__private::{self, Writer};
use crate::runtime::{self, Encode, Request, Secret, Uuid, Value};

use super::Identification;

/// What every product but open finance asks for.
const LINKS: &str = "read_institutions,write_links";
/// What open finance in Brazil asks for.
const CONSENTS: &str =
    "read_institutions,write_links,read_consents,write_consents,write_consent_callback,delete_consents";
/// What update mode asks for.
const UPDATE: &str = "read_institutions,write_links,read_links";
/// What the portal asks for.
const PORTAL: &str = "read_consents,write_consents,write_consent_callback";

/// The setup of the widget for one product, which decides what the token is for. The document's models of it are all there is.
pub trait Widget: sealed::Sealed {
    /// What Belvo can load once there is a link.
    type Resource;
    /// The scopes that Belvo prescribes for the product.
    const SCOPES: &'static str;

    /// The body of the request, with blanks in place of the keys.
    #[doc(hidden)]
    fn body(self, resources: Vec<Self::Resource>, stale_in: String) -> Body;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! widgets {
    ($($widget:ident $request:ident $args:ident $resource:ident $scopes:ident;)*) => {$(
        impl sealed::Sealed for models::$widget {}

        impl Widget for models::$widget {
            type Resource = models::$resource;
            const SCOPES: &'static str = $scopes;

            #[inline]
            fn body(self, resources: Vec<Self::Resource>, stale_in: String) -> Body {
                let args = models::$args {
                    id: Secret::default(),
                    password: Secret::default(),
                    scopes: $scopes.into(),
                    fetch_resources: resources,
                    stale_in,
                    widget: self,
                };
                models::$request::new(args).into()
            }
        }
    )*};
}

widgets! {
    BankingBrazilWidget WidgetTokenRequestBankingBrazil WidgetTokenRequestBankingBrazilArgs FetchResourcesOfdaBrazilItem CONSENTS;
    EmploymentBrazilWidget WidgetTokenRequestEmploymentBrazil WidgetTokenRequestEmploymentBrazilArgs FetchResourcesEmploymentBrazilItem LINKS;
    EmploymentMexicoWidget WidgetTokenRequestEmploymentMexico WidgetTokenRequestEmploymentMexicoArgs FetchResourcesEmploymentMexicoItem LINKS;
    FiscalMexicoWidget WidgetTokenRequestFiscalMexico WidgetTokenRequestFiscalMexicoArgs FetchResourcesFiscalMexicoItem LINKS;
}

impl WidgetAccessToken<'_> {
    /// `POST /api/token/`: a token with which the end user connects an account.
    ///
    /// The widget's model says which product it is for, and so which resources there are and which scopes Belvo prescribes; id and
    /// password are those of the client's basic credentials. `stale_in` is the number of days after which Belvo erases what it stores of
    /// the link, such as `90d`.
    ///
    /// ```
    /// use belvo::models::{
    ///     FiscalMexicoWidget as Widget, FiscalMexicoWidgetBranding as Branding,
    ///     FiscalMexicoWidgetBrandingArgs as BrandingArgs,
    /// };
    /// # async fn run(client: &belvo::Client) -> Result<(), belvo::Error> {
    /// let branding = Branding::new(BrandingArgs {
    ///     company_icon: "https://a.example/icon.svg".into(),
    ///     company_logo: "https://a.example/logo.svg".into(),
    ///     company_name: "ACME".into(),
    ///     company_terms_url: "https://a.example/terms".into(),
    /// });
    /// let call = client.widget_access_token().new_link(Widget::new(branding), ["INVOICES", "TAX_STATUS"], "90d");
    /// let token = call.credentials_storage("store").await?;
    /// println!("{:?}", token.access); // Secret(..)
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - Of kind `Build` where the client has no basic credentials
    /// - 400: The request is wrong, such as `invalid_fetch_resources`
    /// - 401: The keys are wrong, or belong to the other environment
    #[inline]
    pub fn new_link<W: Widget>(
        &self,
        widget: W,
        fetch_resources: impl IntoIterator<Item = impl Into<W::Resource>>,
        stale_in: impl Into<String>,
    ) -> GenerateWidgetAccessToken {
        self.with_keys(widget.body(__private::list(fetch_resources), stale_in.into()))
    }

    /// `POST /api/token/`: a token with which the end user updates a link, which keeps its id.
    ///
    /// For a link whose status is `invalid` or `token_required`. Belvo finds out by itself whether a new password or a second factor is
    /// needed. It is of no use to links of open finance in Brazil, which live by a consent: see [`ConsentRenewal`](super::ConsentRenewal).
    ///
    /// Belvo's page sends neither a `widget` nor an `external_id` here; `.extra("widget", ..)` adds what you agreed upon with Belvo.
    ///
    /// # Errors
    ///
    /// - Of kind `Build` where the client has no basic credentials
    /// - 400: The request is wrong
    /// - 401: The keys are wrong, or belong to the other environment
    #[inline]
    pub fn update_mode(&self, link: impl Into<Uuid>) -> GenerateWidgetAccessToken {
        let link: Uuid = link.into();
        self.with_members(UPDATE, "link_id", &link)
    }

    /// `POST /api/token/`: a token for My Belvo Portal, in which the end user manages the consents given to you alone, and renews one.
    ///
    /// `identification_info` says who that is: a person by one entry of type `CPF`, a business by two, the `CPF` of someone who acts for
    /// it and its `CNPJ`. [`portal_address`](super::portal_address) and [`ConsentRenewal::address`](super::ConsentRenewal::address) tell
    /// where the token goes. [`PORTAL`](super::PORTAL) needs none, and shows what was given to others too.
    ///
    /// Open finance in Brazil asks that users can get there easily from your application.
    ///
    /// ```
    /// use belvo::widget::{ConsentRenewal, Identification, IdentificationArgs, portal_address};
    /// # async fn run(client: &belvo::Client) -> Result<(), belvo::Error> {
    /// let user = Identification::new(IdentificationArgs {
    ///     r#type: "CPF".into(),
    ///     number: "12345678909".into(),
    ///     name: "Ana Souza".into(),
    /// });
    /// let token = client.widget_access_token().portal("https://a.example/terms", [user]).await?;
    /// let all = portal_address(&token.access);
    /// // A webhook said that this consent has expired; `ConsentRenewal::of` reads it.
    /// let renewal = ConsentRenewal::new("l-1", "c-1", "ofmockbank_br_retail").institution_display_name("OF Mockbank");
    /// let one = renewal.address(&token.access);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - Of kind `Build` where the client has no basic credentials
    /// - 400: The request is wrong
    /// - 401: The keys are wrong, or belong to the other environment
    #[inline]
    pub fn portal(
        &self,
        terms_and_conditions_url: impl Into<String>,
        identification_info: impl IntoIterator<Item = Identification>,
    ) -> GenerateWidgetAccessToken {
        let setup = Portal { terms: terms_and_conditions_url.into(), who: identification_info.into_iter().collect() };
        self.with_members(PORTAL, "widget", &setup)
    }

    fn with_members(&self, scopes: &str, name: &'static str, value: &dyn Encode) -> GenerateWidgetAccessToken {
        let empty = Value::Object(Default::default());
        let mut call = self.with_keys(Body::Raw(empty.into()));
        call.request.member("scopes", &scopes);
        call.request.member(name, &value);
        call
    }

    fn with_keys(&self, body: Body) -> GenerateWidgetAccessToken {
        let mut request: Request<models::WidgetToken> = self.generate(body).request();
        request.keys("id", "password");
        client::builder(request)
    }
}

impl GenerateWidgetAccessToken {
    /// Other scopes than those that Belvo prescribes, separated by commas.
    #[inline]
    pub fn scopes(self, scopes: impl Into<String>) -> Self {
        client::put_member(self, "scopes", scopes.into())
    }

    /// Whether and how long Belvo keeps the credentials of a link: `store` until the link is deleted, `nostore`, or days from `1d` to
    /// `365d`. Open finance in Brazil has none to keep.
    #[inline]
    pub fn credentials_storage(self, kept: impl Into<String>) -> Self {
        client::put_member(self, "credentials_storage", kept.into())
    }
}

/// The member `widget` of a token for the portal. The document does not know it; its model of a consent has a purpose, which is not sent
/// here.
struct Portal {
    terms: String,
    who: Vec<Identification>,
}

impl Encode for Portal {
    fn encode(&self, w: &mut Writer) {
        w.raw(r#"{"openfinance_feature":"consent_management","consent":{"terms_and_conditions_url":"#);
        w.string(&self.terms);
        // Belvo takes these four, unless its support has agreed upon others with you.
        w.raw(r#","permissions":["REGISTER","ACCOUNTS","CREDIT_CARDS","CREDIT_OPERATIONS"],"identification_info":"#);
        self.who.encode(w);
        w.raw("}}");
    }
}
