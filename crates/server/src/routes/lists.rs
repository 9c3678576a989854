//! Lists of documents, an extension of the wire (CONTRACT 14) in the form of
//! Dátil's newer result sets (CONTRACT 12).

mod filter;

use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use tagua_store::{ListPage, ListedDocument};
use tagua_wire::{Collection, JsonWriter, estado};

use crate::app::App;
use crate::error::{ApiError, json};
use crate::query::encode;
use crate::request;

pub(super) use filter::PARAMETERS;
use filter::{CURSOR, Filter, LIMIT};

/// `GET /R` of one collection, and `GET /edocs` of all.
pub(super) async fn list(
    app: App,
    collection: Option<Collection>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let account = request::account(&app, &headers).await?;
    let filter = Filter::read(uri.query().unwrap_or_default())?;
    let page = match filter.query(&app, &account, collection).await? {
        Some(query) => app.store.list(account.id, &query).await?,
        None => ListPage {
            documents: Vec::new(),
            next: None,
        },
    };
    let root = format!("{}{}", app.config.public_url, uri.path());
    let body = answer(&page, &filter, &root, &app.config.public_url);
    Ok(json(StatusCode::OK, body))
}

fn answer(page: &ListPage, filter: &Filter, root: &str, public_url: &str) -> String {
    let cursor = page.next.map(|cursor| cursor.to_string());
    let next = cursor.as_deref().map(|cursor| next(filter, root, cursor));
    let mut writer = JsonWriter::default();
    writer.object(|w| {
        w.key("count");
        w.raw(&page.documents.len().to_string());
        w.key(LIMIT);
        w.raw(&filter.limit().to_string());
        w.key("results");
        w.array(|w| {
            for document in &page.documents {
                w.object(|w| row(w, document, public_url));
            }
        });
        w.key("next");
        w.optional_string(next.as_deref());
        w.key("has_more");
        w.raw(if cursor.is_some() { "true" } else { "false" });
        w.key(CURSOR);
        w.optional_string(cursor.as_deref());
    });
    writer.finish()
}

fn row(w: &mut JsonWriter, document: &ListedDocument, public_url: &str) {
    let link = |file: &str| format!("{public_url}/ver/{}/{file}", document.id);
    let number = format!("{}-{}", document.series, document.sequential);
    let mut text = |name: &str, value: &str| {
        w.key(name);
        w.string(value);
    };
    text("id", &document.id.to_string());
    text("tipo", document.document_type.code());
    text("estado", estado(document.stage));
    text("numero", &number);
    text("clave_acceso", &document.access_key.to_string());
    text("ambiente", &document.environment.digit().to_string());
    text("fecha_emision", &document.issue_date);
    w.key("receptor");
    w.object(|w| {
        w.key("identificacion");
        w.string(&document.receiver_id);
        w.key("razon_social");
        w.string(&document.receiver_name);
    });
    w.key("importe_total");
    w.optional_string(Some(document.total.as_str()).filter(|total| !total.is_empty()));
    w.key("es_valida");
    w.raw(if document.valid { "true" } else { "false" });
    w.key("external_id");
    w.optional_string(document.external_id.as_deref());
    w.key("url_formato_impresion");
    w.string(&link("pdf"));
    w.key("url_documento_electronico");
    w.string(&link("xml"));
}

/// The address of the next page: the same query from another place on, with the
/// size that this page has.
fn next(filter: &Filter, root: &str, cursor: &str) -> String {
    let mut url = format!("{root}?");
    let limit = filter.limit().to_string();
    for (name, value) in filter.sent().filter(|(name, _)| *name != CURSOR) {
        encode(name, &mut url);
        url.push('=');
        encode(if name == LIMIT { &limit } else { value }, &mut url);
        url.push('&');
    }
    url.push_str("cursor=");
    url.push_str(cursor);
    url
}
