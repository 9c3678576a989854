//! Invoices, purchase settlements, credit notes and debit notes.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::{Differences, amount, child, items, sum_of, text};
use crate::arithmetic::decimal::Decimal;

const IVA: &str = "2";
const ICE: &str = "3";
const IRBPNR: &str = "5";

/// What the lines of a document add up to.
#[derive(Default)]
struct Lines {
    count: usize,
    net: Decimal,
    discount: Decimal,
    taxes: BTreeMap<TaxId, LineTax>,
}

/// `codigo` and `codigoPorcentaje`.
type TaxId = (String, String);

#[derive(Clone, Copy, Default)]
struct LineTax {
    base: Decimal,
    value: Decimal,
    rate: Option<Decimal>,
}

pub(super) fn check_invoice(root: Node<'_, '_>, differences: &mut Differences) {
    let Some(info) = child(root, "infoFactura") else {
        return;
    };
    let lines = check_lines(root, differences);
    let taxes = check_totals(info, &lines, differences);
    compare_discount(info, &lines, differences);
    let charges = [
        "propina",
        "fleteInternacional",
        "seguroInternacional",
        "gastosAduaneros",
        "gastosTransporteOtros",
    ];
    let charges = Decimal::sum(charges.map(|name| amount(info, name)));
    let third_parties = sum_of(items(root, "otrosRubrosTerceros", "rubro"), "total");
    let total = amount(info, "totalSinImpuestos")
        .plus(taxes)
        .plus(charges)
        .plus(third_parties);
    compare_grand_total(info, total, differences);
    check_tip(info, differences);
    check_payments(info, "importeTotal", differences);
    check_reimbursement(root, info, differences);
}

pub(super) fn check_settlement(root: Node<'_, '_>, differences: &mut Differences) {
    let Some(info) = child(root, "infoLiquidacionCompra") else {
        return;
    };
    let lines = check_lines(root, differences);
    let taxes = check_totals(info, &lines, differences);
    compare_discount(info, &lines, differences);
    let total = amount(info, "totalSinImpuestos").plus(taxes);
    compare_grand_total(info, total, differences);
    check_payments(info, "importeTotal", differences);
    check_reimbursement(root, info, differences);
}

pub(super) fn check_credit_note(root: Node<'_, '_>, differences: &mut Differences) {
    let Some(info) = child(root, "infoNotaCredito") else {
        return;
    };
    let lines = check_lines(root, differences);
    let taxes = check_totals(info, &lines, differences);
    let total = amount(info, "totalSinImpuestos").plus(taxes);
    let found = amount(info, "valorModificacion");
    differences.compare("valorModificacion", found, total, 1);
}

pub(super) fn check_debit_note(root: Node<'_, '_>, differences: &mut Differences) {
    let Some(info) = child(root, "infoNotaDebito") else {
        return;
    };
    let reasons = items(root, "motivos", "motivo").count();
    let net = sum_of(items(root, "motivos", "motivo"), "valor");
    let found = amount(info, "totalSinImpuestos");
    differences.compare("totalSinImpuestos", found, net, reasons);
    for tax in items(info, "impuestos", "impuesto") {
        check_line_tax("impuestos", tax, differences);
    }
    let taxes = tax_total(info, "impuestos", "impuesto");
    let total = found.plus(taxes);
    differences.compare("valorTotal", amount(info, "valorTotal"), total, 1);
    check_payments(info, "valorTotal", differences);
}

fn check_lines(root: Node<'_, '_>, differences: &mut Differences) -> Lines {
    let mut lines = Lines::default();
    for line in items(root, "detalles", "detalle") {
        lines.count += 1;
        check_line(line, &format!("detalle {}", lines.count), differences);
        lines.net = lines.net.plus(amount(line, "precioTotalSinImpuesto"));
        lines.discount = lines.discount.plus(amount(line, "descuento"));
        for tax in items(line, "impuestos", "impuesto") {
            lines.add_tax(tax);
        }
    }
    lines
}

fn check_line(line: Node<'_, '_>, name: &str, differences: &mut Differences) {
    let net = amount(line, "precioTotalSinImpuesto");
    let expected = Decimal::line_total(
        amount(line, "cantidad"),
        amount(line, "precioUnitario"),
        amount(line, "descuento"),
    );
    differences.compare(&format!("{name}, precioTotalSinImpuesto"), net, expected, 1);
    let taxes = || items(line, "impuestos", "impuesto");
    let ice = sum_of(taxes().filter(|tax| text(*tax, "codigo") == ICE), "valor");
    for tax in taxes() {
        if text(tax, "codigo") == IVA {
            let base = amount(tax, "baseImponible");
            let field = format!("{name}, baseImponible del IVA");
            differences.compare(&field, base, net.plus(ice), 1);
        }
        check_line_tax(name, tax, differences);
    }
}

/// ICE is left out: its base follows the law of each good, and its rate may be
/// an amount per unit.
fn check_line_tax(name: &str, tax: Node<'_, '_>, differences: &mut Differences) {
    if child(tax, "tarifa").is_none() {
        return;
    }
    let (base, rate) = (amount(tax, "baseImponible"), amount(tax, "tarifa"));
    let expected = match text(tax, "codigo").as_str() {
        IVA => base.percent_to_cents(rate),
        // The rate is dollars per bottle (0.02), the base is bottles.
        IRBPNR => base.times_to_cents(rate),
        _ => return,
    };
    let field = format!("{name}, valor del impuesto");
    differences.compare(&field, amount(tax, "valor"), expected, 1);
}

impl Lines {
    fn add_tax(&mut self, tax: Node<'_, '_>) {
        let sum = self.taxes.entry(tax_id(tax)).or_default();
        sum.base = sum.base.plus(amount(tax, "baseImponible"));
        sum.value = sum.value.plus(amount(tax, "valor"));
        sum.rate = Decimal::parse(&text(tax, "tarifa")).or(sum.rate);
    }
}

fn tax_id(tax: Node<'_, '_>) -> TaxId {
    (text(tax, "codigo"), text(tax, "codigoPorcentaje"))
}

/// Checks `totalSinImpuestos` and `totalConImpuestos`; answers the taxes that
/// enter the total of the document.
fn check_totals(info: Node<'_, '_>, lines: &Lines, differences: &mut Differences) -> Decimal {
    let net = amount(info, "totalSinImpuestos");
    differences.compare("totalSinImpuestos", net, lines.net, lines.count);
    let mut missing = lines.taxes.clone();
    for row in items(info, "totalConImpuestos", "totalImpuesto") {
        let id = tax_id(row);
        let found = missing.remove(&id).unwrap_or_default();
        check_total_row(row, &id, &found, lines.count, differences);
    }
    for (code, percentage) in missing.keys() {
        differences.add(format!(
            "totalConImpuestos: falta el impuesto {code} con codigoPorcentaje {percentage}"
        ));
    }
    tax_total(info, "totalConImpuestos", "totalImpuesto")
}

fn check_total_row(
    row: Node<'_, '_>,
    (code, percentage): &TaxId,
    lines: &LineTax,
    count: usize,
    differences: &mut Differences,
) {
    let name = format!("totalImpuesto {code}/{percentage}");
    let base = amount(row, "baseImponible");
    differences.compare(&format!("{name}, baseImponible"), base, lines.base, count);
    let value = amount(row, "valor");
    let field = format!("{name}, valor");
    match code.as_str() {
        IVA => {
            let rate = Decimal::parse(&text(row, "tarifa")).or(lines.rate);
            let discount = amount(row, "descuentoAdicional");
            let mut readings = Vec::new();
            readings.extend(rate.map(|rate| base.minus(discount).percent_to_cents(rate)));
            if discount == Decimal::ZERO {
                // The taxes of the lines, each rounded, may differ by some cents.
                readings.push(lines.value);
            }
            differences.compare_any(&field, value, &readings, 1);
        }
        ICE | IRBPNR => differences.compare(&field, value, lines.value, count),
        _ => {}
    }
}

/// Taxes less the refunds and the historic compensations.
fn tax_total(info: Node<'_, '_>, list: &'static str, item: &'static str) -> Decimal {
    sum_of(items(info, list, item), "valor")
        .minus(sum_of(items(info, list, item), "valorDevolucionIva"))
        .minus(sum_of(
            items(info, "compensaciones", "compensacion"),
            "valor",
        ))
}

/// In the ficha's sample the additional discount acts only through the lower tax;
/// issuers in production take it off the total as well. The historic compensations
/// are a part of the payment or of the total.
fn compare_grand_total(info: Node<'_, '_>, total: Decimal, differences: &mut Differences) {
    let rows = items(info, "totalConImpuestos", "totalImpuesto");
    let discount = sum_of(rows, "descuentoAdicional");
    let compensations = compensations(info);
    let readings = [
        total,
        total.minus(discount),
        total.plus(compensations),
        total.minus(discount).plus(compensations),
    ];
    differences.compare_any("importeTotal", amount(info, "importeTotal"), &readings, 1);
}

fn compensations(info: Node<'_, '_>) -> Decimal {
    sum_of(items(info, "compensaciones", "compensacion"), "valor")
}

fn compare_discount(info: Node<'_, '_>, lines: &Lines, differences: &mut Differences) {
    let rows = items(info, "totalConImpuestos", "totalImpuesto");
    let expected = lines.discount.plus(sum_of(rows, "descuentoAdicional"));
    let found = amount(info, "totalDescuento");
    differences.compare("totalDescuento", found, expected, lines.count);
}

fn check_tip(info: Node<'_, '_>, differences: &mut Differences) {
    let tip = amount(info, "propina");
    let ten_percent = amount(info, "totalSinImpuestos").percent_to_cents(Decimal::cents(10_00));
    if tip > ten_percent.plus(Decimal::cents(1)) {
        differences.add(format!(
            "propina: {tip} supera el 10 % del subtotal ({ten_percent})"
        ));
    }
}

fn check_payments(info: Node<'_, '_>, total: &str, differences: &mut Differences) {
    let payments = items(info, "pagos", "pago").count();
    if payments == 0 {
        return;
    }
    let paid = sum_of(items(info, "pagos", "pago"), "total");
    let total = amount(info, total);
    // Distributors of fuel write what they are paid, without what they withheld.
    let withheld = amount(info, "valorRetIva").plus(amount(info, "valorRetRenta"));
    let compensations = compensations(info);
    let readings = [total, total.minus(withheld), total.minus(compensations)];
    differences.compare_any("pagos", paid, &readings, payments);
}

/// Sums of a reimbursement of expenses: header and supporting documents.
fn check_reimbursement(root: Node<'_, '_>, info: Node<'_, '_>, differences: &mut Differences) {
    if child(info, "totalComprobantesReembolso").is_none() {
        return;
    }
    let details = items(root, "reembolsos", "reembolsoDetalle");
    let taxes: Vec<_> = details
        .flat_map(|detail| items(detail, "detalleImpuestos", "detalleImpuesto"))
        .collect();
    let bases = amount(info, "totalBaseImponibleReembolso");
    let values = amount(info, "totalImpuestoReembolso");
    let total = amount(info, "totalComprobantesReembolso");
    differences.compare("totalComprobantesReembolso", total, bases.plus(values), 1);
    let expected = sum_of(taxes.iter().copied(), "baseImponibleReembolso");
    differences.compare("totalBaseImponibleReembolso", bases, expected, taxes.len());
    let expected = sum_of(taxes.iter().copied(), "impuestoReembolso");
    differences.compare("totalImpuestoReembolso", values, expected, taxes.len());
}
