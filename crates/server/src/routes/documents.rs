//! Operations 1 to 5 and 19 of the contract, the same for every collection.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{Account, BlobPart, Document, DocumentId};
use tagua_wire::{Collection, Sent, query_answer};

use crate::app::App;
use crate::documents::{self, Order, Purpose};
use crate::error::{ApiError, json};
use crate::request::{self, PathId};

/// Operation 1. 200 means: stored, numbered, signed (or `firma` says why not),
/// and followed until SRI decides.
pub(super) async fn issue(
    app: App,
    collection: Collection,
    request: Request,
) -> Result<Response, ApiError> {
    let account = request::account(&app, request.headers()).await?;
    let password = request::password(request.headers());
    let body = request::body(request).await?;
    let order = Order {
        account: &account,
        collection,
        body: &body,
        purpose: Purpose::Issue {
            password: password.as_deref().map(String::as_str),
        },
    };
    Ok(answer(documents::accept(&app, &order).await?))
}

/// Operation 3: stored as CREADO; nothing is signed or sent.
pub(super) async fn create(
    app: App,
    collection: Collection,
    request: Request,
) -> Result<Response, ApiError> {
    let account = request::account(&app, request.headers()).await?;
    let body = request::body(request).await?;
    let order = Order {
        account: &account,
        collection,
        body: &body,
        purpose: Purpose::Create,
    };
    Ok(answer(documents::accept(&app, &order).await?))
}

/// Operation 4. The id of another type's document gives that document
/// (CONTRACT 4.4).
pub(super) async fn query(app: App, id: PathId, headers: HeaderMap) -> Result<Response, ApiError> {
    let account = request::account(&app, &headers).await?;
    let document = find(&app, &account, id.id()?).await?;
    let sent = stored_request(&app, &document).await?;
    let sent = Sent::read(&sent).map_err(|_| UNREADABLE)?;
    let body = query_answer(&sent, &document, &app.config.public_url);
    Ok(json(StatusCode::OK, body))
}

/// Operation 5.
pub(super) async fn reissue(
    app: App,
    collection: Collection,
    id: PathId,
    request: Request,
) -> Result<Response, ApiError> {
    let account = request::account(&app, request.headers()).await?;
    let password = request::password(request.headers());
    let body = request::body(request).await?;
    let document = find(&app, &account, id.id()?).await?;
    let order = Order {
        account: &account,
        collection,
        body: &body,
        purpose: Purpose::Issue {
            password: password.as_deref().map(String::as_str),
        },
    };
    Ok(answer(documents::reissue(&app, &order, &document).await?))
}

fn answer(body: String) -> Response {
    failpoint::hit(Failpoint::ServerAnswered);
    json(StatusCode::OK, body)
}

/// Only requests that were read are stored.
pub(super) const UNREADABLE: ApiError = ApiError::Internal("a stored request cannot be read");

/// The account's document; another account's is as absent as no document.
pub(super) async fn find(
    app: &App,
    account: &Account,
    id: DocumentId,
) -> Result<Document, ApiError> {
    app.store
        .document(account.id, id)
        .await?
        .ok_or(ApiError::NotFound)
}

/// The body as it was sent for the current revision.
pub(super) async fn stored_request(app: &App, document: &Document) -> Result<Bytes, ApiError> {
    app.store
        .blob(document.id, document.revision, BlobPart::Request)
        .await?
        .map(Bytes::from)
        .ok_or(ApiError::Internal("a document without its request"))
}
