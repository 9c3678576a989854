//! `guiaRemision` 1.0.0 and 1.1.0, which differ in the decimals of `cantidad`.

use tagua_fiscal::DocumentType;

use super::shared::{
    ADDITIONAL_FIELDS, FISCAL_MACHINE, ID_AND_VERSION, NAME_AND_VALUE, SPECIAL_TAXPAYER, TAX_INFO,
};
use super::value::{
    AMOUNT, DATE, Form, ONE_LINE_300, QUANTITY, ValueType, digits, fixed, one_line, range,
    template, text,
};
use super::{Content, ElementRule, Presence, Schema};

pub(super) static V1_0_0: Schema = schema("1.0.0", &ROOT_1_0_0);
pub(super) static V1_1_0: Schema = schema("1.1.0", &ROOT_1_1_0);

const fn schema(version: &'static str, rules: &'static [ElementRule]) -> Schema {
    Schema {
        document: DocumentType::Waybill,
        version,
        root: ElementRule::group("guiaRemision", rules).with(&ID_AND_VERSION),
    }
}

static ROOT_1_0_0: [ElementRule; 6] = root(&RECIPIENTS_OF_TWO_DECIMALS);
static ROOT_1_1_0: [ElementRule; 6] = root(&RECIPIENTS_OF_SIX_DECIMALS);

const fn root(recipients: &'static [ElementRule]) -> [ElementRule; 6] {
    [
        ElementRule::group("infoTributaria", &TAX_INFO),
        ElementRule::group("infoGuiaRemision", &WAYBILL_INFO),
        ElementRule::group("destinatarios", recipients),
        ElementRule::maybe_group("maquinaFiscal", &FISCAL_MACHINE),
        ElementRule::maybe_group("infoAdicional", &ADDITIONAL_FIELDS),
        ElementRule::signature(),
    ]
}

static WAYBILL_INFO: [ElementRule; 11] = [
    ElementRule::maybe("dirEstablecimiento", ONE_LINE_300),
    ElementRule::one("dirPartida", ONE_LINE_300),
    ElementRule::one("razonSocialTransportista", ONE_LINE_300),
    ElementRule::one("tipoIdentificacionTransportista", range("04", "08")),
    ElementRule::one("rucTransportista", one_line(20)),
    ElementRule::maybe("rise", RISE),
    ElementRule::maybe("obligadoContabilidad", fixed(&["SI", "NO"])),
    ElementRule::maybe("contribuyenteEspecial", SPECIAL_TAXPAYER),
    ElementRule::one("fechaIniTransporte", DATE),
    ElementRule::one("fechaFinTransporte", DATE),
    ElementRule::one("placa", one_line(20)),
];

/// The one text of this document that may have more than one line.
const RISE: ValueType = text(40, Form::Any);

static RECIPIENTS_OF_TWO_DECIMALS: [ElementRule; 1] = [ElementRule::many(
    "destinatario",
    &RECIPIENT_OF_TWO_DECIMALS,
)];
static RECIPIENTS_OF_SIX_DECIMALS: [ElementRule; 1] = [ElementRule::many(
    "destinatario",
    &RECIPIENT_OF_SIX_DECIMALS,
)];

static RECIPIENT_OF_TWO_DECIMALS: [ElementRule; 12] = recipient(&LINES_OF_TWO_DECIMALS);
static RECIPIENT_OF_SIX_DECIMALS: [ElementRule; 12] = recipient(&LINES_OF_SIX_DECIMALS);

const fn recipient(lines: &'static [ElementRule]) -> [ElementRule; 12] {
    [
        ElementRule::one("identificacionDestinatario", one_line(20)),
        ElementRule::one("razonSocialDestinatario", ONE_LINE_300),
        ElementRule::one("dirDestinatario", ONE_LINE_300),
        ElementRule::one("motivoTraslado", ONE_LINE_300),
        ElementRule::maybe("docAduaneroUnico", one_line(20)),
        ElementRule::maybe("codEstabDestino", digits(3, 3)),
        ElementRule::maybe("ruta", ONE_LINE_300),
        ElementRule::maybe("codDocSustento", digits(2, 2)),
        ElementRule::maybe("numDocSustento", template("###-###-#########")),
        ElementRule::maybe("numAutDocSustento", digits(10, 49)),
        ElementRule::maybe("fechaEmisionDocSustento", DATE),
        ElementRule::group("detalles", lines),
    ]
}

static LINES_OF_TWO_DECIMALS: [ElementRule; 1] =
    [ElementRule::many("detalle", &LINE_OF_TWO_DECIMALS)];
static LINES_OF_SIX_DECIMALS: [ElementRule; 1] =
    [ElementRule::many("detalle", &LINE_OF_SIX_DECIMALS)];

static LINE_OF_TWO_DECIMALS: [ElementRule; 5] = line(AMOUNT);
static LINE_OF_SIX_DECIMALS: [ElementRule; 5] = line(QUANTITY);

const fn line(quantity: ValueType) -> [ElementRule; 5] {
    [
        ElementRule::maybe("codigoInterno", one_line(25)),
        ElementRule::maybe("codigoAdicional", one_line(25)),
        ElementRule::one("descripcion", ONE_LINE_300),
        ElementRule::one("cantidad", quantity),
        ElementRule::maybe_group("detallesAdicionales", &LINE_DETAILS),
    ]
}

/// Unlike that of other documents the list may be there with nothing in it.
static LINE_DETAILS: [ElementRule; 1] =
    [
        ElementRule::new("detAdicional", Presence::Optional, Content::Nothing)
            .up_to(3)
            .with(&NAME_AND_VALUE),
    ];
