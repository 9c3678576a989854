//! The parts that documents of trade share.

use rust_decimal::Decimal;
use tagua_fiscal::number::parse_decimal;

use super::shared::LINE_DETAILS;
use super::{Blank, Form, Row, Rule, To, formed, list, text};
use crate::json::{Object, Value};
use crate::xml::places::put;

pub(super) const CURRENCY: Rule = formed("moneda", "moneda", Form::Currency);

/// `totalConImpuestos`, `impuestos` of a debit note.
pub(super) static TAX_TOTAL: Row = Row::of(&[
    text("codigo", "codigo"),
    text("codigoPorcentaje", "codigo_porcentaje"),
    text("descuentoAdicional", "descuento_adicional"),
    text("baseImponible", "base_imponible"),
    text("tarifa", "tarifa"),
    text("valor", "valor"),
    text("valorDevolucionIva", "valor_devolucion_iva"),
]);
pub(super) const TAX_TOTALS: Rule = list(
    "totalConImpuestos",
    "totalImpuesto",
    "totales.impuestos",
    &TAX_TOTAL,
);

static COMPENSATION: Row = Row::of(&[
    text("codigo", "codigo"),
    text("tarifa", "tarifa"),
    text("valor", "valor"),
]);
pub(super) const COMPENSATIONS: Rule = list(
    "compensaciones",
    "compensacion",
    "compensaciones",
    &COMPENSATION,
);

static LINE_TAX: Row = Row::of(&[
    text("codigo", "codigo"),
    text("codigoPorcentaje", "codigo_porcentaje"),
    text("tarifa", "tarifa"),
    text("baseImponible", "base_imponible"),
    text("valor", "valor"),
]);

/// The rules of `detalle`; credit notes name the codes otherwise.
pub(super) static LINE: [Rule; 13] = [
    text("codigoPrincipal", "codigo_principal"),
    text("codigoAuxiliar", "codigo_auxiliar"),
    text("codigoInterno", "codigo_principal"),
    text("codigoAdicional", "codigo_auxiliar"),
    text("descripcion", "descripcion"),
    text("unidadMedida", "unidad_medida"),
    text("cantidad", "cantidad"),
    text("precioUnitario", "precio_unitario"),
    text("precioSinSubsidio", "precio_sin_subsidio"),
    text("descuento", "descuento"),
    text("precioTotalSinImpuesto", "precio_total_sin_impuestos"),
    LINE_DETAILS,
    list("impuestos", "impuesto", "impuestos", &LINE_TAX),
];

pub(super) const REIMBURSEMENT_CODE: Rule = text("codDocReembolso", "reembolso.codigo");
pub(super) const REIMBURSEMENT_TOTAL: Rule = text("totalComprobantesReembolso", "reembolso.total");
pub(super) const REIMBURSEMENT_BASE: Rule =
    text("totalBaseImponibleReembolso", "reembolso.subtotal");
pub(super) const REIMBURSEMENT_TAX: Rule =
    text("totalImpuestoReembolso", "reembolso.total_impuestos");

/// Printed where the header of a reimbursement lacks its totals.
pub(super) const REIMBURSEMENT_BLANKS: [(&str, Blank); 3] = [
    ("reembolso.total", Blank::Zero),
    ("reembolso.subtotal", Blank::Zero),
    ("reembolso.total_impuestos", Blank::Zero),
];

pub(super) const REIMBURSEMENTS: Rule = list(
    "reembolsos",
    "reembolsoDetalle",
    "reembolso.documentos",
    &REIMBURSED,
);

static REIMBURSED: Row = Row::of(&[
    text(
        "tipoIdentificacionProveedorReembolso",
        "tipo_identificacion_proveedor",
    ),
    text(
        "identificacionProveedorReembolso",
        "identificacion_proveedor",
    ),
    formed(
        "codPaisPagoProveedorReembolso",
        "pais_origen_proveedor",
        Form::Country,
    ),
    text("tipoProveedorReembolso", "tipo_proveedor"),
    Rule {
        xml: "codDocReembolso",
        to: To::Both("tipo", "codigo"),
    },
    text("estabDocReembolso", "codigo_establecimiento"),
    text("ptoEmiDocReembolso", "codigo_punto_emision"),
    text("secuencialDocReembolso", "secuencia"),
    formed("fechaEmisionDocReembolso", "fecha_emision", Form::Day),
    text("numeroautorizacionDocReemb", "numero_autorizacion"),
    text("numeroAutorizacionDocReemb", "numero_autorizacion"),
    list(
        "detalleImpuestos",
        "detalleImpuesto",
        "impuestos",
        &REIMBURSED_TAX,
    ),
    list(
        "compensacionesReembolso",
        "compensacionReembolso",
        "compensaciones",
        &COMPENSATION,
    ),
]);

static REIMBURSED_TAX: Row = Row {
    rules: &[
        text("codigo", "codigo"),
        text("codigoPorcentaje", "codigo_porcentaje"),
        text("tarifa", "tarifa"),
        text("baseImponibleReembolso", "base_imponible"),
        text("impuestoReembolso", "valor"),
    ],
    blanks: &[],
    derive: add_tax_name,
};

/// `nombre`: the rate as people say it, such as `12%`.
fn add_tax_name(tax: &mut Object<'_>) {
    if let Some(rate) = amount(tax, "tarifa") {
        let name = format!("{}%", rate.normalize());
        put(tax, "nombre", Value::String(name.into()));
    }
}

/// The number at `key`, if it is one.
pub(super) fn amount(object: &Object<'_>, key: &str) -> Option<Decimal> {
    match object.last(key)? {
        Value::String(text) => parse_decimal(text).ok(),
        _ => None,
    }
}

/// `pagos`, with the name this type has for the code.
pub(super) const fn payment(method: &'static str) -> [Rule; 4] {
    [
        text("formaPago", method),
        text("total", "total"),
        text("plazo", "plazo"),
        text("unidadTiempo", "unidad_tiempo"),
    ]
}

pub(super) static PAYMENT: Row = Row::of(&const { payment("medio") });

/// The modified document of credit and debit notes.
pub(super) const MODIFIED_TYPE: Rule = text("codDocModificado", "tipo_documento_modificado");
pub(super) const MODIFIED_NUMBER: Rule = text("numDocModificado", "numero_documento_modificado");
pub(super) const MODIFIED_DATE: Rule = formed(
    "fechaEmisionDocSustento",
    "fecha_emision_documento_modificado",
    Form::Date,
);

pub(super) const BUYER_ID_TYPE: Rule = text(
    "tipoIdentificacionComprador",
    "comprador.tipo_identificacion",
);
pub(super) const BUYER_NAME: Rule = text("razonSocialComprador", "comprador.razon_social");
pub(super) const BUYER_ID: Rule = text("identificacionComprador", "comprador.identificacion");
