//! The addresses at which the end user meets Belvo, each with a token in it.

use std::fmt;

use crate::runtime::__private::percent_encode;
use crate::runtime::{self, Secret};
use crate::words::words;

const HOSTED_WIDGET: &str = "https://widget.belvo.io/";
const OWN_PORTAL: &str = "https://meuportal.belvo.com/";

/// Where anybody manages the consents given to all who read data through Belvo, yours among them. It needs no token.
pub const PORTAL: &str = "https://meuportal.belvo.com/?mode=landing";

words! {
    /// How often the link is read that the widget creates.
    AccessMode {
        /// Once.
        Single = "single",
        /// Again and again; what the widget does by itself.
        Recurrent = "recurrent",
    }
}

words! {
    /// The language of the widget.
    Locale {
        /// English.
        English = "en",
        /// Spanish; what the widget does by itself.
        Spanish = "es",
        /// Portuguese, the one of open finance in Brazil.
        Portuguese = "pt",
    }
}

words! {
    /// A country whose institutions the widget shows.
    CountryCode {
        /// Brazil.
        Brazil = "BR",
        /// Mexico.
        Mexico = "MX",
    }
}

words! {
    /// What sort of institutions the widget shows. Belvo's page for open finance in Brazil names these two.
    InstitutionType {
        /// Banks of companies.
        Business = "business",
        /// Banks of people.
        Retail = "retail",
    }
}

/// How the hosted widget starts, and its address: a page of Belvo's for a browser, a web view or a pop-up.
///
/// All of it is optional; what stays unset is as Belvo's page says. Where the user goes from there is written in the token, as the
/// `callback_urls` of its widget.
///
/// ```
/// use belvo::widget::{AccessMode, HostedWidget, Locale};
///
/// let widget = HostedWidget::new().locale(Locale::Portuguese).access_mode(AccessMode::Single).external_id("user-20418");
/// let address = widget.institutions(["ofmockbank_br_retail"]).address("access token");
/// assert_eq!(
///     address.expose(),
///     "https://widget.belvo.io/?access_token=access%20token&locale=pt&access_mode=single&external_id=user-20418\
///      &institutions=ofmockbank_br_retail"
/// );
/// assert_eq!(format!("{address:?}"), "Secret(..)");
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct HostedWidget {
    /// Each name once, with its value encoded.
    options: Vec<(String, String)>,
}

impl HostedWidget {
    /// The widget as it starts by itself.
    pub const fn new() -> Self {
        Self { options: Vec::new() }
    }

    /// Its language. Open finance in Brazil wants Portuguese.
    pub fn locale(self, locale: impl Into<Locale>) -> Self {
        self.option("locale", locale.into())
    }

    /// What sort of link it creates: recurrent by default.
    pub fn access_mode(self, mode: impl Into<AccessMode>) -> Self {
        self.option("access_mode", mode.into())
    }

    /// Your own id of the user, which the link and its webhooks carry: at least three letters, digits, `-` or `_`, and nothing about
    /// the person, such as an e-mail address, or Belvo drops it.
    pub fn external_id(self, id: impl AsRef<str>) -> Self {
        self.option("external_id", id)
    }

    /// Shows the institutions of these countries only.
    pub fn country_codes(self, codes: impl IntoIterator<Item = impl Into<CountryCode>>) -> Self {
        self.list("country_codes", codes.into_iter().map(Into::into))
    }

    /// Shows these institutions only, by Belvo's names of them; a single one is opened at once.
    pub fn institutions(self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.list("institutions", names)
    }

    /// Shows these types of institutions only.
    pub fn institution_types(self, types: impl IntoIterator<Item = impl Into<InstitutionType>>) -> Self {
        self.list("institution_types", types.into_iter().map(Into::into))
    }

    /// Shows only institutions that have all of these resources, such as `ACCOUNTS`.
    pub fn resources(self, resources: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.list("resources", resources)
    }

    /// Whether it asks for confirmation before the user leaves it: it does by default.
    pub fn show_close_dialog(self, show: bool) -> Self {
        self.option("show_close_dialog", if show { "true" } else { "false" })
    }

    /// Whether it asks why the user left it: it does by default.
    pub fn show_abandon_survey(self, show: bool) -> Self {
        self.option("show_abandon_survey", if show { "true" } else { "false" })
    }

    /// An option that has no function here, such as `integration_type`, or another value of one that has.
    pub fn option(self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.list(name, [value])
    }

    fn list(mut self, name: impl Into<String>, values: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let (name, mut text) = (name.into(), String::new());
        for value in values {
            if !text.is_empty() {
                text.push(',');
            }
            percent_encode(&mut text, value.as_ref());
        }
        self.options.retain(|(known, _)| *known != name);
        self.options.push((name, text));
        self
    }

    /// The address for one user. What it is given is the member `access` of the token.
    #[must_use]
    pub fn address(&self, access_token: impl Into<Secret>) -> Secret {
        let mut address = begin(HOSTED_WIDGET, &access_token.into());
        for (name, text) in &self.options {
            // There is one token, and an empty list shows what no list shows.
            if name != "access_token" && !text.is_empty() {
                address.push('&');
                percent_encode(&mut address, name);
                address.push('=');
                address.push_str(text);
            }
        }
        address.into()
    }
}

impl fmt::Debug for HostedWidget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.options.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("HostedWidget").field("options", &names).finish()
    }
}

/// Where the end user manages the consents given to you: My Belvo Portal with a token of
/// [`portal`](crate::api::WidgetAccessToken::portal). What it is given is the member `access` of that token.
#[must_use]
pub fn portal_address(access_token: impl Into<Secret>) -> Secret {
    begin(OWN_PORTAL, &access_token.into()).into()
}

/// The consent that the end user is to renew, as a webhook names it that says that a consent has expired or will soon.
///
/// Belvo's page gives the portal all of these members; what you have not got is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRenewal {
    link_id: String,
    consent_id: String,
    institution: String,
    institution_display_name: String,
    institution_icon_logo: String,
}

impl ConsentRenewal {
    /// The link, its consent and the institution it was given for, by Belvo's name of it.
    pub fn new(link_id: impl Into<String>, consent_id: impl Into<String>, institution: impl Into<String>) -> Self {
        Self {
            link_id: link_id.into(),
            consent_id: consent_id.into(),
            institution: institution.into(),
            institution_display_name: String::new(),
            institution_icon_logo: String::new(),
        }
    }

    /// What a webhook says of it; `None` where it does not name link, consent and institution.
    #[cfg(feature = "webhooks")]
    #[inline]
    pub fn of(webhook: &crate::webhooks::AggregationWebhook) -> Option<Self> {
        let data = webhook.data.as_ref()?;
        let link = webhook.link_id.as_deref()?;
        let mut renewal = Self::new(link, data.consent_id.as_deref()?, data.institution.as_deref()?);
        renewal.institution_display_name = data.institution_display_name.clone().unwrap_or_default();
        renewal.institution_icon_logo = data.institution_icon_logo.clone().unwrap_or_default();
        Some(renewal)
    }

    /// The institution's name for people.
    #[must_use]
    pub fn institution_display_name(mut self, name: impl Into<String>) -> Self {
        self.institution_display_name = name.into();
        self
    }

    /// Where the institution's logo is.
    #[must_use]
    pub fn institution_icon_logo(mut self, url: impl Into<String>) -> Self {
        self.institution_icon_logo = url.into();
        self
    }

    /// Where the end user renews it: My Belvo Portal with a token of [`portal`](crate::api::WidgetAccessToken::portal). What it is given
    /// is the member `access` of that token.
    #[must_use]
    pub fn address(&self, access_token: impl Into<Secret>) -> Secret {
        let mut address = begin(OWN_PORTAL, &access_token.into());
        for (name, value) in [
            ("link_id", &*self.link_id),
            ("consent_id", &self.consent_id),
            ("institution", &self.institution),
            ("institution_display_name", &self.institution_display_name),
            ("institution_icon_logo", &self.institution_icon_logo),
            ("action", "renew"),
        ] {
            if !value.is_empty() {
                address.push('&');
                address.push_str(name);
                address.push('=');
                percent_encode(&mut address, value);
            }
        }
        address.into()
    }
}

fn begin(page: &str, access_token: &Secret) -> String {
    let mut address = page.to_owned();
    address.push_str("?access_token=");
    percent_encode(&mut address, access_token.expose());
    address
}
