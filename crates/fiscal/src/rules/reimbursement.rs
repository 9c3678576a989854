//! Documents that bill expenses paid for somebody else (`codDocReembolso` 41):
//! the documents they cite and the totals that add them up.

use rust_decimal::Decimal;

use super::parties::{country, party};
use super::place::{self, Place};
use super::supporting::{authorization_digits, is_authorization};
use super::tax::{self, Tax};
use super::{CENT, Report, RuleCode};
use crate::catalogue::{REIMBURSEMENT_DOCUMENT, VAT_NOT_SUBJECT};
use crate::common::{Line, ReimbursedDocument, ReimbursementTotals};
use crate::number::Amount;
use crate::totals::distance;
use crate::withholding::SupportingReimbursement;

/// What the documents a reimbursement cites have in common.
pub(super) trait Reimbursed {
    fn supplier(&self) -> (&str, &str);
    fn supplier_country(&self) -> Option<&str>;
    fn authorization(&self) -> &str;
    fn taxes(&self) -> impl Iterator<Item = Tax<'_>>;
}

macro_rules! reimbursed {
    ($($document:ty),*) => {
        $(impl Reimbursed for $document {
            fn supplier(&self) -> (&str, &str) {
                (&self.supplier_id_type, &self.supplier_id)
            }

            fn supplier_country(&self) -> Option<&str> {
                self.supplier_country.as_deref()
            }

            fn authorization(&self) -> &str {
                &self.authorization
            }

            fn taxes(&self) -> impl Iterator<Item = Tax<'_>> {
                self.taxes.iter().map(Tax::from)
            }
        })*
    };
}

reimbursed!(ReimbursedDocument, SupportingReimbursement);

/// Where the documents of a reimbursement and their totals are.
pub(super) struct Places {
    base: Place,
    tax: Place,
    total: Place,
    supplier: Place,
    country: Place,
    authorization: Place,
    tax_amount: Place,
}

/// Of invoices and purchase settlements.
pub(super) const OF_SALE: Places = Places {
    base: place::REIMBURSEMENT_BASE,
    tax: place::REIMBURSEMENT_TAX,
    total: place::REIMBURSEMENT_TOTAL,
    supplier: place::REIMBURSED_SUPPLIER,
    country: place::REIMBURSED_COUNTRY,
    authorization: place::REIMBURSED_AUTHORIZATION,
    tax_amount: place::REIMBURSED_TAX_AMOUNT,
};

/// Of the supporting documents of a withholding.
pub(super) const OF_SUPPORTING: Places = Places {
    base: place::SUPPORTING_REIMBURSEMENT_BASE,
    tax: place::SUPPORTING_REIMBURSEMENT_TAX,
    total: place::SUPPORTING_REIMBURSEMENT_TOTAL,
    supplier: place::SUPPORTING_REIMBURSED_SUPPLIER,
    country: place::SUPPORTING_REIMBURSED_COUNTRY,
    authorization: place::SUPPORTING_REIMBURSED_AUTHORIZATION,
    tax_amount: place::SUPPORTING_REIMBURSED_TAX_AMOUNT,
};

/// Base, tax and total as written.
pub(super) type Written = [Option<Amount>; 3];

/// The cited documents one by one, then the totals against their sums. `above`
/// is the position of the document that holds them, where there is one.
pub(super) fn documents<D: Reimbursed>(
    documents: &[D],
    written: Written,
    places: &Places,
    above: Option<usize>,
    report: &mut Report,
) {
    let (mut base, mut tax) = (Decimal::ZERO, Decimal::ZERO);
    for (index, document) in documents.iter().enumerate() {
        for (position, row) in document.taxes().enumerate() {
            base = base.saturating_add(row.base.value());
            tax = tax.saturating_add(row.amount.value());
            let at = positions(above, &[index, position]);
            tax::amount(row, RuleCode::TaxAmount, places.tax_amount, &at, report);
        }
        document_itself(document, places, &positions(above, &[index]), report);
    }
    let expected = [base, tax, base.saturating_add(tax)];
    let totals = [places.base, places.tax, places.total];
    for ((written, expected), place) in written.into_iter().zip(expected).zip(totals) {
        if let Some(written) = written {
            total(written, expected, place, &positions(above, &[]), report);
        }
    }
}

fn positions(above: Option<usize>, rest: &[usize]) -> Vec<usize> {
    above.into_iter().chain(rest.iter().copied()).collect()
}

fn document_itself<D: Reimbursed>(
    document: &D,
    places: &Places,
    at: &[usize],
    report: &mut Report,
) {
    let (kind, id) = document.supplier();
    party(kind, id, places.supplier, at, report);
    country(document.supplier_country(), places.country, at, report);
    let authorization = document.authorization();
    if !is_authorization(authorization) {
        let place = places.authorization;
        let code = RuleCode::ReimbursedAuthorization;
        authorization_digits(authorization, code, place, at, report);
    }
}

fn total(
    written: Amount,
    expected: Decimal,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    if distance(written.value(), expected) > CENT {
        let message = format!(
            "El total del reembolso es {written} y debe ser {}. \
             Es la suma de los comprobantes de reembolso. \
             Corrija el total o los comprobantes.",
            Amount::rounded(expected),
        );
        report.add(RuleCode::ReimbursementSum, place, positions, message);
    }
}

/// A sale that bills a reimbursement (ficha técnica, anexo 3): it charges what
/// the cited documents add up to, not subject to IVA.
pub(super) fn of_sale(
    totals: &ReimbursementTotals,
    cited: &[ReimbursedDocument],
    lines: &[Line],
    net_total: Amount,
    report: &mut Report,
) {
    if *totals == ReimbursementTotals::default() && cited.is_empty() {
        return;
    }
    let written = [totals.base_total, totals.tax_total, totals.documents_total];
    documents(cited, written, &OF_SALE, None, report);
    net(totals, net_total, report);
    items(lines, report);
    incomplete(totals, cited, report);
}

fn net(totals: &ReimbursementTotals, net: Amount, report: &mut Report) {
    if let Some(written) = totals.documents_total
        && distance(written.value(), net.value()) > CENT
    {
        let message = format!(
            "El total de comprobantes de reembolso es {written} y el total sin impuestos es {net}. \
             El reembolso cobra lo que suman los comprobantes. Corrija uno de los dos.",
        );
        let place = place::REIMBURSEMENT_TOTAL;
        report.add(RuleCode::ReimbursementNet, place, &[], message);
    }
}

fn items(lines: &[Line], report: &mut Report) {
    for (index, line) in lines.iter().enumerate() {
        for (position, tax) in line.taxes.iter().map(Tax::from).enumerate() {
            if !tax.is_vat() || tax.rate_code == VAT_NOT_SUBJECT {
                continue;
            }
            let message = format!(
                "La línea de un reembolso lleva el código de IVA {} y debe llevar 6. \
                 El reembolso no es objeto de IVA. Cambie el código a 6 con tarifa 0.",
                tax.rate_code,
            );
            let code = RuleCode::ReimbursementItemVat;
            report.add(code, place::LINE_TAX_RATE_CODE, &[index, position], message);
        }
    }
}

fn incomplete(totals: &ReimbursementTotals, cited: &[ReimbursedDocument], report: &mut Report) {
    let has_code = totals.document_code.as_deref() == Some(REIMBURSEMENT_DOCUMENT);
    let missing = [
        (place::REIMBURSEMENT_CODE, !has_code),
        (place::REIMBURSEMENT_TOTAL, totals.documents_total.is_none()),
        (place::REIMBURSEMENT_BASE, totals.base_total.is_none()),
        (place::REIMBURSEMENT_TAX, totals.tax_total.is_none()),
        (place::REIMBURSED, cited.is_empty()),
    ];
    for (place, _) in missing.into_iter().filter(|(_, missing)| *missing) {
        let message = "Falta un dato del reembolso. Un comprobante de reembolso lleva el código \
                       41, sus tres totales y los comprobantes. Complete el dato.";
        report.add(RuleCode::ReimbursementIncomplete, place, &[], message);
    }
}
