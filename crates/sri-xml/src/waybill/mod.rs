//! `guiaRemision`: the model as XML and back.

mod from_tree;
mod to_tree;

use tagua_fiscal::waybill::{Waybill, WaybillVersion};

pub use from_tree::from_tree;
pub use to_tree::to_tree;

use crate::document::Document;
use crate::finding::StructuralFinding;
use crate::schema::Schema;
use crate::schema::check::check;
use crate::tree::Element;

/// The waybill as canonical XML, unsigned: `<guiaRemision id="comprobante" version="…">`.
///
/// Writes what the model holds, whether or not the schema accepts it; see
/// [`check_waybill`].
pub fn write_waybill(waybill: &Waybill) -> Vec<u8> {
    crate::serialize::write(&to_tree(waybill))
}

/// Holds the waybill against the schema of its version. No findings: its XML is
/// valid, and [`read_waybill`] gives the same waybill back.
pub fn check_waybill(waybill: &Waybill) -> Vec<StructuralFinding> {
    check(&to_tree(waybill), Schema::waybill(waybill.version))
}

/// How waybills are read.
pub(crate) const WAYBILL: Document<Waybill> = Document {
    root: "guiaRemision",
    schemas: &[
        Schema::waybill(WaybillVersion::V1_0_0),
        Schema::waybill(WaybillVersion::V1_1_0),
    ],
    from_tree,
};

/// A waybill that was read from XML.
#[derive(Clone, Debug)]
pub struct ReadWaybill<'a> {
    /// The model.
    pub waybill: Waybill,
    /// `ds:Signature`, if the document has one. Nothing in it was verified.
    pub signature: Option<Element<'a>>,
    /// What will be written otherwise ([`FindingKind::is_note`](crate::FindingKind::is_note)).
    pub notes: Vec<StructuralFinding>,
}

/// Reads a waybill of the version its root element names.
///
/// # Errors
/// Everything that is wrong with it: with its XML, else with its structure, else
/// what the model cannot hold.
pub fn read_waybill(bytes: &[u8]) -> Result<ReadWaybill<'_>, Vec<StructuralFinding>> {
    let (waybill, signature, notes) = WAYBILL.read(bytes)?;
    Ok(ReadWaybill {
        waybill,
        signature,
        notes,
    })
}
