//! What documents with priced lines have in common, borrowed from the model:
//! invoices, purchase settlements and credit notes.

use rust_decimal::Decimal;

use super::tax::{Tax, VatDay};
use crate::common::{Compensation, Line, LineDetail, TaxTotal};
use crate::credit_note::{CreditNote, CreditNoteLine};
use crate::invoice::Invoice;
use crate::number::{Amount, Quantity};
use crate::purchase_settlement::PurchaseSettlement;
use crate::totals::{export_charges, third_party_sum};

/// A line with a price.
pub(super) trait SaleLine {
    fn quantity(&self) -> Quantity;
    fn unit_price(&self) -> Quantity;
    fn discount(&self) -> Amount;
    fn net(&self) -> Amount;
    fn auxiliary_code(&self) -> Option<&str>;
    fn details(&self) -> &[LineDetail];
    fn taxes(&self) -> impl Iterator<Item = Tax<'_>>;
}

/// The figures of a document with priced lines.
pub(super) struct Sale<'d, L> {
    pub(super) lines: &'d [L],
    pub(super) vat_day: VatDay,
    pub(super) net_total: Amount,
    /// `totalDescuento`; credit notes have none.
    pub(super) discount_total: Option<Amount>,
    pub(super) tax_totals: &'d [TaxTotal],
    pub(super) compensations: &'d [Compensation],
    /// What the total adds that is neither net nor tax, export charges apart.
    pub(super) other: Decimal,
    pub(super) export_charges: Decimal,
    pub(super) total: Amount,
    /// What the total is made of, in Spanish.
    pub(super) formula: &'static str,
    /// Of the buyer or supplier.
    pub(super) party_id_type: &'d str,
}

impl<'d> Sale<'d, Line> {
    pub(super) fn of_invoice(invoice: &'d Invoice) -> Self {
        let info = &invoice.info;
        let tip = info.tip.unwrap_or_default().value();
        Self {
            lines: &invoice.lines,
            vat_day: VatDay::Issue(info.issue_date),
            net_total: info.net_total,
            discount_total: Some(info.discount_total),
            tax_totals: &info.tax_totals,
            compensations: &info.compensations,
            other: tip.saturating_add(third_party_sum(invoice)),
            export_charges: export_charges(info),
            total: info.total,
            formula: "Es el total sin impuestos más impuestos, propina, gastos de exportación y \
                      rubros de terceros, menos la devolución de IVA; el descuento adicional \
                      solo reduce el impuesto",
            party_id_type: &info.receiver_id_type,
        }
    }

    pub(super) fn of_settlement(settlement: &'d PurchaseSettlement) -> Self {
        let info = &settlement.info;
        Self {
            lines: &settlement.lines,
            vat_day: VatDay::Issue(info.issue_date),
            net_total: info.net_total,
            discount_total: Some(info.discount_total),
            tax_totals: &info.tax_totals,
            compensations: &[],
            other: Decimal::ZERO,
            export_charges: Decimal::ZERO,
            total: info.total,
            formula: "Es el total sin impuestos más impuestos; el descuento adicional solo \
                      reduce el impuesto",
            party_id_type: &info.supplier_id_type,
        }
    }
}

impl<'d> Sale<'d, CreditNoteLine> {
    pub(super) fn of_credit_note(note: &'d CreditNote) -> Self {
        let info = &note.info;
        Self {
            lines: &note.lines,
            vat_day: VatDay::Modified(info.modified_document.issue_date, info.issue_date),
            net_total: info.net_total,
            discount_total: None,
            tax_totals: &info.tax_totals,
            compensations: &info.compensations,
            other: Decimal::ZERO,
            export_charges: Decimal::ZERO,
            total: info.total,
            formula: "Es el total sin impuestos más impuestos, menos la devolución de IVA",
            party_id_type: &info.receiver_id_type,
        }
    }
}

impl SaleLine for Line {
    fn quantity(&self) -> Quantity {
        self.quantity
    }

    fn unit_price(&self) -> Quantity {
        self.unit_price
    }

    fn discount(&self) -> Amount {
        self.discount
    }

    fn net(&self) -> Amount {
        self.net
    }

    fn auxiliary_code(&self) -> Option<&str> {
        self.auxiliary_code.as_deref()
    }

    fn details(&self) -> &[LineDetail] {
        &self.details
    }

    fn taxes(&self) -> impl Iterator<Item = Tax<'_>> {
        self.taxes.iter().map(Tax::from)
    }
}

impl SaleLine for CreditNoteLine {
    fn quantity(&self) -> Quantity {
        self.quantity
    }

    fn unit_price(&self) -> Quantity {
        self.unit_price
    }

    fn discount(&self) -> Amount {
        self.discount.unwrap_or_default()
    }

    fn net(&self) -> Amount {
        self.net
    }

    fn auxiliary_code(&self) -> Option<&str> {
        self.auxiliary_code.as_deref()
    }

    fn details(&self) -> &[LineDetail] {
        &self.details
    }

    fn taxes(&self) -> impl Iterator<Item = Tax<'_>> {
        self.taxes.iter().map(Tax::from)
    }
}
