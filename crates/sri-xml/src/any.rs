//! A document of whichever type: the model as a tree, and back.

use tagua_fiscal::Document;

use crate::finding::{FindingKind, Findings, Place, StructuralFinding};
use crate::schema::Schema;
use crate::tree::Element;
use crate::{credit_note, debit_note, invoice, purchase_settlement, waybill, withholding};

/// The tree of a document; [`crate::write()`] gives its canonical XML.
pub fn to_tree(document: &Document) -> Element<'_> {
    match document {
        Document::Invoice(document) => invoice::to_tree(document),
        Document::PurchaseSettlement(document) => purchase_settlement::to_tree(document),
        Document::CreditNote(document) => credit_note::to_tree(document),
        Document::DebitNote(document) => debit_note::to_tree(document),
        Document::Waybill(document) => waybill::to_tree(document),
        Document::Withholding(document) => withholding::to_tree(document),
    }
}

/// The schema a document is written by.
pub const fn schema(document: &Document) -> &'static Schema {
    match document {
        Document::Invoice(document) => Schema::invoice(document.version),
        Document::PurchaseSettlement(document) => Schema::purchase_settlement(document.version),
        Document::CreditNote(document) => Schema::credit_note(document.version),
        Document::DebitNote(document) => Schema::debit_note(document.version),
        Document::Waybill(document) => Schema::waybill(document.version),
        Document::Withholding(document) => Schema::withholding(document.version()),
    }
}

/// The schema that the root element and its `version` name, if there is one.
pub fn schema_of(root: &Element<'_>) -> Option<&'static Schema> {
    let schemas = schemas_of(&root.name).filter(|_| root.namespace.is_empty())?;
    let version = root.attribute("version")?;
    let mut schemas = schemas.iter().copied();
    schemas.find(|schema| schema.version == version)
}

/// The schemas of the documents under a root of this name, oldest first.
fn schemas_of(root: &str) -> Option<&'static [&'static Schema]> {
    Some(match root {
        "factura" => invoice::INVOICE.schemas,
        "liquidacionCompra" => purchase_settlement::PURCHASE_SETTLEMENT.schemas,
        "notaCredito" => credit_note::CREDIT_NOTE.schemas,
        "notaDebito" => debit_note::DEBIT_NOTE.schemas,
        "guiaRemision" => waybill::WAYBILL.schemas,
        "comprobanteRetencion" => withholding::WITHHOLDING.schemas,
        _ => return None,
    })
}

/// The model of a tree of any type and version, a signature left aside.
///
/// Gives the document with notes, or everything the model cannot hold; the
/// structure is [`crate::check()`]'s matter.
pub fn from_tree(
    root: &Element<'_>,
) -> Result<(Document, Vec<StructuralFinding>), Vec<StructuralFinding>> {
    let mut findings = Findings::new();
    let out = &mut findings;
    let document = match &*root.name {
        "factura" => invoice::from_tree(root, out).map(|d| Document::Invoice(d.into())),
        "liquidacionCompra" => {
            let document = purchase_settlement::from_tree(root, out);
            document.map(|d| Document::PurchaseSettlement(d.into()))
        }
        "notaCredito" => credit_note::from_tree(root, out).map(|d| Document::CreditNote(d.into())),
        "notaDebito" => debit_note::from_tree(root, out).map(|d| Document::DebitNote(d.into())),
        "guiaRemision" => waybill::from_tree(root, out).map(|d| Document::Waybill(d.into())),
        "comprobanteRetencion" => {
            withholding::from_tree(root, out).map(|d| Document::Withholding(d.into()))
        }
        other => {
            let message = format!("No existe un comprobante cuya raíz sea '{other}'.");
            out.add(&Place::root(other), FindingKind::Unexpected, message);
            None
        }
    };
    let findings = findings.into_vec();
    match document {
        Some(document) => Ok((document, findings)),
        None => Err(findings),
    }
}
