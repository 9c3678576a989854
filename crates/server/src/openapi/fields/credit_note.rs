//! The credit note (CONTRACT 7.5).

use super::common::{
    ADDITIONAL_LIST, ADDITIONAL_MAP, CURRENCY, DATE, EMISSION, ENVIRONMENT, EXCHANGE_RATE,
    EXTERNAL_ID, ISSUER, ITEM, KEY, MODIFIED_DATE, MODIFIED_NUMBER, MODIFIED_TYPE, PERSON,
    SEQUENTIAL, TAX_TOTAL, VERSION,
};
use crate::openapi::field::{Kind, Shape, required};

pub(super) const CREDIT_NOTE: Shape = Shape {
    name: "NotaCredito",
    about: "Una nota de crédito.",
    fields: &[
        SEQUENTIAL,
        ENVIRONMENT,
        EMISSION,
        DATE,
        ISSUER,
        CURRENCY,
        EXCHANGE_RATE,
        required("comprador", Kind::One(&PERSON), "Quién compró."),
        MODIFIED_TYPE,
        MODIFIED_NUMBER,
        MODIFIED_DATE,
        required("motivo", Kind::Text(300), "Por qué se emite."),
        VERSION,
        KEY,
        EXTERNAL_ID,
        ADDITIONAL_LIST,
        ADDITIONAL_MAP,
        required("totales", Kind::One(&TOTALS), ""),
        required("items", Kind::Many(&ITEM), "Las líneas."),
    ],
};

const TOTALS: Shape = Shape {
    name: "TotalesNotaCredito",
    about: "Los totales de una nota de crédito.",
    fields: &[
        required("total_sin_impuestos", Kind::Amount, ""),
        required(
            "importe_total",
            Kind::Amount,
            "El valor de la modificación.",
        ),
        required("impuestos", Kind::Many(&TAX_TOTAL), ""),
    ],
};
