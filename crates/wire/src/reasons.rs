//! `totales` of a debit note: it has reasons with an amount instead of lines,
//! so its taxes stand in the totals alone (CONTRACT 7.6).

use rust_decimal::Decimal;

use super::codes::iva_rate;
use super::computed::totals_json;
use super::context::Amounts;
use super::draft::{Draft, DraftTotal, DraftTotals};
use super::numbers::sum;
use super::reader::{Need, Reader};
use super::request::Known;
use super::sale::{Sale, or_too_big, pay_the_rest};
use super::taxes::{IVA, LineTaxes, SentTax, implied_rate, read_tax, tax_amount};
use super::totals::{SentTotals, read_totals};

/// `totales` as sent. Where amounts are computed only the codes of the taxes
/// are needed, and the bases when there are several.
pub(super) fn read_totals_of_reasons(r: &Reader<'_, '_>, amounts: Amounts) -> Option<SentTotals> {
    if amounts == Amounts::Sent {
        return read_totals(r, amounts);
    }
    let Some(totals) = r.child("totales", Need::Optional) else {
        r.missing("totales.impuestos");
        return None;
    };
    let rows = totals.children("impuestos", Need::Required);
    let several = rows.len() > 1;
    Some(SentTotals {
        taxes: rows
            .iter()
            .filter_map(|row| read_row(row, several))
            .collect(),
        ..SentTotals::default()
    })
}

fn read_row(r: &Reader<'_, '_>, several: bool) -> Option<SentTax> {
    let sent = read_tax(r, LineTaxes::Any)?;
    let of_code = iva_rate(&sent.rate_code).filter(|_| sent.code == IVA);
    let rate = of_code.or(sent.rate);
    if rate.is_none() {
        r.missing("tarifa");
    }
    if several && sent.base.is_none() {
        r.missing("base_imponible");
    }
    Some(SentTax {
        rate: Some(rate?),
        base: sent.base.filter(|_| several),
        amount: None,
        additional_discount: None,
        ..sent
    })
}

/// Completes the totals. `None` when a number grows too big, which is reported.
pub(super) fn write_amounts_of_reasons(
    r: &Reader<'_, '_>,
    mut draft: Draft,
    sent: &SentTotals,
    charges: impl Iterator<Item = Decimal>,
    known: &Known<'_>,
) -> Option<Sale> {
    let amounts = known.ctx.amounts();
    draft.totals = or_too_big(r, complete(sent, charges, amounts))?;
    if amounts == Amounts::Sent {
        return Some(Sale::in_dollars(draft, None));
    }
    or_too_big(r, pay_the_rest(&mut draft))?;
    let json = totals_json(r, known.collection, &draft.totals);
    Some(Sale::in_dollars(draft, Some(json)))
}

fn complete(
    sent: &SentTotals,
    charges: impl Iterator<Item = Decimal>,
    amounts: Amounts,
) -> Option<DraftTotals> {
    let charged = sum(charges)?;
    let net = match amounts {
        Amounts::Sent => sent.net.unwrap_or_default(),
        Amounts::Computed => charged,
    };
    let rows = sent.taxes.iter().map(|row| complete_row(row, net));
    let taxes = rows.collect::<Option<Vec<_>>>()?;
    let total = match amounts {
        Amounts::Sent => sent.total.unwrap_or_default(),
        Amounts::Computed => net.checked_add(sum(taxes.iter().map(|row| row.amount))?)?,
    };
    Some(DraftTotals {
        net,
        total,
        taxes,
        ..DraftTotals::default()
    })
}

/// The schema wants a rate: the one sent, the code's, or what the amount implies.
fn complete_row(sent: &SentTax, net: Decimal) -> Option<DraftTotal> {
    let base = sent.base.unwrap_or(net);
    let of_code = iva_rate(&sent.rate_code).filter(|_| sent.code == IVA);
    let rate = match sent.rate.or(of_code) {
        Some(rate) => rate,
        None => implied_rate(base, sent.amount.unwrap_or_default())?,
    };
    let amount = match sent.amount {
        Some(amount) => amount,
        None => tax_amount(&sent.code, base, rate)?,
    };
    Some(DraftTotal {
        code: sent.code.clone(),
        rate_code: sent.rate_code.clone(),
        additional_discount: None,
        base,
        rate: Some(rate),
        amount,
    })
}
