//! Webhooks about the data of a link: historical and recurrent updates, answers to asynchronous requests, links that stopped working.

use super::{payload, words};
use crate::ErrorCode;

words! {
    /// What a webhook is about.
    WebhookType {
        /// The accounts of a link.
        Accounts = "ACCOUNTS",
        /// Its transactions.
        Transactions = "TRANSACTIONS",
        /// Its owners.
        Owners = "OWNERS",
        /// Its balances.
        Balances = "BALANCES",
        /// Its bills.
        Bills = "BILLS",
        /// Its investments.
        Investments = "INVESTMENTS",
        /// Transactions of its investments.
        InvestmentTransactions = "INVESTMENT_TRANSACTIONS",
        /// Its incomes.
        Incomes = "INCOMES",
        /// Its recurring expenses.
        RecurringExpenses = "RECURRING_EXPENSES",
        /// Its risk insights.
        RiskInsights = "RISK_INSIGHTS",
        /// Its employment records.
        EmploymentRecords = "EMPLOYMENT_RECORDS",
        /// Its employments.
        Employments = "EMPLOYMENTS",
        /// Its invoices.
        Invoices = "INVOICES",
        /// Its tax returns.
        TaxReturns = "TAX_RETURNS",
        /// Its tax retentions.
        TaxRetentions = "TAX_RETENTIONS",
        /// Its tax status.
        TaxStatus = "TAX_STATUS",
        /// Its tax compliance status.
        TaxComplianceStatus = "TAX_COMPLIANCE_STATUS",
        /// Its financial statements.
        FinancialStatements = "FINANCIAL_STATEMENTS",
        /// The link itself.
        Link = "LINK",
        /// Several links, in older documents.
        Links = "LINKS",
        /// A consent.
        Consents = "CONSENTS",
    }
}

words! {
    /// What led to a webhook.
    ProcessType {
        /// The first time that a link was read, or a refresh that was asked for.
        HistoricalUpdate = "historical_update",
        /// The regular reading of a recurrent link.
        RecurrentUpdate = "recurrent_update",
    }
}

words! {
    /// What a webhook says.
    WebhookCode {
        /// Everything the institution has was read.
        HistoricalUpdate = "historical_update",
        /// There are new accounts.
        NewAccountsAvailable = "new_accounts_available",
        /// There are new transactions.
        NewTransactionsAvailable = "new_transactions_available",
        /// Transactions have changed.
        TransactionsUpdated = "transactions_updated",
        /// Transactions are gone.
        TransactionsDeleted = "transactions_deleted",
        /// The institution refuses the credentials of the link: have the end user update them.
        InvalidCredentials = "invalid_credentials",
        /// The institution asks for a second factor: have the end user give it.
        TokenRequired = "token_required",
    }
}

payload! {
    /// A webhook about the data of a link.
    AggregationWebhook {
        /// The id of this webhook, 32 digits or a UUID.
        webhook_id: String,
        /// What it is about.
        webhook_type: WebhookType,
        /// What led to it.
        process_type: ProcessType,
        /// What it says.
        webhook_code: WebhookCode,
        /// The link it is about.
        link_id: String,
        /// The request it is the answer to, 32 digits or a UUID: what `Accepted::request_id` gave.
        request_id: String,
        /// The id of your own that you gave to the link.
        external_id: String,
        /// Counts and dates, or what went wrong.
        data: AggregationData,
    }
}

payload! {
    /// The details of a webhook about a link. Counts and dates differ by type and are reached by `extra`.
    AggregationData {
        /// What went wrong; the code is one of the API's error items or one that only webhooks have.
        error_code: ErrorCode,
        /// The same for people.
        error_message: String,
        /// The status the error would have had as an answer, or a word for it.
        status: String,
    }
}

impl AggregationWebhook {
    /// Why the data could not be read, where that is what the webhook says.
    pub fn error(&self) -> Option<&ErrorCode> {
        self.data.as_ref()?.error_code.as_ref()
    }
}
