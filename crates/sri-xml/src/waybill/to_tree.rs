//! The model as a tree, every field in the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::waybill::{Recipient, SupportingReference, Waybill, WaybillInfo, WaybillLine};

use crate::shared::{Children, additional_field, fiscal_machine, line_detail, tax_info};
use crate::tree::Element;

/// The tree of a waybill. Lists that the schema lets be absent are left out
/// when empty; everything else is there even when the schema will not take it.
pub fn to_tree(waybill: &Waybill) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.element(tax_info(&waybill.tax_info, DocumentType::Waybill));
    out.element(info(&waybill.info));
    out.list("destinatarios", &waybill.recipients, recipient);
    if let Some(machine) = &waybill.fiscal_machine {
        out.element(fiscal_machine(machine));
    }
    out.maybe_list(
        "infoAdicional",
        &waybill.additional_fields,
        additional_field,
    );
    out.into_parent("guiaRemision")
        .with("id", "comprobante")
        .with("version", waybill.version.as_str())
}

fn info(info: &WaybillInfo) -> Element<'_> {
    let mut out = Children::with_capacity(11);
    out.maybe_text("dirEstablecimiento", info.establishment_address.as_ref());
    out.text("dirPartida", &info.departure_address);
    out.text("razonSocialTransportista", &info.carrier_name);
    out.text("tipoIdentificacionTransportista", &info.carrier_id_type);
    out.text("rucTransportista", &info.carrier_id);
    out.maybe_text("rise", info.rise.as_ref());
    out.maybe_yes_or_no("obligadoContabilidad", info.keeps_accounts);
    out.maybe_text("contribuyenteEspecial", info.special_taxpayer.as_ref());
    out.date("fechaIniTransporte", info.start_date);
    out.date("fechaFinTransporte", info.end_date);
    out.text("placa", &info.plate);
    out.into_parent("infoGuiaRemision")
}

fn recipient(recipient: &Recipient) -> Element<'_> {
    let mut out = Children::with_capacity(12);
    out.text("identificacionDestinatario", &recipient.id);
    out.text("razonSocialDestinatario", &recipient.name);
    out.text("dirDestinatario", &recipient.address);
    out.text("motivoTraslado", &recipient.reason);
    out.maybe_text("docAduaneroUnico", recipient.customs_document.as_ref());
    out.maybe_text("codEstabDestino", recipient.establishment.as_ref());
    out.maybe_text("ruta", recipient.route.as_ref());
    supporting_document(&recipient.supporting_document, &mut out);
    out.list("detalles", &recipient.lines, line);
    out.into_parent("destinatario")
}

fn supporting_document<'a>(document: &'a SupportingReference, out: &mut Children<'a>) {
    out.maybe_text("codDocSustento", document.document_code.as_ref());
    out.maybe_text("numDocSustento", document.number.as_ref());
    out.maybe_text("numAutDocSustento", document.authorization.as_ref());
    out.maybe_date("fechaEmisionDocSustento", document.issue_date);
}

fn line(line: &WaybillLine) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.maybe_text("codigoInterno", line.main_code.as_ref());
    out.maybe_text("codigoAdicional", line.auxiliary_code.as_ref());
    out.text("descripcion", &line.description);
    out.value("cantidad", line.quantity);
    out.maybe_list("detallesAdicionales", &line.details, line_detail);
    out.into_parent("detalle")
}
