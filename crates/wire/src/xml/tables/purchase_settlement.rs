//! `liquidacionCompra`.

use super::shared::{
    ADDITIONAL, ESTABLISHMENT_ADDRESS, ID, ISSUE_DATE, KEEPS_ACCOUNTS, MACHINE, SIGNATURE,
    SPECIAL_TAXPAYER, TAX_INFO, VERSION,
};
use super::trade::{
    CURRENCY, LINE, REIMBURSEMENT_BASE, REIMBURSEMENT_BLANKS, REIMBURSEMENT_CODE,
    REIMBURSEMENT_TAX, REIMBURSEMENT_TOTAL, REIMBURSEMENTS, TAX_TOTALS, payment,
};
use super::{Blank, Row, Rule, To, inside, list, text};

pub(super) static PURCHASE_SETTLEMENT: Row = Row {
    rules: &[
        ID,
        VERSION,
        inside("infoTributaria", &TAX_INFO),
        inside("infoLiquidacionCompra", &INFO),
        list("detalles", "detalle", "items", &ITEM),
        REIMBURSEMENTS,
        Rule {
            xml: "tipoNegociable",
            to: To::Flagged("negociable", &[text("correo", "proveedor.correo")]),
        },
        MACHINE,
        ADDITIONAL,
        SIGNATURE,
    ],
    blanks: &[
        ("emisor.contribuyente_especial", Blank::Text),
        ("proveedor.correo", Blank::Null),
        ("proveedor.direccion", Blank::Text),
        ("anulado", Blank::False),
        ("pre_autorizado", Blank::False),
        ("correos_enviados", Blank::List),
        ("envio_sri", Blank::Object),
        ("autorizacion", Blank::Object),
        REIMBURSEMENT_BLANKS[0],
        REIMBURSEMENT_BLANKS[1],
        REIMBURSEMENT_BLANKS[2],
    ],
    derive: |_| {},
};

static INFO: [Rule; 18] = [
    ISSUE_DATE,
    ESTABLISHMENT_ADDRESS,
    SPECIAL_TAXPAYER,
    KEEPS_ACCOUNTS,
    text(
        "tipoIdentificacionProveedor",
        "proveedor.tipo_identificacion",
    ),
    text("razonSocialProveedor", "proveedor.razon_social"),
    text("identificacionProveedor", "proveedor.identificacion"),
    text("direccionProveedor", "proveedor.direccion"),
    text("totalSinImpuestos", "totales.total_sin_impuestos"),
    text("totalDescuento", "totales.descuento"),
    REIMBURSEMENT_CODE,
    REIMBURSEMENT_TOTAL,
    REIMBURSEMENT_BASE,
    REIMBURSEMENT_TAX,
    TAX_TOTALS,
    text("importeTotal", "totales.importe_total"),
    CURRENCY,
    list("pagos", "pago", "pagos", &PAYMENT),
];

static PAYMENT: Row = Row {
    rules: &const { payment("forma_pago") },
    blanks: &[("plazo", Blank::Null), ("unidad_tiempo", Blank::Text)],
    derive: |_| {},
};

static ITEM: Row = Row {
    rules: &LINE,
    blanks: &[
        ("unidad_medida", Blank::Null),
        ("codigo_auxiliar", Blank::Null),
        ("detalles_adicionales", Blank::Object),
    ],
    derive: |_| {},
};
