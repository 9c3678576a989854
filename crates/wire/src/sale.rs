//! What the documents of a sale do alike with their amounts: they complete
//! them, write them in one currency and settle the payments.

use tagua_fiscal::common::AdditionalField;

use super::additional::FIELDS_MAX;
use super::computed::{compute_totals, totals_json};
use super::context::{Amounts, ForeignCurrency, MissingPayment};
use super::conversion::convert;
use super::currency::Foreign;
use super::draft::{Draft, DraftPayment};
use super::finding::ErrorCode;
use super::numbers::sum;
use super::reader::Reader;
use super::request::Known;
use super::totals::{SentTotals, complete_totals};

/// Amounts as they will be written.
#[derive(Clone, Debug)]
pub(super) struct Sale {
    pub(super) draft: Draft,
    /// `moneda`.
    pub(super) currency: String,
    /// `totales` as JSON in the currency of the request, when they were computed.
    pub(super) completed_totals: Option<String>,
}

const DOLLAR: &str = "DOLAR";

/// Completes the totals and converts. `None` when a number grows too big,
/// which is reported.
pub(super) fn write_amounts(
    r: &Reader<'_, '_>,
    mut draft: Draft,
    sent: &SentTotals,
    foreign: Option<&Foreign>,
    known: &Known<'_>,
    additional: &mut Vec<AdditionalField>,
) -> Option<Sale> {
    let completed_totals = or_too_big(r, complete(r, &mut draft, sent, known))?;
    let total = match &completed_totals {
        None => sent.total_text.clone(),
        Some(_) => tagua_fiscal::Amount::rounded(draft.totals.total).to_string(),
    };
    let currency = match foreign {
        None => DOLLAR.to_owned(),
        Some(foreign) if known.ctx.foreign_currency == ForeignCurrency::AsSent => foreign.word(),
        Some(foreign) => {
            or_too_big(r, convert(&mut draft, foreign.rate))?;
            add_original_currency(additional, foreign, &total);
            DOLLAR.to_owned()
        }
    };
    Some(Sale {
        draft,
        currency,
        completed_totals,
    })
}

/// Derives what was left out, or computes everything.
#[expect(
    clippy::option_option,
    reason = "too big and not computed are different answers"
)]
fn complete(
    r: &Reader<'_, '_>,
    draft: &mut Draft,
    sent: &SentTotals,
    known: &Known<'_>,
) -> Option<Option<String>> {
    if known.ctx.amounts() == Amounts::Sent {
        draft.totals = complete_totals(sent, &draft.lines)?;
        return Some(None);
    }
    compute_totals(r, sent, draft)?;
    pay_the_rest(draft)?;
    Some(Some(totals_json(r, known.collection, &draft.totals)))
}

/// The payment without a total takes what the others leave.
pub(super) fn pay_the_rest(draft: &mut Draft) -> Option<()> {
    let credit = draft.credit.iter().map(|credit| credit.amount);
    let paid = sum(draft.payments.iter().map(|row| row.total).chain(credit))?;
    let rest = draft.totals.total.checked_sub(paid)?;
    if let Some(row) = draft.payments.iter_mut().find(|row| row.takes_rest) {
        row.total = rest.max(rust_decimal::Decimal::ZERO);
    }
    Some(())
}

/// Reports the `None` of arithmetic that ran out of digits.
pub(super) fn or_too_big<T>(r: &Reader<'_, '_>, result: Option<T>) -> Option<T> {
    if result.is_none() {
        let details = "Los importes son demasiado grandes para calcular con ellos";
        r.invalid("totales", ErrorCode::InvalidValue, details);
    }
    result
}

fn add_original_currency(fields: &mut Vec<AdditionalField>, foreign: &Foreign, total: &str) {
    const NAME: &str = "Moneda original";
    if fields.len() >= FIELDS_MAX || fields.iter().any(|field| field.name == NAME) {
        return;
    }
    let Foreign {
        name, rate_text, ..
    } = foreign;
    fields.push(AdditionalField {
        name: NAME.to_owned(),
        value: format!("{name} {total} (tasa de cambio {rate_text})"),
    });
}

impl Sale {
    /// Amounts in dollars.
    pub(super) fn in_dollars(draft: Draft, completed_totals: Option<String>) -> Self {
        Self {
            draft,
            currency: DOLLAR.to_owned(),
            completed_totals,
        }
    }

    /// The credit becomes one more payment; without any there is one over the
    /// total (CONTRACT 7.4.5 and 7.4.6).
    pub(super) fn settle_payments(&mut self, known: &Known<'_>) {
        let draft = &mut self.draft;
        let credit = draft.credit.take();
        let credit = credit.map(|credit| credit.payment(known.issue_date));
        draft.payments.extend(credit);
        let wanted = known.ctx.missing_payment == MissingPayment::WithFinancialSystem
            || known.ctx.amounts() == Amounts::Computed;
        if draft.payments.is_empty() && wanted {
            draft.payments.push(DraftPayment {
                method: "20",
                total: draft.totals.total,
                takes_rest: false,
                term: None,
                term_unit: None,
            });
        }
    }
}
