//! `notaCredito` 1.0.0 and 1.1.0, which differ in the decimals of quantities and
//! prices (`detalle`) and in nothing else.

use tagua_fiscal::DocumentType;

use super::shared::{ID_AND_VERSION, LINE_DETAILS, SPECIAL_TAXPAYER};
use super::trade::{
    ADDITIONAL, COMPENSATIONS, HEAD, IDENTIFICATION_TYPE, MACHINE, RISE_LEGEND, TAX_CODE,
};
use super::value::{
    AMOUNT, DATE, ONE_LINE_300, QUANTITY, RATE, ValueType, digits, fixed, one_line, template,
};
use super::{ElementRule, Schema, UNBOUNDED};

pub(super) static V1_0_0: Schema = schema("1.0.0", &ROOT_1_0_0);
pub(super) static V1_1_0: Schema = schema("1.1.0", &ROOT_1_1_0);

const fn schema(version: &'static str, rules: &'static [ElementRule]) -> Schema {
    Schema {
        document: DocumentType::CreditNote,
        version,
        root: ElementRule::group("notaCredito", rules).with(&ID_AND_VERSION),
    }
}

static ROOT_1_0_0: [ElementRule; 6] = root(&LINES_OF_TWO_DECIMALS);
static ROOT_1_1_0: [ElementRule; 6] = root(&LINES_OF_SIX_DECIMALS);

const fn root(lines: &'static [ElementRule]) -> [ElementRule; 6] {
    [
        HEAD,
        ElementRule::group("infoNotaCredito", &INFO),
        ElementRule::group("detalles", lines),
        MACHINE,
        ADDITIONAL,
        ElementRule::signature(),
    ]
}

static INFO: [ElementRule; 17] = [
    ElementRule::one("fechaEmision", DATE),
    ElementRule::maybe("dirEstablecimiento", ONE_LINE_300),
    ElementRule::one("tipoIdentificacionComprador", IDENTIFICATION_TYPE),
    ElementRule::one("razonSocialComprador", ONE_LINE_300),
    ElementRule::one("identificacionComprador", one_line(20)),
    ElementRule::maybe("contribuyenteEspecial", SPECIAL_TAXPAYER),
    ElementRule::maybe("obligadoContabilidad", fixed(&["SI", "NO"])),
    ElementRule::maybe("rise", RISE_LEGEND),
    ElementRule::one("codDocModificado", digits(2, 2)),
    ElementRule::one("numDocModificado", template("###-###-#########")),
    ElementRule::one("fechaEmisionDocSustento", DATE),
    ElementRule::one("totalSinImpuestos", AMOUNT),
    COMPENSATIONS,
    ElementRule::one("valorModificacion", AMOUNT),
    ElementRule::maybe("moneda", one_line(15)),
    ElementRule::group(
        "totalConImpuestos",
        const { &[ElementRule::many("totalImpuesto", &TAX_TOTAL)] },
    ),
    ElementRule::one("motivo", ONE_LINE_300),
];

static TAX_TOTAL: [ElementRule; 5] = [
    ElementRule::one("codigo", TAX_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::one("valor", AMOUNT),
    ElementRule::maybe("valorDevolucionIva", AMOUNT),
];

static LINES_OF_TWO_DECIMALS: [ElementRule; 1] =
    [ElementRule::many("detalle", &LINE_OF_TWO_DECIMALS)];
static LINES_OF_SIX_DECIMALS: [ElementRule; 1] =
    [ElementRule::many("detalle", &LINE_OF_SIX_DECIMALS)];

static LINE_OF_TWO_DECIMALS: [ElementRule; 9] = line(AMOUNT);
static LINE_OF_SIX_DECIMALS: [ElementRule; 9] = line(QUANTITY);

const fn line(quantity: ValueType) -> [ElementRule; 9] {
    [
        ElementRule::maybe("codigoInterno", one_line(25)),
        ElementRule::maybe("codigoAdicional", one_line(25)),
        ElementRule::one("descripcion", ONE_LINE_300),
        ElementRule::one("cantidad", quantity),
        ElementRule::one("precioUnitario", quantity),
        ElementRule::maybe("descuento", AMOUNT),
        ElementRule::one("precioTotalSinImpuesto", AMOUNT),
        ElementRule::maybe_group("detallesAdicionales", &LINE_DETAILS),
        ElementRule::group("impuestos", &LINE_TAXES),
    ]
}

/// The only list that may be empty.
static LINE_TAXES: [ElementRule; 1] =
    [ElementRule::maybe_group("impuesto", &LINE_TAX).up_to(UNBOUNDED)];

static LINE_TAX: [ElementRule; 5] = [
    ElementRule::one("codigo", TAX_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::maybe("tarifa", RATE),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::one("valor", AMOUNT),
];
