//! The two bodies of the reference page, its elisions filled in by us: read, and written back equal.
//!
//! They contradict the document in three places: `year` is a number where the document says text, and two members of the
//! income statement that the document requires are missing. The overlay believes them: nothing deviates.

use belvo::error::{DeviationKind, Mode};
use belvo::testing::read_back;
use belvo::{Records, models::FinancialStatement};
use belvo::{from_json, to_json};
use serde_json::{Value, json};

fn amounts(names: &[&str]) -> Value {
    let amount =
        |(i, name): (usize, &&str)| ((*name).to_owned(), if i % 3 == 2 { Value::Null } else { json!(1000 * i) });
    Value::Object(names.iter().enumerate().map(amount).collect())
}

fn balance_sheet() -> Value {
    json!({
        "current_assets": amounts(&[
            "cash_and_equivalents", "short_term_investments", "accounts_receivable", "notes_receivable", "other_debtors",
            "bad_debt_provision", "tax_recoverable", "inventory", "prepaid_expenses", "assets_available_for_sale", "total",
        ]),
        "non_current_assets": amounts(&[
            "property_plant_and_equipment", "accumulated_depreciation_and_amortization",
            "long_term_accounts_receivable", "prepayment_to_suppliers", "goodwill", "intangible_assets",
            "investments_in_associates", "long_term_financial_instruments", "total",
        ]),
        "current_liabilities": amounts(&[
            "bank_loans", "accounts_payable", "notes_payable", "financial_instruments", "other_creditors",
            "income_tax_payable", "customer_advances", "provisions", "taxes_payable", "total",
        ]),
        "non_current_liabilities": amounts(&[
            "long_term_accounts_payable", "long_term_financial_instruments", "deferred_revenue",
            "contributions_for_future_capital_increases", "deferred_income_tax", "employee_benefits",
            "long_term_provisions", "total",
        ]),
        "equity": amounts(&[
            "stockholders_equity", "future_capital_contributions", "legal_reserve", "capital_update_excess",
            "capital_update_insufficiency", "capital_reserve", "share_premium_on_stock_sales", "retained_earnings",
            "other_comprehensive_income", "controlling_interest", "non_controlling_interest", "total",
        ]),
    })
}

fn income_statement() -> Value {
    json!({
        "net_revenue": 1212345, "domestic_sales": 1123456, "foreign_sales": 88987, "materials_used": 609876,
        "cost_of_goods_sold": 412345, "cost_of_services_sold": 101234, "gross_profit": 190890, "gross_loss": null,
        "operating_expenses": 122345, "operating_income": 68545, "operating_loss": null, "financial_result": 15098,
        "equity_in_earnings_of_affiliates": 5678, "income_before_taxes": 89321, "loss_before_taxes": null,
        "income_taxes": 20123, "income_from_continuing_operations": 69198, "loss_from_continuing_operations": null,
        "discontinued_operations": 0, "net_income": 69198, "net_loss": null,
    })
}

fn statement() -> Value {
    json!({
        "id": "0d3ffb69-f83b-456e-ad8e-208d0998d71d",
        "link": "30cb4806-6e00-48a4-91c9-ca55968576c8",
        "collected_at": "2022-02-09T08:45:50.406032Z",
        "created_at": "2022-02-09T08:45:50.406032Z",
        "error": null,
        "year": 2020,
        "currency": "MXN",
        "balance_sheet": balance_sheet(),
        "income_statement": income_statement(),
    })
}

/// Path and kind of each.
fn told(list: &[belvo::error::Deviation]) -> Vec<(&str, DeviationKind)> {
    list.iter().map(|d| (d.path.as_str(), d.kind)).collect()
}

#[test]
fn the_statement_of_the_page_is_read_and_written_back() {
    let body = statement();
    let back =
        read_back("DetailFinancialStatement", 200, "application/json", body.to_string().as_bytes()).expect("read");
    assert_eq!(back.json, body);
    assert_eq!(told(&back.deviations), []);
    assert!(back.invalid_records.is_empty() && back.raw_unions.is_empty() && back.unknown.is_empty(), "{back:?}");
}

#[test]
fn the_list_of_the_page_is_read_and_written_back() {
    let body = json!([statement()]);
    for status in [200, 201] {
        let text = body.to_string();
        let back = read_back("RetrieveFinancialStatements", status, "application/json", text.as_bytes()).expect("read");
        assert_eq!(back.json, body);
        assert_eq!(told(&back.deviations), []);
        assert!(back.invalid_records.is_empty() && back.raw_unions.is_empty() && back.unknown.is_empty(), "{back:?}");
    }
}

#[test]
fn its_members_are_what_they_say() {
    let body = json!([statement()]).to_string();
    let (records, findings) = from_json::<Records<FinancialStatement>>(body.as_bytes(), Mode::default()).expect("read");
    assert_eq!(records.len(), 1);
    let statement = &records[0];
    assert_eq!(statement.year, Some(2020));
    assert_eq!(statement.error, None);
    assert_eq!(statement.link.as_ref().map(AsRef::as_ref), Some("30cb4806-6e00-48a4-91c9-ca55968576c8"));
    let income = statement.income_statement.as_ref().expect("an income statement");
    assert_eq!((&income.net_revenue, &income.gross_loss), (&Some(1_212_345.into()), &None));
    assert_eq!((&income.income_statement_financial_gains, &income.income_statement_financial_costs), (&None, &None));
    let written: Value = serde_json::from_str(&findings.write_back(&records)).expect("JSON");
    assert_eq!(written, json!([self::statement()]));
}

#[test]
fn a_year_as_text_is_read_and_goes_back_as_it_came() {
    let mut body = statement();
    body["year"] = json!("2020");
    let (statement, findings) =
        from_json::<FinancialStatement>(body.to_string().as_bytes(), Mode::default()).expect("read");
    assert_eq!(statement.year, Some(2020));
    assert_eq!(told(&findings.deviations), [("$.year", DeviationKind::Form)]);
    // With what was found at its side, and without: the record itself remembers in which form its year came.
    for written in [findings.write_back(&statement), to_json(&statement)] {
        assert_eq!(serde_json::from_str::<Value>(&written).expect("JSON"), body);
    }
    let mode = Mode { strict: true, ..Mode::default() };
    let error = from_json::<FinancialStatement>(body.to_string().as_bytes(), mode).expect_err("an odd year");
    assert_eq!((error.path.as_str(), error.found), ("$.year", "string"));
}

#[test]
fn a_required_member_that_is_missing_is_a_deviation() {
    let mut body = statement();
    let income = body["income_statement"].as_object_mut().expect("an object");
    income.remove("net_loss");
    income.remove("gross_loss");
    let back =
        read_back("DetailFinancialStatement", 200, "application/json", body.to_string().as_bytes()).expect("read");
    assert_eq!(
        told(&back.deviations),
        [
            ("$.income_statement.gross_loss", DeviationKind::Missing),
            ("$.income_statement.net_loss", DeviationKind::Missing),
        ]
    );
    assert_eq!(back.json, body);
}

#[test]
fn strict_reading_takes_the_statement_of_the_page() {
    let mode = Mode { strict: true, ..Mode::default() };
    from_json::<FinancialStatement>(statement().to_string().as_bytes(), mode).expect("read");
}

#[test]
fn what_the_call_itself_left_out_is_no_deviation() {
    let partial = Mode { partial: true, ..Mode::default() };
    let mut body = statement();
    body.as_object_mut().expect("an object").remove("error");
    let (_, findings) = from_json::<FinancialStatement>(body.to_string().as_bytes(), partial).expect("read");
    assert_eq!(told(&findings.deviations), []);
    let body = br#"{"id":"0d3ffb69-f83b-456e-ad8e-208d0998d71d","year":2020}"#;
    let (statement, findings) = from_json::<FinancialStatement>(body, partial).expect("read");
    assert_eq!((statement.collected_at, told(&findings.deviations)), (None, vec![]));
}
