//! The model as a tree, every field in the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::withholding::{
    BananaBoxes, Dividends, DocumentWithholding, PaymentPlace, SupportingDocument,
    SupportingPayment, SupportingReimbursement, SupportingReimbursementTax, SupportingTax,
    WithheldTax, Withholding, WithholdingBody, WithholdingInfo,
};

use crate::shared::{Children, additional_field, fiscal_machine, tax_info};
use crate::tree::Element;

/// The tree of a withholding. Lists that the schema lets be absent are left out
/// when empty; everything else is there even when the schema will not take it.
pub fn to_tree(withholding: &Withholding) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.element(tax_info(&withholding.tax_info, DocumentType::Withholding));
    out.element(info(&withholding.info));
    match &withholding.body {
        WithholdingBody::Taxes(taxes) => out.list("impuestos", taxes, withheld_tax),
        WithholdingBody::Documents(documents) => {
            out.list("docsSustento", documents, supporting_document);
        }
    }
    if let Some(machine) = &withholding.fiscal_machine {
        out.element(fiscal_machine(machine));
    }
    out.maybe_list(
        "infoAdicional",
        &withholding.additional_fields,
        additional_field,
    );
    out.into_parent("comprobanteRetencion")
        .with("id", "comprobante")
        .with("version", withholding.version().as_str())
}

fn info(info: &WithholdingInfo) -> Element<'_> {
    let mut out = Children::with_capacity(10);
    out.date("fechaEmision", info.issue_date);
    out.maybe_text("dirEstablecimiento", info.establishment_address.as_ref());
    out.maybe_text("contribuyenteEspecial", info.special_taxpayer.as_ref());
    out.maybe_yes_or_no("obligadoContabilidad", info.keeps_accounts);
    out.text("tipoIdentificacionSujetoRetenido", &info.subject_id_type);
    out.maybe_text("tipoSujetoRetenido", info.subject_type.as_ref());
    out.maybe_yes_or_no("parteRel", info.related_party);
    out.text("razonSocialSujetoRetenido", &info.subject_name);
    out.text("identificacionSujetoRetenido", &info.subject_id);
    out.text("periodoFiscal", &info.fiscal_period);
    out.into_parent("infoCompRetencion")
}

fn withheld_tax(tax: &WithheldTax) -> Element<'_> {
    let mut out = Children::with_capacity(8);
    out.text("codigo", &tax.code);
    out.text("codigoRetencion", &tax.withholding_code);
    out.value("baseImponible", tax.base);
    out.value("porcentajeRetener", tax.rate);
    out.value("valorRetenido", tax.amount);
    out.maybe_text("codDocSustento", tax.document_code.as_ref());
    out.maybe_text("numDocSustento", tax.document_number.as_ref());
    out.maybe_date("fechaEmisionDocSustento", tax.document_date);
    out.into_parent("impuesto")
}

fn supporting_document(document: &SupportingDocument) -> Element<'_> {
    let mut out = Children::with_capacity(21);
    out.text("codSustento", &document.support_code);
    out.text("codDocSustento", &document.document_code);
    out.text("numDocSustento", &document.number);
    out.date("fechaEmisionDocSustento", document.issue_date);
    out.maybe_date("fechaRegistroContable", document.accounting_date);
    out.maybe_text("numAutDocSustento", document.authorization.as_ref());
    payment_place(&document.payment_place, &mut out);
    let reimbursement = &document.reimbursement;
    out.maybe_value("totalComprobantesReembolso", reimbursement.documents_total);
    out.maybe_value("totalBaseImponibleReembolso", reimbursement.base_total);
    out.maybe_value("totalImpuestoReembolso", reimbursement.tax_total);
    out.value("totalSinImpuestos", document.net_total);
    out.value("importeTotal", document.total);
    out.list("impuestosDocSustento", &document.taxes, supporting_tax);
    out.list("retenciones", &document.withholdings, document_withholding);
    out.maybe_list(
        "reembolsos",
        &document.reimbursed_documents,
        reimbursement_detail,
    );
    out.list("pagos", &document.payments, payment);
    out.into_parent("docSustento")
}

fn payment_place<'a>(place: &'a PaymentPlace, out: &mut Children<'a>) {
    out.text("pagoLocExt", &place.code);
    out.maybe_text("tipoRegi", place.regime.as_ref());
    out.maybe_text("paisEfecPago", place.country.as_ref());
    out.maybe_yes_or_no("aplicConvDobTrib", place.double_taxation_treaty);
    out.maybe_yes_or_no("pagExtSujRetNorLeg", place.subject_to_withholding);
    out.maybe_yes_or_no("pagoRegFis", place.preferential_regime);
}

fn supporting_tax(tax: &SupportingTax) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.text("codImpuestoDocSustento", &tax.code);
    out.text("codigoPorcentaje", &tax.rate_code);
    out.value("baseImponible", tax.base);
    out.value("tarifa", tax.rate);
    out.value("valorImpuesto", tax.amount);
    out.into_parent("impuestoDocSustento")
}

fn document_withholding(withholding: &DocumentWithholding) -> Element<'_> {
    let mut out = Children::with_capacity(7);
    out.text("codigo", &withholding.code);
    out.text("codigoRetencion", &withholding.withholding_code);
    out.value("baseImponible", withholding.base);
    out.value("porcentajeRetener", withholding.rate);
    out.value("valorRetenido", withholding.amount);
    if let Some(paid) = &withholding.dividends {
        out.element(dividends(paid));
    }
    if let Some(boxes) = &withholding.banana_boxes {
        out.element(banana_boxes(boxes));
    }
    out.into_parent("retencion")
}

fn dividends(dividends: &Dividends) -> Element<'_> {
    let mut out = Children::with_capacity(3);
    out.date("fechaPagoDiv", dividends.payment_date);
    out.value("imRentaSoc", dividends.income_tax);
    out.text("ejerFisUtDiv", &dividends.year);
    out.into_parent("dividendos")
}

fn banana_boxes(boxes: &BananaBoxes) -> Element<'_> {
    let mut out = Children::with_capacity(2);
    out.text("numCajBan", &boxes.count);
    out.value("precCajBan", boxes.price);
    out.into_parent("compraCajBanano")
}

fn reimbursement_detail(document: &SupportingReimbursement) -> Element<'_> {
    let mut out = Children::with_capacity(11);
    out.text(
        "tipoIdentificacionProveedorReembolso",
        &document.supplier_id_type,
    );
    out.text("identificacionProveedorReembolso", &document.supplier_id);
    out.maybe_text(
        "codPaisPagoProveedorReembolso",
        document.supplier_country.as_ref(),
    );
    out.text("tipoProveedorReembolso", &document.supplier_type);
    out.text("codDocReembolso", &document.document_code);
    out.text("estabDocReembolso", &document.establishment);
    out.text("ptoEmiDocReembolso", &document.point);
    out.text("secuencialDocReembolso", &document.sequential);
    out.date("fechaEmisionDocReembolso", document.issue_date);
    out.text("numeroAutorizacionDocReemb", &document.authorization);
    out.list("detalleImpuestos", &document.taxes, reimbursed_tax);
    out.into_parent("reembolsoDetalle")
}

fn reimbursed_tax(tax: &SupportingReimbursementTax) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.text("codigo", &tax.code);
    out.text("codigoPorcentaje", &tax.rate_code);
    out.text("tarifa", &tax.rate);
    out.value("baseImponibleReembolso", tax.base);
    out.value("impuestoReembolso", tax.amount);
    out.into_parent("detalleImpuesto")
}

fn payment(payment: &SupportingPayment) -> Element<'_> {
    let mut out = Children::with_capacity(2);
    out.text("formaPago", &payment.method);
    out.value("total", payment.total);
    out.into_parent("pago")
}
