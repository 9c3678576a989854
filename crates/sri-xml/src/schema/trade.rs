//! The parts that documents of trade share: totals, payments, lines and
//! reimbursed documents.

use super::ElementRule;
use super::shared::{ADDITIONAL_FIELDS, FISCAL_MACHINE, LINE_DETAILS, TAX_INFO};
use super::value::{
    AMOUNT, DATE, Form, ONE_LINE_300, RATE, ValueType, digits, fixed, one_line, range,
};

pub(super) const HEAD: ElementRule = ElementRule::group("infoTributaria", &TAX_INFO);
pub(super) const NEGOTIABLE: ElementRule = ElementRule::maybe_group(
    "tipoNegociable",
    const { &[ElementRule::one("correo", one_line(100))] },
);
pub(super) const MACHINE: ElementRule = ElementRule::maybe_group("maquinaFiscal", &FISCAL_MACHINE);
pub(super) const ADDITIONAL: ElementRule =
    ElementRule::maybe_group("infoAdicional", &ADDITIONAL_FIELDS);

pub(super) const TAX_CODE: ValueType = fixed(&["2", "3", "5"]);
pub(super) const IDENTIFICATION_TYPE: ValueType = range("04", "08");

/// `rise`: unlike other texts of one line it may have more than one.
pub(super) const RISE_LEGEND: ValueType = ValueType::Text {
    chars_min: 1,
    chars_max: 40,
    form: Form::Any,
};

/// `compensaciones`.
pub(super) const COMPENSATIONS: ElementRule = ElementRule::maybe_group(
    "compensaciones",
    const { &[ElementRule::many("compensacion", &COMPENSATION)] },
);

static COMPENSATION: [ElementRule; 3] = [
    ElementRule::one("codigo", fixed(&["1"])),
    ElementRule::one("tarifa", RATE),
    ElementRule::one("valor", AMOUNT),
];

/// `pagos`.
pub(super) const PAYMENTS: ElementRule =
    ElementRule::maybe_group("pagos", const { &[ElementRule::many("pago", &PAYMENT)] });

static PAYMENT: [ElementRule; 4] = [
    ElementRule::one("formaPago", range("01", "21")),
    ElementRule::one("total", AMOUNT),
    ElementRule::maybe("plazo", AMOUNT),
    ElementRule::maybe("unidadTiempo", one_line(10)),
];

/// `detalle` with quantities and prices of this type.
pub(super) const fn line(quantity: ValueType, taxes: &'static [ElementRule]) -> [ElementRule; 11] {
    [
        ElementRule::maybe("codigoPrincipal", one_line(25)),
        ElementRule::maybe("codigoAuxiliar", one_line(25)),
        ElementRule::one("descripcion", ONE_LINE_300),
        ElementRule::maybe("unidadMedida", one_line(50)),
        ElementRule::one("cantidad", quantity),
        ElementRule::one("precioUnitario", quantity),
        ElementRule::maybe("precioSinSubsidio", quantity),
        ElementRule::one("descuento", AMOUNT),
        ElementRule::one("precioTotalSinImpuesto", AMOUNT),
        ElementRule::maybe_group("detallesAdicionales", &LINE_DETAILS),
        ElementRule::group("impuestos", taxes),
    ]
}

/// `impuesto` of a line, where only these taxes are allowed.
pub(super) const fn line_tax(codes: ValueType) -> [ElementRule; 5] {
    [
        ElementRule::one("codigo", codes),
        ElementRule::one("codigoPorcentaje", digits(1, 4)),
        ElementRule::one("tarifa", RATE),
        ElementRule::one("baseImponible", AMOUNT),
        ElementRule::one("valor", AMOUNT),
    ]
}

/// `reembolsoDetalle` of a purchase settlement: the invoice's without
/// `compensacionesReembolso`.
pub(super) const UNCOMPENSATED_DOCUMENT: &[ElementRule] = match REIMBURSED_DOCUMENT.split_last() {
    Some((_compensations, rest)) => rest,
    None => &[],
};

/// `reembolsoDetalle` of an invoice.
pub(super) static REIMBURSED_DOCUMENT: [ElementRule; 12] = [
    ElementRule::one("tipoIdentificacionProveedorReembolso", IDENTIFICATION_TYPE),
    ElementRule::one("identificacionProveedorReembolso", one_line(20)),
    ElementRule::maybe("codPaisPagoProveedorReembolso", digits(3, 3)),
    ElementRule::one("tipoProveedorReembolso", range("01", "02")),
    ElementRule::one("codDocReembolso", digits(2, 3)),
    ElementRule::one("estabDocReembolso", digits(3, 3)),
    ElementRule::one("ptoEmiDocReembolso", digits(3, 3)),
    ElementRule::one("secuencialDocReembolso", digits(9, 9)),
    ElementRule::one("fechaEmisionDocReembolso", DATE),
    ElementRule::one("numeroautorizacionDocReemb", digits(10, 49)),
    ElementRule::group(
        "detalleImpuestos",
        const { &[ElementRule::many("detalleImpuesto", &REIMBURSED_TAX)] },
    ),
    ElementRule::maybe_group(
        "compensacionesReembolso",
        const { &[ElementRule::many("compensacionReembolso", &COMPENSATION)] },
    ),
];

static REIMBURSED_TAX: [ElementRule; 5] = [
    ElementRule::one("codigo", TAX_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::one("tarifa", RATE),
    ElementRule::one("baseImponibleReembolso", AMOUNT),
    ElementRule::one("impuestoReembolso", AMOUNT),
];
