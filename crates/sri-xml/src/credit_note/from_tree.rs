//! A tree as the model. The fields of each literal are read in the order they
//! are written here, which is the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::credit_note::{
    CreditNote, CreditNoteInfo, CreditNoteLine, CreditNoteTax, CreditNoteVersion,
};

use super::CREDIT_NOTE;
use crate::fields::Fields;
use crate::finding::Findings;
use crate::shared::{read_additional_field, read_fiscal_machine, read_line_detail, read_tax_info};
use crate::trade::{read_compensations, read_modified_document, read_tax_total};
use crate::tree::Element;

/// The credit note a tree holds. `None` exactly when a finding that is not a
/// note was added.
///
/// Does not hold the tree against the schema, but leaves nothing out: elements,
/// attributes and texts that have no place in the model are findings.
pub fn from_tree(root: &Element<'_>, findings: &mut Findings) -> Option<CreditNote> {
    CREDIT_NOTE.take_root(root, findings, |fields, version| {
        credit_note(fields, version.and_then(CreditNoteVersion::parse))
    })
}

/// Everything is read before anything that is absent ends it, so that all is told.
fn credit_note(
    fields: &mut Fields<'_, '_>,
    version: Option<CreditNoteVersion>,
) -> Option<CreditNote> {
    let own = DocumentType::CreditNote;
    let tax_info = fields.group("infoTributaria", |fields| read_tax_info(fields, own));
    let info = fields.group("infoNotaCredito", |fields| Some(info(fields)));
    let lines = fields.list("detalles", "detalle", line);
    let fiscal_machine = fields.maybe_group("maquinaFiscal", read_fiscal_machine);
    let additional_fields =
        fields.maybe_list("infoAdicional", "campoAdicional", read_additional_field);
    Some(CreditNote {
        version: version?,
        tax_info: tax_info?,
        info: info?,
        lines,
        fiscal_machine,
        additional_fields,
    })
}

fn info(fields: &mut Fields<'_, '_>) -> CreditNoteInfo {
    CreditNoteInfo {
        issue_date: fields.date("fechaEmision"),
        establishment_address: fields.maybe_text("dirEstablecimiento"),
        receiver_id_type: fields.text("tipoIdentificacionComprador"),
        receiver_name: fields.text("razonSocialComprador"),
        receiver_id: fields.text("identificacionComprador"),
        special_taxpayer: fields.maybe_text("contribuyenteEspecial"),
        keeps_accounts: fields.maybe_yes_or_no("obligadoContabilidad"),
        rise_legend: fields.maybe_text("rise"),
        modified_document: read_modified_document(fields),
        net_total: fields.number("totalSinImpuestos"),
        compensations: read_compensations(fields),
        total: fields.number("valorModificacion"),
        currency: fields.maybe_text("moneda"),
        tax_totals: fields.list("totalConImpuestos", "totalImpuesto", read_tax_total),
        reason: fields.text("motivo"),
    }
}

fn line(fields: &mut Fields<'_, '_>) -> CreditNoteLine {
    CreditNoteLine {
        main_code: fields.maybe_text("codigoInterno"),
        auxiliary_code: fields.maybe_text("codigoAdicional"),
        description: fields.text("descripcion"),
        quantity: fields.number("cantidad"),
        unit_price: fields.number("precioUnitario"),
        discount: fields.maybe_number("descuento"),
        net: fields.number("precioTotalSinImpuesto"),
        details: fields.maybe_list("detallesAdicionales", "detAdicional", read_line_detail),
        taxes: fields.group("impuestos", |fields| fields.any_items("impuesto", line_tax)),
    }
}

fn line_tax(fields: &mut Fields<'_, '_>) -> CreditNoteTax {
    CreditNoteTax {
        code: fields.text("codigo"),
        rate_code: fields.text("codigoPorcentaje"),
        rate: fields.maybe_number("tarifa"),
        base: fields.number("baseImponible"),
        amount: fields.number("valor"),
    }
}
