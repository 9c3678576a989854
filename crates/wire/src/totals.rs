//! `totales`.

use rust_decimal::Decimal;

use super::amounts::{LineSums, line_sums, place_additional_discount};
use super::codes::iva_rate;
use super::context::Amounts;
use super::draft::{DraftLine, DraftTotal, DraftTotals};
use super::numbers::sum;
use super::reader::{Need, Reader};
use super::taxes::{IVA, SentTax, read_tax_rows, tax_amount};

/// `totales` as sent.
#[derive(Clone, Debug, Default)]
pub(super) struct SentTotals {
    pub(super) net: Option<Decimal>,
    pub(super) discount: Option<Decimal>,
    pub(super) additional_discount: Option<Decimal>,
    pub(super) tip: Option<Decimal>,
    pub(super) total: Option<Decimal>,
    /// The total with the digits of the request.
    pub(super) total_text: String,
    pub(super) subsidy: Option<Decimal>,
    pub(super) taxes: Vec<SentTax>,
}

/// `totales`, which may be absent or partial where amounts are computed.
pub(super) fn read_totals(r: &Reader<'_, '_>, amounts: Amounts) -> Option<SentTotals> {
    let need = match amounts {
        Amounts::Sent => Need::Required,
        Amounts::Computed => Need::Optional,
    };
    if amounts == Amounts::Computed && r.value("totales").is_none() {
        return Some(SentTotals::default());
    }
    let r = r.child("totales", need)?;
    let total_key = r.pick(&["importe_total", "total"]);
    let (net, total) = match need {
        Need::Required => {
            let net = r.required_number("total_sin_impuestos");
            (net, r.required_number(total_key))
        }
        Need::Optional => (r.number("total_sin_impuestos"), r.number(total_key)),
    };
    Some(SentTotals {
        net,
        total,
        total_text: r.entry(total_key, usize::MAX).unwrap_or_default(),
        discount: r.number("descuento"),
        tip: r.number("propina"),
        additional_discount: r.number("descuento_adicional"),
        subsidy: r.number("total_subsidio"),
        taxes: read_tax_rows(&r, need),
    })
}

/// Derives what was left out and places the additional discount. `None` when
/// a number grows too big.
pub(super) fn complete_totals(sent: &SentTotals, lines: &[DraftLine]) -> Option<DraftTotals> {
    let sums = line_sums(lines)?;
    let rows = sent.taxes.iter().map(|row| complete_row(row, &sums));
    let mut taxes = rows.collect::<Option<Vec<_>>>()?;
    let additional_discount = sent.additional_discount.unwrap_or_default();
    place_additional_discount(&mut taxes, additional_discount);
    let mut totals = DraftTotals {
        net: sent.net.unwrap_or_default(),
        discount: Decimal::ZERO,
        additional_discount,
        tip: sent.tip.unwrap_or_default(),
        total: sent.total.unwrap_or_default(),
        subsidy: sent.subsidy,
        taxes,
    };
    totals.discount = match sent.discount {
        Some(discount) => discount,
        None => all_discounts(&totals, lines)?,
    };
    Some(totals)
}

/// Line discounts plus additional discount.
pub(super) fn all_discounts(totals: &DraftTotals, lines: &[DraftLine]) -> Option<Decimal> {
    let of_lines = sum(lines.iter().map(|line| line.discount))?;
    let of_rows = sum(totals
        .taxes
        .iter()
        .filter_map(|row| row.additional_discount))?;
    of_lines.checked_add(of_rows.max(totals.additional_discount))
}

fn complete_row(sent: &SentTax, sums: &LineSums<'_>) -> Option<DraftTotal> {
    let lines = sums.get(&(sent.code.as_str(), sent.rate_code.as_str()));
    let rate = sent.rate.or(lines.map(|lines| lines.rate));
    let rate = rate.or_else(|| iva_rate(&sent.rate_code).filter(|_| sent.code == IVA));
    // Another tax than IVA has no additional discount: one sent there is ignored.
    let additional_discount = sent.additional_discount.filter(|_| sent.code == IVA);
    let base = sent.base.or(lines.map(|lines| lines.base));
    let base = base.unwrap_or_default();
    let amount = match (sent.amount, lines, additional_discount) {
        (Some(amount), ..) => amount,
        (None, Some(lines), None) => lines.amount,
        (None, ..) => {
            let left = base.checked_sub(additional_discount.unwrap_or_default())?;
            tax_amount(&sent.code, left, rate.unwrap_or_default())?
        }
    };
    Some(DraftTotal {
        code: sent.code.clone(),
        rate_code: sent.rate_code.clone(),
        additional_discount,
        base,
        rate,
        amount,
    })
}
