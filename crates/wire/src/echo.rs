//! The answer of issue, create and reissue: the request as it was sent, with
//! the server's fields laid over it (CONTRACT 6.1).

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use jiff::Timestamp;
use tagua_fiscal::{AccessKey, Sequential, Series};
use tagua_store::{DocumentId, Stage};

use super::dates::iso_in_guayaquil;
use super::finding::WireFinding;
use super::json::{Member, Object, Value};
use super::parse::{parse, parse_body};
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
/// last value stands at the first place. A request that is not an object gives
/// the overlay alone.
pub fn issue_answer(sent: &Sent<'_>, overlay: &IssueOverlay<'_>) -> String {
    let mut fields = Fields::default();
    fields.issue(sent, overlay);
    fields.over(sent)
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

/// A request as its answers give it back: its members with their raw text.
#[derive(Clone, Debug)]
pub struct Sent<'a> {
    text: Cow<'a, [u8]>,
    /// Each key once, with the bytes of its value.
    members: Members<'a>,
}

type Members<'a> = Vec<(Cow<'a, str>, Range<usize>)>;

impl<'a> Sent<'a> {
    /// Reads a body that was accepted: JSON as it was sent, or XML (bare or in
    /// `{"xml": "..."}`), which is given back in its JSON reading (CONTRACT
    /// 4.2). An empty body has no members. Fails with the finding that the
    /// body would have been refused with.
    pub fn read(body: &'a [u8]) -> Result<Self, WireFinding> {
        if body.trim_ascii().is_empty() {
            return Ok(Self::json(body, Value::Null));
        }
        let value = parse_body(body)?;
        Ok(Self::json(body, value))
    }

    /// A body together with the value that [`super::parse_body`] read from it.
    pub fn json(body: &'a [u8], value: Value<'a>) -> Self {
        let members = match value {
            Value::Object(object) => each_key_once(object),
            _ => Vec::new(),
        };
        Self {
            text: Cow::Borrowed(body),
            members,
        }
    }

    /// The value of a top-level member unless it is blank.
    pub(super) fn get(&self, key: &str) -> Option<Value<'_>> {
        let (_, span) = self.members.iter().find(|(own, _)| own == key)?;
        let value = parse(self.raw(span).as_bytes()).ok()?;
        Some(value).filter(|value| !value.is_blank())
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|(own, _)| own == key)
    }

    fn raw(&self, span: &Range<usize>) -> &str {
        let raw = self.text.get(span.clone()).unwrap_or_default();
        std::str::from_utf8(raw).unwrap_or("null")
    }
}

/// The last value of every key, at the place of its first.
fn each_key_once(object: Object<'_>) -> Members<'_> {
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(object.members.len());
    let mut members: Members<'_> = Vec::with_capacity(object.members.len());
    for Member { key, span, .. } in object.members {
        let place = *places.entry(key.clone()).or_insert(members.len());
        match members.get_mut(place) {
            Some(earlier) => earlier.1 = span,
            None => members.push((key, span)),
        }
    }
    members
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

    pub(super) fn issue(&mut self, sent: &Sent<'_>, overlay: &IssueOverlay<'_>) {
        self.text("id", &overlay.id.to_string());
        self.text("clave_acceso", overlay.access_key.as_str());
        self.text("estado", estado(overlay.stage));
        self.text(
            "numero",
            &format!("{}-{}", overlay.series, overlay.sequential),
        );
        self.add("es_valida", |w| w.boolean(overlay.valid));
        self.text("version", overlay.schema_version);
        if sent.get("fecha_emision").is_none() {
            self.text("fecha_emision", &iso_in_guayaquil(overlay.accepted_at));
        }
        if let Some(error) = &overlay.signature_error {
            self.add("firma", |w| write_signature_error(w, error));
        }
    }

    /// The request's members, replaced where a field has their key, then the
    /// fields that are new.
    pub(super) fn over(&self, sent: &Sent<'_>) -> String {
        let mut writer = JsonWriter::with_capacity(sent.text.len() + 1024);
        let find = |key: &str| self.0.iter().find(|(own, _)| *own == key);
        writer.object(|w| {
            for (key, span) in &sent.members {
                w.key(key);
                w.raw(find(key).map_or_else(|| sent.raw(span), |(_, own)| own));
            }
            for (key, own) in &self.0 {
                if !sent.has(key) {
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
