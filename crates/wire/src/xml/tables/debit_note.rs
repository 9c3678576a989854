//! `notaDebito`.

use super::shared::{
    ADDITIONAL, ESTABLISHMENT_ADDRESS, ID, ISSUE_DATE, KEEPS_ACCOUNTS, MACHINE, RISE, SIGNATURE,
    SPECIAL_TAXPAYER, TAX_INFO, VERSION,
};
use super::trade::{
    BUYER_ID, BUYER_ID_TYPE, BUYER_NAME, COMPENSATIONS, MODIFIED_DATE, MODIFIED_NUMBER,
    MODIFIED_TYPE, PAYMENT, TAX_TOTAL, amount,
};
use super::{Blank, Row, Rule, inside, list, text};
use crate::json::{Object, Value};
use crate::xml::places::put;

pub(super) static DEBIT_NOTE: Row = Row {
    rules: &[
        ID,
        VERSION,
        inside("infoTributaria", &TAX_INFO),
        inside("infoNotaDebito", &INFO),
        list("motivos", "motivo", "items", &REASON),
        MACHINE,
        ADDITIONAL,
        SIGNATURE,
    ],
    blanks: &[
        ("emisor.contribuyente_especial", Blank::Text),
        ("comprador.direccion", Blank::Text),
    ],
    derive: add_tax_total,
};

static INFO: [Rule; 16] = [
    ISSUE_DATE,
    ESTABLISHMENT_ADDRESS,
    BUYER_ID_TYPE,
    BUYER_NAME,
    BUYER_ID,
    SPECIAL_TAXPAYER,
    KEEPS_ACCOUNTS,
    RISE,
    MODIFIED_TYPE,
    MODIFIED_NUMBER,
    MODIFIED_DATE,
    text("totalSinImpuestos", "totales.total_sin_impuestos"),
    list("impuestos", "impuesto", "totales.impuestos", &TAX_TOTAL),
    COMPENSATIONS,
    text("valorTotal", "totales.importe_total"),
    list("pagos", "pago", "pagos", &PAYMENT),
];

static REASON: Row = Row::of(&[text("razon", "motivo"), text("valor", "valor")]);

/// `totales.total_impuestos`, which only the answer to an XML prints: what the
/// total has over the net.
fn add_tax_total(note: &mut Object<'_>) {
    let taxes = |totals: &Object<'_>| {
        let net = amount(totals, "total_sin_impuestos")?;
        amount(totals, "importe_total")?.checked_sub(net)
    };
    let totals = note.last("totales").and_then(Value::as_object);
    if let Some(taxes) = totals.and_then(taxes) {
        let taxes = Value::String(taxes.to_string().into());
        put(note, "totales.total_impuestos", taxes);
    }
}
