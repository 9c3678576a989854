//! What events and people are told.

use tagua_sri::{Message, Reception, ReceptionState};
use tagua_store::{AuthorizationResult, SriMessage};

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

/// What a person is told: what happened, and what to do. `said` is what SRI
/// answered when `event` was made of it.
pub(crate) const fn attention(event: Event, said: Event, refusal: Option<Refusal>) -> &'static str {
    match (event, refusal) {
        (Event::AuthorizedOtherBytes, _) => {
            "El SRI autorizó con esta clave de acceso un archivo distinto del que firmó este \
             sistema. Descargue el comprobante del portal del SRI y compárelo antes de hacer nada."
        }
        (Event::BytesMissing, _) => {
            "El archivo firmado no se puede leer del almacenamiento. Revise el disco y restaure \
             una copia de seguridad."
        }
        (Event::GaveUp, _) if matches!(said, Event::NotFound) => {
            "El comprobante se envió al SRI todas las veces permitidas y el SRI responde que no \
             conoce la clave de acceso. Consúltela en el portal del SRI antes de reemitir."
        }
        (_, Some(Refusal::SequentialTaken)) => {
            "El SRI dice que este secuencial ya está registrado y no reconoce esta clave de \
             acceso: el número pertenece a otro comprobante. No lo emita de nuevo sin revisar \
             cuál es; corrija el secuencial y reemita."
        }
        (_, Some(Refusal::DailyLimit)) => {
            "El SRI no admite más intentos de esta clave hoy (código 90). Corrija el comprobante \
             y reemítalo mañana."
        }
        _ => {
            "El SRI conoce o recibió el comprobante y no decidió dentro de su plazo de 24 horas. \
             Consulte la clave de acceso en el portal del SRI antes de reemitir."
        }
    }
}
