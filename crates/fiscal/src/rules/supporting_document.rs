//! The supporting documents of a withholding certificate 2.0.0 (ATS).

use rust_decimal::Decimal;

use super::parties::country;
use super::place::{self, Place};
use super::supporting::{self, Cited};
use super::tax::{self, Tax};
use super::withheld::{self, SelfWithholding, Withheld};
use super::{CENT, Report, RuleCode, payments, reimbursement};
use crate::catalogue::{
    BANANA_CODES, ECUADOR, InForce, REIMBURSEMENT_DOCUMENT, SUPPORT_DIVIDENDS, TAX_ICE,
    WITHHELD_INCOME_TAX, WITHHELD_VAT, support_code,
};
use crate::number::Amount;
use crate::totals::{distance, sum};
use crate::withholding::{
    DocumentWithholding, PaymentPlace, SupportingDocument, SupportingReimbursementTotals,
    Withholding,
};

/// `pagoLocExt` of a payment abroad (ATS, table 15).
const ABROAD: &str = "02";
/// `tipoRegi` of a tax haven (ATS, table 19), whose countries have codes of their own.
const TAX_HAVEN: &str = "02";

pub(super) fn check(
    certificate: &Withholding,
    document: &SupportingDocument,
    index: usize,
    report: &mut Report,
) {
    taxes(document, index, report);
    total(document, index, report);
    vat_bases(document, index, report);
    for (position, row) in document.withholdings.iter().enumerate() {
        withholding(certificate, document, row, [index, position], report);
    }
    withheld_bases(document, index, report);
    paid(certificate, document, index, report);
    reimbursed(document, index, report);
    support(document, index, report);
    let day = certificate.info.issue_date;
    let (date, place) = (document.issue_date, place::SUPPORTING_DATE);
    supporting::not_later(Some(date), day, place, &[index], report);
    payment_place(&document.payment_place, index, report);
}

fn taxes(document: &SupportingDocument, index: usize, report: &mut Report) {
    for (position, row) in document.taxes.iter().enumerate() {
        let (tax, at) = (Tax::from(row), [index, position]);
        let place = place::SUPPORTING_TAX_AMOUNT;
        tax::amount(tax, RuleCode::TaxAmount, place, &at, report);
        let Some(rate) = tax.vat() else { continue };
        let place = place::SUPPORTING_TAX_RATE;
        tax::belongs(tax, rate, place, &at, report);
        if rate.in_force_on(document.issue_date) == InForce::No {
            let message = format!(
                "El documento de sustento lleva «{}» y es del {}. \
                 Esa tarifa no estaba vigente ese día. \
                 Confirme la tarifa y la fecha del documento.",
                rate.name,
                document.issue_date.strftime("%d/%m/%Y"),
            );
            let place = place::SUPPORTING_TAX_RATE_CODE;
            report.add(RuleCode::SupportingVatRate, place, &at, message);
        }
    }
}

/// Net plus taxes. What a tip adds has no element: up to 10 % of the net it is
/// let through.
fn total(document: &SupportingDocument, index: usize, report: &mut Report) {
    let net = document.net_total.value();
    let taxes = sum(document.taxes.iter().map(|tax| tax.amount.value()));
    let (expected, written) = (net.saturating_add(taxes), document.total.value());
    if distance(expected, written) <= CENT {
        return;
    }
    let tip = written.saturating_sub(expected);
    let tenth = net.saturating_mul(Decimal::new(1, 1)).saturating_add(CENT);
    let (code, why) = if tip > Decimal::ZERO && tip <= tenth {
        (
            RuleCode::SupportingTotalForm,
            "La diferencia puede ser una propina, que aquí no tiene elemento",
        )
    } else {
        (
            RuleCode::SupportingTotal,
            "Es el total sin impuestos más los impuestos del documento",
        )
    };
    let message = format!(
        "El importe total del documento de sustento es {} y debe ser {}. \
         {why}. Corrija el importe o sus partes.",
        document.total,
        Amount::rounded(expected),
    );
    report.add(code, place::SUPPORTING_TOTAL, &[index], message);
}

/// Every good or service has an IVA row, if only of 0 %; the ICE adds to the base.
fn vat_bases(document: &SupportingDocument, index: usize, report: &mut Report) {
    if document.taxes.is_empty() {
        return;
    }
    let rows = || document.taxes.iter().map(Tax::from);
    let bases = sum(rows().filter(Tax::is_vat).map(|tax| tax.base.value()));
    let ice = rows().filter(|tax| tax.code == TAX_ICE);
    let ice = sum(ice.map(|tax| tax.amount.value()));
    let net = document.net_total;
    let taxed = [net.value(), net.value().saturating_add(ice)];
    if taxed.iter().all(|taxed| distance(bases, *taxed) > CENT) {
        let message = format!(
            "Las bases de IVA del documento de sustento suman {} y su total sin impuestos es \
             {net}. \
             Todo bien o servicio lleva IVA, aunque sea de tarifa 0, no objeto o exento. \
             Corrija las bases o el total sin impuestos.",
            Amount::rounded(bases),
        );
        let code = RuleCode::SupportingVatBase;
        report.add(code, place::SUPPORTING_NET, &[index], message);
    }
}

fn withholding(
    certificate: &Withholding,
    document: &SupportingDocument,
    row: &DocumentWithholding,
    at: [usize; 2],
    report: &mut Report,
) {
    let (withheld, places) = (Withheld::from(row), withheld::OF_DOCUMENTS);
    withheld::check(withheld, certificate.info.issue_date, places, &at, report);
    let shape = SelfWithholding {
        header: &certificate.tax_info,
        subject_id: &certificate.info.subject_id,
        support_code: Some(&document.support_code),
        document_code: Some(&document.document_code),
        document_number: Some(&document.number),
    };
    withheld::self_withholding(withheld, &shape, places, &at, report);
    if row.dividends.is_some() && document.support_code != SUPPORT_DIVIDENDS {
        let message = format!(
            "La retención lleva datos de dividendos y el código de sustento es {}. \
             Los dividendos van solo con el sustento {SUPPORT_DIVIDENDS}. \
             Quite los datos o cambie el sustento.",
            document.support_code,
        );
        let code = RuleCode::DividendsMisplaced;
        report.add(code, place::WITHHELD_DIVIDENDS, &at, message);
    }
    if row.banana_boxes.is_some() && !BANANA_CODES.contains(&withheld.code) {
        let message = format!(
            "La retención lleva cajas de banano y su código es {}. \
             Las cajas van solo con 338, 340, 341, 342, 342A y 342B. \
             Quite las cajas o cambie el código.",
            withheld.code,
        );
        let code = RuleCode::BananaBoxesMisplaced;
        report.add(code, place::WITHHELD_BOXES, &at, message);
    }
}

/// Renta on the whole document, IVA on no more than its IVA (ficha técnica,
/// `baseImponible`; the first is a rule of the community of issuers).
fn withheld_bases(document: &SupportingDocument, index: usize, report: &mut Report) {
    let rows = || document.withholdings.iter().map(Withheld::from);
    let of = |tax: &'static str| rows().filter(move |row| row.tax == tax);
    let base = |tax| sum(of(tax).map(|row| row.base.value()));
    let vat_rows = document.taxes.iter().map(Tax::from).filter(Tax::is_vat);
    let vat = sum(vat_rows.map(|tax| tax.amount.value()));
    let (income, net) = (base(WITHHELD_INCOME_TAX), document.net_total);
    let place = place::WITHHELD;
    if of(WITHHELD_INCOME_TAX).next().is_some() && distance(income, net.value()) > CENT {
        let message = format!(
            "Las bases de renta suman {} y el total sin impuestos del documento es {net}. \
             La retención de renta cubre todo el documento; lo no sujeto lleva el código 332. \
             Complete las retenciones o corrija las bases.",
            Amount::rounded(income),
        );
        report.add(RuleCode::WithheldBase, place, &[index], message);
    }
    if base(WITHHELD_VAT) > vat.saturating_add(CENT) {
        let message = format!(
            "Las bases de las retenciones de IVA suman {} y el IVA del documento es {}. \
             La base de una retención de IVA es el IVA, no el precio. \
             Corrija las bases.",
            Amount::rounded(base(WITHHELD_VAT)),
            Amount::rounded(vat),
        );
        report.add(RuleCode::WithheldVatBase, place, &[index], message);
    }
}

fn paid(
    certificate: &Withholding,
    document: &SupportingDocument,
    index: usize,
    report: &mut Report,
) {
    if document.payments.is_empty() {
        return;
    }
    let paid = sum(document.payments.iter().map(|row| row.total.value()));
    let at = (place::SUPPORTING_PAYMENTS, &[index][..]);
    payments::sum(paid, Decimal::ZERO, document.total, at, report);
    let day = certificate.info.issue_date;
    for (position, row) in document.payments.iter().enumerate() {
        let place = place::SUPPORTING_PAYMENT_METHOD;
        payments::method(&row.method, day, place, &[index, position], report);
    }
}

/// Ficha técnica, anexo 10: reimbursements of documents of type 41 alone.
fn reimbursed(document: &SupportingDocument, index: usize, report: &mut Report) {
    let totals = &document.reimbursement;
    let cited = &document.reimbursed_documents;
    let written = [totals.base_total, totals.tax_total, totals.documents_total];
    let places = &reimbursement::OF_SUPPORTING;
    reimbursement::documents(cited, written, places, Some(index), report);
    let is_one = document.document_code == REIMBURSEMENT_DOCUMENT;
    let none = *totals == SupportingReimbursementTotals::default() && cited.is_empty();
    let complete = written.iter().all(Option::is_some) && !cited.is_empty();
    if is_one && !complete {
        let place = if cited.is_empty() {
            place::SUPPORTING_REIMBURSED
        } else {
            place::SUPPORTING_REIMBURSEMENT
        };
        let message = "El documento de sustento es un reembolso (41) y le faltan datos. \
                       Lleva los tres totales y los comprobantes de reembolso. \
                       Complete los datos.";
        report.add(RuleCode::ReimbursementIncomplete, place, &[index], message);
    } else if !is_one && !none {
        let message = format!(
            "El documento de sustento es de tipo {} y lleva datos de reembolso. \
             Los llevan solo los documentos de tipo 41. \
             Quite el reembolso o cambie el tipo.",
            document.document_code,
        );
        let place = place::SUPPORTING_REIMBURSEMENT;
        report.add(RuleCode::ReimbursementUnneeded, place, &[index], message);
    }
}

/// ATS, tables 4 and 5, and the authorisation number.
fn support(document: &SupportingDocument, index: usize, report: &mut Report) {
    let (code, kind, at) = (&document.support_code, &document.document_code, [index]);
    supporting::known_code(kind, place::SUPPORTING_CODE, &at, report);
    match support_code(code) {
        None => {
            let message = format!(
                "El código de sustento {code} no es conocido. \
                 No consta en la tabla 5 del ATS. \
                 Use un código de 01 a 15.",
            );
            let rule = RuleCode::SupportCodeUnknown;
            report.add(rule, place::SUPPORT_CODE, &at, message);
        }
        Some(known) if !known.allows(kind) => {
            let message = format!(
                "El sustento {code} no admite el documento de tipo {kind}. \
                 La tabla 5 del ATS lo admite con {}. \
                 Cambie el sustento o el tipo de documento.",
                known.documents.join(", "),
            );
            let rule = RuleCode::SupportDocumentNotAllowed;
            report.add(rule, place::SUPPORTING_CODE, &at, message);
        }
        Some(_) => {}
    }
    let cited = Cited {
        document_code: Some(kind),
        number: Some(&document.number),
        issue_date: Some(document.issue_date),
        authorization: document.authorization.as_deref(),
    };
    supporting::authorization(&cited, place::SUPPORTING_AUTHORIZATION, &at, report);
}

/// ATS, tables 15 to 19: what is said of payments abroad, and of no other.
fn payment_place(payment: &PaymentPlace, index: usize, report: &mut Report) {
    let elements = [
        (place::SUPPORTING_REGIME, payment.regime.is_some()),
        (place::SUPPORTING_COUNTRY, payment.country.is_some()),
        (
            place::SUPPORTING_TREATY,
            payment.double_taxation_treaty.is_some(),
        ),
        (
            place::SUPPORTING_LAW,
            payment.subject_to_withholding.is_some(),
        ),
        (
            place::SUPPORTING_PREFERENTIAL,
            payment.preferential_regime.is_some(),
        ),
    ];
    let abroad = payment.code == ABROAD;
    let by_treaty = payment.double_taxation_treaty != Some(false);
    for (place, written) in elements {
        let excused = place == place::SUPPORTING_LAW && by_treaty;
        match (abroad, written) {
            (true, false) if !excused => foreign_missing(place, index, report),
            (false, true) => foreign_unneeded(place, index, report),
            _ => {}
        }
    }
    if abroad && payment.regime.as_deref() != Some(TAX_HAVEN) {
        foreign_country(payment.country.as_deref(), index, report);
    }
}

fn foreign_missing(place: Place, index: usize, report: &mut Report) {
    let message = "Falta un dato del pago al exterior. \
                   Con tipo de pago 02 se dicen el régimen, el país, si hay convenio de doble \
                   tributación (y si no, si la ley lo sujeta a retención) y si es un régimen \
                   preferente. \
                   Complete el dato.";
    report.add(RuleCode::ForeignPaymentIncomplete, place, &[index], message);
}

fn foreign_unneeded(place: Place, index: usize, report: &mut Report) {
    let message = "El pago es local y lleva un dato de los pagos al exterior. \
                   Ese dato va solo con tipo de pago 02. \
                   Quite el dato o cambie el tipo de pago.";
    report.add(RuleCode::ForeignPaymentUnneeded, place, &[index], message);
}

fn foreign_country(code: Option<&str>, index: usize, report: &mut Report) {
    country(code, place::SUPPORTING_COUNTRY, &[index], report);
    if code == Some(ECUADOR) {
        let message = "El pago al exterior lleva como país a Ecuador (593). \
                       Un pago al exterior se hace en otro país. \
                       Cambie el país o el tipo de pago.";
        let place = place::SUPPORTING_COUNTRY;
        report.add(RuleCode::ForeignPaymentCountry, place, &[index], message);
    }
}
