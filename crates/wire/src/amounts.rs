//! The amount rules of CONTRACT 7.4, in the currency of the request.

use std::collections::HashMap;

use rust_decimal::Decimal;
use tagua_fiscal::number::round_money;

use super::draft::{Draft, DraftLine, DraftTotal};
use super::numbers::{CENT, money_product, near, sum};
use super::taxes::{IVA, tax_amount};

/// The discount of the whole line and its net (7.4.2). A discount is per line;
/// it is taken per unit only when the net that was sent says so.
pub(super) fn line_discount(
    quantity: Decimal,
    price: Decimal,
    discount: Decimal,
    net: Option<Decimal>,
) -> Option<(Decimal, Decimal)> {
    let per_line = line_net(quantity, price, discount)?;
    let Some(net) = net else {
        return Some((discount, per_line));
    };
    let per_unit = round_money(quantity.checked_mul(price.checked_sub(discount)?)?);
    if !discount.is_zero() && !near(per_line, net) && near(per_unit, net) {
        return Some((money_product(quantity, discount)?, net));
    }
    Some((discount, net))
}

/// Quantity × price − discount, half-up.
pub(super) fn line_net(quantity: Decimal, price: Decimal, discount: Decimal) -> Option<Decimal> {
    let gross = quantity.checked_mul(price)?;
    Some(round_money(gross.checked_sub(discount)?))
}

/// Places a discount sent for all totals on the tax total it belongs to
/// (7.4.3): the only IVA row, or the one whose amount is the tax of what is
/// left. A row with a rate goes before one at 0 %, whose amount fits anything.
pub(super) fn place_additional_discount(rows: &mut [DraftTotal], discount: Decimal) {
    let has_own = |row: &DraftTotal| row.additional_discount.is_some_and(|own| !own.is_zero());
    if discount.is_zero() || rows.iter().any(has_own) {
        return;
    }
    let fits = |row: &DraftTotal| {
        let rate = row.rate.unwrap_or_default();
        let left = row.base.checked_sub(discount)?;
        let tax = tax_amount(&row.code, left, rate)?;
        (left >= -CENT && near(tax, row.amount)).then_some(rate.is_zero())
    };
    let iva_rows: Vec<usize> = (0..rows.len())
        .filter(|i| rows.get(*i).is_some_and(|row| row.code == IVA))
        .collect();
    let chosen = match iva_rows.as_slice() {
        [only] => Some(*only),
        several => several
            .iter()
            .filter_map(|i| Some((fits(rows.get(*i)?)?, *i)))
            .min()
            .map(|(_, i)| i),
    };
    if let Some(row) = chosen.and_then(|i| rows.get_mut(i)) {
        row.additional_discount = Some(discount);
    }
}

/// The discounts after the lines: those of the rows or the one over all.
pub(super) fn additional_discount(draft: &Draft) -> Option<Decimal> {
    let rows = draft.totals.taxes.iter();
    let per_row = sum(rows.filter_map(|row| row.additional_discount))?;
    Some(per_row.max(draft.totals.additional_discount))
}

/// Net − additional discount + taxes + tip (7.4.1), without export charges.
pub(super) fn plain_total(draft: &Draft) -> Option<Decimal> {
    let taxes = sum(draft.totals.taxes.iter().map(|row| row.amount))?;
    let net = draft.totals.net.checked_sub(additional_discount(draft)?)?;
    net.checked_add(taxes)?.checked_add(draft.totals.tip)
}

/// The four charges of an export.
pub(super) fn export_charges(draft: &Draft) -> Option<Decimal> {
    let charges = draft.export.iter().flat_map(|export| export.charges);
    sum(charges.flatten())
}

/// What the lines say about one tax and rate code.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LineSum {
    pub(super) base: Decimal,
    pub(super) amount: Decimal,
    /// The rate of the last such row.
    pub(super) rate: Decimal,
}

/// Sums by tax and rate code.
pub(super) type LineSums<'l> = HashMap<(&'l str, &'l str), LineSum>;

/// Adds up the taxes of the lines; `None` when a sum grows too big.
pub(super) fn line_sums(lines: &[DraftLine]) -> Option<LineSums<'_>> {
    let mut sums = LineSums::new();
    for tax in lines.iter().flat_map(|line| &line.taxes) {
        let key = (tax.code.as_str(), tax.rate_code.as_str());
        let entry = sums.entry(key).or_default();
        *entry = LineSum {
            base: entry.base.checked_add(tax.base)?,
            amount: entry.amount.checked_add(tax.amount)?,
            rate: tax.rate,
        };
    }
    Some(sums)
}
