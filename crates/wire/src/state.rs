//! The answers of queries: the echo plus what became of the document
//! (CONTRACT 3.2, 6.2, 6.3).

use jiff::Timestamp;
use tagua_fiscal::DocumentType;
use tagua_store::{AuthorizationResult, Document, ReceptionResult, SriMessage, Stage, UnixMillis};

use super::dates::{iso_in_guayaquil, parse_day};
use super::echo::{Fields, IssueOverlay, Sent};
use super::json::Value;
use super::writer::JsonWriter;

/// The wire's words for stages, in their order (CONTRACT 3).
pub const ESTADOS: [&str; 7] = [
    "CREADO",
    "ENVIADO",
    "RECIBIDO",
    "DEVUELTO",
    "AUTORIZADO",
    "NO AUTORIZADO",
    "ERROR",
];

/// The wire's word for a stage, one of [`ESTADOS`].
pub const fn estado(stage: Stage) -> &'static str {
    match stage {
        Stage::Created | Stage::Signed => "CREADO",
        Stage::Submitting | Stage::Unknown => "ENVIADO",
        Stage::Received => "RECIBIDO",
        Stage::Returned => "DEVUELTO",
        Stage::Authorized => "AUTORIZADO",
        Stage::NotAuthorized => "NO AUTORIZADO",
        Stage::NeedsAttention => "ERROR",
    }
}

/// The answer of `GET /invoices/{id}`. `public_url` is the base of the
/// download links, without a slash at its end.
pub fn query_answer(sent: &Sent<'_>, document: &Document, public_url: &str) -> String {
    let mut fields = Fields::default();
    fields.issue(sent, &overlay(document));
    fields.add("envio_sri", |w| {
        write_reception(w, document.reception.as_ref())
    });
    for key in ["autorizacion", "autorizacion_sri"] {
        fields.add(key, |w| {
            write_authorization(w, document.authorization.as_ref())
        });
    }
    fields.add("correos_enviados", |w| w.array(|_| {}));
    add_links(&mut fields, document, public_url);
    if document.document_type == DocumentType::CreditNote && !sent.has(SUPPORTING) {
        fields.add(SUPPORTING, |w| write_supporting_document(w, sent));
    }
    if !sent.has("info_adicional") && !sent.has("informacion_adicional") {
        fields.add("informacion_adicional", |w| w.array(|_| {}));
    }
    fields.over(sent)
}

/// The answer of `GET /edocs/{id}`.
pub fn edoc_query_answer(document: &Document, public_url: &str) -> String {
    let mut fields = Fields::default();
    add_edoc(&mut fields, document, public_url);
    fields.alone()
}

/// The answer of `POST /edocs/{id}/issue`: the former plus issuer and
/// receiver as the request has them.
pub fn edoc_issue_answer(sent: &Sent<'_>, document: &Document, public_url: &str) -> String {
    let mut fields = Fields::default();
    add_edoc(&mut fields, document, public_url);
    let issuer = sent.get("emisor");
    fields.add("emisor", |w| {
        write_members(w, issuer.as_ref(), &ISSUER_KEYS)
    });
    fields.add("receptor", |w| {
        write_receiver(w, sent, document.document_type)
    });
    fields.alone()
}

/// What Dátil prints of an issuer's account, as far as a request can tell it.
const ISSUER_KEYS: [&str; 7] = [
    "ruc",
    "razon_social",
    "nombre_comercial",
    "direccion",
    "email",
    "obligado_contabilidad",
    "contribuyente_especial",
];

const RECEIVER_KEYS: [&str; 5] = [
    "identificacion",
    "tipo_identificacion",
    "telefono",
    "email",
    "direccion",
];

/// The receiver of a type of document.
fn write_receiver(w: &mut JsonWriter, sent: &Sent<'_>, document_type: DocumentType) {
    let receiver = match document_type {
        DocumentType::Invoice | DocumentType::CreditNote | DocumentType::DebitNote => {
            sent.get("comprador")
        }
        DocumentType::PurchaseSettlement => sent.get("proveedor"),
        DocumentType::Withholding => sent.get("sujeto"),
        DocumentType::Waybill => match sent.get("destinatarios") {
            Some(Value::Array(recipients)) => recipients.into_iter().next(),
            _ => sent.get("transportista"),
        },
    };
    write_members(w, receiver.as_ref(), &RECEIVER_KEYS);
}

const SUPPORTING: &str = "documento_sustento";

/// The modified document once more, as queries of credit notes print it
/// (CONTRACT 6.2).
fn write_supporting_document(w: &mut JsonWriter, sent: &Sent<'_>) {
    let flat = |key| sent.get(key).unwrap_or(Value::Null);
    let date = match flat("fecha_emision_documento_modificado") {
        Value::String(text) => match parse_day(&text) {
            Some(day) => Value::String(day.to_string().into()),
            None => Value::String(text),
        },
        other => other,
    };
    w.object(|w| {
        w.key("numero_documento");
        w.value(&flat("numero_documento_modificado"));
        w.key("tipo_documento");
        w.value(&flat("tipo_documento_modificado"));
        w.key("fecha_documento");
        w.value(&date);
    });
}

fn overlay(document: &Document) -> IssueOverlay<'_> {
    IssueOverlay {
        id: document.id,
        access_key: document.access_key,
        stage: document.stage,
        series: document.series,
        sequential: document.sequential,
        valid: document.valid,
        schema_version: &document.schema_version,
        accepted_at: timestamp(document.created_at),
        signature_error: document.signature_error.clone(),
    }
}

fn timestamp(at: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn add_edoc(fields: &mut Fields, document: &Document, public_url: &str) {
    fields.text("id", &document.id.to_string());
    fields.text("tipo", document.document_type.code());
    fields.text("estado", estado(document.stage));
    let number = format!("{}-{}", document.series, document.sequential);
    fields.text("numero", &number);
    fields.text("clave_acceso", document.access_key.as_str());
    fields.text("ambiente", &document.environment.digit().to_string());
    add_links(fields, document, public_url);
    fields.add("autorizacion", |w| match &document.authorization {
        None => w.object(|w| {
            w.key("mensajes");
            w.array(|_| {});
        }),
        some => write_authorization(w, some.as_ref()),
    });
}

fn add_links(fields: &mut Fields, document: &Document, public_url: &str) {
    let base = format!("{public_url}/ver/{}", document.id);
    fields.text("url_formato_impresion", &format!("{base}/pdf"));
    fields.text("url_documento_electronico", &format!("{base}/xml"));
}

fn write_reception(w: &mut JsonWriter, reception: Option<&ReceptionResult>) {
    w.object(|w| {
        let Some(reception) = reception else { return };
        w.key("mensajes");
        write_messages(w, &reception.messages);
        w.key("estado");
        w.string(&reception.state);
        w.key("fecha");
        w.string(&iso_in_guayaquil(timestamp(UnixMillis(reception.at))));
    });
}

fn write_authorization(w: &mut JsonWriter, authorization: Option<&AuthorizationResult>) {
    w.object(|w| {
        let Some(authorization) = authorization else {
            return;
        };
        w.key("estado");
        w.string(&authorization.state);
        w.key("mensajes");
        write_messages(w, &authorization.messages);
        w.key("numero");
        w.string(authorization.number.as_deref().unwrap_or_default());
        w.key("fecha");
        w.string(authorization.date.as_deref().unwrap_or_default());
    });
}

fn write_messages(w: &mut JsonWriter, messages: &[SriMessage]) {
    w.array(|w| {
        for message in messages {
            w.object(|w| {
                w.key("identificador");
                w.string(&message.identifier);
                w.key("mensaje");
                w.string(&message.message);
                w.key("tipo");
                w.string(&message.kind);
                w.key("informacion_adicional");
                w.string(message.additional.as_deref().unwrap_or_default());
            });
        }
    });
}

/// The named members of an object; null where it has none.
fn write_members(w: &mut JsonWriter, value: Option<&Value<'_>>, keys: &[&str]) {
    let object = value.and_then(Value::as_object);
    w.object(|w| {
        for key in keys {
            w.key(key);
            let mut member = object.and_then(|object| object.last(key));
            if *key == "email" && member.is_none() {
                // Suppliers of settlements may have it so (CONTRACT 7.1).
                member = object.and_then(|object| object.last("correo"));
            }
            w.value(member.unwrap_or(&Value::Null));
        }
    });
}
