//! Makes the address at which an end user connects a tax account in Mexico, or updates the link that is named. The client's keys go into
//! the request by themselves.
//!
//! ```sh
//! cargo run --example widget            # connects
//! cargo run --example widget -- LINK    # updates
//! ```

use belvo::Client;
use belvo::models::{
    FiscalMexicoWidget as Widget, FiscalMexicoWidgetBranding as Branding,
    FiscalMexicoWidgetBrandingArgs as BrandingArgs,
    FiscalMexicoWidgetCallbackUrls as CallbackUrls,
    FiscalMexicoWidgetCallbackUrlsArgs as CallbackUrlsArgs,
};
use belvo::widget::{CountryCode, HostedWidget, Locale};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let tokens = client.widget_access_token();

    let call = match std::env::args().nth(1) {
        Some(link) => tokens.update_mode(link),
        None => {
            let branding = Branding::new(BrandingArgs {
                company_icon: "https://shop.example/icon.svg".into(),
                company_logo: "https://shop.example/logo.svg".into(),
                company_name: "Shop".into(),
                company_terms_url: "https://shop.example/terms".into(),
            });
            let back = CallbackUrls::new(CallbackUrlsArgs {
                success: "shop://linked".into(),
                exit: "shop://left".into(),
                event: "shop://failed".into(),
            });
            tokens.new_link(Widget::new(branding).with_callback_urls(back), ["INVOICES", "TAX_STATUS"], "90d")
        }
    };
    let token = call.await?;

    // It holds the token: a service redirects the user's browser there, within ten minutes, and logs nothing of it.
    let address =
        HostedWidget::new().locale(Locale::Spanish).country_codes([CountryCode::Mexico]).address(&token.access);
    println!("open {}", address.expose());
    Ok(())
}
