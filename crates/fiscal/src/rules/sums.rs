//! The net total, the discounts and the grand total against the lines.

use rust_decimal::Decimal;

use super::place::{DISCOUNT_TOTAL, NET_TOTAL, TOTAL};
use super::sale::{Sale, SaleLine};
use super::{CENT, Report, RuleCode};
use crate::number::Amount;
use crate::totals::{additional_discount_sum, distance, refund_sum, sum, tax_sum};

/// Ficha técnica, table 21: the sum of the lines.
pub(super) fn net<L: SaleLine>(sale: &Sale<'_, L>, report: &mut Report) {
    let expected = sum(sale.lines.iter().map(|line| line.net().value()));
    let written = sale.net_total;
    if !sale.lines.is_empty() && distance(expected, written.value()) > CENT {
        let message = format!(
            "El total sin impuestos es {written} y debe ser {}. \
             Es la suma de los precios totales de las líneas. \
             Corrija el total o las líneas.",
            Amount::rounded(expected),
        );
        report.add(RuleCode::NetTotal, NET_TOTAL, &[], message);
    }
}

/// Ficha técnica, table 21: of the lines and of the rows of IVA.
pub(super) fn discount<L: SaleLine>(sale: &Sale<'_, L>, report: &mut Report) {
    let Some(written) = sale.discount_total else {
        return;
    };
    let of_lines = sum(sale.lines.iter().map(|line| line.discount().value()));
    let expected = of_lines.saturating_add(additional_discount_sum(sale.tax_totals));
    if distance(expected, written.value()) > CENT {
        let message = format!(
            "El total de descuentos es {written} y debe ser {}. \
             Es la suma de los descuentos de las líneas y del descuento adicional. \
             Corrija el total o los descuentos.",
            Amount::rounded(expected),
        );
        report.add(RuleCode::DiscountTotal, DISCOUNT_TOTAL, &[], message);
    }
}

/// SRI adds the export charges, and lets the additional discount act through
/// the lower tax alone. Clients also subtract that discount and leave the
/// charges out; the compensations of 2016 and 2017 were subtracted or not.
pub(super) fn total<L: SaleLine>(sale: &Sale<'_, L>, report: &mut Report) {
    let written = sale.total;
    let official = official_total(sale);
    let holds = |expected: Decimal| distance(expected, written.value()) <= CENT;
    let compensated = sum(sale.compensations.iter().map(|row| row.amount.value()));
    if holds(official) || holds(official.saturating_sub(compensated)) {
        return;
    }
    let other = [Decimal::ZERO, additional_discount_sum(sale.tax_totals)]
        .into_iter()
        .flat_map(|less| [less, less.saturating_add(sale.export_charges)])
        .any(|less| holds(official.saturating_sub(less)));
    let code = if other {
        RuleCode::TotalForm
    } else {
        RuleCode::Total
    };
    let message = format!(
        "El importe total es {written} y según la ficha técnica debe ser {}. \
         {}. Corrija el importe total o sus partes.",
        Amount::rounded(official),
        sale.formula,
    );
    report.add(code, TOTAL, &[], message);
}

/// By ficha técnica, table 21.
fn official_total<L>(sale: &Sale<'_, L>) -> Decimal {
    sum([
        sale.net_total.value(),
        tax_sum(sale.tax_totals),
        sale.other,
        sale.export_charges,
        -refund_sum(sale.tax_totals),
    ])
}
