//! The request of an invoice: what is particular to it.

use jiff::civil::Date;
use tagua_fiscal::invoice::AdditionalField;

use super::additional::FIELDS_MAX;
use super::context::{ForeignCurrency, MissingPayment};
use super::conversion::convert;
use super::currency::{Foreign, read_currency};
use super::document_number::read_document_number;
use super::draft::{Draft, DraftPayment};
use super::export::read_export;
use super::finding::ErrorCode;
use super::items::read_items;
use super::party::{Party, read_party};
use super::payments::{read_credit, read_payments};
use super::reader::Reader;
use super::reimbursement::read_reimbursement;
use super::request::{Content, Known, ReadContent};
use super::totals::{SentTotals, complete_totals, read_totals};
use super::withholdings::{read_compensations, read_withholdings};

#[derive(Clone, Debug)]
pub(super) struct InvoiceContent {
    pub(super) receiver: Party,
    pub(super) waybill_number: Option<String>,
    /// In the currency that will be written.
    pub(super) draft: Draft,
    pub(super) currency: String,
    pub(super) negotiable_email: Option<String>,
}

/// Reads what is particular to an invoice. The additional fields may get one
/// more: the original currency.
pub(super) fn read(
    r: &Reader<'_, '_>,
    known: &Known<'_>,
    additional: &mut Vec<AdditionalField>,
) -> Option<ReadContent> {
    let receiver = read_party(r, "comprador");
    let totals = read_totals(r);
    let lines = read_items(r);
    let payments = read_payments(r);
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
    let written = write_amounts(draft, &totals, foreign.as_ref(), known, additional);
    let Some((draft, currency)) = written else {
        let details = "Los importes son demasiado grandes para calcular con ellos";
        r.invalid("totales", ErrorCode::InvalidValue, details);
        return None;
    };
    let receiver_emails = receiver.emails.clone();
    Some(ReadContent {
        issue_date: None,
        // Without an address there is nobody to remind.
        payment_reminder: due_date.filter(|_| reminder && !receiver_emails.is_empty()),
        receiver_emails,
        content: Content::Invoice(Box::new(InvoiceContent {
            waybill_number: waybill_number.map(|number| number.with_hyphens()),
            draft,
            currency,
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

/// Completes the totals, converts, and settles the payments. `None` when a
/// number grows too big.
fn write_amounts(
    mut draft: Draft,
    sent: &SentTotals,
    foreign: Option<&Foreign>,
    known: &Known<'_>,
    additional: &mut Vec<AdditionalField>,
) -> Option<(Draft, String)> {
    let ctx = known.ctx;
    draft.totals = complete_totals(sent, &draft.lines)?;
    let currency = match foreign {
        None => "DOLAR".to_owned(),
        Some(foreign) if ctx.foreign_currency == ForeignCurrency::AsSent => foreign.word(),
        Some(foreign) => {
            convert(&mut draft, foreign.rate)?;
            add_original_currency(additional, foreign, &sent.total_text);
            "DOLAR".to_owned()
        }
    };
    settle_payments(&mut draft, ctx.missing_payment, known.issue_date);
    Some((draft, currency))
}

fn add_original_currency(fields: &mut Vec<AdditionalField>, foreign: &Foreign, total: &str) {
    const NAME: &str = "Moneda original";
    if fields.len() >= FIELDS_MAX || fields.iter().any(|field| field.name == NAME) {
        return;
    }
    let Foreign {
        name, rate_text, ..
    } = foreign;
    fields.push(AdditionalField {
        name: NAME.to_owned(),
        value: format!("{name} {total} (tasa de cambio {rate_text})"),
    });
}

/// The credit becomes one more payment; without any there is one over the
/// total (CONTRACT 7.4.5 and 7.4.6).
fn settle_payments(draft: &mut Draft, missing: MissingPayment, issue_date: Date) {
    let credit = draft.credit.take();
    let credit = credit.map(|credit| credit.payment(issue_date));
    draft.payments.extend(credit);
    if draft.payments.is_empty() && missing == MissingPayment::WithFinancialSystem {
        draft.payments.push(DraftPayment {
            method: "20",
            total: draft.totals.total,
            term: None,
            term_unit: None,
        });
    }
}
