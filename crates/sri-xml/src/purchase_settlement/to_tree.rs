//! The model as a tree, every field in the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::purchase_settlement::{PurchaseSettlement, PurchaseSettlementInfo};

use crate::shared::{Children, additional_field, fiscal_machine, tax_info};
use crate::trade::{line, negotiable, payment, reimbursed_documents, reimbursement, tax_total};
use crate::tree::Element;

/// The tree of a purchase settlement. Lists that the schema lets be absent are
/// left out when empty; everything else is there even when the schema will not
/// take it.
pub fn to_tree(settlement: &PurchaseSettlement) -> Element<'_> {
    let mut out = Children::with_capacity(7);
    out.element(tax_info(
        &settlement.tax_info,
        DocumentType::PurchaseSettlement,
    ));
    out.element(info(&settlement.info));
    out.list("detalles", &settlement.lines, line);
    reimbursed_documents(&settlement.reimbursed_documents, &mut out);
    negotiable(settlement.negotiable_email.as_ref(), &mut out);
    if let Some(machine) = &settlement.fiscal_machine {
        out.element(fiscal_machine(machine));
    }
    let fields = &settlement.additional_fields;
    out.maybe_list("infoAdicional", fields, additional_field);
    out.into_parent("liquidacionCompra")
        .with("id", "comprobante")
        .with("version", settlement.version.as_str())
}

fn info(info: &PurchaseSettlementInfo) -> Element<'_> {
    let mut out = Children::with_capacity(18);
    out.date("fechaEmision", info.issue_date);
    out.maybe_text("dirEstablecimiento", info.establishment_address.as_ref());
    out.maybe_text("contribuyenteEspecial", info.special_taxpayer.as_ref());
    out.maybe_yes_or_no("obligadoContabilidad", info.keeps_accounts);
    out.text("tipoIdentificacionProveedor", &info.supplier_id_type);
    out.text("razonSocialProveedor", &info.supplier_name);
    out.text("identificacionProveedor", &info.supplier_id);
    out.maybe_text("direccionProveedor", info.supplier_address.as_ref());
    out.value("totalSinImpuestos", info.net_total);
    out.value("totalDescuento", info.discount_total);
    reimbursement(&info.reimbursement, &mut out);
    out.list("totalConImpuestos", &info.tax_totals, tax_total);
    out.value("importeTotal", info.total);
    out.maybe_text("moneda", info.currency.as_ref());
    out.maybe_list("pagos", &info.payments, payment);
    out.into_parent("infoLiquidacionCompra")
}
