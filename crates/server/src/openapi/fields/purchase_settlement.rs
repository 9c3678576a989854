//! The purchase settlement (CONTRACT 7.10).

use super::common::{
    ADDITIONAL_LIST, ADDITIONAL_MAP, CURRENCY, DATE, EMISSION, ENVIRONMENT, EXCHANGE_RATE,
    EXTERNAL_ID, ISSUER, ITEM, KEY, PERSON, SEQUENTIAL, TAX_TOTAL, VERSION,
};
use super::reimbursement::REIMBURSEMENT;
use crate::openapi::field::{Kind, Shape, optional, required};

pub(super) const PURCHASE_SETTLEMENT: Shape = Shape {
    name: "LiquidacionCompra",
    about: "Una liquidación de compra de bienes y prestación de servicios.",
    fields: &[
        SEQUENTIAL,
        ENVIRONMENT,
        EMISSION,
        DATE,
        ISSUER,
        CURRENCY,
        EXCHANGE_RATE,
        required("proveedor", Kind::One(&PERSON), "A quién se compra."),
        VERSION,
        KEY,
        EXTERNAL_ID,
        ADDITIONAL_LIST,
        ADDITIONAL_MAP,
        required("totales", Kind::One(&TOTALS), ""),
        required("items", Kind::Many(&ITEM), "Las líneas."),
        optional("pagos", Kind::Many(&PAYMENT), "Cómo se paga."),
        optional("maquina_fiscal", Kind::One(&MACHINE), ""),
        optional(
            "reembolso",
            Kind::One(&REIMBURSEMENT),
            "Comprobantes que se reembolsan.",
        ),
    ],
};

const TOTALS: Shape = Shape {
    name: "TotalesLiquidacion",
    about: "Los totales de una liquidación de compra.",
    fields: &[
        required("total_sin_impuestos", Kind::Amount, ""),
        optional("descuento", Kind::Amount, ""),
        required("importe_total", Kind::Amount, ""),
        required("impuestos", Kind::Many(&TAX_TOTAL), ""),
    ],
};

const PAYMENT: Shape = Shape {
    name: "PagoLiquidacion",
    about: "Una forma de pago.",
    fields: &[
        required(
            "forma_pago",
            Kind::Code(40),
            "Código del SRI. También `medio`.",
        ),
        required("total", Kind::Amount, ""),
        optional("plazo", Kind::Code(14), ""),
        optional("unidad_tiempo", Kind::Text(10), ""),
        optional("propiedades", Kind::Dictionary, ""),
    ],
};

const MACHINE: Shape = Shape {
    name: "MaquinaFiscal",
    about: "La máquina registradora.",
    fields: &[
        required("marca", Kind::Text(300), ""),
        required("modelo", Kind::Text(300), ""),
        required("serie", Kind::Text(300), ""),
    ],
};
