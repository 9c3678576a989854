//! `liquidacionCompra`: the model as XML and back.

mod from_tree;
mod to_tree;

use tagua_fiscal::purchase_settlement::{PurchaseSettlement, PurchaseSettlementVersion};

pub use from_tree::from_tree;
pub use to_tree::to_tree;

use crate::document::Document;
use crate::finding::StructuralFinding;
use crate::schema::Schema;
use crate::schema::check::check;
use crate::tree::Element;

/// The purchase settlement as canonical XML, unsigned: `<liquidacionCompra id="comprobante" version="…">`.
///
/// Writes what the model holds, whether or not the schema accepts it; see
/// [`check_purchase_settlement`].
pub fn write_purchase_settlement(purchase_settlement: &PurchaseSettlement) -> Vec<u8> {
    crate::serialize::write(&to_tree(purchase_settlement))
}

/// Holds the purchase settlement against the schema of its version. No findings: its XML is
/// valid, and [`read_purchase_settlement`] gives the same purchase settlement back.
pub fn check_purchase_settlement(
    purchase_settlement: &PurchaseSettlement,
) -> Vec<StructuralFinding> {
    check(
        &to_tree(purchase_settlement),
        Schema::purchase_settlement(purchase_settlement.version),
    )
}

/// How purchase settlements are read.
pub(crate) const PURCHASE_SETTLEMENT: Document<PurchaseSettlement> = Document {
    root: "liquidacionCompra",
    schemas: &[
        Schema::purchase_settlement(PurchaseSettlementVersion::V1_0_0),
        Schema::purchase_settlement(PurchaseSettlementVersion::V1_1_0),
    ],
    from_tree,
};

/// A purchase settlement that was read from XML.
#[derive(Clone, Debug)]
pub struct ReadPurchaseSettlement<'a> {
    /// The model.
    pub purchase_settlement: PurchaseSettlement,
    /// `ds:Signature`, if the document has one. Nothing in it was verified.
    pub signature: Option<Element<'a>>,
    /// What will be written otherwise ([`crate::FindingKind::is_note`]).
    pub notes: Vec<StructuralFinding>,
}

/// Reads a purchase settlement of the version its root element names.
///
/// # Errors
/// Everything that is wrong with it: with its XML, else with its structure, else
/// what the model cannot hold.
pub fn read_purchase_settlement(
    bytes: &[u8],
) -> Result<ReadPurchaseSettlement<'_>, Vec<StructuralFinding>> {
    let (purchase_settlement, signature, notes) = PURCHASE_SETTLEMENT.read(bytes)?;
    Ok(ReadPurchaseSettlement {
        purchase_settlement,
        signature,
        notes,
    })
}
