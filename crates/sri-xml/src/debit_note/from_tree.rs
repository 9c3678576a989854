//! A tree as the model. The fields of each literal are read in the order they
//! are written here, which is the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::common::{Payment, TaxTotal};
use tagua_fiscal::debit_note::{DebitNote, DebitNoteInfo, DebitNoteReason, DebitNoteVersion};

use super::DEBIT_NOTE;
use crate::fields::Fields;
use crate::finding::Findings;
use crate::shared::{read_additional_field, read_fiscal_machine, read_tax_info};
use crate::trade::{read_compensations, read_modified_document, read_payment};
use crate::tree::Element;

/// The debit note a tree holds. `None` exactly when a finding that is not a note
/// was added.
///
/// Does not hold the tree against the schema, but leaves nothing out: elements,
/// attributes and texts that have no place in the model are findings.
pub fn from_tree(root: &Element<'_>, findings: &mut Findings) -> Option<DebitNote> {
    DEBIT_NOTE.take_root(root, findings, |fields, version| {
        debit_note(fields, version.and_then(DebitNoteVersion::parse))
    })
}

/// Everything is read before anything that is absent ends it, so that all is told.
fn debit_note(fields: &mut Fields<'_, '_>, version: Option<DebitNoteVersion>) -> Option<DebitNote> {
    let own = DocumentType::DebitNote;
    let tax_info = fields.group("infoTributaria", |fields| read_tax_info(fields, own));
    let info = fields.group("infoNotaDebito", |fields| Some(info(fields)));
    let reasons = fields.list("motivos", "motivo", reason);
    let fiscal_machine = fields.maybe_group("maquinaFiscal", read_fiscal_machine);
    let additional_fields =
        fields.maybe_list("infoAdicional", "campoAdicional", read_additional_field);
    Some(DebitNote {
        version: version?,
        tax_info: tax_info?,
        info: info?,
        reasons,
        fiscal_machine,
        additional_fields,
    })
}

fn info(fields: &mut Fields<'_, '_>) -> DebitNoteInfo {
    DebitNoteInfo {
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
        tax_totals: fields.list("impuestos", "impuesto", tax_total),
        compensations: read_compensations(fields),
        total: fields.number("valorTotal"),
        payment_lists: fields.any_items("pagos", payments),
    }
}

fn tax_total(fields: &mut Fields<'_, '_>) -> TaxTotal {
    TaxTotal {
        code: fields.text("codigo"),
        rate_code: fields.text("codigoPorcentaje"),
        additional_discount: None,
        rate: Some(fields.number("tarifa")),
        base: fields.number("baseImponible"),
        amount: fields.number("valor"),
        vat_refund: fields.maybe_number("valorDevolucionIva"),
    }
}

fn payments(fields: &mut Fields<'_, '_>) -> Vec<Payment> {
    fields.items("pago", read_payment)
}

fn reason(fields: &mut Fields<'_, '_>) -> DebitNoteReason {
    DebitNoteReason {
        reason: fields.text("razon"),
        amount: fields.number("valor"),
    }
}
