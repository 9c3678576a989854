//! The parts every document has.

use super::value::{
    ANY, Form, NAME_TOKEN, ONE_LINE_300, TEXT_300, ValueType, digits, fixed, one_line, range,
    template,
};
use super::{AttributeRule, Content, ElementRule, Presence};

/// `infoTributaria`.
pub(super) static TAX_INFO: [ElementRule; 13] = [
    ElementRule::one("ambiente", range("1", "2")),
    ElementRule::one("tipoEmision", range("1", "2")),
    ElementRule::one("razonSocial", ONE_LINE_300),
    ElementRule::maybe("nombreComercial", ONE_LINE_300),
    ElementRule::one("ruc", template("##########001")),
    ElementRule::one("claveAcceso", digits(49, 49)),
    ElementRule::one("codDoc", digits(2, 2)),
    ElementRule::one("estab", digits(3, 3)),
    ElementRule::one("ptoEmi", digits(3, 3)),
    ElementRule::one("secuencial", digits(9, 9)),
    ElementRule::one("dirMatriz", ONE_LINE_300),
    ElementRule::maybe("agenteRetencion", digits(1, 8)),
    ElementRule::maybe("contribuyenteRimpe", RIMPE),
];

/// The file the SRI publishes has only the first text; the second is demanded
/// by the ficha técnica since 2.22 (annex 22) and is seen on authorised documents.
const RIMPE: ValueType = fixed(&[
    "CONTRIBUYENTE RÉGIMEN RIMPE",
    "CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE",
]);

/// `contribuyenteEspecial`.
pub(super) const SPECIAL_TAXPAYER: ValueType = ValueType::Text {
    chars_min: 3,
    chars_max: 13,
    form: Form::Alphanumeric,
};

/// `maquinaFiscal`.
pub(super) static FISCAL_MACHINE: [ElementRule; 3] = [
    ElementRule::one("marca", one_line(30)),
    ElementRule::one("modelo", one_line(30)),
    ElementRule::one("serie", one_line(30)),
];

/// `infoAdicional`: unlike other texts these may have more than one line.
pub(super) static ADDITIONAL_FIELDS: [ElementRule; 1] =
    [ElementRule::one("campoAdicional", TEXT_300)
        .up_to(15)
        .with(&NAME)];

static NAME: [AttributeRule; 1] = [AttributeRule::one("nombre", TEXT_300)];

/// `detallesAdicionales`.
pub(super) static LINE_DETAILS: [ElementRule; 1] =
    [
        ElementRule::new("detAdicional", Presence::Required, Content::Nothing)
            .up_to(3)
            .with(&NAME_AND_VALUE),
    ];

/// Of `detAdicional`.
pub(super) static NAME_AND_VALUE: [AttributeRule; 2] = [
    AttributeRule::one("nombre", TEXT_300),
    AttributeRule::one("valor", TEXT_300),
];

/// The root's attributes where the schema demands neither.
pub(super) static OPTIONAL_ID_AND_VERSION: [AttributeRule; 2] = [
    AttributeRule::maybe("id", fixed(&["comprobante"])),
    AttributeRule::maybe("version", ANY),
];

/// The root's attributes where the schema demands the version.
pub(super) static OPTIONAL_ID: [AttributeRule; 2] = [
    AttributeRule::maybe("id", fixed(&["comprobante"])),
    AttributeRule::one("version", NAME_TOKEN),
];

/// The root's attributes where the schema demands both.
pub(super) static ID_AND_VERSION: [AttributeRule; 2] = [
    AttributeRule::one("id", fixed(&["comprobante"])),
    AttributeRule::one("version", NAME_TOKEN),
];
