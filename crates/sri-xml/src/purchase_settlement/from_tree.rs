//! A tree as the model. The fields of each literal are read in the order they
//! are written here, which is the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::purchase_settlement::{
    PurchaseSettlement, PurchaseSettlementInfo, PurchaseSettlementVersion,
};

use super::PURCHASE_SETTLEMENT;
use crate::fields::Fields;
use crate::finding::Findings;
use crate::shared::{read_additional_field, read_fiscal_machine, read_tax_info};
use crate::trade::{
    read_line, read_negotiable, read_payment, read_reimbursed_documents, read_reimbursement,
    read_tax_total,
};
use crate::tree::Element;

/// The purchase settlement a tree holds. `None` exactly when a finding that is
/// not a note was added.
///
/// Does not hold the tree against the schema, but leaves nothing out: elements,
/// attributes and texts that have no place in the model are findings.
pub fn from_tree(root: &Element<'_>, findings: &mut Findings) -> Option<PurchaseSettlement> {
    PURCHASE_SETTLEMENT.take_root(root, findings, |fields, version| {
        purchase_settlement(fields, version.and_then(PurchaseSettlementVersion::parse))
    })
}

/// Everything is read before anything that is absent ends it, so that all is told.
fn purchase_settlement(
    fields: &mut Fields<'_, '_>,
    version: Option<PurchaseSettlementVersion>,
) -> Option<PurchaseSettlement> {
    let own = DocumentType::PurchaseSettlement;
    let tax_info = fields.group("infoTributaria", |fields| read_tax_info(fields, own));
    let info = fields.group("infoLiquidacionCompra", |fields| Some(info(fields)));
    let lines = fields.list("detalles", "detalle", read_line);
    let reimbursed_documents = read_reimbursed_documents(fields);
    let negotiable_email = read_negotiable(fields);
    let fiscal_machine = fields.maybe_group("maquinaFiscal", read_fiscal_machine);
    let additional_fields =
        fields.maybe_list("infoAdicional", "campoAdicional", read_additional_field);
    Some(PurchaseSettlement {
        version: version?,
        tax_info: tax_info?,
        info: info?,
        lines,
        reimbursed_documents,
        negotiable_email,
        fiscal_machine,
        additional_fields,
    })
}

fn info(fields: &mut Fields<'_, '_>) -> PurchaseSettlementInfo {
    PurchaseSettlementInfo {
        issue_date: fields.date("fechaEmision"),
        establishment_address: fields.maybe_text("dirEstablecimiento"),
        special_taxpayer: fields.maybe_text("contribuyenteEspecial"),
        keeps_accounts: fields.maybe_yes_or_no("obligadoContabilidad"),
        supplier_id_type: fields.text("tipoIdentificacionProveedor"),
        supplier_name: fields.text("razonSocialProveedor"),
        supplier_id: fields.text("identificacionProveedor"),
        supplier_address: fields.maybe_text("direccionProveedor"),
        net_total: fields.number("totalSinImpuestos"),
        discount_total: fields.number("totalDescuento"),
        reimbursement: read_reimbursement(fields),
        tax_totals: fields.list("totalConImpuestos", "totalImpuesto", read_tax_total),
        total: fields.number("importeTotal"),
        currency: fields.maybe_text("moneda"),
        payments: fields.maybe_list("pagos", "pago", read_payment),
    }
}
