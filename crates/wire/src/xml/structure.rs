//! Whether a tree is what its schema demands.

use tagua_fiscal::credit_note::CreditNoteVersion;
use tagua_fiscal::debit_note::DebitNoteVersion;
use tagua_fiscal::invoice::InvoiceVersion;
use tagua_fiscal::purchase_settlement::PurchaseSettlementVersion;
use tagua_fiscal::waybill::WaybillVersion;
use tagua_fiscal::withholding::WithholdingVersion;
use tagua_sri_xml::any::schema_of;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{Element, FindingKind, StructuralFinding, check};

/// What the SRI would return the document for with code 35: the findings of
/// the schema its root and version name. A version there is no schema for is
/// such a finding too, and so is a missing one.
pub fn structural_findings(tree: &Element<'_>) -> Vec<StructuralFinding> {
    if let Some(schema) = schema_of(tree) {
        return check(tree, schema);
    }
    let Some(newest) = newest(tree.local_name()) else {
        return check(tree, Schema::invoice(InvoiceVersion::V2_1_0));
    };
    if !tree.is(newest.root.name) {
        return check(tree, newest);
    }
    vec![unknown_version(tree, newest)]
}

fn unknown_version(tree: &Element<'_>, newest: &Schema) -> StructuralFinding {
    let (root, known) = (newest.root.name, newest.version);
    let (kind, what) = match tree.attribute("version") {
        None => (
            FindingKind::Missing,
            format!("cvc-complex-type.4: Falta el atributo 'version' del elemento '{root}'."),
        ),
        Some(version) => {
            let version: String = version.chars().take(20).collect();
            (
                FindingKind::Enumeration,
                format!("cvc-enumeration-valid: No existe la versión '{version}' de '{root}'."),
            )
        }
    };
    StructuralFinding {
        path: format!("/{root}/@version"),
        kind,
        message_es: format!("{what} La más reciente es {known}."),
    }
}

/// The newest schema under a root element.
fn newest(root: &str) -> Option<&'static Schema> {
    Some(match root {
        "factura" => Schema::invoice(InvoiceVersion::V2_1_0),
        "liquidacionCompra" => Schema::purchase_settlement(PurchaseSettlementVersion::V1_1_0),
        "notaCredito" => Schema::credit_note(CreditNoteVersion::V1_1_0),
        "notaDebito" => Schema::debit_note(DebitNoteVersion::V1_0_0),
        "guiaRemision" => Schema::waybill(WaybillVersion::V1_1_0),
        "comprobanteRetencion" => Schema::withholding(WithholdingVersion::V2_0_0),
        _ => return None,
    })
}
