//! The schemas as tables.
//!
//! SRI's schemas use little of what XML Schema offers: sequences without choice
//! or nested groups, texts restricted by length and pattern, decimals restricted
//! by digits and a least value, a few attributes. The tables say just that.

pub(crate) mod check;
mod credit_note;
mod debit_note;
mod invoice;
mod purchase_settlement;
mod shared;
mod trade;
mod value;
mod waybill;
mod withholding;

use tagua_fiscal::DocumentType;
use tagua_fiscal::credit_note::CreditNoteVersion;
use tagua_fiscal::debit_note::DebitNoteVersion;
use tagua_fiscal::invoice::InvoiceVersion;
use tagua_fiscal::purchase_settlement::PurchaseSettlementVersion;
use tagua_fiscal::waybill::WaybillVersion;
use tagua_fiscal::withholding::WithholdingVersion;

use crate::tree::Element;
pub use value::{Form, Sign, ValueType};

/// One schema: the document it is for and the rule of its root element.
#[derive(Debug)]
pub struct Schema {
    /// The type of document.
    pub document: DocumentType,
    /// The text of the attribute `version`.
    pub version: &'static str,
    /// The root element.
    pub root: ElementRule,
}

impl Schema {
    /// The schema of a version of factura.
    pub const fn invoice(version: InvoiceVersion) -> &'static Self {
        match version {
            InvoiceVersion::V1_0_0 => &invoice::V1_0_0,
            InvoiceVersion::V1_1_0 => &invoice::V1_1_0,
            InvoiceVersion::V2_0_0 => &invoice::V2_0_0,
            InvoiceVersion::V2_1_0 => &invoice::V2_1_0,
        }
    }

    /// The schema of a version of notaCredito.
    pub const fn credit_note(version: CreditNoteVersion) -> &'static Self {
        match version {
            CreditNoteVersion::V1_0_0 => &credit_note::V1_0_0,
            CreditNoteVersion::V1_1_0 => &credit_note::V1_1_0,
        }
    }

    /// The schema of a version of notaDebito.
    pub const fn debit_note(version: DebitNoteVersion) -> &'static Self {
        match version {
            DebitNoteVersion::V1_0_0 => &debit_note::V1_0_0,
        }
    }

    /// The schema of a version of liquidacionCompra.
    pub const fn purchase_settlement(version: PurchaseSettlementVersion) -> &'static Self {
        match version {
            PurchaseSettlementVersion::V1_0_0 => &purchase_settlement::V1_0_0,
            PurchaseSettlementVersion::V1_1_0 => &purchase_settlement::V1_1_0,
        }
    }

    /// The schema of a version of guiaRemision.
    pub const fn waybill(version: WaybillVersion) -> &'static Self {
        match version {
            WaybillVersion::V1_0_0 => &waybill::V1_0_0,
            WaybillVersion::V1_1_0 => &waybill::V1_1_0,
        }
    }

    /// The schema of a version of comprobanteRetencion.
    pub const fn withholding(version: WithholdingVersion) -> &'static Self {
        match version {
            WithholdingVersion::V1_0_0 => &withholding::V1_0_0,
            WithholdingVersion::V2_0_0 => &withholding::V2_0_0,
        }
    }
}

/// One element of a sequence.
#[derive(Debug)]
pub struct ElementRule {
    /// Its name, in no namespace (`Signature` is in that of XML signatures).
    pub name: &'static str,
    /// Whether at least one must be there.
    pub presence: Presence,
    /// How many may follow one another.
    pub count_max: u32,
    /// What it may contain.
    pub content: Content,
    /// Its attributes.
    pub attributes: &'static [AttributeRule],
}

/// Whether something may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be left out.
    Optional,
}

/// What an element may contain.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// Nothing, not even blanks.
    Nothing,
    /// A text.
    Value(ValueType),
    /// These elements in this order.
    Sequence(&'static [ElementRule]),
    /// A signature: recognised, not looked into.
    Signature,
}

/// One attribute.
#[derive(Debug)]
pub struct AttributeRule {
    /// Its name, in no namespace.
    pub name: &'static str,
    /// Whether it must be there.
    pub presence: Presence,
    /// Its value.
    pub value: ValueType,
}

/// As `maxOccurs="unbounded"`.
pub const UNBOUNDED: u32 = u32::MAX;

impl ElementRule {
    /// Whether the rule is for this element.
    pub fn matches(&self, element: &Element<'_>) -> bool {
        match self.content {
            Content::Signature => element.is_signature(),
            _ => element.is(self.name),
        }
    }

    /// Exactly one, with a text.
    const fn one(name: &'static str, value: ValueType) -> Self {
        Self::new(name, Presence::Required, Content::Value(value))
    }

    /// None or one, with a text.
    const fn maybe(name: &'static str, value: ValueType) -> Self {
        Self::new(name, Presence::Optional, Content::Value(value))
    }

    /// Exactly one, with elements.
    const fn group(name: &'static str, rules: &'static [Self]) -> Self {
        Self::new(name, Presence::Required, Content::Sequence(rules))
    }

    /// None or one, with elements.
    const fn maybe_group(name: &'static str, rules: &'static [Self]) -> Self {
        Self::new(name, Presence::Optional, Content::Sequence(rules))
    }

    /// One or more, with elements.
    const fn many(name: &'static str, rules: &'static [Self]) -> Self {
        Self::group(name, rules).up_to(UNBOUNDED)
    }

    /// `ds:Signature`, optional so that a document can be checked before it is signed.
    const fn signature() -> Self {
        Self::new("Signature", Presence::Optional, Content::Signature)
    }

    const fn up_to(mut self, count_max: u32) -> Self {
        self.count_max = count_max;
        self
    }

    const fn with(mut self, attributes: &'static [AttributeRule]) -> Self {
        self.attributes = attributes;
        self
    }

    const fn new(name: &'static str, presence: Presence, content: Content) -> Self {
        Self {
            name,
            presence,
            count_max: 1,
            content,
            attributes: &[],
        }
    }
}

impl AttributeRule {
    const fn one(name: &'static str, value: ValueType) -> Self {
        let presence = Presence::Required;
        Self {
            name,
            presence,
            value,
        }
    }

    const fn maybe(name: &'static str, value: ValueType) -> Self {
        let presence = Presence::Optional;
        Self {
            name,
            presence,
            value,
        }
    }
}
