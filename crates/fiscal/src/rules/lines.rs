//! Each line by itself: its net, its taxes and their rates.

use jiff::civil::Date;

use super::{CENT, ModelPath, Report, RuleCode, lines_at};
use crate::catalogue::{IceBasis, InForce, TAX_ICE, TAX_VAT, ice_code, vat_rate};
use crate::invoice::{Invoice, Line, LineTax};
use crate::number::Amount;
use crate::totals::{distance, line_net, line_vat_base, percentage, tax_amount};

pub(super) fn check(invoice: &Invoice, report: &mut Report) {
    for (index, line) in invoice.lines.iter().enumerate() {
        net(line, lines_at(index).field("net"), report);
        for (position, tax) in line.taxes.iter().enumerate() {
            let path = lines_at(index).field("taxes").at(position);
            amount(tax, path.clone().field("amount"), report);
            match tax.code.as_str() {
                TAX_VAT => {
                    vat_base(line, tax, path.clone().field("base"), report);
                    rate(tax, invoice.info.issue_date, &path, report);
                }
                TAX_ICE => ice_base(line, tax, path.field("base"), report),
                _ => {}
            }
        }
    }
}

fn net(line: &Line, path: ModelPath, report: &mut Report) {
    let expected = line_net(line);
    if distance(expected.value(), line.net.value()) > CENT {
        let message = format!(
            "El precio total sin impuestos de la línea es {} y debe ser {expected}. \
             Es la cantidad {} por el precio {} menos el descuento {}. \
             Corrija el valor que esté mal.",
            line.net, line.quantity, line.unit_price, line.discount,
        );
        report.add(RuleCode::LineNet, path, message);
    }
}

/// Also for the taxes of reimbursed documents.
pub(super) fn amount(tax: &LineTax, path: ModelPath, report: &mut Report) {
    if !amount_holds(tax) {
        let expected = tax_amount(&tax.code, &tax.rate_code, tax.base, tax.rate);
        let message = format!(
            "El valor del impuesto {}/{} es {} y debe ser {expected}. \
             Es la base {} por la tarifa {}. \
             Corrija el valor, la base o la tarifa.",
            tax.code, tax.rate_code, tax.amount, tax.base, tax.rate,
        );
        report.add(RuleCode::TaxAmount, path, message);
    }
}

fn amount_holds(tax: &LineTax) -> bool {
    let written = tax.amount.value();
    let holds = |expected: Amount| distance(expected.value(), written) <= CENT;
    let by_codes = tax_amount(&tax.code, &tax.rate_code, tax.base, tax.rate);
    let by_percentage = percentage(tax.base.value(), tax.rate);
    let ice = ice_code(&tax.rate_code).filter(|_| tax.code == TAX_ICE);
    match ice.map(|row| row.basis) {
        Some(IceBasis::Specific(_)) => holds(by_codes) || holds(by_percentage),
        // The dollars per unit come on top, and the document does not show the units.
        Some(IceBasis::Mixed(..)) => written >= by_percentage.value().saturating_sub(CENT),
        Some(IceBasis::AdValorem(_) | IceBasis::Import) | None => holds(by_codes),
    }
}

fn vat_base(line: &Line, tax: &LineTax, path: ModelPath, report: &mut Report) {
    let expected = line_vat_base(line);
    if distance(expected, tax.base.value()) > CENT {
        let message = format!(
            "La base del IVA es {} y debe ser {}. \
             Es el precio total sin impuestos {} más el ICE de la línea. \
             Corrija la base.",
            tax.base,
            Amount::rounded(expected),
            line.net,
        );
        report.add(RuleCode::LineVatBase, path, message);
    }
}

/// Where a specific rate counts units, the base is not a price. Some goods are
/// taxed by law on the price before the discount, and SRI authorises them so.
fn ice_base(line: &Line, tax: &LineTax, path: ModelPath, report: &mut Report) {
    let by_price = ice_code(&tax.rate_code)
        .is_none_or(|row| !matches!(row.basis, IceBasis::Specific(_) | IceBasis::Mixed(..)));
    let (base, net) = (tax.base.value(), line.net.value());
    if !by_price || distance(base, net) <= CENT {
        return;
    }
    let gross = net.saturating_add(line.discount.value());
    if distance(base, gross) <= CENT {
        let message = format!(
            "La base del ICE es {} y el precio total sin impuestos es {}. \
             La base no resta el descuento {}. \
             Confirme que la ley grave el precio sin descuento.",
            tax.base, line.net, line.discount,
        );
        report.add(RuleCode::LineIceBaseBeforeDiscount, path, message);
    } else {
        let message = format!(
            "La base del ICE es {} y debe ser {}. \
             Es el precio total sin impuestos de la línea. \
             Corrija la base.",
            tax.base, line.net,
        );
        report.add(RuleCode::LineIceBase, path, message);
    }
}

fn rate(tax: &LineTax, issue_date: Date, path: &ModelPath, report: &mut Report) {
    let code = &tax.rate_code;
    let Some(row) = vat_rate(code) else {
        let message = format!(
            "El código de tarifa de IVA {code} no es conocido. \
             No consta en la tabla 17 de la ficha técnica. \
             Revise el código.",
        );
        let path = path.clone().field("rate_code");
        return report.add(RuleCode::VatCodeUnknown, path, message);
    };
    if row.rate != tax.rate {
        let message = format!(
            "La tarifa de IVA es {} y debe ser {}. \
             El código {code} corresponde a «{}». \
             Corrija la tarifa o el código.",
            tax.rate, row.rate, row.name,
        );
        report.add(
            RuleCode::VatRateMismatch,
            path.clone().field("rate"),
            message,
        );
    }
    let (code, what) = match row.in_force_on(issue_date) {
        InForce::Yes => return,
        InForce::No => (RuleCode::VatRateNotInForce, "no estaba vigente"),
        InForce::Unknown => (RuleCode::VatRateDayUnconfirmed, "no consta como vigente"),
    };
    let message = format!(
        "La tarifa «{}» (código {}) {what} el {}. \
         Cada tarifa rige solo en sus fechas. \
         Use la tarifa de la fecha de emisión.",
        row.name,
        row.code,
        issue_date.strftime("%d/%m/%Y"),
    );
    report.add(code, path.clone().field("rate_code"), message);
}
