//! The request of a withholding of schema 2.0.0, which SRI calls ATS: what was
//! withheld, document by document (CONTRACT 7.8).

use rust_decimal::Decimal;
use tagua_fiscal::withholding::{
    PaymentPlace, SupportingDocument, SupportingPayment, SupportingTax, WithholdingBody,
};
use tagua_fiscal::{Amount, Rate};

use super::ats_reimbursement::read_reimbursed;
use super::ats_withheld::read_document_withholding;
use super::context::Amounts;
use super::document_number::required_document_number;
use super::export::read_country;
use super::finding::ErrorCode;
use super::json::Value;
use super::payments::read_sale_payments;
use super::reader::{Need, Reader};
use super::request::ReadContent;
use super::retention::{WithholdingContent, read_subject};
use super::rows::read_rows;
use super::supporting::{
    read_authorization, read_short_code, required_document_type, required_short_code,
};
use super::taxes::{IVA, SentTax, complete, read_taxes};
use super::text::{is_digits, zero_padded};

/// The identification type with which the subject's kind is told (SRI's error 52).
const FOREIGN_ID: &str = "08";

/// `pagoLocExt` of a payment abroad.
const ABROAD: &str = "02";

/// What the authorization is called: the field table prints an accent, which
/// may come as one character or two.
const AUTHORIZATION_KEYS: [&str; 3] = [
    "numero_autorizacion",
    "numero_autorizaci\u{f3}n",
    "numero_autorizacio\u{301}n",
];

/// Reads what is particular to a withholding of schema 2.0.0.
pub(super) fn read(r: &Reader<'_, '_>) -> Option<ReadContent> {
    let subject = read_subject(r);
    let subject_type = read_short_code(r, "tipo_sujeto_retenido", 2);
    let related_party = r.boolean("parte_relacionada").unwrap_or(false);
    let documents = read_rows(r, "documentos_soporte", read_document);
    let subject = subject?;
    let foreign = subject.person.id_type == FOREIGN_ID;
    let content = WithholdingContent {
        subject,
        subject_type: subject_type.filter(|_| foreign),
        related_party: Some(related_party),
        body: WithholdingBody::Documents(documents?),
    };
    Some(content.into_read())
}

fn read_document(r: &Reader<'_, '_>) -> Option<SupportingDocument> {
    let support_code = required_short_code(r, "codigo_sustento", 2);
    let document_code = required_document_type(r, "tipo_documento");
    let number = required_document_number(r, "numero");
    let issue_date = r.required_date("fecha_emision");
    let accounting_date = r.date("fecha_registro_contable");
    let authorization = read_authorization(r, r.pick(&AUTHORIZATION_KEYS));
    let payment_place = read_payment_place(r);
    let net_total = r.required_number("total_sin_impuestos");
    let total = r.required_number("total");
    let taxes = read_supporting_taxes(r, net_total.unwrap_or_default());
    let withholdings = read_rows(r, "retenciones", read_document_withholding);
    let (reimbursement, reimbursed_documents) = read_reimbursed(r);
    let payments = read_supporting_payments(r, total.unwrap_or_default());
    Some(SupportingDocument {
        support_code: support_code?,
        document_code: document_code?,
        number: number?.without_hyphens(),
        issue_date: issue_date?,
        accounting_date,
        authorization,
        payment_place: payment_place?,
        reimbursement,
        net_total: Amount::rounded(net_total?),
        total: Amount::rounded(total?),
        taxes: taxes?,
        withholdings: withholdings?,
        reimbursed_documents,
        payments,
    })
}

/// Clients send the data of payments abroad with local payments too: they are
/// neither looked at nor written then (CONTRACT 10, 56).
fn read_payment_place(r: &Reader<'_, '_>) -> Option<PaymentPlace> {
    let code = read_payment_place_code(r)?;
    if code != ABROAD {
        return Some(PaymentPlace {
            code,
            regime: None,
            country: None,
            double_taxation_treaty: None,
            subject_to_withholding: None,
            preferential_regime: None,
        });
    }
    let treaty = r.boolean("aplica_convenio");
    let subject_to_withholding = r.boolean("pago_exterior");
    Some(PaymentPlace {
        code,
        regime: read_short_code(r, "tipo_regimen_fiscal", 2),
        country: read_payment_country(r),
        double_taxation_treaty: treaty,
        // A question that only arises where no treaty answers it.
        subject_to_withholding: subject_to_withholding.filter(|_| treaty != Some(true)),
        preferential_regime: r.boolean("pago_regimen_fiscal"),
    })
}

fn read_payment_place_code(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "tipo_pago";
    let code = zero_padded(&r.required_code(KEY)?, 2);
    if !matches!(code.as_str(), "01" | ABROAD) {
        let details = "Use 01 (pago a residente) o 02 (pago a no residente)";
        r.invalid(KEY, ErrorCode::InvalidValue, details);
        return None;
    }
    Some(code)
}

/// Some tax havens have four digits.
fn read_payment_country(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "pais";
    match r.value(KEY).and_then(super::text::scalar) {
        Some(sent) if is_digits(sent.trim(), 4, 4) => r.code(KEY),
        _ => read_country(r, KEY),
    }
}

fn read_supporting_taxes(r: &Reader<'_, '_>, net_total: Decimal) -> Option<Vec<SupportingTax>> {
    let sent = read_taxes(r);
    report_untold_bases(r, &sent);
    let Some(taxes) = complete(sent, net_total, Decimal::ZERO) else {
        let details = "La base por la tarifa es demasiado grande";
        r.invalid("impuestos", ErrorCode::InvalidValue, details);
        return None;
    };
    let taxes = taxes.into_iter().map(|tax| SupportingTax {
        code: tax.code,
        rate_code: tax.rate_code,
        base: Amount::rounded(tax.base),
        rate: Rate::rounded(tax.rate),
        amount: Amount::rounded(tax.amount),
    });
    Some(taxes.collect())
}

/// A single IVA row is over the whole document. Of several nobody can tell
/// which part each is over.
fn report_untold_bases(r: &Reader<'_, '_>, sent: &[SentTax]) {
    const KEY: &str = "impuestos";
    let all_read = matches!(r.value(KEY), Some(Value::Array(rows)) if rows.len() == sent.len());
    let vat_rows = sent.iter().filter(|tax| tax.code == IVA).count();
    if !all_read || vat_rows < 2 {
        return;
    }
    for (row, tax) in r.children(KEY, Need::Optional).iter().zip(sent) {
        if tax.code == IVA && row.value("base_imponible").is_none() {
            row.missing("base_imponible");
        }
    }
}

/// The schema wants a payment: without any there is one over the total.
fn read_supporting_payments(r: &Reader<'_, '_>, total: Decimal) -> Vec<SupportingPayment> {
    let sent = read_sale_payments(r, "tipo_pago", Amounts::Sent);
    if sent.is_empty() {
        return vec![SupportingPayment {
            method: "20".to_owned(),
            total: Amount::rounded(total),
        }];
    }
    let payments = sent.into_iter().map(|row| SupportingPayment {
        method: row.method.to_owned(),
        total: Amount::rounded(row.total),
    });
    payments.collect()
}
