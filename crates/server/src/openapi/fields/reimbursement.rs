//! `reembolso` (CONTRACT 7.3).

use super::common::LINE_TAX;
use crate::openapi::field::{Kind, Shape, optional, required};

pub(super) const REIMBURSEMENT: Shape = Shape {
    name: "Reembolso",
    about: "Los comprobantes que se reembolsan.",
    fields: &[
        optional("codigo", Kind::Code(3), "Si falta, 41."),
        optional("subtotal", Kind::Amount, ""),
        optional("total_impuestos", Kind::Amount, ""),
        optional("total", Kind::Amount, ""),
        required("documentos", Kind::Many(&REIMBURSED), ""),
    ],
};

const REIMBURSED: Shape = Shape {
    name: "DocumentoReembolsado",
    about: "Un comprobante que se reembolsa.",
    fields: &[
        required(
            "tipo_identificacion_proveedor",
            Kind::Code(2),
            "Tabla 6 del SRI.",
        ),
        required("identificacion_proveedor", Kind::Text(20), ""),
        optional(
            "pais_origen_proveedor",
            Kind::Code(3),
            "ISO de dos letras o código del SRI.",
        ),
        required(
            "tipo_proveedor",
            Kind::Choice(&[("01", "persona natural"), ("02", "sociedad")]),
            "",
        ),
        required("tipo", Kind::Code(3), "Código del tipo de comprobante."),
        required("codigo_establecimiento", Kind::Code(3), ""),
        required("codigo_punto_emision", Kind::Code(3), ""),
        required("secuencia", Kind::Sequential, ""),
        required("fecha_emision", Kind::Date, ""),
        required(
            "numero_autorizacion",
            Kind::Code(49),
            "10, 37 o 49 dígitos.",
        ),
        required("impuestos", Kind::Many(&LINE_TAX), ""),
    ],
};
