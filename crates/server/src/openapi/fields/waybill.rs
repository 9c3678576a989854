//! The waybill (CONTRACT 7.9).

use super::common::{
    ADDITIONAL_LIST, ADDITIONAL_MAP, ADDRESS, DATE, EMAIL, EMISSION, ENVIRONMENT, EXTERNAL_ID,
    IDENTIFICATION_TYPE, IDENTIFIER, ISSUER, KEY, NAME, PHONE, SEQUENTIAL, VERSION,
};
use crate::openapi::field::{Kind, Shape, optional, required};

pub(super) const WAYBILL: Shape = Shape {
    name: "GuiaRemision",
    about: "Una guía de remisión.",
    fields: &[
        SEQUENTIAL,
        ENVIRONMENT,
        EMISSION,
        DATE,
        ISSUER,
        optional(
            "fecha_inicio_transporte",
            Kind::Date,
            "Si falta, fecha_emision o hoy.",
        ),
        optional("fecha_fin_transporte", Kind::Date, "Si falta, el inicio."),
        optional(
            "direccion_partida",
            Kind::Text(300),
            "Si falta, la del establecimiento.",
        ),
        required("transportista", Kind::One(&CARRIER), ""),
        required("destinatarios", Kind::Many(&RECIPIENT), ""),
        VERSION,
        KEY,
        EXTERNAL_ID,
        ADDITIONAL_LIST,
        ADDITIONAL_MAP,
    ],
};

const CARRIER: Shape = Shape {
    name: "Transportista",
    about: "Quién transporta.",
    fields: &[
        NAME,
        IDENTIFIER,
        IDENTIFICATION_TYPE,
        EMAIL,
        PHONE,
        ADDRESS,
        optional("placa", Kind::Text(20), "El SRI la exige."),
    ],
};

const RECIPIENT: Shape = Shape {
    name: "Destinatario",
    about: "Quién recibe, y qué.",
    fields: &[
        NAME,
        IDENTIFIER,
        IDENTIFICATION_TYPE,
        EMAIL,
        PHONE,
        optional("direccion", Kind::Text(300), "El SRI la exige."),
        required("motivo_traslado", Kind::Text(300), ""),
        optional("documento_aduanero_unico", Kind::Text(20), ""),
        optional("codigo_establecimiento_destino", Kind::Code(3), ""),
        optional("ruta", Kind::Text(300), ""),
        optional("tipo_documento_sustento", Kind::Code(3), ""),
        optional("numero_documento_sustento", Kind::DocumentNumber, ""),
        optional(
            "numero_autorizacion_documento_sustento",
            Kind::Code(49),
            "10 a 49 dígitos.",
        ),
        optional("fecha_emision_documento_sustento", Kind::Date, ""),
        required("items", Kind::Many(&GOODS), "Lo que se traslada."),
    ],
};

const GOODS: Shape = Shape {
    name: "ItemGuia",
    about: "Algo que se traslada.",
    fields: &[
        optional("codigo_principal", Kind::Text(25), ""),
        optional("codigo_auxiliar", Kind::Text(25), ""),
        required("descripcion", Kind::Text(300), ""),
        required("cantidad", Kind::Quantity, ""),
        optional(
            "detalles_adicionales",
            Kind::Dictionary,
            "Hasta 3 nombres con su valor.",
        ),
    ],
};
