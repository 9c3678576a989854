//! `factura` 1.0.0, 1.1.0, 2.0.0 and 2.1.0.
//!
//! The four differ in the decimals of quantities and prices (`detalle`) and in
//! the optional blocks of the root, and in nothing else.

use tagua_fiscal::DocumentType;

use super::shared::{OPTIONAL_ID_AND_VERSION, SPECIAL_TAXPAYER};
use super::trade::{
    ADDITIONAL, COMPENSATIONS, HEAD, IDENTIFICATION_TYPE, MACHINE, NEGOTIABLE, PAYMENTS,
    REIMBURSED_DOCUMENT, TAX_CODE, line, line_tax,
};
use super::value::{
    AMOUNT, DATE, Form, ONE_LINE_300, QUANTITY, RATE, SIGNED_AMOUNT, ValueType, WITHHOLDING_RATE,
    digits, fixed, one_line, template,
};
use super::{ElementRule, Schema};

pub(super) static V1_0_0: Schema = schema("1.0.0", &ROOT_1_0_0);
pub(super) static V1_1_0: Schema = schema("1.1.0", &ROOT_1_1_0);
pub(super) static V2_0_0: Schema = schema("2.0.0", &ROOT_2_0_0);
pub(super) static V2_1_0: Schema = schema("2.1.0", &ROOT_2_1_0);

const fn schema(version: &'static str, rules: &'static [ElementRule]) -> Schema {
    Schema {
        document: DocumentType::Invoice,
        version,
        root: ElementRule::group("factura", rules).with(&OPTIONAL_ID_AND_VERSION),
    }
}

static ROOT_1_0_0: [ElementRule; 8] = [
    HEAD,
    INFO,
    LINES_OF_TWO_DECIMALS,
    REIMBURSEMENTS,
    NEGOTIABLE,
    MACHINE,
    ADDITIONAL,
    ElementRule::signature(),
];

static ROOT_1_1_0: [ElementRule; 9] = [
    HEAD,
    INFO,
    LINES_OF_SIX_DECIMALS,
    REIMBURSEMENTS,
    WITHHOLDINGS,
    NEGOTIABLE,
    MACHINE,
    ADDITIONAL,
    ElementRule::signature(),
];

static ROOT_2_0_0: [ElementRule; 10] = [
    HEAD,
    INFO,
    LINES_OF_TWO_DECIMALS,
    REIMBURSEMENTS,
    SUBSTITUTE_WAYBILL,
    THIRD_PARTY_ITEMS,
    NEGOTIABLE,
    MACHINE,
    ADDITIONAL,
    ElementRule::signature(),
];

static ROOT_2_1_0: [ElementRule; 11] = [
    HEAD,
    INFO,
    LINES_OF_SIX_DECIMALS,
    REIMBURSEMENTS,
    WITHHOLDINGS,
    SUBSTITUTE_WAYBILL,
    THIRD_PARTY_ITEMS,
    NEGOTIABLE,
    MACHINE,
    ADDITIONAL,
    ElementRule::signature(),
];

const INFO: ElementRule = ElementRule::group("infoFactura", &INVOICE_INFO);
const LINES_OF_TWO_DECIMALS: ElementRule = ElementRule::group(
    "detalles",
    const { &[ElementRule::many("detalle", &LINE_OF_TWO_DECIMALS)] },
);
const LINES_OF_SIX_DECIMALS: ElementRule = ElementRule::group(
    "detalles",
    const { &[ElementRule::many("detalle", &LINE_OF_SIX_DECIMALS)] },
);
const REIMBURSEMENTS: ElementRule = ElementRule::maybe_group(
    "reembolsos",
    const { &[ElementRule::many("reembolsoDetalle", &REIMBURSED_DOCUMENT)] },
);
const WITHHOLDINGS: ElementRule = ElementRule::maybe_group(
    "retenciones",
    const { &[ElementRule::many("retencion", &WITHHOLDING)] },
);
const SUBSTITUTE_WAYBILL: ElementRule =
    ElementRule::maybe_group("infoSustitutivaGuiaRemision", &WAYBILL);
const THIRD_PARTY_ITEMS: ElementRule = ElementRule::maybe_group(
    "otrosRubrosTerceros",
    const { &[ElementRule::many("rubro", &THIRD_PARTY_ITEM)] },
);

static INVOICE_INFO: [ElementRule; 38] = [
    ElementRule::one("fechaEmision", DATE),
    ElementRule::maybe("dirEstablecimiento", ONE_LINE_300),
    ElementRule::maybe("contribuyenteEspecial", SPECIAL_TAXPAYER),
    ElementRule::maybe("obligadoContabilidad", fixed(&["SI", "NO"])),
    ElementRule::maybe("comercioExterior", fixed(&["EXPORTADOR"])),
    ElementRule::maybe("incoTermFactura", INCOTERM),
    ElementRule::maybe("lugarIncoTerm", ONE_LINE_300),
    ElementRule::maybe("paisOrigen", digits(3, 3)),
    ElementRule::maybe("puertoEmbarque", ONE_LINE_300),
    ElementRule::maybe("puertoDestino", ONE_LINE_300),
    ElementRule::maybe("paisDestino", digits(3, 3)),
    ElementRule::maybe("paisAdquisicion", digits(3, 3)),
    ElementRule::one("tipoIdentificacionComprador", IDENTIFICATION_TYPE),
    ElementRule::maybe("guiaRemision", template("###-###-#########")),
    ElementRule::one("razonSocialComprador", ONE_LINE_300),
    ElementRule::one("identificacionComprador", one_line(20)),
    ElementRule::maybe("direccionComprador", ONE_LINE_300),
    ElementRule::one("totalSinImpuestos", AMOUNT),
    ElementRule::maybe("totalSubsidio", AMOUNT),
    ElementRule::maybe("incoTermTotalSinImpuestos", INCOTERM),
    ElementRule::one("totalDescuento", SIGNED_AMOUNT),
    ElementRule::maybe("codDocReembolso", digits(2, 3)),
    ElementRule::maybe("totalComprobantesReembolso", AMOUNT),
    ElementRule::maybe("totalBaseImponibleReembolso", AMOUNT),
    ElementRule::maybe("totalImpuestoReembolso", AMOUNT),
    ElementRule::group(
        "totalConImpuestos",
        const { &[ElementRule::many("totalImpuesto", &TAX_TOTAL)] },
    ),
    COMPENSATIONS,
    ElementRule::maybe("propina", AMOUNT),
    ElementRule::maybe("fleteInternacional", AMOUNT),
    ElementRule::maybe("seguroInternacional", AMOUNT),
    ElementRule::maybe("gastosAduaneros", AMOUNT),
    ElementRule::maybe("gastosTransporteOtros", AMOUNT),
    ElementRule::one("importeTotal", AMOUNT),
    ElementRule::maybe("moneda", one_line(15)),
    ElementRule::maybe("placa", one_line(20)),
    PAYMENTS,
    ElementRule::maybe("valorRetIva", AMOUNT),
    ElementRule::maybe("valorRetRenta", AMOUNT),
];

static TAX_TOTAL: [ElementRule; 7] = [
    ElementRule::one("codigo", TAX_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::maybe("descuentoAdicional", SIGNED_AMOUNT),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::maybe("tarifa", RATE),
    ElementRule::one("valor", AMOUNT),
    ElementRule::maybe("valorDevolucionIva", AMOUNT),
];

static LINE_OF_TWO_DECIMALS: [ElementRule; 11] = line(AMOUNT, &LINE_TAXES);
static LINE_OF_SIX_DECIMALS: [ElementRule; 11] = line(QUANTITY, &LINE_TAXES);

static LINE_TAXES: [ElementRule; 1] = [ElementRule::many("impuesto", &LINE_TAX)];

static LINE_TAX: [ElementRule; 5] = line_tax(TAX_CODE);

static WITHHOLDING: [ElementRule; 4] = [
    ElementRule::one("codigo", fixed(&["4"])),
    ElementRule::one("codigoPorcentaje", digits(1, 3)),
    ElementRule::one("tarifa", WITHHOLDING_RATE),
    ElementRule::one("valor", AMOUNT),
];

static WAYBILL: [ElementRule; 9] = [
    ElementRule::one("dirPartida", ONE_LINE_300),
    ElementRule::one("dirDestinatario", ONE_LINE_300),
    ElementRule::one("fechaIniTransporte", DATE),
    ElementRule::one("fechaFinTransporte", DATE),
    ElementRule::one("razonSocialTransportista", ONE_LINE_300),
    ElementRule::one("tipoIdentificacionTransportista", IDENTIFICATION_TYPE),
    ElementRule::one("rucTransportista", one_line(20)),
    ElementRule::one("placa", one_line(20)),
    ElementRule::group(
        "destinos",
        const { &[ElementRule::many("destino", &DESTINATION)] },
    ),
];

static DESTINATION: [ElementRule; 4] = [
    ElementRule::one("motivoTraslado", ONE_LINE_300),
    ElementRule::maybe("docAduaneroUnico", one_line(64)),
    ElementRule::maybe("codEstabDestino", digits(3, 3)),
    ElementRule::maybe("ruta", ONE_LINE_300),
];

static THIRD_PARTY_ITEM: [ElementRule; 2] = [
    ElementRule::one("concepto", ONE_LINE_300),
    ElementRule::one("total", AMOUNT),
];

const INCOTERM: ValueType = ValueType::Text {
    chars_min: 1,
    chars_max: 10,
    form: Form::Capitals,
};
