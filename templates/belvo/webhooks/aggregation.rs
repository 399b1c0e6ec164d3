//! Webhooks about the data of a link: historical and recurrent updates, answers to asynchronous requests, links that stopped working.

use super::payload;
use crate::ErrorCode;
use crate::runtime::{self, Date, DateTime};
use crate::words::words;

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
        /// Its exchanges.
        Exchanges = "EXCHANGES",
        /// Its employment records.
        EmploymentRecords = "EMPLOYMENT_RECORDS",
        /// The metrics of its employment.
        EmploymentMetrics = "EMPLOYMENT_METRICS",
        /// Its current employments.
        CurrentEmployments = "CURRENT_EMPLOYMENTS",
        /// Its employments.
        Employments = "EMPLOYMENTS",
        /// Its invoices.
        Invoices = "INVOICES",
        /// Its debt report.
        DebtReport = "DEBT_REPORT",
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
        /// Its tax declarations.
        TaxDeclarations = "TAX_DECLARATIONS",
        /// The link itself.
        Link = "LINK",
        /// The same; both words are sent.
        Links = "LINKS",
        /// The consent that a link lives by.
        Consent = "CONSENT",
        /// The same, in older documents.
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
        /// The received invoices of the last 30 days were read.
        InitialInflowUpdate = "initial_inflow_update",
        /// The sent invoices of the last 30 days were read.
        InitialOutflowUpdate = "initial_outflow_update",
        /// The received invoices of a year were read.
        HistoricalInflowUpdate = "historical_inflow_update",
        /// The sent invoices of a year were read.
        HistoricalOutflowUpdate = "historical_outflow_update",
        /// There are new accounts.
        NewAccountsAvailable = "new_accounts_available",
        /// There are new transactions.
        NewTransactionsAvailable = "new_transactions_available",
        /// Something about the owners has changed.
        NewOwnersAvailable = "new_owners_available",
        /// There are new balances.
        NewBalancesAvailable = "new_balances_available",
        /// There are new bills.
        NewBillsAvailable = "new_bills_available",
        /// There are new investments.
        NewInvestmentsAvailable = "new_investments_available",
        /// There are new transactions of investments.
        NewInvestmentTransactionsAvailable = "new_investment_transactions_available",
        /// There are new exchanges.
        NewExchangesAvailable = "new_exchanges_available",
        /// There are new incomes.
        NewIncomesAvailable = "new_incomes_available",
        /// There are new recurring expenses.
        NewRecurringExpensesAvailable = "new_recurring_expenses_available",
        /// There are new risk insights.
        NewRiskInsightsAvailable = "new_risk_insights_available",
        /// There are new employment records.
        NewEmploymentRecordsAvailable = "new_employment_records_available",
        /// The employment has changed; the data say how.
        EmploymentChanges = "employment_changes",
        /// There are new invoices.
        NewInvoicesAvailable = "new_invoices_available",
        /// There are new received invoices.
        NewInflowInvoicesAvailable = "new_inflow_invoices_available",
        /// There are new sent invoices.
        NewOutflowInvoicesAvailable = "new_outflow_invoices_available",
        /// There are new tax returns.
        NewTaxReturnsAvailable = "new_tax_returns_available",
        /// There are new tax retentions.
        NewTaxRetentionsAvailable = "new_tax_retentions_available",
        /// The tax status has changed.
        NewTaxStatusAvailable = "new_tax_status_available",
        /// The tax compliance status has changed.
        NewTaxComplianceStatusAvailable = "new_tax_compliance_status_available",
        /// There are new financial statements.
        NewFinancialStatementsAvailable = "new_financial_statements_available",
        /// Transactions have changed.
        TransactionsUpdated = "transactions_updated",
        /// Transactions are gone.
        TransactionsDeleted = "transactions_deleted",
        /// The institution refuses the credentials of the link: have the end user update them.
        InvalidCredentials = "invalid_credentials",
        /// The institution asks for a second factor: have the end user give it.
        TokenRequired = "token_required",
        /// The link and all its data were deleted, as an asynchronous request asked.
        LinkDeleted = "link_deleted",
        /// The consent ends within days: have the end user renew it.
        OpenfinanceConsentAboutToExpire = "openfinance_consent_about_to_expire",
        /// The consent has ended: have the end user renew it.
        ConsentExpired = "consent_expired",
        /// The same; both words are sent.
        OpenfinanceConsentExpired = "openfinance_consent_expired",
        /// Some of what was consented to cannot be read any more: have the end user renew the consent.
        OpenfinanceConsentWithUnrecoverableResources = "openfinance_consent_with_unrecoverable_resources",
        /// Some of what was consented to cannot be read for now.
        OpenfinanceConsentWithTemporarilyUnavailableResources = "openfinance_consent_with_temporarily_unavailable_resources",
        /// The consent ends on another day than before.
        OpenfinanceConsentExpirationChanged = "openfinance_consent_expiration_changed",
    }
}

words! {
    /// What to do after a webhook about a consent.
    ConsentAction {
        /// Have the end user renew the consent.
        Renew = "renew",
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
    /// The details of a webhook about a link: which members there are depends on its type and code.
    AggregationData {
        /// What went wrong; the code is one of the API's error items or one that only webhooks have.
        error_code: ErrorCode,
        /// The same for people.
        error_message: String,
        /// The status the error would have had as an answer, or a word for it.
        status: String,
        /// How many accounts there are.
        total_accounts: i64,
        /// How many of them are new.
        new_accounts: i64,
        /// How many owners there are.
        total_owners: i64,
        /// How many of them are new.
        new_owners: i64,
        /// How many balances there are.
        total_balances: i64,
        /// How many of them are new.
        new_balances: i64,
        /// How many transactions there are.
        total_transactions: i64,
        /// How many of them brought money in.
        total_inflow_transactions: i64,
        /// How many of them took money out.
        total_outflow_transactions: i64,
        /// How many transactions are new.
        new_transactions: i64,
        /// The day of the first transaction.
        first_transaction_date: Date,
        /// The day of the last transaction.
        last_transaction_date: Date,
        /// How many bills there are.
        total_bills: i64,
        /// How many of them are new.
        new_bills: i64,
        /// How many investments there are.
        total_investments: i64,
        /// How many of them are new.
        new_investments: i64,
        /// How many transactions of investments there are.
        total_investment_transactions: i64,
        /// How many of them are new.
        new_investment_transactions: i64,
        /// How many exchanges there are.
        total_exchanges: i64,
        /// How many of them are new.
        new_exchanges: i64,
        /// 1 once the incomes can be read.
        total_incomes: i64,
        /// How many incomes are new.
        new_incomes: i64,
        /// How many streams of income were found.
        number_of_income_streams: i64,
        /// How many recurring expenses were found.
        total_recurring_expenses: i64,
        /// How many of them are new.
        new_recurring_expenses: i64,
        /// 1 once the risk insights can be read.
        total_risk_insights: i64,
        /// How many profiles of employment records there are.
        total_employment_record_profiles: i64,
        /// How many reports of employment metrics there are.
        total_employment_metrics: i64,
        /// How many current employments there are.
        total_current_employments: i64,
        /// What has changed about the employment, in Belvo's words: `EMPLOYED`, `SALARY_INCREASED`.
        employment_changes: Vec<String>,
        /// How many invoices there are.
        total_invoices: i64,
        /// How many of them are new.
        new_invoices: i64,
        /// The day of the first invoice.
        first_invoice_date: Date,
        /// The day of the last invoice.
        last_invoice_date: Date,
        /// The kind of tax return: `yearly` or `monthly`.
        kind as "type": String,
        /// How many tax returns there are.
        total_tax_returns: i64,
        /// How many of them are new.
        new_tax_returns: i64,
        /// The year of the first tax return.
        first_tax_return_year: i64,
        /// The year of the last tax return.
        last_tax_return_year: i64,
        /// How many tax retentions there are.
        total_tax_retentions: i64,
        /// How many of them are new.
        new_tax_retentions: i64,
        /// How many tax statuses there are.
        total_tax_status: i64,
        /// The day on which the tax status changed last.
        last_status_change_date: Date,
        /// How many tax compliance statuses there are.
        total_tax_compliance_status: i64,
        /// How many financial statements there are.
        total_financial_statements: i64,
        /// The consent.
        consent_id: String,
        /// When the consent ends.
        consent_due_date: DateTime,
        /// What to do about the consent.
        action: ConsentAction,
        /// The institution that the consent was given for.
        institution: String,
        /// Its name for people.
        institution_display_name: String,
        /// Where its logo is.
        institution_icon_logo: String,
    }
}

impl AggregationWebhook {
    /// Why the data could not be read, where that is what the webhook says.
    pub fn error(&self) -> Option<&ErrorCode> {
        self.data.as_ref()?.error_code.as_ref()
    }
}
