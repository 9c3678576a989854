//! A tree as the model. The fields of each literal are read in the order they
//! are written here, which is the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::common::{AdditionalField, FiscalMachine, TaxInfo};
use tagua_fiscal::waybill::{
    Recipient, SupportingReference, Waybill, WaybillInfo, WaybillLine, WaybillVersion,
};

use super::WAYBILL;
use crate::fields::Fields;
use crate::finding::{Findings, Place};
use crate::shared::{read_additional_field, read_fiscal_machine, read_line_detail, read_tax_info};
use crate::tree::Element;

/// The waybill a tree holds. `None` exactly when a finding that is not a note was added.
///
/// Does not hold the tree against the schema, but leaves nothing out: elements,
/// attributes and texts that have no place in the model are findings.
pub fn from_tree(root: &Element<'_>, findings: &mut Findings) -> Option<Waybill> {
    let refusals_before = findings.refusals();
    if !WAYBILL.is_root(root, findings) {
        return None;
    }
    let version = WAYBILL.version(root, findings);
    let version = version.and_then(|schema| WaybillVersion::parse(schema.version));
    let mut fields = Fields::of(root, Place::root(&root.name), findings);
    let parts = Parts::of(&mut fields);
    fields.finish();
    let refused = findings.refusals() > refusals_before;
    parts.into_waybill(version?).filter(|_| !refused)
}

/// The root's children. The header is absent when it was refused.
struct Parts {
    tax_info: Option<TaxInfo>,
    info: Option<WaybillInfo>,
    recipients: Vec<Recipient>,
    fiscal_machine: Option<FiscalMachine>,
    additional_fields: Vec<AdditionalField>,
}

impl Parts {
    fn of(fields: &mut Fields<'_, '_>) -> Self {
        WAYBILL.take_root_attributes(fields);
        let waybill = DocumentType::Waybill;
        let parts = Self {
            tax_info: fields.group("infoTributaria", |fields| read_tax_info(fields, waybill)),
            info: fields.group("infoGuiaRemision", |fields| Some(info(fields))),
            recipients: fields.list("destinatarios", "destinatario", recipient),
            fiscal_machine: fields.maybe_group("maquinaFiscal", read_fiscal_machine),
            additional_fields: fields.maybe_list(
                "infoAdicional",
                "campoAdicional",
                read_additional_field,
            ),
        };
        fields.skip_signature();
        parts
    }

    fn into_waybill(self, version: WaybillVersion) -> Option<Waybill> {
        Some(Waybill {
            version,
            tax_info: self.tax_info?,
            info: self.info?,
            recipients: self.recipients,
            fiscal_machine: self.fiscal_machine,
            additional_fields: self.additional_fields,
        })
    }
}

fn info(fields: &mut Fields<'_, '_>) -> WaybillInfo {
    WaybillInfo {
        establishment_address: fields.maybe_text("dirEstablecimiento"),
        departure_address: fields.text("dirPartida"),
        carrier_name: fields.text("razonSocialTransportista"),
        carrier_id_type: fields.text("tipoIdentificacionTransportista"),
        carrier_id: fields.text("rucTransportista"),
        rise: fields.maybe_text("rise"),
        keeps_accounts: fields.maybe_yes_or_no("obligadoContabilidad"),
        special_taxpayer: fields.maybe_text("contribuyenteEspecial"),
        start_date: fields.date("fechaIniTransporte"),
        end_date: fields.date("fechaFinTransporte"),
        plate: fields.text("placa"),
    }
}

fn recipient(fields: &mut Fields<'_, '_>) -> Recipient {
    Recipient {
        id: fields.text("identificacionDestinatario"),
        name: fields.text("razonSocialDestinatario"),
        address: fields.text("dirDestinatario"),
        reason: fields.text("motivoTraslado"),
        customs_document: fields.maybe_text("docAduaneroUnico"),
        establishment: fields.maybe_text("codEstabDestino"),
        route: fields.maybe_text("ruta"),
        supporting_document: supporting_document(fields),
        lines: fields.list("detalles", "detalle", line),
    }
}

fn supporting_document(fields: &mut Fields<'_, '_>) -> SupportingReference {
    SupportingReference {
        document_code: fields.maybe_text("codDocSustento"),
        number: fields.maybe_text("numDocSustento"),
        authorization: fields.maybe_text("numAutDocSustento"),
        issue_date: fields.maybe_date("fechaEmisionDocSustento"),
    }
}

fn line(fields: &mut Fields<'_, '_>) -> WaybillLine {
    WaybillLine {
        main_code: fields.maybe_text("codigoInterno"),
        auxiliary_code: fields.maybe_text("codigoAdicional"),
        description: fields.text("descripcion"),
        quantity: fields.number("cantidad"),
        details: fields.maybe_empty_list("detallesAdicionales", "detAdicional", read_line_detail),
    }
}
