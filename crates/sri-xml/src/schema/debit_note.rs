//! `notaDebito` 1.0.0.

use tagua_fiscal::DocumentType;

use super::shared::{OPTIONAL_ID, SPECIAL_TAXPAYER};
use super::trade::{
    ADDITIONAL, COMPENSATIONS, HEAD, IDENTIFICATION_TYPE, MACHINE, PAYMENTS, RISE_LEGEND, TAX_CODE,
};
use super::value::{
    AMOUNT, DATE, ONE_LINE_300, RATE, SIGNED_AMOUNT, digits, fixed, one_line, template,
};
use super::{ElementRule, Schema, UNBOUNDED};

pub(super) static V1_0_0: Schema = Schema {
    document: DocumentType::DebitNote,
    version: "1.0.0",
    root: ElementRule::group("notaDebito", &ROOT).with(&OPTIONAL_ID),
};

static ROOT: [ElementRule; 6] = [
    HEAD,
    ElementRule::group("infoNotaDebito", &INFO),
    ElementRule::group("motivos", const { &[ElementRule::many("motivo", &REASON)] }),
    MACHINE,
    ADDITIONAL,
    ElementRule::signature(),
];

static INFO: [ElementRule; 16] = [
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
    ElementRule::one("totalSinImpuestos", SIGNED_AMOUNT),
    ElementRule::group(
        "impuestos",
        const { &[ElementRule::many("impuesto", &TAX_TOTAL)] },
    ),
    COMPENSATIONS,
    ElementRule::one("valorTotal", AMOUNT),
    PAYMENTS.up_to(UNBOUNDED),
];

static TAX_TOTAL: [ElementRule; 6] = [
    ElementRule::one("codigo", TAX_CODE),
    ElementRule::one("codigoPorcentaje", digits(1, 4)),
    ElementRule::one("tarifa", RATE),
    ElementRule::one("baseImponible", AMOUNT),
    ElementRule::one("valor", AMOUNT),
    ElementRule::maybe("valorDevolucionIva", AMOUNT),
];

static REASON: [ElementRule; 2] = [
    ElementRule::one("razon", ONE_LINE_300),
    ElementRule::one("valor", AMOUNT),
];
