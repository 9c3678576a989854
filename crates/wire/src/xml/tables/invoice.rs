//! `factura`.

use super::shared::{
    ADDITIONAL, ESTABLISHMENT_ADDRESS, ID, ISSUE_DATE, KEEPS_ACCOUNTS, MACHINE, SIGNATURE,
    SPECIAL_TAXPAYER, TAX_INFO, VERSION,
};
use super::trade::{
    BUYER_ID, BUYER_ID_TYPE, BUYER_NAME, COMPENSATIONS, CURRENCY, LINE, PAYMENT,
    REIMBURSEMENT_BASE, REIMBURSEMENT_BLANKS, REIMBURSEMENT_CODE, REIMBURSEMENT_TAX,
    REIMBURSEMENT_TOTAL, REIMBURSEMENTS, TAX_TOTALS,
};
use super::{Blank, Form, Row, Rule, To, formed, group, inside, list, text};

pub(super) static INVOICE: Row = Row {
    rules: &[
        ID,
        VERSION,
        inside("infoTributaria", &TAX_INFO),
        inside("infoFactura", &INFO),
        list("detalles", "detalle", "items", &ITEM),
        REIMBURSEMENTS,
        list("retenciones", "retencion", "retenciones", &WITHHOLDING),
        group(
            "infoSustitutivaGuiaRemision",
            "guia_remision_sustitutiva",
            &SUBSTITUTE_WAYBILL,
        ),
        list(
            "otrosRubrosTerceros",
            "rubro",
            "otros_rubros_terceros",
            &THIRD_PARTY_ITEM,
        ),
        Rule {
            xml: "tipoNegociable",
            to: To::Flagged("negociable", &[text("correo", "comprador.email")]),
        },
        MACHINE,
        ADDITIONAL,
        SIGNATURE,
    ],
    blanks: &[
        ("emisor.contribuyente_especial", Blank::Text),
        ("comprador.direccion", Blank::Text),
        REIMBURSEMENT_BLANKS[0],
        REIMBURSEMENT_BLANKS[1],
        REIMBURSEMENT_BLANKS[2],
    ],
    derive: |_| {},
};

static INFO: [Rule; 38] = [
    ISSUE_DATE,
    ESTABLISHMENT_ADDRESS,
    SPECIAL_TAXPAYER,
    KEEPS_ACCOUNTS,
    text("comercioExterior", "exportacion.comercio_exterior"),
    text("incoTermFactura", "exportacion.incoterm.termino"),
    text("lugarIncoTerm", "exportacion.incoterm.lugar"),
    formed(
        "paisOrigen",
        "exportacion.origen.codigo_pais",
        Form::Country,
    ),
    text("puertoEmbarque", "exportacion.origen.puerto"),
    text("puertoDestino", "exportacion.destino.puerto"),
    formed(
        "paisDestino",
        "exportacion.destino.codigo_pais",
        Form::Country,
    ),
    formed(
        "paisAdquisicion",
        "exportacion.codigo_pais_adquisicion",
        Form::Country,
    ),
    BUYER_ID_TYPE,
    text("guiaRemision", "guia_remision"),
    BUYER_NAME,
    BUYER_ID,
    text("direccionComprador", "comprador.direccion"),
    text("totalSinImpuestos", "totales.total_sin_impuestos"),
    text("totalSubsidio", "totales.total_subsidio"),
    text(
        "incoTermTotalSinImpuestos",
        "exportacion.incoterm.total_sin_impuestos",
    ),
    text("totalDescuento", "totales.descuento"),
    REIMBURSEMENT_CODE,
    REIMBURSEMENT_TOTAL,
    REIMBURSEMENT_BASE,
    REIMBURSEMENT_TAX,
    TAX_TOTALS,
    COMPENSATIONS,
    text("propina", "totales.propina"),
    text(
        "fleteInternacional",
        "exportacion.totales.flete_internacional",
    ),
    text(
        "seguroInternacional",
        "exportacion.totales.seguro_internacional",
    ),
    text("gastosAduaneros", "exportacion.totales.gastos_aduaneros"),
    text(
        "gastosTransporteOtros",
        "exportacion.totales.otros_gastos_transporte",
    ),
    text("importeTotal", "totales.importe_total"),
    CURRENCY,
    text("placa", "placa"),
    list("pagos", "pago", "pagos", &PAYMENT),
    text("valorRetIva", "valor_retenido_iva"),
    text("valorRetRenta", "valor_retenido_renta"),
];

static ITEM: Row = Row {
    rules: &LINE,
    blanks: &[
        ("codigo_auxiliar", Blank::Text),
        ("detalles_adicionales", Blank::Object),
    ],
    derive: |_| {},
};

static WITHHOLDING: Row = Row::of(&[
    text("codigo", "codigo"),
    text("codigoPorcentaje", "codigo_porcentaje"),
    text("tarifa", "tarifa"),
    text("valor", "valor"),
]);

/// No JSON of Dátil's has it; the names are those of waybills.
static SUBSTITUTE_WAYBILL: [Rule; 9] = [
    text("dirPartida", "direccion_partida"),
    text("dirDestinatario", "direccion_destinatario"),
    formed("fechaIniTransporte", "fecha_inicio_transporte", Form::Date),
    formed("fechaFinTransporte", "fecha_fin_transporte", Form::Date),
    text("razonSocialTransportista", "transportista.razon_social"),
    text(
        "tipoIdentificacionTransportista",
        "transportista.tipo_identificacion",
    ),
    text("rucTransportista", "transportista.identificacion"),
    text("placa", "transportista.placa"),
    list("destinos", "destino", "destinos", &DESTINATION),
];

static DESTINATION: Row = Row::of(&[
    text("motivoTraslado", "motivo_traslado"),
    text("docAduaneroUnico", "documento_aduanero_unico"),
    text("codEstabDestino", "codigo_establecimiento_destino"),
    text("ruta", "ruta"),
]);

static THIRD_PARTY_ITEM: Row = Row::of(&[text("concepto", "concepto"), text("total", "total")]);
