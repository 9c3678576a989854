//! The request of a debit note: what is particular to it (CONTRACT 7.6).

use rust_decimal::Decimal;
use tagua_fiscal::Amount;
use tagua_fiscal::common::{FiscalMachine, ModifiedDocument};
use tagua_fiscal::debit_note::{DebitNote, DebitNoteInfo, DebitNoteReason, DebitNoteVersion};

use super::draft::Draft;
use super::machine::read_fiscal_machine;
use super::model::{compensation, payment, tax_total};
use super::modified::read_modified_document;
use super::party::{Party, read_party};
use super::payments::read_sale_payments;
use super::reader::Reader;
use super::reasons::{read_totals_of_reasons, write_amounts_of_reasons};
use super::request::{CommonParts, Content, Known, ReadContent};
use super::rows::required_rows;
use super::sale::Sale;
use super::withholdings::read_compensations;

#[derive(Clone, Debug)]
pub(super) struct DebitNoteContent {
    receiver: Party,
    modified_document: ModifiedDocument,
    reasons: Vec<SentReason>,
    pub(super) sale: Sale,
    fiscal_machine: Option<FiscalMachine>,
}

#[derive(Clone, Debug)]
struct SentReason {
    reason: String,
    amount: Decimal,
}

/// Reads what is particular to a debit note. It has no currency: one that was
/// sent is ignored (CONTRACT 7.4.9).
pub(super) fn read(r: &Reader<'_, '_>, known: &Known<'_>) -> Option<ReadContent> {
    let amounts = known.ctx.amounts();
    let receiver = read_party(r, "comprador");
    let totals = read_totals_of_reasons(r, amounts);
    let modified_document = read_modified_document(r);
    let reasons = read_reasons(r);
    let draft = Draft {
        payments: read_sale_payments(r, "medio", amounts),
        compensations: read_compensations(r),
        ..Draft::default()
    };
    let fiscal_machine = read_fiscal_machine(r);
    let charges = reasons.iter().map(|reason| reason.amount);
    let mut sale = write_amounts_of_reasons(r, draft, &totals?, charges, known)?;
    sale.settle_payments(known);
    let receiver = receiver?;
    Some(ReadContent {
        issue_date: None,
        payment_reminder: None,
        receiver_emails: receiver.emails.clone(),
        content: Content::DebitNote(Box::new(DebitNoteContent {
            receiver,
            modified_document: modified_document?,
            reasons,
            sale,
            fiscal_machine,
        })),
    })
}

/// `items[]`: why and how much.
fn read_reasons(r: &Reader<'_, '_>) -> Vec<SentReason> {
    let rows = required_rows(r, "items");
    rows.iter().filter_map(read_reason).collect()
}

fn read_reason(r: &Reader<'_, '_>) -> Option<SentReason> {
    let reason = r.required_text("motivo", 300);
    let amount = r.required_number("valor");
    Some(SentReason {
        reason: reason?,
        amount: amount?,
    })
}

impl DebitNoteContent {
    pub(super) fn into_debit_note(self, common: CommonParts) -> DebitNote {
        let (receiver, draft) = (self.receiver, self.sale.draft);
        let payments: Vec<_> = draft.payments.iter().map(payment).collect();
        DebitNote {
            version: DebitNoteVersion::V1_0_0,
            info: DebitNoteInfo {
                issue_date: common.issue_date,
                establishment_address: common.issuer.establishment_address,
                receiver_id_type: receiver.id_type,
                receiver_name: receiver.name,
                receiver_id: receiver.id,
                special_taxpayer: common.issuer.special_taxpayer,
                keeps_accounts: common.issuer.keeps_accounts,
                rise_legend: None,
                modified_document: self.modified_document,
                net_total: Amount::rounded(draft.totals.net),
                tax_totals: draft.totals.taxes.iter().map(tax_total).collect(),
                compensations: draft.compensations.iter().map(compensation).collect(),
                total: Amount::rounded(draft.totals.total),
                payment_lists: if payments.is_empty() {
                    Vec::new()
                } else {
                    vec![payments]
                },
            },
            reasons: self.reasons.into_iter().map(reason).collect(),
            fiscal_machine: self.fiscal_machine,
            additional_fields: common.additional_fields,
            tax_info: common.tax_info,
        }
    }
}

fn reason(sent: SentReason) -> DebitNoteReason {
    DebitNoteReason {
        reason: sent.reason,
        amount: Amount::rounded(sent.amount),
    }
}
