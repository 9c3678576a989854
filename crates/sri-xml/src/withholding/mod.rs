//! `comprobanteRetencion`: the model as XML and back.

mod from_tree;
mod to_tree;

use tagua_fiscal::withholding::{Withholding, WithholdingVersion};

pub use from_tree::from_tree;
pub use to_tree::to_tree;

use crate::document::Document;
use crate::finding::StructuralFinding;
use crate::schema::Schema;
use crate::schema::check::check;
use crate::tree::Element;

/// The withholding as canonical XML, unsigned:
/// `<comprobanteRetencion id="comprobante" version="…">`.
///
/// Writes what the model holds, whether or not the schema accepts it; see
/// [`check_withholding`].
pub fn write_withholding(withholding: &Withholding) -> Vec<u8> {
    crate::serialize::write(&to_tree(withholding))
}

/// Holds the withholding against the schema of its version. No findings: its XML
/// is valid, and [`read_withholding`] gives the same withholding back.
pub fn check_withholding(withholding: &Withholding) -> Vec<StructuralFinding> {
    let schema = Schema::withholding(withholding.version());
    check(&to_tree(withholding), schema)
}

/// How withholdings are read.
pub(crate) const WITHHOLDING: Document<Withholding> = Document {
    root: "comprobanteRetencion",
    schemas: &[
        Schema::withholding(WithholdingVersion::V1_0_0),
        Schema::withholding(WithholdingVersion::V2_0_0),
    ],
    from_tree,
};

/// A withholding that was read from XML.
#[derive(Clone, Debug)]
pub struct ReadWithholding<'a> {
    /// The model.
    pub withholding: Withholding,
    /// `ds:Signature`, if the document has one. Nothing in it was verified.
    pub signature: Option<Element<'a>>,
    /// What will be written otherwise ([`FindingKind::is_note`](crate::FindingKind::is_note)).
    pub notes: Vec<StructuralFinding>,
}

/// Reads a withholding of the version its root element names.
///
/// # Errors
/// Everything that is wrong with it: with its XML, else with its structure, else
/// what the model cannot hold.
pub fn read_withholding(bytes: &[u8]) -> Result<ReadWithholding<'_>, Vec<StructuralFinding>> {
    let (withholding, signature, notes) = WITHHOLDING.read(bytes)?;
    Ok(ReadWithholding {
        withholding,
        signature,
        notes,
    })
}
