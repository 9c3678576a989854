//! The invoice (CONTRACT 7.3).

use super::common::{
    ADDITIONAL_LIST, ADDITIONAL_MAP, CURRENCY, DATE, EMISSION, ENVIRONMENT, EXCHANGE_RATE,
    EXTERNAL_ID, ISSUER, ITEM, KEY, PAYMENT, PERSON, SEQUENTIAL, TAX_TOTAL, VERSION,
};
use super::reimbursement::REIMBURSEMENT;
use crate::openapi::field::{Kind, Shape, optional, required};

pub(super) const INVOICE: Shape = Shape {
    name: "Factura",
    about: "Una factura.",
    fields: &[
        SEQUENTIAL,
        ENVIRONMENT,
        EMISSION,
        DATE,
        ISSUER,
        CURRENCY,
        EXCHANGE_RATE,
        optional("guia_remision", Kind::DocumentNumber, ""),
        required("comprador", Kind::One(&PERSON), "Quién compra."),
        VERSION,
        KEY,
        EXTERNAL_ID,
        ADDITIONAL_LIST,
        ADDITIONAL_MAP,
        required("totales", Kind::One(&TOTALS), ""),
        required("items", Kind::Many(&ITEM), "Las líneas."),
        optional("pagos", Kind::Many(&PAYMENT), "Cómo se paga."),
        optional("credito", Kind::One(&CREDIT), "Lo que se paga después."),
        optional("valor_retenido_iva", Kind::Amount, ""),
        optional("valor_retenido_renta", Kind::Amount, ""),
        optional(
            "retenciones",
            Kind::Many(&WITHHELD),
            "Retenciones presuntivas.",
        ),
        optional(
            "compensaciones",
            Kind::Many(&COMPENSATION),
            "De 2016 y 2017.",
        ),
        optional("exportacion", Kind::One(&EXPORT), "Datos de exportación."),
        optional(
            "reembolso",
            Kind::One(&REIMBURSEMENT),
            "Comprobantes que se reembolsan.",
        ),
        optional("negociable", Kind::Boolean, "Factura comercial negociable."),
        optional(
            "enviar_recordatorio_pago",
            Kind::Boolean,
            "Para facturas a crédito.",
        ),
    ],
};

const TOTALS: Shape = Shape {
    name: "TotalesFactura",
    about: "Los totales de una factura.",
    fields: &[
        required("total_sin_impuestos", Kind::Amount, "Suma de los netos."),
        optional("descuento", Kind::Amount, "Suma de los descuentos."),
        optional(
            "descuento_adicional",
            Kind::Amount,
            "Obsoleto: va en el total del impuesto.",
        ),
        optional("propina", Kind::Amount, ""),
        required("importe_total", Kind::Amount, ""),
        optional("total_subsidio", Kind::Amount, ""),
        optional("flete_internacional", Kind::Amount, "Exportación."),
        optional("seguro_internacional", Kind::Amount, "Exportación."),
        optional("gastos_aduaneros", Kind::Amount, "Exportación."),
        optional("otros_gastos_transporte", Kind::Amount, "Exportación."),
        required("impuestos", Kind::Many(&TAX_TOTAL), ""),
    ],
};

const CREDIT: Shape = Shape {
    name: "Credito",
    about: "Lo que se paga después.",
    fields: &[
        required("fecha_vencimiento", Kind::Date, ""),
        required("monto", Kind::Amount, ""),
        optional("medio", Kind::Code(40), "Si falta, 20."),
    ],
};

const WITHHELD: Shape = Shape {
    name: "RetencionEnFactura",
    about: "Una retención dentro de la factura.",
    fields: &[
        required("codigo", Kind::Code(1), "4."),
        required("codigo_porcentaje", Kind::Code(3), "3 a 6, 327 o 328."),
        optional("tarifa", Kind::Amount, "También `porcentaje`."),
        required("valor", Kind::Amount, ""),
    ],
};

const COMPENSATION: Shape = Shape {
    name: "Compensacion",
    about: "Una compensación del IVA.",
    fields: &[
        required("codigo", Kind::Code(2), ""),
        required("tarifa", Kind::Amount, ""),
        required("valor", Kind::Amount, ""),
    ],
};

const EXPORT: Shape = Shape {
    name: "Exportacion",
    about: "Datos de exportación.",
    fields: &[
        required("incoterm", Kind::One(&INCOTERM), ""),
        required("origen", Kind::One(&PORT), ""),
        required("destino", Kind::One(&PORT), ""),
        optional(
            "codigo_pais_adquisicion",
            Kind::Code(3),
            "ISO de dos letras o código del SRI.",
        ),
    ],
};

const INCOTERM: Shape = Shape {
    name: "Incoterm",
    about: "El término de comercio.",
    fields: &[
        required("termino", Kind::Text(10), "Tres letras."),
        required("lugar", Kind::Text(300), ""),
        optional("total_sin_impuestos", Kind::Code(10), "Letras, como CIF."),
    ],
};

const PORT: Shape = Shape {
    name: "Puerto",
    about: "Un país y su puerto.",
    fields: &[
        required(
            "codigo_pais",
            Kind::Code(3),
            "ISO de dos letras o código del SRI.",
        ),
        required("puerto", Kind::Text(300), ""),
    ],
};
