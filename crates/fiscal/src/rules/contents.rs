//! What an invoice alone must say besides its figures: exports, withholdings
//! of fuel and press, negotiable invoices.

use super::parties::country;
use super::place::{
    self, INVOICE_WITHHOLDING_CODE, LINE_TAX_RATE_CODE, PAYMENTS, Place, RECEIVER_ADDRESS,
    WITHHELD_INCOME_TAX, WITHHELD_VAT,
};
use super::{CENT, Report, RuleCode};
use crate::catalogue::{EXPORTER, InvoiceWithholdingKind, TAX_VAT, withholding_code};
use crate::invoice::{Export, Invoice};
use crate::number::Amount;
use crate::totals::{distance, export_charges, sum};

pub(super) fn check(invoice: &Invoice, report: &mut Report) {
    if is_export(invoice) {
        export(invoice, report);
    }
    withholdings(invoice, report);
    if invoice.negotiable_email.is_some() {
        negotiable(invoice, report);
    }
}

fn is_export(invoice: &Invoice) -> bool {
    invoice.info.export != Export::default()
        || invoice.info.incoterm_of_net_total.is_some()
        || !export_charges(&invoice.info).is_zero()
}

/// Ficha técnica, anexo 4.
fn export(invoice: &Invoice, report: &mut Report) {
    for place in missing_of_export(invoice) {
        let message = "Falta un dato de la exportación. La ficha técnica exige EXPORTADOR, \
                       incoterm y su lugar, país de origen, puertos e incoterm del total. \
                       Complete el dato.";
        report.add(RuleCode::ExportIncomplete, place, &[], message);
    }
    let data = &invoice.info.export;
    let countries = [
        (place::ORIGIN_COUNTRY, &data.origin_country),
        (place::DESTINATION_COUNTRY, &data.destination_country),
        (place::ACQUISITION_COUNTRY, &data.acquisition_country),
    ];
    for (place, code) in countries {
        country(code.as_deref(), place, &[], report);
    }
    export_vat(invoice, report);
}

fn missing_of_export(invoice: &Invoice) -> impl Iterator<Item = Place> {
    let info = &invoice.info;
    let data = &info.export;
    let exporter = data.foreign_trade.as_deref() == Some(EXPORTER);
    let missing = [
        (place::FOREIGN_TRADE, !exporter),
        (place::INCOTERM, data.incoterm.is_none()),
        (place::INCOTERM_PLACE, data.incoterm_place.is_none()),
        (place::ORIGIN_COUNTRY, data.origin_country.is_none()),
        (place::ORIGIN_PORT, data.origin_port.is_none()),
        (place::DESTINATION_PORT, data.destination_port.is_none()),
        (
            place::INCOTERM_OF_NET_TOTAL,
            info.incoterm_of_net_total.is_none(),
        ),
    ];
    let missing = missing.into_iter().filter(|(_, missing)| *missing);
    missing.map(|(place, _)| place)
}

fn export_vat(invoice: &Invoice, report: &mut Report) {
    for (index, line) in invoice.lines.iter().enumerate() {
        for (position, tax) in line.taxes.iter().enumerate() {
            if tax.code != TAX_VAT || tax.rate_code == "0" {
                continue;
            }
            let message = format!(
                "La línea de una exportación lleva el código de IVA {} y debe llevar 0. \
                 Las exportaciones tienen tarifa 0. Cambie el código o quite la exportación.",
                tax.rate_code,
            );
            let at = [index, position];
            report.add(RuleCode::ExportVat, LINE_TAX_RATE_CODE, &at, message);
        }
    }
}

/// Ficha técnica, tables 22 and 23.
fn withholdings(invoice: &Invoice, report: &mut Report) {
    for (index, row) in invoice.withholdings.iter().enumerate() {
        if withholding_code(&row.rate_code).is_none() {
            let message = format!(
                "El código de retención {} no es conocido. \
                 En una factura se admiten 3, 4, 5, 6, 327 y 328. Revise el código.",
                row.rate_code,
            );
            let place = INVOICE_WITHHOLDING_CODE;
            report.add(RuleCode::WithholdingUnknown, place, &[index], message);
        }
    }
}

/// Ficha técnica, section 10: the header repeats the totals of `retenciones`.
pub(super) fn withheld(invoice: &Invoice, report: &mut Report) {
    if invoice.withholdings.is_empty() {
        return;
    }
    use InvoiceWithholdingKind::{IncomeTax, Vat};
    let totals = [
        (Vat, WITHHELD_VAT, invoice.info.withheld_vat),
        (
            IncomeTax,
            WITHHELD_INCOME_TAX,
            invoice.info.withheld_income_tax,
        ),
    ];
    for (kind, place, written) in totals {
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
            report.add(RuleCode::WithheldTotal, place, &[], message);
        }
    }
}

/// Ficha técnica, anexo 11.
fn negotiable(invoice: &Invoice, report: &mut Report) {
    if invoice.info.receiver_address.is_none() {
        let message = "La factura negociable no tiene la dirección del comprador. \
                       La ficha técnica la exige. Agregue la dirección.";
        report.add(RuleCode::NegotiableAddress, RECEIVER_ADDRESS, &[], message);
    }
    let mut payments = invoice.info.payments.iter();
    if !payments.any(|payment| payment.term.is_some() && payment.term_unit.is_some()) {
        let message = "La factura negociable no tiene plazo de pago. \
                       La ficha técnica exige plazo y unidad de tiempo. Agregue el plazo.";
        report.add(RuleCode::NegotiableTerm, PAYMENTS, &[], message);
    }
}
