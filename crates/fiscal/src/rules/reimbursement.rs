//! Invoices that bill expenses paid for somebody else (`codDocReembolso` 41).

use rust_decimal::Decimal;

use super::{CENT, ModelPath, Report, RuleCode, info, lines, lines_at};
use crate::catalogue::{REIMBURSEMENT_DOCUMENT, TAX_VAT, VAT_NOT_SUBJECT};
use crate::invoice::{Invoice, LineTax, ReimbursementTotals};
use crate::number::Amount;
use crate::totals::{distance, sum};

pub(super) fn check(invoice: &Invoice, report: &mut Report) {
    let totals = &invoice.info.reimbursement;
    if *totals == ReimbursementTotals::default() && invoice.reimbursed_documents.is_empty() {
        return;
    }
    documents(invoice, report);
    sums(invoice, report);
    items(invoice, report);
    incomplete(invoice, report);
}

fn documents(invoice: &Invoice, report: &mut Report) {
    for (index, document) in invoice.reimbursed_documents.iter().enumerate() {
        let path = ModelPath::of("reimbursed_documents").at(index);
        for (position, tax) in document.taxes.iter().enumerate() {
            let path = path.clone().field("taxes").at(position).field("amount");
            lines::amount(tax, path, report);
        }
        let digits = document.authorization.len();
        if !matches!(digits, 10 | 37 | 49) {
            let message = format!(
                "El número de autorización {} tiene {digits} caracteres. \
                 Debe tener 10, 37 o 49 dígitos. Revise el número.",
                document.authorization,
            );
            let path = path.field("authorization");
            report.add(RuleCode::ReimbursedAuthorization, path, message);
        }
    }
}

fn sums(invoice: &Invoice, report: &mut Report) {
    let taxes = || invoice.reimbursed_documents.iter().flat_map(|d| &d.taxes);
    let add = |of: fn(&LineTax) -> Amount| sum(taxes().map(|tax| of(tax).value()));
    let (base, tax) = (add(|tax| tax.base), add(|tax| tax.amount));
    let totals = &invoice.info.reimbursement;
    let rows = [
        ("base_total", totals.base_total, base),
        ("tax_total", totals.tax_total, tax),
        (
            "documents_total",
            totals.documents_total,
            base.saturating_add(tax),
        ),
    ];
    for (field, written, expected) in rows {
        if let Some(written) = written {
            total(
                written,
                expected,
                info("reimbursement").field(field),
                report,
            );
        }
    }
    let net = invoice.info.net_total;
    if let Some(written) = totals.documents_total
        && distance(written.value(), net.value()) > CENT
    {
        let message = format!(
            "El total de comprobantes de reembolso es {written} y el total sin impuestos es {net}. \
             La factura cobra lo que suman los comprobantes. Corrija uno de los dos.",
        );
        let path = info("reimbursement").field("documents_total");
        report.add(RuleCode::ReimbursementNet, path, message);
    }
}

fn total(written: Amount, expected: Decimal, path: ModelPath, report: &mut Report) {
    if distance(written.value(), expected) > CENT {
        let message = format!(
            "El total del reembolso es {written} y debe ser {}. \
             Es la suma de los comprobantes de reembolso. \
             Corrija el total o los comprobantes.",
            Amount::rounded(expected),
        );
        report.add(RuleCode::ReimbursementSum, path, message);
    }
}

fn items(invoice: &Invoice, report: &mut Report) {
    for (index, line) in invoice.lines.iter().enumerate() {
        for (position, tax) in line.taxes.iter().enumerate() {
            if tax.code != TAX_VAT || tax.rate_code == VAT_NOT_SUBJECT {
                continue;
            }
            let message = format!(
                "La línea de un reembolso lleva el código de IVA {} y debe llevar 6. \
                 El reembolso no es objeto de IVA. Cambie el código a 6 con tarifa 0.",
                tax.rate_code,
            );
            let path = lines_at(index)
                .field("taxes")
                .at(position)
                .field("rate_code");
            report.add(RuleCode::ReimbursementItemVat, path, message);
        }
    }
}

fn incomplete(invoice: &Invoice, report: &mut Report) {
    let totals = &invoice.info.reimbursement;
    let has_code = totals.document_code.as_deref() == Some(REIMBURSEMENT_DOCUMENT);
    let missing = [
        ("document_code", !has_code),
        ("documents_total", totals.documents_total.is_none()),
        ("base_total", totals.base_total.is_none()),
        ("tax_total", totals.tax_total.is_none()),
    ];
    let of_totals = missing
        .into_iter()
        .filter(|(_, missing)| *missing)
        .map(|(field, _)| info("reimbursement").field(field));
    let of_documents = invoice
        .reimbursed_documents
        .is_empty()
        .then(|| ModelPath::of("reimbursed_documents"));
    for path in of_totals.chain(of_documents) {
        let message = "Falta un dato del reembolso. Una factura de reembolso lleva el código 41, \
                       sus tres totales y los comprobantes. Complete el dato.";
        report.add(RuleCode::ReimbursementIncomplete, path, message);
    }
}
