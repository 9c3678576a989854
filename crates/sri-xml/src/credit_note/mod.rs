//! `notaCredito`: the model as XML and back.

mod from_tree;
mod to_tree;

use tagua_fiscal::credit_note::{CreditNote, CreditNoteVersion};

pub use from_tree::from_tree;
pub use to_tree::to_tree;

use crate::document::Document;
use crate::finding::StructuralFinding;
use crate::schema::Schema;
use crate::schema::check::check;
use crate::tree::Element;

/// The credit note as canonical XML, unsigned: `<notaCredito id="comprobante" version="…">`.
///
/// Writes what the model holds, whether or not the schema accepts it; see
/// [`check_credit_note`].
pub fn write_credit_note(credit_note: &CreditNote) -> Vec<u8> {
    crate::serialize::write(&to_tree(credit_note))
}

/// Holds the credit note against the schema of its version. No findings: its XML is
/// valid, and [`read_credit_note`] gives the same credit note back.
pub fn check_credit_note(credit_note: &CreditNote) -> Vec<StructuralFinding> {
    check(
        &to_tree(credit_note),
        Schema::credit_note(credit_note.version),
    )
}

/// How credit notes are read.
pub(crate) const CREDIT_NOTE: Document<CreditNote> = Document {
    root: "notaCredito",
    schemas: &[
        Schema::credit_note(CreditNoteVersion::V1_0_0),
        Schema::credit_note(CreditNoteVersion::V1_1_0),
    ],
    from_tree,
};

/// A credit note that was read from XML.
#[derive(Clone, Debug)]
pub struct ReadCreditNote<'a> {
    /// The model.
    pub credit_note: CreditNote,
    /// `ds:Signature`, if the document has one. Nothing in it was verified.
    pub signature: Option<Element<'a>>,
    /// What will be written otherwise ([`crate::FindingKind::is_note`]).
    pub notes: Vec<StructuralFinding>,
}

/// Reads a credit note of the version its root element names.
///
/// # Errors
/// Everything that is wrong with it: with its XML, else with its structure, else
/// what the model cannot hold.
pub fn read_credit_note(bytes: &[u8]) -> Result<ReadCreditNote<'_>, Vec<StructuralFinding>> {
    let (credit_note, signature, notes) = CREDIT_NOTE.read(bytes)?;
    Ok(ReadCreditNote {
        credit_note,
        signature,
        notes,
    })
}
