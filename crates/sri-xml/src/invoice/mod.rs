//! `factura`: the model as XML and back.

mod from_tree;
mod to_tree;

use tagua_fiscal::invoice::{Invoice, InvoiceVersion};

pub use from_tree::from_tree;
pub use to_tree::to_tree;

use crate::document::Document;
use crate::finding::StructuralFinding;
use crate::schema::Schema;
use crate::schema::check::check;
use crate::tree::Element;

/// The invoice as canonical XML, unsigned: `<factura id="comprobante" version="…">`.
///
/// Writes what the model holds, whether or not the schema accepts it; see
/// [`check_invoice`].
pub fn write_invoice(invoice: &Invoice) -> Vec<u8> {
    crate::serialize::write(&to_tree(invoice))
}

/// Holds the invoice against the schema of its version. No findings: its XML is
/// valid, and [`read_invoice`] gives the same invoice back.
pub fn check_invoice(invoice: &Invoice) -> Vec<StructuralFinding> {
    check(&to_tree(invoice), Schema::invoice(invoice.version))
}

/// How invoices are read.
pub(crate) const INVOICE: Document<Invoice> = Document {
    root: "factura",
    schemas: &[
        Schema::invoice(InvoiceVersion::V1_0_0),
        Schema::invoice(InvoiceVersion::V1_1_0),
        Schema::invoice(InvoiceVersion::V2_0_0),
        Schema::invoice(InvoiceVersion::V2_1_0),
    ],
    from_tree,
};

/// An invoice that was read from XML.
#[derive(Clone, Debug)]
pub struct ReadInvoice<'a> {
    /// The model.
    pub invoice: Invoice,
    /// `ds:Signature`, if the document has one. Nothing in it was verified.
    pub signature: Option<Element<'a>>,
    /// What will be written otherwise ([`crate::FindingKind::is_note`]).
    pub notes: Vec<StructuralFinding>,
}

/// Reads an invoice of the version its root element names.
///
/// # Errors
/// Everything that is wrong with it: with its XML, else with its structure, else
/// what the model cannot hold.
pub fn read_invoice(bytes: &[u8]) -> Result<ReadInvoice<'_>, Vec<StructuralFinding>> {
    let (invoice, signature, notes) = INVOICE.read(bytes)?;
    Ok(ReadInvoice {
        invoice,
        signature,
        notes,
    })
}
