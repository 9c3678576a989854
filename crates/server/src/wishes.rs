//! What a request asks for by headers of our own (CONTRACT 14): off the path
//! of a plain Dátil client.

use axum::http::HeaderMap;
use tagua_wire::{ErrorCode, WireFinding};

use crate::openapi::{Parameter, Place};
use crate::settings::Profile;

pub(crate) const PROFILE: &str = "X-Tagua-Profile";
pub(crate) const COMPLETE: &str = "X-Tagua-Complete";

/// The headers in the description of the API.
pub(crate) const PARAMETERS: [Parameter; 2] = [
    Parameter {
        name: PROFILE,
        place: Place::Header,
        about: "`strict` rechaza también lo que el SRI devolvería o lo que no cuadra; `compatible` \
                lo acepta y lo dice en `es_valida`. Sin la cabecera decide el emisor.",
        example: "strict",
        values: &["compatible", "strict"],
    },
    Parameter {
        name: COMPLETE,
        place: Place::Header,
        about: "`totals` calcula `totales` y los impuestos de las líneas, se hayan enviado o no. \
                Solo para JSON.",
        example: "totals",
        values: &["totals"],
    },
];

/// The wishes of one request; without them the issuer's settings decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// `X-Tagua-Profile`.
    pub(crate) profile: Option<Profile>,
    /// `X-Tagua-Complete: totals`.
    pub(crate) complete_totals: bool,
}

impl Wishes {
    /// Reads the headers, or says which values there are.
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, Vec<WireFinding>> {
        let profile = match word(headers, PROFILE).as_deref() {
            None | Some("") => Ok(None),
            Some("compatible") => Ok(Some(Profile::Compatible)),
            Some("strict") => Ok(Some(Profile::Strict)),
            Some(other) => Err(unknown(PROFILE, other, "compatible y strict")),
        };
        let complete = match word(headers, COMPLETE).as_deref() {
            None | Some("") => Ok(false),
            Some("totals") => Ok(true),
            Some(other) => Err(unknown(COMPLETE, other, "totals, o ninguno")),
        };
        match (profile, complete) {
            (Ok(profile), Ok(complete_totals)) => Ok(Self {
                profile,
                complete_totals,
            }),
            (profile, complete) => Err(profile.err().into_iter().chain(complete.err()).collect()),
        }
    }
}

fn word(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = String::from_utf8_lossy(headers.get(name)?.as_bytes());
    Some(value.trim().to_ascii_lowercase())
}

fn unknown(header: &str, sent: &str, allowed: &str) -> WireFinding {
    let details = format!("Los valores permitidos son {allowed}");
    let finding = WireFinding::new(header.to_owned(), ErrorCode::InvalidValue, details);
    finding.with_value(&tagua_wire::Value::String(sent.into()))
}
