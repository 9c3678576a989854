//! The request of a purchase settlement: what is particular to it (CONTRACT 7.10).

use tagua_fiscal::Amount;
use tagua_fiscal::common::{AdditionalField, FiscalMachine};
use tagua_fiscal::purchase_settlement::{
    PurchaseSettlement, PurchaseSettlementInfo, PurchaseSettlementVersion,
};

use super::currency::read_currency;
use super::draft::Draft;
use super::items::read_items;
use super::machine::read_fiscal_machine;
use super::model::{line, payment, reimbursed_document, reimbursement_totals, tax_total};
use super::party::{Party, read_party};
use super::payments::read_sale_payments;
use super::reader::Reader;
use super::reimbursement::read_reimbursement;
use super::request::{CommonParts, Content, Known, ReadContent};
use super::sale::{Sale, write_amounts};
use super::taxes::LineTaxes;
use super::totals::{SentTotals, read_totals};

#[derive(Clone, Debug)]
pub(super) struct PurchaseSettlementContent {
    supplier: Party,
    pub(super) sale: Sale,
    fiscal_machine: Option<FiscalMachine>,
}

/// Reads what is particular to a settlement. The additional fields may get one
/// more: the original currency.
pub(super) fn read(
    r: &Reader<'_, '_>,
    known: &Known<'_>,
    additional: &mut Vec<AdditionalField>,
) -> Option<ReadContent> {
    let amounts = known.ctx.amounts();
    let supplier = read_party(r, "proveedor");
    let totals = read_totals(r, amounts).map(without_tip);
    let lines = read_items(r, LineTaxes::IvaOnly, amounts);
    let foreign = read_currency(r);
    let draft = Draft {
        lines,
        payments: read_sale_payments(r, "forma_pago", amounts),
        reimbursement: read_reimbursement(r),
        ..Draft::default()
    };
    let fiscal_machine = read_fiscal_machine(r);
    let mut sale = write_amounts(r, draft, &totals?, foreign.as_ref(), known, additional)?;
    sale.settle_payments(known);
    let supplier = supplier?;
    Some(ReadContent {
        issue_date: None,
        payment_reminder: None,
        receiver_emails: supplier.emails.clone(),
        content: Content::PurchaseSettlement(Box::new(PurchaseSettlementContent {
            supplier,
            sale,
            fiscal_machine,
        })),
    })
}

/// A settlement has no tip and no subsidy.
fn without_tip(totals: SentTotals) -> SentTotals {
    SentTotals {
        tip: None,
        subsidy: None,
        ..totals
    }
}

impl PurchaseSettlementContent {
    pub(super) fn into_purchase_settlement(self, common: CommonParts) -> PurchaseSettlement {
        let (
            supplier,
            Sale {
                draft, currency, ..
            },
        ) = (self.supplier, self.sale);
        let totals = draft.totals;
        let reimbursement = reimbursement_totals(draft.reimbursement.as_ref());
        let reimbursed = draft.reimbursement.into_iter().flat_map(|r| r.documents);
        PurchaseSettlement {
            version: PurchaseSettlementVersion::V1_1_0,
            info: PurchaseSettlementInfo {
                issue_date: common.issue_date,
                establishment_address: common.issuer.establishment_address,
                special_taxpayer: common.issuer.special_taxpayer,
                keeps_accounts: common.issuer.keeps_accounts,
                supplier_id_type: supplier.id_type,
                supplier_name: supplier.name,
                supplier_id: supplier.id,
                supplier_address: supplier.address,
                net_total: Amount::rounded(totals.net),
                discount_total: Amount::rounded(totals.discount),
                reimbursement,
                tax_totals: totals.taxes.iter().map(tax_total).collect(),
                total: Amount::rounded(totals.total),
                currency: Some(currency),
                payments: draft.payments.iter().map(payment).collect(),
            },
            lines: draft.lines.into_iter().map(line).collect(),
            reimbursed_documents: reimbursed.map(reimbursed_document).collect(),
            negotiable_email: None,
            fiscal_machine: self.fiscal_machine,
            additional_fields: common.additional_fields,
            tax_info: common.tax_info,
        }
    }
}
