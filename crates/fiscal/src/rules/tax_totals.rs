//! The rows that add up the taxes of the lines.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::place::{
    LINE_TAX, TAX_TOTAL_AMOUNT, TAX_TOTAL_BASE, TAX_TOTAL_DISCOUNT, TAX_TOTAL_RATE,
    TAX_TOTAL_REFUND,
};
use super::sale::{Sale, SaleLine};
use super::tax::Tax;
use super::{CENT, Report, RuleCode, cents};
use crate::catalogue::TAX_VAT;
use crate::common::TaxTotal;
use crate::identification::IdentificationType;
use crate::number::Amount;
use crate::totals::{distance, vat_of_row};

/// What the lines say of one tax.
struct Group<'d> {
    base: Decimal,
    amount: Decimal,
    /// Line and position of the first row that mentions it.
    first_at: [usize; 2],
    first: Tax<'d>,
    /// Whether the totals have a row of it.
    totalled: bool,
}

pub(super) fn check<L: SaleLine>(sale: &Sale<'_, L>, report: &mut Report) {
    let mut groups = groups(sale.lines);
    let tolerance = cents(sale.lines.len());
    for (index, row) in sale.tax_totals.iter().enumerate() {
        let tax = Tax::from(row);
        let group = groups.get_mut(&tax.key());
        let group = group.map(|group| {
            group.totalled = true;
            &*group
        });
        base(row, group, index, report);
        amount(row, group, tolerance, index, report);
        rate(row, index, report);
        additional_discount(row, index, report);
        refund(row, sale.party_id_type, index, report);
    }
    missing_rows(groups, report);
}

fn groups<L: SaleLine>(lines: &[L]) -> BTreeMap<(&str, &str), Group<'_>> {
    let mut groups = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        for (position, tax) in line.taxes().enumerate() {
            let group = groups.entry(tax.key()).or_insert(Group {
                base: Decimal::ZERO,
                amount: Decimal::ZERO,
                first_at: [index, position],
                first: tax,
                totalled: false,
            });
            group.base = group.base.saturating_add(tax.base.value());
            group.amount = group.amount.saturating_add(tax.amount.value());
        }
    }
    groups
}

/// Ficha técnica, table 21: the sum of the bases of the lines.
fn base(row: &TaxTotal, group: Option<&Group<'_>>, index: usize, report: &mut Report) {
    let (name, written) = (row_name(row), row.base);
    let (code, message) = match group {
        None if written.value().is_zero() => return,
        None => (
            RuleCode::TaxTotalWithoutLines,
            format!(
                "El total del impuesto {name} tiene la base {written} y las líneas suman 0.00. \
                 Ninguna línea lleva ese impuesto. \
                 Quite el total o agregue el impuesto a las líneas.",
            ),
        ),
        Some(group) if distance(group.base, written.value()) <= CENT => return,
        Some(group) => (
            RuleCode::TaxTotalBase,
            format!(
                "La base total del impuesto {name} es {written} y debe ser {}. \
                 Es la suma de las bases de las líneas. \
                 Corrija la base total o las líneas.",
                Amount::rounded(group.base),
            ),
        ),
    };
    report.add(code, TAX_TOTAL_BASE, &[index], message);
}

/// Ficha técnica, table 21: (base − additional discount) × rate of an IVA code,
/// which is the sum of the lines but for roundings.
fn amount(
    row: &TaxTotal,
    group: Option<&Group<'_>>,
    tolerance: Decimal,
    index: usize,
    report: &mut Report,
) {
    let far = |expected: &Decimal| distance(*expected, row.amount.value()) > tolerance;
    let catalogue = Tax::from(row).vat();
    let by_rate = catalogue.map(|known| vat_of_row(row, known.rate).value());
    let by_lines = group
        .filter(|_| vat_discount(row).is_zero())
        .map(|group| group.amount);
    let (expected, reason) = match (by_rate.filter(far), by_lines.filter(far)) {
        (Some(expected), _) => (
            expected,
            "Es la base menos el descuento adicional, por la tarifa",
        ),
        (None, Some(expected)) => (expected, "Es la suma de los impuestos de las líneas"),
        (None, None) => return,
    };
    let message = format!(
        "El valor total del impuesto {} es {} y debe ser {}. {reason}. Corrija el valor.",
        row_name(row),
        row.amount,
        Amount::rounded(expected),
    );
    report.add(
        RuleCode::TaxTotalAmount,
        TAX_TOTAL_AMOUNT,
        &[index],
        message,
    );
}

fn rate(row: &TaxTotal, index: usize, report: &mut Report) {
    let catalogue = Tax::from(row).vat();
    if let (Some(written), Some(expected)) = (row.rate, catalogue.map(|known| known.rate))
        && written != expected
    {
        let message = format!(
            "La tarifa del total {} es {written} y debe ser {expected}. \
             Es la tarifa de su código. Corrija la tarifa o el código.",
            row_name(row),
        );
        report.add(RuleCode::TaxTotalRate, TAX_TOTAL_RATE, &[index], message);
    }
}

/// Ficha técnica, table 21: `descuentoAdicional` of rows of IVA.
fn additional_discount(row: &TaxTotal, index: usize, report: &mut Report) {
    if let Some(discount) = row.additional_discount
        && row.code != TAX_VAT
    {
        let message = format!(
            "El total {} tiene un descuento adicional de {discount}. \
             Solo los totales de IVA lo admiten. Páselo a un total de IVA.",
            row_name(row),
        );
        let code = RuleCode::AdditionalDiscountNotVat;
        report.add(code, TAX_TOTAL_DISCOUNT, &[index], message);
    }
}

/// Ficha técnica, section 13 and anexo 20. Also for debit notes.
pub(super) fn refund(row: &TaxTotal, party_id_type: &str, index: usize, report: &mut Report) {
    let Some(refund) = row.vat_refund.filter(|refund| *refund > Amount::ZERO) else {
        return;
    };
    if refund > row.amount || party_id_type != IdentificationType::Cedula.code() {
        let message = format!(
            "La devolución de IVA es {refund}, el impuesto {} y el comprador de tipo \
             {party_id_type}. \
             Se devuelve hasta el impuesto y a quien se identifica con cédula (05). \
             Revise la devolución y el comprador.",
            row.amount,
        );
        report.add(RuleCode::VatRefund, TAX_TOTAL_REFUND, &[index], message);
    }
}

fn missing_rows(groups: BTreeMap<(&str, &str), Group<'_>>, report: &mut Report) {
    let missing = groups.into_values().filter(|group| !group.totalled);
    let mut missing: Vec<_> = missing.collect();
    missing.sort_unstable_by_key(|group| group.first_at);
    for group in missing {
        let tax = group.first;
        let message = format!(
            "El impuesto {}/{} no está en los totales y una línea lo lleva por {}. \
             Cada impuesto de las líneas tiene su total. \
             Agregue el total de ese impuesto.",
            tax.code, tax.rate_code, tax.amount,
        );
        report.add(
            RuleCode::TaxTotalMissing,
            LINE_TAX,
            &group.first_at,
            message,
        );
    }
}

fn vat_discount(row: &TaxTotal) -> Decimal {
    let discount = row.additional_discount.filter(|_| row.code == TAX_VAT);
    discount.unwrap_or_default().value()
}

fn row_name(row: &TaxTotal) -> String {
    format!("{}/{}", row.code, row.rate_code)
}
