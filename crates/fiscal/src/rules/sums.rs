//! The totals against the lines, the grand total and the payments.

use rust_decimal::Decimal;

use super::{CENT, ModelPath, Report, RuleCode, cent_per_line, info, lines_at};
use crate::catalogue::{InvoiceWithholdingKind, TAX_VAT, vat_rate, withholding_code};
use crate::identification::IdentificationType;
use crate::invoice::{Invoice, TaxTotal};
use crate::number::{Amount, round_money};
use crate::totals::{
    TaxGroup, additional_discount_sum, discount_total, distance, export_charges, is_row_of,
    net_total, payment_sum, refund_sum, sum, tax_groups, tax_sum, third_party_sum, vat_of_row,
};

pub(super) fn check(invoice: &Invoice, report: &mut Report) {
    if !invoice.lines.is_empty() {
        net(invoice, report);
    }
    let groups = tax_groups(&invoice.lines);
    for (index, row) in invoice.info.tax_totals.iter().enumerate() {
        let path = info("tax_totals").at(index);
        let group = groups.iter().find(|group| is_row_of(row, group.first));
        base(row, group, path.clone().field("base"), report);
        amount(invoice, row, group, path.clone().field("amount"), report);
        row_details(invoice, row, &path, report);
    }
    missing_rows(invoice, report);
    discount(invoice, report);
    total(invoice, report);
    tip(invoice, report);
    payments(invoice, report);
    withheld(invoice, report);
}

fn net(invoice: &Invoice, report: &mut Report) {
    let expected = net_total(&invoice.lines);
    let written = invoice.info.net_total;
    if distance(expected, written.value()) > CENT {
        let message = format!(
            "El total sin impuestos es {written} y debe ser {}. \
             Es la suma de los precios totales de las líneas. \
             Corrija el total o las líneas.",
            Amount::rounded(expected),
        );
        report.add(RuleCode::NetTotal, info("net_total"), message);
    }
}

fn base(row: &TaxTotal, group: Option<&TaxGroup<'_>>, path: ModelPath, report: &mut Report) {
    let name = row_name(row);
    let written = row.base;
    let Some(group) = group else {
        if !written.value().is_zero() {
            let message = format!(
                "El total del impuesto {name} tiene la base {written} y las líneas suman 0.00. \
                 Ninguna línea lleva ese impuesto. \
                 Quite el total o agregue el impuesto a las líneas.",
            );
            report.add(RuleCode::TaxTotalWithoutLines, path, message);
        }
        return;
    };
    if distance(group.base, written.value()) > CENT {
        let message = format!(
            "La base total del impuesto {name} es {written} y debe ser {}. \
             Es la suma de las bases de las líneas. \
             Corrija la base total o las líneas.",
            Amount::rounded(group.base),
        );
        report.add(RuleCode::TaxTotalBase, path, message);
    }
}

fn amount(
    invoice: &Invoice,
    row: &TaxTotal,
    group: Option<&TaxGroup<'_>>,
    path: ModelPath,
    report: &mut Report,
) {
    let tolerance = cent_per_line(invoice);
    let far = |expected: &Decimal| distance(*expected, row.amount.value()) > tolerance;
    let by_rate = catalogue_rate(row).map(|rate| vat_of_row(row, rate).value());
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
    report.add(RuleCode::TaxTotalAmount, path, message);
}

fn row_details(invoice: &Invoice, row: &TaxTotal, path: &ModelPath, report: &mut Report) {
    let name = row_name(row);
    if let (Some(written), Some(expected)) = (row.rate, catalogue_rate(row))
        && written != expected
    {
        let message = format!(
            "La tarifa del total {name} es {written} y debe ser {expected}. \
             Es la tarifa de su código. Corrija la tarifa o el código.",
        );
        report.add(RuleCode::TaxTotalRate, path.clone().field("rate"), message);
    }
    if let Some(discount) = row.additional_discount
        && row.code != TAX_VAT
    {
        let message = format!(
            "El total {name} tiene un descuento adicional de {discount}. \
             Solo los totales de IVA lo admiten. Páselo a un total de IVA.",
        );
        let path = path.clone().field("additional_discount");
        report.add(RuleCode::AdditionalDiscountNotVat, path, message);
    }
    refund(invoice, row, path.clone().field("vat_refund"), report);
}

fn refund(invoice: &Invoice, row: &TaxTotal, path: ModelPath, report: &mut Report) {
    let Some(refund) = row.vat_refund.filter(|refund| *refund > Amount::ZERO) else {
        return;
    };
    let kind = &invoice.info.receiver_id_type;
    if refund > row.amount || kind != IdentificationType::Cedula.code() {
        let message = format!(
            "La devolución de IVA es {refund}, el impuesto {} y el comprador de tipo {kind}. \
             Se devuelve hasta el impuesto y a quien se identifica con cédula (05). \
             Revise la devolución y el comprador.",
            row.amount,
        );
        report.add(RuleCode::VatRefund, path, message);
    }
}

fn missing_rows(invoice: &Invoice, report: &mut Report) {
    let mut named: Vec<(&str, &str)> = Vec::new();
    for (index, line) in invoice.lines.iter().enumerate() {
        for (position, tax) in line.taxes.iter().enumerate() {
            let codes = (tax.code.as_str(), tax.rate_code.as_str());
            let mut rows = invoice.info.tax_totals.iter();
            if named.contains(&codes) || rows.any(|row| is_row_of(row, tax)) {
                continue;
            }
            named.push(codes);
            let message = format!(
                "El impuesto {}/{} no está en los totales y una línea lo lleva por {}. \
                 Cada impuesto de las líneas tiene su total. \
                 Agregue el total de ese impuesto.",
                tax.code, tax.rate_code, tax.amount,
            );
            let path = lines_at(index).field("taxes").at(position);
            report.add(RuleCode::TaxTotalMissing, path, message);
        }
    }
}

fn discount(invoice: &Invoice, report: &mut Report) {
    let expected = discount_total(&invoice.lines, &invoice.info.tax_totals);
    let written = invoice.info.discount_total;
    if distance(expected, written.value()) > CENT {
        let message = format!(
            "El total de descuentos es {written} y debe ser {}. \
             Es la suma de los descuentos de las líneas y del descuento adicional. \
             Corrija el total o los descuentos.",
            Amount::rounded(expected),
        );
        report.add(RuleCode::DiscountTotal, info("discount_total"), message);
    }
}

/// SRI adds the export charges, and lets the additional discount act through
/// the lower tax alone. Clients also subtract that discount and leave the
/// charges out; the compensations of 2016 and 2017 were subtracted or not.
fn total(invoice: &Invoice, report: &mut Report) {
    let written = invoice.info.total;
    let official = official_total(invoice);
    let holds = |expected: Decimal| distance(expected, written.value()) <= CENT;
    let compensations = invoice.info.compensations.iter();
    let compensated = sum(compensations.map(|row| row.amount.value()));
    if holds(official) || holds(official.saturating_sub(compensated)) {
        return;
    }
    let other = [
        Decimal::ZERO,
        additional_discount_sum(&invoice.info.tax_totals),
    ]
    .into_iter()
    .flat_map(|less| [less, less.saturating_add(export_charges(&invoice.info))])
    .any(|less| holds(official.saturating_sub(less)));
    let code = if other {
        RuleCode::TotalForm
    } else {
        RuleCode::Total
    };
    let message = format!(
        "El importe total es {written} y según la ficha técnica debe ser {}. \
         Es el total sin impuestos más impuestos, propina, gastos de exportación y rubros de \
         terceros, menos la devolución de IVA; el descuento adicional solo reduce el impuesto. \
         Corrija el importe total o sus partes.",
        Amount::rounded(official),
    );
    report.add(code, info("total"), message);
}

/// By ficha técnica, table 21.
fn official_total(invoice: &Invoice) -> Decimal {
    sum([
        invoice.info.net_total.value(),
        tax_sum(&invoice.info.tax_totals),
        invoice.info.tip.unwrap_or_default().value(),
        export_charges(&invoice.info),
        third_party_sum(invoice),
        -refund_sum(&invoice.info.tax_totals),
    ])
}

fn tip(invoice: &Invoice, report: &mut Report) {
    let tip = invoice.info.tip.unwrap_or_default();
    let tenth = invoice
        .info
        .net_total
        .value()
        .saturating_mul(Decimal::new(1, 1));
    if tip.value() > round_money(tenth) {
        let message = format!(
            "La propina es {tip} y puede ser hasta {}. \
             No supera el 10 % del total sin impuestos. Reduzca la propina.",
            Amount::rounded(tenth),
        );
        report.add(RuleCode::TipTooHigh, info("tip"), message);
    }
}

fn payments(invoice: &Invoice, report: &mut Report) {
    let path = info("payments");
    if invoice.info.payments.is_empty() {
        let message = "La factura no tiene formas de pago. La ficha técnica las exige. \
                       Agregue al menos un pago por el importe total.";
        return report.add(RuleCode::PaymentsMissing, path, message);
    }
    let paid = payment_sum(&invoice.info);
    let withheld = [invoice.info.withheld_vat, invoice.info.withheld_income_tax];
    let withheld = sum(withheld.into_iter().flatten().map(Amount::value));
    let total = invoice.info.total;
    let all = paid.saturating_add(withheld);
    if [paid, all]
        .iter()
        .all(|sum| distance(*sum, total.value()) > CENT)
    {
        let message = format!(
            "Los pagos suman {} y el importe total es {total}. \
             Deben ser iguales, o diferir en lo retenido ({}). \
             Corrija los pagos o el importe total.",
            Amount::rounded(paid),
            Amount::rounded(withheld),
        );
        report.add(RuleCode::PaymentSum, path, message);
    }
}

fn withheld(invoice: &Invoice, report: &mut Report) {
    if invoice.withholdings.is_empty() {
        return;
    }
    use InvoiceWithholdingKind::{IncomeTax, Vat};
    let totals = [
        (Vat, "withheld_vat", invoice.info.withheld_vat),
        (
            IncomeTax,
            "withheld_income_tax",
            invoice.info.withheld_income_tax,
        ),
    ];
    for (kind, field, written) in totals {
        let of_kind = invoice
            .withholdings
            .iter()
            .filter(|row| withholding_code(&row.rate_code).is_some_and(|known| known.kind == kind));
        let expected = sum(of_kind.map(|row| row.amount.value()));
        let written = written.unwrap_or_default();
        if distance(expected, written.value()) > CENT {
            let message = format!(
                "El valor retenido es {written} y las retenciones suman {}. \
                 El primero repite el total de las segundas. Corrija uno de los dos.",
                Amount::rounded(expected),
            );
            report.add(RuleCode::WithheldTotal, info(field), message);
        }
    }
}

fn catalogue_rate(row: &TaxTotal) -> Option<crate::number::Rate> {
    let known = vat_rate(&row.rate_code).filter(|_| row.code == TAX_VAT);
    known.map(|known| known.rate)
}

fn vat_discount(row: &TaxTotal) -> Decimal {
    let discount = row.additional_discount.filter(|_| row.code == TAX_VAT);
    discount.unwrap_or_default().value()
}

fn row_name(row: &TaxTotal) -> String {
    format!("{}/{}", row.code, row.rate_code)
}
