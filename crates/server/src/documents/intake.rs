//! A body that was read, before anything is known of its issuer, and the
//! request that it turns out to be.

use std::borrow::Cow;

use tagua_fiscal::rules::RuleContext;
use tagua_fiscal::{AccessKey, Ruc, Sequential, ThreeDigits};
use tagua_wire::{
    Collection, DocumentRequest, Sent, Value, WireContext, WireFinding, XmlRequest,
    completed_totals, fill_in, parse_body, read_document, read_xml, warnings, xml_of_body,
};

use super::order::Door;
use crate::draft::{Draft, Facts};
use crate::keys::Head;

/// The body of a document: what it is, its first character says (CONTRACT 2.2).
pub(super) enum Intake<'b> {
    Json {
        body: &'b [u8],
        value: Value<'b>,
    },
    /// The text of the document, without declaration.
    Xml(Cow<'b, [u8]>),
    /// Neither: why.
    Unreadable(WireFinding),
}

impl<'b> Intake<'b> {
    pub(super) fn read(body: &'b [u8], door: Door) -> Self {
        let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        if door == Door::Xml || text.trim_ascii_start().starts_with(b"<") {
            return match xml_of_body(body) {
                Ok(xml) => Self::Xml(xml),
                Err(finding) => Self::Unreadable(finding),
            };
        }
        match parse_body(body) {
            Ok(value) if wraps_xml(&value) => Self::read(body, Door::Xml),
            Ok(value) => Self::Json { body, value },
            Err(finding) => Self::Unreadable(finding),
        }
    }

    /// `emisor.ruc`, where one can be read: the issuer's settings decide how
    /// the rest is. They do not for XML, which is taken as it is.
    pub(super) fn ruc(&self) -> Option<Ruc> {
        self.text(&["emisor", "ruc"])?.parse().ok()
    }

    /// `emisor.establecimiento.codigo`, for the address in the settings.
    pub(super) fn establishment(&self) -> Option<ThreeDigits> {
        let code = self.text(&["emisor", "establecimiento", "codigo"])?;
        match code.len() {
            3 => code.parse().ok(),
            _ => format!("{code:0>3}").parse().ok(),
        }
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        let Self::Json { value, .. } = self else {
            return None;
        };
        let value = path.iter().try_fold(value, |value, key| {
            value.as_object().and_then(|object| object.last(key))
        })?;
        match value {
            Value::String(text) => Some(text.trim()),
            Value::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// Whether it is JSON or XML at all, and if not, why.
    pub(super) fn readable(&self, collection: Collection) -> Result<(), Vec<WireFinding>> {
        match self {
            Self::Json { .. } => Ok(()),
            Self::Xml(xml) if tagua_sri_xml::read(xml).is_ok() => Ok(()),
            Self::Xml(xml) => read_xml(xml, collection).map(|_| ()),
            Self::Unreadable(finding) => Err(vec![finding.clone()]),
        }
    }

    /// The request, or everything that is wrong with it.
    pub(super) fn request(
        &self,
        collection: Collection,
        context: &WireContext,
    ) -> Result<Request<'_>, Vec<WireFinding>> {
        match self {
            Self::Json { value, .. } => read_document(collection, value, context)
                .map(|request| Request::Json(Box::new(request))),
            Self::Xml(xml) => {
                read_xml(xml, collection).map(|request| Request::Xml(Box::new(request)))
            }
            Self::Unreadable(finding) => Err(vec![finding.clone()]),
        }
    }

    /// What the request should not say, although it can be read.
    pub(super) fn warnings(&self, collection: Collection) -> Vec<WireFinding> {
        match self {
            Self::Json { value, .. } => warnings(collection, value),
            Self::Xml(_) | Self::Unreadable(_) => Vec::new(),
        }
    }

    /// The body with the number and the totals that the server made, if it
    /// made any.
    pub(super) fn filled(&self, request: &Request<'_>, sequential: Sequential) -> Option<Vec<u8>> {
        let (Self::Json { body, value }, Request::Json(request)) = (self, request) else {
            return None;
        };
        let number = match request.number() {
            Some(_) => None,
            None => Some((auto_key(value), sequential.get().to_string())),
        };
        let totals = completed_totals(request).map(|totals| ("totales", totals));
        if number.is_none() && totals.is_none() {
            return None;
        }
        let fields: Vec<_> = number.into_iter().chain(totals).collect();
        Some(fill_in(body, value, &fields))
    }

    /// What is stored, for queries to read it back.
    pub(super) fn stored(&self) -> Vec<u8> {
        match self {
            Self::Json { body, .. } => body.to_vec(),
            Self::Xml(xml) => xml.to_vec(),
            Self::Unreadable(_) => Vec::new(),
        }
    }

    /// Gives what the answer echoes to `write`.
    pub(super) fn echo(
        self,
        write: impl FnOnce(&Sent<'_>) -> String,
    ) -> Result<String, WireFinding> {
        match self {
            Self::Json { body, value } => Ok(write(&Sent::json(body, value))),
            Self::Xml(xml) => Ok(write(&Sent::read(&xml)?)),
            Self::Unreadable(finding) => Err(finding),
        }
    }
}

/// `{"xml": "..."}` that is no document itself.
fn wraps_xml(value: &Value<'_>) -> bool {
    let Some(object) = value.as_object() else {
        return false;
    };
    matches!(object.last("xml"), Some(Value::String(text)) if text.trim_start().starts_with('<'))
        && object.last("emisor").is_none()
}

/// The field that says `auto` (CONTRACT 7.8: ATS withholdings have two names).
fn auto_key(value: &Value<'_>) -> &'static str {
    let own = |key| value.as_object().and_then(|object| object.last(key));
    match (own("secuencial"), own("secuencia")) {
        (None, Some(_)) => "secuencia",
        (Some(blank), Some(_)) if blank.is_blank() => "secuencia",
        _ => "secuencial",
    }
}

/// A document that was read and found complete.
#[derive(Clone)]
pub(super) enum Request<'i> {
    Json(Box<DocumentRequest>),
    Xml(Box<XmlRequest<'i>>),
}

impl Request<'_> {
    /// The document's own collection: `version` decides for a withholding in XML.
    pub(super) const fn collection(&self) -> Collection {
        match self {
            Self::Json(request) => request.collection,
            Self::Xml(request) => request.collection,
        }
    }

    pub(super) fn head(&self) -> Head {
        match self {
            Self::Json(request) => Head {
                environment: request.environment,
                document_type: request.collection.document_type(),
                ruc: request.ruc,
                series: request.series,
                sequential: request.number(),
                issue_date: request.issue_date,
                emission_type: request.emission_type,
                access_key: request.access_key,
            },
            Self::Xml(request) => Head {
                environment: request.environment,
                document_type: request.collection.document_type(),
                ruc: request.ruc,
                series: request.series,
                sequential: Some(request.sequential),
                issue_date: request.issue_date,
                emission_type: request.emission_type,
                access_key: request.access_key,
            },
        }
    }

    /// `totales` as the server computed them, where it did.
    pub(super) fn completed_totals(&self) -> Option<String> {
        match self {
            Self::Json(request) => completed_totals(request),
            Self::Xml(_) => None,
        }
    }

    /// `external_id`.
    pub(super) fn external_id(&self) -> Option<String> {
        match self {
            Self::Json(request) => request.external_id.clone(),
            Self::Xml(_) => None,
        }
    }

    /// The day of payment, where a reminder was asked for.
    pub(super) fn payment_due(&self) -> Option<String> {
        match self {
            Self::Json(request) => request.payment_reminder.map(|day| day.to_string()),
            Self::Xml(_) => None,
        }
    }

    /// The document with this number and key, and what is to say about it.
    pub(super) fn into_draft(
        self,
        sequential: Sequential,
        key: AccessKey,
        context: &RuleContext,
    ) -> Draft {
        match self {
            Self::Json(request) => Draft::new(&request.into_document(sequential, key), context),
            Self::Xml(request) => {
                let facts = facts(&request, key);
                Draft::of_xml(facts, request.with_key(key), context)
            }
        }
    }
}

fn facts(request: &XmlRequest<'_>, access_key: AccessKey) -> Facts {
    Facts {
        environment: request.environment,
        document_type: request.collection.document_type(),
        series: request.series,
        sequential: request.sequential,
        access_key,
        schema_version: Cow::Owned(request.version.clone()),
        issue_date: request.issue_date.to_string(),
        receiver_id: request.receiver.id.clone(),
        receiver_name: request.receiver.name.clone(),
        total: request.total.clone().unwrap_or_default(),
    }
}
