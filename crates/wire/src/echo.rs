//! The answer of issue, create and reissue: the request as it was sent, with
//! the server's fields laid over it (CONTRACT 6.1).

use std::collections::HashMap;

use jiff::Timestamp;
use tagua_fiscal::{AccessKey, Sequential, Series};
use tagua_store::{DocumentId, Stage};

use super::dates::iso_in_guayaquil;
use super::json::Value;
use super::parse::{JsonError, parse};
use super::state::estado;
use super::writer::JsonWriter;

/// What the server adds to the echo.
#[derive(Clone, Debug)]
pub struct IssueOverlay<'o> {
    /// `id`.
    pub id: DocumentId,
    /// `clave_acceso`.
    pub access_key: AccessKey,
    /// Gives `estado`.
    pub stage: Stage,
    /// The first two parts of `numero`.
    pub series: Series,
    /// The last part of `numero`.
    pub sequential: Sequential,
    /// `es_valida`.
    pub valid: bool,
    /// `version`: of the schema that was used.
    pub schema_version: &'o str,
    /// When the document was accepted: `fecha_emision` where none was sent.
    pub accepted_at: Timestamp,
    /// `firma`: why it could not be signed.
    pub signature_error: Option<String>,
}

/// The request with the overlay, as JSON.
///
/// Members keep their order and their text; of a key that occurs twice the
/// last value stands at the first place. A request that is not an object (an
/// XML body) gives the overlay alone. Fails when the request is not JSON.
pub fn issue_answer(request: &[u8], overlay: &IssueOverlay<'_>) -> Result<String, JsonError> {
    let request = Request::read(request)?;
    let mut fields = Fields::default();
    fields.issue(&request, overlay);
    Ok(fields.over(&request))
}

/// The block of CONTRACT 9.3.
fn write_signature_error(w: &mut JsonWriter, error: &str) {
    w.object(|w| {
        w.key("result");
        w.string("bad");
        w.key("error");
        w.string(error);
        w.key("status");
        w.raw("400");
    });
}

/// A request and the text it was read from.
pub(super) struct Request<'a> {
    text: &'a [u8],
    value: Value<'a>,
}

impl<'a> Request<'a> {
    pub(super) fn read(text: &'a [u8]) -> Result<Self, JsonError> {
        let value = match text.trim_ascii().first() {
            Some(b'<') | None => Value::Null,
            Some(_) => parse(text)?,
        };
        Ok(Self { text, value })
    }

    /// The value of a top-level member unless it is blank.
    pub(super) fn get(&self, key: &str) -> Option<&Value<'a>> {
        let value = self.value.as_object()?.last(key)?;
        Some(value).filter(|value| !value.is_blank())
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.value
            .as_object()
            .is_some_and(|o| o.last(key).is_some())
    }

    /// Top-level members with their raw text, each key once.
    fn members(&self) -> Vec<(&str, &str)> {
        let Some(object) = self.value.as_object() else {
            return Vec::new();
        };
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(object.members.len());
        let mut members: Vec<(&str, &str)> = Vec::with_capacity(object.members.len());
        for member in &object.members {
            let raw = self.text.get(member.span.clone()).unwrap_or_default();
            let raw = std::str::from_utf8(raw).unwrap_or("null");
            let place = *places.entry(&member.key).or_insert(members.len());
            match members.get_mut(place) {
                Some(earlier) => earlier.1 = raw,
                None => members.push((&member.key, raw)),
            }
        }
        members
    }
}

/// Fields of the server with their JSON text, in the order they are added.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// Adds a field; `write` writes its value.
    pub(super) fn add(&mut self, key: &'static str, write: impl FnOnce(&mut JsonWriter)) {
        let mut writer = JsonWriter::default();
        write(&mut writer);
        self.0.push((key, writer.finish()));
    }

    pub(super) fn text(&mut self, key: &'static str, text: &str) {
        self.add(key, |w| w.string(text));
    }

    pub(super) fn issue(&mut self, request: &Request<'_>, overlay: &IssueOverlay<'_>) {
        self.text("id", &overlay.id.to_string());
        self.text("clave_acceso", overlay.access_key.as_str());
        self.text("estado", estado(overlay.stage));
        self.text(
            "numero",
            &format!("{}-{}", overlay.series, overlay.sequential),
        );
        self.add("es_valida", |w| w.boolean(overlay.valid));
        self.text("version", overlay.schema_version);
        if request.get("fecha_emision").is_none() {
            self.text("fecha_emision", &iso_in_guayaquil(overlay.accepted_at));
        }
        if let Some(error) = &overlay.signature_error {
            self.add("firma", |w| write_signature_error(w, error));
        }
    }

    /// The request's members, replaced where a field has their key, then the
    /// fields that are new.
    pub(super) fn over(&self, request: &Request<'_>) -> String {
        let mut writer = JsonWriter::with_capacity(request.text.len() + 1024);
        let members = request.members();
        let find = |key: &str| self.0.iter().find(|(own, _)| *own == key);
        writer.object(|w| {
            for (key, raw) in &members {
                w.key(key);
                w.raw(find(key).map_or(raw, |(_, own)| own));
            }
            for (key, own) in &self.0 {
                if !request.has(key) {
                    w.key(key);
                    w.raw(own);
                }
            }
        });
        writer.finish()
    }

    /// The fields alone.
    pub(super) fn alone(&self) -> String {
        let mut writer = JsonWriter::with_capacity(1024);
        writer.object(|w| {
            for (key, own) in &self.0 {
                w.key(key);
                w.raw(own);
            }
        });
        writer.finish()
    }
}
