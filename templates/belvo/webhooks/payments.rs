//! Webhooks about payments in Brazil. Two schemas are sent: the second for what was created with `Payments-BR.V2`. No complete
//! description of the second is at hand, so what is known of it is typed and everything else is kept.

use super::payload;
use crate::runtime::{self, Decode, Value};
use crate::words::words;

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
        /// A bank account.
        BankAccounts = "BANK_ACCOUNTS",
        /// A customer.
        Customers = "CUSTOMERS",
        /// An authorization of recurring payments.
        PaymentAuthorizations = "PAYMENT_AUTHORIZATIONS",
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
    /// The status of a payment intent, a charge, an enrollment or an authorization.
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
        /// The payer has not authorized it yet.
        AwaitingAuthorization = "AWAITING_AUTHORIZATION",
        /// Some of those who must authorize it have done so.
        PartiallyAccepted = "PARTIALLY_ACCEPTED",
        /// It is authorized.
        Authorized = "AUTHORIZED",
        /// The authorization was used up.
        Consumed = "CONSUMED",
        /// The authorization was taken back.
        Revoked = "REVOKED",
        /// It was refused.
        Rejected = "REJECTED",
    }
}

words! {
    /// Why a payment failed.
    PaymentFailureCode {
        /// The payer did not give the consent in time.
        ConsentExpired = "consent_expired",
        /// The amount, or the number of payments, is beyond a limit.
        AmountOverLimit = "amount_over_limit",
        /// The beneficiary's account is blocked.
        BeneficiaryAccountBlocked = "beneficiary_account_blocked",
        /// The beneficiary's account is closed.
        BeneficiaryAccountClosed = "beneficiary_account_closed",
        /// Something went wrong with the beneficiary's account.
        BeneficiaryAccountError = "beneficiary_account_error",
        /// There is no account of the beneficiary's number.
        BeneficiaryAccountNumberInvalid = "beneficiary_account_number_invalid",
        /// The beneficiary's account is of a kind that does not take this.
        BeneficiaryAccountTypeInvalid = "beneficiary_account_type_invalid",
        /// The beneficiary's account does not take this kind of transaction.
        BeneficiaryAccountTypeNotSupported = "beneficiary_account_type_not_supported",
        /// The beneficiary's bank refused the charge.
        BeneficiaryBankRejectedCharge = "beneficiary_bank_rejected_charge",
        /// The beneficiary's bank took the authorization back.
        BeneficiaryBankRevokedAuthorization = "beneficiary_bank_revoked_authorization",
        /// The beneficiary called the recurring payments off.
        BeneficiaryCancelledRecurringPayment = "beneficiary_cancelled_recurring_payment",
        /// The beneficiary's CPF or CNPJ is wrong.
        BeneficiaryIdentifierInvalid = "beneficiary_identifier_invalid",
        /// The beneficiary's CPF or CNPJ is not that of the account's holder.
        BeneficiaryIdentifierMismatch = "beneficiary_identifier_mismatch",
        /// The charge could not be settled.
        ChargeSettlementFailed = "charge_settlement_failed",
        /// The charge was not settled in time.
        ChargeSettlementTimeout = "charge_settlement_timeout",
        /// The same charge was made before.
        DuplicateBeneficiaryCharge = "duplicate_beneficiary_charge",
        /// Fraud is suspected.
        FraudSuspected = "fraud_suspected",
        /// The payer's account does not hold enough.
        InsufficientFunds = "insufficient_funds",
        /// There is no such Pix key.
        InvalidPixKey = "invalid_pix_key",
        /// The payer's account did not answer in time.
        PayerAccountTimeoutError = "payer_account_timeout_error",
        /// The payer's account does not allow payments.
        AccountNotAllowed = "account_not_allowed",
        /// The authorization was not completed in time.
        AuthorizationExpired = "authorization_expired",
        /// Someone else than the payer was logged in at the bank.
        BankUserMismatch = "bank_user_mismatch",
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
        failure_code: PaymentFailureCode,
        /// The same for people.
        failure_message: String,
        /// In the second schema: why it has the status it has, in capitals.
        status_reason_code: String,
        /// The same for people.
        status_reason_message: String,
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
