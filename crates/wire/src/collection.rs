//! The seven collections of the wire (CONTRACT 4).

use tagua_fiscal::DocumentType;

/// A collection: the first part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// `invoices`.
    Invoices,
    /// `purchase-settlements`.
    PurchaseSettlements,
    /// `credit-notes`.
    CreditNotes,
    /// `debit-notes`.
    DebitNotes,
    /// `waybills`.
    Waybills,
    /// `retentions`: withholdings of schema 1.0.0.
    Retentions,
    /// `ats-retentions`: withholdings of schema 2.0.0.
    AtsRetentions,
}

impl Collection {
    /// Every collection, in the order of its document's code.
    pub const ALL: [Self; 7] = [
        Self::Invoices,
        Self::PurchaseSettlements,
        Self::CreditNotes,
        Self::DebitNotes,
        Self::Waybills,
        Self::Retentions,
        Self::AtsRetentions,
    ];

    /// The part of the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoices => "invoices",
            Self::PurchaseSettlements => "purchase-settlements",
            Self::CreditNotes => "credit-notes",
            Self::DebitNotes => "debit-notes",
            Self::Waybills => "waybills",
            Self::Retentions => "retentions",
            Self::AtsRetentions => "ats-retentions",
        }
    }

    /// The type of its documents.
    pub const fn document_type(self) -> DocumentType {
        match self {
            Self::Invoices => DocumentType::Invoice,
            Self::PurchaseSettlements => DocumentType::PurchaseSettlement,
            Self::CreditNotes => DocumentType::CreditNote,
            Self::DebitNotes => DocumentType::DebitNote,
            Self::Waybills => DocumentType::Waybill,
            Self::Retentions | Self::AtsRetentions => DocumentType::Withholding,
        }
    }

    /// The root element of its documents.
    pub const fn root_element(self) -> &'static str {
        match self {
            Self::Invoices => "factura",
            Self::PurchaseSettlements => "liquidacionCompra",
            Self::CreditNotes => "notaCredito",
            Self::DebitNotes => "notaDebito",
            Self::Waybills => "guiaRemision",
            Self::Retentions | Self::AtsRetentions => "comprobanteRetencion",
        }
    }

    /// The collection of a stored document: its type, and of withholdings the
    /// schema version.
    pub fn of(document_type: DocumentType, schema_version: &str) -> Self {
        match document_type {
            DocumentType::Invoice => Self::Invoices,
            DocumentType::PurchaseSettlement => Self::PurchaseSettlements,
            DocumentType::CreditNote => Self::CreditNotes,
            DocumentType::DebitNote => Self::DebitNotes,
            DocumentType::Waybill => Self::Waybills,
            DocumentType::Withholding if schema_version == "1.0.0" => Self::Retentions,
            DocumentType::Withholding => Self::AtsRetentions,
        }
    }
}
