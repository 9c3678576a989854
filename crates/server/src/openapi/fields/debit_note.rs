//! The debit note (CONTRACT 7.6).

use super::common::{
    ADDITIONAL_LIST, ADDITIONAL_MAP, DATE, EMISSION, ENVIRONMENT, EXTERNAL_ID, ISSUER, KEY,
    MODIFIED_DATE, MODIFIED_NUMBER, MODIFIED_TYPE, PAYMENT, PERSON, SEQUENTIAL, TAX_TOTAL, VERSION,
};
use crate::openapi::field::{Kind, Shape, optional, required};

pub(super) const DEBIT_NOTE: Shape = Shape {
    name: "NotaDebito",
    about: "Una nota de débito.",
    fields: &[
        SEQUENTIAL,
        ENVIRONMENT,
        EMISSION,
        DATE,
        ISSUER,
        required("comprador", Kind::One(&PERSON), "Quién compró."),
        MODIFIED_TYPE,
        MODIFIED_NUMBER,
        MODIFIED_DATE,
        VERSION,
        KEY,
        EXTERNAL_ID,
        ADDITIONAL_LIST,
        ADDITIONAL_MAP,
        required("items", Kind::Many(&REASON), "Los motivos."),
        required("totales", Kind::One(&TOTALS), ""),
        optional("pagos", Kind::Many(&PAYMENT), "Cómo se paga."),
    ],
};

const REASON: Shape = Shape {
    name: "Motivo",
    about: "Un motivo con su valor.",
    fields: &[
        required("motivo", Kind::Text(300), ""),
        required("valor", Kind::Amount, "Sin impuestos."),
    ],
};

const TOTALS: Shape = Shape {
    name: "TotalesNotaDebito",
    about: "Los totales de una nota de débito.",
    fields: &[
        required("total_sin_impuestos", Kind::Amount, ""),
        required("impuestos", Kind::Many(&TAX_TOTAL), ""),
        required("importe_total", Kind::Amount, ""),
    ],
};
