//! `notaCredito`.

use super::shared::{
    ADDITIONAL, ESTABLISHMENT_ADDRESS, ID, ISSUE_DATE, KEEPS_ACCOUNTS, MACHINE, RISE, SIGNATURE,
    SPECIAL_TAXPAYER, TAX_INFO, VERSION,
};
use super::trade::{
    BUYER_ID, BUYER_ID_TYPE, BUYER_NAME, COMPENSATIONS, CURRENCY, LINE, MODIFIED_DATE,
    MODIFIED_NUMBER, MODIFIED_TYPE, TAX_TOTALS,
};
use super::{Blank, Row, Rule, inside, list, text};

pub(super) static CREDIT_NOTE: Row = Row {
    rules: &[
        ID,
        VERSION,
        inside("infoTributaria", &TAX_INFO),
        inside("infoNotaCredito", &INFO),
        list("detalles", "detalle", "items", &ITEM),
        MACHINE,
        ADDITIONAL,
        SIGNATURE,
    ],
    blanks: &[
        ("emisor.contribuyente_especial", Blank::Text),
        ("comprador.direccion", Blank::Text),
    ],
    derive: |_| {},
};

static INFO: [Rule; 17] = [
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
    COMPENSATIONS,
    text("valorModificacion", "totales.importe_total"),
    CURRENCY,
    TAX_TOTALS,
    text("motivo", "motivo"),
];

static ITEM: Row = Row {
    rules: &LINE,
    blanks: &[
        ("codigo_auxiliar", Blank::Text),
        ("detalles_adicionales", Blank::Object),
    ],
    derive: |_| {},
};
