//! A tree as the model. The fields of each literal are read in the order they
//! are written here, which is the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::invoice::{
    Destination, Export, Invoice, InvoiceInfo, InvoiceVersion, InvoiceWithholding,
    SubstituteWaybill, ThirdPartyItem,
};

use super::INVOICE;
use crate::fields::Fields;
use crate::finding::Findings;
use crate::shared::{read_additional_field, read_fiscal_machine, read_tax_info};
use crate::trade::{
    read_compensations, read_line, read_negotiable, read_payment, read_reimbursed_documents,
    read_reimbursement, read_tax_total,
};
use crate::tree::Element;

/// The invoice a tree holds. `None` exactly when a finding that is not a note was added.
///
/// Does not hold the tree against the schema, but leaves nothing out: elements,
/// attributes and texts that have no place in the model are findings.
pub fn from_tree(root: &Element<'_>, findings: &mut Findings) -> Option<Invoice> {
    INVOICE.take_root(root, findings, |fields, version| {
        invoice(fields, version.and_then(InvoiceVersion::parse))
    })
}

/// Everything is read before anything that is absent ends it, so that all is told.
fn invoice(fields: &mut Fields<'_, '_>, version: Option<InvoiceVersion>) -> Option<Invoice> {
    let own = DocumentType::Invoice;
    let tax_info = fields.group("infoTributaria", |fields| read_tax_info(fields, own));
    let info = fields.group("infoFactura", |fields| Some(info(fields)));
    let lines = fields.list("detalles", "detalle", read_line);
    let reimbursed_documents = read_reimbursed_documents(fields);
    let withholdings = fields.maybe_list("retenciones", "retencion", withholding);
    let substitute_waybill = fields.maybe_group("infoSustitutivaGuiaRemision", substitute_waybill);
    let third_party_items = fields.maybe_list("otrosRubrosTerceros", "rubro", third_party_item);
    let negotiable_email = read_negotiable(fields);
    let fiscal_machine = fields.maybe_group("maquinaFiscal", read_fiscal_machine);
    let additional_fields =
        fields.maybe_list("infoAdicional", "campoAdicional", read_additional_field);
    Some(Invoice {
        version: version?,
        tax_info: tax_info?,
        info: info?,
        lines,
        reimbursed_documents,
        withholdings,
        substitute_waybill,
        third_party_items,
        negotiable_email,
        fiscal_machine,
        additional_fields,
    })
}

fn info(fields: &mut Fields<'_, '_>) -> InvoiceInfo {
    InvoiceInfo {
        issue_date: fields.date("fechaEmision"),
        establishment_address: fields.maybe_text("dirEstablecimiento"),
        special_taxpayer: fields.maybe_text("contribuyenteEspecial"),
        keeps_accounts: fields.maybe_yes_or_no("obligadoContabilidad"),
        export: export(fields),
        receiver_id_type: fields.text("tipoIdentificacionComprador"),
        waybill_number: fields.maybe_text("guiaRemision"),
        receiver_name: fields.text("razonSocialComprador"),
        receiver_id: fields.text("identificacionComprador"),
        receiver_address: fields.maybe_text("direccionComprador"),
        net_total: fields.number("totalSinImpuestos"),
        subsidy_total: fields.maybe_number("totalSubsidio"),
        incoterm_of_net_total: fields.maybe_text("incoTermTotalSinImpuestos"),
        discount_total: fields.number("totalDescuento"),
        reimbursement: read_reimbursement(fields),
        tax_totals: fields.list("totalConImpuestos", "totalImpuesto", read_tax_total),
        compensations: read_compensations(fields),
        tip: fields.maybe_number("propina"),
        international_freight: fields.maybe_number("fleteInternacional"),
        international_insurance: fields.maybe_number("seguroInternacional"),
        customs_expenses: fields.maybe_number("gastosAduaneros"),
        other_transport_expenses: fields.maybe_number("gastosTransporteOtros"),
        total: fields.number("importeTotal"),
        currency: fields.maybe_text("moneda"),
        plate: fields.maybe_text("placa"),
        payments: fields.maybe_list("pagos", "pago", read_payment),
        withheld_vat: fields.maybe_number("valorRetIva"),
        withheld_income_tax: fields.maybe_number("valorRetRenta"),
    }
}

fn export(fields: &mut Fields<'_, '_>) -> Export {
    Export {
        foreign_trade: fields.maybe_text("comercioExterior"),
        incoterm: fields.maybe_text("incoTermFactura"),
        incoterm_place: fields.maybe_text("lugarIncoTerm"),
        origin_country: fields.maybe_text("paisOrigen"),
        origin_port: fields.maybe_text("puertoEmbarque"),
        destination_port: fields.maybe_text("puertoDestino"),
        destination_country: fields.maybe_text("paisDestino"),
        acquisition_country: fields.maybe_text("paisAdquisicion"),
    }
}

fn withholding(fields: &mut Fields<'_, '_>) -> InvoiceWithholding {
    InvoiceWithholding {
        code: fields.text("codigo"),
        rate_code: fields.text("codigoPorcentaje"),
        rate: fields.number("tarifa"),
        amount: fields.number("valor"),
    }
}

fn substitute_waybill(fields: &mut Fields<'_, '_>) -> SubstituteWaybill {
    SubstituteWaybill {
        departure_address: fields.text("dirPartida"),
        receiver_address: fields.text("dirDestinatario"),
        start_date: fields.date("fechaIniTransporte"),
        end_date: fields.date("fechaFinTransporte"),
        carrier_name: fields.text("razonSocialTransportista"),
        carrier_id_type: fields.text("tipoIdentificacionTransportista"),
        carrier_id: fields.text("rucTransportista"),
        plate: fields.text("placa"),
        destinations: fields.list("destinos", "destino", destination),
    }
}

fn destination(fields: &mut Fields<'_, '_>) -> Destination {
    Destination {
        reason: fields.text("motivoTraslado"),
        customs_document: fields.maybe_text("docAduaneroUnico"),
        establishment: fields.maybe_text("codEstabDestino"),
        route: fields.maybe_text("ruta"),
    }
}

fn third_party_item(fields: &mut Fields<'_, '_>) -> ThirdPartyItem {
    ThirdPartyItem {
        concept: fields.text("concepto"),
        total: fields.number("total"),
    }
}
