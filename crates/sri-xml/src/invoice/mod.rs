//! `factura`: the model as XML and back.

mod from_tree;
mod to_tree;

use tagua_fiscal::invoice::{Invoice, InvoiceVersion};

pub use from_tree::from_tree;
pub use to_tree::to_tree;

use crate::finding::{FindingKind, Findings, Place, StructuralFinding, shown};
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

/// An invoice that was read from XML.
#[derive(Clone, Debug)]
pub struct ReadInvoice<'a> {
    /// The model.
    pub invoice: Invoice,
    /// `ds:Signature`, if the document has one. Nothing in it was verified.
    pub signature: Option<Element<'a>>,
    /// What will be written otherwise ([`FindingKind::is_note`]).
    pub notes: Vec<StructuralFinding>,
}

/// Reads an invoice of the version its root element names.
///
/// # Errors
/// Everything that is wrong with it: with its XML, else with its structure, else
/// what the model cannot hold.
pub fn read_invoice(bytes: &[u8]) -> Result<ReadInvoice<'_>, Vec<StructuralFinding>> {
    let mut tree = crate::read::read(bytes).map_err(|error| vec![error.finding()])?;
    let version = version_of(&tree)?;
    let findings = check(&tree, Schema::invoice(version));
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut findings = Findings::new();
    let invoice = from_tree(&tree, &mut findings);
    let notes = findings.into_vec();
    match invoice {
        Some(invoice) => Ok(ReadInvoice {
            invoice,
            signature: tree.children.pop_if(|last| last.is_signature()),
            notes,
        }),
        None => Err(notes),
    }
}

fn version_of(root: &Element<'_>) -> Result<InvoiceVersion, Vec<StructuralFinding>> {
    let text = root.attribute("version").unwrap_or_default();
    if let Some(version) = InvoiceVersion::parse(text) {
        return Ok(version);
    }
    // Another document: that is the thing to say, not that its version is unknown.
    if !root.is("factura") {
        return Err(check(root, Schema::invoice(InvoiceVersion::V2_1_0)));
    }
    let mut findings = Findings::new();
    add_version_finding(root, text, &mut findings);
    Err(findings.into_vec())
}

fn add_version_finding(root: &Element<'_>, text: &str, findings: &mut Findings) {
    let root = Place::root(&root.name);
    let known = InvoiceVersion::ALL.map(InvoiceVersion::as_str).join(", ");
    let message = format!(
        "No existe un esquema para la versión '{}' de factura; las versiones son {known}.",
        shown(text)
    );
    let place = root.attribute("version");
    findings.add(&place, FindingKind::Version, message);
}
