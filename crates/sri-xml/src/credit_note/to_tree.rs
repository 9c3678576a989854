//! The model as a tree, every field in the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::credit_note::{CreditNote, CreditNoteInfo, CreditNoteLine, CreditNoteTax};

use crate::shared::{Children, additional_field, fiscal_machine, line_detail, tax_info};
use crate::trade::{compensations, modified_document, tax_total};
use crate::tree::Element;

/// The tree of a credit note. Lists that the schema lets be absent are left out
/// when empty; everything else is there even when the schema will not take it.
pub fn to_tree(note: &CreditNote) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.element(tax_info(&note.tax_info, DocumentType::CreditNote));
    out.element(info(&note.info));
    out.list("detalles", &note.lines, line);
    if let Some(machine) = &note.fiscal_machine {
        out.element(fiscal_machine(machine));
    }
    out.maybe_list("infoAdicional", &note.additional_fields, additional_field);
    out.into_parent("notaCredito")
        .with("id", "comprobante")
        .with("version", note.version.as_str())
}

fn info(info: &CreditNoteInfo) -> Element<'_> {
    let mut out = Children::with_capacity(17);
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
    compensations(&info.compensations, &mut out);
    out.value("valorModificacion", info.total);
    out.maybe_text("moneda", info.currency.as_ref());
    out.list("totalConImpuestos", &info.tax_totals, tax_total);
    out.text("motivo", &info.reason);
    out.into_parent("infoNotaCredito")
}

fn line(line: &CreditNoteLine) -> Element<'_> {
    let mut out = Children::with_capacity(9);
    out.maybe_text("codigoInterno", line.main_code.as_ref());
    out.maybe_text("codigoAdicional", line.auxiliary_code.as_ref());
    out.text("descripcion", &line.description);
    out.value("cantidad", line.quantity);
    out.value("precioUnitario", line.unit_price);
    out.maybe_value("descuento", line.discount);
    out.value("precioTotalSinImpuesto", line.net);
    out.maybe_list("detallesAdicionales", &line.details, line_detail);
    out.list("impuestos", &line.taxes, line_tax);
    out.into_parent("detalle")
}

fn line_tax(tax: &CreditNoteTax) -> Element<'_> {
    let mut out = Children::with_capacity(5);
    out.text("codigo", &tax.code);
    out.text("codigoPorcentaje", &tax.rate_code);
    out.maybe_value("tarifa", tax.rate);
    out.value("baseImponible", tax.base);
    out.value("valor", tax.amount);
    out.into_parent("impuesto")
}
