//! The model as a tree, every field in the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::invoice::{
    Compensation, Destination, Export, Invoice, InvoiceInfo, InvoiceWithholding, Line, LineTax,
    Payment, ReimbursedDocument, ReimbursementTotals, SubstituteWaybill, TaxTotal, ThirdPartyItem,
};

use crate::shared::{Children, additional_field, fiscal_machine, line_detail, tax_info};
use crate::tree::Element;

/// The tree of an invoice. Lists that the schema lets be absent are left out
/// when empty; everything else is there even when the schema will not take it.
pub fn to_tree(invoice: &Invoice) -> Element<'_> {
    let mut out = Children::with_capacity(11);
    out.element(tax_info(&invoice.tax_info, DocumentType::Invoice));
    out.element(info(&invoice.info));
    out.list("detalles", &invoice.lines, line);
    out.maybe_list(
        "reembolsos",
        &invoice.reimbursed_documents,
        reimbursed_document,
    );
    out.maybe_list("retenciones", &invoice.withholdings, withholding);
    if let Some(waybill) = &invoice.substitute_waybill {
        out.element(substitute_waybill(waybill));
    }
    out.maybe_list(
        "otrosRubrosTerceros",
        &invoice.third_party_items,
        third_party_item,
    );
    if let Some(email) = &invoice.negotiable_email {
        let email = vec![Element::leaf("correo", email.as_str())];
        out.element(Element::parent("tipoNegociable", email));
    }
    if let Some(machine) = &invoice.fiscal_machine {
        out.element(fiscal_machine(machine));
    }
    out.maybe_list(
        "infoAdicional",
        &invoice.additional_fields,
        additional_field,
    );
    out.into_parent("factura")
        .with("id", "comprobante")
        .with("version", invoice.version.as_str())
}

fn info(info: &InvoiceInfo) -> Element<'_> {
    let mut out = Children::with_capacity(38);
    out.date("fechaEmision", info.issue_date);
    out.maybe_text("dirEstablecimiento", info.establishment_address.as_ref());
    out.maybe_text("contribuyenteEspecial", info.special_taxpayer.as_ref());
    out.maybe_yes_or_no("obligadoContabilidad", info.keeps_accounts);
    export(&info.export, &mut out);
    out.text("tipoIdentificacionComprador", &info.receiver_id_type);
    out.maybe_text("guiaRemision", info.waybill_number.as_ref());
    out.text("razonSocialComprador", &info.receiver_name);
    out.text("identificacionComprador", &info.receiver_id);
    out.maybe_text("direccionComprador", info.receiver_address.as_ref());
    totals(info, &mut out);
    out.maybe_text("moneda", info.currency.as_ref());
    out.maybe_text("placa", info.plate.as_ref());
    out.maybe_list("pagos", &info.payments, payment);
    out.maybe_value("valorRetIva", info.withheld_vat);
    out.maybe_value("valorRetRenta", info.withheld_income_tax);
    out.into_parent("infoFactura")
}

fn export<'a>(export: &'a Export, out: &mut Children<'a>) {
    out.maybe_text("comercioExterior", export.foreign_trade.as_ref());
    out.maybe_text("incoTermFactura", export.incoterm.as_ref());
    out.maybe_text("lugarIncoTerm", export.incoterm_place.as_ref());
    out.maybe_text("paisOrigen", export.origin_country.as_ref());
    out.maybe_text("puertoEmbarque", export.origin_port.as_ref());
    out.maybe_text("puertoDestino", export.destination_port.as_ref());
    out.maybe_text("paisDestino", export.destination_country.as_ref());
    out.maybe_text("paisAdquisicion", export.acquisition_country.as_ref());
}

fn totals<'a>(info: &'a InvoiceInfo, out: &mut Children<'a>) {
    out.value("totalSinImpuestos", info.net_total);
    out.maybe_value("totalSubsidio", info.subsidy_total);
    out.maybe_text(
        "incoTermTotalSinImpuestos",
        info.incoterm_of_net_total.as_ref(),
    );
    out.value("totalDescuento", info.discount_total);
    reimbursement(&info.reimbursement, out);
    out.list("totalConImpuestos", &info.tax_totals, tax_total);
    out.maybe_list("compensaciones", &info.compensations, |each| {
        compensation("compensacion", each)
    });
    out.maybe_value("propina", info.tip);
    out.maybe_value("fleteInternacional", info.international_freight);
    out.maybe_value("seguroInternacional", info.international_insurance);
    out.maybe_value("gastosAduaneros", info.customs_expenses);
    out.maybe_value("gastosTransporteOtros", info.other_transport_expenses);
    out.value("importeTotal", info.total);
}

fn reimbursement<'a>(totals: &'a ReimbursementTotals, out: &mut Children<'a>) {
    out.maybe_text("codDocReembolso", totals.document_code.as_ref());
    out.maybe_value("totalComprobantesReembolso", totals.documents_total);
    out.maybe_value("totalBaseImponibleReembolso", totals.base_total);
    out.maybe_value("totalImpuestoReembolso", totals.tax_total);
}

fn tax_total(total: &TaxTotal) -> Element<'_> {
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

fn compensation<'a>(name: &'static str, compensation: &'a Compensation) -> Element<'a> {
    let mut out = Children::with_capacity(3);
    out.text("codigo", &compensation.code);
    out.value("tarifa", compensation.rate);
    out.value("valor", compensation.amount);
    out.into_parent(name)
}

fn payment(payment: &Payment) -> Element<'_> {
    let mut out = Children::with_capacity(4);
    out.text("formaPago", &payment.method);
    out.value("total", payment.total);
    out.maybe_value("plazo", payment.term);
    out.maybe_text("unidadTiempo", payment.term_unit.as_ref());
    out.into_parent("pago")
}

fn line(line: &Line) -> Element<'_> {
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

fn line_tax(tax: &LineTax) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.text("codigo", &tax.code);
    out.text("codigoPorcentaje", &tax.rate_code);
    out.value("tarifa", tax.rate);
    out.value("baseImponible", tax.base);
    out.value("valor", tax.amount);
    out.into_parent("impuesto")
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

fn reimbursed_tax(tax: &LineTax) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.text("codigo", &tax.code);
    out.text("codigoPorcentaje", &tax.rate_code);
    out.value("tarifa", tax.rate);
    out.value("baseImponibleReembolso", tax.base);
    out.value("impuestoReembolso", tax.amount);
    out.into_parent("detalleImpuesto")
}

fn withholding(withholding: &InvoiceWithholding) -> Element<'_> {
    let mut out = Children::with_capacity(4);
    out.text("codigo", &withholding.code);
    out.text("codigoPorcentaje", &withholding.rate_code);
    out.value("tarifa", withholding.rate);
    out.value("valor", withholding.amount);
    out.into_parent("retencion")
}

fn substitute_waybill(waybill: &SubstituteWaybill) -> Element<'_> {
    let mut out = Children::with_capacity(9);
    out.text("dirPartida", &waybill.departure_address);
    out.text("dirDestinatario", &waybill.receiver_address);
    out.date("fechaIniTransporte", waybill.start_date);
    out.date("fechaFinTransporte", waybill.end_date);
    out.text("razonSocialTransportista", &waybill.carrier_name);
    out.text("tipoIdentificacionTransportista", &waybill.carrier_id_type);
    out.text("rucTransportista", &waybill.carrier_id);
    out.text("placa", &waybill.plate);
    out.list("destinos", &waybill.destinations, destination);
    out.into_parent("infoSustitutivaGuiaRemision")
}

fn destination(destination: &Destination) -> Element<'_> {
    let mut out = Children::with_capacity(4);
    out.text("motivoTraslado", &destination.reason);
    out.maybe_text("docAduaneroUnico", destination.customs_document.as_ref());
    out.maybe_text("codEstabDestino", destination.establishment.as_ref());
    out.maybe_text("ruta", destination.route.as_ref());
    out.into_parent("destino")
}

fn third_party_item(item: &ThirdPartyItem) -> Element<'_> {
    let mut out = Children::with_capacity(2);
    out.text("concepto", &item.concept);
    out.value("total", item.total);
    out.into_parent("rubro")
}
