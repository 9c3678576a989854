//! The withholding of schema 1.0.0 (CONTRACT 7.7).

use super::common::{
    ADDITIONAL_LIST, ADDITIONAL_MAP, DATE, EMISSION, ENVIRONMENT, EXTERNAL_ID, ISSUER, KEY, PERSON,
    SEQUENTIAL, VERSION,
};
use crate::openapi::field::{Field, Kind, Shape, optional, required};

pub(super) const PERIOD: Field = required("periodo_fiscal", Kind::Period, "MM/AAAA.");
pub(super) const WITHHELD_TAXES: &[(&str, &str)] = &[("1", "renta"), ("2", "IVA"), ("6", "ISD")];

pub(super) const RETENTION: Shape = Shape {
    name: "Retencion",
    about: "Un comprobante de retención del esquema 1.0.0. Hoy conviene `ats-retentions`.",
    fields: &[
        SEQUENTIAL,
        ENVIRONMENT,
        EMISSION,
        DATE,
        ISSUER,
        required("sujeto", Kind::One(&PERSON), "A quién se retiene."),
        PERIOD,
        VERSION,
        KEY,
        EXTERNAL_ID,
        ADDITIONAL_LIST,
        ADDITIONAL_MAP,
        required("items", Kind::Many(&WITHHELD), "Las retenciones."),
    ],
};

const WITHHELD: Shape = Shape {
    name: "ItemRetencion",
    about: "Una retención.",
    fields: &[
        required("codigo", Kind::Choice(WITHHELD_TAXES), "Impuesto."),
        required(
            "codigo_porcentaje",
            Kind::Code(5),
            "Catálogo `withholdings-tax-rates`.",
        ),
        required("base_imponible", Kind::Amount, ""),
        optional(
            "porcentaje",
            Kind::Amount,
            "Si falta, valor_retenido / base_imponible.",
        ),
        required("valor_retenido", Kind::Amount, ""),
        required("tipo_documento_sustento", Kind::Code(3), ""),
        optional("numero_documento_sustento", Kind::DocumentNumber, ""),
        required("fecha_emision_documento_sustento", Kind::Date, ""),
    ],
};
