//! `notaDebito`: the model as XML and back.

mod from_tree;
mod to_tree;

use tagua_fiscal::debit_note::{DebitNote, DebitNoteVersion};

pub use from_tree::from_tree;
pub use to_tree::to_tree;

use crate::document::Document;
use crate::finding::StructuralFinding;
use crate::schema::Schema;
use crate::schema::check::check;
use crate::tree::Element;

/// The debit note as canonical XML, unsigned: `<notaDebito id="comprobante" version="…">`.
///
/// Writes what the model holds, whether or not the schema accepts it; see
/// [`check_debit_note`].
pub fn write_debit_note(debit_note: &DebitNote) -> Vec<u8> {
    crate::serialize::write(&to_tree(debit_note))
}

/// Holds the debit note against the schema of its version. No findings: its XML is
/// valid, and [`read_debit_note`] gives the same debit note back.
pub fn check_debit_note(debit_note: &DebitNote) -> Vec<StructuralFinding> {
    check(&to_tree(debit_note), Schema::debit_note(debit_note.version))
}

/// How debit notes are read.
pub(crate) const DEBIT_NOTE: Document<DebitNote> = Document {
    root: "notaDebito",
    schemas: &[Schema::debit_note(DebitNoteVersion::V1_0_0)],
    from_tree,
};

/// A debit note that was read from XML.
#[derive(Clone, Debug)]
pub struct ReadDebitNote<'a> {
    /// The model.
    pub debit_note: DebitNote,
    /// `ds:Signature`, if the document has one. Nothing in it was verified.
    pub signature: Option<Element<'a>>,
    /// What will be written otherwise ([`crate::FindingKind::is_note`]).
    pub notes: Vec<StructuralFinding>,
}

/// Reads a debit note of the version its root element names.
///
/// # Errors
/// Everything that is wrong with it: with its XML, else with its structure, else
/// what the model cannot hold.
pub fn read_debit_note(bytes: &[u8]) -> Result<ReadDebitNote<'_>, Vec<StructuralFinding>> {
    let (debit_note, signature, notes) = DEBIT_NOTE.read(bytes)?;
    Ok(ReadDebitNote {
        debit_note,
        signature,
        notes,
    })
}
