//! `comprobanteRetencion`: 1.0.0 is a retention, 2.0.0 an ATS retention.

use super::shared::{
    ADDITIONAL, ATS_TAX_INFO, ESTABLISHMENT_ADDRESS, ID, ISSUE_DATE, KEEPS_ACCOUNTS, MACHINE,
    SIGNATURE, SPECIAL_TAXPAYER, TAX_INFO, VERSION,
};
use super::trade::{
    REIMBURSEMENT_BASE, REIMBURSEMENT_BLANKS, REIMBURSEMENT_TAX, REIMBURSEMENT_TOTAL,
    REIMBURSEMENTS, payment,
};
use super::{Blank, Form, Row, Rule, To, formed, group, inside, list, text};

pub(super) static RETENTION: Row = Row {
    rules: &[
        ID,
        VERSION,
        inside("infoTributaria", &TAX_INFO),
        inside("infoCompRetencion", &INFO),
        list("impuestos", "impuesto", "items", &WITHHELD),
        MACHINE,
        ADDITIONAL,
        SIGNATURE,
    ],
    blanks: &[("emisor.contribuyente_especial", Blank::Text)],
    derive: |_| {},
};

pub(super) static ATS_RETENTION: Row = Row {
    rules: &[
        ID,
        VERSION,
        inside("infoTributaria", &ATS_TAX_INFO),
        inside("infoCompRetencion", &INFO),
        list(
            "docsSustento",
            "docSustento",
            "documentos_soporte",
            &SUPPORTING,
        ),
        MACHINE,
        ADDITIONAL,
        SIGNATURE,
    ],
    blanks: &[("emisor.contribuyente_especial", Blank::Text)],
    derive: |_| {},
};

static INFO: [Rule; 10] = [
    ISSUE_DATE,
    ESTABLISHMENT_ADDRESS,
    SPECIAL_TAXPAYER,
    KEEPS_ACCOUNTS,
    text(
        "tipoIdentificacionSujetoRetenido",
        "sujeto.tipo_identificacion",
    ),
    text("tipoSujetoRetenido", "tipo_sujeto_retenido"),
    formed("parteRel", "parte_relacionada", Form::Boolean),
    text("razonSocialSujetoRetenido", "sujeto.razon_social"),
    text("identificacionSujetoRetenido", "sujeto.identificacion"),
    text("periodoFiscal", "periodo_fiscal"),
];

static WITHHELD: Row = Row::of(&[
    text("codigo", "codigo"),
    text("codigoRetencion", "codigo_porcentaje"),
    text("baseImponible", "base_imponible"),
    text("porcentajeRetener", "porcentaje"),
    text("valorRetenido", "valor_retenido"),
    text("codDocSustento", "tipo_documento_sustento"),
    formed("numDocSustento", "numero_documento_sustento", Form::Number),
    formed(
        "fechaEmisionDocSustento",
        "fecha_emision_documento_sustento",
        Form::Date,
    ),
]);

static SUPPORTING: Row = Row {
    rules: &[
        text("codSustento", "codigo_sustento"),
        text("codDocSustento", "tipo_documento"),
        formed("numDocSustento", "numero", Form::Number),
        formed("fechaEmisionDocSustento", "fecha_emision", Form::Day),
        formed(
            "fechaRegistroContable",
            "fecha_registro_contable",
            Form::Day,
        ),
        text("numAutDocSustento", "numero_autorizacion"),
        text("pagoLocExt", "tipo_pago"),
        text("tipoRegi", "tipo_regimen_fiscal"),
        formed("paisEfecPago", "pais", Form::Country),
        formed("aplicConvDobTrib", "aplica_convenio", Form::Boolean),
        formed("pagExtSujRetNorLeg", "pago_exterior", Form::Boolean),
        formed("pagoRegFis", "pago_regimen_fiscal", Form::Boolean),
        REIMBURSEMENT_TOTAL,
        REIMBURSEMENT_BASE,
        REIMBURSEMENT_TAX,
        text("totalSinImpuestos", "total_sin_impuestos"),
        text("importeTotal", "total"),
        list(
            "impuestosDocSustento",
            "impuestoDocSustento",
            "impuestos",
            &SUPPORTING_TAX,
        ),
        list("retenciones", "retencion", "retenciones", &WITHHOLDING),
        REIMBURSEMENTS,
        list("pagos", "pago", "pagos", &PAYMENT),
    ],
    blanks: &REIMBURSEMENT_BLANKS,
    derive: |_| {},
};

static SUPPORTING_TAX: Row = Row::of(&[
    text("codImpuestoDocSustento", "codigo"),
    text("codigoPorcentaje", "codigo_porcentaje"),
    text("baseImponible", "base_imponible"),
    text("tarifa", "tarifa"),
    text("valorImpuesto", "valor"),
]);

static WITHHOLDING: Row = Row::of(&[
    text("codigo", "codigo"),
    text("codigoRetencion", "codigo_porcentaje"),
    text("baseImponible", "base_imponible"),
    text("porcentajeRetener", "tarifa"),
    text("valorRetenido", "valor_retenido"),
    Rule {
        xml: "dividendos",
        to: To::Only("dividendos", &DIVIDEND),
    },
    group(
        "compraCajBanano",
        "compra_cajas_banano",
        &[
            text("numCajBan", "numero_cajas"),
            text("precCajBan", "precio_caja"),
        ],
    ),
]);

static DIVIDEND: Row = Row::of(&[
    formed("fechaPagoDiv", "fecha_pago", Form::Day),
    text("imRentaSoc", "impuesto_renta"),
    text("ejerFisUtDiv", "annio_fiscal"),
]);

static PAYMENT: Row = Row::of(&const { payment("tipo_pago") });
