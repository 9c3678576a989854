//! The request of a credit note: what is particular to it (CONTRACT 7.5).

use tagua_fiscal::common::{AdditionalField, FiscalMachine, ModifiedDocument, TaxTotal};
use tagua_fiscal::credit_note::{
    CreditNote, CreditNoteInfo, CreditNoteLine, CreditNoteTax, CreditNoteVersion,
};
use tagua_fiscal::{Amount, Quantity, Rate};

use super::currency::read_currency;
use super::draft::{Draft, DraftLine, DraftTax};
use super::items::read_items;
use super::machine::read_fiscal_machine;
use super::model::{compensation, tax_total};
use super::modified::read_modified_document;
use super::party::{Party, read_party};
use super::reader::Reader;
use super::request::{CommonParts, Content, Known, ReadContent};
use super::sale::{Sale, write_amounts};
use super::taxes::LineTaxes;
use super::totals::{SentTotals, read_totals};
use super::withholdings::read_compensations;

#[derive(Clone, Debug)]
pub(super) struct CreditNoteContent {
    receiver: Party,
    modified_document: ModifiedDocument,
    reason: String,
    pub(super) sale: Sale,
    fiscal_machine: Option<FiscalMachine>,
}

/// Reads what is particular to a credit note. The additional fields may get
/// one more: the original currency.
pub(super) fn read(
    r: &Reader<'_, '_>,
    known: &Known<'_>,
    additional: &mut Vec<AdditionalField>,
) -> Option<ReadContent> {
    let amounts = known.ctx.amounts();
    let receiver = read_party(r, "comprador");
    let totals = read_totals(r, amounts).map(without_discounts);
    let lines = read_items(r, LineTaxes::Any, amounts);
    let modified_document = read_modified_document(r);
    let reason = r.required_text("motivo", 300);
    let foreign = read_currency(r);
    let fiscal_machine = read_fiscal_machine(r);
    let draft = Draft {
        lines,
        compensations: read_compensations(r),
        ..Draft::default()
    };
    let sale = write_amounts(r, draft, &totals?, foreign.as_ref(), known, additional)?;
    let receiver = receiver?;
    Some(ReadContent {
        issue_date: None,
        payment_reminder: None,
        receiver_emails: receiver.emails.clone(),
        content: Content::CreditNote(Box::new(CreditNoteContent {
            receiver,
            modified_document: modified_document?,
            reason: reason?,
            sale,
            fiscal_machine,
        })),
    })
}

/// A credit note has neither tip nor discounts in its totals; what was sent is
/// ignored.
fn without_discounts(mut totals: SentTotals) -> SentTotals {
    for row in &mut totals.taxes {
        row.additional_discount = None;
    }
    SentTotals {
        discount: None,
        additional_discount: None,
        tip: None,
        subsidy: None,
        ..totals
    }
}

impl CreditNoteContent {
    pub(super) fn into_credit_note(self, common: CommonParts) -> CreditNote {
        let (
            receiver,
            Sale {
                draft, currency, ..
            },
        ) = (self.receiver, self.sale);
        let totals = draft.totals;
        CreditNote {
            version: CreditNoteVersion::V1_1_0,
            info: CreditNoteInfo {
                issue_date: common.issue_date,
                establishment_address: common.issuer.establishment_address,
                receiver_id_type: receiver.id_type,
                receiver_name: receiver.name,
                receiver_id: receiver.id,
                special_taxpayer: common.issuer.special_taxpayer,
                keeps_accounts: common.issuer.keeps_accounts,
                rise_legend: None,
                modified_document: self.modified_document,
                net_total: Amount::rounded(totals.net),
                compensations: draft.compensations.iter().map(compensation).collect(),
                total: Amount::rounded(totals.total),
                currency: Some(currency),
                tax_totals: totals.taxes.iter().map(tax_total).map(bare).collect(),
                reason: self.reason,
            },
            lines: draft.lines.into_iter().map(line).collect(),
            fiscal_machine: self.fiscal_machine,
            additional_fields: common.additional_fields,
            tax_info: common.tax_info,
        }
    }
}

/// The schema has no `tarifa` here.
fn bare(row: TaxTotal) -> TaxTotal {
    TaxTotal { rate: None, ..row }
}

fn line(draft: DraftLine) -> CreditNoteLine {
    CreditNoteLine {
        main_code: draft.main_code,
        auxiliary_code: draft.auxiliary_code,
        description: draft.description,
        quantity: Quantity::rounded(draft.quantity),
        unit_price: Quantity::rounded(draft.unit_price),
        discount: Some(Amount::rounded(draft.discount)),
        net: Amount::rounded(draft.net),
        details: draft.details,
        taxes: draft.taxes.into_iter().map(line_tax).collect(),
    }
}

fn line_tax(draft: DraftTax) -> CreditNoteTax {
    CreditNoteTax {
        code: draft.code,
        rate_code: draft.rate_code,
        rate: Some(Rate::rounded(draft.rate)),
        base: Amount::rounded(draft.base),
        amount: Amount::rounded(draft.amount),
    }
}
