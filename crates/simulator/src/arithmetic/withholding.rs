//! Withholding documents (comprobante de retención), both versions.

use roxmltree::Node;

use super::{Differences, amount, child, items, text};

pub(super) fn check(root: Node<'_, '_>, differences: &mut Differences) {
    if let Some(info) = child(root, "infoCompRetencion") {
        check_subject(root, info, differences);
    }
    for tax in items(root, "impuestos", "impuesto") {
        check_withheld(tax, differences);
    }
    for supporting in items(root, "docsSustento", "docSustento") {
        for withheld in items(supporting, "retenciones", "retencion") {
            check_withheld(withheld, differences);
        }
    }
}

fn check_withheld(row: Node<'_, '_>, differences: &mut Differences) {
    let expected = amount(row, "baseImponible").percent_to_cents(amount(row, "porcentajeRetener"));
    let field = format!(
        "valorRetenido del impuesto {}, código {}",
        text(row, "codigo"),
        text(row, "codigoRetencion")
    );
    differences.compare(&field, amount(row, "valorRetenido"), expected, 1);
}

/// A foreign subject (08) must say whether it is a person or a company.
fn check_subject(root: Node<'_, '_>, info: Node<'_, '_>, differences: &mut Differences) {
    let is_foreign = text(info, "tipoIdentificacionSujetoRetenido") == "08";
    let has_kind = child(info, "tipoSujetoRetenido").is_some();
    if root.attribute("version") == Some("2.0.0") && is_foreign && !has_kind {
        differences.add(
            "El campo tipoSujetoRetenido es obligatorio cuando el tipo de identificación es 08"
                .to_owned(),
        );
    }
}
