//! What several documents have in common (CONTRACT 7.1).

use crate::openapi::field::{Field, Kind, Shape, optional, required};

pub(super) const SEQUENTIAL: Field = required(
    "secuencial",
    Kind::Sequential,
    "Número dentro de la serie, de 1 a 999999999.",
);
pub(super) const ENVIRONMENT: Field = required(
    "ambiente",
    Kind::Choice(&[("1", "pruebas"), ("2", "producción")]),
    "Ambiente del SRI.",
);
pub(super) const EMISSION: Field = optional(
    "tipo_emision",
    Kind::Choice(&[("1", "normal"), ("2", "indisponibilidad")]),
    "Si falta, 1.",
);
pub(super) const DATE: Field = optional(
    "fecha_emision",
    Kind::Date,
    "Si falta, hoy. Vale el día en Guayaquil.",
);
pub(super) const ISSUER: Field = required("emisor", Kind::One(&EMISOR), "Quién emite.");
pub(super) const KEY: Field = optional(
    "clave_acceso",
    Kind::Text(49),
    "49 dígitos. Si falta, se genera.",
);
pub(super) const VERSION: Field = optional(
    "version",
    Kind::Text(10),
    "Versión del esquema del SRI; solo una sugerencia.",
);
pub(super) const EXTERNAL_ID: Field = optional(
    "external_id",
    Kind::Text(100),
    "Su propio nombre para el comprobante; sirve para buscarlo.",
);
pub(super) const ADDITIONAL_LIST: Field = optional(
    "info_adicional",
    Kind::Many(&ADDITIONAL),
    "Hasta 15 campos adicionales.",
);
pub(super) const ADDITIONAL_MAP: Field = optional(
    "informacion_adicional",
    Kind::Dictionary,
    "Lo mismo como diccionario.",
);
pub(super) const CURRENCY: Field = optional("moneda", Kind::Text(15), "ISO 4217. Si falta, USD.");
pub(super) const EXCHANGE_RATE: Field = optional(
    "tasa_cambio",
    Kind::Quantity,
    "Dólares por una unidad de la moneda; obligatorio si no es USD.",
);

pub(super) const TAXES: &[(&str, &str)] = &[("2", "IVA"), ("3", "ICE"), ("5", "IRBPNR")];

const IDENTIFICATION: &[(&str, &str)] = &[
    ("04", "RUC"),
    ("05", "cédula"),
    ("06", "pasaporte"),
    ("07", "consumidor final"),
    ("08", "identificación del exterior"),
    ("09", "placa"),
];
pub(super) const NAME: Field = required("razon_social", Kind::Text(300), "Nombre o razón social.");
pub(super) const IDENTIFIER: Field = required(
    "identificacion",
    Kind::Text(20),
    "Número de identificación, de 1 a 20 caracteres.",
);
pub(super) const IDENTIFICATION_TYPE: Field = required(
    "tipo_identificacion",
    Kind::Choice(IDENTIFICATION),
    "Tabla 6 del SRI.",
);
pub(super) const EMAIL: Field = optional(
    "email",
    Kind::Text(300),
    "Varias direcciones se separan con coma o punto y coma.",
);
pub(super) const PHONE: Field = optional("telefono", Kind::Text(300), "");
pub(super) const ADDRESS: Field = optional("direccion", Kind::Text(300), "");

const EMISOR: Shape = Shape {
    name: "Emisor",
    about: "Quién emite. Lo que falta se toma de la configuración del emisor.",
    fields: &[
        required("ruc", Kind::Text(13), "13 dígitos."),
        optional("razon_social", Kind::Text(300), ""),
        optional("nombre_comercial", Kind::Text(300), ""),
        optional("direccion", Kind::Text(300), "Dirección de la matriz."),
        optional(
            "contribuyente_especial",
            Kind::Text(13),
            "Número de la resolución.",
        ),
        optional("obligado_contabilidad", Kind::Boolean, ""),
        optional(
            "regimen_rimpe",
            Kind::Choice(&[
                ("1", "contribuyente régimen RIMPE"),
                ("2", "negocio popular"),
                ("0", "ninguno"),
            ]),
            "",
        ),
        optional(
            "agente_retencion",
            Kind::Text(8),
            "Dígitos de la resolución (extensión).",
        ),
        required("establecimiento", Kind::One(&ESTABLECIMIENTO), ""),
    ],
};

const ESTABLECIMIENTO: Shape = Shape {
    name: "Establecimiento",
    about: "El establecimiento y el punto de emisión.",
    fields: &[
        required("codigo", Kind::Code(3), "Tres dígitos."),
        required("punto_emision", Kind::Code(3), "Tres dígitos."),
        optional("direccion", Kind::Text(300), ""),
    ],
};

pub(super) const PERSON: Shape = Shape {
    name: "Persona",
    about: "Comprador, proveedor o sujeto retenido.",
    fields: &[NAME, IDENTIFIER, IDENTIFICATION_TYPE, EMAIL, PHONE, ADDRESS],
};

const ADDITIONAL: Shape = Shape {
    name: "CampoAdicional",
    about: "Un campo de `infoAdicional`.",
    fields: &[
        required("nombre", Kind::Text(300), ""),
        required("valor", Kind::Text(300), "También `descripcion`."),
    ],
};

pub(super) const TAX_TOTAL: Shape = Shape {
    name: "TotalImpuesto",
    about: "El total de un impuesto y una tarifa.",
    fields: &[
        required("codigo", Kind::Choice(TAXES), "Impuesto."),
        required(
            "codigo_porcentaje",
            Kind::Code(4),
            "Tarifa: catálogo `sales-tax-rates`.",
        ),
        optional(
            "base_imponible",
            Kind::Amount,
            "Antes del descuento adicional.",
        ),
        optional(
            "descuento_adicional",
            Kind::Amount,
            "Solo IVA, en facturas y liquidaciones.",
        ),
        optional("tarifa", Kind::Amount, "En porcentaje."),
        optional("valor", Kind::Amount, ""),
    ],
};

pub(super) const LINE_TAX: Shape = Shape {
    name: "Impuesto",
    about: "Un impuesto de una línea.",
    fields: &[
        required("codigo", Kind::Choice(TAXES), "Impuesto."),
        required(
            "codigo_porcentaje",
            Kind::Code(4),
            "Tarifa: catálogo `sales-tax-rates`.",
        ),
        optional("tarifa", Kind::Amount, "Si falta, la del código."),
        optional(
            "base_imponible",
            Kind::Amount,
            "Si falta, el neto de la línea (IVA: más su ICE).",
        ),
        optional("valor", Kind::Amount, "Si falta, base × tarifa."),
    ],
};

pub(super) const ITEM: Shape = Shape {
    name: "Item",
    about: "Una línea.",
    fields: &[
        optional("codigo_principal", Kind::Text(25), ""),
        optional("codigo_auxiliar", Kind::Text(25), ""),
        required("descripcion", Kind::Text(300), ""),
        optional("unidad_medida", Kind::Text(50), "Necesaria para exportar."),
        required("cantidad", Kind::Quantity, ""),
        required("precio_unitario", Kind::Quantity, ""),
        optional("precio_sin_subsidio", Kind::Quantity, ""),
        optional("descuento", Kind::Amount, "De la línea entera."),
        optional(
            "precio_total_sin_impuestos",
            Kind::Amount,
            "cantidad × precio − descuento.",
        ),
        required("impuestos", Kind::Many(&LINE_TAX), ""),
        optional(
            "detalles_adicionales",
            Kind::Dictionary,
            "Hasta 3 nombres con su valor.",
        ),
    ],
};

pub(super) const PAYMENT: Shape = Shape {
    name: "Pago",
    about: "Una forma de pago.",
    fields: &[
        required(
            "medio",
            Kind::Code(40),
            "efectivo, cheque, transferencia, tarjeta_credito, tarjeta_debito, otros, … o el \
             código del SRI. También `forma_pago`.",
        ),
        required("total", Kind::Amount, ""),
        optional("fecha", Kind::Date, ""),
        optional("notas", Kind::Text(300), ""),
        optional("plazo", Kind::Code(14), ""),
        optional("unidad_tiempo", Kind::Text(10), "Si falta, dias."),
        optional("propiedades", Kind::Dictionary, ""),
    ],
};

/// The three flat fields of credit and debit notes.
pub(super) const MODIFIED_TYPE: Field = required(
    "tipo_documento_modificado",
    Kind::Code(3),
    "Código del tipo; casi siempre 01.",
);
pub(super) const MODIFIED_NUMBER: Field =
    required("numero_documento_modificado", Kind::DocumentNumber, "");
pub(super) const MODIFIED_DATE: Field =
    required("fecha_emision_documento_modificado", Kind::Date, "");
