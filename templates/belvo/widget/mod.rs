//! The Connect widget and My Belvo Portal: tokens without typing the keys a second time, and the addresses where they are used.
//!
//! `POST /api/token/` takes the secret id and password in its body, although the request carries them already. The calls here take them
//! from the client, and the scopes that Belvo prescribes for the purpose:
//!
//! | what the end user is to do | call | where the token goes |
//! |---|---|---|
//! | connect an account | [`new_link`](crate::api::WidgetAccessToken::new_link) | [`HostedWidget::address`], or the widget in your page |
//! | give a new password or second factor (not open finance in Brazil) | [`update_mode`](crate::api::WidgetAccessToken::update_mode) | the same |
//! | look at consents, revoke one | [`portal`](crate::api::WidgetAccessToken::portal) | [`portal_address`] |
//! | renew a consent | [`portal`](crate::api::WidgetAccessToken::portal) | [`ConsentRenewal::address`] |
//!
//! A token lives for 10 minutes, and ends as soon as an account is connected with it: ask for one when the user is there, and for each
//! user anew. It is a [`Secret`](crate::Secret), and so is each address that holds one: neither shows in `Debug`, and `expose()` gives the text. Keep it
//! out of logs, give the browser or app the access token alone, and never the client's keys.
//!
//! ```
//! use belvo::widget::{HostedWidget, Locale};
//! # async fn run(client: &belvo::Client) -> Result<(), belvo::Error> {
//! // The user has a new password at the institution.
//! let link = "3d3364b7-0175-483d-a58b-b471f251e533";
//! let token = client.widget_access_token().update_mode(link).await?;
//! let address = HostedWidget::new().locale(Locale::Spanish).address(&token.access);
//! assert!(address.expose().starts_with("https://widget.belvo.io/?access_token="));
//! # Ok(())
//! # }
//! ```
//!
//! What is said here of Belvo is what its pages said on 2026-11-29: *Hosted Widget Overview* and *Hosted Widget Startup Configuration*
//! (open finance in Brazil), *Hosted Widget (Multi-Region)*, *Hosted Widget Update Mode* and *My Belvo Portal*.

mod address;
mod tokens;

pub use crate::models::BankingBrazilWidgetConsentIdentification as Identification;
pub use crate::models::BankingBrazilWidgetConsentIdentificationArgs as IdentificationArgs;
pub use address::{
    AccessMode, ConsentRenewal, CountryCode, HostedWidget, InstitutionType, Locale, PORTAL, portal_address,
};
pub use tokens::Widget;
