//! The parts of the model that documents of trade share: totals, payments, lines
//! and reimbursed documents.
//!
//! What one type of document has and another has not is written all the same:
//! the schema of that document complains about it.

use tagua_fiscal::common::{
    Compensation, Line, LineTax, ModifiedDocument, Payment, ReimbursedDocument,
    ReimbursementTotals, TaxTotal,
};

use crate::fields::Fields;
use crate::shared::{Children, line_detail, read_line_detail};
use crate::tree::Element;

/// `codDocReembolso` and the three totals after it.
pub(crate) fn reimbursement<'a>(totals: &'a ReimbursementTotals, out: &mut Children<'a>) {
    out.maybe_text("codDocReembolso", totals.document_code.as_ref());
    out.maybe_value("totalComprobantesReembolso", totals.documents_total);
    out.maybe_value("totalBaseImponibleReembolso", totals.base_total);
    out.maybe_value("totalImpuestoReembolso", totals.tax_total);
}

/// Reads what [`reimbursement`] writes.
pub(crate) fn read_reimbursement(fields: &mut Fields<'_, '_>) -> ReimbursementTotals {
    ReimbursementTotals {
        document_code: fields.maybe_text("codDocReembolso"),
        documents_total: fields.maybe_number("totalComprobantesReembolso"),
        base_total: fields.maybe_number("totalBaseImponibleReembolso"),
        tax_total: fields.maybe_number("totalImpuestoReembolso"),
    }
}

/// `codDocModificado` and the two elements after it.
pub(crate) fn modified_document<'a>(document: &'a ModifiedDocument, out: &mut Children<'a>) {
    out.text("codDocModificado", &document.document_code);
    out.text("numDocModificado", &document.number);
    out.date("fechaEmisionDocSustento", document.issue_date);
}

/// Reads what [`modified_document`] writes.
pub(crate) fn read_modified_document(fields: &mut Fields<'_, '_>) -> ModifiedDocument {
    ModifiedDocument {
        document_code: fields.text("codDocModificado"),
        number: fields.text("numDocModificado"),
        issue_date: fields.date("fechaEmisionDocSustento"),
    }
}

/// `totalImpuesto`.
pub(crate) fn tax_total(total: &TaxTotal) -> Element<'_> {
    let mut out = Children::with_capacity(7);
    out.text("codigo", &total.code);
    out.text("codigoPorcentaje", &total.rate_code);
    out.maybe_value("descuentoAdicional", total.additional_discount);
    out.value("baseImponible", total.base);
    out.maybe_value("tarifa", total.rate);
    out.value("valor", total.amount);
    out.maybe_value("valorDevolucionIva", total.vat_refund);
    out.into_parent("totalImpuesto")
}

/// Reads what [`tax_total`] writes.
pub(crate) fn read_tax_total(fields: &mut Fields<'_, '_>) -> TaxTotal {
    TaxTotal {
        code: fields.text("codigo"),
        rate_code: fields.text("codigoPorcentaje"),
        additional_discount: fields.maybe_number("descuentoAdicional"),
        base: fields.number("baseImponible"),
        rate: fields.maybe_number("tarifa"),
        amount: fields.number("valor"),
        vat_refund: fields.maybe_number("valorDevolucionIva"),
    }
}

/// `compensaciones`, left out when there are none.
pub(crate) fn compensations<'a>(compensations: &'a [Compensation], out: &mut Children<'a>) {
    out.maybe_list("compensaciones", compensations, |each| {
        compensation("compensacion", each)
    });
}

/// Reads what [`compensations`] writes.
pub(crate) fn read_compensations(fields: &mut Fields<'_, '_>) -> Vec<Compensation> {
    fields.maybe_list("compensaciones", "compensacion", read_compensation)
}

fn compensation<'a>(name: &'static str, compensation: &'a Compensation) -> Element<'a> {
    let mut out = Children::with_capacity(3);
    out.text("codigo", &compensation.code);
    out.value("tarifa", compensation.rate);
    out.value("valor", compensation.amount);
    out.into_parent(name)
}

fn read_compensation(fields: &mut Fields<'_, '_>) -> Compensation {
    Compensation {
        code: fields.text("codigo"),
        rate: fields.number("tarifa"),
        amount: fields.number("valor"),
    }
}

/// `pago`.
pub(crate) fn payment(payment: &Payment) -> Element<'_> {
    let mut out = Children::with_capacity(4);
    out.text("formaPago", &payment.method);
    out.value("total", payment.total);
    out.maybe_value("plazo", payment.term);
    out.maybe_text("unidadTiempo", payment.term_unit.as_ref());
    out.into_parent("pago")
}

/// Reads what [`payment`] writes.
pub(crate) fn read_payment(fields: &mut Fields<'_, '_>) -> Payment {
    Payment {
        method: fields.text("formaPago"),
        total: fields.number("total"),
        term: fields.maybe_number("plazo"),
        term_unit: fields.maybe_text("unidadTiempo"),
    }
}

/// `detalle`.
pub(crate) fn line(line: &Line) -> Element<'_> {
    let mut out = Children::with_capacity(11);
    out.maybe_text("codigoPrincipal", line.main_code.as_ref());
    out.maybe_text("codigoAuxiliar", line.auxiliary_code.as_ref());
    out.text("descripcion", &line.description);
    out.maybe_text("unidadMedida", line.unit.as_ref());
    out.value("cantidad", line.quantity);
    out.value("precioUnitario", line.unit_price);
    out.maybe_value("precioSinSubsidio", line.price_without_subsidy);
    out.value("descuento", line.discount);
    out.value("precioTotalSinImpuesto", line.net);
    out.maybe_list("detallesAdicionales", &line.details, line_detail);
    out.list("impuestos", &line.taxes, line_tax);
    out.into_parent("detalle")
}

/// Reads what [`line`] writes.
pub(crate) fn read_line(fields: &mut Fields<'_, '_>) -> Line {
    Line {
        main_code: fields.maybe_text("codigoPrincipal"),
        auxiliary_code: fields.maybe_text("codigoAuxiliar"),
        description: fields.text("descripcion"),
        unit: fields.maybe_text("unidadMedida"),
        quantity: fields.number("cantidad"),
        unit_price: fields.number("precioUnitario"),
        price_without_subsidy: fields.maybe_number("precioSinSubsidio"),
        discount: fields.number("descuento"),
        net: fields.number("precioTotalSinImpuesto"),
        details: fields.maybe_list("detallesAdicionales", "detAdicional", read_line_detail),
        taxes: fields.list("impuestos", "impuesto", read_line_tax),
    }
}

fn line_tax(tax: &LineTax) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.text("codigo", &tax.code);
    out.text("codigoPorcentaje", &tax.rate_code);
    out.value("tarifa", tax.rate);
    out.value("baseImponible", tax.base);
    out.value("valor", tax.amount);
    out.into_parent("impuesto")
}

fn read_line_tax(fields: &mut Fields<'_, '_>) -> LineTax {
    LineTax {
        code: fields.text("codigo"),
        rate_code: fields.text("codigoPorcentaje"),
        rate: fields.number("tarifa"),
        base: fields.number("baseImponible"),
        amount: fields.number("valor"),
    }
}

/// `reembolsos`, left out when there are none.
pub(crate) fn reimbursed_documents<'a>(
    documents: &'a [ReimbursedDocument],
    out: &mut Children<'a>,
) {
    out.maybe_list("reembolsos", documents, reimbursed_document);
}

/// Reads what [`reimbursed_documents`] writes.
pub(crate) fn read_reimbursed_documents(fields: &mut Fields<'_, '_>) -> Vec<ReimbursedDocument> {
    fields.maybe_list("reembolsos", "reembolsoDetalle", read_reimbursed_document)
}

fn reimbursed_document(document: &ReimbursedDocument) -> Element<'_> {
    let mut out = Children::with_capacity(12);
    out.text(
        "tipoIdentificacionProveedorReembolso",
        &document.supplier_id_type,
    );
    out.text("identificacionProveedorReembolso", &document.supplier_id);
    let country = document.supplier_country.as_ref();
    out.maybe_text("codPaisPagoProveedorReembolso", country);
    out.text("tipoProveedorReembolso", &document.supplier_type);
    out.text("codDocReembolso", &document.document_code);
    out.text("estabDocReembolso", &document.establishment);
    out.text("ptoEmiDocReembolso", &document.point);
    out.text("secuencialDocReembolso", &document.sequential);
    out.date("fechaEmisionDocReembolso", document.issue_date);
    out.text("numeroautorizacionDocReemb", &document.authorization);
    out.list("detalleImpuestos", &document.taxes, reimbursed_tax);
    out.maybe_list("compensacionesReembolso", &document.compensations, |each| {
        compensation("compensacionReembolso", each)
    });
    out.into_parent("reembolsoDetalle")
}

fn read_reimbursed_document(fields: &mut Fields<'_, '_>) -> ReimbursedDocument {
    ReimbursedDocument {
        supplier_id_type: fields.text("tipoIdentificacionProveedorReembolso"),
        supplier_id: fields.text("identificacionProveedorReembolso"),
        supplier_country: fields.maybe_text("codPaisPagoProveedorReembolso"),
        supplier_type: fields.text("tipoProveedorReembolso"),
        document_code: fields.text("codDocReembolso"),
        establishment: fields.text("estabDocReembolso"),
        point: fields.text("ptoEmiDocReembolso"),
        sequential: fields.text("secuencialDocReembolso"),
        issue_date: fields.date("fechaEmisionDocReembolso"),
        authorization: fields.text("numeroautorizacionDocReemb"),
        taxes: fields.list("detalleImpuestos", "detalleImpuesto", read_reimbursed_tax),
        compensations: fields.maybe_list(
            "compensacionesReembolso",
            "compensacionReembolso",
            read_compensation,
        ),
    }
}

fn reimbursed_tax(tax: &LineTax) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.text("codigo", &tax.code);
    out.text("codigoPorcentaje", &tax.rate_code);
    out.value("tarifa", tax.rate);
    out.value("baseImponibleReembolso", tax.base);
    out.value("impuestoReembolso", tax.amount);
    out.into_parent("detalleImpuesto")
}

fn read_reimbursed_tax(fields: &mut Fields<'_, '_>) -> LineTax {
    LineTax {
        code: fields.text("codigo"),
        rate_code: fields.text("codigoPorcentaje"),
        rate: fields.number("tarifa"),
        base: fields.number("baseImponibleReembolso"),
        amount: fields.number("impuestoReembolso"),
    }
}

/// `tipoNegociable`.
pub(crate) fn negotiable<'a>(email: Option<&'a String>, out: &mut Children<'a>) {
    if let Some(email) = email {
        let email = vec![Element::leaf("correo", email.as_str())];
        out.element(Element::parent("tipoNegociable", email));
    }
}

/// Reads what [`negotiable`] writes.
pub(crate) fn read_negotiable(fields: &mut Fields<'_, '_>) -> Option<String> {
    fields.maybe_group("tipoNegociable", |fields| fields.text("correo"))
}
