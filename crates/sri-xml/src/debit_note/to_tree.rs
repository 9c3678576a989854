//! The model as a tree, every field in the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::common::TaxTotal;
use tagua_fiscal::debit_note::{DebitNote, DebitNoteInfo, DebitNoteReason};

use crate::shared::{Children, additional_field, fiscal_machine, tax_info};
use crate::trade::{compensations, modified_document, payment};
use crate::tree::Element;

/// The tree of a debit note. Lists that the schema lets be absent are left out
/// when empty; everything else is there even when the schema will not take it.
pub fn to_tree(note: &DebitNote) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.element(tax_info(&note.tax_info, DocumentType::DebitNote));
    out.element(info(&note.info));
    out.list("motivos", &note.reasons, reason);
    if let Some(machine) = &note.fiscal_machine {
        out.element(fiscal_machine(machine));
    }
    out.maybe_list("infoAdicional", &note.additional_fields, additional_field);
    out.into_parent("notaDebito")
        .with("id", "comprobante")
        .with("version", note.version.as_str())
}

fn info(info: &DebitNoteInfo) -> Element<'_> {
    let mut out = Children::with_capacity(18);
    out.date("fechaEmision", info.issue_date);
    out.maybe_text("dirEstablecimiento", info.establishment_address.as_ref());
    out.text("tipoIdentificacionComprador", &info.receiver_id_type);
    out.text("razonSocialComprador", &info.receiver_name);
    out.text("identificacionComprador", &info.receiver_id);
    out.maybe_text("contribuyenteEspecial", info.special_taxpayer.as_ref());
    out.maybe_yes_or_no("obligadoContabilidad", info.keeps_accounts);
    out.maybe_text("rise", info.rise_legend.as_ref());
    modified_document(&info.modified_document, &mut out);
    out.value("totalSinImpuestos", info.net_total);
    out.list("impuestos", &info.tax_totals, tax_total);
    compensations(&info.compensations, &mut out);
    out.value("valorTotal", info.total);
    for payments in &info.payment_lists {
        out.list("pagos", payments, payment);
    }
    out.into_parent("infoNotaDebito")
}

/// Here the rate stands before the base. The additional discount, which the
/// schema has not, stands where other documents have it.
fn tax_total(total: &TaxTotal) -> Element<'_> {
    let mut out = Children::with_capacity(7);
    out.text("codigo", &total.code);
    out.text("codigoPorcentaje", &total.rate_code);
    out.maybe_value("descuentoAdicional", total.additional_discount);
    out.maybe_value("tarifa", total.rate);
    out.value("baseImponible", total.base);
    out.value("valor", total.amount);
    out.maybe_value("valorDevolucionIva", total.vat_refund);
    out.into_parent("impuesto")
}

fn reason(reason: &DebitNoteReason) -> Element<'_> {
    let mut out = Children::with_capacity(2);
    out.text("razon", &reason.reason);
    out.value("valor", reason.amount);
    out.into_parent("motivo")
}
