//! Amounts of another currency in dollars (CONTRACT 7.4.9). Every step rounds
//! half-up; totals are sums of the converted lines. Each function answers
//! `None` when a number grows too big to be held.

use rust_decimal::Decimal;
use tagua_fiscal::number::{round_money, round_six};

use super::amounts::{export_charges, line_sums, plain_total};
use super::draft::{Draft, DraftLine, DraftTax, DraftTotals};
use super::numbers::{money_product, near, sum};
use super::reimbursement::document_sums;
use super::taxes::{ICE, IRBPNR, IVA, tax_amount};
use super::totals::all_discounts;

/// Converts every amount of `draft` at `rate` dollars for one unit.
pub(super) fn convert(draft: &mut Draft, rate: Decimal) -> Option<()> {
    let before = Before::of(draft)?;
    for line in &mut draft.lines {
        convert_line(line, rate)?;
    }
    convert_totals(&mut draft.totals, &draft.lines, rate)?;
    convert_optional(&mut draft.withheld_vat, rate)?;
    convert_optional(&mut draft.withheld_income_tax, rate)?;
    for row in draft
        .withholdings
        .iter_mut()
        .chain(&mut draft.compensations)
    {
        row.amount = money_product(row.amount, rate)?;
    }
    for charge in draft.export.iter_mut().flat_map(|e| &mut e.charges) {
        convert_optional(charge, rate)?;
    }
    convert_reimbursement(draft, rate)?;
    draft.totals.total = plain_total(draft)?;
    if before.total_has_charges {
        draft.totals.total = draft.totals.total.checked_add(export_charges(draft)?)?;
    }
    convert_payments(draft, rate, before.payments)
}

/// What held before anything was converted.
struct Before {
    total_has_charges: bool,
    payments: PaymentsCover,
}

/// What the payments and the credit added up to.
#[derive(Clone, Copy)]
enum PaymentsCover {
    Total,
    TotalLessWithheld,
    Neither,
}

impl Before {
    fn of(draft: &Draft) -> Option<Self> {
        let (total, plain) = (draft.totals.total, plain_total(draft)?);
        let with_charges = plain.checked_add(export_charges(draft)?)?;
        let credit = draft.credit.iter().map(|credit| credit.amount);
        let paid = sum(draft.payments.iter().map(|p| p.total).chain(credit))?;
        let payments = if near(paid, total) {
            PaymentsCover::Total
        } else if near(paid.checked_add(withheld(draft)?)?, total) {
            PaymentsCover::TotalLessWithheld
        } else {
            PaymentsCover::Neither
        };
        Some(Self {
            total_has_charges: !near(total, plain) && near(total, with_charges),
            payments,
        })
    }
}

fn withheld(draft: &Draft) -> Option<Decimal> {
    sum(draft
        .withheld_vat
        .into_iter()
        .chain(draft.withheld_income_tax))
}

fn convert_line(line: &mut DraftLine, rate: Decimal) -> Option<()> {
    line.unit_price = round_six(line.unit_price.checked_mul(rate)?);
    if let Some(price) = &mut line.price_without_subsidy {
        *price = round_six(price.checked_mul(rate)?);
    }
    line.discount = money_product(line.discount, rate)?;
    let gross = line.quantity.checked_mul(line.unit_price)?;
    line.net = round_money(gross.checked_sub(line.discount)?);
    convert_line_taxes(&mut line.taxes, line.net, rate)
}

fn convert_line_taxes(taxes: &mut [DraftTax], net: Decimal, rate: Decimal) -> Option<()> {
    let mut ice = Decimal::ZERO;
    for tax in taxes.iter_mut().filter(|tax| tax.code == ICE) {
        convert_line_tax(tax, net, rate)?;
        ice = ice.checked_add(tax.amount)?;
    }
    let iva_base = net.checked_add(ice)?;
    for tax in taxes.iter_mut().filter(|tax| tax.code != ICE) {
        convert_line_tax(tax, iva_base, rate)?;
    }
    Some(())
}

/// The amount is computed again where it followed from base and rate before.
fn convert_line_tax(tax: &mut DraftTax, base: Decimal, rate: Decimal) -> Option<()> {
    if tax.code == IRBPNR {
        tax.amount = money_product(tax.amount, rate)?;
        return Some(());
    }
    let agreed = near(tax_amount(&tax.code, tax.base, tax.rate)?, tax.amount);
    tax.base = base;
    tax.amount = match agreed {
        true => tax_amount(&tax.code, base, tax.rate)?,
        false => money_product(tax.amount, rate)?,
    };
    Some(())
}

fn convert_totals(totals: &mut DraftTotals, lines: &[DraftLine], rate: Decimal) -> Option<()> {
    totals.net = sum(lines.iter().map(|line| line.net))?;
    totals.tip = money_product(totals.tip, rate)?;
    totals.additional_discount = money_product(totals.additional_discount, rate)?;
    convert_optional(&mut totals.subsidy, rate)?;
    let sums = line_sums(lines)?;
    for row in &mut totals.taxes {
        convert_optional(&mut row.additional_discount, rate)?;
        let key = (row.code.as_str(), row.rate_code.as_str());
        let (base, amount) = match sums.get(&key) {
            Some(of_lines) => (of_lines.base, of_lines.amount),
            None => (
                money_product(row.base, rate)?,
                money_product(row.amount, rate)?,
            ),
        };
        let discount = row.additional_discount.unwrap_or_default();
        row.base = base;
        row.amount = match discount.is_zero() || row.code != IVA {
            true => amount,
            false => {
                let left = base.checked_sub(discount)?;
                tax_amount(&row.code, left, row.rate.unwrap_or_default())?
            }
        };
    }
    totals.discount = all_discounts(totals, lines)?;
    Some(())
}

fn convert_reimbursement(draft: &mut Draft, rate: Decimal) -> Option<()> {
    let Some(reimbursement) = &mut draft.reimbursement else {
        return Some(());
    };
    let documents = reimbursement.documents.iter_mut();
    for tax in documents.flat_map(|document| &mut document.taxes) {
        tax.base = money_product(tax.base, rate)?;
        tax.amount = money_product(tax.amount, rate)?;
    }
    let (base, tax) = document_sums(&reimbursement.documents)?;
    reimbursement.base_total = base;
    reimbursement.tax_total = tax;
    reimbursement.total = base.checked_add(tax)?;
    Some(())
}

/// The last row takes the rest, so that what added up before adds up again.
fn convert_payments(draft: &mut Draft, rate: Decimal, cover: PaymentsCover) -> Option<()> {
    let want = match cover {
        PaymentsCover::Total => Some(draft.totals.total),
        PaymentsCover::TotalLessWithheld => Some(draft.totals.total.checked_sub(withheld(draft)?)?),
        PaymentsCover::Neither => None,
    };
    let credit = draft.credit.iter_mut().map(|credit| &mut credit.amount);
    let payments = draft.payments.iter_mut().map(|payment| &mut payment.total);
    let mut rows: Vec<&mut Decimal> = payments.chain(credit).collect();
    for row in &mut rows {
        **row = money_product(**row, rate)?;
    }
    let paid = sum(rows.iter().map(|row| **row))?;
    if let (Some(want), Some(last)) = (want, rows.last_mut()) {
        **last = last.checked_add(want.checked_sub(paid)?)?;
    }
    Some(())
}

fn convert_optional(amount: &mut Option<Decimal>, rate: Decimal) -> Option<()> {
    if let Some(amount) = amount {
        *amount = money_product(*amount, rate)?;
    }
    Some(())
}
