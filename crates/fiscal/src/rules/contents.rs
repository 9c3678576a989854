//! What a document must say besides its figures: exports, payment codes,
//! legends, additional fields and negotiable invoices.

use super::{ModelPath, Report, RuleCode, info, lines_at};
use crate::catalogue::{
    EXPORTER, RIMPE_LEGENDS, TAX_VAT, country_by_code, is_retired_payment_method, payment_method,
    withholding_code,
};
use crate::invoice::{Export, Invoice};
use crate::totals::export_charges;

/// Of each document (ficha técnica, `campoAdicional`).
const ADDITIONAL_FIELDS_MAX: usize = 15;
/// Of each line (`detAdicional`).
const LINE_DETAILS_MAX: usize = 3;

pub(super) fn check(invoice: &Invoice, report: &mut Report) {
    if is_export(invoice) {
        export(invoice, report);
    }
    countries(invoice, report);
    payment_methods(invoice, report);
    withholdings(invoice, report);
    rimpe(invoice, report);
    counts(invoice, report);
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
    let data = &invoice.info.export;
    let exporter = data.foreign_trade.as_deref() == Some(EXPORTER);
    let of = |field| info("export").field(field);
    let missing = [
        (of("foreign_trade"), !exporter),
        (of("incoterm"), data.incoterm.is_none()),
        (of("incoterm_place"), data.incoterm_place.is_none()),
        (of("origin_country"), data.origin_country.is_none()),
        (of("origin_port"), data.origin_port.is_none()),
        (of("destination_port"), data.destination_port.is_none()),
        (
            info("incoterm_of_net_total"),
            invoice.info.incoterm_of_net_total.is_none(),
        ),
    ];
    for (path, _) in missing.into_iter().filter(|(_, missing)| *missing) {
        let message = "Falta un dato de la exportación. La ficha técnica exige EXPORTADOR, \
                       incoterm y su lugar, país de origen, puertos e incoterm del total. \
                       Complete el dato.";
        report.add(RuleCode::ExportIncomplete, path, message);
    }
    for (index, line) in invoice.lines.iter().enumerate() {
        for (position, tax) in line.taxes.iter().enumerate() {
            if tax.code == TAX_VAT && tax.rate_code != "0" {
                let message = format!(
                    "La línea de una exportación lleva el código de IVA {} y debe llevar 0. \
                     Las exportaciones tienen tarifa 0. Cambie el código o quite la exportación.",
                    tax.rate_code,
                );
                let path = lines_at(index)
                    .field("taxes")
                    .at(position)
                    .field("rate_code");
                report.add(RuleCode::ExportVat, path, message);
            }
        }
    }
}

fn countries(invoice: &Invoice, report: &mut Report) {
    let data = &invoice.info.export;
    let of = |field| info("export").field(field);
    let of_export = [
        (of("origin_country"), &data.origin_country),
        (of("destination_country"), &data.destination_country),
        (of("acquisition_country"), &data.acquisition_country),
    ];
    let documents = invoice.reimbursed_documents.iter().enumerate();
    let of_suppliers = documents.map(|(index, document)| {
        let path = ModelPath::of("reimbursed_documents").at(index);
        (path.field("supplier_country"), &document.supplier_country)
    });
    for (path, code) in of_export.into_iter().chain(of_suppliers) {
        let Some(code) = code
            .as_deref()
            .filter(|code| country_by_code(code).is_none())
        else {
            continue;
        };
        let message = format!(
            "El país {code} no es conocido. Los países llevan los tres dígitos de la tabla 25 de \
             la ficha técnica; Ecuador es 593. Cambie el código.",
        );
        report.add(RuleCode::CountryUnknown, path, message);
    }
}

fn payment_methods(invoice: &Invoice, report: &mut Report) {
    let day = invoice.info.issue_date;
    for (index, payment) in invoice.info.payments.iter().enumerate() {
        let code = &payment.method;
        let (rule, why) = match payment_method(code) {
            Some(method) if method.since <= day => continue,
            None if is_retired_payment_method(code) => (
                RuleCode::PaymentMethodRetired,
                "Los códigos 02 a 14 ya no se usan",
            ),
            _ => (
                RuleCode::PaymentMethodUnknown,
                "No consta en la tabla 24 en la fecha de emisión",
            ),
        };
        let message = format!(
            "La forma de pago {code} no es válida. {why}. \
             Use 01, 15, 16, 17, 18, 19, 20 o 21.",
        );
        let path = info("payments").at(index).field("method");
        report.add(rule, path, message);
    }
}

fn withholdings(invoice: &Invoice, report: &mut Report) {
    for (index, row) in invoice.withholdings.iter().enumerate() {
        if withholding_code(&row.rate_code).is_none() {
            let message = format!(
                "El código de retención {} no es conocido. \
                 En una factura se admiten 3, 4, 5, 6, 327 y 328. Revise el código.",
                row.rate_code,
            );
            let path = ModelPath::of("withholdings").at(index).field("rate_code");
            report.add(RuleCode::WithholdingUnknown, path, message);
        }
    }
}

fn rimpe(invoice: &Invoice, report: &mut Report) {
    let legend = invoice.tax_info.rimpe_legend.as_deref();
    let Some(legend) = legend.filter(|legend| !RIMPE_LEGENDS.contains(legend)) else {
        return;
    };
    let [first, second] = RIMPE_LEGENDS;
    let message = format!(
        "La leyenda RIMPE es «{legend}». \
         Solo se admiten «{first}» y «{second}». Escriba una de las dos.",
    );
    let path = ModelPath::of("tax_info").field("rimpe_legend");
    report.add(RuleCode::RimpeLegend, path, message);
}

fn counts(invoice: &Invoice, report: &mut Report) {
    let fields = invoice.additional_fields.len();
    if fields > ADDITIONAL_FIELDS_MAX {
        let message = format!(
            "Hay {fields} campos adicionales y pueden ser hasta {ADDITIONAL_FIELDS_MAX}. \
             El esquema no admite más. Quite o una campos.",
        );
        let path = ModelPath::of("additional_fields");
        report.add(RuleCode::TooManyAdditionalFields, path, message);
    }
    for (index, line) in invoice.lines.iter().enumerate() {
        let details = line.details.len();
        if details > LINE_DETAILS_MAX {
            let message = format!(
                "La línea tiene {details} detalles adicionales y pueden ser hasta \
                 {LINE_DETAILS_MAX}. El esquema no admite más. Quite o una detalles.",
            );
            let path = lines_at(index).field("details");
            report.add(RuleCode::TooManyLineDetails, path, message);
        }
    }
}

/// Ficha técnica, anexo 11.
fn negotiable(invoice: &Invoice, report: &mut Report) {
    if invoice.info.receiver_address.is_none() {
        let message = "La factura negociable no tiene la dirección del comprador. \
                       La ficha técnica la exige. Agregue la dirección.";
        let path = info("receiver_address");
        report.add(RuleCode::NegotiableAddress, path, message);
    }
    let mut payments = invoice.info.payments.iter();
    if !payments.any(|payment| payment.term.is_some() && payment.term_unit.is_some()) {
        let message = "La factura negociable no tiene plazo de pago. \
                       La ficha técnica exige plazo y unidad de tiempo. Agregue el plazo.";
        report.add(RuleCode::NegotiableTerm, info("payments"), message);
    }
}
