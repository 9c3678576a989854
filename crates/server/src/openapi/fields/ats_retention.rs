//! The withholding of schema 2.0.0 (CONTRACT 7.8).

use super::common::{
    ADDITIONAL_LIST, ADDITIONAL_MAP, DATE, EMISSION, ENVIRONMENT, EXTERNAL_ID, ISSUER, KEY, PERSON,
    TAXES, VERSION,
};
use super::reimbursement::REIMBURSEMENT;
use super::retention::{PERIOD, WITHHELD_TAXES};
use crate::openapi::field::{Kind, Shape, optional, required};

pub(super) const ATS_RETENTION: Shape = Shape {
    name: "RetencionAts",
    about: "Un comprobante de retención del esquema 2.0.0 (ATS).",
    fields: &[
        required(
            "secuencia",
            Kind::Sequential,
            "Número dentro de la serie. También `secuencial`.",
        ),
        ENVIRONMENT,
        EMISSION,
        DATE,
        ISSUER,
        required("sujeto", Kind::One(&PERSON), "A quién se retiene."),
        optional(
            "tipo_sujeto_retenido",
            Kind::Choice(&[("01", "persona natural"), ("02", "sociedad")]),
            "Para identificaciones del exterior.",
        ),
        optional(
            "parte_relacionada",
            Kind::Boolean,
            "Extensión; si falta, no.",
        ),
        PERIOD,
        VERSION,
        KEY,
        EXTERNAL_ID,
        ADDITIONAL_LIST,
        ADDITIONAL_MAP,
        required("documentos_soporte", Kind::Many(&SUPPORTING), ""),
    ],
};

const SUPPORTING: Shape = Shape {
    name: "DocumentoSoporte",
    about: "Un comprobante por el que se retiene.",
    fields: &[
        required("codigo_sustento", Kind::Code(2), "00 a 15."),
        required("tipo_documento", Kind::Code(3), ""),
        required("numero", Kind::DocumentNumber, ""),
        required("fecha_emision", Kind::Date, ""),
        optional("fecha_registro_contable", Kind::Date, ""),
        optional("numero_autorizacion", Kind::Code(49), "10 a 49 dígitos."),
        required(
            "tipo_pago",
            Kind::Choice(&[("01", "residente"), ("02", "no residente")]),
            "",
        ),
        optional(
            "tipo_regimen_fiscal",
            Kind::Code(2),
            "01 a 03; con tipo_pago 02, como los cuatro siguientes.",
        ),
        optional("pais", Kind::Code(3), "ISO de dos letras o código del SRI."),
        optional("aplica_convenio", Kind::Boolean, ""),
        optional("pago_exterior", Kind::Boolean, ""),
        optional("pago_regimen_fiscal", Kind::Boolean, ""),
        required("total_sin_impuestos", Kind::Amount, ""),
        required("total", Kind::Amount, ""),
        required("impuestos", Kind::Many(&TAX), ""),
        required("retenciones", Kind::Many(&WITHHELD), ""),
        optional("reembolso", Kind::One(&REIMBURSEMENT), ""),
        optional("pagos", Kind::Many(&PAYMENT), ""),
    ],
};

const TAX: Shape = Shape {
    name: "ImpuestoSoporte",
    about: "Un impuesto del comprobante de soporte.",
    fields: &[
        required("codigo", Kind::Choice(TAXES), ""),
        required("codigo_porcentaje", Kind::Code(4), ""),
        optional("base_imponible", Kind::Amount, ""),
        optional("tarifa", Kind::Amount, ""),
        optional("valor", Kind::Amount, ""),
    ],
};

const WITHHELD: Shape = Shape {
    name: "RetencionSoporte",
    about: "Una retención.",
    fields: &[
        required("codigo", Kind::Choice(WITHHELD_TAXES), "Impuesto."),
        required(
            "codigo_porcentaje",
            Kind::Code(5),
            "Catálogo `withholdings-tax-rates`.",
        ),
        required("base_imponible", Kind::Amount, ""),
        optional("tarifa", Kind::Amount, "También `porcentaje`."),
        required("valor_retenido", Kind::Amount, ""),
        optional("dividendos", Kind::Many(&DIVIDEND), ""),
        optional("compra_cajas_banano", Kind::One(&BANANA), "Extensión."),
    ],
};

const DIVIDEND: Shape = Shape {
    name: "Dividendo",
    about: "Datos del dividendo por el que se retiene.",
    fields: &[
        required("fecha_pago", Kind::Date, ""),
        required("impuesto_renta", Kind::Amount, ""),
        required("annio_fiscal", Kind::Code(4), ""),
    ],
};

const BANANA: Shape = Shape {
    name: "CajasBanano",
    about: "Compra de cajas de banano.",
    fields: &[
        required("numero_cajas", Kind::Amount, ""),
        required("precio_caja", Kind::Amount, ""),
    ],
};

const PAYMENT: Shape = Shape {
    name: "PagoSoporte",
    about: "Una forma de pago del comprobante de soporte.",
    fields: &[
        required("tipo_pago", Kind::Code(40), "Código del SRI."),
        required("total", Kind::Amount, "También `total_pago`."),
    ],
};
