//! Any of the six documents.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::common::{AdditionalField, TaxInfo};
use crate::credit_note::CreditNote;
use crate::debit_note::DebitNote;
use crate::identifier::DocumentType;
use crate::invoice::Invoice;
use crate::number::Amount;
use crate::purchase_settlement::PurchaseSettlement;
use crate::waybill::Waybill;
use crate::withholding::{Withholding, WithholdingBody};

/// A document of whichever type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// `factura`.
    Invoice(Box<Invoice>),
    /// `liquidacionCompra`.
    PurchaseSettlement(Box<PurchaseSettlement>),
    /// `notaCredito`.
    CreditNote(Box<CreditNote>),
    /// `notaDebito`.
    DebitNote(Box<DebitNote>),
    /// `guiaRemision`.
    Waybill(Box<Waybill>),
    /// `comprobanteRetencion`.
    Withholding(Box<Withholding>),
}

/// Whom a document is for, as lists show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receiver<'d> {
    /// Code of the identification's type; a recipient of a waybill has none.
    pub id_type: Option<&'d str>,
    /// The identification.
    pub id: &'d str,
    /// The name.
    pub name: &'d str,
}

impl Document {
    /// `codDoc`.
    pub const fn document_type(&self) -> DocumentType {
        match self {
            Self::Invoice(_) => DocumentType::Invoice,
            Self::PurchaseSettlement(_) => DocumentType::PurchaseSettlement,
            Self::CreditNote(_) => DocumentType::CreditNote,
            Self::DebitNote(_) => DocumentType::DebitNote,
            Self::Waybill(_) => DocumentType::Waybill,
            Self::Withholding(_) => DocumentType::Withholding,
        }
    }

    /// The version of the schema it is written by.
    pub const fn schema_version(&self) -> &'static str {
        match self {
            Self::Invoice(document) => document.version.as_str(),
            Self::PurchaseSettlement(document) => document.version.as_str(),
            Self::CreditNote(document) => document.version.as_str(),
            Self::DebitNote(document) => document.version.as_str(),
            Self::Waybill(document) => document.version.as_str(),
            Self::Withholding(document) => document.version().as_str(),
        }
    }

    /// `infoTributaria`.
    pub const fn tax_info(&self) -> &TaxInfo {
        match self {
            Self::Invoice(document) => &document.tax_info,
            Self::PurchaseSettlement(document) => &document.tax_info,
            Self::CreditNote(document) => &document.tax_info,
            Self::DebitNote(document) => &document.tax_info,
            Self::Waybill(document) => &document.tax_info,
            Self::Withholding(document) => &document.tax_info,
        }
    }

    /// The day of issue; of a waybill, which has none, the day the transport starts.
    pub const fn issue_date(&self) -> Date {
        match self {
            Self::Invoice(document) => document.info.issue_date,
            Self::PurchaseSettlement(document) => document.info.issue_date,
            Self::CreditNote(document) => document.info.issue_date,
            Self::DebitNote(document) => document.info.issue_date,
            Self::Waybill(document) => document.info.start_date,
            Self::Withholding(document) => document.info.issue_date,
        }
    }

    /// Buyer, supplier, withheld subject, or the first recipient of the goods
    /// (a waybill without recipients has none).
    pub fn receiver(&self) -> Option<Receiver<'_>> {
        let (id_type, id, name) = match self {
            Self::Invoice(document) => {
                let info = &document.info;
                (
                    &info.receiver_id_type,
                    &info.receiver_id,
                    &info.receiver_name,
                )
            }
            Self::PurchaseSettlement(document) => {
                let info = &document.info;
                (
                    &info.supplier_id_type,
                    &info.supplier_id,
                    &info.supplier_name,
                )
            }
            Self::CreditNote(document) => {
                let info = &document.info;
                (
                    &info.receiver_id_type,
                    &info.receiver_id,
                    &info.receiver_name,
                )
            }
            Self::DebitNote(document) => {
                let info = &document.info;
                (
                    &info.receiver_id_type,
                    &info.receiver_id,
                    &info.receiver_name,
                )
            }
            Self::Withholding(document) => {
                let info = &document.info;
                (&info.subject_id_type, &info.subject_id, &info.subject_name)
            }
            Self::Waybill(document) => {
                let first = document.recipients.first()?;
                return Some(Receiver {
                    id_type: None,
                    id: &first.id,
                    name: &first.name,
                });
            }
        };
        Some(Receiver {
            id_type: Some(id_type),
            id,
            name,
        })
    }

    /// What the document is worth in dollars: the total of a sale, the amount
    /// withheld; nothing for a waybill.
    pub fn total(&self) -> Option<Amount> {
        match self {
            Self::Invoice(document) => Some(document.info.total),
            Self::PurchaseSettlement(document) => Some(document.info.total),
            Self::CreditNote(document) => Some(document.info.total),
            Self::DebitNote(document) => Some(document.info.total),
            Self::Withholding(document) => Some(withheld(&document.body)),
            Self::Waybill(_) => None,
        }
    }

    /// `infoAdicional`.
    pub fn additional_fields(&self) -> &[AdditionalField] {
        match self {
            Self::Invoice(document) => &document.additional_fields,
            Self::PurchaseSettlement(document) => &document.additional_fields,
            Self::CreditNote(document) => &document.additional_fields,
            Self::DebitNote(document) => &document.additional_fields,
            Self::Waybill(document) => &document.additional_fields,
            Self::Withholding(document) => &document.additional_fields,
        }
    }
}

/// The sum of what was withheld; the largest number there is when it is beyond that.
fn withheld(body: &WithholdingBody) -> Amount {
    let sum = |sum: Decimal, amount: Amount| sum.saturating_add(amount.value());
    let total = match body {
        WithholdingBody::Taxes(taxes) => {
            let rows = taxes.iter().map(|row| row.amount);
            rows.fold(Decimal::ZERO, sum)
        }
        WithholdingBody::Documents(documents) => {
            let rows = documents.iter().flat_map(|document| &document.withholdings);
            rows.map(|row| row.amount).fold(Decimal::ZERO, sum)
        }
    };
    Amount::rounded(total)
}
