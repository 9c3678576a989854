//! Invoices and purchase settlements: the documents of priced lines and payments.

use rust_decimal::Decimal;

use super::header::{self, Header};
use super::parties::{self, party};
use super::place::{
    ISSUE_DATE, PAYMENT_METHOD, PAYMENTS, RECEIVER_ID, SUBSTITUTE_CARRIER_ID, SUPPLIER_ID,
    SUPPLIER_ID_TYPE, TIP,
};
use super::sale::{Sale, SaleLine};
use super::{Report, RuleCode, RuleContext};
use super::{contents, dates, lines, payments, plates, reimbursement, sums, tax_totals};
use crate::common::Payment;
use crate::identifier::DocumentType;
use crate::invoice::Invoice;
use crate::number::{Amount, round_money};
use crate::purchase_settlement::PurchaseSettlement;
use crate::totals::sum;

pub(super) fn check(invoice: &Invoice, context: &RuleContext, report: &mut Report) {
    let info = &invoice.info;
    let sale = Sale::of_invoice(invoice);
    figures(&sale, report);
    tip(invoice, report);
    let withheld = [info.withheld_vat, info.withheld_income_tax];
    let withheld = sum(withheld.into_iter().flatten().map(Amount::value));
    paid(&info.payments, withheld, &sale, report);
    contents::withheld(invoice, report);
    let cited = &invoice.reimbursed_documents;
    let (lines, net) = (&invoice.lines, info.net_total);
    reimbursement::of_sale(&info.reimbursement, cited, lines, net, report);

    let (kind, id) = (&info.receiver_id_type, &info.receiver_id);
    party(kind, id, RECEIVER_ID, &[], report);
    if let Some(waybill) = &invoice.substitute_waybill {
        let (kind, id) = (&waybill.carrier_id_type, &waybill.carrier_id);
        party(kind, id, SUBSTITUTE_CARRIER_ID, &[], report);
    }
    parties::final_consumer(invoice, report);
    dates::issue_date(info.issue_date, context.today, ISSUE_DATE, report);
    header::check(&header_of(invoice), context, report);
    methods(&info.payments, info.issue_date, report);
    plates::check(invoice, &context.issuer, report);
    contents::check(invoice, report);
}

pub(super) fn check_settlement(
    settlement: &PurchaseSettlement,
    context: &RuleContext,
    report: &mut Report,
) {
    let info = &settlement.info;
    let sale = Sale::of_settlement(settlement);
    figures(&sale, report);
    paid(&info.payments, Decimal::ZERO, &sale, report);
    let cited = &settlement.reimbursed_documents;
    let (lines, net) = (&settlement.lines, info.net_total);
    reimbursement::of_sale(&info.reimbursement, cited, lines, net, report);

    let (kind, id) = (&info.supplier_id_type, &info.supplier_id);
    party(kind, id, SUPPLIER_ID, &[], report);
    parties::identified(kind, SUPPLIER_ID_TYPE, report);
    dates::issue_date(info.issue_date, context.today, ISSUE_DATE, report);
    header::check(&header_of_settlement(settlement), context, report);
    methods(&info.payments, info.issue_date, report);
}

/// Lines and totals, also of credit notes.
pub(super) fn figures<L: SaleLine>(sale: &Sale<'_, L>, report: &mut Report) {
    lines::check(sale, report);
    sums::net(sale, report);
    tax_totals::check(sale, report);
    sums::discount(sale, report);
    sums::total(sale, report);
}

fn header_of(invoice: &Invoice) -> Header<'_> {
    Header {
        document_type: DocumentType::Invoice,
        tax_info: &invoice.tax_info,
        day: invoice.info.issue_date,
        day_written: true,
        fields: &invoice.additional_fields,
    }
}

fn header_of_settlement(settlement: &PurchaseSettlement) -> Header<'_> {
    Header {
        document_type: DocumentType::PurchaseSettlement,
        tax_info: &settlement.tax_info,
        day: settlement.info.issue_date,
        day_written: true,
        fields: &settlement.additional_fields,
    }
}

/// Ficha técnica, table 21: at most 10 % of the subtotal.
fn tip(invoice: &Invoice, report: &mut Report) {
    let tip = invoice.info.tip.unwrap_or_default();
    let net = invoice.info.net_total.value();
    let tenth = net.saturating_mul(Decimal::new(1, 1));
    if tip.value() > round_money(tenth) {
        let message = format!(
            "La propina es {tip} y puede ser hasta {}. \
             No supera el 10 % del total sin impuestos. Reduzca la propina.",
            Amount::rounded(tenth),
        );
        report.add(RuleCode::TipTooHigh, TIP, &[], message);
    }
}

fn paid<L>(rows: &[Payment], withheld: Decimal, sale: &Sale<'_, L>, report: &mut Report) {
    if rows.is_empty() {
        return payments::missing(PAYMENTS, report);
    }
    let paid = sum(rows.iter().map(|row| row.total.value()));
    payments::sum(paid, withheld, sale.total, (PAYMENTS, &[]), report);
}

fn methods(rows: &[Payment], day: jiff::civil::Date, report: &mut Report) {
    for (index, row) in rows.iter().enumerate() {
        payments::method(&row.method, day, PAYMENT_METHOD, &[index], report);
    }
}
