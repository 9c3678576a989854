//! `guiaRemision`.

use super::shared::{
    ADDITIONAL, ESTABLISHMENT_ADDRESS, ID, KEEPS_ACCOUNTS, LINE_DETAILS, MACHINE, RISE, SIGNATURE,
    SPECIAL_TAXPAYER, TAX_INFO, VERSION,
};
use super::{Blank, Form, Row, Rule, formed, inside, list, text};
use crate::json::{Object, Value};
use crate::xml::places::put;

pub(super) static WAYBILL: Row = Row {
    rules: &[
        ID,
        VERSION,
        inside("infoTributaria", &TAX_INFO),
        inside("infoGuiaRemision", &INFO),
        list("destinatarios", "destinatario", "destinatarios", &RECIPIENT),
        MACHINE,
        ADDITIONAL,
        SIGNATURE,
    ],
    blanks: &[
        ("emisor.contribuyente_especial", Blank::Text),
        ("transportista.direccion", Blank::Text),
        ("transportista.telefono", Blank::Text),
        ("transportista.email", Blank::Text),
    ],
    derive: |_| {},
};

static INFO: [Rule; 11] = [
    ESTABLISHMENT_ADDRESS,
    text("dirPartida", "direccion_partida"),
    text("razonSocialTransportista", "transportista.razon_social"),
    text(
        "tipoIdentificacionTransportista",
        "transportista.tipo_identificacion",
    ),
    text("rucTransportista", "transportista.identificacion"),
    RISE,
    KEEPS_ACCOUNTS,
    SPECIAL_TAXPAYER,
    formed("fechaIniTransporte", "fecha_inicio_transporte", Form::Date),
    formed("fechaFinTransporte", "fecha_fin_transporte", Form::Date),
    text("placa", "transportista.placa"),
];

static RECIPIENT: Row = Row {
    rules: &[
        text("identificacionDestinatario", "identificacion"),
        text("razonSocialDestinatario", "razon_social"),
        text("dirDestinatario", "direccion"),
        text("motivoTraslado", "motivo_traslado"),
        text("docAduaneroUnico", "documento_aduanero_unico"),
        text("codEstabDestino", "codigo_establecimiento_destino"),
        text("ruta", "ruta"),
        text("codDocSustento", "tipo_documento_sustento"),
        text("numDocSustento", "numero_documento_sustento"),
        text(
            "numAutDocSustento",
            "numero_autorizacion_documento_sustento",
        ),
        formed(
            "fechaEmisionDocSustento",
            "fecha_emision_documento_sustento",
            Form::Date,
        ),
        list("detalles", "detalle", "items", &ITEM),
    ],
    blanks: &[
        ("email", Blank::Text),
        ("telefono", Blank::Text),
        ("documento_aduanero_unico", Blank::Text),
        ("numero_autorizacion_documento_sustento", Blank::Text),
    ],
    derive: add_id_type,
};

static ITEM: Row = Row {
    rules: &[
        text("codigoInterno", "codigo_principal"),
        text("codigoAdicional", "codigo_auxiliar"),
        text("descripcion", "descripcion"),
        text("cantidad", "cantidad"),
        LINE_DETAILS,
    ],
    blanks: &[
        ("codigo_auxiliar", Blank::Text),
        ("detalles_adicionales", Blank::Object),
    ],
    derive: |_| {},
};

/// `tipo_identificacion`, which the XML has no element for: what the form of
/// the identification tells.
fn add_id_type(recipient: &mut Object<'_>) {
    let Some(Value::String(id)) = recipient.last("identificacion") else {
        return;
    };
    let digits = id.bytes().all(|b| b.is_ascii_digit());
    let id_type = match id.len() {
        13 if id == "9999999999999" => "07",
        13 if digits => "04",
        10 if digits => "05",
        _ => "06",
    };
    put(
        recipient,
        "tipo_identificacion",
        Value::String(id_type.into()),
    );
}
