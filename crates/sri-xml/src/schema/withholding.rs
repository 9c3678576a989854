//! `comprobanteRetencion` 1.0.0 and 2.0.0, which share little: see
//! [`tagua_fiscal::withholding`].

use tagua_fiscal::DocumentType;

use super::shared::{ADDITIONAL_FIELDS, FISCAL_MACHINE, OPTIONAL_ID, SPECIAL_TAXPAYER, TAX_INFO};
use super::value::{
    AMOUNT, DATE, Form, MONTH, ONE_LINE_300, SIGNED_AMOUNT, Sign, ValueType, decimal, digits,
    fixed, one_line, range, template,
};
use super::{AttributeRule, ElementRule, Schema};

pub(super) static V1_0_0: Schema = schema("1.0.0", &ROOT_1_0_0);
pub(super) static V2_0_0: Schema = schema("2.0.0", &ROOT_2_0_0);

const fn schema(version: &'static str, rules: &'static [ElementRule]) -> Schema {
    Schema {
        document: DocumentType::Withholding,
        version,
        root: ElementRule::group("comprobanteRetencion", rules).with(&OPTIONAL_ID),
    }
}

static ROOT_1_0_0: [ElementRule; 6] = [
    ElementRule::group("infoTributaria", &TAX_INFO),
    ElementRule::group("infoCompRetencion", &INFO_1_0_0),
    ElementRule::group(
        "impuestos",
        const { &[ElementRule::many("impuesto", &WITHHELD_TAX)] },
    ),
    ElementRule::maybe_group("maquinaFiscal", &FISCAL_MACHINE),
    ElementRule::maybe_group("infoAdicional", &ADDITIONAL_FIELDS),
    ElementRule::signature(),
];

static ROOT_2_0_0: [ElementRule; 6] = [
    ElementRule::group("infoTributaria", &TAX_INFO),
    ElementRule::group("infoCompRetencion", &INFO_2_0_0),
    ElementRule::group(
        "docsSustento",
        const { &[ElementRule::many("docSustento", &SUPPORTING_DOCUMENT)] },
    ),
    ElementRule::maybe_group("maquinaFiscal", &FISCAL_MACHINE),
    ElementRule::maybe_group("infoAdicional", &ADDITIONAL_FIELDS_OF_ONE_LINE),
    ElementRule::signature(),
];

static INFO_1_0_0: [ElementRule; 8] = [
    ElementRule::one("fechaEmision", DATE),
    ElementRule::maybe("dirEstablecimiento", ONE_LINE_300),
    ElementRule::maybe("contribuyenteEspecial", SPECIAL_TAXPAYER),
    ElementRule::maybe("obligadoContabilidad", YES_OR_NO),
    ElementRule::one("tipoIdentificacionSujetoRetenido", IDENTIFICATION_TYPE),
    ElementRule::one("razonSocialSujetoRetenido", ONE_LINE_300),
    ElementRule::one("identificacionSujetoRetenido", one_line(20)),
    ElementRule::one("periodoFiscal", template("##/####")),
];

static INFO_2_0_0: [ElementRule; 10] = [
    ElementRule::one("fechaEmision", DATE),
    ElementRule::maybe("dirEstablecimiento", ONE_LINE_300),
    ElementRule::maybe("contribuyenteEspecial", SHORT_SPECIAL_TAXPAYER),
    ElementRule::maybe("obligadoContabilidad", YES_OR_NO),
    ElementRule::one("tipoIdentificacionSujetoRetenido", IDENTIFICATION_TYPE),
    ElementRule::maybe("tipoSujetoRetenido", range("01", "02")),
    ElementRule::one("parteRel", YES_OR_NO),
    ElementRule::one("razonSocialSujetoRetenido", ONE_LINE_300),
    ElementRule::one("identificacionSujetoRetenido", one_line(20)),
    ElementRule::one("periodoFiscal", MONTH),
];

static WITHHELD_TAX: [ElementRule; 8] = [
    ElementRule::one("codigo", digits(1, 1)),
    ElementRule::one("codigoRetencion", one_line(5)),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::one("porcentajeRetener", RATE_OF_THREE_DIGITS),
    ElementRule::one("valorRetenido", AMOUNT),
    ElementRule::maybe("codDocSustento", digits(2, 2)),
    ElementRule::maybe("numDocSustento", digits(15, 15)),
    ElementRule::maybe("fechaEmisionDocSustento", DATE),
];

static SUPPORTING_DOCUMENT: [ElementRule; 21] = [
    ElementRule::one("codSustento", digits(2, 2)),
    ElementRule::one("codDocSustento", digits(1, 3)),
    ElementRule::one("numDocSustento", digits(15, 15)),
    ElementRule::one("fechaEmisionDocSustento", DATE),
    ElementRule::maybe("fechaRegistroContable", DATE),
    ElementRule::maybe("numAutDocSustento", digits(10, 49)),
    ElementRule::one("pagoLocExt", range("01", "02")),
    ElementRule::maybe("tipoRegi", digits(2, 2)),
    ElementRule::maybe("paisEfecPago", digits(3, 4)),
    ElementRule::maybe("aplicConvDobTrib", YES_OR_NO),
    ElementRule::maybe("pagExtSujRetNorLeg", YES_OR_NO),
    ElementRule::maybe("pagoRegFis", YES_OR_NO),
    ElementRule::maybe("totalComprobantesReembolso", SIGNED_AMOUNT),
    ElementRule::maybe("totalBaseImponibleReembolso", SIGNED_AMOUNT),
    ElementRule::maybe("totalImpuestoReembolso", SIGNED_AMOUNT),
    ElementRule::one("totalSinImpuestos", SIGNED_AMOUNT),
    ElementRule::one("importeTotal", AMOUNT),
    ElementRule::group(
        "impuestosDocSustento",
        const { &[ElementRule::many("impuestoDocSustento", &SUPPORTING_TAX)] },
    ),
    ElementRule::group(
        "retenciones",
        const { &[ElementRule::many("retencion", &DOCUMENT_WITHHOLDING)] },
    ),
    ElementRule::maybe_group(
        "reembolsos",
        const { &[ElementRule::many("reembolsoDetalle", &REIMBURSED_DOCUMENT)] },
    ),
    ElementRule::group("pagos", const { &[ElementRule::many("pago", &PAYMENT)] }),
];

static SUPPORTING_TAX: [ElementRule; 5] = [
    ElementRule::one("codImpuestoDocSustento", TAX_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::one("tarifa", RATE_OF_THREE_DIGITS),
    ElementRule::one("valorImpuesto", AMOUNT),
];

static DOCUMENT_WITHHOLDING: [ElementRule; 7] = [
    ElementRule::one("codigo", fixed(&["1", "2", "6"])),
    ElementRule::one("codigoRetencion", one_line(5)),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::one("porcentajeRetener", RATE_OF_THREE_DIGITS),
    ElementRule::one("valorRetenido", AMOUNT),
    ElementRule::maybe_group("dividendos", &DIVIDENDS),
    ElementRule::maybe_group("compraCajBanano", &BANANA_BOXES),
];

static DIVIDENDS: [ElementRule; 3] = [
    ElementRule::one("fechaPagoDiv", DATE),
    ElementRule::one("imRentaSoc", AMOUNT),
    ElementRule::one("ejerFisUtDiv", range("1900", "2099")),
];

static BANANA_BOXES: [ElementRule; 2] = [
    ElementRule::one("numCajBan", digits(1, 7)),
    ElementRule::one("precCajBan", AMOUNT),
];

static REIMBURSED_DOCUMENT: [ElementRule; 11] = [
    ElementRule::one("tipoIdentificacionProveedorReembolso", IDENTIFICATION_TYPE),
    ElementRule::one("identificacionProveedorReembolso", one_line(20)),
    ElementRule::maybe("codPaisPagoProveedorReembolso", digits(3, 3)),
    ElementRule::one("tipoProveedorReembolso", range("01", "02")),
    ElementRule::one("codDocReembolso", digits(2, 2)),
    ElementRule::one("estabDocReembolso", digits(3, 3)),
    ElementRule::one("ptoEmiDocReembolso", digits(3, 3)),
    ElementRule::one("secuencialDocReembolso", digits(9, 9)),
    ElementRule::one("fechaEmisionDocReembolso", DATE),
    ElementRule::one("numeroAutorizacionDocReemb", digits(10, 49)),
    ElementRule::group(
        "detalleImpuestos",
        const { &[ElementRule::many("detalleImpuesto", &REIMBURSED_TAX)] },
    ),
];

static REIMBURSED_TAX: [ElementRule; 5] = [
    ElementRule::one("codigo", TAX_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::one("tarifa", digits(1, 4)),
    ElementRule::one("baseImponibleReembolso", AMOUNT),
    ElementRule::one("impuestoReembolso", AMOUNT),
];

static PAYMENT: [ElementRule; 2] = [
    ElementRule::one("formaPago", range("01", "21")),
    ElementRule::one("total", AMOUNT),
];

/// Of the six documents only this one refuses line feeds here.
static ADDITIONAL_FIELDS_OF_ONE_LINE: [ElementRule; 1] =
    [ElementRule::one("campoAdicional", ONE_LINE_300)
        .up_to(15)
        .with(&NAME_OF_ONE_LINE)];

static NAME_OF_ONE_LINE: [AttributeRule; 1] = [AttributeRule::one("nombre", ONE_LINE_300)];

/// 1.75, 12.5 and 100 have three digits, 10.25 has four.
const RATE_OF_THREE_DIGITS: ValueType = decimal(3, 2, Sign::NotNegative);
const TAX_CODE: ValueType = fixed(&["2", "3", "5"]);
const YES_OR_NO: ValueType = fixed(&["SI", "NO"]);
const IDENTIFICATION_TYPE: ValueType = range("04", "08");
const SHORT_SPECIAL_TAXPAYER: ValueType = ValueType::Text {
    chars_min: 3,
    chars_max: 5,
    form: Form::Alphanumeric,
};
