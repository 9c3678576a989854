//! The answer of issue, create and reissue: the request as it was sent, with
//! the server's fields laid over it (CONTRACT 6.1).

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use jiff::Timestamp;
use tagua_fiscal::{AccessKey, DocumentType, Sequential, Series};
use tagua_store::{DocumentId, Stage};

use super::dates::iso_in_guayaquil;
use super::finding::WireFinding;
use super::json::{Member, Object, Value};
use super::parse::{parse, parse_body};
use super::state::estado;
use super::writer::JsonWriter;
use super::xml::{reading_of, tree_of, xml_of_body};

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

/// Waybills have no `fecha_emision` (CONTRACT 7.9).
fn has_issue_date(key: &AccessKey) -> bool {
    let document_type = key.as_str().get(8..10);
    document_type != Some(DocumentType::Waybill.code())
}

/// Flat fields of a note with the members of `documento_sustento` that stand
/// in for them (CONTRACT 7.5).
const MODIFIED: [(&str, &str); 3] = [
    ("tipo_documento_modificado", "tipo_documento"),
    ("numero_documento_modificado", "numero_documento"),
    ("fecha_emision_documento_modificado", "fecha_documento"),
];

fn is_note(key: &AccessKey) -> bool {
    let notes = [DocumentType::CreditNote, DocumentType::DebitNote];
    notes
        .map(|note| Some(note.code()))
        .contains(&key.as_str().get(8..10))
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
        match body.trim_ascii().first() {
            None => return Ok(Self::json(body, Value::Null)),
            Some(b'{' | b'[') => {}
            Some(_) => {
                // A byte order mark may stand before either.
                let xml = xml_of_body(body);
                if let Ok(Cow::Borrowed(xml)) = xml {
                    return Self::xml(xml);
                }
            }
        }
        let value = parse_body(body)?;
        match is_xml_in_json(&value) {
            true => Self::xml(&xml_of_body(body)?),
            false => Ok(Self::json(body, value)),
        }
    }

    /// A document in XML, in its JSON reading.
    fn xml(xml: &[u8]) -> Result<Self, WireFinding> {
        let tree = tree_of(xml)?;
        let mut text = String::with_capacity(xml.len());
        let reading = reading_of(&tree).members.into_iter();
        let members = reading.map(|member| {
            let mut writer = JsonWriter::default();
            writer.value(&member.value);
            let start = text.len();
            text.push_str(&writer.finish());
            (Cow::Owned(member.key.into_owned()), start..text.len())
        });
        let members = members.collect();
        Ok(Self {
            text: Cow::Owned(text.into_bytes()),
            members,
        })
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

/// The body of `issue/xml`: a field `xml` that holds XML, and no document
/// beside it.
fn is_xml_in_json(value: &Value<'_>) -> bool {
    let object = value.as_object();
    let xml = object.and_then(|object| object.last("xml"));
    let starts = |text: &str| {
        text.trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<')
    };
    matches!(xml, Some(Value::String(text)) if starts(text))
        && object.is_some_and(|object| object.last("emisor").is_none())
}

/// A body with the JSON text of some of its top-level members replaced, new
/// ones added at the end, and everything else byte for byte: `secuencial` that
/// was `"auto"`, totals that were completed.
///
/// `value` is what [`super::parse_body`] read from `body`. Of a key that occurs
/// twice the last value, the one that counts, is replaced. A body that is not
/// an object comes back as it is.
pub fn fill_in(body: &[u8], value: &Value<'_>, fields: &[(&str, String)]) -> Vec<u8> {
    let Some(object) = value.as_object() else {
        return body.to_vec();
    };
    let place = |key: &str| object.members.iter().rposition(|member| member.key == key);
    let mut replaced: Vec<(Range<usize>, &str)> = Vec::with_capacity(fields.len());
    let mut added = JsonWriter::default();
    for (key, json) in fields {
        match place(key).and_then(|place| object.members.get(place)) {
            Some(member) => replaced.push((member.span.clone(), json)),
            None => {
                added.key(key);
                added.raw(json);
            }
        }
    }
    replaced.sort_by_key(|(span, _)| span.start);
    let mut out = Vec::with_capacity(body.len() + 256);
    let mut copied = 0;
    for (span, json) in replaced {
        out.extend_from_slice(body.get(copied..span.start).unwrap_or_default());
        out.extend_from_slice(json.as_bytes());
        copied = span.end;
    }
    let added = added.finish();
    // The object's own brace is the last one: only blanks may follow it.
    let end = body.iter().rposition(|byte| *byte == b'}');
    let end = end.unwrap_or(body.len()).max(copied);
    out.extend_from_slice(body.get(copied..end).unwrap_or_default());
    if !added.is_empty() && !object.members.is_empty() {
        out.push(b',');
    }
    out.extend_from_slice(added.as_bytes());
    out.extend_from_slice(body.get(end..).unwrap_or_default());
    out
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
        if sent.get("fecha_emision").is_none() && has_issue_date(&overlay.access_key) {
            self.text("fecha_emision", &iso_in_guayaquil(overlay.accepted_at));
        }
        if is_note(&overlay.access_key) {
            self.modified_document(sent);
        }
        if let Some(error) = &overlay.signature_error {
            self.add("firma", |w| write_signature_error(w, error));
        }
    }

    /// Clients look for the modified document in the flat fields, whichever
    /// form was sent.
    fn modified_document(&mut self, sent: &Sent<'_>) {
        let Some(Value::Object(object)) = sent.get("documento_sustento") else {
            return;
        };
        for (flat, member) in MODIFIED {
            if sent.get(flat).is_none()
                && let Some(value) = object.last(member)
            {
                self.add(flat, |w| w.value(value));
            }
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
