//! The bodies of the seven collections as data (CONTRACT 7).

mod ats_retention;
mod common;
mod credit_note;
mod debit_note;
mod invoice;
mod purchase_settlement;
mod reimbursement;
mod retention;
mod waybill;

use tagua_wire::Collection;

use super::field::Shape;

/// The body of a document of the collection.
pub(crate) const fn shape(collection: Collection) -> &'static Shape {
    match collection {
        Collection::Invoices => &invoice::INVOICE,
        Collection::PurchaseSettlements => &purchase_settlement::PURCHASE_SETTLEMENT,
        Collection::CreditNotes => &credit_note::CREDIT_NOTE,
        Collection::DebitNotes => &debit_note::DEBIT_NOTE,
        Collection::Waybills => &waybill::WAYBILL,
        Collection::Retentions => &retention::RETENTION,
        Collection::AtsRetentions => &ats_retention::ATS_RETENTION,
    }
}
