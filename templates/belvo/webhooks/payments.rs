//! Webhooks about payments in Brazil. Two schemas are sent: the second for what was created with `Payments-BR.V2`. No complete
//! description of the second is at hand, so what both share is typed and everything else is kept.

use super::{payload, words};
use crate::runtime::{Decode, Value};

words! {
    /// What a webhook is about.
    PaymentWebhookType {
        /// A payment intent.
        PaymentIntents = "PAYMENT_INTENTS",
        /// A charge.
        Charges = "CHARGES",
        /// An enrollment.
        Enrollments = "ENROLLMENTS",
        /// A movement on your account.
        Transactions = "TRANSACTIONS",
    }
}

words! {
    /// What happened to it.
    PaymentWebhookCode {
        /// Its status has changed.
        StatusUpdate = "STATUS_UPDATE",
        /// It was created.
        ObjectCreated = "OBJECT_CREATED",
    }
}

words! {
    /// The status of a payment intent, a charge or an enrollment.
    PaymentStatus {
        /// The payer has not chosen a way to pay.
        RequiresPaymentMethod = "REQUIRES_PAYMENT_METHOD",
        /// The payer has to do something.
        RequiresAction = "REQUIRES_ACTION",
        /// It was created and waits.
        Pending = "PENDING",
        /// It happens on a later day.
        Scheduled = "SCHEDULED",
        /// The institution works on it.
        Processing = "PROCESSING",
        /// A part of the money has moved.
        Partial = "PARTIAL",
        /// The money has moved; the enrollment is complete.
        Succeeded = "SUCCEEDED",
        /// The money has arrived.
        Settled = "SETTLED",
        /// It was called off.
        Canceled = "CANCELED",
        /// It failed; see the failure's code.
        Failed = "FAILED",
    }
}

payload! {
    /// A webhook about a payment in Brazil.
    PaymentWebhook {
        /// The id of this webhook, 32 digits or a UUID.
        webhook_id: String,
        /// What it is about.
        webhook_type: PaymentWebhookType,
        /// What happened.
        webhook_code: PaymentWebhookCode,
        /// The id of the payment intent, charge, enrollment or transaction.
        object_id: String,
        /// The id of your own that you gave to it.
        external_id: String,
        /// The details.
        data: PaymentData,
    }
}

payload! {
    /// The details of a webhook about a payment.
    PaymentData {
        /// The status it has now.
        status: PaymentStatus,
        /// Why it failed.
        failure_code: String,
        /// The same for people.
        failure_message: String,
        /// The id that the payment has in Pix.
        end_to_end_id: String,
        /// What you gave to it when you created it.
        metadata: Value,
    }
}

/// Whether only webhooks about payments have this code.
#[inline]
pub(super) fn is_code(code: &str) -> bool {
    PaymentWebhookCode::VALUES.wire().contains(&code)
}
