//! `reembolso`.

use rust_decimal::Decimal;

use super::codes::is_identification_type;
use super::draft::{DraftReimbursed, DraftReimbursement, DraftTax};
use super::export::read_country;
use super::finding::ErrorCode;
use super::numbers::sum;
use super::reader::{Need, Reader};
use super::taxes::{complete, read_taxes};
use super::text::{is_digits, zero_padded};

pub(super) fn read_reimbursement(r: &Reader<'_, '_>) -> Option<DraftReimbursement> {
    let r = r.child("reembolso", Need::Optional)?;
    let document_code = r.code("codigo").map(|code| zero_padded(&code, 2));
    let base_total = r.number("subtotal");
    let tax_total = r.number("total_impuestos");
    let total = r.number("total");
    let rows = r.children("documentos", Need::Required);
    let documents: Vec<DraftReimbursed> = rows.iter().filter_map(read_document).collect();
    let Some((bases, amounts)) = document_sums(&documents) else {
        let details = "La suma de los documentos es demasiado grande";
        r.invalid("documentos", ErrorCode::InvalidValue, details);
        return None;
    };
    let base_total = base_total.unwrap_or(bases);
    let tax_total = tax_total.unwrap_or(amounts);
    Some(DraftReimbursement {
        document_code: document_code.unwrap_or_else(|| "41".to_owned()),
        base_total,
        tax_total,
        total: total.or(base_total.checked_add(tax_total))?,
        documents,
    })
}

/// Sums of bases and of taxes over the documents.
pub(super) fn document_sums(documents: &[DraftReimbursed]) -> Option<(Decimal, Decimal)> {
    let taxes = || documents.iter().flat_map(|document| &document.taxes);
    Some((
        sum(taxes().map(|tax| tax.base))?,
        sum(taxes().map(|tax| tax.amount))?,
    ))
}

fn read_document(r: &Reader<'_, '_>) -> Option<DraftReimbursed> {
    let establishment = r.required_padded("codigo_establecimiento", 3);
    let point = r.required_padded("codigo_punto_emision", 3);
    let sequential = r.required_padded("secuencia", 9);
    let issue_date = r.required_date("fecha_emision");
    let supplier_id = r.required_text("identificacion_proveedor", 20);
    let supplier_id_type = read_identification_type(r, "tipo_identificacion_proveedor");
    let authorization = read_authorization(r);
    let supplier_type = r.required_code("tipo_proveedor");
    let document_code = r.required_code(r.pick(&["tipo", "codigo"]));
    let supplier_country = read_country(r, "pais_origen_proveedor");
    let taxes = read_document_taxes(r);
    Some(DraftReimbursed {
        supplier_id_type: supplier_id_type?,
        supplier_id: supplier_id?,
        supplier_country,
        supplier_type: zero_padded(&supplier_type?, 2),
        document_code: zero_padded(&document_code?, 2),
        establishment: establishment?,
        point: point?,
        sequential: sequential?,
        issue_date: issue_date?,
        authorization: authorization?,
        taxes: taxes?,
    })
}

/// A code of CONTRACT 8.1, padded to two digits.
pub(super) fn read_identification_type(r: &Reader<'_, '_>, key: &str) -> Option<String> {
    let code = zero_padded(&r.required_code(key)?, 2);
    if !is_identification_type(&code) {
        let details = "Use 04 (RUC), 05 (cédula), 06 (pasaporte), 07 (consumidor final), \
                       08 (exterior) o 09 (placa)";
        r.invalid(key, ErrorCode::InvalidValue, details);
        return None;
    }
    Some(code)
}

fn read_authorization(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "numero_autorizacion";
    let digits = r.required_code(KEY)?;
    if !is_digits(&digits, 10, 49) {
        r.invalid(
            KEY,
            ErrorCode::InvalidLength,
            "Debe tener de 10 a 49 dígitos",
        );
        return None;
    }
    Some(digits)
}

fn read_document_taxes(r: &Reader<'_, '_>) -> Option<Vec<DraftTax>> {
    let taxes = complete(read_taxes(r), Decimal::ZERO, Decimal::ZERO);
    if taxes.is_none() {
        let details = "La base por la tarifa es demasiado grande";
        r.invalid("impuestos", ErrorCode::InvalidValue, details);
    }
    taxes
}
