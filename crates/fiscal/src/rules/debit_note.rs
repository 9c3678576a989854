//! Debit notes: reasons with an amount instead of lines.

use rust_decimal::Decimal;

use super::header::{self, Header};
use super::place::{
    ISSUE_DATE, NET_TOTAL, PAYMENT_LIST_METHOD, PAYMENT_LISTS, TAX_TOTAL_AMOUNT, TAX_TOTAL_RATE,
    TAX_TOTAL_RATE_CODE, TAX_TOTALS, TOTAL,
};
use super::tax::{self, Tax, VatDay};
use super::{CENT, Report, RuleCode, RuleContext, dates, notes, payments, tax_totals};
use crate::catalogue::TAX_ICE;
use crate::debit_note::DebitNote;
use crate::identifier::DocumentType;
use crate::number::Amount;
use crate::totals::{distance, refund_sum, sum, tax_sum};

pub(super) fn check(note: &DebitNote, context: &RuleContext, report: &mut Report) {
    let info = &note.info;
    net(note, report);
    taxes(note, report);
    vat_bases(note, report);
    total(note, report);
    paid(note, report);
    notes::receiver(&info.receiver_id_type, &info.receiver_id, report);
    dates::issue_date(info.issue_date, context.today, ISSUE_DATE, report);
    notes::modified(&info.modified_document, info.issue_date, report);
    notes::rise(info.rise_legend.as_deref(), info.issue_date, report);
    let header = Header {
        document_type: DocumentType::DebitNote,
        tax_info: &note.tax_info,
        day: info.issue_date,
        day_written: true,
        fields: &note.additional_fields,
    };
    header::check(&header, context, report);
}

/// Ficha técnica, `totalSinImpuestos`: the sum of the reasons.
fn net(note: &DebitNote, report: &mut Report) {
    let expected = sum(note.reasons.iter().map(|reason| reason.amount.value()));
    let written = note.info.net_total;
    if distance(expected, written.value()) > CENT {
        let message = format!(
            "El total sin impuestos es {written} y debe ser {}. \
             Es la suma de los valores de los motivos. \
             Corrija el total o los motivos.",
            Amount::rounded(expected),
        );
        report.add(RuleCode::NetTotal, NET_TOTAL, &[], message);
    }
}

fn taxes(note: &DebitNote, report: &mut Report) {
    let info = &note.info;
    let day = VatDay::Modified(info.modified_document.issue_date, info.issue_date);
    for (index, row) in info.tax_totals.iter().enumerate() {
        let (tax, at) = (Tax::from(row), [index]);
        let places = (TAX_TOTAL_RATE_CODE, TAX_TOTAL_RATE);
        tax::vat_rate_of(tax, day, places, &at, report);
        tax::amount(tax, RuleCode::TaxTotalAmount, TAX_TOTAL_AMOUNT, &at, report);
        tax_totals::refund(row, &info.receiver_id_type, index, report);
    }
}

/// Each reason is taxed once, if only at 0 %; the ICE adds to the base.
fn vat_bases(note: &DebitNote, report: &mut Report) {
    let rows = || note.info.tax_totals.iter().map(Tax::from);
    let bases = sum(rows().filter(Tax::is_vat).map(|tax| tax.base.value()));
    let ice = rows().filter(|tax| tax.code == TAX_ICE);
    let ice = sum(ice.map(|tax| tax.amount.value()));
    let net = note.info.net_total;
    let taxed = [net.value(), net.value().saturating_add(ice)];
    if taxed.iter().all(|taxed| distance(bases, *taxed) > CENT) {
        let message = format!(
            "Las bases de IVA suman {} y el total sin impuestos es {net}. \
             Todo motivo lleva IVA, aunque sea de tarifa 0, no objeto o exento. \
             Corrija las bases o el total.",
            Amount::rounded(bases),
        );
        report.add(RuleCode::TaxTotalBase, TAX_TOTALS, &[], message);
    }
}

/// Ficha técnica, `valorTotal`: net and taxes, less the refund of IVA; the
/// compensations of 2016 and 2017 were subtracted or not. Clients also leave
/// taxes other than IVA out, as Dátil's own example of a debit note does.
fn total(note: &DebitNote, report: &mut Report) {
    let info = &note.info;
    let net = info.net_total.value();
    let refund = refund_sum(&info.tax_totals);
    let official = sum([net, tax_sum(&info.tax_totals), -refund]);
    let compensated = sum(info.compensations.iter().map(|row| row.amount.value()));
    let holds = |expected: Decimal| distance(expected, info.total.value()) <= CENT;
    if holds(official) || holds(official.saturating_sub(compensated)) {
        return;
    }
    let vat = info.tax_totals.iter().map(Tax::from).filter(Tax::is_vat);
    let vat = sum(vat.map(|tax| tax.amount.value()));
    let code = if holds(sum([net, vat, -refund])) {
        RuleCode::TotalForm
    } else {
        RuleCode::Total
    };
    let message = format!(
        "El valor total es {} y debe ser {}. \
         Es el total sin impuestos más todos los impuestos, menos la devolución de IVA. \
         Corrija el valor total o sus partes.",
        info.total,
        Amount::rounded(official),
    );
    report.add(code, TOTAL, &[], message);
}

fn paid(note: &DebitNote, report: &mut Report) {
    let info = &note.info;
    if info.payments().next().is_none() {
        return;
    }
    let paid = sum(info.payments().map(|payment| payment.total.value()));
    let place = (PAYMENT_LISTS, &[][..]);
    payments::sum(paid, Decimal::ZERO, info.total, place, report);
    for (list, rows) in info.payment_lists.iter().enumerate() {
        for (index, payment) in rows.iter().enumerate() {
            let (day, at) = (info.issue_date, [list, index]);
            payments::method(&payment.method, day, PAYMENT_LIST_METHOD, &at, report);
        }
    }
}
