//! What events and people are told.

use tagua_sri::{Message, Reception, ReceptionState};
use tagua_store::{AuthorizationResult, Document, SriMessage};

use crate::table::{Event, Refusal};

/// Bytes of an event's text for people; what SRI wrote is in its evidence.
const DETAIL_BYTES: usize = 4096;

/// What reception said, in one line.
pub(crate) fn reception_detail(event: Event, answer: &Reception) -> String {
    let state = match (event, &answer.state) {
        (Event::NoAnswer, _) => "El SRI no dio una respuesta que decida",
        (_, ReceptionState::Received) => "RECIBIDA",
        _ => "DEVUELTA",
    };
    let said = |m: &Message| format!("{} {}", m.identifier, m.text);
    listed(state, answer.messages().map(said))
}

/// What authorization said, in one line.
pub(crate) fn authorization_detail(event: Event, result: Option<&AuthorizationResult>) -> String {
    match (event, result) {
        (_, Some(result)) => {
            let said = |m: &SriMessage| format!("{} {}", m.identifier, m.message);
            listed(&result.state, result.messages.iter().map(said))
        }
        (Event::InProcess, _) => "EN PROCESO".to_owned(),
        (Event::NotFound, _) => "El SRI todavía no conoce la clave de acceso".to_owned(),
        _ => "El SRI no decidió dentro del plazo".to_owned(),
    }
}

fn listed(state: &str, messages: impl Iterator<Item = String>) -> String {
    let listed: Vec<_> = messages.collect();
    if listed.is_empty() {
        state.to_owned()
    } else {
        format!("{state}: {}", listed.join("; "))
    }
}

/// At most [`DETAIL_BYTES`] of a text.
pub(crate) fn cut(mut text: String) -> String {
    if text.len() > DETAIL_BYTES {
        let boundary = |end: &usize| text.is_char_boundary(*end);
        let end = (0..=DETAIL_BYTES).rev().find(boundary).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// What a person is told: what happened, what this system knows and what SRI
/// says, and what to do. `said` is what SRI answered when `event` was made of it.
pub(crate) fn attention(
    document: &Document,
    event: Event,
    said: Event,
    refusal: Option<Refusal>,
) -> String {
    let key = document.access_key;
    let number = format!("{}-{}", document.series, document.sequential);
    let sent = times(document.submissions);
    match (event, refusal) {
        (Event::AuthorizedOtherBytes, _) => format!(
            "El SRI autorizó con la clave de acceso {key} un archivo distinto del que firmó este \
             sistema para el comprobante {number}. Descargue el comprobante del portal del SRI y \
             compárelo con el XML guardado aquí antes de hacer nada: otro programa pudo emitir \
             con la misma clave."
        ),
        (Event::BytesMissing, _) => format!(
            "El archivo firmado del comprobante {number} no se puede leer del almacenamiento, y \
             sin él no se envía ni se compara nada. Revise el disco y restaure una copia de \
             seguridad; consulte la clave {key} en el portal del SRI antes de reemitir."
        ),
        (Event::GaveUp, _) if matches!(said, Event::NotFound) => format!(
            "El comprobante {number} se envió al SRI {sent}, todas las permitidas, y el SRI \
             responde que no conoce la clave de acceso {key}. Consúltela en el portal del SRI: \
             si no consta, reemita el comprobante con el mismo número."
        ),
        (_, Some(Refusal::SequentialTaken)) => format!(
            "El SRI dice que el secuencial {number} ya está registrado (código 45) y, al \
             consultarle, no reconoce la clave de acceso {key} de este comprobante: el número \
             pertenece a otro. Busque en el portal del SRI cuál es. Si es la misma venta, no la \
             emita de nuevo; si es otra, corrija el secuencial y reemita."
        ),
        (_, Some(Refusal::DailyLimit)) => format!(
            "El SRI no admite hoy más intentos de la clave de acceso {key} (código 90) y no tiene \
             autorizado el comprobante {number}. Corrija lo que el SRI rechazó en los intentos \
             anteriores y reemítalo mañana."
        ),
        _ => format!(
            "El SRI recibió o conoce el comprobante {number}, enviado {sent}, y no decidió dentro \
             de su plazo de 24 horas. Consulte la clave de acceso {key} en el portal del SRI \
             antes de reemitir: puede estar autorizado."
        ),
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "una vez".to_owned(),
        count => format!("{count} veces"),
    }
}
