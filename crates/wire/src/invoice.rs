//! The request of an invoice: what is particular to it.

use jiff::civil::Date;
use tagua_fiscal::invoice::AdditionalField;

use super::currency::read_currency;
use super::document_number::read_document_number;
use super::draft::Draft;
use super::export::read_export;
use super::items::read_items;
use super::party::{Party, read_party};
use super::payments::{read_credit, read_sale_payments};
use super::reader::Reader;
use super::reimbursement::read_reimbursement;
use super::request::{Content, Known, ReadContent};
use super::sale::{Sale, write_amounts};
use super::taxes::LineTaxes;
use super::totals::read_totals;
use super::withholdings::{read_compensations, read_withholdings};

#[derive(Clone, Debug)]
pub(super) struct InvoiceContent {
    pub(super) receiver: Party,
    pub(super) waybill_number: Option<String>,
    pub(super) sale: Sale,
    pub(super) negotiable_email: Option<String>,
}

/// Reads what is particular to an invoice. The additional fields may get one
/// more: the original currency.
pub(super) fn read(
    r: &Reader<'_, '_>,
    known: &Known<'_>,
    additional: &mut Vec<AdditionalField>,
) -> Option<ReadContent> {
    let amounts = known.ctx.amounts();
    let receiver = read_party(r, "comprador");
    let totals = read_totals(r, amounts);
    let lines = read_items(r, LineTaxes::Any, amounts);
    let payments = read_sale_payments(r, "medio", amounts);
    let waybill_number = read_document_number(r, "guia_remision");
    let foreign = read_currency(r);
    let negotiable = r.boolean("negociable").unwrap_or(false);
    let reminder = r.boolean("enviar_recordatorio_pago").unwrap_or(false);
    let draft = Draft {
        lines,
        payments,
        credit: read_credit(r),
        withheld_vat: r.number(r.pick(&["valor_retenido_iva", "valor_ret_iva"])),
        withheld_income_tax: r.number(r.pick(&["valor_retenido_renta", "valor_ret_renta"])),
        withholdings: read_withholdings(r),
        compensations: read_compensations(r),
        export: read_export(r),
        reimbursement: read_reimbursement(r),
        ..Draft::default()
    };
    let (receiver, totals) = (receiver?, totals?);
    let due_date = due_date(&draft, known.issue_date);
    let mut sale = write_amounts(r, draft, &totals, foreign.as_ref(), known, additional)?;
    sale.settle_payments(known);
    let receiver_emails = receiver.emails.clone();
    Some(ReadContent {
        issue_date: None,
        // Without an address there is nobody to remind.
        payment_reminder: due_date.filter(|_| reminder && !receiver_emails.is_empty()),
        receiver_emails,
        content: Content::Invoice(Box::new(InvoiceContent {
            waybill_number: waybill_number.map(|number| number.with_hyphens()),
            sale,
            negotiable_email: negotiable_email(negotiable, &receiver),
            receiver,
        })),
    })
}

/// When the payment is due (CONTRACT 7.4.10): the date of the credit, else the
/// longest term of the payments counted from the issue.
fn due_date(draft: &Draft, issue_date: Date) -> Option<Date> {
    if let Some(credit) = &draft.credit {
        return Some(credit.due_date);
    }
    let payments = draft.payments.iter();
    payments.filter_map(|row| row.due_date(issue_date)).max()
}

/// The first address of the buyer, if the element can hold it (CONTRACT 7.4.11).
fn negotiable_email(negotiable: bool, receiver: &Party) -> Option<String> {
    const LENGTH_MAX: usize = 100;
    let first = receiver.emails.first().filter(|_| negotiable)?;
    (first.chars().count() <= LENGTH_MAX).then(|| first.clone())
}
