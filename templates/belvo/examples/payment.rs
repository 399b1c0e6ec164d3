//! Creates and confirms a payment to a Pix key in Brazil. Money must not move twice: every attempt carries one idempotency key, which
//! is kept before the first attempt, so that the payment can be looked for with it whatever happens to this process.
//!
//! ```sh
//! cargo run --example payment -- CUSTOMER PAYER_INSTITUTION PIX_KEY AMOUNT IDEMPOTENCY_KEY
//! ```

use belvo::Client;
use belvo::models::{
    CreatePaymentIntentBrazilResponse as Intent, CreatePaymentIntentPixKeys, CreatePaymentIntentPixKeysArgs,
    CreatePaymentIntentPixKeysPaymentMethodDetails, PatchPaymentIntentPixKeys,
    IndividualPixKeyDetailsRequest as PixDetails,
    IndividualPixKeyDetailsRequestArgs as PixDetailsArgs,
};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [customer, institution, pix_key, amount, key] = args.as_slice() else {
        return Err("usage: payment CUSTOMER PAYER_INSTITUTION PIX_KEY AMOUNT IDEMPOTENCY_KEY".into());
    };
    let client = Client::from_env()?;
    let payments = client.payment_intents_brazil();

    let details = PixDetails::new(PixDetailsArgs {
        pix_key: pix_key.into(),
        payer_institution: institution.into(),
        callback_url: "https://shop.example/paid".into(),
    });
    let body = CreatePaymentIntentPixKeys::new(CreatePaymentIntentPixKeysArgs {
        amount: amount.into(),
        customer: customer.into(),
        description: "Order 20418".into(),
        allowed_payment_method_types: vec!["open_finance".into()],
        payment_method_details: CreatePaymentIntentPixKeysPaymentMethodDetails::new(details),
        confirm: false,
    });
    let created = match payments.create().belvo_idempotency_key(key).body(body).await {
        Ok(created) => created,
        Err(error) => {
            if error.may_have_been_sent() {
                // Not known whether it was made. With the same key it can be asked again, and is made once.
                eprintln!("ask again with the key {key}");
            }
            return Err(error.into());
        }
    };
    let Intent::PaymentIntentPixKeys(intent) = &*created else {
        return Err("this is no payment to a Pix key".into());
    };
    println!("payment {}: {}", intent.id, text(&intent.status));

    // The payer has seen who owns the key, and agrees. This is sent again only when Belvo has certainly done nothing.
    let confirmed = payments.resume(&intent.id, PatchPaymentIntentPixKeys::new(true)).await?;
    if let Intent::PaymentIntentPixKeys(intent) = &*confirmed {
        println!("payment {}: {}", intent.id, text(&intent.status));
    }
    let charges = payments.list_charges(&intent.id).await?;
    for charge in &charges.results {
        println!("charge {}: {}", charge.id, text(&charge.status));
    }
    Ok(())
}

/// A status that Belvo requires may be null all the same.
fn text<T: AsRef<str>>(status: &Option<T>) -> &str {
    status.as_ref().map_or("no status yet", AsRef::as_ref)
}
