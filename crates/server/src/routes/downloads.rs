//! Operations 10 to 12: downloads by whoever knows the id.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tagua_store::{BlobPart, Document};

use crate::app::App;
use crate::authorized::authorized_xml;
use crate::error::ApiError;
use crate::request::PathId;

/// Operation 11: SRI's authorized file once there is one, the signed file before.
pub(super) async fn xml(
    State(app): State<App>,
    id: PathId,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let document = find(&app, id).await?;
    let part = |part| app.store.blob(document.id, document.revision, part);
    let file = match part(BlobPart::Signed).await? {
        Some(signed) => match &document.authorization {
            Some(result) if result.state == "AUTORIZADO" => authorized_xml(result, &signed),
            _ => signed,
        },
        None => part(BlobPart::Unsigned).await?.ok_or(ApiError::NotFound)?,
    };
    let mut response = Response::new(Body::from(file));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/xml"),
    );
    // The link is the capability: keep it out of caches, indexes and other
    // sites' logs.
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    if query.is_some_and(|query| query.split('&').any(|pair| pair.starts_with("download"))) {
        let name = format!("attachment; filename=\"{}.xml\"", document.access_key);
        if let Ok(value) = HeaderValue::from_str(&name) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    Ok(response)
}

/// Operation 10. This version draws no RIDE and says so.
pub(super) async fn ride(State(app): State<App>, id: PathId) -> Result<Response, ApiError> {
    find(&app, id).await?;
    Err(ApiError::NotFoundBecause(
        "Esta versión todavía no genera el RIDE. El XML está en /ver/<id>/xml",
    ))
}

async fn find(app: &App, id: PathId) -> Result<Document, ApiError> {
    app.store
        .document_by_id(id.id()?)
        .await?
        .ok_or(ApiError::NotFound)
}
