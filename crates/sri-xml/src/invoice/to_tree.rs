//! The model as a tree, every field in the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::invoice::{
    Destination, Export, Invoice, InvoiceInfo, InvoiceWithholding, SubstituteWaybill,
    ThirdPartyItem,
};

use crate::shared::{Children, additional_field, fiscal_machine, tax_info};
use crate::trade::{
    compensations, line, negotiable, payment, reimbursed_documents, reimbursement, tax_total,
};
use crate::tree::Element;

/// The tree of an invoice. Lists that the schema lets be absent are left out
/// when empty; everything else is there even when the schema will not take it.
pub fn to_tree(invoice: &Invoice) -> Element<'_> {
    let mut out = Children::with_capacity(11);
    out.element(tax_info(&invoice.tax_info, DocumentType::Invoice));
    out.element(info(&invoice.info));
    out.list("detalles", &invoice.lines, line);
    reimbursed_documents(&invoice.reimbursed_documents, &mut out);
    out.maybe_list("retenciones", &invoice.withholdings, withholding);
    if let Some(waybill) = &invoice.substitute_waybill {
        out.element(substitute_waybill(waybill));
    }
    out.maybe_list(
        "otrosRubrosTerceros",
        &invoice.third_party_items,
        third_party_item,
    );
    negotiable(invoice.negotiable_email.as_ref(), &mut out);
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
    compensations(&info.compensations, out);
    out.maybe_value("propina", info.tip);
    out.maybe_value("fleteInternacional", info.international_freight);
    out.maybe_value("seguroInternacional", info.international_insurance);
    out.maybe_value("gastosAduaneros", info.customs_expenses);
    out.maybe_value("gastosTransporteOtros", info.other_transport_expenses);
    out.value("importeTotal", info.total);
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
