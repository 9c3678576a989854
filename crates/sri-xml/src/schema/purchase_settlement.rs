//! `liquidacionCompra` 1.0.0 and 1.1.0, which differ in the decimals of quantities
//! and prices (`detalle`) and in nothing else.

use tagua_fiscal::DocumentType;

use super::shared::{OPTIONAL_ID_AND_VERSION, SPECIAL_TAXPAYER};
use super::trade::{
    ADDITIONAL, HEAD, IDENTIFICATION_TYPE, MACHINE, NEGOTIABLE, PAYMENTS, UNCOMPENSATED_DOCUMENT,
    line, line_tax,
};
use super::value::{
    AMOUNT, DATE, ONE_LINE_300, QUANTITY, RATE, SIGNED_AMOUNT, ValueType, digits, fixed, one_line,
};
use super::{ElementRule, Schema};

pub(super) static V1_0_0: Schema = schema("1.0.0", &ROOT_1_0_0);
pub(super) static V1_1_0: Schema = schema("1.1.0", &ROOT_1_1_0);

const fn schema(version: &'static str, rules: &'static [ElementRule]) -> Schema {
    Schema {
        document: DocumentType::PurchaseSettlement,
        version,
        root: ElementRule::group("liquidacionCompra", rules).with(&OPTIONAL_ID_AND_VERSION),
    }
}

static ROOT_1_0_0: [ElementRule; 8] = root(&LINES_OF_TWO_DECIMALS);
static ROOT_1_1_0: [ElementRule; 8] = root(&LINES_OF_SIX_DECIMALS);

const fn root(lines: &'static [ElementRule]) -> [ElementRule; 8] {
    [
        HEAD,
        ElementRule::group("infoLiquidacionCompra", &INFO),
        ElementRule::group("detalles", lines),
        ElementRule::maybe_group(
            "reembolsos",
            const {
                &[ElementRule::many(
                    "reembolsoDetalle",
                    UNCOMPENSATED_DOCUMENT,
                )]
            },
        ),
        NEGOTIABLE,
        MACHINE,
        ADDITIONAL,
        ElementRule::signature(),
    ]
}

static INFO: [ElementRule; 18] = [
    ElementRule::one("fechaEmision", DATE),
    ElementRule::maybe("dirEstablecimiento", ONE_LINE_300),
    ElementRule::maybe("contribuyenteEspecial", SPECIAL_TAXPAYER),
    ElementRule::maybe("obligadoContabilidad", fixed(&["SI", "NO"])),
    ElementRule::one("tipoIdentificacionProveedor", IDENTIFICATION_TYPE),
    ElementRule::one("razonSocialProveedor", ONE_LINE_300),
    ElementRule::one("identificacionProveedor", one_line(20)),
    ElementRule::maybe("direccionProveedor", ONE_LINE_300),
    ElementRule::one("totalSinImpuestos", AMOUNT),
    ElementRule::one("totalDescuento", SIGNED_AMOUNT),
    ElementRule::maybe("codDocReembolso", digits(2, 3)),
    ElementRule::maybe("totalComprobantesReembolso", AMOUNT),
    ElementRule::maybe("totalBaseImponibleReembolso", AMOUNT),
    ElementRule::maybe("totalImpuestoReembolso", AMOUNT),
    ElementRule::group(
        "totalConImpuestos",
        const { &[ElementRule::many("totalImpuesto", &TAX_TOTAL)] },
    ),
    ElementRule::one("importeTotal", AMOUNT),
    ElementRule::maybe("moneda", one_line(15)),
    PAYMENTS,
];

static TAX_TOTAL: [ElementRule; 6] = [
    ElementRule::one("codigo", VAT_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::maybe("descuentoAdicional", SIGNED_AMOUNT),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::maybe("tarifa", RATE),
    ElementRule::one("valor", AMOUNT),
];

static LINES_OF_TWO_DECIMALS: [ElementRule; 1] =
    [ElementRule::many("detalle", &LINE_OF_TWO_DECIMALS)];
static LINES_OF_SIX_DECIMALS: [ElementRule; 1] =
    [ElementRule::many("detalle", &LINE_OF_SIX_DECIMALS)];

static LINE_OF_TWO_DECIMALS: [ElementRule; 11] = line(AMOUNT, &LINE_TAXES);
static LINE_OF_SIX_DECIMALS: [ElementRule; 11] = line(QUANTITY, &LINE_TAXES);

static LINE_TAXES: [ElementRule; 1] = [ElementRule::many("impuesto", &LINE_TAX)];
static LINE_TAX: [ElementRule; 5] = line_tax(VAT_CODE);

const VAT_CODE: ValueType = fixed(&["2"]);
