//! `documentos_soporte[].reembolso`: as in invoices, but its schema has totals
//! without a code and rates without decimals.

use rust_decimal::{Decimal, RoundingStrategy};
use tagua_fiscal::Amount;
use tagua_fiscal::withholding::{
    SupportingReimbursement, SupportingReimbursementTax, SupportingReimbursementTotals,
};

use super::draft::{DraftReimbursed, DraftTax};
use super::reader::Reader;
use super::reimbursement::read_reimbursement;

pub(super) fn read_reimbursed(
    r: &Reader<'_, '_>,
) -> (SupportingReimbursementTotals, Vec<SupportingReimbursement>) {
    let Some(sent) = read_reimbursement(r) else {
        return Default::default();
    };
    let totals = SupportingReimbursementTotals {
        documents_total: Some(Amount::rounded(sent.total)),
        base_total: Some(Amount::rounded(sent.base_total)),
        tax_total: Some(Amount::rounded(sent.tax_total)),
    };
    (totals, sent.documents.into_iter().map(document).collect())
}

fn document(sent: DraftReimbursed) -> SupportingReimbursement {
    SupportingReimbursement {
        supplier_id_type: sent.supplier_id_type,
        supplier_id: sent.supplier_id,
        supplier_country: sent.supplier_country,
        supplier_type: sent.supplier_type,
        document_code: sent.document_code,
        establishment: sent.establishment,
        point: sent.point,
        sequential: sent.sequential,
        issue_date: sent.issue_date,
        authorization: sent.authorization,
        taxes: sent.taxes.into_iter().map(tax).collect(),
    }
}

fn tax(sent: DraftTax) -> SupportingReimbursementTax {
    SupportingReimbursementTax {
        code: sent.code,
        rate_code: sent.rate_code,
        rate: whole_rate(sent.rate),
        base: Amount::rounded(sent.base),
        amount: Amount::rounded(sent.amount),
    }
}

/// Digits only, half-up: the schema has no place for decimals here.
fn whole_rate(rate: Decimal) -> String {
    let half_up = RoundingStrategy::MidpointAwayFromZero;
    rate.round_dp_with_strategy(0, half_up)
        .normalize()
        .to_string()
}
